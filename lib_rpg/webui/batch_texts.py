"""Writes a batch's plans into the WebUI's texts: its prompts, its infotext, and the notes under the pictures."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.keywords import without_comments
from lib_rpg.plan import Plan
from lib_rpg.webui import conditioning, controlnet, infotext, other_extensions, settings
from lib_rpg.webui.host import Processing, host

_PARAMETERS_ROOM = 2000
"""UTF-16 units of an infotext for the generation's parameters that are written after the plan."""


def typed_prompt(p: Processing, prompt: str) -> str | None:
    """The typed prompt where a picture's is that one with its styles; None where it is an extension's or a list's."""
    if not isinstance(p.prompt, str):
        return None
    # The WebUI takes comments out of pictures' prompts, and not out of the typed one.
    return p.prompt if _words(p, prompt) == _words(p, host.styled(p.prompt, p.styles)) else None


def put_prompts(p: Processing, plans: Sequence[Plan]) -> None:
    """Put each picture's base prompt and negative prompt where the WebUI encodes them; one plan for each picture."""
    p.prompts[:] = [_base_text(p, *pair) for pair in zip(plans, p.prompts, strict=True)]
    p.negative_prompts[:] = [
        _joined(negative, plan.negative_prompt) for negative, plan in zip(p.negative_prompts, plans, strict=True)
    ]


def put_hires_prompts(p: Processing, plans: Sequence[Plan]) -> None:
    """Have the hires pass draw the same prompts as the first, where the user gave it none of its own."""
    first = p.iteration * p.batch_size
    for i, plan in enumerate(plans):
        if p.all_hr_prompts[first + i] == p.all_prompts[first + i]:
            p.hr_prompts[i] = p.prompts[i]
            p.hr_extra_network_data = p.extra_network_data
        if p.all_hr_negative_prompts[first + i] == p.all_negative_prompts[first + i]:
            p.hr_negative_prompts[i] = _joined(p.hr_negative_prompts[i], plan.negative_prompt)


def put_infotext(p: Processing, plans: list[Plan]) -> None:
    """Put the plans into the infotext, and say so where a JPEG file has no room for all of them."""
    room = _infotext_room(p)
    value = p.extra_generation_params[infotext.KEY] = infotext.write(plans, room)
    if room is not None and value != infotext.write(plans):
        p.comment(
            "RPG: the plan is too long for a JPEG file's infotext, which has only a part of it, or nothing; use PNG"
        )


def notes(p: Processing, plans: Sequence[Plan]) -> list[str]:
    """What the user should know of how a batch's plans are read and drawn, each sentence once."""
    of_plans = [note for plan in plans for note in _notes_of(p, plan)]
    return list(dict.fromkeys([*of_plans, *other_extensions.notes(p, plans), *controlnet.notes(p)]))


def _base_text(p: Processing, plan: Plan, prompt: str) -> str:
    """What the WebUI encodes for a picture: the base prompt, with styles and with the tags that are not a region's."""
    is_typed = typed_prompt(p, prompt) is not None
    base = host.styled(plan.base_prompt, p.styles) if is_typed else plan.base_prompt
    lifted = (tag for region in plan.regions for tag in conditioning.lifted_tags(region.prompt, plan.lora))
    given = conditioning.given_tags(plan)
    typed = (tag for tag in conditioning.split_tags(prompt)[1] if tag not in given)
    return conditioning.lift_tags(_without_comments(p, base), [*typed, *lifted])


def _infotext_room(p: Processing) -> int | None:
    """UTF-16 units that the plan may take of the infotext, or None where the format of the files has no bound."""
    formats = {str(host.option(name, "png")).lower() for name in ("samples_format", "grid_format")}
    if not formats & {"jpg", "jpeg"}:
        return None
    others = [max(map(len, texts), default=0) for texts in (p.prompts, p.negative_prompts, p.all_prompts)]
    return infotext.JPEG_ROOM - _PARAMETERS_ROOM - 2 * sum(others) - 2 * len(str(p.extra_generation_params))


def _notes_of(p: Processing, plan: Plan) -> list[str]:
    """What the user should know of how one plan was read."""
    notes = list(plan.source.notes)
    for tag in dict.fromkeys(t for region in plan.regions for t in conditioning.lifted_tags(region.prompt, plan.lora)):
        notes.append(f"{tag} inside a region applies to the whole picture")
    typed = _words(p, p.prompt) if isinstance(p.prompt, str) else []
    if plan.prompt and typed and typed != _words(p, plan.prompt):
        notes.append("the plan was made for another prompt than the tab's; press Plan to use the new one")
    return notes


def _words(p: Processing, text: str) -> list[str]:
    """The words of a prompt, by which two of them are compared."""
    return _without_comments(p, text).split()


def _without_comments(p: Processing, text: str) -> str:
    return without_comments(text) if settings.prompts_have_comments(p) else text


def _joined(*texts: str) -> str:
    return ", ".join(text for text in texts if text.strip())
