"""The committed checkpoint: complete, small, and what the code beside it builds."""

import pytest
import torch
from omegaconf import OmegaConf
from safetensors.torch import load_file
from transformers import CLIPTextModel, CLIPTokenizer

from sandbox.shapes import export
from sandbox.shapes.model import TEXT_ENCODER, ShapesModel, alphas_cumprod
from sandbox.shapes.vae import VAE_PREFIX, ShapesVae


@pytest.fixture(scope="module")
def weights():
    return load_file(export.CHECKPOINT)


def test_it_is_small():
    assert export.CHECKPOINT.stat().st_size <= 16_000_000


def test_it_holds_every_weight(weights):
    model, vae = ShapesModel(), ShapesVae()
    model.load(weights)
    names = set(model.checkpoint()) | set(vae.checkpoint()) | {"betas", "alphas_cumprod"}
    assert set(weights) == names
    assert all(torch.isfinite(value).all() for value in weights.values())


def test_the_autoencoder_is_the_one_set_by_hand(weights):
    for name, value in ShapesVae().checkpoint().items():
        assert name.startswith(VAE_PREFIX) and torch.equal(weights[name], value.half())


def test_noise_schedule(weights):
    assert weights["alphas_cumprod"].dtype == torch.float32
    assert torch.equal(weights["alphas_cumprod"], alphas_cumprod().float())
    assert weights["alphas_cumprod"][[0, -1]].tolist() == pytest.approx([0.99915, 0.00466], abs=1e-5)


def test_configuration_names_what_there_is():
    params = OmegaConf.load(export.CONFIG).model.params
    assert OmegaConf.to_container(params) == export.config("sandbox/shapes/text-encoder")["model"]["params"]
    folder = export.HERE.parents[1] / params.cond_stage_config.params.version
    assert folder.resolve() == TEXT_ENCODER.resolve()


def test_text_encoder_folder_loads_as_ldm_loads_it():
    tokenizer = CLIPTokenizer.from_pretrained(TEXT_ENCODER)
    model = CLIPTextModel(CLIPTextModel.config_class.from_pretrained(TEXT_ENCODER))
    assert tokenizer.model_max_length == 77 and tokenizer.pad_token_id == tokenizer.eos_token_id == 4513
    assert model.config.hidden_size == 64
    assert tokenizer("a red circle, navy background").input_ids[0] == 4512


def test_install_makes_the_folder_absolute(tmp_path):
    checkpoint, settings = export.install(tmp_path)
    assert checkpoint.read_bytes() == export.CHECKPOINT.read_bytes()
    version = OmegaConf.load(settings).model.params.cond_stage_config.params.version
    assert version == str(TEXT_ENCODER.resolve())
