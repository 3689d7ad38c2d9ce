"""The chat that a model is sent: templates, worked examples that obey their own rules, the user's own files."""

from __future__ import annotations

import copy
import json
import os
import re
from itertools import combinations
from pathlib import Path

import jsonschema
import pytest

from lib_rpg.errors import RpgError
from lib_rpg.planner import PlannerConfig, plan
from lib_rpg.planner.language.dialect import dialect_of
from lib_rpg.planner.llm.answer_schema import answer_schema
from lib_rpg.planner.llm.answers import parse_answer
from lib_rpg.planner.llm.examples import choose_examples, example_answer, read_examples
from lib_rpg.planner.llm.prompt import as_text, messages_for, shape_of
from lib_rpg.planner.llm.template_files import TEMPLATES, example_sets
from lib_rpg.planner.request import METHODS, PlanRequest

EXAMPLES = [(name, index) for name in example_sets() for index in range(len(read_examples(name)))]


def example_of(name: str, index: int) -> dict:
    return read_examples(name)[index]


@pytest.mark.parametrize(("name", "index"), EXAMPLES)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("recaption", [True, False])
def test_an_example_is_a_valid_answer_of_its_method(name: str, index: int, method: str, recaption: bool) -> None:
    example = example_of(name, index)
    answer = example_answer(example, method, recaption)
    jsonschema.validate(answer, answer_schema(method))
    request = PlanRequest(example["prompt"], example["width"], example["height"], method)
    plan = parse_answer(json.dumps(answer), request)
    assert plan.source.notes == ()
    assert plan.layout == ("boxes" if method == "lmd" else "grid")
    assert plan.base_prompt == example["base_prompt"]
    assert plan.negative_prompt == example["negative_prompt"]
    objects = [entity for region in plan.regions for entity in region.entities]
    assert plan.binding == ("auto" if method == "rag" else "off")
    assert all(bool(entity.prompt) == (method == "rag") for entity in objects)
    assert all(len(entity.prompt.split()) <= 20 for entity in objects)


@pytest.mark.parametrize(("name", "index"), EXAMPLES)
def test_an_example_obeys_the_rules(name: str, index: int) -> None:
    example = example_of(name, index)
    plan = parse_answer(json.dumps(example_answer(example, "rag", True)), PlanRequest(example["prompt"], method="rag"))
    boxes = []
    for region in plan.regions:
        assert not re.search(r"\b(left|right|top|bottom|above|below|behind|in front)\b", region.prompt), region.prompt
        assert 4 <= len(region.prompt.split()) <= 40
        for excluded in filter(None, example["negative_prompt"].split(", ")):
            assert excluded not in region.prompt and excluded not in plan.base_prompt.replace("without a", "")
        x, y, width, height = region.box
        for entity in region.entities:
            assert entity.count == 1 and entity.box is not None
            left, top, wide, high = entity.box
            assert x < left and left + wide < x + width + 1e-9 and y < top and top + high <= y + height + 1e-9
            boxes.append((left, top, left + wide, top + high))
    for one, other in combinations(boxes, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


@pytest.mark.parametrize(("name", "index"), EXAMPLES)
def test_without_recaptioning_an_example_keeps_the_users_words(name: str, index: int) -> None:
    example = example_of(name, index)
    own = set(re.findall(r"[\w']+", example["prompt"].lower()))
    small = {"1girl", "1boy", "a", "an", "the", "in", "at", "of", "by", "with", "and", "face", "man", "s"}
    for row in example["rows"]:
        for cell in row["cells"]:
            words = set(re.findall(r"\w+", cell["plain"].lower()))
            assert {w for w in words - own - small if w.rstrip("s") not in {o.rstrip("s") for o in own}} == set()


@pytest.mark.parametrize("method", METHODS)
def test_the_chat_is_turns_that_end_with_the_caption(method: str) -> None:
    messages = messages_for(PlanRequest("  a cat left of a dog ", 832, 1216, method, examples="objects"))
    assert [m.role for m in messages] == ["system", "user", "assistant", "user", "assistant", "user"]
    assert messages[-1].text == "Caption (832 × 1216): a cat left of a dog"
    assert "832 × 1216 pixels (upright format)" in messages[0].text
    assert "{{" not in messages[0].text and "  \n" not in messages[0].text


def test_recaptioning_and_language_are_in_the_prompt() -> None:
    rich = messages_for(PlanRequest("a cat"))
    plain = messages_for(PlanRequest("a cat", recaption=False, language="English"))
    assert "Write it richly" in rich[0].text and "whatever language" not in rich[0].text
    assert "Keep the caption's own words" in plain[0].text and "in English, whatever language" in plain[0].text
    assert "cobalt" in rich[2].text and "cobalt" not in plain[2].text


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("recaption", [True, False])
@pytest.mark.parametrize("examples", ["auto", "attributes", "objects", "scene"])
def test_a_prompt_of_tags_is_asked_for_in_tags(method: str, recaption: bool, examples: str) -> None:
    prompt = "score_9, 2girls, red hair, kimono, silver hair, suit"
    system, *turns, _ = messages_for(PlanRequest(prompt, method=method, examples=examples, recaption=recaption))
    assert 'Write every "prompt" and "base_prompt" as tags' in system.text and "sentence." not in system.text
    assert ("Add three to eight tags, never prose" in system.text) is recaption
    assert ("Keep the caption's own tags" in system.text) is not recaption
    assert turns
    for caption, answer in zip(turns[::2], turns[1::2], strict=True):
        assert dialect_of(caption.text.partition(": ")[2]) == "tags"
        plan = parse_answer(answer.text, PlanRequest("x", method=method))
        assert {dialect_of(text) for text in (plan.base_prompt, *(r.prompt for r in plan.regions))} == {"tags"}


@pytest.mark.parametrize("method", METHODS)
def test_a_prompt_of_sentences_is_asked_for_in_sentences(method: str) -> None:
    asked = messages_for(PlanRequest("a girl in a red kimono and a girl in a suit", method=method))
    assert 'Write every "prompt" as a phrase or a sentence, never as a list of tags' in asked[0].text
    assert "Write it richly" in asked[0].text and "as tags" not in asked[0].text
    assert not any("1girl" in turn.text for turn in asked)


def test_the_dialect_that_is_asked_for_wins_over_the_prompts_own() -> None:
    for prompt, dialect in (("1girl, red hair, suit", "sentences"), ("a girl in a suit", "tags")):
        asked = messages_for(PlanRequest(prompt, examples="scene", dialect=dialect))
        assert ("as tags between commas" in asked[0].text) == (dialect == "tags")
        assert ("no humans" in asked[1].text) == (dialect == "tags")


@pytest.mark.parametrize(("name", "index"), EXAMPLES)
def test_an_example_is_of_the_dialect_that_it_says(name: str, index: int) -> None:
    example = example_of(name, index)
    assert example["dialect"] == dialect_of(example["prompt"])


def test_a_users_own_examples_of_another_dialect_are_better_than_none(tmp_path: Path) -> None:
    (tmp_path / "examples").mkdir()
    [first, second] = read_examples("attributes")[:2]
    file = tmp_path / "examples" / "mine.json"

    def shown(dialect: str) -> list[str]:
        turns = messages_for(PlanRequest("a cat", examples="mine", dialect=dialect), tmp_path)[1:-1:2]
        return [turn.text.partition(": ")[2] for turn in turns]

    unsaid = {key: value for key, value in second.items() if key != "dialect"}
    file.write_text(json.dumps([first, unsaid]), encoding="utf-8")
    assert shown("tags") == [second["prompt"]]
    assert shown("sentences") == [first["prompt"], second["prompt"]]
    file.write_text(json.dumps([first]), encoding="utf-8")
    assert shown("tags") == [first["prompt"]]


def test_a_request_for_objects_says_what_shares_a_box() -> None:
    said = {method: messages_for(PlanRequest("a girl hugging a dog", method=method))[0].text for method in METHODS}
    assert "are one entity with one box" in said["rag"]
    assert not any("one box" in said[method] for method in ("rpg", "lmd"))


def test_a_users_own_example_says_an_objects_words(tmp_path: Path) -> None:
    (tmp_path / "examples").mkdir()
    example = copy.deepcopy(example_of("objects", 0))
    cell = example["rows"][0]["cells"][0]
    cell["entities"][0]["prompt"] = "a tall candle"
    cell["entities"].append({"phrase": "brass holder", "count": 1, "percent": [44, 44, 12, 5]})
    (tmp_path / "examples" / "mine.json").write_text(json.dumps([example]), encoding="utf-8")
    (read,) = read_examples("mine", tmp_path)
    first, second = example_answer(read, "rag", True)["rows"][0]["cells"][0]["entities"]
    assert (first["prompt"], second["prompt"]) == ("a tall candle", "brass holder")


def test_the_text_to_paste_holds_all_of_the_chat() -> None:
    messages = messages_for(PlanRequest("a cat", method="rag"))
    text = as_text(messages)
    assert all(message.text in text for message in messages)
    assert text.endswith("Now the caption to plan. Caption (512 × 512): a cat")
    assert "Example 2. Caption" in text


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("two girls, one in a red cheongsam, one in orange, drink tea under a landscape painting", "attributes"),
        ("an old sailor with a white beard, a blue cap and a pipe", "attributes"),
        ("a worn leather suitcase covered in colourful stickers with brass locks and a torn paper tag", "attributes"),
        ("a cat, a dog and three birds on a bench", "objects"),
        ("a red car and a blue truck", "objects"),
        ("a table with a teapot, four cups, a plate of cakes and a vase of roses", "objects"),
        ("a misty forest valley at sunrise with a river", "scene"),
        ("from left to right, spring, summer, autumn and winter in a valley", "scene"),
        ("sunset over the ocean", "scene"),
    ],
)
def test_auto_picks_examples_by_the_prompt(prompt: str, name: str) -> None:
    assert choose_examples(prompt) == name


def test_a_user_adds_a_template_and_examples(tmp_path: Path) -> None:
    (tmp_path / "examples").mkdir()
    (tmp_path / "rpg.md").write_text("Plan for {{width}} and {{unknown}}.", encoding="utf-8")
    mine = read_examples("scene")[:1]
    (tmp_path / "examples" / "mine.json").write_text(json.dumps(mine), encoding="utf-8")
    messages = messages_for(PlanRequest("a cat", 640, examples="mine"), tmp_path)
    assert messages[0].text == "Plan for 640 and {{unknown}}."
    assert len(messages) == 4
    assert example_sets(tmp_path) == ["attributes", "mine", "objects", "scene"]
    other = messages_for(PlanRequest("a cat", method="lmd", examples="mine"), tmp_path)
    assert other[0].text.startswith("You plan pictures")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[{]", "the example set mine.json is not valid JSON at line 1"),
        ("{}", "mine.json: an object is not a list"),
        ('[{"prompt": "x", "colour": 1}]', r"mine.json\[0\]: the key 'colour' is unknown"),
        ('[{"dialect": "prose"}]', r"mine.json\[0\].dialect: 'prose' is not a choice; give one of sentences, tags"),
        ('[{"prompt": 3}]', r"mine.json\[0\].prompt: 3 is not a text"),
    ],
)
def test_a_malformed_example_set_is_refused_with_its_place(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "mine.json").write_text(text, encoding="utf-8")
    with pytest.raises(RpgError, match=sentence):
        messages_for(PlanRequest("a cat", examples="mine"), tmp_path)


def test_a_box_of_an_example_has_four_sides(tmp_path: Path) -> None:
    (tmp_path / "examples").mkdir()
    example = json.loads((TEMPLATES / "examples" / "scene.json").read_text(encoding="utf-8"))
    example[0]["rows"][1]["cells"][0]["entities"][0]["percent"].pop()
    (tmp_path / "examples" / "mine.json").write_text(json.dumps(example), encoding="utf-8")
    with pytest.raises(RpgError, match=r"mine.json\[0\].rows\[1\].cells\[0\].entities\[0\].percent: 3 numbers"):
        read_examples("mine", tmp_path)


def test_an_unknown_example_set_is_refused_by_name() -> None:
    with pytest.raises(RpgError, match="examples: 'none' is not known; use auto or one of attributes, objects, scene"):
        messages_for(PlanRequest("a cat", examples="none"))


def test_a_template_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "lmd.md").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(RpgError, match=r"the template lmd.md cannot be read \(not UTF-8\)"):
        messages_for(PlanRequest("a cat", method="lmd"), tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_a_pipe_among_the_templates_is_refused_and_does_not_block(tmp_path: Path) -> None:
    (tmp_path / "examples").mkdir()
    os.mkfifo(tmp_path / "examples" / "mine.json")
    os.mkfifo(tmp_path / "rpg.md")
    assert example_sets(tmp_path) == example_sets()
    with pytest.raises(RpgError, match=r"the template rpg.md cannot be read \(it is a pipe\); name a regular file"):
        messages_for(PlanRequest("a cat"), tmp_path)


def test_a_missing_folder_of_templates_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RpgError, match=r"the folder of templates .*gone cannot be read \(No such file"):
        messages_for(PlanRequest("a cat"), tmp_path / "gone")
    assert plan(PlanRequest("a cat"), config=PlannerConfig(templates=tmp_path / "gone")).prompt == "a cat"


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
def test_links_that_lead_to_themselves_are_refused(tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to("examples")
    with pytest.raises(RpgError, match="Too many levels of symbolic links"):
        example_sets(tmp_path)


def test_many_example_sets_are_not_all_named(tmp_path: Path) -> None:
    (tmp_path / "examples").mkdir()
    for index in range(100):
        (tmp_path / "examples" / f"{'x' * 90}{index}.json").write_text("[]")
    with pytest.raises(RpgError, match=r"'none' is not known; .*, …$") as caught:
        messages_for(PlanRequest("a cat", examples="none"), tmp_path)
    assert len(str(caught.value)) < 2500


@pytest.mark.parametrize(
    ("width", "height", "words"),
    [(512, 512, "square"), (2048, 1024, "a wide panorama"), (1216, 832, "landscape format"), (8, 16, "upright format")],
)
def test_the_canvas_is_given_in_words(width: int, height: int, words: str) -> None:
    assert shape_of(width, height) == words
