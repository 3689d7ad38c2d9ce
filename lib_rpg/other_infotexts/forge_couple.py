"""Reads Forge Couple's infotexts (Haoming02/sd-forge-couple, versions 1 to 7)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from lib_rpg.checks import at, check_number, check_positive, quantity, read_json, refuse, show
from lib_rpg.keywords import NETWORK_TAG
from lib_rpg.other_infotexts.pasted import Pasted, has_hires_pass, is_on, number_of, paste, text_of
from lib_rpg.other_infotexts.places import Place, lay_out, on_canvas
from lib_rpg.plan import MAX_REGIONS, Plan

TOOL = "Forge Couple"
SWITCH = "forge_couple"
_SYNTAXES = {"{ }": re.compile(r"\{([^{}]*)\}"), "< >": re.compile(r"<([^<>]*)>")}
_NETWORKS = ("lora:", "lyco:", "hypernet:")
_JOINED = ("forge_couple_prepend_prompt", "forge_couple_append_prompt")
"""What version 3.2.1 alone has: words before and behind each line."""
_MAX_WEIGHT = 1e6


def read(params: Mapping[str, Any]) -> Pasted | None:
    """The regions of a picture that Forge Couple drew, or None. Raises RpgError, with its name.

    It blends the attention of its parts, each with its weight over the sum of all weights at the point.
    """
    if not is_on(params, SWITCH):
        return None
    with at(TOOL):
        return _read(params)


def _read(params: Mapping[str, Any]) -> Pasted:
    mode = text_of(params, "forge_couple_mode", "Basic")
    notes: list[str] = []
    lines = _lines(params, notes)
    if mode == "Basic":
        places = _tiles(params, lines)
    elif mode == "Advanced":
        places = _mapped(text_of(params, "forge_couple_mapping"), lines)
    elif mode == "Mask":
        advice = "draw them again, as masks of a plan"
        refuse("the mode 'Mask'", "its masks were drawn by hand and are not in the infotext", advice)
    else:
        refuse("forge_couple_mode", f"{show(mode)} is unknown", "give Basic or Advanced")
    notes += [f"{TOOL}'s parameter {name!r} is left out" for name in _JOINED if text_of(params, name)]
    layout = lay_out(places, TOOL, notes)
    first_only = is_on(params, "forge_couple_compatibility") and has_hires_pass(params)
    negative = text_of(params, "Negative prompt")
    return paste(TOOL, SWITCH, layout, notes, negative_prompt=negative, hires="first" if first_only else Plan.hires)


def _lines(params: Mapping[str, Any], notes: list[str]) -> list[str]:
    """The parts of the prompt, one for each tile or row of the mapping; they may be blank."""
    prompt = text_of(params, "Prompt")
    syntax = text_of(params, "forge_couple_common_parser")
    if syntax in _SYNTAXES:
        kept = text_of(params, "forge_couple_def_in_prompt", "True").lower() == "true"
        prompt = _with_common_prompts(prompt, _SYNTAXES[syntax], kept)
    separator = text_of(params, "forge_couple_separator").replace("\\n", "\n").replace("\\t", " ")
    lines = [line.strip() for line in prompt.split(separator if separator.strip() else "\n")]
    # Since version 3.2 there are common prompts, which the infotext shows, and a line without words is a tile.
    if syntax or any(text_of(params, name) for name in _JOINED):
        return lines
    filled = [line for line in lines if NETWORK_TAG.sub("", line).strip()]
    if filled != lines:
        notes.append(f"lines without words are left out, as in {TOOL} 1 and 2; 3.0 and 3.1 had a place for them")
    return filled


def _with_common_prompts(prompt: str, syntax: re.Pattern[str], kept: bool) -> str:
    """The prompt with common prompts put in: "{hat:red hat, bow}" where they are defined, "{hat}" where they are used.

    kept: whether a definition stands for its words as well.
    """
    common: dict[str, str] = {}

    def define(match: re.Match[str]) -> str:
        inside = match[1]
        # From the second character, since a key is not empty.
        colon = inside.find(":", 1)
        if colon < 0 or colon == len(inside) - 1 or inside.startswith(_NETWORKS):
            return match[0]
        key, words = inside[:colon].strip(), inside[colon + 1 :].strip()
        common[key] = words
        return words if kept else ""

    prompt = syntax.sub(define, prompt)
    return syntax.sub(lambda match: common.get(match[1].strip(), match[0]), prompt)


def _tiles(params: Mapping[str, Any], lines: list[str]) -> list[Place]:
    """Equal columns, or rows, for the lines but the one for the whole canvas."""
    background = text_of(params, "forge_couple_background", "None")
    if background not in ("None", "First Line", "Last Line"):
        refuse("forge_couple_background", f"{show(background)} is unknown", "give None, First Line or Last Line")
    count = len(lines) - (background != "None")
    if not 0 < count <= MAX_REGIONS:
        refuse("its prompt", f"it has lines for {count} tiles", f"write 1 to {MAX_REGIONS}")
    places = []
    if background != "None":
        whole = lines.pop(0 if background == "First Line" else -1)
        weight = number_of(text_of(params, "forge_couple_background_weight", "0.5"), "forge_couple_background_weight")
        weight = check_positive(max(0.1, weight), "forge_couple_background_weight", _MAX_WEIGHT)
        places = [_place(whole, 0, 1, 0, 1, weight)]
    columns = text_of(params, "forge_couple_direction", "Horizontal") != "Vertical"
    for index, line in enumerate(lines):
        start, end = Fraction(index, count), Fraction(index + 1, count)
        places.append(_place(line, start, end, 0, 1) if columns else _place(line, 0, 1, start, end))
    return places


def _mapped(mapping: str, lines: list[str]) -> list[Place]:
    """The places of the rows ``[x1, x2, y1, y2, weight]``.

    Until version 2 a row was ``["x1:x2", "y1:y2", "weight"]``; one with a blank beginning was skipped.
    """
    place = "forge_couple_mapping"
    rows = read_json(mapping, "mapping")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        refuse(place, f"{show(mapping)} is not a list of rows", "correct it in the infotext")
    numbers = [_numbers_of(row, f"{place}[{i}]") for i, row in enumerate(rows) if not _is_blank(row)]
    if len(numbers) != len(lines):
        sides = f"{quantity(len(numbers), 'row')} for {quantity(len(lines), 'line')} of the prompt"
        refuse(place, f"it has {sides}", "make them equal in the infotext")
    return [_place(line, *row) for line, row in zip(lines, numbers, strict=True)]


def _is_blank(row: list[Any]) -> bool:
    return len(row) == 3 and isinstance(row[0], str) and not row[0].strip()


def _numbers_of(row: list[Any], place: str) -> list[float]:
    if len(row) == 3 and all(isinstance(cell, str) for cell in row):
        row = [number_of(number, place) for cell in row for number in cell.split(":")]
    if len(row) != 5:
        refuse(place, f"it has {quantity(len(row), 'number')}", "give x1, x2, y1, y2 and the weight")
    shares = [check_number(number, place, 0.0, 1.0) for number in row[:4]]
    return [*shares, check_number(row[4], place, 0.0, _MAX_WEIGHT)]


def _place(
    words: str,
    left: float | Fraction,
    right: float | Fraction,
    top: float | Fraction,
    bottom: float | Fraction,
    weight: float = 1.0,
) -> Place:
    return Place(words, on_canvas(left), on_canvas(right), on_canvas(top), on_canvas(bottom), weight)
