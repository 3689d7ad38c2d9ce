"""The user's own structure of a list of tags: what stands in someone's line, BREAK part or label is theirs."""

from __future__ import annotations

from itertools import pairwise

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import singular
from lib_rpg.planner.language.prompt_tokens import COLON, COMMA, NUMBER, STOP
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import class_of
from lib_rpg.planner.offline.reading.state import State

_MAX_BLOCK = 60  # words between the start or end of a block and a piece


def in_block_of_last(state: State, i: int, piece_end: int = 0) -> bool:
    """Whether the last thing begins the block that the piece at i is in.

    "BREAK old wizard, white beard, blue fire", a line "1girl, nurse, mint scrubs", "elf: silver circlet, emerald gown".
    piece_end: where the piece ends. In "elf: emerald gown, orc: iron club, old castle" a place is of all.
    """
    words = state.words
    if state.last is None or state.people.are_several:
        return False  # a line about all: "1girl, 1boy, train platform"
    near = range(max(0, i - _MAX_BLOCK), min(len(words), i + _MAX_BLOCK))
    start = next((k for k in range(i - 1, near.start, -1) if words.kind(k) == STOP), near.start)
    end = next((k for k in range(i, near.stop) if words.kind(k) == STOP), near.stop)
    if colon := next((k for k in range(i - 1, start, -1) if words.kind(k) == COLON), 0):
        name = {token.low for token in state.last.words}
        numbered = words.kind(colon - 1) == NUMBER or len(words.low(colon - 1)) == 1  # "girl 1: red hair"
        label = words.low(colon - 1 - numbered)  # "boys: black suits, earpieces"
        label = label.removeprefix("1")  # "1boy: swimsuit"
        named = {label, singular(label)} & name and not _is_place(words.low(piece_end - 1))
        of_line = words.is_line_end(end) and words.kind(colon - 2) == STOP  # "1boy (red hair, swimsuit)"
        return bool(named) and (of_line or _is_labelled(words, range(start, end), colon, i))
    edges = [k for k in (start, end) if words.is_break(k) or (state.tag_style and words.is_line_end(k))]
    own = {token.index for token in state.last.words}
    tags = {state.last.tag, f"1{state.last.tag}"} - {"", "1"}  # of one of several: "3girls BREAK 1girl, on the left"
    return bool(edges) and any(words.tokens[k].index in own or words.low(k) in tags for k in range(start, i))


def _is_place(low: str) -> bool:
    return low in lex.SCENE_WORDS or class_of(low) in ("place", "building")


def _is_labelled(words: Words, block: range, colon: int, i: int) -> bool:
    """Whether the label at the colon goes for the piece at i: the last label goes no further than those before it."""
    colons = [k for k in block if words.kind(k) == COLON]
    if colons[-1] > colon:
        return True
    commas = [k for k in range(block.start, i) if words.kind(k) == COMMA]
    longest = max((sum(a < k < b for k in commas) for a, b in pairwise(colons)), default=1)
    return sum(k > colon for k in commas) < longest
