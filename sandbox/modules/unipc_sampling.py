"""UniPC: Zhao et al. 2023, "UniPC: A Unified Predictor-Corrector Framework", arXiv 2302.04867.

The multistep form for denoised latents, of third order with B(h) = h, over evenly spaced times, with a lower order in
the last steps: the WebUI's defaults, the only ones here.
"""

import math

import torch

ORDER = 3


class _Schedule:
    """The model's alphas at any time from 1 / 1000 to 1, in between by a straight line in log alpha."""

    def __init__(self, alphas_cumprod):
        self._log_alphas = alphas_cumprod.double().log() / 2

    def __call__(self, time):
        """(alpha, sigma) with x = alpha · x0 + sigma · noise."""
        place = min(max(time * len(self._log_alphas) - 1, 0.0), len(self._log_alphas) - 1.0)
        low = min(int(place), len(self._log_alphas) - 2)
        log_alpha = torch.lerp(self._log_alphas[low], self._log_alphas[low + 1], place - low).item()
        return math.exp(log_alpha), math.sqrt(-math.expm1(2 * log_alpha))


class _Known:
    """What is known at a time: half the logarithm of the signal-to-noise ratio, and the denoised latents."""

    def __init__(self, level, denoised):
        alpha, sigma = level
        self.sigma = sigma
        self.log_snr = math.log(alpha / sigma)
        self.denoised = denoised


def _moments(h, count):
    """(count,): n! · phi_{n+1}(-h), n from 1; phi_1(z) = (exp(z) - 1) / z, phi_{n+1}(z) = (phi_n(z) - 1 / n!) / z."""
    phi = -math.expm1(-h) / h
    moments = []
    for n in range(1, count + 1):
        phi = (phi - 1 / math.factorial(n)) / -h
        moments.append(math.factorial(n) * phi)
    return torch.tensor(moments, dtype=torch.float64)


def _weights(places, h):
    """Weights of differences from the newest latents at `places`, shares of h, that match as many moments."""
    if len(places) == 1:
        return [0.5]  # any weight has the order; this one is the paper's
    rows = torch.tensor([[place**n for place in places] for n in range(len(places))], dtype=torch.float64)
    return torch.linalg.solve(rows, _moments(h, len(places))).tolist()


def _update(x, past, level, denoise):
    """(x at a level, denoised latents there) from what is known, the newest first; without `denoise` only predicted."""
    newest, *older = past
    alpha, sigma = level
    h = math.log(alpha / sigma) - newest.log_snr
    places = [(each.log_snr - newest.log_snr) / h for each in older]
    slopes = [(each.denoised - newest.denoised) / place for each, place in zip(older, places, strict=True)]
    plain = sigma / newest.sigma * x - alpha * math.expm1(-h) * newest.denoised

    def moved(weights, slopes):
        return plain + alpha * h * sum(weight * slope for weight, slope in zip(weights, slopes, strict=True))

    x = moved(_weights(places, h), slopes) if older else plain
    if denoise is None:
        return x, None
    denoised = denoise(x)
    return moved(_weights([*places, 1.0], h), [*slopes, denoised - newest.denoised]), denoised


@torch.no_grad()
def unipc(model, x, timesteps, extra_args, callback, noise, is_img2img=False):
    """Latents from the highest of the ascending timesteps, or from time 1 in txt2img, down to time 1 / 1000.

    It makes as many steps as there are timesteps, and a model call in each, for its beginning.
    """
    schedule = _Schedule(model.inner_model.inner_model.alphas_cumprod)
    steps = len(timesteps)
    if steps < ORDER:
        raise ValueError(f"UniPC makes at least {ORDER} steps, and was asked for {steps}: ask for more")
    start = (timesteps[-1].item() + 1) / 1000 if is_img2img else 1.0
    times = torch.linspace(start, 1 / 1000, steps + 1, dtype=torch.float64).tolist()

    def denoise_at(time):
        alpha, sigma = schedule(time)
        timestep = (time - 1 / 1000) * 1000
        return lambda x: (x - sigma * model(x, timestep * x.new_ones(x.shape[0]), **extra_args)) / alpha

    past = [_Known(schedule(times[0]), denoise_at(times[0])(x))]
    for i, time in enumerate(times[1:]):
        order = min(ORDER, i + 1, steps - i)
        level = schedule(time)
        x, denoised = _update(x, past[:order], level, denoise_at(time) if i + 1 < steps else None)
        callback({"x": x, "i": i, "sigma": 0, "sigma_hat": 0, "denoised": denoised})
        past = [_Known(level, denoised), *past][:ORDER]
    return x
