"""Prompts that lay out their regions themselves, with the words of Regional Prompter."""

from __future__ import annotations

import pytest

from lib_rpg.errors import RpgError
from lib_rpg.plan import MAX_REGIONS, Plan
from lib_rpg.planner import METHODS, PLANNERS, PlanRequest, plan, read_pasted, request_text
from lib_rpg.planner.offline.typed_layout import has_typed_layout
from tests.planner.offline.compare import cells_of

ROWS = "a red circle ADDROW a blue square"
SCENE = "fantasy ADDCOMM sky ADDROW a castle ADDROW a river ADDCOL a bridge"
ALL_WORDS = "ink ADDCOMM six pets ADDBASE a cat ADDCOL two dogs and a ball BREAK a fox ADDROW the sea"


def offline(prompt: str, method: str = "rpg", size: tuple[int, int] = (1024, 1024)) -> Plan:
    return plan(PlanRequest(prompt, *size, method=method))


@pytest.mark.parametrize(
    ("prompt", "ratio", "base", "regions"),
    [
        (ROWS, "1;1", "a red circle, a blue square", ["a red circle", "a blue square"]),
        ("a red circle ADDCOL\na blue square", "1,1", "a red circle, a blue square", ["a red circle", "a blue square"]),
        (
            SCENE,
            "1;1;1,1,1",
            "fantasy, sky, a castle, a river, a bridge",
            ["fantasy, sky", "fantasy, a castle", "fantasy, a river", "fantasy, a bridge"],
        ),
        (
            "two people, oil painting ADDBASE a man ADDCOL a woman",
            "1,1",
            "two people, oil painting",
            ["a man, oil painting", "a woman, oil painting"],  # the style would be lost in the regions
        ),
        ("two people ADDBASE a man ADDCOL a woman", "1,1", "two people", ["a man", "a woman"]),
        (
            ALL_WORDS,
            "1,1,1,1;1",
            "ink, six pets",
            ["ink, a cat", "ink, two dogs and a ball", "ink, a fox", "ink, the sea"],
        ),
        ("ink ADDCOMM a cat BREAK a dog", "1,1", "ink, a cat, a dog", ["ink, a cat", "ink, a dog"]),
        ("ink ADDCOMM a cat", "1", "ink, a cat", ["ink, a cat"]),
        ("two pets ADDBASE a cat", "1", "two pets", ["a cat"]),
        ("two pets ADDBASE ink ADDCOMM a cat ADDCOL a dog", "1,1", "ink, two pets", ["ink, a cat", "ink, a dog"]),
        ("two BREAK pets ADDBASE a cat ADDROW a dog", "1;1", "two BREAK pets", ["a cat", "a dog"]),
        ("(a cat ADDCOL a dog:1.2)", "1,1", "(a cat:1.2), (a dog:1.2)", ["(a cat:1.2)", "(a dog:1.2)"]),
        ("a cat AND a ball :0.5 ADDROW a dog", "1;1", "a cat and a ball, a dog", ["a cat and a ball", "a dog"]),
        ("a cat, # ADDCOL a fox\nADDROW a dog #", "1;1", "a cat, a dog", ["a cat", "a dog"]),
    ],
)
def test_the_prompts_own_words_give_the_regions(prompt: str, ratio: str, base: str, regions: list[str]) -> None:
    made = offline(prompt)
    assert (made.split_ratio, made.base_prompt) == (ratio, base)
    assert [region.prompt for region in made.regions] == regions
    assert "no planner chose them" in made.source.notes[0]


def test_cells_stay_as_typed_on_any_canvas() -> None:
    for size in ((512, 2048), (2048, 512)):
        assert offline("a cat ADDCOL a dog ADDCOL a fox", size=size).split_ratio == "1,1,1"
        assert offline("a cat ADDROW a dog ADDROW a fox", size=size).split_ratio == "1;1;1"


def test_the_things_of_each_part_are_counted() -> None:
    made = offline("three cats and a dog ADDROW a man, hat, coat ADDCOL two balls, one red, one blue")
    found = [[(entity.phrase, entity.count) for entity in region.entities] for region in made.regions]
    assert found[0] == [("cat", 3), ("dog", 1)]
    assert found[2] == [("red ball", 1), ("blue ball", 1)]
    assert [region.name for region in made.regions][::2] == ["cat and dog", "red ball and blue ball"]
    assert made.base_ratio == 0.4 and offline(ROWS).base_ratio == 0.2


@pytest.mark.parametrize("method", ["rag", "lmd"])
def test_boxes_are_inside_the_cells(method: str) -> None:
    made = offline("two cats left of a dog ADDROW a bird ADDCOL a bowl under a lamp", method, (1024, 512))
    boxes = [(e.phrase, e.box) for region in made.regions for e in region.entities]
    assert [phrase for phrase, _ in boxes] == ["cat", "cat", "dog", "bird", "lamp", "bowl"] or len(boxes) == 6
    for phrase, (x, y, width, height) in boxes:
        assert (y + height <= 0.5) == (phrase in ("cat", "dog"))
        assert phrase not in ("bird",) or x + width <= 0.5
        assert phrase not in ("lamp", "bowl") or x >= 0.5
    [cat, dog, lamp, bowl] = [next(box for name, box in boxes if name == n) for n in ("cat", "dog", "lamp", "bowl")]
    assert cat[0] < dog[0] and lamp[1] < bowl[1]
    assert made.layout == ("boxes" if method == "lmd" else "grid")


def test_free_boxes_have_the_common_words_and_the_scene_of_their_part() -> None:
    made = offline("ink ADDCOMM a cat in a garden ADDROW a dog, snow ADDROW masterpiece", "lmd")
    cat, dog, bare = made.regions
    assert cat.prompt.startswith("a cat") and "ink" in cat.prompt and "garden" in cat.prompt
    assert dog.prompt.startswith("a dog") and "ink" in dog.prompt and "garden" not in dog.prompt
    assert offline("ink AND wash ADDCOMM a cat ADDROW a dog", "lmd").regions[0].prompt == "a cat, ink and wash"
    assert bare.prompt == "ink, masterpiece" and bare.box[1] == pytest.approx(2 / 3)


def test_what_a_part_excludes_is_its_regions_own_negative_prompt() -> None:
    made = offline("ink without colours ADDCOMM a man without a hat ADDCOL a woman in a hat")
    assert [region.prompt for region in made.regions] == ["ink, a man", "ink, a woman in a hat"]
    assert (made.negative_prompt, made.base_prompt) == ("colours", "ink, a man, a woman in a hat")
    assert [region.negative_prompt for region in made.regions] == ["a hat", ""]


@pytest.mark.parametrize("method", METHODS)
def test_the_tags_of_a_part_are_its_regions_own(method: str) -> None:
    made = offline("<lora:ink:1> ink ADDCOMM a cat, <lora:cat:1> ADDCOL a dog <hypernet:fur:1>", method)
    assert made.base_prompt == "ink, a cat, a dog <lora:ink:1> <hypernet:fur:1>"
    cat, dog = (region.prompt for region in made.regions)
    assert cat.count("<") == 1 and "<lora:cat:1>" in cat and "<" not in dog
    alone = offline("ink ADDCOMM a cat <lora:cat:1>", method)
    assert alone.base_prompt == "ink, a cat <lora:cat:1>" and "<" not in alone.regions[0].prompt


@pytest.mark.parametrize(
    ("prompt", "message"),
    [
        ("a cat ADDROW", "prompt: region 2 of 2 is empty; write it, or remove a separator"),
        ("a cat ADDROW BREAK a dog", "prompt: region 2 of 3 is empty; write it, or remove a separator"),
        ("ADDCOMM a cat", "prompt: the common prompt before ADDCOMM is empty; write it, or remove ADDCOMM"),
        (
            "a ADDROW b ADDBASE c",
            "prompt: ADDROW is before ADDBASE; the order is common ADDCOMM base ADDBASE regions",
        ),
        (
            "a ADDBASE b ADDBASE c",
            "prompt: ADDBASE is misplaced; the order is common ADDCOMM base ADDBASE regions",
        ),
        (
            " ADDROW ".join("a" * (MAX_REGIONS + 1)),
            f"prompt: its {MAX_REGIONS + 1} regions are more than {MAX_REGIONS}; join some of them",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(prompt: str, message: str) -> None:
    for method in METHODS:
        with pytest.raises(RpgError) as caught:
            offline(prompt, method)
        assert str(caught.value) == message


@pytest.mark.parametrize(
    "prompt", ["a cat BREAK a dog", 'a sign that says "ADDROW"', "[ADDCOL|cat]", "addrow", "ADDROWS", "a cat AND a dog"]
)
def test_other_prompts_lay_out_nothing(prompt: str) -> None:
    assert not has_typed_layout(prompt)
    assert "no planner chose them" not in " ".join(offline(prompt).source.notes)


def test_no_planner_is_asked_for_a_layout_that_is_typed() -> None:
    made = offline(SCENE)
    assert cells_of(made) == cells_of(plan(PlanRequest(SCENE, 1024, 1024), "paste"))
    for planner in PLANNERS:
        assert plan(PlanRequest(SCENE, 1024, 1024), planner) == made
    assert read_pasted("{}", PlanRequest(SCENE, 1024, 1024)) == made
    with pytest.raises(RpgError, match="ADDROW give the regions; plan it with any planner"):
        request_text(PlanRequest(SCENE))


def test_a_picture_is_not_looked_at() -> None:
    assert "the picture was not used" in plan(PlanRequest(ROWS, picture=b"png")).source.notes[1]


def test_more_boxes_than_a_plan_may_have_are_noted() -> None:
    made = offline(" ADDROW ".join(["twenty birds"] * 4), "lmd")
    assert len(made.regions) == MAX_REGIONS
    assert "80 boxes are more than 64" in made.source.notes[-1]
