"""Reads Regional Prompter's infotexts (hako-mikan/sd-webui-regional-prompter, March 2023 to 2025)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lib_rpg.checks import at, quantity, refuse, show
from lib_rpg.errors import RpgError
from lib_rpg.keywords import AND, find_keyword, split_at_keywords, without_comments
from lib_rpg.layout.ratio import MAX_CHARACTERS, parse_ratio
from lib_rpg.other_infotexts.pasted import Layout, Pasted, is_on, paste, plain, region_words, text_of
from lib_rpg.other_infotexts.regional_prompter_cells import Cells, base_ratios, cells, flipped, template
from lib_rpg.other_infotexts.regional_prompter_parts import KEEPS_AND, Marks, Parts, parted
from lib_rpg.plan import Plan, Region

TOOL = "Regional Prompter"
SWITCH = "RP Active"
_OLD_KEY = "Regional Prompter"
_OLD_VALUE = re.compile(
    "mode:([^:]*),divide ratio : ([^:]*), Use base : ([^:]*), Base ratio : ([^:]*), Use common : ([^:]*), "
    "Use N-common : ([^:]*)"
)
_OLD_NAMES = ("Divide mode", "Ratios", "Use Base", "Base Ratios", "Use Common", "Use Ncommon")
_BY_COLUMN = {"Columns": False, "Horizontal": False, "Rows": True, "Vertical": True}
_UNTOLD = {
    "Random": "chance chose its regions, which are not in the infotext",
    "Mask": "its regions were drawn by hand and are not in the infotext",
    "Prompt": "it found its regions while it drew, and they are not in the infotext",
}
_ADDP = "ADDP"
"""Turns on the mode 'Prompt'."""
_LORA_OPTIONS = {
    "RP LoRA Neg Te Ratios": "LoRA in negative textencoder",
    "RP LoRA Neg U Ratios": "LoRA in negative U-net",
    "RP LoRA Stop Step": "LoRA stop step",
    "RP LoRA Hires Stop Step": "LoRA Hires stop step",
}
_MAX_PARTS = 1000


@dataclass(frozen=True)
class _Grid:
    """What the infotext says of the cells. by_column: whether the mode is Rows, whose cells are in columns."""

    by_column: bool
    ratio: str
    base_ratios: str


def read(params: Mapping[str, Any]) -> Pasted | None:
    """The regions of a picture that Regional Prompter drew, or None. Raises RpgError, with its name.

    In a region, the base prompt's attention has the share of the base ratio. Where versions differ, the newest counts;
    but what made it fail is read as in those that it did not.
    """
    with at(TOOL):
        if match := _OLD_VALUE.fullmatch(text_of(params, _OLD_KEY)):
            old = {f"RP {name}": value for name, value in zip(_OLD_NAMES, match.groups(), strict=True)}
            return _read({**params, **old}, "")
        return _read(params, SWITCH) if is_on(params, SWITCH) else None


def _read(params: Mapping[str, Any], switch: str) -> Pasted | None:
    named = _named(params)
    prompt, negative = text_of(params, "Prompt"), text_of(params, "Negative prompt")
    if "Comment Out `#`" in named:
        prompt, negative = without_comments(prompt), without_comments(negative)
    marks = Marks(named, is_on(params, "RP Use Common"), is_on(params, "RP Use Base"))
    hires = _passes(named)
    if not hires or not find_keyword(prompt, (*marks.separators, _ADDP)):
        return None
    grid = _grid(params)
    notes: list[str] = []
    _check_prompt(prompt, marks, notes)
    parts = parted(prompt, marks, template(grid.ratio, grid.by_column))
    made = cells(parts.separators, grid.ratio, grid.by_column)
    layout = _layout(parts, made, grid, notes)
    marks = Marks(named, is_on(params, "RP Use Ncommon"))
    negative, negatives = _negatives(negative, marks, parts.has_base, made, notes)
    regions = [replace(r, negative_prompt=n) for r, n in zip(layout.regions, negatives, strict=True)]
    latent = text_of(params, "RP Calc Mode") == "Latent"
    if latent:
        notes.append(f"{TOOL}'s mode 'Latent' blended whole predictions; here regions blend in the attention layers")
        notes += _lora_notes(params)
    return paste(
        TOOL,
        switch,
        replace(layout, regions=regions),
        notes,
        negative_prompt=negative,
        lora="unet" if latent else "shared",
        hires=hires,
    )


def _named(params: Mapping[str, Any]) -> frozenset[str]:
    """The options that are on, by their names."""
    named = {name.strip() for name in text_of(params, "RP Options").split(",")}
    if is_on(params, "RP Change AND"):  # until November 2023; it says that AND is not changed
        named.add(KEEPS_AND)
    return frozenset(named)


def _passes(named: frozenset[str]) -> str:
    """The passes in which regions act, as `Plan.hires`; blank for none."""
    only_hires, no_hires = "Enabled only in Hires Fix" in named, "Disabled in Hires Fix" in named
    if only_hires and no_hires:
        return ""
    return "second" if only_hires else "first" if no_hires else Plan.hires


def _grid(params: Mapping[str, Any]) -> _Grid:
    mode = text_of(params, "RP Divide mode", "Matrix")
    if mode in ("Matrix", "Nope", ""):
        mode = text_of(params, "RP Matrix submode", "Columns")
    for name, reason in _UNTOLD.items():
        if mode.startswith(name):  # also "Prompt-Ex"
            refuse(f"the mode {mode[:20]!r}", reason, "make regions in the panel")
    if mode not in _BY_COLUMN:
        refuse("RP Divide mode", f"{show(mode)} is unknown", "give Columns or Rows in the infotext")
    ratio, base = (text_of(params, key) for key in ("RP Ratios", "RP Base Ratios"))
    for text in (ratio, base):
        if len(text) > MAX_CHARACTERS:
            refuse("a ratio", f"{len(text)} characters are too many", f"give at most {MAX_CHARACTERS}")
    return _Grid(_BY_COLUMN[mode], flipped(ratio) if is_on(params, "RP Flip") else ratio, base)


def _check_prompt(prompt: str, marks: Marks, notes: list[str]) -> None:
    """Refuse (RpgError) a prompt whose regions cannot be told; note where keywords are parts of words."""
    if find_keyword(prompt, (_ADDP,)):
        refuse(f"{_ADDP} in the prompt", f"by it {TOOL} {_UNTOLD['Prompt']}", "make regions in the panel")
    if AND not in marks.separators and find_keyword(prompt, (AND,)):
        problem = f"by the option {KEEPS_AND!r} it composes prompts over the whole picture, and regions cannot"
        refuse(f"{AND} in the prompt", problem, f"remove {AND} from the infotext")
    count = len(split_at_keywords(prompt, marks.separators)[1])
    if count >= _MAX_PARTS:
        refuse("its prompt", f"{count + 1} parts are too many", f"give at most {_MAX_PARTS}")
    if sum(map(prompt.count, marks.separators)) > count:
        notes.append(f"{TOOL} splits prompts also inside of words such as BREAKFAST or BRAND; here they stay words")


def _layout(parts: Parts, made: Cells, grid: _Grid, notes: list[str]) -> Layout:
    rest = parts.rest[parts.has_base :]
    if not rest:
        refuse("its prompt", "no part of it is left for a region", "write one, or switch its base or common prompt off")
    own, unused = _of_cells(rest, made, spare=rest[-1])
    if left_out := [show(part) for part in unused if part]:
        notes.append(f"{TOOL} drew nothing of {', '.join(left_out[:10])}, for want of a cell: left out")
    if len(own) + len(unused) > len(rest):
        notes.append(f"the ratio has {quantity(len(own), 'cell')}, so the last part of {TOOL}'s prompt is repeated")
    ratio = made.to_ratio()
    if not _is_as_written(grid, ratio):
        notes.append(f"{TOOL} fits its ratio {show(grid.ratio)} to the parts of the prompt: {show(ratio)}")
    base = plain(parts.full(parts.rest[0]), TOOL, notes) if parts.has_base else ""
    if parts.has_base and not base:
        notes.append(f"the base part of {TOOL}'s prompt has no words and is left out")
    shares = base_ratios(grid.base_ratios, made.counts, grid.by_column) if base else [0.0] * len(own)
    inside = [min(max(share, 0.0), 1.0) for share in shares]
    if inside != shares:
        notes.append(f"{TOOL}'s base ratios {show(grid.base_ratios)} are cut off at 0 and 1")
    regions = [
        Region(region_words(parts.full(part), TOOL, notes), base_ratio=share)
        for part, share in zip(own, inside, strict=True)
    ]
    words = own if base else [parts.common, *own]
    return Layout(regions, base, words, ratio, grid.by_column)


def _of_cells(parts: Sequence[str], made: Cells, spare: str) -> tuple[list[str], list[str]]:
    """The part of every cell, ``spare`` where there are too few, and the parts that no cell has."""
    index = 0
    picked = []
    for breaks in (breaks for line in made.breaks for breaks in line):
        picked.append(index)
        index += 1 + breaks
    unused = [parts[i] for i in sorted(set(range(len(parts))) - set(picked))]
    return [parts[i] if i < len(parts) else spare for i in picked], unused


def _is_as_written(grid: _Grid, ratio: str) -> bool:
    """Whether the ratio says the same by itself, without the prompt's keywords."""
    written = flipped(grid.ratio) if grid.by_column and ";" in grid.ratio else grid.ratio
    try:
        return parse_ratio(written, grid.by_column) == parse_ratio(ratio, grid.by_column)
    except RpgError:
        return False


def _negatives(text: str, marks: Marks, has_base: bool, made: Cells, notes: list[str]) -> tuple[str, list[str]]:
    """The negative prompt of the whole picture, and of each region what comes behind it."""
    parts = parted(text, marks)
    none = [""] * sum(made.counts)
    if not parts.rest:
        notes.append(f"{TOOL} had no negative prompt, since all of it is the common part; here it is kept")
        return plain(parts.common, TOOL, notes), none
    if len(parts.rest) == 1:
        return plain(parts.full(parts.rest[0]), TOOL, notes), none
    rest = parts.rest[has_base:]
    base = parts.rest[0] if has_base else ""
    if base:
        notes.append(f"the base part of {TOOL}'s negative prompt is the tab's, which counts in all regions")
    own, unused = _of_cells(rest, made, spare=parts.rest[0])
    if len(own) + len(unused) > len(rest):
        notes.append(f"{TOOL}'s negative prompt has too few parts, so the first is repeated")
    if any(unused):
        notes.append(f"parts of {TOOL}'s negative prompt are without a cell and left out")
    return plain(parts.full(base), TOOL, notes), [plain(part, TOOL, notes) for part in own]


def _lora_notes(params: Mapping[str, Any]) -> list[str]:
    """What is left out of the options for LoRAs, which only the mode Latent reads."""
    return [
        f"{TOOL}'s option {label!r} ({show(text_of(params, key))}) is left out"
        for key, label in _LORA_OPTIONS.items()
        if text_of(params, key) not in ("", "0", "False")
    ]
