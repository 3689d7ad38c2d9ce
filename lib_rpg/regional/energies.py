"""Energies of cross-attention maps: how far the words of things are from attending to the boxes of those things.

Pure functions of one picture; for a batch, sum the pictures' energies, which do not depend on each other. ``maps`` has
for each layer the probabilities (heads, h, w, tokens) of a float dtype, each layer with a grid of its own. All energies
are scalars that can be differentiated by the maps. Formulas: reference/rag-and-lmd.md B.2, B.3 and B.6.

A context of more than one chunk of 77 tokens spreads the probability over all of them. There the probabilities of a
token are those within its own chunk, whose sum is 1 again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import conv2d, pad

from lib_rpg.checks import refuse
from lib_rpg.plan_checks import Box
from lib_rpg.regional.latent_rects import Rect, cells_in, rect_of

Maps = Sequence[Tensor]

Saved = Sequence[Sequence[Sequence[Tensor]]]
"""By thing, box and layer: the maps (heads, h, w) of the thing's word when it was drawn by itself in that box."""

CHUNK = 77
_HEADS = 8
"""SD 1.x has so many heads, whose energies LMD adds up."""


@dataclass(frozen=True)
class Thing:
    """Words of the prompt and the place of what they name.

    tokens: the words' positions in the context: 77 * chunk + 1 + position in the chunk's text.
    boxes: x, y, width and height as fractions of the picture, origin top left; on each layer's grid they are the
    nearest whole cells, at least one.
    word: the token of its key word, whose maps `reference_energy` compares; None for the last of its tokens.
    """

    tokens: tuple[int, ...]
    boxes: tuple[Box, ...]
    word: int | None = None

    def __post_init__(self) -> None:
        if not self.tokens or not self.boxes:
            refuse("a guided thing", "has no tokens or no boxes", "give it both, or leave it out")


def lmd_energy(
    maps: Maps, things: Sequence[Thing], *, foreground: float = 1.0, background: float = 4.0, share: float = 0.2
) -> Tensor:
    """LMD's energy (LLM-grounded Diffusion, TMLR 2024, section 3.2; B.2).

    For each layer, thing, token and head: foreground * (1 - mean of the highest probabilities in the boxes)
    + background * (mean of the highest ones outside). The highest ones are a ``share`` of the cells there, at least one
    cell. Averaged over layers, things, tokens and heads, times 8: LMD adds up the 8 heads of SD 1.x (B.6).
    """
    terms = [
        (foreground * (1 - _highest(inside, share)) + background * _highest(outside, share)).mean()
        for inside, outside in _in_and_out(maps, things)
    ]
    return _HEADS * torch.stack(terms).mean()


def ratio_energy(maps: Maps, things: Sequence[Thing]) -> Tensor:
    """Backward guidance's loss (Training-Free Layout Control, WACV 2024; B.3): (1 - the boxes' share of the sum)^2.

    Averaged over layers, things, tokens and heads.
    """
    terms = []
    for inside, outside in _in_and_out(maps, things):
        within, beyond = inside.sum(1), outside.sum(1)
        terms.append(((1 - _ratio(within, within + beyond)) ** 2).mean())
    return torch.stack(terms).mean()


def reference_energy(maps: Maps, things: Sequence[Thing], saved: Saved, *, weight: float = 2.0) -> Tensor:
    """LMD's distance from the attention of things that were drawn by themselves (B.2).

    In each box the maps of the word are divided by their sum + 1e-5, as are the saved ones; the distance is the sum of
    the cells' absolute differences. Averaged over heads, a thing's boxes, layers and things, times ``weight``.

    saved: of a thing that was not drawn by itself an empty sequence; it counts as a thing without distance. Raises
    RpgError where the saved maps are of another shape.
    """
    total = maps[0].new_zeros(())
    for thing, of_boxes in zip(things, saved, strict=True):
        if not of_boxes:
            continue
        word = thing.tokens[-1] if thing.word is None else thing.word
        for box, of_layers in zip(thing.boxes, of_boxes, strict=True):
            for layer, then in zip(maps, of_layers, strict=True):
                now = _of_token(_by_chunk(layer), word)
                if now.shape != then.shape:
                    shapes = f"{tuple(then.shape)} and not {tuple(now.shape)}"
                    refuse("saved attention maps", f"have the shape {shapes}", "save them at the picture's own size")
                rect = rect_of(box, *now.shape[1:])
                distance = _normalised(now, rect) - _normalised(then.to(now), rect)
                total = total + distance.abs().sum((1, 2)).mean() / len(of_boxes)
    return weight * total / (len(maps) * len(things))


def boxdiff_energy(maps: Maps, things: Sequence[Thing], *, share: float = 0.2, band: int = 1) -> Tensor:
    """BoxDiff's loss (ICCV 2023; with the constants of LMD's version of it, B.3), a plain sum over things and tokens.

    The maps are averaged over layers and heads, times 100, and get a softmax over the tokens without the first and the
    last; then each token's is smoothed. A token adds max(0, 1 - the highest inside), the highest outside (means of a
    ``share`` of the cells, at least one), and the corner terms: for either axis the mean of |highest probability -
    mask| in a band of ``band`` cells on both sides of each of the boxes' edges.

    Raises RpgError unless all layers have the same grid.
    """
    if len({layer.shape[1:] for layer in maps}) != 1:
        refuse("BoxDiff's energy", "the layers have different grids", "choose layers of one resolution")
    average = torch.stack([_by_chunk(layer).mean(0) for layer in maps]).mean(0)
    terms = []
    for thing in things:
        words = _smoothed(torch.stack([_sharpened(average, token) for token in thing.tokens]))
        rects = [rect_of(box, *average.shape[:2]) for box in thing.boxes]
        mask = cells_in(thing.boxes, *average.shape[:2])
        cells = words.flatten(1)[None].mT
        inside, outside = (cells.index_select(1, chosen) for chosen in _cells(mask, average.device))
        terms += [(1 - _highest(inside, share)).clamp_min(0).sum(), _highest(outside, share).sum()]
        columns = [(rect.left, rect.left + rect.width) for rect in rects]
        rows = [(rect.top, rect.top + rect.height) for rect in rects]
        for axis, edges in ((1, columns), (2, rows)):
            target = mask.any(axis - 1).to(words)
            near = _bands(edges, len(target), band).to(words)
            terms.append(((words.amax(axis) - target).abs() * near).mean(-1).sum())
    return torch.stack(terms).sum()


def _by_chunk(probabilities: Tensor) -> Tensor:
    """A map (..., tokens) whose probabilities add up to 1 in each chunk, as it is where there is only one."""
    if probabilities.shape[-1] <= CHUNK:
        return probabilities
    return torch.cat([_ratio(chunk, chunk.sum(-1, keepdim=True)) for chunk in probabilities.split(CHUNK, -1)], dim=-1)


def _of_token(probabilities: Tensor, token: int) -> Tensor:
    """(...,) of a map (..., tokens)."""
    tokens = probabilities.shape[-1]
    if not 0 <= token < tokens:
        refuse("a guided thing", f"its token {token} is not among the prompt's {tokens}", "find its words again")
    return probabilities[..., token]


def _in_and_out(maps: Maps, things: Sequence[Thing]) -> Iterator[tuple[Tensor, Tensor]]:
    """For each layer and thing: its tokens' probabilities in its boxes, and outside; both (heads, cells, T)."""
    cells: dict[tuple[int, int, int], tuple[Tensor, Tensor]] = {}
    for layer in map(_by_chunk, maps):
        _, height, width, _ = layer.shape
        for number, thing in enumerate(things):
            key = number, height, width
            if key not in cells:
                mask = cells_in(thing.boxes, height, width)
                cells[key] = _cells(mask, layer.device)
            inside, outside = cells[key]
            words = torch.stack([_of_token(layer, token) for token in thing.tokens], dim=-1).flatten(1, 2)
            yield words.index_select(1, inside), words.index_select(1, outside)


def _cells(mask: Tensor, device: torch.device) -> tuple[Tensor, Tensor]:
    """The flat indices of the cells inside and outside a mask."""
    flat = mask.flatten()
    return flat.nonzero()[:, 0].to(device), (~flat).nonzero()[:, 0].to(device)


def _highest(values: Tensor, share: float) -> Tensor:
    """The mean of the highest values (heads, cells, T), a share of the cells and at least one; 0 of no cells."""
    cells = values.shape[1]
    if not cells:
        return values.sum(1)
    return values.topk(max(1, int(share * cells)), dim=1).values.mean(1)


def _ratio(part: Tensor, whole: Tensor) -> Tensor:
    return part / whole.clamp_min(torch.finfo(whole.dtype).tiny)


def _normalised(probabilities: Tensor, rect: Rect) -> Tensor:
    """The rectangle's part of a map (heads, h, w) as shares of its sum."""
    part = rect.of(probabilities)
    return part / (part.sum((1, 2), keepdim=True) + 1e-5)


def _sharpened(average: Tensor, token: int) -> Tensor:
    """A token's map (h, w) of the softmax over its chunk's tokens but the first and the last."""
    start = token // CHUNK * CHUNK
    chunk = average[..., start : start + CHUNK]
    position = token - start
    if not 0 < position < chunk.shape[-1] - 1:
        refuse("a guided thing", f"its token {token} begins or ends the prompt", "give the tokens of its words")
    return (100 * chunk[..., 1:-1]).softmax(-1)[..., position - 1]


def _smoothed(words: Tensor) -> Tensor:
    """Maps (T, h, w) under BoxDiff's kernel of 3 x 3 cells, exp(-(d / (2 * 0.5))^2) in each direction."""
    line = torch.exp(-(torch.arange(-1.0, 2.0).to(words) ** 2))
    kernel = torch.outer(line, line)
    mode = "reflect" if min(words.shape[1:]) > 1 else "replicate"
    return conv2d(pad(words[:, None], (1, 1, 1, 1), mode=mode), (kernel / kernel.sum())[None, None])[:, 0]


def _bands(edges: Sequence[tuple[int, int]], length: int, band: int) -> Tensor:
    """Bool (length,): the cells at most ``band`` from one of the boxes' edges; each box's end is the cell behind it."""
    near = torch.zeros(length, dtype=torch.bool)
    for edge in (edge for both in edges for edge in both):
        near[max(edge - band, 0) : edge + band + 1] = True
    return near
