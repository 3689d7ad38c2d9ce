"""How the engine lives with the UNet, with other extensions' forwards and with errors."""

from __future__ import annotations

import gc
import types
import weakref
from contextlib import closing

import pytest
import torch
from ldm.modules.attention import CrossAttention
from torch import nn
from torch.nn.functional import scaled_dot_product_attention

from lib_rpg.errors import RpgError
from lib_rpg.regional.rows import RegionText, RowRegions
from tests.regional.reference import (
    CONTEXT_WIDTH,
    THIRDS,
    Attached,
    attn2_modules,
    build_unet,
    contexts_of,
    hook_count,
    loop_over_regions,
    region_row,
    row_of,
    sdp_forward,
    step_inputs,
)

TOLERANCE = 1e-5


def make_rows(base_ratio: float = 0.3) -> list[RowRegions | None]:
    return [region_row(THIRDS, (base_ratio,) * 3, (77, 154, 77)), None]


def run(unet, engine, step, rows=None):
    if rows is not None:
        engine.set_rows(rows)
    return unet(step.x, step.t, context=step.context)


@pytest.fixture()
def step():
    return step_inputs(2, 16, 16)


@pytest.fixture()
def expected(unet, step):
    """What the plain loop over the regions gives."""
    return loop_over_regions(unet, make_rows(), (16, 16))(step.x, step.t, context=step.context)


# Attaching and closing


def test_nothing_changes_before_rows_are_set_nor_after_close(unet, step):
    plain = unet(step.x, step.t, context=step.context)
    engine = Attached(unet)
    assert torch.equal(run(unet, engine, step), plain)
    assert not torch.equal(run(unet, engine, step, make_rows()), plain)
    assert torch.equal(run(unet, engine, step, [None, None]), plain)
    assert torch.equal(run(unet, engine, step, [row_of((), lambda h, w: torch.zeros(0, h, w)), None]), plain)
    engine.close()
    engine.close()
    assert hook_count(unet) == 0
    assert torch.equal(run(unet, engine, step), plain)
    with pytest.raises(RpgError, match="attach them again"):
        engine.set_rows(make_rows())


def test_close_after_an_exception_in_the_forward(unet, step):
    plain = unet(step.x, step.t, context=step.context)
    engine = Attached(unet)
    queries = []
    attn2 = attn2_modules(unet)[2]
    seen = attn2.to_q.register_forward_hook(lambda m, a, output: queries.append(weakref.ref(output)))
    failing = attn2.to_v.register_forward_pre_hook(_fail)
    engine.set_rows(make_rows())
    with pytest.raises(RuntimeError, match="out of memory"):
        unet(step.x, step.t, context=step.context)
    seen.remove()
    failing.remove()

    engine.set_rows(make_rows())
    gc.collect()
    assert queries and queries[-1]() is None, "the query of the failed call is still held"
    after = unet(step.x, step.t, context=step.context)
    engine.close()
    fresh = Attached(unet)
    assert torch.equal(run(unet, fresh, step, make_rows()), after)
    fresh.close()
    assert torch.equal(unet(step.x, step.t, context=step.context), plain)


def _fail(module, args):
    raise RuntimeError("out of memory")


def test_close_frees_the_unet_and_all_tensors(step):
    unet = build_unet()
    engine = Attached(unet)
    rows = make_rows()
    run(unet, engine, step, rows)
    references = [weakref.ref(unet), *(weakref.ref(context) for context in contexts_of(rows[0]))]
    del unet.middle_block  # modules may have gone already
    engine.close()
    del unet, rows
    gc.collect()
    assert [reference() for reference in references] == [None] * 4


def test_a_unet_without_cross_attention_is_refused():
    with pytest.raises(RpgError, match="Sequential has none"):
        Attached(nn.Sequential(nn.Conv2d(4, 4, 3)))


def test_two_engines_on_two_unets_do_not_meet(unet, step, expected):
    other = build_unet()
    engines = Attached(unet), Attached(other)
    engines[0].set_rows(make_rows())
    plain = other(step.x, step.t, context=step.context)
    assert (unet(step.x, step.t, context=step.context) - expected).abs().max() <= TOLERANCE
    for engine in engines:
        engine.close()
    assert torch.equal(other(step.x, step.t, context=step.context), plain)


# Rows


@pytest.mark.parametrize("composed", [False, True])
def test_another_picture_inside_the_call_is_plain(unet, step, expected, monkeypatch, composed):
    """As ControlNet's reference units run theirs: through the class's forward, inside the call with the picture."""
    own = type(unet).forward
    other_plain = unet(2 * step.x, step.t, context=step.context)
    others, is_other = [], [False]

    def forward(x, timesteps, context):
        is_other[0] = True
        others.append(own(unet, 2 * x, timesteps, context=context))
        is_other[0] = False
        return own(unet, x, timesteps, context=context)

    monkeypatch.setitem(vars(unet), "forward", forward)
    with closing(Attached(unet, force_composed=composed, is_other_picture=lambda: is_other[0])) as engine:
        result = run(unet, engine, step, make_rows())
    assert torch.equal(others[0], other_plain)
    torch.testing.assert_close(result, expected, atol=TOLERANCE, rtol=0)


def test_a_whole_step_once_more_has_the_same_regions_and_a_part_of_it_is_refused(unet, step, expected):
    engine = Attached(unet)
    engine.set_rows(make_rows())
    for _ in range(3):
        assert (run(unet, engine, step) - expected).abs().max() <= TOLERANCE
    engine.set_rows(make_rows())
    half = step_inputs(1, 16, 16)
    for _ in range(2):
        unet(half.x, half.t, context=half.context)
    with pytest.raises(RpgError, match=r"3 rows in a step that has 2"):  # which of the two it is nobody knows
        unet(half.x, half.t, context=half.context)
    assert (run(unet, engine, step, make_rows()) - expected).abs().max() <= TOLERANCE
    engine.close()


def test_latents_of_another_size_are_refused_where_the_size_is_known(unet, step):
    engine = Attached(unet)
    engine.set_rows(make_rows(), (32, 16))
    with pytest.raises(RpgError, match=r"latents of 16x16 in a step of 32x16: .*in parts"):
        run(unet, engine, step)
    engine.close()


def test_hooks_of_others_on_a_projection_see_the_base_prompt_only(unet, step):
    seen = []
    attn2 = attn2_modules(unet)[2]
    handles = [p.register_forward_hook(lambda m, a, o: seen.append(a[0])) for p in (attn2.to_k, attn2.to_v)]
    engine = Attached(unet)
    run(unet, engine, step, make_rows())
    engine.close()
    for handle in handles:
        handle.remove()
    assert len(seen) == 2
    assert all(torch.equal(context, step.context) for context in seen)


def test_latents_by_keyword(unet, step, expected):
    engine = Attached(unet)
    engine.set_rows(make_rows())
    output = unet(x=step.x, timesteps=step.t, context=step.context)
    engine.close()
    assert (output - expected).abs().max() <= TOLERANCE


def test_weights_of_the_wrong_shape_or_sum_are_refused(unet, step):
    contexts = tuple(torch.randn(77, CONTEXT_WIDTH) for _ in range(2))
    engine = Attached(unet)
    for weights, message in (
        (lambda h, w: torch.ones(1, h, w), "have the shape"),
        (lambda h, w: torch.ones(2, h, w), "at least 0 and sum to at most 1"),
        (lambda h, w: torch.full((2, h, w), float("nan")), "at least 0 and sum to at most 1"),
        (lambda h, w: torch.full((2, h, w), -0.1), "at least 0 and sum to at most 1"),
    ):
        with pytest.raises(RpgError, match=message):
            run(unet, engine, step, [row_of(contexts, weights), None])
    engine.close()


def test_a_layer_that_sees_other_rows_than_the_unet_is_refused(unet, step):
    engine = Attached(unet)
    repeat = unet.middle_block.register_forward_pre_hook(lambda m, args: tuple(torch.cat([arg, arg]) for arg in args))
    with pytest.raises(RpgError, match=r"middle_block.* with 4 rows, but the UNet with 2"):
        run(unet, engine, step, make_rows())
    repeat.remove()
    engine.close()


def test_a_layer_without_a_prompt_is_refused(step):
    holder = nn.Module()
    holder.attn2 = CrossAttention(32, 64, heads=4, dim_head=8)
    holder.forward = lambda x: holder.attn2(torch.randn(2, 256, 32))
    engine = Attached(holder)
    engine.set_rows(make_rows())
    with pytest.raises(RpgError, match="attn2 was called without a prompt"):
        holder(step.x)
    engine.close()


# Optimisers: class-level forwards


def split_forward(self, x, context=None, mask=None):
    """Unpacks to_out, as the sub-quadratic one does, and calls the projections in another order."""
    value, key, query = self.to_v(context if context is not None else x), None, self.to_q(x)
    key = self.to_k(context if context is not None else x)
    split = [t.unflatten(-1, (self.heads, -1)).transpose(1, 2).flatten(0, 1) for t in (query, key, value)]
    chunks = [(q @ split[1].transpose(1, 2) * self.scale).softmax(-1) @ split[2] for q in split[0].split(100, dim=1)]
    out = torch.cat(chunks, dim=1).unflatten(0, (-1, self.heads)).transpose(1, 2).flatten(2)
    linear, dropout = self.to_out
    return dropout(linear(out))


def fused_forward(self, x, context=None, mask=None):
    """Reads the weights and calls no projection as a module."""
    context = x if context is None else context
    split = [
        (t @ p.weight.T).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        for t, p in ((x, self.to_q), (context, self.to_k), (context, self.to_v))
    ]
    core = scaled_dot_product_attention(*split).transpose(1, 2).flatten(2)
    return core @ self.to_out[0].weight.T + self.to_out[0].bias


def half_fused_forward(self, x, context=None, mask=None):
    """Calls to_q as a module, but not to_out."""
    self.to_q(x)
    return fused_forward(self, x, context)


@pytest.mark.parametrize("forward", [sdp_forward, split_forward])
def test_optimisers_that_call_the_projections_keep_the_fast_path(unet, step, expected, monkeypatch, forward):
    monkeypatch.setattr(CrossAttention, "forward", forward)
    engine = Attached(unet)
    output = run(unet, engine, step, make_rows())
    assert engine.path_summary() == f"fast on {engine.layers} layers"
    engine.close()
    assert (output - expected).abs().max() <= TOLERANCE


@pytest.mark.parametrize("forward", [fused_forward, half_fused_forward])
def test_optimisers_that_pass_by_the_projections_are_composed(unet, step, expected, monkeypatch, forward):
    """Never silently plain: the layer is composed in the very call that would have stayed plain."""
    engine = Attached(unet)
    monkeypatch.setattr(CrossAttention, "forward", forward)
    outputs = [run(unet, engine, step, make_rows()) for _ in range(2)]
    assert engine.path_summary() == f"composed on {engine.layers} layers (its forward passes by to_q or to_out)"
    assert engine.applied_calls == 2 * engine.layers
    engine.close()
    for output in outputs:
        assert (output - expected).abs().max() <= TOLERANCE


# Forwards of instances: other extensions


def image_prompt_forward(self, x, context=None, mask=None, **kwargs):
    """IP-Adapter's way: extra image tokens per row, viewed by the number of rows, added before to_out."""
    rows = x.shape[0]
    query = self.to_q(x)
    core = sdp_core(self, query, self.to_k(context), self.to_v(context))
    image = torch.linspace(-1, 1, 2 * 4 * CONTEXT_WIDTH).view(2, 4, CONTEXT_WIDTH)
    assert rows == 2, "the image tokens are for two rows"
    return self.to_out(core + 0.7 * sdp_core(self, query, self.to_k(image), self.to_v(image)))


def image_prompt_fused_forward(self, x, context=None, mask=None, **kwargs):
    """The same with no projection called as a module."""
    image = torch.linspace(-1, 1, 2 * 4 * CONTEXT_WIDTH).view(2, 4, CONTEXT_WIDTH)
    return fused_forward(self, x, context) + 0.7 * (fused_forward(self, x, image) - self.to_out[0].bias)


def sdp_core(self, query, key, value):
    split = [t.unflatten(-1, (self.heads, -1)).transpose(1, 2) for t in (query, key, value)]
    return scaled_dot_product_attention(*split).transpose(1, 2).flatten(2)


@pytest.fixture()
def swap_forward(unet):
    """Put a forward on the instance of a layer, and take it off again."""
    swapped = []

    def swap(module, forward):
        module.forward = types.MethodType(forward, module)
        swapped.append(module)

    yield swap
    for module in swapped:
        module.__dict__.pop("forward", None)


def blended_by_hand(module, rows, hidden, context, forward, grid):
    """The module's whole forward for each region, cropped and added up."""
    base = forward(module, hidden, context)
    weights = rows[0].weights.at(*grid).flatten(1)[..., None]
    result = base.clone()
    result[0] *= 1 - weights.sum(0)
    for weight, region in zip(weights, contexts_of(rows[0]), strict=True):
        result[0] += weight * forward(module, hidden, region.expand(2, -1, -1))[0]
    return result


@pytest.mark.parametrize("forward", [image_prompt_forward, image_prompt_fused_forward])
@pytest.mark.parametrize("when", ["before", "after", "during"])
def test_an_image_prompt_is_kept_whenever_it_is_swapped_in(unet, step, swap_forward, forward, when):
    """Its residual comes out once and whole in every region, before or after attaching, or within the run."""
    rows = make_rows()
    module = attn2_modules(unet)[0]
    if when == "before":
        swap_forward(module, forward)
    engine = Attached(unet)
    if when == "during":
        run(unet, engine, step, rows)
    if when != "before":
        swap_forward(module, forward)

    calls = []
    handle = module.register_forward_hook(
        lambda m, args, kwargs, out: calls.append((args, kwargs, out)), with_kwargs=True
    )
    run(unet, engine, step, rows)
    handle.remove()
    summary = engine.path_summary()
    engine.close()

    ((args, kwargs, output),) = calls
    expected = blended_by_hand(module, rows, args[0], kwargs["context"], forward, (16, 16))
    assert (output - expected).abs().max() <= 1e-6
    others = len(attn2_modules(unet)) - 1
    assert summary == f"fast on {others} layers, composed on 1 layer (its forward is replaced by another extension)"


def test_the_class_forward_put_back_on_the_instance_is_fast(unet, step, expected):
    """ControlNet leaves the bound forward of the class on the layers once an IP-Adapter is done."""
    module = attn2_modules(unet)[1]
    module.forward = module.forward
    assert "forward" in module.__dict__
    engine = Attached(unet)
    assert engine.fast_layers == engine.layers
    output = run(unet, engine, step, make_rows())
    engine.close()
    del module.forward
    assert (output - expected).abs().max() <= TOLERANCE


@pytest.mark.parametrize("projection", ["to_q", "to_k", "to_v"])
def test_a_projection_with_its_own_forward_is_composed(unet, step, projection):
    """LLLite adds to the input of a projection; what it adds must reach the regions' attention too."""
    module = attn2_modules(unet)[0]
    target = getattr(module, projection)
    original = target.forward
    target.forward = lambda x: original(x + 0.1)
    engine = Attached(unet)
    assert engine.path_summary().endswith(
        "composed on 1 layer (a projection's forward is replaced by another extension)"
    )
    output = run(unet, engine, step, make_rows())
    engine.close()
    looped = loop_over_regions(unet, make_rows(), (16, 16))
    twin = getattr(attn2_modules(looped)[0], projection)
    twin.forward = lambda x: type(twin).forward(twin, x + 0.1)
    del target.forward
    assert (output - looped(step.x, step.t, context=step.context)).abs().max() <= TOLERANCE


@pytest.mark.parametrize("call", ["keyword", "positional", "all positional", "mask by keyword"])
@pytest.mark.parametrize("composed", [False, True])
def test_every_way_of_passing_context_and_mask(unet, step, composed, call):
    """A mask is about the row's own context; the regions' contexts have other lengths and no mask."""
    module = attn2_modules(unet)[0]
    holder = nn.Module()
    holder.attn2 = module
    hidden = torch.randn(2, 256, module.to_q.in_features)
    mask = torch.rand(2, 77) < 0.5
    arguments = {
        "keyword": ((), {"context": step.context}),
        "positional": ((step.context,), {}),
        "all positional": ((step.context, mask), {}),
        "mask by keyword": ((), {"context": step.context, "mask": mask}),
    }
    args, kwargs = arguments[call]
    holder.forward = lambda x: module(hidden, *args, **kwargs)
    rows = make_rows()
    base = holder(step.x)
    weights = rows[0].weights.at(16, 16).flatten(1)[..., None]
    expected = (1 - weights.sum(0)) * base[0]
    for weight, region in zip(weights, contexts_of(rows[0]), strict=True):
        expected = expected + weight * module(hidden[:1], region[None])[0]

    engine = Attached(holder, force_composed=composed)
    engine.set_rows(rows)
    output = holder(step.x)
    engine.close()
    assert (output[0] - expected).abs().max() <= 1e-6
    assert torch.equal(output[1], base[1])


def test_composed_path_never_changes_the_number_of_rows(unet):
    step = step_inputs(3, 16, 16)
    rows = [region_row(THIRDS, (0.3,) * 3, (77, 154, 77)), None, region_row(THIRDS[:2], (0.0,) * 2, (154, 231))]
    module = attn2_modules(unet)[0]
    seen = []

    def forward(self, x, context=None, mask=None):
        seen.append((tuple(x.shape), tuple(context.shape)))
        return type(self).forward(self, x, context, mask)

    module.forward = types.MethodType(forward, module)
    engine = Attached(unet)
    run(unet, engine, step, rows)
    engine.close()
    del module.forward
    assert {shape for shape, _ in seen} == {(3, 256, 32)}
    assert sorted(shape[1] for _, shape in seen) == [77, 77, 77, 154, 231]  # base, 2 x 77, 1 x 154 shared, 231
    assert all(shape[0] == 3 for _, shape in seen)


# Keys and values, memory


def test_keys_and_values_are_computed_once_per_run(unet, step, monkeypatch):
    engine = Attached(unet)
    rows = make_rows()
    counted = []
    keys = [m.to_k for m in attn2_modules(unet)]
    forward = nn.Linear.forward

    def counting(module, x):
        counted.extend(key for key in keys if key is module)
        return forward(module, x)

    monkeypatch.setattr(nn.Linear, "forward", counting)
    for _ in range(4):
        run(unet, engine, step, rows)
    layers = engine.layers
    assert engine.keys_values.computed == layers
    assert len(counted) == 4 * layers + 2 * layers  # the base's each step; two context lengths once

    # New objects under the same key, as when a batch of conds is sliced again in every step, stay cached.
    row = rows[0]
    texts = tuple(RegionText(text.key, text.context[:]) for text in row.texts)
    sliced = RowRegions(row.key, texts, row.weights)
    run(unet, engine, step, [sliced, None])
    # A row in a smaller call (uncond left out) too.
    engine.set_rows(rows)
    unet(step.x[:1], step.t[:1], context=step.context[:1])
    assert engine.keys_values.computed == layers

    engine.invalidate()
    run(unet, engine, step, rows)
    assert engine.keys_values.computed == 2 * layers
    engine.close()


def test_changed_weights_are_seen_after_invalidate(step):
    unet = build_unet()
    rows = make_rows()
    engine = Attached(unet)
    run(unet, engine, step, rows)
    for module in attn2_modules(unet):
        module.to_v.weight *= 1.5
    engine.invalidate()
    output = run(unet, engine, step, rows)
    engine.close()
    looped = loop_over_regions(unet, rows, (16, 16))(step.x, step.t, context=step.context)
    assert (output - looped).abs().max() <= TOLERANCE


def test_alternating_prompts_stay_cached_and_old_ones_are_dropped(unet, step):
    """[a|b|c] comes back to each set of rows every third step; a prompt that is over is freed."""
    engine = Attached(unet)
    shared = make_rows()[0]
    sets = [[row_of([c + i for c in contexts_of(shared)], shared.weights.at), None] for i in range(3)]
    for i in range(9):
        run(unet, engine, step, sets[i % 3])
    assert engine.keys_values.computed == 3 * engine.layers

    passed = [weakref.ref(rows[0].texts[0].context) for rows in sets[:2]]
    last = sets[2]
    del sets
    for _ in range(8):
        run(unet, engine, step, last)
    gc.collect()
    assert [reference() for reference in passed] == [None, None]
    engine.close()


def test_memory_does_not_grow_with_the_steps(unet, step):
    """Also when every step brings new contexts and a new callable, the worst case for the caches."""
    engine = Attached(unet)

    def tensors() -> int:
        gc.collect()
        return sum(issubclass(type(thing), torch.Tensor) for thing in gc.get_objects())

    counts = []
    for i in range(24):
        run(unet, engine, step, [region_row(THIRDS, (0.3,) * 3, (77, 154, 77), seed=i), None])
        if i in (11, 23):
            counts.append(tensors())
    engine.close()
    assert counts[1] <= counts[0]
    assert tensors() < counts[0]


# Attention that somebody else computes between a module's projections, as Forge's replace patches do


def in_parts(block, extra=0.0):
    """A block's forward that runs the parts of attn2 by themselves, and adds a constant to the attention."""

    def forward(x, context=None):
        attention = block.attn2
        x = block.attn1(block.norm1(x), context=context if block.disable_self_attn else None) + x
        n, keys = block.norm2(x), context
        heads = [
            t.unflatten(-1, (attention.heads, -1)).transpose(1, 2)
            for t in (attention.to_q(n), attention.to_k(keys), attention.to_v(keys))
        ]
        core = scaled_dot_product_attention(*heads).transpose(1, 2).flatten(2)
        x = attention.to_out(core + extra) + x
        return block.ff(block.norm3(x)) + x

    return forward


def blocks_of(unet):
    return [module for module in unet.modules() if hasattr(module, "attn2")]


@pytest.mark.parametrize("extra", [0.0, 0.3])
def test_attention_that_is_computed_by_another_has_regions(unet, step, monkeypatch, extra):
    """What it adds of its own stays, once: an IP-Adapter's picture is in every region as in the base."""

    def added(self, x, context=None, mask=None):
        context = x if context is None else context
        heads = [
            t.unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for t in (self.to_q(x), self.to_k(context), self.to_v(context))
        ]
        return self.to_out(scaled_dot_product_attention(*heads).transpose(1, 2).flatten(2) + extra)

    with monkeypatch.context() as patch:
        for module in attn2_modules(unet):
            patch.setattr(module, "forward", types.MethodType(added, module))
        with closing(Attached(unet)) as engine:
            expected = run(unet, engine, step, make_rows())
            assert engine.fast_layers == 0
    for block in blocks_of(unet):
        monkeypatch.setattr(block, "_forward", in_parts(block, extra))
    plain = unet(step.x, step.t, context=step.context)
    with closing(Attached(unet)) as engine:
        result = run(unet, engine, step, make_rows())
        assert engine.applied_calls == len(attn2_modules(unet))
    torch.testing.assert_close(result, expected, atol=TOLERANCE, rtol=0)
    assert not torch.equal(result, plain)
    assert torch.equal(unet(step.x, step.t, context=step.context), plain)


def test_attention_without_its_own_keys_is_refused(unet, step, monkeypatch):
    def forward(x, context=None):
        attention = block.attn2
        return attention.to_out(attention.to_q(block.norm2(x))) + x

    block = blocks_of(unet)[0]
    monkeypatch.setattr(block, "_forward", forward)
    with closing(Attached(unet)) as engine, pytest.raises(RpgError, match="replaces attention, or the regions"):
        run(unet, engine, step, make_rows())
