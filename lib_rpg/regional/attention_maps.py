"""Reads the cross-attention of chosen layers with a gradient that reaches the latents, and leaves the UNet as it was.

The WebUI samples under no_grad, with parameters that require gradients. The configurations of SD 2.x and SDXL have
blocks whose own checkpointing runs them under no_grad and has no gradient for frozen parameters
(reference/rag-and-lmd.md B.6). WebUI 1.10 switches it off when it loads them; a host that does not is served as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from lib_rpg.checks import refuse
from lib_rpg.errors import RpgError
from lib_rpg.regional.attention import cross_attentions
from lib_rpg.regional.grids import token_grid

_PLACE = "attention maps"
_OWN_CHECKPOINTS = ("checkpoint", "use_checkpoint")
_LMD_BLOCKS = 3


def lmd_layers(unet: nn.Module, *, few: bool = False) -> list[str]:
    """The names of the cross-attention layers (`attn2`) that LMD's and backward guidance's energies read.

    Those of the middle and output blocks at the deepest resolution with cross-attention, and at the next one unless
    the deepest has three output blocks already: middle_block and output_blocks 3 to 5 for SD 1.x and 2.x, middle_block
    and output_blocks 0 to 2 for SDXL (B.2, B.6). In a smaller UNet the same two resolutions.

    few: the middle and the first of the output blocks alone, for little memory.
    Raises RpgError where the UNet has no such layers.
    """
    names = [name for name, _ in _lmd_blocks(unet)]
    later = [name for name in names if name.startswith("output")][1:] if few else []
    return [layer for name in names if name not in later for layer in _layers_of(unet, name)]


def boxdiff_layers(unet: nn.Module, *, few: bool = False) -> list[str]:
    """The names of the layers that BoxDiff's energy reads, all of one resolution.

    Those of the input and output blocks at the finest resolution of `lmd_layers`: input_blocks 7 and 8, and
    output_blocks 3 to 5 for SD 1.x and 2.x (B.3), output_blocks 0 to 2 for SDXL.

    few: the first of the output blocks alone. Raises RpgError where the UNet has no such layers.
    """
    level = min(level for _, level in _lmd_blocks(unet))
    names = [name for name, at in _blocks(unet) if at == level and name != "middle_block"]
    outputs = [name for name in names if name.startswith("output")]
    return [layer for name in (outputs[:1] if few else names) for layer in _layers_of(unet, name)]


class AttentionMaps:
    """A context manager on a UNet of ldm or sgm, in which `gradient` and `read` may be called any number of times.

    What is captured are the probabilities of a layer's own forward: softmax of the queries and keys that its `to_q` and
    `to_k` give, in float32 and without a mask. With `RegionAttention` on the layer these are the base text's: regions
    are blended in behind them, and act on the maps of the layers that follow. The layers' own forward, whatever
    optimisation or extension it is, and all other hooks go on as they are.

    Inside the block no parameter requires a gradient, and the blocks' own checkpointing is off. All that is changed is
    put back at the end, also after an error.
    """

    def __init__(
        self,
        unet: nn.Module,
        layers: Sequence[str],
        *,
        checkpointed: bool = False,
        stop_early: bool = False,
        is_other_picture: Callable[[], bool] = lambda: False,
    ) -> None:
        """Nothing is changed before the block is entered.

        layers: names of modules, as `lmd_layers` gives them.
        checkpointed: keep no activations within transformer and residual blocks, and compute them again for the
            gradient. A block whose `_forward` another extension has replaced is left out: it may have a state.
        stop_early: end the UNet's call behind the last of the layers, by an exception that no `except Exception`
            catches. Otherwise the rest of it runs without gradients.
        is_other_picture: asked at each layer, whether what runs through it just now is another picture, a reference.
        """
        self._unet = unet
        self._names = list(layers)
        self._checkpointed = checkpointed
        self._stop_early = stop_early
        self._is_other_picture = is_other_picture
        self._undo = ExitStack()
        self._call: _Call | None = None

    def __enter__(self) -> AttentionMaps:
        modules = dict(self._unet.named_modules())
        with ExitStack() as undo:
            undo.enter_context(_frozen(self._unet))
            undo.enter_context(_without_own_checkpoints(self._unet))
            if self._checkpointed:
                undo.enter_context(_recomputed(self._unet))
            for handle in self._hooks(modules):
                undo.callback(handle.remove)
            self._undo = undo.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._undo.close()

    def gradient(
        self, run: Callable[[Tensor], Any], x: Tensor, energy: Callable[[list[Tensor]], Tensor | None]
    ) -> Tensor | None:
        """The gradient of an energy by the latents, like x; None where the energy says that none is needed.

        run: calls the UNet once, on latents that it makes of those given. x: as `run` takes them.
        energy: from the maps, for each layer (B, heads, h, w, tokens), float32 (float64 for such a UNet), to a scalar,
            or None. B are the rows of the UNet's call.

        It is called, and differentiated, while the UNet's call is under way, so that what is computed again for the
        gradient finds the state of that call (`UNetRows.current`).
        Raises RpgError in inference mode, and where a layer gives no map or no gradient reaches x.
        """
        if torch.is_inference_mode_enabled():
            refuse(_PLACE, "inference mode is on, so there are no gradients", "turn the attention guidance off")
        leaf = x.detach().requires_grad_(True)

        def differentiate(maps: list[Tensor]) -> Tensor | None:
            value = energy(maps)
            maps.clear()
            if value is None:
                return None
            if not value.requires_grad:
                refuse(_PLACE, "no gradient reaches the latents", "turn off the extension that runs the UNet itself")
            return torch.autograd.grad(value, leaf)[0]

        with torch.enable_grad():
            return self._run(lambda: run(leaf), _Call(differentiate, with_gradient=True))

    def read(self, run: Callable[[], Any]) -> list[Tensor]:
        """The maps of one call of the UNet without gradient: for each layer (B, heads, h, w, tokens), float32.

        Raises RpgError where a layer gives no map.
        """
        with torch.no_grad():
            return self._run(run, _Call(lambda maps: maps, with_gradient=False))

    def _run(self, run: Callable[[], Any], call: _Call) -> Any:
        self._call = call
        try:
            run()
        except _Stopped:
            pass
        finally:
            self._call = None
        if call.is_collecting:
            refuse(_PLACE, "the UNet's last layer with attention was not called", "turn the attention guidance off")
        return call.result

    def _hooks(self, modules: dict[str, Any]) -> Iterator[Any]:
        """Puts the hooks on, one after the other."""
        for name in self._names:
            layer = _Layer(name, modules[name], self._current)
            yield from layer.hooks()
        # Not on the block, whose layers some hosts call one by one.
        yield modules["input_blocks.0.0"].register_forward_pre_hook(self._begin)
        # Behind the whole block, which is where it is not within a block that is computed again.
        last = [name for name in modules if name in self._names][-1]
        yield modules[last.rpartition(".")[0]].register_forward_hook(self._finish)

    def _current(self) -> _Call | None:
        return None if self._is_other_picture() else self._call

    def _begin(self, _module: nn.Module, args: tuple) -> None:
        """The UNet's first layer, with the latents: also where an extension calls the UNet's forward by itself."""
        call = self._current()
        if call is None or not call.is_collecting:
            return
        call.size = args[0].shape[-2], args[0].shape[-1]
        if call.with_gradient:  # ControlNet runs the encoder under no_grad
            torch.set_grad_enabled(True)

    def _finish(self, *_: object) -> None:
        call = self._current()
        if call is None or not call.is_collecting:
            return
        call.is_collecting = False
        for name in self._names:
            if name not in call.maps:
                refuse(_PLACE, f"{name} passes by to_q or to_k", "turn off the extension that replaces attention")
        maps = [call.maps[name] for name in self._names]
        call.maps.clear()
        with _full_precision(maps[0].device):
            call.result = call.use(maps)
        if self._stop_early:
            raise _Stopped
        torch.set_grad_enabled(False)


class _Stopped(BaseException):
    """Ends a call of the UNet of which nothing more is needed."""


class _Call:
    """One call of the UNet: what its maps are used for, and what became of them."""

    def __init__(self, use: Callable[[list[Tensor]], Any], *, with_gradient: bool) -> None:
        self.use = use
        self.with_gradient = with_gradient
        self.is_collecting = True
        self.size: tuple[int, int] | None = None
        self.maps: dict[str, Tensor] = {}
        self.result: Any = None


class _Layer:
    """The hooks on one cross-attention layer. ``current``: the call that its maps are for."""

    def __init__(self, name: str, module: Any, current: Callable[[], _Call | None]) -> None:
        self._name = name
        self._module = module
        self._current = current
        self._is_waiting = False
        self._taken: dict[str, Tensor] = {}

    def hooks(self) -> Iterator[Any]:
        """Puts the hooks on, one after the other."""
        yield self._module.register_forward_pre_hook(self._enter)
        yield self._module.register_forward_hook(self._leave)
        for name in ("to_q", "to_k"):
            yield getattr(self._module, name).register_forward_hook(partial(self._take, name))

    def _enter(self, *_: object) -> None:
        self._taken = {}
        self._is_waiting = self._current() is not None

    def _leave(self, *_: object) -> None:
        self._taken = {}
        self._is_waiting = False

    def _take(self, name: str, _module: nn.Module, _args: tuple, output: Tensor) -> None:
        """The first queries and keys of the layer's call are those of its own text."""
        call = self._current()
        if call is None or call.size is None or not self._is_waiting:
            return
        self._taken.setdefault(name, output)
        if len(self._taken) < 2:
            return
        # Also where it is computed again, for which the same must be kept as at first.
        probabilities = self._probabilities(self._taken["to_q"], self._taken["to_k"])
        self._leave()
        if call.is_collecting:
            call.maps[self._name] = probabilities.unflatten(2, token_grid(*call.size, probabilities.shape[2]))

    def _probabilities(self, query: Tensor, key: Tensor) -> Tensor:
        """(B, heads, T, L) of queries (B, T, heads * d) and keys (B, L, heads * d)."""
        heads = int(self._module.heads)
        scale = getattr(self._module, "scale", (query.shape[-1] // heads) ** -0.5)
        with _full_precision(query.device):
            q, k = (
                each.to(torch.promote_types(each.dtype, torch.float32)).unflatten(-1, (heads, -1)).transpose(1, 2)
                for each in (query, key)
            )
            return (q * scale @ k.mT).softmax(-1)


def _full_precision(device: torch.device) -> AbstractContextManager[Any]:
    """Autocast is off inside; not every version of torch has it for other devices."""
    return torch.autocast(device.type, enabled=False) if device.type in ("cpu", "cuda") else nullcontext()


@contextmanager
def _frozen(unet: nn.Module) -> Iterator[None]:
    """Inside the block no parameter requires a gradient."""
    trained = [parameter for parameter in unet.parameters() if parameter.requires_grad]
    try:
        for parameter in trained:
            parameter.requires_grad_(False)
        yield
    finally:
        for parameter in trained:
            parameter.requires_grad_(True)


@contextmanager
def _without_own_checkpoints(unet: nn.Module) -> Iterator[None]:
    """Inside the block no module runs parts of itself under no_grad to save memory."""
    switched = [
        (module.__dict__, name)
        for module in unet.modules()
        for name in _OWN_CHECKPOINTS
        if module.__dict__.get(name) is True
    ]
    try:
        for attributes, name in switched:
            attributes[name] = False
        yield
    finally:
        for attributes, name in switched:
            attributes[name] = True


@contextmanager
def _recomputed(unet: nn.Module) -> Iterator[None]:
    """Inside the block the activations of transformer and residual blocks are not kept but computed again."""
    blocks: list[Any] = [module for module in unet.modules() if _can_be_recomputed(module)]
    before = [block.__dict__.get("_forward") for block in blocks]
    try:
        for block in blocks:
            block.__dict__["_forward"] = _computed_again(block._forward)
        yield
    finally:
        for block, own in zip(blocks, before, strict=True):
            if own is None:
                block.__dict__.pop("_forward", None)
            else:
                block.__dict__["_forward"] = own


def _can_be_recomputed(module: nn.Module) -> bool:
    """Whether it is a block that runs its `_forward`, and that is the class's own, which may have been put back."""
    own: Any = getattr(type(module), "_forward", None)
    if own is None or not any(name in module.__dict__ for name in _OWN_CHECKPOINTS):
        return False
    return getattr(module._forward, "__func__", None) is own and getattr(module._forward, "__self__", None) is module


def _computed_again(forward: Callable[..., Any]) -> Callable[..., Any]:
    def run(*args: Any, **kwargs: Any) -> Any:
        failures: list[BaseException] = []
        is_first = True

        def body(*args: Any, **kwargs: Any) -> Any:
            nonlocal is_first
            if not is_first:
                return forward(*args, **kwargs)
            is_first = False
            try:
                return forward(*args, **kwargs)
            except BaseException as error:
                failures.append(error)
                return None

        # An error within would leave older versions of torch with their hooks on all tensors that are saved later.
        output = checkpoint(body, *args, use_reentrant=False, **kwargs)
        if failures:
            raise failures.pop()
        return output

    return run


def _lmd_blocks(unet: nn.Module) -> list[tuple[str, int]]:
    """The middle and output blocks that LMD reads, and their levels."""
    blocks = [(name, level) for name, level in _blocks(unet) if not name.startswith("input")]
    levels = sorted({level for _, level in blocks}, reverse=True)
    if not levels:
        raise RpgError(
            f"{_PLACE}: this {type(unet).__name__} has no cross-attention in its middle and output blocks; choose an "
            "SD 1.x, SD 2.x or SDXL checkpoint"
        )
    deepest = [name for name, level in blocks if level == levels[0] and name.startswith("output")]
    chosen = levels[:1] if len(deepest) >= _LMD_BLOCKS else levels[:2]
    return [(name, level) for name, level in blocks if level in chosen]


def _blocks(unet: Any) -> list[tuple[str, int]]:
    """The UNet's blocks with cross-attention, in the order they run in, and how often each's input was halved."""
    levels: list[int] = []
    level = 0
    for block in getattr(unet, "input_blocks", ()):
        level += any(getattr(module, "stride", 1) in (2, (2, 2)) for module in block.modules())
        levels.append(level)
    outputs = getattr(unet, "output_blocks", ())
    named = [(f"input_blocks.{number}", level) for number, level in enumerate(levels)]
    named += [("middle_block", level)] if levels else []
    # Each output block takes the output of an input block as well, the last one first.
    named += [(f"output_blocks.{number}", levels[-1 - number]) for number in range(len(outputs))]
    return [(name, level) for name, level in named if _layers_of(unet, name)]


def _layers_of(unet: nn.Module, block: str) -> list[str]:
    """The names of a block's cross-attention layers."""
    return [f"{block}.{name}" for name, _ in cross_attentions(unet.get_submodule(block))]
