"""Infotext: the line of parameters below a picture, read back into fields, settings and scripts.

The text is the prompt (any number of lines), then optionally ``Negative prompt: …`` (likewise), then one line of
``Name: value, Name: value, …``. A value that holds a comma, colon or newline is a JSON string; ``WxH`` is a size.
"""

from __future__ import annotations

import base64
import io
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr
from modules import errors, prompt_parser, script_callbacks, shared
from PIL import Image

sys.modules["modules.generation_parameters_copypaste"] = sys.modules[__name__]  # the module's older name

_PARAMETER = re.compile(r'(?P<name>\w[\w \-/]+):\s*(?P<value>"(?:[^"\\]|\\.)+"|[^,]*)(?:,|$)')
_SIZE = re.compile(r"(\d+)x(\d+)")
_NEGATIVE = "Negative prompt:"

# What a parameter means that the line does not name; an infotext is written with these left out.
_DEFAULTS = {
    "Clip skip": "1",
    "Hires resize-1": 0,
    "Hires resize-2": 0,
    "Hires sampler": "Use same sampler",
    "Hires schedule type": "Use same scheduler",
    "Hires checkpoint": "Use same checkpoint",
    "Hires prompt": "",
    "Hires negative prompt": "",
    "Mask mode": "Inpaint masked",
    "Masked content": "original",
    "Inpaint area": "Whole picture",
    "Masked area padding": 32,
    "RNG": "GPU",
    "Schedule type": "Automatic",
    "Schedule max sigma": 0,
    "Schedule min sigma": 0,
    "Schedule rho": 0,
    "VAE Encoder": "Full",
    "VAE Decoder": "Full",
    "FP8 weight": "Disable",
    "Refiner switch by sampling steps": False,
}

paste_fields: dict[str, dict[str, Any]] = {}
"""For each tab: ``{"init_img": component, "fields": [PasteField], "override_settings_component": component}``."""

last_infotext = ""
"""The last generation's infotext, which the paste button reads where the prompt is empty."""

infotext_to_setting_name_mapping: list[tuple[str, str]] = []
"""Pairs (infotext name, setting) that extensions add; settings of the host name theirs in `OptionInfo.infotext`."""


class PasteField(tuple):
    """A component and what fills it: a parameter's name or a function of the parsed parameters.

    It is the pair (component, target); ``api`` names the API request's field that holds the same value.
    """

    component: gr.components.Component
    label: str | None
    function: Callable[[dict], Any] | None
    api: str | None

    def __new__(cls, component: Any, target: Any, *, api: str | None = None) -> PasteField:
        field = super().__new__(cls, (component, target))
        field.component = component
        field.label = target if isinstance(target, str) else None
        field.function = target if callable(target) else None
        field.api = api
        return field

    def read(self, params: dict[str, Any]) -> Any:
        """The field's value in ``params``, None where it has none; may be a gradio update."""
        return self.function(params) if self.function else params.get(self.label)


def reset() -> None:
    """Forget the fields of every tab, before the page is built again."""
    paste_fields.clear()


def quote(text: Any) -> Any:
    """``text`` as an infotext value: a JSON string if it holds a comma, colon or newline, else unchanged."""
    return json.dumps(text, ensure_ascii=False) if any(c in str(text) for c in ",:\n") else text


def unquote(text: str) -> Any:
    """The inverse of `quote`; text that is not a JSON string comes back unchanged."""
    if not (text.startswith('"') and text.endswith('"')):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def image_from_url_text(filedata: Any) -> Image.Image | None:
    """The picture behind a gallery's value, a gradio file or a base64 string; None for none.

    A file is opened only if the page itself made it.
    """
    if isinstance(filedata, list):
        filedata = filedata[0] if filedata else None
    if filedata is None:
        return None
    if isinstance(filedata, dict) and filedata.get("is_file"):
        path = str(Path(filedata["name"].rsplit("?", 1)[0]).resolve())
        if not any(path in files for files in shared.demo.temp_file_sets):
            raise ValueError(f"{path} is not a picture of this page")
        return Image.open(path)
    if isinstance(filedata, dict):
        filedata = filedata["data"]
    return Image.open(io.BytesIO(base64.b64decode(filedata.split(",", 1)[-1])))


def parse_generation_parameters(x: str, skip_fields: list[str] | None = None) -> dict[str, Any]:
    """Parameters by name of the infotext ``x``, with "Prompt", "Negative prompt", and defaults for what it leaves out.

    A size ``Name: 512x768`` becomes ``Name-1`` and ``Name-2``. The last line counts as the parameters if it has at
    least three of them. ``skip_fields`` are left out of the result.
    """
    *lines, last = x.strip().split("\n")
    pairs = [(m["name"], m["value"]) for m in _PARAMETER.finditer(last)]
    if len(pairs) < 3:
        lines.append(last)
        pairs = []

    prompt: list[str] = []
    negative: list[str] = []
    part = prompt
    for line in map(str.strip, lines):
        if line.startswith(_NEGATIVE):
            part = negative
            line = line.removeprefix(_NEGATIVE).strip()
        part.append(line)

    res: dict[str, Any] = {}
    for name, text in pairs:
        if not text:
            continue
        value = unquote(text)
        size = _SIZE.fullmatch(value) if isinstance(value, str) else None
        if size:
            res[f"{name}-1"], res[f"{name}-2"] = size.groups()
        else:
            res[name] = value

    res |= _without_styles("\n".join(prompt), "\n".join(negative))
    for name, default in _DEFAULTS.items():
        res.setdefault(name, default)
    weighted = [
        text
        for key in ("Prompt", "Negative prompt")
        for text, weight in prompt_parser.parse_prompt_attention(res[key])
        if weight != 1.0 and text != "BREAK"
    ]
    if weighted:
        res.setdefault("Emphasis", "Original")

    for name in skip_fields or ():
        res.pop(name, None)
    return res


def _without_styles(prompt: str, negative: str) -> dict[str, Any]:
    """The prompts, without the styles that are laid over them where Settings say so; and those styles."""
    mode, found = shared.opts.infotext_styles, []
    if mode != "Ignore":
        found, prompt, negative = shared.prompt_styles.extract_styles_from_prompt(prompt, negative)
    named = mode == "Apply" or (mode == "Apply if any" and found)
    return {"Prompt": prompt, "Negative prompt": negative, **({"Styles array": found} if named else {})}


def _setting_names() -> list[tuple[str, str]]:
    named = [(info.infotext, key) for key, info in shared.opts.data_labels.items() if info.infotext]
    return named + infotext_to_setting_name_mapping


def get_override_settings(params: dict[str, Any], *, skip_fields: Any = None) -> list[tuple[str, str, Any]]:
    """(infotext name, setting, value) for each setting that ``params`` names with a value other than the current."""
    res = []
    for name, setting in _setting_names():
        if name in (skip_fields or ()) or params.get(name) is None:
            continue
        value = shared.opts.cast_value(setting, params[name])
        if value != getattr(shared.opts, setting, None):
            res.append((name, setting, value))
    return res


def create_override_settings_dict(text_pairs: list[str]) -> dict[str, Any]:
    """Settings from the page's "Override settings" entries, each ``infotext name: value``."""
    params = {name: value.strip() for name, value in (pair.split(":", maxsplit=1) for pair in text_pairs or [])}
    return {
        setting: shared.opts.cast_value(setting, params[name]) for name, setting in _setting_names() if name in params
    }


def add_paste_fields(tabname: str, init_img: Any, fields: list[Any], override_settings_component: Any = None) -> None:
    """Register a tab's fields (PasteFields or plain pairs) for pasting, sending and the API's ``infotext``."""
    paste_fields[tabname] = {
        "init_img": init_img,
        "fields": [field if isinstance(field, PasteField) else PasteField(*field) for field in fields],
        "override_settings_component": override_settings_component,
    }


def _update_for(component: Any, value: Any) -> Any:
    """The gradio update that puts ``value``, read from an infotext, into ``component``; none if it does not fit."""
    if value is None:
        return gr.update()
    if isinstance(value, dict) and value.get("__type__"):
        return value
    kind = type(component.value)
    try:
        if kind is bool and value == "False":
            return gr.update(value=False)
        return gr.update(value=float(value) if kind is int else kind(value))
    except (TypeError, ValueError):
        return gr.update()


def connect_paste(
    button: gr.Button, fields: list[PasteField], input_comp: Any, override_settings_component: Any
) -> None:
    """Let ``button`` read the infotext in ``input_comp`` (or, if that is empty, the last picture's) into ``fields``."""
    handled = {target for _, target in fields if isinstance(target, str)}

    def paste(text: str) -> list[Any]:
        text = text or last_infotext
        params = parse_generation_parameters(text)
        script_callbacks.infotext_pasted_callback(text, params)

        updates = []
        for field in fields:
            try:
                updates.append(_update_for(field.component, field.read(params)))
            except Exception:  # a script's function; the other fields are still pasted
                errors.report(f"Error reading {field.label or field.function} from the infotext", exc_info=True)
                updates.append(gr.update())
        pairs = [f"{name}: {value}" for name, _, value in get_override_settings(params, skip_fields=handled)]
        return [*updates, gr.update(value=pairs, choices=pairs, visible=bool(pairs))]

    button.click(
        fn=paste,
        inputs=[input_comp],
        outputs=[field.component for field in fields] + [override_settings_component],
        show_progress=False,
    )


def connect_send(button: gr.Button, source: str, destination: str, gallery: Any, names: list[str]) -> None:
    """Let ``button`` copy the picture in ``gallery`` and the fields called ``names`` from one tab to another."""
    sources = {name: component for component, name in paste_fields[source]["fields"] if name in names}
    targets = {name: component for component, name in paste_fields[destination]["fields"] if name in names}
    shared_names = [name for name in targets if name in sources]
    button.click(
        fn=lambda pictures, *values: [image_from_url_text(pictures), *values],
        _js="(gallery, ...values) => [selected_gallery_image(gallery), ...values]",
        inputs=[gallery] + [sources[name] for name in shared_names],
        outputs=[paste_fields[destination]["init_img"]] + [targets[name] for name in shared_names],
        show_progress=False,
    ).then(fn=None, _js=f"switch_to_{destination}")
