"""What a region can have besides its words: when it acts, its place by a mask, soft edges, its own base ratio."""

from __future__ import annotations

import io
import struct
import time
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.contract.client import BASE, HIRES, Client, HostError, alike, difference, encoded, plan_of, png_of

CIRCLE = "a red circle, navy background"
SQUARE = "a green square, beige background"


def one(**fields: Any) -> dict[str, Any]:
    return plan_of({"prompt": SQUARE, **fields}, base_prompt=CIRCLE, base_ratio=0.0, split_ratio="1")


def free(*regions: dict[str, Any], **fields: Any) -> dict[str, Any]:
    plan = plan_of(*regions, base_prompt=CIRCLE, base_ratio=0.0, layout="boxes", **fields)
    del plan["split_ratio"]
    return plan


@pytest.mark.parametrize(("sampler", "calls"), [("Euler", 8), ("Heun", 16), ("DDIM", 8)])
def test_a_region_that_starts_late_or_ends_early_is_a_schedule(host: Client, sampler: str, calls: int) -> None:
    """The WebUI's [a:b:0.5] changes after the call of the number half of all, counted from 0."""
    request = {"sampler_name": sampler, "steps": 8}
    change = (calls / 2 + 1) / calls
    late = host.regional({"plan": one(start=change)}, **request).pixels
    assert alike(late, host.reference(prompt=f"[{CIRCLE}:{SQUARE}:0.5]", **request).pixels)
    early = host.regional({"plan": one(end=change)}, **request).pixels
    assert alike(early, host.reference(prompt=f"[{SQUARE}:{CIRCLE}:0.5]", **request).pixels)
    assert difference(early, late) > 0.5


def test_a_region_that_never_starts_is_the_base_prompt(host: Client) -> None:
    assert alike(host.regional({"plan": one(start=0.99)}).pixels, host.reference(prompt=CIRCLE).pixels)


def test_two_regions_may_act_one_after_the_other(host: Client) -> None:
    regions = [{"prompt": text, "start": s, "end": e} for text, s, e in ((SQUARE, 0, 0.5), (CIRCLE, 0.5, 1))]
    both = free(*regions)
    drawn = host.regional({"plan": both}, batch_size=2).pixels
    assert alike(drawn[:1], host.regional({"plan": both}).pixels)
    assert alike(drawn[1:], host.regional({"plan": both}, seed=BASE["seed"] + 1).pixels)


def test_a_mask_of_a_half_is_a_box_of_a_half(host: Client) -> None:
    half = np.zeros((16, 16))
    half[:, :8] = 255
    masked = host.regional({"plan": free({"prompt": SQUARE, "mask": png_of(half)})}).pixels
    assert alike(masked, host.regional({"plan": free({"prompt": SQUARE, "box": [0, 0, 0.5, 1]})}).pixels)


def test_a_mask_of_16_bits_is_the_mask_of_8_that_it_shows(host: Client) -> None:
    """Editors write such files; a picture of half brightness once was all white."""
    ramp = np.tile(np.arange(0, 256, 16), (16, 1))
    buffer = io.BytesIO()
    Image.fromarray((ramp * 257).astype(np.uint16)).save(buffer, "PNG")
    deep, plain = (
        host.regional({"plan": free({"prompt": SQUARE, "mask": mask})}).pixels
        for mask in (encoded(buffer.getvalue()), png_of(ramp))
    )
    assert np.array_equal(deep, plain)
    white = host.regional({"plan": free({"prompt": SQUARE, "mask": png_of(np.full((16, 16), 255))})}).pixels
    assert difference(deep, white) > 0.3


def _header(side: int) -> str:
    """A PNG file's beginning: of a picture of that side, without its content."""
    body = b"IHDR" + struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return encoded(b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body)))


@pytest.mark.parametrize(
    ("masks", "says"),
    [
        ([_header(30_000)], "regions[0].mask: its size: 30000x30000 is too large; scale it to at most 2048 a side"),
        ([_header(2048)] * 5, "regions[4].mask: its size: with this mask, the plan's masks have 20971520 pixels"),
        ([_header(2048)], "regions[0].mask: the PNG file: cannot be read, it is cut off; send the whole file"),
        ([png_of(np.full((64, 64), 255))[:-16]], "regions[0].mask: the PNG file: cannot be read, it is cut off"),
    ],
    ids=["a side", "together", "no content", "cut off"],
)
def test_masks_that_cannot_be_used_are_refused_at_once(host: Client, masks: list[str], says: str) -> None:
    started = time.monotonic()
    with pytest.raises(HostError) as caught:
        host.regional({"plan": free(*({"prompt": SQUARE, "mask": mask} for mask in masks))})
    assert caught.value.status == 422
    assert says in caught.value.sentence
    assert time.monotonic() - started < 2


def test_equal_overlapping_masks_and_feathered_cells_of_one_text_are_that_text(host: Client) -> None:
    alone = host.reference(prompt=SQUARE).pixels
    white = png_of(np.full((4, 4), 255))
    overlapping = free({"prompt": SQUARE, "mask": white, "weight": 3}, {"prompt": SQUARE, "mask": white})
    assert alike(host.regional({"plan": overlapping}).pixels, alone)
    feathered = plan_of(SQUARE, SQUARE, base_prompt=CIRCLE, base_ratio=0.0, feather=0.3)
    assert alike(host.regional({"plan": feathered}).pixels, alone)


def test_feather_weights_and_base_ratios_matter(host: Client) -> None:
    plan = plan_of(SQUARE, "a blue ring, beige background", base_prompt=CIRCLE, base_ratio=0.2)
    variants = [
        {"plan": plan},
        {"plan": plan, "feather": 0.4},
        {"plan": plan, "base_ratios": [0.7, 0.1]},
        {"plan": plan, "base_ratios": [0.1, 0.7]},
        {"plan": plan, "rows_first": True},
    ]
    pictures = [host.regional(variant).pixels for variant in variants]
    for i, first in enumerate(pictures):
        for second in pictures[i + 1 :]:
            assert difference(first, second) > 0.3


def test_regions_act_in_the_passes_that_the_plan_names(host: Client) -> None:
    plan = plan_of(SQUARE, SQUARE, base_prompt=CIRCLE, base_ratio=0.0)
    both, first, second = (
        host.regional({"plan": plan, "hires": h}, **HIRES).pixels for h in ("both", "first", "second")
    )
    # Regions of one text are that text: a pass with them has its prompt, one without them the base prompt.
    assert alike(both, host.reference(prompt=SQUARE, **HIRES).pixels)
    assert alike(first, host.reference(prompt=SQUARE, hr_prompt=CIRCLE, **HIRES).pixels)
    assert alike(second, host.reference(prompt=CIRCLE, hr_prompt=SQUARE, **HIRES).pixels)
    alone = host.regional({"plan": {**plan, "hires": "first"}}).pixels
    assert alike(alone, host.reference(prompt=SQUARE).pixels)
    with pytest.raises(HostError, match="the regions are for the hires pass only"):
        host.regional({"plan": {**plan, "hires": "second"}})


def test_negatives_of_regions_are_parted_by_break(host: Client) -> None:
    typed = {"regional_prompt": f"{CIRCLE} BREAK {SQUARE}", "split_ratio": "1,1"}
    own = plan_of({"prompt": CIRCLE, "negative_prompt": "a ring"}, {"prompt": SQUARE, "negative_prompt": "brown"})
    own |= {"base_prompt": BASE["prompt"], "base_ratio": 0.3, "negative_prompt": "dark"}
    texts = host.regional({**typed, "base_ratio": 0.3, "negative_prompt": "dark ADDCOMM a ring BREAK brown"})
    assert alike(texts.pixels, host.regional({"plan": own}).pixels)


def test_regional_prompters_keywords_give_the_structure(host: Client) -> None:
    pasted = {"regional_prompt": f"{CIRCLE} ADDROW {SQUARE}", "split_ratio": "1,1", "base_ratio": 0.2}
    plan = plan_of(CIRCLE, SQUARE, split_ratio="1;1", base_prompt=BASE["prompt"], base_ratio=0.2)
    assert alike(host.regional(pasted).pixels, host.regional({"plan": plan}).pixels)


@pytest.mark.parametrize(
    ("region", "says"),
    [
        ({"mask": "AAAA"}, "regions[0].mask: is not a PNG file"),
        ({"mask": png_of(np.zeros((2, 2)))}, "all black"),
        ({"start": 0.6, "end": 0.5}, "regions[0].end: 0.5 is not after start 0.6"),
        ({"start": -1}, "regions[0].start: -1 is not from 0 to 1"),
    ],
)
def test_malformed_settings_are_refused_with_their_place(host: Client, region: dict, says: str) -> None:
    with pytest.raises(HostError) as caught:
        host.regional({"plan": free({"prompt": SQUARE, **region})})
    assert caught.value.status == 422
    assert says in caught.value.sentence
