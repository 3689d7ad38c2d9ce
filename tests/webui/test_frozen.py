"""Objects drawn before the picture: in its mask the picture has an object's own latents, and runs leave nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.errors import RpgError
from lib_rpg.layout.objects import BoundObject
from lib_rpg.plan import Plan, Region
from lib_rpg.regional.energies import Thing
from lib_rpg.webui import frozen
from lib_rpg.webui.denoised import DenoisedHook, Evaluation
from lib_rpg.webui.frozen import FrozenSampling
from lib_rpg.webui.objects import Bound

SIZE = (8, 12)
SIGMAS = torch.tensor([10.0, 6.0, 3.0, 1.5, 0.7, 0.0])
STEPS = 5
BOXES = [(0.0, 0.0, 0.5, 1.0), (0.5, 0.25, 0.5, 0.5), (0.25, 0.25, 0.5, 0.5)]
PICTURES = [0, 0, 1]
"""Of each object: the second picture has one."""
Model = Callable[[Tensor, Tensor], Tensor]


def estimate(x: Tensor, sigma: Tensor, number: int) -> Tensor:
    """What object ``number`` is denoised to; -1 is the picture."""
    return torch.tanh(x / (1 + sigma[:, None, None, None])) * (number + 2) + 0.1 * number


def euler(model: Model, x: Tensor) -> Tensor:
    for here, there in pairwise(SIGMAS):
        x = x + (there - here) * (x - model(x, here.expand(len(x)))) / here
    return x


def dpmpp_2m(model: Model, x: Tensor) -> Tensor:
    before, h_before = None, 0.0
    for here, there in pairwise(SIGMAS):
        denoised = model(x, here.expand(len(x)))
        h = float(torch.log(here / there)) if there > 0 else math.inf
        mixed = denoised
        if before is not None and there > 0:
            ratio = h_before / h
            mixed = (1 + 1 / (2 * ratio)) * denoised - 1 / (2 * ratio) * before
        x = there / here * x - math.expm1(-h) * mixed
        before, h_before = denoised, h
    return x


class Denoiser(torch.nn.Module):
    """The WebUI's, whose picture is `estimate` -1."""

    def __init__(self) -> None:
        super().__init__()
        self.step, self.total_steps = 0, STEPS
        self.sampler = SimpleNamespace(last_latent=None)

    def forward(self, x: Tensor, sigma: Tensor, *, cond_scale: float, image_cond: Tensor) -> Tensor:
        self.step += 1
        return estimate(x, sigma, -1)


class FakePasses:
    def __init__(self, _attached: Any, _placed: Any, _evaluation: Evaluation, *_: Any) -> None:
        pass

    def run(self, numbers: Sequence[int], x: Tensor, level: Tensor) -> Tensor:
        rows = zip(numbers, x, level, strict=True)
        return torch.cat([estimate(own[None], sigma[None], number) for number, own, sigma in rows])[None]


class FakeAttention:
    """An object's words look at the left two thirds of the middle of its box; the third object has none."""

    def __init__(self, _p: Any, objects: Sequence[Bound], **_: Any) -> None:
        self.objects = objects

    def watch(self, *_: Any) -> None:
        return None

    def words(self, *_: Any) -> tuple[int, ...]:
        return ()

    def map(self, number: int) -> Tensor | None:
        if number == 2:
            return None
        x, y, width, height = self.objects[number].box
        result = torch.zeros(SIZE)
        top, left = round(y * SIZE[0]), round(x * SIZE[1])
        result[top + 1 : top + round(height * SIZE[0]) - 1, left : left + round(width * SIZE[1]) - 2] = 1
        return result


class Made:
    """A batch of two pictures with three objects, sampled as the WebUI does; ``seen`` are the picture's latents."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, sample: Callable[[Model, Tensor], Tensor], **plan: Any) -> None:
        monkeypatch.setattr(frozen, "Passes", FakePasses)
        monkeypatch.setattr(frozen, "OwnAttention", FakeAttention)
        whole = Plan(layout="boxes", regions=(Region("a"),), compose="two-phase", **plan)
        objects = [
            Bound(
                SimpleNamespace(number=picture, plan=whole),  # type: ignore[arg-type]
                BoundObject(0, number, "a", box, "auto", whole.frozen, 0.0, 1.0, 0.0, None, "a"),
                box,
                40 + number,
            )
            for number, (picture, box) in enumerate(zip(PICTURES, BOXES, strict=True))
        ]
        self.denoiser = Denoiser()
        sampler = SimpleNamespace(model_wrap_cfg=self.denoiser, config=SimpleNamespace(options={}))
        self.generator = torch.Generator().manual_seed(3)
        self.p = SimpleNamespace(
            sampler_name="Euler", sampler=sampler, rng=SimpleNamespace(generators=[self.generator])
        )
        self.objects = objects
        self.x = SIGMAS[0] * torch.randn(2, 4, *SIZE, generator=torch.Generator().manual_seed(1))
        self.composition = FrozenSampling(self.p, objects, SIZE, lambda: None, 0, print)  # type: ignore
        self.seen: list[Tensor] = []
        moves = [self.composition.put_latents, lambda evaluation: self.seen.append(evaluation.x.clone())]
        self.hook = DenoisedHook(sampler, [self.composition], moves)

        def model(x: Tensor, sigma: Tensor) -> Tensor:
            torch.randn(3, generator=self.generator)  # as a sampler with noise draws from it
            return self.denoiser(x, sigma, cond_scale=1.0, image_cond=torch.zeros(2, 1))

        self.func = lambda: sample(model, self.x)

    def noise_of(self, number: int) -> Tensor:
        """What the object's own run begins with, (1, C, H, W)."""
        own = self.x[PICTURES[number]].clone()
        x, y, width, height = BOXES[number]
        rows = slice(round(y * SIZE[0]), round((y + height) * SIZE[0]))
        columns = slice(round(x * SIZE[1]), round((x + width) * SIZE[1]))
        fresh = torch.randn(own.shape, generator=torch.Generator().manual_seed(40 + number))
        size = own.square().mean().sqrt()
        own[:, rows, columns] = (
            math.sqrt(1 - 0.01) * own[:, rows, columns] + math.sqrt(0.01) * size * fresh[:, rows, columns]
        )
        return own[None]


@pytest.mark.parametrize("sample", [euler, dpmpp_2m])
@pytest.mark.parametrize("share", [0.2, 0.6, 1.0])
def test_in_a_mask_the_latents_are_those_of_the_objects_own_run(
    monkeypatch: pytest.MonkeyPatch, sample: Callable[[Model, Tensor], Tensor], share: float
) -> None:
    monkeypatch.setattr(frozen, "shift_to_box", lambda mask, box: frozen.Shift(0, 0))
    made = Made(monkeypatch, sample, frozen=share)
    start = [made.noise_of(number) for number in range(3)]
    made.composition.draw(made.hook, made.func)
    assert made.seen == [] and made.denoiser.step == 0
    made.func()
    covered = torch.zeros(2, *SIZE, dtype=torch.bool)
    # The largest first: the first object's mask is larger than the second's.
    for number in (0, 1, 2):
        own: list[Tensor] = []

        def alone(x: Tensor, sigma: Tensor, own: list[Tensor] = own, number: int = number) -> Tensor:
            own.append(x.clone())
            return estimate(x, sigma, number)

        sample(alone, start[number])
        mask = made.composition.masks[number]
        picture = PICTURES[number]
        assert mask.any() and not mask.all()
        covered[picture] |= mask
        last = round(share * STEPS)
        for step in range(min(last + 1, STEPS)):
            assert torch.equal(made.seen[step][picture][:, mask], own[step][0][:, mask]), (number, step)
        if last + 1 < STEPS:
            assert not torch.equal(made.seen[last + 1][picture][:, mask], own[last + 1][0][:, mask])
    rest = ~covered[0]
    assert not torch.equal(made.seen[1][0][:, rest], start[0][0][:, rest])


def test_runs_leave_noise_and_latents_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Made(monkeypatch, euler)
    before, state = made.x.clone(), made.generator.get_state()
    made.composition.draw(made.hook, made.func)
    assert torch.equal(made.x, before) and torch.equal(made.generator.get_state(), state)


def test_an_error_in_an_objects_run_leaves_all_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Made(monkeypatch, euler)
    before, state = made.x.clone(), made.generator.get_state()
    monkeypatch.setattr(FakePasses, "run", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        made.composition.draw(made.hook, made.func)
    assert torch.equal(made.x, before) and torch.equal(made.generator.get_state(), state)
    assert made.denoiser.step == 0
    made.composition.close()
    made.hook.close()
    plain = euler(lambda x, sigma: estimate(x, sigma, -1), made.x)
    assert torch.equal(made.func(), plain)


def test_an_object_that_nothing_leads_is_moved_to_its_box(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the second object's words look at is the first one's box: it comes to lie in its own."""
    monkeypatch.setattr(
        FakeAttention, "map", lambda self, number: torch.eye(2)[0].repeat_interleave(6).expand(SIZE).clone()
    )
    made = Made(monkeypatch, euler)
    made.composition.draw(made.hook, made.func)
    second = made.composition.masks[1]
    assert second[2:6, 6:].sum() > 12 and not second[:, :6].any()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"sampler_name": "DPM adaptive"}, "compose: DPM adaptive takes other steps .*; choose another sampler"),
        ({"init_images": [1]}, "compose: objects that are drawn before the picture begin with noise alone"),
    ],
)
def test_what_cannot_be_composed_is_refused(
    monkeypatch: pytest.MonkeyPatch, fields: dict[str, Any], sentence: str
) -> None:
    made = Made(monkeypatch, euler)
    vars(made.p).update(fields)
    with pytest.raises(RpgError, match=sentence):
        FrozenSampling(made.p, made.objects, SIZE, lambda: None, 0, print)  # type: ignore


class Things:
    """The guided things of two pictures: the first has one in two boxes and one that is no object, the other none."""

    first, other = Thing((3, 4), (BOXES[0], BOXES[1])), Thing((6,), (BOXES[2],))

    def __len__(self) -> int:
        return 2

    def at(self, picture: int, _step: int) -> tuple[Thing, ...]:
        return () if picture else (self.first, self.other)

    def phrase_of(self, _picture: int, thing: Thing) -> str:
        return "a" if thing is self.first else "b"


def test_guidance_compares_each_box_with_the_run_of_its_own_object(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Made(monkeypatch, euler)
    kept = {(number, 2): [torch.full((1, 2, 3), float(number))] for number in range(3)}
    monkeypatch.setattr(FakeAttention, "kept", lambda _, *key: kept.get(key), raising=False)
    assert made.composition.saved(Things(), 2) == [[[kept[0, 2], kept[1, 2]], []], None]  # type: ignore[arg-type]
    assert made.composition.saved(Things(), 3) == [None, None]  # type: ignore[arg-type]
