"""Tags: what kind each is, whose it is, and the user's own kinds."""

from __future__ import annotations

from pathlib import Path

import pytest

from lib_rpg.errors import RpgError
from lib_rpg.planner import PlannerConfig, PlanRequest, plan
from lib_rpg.planner.offline.tags.tag_kinds import built_in, kinds_for, read_kinds
from tests.planner.offline.tag_cases import TAGGED, Tagged
from tests.tables import for_each


@for_each(TAGGED, lambda case: case.prompt)
def test_tags_with_stated_regions(case: Tagged) -> None:
    made = plan(PlanRequest(case.prompt, 1024, 1024))
    assert tuple(region.prompt for region in made.regions) == case.regions
    assert (made.split_ratio, made.negative_prompt) == (case.ratio, case.negative)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("best quality", "quality"),
        ("score_8_up", "score"),
        ("rating_safe", "rating"),
        ("source_anime", "source"),
        ("85mm f/1.4", "camera"),
        ("f / 1. 8", "camera"),
        ("8 k", "quality"),
        ("2000s \\(style\\)", "style"),
        ("hair over one eye", "hair"),
        ("looking_at_viewer", "pose"),
        ("sitting duck", ""),
    ],
)
def test_kinds_of_whole_pieces(text: str, kind: str) -> None:
    assert built_in().of_whole(text) == kind


def test_kinds_by_first_and_last_words() -> None:
    kinds = built_in()
    assert kinds.of_part("teal and orange color grading") == "color"
    assert kinds.of_part("art by edward hopper") == "style"
    assert kinds.of_part("a dog with green eyes", ends=False) == ""
    assert kinds.of_part("eyes") == ""


def test_the_users_own_kinds_count_first(tmp_path: Path) -> None:
    assert kinds_for(None) is built_in()
    assert kinds_for(tmp_path).of_whole("best quality") == "quality"
    own = "# mine\n[style]\npxlstyle, ... in ink style\n[accessory]\n... amulet, best quality\n/zor\\d+/\n"
    (tmp_path / "tags.txt").write_text(own, encoding="utf-8")
    kinds = kinds_for(tmp_path)
    assert (kinds.of_whole("pxlstyle"), kinds.of_part("jade amulet")) == ("style", "accessory")
    assert (kinds.of_whole("best quality"), kinds.of_whole("zor12")) == ("accessory", "accessory")
    assert kinds.of_whole("highres") == "quality"
    config = PlannerConfig(templates=tmp_path)
    made = plan(PlanRequest("2girls, jade amulet, ruby amulet"), config=config)
    assert [region.prompt for region in made.regions] == ["1girl, jade amulet", "1girl, ruby amulet"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [("masterpiece\n", "line 1: 'masterpiece' is before"), ("[a]\n/(/\n", "line 2: '/(/' is no regular expression")],
)
def test_a_malformed_list_is_refused_by_its_line(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(RpgError, match="tags") as refused:
        read_kinds(text, "your list of tags")
    assert problem in str(refused.value)
    (tmp_path / "tags.txt").write_text(text, encoding="utf-8")
    with pytest.raises(RpgError, match=r"tags\.txt"):
        plan(PlanRequest("a cat"), config=PlannerConfig(templates=tmp_path))


def test_words_in_no_list_are_a_guess_where_there_are_several_regions() -> None:
    guesses = plan(PlanRequest("pxlstyle, a cat and a dog")).source.guesses
    assert guesses == ("'pxlstyle': in no list, so taken for words of the whole picture",)
    assert plan(PlanRequest("pxlstyle, a cat")).source.guesses == ()


def test_the_dialect_can_be_chosen() -> None:
    tags, sentence = "1girl, red hair, 1cat", "a girl in a red dress and a black cat"

    def regions(prompt: str, dialect: str) -> list[str]:
        return [region.prompt for region in plan(PlanRequest(prompt, dialect=dialect)).regions]

    assert regions(tags, "auto") == regions(tags, "tags") == ["1girl, red hair", "1cat"]
    assert regions(tags, "sentences") == ["a girl, red hair", "a cat"]
    assert regions(sentence, "auto") == ["a girl in a red dress", "a black cat"]
    assert regions(sentence, "tags") == ["1girl, red dress", "black cat"]
