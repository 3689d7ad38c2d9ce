"""Speed of region attention: one sampling step of the genuine ldm UNet, plain, with regions, and with a loop.

A step is one UNet call on two rows, cond with regions and uncond without, as classifier-free guidance has it. All
variants share one set of weights and run in turn in one process, each beside a plain step of its own: a busy machine
slows both alike, so that their ratio holds where their times do not.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import itertools
import json
import math
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention
from torch.profiler import ProfilerActivity, profile

from lib_rpg.errors import RpgError
from lib_rpg.layout.raster import coefficients, grid_cells
from lib_rpg.layout.ratio import parse_ratio
from lib_rpg.plan import Plan, Region
from lib_rpg.regional.attention import RegionAttention, RowRegions
from lib_rpg.regional.tokens import token_grid

# UNet of SD 1.x at three widths: model_channels. The shape is the same: 8 heads, 16 cross-attention layers.
MODELS = {"sd15": 320, "half": 160, "small": 64}
DTYPES = {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16}
CONTEXT_WIDTH = 768
CONTEXT_TOKENS = 77
BASE_RATIO = 0.3


@dataclass
class Row:
    """One measured variant.

    ms is the median time of a step, ratio the median of each step's time over that of the plain step beside it,
    peak_mib the most memory that the first step, which fills the caches, takes beyond the weights.
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


@dataclass
class _Variant:
    """A way of running the step, with its times in seconds, plain's beside each of them, and its peak memory in MiB."""

    method: str
    regions: int
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
    device = options.device or ("cuda" if torch.cuda.is_available() else "cpu")
    if device.startswith("cuda") and not torch.cuda.is_available():
        raise RpgError(f"--device {device}: this torch sees no CUDA device; use --device cpu")
    if options.clock == "cpu" and device != "cpu":
        raise RpgError(f"--clock cpu does not see the work of {device}: use --clock wall")
    if options.threads:
        torch.set_num_threads(options.threads)
    if options.size % 64 or options.size < 64:
        raise RpgError(f"--size {options.size}: the UNet of SD 1.x takes multiples of 64 pixels only")
    on_cpu = device == "cpu"
    model = options.model or ("half" if on_cpu else "sd15")
    dtype = options.dtype or ("float32" if on_cpu else "float16")
    rows = measure(
        model,
        options.size,
        options.regions,
        repeats=options.repeats,
        device=device,
        dtype=dtype,
        attention=options.attention,
        clock=options.clock,
    )
    if options.json:
        print(json.dumps({"rows": [asdict(row) for row in rows]}))
    else:
        print(_table(rows, options.attention, options.clock, options.repeats))
    return 0


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
) -> list[Row]:
    """Time the variants at `size` x `size` pixels; first plain, then ours and the loop by region count.

    The names are those of the command line. clock: "cpu" counts the process's own time on all its threads, which
    other processes on a busy machine do not lengthen.
    """
    torch.manual_seed(0)
    with contextlib.redirect_stdout(sys.stderr):  # ldm prints while it builds
        unet = _build_unet(MODELS[model]).to(device, DTYPES[dtype])
    side = size // 8
    x = torch.randn(2, 4, side, side, device=device, dtype=DTYPES[dtype])
    t = torch.full((2,), 500.0, device=device)
    context = torch.randn(2, CONTEXT_TOKENS, CONTEXT_WIDTH, device=device, dtype=DTYPES[dtype])

    with torch.inference_mode(), _attention(attention):
        plain = _Variant("plain", 0, _plain_step(_twin(unet), x, t, context))
        variants = []
        for count in region_counts:
            plan = _grid_plan(count)
            regions = [torch.randn(CONTEXT_TOKENS, CONTEXT_WIDTH).to(context) for _ in range(count)]
            variants.append(_Variant("ours", count, _our_step(_twin(unet), x, t, context, plan, regions)))
            variants.append(_Variant("loop", count, _loop_step(_twin(unet), x, t, context, plan, regions)))
        _warm_up([plain, *variants], device, 1e-3 if dtype == "float32" else 0.1)
        for number in range(repeats):
            for variant in variants:
                pair = [(variant.times, variant.step), (variant.plain_times, plain.step)]
                for times, step in pair[:: 1 if number % 2 else -1]:
                    times.append(_timed(step, device, clock))
    plain.times = plain.plain_times = [seconds for variant in variants for seconds in variant.plain_times]

    return [
        Row(
            method=variant.method,
            model=model,
            size=size,
            device=device,
            dtype=dtype,
            regions=variant.regions,
            base=variant.method != "plain",
            ms=round(1000 * statistics.median(variant.times), 3),
            ratio=round(variant.ratio, 4),
            peak_mib=variant.peak_mib,
        )
        for variant in (plain, *variants)
    ]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m lib_rpg bench attention",
        description="Step time of the ldm UNet plain, with regions, and with a loop over the regions.",
    )
    parser.add_argument("--model", choices=MODELS, help="width of the SD 1.x UNet (half on the CPU, else sd15)")
    parser.add_argument("--size", type=int, default=384, help="pixels per side of the square picture (384)")
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


def _build_unet(width: int) -> nn.Module:
    try:
        from ldm.modules.diffusionmodules.openaimodel import UNetModel
    except ImportError as error:
        raise RpgError(
            f"The benchmark runs the genuine ldm UNet, which is not installed ({error}): "
            "pip install --no-deps stable-diffusion-sdkit, and pip install einops omegaconf"
        ) from error
    unet = UNetModel(
        image_size=64,
        in_channels=4,
        out_channels=4,
        model_channels=width,
        attention_resolutions=[4, 2, 1],
        num_res_blocks=2,
        channel_mult=[1, 2, 4, 4],
        num_heads=8,
        use_spatial_transformer=True,
        transformer_depth=1,
        context_dim=CONTEXT_WIDTH,
        use_checkpoint=False,
        legacy=False,
    )
    for parameter in unet.parameters():
        if not parameter.any():  # a fresh UNet ends in zeros, which would hide any difference
            nn.init.normal_(parameter, std=0.02)
    return unet.eval()


def _twin(unet: nn.Module) -> nn.Module:
    """Another UNet on the same weights, so that every variant has its own hooks and none pays for another's."""
    return copy.deepcopy(unet, {id(parameter): parameter for parameter in unet.parameters()})


@contextlib.contextmanager
def _attention(kind: str) -> Iterator[None]:
    """Swap the attention at the class for the time of the benchmark, as the WebUI's optimisers do."""
    from ldm.modules.attention import CrossAttention

    original = CrossAttention.forward
    if kind == "sdp":
        CrossAttention.forward = _sdp_forward
    try:
        yield
    finally:
        CrossAttention.forward = original


def _sdp_forward(self: Any, x: Tensor, context: Tensor | None = None, mask: Tensor | None = None) -> Tensor:
    source = x if context is None else context
    query, key, value = (
        projected.unflatten(-1, (self.heads, -1)).transpose(1, 2)
        for projected in (self.to_q(x), self.to_k(source), self.to_v(source))
    )
    core = scaled_dot_product_attention(query, key, value, attn_mask=mask)
    return self.to_out(core.transpose(1, 2).flatten(2))


def _grid_plan(count: int) -> Plan:
    """A grid of `count` cells, as near to a square as whole rows allow."""
    rows = math.isqrt(count)
    widths = [",".join(["1"] * (count // rows + (row < count % rows))) for row in range(rows)]
    ratio = ";".join(f"1,{cells}" for cells in widths) if rows > 1 else widths[0]
    return Plan(
        base_prompt="base",
        base_ratio=BASE_RATIO,
        split_ratio=ratio,
        regions=tuple(Region(f"region {number}") for number in range(count)),
    )


def _plain_step(unet: nn.Module, x: Tensor, t: Tensor, context: Tensor) -> Callable[[], Tensor]:
    return lambda: unet(x, t, context=context)


def _our_step(
    unet: nn.Module, x: Tensor, t: Tensor, context: Tensor, plan: Plan, regions: Sequence[Tensor]
) -> Callable[[], Tensor]:
    engine = RegionAttention(unet)
    rows = [RowRegions(tuple(regions), lambda h, w: coefficients(plan, h, w)), None]

    def step() -> Tensor:
        engine.set_rows(rows)
        return unet(x, t, context=context)

    return step


def _loop_step(
    unet: nn.Module, x: Tensor, t: Tensor, context: Tensor, plan: Plan, regions: Sequence[Tensor]
) -> Callable[[], Tensor]:
    """The usual way: each layer whole for every region, on the cond row, cropped to the cell and blended."""
    grid = parse_ratio(plan.split_ratio)

    def blend(module: nn.Module, args: tuple, output: Tensor) -> Tensor:
        h, w = token_grid(x.shape[-2], x.shape[-1], output.shape[1])
        picture = output[0].view(h, w, -1).clone()
        for (y0, y1, x0, x1), region in zip(grid_cells(grid, h, w), regions, strict=True):
            whole = module.forward(args[0][:1], context=region[None]).view(h, w, -1)
            cell = picture[y0:y1, x0:x1]
            cell.mul_(BASE_RATIO).add_(whole[y0:y1, x0:x1], alpha=1 - BASE_RATIO)
        return torch.cat([picture.flatten(0, 1)[None], output[1:]])

    for name, module in unet.named_modules():
        if name.endswith("attn2"):
            module.register_forward_hook(blend)
    return lambda: unet(x, t, context=context)


def _warm_up(variants: Sequence[_Variant], device: str, tolerance: float) -> None:
    """Run every variant twice, take its peak memory, and hold ours to the loop's result."""
    loops: dict[int, Tensor] = {}
    for variant in sorted(variants, key=lambda variant: variant.method):  # loops come before ours
        output, variant.peak_mib = _with_peak(variant.step, device)
        variant.step()
        if variant.method == "loop":
            loops[variant.regions] = output
        elif variant.method == "ours":
            difference = (output - loops[variant.regions]).abs().max().item()
            if not difference <= tolerance:
                raise RpgError(
                    f"With {variant.regions} region(s) the result differs from the loop's by {difference:.2g}: "
                    "this torch computes attention wrongly, report it with its version and your device"
                )


def _timed(step: Callable[[], Tensor], device: str, clock: str) -> float:
    """Seconds that one step takes, to the end of its work on the device."""
    now = time.process_time if clock == "cpu" else time.perf_counter
    _synchronise(device)
    start = now()
    step()
    _synchronise(device)
    return now() - start


def _synchronise(device: str) -> None:
    if device.startswith("cuda"):
        torch.cuda.synchronize(device)


def _with_peak(step: Callable[[], Tensor], device: str) -> tuple[Tensor, float]:
    """A step's result, and the most memory that its tensors took over what was held before, in MiB."""
    if device.startswith("cuda"):
        torch.cuda.reset_peak_memory_stats(device)
        before = torch.cuda.memory_allocated(device)
        output = step()
        return output, round((torch.cuda.max_memory_allocated(device) - before) / 2**20, 1)
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as profiler:
        output = step()
    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder) / "trace.json"
        profiler.export_chrome_trace(str(trace))
        events = json.loads(trace.read_text())["traceEvents"]
    changes = sorted((event["ts"], event["args"]["Bytes"]) for event in events if event.get("name") == "[memory]")
    held = itertools.accumulate((size for _, size in changes), initial=0)
    return output, round(max(held) / 2**20, 1)


def _table(rows: Sequence[Row], attention: str, clock: str, repeats: int) -> str:
    plain = rows[0]
    lines = [
        f"One step (cond with regions + uncond), ldm UNet {plain.model} at {plain.size}x{plain.size}, {plain.dtype}, "
        f"{plain.device}, {attention} attention, {torch.get_num_threads()} threads, torch {torch.__version__}, "
        f"median {clock} time of {repeats} rounds, plain beside each, base ratio {BASE_RATIO}",
        "",
        f"{'method':<7} {'regions':>7} {'ms':>9} {'over plain':>10} {'peak MiB':>9} {'over plain':>10}",
    ]
    for row in rows:
        over = f"{row.peak_mib - plain.peak_mib:+.1f}"
        lines.append(
            f"{row.method:<7} {row.regions:>7} {row.ms:>9.1f} {row.ratio:>10.3f} {row.peak_mib:>9.1f} {over:>10}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
