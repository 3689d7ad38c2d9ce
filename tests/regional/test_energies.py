"""Energies against their formulas written out with loops over numbers, and their gradients by finite differences."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from lib_rpg.errors import RpgError
from lib_rpg.regional.energies import Thing, boxdiff_energy, lmd_energy, ratio_energy, reference_energy

GRIDS = ((4, 6), (8, 12))
HEADS = 3
TOKENS = 9
UPPER_LEFT, RIGHT, WHOLE = (0.0, 0.0, 0.5, 0.5), (0.5, 0.25, 0.5, 0.75), (0.0, 0.0, 1.0, 1.0)
CELLS = {UPPER_LEFT: (0, 0, 2, 3), RIGHT: (1, 3, 4, 6), WHOLE: (0, 0, 4, 6)}
"""By box: top, left, bottom and right on the grid of 4 x 6."""
THINGS = [Thing((2,), (UPPER_LEFT,)), Thing((4, 5), (RIGHT,), word=4), Thing((7,), (UPPER_LEFT, RIGHT))]
SEEDS = st.integers(0, 2**31)


def maps_of(seed: int, grids: Sequence[tuple[int, int]] = GRIDS, tokens: int = TOKENS) -> list[Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return [
        (2 * torch.randn(HEADS, *grid, tokens, generator=generator, dtype=torch.float64)).softmax(-1) for grid in grids
    ]


def rect(box: tuple[float, ...], height: int) -> tuple[int, int, int, int]:
    top, left, bottom, right = (height // 4 * edge for edge in CELLS[box])
    return top, left, bottom, right


def is_in(box: tuple[float, ...], height: int, y: int, x: int) -> bool:
    top, left, bottom, right = rect(box, height)
    return top <= y < bottom and left <= x < right


def parts(values: list[list[float]], boxes: Sequence[tuple[float, ...]]) -> tuple[list[float], list[float]]:
    """The numbers of the cells in any of the boxes, and of the others."""
    inside, outside = [], []
    for y, line in enumerate(values):
        for x, value in enumerate(line):
            (inside if any(is_in(box, len(values), y, x) for box in boxes) else outside).append(value)
    return inside, outside


def mean_of_highest(values: list[float]) -> float:
    count = max(1, int(0.2 * len(values)))
    return sum(sorted(values, reverse=True)[:count]) / count if values else 0.0


def written_lmd(maps: Sequence[Tensor], things: Sequence[Thing]) -> float:
    total = 0.0
    for layer in maps:
        for thing in things:
            for token in thing.tokens:
                heads = 0.0
                for head in layer:
                    inside, outside = parts(head[..., token].tolist(), thing.boxes)
                    heads += (1 - mean_of_highest(inside)) + 4 * mean_of_highest(outside)
                total += 8 * heads / len(layer) / len(thing.tokens)
    return total / len(maps) / len(things)


def written_ratio(maps: Sequence[Tensor], things: Sequence[Thing]) -> float:
    total = 0.0
    for layer in maps:
        for thing in things:
            for token in thing.tokens:
                for head in layer:
                    inside, outside = parts(head[..., token].tolist(), thing.boxes)
                    share = sum(inside) / (sum(inside) + sum(outside))
                    total += (1 - share) ** 2 / len(layer) / len(thing.tokens)
    return total / len(maps) / len(things)


def written_reference(maps: Sequence[Tensor], things: Sequence[Thing], saved: Sequence) -> float:
    total = 0.0
    for thing, of_boxes in zip(things, saved, strict=True):
        word = thing.tokens[-1] if thing.word is None else thing.word
        for box, of_layers in zip(thing.boxes, of_boxes, strict=False):
            for layer, then in zip(maps, of_layers, strict=True):
                for head, own in zip(layer[..., word].tolist(), then.tolist(), strict=True):
                    now, before = (parts(values, [box])[0] for values in (head, own))
                    for a, b in zip(now, before, strict=True):
                        distance = abs(a / (sum(now) + 1e-5) - b / (sum(before) + 1e-5))
                        total += 2 * distance / len(layer) / len(of_boxes)
    return total / len(maps) / len(things)


def reflected(index: int, length: int) -> int:
    return -index if index < 0 else 2 * (length - 1) - index if index >= length else index


def written_boxdiff(maps: Sequence[Tensor], things: Sequence[Thing]) -> float:
    _, height, width, tokens = maps[0].shape
    total = 0.0
    for thing in things:
        for token in thing.tokens:
            sharp = [[0.0] * width for _ in range(height)]
            for y in range(height):
                for x in range(width):
                    scores = [
                        math.exp(100 * sum(float(layer[head, y, x, t]) for layer in maps for head in range(HEADS))
                        / (HEADS * len(maps)))
                        for t in range(1, tokens - 1)
                    ]  # fmt: skip
                    sharp[y][x] = scores[token - 1] / sum(scores)
            kernel = [math.exp(-((d / (2 * 0.5)) ** 2)) for d in (-1, 0, 1)]
            smooth = [
                [
                    sum(
                        kernel[i] * kernel[j] * sharp[reflected(y + i - 1, height)][reflected(x + j - 1, width)]
                        for i in range(3)
                        for j in range(3)
                    )
                    / sum(kernel) ** 2
                    for x in range(width)
                ]
                for y in range(height)
            ]
            inside, outside = parts(smooth, thing.boxes)
            total += max(0.0, 1 - mean_of_highest(inside)) + mean_of_highest(outside)
            rects = [rect(box, height) for box in thing.boxes]
            columns = [[smooth[y][x] for y in range(height)] for x in range(width)]
            total += corner(columns, [(left, right) for _, left, _, right in rects])
            total += corner(smooth, [(top, bottom) for top, _, bottom, _ in rects])
    return total


def corner(lines: list[list[float]], spans: list[tuple[int, int]]) -> float:
    total = 0.0
    for i, line in enumerate(lines):
        if any(abs(i - edge) <= 1 for span in spans for edge in span):
            total += abs(max(line) - any(start <= i < end for start, end in spans))
    return total / len(lines)


def saved_of(seed: int, things: Sequence[Thing]) -> list:
    """Maps of each thing, box and layer; none of the second thing."""
    saved = [
        [[layer[..., 1] for layer in maps_of(seed + 10 * i + j)] for j in range(len(thing.boxes))]
        for i, thing in enumerate(things)
    ]
    return [*saved[:1], [], *saved[2:]]


@settings(max_examples=5, deadline=None)
@given(seed=SEEDS)
@pytest.mark.parametrize(("energy", "written"), [(lmd_energy, written_lmd), (ratio_energy, written_ratio)])
def test_energies_are_as_written_out(energy: Callable, written: Callable, seed: int) -> None:
    maps = maps_of(seed)
    assert float(energy(maps, THINGS)) == pytest.approx(written(maps, THINGS), rel=1e-9)
    whole = [Thing((3,), (WHOLE,))]
    assert float(energy(maps, whole)) == pytest.approx(written(maps, whole), rel=1e-9, abs=1e-12)


@settings(max_examples=5, deadline=None)
@given(seed=SEEDS)
def test_boxdiffs_energy_is_as_written_out(seed: int) -> None:
    maps = maps_of(seed, (GRIDS[0], GRIDS[0]))
    assert float(boxdiff_energy(maps, THINGS)) == pytest.approx(written_boxdiff(maps, THINGS), rel=1e-9)


@settings(max_examples=5, deadline=None)
@given(seed=SEEDS)
def test_the_reference_energy_is_as_written_out(seed: int) -> None:
    maps, saved = maps_of(seed), saved_of(seed + 1, THINGS)
    assert float(reference_energy(maps, THINGS, saved)) == pytest.approx(written_reference(maps, THINGS, saved))


def test_the_reference_energy_of_the_same_maps_is_zero() -> None:
    maps = maps_of(1)
    saved = [[[layer[..., 2] for layer in maps]], [], []]
    assert reference_energy(maps, THINGS, saved).item() == 0


@pytest.mark.parametrize("energy", [lmd_energy, ratio_energy, boxdiff_energy, "reference"])
def test_gradients_are_those_of_finite_differences(energy: Callable | str) -> None:
    grids = (GRIDS[0], GRIDS[0]) if energy is boxdiff_energy else ((4, 6), (8, 12))
    maps = [each.requires_grad_(True) for each in maps_of(3, grids)]
    things = THINGS[1:]
    saved = [[[layer[..., 1] for layer in maps_of(8)]], []]

    def value(*maps: Tensor) -> Tensor:
        return reference_energy(maps, things, saved) if energy == "reference" else energy(maps, things)  # type: ignore[operator]

    with torch.enable_grad():
        assert torch.autograd.gradcheck(value, maps, eps=1e-7, atol=1e-5, rtol=1e-4, fast_mode=True)
        assert all(gradient.any() for gradient in torch.autograd.grad(value(*maps), maps))


def test_the_number_of_heads_does_not_change_an_energy() -> None:
    maps = maps_of(1)
    doubled = [layer.repeat(2, 1, 1, 1) for layer in maps]
    for energy in (lmd_energy, ratio_energy):
        assert float(energy(doubled, THINGS)) == pytest.approx(float(energy(maps, THINGS)))


def test_attention_in_the_boxes_has_less_energy() -> None:
    """1 in the box and 0 elsewhere is the least that each can have, and the other way round the most of LMD's."""
    right = torch.full((1, 4, 6, TOKENS), 1e-12, dtype=torch.float64)
    right[:, :2, :3, 2] = 1
    wrong = right.clone()
    wrong[..., 2] = 1 - right[..., 2]
    things = THINGS[:1]
    assert lmd_energy([right], things).item() == pytest.approx(0, abs=1e-9)
    assert lmd_energy([wrong], things).item() == pytest.approx(8 * (1 + 4))
    assert ratio_energy([right], things).item() == pytest.approx(0, abs=1e-9)
    assert ratio_energy([wrong], things).item() == pytest.approx(1)
    assert boxdiff_energy([right], things).item() < boxdiff_energy([wrong], things).item()


@pytest.mark.parametrize("grid", [(1, 1), (2, 3), (5, 3)])
def test_the_smallest_box_has_a_cell_on_each_grid(grid: tuple[int, int]) -> None:
    layer = maps_of(1, [grid])[0].requires_grad_(True)
    things = [Thing((2,), ((0.97, 0.97, 0.02, 0.02),))]
    with torch.enable_grad():
        gradient = torch.autograd.grad(lmd_energy([layer], things, background=0), layer)[0]
    cell = gradient[..., 2].abs().sum(0)
    assert cell[-1, -1] > 0 and cell.count_nonzero() == 1
    assert boxdiff_energy([layer], things).isfinite()


@pytest.mark.parametrize("energy", [lmd_energy, ratio_energy, boxdiff_energy])
def test_a_token_of_a_later_chunk_is_one_of_its_own_chunk(energy: Callable) -> None:
    """What a long prompt's other chunks draw away is not the token's."""
    logits = torch.randn(HEADS, 4, 6, 154, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    long, second = logits.softmax(-1), logits[..., 77:].softmax(-1)
    there, here = Thing((77 + 5,), (RIGHT,)), Thing((5,), (RIGHT,))
    assert float(energy([long], [there])) == pytest.approx(float(energy([second], [here])))


def test_what_cannot_be_is_refused() -> None:
    maps = maps_of(1)
    with pytest.raises(RpgError, match="no tokens or no boxes"):
        Thing((), (RIGHT,))
    for token in (-1, TOKENS):
        with pytest.raises(RpgError, match=f"its token {token} is not among the prompt's 9"):
            lmd_energy(maps, [Thing((token,), (RIGHT,))])
    with pytest.raises(RpgError, match="different grids"):
        boxdiff_energy(maps, THINGS)
    for token in (0, TOKENS - 1):
        with pytest.raises(RpgError, match="begins or ends the prompt"):
            boxdiff_energy(maps[:1], [Thing((token,), (RIGHT,))])
    with pytest.raises(RpgError, match="have the shape"):
        reference_energy(maps[:1], THINGS[:1], [[[maps[1][..., 1]]]])
