"""Positions that are no direction: in the background, in the sky, in the rest of the picture."""

from __future__ import annotations

from dataclasses import replace

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COLON
from lib_rpg.planner.offline.grammar.cursor import Words, by_first_word
from lib_rpg.planner.offline.grammar.kinds import is_adjective
from lib_rpg.planner.offline.grammar.positions import (
    Lead,
    Place,
    is_of_something,
    past_of_canvas,
    read_lead,
    read_position,
    settled,
)
from lib_rpg.planner.offline.grammar.relations import Relation

_BEHIND = lex.word_set("background back")  # "in the background"
_IN_FRONT = lex.word_set("foreground front")  # "in the foreground"
_BETWEEN = lex.word_set("midground middleground")
FAR = lex.word_set("distance horizon")  # "in the distance"
_ACROSS = lex.word_set("in across through")  # "in the sky"
_UP = lex.word_set("up high far")  # "high in the sky"
_FRONT_OR_BACK = lex.word_set("front back")  # without "ground" they need an article or an end: "in front,"
_HEADINGS = {  # with the place of what is there
    "sky": Place(0, None, -1, ground="sky"),
    "background": Place(0, None, None, ground="background"),
    "foreground": Place(0, None, 1, ground="foreground"),
    "ground": Place(0, None, 1, ground="foreground"),
}
_ABOVE = by_first_word(
    ("up", "in", "the", above) for above in ("clouds", "sky", "air", "rafters", "treetops", "branches")
)
_BELOW = by_first_word(
    (
        ("down", "in", "the", "foreground"),
        ("up", "close"),
        ("down", "on", "the", "ground"),
        ("down", "below"),
        ("on", "the", "ground", "below"),
    )
)
_REST = lex.word_set("rest remainder")  # "in the rest of the picture"


def area(words: Words, i: int) -> Place | None:
    """A place that is no direction: "in the background", "in the sky", "in the rest of the picture"."""
    if words.low(i) in _ACROSS | _UP and (sky := _sky(words, i)) is not None:
        return sky
    if end := heading_end(words, i):
        return _headed(words, i, end)
    if words.says_far_away(i):
        return Place(i + 2, None, None, ground="background", said=tuple(words.tokens[i : i + 2]))
    if (end := i + len(words.phrase(i, _ABOVE))) > i and not words.is_open(end):
        return Place(end, None, -1, ground="sky", said=tuple(words.tokens[i:end]))
    if (end := i + len(words.phrase(i, _BELOW))) > i:
        return Place(end, None, 1, ground="foreground")
    lead = words.once(read_lead, i)
    if not lead.preposition:
        return None
    if words.low(lead.end) in _REST:
        return _remainder(words, lead)
    return None if lead.owner else _ground(words, lead)


def heading_end(words: Words, i: int) -> int:
    """The end of a heading: "foreground: a fox", "foreground a fox, background the alps"; 0 where none is."""
    end = _name_end(words, i)
    if not end:
        return 0
    alone = words.low(i) == "foreground" or (words.low(i) == "background" and words.low(end + 1) in lex.ARTICLES)
    if alone and words.kind(end) == COLON:
        return end  # "a cat, background: a forest", but not "background: blurred city"
    found = {words.low(k): words.kind(j) == COLON or words.low(j) in lex.ARTICLES for k, j in _names(words)}
    return end if len(found) > 1 and any(found.values()) else 0


def _names(words: Words) -> list[tuple[int, int]]:
    return [(k, end) for k in range(len(words)) if (end := _name_end(words, k))]


def _name_end(words: Words, i: int) -> int:
    """The end of what can be a heading at i, with something behind it, or 0."""
    low = words.low(i)
    middle = words.starts(i, "middle", "ground")
    if not (low in _HEADINGS or low in _BETWEEN or middle) or not words.starts_clause(i):
        return 0
    end = i + 1 + middle
    if words.kind(end) == COLON:
        return end
    named = not words.is_end(end) and (words.is_open(end) or words.low(end) in lex.ARTICLES)
    return end if low not in ("sky", "ground") and named else 0


def _headed(words: Words, i: int, end: int) -> Place:
    low = words.low(i)
    return _between(words, end) if low in _BETWEEN | {"middle"} else replace(_HEADINGS[low], end=end)


def _between(words: Words, end: int) -> Place:
    """The midground: at the top where there is no background."""
    return Place(end, None, 0 if words.says("background") or words.says("sky") else -1)


def _sky(words: Words, i: int) -> Place | None:
    """ "in the sky", "high in a purple sky"."""
    j = i + (words.low(i) in _UP)
    if words.low(j) not in _ACROSS:
        return None
    j += 1 + (words.low(j + 1) in lex.ARTICLES)  # "fireworks in night sky"
    while is_adjective(words.low(j)) or words.low(j) in lex.TIMES:
        j += 1
    above = words.low(j) in ("sky", "skies") or (words.low(j) == "air" and words.low(i) in _UP)
    if not above or words.is_open(j + 1):
        return None
    return Place(j + 1, None, -1, ground="sky", said=tuple(words.tokens[i : j + 1]))


def _ground(words: Words, lead: Lead) -> Place | None:
    """ "in the background", "at the back of the scene", "in front, a dog"."""
    low = words.low(lead.end)
    if low in _BETWEEN or (low == "middle" and words.low(lead.end + 1) == "ground"):
        return _between(words, lead.end + 1 + (low == "middle"))  # "in the midground"
    if low in FAR and lead.article:
        return Place(lead.end + 1, None, None, ground="background", said=tuple(words.tokens[lead.start : lead.end + 1]))
    if low not in _BEHIND | _IN_FRONT:
        return None
    end = past_of_canvas(words, lead.end + 1)
    if end is None:
        return None  # "in front of a flag", "on the back of a rhino"
    if low in _FRONT_OR_BACK and not lead.article and not words.is_end(lead.end + 1):
        return None  # "at front desks"
    if low in _BEHIND:
        return Place(end, None, None, ground="background")
    return Place(end, None, 1, ground="foreground")


def _remainder(words: Words, lead: Lead) -> Place | None:
    """ "a koala in the rest", "in the remainder of the picture"; but not "in the rest of the house"."""
    if not lead.article:
        return None
    end = past_of_canvas(words, lead.end + 1)
    return Place(end, None, None) if end is not None else None


def place_in_name(words: Words, i: int) -> Place | Relation | None:
    """As `places.place`, but without a look at the noun behind "of": it answers whether a position starts at i."""
    position = read_position(words, i)
    if position is None:
        return area(words, i)
    if is_of_something(words, position):
        return position.of_something(is_scenery=False, is_named=False)
    return settled(words, position)
