"""What one generation is asked to do: the API's dict, or the panel's checkbox and JSON document."""

from __future__ import annotations

import dataclasses
import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lib_rpg import planner as planners
from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan, plan_from_text, plan_to_text

TEXTS = ("prompt", "planner", "regional_prompt", "split_ratio", "base_prompt", "negative_prompt")
OVERRIDES = ("base_prompt", "base_ratio", "negative_prompt")
KEYS = ("enabled", "plan", "base_ratio", *TEXTS)

MAX_DOCUMENT = 1_000_000  # characters; a plan's own bounds keep it far below


@dataclass(frozen=True)
class RunArgs:
    """A validated request for one generation.

    ``plan`` is the plan to draw, or None: then ``planner`` makes one of ``prompt``, or of each picture's own
    prompt where ``prompt`` is blank, and ``overrides`` replaces fields of what it made.
    """

    enabled: bool = False
    plan: Plan | None = None
    planner: str = "offline"
    prompt: str = ""
    overrides: Mapping[str, Any] = field(default_factory=dict)

    def plan_for(self, prompt: str, width: int, height: int) -> Plan:
        """The plan for a picture of ``width`` × ``height`` pixels whose own prompt is ``prompt``.

        A plan without a base prompt takes the picture's prompt. Raises RpgError where nothing can be planned.
        """
        plan = self.plan
        if plan is None:
            text = self.prompt if self.prompt.strip() else prompt
            if not text.strip():
                raise RpgError("There is nothing to plan: type a prompt, or make a plan in the RPG panel")
            request = planners.PlanRequest(text, width=width, height=height)
            plan = dataclasses.replace(planners.plan(request, planner=self.planner), **self.overrides)
        return plan if plan.base_prompt.strip() else dataclasses.replace(plan, base_prompt=prompt)


def read_args(values: tuple[Any, ...], default_planner: str = "offline") -> RunArgs:
    """Read a script's arguments.

    ``values`` is ``({…},)`` or ``({…}, anything)`` from the API, or ``(enabled, document)``, where the document is
    JSON text (the panel's) or a dict. Raises RpgError in one sentence for anything malformed, but never when the
    checkbox is off.
    """
    first = values[0] if values else False
    if isinstance(first, Mapping):
        return _from_document(first, default_planner)
    if first is None or first is False:
        return RunArgs()
    if first is not True:
        raise RpgError(
            f"RPG: the first argument must be a dict or true/false, not {type(first).__name__}: "
            'send {"args": [{"enabled": true, "plan": {…}}]}'
        )
    return _from_document(read_document(values[1] if len(values) > 1 else None), default_planner)


def read_document(document: Any) -> Mapping[str, Any]:
    """The panel's document as a mapping: JSON text, a mapping, or nothing. Raises RpgError when it is neither."""
    if document is None or document == "":
        return {}
    if isinstance(document, Mapping):
        return document
    if not isinstance(document, str) or len(document) > MAX_DOCUMENT:
        raise RpgError("The RPG panel's state is not a JSON document of a sane size: press Clear in the panel")
    try:
        parsed = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise RpgError(f"The RPG panel's state is not JSON ({error}): press Clear in the panel") from None
    if not isinstance(parsed, dict):
        raise RpgError("The RPG panel's state must be a JSON object: press Clear in the panel")
    return parsed


def _from_document(document: Mapping[str, Any], default_planner: str) -> RunArgs:
    for key in document:
        if key not in KEYS:
            close = difflib.get_close_matches(str(key), KEYS, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"it takes {', '.join(KEYS)}"
            raise RpgError(f"RPG: unknown key {str(key)[:80]!r}, {hint}")
    enabled = document.get("enabled", True)
    if not isinstance(enabled, bool):
        raise RpgError(f"RPG: enabled must be true or false, not {json.dumps(enabled, default=str)[:80]}")
    if not enabled:
        return RunArgs()
    given = {key: value for key, value in document.items() if value is not None}
    for key in TEXTS:
        if not isinstance(given.get(key, ""), str):
            raise RpgError(f"RPG: {key} must be a text, not {type(given[key]).__name__}")
    if "base_ratio" in given:
        given["base_ratio"] = _number(given["base_ratio"])
    planner = given.get("planner") or default_planner
    if planner not in planners.PLANNERS:
        raise RpgError(f"RPG: there is no planner {planner[:80]!r}, take one of {', '.join(planners.PLANNERS)}")
    plan = Plan.from_dict(given["plan"]) if "plan" in given else None
    overrides = {key: given[key] for key in OVERRIDES if key in given}
    if any(given.get(key, "").strip() for key in ("regional_prompt", "split_ratio")):
        plan = _with_text(given, plan)
    elif plan is not None:
        plan = dataclasses.replace(plan, **overrides)
    return RunArgs(True, plan, planner, given.get("prompt", ""), overrides)


def _with_text(given: Mapping[str, Any], plan: Plan | None) -> Plan:
    """The plan that the text fields tell. They win over ``plan``, which keeps what they do not say."""
    shown = {"regional_prompt": "", "split_ratio": ""} if plan is None else text_fields(plan)
    fields = {**shown, **{key: given[key] for key in ("regional_prompt", "split_ratio", *OVERRIDES) if key in given}}
    base = fields.get("base_prompt", "").strip()
    regional = fields["regional_prompt"]
    if base and "ADDBASE" in regional.split():
        raise RpgError("The base prompt is given twice, in its own field and before ADDBASE: keep one of them")
    options = {key: fields[key] for key in ("base_ratio", "negative_prompt") if key in fields}
    typed = plan_from_text(
        f"{base} ADDBASE {regional}" if base else regional,
        fields["split_ratio"],
        prompt=plan.prompt if plan else given.get("prompt", ""),
        **options,
    )
    if plan is None or [region.box for region in plan.regions] != [region.box for region in typed.regions]:
        return typed
    regions = tuple(
        old if old.prompt == new.prompt else dataclasses.replace(old, prompt=new.prompt, name="", entities=())
        for old, new in zip(plan.regions, typed.regions, strict=True)
    )
    return dataclasses.replace(typed, regions=regions, source=plan.source)


def text_fields(plan: Plan) -> dict[str, Any]:
    """What the panel's fields show for a plan: its text form, the base prompt in a field of its own."""
    bare = dataclasses.replace(plan, base_prompt="")
    return {
        "regional_prompt": plan_to_text(bare),
        "split_ratio": plan.split_ratio,
        "base_prompt": plan.base_prompt,
        "base_ratio": plan.base_ratio,
        "negative_prompt": plan.negative_prompt,
    }


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RpgError(f"RPG: base_ratio must be a number from 0 to 1, not {json.dumps(value, default=str)[:40]}")
    return float(value)
