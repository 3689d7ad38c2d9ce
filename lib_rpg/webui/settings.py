"""The extension's page in Settings.

What says where a prompt is sent, and to which model, cannot be set over the API. The key has a field here but is no
setting: once applied it is in the user's key file, and the field is empty again.

A stored value may be anything, since the file is edited by hand and the API checks no types. An invalid one is reset to
its default when the page is built, and read as the default until then, so that the WebUI always starts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr
from modules import shared

from lib_rpg.checks import at, check_choice, check_finite, check_flag, check_text, refuse, show
from lib_rpg.errors import RpgError
from lib_rpg.files import expand
from lib_rpg.planner import PlannerConfig
from lib_rpg.planner.language.dialect import AUTO
from lib_rpg.planner.llm.chats import preset_names, server_of
from lib_rpg.planner.llm.server.key_file import KeyFile
from lib_rpg.repainting.traces import TraceStore
from lib_rpg.webui import console
from lib_rpg.webui.host import Processing, host
from lib_rpg.webui.key_field import KeyIntake, TypedKey, key_field
from lib_rpg.webui.options import BY_NAME, Defaults
from lib_rpg.webui.settings_rows import ConnectionRow, TypedFields, heading, text_row

_ASKED = ("rpg_method", "rpg_recaption", "rpg_language", "rpg_dialect")
"""The defaults of options of a `PlanRequest`."""
NO_FILE, LONG_FILE, EACH_FILE = "never", "if it is too long for the infotext", "always"
STOP, GO_ON = "stop the generation", "go on without regions"
SECTION = ("rpg", "RPG regions")
KEY = "rpg_key"
_DEFAULTS = PlannerConfig()
_WEBUI_COMMENTS = "enable_prompt_comments"

Check = Callable[[Any, str], Any]
"""Gives a stored value as it is used. Raises RpgError, which begins with the place, for an invalid one."""


@dataclass(frozen=True)
class Option:
    """A row of the page.

    ``check`` gives the stored value as it is used, ``info`` is the small print. ``component`` is gradio's class, None
    for the WebUI's own choice, and ``arguments`` are its. ``private`` ones cannot be set over the API.
    """

    default: Any
    label: str
    check: Check
    info: str = ""
    component: Any = None
    arguments: Mapping[str, Any] | Callable[[], Mapping[str, Any]] | None = None
    private: bool = True


def _check_text(value: object, place: str) -> str:
    return check_text(value, place, 4000)


def _check_number(value: object, place: str, low: float, high: float) -> float:
    number = check_finite(value, place)
    if not low <= number <= high:
        refuse(place, f"{number:g} is out of range", f"give a number from {low:g} to {high:g}")
    return number


def _slider_option(default: float, label: str, low: float, high: float, step: float) -> Option:
    check = partial(_check_number, low=low, high=high)
    return Option(default, label, check, "", gr.Slider, {"minimum": low, "maximum": high, "step": step})


def _choice_option(default: str, label: str, choices: Sequence[str], info: str, component: Any = gr.Dropdown) -> Option:
    check = partial(check_choice, choices=choices, advice=f"use one of {', '.join(choices)}")
    return Option(default, label, check, info, component, {"choices": list(choices)}, private=False)


def _panel_option(name: str, default: str, info: str = "") -> Option:
    """The default of the panel's choice of that name, with the panel's label and its names for the values."""
    shown = BY_NAME[name]
    labels = shown.values()
    # A Dropdown of gradio 3.41 takes no labels beside the values.
    row = _choice_option(default, shown.label, tuple(labels.values()), info, gr.Radio)
    return replace(row, arguments={"choices": list(labels.items())})


OPTIONS = {
    "rpg_planner": _panel_option(
        "planner", "offline", "used when no plan was made in the panel or sent with the request"
    ),
    "rpg_method": _panel_option("method", "rpg", "grid and boxes: a grid with a box for each object"),
    "rpg_recaption": Option(True, "Let the model write richer prompts for the regions", check_flag, private=False),
    "rpg_language": Option(
        "",
        "Language of the regions' prompts",
        partial(check_text, limit=100),
        "such as English; empty: the language of your prompt",
        gr.Textbox,
        private=False,
    ),
    "rpg_dialect": _panel_option("dialect", AUTO, "tags or sentences"),
    "rpg_templates": Option("", "Folder with your own templates, examples and tags", _check_text, "", gr.Textbox),
    "rpg_cache": Option(True, "Cache answers, so that the same prompt is asked only once", check_flag),
    "rpg_on_error": _choice_option(
        STOP,
        "When regions cannot be applied",
        (STOP, GO_ON),
        "bad text, an unsupported model, no matching layer; the reason is always shown",
        gr.Radio,
    ),
    "rpg_plan_file": _choice_option(
        NO_FILE,
        "Write the plan to a file beside the picture",
        (NO_FILE, LONG_FILE, EACH_FILE),
        "picture.rpg.json; the infotext has the plan as well, as far as it fits",
        gr.Radio,
    ),
    "rpg_plan_picture": Option(
        False,
        "Write a picture of the plan beside the picture",
        check_flag,
        "picture.rpg.png: the regions drawn over it",
        private=False,
    ),
    "rpg_details": Option(
        True,
        "ADetailer draws a detail with the words of the region in which it lies",
        check_flag,
        "where ADetailer's own prompt is blank; off: with the whole prompt",
        private=False,
    ),
    "rpg_traces": Option(
        True,
        "Keep traces of pictures with regions, so that a part of them can be repainted",
        check_flag,
        "some megabytes for each picture, in the user's cache folder; the oldest go first",
        private=False,
    ),
    "rpg_traces_size": _slider_option(500.0, "Megabytes of all traces", 10.0, 20_000.0, 10.0),
    "rpg_gligen": Option(
        "",
        "GLIGEN's weights",
        _check_text,
        "a file, by its path or its name in the folder gligen of the models' folder, or a folder with one; empty: the "
        "only file in that folder",
        gr.Textbox,
    ),
    "rpg_local_folder": Option("", "Folder of the local model", _check_text, "for the planner local", gr.Textbox),
    "rpg_local_device": Option("", "Device of the local model", _check_text, "empty: chosen automatically", gr.Textbox),
    "rpg_providers": Option("", "File with your own servers", _check_text, "", gr.Textbox),
    "rpg_provider": Option(
        _DEFAULTS.provider,
        "Server",
        partial(check_text, limit=60, needed=True),
        "for the planner openai; its key comes from the environment, or from the field below",
        gr.Dropdown,
        lambda: {"choices": preset_names(config())},
    ),
    "rpg_base_url": Option("", "Server's address", _check_text, "empty: the server's default address", gr.Textbox),
    "rpg_model": Option("", "Model", _check_text, "empty: the server's default model", gr.Textbox),
    "rpg_connect_timeout": _slider_option(_DEFAULTS.connect_timeout, "Seconds to connect", 1, 60, 1),
    "rpg_timeout": _slider_option(_DEFAULTS.timeout, "Seconds for a plan", 5, 1800, 5),
    "rpg_max_tokens": _slider_option(_DEFAULTS.max_tokens, "Tokens of an answer", 256, 32768, 256),
}
"""Every option but the key, by the name that the WebUI stores it under, in the order of the page."""
_TRIED = tuple(OPTIONS)[tuple(OPTIONS).index("rpg_providers") :]
"""The options of the server: those that *Test connection* tries."""
_HEADINGS = {
    "rpg_planner": "Planning",
    "rpg_on_error": "Drawing",
    "rpg_local_folder": "Model in this process, for the planner local",
    "rpg_providers": "Server, for the planner openai",
}
"""The titles of the groups, by the first option of each. The key comes last, and then the try of the server."""


def register(intake: KeyIntake) -> None:
    """Add the options; called by the WebUI when it builds Settings."""
    fields = TypedFields()
    for name, row in OPTIONS.items():
        if title := _HEADINGS.get(name):
            shared.opts.add_option(f"{name}_heading", heading(title, SECTION))
        component = fields.of(name, row.component) if name in _TRIED else row.component
        info = shared.OptionInfo(
            row.default, row.label, component, row.arguments, section=SECTION, restrict_api=row.private
        )
        shared.opts.add_option(name, info.info(row.info) if row.info else info)
        _reset_if_invalid(name)
    # The last one that holds a value: when an Apply comes to the key, the server that it is for is set already.
    key = shared.OptionInfo(
        "",
        "Key",
        key_field(intake),
        {"type": "password"},
        onchange=partial(store_key, intake),
        section=SECTION,
        restrict_api=True,
    )
    shared.opts.add_option(
        KEY, key.info("stored in a file that only you can read, for this server's address only; - deletes it")
    )
    shared.opts.add_option("rpg_connection", text_row(ConnectionRow(config, fields, differing).build, SECTION))
    _move_written_key(intake)


def store_key(intake: KeyIntake) -> None:
    """Store the key that was typed into Settings in the user's key file, and say on page and console how that went.

    Raises nothing: the WebUI would print the option's value.
    """
    typed = intake.take(str(getattr(shared.opts, KEY, "")))
    shared.opts.data[KEY] = ""
    if typed is None:
        return
    try:
        _notify(_store_typed(typed))
    except Exception as error:
        if not typed.again:
            intake.forget()
        # Another error's words may hold anything, the key included.
        reason = str(error) if isinstance(error, RpgError) else f"storing failed with {type(error).__name__}"
        _notify(reason if reason.startswith("the key") else f"the key was not stored: {reason}", gr.Warning)


def _store_typed(typed: TypedKey) -> str:
    """What became of a key that was typed, in words."""
    made = config()
    server, keys = server_of(made), KeyFile()
    if typed.again:
        if typed.text == "-" or keys.get(made.provider, server) == typed.text:
            return ""
        raise RpgError(
            f"the field still contains the key that was stored before, and {server or made.provider} is another "
            "server; empty the field, press Apply, and type the key of this server"
        )
    if typed.text == "-":
        keys.put(made.provider, server, "")
        return f"the key of {made.provider} was deleted"
    keys.put(made.provider, server, typed.text)
    return f"the key of {made.provider} was stored, for {server or 'its address'} only"


def _notify(sentence: str, show_it: Callable[[str], None] = gr.Info) -> None:
    if not sentence:
        return
    console.say(sentence)
    if console.is_for_page():  # an Apply on the page, not a WebUI that is starting
        show_it(f"RPG: {sentence}")


def _move_written_key(intake: KeyIntake) -> None:
    """A key that somebody wrote into the WebUI's settings file moves to the key file as well."""
    written = shared.opts.data.get(KEY)
    shared.opts.data[KEY] = ""
    if isinstance(written, str) and written.strip():
        shared.opts.data[KEY] = intake.receive(written)
        store_key(intake)
        try:
            shared.opts.save(shared.config_filename)
        except Exception as error:
            console.say(f"the settings file still contains a key ({type(error).__name__}); delete it there")


def _reset_if_invalid(name: str) -> None:
    """Reset an invalid stored value to its default, and say so."""
    row = OPTIONS[name]
    try:
        row.check(shared.opts.data.get(name, row.default), f"the setting {row.label!r}")
    except RpgError as error:
        shared.opts.data[name] = row.default
        console.say(f"{error}; it was reset to {show(row.default)}")


def config() -> PlannerConfig:
    """The planners' configuration by Settings. Whoever reaches the page can have set it."""

    def path(name: str) -> Path | None:
        return Path(value) if (value := _valid_option(name)) else None

    return PlannerConfig(
        provider=_valid_option("rpg_provider"),
        base_url=_valid_option("rpg_base_url"),
        model=_valid_option("rpg_model"),
        connect_timeout=float(_valid_option("rpg_connect_timeout")),
        timeout=float(_valid_option("rpg_timeout")),
        max_tokens=int(_valid_option("rpg_max_tokens")),
        local_folder=_valid_option("rpg_local_folder"),
        device=_valid_option("rpg_local_device"),
        cache=_DEFAULTS.cache if _valid_option("rpg_cache") else None,
        templates=path("rpg_templates"),
        providers=path("rpg_providers"),
        from_page=True,
    )


def differing(typed: Mapping[str, Any]) -> list[str]:
    """The labels of the options, by name, whose typed value is not the one in force."""

    def is_applied(name: str, value: Any) -> bool:
        if value == getattr(shared.opts, name, None):
            return True
        try:
            return bool(OPTIONS[name].check(value, name) == _valid_option(name))
        except RpgError:
            return False

    return [OPTIONS[name].label for name, value in typed.items() if not is_applied(name, value)]


def defaults(p: Processing | None = None) -> Defaults:
    """What Settings say, or the request ``p`` where it overrides them, for a request that does not say it itself.

    Raises RpgError for an invalid override.
    """
    asked: dict[str, Any] = {name.removeprefix("rpg_"): _setting_of(p, name) for name in _ASKED}
    asked["comments"] = prompts_have_comments(p)
    return Defaults(_setting_of(p, "rpg_planner"), asked)


def prompts_have_comments(p: Processing | None = None) -> bool:
    """Whether a ``#`` in a prompt starts a comment, by the WebUI's own setting or the override of the request ``p``."""
    overrides = getattr(p, "override_settings", None)
    value = getattr(shared.opts, _WEBUI_COMMENTS, True)
    return bool(overrides.get(_WEBUI_COMMENTS, value) if isinstance(overrides, Mapping) else value)


def goes_on_plain(p: Processing | None = None) -> bool:
    """Whether a generation whose regions cannot be applied goes on without them. Raises nothing."""
    try:
        return _setting_of(p, "rpg_on_error") == GO_ON
    except RpgError:
        return False


def details_by_region(p: Processing | None = None) -> bool:
    """Whether ADetailer draws details with their regions' words."""
    return bool(_setting_of(p, "rpg_details"))


def traces(p: Processing | None = None) -> TraceStore | None:
    """The store of pictures' traces, None where Settings keep none."""
    return trace_store() if _setting_of(p, "rpg_traces") else None


def trace_store() -> TraceStore:
    """The store of the traces that there are."""
    return TraceStore(max_bytes=int(_valid_option("rpg_traces_size") * 1_000_000))


def gligen_weights() -> Path:
    """The file with GLIGEN's weights, or the folder where they are, which need not be there."""
    return host.models_folder() / "gligen" / expand(Path(_valid_option("rpg_gligen")), "the GLIGEN file")


def plan_files(p: Processing | None = None) -> str:
    """When the plan is written to a file beside the picture: `NO_FILE`, `LONG_FILE` or `EACH_FILE`."""
    return str(_setting_of(p, "rpg_plan_file"))


def plan_pictures(p: Processing | None = None) -> bool:
    """Whether a picture of the plan is written to a file beside the picture."""
    return bool(_setting_of(p, "rpg_plan_picture"))


def _setting_of(p: Processing | None, name: str) -> Any:
    """An option that the API may set, with the generation's override, which is not in force in ``before_process``."""
    overrides = getattr(p, "override_settings", None)
    if isinstance(overrides, Mapping) and name in overrides:
        with at("override_settings", "."):
            return OPTIONS[name].check(overrides[name], name)
    return _valid_option(name)


def _valid_option(name: str) -> Any:
    row = OPTIONS[name]
    try:
        return row.check(getattr(shared.opts, name, row.default), name)
    except RpgError:
        return row.default
