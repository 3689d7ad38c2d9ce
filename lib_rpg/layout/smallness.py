"""Regions that are too small to show, by the token grids of a latent UNet."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.plan import Plan, region_names

PIXELS_PER_LATENT = 8
"""The finest grid: a place without a token there is in no layer."""
DEEPEST = 64
"""Pixels per token of the deepest attention layer, which is SD1's; it lays out what a picture shows, and where."""
# A third of 192 pixels is 64, whatever its box was rounded to.
_TOLERANCE = 0.01


def small_regions(plan: Plan, width: int, height: int) -> str:
    """Which acting regions may not show in a picture of that size in pixels, as one sentence; empty for none.

    A region is too small where its shorter side is less than a token: of `DEEPEST` pixels in the deepest attention
    layer, where it may not show, or of `PIXELS_PER_LATENT` in the latent, where it cannot. A mask's box counts.
    """
    sides = [min(region.box[2] * width, region.box[3] * height) for region in plan.regions]
    acting = [index for index, region in enumerate(plan.regions) if region.acts]
    lost = [index for index in acting if sides[index] < PIXELS_PER_LATENT - _TOLERANCE]
    faint = [index for index in acting if sides[index] < DEEPEST - _TOLERANCE and index not in lost]
    return "; ".join(
        _sentence(which, pixels, verb)
        for which, pixels, verb in ((lost, PIXELS_PER_LATENT, "cannot"), (faint, DEEPEST, "may not"))
        if which
    )


def _sentence(regions: Sequence[int], pixels: int, verb: str) -> str:
    are, they = ("is", "it") if len(regions) == 1 else ("are", "they")
    return f"{region_names(regions)} {are} smaller than {pixels} px on a side: {they} {verb} show"
