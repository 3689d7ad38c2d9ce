"""Composition on the ldm UNet: MultiDiffusion and LMD's pasted latents written out, and masks from made-up maps."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from lib_rpg.errors import RpgError
from lib_rpg.regional.binding import Moment, in_share
from lib_rpg.regional.composition import (
    FrozenComposition,
    FrozenObject,
    MultiDiffusion,
    SharedRegion,
    Shift,
    exclusive,
    mask_from_attention,
    shift_to_box,
)
from lib_rpg.regional.replay import Recorder
from lib_rpg.regional.spaces import SigmaSpace, Space, TimestepSpace
from tests.regional.sampled import ALPHAS, CHANNELS, STEPS, TIMESTEPS, Guided, Model, Run, noise, sample, text

SIZE = HEIGHT, WIDTH = 8, 12
LEVELS = {"sample_euler": torch.tensor([5.0]), "ddim": torch.tensor([701.0])}
LEFT = torch.zeros(SIZE)
LEFT[1:7, :4] = 1
RIGHT = torch.zeros(SIZE)
RIGHT[:, 6:11] = 1
FIRST = Moment(0, STEPS)
COLOURS = torch.tensor([[2.0, 0.5, -1.0, 0.0], [-2.0, 1.0, 0.5, 3.0], [0.0, -3.0, 1.0, 1.0]])[..., None, None]


def furthest(a: Tensor, b: Tensor) -> float:
    """The largest difference, of the largest value where that is above 1."""
    return float((a - b).abs().max() / b.abs().max().clamp(min=1))


def noised(clean: Tensor, fresh: Tensor, sampler: str, level: Tensor) -> Tensor:
    """The latents of a clean picture at a level of that sampler."""
    if sampler in TIMESTEPS:
        alpha = ALPHAS[int(level[0])]
        return alpha.sqrt() * clean + (1 - alpha).sqrt() * fresh
    return clean + level[0] * fresh


def step(sampler: str, x: Tensor, output: Tensor, level: Tensor, following: Tensor | None) -> Tensor:
    """One step of Euler's method, or of DDIM; behind the last one is no noise, or the lowest timestep's."""
    if sampler == "ddim":
        alpha = ALPHAS[int(level[0])]
        before = ALPHAS[1 if following is None else int(following[0])]
        clean = (x - (1 - alpha).sqrt() * output) / alpha.sqrt()
        return before.sqrt() * clean + (1 - before).sqrt() * output
    sigma = level[0]
    down = 0 if following is None else following[0]
    return output + down / sigma * (x - output)


def levels_of(sampler: str) -> list[Tensor]:
    levels: list[Tensor] = []

    def model(_number: int, x: Tensor, level: Tensor) -> Tensor:
        levels.append(level)
        return torch.zeros_like(x)

    sample(sampler, noise(0, *SIZE), model)
    return levels


# MultiDiffusion


def composed_model(
    guided: Guided, regions: Sequence[SharedRegion], texts: Sequence[Tensor], colours: Tensor | None = None
) -> Model:
    composition = MultiDiffusion(regions, guided.space, colours)

    def model(number: int, x: Tensor, level: Tensor) -> Tensor:
        output = guided(x, level, text(1))[:1]
        return composition.compose(
            Moment(number, STEPS),
            x,
            level,
            output,
            lambda numbers, own, levels: guided(own, levels, torch.cat([texts[i] for i in numbers]))[:1],
        )[0]

    return model


@pytest.mark.parametrize("sampler", ["sample_euler", "ddim"])
def test_it_is_multidiffusions_loop(unet: nn.Module, sampler: str) -> None:
    """A pass, and a step, for each prompt on the shared latents; what comes of a cell is of the prompt it belongs to.

    In the first steps an object's prompt sees a picture of one colour outside its mask.
    """
    guided = Guided(unet, sampler)
    start, bootstrapped = noise(9, *SIZE), 2
    levels = levels_of(sampler)
    x = start * (1 if sampler == "ddim" else levels[0])
    masks = [1 - LEFT - RIGHT, LEFT, RIGHT]
    seeds = [0, 31, 32]
    states = []
    for number, (level, following) in enumerate(zip(levels, [*levels[1:], None], strict=True)):
        states.append(x)
        views = [x]
        for mask, seed in zip(masks[1:], seeds[1:], strict=True):
            background = noised(COLOURS[:1], noise(seed, *SIZE), sampler, level)
            views.append(x * mask + background * (1 - mask) if number < bootstrapped else x)
        outputs = guided(torch.cat(views), level.repeat(3), torch.cat([text(1), text(2), text(3)]))[0].split(1)
        moved = [step(sampler, *pair, level, following) for pair in zip(views, outputs, strict=True)]
        x = torch.stack([mask * each for mask, each in zip(masks, moved, strict=True)]).sum(0)
    regions = [SharedRegion(0, mask, bootstrapped / STEPS, seed) for mask, seed in zip(masks, seeds, strict=True)][1:]
    run = sample(sampler, start, composed_model(guided, regions, [text(2), text(3)], COLOURS[:1]))
    assert len(run.evaluations) == len(states)
    for (ours, _), literal in zip(run.evaluations, states, strict=True):
        assert furthest(ours, literal) <= 1e-5
    x, output = run.evaluations[0]
    assert furthest(guided(x, levels[0], text(1))[0], output) > 1e-3


@pytest.mark.parametrize("bootstrap", [0.0, 1.0])
@pytest.mark.parametrize("sampler", ["sample_euler", "ddim"])
def test_one_region_over_the_whole_picture_is_the_plain_picture(
    unet: nn.Module, sampler: str, bootstrap: float
) -> None:
    guided = Guided(unet, sampler)
    model = composed_model(guided, [SharedRegion(0, torch.ones(SIZE), bootstrap)], [text(2)], COLOURS)
    x, level = noise(9, *SIZE), LEVELS[sampler]
    assert furthest(model(0, x, level), guided(x, level, text(2))[0]) <= 1e-6


def space_of(sampler: str) -> Space:
    return TimestepSpace(ALPHAS) if sampler in TIMESTEPS else SigmaSpace()


def compose(
    regions: Sequence[SharedRegion],
    x: Tensor,
    output: Tensor,
    drawn: Callable[[int, Tensor], Tensor],
    *,
    sampler: str = "sample_euler",
    moment: Moment = FIRST,
    colours: Tensor | None = COLOURS,
) -> tuple[Tensor, list[Tensor]]:
    """The composed outputs, and the latents that each region was evaluated on; ``drawn`` gives their outputs."""
    seen: list[Tensor] = []

    def evaluate(numbers: Sequence[int], own: Tensor, levels: Tensor) -> Tensor:
        assert not seen, "the regions are evaluated in more than one call"
        assert own.shape[0] == len(numbers) == len(levels)
        seen.extend(own.split(1))
        return torch.cat([drawn(i, own[k : k + 1]) for k, i in enumerate(numbers)], dim=1)

    before = output.clone()
    level = LEVELS[sampler].repeat(len(x))
    result = MultiDiffusion(regions, space_of(sampler), colours).compose(moment, x, level, output, evaluate)
    assert torch.equal(output, before), "the output that is handed over is changed"
    return result, seen


@pytest.mark.parametrize("sampler", ["sample_euler", "ddim"])
def test_soft_weights_share_the_denoised_estimate(sampler: str) -> None:
    """Of each cell, also where the outputs are noise; all outputs there are, and each picture by its own regions."""
    space = space_of(sampler)
    x = torch.cat([noise(1, *SIZE), noise(2, *SIZE)])
    output = torch.stack([noise(3, *SIZE), noise(4, *SIZE)]).expand(2, 2, -1, -1, -1)
    ramp = torch.linspace(0, 1, WIDTH).expand(SIZE)
    weights = [0.75 * ramp, 0.25 * ramp, 1 - ramp]
    regions = [SharedRegion(1, weights[0]), SharedRegion(1, weights[1]), SharedRegion(0, weights[2])]
    outputs = [torch.stack([noise(10 + i, *SIZE), noise(20 + i, *SIZE)]) for i in range(3)]
    made, _ = compose(regions, x, output, lambda i, _own: outputs[i], sampler=sampler)
    level = LEVELS[sampler].repeat(2)
    for k in range(2):
        plain = space.denoised(output[k], x, level)
        own = [space.denoised(outputs[i][k], x[[picture]], level[:1]) for i, picture in enumerate((1, 1, 0))]
        first = ramp * plain[:1] + weights[2] * own[2]
        second = (1 - ramp) * plain[1:] + weights[0] * own[0] + weights[1] * own[1]
        assert furthest(space.denoised(made[k], x, level), torch.cat([first, second])) <= 1e-5


def test_cells_without_a_region_and_other_pictures_stay_to_the_bit() -> None:
    x = torch.cat([noise(1, *SIZE), noise(2, *SIZE)])
    output = torch.randn(1, 2, CHANNELS, *SIZE)
    made, _ = compose([SharedRegion(1, LEFT)], x, output, lambda _i, own: own[None] + 1)
    assert torch.equal(made[:, 0], output[:, 0])
    assert torch.equal(made[:, 1][..., LEFT == 0], output[:, 1][..., LEFT == 0])
    assert torch.equal(made[:, 1][..., LEFT == 1], x[None, 1][..., LEFT == 1] + 1)
    assert compose([], x, output, lambda _i, own: own[None])[0] is output


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_stays(dtype: torch.dtype) -> None:
    x, output = noise(1, *SIZE), noise(2, *SIZE)[None]
    regions = [SharedRegion(0, LEFT * 0.3, 0.5), SharedRegion(0, RIGHT)]
    draw = lambda i, own: torch.full_like(own, float(i))[None]  # noqa: E731
    expected, _ = compose(regions, x, output, draw)
    made, seen = compose(regions, x.to(dtype), output.to(dtype), draw)
    assert made.dtype == dtype and all(each.dtype == dtype for each in seen)
    assert furthest(made.float(), expected) <= 1e-2


@pytest.mark.parametrize("sampler", ["sample_euler", "ddim"])
def test_bootstrapping_shows_a_noised_colour_outside_the_region(sampler: str) -> None:
    """x * M + (c0 + s * noise) * (1 - M): one noise for all steps, a colour anew for each, and only in its steps."""
    x = 3 * noise(1, *SIZE)
    regions = [SharedRegion(0, LEFT, 0.5, seed=4), SharedRegion(0, 0.5 * RIGHT, seed=5), SharedRegion(0, 0.2 * LEFT)]
    regions[2] = SharedRegion(0, 0.2 * RIGHT, 1.0, seed=6)
    colours = torch.randn(9, CHANNELS, 1, 1, generator=torch.Generator().manual_seed(0))
    chosen = set()
    for number in range(12):
        _, seen = compose(
            regions, x, x[None], lambda _i, own: own[None], sampler=sampler, moment=Moment(number, 12), colours=colours
        )
        assert torch.equal(seen[1], x)
        for region, shown in ((regions[0], seen[0]), (regions[2], seen[2])):
            mask = (region.weight > 0).float()
            if number >= region.bootstrap * 12:
                assert torch.equal(shown, x)
                continue
            fresh = noise(region.seed, *SIZE)
            errors = [
                furthest(shown, x * mask + noised(colour, fresh, sampler, LEVELS[sampler]) * (1 - mask))
                for colour in colours[:, None]
            ]
            assert min(errors) <= 1e-6
            assert torch.equal(shown[..., mask == 1], x[..., mask == 1])
            chosen.add((region.seed, errors.index(min(errors))))
    assert len(chosen) > 6


def test_colours_may_differ_from_cell_to_cell() -> None:
    """As a VAE gives them, whose border cells are not those of the middle."""
    colours = noise(3, *SIZE)
    x = noise(1, *SIZE)
    _, (shown,) = compose([SharedRegion(0, LEFT, 1.0, seed=4)], x, x[None], lambda _i, own: own[None], colours=colours)
    background = colours + 5 * noise(4, *SIZE)
    assert furthest(shown, torch.where(LEFT > 0, x, background)) <= 1e-6


@pytest.mark.parametrize(
    ("weights", "message"),
    [([LEFT, 0.5 * LEFT], "sum to more than 1"), ([-LEFT], "below 0"), ([LEFT + 1, LEFT - 1], "below 0")],
)
def test_weights_that_are_no_shares_are_refused(weights: list[Tensor], message: str) -> None:
    with pytest.raises(RpgError, match=message):
        MultiDiffusion([SharedRegion(0, weight) for weight in weights], SigmaSpace())
    MultiDiffusion([SharedRegion(picture, LEFT) for picture in range(2)], SigmaSpace())


def test_bootstrapping_without_colours_is_refused() -> None:
    with pytest.raises(RpgError, match="no colours to choose from; give their latents"):
        MultiDiffusion([SharedRegion(0, LEFT, 0.2)], SigmaSpace())


@pytest.mark.parametrize(("share", "steps", "first"), [(0.0, 20, 0), (0.01, 20, 1), (0.4, 50, 20), (1.0, 7, 7)])
def test_a_share_of_the_steps(share: float, steps: int, first: int) -> None:
    assert [in_share(share, Moment(number, steps)) for number in range(steps)] == [n < first for n in range(steps)]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.booleans(), min_size=6, max_size=6), min_size=1, max_size=5))
def test_of_exclusive_masks_the_later_one_lies_on_top(masks: list[list[bool]]) -> None:
    weights = exclusive(torch.tensor(masks).view(len(masks), 2, 3)).flatten(1)
    for cell in range(6):
        having = [number for number, mask in enumerate(masks) if mask[cell]]
        assert weights[:, cell].tolist() == [float(having[-1:] == [number]) for number in range(len(masks))]


# LMD's frozen latents

MASKS = {"large": torch.zeros(SIZE, dtype=torch.bool), "small": torch.zeros(SIZE, dtype=torch.bool)}
MASKS["large"][1:7, 1:9] = True
MASKS["large"][1:3, 1:3] = False
MASKS["small"][5:8, 4:6] = True
MASKS["small"][4, 1] = True  # so that its bounding box lies over the large mask


def drawn_alone(guided: Guided, sampler: str) -> tuple[Run, Recorder]:
    """The objects' own runs, that of the large one and of the small one as the two pictures of a batch."""
    recorder = Recorder()

    def model(_number: int, x: Tensor, level: Tensor) -> Tensor:
        output = guided(x, level, torch.cat([text(2), text(3)]))[:1]
        recorder.add(output)
        return output[0]

    return sample(sampler, torch.cat([noise(2, *SIZE), noise(3, *SIZE)]), model), recorder


def cut_behind(space: Space, levels: Sequence[Tensor], frozen: int) -> float:
    """A sigma between those of the last frozen evaluation and of the next one."""
    sigmas = [float(space.sigma(level)) for level in levels]
    return (sigmas[frozen - 1] + sigmas[frozen]) / 2


@pytest.mark.parametrize("sampler", ["sample_euler", "sample_dpmpp_2m", "ddim"])
def test_frozen_composition_is_lmds_algorithm(unet: nn.Module, sampler: str) -> None:
    """The objects are drawn first; their latents are put in after each frozen step, larger masks first.

    For samplers that look at the outputs of steps before, it is the same as long as something is frozen.
    """
    guided = Guided(unet, sampler)
    frozen = 3
    alone, recorder = drawn_alone(guided, sampler)
    start = noise(9, *SIZE)
    for name in ("large", "small"):
        rows, columns = MASKS[name].nonzero().T
        box = (..., slice(int(rows.min()), int(rows.max()) + 1), slice(int(columns.min()), int(columns.max()) + 1))
        start[box] = noise(2 if name == "large" else 3, *SIZE)[box]
    for name, seed in (("large", 2), ("small", 3)):
        start[..., MASKS[name]] = noise(seed, *SIZE)[..., MASKS[name]]

    def pasted(number: int, x: Tensor, level: Tensor) -> Tensor:
        if number <= frozen:
            for picture, name in enumerate(("large", "small")):
                x[..., MASKS[name]] = alone.evaluations[number][0][picture, :, MASKS[name]]
        return guided(x, level, text(1))[0]

    literal = sample(sampler, start, pasted)
    objects = [
        FrozenObject(0, MASKS[name], noise(seed, *SIZE)[0], recorder.of(picture))
        for name, seed, picture in (("small", 3, 1), ("large", 2, 0))
    ]
    cut = cut_behind(guided.space, levels_of(sampler), frozen)
    composition = FrozenComposition(objects, guided.space, cut)
    begun = noise(9, *SIZE)
    composition.begin(begun)
    assert torch.equal(begun, start)
    run = sample(
        sampler, begun, lambda number, x, level: composition.put(number, level, guided(x, level, text(1))[:1])[0]
    )
    compared = STEPS if sampler in ("sample_euler", "ddim") else frozen + 1
    for (ours, _), (theirs, _) in list(zip(run.evaluations, literal.evaluations, strict=True))[:compared]:
        assert furthest(ours, theirs) <= 1e-5
    x, output = run.evaluations[0]
    assert furthest(guided(x, levels_of(sampler)[0], text(1))[0], output) > 1e-3


def frozen_object(mask: Tensor, value: float, picture: int = 0, evaluations: int = 2) -> FrozenObject:
    outputs = torch.full((evaluations, 1, CHANNELS, *SIZE), value)
    return FrozenObject(picture, mask, torch.full((CHANNELS, *SIZE), value), outputs)


def test_each_picture_is_frozen_until_its_own_sigma() -> None:
    objects = [frozen_object(LEFT > 0, 5.0), frozen_object(RIGHT > 0, 6.0, picture=1)]
    composition = FrozenComposition(objects, SigmaSpace(), 1.5)
    outputs = torch.randn(1, 2, CHANNELS, *SIZE)
    put = composition.put(0, torch.tensor([1.5, 1.51]), outputs)
    assert torch.equal(put[:, 0], outputs[:, 0])
    assert torch.equal(put[0, 1], torch.where(RIGHT > 0, torch.tensor(6.0), outputs[0, 1]))
    assert not torch.equal(outputs, put)
    assert torch.equal(composition.put(7, torch.tensor([1.0, 1.0]), outputs), outputs)


def test_an_empty_mask_changes_nothing() -> None:
    composition = FrozenComposition([frozen_object(LEFT > 2, 5.0)], SigmaSpace(), 1.0)
    start = noise(1, *SIZE)
    composition.begin(start)
    assert torch.equal(start, noise(1, *SIZE))
    assert torch.equal(composition.put(0, torch.tensor([2.0]), start[None]), start[None])


def test_a_run_that_is_too_short_or_of_another_size_is_refused() -> None:
    composition = FrozenComposition([frozen_object(LEFT > 0, 5.0)], SigmaSpace(), 1.0)
    with pytest.raises(RpgError, match=r"evaluation 3 is frozen and an object's own run has 2; draw objects with"):
        composition.put(2, torch.tensor([2.0]), noise(1, *SIZE)[None])
    with pytest.raises(RpgError, match=r"of 4x12, 8x12, 8x12 cells; draw it at the picture's size"):
        FrozenComposition([frozen_object(LEFT[:4] > 0, 5.0)], SigmaSpace(), 1.0)


# Masks and their places


def blob(size: tuple[int, int], row: float, column: float, radius: float) -> Tensor:
    rows, columns = torch.meshgrid(*(torch.arange(cells) + 0.5 for cells in size), indexing="ij")
    return ((rows - row) ** 2 + (columns - column) ** 2 <= radius**2).float()


def gaussian(attention: Tensor) -> Tensor:
    """Of sigma 1.5, with the map going on past its border: the double sum as it is written."""
    height, width = attention.shape
    result = torch.zeros_like(attention)
    total = 0.0
    for down in range(-6, 7):
        for right in range(-6, 7):
            share = float(torch.tensor(-(down**2 + right**2) / (2 * 1.5**2)).exp())
            rows = (torch.arange(height) + down).clamp(0, height - 1)
            columns = (torch.arange(width) + right).clamp(0, width - 1)
            result += share * attention[rows][:, columns]
            total += share
    return result / total


CANVAS = (16, 24)
WHOLE = (0.0, 0.0, 1.0, 1.0)


def test_a_mask_is_where_the_blurred_attention_is_above_a_quarter() -> None:
    attention = 0.002 + 0.1 * blob((16, 24), 8, 9, 4)
    blurred = gaussian(attention)
    expected = (blurred - blurred.min()) / (blurred.max() - blurred.min()) > 0.25
    mask = mask_from_attention(attention, WHOLE)
    assert mask.dtype == torch.bool
    assert torch.equal(mask, expected)
    assert torch.equal(mask_from_attention(1e-3 * attention.half(), WHOLE), mask)


def test_a_small_hole_is_closed_and_a_wide_one_stays() -> None:
    attention = blob((16, 24), 8, 12, 6)
    attention[8, 12] = 0
    assert mask_from_attention(attention, WHOLE)[8, 12]
    ring = blob((32, 32), 16, 16, 14) - blob((32, 32), 16, 16, 8)
    mask = mask_from_attention(ring, WHOLE)
    assert not mask[16, 16] and mask[16, 4] and mask[16, 28]


def test_of_two_parts_the_larger_one_within_the_box_is_the_object() -> None:
    attention = blob((16, 24), 8, 5, 2.5) + blob((16, 24), 8, 18, 4)
    right = mask_from_attention(attention, WHOLE)
    assert right[8, 18] and not right[8, 5]
    left = mask_from_attention(attention, (0.0, 0.0, 0.5, 1.0))
    assert left[8, 5] and not left[:, 12:].any()
    cut = mask_from_attention(attention, (0.5, 0.5, 0.5, 0.5))
    assert torch.equal(cut[8:, 12:], right[8:, 12:]) and cut.sum() == cut[8:, 12:].sum()


def test_parts_touch_by_their_sides_and_not_by_corners() -> None:
    attention = torch.zeros(40, 40)
    attention[:20, :20] = 1
    attention[20:, 20:32] = 1
    mask = mask_from_attention(attention, WHOLE)
    parts = components(mask)
    assert len(parts) == 1
    diagonal = torch.zeros(4, 4)
    diagonal[:2, :2] = 1
    diagonal[2:, 2:] = 1
    assert len(components(diagonal > 0)) == 2  # so that the count above can be wrong


def components(mask: Tensor) -> list[set[int]]:
    """The connected parts of a mask, by the smallest number that spreads from neighbour to neighbour."""
    numbers = torch.where(mask, torch.arange(mask.numel()).view(mask.shape), mask.numel())
    while True:
        wide = torch.nn.functional.pad(numbers, (1, 1, 1, 1), value=mask.numel())
        near = torch.stack([numbers, wide[2:, 1:-1], wide[:-2, 1:-1], wide[1:-1, 2:], wide[1:-1, :-2]]).amin(0)
        spread = torch.where(mask, near, numbers)
        if torch.equal(spread, numbers):
            break
        numbers = spread
    return [set((numbers == n).flatten().nonzero().flatten().tolist()) for n in numbers[mask].unique().tolist()]


@pytest.mark.parametrize("seed", range(12))
def test_the_object_is_the_largest_connected_part(seed: int) -> None:
    attention = torch.rand(24, 24, generator=torch.Generator().manual_seed(seed)) ** 4
    blurred = gaussian(attention)
    above = (blurred - blurred.min()) / (blurred.max() - blurred.min()) > 0.25
    box = torch.zeros(24, 24, dtype=torch.bool)
    box[6:, :18] = True
    mask = mask_from_attention(attention, (0.0, 0.25, 0.75, 0.75))
    parts = components(above & box)
    assert set(mask.flatten().nonzero().flatten().tolist()) in [
        part for part in parts if len(part) == max(map(len, parts))
    ]


ROUNDING = torch.rand(16, 24, generator=torch.Generator().manual_seed(0)) * 1e-6


@pytest.mark.parametrize("attention", [torch.zeros(16, 24), torch.full((16, 24), 7e3), 0.3 + ROUNDING])
def test_attention_that_says_nothing_gives_the_box(attention: Tensor) -> None:
    expected = torch.zeros(16, 24, dtype=torch.bool)
    expected[4:12, 6:12] = True
    assert torch.equal(mask_from_attention(attention, (0.25, 0.25, 0.25, 0.5)), expected)


def test_attention_that_is_all_outside_gives_the_box() -> None:
    mask = mask_from_attention(blob((16, 24), 8, 21, 2), (0.0, 0.0, 0.25, 0.5))
    assert mask.sum() == mask[:8, :6].sum() == 48


def test_a_mask_of_the_latents_size() -> None:
    attention = blob((16, 24), 8, 9, 4)
    small = mask_from_attention(attention, WHOLE)
    large = mask_from_attention(attention, WHOLE, (64, 96))
    assert large.shape == (64, 96)
    shares = large.view(16, 4, 24, 4).float().mean((1, 3))
    assert ((shares > 0.5) == small).float().mean() > 0.97
    assert ((shares > 0) & (shares < 1)).any(), "its border is no finer than the map's"


@settings(max_examples=30, deadline=None)
@given(st.integers(-8, 8), st.integers(-8, 8), st.sampled_from([(8, 8), (16, 24), (64, 48)]), st.integers(0, 2))
def test_a_shift_moves_latents_and_maps_alike(down: int, right: int, size: tuple[int, int], lead: int) -> None:
    small = torch.rand(*[2] * lead, 8, 8) + 0.1
    large = small.repeat_interleave(size[0] // 8, -2).repeat_interleave(size[1] // 8, -1)
    shift = Shift(down, right)
    moved = shift.of(small)
    for row in range(8):
        for column in range(8):
            inside = 0 <= row - down < 8 and 0 <= column - right < 8
            expected = small[..., row - down, column - right] if inside else torch.zeros(small.shape[:-2])
            assert torch.equal(moved[..., row, column], expected)
    assert torch.equal(shift.of(large), moved.repeat_interleave(size[0] // 8, -2).repeat_interleave(size[1] // 8, -1))


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 13), st.integers(1, 21), st.floats(0.2, 0.8), st.floats(0.2, 0.8))
def test_a_shift_brings_the_centroid_next_to_the_middle_of_the_box(top: int, left: int, x: float, y: float) -> None:
    mask = torch.zeros(CANVAS, dtype=torch.bool)
    mask[top : top + 2, left : left + 2] = True
    shift = shift_to_box(mask, (x - 0.1, y - 0.1, 0.2, 0.2))
    assert abs((top + 1) / CANVAS[0] + shift.down / 8 - y) <= 1 / 16 + 1e-6
    assert abs((left + 1) / CANVAS[1] + shift.right / 8 - x) <= 1 / 16 + 1e-6


def test_an_object_is_shifted_with_all_that_is_kept_of_it() -> None:
    mask = torch.zeros(CANVAS, dtype=torch.bool)
    mask[4:8, 3:9] = True
    own = FrozenObject(0, mask, noise(1, *CANVAS)[0], torch.randn(2, 1, CHANNELS, *CANVAS))
    shift = shift_to_box(mask, (0.5, 0.5, 0.25, 0.25))
    assert shift == Shift(2, 3)
    moved = own.shifted(shift)
    there = (..., slice(8, 12), slice(12, 18))
    assert moved.mask.sum() == moved.mask[there].sum() == mask.sum()
    assert torch.equal(moved.noise[there], own.noise[..., 4:8, 3:9])
    assert torch.equal(moved.outputs[there], own.outputs[..., 4:8, 3:9])
    assert shift_to_box(mask & False, (0.5, 0.5, 0.25, 0.25)) == Shift(0, 0)
