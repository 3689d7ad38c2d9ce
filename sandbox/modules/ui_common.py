"""Parts that the txt2img and img2img tabs share: the prompts with their buttons, and the panel of results."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass

import gradio as gr
from modules import shared
from modules.ui_components import ToolButton

paste_symbol = "\u2199"
clear_symbol = "\u2715"
switch_symbol = "\U000021c5"
random_symbol = "\u2684"
reuse_symbol = "\u267b"
send_symbol = "\u2794"


def plaintext_to_html(text: str, classname: str | None = None) -> str:
    """``text`` as one escaped HTML paragraph of the CSS class ``classname``, lines kept."""
    content = "<br>\n".join(html.escape(line) for line in text.split("\n"))
    return f"<p class='{classname}'>{content}</p>" if classname else f"<p>{content}</p>"


@dataclass
class Toprow:
    """The prompts and the buttons beside them."""

    prompt: gr.Textbox
    negative_prompt: gr.Textbox
    submit: gr.Button
    paste: gr.Button


def create_toprow(tab: str) -> Toprow:
    """The prompts of ``tab`` ("txt2img" or "img2img"), Generate, Interrupt, Skip, paste and clear."""
    with gr.Row(elem_id=f"{tab}_toprow", variant="compact"):
        with gr.Column(elem_id=f"{tab}_prompt_container", scale=6):
            prompt, negative_prompt = (
                gr.Textbox(
                    label=label,
                    elem_id=f"{tab}_{name}",
                    show_label=False,
                    lines=3,
                    placeholder=f"{label} (Ctrl+Enter generates, Alt+Enter skips, Esc interrupts)",
                    elem_classes=["prompt"],
                )
                for name, label in (("prompt", "Prompt"), ("neg_prompt", "Negative prompt"))
            )
        with gr.Column(scale=1, elem_id=f"{tab}_actions_column"):
            with gr.Row(elem_id=f"{tab}_generate_box", elem_classes=["generate-box"]):
                interrupt = gr.Button("Interrupt", elem_id=f"{tab}_interrupt", elem_classes="generate-box-interrupt")
                skip = gr.Button("Skip", elem_id=f"{tab}_skip", elem_classes="generate-box-skip")
                submit = gr.Button("Generate", elem_id=f"{tab}_generate", variant="primary")
            with gr.Row(elem_id=f"{tab}_tools"):
                paste = ToolButton(
                    paste_symbol,
                    elem_id="paste",
                    tooltip="Read the parameters in the prompt, or those of the last picture if it is empty.",
                )
                clear = ToolButton(clear_symbol, elem_id=f"{tab}_clear_prompt", tooltip="Clear the prompts")
    interrupt.click(fn=lambda: shared.state.interrupt(), show_progress=False)
    skip.click(fn=lambda: shared.state.skip(), show_progress=False)
    clear.click(fn=lambda: ("", ""), outputs=[prompt, negative_prompt], show_progress=False)
    return Toprow(prompt, negative_prompt, submit, paste)


@dataclass
class OutputPanel:
    """Where a tab's results go."""

    gallery: gr.Gallery
    generation_info: gr.Textbox
    infotext: gr.HTML
    html_log: gr.HTML
    send_to_img2img: gr.Button


def _select_infotext(generation_info: str, selected: gr.SelectData) -> str:
    """The infotext of the picture that was clicked, as HTML."""
    return plaintext_to_html(json.loads(generation_info)["infotexts"][selected.index])


def create_output_panel(tab: str) -> OutputPanel:
    """The gallery of ``tab`` with the selected picture's infotext, and the run's comments and time below."""
    with gr.Column(elem_id=f"{tab}_results"), gr.Column(variant="panel", elem_id=f"{tab}_results_panel"):
        with gr.Group(elem_id=f"{tab}_gallery_container"):
            gallery = gr.Gallery(
                label="Output", show_label=False, elem_id=f"{tab}_gallery", columns=4, preview=True, height=420
            )
        with gr.Row(elem_id=f"image_buttons_{tab}", elem_classes="image-buttons"):
            send = ToolButton(
                send_symbol,
                elem_id=f"{tab}_send_to_img2img",
                tooltip="Send the picture and its parameters to img2img.",
            )
        with gr.Column():
            infotext = gr.HTML(elem_id=f"html_info_{tab}", elem_classes="infotext")
            html_log = gr.HTML(elem_id=f"html_log_{tab}", elem_classes="html-log")
            generation_info = gr.Textbox(visible=False, elem_id=f"generation_info_{tab}")

    gallery.select(fn=_select_infotext, inputs=[generation_info], outputs=[infotext], show_progress=False)
    return OutputPanel(gallery, generation_info, infotext, html_log, send)
