"""Reads a file of presets: one or several of ours, Regional Prompter's list, or Forge Couple's mappings by name.

Regional Prompter's `regional_prompter_presets.json` is a list of settings, Forge Couple's `presets.json` has the rows
``[x1, x2, y1, y2, weight]`` under each name. Both hold no prompts: their presets are layouts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lib_rpg.checks import at, check_text, kind_of, read_json, refuse, show
from lib_rpg.errors import RpgError
from lib_rpg.keywords import ADDBASE, BREAK
from lib_rpg.layout.ratio import MAX_CHARACTERS
from lib_rpg.other_infotexts import plan_of
from lib_rpg.other_infotexts.pasted import number_of
from lib_rpg.other_infotexts.regional_prompter_cells import template
from lib_rpg.plan import MAX_REGIONS, Plan
from lib_rpg.presets.preset import Preset
from lib_rpg.presets.store import MAX_PRESETS

_RP, _FC = "Regional Prompter", "Forge Couple"
_RP_KEYS = (
    "name",
    "mode",
    "ratios",
    "baseratios",
    "usebase",
    "usecom",
    "usencom",
    "calcmode",
    "nchangeand",
    "lnter",
    "lnur",
    "threshold",
    "polymask",
)
"""Its settings, in the order in which they stand where a preset is a list."""
_BY_COLUMN = {"Columns": False, "Horizontal": False, "Rows": True, "Vertical": True}
_NO_CELLS = {
    "Mask": "its regions are a picture in Regional Prompter's folder regional_masks",
    "Prompt": "it finds its regions while it draws",
    "Random": "chance makes its regions",
}
_IN_WORDS = {"usecom": "common prompt", "usencom": "common negative prompt"}
_MAX_DEPTH = 2
"""How often a text of JSON may be a text of JSON again."""


@dataclass(frozen=True)
class Found:
    """The presets of a file, by name why others cannot be read, and notes on what was not carried over."""

    presets: tuple[Preset, ...]
    refused: Mapping[str, str]
    notes: tuple[str, ...]


def read_presets(text: str) -> Found:
    """Read a file of presets from its JSON text.

    Raises RpgError for what is no such file, has more than `MAX_PRESETS`, or where none of its presets can be read.
    """
    presets: list[Preset] = []
    refused: dict[str, str] = {}
    notes: list[str] = []
    for label, read in _readers(_document(text)):
        try:
            presets.append(read(notes))
        except RpgError as error:
            refused[label] = str(error)
    if not presets:
        more = len(refused) - 1
        behind = f" (and {more} more of its presets cannot be read)" if more else ""
        raise RpgError(f"{next(iter(refused.values()))}{behind}")
    return Found(tuple(presets), refused, tuple(dict.fromkeys(notes)))


_Read = Callable[[list[str]], Preset]
"""Makes a preset, and adds notes. Raises RpgError."""


def _document(text: str) -> Any:
    """The file's document, a list or an object that is not empty."""
    document: Any = text
    # Regional Prompter's first versions wrote the list as a text inside of the JSON.
    for _ in range(_MAX_DEPTH):
        document = read_json(document, "preset file")
        if not isinstance(document, str):
            break
    if not isinstance(document, list | Mapping):
        refuse("the preset file", f"it is {kind_of(document)}", "give a file of presets")
    if not document:
        refuse("the preset file", "it has no preset", "save one first")
    return document


def _readers(document: Any) -> Iterator[tuple[str, _Read]]:
    """Each preset's name for a message, and what reads it."""
    if isinstance(document, Mapping) and not all(isinstance(rows, list) for rows in document.values()):
        yield _label(document, 0), lambda _: Preset.from_dict(document)
        return
    if len(document) > MAX_PRESETS:
        refuse("the preset file", f"{len(document)} presets are too many", f"give at most {MAX_PRESETS}")
    if isinstance(document, Mapping):
        for name, rows in document.items():
            yield name, _reader_of_mapping(name, rows)
        return
    for number, item in enumerate(document):
        yield _label(item, number), _reader_of_item(item, number)


def _label(item: Any, number: int) -> str:
    name = item.get("name") if isinstance(item, Mapping) else item[0] if isinstance(item, list) and item else None
    return name if isinstance(name, str) and name.strip() else f"preset {number + 1}"


def _reader_of_mapping(name: str, rows: Any) -> _Read:
    def read(notes: list[str]) -> Preset:
        with at(f"{_FC}'s preset {show(name)}"):
            return _from_forge_couple(name, rows, notes)

    return read


def _reader_of_item(item: Any, number: int) -> _Read:
    def read(notes: list[str]) -> Preset:
        if isinstance(item, Mapping) and "plan" in item:
            with at(f"[{number}]"):
                return Preset.from_dict(item)
        with at(f"{_RP}'s preset {show(_label(item, number))}"):
            return _from_regional_prompter(item, notes)

    return read


def _from_regional_prompter(item: Any, notes: list[str]) -> Preset:
    """A preset of Regional Prompter: its settings as the infotext of a picture of as many parts as it has cells."""
    settings = dict(zip(_RP_KEYS, item, strict=False)) if isinstance(item, list) else item
    if not isinstance(settings, Mapping):
        refuse("preset", f"{show(item)} is not an object", "correct the file")
    name, mode = settings.get("name"), str(settings.get("mode"))
    for beginning, reason in _NO_CELLS.items():
        if mode.startswith(beginning):  # also "Prompt-Ex"
            refuse(f"the mode {show(mode)}", reason, "make its regions in the panel")
    if mode not in _BY_COLUMN:
        refuse("mode", f"{show(mode)} is unknown", f"give one of {', '.join(_BY_COLUMN)}")
    ratio = check_text(settings.get("ratios"), "ratios", MAX_CHARACTERS, needed=True)
    cells = len(template(ratio, _BY_COLUMN[mode])) + 1
    uses_base = str(settings.get("usebase")).lower() == "true"
    parts = f" {BREAK} ".join(f"region {number + 1}" for number in range(cells))
    plan = _plan_of(
        {
            "RP Active": "True",
            "RP Matrix submode": mode,
            "RP Ratios": ratio,
            "RP Base Ratios": settings.get("baseratios"),
            "RP Use Base": str(uses_base),
            "RP Calc Mode": settings.get("calcmode"),
            "RP LoRA Neg Te Ratios": settings.get("lnter"),
            "RP LoRA Neg U Ratios": settings.get("lnur"),
            "Prompt": f"base {ADDBASE} {parts}" if uses_base else parts,
        }
    )
    said = [
        f"its {what} is on, and a layout has no words" for key, what in _IN_WORDS.items() if settings.get(key) is True
    ]
    return _layout(name, plan, said, notes)


def _from_forge_couple(name: str, rows: list[Any], notes: list[str]) -> Preset:
    """A preset of Forge Couple: its mapping as the infotext of a picture with a line for each row."""
    used = [_numbers(row) if isinstance(row, list) else row for row in rows]
    used = [row for row in used if not _is_blank(row)]
    if not 0 < len(used) <= MAX_REGIONS:
        refuse("its mapping", f"it has {len(used)} rows", f"give 1 to {MAX_REGIONS}")
    plan = _plan_of(
        {
            "forge_couple": "True",
            "forge_couple_mode": "Advanced",
            "forge_couple_common_parser": "{ }",
            "forge_couple_mapping": json.dumps(used),
            "Prompt": "\n".join(f"row {number + 1}" for number in range(len(used))),
        }
    )
    said = ["its row for the whole canvas is the base prompt"] if plan.base_prompt else []
    return _layout(name, plan, said, notes)


def _plan_of(infotext: Mapping[str, Any]) -> Plan:
    """The plan of such a picture. Raises RpgError, also for a single cell, which Regional Prompter does not act on."""
    made = plan_of(infotext)
    if made is None:
        refuse("its ratios", "they have one cell, which parts nothing", "give two or more numbers")
    return made.plan


def _numbers(row: list[Any]) -> list[Any]:
    """A row whose numbers may be texts, such as "0.5"; an old one has a text "0:0.5" for each side."""
    if len(row) != 5:
        return row
    return [number_of(cell, "its mapping") if isinstance(cell, str) else cell for cell in row]


def _is_blank(row: Any) -> bool:
    """Whether it is an old row that Forge Couple skips, since its first side is blank."""
    return isinstance(row, list) and len(row) == 3 and isinstance(row[0], str) and not row[0].strip()


def _layout(name: Any, plan: Plan, said: list[str], notes: list[str]) -> Preset:
    """The layout as a preset; what was not carried over is noted under its name."""
    preset = Preset(name, plan, words=False)
    notes += [f"{preset.name}: {note}" for note in (*said, *plan.source.notes)]
    return preset
