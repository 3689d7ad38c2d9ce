"""Maps and gradients on genuine ldm UNets, against a copy of the UNet that computes its attention the long way."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from ldm.modules.diffusionmodules import openaimodel
from torch import Tensor, nn

from lib_rpg.errors import RpgError
from lib_rpg.regional.attention_maps import AttentionMaps, boxdiff_layers, lmd_layers
from tests.regional.reference import THIRDS, Attached, attn2_modules, hook_count, region_row, step_inputs

SIZE = (16, 24)
STEP = step_inputs(2, *SIZE)
Written = tuple[list[Tensor], Tensor]
"""Maps and a gradient."""
MODES = [(False, False), (False, True), (True, False), (True, True)]


def energy(maps: list[Tensor]) -> Tensor:
    """Of every layer, head, cell and token another share."""
    weights = [torch.rand(each.shape[1:], generator=torch.Generator().manual_seed(i)) for i, each in enumerate(maps)]
    return torch.stack([(each.log() * weight).sum() for each, weight in zip(maps, weights, strict=True)]).sum()


def runner(unet: nn.Module) -> Callable[[Tensor], Tensor]:
    return lambda x: unet(x, STEP.t, context=STEP.context)


@pytest.fixture(scope="module")
def written_out(shared_unet: nn.Module) -> Written:
    """The layers' probabilities (B, heads, tokens, words) and the gradient of `energy`, with nothing saved."""
    model, layers = copy.deepcopy(shared_unet), lmd_layers(shared_unet)
    kept: dict[str, Tensor] = {}
    for name, module in model.named_modules():
        for flag in ("checkpoint", "use_checkpoint"):
            if hasattr(module, flag):
                setattr(module, flag, False)
        if name.endswith("attn2"):
            module.forward = attention(module, name, kept)
    leaf = STEP.x.clone().requires_grad_(True)
    with torch.enable_grad():
        runner(model)(leaf)
        maps = [kept[name] for name in layers]
        (gradient,) = torch.autograd.grad(energy(maps), leaf)
    return [each.detach() for each in maps], gradient


def attention(module: Any, name: str, kept: dict[str, Tensor]) -> Callable[..., Tensor]:
    def forward(x: Tensor, context: Tensor) -> Tensor:
        cells = x.shape[1]
        height = next(h for h in (16, 8, 4) if h * h * 3 // 2 == cells)
        heads, values = [], []
        for q, k, v in zip(*(p(t).chunk(module.heads, -1) for p, t in zip(
            (module.to_q, module.to_k, module.to_v), (x, context, context), strict=True)), strict=True):  # fmt: skip
            scores = torch.exp(torch.einsum("bnd,bmd->bnm", q, k) / q.shape[-1] ** 0.5)
            heads.append(scores / scores.sum(-1, keepdim=True))
            values.append(heads[-1] @ v)
        kept[name] = torch.stack(heads, 1).unflatten(2, (height, cells // height))
        return module.to_out(torch.cat(values, -1))

    return forward


def close(a: Tensor, b: Tensor) -> bool:
    return bool((a - b).abs().max() <= 1e-5 * b.abs().max())


def state_of(unet: nn.Module) -> list:
    """All that may be changed on a UNet: which forwards it has, flags, hooks, and what requires a gradient."""
    names = ("forward", "_forward", "checkpoint", "use_checkpoint")
    attributes = [{name: m.__dict__[name] for name in names if name in m.__dict__} for m in unet.modules()]
    hooks = [
        [list(getattr(m, kind).items()) for kind in ("_forward_hooks", "_forward_pre_hooks")] for m in unet.modules()
    ]
    return [attributes, hooks, [(p.requires_grad, p.grad) for p in unet.parameters()], torch.is_grad_enabled()]


@pytest.fixture
def layers(unet: nn.Module) -> list[str]:
    return lmd_layers(unet)


@pytest.mark.parametrize(("checkpointed", "stop_early"), MODES)
def test_maps_and_gradient_are_as_written_out(
    unet: nn.Module, layers: list[str], written_out: Written, checkpointed: bool, stop_early: bool
) -> None:
    """The UNet has its own checkpointing on, as the configurations of SD 2.x and SDXL have it."""
    expected, gradient = written_out
    before = state_of(unet)
    seen: list[Tensor] = []

    def keep(maps: list[Tensor]) -> Tensor:
        seen.extend(maps)
        return energy(maps)

    with AttentionMaps(unet, layers, checkpointed=checkpointed, stop_early=stop_early) as maps:
        for _ in range(2):
            seen.clear()
            made = maps.gradient(runner(unet), STEP.x, keep)
            assert made is not None and close(made, gradient)
        assert not any(p.requires_grad for p in unet.parameters())
    assert [each.shape for each in seen] == [each.shape for each in expected]
    assert {each.shape[2:4] for each in seen} == {(4, 6), (8, 12)}
    assert all(torch.allclose(one, other, atol=1e-6) for one, other in zip(seen, expected, strict=True))
    assert state_of(unet) == before
    assert not STEP.x.requires_grad


def test_without_the_change_the_own_checkpointing_has_no_gradient(unet: nn.Module, layers: list[str]) -> None:
    """So that the test above shows something."""
    kept: list[Tensor] = []
    handle = unet.get_submodule(layers[0]).register_forward_hook(lambda _m, _a, output: kept.append(output))
    with torch.enable_grad():
        runner(unet)(STEP.x.clone().requires_grad_(True))
    handle.remove()
    assert not kept[0].requires_grad


@pytest.mark.parametrize("checkpointed", [False, True])
@pytest.mark.parametrize("composed", [False, True])
def test_beside_regions_the_maps_are_the_base_texts(
    unet: nn.Module, layers: list[str], composed: bool, checkpointed: bool
) -> None:
    """And the gradient is the same whether or not the regions are blended in a second time."""
    rows = [region_row(THIRDS, (0.3,) * 3, (77, 77, 154)), None]
    inputs: dict[str, tuple[Tensor, Tensor]] = {}
    found: list[Tensor] = []

    def note(name: str, args: tuple, kwargs: dict) -> None:
        inputs.setdefault(name, (args[0].detach(), kwargs["context"]))

    def keep(maps: list[Tensor]) -> Tensor:
        found.extend(each.detach() for each in maps)
        return energy(maps)

    def run(x: Tensor) -> None:
        engine.set_rows(rows)
        runner(unet)(x)

    with AttentionMaps(unet, layers) as maps:
        without = maps.gradient(runner(unet), STEP.x, energy)
    with ExitStack() as stack:
        engine = Attached(unet, force_composed=composed)
        stack.callback(engine.close)
        for name in layers:
            hook = partial(lambda name, _module, args, kwargs: note(name, args, kwargs), name)
            stack.callback(unet.get_submodule(name).register_forward_pre_hook(hook, with_kwargs=True).remove)
        with AttentionMaps(unet, layers) as maps:
            plain = maps.gradient(run, STEP.x, keep)
        with AttentionMaps(unet, layers, checkpointed=checkpointed, stop_early=True) as maps:
            made = maps.gradient(run, STEP.x, energy)
        assert engine.applied_calls > 0
    assert plain is not None and made is not None and without is not None
    assert close(made, plain)
    assert (plain[0] - without[0]).abs().max() > 1e-3 * plain.abs().max()
    assert close(plain[1], without[1])
    for name, layer in zip(layers, found, strict=True):
        module: Any = unet.get_submodule(name)
        kept: dict[str, Tensor] = {}
        attention(module, name, kept)(*inputs[name])
        assert torch.allclose(layer, kept[name], atol=1e-6)


def test_it_stops_behind_the_last_layer_or_goes_on_without_gradients(unet: nn.Module, layers: list[str]) -> None:
    outputs: list[Tensor] = []
    handle = unet.out.register_forward_hook(lambda _m, _a, output: outputs.append(output))  # type: ignore[union-attr]
    caught: list[Exception] = []

    def run(x: Tensor) -> None:
        try:
            runner(unet)(x)
        except Exception as error:  # as ControlNet's forward
            caught.append(error)
            raise

    for stop_early in (True, False):
        with AttentionMaps(unet, layers, stop_early=stop_early) as maps:
            maps.gradient(run, STEP.x, energy)
    handle.remove()
    assert len(outputs) == 1 and not caught
    assert not outputs[0].requires_grad
    assert torch.allclose(outputs[0], runner(unet)(STEP.x), atol=1e-5)


def test_reading_has_no_gradient_and_leaves_the_output(
    unet: nn.Module, layers: list[str], written_out: Written
) -> None:
    outputs: list[Tensor] = []
    expected, _ = written_out
    with AttentionMaps(unet, layers) as maps:
        made = maps.read(lambda: outputs.append(runner(unet)(STEP.x)))
    assert all(torch.allclose(one, other, atol=1e-6) for one, other in zip(made, expected, strict=True))
    assert not any(each.requires_grad for each in made)
    assert torch.equal(outputs[0], runner(unet)(STEP.x))


def test_no_energy_takes_no_gradient(unet: nn.Module, layers: list[str]) -> None:
    with AttentionMaps(unet, layers) as maps:
        assert maps.gradient(runner(unet), STEP.x, lambda _: None) is None


@contextmanager
def others_on(unet: nn.Module) -> Iterator[SimpleNamespace]:
    """What other extensions and a half-frozen checkpoint leave on a UNet."""
    blocks: list[Any] = [m for m in unet.modules() if type(m).__name__ == "BasicTransformerBlock"]
    calls = SimpleNamespace(hook=0, forward=0, inner=0)
    layer: Any = attn2_modules(unet)[-1]

    def count(name: str, function: Callable) -> Callable:
        def counted(*args: Any, **kwargs: Any) -> Any:
            setattr(calls, name, getattr(calls, name) + 1)
            return function(*args, **kwargs)

        return counted

    handle = layer.register_forward_hook(count("hook", lambda *_: None))
    layer.forward = count("forward", layer.forward)
    blocks[0]._forward = count("inner", blocks[0]._forward)
    blocks[1]._forward = blocks[1]._forward  # put back, as ControlNet does
    frozen = next(unet.parameters())
    frozen.requires_grad_(False)
    blocks[2].checkpoint = False
    try:
        yield calls
    finally:
        handle.remove()
        del layer.forward, blocks[0]._forward, blocks[1]._forward
        frozen.requires_grad_(True)
        blocks[2].checkpoint = True


class BrokenError(Exception):
    pass


def fail(*_: Any) -> Any:
    raise BrokenError


@pytest.mark.parametrize("where", ["nowhere", "energy", "run", "within a block", "computing again", "entering"])
def test_all_is_put_back_also_after_an_error(unet: nn.Module, layers: list[str], where: str) -> None:
    with others_on(unet):
        before = state_of(unet)
        error: BaseException | None = None
        chosen = [*layers, "no.such.layer"] if where == "entering" else layers
        try:
            with AttentionMaps(unet, chosen, checkpointed=True, stop_early=True) as maps:
                assert state_of(unet) != before
                run = fail if where == "run" else runner(unet)
                norm: Any = unet.get_submodule("input_blocks.3.1.transformer_blocks.0.norm1")

                def fail_within(*_: Any, maps: Any = maps) -> None:
                    if maps._call.is_collecting == (where == "within a block"):
                        fail()

                within = where in ("within a block", "computing again")
                handle = norm.register_forward_hook(fail_within) if within else None
                try:
                    maps.gradient(run, STEP.x, fail if where == "energy" else energy)
                finally:
                    if handle is not None:
                        handle.remove()
        except (BrokenError, KeyError) as raised:
            error = raised
        assert (error is None) == (where == "nowhere")
        assert state_of(unet) == before
        with torch.enable_grad():  # while the error, and with it each frame, is still held
            number = torch.tensor(3.0, requires_grad=True)
            assert torch.autograd.grad(number * number, number)[0] == 6
    assert hook_count(unet) == 0


@pytest.mark.parametrize("checkpointed", [False, True])
def test_others_hooks_and_forwards_go_on(
    unet: nn.Module, layers: list[str], written_out: Written, checkpointed: bool
) -> None:
    _, gradient = written_out
    with others_on(unet) as calls, AttentionMaps(unet, layers, checkpointed=checkpointed) as maps:
        made = maps.gradient(runner(unet), STEP.x, energy)
    assert made is not None and close(made, gradient)
    assert (calls.hook, calls.forward) == (1, 1)
    assert calls.inner == 1, "a block with a state of another's is not run twice"


def test_an_encoder_without_gradients_has_them(unet: nn.Module, layers: list[str], written_out: Written) -> None:
    """ControlNet's forward runs the encoder and the middle under no_grad."""
    model: Any = unet

    def forward(x: Tensor, timesteps: Tensor, context: Tensor) -> Tensor:
        hs = []
        with torch.no_grad():
            emb = model.time_embed(openaimodel.timestep_embedding(timesteps, model.model_channels))
            h = x
            for block in model.input_blocks:
                h = block(h, emb, context)
                hs.append(h)
            h = model.middle_block(h, emb, context)
        for block in model.output_blocks:
            h = block(torch.cat([h, hs.pop()], dim=1), emb, context)
        return model.out(h)

    _, gradient = written_out
    model.forward = forward
    try:
        with AttentionMaps(unet, layers) as maps:
            made = maps.gradient(runner(unet), STEP.x, energy)
    finally:
        del model.forward
    assert made is not None and close(made, gradient)


def test_another_picture_that_runs_through_in_between_is_left_out(
    unet: nn.Module, layers: list[str], written_out: Written
) -> None:
    is_other = False

    def run(x: Tensor) -> None:
        nonlocal is_other
        is_other = True
        unet.forward(STEP.x.flip(0), STEP.t, STEP.context)
        is_other = False
        runner(unet)(x)

    _, gradient = written_out
    for stop_early in (False, True):
        with AttentionMaps(unet, layers, stop_early=stop_early, is_other_picture=lambda: is_other) as maps:
            made = maps.gradient(run, STEP.x, energy)
        assert made is not None and close(made, gradient)


def test_what_gives_no_maps_or_gradient_is_refused(unet: nn.Module, layers: list[str]) -> None:
    layer: Any = unet.get_submodule(layers[0])
    with AttentionMaps(unet, layers) as maps:
        with pytest.raises(RpgError, match="no gradient reaches the latents"):
            maps.gradient(lambda x: runner(unet)(x.detach()), STEP.x, energy)
        with pytest.raises(RpgError, match="was not called"):
            maps.gradient(lambda x: None, STEP.x, energy)
        layer.forward = lambda x, context: x
        with pytest.raises(RpgError, match=rf"{layers[0]} passes by to_q or to_k"):
            maps.gradient(runner(unet), STEP.x, energy)
        del layer.forward
    with torch.inference_mode(), AttentionMaps(unet, layers) as maps:
        with pytest.raises(RpgError, match="inference mode"):
            maps.gradient(runner(unet), STEP.x, energy)
        read = maps.read(lambda: runner(unet)(STEP.x))
    with AttentionMaps(unet, layers) as maps:
        expected = maps.read(lambda: runner(unet)(STEP.x))
    assert all(map(torch.equal, read, expected))


def network(multipliers: tuple[int, ...], attention: list[int], blocks: int = 2) -> nn.Module:
    with torch.device("meta"):
        return openaimodel.UNetModel(
            image_size=32,
            in_channels=4,
            out_channels=4,
            model_channels=32,
            attention_resolutions=attention,
            num_res_blocks=blocks,
            channel_mult=multipliers,
            num_heads=2,
            use_spatial_transformer=True,
            context_dim=16,
            legacy=False,
        )


def names(*blocks: str) -> list[str]:
    full = {"mid": "middle_block", "in": "input_blocks", "out": "output_blocks"}
    result = []
    for block in blocks:
        kind = block.rstrip("0123456789")
        number = block.removeprefix(kind)
        result.append(f"{full[kind]}{'.' if number else ''}{number}.1.transformer_blocks.0.attn2")
    return result


SD1 = ((1, 2, 4, 4), [4, 2, 1], 2)
SDXL = ((1, 2, 4), [4, 2], 2)
SHAPES = ((1, 2, 2), [4, 2, 1], 1)


@pytest.mark.parametrize(
    ("shape", "lmd", "lmd_few", "boxdiff", "boxdiff_few"),
    [
        (SD1, "mid out3 out4 out5", "mid out3", "in7 in8 out3 out4 out5", "out3"),
        (SDXL, "mid out0 out1 out2", "mid out0", "in7 in8 out0 out1 out2", "out0"),
        (SHAPES, "mid out0 out1 out2 out3", "mid out0", "in3 out2 out3", "out2"),
    ],
    ids=["sd1", "sdxl", "shapes"],
)
def test_layers_are_chosen_from_the_structure(shape: tuple, lmd: str, lmd_few: str, boxdiff: str, boxdiff_few: str):
    unet = network(*shape)
    assert lmd_layers(unet) == names(*lmd.split())
    assert lmd_layers(unet, few=True) == names(*lmd_few.split())
    assert boxdiff_layers(unet) == names(*boxdiff.split())
    assert boxdiff_layers(unet, few=True) == names(*boxdiff_few.split())


def test_a_network_without_cross_attention_is_refused() -> None:
    with pytest.raises(RpgError, match="this Linear has no cross-attention"):
        lmd_layers(nn.Linear(1, 1))
