"""Repainting in the WebUI: finds and checks the picture and its trace, and puts the new part into the picture."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from modules import processing
from torch import Tensor

from lib_rpg.checks import at, refuse
from lib_rpg.errors import RpgError
from lib_rpg.layout.mask import read_grey
from lib_rpg.layout.objects import BoundObject
from lib_rpg.plan import Plan, Region
from lib_rpg.plan_checks import Box, is_hash
from lib_rpg.regional.replay import Replay, put_noise
from lib_rpg.repainting import pixels
from lib_rpg.repainting.request import Repaint
from lib_rpg.repainting.traces import PassTrace, Trace, TraceStore
from lib_rpg.webui import console, infotext
from lib_rpg.webui.args import RunArgs
from lib_rpg.webui.denoised import ADAPTIVE, Cover, Evaluation, Stage
from lib_rpg.webui.host import Processing, host
from lib_rpg.webui.objects import Bound
from lib_rpg.webui.pictures import Picture
from lib_rpg.webui.script_args import copy_for_one, set_own_values
from lib_rpg.webui.traces import GIVEN, settings_of

KEY = "RPG repaint"
"""The infotext's key of what was repainted."""
_NO_TRACE = (
    "the picture has no trace, so that the part was repainted as inpainting does it: the rest is held to the finished "
    "picture, and the new part may fit in less well"
)
_OTHER = "the picture could not be drawn again as it was, so that the new part may not fit"
LEAST_EXACT = 0.3
"""A part whose shorter side is at least so much of the checkpoint's own is drawn on the picture's latents.

Of 48 repainted halves and quarters, the shapes model got 47 right so, and 41 on canvases of their own."""
_LEVELS = 8
"""A picture that is drawn again may differ by so much of 255 without a word."""


class Repainting:
    """One generation that repaints a part of a picture.

    Raises RpgError where the picture, its trace or its plan cannot be had.
    """

    def __init__(self, request: Repaint, store: TraceStore, title: str) -> None:
        """``title``: of the script whose arguments hold the plan."""
        self.request = request
        self._title = title
        self._known = self._find(store)
        self._picture = self._known.picture
        # What is followed; it is drawn first where it is to be drawn again.
        self._trace = self._known if self._known.passes and request.mode in ("auto", "replay") else None
        self._share = np.zeros((1, 1), np.float32)
        self._plan: Plan | None = None
        self._seeds: list[int] = []

    def _find(self, store: TraceStore) -> Trace:
        """What is known of the picture. Raises RpgError where it cannot be had, or has no trace to replay."""
        request, name = self.request, self.request.picture
        if is_hash(name):
            known = store.get(name)
            if known is None:
                advice = "send the picture itself in base64, or draw it again"
                refuse("repaint.picture", "nothing is known of a picture with that hash", advice)
        else:
            picture = pixels.read_picture(name)
            wanted = request.mode in ("auto", "replay")
            known = (store.get(pixels.hash_of(picture)) if wanted else None) or known_of(picture)
        if request.mode == "replay" and not known.passes:
            advice = "use the mode 'redraw' or 'inpaint', or draw the picture again"
            refuse("repaint.mode", "the picture has no trace to replay", advice)
        return known

    def with_plan(self, args: RunArgs) -> RunArgs:
        """The arguments with the plan that is drawn: the request's or the picture's own, with the new words."""
        request, size = self.request, self._picture.size
        plan = args.plan or self._own_plan()
        box = request.box_of(plan)
        shape = request.shape_of(plan)
        if request.mask:
            white = pixels.read_picture(request.mask).convert("L").resize(size)
        else:
            white = pixels.box_mask(box, size, read_grey(shape) if shape else None)
        with at("repaint"):
            self._share = pixels.fading(white)
        self._plan = self._by_own_words(request.plan_of(plan))
        return replace(args, plan=self._plan, prompt=args.prompt or self._plan.prompt)

    def _by_own_words(self, plan: Plan) -> Plan:
        """The plan, with the region that is repainted drawn by its own words alone where they are new.

        The base prompt still says what was there before.
        """
        number, known = self.request.region, self._known.plan.get("regions", ())
        if number is None or plan.regions[number].base_ratio is not None:
            return plan
        if number < len(known) and known[number].get("prompt") == plan.regions[number].prompt:
            return plan
        own = replace(plan.regions[number], base_ratio=0.0)
        return replace(plan, regions=(*plan.regions[:number], own, *plan.regions[number + 1 :]))

    def _own_plan(self) -> Plan:
        if self._known.plan:
            return Plan.from_dict(self._known.plan)
        if not self.request.mask or self.request.prompt is None:
            refuse("repaint", "the picture has no plan, nor was one sent", "send one, or a mask and a prompt")
        return Plan(split_ratio="1", regions=(Region(self.request.prompt),))

    def take_over(self, p: Processing) -> None:
        """Before the generation begins: the picture's prompts, where the request has none."""
        given = self._known.given
        for name in ("prompt", "negative_prompt"):
            if isinstance(getattr(p, name), str) and not getattr(p, name).strip():
                setattr(p, name, given.get(name, ""))

    def prepare(self, p: Processing) -> None:
        """With the options in force: check that the trace can be followed, and take over the picture's seeds.

        Raises RpgError, naming what differs, where it cannot.
        """
        if self.request.mode == "redraw":
            self._trace = self._redrawn(p)
        if self._trace is None:
            console.say_with_picture(p, _NO_TRACE)
            seed = self.request.seed
            self._seeds = [each + 1 for each in p.all_seeds] if seed is None else [seed + i for i in _numbers(p)]
        else:
            self._check(p, self._trace)
            given = self._trace.given
            for name in GIVEN:
                setattr(p, name, given[name])
            p.all_seeds = [given["seed"]] * len(p.all_seeds)
            p.all_subseeds = [given["subseed"]] * len(p.all_seeds)
            first = given["seed"] + 1 if self.request.seed is None else self.request.seed
            self._seeds = [first + i for i in _numbers(p)]
        told = {**self.request.to_dict(), "picture": pixels.hash_of(self._picture), "mask": bool(self.request.mask)}
        p.extra_generation_params[KEY] = json.dumps({**told, "seed": self._seeds[0]})

    @staticmethod
    def _check(p: Processing, trace: Trace) -> None:
        if p.sampler_name in ADAPTIVE:
            refuse("repaint", f"{p.sampler_name} cannot follow a trace", "repaint with the mode 'inpaint'")
        now = settings_of(p)
        for name, value in trace.settings.items():
            if now.get(name) != value:
                refuse(
                    "repaint",
                    f"the picture was drawn with {name} {value}, and now it is {now.get(name, 'none')}",
                    f"set {name} to {value}, or repaint with the mode 'inpaint'",
                )

    def _redrawn(self, p: Processing) -> Trace:
        """The trace of the picture, drawn again with the settings of ``p``. Raises RpgError without an infotext."""
        given, own = self._known.given, self._known.plan
        if not own or "seed" not in given:
            refuse("repaint.mode", "the picture has no infotext to draw it again by", "use the mode 'inpaint'")
        made = copy_for_one(p)
        made.seed, made.prompt, made.negative_prompt = given["seed"], given["prompt"], given["negative_prompt"]
        made.styles = []
        made.do_not_save_samples = True
        made.rpg_traces = []
        set_own_values(made, self._title, [{"plan": dict(own), "prompt": own.get("prompt", "")}, ""])
        drawn = processing.process_images(made)
        if not made.rpg_traces:
            raise RpgError("repaint: the picture was not drawn again to its end, so that nothing was repainted")
        again = np.asarray(drawn.images[drawn.index_of_first_image].convert("RGB"), np.int16)
        before = np.asarray(self._picture.convert("RGB"), np.int16)
        if again.shape != before.shape or int(np.abs(again - before).max()) > _LEVELS:
            console.say_with_picture(p, _OTHER)
        return made.rpg_traces[0]

    def begin_pass(self, p: Processing, number: int, x: Tensor, noise: Tensor) -> None:
        """A pass of a batch begins, 0 or 1 with hires fix: put what it begins with, in place.

        x, noise: (B, C, H, W), the clean latents and the noise. Raises RpgError where the trace has another size.
        """
        if self._trace is None:
            return
        own = self._pass(number)
        if own.noise.shape[-2:] != noise.shape[-2:]:
            raise RpgError("repaint: the picture's trace is of another size: use the picture's own size")
        new = self._cells(noise.shape[-2], noise.shape[-1])
        seeds = self._seeds[p.iteration * p.batch_size :][: len(noise)]
        put_noise(noise, own.noise, new, seeds)
        if own.start is not None and number > 0:
            x.copy_(torch.where(new.to(x.device), x, own.start.to(x)))

    def _pass(self, number: int) -> PassTrace:
        assert self._trace is not None
        if number >= len(self._trace.passes):
            raise RpgError("repaint: the picture has no hires pass: switch hires fix off")
        return self._trace.passes[number]

    def _cells(self, height: int, width: int) -> Tensor:
        return torch.from_numpy(pixels.cells_of(self._share, height, width))

    def objects(self, p: Processing, pictures: Sequence[Picture]) -> list[Bound]:
        """What is drawn anew, as an object of each picture of the batch."""
        assert self._plan is not None
        plan, request = self._plan, self.request
        region = request.region or 0
        entity = None if request.entity is None else plan.regions[region].entities[request.entity]
        prompt = plan.regions[region].prompt if entity is None else entity.prompt
        if (request.mask and request.prompt is None) or request.steps == 0:
            return []
        # All that is new, so that nothing of the picture's own pass is needed while it is bound.
        box = pixels.extent(self._cells(p.height // 8, p.width // 8).numpy())
        mode = _mode(p, box) if plan.binding == "off" else plan.binding
        first = p.iteration * p.batch_size
        return [
            Bound(
                picture,
                BoundObject(region, request.entity, prompt, box, mode, request.steps, 0.0, 1.0, 0.0, None),
                box,
                self._seeds[first + picture.number],
            )
            for picture in pictures
        ]

    def cover(self, size: tuple[int, int]) -> Cover:
        """Says that the rest is the picture's that is repainted; ``size``: height and width of the latents."""
        kept = ~self._cells(*size)
        return lambda _evaluation: kept

    def stage(self, number: int, sampler: Any, size: tuple[int, int]) -> Stage:
        """What holds the rest of the picture in a pass; ``size``: height and width of its latents."""
        new = self._cells(*size)
        space = host.space_of(sampler.model_wrap_cfg)
        if self._trace is None:
            clean = host.encode_picture(self._picture, (size[1] * 8, size[0] * 8))

            def hold(evaluation: Evaluation, outputs: Tensor) -> Tensor:
                own = space.output(clean.to(evaluation.x), evaluation.x, evaluation.level)
                return torch.where(new.to(outputs.device), outputs, own)

            return hold
        own = self._pass(number)
        replay = Replay(own.outputs, new)

        def follow(evaluation: Evaluation, outputs: Tensor) -> Tensor:
            if evaluation.number < len(own.levels):
                level = own.levels[evaluation.number].to(evaluation.level)
                if not torch.allclose(evaluation.level, level, rtol=1e-4, atol=1e-5):
                    raise RpgError(
                        "repaint: the sampler's noise levels are not those of the picture: set schedule type, steps "
                        "and the sampler's parameters as they were, or repaint with the mode 'inpaint'"
                    )
            return replay.put(evaluation.number, outputs)

        return follow

    def finish(self, drawn: Any) -> Any:
        """The picture with the new part of the drawn one."""
        return pixels.put_together(self._picture, drawn, self._share)


def known_of(picture: Any) -> Trace:
    """What a picture's file says of it: no trace, but its plan, seed and prompts from the infotext."""
    params = host.infotext_of(picture)
    given: dict[str, Any] = {"prompt": params.get("Prompt", ""), "negative_prompt": params.get("Negative prompt", "")}
    with suppress(KeyError, ValueError):
        given["seed"] = int(params["Seed"])
    plan: dict[str, Any] = {}
    with suppress(KeyError, RpgError):
        plan = Plan.from_json(params[infotext.KEY]).to_dict()
    return Trace(picture, plan, {}, given)


def _numbers(p: Processing) -> range:
    return range(len(p.all_seeds))


def _mode(p: Processing, box: Box) -> str:
    """How a part is bound where the plan binds nothing: in the picture, unless it is small."""
    shorter = min(box[2] * p.width, box[3] * p.height)
    return "exact" if shorter >= LEAST_EXACT * host.native_side(host.model()) else "auto"
