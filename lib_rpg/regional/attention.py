"""Region attention: every cross-attention layer of a UNet blends the base prompt with the prompts of regions.

For a batch row with regions, at query token t (DESIGN.md section 3, with c_r = w_r * (1 - base ratio)):

    out(t) = to_out( (1 - sum_r c_r(t)) * A(q_t, base) + sum_r c_r(t) * A(q_t, region r) )

where A is softmax attention and base is the context that the UNet passes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from lib_rpg.errors import RpgError
from lib_rpg.regional.adapted_layers import Adapter
from lib_rpg.regional.composed import ComposedCall, build_calls, compose
from lib_rpg.regional.token_plan import RowRegions, TokenPlan, build_token_plan, plan_to, row_key, token_grid

__all__ = ["RegionAttention", "RowRegions"]

# UNet calls that a set of rows may sit unused before its indices, keys and values are dropped: enough for
# prompts that alternate, as [a|b|c] with cond and uncond in calls of their own, and a bound on what is held.
_IDLE_CALLS = 6


class RegionAttention:
    """Hooks on the cross-attention layers (`attn2`) of one UNet, from construction to `close()`.

    Two paths with one result. *Fast*: the host's own attention computes the base; the hooks take q behind
    `to_q`, add the regions' cores, each on its own tokens, and blend before `to_out`. *Composed*: the
    module's forward is run once more per region and the outputs are blended; for layers whose forward or
    projections somebody else has replaced (IP-Adapter, NegPiP, LLLite), looked up anew in every call, and for
    all layers with `force_composed`.

    Until `set_rows` is called nothing is changed, and rows without regions never are. An instance is meant
    for one sampling run in one thread. All tensors follow the device and dtype that the layers work with.
    """

    def __init__(
        self,
        unet: nn.Module,
        *,
        force_composed: bool = False,
        upcast: bool = False,
        is_other_picture: Callable[[], bool] = lambda: False,
        kv_limit: int | None = None,
    ) -> None:
        """Attach to `unet`, whose first argument is the latents (B, channels, H, W).

        force_composed: never take the fast path (a hypernetwork works on contexts inside the host's forward).
        upcast: compute the regions' cores in float32, as the WebUI's upcast_attn does for the base.
        is_other_picture: asked at each layer, whether what runs through it just now is not the picture with regions.
        kv_limit: bytes of keys and values to keep from step to step; the rest is computed anew in every step. None
            keeps all, which in half precision is 4 MB a region for SD 1.x and 26 MB for SDXL.
        Raises RpgError if the UNet has no cross-attention layer.
        """
        self.upcast = upcast
        self.kv_limit = kv_limit
        self.is_other_picture = is_other_picture
        self.applied_calls = 0
        """Layer calls that were blended so far; still 0 after a regional run means that it ran plain."""
        self.kv_computed = 0
        """Layer calls that had to compute the regions' keys and values."""
        self.current: UNetCall | None = None
        """The rows of the UNet call that is under way, or None."""
        self._rows: list[RowRegions | None] | None = None
        self._size: tuple[int, int] | None = None
        self._cursor = 0
        self._call: _Call | None = None
        self._programs: dict[tuple, _Program] = {}
        self._clock = 0
        self._layers = [
            _Layer(self, name, module, index, force_composed)
            for index, (name, module) in enumerate(_cross_attentions(unet))
        ]
        if not self._layers:
            raise RpgError(
                f"Regions need a UNet with cross-attention layers (attn2), and this {type(unet).__name__} "
                "has none: choose an SD 1.x, SD 2.x or SDXL checkpoint"
            )
        self._handles = [
            unet.register_forward_pre_hook(self._enter_unet, with_kwargs=True),
            unet.register_forward_hook(self._leave_unet),
        ]
        for layer in self._layers:
            layer.attach()

    @property
    def layers(self) -> int:
        """How many cross-attention layers are hooked."""
        return len(self._layers)

    @property
    def fast_layers(self) -> int:
        """How many of them take the fast path as things stand."""
        return sum(layer.composed_because is None for layer in self._layers)

    def path_summary(self) -> str:
        """The paths taken in words, such as "fast on 13 layers, composed on 3 (its forward is replaced)"."""
        parts = [f"fast on {_counted(self.fast_layers, 'layer')}"] if self.fast_layers else []
        reasons: dict[str, int] = {}
        for layer in self._layers:
            if layer.composed_because is not None:
                reasons[layer.composed_because] = reasons.get(layer.composed_because, 0) + 1
        parts += [f"composed on {_counted(count, 'layer')} ({reason})" for reason, count in reasons.items()]
        return ", ".join(parts)

    def set_rows(self, rows: Sequence[RowRegions | None], size: tuple[int, int] | None = None) -> None:
        """Say what the batch rows of the next UNet calls are, in order; None is a plain row.

        The calls may take the rows in any portions, and need not take all; one call with every row once more is the
        same step again (Perturbed Attention Guidance). Call it again before every step.
        size: height and width of the step's latents, so that calls with parts of the picture are refused.
        """
        if not self._layers:
            raise RpgError("The regions were detached from this UNet: attach them again before sampling")
        self._rows = list(rows)
        self._size = size
        self._cursor = 0
        self._forget_call()

    def may_keep(self, size: int) -> bool:
        """Whether there is room for `size` bytes of keys and values beside those that are kept."""
        kept = sum(program.kept for program in self._programs.values())
        return self.kv_limit is None or kept + size <= self.kv_limit

    def invalidate(self) -> None:
        """Drop all cached indices, keys and values; needed when weights change (LoRA) during the run."""
        self._programs.clear()
        self._forget_call()

    def close(self) -> None:
        """Remove every hook and drop every tensor; may be called any number of times."""
        for handle in self._handles:
            handle.remove()
        for layer in self._layers:
            layer.detach()
        self._handles = []
        self._layers = []
        self._rows = None
        self.invalidate()

    def _enter_unet(self, _module: nn.Module, args: tuple, kwargs: dict) -> None:
        self._forget_call()
        if self._rows is None:
            return
        latents = args[0] if args else kwargs["x"]
        count, height, width = latents.shape[0], latents.shape[-2], latents.shape[-1]
        if self._size not in (None, (height, width)):
            raise RpgError(
                f"The UNet was called with latents of {height}x{width} in a step of {self._size[0]}x{self._size[1]}: "
                "turn off the extension that draws the picture in parts, or the regions"
            )
        if self._cursor == count == len(self._rows):
            self._cursor = 0
        taken = self._rows[self._cursor : self._cursor + count]
        if len(taken) < count:
            raise RpgError(
                f"The UNet was called with {self._cursor + count} rows in a step that has {len(self._rows)}, "
                "so that it is unknown which rows carry regions: turn off the extension that calls the UNet "
                "on its own, or the regions"
            )
        self._cursor += count
        self._clock += 1
        self.current = UNetCall(taken, height, width)
        regional = [(position, row) for position, row in enumerate(taken) if row is not None and row.contexts]
        if regional:
            self._call = _Call(self._program(regional), count, height, width)

    def _leave_unet(self, _module: nn.Module, _args: tuple, _output: Any) -> None:
        self._forget_call()

    def _forget_call(self) -> None:
        """Leave no tensor of a call behind, also when the call before ended in an exception."""
        self.current = None
        self._call = None
        for layer in self._layers:
            layer.forget()

    def _program(self, regional: list[tuple[int, RowRegions]]) -> _Program:
        """The cached program of these rows; programs that were idle for long are dropped."""
        key = tuple((position, row_key(row)) for position, row in regional)
        program = self._programs.setdefault(key, _Program(regional))
        program.used = self._clock
        if len(self._programs) > 1:
            self._programs = {k: p for k, p in self._programs.items() if self._clock - p.used <= _IDLE_CALLS}
        return program


@dataclass(frozen=True)
class UNetCall:
    """What the rows of one UNet call are, on latents of height x width."""

    rows: list[RowRegions | None]
    height: int
    width: int


@dataclass
class _Program:
    """What was computed for one set of rows with regions: (position in the batch, regions)."""

    rows: list[tuple[int, RowRegions]]
    used: int = 0
    kept: int = 0
    """Bytes of keys and values in the token plans."""
    token_plans: dict[tuple, TokenPlan] = field(default_factory=dict)
    composed_calls: dict[tuple, list[ComposedCall]] = field(default_factory=dict)


@dataclass
class _Call:
    """One UNet call that has rows with regions: B rows, latents of height x width."""

    program: _Program
    batch: int
    height: int
    width: int

    def token_plan(self, tokens: int, device: torch.device, dtype: torch.dtype) -> TokenPlan:
        key = self.height, self.width, tokens, device, dtype
        plan = self.program.token_plans.get(key)
        if plan is None:
            grid = token_grid(self.height, self.width, tokens)
            plan = plan_to(build_token_plan(self.program.rows, *grid), device, dtype)
            self.program.token_plans[key] = plan
        return plan

    def composed(self, tokens: int) -> list[ComposedCall]:
        key = self.height, self.width, tokens
        calls = self.program.composed_calls.get(key)
        if calls is None:
            grid = token_grid(self.height, self.width, tokens)
            calls = self.program.composed_calls[key] = build_calls(self.program.rows, *grid)
        return calls


class _Layer:
    """The hooks on one cross-attention module, and what they hand on to each other within one call of it."""

    def __init__(self, engine: RegionAttention, name: str, module: Any, index: int, force_composed: bool) -> None:
        self.engine = engine
        self.name = name
        self.module = module
        self.index = index
        self.heads = int(module.heads)
        self.projections = [module.to_q, module.to_k, module.to_v, module.to_out, _first(module.to_out)]
        self.composed_because = "as asked" if force_composed else self._replaced()
        self.handles: list[Any] = []
        self.fast_handles: list[Any] = []
        self.forget()

    def attach(self) -> None:
        self.handles = [
            self.module.register_forward_pre_hook(self._enter, with_kwargs=True),
            self.module.register_forward_hook(self._leave, with_kwargs=True),
        ]
        if self.composed_because is None:
            self.fast_handles = [
                self.module.to_q.register_forward_hook(self._take_query),
                # Some optimisers call to_out, others its members one by one; its first member is run by all.
                _first(self.module.to_out).register_forward_pre_hook(self._blend_input),
            ]

    def detach(self) -> None:
        for handle in self.handles + self.fast_handles:
            handle.remove()
        self.handles, self.fast_handles = [], []
        self.forget()

    def forget(self) -> None:
        """Drop what belongs to one call of the module."""
        self.call: _Call | None = None
        self.query: Tensor | None = None
        self.context: Tensor | None = None
        self.blended = False

    def _replaced(self) -> str | None:
        """Why the fast path would not be exact: a forward that is not the class's own."""
        if _own_forward(self.module):
            return "its forward is replaced by another extension"
        if any(_own_forward(projection) for projection in self.projections):
            return "a projection's forward is replaced by another extension"
        return None

    def _compose_from_now_on(self, reason: str) -> None:
        self.composed_because = reason
        for handle in self.fast_handles:
            handle.remove()
        self.fast_handles = []

    def _enter(self, _module: nn.Module, args: tuple, kwargs: dict) -> None:
        self.forget()
        call = self.engine._call
        if call is None or self.engine.is_other_picture():
            return
        if self.composed_because is None and (reason := self._replaced()):
            self._compose_from_now_on(reason)
        context = args[1] if len(args) > 1 else kwargs.get("context")
        if context is None:
            raise RpgError(
                f"The layer {self.name} was called without a prompt, so that regions cannot be applied to "
                "it: choose an SD 1.x, SD 2.x or SDXL checkpoint"
            )
        if context.shape[0] != call.batch:
            raise RpgError(
                f"The layer {self.name} was called with {context.shape[0]} rows where the UNet was given "
                f"{call.batch}: turn off the extension that repeats rows inside the UNet, or the regions"
            )
        self.call = call
        self.context = context

    def _take_query(self, _module: nn.Module, _args: tuple, output: Tensor) -> None:
        if self.call is not None and not self.blended:
            self.query = output

    def _blend_input(self, _module: nn.Module, args: tuple) -> tuple | None:
        query, call, context = self.query, self.call, self.context
        if query is None or call is None or context is None or self.blended:
            return None
        self.query = None
        self.blended = True
        plan = call.token_plan(query.shape[1], query.device, args[0].dtype)
        self.engine.applied_calls += 1
        return (self._blend(call.program, plan, query, args[0], context), *args[1:])

    def _leave(self, module: nn.Module, args: tuple, kwargs: dict, output: Tensor) -> Tensor | None:
        call, blended = self.call, self.blended
        self.forget()
        if call is None or blended:
            return None
        if self.composed_because is None:
            self._compose_from_now_on("its forward passes by to_q or to_out")
        calls = call.composed(output.shape[1])
        self.engine.applied_calls += 1
        return compose(module, args, kwargs, output, calls)

    def _blend(self, program: _Program, plan: TokenPlan, query: Tensor, base: Tensor, context: Tensor) -> Tensor:
        """Blend the base's cores (B, T, heads * dim_head), as they enter to_out, with the regions' cores."""
        if not plan.buckets:
            return base
        keys_values = plan.keys_values.get(self.index)
        if keys_values is None:
            keys_values = self._keys_values(plan, context, query)
            self.engine.kv_computed += 1
            size = sum(tensor.nbytes for pair in keys_values for tensor in pair)
            if self.engine.may_keep(size):
                plan.keys_values[self.index] = keys_values
                program.kept += size

        width = query.shape[-1]
        queries = query.reshape(-1, width)
        cores = []
        for bucket, (key, value) in zip(plan.buckets, keys_values, strict=True):
            chosen = queries.index_select(0, bucket.queries).view(len(bucket.contexts), -1, width)
            cores.append(self._core(chosen, key, value).to(base.dtype))
        pool = cores[0] if len(cores) == 1 else torch.cat(cores)

        blend = base.clone(memory_format=torch.contiguous_format)
        for span in plan.spans:
            rows = blend[span.rows].view(-1, width)
            if len(span.pool) == 1:
                rows.lerp_(pool.index_select(0, span.pool[0]), span.weights[0])
            else:
                rows.mul_(span.base)
                for indices, weights in zip(span.pool, span.weights, strict=True):
                    rows.addcmul_(pool.index_select(0, indices), weights)
        return blend

    def _core(self, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        """Attention of (N, P, heads * d) queries to (N, heads, L, d) keys and values: (N * P, heads * d)."""
        count, padded, width = query.shape
        split = query.view(count, padded, self.heads, -1).transpose(1, 2)
        scale = getattr(self.module, "scale", (width // self.heads) ** -0.5)
        if self.engine.upcast:
            with torch.autocast(query.device.type, enabled=False):
                core = scaled_dot_product_attention(split.float(), key.float(), value.float(), scale=scale)
        else:
            core = scaled_dot_product_attention(split, key, value, scale=scale)
        return core.transpose(1, 2).reshape(count * padded, width)

    @torch.no_grad()
    def _keys_values(self, plan: TokenPlan, context: Tensor, query: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Keys and values (N, heads, L, d) per bucket; contexts follow the host's device and dtype."""
        result = []
        for bucket in plan.buckets:
            contexts = torch.stack([c.to(context.device, context.dtype) for c in bucket.contexts])
            key, value = (
                self._project(projection, contexts, bucket.adapters)
                .to(query)
                .unflatten(-1, (self.heads, -1))
                .transpose(1, 2)
                .contiguous()
                for projection in (self.module.to_k, self.module.to_v)
            )
            result.append((key, value))
        return result

    def _project(self, projection: nn.Module, contexts: Tensor, adapters: Sequence[Adapter | None]) -> Tensor:
        """Keys or values of (N, L, C) contexts, each with its own adapter."""
        # Not through the hooks on it, which are others' and look for what the base prompt gives.
        projected = projection.forward(contexts)
        for i, adapter in enumerate(adapters):
            delta = None if adapter is None else adapter.delta(projection, contexts[i : i + 1])
            if delta is not None:
                projected[i : i + 1] += delta.to(projected)
        return projected


def _cross_attentions(unet: nn.Module) -> list[tuple[str, nn.Module]]:
    """The UNet's modules named attn2 that have the projections of ldm's and sgm's cross-attention."""
    needed = ("heads", "to_q", "to_k", "to_v", "to_out")
    return [
        (name, module)
        for name, module in unet.named_modules()
        if name.split(".")[-1] == "attn2" and all(hasattr(module, attribute) for attribute in needed)
    ]


def _first(to_out: nn.Module) -> nn.Module:
    """The linear layer of to_out, which is a Sequential of it and a dropout."""
    return to_out[0] if isinstance(to_out, nn.Sequential) else to_out


def _own_forward(module: nn.Module) -> bool:
    """Whether the module carries a forward of its own, other than its class's put back."""
    forward: Callable | None = module.__dict__.get("forward")
    if forward is None:
        return False
    restored = getattr(forward, "__self__", None) is module
    return not (restored and getattr(forward, "__func__", None) is type(module).forward)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
