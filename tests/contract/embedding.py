"""A textual inversion for the shapes model: two random vectors of its text encoder's size."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

NAME = "rpgtestembedding"
_TOKENS = "cond_stage_model.transformer.text_model.embeddings.token_embedding.weight"


def make(folder: Path, checkpoint: Path) -> None:
    """Write it to a folder of embeddings."""
    folder.mkdir(parents=True, exist_ok=True)
    tokens = load_file(checkpoint)[_TOKENS].float()
    vectors = torch.randn(2, tokens.shape[1], generator=torch.Generator().manual_seed(0)) * tokens.std()
    save_file({"emb_params": vectors}, folder / f"{NAME}.safetensors")
