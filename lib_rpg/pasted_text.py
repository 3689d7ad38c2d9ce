"""Mends regional prompts as people paste them; what cannot be mended is left for `lib_rpg.plan_text` to refuse.

Emphasis that goes across a keyword is given to the parts on both sides, commas round a keyword are left out, and what
is nearly a keyword (`lib_rpg.nearly_keywords`) is read as one where that is sure, or where the parts are then as many
as they should be. Each change has a note.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lib_rpg.brackets import Bracket, brackets_of, closed, closed_by, is_schedule, tags_of
from lib_rpg.checks import show
from lib_rpg.errors import RpgError
from lib_rpg.keywords import (
    ADDBASE,
    ADDCOMM,
    BREAK,
    KEYWORDS,
    SEPARATORS,
    find_keyword,
    keyword_pattern,
    split_at_keywords,
)
from lib_rpg.nearly_keywords import COMMAS, alike, guessed, sure, with_keywords
from lib_rpg.plan import GUESS, MAX_REGIONS

MAX_OPEN = 20
"""Brackets that may be open at one keyword."""
_MAX_KEYWORDS = 3 * MAX_REGIONS
"""A text with more keywords has too many regions and is left as it is."""
_BLANK = string.whitespace + "\u3000\xa0"
EDGE = _BLANK + COMMAS
"""What a part has not at its ends: white space and commas."""


class Reading(NamedTuple):
    """A text with its keywords written as such, and notes on what was read so and what was not."""

    text: str
    notes: tuple[str, ...] = ()
    without_empty: bool = False
    """Whether its empty parts are to be left out."""


def readings(text: str, cells: int | None) -> Iterator[Reading]:
    """The ways to read a regional prompt for so many cells, the first that fits is meant; None for an unknown number.

    Words that are surely keywords are read so before they are left as words. Guesses come last.
    """
    surely = sure(text)
    plain = with_keywords(text, surely)
    maybe = guessed(plain)
    read, left = [near.as_read for near in surely], [near.as_left for near in maybe]
    made = [Reading(plain, (*read, *left))]
    if surely:
        made.append(Reading(text, tuple(near.as_left for near in (*surely, *guessed(text)))))
    if maybe:
        guesses = (f"{GUESS}{near.as_read}, as the regions then fit" for near in maybe)
        made.append(Reading(with_keywords(plain, maybe), (*read, *guesses)))
    for reading in [*made, *_by_lines(plain, cells, read)]:
        yield reading._replace(notes=tuple(dict.fromkeys(reading.notes)))
    for reading in made:
        yield reading._replace(notes=tuple(dict.fromkeys(reading.notes)), without_empty=True)


def readings_of_negative(text: str, regions: int) -> list[Reading]:
    """The ways to read a negative prompt for so many regions, the first that fits is meant.

    One part is for all regions, so that what is alone between commas is read as a keyword only where each region then
    has a part.
    """
    first, *others = readings(text, None)
    if regions == 1 or find_keyword(first.text):
        return [first, *others]
    guesses = [reading for reading in others if len(split_at_keywords(reading.text)[0]) == regions]
    return [*guesses, first, *others]


def hint(text: str, parts: int) -> str:
    """What may be wrong with a text that has not so many parts as it should; empty where nothing is seen."""
    plain = with_keywords(text, sure(text))
    if near := alike(plain, parts):
        return f"{show(near[0].written)} is no keyword: a keyword is written {near[0].keyword}"
    lines = len(_lines(_split_at_head(plain)[1]))
    if parts > 1 and lines > 1 and not find_keyword(plain, SEPARATORS):
        return f"put {BREAK} between its {lines} lines if each is a region"
    return ""


def as_written(part: str) -> str:
    """A part as the text form has it between keywords: without commas at its ends, and with its brackets closed."""
    return closed(part.strip(EDGE))


def tidied(text: str) -> tuple[str, list[str]]:
    """A text whose parts are free of commas at their ends and of brackets that go on in another part, and notes.

    Raises RpgError for a schedule, an alternation or a tag that has a keyword inside.
    """
    keywords = _parting(text)
    if not 0 < len(keywords) <= _MAX_KEYWORDS:
        return text, []
    across = _across(text, keywords)
    starts = [0, *(keyword.end() for keyword in keywords)]
    stops = [*(keyword.start() for keyword in keywords), len(text)]
    kept: set[Bracket] = set()
    pieces: list[str] = []
    commas = False
    for number, (start, stop) in enumerate(zip(starts, stops, strict=True)):
        before = across[number - 1] if number else []
        behind = across[number] if number < len(keywords) else []
        part, begun, ended = _core(text, start, stop, before, behind)
        kept.update(begun, ended)
        commas = commas or _has_commas(text[start:stop], number < len(keywords) and keywords[number][1] == ADDCOMM)
        piece = closed_by("".join(bracket.opening for bracket in begun) + part, ended)
        _check_open(text, piece, ended)
        pieces += [piece, *(keyword[1] for keyword in keywords[number : number + 1])]
    notes = [_note(text, bracket, bracket in kept) for bracket in _outermost(across)]
    if commas:
        notes.append("commas beside the keywords are left out")
    return " ".join(pieces).strip(), notes


def without_empty(text: str) -> tuple[str, list[str]]:
    """A text without the empty parts among its regions, and notes; those between unlike keywords stay."""
    head, behind = _split_at_head(text)
    parts, words = split_at_keywords(behind)
    notes = []
    for index in reversed(range(len(parts))):
        if parts[index] or not words:
            continue
        if index == len(parts) - 1:
            where, unneeded = f"behind the last {words[-1]}", index - 1
        elif index == 0:
            where, unneeded = f"in front of the first {words[0]}", 0
        elif words[index - 1] == words[index] or BREAK in words[index - 1 : index + 1]:
            where = f"between {words[index - 1]} and {words[index]}"
            unneeded = index if words[index] == BREAK else index - 1
        else:
            continue
        del parts[index], words[unneeded]
        notes.append(f"the empty part {where} is left out")
    joined = " ".join(piece for pair in zip(parts, [*words, ""], strict=True) for piece in pair)
    return f"{head}{joined}".strip(), notes[::-1]


def _by_lines(text: str, cells: int | None, notes: Sequence[str]) -> Iterator[Reading]:
    """The text with BREAK between its lines, where it has no separator and a line for each cell."""
    head, behind = _split_at_head(text)
    lines = _lines(behind)
    if cells is not None and len(lines) == cells > 1 and not find_keyword(text, SEPARATORS):
        guess = f"{GUESS}each line is read as a region, as no {BREAK} separates them"
        yield Reading(head + f" {BREAK} ".join(lines), (*notes, guess))


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip(EDGE)]


def _split_at_head(text: str) -> tuple[str, str]:
    """What is before the regions, with its keyword, and the regions."""
    end = max((head.end() for head in keyword_pattern(ADDCOMM, ADDBASE).finditer(text)), default=0)
    return f"{text[:end]} " if end else "", text[end:]


def _parting(text: str) -> list[re.Match[str]]:
    """The keywords that part a text: all but BREAK in a base prompt, where it is the WebUI's own chunk break."""
    found = list(keyword_pattern(*KEYWORDS).finditer(text))
    base = max((number for number, keyword in enumerate(found) if keyword[1] == ADDBASE), default=0)
    return [keyword for number, keyword in enumerate(found) if number >= base or keyword[1] != BREAK]


def _across(text: str, keywords: Sequence[re.Match[str]]) -> list[list[Bracket]]:
    """For each keyword the brackets that are open there, the outermost first. Raises RpgError, see `tidied`."""
    for tag in tags_of(text):
        if inside := find_keyword(tag[0]):
            raise RpgError(f"the tag {show(tag[0])} has {inside} inside; rename its file, or close the tag before it")
    brackets = brackets_of(text)
    open_now: list[Bracket] = []
    across: list[list[Bracket]] = []
    checked: set[Bracket] = set()
    number = 0
    for keyword in keywords:
        first = number
        while number < len(brackets) and brackets[number].start < keyword.start():
            number += 1
        open_now = [bracket for bracket in (*open_now, *brackets[first:number]) if bracket.end >= keyword.end()]
        if len(open_now) > MAX_OPEN:
            raise RpgError(f"{len(open_now)} brackets are open at {keyword[1]}; close them before it")
        for bracket in open_now:
            if bracket not in checked and is_schedule(text, bracket, brackets):
                whole = show(text[bracket.start : bracket.stop])
                raise RpgError(f"the schedule {whole} goes across {keyword[1]}; write one in each of the parts")
        checked.update(open_now)
        across.append(open_now)
    return across


def _core(
    text: str, start: int, stop: int, before: Sequence[Bracket], behind: Sequence[Bracket]
) -> tuple[str, list[Bracket], list[Bracket]]:
    """A part without commas and empty brackets at its ends, and the brackets to open before it and to close behind it.

    ``before`` and ``behind`` are those that are open at the keywords on its sides.
    """
    opened, closing = {b.start: b for b in behind}, {b.end: b for b in before if b.is_closed}
    begun, ended = list(before), list(behind)
    while True:
        start += len(text[start:stop]) - len(text[start:stop].lstrip(EDGE))
        stop -= len(text[start:stop]) - len(text[start:stop].rstrip(EDGE))
        if start in closing and closing[start] in begun and start < stop:
            begun.remove(closing[start])
            start = closing[start].stop
        elif start < stop and (first := opened.get(stop - 1)) in ended:
            ended.remove(first)
            stop -= 1
        elif start < stop:
            return text[start:stop], begun, ended
        else:
            return "", [], []


def _has_commas(part: str, is_common: bool) -> bool:
    """Whether a part loses commas; those behind the common prompt are put there again."""
    bare = part.strip(_BLANK)
    return bare[:1] in tuple(COMMAS) or (bare[-1:] in tuple(COMMAS) and not is_common)


def _check_open(text: str, piece: str, ended: Sequence[Bracket]) -> None:
    """Raise RpgError where an open bracket would make an alternation of a part, as it is closed behind that."""
    brackets = brackets_of(piece)
    behind = len(piece) - sum(len(bracket.closing) for bracket in ended)
    if any(bracket.end >= behind and is_schedule(piece, bracket, brackets) for bracket in brackets):
        whole = next(text[bracket.start :] for bracket in ended if bracket.opening == "[")
        raise RpgError(f"{show(whole)} has no ']'; close it, or write \\[ if it is a word")


def _outermost(across: Sequence[Sequence[Bracket]]) -> list[Bracket]:
    """Each of the brackets that is not inside of another one."""
    found: list[Bracket] = []
    for bracket in sorted({bracket for some in across for bracket in some}):
        if not found or bracket.stop > found[-1].stop:
            found.append(bracket)
    return found


def _note(text: str, bracket: Bracket, is_kept: bool) -> str:
    whole = show(text[bracket.start : bracket.stop])
    if not is_kept:
        return f"the brackets of {whole} are left out"
    if bracket.is_closed:
        return f"the emphasis of {whole} is given to each of its parts"
    return f"{whole} is not closed, so that it acts on all parts behind it; as a word it is written \\{bracket.opening}"
