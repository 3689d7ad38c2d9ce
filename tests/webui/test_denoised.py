"""The hook on a sampler's denoiser: stages see each evaluation, and off is off."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.regional.binding import Moment
from lib_rpg.regional.spaces import SigmaSpace, TimestepSpace
from lib_rpg.webui import denoised
from lib_rpg.webui.denoised import Cover, DenoisedHook, Evaluation, Stage
from lib_rpg.webui.host import host

X = torch.arange(32.0).reshape(2, 4, 2, 2)
SIGMA = torch.tensor([3.0, 3.0])


class Denoiser(torch.nn.Module):
    """Doubles x."""

    def __init__(self, **fields: Any) -> None:
        super().__init__()
        self.step, self.total_steps = 0, 4
        self.__dict__.update(fields)

    def forward(self, x: Tensor, sigma: Tensor, *, cond_scale: float, image_cond: Tensor) -> Tensor:
        self.step += 1
        return 2 * x


def sampler_of(denoiser: Denoiser, **options: bool) -> Any:
    return SimpleNamespace(model_wrap_cfg=denoiser, config=SimpleNamespace(options=options))


def call(denoiser: Denoiser) -> Tensor:
    return denoiser(X, SIGMA, cond_scale=5.0, image_cond=torch.zeros(2, 1))


def add(value: float, seen: list[Evaluation] | None = None) -> Stage:
    def stage(evaluation: Evaluation, outputs: Tensor) -> Tensor:
        if seen is not None:
            seen.append(evaluation)
        return outputs + value

    return stage


def wrap(denoiser: Denoiser) -> Callable[[], None]:
    """Another extension's wrapper, that adds 100; gives what takes it off again."""
    inner = denoiser.forward
    denoiser.forward = lambda *args, **kwargs: inner(*args, **kwargs) + 100  # type: ignore[method-assign]
    return lambda: setattr(denoiser, "forward", inner)


def test_stages_run_one_behind_the_other_until_it_is_closed() -> None:
    denoiser = Denoiser()
    double: Stage = lambda _evaluation, outputs: outputs * 2  # noqa: E731
    hook = DenoisedHook(sampler_of(denoiser), [add(1), double])
    assert torch.equal(call(denoiser), (2 * X + 1) * 2)
    hook.close()
    assert torch.equal(call(denoiser), 2 * X)
    assert "forward" not in denoiser.__dict__
    hook.close()
    assert torch.equal(call(denoiser), 2 * X)


def test_closing_puts_back_a_wrapper_that_was_there() -> None:
    denoiser = Denoiser()
    wrap(denoiser)
    theirs = denoiser.forward
    hook = DenoisedHook(sampler_of(denoiser), [add(1)])
    assert torch.equal(call(denoiser), 2 * X + 101)
    hook.close()
    assert denoiser.__dict__["forward"] is theirs
    assert torch.equal(call(denoiser), 2 * X + 100)


@pytest.mark.parametrize("order", list(permutations(("ours", "first", "last"))), ids="-".join)
def test_closing_in_any_order_leaves_nothing_of_ours(order: tuple[str, ...]) -> None:
    """Between two wrappers of others: as each is closed, what is left acts, and ours no more once it is closed."""
    denoiser = Denoiser()
    closes = {"first": wrap(denoiser)}
    hook = DenoisedHook(sampler_of(denoiser), [add(1)])
    closes |= {"ours": hook.close, "last": wrap(denoiser)}
    assert torch.equal(call(denoiser), 2 * X + 201)
    closed = []
    for name in order:
        closes[name]()
        closed.append(name)
        if "ours" in closed:
            assert ((call(denoiser) - 2 * X) % 100 == 0).all()
    for _ in range(2):
        hook.close()
    assert ((call(denoiser) - 2 * X) % 100 == 0).all()
    if order == ("last", "ours", "first"):  # each takes off what it put on
        assert torch.equal(call(denoiser), 2 * X)


def test_an_error_of_a_stage_reaches_the_sampler_and_closing_still_works() -> None:
    denoiser = Denoiser()

    def fail(*_: Any) -> Tensor:
        raise RuntimeError("a slip")

    hook = DenoisedHook(sampler_of(denoiser), [fail])
    with pytest.raises(RuntimeError, match="a slip"):
        call(denoiser)
    hook.close()
    assert torch.equal(call(denoiser), 2 * X)


@pytest.mark.parametrize(
    ("second_order", "moments"), [(False, [(0, 4), (1, 4), (2, 4), (3, 4)]), (True, [(0, 2), (0, 2), (1, 2), (1, 2)])]
)
def test_both_evaluations_of_a_second_order_step_are_one_step(
    second_order: bool, moments: list[tuple[int, int]]
) -> None:
    denoiser, seen = Denoiser(), []
    hook = DenoisedHook(sampler_of(denoiser, second_order=second_order), [add(0, seen)])
    for _ in moments:
        call(denoiser)
    hook.close()
    assert [each.moment for each in seen] == [Moment(*moment) for moment in moments]
    assert [each.number for each in seen] == [0, 1, 2, 3]
    assert all(each.denoiser is denoiser and each.cond_scale == 5.0 for each in seen)
    assert torch.equal(seen[0].x, X) and torch.equal(seen[0].level, SIGMA)


def test_the_output_without_guidance_goes_through_the_stages_where_the_sampler_reads_it() -> None:
    denoiser = Denoiser(need_last_noise_uncond=True, last_noise_uncond=-X)
    shapes = []

    def stage(_evaluation: Evaluation, outputs: Tensor) -> Tensor:
        shapes.append(outputs.shape)
        return outputs + torch.tensor([1.0, 7.0]).reshape(2, 1, 1, 1, 1)

    hook = DenoisedHook(sampler_of(denoiser), [stage])
    assert torch.equal(call(denoiser), 2 * X + 1)
    assert torch.equal(denoiser.last_noise_uncond, 7 - X)
    assert shapes == [(2, *X.shape)]
    hook.close()


def test_the_space_is_that_of_the_denoiser() -> None:
    assert isinstance(host.space_of(Denoiser()), SigmaSpace)
    assert isinstance(host.space_of(Denoiser(alphas=torch.linspace(0.99, 0.01, 10))), TimestepSpace)


class UNet(torch.nn.Module):
    """Doubles its latents."""

    def forward(self, x: Tensor, timesteps: Tensor | None = None) -> Tensor:
        return 2 * x


@pytest.fixture
def unet(monkeypatch: pytest.MonkeyPatch) -> UNet:
    """The UNet of the host's checkpoint."""
    made = UNet()
    monkeypatch.setattr(denoised.host, "model", lambda: made)
    monkeypatch.setattr(denoised.host, "unet_of", lambda model: model)
    monkeypatch.setattr(denoised.host, "is_cancelled", lambda: False)
    return made


def running(unet: UNet, calls: list[Tensor]) -> Denoiser:
    """A denoiser whose output is that of the UNet, and 1 more; it says what the UNet gave."""

    class Running(Denoiser):
        def forward(self, x: Tensor, sigma: Tensor, *, cond_scale: float, image_cond: Tensor) -> Tensor:
            calls.append(unet(torch.cat([x, x[:, :1]], 1), timesteps=sigma)[:, :4])
            self.step += 1
            return calls[-1] + 1

    made = Running()
    made.sampler = SimpleNamespace(last_latent=None)  # type: ignore[assignment]
    return made


LEFT_HALF = torch.tensor([[True, False], [True, False]])


@pytest.mark.parametrize("own_forward", [False, True])
def test_a_unet_whose_outputs_nobody_takes_is_not_run(unet: UNet, own_forward: bool) -> None:
    calls: list[Tensor] = []
    hooked: list[tuple[int, ...]] = []
    unet.register_forward_pre_hook(lambda _module, args: hooked.append(tuple(args[0].shape)))
    theirs = lambda x, timesteps: 7 * x  # noqa: E731
    if own_forward:
        unet.forward = theirs  # type: ignore[method-assign]
    denoiser = running(unet, calls)
    covers: list[Cover] = [lambda _: LEFT_HALF, lambda _: None, lambda e: ~LEFT_HALF.expand(len(e.x), -1, -1)]
    hook = DenoisedHook(sampler_of(denoiser), [lambda _, outputs: torch.full_like(outputs, 5.0)], (), covers)
    assert torch.equal(call(denoiser), torch.full_like(X, 5.0))
    assert torch.equal(calls[0], torch.zeros_like(X)), "it has run"
    assert hooked == [(2, 5, 2, 2)], "who counts its calls misses one"
    assert torch.equal(denoiser.sampler.last_latent, torch.full_like(X, 5.0))  # what an interrupt would leave
    assert hook.skipped == 1
    assert unet.__dict__.get("forward") is (theirs if own_forward else None)
    hook.close()
    call(denoiser)
    assert torch.equal(calls[1], X * (7 if own_forward else 2))


@pytest.mark.parametrize("cancelled", [False, True])
def test_a_unet_is_run_for_one_cell_and_for_an_interrupt(
    unet: UNet, monkeypatch: pytest.MonkeyPatch, cancelled: bool
) -> None:
    """Of one picture of two is one cell left; or all is covered, and the generation is cancelled."""
    calls: list[Tensor] = []
    denoiser = running(unet, calls)
    cells = torch.ones(2, 2, 2, dtype=torch.bool)
    cells[1, 0, 1] = cancelled
    monkeypatch.setattr(denoised.host, "is_cancelled", lambda: cancelled)
    hook = DenoisedHook(sampler_of(denoiser), [add(0)], (), [lambda _: cells])
    assert torch.equal(call(denoiser), 2 * X + 1)
    assert hook.skipped == 0
    hook.close()


def test_an_error_inside_gives_the_unet_back(unet: UNet) -> None:
    denoiser = running(unet, [])
    unet.register_forward_pre_hook(lambda *_: 1 / 0)
    hook = DenoisedHook(sampler_of(denoiser), [add(0)], (), [lambda _: torch.ones(2, 2, dtype=torch.bool)])
    with pytest.raises(ZeroDivisionError):
        call(denoiser)
    assert "forward" not in unet.__dict__
    hook.close()
