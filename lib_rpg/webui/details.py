"""ADetailer by region: a detail that it draws anew has the words, negatives and LoRAs of the region in which it lies.

ADetailer draws each detail in a generation of its own, with the arguments of the picture's scripts, but only by those
scripts that its setting names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import numpy as np
from PIL import Image

from lib_rpg.layout.weights import region_weights
from lib_rpg.plan import Plan
from lib_rpg.webui import batch_texts, infotext, settings
from lib_rpg.webui.host import Processing, host

TITLE = "ADetailer"
_NAMES = "ad_script_names"
"""ADetailer's setting: which scripts act in its own generations, by the names of their files."""
_OUR_FILE = "rpg"
_GRID = 64
"""Tokens along a side of the grid on which a detail is looked for."""
_LEAST_SHARE = 0.5
"""Share of a detail that the regions must cover together; else it is the base prompt's."""


def admit(p: Processing) -> None:
    """Have ADetailer, where it is on, call this extension in its own generations, as long as this one lasts."""
    names = host.option(_NAMES, None)
    restores = getattr(p, "override_settings_restore_afterwards", True)
    is_on = next(_tabs(p), None) is not None
    if not isinstance(names, str) or not restores or not is_on or not settings.details_by_region(p):
        return
    given = str((p.override_settings or {}).get(_NAMES, names))
    if _OUR_FILE not in (name.strip() for name in given.split(",")):
        p.override_settings = {**(p.override_settings or {}), _NAMES: f"{given},{_OUR_FILE}"}


def plan_of(p: Processing, plan: Plan | None) -> Plan | None:
    """The plan that ADetailer's generation ``p`` takes the detail's region from; None where it is to stay as it is.

    ``plan`` is that of the arguments, None where it was made on the way: then the infotext has it. What the user has
    written in ADetailer's own prompt stays. Raises RpgError where the infotext's plan cannot be read.
    """
    if not settings.details_by_region(p) or not isinstance(p.prompt, str) or _is_own(p, p.prompt):
        return None
    if plan is not None:
        return plan
    texts = p.extra_generation_params.get(infotext.KEY)
    drawn = [Plan.from_json(text) for text in (texts if isinstance(texts, list) else [texts]) if text]
    return next((made for made in drawn if made.prompt.split() == p.prompt.split()), drawn[0] if drawn else None)


def put_region(p: Processing, plan: Plan) -> None:
    """Put the texts of the region in which the masked detail lies in place of the batch's prompts."""
    index = region_at(plan, p.image_mask)
    if index is None:
        p.prompts[:] = [batch_texts.encoded_text(p, plan, prompt) for prompt in p.prompts]
        negative = plan.negative_prompt
    else:
        p.prompts[:] = [batch_texts.region_text(p, plan, index, prompt) for prompt in p.prompts]
        negative = batch_texts.joined(plan.negative_prompt, plan.regions[index].negative_prompt)
    p.negative_prompts[:] = [batch_texts.joined(given, negative) for given in p.negative_prompts]


def region_at(plan: Plan, mask: Image.Image) -> int | None:
    """The region that has most of what is white in a mask of the whole picture.

    None where none has half of it, and where that region does not act: then the detail is the base prompt's.
    """
    share = np.asarray(mask.convert("L").resize((_GRID, _GRID), Image.Resampling.BOX), np.float32) / 255
    of_regions = (region_weights(plan, _GRID, _GRID).numpy() * share).sum((1, 2))
    if of_regions.sum() < _LEAST_SHARE * share.sum() or not share.any():
        return None
    found = int(of_regions.argmax())
    return found if plan.regions[found].acts else None


def _is_own(p: Processing, prompt: str) -> bool:
    """Whether the prompt is one that the user has written in ADetailer's tabs."""
    return any(_matches(part, prompt) for text in _tabs(p) for part in re.split(r"\s*\[SEP\]\s*", text) if part)


def _matches(written: str, prompt: str) -> bool:
    parts = written.split("[PROMPT]")
    return re.fullmatch(".*".join(map(re.escape, parts)), prompt, re.DOTALL) is not None


def _tabs(p: Processing) -> Iterator[str]:
    """The prompt in each of ADetailer's tabs that is on; nothing where ADetailer is off or not there."""
    for script in getattr(getattr(p, "scripts", None), "scripts", ()):
        if script.title() == TITLE:
            args = list(p.script_args[script.args_from : script.args_to])
            if args and args[0] is False:
                return
            for tab in args:
                values = tab if isinstance(tab, Mapping) else getattr(tab, "__dict__", None)
                if values and values.get("ad_model", "None") != "None" and values.get("ad_tab_enable", True):
                    yield str(values.get("ad_prompt") or "")
