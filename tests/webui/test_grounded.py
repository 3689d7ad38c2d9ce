"""GLIGEN in the WebUI without one: which file it is, what it is told of a picture, and whose rows have it when."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.errors import RpgError
from lib_rpg.layout.weights import WHOLE, Window
from lib_rpg.plan import Entity, Plan, Region
from lib_rpg.regional.gligen import NO_BOXES, Gligen
from lib_rpg.webui import grounded, settings
from lib_rpg.webui.grounded import KEY, GligenWeights, GroundedSampling, PhrasesInBoxes, weights_file
from lib_rpg.webui.host import Step, host
from lib_rpg.webui.pictures import Picture
from tests.regional.conftest import assert_untouched
from tests.regional.grounded import build_small, random_weights

SIZE = (8, 8)


def processing() -> Any:
    return SimpleNamespace(extra_generation_params={}, is_hr_pass=False, firstpass_steps=10)


def picture(number: int, share: float, *regions: Region, window: Window = WHOLE, hires: bool = False) -> Picture:
    plan = Plan(layout="boxes", regions=regions or (Region("a cat", box=(0.0, 0.0, 0.5, 1.0)),), gligen=share)
    return Picture(number, plan, "", hires, {}, window)


# The file


def test_the_file_is_the_path_or_the_only_one_of_the_folder(tmp_path: Path) -> None:
    with pytest.raises(RpgError, match="there is no such file or folder; put GLIGEN's weights"):
        weights_file(tmp_path / "none")
    (tmp_path / "put weights here.txt").touch()
    (tmp_path / "folder.safetensors").mkdir()
    with pytest.raises(RpgError, match="there is no weights file"):
        weights_file(tmp_path)
    one = tmp_path / "one.safetensors"
    one.touch()
    assert weights_file(tmp_path) == weights_file(one) == one
    (tmp_path / "two.PTH").touch()
    with pytest.raises(RpgError, match="there are 2 weights files; name one of them in Settings"):
        weights_file(tmp_path)
    assert weights_file(one) == one


@pytest.mark.parametrize(
    ("stored", "path"),
    [("", "models/gligen"), ("a.pth", "models/gligen/a.pth"), ("/b/c.pth", "/b/c.pth"), (5, "models/gligen")],
)
def test_a_name_is_one_in_the_models_folder(monkeypatch: pytest.MonkeyPatch, stored: Any, path: str) -> None:
    from modules import paths, shared

    monkeypatch.setattr(paths, "models_path", "/data/models")
    monkeypatch.setattr(shared.opts, "data", {**shared.opts.data, "rpg_gligen": stored})
    assert settings.gligen_weights() == Path("/data") / path


# What it is told of a picture


def test_a_thing_in_two_boxes_is_two_and_is_told_by_its_first_words() -> None:
    cats = Region(
        "cats",
        box=(0.0, 0.0, 0.5, 1.0),
        entities=(Entity("a cat", box=(0.0, 0.5, 0.25, 0.5)), Entity("A cat", box=(0.25, 0.0, 0.25, 0.5))),
    )
    dog = Region("[dog:wolf:0.5] <lora:x:1>", box=(0.5, 0.0, 0.5, 1.0))
    found = PhrasesInBoxes(processing(), picture(0, 0.4, cats, dog, Region("<lora:x:1>", muted=True)))
    assert found.phrases == ["a cat", "a cat", "dog"]
    assert found.boxes.tolist() == [[0.0, 0.5, 0.25, 1.0], [0.25, 0.0, 0.5, 0.5], [0.5, 0.0, 1.0, 1.0]]


def test_in_a_part_of_the_canvas_boxes_are_cut() -> None:
    left, right = (Region(name, box=(x, 0.0, 0.5, 1.0)) for name, x in (("a cat", 0.0), ("a dog", 0.5)))
    found = PhrasesInBoxes(processing(), picture(0, 0.4, left, right, window=(0.25, 0.5, 0.25, 0.5)))
    assert (found.phrases, found.boxes.tolist()) == (["a cat"], [[0.0, 0.0, 1.0, 1.0]])
    thin = picture(0, 0.4, left, right, window=(0.25, 0.0, 0.25 + 1e-10, 1.0))
    assert PhrasesInBoxes(processing(), thin).phrases == ["a cat"]


@pytest.mark.parametrize("other", [picture(0, 0.0), picture(0, 0.4, Region("a cat", muted=True))])
def test_a_picture_without_a_share_or_things_has_none(other: Picture) -> None:
    assert PhrasesInBoxes(processing(), other).share == 0
    assert not GroundedSampling(processing(), [other], GligenWeights(), print)


def test_thirty_boxes_are_the_most() -> None:
    def things(count: int) -> Region:
        return Region("things", entities=tuple(Entity(f"thing {i}") for i in range(count)))

    assert len(PhrasesInBoxes(processing(), picture(0, 0.4, things(30))).phrases) == 30
    with pytest.raises(RpgError, match="gligen: the plan has 31 things in boxes, and GLIGEN takes 30; name fewer"):
        PhrasesInBoxes(processing(), picture(0, 0.4, things(31)))


# Whose rows, and in which steps


class Weights(GligenWeights):
    """Those of the small UNet's shapes, counted as they are read."""

    def __init__(self, unet: nn.Module) -> None:
        super().__init__()
        self.given: dict[str, Tensor] = random_weights(unet)

    def read(self, unet: nn.Module) -> tuple[str, dict[str, Tensor]]:
        return "mine", self.given


@pytest.fixture(scope="module")
def unet() -> nn.Module:
    return build_small()


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What the rows are in each step or pass: ``null``, ``-`` for none, or how many boxes."""
    seen: list[list[str]] = []
    set_rows = Gligen.set_rows

    def noting(self: Gligen, given: Any, moment: Any, size: Any = None, order: Any = None) -> None:
        seen.append(["-" if row is None else "null" if row is NO_BOXES else str(len(row.boxes)) for row in given])
        set_rows(self, given, moment, size, order)

    monkeypatch.setattr(Gligen, "set_rows", noting)
    monkeypatch.setattr(host, "phrase_embeddings", lambda model, texts: torch.ones(len(texts), 768))
    return seen


def denoiser(step: int, steps: int = 10, **options: bool) -> Any:
    sampler = SimpleNamespace(config=SimpleNamespace(options=options))
    return SimpleNamespace(step=step, total_steps=steps, sampler=sampler)


def test_each_picture_has_its_own_boxes_for_its_own_share(unet: nn.Module, rows: list[list[str]]) -> None:
    p, two = processing(), (Region("a cat", box=(0, 0, 0.5, 1)), Region("a dog", box=(0.5, 0, 0.5, 1)))
    pictures = [picture(0, 0.2, *two), picture(1, 0.4), picture(2, 0.0)]
    sampling = GroundedSampling(p, pictures, Weights(unet), print)
    assert sampling.summary() == ""
    sampling.attach(unet)
    assert sampling.summary() == "2 boxes by GLIGEN (mine)"
    assert p.extra_generation_params == {KEY: "mine"}
    sampling.begin_step(denoiser(1), [1, 2, 1], Step(7, 1.0), SIZE)
    sampling.begin_pass(3, (4, 4))
    sampling.begin_step(denoiser(2), [1, 2, 1], Step(7, 1.0), SIZE)
    sampling.begin_step(denoiser(3), [1, 2, 1], Step(4, 1.0), SIZE)  # without the negative prompts
    assert rows == [
        ["2", "1", "1", "-", "null", "null", "-"],
        ["-", "-", "-"],
        ["-", "1", "1", "-", "-", "null", "-"],
        ["-", "1", "1", "-"],
    ]
    sampling.begin_step(denoiser(4), [1, 2, 1], Step(7, 1.0), SIZE)
    assert len(rows) == 4
    assert_untouched(unet)
    sampling.begin_pass(3, SIZE)
    sampling.attach(unet)  # a refiner, when the share is over
    assert_untouched(unet)


def test_two_evaluations_of_a_step_are_one(unet: nn.Module, rows: list[list[str]]) -> None:
    sampling = GroundedSampling(processing(), [picture(0, 0.3)], Weights(unet), print)
    sampling.attach(unet)
    for call in range(20):
        sampling.begin_step(denoiser(call, 20, second_order=True), [1], Step(2, 1.0), SIZE)
    assert len(rows) == 6
    assert_untouched(unet)


def test_another_checkpoint_goes_on_with_it_or_without(unet: nn.Module, rows: list[list[str]]) -> None:
    said: list[str] = []
    sampling = GroundedSampling(processing(), [picture(0, 1.0)], Weights(unet), said.append)
    sampling.attach(unet)
    sampling.detach()
    other = build_small()
    sampling.attach(other)
    sampling.begin_step(denoiser(5), [1], Step(2, 1.0), SIZE)
    assert rows == [["1", "null"]]
    sampling.detach()
    assert_untouched(unet)
    assert_untouched(other)
    sampling.attach(nn.Linear(1, 1))
    sampling.begin_step(denoiser(6), [1], Step(2, 1.0), SIZE)
    assert len(rows) == 1
    (sentence,) = said
    assert sentence.startswith("GLIGEN ends where the checkpoint changes: GLIGEN: this Linear has no transformer")


def test_the_first_checkpoint_is_refused(unet: nn.Module, rows: list[list[str]]) -> None:
    sampling = GroundedSampling(processing(), [picture(0, 1.0)], Weights(unet), print)
    with pytest.raises(RpgError, match="no transformer blocks"):
        sampling.attach(nn.Linear(1, 1))
    sampling.close()
    sampling.attach(unet)
    assert_untouched(unet)


def test_a_file_is_read_once_in_a_generation(unet: nn.Module, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    read: list[Path] = []
    monkeypatch.setattr(grounded, "read_gligen", lambda path, unet: read.append(path) or {})
    monkeypatch.setattr(settings, "gligen_weights", lambda: tmp_path)
    (tmp_path / "a.safetensors").touch()
    weights = GligenWeights()
    assert weights.read(unet)[0] == weights.read(unet)[0] == "a"
    assert read == [tmp_path / "a.safetensors"]
    weights.close()
    weights.read(unet)
    assert len(read) == 2


# The text encoder


@pytest.mark.parametrize(
    "encoder", [None, SimpleNamespace(), SimpleNamespace(wrapped=SimpleNamespace(model=nn.Linear(1, 1)))]
)
def test_a_checkpoint_without_sd1s_text_encoder_is_refused(encoder: Any) -> None:
    with pytest.raises(RpgError, match=r"has no text encoder of SD 1\.x; load an SD 1\.x checkpoint"):
        host.phrase_embeddings(SimpleNamespace(cond_stage_model=encoder), ["a cat"])
