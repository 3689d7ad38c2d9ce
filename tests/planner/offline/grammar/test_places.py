"""Positions, relations and orders: one example for every branch of their grammar."""

from __future__ import annotations

from fractions import Fraction

import pytest

from lib_rpg.planner.language.prompt_tokens import tokenise
from lib_rpg.planner.offline.grammar.areas import place_in_name
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.orderings import X, Y, ordering
from lib_rpg.planner.offline.grammar.places import place, relation
from lib_rpg.planner.offline.grammar.positions import Place, corners, direction
from lib_rpg.planner.offline.grammar.relations import Relation


def at(text: str) -> tuple[Words, int]:
    """The words of a text, and the index of the one behind "^"."""
    before, _, after = text.rpartition("^")
    return Words(tokenise(f"{before} {after}")), len(tokenise(before))


def behind(words: Words, end: int) -> str:
    return " ".join(token.text for token in words.tokens[end:])


@pytest.mark.parametrize(
    ("text", "x", "y", "rest"),
    [
        ("left of", -1, None, "of"),
        ("rightmost", 1, None, ""),
        ("top left", -1, -1, ""),
        ("lower-right corner", 1, 1, "corner"),
        ("middle right", 1, 0, ""),
        ("top center", 0, -1, ""),
        ("center", 0, 0, ""),
        ("left right", -1, None, "right"),  # both are on one axis: the first counts
    ],
)
def test_directions(text: str, x: int | None, y: int | None, rest: str) -> None:
    words, i = at(text)
    found = direction(words, i)
    assert found is not None
    assert (found[1], behind(words, found[0])) == ((x, y), rest)


@pytest.mark.parametrize("text", ["cat", "top left right-hand", "upper-left right", "(", ""])
def test_what_is_no_direction(text: str) -> None:
    words, i = at(text)
    found = direction(words, i)
    assert found is None or behind(words, found[0]) == "right-hand"


@pytest.mark.parametrize(
    ("text", "x", "y", "share", "rest"),
    [
        ("in the top left corner of the picture, a cat", -1, -1, None, ", a cat"),
        ("directly at the bottom", None, 1, None, ""),
        ("right at the top", None, -1, None, ""),
        ("on the far left", -1, None, None, ""),
        ("on the left hand side", -1, None, None, ""),
        ("in the left third, a panda", -1, None, Fraction(1, 3), ", a panda"),
        ("in the left two thirds", -1, None, Fraction(2, 3), ""),
        ("in the left half of this whole image", -1, None, Fraction(1, 2), ""),
        ("left half: a robot", -1, None, Fraction(1, 2), ": a robot"),
        ("on the left walks a man", -1, None, None, "walks a man"),
        ("on the left two cats", -1, None, None, "two cats"),
        ("a player ^on the left swinging a bat", -1, None, None, "swinging a bat"),
        ("the left is red", -1, None, None, "is red"),
        ("left image: a cat", -1, None, None, ": a cat"),
        ("left: a snowman", -1, None, None, ": a snowman"),
        ("left 2 cats", -1, None, None, "2 cats"),
        ("red mug ^left, blue mug right", -1, None, None, ", blue mug right"),
        ("a lion ^left and a zebra right", -1, None, None, "and a zebra right"),
        ("a cat ^bottom left under a lamp", -1, 1, None, "under a lamp"),
    ],
)
def test_positions(text: str, x: int | None, y: int | None, share: Fraction | None, rest: str) -> None:
    words, i = at(text)
    found = place(words, i)
    assert isinstance(found, Place)
    assert (found.x, found.y, found.share, found.ground, found.canvas_of) == (x, y, share, "", False)
    assert behind(words, found.end) == rest
    assert place_in_name(words, i) == found


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("a moon ^at the top of the sky", None),
        ("a cherry ^in the middle of a bowl", None),
        ("a crack ^in the left half of a bowl", Fraction(1, 2)),
    ],
)
def test_positions_of_something(text: str, share: Fraction | None) -> None:
    words, i = at(text)
    found = place(words, i)
    assert isinstance(found, Place)
    assert found.canvas_of
    assert found.share == share
    assert words.low(found.end - 1) == "of"


@pytest.mark.parametrize(
    ("text", "ground", "rest"),
    [
        ("in the background a mountain", "background", "a mountain"),
        ("in the far background of the picture", "background", ""),
        ("at the back of the scene, a door", "background", ", a door"),
        ("in the foreground", "foreground", ""),
        ("in front, a dog", "foreground", ", a dog"),
        ("a koala ^in the rest", "", ""),
        ("in the remainder of the picture a cat", "", "a cat"),
    ],
)
def test_areas_that_are_no_direction(text: str, ground: str, rest: str) -> None:
    words, i = at(text)
    found = place(words, i)
    assert isinstance(found, Place)
    assert (found.ground, behind(words, found.end)) == (ground, rest)
    assert (found.x, found.y) == (None, 1 if ground == "foreground" else None)


@pytest.mark.parametrize(
    "text",
    [
        "a flag ^in front of a house",
        "a bird ^on the back of a rhino",
        "a clerk ^at front desks",
        "a cat ^in the rest of the house",
        "a dog ^in rest",
        "the background",
        "a cat ^on his back",
        "a pen ^in the lower drawer",
        "a vase ^on the top shelf",
        "the left wall is covered in ivy",
        "a cat ^left under a lamp",
        "a ^top hat",
        "a newspaper, ^top view",
        "a door ^left 2",
        "a car with a dent ^on its left side",
        "a hat ^on her middle",
        "the top under a hat",
        "a cat ^on the left half of",
        "a cat",
    ],
)
def test_what_is_no_position(text: str) -> None:
    assert place(*at(text)) is None


@pytest.mark.parametrize(
    ("text", "kind", "rest"),
    [
        ("a cat ^to the left of a tree", "left", "a tree"),
        ("a cat ^right of a tree", "right", "a tree"),
        ("a cat ^on the left side of a tree", "left", "a tree"),
        ("a cat ^at the top left of a tree", "above left", "a tree"),
        ("a cat ^at the top of the mountain", "above", "the mountain"),
        ("a guitar lying ^left from an amplifier", "left", "an amplifier"),
        ("a girl with a boy ^on her right", "right", ""),
        ("a bookshelf with a globe ^to its right", "right", ""),
        ("A purple door. ^On its left side hangs a lantern", "left", "hangs a lantern"),
    ],
)
def test_positions_that_turn_into_relations(text: str, kind: str, rest: str) -> None:
    words, i = at(text)
    found = place(words, i)
    assert isinstance(found, Relation)
    assert (found.kind, behind(words, found.end)) == (kind, rest)
    assert found.referent is ("her" in text or "its" in text)


@pytest.mark.parametrize(
    ("text", "kind", "rest"),
    [
        ("a star ^above and to the left of a planet", "above left", "a planet"),
        ("a star ^beneath and to the right of a planet", "below right", "a planet"),
        ("a star ^above and to the left of the sky", "above", "and to the left of the sky"),
        ("a star ^above and on her left", "above", "and on her left"),
        ("a star ^above and behind a planet", "above", "and behind a planet"),
        ("a star ^directly above a planet", "above", "a planet"),
        ("a star ^in front of a planet", "within", "a planet"),
        ("a star ^in a planet", "in", "a planet"),
    ],
)
def test_relations(text: str, kind: str, rest: str) -> None:
    words, i = at(text)
    found = relation(words, i)
    assert found is not None
    assert (found.kind, behind(words, found.end), found.referent) == (kind, rest, False)


def test_a_word_that_relates_nothing_is_no_relation() -> None:
    for text in ("a cat", "next a cat", "just a cat", "of a cat", ""):
        assert relation(*at(text)) is None


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("in each corner", ""),
        ("in every corner, a star", ", a star"),
        ("in all four corners of the picture a star", "a star"),
        ("at the corners of a table", "of a table"),
    ],
)
def test_all_corners(text: str, rest: str) -> None:
    words, i = at(text)
    end = corners(words, i)
    assert end is not None
    assert behind(words, end) == rest


def test_one_corner_is_not_all_of_them() -> None:
    for text in ("in the corner", "in corners", "of each corner", "in each room", ""):
        assert corners(*at(text)) is None


@pytest.mark.parametrize(
    ("text", "axis", "backwards", "strict", "rest"),
    [
        ("from left to right: a cat", X, False, True, ": a cat"),
        ("right to left", X, True, True, ""),
        ("from bottom to top", Y, True, True, ""),
        ("top to bottom", Y, False, True, ""),
        ("side by side in a park", X, False, False, "in a park"),
        ("on top of each other", Y, False, False, ""),
    ],
)
def test_orders(text: str, axis: int, backwards: bool, strict: bool, rest: str) -> None:
    words, i = at(text)
    found = ordering(words, i)
    assert found is not None
    assert (found.axis, found.backwards, found.strict, behind(words, found.end)) == (axis, backwards, strict, rest)


def test_what_is_no_order() -> None:
    for text in ("side by side with a dog", "from left", "in a cafe", ""):
        assert ordering(*at(text)) is None
