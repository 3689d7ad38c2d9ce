"""Plans as text, to and from Regional Prompter's form: ``common ADDCOMM base ADDBASE r0 BREAK r1 …`` and a ratio."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lib_rpg.brackets import tag_notes, tags_of
from lib_rpg.checks import at, check_text, quantity, refuse, show
from lib_rpg.errors import RpgError
from lib_rpg.keywords import (
    ADDBASE,
    ADDCOL,
    ADDCOMM,
    ADDROW,
    BREAK,
    SEPARATORS,
    find_keyword,
    keyword_pattern,
    split_at_keywords,
)
from lib_rpg.layout.pasted_ratio import Ratio, lone_widths, ratios
from lib_rpg.layout.ratio import Grid, fitting_advice, parse_ratio
from lib_rpg.pasted_text import Reading, as_written, hint, readings, readings_of_negative, tidied, without_empty
from lib_rpg.plan import MAX_NOTES, MAX_PROMPT, MAX_REGIONS, Plan, Region, Source

_PLACE = "regional prompt"
_NEGATIVE = "negative prompt"
_ORDER = f"the order is common {ADDCOMM} base {ADDBASE} regions"
_BETWEEN_REGIONS = f" {BREAK} "
_REMOVE_IT = ", or remove a separator"
_LEAVE_IT = ", remove a separator, or leave it to the base prompt with a cell of its own in the ratio"


def plan_to_text(plan: Plan) -> str:
    """The regional prompt as text: ``base ADDBASE r0 BREAK r1 …``; without a base prompt no ADDBASE.

    A bracket that a part leaves open is closed, since it would go on behind the keyword; commas there are left out.
    """
    regions = _joined([region.prompt for region in plan.regions])
    base = as_written(plan.base_prompt)  # nothing is left of commas alone
    return f"{base} {ADDBASE} {regions}" if base else regions


def negative_to_text(plan: Plan) -> str:
    """The negative prompts as text: the plan's, and with ``ADDCOMM`` behind it the regions' where any has its own."""
    if not any(region.negative_prompt for region in plan.regions):
        return plan.negative_prompt
    regions = _joined([region.negative_prompt for region in plan.regions])
    return f"{as_written(plan.negative_prompt)} {ADDCOMM} {regions}".strip()


def _joined(parts: Sequence[str]) -> str:
    return _BETWEEN_REGIONS.join([*map(as_written, parts[:-1]), parts[-1]])


def in_lines(parts: Sequence[str]) -> str:
    """Parts as they were typed, with BREAK between them, a line for each."""
    # A comment goes to the end of its line: that of "a cat # tabby" would take the BREAK behind it.
    ended = [f"{part}\n" if "#" in part else f"{part} " for part in parts[:-1]]
    return f"{BREAK}\n".join([*ended, *parts[-1:]])


def plan_from_text(
    regional_prompt: str,
    split_ratio: str,
    *,
    base_prompt: str = "",
    base_ratio: float = Plan.base_ratio,
    negative_prompt: str = "",
    prompt: str = "",
    rows_first: bool = False,
    blank_regions: bool = False,
) -> Plan:
    """Read ``common ADDCOMM base ADDBASE r0 BREAK r1 …`` and a ratio to a grid plan.

    ``ADDCOMM`` and ``ADDBASE`` are optional; the common prompt is put before every region, with a comma.
    Between regions comes ``BREAK``, ``ADDCOL`` (next cell of the row) or ``ADDROW`` (next row); the latter two
    must agree with the ratio, which may be left out or be too short where they give the structure (see
    `ratio_for`). With ``rows_first`` the ratio is read column by column, and ADDROW and ADDCOL change places.
    ``base_prompt`` is that of a field of its own, for a text without ADDBASE. ``negative_prompt`` is as
    `read_negative` reads it. Both texts and the ratio are mended as `pasted_text` and `pasted_ratio` say, and the
    plan's notes say how. With ``blank_regions`` an empty part is a region without words where the ratio as it is
    written has a cell for each part: "a BREAK BREAK b" with "1,1,1". Raises RpgError as `Plan` does, and for any other
    empty prompt or a misplaced keyword.
    """
    text = check_text(regional_prompt, _PLACE, MAX_PROMPT * (MAX_REGIONS + 2), needed=True)
    check_text(split_ratio, "split_ratio", MAX_PROMPT)
    (common, base, prompts, _), split_ratio, notes = _fit(text, split_ratio, rows_first, blank_regions)
    if base and base_prompt.strip():
        refuse("base prompt", f"it is given twice, in its own field and before {ADDBASE}", "keep one of them")
    whole_negative, negatives, negative_notes = read_negative(negative_prompt, len(prompts))
    notes += negative_notes
    regions = []
    for index, (part, negative) in enumerate(zip(prompts, negatives, strict=True)):
        with at(f"regions[{index}]", "."):
            words = f"{common}, {part}" if common and part else part
            regions.append(Region(words, negative_prompt=negative))
    notes += [note for region in regions for note in tag_notes(region.prompt)]
    unused = [tag[0] for region in regions for tag in tags_of(region.negative_prompt)]
    notes += [f"{show(tag)} is left out of a region's negative prompt, where no tag acts" for tag in unused]
    return Plan(
        prompt=prompt,
        base_prompt=base or base_prompt,
        base_ratio=base_ratio,
        negative_prompt=whole_negative,
        split_ratio=split_ratio,
        regions=tuple(regions),
        rows_first=rows_first,
        source=Source(notes=tuple(dict.fromkeys(notes))[:MAX_NOTES]),
    )


class RegionalText(NamedTuple):
    """The parts of a regional prompt, and the keywords between those of the regions."""

    common: str
    base: str
    regions: list[str]
    separators: list[str]


class _Fitted(NamedTuple):
    """A regional prompt and a ratio that fit each other, and notes on how they were mended for that."""

    text: RegionalText
    split_ratio: str
    notes: list[str]


def _fit(text: str, split_ratio: str, rows_first: bool, blank_regions: bool) -> _Fitted:
    """The first reading of text and ratio that fit each other. Raises RpgError as the first one that does not."""
    refusal: RpgError | None = None
    cells = _cells(ratios(split_ratio)[0], rows_first)
    advice = hint(text, cells) if cells else ""
    for ratio, reading in _pairs(text, split_ratio, rows_first):
        try:
            fitted = _fitted(reading, ratio, rows_first, blank_regions)
        except RpgError as error:
            refusal = refusal or error
            continue
        if ratio.is_likely:
            return fitted
        if len(fitted.text.regions) > 1:
            advice = f"a decimal has a point, such as {show(ratio.text)}"
        break
    raise RpgError(f"{refusal}; {advice}" if advice else str(refusal))


def _pairs(text: str, split_ratio: str, rows_first: bool) -> Iterator[tuple[Ratio, Reading]]:
    for ratio in ratios(split_ratio):
        for reading in readings(text, _cells(ratio, rows_first)):
            yield ratio, reading


def _cells(ratio: Ratio, rows_first: bool) -> int | None:
    """The cells of a ratio, None where it cannot be read."""
    try:
        return len(parse_ratio(ratio.text, rows_first))
    except RpgError:
        return None


def _fitted(reading: Reading, ratio: Ratio, rows_first: bool, blank_regions: bool) -> _Fitted:
    """A reading with its parts and the ratio for them. Raises RpgError where they do not fit."""
    with at(_PLACE):
        tidy, notes = tidied(reading.text)
    if reading.without_empty:
        tidy, left_out = without_empty(tidy)
        notes += left_out
    _, base, prompts, separators = text = _parts_of(tidy, _PLACE)
    # What is left of a mended text has words; "a BREAK" for "1,1" as it stands leaves its second cell to the base.
    if not blank_regions or reading.without_empty or _cells(ratio, rows_first) != len(prompts):
        _check_words(prompts, _PLACE, f"write it{_LEAVE_IT if blank_regions else _REMOVE_IT}")
    split_ratio, filled = ratio_for(ratio.text, separators, rows_first)
    with at("split_ratio"):
        grid = parse_ratio(split_ratio, rows_first)
    if len(grid) != len(prompts):
        sides = f"{quantity(len(grid), 'cell')} for {quantity(len(prompts), 'prompt')}"
        advice = fitting_advice(split_ratio, len(prompts), "part", rows_first)
        if len(prompts) == len(grid) + 1 and not base and advice.startswith("take"):
            advice += f"; if the first part is for the whole picture, end it with {ADDBASE}"
        refuse("split_ratio", f"{show(split_ratio)} has {sides}", advice)
    _check_separators(separators, grid, rows_first)
    widths = lone_widths(split_ratio) if split_ratio == ratio.text else []
    return _Fitted(text, split_ratio, [*ratio.notes, *reading.notes, *notes, *filled, *widths])


def split_text(text: str, place: str) -> RegionalText:
    """The parts of a regional prompt.

    ``place`` names the text in an error. Raises RpgError for an empty part and for a misplaced keyword.
    """
    parts = _parts_of(text, place)
    _check_words(parts.regions, place, f"write it{_REMOVE_IT}")
    return parts


def _check_words(prompts: Sequence[str], place: str, advice: str) -> None:
    """Refuse (RpgError) an empty part."""
    for index, part in enumerate(prompts, 1):
        if not part:
            refuse(place, f"region {index} of {len(prompts)} is empty", advice)


def _parts_of(text: str, place: str) -> RegionalText:
    """As `split_text`, with its empty parts."""
    text = check_text(text, place, MAX_PROMPT * (MAX_REGIONS + 2), needed=True)
    with at(place):
        common, text = _split_off(text, ADDCOMM, "common prompt")
        base, text = _split_off(text, ADDBASE, "base prompt")
    if keyword := find_keyword(text, (ADDCOMM, ADDBASE)):
        refuse(place, f"{keyword} is misplaced", _ORDER)
    if keyword := find_keyword(common):
        refuse(place, f"{keyword} is before {ADDCOMM}", _ORDER)
    if keyword := find_keyword(base, (ADDROW, ADDCOL)):
        refuse(place, f"{keyword} is before {ADDBASE}", _ORDER)
    prompts, separators = split_at_keywords(text)
    return RegionalText(common, base, prompts, separators)


def _split_off(text: str, keyword: str, what: str) -> tuple[str, str]:
    """What is before the keyword, which cannot be empty, and what is behind it; without the keyword all is behind."""
    before, *behind = keyword_pattern(keyword).split(text, maxsplit=1)
    if not behind:
        return "", text
    if not before.strip():
        raise RpgError(f"the {what} before {keyword} is empty; write it, or remove {keyword}")
    return before.strip(), behind[-1]


def _check_separators(separators: Sequence[str], grid: Grid, rows_first: bool) -> None:
    """Refuse (RpgError) an ADDROW or ADDCOL that is not where the ratio has one."""
    rows = grid.row_of_cell()
    inner, outer = _inner_outer(rows_first)
    line = "column" if rows_first else "row"
    for index, separator in enumerate(separators):
        same_row = rows[index] == rows[index + 1]
        if separator == (outer if same_row else inner):
            where = f"in one {line} of the ratio" if same_row else f"in different {line}s of the ratio"
            problem = f"{separator} is between regions {index + 1} and {index + 2}, which are {where}"
            refuse(_PLACE, problem, f"change the ratio, or use {BREAK}")


def split_negative(text: str, regions: int) -> tuple[str, tuple[str, ...]]:
    """As `read_negative`, without its notes."""
    whole, own, _ = read_negative(text, regions)
    return whole, own


def read_negative(text: str, regions: int) -> tuple[str, tuple[str, ...], list[str]]:
    """Read a negative prompt: what is for the whole picture, each region's own, and notes on what was mended.

    ``common ADDCOMM n0 BREAK n1 …`` or ``n0 BREAK n1 …``, a part for every region, which may be empty; one part is
    for the whole picture. It is mended as `pasted_text` says. Raises RpgError where the parts are neither one nor as
    many as the regions.
    """
    text = check_text(text, _NEGATIVE, MAX_PROMPT * (MAX_REGIONS + 1))
    refusal: RpgError | None = None
    for reading in readings_of_negative(text, regions):
        try:
            return _negative_of(reading, regions)
        except RpgError as error:
            refusal = refusal or error
    advice = hint(text, regions)
    raise RpgError(f"{refusal}; {advice}" if advice else str(refusal))


def _negative_of(reading: Reading, regions: int) -> tuple[str, tuple[str, ...], list[str]]:
    with at(_NEGATIVE):
        text, notes = tidied(reading.text)
    if reading.without_empty:
        text, left_out = without_empty(text)
        notes += left_out
    notes = [*reading.notes, *notes]
    pieces, _ = split_at_keywords(text, (ADDCOMM,))
    if len(pieces) > 2 or find_keyword(text, (ADDBASE,)):
        refuse(_NEGATIVE, f"{ADDCOMM} or {ADDBASE} is misplaced", f"the order is common {ADDCOMM} regions")
    parts, _ = split_at_keywords(pieces[-1])
    if len(pieces) == 1 and len(parts) == 1:
        return text, ("",) * regions, notes
    if len(parts) != regions:
        sides = f"{quantity(len(parts), 'part')} for {quantity(regions, 'region')}"
        refuse(_NEGATIVE, f"it has {sides}", f"write one for each, or one for all without {BREAK}")
    return pieces[0] if len(pieces) == 2 else "", tuple(parts), notes


def negative_for_all(text: str) -> str:
    """The part of such a negative prompt that is for the whole picture, for any number of regions."""
    common = split_at_keywords(text, (ADDCOMM,))[0][0]
    return "" if find_keyword(common, SEPARATORS) else common


def ratio_for(split_ratio: str, separators: Sequence[str], rows_first: bool = False) -> tuple[str, tuple[str, ...]]:
    """The ratio for regions parted by these keywords, and notes on what was filled in.

    Where ``ADDROW`` and ``ADDCOL`` alone part the regions they give the structure, as in Regional Prompter, and the
    ratio its proportions: a blank one has equal cells, numbers without ``;`` go along the one direction there is, and
    a row or number that is missing is as the last one before it. Any other ratio stays as it is.
    """
    if not separators or BREAK in separators:
        return split_ratio, ()
    counts = _cells_by_line(separators, rows_first)
    given = _lines_of(split_ratio, counts)
    if len(given) > len(counts) or any(len(line) > n + 1 for line, n in zip(given, counts, strict=False)):
        return split_ratio, ()
    filled = [_filled(given[min(i, len(given) - 1)] if given else ["1"], count) for i, count in enumerate(counts)]
    made = ";".join(filled) if len(filled) > 1 else filled[0].partition(",")[2]
    if split_ratio.strip() and parse_ratio(split_ratio, rows_first) == parse_ratio(made, rows_first):
        return split_ratio, ()
    return made, (f"split ratio: {made!r}, to fit {' and '.join(sorted(set(separators)))}",)


def _cells_by_line(separators: Sequence[str], rows_first: bool) -> list[int]:
    """How many cells each line has by its keywords: [1, 2] for ``a ADDROW b ADDCOL c``."""
    _, outer = _inner_outer(rows_first)
    counts = [1]
    for separator in separators:
        if separator == outer:
            counts.append(1)
        else:
            counts[-1] += 1
    return counts


def _lines_of(split_ratio: str, counts: Sequence[int]) -> list[list[str]]:
    """The ratio's lines as they are written, each a height and its widths, read along the direction that there is."""
    if not split_ratio.strip():
        return []
    given = [[number.strip() for number in line.split(",")] for line in split_ratio.split(";")]
    if len(given) > 1:
        return given
    numbers = given[0]
    if set(counts) == {1} and len(numbers) <= len(counts):
        return [[number] for number in numbers]  # along the outer direction: "1,2" with one ADDROW is "1;2"
    return [["1", *numbers]] if len(counts) == 1 else given  # along the inner one: "1,2" with one ADDCOL


def _filled(line: Sequence[str], count: int) -> str:
    """A line of the ratio for that many cells: what is missing is as the last one before it, what is more is cut."""
    height, *widths = line
    if count == 1:
        return height
    widths = widths[:count]
    widths += [widths[-1] if widths else "1"] * (count - len(widths))
    return ",".join([height, *widths])


def _inner_outer(rows_first: bool) -> tuple[str, str]:
    """The keyword between the cells of one line, and the one between lines."""
    return (ADDROW, ADDCOL) if rows_first else (ADDCOL, ADDROW)
