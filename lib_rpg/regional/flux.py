"""Region attention in a Flux transformer: every block blends what image tokens take from the texts of regions.

Flux has no cross-attention: in each block the tokens of text and image attend to all of both. RAG's soft refinement
(reference/rag-and-lmd.md A.2) gives each region a text of its own beside the picture's. It goes through all blocks as
the picture's does, each time with the keys and values of the same image. For a batch row with regions, at image token
t, with c_r = w_r * (1 - base ratio):

    out(t) = proj( (1 - sum_r c_r(t)) * A(q_t, [text; image]) + sum_r c_r(t) * A(q_t, [text r; image]) )

The pooled text that steers the blocks' modulation stays the picture's. RAG keeps an image of each region's own in the
single blocks as well; here there is one image, as in its double blocks, so that regions whose texts are all the
picture's change nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention, silu

from lib_rpg.checks import quantity
from lib_rpg.errors import RpgError
from lib_rpg.regional.rows import UNetCall, UNetRows

PATCH = 2
"""Cells of the latents along each side of an image token."""
_TEXT_SIDE = ("txt_mod.lin", "txt_norm1", "txt_attn.qkv", "txt_attn.norm", "txt_attn.proj", "txt_norm2", "txt_mlp")
_DOUBLE = ("img_attn.norm", "img_attn.proj", *_TEXT_SIDE)
_SINGLE = ("norm", "linear1", "linear2", "modulation.lin", "pre_norm", "mlp_act")


def is_flux(network: Any) -> bool:
    """Whether a network has Flux's blocks, with all the parts that regions are hooked on."""
    doubles, singles = getattr(network, "double_blocks", ()), getattr(network, "single_blocks", ())
    return (
        len(doubles) > 0
        and len(singles) > 0
        and hasattr(network, "txt_in")
        and all(_has(block, _DOUBLE) and not getattr(block, "flipped_img_txt", False) for block in doubles)
        and all(_has(block, _SINGLE) for block in singles)
    )


def _has(block: nn.Module, names: tuple[str, ...]) -> bool:
    modules = {name for name, _ in block.named_modules()}
    return all(name in modules for name in names)


class Projected(NamedTuple):
    """Queries, keys and values, each (heads, tokens, d)."""

    query: Tensor
    key: Tensor
    value: Tensor


@dataclass
class _Stream:
    """A region's text on its way through the blocks of one call.

    position: the batch row. tokens: the image tokens where its c_r is above 0; share: its c_r there. hidden: (1, L, C).
    """

    position: int
    tokens: Tensor
    share: Tensor
    hidden: Tensor


class FluxAttention:
    """Hooks on the blocks of one Flux transformer, from construction to `close()`.

    `UNetRows` says whose regions a batch row has; rows without regions are never changed. An instance is meant for one
    sampling run in one thread. All tensors follow the device and dtype that the blocks work with.
    """

    def __init__(self, transformer: nn.Module, rows: UNetRows) -> None:
        """Attach to `transformer`, whose calls `rows` follows."""
        self._rows = rows
        self._text_in: nn.Module = transformer.txt_in  # type: ignore[assignment]
        self.applied_calls = 0
        """Block calls that were blended so far."""
        self._call: UNetCall | None = None
        self._streams: list[_Stream] | None = None
        self._rests: dict[int, Tensor] = {}
        self._given: tuple[Tensor, Tensor] | None = None
        self._text_tokens = 0
        self._image: tuple[Tensor, Tensor, Tensor] | None = None
        doubles: Any = transformer.double_blocks
        singles: Any = transformer.single_blocks
        self._blocks = len(doubles) + len(singles)
        self._handles = [handle for block in doubles for handle in self._hook_double(block)]
        self._handles += [handle for block in singles for handle in self._hook_single(block)]
        rows.listen(self._on_call)

    def path_summary(self) -> str:
        """Where regions act, in words: "in 57 blocks"."""
        return f"in {quantity(self._blocks, 'block')}"

    def close(self) -> None:
        """Remove every hook and drop every tensor; may be called any number of times."""
        self._rows.stop_listening(self._on_call)
        for handle in self._handles:
            handle.remove()
        self._handles = []
        self._on_call(None)

    def _on_call(self, call: UNetCall | None) -> None:
        """A call begins, or is over; then nothing of it is left behind, also where it has failed."""
        self._call = call if call is not None and call.with_texts else None
        self._streams = self._given = self._image = None
        self._rests = {}

    # Double blocks: text and image have weights of their own

    def _hook_double(self, block: Any) -> list[Any]:
        return [
            block.register_forward_pre_hook(self._enter_double, with_kwargs=True),
            block.img_attn.norm.register_forward_hook(self._keep_image),
            block.img_attn.proj.register_forward_pre_hook(partial(self._blend_double, block)),
        ]

    def _enter_double(self, _block: nn.Module, args: tuple, kwargs: dict) -> None:
        if self._call is None:
            return
        text = _argument(args, kwargs, 1, "txt")
        self._given = _argument(args, kwargs, 2, "vec"), _argument(args, kwargs, 3, "pe")
        self._text_tokens = text.shape[1]
        if self._streams is None:
            self._streams = self._begin(self._call, text)

    def _blend_double(self, block: Any, _proj: nn.Module, args: tuple[Tensor]) -> tuple[Tensor] | None:
        if self._streams is None or self._image is None or self._given is None:
            return None
        heads = self._image[0].shape[1]
        vector, places = self._given
        blended, images = _Blended(args[0], self._rests), self._images(0, places)
        for stream in self._streams:
            row = slice(stream.position, stream.position + 1)
            shift, scale, gate, shift2, scale2, gate2 = _modulation(block.txt_mod, vector[row], 6)
            qkv = block.txt_attn.qkv((1 + scale) * block.txt_norm1(stream.hidden) + shift)
            text = _normed(qkv, heads, block.txt_attn.norm)
            own, seen = _attend(text, images[stream.position], stream.tokens)
            blended.add(stream, seen)
            hidden = stream.hidden + gate * block.txt_attn.proj(own)
            hidden = hidden + gate2 * block.txt_mlp((1 + scale2) * block.txt_norm2(hidden) + shift2)
            stream.hidden = _finite(hidden)
        self.applied_calls += 1
        return (blended.result,)

    # Single blocks: text and image are one sequence, text first

    def _hook_single(self, block: Any) -> list[Any]:
        return [
            block.register_forward_pre_hook(self._enter_single, with_kwargs=True),
            block.norm.register_forward_hook(self._keep_image),
            block.linear2.register_forward_pre_hook(partial(self._blend_single, block)),
        ]

    def _enter_single(self, _block: nn.Module, args: tuple, kwargs: dict) -> None:
        if self._streams is not None:
            self._given = _argument(args, kwargs, 1, "vec"), _argument(args, kwargs, 2, "pe")

    def _blend_single(self, block: Any, _linear: nn.Module, args: tuple[Tensor]) -> tuple[Tensor] | None:
        if self._streams is None or self._image is None or self._given is None:
            return None
        vector, places = self._given
        heads, width, first = self._image[0].shape[1], vector.shape[-1], self._text_tokens
        joined = args[0]
        blended, images = _Blended(joined[:, first:, :width], self._rests), self._images(first, places)
        for stream in self._streams:
            row = slice(stream.position, stream.position + 1)
            shift, scale, gate = _modulation(block.modulation, vector[row], 3)
            made = block.linear1((1 + scale) * block.pre_norm(stream.hidden) + shift)
            text = _normed(made[..., : 3 * width], heads, block.norm)
            own, seen = _attend(text, images[stream.position], stream.tokens)
            blended.add(stream, seen)
            # Not through the hooks, of which one is this.
            out = block.linear2.forward(torch.cat([own, block.mlp_act(made[..., 3 * width :])], -1))
            stream.hidden = _finite(stream.hidden + gate * out)
        result = joined.clone()
        result[:, first:, :width] = blended.result
        self.applied_calls += 1
        return (result,)

    def _keep_image(self, _norm: nn.Module, args: tuple[Tensor, ...], output: tuple[Tensor, Tensor]) -> None:
        """Queries and keys behind the norm, and values, of the image tokens or of all."""
        if self._streams is not None:
            self._image = output[0], output[1], args[2]

    def _images(self, first: int, places: Tensor) -> dict[int, Projected]:
        """The image's tokens of each row with regions; in what is kept of the block they begin at ``first``."""
        assert self._image is not None
        found = {}
        for position in self._rests:
            query, key, value = (part[position, :, first:] for part in self._image)
            rotations = places[position, 0, self._text_tokens :]
            found[position] = Projected(_rotated(query, rotations), _rotated(key, rotations), value)
        return found

    def _begin(self, call: UNetCall, like: Tensor) -> list[_Stream]:
        """The streams of a call's regions before the first block. Raises RpgError for wrong weights."""
        grid = -(-call.height // PATCH), -(-call.width // PATCH)
        streams = []
        for position, row in call.with_texts:
            weights = row.weights_at(*grid).to(like.device)
            self._rests[position] = (1 - weights.sum(0)).clamp_min(0)
            for share, text in zip(weights, row.texts, strict=True):
                tokens = share.nonzero()[:, 0]
                hidden = self._text_in(text.context[None].to(like.device, like.dtype))
                streams.append(_Stream(position, tokens, share[tokens], hidden))
        return streams


class _Blended:
    """The attention of image tokens, (B, N, C), with the share of regions that is added to it."""

    def __init__(self, base: Tensor, rests: dict[int, Tensor]) -> None:
        """rests: by batch row, what the picture's own text keeps at each token of the latents, (h * w,)."""
        self.result = base.clone()
        for position, rest in rests.items():
            count = len(rest)
            if base.shape[1] < count:
                raise RpgError(
                    f"The transformer has {base.shape[1]} image tokens where the latents have {count}: "
                    "turn off the extension that changes them, or the regions"
                )
            self.result[position, :count] *= rest.to(base)[:, None]

    def add(self, stream: _Stream, seen: Tensor) -> None:
        """Add what a region's tokens have of its text, (1, tokens, C)."""
        weighted = seen[0] * stream.share.to(seen)[:, None]
        self.result[stream.position].index_add_(0, stream.tokens, weighted.to(self.result))


def _argument(args: tuple, kwargs: dict, place: int, name: str) -> Any:
    """What a block is called with, by its place or by its name."""
    return kwargs[name] if name in kwargs else args[place]


def _modulation(module: Any, vector: Tensor, parts: int) -> tuple[Tensor, ...]:
    """Shift, scale and gate, once or twice, each (1, 1, C)."""
    return module.lin(silu(vector))[:, None, :].chunk(parts, dim=-1)


def _normed(qkv: Tensor, heads: int, norm: nn.Module) -> Projected:
    """The parts of (1, L, 3 * C), with the norm of queries and keys."""
    query, key, value = qkv.unflatten(-1, (3, heads, -1)).permute(2, 0, 3, 1, 4)
    query, key = norm.forward(query, key, value)  # not through the hooks, of which one is ours
    return Projected(query[0], key[0], value[0])


def _attend(text: Projected, image: Projected, tokens: Tensor) -> tuple[Tensor, Tensor]:
    """What a region's text (1, L, C) and its image tokens (1, tokens, C) take from that text and the whole image.

    The image's queries and keys are rotated to their places. Text has the place 0, where there is no rotation.
    """
    query, key, value = (
        torch.cat(parts, 1)
        for parts in (
            (text.query, image.query[:, tokens]),
            (text.key, image.key.to(text.key)),
            (text.value, image.value.to(text.value)),
        )
    )
    made = scaled_dot_product_attention(query[None], key[None], value[None]).transpose(1, 2).flatten(2)
    length = text.query.shape[1]
    return made[:, :length], made[:, length:]


def _rotated(x: Tensor, rotations: Tensor) -> Tensor:
    """(heads, N, d), whose neighbouring channels are turned by (N, d / 2, 2, 2), in float32."""
    pairs = x.float().unflatten(-1, (-1, 2, 1))
    return (rotations.float() @ pairs).flatten(-3).to(x)


def _finite(hidden: Tensor) -> Tensor:
    """In half precision large values would become infinite in a deep network."""
    return hidden.clamp(-65504, 65504) if hidden.dtype == torch.float16 else hidden
