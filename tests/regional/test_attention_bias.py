"""The attention bias on the ldm UNet, against the biased attention written out; and how it lives with other hooks."""

from __future__ import annotations

import copy
import gc
import types
import weakref
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any

import pytest
import torch
from ldm.modules.attention import CrossAttention
from torch import Tensor, nn

from lib_rpg.errors import RpgError
from lib_rpg.regional import attention_bias
from lib_rpg.regional.attention import RegionAttention
from lib_rpg.regional.attention_bias import AttentionBias, RowThings, Thing
from lib_rpg.regional.binding import Moment
from lib_rpg.regional.rows import RowRegions, UNetRows
from tests.regional.reference import (
    CONTEXT_WIDTH,
    THIRDS,
    FromFunction,
    attn2_modules,
    hook_count,
    region_row,
    sdp_forward,
    step_inputs,
)

SIZE = HEIGHT, WIDTH = 8, 16
SIGMA = 3.0
SCALE = 4.0
STRENGTH = SCALE * 0.75
TOLERANCE = 1e-5
FIRST = Moment(0, 10)
CAT = Thing((3, 4), ((0.0, 0.0, 0.5, 1.0),))
DOGS = Thing((9,), ((0.5, 0.5, 0.25, 0.5), (0.75, 0.0, 0.25, 0.5)))
BIAS_AREAS: dict[int, Callable[[int, int], list[tuple[slice, slice]]]] = {
    3: lambda h, w: [(slice(0, h), slice(0, w // 2))],
    4: lambda h, w: [(slice(0, h), slice(0, w // 2))],
    9: lambda h, w: [(slice(h // 2, h), slice(w // 2, 3 * w // 4)), (slice(0, h // 2), slice(3 * w // 4, w))],
}
"""The cells of the boxes of CAT and DOGS, by the positions of their words."""


def things_row(*things: Thing, regions: RowRegions | None = None) -> RowThings:
    """A row of things, and of regions where they are given."""
    if regions is None:
        return RowThings(object(), (), FromFunction(lambda h, w: torch.zeros(0, h, w)), (), things)
    return RowThings(object(), regions.texts, regions.weights, regions.patches, things)


def bias_of(h: int, w: int, length: int, strength: float) -> Tensor:
    """What is added to the logits for CAT and DOGS, (h * w, length), cell by cell."""
    bias = torch.zeros(h, w, length)
    for word, areas in BIAS_AREAS.items():
        bias[..., word] = -strength
        for rows, columns in areas(h, w):
            bias[rows, columns, word] = strength
    return bias.view(h * w, length)


def written_out(unet: nn.Module, rows: Sequence[RowRegions | None], strength: float = STRENGTH) -> nn.Module:
    """A copy of the UNet that computes attention the long way: biased for rows with things, regions one by one."""
    model = copy.deepcopy(unet)

    def make(module: Any) -> Callable[..., Tensor]:
        def attend(x: Tensor, context: Tensor, bias: Tensor | float) -> Tensor:
            q, k, v = (
                projection(t).reshape(len(t), module.heads, -1)
                for projection, t in ((module.to_q, x), (module.to_k, context), (module.to_v, context))
            )
            logits = torch.einsum("nhd,mhd->hnm", q, k) / q.shape[-1] ** 0.5 + bias
            shares = logits.exp() / logits.exp().sum(-1, keepdim=True)
            return module.to_out(torch.einsum("hnm,mhd->nhd", shares, v).flatten(1))

        def forward(x: Tensor, context: Tensor) -> Tensor:
            h, w = HEIGHT, WIDTH
            while h * w > x.shape[1]:
                h, w = h // 2, w // 2
            outputs = []
            for hidden, own, row in zip(x, context, rows, strict=True):
                biased = isinstance(row, RowThings) and row.things
                result = attend(hidden, own, bias_of(h, w, len(own), strength) if biased else 0.0)
                if row is not None and row.texts:
                    weights = row.weights.at(h, w).flatten(1)[..., None]
                    result = (1 - weights.sum(0)) * result
                    for weight, text in zip(weights, row.texts, strict=True):
                        result = result + weight * attend(hidden, text.context, 0.0)
                outputs.append(result)
            return torch.stack(outputs)

        return forward

    for module in attn2_modules(model):
        module.forward = make(module)
    return model


class Biased:
    """The attention bias with a row cursor of its own, and the UNet's step."""

    def __init__(self, unet: nn.Module, *, scale: float = SCALE, steps: float = 0.5, **options: Any) -> None:
        self.unet = unet
        self.rows = UNetRows(unet)
        self.bias = AttentionBias(unet, self.rows, scale=scale, steps=steps, **options)

    def __call__(
        self, step: Any, rows: Sequence[RowRegions | None], moment: Moment = FIRST, sigma: float = SIGMA
    ) -> Tensor:
        self.rows.set_rows(rows)
        self.bias.set_step(moment, sigma)
        return run(self.unet, step)

    def close(self) -> None:
        self.bias.close()
        self.rows.close()


def run(unet: nn.Module, step: Any, part: slice = slice(None)) -> Tensor:
    return unet(step.x[part], step.t[part], context=step.context[part])


@pytest.fixture()
def step() -> Any:
    return step_inputs(2, *SIZE)


@pytest.fixture()
def plain(unet: nn.Module, step: Any) -> Tensor:
    return run(unet, step)


@pytest.fixture()
def expected(unet: nn.Module, step: Any) -> Tensor:
    """Of one row with things and one without."""
    return run(written_out(unet, [things_row(CAT, DOGS), None]), step)


def assert_near(made: Tensor, right: Tensor, tolerance: float = TOLERANCE) -> None:
    assert (made - right).abs().max() <= tolerance


# The formula


def test_it_is_the_biased_softmax_at_every_layer(unet, step, plain, expected):
    """And a row without things is to the bit what the untouched UNet gives it."""
    with closing(Biased(unet)) as biased:
        output = biased(step, [things_row(CAT, DOGS), None])
        assert biased.bias.applied_calls == biased.bias.layers == len(attn2_modules(unet))
    assert_near(output, expected)
    assert torch.equal(output[1], plain[1])
    assert (output[0] - plain[0]).abs().max() > 1e-2


@pytest.mark.parametrize("forward", [CrossAttention.forward, sdp_forward])
def test_one_layer_by_itself(unet, step, monkeypatch, forward):
    """Its output is the written-out one through to_out, with the host's own forward and with an optimiser's."""
    module = attn2_modules(unet)[0]
    hidden = torch.randn(2, HEIGHT * WIDTH, module.to_q.in_features)
    holder = nn.Module()
    holder.attn2 = module
    holder.forward = lambda x, t=None, context=None: module(hidden, context=context)
    monkeypatch.setattr(CrossAttention, "forward", forward)
    with closing(Biased(holder)) as biased:
        output = biased(step, [None, things_row(CAT, DOGS)])
        untouched = module.forward(hidden, context=step.context)
    assert torch.equal(output[0], untouched[0])
    heads = module.heads
    q, k, v = (t.view(len(t), heads, -1) for t in (
        hidden[1] @ module.to_q.weight.T, step.context[1] @ module.to_k.weight.T, step.context[1] @ module.to_v.weight.T
    ))  # fmt: skip
    logits = torch.einsum("qhd,khd->hqk", q, k) / q.shape[-1] ** 0.5 + bias_of(HEIGHT, WIDTH, 77, STRENGTH)
    core = torch.einsum("hqk,khd->qhd", logits.softmax(-1), v).flatten(1)
    assert_near(output[1], core @ module.to_out[0].weight.T + module.to_out[0].bias, 1e-6)


@pytest.mark.parametrize(("sigma", "strength"), [(14.6, 14.6 / 15.6), (1.0, 0.5), (0.25, 0.2)])
def test_it_falls_with_sigma(unet, step, sigma, strength):
    rows = [things_row(CAT, DOGS), None]
    with closing(Biased(unet)) as biased:
        output = biased(step, rows, sigma=sigma)
    assert_near(output, run(written_out(unet, rows, SCALE * strength), step))


def test_the_word_of_two_things_is_inside_in_the_boxes_of_both(unet, step, expected):
    left, right = (Thing(DOGS.tokens, (box,)) for box in DOGS.boxes)
    with closing(Biased(unet)) as biased:
        assert_near(biased(step, [things_row(CAT, left, right), None]), expected)


def test_a_box_of_less_than_a_cell_has_one(unet, step):
    """On the smallest grid of 2 x 4 as well: a word that is pushed away everywhere would be lost there."""
    with closing(Biased(unet)) as biased:
        biased(step, [things_row(Thing((5,), ((0.3, 0.6, 0.02, 0.02),))), None])
        biases = list(biased.bias._biases.values())
    assert {bias.shape for bias in biases} == {(1, 1, cells, 77) for cells in (128, 32, 8)}
    for bias in biases:
        assert (bias == STRENGTH).sum() == 1
        assert (bias == -STRENGTH).sum() == bias.shape[2] - 1


# When there is none


def test_without_strength_it_is_the_untouched_forward_to_the_bit(unet, step, plain):
    rows = [things_row(CAT, DOGS), None]
    with closing(Biased(unet, scale=0.0)) as biased:
        assert torch.equal(biased(step, rows), plain)
    with closing(Biased(unet, steps=0.0)) as biased:
        assert torch.equal(biased(step, rows), plain)
    with closing(Biased(unet)) as biased:
        biased.rows.set_rows(rows)
        assert torch.equal(run(unet, step), plain)  # no step has begun
        assert torch.equal(biased(step, rows, sigma=0.0), plain)
        assert torch.equal(biased(step, [things_row(), None]), plain)
        assert torch.equal(biased(step, [None, None]), plain)
        assert biased.bias.applied_calls == 0


def test_it_is_off_after_its_share_of_the_steps(unet, step, plain):
    rows = [things_row(CAT, DOGS), None]
    with closing(Biased(unet, steps=0.3)) as biased:
        same = [torch.equal(biased(step, rows, moment=Moment(number, 7)), plain) for number in (0, 1, 2, 6)]
    assert same == [False, False, True, True]


def test_another_picture_inside_the_call_is_plain(unet, step, plain):
    is_other = [True]
    with closing(Biased(unet, is_other_picture=lambda: is_other[0])) as biased:
        assert torch.equal(biased(step, [things_row(CAT), None]), plain)
        is_other[0] = False
        assert not torch.equal(biased(step, [things_row(CAT), None]), plain)


# Rows


def test_rows_in_one_call_and_in_calls_of_their_own(unet):
    rows = [things_row(CAT, DOGS), None, None, things_row(CAT, DOGS)]
    step = step_inputs(4, *SIZE)
    plain = run(unet, step)
    right = run(written_out(unet, rows), step)
    with closing(Biased(unet)) as biased:
        together = biased(step, rows)
        biased.rows.set_rows(rows)
        parts = [slice(0, 1), slice(1, 2), slice(2, 4)]
        apart = torch.cat([run(unet, step, part) for part in parts])
    assert_near(together, right)
    assert_near(apart, right)
    assert torch.equal(together[1:3], plain[1:3])
    assert torch.equal(apart[1:2], run(unet, step, slice(1, 2)))


def test_rows_have_things_of_their_own(unet):
    step = step_inputs(2, *SIZE)
    other = Thing((20,), ((0.0, 0.0, 0.25, 0.25),))
    with closing(Biased(unet)) as biased:
        both = biased(step, [things_row(CAT, DOGS), things_row(other)])
        first = biased(step, [things_row(CAT, DOGS), None])
        second = biased(step, [None, things_row(other)])
    assert_near(both[0], first[0])
    assert_near(both[1], second[1])


def test_the_bias_is_made_once_for_each_layer_size_and_sigma(unet, monkeypatch):
    made: list[tuple[int, int]] = []
    own = attention_bias._row_bias

    def counting(things: Any, grid: tuple[int, int], *args: Any) -> Tensor:
        made.append(grid)
        return own(things, grid, *args)

    monkeypatch.setattr(attention_bias, "_row_bias", counting)
    rows = [None, things_row(CAT), None]
    step = step_inputs(3, *SIZE)
    grids = [(2, 4), (4, 8), (8, 16)]
    with closing(Biased(unet)) as biased:
        for sigma in (5.0, 5.0, 3.0):
            biased(step, rows, sigma=sigma)
            assert {bias.shape[0] for bias in biased.bias._biases.values()} == {1}
            assert len(biased.bias._biases) == 3
        assert sorted(made) == sorted(grids * 2)


# Beside the regions


@pytest.mark.parametrize(
    ("forward", "composed", "bias_first"),
    [
        (CrossAttention.forward, False, True),
        (CrossAttention.forward, False, False),
        (CrossAttention.forward, True, True),
        (CrossAttention.forward, True, False),
        (sdp_forward, False, False),
    ],
)
def test_it_biases_the_base_that_regions_are_blended_with(unet, step, monkeypatch, forward, composed, bias_first):
    monkeypatch.setattr(CrossAttention, "forward", forward)
    rows = [
        things_row(CAT, DOGS, regions=region_row(THIRDS, (0.3, 0.6, 0.9), (77, 154, 77))),
        region_row(THIRDS[:1], (0.2,), (77,), seed=1),
    ]
    cursor = UNetRows(unet)
    engines: list[Any] = []

    def attach_bias() -> None:
        engines.append(AttentionBias(unet, cursor, scale=SCALE, steps=1.0))

    if bias_first:
        attach_bias()
    engines.append(RegionAttention(unet, cursor, force_composed=composed))
    if not bias_first:
        attach_bias()
    bias = engines[0 if bias_first else 1]
    bias.set_step(FIRST, SIGMA)
    cursor.set_rows(rows)
    output = run(unet, step)
    applied = bias.applied_calls
    bias.close()
    cursor.set_rows(rows)
    regional = run(unet, step)
    for engine in (*engines, cursor):
        engine.close()
    assert applied == len(attn2_modules(unet))
    assert_near(output, run(written_out(unet, rows), step))
    if not composed:
        assert torch.equal(output[1], regional[1])
    assert (output[0] - regional[0]).abs().max() > 1e-3


# Other extensions' hooks and forwards


def test_what_others_hold_of_the_unbiased_attention_stays(unet, step):
    held: list[tuple[Tensor, Tensor]] = []
    linear = attn2_modules(unet)[0].to_out[0]
    with closing(Biased(unet)) as biased:
        spy = linear.register_forward_pre_hook(lambda m, args: held.append((args[0], args[0].clone())), prepend=True)
        biased(step, [things_row(CAT), None])
        spy.remove()
    assert torch.equal(*held[0])


def other_forward(self: Any, x: Tensor, context: Tensor | None = None, mask: Tensor | None = None) -> Tensor:
    """Another extension's, which calls the projections and adds something of its own."""
    return CrossAttention.forward(self, x, context, mask) + 0.1


def fused_forward(self: Any, x: Tensor, context: Tensor | None = None, mask: Tensor | None = None) -> Tensor:
    """An optimiser that calls no projection as a module."""
    context = x if context is None else context
    q, k, v = (
        (t @ projection.weight.T).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        for t, projection in ((x, self.to_q), (context, self.to_k), (context, self.to_v))
    )
    core = torch.nn.functional.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)
    return core @ self.to_out[0].weight.T + self.to_out[0].bias


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_layer_with_anothers_forward_is_left_out_and_counted(unet, step, when):
    rows = [things_row(CAT, DOGS), None]
    module = attn2_modules(unet)[1]
    biased = Biased(unet)
    if when == "before":
        biased.close()
    module.forward = types.MethodType(other_forward, module)
    if when == "before":
        biased = Biased(unet)
        assert biased.bias.left_out == 1
    seen: list[tuple[Tensor, Tensor, Tensor]] = []
    spy = module.register_forward_hook(lambda m, args, kwargs, out: seen.append((args[0], kwargs["context"], out)),
                                       with_kwargs=True)  # fmt: skip
    biased(step, rows)
    spy.remove()
    layers = biased.bias.layers
    assert (biased.bias.left_out, biased.bias.applied_calls) == (1, layers - 1)
    assert biased.bias.summary() == (
        f"attention biased in {layers - 1} layers, 1 left out (its forward is replaced by another extension)"
    )
    ((hidden, context, output),) = seen
    assert torch.equal(output, other_forward(module, hidden, context))
    del module.forward
    biased(step, rows)
    assert (biased.bias.left_out, biased.bias.applied_calls) == (0, 2 * layers - 1)
    biased.close()


def test_a_left_out_layer_keeps_its_regions(unet, step):
    """With the region attention beside it, which composes that layer."""
    rows = [things_row(CAT, DOGS, regions=region_row(THIRDS, (0.3,) * 3, (77,) * 3)), None]
    modules = attn2_modules(unet)
    for module in modules:
        module.forward = types.MethodType(other_forward, module)
    with closing(Biased(unet)) as biased, closing(RegionAttention(unet, biased.rows)):
        output = biased(step, rows)
        assert biased.bias.left_out == biased.bias.layers
    with closing(Biased(unet, scale=0.0)) as unbiased, closing(RegionAttention(unet, unbiased.rows)):
        assert torch.equal(output, unbiased(step, rows))
    for module in modules:
        del module.forward


def test_an_optimiser_that_passes_by_the_projections_is_left_out(unet, step, monkeypatch):
    monkeypatch.setattr(CrossAttention, "forward", fused_forward)
    plain = run(unet, step)
    with closing(Biased(unet)) as biased:
        assert torch.equal(biased(step, [things_row(CAT), None]), plain)
        layers = len(attn2_modules(unet))
        assert biased.bias.left_out == layers
        assert biased.bias.summary() == (
            f"attention biased in 0 layers, {layers} left out (its forward passes by its projections)"
        )


def test_a_projection_with_its_own_forward_is_biased_with_what_it_gives(unet, step):
    """LLLite's way."""
    rows = [things_row(CAT, DOGS), None]
    target = attn2_modules(unet)[0].to_q
    target.forward = lambda x: type(target).forward(target, x + 0.1)
    with closing(Biased(unet)) as biased:
        output = biased(step, rows)
    del target.forward
    right = written_out(unet, rows)
    twin = attn2_modules(right)[0].to_q
    twin.forward = lambda x: type(twin).forward(twin, x + 0.1)
    assert_near(output, run(right, step))


def test_a_layer_that_is_called_with_a_mask_is_left_out(unet, step):
    module = attn2_modules(unet)[0]
    hidden, mask = torch.randn(2, HEIGHT * WIDTH, module.to_q.in_features), torch.rand(2, 77) < 0.5
    holder = nn.Module()
    holder.attn2 = module
    calls = {"keyword": ((), {"mask": mask}), "positional": ((step.context, mask), {}), "none": ((), {"mask": None})}
    for name, (args, kwargs) in calls.items():
        kwargs = kwargs if args else {"context": step.context, **kwargs}
        holder.forward = lambda x, t=None, context=None, args=args, kwargs=kwargs: module(hidden, *args, **kwargs)
        plain = holder(step.x)
        with closing(Biased(holder)) as biased:
            same = torch.equal(biased(step, [things_row(CAT), None]), plain)
            assert (same, biased.bias.left_out) == ((False, 0) if name == "none" else (True, 1))


# Chosen layers, precision


def test_only_the_chosen_parts_are_biased(unet, step):
    rows = [things_row(CAT, DOGS), None]
    names = [name for name, module in unet.named_modules() if name.endswith("attn2")]
    chosen = [name for name in names if name.startswith(("middle_block.", "output_blocks.1."))]
    assert len(chosen) == 2
    right = copy.deepcopy(unet)
    long_way = written_out(unet, rows)
    for name in chosen:
        right.get_submodule(name).forward = long_way.get_submodule(name).forward
    with closing(Biased(unet, parts=["middle_block", "output_blocks.1"])) as biased:
        assert_near(biased(step, rows), run(right, step))
        assert (biased.bias.layers, biased.bias.applied_calls) == (2, 2)


@pytest.mark.parametrize("upcast", [False, True])
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision(unet, step, monkeypatch, dtype, upcast):
    monkeypatch.setattr(CrossAttention, "forward", sdp_forward)
    holder = nn.Module()
    holder.attn2 = module = copy.deepcopy(attn2_modules(unet)[0])
    hidden = torch.randn(2, HEIGHT * WIDTH, module.to_q.in_features)
    holder.forward = lambda x, t=None, context=None: module(hidden.to(x), context=context)
    rows = [things_row(CAT, DOGS), None]
    with closing(Biased(holder, upcast=upcast)) as biased:
        exact = biased(step, rows)
        holder.to(dtype)
        step.x, step.context = step.x.to(dtype), step.context.to(dtype)
        plain = module.forward(hidden.to(dtype), step.context)
        output = biased(step, rows)
        kept = {bias.dtype for bias in biased.bias._biases.values()}
    assert output.dtype == dtype
    assert kept == {torch.float32, torch.float32 if upcast else dtype}  # the exact one was in float32
    assert torch.equal(output[1], plain[1])
    error, effect = (output.float() - exact)[0].abs().max(), (exact - plain.float())[0].abs().max()
    assert error < 0.05 * effect


# Closing, errors


def test_close_leaves_nothing_behind(unet, step, plain):
    biased = Biased(unet)
    assert not torch.equal(biased(step, [things_row(CAT), None]), plain)
    bias = [weakref.ref(each) for each in biased.bias._biases.values()]
    applied = biased.bias.applied_calls
    for _ in range(2):
        biased.close()
    gc.collect()
    assert hook_count(unet) == 0
    assert [reference() for reference in bias] == [None] * 3
    assert torch.equal(run(unet, step), plain)
    assert biased.bias.applied_calls == applied


def test_an_error_in_the_middle_of_a_call_holds_nothing(unet, step, plain, expected):
    module = attn2_modules(unet)[1]
    held: list[weakref.ref] = []
    biased = Biased(unet)
    seen = module.to_q.register_forward_hook(lambda m, a, output: held.append(weakref.ref(output)))

    def fail(_module: nn.Module, _args: tuple) -> None:
        raise RuntimeError("out of memory")

    failing = module.to_v.register_forward_pre_hook(fail)
    with pytest.raises(RuntimeError, match="out of memory"):
        biased(step, [things_row(CAT, DOGS), None])
    seen.remove()
    failing.remove()
    biased.rows.set_rows([None, None])
    gc.collect()
    assert held and held[-1]() is None
    assert_near(biased(step, [things_row(CAT, DOGS), None]), expected)
    biased.close()
    assert torch.equal(run(unet, step), plain)


def test_words_beyond_the_text_are_refused(unet, step):
    with closing(Biased(unet)) as biased:
        for word in (77, -1):
            with pytest.raises(RpgError, match=rf"positions \[{word}\] and the text has 77; name positions within it"):
                biased(step, [things_row(Thing((word,), CAT.boxes)), None])


@pytest.mark.parametrize(("tokens", "boxes"), [((), CAT.boxes), ((3,), ())])
def test_a_thing_without_words_or_boxes_is_refused(tokens, boxes):
    with pytest.raises(RpgError, match="a guided thing: has no tokens or no boxes"):
        Thing(tokens, boxes)


def test_layers_that_are_not_there_are_refused(unet):
    rows = UNetRows(unet)
    with pytest.raises(RpgError, match=r"no cross-attention layer \(attn2\) in output_blocks.77"):
        AttentionBias(unet, rows, scale=1.0, steps=1.0, parts=["output_blocks.77"])
    rows.close()
    with pytest.raises(RpgError, match="this Sequential has no cross-attention layer"):
        AttentionBias(nn.Sequential(nn.Linear(2, 2)), rows, scale=1.0, steps=1.0)


def test_a_layer_that_sees_other_rows_than_the_unet_is_refused(unet, step):
    repeat = unet.middle_block.register_forward_pre_hook(lambda m, args: tuple(torch.cat([arg, arg]) for arg in args))
    with closing(Biased(unet)) as biased, pytest.raises(RpgError, match=r"with 4 rows, but the UNet with 2"):
        biased(step, [things_row(CAT), None])
    repeat.remove()


def test_longer_texts(unet):
    """Of several chunks: the bias follows the length of the row's context."""
    step = step_inputs(2, *SIZE)
    step.context = torch.randn(2, 154, CONTEXT_WIDTH)
    rows = [things_row(CAT, DOGS), None]
    with closing(Biased(unet)) as biased:
        assert_near(biased(step, rows), run(written_out(unet, rows), step))
