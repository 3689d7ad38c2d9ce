"""Tells pieces of a list of tags that say in whole phrases what someone wears or has: "a vest over a checked shirt"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural, singular
from lib_rpg.planner.language.lexicon import is_part_of_thing
from lib_rpg.planner.offline.grammar.kinds import class_of, is_animate, is_held
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.reading.lookahead import names_part
from lib_rpg.planner.offline.reading.nobody import may_be_clad
from lib_rpg.planner.offline.reading.outfits import past_body
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.tags.tag_kinds import PERSONAL

_BEARS = lex.word_set("with in of on")
_HANGS = lex.word_set("chain string strap ribbon cord rope stick lanyard hook pole thong leash")
_LAYERS = lex.word_set("over under beneath")
MATERIALS = lex.word_set(
    "glass wood steel chrome brass copper leather ceramic porcelain plastic rubber marble titanium aluminum aluminium "
    "crystal bronze silver gold oak walnut bamboo carbon fiber fibre"
)


def kind_of_worn(state: State, i: int, end: int) -> str:
    """ "garment" or "body" where the piece [i, end) behind a person is what the person has on or about them, or ""."""
    known = state.someone is not None or may_be_clad(state)
    phrase = noun(state.words, i) if known else None
    if phrase is None or phrase.count not in (None, 1) or is_animate(phrase.noun):
        return ""
    if phrase.end < end and past_body(state.words, phrase.end) == end:
        return "body"  # "a lantern in one hand"
    if _bears_something(state, phrase, end):
        return "held"
    part = names_part(phrase)
    # "a wide black beret", "a grey hoodie with rolled up sleeves and black shorts"
    worn = part and not phrase.bare and (phrase.end == end or state.words.low(phrase.end) == "with")
    links = _LAYERS | {"and"} if part and (state.tag_style or not phrase.bare) else _LAYERS
    return "garment" if worn or _goes_with_part(state, phrase, end, links) else ""


def _goes_with_part(state: State, phrase: Noun, end: int, links: frozenset[str]) -> bool:
    """ "a thick wool vest over a checked shirt", "a long coat and platform boots", "cap and bells"."""
    other = noun(state.words, phrase.end + 1) if state.words.low(phrase.end) in links else None
    return other is not None and other.end == end and (names_part(other) or _is_known(state, other))


def _bears_something(state: State, phrase: Noun, end: int) -> bool:
    """ "gnarled staff with a crystal", "helmet with a plume": whether it is someone's, with what is on it."""
    words = state.words
    link = words.low(phrase.end)
    known = is_held(phrase.noun) or names_part(phrase) or _is_known(state, phrase)
    what = noun(words, phrase.end + 1) if link in _BEARS and known else None
    if what is None or what.end != end or not phrase.bare or is_animate(what.noun):
        return False
    return link != "on" or what.noun in _HANGS  # "pocket watch on a chain"


def _is_known(state: State, phrase: Noun) -> bool:
    text, head = (" ".join(token.low for token in tokens) for tokens in (phrase.words, phrase.words[-1:]))
    return state.kinds.of_whole(text) in PERSONAL or state.kinds.of_whole(head) in PERSONAL


_OF_HOUSES = lex.word_set("window door roof chimney porch balcony")
_TOPPINGS = lex.word_set("icing frosting glaze crust topping toppings sprinkles filling crumb drizzle garnish")
_HOUSED = ("building", "vehicle", "place", "")


def is_part_of_last(state: State, head: str) -> bool:
    """Whether the head is a part of a thing, and the last thing can have it: "a house, a red roof"."""
    last = state.last
    if last is None or is_animate(last.noun) or last.vague:
        return False
    if singular(head) in _OF_HOUSES and (class_of(last.noun) not in _HOUSED or last.noun == "plant"):
        return False  # "monstera plant, arched window"
    if class_of(last.noun) == "food" and head in _TOPPINGS:
        return True  # "a birthday cake, pastel icing"
    built = (class_of(last.noun) == "building" or last.noun == "pool") and is_plural(head)  # "a chapel, cracked walls"
    return is_part_of_thing(singular(head)) or (built and singular(head) in lex.PARTS_OF_BUILDINGS)


def is_right_behind_ware(state: State, i: int) -> bool:
    """Whether the piece before names one thing that is made of something, and nothing else."""
    last = state.last
    ware = last is not None and last.count == 1 and class_of(last.noun) in ("container", "artifact", "vehicle")
    return ware and last is not None and last.words[-1] is state.words.tokens[i - 2]
