"""Gives scenery that looks like nothing usual a place of its own: "a violet moon and a green sky", "2boys, purple sky".

Else its colour would be in every region. It stays scene where there is but one subject with one such scenery, unless
the subject is land or water, and where all of it is as usual.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COMMA, Token, render, tokenise
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import class_of
from lib_rpg.planner.offline.grammar.nouns import noun
from lib_rpg.planner.offline.reading.fronting import names_colour
from lib_rpg.planner.offline.reading.model import MAX_THINGS, Reading, Shared, Thing
from lib_rpg.planner.offline.reading.tags import SCENERY, has_look, has_own_look
from lib_rpg.planner.offline.reading.things_made import make_thing

_WORD = re.compile(r"[a-z]+")
_UPON = lex.word_set("under beneath over above on")  # "under a green sky", "on a purple floor"


@dataclass(frozen=True)
class _Piece:
    """Words of the scene between commas, and the scenery that they name, if it can have a place of its own."""

    tokens: list[Token]
    scenery: Thing | None
    odd: bool = False  # the look is not the usual one
    listed: bool = False  # it has an article, as things in a list have


_Shared = Sequence[tuple[Sequence[_Piece], int]]  # the pieces of what is shared, and its rank


def place_scenery(reading: Reading) -> None:
    """Make things of the scenery in the scene that has a look of its own, where there are several subjects."""
    if any(word in lex.LOOKS for piece in reading.shared for word in _WORD.findall(piece.text.lower())):
        shared = [(_pieces(words.text, False), words.rank) for words in reading.shared]
        _make_things(reading, shared, _with_a_place(reading, _found(shared)))
    if is_landscape(reading):  # "crimson moon, frozen lake, black pine trees"
        shared = [(_pieces(words.text, True), words.rank) for words in reading.shared]
        _make_things(reading, shared, _found(shared))


def is_landscape(reading: Reading) -> bool:
    """Whether there are several things, and all are land, sky or plants."""
    several = len(reading.things) > 1
    return several and all(_is_land(thing) or class_of(thing.noun) == "plant" for thing in reading.things)


def _found(shared: _Shared) -> list[_Piece]:
    return [piece for pieces, _ in shared for piece in pieces if piece.scenery is not None]


def _make_things(reading: Reading, shared: _Shared, own: Sequence[_Piece]) -> None:
    own = own[: MAX_THINGS - len(reading.things)]
    if own:
        reading.things += [piece.scenery for piece in own if piece.scenery is not None]
        rest = (Shared(_without(pieces, own), rank) for pieces, rank in shared)
        reading.shared[:] = [words for words in rest if words.text]


def _with_a_place(reading: Reading, found: Sequence[_Piece]) -> list[_Piece]:
    """Those of the coloured scenery that get a place of their own."""
    subjects = sum(1 if thing.vague else thing.count for thing in reading.things if thing.host is None)
    odd = sum(piece.odd for piece in found)
    # "a purple ocean under a lime green sky"
    landscape = bool(subjects) and all(_is_land(thing) for thing in reading.things)
    if subjects > 1 or landscape or odd > 1:
        # "teal grass, pink mountains, two white deer, yellow sun": with others around it, the sun has a place too.
        # "golden wheat field, black thunderclouds, white farmhouse, red truck": neither thing is golden or black.
        mixed = len(found) > 1 and bool(subjects) and all(names_colour(thing.words) for thing in reading.things)
        return list(found) if odd or mixed or any(_is_coloured_scenery(thing) for thing in reading.things) else []
    if odd and len(found) > 1 and subjects and names_colour(reading.things[0].words) and not reading.things[0].tag:
        return list(found)  # "pink sand, turquoise water, a brown dog"
    return [piece for piece in found if piece.odd and piece.listed and subjects]


def _is_coloured_scenery(thing: Thing) -> bool:
    return _is_land(thing) and has_look(thing.noun, thing.words[: thing.head])


def _is_land(thing: Thing) -> bool:
    return thing.noun in SCENERY and class_of(thing.noun) != "building"


def _pieces(text: str, any_look: bool) -> list[_Piece]:
    """The pieces between commas; the whole text as one where nothing in it has a look of its own.

    any_look: not only a colour or a material is one: "snow capped mountain", "frozen lake".
    """
    if not any_look and lex.LOOKS.isdisjoint(_WORD.findall(text.lower())):
        return [_Piece([Token(text, text.lower())], None)]
    pieces: list[list[Token]] = [[]]
    for token in tokenise(text):
        if token.kind == COMMA:
            pieces.append([])
        else:
            pieces[-1].append(token)
    return [_piece(tokens, any_look) for tokens in pieces if tokens]


def _piece(tokens: list[Token], any_look: bool) -> _Piece:
    words = Words(tokens)
    upon = words.low(0) in _UPON
    phrase = noun(words, int(upon))
    if phrase is None or phrase.end < len(words):
        return _Piece(tokens, None)
    looks = any_look and phrase.head > 0 and phrase.noun in SCENERY - lex.TOPMOST
    said = [token for k, token in enumerate(phrase.words) if k != phrase.head]  # also "a floor of blue tiles"
    if not (looks or has_look(phrase.noun, said)):
        return _Piece(tokens, None)
    if upon and phrase.noun not in lex.OVERHEAD | lex.UNDERFOOT:
        return _Piece(tokens, None)
    listed = not upon and phrase.determiner in ("a", "an")
    return _Piece(tokens, make_thing(words, phrase), has_own_look(phrase), listed)


def _without(pieces: Sequence[_Piece], own: Sequence[_Piece]) -> str:
    """The text of the pieces without those that became things."""
    return ", ".join(render(piece.tokens) for piece in pieces if piece not in own)
