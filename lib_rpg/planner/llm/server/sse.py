"""Server-sent events: the data of each, out of a body that comes in parts. Linear in the body's length."""

from __future__ import annotations

from collections.abc import AsyncIterator


async def read_events(parts: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """The data of each event that has any, as text; an event that the body's end cuts is left out.

    Comments, names, ids and retry times are passed over; what is not UTF-8 is replaced.
    """
    data: list[bytes] = []
    async for line in _read_lines(parts):
        if line.startswith(b"data:"):
            data.append(line[5:].removeprefix(b" "))
        elif not line and data:
            yield b"\n".join(data).decode("utf-8", "replace")
            data = []


async def _read_lines(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Whole lines without their ends, which are CR, LF or both."""
    begun: list[bytes] = []
    after_return = False
    is_first = True
    async for part in parts:
        if not part:
            continue
        if is_first:
            part = part.removeprefix(b"\xef\xbb\xbf")
            is_first = False
        if after_return:
            part = part.removeprefix(b"\n")
        after_return = part.endswith(b"\r")
        lines = part.splitlines(keepends=True)
        for line in lines:
            bare = line.rstrip(b"\r\n")
            if bare == line:
                begun.append(line)
            else:
                yield b"".join([*begun, bare])
                begun = []
