"""The shapes model's autoencoder, its weights set by hand: encode averages RGB over 8x8 pixels, decode upsamples.

It is `ldm`'s own AutoencoderKL architecture, so every host that loads Stable Diffusion 1 loads it. Three facts make its
nonlinear layers linear:

- silu(a) - silu(-a) = a: a signal that is carried as a pair (s, -s) passes an activation unchanged.
- A group normalisation divides by sqrt(variance + 1e-6). A pair (s, -s) has mean 0, and signals of the order of 1e-5
  leave the variance without weight, so the layer multiplies by 1000. With 64 channels a group is exactly one pair.
- ResNet blocks whose last convolution is zero are the identity; there is no attention (`attn_type` "none"), and -1
  blocks a level leave the decoder none (ldm adds one to the number for the decoder).

Decoding is three times a bilinear 2x upsampling: nearest-neighbour copies smoothed by [1, 2, 1] / 4. A convolution pads
with zeros, which would draw a frame around the picture, so the decoder carries gated copies of the picture that are
zero but in the outermost row or column; each smoothing adds from them what the padding lacks. The one ResNet block that
is not the identity makes these copies: silu(s + GATE) - silu(GATE) is s, silu(s - GATE) is 0.
"""

from __future__ import annotations

import contextlib
import io

import torch
from ldm.modules.diffusionmodules.model import Decoder, Encoder
from torch import Tensor, nn

from .model import RGB_SCALE, SCALE_FACTOR

VAE_CONFIG = {
    "double_z": True,
    "z_channels": 4,
    "resolution": 256,
    "in_channels": 3,
    "out_ch": 3,
    "ch": 64,
    "ch_mult": [1, 1, 1, 1],
    "num_res_blocks": -1,
    "attn_resolutions": [],
    "attn_type": "none",
    "dropout": 0.0,
}
VAE_PREFIX = "first_stage_model."
# The signals' size inside: RGB in [-1, 1] times this. Small enough to be nothing beside the normalisation's 1e-6.
SIGNAL = 2.0**-17
# What a normalisation multiplies such signals with.
NORM_GAIN = 1000.0
# Half the height of a gate: silu(-GATE) must be nothing, silu(GATE) be GATE, to the exactness of float32.
GATE = 18.0
# How a signal is cut: () is the picture, ("L",) only its leftmost column, ("L", "T") only its top left corner.
EDGES_X, EDGES_Y = ("", "L", "R"), ("", "T", "B")
CUTS = [(x, y) for y in EDGES_Y for x in EDGES_X]


class ShapesVae(nn.Module):
    """ldm's Encoder and Decoder with its AutoencoderKL's names and hand-set weights."""

    def __init__(self) -> None:
        super().__init__()
        with contextlib.redirect_stdout(io.StringIO()):  # ldm prints what it builds
            self.encoder, self.decoder = Encoder(**VAE_CONFIG), Decoder(**VAE_CONFIG)
        self.quant_conv, self.post_quant_conv = nn.Conv2d(8, 8, 1), nn.Conv2d(4, 4, 1)
        self.requires_grad_(False)
        for parameter in self.parameters():
            parameter.zero_()
        _set_encoder(self)
        _set_decoder(self)

    def encode(self, pixels: Tensor) -> Tensor:
        """Mean of the latents (batch, 4, h / 8, w / 8) before the scale factor, of RGB (batch, 3, h, w) in [-1, 1]."""
        return self.quant_conv(self.encoder(pixels))[:, :4]

    def decode(self, z: Tensor) -> Tensor:
        """RGB (batch, 3, 8 h, 8 w), about [-1, 1], of latents (batch, 4, h, w) before the scale factor."""
        return self.decoder(self.post_quant_conv(z))

    def checkpoint(self) -> dict[str, Tensor]:
        """The weights under their Stable Diffusion 1 names."""
        return {VAE_PREFIX + k: v for k, v in self.state_dict().items()}


def split(value: float) -> tuple[float, float]:
    """Two numbers that float16 holds exactly and whose product is `value` to about 1e-6."""
    candidates = (1 + torch.arange(1024, dtype=torch.float64) / 1024).tolist()
    half = [(a, float(torch.tensor(value / a).half())) for a in candidates]
    return min(half, key=lambda pair: abs(pair[0] * pair[1] - value))


def _set_encoder(vae: ShapesVae) -> None:
    encoder = vae.encoder
    for colour in range(3):
        # The size falls in four steps: a float16 weight below 6e-5 loses digits.
        encoder.conv_in.weight[2 * colour, colour, 1, 1] = SIGNAL * 2**9
        encoder.conv_in.weight[2 * colour + 1, colour, 1, 1] = -SIGNAL * 2**9
    for level in encoder.down[:3]:
        for channel in range(6):
            level.downsample.conv.weight[channel, channel, :2, :2] = 0.25 * 2**-3
    encoder.norm_out.weight.fill_(128.0)
    gain = SIGNAL * NORM_GAIN * 128.0
    inner, outer = split(1 / (RGB_SCALE * SCALE_FACTOR) / gain)
    for colour in range(3):
        encoder.conv_out.weight[colour, 2 * colour, 1, 1] = inner
        encoder.conv_out.weight[colour, 2 * colour + 1, 1, 1] = -inner
        vae.quant_conv.weight[colour, colour, 0, 0] = outer
    # The log variance: a sample of the posterior is its mean to 3e-7.
    vae.quant_conv.bias[4:] = -30.0


def _set_decoder(vae: ShapesVae) -> None:
    decoder = vae.decoder
    inner, outer = split(RGB_SCALE * SCALE_FACTOR * 8)
    one = 6  # the pair of channels that holds a constant
    for colour in range(3):
        vae.post_quant_conv.weight[colour, colour, 0, 0] = inner * 2**-10
        decoder.conv_in.weight[2 * colour, colour, 1, 1] = outer * SIGNAL * 2**7
        decoder.conv_in.weight[2 * colour + 1, colour, 1, 1] = -outer * SIGNAL * 2**7
    decoder.conv_in.bias[one], decoder.conv_in.bias[one + 1] = SIGNAL, -SIGNAL
    places = _set_gates(decoder.mid.block_1, one)
    for level in (3, 2, 1):
        conv = decoder.up[level].upsample.conv.weight
        last = level == 1
        for colour in range(3):
            for new in CUTS[:1] if last else CUTS:
                for old in CUTS:
                    kernel = torch.outer(_smooth(new[1], old[1]), _smooth(new[0], old[0]))
                    if last:
                        conv[2 * colour, places[colour, old]] = kernel
                        conv[2 * colour + 1, places[colour, old]] = -kernel
                    else:
                        conv[places[colour, new], places[colour, old]] = kernel
    gamma, outer = split(1 / (SIGNAL * NORM_GAIN))
    decoder.norm_out.weight.fill_(gamma)
    for colour in range(3):
        decoder.conv_out.weight[colour, 2 * colour, 1, 1] = outer
        decoder.conv_out.weight[colour, 2 * colour + 1, 1, 1] = -outer


def _set_gates(block: nn.Module, one: int) -> dict[tuple[int, tuple[str, str]], int]:
    """Let a ResNet block add the cut copies of each colour; returns the channel of (colour, cut) after it."""
    block.norm1.weight.fill_(2.0**-3)
    # Small inside, for gates reach 90 times as high as a signal; the two gains make one, and float16 holds both.
    gain, read = split(1 / (SIGNAL * NORM_GAIN * NORM_GAIN * 2.0**-3))
    gain, read = gain * 2.0**12, read * 2.0**-12
    block.norm2.weight.fill_(gain)
    places = {(colour, ("", "")): 2 * colour for colour in range(3)}
    free = one + 2
    for index, cut in enumerate(CUTS[1:]):
        for signal in range(4):  # three colours and the bare gate
            gate = 2 * (4 * index + signal)
            for sign, channel in ((1.0, gate), (-1.0, gate + 1)):
                weight = block.conv1.weight[channel]
                if signal < 3:
                    weight[2 * signal, 1, 1], weight[2 * signal + 1, 1, 1] = sign * read, -sign * read
                height = GATE * sign * read
                weight[one, 1, 1], weight[one + 1, 1, 1] = height, -height
                # A neighbour beyond the edge is padding and lacks the constant; an inner one shuts the gate.
                for edge, (y, x) in {"L": (1, 0), "R": (1, 2), "T": (0, 1), "B": (2, 1)}.items():
                    if edge in cut:
                        weight[one, y, x], weight[one + 1, y, x] = -2 * height, 2 * height
        for colour in range(3):
            places[colour, cut] = free
            block.conv2.weight[free, 2 * (4 * index + colour), 1, 1] = SIGNAL
            block.conv2.weight[free, 2 * (4 * index + 3), 1, 1] = -SIGNAL
            free += 1
    return places


def _smooth(new: str, old: str) -> Tensor:
    """The three taps, along one axis, by which an old cut signal enters a new one after a nearest 2x upsampling."""
    if new == "":
        taps = {"": (0.25, 0.5, 0.25), "L": (0, 0, 0.25), "T": (0, 0, 0.25), "R": (0.25, 0, 0), "B": (0.25, 0, 0)}[old]
    elif new == old:
        taps = (0.0, 0.0, 1.0) if new in "LT" else (1.0, 0.0, 0.0)
    else:
        taps = (0.0, 0.0, 0.0)
    return torch.tensor(taps)
