"""The mask of what is repainted, the picture's hash, and the picture put together."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lib_rpg.errors import RpgError
from lib_rpg.repainting import pixels

SIZES = st.tuples(st.integers(64, 320), st.integers(64, 320))


def _picture(width: int = 64, height: int = 48, seed: int = 0) -> Image.Image:
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8))


def _file(picture: Image.Image, kind: str = "PNG", **options: object) -> str:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return base64.b64encode(file.getvalue()).decode()


def test_the_hash_is_of_the_pixels_and_of_nothing_else_in_the_file() -> None:
    picture = _picture()
    name = pixels.hash_of(picture)
    assert len(name) == 32
    for options in ({"compress_level": 0}, {"optimize": True}):
        assert pixels.hash_of(pixels.read_picture(_file(picture, **options))) == name
    assert pixels.hash_of(picture.convert("RGBA")) == name
    other = picture.copy()
    other.putpixel((3, 3), (0, 0, 0))
    assert pixels.hash_of(other) != name
    # The same bytes in another shape are another picture.
    assert pixels.hash_of(Image.frombytes("RGB", (48, 64), picture.tobytes())) != name


@pytest.mark.parametrize("text", ["AAAA", base64.b64encode(b"\x89PNG\r\n\x1a\n").decode(), "not base64!"])
def test_what_is_no_picture_is_one_sentence(text: str) -> None:
    with pytest.raises(RpgError, match=r"^picture: it cannot be read \(.*; give a PNG"):
        pixels.read_picture(text)


@given(SIZES, st.floats(0.05, 0.4), st.floats(0.05, 0.4), st.floats(0.2, 0.5))
def test_all_of_the_box_is_new_and_nothing_far_from_it(size: tuple[int, int], x: float, y: float, side: float) -> None:
    mask = pixels.box_mask((x, y, side, side), size)
    share = pixels.fading(mask)
    inside = np.asarray(mask) == 255
    assert (share[inside] == 1).all()
    left, top, right, bottom = mask.getbbox()
    reach = 2 * max(int(pixels.BAND * min(size) / 2 + 0.5), 1)
    near = np.zeros_like(inside)
    near[max(top - reach, 0) : bottom + reach, max(left - reach, 0) : right + reach] = True
    assert (share[~near] == 0).all()
    assert ((share > 0) & ~inside).any()


@given(SIZES, st.integers(2, 40), st.integers(2, 40))
def test_a_cell_is_new_where_any_of_its_pixels_is(size: tuple[int, int], height: int, width: int) -> None:
    share = np.zeros(size[::-1], np.float32)
    x, y = size[0] // 3, size[1] // 2
    share[y, x] = 0.25
    cells = pixels.cells_of(share, height, width)
    assert cells.shape == (height, width)
    assert cells[y * height // size[1], x * width // size[0]]
    assert cells.sum() <= 4  # a pixel that a border runs through is in two cells of an axis
    assert not pixels.cells_of(np.zeros_like(share), height, width).any()


def test_what_is_not_new_is_the_old_picture_to_the_bit() -> None:
    old, new = _picture(seed=1), _picture(seed=2)
    share = pixels.fading(pixels.box_mask((0.5, 0.25, 0.25, 0.5), old.size))
    made = np.asarray(pixels.put_together(old, new, share))
    before, after = np.asarray(old), np.asarray(new)
    assert (made[share == 0] == before[share == 0]).all()
    assert (made[share == 1] == after[share == 1]).all()
    band = (share > 0) & (share < 1)
    assert band.any()
    low, high = np.minimum(before, after), np.maximum(before, after)
    assert ((made >= low) & (made <= high))[band].all()


def test_a_mask_without_white_is_refused() -> None:
    with pytest.raises(RpgError, match="mask: nothing of it is white; paint white"):
        pixels.fading(Image.new("L", (64, 64), 100))


def test_a_shape_is_stretched_over_its_box() -> None:
    shape = Image.new("L", (4, 4))
    shape.paste(90, (0, 0, 2, 4))  # a pale mask counts from half of its own brightness on
    mask = pixels.box_mask((0.5, 0.25, 0.25, 0.5), (64, 32), shape)
    assert mask.getbbox() == (32, 8, 40, 24)


def test_the_extent_is_the_smallest_box_around_what_is_new() -> None:
    new = np.zeros((4, 8), bool)
    new[1, 2] = new[2, 5] = True
    assert pixels.extent(new) == (0.25, 0.25, 0.5, 0.5)
    assert pixels.extent(np.ones((3, 3), bool)) == (0.0, 0.0, 1.0, 1.0)
