"""Files of a prompt: built-in ones in ``templates/`` next to this module, and the user's, which override them by name.

The user's folder has the same shape: ``rpg.md`` and the like are templates, ``examples/*.json`` are example sets.
"""

from __future__ import annotations

from pathlib import Path

from lib_rpg.errors import RpgError
from lib_rpg.files import FileError, expand, file_names, read_text, show_path

TEMPLATES = Path(__file__).parent / "templates"
MAX_TEMPLATE = 100_000
_MAX_NAME = 100


def example_sets(folder: Path | None = None) -> list[str]:
    """The names of all example sets, the user's own included, in order. Raises RpgError if they cannot be listed."""
    ours = file_names(TEMPLATES / "examples", ".json", "the example sets")
    return sorted({*ours, *own_example_sets(folder)})


def own_example_sets(folder: Path | None) -> list[str]:
    """The names of the user's own example sets. Raises RpgError if the folder is given and cannot be listed."""
    if folder is None:
        return []
    what = f"the folder of templates {show_path(folder)}"
    folder = expand(folder, what)
    try:
        names = file_names(folder / "examples", ".json", what)
    except FileError as error:
        if not error.missing:
            raise
        file_names(folder, ".md", what)  # says what is wrong with the folder itself
        return []
    return [name for name in names if len(name) <= _MAX_NAME]


def read_template(name: str, folder: Path | None) -> str:
    """The text of the user's own file of that name, or the built-in one where the user has none.

    Raises RpgError for a file that cannot be read, and for more than `MAX_TEMPLATE` characters.
    """
    what = f"the template {name.rpartition('/')[2]}"
    text = None
    if folder is not None:
        try:
            text = read_text(expand(folder, what) / name, 4 * MAX_TEMPLATE, what)
        except FileError as error:
            if not error.missing:
                raise
    if text is None:
        text = read_text(TEMPLATES / name, 4 * MAX_TEMPLATE, what)
    if len(text) > MAX_TEMPLATE:
        raise RpgError(f"{what} has more than {MAX_TEMPLATE} characters; shorten it")
    return text
