"""The benchmark of hard binding's cost: its boxes, what a step computes, its rows; a tiny UNet, and no picture."""

import io
import json

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from lib_rpg.bench import ldm_networks
from lib_rpg.errors import RpgError
from sandbox.bench import binding, drawing


@pytest.fixture
def narrow(monkeypatch):
    """A UNet of few channels in the place of a model's."""
    shape = ldm_networks.Shape(32, (1, 2, 2, 2), (0, 1, 1, 0), 32, heads=1)
    monkeypatch.setitem(ldm_networks.MODELS, "small", shape)


@given(count=st.sampled_from([1, 2, 4, 8]), area=st.sampled_from(binding.AREAS), side=st.sampled_from([64, 128]))
def test_boxes_have_their_part_of_the_picture_and_do_not_overlap(count, area, side):
    covered = torch.zeros(side, side)
    for rect in binding.boxes(count, area, side, side):
        assert not any(number % 8 for number in rect)
        rect.of(covered).add_(1)
    assert covered.max() == 1 and covered.sum() == area * side * side


@pytest.mark.parametrize("mode", binding.MODES)
def test_a_bound_step_changes_the_boxes_alone(mode):
    """The exact mode puts the object's own estimate there; neither changes what lies around."""
    model = binding._Model(_Mean(), 4)
    x = torch.randn(1, 4, 64, 64)
    rects = binding.boxes(2, 0.5, 64, 64)
    drawn = binding.bound_step(model, x, rects, mode, 8)()
    whole = model.picture(x)
    outside = torch.ones(64, 64, dtype=torch.bool)
    for number, rect in enumerate(rects):
        rect.of(outside).fill_(False)
        own = model.objects([number], rect.of(x), torch.ones(1))[0]
        assert torch.allclose(rect.of(drawn), own) == (mode == "exact")
        assert not torch.allclose(rect.of(drawn), rect.of(whole))
    assert torch.equal(drawn[..., outside], whole[..., outside])


class _Mean(torch.nn.Module):
    """A UNet that gives its latents less their mean, times a number of its text."""

    def forward(self, x, _t, context):
        return (x - x.mean((2, 3), keepdim=True)) * context.mean((1, 2))[:, None, None, None]


@pytest.mark.usefixtures("narrow")
def test_rows_of_steps(capsys):
    arguments = ["--model", "small", "--objects", "1,8", "--modes", "exact", "--repeats", "1", "--pictures", "0"]
    assert binding.main([*arguments, "--json"]) == 0
    plain, *bound = json.loads(capsys.readouterr().out)["rows"]
    assert (plain["method"], plain["ratio"], plain["aim"]) == ("plain", 1.0, None)
    assert [(row["area"], row["objects"]) for row in bound] == [(a, n) for a in binding.AREAS for n in (1, 8)]
    assert [row["aim"] for row in bound] == [pytest.approx(1 + 1.15 * row["area"]) for row in bound]
    assert all(row["ms"] > 0 and row["peak_mib"] > 0 and row["peak_ratio"] > 0.9 for row in bound)


def test_rows_of_pictures(monkeypatch, capsys):
    """Each picture is compared with the plain one of the same prompt; the first, which finds the host cold, is not."""
    seconds = {"off": 2.0, "auto": 3.0}
    now, file, info = [0.0], io.BytesIO(), PngImagePlugin.PngInfo()
    info.add_text("parameters", "an infotext")
    Image.new("RGB", (8, 8)).save(file, "PNG", pnginfo=info)
    calls = []

    def repaint(url, infotext, asked):
        assert infotext == "an infotext" and asked["region"] == 0
        now[0] += 4.0

    def txt2img(url, request, timeout=600.0):
        calls.append(request)
        now[0] += (1.0 if request.plan is None else seconds[request.plan.binding]) * (100 if len(calls) <= 3 else 1)
        return file.getvalue(), ""

    monkeypatch.setattr(drawing, "txt2img", txt2img)
    monkeypatch.setattr(binding, "repaint", repaint)
    monkeypatch.setattr(binding.time, "perf_counter", lambda: now[0])
    assert binding.main(["--url", "http://x", "--repeats", "0", "--pictures", "2", "--json"]) == 0
    rows = {row["method"]: row for row in json.loads(capsys.readouterr().out)["rows"]}
    ratios = {"plain": 1, "attention": 2, "binding+refine": 3, "repaint": 4}
    assert {name: row["ratio"] for name, row in rows.items()} == ratios
    assert [row["aim"] for row in rows.values()] == [None, None, 1.2, 1.1]
    assert len(calls) == 9


@pytest.mark.parametrize(
    "arguments",
    [["--size", "384"], ["--objects", "3"], ["--modes", "auto"], ["--repeats", "0", "--pictures", "0"]],
)
def test_wrong_arguments_are_named(arguments):
    with pytest.raises(RpgError, match=arguments[0]):
        binding.main(arguments)
