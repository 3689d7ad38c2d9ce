"""The attention benchmark: its JSON, its table and its refusals, at the smallest size."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import pytest
import torch

from lib_rpg.bench import attention, ldm_networks
from lib_rpg.bench.attention_steps import grid_plan
from lib_rpg.errors import RpgError
from lib_rpg.layout import weights

QUICK = ["--model", "small", "--size", "64", "--regions", "1,4", "--repeats", "1", "--device", "cpu", "--threads", "1"]


@pytest.fixture
def narrow(monkeypatch):
    """The small models at half their width and with two levels: the same kinds of layers, and a third of them."""
    for name, depths in (("small", (1, 1)), ("small-xl", (0, 2))):
        shape = replace(ldm_networks.MODELS[name], channels=32, multipliers=(1, 2), depths=depths)
        monkeypatch.setitem(ldm_networks.MODELS, name, shape)


@pytest.mark.usefixtures("narrow")
def test_json(capsys):
    assert attention.main([*QUICK, "--json", "--clock", "cpu"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert [(row["method"], row["regions"], row["base"]) for row in rows] == [
        ("plain", 0, False),
        ("ours", 1, True),
        ("loop", 1, True),
        ("ours", 4, True),
        ("loop", 4, True),
    ]
    for row in rows:
        assert (row["model"], row["size"], row["device"], row["dtype"]) == ("small", 64, "cpu", "float32")
        assert row["ms"] > 0
        assert row["ratio"] > 0 if row["regions"] else row["ratio"] == 1
        assert row["peak_mib"] > 0
    ours = {row["regions"]: row["peak_mib"] for row in rows if row["method"] == "ours"}
    assert rows[0]["peak_mib"] < ours[1] < ours[4]  # keys and values of every region stay


@pytest.mark.usefixtures("narrow")
def test_shapes_bases_and_the_limit_of_kept_keys_and_values(capsys):
    arguments = ["--model", "small-xl", "--size", "64", "--base", "both", "--no-loop", "--json"]
    rows = {}
    for share in ("1", "0"):
        assert attention.main([*QUICK, *arguments, "--kv-share", share]) == 0
        rows[share] = json.loads(capsys.readouterr().out)["rows"]
        assert [(row["method"], row["regions"], row["base"]) for row in rows[share][1:]] == [
            ("ours", count, base) for count in (1, 4) for base in (True, False)
        ]
    assert rows["0"][3]["peak_mib"] < rows["1"][3]["peak_mib"]
    assert rows["1"][3]["peak_ratio"] > 1


@pytest.mark.usefixtures("narrow")
def test_decoding_is_measured_beside_the_steps(capsys):
    assert attention.main([*QUICK, "--no-loop", "--decode", "--json"]) == 0
    plain, *_, decoding = json.loads(capsys.readouterr().out)["rows"]
    assert (decoding["method"], decoding["regions"], decoding["base"]) == ("decode", 0, False)
    # Three feature maps of 64x64 pixels, 256 channels and 4 bytes are 12 MiB.
    assert decoding["peak_mib"] > 12
    assert decoding["ratio"] == pytest.approx(decoding["ms"] / plain["ms"], rel=1e-3)


def test_the_decoder_draws_the_same_with_fused_attention():
    decoder = ldm_networks.build_decoder("cpu", torch.float32)
    latents = torch.randn(1, 4, 8, 8)
    pictures = {}
    for kind in ("sdp", "ldm"):
        with ldm_networks.host_attention(kind), torch.inference_mode():
            pictures[kind] = decoder(latents)
    assert torch.allclose(pictures["sdp"], pictures["ldm"], rtol=1e-3, atol=1e-4)
    assert pictures["sdp"].shape == (1, 3, 64, 64)


@pytest.mark.parametrize(
    ("model", "layers", "parameters"),
    # SDXL's UNet has 2,567 million, of which 5 million are the embedding of sizes and pooled text, left out here.
    [
        ("sd15", 16, 859_520_964),
        ("sdxl", 70, 2_567_463_684 - 5_245_440),
        ("small", 16, 37_522_628),
        ("small-xl", 70, 106_153_220),
    ],
)
def test_the_shapes_are_the_published_ones_and_the_small_ones_have_as_many_layers(model, layers, parameters):
    unet = ldm_networks.build_unet(ldm_networks.MODELS[model], "meta", torch.float32)
    assert sum(name.endswith("attn2") for name, _ in unet.named_modules()) == layers
    assert sum(parameter.numel() for parameter in unet.parameters()) == parameters


@pytest.mark.usefixtures("narrow")
def test_every_step_is_compared_with_the_plain_one_beside_it(monkeypatch):
    """A machine that slows down four times on the way changes the times, and no ratio; the order alternates."""
    clock = iter([1, 2, 2, 1, 8, 4, 4, 8, 3, 6, 6, 3])  # ours takes twice a plain step, the loop half of one
    monkeypatch.setattr(attention, "timed", lambda *_: next(clock))
    rows = attention.measure("small", 64, [1], repeats=3, device="cpu", dtype="float32")
    assert [(row.method, row.ratio) for row in rows] == [("plain", 1.0), ("ours", 2.0), ("loop", 0.5)]


def test_table():
    rows = [
        attention.Row("plain", "half", 384, "cpu", "float32", 0, False, 2000.0, 1.0, 100.0, 1.0),
        attention.Row("ours", "half", 384, "cpu", "float32", 16, True, 2050.0, 1.025, 132.5, 1.0431),
    ]
    lines = attention._table(rows, "sdp", "wall", 5).splitlines()
    assert "ldm UNet half at 384x384, float32, cpu, sdp attention" in lines[0]
    assert lines[3].split() == ["plain", "0", "2000.0", "1.000", "100.0", "1.000"]
    assert lines[4].split() == ["ours", "16", "on", "2050.0", "1.025", "132.5", "1.043"]


@pytest.mark.usefixtures("narrow")
def test_a_wrong_result_is_reported_and_not_timed(monkeypatch):
    right = weights.coefficients
    monkeypatch.setattr(weights, "coefficients", lambda *given, **kinds: 0.5 * right(*given, **kinds))
    with pytest.raises(RpgError, match=r"With 1 region\(s\) the result differs from the loop's by \d"):
        attention.main(QUICK)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--size", "500"], "multiples of 64"),
        (["--size", "64,32"], "--size 32: .*multiples of 64"),
        (["--device", "cuda:7"], "finds no CUDA device"),
    ],
)
def test_refusals(arguments, message, monkeypatch):
    monkeypatch.setattr(attention.torch.cuda, "is_available", lambda: False)
    with pytest.raises(RpgError, match=message):
        attention.main([*QUICK, *arguments])


def test_a_missing_ldm_is_reported(monkeypatch):
    monkeypatch.setitem(sys.modules, "ldm.modules.diffusionmodules.openaimodel", None)
    with pytest.raises(RpgError, match="pip install --no-deps stable-diffusion-sdkit"):
        attention.main(QUICK)


@pytest.mark.parametrize("count", range(1, 20))
def test_grids_have_the_cells_asked_for(count):
    plan = grid_plan(count, 0.3)
    assert len(plan.regions) == count
    assert plan.layout == "grid"
