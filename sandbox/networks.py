"""LoRA in the sandbox, under the names of the WebUI's built-in Lora extension, whose module is `networks`, too.

Files in kohya's form lie in `sandbox/shapes/lora` and in `lora_dirs`. Of all kinds the plain one is read: `lora_up`,
`lora_down`, `alpha`. Weights are changed as soon as networks are chosen, where the WebUI does it when a layer is run.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import torch
from modules import extra_networks, script_callbacks, sd_hijack, shared
from modules.paths import models_path
from safetensors.torch import load_file
from torch import Tensor, nn

lora_dirs = [Path(models_path) / "lora"]
loaded_networks: list[Network] = []
networks_in_memory: dict[str, Network] = {}
_originals: dict[nn.Module, Tensor] = {}


class NetworkOnDisk:
    """A file, by its name without the ending."""

    def __init__(self, filename: Path):
        self.name = filename.stem
        self.filename = str(filename)
        self.shorthash = hashlib.sha256(filename.read_bytes()).hexdigest()[:12]


class NetworkModule:
    """What a network has for one layer: two thin factors of a change of its weights."""

    def __init__(self, network: Network, layer: Any, up: Tensor, down: Tensor, alpha: float):
        self.network = network
        self.sd_module = layer
        self.alpha = alpha
        self.dim = down.shape[0]
        self.dora_scale = None
        if isinstance(layer, nn.Conv2d):
            place = {"stride": layer.stride, "padding": layer.padding}
            self.ops: Any = nn.functional.conv2d
            self.extra_kwargs: dict[str, Any] = place
            self.down_model: Any = nn.Conv2d(down.shape[1], self.dim, down.shape[2:], bias=False, **place)
            self.up_model: Any = nn.Conv2d(self.dim, up.shape[0], 1, bias=False)
        else:
            self.ops, self.extra_kwargs = nn.functional.linear, {}
            self.down_model = nn.Linear(down.shape[1], self.dim, bias=False)
            self.up_model = nn.Linear(self.dim, up.shape[0], bias=False)
        for model, weight in ((self.up_model, up), (self.down_model, down)):
            model.weight.data = weight.float().reshape(model.weight.shape)
            model.requires_grad_(False)

    def multiplier(self) -> float:
        """How strongly the network is used where the layer is."""
        is_text = self.sd_module.network_layer_name.startswith("transformer")
        return self.network.te_multiplier if is_text else self.network.unet_multiplier

    def calc_scale(self) -> float:
        return self.alpha / self.dim

    def calc_updown(self, weight: Tensor) -> tuple[Tensor, None]:
        """The change of the layer's weights, and none of its bias."""
        change = self.up_model.weight.flatten(1) @ self.down_model.weight.flatten(1)
        return change.view_as(weight) * self.multiplier() * self.calc_scale(), None


class Network:
    """A loaded file: its parts by the layers' names."""

    def __init__(self, name: str, on_disk: NetworkOnDisk):
        self.name = self.mentioned_name = name
        self.network_on_disk = on_disk
        self.te_multiplier = self.unet_multiplier = 1.0
        self.dyn_dim: int | None = None
        self.bundle_embeddings: dict[str, Any] = {}
        self.modules: dict[str, NetworkModule] = {}


def available() -> dict[str, Path]:
    """The files by name."""
    return {path.stem: path for folder in lora_dirs for path in sorted(folder.glob("*.safetensors"))}


def assign_network_names(sd_model: Any) -> None:
    """Name the layers of a checkpoint; what was loaded for another one is forgotten."""
    loaded_networks.clear()
    networks_in_memory.clear()
    _originals.clear()
    sd_model.network_layer_mapping = {}
    for root in (getattr(sd_model.cond_stage_model, "wrapped", sd_model.cond_stage_model), sd_model.model):
        for name, layer in root.named_modules():
            layer.network_layer_name = name.replace(".", "_")
            sd_model.network_layer_mapping[layer.network_layer_name] = layer


def load_network(name: str, path: Path) -> Network:
    """Read a file for the loaded checkpoint; parts for layers that it does not have are left out."""
    network = Network(name, NetworkOnDisk(path))
    weights = load_file(path)
    for key in sorted({key.partition(".")[0] for key in weights}):
        layer_name = key.replace("lora_te_", "transformer_", 1).replace("lora_unet_", "diffusion_model_", 1)
        layer = shared.sd_model.network_layer_mapping.get(layer_name)
        if layer is not None:
            up, down = (weights[f"{key}.lora_{part}.weight"] for part in ("up", "down"))
            alpha = float(weights.get(f"{key}.alpha", torch.tensor(down.shape[0])))
            network.modules[layer_name] = NetworkModule(network, layer, up, down, alpha)
    return network


def load_networks(names: list[str], te_multipliers=None, unet_multipliers=None, dyn_dims=None) -> None:
    """Use these networks and no others; a name that has no file is named in the picture's comments."""
    known = {**networks_in_memory, **{network.name: network for network in loaded_networks}}
    networks_in_memory.clear()
    files = available()
    missing = [name for name in names if name not in files]
    loaded_networks.clear()
    for i, name in enumerate(names):
        if name in missing:
            continue
        network = known.get(name) or load_network(name, files[name])
        network.te_multiplier = te_multipliers[i] if te_multipliers else 1.0
        network.unet_multiplier = unet_multipliers[i] if unet_multipliers else 1.0
        network.dyn_dim = dyn_dims[i] if dyn_dims else None
        loaded_networks.append(network)
    if missing:
        sd_hijack.model_hijack.comments.append(f"Lora not found: {', '.join(missing)}")
    _apply()


@torch.no_grad()
def _apply() -> None:
    """Give every layer its own weights, and the change that the loaded networks make to them.

    What is for a layer of another shape, in a checkpoint of another kind, changes nothing.
    """
    for layer, original in _originals.items():
        layer.weight.copy_(original)  # type: ignore[operator, union-attr]
    _originals.clear()
    for network in loaded_networks:
        for part in network.modules.values():
            layer = part.sd_module
            sides = part.up_model.weight.shape[0], part.down_model.weight.shape[1]
            if sides != tuple(layer.weight.shape[:2]):
                print(f"Lora: {network.name} does not fit {layer.network_layer_name}")
                continue
            _originals.setdefault(layer, layer.weight.clone())
            layer.weight += part.calc_updown(layer.weight)[0]


class ExtraNetworkLora(extra_networks.ExtraNetwork):
    """The tag `<lora:name:strength>`, with a strength of its own for the UNet as a third part."""

    def __init__(self) -> None:
        super().__init__("lora")

    def activate(self, p: Any, params_list: list) -> None:
        """Load what the tags name, and put the files' hashes into the infotext."""
        names, te, unet = [], [], []
        for params in params_list:
            values = params.positional
            names.append(values[0])
            te.append(float(params.named.get("te", values[1] if len(values) > 1 else 1.0)))
            unet.append(float(params.named.get("unet", values[2] if len(values) > 2 else te[-1])))
        load_networks(names, te, unet, [None] * len(names))
        if not getattr(p, "is_hr_pass", False) or not hasattr(p, "lora_hashes"):
            p.lora_hashes = {}
        p.lora_hashes |= {network.name: network.network_on_disk.shorthash for network in loaded_networks}
        if p.lora_hashes:
            hashes = ", ".join(f"{name}: {short}" for name, short in p.lora_hashes.items())
            p.extra_generation_params["Lora hashes"] = hashes

    def deactivate(self, p: Any) -> None:
        """Networks stay loaded until the next generation chooses its own."""


def list_loras() -> list[dict[str, Any]]:
    """What `/sdapi/v1/loras` answers."""
    return [{"name": name, "alias": name, "path": str(path), "metadata": {}} for name, path in available().items()]


def register() -> None:
    """Make the tag known and follow the checkpoint."""
    extra_networks.register_extra_network(ExtraNetworkLora())
    extra_networks.register_extra_network_alias("lora", "lyco")
    script_callbacks.on_model_loaded(assign_network_names)
