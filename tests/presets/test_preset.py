"""A preset's document, its name, and a layout that takes other words."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib_rpg.errors import RpgError
from lib_rpg.plan import Entity, Plan, Region
from lib_rpg.presets import NO_WORDS, Preset, layout_of, with_words_of
from tests.tables import for_each

MASK = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAADklEQVR4nGP4z8DwHwQBEPgD/U6VwW8AAAAASUVORK5CYII="
REGIONS = (
    Region(
        "a cat, tabby",
        name="left",
        negative_prompt="dog",
        box=(0, 0, 0.5, 1),
        base_ratio=0.1,
        weight=2.0,
        entities=(Entity("cat"),),
        start=0.2,
        end=0.8,
        mask=MASK,
        control=(1,),
    ),
    Region("a dog", box=(0.4, 0, 0.6, 1)),
)
PLAN = Plan(
    prompt="a cat and a dog",
    base_prompt="a room",
    base_ratio=0.25,
    negative_prompt="blurry",
    layout="boxes",
    regions=REGIONS,
    feather=0.1,
    lora="unet",
)
CANVAS = {"width": 1024, "height": 512}


def test_a_preset_with_words_is_the_whole_plan_again() -> None:
    preset = Preset("mine", PLAN, **CANVAS)
    assert Preset.from_json(preset.to_json()) == preset
    assert json.loads(preset.to_json())["plan"] == PLAN.to_dict()


def test_a_layout_has_places_and_numbers_and_not_one_word() -> None:
    preset = Preset("mine", PLAN, **CANVAS, words=False)
    text = preset.to_json()
    assert not any(word in text for word in ("cat", "dog", "room", "blurry", "left"))
    layout = preset.plan
    assert (layout.base_ratio, layout.feather, layout.layout, layout.lora) == (0.25, 0.1, "boxes", "text")
    first = layout.regions[0]
    assert (first.box, first.mask, first.base_ratio, first.weight) == ((0, 0, 0.5, 1), MASK, 0.1, 2.0)
    assert (first.start, first.end, first.control, first.prompt) == (0.2, 0.8, (), NO_WORDS)
    assert Preset.from_json(text) == preset


def test_words_that_were_written_into_the_file_of_a_layout_do_not_count() -> None:
    document = {**Preset("mine", PLAN).to_dict(), "words": False}
    assert Preset.from_dict(document).plan == layout_of(PLAN)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_layout_takes_the_words_of_another_plan_in_order(count: int) -> None:
    grid = Plan(split_ratio=",".join("1" * count), regions=tuple(Region("x") for _ in range(count)), base_ratio=0.4)
    made = with_words_of(layout_of(grid), PLAN)
    words = [region.prompt for region in made.regions]
    assert words == ["a cat, tabby", "a dog", NO_WORDS][:count]
    assert (made.layout, made.base_ratio, made.feather, made.regions[0].mask) == ("grid", 0.4, 0.0, "")
    assert (made.base_prompt, made.lora, made.regions[0].negative_prompt) == ("a room", "unet", "dog")
    assert made.regions[0].control == (1,) and made.regions[0].weight == 1.0


GOOD_NAMES = {
    "two halves": "two halves",
    " two \n halves ": "two halves",
    "../../x": "../../x",
    "CON": "CON",
    "a/b\\c": "a/b\\c",
    "🐈‍⬛ 猫": "🐈‍⬛ 猫",
    "e\u0301": "\u00e9",
    "x" * 100: "x" * 100,
    ".": ".",
    "a.": "a.",
    "%2e%2e%2f": "%2e%2e%2f",
}


@for_each(GOOD_NAMES.items(), name=repr)
def test_a_name_is_any_text_on_one_line(row: tuple[str, str]) -> None:
    assert Preset(row[0], PLAN).name == row[1]


BAD_NAMES = ["", "  \n", "x" * 101, "a\0b", "a\ud800b", "a\x1b[31mb", 7, None, ["a"]]


@for_each(BAD_NAMES, name=repr)
def test_what_is_no_name_is_refused_in_a_sentence(name: object) -> None:
    with pytest.raises(RpgError, match=r"^name: [^\n]+; "):
        Preset(name, PLAN)  # type: ignore[arg-type]


FAULTS = [
    ({"version": 2, "shape": "of the future"}, "version: the preset has version 2"),
    ({"version": 0}, "version: 0 is out of range"),
    ({"version": True}, "version: "),
    ({"version": "1"}, "version: '1' is not a whole number"),
    ({"name": None}, "name: null is not a text|name: None is not a text"),
    ({"words": 1}, "words: 1 is not true or false"),
    ({"width": None}, "width: it is given without the height"),
    ({"height": 7}, "height: 7 is out of range"),
    ({"width": 10**9}, "width: 1000000000 is out of range"),
    ({"plan": []}, "plan: a list is not an object"),
    ({"plan": {}}, r"plan\.regions: the plan has no region"),
    ({"plan": {**PLAN.to_dict(), "version": 9}}, r"plan\.version: the plan has version 9"),
    ({"plans": 1}, "the key 'plans' is unknown; did you mean 'plan'"),
]


@for_each(FAULTS, name=str)
def test_a_fault_is_named_with_its_place(row: tuple[dict, str]) -> None:
    document = {**Preset("mine", PLAN, **CANVAS).to_dict(), **row[0]}
    with pytest.raises(RpgError, match=f"^(?:{row[1]})"):
        Preset.from_dict(document)


@pytest.mark.parametrize("document", [{}, {"name": "a"}, {"plan": {}}, [], "x", None, 3])
def test_what_is_no_preset_is_refused(document: object) -> None:
    with pytest.raises(RpgError, match=r"^[^\n]+; [^\n]+$"):
        Preset.from_dict(document)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "plan", "version", "width", "words", "regions", "x"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_a_preset_or_a_sentence(document: object) -> None:
    try:
        preset = Preset.from_dict(document)
    except RpgError as error:
        assert "\n" not in str(error)
    else:
        assert Preset.from_json(preset.to_json()) == preset
