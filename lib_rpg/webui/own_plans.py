"""Pictures that bring their own plan along, in the infotext of the file that a generation begins with.

The WebUI's ✨ button draws the hires pass of a finished picture, and img2img's batch can append each picture's prompt
to the tab's: then the regions are the picture's, not the panel's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lib_rpg.plan import Plan
from lib_rpg.webui import infotext
from lib_rpg.webui.args import RunArgs
from lib_rpg.webui.host import Processing, host
from lib_rpg.webui.tab_prompt import base_of, is_outdated


def with_own_plan(p: Processing, args: RunArgs) -> RunArgs:
    """The arguments with the plan of the picture that the generation begins with, where that one is meant.

    Raises RpgError where that plan cannot be read.
    """
    if is_upscale(p):
        params = host.infotext_of(p.firstpass_image)
        return _with_plan_in(params, args, p.prompt) if infotext.KEY in params else args
    pictures = getattr(p, "init_images", None)
    if not pictures or getattr(p, "is_api", False) or not isinstance(p.prompt, str):
        return args
    params = host.infotext_of(pictures[0])
    if infotext.KEY not in params or not _has_words_of(p.prompt, params):
        return args
    if args.plan is not None and not is_outdated(args.plan, args.text_to_plan(p.prompt)):
        return args
    return _with_plan_in(params, args, p.prompt)


def is_upscale(p: Processing) -> bool:
    """Whether ``p`` is the ✨ button's: the hires pass of a picture that is finished."""
    return bool(getattr(p, "txt2img_upscale", False)) and getattr(p, "firstpass_image", None) is not None


def _with_plan_in(params: Mapping[str, Any], args: RunArgs, prompt: Any) -> RunArgs:
    """The arguments with the infotext's plan; it keeps its base prompt where the tab's prompt is another."""
    plan = Plan.from_json(params[infotext.KEY])
    if not isinstance(prompt, str) or prompt.split() != params["Prompt"].split():
        plan = replace(plan, base_prompt=base_of(plan, params["Prompt"]))
    return replace(args, plan=plan, prompt=plan.prompt)


def _has_words_of(prompt: str, params: Mapping[str, Any]) -> bool:
    """Whether the picture's own prompt is in the generation's, or behind it."""
    own = str(params.get("Prompt", "")).split()
    return bool(own) and prompt.split()[-len(own) :] == own
