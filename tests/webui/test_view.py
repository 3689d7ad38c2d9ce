"""What the panel's view says of regions beside the plan itself: how long their prompts are."""

from __future__ import annotations

import dataclasses
import json

import pytest
from torch import nn

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.plan import Entity, ObjectBinding, Plan, Region
from lib_rpg.webui.host.automatic1111 import Automatic1111
from lib_rpg.webui.options import Defaults
from lib_rpg.webui.panel.view import check_document


class Encoder(nn.Module):
    """Counts words as tokens, and how often it was asked; a stand-in for the text encoder of a checkpoint."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def process_texts(self, texts: list[str]) -> tuple[list[object], int]:
        self.asked += texts
        return [], max(len(text.split()) for text in texts)

    def get_target_prompt_token_count(self, count: int) -> int:
        return 75


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> Encoder:
    from modules.sd_hijack import model_hijack

    made = Encoder()
    monkeypatch.setattr(model_hijack, "clip", made)
    return made


def view(document: dict) -> dict:
    context = json.dumps({"prompt": "", "width": 512, "height": 512})
    return json.loads(check_document(json.dumps(document), context, Defaults()))


def tokens(document: dict) -> list[int] | None:
    return view(document)["tokens"]


PLAN = Plan(split_ratio="1,1", regions=(Region("a red cat"), Region("a dog")))


def test_the_view_has_the_tokens_of_each_region(encoder: Encoder) -> None:
    assert tokens({"plan": PLAN.to_dict()}) == [3, 2]


def test_a_text_is_counted_once(encoder: Encoder) -> None:
    tokens({"plan": PLAN.to_dict()})
    asked = len(encoder.asked)
    tokens({"plan": PLAN.to_dict(), "regional_prompt": "a red cat BREAK a dog, sitting"})
    assert encoder.asked[asked:] == ["a dog, sitting"]


def test_regions_without_a_plan_are_counted_too(encoder: Encoder) -> None:
    assert tokens({"split_ratio": "1,1", "regional_prompt": "a red cat BREAK "})[0] == 3


def test_nothing_is_counted_without_regions(encoder: Encoder) -> None:
    assert tokens({}) is None


def test_no_model_is_loaded_to_count(monkeypatch: pytest.MonkeyPatch) -> None:
    from modules import shared
    from modules.sd_hijack import model_hijack

    monkeypatch.setattr(model_hijack, "clip", None)
    monkeypatch.setattr(shared, "sd_model", None, raising=False)
    assert tokens({"plan": PLAN.to_dict()}) is None


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a cat <lora:ink:0.8>", 2),
        ("<lora:ink:0.8><hypernet:x:1>", 0),
        ("a [cat:very large black dog:0.5]", 5),
        ("a [cat:dog", 2),
        ("", 0),
    ],
)
def test_the_longest_step_counts_and_tags_are_no_words(encoder: Encoder, text: str, count: int) -> None:
    assert Automatic1111().token_count(text) == count


def test_what_one_encoder_counted_is_not_the_next_ones(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    from modules.sd_hijack import model_hijack

    host = Automatic1111()
    assert host.token_count("a cat") == 2
    other = Encoder()
    other.process_texts = lambda texts: ([], 7)
    monkeypatch.setattr(model_hijack, "clip", other)
    assert host.token_count("a cat") == 7


def test_texts_that_are_kept_do_not_grow_without_end(encoder: Encoder) -> None:
    host = Automatic1111()
    for number in range(2100):
        host.token_count(f"a {number}")
    asked = len(encoder.asked)
    host.token_count("a 2099")
    host.token_count("a 0")
    assert encoder.asked[asked:] == ["a 0"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "2 regions."),
        ({"binding": "auto"}, "2 regions. 2 objects will be bound."),
        ({"binding": "auto", "bound_strength": 0.0}, "2 regions."),
        ({"binding": "auto", "regional_prompt": "a red cat BREAK a blue ball"}, "2 regions. 2 objects will be bound."),
    ],
)
def test_the_message_says_how_many_objects_will_be_bound(changes: dict, sentence: str) -> None:
    assert view({"plan": PLAN.to_dict(), **changes})["message"] == sentence


def test_the_objects_of_a_region_are_counted_in_its_place() -> None:
    cats = Region("two cats", entities=tuple(Entity("cat", box=(x, 0.1, 0.2, 0.2)) for x in (0.0, 0.25)))
    plan = Plan(
        split_ratio="1,1", regions=(cats, Region("a dog", entities=(Entity("dog"),), muted=True)), binding="auto"
    )
    assert "2 objects will be bound." in view({"plan": plan.to_dict()})["message"]
    one = dataclasses.replace(plan, regions=(cats, Region("a dog", binding=ObjectBinding(mode="off"))), binding="off")
    assert "bound" not in view({"plan": one.to_dict()})["message"]
