"""A region's own units of the ControlNet that the Forge family has built in, with imitations of its script."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.errors import RpgError
from lib_rpg.layout.weights import WHOLE
from lib_rpg.plan import Plan, Region
from lib_rpg.webui.controlnet import check_units, move_to_parts, restrict_builtin_units, restrict_units


class BuiltIn:
    """Its script: three units are all of its arguments; it keeps something of each that is enabled."""

    args_from, args_to = 0, 3

    def __init__(self, kept):
        self.current_params = dict(enumerate(kept))

    def title(self):
        return "ControlNet"

    def process_unit_before_every_sampling(self):
        """What tells it from the extension."""


class Control:
    """A control model of a module that reads masks, as this has what weights by them."""


def compute_controlnet_weighting():
    """As the Forge family names it."""


def unit(enabled=True, **fields):
    """As of the page, without a field for an effective region mask."""
    return SimpleNamespace(enabled=enabled, module="None", mask_image=None, **fields)


def kept(module="None", model=None, **fields):
    given = {"control_mask": None, "control_mask_for_hr_fix": None, **fields}
    preprocessor = SimpleNamespace(name=module)
    return SimpleNamespace(preprocessor=preprocessor, model=model or SimpleNamespace(model_patcher=Control()), **given)


def job(units, read, **fields):
    given = {"width": 64, "height": 32, "iteration": 0, **fields}
    return SimpleNamespace(scripts=SimpleNamespace(alwayson_scripts=[BuiltIn(read)]), script_args=tuple(units), **given)


def grid(*controls, ratio=None):
    regions = tuple(Region("x", control=control) for control in controls)
    return Plan(split_ratio=ratio or ",".join("1" * len(controls)), regions=regions)


def test_a_unit_gets_its_regions_cell_in_latents_and_its_own_arguments_stay():
    read = [kept(), kept()]
    p = job([unit(), unit(enabled=False), unit()], read)
    before = p.script_args
    plan = grid((), (2,))
    restrict_units(p, plan)
    check_units(p, plan)
    move_to_parts(p, plan, [(0, 0, 0.5, 1)])
    restrict_builtin_units(p, plan, [WHOLE])
    assert p.script_args is before
    expected = torch.zeros(1, 1, 4, 8)
    expected[..., 4:] = 1
    assert torch.equal(read[1].control_mask, expected)
    assert torch.equal(read[1].control_mask_for_hr_fix, expected)
    assert read[0].control_mask is None


def test_the_hires_pass_has_a_mask_of_its_size():
    read = [kept()]
    p = job([unit()], read, enable_hr=True, hr_upscale_to_x=128, hr_upscale_to_y=48)
    restrict_builtin_units(p, grid((0,), ()), [WHOLE])
    assert read[0].control_mask.shape == (1, 1, 4, 8)
    assert read[0].control_mask_for_hr_fix.shape == (1, 1, 6, 16)
    assert read[0].control_mask_for_hr_fix[..., :8].all()
    assert not read[0].control_mask_for_hr_fix[..., 8:].any()


def test_a_unit_acts_in_its_places_of_all_parts_that_are_drawn():
    read = [kept()]
    p = job([unit()], read)
    restrict_builtin_units(p, grid((0,), ()), [(0.5, 0, 0.5, 1), (0.25, 0, 0.5, 1)])
    assert torch.equal(read[0].control_mask[0, 0, 0], torch.tensor([1.0, 1, 1, 1, 0, 0, 0, 0]))


def test_the_next_batch_has_the_masks_anew():
    read = [kept()]
    p = job([unit()], read)
    restrict_builtin_units(p, grid((0,), ()), [WHOLE])
    p.iteration = 1
    restrict_builtin_units(p, grid((0,), ()), [(0.5, 0, 0.5, 1)])
    assert not read[0].control_mask.any()


def test_a_unit_acts_nowhere_in_a_muted_region():
    read = [kept()]
    plan = Plan(split_ratio="1,1", regions=(Region("x", control=(0,), muted=True), Region("y")))
    restrict_builtin_units(job([unit()], read), plan, [WHOLE])
    assert not read[0].control_mask.any()


@pytest.mark.parametrize(
    ("read", "sentence"),
    [
        (kept(control_mask=torch.ones(1)), "ControlNet Unit 0 has its own mask; leave it out"),
        (kept("inpaint_only"), r"ControlNet Unit 0 \(inpaint_only\) inpaints by its mask; name it in no region"),
        (
            kept("canny", SimpleNamespace(model_patcher=object())),
            "ControlNet Unit 0: this WebUI's ControlNet reads no masks; name an IP-Adapter, or no unit",
        ),
        (
            kept("reference_only", SimpleNamespace(model_patcher=None)),
            r"ControlNet Unit 0 \(reference_only\) acts on the whole picture only; name it in no region",
        ),
    ],
)
def test_what_cannot_be_is_refused_by_name(read, sentence):
    with pytest.raises(RpgError, match=rf"regions\[1\]\.control: {sentence}"):
        restrict_builtin_units(job([unit()], [read]), grid((), (0,)), [WHOLE])


def test_an_ip_adapter_takes_a_mask():
    read = [kept("CLIP-ViT-H", SimpleNamespace(ip_adapter={}, model_patcher=None))]
    restrict_builtin_units(job([unit()], read), grid((0,), ()), [WHOLE])
    assert read[0].control_mask.any()


def test_a_unit_that_it_did_not_read_is_refused():
    with pytest.raises(RpgError, match=r"regions\[0\]\.control: ControlNet does not use its Unit 0"):
        restrict_builtin_units(job([unit()], []), grid((0,), ()), [WHOLE])


def test_without_named_units_nothing_is_touched():
    read = [kept()]
    restrict_builtin_units(job([unit()], read), grid((), ()), [WHOLE])
    assert read[0].control_mask is None
