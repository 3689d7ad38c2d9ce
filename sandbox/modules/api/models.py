"""Bodies of the API's requests and responses.

The fields of the two generation requests are the parameters of the processing classes with their defaults, as in the
WebUI, so that a field that processing knows is a field of the API. Unknown fields are ignored.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from modules.processing import StableDiffusionProcessingImg2Img, StableDiffusionProcessingTxt2Img
from pydantic import BaseModel, Field, create_model

# Parameters of the processing classes that a request cannot set.
_NOT_IN_REQUESTS = {
    "sd_model",
    "outpath_samples",
    "outpath_grids",
    "sampler_index",
    "extra_generation_params",
    "overlay_images",
    "do_not_reload_embeddings",
    "seed_enable_extras",
    "prompt_for_display",
    "ddim_discretize",
}

# Fields of every request that are not parameters of the processing: name to (type, default).
REQUEST_FIELDS: dict[str, tuple[Any, Any]] = {
    "sampler_index": (str, "Euler"),
    "script_name": (str | None, None),
    "script_args": (list, []),
    "send_images": (bool, True),
    "save_images": (bool, False),
    "alwayson_scripts": (dict, {}),
    "force_task_id": (str | None, None),
    "infotext": (str | None, None),
}

_IMG2IMG_FIELDS: dict[str, tuple[Any, Any]] = {
    "init_images": (list | None, None),
    "denoising_strength": (float, 0.75),
    "mask": (str | None, None),
    "include_init_images": (bool, False),
}

_PLAIN = {"str": str, "int": int, "float": float, "bool": bool}


def _field_type(name: str) -> Any:
    """The request's type of a parameter whose annotation is ``name``: lists and dicts stay what JSON makes of them."""
    name = name.replace(" ", "").removesuffix("|None")
    if name.startswith(("list", "dict")):
        return (list if name.startswith("list") else dict) | None
    return _PLAIN.get(name, Any) | None


def _request_model(name: str, processing_class: type, fields: dict[str, tuple[Any, Any]]) -> type[BaseModel]:
    definitions: dict[str, Any] = {}
    for f in dataclasses.fields(processing_class):
        if not f.init or f.name in _NOT_IN_REQUESTS:
            continue
        annotation = f.type if isinstance(f.type, str) else getattr(f.type, "__name__", str(f.type))
        # A property of the same name (mask_blur) stands where the default should; it means "not given".
        default = None if isinstance(f.default, property) or f.default is dataclasses.MISSING else f.default
        definitions[f.name] = (_field_type(annotation), default)
    return create_model(name, **{**definitions, **fields})


StableDiffusionTxt2ImgProcessingAPI = _request_model(
    "StableDiffusionProcessingTxt2Img", StableDiffusionProcessingTxt2Img, REQUEST_FIELDS
)
StableDiffusionImg2ImgProcessingAPI = _request_model(
    "StableDiffusionProcessingImg2Img", StableDiffusionProcessingImg2Img, {**REQUEST_FIELDS, **_IMG2IMG_FIELDS}
)


class TextToImageResponse(BaseModel):
    """Base64 PNGs, the request as it was understood, and a JSON document about the pictures."""

    images: list[str]
    parameters: dict
    info: str


class ImageToImageResponse(TextToImageResponse):
    """The same for img2img."""


class PNGInfoRequest(BaseModel):
    """A picture in base64."""

    image: str


class PNGInfoResponse(BaseModel):
    """Its infotext, the file's other text fields, and the infotext's parameters."""

    info: str
    items: dict
    parameters: dict


class ProgressRequest(BaseModel):
    """Whether to leave out the picture as it is by now."""

    skip_current_image: bool = False


class ProgressResponse(BaseModel):
    """``progress`` is 0 to 1, ``eta_relative`` seconds."""

    progress: float
    eta_relative: float
    state: dict
    current_image: str | None = None
    textinfo: str | None = None


class ScriptsList(BaseModel):
    """Names of scripts in each tab."""

    txt2img: list[str]
    img2img: list[str]


class ScriptArg(BaseModel):
    """One component that a script's ``ui()`` returned."""

    label: str | None = None
    value: Any | None = None
    minimum: Any | None = None
    maximum: Any | None = None
    step: Any | None = None
    choices: list[str] | None = None


class ScriptInfo(BaseModel):
    """A script's name, kind and arguments."""

    name: str | None = None
    is_alwayson: bool | None = None
    is_img2img: bool | None = None
    args: list[ScriptArg] = Field(default_factory=list)


class MemoryResponse(BaseModel):
    """Bytes of main memory, and why there is no CUDA memory."""

    ram: dict
    cuda: dict
