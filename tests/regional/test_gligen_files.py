"""GLIGEN's files: both public formats give the same weights, and what is not one of them is refused by name."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from omegaconf import OmegaConf
from safetensors.torch import save_file
from torch import nn

from lib_rpg.errors import RpgError
from lib_rpg.regional.binding import Moment
from lib_rpg.regional.gligen import NO_BOXES, Gligen
from lib_rpg.regional.gligen_files import _ldm_name, read_gligen
from tests.regional.grounded import Weights, build_sd14, build_small, grounding, random_weights
from tests.regional.reference import step_inputs

TO_DIFFUSERS = {
    "input_blocks.1.1": "down_blocks.0.attentions.0",
    "input_blocks.3.1": "down_blocks.1.attentions.0",
    "middle_block.1": "mid_block.attentions.0",
    "output_blocks.0.1": "up_blocks.0.attentions.0",
    "output_blocks.1.1": "up_blocks.0.attentions.1",
    "output_blocks.2.1": "up_blocks.1.attentions.0",
    "output_blocks.3.1": "up_blocks.1.attentions.1",
}
"""The small UNet's blocks, which has one residual block a level on the way down and two on the way up."""
SD_BLOCKS = {
    **{
        f"down_blocks.{i}.attentions.{j}": f"input_blocks.{n}.1"
        for i, j, n in [(0, 0, 1), (0, 1, 2), (1, 0, 4), (1, 1, 5), (2, 0, 7), (2, 1, 8)]
    },
    "mid_block.attentions.0": "middle_block.1",
    **{
        f"up_blocks.{i}.attentions.{j}": f"output_blocks.{n}.1"
        for i, j, n in [
            (1, 0, 3),
            (1, 1, 4),
            (1, 2, 5),
            (2, 0, 6),
            (2, 1, 7),
            (2, 2, 8),
            (3, 0, 9),
            (3, 1, 10),
            (3, 2, 11),
        ]
    },
}
"""SD 1.4's, as diffusers' conversion script pairs them."""


@pytest.fixture(scope="module")
def unet() -> nn.Module:
    return build_small()


@pytest.fixture(scope="module")
def weights(unet: nn.Module) -> Weights:
    return random_weights(unet)


def original(unet: nn.Module, weights: Weights) -> dict[str, Any]:
    """A checkpoint as GLIGEN saves it: the whole UNet, and other networks beside it."""
    return {
        "model": {**unet.state_dict(), **weights},
        "text_encoder": {"transformer.weight": torch.zeros(3)},
        "autoencoder": {},
        "diffusion": {"betas": torch.zeros(5)},
        "iters": 500000,
    }


def diffusers(unet: nn.Module, weights: Weights) -> Weights:
    """diffusers' UNet; of what is not GLIGEN's a few names stand for all."""
    named = {"conv_in.weight": torch.zeros(32, 4, 3, 3), "down_blocks.0.resnets.0.conv1.weight": torch.zeros(2)}
    for name, value in weights.items():
        block = next((block for block in TO_DIFFUSERS if name.startswith(block + ".")), None)
        named[name if block is None else name.replace(block, TO_DIFFUSERS[block], 1)] = value
    named["down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.weight"] = torch.zeros(32, 32)
    return named


def cut_out(_unet: nn.Module, weights: Weights) -> Weights:
    """What is left when a checkpoint is pruned to GLIGEN's own, under the names of a whole checkpoint."""
    return {f"model.diffusion_model.{name}": value for name, value in weights.items()}


def put(path: Path, stored: Any) -> Path:
    if path.suffix == ".safetensors":
        save_file({name: value.contiguous() for name, value in stored.items()}, path)
    else:
        torch.save(stored, path)
    return path


FORMATS: list[tuple[str, Callable[[nn.Module, Weights], Any]]] = [
    ("original.pth", original),
    ("diffusion_pytorch_model.bin", original),
    ("diffusion_pytorch_model.safetensors", diffusers),
    ("unet.bin", diffusers),
    ("pruned.safetensors", cut_out),
    ("pruned.CKPT", cut_out),
    ("bare.pt", lambda _unet, weights: weights),
    ("lightning.ckpt", lambda _unet, weights: {"state_dict": cut_out(_unet, weights)}),
]


@pytest.mark.parametrize(("name", "made"), FORMATS, ids=[name for name, _ in FORMATS])
def test_every_format_gives_the_same_weights(tmp_path, unet, weights, name, made):
    read = read_gligen(put(tmp_path / name, made(unet, weights)), unet)
    assert read.keys() == weights.keys()
    assert all(torch.equal(read[key], value) for key, value in weights.items())


def test_both_formats_draw_the_same(tmp_path, unet, weights):
    step = step_inputs(2, 8, 8)
    drawn = []
    for name, made in (("original.pth", original), ("diffusers.safetensors", diffusers)):
        gligen = Gligen(unet, read_gligen(str(put(tmp_path / name, made(unet, weights))), unet))
        gligen.set_rows([grounding([(0.1, 0.2, 0.5, 0.9)]), NO_BOXES], Moment(0, 50))
        drawn.append(unet(step.x, step.t, context=step.context))
        gligen.close()
    assert torch.equal(*drawn)
    assert not torch.equal(drawn[0], unet(step.x, step.t, context=step.context))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_stays(tmp_path, unet, weights, dtype):
    halved = {name: value.to(dtype) for name, value in weights.items()}
    read = read_gligen(put(tmp_path / "half.safetensors", halved), unet)
    assert {value.dtype for value in read.values()} == {dtype}


def test_an_old_pickle_that_is_no_zip_is_read(tmp_path, unet, weights):
    path = tmp_path / "old.ckpt"
    torch.save(original(unet, weights), path, _use_new_zipfile_serialization=False)
    assert read_gligen(path, unet).keys() == weights.keys()


@pytest.mark.parametrize(("name", "made"), [("gligen.pth", original), ("gligen.safetensors", diffusers)])
def test_the_file_can_go_once_it_is_read(tmp_path, unet, weights, name, made):
    """Nothing of it stays mapped into memory."""
    path = put(tmp_path / name, made(unet, weights))
    read = read_gligen(path, unet)
    with path.open("r+b") as file:
        file.write(b"\0" * path.stat().st_size)
    assert all(torch.equal(read[key], value) for key, value in weights.items())


def test_the_blocks_of_sd_14_in_diffusers_names():
    unet = build_sd14()
    names = {name for name, _ in unet.named_modules()}
    for theirs, ours in SD_BLOCKS.items():
        assert f"{ours}.transformer_blocks.0" in names
        rest = "transformer_blocks.0.fuser.alpha_attn"
        assert _ldm_name(f"{theirs}.{rest}", unet) == f"{ours}.{rest}"
    assert sum(name.endswith("transformer_blocks.0") for name in names) == len(SD_BLOCKS) == 16


# Refusals


def refused(path: Path, unet: nn.Module, message: str) -> None:
    with pytest.raises(RpgError, match=message) as caught:
        read_gligen(path, unet)
    text = str(caught.value)
    assert path.name in text and "; " in text and "\n" not in text


WITHOUT_NET = "has no position_net; give GLIGEN's weights"
NET = "position_net."
CHANGES: dict[str, tuple[Callable[[Weights], Weights], str]] = {
    "another model": (lambda w: {"conv.weight": torch.zeros(3)}, "is not GLIGEN's: it has neither a position_net nor"),
    "no position net": (lambda w: {k: v for k, v in w.items() if NET not in k}, WITHOUT_NET),
    "no fusers": (lambda w: {k: v for k, v in w.items() if NET in k}, r"has no gated self-attention \(fuser\)"),
    "text_image": (
        lambda w: {k.replace("linears.", "linears_text."): v for k, v in w.items()},
        r"is GLIGEN for texts and pictures \(text_image\), not for boxes",
    ),
    "keypoint": (
        lambda w: w | {f"{NET}person_embeddings": torch.zeros(8, 768)},
        r"is GLIGEN for keypoints \(keypoint\), not for boxes",
    ),
    "maps": (
        lambda w: (
            w
            | {f"{NET}convnext_tiny_backbone.norm.weight": torch.zeros(768)}
            | {"input_blocks.0.0.weight": torch.zeros(32, 12, 3, 3)}
        ),
        r"is GLIGEN for maps \(canny, depth, hed, normal or sem\), not for boxes",
    ),
    "inpainting": (
        lambda w: w | {"input_blocks.0.0.weight": torch.zeros(32, 9, 3, 3)},
        r"is GLIGEN for inpainting \(9 input channels, the checkpoint has 4\)",
    ),
    "cross-attention": (
        lambda w: {k: v for k, v in w.items() if "fuser.linear" not in k},
        r"is GLIGEN with gated cross-attention \(gatedCA\)",
    ),
    "unknown net": (lambda w: w | {f"{NET}extra": torch.zeros(3)}, "this UNet has no place for position_net.extra;"),
    "a block missing": (
        lambda w: {k: v for k, v in w.items() if "output_blocks.3" not in k},
        r"output_blocks\.3\.1\.transformer_blocks\.0\.fuser\.\S+ \(and \d+ more\) is missing",
    ),
    "a tensor missing": (
        lambda w: {k: v for k, v in w.items() if k != f"{NET}null_positive_feature"},
        "position_net.null_positive_feature is missing",
    ),
    "a wrong shape": (
        lambda w: w | {f"{NET}null_positive_feature": torch.zeros(512)},
        r"null_positive_feature has the shape \(512,\) and \(768,\) is needed",
    ),
    "twice": (lambda w: w | {f"ema.{NET}null_positive_feature": torch.zeros(768)}, "null_positive_feature twice"),
    "SD 2": (
        lambda w: {k: v.new_zeros(1024) if k == f"{NET}linears.4.bias" else v for k, v in w.items()},
        r"the weights are for SD 2.x \(text of 1024 channels\), the loaded checkpoint is another model \(text of 64",
    ),
}


@pytest.mark.parametrize(("change", "message"), CHANGES.values(), ids=CHANGES)
def test_other_files_are_refused_by_what_is_wrong(tmp_path, unet, weights, change, message):
    refused(put(tmp_path / "gligen.safetensors", change(weights)), unet, message)


def test_a_checkpoint_of_stable_diffusion_is_no_gligen(tmp_path, unet):
    refused(put(tmp_path / "gligen.ckpt", {"state_dict": unet.state_dict()}), unet, "is not GLIGEN's: it has neither")


@pytest.mark.parametrize("name", ["gligen.safetensors", "gligen.bin"])
@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.99])
def test_truncated_files_are_refused(tmp_path, unet, weights, name, share):
    path = put(tmp_path / name, weights)
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    refused(path, unet, "is damaged or cut off; download it again")


@pytest.mark.parametrize("name", ["gligen.safetensors", "gligen.bin"])
@pytest.mark.parametrize(
    "content", [b"<!doctype html><p>Sign in to download", b"\x80\x02}q\x00h\x05s.", b"PK\x03\x04", bytes(64)]
)
def test_other_bytes_are_refused(tmp_path, unet, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    refused(path, unet, "is damaged or cut off|is not GLIGEN's")


class _Touch:
    """A pickle that makes a file when it is run."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple:
        return Path.touch, (self.path,)


@pytest.mark.parametrize("zipped", [True, False])
def test_code_in_a_file_is_not_run(tmp_path, unet, weights, zipped, monkeypatch):
    monkeypatch.setattr(torch, "load", lambda *_args, **_options: None)  # as the WebUI's, for a file with objects
    path, made = tmp_path / "gligen.ckpt", tmp_path / "made"
    torch.save({"model": weights, "config": _Touch(made)}, path, _use_new_zipfile_serialization=zipped)
    refused(path, unet, r"holds more than weights \(\S+\), which could run code and is not read; give diffusers'")
    assert not made.exists()


def test_a_configuration_of_omegaconf_is_refused_by_name(tmp_path, unet, weights):
    """As GLIGEN's trainer puts it beside the weights."""
    config = vars(OmegaConf.create({"model": {"target": "ldm", "params": {"image_size": 64}}}))
    stored = {**original(unet, weights), "config_dict": config}
    refused(
        put(tmp_path / "gligen.pth", stored),
        unet,
        r"holds more than weights \((omegaconf|typing)\.\S+\), .*'model' alone",
    )


@pytest.mark.parametrize("stored", [[1, 2], {"model": [3]}, {"model": {}}, torch.zeros(3), {5: torch.zeros(3)}])
def test_pickles_of_other_things_are_refused(tmp_path, unet, stored):
    refused(put(tmp_path / "gligen.pt", stored), unet, "is not GLIGEN's")


def test_names_that_lead_to_no_file_are_refused(tmp_path, unet):
    refused(tmp_path / "absent.safetensors", unet, "is not there, or is no regular file")
    (tmp_path / "folder.bin").mkdir()
    refused(tmp_path / "folder.bin", unet, "is not there, or is no regular file")
    os.mkfifo(tmp_path / "pipe.bin")
    refused(tmp_path / "pipe.bin", unet, "is not there, or is no regular file")
    (tmp_path / "loop.bin").symlink_to(tmp_path / "loop.bin")
    refused(tmp_path / "loop.bin", unet, "is not there, or is no regular file|cannot be read")
    (tmp_path / "gligen.zip").write_bytes(b"")
    refused(tmp_path / "gligen.zip", unet, re.escape("has another ending; give a file that ends in .safetensors, .bin"))
    with pytest.raises(RpgError, match="is not there, or is no regular file"):
        read_gligen("a\0b.bin", unet)


@pytest.mark.parametrize("other", [nn.Sequential(nn.Conv2d(4, 4, 3)), nn.Linear(3, 3)])
def test_unets_without_transformer_blocks_are_refused(tmp_path, weights, other):
    with pytest.raises(RpgError, match=r"has no transformer blocks .*choose an SD 1\.x checkpoint"):
        read_gligen(put(tmp_path / "gligen.pt", weights), other)
