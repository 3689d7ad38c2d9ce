"""Repainting in the sampler: the denoised estimates of the picture's own sampling stay outside what is drawn anew.

A sampler moves every cell of the latents by itself. So where the estimates, the noise at the beginning and the noise
of each step are those of the picture's own sampling, its latents come out again, to the bit (reference/rag-and-lmd.md
A.5). Inside, the estimates are those of the new words.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from lib_rpg.errors import RpgError


class Recorder:
    """Keeps what the sampler is given at each evaluation, for each picture of a batch, on the CPU."""

    def __init__(self) -> None:
        self._outputs: list[Tensor] = []

    def __len__(self) -> int:
        return len(self._outputs)

    def add(self, outputs: Tensor) -> None:
        """Keep the outputs (K, B, C, H, W) of an evaluation."""
        self._outputs.append(outputs.detach().to("cpu", copy=True))

    def of(self, picture: int) -> Tensor:
        """What was kept of a picture of the batch: (E, K, C, H, W), one for each of E evaluations."""
        return torch.stack([outputs[:, picture] for outputs in self._outputs])


class Replay:
    """Outputs of a picture's own sampling, put back outside the cells that are drawn anew."""

    def __init__(self, outputs: Tensor, new: Tensor) -> None:
        """outputs: (E, K, C, H, W), as `Recorder.of` gives them. new: bool (H, W), the cells that are drawn anew."""
        self._outputs = outputs
        self._new = new

    def put(self, number: int, outputs: Tensor) -> Tensor:
        """The outputs (K, B, C, H, W) of evaluation ``number``, with the picture's own outside the new cells.

        Raises RpgError where the sampler goes on longer than the picture's own did.
        """
        if number >= len(self._outputs):
            raise RpgError(
                f"the sampler asks for evaluation {number + 1} and the picture's trace has {len(self._outputs)}: "
                "repaint with the picture's own sampler, steps and settings"
            )
        own = self._outputs[number].to(outputs)[:, None]
        return torch.where(self._new.to(outputs.device), outputs, own)


def put_noise(noise: Tensor, own: Tensor, new: Tensor, seeds: Sequence[int]) -> None:
    """Begin with the picture's own noise outside the new cells, and with noise of the seeds inside; in place.

    noise: (B, C, H, W), of unit variance. own: (C, H, W). new: bool (H, W). seeds: one for each of the batch.
    """
    fresh = [torch.randn(own.shape, generator=torch.Generator().manual_seed(seed)) for seed in seeds]
    cells = new.to(noise.device)
    noise.copy_(torch.where(cells, torch.stack(fresh).to(noise), own.to(noise)))
