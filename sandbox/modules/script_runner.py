"""The scripts of one tab: making their widgets and calling their methods."""

from pathlib import Path

from modules import errors
from modules.script_base import (
    AlwaysVisible,
    MaskBlendArgs,
    OnComponent,
    PostprocessBatchListArgs,
    PostprocessImageArgs,
    PostProcessMaskOverlayArgs,
    PostSampleArgs,
    Script,
)


def wrap_call(func, filename, funcname, *args, default=None, **kwargs):
    """func(*args, **kwargs), or `default` with the error printed."""
    try:
        return func(*args, **kwargs)
    except Exception:
        errors.report(f"Error calling: {filename}/{funcname}", exc_info=True)
    return default


class ScriptRunner:
    """The scripts of one tab. Each one's arguments are `p.script_args[args_from:args_to]`."""

    def __init__(self):
        self.scripts: list[Script] = []
        self.selectable_scripts: list[Script] = []
        self.alwayson_scripts: list[Script] = []
        self.titles: list[str] = []
        self.title_map: dict[str, Script] = {}
        self.infotext_fields: list = []
        self.paste_field_names: list = []
        self.inputs: list = [None]

    def initialize_scripts(self, is_img2img: bool) -> None:
        """Make one object of every script class that shows itself in this tab."""
        from modules.scripts import scripts_data

        for scripts in (self.scripts, self.alwayson_scripts, self.selectable_scripts):
            scripts.clear()
        for data in scripts_data:
            try:
                script = data.script_class()
            except Exception:
                errors.report(f"Error: failed to initialize Script {data.path}", exc_info=True)
                continue
            script.filename = data.path
            script.is_txt2img = not is_img2img
            script.is_img2img = is_img2img
            script.tabname = "img2img" if is_img2img else "txt2img"
            visibility = script.show(is_img2img)
            if visibility:
                script.alwayson = visibility is AlwaysVisible
                self.scripts.append(script)
                (self.alwayson_scripts if script.alwayson else self.selectable_scripts).append(script)

    def prepare_ui(self) -> None:
        """Forget the widgets of an earlier page."""
        self.inputs = [None]

    def setup_ui(self) -> list:
        """Make every script's widgets inside the current gradio block; all inputs, the menu being first."""
        import gradio as gr

        titles = [wrap_call(x.title, x.filename, "title") or x.filename for x in self.scripts]
        self.title_map = {title.lower(): script for title, script in zip(titles, self.scripts, strict=True)}
        self.titles = [title for title, script in zip(titles, self.scripts, strict=True) if not script.alwayson]
        for script in self.alwayson_scripts:
            self.create_script_ui(script)
        dropdown = gr.Dropdown(
            label="Script", elem_id="script_list", choices=["None", *self.titles], value="None", type="index"
        )
        self.inputs[0] = dropdown
        for script in self.selectable_scripts:
            self.create_script_ui(script)
        groups = [script.group for script in self.selectable_scripts]
        if groups:
            show = lambda index: [gr.update(visible=i + 1 == index) for i in range(len(groups))]  # noqa: E731
            dropdown.change(fn=show, inputs=[dropdown], outputs=groups)
        return self.inputs

    def create_script_ui(self, script: Script) -> None:
        """Make one script's widgets and give it its slice of the arguments."""
        import gradio as gr

        script.args_from = script.args_to = len(self.inputs)
        try:
            if script.create_group:
                with gr.Group(visible=script.alwayson) as script.group:
                    self._create_controls(script)
            else:
                self._create_controls(script)
        except Exception:
            errors.report(f"Error creating UI for {script.name}: ", exc_info=True)

    def _create_controls(self, script: Script) -> None:
        from modules.api import models as api_models

        script.controls = wrap_call(script.ui, script.filename, "ui", script.is_img2img)
        if script.controls is None:
            return
        script.name = wrap_call(script.title, script.filename, "title", default=script.filename).lower()
        args = []
        for control in script.controls:
            control.custom_script_source = Path(script.filename).name
            info = api_models.ScriptArg(label=control.label or "")
            for field in ("value", "minimum", "maximum", "step"):
                value = getattr(control, field, None)
                if value is not None:
                    setattr(info, field, value)
            choices = getattr(control, "choices", None)
            if choices is not None:
                info.choices = [x[0] if isinstance(x, tuple) else x for x in choices]
            args.append(info)
        script.api_info = api_models.ScriptInfo(
            name=script.name, is_img2img=script.is_img2img, is_alwayson=script.alwayson, args=args
        )
        self.infotext_fields += script.infotext_fields or []
        self.paste_field_names += script.paste_field_names or []
        self.inputs += script.controls
        script.args_to = len(self.inputs)

    def script(self, title: str) -> Script | None:
        """The script of that title, in any case of letters."""
        return self.title_map.get(title.lower())

    def run(self, p, *args):
        """Run the script chosen in the menu (`args[0]` is its number); None where none is chosen."""
        if not args or not args[0]:
            return None
        script = self.selectable_scripts[args[0] - 1]
        return script.run(p, *args[script.args_from : script.args_to])

    def _call(self, method: str, p, *leading, **kwargs) -> None:
        """method(p, *leading, *script arguments, **kwargs) of each always-on script; errors are printed."""
        for script in self.alwayson_scripts:
            if getattr(type(script), method) is getattr(Script, method):
                continue
            try:
                script_args = p.script_args[script.args_from : script.args_to]
                getattr(script, method)(p, *leading, *script_args, **kwargs)
            except Exception:
                errors.report(f"Error running {method}: {script.filename}", exc_info=True)

    def setup_scrips(self, p, *, is_ui=True):
        """Sic: the WebUI spells it so."""
        self._call("setup", p)

    def before_process(self, p):
        self._call("before_process", p)

    def process(self, p):
        self._call("process", p)

    def before_process_batch(self, p, **kwargs):
        self._call("before_process_batch", p, **kwargs)

    def after_extra_networks_activate(self, p, **kwargs):
        self._call("after_extra_networks_activate", p, **kwargs)

    def process_batch(self, p, **kwargs):
        self._call("process_batch", p, **kwargs)

    def process_before_every_sampling(self, p, **kwargs):
        self._call("process_before_every_sampling", p, **kwargs)

    def before_hr(self, p):
        self._call("before_hr", p)

    def on_mask_blend(self, p, mba: MaskBlendArgs):
        self._call("on_mask_blend", p, mba)

    def post_sample(self, p, ps: PostSampleArgs):
        self._call("post_sample", p, ps)

    def postprocess_batch(self, p, images, **kwargs):
        self._call("postprocess_batch", p, images=images, **kwargs)

    def postprocess_batch_list(self, p, pp: PostprocessBatchListArgs, **kwargs):
        self._call("postprocess_batch_list", p, pp, **kwargs)

    def postprocess_image(self, p, pp: PostprocessImageArgs):
        self._call("postprocess_image", p, pp)

    def postprocess_maskoverlay(self, p, ppmo: PostProcessMaskOverlayArgs):
        self._call("postprocess_maskoverlay", p, ppmo)

    def postprocess_image_after_composite(self, p, pp: PostprocessImageArgs):
        self._call("postprocess_image_after_composite", p, pp)

    def postprocess(self, p, processed):
        self._call("postprocess", p, processed)

    def _component_callbacks(self, which: str, elem_id):
        for script in self.scripts:
            for wanted, callback in getattr(script, which) or []:
                if wanted == elem_id and elem_id is not None:
                    yield script, callback

    def before_component(self, component, **kwargs):
        """Call every script before a component is made."""
        elem_id = kwargs.get("elem_id")
        for script, callback in self._component_callbacks("on_before_component_elem_id", elem_id):
            wrap_call(callback, script.filename, "on_before_component", OnComponent(component))
        for script in self.scripts:
            wrap_call(script.before_component, script.filename, "before_component", component, **kwargs)

    def after_component(self, component, **kwargs):
        """Call every script after a component was made."""
        elem_id = getattr(component, "elem_id", None)
        for script, callback in self._component_callbacks("on_after_component_elem_id", elem_id):
            wrap_call(callback, script.filename, "on_after_component", OnComponent(component))
        for script in self.scripts:
            wrap_call(script.after_component, script.filename, "after_component", component, **kwargs)
