"""Reads a medium behind the name of what it shows as "of" it: "wolf portrait, snow" is "portrait of wolf, snow"."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language.prompt_tokens import WORD, Token
from lib_rpg.planner.language.word_set import word_set
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import ANIMAL, PERSON, class_of
from lib_rpg.planner.offline.grammar.nouns import noun
from lib_rpg.planner.offline.grammar.numbers import count_tag

_MEDIA = word_set(
    "portrait photo photograph illustration painting drawing sketch render closeup close-up headshot logo icon artwork "
    "fanart advertisement ad"
)
_LONG_MEDIA = {
    ("concept", "art"), ("character", "design"), ("character", "sheet"), ("product", "shot"), ("product", "photo"),
    ("product", "photography"), ("product", "render"), ("close", "up"), ("pixel", "art"), ("fan", "art"),
}  # fmt: skip
_OF_WARES = word_set("product close close-up closeup advertisement ad")  # of anything that has a name
_SHOWN = frozenset({ANIMAL, PERSON, "vehicle", "building"})
_KINDS_OF_MEDIA = word_set(  # "family portrait", "street photo", "fashion illustration": what kind of picture it is
    "character creature model hero animal artist child children family pet master group couple self person people "
    "human baby wedding street architecture machine bird fan queen king tattoo fairy school studio church"
)


def put_medium_first(tokens: Sequence[Token]) -> list[Token]:
    """The words with the medium of the first piece in front of the name that it follows."""
    words = Words(tokens)
    end = words.piece_end(0) if words else 0
    start = _medium_start(words, end)
    if not start or any(count_tag(token.low) for token in tokens) or any(t.kind != WORD for t in tokens[:end]):
        return list(tokens)
    named = noun(words, 0)
    if named is None or named.end < end or not named.bare:
        return list(tokens)
    head = words.low(start - 1)
    product = words.low(start) in _OF_WARES and class_of(head) != ""
    if head in _KINDS_OF_MEDIA or not (product or class_of(head) in _SHOWN):
        return list(tokens)
    return [*tokens[start:end], tokens[start].with_text("of"), *tokens[:start], *tokens[end:]]


def _medium_start(words: Words, end: int) -> int:
    """Where the medium that ends there starts; 0 without one, or without a name in front of it."""
    if end > 2 and (words.low(end - 2), words.low(end - 1)) in _LONG_MEDIA:
        return end - 2
    return end - 1 if end > 1 and words.low(end - 1) in _MEDIA else 0
