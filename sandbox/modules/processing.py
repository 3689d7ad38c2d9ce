"""Generation: the loop over batches.

The order in which scripts are called, the caching of conds, and what becomes of an interrupt or an
error are the WebUI's. Left out, and refused in words: refiner, tiling, face restoration, a hires
pass by other than latent upscalers.
"""

import random

import torch
from modules import comments, extra_networks, images, masking, rng, scripts, sd_models, sd_samplers, shared
from modules.masking import create_binary_mask, uncrop  # noqa: F401
from modules.processing_base import StableDiffusionProcessing, UnsupportedError, opt_C, opt_f  # noqa: F401
from modules.processing_img2img import StableDiffusionProcessingImg2Img  # noqa: F401
from modules.processing_results import Processed, create_infotext, program_version  # noqa: F401
from modules.processing_txt2img import StableDiffusionProcessingTxt2Img  # noqa: F401
from modules.sd_hijack import model_hijack
from modules.sd_samplers_common import DecodedSamples, decode_latent_batch  # noqa: F401
from modules.shared import opts, state
from PIL import Image


def get_fixed_seed(seed) -> int | list[int]:
    """A number for a seed that is missing, empty, no number, or -1."""
    try:
        seed = int(seed) if isinstance(seed, str) else seed
    except ValueError:
        seed = -1
    return random.randrange(4294967294) if seed in (None, -1) else seed


def fix_seed(p):
    """Give p a seed and a subseed."""
    p.seed = get_fixed_seed(p.seed)
    p.subseed = get_fixed_seed(p.subseed)


def process_images(p: StableDiffusionProcessing) -> Processed:
    """Generate what p asks for, with p.override_settings in force meanwhile."""
    if p.scripts is not None:
        p.scripts.before_process(p)
    stored = {k: opts.data[k] for k in p.override_settings if k in opts.data}
    try:
        wanted = p.override_settings.get("sd_model_checkpoint")
        if sd_models.checkpoint_aliases.get(wanted) is None:
            p.override_settings.pop("sd_model_checkpoint", None)
        for key, value in p.override_settings.items():
            opts.set(key, value, is_api=True, run_callbacks=False)
        sd_samplers.fix_p_invalid_sampler_and_scheduler(p)
        return process_images_inner(p)
    finally:
        if p.override_settings_restore_afterwards:
            opts.data.update(stored)


def process_images_inner(p: StableDiffusionProcessing) -> Processed:
    """The loop over batches; an error ends it, and then p.scripts.postprocess is not called."""
    p.refuse_unsupported()
    p.restore_faces, p.tiling = bool(p.restore_faces), bool(p.tiling)
    seed, subseed = get_fixed_seed(p.seed), get_fixed_seed(p.subseed)
    p.sd_model_name = shared.sd_model.sd_checkpoint_info.name_for_extra
    p.sd_model_hash = shared.sd_model.sd_model_hash
    model_hijack.clear_comments()
    p.fill_fields_from_opts()
    p.setup_prompts()
    count = range(len(p.all_prompts))
    varied = p.subseed_strength != 0
    p.all_seeds = seed if isinstance(seed, list) else [int(seed) + (0 if varied else i) for i in count]
    p.all_subseeds = subseed if isinstance(subseed, list) else [int(subseed) + i for i in count]
    if p.scripts is not None:
        comments.take_out(p)
        p.scripts.process(p)

    infotexts: list[str] = []
    output_images: list[Image.Image] = []
    with torch.no_grad(), p.sd_model.ema_scope():
        p.init(p.all_prompts, p.all_seeds, p.all_subseeds)
        if state.job_count == -1:
            state.job_count = p.n_iter
        for n in range(p.n_iter):
            p.iteration = n
            state.skipped = False
            if state.interrupted or state.stopping_generation:
                break
            if not _start_batch(p, n):
                break
            for image, text in _finish_batch(p, n, _sample_batch(p)):
                output_images.append(image)
                infotexts.append(text)
        if not infotexts:
            infotexts.append(Processed(p, []).infotext(p, 0))
        index_of_first_image = _add_grid(p, output_images, infotexts)

    if not p.disable_extra_networks and p.extra_network_data:
        extra_networks.deactivate(p, p.extra_network_data)
    res = Processed(
        p,
        images_list=output_images,
        seed=p.all_seeds[0],
        info=infotexts[0],
        subseed=p.all_subseeds[0],
        index_of_first_image=index_of_first_image,
        infotexts=infotexts,
    )
    if p.scripts is not None:
        p.scripts.postprocess(p, res)
    return res


def _take_batch(p, n: int) -> None:
    """Set p.prompts and the like to those of batch n."""
    of_batch = slice(n * p.batch_size, (n + 1) * p.batch_size)
    p.prompts, p.negative_prompts = p.all_prompts[of_batch], p.all_negative_prompts[of_batch]
    p.seeds, p.subseeds = p.all_seeds[of_batch], p.all_subseeds[of_batch]


def _start_batch(p, n: int) -> bool:
    """All of batch n up to sampling; false if a script left it no prompt."""
    _take_batch(p, n)
    p.rng = rng.ImageRNG(
        (opt_C, p.height // opt_f, p.width // opt_f),
        p.seeds,
        subseeds=p.subseeds,
        subseed_strength=p.subseed_strength,
        seed_resize_from_h=p.seed_resize_from_h,
        seed_resize_from_w=p.seed_resize_from_w,
    )
    batch = {"batch_number": n, "prompts": p.prompts, "seeds": p.seeds, "subseeds": p.subseeds}
    if p.scripts is not None:
        p.scripts.before_process_batch(p, **batch)
    if len(p.prompts) == 0:
        return False
    p.parse_extra_network_prompts()
    if not p.disable_extra_networks:
        extra_networks.activate(p, p.extra_network_data)
    if p.scripts is not None:
        p.scripts.process_batch(p, **{**batch, "prompts": p.prompts, "seeds": p.seeds, "subseeds": p.subseeds})
    p.setup_conds()
    p.extra_generation_params.update(model_hijack.extra_generation_params)
    for comment in model_hijack.comments:
        p.comment(comment)
    if p.n_iter > 1:
        state.job = f"Batch {n + 1} out of {p.n_iter}"
    return True


def _sample_batch(p) -> torch.Tensor:
    """Pictures of the batch, (batch, 3, H, W) from 0 to 1."""
    samples = p.sample(
        conditioning=p.c,
        unconditional_conditioning=p.uc,
        seeds=p.seeds,
        subseeds=p.subseeds,
        subseed_strength=p.subseed_strength,
        prompts=p.prompts,
    )
    if p.scripts is not None:
        ps = scripts.PostSampleArgs(samples)
        p.scripts.post_sample(p, ps)
        samples = ps.samples
    if not getattr(samples, "already_decoded", False):
        samples = decode_latent_batch(p.sd_model, samples, check_for_nans=True)
    return torch.clamp((torch.stack(samples) + 1.0) / 2.0, min=0.0, max=1.0)


def _finish_batch(p, n: int, x_samples):
    """[(picture, infotext), …] of batch n."""
    state.nextjob()
    if p.scripts is not None:
        p.scripts.postprocess_batch(p, x_samples, batch_number=n)
        of_batch = slice(n * p.batch_size, (n + 1) * p.batch_size)
        p.prompts, p.negative_prompts = p.all_prompts[of_batch], p.all_negative_prompts[of_batch]
        batch_params = scripts.PostprocessBatchListArgs(list(x_samples))
        p.scripts.postprocess_batch_list(p, batch_params, batch_number=n)
        x_samples = batch_params.images
    finished = []
    for i, x_sample in enumerate(x_samples):
        p.batch_index = i
        image = _finish_image(p, i, images.from_tensor(x_sample))
        text = create_infotext(p, p.prompts, p.seeds, p.subseeds, index=i, all_negative_prompts=p.negative_prompts)
        if opts.enable_pnginfo:
            image.info["parameters"] = text
        finished.append((image, text))
    return finished


def _finish_image(p, i: int, image: Image.Image) -> Image.Image:
    """Picture i of the batch as the scripts leave it, with the original over what an inpainting mask keeps."""
    overlays = p.overlay_images if opts.overlay_inpaint and p.overlay_images else []
    overlay = scripts.PostProcessMaskOverlayArgs(
        i, getattr(p, "mask_for_overlay", None), overlays[i] if i < len(overlays) else None
    )
    pp = scripts.PostprocessImageArgs(image)
    if p.scripts is not None:
        p.scripts.postprocess_image(p, pp)
        p.scripts.postprocess_maskoverlay(p, overlay)
    pp = scripts.PostprocessImageArgs(masking.composite(pp.image, p.paste_to, overlay.overlay_image))
    if p.scripts is not None:
        p.scripts.postprocess_image_after_composite(p, pp)
    return pp.image


def _add_grid(p, output_images: list, infotexts: list[str]) -> int:
    """Put a grid before the pictures where one is wanted; index of the first picture."""
    alone = len(output_images) < 2 and opts.grid_only_if_multiple
    if not opts.return_grid or p.do_not_save_grid or alone or not output_images:
        return 0
    grid = images.image_grid(output_images, p.batch_size)
    text = create_infotext(p, p.prompts, p.seeds, p.subseeds, use_main_prompt=True)
    if opts.enable_pnginfo:
        grid.info["parameters"] = text
    output_images.insert(0, grid)
    infotexts.insert(0, text)
    return 1
