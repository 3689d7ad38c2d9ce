"""Traces: what a picture's sampling gave at each step, in a file for each picture, to repaint a part of it by.

A file is named by the picture's hash and can be read by its owner alone. It is written whole and renamed into place.
The oldest go where the folder is full, and those that are too old. Needs torch and safetensors, which the WebUI has.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterable, Mapping, Sequence
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

    def link(self, name: str, other: str) -> None:
        """Have a picture's trace be found by another hash as well: that of a file that holds its pixels only nearly.

        Nothing happens where there is no trace of that name. Raises RpgError where it cannot be done.
        """
        path = self._path(other)
        try:
            path.unlink(missing_ok=True)
            path.hardlink_to(self._path(name))
        except FileNotFoundError:
            return
        except OSError as error:
            refuse("trace", f"the file's own name for it cannot be made ({error.strerror})", "save pictures as PNG")

    def _path(self, name: str) -> Path:
        if self._folder is None:
            raise RpgError("there is no folder for traces, as this user has no home; set RPG_CACHE to a folder")
        return self._folder / f"{name}{SUFFIX}"

    def _make_room(self, newest: Path) -> None:
        """Remove what is too old, and then the oldest while there is too much; the newest stays."""
        remove_stale(newest.parent, "", _STALE_SECONDS)
        traces = sorted(self._traces(newest.parent), key=lambda each: each.written)
        total = sum(each.size for each in traces)
        for each in traces:
            if newest in each.paths or (
                total <= self._max_bytes and time.time() - each.written < self._max_days * _DAY
            ):
                continue
            with contextlib.suppress(OSError):
                for path in each.paths:
                    path.unlink()
                total -= each.size

    @staticmethod
    def _traces(folder: Path) -> Iterable[_Stored]:
        """Every trace once. Another process may remove one meanwhile."""
        found: dict[tuple[int, int], _Stored] = {}
        for path in folder.glob(f"*{SUFFIX}"):
            with contextlib.suppress(OSError):
                about = path.lstat()
                found.setdefault((about.st_dev, about.st_ino), _Stored(about.st_size, about.st_mtime)).paths.append(
                    path
                )
        return found.values()


@dataclass
class _Stored:
    """A trace on the disk: bytes, when it was written, and all its names."""

    size: int
    written: float
    paths: list[Path] = field(default_factory=list)
