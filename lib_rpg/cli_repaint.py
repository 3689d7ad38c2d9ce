"""The command line's repainting: what is asked of it, and the infotext of a picture's file. Needs Pillow."""

from __future__ import annotations

import argparse
import base64
import io

from lib_rpg.checks import at, refuse
from lib_rpg.files import read_file, show_path
from lib_rpg.repainting.request import MAX_PICTURE, Repaint

_MAX_FILE = MAX_PICTURE // 4 * 3
_USER_COMMENT, _EXIF = 0x9286, 0x8769


def request_of_options(options: argparse.Namespace) -> tuple[Repaint, bytes]:
    """What the options ask for, and the picture's file. Raises RpgError for what cannot be read, or makes no sense."""
    file = read_file(options.picture, _MAX_FILE, "the picture")
    mask = base64.b64encode(read_file(options.mask, _MAX_FILE, "the mask")).decode() if options.mask else ""
    region, entity = _from_zero(options.region, "region"), _from_zero(options.object, "object")
    with at("repaint"):
        picture = base64.b64encode(file).decode()
        return Repaint(picture, region, entity, mask, options.prompt, options.seed, options.mode), file


def _from_zero(number: int | None, name: str) -> int | None:
    """A number that people count from 1."""
    if number is not None and number < 1:
        refuse(f"--{name}", f"{number} is not a number from 1", "count from 1")
    return None if number is None else number - 1


def infotext_of(file: bytes, name: str) -> str:
    """The infotext in a picture's file, as the WebUI writes it: PNG's text, or EXIF's user comment.

    Raises RpgError where there is none.
    """
    from PIL import Image

    try:
        with Image.open(io.BytesIO(file)) as picture:
            text = picture.info.get("parameters") or _user_comment(picture.getexif().get_ifd(_EXIF).get(_USER_COMMENT))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        refuse(show_path(name), f"it is not a picture that can be read ({type(error).__name__})", "name a picture file")
    if not isinstance(text, str) or not text.strip():
        refuse(show_path(name), "the picture has no infotext", "name a picture as the WebUI has saved it")
    return text


def _user_comment(value: object) -> str:
    if not isinstance(value, bytes) or not value.startswith(b"UNICODE\0"):
        return ""
    return value[8:].decode("utf-16-be", "replace").strip("\0")
