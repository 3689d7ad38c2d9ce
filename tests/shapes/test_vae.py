"""The hand-set autoencoder against the plain arithmetic that it stands for."""

import pytest
import torch
from torch.nn.functional import interpolate

from sandbox.shapes.model import RGB_SCALE, SCALE_FACTOR
from sandbox.shapes.vae import ShapesVae, split
from tests.shapes.arithmetic import average, smooth


@pytest.fixture(scope="module")
def vae():
    return ShapesVae()


@pytest.fixture(scope="module")
def half_vae():
    """The same with its weights rounded to float16."""
    half = ShapesVae()
    half.load_state_dict({k: v.half().float() for k, v in half.state_dict().items()})
    return half


@pytest.fixture(scope="module")
def picture():
    """RGB (2, 3, 64, 96) in [-1, 1] with hard edges and full contrast."""
    blocks = torch.rand(2, 3, 8, 12, generator=torch.Generator().manual_seed(0))
    return interpolate((blocks > 0.5).float() * 2 - 1, scale_factor=8) * torch.linspace(0.6, 1.0, 96)


@torch.no_grad()
@pytest.mark.parametrize("kind", ["vae", "half_vae"])
def test_encode_is_the_area_average(kind, picture, request):
    latents = request.getfixturevalue(kind).encode(picture)
    unit = latents * SCALE_FACTOR * RGB_SCALE
    assert torch.allclose(unit[:, :3], average(picture), rtol=0, atol=4e-4)
    assert not latents[:, 3].any()


@torch.no_grad()
@pytest.mark.parametrize("kind", ["vae", "half_vae"])
def test_decode_is_three_bilinear_upsamplings_up_to_the_edges(kind, picture, request):
    means = average(picture)
    rest = torch.randn(2, 1, *means.shape[2:], generator=torch.Generator().manual_seed(1))
    latents = torch.cat([means / RGB_SCALE / SCALE_FACTOR, rest], 1)
    decoded = request.getfixturevalue(kind).decode(latents)
    assert torch.allclose(decoded, smooth(means), rtol=0, atol=3e-4)


@torch.no_grad()
def test_half_weights_do_not_change_the_picture(vae, half_vae, picture):
    latents = vae.encode(picture)
    assert torch.allclose(vae.decode(latents), half_vae.decode(half_vae.encode(picture)), rtol=0, atol=3e-4)


@torch.no_grad()
def test_posterior_hardly_varies(vae, picture):
    moments = vae.quant_conv(vae.encoder(picture))
    assert (moments[:, 4:] == -30).all()


@torch.no_grad()
def test_odd_latent_sizes(vae):
    flat = torch.full((1, 3, 72, 40), -0.8)
    assert torch.allclose(vae.decode(vae.encode(flat)), flat, rtol=0, atol=1e-4)


@pytest.mark.parametrize("value", [9.98176, 0.1001833, 131.072, 0.8])
def test_split_is_exact_in_float16(value):
    a, b = split(value)
    assert all(float(torch.tensor(x, dtype=torch.float64).half()) == x for x in (a, b))
    assert a * b == pytest.approx(value, rel=2e-6)
