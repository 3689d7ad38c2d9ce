"""Guidance on the small ldm UNet: updates against steps written out, their limits, and the ways of little memory."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

from lib_rpg.errors import RpgError
from lib_rpg.regional.attention_maps import AttentionMaps
from lib_rpg.regional.binding import Moment
from lib_rpg.regional.energies import Thing, reference_energy
from lib_rpg.regional.guidance import METHODS, Guidance, Method, guidance_method
from lib_rpg.regional.spaces import SigmaSpace, Space, TimestepSpace
from tests.regional.reference import CONTEXT_WIDTH

ALPHAS = torch.cumprod(1 - torch.linspace(0.00085**0.5, 0.012**0.5, 1000, dtype=torch.float64) ** 2, 0)
SIZE = (8, 12)
T, NEXT = 801, 701
THINGS = [Thing((2,), ((0.0, 0.0, 0.5, 0.5),)), Thing((4, 5), ((0.5, 0.25, 0.5, 0.75),))]
CONTEXT = 3 * torch.randn(1, 9, CONTEXT_WIDTH, generator=torch.Generator().manual_seed(7))
MOMENT = Moment(5, 21)


@pytest.fixture(autouse=True)
def _quick_collections() -> Iterator[None]:
    """Where memory runs out all garbage is collected, of which a run of tests has a lot to look through."""
    gc.freeze()
    yield
    gc.unfreeze()


def sigma_of(t: int) -> float:
    return float(((1 - ALPHAS[t]) / ALPHAS[t]).sqrt())


def noise(*seeds: int) -> Tensor:
    return torch.cat([torch.randn(1, 4, *SIZE, generator=torch.Generator().manual_seed(seed)) for seed in seeds])


class Denoiser:
    """The UNet for the sampler's latents of one kind at one timestep; ``calls`` counts the UNet's."""

    def __init__(self, unet: nn.Module, space: Space, t: int = T) -> None:
        self.unet, self.space, self.t, self.calls = unet, space, t, 0
        sigma = sigma_of(t)
        self.is_sigma = isinstance(space, SigmaSpace)
        self.factor = (1 + sigma * sigma) ** 0.5 if self.is_sigma else 1.0
        self._level = sigma if self.is_sigma else t

    def level(self, rows: int = 1) -> Tensor:
        return torch.full((rows,), self._level)

    def __call__(self, x: Tensor) -> Tensor:
        """The noise in the latents."""
        self.calls += 1
        return self.unet(x / self.factor, torch.full((len(x),), float(self.t)), context=CONTEXT.expand(len(x), -1, -1))


SPACES = [SigmaSpace(), TimestepSpace(ALPHAS)]
by_space = pytest.mark.parametrize("space", SPACES, ids=["sigmas", "timesteps"])


def one_update(name: str, **changes: Any) -> Method:
    """A method with one update at every sigma and whatever energy."""
    return replace(guidance_method(name), **{"schedule": ((0.0, 1),), "threshold": -1.0, **changes})


def guidance(unet: nn.Module, method: Method, space: Space, things: Sequence = (THINGS,), **options: Any) -> Guidance:
    return Guidance(unet, things, method, space, options.pop("warn", unexpected), **options)


def unexpected(sentence: str) -> None:
    raise AssertionError(sentence)


@by_space
@pytest.mark.parametrize("name", METHODS)
def test_an_update_and_the_step_after_it_are_as_written_out(unet: nn.Module, name: str, space: Space) -> None:
    """DDIM over latents z; k-diffusion's latents are x = z * sqrt(1 + s^2), and Euler's step is DDIM's."""
    part = 0.01 if name == "boxdiff" else 1.0  # of an update that would be larger than it may be
    method = one_update(name, scale=part * guidance_method(name).scale)
    z, timesteps = noise(1), torch.full((1,), float(T))
    with AttentionMaps(unet, method.layers(unet, few=False)) as maps:
        gradient = maps.gradient(
            lambda z: unet(z, timesteps, context=CONTEXT), z, lambda maps: method.energy([m[0] for m in maps], THINGS)
        )
    a, then = float(ALPHAS[T]), float(ALPHAS[NEXT])
    step = {"lmd": (1 - a) ** 0.5 * 5, "backward": (1 - a) ** 0.5 * 30, "boxdiff": 20 * (1 - 0.5 * 5 / 20) ** 0.5}
    assert gradient is not None
    guided = z - part * step[name] * gradient
    eps = unet(guided, timesteps, context=CONTEXT)
    clean = (guided - (1 - a) ** 0.5 * eps) / a**0.5
    expected = then**0.5 * clean + (1 - then) ** 0.5 * eps

    denoiser = Denoiser(unet, space)
    x = z * denoiser.factor
    storage = x.data_ptr()
    assert guidance(unet, method, space).guide(x, denoiser.level(), MOMENT, denoiser) == 1
    assert x.data_ptr() == storage
    assert torch.allclose(x / denoiser.factor, guided, atol=1e-5)
    assert (guided - z).abs().max() > 1e-3
    made = denoiser(x)
    if denoiser.is_sigma:
        after = x + (sigma_of(NEXT) - sigma_of(T)) * made
        after = after / (1 + sigma_of(NEXT) ** 2) ** 0.5
    else:
        clean = (x - (1 - a) ** 0.5 * made) / a**0.5
        after = then**0.5 * clean + (1 - then) ** 0.5 * made
    assert torch.allclose(after, expected, atol=1e-4)


@pytest.mark.parametrize(
    ("name", "until"),
    [("lmd", {5: 4, 10: 3, 20: 2, 30: 1, 50: 0}), ("backward", {10: 5, 50: 0}), ("boxdiff", {25: 1, 50: 0})],
)
def test_the_schedule_is_the_papers_at_50_ddim_steps(name: str, until: dict[int, int]) -> None:
    method = guidance_method(name)
    timesteps = range(981, 0, -20)
    expected = [next(count for end, count in until.items() if i < end) for i in range(50)]
    assert [method.updates(sigma_of(t)) for t in timesteps] == expected


@pytest.mark.parametrize("name", METHODS)
def test_the_fast_preset_is_at_most_one_update_in_no_more_steps(name: str) -> None:
    standard, fast = guidance_method(name), guidance_method(name, "fast")
    sigmas = [0.1 * i for i in range(150)]
    assert {fast.updates(sigma) for sigma in sigmas} == {0, 1}
    assert all(fast.updates(sigma) <= standard.updates(sigma) for sigma in sigmas)
    assert sum(map(fast.updates, sigmas)) < sum(map(standard.updates, sigmas))


def test_cut_offs_are_scaled() -> None:
    method, twice = guidance_method("lmd"), guidance_method("lmd", cut_offs=2.0)
    assert all(twice.updates(2 * sigma) == method.updates(sigma) for sigma in (1.0, 2.0, 4.0, 7.0, 9.0))
    with pytest.raises(RpgError, match="'ldm' is not a choice"):
        guidance_method("ldm")
    with pytest.raises(RpgError, match="'slow' is not a choice"):
        guidance_method("lmd", "slow")


@by_space
def test_the_energy_falls(unet: nn.Module, space: Space) -> None:
    method = replace(guidance_method("lmd"), schedule=((0.0, 3),), threshold=0.0)
    made, denoiser, x = guidance(unet, method, space), Denoiser(unet, space), noise(1)
    x *= denoiser.factor
    found = []
    for _ in range(3):
        made.guide(x, denoiser.level(), MOMENT, denoiser)
        found.append(made.energies[0])
    assert denoiser.calls == 9
    assert found[0] > found[1] > found[2]


def test_latents_below_the_threshold_are_left_alone_and_looked_at_again(unet: nn.Module) -> None:
    value = 4.0
    method = replace(
        guidance_method("lmd"), energy=lambda maps, things: value + 0 * maps[0].sum() + maps[0][0, 0, 0, 0]
    )
    denoiser, x = Denoiser(unet, SigmaSpace()), 5 * noise(1)
    made = guidance(unet, method, SigmaSpace())
    before = x.clone()
    assert made.guide(x, denoiser.level(), MOMENT, denoiser) == 0
    assert torch.equal(x, before) and denoiser.calls == 1
    value = 6.0
    assert made.guide(x, denoiser.level(), MOMENT, denoiser) == 3
    assert not torch.equal(x, before) and denoiser.calls == 4


@by_space
def test_each_picture_of_a_batch_is_guided_by_itself(unet: nn.Module, space: Space) -> None:
    method = one_update("lmd")
    denoiser = Denoiser(unet, space)
    x = noise(1, 2, 3) * denoiser.factor
    before = x.clone()
    made = guidance(unet, method, space, [THINGS, [], THINGS[1:]])
    made.guide(x, denoiser.level(3), MOMENT, denoiser)
    assert torch.equal(x[1], before[1]) and made.energies[1] is None
    for row, things in ((0, THINGS), (2, THINGS[1:])):
        alone = before[row : row + 1].clone()
        guidance(unet, method, space, [things]).guide(alone, denoiser.level(), MOMENT, denoiser)
        assert torch.allclose(x[row], alone[0], atol=1e-4)
        assert not torch.allclose(x[row], before[row], atol=1e-4)


def test_without_things_or_late_the_unet_is_not_run(unet: nn.Module) -> None:
    for t, things in ((T, []), (100, THINGS)):
        denoiser = Denoiser(unet, SigmaSpace(), t)
        made = guidance(unet, guidance_method("lmd"), SigmaSpace(), [things])
        assert made.guide(noise(1), denoiser.level(), MOMENT, denoiser) == denoiser.calls == 0


@by_space
def test_a_step_is_at_most_a_share_of_sigma(unet: nn.Module, space: Space) -> None:
    """0.3 sigma in the terms of k-diffusion, in the direction of the gradient."""
    denoiser = Denoiser(unet, space)
    x = noise(1) * denoiser.factor
    moves = []
    for scale in (1.0, 1e6, 1e9):
        guided = x.clone()
        guidance(unet, one_update("lmd", scale=scale), space).guide(guided, denoiser.level(), MOMENT, denoiser)
        sigma = sigma_of(T)
        moves.append((guided - x) / denoiser.factor * (1 + sigma * sigma) ** 0.5 / sigma)
    size = [float(move.square().mean().sqrt()) for move in moves]
    assert size[0] < 0.29
    assert size[1] == pytest.approx(0.3, rel=1e-3) and size[2] == pytest.approx(0.3, rel=1e-3)
    assert torch.allclose(moves[0] / size[0], moves[2] / size[2], atol=1e-2)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_step_that_is_not_finite_is_left_out_and_said_once(unet: nn.Module, bad: float) -> None:
    def energy(maps: Sequence[Tensor], things: Sequence[Thing]) -> Tensor:
        return maps[0].sum() * (bad if len(things) == 1 else 1) + maps[0][0, 0, 0, 0]

    said: list[str] = []
    method = replace(one_update("lmd"), energy=energy)
    denoiser, x = Denoiser(unet, SigmaSpace()), 5 * noise(1, 2)
    before = x.clone()
    made = guidance(unet, method, SigmaSpace(), [THINGS, THINGS[:1]], warn=said.append)
    for _ in range(2):
        made.guide(x, denoiser.level(2), MOMENT, denoiser)
    assert torch.equal(x[1], before[1]) and x.isfinite().all()
    assert not torch.equal(x[0], before[0])
    assert len(said) == 1 and "not finite" in said[0]


def test_a_gradient_too_small_for_half_precision_still_moves_the_latents(unet: nn.Module) -> None:
    def total(maps: Sequence[Tensor]) -> Tensor:
        return torch.stack([layer.log().sum() for layer in maps]).sum()

    denoiser, x = Denoiser(unet, SigmaSpace()), 5 * noise(1)
    with AttentionMaps(unet, guidance_method("lmd").layers(unet, few=False)) as maps:
        gradient = maps.gradient(denoiser, x, total)
    assert gradient is not None
    small = 2e-8 / float(gradient.abs().max())
    assert (small * gradient).half().count_nonzero() == 0
    method = one_update("lmd", energy=lambda maps, things: small * total(maps), scale=1e6, threshold=-1e9)
    moves = []
    for dtype in (torch.float32, torch.float16):
        guided = x.to(dtype, copy=True)
        made = guidance(unet, method, SigmaSpace())
        made.guide(guided, denoiser.level(), MOMENT, lambda x: denoiser(x.float()))
        moves.append((guided - x).flatten())
    assert moves[0].abs().max() > 0.1
    assert torch.nn.functional.cosine_similarity(*moves, dim=0) > 0.99


def test_the_reference_counts_where_it_is_given(unet: nn.Module) -> None:
    denoiser, x = Denoiser(unet, SigmaSpace()), 5 * noise(1)
    made = guidance(unet, one_update("lmd"), SigmaSpace())
    with AttentionMaps(unet, made.layers) as maps:
        own = [layer[0] for layer in maps.read(lambda: denoiser(x))]
        other = [layer[0] for layer in maps.read(lambda: denoiser(5 * noise(2)))]
    found = []
    saved: Any
    for saved in (None, [None], [[[[layer[..., 2] for layer in other]], []]]):
        made.guide(x.clone(), denoiser.level(), MOMENT, denoiser, saved)
        found.append(made.energies[0])
    assert found[0] == found[1]
    assert found[2] - found[0] == pytest.approx(float(reference_energy(own, THINGS, saved[0])), rel=1e-4)
    assert found[2] > found[0]


def test_rows_that_are_not_the_pictures_are_refused(unet: nn.Module) -> None:
    denoiser = Denoiser(unet, SigmaSpace())
    made = guidance(unet, one_update("lmd"), SigmaSpace())
    with pytest.raises(RpgError, match="called with 2 rows for 1 pictures"):
        made.guide(noise(1), denoiser.level(), MOMENT, lambda x: denoiser(x.repeat(2, 1, 1, 1)))


class Memory(TorchDispatchMode):
    """A device of so many bytes beside a UNet's weights: counts what tensors hold, and has no more than ``most``."""

    def __init__(self, unet: nn.Module, most: float = float("inf")) -> None:
        super().__init__()
        self.held = self.peak = 0
        self._most = most
        self._known = {parameter.untyped_storage()._cdata: 0 for parameter in unet.parameters()}

    def __torch_dispatch__(self, function: Any, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        made = function(*args, **(kwargs or {}))
        for each in made if isinstance(made, tuple | list) else [made]:
            if isinstance(each, Tensor):
                self._hold(each.untyped_storage())
        return made

    def _hold(self, storage: Any) -> None:
        key = storage._cdata
        if key in self._known:
            return
        self._known[key] = storage.nbytes()
        self.held += storage.nbytes()
        self.peak = max(self.peak, self.held)
        weakref.finalize(storage, self._free, key)
        if self.held > self._most:
            raise torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")

    def _free(self, key: int) -> None:
        self.held -= self._known.pop(key)


class Guided:
    """A guidance of latents large enough for activations to count, and what it says."""

    def __init__(self, unet: nn.Module) -> None:
        self.denoiser = Denoiser(unet, SigmaSpace())
        self.said: list[str] = []
        self.made = guidance(unet, one_update("lmd"), SigmaSpace(), warn=self.said.append)
        self.start = 5 * torch.randn(1, 4, 16, 24, generator=torch.Generator().manual_seed(1))

    def __call__(self, run: Callable[[Tensor], Any] | None = None) -> Tensor:
        """The latents after one call."""
        x = self.start.clone()
        self.made.guide(x, self.denoiser.level(), MOMENT, run or self.denoiser)
        return x


def test_with_less_memory_each_way_is_taken_that_still_fits(unet: nn.Module) -> None:
    """The cap is just below what the way before it needs."""
    guided, results, peaks = Guided(unet), [], [1 << 40]
    for way in range(3):
        with Memory(unet, peaks[-1] - 1):
            results.append(guided())
        assert len(guided.said) == way
        with Memory(unet) as memory:  # the way that was taken is kept
            assert torch.equal(guided(), results[-1])
        peaks.append(memory.peak)
    plain, again, few = results
    assert peaks[2] < 0.7 * peaks[1] and peaks[3] < peaks[2]
    assert torch.allclose(again, plain, atol=1e-5 * float(plain.abs().max()))
    assert not torch.allclose(few, plain, atol=1e-3), "fewer layers are another gradient"
    assert not guided.made.is_off
    with Memory(unet, peaks[3] // 2):
        assert torch.equal(guided(), guided.start)
    assert guided.made.is_off and all(p.requires_grad for p in unet.parameters())
    for words, sentence in zip(("computed twice", "fewer of the UNet's layers", "is off"), guided.said, strict=True):
        assert words in sentence
    guided.denoiser.calls = 0
    assert torch.equal(guided(), guided.start)
    assert guided.denoiser.calls == 0 and len(guided.said) == 3


@pytest.mark.parametrize(
    "error",
    [
        torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB"),
        RuntimeError("MPS backend out of memory (MPS allocated: 5.00 GB)"),
        RuntimeError("[enforce fail at alloc_cpu.cpp:117] err == 0. DefaultCPUAllocator: can't allocate memory: you"),
        RuntimeError("Not enough memory, use lower resolution (max approx. 640x640). Need: 4.0GB free"),
    ],
    ids=["cuda", "mps", "cpu", "split attention"],
)
def test_a_model_without_memory_for_so_large_latents_is_not_guided(unet: nn.Module, error: RuntimeError) -> None:
    guided = Guided(unet)

    def run(x: Tensor) -> None:
        if x.numel() > 1000:
            raise error
        guided.denoiser(x)

    assert torch.equal(guided(run), guided.start)
    assert len(guided.said) == 3 and guided.made.is_off


def test_any_other_error_of_the_model_is_raised(unet: nn.Module) -> None:
    guided = Guided(unet)

    def run(x: Tensor) -> None:
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")

    with pytest.raises(RuntimeError, match="mat1 and mat2"):
        guided(run)
    assert not guided.said and all(p.requires_grad for p in unet.parameters())
