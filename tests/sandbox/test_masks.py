"""Masks of inpainting, each beside what was worked out by hand."""

import numpy as np
import pytest
from PIL import Image

import sandbox  # noqa: F401 - puts the sandbox's modules on the path


def pixels(image) -> np.ndarray:
    return np.array(image).astype(int)


def white(box: tuple[int, int, int, int], size: tuple[int, int] = (64, 64), level: int = 255) -> Image.Image:
    """A black mask with a grey or white box."""
    mask = Image.new("L", size)
    mask.paste(level, box)
    return mask


@pytest.mark.parametrize(
    ("box", "pad", "region"),
    [
        ((10, 20, 30, 24), 0, (10, 20, 30, 24)),
        ((10, 20, 30, 24), 4, (6, 16, 34, 28)),
        ((0, 0, 10, 10), 8, (0, 0, 18, 18)),
        ((50, 60, 64, 64), 8, (42, 52, 64, 64)),
    ],
)
def test_the_crop_region_is_the_masks_box_and_its_padding(box, pad, region):
    from modules import masking

    assert masking.get_crop_region_v2(white(box), pad) == region
    assert masking.get_crop_region_v2(white(box, level=1), pad) == region, "the faintest grey counts"


def test_a_black_mask_has_no_crop_region():
    from modules import masking

    assert masking.get_crop_region_v2(Image.new("L", (64, 64)), 32) is None


@pytest.mark.parametrize(
    ("region", "drawn_at", "picture", "expanded"),
    [
        pytest.param((100, 100, 228, 132), (512, 512), (512, 512), (100, 52, 228, 180), id="96 more, half each way"),
        pytest.param((10, 10, 20, 13), (64, 64), (64, 64), (10, 7, 20, 17), id="7 more: 3 above, 4 below"),
        pytest.param((20, 0, 24, 40), (64, 128), (64, 64), (12, 0, 32, 40), id="wider, to a half of its height"),
        pytest.param((10, 2, 50, 10), (64, 64), (64, 64), (10, 0, 50, 40), id="moved down from the top"),
        pytest.param((10, 56, 50, 62), (64, 64), (64, 64), (10, 24, 50, 64), id="moved up from the bottom"),
        pytest.param((0, 10, 64, 20), (64, 64), (64, 32), (0, 0, 64, 32), id="cut where the picture ends"),
        pytest.param((8, 8, 24, 24), (128, 128), (64, 64), (8, 8, 24, 24), id="already right"),
    ],
)
def test_the_crop_region_takes_the_proportions_of_what_is_drawn(region, drawn_at, picture, expanded):
    from modules import masking

    assert masking.expand_crop_region(region, *drawn_at, *picture) == expanded


def test_blur_spreads_an_edge_by_a_gaussian():
    """At 1 pixel its weights are 1, 14, 62, 102, 62, 14 and 1 of 256: e^(-x²/2) from x = -3 to 3, rounded."""
    from modules import masking

    edge = [0, 1, 15, 77, 178, 240, 254, 255]  # 255 times the weights' running sum, over 256
    mask = white((10, 0, 20, 20), (20, 20))
    across = pixels(masking.blurred(mask, 1, 0))
    assert across[:, 6:14].tolist() == [edge] * 20
    assert (across[:, :6] == 0).all()
    assert (across[:, 14:] == 255).all()
    down = pixels(masking.blurred(mask.transpose(Image.Transpose.TRANSPOSE), 0, 1))
    assert np.array_equal(down, across.T)


def test_blur_reaches_two_and_a_half_times_as_far_as_its_size():
    from modules import masking

    for size, reach in ((2, 5), (4, 10), (5, 13)):
        blurred = pixels(masking.blurred(white((32, 0, 64, 64)), size, size))
        assert (blurred > 0).argmax(axis=1).tolist() == [32 - reach] * 64


@pytest.mark.parametrize("size", [(3, 2), (1, 9)])
def test_blur_of_a_picture_smaller_than_itself_keeps_one_colour(size):
    from modules import masking

    assert (pixels(masking.blurred(Image.new("L", size, 200), 4, 4)) == 200).all()


@pytest.mark.parametrize(
    ("image", "round_it", "levels"),
    [
        pytest.param(Image.merge("RGBA", [white((0, 0, 1, 1), (2, 1))] * 3 + [Image.new("L", (2, 1), 255)]), True,
                     [255, 0], id="opaque: brightness"),
        pytest.param(Image.merge("RGBA", [Image.new("L", (2, 1))] * 3 + [Image.fromarray(np.uint8([[128, 129]]))]),
                     True, [0, 255], id="alpha, rounded"),
        pytest.param(Image.merge("RGBA", [Image.new("L", (2, 1))] * 3 + [Image.fromarray(np.uint8([[128, 129]]))]),
                     False, [128, 129], id="alpha as it is"),
        pytest.param(Image.new("1", (2, 1), 1), True, [255, 255], id="one bit"),
        pytest.param(Image.new("RGB", (2, 1), (100, 100, 100)), True, [100, 100], id="grey stays grey"),
    ],
)  # fmt: skip
def test_a_mask_is_read_from_alpha_or_from_brightness(image, round_it, levels):
    from modules import processing

    mask = processing.create_binary_mask(image, round=round_it)
    assert (mask.mode, pixels(mask).tolist()) == ("L", [levels])


def test_fill_takes_the_surroundings_and_leaves_the_rest_alone():
    from modules import masking

    picture = Image.new("RGB", (64, 64), (200, 40, 90))
    picture.paste((0, 0, 255), (16, 16, 48, 48))
    picture.paste((7, 7, 7), (0, 0, 4, 4))
    filled = pixels(masking.fill(picture, white((16, 16, 48, 48))))
    assert abs(filled[16:48, 16:48] - (200, 40, 90)).max() <= 12
    untouched = np.ones((64, 64), bool)
    untouched[16:48, 16:48] = False
    assert np.array_equal(filled[untouched], pixels(picture)[untouched])


@pytest.mark.parametrize("size", [(32, 64), (64, 32)])
def test_a_mask_of_other_proportions_is_filled_from_its_edges_in_modes_2_and_3(size):
    """Mode 3 enlarges the latents of a picture; a mask, which has none, is treated as in mode 2."""
    from modules import images

    striped = Image.new("L", size, 255)
    striped.paste(100, (0, 0, size[0], size[1] // 2))
    filled = [pixels(images.resize_image(mode, striped, 64, 64)) for mode in (2, 3)]
    assert np.array_equal(*filled)
    assert filled[0].min() > 90


def test_a_drawn_crop_is_put_back_under_what_the_mask_keeps():
    """4 x 2 pixels, the right half masked, the middle of it by a half: 255 - 128 = 127 of 255 of the original."""
    from modules import masking

    original = Image.new("RGB", (4, 2), (200, 0, 0))
    mask = Image.fromarray(np.uint8([[0, 0, 128, 255]] * 2))
    overlay = masking.without(original, mask).convert("RGBA")
    drawn = Image.new("RGB", (16, 16), (0, 0, 100))
    put_back = pixels(masking.composite(drawn, (2, 0, 2, 2), overlay))
    assert put_back[0].tolist()[:2] == [[200, 0, 0], [200, 0, 0]]
    assert put_back[1].tolist()[3] == [0, 0, 100]
    assert abs(put_back[0, 2] - (99.6, 0, 50.2)).max() <= 1.5
    assert masking.composite(drawn, (2, 0, 2, 2), None) is drawn
