"""Img2img with a mask: what stays, what is drawn, in which order scripts are called, and what the latents hold."""

import itertools

import numpy as np
import pytest
import torch
from PIL import Image

import sandbox  # noqa: F401 - puts the sandbox's modules on the path


def pixels(image) -> np.ndarray:
    return np.array(image).astype(int)


def noise(width: int = 64, height: int = 64) -> Image.Image:
    blocks = np.random.default_rng(0).integers(0, 256, (height // 8, width // 8, 3), dtype=np.uint8)
    return Image.fromarray(blocks).resize((width, height), Image.Resampling.NEAREST)


def right_half(width: int = 64, height: int = 64, level: int = 255) -> Image.Image:
    mask = Image.new("L", (width, height))
    mask.paste(level, (width // 2, 0, width, height))
    return mask


@pytest.fixture
def inpaint(draw):
    """inpaint(**fields of p) -> Processed; the right half of a picture of coloured blocks, drawn whole, unblurred."""

    def run(**fields):
        whole = {"init_images": [noise()], "mask": right_half(), "mask_blur": 0, "inpaint_full_res": False}
        return draw(**{**whole, "inpainting_fill": 1, "denoising_strength": 0.9, **fields})

    return run


def noted(host, name: str) -> list:
    return [(args, kwargs) for called, args, kwargs in host.probe.calls if called == name]


def sampled_from(host) -> torch.Tensor:
    """The latents that sampling started from, (images, 4, h, w)."""
    return noted(host, "process_before_every_sampling")[0][1]["x"]


def encoded(picture: Image.Image) -> torch.Tensor:
    from modules import images, sd_samplers_common

    return sd_samplers_common.images_tensor_to_samples(images.to_tensor(picture)[None])


STEPS = {
    "Euler": ["cfg_denoiser", "cfg_denoised", "on_mask_blend", "cfg_after_cfg"],
    "DDIM": ["on_mask_blend", "cfg_denoiser", "cfg_denoised", "cfg_after_cfg"],
}


@pytest.mark.parametrize("sampler", STEPS)
def test_calls_come_in_the_order_of_the_webui(inpaint, host, sampler):
    """Of 4 steps at strength 0.5, which are 2, Euler takes one more and DDIM one less."""
    inpaint(sampler_name=sampler, steps=4, denoising_strength=0.5)
    behind = ["on_mask_blend", "post_sample", "postprocess_batch", "postprocess_batch_list", "postprocess_image"]
    behind += ["postprocess_maskoverlay", "postprocess_image_after_composite", "postprocess"]
    calls = [name for name, _, _ in host.probe.calls]
    first = calls.index("process_before_every_sampling") + 1
    assert calls[first:] == STEPS[sampler] * (3 if sampler == "Euler" else 1) + behind


def test_scripts_see_the_drawn_crop_then_the_overlay_then_the_whole(inpaint, host):
    wide = {"init_images": [noise(128, 64)], "mask": right_half(128, 64)}
    inpaint(**wide, inpaint_full_res=True, width=48, height=48)
    ((_, drawn, *_), _) = noted(host, "postprocess_image")[0]
    ((p, overlay, *_), _) = noted(host, "postprocess_maskoverlay")[0]
    ((_, whole, *_), _) = noted(host, "postprocess_image_after_composite")[0]
    assert (drawn.image.size, whole.image.size) == ((48, 48), (128, 64))
    assert (overlay.index, overlay.mask_for_overlay.size, overlay.overlay_image.mode) == (0, (128, 64), "RGBA")
    alpha = np.array(overlay.overlay_image)[..., 3]
    assert (alpha[:, :64] == 255).all()
    assert (alpha[:, 64:] == 0).all()
    assert p.paste_to == (64, 0, 64, 64)


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        pytest.param({}, slice(0, 32), id="right half"),
        pytest.param({"inpainting_mask_invert": 1}, slice(32, 64), id="inverted"),
        pytest.param({"mask_blur": 2}, slice(0, 27), id="blurred: 5 pixels less"),
        pytest.param({"mask_blur_x": 2}, slice(0, 27), id="blurred across"),
        pytest.param({"mask_blur_y": 4}, slice(0, 32), id="blurred down, along the edge"),
        pytest.param({"inpaint_full_res": True}, slice(0, 32), id="only masked"),
        pytest.param({"inpaint_full_res": True, "mask_blur": 2}, slice(0, 27), id="only masked, blurred"),
        pytest.param({"inpaint_full_res": True, "inpaint_full_res_padding": 16}, slice(0, 32), id="with padding"),
        pytest.param({"mask": right_half(32, 32)}, slice(0, 26), id="mask of another size: 6 pixels less"),
        pytest.param({"sampler_name": "DDIM"}, slice(0, 32), id="DDIM"),
        *(pytest.param({"inpainting_fill": fill}, slice(0, 32), id=f"fill {fill}") for fill in (0, 2, 3)),
    ],
)
def test_what_is_not_masked_is_the_original_to_the_bit(inpaint, fields, kept):
    (picture,) = inpaint(**fields).images
    same = (pixels(picture) == pixels(noise())).all(axis=(0, 2))
    assert same[kept].all()
    others = np.ones(64, bool)
    others[kept] = False
    assert abs(pixels(picture) - pixels(noise()))[:, others].mean() > 10


def test_half_white_is_drawn_without_the_original(inpaint, host):
    """Whole-picture masks count twice over the picture: 64 hides half of the original, 128 and more all of it."""
    steps = Image.fromarray(np.uint8([[0] * 16 + [64] * 16 + [128] * 16 + [255] * 16] * 64))
    inpaint(mask=steps)
    ((_, overlay, *_), _) = noted(host, "postprocess_maskoverlay")[0]
    assert np.array(overlay.overlay_image)[0, ::16, 3].tolist() == [255, 127, 0, 0]


@pytest.mark.parametrize("only_masked", [False, True])
def test_without_the_overlay_the_picture_is_what_was_drawn(inpaint, host, only_masked):
    wide = {"init_images": [noise(128, 64)], "mask": right_half(128, 64), "inpaint_full_res": only_masked}
    (picture,) = inpaint(**wide, override_settings={"overlay_inpaint": False}).images
    ((_, drawn, *_), _) = noted(host, "postprocess_image")[0]
    assert picture.size == (64, 64)
    assert np.array_equal(pixels(picture), pixels(drawn.image))


def test_a_script_may_change_the_overlay(inpaint, host):
    def nothing_kept(p, args, *_):
        args.overlay_image = Image.new("RGBA", (64, 64), (1, 2, 3, 255))

    host.probe.faults["postprocess_maskoverlay"] = nothing_kept
    assert (pixels(inpaint().images[0]) == (1, 2, 3)).all()


def test_latents_are_blended_by_the_masks_share_of_them(inpaint, host):
    """64 pixels are 8 latents: the masked half is columns 4 to 7."""
    inpaint()
    ((p, blend, *_), _) = noted(host, "on_mask_blend")[-1]
    assert p.nmask.shape == (4, 8, 8)
    assert p.nmask[0, 0].tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    assert torch.equal(p.mask, 1 - p.nmask)
    assert blend.is_final_blend
    ((_, sampled, *_), _) = noted(host, "post_sample")[0]
    assert torch.equal(sampled.samples[..., :4], p.init_latent[..., :4])
    assert torch.equal(sampled.samples[..., 4:], blend.current_latent[..., 4:])
    assert not torch.allclose(blend.current_latent[..., 4:], p.init_latent[..., 4:], atol=0.1)


@pytest.mark.parametrize(("rounded", "share"), [(True, 0.0), (False, 0.4)])
def test_a_grey_mask_is_rounded_unless_asked_otherwise(inpaint, host, rounded, share):
    """102 of 255 is 0.4."""
    inpaint(mask=Image.new("L", (64, 64), 102), mask_round=rounded)
    ((p, *_), _) = noted(host, "post_sample")[0]
    assert p.nmask.unique().tolist() == pytest.approx([share])


def test_the_blend_of_a_step_is_told_from_the_last(inpaint, host):
    inpaint(sampler_name="Euler", steps=4, denoising_strength=0.5)
    blends = [args[1] for args, _ in noted(host, "on_mask_blend")]
    assert [blend.is_final_blend for blend in blends] == [False] * 3 + [True]
    assert [blend.sigma is None for blend in blends] == [False] * 3 + [True]
    levels = [blend.sigma.item() for blend in blends[:-1]]
    assert levels == sorted(levels, reverse=True)
    for blend in blends:
        assert torch.equal(blend.init_latent, sampled_from(host))


@pytest.mark.parametrize("sampler", ["Euler", "DDIM"])
def test_a_script_may_change_every_blend(inpaint, host, sampler):
    def nothing_drawn(p, blend, *_):
        blend.blended_latent = blend.init_latent

    host.probe.faults["on_mask_blend"] = nothing_drawn
    inpaint(sampler_name=sampler)
    ((_, sampled, *_), _) = noted(host, "post_sample")[0]
    assert torch.equal(sampled.samples, sampled_from(host))
    seen = {"Euler": "cfg_after_cfg", "DDIM": "cfg_denoiser"}[sampler]
    for (params, *_), _ in noted(host, seen):
        assert all(torch.equal(row[None], sampled_from(host)) for row in params.x)


def test_masked_content_original(inpaint, host):
    text = inpaint(inpainting_fill=1).infotexts[0]
    assert torch.allclose(sampled_from(host), encoded(noise()), atol=0.02)
    assert "Masked content" not in text


def test_masked_content_fill_is_the_surroundings(inpaint, host):
    """A square on one colour, masked: what is encoded is that colour alone."""
    plain = Image.new("RGB", (64, 64), (200, 40, 90))
    picture, mask = plain.copy(), Image.new("L", (64, 64))
    picture.paste((0, 0, 255), (16, 16, 48, 48))
    mask.paste(255, (16, 16, 48, 48))
    text = inpaint(init_images=[picture], mask=mask, inpainting_fill=0).infotexts[0]
    assert (sampled_from(host) - encoded(plain)).abs().max() < 0.3
    assert (encoded(picture) - encoded(plain)).abs().max() > 1
    assert "Masked content: fill" in text


def test_masked_content_noise_is_that_of_each_seed(inpaint, host):
    text = inpaint(inpainting_fill=2, batch_size=2, seed=5, init_images=[Image.new("RGB", (64, 64))]).infotexts[0]
    x = sampled_from(host)
    for row, seed in zip(x, (5, 6), strict=True):
        drawn = torch.randn(4, 8, 8, generator=torch.Generator().manual_seed(seed))
        assert torch.equal(row[..., 4:], drawn[..., 4:])
    # Under the filled half the autoencoder looks a little over the edge.
    assert torch.allclose(x[..., :2], encoded(Image.new("RGB", (64, 64)))[..., :2], atol=0.3)
    assert "Masked content: latent noise" in text


def test_masked_content_nothing_is_zero(inpaint, host):
    text = inpaint(inpainting_fill=3).infotexts[0]
    assert (sampled_from(host)[..., 4:] == 0).all()
    assert sampled_from(host)[..., :4].abs().max() > 0.5
    assert "Masked content: latent nothing" in text


@pytest.mark.parametrize(
    ("padding", "paste_to"), [(0, (40, 8, 16, 16)), (8, (32, 0, 32, 32)), (40, (0, 0, 64, 64))], ids=str
)
def test_only_masked_draws_the_region_at_the_size_asked_for(inpaint, host, padding, paste_to):
    """A square of 16 at (40, 8) of 64 x 64: 8 around it fit; 40 are cut to (0, 0)-(64, 64), which is square."""
    mask = Image.new("L", (64, 64))
    mask.paste(255, (40, 8, 56, 24))
    result = inpaint(mask=mask, inpaint_full_res=True, inpaint_full_res_padding=padding, width=96, height=96)
    ((p, *_), _) = noted(host, "post_sample")[0]
    assert p.paste_to == paste_to
    assert sampled_from(host).shape == (1, 4, 12, 12)
    assert f"Inpaint area: Only masked, Masked area padding: {padding}" in result.infotexts[0]
    left, top, width, height = paste_to
    crop = noise().crop((left, top, left + width, top + height)).resize((96, 96), Image.Resampling.LANCZOS)
    assert torch.allclose(sampled_from(host), encoded(crop), atol=0.02)
    differs = (pixels(result.images[0]) != pixels(noise())).any(axis=2)
    assert differs[8:24, 40:56].mean() > 0.9
    differs[8:24, 40:56] = False
    assert not differs.any()


def test_only_masked_with_an_empty_mask_is_img2img(inpaint, draw, host):
    torch.manual_seed(0)  # the autoencoder draws
    masked = inpaint(mask=Image.new("L", (64, 64)), inpaint_full_res=True)
    torch.manual_seed(0)
    plain = draw(init_images=[noise()], denoising_strength=0.9)
    assert np.array_equal(pixels(masked.images[0]), pixels(plain.images[0]))
    assert masked.comments == "The mask is empty: the whole picture was drawn, as by img2img without one.\n"
    assert noted(host, "on_mask_blend") == []


def test_every_picture_of_a_batch_keeps_its_own_original(inpaint):
    originals = [noise(), Image.new("RGB", (64, 64), (10, 200, 30))]
    for init_images, expected in ((originals, originals), (originals[:1], originals[:1] * 2)):
        result = inpaint(init_images=init_images, batch_size=2, n_iter=2 if len(init_images) == 1 else 1)
        for picture, original in zip(result.images, itertools.cycle(expected), strict=False):
            assert np.array_equal(pixels(picture)[:, :32], pixels(original)[:, :32])


def test_a_latent_mask_may_differ_from_the_one_laid_over(inpaint, host):
    result = inpaint(latent_mask=Image.new("L", (64, 64), 255), inpainting_fill=3)
    assert (sampled_from(host) == 0).all()
    assert np.array_equal(pixels(result.images[0])[:, :32], pixels(noise())[:, :32])


@pytest.mark.parametrize(
    ("fields", "across", "down", "text"),
    [
        ({"mask_blur": None}, 4, 4, ", Mask blur: 4"),
        ({"mask_blur": 3}, 3, 3, ", Mask blur: 3"),
        ({"mask_blur_x": 1, "mask_blur": None}, 1, 4, ""),
        ({"mask_blur_x": 1, "mask_blur_y": 2, "mask_blur": 7}, 7, 7, ", Mask blur: 7"),
        ({"mask_blur": 0}, 0, 0, ""),
    ],
)
def test_mask_blur_is_that_of_both_directions(inpaint, host, fields, across, down, text):
    result = inpaint(**fields)
    ((p, *_), _) = noted(host, "post_sample")[0]
    assert (p.mask_blur_x, p.mask_blur_y) == (across, down)
    assert p.mask_blur == (across if across == down else None)
    assert f"Denoising strength: 0.9{text}, Version" in result.infotexts[0]


def test_mask_mode_is_in_the_infotext(inpaint):
    assert "Mask mode: Inpaint not masked" in inpaint(inpainting_mask_invert=1).infotexts[0]
    assert "Mask mode" not in inpaint().infotexts[0]


@pytest.mark.parametrize("mode", [0, 1, 2, 3])
def test_the_mask_is_resized_with_the_picture(inpaint, host, mode):
    """A picture of 96 x 48 for one of 64 x 72; of its right half, 2/3 as wide, half is drawn in every mode."""
    wide = {"init_images": [noise(96, 48)], "mask": right_half(96, 48)}
    (picture,) = inpaint(**wide, resize_mode=mode, width=64, height=72).images
    ((p, *_), _) = noted(host, "post_sample")[0]
    assert p.nmask[0, 4].tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    # Enlarged as latents, the picture is laid over at its own size.
    assert p.overlay_images[0].size == ((96, 48) if mode == 3 else (64, 72))
    assert picture.size == (64, 72)
