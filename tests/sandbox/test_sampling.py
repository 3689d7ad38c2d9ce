"""Samplers and schedules against a model whose exact answer is known.

For pictures drawn from a normal distribution of variance 1 the best denoiser is D(x) = x / (1 + sigma²),
the probability-flow ODE keeps x / sqrt(1 + sigma²) constant, and the noise in x is
eps(x, t) = x · sqrt(1 - alpha_t) for every timestep t.
"""

import math
from types import SimpleNamespace

import pytest
import torch

import sandbox  # noqa: F401 - puts the sandbox's modules on the path

torch.manual_seed(0)
START = torch.randn(2, 4, 4, 4)


def denoiser(x, sigma):
    return x / (1 + sigma[:, None, None, None] ** 2)


def run(name, steps, noise=lambda *_: torch.zeros_like(START), **kwargs):
    from modules import k_sampling, k_sampling_sde, sd_schedulers

    sigmas = sd_schedulers.karras(steps, 0.03, 15.0)
    seen = []
    x = START * math.sqrt(1 + 15.0**2)
    module = k_sampling_sde if "sde" in name else k_sampling
    x = getattr(module, name)(
        denoiser, x, sigmas, extra_args={}, callback=lambda d: seen.append(d["i"]), noise=noise, **kwargs
    )
    assert seen == list(range(steps))
    return x


def error(name, steps, **kwargs):
    """That of all steps but the last one to level 0, which gives the denoised latents in all samplers but LMS."""
    exact = START if name == "sample_lms" else START / math.sqrt(1 + 0.03**2)
    return ((run(name, steps, **kwargs) - exact).norm() / exact.norm()).item()


@pytest.mark.parametrize(
    ("name", "order", "at_32"),
    [
        ("sample_euler", 1, 0.15),
        ("sample_heun", 2, 0.01),
        ("sample_dpmpp_2m", 2, 0.01),
        ("sample_dpm_2", 2, 0.01),
        ("sample_dpmpp_2s_ancestral", 2, 0.01),
        ("sample_lms", 3, 0.01),
        ("sample_dpmpp_sde", 2, 0.01),
        ("sample_dpmpp_2m_sde", 2, 0.01),
        ("sample_dpmpp_3m_sde", 2, 0.01),
    ],
)
def test_samplers_converge_on_the_exact_solution_at_their_order(name, order, at_32):
    """Those that add noise do without it. LMS loses an order in its first steps, 3M in all of its paper's steps."""
    without = {"eta": 0.0} if "ancestral" in name or "sde" in name else {}
    coarse, fine = error(name, 32, **without), error(name, 64, **without)
    assert coarse < at_32
    assert coarse / fine > 2**order * 0.7


@pytest.mark.parametrize(
    ("ancestral", "plain"), [("sample_euler_ancestral", "sample_euler"), ("sample_dpm_2_ancestral", "sample_dpm_2")]
)
def test_ancestral_without_noise_is_the_plain_one(ancestral, plain):
    assert torch.allclose(run(ancestral, 8, eta=0.0), run(plain, 8), atol=1e-6)


@pytest.mark.parametrize("name", ["sample_euler_ancestral", "sample_dpm_2_ancestral", "sample_dpmpp_2s_ancestral"])
def test_ancestral_noise_keeps_the_distribution(name):
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(64, 4, 8, 8, generator=generator) * math.sqrt(1 + 15.0**2)
    from modules import k_sampling, sd_schedulers

    x = getattr(k_sampling, name)(
        denoiser,
        x,
        sd_schedulers.karras(60, 0.03, 15.0),
        extra_args={},
        callback=lambda d: None,
        noise=lambda: torch.randn(x.shape, generator=generator),
    )
    assert x.std().item() == pytest.approx(1.0, abs=0.08)


@pytest.mark.parametrize("name", ["sample_dpmpp_sde", "sample_dpmpp_2m_sde", "sample_dpmpp_3m_sde"])
def test_brownian_noise_keeps_the_distribution(name):
    from modules import k_sampling_sde, sd_schedulers

    generator = torch.Generator().manual_seed(1)
    x = torch.randn(16, 4, 16, 16, generator=generator) * math.sqrt(1 + 15.0**2)
    sigmas = sd_schedulers.karras(30, 0.03, 15.0)
    noise = k_sampling_sde.BrownianNoise(x, sigmas[-2], sigmas[0], range(16))
    x = getattr(k_sampling_sde, name)(denoiser, x, sigmas, {}, lambda d: None, noise)
    assert x.std().item() == pytest.approx(1.0, abs=0.08)


def test_brownian_noise_is_that_of_its_seed_and_its_stretch():
    from modules.k_sampling_sde import BrownianNoise

    low, middle, high = torch.tensor([0.1, 2.0, 15.0])
    batch, alone = (BrownianNoise(START[:n], low, high, seeds) for n, seeds in ((2, [7, 8]), (1, [8])))
    assert torch.equal(batch(high, low)[1], alone(high, low)[0])
    parts = [batch(a, b) * (a - b) ** 0.5 for a, b in ((high, middle), (middle, low))]
    assert torch.allclose(sum(parts), batch(high, low) * (high - low) ** 0.5, atol=1e-4)
    assert not torch.allclose(batch(high, low)[0], batch(high, low)[1], atol=0.1)
    larger = BrownianNoise(torch.zeros(1, 4, 64, 64), low, high, [3])
    assert larger(high, middle).std().item() == pytest.approx(1.0, abs=0.03)


def test_consistency_sampling_ends_on_the_denoised_latents():
    draws = iter(torch.randn(100, *START.shape, generator=torch.Generator().manual_seed(2)))
    seen = []
    from modules import k_sampling, sd_schedulers

    x = k_sampling.sample_lcm(
        denoiser, START * 15, sd_schedulers.karras(4, 0.03, 15.0), {}, seen.append, lambda: next(draws)
    )
    assert torch.equal(x, seen[-1]["denoised"])
    assert len(list(draws)) == 97  # no noise behind the last level


def test_churn_adds_noise_only_within_its_range():
    draws = iter(torch.randn(100, *START.shape, generator=torch.Generator().manual_seed(2)))
    noise = lambda: next(draws)  # noqa: E731
    plain = run("sample_euler", 8)
    assert torch.equal(run("sample_euler", 8, noise=noise, s_churn=4.0, s_tmin=20.0), plain)
    assert not torch.allclose(run("sample_euler", 8, noise=noise, s_churn=4.0), plain, atol=1e-2)


def over_timesteps(name, steps, noise=None, x=START, **kwargs):
    from ldm.modules.diffusionmodules.util import make_beta_schedule
    from modules import ddim_sampling, unipc_sampling

    betas = make_beta_schedule("linear", 1000, linear_start=0.00085, linear_end=0.012)
    alphas = torch.cumprod(1 - torch.as_tensor(betas, dtype=torch.float64), 0).float()

    def model(x, t):
        model.calls += 1
        model.last_noise_uncond = x * (1 - alphas[t[0].round().int()]).sqrt()
        return model.last_noise_uncond

    model.calls = 0
    model.inner_model = SimpleNamespace(inner_model=SimpleNamespace(alphas_cumprod=alphas))
    timesteps = torch.arange(0, 1000, 1000 // steps) + 1
    module = unipc_sampling if name == "unipc" else ddim_sampling
    out = getattr(module, name)(
        model, x, timesteps, {}, lambda d: None, noise or (lambda: torch.zeros_like(x)), **kwargs
    )
    assert model.calls == steps - (name.startswith("ddim"))
    return out


@pytest.mark.parametrize("name", ["ddim", "ddim_cfgpp", "plms", "unipc"])
def test_samplers_over_timesteps_keep_what_needs_no_change(name):
    coarse, fine = ((over_timesteps(name, n) - START).norm() / START.norm() for n in (25, 100))
    assert fine < 0.03
    assert coarse / fine > 3


@pytest.mark.parametrize("name", ["ddim", "ddim_cfgpp"])
def test_ddim_with_noise_keeps_the_distribution(name):
    generator = torch.Generator().manual_seed(3)
    x = torch.randn(64, 4, 8, 8, generator=generator)
    out = over_timesteps(name, 100, lambda: torch.randn(x.shape, generator=generator), x, eta=1.0)
    assert out.std().item() == pytest.approx(1.0, abs=0.05)


def test_unipc_refuses_fewer_steps_than_its_order():
    with pytest.raises(ValueError, match="at least 3 steps"):
        over_timesteps("unipc", 2)


def test_levels_and_timesteps_are_inverse(host):
    from modules.k_denoiser import CompVisDenoiser

    wrap = CompVisDenoiser(host.shared.sd_model)
    assert wrap.sigma_min.item() == pytest.approx(0.0292, abs=1e-4)
    assert wrap.sigma_max.item() == pytest.approx(14.6146, abs=1e-3)
    t = torch.tensor([0.0, 0.5, 412.25, 998.9, 999.0])
    assert torch.allclose(wrap.sigma_to_t(wrap.t_to_sigma(t)), t, atol=0.02)
    sigmas = wrap.get_sigmas(4)
    assert sigmas.shape == (5,)
    assert torch.allclose(sigmas[[0, -2]], wrap.sigmas[[-1, 0]], rtol=1e-5)
    assert sigmas[-1] == 0
    wrap.quantize = True
    assert wrap.sigma_to_t(wrap.t_to_sigma(torch.tensor([412.4]))).item() == 412


def test_schedules_go_from_max_to_min_to_zero(host):
    from modules import sd_schedulers
    from modules.k_denoiser import CompVisDenoiser

    wrap = CompVisDenoiser(host.shared.sd_model)
    for scheduler in sd_schedulers.schedulers[1:]:
        more = {"inner_model": wrap} if scheduler.need_inner_model else {}
        sigmas = scheduler.function(6, wrap.sigma_min.item(), wrap.sigma_max.item(), **more)
        assert sigmas.shape == (7,)
        assert (sigmas.diff() < 0).all()
        assert torch.allclose(sigmas[[0, -2]], wrap.sigmas[[-1, 0]], rtol=1e-4)


def test_a_picture_is_the_same_alone_and_in_a_batch():
    from modules.rng import ImageRNG

    batch, alone = ImageRNG((4, 3, 5), [7, 8]), ImageRNG((4, 3, 5), [8])
    for _ in range(3):
        assert torch.equal(batch.next()[1], alone.next()[0])
    assert torch.equal(ImageRNG((4, 3, 5), [7]).next()[0], torch.randn(4, 3, 5, generator=torch.manual_seed(7)))


def test_variation_seeds_and_other_sizes(host):
    from modules.rng import ImageRNG

    low, high = ImageRNG((4, 8, 8), [1]).next(), ImageRNG((4, 8, 8), [2]).next()
    between = lambda s: ImageRNG((4, 8, 8), [1], subseeds=[2], subseed_strength=s).next()  # noqa: E731
    assert torch.allclose(between(1.0), high, atol=1e-5)
    assert 0.3 < torch.nn.functional.cosine_similarity(between(0.5).flatten(), low.flatten(), 0) < 0.95
    smaller = ImageRNG((4, 4, 6), [1]).next()
    centred = ImageRNG((4, 8, 8), [1], seed_resize_from_h=32, seed_resize_from_w=48).next()
    assert torch.equal(centred[:, :, 2:6, 1:7], smaller)
    larger = ImageRNG((4, 8, 8), [1]).next()
    cropped = ImageRNG((4, 4, 6), [1], seed_resize_from_h=64, seed_resize_from_w=64).next()
    assert torch.equal(cropped, larger[:, :, 2:6, 1:7])
    host.shared.opts.randn_source = "NV"
    with pytest.raises(NotImplementedError, match="randn_source"):
        ImageRNG((4, 8, 8), [1])


@pytest.mark.parametrize(
    ("sampler", "schedule", "found"),
    [
        (None, None, ("DPM++ 2M", "Automatic")),
        ("Euler a", None, ("Euler a", "Automatic")),
        ("DPM++ 2M Karras", None, ("DPM++ 2M", "Automatic")),
        ("Euler a Karras", None, ("Euler a", "Karras")),
        ("Euler", "exponential", ("Euler", "Exponential")),
        ("nonsense", "nonsense", ("DPM++ 2M", "Automatic")),
    ],
)
def test_sampler_names(sampler, schedule, found):
    from modules import sd_samplers

    assert sd_samplers.get_sampler_and_scheduler(sampler, schedule) == found


def test_img2img_steps(host):
    from modules.sd_samplers_common import setup_img2img_steps

    p = SimpleNamespace(steps=20, denoising_strength=0.5)
    assert setup_img2img_steps(p) == (20, 10)
    assert setup_img2img_steps(p, steps=8) == (16, 7)
    host.shared.opts.img2img_fix_steps = True
    assert setup_img2img_steps(p) == (40, 19)
