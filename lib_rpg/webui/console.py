"""Lines on the console, and under the pictures. Printing never fails: a console may have any encoding, or be closed."""

from __future__ import annotations

import contextlib
import sys

from modules import errors

from lib_rpg.printable import one_line
from lib_rpg.webui.host import Processing


def say(sentence: str) -> None:
    """Print one line of this extension, with what the console's encoding lacks escaped. Raises nothing."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    # A refusal must reach the user by its other ways even where the console takes nothing.
    with contextlib.suppress(Exception):
        line = f"RPG: {one_line(sentence)}"
        print(line.encode(encoding, "backslashreplace").decode(encoding))  # noqa: T201


def say_with_picture(p: Processing, sentence: str) -> None:
    """Print one line of this extension, and show it under the pictures of the generation."""
    say(sentence)
    p.comment(f"RPG: {sentence}")


def report(what: str) -> None:
    """Print the exception that is being handled, with its traceback. Raises nothing."""
    with contextlib.suppress(Exception):
        errors.report(f"RPG: {what}", exc_info=True)
