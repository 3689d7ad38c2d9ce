"""Tells pieces of a list of tags that say in whole phrases what someone wears or has: "a vest over a checked shirt"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural, singular
from lib_rpg.planner.language.lexicon import is_part_of_thing
from lib_rpg.planner.offline.grammar.kinds import PERSON, class_of, is_animate, is_held
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.reading.lookahead import names_part
from lib_rpg.planner.offline.reading.nobody import may_be_clad
from lib_rpg.planner.offline.reading.outfits import past_body
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.tags.tag_kinds import PERSONAL

_BEARS = lex.word_set("with in of")
_LAYERS = lex.word_set("over under beneath")


def kind_of_worn(state: State, i: int, end: int) -> str:
    """ "garment" or "body" where the piece [i, end) behind a person is what the person has on or about them, or ""."""
    person = state.someone
    known = person is not None and (class_of(person.noun) == PERSON or bool(person.tag))
    phrase = noun(state.words, i) if known or may_be_clad(state) else None
    if phrase is None or phrase.count not in (None, 1) or is_animate(phrase.noun):
        return ""
    if phrase.end < end and past_body(state.words, phrase.end) == end:
        return "body"  # "a lantern in one hand"
    if _bears_something(state, phrase, end):
        return "held"
    given = not phrase.bare and names_part(phrase)
    # "a wide black beret", "a grey hoodie with rolled up sleeves and black shorts"
    worn = given and (phrase.end == end or state.words.low(phrase.end) == "with")
    links = _LAYERS | {"and"} if given else _LAYERS
    return "garment" if worn or _goes_with_part(state, phrase, end, links) else ""


def _goes_with_part(state: State, phrase: Noun, end: int, links: frozenset[str]) -> bool:
    """ "a thick wool vest over a checked shirt", "a long coat and platform boots"."""
    other = noun(state.words, phrase.end + 1) if state.words.low(phrase.end) in links else None
    return other is not None and other.end == end and names_part(other)


def _bears_something(state: State, phrase: Noun, end: int) -> bool:
    """ "gnarled staff with a crystal", "helmet with a plume": whether it is someone's, with what is on it."""
    words = state.words
    text = " ".join(token.low for token in phrase.words)
    known = is_held(phrase.noun) or names_part(phrase) or state.kinds.of_whole(text) in PERSONAL
    what = noun(words, phrase.end + 1) if words.low(phrase.end) in _BEARS and known else None
    return what is not None and what.end == end and phrase.bare and not is_animate(what.noun)


def is_part_of_last(state: State, head: str) -> bool:
    """Whether the head is a part of a thing, and the last thing can have it: "a house, a red roof"."""
    last = state.last
    if last is None or is_animate(last.noun) or last.vague:
        return False
    built = class_of(last.noun) == "building" and is_plural(head)  # "a chapel, cracked walls"
    return is_part_of_thing(singular(head)) or (built and singular(head) in lex.PARTS_OF_BUILDINGS)
