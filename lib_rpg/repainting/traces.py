"""Traces: what a picture's sampling gave at each step, in a file for each picture, to repaint a part of it by.

A file is named by the picture's hash and can be read by its owner alone. It is written whole and renamed into place.
The oldest go where the folder is full, and those that are too old. Needs torch and safetensors, which the WebUI has.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib_rpg.checks import refuse
from lib_rpg.errors import RpgError
from lib_rpg.files import read_file, remove_stale, tighten, write_private
from lib_rpg.folders import traces_folder

if TYPE_CHECKING:
    from PIL.Image import Image as Picture
    from torch import Tensor

VERSION = 1
SUFFIX = ".trace"
MAX_FILE = 2_000_000_000
_STALE_SECONDS = 3600.0
_DAY = 86_400.0


@dataclass(frozen=True)
class PassTrace:
    """One sampling run of a picture.

    noise: (C, H, W), that it began with, of unit variance. start: (C, H, W), the clean latents that it began with, None
    where it began with noise alone. outputs: (E, K, C, H, W), what the sampler was given at each of E evaluations.
    levels: (E,), sigmas or timesteps.
    """

    noise: Tensor
    start: Tensor | None
    outputs: Tensor
    levels: Tensor


@dataclass(frozen=True)
class Trace:
    """A picture and its sampling.

    picture: as it was finished. plan: its plan's document. settings: what has to be the same to follow the trace, by
    the names that people know. given: what a repainting takes over: seeds, prompts. passes: one, or two with hires fix;
    none where only the picture itself is known.
    """

    picture: Picture
    plan: Mapping[str, Any]
    settings: Mapping[str, Any]
    given: Mapping[str, Any]
    passes: Sequence[PassTrace] = field(default_factory=tuple)

    def to_bytes(self) -> bytes:
        """The trace as a safetensors file."""
        import numpy as np
        import torch
        from safetensors.torch import save

        tensors = {"picture": torch.from_numpy(np.array(self.picture.convert("RGB")))}
        for number, run in enumerate(self.passes):
            parts = {"noise": run.noise, "start": run.start, "outputs": run.outputs, "levels": run.levels}
            tensors |= {f"{number}.{name}": part.contiguous() for name, part in parts.items() if part is not None}
        head = {"version": VERSION, "plan": self.plan, "settings": self.settings, "given": self.given}
        return save(tensors, {"rpg": json.dumps(head)})

    @classmethod
    def from_bytes(cls, data: bytes) -> Trace:
        """Read what `to_bytes` gave. Raises ValueError, KeyError or TypeError for anything else."""
        from PIL import Image
        from safetensors import SafetensorError
        from safetensors.torch import load

        try:
            tensors = load(data)
        except SafetensorError as error:
            raise ValueError(str(error)) from None
        size = int.from_bytes(data[:8], "little")
        head = json.loads(json.loads(data[8 : 8 + size])["__metadata__"]["rpg"])
        if head["version"] != VERSION:
            raise ValueError(f"version {head['version']}")
        passes: list[PassTrace] = []
        while f"{len(passes)}.outputs" in tensors:
            parts = (tensors.get(f"{len(passes)}.{name}") for name in ("noise", "start", "outputs", "levels"))
            passes.append(PassTrace(*parts))  # type: ignore[arg-type]
        picture = Image.fromarray(tensors["picture"].numpy())
        return cls(picture, head["plan"], head["settings"], head["given"], tuple(passes))


class TraceStore:
    """The traces in ``folder``, or in the user's own: at most so many bytes, and none older than so many days."""

    def __init__(self, folder: Path | None = None, max_bytes: int = 500_000_000, max_days: float = 30.0) -> None:
        self._folder = folder or traces_folder()
        self._max_bytes = max_bytes
        self._max_days = max_days

    def put(self, name: str, trace: Trace) -> None:
        """Keep a picture's trace under its hash. Raises RpgError where it cannot be written, or is too large."""
        data = trace.to_bytes()
        if len(data) > min(self._max_bytes, MAX_FILE):
            size, most = len(data) // 10**6, self._max_bytes // 10**6
            refuse("trace", f"its {size} MB are more than the {most} MB that Settings allow", "allow more there")
        path = self._path(name)
        write_private(path, data, "the trace of the picture")
        tighten(path.parent)
        self._make_room(path)

    def get(self, name: str) -> Trace | None:
        """The trace of the picture with that hash, or None. Raises RpgError for one that is damaged."""
        path = self._path(name)
        if not path.exists():
            return None
        data = read_file(path, MAX_FILE, "the trace of the picture", private=True)
        try:
            return Trace.from_bytes(data)
        except (ValueError, KeyError, TypeError, RecursionError, EOFError) as error:
            reason = str(error) or type(error).__name__
            refuse(
                "repaint",
                f"the trace of the picture is damaged ({reason[:120]})",
                "repaint with the mode 'inpaint', or draw the picture again",
            )

    def _path(self, name: str) -> Path:
        if self._folder is None:
            raise RpgError("there is no folder for traces, as this user has no home; set RPG_CACHE to a folder")
        return self._folder / f"{name}{SUFFIX}"

    def _make_room(self, newest: Path) -> None:
        """Remove what is too old, and then the oldest while there is too much; the newest stays."""
        remove_stale(newest.parent, "", _STALE_SECONDS)
        files = sorted(self._files(newest.parent), key=lambda file: file[2])
        total = sum(size for _, size, _ in files)
        for path, size, written in files:
            if path == newest or (total <= self._max_bytes and time.time() - written < self._max_days * _DAY):
                continue
            with contextlib.suppress(OSError):
                path.unlink()
                total -= size

    @staticmethod
    def _files(folder: Path) -> Iterator[tuple[Path, int, float]]:
        """Every trace: path, bytes and time. Another process may remove one meanwhile."""
        for path in folder.glob(f"*{SUFFIX}"):
            with contextlib.suppress(OSError):
                about = path.lstat()
                yield path, about.st_size, about.st_mtime
