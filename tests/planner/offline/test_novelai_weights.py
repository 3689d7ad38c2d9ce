"""NovelAI's weights, "1.3::red hair::", become the WebUI's; what is weighed below zero is excluded."""

from __future__ import annotations

import pytest

from lib_rpg.planner import PlanRequest, plan
from lib_rpg.planner.offline.novelai_weights import rewrite_weights


@pytest.mark.parametrize(
    ("prompt", "rewritten", "excluded"),
    [
        ("1girl, 1.5::smile::, beach", "1girl, (smile:1.5), beach", ()),
        ("0.8::red hair, blue eyes::, 1girl", "(red hair, blue eyes:0.8), 1girl", ()),
        ("1.3::artist:wlop::, 1girl", "(artist:wlop:1.3), 1girl", ()),
        ("1girl, 2::long hair ::, .5::smile, ::hat", "1girl, (long hair:2), (smile:0.5), hat", ()),
        ("1girl, 1.2::red hair, 0.8::blue dress::", "1girl, (red hair:1.2), (blue dress:0.8)", ()),
        ("1girl, -1::hat::, beach", "1girl, beach", ("hat",)),
        ("-2::text, watermark::, 1girl", "1girl", ("text", "watermark")),
        ("-1::hat::", "-1::hat::", ()),
        ("a cat at 12:30, 16:9", "a cat at 12:30, 16:9", ()),
        ("std::string", "std::string", ()),
    ],
)
def test_weights_are_written_as_the_webuis(prompt: str, rewritten: str, excluded: tuple[str, ...]) -> None:
    weights = rewrite_weights(prompt)
    assert (weights.prompt, weights.excluded) == (rewritten, excluded)


def test_plan_of_weighed_tags() -> None:
    made = plan(PlanRequest("2girls, 1.2::red hair::, 1.1::blue hair::, 0.7::artist:as109::, -1::hat::", 1024, 1024))
    assert [region.prompt for region in made.regions] == [
        "1girl, (red hair:1.2), (artist:as109:0.7)",
        "1girl, (blue hair:1.1), (artist:as109:0.7)",
    ]
    assert made.negative_prompt == "hat"
    assert "::" not in made.base_prompt
    assert any("NovelAI's weights" in note and "negative prompt" in note for note in made.source.notes)
