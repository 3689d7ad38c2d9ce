"""The job of one generation: its arguments, the plans made from them, and the sampling runs that draw them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

from lib_rpg import planner as planners
from lib_rpg.errors import RpgError
from lib_rpg.layout.weights import Window
from lib_rpg.plan import Plan
from lib_rpg.planner import Hooks, PlanRequest
from lib_rpg.webui import batch_texts, console, crops, own_plans, settings
from lib_rpg.webui.args import RunArgs
from lib_rpg.webui.grounded import GligenWeights
from lib_rpg.webui.host import Processing, host
from lib_rpg.webui.region_noise import put_region_noise
from lib_rpg.webui.repaint import Repainting
from lib_rpg.webui.sampling import RegionalSampling
from lib_rpg.webui.tab_prompt import OUTDATED
from lib_rpg.webui.traces import Tracing


class JobPlanner:
    """Plans for one generation: the same request is planned once, and Interrupt stops a model that is being asked."""

    def __init__(self) -> None:
        self._made: dict[PlanRequest, Plan] = {}

    def __call__(self, request: PlanRequest, planner: str) -> Plan:
        """The plan of the planner with that name; progress is shown under the WebUI's progress bar. Raises RpgError."""
        if request not in self._made:
            hooks = Hooks(on_status=self._show, cancelled=host.is_cancelled)
            self._made[request] = planners.plan(request, planner, config=settings.config(), hooks=hooks)
            self._show(None)
        return self._made[request]

    @staticmethod
    def _show(sentence: str | None) -> None:
        host.show_progress(sentence and f"RPG: {sentence}")


@dataclass
class Job:
    """One generation's request and what became of it; it lives on ``p``, so that copies of ``p`` stay apart."""

    args: RunArgs
    planner: JobPlanner = field(default_factory=JobPlanner)
    plans: list[Plan] = field(default_factory=list)
    """One for each picture of the current batch."""
    first_plan: Plan | None = None
    """That of the generation's first picture, once its batch has begun."""
    windows: list[Window] = field(default_factory=list)
    """The part of the canvas that each of them is."""
    written: list[str | None] = field(default_factory=list)
    """The infotext's text of each of them, None where it had no room."""
    repainting: Repainting | None = None
    """What is repainted of a finished picture, None for a new picture."""
    tracing: Tracing | None = None
    """The recorder of the pictures' traces, None where none are kept."""
    gligen: GligenWeights = field(default_factory=GligenWeights)
    """GLIGEN's weights, for the generation's batches."""
    runs: list[RegionalSampling] = field(default_factory=list)
    """The samplings of the current batch: one, or two with hires fix."""

    def preflight(self, p: Processing) -> None:
        """Make the plan of the typed prompt before the generation begins, so that it can be refused there.

        A model is asked later, when other extensions have made the prompts what they will be. Raises RpgError where
        nothing can be planned.
        """
        if isinstance(p.prompt, str) and (self.args.plan or not self.args.asks(p.prompt)):
            self.args.plan_for(p.prompt, p.width, p.height, self.planner)

    def begin_batch(self, p: Processing) -> None:
        """Plan each picture of the batch, and have ``p`` encode its base and negative prompt and keep its plan.

        Raises RpgError where a picture cannot be planned, or no pass is there for its regions to act in.
        """
        self.runs = []
        if self.tracing is not None:
            self.tracing.begin_batch()
        self.plans = [self.plan_picture(p, prompt) for prompt in p.prompts]
        self.first_plan = self.first_plan or next(iter(self.plans), None)
        self.windows, unknown = crops.begin_batch(p)
        if unknown:
            p.comment(f"RPG: {unknown}")
        if not getattr(p, "enable_hr", False) and not any(plan.acts_in(hires_pass=False) for plan in self.plans):
            raise RpgError(
                "hires: the regions are for the hires pass only; switch hires fix on, or let them act in both"
            )
        self.written = batch_texts.put_infotext(p, self.plans, self.args.prompt)
        batch_texts.put_prompts(p, self.plans)
        for note in batch_texts.notes(p, self.plans):
            p.comment(f"RPG: {note}")
        if batch_texts.are_outdated(p, self.plans, self.args.prompt):
            console.warn_on_page(p, OUTDATED)

    def has_regions(self, p: Processing) -> bool:
        """Whether a region is to act in any pass of the batch."""
        upscale = own_plans.is_upscale(p)
        passes = [*([] if upscale else [False]), *([True] if getattr(p, "enable_hr", False) else [])]
        return any(plan.acts_in(hires_pass) for plan in self.plans for hires_pass in passes)

    def plan_picture(self, p: Processing, prompt: str) -> Plan:
        """The plan of the picture with that prompt; styles are laid over its base prompt, not planned."""
        typed = batch_texts.typed_prompt(p, prompt)
        return self.args.plan_for(prompt if typed is None else typed, p.width, p.height, self.planner)

    @property
    def hooks_each_pass(self) -> bool:
        """Whether passes in which no region acts have something to do as well."""
        return self.repainting is not None or self.tracing is not None

    def begin_pass(self, p: Processing, number: int, x: Tensor, noise: Tensor) -> None:
        """A sampling run begins, 0 or 1 with hires fix, with the clean latents x and the noise: (B, C, H, W).

        Raises RpgError where the trace of the picture that is repainted does not fit.
        """
        put_region_noise(noise, self.plans, self.windows)
        if self.repainting is not None:
            self.repainting.begin_pass(p, number, x, noise)
        if self.tracing is not None:
            self.tracing.begin_pass(number, x, noise, x is noise)

    def keep_trace(self, p: Processing, index: int, picture: Any) -> None:
        """Keep the trace of a finished picture. Raises RpgError where that fails."""
        if self.tracing is not None:
            self.tracing.keep(p, index, picture, self.plans[index])

    def close(self) -> None:
        """Take whatever is left of the samplings out of the host; may be called any number of times."""
        for run in self.runs:
            run.close()
        if self.tracing is not None:
            self.tracing.begin_batch()
        self.gligen.close()


def job_of(p: Processing) -> Job | None:
    """The generation's job, or None where RPG is off for it."""
    return getattr(p, "rpg_job", None)
