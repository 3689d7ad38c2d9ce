"""The WebUI script: runs the generation's job at each of the WebUI's callbacks, and refuses what fails."""

from __future__ import annotations

from functools import partial
from typing import Any

from modules import scripts

from lib_rpg.errors import RpgError
from lib_rpg.webui import (
    batch_texts,
    compare,
    console,
    controlnet,
    crops,
    details,
    infotext,
    other_extensions,
    own_plans,
    saved_pictures,
    settings,
)
from lib_rpg.webui.args import read_args, unread_of
from lib_rpg.webui.conditioning import CondCaches
from lib_rpg.webui.host import Processing, host
from lib_rpg.webui.job import Job, job_of
from lib_rpg.webui.launch import run_around
from lib_rpg.webui.panel import build as panel
from lib_rpg.webui.refusing import as_shown, noting, refusing
from lib_rpg.webui.registration import Status
from lib_rpg.webui.repaint import Repainting
from lib_rpg.webui.sampling import RegionalSampling
from lib_rpg.webui.traces import tracing_of
from lib_rpg.webui.xyz import planner_of

TITLE = "RPG"


class RpgScript(scripts.Script):
    """RPG in the txt2img and img2img tabs. Holds no generation's state: that is on ``p.rpg_job``.

    The WebUI calls the methods by name, in this order. Nothing that they raise would reach the
    user (`lib_rpg.webui.refusing`).
    """

    status = Status()

    def __init__(self) -> None:
        self.caches = CondCaches()

    def title(self) -> str:
        """The name in the page, and the key of ``alwayson_scripts`` in the API."""
        return TITLE

    def show(self, is_img2img: bool) -> Any:
        """In both tabs, for every generation."""
        return scripts.AlwaysVisible

    def ui(self, is_img2img: bool) -> list:
        """Build the panel of a tab; the components whose values are the script's arguments."""
        built = panel.build(is_img2img, self.elem_id, settings.defaults, settings.config, lambda: self.status.last)
        self.infotext_fields = [
            (built.enabled, infotext.PasteName("RPG enabled", infotext.read_enabled)),
            (built.state, infotext.PasteName("RPG state", partial(infotext.read_state, unstyled=host.unstyled))),
        ]
        self.paste_field_names = [str(name) for _, name in self.infotext_fields]
        return [built.enabled, built.state]

    def setup(self, p: Processing, *_: Any) -> None:
        """Look at the picture that img2img begins with, before a script cuts it into parts."""
        crops.remember_picture(p)

    def before_process(self, p: Processing, *values: Any) -> None:
        """Begin a job where the arguments ask for one, before the WebUI reads scripts' arguments and options."""
        p.rpg_job = p.rpg_detail = None
        if getattr(p, "_ad_inner", False):  # ADetailer's own runs on a detail of the picture
            with noting(p, "could not find the region of a detail"):
                args = read_args(values, settings.defaults(p))
                p.rpg_detail = details.plan_of(p, args.plan) if args.enabled else None
            return
        with refusing(p):
            controlnet.release_units(p)
            args = read_args(values, settings.defaults(p))
            if not args.enabled:
                # In the page the panel says so, and a picture without regions is what is asked for.
                if getattr(p, "is_api", False) and (reason := unread_of(values)):
                    raise RpgError(f"{reason}; correct the infotext, or leave RPG's part of it out")
                return
            args = own_plans.with_own_plan(p, args)
            repainting = None
            if args.repaint is not None:
                repainting = Repainting(args.repaint, settings.trace_store(), TITLE)
                args = repainting.with_plan(args)
                repainting.take_over(p)
            if args.plan:  # no planner names a unit
                controlnet.restrict_units(p, args.plan)
            job = Job(args, planner_of(p), repainting=repainting, tracing=tracing_of(p))
            job.preflight(p)
            details.admit(p)
            p.rpg_job = job

    def process(self, p: Processing, *_: Any) -> None:
        """Check the checkpoint and the other extensions, now that the options of this generation are in force."""
        job = job_of(p)
        if job is not None:
            with refusing(p):
                other_extensions.check(p)
                host.unet_of(host.model())
                if job.repainting is not None:
                    job.repainting.prepare(p)

    def before_process_batch(self, p: Processing, *_: Any, **kwargs: Any) -> None:
        """Plan each picture of the batch and put its base and negative prompt where the WebUI encodes them."""
        job, of_detail = job_of(p), getattr(p, "rpg_detail", None)
        if of_detail is not None:
            with noting(p, "could not put the words of a detail's region"):
                details.put_region(p, of_detail)
        if job is not None:
            with refusing(p):
                job.begin_batch(p)

    def process_batch(self, p: Processing, *_: Any, **kwargs: Any) -> None:
        """Put the prompts of the hires pass, which the WebUI has parsed now, and the masks of ControlNet's units."""
        job = job_of(p)
        if job is not None:
            with refusing(p):
                if getattr(p, "enable_hr", False):
                    batch_texts.put_hires_prompts(p, job.plans)
                if job.args.plan:
                    controlnet.restrict_builtin_units(p, job.args.plan, job.windows)

    def process_before_every_sampling(self, p: Processing, *_: Any, **kwargs: Any) -> None:
        """Have the sampler of this pass run with regions."""
        job = job_of(p)
        if job is not None:
            with refusing(p):
                job.begin_pass(p, int(host.is_hires_pass(p)), kwargs["x"], kwargs["noise"])
                self._attach(p, job, tuple(kwargs["x"].shape[-2:]))

    def postprocess_batch(self, p: Processing, *_: Any, **kwargs: Any) -> None:
        """Warn if a batch was drawn without a single regional blend, so that regions are never dropped silently."""
        job = job_of(p)
        if job is None or host.is_cancelled():
            return
        with noting(p, "could not check that the regions were applied"):
            if job.has_regions(p) and not any(run.applied_calls or run.waited for run in job.runs):
                console.say_with_picture(
                    p, "the regions were not applied to this picture: another extension replaced the sampler"
                )

    def postprocess_image_after_composite(self, p: Processing, pp: Any, *_: Any) -> None:
        """Put a repainted part into its picture, and keep the trace of the finished picture."""
        job = job_of(p)
        if job is None:
            return
        with noting(p, "could not put the repainted part into the picture"):
            if job.repainting is not None and not host.is_cancelled():
                pp.image = job.repainting.finish(pp.image)
        with noting(p, "could not keep the picture's trace"):
            job.keep_trace(p, p.batch_index, pp.image)

    def postprocess(self, p: Processing, processed: Any, *_: Any) -> None:
        """Close the job; the WebUI does not call this after an error in a generation."""
        job, said = job_of(p), tuple(getattr(p, "comments", ()))
        with noting(p, "could not release everything"):
            if job is not None:
                job.close()
            if not host.option("persistent_cond_cache", True):
                self.caches.clear()
        with noting(p, "could not draw the comparison"):
            if job is not None and job.args.compare != compare.OFF and job.first_plan is not None:
                applied = self.status.last
                compare.add_comparison(p, processed, job.first_plan, job.args.compare, TITLE)
                self.status.last = applied  # of the picture that was asked for
        saved_pictures.fit_pictures(p, getattr(processed, "images", ()))
        console.show_late(p, processed, said)

    def _attach(self, p: Processing, job: Job, size: tuple[int, int]) -> None:
        """Have the next launch of the sampler run with the regions of its pass; ``size`` is of its latents."""
        hires_pass = host.is_hires_pass(p)
        if not any(plan.acts_in(hires_pass) for plan in job.plans) and not job.hooks_each_pass:
            if own_plans.is_upscale(p):
                console.say_with_picture(p, "the regions are for the first pass only; this one was drawn without them")
            return
        drawn_before = hires_pass and any(plan.acts_in(hires_pass=False) for plan in job.plans)
        if drawn_before and job.repainting is None and (obstacle := _obstacle()):
            if any(plan.acts_in(hires_pass) for plan in job.plans):
                console.say_with_picture(p, f"the hires pass was drawn without regions: {obstacle}")
            return
        negatives = p.hr_negative_prompts if hires_pass else p.negative_prompts

        def run() -> RegionalSampling:
            if job.args.plan:
                controlnet.check_units(p, job.args.plan)
                controlnet.move_to_parts(p, job.args.plan, job.windows)
            warn = partial(console.say_with_picture, p)
            sampling = RegionalSampling(
                p,
                job.plans,
                negatives,
                job.windows,
                size,
                self.caches,
                self._preflight,
                warn,
                job.repainting,
                job.tracing,
                job.gligen,
            )
            job.runs.append(sampling)
            return sampling

        run_around(p, run, lambda error: as_shown(p, error))

    def _preflight(self, line: str) -> None:
        self.status.last = line
        console.say(line)


def _obstacle() -> str:
    """Why no region can act on the checkpoint that is loaded now, such as one for hires fix; empty where they can."""
    try:
        host.unet_of(host.model())
    except RpgError as error:
        return str(error)
    return ""
