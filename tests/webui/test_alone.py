"""Passes of objects and regions by themselves: their guidance, against it written out row by row."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
import torch
from torch import Tensor

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.layout.objects import bound_objects
from lib_rpg.plan import Plan, Region
from lib_rpg.regional.binding import Moment
from lib_rpg.regional.latent_rects import Rect
from lib_rpg.webui import alone
from lib_rpg.webui.alone import Passes
from lib_rpg.webui.attached import OwnText
from lib_rpg.webui.denoised import Evaluation
from lib_rpg.webui.objects import warn_of_scales

PICTURE = 7.0
"""The picture's CFG scale."""
X = torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(1))
IMAGES = torch.randn(2, 5, 8, 8, generator=torch.Generator().manual_seed(2))


class Placed(NamedTuple):
    picture: int
    rect: Rect = Rect(0, 0, 8, 8)


PLACED = [Placed(0), Placed(1), Placed(0)]


class Attached:
    """A model whose output for a row depends on its latents, its text and its picture; ``rows`` of each call."""

    def __init__(self, skipped_uncond: bool = False, first: int = 0) -> None:
        self.skipped_uncond = skipped_uncond
        self.rows: list[int] = []
        self._first = first

    def own_text(self, number: int, step: int, negative: bool) -> OwnText:
        assert step == 4
        value = -0.5 if negative else 1.0 + number - self._first
        return OwnText(torch.full((3, 2), value), None)

    def run_alone(self, _denoiser: Any, x: Tensor, level: Tensor, texts: Sequence[OwnText], images: Tensor) -> Tensor:
        self.rows.append(len(x))
        return torch.stack([output(*row) for row in zip(x, level, [each.cond for each in texts], images, strict=True)])


def output(x: Tensor, level: Tensor, text: Tensor, image: Tensor) -> Tensor:
    return x * (1 + text.mean() + level) + image.mean()


def guided(numbers: Sequence[int], scales: Sequence[float], image_scale: float | None = None) -> tuple[Tensor, Tensor]:
    """With guidance and without, each row by itself."""
    made, without = [], []
    for number, scale in zip(numbers, scales, strict=True):
        picture = PLACED[number].picture
        x, level, image = X[picture], torch.tensor(0.25), IMAGES[picture]
        cond = output(x, level, torch.tensor([1.0 + number]), image)
        negative = output(x, level, torch.tensor([-0.5]), image)
        if image_scale is None:
            made.append(negative + scale * (cond - negative))
            without.append(negative)
        else:
            blank = output(x, level, torch.tensor([-0.5]), torch.zeros_like(image))
            made.append(blank + scale * (cond - negative) + image_scale * (negative - blank))
            without.append(blank)
    return torch.stack(made), torch.stack(without)


def run(
    monkeypatch: pytest.MonkeyPatch,
    numbers: Sequence[int],
    scales: Sequence[float | None],
    *,
    kinds: int = 1,
    attached: Attached | None = None,
    factor: float = 1.0,
    image_scale: float | None = None,
    dtype: torch.dtype = torch.float32,
    first: int = 0,
) -> tuple[Tensor, Attached]:
    host = SimpleNamespace(
        model=lambda: None,
        guidance_factor=lambda _denoiser: factor,
        image_guidance=lambda *_: image_scale,
        option=lambda _name, default: default,
    )
    monkeypatch.setattr(alone, "host", host)
    attached = attached or Attached(first=first)
    level = torch.full((2,), 0.25)
    evaluation = Evaluation(SimpleNamespace(), 4, Moment(4, 8), X.to(dtype), level, PICTURE, IMAGES.to(dtype))
    passes = Passes(attached, PLACED, evaluation, kinds, first, scales)  # type: ignore[arg-type]
    rows = [PLACED[number].picture for number in numbers]
    return passes.run(numbers, X.to(dtype)[rows], level[rows]), attached


@pytest.mark.parametrize("kinds", [1, 2])
@pytest.mark.parametrize("first", [0, 3])
@pytest.mark.parametrize(
    ("numbers", "scales", "now"),
    [
        ([0, 1, 2], [], [PICTURE, PICTURE, PICTURE]),
        ([0, 1, 2], [None, 3.5, 1.0], [PICTURE, 3.5, 1.0]),
        ([2, 1], [None, 3.5, 12.0], [12.0, 3.5]),
        ([1], [None, 1.0, None], [1.0]),
    ],
    ids=["the picture's", "own ones", "a part, in another order", "1 alone"],
)
def test_each_has_its_own_scale_in_one_batch(
    monkeypatch: pytest.MonkeyPatch, numbers: list[int], scales: list, now: list[float], kinds: int, first: int
) -> None:
    made, attached = run(monkeypatch, numbers, scales, kinds=kinds, first=first)
    assert torch.allclose(made, torch.stack(guided(numbers, now)[:kinds]), atol=1e-5)
    assert made.shape[0] == kinds
    only_positive = kinds == 1 and set(now) == {1.0}
    assert sum(attached.rows) == len(numbers) * (1 if only_positive else 2)


def test_the_samplers_factor_is_on_every_scale(monkeypatch: pytest.MonkeyPatch) -> None:
    """DDIM CFG++ takes a 12.5th of it, and the output without guidance as well."""
    made, _ = run(monkeypatch, [0, 1], [None, 4.0], kinds=2, factor=1 / 12.5)
    assert torch.allclose(made, torch.stack(guided([0, 1], [PICTURE / 12.5, 4.0 / 12.5])), atol=1e-5)


def test_a_step_without_the_negative_prompt_has_no_guidance(monkeypatch: pytest.MonkeyPatch) -> None:
    made, attached = run(monkeypatch, [0, 1], [None, 4.0], attached=Attached(skipped_uncond=True))
    assert torch.allclose(made[0], guided([0, 1], [1.0, 1.0])[0], atol=1e-5)
    assert sum(attached.rows) == 2


@pytest.mark.parametrize("kinds", [1, 2])
def test_guidance_by_the_picture_that_is_changed_stays_the_pictures(
    monkeypatch: pytest.MonkeyPatch, kinds: int
) -> None:
    made, _ = run(monkeypatch, [0, 1, 2], [None, 3.0, 1.0], kinds=kinds, image_scale=1.5)
    assert torch.allclose(made, torch.stack(guided([0, 1, 2], [PICTURE, 3.0, 1.0], 1.5)[:kinds]), atol=1e-5)


def test_half_precision_stays_and_loses_nothing_of_the_scale(monkeypatch: pytest.MonkeyPatch) -> None:
    made, _ = run(monkeypatch, [0, 1], [7.3, 1.1], kinds=2, dtype=torch.float16)
    assert made.dtype == torch.float16
    assert torch.allclose(made.float(), torch.stack(guided([0, 1], [7.3, 1.1])), atol=0.05)


CAT = Region("a cat", cfg_scale=3.0)
DOG = Region("a dog")


def warned(plan: Plan, objects: Sequence[Any] = ()) -> list[str]:
    """For a picture of that plan."""
    composes = plan.compose != "attention"
    picture = SimpleNamespace(plan=plan, composes=composes, acts=lambda i: plan.regions[i].acts)
    told: list[str] = []
    warn_of_scales([picture], [SimpleNamespace(picture=picture, object=each) for each in objects], told.append)  # type: ignore[list-item, misc]
    return told


def side_by_side(*regions: Region, **fields: Any) -> Plan:
    return Plan(split_ratio=",".join("1" * len(regions)), regions=regions, **fields)


def test_a_scale_without_a_pass_is_said_once() -> None:
    end = "; bind objects, or let regions act in passes of their own"
    assert warned(side_by_side(DOG, CAT)) == [
        "the CFG scale of region 2 has no effect, as it has no pass of its own" + end
    ]
    assert warned(side_by_side(CAT, CAT)) == [
        "the CFG scale of regions 1 and 2 has no effect, as they have no passes of their own" + end
    ]


def test_a_scale_that_acts_or_is_not_there_is_no_matter() -> None:
    assert warned(side_by_side(DOG, DOG)) == []
    assert warned(side_by_side(DOG, CAT, compose="multidiffusion")) == []
    assert warned(side_by_side(DOG, CAT, binding="auto")) == []
    assert warned(side_by_side(DOG, Region("a cat", cfg_scale=3.0, muted=True))) == []
    repainted = bound_objects(side_by_side(DOG, CAT, binding="auto"))
    assert warned(side_by_side(DOG, CAT), repainted) == []
