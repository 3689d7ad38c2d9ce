"""Regions in a small Flux transformer: as written out, off is off, and nothing stays."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor, nn

from lib_rpg.errors import RpgError
from lib_rpg.regional.flux import FluxAttention, is_flux
from lib_rpg.regional.rows import RegionText, RowRegions, UNetRows
from tests.regional.flux_network import CHANNELS, POOLED, TEXT, Flux, with_regions
from tests.regional.reference import build_unet

LENGTH = 7


class Halves:
    """Two regions side by side, each with this share; a third one over both where ``over`` is above 0."""

    def __init__(self, share: float, over: float = 0.0) -> None:
        self.share, self.over = share, over

    def at(self, height: int, width: int) -> Tensor:
        weights = torch.zeros(3, height, width)
        weights[0, :, : width // 2] = weights[1, :, width // 2 :] = self.share
        weights[2, : height // 2] = self.over
        return weights[: 3 if self.over else 2]


@pytest.fixture(scope="module")
def flux() -> Flux:
    torch.manual_seed(3)
    return Flux().double().eval()


def given(flux: Flux, batch: int = 1, size: tuple[int, int] = (8, 12)) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    torch.manual_seed(4)
    shapes = (batch, CHANNELS, *size), (batch,), (batch, LENGTH, TEXT), (batch, POOLED)
    latents, times, texts, pooled = (torch.randn(shape, dtype=torch.float64) for shape in shapes)
    return latents, times.abs(), texts, pooled


def texts_of(count: int, lengths: tuple[int, ...] = (5, 9, 7)) -> list[Tensor]:
    torch.manual_seed(5)
    return [torch.randn(lengths[i], TEXT, dtype=torch.float64) for i in range(count)]


def row_of(texts: list[Tensor], weights: Halves) -> RowRegions:
    return RowRegions("row", tuple(RegionText(i, text) for i, text in enumerate(texts)), weights)


class Run:
    """A transformer's calls with regions on it."""

    def __init__(self, flux: nn.Module, rows: list[RowRegions | None]) -> None:
        self.rows = UNetRows(flux)
        self.attention = FluxAttention(flux, self.rows)
        self.rows.set_rows(rows)

    def close(self) -> None:
        self.attention.close()
        self.rows.close()


@pytest.fixture
def runs() -> Iterator[list[Run]]:
    opened: list[Run] = []
    yield opened
    for run in opened:
        run.close()


@pytest.mark.parametrize("size", [(8, 12), (7, 11), (2, 4)], ids=str)
@pytest.mark.parametrize("share", [1.0, 0.6])
def test_it_is_as_written_out(flux: Flux, runs: list[Run], share: float, size: tuple[int, int]) -> None:
    inputs, texts, weights = given(flux, size=size), texts_of(2), Halves(share)
    expected = with_regions(flux, *inputs, texts, weights.at(-(-size[0] // 2), -(-size[1] // 2)).flatten(1).double())
    plain = flux(*inputs)
    runs.append(Run(flux, [row_of(texts, weights)]))
    drawn = flux(*inputs)
    assert runs[0].attention.applied_calls == 4
    assert (drawn - plain).abs().max() > 1e-3
    torch.testing.assert_close(drawn, expected, rtol=0, atol=1e-6)


def test_regions_may_overlap(flux: Flux, runs: list[Run]) -> None:
    inputs, texts, weights = given(flux), texts_of(3), Halves(0.5, over=0.3)
    expected = with_regions(flux, *inputs, texts, weights.at(4, 6).flatten(1).double())
    runs.append(Run(flux, [row_of(texts, weights)]))
    torch.testing.assert_close(flux(*inputs), expected, rtol=0, atol=1e-6)


def test_rows_of_a_batch_are_as_by_themselves(flux: Flux, runs: list[Run]) -> None:
    """One without regions, which is plain, between two that have other ones."""
    inputs, texts = given(flux, batch=3), texts_of(3)
    plain = flux(*inputs)
    first, last = row_of(texts[:2], Halves(1.0)), row_of(texts[1:], Halves(0.7))
    runs.append(Run(flux, [first, None, last]))
    drawn = flux(*inputs)
    torch.testing.assert_close(drawn[1], plain[1], rtol=0, atol=1e-9)
    runs[0].close()
    for position, row in ((0, first), (2, last)):
        alone = Run(flux, [row])
        runs.append(alone)
        one = flux(*(part[position : position + 1] for part in inputs))
        alone.close()
        torch.testing.assert_close(drawn[position], one[0], rtol=0, atol=1e-9)


def test_regions_with_the_pictures_text_change_nothing(flux: Flux, runs: list[Run]) -> None:
    inputs = given(flux)
    plain = flux(*inputs)
    runs.append(Run(flux, [row_of([inputs[2][0], inputs[2][0]], Halves(1.0))]))
    torch.testing.assert_close(flux(*inputs), plain, rtol=0, atol=1e-6)


def test_without_regions_it_is_plain_to_the_bit(flux: Flux, runs: list[Run]) -> None:
    inputs = given(flux)
    plain = flux(*inputs)
    runs.append(Run(flux, [None]))
    assert torch.equal(flux(*inputs), plain)
    assert runs[0].attention.applied_calls == 0


def test_nothing_stays(flux: Flux) -> None:
    inputs = given(flux)
    plain = flux(*inputs)
    run = Run(flux, [row_of(texts_of(2), Halves(1.0))])
    flux(*inputs)
    assert run.attention._streams is None and run.attention._image is None and run.attention._given is None
    run.close()
    assert torch.equal(flux(*inputs), plain)
    hooks = ("_forward_hooks", "_forward_pre_hooks")
    assert not any(getattr(module, each) for module in flux.modules() for each in hooks)


def test_it_acts_in_half_precision(runs: list[Run]) -> None:
    torch.manual_seed(3)
    flux = Flux().bfloat16().eval()
    inputs = [part.bfloat16() for part in given(flux)]
    plain = flux(*inputs)
    runs.append(Run(flux, [row_of(texts_of(2), Halves(1.0))]))
    drawn = flux(*inputs)
    assert drawn.dtype == plain.dtype and not torch.equal(drawn, plain)


def test_fewer_image_tokens_than_the_latents_have_are_refused(flux: Flux, runs: list[Run]) -> None:
    inputs = given(flux)
    runs.append(Run(flux, [row_of(texts_of(2), Halves(1.0))]))
    flux.tokens = lambda x: Flux.tokens(flux, x[:, :, 2:])  # type: ignore[method-assign]
    angles = flux.angles
    flux.angles = lambda grid, length: angles((grid[0] - 1, grid[1]), length)  # type: ignore[method-assign]
    try:
        with pytest.raises(RpgError, match="turn off the extension that changes them"):
            flux(*inputs)
    finally:
        del flux.tokens, flux.angles


def test_it_is_known_by_its_parts(flux: Flux) -> None:
    assert is_flux(flux)
    assert not is_flux(build_unet())
    lacking = Flux(1, 1)
    del lacking.single_blocks[0].pre_norm
    assert not is_flux(lacking)
    flipped = Flux(1, 1)
    flipped.double_blocks[0].flipped_img_txt = True
    assert not is_flux(flipped)
