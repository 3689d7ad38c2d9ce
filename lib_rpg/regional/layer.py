"""The hooks on one cross-attention layer, which blend the base's attention with the regions'."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from lib_rpg.errors import RpgError
from lib_rpg.regional.composed import compose
from lib_rpg.regional.keys_values import BucketPairs, KeysValues, project
from lib_rpg.regional.prepared import LayerInput, PreparedRows
from lib_rpg.regional.rows import UNetCall
from lib_rpg.regional.token_plan import TokenPlan

RegionalCall = tuple[UNetCall, PreparedRows]
"""A UNet call that has rows with texts of regions, and what is prepared for them."""


class CrossAttentionLayer:
    """The hooks on one cross-attention module, and what they hand on to each other within one call of it."""

    def __init__(
        self,
        name: str,
        module: Any,
        index: int,
        current: Callable[[], RegionalCall | None],
        keys_values: KeysValues,
        *,
        force_composed: bool,
        upcast: bool,
    ) -> None:
        """Nothing is hooked before `attach`.

        index: the layer's own among those of the UNet.
        current: the UNet call to blend regions into, or None while there is nothing to blend.
        force_composed, upcast: see `RegionAttention`.
        """
        self.name = name
        self.module = module
        self.index = index
        self.upcast = upcast
        self.applied_calls = 0
        """Calls of the layer that were blended so far."""
        self._current = current
        self._keys_values = keys_values
        self._heads = int(module.heads)
        self._projections = [module.to_q, module.to_k, module.to_v, module.to_out, first_linear(module.to_out)]
        self.composed_because = "as asked" if force_composed else self._replaced()
        """Why the layer takes the composed path, or None where it takes the fast one."""
        self._handles: list[Any] = []
        self._fast_handles: list[Any] = []
        self.forget()

    def attach(self) -> None:
        """Put the hooks on; those of the fast path where it is taken."""
        self._handles = [
            self.module.register_forward_pre_hook(self._enter, with_kwargs=True),
            self.module.register_forward_hook(self._leave, with_kwargs=True),
        ]
        if self.composed_because is None:
            self._fast_handles = [
                self.module.to_q.register_forward_hook(self._take_query),
                self.module.to_k.register_forward_hook(partial(self._take_projected, 0)),
                self.module.to_v.register_forward_hook(partial(self._take_projected, 1)),
                # Some optimisers call to_out, others its members one by one; its first member is run by all.
                first_linear(self.module.to_out).register_forward_pre_hook(self._blend_input),
            ]

    def detach(self) -> None:
        """Take the hooks off; may be called any number of times."""
        for handle in self._handles + self._fast_handles:
            handle.remove()
        self._handles, self._fast_handles = [], []
        self.forget()

    def forget(self) -> None:
        """Drop what belongs to one call of the module."""
        self._regional: RegionalCall | None = None
        self._bypassed: RegionalCall | None = None
        self._projected: list[Tensor | None] = [None, None]
        self._query: Tensor | None = None
        self._context: Tensor | None = None
        self._blended = False

    def _replaced(self) -> str | None:
        """Why the fast path would not be exact: a forward that is not the class's own."""
        if has_own_forward(self.module):
            return "its forward is replaced by another extension"
        if any(has_own_forward(projection) for projection in self._projections):
            return "a projection's forward is replaced by another extension"
        return None

    def _compose_from_now_on(self, reason: str) -> None:
        self.composed_because = reason
        for handle in self._fast_handles:
            handle.remove()
        self._fast_handles = []

    def _enter(self, _module: nn.Module, args: tuple, kwargs: dict) -> None:
        self.forget()
        regional = self._current()
        if regional is None:
            return
        if self.composed_because is None and (reason := self._replaced()):
            self._compose_from_now_on(reason)
        context = args[1] if len(args) > 1 else kwargs.get("context")
        if context is None:
            raise RpgError(
                f"The layer {self.name} was called without a prompt, so regions cannot be applied to "
                "it: choose an SD 1.x, SD 2.x or SDXL checkpoint"
            )
        self._check_rows(regional, context.shape[0])
        self._regional = regional
        self._context = context

    def _check_rows(self, regional: RegionalCall, count: int) -> None:
        call, _ = regional
        if count != len(call.rows):
            raise RpgError(
                f"The layer {self.name} was called with {count} rows, but the UNet with "
                f"{len(call.rows)}: turn off the extension that repeats rows inside the UNet, or the regions"
            )

    def _take_query(self, _module: nn.Module, _args: tuple, output: Tensor) -> None:
        if self._regional is None:
            # Forge runs the projections by themselves where an extension computes the attention (replace patches).
            self._bypassed = self._current()
        if (self._regional or self._bypassed) is not None and not self._blended:
            self._query = output

    def _take_projected(self, number: int, _module: nn.Module, args: tuple, output: Tensor) -> None:
        if self._bypassed is not None:
            self._context = args[0] if number == 0 else self._context
            self._projected[number] = output

    def _blend_input(self, _module: nn.Module, args: tuple) -> tuple | None:
        if self._bypassed is not None:
            return self._blend_bypassed(self._bypassed, args)
        query, regional, context = self._query, self._regional, self._context
        if query is None or regional is None or context is None or self._blended:
            return None
        self._query = None
        self._blended = True
        return (self._regional_core(regional, context, query, args[0]), *args[1:])

    def _blend_bypassed(self, regional: RegionalCall, args: tuple) -> tuple:
        """Add to what another extension computed what regions make of the base's own attention."""
        query, context, (key, value) = self._query, self._context, self._projected
        self.forget()
        if query is None or context is None or key is None or value is None:
            raise RpgError(
                f"The layer {self.name} was run by another extension in a way of its own: turn off the extension that "
                "replaces attention, or the regions"
            )
        self._check_rows(regional, context.shape[0])
        heads = (projected.unflatten(-1, (self._heads, -1)).transpose(1, 2) for projected in (key, value))
        own = self._core(query, *heads).view_as(query).to(args[0].dtype)
        return (args[0] + (self._regional_core(regional, context, query, own) - own), *args[1:])

    def _regional_core(self, regional: RegionalCall, context: Tensor, query: Tensor, base: Tensor) -> Tensor:
        """The base's cores as they enter to_out, with the regions' blended in."""
        call, prepared = regional
        given = LayerInput(call.height, call.width, query.shape[1], query.device, base.dtype)
        plan = prepared.token_plan(given)
        self.applied_calls += 1
        if not plan.buckets:
            return base
        compute = partial(project, self.module, plan, context, query)
        pairs = self._keys_values.get(prepared, (given, self.index), compute)
        return self._blend(plan, pairs, query, base)

    def _leave(self, module: nn.Module, args: tuple, kwargs: dict, output: Tensor) -> Tensor | None:
        regional, blended = self._regional, self._blended
        self.forget()
        if regional is None or blended:
            return None
        if self.composed_because is None:
            self._compose_from_now_on("its forward passes by to_q or to_out")
        call, prepared = regional
        runs = prepared.composed(call.height, call.width, output.shape[1])
        self.applied_calls += 1
        return compose(module, args, kwargs, output, runs)

    def _blend(self, plan: TokenPlan, pairs: BucketPairs, query: Tensor, base: Tensor) -> Tensor:
        """Blend the base's cores (B, T, heads * d), as they enter to_out, with the regions' cores.

        query is (B, T, heads * d) as well, pairs are the keys and values of the plan's buckets.
        """
        width = query.shape[-1]
        queries = query.reshape(-1, width)
        cores = []
        for bucket, (key, value) in zip(plan.buckets, pairs, strict=True):
            chosen = queries.index_select(0, bucket.queries).view(len(bucket.texts), -1, width)
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
        split = query.view(count, padded, self._heads, -1).transpose(1, 2)
        scale = getattr(self.module, "scale", (width // self._heads) ** -0.5)
        if self.upcast:
            with torch.autocast(query.device.type, enabled=False):
                core = scaled_dot_product_attention(split.float(), key.float(), value.float(), scale=scale)
        else:
            core = scaled_dot_product_attention(split, key, value, scale=scale)
        return core.transpose(1, 2).reshape(count * padded, width)


def first_linear(to_out: nn.Module) -> nn.Module:
    """The linear layer of to_out, which is a Sequential of it and a dropout."""
    return to_out[0] if isinstance(to_out, nn.Sequential) else to_out


def has_own_forward(module: nn.Module) -> bool:
    """Whether the module carries a forward of its own, other than its class's put back."""
    forward: Callable | None = module.__dict__.get("forward")
    if forward is None:
        return False
    restored = getattr(forward, "__self__", None) is module
    return not (restored and getattr(forward, "__func__", None) is type(module).forward)
