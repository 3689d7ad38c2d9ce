"""The training's arithmetic, and one real step of it."""

import json
import random
import threading
import time
from datetime import datetime, timezone

import pytest
import torch
from safetensors.torch import load_file

from sandbox.shapes import train
from sandbox.shapes.data import render, sample
from sandbox.shapes.model import HERE, RGB_SCALE, ShapesModel

SETTINGS = json.loads((HERE / "train.json").read_text())


@pytest.fixture
def attention():
    """Puts ldm's own attention back after a test that makes it fast."""
    from ldm.modules.attention import CrossAttention

    forward = CrossAttention.forward
    yield
    CrossAttention.forward = forward


def fresh_state(model):
    weights = train.as_one(model)
    state = {k: torch.zeros(len(weights)) for k in ("mean", "square")}
    counters = torch.tensor([0, time.time(), 0, 0, 0], dtype=torch.float64)
    return state | {"weights": weights.clone(), "average": weights.clone(), "counters": counters}


def test_adamw_is_torchs():
    generator = torch.Generator().manual_seed(0)
    settings = {"weight_decay": 0.1, "average": 0.9}
    start = torch.randn(50, generator=generator)
    state = {"weights": start.clone(), "average": start.clone(), "mean": torch.zeros(50), "square": torch.zeros(50)}
    reference = torch.nn.Parameter(start.clone())
    optimiser = torch.optim.AdamW([reference], lr=0.01, betas=(0.9, 0.99), weight_decay=0.1)
    for step in range(1, 6):
        gradient = torch.randn(50, generator=generator)
        train.adamw(state, gradient, step, 0.01, settings)
        reference.grad = gradient
        optimiser.step()
    assert torch.allclose(state["weights"], reference, atol=1e-6)
    assert not torch.equal(state["average"], state["weights"])


def test_as_one_keeps_the_model():
    model = ShapesModel()
    before = {k: v.clone() for k, v in model.state_dict().items()}
    flat = train.as_one(model)
    assert all(torch.equal(v, before[k]) for k, v in model.state_dict().items())
    flat.zero_()
    assert not any(p.any() for p in model.parameters())


def test_rate_rises_stays_and_falls_to_zero():
    end = datetime.now(timezone.utc).replace(microsecond=0)
    settings = {"end": end.isoformat(), "rate": 1e-3, "rise": 0.1, "fall": 0.5}
    begun = end.timestamp() - 1000
    rates = [train.rate(settings, begun, begun + after) for after in (0, 50, 100, 400, 750, 1000, 1100)]
    assert rates == pytest.approx([0, 5e-4, 1e-3, 1e-3, 5e-4, 0, 0])


def test_timesteps_are_spread():
    t = train.spread_timesteps(10, torch.Generator().manual_seed(0))
    assert [int(x) // 100 for x in t] == list(range(10))


def test_latents_are_the_averaged_pictures():
    settings = {"sizes": [{"width": 192, "height": 128, "batch": 6, "share": 1}], "workers": 2, "empty": 0.0}
    captions, latents = train.latents(random.Random(0), random.Random(4), settings)
    caption, scene = sample(random.Random(4), 192, 128)
    assert captions[0] == caption and latents.shape == (3, 4, 16, 24)
    pixels = torch.tensor(list(render(scene).getdata())).view(128, 192, 3).permute(2, 0, 1) / 127.5 - 1
    means = torch.nn.functional.avg_pool2d(pixels, 8)
    assert torch.allclose(latents[0, :3] * RGB_SCALE, means, atol=0.005)
    assert not latents[:, 3].any()


def test_a_step_changes_the_weights_and_is_logged(tmp_path, attention, monkeypatch):
    torch.manual_seed(0)
    state = fresh_state(ShapesModel())
    before = state["weights"].clone()
    begun = float(state["counters"][1])
    clock = (begun + seconds for seconds in range(100))
    monkeypatch.setattr(train.time, "time", lambda: next(clock))
    end = datetime.fromtimestamp(begun + 2.5, timezone.utc).isoformat()
    sizes = [{"width": 128, "height": 128, "batch": 2, "share": 1}]
    settings = SETTINGS | {"end": end, "workers": 1, "log_every": 1, "sizes": sizes, "rise": 0}
    talk = {"gradients": torch.zeros(1, len(before)), "losses": torch.zeros(1, 2)}
    talk["now"] = torch.tensor(begun, dtype=torch.float64)
    train.work(0, settings, tmp_path, state, talk, threading.Barrier(1))
    steps = int(state["counters"][0])
    assert steps == 3
    assert (state["weights"] != before).float().mean() > 0.5
    lines = (tmp_path / train.LOSSES).read_text().splitlines()
    assert len(lines) == steps and 0.5 < float(lines[0].split(",")[3]) < 2

    train.save(state, tmp_path)
    loaded = ShapesModel()
    loaded.load(load_file(tmp_path / f"ema-{steps:06d}.safetensors"))
    assert torch.allclose(train.as_one(loaded), state["average"], atol=2e-3)
