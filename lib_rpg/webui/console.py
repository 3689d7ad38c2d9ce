"""Lines on the console, and under the pictures. Printing never fails: a console may have any encoding, or be closed."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Collection
from typing import Any

import gradio as gr
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


def show_late(p: Processing, processed: Any, said: Collection[str]) -> None:
    """Show under the pictures what was said since the WebUI gathered the comments, which were ``said`` then."""
    late = [comment for comment in getattr(p, "comments", None) or () if comment not in said]
    if late:
        processed.comments += "".join(f"{comment}\n" for comment in late)


def is_for_page() -> bool:
    """Whether this thread works for an event of the page, which can show a message in its corner."""
    if (thread_data := getattr(gr.context, "thread_data", None)) is not None:  # gradio 3
        return hasattr(thread_data, "blocks")
    local = gr.context.LocalContext
    return local.blocks.get() is not None and local.event_id.get() is not None


def warn_on_page(p: Processing, sentence: str) -> None:
    """Show a warning in the corner of the page, once for ``p`` and its copies, and under the pictures.

    A plot has one picture's comments only. Forge draws in a thread that has no event of the page: there the line is
    under the pictures alone. Raises nothing.
    """
    line = f"RPG: {sentence}"
    is_new = line not in (getattr(p, "comments", None) or ())
    p.comment(line)
    if is_new and not getattr(p, "is_api", False) and is_for_page():
        with contextlib.suppress(Exception):  # the page may be gone
            gr.Warning(line)


def report(what: str) -> None:
    """Print the exception that is being handled, with its traceback. Raises nothing."""
    with contextlib.suppress(Exception):
        errors.report(f"RPG: {what}", exc_info=True)
