"""RAG's parameters under their own names: as a JSON object such as one of its gallery, or as ``name=value`` text.

``SR_hw_split_ratio`` and ``SR_prompt`` are a grid and its regions, the lists ``HB_…`` the objects that are bound in it
(`lib_rpg.planner.llm.answers.forms.rag_lists`), ``HB_replace`` the number of bound steps, and ``SR_delta`` the regions'
share. What a plan does not hold is named in its notes.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from lib_rpg.checks import refuse, show
from lib_rpg.plan import Plan
from lib_rpg.planner.llm.answers.arithmetic import compute
from lib_rpg.planner.llm.answers.loose_json import LiteralError, read_literal
from lib_rpg.rag_names import ALL_STEPS, DELTA, LISTS, PROMPTS, RATIO, REPLACE, STEPS

NAMES = frozenset(name.lower() for name in (RATIO, PROMPTS, *LISTS.values()))
"""Any of them, in lower case, tells RAG's parameters from another answer."""
_OF_TAB = ("seed", "width", "height", "guidance_scale")
_PICTURES = ("Redux_list", "id_images_path", "id_weights")
_AROUND_REGIONS = {"prompt", "base_prompt", "negative_prompt", "base_ratio", *(name.lower() for name in LISTS.values())}
"""What a document holds besides its regions."""
_REPAINTING = "repainting_"
_MAX_ASSIGNED = 200  # an honest text has at most sixty, and each may be as long as the text
_IGNORED = ("idx",)
_KNOWN = ("prompt", RATIO, PROMPTS, *LISTS.values(), REPLACE, DELTA, ALL_STEPS, *_OF_TAB, *_PICTURES, *_IGNORED)
_ASSIGNED = re.compile(
    rf"(?<![\w.\"'\[])(?P<name>{'|'.join(_KNOWN)}|Repainting_\w{{1,40}})[ \t]*=(?!=)[ \t]*", re.IGNORECASE
)
_QUOTED = re.compile(
    r"\"\"\"(?P<long>.*?)\"\"\"|\"(?P<double>(?:\\.|[^\"\\])*)\"|'(?P<single>(?:\\.|[^'\\])*)'", re.DOTALL
)
_BRACKET = re.compile(r"\[[^\[\]]*\]")
_SCALAR = re.compile(r"[-+]?[0-9.][-+*/.0-9 \t]{0,99}(?=[,)\n#]|\Z)")
_VARIABLE = re.compile(r"[A-Za-z_][\w.]*(?:[\[(].*)?")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True)
class RagParameters:
    """What RAG's parameters say besides regions and objects; None for what they do not say.

    replace: bound steps of ``steps``. delta: the regions' share, 0…1. pictures: whether pictures stand for the objects'
    words. of_tab: those that are the tab's own fields, as text. repainting: the names of those of a later repainting.
    """

    replace: float | None = None
    steps: float = STEPS
    delta: float | None = None
    pictures: tuple[str, ...] = ()
    of_tab: tuple[str, ...] = ()
    repainting: tuple[str, ...] = ()

    @classmethod
    def of(cls, values: Mapping[str, object]) -> RagParameters:
        """From values under RAG's names, in any case. Raises RpgError for what is no number or not in its range."""
        own = {name.lower(): value for name, value in values.items()}
        steps = _number(own, ALL_STEPS)
        if steps is not None and steps < 1:
            refuse(ALL_STEPS, f"{steps:g} is less than 1", "give the number of steps")
        delta = _number(own, DELTA)
        if delta is not None and not 0 <= delta <= 1:
            refuse(DELTA, f"{delta:g} is not from 0 to 1", "give the regions' share")
        return cls(
            replace=_number(own, REPLACE),
            steps=STEPS if steps is None else steps,
            delta=delta,
            pictures=tuple(name for name in _PICTURES if own.get(name.lower())),
            of_tab=tuple(f"{name} {own[name]}" for name in _OF_TAB if compute(str(own.get(name, ""))) is not None),
            repainting=tuple(name for name in values if name.lower().startswith(_REPAINTING)),
        )

    def applied(self, plan: Plan, notes: list[str]) -> Plan:
        """The plan with what they say; what it cannot hold goes to the notes."""
        changes: dict[str, Any] = {} if self.delta is None else {"base_ratio": round(1 - self.delta, 6)}
        if self.replace is not None and any(entity.box for region in plan.regions for entity in region.entities):
            changes |= self._binding(notes)
        notes += self.notes()
        return dataclasses.replace(plan, **changes)

    def _binding(self, notes: list[str]) -> dict[str, Any]:
        count, steps = self.replace or 0.0, self.steps
        if count < 0:
            return {"binding": "off"}
        if count == 0:
            notes.append(f"{REPLACE}: 0 gives objects their own noise alone, so they are bound in one step, the least")
        if count > steps:
            notes.append(f"{REPLACE}: {count:g} is more than {steps:g} steps, so objects are bound in all of them")
        return {"binding": "auto", "bound_steps": round(min(count / steps, 1.0), 6)}

    def notes(self) -> list[str]:
        """What a plan does not hold, a sentence each."""
        made = []
        if self.of_tab:
            made.append(f"{', '.join(self.of_tab)}: left out, set them in the tab")
        if self.pictures:
            made.append(
                f"{', '.join(self.pictures)}: a plan holds no pictures of objects; load each in a ControlNet unit with "
                "IP-Adapter, and write the unit's number in its region's control"
            )
        if self.repainting:
            made.append(f"{', '.join(self.repainting)}: left out, repaint a region on the finished picture")
        return made


def is_of_rag(document: Mapping[str, Any]) -> bool:
    """Whether an object has RAG's names."""
    return not NAMES.isdisjoint(str(key).strip().lower() for key in document)


def split_parameters(document: Mapping[str, Any], notes: list[str]) -> tuple[dict[str, Any], RagParameters]:
    """A document with RAG's names as a model's answer, and the parameters. Raises RpgError."""
    own = {str(key).strip().lower(): value for key, value in document.items()}
    apart = {name.lower() for name in (REPLACE, DELTA, ALL_STEPS, *_OF_TAB, *_PICTURES, *_IGNORED)}
    named = {str(key).strip(): value for key, value in document.items()}
    parameters = RagParameters.of(named)
    rest = {k: v for k, v in own.items() if k not in apart and not k.startswith(_REPAINTING)}
    prompts, ratio = rest.pop(PROMPTS.lower(), None), rest.pop(RATIO.lower(), None)
    whole = rest.get("prompt")
    rest.setdefault("base_prompt", whole)
    if not prompts and not rest.keys() - _AROUND_REGIONS:
        if ratio:
            refuse(PROMPTS, "is missing", "write a prompt for each cell, with BREAK between them")
        if not whole:
            refuse("the answer", f"it has neither {PROMPTS} nor prompt", "write the picture's words")
        notes.append(f"{PROMPTS}: none was given, so the whole picture is one region")
        prompts, ratio = whole, "1"
    given = {"regional_prompt": prompts, "split_ratio": ratio}
    return {**rest, **{key: value for key, value in given.items() if value}}, parameters


def assigned(text: str) -> tuple[dict[str, Any], int]:
    """The values that ``name=value`` gives RAG's names in a text, and where the first is; the last value counts.

    The names of variables are no values: "SR_delta=SR_delta".
    """
    values: dict[str, Any] = {}
    first = len(text)
    for match in islice(_ASSIGNED.finditer(text), _MAX_ASSIGNED):
        if (value := _value_at(text, match.end())) is not None:
            values[match["name"]] = value
            first = min(first, match.start())
    return values, first


def _value_at(text: str, start: int) -> Any:
    """The list, text or number that begins there; None for a variable and for nothing."""
    if quoted := _QUOTED.match(text, start):
        return _ESCAPED.sub(_unescaped, next(part for part in quoted.groups() if part is not None))
    if text.startswith("[", start):
        try:
            literal = read_literal(text, start)
        except LiteralError:
            bracket = _BRACKET.match(text, start)
            return bracket[0] if bracket else None
        return literal.value
    if number := _SCALAR.match(text, start):
        return number[0].strip()
    end = text.find("\n", start)
    line = text[start : end if end >= 0 else len(text)].split("#", 1)[0].strip()
    word = re.split(r"[,)]\s*(?:$|[A-Za-z_]\w*\s*=)", line, maxsplit=1)[0].strip()
    return None if not word or _VARIABLE.fullmatch(word) else word


def _unescaped(match: re.Match[str]) -> str:
    return {"n": "\n", "t": "\t", "\n": ""}.get(match[1], match[1] if match[1] in "\"'\\" else match[0])


def _number(own: Mapping[str, object], name: str) -> float | None:
    """The number under RAG's name; None where there is none. Raises RpgError for anything else."""
    value = own.get(name.lower())
    if value is None or value == "":
        return None
    number = compute(value) if isinstance(value, str) else value
    if isinstance(number, bool) or not isinstance(number, int | float):
        refuse(name, f"{show(value)} is not a number", "give one such as 2 or 0.5")
    return float(number)
