"""Reads what the command line names: files, pipes and standard input, within bounds."""

from __future__ import annotations

import sys

from lib_rpg.errors import RpgError
from lib_rpg.files import read_file, show_path

_MAX_FILE = 4_000_000


def read_text(name: str) -> str:
    """A text file in UTF-8 of at most `_MAX_FILE` bytes; ``-`` is standard input. Raises RpgError."""
    data = _standard_input() if name == "-" else read_bytes(name, _MAX_FILE)
    if len(data) > _MAX_FILE:
        raise RpgError(f"{quoted(name)} has more than {_MAX_FILE} bytes; give only the answer")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RpgError(f"{quoted(name)} is not a text file in UTF-8; save it as one") from None


def _standard_input() -> bytes:
    """The bytes of standard input, at most one more than `_MAX_FILE`."""
    if sys.stdin is None:
        raise RpgError("standard input is closed; name a file")
    try:
        return sys.stdin.buffer.read(_MAX_FILE + 1) or b""
    except OSError as error:
        raise RpgError(f"standard input cannot be read ({error.strerror}); name a file") from None


def read_bytes(name: str, limit: int) -> bytes:
    """The bytes of a file or a pipe, at most so many. Raises RpgError."""
    return read_file(name, limit, quoted(name), pipes=True)


def quoted(name: str) -> str:
    """A file's name for a message."""
    return f"'{show_path(name)}'"
