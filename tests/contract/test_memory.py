"""What the process holds is flat: a hundred generations of every kind leave no tensor, no hook and no memory behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.contract.client import HIRES, Client, HostError, plan_of, png_of
from tests.contract.lora_model import EVERYWHERE

ROUNDS = 10
MIB = 2**20
SLACK = 12 * MIB
"""How much resident memory may come and go; 24 masks of 256 x 256 take as much in 8 bytes a pixel."""

CIRCLE, SQUARE = "a red circle, navy background", "a green square, beige background"
QUICK: dict[str, Any] = {"steps": 2}


def free(*regions: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A plan of free boxes."""
    plan = plan_of(*regions, layout="boxes", **fields)
    del plan["split_ratio"]
    return {"plan": plan}


class Masks:
    """Masks of regions, no two alike: a stripe, and different noise in each."""

    def __init__(self, side: int) -> None:
        self.side = side
        self.made = 0

    def region(self, **fields: Any) -> dict[str, Any]:
        """A region with the next mask."""
        self.made += 1
        mask = np.zeros((self.side, self.side))
        mask[: self.side // 8 + self.made % (self.side // 2), : self.side // 2] = 255
        mask[-4:, -64:] = np.random.default_rng(self.made).integers(0, 256, (4, 64))
        return {"prompt": CIRCLE if self.made % 2 else SQUARE, "mask": png_of(mask), **fields}


def _draw_plain(host: Client, masks: Masks) -> None:
    host.plain(**QUICK)


def _draw_a_grid(host: Client, masks: Masks) -> None:
    host.regional({"plan": plan_of(CIRCLE, SQUARE, feather=0.2)}, **QUICK)


def _draw_masks(host: Client, masks: Masks) -> None:
    host.regional(free(masks.region(), masks.region(start=0.5), {"prompt": SQUARE, "box": [0, 0.5, 1, 0.5]}), **QUICK)


def _draw_a_batch(host: Client, masks: Masks) -> None:
    plan = free(masks.region(), masks.region(negative_prompt="a ring"), base_prompt="")
    host.regional(plan, batch_size=2, faults={"prompts": [CIRCLE, SQUARE]}, **QUICK)


def _draw_a_lora(host: Client, masks: Masks) -> None:
    tag = f" <lora:{EVERYWHERE}:1>" if host.get("/sdapi/v1/loras").status_code == 200 else ""
    host.regional(free(masks.region(prompt=SQUARE + tag), masks.region(), lora="unet"), **QUICK)


def _draw_hires(host: Client, masks: Masks) -> None:
    host.regional(free(masks.region(), masks.region()), **HIRES, **QUICK)


def _be_refused(host: Client, masks: Masks) -> None:
    for plan in (
        free(masks.region(), {"prompt": SQUARE, "mask": "AAAA"}),
        {"plan": plan_of(CIRCLE, split_ratio="1,1")},
    ):
        with pytest.raises(HostError) as caught:
            host.regional(plan, **QUICK)
        assert caught.value.status == 422


def _fail_in_the_middle(host: Client, masks: Masks) -> None:
    with pytest.raises(HostError, match="the UNet fails"):
        host.regional(free(masks.region(), masks.region()), faults={"raise_at_call": 2}, **QUICK)


def _be_interrupted(host: Client, masks: Masks) -> None:
    def stop() -> None:
        time.sleep(0.2)
        host.post("/sdapi/v1/interrupt")

    stopper = threading.Thread(target=stop)
    stopper.start()
    host.regional(free(masks.region(), masks.region()), faults={"sleep": 0.05}, steps=20)
    stopper.join()


def _draw_img2img(host: Client, masks: Masks) -> None:
    image = png_of(np.full((64, 64, 3), 90))
    host.regional(free(masks.region()), tab="img2img", init_images=[image], denoising_strength=0.8, **QUICK)


KINDS: list[Callable[[Client, Masks], None]] = [
    _draw_plain,
    _draw_a_grid,
    _draw_masks,
    _draw_a_batch,
    _draw_a_lora,
    _draw_hires,
    _be_refused,
    _fail_in_the_middle,
    _be_interrupted,
    _draw_img2img,
]


def test_a_hundred_mixed_generations_leave_nothing_behind(host: Client) -> None:
    """After the tenth, which has warmed up every cache, what is held is the same after each ten."""
    masks, held = Masks(256), []
    for _ in range(ROUNDS):
        for draw in KINDS:
            draw(host, masks)
        held.append(host.json("GET", "/rpg-test/memory"))
    assert len(KINDS) * ROUNDS == 100
    for key in ("tensors", "tensor_bytes", "hooks", "callbacks"):
        assert len({report[key] for report in held}) == 1, (key, [report[key] for report in held])
    resident = [report["rss"] for report in held]
    grown = max(resident[1:]) - resident[0]
    if host.name == "forge":  # it moves whole models: its memory goes up and down, at its level after the third ten
        grown = min(resident[-3:]) - max(resident[:3])
    assert grown < SLACK, [f"{rss / MIB:.0f} MiB" for rss in resident]


def test_masks_are_let_go_when_their_generation_is_over(host: Client) -> None:
    """As many and as large as a plan may have: 16 MiB while they are drawn."""
    masks = Masks(512)
    request = free(*(masks.region() for _ in range(64)))
    _draw_masks(host, masks)
    before = host.json("GET", "/rpg-test/memory")
    host.regional(request, **{**QUICK, "steps": 1})
    _draw_masks(host, masks)
    after = host.json("GET", "/rpg-test/memory")
    assert after["tensor_bytes"] == before["tensor_bytes"]
    assert after["rss"] - before["rss"] < SLACK
