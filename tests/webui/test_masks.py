"""A sampling run reads its masks once, for all of its pictures and steps, and holds nothing when it is closed."""

from __future__ import annotations

import base64
import gc
import io
import weakref
from functools import partial

import numpy as np
import pytest
import torch
from PIL import Image

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.layout import mask as masks
from lib_rpg.layout.weights import coefficients, region_weights
from lib_rpg.plan import Plan, Region


class Job:
    """Stands for the WebUI's p."""


def plan_of(base_prompt: str) -> Plan:
    buffer = io.BytesIO()
    Image.fromarray(np.arange(64, dtype=np.uint8).reshape(8, 8)).save(buffer, "PNG")
    mask = base64.b64encode(buffer.getvalue()).decode()
    regions = (Region("a", mask=mask), Region("b", mask=mask, box=(0, 0, 0.5, 1)), Region("c"))
    return Plan(layout="boxes", base_prompt=base_prompt, regions=regions)


@pytest.fixture
def sampling():
    from lib_rpg.webui import sampling

    return sampling


def test_a_run_reads_a_mask_once_for_all_pictures_and_lets_go_of_it(sampling, monkeypatch: pytest.MonkeyPatch) -> None:
    read, right = [], masks.read_mask

    def counted(text: str) -> torch.Tensor:
        mask = right(text)
        read.append(weakref.ref(mask))
        return mask

    monkeypatch.setattr(masks, "read_mask", counted)
    p = Job()
    plans = [plan_of("one"), plan_of("two")]
    run = sampling.RegionalSampling(p, plans, ["", ""], sampling.CondCaches(), print, partial(setattr, p, "told"))
    areas = [picture.area((0, 2))(8, 8) for picture in run._pictures]
    assert torch.equal(areas[0], areas[1])
    assert len(read) == 1 and read[0]() is not None
    kept, held = weakref.ref(areas[0]), weakref.ref(p)
    gc.disable()  # what is let go is gone without the collector, which may come late
    try:
        del areas, p
        run.close()
        assert (read[0](), kept(), held()) == (None, None, None)
        run.close()
    finally:
        gc.enable()
    assert (run.applied_calls, run.waited) == (0, False)


def test_what_all_regions_have_is_computed_once_for_a_grid(sampling, monkeypatch: pytest.MonkeyPatch) -> None:
    grids = []

    def counted(plan: Plan, h: int, w: int, masks: masks.Masks) -> torch.Tensor:
        grids.append((h, w))
        return coefficients(plan, h, w, masks)

    monkeypatch.setattr(sampling, "coefficients", counted)
    plan = plan_of("one")
    picture = sampling.Picture(plan, "", False, masks.read_masks([plan]))
    whole = coefficients(plan, 8, 6)
    for active in ((0,), (0, 2), (0, 1, 2), (0, 2)):
        part = picture.coefficients(active)
        assert part is picture.coefficients(active)  # the engine keeps what it prepared by this object
        assert torch.equal(part(8, 6), whole[list(active)])
    picture.coefficients((1,))(4, 3)
    assert grids == [(8, 6), (4, 3)]
    assert torch.equal(picture.area((0, 1))(8, 6), region_weights(plan, 8, 6)[:2].sum(0))
