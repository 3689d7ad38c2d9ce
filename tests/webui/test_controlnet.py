"""A region's own ControlNet units, with imitations of ControlNet's script and units."""

from __future__ import annotations

import copy
from types import SimpleNamespace

import numpy as np
import pytest
import torch

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.errors import RpgError
from lib_rpg.layout.weights import WHOLE
from lib_rpg.plan import Plan, Region
from lib_rpg.webui.controlnet import (
    MASK,
    check_units,
    forget_marks,
    move_to_parts,
    notes,
    reference_pass,
    release_units,
    restrict_units,
    unmarked,
)


class ControlNet:
    """Its script: three units from the third argument on."""

    args_from, args_to = 2, 5
    latest_network = None

    def title(self):
        return "ControlNet"


class Other(ControlNet):
    args_from, args_to = 0, 2

    def title(self):
        return "another"


def unit(as_object=False, **fields):
    values = {"enabled": True, "module": "none", "model": "m", MASK: None, **fields}
    return SimpleNamespace(**values) if as_object else values


def job(*units, kind=tuple, width=64, height=32):
    args = kind(["first", "second", *units, *[None] * (3 - len(units)), "last"])
    scripts = SimpleNamespace(alwayson_scripts=[Other(), ControlNet()])
    return SimpleNamespace(scripts=scripts, script_args=args, width=width, height=height)


def grid(*controls, ratio=None):
    regions = tuple(Region("x", control=control) for control in controls)
    return Plan(split_ratio=ratio or ",".join("1" * len(controls)), regions=regions)


def mask_of(p, number):
    value = p.script_args[2 + number]
    return value[MASK] if isinstance(value, dict) else getattr(value, MASK)


@pytest.mark.parametrize("kind", [tuple, list])
@pytest.mark.parametrize("as_object", [False, True])
def test_a_unit_gets_its_regions_cell_and_nothing_else_changes(kind, as_object):
    units = [unit(as_object), unit(as_object), unit(as_object, enabled=False)]
    p = job(*units, kind=kind)
    given, before = p.script_args, copy.deepcopy(p.script_args)
    restrict_units(p, grid((), (1,)))
    assert given == before, "the caller's objects were changed"
    assert type(p.script_args) is kind
    assert len(p.script_args) == len(given)
    assert p.script_args[:3] == given[:3]
    assert p.script_args[4:] == given[4:]
    expected = np.zeros((32, 64, 1), np.uint8)
    expected[:, 32:] = 255
    assert (mask_of(p, 1) == expected).all()
    assert mask_of(p, 1).dtype == np.uint8


def test_several_regions_that_name_a_unit_share_their_places():
    p = job(unit(), unit())
    restrict_units(p, grid((0,), (1,), (1, 0)))
    assert (mask_of(p, 0)[..., 0].any(axis=0).reshape(8, 8).any(axis=1) == [1, 1, 1, 0, 0, 1, 1, 1]).all()
    assert (mask_of(p, 1)[0, :, 0] > 0).sum() == 64 - 24


def test_the_mask_changes_at_the_latents_edges_where_the_words_do():
    p = job(unit(), width=88, height=64)
    restrict_units(p, grid((0,), (), ()))
    assert mask_of(p, 0).shape == (64, 88, 1)
    assert (mask_of(p, 0)[0, :, 0] == [255] * 32 + [0] * 56).all()  # a third of 11 latents is 4 of them


def test_boxes_that_overlap_share_the_unit_as_they_share_the_place():
    boxes = (Region("a", box=(0, 0, 0.5, 1), control=(0,)), Region("b", box=(0.25, 0, 0.75, 1), weight=3.0))
    p = job(unit())
    restrict_units(p, Plan(layout="boxes", regions=boxes))
    assert mask_of(p, 0)[0, ::16, 0].tolist() == [255, 64, 0, 0]


def test_without_named_units_nothing_is_touched():
    p = job(unit())
    before = p.script_args
    restrict_units(p, grid((), ()))
    check_units(p, grid((), ()))
    assert p.script_args is before
    bare = SimpleNamespace(scripts=None, script_args=(), width=64, height=64)
    restrict_units(bare, grid((), ()))
    release_units(bare)


@pytest.mark.parametrize("as_object", [False, True])
@pytest.mark.parametrize("copied", [lambda p: p, copy.copy, copy.deepcopy])
def test_an_earlier_runs_mask_is_taken_off_and_a_callers_own_stays(as_object, copied):
    own = np.ones((4, 4, 1), np.uint8)
    p = job(unit(as_object), unit(as_object, **{MASK: own}))
    restrict_units(p, grid((0,), ()))
    again = copied(p)
    release_units(again)
    assert mask_of(again, 0) is None
    assert (mask_of(again, 1) == own).all()
    restrict_units(again, grid((), (0,)))
    assert (mask_of(again, 0)[0, :, 0] == [0] * 32 + [255] * 32).all()


@pytest.mark.parametrize(
    ("units", "number", "sentence"),
    [
        ([unit()], 3, "regions[1].control: there is no ControlNet Unit 3; ControlNet has Unit 0 to Unit 2"),
        ([unit()], 1, "regions[1].control: ControlNet Unit 1 is not enabled"),
        ([unit(enabled=False)], 0, "regions[1].control: ControlNet Unit 0 is not enabled"),
        ([unit(module="reference_only")], 0, "ControlNet Unit 0 (reference_only) acts on the whole picture only"),
        ([unit(True, module="revision_clipvision")], 0, "(revision_clipvision) acts on the whole picture only"),
        ([unit(module="clip_vision")], 0, "(clip_vision) acts on the whole picture only"),
        ([unit(**{MASK: "iVBOR"})], 0, "ControlNet Unit 0 has its own effective_region_mask"),
        ([SimpleNamespace(enabled=True)], 0, "this ControlNet cannot restrict ControlNet Unit 0 to a region; update"),
    ],
)
def test_what_cannot_be_is_refused_by_name(units, number, sentence):
    p = job(*units)
    before = p.script_args
    with pytest.raises(RpgError) as error:
        restrict_units(p, grid((), (number,)))
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)
    assert p.script_args is before


def test_without_controlnet_it_is_refused():
    p = job()
    p.scripts.alwayson_scripts.pop()
    with pytest.raises(RpgError, match=r"regions\[0\]\.control: ControlNet Unit 2 does not exist: .* not installed"):
        restrict_units(p, grid((2,)))


def test_a_mask_that_controlnet_did_not_take_is_refused_before_sampling():
    plan = grid((0,), (1, 0))
    p = job(unit(), unit(), unit(**{MASK: "own"}))
    restrict_units(p, plan)
    script = p.scripts.alwayson_scripts[1]
    taken, free = SimpleNamespace(**{MASK: object()}), SimpleNamespace(**{MASK: None})
    networks = [None, SimpleNamespace(control_params=None), SimpleNamespace(control_params=[taken, taken, free])]
    for script.latest_network in networks:
        with pytest.raises(RpgError, match=r"regions\[0\]\.control: ControlNet cannot restrict its Units 0, 1 to"):
            check_units(p, plan)
    script.latest_network = SimpleNamespace(control_params=[taken] * 3)
    check_units(p, plan)


def read_by_controlnet(p, numbers):
    """The script's parameters of the units, as ControlNet makes them: with tensors, and no unit's number."""
    masks = [torch.from_numpy(np.asarray(mask_of(p, n))).permute(2, 0, 1)[None].float() / 255 for n in numbers]
    params = [SimpleNamespace(**{MASK: mask}, control_model=SimpleNamespace(**{MASK: mask})) for mask in masks]
    p.scripts.alwayson_scripts[1].latest_network = SimpleNamespace(control_params=params)
    return params


def columns(holder):
    return getattr(holder, MASK)[0, 0, 0, ::8].tolist()


@pytest.mark.parametrize("numbers", [(0, 1), (1, 0), (1, 0, 0)])
def test_the_masks_move_to_the_part_that_is_sampled(numbers):
    plan = grid((0,), (1,))
    p = job(unit(), unit(True))
    restrict_units(p, plan)
    params = read_by_controlnet(p, numbers)
    expected = {0: [1] * 2 + [0] * 6, 1: [0] * 2 + [1] * 6}
    for _ in range(2):  # the same part in each batch of a generation
        move_to_parts(p, plan, [(0.375, 0, 0.5, 1)] * 2)
        for number, param in zip(numbers, params, strict=True):
            assert columns(param) == columns(param.control_model) == expected[number]
    assert mask_of(p, 0)[0, ::8, 0].tolist() == [255] * 4 + [0] * 4


def test_a_batch_of_several_parts_has_a_units_places_in_all_of_them():
    plan = grid((0,), (1,))
    p = job(unit(), unit())
    restrict_units(p, plan)
    params = read_by_controlnet(p, (0, 1))
    move_to_parts(p, plan, [(0, 0, 0.5, 1), (0.25, 0, 0.5, 1)])
    assert [columns(param) for param in params] == [[1] * 8, [0] * 4 + [1] * 4]


def test_the_whole_picture_and_a_callers_own_mask_keep_what_controlnet_read():
    plan = grid((0,), ())
    p = job(unit(), unit(**{MASK: np.full((32, 64, 1), 255, np.uint8)}))
    restrict_units(p, plan)
    params = read_by_controlnet(p, (0, 1))
    before = [getattr(param, MASK) for param in params]
    move_to_parts(p, plan, [WHOLE])
    assert [getattr(param, MASK) for param in params] == before
    move_to_parts(p, plan, [(0.5, 0, 0.5, 1)])
    assert getattr(params[1], MASK) is before[1]
    assert not getattr(params[0], MASK).any()


def test_a_reference_units_own_pass_is_known():
    p = job()
    script, is_reading = p.scripts.alwayson_scripts[1], reference_pass(p)
    assert not is_reading()
    read, write = SimpleNamespace(name="Read"), SimpleNamespace(name="Write")
    for attention, gn in ((read, read), (write, read), (read, write)):
        script.latest_network = SimpleNamespace(attention_auto_machine=attention, gn_auto_machine=gn)
        assert is_reading() == (write in (attention, gn))
    assert not reference_pass(SimpleNamespace(scripts=None))()


def test_a_style_that_joins_the_base_prompt_is_noted():
    p = job(unit(), unit(True, module="t2ia_style_clipvision"), unit(module="clip_vision", enabled=False))
    assert notes(p) == [
        "the style of ControlNet Unit 1 is added to the base prompt, so regions have it at their base ratio"
    ]
    assert notes(SimpleNamespace(scripts=None)) == []


@pytest.mark.parametrize("hooked", [True, False])
def test_marked_prompts_are_forgotten_where_controlnet_is_hooked(hooked):
    p = job(unit())
    p.cached_c, p.cached_uc = ["key", "marked"], ["key", "marked"]
    caches = p.cached_c, p.cached_uc
    script = next(script for script in p.scripts.alwayson_scripts if script.title() == "ControlNet")
    script.latest_network = SimpleNamespace() if hooked else None
    forget_marks(p)
    assert (p.cached_c, p.cached_uc) == caches == (([None, None],) * 2 if hooked else (["key", "marked"],) * 2)
    assert p.cached_c is caches[0], "the class has the same list"


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16])
def test_a_mark_is_no_token_of_the_prompt(dtype):
    text, vector = torch.randn(77, 8).to(dtype), torch.randn(4)
    for sign in (1, -1):
        marked = torch.cat([torch.full((1, 8), 1024 * sign, dtype=dtype), text])
        assert torch.equal(unmarked(marked), text)
        of_sdxl = unmarked({"crossattn": marked, "vector": vector})
        assert torch.equal(of_sdxl["crossattn"], text) and of_sdxl["vector"] is vector
        assert len(marked) == 78
    plain = {"crossattn": text, "vector": vector}
    assert unmarked(text) is text and unmarked(plain) is plain


def test_without_controlnet_the_prompts_stay_encoded():
    p = SimpleNamespace(scripts=SimpleNamespace(alwayson_scripts=[Other()]), cached_c=["key", "cond"])
    forget_marks(p)
    assert p.cached_c == ["key", "cond"]


def test_a_unit_acts_nowhere_in_a_muted_region_and_stays_in_one_without_words():
    regions = (Region("a", muted=True, control=(0, 1)), Region("", control=(1,)), Region("c"))
    p = job(unit(), unit())
    restrict_units(p, Plan(split_ratio="1,1,2", regions=regions))
    assert not mask_of(p, 0).any()
    assert (mask_of(p, 1)[0, :, 0] == [0] * 16 + [255] * 16 + [0] * 32).all()
