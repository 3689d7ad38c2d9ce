"""The axes that we add to the WebUI's X/Y/Z plot: those of the options table, and some of the plan's regions.

An axis of ours switches regions on in its cells, whatever the panel's checkbox says: a plot of regions' settings that
drew plain pictures would show nothing. *Mode* with the value plain switches them off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from lib_rpg.checks import at
from lib_rpg.errors import RpgError
from lib_rpg.planner.llm.chats import open_chat
from lib_rpg.presets import LMD_PRESETS, PresetStore, find_settings
from lib_rpg.webui import settings
from lib_rpg.webui.host import Processing
from lib_rpg.webui.option_kinds import AXIS_LABEL, Option
from lib_rpg.webui.options import AXES, BY_NAME
from lib_rpg.webui.xyz.changes import (
    Change,
    plan_anew,
    replace_words,
    set_base_ratio,
    set_in_plan,
    set_in_regions,
    set_lora,
    set_mode,
    set_option,
    set_ratio,
    set_ratio_of_region,
    take_preset,
    take_settings,
)
from lib_rpg.webui.xyz.draft import Draft
from lib_rpg.webui.xyz.plot import Order, Step, answering, plot_of, put
from lib_rpg.webui.xyz.values import (
    comma_list,
    list_of_regions,
    number_list,
    ratio_list,
    read_choice,
    read_number,
    read_of_region,
    read_ratio,
    read_time,
)


@dataclass(frozen=True)
class Value:
    """A value of an axis, read: what the legend calls it, and how it changes a cell's document."""

    name: str
    change: Callable[[Draft], Draft]


Read = Callable[[str, str], Value]
"""Reads a typed value; the second text is the first value of its axis. Raises RpgError."""
Split = Callable[[str], list[str]]
"""Parts a text into values."""


@dataclass(frozen=True)
class Axis:
    """An axis.

    cost: from 0 to 1, as `Option.axis_cost`. order: when a cell's document is changed by it. split: None for the
    WebUI's own way, a list with commas. choices: what the fill button offers, None for an axis that is typed. check:
    whether a value can work in that generation; raises RpgError.
    """

    label: str
    cost: float
    order: Order
    read: Read
    split: Split | None = None
    choices: Callable[[], list[str]] | None = None
    check: Callable[[Processing, str], None] | None = None
    txt2img_only: bool = False

    def steps(self, p: Processing, values: Sequence[str]) -> dict[str, Step]:
        """What the values do, by value. Raises RpgError for the first that cannot be read, and for none at all."""
        if not values:
            raise RpgError(f"{self.label}: it has no value; type one, or take those of the button beside it")
        return {value: self.step(p, value, values[0]) for value in values}

    def step(self, p: Processing, value: str, first: str) -> Step:
        """What one value does. Raises RpgError."""
        with at(self.label):
            read = self.read(value, first)
            if self.check:
                self.check(p, value)
        return Step(read.name, self.order, read.change)


class Axes:
    """Our axes in the WebUI's list, from `attach` to `close`.

    ``title`` is that of the script whose arguments hold the document, ``store`` has the presets.
    """

    def __init__(self, title: str, store: PresetStore | None = None) -> None:
        self._title = title
        self._axes = (
            *(_BUILD[option.name](option) for option in AXES),
            *_of_times(),
            _of_delta(),
            _of_presets(store or PresetStore()),
        )
        self._lists: list[list[Any]] = []

    def attach(self, modules: Sequence[Any]) -> None:
        """Add the axes in those of the WebUI's script modules that have a list of them."""
        self.close()
        for module in modules:
            options = getattr(module, "axis_options", None)
            if isinstance(options, list) and hasattr(module, "AxisOption"):
                _remove(options)  # those of an extension that was loaded before and not unloaded
                of_txt2img = _kind_of_txt2img(module, options)
                for axis in self._axes:
                    options.append(self._option(of_txt2img if axis.txt2img_only else module.AxisOption, axis))
                self._lists.append(options)

    def close(self) -> None:
        """Take the axes out again; may be called any number of times."""
        for options in self._lists:
            _remove(options)
        self._lists = []

    def _option(self, kind: Any, axis: Axis) -> Any:
        return kind(
            axis.label,
            str,
            partial(self._apply, axis),
            format_value=partial(_legend, axis),
            confirm=partial(_confirm, axis),
            cost=axis.cost,
            prepare=axis.split,
            choices=axis.choices,
        )

    def _apply(self, axis: Axis, p: Processing, value: str, values: Sequence[str]) -> None:
        """Put a value into the copy of ``p`` that a cell is drawn with."""
        with answering(p):
            step = plot_of(p).step((axis.label, values[0]), value)
            put(p, self._title, step or axis.step(p, value, values[0]))


def _kind_of_txt2img(module: Any, options: Sequence[Any]) -> Any:
    """The class of axes that are in the txt2img tab alone: of such an axis of the WebUI's, whose module may not name it
    (Classic)."""
    found = (type(each) for each in options if getattr(each, "is_img2img", None) is False)
    return next(found, None) or module.AxisOptionTxt2Img


def _remove(options: list[Any]) -> None:
    options[:] = [each for each in options if not str(getattr(each, "label", "")).startswith(AXIS_LABEL)]


def _confirm(axis: Axis, p: Processing, values: Sequence[str]) -> None:
    """Refuse the plot for a value that cannot be. What depends on the plan is checked when all axes are known."""
    with answering(p):
        steps = axis.steps(p, values)
        plot_of(p).add((axis.label, values[0]), steps)


def _legend(axis: Axis, _p: Processing, _option: Any, value: str) -> str:
    try:
        return axis.read(value, value).name
    except RpgError:  # a preset that was deleted while the plot was drawn
        return value


Build = Callable[[Option], Axis]
"""Makes the axis of a row of the options table."""


def _choice_axis(
    order: Order,
    change: Change,
    check: Callable[[Processing, str], None] | None = None,
    txt2img_only: bool = False,
) -> Build:
    """One of the option's choices, by its label or its value."""

    def build(option: Option) -> Axis:
        def choices() -> list[str]:
            return [label for label in option.values() if label not in _NOT_IN_PLOTS]

        def read(text: str, _first: str) -> Value:
            label, value = read_choice({label: option.values()[label] for label in choices()}, text)
            return Value(f"{option.axis}: {label}", partial(change, option.name, value))

        return Axis(option.axis_label, option.axis_cost, order, read, comma_list, choices, check, txt2img_only)

    return build


def _number_axis(order: Order, change: Change) -> Build:
    """A number for an option of the plan, or a range of them."""

    def build(option: Option) -> Axis:
        def read(text: str, _first: str) -> Value:
            value = read_number(option, text)
            return Value(f"{option.axis}: {value:g}", partial(change, option.name, value))

        return Axis(option.axis_label, option.axis_cost, order, read, number_list)

    return build


def _typed_axis(order: Order, read: Read, split: Split | None) -> Build:
    """Values of a form of their own."""
    return lambda option: Axis(option.axis_label, option.axis_cost, order, read, split)


def _ratio(text: str, _first: str) -> Value:
    return Value(f"Split ratio: {text}", partial(set_ratio, read_ratio(text)))


def _words(text: str, first: str) -> Value:
    if not first:
        raise RpgError("its first value is blank; begin with the words that are to be replaced")
    return Value(text, partial(replace_words, first, text))


def _ratio_of_region(text: str, _first: str) -> Value:
    number, ratio = read_of_region(text)
    return Value(f"Base ratio of region {number}: {ratio:g}", partial(set_ratio_of_region, number, ratio))


def _check_planner(_p: Processing, name: str) -> None:
    """Raises RpgError where the planner lacks a key, or a model, that it needs."""
    planner = name.strip().casefold()
    if planner != "offline":
        open_chat(settings.config(), planner).close()


def _check_hires(p: Processing, _name: str) -> None:
    if not getattr(p, "enable_hr", False):
        raise RpgError("there is one pass only, so that all pictures would be the same; switch hires fix on")


_NOT_IN_PLOTS = ("paste",)
"""Choices that need the user in the midst of a plot."""
_BUILD: Mapping[str, Build] = {
    "enabled": _choice_axis(Order.MODE, set_mode),
    "planner": _choice_axis(Order.PLANNING, plan_anew, _check_planner),
    "method": _choice_axis(Order.PLANNING, plan_anew),
    "dialect": _choice_axis(Order.PLANNING, plan_anew),
    "split_ratio": _typed_axis(Order.LAYOUT, _ratio, ratio_list),
    "regional_prompt": _typed_axis(Order.WORDS, _words, None),
    "base_ratio": _number_axis(Order.SETTINGS, set_base_ratio),
    "feather": _number_axis(Order.SETTINGS, set_option),
    "hires": _choice_axis(Order.SETTINGS, set_option, _check_hires, txt2img_only=True),
    "lora": _choice_axis(Order.SETTINGS, set_lora),
    "compose": _choice_axis(Order.SETTINGS, set_option),
    "bootstrap": _number_axis(Order.SETTINGS, set_option),
    "frozen": _number_axis(Order.SETTINGS, set_option),
    "guidance": _choice_axis(Order.SETTINGS, set_option),
    "guidance_scale": _number_axis(Order.SETTINGS, set_option),
    "guidance_schedule": _choice_axis(Order.SETTINGS, set_option),
    "gligen": _number_axis(Order.SETTINGS, set_option),
    "binding": _choice_axis(Order.SETTINGS, set_option),
    "bound_steps": _number_axis(Order.SETTINGS, set_option),
    "bound_sigma": _number_axis(Order.SETTINGS, set_option),
    "bound_strength": _number_axis(Order.SETTINGS, set_option),
    "bound_feather": _number_axis(Order.SETTINGS, set_option),
    "rows_first": _choice_axis(Order.REGIONS, set_in_plan),
    "base_ratios": _typed_axis(Order.REGIONS, _ratio_of_region, list_of_regions),
}
"""What the axis of a row does. A row of the table that has an axis has its line here."""


def _of_delta() -> Axis:
    """RAG's name for the regions' own share: 1 less the base ratio."""

    def read(text: str, _first: str) -> Value:
        value = read_number(BY_NAME["base_ratio"], text)
        return Value(f"SR_delta: {value:g}", partial(set_base_ratio, "base_ratio", 1 - value))

    return Axis(f"{AXIS_LABEL}SR_delta", BY_NAME["base_ratio"].axis_cost, Order.SETTINGS, read, number_list)


def _of_times() -> Iterator[Axis]:
    """The part of the steps in which regions act: its start and its end, two axes that can cross."""
    for name in ("start", "end"):

        def read(text: str, _first: str, name: str = name) -> Value:
            value = read_time(text)
            return Value(f"Regions {name}: {value:g}", partial(set_in_regions, name, value))

        yield Axis(f"{AXIS_LABEL}Regions {name}", 0.05, Order.REGIONS, read, number_list)


def _of_presets(store: PresetStore) -> Axis:
    """Settings, saved plans, and layouts that the words of the plan are put in; a saved one has its name first."""

    def read(text: str, _first: str) -> Value:
        settings = None if text in store.names() else find_settings(text)
        change = partial(take_preset, store.load(text)) if settings is None else partial(take_settings, settings)
        return Value(f"Preset: {text}", change)

    def names() -> list[str]:
        return list(dict.fromkeys([*store.names(), *(each.name for each in LMD_PRESETS)]))

    return Axis(f"{AXIS_LABEL}Preset", 0.25, Order.PRESET, read, comma_list, names)
