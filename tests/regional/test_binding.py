"""Hard binding on the ldm UNet: RAG's algorithm written out, and what becomes of overlaps, weights and batches."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import torch
from torch import Tensor, nn

from lib_rpg.regional.binding import HardBinding, Moment
from lib_rpg.regional.latent_rects import Rect, ramp
from lib_rpg.regional.spaces import SigmaSpace
from tests.regional.sampled import (
    BOUND,
    CHANNELS,
    SECOND_ORDER,
    SIZE,
    STEPS,
    TIMESTEPS,
    Guided,
    Run,
    bound_model,
    noise,
    place,
    sample,
    text,
)

LEFT, RIGHT = Rect(4, 0, 8, 8), Rect(0, 12, 16, 12)
LEVEL = torch.tensor([5.0])
SAMPLERS = ("sample_euler", "sample_dpm_2", "sample_lms", "sample_dpmpp_2m", "sample_heun", *TIMESTEPS)


def furthest(a: Tensor, b: Tensor) -> float:
    """The largest difference, of the largest value where that is above 1."""
    return float((a - b).abs().max() / b.abs().max().clamp(min=1))


def alone(guided: Guided, sampler: str, start: Tensor, own: Tensor) -> Run:
    """A trajectory by itself, on a canvas of the size of its noise."""
    return sample(sampler, start, lambda _number, x, level: guided(x, level, own)[0])


def rag(
    guided: Guided,
    sampler: str,
    start: Tensor,
    rects: Sequence[Rect],
    starts: Sequence[Tensor],
    texts: Sequence[Tensor],
) -> Run:
    """RAG's hard binding as its paper's code has it, but for where features inside the network would be replaced.

    First each object is drawn by itself from its own noise, and its latents are kept. Then the picture is drawn from
    its noise; at the start of every step up to the last bound one, and of the one behind it, the objects' latents of
    that step are put into their boxes, later ones over earlier ones. While bound, what is denoised in a box is the
    object's.
    """
    objects = [alone(guided, sampler, own, cond) for own, cond in zip(starts, texts, strict=True)]
    calls_a_step = 2 if sampler in SECOND_ORDER else 1
    bound = BOUND * calls_a_step

    def model(number: int, x: Tensor, level: Tensor) -> Tensor:
        if number <= bound:
            for rect, run in zip(rects, objects, strict=True):
                rect.of(x).copy_(run.evaluations[number][0])
        output = guided(x, level, text(1))[0]
        if number < bound:
            for rect, run in zip(rects, objects, strict=True):
                rect.of(output).copy_(run.evaluations[number][1])
        return output

    return sample(sampler, start, model)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_exact_mode_is_rags_algorithm(unet: nn.Module, sampler: str) -> None:
    """To 1e-5 of the latents, which are up to 60: the whole picture at each step up to the one behind the last bound
    one, and the boxes with the objects' own trajectories."""
    rects, texts = [LEFT, RIGHT], [text(2), text(3)]
    starts = [noise(10 + i, rect.height, rect.width) for i, rect in enumerate(rects)]
    start = noise(9, *SIZE)
    guided = Guided(unet, sampler)
    literal = rag(guided, sampler, start, rects, starts, texts)
    own = start.clone()
    for rect, each in zip(rects, starts, strict=True):
        rect.of(own).copy_(each)
    ours = sample(sampler, own, bound_model(guided, sampler, [place(rect) for rect in rects], texts, text(1)))
    count = BOUND * (2 if sampler in SECOND_ORDER else 1)
    for (x, output), (literal_x, literal_output) in zip(
        ours.evaluations[:count], literal.evaluations[:count], strict=True
    ):
        assert furthest(x, literal_x) <= 1e-5
        assert furthest(output, literal_output) <= 1e-5
    assert furthest(ours.evaluations[count][0], literal.evaluations[count][0]) <= 1e-5
    for rect, each, cond in zip(rects, starts, texts, strict=True):
        trajectory = alone(guided, sampler, each, cond).evaluations[: count + 1]
        for (x, _), (own_x, _) in zip(ours.evaluations, trajectory, strict=False):
            assert furthest(rect.of(x), own_x) <= 1e-5
    unbound = sample(sampler, own, lambda _number, x, level: guided(x, level, text(1))[0])
    assert furthest(unbound.evaluations[count][0], ours.evaluations[count][0]) > 1e-3


def bind(
    guided: Guided, objects: Sequence, texts: Sequence[Tensor], x: Tensor, outputs: int = 1, start: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """(the picture's outputs, those with all objects bound) of one evaluation, (outputs, B, C, H, W)."""
    level = LEVEL.repeat(len(x))
    output = guided(x, level, text(1).expand(len(x), -1, -1))[:outputs]
    before = output.clone()
    guided.calls.clear()
    bound = HardBinding(objects, SigmaSpace()).bind(
        dict(enumerate(objects)),
        x,
        level,
        output,
        start,
        lambda numbers, own, levels: guided(own, levels, torch.cat([texts[i] for i in numbers]))[:outputs],
    )
    assert torch.equal(output, before), "the output that is handed over is changed"
    return output, bound


@pytest.fixture
def guided(unet: nn.Module) -> Guided:
    return Guided(unet, "sample_euler")


def latents(*seeds: int) -> Tensor:
    return 5 * torch.cat([noise(seed, *SIZE) for seed in seeds])


def test_the_later_object_lies_on_top(guided: Guided) -> None:
    under, over = Rect(0, 0, 12, 16), Rect(4, 8, 8, 16)
    x = latents(1)
    plain, bound = bind(guided, [place(under), place(over)], [text(2), text(3)], x)
    own = [guided(rect.of(x), LEVEL, text(2 + i))[0] for i, rect in enumerate((under, over))]
    assert torch.allclose(over.of(bound[0]), own[1], atol=1e-5)
    expected = plain[0].clone()
    under.of(expected).copy_(own[0])
    over.of(expected).copy_(own[1])
    assert torch.allclose(bound[0], expected, atol=1e-5)
    _, swapped = bind(guided, [place(over), place(under)], [text(3), text(2)], x)
    assert torch.allclose(under.of(swapped[0]), own[0], atol=1e-5)


@pytest.mark.parametrize("strength", [0.0, 0.3, 1.0])
def test_strength_is_the_share_of_the_object(guided: Guided, strength: float) -> None:
    x = latents(1)
    plain, bound = bind(guided, [place(LEFT, weight=strength)], [text(2)], x)
    own = guided(LEFT.of(x), LEVEL, text(2))[0]
    expected = plain[0].clone()
    LEFT.of(expected).copy_(strength * own + (1 - strength) * LEFT.of(plain[0]))
    assert torch.allclose(bound[0], expected, atol=1e-5)
    if strength == 0:
        assert torch.equal(bound, plain)


def test_feather_fades_into_the_picture_and_not_at_its_border(guided: Guided) -> None:
    x = latents(1)
    weight = ramp(LEFT, *SIZE, 2.0)
    plain, bound = bind(guided, [place(LEFT, weight=weight)], [text(2)], x)
    own = guided(LEFT.of(x), LEVEL, text(2))[0]
    there, was = LEFT.of(bound[0]), LEFT.of(plain[0])
    assert torch.allclose(there[..., 2:6, 0], own[..., 2:6, 0], atol=1e-5)  # the border of the latents
    for cell, share in ((7, 0.25), (6, 0.75), (5, 1.0)):
        mixed = share * own[..., 4, cell] + (1 - share) * was[..., 4, cell]
        assert torch.allclose(there[..., 4, cell], mixed, atol=1e-5)
    outside = torch.ones(SIZE, dtype=torch.bool)
    LEFT.of(outside).fill_(False)
    assert torch.equal(bound[..., outside], plain[..., outside])


def test_each_picture_of_a_batch_has_its_own_objects(guided: Guided) -> None:
    x = latents(1, 2)
    objects = [place(LEFT), place(RIGHT, picture=1), place(LEFT, picture=1, weight=0.5)]
    texts = [text(2), text(3), text(4)]
    _, both = bind(guided, objects, texts, x)
    _, first = bind(guided, objects[:1], texts[:1], x[:1])
    _, second = bind(guided, [place(RIGHT), place(LEFT, weight=0.5)], texts[1:], x[1:])
    assert furthest(both, torch.cat([first, second], dim=1)) <= 1e-5  # rows of one call round as those of another


def test_objects_of_one_shape_are_drawn_in_one_call(guided: Guided) -> None:
    objects = [place(LEFT), place(RIGHT), place(Rect(8, 8, 8, 8), picture=1), place(RIGHT, picture=1)]
    objects += [place(Rect(0, 0, 4, 4), canvas=(8, 8))]
    bind(guided, objects, [text(2 + i) for i in range(5)], latents(1, 2))
    assert sorted(guided.calls) == [(2, CHANNELS, 16, 12), (3, CHANNELS, 8, 8)]


@pytest.mark.parametrize("canvas", [None, (8, 8), (16, 16)])
def test_the_output_without_guidance_is_bound_as_well(guided: Guided, canvas: tuple[int, int] | None) -> None:
    x = latents(1)
    objects = [place(LEFT, canvas=canvas, seed=5)]
    plain, bound = bind(guided, objects, [text(2)], x, outputs=2)
    _, guided_alone = bind(guided, objects, [text(2)], x)
    assert bound.shape == (2, 1, CHANNELS, *SIZE)
    assert torch.allclose(bound[:1], guided_alone, atol=1e-5)
    for k in range(2):
        assert (LEFT.of(bound[k]) - LEFT.of(plain[k])).abs().max() > 1e-3
    if canvas is None:
        assert torch.allclose(LEFT.of(bound[1]), guided(LEFT.of(x), LEVEL, text(2))[1], atol=1e-5)


def test_native_mode_on_the_boxs_own_size_is_the_isolated_trajectory(unet: nn.Module) -> None:
    """For Euler's method, whose steps the object's own latents take; here the box begins with the same noise."""
    guided = Guided(unet, "sample_euler")
    own = noise(7, LEFT.height, LEFT.width)
    start = noise(9, *SIZE)
    LEFT.of(start).copy_(own)
    objects = [place(LEFT, canvas=(LEFT.height, LEFT.width), seed=7)]
    run = sample("sample_euler", start, bound_model(guided, "sample_euler", objects, [text(2)], text(1)))
    trajectory = alone(guided, "sample_euler", own, text(2))
    for (x, output), (own_x, own_output) in list(zip(run.evaluations, trajectory.evaluations, strict=True))[:BOUND]:
        assert furthest(LEFT.of(output), own_output) <= 1e-5
        assert furthest(LEFT.of(x), own_x) <= 1e-5


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_native_mode_takes_only_the_denoised_estimate_over(unet: nn.Module, sampler: str) -> None:
    """Whatever the sampler, what it is given in the box is the scaled estimate of latents of the same level."""
    guided = Guided(unet, sampler)
    objects = [place(LEFT, canvas=(16, 16), seed=7)]
    seen: list[tuple[Tensor, Tensor]] = []

    def spy(x: Tensor, level: Tensor, cond: Tensor) -> Tensor:
        output = guided(x, level, cond)
        if x.shape[-2:] == (16, 16):
            seen.append((x, guided.space.denoised(output, x, level)[0]))
        return output

    spy.space = guided.space  # type: ignore[attr-defined]
    levels: list[Tensor] = []
    inner = bound_model(spy, sampler, objects, [text(2)], text(1))  # type: ignore[arg-type]

    def model(number: int, x: Tensor, level: Tensor) -> Tensor:
        levels.append(level)
        return inner(number, x, level)

    run = sample(sampler, noise(9, *SIZE), model)
    assert len(seen) == BOUND * (2 if sampler in SECOND_ORDER else 1)
    for (x, output), level, (_, denoised) in zip(run.evaluations, levels, seen, strict=False):
        made = guided.space.denoised(output, x, level)
        scaled = torch.nn.functional.avg_pool2d(denoised, 2)
        assert furthest(LEFT.of(made), scaled) <= 1e-3


def test_what_was_drawn_smaller_is_put_into_its_box_without_steps() -> None:
    """Cells in between two of the object's own are in between in their values too."""
    binding = HardBinding([place(LEFT, canvas=(LEFT.height // 2, LEFT.width // 2), seed=7)], SigmaSpace())
    small = torch.arange(LEFT.width // 2, dtype=torch.float32).expand(1, 1, CHANNELS, LEFT.height // 2, -1)
    bound = binding.bound(Moment(0, STEPS), LEVEL)
    made = binding.bind(bound, latents(1), LEVEL, latents(1)[None], None, lambda *_: small)
    row = LEFT.of(made)[0, 0, 0, 0]
    assert ((row[1:] - row[:-1] >= 0) & (row[1:] - row[:-1] <= 0.5 + 1e-6)).all()


def test_native_latents_begin_with_the_initial_picture(guided: Guided) -> None:
    """At a high level it makes no difference that counts; at a low one the object is near the picture's part."""
    initial = torch.full((1, CHANNELS, *SIZE), 3.0)
    seen: list[Tensor] = []

    def record(_numbers: Sequence[int], x: Tensor, _level: Tensor) -> Tensor:
        seen.append(x)
        return x[None]

    for start in (None, initial):
        binding = HardBinding([place(LEFT, canvas=(16, 16), seed=7)], SigmaSpace())
        level = torch.tensor([0.5])
        binding.bind(binding.bound(Moment(0, STEPS), level), latents(1), level, latents(1)[None], start, record)
    assert torch.allclose(seen[1] - seen[0], torch.full_like(seen[0], 3.0), atol=1e-5)
    assert torch.allclose(seen[0], 0.5 * noise(7, 16, 16), atol=1e-6)


@pytest.mark.parametrize(
    ("share", "steps", "bound"), [(0.0, 20, 0), (0.01, 20, 1), (0.15, 20, 3), (0.15, 4, 1), (0.5, 5, 3), (1.0, 7, 7)]
)
def test_it_is_bound_in_the_first_share_of_the_steps(share: float, steps: int, bound: int) -> None:
    placed = place(LEFT, share=share)
    assert [placed.at(Moment(step, steps), 1.0) is placed for step in range(steps)] == [s < bound for s in range(steps)]


@pytest.mark.parametrize(
    ("share", "steps", "kinds"),
    [(1.0, 20, "n" * 16 + "e" * 4), (0.5, 4, "nn--"), (0.9, 10, "n" * 8 + "e-"), (1.0, 1, "n")],
)
def test_an_object_of_the_native_mode_is_drawn_in_its_box_at_last(share: float, steps: int, kinds: str) -> None:
    """In the last fifth of the steps, as far as it is bound there."""
    late = place(LEFT, share=share)
    native = place(LEFT, share=share, canvas=(16, 16), late=late)
    name = {id(native): "n", id(late): "e", id(None): "-"}
    assert "".join(name[id(native.at(Moment(step, steps), 1.0))] for step in range(steps)) == kinds


def test_what_is_drawn_in_its_box_at_last_has_the_pictures_latents(guided: Guided) -> None:
    """To the bit what the exact mode gives at that step, other than on the object's own canvas."""
    native, exact = place(LEFT, share=1.0, canvas=(16, 16), late=place(LEFT)), place(LEFT, share=1.0)
    x = latents(1)
    made: list[dict[int, Tensor]] = []
    for placed in (native, exact):
        binding, of_step = HardBinding([placed], SigmaSpace()), {}
        for step in (3, 4):
            bound = binding.bound(Moment(step, 5), LEVEL)
            of_step[step] = binding.bind(
                bound, x, LEVEL, x[None], None, lambda _, own, level: guided(own, level, text(2))[:1]
            )
        made.append(of_step)
    assert not torch.equal(made[0][3], made[1][3])
    assert torch.equal(made[0][4], made[1][4])


def test_it_is_bound_until_a_sigma_whatever_the_step() -> None:
    binding = HardBinding([place(LEFT, sigma=7.0), place(LEFT, picture=1, sigma=2.0)], SigmaSpace())
    assert binding.bound(Moment(5, 6), torch.tensor([7.1, 7.1])).keys() == {0, 1}
    assert binding.bound(Moment(0, 6), torch.tensor([7.0, 7.0])).keys() == {1}
    assert binding.bound(Moment(0, 6), torch.tensor([9.0, 1.0])).keys() == {0}


def test_covered_are_the_cells_without_the_pictures_own() -> None:
    """In them alone the picture's outputs change nothing."""
    x, level = latents(1, 2), LEVEL.repeat(2)
    weights = [1.0, ramp(RIGHT, *SIZE, 2.0), 0.5]
    objects = [
        place(rect, picture=i // 2, weight=weight)
        for i, (rect, weight) in enumerate(zip([LEFT, RIGHT, LEFT], weights, strict=True))
    ]
    binding, numbered = HardBinding(objects, SigmaSpace()), dict(enumerate(objects))

    def bound(output: Tensor) -> Tensor:
        return binding.bind(numbered, x, level, output, None, lambda _numbers, own, _levels: own[None])

    covered = binding.covered(numbered, x)
    outputs = [torch.full((1, *x.shape), value) for value in (-3.0, 9.0)]
    same = (bound(outputs[0]) == bound(outputs[1]))[0].all(1)
    assert torch.equal(covered, same)
    assert covered[0].any() and not covered[0].all() and not covered[1].any()
