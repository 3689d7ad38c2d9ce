"""The document of one generation: a plan, and the options that are set together with it.

The panel keeps one as JSON text, the API is sent one as a dict. `lib_rpg.webui.options` declares its keys.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lib_rpg import planner as planners
from lib_rpg.checks import at, check_choice, did_you_mean, quantity
from lib_rpg.errors import RpgError
from lib_rpg.fields import read
from lib_rpg.keywords import BREAK, split_at_keywords, without_comments
from lib_rpg.layout.mask import check_masks
from lib_rpg.pasted_text import as_written
from lib_rpg.plan import MAX_DOCUMENT, MAX_NOTES, Plan, Region, Source
from lib_rpg.plan_text import negative_to_text, plan_from_text, plan_to_text, read_negative
from lib_rpg.planner import PlanRequest
from lib_rpg.repainting.request import Repaint
from lib_rpg.webui.option_kinds import Kind, Option, Part
from lib_rpg.webui.options import BY_NAME, KEYS, OPTIONS, Defaults, names_of, of_part

UNREAD = "unread"
"""The key of a panel's document that marks regions which could not be read, and says why."""
MAX_STATE = MAX_DOCUMENT + 1_000_000
"""Characters of the panel's document: a plan, and what is typed in other fields."""
_CURE = 'press Clear in the panel, or send the API {"args": [{"plan": {…}}]}'
_SETTINGS = (Part.PLAN, Part.REGIONS)
_SHAPING = (Part.TEXT_FORM, *_SETTINGS)
_LAID_OVER = ("base_prompt", "negative_prompt", *names_of(Part.PLAN), *names_of(Part.REGIONS))
"""The options that `laid_over` knows."""


@dataclass(frozen=True)
class Document:
    """A validated document.

    plan: the plan as given, before ``typed``. typed: the options given that shape a plan (`Part.TEXT_FORM`, `PLAN`,
    `REGIONS`), by name. asked: what to ask a planner for, as fields of a `PlanRequest`. planner: who plans. prompt:
    what to plan, blank for each picture's own prompt. compare: what the first picture is drawn again for
    (`lib_rpg.webui.compare`). repaint: what of which picture is drawn anew, None for a new picture. A document that is
    not ``enabled`` holds nothing else.
    """

    enabled: bool = True
    plan: Plan | None = None
    typed: Mapping[str, Any] = field(default_factory=dict)
    asked: Mapping[str, Any] = field(default_factory=dict)
    planner: str = "offline"
    prompt: str = ""
    compare: str = BY_NAME["compare"].default
    repaint: Repaint | None = None

    @classmethod
    def read(cls, values: Mapping[str, Any], defaults: Defaults) -> Document:
        """Read a document; null counts as a missing key.

        Raises RpgError in one sentence for an unknown key, and for a value that is malformed or of the wrong kind.
        Where ``enabled`` is false, only keys and flags are checked.
        """
        _check_keys(values)
        given = {key: value for key, value in values.items() if value is not None}
        _read_values(given, Kind.FLAG)
        if not given.get("enabled", True):
            return cls(enabled=False)
        _read_values(given, Kind.TEXT, Kind.NUMBER, Kind.NUMBERS)
        planner = given.get("planner") or defaults.planner
        if planner not in planners.PLANNERS:
            raise RpgError(f"RPG: there is no planner {planner[:80]!r}, use one of {', '.join(planners.PLANNERS)}")
        # A blank text asks for what Settings say; false is an answer.
        asked = {key: given[key] for key in names_of(Part.REQUEST) if given.get(key, "") != ""}
        asked = {**defaults.asked, **asked}
        with at("RPG"):
            PlanRequest("a prompt", **asked)
        plan = Plan.from_dict(given["plan"]) if "plan" in given else None
        if asked.get("comments", PlanRequest.comments):
            _drop_comments(given)
            plan = plan and _without_comments(plan)
        shaping = {key: given[key] for part in _SHAPING for key in names_of(part) if key in given}
        compare = given.get("compare", cls.compare)
        with at("RPG"):
            check_choice(compare, "compare", tuple(BY_NAME["compare"].values().values()))
        repaint = read(Repaint, given["repaint"], "repaint") if "repaint" in given else None
        return cls(True, plan, shaping, asked, planner, given.get("prompt", ""), compare, repaint)

    @property
    def overrides(self) -> dict[str, Any]:
        """What is to be laid over a plan that is made of the prompt."""
        return {key: value for key, value in self.typed.items() if key in _LAID_OVER}

    def result(self) -> Plan | None:
        """The plan with everything that is typed, or None where one is yet to be made. Raises RpgError."""
        plan = self.plan
        if any(self.typed.get(key, "").strip() for key in ("regional_prompt", "split_ratio")):
            plan = self._from_text()
        elif plan is not None:
            plan = laid_over(plan, self.overrides)
            if "rows_first" in self.typed and plan.layout == "grid":
                plan = replace(plan, rows_first=self.typed["rows_first"])
        if plan is not None:
            check_masks(plan)
        return plan

    def _from_text(self) -> Plan:
        """The plan that the text fields describe. They win over ``plan``, which keeps what they do not say."""
        plan = self.plan
        texts = self._text_form()
        regional, ratio = texts["regional_prompt"], texts["split_ratio"]
        free = _has_free_boxes(plan) and not ratio.strip()
        boxes = len(plan.regions) if plan is not None and free else 0
        try:
            typed = plan_from_text(
                regional,
                # Free boxes have no ratio; their prompts are read as those of as many columns.
                ",".join(["1"] * boxes) if boxes else ratio,
                base_prompt=texts["base_prompt"],
                prompt=plan.prompt if plan else self.prompt,
                negative_prompt=texts["negative_prompt"],
                rows_first=texts["rows_first"] and not free,
                blank_regions=True,
            )
        except RpgError:
            parts = len(split_at_keywords(regional, (BREAK,))[0])
            if boxes and parts != boxes:
                raise RpgError(f"The regional prompt has {_sides(parts, boxes)}") from None
            raise
        if plan is not None:
            typed = _retyped(plan, typed, free)
        return laid_over(typed, {key: value for key, value in self.typed.items() if BY_NAME[key].sets in _SETTINGS})

    def _text_form(self) -> dict[str, Any]:
        """The parts of the text form: as typed, else as of the plan."""
        shown = {option.name: option.default for option in of_part(Part.TEXT_FORM)}
        if self.plan is not None:
            shown |= text_fields(self.plan)
        return {key: self.typed.get(key, shown[key]) for key in names_of(Part.TEXT_FORM)}


def parse_state(state: Any) -> Mapping[str, Any]:
    """The panel's document as a mapping: JSON text, a mapping, or nothing. Raises RpgError when it is neither."""
    if state is None or state == "":
        return {}
    if isinstance(state, Mapping):
        return state
    if not isinstance(state, str) or len(state) > MAX_STATE:
        raise RpgError(f"The RPG panel's state is not JSON text, or is too long: {_CURE}")
    try:
        parsed = json.loads(state)
    except (ValueError, RecursionError) as error:
        raise RpgError(f"The RPG panel's state is not JSON ({error}): {_CURE}") from None
    if not isinstance(parsed, dict):
        raise RpgError(f"The RPG panel's state must be a JSON object: {_CURE}")
    return parsed


def text_fields(plan: Plan) -> dict[str, Any]:
    """What the panel's fields show for a plan: its text form, the base prompt in a field of its own."""
    return {
        **{option.name: getattr(plan, option.name) for option in OPTIONS if option.is_shown_plan_field},
        **{option.name: _numbers_to_text(plan, option) for option in of_part(Part.REGIONS)},
        "regional_prompt": plan_to_text(replace(plan, base_prompt="")),
        "negative_prompt": negative_to_text(plan),
    }


def laid_over(plan: Plan, given: Mapping[str, Any]) -> Plan:
    """The plan with options set over it: its base and negative prompt, its settings, and its regions' settings."""
    changes = {key: given[key] for key in ("base_prompt", *names_of(Part.PLAN)) if key in given}
    regions = plan.regions
    notes: list[str] = []
    if "negative_prompt" in given:
        changes["negative_prompt"], own, notes = read_negative(given["negative_prompt"], len(regions))
        regions = _each_with(regions, "negative_prompt", own)
    for option in of_part(Part.REGIONS):
        if option.name in given:
            numbers, said = option.numbers_for(given[option.name], plan.regions)
            notes = [*notes, *said]
            regions = _each_with(regions, option.region_field, numbers)
    return replace(plan, **changes, regions=regions, source=_noted(plan.source, notes))


def _noted(source: Source, notes: Sequence[str]) -> Source:
    """The source with further notes, each once."""
    return replace(source, notes=tuple(dict.fromkeys((*source.notes, *notes)))[-MAX_NOTES:])


def _check_keys(values: Mapping[str, Any]) -> None:
    for key in values:
        if key not in KEYS:
            raise RpgError(f"RPG: unknown key {str(key)[:80]!r}, {did_you_mean(str(key), KEYS, 'it takes')}")


def _read_values(given: dict[str, Any], *kinds: Kind) -> None:
    """Read the values of these kinds in place, kind by kind."""
    for kind in kinds:
        for option in OPTIONS:
            if option.kind is kind and option.name in given:
                given[option.name] = option.read(given[option.name])


def _drop_comments(given: dict[str, Any]) -> None:
    """Take the comments out of the prompts that are typed, in place."""
    for key in ("prompt", *names_of(Part.TEXT_FORM)):
        if isinstance(given.get(key), str):
            given[key] = without_comments(given[key])


def _without_comments(plan: Plan) -> Plan:
    """The plan without the comments in its prompts; a region that has nothing else has no words."""
    regions = []
    for index, region in enumerate(plan.regions):
        with at(f"regions[{index}]", "."):
            prompt, negative = (without_comments(text).strip() for text in (region.prompt, region.negative_prompt))
            regions.append(replace(region, prompt=prompt, negative_prompt=negative))
    base, negative = without_comments(plan.base_prompt), without_comments(plan.negative_prompt)
    return replace(plan, base_prompt=base, negative_prompt=negative, regions=tuple(regions))


def _sides(parts: int, boxes: int) -> str:
    """What differs, and which way to make it equal."""
    plural = {number: f"{number} box" if number == 1 else f"{number} boxes" for number in (boxes, abs(parts - boxes))}
    part, box = quantity(abs(parts - boxes), "part"), plural[abs(parts - boxes)]
    advice = f"take {part} away, or add {box}" if parts > boxes else f"add {part}, or take {box} away"
    return f"{quantity(parts, 'part')} for {plural[boxes]}: {advice}"


def _has_free_boxes(plan: Plan | None) -> bool:
    return plan is not None and plan.layout == "boxes"


def _retyped(plan: Plan, typed: Plan, free: bool) -> Plan:
    """The typed plan with what its text does not say: the settings, and those of the regions where the boxes are equal.

    ``free``: the boxes of ``plan`` stay, whatever those of ``typed`` are.
    """
    typed = replace(typed, **{name: getattr(plan, name) for name in names_of(Part.PLAN)})
    if not free and [region.box for region in plan.regions] != [region.box for region in typed.regions]:
        return typed
    return replace(
        typed,
        regions=tuple(map(_retyped_region, plan.regions, typed.regions)),
        source=_noted(plan.source, typed.source.notes),
        layout=plan.layout if free else "grid",
        split_ratio="" if free else typed.split_ratio,
    )


def _retyped_region(old: Region, new: Region) -> Region:
    """A region with the words that were typed; its name and things are of its former words, but for boxes drawn."""
    kept = replace(old, negative_prompt=new.negative_prompt)
    is_same = new.prompt in (old.prompt, as_written(old.prompt))
    placed = tuple(entity for entity in old.entities if entity.box is not None)
    return kept if is_same else replace(kept, prompt=new.prompt, name="", entities=placed)


def _each_with(regions: Sequence[Region], name: str, values: Sequence[Any]) -> tuple[Region, ...]:
    made = []
    for index, (region, value) in enumerate(zip(regions, values, strict=True)):
        with at(f"regions[{index}]", "."):
            made.append(replace(region, **{name: value}))
    return tuple(made)


def _numbers_to_text(plan: Plan, option: Option) -> str:
    """A number for each region as text, the plan's own where a region has none; blank where no region has one."""
    default = option.region_default
    numbers = [getattr(region, option.region_field) for region in plan.regions]
    if all(number == default for number in numbers):
        return ""
    for_all = getattr(plan, option.region_field, default)
    shown = [for_all if number == default else number for number in numbers]
    return ", ".join("" if number is None else f"{number:g}" for number in shown)
