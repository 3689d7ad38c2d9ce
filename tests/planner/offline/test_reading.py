"""The reader: its steps, its state, and the facts that it finds."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from lib_rpg.planner.language.dialect import TAGS, dialect_of
from lib_rpg.planner.language.prompt_tokens import tokenise
from lib_rpg.planner.offline.grammar.orderings import X
from lib_rpg.planner.offline.grammar.positions import Place
from lib_rpg.planner.offline.reading import reader
from lib_rpg.planner.offline.reading.model import MAX_THINGS, Reading, Thing, name_of
from lib_rpg.planner.offline.reading.state import State

FOLDER = Path(reader.__file__).parent

EXAMPLES = {
    "_take_stop": "A tree on the left. To the right of the tree, a house.",
    "_take_comma": "left: a snowman, right: a campfire",
    "_take_conjunction": "a fish and a crab below a boat",
    "take_event": "a duel between a knight and a samurai",
    "take_opening": "Once upon a time a mouse met an owl",
    "take_presentation": "It should be a picture of a cat",
    "take_interior": "The inside of a submarine. A captain on the left.",
    "take_whereabouts": "A girl at a window. Outside, a fox sits in the snow",
    "take_about_owner": "A sailor stands at the rail. On his shoulder sits a parrot",
    "take_clothes_first": "Wearing a hazmat suit, a man walks",
    "take_panels": "4 panel comic, a cat wakes up, a cat eats, a cat plays, a cat sleeps",
    "take_two_looks": "a tree, one side in bloom, the other side bare",
    "take_style_of_all": "a cat on a sofa. Bright photography with vivid colors",
    "take_other": "one boxer lands a punch, the other falls back",
    "take_gap": "the man wears a black suit and the woman a red dress",
    "take_belonging": "a woman in a field. Her hair is red",
    "take_age": "a boy aged 8 and a man 30 years old",
    "take_comparison": "a dragon no bigger than a kitten sleeps",
    "take_other_half": "a face that is half human, half robot",
    "take_aside": "his dog, a collie, sits by a car",
    "take_string": "woman red dress man black suit dancing ballroom",
    "take_called": "two rival cooks, Chef Bruno stands on the left",
    "take_contact_phrase": "two samurai back to back",
    "take_piece": "a cat, best quality, from above",
    "take_existence": "a cat on the left and there is a dog on the right",
    "take_emerging": "a well on the left, and out of it climbs a frog",
    "take_weather": "a cat. It is snowing outside",
    "take_light": "a wizard and an owl. Steam and smoke fill the air",
    "take_surroundings": "a bed, the walls are blue",
    "take_person_again": "a man with a dog. He wears a hat",
    "take_brackets": "a woman (red hair, green eyes) and a dog",
    "_take_bounded": "at least two dogs",
    "_take_ordering": "from right to left, a duck, a goose and a swan",
    "take_style": "an oil painting of a ship",
    "take_half": "a river, to its left it is winter, to its right it is summer",
    "take_timeline": "timeline of a phone from left to right, 1920s, 1960s and 1990s",
    "take_series": "from left to right, a village at dawn, noon, dusk and midnight in four parts",
    "take_colours": "three doors painted red, white and blue",
    "take_member": "two circles, one red and one blue",
    "take_group_verb": "two girls, one in red, one in orange, drink tea",
    "take_predicate": "the car is red, the truck is green",
    "take_left_out_is": "two animals, the one on the left is a pony, the one on the right a donkey",
    "take_year": "two versions of a street, one in 1900 and one in 2000",
    "_take_corners": "a lantern in each corner",
    "_take_position": "red mug left, blue mug right",
    "take_scene": "several boats in a harbor",
    "_take_relation": "a cat next to a dog",
    "take_holding": "a table holding a mug, a book and a candle",
    "take_with": "a farmer with his cow",
    "take_relative": "a dog whose fur is golden",
    "take_quantifier": "a teapot next to a cup, both on a tray",
    "_skip_filler": "draw me a green frog",
    "take_negated_verb": "a driver does not notice",
    "take_infinitive": "a player jumps to dunk the ball",
    "take_acting": "a cat chasing a mouse",
    "_take_preposition": "a cat prowling along a fence",
    "take_contact_clause": "a tree it clings to and a koala",
    "_skip_pronoun": "a man and a woman in a cafe. They dance under a lamp.",
    "_take_noun": "six eggs",
}


def read(prompt: str) -> Reading:
    return reader.read(tokenise(prompt), dialect_of(prompt) == TAGS)


def texts(prompt: str) -> list[str]:
    """The scene and style."""
    return [piece.text for piece in read(prompt).shared]


def names(things: list[Thing] | tuple[Thing, ...]) -> list[str]:
    return [name_of(thing) for thing in things]


def facts(reading: Reading) -> list[tuple[str, list[str]]]:
    return [(fact.kind, names(fact.things)) for fact in reading.facts]


def said(reading: Reading) -> tuple[object, ...]:
    things = []
    for thing in reading.things:
        things.append((names(thing.each()), thing.count, [(link, name_of(t)) for link, t in thing.cellmates]))
    return things, [(fact.axis, fact.place) for fact in reading.facts], facts(reading), reading.shared


@pytest.mark.parametrize(("step", "prompt"), EXAMPLES.items(), ids=EXAMPLES)
def test_each_step_is_needed_for_its_example(step: str, prompt: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = said(read(prompt))
    monkeypatch.setattr(reader, "_STEPS", tuple(take for take in reader._STEPS if take.__name__ != step))
    assert said(read(prompt)) != whole


def test_each_step_has_an_example() -> None:
    assert [step.__name__ for step in reader._STEPS] == list(EXAMPLES)


def test_only_the_state_assigns_its_fields() -> None:
    assigned = []
    for path in sorted(FOLDER.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            stored = isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
            if stored and isinstance(node.value, ast.Name) and node.value.id == "state":
                assigned.append(f"{path.name}:{node.lineno}: state.{node.attr}")
    assert assigned == []


def test_a_relation_waits_for_its_other_side() -> None:
    state = State.start(tokenise("a cat left of a dog"))
    cat, dog = (Thing(tokenise(word), 0, 1) for word in ("cat", "dog"))
    state.add_thing(cat, 2)
    state.wait_for("left", [cat], "left of")
    assert state.is_waiting
    assert facts(state.reading) == []
    state.add_thing(dog, 6)
    state.end_relation()
    assert not state.is_waiting
    assert facts(state.reading) == [("before", ["cat", "dog"])]
    assert state.last is dog
    assert state.subjects == [cat]


def test_a_relation_without_another_side_is_dropped() -> None:
    state = State.start([])
    state.wait_for("left", [Thing(tokenise("cat"), 0, 1)], "left of")
    state.drop_empty_relation()
    assert not state.is_waiting


def test_between_wants_two() -> None:
    reading = read("a vase between a lamp and a clock")
    assert facts(reading) == [("between", ["a vase", "a lamp", "a clock"])]


def test_a_position_in_front_is_that_of_what_follows() -> None:
    state = State.start(tokenise("a cat and a dog"))
    state.expect_at(Place(0, -1, None))
    cat, dog = (Thing(tokenise(word), 0, 1) for word in ("cat", "dog"))
    state.add_thing(cat, 2)
    state.begin_item("and")
    state.add_thing(dog, 5)
    assert [(f.kind, f.axis, f.place, f.things) for f in state.reading.facts] == [
        ("at", X, -1, (cat,)),
        ("at", X, -1, (dog,)),
    ]
    state.begin_clause()
    assert not state.is_waiting
    assert state.current_list == state.subjects == []


def test_scene_and_style_within_brackets_stay_one_piece() -> None:
    assert texts("a cat, (park, sunset:1.2)") == ["(park, sunset:1.2)"]
    assert texts("a cat, park, sunset") == ["park", "sunset"]
    assert texts("an oil painting, a cat in a park")[-1] == "in a park"


def test_things_beyond_the_limit_are_noted_once() -> None:
    reading = read(", ".join(["a cat"] * (MAX_THINGS + 5)))
    assert len(reading.things) == MAX_THINGS
    assert len(reading.notes) == 1


def test_members_are_distinguished() -> None:
    reading = read("two cats, one black on the left, the other white")
    assert names(reading.things[0].members) == ["a black cat", "a white cat"]
    assert facts(reading) == [("at", ["a black cat"])]


def test_what_sums_up_the_rest_is_left_out() -> None:
    assert names(read("two people, one man and one woman, hold hands").things) == [
        "a man holding hands",
        "a woman holding hands",
    ]
