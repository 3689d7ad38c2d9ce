"""The composed path: a cross-attention module run whole once per region, and its outputs blended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from lib_rpg.regional.adapter import Adapter, adapted
from lib_rpg.regional.rows import PlacedRows


@dataclass
class ComposedCall:
    """One run of the module on the whole batch.

    length: tokens of every context in this run.
    adapter: what keys and values are projected with in this run, or None.
    rows: position in the batch, the region's context (length, C), and its blend weights (T, 1), float32.
    """

    length: int
    adapter: Adapter | None
    rows: list[tuple[int, Tensor, Tensor]]


def build_calls(rows: PlacedRows, h: int, w: int) -> list[ComposedCall]:
    """The fewest runs that give every row each of its regions: a run has one context length and one adapter."""
    by_kind: dict[tuple[int, Adapter | None], list[ComposedCall]] = {}
    for position, row in rows:
        used: dict[tuple[int, Adapter | None], int] = {}
        for text, weights in zip(row.texts, row.weights_at(h, w), strict=True):
            if not weights.any():
                continue
            kind = len(text.context), text.adapter
            calls = by_kind.setdefault(kind, [])
            number = used.get(kind, 0)
            used[kind] = number + 1
            if number == len(calls):
                calls.append(ComposedCall(*kind, []))
            calls[number].rows.append((position, text.context, weights[:, None]))
    return [call for calls in by_kind.values() for call in calls]


def compose(module: Any, args: tuple, kwargs: dict, output: Tensor, calls: Sequence[ComposedCall]) -> Tensor:
    """Blend `output` (B, T, C), the module's own result, with its results for the regions.

    Every run has all B rows, because other extensions' forwards reshape by that number; rows without a region
    in a run are given their own context at the run's length, and their results are dropped. A mask belongs to
    the row's own context and is left out.
    """
    own = args[1] if len(args) > 1 else kwargs["context"]
    result = output.clone()
    for call in calls:
        context = _at_length(own, call.length)
        for position, region, _ in call.rows:
            context[position] = region.to(context)
        run_args, run_kwargs = _with_context(args, kwargs, context)
        with adapted((module.to_k, module.to_v), call.adapter):
            run = module.forward(*run_args, **run_kwargs)
        for position, _, weights in call.rows:
            result[position] += weights.to(output) * (run[position] - output[position])
    return result


def _at_length(context: Tensor, length: int) -> Tensor:
    """A copy of (B, L, C) with its tokens cut or repeated to (B, length, C)."""
    repeats = -(-length // context.shape[1])
    return context.repeat(1, repeats, 1)[:, :length].clone()


def _with_context(args: tuple, kwargs: dict, context: Tensor) -> tuple[tuple, dict]:
    """The call's arguments with another context and no mask, each passed the way the host passed it."""
    kwargs = dict(kwargs)
    if kwargs.get("value") is not None:  # Forge's, where an extension has changed what values are made of
        kwargs["value"] = context
    if len(args) > 1:
        args = (args[0], context, *args[2:])
    else:
        kwargs["context"] = context
    if len(args) > 2:
        args = (*args[:2], None, *args[3:])
    if "mask" in kwargs:
        kwargs["mask"] = None
    return args, kwargs
