"""The page: txt2img, img2img, the extensions' own tabs, Settings; with the WebUI's element ids."""

from __future__ import annotations

import json
from typing import Any

import gradio as gr
from modules import (
    gradio_extensons,  # noqa: F401 - patches gradio's components
    infotext_utils,
    script_callbacks,
    scripts,
    sd_samplers,
    sd_schedulers,
    shared,
    txt2img,
    ui_settings,
)
from modules.call_queue import wrap_gradio_gpu_call
from modules.infotext_utils import PasteField
from modules.ui_common import (
    OutputPanel,
    Toprow,
    create_output_panel,
    create_toprow,
    plaintext_to_html,
    random_symbol,
    reuse_symbol,
    switch_symbol,
)
from modules.ui_components import FormGroup, FormRow, InputAccordion, ToolButton

__all__ = ["create_ui", "plaintext_to_html"]

RESIZE_MODES = ["Just resize", "Crop and resize", "Resize and fill", "Just resize (latent upscale)"]
DEFAULT_SIZE = 192
"""Pixels: a side that the shapes model was trained at, where the WebUI has 512."""


def _sampling_fields(tab: str) -> dict[str, Any]:
    """Steps, sampler, schedule, size, CFG, batches and seed, by the processing class's names."""
    fields: dict[str, Any] = {}
    samplers = [sampler.name for sampler in sd_samplers.visible_samplers()]
    schedules = [scheduler.label for scheduler in sd_schedulers.schedulers]
    with FormRow(elem_id=f"sampler_selection_{tab}"):
        fields["sampler_name"] = gr.Dropdown(
            label="Sampling method", elem_id=f"{tab}_sampling", choices=samplers, value=samplers[0]
        )
        fields["scheduler"] = gr.Dropdown(
            label="Schedule type", elem_id=f"{tab}_scheduler", choices=schedules, value=schedules[0]
        )
        fields["steps"] = gr.Slider(1, 150, step=1, value=20, label="Sampling steps", elem_id=f"{tab}_steps")
    with FormRow():
        with gr.Column(elem_id=f"{tab}_column_size", scale=4, min_width=120):
            fields["width"] = gr.Slider(64, 2048, step=8, value=DEFAULT_SIZE, label="Width", elem_id=f"{tab}_width")
            fields["height"] = gr.Slider(64, 2048, step=8, value=DEFAULT_SIZE, label="Height", elem_id=f"{tab}_height")
        with gr.Column(elem_id=f"{tab}_dimensions_row", scale=1, min_width=40):
            switch = ToolButton(switch_symbol, elem_id=f"{tab}_res_switch_btn", tooltip="Switch width and height")
        with gr.Column(elem_id=f"{tab}_column_batch", scale=4, min_width=120):
            fields["n_iter"] = gr.Slider(1, 100, step=1, value=1, label="Batch count", elem_id=f"{tab}_batch_count")
            fields["batch_size"] = gr.Slider(1, 8, step=1, value=1, label="Batch size", elem_id=f"{tab}_batch_size")
    fields["cfg_scale"] = gr.Slider(1.0, 30.0, step=0.5, value=7.0, label="CFG Scale", elem_id=f"{tab}_cfg_scale")
    with gr.Row(elem_id=f"{tab}_seed_row"):
        fields["seed"] = gr.Number(label="Seed", value=-1, precision=0, elem_id=f"{tab}_seed")
        random_seed = ToolButton(random_symbol, elem_id=f"{tab}_random_seed", tooltip="Set the seed to -1: random")
        fields["reuse_seed"] = ToolButton(
            reuse_symbol, elem_id=f"{tab}_reuse_seed", tooltip="Reuse the seed of the last picture"
        )
    styles = list(shared.prompt_styles.styles)
    fields["styles"] = gr.Dropdown(styles, label="Styles", value=[], multiselect=True, elem_id=f"{tab}_styles")
    size = [fields["width"], fields["height"]]
    switch.click(fn=lambda w, h: (h, w), inputs=size, outputs=size, show_progress=False)
    random_seed.click(fn=lambda: -1, outputs=[fields["seed"]], show_progress=False)
    return fields


def _hires_fields() -> dict[str, Any]:
    """The second, larger pass of txt2img."""
    with InputAccordion(False, label="Hires. fix", elem_id="txt2img_hr") as enable_hr:
        with FormRow(elem_id="txt2img_hires_fix_row1"):
            upscaler = gr.Dropdown(
                label="Upscaler",
                elem_id="txt2img_hr_upscaler",
                choices=list(shared.latent_upscale_modes),
                value=shared.latent_upscale_default_mode,
            )
            steps = gr.Slider(0, 150, step=1, value=0, label="Hires steps", elem_id="txt2img_hires_steps")
            strength = gr.Slider(
                0.0, 1.0, step=0.01, value=0.7, label="Denoising strength", elem_id="txt2img_denoising_strength"
            )
        scale = gr.Slider(1.0, 4.0, step=0.05, value=2.0, label="Upscale by", elem_id="txt2img_hr_scale")
    return {
        "enable_hr": enable_hr,
        "hr_scale": scale,
        "hr_upscaler": upscaler,
        "hr_second_pass_steps": steps,
        "denoising_strength": strength,
    }


def _img2img_fields() -> dict[str, Any]:
    """The picture to start from."""
    with gr.Tabs(elem_id="mode_img2img"), gr.TabItem("img2img", elem_id="img2img_img2img_tab"):
        image = gr.Image(
            label="Image for img2img",
            elem_id="img2img_image",
            show_label=False,
            source="upload",
            interactive=True,
            type="pil",
            image_mode="RGB",
            height=300,
        )
    with FormRow():
        mode = gr.Radio(
            label="Resize mode", elem_id="resize_mode", choices=RESIZE_MODES, type="index", value=RESIZE_MODES[0]
        )
        strength = gr.Slider(
            0.0, 1.0, step=0.01, value=0.75, label="Denoising strength", elem_id="img2img_denoising_strength"
        )
    return {"init_image": image, "resize_mode": mode, "denoising_strength": strength}


def _script_fields(tab: str, runner: Any) -> tuple[list[Any], Any]:
    """The "Override settings" box and the scripts' own components, in the order of their arguments."""
    with FormRow(elem_id=f"{tab}_override_settings_row"):
        override_settings = gr.Dropdown(
            [], label="Override settings", visible=False, multiselect=True, elem_id=f"{tab}_override_settings"
        )
    with FormGroup(elem_id=f"{tab}_script_container"):
        inputs = runner.setup_ui()
    return inputs, override_settings


def _paste_fields(toprow: Toprow, fields: dict[str, Any], runner: Any) -> list[Any]:
    return [
        PasteField(toprow.prompt, "Prompt", api="prompt"),
        PasteField(toprow.negative_prompt, "Negative prompt", api="negative_prompt"),
        PasteField(fields["styles"], lambda params: params.get("Styles array"), api="styles"),
        PasteField(fields["steps"], "Steps", api="steps"),
        PasteField(fields["sampler_name"], sd_samplers.get_sampler_from_infotext, api="sampler_name"),
        PasteField(fields["scheduler"], sd_samplers.get_scheduler_from_infotext, api="scheduler"),
        PasteField(fields["cfg_scale"], "CFG scale", api="cfg_scale"),
        PasteField(fields["seed"], "Seed", api="seed"),
        PasteField(fields["width"], "Size-1", api="width"),
        PasteField(fields["height"], "Size-2", api="height"),
        PasteField(fields["batch_size"], "Batch size", api="batch_size"),
        PasteField(fields["denoising_strength"], "Denoising strength", api="denoising_strength"),
        *runner.infotext_fields,
    ]


def _hires_paste_fields(fields: dict[str, Any]) -> list[Any]:
    return [
        PasteField(fields["enable_hr"], lambda params: "Hires upscaler" in params, api="enable_hr"),
        PasteField(fields["hr_scale"], "Hires upscale", api="hr_scale"),
        PasteField(fields["hr_upscaler"], "Hires upscaler", api="hr_upscaler"),
        PasteField(fields["hr_second_pass_steps"], "Hires steps", api="hr_second_pass_steps"),
    ]


def _connect(
    tab: str,
    toprow: Toprow,
    panel: OutputPanel,
    fields: dict[str, Any],
    script_inputs: list[Any],
    override_settings: Any,
) -> None:
    """Wire Generate, reuse seed and paste."""
    names = txt2img.TXT2IMG_FIELDS if tab == "txt2img" else txt2img.IMG2IMG_FIELDS
    values = {"prompt": toprow.prompt, "negative_prompt": toprow.negative_prompt, **fields}
    task = gr.Label(visible=False)  # takes the place of the task's id, which the page's script makes
    toprow.submit.click(
        fn=wrap_gradio_gpu_call(getattr(txt2img, tab), extra_outputs=[None, "", ""]),
        _js="submit" if tab == "txt2img" else "submit_img2img",
        inputs=[task, override_settings, *(values[name] for name in names), *script_inputs],
        outputs=[panel.gallery, panel.generation_info, panel.infotext, panel.html_log],
        show_progress=False,
    )
    fields["reuse_seed"].click(
        fn=lambda info: json.loads(info)["all_seeds"][0] if info else gr.update(),
        inputs=[panel.generation_info],
        outputs=[fields["seed"]],
        show_progress=False,
    )
    infotext_utils.connect_paste(
        toprow.paste, infotext_utils.paste_fields[tab]["fields"], toprow.prompt, override_settings
    )


def _create_tab(tab: str) -> OutputPanel:
    """The whole of txt2img or img2img, inside the current gradio block."""
    is_img2img = tab == "img2img"
    runner = scripts.scripts_img2img if is_img2img else scripts.scripts_txt2img
    scripts.scripts_current = runner
    runner.initialize_scripts(is_img2img)

    toprow = create_toprow(tab)
    with gr.Row(equal_height=False, elem_classes=["resize-handle-row"]):
        with gr.Column(variant="compact", elem_id=f"{tab}_settings"):
            runner.prepare_ui()
            fields = _img2img_fields() if is_img2img else {}
            fields |= _sampling_fields(tab)
            if not is_img2img:
                with gr.Row(elem_id="txt2img_accordions", elem_classes="accordions"):
                    fields |= _hires_fields()
            script_inputs, override_settings = _script_fields(tab, runner)
        panel = create_output_panel(tab)

    paste = _paste_fields(toprow, fields, runner) + ([] if is_img2img else _hires_paste_fields(fields))
    infotext_utils.add_paste_fields(tab, fields.get("init_image"), paste, override_settings)
    _connect(tab, toprow, panel, fields, script_inputs, override_settings)
    return panel


def create_ui() -> gr.Blocks:
    """The page. Scripts must have been loaded; their ``ui()`` is called here, txt2img's first."""
    infotext_utils.reset()
    theme = gr.themes.Default(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"])
    with gr.Blocks(theme=theme, analytics_enabled=False, title="sd-webui-rpg sandbox") as demo:
        with gr.Tabs(elem_id="tabs"):
            with gr.TabItem("txt2img", id="txt2img", elem_id="tab_txt2img"):
                txt2img_panel = _create_tab("txt2img")
            with gr.TabItem("img2img", id="img2img", elem_id="tab_img2img"):
                img2img_panel = _create_tab("img2img")
            scripts.scripts_current = None
            for interface, title, tab_id in script_callbacks.ui_tabs_callback():
                with gr.TabItem(title, id=tab_id, elem_id=f"tab_{tab_id}"):
                    interface.render()
            with gr.TabItem("Settings", id="settings", elem_id="tab_settings"):
                ui_settings.create_settings_tab()

        for tab, panel in (("txt2img", txt2img_panel), ("img2img", img2img_panel)):
            runner = scripts.scripts_txt2img if tab == "txt2img" else scripts.scripts_img2img
            names = ["Prompt", "Negative prompt", "Steps", "Seed", "Size-1", "Size-2", *runner.paste_field_names]
            infotext_utils.connect_send(panel.send_to_img2img, tab, "img2img", panel.gallery, names)
    return demo
