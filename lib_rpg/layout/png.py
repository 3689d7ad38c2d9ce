"""Untrusted PNG files, checked strictly before a decoder sees them: the header first, then every chunk.

The decoder is given a file that holds nothing but the picture, so that neither its limits and settings, which belong to
the host, nor anything else in the file decides the result.
"""

from __future__ import annotations

import itertools
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from lib_rpg.checks import refuse

SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEADER_BYTES = 33
"""Bytes of a file that `read_header` needs: signature and IHDR."""

_IHDR = b"\0\0\0\x0dIHDR"
GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
_CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}
_DEPTHS = {GREY: (1, 2, 4, 8, 16), RGB: (8, 16), PALETTE: (1, 2, 4, 8), GREY_ALPHA: (8, 16), RGBA: (8, 16)}
_FILTERS = 5
# Adam7: first column, first row, and the steps in both.
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


@dataclass(frozen=True)
class Header:
    """What IHDR says: sides in pixels, bits of a sample, colour type, Adam7 or not; always a valid combination."""

    width: int
    height: int
    depth: int
    color: int
    interlaced: bool

    def blocks(self) -> list[tuple[int, int]]:
        """(rows, bytes of a row with its filter byte) of each pass, or of the whole picture."""
        passes = _PASSES if self.interlaced else ((0, 0, 1, 1),)
        sides = [(-(-(self.height - y) // dy), -(-(self.width - x) // dx)) for x, y, dx, dy in passes]
        bits = self.depth * _CHANNELS[self.color]
        return [(rows, 1 + -(-columns * bits // 8)) for rows, columns in sides if rows > 0 and columns > 0]


def read_header(content: bytes) -> Header:
    """The header of a PNG file, from its first `HEADER_BYTES`. RpgError if it is not a PNG's, or invalid."""
    if not content.startswith(SIGNATURE):
        refuse("the file", "is not a PNG file", "save it as PNG")
    if len(content) >= HEADER_BYTES and not content.startswith(SIGNATURE + _IHDR):
        broken("it does not begin with a header")
    _, data = next(_chunks(content[:HEADER_BYTES]))
    width, height, depth, color, compression, filtering, interlace = struct.unpack(">IIBBBBB", data)
    if not 0 < width < 2**31 or not 0 < height < 2**31:
        refuse("its size", f"{width}x{height} is not a valid picture size", "save it again")
    if depth not in _DEPTHS.get(color, ()) or compression or filtering or interlace > 1:
        broken("its header names a format that PNG does not have")
    return Header(width, height, depth, color, bool(interlace))


@dataclass(frozen=True)
class Png:
    """A whole and valid file: ``file`` has the header, the palette and the samples of the one given, and nothing else.

    ``palette`` has three bytes for each colour. ``transparent`` is the content of tRNS: the opacities of a palette's
    first colours, or the one colour that is transparent, two bytes for each channel; empty where there is none.
    """

    header: Header
    palette: bytes
    transparent: bytes
    file: bytes


def read_png(content: bytes) -> Png:
    """Check a PNG file as far as can be done without undoing its filters, which then cannot fail.

    The caller bounds the size, see `read_header`. What follows the end of the PNG, and texts, colour profiles and
    gamma, play no part and are not unpacked. Raises RpgError for a file that is cut off, damaged or has several frames.
    """
    header = read_header(content)
    palette, transparent, data = b"", b"", []
    for kind, body in itertools.islice(_chunks(content), 1, None):
        if kind == b"IDAT":
            data.append(body)
        elif kind == b"PLTE":
            palette = body
        elif kind == b"tRNS":
            transparent = body
        elif kind == b"acTL" and body[:4] != b"\0\0\0\1":
            refuse("the PNG file", "has several frames", "save one of them as a separate picture")
        elif kind[:1].isupper() and kind != b"IEND":
            broken("it contains an unknown chunk")
    if header.color != PALETTE:
        palette = b""  # no more than a hint there
    _check_colors(header, palette, transparent)
    return Png(header, palette, transparent, _file(content, palette, _checked_data(header, b"".join(data))))


def broken(problem: str, advice: str = "save it again") -> NoReturn:
    """Refuse (RpgError) a PNG file that cannot be read."""
    refuse("the PNG file", f"cannot be read, {problem}", advice)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Every chunk's kind and data, up to and with IEND; RpgError where the file ends before or a checksum is wrong."""
    position, kind = len(SIGNATURE), b""
    while kind != b"IEND":
        length = int.from_bytes(content[position : position + 4], "big")
        end = position + length + 12
        if end > len(content) or position + 12 > len(content):
            broken("it is cut off", "send the whole file")
        kind, body = content[position + 4 : position + 8], content[position + 8 : end - 4]
        if zlib.crc32(body, zlib.crc32(kind)) != int.from_bytes(content[end - 4 : end], "big"):
            broken(f"it is damaged at byte {position}", "send it again")
        yield kind, body
        position = end


def _check_colors(header: Header, palette: bytes, transparent: bytes) -> None:
    """Refuse (RpgError) a palette or transparent colours that do not fit the header."""
    if header.color == PALETTE and (len(palette) % 3 or not 0 < len(palette) <= 3 << header.depth):
        broken("its palette is missing or has a wrong length")
    if not transparent:
        return
    fits = {GREY: (2,), RGB: (6,), PALETTE: range(len(palette) // 3 + 1)}
    if len(transparent) not in fits.get(header.color, ()):
        broken("its transparent colours do not match its format")
    if header.color == RGB and header.depth == 16:
        refuse(
            "the PNG file",
            "has a transparent colour in 16 bits, which is not supported",
            "save it with 8 bits a channel",
        )


def _checked_data(header: Header, data: bytes) -> bytes:
    """The compressed samples, less what follows them; RpgError if they are not whole and of the right length."""
    blocks = header.blocks()
    wanted = sum(rows * stride for rows, stride in blocks)
    stream = zlib.decompressobj()
    try:
        samples = stream.decompress(data, wanted + 1)
        if len(samples) == wanted and not stream.eof:  # what is left is the checksum
            samples += stream.decompress(stream.unconsumed_tail, 1)
    except zlib.error:
        broken("its data are damaged")
    if len(samples) != wanted or not stream.eof:
        problem = "it has more data than its size needs" if len(samples) > wanted else "its data are cut off"
        broken(problem)
    start = 0
    for rows, stride in blocks:
        end = start + rows * stride
        if any(kind >= _FILTERS for kind in samples[start:end:stride]):
            broken("its data are damaged")
        start = end
    return data[: len(data) - len(stream.unused_data)]


def _file(content: bytes, palette: bytes, data: bytes) -> bytes:
    parts = [(b"PLTE", palette)] if palette else []
    chunks = [
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(body, zlib.crc32(kind)))
        for kind, body in (*parts, (b"IDAT", data), (b"IEND", b""))
    ]
    return content[:HEADER_BYTES] + b"".join(chunks)
