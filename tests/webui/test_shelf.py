"""The handlers of the preset buttons: what is saved comes back, words stay, and nothing raises."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan, Region
from lib_rpg.presets import Preset, PresetStore
from lib_rpg.webui.document import Document
from lib_rpg.webui.options import Defaults
from lib_rpg.webui.panel.calls import Calls
from lib_rpg.webui.panel.layouts import laid_out
from lib_rpg.webui.panel.shelf import FORGE_COUPLE, RAG, REGIONAL_PROMPTER, Shelf

KEEP = None
CAT, DOG, BIRD = Region("a cat"), Region("a dog", negative_prompt="wolf"), Region("a bird")
PLAN = Plan(base_prompt="a room", base_ratio=0.25, split_ratio="1,2", regions=(CAT, DOG), feather=0.1)
STATE = json.dumps({"plan": PLAN.to_dict()})


def context(prompt: str = "", width: int = 640, height: int = 512) -> str:
    return json.dumps({"prompt": prompt, "width": width, "height": height})


class Presets:
    """The shelf as the page's script has it: the values of an answer, its sentence and its level, KEEP in an error."""

    def __init__(self, store: PresetStore) -> None:
        self._store = store
        self._calls = Calls(Shelf(Defaults, lambda: store).answers())

    def call(self, handler: str, /, *keys: str, **data: Any) -> tuple:
        answer = json.loads(self._calls.answer(json.dumps({"id": 1, "name": f"shelf.{handler}", "data": data})))
        if "error" in answer:
            return (*[KEEP] * len(keys), answer["error"], "error")
        made = answer["result"]
        return (
            *[self._store.names() if key == "names" else made[key] for key in keys],
            made["sentence"],
            made["level"],
        )

    def names(self) -> tuple:
        return self.call("list", "names")

    def save(self, state: str, context: str, name: Any, words: bool, replace: bool) -> tuple:
        data = {"name": name, "words": words, "replace": replace, "state": state, "context": context}
        return self.call("save", "names", **data)

    def load(self, name: Any, state: str, words: bool, context: str = context()) -> tuple:
        data = {"kind": "preset", "name": name, "words": words, "state": state, "context": context}
        document, width, height, said, level = self.call("take", "document", "width", "height", **data)
        return document, {"width": width, "height": height} if width else KEEP, said, level

    def rename(self, name: Any, new_name: Any) -> tuple:
        return self.call("rename", "names", name=name, new_name=new_name)

    def delete(self, name: Any) -> tuple:
        return self.call("delete", "names", name=name)

    def export(self, name: Any) -> tuple:
        return self.call("export", "text", "file", name=name)

    def take_in(self, text: str) -> tuple:
        return self.call("add", "names", text=text)

    def as_text(self, state: str, context: str, tool: str) -> tuple:
        return self.call("text", "text", tool=tool, state=state, context=context)


@pytest.fixture
def store(tmp_path: Path) -> PresetStore:
    return PresetStore(tmp_path / "presets")


@pytest.fixture
def presets(store: PresetStore) -> Presets:
    return Presets(store)


def grid(ratio: str, count: int, **fields: Any) -> Plan:
    return Plan(split_ratio=ratio, regions=tuple(Region("_") for _ in range(count)), **fields)


def result(document: dict) -> Plan:
    plan = Document.read(document, Defaults()).result()
    assert plan is not None
    return plan


def test_what_is_saved_is_loaded_with_its_size(presets: Presets) -> None:
    names, said, level = presets.save(STATE, context(), "mine", True, False)
    assert (names, said, level) == (["mine"], "'mine' is saved with its words.", "ok")
    document, size, said, level = presets.load("mine", "", True)
    assert result(json.loads(document or "")) == PLAN
    assert (size, said, level) == ({"width": 640, "height": 512}, "'mine': 2 regions.", "ok")


def test_what_is_typed_over_the_plan_is_saved(presets: Presets, store: PresetStore) -> None:
    typed = {
        "plan": PLAN.to_dict(),
        "regional_prompt": "a lion BREAK a dog",
        "base_ratio": 0.5,
        "base_ratios": "0.1, 0.4",
    }
    presets.save(json.dumps(typed), context(), "mine", True, False)
    plan = store.load("mine").plan
    assert plan.regions[0].prompt == "a lion" and [region.base_ratio for region in plan.regions] == [0.1, 0.4]


def take_settings(presets: Presets, name: str, state: str) -> tuple:
    data = {"kind": "settings", "name": name, "words": True, "state": state, "context": context()}
    return presets.call("take", "document", "width", **data)


def test_settings_are_laid_over_what_there_is(presets: Presets) -> None:
    document, width, said, level = take_settings(presets, "LMD standard", STATE)
    made = result(json.loads(document))
    assert made == replace(PLAN, binding="auto", bound_steps=0.5, guidance="lmd")
    assert (width, level) == (None, "ok") and said.startswith("LMD standard: Objects are drawn by themselves")
    again, *_ = take_settings(presets, "LMD fastest", document)
    assert result(json.loads(again)) == replace(PLAN, bound_steps=0.5, guidance="bias")


def test_settings_are_there_before_a_plan_is(presets: Presets) -> None:
    document, *_ = take_settings(presets, "LMD fastest", "")
    assert Document.read(json.loads(document), Defaults()).overrides["guidance"] == "bias"


def test_settings_that_are_none_are_a_sentence(presets: Presets) -> None:
    document, _, said, level = take_settings(presets, "LMD", STATE)
    assert (document, said, level) == (KEEP, "there are no settings 'LMD'; take one of the list", "error")


def test_a_plan_that_generate_would_make_is_saved(presets: Presets, store: PresetStore) -> None:
    assert presets.save("", context("a cat left of a dog"), "mine", True, False)[2] == "ok"
    plan = store.load("mine").plan
    assert len(plan.regions) == 2 and "cat" in plan.base_prompt


def test_a_base_prompt_that_follows_the_tab_is_saved_and_follows_again(presets: Presets, store: PresetStore) -> None:
    state = json.dumps({"plan": replace(PLAN, base_prompt="").to_dict()})
    presets.save(state, context("a cat and a dog"), "mine", True, False)
    assert store.load("mine").plan.base_prompt == "a cat and a dog"
    same, *_ = presets.load("mine", "", True, context("a cat and a dog"))
    assert json.loads(same or "")["plan"]["base_prompt"] == ""
    other, *_ = presets.load("mine", "", True, context("a horse"))
    assert json.loads(other or "")["plan"]["base_prompt"] == "a cat and a dog"


@pytest.mark.parametrize("state", ["", "{}", json.dumps({"planner": "openai"})])
def test_where_no_regions_are_there_is_nothing_to_save(presets: Presets, state: str) -> None:
    prompt = "a cat left of a dog" if "openai" in state else ""
    names, said, level = presets.save(state, context(prompt), "mine", True, False)
    assert (names, level) == (KEEP, "error") and said.startswith("There are no regions yet")


def test_saving_over_a_name_asks_first(presets: Presets) -> None:
    presets.save(STATE, context(), "mine", True, False)
    answer = presets.save(STATE, context(), "mine", False, False)
    assert answer == (["mine"], "There is a preset 'mine' already.", "note")
    assert presets.load("mine", "", True)[2] == "'mine': 2 regions."
    assert presets.save(STATE, context(), "mine", False, True)[1:] == ("'mine' is saved as a layout.", "ok")


def test_loading_a_whole_plan_keeps_how_to_plan(presets: Presets) -> None:
    presets.save(STATE, context(), "mine", True, False)
    state = json.dumps({"method": "lmd", "base_ratio": 0.9, "regional_prompt": "x BREAK y", "split_ratio": "1,1"})
    document = json.loads(presets.load("mine", state, True)[0] or "")
    assert document.keys() == {"plan", "method"} and result(document) == PLAN


WORDED = {"plan": PLAN.to_dict()}
TYPED = {"regional_prompt": "a cat BREAK a dog", "split_ratio": "1,1", "base_prompt": "a room", "base_ratio": 0.7}


@pytest.mark.parametrize("document", [WORDED, TYPED, {**WORDED, "regional_prompt": "a cat ADDCOL a dog"}])
def test_a_layout_takes_the_words_that_are_there(document: dict) -> None:
    made, said = laid_out(document, grid("1;3", 2, base_ratio=0.4))
    plan = result(made)
    assert [region.prompt for region in plan.regions] == ["a cat", "a dog"] and said == ""
    assert (plan.split_ratio, plan.base_ratio, plan.feather, plan.base_prompt) == ("1;3", 0.4, 0, "a room")
    assert "regional_prompt" not in made


def test_a_layout_of_boxes_brings_boxes_weights_and_times() -> None:
    boxes = (Region("_", box=(0, 0, 0.6, 1), weight=2.0, start=0.1), Region("_", box=(0.3, 0, 0.7, 1), base_ratio=0.5))
    made, _ = laid_out({**WORDED, "base_ratios": "0.1, 0.2"}, Plan(layout="boxes", regions=boxes))
    plan = result(made)
    assert [region.box for region in plan.regions] == [(0, 0, 0.6, 1), (0.3, 0, 0.7, 1)]
    assert (plan.regions[0].weight, plan.regions[0].start, plan.regions[1].base_ratio) == (2, 0.1, 0.5)
    assert plan.regions[1].negative_prompt == "wolf"


@pytest.mark.parametrize(
    "document",
    [
        {**WORDED, "regional_prompt": "a cat BREAK a dog BREAK a bird"},
        {"plan": replace(PLAN, split_ratio="1,1,1", regions=(CAT, DOG, BIRD)).to_dict()},
    ],
)
@pytest.mark.parametrize("layout", [grid("1,3", 2), Plan(layout="boxes", regions=(CAT, DOG))])
def test_words_without_a_region_stay_typed_and_are_told(document: dict, layout: Plan) -> None:
    made, said = laid_out(document, layout)
    assert made["regional_prompt"] == "a cat BREAK\na dog BREAK\na bird"
    assert said.startswith("Your last 1 part is without a region and stayed in the regional prompt")
    with pytest.raises(RpgError):
        result(made)
    back, said = laid_out(made, grid("1,1,2", 3))
    assert [region.prompt for region in result(back).regions] == ["a cat", "a dog", "a bird"] and said == ""


@pytest.mark.parametrize("layout", [grid("1,1,1", 3), Plan(layout="boxes", regions=(CAT, DOG, BIRD))])
@pytest.mark.parametrize(
    ("document", "words"),
    [(WORDED, 2), ({}, 0), ({"regional_prompt": "a cat"}, 1), ({"regional_prompt": "a cat BREAK a dog BREAK"}, 2)],
)
def test_regions_without_words_are_told_and_left_to_the_base_prompt(layout: Plan, document: dict, words: int) -> None:
    made, said = laid_out(document, layout)
    blank = 3 - words
    have, are = ("has", "it is") if blank == 1 else ("have", "they are")
    assert said == f"{blank} region{'s' * (blank > 1)} {have} no words yet: {are} left to the base prompt."
    assert [region.acts for region in result(made).regions] == [True] * words + [False] * blank
    filled = {**made, "regional_prompt": "a cat BREAK a dog BREAK a bird"}
    assert [region.box for region in result(filled).regions] == [region.box for region in layout.regions]
    _, said = laid_out(made, grid("1,2", 2) if words else layout)
    assert ("no words" in said) == (words < 2)


def test_a_base_prompt_in_the_text_and_words_that_are_no_prompt_yet_stay() -> None:
    text = "a room ADDBASE a cat AND a lion BREAK a dog"
    made, _ = laid_out({"regional_prompt": text, "split_ratio": "1,1"}, grid("1;1", 2))
    assert made["regional_prompt"].split() == text.split()
    common = {"regional_prompt": "night ADDCOMM a cat BREAK a dog", "split_ratio": "1,1"}
    assert [region.prompt for region in result(laid_out(common, grid("1;1", 2))[0]).regions] == [
        "night, a cat",
        "night, a dog",
    ]


def test_a_retyped_region_keeps_its_controlnet_units_and_its_negative_prompt() -> None:
    old = replace(PLAN, regions=(CAT, replace(DOG, control=(1,), name="dog")))
    made, _ = laid_out({"plan": old.to_dict(), "regional_prompt": "a cat BREAK a wolfhound"}, grid("1;1", 2))
    region = result(made).regions[1]
    assert (region.prompt, region.control, region.negative_prompt, region.name) == ("a wolfhound", (1,), "wolf", "")


COMMENTED = {"regional_prompt": "a cat # no BREAK here\n BREAK a dog # ADDBASE", "split_ratio": "1,1"}


def test_a_keyword_in_a_comment_parts_nothing_and_a_comment_takes_no_keyword() -> None:
    for count, words in ((2, ["a cat", "a dog"]), (3, None), (1, None)):
        made, _ = laid_out(COMMENTED, grid(",".join("1" * count), count))
        assert "# no break here" in json.dumps(made) and "# addbase" in json.dumps(made)
        back, _ = laid_out(made, grid("1;1", 2))
        assert [region.prompt for region in result(back).regions] == ["a cat", "a dog"]
        if words:
            assert [region.prompt for region in result(made).regions] == words
    negative = {**WORDED, "negative_prompt": "red # BREAK\n BREAK blue # x"}
    made, _ = laid_out(negative, grid("1,1,1", 3))
    made["regional_prompt"] = "a BREAK b BREAK c"
    assert [region.negative_prompt for region in result(made).regions] == ["red", "blue", ""]


def test_where_no_comments_are_a_number_sign_is_a_word() -> None:
    made, _ = laid_out({"regional_prompt": "house #1 BREAK house #2", "split_ratio": "1,1"}, grid("1;1", 2), False)
    assert [region["prompt"] for region in made["plan"]["regions"]] == ["house #1", "house #2"]


NEGATIVES = [
    ("blurry", 3, "blurry"),
    ("blurry ADDCOMM red BREAK blue", 2, "blurry ADDCOMM red BREAK blue"),
    ("blurry ADDCOMM red BREAK blue", 3, "blurry ADDCOMM red BREAK blue BREAK"),
    ("red BREAK blue", 3, "red BREAK blue BREAK"),
    ("red BREAK blue", 1, "red BREAK blue"),
    (None, 2, None),
    (None, 3, None),
    (None, 1, "ADDCOMM  BREAK wolf"),
]


@pytest.mark.parametrize(("typed", "count", "expected"), NEGATIVES)
def test_no_negative_prompt_is_lost(typed: str | None, count: int, expected: str | None) -> None:
    document = {**WORDED, **({} if typed is None else {"negative_prompt": typed})}
    made, _ = laid_out(document, grid(",".join("1" * count), count))
    said = made.get("negative_prompt")
    assert (said and said.split()) == (expected and expected.split())


def test_comments_other_options_and_the_prompt_to_plan_stay() -> None:
    document = {**TYPED, "prompt": "a cat and a dog", "planner": "offline", "lora": "unet", "unread": "was unreadable"}
    made, _ = laid_out(document, grid("1;1", 2))
    assert {key: made[key] for key in ("prompt", "planner", "lora", "base_prompt")} == {
        "prompt": "a cat and a dog",
        "planner": "offline",
        "lora": "unet",
        "base_prompt": "a room",
    }
    assert made.keys().isdisjoint(("unread", "split_ratio", "base_ratio"))


def test_a_preset_with_words_gives_its_layout_alone_where_asked(presets: Presets) -> None:
    presets.save(STATE, context(), "mine", True, False)
    state = json.dumps({"regional_prompt": "a horse BREAK a cow", "split_ratio": "1,1"})
    document, _, _, level = presets.load("mine", state, False)
    plan = result(json.loads(document or ""))
    assert [region.prompt for region in plan.regions] == ["a horse", "a cow"]
    assert (plan.split_ratio, plan.base_prompt, level) == ("1,2", "", "ok")


def test_a_layout_without_a_size_leaves_the_size(presets: Presets, store: PresetStore) -> None:
    store.save(Preset("rp", grid("1,1", 2), words=False))
    document, size, said, level = presets.load("rp", "", True)
    assert document and size is KEEP and level == "note" and "2 regions have no words yet" in said


def test_renaming_deleting_and_names(presets: Presets, store: PresetStore) -> None:
    presets.save(STATE, context(), "a", True, False)
    assert presets.rename("a", "b") == (["b"], "'a' is now 'b'.", "ok")
    assert presets.rename("a", "c")[0] is KEEP and presets.rename("a", "c")[2] == "error"
    (store.folder / "broken.json").write_text("{")
    names, said, level = presets.names()
    assert (names, level) == (["b"], "note") and said.startswith("Not read: broken.json: ")
    assert presets.delete("b") == ([], "'b' is deleted.", "ok")
    assert presets.delete("broken.json")[2] == "ok" and presets.names() == ([], "", "ok")
    assert presets.delete("b")[0] is KEEP


def test_an_export_is_taken_in_again(presets: Presets) -> None:
    presets.save(STATE, context(), "../mine", True, False)
    text, file, _, level = presets.export("../mine")
    assert level == "ok" and file and "/" not in file
    assert presets.take_in(text)[2] == "error"
    presets.delete("../mine")
    assert presets.take_in(text) == (["../mine"], "1 preset stored.", "ok")


def test_a_file_with_several_presets_is_taken_in_and_what_is_left_out_is_told(presets: Presets) -> None:
    items = [{"name": f"p{i}", "mode": "Columns", "ratios": "1,1"} for i in range(3)]
    broken = [{"name": f"m{i}", "mode": "Mask"} for i in range(5)]
    names, said, level = presets.take_in(json.dumps(items + broken))
    assert names == ["p0", "p1", "p2"] and level == "note"
    assert said.startswith("3 presets stored. Left out: ") and "and 2 more" in said


@pytest.mark.parametrize("text", ["", "\xff", "{", "[]", "[" * 99_999, '{"a": 1}', " " * 9_000_000])
def test_a_file_that_is_none_is_a_sentence(presets: Presets, text: str) -> None:
    names, said, level = presets.take_in(text)
    assert (names, level) == (KEEP, "error") and "failed" not in said and "\n" not in said


def test_the_examples_are_behind_the_presets_and_fill_the_panel(presets: Presets) -> None:
    presets.save(STATE, context(), "zoo", True, False)
    stored, _, _ = presets.call("list", "stored")
    assert (stored[0]["kind"], stored[0]["name"], len(stored[0]["boxes"])) == ("preset", "zoo", 2)
    assert {each["kind"] for each in stored[1:]} == {"settings", "example"} and len(stored) > 10
    data = {"kind": "example", "name": "Four seasons", "state": json.dumps({"method": "lmd"}), "context": context()}
    document, width, height, _, level = presets.call("take", "document", "width", "height", words=True, **data)
    made = json.loads(document)
    assert (width, height, level, made["method"]) == (2048, 1024, "ok", "lmd") and len(
        result({"plan": made["plan"]}).regions
    ) == 4
    assert presets.call("take", "document", words=True, **{**data, "name": "gone"})[1:] == (
        presets.call("take", words=True, **{**data, "name": "gone"})[0],
        "error",
    )


def test_a_plan_is_copied_as_text_of_other_tools(presets: Presets) -> None:
    text, said, level = presets.as_text(STATE, context(), REGIONAL_PROMPTER)
    assert text == "a room ADDBASE a cat BREAK a dog" and level == "note"
    assert "Columns, Divide Ratio 1,2, Use base prompt on, Base Ratio 0.25" in said and "feather" in said
    text, said, _ = presets.as_text(STATE, context(), FORGE_COUPLE)
    assert text == "a room\na cat\na dog" and "Advanced, mapping [[" in said
    text, said, level = presets.as_text(STATE, context(), RAG)
    assert json.loads(text)["SR_prompt"] == "a cat BREAK a dog" and "an entry of its gallery" in said
    assert level == "note" and "RAG has no feather: left out" in said
    boxes = json.dumps({"plan": Plan(layout="boxes", regions=(CAT,)).to_dict()})
    text, said, level = presets.as_text(boxes, context(), REGIONAL_PROMPTER)
    assert (text, level) == (KEEP, "error") and "copy it as Forge Couple text" in said


def test_the_tabs_prompt_is_the_base_of_a_copied_plan_without_one(presets: Presets) -> None:
    state = json.dumps({"plan": replace(PLAN, base_prompt="").to_dict()})
    assert presets.as_text(state, context("a park"), REGIONAL_PROMPTER)[0] == "a park ADDBASE a cat BREAK a dog"


@pytest.mark.parametrize("name", ["", "\0", "x" * 101, None, ["a"], "a\ud800"])
def test_a_name_that_is_none_is_refused_where_a_plan_is_saved(presets: Presets, name: Any) -> None:
    for said, level in (presets.save(STATE, context(), name, True, True)[1:], presets.load(name, STATE, True)[2:]):
        assert level == "error" and said.startswith("name: ")


@pytest.mark.parametrize("name", ["", "\0", "gone", "x" * 101, None, ["a"], "../../etc/passwd"])
@pytest.mark.parametrize("state", ["", "{", "[]", '{"plan": 3}', '{"plan": {}}', "[" * 99_999])
def test_nothing_that_is_sent_raises(presets: Presets, name: Any, state: str) -> None:
    for answer in (
        presets.save(state, context(), name, True, False),
        presets.load(name, state, True),
        presets.rename(name, "b"),
        presets.rename("gone", name),
        presets.delete(name),
        presets.export(name),
    ):
        *values, said, level = answer
        assert values == [KEEP] * len(values) and level == "error"
        assert said and "\n" not in said and "failed" not in said
