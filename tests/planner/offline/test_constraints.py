"""From facts to constraints."""

from __future__ import annotations

import pytest

from lib_rpg.planner.language.prompt_tokens import tokenise
from lib_rpg.planner.offline.arrange import At, Before, Beside, Constraint
from lib_rpg.planner.offline.cell_contents import place_things
from lib_rpg.planner.offline.constraints import arrange_things, constraints
from lib_rpg.planner.offline.reading.reader import read


def text(constraint: Constraint) -> str:
    if isinstance(constraint, At):
        return f"{constraint.block.name} {'xy'[constraint.axis]}{constraint.place}"
    sign = {Before: "|/", Beside: "&&"}[type(constraint)][getattr(constraint, "axis", 0)]
    return f"{constraint.first.name}{sign}{constraint.second.name}"


def found(prompt: str) -> list[str]:
    reading = read(tokenise(prompt))
    placed = place_things(reading, [])
    return [text(constraint) for constraint in constraints(reading, {p.thing: p.block for p in placed})]


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("a cat left of a dog", ["cat|dog"]),
        ("a cat next to a dog", ["cat&dog"]),
        ("a cat in the top left corner", ["cat x-1", "cat y-1"]),
        ("a red circle in the middle", ["red circle x0", "red circle y0"]),
        ("a cat on the left, a dog in the middle", ["cat x-1", "dog x0"]),
        ("a signature in the bottom right corner, a rose in the center",
         ["signature x1", "signature y1", "rose x0", "rose y0"]),
        ("a bird between a cat and a dog", ["cat|bird", "bird|dog"]),
        ("a cat above a dog, a bird between the cat and the dog", ["cat/dog", "cat/bird", "bird/dog"]),
        ("a cat on the right, a dog on the left, a bird between the cat and the dog",
         ["cat x1", "dog x-1", "bird|cat", "dog|bird"]),
        ("a monk flanked by two tigers", ["tiger|monk", "monk|tiger"]),
        ("three dogs surrounding a cat", ["dog/cat", "dog/cat", "cat/dog"]),
        ("a horse in front of a barn, the horse to the left of the barn", []),
    ],
)  # fmt: skip
def test_constraints(prompt: str, expected: list[str]) -> None:
    assert found(prompt) == expected


def test_six_around_have_two_beside_the_middle() -> None:
    six = found("a rock surrounded by six flowers")
    assert six.count("flower/rock") == six.count("rock/flower") == 2
    assert six[-2:] == ["flower|rock", "rock|flower"]


def arranged(prompt: str) -> tuple[str, list[str]]:
    """Split ratio and notes."""
    notes: list[str] = []
    reading = read(tokenise(prompt))
    return arrange_things(reading, place_things(reading, notes), 1.0, notes).grid.to_text(), notes


def test_shares_are_as_stated() -> None:
    assert arranged("a panda in the left third, a koala") == ("1,2", [])


def test_what_contradicts_goes_to_the_notes() -> None:
    prompt = "a cat left of a dog, the dog is left of the cat"
    assert arranged(prompt) == ("1,1", ["guess: left out, because it contradicts the rest: 'dog' left of 'cat'"])
    prompt = "a cat in the middle, a dog right of the cat, a bird right of the dog"
    assert arranged(prompt) == ("1,1,1", ["guess: left out, because it contradicts the rest: 'cat' at the centre"])


def test_without_things_the_canvas_is_one_empty_cell() -> None:
    notes: list[str] = []
    arrangement = arrange_things(read([]), [], 1.0, notes)
    assert arrangement.grid.to_text() == "1" and [cell.block for cell in arrangement.cells] == [None]
    assert notes == []
