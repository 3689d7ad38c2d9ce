"""Masks: every kind of PNG is read to what it shows, and any other bytes are refused in one sentence, quickly."""

from __future__ import annotations

import base64
import io
import itertools
import random
import struct
import time
import zlib
from collections.abc import Sequence

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from lib_rpg.errors import RpgError
from lib_rpg.layout import mask as masks
from lib_rpg.layout.mask import MAX_PIXELS, check_masks, read_mask, read_masks
from lib_rpg.layout.weights import region_weights
from lib_rpg.plan import Plan, Region
from tests.examples import examples

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
KINDS = [(0, d) for d in (1, 2, 4, 8, 16)] + [(3, d) for d in (1, 2, 4, 8)]
KINDS += [(color, depth) for color in (2, 4, 6) for depth in (8, 16)]
ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def header(width: int, height: int, depth: int = 8, color: int = 0, interlaced: bool = False) -> bytes:
    return SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlaced))


def png(
    samples: np.ndarray, color: int, depth: int, extra: bytes = b"", interlaced: bool = False, pieces: int = 1
) -> bytes:
    """Samples (height, width, channels) as a PNG file, written here and not by Pillow; filters go in turn."""
    height, width, _ = samples.shape
    parts = [samples[y::dy, x::dx] for x, y, dx, dy in ADAM7] if interlaced else [samples]
    data = zlib.compress(b"".join(filtered(part, depth) for part in parts if part.size), 1)
    cuts = [len(data) * i // pieces for i in range(pieces + 1)]
    idat = b"".join(chunk(b"IDAT", data[a:b]) for a, b in itertools.pairwise(cuts))
    return header(width, height, depth, color, interlaced) + extra + idat + chunk(b"IEND", b"")


def filtered(samples: np.ndarray, depth: int) -> bytes:
    """The rows, each with a filter byte: none, sub and up in turn."""
    height, width, channels = samples.shape
    bits = np.unpackbits(samples.astype(">u2").view(np.uint8).reshape(height, -1), axis=1)
    kept = bits.reshape(height, width * channels, 16)[:, :, 16 - depth :].reshape(height, -1)
    rows = np.packbits(kept, axis=1).astype(int)
    step = max(1, channels * depth // 8)
    left = np.pad(rows, ((0, 0), (step, 0)))[:, : rows.shape[1]]
    above = np.pad(rows, ((1, 0), (0, 0)))[:-1]
    written = []
    for y in range(height):
        kind = y % 3
        row = rows[y] - (left[y] if kind == 1 else above[y] if kind == 2 else 0)
        written.append(bytes([kind]) + (row % 256).astype(np.uint8).tobytes())
    return b"".join(written)


def luma(rgb: np.ndarray) -> np.ndarray:
    return 0.299 * rgb[..., 0] + 0.587 * rgb[..., 1] + 0.114 * rgb[..., 2]


def shown(samples: np.ndarray, color: int, depth: int, palette: np.ndarray, key: Sequence[int] | None) -> np.ndarray:
    """Brightness times opacity, 0…1, as the PNG specification says."""
    if color == 3:
        rgba = palette[samples[..., 0]]
        return luma(rgba) / 255 * rgba[..., 3] / 255
    level = samples / (2**depth - 1)
    brightness = luma(level) if color in (2, 6) else level[..., 0]
    opacity = level[..., -1] if color in (4, 6) else np.ones(brightness.shape)
    return brightness * (opacity if key is None else (samples != np.array(key)).any(-1))


def text_of(file: bytes) -> str:
    return base64.b64encode(file).decode()


def plan_of(*texts: str) -> Plan:
    return Plan(layout="boxes", regions=tuple(Region("a", mask=text) for text in texts))


def refusal(file: bytes) -> str:
    """The sentence that refuses a file as the mask of the second region."""
    with pytest.raises(RpgError) as caught:
        check_masks(Plan(layout="boxes", regions=(Region("a"), Region("b", mask=text_of(file)))))
    return str(caught.value)


def grey(width: int, height: int, level: int = 255) -> bytes:
    return png(np.full((height, width, 1), level), 0, 8)


NOISE = png(np.random.default_rng(0).integers(0, 256, (40, 50, 1)), 0, 8, pieces=3)


@settings(max_examples=examples(150))
@given(
    st.sampled_from(KINDS), st.integers(1, 17), st.integers(1, 17), st.booleans(), st.booleans(), st.integers(0, 999)
)
def test_every_kind_of_png_is_read_to_what_it_shows(
    kind: tuple[int, int], width: int, height: int, interlaced: bool, with_key: bool, seed: int
) -> None:
    color, depth = kind
    rng = np.random.default_rng(seed)
    samples = rng.integers(0, 2**depth, (height, width, CHANNELS[color]))
    palette = rng.integers(0, 256, (2 ** min(depth, 8), 4))
    extra, key = b"", None
    if color == 3:
        extra = chunk(b"PLTE", palette[:, :3].astype(np.uint8).tobytes())
        palette[len(palette) // 2 :, 3] = 255  # tRNS may be shorter than the palette
        extra += chunk(b"tRNS", palette[: len(palette) // 2, 3].astype(np.uint8).tobytes())
    elif with_key and (color == 0 or kind == (2, 8)):
        key = [int(level) for level in samples[0, 0]]
        extra = chunk(b"tRNS", struct.pack(f">{len(key)}H", *key))
    file = png(samples, color, depth, extra, interlaced, pieces=1 + seed % 3)
    expected = shown(samples, color, depth, palette, key)
    # Half a level from the product, up to one from Pillow's luma, one more from the lower 8 of 16 bits.
    tolerance = 0.51 + (color in (2, 3, 6)) + 2 * (depth == 16)
    try:
        read = read_mask(text_of(file))
    except RpgError as error:
        assert "paint white" in str(error)
        assert expected.max() * 255 < tolerance
        return
    assert read.dtype == torch.uint8
    assert np.abs(read.numpy() - expected * 255).max() <= tolerance


def test_a_16_bit_grey_ramp_is_a_ramp() -> None:
    ramp = np.linspace(0, 65535, 256).round().astype(int)[None, :, None]
    assert read_mask(text_of(png(ramp, 0, 16)))[0].tolist() == list(range(256))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "I;16", "P", "RGB", "RGBA"])
def test_what_pillow_writes_is_read_as_pillow_shows_it(mode: str) -> None:
    ramp = Image.fromarray(np.tile(np.arange(0, 256, 4, dtype=np.uint8), (8, 1)))
    picture = Image.fromarray(np.asarray(ramp).astype(np.uint16) * 257) if mode == "I;16" else ramp.convert(mode)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    expected = np.asarray(ramp if mode == "I;16" else picture.convert("L"))
    assert np.array_equal(read_mask(text_of(buffer.getvalue())).numpy(), expected)


def _damaged(data: st.DataObject) -> bytes:
    broken = bytearray(NOISE)
    if data.draw(st.booleans()):
        return bytes(broken[: data.draw(st.integers(8, len(NOISE)))])
    for _ in range(data.draw(st.integers(1, 3))):
        broken[data.draw(st.integers(8, len(NOISE) - 1))] ^= data.draw(st.integers(1, 255))
    return bytes(broken)


@pytest.mark.parametrize("tolerant", [False, True])
@settings(max_examples=examples(200))
@given(data=st.data())
def test_a_damaged_file_gives_the_right_picture_or_a_refusal(tolerant: bool, data: st.DataObject) -> None:
    """Also where the host has set Pillow to accept truncated files."""
    right, file, start = read_mask(text_of(NOISE)), _damaged(data), time.perf_counter()
    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, tolerant
    try:
        assert torch.equal(read_mask(text_of(file)), right)
    except RpgError:
        pass
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before
    assert time.perf_counter() - start < 0.5


@settings(max_examples=examples(200))
@given(
    st.integers(0, 5),
    st.integers(0, 5),
    st.integers(0, 17),
    st.integers(0, 7),
    st.integers(0, 2),
    st.binary(max_size=60),
)
def test_any_header_and_any_data_with_right_checksums_are_read_or_refused(
    width: int, height: int, depth: int, color: int, interlace: int, data: bytes
) -> None:
    """A picture that is read has the size of its header."""
    start = SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlace))
    parts = [(b"PLTE", b"\xff" * 6), (b"IDAT", zlib.compress(data)), (b"IEND", b"")]
    try:
        read = read_mask(text_of(start + b"".join(chunk(*part) for part in parts)))
    except RpgError:
        return
    assert tuple(read.shape) == (height, width)


@settings(max_examples=examples(200))
@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_behind_the_signature_are_refused(content: bytes, with_header: bool) -> None:
    with pytest.raises(RpgError):
        read_mask(text_of((header(4, 4) if with_header else SIGNATURE) + content))


WHITE = b"\0" + b"\xff" * 4
BROKEN = {
    "cut in the middle": (NOISE[: len(NOISE) // 2], "cannot be read, it is cut off"),
    "without its end": (NOISE[:-12], "cannot be read, it is cut off"),
    "a wrong byte": (NOISE[:60] + b"\0\0" + NOISE[62:], "cannot be read, it is damaged at byte 33"),
    "too few rows": (header(4, 4) + chunk(b"IDAT", zlib.compress(WHITE * 3)), "its data are cut off"),
    "too many rows": (header(4, 4) + chunk(b"IDAT", zlib.compress(WHITE * 5)), "it has more data than its size needs"),
    "a cut stream": (header(4, 4) + chunk(b"IDAT", zlib.compress(WHITE * 4)[:-4]), "its data are cut off"),
    "no stream": (header(4, 4) + chunk(b"IDAT", b"hello"), "its data are damaged"),
    "no data": (header(4, 4), "its data are cut off"),
    "no such filter": (header(4, 1) + chunk(b"IDAT", zlib.compress(b"\x05" + b"\xff" * 4)), "its data are damaged"),
    "no header": (SIGNATURE + chunk(b"tEXt", b"a\0" + b"b" * 30), "does not begin with a header"),
    "two headers": (header(4, 4) + header(4, 4)[8:], "contains an unknown chunk"),
    "no such format": (header(4, 4, 16, 3), "names a format that PNG does not have"),
    "no palette": (header(4, 4, 8, 3) + chunk(b"IDAT", zlib.compress(WHITE * 4)), "its palette is missing"),
    "a colour that is not there": (
        header(4, 4, 8, 3) + chunk(b"PLTE", b"\xff" * 9) + chunk(b"IDAT", zlib.compress(b"\0\0\1\2\3" * 4)),
        "colours that its palette does not have",
    ),
    "a key of another kind": (header(4, 4) + chunk(b"tRNS", b"\0" * 6), "transparent colours do not match"),
    "no width": (header(0, 5), "0x5 is not a valid picture size"),
    "a huge side": (header(30_000, 30_000), "30000x30000 is too large; scale it to at most 2048 a side"),
    "a long side": (header(1, 2049), "1x2049 is too large"),
    "frames": (
        header(4, 4) + chunk(b"acTL", struct.pack(">II", 2, 0)) + chunk(b"IDAT", zlib.compress(WHITE * 4)),
        "has several frames",
    ),
    "black": (grey(4, 4, 0), "the picture: is all black; paint white"),
    "transparent": (png(np.full((4, 4, 2), [255, 0]), 4, 8), "the picture: is all transparent"),
    "black or transparent": (png(np.array([[[0, 255], [255, 0]]]), 4, 8), "is black wherever it is not transparent"),
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("tolerant", [False, True])
def test_a_file_that_cannot_be_used_is_refused_with_its_fault(
    name: str, tolerant: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", tolerant)
    file, says = BROKEN[name]
    whole = file if "cut" in says or file.endswith(b"IEND\xaeB`\x82") else file + chunk(b"IEND", b"")
    whole = file + chunk(b"IEND", b"") if name in ("too few rows", "a cut stream", "no data") else whole
    sentence = refusal(whole)
    assert sentence.startswith("regions[1].mask: ")
    assert says in sentence
    assert "; " in sentence


def test_a_file_that_is_no_png_is_refused_where_the_plan_is_made() -> None:
    with pytest.raises(RpgError, match="mask: is not a PNG file"):
        Region("a", mask=text_of(b"\xff\xd8\xff\xe0JFIF"))
    with pytest.raises(RpgError, match="is not a PNG file"):
        read_mask("")
    with pytest.raises(RpgError, match="is not base64"):
        read_mask("äö")


def test_base64_may_have_line_breaks_and_stands_in_the_plan_without_them() -> None:
    text = text_of(NOISE)
    lines = "\n".join(text[i : i + 76] for i in range(0, len(text), 76))
    assert Region("a", mask=lines).mask == Region("a", mask=f"data:image/png;base64,{lines}").mask == text


@pytest.mark.parametrize("kind", [b"zTXt", b"iCCP"])
def test_texts_and_profiles_are_never_unpacked(kind: bytes) -> None:
    bomb = chunk(kind, b"k\0\0" + zlib.compress(b"\0" * 100_000_000, 9))
    text = text_of(png(np.full((4, 4, 1), 255), 0, 8, bomb))
    start = time.perf_counter()
    assert read_mask(text).tolist() == [[255] * 4] * 4
    assert time.perf_counter() - start < 0.3


def test_what_stands_behind_the_end_plays_no_part() -> None:
    assert torch.equal(read_mask(text_of(NOISE + b"<script>" + NOISE)), read_mask(text_of(NOISE)))


def test_the_hosts_own_limit_of_pictures_gives_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    assert "Pillow refuses it" in refusal(grey(64, 64))


def test_masks_are_too_large_together_before_any_of_them_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files are headers alone: to decode one would be another refusal."""
    bare = [text_of(header(2048, 2048) + bytes([i])) for i in range(5)]
    for read in (check_masks, lambda plan: read_masks([plan]), lambda plan: region_weights(plan, 8, 8)):
        with pytest.raises(RpgError, match=rf"regions\[4\].mask: .* at most {MAX_PIXELS} together"):
            read(plan_of(*bare))
        with pytest.raises(RpgError, match=r"regions\[0\].mask: .*cut off"):
            read(plan_of(*bare[:4]))


def test_as_many_regions_as_there_may_be_have_room_for_masks_of_512() -> None:
    text = text_of(grey(512, 512))
    check_masks(plan_of(*[text] * 64))


def test_masks_are_read_once_and_shared_by_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    calls, right = [], masks.read_mask
    monkeypatch.setattr(masks, "read_mask", lambda text: calls.append(text) or right(text))
    white, black_and_white = text_of(grey(4, 4)), text_of(NOISE)
    plans = [plan_of(white, white, black_and_white), plan_of(black_and_white)]
    read = read_masks(plans)
    assert calls == [white, black_and_white] == list(read)
    calls.clear()
    assert torch.equal(region_weights(plans[0], 6, 7, read), region_weights(plans[0], 6, 7))
    assert calls == [white, black_and_white]


def test_weights_are_the_exact_mean_of_the_pixels_also_of_a_large_mask_in_a_box_of_its_own() -> None:
    rng = random.Random(1)
    pixels = np.zeros((600, 700), dtype=np.uint8)
    for _ in range(30):
        y, x = rng.randrange(600), rng.randrange(700)
        pixels[y : y + rng.randint(1, 90), x : x + rng.randint(1, 90)] = rng.randrange(256)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    mask = text_of(buffer.getvalue())
    whole = region_weights(plan_of(mask), 12, 14)[0].numpy()
    assert np.allclose(whole, pixels.reshape(12, 50, 14, 50).mean((1, 3)) / 255, atol=1e-6)
    # Half of the canvas in x and all of it in y: 12 tokens of 50 rows, 7 of 100 columns, from token 3.5 on.
    boxed = Plan(layout="boxes", regions=(Region("a", mask=mask, box=(0.25, 0, 0.5, 1)),))
    moved = np.pad(pixels, ((0, 0), (350, 350))).reshape(12, 50, 14, 100).mean((1, 3)) / 255
    assert np.allclose(region_weights(boxed, 12, 14)[0].numpy(), moved, atol=1e-6)
