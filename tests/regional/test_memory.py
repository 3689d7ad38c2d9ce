"""What a run holds: nothing that grows with the steps, and no more keys and values than it may."""

from __future__ import annotations

import gc

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from tests.regional.reference import THIRDS, Attached, region_row, step_inputs

ROW = region_row(THIRDS, (0.3,) * 3, (77, 77, 154))


@pytest.fixture(autouse=True)
def _only_the_tests_own_objects() -> None:
    """What is there before the test is left out of every look at what is held."""
    gc.collect()
    gc.freeze()


def held_bytes() -> int:
    """The bytes of all tensors that came to be within the test."""
    gc.collect()
    return sum(item.nbytes for item in gc.get_objects() if isinstance(item, torch.Tensor))


def test_nothing_grows_with_the_steps(unet):
    engine, step = Attached(unet), step_inputs(2, 24, 16)
    sizes = []
    for _ in range(6):
        engine.set_rows([ROW, None])
        unet(step.x, step.t, context=step.context)
        sizes.append(held_bytes())
    engine.close()
    assert sizes[1:] == sizes[:1] * 5
    assert engine.keys_values.computed == len([name for name, _ in unet.named_modules() if name.endswith("attn2")])


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_keys_and_values_over_the_limit_are_computed_anew_with_the_same_result(unet, share):
    step = step_inputs(2, 24, 16)
    outputs, kept = [], []
    for limit in (None, 0):
        engine = Attached(unet, kv_limit=limit if limit is None else int(share * kept[0]))
        for _ in range(3):
            before = held_bytes()
            engine.set_rows([ROW, None])
            outputs.append(unet(step.x, step.t, context=step.context))
            kept.append(held_bytes() - before)
        engine.close()
    layers = len([name for name, _ in unet.named_modules() if name.endswith("attn2")])
    assert layers < engine.keys_values.computed <= 3 * layers
    assert all(torch.equal(output, outputs[0]) for output in outputs)


class _Watch(TorchDispatchMode):
    """Counts operations, and refuses those that have a device wait for the host or the other way round."""

    WAITING = ("aten._local_scalar_dense", "aten.nonzero", "aten.is_nonzero", "aten.equal", "aten.masked_select")

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        name = str(func)
        assert not name.startswith(self.WAITING), f"{name} waits for the device"
        self.count += 1
        return func(*args, **(kwargs or {}))


def test_a_later_step_waits_for_nothing_and_launches_no_more_for_more_regions(unet):
    """After the first step there is no synchronisation, and one batch of equal cells however many there are."""
    step = step_inputs(2, 24, 24)
    counts = {}
    for cells in (1, 4, 16):
        side = round(cells**0.5)
        boxes = [(x / side, y / side, (x + 1) / side, (y + 1) / side) for y in range(side) for x in range(side)]
        row = region_row(boxes, (0.3,) * cells, (77,) * cells)
        engine = Attached(unet)
        for number in range(2):
            engine.set_rows([row, None])
            if number:
                with _Watch() as watch:
                    unet(step.x, step.t, context=step.context)
                counts[cells] = watch.count
            else:
                unet(step.x, step.t, context=step.context)
        engine.close()
    assert counts[1] == counts[4] == counts[16]
