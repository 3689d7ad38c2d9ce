"""DDIM: Song et al., "Denoising Diffusion Implicit Models", arXiv 2010.02502, equations 12 and 16."""

import torch


@torch.no_grad()
def ddim(model, x, timesteps, extra_args, callback, noise, eta=0.0):
    """Latents (batch, 4, h, w) from noise, down the ascending `timesteps`; the lowest one takes no step."""
    alphas_cumprod = model.inner_model.inner_model.alphas_cumprod
    alphas = alphas_cumprod[timesteps].double()
    alphas_before = alphas_cumprod[torch.nn.functional.pad(timesteps[:-1], pad=(1, 0))].double()
    sigmas = eta * ((1 - alphas_before) / (1 - alphas) * (1 - alphas / alphas_before)) ** 0.5
    ones = x.new_ones(x.shape[0])
    for i, index in enumerate(range(len(timesteps) - 1, 0, -1)):
        eps = model(x, timesteps[index].item() * ones, **extra_args)
        alpha, alpha_before = alphas[index].item(), alphas_before[index].item()
        sigma = sigmas[index].item()
        x0 = (x - (1 - alpha) ** 0.5 * eps) / alpha**0.5
        towards = (1.0 - alpha_before - sigma**2) ** 0.5 * eps
        x = alpha_before**0.5 * x0 + towards + sigma * noise()
        callback({"x": x, "i": i, "sigma": 0, "sigma_hat": 0, "denoised": x0})
    return x
