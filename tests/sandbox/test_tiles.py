"""SD upscale: upscalers, tiles, and the script that draws them."""

import itertools
import json

import numpy as np
import pytest
from PIL import Image

import sandbox  # noqa: F401 - puts the sandbox's modules on the path


def pixels(image) -> np.ndarray:
    return np.array(image).astype(int)


def noise(width: int, height: int) -> Image.Image:
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8))


def doubled(image) -> np.ndarray:
    """The picture with every pixel twice in both directions."""
    return pixels(image).repeat(2, axis=0).repeat(2, axis=1)


def places(grid) -> tuple[list[int], list[int]]:
    """(x of the columns, y of the rows)."""
    return [x for x, _, _ in grid.tiles[0][2]], [y for y, _, _ in grid.tiles]


@pytest.mark.parametrize(
    ("size", "tile", "overlap", "columns", "rows"),
    [
        pytest.param((256, 128), (128, 64), 16, [0, 64, 128], [0, 32, 64], id="3 of 128 reach 256 with 2 overlaps"),
        pytest.param((240, 64), (128, 64), 16, [0, 112], [0], id="just so"),
        pytest.param((241, 64), (128, 64), 16, [0, 56, 113], [0], id="a pixel more: one tile more"),
        pytest.param((128, 128), (64, 64), 0, [0, 64], [0, 64], id="no overlap"),
        pytest.param((64, 64), (64, 64), 32, [0], [0], id="one tile"),
        pytest.param((40, 64), (64, 64), 32, [-24], [0], id="narrower than a tile"),
    ],
)
def test_tiles_lie_evenly_and_end_with_the_picture(size, tile, overlap, columns, rows):
    from modules import images

    grid = images.split_grid(noise(*size), *tile, overlap)
    assert places(grid) == (columns, rows)
    assert grid.tile_count == len(columns) * len(rows)
    assert {part.size for _, _, row in grid.tiles for _, _, part in row} == {tile}


@pytest.mark.parametrize("size", [(200, 120), (256, 128), (97, 301), (64, 64)])
@pytest.mark.parametrize("overlap", [0, 1, 16, 47])
def test_tiles_cover_the_picture_and_give_it_back(size, overlap):
    from modules import images

    picture = noise(*size)
    grid = images.split_grid(picture, 64, 48, overlap)
    covered = np.zeros((size[1], size[0]), int)
    for y, height, row in grid.tiles:
        for x, width, tile in row:
            covered[y : y + height, x : x + width] += 1
            assert np.array_equal(pixels(tile), pixels(picture)[y : y + height, x : x + width])
    assert covered.min() >= 1
    for starts, length in zip(places(grid), (64, 48), strict=True):
        assert all(before + length - after >= overlap for before, after in itertools.pairwise(starts))
    assert np.array_equal(pixels(images.combine_grid(grid)), pixels(picture))


def test_a_tile_fades_in_over_the_one_before():
    """Over 4 pixels: 0, 1/4, 1/2 and 3/4 of 255, cut to whole numbers."""
    from modules import images

    for across in (True, False):
        grid = images.split_grid(Image.new("RGB", (12, 8) if across else (8, 12)), 8, 8, 4)
        row = grid.tiles[-1][2]
        assert places(grid) == (([0, 4], [0]) if across else ([0], [0, 4]))
        row[-1][2] = Image.new("RGB", (8, 8), "white")
        combined = pixels(images.combine_grid(grid))[..., 0]
        assert (combined if across else combined.T).tolist() == [[0, 0, 0, 0, 0, 63, 127, 191, 255, 255, 255, 255]] * 8


@pytest.mark.parametrize(("tile", "overlap"), [(64, 64), (64, 80), (256, 128)])
def test_too_wide_an_overlap_is_refused_in_words(tile, overlap):
    from modules import images

    with pytest.raises(ValueError, match=f"tiles of {tile} pixels cannot overlap by {overlap} .* smaller overlap"):
        images.split_grid(noise(128, 128), tile, tile, overlap)


@pytest.mark.parametrize(
    ("size", "scale", "enlarged"),
    [((64, 32), 2, (128, 64)), ((100, 64), 1.3, (128, 80)), ((64, 32), 1.1, (64, 32)), ((70, 64), 1, (64, 64))],
)
def test_upscalers_enlarge_to_multiples_of_8(booted, size, scale, enlarged):
    assert [entry.name for entry in booted.shared.sd_upscalers] == ["None", "Lanczos", "Nearest"]
    for entry in booted.shared.sd_upscalers:
        assert entry.scaler.upscale(noise(*size), scale, entry.data_path).size == enlarged


def test_the_upscaler_nearest_repeats_pixels_and_lanczos_does_not(booted):
    _, lanczos, nearest = booted.shared.sd_upscalers
    picture = noise(16, 8)
    assert np.array_equal(pixels(nearest.scaler.upscale(picture, 2)), doubled(picture))
    smooth = pixels(lanczos.scaler.upscale(Image.new("RGB", (16, 8), (9, 8, 7)), 2))
    assert (smooth == (9, 8, 7)).all()
    assert not np.array_equal(pixels(lanczos.scaler.upscale(picture, 2)), doubled(picture))


@pytest.fixture
def upscale(draw, host):
    """upscale(overlap, upscaler, scale, **fields of p) -> Processed; tiles of 64 x 64."""
    runner = host.scripts.scripts_img2img
    script = runner.script("sd upscale")

    def run(overlap, upscaler, scale, **fields):
        from modules import initialize

        args = initialize.default_script_args(runner)
        args[0] = runner.selectable_scripts.index(script) + 1
        args[script.args_from : script.args_to] = [None, overlap, upscaler, scale]
        small = {"init_images": [noise(64, 64)], "steps": 2, "denoising_strength": 0.1}
        return draw(script_args=args, **{**small, **fields})

    return run


def called(host, name: str) -> list:
    return [args for called, args, _ in host.probe.calls if called == name]


def keep_tiles(host) -> None:
    """Have every tile come out of img2img as it went in."""

    def put_back(p, pp, *args):
        pp.image = p.init_images[p.batch_index]

    host.probe.faults["postprocess_image"] = put_back


def test_tiles_are_drawn_in_batches_by_one_job(upscale, host):
    """128 x 128 has 3 x 3 tiles of 64 that overlap by 16: four pairs, and one alone, which is drawn twice."""
    seen, drawn = [], []
    host.probe.faults["process"] = lambda p, *args: seen.append((p, p.seed, [x.size for x in p.init_images]))
    host.probe.faults["postprocess"] = lambda p, processed, *args: drawn.append(len(processed.images))
    result = upscale(16, "Lanczos", 2.0, batch_size=2)
    assert len({id(p) for p, _, _ in seen}) == 1
    assert [seed for _, seed, _ in seen] == [5, 6, 7, 8, 9]
    assert [tiles for _, _, tiles in seen] == [[(64, 64)] * 2] * 4 + [[(64, 64)]]
    assert drawn == [2] * 5
    assert [image.size for image in result.images] == [(128, 128)]
    assert "SD upscale overlap: 16, SD upscale upscaler: Lanczos" in result.infotexts[0]
    assert "Seed: 5, Size: 64x64" in result.infotexts[0]
    assert (json.loads(result.js())["seed"], host.shared.state.job_count) == (5, 5)
    assert len(called(host, "setup")) == 1
    assert len(called(host, "postprocess")) == 5


def test_every_picture_of_the_batch_is_a_tile(upscale, host):
    """Each of a pair has its own seed: the job's, one more, and so on from batch to batch."""
    seeds = []
    host.probe.faults["process_batch"] = lambda p, *args, **kwargs: seeds.append(list(p.seeds))
    upscale(0, "Nearest", 2.0, batch_size=2, n_iter=2)
    assert seeds == [[5, 6], [6, 7], [6, 7], [7, 8]]


@pytest.mark.parametrize("batch_size", [1, 2, 3])
@pytest.mark.parametrize("overlap", [0, 16])
def test_every_tile_comes_back_to_its_place(upscale, host, batch_size, overlap):
    keep_tiles(host)
    result = upscale(overlap, "nearest", 2.0, batch_size=batch_size)
    assert np.array_equal(pixels(result.images[0]), doubled(noise(64, 64)))


def test_one_picture_for_each_of_the_batch_count(upscale, host):
    keep_tiles(host)
    result = upscale(0, 2, 2.0, n_iter=2)
    assert [image.size for image in result.images] == [(128, 128)] * 2
    assert host.shared.state.job_count == 8
    assert np.array_equal(pixels(result.images[0]), pixels(result.images[1]))


def test_without_an_upscaler_the_picture_keeps_its_size(upscale, host):
    keep_tiles(host)
    result = upscale(0, "None", 4.0, init_images=[noise(128, 64)])
    assert np.array_equal(pixels(result.images[0]), pixels(noise(128, 64)))
    assert len(called(host, "process")) == 2


def test_the_saved_picture_is_the_combined_one_with_its_infotext(upscale, tmp_path):
    from modules.api import api

    result = upscale(0, "Nearest", 2.0)
    api._save(result, tmp_path)
    (file,) = tmp_path.iterdir()
    saved = Image.open(file)
    assert np.array_equal(pixels(saved), pixels(result.images[0]))
    assert saved.info["parameters"] == result.infotexts[0]


def test_an_interrupt_leaves_the_tiles_behind_it_black(upscale, host):
    keep_tiles(host)
    host.probe.faults["postprocess"] = lambda *args: host.shared.state.interrupt()
    (picture,) = upscale(0, "Nearest", 2.0).images
    assert np.array_equal(pixels(picture)[:64, :64], doubled(noise(64, 64))[:64, :64])
    assert (pixels(picture)[64:] == 0).all()
    assert (pixels(picture)[:, 64:] == 0).all()


@pytest.mark.parametrize("upscaler", ["R-ESRGAN", 3, -1, None])
def test_an_unknown_upscaler_is_refused_in_words(upscale, upscaler):
    with pytest.raises(ValueError, match=r"no upscaler .*; take one of None, Lanczos, Nearest"):
        upscale(0, upscaler, 2.0)


def test_the_script_is_in_the_menu_of_img2img_alone(booted):
    assert booted.scripts.scripts_img2img.titles == ["SD upscale"]
    assert booted.scripts.scripts_txt2img.titles == []
