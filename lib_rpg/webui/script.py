"""The WebUI script: reads the request, plans, hands prompts to the WebUI and regions to the sampler."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NoReturn

from fastapi import HTTPException
from modules import scripts, shared

from lib_rpg import planner as planners
from lib_rpg.errors import RpgError
from lib_rpg.layout.canvas import check_size
from lib_rpg.plan import Plan
from lib_rpg.planner import Hooks, PlanRequest
from lib_rpg.webui import conditioning, console, control, host, infotext, neighbours, panel, settings
from lib_rpg.webui.args import RunArgs, read_args, unread_of
from lib_rpg.webui.conditioning import CondCaches
from lib_rpg.webui.launch import run_around
from lib_rpg.webui.sampling import RegionalSampling
from lib_rpg.webui.status import Status

TITLE = "RPG"


class JobPlanner:
    """Plans for one generation: the same request is planned once, and Interrupt stops a model that is being asked."""

    def __init__(self) -> None:
        self._made: dict[PlanRequest, Plan] = {}

    def __call__(self, request: PlanRequest, planner: str) -> Plan:
        if request not in self._made:
            hooks = Hooks(on_status=self._tell, cancelled=lambda: shared.state.interrupted or shared.state.skipped)
            self._made[request] = planners.plan(request, planner, config=settings.config(), hooks=hooks)
            self._tell(None)
        return self._made[request]

    @staticmethod
    def _tell(sentence: str | None) -> None:
        shared.state.textinfo = sentence and f"RPG: {sentence}"


@dataclass
class Job:
    """One generation's request and what became of it; it lives on ``p``, so that copies of ``p`` stay apart."""

    args: RunArgs
    planner: JobPlanner
    plans: list[Plan] = field(default_factory=list)
    """One for each picture of the current batch."""
    runs: list[RegionalSampling] = field(default_factory=list)
    """The samplings of the current batch: one, or two with hires fix."""


class RpgScript(scripts.Script):
    """RPG in the txt2img and img2img tabs. Holds no generation's state: that is on ``p.rpg_job``."""

    status = Status()

    def __init__(self) -> None:
        self.caches = CondCaches()

    def title(self) -> str:
        return TITLE

    def show(self, is_img2img: bool) -> Any:
        return scripts.AlwaysVisible

    def ui(self, is_img2img: bool) -> list:
        built = panel.build(is_img2img, self.elem_id, settings.defaults, settings.config)
        self.infotext_fields = [
            (built.enabled, infotext.read_enabled),
            (built.state, infotext.read_state),
        ]
        self.paste_field_names = [infotext.KEY]
        return [built.enabled, built.state]

    def before_process(self, p: Any, *values: Any) -> None:
        p.rpg_job = None
        with _refusing(p):
            control.release_units(p)
            if getattr(p, "_ad_inner", False):  # ADetailer's own runs on a detail of the picture
                return
            args = read_args(values, settings.defaults(p))
            if not args.enabled:
                # In the page it says so beside the panel, and a picture without regions is what is asked for.
                if getattr(p, "is_api", False) and (reason := unread_of(values)):
                    raise RpgError(f"{reason}; correct the infotext, or leave RPG's part of it out")
                return
            check_size(p.width, p.height)
            if args.plan:  # no planner names a unit
                control.restrict_units(p, args.plan)
            planner = JobPlanner()
            # A model is asked later, when other extensions have made the prompts what they will be.
            if isinstance(p.prompt, str) and (args.plan or args.planner == "offline"):
                args.plan_for(p.prompt, p.width, p.height, planner)
            p.rpg_job = Job(args, planner)

    def process(self, p: Any, *_: Any) -> None:
        if job_of(p) is not None:
            with _refusing(p):
                neighbours.check(p)
                host.unet_of(shared.sd_model)

    def before_process_batch(self, p: Any, *_: Any, **kwargs: Any) -> None:
        """Plan each picture of the batch and put its base and negative prompt where the WebUI encodes them."""
        job = job_of(p)
        if job is not None:
            with _refusing(p):
                self._prepare_batch(p, job)

    def _prepare_batch(self, p: Any, job: Job) -> None:
        job.runs = []
        job.plans = [self._plan(p, job, prompt) for prompt in p.prompts]
        if not getattr(p, "enable_hr", False) and not any(plan.acts_in(hires_pass=False) for plan in job.plans):
            raise RpgError(
                "hires: the regions are for the hires pass alone; switch hires fix on, or let them act in both"
            )
        p.prompts[:] = [_base_text(p, *pair) for pair in zip(job.plans, p.prompts, strict=True)]
        p.negative_prompts[:] = [
            _joined(negative, plan.negative_prompt)
            for negative, plan in zip(p.negative_prompts, job.plans, strict=True)
        ]
        room = _infotext_room(p)
        value = p.extra_generation_params[infotext.KEY] = infotext.write(job.plans, room)
        if room is not None and value != infotext.write(job.plans):
            p.comment(
                "RPG: the plan is too long for a JPEG file's infotext, which has it in part or not at all; use PNG"
            )
        of_plans = [note for plan in job.plans for note in _comments(plan, p)]
        for note in dict.fromkeys([*of_plans, *neighbours.notes(p, job.plans), *control.notes(p)]):
            p.comment(f"RPG: {note}")

    def process_batch(self, p: Any, *_: Any, **kwargs: Any) -> None:
        """The hires pass draws the same prompts, where the user gave it none of its own."""
        job = job_of(p)
        if job is not None and getattr(p, "enable_hr", False):
            with _refusing(p):
                self._prepare_hires(p, job)

    def _prepare_hires(self, p: Any, job: Job) -> None:
        first = p.iteration * p.batch_size
        for i, plan in enumerate(job.plans):
            if p.all_hr_prompts[first + i] == p.all_prompts[first + i]:
                p.hr_prompts[i] = p.prompts[i]
                p.hr_extra_network_data = p.extra_network_data
            if p.all_hr_negative_prompts[first + i] == p.all_negative_prompts[first + i]:
                p.hr_negative_prompts[i] = _joined(p.hr_negative_prompts[i], plan.negative_prompt)

    def process_before_every_sampling(self, p: Any, *_: Any, **kwargs: Any) -> None:
        job = job_of(p)
        if job is not None:
            with _refusing(p):
                self._attach(p, job)

    def _attach(self, p: Any, job: Job) -> None:
        """Have the next launch of the sampler run with the regions of its pass."""
        hires_pass = bool(getattr(p, "is_hr_pass", False))
        if not any(plan.acts_in(hires_pass) for plan in job.plans):
            return
        negatives = p.hr_negative_prompts if hires_pass else p.negative_prompts

        def run() -> RegionalSampling:
            if job.args.plan:
                control.check_units(p, job.args.plan)
            sampling = RegionalSampling(p, job.plans, negatives, self.caches, self._preflight, partial(_tell, p))
            job.runs.append(sampling)
            return sampling

        run_around(p, run, lambda error: _http_error(p, error))

    def postprocess_batch(self, p: Any, *_: Any, **kwargs: Any) -> None:
        """Never silently plain: say so where a batch came through without a single regional blend."""
        job = job_of(p)
        if job is None or shared.state.interrupted or shared.state.skipped:
            return
        if not any(run.applied_calls or run.waited for run in job.runs):
            _tell(p, "the regions were not applied to this picture: another extension replaced the sampler")

    def postprocess(self, p: Any, processed: Any, *_: Any) -> None:
        for run in getattr(job_of(p), "runs", []):
            run.close()
        if not getattr(shared.opts, "persistent_cond_cache", True):
            self.caches.clear()

    def _plan(self, p: Any, job: Job, prompt: str) -> Plan:
        """The plan of one picture; styles are laid over its base prompt, as over any prompt, not planned."""
        own = p.prompt if _is_styled(p, prompt) else prompt
        return job.args.plan_for(own, p.width, p.height, job.planner)

    def _preflight(self, line: str) -> None:
        self.status.last = line
        console.say(line)


def job_of(p: Any) -> Job | None:
    """The generation's job, or None where RPG is off for it."""
    return getattr(p, "rpg_job", None)


def _styled(p: Any, prompt: str) -> str:
    return shared.prompt_styles.apply_styles_to_prompt(prompt, p.styles)


def _is_styled(p: Any, prompt: str) -> bool:
    """Whether a picture's prompt is the typed one with its styles, not another extension's or a list's own."""
    return isinstance(p.prompt, str) and prompt == _styled(p, p.prompt)


def _base_text(p: Any, plan: Plan, prompt: str) -> str:
    """What the WebUI encodes for a picture: the base prompt, with styles and with every extra-network tag."""
    base = _styled(p, plan.base_prompt) if _is_styled(p, prompt) else plan.base_prompt
    lifted = (tag for region in plan.regions for tag in conditioning.lifted_tags(region.prompt, plan.lora))
    return conditioning.lift_tags(base, [prompt, *lifted])


def _infotext_room(p: Any) -> int | None:
    """UTF-16 units that the plan may take of the infotext, or None where the format of the files has no bound."""
    formats = {str(getattr(shared.opts, name, "png")).lower() for name in ("samples_format", "grid_format")}
    if not formats & {"jpg", "jpeg"}:
        return None
    others = [max(map(len, texts), default=0) for texts in (p.prompts, p.negative_prompts, p.all_prompts)]
    return infotext.JPEG_ROOM - 2000 - 2 * sum(others) - 2 * len(str(p.extra_generation_params))


def _comments(plan: Plan, p: Any) -> list[str]:
    """What the user should know of how a plan was read, to stand under the picture."""
    notes = list(plan.source.notes)
    for tag in dict.fromkeys(t for region in plan.regions for t in conditioning.lifted_tags(region.prompt, plan.lora)):
        notes.append(f"{tag} inside a region applies to the whole picture")
    if isinstance(p.prompt, str) and plan.prompt and p.prompt and plan.prompt != p.prompt:
        notes.append("the plan was made for another prompt than the tab's; press Plan to use the new one")
    return notes


def _joined(*texts: str) -> str:
    return ", ".join(text for text in texts if text.strip())


def _tell(p: Any, sentence: str) -> None:
    console.say(sentence)
    p.comment(f"RPG: {sentence}")


def _http_error(p: Any, error: RpgError) -> Exception:
    """The error as the caller should see it: HTTP 422 with the sentence, or the sentence itself in the page."""
    return HTTPException(status_code=422, detail=str(error)) if getattr(p, "is_api", False) else error


@contextmanager
def _refusing(p: Any) -> Iterator[None]:
    """End the job and refuse the generation on any error inside; the WebUI would swallow it and draw plain."""
    try:
        yield
    except Exception as error:
        p.rpg_job = None
        if isinstance(error, RpgError):
            _refuse(p, error)
        else:
            console.report("failed before sampling")
            _refuse(p, RpgError(f"RPG failed before sampling ({type(error).__name__}); the console has the details"))


def _refuse(p: Any, error: RpgError) -> None:
    """Say why regions cannot be applied and stop this generation, or let it go on plain where Settings say so.

    The WebUI swallows what a callback raises. The next step that it does not guard raises instead. In the page, a
    generation that has not begun ends as an interrupted one, with the sentence under the (empty) gallery.
    """
    if settings.goes_on_plain(p):
        _tell(p, f"{error} (drawn without regions)")
        return
    # Before anything is told: whatever becomes of the telling, this generation is not drawn plain.
    refused = _raising(_http_error(p, error))
    p.setup_conds = p.sample = refused
    if getattr(p, "sampler", None) is not None:
        p.sampler.launch_sampling = refused
    if getattr(p, "is_api", False):
        p.setup_prompts = p.init = p.parse_extra_network_prompts = refused
    else:
        shared.state.interrupted = True
        if getattr(p, "prompts", None):
            p.prompts.clear()
    _tell(p, str(error))


def _raising(error: Exception) -> Callable[..., NoReturn]:
    def refused(*_: Any, **__: Any) -> NoReturn:
        raise error

    return refused
