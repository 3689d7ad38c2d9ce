"""A small Flux transformer with random weights, and the same with regions, written out region by region.

Names and order of the parts are those of the public model, which hooks go by; they are written after its description.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

CHANNELS, TEXT, POOLED = 4, 12, 6
WIDTH, HEADS = 32, 2
AXES = (4, 6, 6)


class Norm(nn.Module):
    """Of queries and keys."""

    def __init__(self) -> None:
        super().__init__()
        self.of_query, self.of_key = nn.RMSNorm(WIDTH // HEADS, 1e-6), nn.RMSNorm(WIDTH // HEADS, 1e-6)

    def forward(self, q: Tensor, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        return self.of_query(q), self.of_key(k)


class SelfAttention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.qkv, self.norm, self.proj = nn.Linear(WIDTH, 3 * WIDTH), Norm(), nn.Linear(WIDTH, WIDTH)


class Modulation(nn.Module):
    def __init__(self, parts: int) -> None:
        super().__init__()
        self.parts, self.lin = parts, nn.Linear(WIDTH, parts * WIDTH)

    def forward(self, vec: Tensor) -> tuple[Tensor, ...]:
        return self.lin(nn.functional.silu(vec)).unsqueeze(1).chunk(self.parts, -1)


def plain_norm() -> nn.LayerNorm:
    return nn.LayerNorm(WIDTH, 1e-6, elementwise_affine=False)


def perceptron() -> nn.Sequential:
    return nn.Sequential(nn.Linear(WIDTH, 2 * WIDTH), nn.GELU("tanh"), nn.Linear(2 * WIDTH, WIDTH))


def heads_of(qkv: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """(B, L, 3 * C) as queries, keys and values (B, heads, L, d)."""
    q, k, v = (part.unflatten(-1, (HEADS, -1)).transpose(1, 2) for part in qkv.chunk(3, -1))
    return q, k, v


def turned(x: Tensor, angles: Tensor) -> Tensor:
    """Neighbouring channels as complex numbers that are turned by angles (B, L, d / 2)."""
    numbers = torch.view_as_complex(x.double().unflatten(-1, (-1, 2)).contiguous())
    return torch.view_as_real(numbers * torch.polar(torch.ones_like(angles), angles)[:, None]).flatten(-2).to(x)


def softmax_attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """(B, L, C), written out."""
    scores = (q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])).softmax(-1)
    return (scores @ v).transpose(1, 2).flatten(2)


def matrices(angles: Tensor) -> Tensor:
    """Angles (B, L, d / 2) as the model hands rotations to its blocks: (B, 1, L, d / 2, 2, 2)."""
    cos, sin = angles.cos(), angles.sin()
    return torch.stack([torch.stack([cos, -sin], -1), torch.stack([sin, cos], -1)], -2)[:, None]


def angles_of(pe: Tensor) -> Tensor:
    return torch.atan2(pe[:, 0, ..., 1, 0], pe[:, 0, ..., 0, 0])


class DoubleBlock(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        for side in ("img", "txt"):
            self.add_module(f"{side}_mod", Modulation(6))
            self.add_module(f"{side}_norm1", plain_norm())
            self.add_module(f"{side}_attn", SelfAttention())
            self.add_module(f"{side}_norm2", plain_norm())
            self.add_module(f"{side}_mlp", perceptron())

    def projected(self, side: str, x: Tensor, vec: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        shift, scale, *_ = getattr(self, f"{side}_mod")(vec)
        attention = getattr(self, f"{side}_attn")
        q, k, v = heads_of(attention.qkv((1 + scale) * getattr(self, f"{side}_norm1")(x) + shift))
        return *attention.norm(q, k, v), v

    def after(self, side: str, x: Tensor, attended: Tensor, vec: Tensor) -> Tensor:
        _, _, gate, shift, scale, gate2 = getattr(self, f"{side}_mod")(vec)
        x = x + gate * getattr(self, f"{side}_attn").proj(attended)
        return x + gate2 * getattr(self, f"{side}_mlp")((1 + scale) * getattr(self, f"{side}_norm2")(x) + shift)

    def attended(self, img: tuple, txt: tuple, angles: Tensor) -> tuple[Tensor, Tensor]:
        """What the tokens of text and of image take from both."""
        q, k, v = (torch.cat([t, i], 2) for t, i in zip(txt, img, strict=True))
        made = softmax_attention(turned(q, angles), turned(k, angles), v)
        return made[:, : txt[0].shape[2]], made[:, txt[0].shape[2] :]

    def forward(self, img: Tensor, txt: Tensor, vec: Tensor, pe: Tensor) -> tuple[Tensor, Tensor]:
        of_img, of_txt = self.projected("img", img, vec), self.projected("txt", txt, vec)
        txt_attn, img_attn = self.attended(of_img, of_txt, angles_of(pe))
        return self.after("img", img, img_attn, vec), self.after("txt", txt, txt_attn, vec)


class SingleBlock(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear1, self.linear2 = nn.Linear(WIDTH, 5 * WIDTH), nn.Linear(3 * WIDTH, WIDTH)
        self.norm, self.pre_norm, self.mlp_act = Norm(), plain_norm(), nn.GELU("tanh")
        self.modulation = Modulation(3)

    def projected(self, x: Tensor, vec: Tensor) -> tuple[tuple[Tensor, Tensor, Tensor], Tensor]:
        shift, scale, _ = self.modulation(vec)
        made = self.linear1((1 + scale) * self.pre_norm(x) + shift)
        q, k, v = heads_of(made[..., : 3 * WIDTH])
        return (*self.norm(q, k, v), v), made[..., 3 * WIDTH :]

    def after(self, x: Tensor, attended: Tensor, rest: Tensor, vec: Tensor) -> Tensor:
        return x + self.modulation(vec)[2] * self.linear2(torch.cat([attended, self.mlp_act(rest)], -1))

    def forward(self, x: Tensor, vec: Tensor, pe: Tensor) -> Tensor:
        (q, k, v), rest = self.projected(x, vec)
        angles = angles_of(pe)
        return self.after(x, softmax_attention(turned(q, angles), turned(k, angles), v), rest, vec)


class Flux(nn.Module):
    """Latents (B, C, H, W), times (B,), texts (B, L, TEXT), pooled texts (B, POOLED) to (B, C, H, W)."""

    def __init__(self, doubles: int = 2, singles: int = 2) -> None:
        super().__init__()
        self.img_in, self.txt_in = nn.Linear(4 * CHANNELS, WIDTH), nn.Linear(TEXT, WIDTH)
        self.time_in, self.vector_in = nn.Linear(1, WIDTH), nn.Linear(POOLED, WIDTH)
        self.double_blocks = nn.ModuleList(DoubleBlock() for _ in range(doubles))
        self.single_blocks = nn.ModuleList(SingleBlock() for _ in range(singles))
        self.out = nn.Linear(WIDTH, 4 * CHANNELS)

    def tokens(self, x: Tensor) -> Tensor:
        """(B, N, 4 * C): each of 2 x 2 cells; a side that is odd goes on from its beginning."""
        x = nn.functional.pad(x, (0, x.shape[-1] % 2, 0, x.shape[-2] % 2), mode="circular")
        return nn.functional.unfold(x, 2, stride=2).transpose(1, 2)

    def angles(self, grid: tuple[int, int], length: int) -> Tensor:
        """(1, length + N, d / 2): no angle for text, the row and the column for the image."""
        rows, columns = torch.meshgrid(torch.arange(grid[0]), torch.arange(grid[1]), indexing="ij")
        places = torch.stack([torch.zeros_like(rows), rows, columns], -1).flatten(0, 1)
        places = torch.cat([torch.zeros(length, 3, dtype=places.dtype), places]).float()
        parts = [places[:, i, None] / 10000 ** (torch.arange(0, dim, 2) / dim) for i, dim in enumerate(AXES)]
        return torch.cat(parts, -1)[None]

    def begin(self, x: Tensor, time: Tensor, y: Tensor) -> tuple[Tensor, Tensor, tuple[int, int]]:
        vec = self.time_in(time[:, None]) + self.vector_in(y)
        return self.img_in(self.tokens(x)), vec, (-(-x.shape[-2] // 2), -(-x.shape[-1] // 2))

    def end(self, img: Tensor, grid: tuple[int, int], x: Tensor) -> Tensor:
        size = 2 * grid[0], 2 * grid[1]
        whole = nn.functional.fold(self.out(img).transpose(1, 2), size, 2, stride=2)
        return whole[..., : x.shape[-2], : x.shape[-1]]

    def forward(self, x: Tensor, timestep: Tensor, context: Tensor, y: Tensor) -> Tensor:
        img, vec, grid = self.begin(x, timestep, y)
        txt = self.txt_in(context)
        pe = matrices(self.angles(grid, txt.shape[1])).expand(len(x), -1, -1, -1, -1, -1)
        for block in self.double_blocks:
            img, txt = block(img=img, txt=txt, vec=vec, pe=pe)
        img = torch.cat([txt, img], 1)
        for block in self.single_blocks:
            img = block(img, vec=vec, pe=pe)
        return self.end(img[:, txt.shape[1] :], grid, x)


def with_regions(
    flux: Flux, x: Tensor, time: Tensor, context: Tensor, y: Tensor, texts: Sequence[Tensor], weights: Tensor
) -> Tensor:
    """One row with regions of these texts (L, TEXT), blended with weights (R, N), region after region."""
    img, vec, grid = flux.begin(x, time, y)
    streams = [flux.txt_in(text[None]) for text in (context[0], *texts)]
    shares = torch.cat([1 - weights.sum(0, keepdim=True), weights])[:, None, :, None]
    for block in flux.double_blocks:
        of_img, seen = block.projected("img", img, vec), []
        for i, stream in enumerate(streams):
            angles = flux.angles(grid, stream.shape[1])
            of_text, of_image = block.attended(of_img, block.projected("txt", stream, vec), angles)
            streams[i] = block.after("txt", stream, of_text, vec)
            seen.append(of_image)
        img = block.after("img", img, sum(share * each for share, each in zip(shares, seen, strict=True)), vec)
    for block in flux.single_blocks:
        of_img, rest = block.projected(img, vec)
        seen = []
        for i, stream in enumerate(streams):
            of_txt, own_rest = block.projected(stream, vec)
            q, k, v = (torch.cat(pair, 2) for pair in zip(of_txt, of_img, strict=True))
            angles = flux.angles(grid, stream.shape[1])
            made = softmax_attention(turned(q, angles), turned(k, angles), v)
            streams[i] = block.after(stream, made[:, : stream.shape[1]], own_rest, vec)
            seen.append(made[:, stream.shape[1] :])
        img = block.after(img, sum(share * each for share, each in zip(shares, seen, strict=True)), rest, vec)
    return flux.end(img, grid, x)
