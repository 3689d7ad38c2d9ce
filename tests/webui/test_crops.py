"""Where the parts lie that the WebUI's scripts and only-masked inpainting sample."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PIL import Image

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.layout.weights import WHOLE
from lib_rpg.webui import crops

RUNS = {
    "SD upscale": lambda p, _, overlap, upscaler_index, scale_factor: None,
    "Poor man's outpainting": lambda p, pixels, mask_blur, inpainting_fill, direction: None,
    "Outpainting mk2": lambda p, _, pixels, mask_blur, direction, noise_q, color_variation: None,
}
"""The scripts' ``run``, as the WebUI has them."""


def script(title, args_from=1, args_to=10, run=lambda p, *args: None):
    return SimpleNamespace(title=lambda: title, args_from=args_from, args_to=args_to, run=run)


def job(*, picture=(128, 64), chosen=None, args=(), run=None, batch_size=1, width=64, height=64, **fields):
    """An img2img generation that begins with a picture; ``chosen`` is the title of the tab's script."""
    run = run or RUNS.get(chosen, script("").run)
    scripts = SimpleNamespace(selectable_scripts=[script("Loopback"), script(chosen or "Other", 1, 1 + len(args), run)])
    p = SimpleNamespace(
        init_images=[Image.new("RGB", picture)],
        script_args=(2 if chosen else 0, *args),
        scripts=scripts,
        batch_size=batch_size,
        width=width,
        height=height,
        **fields,
    )
    crops.remember_picture(p)
    return p


def batch(p, *sizes, **fields):
    """The windows of a batch whose pictures to begin with have these sizes."""
    vars(p).update(fields)
    p.init_images = [Image.new("RGB", size) for size in sizes]
    windows, note = crops.begin_batch(p)
    assert len(windows) == p.batch_size
    return [tuple(round(side, 6) for side in window) for window in windows], note


def test_without_a_script_or_a_mask_the_picture_is_whole():
    assert batch(job(batch_size=2), (128, 64)) == ([WHOLE, WHOLE], "")
    assert crops.begin_batch(SimpleNamespace(batch_size=1))[0] == [WHOLE]


@pytest.mark.parametrize(
    ("run", "args"),
    [
        (None, ("", 0, "Lanczos", 2.0)),
        (lambda p, overlap, upscaler_index, scale_factor: None, (0, "Lanczos", 2.0)),
        (lambda p, overlap, upscaler_index, scale_factor, override: None, (0, "Lanczos", 2.0, False)),
    ],
    ids=["", "Classic", "Neo"],
)
def test_sd_upscales_tiles_are_parts_of_the_upscaled_picture_across_batches_and_rounds(run, args):
    # 256 x 128 in tiles of 64 with an overlap of 0: 4 columns, 2 rows.
    p = job(chosen="SD upscale", args=args, run=run, batch_size=3)
    tiles = [(x / 4, y / 2, 0.25, 0.5) for y in range(2) for x in range(4)]
    assert batch(p, *[(64, 64)] * 3) == (tiles[:3], "")
    assert batch(p, *[(64, 64)] * 3) == (tiles[3:6], "")
    assert batch(p, *[(64, 64)] * 2, batch_size=2) == (tiles[6:], "")
    assert batch(p, *[(64, 64)] * 3, batch_size=3) == (tiles[:3], "")  # the next picture of the batch count


def test_sd_upscales_tiles_overlap_and_the_last_ends_with_the_picture():
    p = job(picture=(100, 60), chosen="SD upscale", args=("", 16, "None", 2.0), width=64, height=64)
    # No upscaler: 100 x 60. Two columns from 0 and 36; one row that is higher than the picture, from -4 on.
    assert batch(p, (64, 64))[0] == [(0.0, round(-4 / 60, 6), 0.64, round(64 / 60, 6))]
    assert batch(p, (64, 64))[0] == [(0.36, round(-4 / 60, 6), 0.64, round(64 / 60, 6))]


def test_poor_mans_outpainting_leaves_out_the_tiles_within_the_old_picture():
    # 128 x 128 with 64 more at the left and at the right: 256 x 128. Tiles at 0, 64 and 128; the second is the old one.
    args = (64, 4, 0, ["left", "right"])
    p = job(picture=(128, 128), chosen="Poor man's outpainting", args=args, width=128, height=128)
    assert batch(p, (128, 128))[0] == [(0.0, 0.0, 0.5, 1.0)]
    assert batch(p, (128, 128))[0] == [(0.5, 0.0, 0.5, 1.0)]


def test_outpainting_mk2_draws_one_side_after_the_other():
    p = job(picture=(128, 64), chosen="Outpainting mk2", args=("", 64, 8, ["left", "right", "up"], 1.0, 0.05))
    # The picture becomes 256 x 128, the old one is at (64, 64).
    left = batch(p, (128, 64), width=128, height=64)
    assert left == ([(0.0, 0.5, 0.5, 0.5)], "")
    assert batch(p, (128, 64), width=128, height=64)[0] == [(0.5, 0.5, 0.5, 0.5)]
    assert batch(p, (256, 128), width=256, height=128)[0] == [(0.0, 0.0, 1.0, 1.0)]
    assert batch(p, (128, 64), width=128, height=64) == left  # the next picture of the batch count


def test_outpainting_mk2_draws_each_side_for_the_whole_batch():
    p = job(chosen="Outpainting mk2", args=("", 64, 8, ["left", "down"], 1.0, 0.05), batch_size=2)
    both = [(128, 64), (128, 64)]
    assert batch(p, *both, width=128, height=64)[0] == [(0.0, 0.0, round(128 / 192, 6), 0.5)] * 2
    assert batch(p, *both, width=192, height=128)[0] == [(0.0, 0.0, 1.0, 1.0)] * 2


@pytest.mark.parametrize(
    ("crop", "size", "window"),
    [
        ((32, 16, 64, 32), (128, 64), (0.25, 0.25, 0.5, 0.5)),
        ((0, 0, 128, 64), (64, 32), (0.0, 0.0, 1.0, 1.0)),
        # A crop of 64 x 64 in 128 x 64 pixels: 32 more of it at each side, which its edges fill.
        ((32, 0, 64, 64), (128, 64), (0.0, 0.0, 1.0, 1.0)),
        ((0, 0, 64, 64), (64, 128), (0.0, -0.5, 0.5, 2.0)),
    ],
)
def test_only_masked_inpainting_samples_its_crop(crop, size, window):
    masked = {"inpaint_full_res": True, "image_mask": Image.new("L", (128, 64)), "paste_to": crop}
    p = job(batch_size=2, width=size[0], height=size[1], **masked)
    assert batch(p, (128, 64)) == ([window, window], "")
    # What the last mask left behind is of no account where this one is for the whole picture.
    assert batch(p, (128, 64), inpaint_full_res=False)[0] == [WHOLE, WHOLE]
    assert batch(p, (128, 64), image_mask=None, inpaint_full_res=True)[0] == [WHOLE, WHOLE]


def test_a_script_that_is_not_known_and_draws_parts_is_noted():
    p = job(chosen="My tiles", args=(1,))
    assert batch(p, (128, 64)) == ([WHOLE], "")
    windows, note = batch(p, (64, 64))
    assert windows == [WHOLE] and "'My tiles'" in note


@pytest.mark.parametrize("run", [None, lambda p, *args: None, lambda p, overlap, factor: None])
@pytest.mark.parametrize("args", [(), ("", "x", None, None), ("", 64, 5, 2.0)])
def test_arguments_of_another_version_are_noted_and_not_refused(run, args):
    windows, note = batch(job(chosen="SD upscale", args=args, run=run), (64, 64))
    assert windows == [WHOLE] and "'SD upscale'" in note


@pytest.mark.parametrize(
    ("box", "window", "expected"),
    [
        ((0, 0, 0.5, 1), (0.5, 0, 0.5, 1), False),
        ((0, 0, 0.51, 1), (0.5, 0, 0.5, 1), True),
        ((0.2, 0.2, 0.1, 0.1), (0, 0, 1, 1), True),
        ((0.2, 0.2, 0.1, 0.1), (0.2, 0.4, 0.3, 0.3), False),
    ],
)
def test_boxes_and_windows_overlap_by_more_than_an_edge(box, window, expected):
    assert crops.overlaps(box, window) is expected
