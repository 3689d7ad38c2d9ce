"""The folder of presets: one JSON file each, whose name is made from the preset's and is safe whatever that is.

The name that is shown is in the file. A file that is broken, of a newer version or no preset is listed with the reason,
and the others are as they are without it.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import NoReturn

from lib_rpg.checks import at, did_you_mean, refuse, show
from lib_rpg.errors import RpgError
from lib_rpg.files import FileError, alone_in, file_names, read_text, remove_stale, write_private
from lib_rpg.folders import presets_folder
from lib_rpg.plan_checks import Box
from lib_rpg.presets.preset import MAX_FILE, Preset, check_name

MAX_PRESETS = 500
MAX_FOLDER = 200_000_000
"""Bytes of all presets of a folder together."""
_SUFFIX = ".json"
_STALE_SECONDS = 60.0
_MAX_LISTED = 10
_WHAT = "the folder of presets"
_NO_HOME = "presets have no folder, because this user has no home folder; set RPG_CONFIG to a folder"


@dataclass(frozen=True)
class Entry:
    """A preset as it is listed; ``boxes`` are its regions', ``width`` and ``height`` are pixels or None."""

    name: str
    file: str
    boxes: tuple[Box, ...]
    width: int | None
    height: int | None
    words: bool


@dataclass(frozen=True)
class Unreadable:
    """A file of the folder that is no preset, or one that cannot be read, and why: a sentence."""

    file: str
    reason: str


@dataclass(frozen=True)
class Listing:
    """The presets of a folder by name, in any case, and the files that are unreadable."""

    presets: tuple[Entry, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()


@dataclass(frozen=True)
class Added:
    """What became of presets that were added: the names of those that are stored, and by name why others are not."""

    names: tuple[str, ...]
    refused: Mapping[str, str]


@dataclass
class _Scan:
    """The folder's files, read: presets by name, each with its file; reasons by file; bytes by file."""

    found: dict[str, tuple[str, Preset]] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    def file_of(self, name: str) -> str | None:
        """The file of the preset of that name, also an unreadable one; a file put there by hand may have any name."""
        if name in self.found:
            return self.found[name][0]
        file = file_name(name)
        return file if file in self.unreadable else None

    def sort_in(self, file: str, preset: Preset) -> None:
        """Add a preset; of two files with one name, the one that has the name's own file name is the preset."""
        other = self.found.get(preset.name)
        if other is None or file == file_name(preset.name):
            self.found[preset.name] = (file, preset)
        if other is not None:
            kept = self.found[preset.name][0]
            left = other[0] if kept == file else file
            self.unreadable[left] = f"{left}: its name {show(preset.name)} is also that of {kept}; change one of them"


class PresetStore:
    """The presets in ``folder``; without one, in the user's data folder.

    Every method raises RpgError, in one sentence, where the folder cannot be read or written, and for a name that
    `check_name` refuses.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or presets_folder()

    @property
    def folder(self) -> Path:
        """Where the presets are. Raises RpgError for a user without a home folder."""
        if self._folder is None:
            raise RpgError(_NO_HOME)
        return self._folder

    def listing(self) -> Listing:
        """All presets, and what in the folder is none."""
        scan = self._scan()
        entries = [
            Entry(preset.name, file, _boxes(preset), preset.width, preset.height, preset.words)
            for file, preset in scan.found.values()
        ]
        entries.sort(key=lambda entry: (entry.name.casefold(), entry.name))
        return Listing(tuple(entries), tuple(Unreadable(*item) for item in scan.unreadable.items()))

    def names(self) -> list[str]:
        """The names of the presets, in the order of the listing."""
        return [entry.name for entry in self.listing().presets]

    def load(self, name: str) -> Preset:
        """The preset of that name. Raises RpgError where there is none, or its file is unreadable."""
        name = check_name(name)
        with suppress(RpgError):  # the scan knows the reason, or a file that was put there by hand
            if (preset := self._read(file_name(name))).name == name:
                return preset
        scan = self._scan()
        return scan.found[name][1] if name in scan.found else _refuse_missing(scan, name)

    def export(self, name: str) -> str:
        """The text of the preset's file, which `read_presets` reads."""
        return self.load(name).to_json()

    def save(self, preset: Preset, replace: bool = False) -> None:
        """Store a preset. Raises RpgError where its name is taken and not to be replaced, or the folder is full."""
        with self._writing() as scan:
            self._save(scan, preset, replace)

    def add(self, presets: Iterable[Preset], replace: bool = False) -> Added:
        """Store several presets; one that cannot be stored does not keep the others out."""
        names: list[str] = []
        refused: dict[str, str] = {}
        with self._writing() as scan:
            for preset in presets:
                try:
                    self._save(scan, preset, replace)
                    names.append(preset.name)
                except RpgError as error:
                    refused[preset.name] = str(error)
        return Added(tuple(names), refused)

    def rename(self, name: str, new_name: str) -> None:
        """Give a preset another name. Raises RpgError where there is no such preset, or the new name is taken."""
        name, new_name = check_name(name), check_name(new_name, "new name")
        with self._writing() as scan:
            file, preset = scan.found.get(name) or _refuse_missing(scan, name)
            if new_name == name:
                return
            if scan.file_of(new_name):
                _refuse_taken(new_name, "choose another name, or delete that one first")
            new_file = _new_file(scan, new_name)
            del scan.sizes[file]  # a folder that is nearly full has room for another name
            self._write(scan, new_file, dataclasses.replace(preset, name=new_name))
            self._unlink(file)

    def delete(self, name: str) -> None:
        """Delete the preset of that name, or the unreadable file of that file name. Raises RpgError where none is."""
        with self._writing() as scan:
            if isinstance(name, str) and name not in scan.found and name in scan.unreadable:
                file = name
            else:
                name = check_name(name)
                file = scan.file_of(name) or _refuse_missing(scan, name)
            self._unlink(file)

    def _save(self, scan: _Scan, preset: Preset, replace: bool) -> None:
        file = scan.file_of(preset.name)
        if file and not replace:
            _refuse_taken(preset.name, "choose another name, or replace it")
        if not file and len(scan.sizes) >= MAX_PRESETS:
            raise RpgError(f"there are {len(scan.sizes)} presets, and {MAX_PRESETS} is the most; delete some first")
        self._write(scan, file or _new_file(scan, preset.name), preset)

    def _files(self) -> list[str]:
        try:
            return [f"{stem}{_SUFFIX}" for stem in file_names(self.folder, _SUFFIX, _WHAT)]
        except FileError as error:
            if error.missing:
                return []
            raise

    def _scan(self) -> _Scan:
        """Read the folder's files, within its bounds."""
        scan = _Scan()
        total = 0
        for number, file in enumerate(self._files()):
            scan.sizes[file] = self._size(file)
            total += scan.sizes[file]
            try:
                if number >= MAX_PRESETS or total > MAX_FOLDER:
                    refuse(file, "the folder holds more than presets may take", "move some of its files away")
                scan.sort_in(file, self._read(file))
            except RpgError as error:
                scan.unreadable[file] = str(error)
        return scan

    def _read(self, file: str) -> Preset:
        text = read_text(self.folder / file, MAX_FILE, f"the preset's file {show(file)}")
        with at(file):
            return Preset.from_json(text)

    def _write(self, scan: _Scan, file: str, preset: Preset) -> None:
        """Write a preset's file, and note it. Raises RpgError where the folder would hold too much."""
        text = preset.to_json()
        sizes = {**scan.sizes, file: len(text.encode())}
        if sum(sizes.values()) > MAX_FOLDER:
            raise RpgError(f"the presets would have more than {MAX_FOLDER} bytes together; delete some first")
        remove_stale(self.folder, f"{file}.", _STALE_SECONDS)
        write_private(self.folder / file, text, f"the preset {show(preset.name)}")
        scan.sizes = sizes
        scan.unreadable.pop(file, None)
        scan.found[preset.name] = (file, preset)

    def _size(self, file: str) -> int:
        try:
            return (self.folder / file).stat().st_size
        except OSError:
            return 0

    def _unlink(self, file: str) -> None:
        try:
            (self.folder / file).unlink()
            return
        except OSError as error:
            reason = error.strerror or type(error).__name__
        raise FileError(f"the preset's file {show(file)}", "deleted", reason, f"check {_WHAT}")

    @contextmanager
    def _writing(self) -> Iterator[_Scan]:
        """The folder as it is, while no other page or program changes it."""
        with alone_in(self.folder, _WHAT):
            yield self._scan()


def _boxes(preset: Preset) -> tuple[Box, ...]:
    return tuple(region.box for region in preset.plan.regions)


def _refuse_taken(name: str, advice: str) -> NoReturn:
    raise RpgError(f"there is a preset {show(name)} already; {advice}")


def _refuse_missing(scan: _Scan, name: str) -> NoReturn:
    """Raise the RpgError for a name without a preset that can be read."""
    if file := scan.file_of(name):
        raise RpgError(scan.unreadable[file])
    names = sorted(scan.found)
    advice = did_you_mean(name, names, "the presets are") if 0 < len(names) <= _MAX_LISTED else "save it first"
    raise RpgError(f"there is no preset {show(name)}; {advice}")


def _new_file(scan: _Scan, name: str) -> str:
    """The file for a new preset. Raises RpgError where a file that was changed by hand has that place."""
    file = file_name(name)
    if file in scan.sizes:
        raise RpgError(f"the file {file} holds a preset of another name; rename that one or move the file away")
    return file


def file_name(name: str) -> str:
    """The name of a preset's file: letters that every system takes, and a digest that differs where names do.

    "Two halves" and "two halves" are two files also where a system takes capitals for small letters; "CON", "../x" and
    "a." are no names that a system reads in a way of its own.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub("[^a-z0-9]+", "-", plain).strip("-")[:40] or "preset"
    return f"{slug}-{sha256(name.encode()).hexdigest()[:16]}{_SUFFIX}"
