"""Speed of region attention: one step of the original ldm UNet without regions, with them, and with a loop over them.

A step is one UNet call on two rows, cond with regions and uncond without, as classifier-free guidance has it. "Plain"
is the step without regions. All variants share one set of weights and run in turn in one process, each next to a plain
step of its own: a busy machine slows both alike, so that their ratio holds where their times do not.

With --decode also what comes after the steps, when nothing of the regions is held any more: one picture's way through
the decoder of Stable Diffusion's autoencoder, which has a peak of memory of its own.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field

import torch
from torch import Tensor, nn

from lib_rpg.bench.attention_steps import Inputs, grid_plan, loop_step, our_step, plain_step
from lib_rpg.bench.ldm_networks import MODELS, build_decoder, build_unet, host_attention, twin
from lib_rpg.bench.measuring import timed, with_peak
from lib_rpg.errors import RpgError

DTYPES = {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16}
CONTEXT_TOKENS = 77
BASE_RATIO = 0.3


@dataclass
class Row:
    """One measured variant.

    ms is the median time of a step, ratio the median of each step's time over that of the plain step next to it,
    peak_mib the most memory that the first step, which fills the caches, takes beyond the weights, peak_ratio that and
    the weights over plain's, which is what a device must hold.
    """

    method: str
    model: str
    size: int
    device: str
    dtype: str
    regions: int
    base: bool
    ms: float
    ratio: float
    peak_mib: float
    peak_ratio: float


@dataclass
class _Variant:
    """A way of running the step, with its times in seconds, plain's for each of them, and its peak memory in MiB."""

    method: str
    regions: int
    base: bool
    step: Callable[[], Tensor]
    times: list[float] = field(default_factory=list)
    plain_times: list[float] = field(default_factory=list)
    peak_mib: float = 0.0

    @property
    def ratio(self) -> float:
        """The median of this over plain."""
        pairs = zip(self.times, self.plain_times, strict=True)
        return statistics.median(mine / plain for mine, plain in pairs)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark from command-line arguments and print its table, or JSON; return the exit code 0.

    Raises RpgError if ldm or the device is missing, or if a variant does not compute what the loop computes.
    """
    options = _parser().parse_args(argv)
    _check(options)
    device = _device(options)
    if options.threads:
        torch.set_num_threads(options.threads)
    on_cpu = device == "cpu"
    model = options.model or ("half" if on_cpu else "sd15")
    dtype = options.dtype or ("float32" if on_cpu else "float16")
    tables = [
        measure(
            model,
            size,
            options.regions,
            repeats=options.repeats,
            device=device,
            dtype=dtype,
            attention=options.attention,
            clock=options.clock,
            bases={"on": (True,), "off": (False,), "both": (True, False)}[options.base],
            loop=not options.no_loop,
            kv_share=options.kv_share,
            decode=options.decode,
        )
        for size in options.size
    ]
    if options.json:
        print(json.dumps({"rows": [asdict(row) for rows in tables for row in rows]}))
    else:
        print("\n\n".join(_table(rows, options.attention, options.clock, options.repeats) for rows in tables))
    return 0


def _device(options: argparse.Namespace) -> str:
    return options.device or ("cuda" if torch.cuda.is_available() else "cpu")


def _check(options: argparse.Namespace) -> None:
    """Raises RpgError for what this machine or the models cannot do."""
    device = _device(options)
    if device.startswith("cuda") and not torch.cuda.is_available():
        raise RpgError(f"--device {device}: torch finds no CUDA device; use --device cpu")
    if options.clock == "cpu" and device != "cpu":
        raise RpgError(f"--clock cpu does not measure the work of {device}: use --clock wall")
    for size in options.size:
        if size % 64 or size < 64:
            raise RpgError(f"--size {size}: the UNet of SD 1.x needs multiples of 64 pixels")


def measure(
    model: str,
    size: int,
    region_counts: Sequence[int],
    *,
    repeats: int,
    device: str,
    dtype: str,
    attention: str = "sdp",
    clock: str = "wall",
    bases: Sequence[bool] = (True,),
    loop: bool = True,
    kv_share: float | None = None,
    decode: bool = False,
) -> list[Row]:
    """Time the variants at `size` x `size` pixels; first plain, then ours and the loop by region count, then decode.

    The names are those of the command line. clock: "cpu" counts the process's own time on all its threads, which
    other processes on a busy machine do not lengthen. bases: with the base prompt, without. loop: also the usual way.
    kv_share: the part of the weights' memory that kept keys and values may take. decode: also the picture's decoding.
    """
    torch.manual_seed(0)
    unet = build_unet(MODELS[model], device, DTYPES[dtype])
    inputs = _inputs(size // 8, MODELS[model].context_width, device, DTYPES[dtype])
    weights = sum(parameter.nbytes for parameter in unet.parameters()) / 2**20
    kv_limit = None if kv_share is None else int(kv_share * weights * 2**20)

    with torch.inference_mode(), host_attention(attention):
        plain = _Variant("plain", 0, False, plain_step(twin(unet), inputs))
        variants = _variants(unet, inputs, itertools.product(region_counts, bases), loop, kv_limit)
        _warm_up([plain, *variants], device, 1e-3 if dtype == "float32" else 0.1)
        _time_next_to_plain(plain, variants, repeats, device, clock)
        if decode:
            variants.append(_decoding(inputs.x[:1], plain, device, clock))

    return [
        Row(
            method=variant.method,
            model=model,
            size=size,
            device=device,
            dtype=dtype,
            regions=variant.regions,
            base=variant.base,
            ms=round(1000 * statistics.median(variant.times), 3),
            ratio=round(variant.ratio, 4),
            peak_mib=variant.peak_mib,
            peak_ratio=round((weights + variant.peak_mib) / (weights + plain.peak_mib), 4),
        )
        for variant in (plain, *variants)
    ]


def _inputs(side: int, context_width: int, device: str, dtype: torch.dtype) -> Inputs:
    """Random inputs of a step on two rows of `side` x `side` latents."""
    x = torch.randn(2, 4, side, side, device=device, dtype=dtype)
    t = torch.full((2,), 500.0, device=device)
    return Inputs(x, t, torch.randn(2, CONTEXT_TOKENS, context_width, device=device, dtype=dtype))


def _variants(
    unet: nn.Module, inputs: Inputs, cases: Iterable[tuple[int, bool]], loop: bool, kv_limit: int | None
) -> list[_Variant]:
    """Ours, and the loop if it is asked for, for each number of regions, with the base prompt or without."""
    variants = []
    for count, base in cases:
        plan = grid_plan(count, BASE_RATIO if base else 0.0)
        width = inputs.context.shape[-1]
        regions = [torch.randn(CONTEXT_TOKENS, width).to(inputs.context) for _ in range(count)]
        variants.append(_Variant("ours", count, base, our_step(twin(unet), inputs, plan, regions, kv_limit)))
        if loop:
            variants.append(_Variant("loop", count, base, loop_step(twin(unet), inputs, plan, regions)))
    return variants


def _time_next_to_plain(plain: _Variant, variants: Sequence[_Variant], repeats: int, device: str, clock: str) -> None:
    """Time every variant next to a plain step, the two in alternating order."""
    for number in range(repeats):
        for variant in variants:
            pair = [(variant.times, variant.step), (variant.plain_times, plain.step)]
            for times, step in pair[:: 1 if number % 2 else -1]:
                times.append(timed(step, device, clock))
    plain.times = plain.plain_times = [seconds for variant in variants for seconds in variant.plain_times]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m lib_rpg bench attention",
        description="Step time of the ldm UNet plain, with regions, and with a loop over the regions.",
    )
    parser.add_argument("--model", choices=MODELS, help="the UNet's shape (half of SD 1.x on the CPU, else sd15)")
    parser.add_argument("--size", type=_counts, default=[384], help="pixels per side of the square picture (384)")
    parser.add_argument("--base", choices=("on", "off", "both"), default="on", help="with the base prompt or not (on)")
    parser.add_argument("--no-loop", action="store_true", help="leave out the loop over the regions")
    parser.add_argument("--decode", action="store_true", help="also the decoding of the picture, after the steps")
    parser.add_argument("--kv-share", type=float, help="keep keys and values up to this part of the weights' memory")
    parser.add_argument("--regions", type=_counts, default=[1, 2, 4, 8, 16], help="region counts (1,2,4,8,16)")
    parser.add_argument("--repeats", type=_positive, default=5, help="rounds to take the median of (5)")
    parser.add_argument("--dtype", choices=DTYPES, help="float32 on the CPU, else float16")
    parser.add_argument("--device", help="torch device (cuda if there is one, else cpu)")
    parser.add_argument(
        "--attention",
        choices=("sdp", "ldm"),
        default="sdp",
        help="the host's attention: fused, as the WebUI's optimisers are, or ldm's own einsum (sdp)",
    )
    parser.add_argument(
        "--clock",
        choices=("wall", "cpu"),
        default="wall",
        help="cpu: the process's own time, for a busy machine (wall)",
    )
    parser.add_argument("--threads", type=_positive, help="torch's threads on the CPU (one per core)")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is not at least 1")
    return number


def _counts(text: str) -> list[int]:
    return [_positive(part) for part in text.split(",")]


def _decoding(latents: Tensor, plain: _Variant, device: str, clock: str) -> _Variant:
    """One picture's decoding, with its peak memory and one time, compared with plain's median."""
    decoder = build_decoder(device, latents.dtype)
    decoding = _Variant("decode", 0, False, lambda: decoder(latents))
    _, decoding.peak_mib = with_peak(decoding.step, device)
    decoding.times = [timed(decoding.step, device, clock)]
    decoding.plain_times = [statistics.median(plain.times)]
    return decoding


def _warm_up(variants: Sequence[_Variant], device: str, tolerance: float) -> None:
    """Run every variant twice, take its peak memory, and hold ours to the loop's result."""
    loops: dict[tuple[int, bool], Tensor] = {}
    for variant in sorted(variants, key=lambda variant: variant.method):  # loops come before ours
        output, variant.peak_mib = with_peak(variant.step, device)
        variant.step()
        if variant.method == "loop":
            loops[variant.regions, variant.base] = output
        elif (expected := loops.get((variant.regions, variant.base))) is not None:
            difference = ((output - expected).abs().max() / expected.abs().max()).item()
            if not difference <= tolerance:
                raise RpgError(
                    f"With {variant.regions} region(s) the result differs from the loop's by {difference:.2g} of its "
                    "largest value: this torch computes attention wrongly, report it with its version and your device"
                )


def _table(rows: Sequence[Row], attention: str, clock: str, repeats: int) -> str:
    plain = rows[0]
    lines = [
        f"One step (cond with regions + uncond), ldm UNet {plain.model} at {plain.size}x{plain.size}, {plain.dtype}, "
        f"{plain.device}, {attention} attention, {torch.get_num_threads()} threads, torch {torch.__version__}, "
        f"median {clock} time of {repeats} rounds, plain beside each, base ratio {BASE_RATIO} where it is on",
        "",
        f"{'method':<7} {'regions':>7} {'base':>4} {'ms':>9} {'over plain':>10} {'peak MiB':>9} {'with weights':>12}",
    ]
    for row in rows:
        base = "" if not row.regions else "on" if row.base else "off"
        lines.append(
            f"{row.method:<7} {row.regions:>7} {base:>4} {row.ms:>9.1f} {row.ratio:>10.3f} {row.peak_mib:>9.1f} "
            f"{row.peak_ratio:>12.3f}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
