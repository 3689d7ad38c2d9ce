"""A region's own LoRAs where the WebUI merges LoRAs into the weights, as the Forge family does.

There, the Lora extension makes a patcher of the checkpoint's with patches of its weights, and keeps nothing else. A
region's LoRAs are read by the same functions into patchers that are never loaded for the picture: the UNet's patches
give what a region adds to a layer, and the text encoder's patcher takes the picture's place while a region's text is
read.
"""

from __future__ import annotations

import ast
import math
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, linear

from lib_rpg.webui.host import Processing, WeightPatching, host
from lib_rpg.webui.lora_files import is_for, is_of_text
from lib_rpg.webui.lora_tags import read_tag
from lib_rpg.webui.loras import Tags, add_hashes, foreign, not_found, without, without_text

Patch = Sequence[Any]
"""The strength, what is merged (a kind and its tensors, or an object of the WebUI's), and the weight's own strength."""
_LORA = "lora"
_READ_TEXT = ("attn2.to_k.weight", "attn2.to_v.weight")


@dataclass(frozen=True)
class _Use:
    """A LoRA's file, and how strongly it is used in the text encoder and in the UNet."""

    filename: str
    te: float
    unet: float


class PatchAdapter:
    """What patches of weights add to the UNet's layers; a `lib_rpg.regional.adapter.Adapter`."""

    def __init__(
        self, patches: Mapping[str, Sequence[Patch]], names: Mapping[nn.Module, str], patching: WeightPatching
    ) -> None:
        """patches: by the name of a weight. names: of the weight of each layer."""
        self._patches = patches
        self._names = names
        self._patching = patching

    def touches(self, layer: nn.Module) -> bool:
        return bool(self._patches.get(self._names.get(layer, "")))

    def delta(self, layer: nn.Module, x: Tensor) -> Tensor | None:
        name = self._names.get(layer, "")
        total = None
        for patch in self._patches.get(name, ()):
            factors = _factors(patch)
            part = (
                _applied(layer, x, self._patching.merged_weight([patch], layer, name))
                if factors is None
                else _thin(layer, x, *factors)
            )
            total = part if total is None else total + part
        return total


class PatchedLoras:
    """As `lib_rpg.webui.loras.RegionLoras`, on a host that merges LoRAs into weights."""

    def __init__(self, p: Processing, sets: Iterable[Tags], modes: Iterable[str], patching: WeightPatching) -> None:
        self._patching = patching
        self._networks: Any = sys.modules.get("networks")
        self._adapters: dict[Tags, PatchAdapter] = {}
        self._clips: dict[Tags, Any] = {}
        self.comments: list[str] = []
        self._objects: Any = getattr(host.model(), "forge_objects", None)
        wanted = {tags: mode for tags, mode in zip(sets, modes, strict=True) if tags}
        if not wanted:
            return
        self._base = base_uses(getattr(host.model(), "current_lora_hash", ""))
        unet = host.unet_of(host.model())
        self._names = {module: f"diffusion_model.{name}.weight" for name, module in unet.named_modules()}
        self._shapes = {f"diffusion_model.{name}": tuple(weight.shape) for name, weight in unet.named_parameters()}
        files: dict[str, Any] = {}
        for tags, mode in wanted.items():
            files |= self._read(tags, mode)
        add_hashes(p, files)

    def adapter(self, tags: Tags) -> PatchAdapter | None:
        """What the LoRAs add to the UNet; None for no tags."""
        return self._adapters.get(tags)

    @contextmanager
    def encoding(self, tags: Tags) -> Iterator[None]:
        """Have the text encoder use the picture's LoRAs and those of the tags, inside the block."""
        clip = self._clips.get(tags)
        if clip is None:
            yield
            return
        before = self._objects.clip
        self._objects.clip = clip
        try:
            yield
        finally:
            self._objects.clip = before

    def _read(self, tags: Tags, mode: str) -> dict[str, Any]:
        """A region's networks: its own part of the UNet, and the text encoder with the picture's and its own.

        Returns the files of those that act, by name.
        """
        base = {use.filename: use for use in self._base}
        clip = original = host.model().forge_objects_original.clip
        own: dict[str, _Use] = {}
        patches: dict[str, list[Patch]] = {}
        files: dict[str, Any] = {}
        read = [(tag, read_tag(tag)) for tag in tags]
        for tag, one in {one.name: (tag, one) for tag, one in read}.values():
            file = self._file(one.name)
            if file is None:
                self.comments.append(not_found(one.name))
                continue
            use = _Use(str(file.filename), one.te, one.unet)
            # The weights have the picture's own use of the same network already.
            over = use.unet - (base[use.filename].unet if use.filename in base else 0.0)
            state = self._networks.load_lora_state_dict(use.filename)
            names = [str(key) for key in state]
            unet, with_text = self._patched(use, state, over, original)
            on_text = any(map(is_of_text, names)) and with_text is not original
            told = self._patching.weight_patches(unet)
            fitting = {name: _fitting(parts, self._shapes.get(name)) for name, parts in told.items()}
            found = {name: parts for name, parts in fitting.items() if parts}
            # One for SD 1 fits a text encoder of SDXL as well.
            if not is_for(sum(map(len, found.values())), names, otherwise=on_text):
                self.comments.append(foreign(one.name))
                continue
            if mode == "text" and not on_text and not any(name.endswith(_READ_TEXT) for name in found):
                self.comments.append(without_text(one.name))
            if unread := [*one.unread, *([f"dyn={one.dyn}"] if one.dyn is not None else [])]:
                self.comments.append(without(tag, unread))
            for name, parts in found.items():
                patches.setdefault(name, []).extend(parts)
            own[use.filename], files[one.name] = use, file
        self._adapters[tags] = PatchAdapter(patches, self._names, self._patching)
        for use in {**base, **own}.values():
            state = self._networks.load_lora_state_dict(use.filename)
            clip = self._patched(use, state, use.unet, clip)[1]
        self._clips[tags] = clip
        return files

    def _file(self, name: str) -> Any:
        """A network's file by its name or alias, which the Lora extension may have to look for; None for none."""
        for attempt in range(2):
            if attempt:
                self._networks.list_available_networks()
            for known in (self._networks.available_networks, self._networks.available_network_aliases):
                if name in known:
                    return known[name]
        return None

    def _patched(self, use: _Use, state: Any, strength: float, clip: Any) -> tuple[Any, Any]:
        """Patchers of the checkpoint's UNet with that network alone, and of a text encoder with it as well.

        ``state``: the network's tensors by name.
        """
        networks, original = self._networks, host.model().forge_objects_original
        with torch.random.fork_rng(devices=[]):
            return networks.load_lora_for_models(original.unet, clip, state, strength, use.te, filename=use.filename)


def base_uses(told: str) -> list[_Use]:
    """The picture's own LoRAs by what the host notes of them: a list of [file, in the UNet, in the text encoder, …]."""
    try:
        return [_Use(str(entry[0]), float(entry[2]), float(entry[1])) for entry in ast.literal_eval(told or "[]")]
    except (ValueError, SyntaxError, IndexError, TypeError):
        return []


def _fitting(patches: Sequence[Patch], shape: Sequence[int] | None) -> list[Patch]:
    """The patches that are of a weight's shape: a network for another kind of checkpoint may name the same layers."""
    fitting = []
    for patch in patches:
        factors = _factors(patch)
        own = None if factors is None else (factors[0].shape[0], factors[1].flatten(1).shape[1])
        if shape is not None and (own is None or own == (shape[0], math.prod(shape[1:]))):
            fitting.append(patch)
    return fitting


def _factors(patch: Patch) -> tuple[Tensor, Tensor, float] | None:
    """A plain LoRA's two thin factors and their strength; None for any other kind."""
    strength, value = patch[0], patch[1]
    kind, tensors = _kind_of(value)
    if kind != _LORA or patch[2] != 1.0:
        return None
    up, down, alpha, *others = tensors
    if any(other is not None and other is not False for other in (*others, *patch[3:])):  # the last is a flag in Neo
        return None
    return up, down, float(strength) * (1.0 if alpha is None else float(alpha) / down.shape[0])


def _kind_of(value: Any) -> tuple[str, Any]:
    """What is merged: a pair of kind and tensors in Forge and Classic, an object that names its kind in the others."""
    if isinstance(value, tuple) and len(value) == 2:
        return value
    return getattr(value, "name", ""), getattr(value, "weights", None)


def _thin(layer: nn.Module, x: Tensor, up: Tensor, down: Tensor, strength: float) -> Tensor:
    up, down = up.to(x.device, x.dtype), down.to(x.device, x.dtype)
    if isinstance(layer, nn.Conv2d):
        down = down.reshape(down.shape[0], -1, *layer.weight.shape[2:])
        inner = conv2d(x, down, None, layer.stride, layer.padding, layer.dilation)
        return conv2d(inner, up.reshape(*up.shape[:2], 1, 1)) * strength
    return linear(linear(x, down.flatten(1)), up.flatten(1)) * strength


def _applied(layer: Any, x: Tensor, weight: Tensor) -> Tensor:
    """What a layer with that change of its weight adds."""
    weight = weight.to(x.device, x.dtype)
    if isinstance(layer, nn.Conv2d):
        return conv2d(x, weight, None, layer.stride, layer.padding, layer.dilation)
    return linear(x, weight)
