"""What the commands print: text and tables for people, one JSON document for programs, one line for an error."""

from __future__ import annotations

import contextlib
import json
import sys
import unicodedata
from collections.abc import Sequence
from typing import Any, TextIO

from lib_rpg.errors import RpgError
from lib_rpg.files import escaped
from lib_rpg.plan import Plan
from lib_rpg.plan_text import plan_to_text

_MAX_SENTENCE = 2000


class Progress:
    """One line on a terminal, written over again and again; nothing where the stream is no terminal."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream if stream and stream.isatty() else None
        self._width = 0

    def say(self, sentence: str) -> None:
        """Show the sentence in place of the previous one."""
        if self._stream:
            shown = escaped(sentence)
            self._stream.write("\r" + _encodable(shown.ljust(self._width), self._stream))
            self._stream.flush()
            self._width = len(shown)

    def clear(self) -> None:
        """Leave an empty line."""
        if self._stream and self._width:
            self.say("")
            self._stream.write("\r")
            self._width = 0


def _encodable(text: str, stream: TextIO) -> str:
    """The text with what the stream's encoding does not have as escapes."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def print_error(sentence: str) -> None:
    """One line on stderr, also for a sentence with line breaks; nothing where stderr is closed."""
    line = escaped(" ".join(sentence.split()))[:_MAX_SENTENCE]
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):
            print(_encodable(line, sys.stderr), file=sys.stderr, flush=True)


def print_text(text: str) -> None:
    """Text on stdout; control characters, which a terminal would obey, as escapes. Raises RpgError if it can't."""
    _write("".join(c if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs") else escaped(c) for c in text))


def _write(text: str) -> None:
    if sys.stdout is None:
        raise RpgError("standard output is closed; redirect it to a file")
    print(_encodable(text, sys.stdout), flush=True)


def print_json(document: Any) -> None:
    """One JSON document on stdout; in ASCII where the stream's encoding does not have all of its characters."""
    text = json.dumps(document, ensure_ascii=False)
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(document)
    _write(text)


def print_plan(plan: Plan, as_json: bool) -> None:
    """A plan as its JSON document, or as text and a table of its regions."""
    if as_json:
        print_json(plan.to_dict())
        return
    print_text(
        f"layout           {plan.split_ratio or plan.layout}\n"
        f"base prompt      {plan.base_prompt}\n"
        f"base ratio       {plan.base_ratio:g}\n"
        f"negative prompt  {plan.negative_prompt}\n"
        f"regional prompt  {plan_to_text(plan)}\n"
    )
    rows = [[str(i), " ".join(f"{side:.3f}" for side in r.box), r.name, r.prompt] for i, r in enumerate(plan.regions)]
    print_table([["region", "x y width height", "name", "prompt"], *rows])
    for note in plan.source.remarks:
        print_text(f"note: {note}")
    for guess in plan.source.guesses:
        print_text(f"guess: {guess}")
    if plan.source.guesses:
        print_text("hint: a language model may read more; see --planner")


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Rows of as many cells each in aligned columns; the first is the header."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    print_text("\n".join(lines))
