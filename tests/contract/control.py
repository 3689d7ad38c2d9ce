"""Beside ControlNet's extension: its units for requests, and what the test extension records of its first step."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import pytest

from tests.contract import control_model
from tests.contract.client import Client, encoded

RECORDED = ("contexts", "residuals", "references", "streams")
"""The prompts that control models are given, what they add to the UNet, what a reference unit keeps of its picture,
and the UNet's streams behind each cross-attention."""


def require(host: Client) -> None:
    """Skip the test where the host has no extension ControlNet; that of the Forge family has tests of its own."""
    if host.name == "forge" or host.get("/controlnet/model_list").status_code != 200:
        pytest.skip("this host has no ControlNet: name its folder in RPG_TEST_EXTENSIONS")


def steering(host: Client, picture: bytes, model: str = control_model.CONTROLNET, **fields: Any) -> dict[str, Any]:
    """A unit that steers with a picture (a PNG file): by the ControlNet, or another of the models that take one."""
    return {**_unit(host, model), "image": encoded(picture), **fields}


def reference(picture: bytes, **fields: Any) -> dict[str, Any]:
    """A unit that lets self-attention look at a picture (a PNG file)."""
    return {"enabled": True, "module": "reference_only", "image": encoded(picture), "threshold_a": 0.5, **fields}


def style(host: Client, picture: bytes, **fields: Any) -> dict[str, Any]:
    """A unit that adds tokens to the prompt."""
    return steering(host, picture, control_model.STYLE, module="clip_vision", **fields)


def ip_adapter(host: Client, seed: int = 3, model: str = control_model.IP_ADAPTER, **fields: Any) -> dict[str, Any]:
    """A unit that adds the image embedding of that seed."""
    unit = {**_unit(host, model), "module": "ip-adapter_clip_h"}
    return {**unit, "ipadapter_input": [control_model.image_embedding(seed)], **fields}


def recorded(host: Client) -> dict[str, list[np.ndarray]]:
    """The first step of the last generation: tensors by `RECORDED` name, in the order of the calls."""
    file = io.BytesIO(base64.b64decode(host.json("GET", "/rpg-test/control")["npz"]))
    tensors: dict[str, list[np.ndarray]] = {name: [] for name in RECORDED}
    with np.load(file) as arrays:
        for key in sorted(arrays):
            tensors[key.split()[0]].append(arrays[key])
    return tensors


def _unit(host: Client, model: str) -> dict[str, Any]:
    models = host.json("GET", "/controlnet/model_list")["model_list"]
    return {"enabled": True, "module": "none", "model": next(name for name in models if name.split(" ")[0] == model)}
