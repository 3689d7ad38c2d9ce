"""Memory of attention guidance: what its gradient keeps of one call of the original ldm UNet, by way of computing it.

Nothing is computed: the UNet is on torch's meta device, where tensors have a shape and no values, and what autograd
saves is counted by its hooks. The call is that of a guided step: one picture, the row of its prompt alone. Weights are
frozen and not counted; a plain step keeps nothing for a gradient, so that all that is counted comes on top of it.

It is counted as on a GPU: attention is fused and keeps queries, keys, values, its output and a number for each query,
and norms are computed in float32, as the WebUI's autocast has it.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks
from torch.nn.functional import group_norm, layer_norm

from lib_rpg.bench.ldm_networks import MODELS, build_unet, host_attention
from lib_rpg.checks import refuse
from lib_rpg.regional.attention_maps import AttentionMaps, lmd_layers
from lib_rpg.regional.energies import CHUNK, Thing, lmd_energy
from lib_rpg.regional.guidance import MEMORY, Memory

DTYPES = {"float16": torch.float16, "float32": torch.float32}
CASES = (("sd15", 512), ("sd15", 768), ("sdxl", 768), ("sdxl", 1024))
_THINGS = (Thing((2, 3), ((0.0, 0.25, 0.5, 0.5),)), Thing((6, 7), ((0.5, 0.25, 0.5, 0.5),)))
_LIMIT = 4096
"""Pixels of a side."""


@dataclass(frozen=True)
class Row:
    """What one way of computing the gradient keeps.

    maps: how many attention maps the energy reads. maps_mib: what they take, in float32. saved_mib: all else that is
    kept until the gradient is there. block_mib: the most that one block keeps while it is computed again for the
    gradient, 0 where none is; the maps are gone by then. total_mib: the most of this at one time.
    """

    model: str
    size: int
    dtype: str
    mode: str
    maps: int
    maps_mib: float
    saved_mib: float
    block_mib: float
    total_mib: float


class Saved:
    """Counts what autograd saves while it is entered, but for tensors that are there without it."""

    def __init__(self, there: Iterable[Any]) -> None:
        self._there = {_storage(each) for each in there if isinstance(each, Tensor)}
        self._held: weakref.WeakSet[_Held] = weakref.WeakSet()
        self._hooks: Any = None

    def __enter__(self) -> Saved:
        self._hooks = saved_tensors_hooks(self._keep, lambda held: held.tensor)
        self._hooks.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._hooks.__exit__(*error)

    def bytes(self, without: Iterable[Tensor] = ()) -> int:
        """What is kept at this moment, less some tensors; a storage that tensors share counts once."""
        others = self._there | {_storage(tensor) for tensor in without}
        tensors = [held.tensor for held in self._held]
        storages = {_storage(tensor): tensor.untyped_storage().nbytes() for tensor in tensors}
        return sum(size for storage, size in storages.items() if storage not in others)

    def _keep(self, tensor: Tensor) -> _Held:
        held = _Held(tensor)
        self._held.add(held)
        return held


class _Held:
    """A tensor that a node of the graph has saved; it lives as long as that."""

    def __init__(self, tensor: Tensor) -> None:
        self.tensor = tensor.detach()  # the node's own output would keep the node alive


def main(argv: Sequence[str] | None = None) -> int:
    """Count from command-line arguments and print a table, or JSON; return the exit code 0.

    Raises RpgError if ldm is missing, or for a size that the UNet cannot have.
    """
    options = _parser().parse_args(argv)
    cases: Sequence[tuple[str, int]] = CASES
    if options.model or options.size:
        cases = tuple((options.model or "sdxl", size) for size in options.size or [1024])
    for _, size in cases:
        if size % 64 or not 64 <= size <= _LIMIT:
            refuse("--size", f"{size} is not a multiple of 64 from 64 to {_LIMIT}", "give pixels per side, as 1024")
    rows = [row for model, size in cases for row in measure(model, size, options.dtype)]
    if options.json:
        print(json.dumps({"rows": [asdict(row) for row in rows]}))
    else:
        print(_table(rows))
    return 0


def measure(model: str, size: int, dtype: str) -> list[Row]:
    """The rows of all of `MEMORY`, for a picture of `size` x `size` pixels; the names are those of the command line."""
    unet = build_unet(MODELS[model], "meta", DTYPES[dtype])
    x = torch.empty(1, 4, size // 8, size // 8, device="meta", dtype=DTYPES[dtype])
    context = torch.empty(1, CHUNK, MODELS[model].context_width, device="meta", dtype=DTYPES[dtype])
    return [Row(model, size, dtype, **_counted(unet, x, context, memory)) for memory in MEMORY]


def _counted(unet: nn.Module, x: Tensor, context: Tensor, memory: Memory) -> dict[str, Any]:
    """The fields of a `Row` from ``mode`` on."""
    layers = lmd_layers(unet, few=memory.few)
    saved = Saved([*unet.parameters(), x, context])
    taken: list[int] = []

    def energy(maps: list[Tensor]) -> Tensor:
        value = lmd_energy([layer[0] for layer in maps], _THINGS)
        taken.extend([sum(each.nbytes for each in maps), saved.bytes(maps)])
        return value

    def run(leaf: Tensor) -> Any:
        with saved:
            return unet(leaf, torch.empty(1, device="meta"), context=context)

    with host_attention("sdp"), _norms_in_float32():
        with AttentionMaps(unet, layers, checkpointed=memory.checkpointed, stop_early=True) as reader:
            reader.gradient(run, x, energy)
        taken.append(_largest_block(unet, layers, x, context) if memory.checkpointed else 0)
    of_maps, rest, block = (size / 2**20 for size in taken)
    return {
        "mode": memory.name,
        "maps": len(layers),
        "maps_mib": round(of_maps, 1),
        "saved_mib": round(rest, 1),
        "block_mib": round(block, 1),
        "total_mib": round(rest + max(of_maps, block), 1),
    }


def _largest_block(unet: nn.Module, layers: Sequence[str], x: Tensor, context: Tensor) -> int:
    """The most bytes that a block which can be computed again saves of one call, beside what it is called with."""
    sizes: list[int] = []

    def counted(block: Any) -> Callable[..., Any]:
        forward = block._forward

        def run(*args: Any) -> Any:
            with Saved([*block.parameters(), *args]) as saved:
                output = forward(*args)
                sizes.append(saved.bytes())
            return output

        return run

    blocks: list[Any] = [module for module in unet.modules() if hasattr(module, "_forward")]
    with contextlib.ExitStack() as stack:
        for block in blocks:
            block.__dict__["_forward"] = counted(block)
            stack.callback(block.__dict__.pop, "_forward")
        with AttentionMaps(unet, layers, stop_early=True) as reader:
            reader.gradient(lambda leaf: unet(leaf, torch.empty(1, device="meta"), context=context), x, lambda _: None)
    return max(sizes)


@contextlib.contextmanager
def _norms_in_float32() -> Iterator[None]:
    """Inside, norms have their input in float32 and give the type that they are given, as under autocast."""

    def layer(self: Any, x: Tensor) -> Tensor:
        weight, bias = self.weight.float(), self.bias.float()
        return layer_norm(x.float(), self.normalized_shape, weight, bias, self.eps).to(x.dtype)

    def group(self: Any, x: Tensor) -> Tensor:
        return group_norm(x.float(), self.num_groups, self.weight.float(), self.bias.float(), self.eps).to(x.dtype)

    swapped: dict[Any, Any] = {nn.LayerNorm: layer, nn.GroupNorm: group}
    originals = {owner: owner.forward for owner in swapped}
    try:
        for owner, forward in swapped.items():
            owner.forward = forward
        yield
    finally:
        for owner, forward in originals.items():
            owner.forward = forward


def _storage(tensor: Tensor) -> int:
    """What tells a tensor's storage from others that live; on the meta device all have one address."""
    return tensor.untyped_storage()._cdata


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m lib_rpg bench guidance-memory",
        description="What attention guidance keeps for its gradient, on top of a plain step, by mode of memory.",
    )
    parser.add_argument("--model", choices=MODELS, help="the UNet's shape (sd15 and sdxl, at their sizes)")
    parser.add_argument("--size", type=_sizes, help="pixels per side of the square picture")
    parser.add_argument("--dtype", choices=DTYPES, default="float16", help="of the UNet (float16)")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    return parser


def _sizes(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _table(rows: Sequence[Row]) -> str:
    lines = [
        f"What the gradient of attention guidance (lmd) keeps of one picture's call of the ldm UNet, {rows[0].dtype}, "
        "MiB on top of a plain step",
        "",
        f"{'model':<9} {'size':>5} {'mode':<13} {'layers read':>11} {'their maps':>10} {'activations':>11} "
        f"{'largest block again':>19} {'the most':>9}",
    ]
    lines += [
        f"{row.model:<9} {row.size:>5} {row.mode:<13} {row.maps:>11} {row.maps_mib:>10.1f} {row.saved_mib:>11.1f} "
        f"{row.block_mib:>19.1f} {row.total_mib:>9.1f}"
        for row in rows
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
