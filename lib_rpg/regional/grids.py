"""Token grids: the height and width of a layer's tokens, from their number and the latents' shape."""

from __future__ import annotations

import math

from lib_rpg.errors import RpgError


def token_grid(height: int, width: int, tokens: int) -> tuple[int, int]:
    """The grid (h, w), h * w = `tokens`, of a layer whose UNet was given latents of `height` x `width`.

    First the grids that stride-2 convolutions give, ceil(height / 2^k) x ceil(width / 2^k); then (an
    extension has rescaled the feature map) the factorisation nearest to the latents' shape of those whose two
    sides are both within one token of one common scale. Raises RpgError where there is none.
    """
    h, w = height, width
    while True:
        if h * w == tokens:
            return h, w
        if h == w == 1:
            break
        h, w = (h + 1) // 2, (w + 1) // 2

    best: tuple[float, int, int] | None = None
    for h in range(1, tokens + 1):
        if tokens % h:
            continue
        w = tokens // h
        low = max((h - 1) / height, (w - 1) / width)
        high = min((h + 1) / height, (w + 1) / width)
        distance = abs(math.log((h * width) / (w * height)))
        if low < high and (best is None or distance < best[0]):
            best = distance, h, w
    if best is None:
        raise RpgError(
            f"A cross-attention layer has {tokens} tokens, which do not form a grid of the shape of "
            f"the {width}x{height} latents: turn off the extension that rearranges the UNet's feature maps, or "
            "the regions"
        )
    return best[1], best[2]
