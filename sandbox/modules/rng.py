"""Noise: one generator for each picture, so that a picture is the same alone and in a batch."""

import torch
from modules import shared


def _generator(seed: int) -> torch.Generator:
    if shared.opts.randn_source == "NV":
        raise NotImplementedError(
            'the sandbox draws noise with torch only: set the option randn_source to "GPU" or "CPU"'
        )
    return torch.Generator("cpu").manual_seed(int(seed))


def slerp(val: float, low: torch.Tensor, high: torch.Tensor) -> torch.Tensor:
    """Go the share `val` of the way from `low` to `high` along the sphere, column by column of dim 1."""
    dot = (low / torch.norm(low, dim=1, keepdim=True) * (high / torch.norm(high, dim=1, keepdim=True))).sum(1)
    if dot.mean() > 0.9995:
        return low * val + high * (1 - val)
    omega = torch.acos(dot)
    start, end = torch.sin((1.0 - val) * omega), torch.sin(val * omega)
    return (start / torch.sin(omega)).unsqueeze(1) * low + (end / torch.sin(omega)).unsqueeze(1) * high


class ImageRNG:
    """Noise of shape (batch, *shape): the starting noise first, then more for samplers that need it."""

    def __init__(
        self,
        shape,
        seeds,
        subseeds=None,
        subseed_strength=0.0,
        seed_resize_from_h=0,
        seed_resize_from_w=0,
    ):
        self.shape = tuple(map(int, shape))
        self.seeds = seeds
        self.subseeds = subseeds
        self.subseed_strength = subseed_strength
        self.seed_resize_from_h = seed_resize_from_h
        self.seed_resize_from_w = seed_resize_from_w
        self.generators = [_generator(seed) for seed in seeds]
        self.is_first = True

    def next(self) -> torch.Tensor:
        """The next noise of every picture."""
        if self.is_first:
            self.is_first = False
            return self._first()
        return torch.stack([torch.randn(self.shape, generator=g) for g in self.generators])

    def _first(self) -> torch.Tensor:
        noise = torch.stack([self._first_of(i) for i in range(len(self.seeds))])
        delta = shared.opts.eta_noise_seed_delta or 0
        if delta:
            self.generators = [_generator(seed + delta) for seed in self.seeds]
        return noise

    def _first_of(self, i: int) -> torch.Tensor:
        resized = self.seed_resize_from_h > 0 and self.seed_resize_from_w > 0
        size = (self.seed_resize_from_h // 8, self.seed_resize_from_w // 8) if resized else self.shape[1:]
        shape = (self.shape[0], *map(int, size))
        own = shape == self.shape
        noise = torch.randn(shape, generator=self.generators[i] if own else _generator(self.seeds[i]))
        if self.subseeds is not None and self.subseed_strength != 0:
            subseed = self.subseeds[i] if i < len(self.subseeds) else 0
            subnoise = torch.randn(shape, generator=_generator(subseed))
            noise = slerp(self.subseed_strength, noise, subnoise)
        return noise if own else self._centred(noise, torch.randn(self.shape, generator=self.generators[i]))

    @staticmethod
    def _centred(noise: torch.Tensor, canvas: torch.Tensor) -> torch.Tensor:
        """`canvas` with `noise`, cropped where it is larger, laid on its middle."""
        places, crops = [], []
        for have, want in zip(noise.shape[1:], canvas.shape[1:], strict=True):
            gap = (want - have) // 2
            length = have if gap >= 0 else have + 2 * gap
            places.append(slice(max(gap, 0), max(gap, 0) + length))
            crops.append(slice(max(-gap, 0), max(-gap, 0) + length))
        canvas[:, places[0], places[1]] = noise[:, crops[0], crops[1]]
        return canvas
