"""What one generation is asked to do: the API's dict, or the panel's checkbox and JSON document."""

from __future__ import annotations

import dataclasses
import difflib
import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lib_rpg import planner as planners
from lib_rpg.checks import at, check_finite, show
from lib_rpg.errors import RpgError
from lib_rpg.layout.mask import check_masks
from lib_rpg.plan import MAX_DOCUMENT, Plan, Region
from lib_rpg.plan_text import negative_to_text, plan_from_text, plan_to_text, split_negative
from lib_rpg.planner import PlanRequest
from lib_rpg.planner.offline.base_ratio import automatic_base_ratio

MakePlan = Callable[[PlanRequest, str], Plan]
"""Plans a request with the planner of that name."""

REQUEST_TEXTS = ("method", "examples", "language")
PLAN_FIELDS = ("base_ratio", "feather", "lora", "hires")
"""Fields of the plan itself that a request may set beside it, and that its texts do not tell."""
OVERRIDES = ("base_prompt", "base_ratios", "negative_prompt", *PLAN_FIELDS)
TEXTS = (
    "prompt",
    "planner",
    *REQUEST_TEXTS,
    "regional_prompt",
    "split_ratio",
    "base_prompt",
    "negative_prompt",
    "lora",
)
FLAGS = ("enabled", "recaption", "rows_first")
REQUEST_KEYS = (*REQUEST_TEXTS, "recaption")
KEYS = tuple(dict.fromkeys((*FLAGS, "plan", *TEXTS, *OVERRIDES)))
AUTOMATIC = "auto"
UNREAD = "unread"
"""The key of a document that stands for regions which could not be read, and says why."""

MAX_STATE = MAX_DOCUMENT + 1_000_000
"""Characters of the panel's document: a plan, and what is typed beside it."""


@dataclass(frozen=True)
class RunArgs:
    """A validated request for one generation.

    ``plan`` is the plan to draw, or None: then ``planner`` makes one of ``prompt``, or of each picture's own
    prompt where ``prompt`` is blank, asked for with the options ``asked`` of a `PlanRequest`, and ``overrides``
    replaces fields of what it made.
    """

    enabled: bool = False
    plan: Plan | None = None
    planner: str = "offline"
    prompt: str = ""
    asked: Mapping[str, Any] = field(default_factory=dict)
    overrides: Mapping[str, Any] = field(default_factory=dict)

    def request(self, prompt: str, width: int, height: int) -> PlanRequest:
        """What to ask a planner for a picture of that prompt and size in pixels. Raises RpgError if that is nothing."""
        text = self.prompt if self.prompt.strip() else prompt
        if not text.strip():
            raise RpgError("There is nothing to plan: type a prompt, or make a plan in the RPG panel")
        return PlanRequest(text, width=width, height=height, **self.asked)

    def with_picture(self, picture: bytes) -> RunArgs:
        """The same, with an image file's bytes to recaption from."""
        return dataclasses.replace(self, asked={**self.asked, "picture": picture})

    def plan_for(self, prompt: str, width: int, height: int, make_plan: MakePlan = planners.plan) -> Plan:
        """The plan for a picture of ``width`` × ``height`` pixels whose own prompt is ``prompt``.

        ``make_plan`` is asked where there is none yet. A plan without a base prompt takes the picture's prompt. Raises
        RpgError where nothing can be planned.
        """
        plan = self.plan
        if plan is None:
            plan = _overridden(make_plan(self.request(prompt, width, height), self.planner), self.overrides)
        return plan if plan.base_prompt.strip() else dataclasses.replace(plan, base_prompt=prompt)


@dataclass(frozen=True)
class Defaults:
    """What Settings say where a request does not: the planner, and options of a `PlanRequest`."""

    planner: str = "offline"
    asked: Mapping[str, Any] = field(default_factory=dict)


def read_args(values: tuple[Any, ...], defaults: Defaults = Defaults()) -> RunArgs:
    """Read a script's arguments.

    ``values`` is ``({…},)`` or ``({…}, anything)`` from the API, or ``(enabled, document)``, where the document is
    JSON text (the panel's) or a dict. Raises RpgError in one sentence for anything malformed, but never when the
    checkbox is off.
    """
    first = values[0] if values else False
    if isinstance(first, Mapping):
        return _from_document(first, defaults)
    if first is None or first is False:
        return RunArgs()
    if first is not True:
        raise RpgError(
            f"RPG: the first argument must be a dict or true/false, not {type(first).__name__}: "
            'send {"args": [{"enabled": true, "plan": {…}}]}'
        )
    if reason := unread_of(values):
        raise RpgError(f"{reason} (press Clear in the panel to begin anew)")
    return _from_document(read_document(values[1] if len(values) > 1 else None), defaults)


def read_document(document: Any) -> Mapping[str, Any]:
    """The panel's document as a mapping: JSON text, a mapping, or nothing. Raises RpgError when it is neither."""
    if document is None or document == "":
        return {}
    if isinstance(document, Mapping):
        return document
    if not isinstance(document, str) or len(document) > MAX_STATE:
        raise RpgError("The RPG panel's state is not a JSON document of a sane size: press Clear in the panel")
    try:
        parsed = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise RpgError(f"The RPG panel's state is not JSON ({error}): press Clear in the panel") from None
    if not isinstance(parsed, dict):
        raise RpgError("The RPG panel's state must be a JSON object: press Clear in the panel")
    return parsed


def unread_of(values: tuple[Any, ...]) -> str:
    """Why the regions of a pasted infotext could not be read; empty for any other arguments of a script."""
    if values and isinstance(values[0], Mapping):
        return ""
    try:
        reason = read_document(values[1] if len(values) > 1 else None).get(UNREAD)
    except RpgError:
        return ""
    return reason if isinstance(reason, str) else ""


def _from_document(document: Mapping[str, Any], defaults: Defaults) -> RunArgs:
    for key in document:
        if key not in KEYS:
            close = difflib.get_close_matches(str(key), KEYS, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"it takes {', '.join(KEYS)}"
            raise RpgError(f"RPG: unknown key {str(key)[:80]!r}, {hint}")
    given = {key: value for key, value in document.items() if value is not None}
    for key in FLAGS:
        if not isinstance(given.get(key, True), bool):
            raise RpgError(f"RPG: {key} must be true or false, not {json.dumps(given[key], default=str)[:80]}")
    if not given.get("enabled", True):
        return RunArgs()
    for key in TEXTS:
        if not isinstance(given.get(key, ""), str):
            raise RpgError(f"RPG: {key} must be a text, not {type(given[key]).__name__}")
    for key in ("base_ratio", "feather"):
        if key in given:
            given[key] = _number(given[key], key)
    if "base_ratios" in given:
        given["base_ratios"] = _read_ratios(given["base_ratios"])
    planner = given.get("planner") or defaults.planner
    if planner not in planners.PLANNERS:
        raise RpgError(f"RPG: there is no planner {planner[:80]!r}, take one of {', '.join(planners.PLANNERS)}")
    asked = {**defaults.asked, **{key: given[key] for key in REQUEST_TEXTS if given.get(key)}}
    if "recaption" in given:
        asked["recaption"] = given["recaption"]
    with at("RPG"):
        PlanRequest("a prompt", **asked)
    plan = Plan.from_dict(given["plan"]) if "plan" in given else None
    overrides = {key: given[key] for key in OVERRIDES if key in given}
    if any(given.get(key, "").strip() for key in ("regional_prompt", "split_ratio")):
        plan = _with_text(given, plan)
    elif plan is not None:
        plan = _overridden(plan, overrides)
        if "rows_first" in given and plan.layout == "grid":
            plan = dataclasses.replace(plan, rows_first=given["rows_first"])
    if plan is not None:
        check_masks(plan)
    return RunArgs(True, plan, planner, given.get("prompt", ""), asked, overrides)


def _with_text(given: Mapping[str, Any], plan: Plan | None) -> Plan:
    """The plan that the text fields tell. They win over ``plan``, which keeps what they do not say."""
    shown = {"regional_prompt": "", "split_ratio": ""} if plan is None else text_fields(plan)
    texts = ("regional_prompt", "split_ratio", "base_prompt", "negative_prompt", "rows_first")
    fields = {**shown, **{key: given[key] for key in texts if key in given}}
    base = fields.get("base_prompt", "").strip()
    regional = fields["regional_prompt"]
    if base and "ADDBASE" in regional.split():
        raise RpgError("The base prompt is given twice, in its own field and before ADDBASE: keep one of them")
    # Free boxes have no ratio; their prompts are read as those of as many columns.
    free = plan is not None and plan.layout == "boxes" and not fields["split_ratio"].strip()
    parts = len(re.findall(r"\bBREAK\b", regional)) + 1
    if plan is not None and free and parts != len(plan.regions):
        raise RpgError(f"The regional prompt has {parts} parts for {len(plan.regions)} boxes: make them equal")
    typed = plan_from_text(
        f"{base} ADDBASE {regional}" if base else regional,
        ",".join(["1"] * parts) if free else fields["split_ratio"],
        prompt=plan.prompt if plan else given.get("prompt", ""),
        negative_prompt=fields.get("negative_prompt", ""),
        rows_first=bool(fields.get("rows_first")) and not free,
    )
    kept = {key: value for key, value in given.items() if key in (*PLAN_FIELDS, "base_ratios")}
    if plan is None:
        return _overridden(typed, kept)
    typed = dataclasses.replace(typed, **{name: getattr(plan, name) for name in PLAN_FIELDS})
    if free or [region.box for region in plan.regions] == [region.box for region in typed.regions]:
        regions = tuple(map(_retyped, plan.regions, typed.regions))
        ratio = "" if free else typed.split_ratio
        typed = dataclasses.replace(
            typed, regions=regions, source=plan.source, layout=plan.layout if free else "grid", split_ratio=ratio
        )
    return _overridden(typed, kept)


def _retyped(old: Region, new: Region) -> Region:
    """A region with the words that were typed; its name and things are of its former words."""
    kept = dataclasses.replace(old, negative_prompt=new.negative_prompt)
    return kept if old.prompt == new.prompt else dataclasses.replace(kept, prompt=new.prompt, name="", entities=())


def _overridden(plan: Plan, given: Mapping[str, Any]) -> Plan:
    """The plan with what the request sets beside it."""
    changes = {key: given[key] for key in ("base_prompt", *PLAN_FIELDS) if key in given}
    if "negative_prompt" in given:
        changes["negative_prompt"], own = split_negative(given["negative_prompt"], len(plan.regions))
        changes["regions"] = tuple(
            dataclasses.replace(region, negative_prompt=text) for region, text in zip(plan.regions, own, strict=True)
        )
    asked = given.get("base_ratios")
    if asked is not None:
        ratios = asked
        if isinstance(asked, str):
            ratios = [automatic_base_ratio(plan.regions) if asked else None] * len(plan.regions)
        if len(ratios) != len(plan.regions):
            raise RpgError(
                f"RPG: base_ratios has {len(ratios)} numbers for {len(plan.regions)} regions: give one for each"
            )
        regions = changes.get("regions", plan.regions)
        changes["regions"] = tuple(
            dataclasses.replace(region, base_ratio=ratio) for region, ratio in zip(regions, ratios, strict=True)
        )
    return dataclasses.replace(plan, **changes)


def text_fields(plan: Plan) -> dict[str, Any]:
    """What the panel's fields show for a plan: its text form, the base prompt in a field of its own."""
    bare = dataclasses.replace(plan, base_prompt="")
    ratios = [plan.base_ratio if region.base_ratio is None else region.base_ratio for region in plan.regions]
    own = any(region.base_ratio is not None for region in plan.regions)
    return {
        "regional_prompt": plan_to_text(bare),
        "split_ratio": plan.split_ratio,
        "rows_first": plan.rows_first,
        "base_prompt": plan.base_prompt,
        "base_ratio": plan.base_ratio,
        "base_ratios": ", ".join(f"{ratio:g}" for ratio in ratios) if own else "",
        "feather": plan.feather,
        "lora": plan.lora,
        "hires": plan.hires,
        "negative_prompt": negative_to_text(plan),
    }


def _number(value: Any, key: str) -> float:
    with at("RPG"):
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise RpgError(f"{key} must be a number from 0 to 1, not {show(value)}")
        return check_finite(value, key)


def _read_ratios(value: Any) -> list[float] | str:
    """The regions' own base ratios: a list, a text of numbers with commas, "auto", or blank for one for all."""
    if isinstance(value, str):
        if value.strip().lower() in ("", AUTOMATIC):
            return value.strip().lower()
        value = value.split(",")
    try:
        ratios = [float(number) for number in value]
    except (TypeError, ValueError, OverflowError):
        ratios = [math.inf]
    if not all(map(math.isfinite, ratios)):
        raise RpgError(
            f"RPG: base_ratios must be 'auto' or one number for each region such as '0.2, 0.4', not {str(value)[:60]!r}"
        )
    return ratios
