"""GLIGEN on the ldm UNet: its formulas written out, whose rows it changes, in which steps, and that it goes again."""

from __future__ import annotations

import copy
import gc
import math
import types
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from ldm.modules.attention import SpatialTransformer
from torch import Tensor, nn

from lib_rpg.errors import RpgError
from lib_rpg.regional.attention import RegionAttention
from lib_rpg.regional.binding import Moment
from lib_rpg.regional.gligen import NO_BOXES, Gligen, Grounding, PositionNet, build_modules, fourier_features
from lib_rpg.regional.rows import UNetRows
from tests.regional.conftest import assert_untouched
from tests.regional.grounded import (
    PHRASE,
    all_shapes,
    blocks_of,
    box_tokens,
    build_sd14,
    build_small,
    ground,
    grounded,
    grounding,
    random_weights,
)
from tests.regional.reference import THIRDS, hook_count, loop_over_regions, region_row, step_inputs

TOLERANCE = 2e-5
FIRST = Moment(0, 50)
TWO = grounding([(0.1, 0.2, 0.5, 0.9), (0.5, 0.0, 1.0, 0.4)])
ONE = grounding([(0.0, 0.25, 0.75, 1.0)], seed=1)


@pytest.fixture(scope="module")
def shared_small() -> nn.Module:
    return build_small()


@pytest.fixture()
def unet(shared_small: nn.Module) -> Iterator[nn.Module]:
    """The UNet, and after the test the proof that nothing was left on it."""
    yield shared_small
    assert_untouched(shared_small)


@pytest.fixture(scope="module")
def weights(shared_small: nn.Module) -> dict[str, Tensor]:
    return random_weights(shared_small)


def evaluate(unet: nn.Module, step: Any) -> Tensor:
    return unet(step.x, step.t, context=step.context)


def run(unet: nn.Module, weights: dict, step: Any, rows: list, moment: Moment = FIRST, **options: Any) -> Tensor:
    gligen = Gligen(unet, weights, **options)
    try:
        gligen.set_rows(rows, moment)
        return evaluate(unet, step)
    finally:
        gligen.close()


# The formulas


def test_every_row_is_drawn_as_by_a_gligen_model_with_its_own_boxes(unet, weights):
    rows = [TWO, ONE, NO_BOXES, None]
    step = step_inputs(4, 8, 12)
    plain = evaluate(unet, step)
    drawn = run(unet, weights, step, rows)
    assert (drawn - evaluate(grounded(unet, weights, rows), step)).abs().max() <= TOLERANCE
    assert torch.equal(drawn[3], plain[3])
    assert ((drawn - plain)[:3].abs().amax((1, 2, 3)) > 0.01).all()


def test_a_whole_batch_with_self_attention_at_every_scale(whole_unet):
    weights = random_weights(whole_unet, seed=3)
    rows = [ONE, NO_BOXES]
    step = step_inputs(2, 8, 8)
    drawn = run(whole_unet, weights, step, rows)
    assert (drawn - evaluate(grounded(whole_unet, weights, rows), step)).abs().max() <= TOLERANCE


def test_strength_scales_both_gates(unet, weights):
    step = step_inputs(2, 8, 8)
    drawn = run(unet, weights, step, [TWO, NO_BOXES], strength=0.3)
    assert (drawn - evaluate(grounded(unet, weights, [TWO, NO_BOXES], 0.3), step)).abs().max() <= TOLERANCE
    assert (drawn - evaluate(grounded(unet, weights, [TWO, NO_BOXES]), step)).abs().max() > 0.01


@pytest.mark.parametrize("gate", ["alpha_attn", "alpha_dense"])
def test_each_part_has_its_own_gate(unet, weights, gate):
    closed = {name: value * 0 if name.endswith(gate) else value for name, value in weights.items()}
    step = step_inputs(2, 8, 8)
    drawn = run(unet, closed, step, [TWO, ONE])
    assert (drawn - evaluate(grounded(unet, closed, [TWO, ONE]), step)).abs().max() <= TOLERANCE
    assert (drawn - run(unet, weights, step, [TWO, ONE])).abs().max() > 0.01


def test_nothing_changes_with_closed_gates_or_without_strength(unet, weights):
    step = step_inputs(2, 8, 8)
    plain = evaluate(unet, step)
    closed = {name: value * 0 if ".alpha_" in name else value for name, value in weights.items()}
    assert torch.equal(run(unet, closed, step, [TWO, NO_BOXES]), plain)
    assert torch.equal(run(unet, weights, step, [TWO, NO_BOXES], strength=0.0), plain)
    assert torch.equal(run(unet, weights, step, [None, None]), plain)


@settings(max_examples=30)
@given(st.lists(st.floats(0, 1), min_size=4, max_size=4), st.integers(0, 7), st.integers(0, 3))
def test_fourier_features(box, k, side):
    features = fourier_features(torch.tensor([box], dtype=torch.float64))
    assert features.shape == (1, 64)
    angle = 100 ** (k / 8) * box[side]
    assert features[0, 8 * k + side].item() == pytest.approx(math.sin(angle), abs=1e-12)
    assert features[0, 8 * k + 4 + side].item() == pytest.approx(math.cos(angle), abs=1e-12)


def test_masked_boxes_are_null_features_whatever_they_hold(weights):
    net = PositionNet(64)
    net.load_state_dict({k.removeprefix("position_net."): v for k, v in weights.items() if "position_net" in k})
    boxes, phrases = torch.rand(2, 3, 4), torch.randn(2, 3, PHRASE)
    boxes[0, 1], phrases[0, 1] = math.nan, math.inf
    mask = torch.tensor([[True, False, True], [False, False, False]])
    tokens = net(boxes, phrases, mask)
    null = box_tokens(weights, NO_BOXES)[0]
    assert (tokens[~mask] - null).abs().max() <= 1e-5
    expected = box_tokens(weights, Grounding(torch.tensor([[0.1, 0.2, 0.3, 0.4]]), phrases[:1, 2]))[0]
    boxes[0, 2] = torch.tensor([0.1, 0.2, 0.3, 0.4])
    assert (net(boxes, phrases, mask)[0, 2] - expected).abs().max() <= 1e-5
    assert (expected - null).abs().max() > 0.01


def test_names_and_sizes_are_those_of_the_published_model():
    """SD 1.4's, and the sum is that of the published float32 file of 836,445,074 bytes less its header."""
    unet = build_sd14()
    widths = {f"input_blocks.{i}.1": 320 * (1, 2, 4)[i // 3] for i in (1, 2, 4, 5, 7, 8)}
    widths |= {"middle_block.1": 1280}
    widths |= {f"output_blocks.{i}.1": 320 * (4, 2, 1)[i // 3 - 1] for i in range(3, 12)}
    expected = all_shapes({f"{name}.transformer_blocks.0": width for name, width in widths.items()}, 768)
    modules = build_modules(unet)
    built = {f"{name}.{key}": tuple(t.shape) for name, m in modules.items() for key, t in m.state_dict().items()}
    assert built == expected
    assert all(module.attn.heads == 8 for name, module in modules.items() if name.endswith("fuser"))
    header = 836_445_074 - 4 * sum(math.prod(shape) for shape in expected.values())
    assert 0 < header < 200 * len(expected)


# Whose rows, and in which steps


def test_calls_may_take_the_rows_in_any_portions(unet, weights):
    rows = [TWO, ONE, NO_BOXES, None]
    step = step_inputs(4, 8, 8)
    together = run(unet, weights, step, rows)
    gligen = Gligen(unet, weights)
    for portions in ([2, 2], [1, 1, 1, 1], [3, 1], [4]):
        gligen.set_rows(rows, FIRST, (8, 8))
        parts = zip(step.x.split(portions), step.t.split(portions), step.context.split(portions), strict=True)
        apart = torch.cat([unet(x, t, context=context) for x, t, context in parts])
        assert (apart - together).abs().max() <= TOLERANCE
    gligen.close()


@pytest.mark.parametrize(
    ("share", "steps", "on"),
    [(0.4, 50, 20), (0.4, 20, 8), (0.4, 2, 0), (0.7, 10, 7), (0.29, 100, 29), (1.0, 5, 5), (0, 5, 0)],
)
def test_boxes_act_in_the_first_share_of_the_steps(unet, weights, share, steps, on):
    gligen = Gligen(unet, weights, share=share)
    assert [gligen.is_on(Moment(step, steps)) for step in range(steps)] == [True] * on + [False] * (steps - on)
    gligen.close()


def test_nothing_changes_after_the_share(unet, weights):
    step = step_inputs(2, 8, 8)
    plain = evaluate(unet, step)
    gligen = Gligen(unet, weights)
    assert torch.equal(evaluate(unet, step), plain)  # no rows named yet
    for number, acts in ((19, True), (20, False), (19, True), (49, False)):
        gligen.set_rows([TWO, NO_BOXES], Moment(number, 50))
        assert torch.equal(evaluate(unet, step), plain) != acts
    gligen.close()


def test_tokens_are_computed_once_for_a_grounding(unet, weights, monkeypatch):
    counted: list[int] = []
    forward = PositionNet.forward
    monkeypatch.setattr(PositionNet, "forward", lambda self, *args: counted.append(1) or forward(self, *args))
    step = step_inputs(2, 8, 8)
    gligen = Gligen(unet, weights)
    for number in range(4):
        gligen.set_rows([TWO, NO_BOXES], Moment(number, 50))
        evaluate(unet, step)
    assert len(counted) == 2
    gligen.close()


def test_another_picture_is_left_alone(unet, weights):
    step = step_inputs(1, 8, 8)
    plain = evaluate(unet, step)
    assert torch.equal(run(unet, weights, step, [TWO], is_other_picture=lambda: True), plain)


def test_modules_follow_the_device_and_dtype_of_the_tokens(fused_attention):
    """Weights in half precision, a UNet in double: as an autocast or an upcast gives the tokens."""
    unet = _one_transformer().double()
    weights = {name: nn.Parameter(value.half()) for name, value in random_weights(unet).items()}
    x, context = torch.randn(2, 32, 4, 6).double(), torch.randn(2, 7, 64).double()
    expected = grounded(unet, {k: v.double() for k, v in weights.items()}, [_double(TWO), None])(x, context)
    gligen = Gligen(unet, weights)
    gligen.set_rows([TWO, None], FIRST)
    drawn = unet(x, context)
    gligen.close()
    assert drawn.dtype == torch.float64
    assert (drawn - expected).abs().max() <= TOLERANCE
    assert {(value.dtype, value.requires_grad) for value in weights.values()} == {(torch.float16, True)}


class _Transformer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.middle_block = nn.ModuleList([nn.Identity(), SpatialTransformer(32, 4, 8, context_dim=64)])

    def forward(self, x: Tensor, context: Tensor) -> Tensor:
        return self.middle_block[1](x, context)


def _one_transformer() -> nn.Module:
    unet = _Transformer()
    nn.init.normal_(unet.middle_block[1].proj_out.weight, std=0.2)
    return unet


def _double(row: Grounding) -> Grounding:
    return Grounding(row.boxes.double(), row.phrases.double())


# Beside others


@pytest.mark.parametrize("composed", [False, True])
@pytest.mark.parametrize("gligen_first", [False, True])
def test_regions_and_boxes_together(unet, weights, composed, gligen_first):
    regions = [region_row(THIRDS, (0.3,) * 3, (77, 154, 77)), None]
    step = step_inputs(2, 8, 8)
    expected = evaluate(ground(loop_over_regions(unet, regions, (8, 8)), weights, [TWO, NO_BOXES]), step)

    attached: list[Any] = []
    rows = UNetRows(unet)
    makers: list[Callable[[], Any]] = [
        lambda: RegionAttention(unet, rows, force_composed=composed),
        lambda: Gligen(unet, weights),
    ]
    for make in reversed(makers) if gligen_first else makers:
        attached.append(make())
    gligen = next(each for each in attached if isinstance(each, Gligen))
    rows.set_rows(regions)
    gligen.set_rows([TWO, NO_BOXES], FIRST)
    drawn = evaluate(unet, step)
    for each in [*attached, rows]:
        each.close()
    assert (drawn - expected).abs().max() <= TOLERANCE


def test_others_on_the_attentions_see_what_they_would_see_in_a_gligen_model(shared_small, weights):
    step = step_inputs(2, 8, 8)
    rows = [TWO, NO_BOXES]

    def with_others(unet: nn.Module) -> list[Tensor]:
        seen: list[Tensor] = []
        for block in blocks_of(unet).values():
            for attention in (block.attn1, block.attn2):
                attention.register_forward_hook(lambda _m, args, output: seen.append(args[0].clone()) or 1.1 * output)
                forward = types.MethodType(lambda self, x, **kw: 0.9 * type(self).forward(self, x, **kw), attention)
                attention.forward = forward
        return seen

    ours = copy.deepcopy(shared_small)
    seen = with_others(ours)
    drawn = run(ours, weights, step, rows)
    reference = grounded(shared_small, weights, rows)
    expected_seen = with_others(reference)
    expected = evaluate(reference, step)
    assert (drawn - expected).abs().max() <= TOLERANCE
    assert len(seen) == len(expected_seen) == 2 * len(blocks_of(ours))
    assert all((a - b).abs().max() <= TOLERANCE for a, b in zip(seen, expected_seen, strict=True))


@pytest.mark.parametrize("rows", [[TWO, NO_BOXES], [TWO, None]])
def test_gradients_go_through(shared_small, weights, rows):
    """Attention guidance differentiates by the latents."""
    step = step_inputs(2, 8, 8)

    def gradient(unet: nn.Module) -> Tensor:
        for block in blocks_of(unet).values():
            block.checkpoint = False
        with torch.enable_grad():
            x = step.x.clone().requires_grad_(True)
            return torch.autograd.grad(unet(x, step.t, context=step.context).square().sum(), x)[0]

    expected = gradient(grounded(shared_small, weights, rows))
    ours = copy.deepcopy(shared_small)
    gligen = Gligen(ours, weights)
    gligen.set_rows(rows, FIRST)
    found = gradient(ours)
    gligen.close()
    assert (found - expected).abs().max() <= 1e-4 * expected.abs().max()


def test_a_block_that_runs_again_when_the_call_is_over_gives_the_same(unet, weights):
    """As a checkpointed block does in the backward pass."""
    step = step_inputs(2, 8, 8)
    kept: list[tuple] = []
    block = blocks_of(unet)["middle_block.1.transformer_blocks.0"]
    keeping = block.register_forward_hook(
        lambda _m, args, kw, output: kept.append((args, kw, output)), with_kwargs=True
    )
    gligen = Gligen(unet, weights)
    gligen.set_rows([TWO, NO_BOXES], FIRST)
    evaluate(unet, step)
    keeping.remove()
    args, kwargs, output = kept[0]
    assert torch.equal(block(*args, **kwargs), output)
    gligen.close()
    assert not torch.equal(block(*args, **kwargs), output)


# Attaching and closing


def _state(unet: nn.Module) -> list[Any]:
    """Everything that could be left behind: modules, hooks, attributes, parameters and what they hold."""
    modules = [(name, id(module), sorted(module.__dict__), hook_count(module)) for name, module in unet.named_modules()]
    return [modules, [(name, id(p), p._version, p.requires_grad) for name, p in unet.named_parameters()]]


def test_closing_leaves_no_trace(unet, weights):
    step = step_inputs(2, 8, 8)
    plain, before = evaluate(unet, step), _state(unet)
    gligen = Gligen(unet, weights)
    assert gligen.layers == len(blocks_of(unet)) == 7
    assert list(unet.state_dict()) == [name for name, _ in unet.named_parameters()]  # no modules of ours in it
    gligen.set_rows([TWO, NO_BOXES], FIRST)
    assert not torch.equal(evaluate(unet, step), plain)
    gligen.close()
    gligen.close()
    assert gligen.layers == 0
    assert _state(unet) == before
    assert torch.equal(evaluate(unet, step), plain)
    with pytest.raises(RpgError, match="attach them again"):
        gligen.set_rows([TWO, NO_BOXES], FIRST)


def test_closing_after_an_error_in_the_step_leaves_no_trace(unet, weights):
    step = step_inputs(2, 8, 8)
    plain, before = evaluate(unet, step), _state(unet)
    gligen = Gligen(unet, weights)
    failing = list(blocks_of(unet).values())[3].attn2.register_forward_pre_hook(_fail)
    gligen.set_rows([TWO, NO_BOXES], FIRST)
    with pytest.raises(RuntimeError, match="out of memory"):
        evaluate(unet, step)
    failing.remove()
    gligen.set_rows([TWO, NO_BOXES], FIRST)
    after = evaluate(unet, step)
    gligen.close()
    assert torch.equal(after, run(unet, weights, step, [TWO, NO_BOXES]))
    assert _state(unet) == before
    assert torch.equal(evaluate(unet, step), plain)


def _fail(_module: nn.Module, _args: tuple) -> None:
    raise RuntimeError("out of memory")


def test_closing_frees_the_unet_the_weights_and_the_boxes():
    unet = build_small()
    weights = random_weights(unet)
    row = grounding([(0.1, 0.2, 0.5, 0.9)])
    gligen = Gligen(unet, weights)
    gligen.set_rows([row, None], FIRST)
    evaluate(unet, step_inputs(2, 8, 8))
    references = [weakref.ref(each) for each in (unet, row, *weights.values(), *gligen._modules.values())]
    gligen.close()
    del unet, weights, row
    gc.collect()
    assert [reference() for reference in references if reference() is not None] == []


def test_a_refused_attachment_leaves_no_trace(unet, weights):
    before = _state(unet)
    with pytest.raises(RpgError):
        Gligen(unet, {name: value for name, value in weights.items() if "norm2" not in name})
    assert _state(unet) == before


# Refusals


def test_unets_without_transformer_blocks_are_refused(weights):
    with pytest.raises(RpgError, match=r"this Sequential has no transformer blocks .*choose an SD 1.x checkpoint"):
        Gligen(nn.Sequential(nn.Conv2d(4, 4, 3)), weights)


@pytest.mark.parametrize(("context", "kind"), [(1024, "SD 2.x"), (2048, "SDXL")])
def test_other_checkpoints_are_refused_by_name(context, kind):
    with torch.device("meta"):
        unet = nn.ModuleDict({"middle_block": nn.ModuleList([SpatialTransformer(32, 4, 8, context_dim=context)])})
    shapes = all_shapes({"middle_block.0.transformer_blocks.0": 32}, 768)
    weights = {name: torch.empty(shape, device="meta") for name, shape in shapes.items()}
    with pytest.raises(RpgError, match=rf"for SD 1.x \(text of 768 .*checkpoint is {kind} \(text of {context} "):
        Gligen(unet, weights)


BLOCK = "middle_block.1.transformer_blocks.0.fuser"
BROKEN = {
    "missing": (f"{BLOCK}.linear.bias", None, f"{BLOCK}.linear.bias is missing"),
    "shape": (f"{BLOCK}.linear.bias", torch.zeros(3), r"linear.bias has the shape \(3,\) and \(64,\) is needed"),
    "alpha": (f"{BLOCK}.alpha_attn", torch.zeros(1), r"alpha_attn has the shape \(1,\) and \(\) is needed"),
    "type": (f"{BLOCK}.linear.bias", torch.zeros(64, dtype=torch.int8), "has the type int8"),
    "more": ("input_blocks.9.1.transformer_blocks.0.fuser.alpha_attn", torch.zeros(()), "no place for input_blocks.9"),
}


@pytest.mark.parametrize(("name", "value", "message"), BROKEN.values(), ids=BROKEN)
def test_weights_that_are_not_whole_are_refused(unet, weights, name, value, message):
    broken = {key: kept for key, kept in weights.items() if key != name} | ({} if value is None else {name: value})
    with pytest.raises(RpgError, match=message):
        Gligen(unet, broken)


@pytest.mark.parametrize(
    ("boxes", "phrases", "message"),
    [
        (torch.rand(2, 4), torch.rand(3, PHRASE), "have the shapes"),
        (torch.rand(2, 4), torch.rand(2), "have the shapes"),
        (torch.tensor([[0.0, 0.0, 1.0, 1.0]] * 31), torch.rand(31, PHRASE), "31 boxes are too many; give at most 30"),
        (torch.tensor([[0.5, 0.0, 0.5, 1.0]]), torch.rand(1, PHRASE), "empty or leaves the picture"),
        (torch.tensor([[0.5, 0.0, 1.1, 1.0]]), torch.rand(1, PHRASE), "empty or leaves the picture"),
        (torch.tensor([[0.5, 0.0, math.nan, 1.0]]), torch.rand(1, PHRASE), "empty or leaves the picture"),
        (torch.tensor([[0.5, 0.0, 1.0, 1.0]]), torch.full((1, PHRASE), math.nan), "not finite"),
    ],
)
def test_boxes_that_cannot_be_used_are_refused(boxes, phrases, message):
    with pytest.raises(RpgError, match=message):
        Grounding(boxes, phrases)


def test_phrases_of_another_text_encoder_are_refused(unet, weights):
    other = Grounding(torch.tensor([[0.0, 0.0, 1.0, 1.0]]), torch.rand(1, 1024))
    with pytest.raises(RpgError, match=r"1024 channels and the weights are for 768; .* SD 1.x checkpoint's text encod"):
        run(unet, weights, step_inputs(2, 8, 8), [TWO, other])


def test_weights_say_how_wide_phrases_are(unet):
    """A checkpoint's text encoder may be as small as those of tests."""
    weights = random_weights(unet, phrase=48)
    row = grounding([(0.1, 0.2, 0.5, 0.9)], phrase=48)
    step = step_inputs(2, 8, 8)
    drawn = run(unet, weights, step, [row, NO_BOXES])
    assert (drawn - evaluate(grounded(unet, weights, [row, NO_BOXES]), step)).abs().max() <= TOLERANCE


def test_thirty_boxes_are_all_used(unet, weights):
    many = grounding([(i / 40, i / 50, (i + 5) / 40, (i + 7) / 50) for i in range(30)], seed=4)
    step = step_inputs(1, 8, 8)
    drawn = run(unet, weights, step, [many])
    assert (drawn - evaluate(grounded(unet, weights, [many]), step)).abs().max() <= TOLERANCE


def test_calls_with_other_rows_are_refused(unet, weights):
    step = step_inputs(3, 8, 8)
    with pytest.raises(RpgError, match="3 rows in a step that has 2"):
        run(unet, weights, step, [TWO, NO_BOXES])


def test_rows_repeated_inside_the_unet_are_refused(weights):
    unet = build_small()
    block = blocks_of(unet)["middle_block.1.transformer_blocks.0"]
    block.register_forward_pre_hook(lambda _m, args, kw: ((args[0].repeat(2, 1, 1),), kw), with_kwargs=True)
    step = step_inputs(2, 8, 8)
    with pytest.raises(RpgError, match=r"middle_block.1.* was called with 4 rows, but the UNet with 2"):
        run(unet, weights, step, [TWO, NO_BOXES])
