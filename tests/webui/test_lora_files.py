"""What a LoRA's file is for: its layers in the forms that trainers write, and the checkpoints that it fits."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from lib_rpg.webui.lora_files import is_for, tensor_names, unet_layers

KOHYA = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k"
DIFFUSERS = "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn2"


@pytest.mark.parametrize(
    ("names", "layer"),
    [
        ([f"{KOHYA}.{part}" for part in ("lora_up.weight", "lora_down.weight", "alpha")], KOHYA),
        ([f"{KOHYA}.{part}" for part in ("lora_mid.weight", "lora_up.weight", "dora_scale")], KOHYA),
        ([f"{KOHYA}.{part}" for part in ("hada_w1_a", "hada_w2_b", "hada_t1", "alpha")], KOHYA),
        ([f"{KOHYA}.{part}" for part in ("lokr_w1", "lokr_w2_a", "alpha")], KOHYA),
        ([f"{KOHYA}.{part}" for part in ("diff", "diff_b")], KOHYA),
        ([f"{KOHYA}.{part}" for part in ("w_norm", "b_norm")], KOHYA),
        ([f"{KOHYA}.{part}" for part in ("weight", "on_input")], KOHYA),
        ([f"{DIFFUSERS}.to_k.{part}" for part in ("lora_A.weight", "lora_B.weight")], f"{DIFFUSERS}.to_k"),
        ([f"{DIFFUSERS}.to_k.lora.{part}.weight" for part in ("up", "down")], f"{DIFFUSERS}.to_k"),
        (
            [f"{DIFFUSERS}.processor.to_k_lora.{part}.weight" for part in ("up", "down")],
            f"{DIFFUSERS}.processor.to_k",
        ),
    ],
)
def test_a_layers_tensors_are_one_layer_in_every_trainers_names(names: list[str], layer: str) -> None:
    text = ["lora_te_text_model_encoder_layers_0_mlp_fc1.lora_up.weight", "lora_te1_x.alpha", "text_encoder.x.lora_A"]
    assert unet_layers([*names, *text]) == {layer}


def layers(count: int) -> list[str]:
    return [f"lora_unet_{number}.{part}" for number in range(count) for part in ("lora_up.weight", "alpha")]


@pytest.mark.parametrize(
    ("fitting", "in_the_file", "expected"),
    [
        (192, 192, True),
        (40, 192, False),  # one for SD 1 in SDXL: the first blocks of five levels
        (40, 722, False),  # one for SDXL in SD 1
        (160, 192, True),  # one for SD 2 in SD 1: all but what reads text
        (0, 192, False),
        (3, 0, True),  # of a file whose names are not known
        (0, 0, False),
    ],
)
def test_it_is_for_a_checkpoint_that_has_most_of_its_layers(fitting: int, in_the_file: int, expected: bool) -> None:
    assert is_for(fitting, layers(in_the_file), otherwise=fitting > 0) is expected


def test_names_are_read_without_the_tensors(tmp_path: Path) -> None:
    file = tmp_path / "a.safetensors"
    save_file({name: torch.zeros(1) for name in layers(2)}, file)
    assert sorted(tensor_names(str(file))) == sorted(layers(2))
    assert tensor_names(str(tmp_path / "a.pt")) == []
