"""A region's own LoRAs, loaded by the WebUI's Lora extension along with the picture's, and used by the region alone."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import torch
from modules import extra_networks
from torch import Tensor, nn

from lib_rpg.checks import show
from lib_rpg.webui.host import Processing, host
from lib_rpg.webui.lora_files import is_for, tensor_names
from lib_rpg.webui.lora_tags import quoted, read_tag

Tags = tuple[str, ...]
"""LoRA tags as written in a prompt, such as ("<lora:name:0.8>",)."""
_OF_UNET = "diffusion_model_"
"""How the Lora extension's names of the UNet's layers begin."""


def is_available() -> bool:
    """Whether the WebUI's Lora extension is there."""
    return "lora" in getattr(extra_networks, "extra_network_registry", {}) and hasattr(
        sys.modules.get("networks"), "load_networks"
    )


@dataclass(frozen=True)
class _Use:
    """A network and how strongly it is used: in the text encoder, in the UNet, and with how many of its dimensions."""

    name: str
    te: float
    unet: float
    dyn_dim: int | None
    network: Any = None


class LoraAdapter:
    """What a region's LoRAs add to the UNet's layers, over the picture's own, which are in the weights already."""

    def __init__(self, uses: Sequence[_Use]) -> None:
        self._uses = uses

    def touches(self, layer: nn.Module) -> bool:
        return any(self._part(use, layer) is not None for use in self._uses)

    def delta(self, layer: nn.Module, x: Tensor) -> Tensor | None:
        total = None
        for use in self._uses:
            part = self._part(use, layer)
            if part is not None:
                with _strength(use):
                    delta = _added(part, layer, x)
                total = delta if total is None else total + delta
        return total

    @staticmethod
    def _part(use: _Use, layer: nn.Module) -> Any:
        part = use.network.modules.get(getattr(layer, "network_layer_name", None)) if use.unet else None
        return part if part is not None and _fits(part, layer) else None


class RegionLoras:
    """The LoRAs of a sampling run's regions; the Lora extension itself uses the picture's own, but in `encoding`.

    `comments` holds warnings for the user, such as a LoRA that was not found.
    """

    def __init__(self, p: Processing, sets: Iterable[Tags], modes: Iterable[str]) -> None:
        """``sets`` are the regions' tags, ``modes`` for each of them its plan's `Plan.lora`."""
        networks: Any = sys.modules.get("networks")
        self._networks = networks
        self._adapters: dict[Tags, LoraAdapter] = {}
        self._uses: dict[Tags, list[_Use]] = {}
        self.comments: list[str] = []
        wanted = {tags: mode for tags, mode in zip(sets, modes, strict=True) if tags}
        if not wanted:
            return
        self._base = [
            _Use(net.name, net.te_multiplier, net.unet_multiplier, net.dyn_dim, net) for net in networks.loaded_networks
        ]
        try:
            for tags, mode in wanted.items():
                self._read(tags, mode)
        finally:
            self._load(self._base)
        networks_used = [use for uses in self._uses.values() for use in uses]
        add_hashes(p, {use.name: use.network.network_on_disk for use in networks_used})

    def _read(self, tags: Tags, mode: str) -> None:
        """Load a region's networks once, for what they add to the UNet."""
        read = {tag: read_tag(tag) for tag in tags}
        self.comments += [without(tag, one.unread) for tag, one in read.items() if one.unread]
        own = [_Use(*one[:4]) for one in {one.name: one for one in read.values()}.values()]
        self._load(self._with_base(own))
        loaded = {net.name: net for net in self._networks.loaded_networks}
        found = [_Use(use.name, use.te, use.unet, use.dyn_dim, loaded[use.name]) for use in own if use.name in loaded]
        for missing in sorted({use.name for use in own} - loaded.keys()):
            self.comments.append(not_found(missing))
        layers = getattr(host.model(), "network_layer_mapping", {})
        for use in [use for use in found if not _is_for(use.network, layers)]:
            found.remove(use)
            self.comments.append(foreign(use.name))
        for use in found:
            if mode == "text" and not any(map(_reads_text, use.network.modules)):
                self.comments.append(without_text(use.name))
        self._uses[tags] = found
        self._adapters[tags] = LoraAdapter([part for use in found for part in self._over_base(use)])

    def adapter(self, tags: Tags) -> LoraAdapter | None:
        """What the LoRAs add to the UNet; None for no tags."""
        return self._adapters.get(tags)

    @contextmanager
    def encoding(self, tags: Tags) -> Iterator[None]:
        """Have the text encoder use the picture's LoRAs and those of the tags, inside the block."""
        uses = self._uses.get(tags)
        if not uses:
            yield
            return
        try:
            self._load(self._with_base(uses))
            yield
        finally:
            self._load(self._base)

    def _with_base(self, own: list[_Use]) -> list[_Use]:
        """The picture's LoRAs and a region's own, whose strength counts where both name one."""
        names = {use.name for use in own}
        return [use for use in self._base if use.name not in names] + own

    def _over_base(self, use: _Use) -> list[_Use]:
        """What a region's use adds to the UNet, whose weights have the picture's own use of the same network."""
        for base in self._base:
            if base.name == use.name:
                if base.dyn_dim == use.dyn_dim:
                    return [replace(use, unet=use.unet - base.unet)]
                return [use, replace(use, unet=-base.unet, dyn_dim=base.dyn_dim)]
        return [use]

    def _load(self, uses: Sequence[_Use]) -> None:
        """Have the Lora extension use these; weights follow when a layer is next run."""
        comments = host.encoding_comments(host.model())
        before = len(comments)
        # What it keeps in memory it need not read again.
        self._networks.networks_in_memory.update({use.name: use.network for use in uses if use.network is not None})
        # It builds layers, which draw random weights, after the WebUI has seeded the generator for this picture.
        with torch.random.fork_rng(devices=[]):
            self._networks.load_networks(
                [use.name for use in uses],
                [use.te for use in uses],
                [use.unet for use in uses],
                [use.dyn_dim for use in uses],
            )
        del comments[before:]  # `self.comments` reports it instead


def add_hashes(p: Processing, files: Mapping[str, Any]) -> None:
    """Add LoRAs, by name with the Lora extension's ``network_on_disk``, to the hashes in the infotext, in its form."""
    if not host.option("lora_add_hashes_to_infotext", False):
        return
    hashes = dict(getattr(p, "lora_hashes", {}))
    for name, file in files.items():
        if short := file.shorthash:
            hashes[name.translate(str.maketrans("", "", ":,"))] = short
    if hashes:
        p.lora_hashes = hashes
        p.extra_generation_params["Lora hashes"] = ", ".join(f"{name}: {short}" for name, short in hashes.items())


def not_found(name: str) -> str:
    """The comment on a LoRA that is not there."""
    return f"the LoRA {show(name)} of a region was not found"


def foreign(name: str) -> str:
    """The comment on a LoRA that fits no layer of the checkpoint."""
    return (
        f"the LoRA {show(name)} of a region is for another kind of checkpoint than the one of this pass, "
        "in which it does not act"
    )


def without_text(name: str) -> str:
    """The comment on a LoRA that the mode 'text' leaves without effect."""
    return f"the LoRA {show(name)} changes no layer that reads text: use the LoRA mode 'unet'"


def without(tag: str, unread: Sequence[str]) -> str:
    """The comment on a tag with arguments that are not read."""
    what = ", ".join(map(show, unread))
    return (
        f"the LoRA tag {quoted(tag)} of a region is used without {what}, which another extension reads: "
        "use the LoRA mode 'shared'"
    )


def _is_for(network: Any, layers: Mapping[str, Any]) -> bool:
    """Whether a network is for a checkpoint, by the Lora extension's names of its layers."""
    fitting = [name for name, part in network.modules.items() if name in layers and _fits(part, layers[name])]
    names = tensor_names(network.network_on_disk.filename)
    of_unet = [name for name in fitting if name.startswith(_OF_UNET)]
    return is_for(len(of_unet), names, otherwise=bool(fitting))


def _fits(part: Any, layer: Any) -> bool:
    """Whether a network's part is of the layer's shape: hires fix may have a checkpoint of another kind."""
    shape, weight = getattr(part, "shape", None), getattr(layer, "weight", None)
    if weight is None:  # several matrices in one layer, such as OpenCLIP's attention
        return True
    if shape is not None and tuple(shape) != tuple(weight.shape):
        return False
    up, down = (getattr(getattr(part, name, None), "weight", None) for name in ("up_model", "down_model"))
    return up is None or down is None or (up.shape[0], down.shape[1]) == tuple(weight.shape[:2])


def _reads_text(layer_name: str) -> bool:
    """Whether a layer, by the Lora extension's name for it, is of a text encoder or takes a text's keys and values."""
    return not layer_name.startswith("diffusion_model") or layer_name.endswith(("attn2_to_k", "attn2_to_v"))


@contextmanager
def _strength(use: _Use) -> Iterator[None]:
    """Set a network's multipliers, which it shares with every other use of it, for the block."""
    net = use.network
    before = net.unet_multiplier, net.dyn_dim
    net.unet_multiplier, net.dyn_dim = use.unet, use.dyn_dim
    try:
        yield
    finally:
        net.unet_multiplier, net.dyn_dim = before


def _added(part: Any, layer: Any, x: Tensor) -> Tensor:
    """What one network's part for a layer adds to the layer's output.

    A standard LoRA is applied in its two thin factors; any other kind through the weight change that it computes.
    """
    thin = all(getattr(part, name, None) is not None for name in ("up_model", "down_model"))
    plain = getattr(part, "mid_model", None) is None and getattr(part, "dora_scale", None) is None
    if thin and plain and part.network.dyn_dim is None:
        down = part.down_model.to(x.device, x.dtype)
        up = part.up_model.to(x.device, x.dtype)
        return up(down(x)) * (part.multiplier() * part.calc_scale())
    weight, bias = part.calc_updown(layer.weight)
    return part.ops(x, weight=weight.to(x), bias=None if bias is None else bias.to(x), **part.extra_kwargs)
