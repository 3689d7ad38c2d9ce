"""Reads Latent Couple's infotexts (opparco/stable-diffusion-webui-two-shot; its fork with masks writes none)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from lib_rpg.checks import at, quantity, refuse, show
from lib_rpg.keywords import AND, NETWORK_TAG, split_at_keywords
from lib_rpg.other_infotexts.pasted import Pasted, number_of, paste, text_of
from lib_rpg.other_infotexts.places import Place, lay_out, on_canvas

TOOL = "Latent Couple"
_KEY = "Latent Couple"
_VALUE = re.compile(r"divisions=([^=]*) positions=([^=]*) weights=([^=]*) end at step=([^=]*)")
_WEIGHT = re.compile(r"[-+]?(?:\d+\.?|\d*\.\d+)")
"""A part's weight behind its last ":", as the WebUI reads it."""
_STEPS = re.compile(r"[1-9][0-9]{0,5}")


def read(params: Mapping[str, Any]) -> Pasted | None:
    """The regions of a picture that Latent Couple drew, or None. Raises RpgError, with its name.

    At every point its denoised estimate is uncond + cfg · Σ w (cond - uncond), over the parts that are there. So each
    part's share is its weight's; the sum of all weights scales the CFG.
    """
    if not (value := text_of(params, _KEY)):
        return None
    with at(TOOL):
        return _read(params, value)


def _read(params: Mapping[str, Any], value: str) -> Pasted:
    match = _VALUE.fullmatch(value)
    if not match:
        example = "divisions=1:1,1:2 positions=0:0,0:0 weights=0.2,0.8 end at step=20"
        refuse("its parameter", f"{show(value)} cannot be read", f"write it as {example!r}")
    notes: list[str] = []
    divisions, positions, weights = (group.split(",") for group in match.groups()[:3])
    filters = list(zip(divisions, positions, weights, strict=False))
    parts = [_weighed(part) for part in split_at_keywords(text_of(params, "Prompt"), (AND,))[0]]
    if len(parts) < len(filters):
        notes.append(f"{TOOL} had places for {quantity(len(filters), 'part')}, and the prompt has {len(parts)}")
    places = []
    for index, (words, strength) in enumerate(parts):
        if strength < 0:
            notes.append(f"{show(words)} has a weight below 0, which takes it out of the picture: left out")
            continue
        # A part without a filter of its own acts on the whole picture.
        given = filters[index] if index < len(filters) else ("1:1", "0:0", "1")
        places.append(_place(words, strength, *given))
    _note_strength(places, notes)
    layout = lay_out(places, TOOL, notes)
    end = _end(match[4], text_of(params, "Steps"), notes)
    layout = replace(layout, regions=[replace(region, end=end) for region in layout.regions])
    return paste(TOOL, "", layout, notes, negative_prompt=text_of(params, "Negative prompt"))


def _weighed(part: str) -> tuple[str, float]:
    """A part's words with its tags, and its weight: 0.5 for "a cat :0.5"."""
    tags = NETWORK_TAG.findall(part)
    words, colon, weight = NETWORK_TAG.sub("", part).rpartition(":")
    if not colon or not _WEIGHT.fullmatch(weight.strip()):
        return part.strip(), 1.0
    return " ".join([words.strip(), *tags]).strip(), number_of(weight, "the weight of a part")


def _place(words: str, strength: float, division: str, position: str, weight: str) -> Place:
    """The place of the part that a filter is for; a position is a cell "y:x" of the division, or cells "0-2:1"."""
    rows, columns = (_parts_of(number, "divisions") for number in _pair(division, "divisions"))
    y, x = _pair(position, "positions")
    top, bottom = _span(y)
    left, right = _span(x)
    share = number_of(weight, "weights") * strength
    if share < 0:
        refuse("weights", f"{show(weight)} is below 0", "correct it in the infotext")
    return Place(
        words,
        left=on_canvas(left / columns),
        right=on_canvas(right / columns),
        top=on_canvas(top / rows),
        bottom=on_canvas(bottom / rows),
        weight=share,
    )


def _pair(text: str, place: str) -> tuple[str, str]:
    y, colon, x = text.partition(":")
    if not colon or ":" in x:
        refuse(place, f"{show(text)} is not two numbers with a ':' between them", "correct it in the infotext")
    return y, x


def _parts_of(text: str, place: str) -> Fraction:
    number = Fraction(number_of(text, place))
    if number <= 0:
        refuse(place, f"{show(text)} is not above 0", "correct it in the infotext")
    return number


def _span(text: str) -> tuple[Fraction, Fraction]:
    """Where a position begins and ends, in cells: 1 and 2 for "1", 0 and 1.5 for "0-1.5"."""
    numbers = [Fraction(number_of(number, "positions")) for number in text.split("-")]
    if len(numbers) > 2:
        refuse("positions", f"{show(text)} has more than one '-'", "correct it in the infotext")
    return numbers[0], numbers[1] if len(numbers) == 2 else numbers[0] + 1


def _note_strength(places: list[Place], notes: list[str]) -> None:
    middles = [((place.left + place.right) / 2, (place.top + place.bottom) / 2) for place in places if place.area]
    sums = {round(sum(place.weight for place in places if place.covers(x, y)), 2) for x, y in middles}
    if sums - {1.0}:
        most = max(sums, key=lambda total: abs(total - 1))
        notes.append(
            f"{TOOL}'s weights add up to {most:g} somewhere, and so the CFG scale was {most:g} times as high there; "
            "here weights are shares"
        )


def _end(step: str, steps: str, notes: list[str]) -> float:
    """The share of the steps after which regions no longer act."""
    last = number_of(step, "end at step")
    if last <= 0:
        refuse("end at step", f"{show(step)} is not above 0", "correct it in the infotext")
    if not _STEPS.fullmatch(steps):
        notes.append(f"{TOOL}'s 'end at step={last:g}' is left out: the infotext has no Steps to compare it with")
        return 1.0
    end = min(last / int(steps), 1.0)
    if end < 1:
        notes.append(f"after step {last:g} {TOOL} drew all parts over the whole picture; here it is the base prompt")
    return end
