"""Classifier-free guidance: one denoising step on cond and uncond, with the scripts' callbacks around it."""

import torch
from modules import prompt_parser, sd_samplers_common, shared
from modules.script_callbacks import (
    AfterCFGCallbackParams,
    CFGDenoisedParams,
    CFGDenoiserParams,
    cfg_after_cfg_callback,
    cfg_denoised_callback,
    cfg_denoiser_callback,
)
from modules.shared import opts, state


class CFGDenoiser(torch.nn.Module):
    """What a sampler calls in place of the model. No edit models, no refiner."""

    def __init__(self, sampler):
        super().__init__()
        self.sampler = sampler
        self.model_wrap = None
        self.p = None
        self.steps = None
        """steps that the user asked for"""
        self.total_steps = None
        """calls of this object that the sampler will make"""
        self.step = 0
        self.mask = self.nmask = self.init_latent = None
        self.mask_before_denoising = False
        """whether the original goes into what is to be denoised, where it stays, or into what comes out"""
        self.image_cfg_scale = None
        self.cond_scale_miltiplier = 1.0
        self.need_last_noise_uncond = False
        self.last_noise_uncond = None
        """what the model gives without guidance, (images, 4, h, w), where a sampler needs it"""
        self.padded_cond_uncond = False
        self.padded_cond_uncond_v0 = False

    @property
    def inner_model(self):
        """The model behind the sampler's own parametrisation; made on first use."""
        raise NotImplementedError

    def get_pred_x0(self, x_in, x_out, sigma):
        """The picture that `inner_model`'s output x_out stands for."""
        return x_out

    def update_inner_model(self):
        """Take model and conditioning from p again, after p changed them."""
        self.model_wrap = None
        c, uc = self.p.get_conds()
        self.sampler.sampler_extra_args["cond"] = c
        self.sampler.sampler_extra_args["uncond"] = uc

    def combine_denoised(self, x_out, conds_list, uncond, cond_scale):
        """uncond + scale · Σ weight · (cond - uncond), for every image; its last rows are the uncond ones."""
        denoised_uncond = x_out[-uncond.shape[0] :]
        denoised = denoised_uncond.clone()
        for i, conds in enumerate(conds_list):
            for row, weight in conds:
                denoised[i] += (x_out[row] - denoised_uncond[i]) * (weight * cond_scale)
        return denoised

    def pad_cond_uncond(self, cond, uncond):
        """Lengthen the shorter one by empty chunks."""
        empty = shared.sd_model.cond_stage_model_empty_prompt
        chunks = (cond.shape[1] - uncond.shape[1]) // empty.shape[1]
        self.padded_cond_uncond = chunks != 0
        pad = lambda x, n: torch.cat([x, empty.repeat(x.shape[0], n, 1)], dim=1)  # noqa: E731
        return (pad(cond, -chunks), uncond) if chunks < 0 else (cond, pad(uncond, chunks))

    def pad_cond_uncond_v0(self, cond, uncond):
        """Make uncond as long as cond: repeat its last token, or cut it off."""
        self.padded_cond_uncond_v0 = True
        missing = cond.shape[1] - uncond.shape[1]
        if missing > 0:
            return cond, torch.cat([uncond, uncond[:, -1:].repeat(1, missing, 1)], dim=1)
        return cond, uncond[:, : cond.shape[1]]

    def _skips_uncond(self, sigma, s_min_uncond) -> bool:
        """Whether this step goes without uncond; says so in the infotext."""
        info = self.p.extra_generation_params
        if opts.skip_early_cond != 0.0 and self.step / self.total_steps <= opts.skip_early_cond:
            info["Skip Early CFG"] = opts.skip_early_cond
            return True
        if (self.step % 2 or opts.s_min_uncond_all) and s_min_uncond > 0 and sigma[0] < s_min_uncond:
            info["NGMS"] = s_min_uncond
            if opts.s_min_uncond_all:
                info["NGMS all steps"] = True
            return True
        return False

    def _run_model(self, x, sigma, image_cond, tensor, uncond, images: int):
        """The model on all rows: in one call, in calls of `images` rows, or cond and uncond apart.

        uncond is None where it is skipped; then there are no rows for it either.
        """

        def call(rows: slice, text):
            cond = {"c_crossattn": [text], "c_concat": [image_cond[rows]]}
            x_out[rows] = self.inner_model(x[rows], sigma[rows], cond=cond)

        x_out = torch.zeros_like(x)
        if uncond is None or tensor.shape[1] == uncond.shape[1]:
            text = tensor if uncond is None else torch.cat([tensor, uncond])
            step = len(x) if opts.batch_cond_uncond else images
            for a in range(0, len(x), step):
                rows = slice(a, min(a + step, len(x)))
                call(rows, text[rows])
        else:
            step = images * 2 if opts.batch_cond_uncond else images
            for a in range(0, len(tensor), step):
                rows = slice(a, min(a + step, len(tensor)))
                call(rows, tensor[rows])
            call(slice(len(x) - len(uncond), len(x)), uncond)
        return x_out

    def _blended(self, latent, sigma):
        """The latent with the original where the inpainting mask keeps it."""
        if self.mask is None:
            return latent
        return sd_samplers_common.blend_masked(
            self.p, latent, self.init_latent, self.mask, self.nmask, denoiser=self, sigma=sigma
        )

    def forward(self, x, sigma, uncond, cond, cond_scale, s_min_uncond, image_cond):
        """Denoised latents (images, 4, h, w) of x at level, or timestep, sigma (images,)."""
        if state.interrupted or state.skipped:
            raise sd_samplers_common.InterruptedException

        conds_list, tensor = prompt_parser.reconstruct_multicond_batch(cond, self.step)
        uncond = prompt_parser.reconstruct_cond_batch(uncond, self.step)
        if self.mask_before_denoising:
            x = self._blended(x, sigma)
        images = len(conds_list)
        repeats = torch.tensor([len(rows) for rows in conds_list])
        doubled = lambda t: torch.cat([t.repeat_interleave(repeats, dim=0), t])  # noqa: E731

        params = CFGDenoiserParams(
            doubled(x),
            doubled(image_cond),
            doubled(sigma),
            state.sampling_step,
            state.sampling_steps,
            tensor,
            uncond,
            self,
        )
        cfg_denoiser_callback(params)
        x_in, sigma_in, image_cond_in = params.x, params.sigma, params.image_cond
        tensor, uncond = params.text_cond, params.text_uncond

        skip_uncond = self._skips_uncond(sigma, s_min_uncond)
        if skip_uncond:
            x_in, sigma_in = x_in[:-images], sigma_in[:-images]
        self.padded_cond_uncond = self.padded_cond_uncond_v0 = False
        if tensor.shape[1] != uncond.shape[1]:
            if opts.pad_cond_uncond_v0:
                tensor, uncond = self.pad_cond_uncond_v0(tensor, uncond)
            elif opts.pad_cond_uncond:
                tensor, uncond = self.pad_cond_uncond(tensor, uncond)

        x_out = self._run_model(x_in, sigma_in, image_cond_in, tensor, None if skip_uncond else uncond, images)
        first_rows = [rows[0][0] for rows in conds_list]
        if skip_uncond:
            x_out = torch.cat([x_out, x_out[first_rows]])

        denoised_params = CFGDenoisedParams(x_out, state.sampling_step, state.sampling_steps, self.inner_model)
        cfg_denoised_callback(denoised_params)
        if self.need_last_noise_uncond:
            self.last_noise_uncond = x_out[-images:].clone()
        scale = 1.0 if skip_uncond else cond_scale * self.cond_scale_miltiplier
        denoised = self.combine_denoised(x_out, conds_list, uncond, scale)
        if not self.mask_before_denoising:
            denoised = self._blended(denoised, sigma)

        self.sampler.last_latent = self.get_pred_x0(x_in[first_rows], x_out[first_rows], sigma)
        sd_samplers_common.store_latent(self.sampler.last_latent)

        after = AfterCFGCallbackParams(denoised, state.sampling_step, state.sampling_steps)
        cfg_after_cfg_callback(after)
        self.step += 1
        return after.x
