"""From a planner's answer to a plan: a plan document (JSON) or RPG's text form, wherever they stand in the answer.

The text form is two keys, each with its value on the same line or the next::

    Final split ratio: 1;1,1
    Regional Prompt: a BREAK b BREAK c

Thinking blocks, code fences and bold marks are skipped over; the last block that makes a valid plan wins.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterator

from lib_rpg.checks import read_json, show
from lib_rpg.errors import RpgError
from lib_rpg.layout.ratio import mend_ratio, parse_ratio
from lib_rpg.plan import KEYWORDS, Plan, Source, plan_from_text

MAX_ANSWER = 200_000
_MAX_JSON_STARTS = 1000

_THINKING = re.compile(r"<(think|thinking|reasoning)>.*?(</\1>|\Z)", re.DOTALL | re.IGNORECASE)
# Some servers swallow the opening tag.
_THINKING_END = re.compile(r"\A.*</(?:think|thinking|reasoning)>", re.DOTALL | re.IGNORECASE)
_FENCE = re.compile(r"^[ \t]*(```|~~~)[^\n]*$", re.MULTILINE)
_KEY = re.compile(
    r"^[ \t>#*•\-]*(?:[0-9]+[.)][ \t]*)?(?:final[ \t]+)?"
    r"(?:(?P<ratio>split[ \t]+ratio)|(?P<prompt>regional[ \t]+prompts?))[ \t]*[*_]*[ \t]*[:\uff1a][ \t]*",
    re.MULTILINE | re.IGNORECASE,
)
_HEADING = re.compile(r"^[ \t]*#+[ \t]", re.MULTILINE)
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
_KEYWORD = re.compile(rf"\b(?:{'|'.join(KEYWORDS)})\b")
_SEPARATOR = re.compile(r"\b(?:BREAK|ADDROW|ADDCOL)\b")
_OPEN_END = re.compile(rf"\b(?:{'|'.join(KEYWORDS)})\Z")


def parse_answer(text: str, *, prompt: str = "", base_ratio: float = 0.3) -> Plan:
    """Read a planner's answer of at most `MAX_ANSWER` characters.

    ``prompt`` is what the user typed; it and ``base_ratio`` (0…1) go into a plan from the text form, whose
    ``source`` is ``paste`` with a note for everything that was mended or left out. A plan document keeps its own.
    Raises RpgError if there is no plan, with the reason of the last attempt.
    """
    if not isinstance(text, str):
        raise RpgError(f"the answer is of type {type(text).__name__}; give it as text")
    if len(text) > MAX_ANSWER:
        raise RpgError(f"the answer has {len(text)} characters; give at most {MAX_ANSWER}")
    text = _THINKING_END.sub("", _THINKING.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    blocks = sorted(_json_blocks(text) + _text_blocks(text, prompt, base_ratio), key=lambda block: block[0])
    failure = None
    for _, read in reversed(blocks):
        try:
            return read()
        except RpgError as error:
            failure = failure or error
    if failure:
        raise failure
    if text.lstrip().startswith("{"):
        read_json(text.strip(), "answer")
    raise RpgError(
        "no plan was found in the answer; it needs a plan as JSON, or the lines 'Final split ratio: …' and "
        "'Regional Prompt: … BREAK …'"
    )


Block = tuple[int, Callable[[], Plan]]


def _json_blocks(text: str) -> list[Block]:
    """Every JSON object that has a plan's keys: its position and how to read it."""
    blocks: list[Block] = []
    decoder = json.JSONDecoder()
    start = text.find("{")
    for _ in range(_MAX_JSON_STARTS):
        if start < 0:
            break
        try:
            document, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            end = start + 1
        else:
            if {"regions", "split_ratio"} & document.keys():
                blocks.append((start, lambda part=text[start:end]: _read_document(part)))  # type: ignore[misc]
        start = text.find("{", end)
    return blocks


def _read_document(text: str) -> Plan:
    document = read_json(text, "answer")
    plan = Plan.from_dict(document)
    return plan if "source" in document else dataclasses.replace(plan, source=Source("paste"))


def _text_blocks(text: str, prompt: str, base_ratio: float) -> list[Block]:
    """Every pair of a ratio and a regional prompt, in either order: its position and how to read it."""
    text = _FENCE.sub(lambda match: " " * len(match[0]), text).replace("**", "  ").replace("`", " ")
    keys = list(_KEY.finditer(text))
    ends = [key.start() for key in keys[1:]] + [len(text)]
    parts = [(bool(key["ratio"]), text[key.end() : end], key.start()) for key, end in zip(keys, ends, strict=False)]
    blocks: list[Block] = []
    taken: set[int] = set()
    for index, (is_ratio, ratio, start) in enumerate(parts):
        if not is_ratio:
            continue
        for other in (index + 1, index - 1):
            if 0 <= other < len(parts) and not parts[other][0] and other not in taken:
                taken.add(other)
                value = parts[other][1]
                blocks.append((start, lambda r=ratio, v=value: _read_text(r, v, prompt, base_ratio)))  # type: ignore[misc]
                break
        else:
            blocks.append((start, lambda: _refuse("a split ratio but no 'Regional Prompt: …'")))
    if parts and not blocks:
        blocks.append((parts[-1][2], lambda: _refuse("a regional prompt but no 'Final split ratio: …'")))
    return blocks


def _refuse(what: str) -> Plan:
    raise RpgError(f"the answer has {what}; it needs both")


def _read_text(ratio_value: str, prompt_value: str, prompt: str, base_ratio: float) -> Plan:
    ratio, notes = mend_ratio(_ratio_lines(ratio_value))
    try:
        cells = len(parse_ratio(ratio))
    except RpgError as error:
        raise RpgError(f"the answer's split ratio: {error}") from None
    regional, left_out = _prompt_paragraphs(prompt_value, cells)
    if left_out:
        notes += (f"left out what follows the regional prompt: {show(left_out)}",)
    plan = plan_from_text(regional, ratio, base_ratio=base_ratio, prompt=prompt)
    return dataclasses.replace(plan, source=Source("paste", notes=notes))


def _ratio_lines(value: str) -> str:
    """The first line with text, and those that a separator at the end of a line leads to."""
    lines = _lines(value)
    ratio = next(lines, "")
    while ratio.endswith((",", ";")) and (line := next(lines, "")):
        ratio += line
    return ratio


def _lines(value: str) -> Iterator[str]:
    return (line.strip() for line in value.split("\n") if line.strip())


def _prompt_paragraphs(value: str, cells: int) -> tuple[str, str]:
    """The paragraphs that make the prompts of ``cells`` cells, and what follows them."""
    heading = _HEADING.search(value)
    body, rest = (value[: heading.start()], value[heading.start() :]) if heading else (value, "")
    paragraphs = [part.strip() for part in _BLANK_LINE.split(body) if part.strip()]
    used = separators = 0
    open_end = True
    for paragraph in paragraphs:
        if not open_end and separators + 1 >= cells and not _KEYWORD.search(paragraph):
            break
        used += 1
        separators += len(_SEPARATOR.findall(paragraph))
        open_end = bool(_OPEN_END.search(paragraph))
    return _unquoted("\n".join(paragraphs[:used])), "\n".join([*paragraphs[used:], rest]).strip()


def _unquoted(text: str) -> str:
    """The text without a pair of quotes around the whole of it."""
    for first, last in ('""', "''", "\u201c\u201d"):
        inner = text[1:-1]
        if len(text) > 1 and text[0] == first and text[-1] == last and first not in inner and last not in inner:
            return inner.strip()
    return text
