"""Positions and relations in front of the thing that they are about: "on the left a cat", "above the table a lamp"."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural
from lib_rpg.planner.language.prompt_tokens import COMMA, Token
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.finite_verbs import has_object, plain_form
from lib_rpg.planner.offline.grammar.kinds import is_adjective
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.places import place
from lib_rpg.planner.offline.grammar.positions import Place
from lib_rpg.planner.offline.grammar.relations import Relation
from lib_rpg.planner.offline.reading.lookahead import past_introduction
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.state import State

_DEPTHS = {"behind": "above", "of": "below"}
"""What is behind or in front of a thing, by the last word of the relation: what is higher is further away."""
_FACES = (("front", "of", "it"), ("behind", "it"), ("on", "it"))


def is_position_in_front(state: State, end: int) -> bool:
    """Whether the position that ends before index `end` is that of the thing behind it."""
    if not state.at_start:
        return False
    j, comma = past_introduction(state.words, end)
    if noun(state.words, j) is None or state.words.low(j) == "respectively":
        return False
    if not state.reading.things:
        return True  # "left: a snowman, …"
    if comma and state.conjunction:
        return state.positions_first  # "in the top corner, a hawk" where another such position came before
    return True  # "On the right, there is …" follows a full stop


def is_relation_in_front(state: State, phrase: Noun) -> bool:
    """Whether the thing of the relation's near side comes behind its far side: "above the table hangs a lamp"."""
    words = state.words
    if not state.at_start:
        return False  # "the apple below a banana"
    spot = place(words, phrase.end)
    told = isinstance(spot, Place) and words.low(spot.end) in lex.BE | {"there"}  # "on the table to the right there is"
    behind = noun(words, spot.end) if isinstance(spot, Place) and state.conjunction == "" else None
    told = told or (behind is not None and behind.determiner in ("a", "an"))  # "on the cliff at the top right a woman"
    j = past_verbs(words, spot.end if isinstance(spot, Place) and told else phrase.end)
    opens = not state.reading.things or state.last is None or state.conjunction == ""
    opens = opens or _was_in_front(words, phrase)
    if j == phrase.end and words.kind(j) == COMMA and opens:
        j += 1  # "to the right of the tree, a house"
    found = noun(words, j)
    if found is None:
        return False
    many = words.kind(j - 1) == COMMA and is_plural(found.words[found.head].low) and not state.tag_style
    return not found.bare or many  # "next to the bakery is a flower shop", "left of the river, knights"


def _was_in_front(words: Words, phrase: Noun) -> bool:
    """ "to the left of the river, a knight, to the right of the river, a farmer": whether it was so before."""
    first = place(words, 0)
    far = noun(words, first.end) if isinstance(first, Relation) else None
    return far is not None and far.noun == phrase.noun and far.start < phrase.start


def past_verbs(words: Words, i: int) -> int:
    """Past the verbs between a relation in front and its thing: "above the table hangs a lamp"."""
    while words.low(i) in lex.BE | lex.SHOW or _is_verb(words, i) or _is_inverted(words, i):
        i += 1
    return i


def _is_verb(words: Words, i: int) -> bool:
    """Whether a verb is at i; but "fishing boats" and "waves" are what comes."""
    if words.low(i) == "waves" and not has_object(words, i + 1):
        return False
    return words.low(i) in lex.VERBS and not (words.low(i).endswith("ing") and words.is_open(i + 1))


def _is_inverted(words: Words, i: int) -> bool:
    """ "behind them rises a blue planet"."""
    low = words.low(i)
    return low.endswith("s") and bool(plain_form(low)) and has_object(words, i + 1)


def says_of_it(words: Words) -> bool:
    """Whether the prompt says what is behind, in front of or on something named before."""
    return any(words.says(*face) for face in _FACES)


def kind_in_front(words: Words, found: Relation) -> str:
    """The relation of what comes; "behind the bar …, in front of it …" keep their own places."""
    return depth_of(words, found) if says_of_it(words) else found.kind


def are_coloured(words: Words, things: Sequence[Thing], other: Noun) -> bool:
    """Whether a colour is said of each of the things, and of the other one in its clause: one place would mix them."""
    said = [thing.all_words for thing in things]
    end = next(k for k in range(other.end, len(words) + 1) if words.is_end(k))
    return all(map(names_colour, (*said, words.tokens[other.start : end])))


def names_colour(tokens: Sequence[Token]) -> bool:
    """Whether one of the words is a colour."""
    return any(token.low in lex.COLORS for token in tokens)


def are_described(things: Sequence[Thing], other: Noun) -> bool:
    """Whether each has adjectives of its own: "a small robot. Behind it stands a rusty windmill"."""
    return all(
        any(is_adjective(token.low) for token in one) for one in (*(thing.all_words for thing in things), other.words)
    )


def depth_of(words: Words, found: Relation) -> str:
    """ "above" for what is behind, "below" for what is in front; any other relation is itself."""
    return _DEPTHS.get(words.low(found.end - 1), found.kind) if found.kind == "within" else found.kind
