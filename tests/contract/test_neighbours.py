"""Beside other extensions and the WebUI's own extras, each where the host has it: works, or is refused by name.

``RPG_TEST_EXTENSIONS`` (host.py) names the folders of extensions to install for this.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from tests.contract import host as hosts
from tests.contract import hypernetwork
from tests.contract.client import (
    BASE,
    HIRES,
    Client,
    Drawn,
    HostError,
    alike,
    difference,
    plan_of,
    png_of,
    skip_where_nothing_is_drawn,
)
from tests.contract.test_off_is_off import interrupted_run

PROMPT = BASE["prompt"]


@dataclass(frozen=True)
class Neighbour:
    """How to switch one on: a script's arguments, settings, or words in the prompt."""

    script: str = ""
    arguments: tuple = ()
    settings: dict[str, Any] = field(default_factory=dict)
    words: str = ""
    request: dict[str, Any] = field(default_factory=dict)
    """The request of all runs, with it and without."""
    shows: bool = True
    """Whether the picture is another with it; False for one that only saves memory."""
    least: float = 0.1
    """By how much it is another, as `difference` has it."""
    failing_call: int = 2
    """A UNet call whose error ends the generation: the WebUI swallows those of calls that an extension makes."""
    unclean: bool = False
    """Whether it stays on after an error until one more generation has run, with regions or without."""

    @property
    def on(self) -> dict[str, Any]:
        changes = dict(self.request)
        if self.script:
            changes["scripts"] = {self.script: list(self.arguments)}
        if self.settings:
            changes["override_settings"] = self.settings
        return changes | {"prompt": PROMPT + self.words}


def incantations(first: int, *values: Any, **fields: Any) -> Neighbour:
    """That script with the arguments from number ``first`` on; those before are its defaults."""
    defaults = [False, 11.0, 0, 150, False, 1.0, 0.8, 3.0, 0.0, 0, 150, 4, False, 0, 0, 150, False, "Constant", 0, 100]
    defaults += [False, False, False, 2, 0.1, 0.5, 0.0, "", 0.0, 25, 1]
    defaults[first : first + len(values)] = values
    return Neighbour("Incantations", tuple(defaults), request={"steps": 8}, **fields)


def with_box(x0: int, y0: int, x1: int, y1: int) -> str:
    """A black picture with a white box."""
    pixels = np.zeros((BASE["height"], BASE["width"]))
    pixels[y0:y1, x0:x1] = 255
    return png_of(pixels)


LARGE = {"width": 256, "height": 256, "steps": 2}
LARGE_HIRES = {**HIRES, "hr_scale": 2, "steps": 2}
INPAINT = {
    "tab": "img2img",
    "init_images": [with_box(8, 8, 40, 24)],
    "mask": with_box(0, 0, 64, 40),
    "mask_blur": 8,
    "denoising_strength": 0.8,
    "steps": 6,
}
BESIDE = {
    "ToMe": Neighbour(settings={"token_merging_ratio": 0.5}, request={"width": 128, "height": 128}),
    "Hypertile": Neighbour(
        settings={"hypertile_enable_unet": True, "hypertile_max_tile_unet": 128, "hypertile_swap_size_unet": 1},
        request=LARGE,
    ),
    "hypernetwork": Neighbour(words=f" <hypernet:{hypernetwork.NAME}:1>"),
    "FreeU": Neighbour("FreeU", (True,)),
    "Dynamic Thresholding": Neighbour(
        "Dynamic Thresholding (CFG Scale Fix)", (True, 1.5, 90.0), request={"cfg_scale": 9.0}
    ),
    "Tiled VAE": Neighbour("Tiled VAE", (True, 256, 16), request={**LARGE, "width": 384}, shows=False),
    "Tiled VAE, hires": Neighbour(
        "Tiled VAE", (True, 256, 16), request={**LARGE_HIRES, "width": 192, "height": 192}, shows=False
    ),
    "Soft Inpainting": Neighbour("Soft Inpainting", (True,), request=INPAINT),
    "NegPiP": Neighbour("NegPiP", (True,), words=", (blue:-1.0)"),
    "NegPiP, batch": Neighbour("NegPiP", (True,), words=", (blue:-1.0)", request={"batch_size": 3}),
    "NegPiP, hires": Neighbour("NegPiP", (True,), words=", (blue:-1.0)", request=LARGE_HIRES),
    "Smoothed Energy Guidance": incantations(0, True, least=0.02),
    "Perturbed Attention Guidance": incantations(12, True, 20.0, failing_call=3, unclean=True),
    "T2I-Zero": incantations(21, True, False, 2, 0.5, 0.5, 0.0, "", 0.0, 25, 0, unclean=True),
    "S-CFG": incantations(4, True, unclean=True),
    # What the Forge family has built in; the names differ from one to the other.
    "Forge's FreeU": Neighbour("FreeU Integrated (SD 1.x, SD 2.x, SDXL)", (True, 1.3, 1.4, 0.9, 0.2)),
    "reForge's FreeU": Neighbour("FreeU Integrated", (True, 1.3, 1.4, 0.9, 0.2)),
    "Forge's SAG": Neighbour("SelfAttentionGuidance Integrated (SD 1.x, SD 2.x, SDXL)", (True, 3.0, 2.0, 1.0)),
    "reForge's SAG": Neighbour("SelfAttentionGuidance Integrated", (True, 3.0, 2.0, 1.0)),
    "Forge's PAG": Neighbour("PerturbedAttentionGuidance Integrated", (True, 20.0, 0.0, 0.0, 1.0)),
    "Kohya's HRFix": Neighbour("Kohya HRFix Integrated", (True, 3, 2.0, 0.0, 0.6), request=LARGE),
    "Forge's Dynamic Thresholding": Neighbour(
        "DynamicThresholding (CFG-Fix) Integrated", (True, 1.5, 0.9), request={"cfg_scale": 9.0}
    ),
    "StyleAlign": Neighbour("StyleAlign Integrated", (True, 1.0), request={"batch_size": 2}),
    "HyperTile of Forge": Neighbour("HyperTile Integrated", (True, 128, 1, 0, False), request=LARGE),
    "Never OOM": Neighbour("Never OOM Integrated", (True, True), request=LARGE, shows=False),
}
REFUSED = (
    "Regional Prompter",
    "Forge Couple",
    "Latent Couple extension",
    "Tiled Diffusion",
    "demofusion",
    "MultiDiffusion Integrated",
)


@pytest.fixture
def neighbour(request: pytest.FixtureRequest, host: Client, offered: set[str]) -> Neighbour:
    found: Neighbour = BESIDE[request.param]
    if "hypernet" in found.words and hypernetwork.NAME not in host.get("/sdapi/v1/hypernetworks").text:
        pytest.skip("this host has no hypernetworks")
    for name in [found.script, *found.settings]:
        if name and name.lower() not in offered:
            pytest.skip(f"this host has no {request.param} (RPG_TEST_EXTENSIONS)")
    host.json("POST", "/rpg-test/forget-references")  # behind which token merging has no effect
    return found


every_neighbour = pytest.mark.parametrize("neighbour", BESIDE, indirect=True)


def equal_plan(neighbour: Neighbour) -> dict:
    """Regions that are all the base prompt; NegPiP takes its words out of it, and a tag is not part of it."""
    inside = PROMPT + "," * neighbour.words.startswith(",")
    return plan_of(inside, inside, base_prompt=PROMPT + neighbour.words)


def plan_beside(plan: dict, neighbour: Neighbour) -> dict:
    return {**plan, "base_prompt": PROMPT + neighbour.words}


@every_neighbour
def test_regions_equal_to_the_base_prompt_change_nothing(host: Client, neighbour: Neighbour) -> None:
    drawn = host.regional({"plan": equal_plan(neighbour)}, **neighbour.on)
    assert alike(drawn.pixels, host.plain(**neighbour.on).pixels)


@every_neighbour
def test_both_take_effect(host: Client, plan: dict, neighbour: Neighbour) -> None:
    both = host.regional({"plan": plan_beside(plan, neighbour)}, **neighbour.on).pixels
    alone = host.plain(**neighbour.on).pixels
    skip_where_nothing_is_drawn(host, **neighbour.on)
    assert difference(both, alone) > 0.3, "the regions had no effect"
    regions = host.regional({"plan": {**plan, "base_prompt": PROMPT}}, **neighbour.request).pixels
    plain = host.plain(**neighbour.request).pixels
    if neighbour.shows:
        assert difference(alone, plain) > neighbour.least, "the neighbour has no effect on this request"
        assert difference(both, regions) > neighbour.least, "the neighbour had no effect beside regions"
    else:
        assert alike(alone, plain)
        assert alike(both, regions)


@every_neighbour
def test_each_is_off_when_it_is_off(host: Client, plan: dict, neighbour: Neighbour) -> None:
    plain = host.plain(**neighbour.request).pixels
    alone = host.plain(**neighbour.on).pixels
    beside = {"plan": plan_beside(plan, neighbour)}
    host.regional(beside, **neighbour.on)
    assert (host.plain(**neighbour.request).pixels == plain).all()
    assert (host.plain(**neighbour.on).pixels == alone).all()
    interrupted_run(host, beside["plan"], **neighbour.on)
    assert_draws_again(host, plain, **neighbour.request)
    with pytest.raises(HostError, match="the UNet fails"):
        host.regional(beside, **neighbour.on, faults={"raise_at_call": neighbour.failing_call})
    if neighbour.unclean:
        host.plain()
    assert_draws_again(host, alone, **neighbour.on)
    assert (host.plain(**neighbour.request).pixels == plain).all()


def assert_draws_again(host: Client, pixels: np.ndarray, **request: Any) -> None:
    """Behind a run that was broken off. With Soft Inpainting, the Forge family's first picture then is 1 of 255 apart.

    So it is without regions too, and the next one is the same to the bit.
    """
    after = host.plain(**request).pixels
    assert (after == pixels).all() or (host.name == "forge" and alike(after, pixels))
    assert (host.plain(**request).pixels == pixels).all()


@pytest.mark.parametrize("title", REFUSED)
def test_a_rival_is_refused_by_name_while_it_is_on(
    host: Client, fresh: dict[str, Drawn], plan: dict, offered: set[str], title: str
) -> None:
    if title.lower() not in offered:
        pytest.skip(f"this host has no {title} (RPG_TEST_EXTENSIONS)")
    known = [name.lower() for name in host.json("GET", "/sdapi/v1/scripts")["txt2img"]]
    # Neo has MultiDiffusion in img2img alone.
    tab = (
        {}
        if title.lower() in known
        else {"tab": "img2img", "init_images": [with_box(8, 8, 40, 24)], "faults": {"seed": True}}
    )
    regional = host.regional({"plan": plan}, **tab).pixels
    with pytest.raises(HostError) as caught:
        host.regional({"plan": plan}, scripts={title: [True]}, **tab)
    assert caught.value.status == 422
    assert caught.value.sentence.startswith(f"{title} is switched on, and ")
    assert (host.plain().pixels == fresh["Euler"].pixels).all()
    assert (host.regional({"plan": plan}, scripts={title: [False]}, **tab).pixels == regional).all()


@pytest.mark.parametrize("neighbour", ["NegPiP"], indirect=True)
def test_negpip_with_prompts_that_go_apart_is_refused(host: Client, plan: dict, neighbour: Neighbour) -> None:
    long = ", ".join(["a green ring"] * 30)
    with pytest.raises(HostError, match="NegPiP") as caught:
        host.regional({"plan": plan_beside(plan, neighbour)}, **neighbour.on, negative_prompt=long)
    assert caught.value.status == 422
    padded = {"pad_cond_uncond": True}
    assert host.regional(
        {"plan": plan_beside(plan, neighbour)}, **neighbour.on, negative_prompt=long, override_settings=padded
    ).pixels.any()


DETAIL = {"denoising_strength": 0.5, "prompt": "a yellow triangle, navy background"}


@pytest.mark.parametrize("settings", [{}, {"batch_size": 2}, {"n_iter": 2}], ids=["one", "batch", "count"])
def test_runs_within_a_generation_leave_its_regions_alone(host: Client, plan: dict, settings: dict[str, Any]) -> None:
    """What ADetailer does: see the test extension's ``detail``."""
    expected = host.regional({"plan": plan}, **settings)
    drawn = host.regional({"plan": plan}, faults={"detail": DETAIL}, **settings)
    width = drawn.pixels.shape[2]
    assert np.array_equal(drawn.pixels[:, :, width // 2 :], expected.pixels[:, :, width // 2 :])
    assert difference(drawn.pixels[:, :, : width // 2], expected.pixels[:, :, : width // 2]) > 1
    assert drawn.infotexts == expected.infotexts
    inner = host.plain(faults={"detail": DETAIL}, **settings)
    again = host.plain(**settings)
    assert np.array_equal(inner.pixels[:, :, width // 2 :], again.pixels[:, :, width // 2 :])


def test_adetailer_draws_details_over_the_regions(
    host: Client, fresh: dict[str, Drawn], plan: dict, offered: set[str]
) -> None:
    """ADetailer's own flow with a detector that finds the left half (the test extension's); two batches of two."""
    if "adetailer" not in offered:
        pytest.skip("this host has no ADetailer (RPG_TEST_EXTENSIONS)")
    detailer = {"ADetailer": [True, False, {"ad_model": hosts.DETECTOR, "ad_prompt": "a yellow triangle"}]}
    batches = {"batch_size": 2, "n_iter": 2}
    expected = host.regional({"plan": plan}, **batches).pixels
    drawn = host.regional({"plan": plan}, scripts=detailer, **batches)
    assert alike(drawn.pixels[:, :, 40:], expected[:, :, 40:])  # the detail's mask is blurred beyond its edge
    assert min(difference(*pair) for pair in zip(drawn.pixels, expected, strict=True)) > 1
    assert all("RPG plan: " in text for text in drawn.infotexts)
    assert (host.plain().pixels == fresh["Euler"].pixels).all()


def test_dynamic_prompts_are_planned_from_what_it_makes_of_them(host: Client, offered: set[str]) -> None:
    """Wildcards in the prompt: every picture is planned from its own prompt."""
    name = next((name for name in offered if name.startswith("dynamic prompts")), None)
    if name is None:
        pytest.skip("this host has no Dynamic Prompts (RPG_TEST_EXTENSIONS)")
    variants = {name: [True, True]}  # switched on, combinatorial
    drawn = host.regional({"planner": "offline"}, scripts=variants, prompt="a {red|green} circle left of a blue square")
    prompts, seeds = drawn.info["all_prompts"], drawn.info["all_seeds"]
    assert prompts == [f"a {colour} circle left of a blue square" for colour in ("red", "green")]
    for pixels, prompt, seed in zip(drawn.pixels, prompts, seeds, strict=True):
        assert alike(pixels, host.regional({"planner": "offline"}, prompt=prompt, seed=seed).pixels[0])
