"""Records how the pictures of a batch are sampled, and keeps a trace of each finished picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from PIL import Image
from torch import Tensor

from lib_rpg.plan import Plan
from lib_rpg.regional.replay import Recorder
from lib_rpg.repainting.pixels import hash_of
from lib_rpg.repainting.traces import PassTrace, Trace, TraceStore
from lib_rpg.webui import settings
from lib_rpg.webui.denoised import Evaluation
from lib_rpg.webui.host import Processing, host

GIVEN = ("subseed_strength", "seed_resize_from_w", "seed_resize_from_h")
"""What of a generation a repainting takes over, beside seeds and prompts."""

_NOISE = ("eta", "s_churn", "s_tmin", "s_tmax", "s_noise")
"""The samplers' own parameters."""
_UNI_PC = ("variant", "skip_type", "order", "lower_order_final")
"""Its settings, which no picture's noise levels tell."""

_SAME_CHECKPOINT = "Use same checkpoint"  # what the WebUI's page sends where none is chosen


def settings_of(p: Any) -> dict[str, Any]:
    """What has to be the same in a generation that follows a picture's trace, by the names that the page has."""
    found: dict[str, Any] = {
        "checkpoint": f"{p.sd_model_name} [{p.sd_model_hash}]",
        "sampling method": p.sampler_name,
        "schedule type": getattr(p, "scheduler", None) or "Automatic",
        "sampling steps": p.steps,
        "size": f"{p.width}x{p.height}",
        "hires fix": "off",
        "random number source": str(host.option("randn_source", "GPU")),
        "eta noise seed delta": int(host.option("eta_noise_seed_delta", 0)),
    }
    found |= {name.replace("_", " "): getattr(p, name, None) for name in _NOISE}
    if p.sampler_name == "UniPC":
        found |= {f"UniPC {name.replace('_', ' ')}": host.option(f"uni_pc_{name}", None) for name in _UNI_PC}
    if getattr(p, "enable_hr", False):
        sampler, steps = p.hr_sampler_name or p.sampler_name, p.hr_second_pass_steps or p.steps
        # Its size in pixels is not known yet where the settings are checked.
        is_sized = p.hr_resize_x or p.hr_resize_y
        size = f"{p.hr_resize_x}x{p.hr_resize_y}" if is_sized else f"x {p.hr_scale:g}"
        found["hires fix"] = f"{size}, {p.hr_upscaler}, {sampler}, {steps} steps, denoising {p.denoising_strength:g}"
        if p.hr_checkpoint_name and p.hr_checkpoint_name != _SAME_CHECKPOINT:
            found["hires fix"] += f", with {p.hr_checkpoint_name}"
    if getattr(p, "refiner_checkpoint", None):
        found["refiner"] = f"{p.refiner_checkpoint} at {p.refiner_switch_at:g}"
    return found


class Tracing:
    """The traces of one generation's pictures, which `keep` stores one by one.

    Only whole pictures of txt2img have one: no parts of pictures, and no cells of plots.
    """

    def __init__(self, store: TraceStore | None) -> None:
        """``store``: None where the generation that asked for the traces collects them itself."""
        self._store = store
        self._passes: list[_RecordedPass] = []
        self._kept: set[str] = set()  # the hashes of the batch's finished pictures

    def begin_batch(self) -> None:
        """Forget the last batch's."""
        self._passes = []
        self._kept = set()

    def begin_pass(self, number: int, x: Tensor, noise: Tensor, is_from_noise: bool) -> None:
        """A sampling run begins, 0 or 1 with hires fix, with the clean latents x and this noise, (B, C, H, W)."""
        del self._passes[number:]  # Forge announces the hires pass twice
        self._passes.append(_RecordedPass(noise, None if is_from_noise else x))

    def __call__(self, evaluation: Evaluation, outputs: Tensor) -> Tensor:
        """As `lib_rpg.webui.denoised.Stage`: the outputs stay as they are."""
        self._passes[-1].add(evaluation.level, outputs)
        return outputs

    def keep(self, p: Processing, index: int, picture: Any, plan: Plan) -> None:
        """Store the trace of a finished picture, by its number in the batch. Raises RpgError where that fails."""
        trace = self._trace_of(p, index, picture, plan)
        if trace is None:
            return
        collected = getattr(p, "rpg_traces", None)
        if collected is not None:
            collected.append(trace)
        elif self._store is not None:
            name = hash_of(picture)
            self._store.put(name, trace)
            self._kept.add(name)

    def saved(self, picture: Any, path: Path) -> None:
        """One of the batch's pictures was saved: its trace is to be found by what a lossy file holds of it as well.

        Raises RpgError or OSError where that fails.
        """
        if self._store is None or path.suffix.lower() == ".png" or (name := hash_of(picture)) not in self._kept:
            return
        with Image.open(path) as file:
            if file.size == picture.size:  # the WebUI may have put a smaller copy in its place
                self._store.link(name, hash_of(file))

    def _trace_of(self, p: Processing, index: int, picture: Any, plan: Plan) -> Trace | None:
        """The trace of a finished picture; None where its sampling was not recorded to its end."""
        expected = 2 if getattr(p, "enable_hr", False) else 1
        if plan.moves_latents or plan.compose == "two-phase":
            return None  # what a sampler was given does not tell how its latents were moved
        if host.is_cancelled() or len(self._passes) != expected or not all(map(len, self._passes)):
            return None
        number = p.iteration * p.batch_size + index
        given = {name: getattr(p, name) for name in GIVEN}
        given |= {"seed": p.all_seeds[number], "subseed": p.all_subseeds[number]}
        given |= {"prompt": p.all_prompts[number], "negative_prompt": p.all_negative_prompts[number]}
        passes = tuple(each.of(index) for each in self._passes)
        return Trace(picture, plan.to_dict(), settings_of(p), given, passes)


def tracing_of(p: Processing) -> Tracing | None:
    """The recorder for a generation: of whole pictures of txt2img, where Settings keep traces. Raises RpgError."""
    if getattr(p, "rpg_traces", None) is not None:
        return Tracing(None)
    is_whole = hasattr(p, "enable_hr") and not getattr(p, "txt2img_upscale", False) and not (p.script_args or [0])[0]
    store = settings.traces(p) if is_whole and getattr(p, "rpg_plot", None) is None else None
    return Tracing(store) if store is not None else None


class _RecordedPass:
    """What one sampling run of a batch began with, and what its sampler was given."""

    def __init__(self, noise: Tensor, start: Tensor | None) -> None:
        self._noise = noise.detach().to("cpu", copy=True)
        self._start = None if start is None else start.detach().to("cpu", copy=True)
        self._outputs = Recorder()
        self._levels: list[Tensor] = []

    def __len__(self) -> int:
        return len(self._levels)

    def add(self, level: Tensor, outputs: Tensor) -> None:
        self._outputs.add(outputs)
        self._levels.append(level.detach().to("cpu", copy=True))

    def of(self, index: int) -> PassTrace:
        start = None if self._start is None else self._start[index]
        levels = torch.stack([level[index] for level in self._levels])
        return PassTrace(self._noise[index], start, self._outputs.of(index), levels)
