"""Reads GLIGEN's weights from a user's file: the original checkpoint, what others cut out of it, or diffusers' UNet.

Original: a dict whose "model" is the whole UNet in ldm's names, with `position_net.*` and, in each transformer block,
`fuser.*`. diffusers: the UNet's state dict, with the same two, and its own names for the blocks. Only these two are
read. Nothing in a file is run: it is a .safetensors, or a pickle that torch reads with weights_only=True. So an
original checkpoint is refused that has kept its training's configuration as objects of omegaconf.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NoReturn

import torch
from torch import Tensor, nn

from lib_rpg.checks import refuse
from lib_rpg.files import expand, show_path
from lib_rpg.regional.gligen import check_weights, transformer_blocks

SUFFIXES = (".safetensors", ".bin", ".ckpt", ".pt", ".pth")
_PARTS = ("model", "state_dict")
"""Where a checkpoint may have its UNet's weights."""
_POSITION_NET = re.compile(r"(?:^|\.)(position_net\..+)$")
_LDM = re.compile(
    r"(?:^|\.)((?:input_blocks\.\d+|middle_block|output_blocks\.\d+)\.\d+\.transformer_blocks\.\d+\.fuser\..+)$"
)
_DIFFUSERS = re.compile(
    r"(?:^|\.)(?:(down|up)_blocks\.(\d+)|mid_block)\.attentions\.(\d+)\.(transformer_blocks\.\d+\.fuser\..+)$"
)
_FIRST_LAYER = re.compile(r"(?:^|\.)(?:input_blocks\.0\.0|conv_in)\.weight$")
_FOREIGN = re.compile(r"[Uu]nsupported (?:global: )?(?:GLOBAL|class) ([\w.]+)")
_VARIANTS = {
    "linears_text.": "texts and pictures (text_image)",
    "linears_image.": "texts and pictures (text_image)",
    "person_embeddings": "keypoints (keypoint)",
    "convnext_tiny_backbone.": "maps (canny, depth, hed, normal or sem)",
}
"""By how names of its position net begin: what another GLIGEN is for."""
_ADVICE = "give GLIGEN's weights for boxes with texts, for SD 1.4"


def read_gligen(path: Path | str, unet: nn.Module) -> dict[str, Tensor]:
    """GLIGEN's weights for this UNet, in the file's dtype on the CPU, by their names in ldm's checkpoints.

    unet: ldm's, of SD 1.x. Raises RpgError, which names what is wrong, for a file that cannot be read, is not GLIGEN's
    for boxes with texts, or is not for this UNet, and FileError for a home folder that there is not.
    """
    transformer_blocks(unet)
    path = expand(Path(path), "the GLIGEN file")
    place = f"the GLIGEN file {show_path(path)}"
    if path.suffix.lower() not in SUFFIXES:
        refuse(place, "has another ending", f"give a file that ends in {', '.join(SUFFIXES)}")
    try:
        # A pipe or a device could be read for ever.
        if not path.is_file():
            refuse(place, "is not there, or is no regular file", "check the path")
        path.open("rb").close()
    except OSError as error:
        refuse(place, f"cannot be read ({error.strerror or type(error).__name__})", "check the file")
    read = _read_safetensors if path.suffix.lower() == ".safetensors" else _read_pickle
    weights = read(path, unet, place)
    check_weights(weights, unet, place)
    return weights


def _read_safetensors(path: Path, unet: nn.Module, place: str) -> dict[str, Tensor]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(path), framework="pt") as file:
            return _taken(file.keys(), file.get_tensor, unet, place)
    except (SafetensorError, OSError):
        _refuse_damaged(place)


def _read_pickle(path: Path, unet: nn.Module, place: str) -> dict[str, Tensor]:
    try:
        # Mapped, so that of a whole UNet only what is wanted is read; old files cannot be. The WebUI puts a function in
        # the place of torch.load that gives None for a file with objects, and does not say why.
        stored = torch.serialization.load(
            str(path), map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(path)
        )
    except Exception as error:  # a damaged file can raise anything, also an OSError
        foreign = _FOREIGN.search(str(error))
        if foreign is None:
            _refuse_damaged(place)
        refuse(
            place,
            f"holds more than weights ({foreign[1]}), which could run code and is not read",
            "give diffusers' or a pruned .safetensors file, or save its 'model' alone",
        )
    whole: Mapping[Any, Any] = stored if isinstance(stored, Mapping) else {}
    unets = [part for name in _PARTS if isinstance(part := whole.get(name), Mapping)]
    tensors = {str(name): value for name, value in [*unets, whole][0].items() if isinstance(value, Tensor)}
    return _taken(tensors, tensors.__getitem__, unet, place)


def _refuse_damaged(place: str) -> NoReturn:
    refuse(place, "is damaged or cut off", "download it again")


def _taken(names: Iterable[str], get: Callable[[str], Tensor], unet: nn.Module, place: str) -> dict[str, Tensor]:
    """GLIGEN's tensors of those that ``get`` gives by the names in the file, by their names in ldm's checkpoints."""
    sources: dict[str, str] = {}
    first_layers = []
    for name in names:
        if _FIRST_LAYER.search(name):
            first_layers.append(name)
        elif (own := _ldm_name(name, unet)) is not None:
            if own in sources:
                refuse(place, f"has {own} twice, as {sources[own]} and as {name}", _ADVICE)
            sources[own] = name
    _check_kind(sources, place)
    for name in first_layers:
        _check_inputs(get(name), unet, place)
    # Cloned, so that the file, which is mapped into memory, can go.
    return {own: get(name).clone() for own, name in sources.items()}


def _ldm_name(name: str, unet: nn.Module) -> str | None:
    """The name in ldm's checkpoints of what a file has by that name; None for what is not GLIGEN's."""
    if found := _POSITION_NET.search(name) or _LDM.search(name):
        return found[1]
    if (found := _DIFFUSERS.search(name)) is None:
        return None
    side, level, number, rest = found.groups()
    if side is None:
        return f"middle_block.{int(number) + 1}.{rest}"
    # ldm counts through: on the way down each level has a downsampling at its end, on the way up one block more.
    index = int(level) * (_blocks_a_level(unet) + 1) + int(number)
    return f"input_blocks.{index + 1}.1.{rest}" if side == "down" else f"output_blocks.{index}.1.{rest}"


def _blocks_a_level(unet: Any) -> int:
    given = unet.num_res_blocks
    return given if isinstance(given, int) else int(given[0])


def _check_inputs(weight: Tensor, unet: Any, place: str) -> None:
    """Refuse weights for inpainting on a UNet that is not."""
    theirs, ours = weight.shape[1:2], unet.in_channels
    if theirs and theirs[0] > ours:
        refuse(place, f"is GLIGEN for inpainting ({theirs[0]} input channels, the checkpoint has {ours})", _ADVICE)


def _check_kind(names: Iterable[str], place: str) -> None:
    """Refuse by their names weights that are not GLIGEN's for boxes with texts."""
    net = [name.removeprefix("position_net.") for name in names if name.startswith("position_net.")]
    fusers = [name for name in names if ".fuser." in name]
    if not net and not fusers:
        refuse(place, "is not GLIGEN's: it has neither a position_net nor gated self-attention (fuser)", _ADVICE)
    for start, purpose in _VARIANTS.items():
        if any(name.startswith(start) for name in net):
            refuse(place, f"is GLIGEN for {purpose}, not for boxes with texts", _ADVICE)
    if not net:
        refuse(place, "has no position_net", _ADVICE)
    if not fusers:
        refuse(place, "has no gated self-attention (fuser)", _ADVICE)
    if not any(name.endswith(".fuser.linear.weight") for name in fusers):
        refuse(place, "is GLIGEN with gated cross-attention (gatedCA), not with self-attention", _ADVICE)
