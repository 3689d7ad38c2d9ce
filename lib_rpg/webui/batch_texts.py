"""Writes a batch's plans into the WebUI's texts: its prompts, its infotext, and the notes under the pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lib_rpg.brackets import tag_notes
from lib_rpg.keywords import without_comments
from lib_rpg.layout.smallness import small_regions
from lib_rpg.plan import Plan
from lib_rpg.webui import conditioning, controlnet, infotext, other_extensions, settings
from lib_rpg.webui.host import Processing, host
from lib_rpg.webui.tab_prompt import base_of, following, is_outdated

_PARAMETERS_ROOM = 6000
"""UTF-16 units of an infotext for the generation's parameters that are written after the plan."""


def typed_prompt(p: Processing, prompt: str) -> str | None:
    """The typed prompt where a picture's is that one with its styles; None where it is an extension's or a list's."""
    if not isinstance(p.prompt, str):
        return None
    # The WebUI takes comments out of pictures' prompts, and not out of the typed one.
    return p.prompt if _words(p, prompt) == _words(p, host.styled(p.prompt, p.styles)) else None


def put_prompts(p: Processing, plans: Sequence[Plan]) -> None:
    """Put each picture's base prompt and negative prompt where the WebUI encodes them; one plan for each picture."""
    p.prompts[:] = [encoded_text(p, *pair) for pair in zip(plans, p.prompts, strict=True)]
    p.negative_prompts[:] = [
        joined(negative, plan.negative_prompt) for negative, plan in zip(p.negative_prompts, plans, strict=True)
    ]


def put_hires_prompts(p: Processing, plans: Sequence[Plan]) -> None:
    """Have the hires pass draw the same prompts as the first, where the user gave it none of its own."""
    first = p.iteration * p.batch_size
    for i, plan in enumerate(plans):
        if p.all_hr_prompts[first + i] == p.all_prompts[first + i]:
            p.hr_prompts[i] = p.prompts[i]
            p.hr_extra_network_data = p.extra_network_data
        if p.all_hr_negative_prompts[first + i] == p.all_negative_prompts[first + i]:
            p.hr_negative_prompts[i] = joined(p.hr_negative_prompts[i], plan.negative_prompt)


def put_infotext(p: Processing, plans: Sequence[Plan], wanted: str) -> list[str | None]:
    """Put the plans into the infotext, and say so where it has no room for all of them; returns the pictures' texts.

    ``wanted``: as for `are_outdated`. To be called while ``p.prompts`` are still the pictures' own.
    """
    shown = [_as_drawn(p, plan, i, wanted) for i, plan in enumerate(plans)]
    texts = infotext.write(shown, _infotext_room(p), _finest_grid(p))
    p.extra_generation_params[infotext.KEY] = texts[0] if len(set(texts)) == 1 else texts
    if not all(map(infotext.is_whole, texts)):
        p.comment("RPG: the plan is too long for the infotext, which has it without its masks, or not at all")
    return texts


def notes(p: Processing, plans: Sequence[Plan]) -> list[str]:
    """What the user should know of how a batch's plans are read and drawn, each sentence once."""
    of_plans = [note for plan in plans for note in (*_notes_of(plan), small_regions(plan, p.width, p.height)) if note]
    if p.styles and any(map(_is_base_unused, plans)):
        of_plans.append(
            "the style acts on nothing, as the base ratio is 0; raise it, or write the style into the regions"
        )
    return list(dict.fromkeys([*of_plans, *other_extensions.notes(p, plans), *controlnet.notes(p)]))


def are_outdated(p: Processing, plans: Sequence[Plan], wanted: str) -> bool:
    """Whether the typed prompt has other regions than a plan. ``wanted``: the prompt to plan where it is another."""
    return any(_is_outdated(p, plan, wanted) for plan in dict.fromkeys(plans))


def _is_outdated(p: Processing, plan: Plan, wanted: str) -> bool:
    typed = wanted or (p.prompt if isinstance(p.prompt, str) else "")
    return is_outdated(plan, _without_comments(p, typed))


def _as_drawn(p: Processing, plan: Plan, i: int, wanted: str) -> Plan:
    """The plan with which the infotext's own prompt gives picture number i of the batch again.

    Its own prompts have the styles that the infotext's has. Its base prompt is blank where the infotext's gives it.
    """
    shown = _without_comments(p, p.all_prompts[p.iteration * p.batch_size + i])
    if plan.prompt.strip() and not _is_outdated(p, plan, wanted):
        plan = replace(plan, prompt=shown)
    return following(replace(plan, base_prompt=_base_text(p, plan, p.prompts[i])), shown)


def _base_text(p: Processing, plan: Plan, prompt: str) -> str:
    """The base prompt of a picture of that prompt: with the styles where those are laid over the typed prompt."""
    typed = typed_prompt(p, prompt)
    if typed is None:
        return _without_comments(p, base_of(plan, _without_comments(p, prompt)))
    return _without_comments(p, host.styled(base_of(plan, _without_comments(p, typed)), p.styles))


def encoded_text(p: Processing, plan: Plan, prompt: str) -> str:
    """What the WebUI encodes for a picture of that prompt: the base prompt, with the tags that are not a region's."""
    return conditioning.lift_tags(_base_text(p, plan, prompt), _whole_tags(plan, prompt))


def region_text(p: Processing, plan: Plan, index: int, prompt: str) -> str:
    """What the WebUI encodes for a part of the picture that is one region's alone, its own LoRAs included."""
    return conditioning.lift_tags(_without_comments(p, plan.regions[index].prompt), _whole_tags(plan, prompt))


def _whole_tags(plan: Plan, prompt: str) -> list[str]:
    """The tags that act on the whole picture: the prompt's that are no region's, and those that regions lift."""
    given = conditioning.given_tags(plan)
    typed = [tag for tag in conditioning.split_tags(prompt)[1] if tag not in given]
    return typed + conditioning.plan_lifted_tags(plan)


def _infotext_room(p: Processing) -> int:
    """UTF-16 units that the plan may take of the infotext."""
    others = [max(map(len, texts), default=0) for texts in (p.prompts, p.negative_prompts, p.all_prompts)]
    return infotext.MAX_UNITS - _PARAMETERS_ROOM - 2 * sum(others) - 2 * len(str(p.extra_generation_params))


def _finest_grid(p: Processing) -> tuple[int, int]:
    """Columns and rows of the latent of the largest pass: no layer has more tokens."""
    width, height = p.width, p.height
    if getattr(p, "enable_hr", False):
        width, height = max(width, p.hr_upscale_to_x), max(height, p.hr_upscale_to_y)
    return width // controlnet.PIXELS_PER_LATENT, height // controlnet.PIXELS_PER_LATENT


def _notes_of(plan: Plan) -> list[str]:
    """What the user should know of how one plan was read."""
    of_tags = [note for region in plan.regions if region.acts for note in tag_notes(region.prompt)]
    lifted = [f"{tag} inside a region applies to the whole picture" for tag in conditioning.plan_lifted_tags(plan)]
    return [*plan.source.notes, *plan.left_to_base, *of_tags, *lifted]


def _is_base_unused(plan: Plan) -> bool:
    """Whether the base prompt is nowhere in the picture: a grid whose cells all have the base ratio 0."""
    return plan.layout == "grid" and not any(plan.base_ratios)


def _words(p: Processing, text: str) -> list[str]:
    """The words of a prompt, by which two of them are compared."""
    return _without_comments(p, text).split()


def _without_comments(p: Processing, text: str) -> str:
    return without_comments(text) if settings.prompts_have_comments(p) else text


def joined(*texts: str) -> str:
    """Prompts with commas between them; blank ones are left out."""
    return ", ".join(text for text in texts if text.strip())
