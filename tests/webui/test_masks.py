"""A sampling run reads its masks once, for all of its pictures and steps, and holds nothing when it is closed."""

from __future__ import annotations

import base64
import gc
import io
import weakref
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.layout import mask as masks
from lib_rpg.layout import weights
from lib_rpg.layout.weights import WHOLE, coefficients, region_weights
from lib_rpg.plan import Plan, Region


class Job:
    """Stands for the WebUI's p."""


def plan_of(base_prompt: str) -> Plan:
    buffer = io.BytesIO()
    Image.fromarray(np.arange(64, dtype=np.uint8).reshape(8, 8)).save(buffer, "PNG")
    mask = base64.b64encode(buffer.getvalue()).decode()
    regions = (Region("a", mask=mask), Region("b", mask=mask, box=(0, 0, 0.5, 1)), Region("c"))
    return Plan(layout="boxes", base_prompt=base_prompt, regions=regions)


def test_a_run_reads_a_mask_once_for_all_pictures_and_lets_go_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from lib_rpg.webui.conditioning import CondCaches
    from lib_rpg.webui.sampling import RegionalSampling

    read, right = [], masks.read_mask

    def counted(text: str) -> torch.Tensor:
        mask = right(text)
        read.append(weakref.ref(mask))
        return mask

    monkeypatch.setattr(masks, "read_mask", counted)
    p = Job()
    plans = [plan_of("one"), plan_of("two")]
    run = RegionalSampling(p, plans, ["", ""], [WHOLE, WHOLE], (8, 8), CondCaches(), print, partial(setattr, p, "sent"))
    areas = [picture.weights.area((0, 2)) for picture in run._pictures]
    assert torch.equal(areas[0].at(8, 8), areas[1].at(8, 8))
    assert len(read) == 1 and read[0]() is not None
    kept, held = weakref.ref(areas[0].of_all(8, 8)), weakref.ref(p)
    gc.disable()  # what is released is gone without the collector, which may come late
    try:
        del areas, p
        run.close()
        assert (read[0](), kept(), held()) == (None, None, None)
        run.close()
    finally:
        gc.enable()
    assert (run.applied_calls, run.waited) == (0, False)


def test_what_all_regions_have_is_computed_once_for_a_grid(monkeypatch: pytest.MonkeyPatch) -> None:
    from lib_rpg.webui.pictures import Picture

    grids = []

    def counted(plan: Plan, h: int, w: int, **given: Any) -> torch.Tensor:
        grids.append((h, w))
        return coefficients(plan, h, w, **given)

    monkeypatch.setattr(weights, "coefficients", counted)
    plan = plan_of("one")
    picture = Picture(0, plan, "", False, masks.read_masks([plan]))
    whole = coefficients(plan, 8, 6)
    for active in ((0,), (0, 2), (0, 1, 2), (0, 2)):
        part = picture.weights.of(active)
        assert part == picture.weights.of(active)
        assert torch.equal(part.at(8, 6), whole[list(active)])
    picture.weights.of((1,)).at(4, 3)
    assert grids == [(8, 6), (4, 3)]
    assert torch.equal(picture.weights.area((0, 1)).at(8, 6), region_weights(plan, 8, 6)[:2].sum(0))
