"""RPG's text form: a split ratio and a regional prompt, each on the key's line or the next ones.

    Final split ratio: 1;1,1
    Regional Prompt: a BREAK b BREAK c

Lines ``Base prompt:``, ``Base ratio:`` and ``Negative prompt:`` may be near them, and RAG's lists of objects.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from functools import partial

from lib_rpg.checks import at, show
from lib_rpg.errors import RpgError
from lib_rpg.keywords import KEYWORDS, SEPARATORS, find_keyword, keyword_pattern
from lib_rpg.layout.ratio import parse_ratio
from lib_rpg.plan import Plan
from lib_rpg.plan_text import plan_from_text
from lib_rpg.planner.llm.answers.candidate import Candidate
from lib_rpg.planner.llm.answers.cleaning import says_none
from lib_rpg.planner.llm.answers.context import TEXT_BASE_RATIO, Context
from lib_rpg.planner.llm.answers.forms.rag_lists import bind_objects
from lib_rpg.planner.llm.answers.forms.rag_parameters import RagParameters
from lib_rpg.planner.llm.answers.key_lines import Part, first_line
from lib_rpg.planner.llm.answers.loose_json import LiteralError, read_literal, read_number
from lib_rpg.rag_names import ALL_STEPS, DELTA, LISTS, REPLACE

_HEADING = re.compile(r"^[ \t]*#+[ \t]", re.MULTILINE)
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
_SEPARATOR = keyword_pattern(*SEPARATORS)
_OPEN_END = re.compile(rf"\b(?:{'|'.join(KEYWORDS)})\Z")
_LOWER_BREAK = re.compile(r"\bbreak\b", re.IGNORECASE)
# Keywords in brackets of their own, such as [BREAK].
_BRACKETED = re.compile(rf"[\[(<{{]\s{{0,9}}({'|'.join(KEYWORDS)})\s{{0,9}}[\])>}}]")
# What begins another part of the answer once every cell has its prompt.
_NEXT_SECTION = re.compile(
    r"(?:[a-h1-9][.)][ \t]|step[ \t]+[0-9]|-{3,}|={3,}|\*{3,}"
    r"|(?:notes?|explanation|rationale|reasoning|composition logic|aesthetic considerations?)[ \t]*:)",
    re.IGNORECASE,
)
_ITEM = re.compile(r"(?:[-*\u2022][ \t]+|[0-9]{1,2}[.)][ \t]+)")
_PARAMETERS = {
    "replace": REPLACE,
    "delta": DELTA,
    "steps": ALL_STEPS,
    "pictures": "Redux_list",
    "repainting": "Repainting_prompt",
}
"""RAG's names of the keys of `key_lines` that are its parameters."""
_LABEL = re.compile(
    r"(?:sub-?)?region[ \t]*[0-9]{1,2}(?:[ \t]*\([^()\n]{0,80}\))?[ \t]*(?:[:\uff1a]|[-\u2013\u2014][ \t])[ \t]*",
    re.IGNORECASE,
)


def ratio_blocks(parts: Sequence[Part], context: Context) -> list[Candidate]:
    """Every pair of a ratio and a regional prompt, in either order."""
    core = [index for index, part in enumerate(parts) if part.key in ("ratio", "prompt")]
    blocks: list[Candidate] = []
    taken: set[int] = set()
    for place, index in enumerate(core):
        ratio = parts[index]
        if ratio.key != "ratio":
            continue
        # The prompt follows its ratio, or else comes before it.
        near = [other for other in (place + 1, place - 1) if 0 <= other < len(core) and other not in taken]
        prompts = [other for other in near if parts[core[other]].key == "prompt"]
        if not prompts:
            blocks.append(Candidate(ratio.start, partial(_refuse, "a split ratio but no 'Regional Prompt: …'")))
            continue
        other = prompts[0]
        taken.add(other)
        extras = _values_around(parts, core, min(place, other), max(place, other))
        read = partial(_read, ratio.value, parts[core[other]].value, extras, context)
        blocks.append(Candidate(ratio.start, read))
    if core and not blocks:
        problem = "a regional prompt but no 'Final split ratio: …'"
        blocks.append(Candidate(parts[core[-1]].start, partial(_refuse, problem)))
    return blocks


def _values_around(parts: Sequence[Part], core: Sequence[int], first: int, last: int) -> dict[str, str]:
    """The values by key between the pair before and the pair after the one of ``core[first]`` and ``core[last]``."""
    before = core[first - 1] + 1 if first else 0
    after = core[last + 1] if last + 1 < len(core) else len(parts)
    return {part.key: part.value for part in parts[before:after]}


def _refuse(what: str) -> Plan:
    raise RpgError(f"the answer has {what}; it needs both")


def _read(ratio_value: str, prompt_value: str, extras: dict[str, str], context: Context) -> Plan:
    context = context.begin()
    context.check_layout("grid")
    ratio = context.repaired_ratio(_ratio_lines(ratio_value))
    with at("the answer's split ratio"):
        cells = len(parse_ratio(ratio))
    regional, left_out = _prompt_paragraphs(prompt_value, cells)
    if left_out:
        context.notes.append(f"left out what follows the regional prompt: {show(left_out)}")
    regional = context.words(_listed(regional), "regional prompt")
    plan = plan_from_text(separated(regional, cells, context.notes), ratio, prompt=context.prompt)
    context.notes.extend(plan.source.notes)
    plan = dataclasses.replace(
        plan,
        base_prompt=plan.base_prompt or _value(extras.get("base", "")),
        negative_prompt=_value(extras.get("negative", "")),
    )
    parameters = RagParameters.of({name: _value(extras[key]) for key, name in _PARAMETERS.items() if key in extras})
    bound = bind_objects(plan, extras, context, bool(parameters.pictures)) if LISTS.keys() & extras.keys() else None
    if bound is not None:
        plan = dataclasses.replace(bound, base_prompt=context.base_prompt(bound.base_prompt))
        base_ratio = context.default_base_ratio(plan.regions)
    else:
        plan = context.with_binding(plan)
        base_ratio = TEXT_BASE_RATIO if context.base_ratio is None else context.base_ratio
    base_ratio = _own_base_ratio(extras, base_ratio, context.notes)
    plan = parameters.applied(dataclasses.replace(context.clean(plan), base_ratio=base_ratio), context.notes)
    return dataclasses.replace(plan, source=context.noted_source())


def _own_base_ratio(extras: dict[str, str], default: float, notes: list[str]) -> float:
    """The base ratio that the answer gives, if it is from 0 to 1."""
    given = read_number(_value(extras.get("base_ratio", "")).rstrip("."))
    if isinstance(given, int | float) and 0 <= given <= 1:
        return given
    if given != "":
        notes.append(f"left out the base ratio {show(given)}, which is not from 0 to 1")
    return default


def _value(value: str) -> str:
    """A value of one line; "None" and the like are empty."""
    line = _unquoted(first_line(value))
    return "" if says_none(line.rstrip(".")) else line


def _ratio_lines(value: str) -> str:
    """The first line with text, and those that a separator at the end of a line leads to."""
    lines = (line.strip() for line in value.split("\n") if line.strip())
    ratio = next(lines, "")
    while ratio.endswith((",", ";")) and (line := next(lines, "")):
        ratio += line
    return ratio


def _prompt_paragraphs(value: str, cells: int) -> tuple[str, str]:
    """The paragraphs that make the prompts of ``cells`` cells, and what follows them."""
    heading = _HEADING.search(value)
    body, rest = (value[: heading.start()], value[heading.start() :]) if heading else (value, "")
    paragraphs = [part.strip() for part in _BLANK_LINE.split(body) if part.strip()]
    used: list[str] = []
    separators = 0
    open_end = True
    for index, paragraph in enumerate(paragraphs):
        if not open_end and separators + 1 >= cells and not find_keyword(paragraph):
            return _unquoted("\n".join(used)), "\n".join([*paragraphs[index:], rest]).strip()
        lines = paragraph.split("\n")
        for number, line in enumerate(lines):
            if not open_end and separators + 1 >= cells and _NEXT_SECTION.match(line.strip()):
                left_out = "\n".join([*lines[number:], *paragraphs[index + 1 :], rest]).strip()
                return _unquoted("\n".join(used)), left_out
            used.append(line)
            separators += len(_SEPARATOR.findall(line))
            open_end = bool(_OPEN_END.search(line.rstrip(" ,.;")))
    return _unquoted("\n".join(used)), rest.strip()


def _unquoted(text: str) -> str:
    """The text without a pair of quotes around the whole of it."""
    for first, last in ('""', "''", "\u201c\u201d"):
        inner = text[1:-1]
        if len(text) > 1 and text[0] == first and text[-1] == last and first not in inner and last not in inner:
            return inner.strip()
    return text


def _listed(text: str) -> str:
    """The prompts of a list such as ``["a", "b"]``, joined by BREAK; any other text as it is."""
    if not re.match(r"""\[\s*["'\u201c]""", text):
        return text
    try:
        literal = read_literal(text)
    except LiteralError:
        return text
    prompts = literal.value
    if text[literal.end :].strip() or not all(isinstance(prompt, str) and prompt.strip() for prompt in prompts):
        return text
    return " BREAK ".join(prompt for prompt in prompts if prompt.strip().upper() != "BREAK")


def separated(text: str, cells: int, notes: list[str]) -> str:
    """The regional prompt with its separators made whole, where the number of cells says that they were meant."""
    text = _BRACKETED.sub(r"\1", text)
    if not _SEPARATOR.search(text) and cells > 1:
        text = _with_breaks(text, cells, notes)
    pieces = keyword_pattern(*KEYWORDS).split(text)
    labelled = len(pieces) > 1
    prompts = [_bare(piece.strip(" \t\n,;"), labelled) for piece in pieces[::2]]
    words = pieces[1::2]
    if len(prompts) == cells + 1 and not prompts[-1] and words[-1] == "BREAK":
        prompts, words = prompts[:-1], words[:-1]
        notes.append("regional prompt: removed a BREAK at its end")
    elif len(prompts) == cells + 1 and not prompts[0] and words[0] == "BREAK":
        prompts, words = prompts[1:], words[1:]
        notes.append("regional prompt: removed a BREAK at its start")
    return " ".join(part for pair in zip(prompts, [*words, ""], strict=True) for part in pair).strip()


def _with_breaks(text: str, cells: int, notes: list[str]) -> str:
    """A text without separators with BREAK for "break", or between its lines, if that makes so many regions."""
    if len(_LOWER_BREAK.findall(text)) == cells - 1:
        notes.append("regional prompt: read 'break' as BREAK")
        return _LOWER_BREAK.sub("BREAK", text)
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) == cells:
        notes.append("regional prompt: read every line as a region, because no BREAK separates them")
        return " BREAK ".join(lines)
    return text


def _bare(prompt: str, labelled: bool) -> str:
    """A region's words without a bullet, a number or a label "Region 0:" before them, and without own quotes."""
    if not labelled:
        return prompt
    prompt = _ITEM.sub("", prompt, count=1) if _ITEM.match(prompt) else prompt
    label = _LABEL.match(prompt)
    return _unquoted(prompt[label.end() :].strip() if label and label.end() < len(prompt) else prompt)
