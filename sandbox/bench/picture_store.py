"""The folder of a run of `bench pictures`: what was drawn with which settings, and what is finished.

    settings.json                    what makes pictures comparable; another run must have the same
    pictures/METHOD/0007.png         the server's own file
    pictures/METHOD/0007.json        its result, written after it: where it is, the picture is finished
    report.html

Every file is written whole or not at all. A run that was killed is gone on with by the same command: what has a result
is not drawn again. Prompts and methods may be added later; a picture is looked at again where the score has another
name or version.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from lib_rpg.checks import read_json, refuse, show
from lib_rpg.errors import RpgError
from lib_rpg.files import FileError, read_file, read_text, remove_stale, show_path, write_private
from sandbox.bench.picture_scores import Detection, Scorer, is_right
from sandbox.bench.picture_tasks import PictureTask

FORMAT = 1
SETTINGS = "settings.json"
REPORT = "report.html"
_MAX_RESULT = 20_000_000
_MAX_PICTURE = 200_000_000


@dataclass(frozen=True)
class Result:
    """A finished picture: what was measured, found and decided. ``right`` is None where no rule could be applied."""

    method: str
    index: int
    task: str
    prompt: str
    seed: int
    seconds: float
    peak_mib: float | None
    scorer: str
    right: bool | None
    found: tuple[Detection, ...]
    plan: dict[str, Any] | None = field(default=None, compare=False)

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Result:
        """Read what `asdict` gives. Raises TypeError, KeyError or ValueError for anything else."""
        found = tuple(Detection(each["name"], tuple(each["box"]), each["score"]) for each in document["found"])
        return cls(**{**document, "found": found})


class Store:
    """One folder, used by one process at a time (`lib_rpg.files.alone_in`)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self, settings: Mapping[str, Any], methods: Mapping[str, Any]) -> None:
        """Begin a folder, or go on with one of the same settings; the methods' rows are kept beside them.

        Raises RpgError for a folder of other settings, and for one of something else.
        """
        wanted, methods = json.loads(json.dumps([{"format": FORMAT, **settings}, methods]))
        known = self._known_settings()
        if known is not None:
            drawn = known.pop("methods", {})
            _check_same(self._folder, known, wanted)
            both = {name: drawn[name] for name in drawn if name in methods}
            _check_same(self._folder, both, {name: methods[name] for name in both})
            methods = {**drawn, **methods}
        text = json.dumps({**wanted, "methods": methods}, indent=1)
        write_private(self._folder / SETTINGS, text, "the settings")
        for name in methods:
            remove_stale(self._folder / "pictures" / name, "", 0)

    def _known_settings(self) -> dict[str, Any] | None:
        path = self._folder / SETTINGS
        try:
            known = read_json(read_text(path, _MAX_RESULT, "the settings"), "settings")
        except FileError as error:
            if not error.missing:
                raise
            if self._folder.is_dir() and any(each.name != "lock" for each in self._folder.iterdir()):
                problem = "it has other files and no settings of this benchmark"
                refuse(f"--out {show_path(self._folder)}", problem, "give a new folder")
            return None
        if not isinstance(known, dict) or not isinstance(known.get("methods", {}), dict):
            refuse(f"--out {show_path(path)}", "it is no file of this benchmark", "give a new folder")
        return known

    def picture(self, method: str, index: int) -> Path:
        """The picture's file, whether it is there or not."""
        return self._folder / "pictures" / method / f"{index:04d}.png"

    def result(self, method: str, task: PictureTask, scorer: Scorer) -> Result | None:
        """What is finished of that picture, None for nothing; looked at again where the score is another."""
        try:
            text = read_text(self.picture(method, task.index).with_suffix(".json"), _MAX_RESULT, "the result")
            result = Result.from_dict(read_json(text, "result"))
            if result.scorer == scorer.name and self.picture(method, task.index).is_file():
                return result
            data = read_file(self.picture(method, task.index), _MAX_PICTURE, "the picture")
        except (RpgError, TypeError, KeyError, ValueError):
            # Not written by us, or damaged: drawn again.
            return None
        return self.keep(task, scorer, data, result)

    def keep(self, task: PictureTask, scorer: Scorer, data: bytes, measured: Result) -> Result:
        """Look at a picture file and write it with its result, of which all but the score is given.

        Raises RpgError for a file that is no picture, and where it cannot be written.
        """
        try:
            image = Image.open(io.BytesIO(data)).convert("RGB")
        except (OSError, ValueError) as error:
            raise RpgError(f"what the server drew is no picture ({type(error).__name__}); check --url") from None
        found = tuple(scorer.find(image, task.names))
        result = Result(
            **{
                **vars(measured),
                "scorer": scorer.name,
                "found": found,
                "right": is_right(task, scorer, found),
            }
        )
        path = self.picture(measured.method, task.index)
        write_private(path, data, "the picture")
        write_private(path.with_suffix(".json"), json.dumps(asdict(result)), "the result")
        return result

    def write_report(self, text: str) -> Path:
        """Write the report; returns its path."""
        write_private(self._folder / REPORT, text, "the report")
        return self._folder / REPORT


def _check_same(folder: Path, known: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    for key in dict.fromkeys((*wanted, *known)):
        one, two = known.get(key), wanted.get(key)
        if one != two:
            told = f"{key} is {show(one)} there and {show(two)} now" if show(one) != show(two) else f"another {key}"
            refuse(f"--out {show_path(folder)}", f"its pictures have other settings ({told})", "give a new folder")
