"""GLIGEN on a running SD 1.x UNet: boxes with phrases, which gated self-attention brings into every transformer block.

The box tokens come from the position net: up to 30 boxes with their phrases, the rest as learned null features. Each
block has, between its self-attention and its cross-attention, for the block's tokens x and the box tokens o:

    x <- x + strength * tanh(alpha_attn) * attn(norm1([x, linear(o)])) at the places of x
    x <- x + strength * tanh(alpha_dense) * ff(norm2(x))

GLIGEN: Open-Set Grounded Text-to-Image Generation (CVPR 2023), sections 3.2 and 4; the share of the steps is LMD+'s
(reference/rag-and-lmd.md B.2). Parameters have the names of GLIGEN's public weights.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, scaled_dot_product_attention

from lib_rpg.checks import refuse
from lib_rpg.errors import RpgError
from lib_rpg.regional.binding import Moment
from lib_rpg.regional.rows import Order, RowRegions, UNetCall, UNetRows

MAX_BOXES = 30
PHRASE_WIDTH = 768
"""Channels of CLIP ViT-L/14's pooled text embedding."""
SHARE = 0.4
"""The share of the steps that LMD+ has GLIGEN on in."""
_HIDDEN = 512
_FREQUENCIES = 8
_TEMPERATURE = 100.0
_POSITION_WIDTH = _FREQUENCIES * 2 * 4
_CHECKPOINTS = {768: "SD 1.x", 1024: "SD 2.x", 2048: "SDXL"}


@dataclass(frozen=True, eq=False)
class Grounding:
    """The boxes of one batch row; without boxes it is GLIGEN's null input, as the row of the negative prompt has it.

    boxes: float (N, 4), left, top, right, bottom as fractions of what is drawn, N at most 30.
    phrases: float (N, P), the checkpoint's CLIP's pooled embedding (before its projection) of each box's phrase; P is
    768 for SD 1.x's CLIP ViT-L/14.
    Give the same object step after step, so that its tokens are computed once. Raises RpgError for other values.
    """

    boxes: Tensor
    phrases: Tensor

    def __post_init__(self) -> None:
        count = len(self.boxes)
        if tuple(self.boxes.shape) != (count, 4) or self.phrases.dim() != 2 or len(self.phrases) != count:
            shapes = f"{tuple(self.boxes.shape)} and {tuple(self.phrases.shape)}"
            refuse("GLIGEN", f"boxes and phrases have the shapes {shapes}", f"give (N, 4) and (N, {PHRASE_WIDTH})")
        if count > MAX_BOXES:
            refuse("GLIGEN", f"{count} boxes are too many", f"give at most {MAX_BOXES}")
        left, top, right, bottom = self.boxes.unbind(-1)
        inside = (self.boxes >= 0).all() and (self.boxes <= 1).all()
        if not (inside and (left < right).all() and (top < bottom).all() and self.phrases.isfinite().all()):
            refuse("GLIGEN", "a box is empty or leaves the picture, or its phrase is not finite", "correct the boxes")


NO_BOXES = Grounding(torch.empty(0, 4), torch.empty(0, PHRASE_WIDTH))
"""GLIGEN's null input: for the rows of the negative prompt."""


class PositionNet(nn.Module):
    """Box tokens from boxes and phrases: an MLP of the phrase's embedding and the box's Fourier features."""

    def __init__(self, width: int, phrase_width: int = PHRASE_WIDTH) -> None:
        """width: channels of a token, the UNet's context width. phrase_width: those of a phrase's embedding."""
        super().__init__()
        self.linears = nn.Sequential(
            nn.Linear(phrase_width + _POSITION_WIDTH, _HIDDEN),
            nn.SiLU(),
            nn.Linear(_HIDDEN, _HIDDEN),
            nn.SiLU(),
            nn.Linear(_HIDDEN, width),
        )
        self.null_positive_feature = nn.Parameter(torch.zeros(phrase_width))
        self.null_position_feature = nn.Parameter(torch.zeros(_POSITION_WIDTH))

    def forward(self, boxes: Tensor, phrases: Tensor, mask: Tensor) -> Tensor:
        """The tokens (..., N, width) of boxes (..., N, 4) with phrases (..., N, P); null where the bool mask is not.

        mask: (..., N).
        """
        given = mask[..., None]
        phrase = torch.where(given, phrases, self.null_positive_feature)
        position = torch.where(given, fourier_features(boxes), self.null_position_feature)
        return self.linears(torch.cat([phrase, position], -1))


def fourier_features(boxes: Tensor) -> Tensor:
    """(..., 64) of boxes (..., 4): by frequency 100^(k/8), k = 0…7, the sines of the four sides, then their cosines."""
    exponents = torch.arange(_FREQUENCIES, dtype=boxes.dtype, device=boxes.device) / _FREQUENCIES
    angles = boxes[..., None, :] * (_TEMPERATURE**exponents)[:, None]
    return torch.stack([angles.sin(), angles.cos()], -2).flatten(-3)


class GatedSelfAttention(nn.Module):
    """What GLIGEN adds to one transformer block."""

    def __init__(self, width: int, context_width: int, heads: int) -> None:
        """width: channels of the block's tokens. context_width: those of the box tokens."""
        super().__init__()
        self.linear = nn.Linear(context_width, width)
        self.attn = _SelfAttention(width, heads)
        self.ff = _FeedForward(width)
        self.norm1 = nn.LayerNorm(width)
        self.norm2 = nn.LayerNorm(width)
        self.alpha_attn = nn.Parameter(torch.zeros(()))
        self.alpha_dense = nn.Parameter(torch.zeros(()))

    def gates(self) -> tuple[float, float]:
        """tanh(alpha) of the attention and of the feed-forward part."""
        return math.tanh(float(self.alpha_attn)), math.tanh(float(self.alpha_dense))

    def forward(self, x: Tensor, boxes: Tensor, gates: tuple[float, float]) -> Tensor:
        """The block's tokens x (B, T, width), changed by the box tokens (B, N, context_width).

        gates: what the attention and the feed-forward part are multiplied by; a part with 0 is left out.
        """
        attention, dense = gates
        if attention:
            x = x + attention * self.attn(self.norm1(torch.cat([x, self.linear(boxes)], 1)), x.shape[1])
        if dense:
            x = x + dense * self.ff(self.norm2(x))
        return x


class _SelfAttention(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.to_q = nn.Linear(width, width, bias=False)
        self.to_k = nn.Linear(width, width, bias=False)
        self.to_v = nn.Linear(width, width, bias=False)
        self.to_out = nn.Sequential(nn.Linear(width, width))

    def forward(self, tokens: Tensor, wanted: int) -> Tensor:
        """The first ``wanted`` of the tokens (B, N, width), each after attention to all of them."""
        query, key, value = (
            each.unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for each in (self.to_q(tokens[:, :wanted]), self.to_k(tokens), self.to_v(tokens))
        )
        return self.to_out(scaled_dot_product_attention(query, key, value).transpose(1, 2).flatten(2))


class _FeedForward(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.net = nn.Sequential(_Geglu(width, 4 * width), nn.Identity(), nn.Linear(4 * width, width))

    def forward(self, x: Tensor) -> Tensor:
        return self.net(x)


class _Geglu(nn.Module):
    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.proj = nn.Linear(width, 2 * inner)

    def forward(self, x: Tensor) -> Tensor:
        value, gate = self.proj(x).chunk(2, -1)
        return value * gelu(gate)


def transformer_blocks(unet: nn.Module) -> dict[str, Any]:
    """The UNet's transformer blocks by name, in the order of its modules. Raises RpgError where there are none."""
    needed = ("attn1", "attn2", "norm1", "norm2", "norm3")
    found = {
        name: module
        for name, module in unet.named_modules()
        if name.split(".")[-2:-1] == ["transformer_blocks"] and all(hasattr(module, each) for each in needed)
    }
    if not found:
        refuse(
            "GLIGEN",
            f"this {type(unet).__name__} has no transformer blocks that boxes could be brought into",
            "choose an SD 1.x checkpoint",
        )
    return found


def build_modules(unet: nn.Module, phrase_width: int = PHRASE_WIDTH) -> dict[str, nn.Module]:
    """GLIGEN's modules for this UNet, on the meta device, by the names that they have in ldm's checkpoints.

    ``position_net``, for phrases of ``phrase_width`` channels, and ``<name of the block>.fuser`` for each transformer
    block.
    """
    with torch.device("meta"):
        blocks = transformer_blocks(unet)
        modules: dict[str, nn.Module] = {"position_net": PositionNet(context_width(unet), phrase_width)}
        for name, block in blocks.items():
            width = block.norm2.normalized_shape[0]
            modules[f"{name}.fuser"] = GatedSelfAttention(width, _width_of(block), int(block.attn1.heads))
    return modules


def context_width(unet: nn.Module) -> int:
    """Channels of the text that the UNet's first cross-attention reads."""
    return _width_of(next(iter(transformer_blocks(unet).values())))


def phrase_width(weights: Mapping[str, Tensor]) -> int:
    """Channels of the phrases' embeddings that the weights are for; 768 where they do not tell."""
    first = weights.get("position_net.linears.0.weight")
    if first is None or first.dim() != 2 or first.shape[1] <= _POSITION_WIDTH:
        return PHRASE_WIDTH
    return first.shape[1] - _POSITION_WIDTH


def _width_of(block: Any) -> int:
    return int(block.attn2.to_k.weight.shape[1])


def check_weights(weights: Mapping[str, Tensor], unet: nn.Module, place: str) -> None:
    """Raise RpgError unless the weights, by their names in ldm's checkpoints, are GLIGEN's for this UNet.

    place: where they come from, for the message.
    """
    _check_width(weights, unet, place)
    _check_shapes(weights, build_modules(unet, phrase_width(weights)), place)


def _check_shapes(weights: Mapping[str, Tensor], modules: Mapping[str, nn.Module], place: str) -> None:
    needed = {
        f"{name}.{parameter}": tuple(tensor.shape)
        for name, module in modules.items()
        for parameter, tensor in module.state_dict().items()
    }
    advice = "give GLIGEN's text-box weights for SD 1.4, whole"
    if missing := [name for name in needed if name not in weights]:
        refuse(place, f"{missing[0]}{_others(missing)} is missing", advice)
    if unknown := [name for name in weights if name not in needed]:
        refuse(place, f"this UNet has no place for {unknown[0]}{_others(unknown)}", advice)
    for name, shape in needed.items():
        tensor = weights[name]
        if tuple(tensor.shape) != shape:
            refuse(place, f"{name} has the shape {tuple(tensor.shape)} and {shape} is needed", advice)
        if not tensor.is_floating_point():
            refuse(place, f"{name} has the type {str(tensor.dtype).removeprefix('torch.')}", "give float weights")


def _check_width(weights: Mapping[str, Tensor], unet: nn.Module, place: str) -> None:
    """Refuse weights for another kind of checkpoint in the words that people know it by."""
    ours = context_width(unet)
    last = weights.get("position_net.linears.4.bias")
    if last is not None and last.dim() == 1 and len(last) != ours:
        theirs, own = (f"{_CHECKPOINTS.get(n, 'another model')} (text of {n} channels)" for n in (len(last), ours))
        refuse(place, f"the weights are for {theirs}, the loaded checkpoint is {own}", "load a checkpoint they fit")


def _others(names: Sequence[str]) -> str:
    return f" (and {len(names) - 1} more)" if len(names) > 1 else ""


def acts_in(share: float, moment: Moment) -> bool:
    """Whether boxes act in that step: in the first share * steps, rounded down as in LMD+."""
    return moment.step < math.floor(share * moment.steps + 1e-9)


class _NoWeights:
    """The blend weights of a row without texts."""

    def at(self, height: int, width: int) -> Tensor:
        return torch.zeros(0, height, width)


@dataclass(eq=False)
class _Boxes:
    """The box tokens of a UNet call: ``tokens`` (R, 30, C) for the rows at ``positions`` of its ``rows`` rows."""

    rows: int
    positions: list[int]
    tokens: Tensor

    def at(self, like: Tensor) -> Tensor:
        """The tokens on the device and in the dtype of ``like``; kept so, as all blocks ask alike."""
        self.tokens = self.tokens.to(like)
        return self.tokens


class Gligen:
    """GLIGEN's modules on one UNet, from construction to `close()`; for one sampling run in one thread.

    A pre-hook on each block's norm2, which reads the block's tokens between its two attentions, writes the new tokens
    over them. The block itself, attn1 and attn2 are not touched, so that their own and others' hooks and forwards see
    what they would see in a GLIGEN model. The modules follow the device and dtype of the tokens.
    """

    def __init__(
        self,
        unet: nn.Module,
        weights: Mapping[str, Tensor],
        *,
        share: float = SHARE,
        strength: float = 1.0,
        is_other_picture: Callable[[], bool] = lambda: False,
    ) -> None:
        """Attach to `unet`. Raises RpgError where it has no transformer blocks, or the weights are not for it.

        weights: as `lib_rpg.regional.gligen_files.read_gligen` gives them; they are not changed.
        share: of the steps, the first ones, in which boxes act. strength: what both gates are multiplied by.
        is_other_picture: asked at each block, whether what runs through it just now is not the picture with boxes.
        """
        _check_width(weights, unet, "GLIGEN")
        self._phrase_width = phrase_width(weights)
        self._modules = build_modules(unet, self._phrase_width)
        _check_shapes(weights, self._modules, "GLIGEN")
        for name, module in self._modules.items():
            _fill(module, name, weights)
        self._share = share
        self._is_other_picture = is_other_picture
        self._modules["position_net"].float()
        self._groundings: dict[Hashable, Grounding] = {}
        self._tokens: dict[Grounding, Tensor] = {}
        self._current: _Boxes | None = None
        self._on = False
        self._cursor = UNetRows(unet)
        self._cursor.listen(self._on_call)
        self._handles = [
            block.norm2.register_forward_pre_hook(self._hook(name, strength))
            for name, block in transformer_blocks(unet).items()
        ]

    @property
    def layers(self) -> int:
        """How many transformer blocks boxes are brought into."""
        return len(self._handles)

    def is_on(self, moment: Moment) -> bool:
        """Whether boxes act in that step: as `acts_in` has it."""
        return acts_in(self._share, moment)

    def set_rows(
        self,
        rows: Sequence[Grounding | None],
        moment: Moment,
        size: tuple[int, int] | None = None,
        order: Order | None = None,
    ) -> None:
        """Say what the batch rows of the next UNet calls are, in order; a None is left as it is, to the bit.

        The rows of a picture with boxes that are for the negative prompt have `NO_BOXES`. Calls may take the rows in
        portions, and ``size`` and ``order`` are as for `UNetRows.set_rows`. To be called before every
        step, also where boxes do not act any more. Raises RpgError as that one does, and for phrases of another width
        than the weights'.
        """
        for row in rows:
            if row is not None and len(row.boxes):
                self._check_phrases(row)
        self._on = self.is_on(moment)
        self._groundings = {number: row for number, row in enumerate(rows) if row is not None}
        numbered = [None if row is None else RowRegions(number, (), _NoWeights()) for number, row in enumerate(rows)]
        self._cursor.set_rows(numbered, size, order)
        used = set(self._groundings.values()) if self._on else set()
        self._tokens = {row: self._tokens[row] if row in self._tokens else self._tokens_of(row) for row in used}

    def close(self) -> None:
        """Remove every hook and drop every tensor; may be called any number of times."""
        for handle in self._handles:
            handle.remove()
        self._handles = []
        self._cursor.close()
        self._modules, self._groundings, self._tokens = {}, {}, {}
        self._current = None

    def _check_phrases(self, row: Grounding) -> None:
        width = row.phrases.shape[1]
        if width != self._phrase_width:
            refuse(
                "GLIGEN",
                f"the phrases have {width} channels and the weights are for {self._phrase_width}",
                "give the embeddings of an SD 1.x checkpoint's text encoder",
            )

    def _hook(self, name: str, strength: float) -> Callable[[nn.Module, tuple], None]:
        fuser: Any = self._modules[f"{name}.fuser"]
        attention, dense = fuser.gates()
        return partial(self._enter, name, fuser, (strength * attention, strength * dense))

    def _tokens_of(self, grounding: Grounding) -> Tensor:
        """The box tokens (30, C) in float32 on the CPU."""
        count = len(grounding.boxes)
        boxes, phrases = torch.zeros(MAX_BOXES, 4), torch.zeros(MAX_BOXES, self._phrase_width)
        if count:
            boxes[:count], phrases[:count] = grounding.boxes.detach().cpu(), grounding.phrases.detach().cpu()
        with torch.autocast("cpu", enabled=False):
            return self._modules["position_net"](boxes, phrases, torch.arange(MAX_BOXES) < count)

    def _on_call(self, call: UNetCall | None) -> None:
        """Gather the box tokens of a UNet call that begins.

        The last call's stay when it is over: a block that is checkpointed runs again in the backward pass.
        """
        if call is None:
            return
        placed = [(position, row.key) for position, row in enumerate(call.rows) if row is not None]
        if not placed or not self._on:
            self._current = None
            return
        tokens = torch.stack([self._tokens[self._groundings[key]] for _, key in placed])
        self._current = _Boxes(len(call.rows), [position for position, _ in placed], tokens)

    def _enter(self, name: str, fuser: Any, gates: tuple[float, float], _norm: nn.Module, args: tuple) -> None:
        current = self._current
        if current is None or not any(gates) or self._is_other_picture():
            return
        x: Tensor = args[0]
        if x.shape[0] != current.rows:
            raise RpgError(
                f"GLIGEN: the block {name} was called with {x.shape[0]} rows, but the UNet with {current.rows}; turn "
                "off the extension that repeats rows inside the UNet, or GLIGEN"
            )
        fuser.to(x.device, x.dtype)
        # In place: the block adds the cross-attention's output to this same tensor.
        if len(current.positions) == current.rows:
            x.copy_(fuser(x, current.at(x), gates))
        else:
            x[current.positions] = fuser(x[current.positions], current.at(x), gates).to(x.dtype)


def _fill(module: nn.Module, name: str, weights: Mapping[str, Tensor]) -> None:
    """Take a module from the meta device to the weights themselves."""
    own = {parameter: weights[f"{name}.{parameter}"].detach() for parameter in module.state_dict()}
    module.load_state_dict(own, assign=True)
    module.eval().requires_grad_(False)
