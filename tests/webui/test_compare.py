"""Compare inside the sandbox: what is drawn again, what is said instead, and that nothing of it stays."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan, Region
from lib_rpg.webui import compare
from lib_rpg.webui.args import read_args
from lib_rpg.webui.options import Defaults
from tests.webui.test_script import HIRES, TEXT, clean, same, webui  # noqa: F401 - fixtures


def plan_of(*regions: Region) -> Plan:
    return Plan(base_prompt="shapes", split_ratio=",".join("1" * len(regions)), regions=regions)


TWO = plan_of(Region("a ring"), Region("a square", name="the box"))


@pytest.fixture
def count(webui, monkeypatch):  # noqa: F811
    """Of each picture that was drawn again: the jobs that the progress bar counted."""
    drawn = []
    draw = compare.processing.process_images

    def counted(p):
        drawn.append(webui.state.job_count)
        return draw(p)

    redraw_with(monkeypatch, counted)
    return drawn


def redraw_with(monkeypatch, process_images):
    """Have the comparison, and nothing else, draw with that function."""
    monkeypatch.setattr(compare, "processing", SimpleNamespace(process_images=process_images))


@pytest.mark.parametrize(
    ("plan", "labels"),
    [
        (TWO, ["plain", "without 1 a ring", "without 2 the box"]),
        (plan_of(Region("a ring"), Region("")), ["plain", "without 1 a ring"]),
        (plan_of(Region("a ring", muted=True), Region("a square")), ["plain", "without 2 a square"]),
        (plan_of(Region("")), ["plain"]),
        (plan_of(*[Region("x")] * 12), ["plain", *(f"without {n} x" for n in range(1, 9))]),
        (plan_of(Region("a ring, " * 30)), ["plain", "without 1 " + ("a ring, " * 30)[:50]]),
    ],
)
def test_each_region_that_acts_is_left_out_once(plan, labels):
    made = compare.variants(plan, compare.REGIONS)
    assert [variant.label for variant in made] == labels
    for variant in made[1:]:
        muted = [region.get("muted", False) for region in variant.argument["plan"]["regions"]]
        before = [region.muted for region in plan.regions]
        assert sum(muted) == sum(before) + 1


def test_a_plain_comparison_leaves_no_region_out():
    assert [variant.label for variant in compare.variants(TWO, compare.PLAIN)] == ["plain"]


@pytest.mark.parametrize("value", ["on", "", True, 1, [], {}])
def test_another_value_is_refused_with_the_choices(value):
    with pytest.raises(RpgError, match=r"RPG: compare: .*; give one of off, plain, regions"):
        read_args(({**TEXT, "compare": value},), Defaults())


def test_nothing_is_compared_unless_asked():
    assert read_args((TEXT,), Defaults()).compare == "off"
    assert read_args(({**TEXT, "compare": None},), Defaults()).compare == "off"
    assert read_args(({**TEXT, "compare": "plain"},), Defaults()).compare == "plain"


def test_without_it_nothing_is_drawn_again(webui, count):  # noqa: F811
    webui.draw(TEXT)
    webui.draw()
    webui.draw({"enabled": False, "compare": "plain"})
    assert count == []


def test_the_pictures_infotexts_and_comments_of_the_generation_are_its_own(webui):  # noqa: F811
    alone = webui.job(argument=[TEXT])
    only = webui.run(alone)
    p = webui.job(argument=[{**TEXT, "compare": "plain"}])
    processed = webui.run(p)
    assert len(processed.images) == len(processed.infotexts) == 3
    assert processed.infotexts[0] == only.infotexts[0]
    assert processed.comments == only.comments
    assert p.extra_generation_params == alone.extra_generation_params
    assert list(p.comments) == list(alone.comments)
    assert processed.all_seeds == only.all_seeds
    assert same(processed.images[1], webui.draw().images[0])


def test_the_progress_bar_counts_the_further_pictures(webui, count):  # noqa: F811
    for fields, passes in (({}, 1), (HIRES, 2)):
        count.clear()
        webui.draw({**TEXT, "compare": "regions"}, **fields)
        assert count == [passes * 4] * 3, fields


def test_a_script_of_the_list_is_not_compared_and_says_so(webui, count):  # noqa: F811
    p = webui.job(argument=[{**TEXT, "compare": "plain"}])
    p.script_args = (1, *p.script_args[1:])
    processed = webui.run(p)
    assert count == []
    assert len(processed.images) == 1
    assert "RPG: compare: not while a script runs" in processed.comments


def test_an_interrupt_keeps_what_is_there(webui, monkeypatch):  # noqa: F811
    draw, drawn = compare.processing.process_images, []

    def interrupted(p):
        drawn.append(p)
        webui.state.interrupted = len(drawn) == 2  # pressed as the second one begins
        return draw(p)

    redraw_with(monkeypatch, interrupted)
    processed = webui.draw({**TEXT, "compare": "regions"})
    webui.state.interrupted = False
    assert len(drawn) == 2
    assert [image.size for image in processed.images] == [(64, 64), (64, 64), (128, 76)]


def test_a_failure_costs_a_note_and_not_the_picture(webui, monkeypatch):  # noqa: F811
    redraw_with(monkeypatch, lambda p: 1 / 0)
    processed = webui.draw({**TEXT, "compare": "plain"})
    assert len(processed.images) == len(processed.infotexts) == 1
    assert "RPG: could not draw the comparison (ZeroDivisionError)" in processed.comments


def test_more_regions_than_can_be_left_out_are_said(webui, monkeypatch):  # noqa: F811
    monkeypatch.setattr(compare, "MAX_REGIONS", 1)
    processed = webui.draw({**TEXT, "compare": "regions"})
    assert len(processed.images) == 4
    assert "RPG: compare: only the first 1 regions are left out in turn" in processed.comments


def test_a_list_of_prompts_and_a_batch_compare_the_first(webui):  # noqa: F811
    prompts = ["a red circle left of a blue square", "a green ring above a yellow triangle"]
    processed = webui.draw({"planner": "offline", "compare": "plain"}, prompt=prompts, batch_size=2)
    assert len(processed.images) == len(processed.infotexts)
    assert same(processed.images[-2], webui.draw(prompt=prompts[0]).images[0])


def test_masks_and_maps_without_infotexts_stay_apart_from_the_variants(webui, monkeypatch):  # noqa: F811
    script = webui.script
    after = type(script).postprocess

    def with_map(self, p, processed, *args):
        if getattr(p, "rpg_job", None) and p.rpg_job.args.compare != "off":
            processed.images.append(Image.new("RGB", (8, 8)))
        after(self, p, processed, *args)

    monkeypatch.setattr(type(script), "postprocess", with_map)
    processed = webui.draw({**TEXT, "compare": "plain"})
    assert len(processed.images) == len(processed.infotexts) == 4
    assert processed.infotexts[1] == ""
    assert "RPG compare: plain" in processed.infotexts[3]


def test_img2img_and_inpainting_are_compared(webui):  # noqa: F811
    source = webui.draw().images[0]
    mask = Image.new("L", source.size)
    mask.paste(255, (32, 0, 64, 64))
    for extra in ({}, {"mask": mask, "inpainting_fill": 1, "mask_blur": 0, "inpaint_full_res": False}):
        fields = {"img2img": True, "init_images": [source], "denoising_strength": 0.8, **extra}
        processed = webui.run(webui.job(argument=[{**TEXT, "compare": "plain"}], **fields))
        plain = webui.run(webui.job(**fields)).images[0]
        seen = [np.asarray(image.convert("RGB")).astype(int) for image in (processed.images[1], plain)]
        # The autoencoder draws its latent from a distribution.
        assert np.abs(seen[0] - seen[1]).max() <= 2
        assert len(processed.images) == len(processed.infotexts) == 3


def test_styles_stay_styles_in_each_variant(webui):  # noqa: F811
    from modules import shared, styles

    style = styles.PromptStyle("drawn", "{prompt}, brown background", "a ring")
    shared.prompt_styles.styles["drawn"] = style
    plan = {"plan": TWO.to_dict()}
    try:
        processed = webui.draw({**plan, "compare": "regions"}, styles=["drawn"])
        muted = Plan.from_dict(compare.variants(TWO, "regions")[1].argument["plan"]).to_dict()
        assert same(processed.images[1], webui.draw(styles=["drawn"]).images[0])
        assert same(processed.images[2], webui.draw({"plan": muted}, styles=["drawn"]).images[0])
    finally:
        shared.prompt_styles.styles.pop("drawn")


def test_long_labels_end_in_dots_and_stay_over_their_picture():
    pictures = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue")]
    sheet = compare.labelled_row(pictures, ["with regions and many more words than fit", ""])
    assert sheet.size == (128, 76)
    head = np.asarray(sheet.convert("L"))[:12]
    assert head[:, :64].min() < 128
    assert (head[:, 64:] == 255).all()
    assert sheet.getpixel((0, 12)) == (255, 0, 0)
    assert sheet.getpixel((127, 75)) == (0, 0, 255)


def test_the_line_that_says_what_was_drawn_is_the_pictures_own(webui, monkeypatch):  # noqa: F811
    draw = compare.processing.process_images

    def said(p):
        drawn = draw(p)
        webui.script.status.last = "a variant"
        return drawn

    redraw_with(monkeypatch, said)
    assert len(webui.draw({**TEXT, "compare": "regions"}).images) == 5
    assert webui.script.status.last == "2 regions, fast on 10 layers"
