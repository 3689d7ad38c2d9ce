"""Scripts of extensions: the class they derive from, how they are found, and the runner that calls them."""

import inspect
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from modules import errors, extensions, paths, script_callbacks, script_loading

AlwaysVisible = object()


@dataclass
class PostSampleArgs:
    """`samples`: the latents as sampled, (batch, 4, h, w); may be replaced."""

    samples: Any


@dataclass
class PostprocessImageArgs:
    """`image`: the PIL picture; may be replaced."""

    image: Any


@dataclass
class PostProcessMaskOverlayArgs:
    """Picture `index` of the batch, its mask and the picture laid over it."""

    index: int
    mask_for_overlay: Any
    overlay_image: Any


@dataclass
class PostprocessBatchListArgs:
    """`images`: the batch as a list of (3, H, W) tensors, 0 to 1; may be replaced."""

    images: list


@dataclass
class MaskBlendArgs:
    """Latents before and after blending by an inpainting mask."""

    current_latent: Any
    nmask: Any
    init_latent: Any
    mask: Any
    blended_latent: Any
    denoiser: Any = None
    sigma: Any = None

    @property
    def is_final_blend(self) -> bool:
        return self.denoiser is None


@dataclass
class OnComponent:
    """A gradio component that was made."""

    component: Any


class Script:
    """What an extension's script derives from; every method but title() may be left as it is."""

    name = None
    section = None
    filename = None
    args_from = None
    args_to = None
    alwayson = False
    is_txt2img = False
    is_img2img = False
    tabname = None
    group = None
    create_group = True
    infotext_fields = None
    paste_field_names = None
    api_info = None
    on_before_component_elem_id = None
    on_after_component_elem_id = None
    setup_for_ui_only = False
    controls = None

    def title(self):
        """The script's name in menus and in the API."""
        raise NotImplementedError

    def ui(self, is_img2img):
        """Make the widgets; return those whose values the other methods are to get as *args."""

    def show(self, is_img2img):
        """AlwaysVisible, True (choosable in the menu) or False."""
        return True

    def run(self, p, *args):
        """Called in place of process_images where the script was chosen in the menu; returns Processed."""

    def setup(self, p, *args):
        """p has its scripts and their arguments."""

    def before_process(self, p, *args):
        """First of all."""

    def process(self, p, *args):
        """Prompts and seeds of all batches are known."""

    def before_process_batch(self, p, *args, **kwargs):
        """A batch begins; network tags are still in p.prompts. kwargs: batch_number, prompts, seeds, subseeds."""

    def after_extra_networks_activate(self, p, *args, **kwargs):
        """Networks of the batch are on. kwargs as above and extra_network_data."""

    def process_batch(self, p, *args, **kwargs):
        """Prompts are about to be encoded. kwargs as in before_process_batch."""

    def process_before_every_sampling(self, p, *args, **kwargs):
        """Sampling begins, in each pass. kwargs: x, noise, c, uc."""

    def before_hr(self, p, *args):
        """The hires pass begins."""

    def on_mask_blend(self, p, mba: MaskBlendArgs, *args):
        """Inpainting blends two latents."""

    def post_sample(self, p, ps: PostSampleArgs, *args):
        """The batch is sampled and not decoded yet."""

    def postprocess_batch(self, p, *args, **kwargs):
        """The batch is decoded. kwargs: batch_number and images, (batch, 3, H, W) from 0 to 1."""

    def postprocess_batch_list(self, p, pp: PostprocessBatchListArgs, *args, **kwargs):
        """As postprocess_batch, with a list that may be changed."""

    def postprocess_image(self, p, pp: PostprocessImageArgs, *args):
        """One picture is ready."""

    def postprocess_maskoverlay(self, p, ppmo: PostProcessMaskOverlayArgs, *args):
        """One picture is about to be laid over the original."""

    def postprocess_image_after_composite(self, p, pp: PostprocessImageArgs, *args):
        """One picture was laid over the original."""

    def postprocess(self, p, processed, *args):
        """All is done."""

    def before_component(self, component, **kwargs):
        """A component of the page is about to be made."""

    def after_component(self, component, **kwargs):
        """A component of the page was made."""

    def on_before_component(self, callback, *, elem_id):
        """Call callback(OnComponent) before the component with that id is made."""
        self.on_before_component_elem_id = [*(self.on_before_component_elem_id or []), (elem_id, callback)]

    def on_after_component(self, callback, *, elem_id):
        """Call callback(OnComponent) after the component with that id was made."""
        self.on_after_component_elem_id = [*(self.on_after_component_elem_id or []), (elem_id, callback)]

    def elem_id(self, item_id):
        """An HTML id made of tab, script and item."""
        tab = f"{'img2img' if self.is_img2img else 'txt2img'}_" if self.show(True) == self.show(False) else ""
        title = re.sub(r"[^a-z_0-9]", "", re.sub(r"\s", "_", self.title().lower()))
        return f"script_{tab}{title}_{item_id}"


class ScriptFile(NamedTuple):
    """A file of an extension: the extension's folder, the file's name and its path."""

    basedir: str
    filename: str
    path: str


class ScriptClassData(NamedTuple):
    """A script class and where it comes from."""

    script_class: type
    path: str
    basedir: str
    module: ModuleType


scripts_data: list[ScriptClassData] = []
_current_basedir = paths.script_path


def basedir() -> str:
    """Folder of the extension whose script is being loaded; the sandbox's own at any other time."""
    return _current_basedir


def list_scripts(scriptdirname: str, extension: str) -> list[ScriptFile]:
    """Files that end in `extension` in that folder of each extension."""
    return [
        ScriptFile(ext.path, path.name, str(path))
        for ext in extensions.active()
        for path in ext.list_files(scriptdirname, extension)
    ]


def list_files_with_name(filename: str) -> list[str]:
    """Paths of that file in the sandbox and in each extension, where it is there."""
    folders = [paths.script_path, *(ext.path for ext in extensions.active())]
    return [str(path) for path in (Path(folder) / filename for folder in folders) if path.is_file()]


def load_scripts() -> None:
    """Run every extension's scripts/*.py afresh, with the extension's folder on sys.path meanwhile."""
    global _current_basedir, scripts_txt2img, scripts_img2img
    scripts_data.clear()
    script_callbacks.clear_callbacks()
    syspath = sys.path
    for file in list_scripts("scripts", ".py"):
        try:
            sys.path = [file.basedir, *sys.path]
            _current_basedir = file.basedir
            module = script_loading.load_module(file.path)
            scripts_data.extend(
                ScriptClassData(value, file.path, file.basedir, module)
                for value in vars(module).values()
                if inspect.isclass(value) and issubclass(value, Script)
            )
        except Exception:
            errors.report(f"Error loading script: {file.filename}", exc_info=True)
        finally:
            sys.path = syspath
            _current_basedir = paths.script_path
    scripts_txt2img = ScriptRunner()
    scripts_img2img = ScriptRunner()


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
        # p is passed by name by some callers.
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
        """Tell every script of a component about to be made."""
        elem_id = kwargs.get("elem_id")
        for script, callback in self._component_callbacks("on_before_component_elem_id", elem_id):
            wrap_call(callback, script.filename, "on_before_component", OnComponent(component))
        for script in self.scripts:
            wrap_call(script.before_component, script.filename, "before_component", component, **kwargs)

    def after_component(self, component, **kwargs):
        """Tell every script of a component that was made."""
        elem_id = getattr(component, "elem_id", None)
        for script, callback in self._component_callbacks("on_after_component_elem_id", elem_id):
            wrap_call(callback, script.filename, "on_after_component", OnComponent(component))
        for script in self.scripts:
            wrap_call(script.after_component, script.filename, "after_component", component, **kwargs)


scripts_txt2img: ScriptRunner = ScriptRunner()
scripts_img2img: ScriptRunner = ScriptRunner()
scripts_current: ScriptRunner | None = None
"""The runner whose tab is being built."""
