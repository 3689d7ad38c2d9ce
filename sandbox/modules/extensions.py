"""The extensions that the sandbox was started with."""

from dataclasses import dataclass
from pathlib import Path


@dataclass
class Extension:
    """One extension folder."""

    path: str
    enabled: bool = True
    is_builtin: bool = False

    @property
    def name(self) -> str:
        return Path(self.path).name

    @property
    def canonical_name(self) -> str:
        return self.name.lower()

    def list_files(self, subdir: str, suffix: str) -> list[Path]:
        """Files of `subdir` that end in `suffix` (".py"), by name."""
        folder = Path(self.path) / subdir
        return sorted(f for f in folder.glob("*") if f.is_file() and f.suffix.lower() == suffix)


extensions: list[Extension] = []


def active() -> list[Extension]:
    """The extensions that are switched on."""
    return [x for x in extensions if x.enabled]


def set_folders(folders) -> None:
    """Replace the list of extensions by these folders."""
    extensions[:] = [Extension(str(Path(folder).resolve())) for folder in folders]


def find_extension(filename: str) -> Extension | None:
    """The extension that a file belongs to."""
    path = Path(filename).resolve()
    return next((x for x in extensions if path.is_relative_to(x.path)), None)
