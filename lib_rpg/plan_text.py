"""The plan's text form, and Regional Prompter's: ``common ADDCOMM base ADDBASE r0 BREAK r1 …`` and a ratio."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lib_rpg.checks import at, check_text, refuse, show
from lib_rpg.keywords import KEYWORDS
from lib_rpg.layout.ratio import parse_ratio
from lib_rpg.plan import MAX_PROMPT, MAX_REGIONS, Plan, Region, Source

_KEYWORD = re.compile(rf"\b({'|'.join(KEYWORDS)})\b")
_SEPARATOR = re.compile(r"\b(BREAK|ADDROW|ADDCOL)\b")
_ORDER = "the order is common ADDCOMM base ADDBASE regions"


def plan_to_text(plan: Plan) -> str:
    """The regional prompt as text: ``base ADDBASE r0 BREAK r1 …``; without a base prompt no ADDBASE."""
    regions = " BREAK ".join(region.prompt for region in plan.regions)
    return f"{plan.base_prompt} ADDBASE {regions}" if plan.base_prompt else regions


def negative_to_text(plan: Plan) -> str:
    """The negative prompts as text: the plan's, and with ``ADDCOMM`` behind it the regions' where any has its own."""
    if not any(region.negative_prompt for region in plan.regions):
        return plan.negative_prompt
    regions = " BREAK ".join(region.negative_prompt for region in plan.regions)
    return f"{plan.negative_prompt} ADDCOMM {regions}".strip()


def plan_from_text(
    regional_prompt: str,
    split_ratio: str,
    *,
    base_ratio: float = Plan.base_ratio,
    negative_prompt: str = "",
    prompt: str = "",
    rows_first: bool = False,
) -> Plan:
    """Read ``common ADDCOMM base ADDBASE r0 BREAK r1 …`` and a ratio to a grid plan.

    ``ADDCOMM`` and ``ADDBASE`` are optional; the common prompt is put before every region, with a comma.
    Between regions stands ``BREAK``, ``ADDCOL`` (next cell of the row) or ``ADDROW`` (next row); the latter two
    must agree with the ratio, which may be left out or be too short where they tell the structure (see
    `ratio_for`). With ``rows_first`` the ratio is read column by column, and ADDROW and ADDCOL change places.
    ``negative_prompt`` is as `split_negative` reads it. Raises RpgError as `Plan` does, and for an empty prompt or
    a misplaced keyword.
    """
    place = "regional prompt"
    text = check_text(regional_prompt, place, MAX_PROMPT * (MAX_REGIONS + 2), needed=True)
    common, text = _split_off(text, "ADDCOMM", "common prompt")
    base, text = _split_off(text, "ADDBASE", "base prompt")
    if match := re.search(r"\bADD(COMM|BASE)\b", text):
        refuse(place, f"{match[0]} is misplaced", _ORDER)
    if match := _KEYWORD.search(common):
        refuse(place, f"{match[0]} stands before ADDCOMM", _ORDER)

    parts = _SEPARATOR.split(text)
    prompts, separators = [part.strip() for part in parts[::2]], parts[1::2]
    for index, part in enumerate(prompts, 1):
        if not part:
            refuse(place, f"region {index} of {len(prompts)} is empty", "write it, or remove a separator")
    split_ratio, notes = ratio_for(split_ratio, separators, rows_first)
    with at("split_ratio"):
        grid = parse_ratio(split_ratio, rows_first)
    if len(grid) != len(prompts):
        sides = f"{_count(len(grid), 'cell')} for {_count(len(prompts), 'prompt')}"
        advice = "make them equal"
        if len(prompts) == len(grid) + 1 and not (base and common):
            advice += ", or write ADDBASE behind the first prompt if it is the base prompt, ADDCOMM if it is for all"
        refuse("split_ratio", f"{show(split_ratio)} has {sides}", advice)
    rows = grid.row_of_cell()
    inner, outer = _inner_outer(rows_first)
    line = "column" if rows_first else "row"
    for index, separator in enumerate(separators):
        same_row = rows[index] == rows[index + 1]
        if separator == (outer if same_row else inner):
            where = f"in one {line} of the ratio" if same_row else f"in different {line}s of the ratio"
            problem = f"{separator} stands between regions {index + 1} and {index + 2}, which are {where}"
            refuse(place, problem, "change the ratio, or use BREAK")

    whole_negative, negatives = split_negative(negative_prompt, len(prompts))
    regions = []
    for index, (part, negative) in enumerate(zip(prompts, negatives, strict=True)):
        with at(f"regions[{index}]", "."):
            regions.append(Region(f"{common.rstrip(', ')}, {part}" if common else part, negative_prompt=negative))
    return Plan(
        prompt=prompt,
        base_prompt=base,
        base_ratio=base_ratio,
        negative_prompt=whole_negative,
        split_ratio=split_ratio,
        regions=tuple(regions),
        rows_first=rows_first,
        source=Source(notes=notes),
    )


def split_negative(text: str, regions: int) -> tuple[str, tuple[str, ...]]:
    """Read a negative prompt: what is for the whole picture, and each region's own.

    ``common ADDCOMM n0 BREAK n1 …`` or ``n0 BREAK n1 …``, a part for every region, which may be empty; one part is
    for the whole picture. Raises RpgError where the parts are neither one nor as many as the regions.
    """
    place = "negative prompt"
    text = check_text(text, place, MAX_PROMPT * (MAX_REGIONS + 1))
    pieces = re.split(r"\bADDCOMM\b", text)
    if len(pieces) > 2 or re.search(r"\bADDBASE\b", text):
        refuse(place, "ADDCOMM or ADDBASE is misplaced", "the order is common ADDCOMM regions")
    parts = [part.strip() for part in _SEPARATOR.split(pieces[-1])[::2]]
    if len(pieces) == 1 and len(parts) == 1:
        return text, ("",) * regions
    if len(parts) != regions:
        sides = f"{_count(len(parts), 'part')} for {_count(regions, 'region')}"
        refuse(place, f"it has {sides}", "write one for each, or one for all without BREAK")
    return pieces[0].strip() if len(pieces) == 2 else "", tuple(parts)


def negative_for_all(text: str) -> str:
    """The part of such a negative prompt that is for the whole picture, for any number of regions."""
    common = re.split(r"\bADDCOMM\b", text, maxsplit=1)[0]
    return "" if _SEPARATOR.search(common) else common.strip()


def ratio_for(split_ratio: str, separators: Sequence[str], rows_first: bool = False) -> tuple[str, tuple[str, ...]]:
    """The ratio for regions parted by these keywords, and notes on what was filled in.

    Where ``ADDROW`` and ``ADDCOL`` alone part the regions they tell the structure, as in Regional Prompter, and the
    ratio its proportions: a blank one has equal cells, numbers without ``;`` go along the one direction there is, and
    a row or number that is missing is as the last one before it. Any other ratio stays as it is.
    """
    if not separators or "BREAK" in separators:
        return split_ratio, ()
    _, outer = _inner_outer(rows_first)
    counts = [1]
    for separator in separators:
        if separator == outer:
            counts.append(1)
        else:
            counts[-1] += 1
    given = (
        [[number.strip() for number in row.split(",")] for row in split_ratio.split(";")] if split_ratio.strip() else []
    )
    if len(given) == 1 and set(counts) == {1} and len(given[0]) <= len(counts):
        given = [[number] for number in given[0]]  # numbers along the outer direction
    elif len(given) == 1 and len(counts) == 1:
        given = [["1", *given[0]]]  # along the inner one
    if len(given) > len(counts) or any(len(row) > n + 1 for row, n in zip(given, counts, strict=False)):
        return split_ratio, ()
    filled = []
    for index, count in enumerate(counts):
        height, *widths = given[min(index, len(given) - 1)] if given else ["1"]
        widths = widths[:count]
        if count > 1:
            widths += [widths[-1] if widths else "1"] * (count - len(widths))
        filled.append(",".join([height, *(widths if count > 1 else [])]))
    made = ";".join(filled) if len(filled) > 1 else filled[0].partition(",")[2]
    if split_ratio.strip() and parse_ratio(split_ratio, rows_first) == parse_ratio(made, rows_first):
        return split_ratio, ()
    return made, (f"split ratio: {made!r}, to fit {' and '.join(sorted(set(separators)))}",)


def _inner_outer(rows_first: bool) -> tuple[str, str]:
    """The keyword between the cells of one line, and the one between lines."""
    return ("ADDROW", "ADDCOL") if rows_first else ("ADDCOL", "ADDROW")


def _split_off(text: str, keyword: str, what: str) -> tuple[str, str]:
    parts = re.split(rf"\b{keyword}\b", text, maxsplit=1)
    if len(parts) == 1:
        return "", text
    if not parts[0].strip():
        refuse("regional prompt", f"the {what} before {keyword} is empty", f"write it, or remove {keyword}")
    return parts[0].strip(), parts[1]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
