"""LoRAs inside regions: each for its own region, in every mode, and none of it stays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.contract.checkpoints import name_of
from tests.contract.client import BASE, HIRES, Client, Drawn, HostError, alike, difference, plan_of
from tests.contract.lora_model import EVERYWHERE, FOREIGN, LOOK_ONLY, OTHER, TEXT_ONLY

CIRCLE = "a red circle, navy background"
SQUARE = "a green square, navy background"
MODES = ("text", "unet", "shared")
ANOTHER_KIND = "is for another kind of checkpoint"


@pytest.fixture(autouse=True)
def _has_loras(host: Client) -> None:
    if host.get("/sdapi/v1/loras").status_code != 200:
        pytest.skip("this host has no LoRAs")


def tag(name: str, strength: float | str = 1) -> str:
    return f"<lora:{name}:{strength}>"


def one(text: str, **fields: Any) -> dict[str, Any]:
    """A plan whose one region is the whole picture."""
    return {"plan": plan_of(text, base_ratio=0.0, split_ratio="1", base_prompt="a picture", **fields)}


def two(left: str, right: str, **fields: Any) -> dict[str, Any]:
    return {"plan": plan_of(left, right, base_ratio=0.0, **fields)}


JOBS: dict[str, dict[str, Any]] = {
    "one": {},
    "negative prompt": {"negative_prompt": "a ring"},
    "batch of 2, split": {"batch_size": 2, "override_settings": {"batch_cond_uncond": False}},
    "hires": HIRES,
    "second order": {"sampler_name": "Heun"},
}


@pytest.mark.parametrize("job", JOBS)
@pytest.mark.parametrize(("mode", "name"), [("text", TEXT_ONLY), ("unet", EVERYWHERE), ("unet", LOOK_ONLY)])
def test_one_region_with_a_lora_is_the_plain_picture_with_it(host: Client, mode: str, name: str, job: str) -> None:
    """Mode "text" is exact for a LoRA on text alone, "unet" for any on the attention layers."""
    drawn = host.regional(one(f"{CIRCLE} {tag(name)}", lora=mode), **JOBS[job]).pixels
    assert alike(drawn, host.reference(prompt=f"{CIRCLE} {tag(name)}", **JOBS[job]).pixels)
    assert difference(drawn, host.reference(prompt=CIRCLE, **JOBS[job]).pixels) > 0.5


@pytest.mark.parametrize("name", [TEXT_ONLY, EVERYWHERE])
@pytest.mark.parametrize("mode", MODES)
def test_a_lora_takes_effect_in_every_mode_and_not_at_strength_zero(host: Client, mode: str, name: str) -> None:
    drawn = host.regional(two(f"{CIRCLE} {tag(name)}", SQUARE, lora=mode)).pixels
    without = host.regional(two(CIRCLE, SQUARE)).pixels
    assert difference(drawn, without) > 0.5
    assert alike(host.regional(two(f"{CIRCLE} {tag(name, 0)}", SQUARE, lora=mode)).pixels, without)


def test_shared_loras_are_those_of_the_whole_picture(host: Client) -> None:
    shared = host.regional(two(f"{CIRCLE} {tag(EVERYWHERE)}", SQUARE, lora="shared"))
    plan = plan_of(CIRCLE, SQUARE, base_ratio=0.0)
    lifted = {**plan, "base_prompt": f"{plan['base_prompt']} {tag(EVERYWHERE)}"}
    assert alike(shared.pixels, host.regional({"plan": lifted}).pixels)


@pytest.mark.parametrize("mode", ["text", "unet"])
def test_a_region_has_the_pictures_loras_and_may_change_their_strength(host: Client, mode: str) -> None:
    prompt = f"{BASE['prompt']} {tag(EVERYWHERE)}"
    plain = host.reference(prompt=prompt).pixels
    plan = one(f"{BASE['prompt']} {tag(EVERYWHERE)}", lora=mode)
    plan["plan"]["base_prompt"] = prompt
    assert alike(host.regional(plan, prompt=prompt).pixels, plain)
    plan["plan"]["regions"] = [{"prompt": BASE["prompt"]}]
    assert alike(host.regional(plan, prompt=prompt).pixels, plain)
    if mode == "unet":
        plan["plan"]["regions"] = [{"prompt": f"{BASE['prompt']} {tag(EVERYWHERE, 0.5)}"}]
        half = host.reference(prompt=f"{BASE['prompt']} {tag(EVERYWHERE, 0.5)}").pixels
        assert alike(host.regional(plan, prompt=prompt).pixels, half)
        if host.name != "sandbox":  # which has no LoRAs of fewer dimensions
            plan["plan"]["regions"] = [{"prompt": f"{BASE['prompt']} {tag(EVERYWHERE, '0.5:dyn=2')}"}]
            fewer = host.reference(prompt=f"{BASE['prompt']} {tag(EVERYWHERE, '0.5:dyn=2')}").pixels
            assert alike(host.regional(plan, prompt=prompt).pixels, fewer)


@pytest.mark.parametrize("mode", ["text", "unet"])
def test_each_region_has_its_own(host: Client, mode: str) -> None:
    a, b = (f"{CIRCLE} {tag(name)}" for name in (EVERYWHERE, OTHER))
    pictures = [host.regional(two(*pair, lora=mode)).pixels for pair in ((a, b), (b, a), (a, a), (b, b))]
    for i, first in enumerate(pictures):
        for second in pictures[i + 1 :]:
            assert difference(first, second) > 0.5


@pytest.mark.parametrize("mode", ["text", "unet"])
def test_pictures_of_a_batch_have_their_own(host: Client, mode: str) -> None:
    """With a plan for each picture; the WebUI itself takes the first prompt's LoRAs for the whole batch."""
    request = {"planner": "offline", "lora": mode, "base_ratio": 0.0}
    batch = host.regional(request, batch_size=2, prompt="a red circle left of a blue square").pixels
    alone = host.regional(request, prompt="a red circle left of a blue square", seed=BASE["seed"] + 1).pixels
    assert alike(batch[1:], alone)


SIDES = "a red circle {}to the left of a green square {}, navy background"


@pytest.mark.parametrize("mode", ["text", "unet"])
def test_a_tag_beside_a_thing_of_the_tabs_prompt_acts_there_alone(host: Client, mode: str) -> None:
    request = {"planner": "offline", "lora": mode, "base_ratio": 0.3}
    drawn = host.regional(request, prompt=SIDES.format(f"{tag(EVERYWHERE)} ", tag(OTHER)))
    pair = (
        f"{CIRCLE.split(',')[0]} {tag(EVERYWHERE)}, navy background",
        f"a green square {tag(OTHER)}, navy background",
    )
    plan = plan_of(*pair, base_ratio=0.3, base_prompt=SIDES.format("", "").replace(" ,", ","), lora=mode)
    assert alike(drawn.pixels, host.regional({"plan": plan}, prompt="shapes").pixels)
    whole = host.regional({"plan": plan}, prompt=f"shapes {tag(OTHER)}")
    assert difference(drawn.pixels, whole.pixels) > 0.5


def test_with_shared_loras_a_tag_beside_a_thing_acts_everywhere(host: Client) -> None:
    prompt = SIDES.format(f"{tag(EVERYWHERE)} ", "")
    drawn = host.regional({"planner": "offline", "lora": "shared"}, prompt=prompt)
    plain = prompt.replace(f" {tag(EVERYWHERE)}", "")
    whole = host.regional({"planner": "offline", "lora": "shared"}, prompt=f"{plain}, {tag(EVERYWHERE)}")
    assert alike(drawn.pixels, whole.pixels)


@pytest.mark.parametrize("mode", MODES)
def test_nothing_of_a_lora_stays(host: Client, fresh: dict[str, Drawn], mode: str) -> None:
    before = host.plain(prompt=f"{BASE['prompt']} {tag(OTHER)}")
    plan = two(f"{CIRCLE} {tag(EVERYWHERE)}", f"{SQUARE} {tag(OTHER, 0.5)}", lora=mode)
    host.regional(plan)
    assert (host.plain().pixels == fresh["Euler"].pixels).all()
    assert (host.plain(prompt=f"{BASE['prompt']} {tag(OTHER)}").pixels == before.pixels).all()
    with pytest.raises(HostError, match="the UNet fails"):
        host.regional(plan, faults={"raise_at_call": 2})
    assert (host.plain().pixels == fresh["Euler"].pixels).all()


def test_a_missing_lora_is_named(host: Client) -> None:
    drawn = host.regional(two(f"{CIRCLE} {tag('nowhere')}", SQUARE))
    assert "the LoRA 'nowhere' of a region was not found" in host.log_tail(40)
    assert alike(drawn.pixels, host.regional(two(CIRCLE, SQUARE)).pixels)


def test_a_lora_that_has_nothing_for_its_mode_is_reported(host: Client) -> None:
    drawn = host.regional(two(f"{CIRCLE} {tag(LOOK_ONLY)}", SQUARE))
    warnings = host.said(f"the LoRA '{LOOK_ONLY}' changes no layer that reads text")
    assert warnings
    assert alike(drawn.pixels, host.regional(two(CIRCLE, SQUARE)).pixels)
    host.regional(two(f"{CIRCLE} {tag(LOOK_ONLY)}", SQUARE, lora="unet"))
    assert host.said("changes no layer") == warnings


@pytest.mark.parametrize("strength", ["much", "0,8", "nan", "1:OUTD", "te=much"])
@pytest.mark.parametrize("mode", MODES)
def test_a_malformed_strength_is_refused_in_one_sentence(host: Client, mode: str, strength: str) -> None:
    lines = len(host.log_tail(100_000).splitlines())
    with pytest.raises(HostError, match="cannot be read: write it as") as caught:
        host.regional(two(f"{CIRCLE} {tag(EVERYWHERE, strength)}", SQUARE, lora=mode))
    assert caught.value.status == 422
    assert repr(tag(EVERYWHERE, strength)) in caught.value.sentence
    said = "\n".join(host.log_tail(100_000).splitlines()[lines:])
    assert "Traceback" not in said and "Error" not in said


ARGUMENTS = ["0.8", "-0.5", "1:0.4", "te=0.4", "unet=0.4", "0.8:te=0.2:unet=0.6", "0.5:0.5:te=1"]


@pytest.mark.parametrize("arguments", [*ARGUMENTS, "1:1:2", "dyn=2"])
@pytest.mark.parametrize(("mode", "name"), [("text", TEXT_ONLY), ("unet", EVERYWHERE), ("shared", EVERYWHERE)])
def test_the_arguments_of_a_tag_are_those_of_the_plain_picture(
    host: Client, mode: str, name: str, arguments: str
) -> None:
    if host.name == "sandbox" and arguments not in ARGUMENTS:
        pytest.skip("the sandbox has no LoRAs of fewer dimensions")
    text = f"{CIRCLE} {tag(name, arguments)}"
    own, whole = host.reference(prompt=text).pixels, host.reference(prompt=f"{CIRCLE} {tag(name)}").pixels
    if arguments not in ARGUMENTS and host.name == "forge" and alike(own, whole):
        pytest.skip("this host has no LoRAs of fewer dimensions either")
    drawn = host.regional(one(text, lora=mode)).pixels
    assert alike(drawn, own)
    for other in (whole, host.reference(prompt=CIRCLE).pixels):
        assert difference(drawn, other) > 0.2


@pytest.mark.parametrize(("mode", "name"), [("text", TEXT_ONLY), ("unet", EVERYWHERE), ("shared", EVERYWHERE)])
def test_a_tag_acts_wherever_it_stands_in_the_text(host: Client, mode: str, name: str) -> None:
    behind = host.regional(two(f"{CIRCLE} {tag(name, -0.7)}", SQUARE, lora=mode)).pixels
    middle = CIRCLE.replace("circle", f"circle {tag(name, -0.7)}")
    for text in (middle, f"{tag(name, -0.7)}, {CIRCLE}", f"[{tag(name, -0.7)}:0.5] {CIRCLE}"):
        assert alike(host.regional(two(text, SQUARE, lora=mode)).pixels, behind)
    assert difference(host.regional(two(CIRCLE, SQUARE, lora=mode)).pixels, behind) > 0.2


@pytest.mark.parametrize("arguments", ["0.8:lbw=OUTD", "0.8:hr=1.0"])
def test_an_argument_of_another_extension_is_named_where_it_does_not_act(host: Client, arguments: str) -> None:
    odd, plain = tag(EVERYWHERE, arguments), tag(EVERYWHERE, 0.8)
    warning = f"the LoRA tag '{odd}' of a region is used without '{arguments.split(':')[1]}'"
    for mode in ("text", "unet"):
        before = host.said(warning)
        drawn = host.regional(two(f"{CIRCLE} {odd}", SQUARE, lora=mode)).pixels
        assert host.said(warning) == before + 1
        assert alike(drawn, host.regional(two(f"{CIRCLE} {plain}", SQUARE, lora=mode)).pixels)
    before = host.said(warning)
    host.regional(two(f"{CIRCLE} {odd}", SQUARE, lora="shared"))
    assert host.said(warning) == before


def test_a_strength_that_changes_from_step_to_step_is_for_the_whole_picture(host: Client) -> None:
    changing = tag(EVERYWHERE, "0@0,1@0.5")
    for mode in ("text", "unet"):
        with pytest.raises(HostError, match="changes its strength from step to step") as caught:
            host.regional(two(f"{CIRCLE} {changing}", SQUARE, lora=mode))
        assert changing in caught.value.sentence
    # There it reaches the host's own extension, which says that it is for another one.
    said = "could not convert string to float: '0@0,1@0.5'"
    before = host.said(said)
    host.regional(two(f"{CIRCLE} {changing}", SQUARE, lora="shared"))
    assert host.said(said) > before


@pytest.mark.parametrize("mode", ["text", "unet"])
def test_the_infotext_names_the_mode_and_the_loras(host: Client, mode: str) -> None:
    drawn = host.regional(two(f"{CIRCLE} {tag(EVERYWHERE)}", f"{SQUARE} {tag(OTHER)}", lora=mode))
    text = drawn.infotexts[0]
    assert tag(EVERYWHERE) in text
    assert ('\\"lora\\": \\"unet\\"' in text) == (mode == "unet")
    again = host.regional(two(f"{CIRCLE} {tag(EVERYWHERE)}", f"{SQUARE} {tag(OTHER)}", lora=mode))
    assert np.array_equal(again.pixels, drawn.pixels)


@pytest.mark.parametrize("setting", [{"token_merging_ratio": 0.5}, {"hypertile_enable_unet": True}], ids=str)
def test_a_lora_in_every_layer_is_refused_where_layers_see_other_tokens(host: Client, setting: dict[str, Any]) -> None:
    if host.name == "sandbox":
        pytest.skip("the sandbox has neither token merging nor Hypertile")
    plan = two(f"{CIRCLE} {tag(EVERYWHERE)}", SQUARE, lora="unet")
    with pytest.raises(HostError, match="or use the LoRA mode 'text'") as caught:
        host.regional(plan, override_settings=setting)
    assert caught.value.status == 422
    plan["plan"]["lora"] = "text"
    assert host.regional(plan, override_settings=setting).pixels.any()


@pytest.mark.parametrize("job", ["one", "hires"])
@pytest.mark.parametrize("mode", ["text", "unet"])
def test_a_lora_of_another_kind_of_checkpoint_does_not_act_and_is_said(host: Client, mode: str, job: str) -> None:
    """As in a hires pass with a checkpoint of another kind: its layers have the same names and other widths."""
    before = host.said(ANOTHER_KIND)
    drawn = host.regional(two(f"{CIRCLE} {tag(FOREIGN)}", SQUARE, lora=mode), **JOBS[job])
    assert host.said(ANOTHER_KIND) > before
    assert alike(drawn.pixels, host.regional(two(CIRCLE, SQUARE), **JOBS[job]).pixels)


@pytest.mark.parametrize("mode", ["text", "unet"])
def test_a_hires_checkpoint_of_another_kind_goes_on_without_a_regions_lora(host: Client, mode: str) -> None:
    if host.name == "sandbox":
        pytest.skip("the sandbox has no hires checkpoints")
    hires = {**HIRES, "hr_checkpoint_name": name_of("sdxl")}
    before = host.said(ANOTHER_KIND)
    # Of the suite's checkpoints for the forks, layers that do not read text are of one width.
    name = TEXT_ONLY if host.name == "forge" else EVERYWHERE
    drawn = host.regional(two(f"{CIRCLE} {tag(name)}", SQUARE, lora=mode), **hires)
    assert host.said(ANOTHER_KIND) > before
    without = host.regional(two(CIRCLE, SQUARE), **hires)
    assert difference(drawn.pixels, without.pixels) > 0.1  # it acts in the first pass
