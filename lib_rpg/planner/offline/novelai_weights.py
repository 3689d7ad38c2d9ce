"""Writes NovelAI's weights as the WebUI's: "1.3::red hair::" as "(red hair:1.3)"; "-1::hat::" excludes the hat."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBER = r"[-+]?\d{0,2}\.?\d{1,3}"
_WEIGHED = re.compile(rf"(?<![\w.:])({_NUMBER})::((?:(?!::|(?<![\w.]){_NUMBER}::).)+)(?:::)?", re.DOTALL)
_BEHIND = re.compile(r"[\s,]*")


@dataclass(frozen=True)
class Weights:
    """A prompt without NovelAI's weights, and what those below zero exclude."""

    prompt: str
    excluded: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        behind = ", and what is below zero is in the negative prompt" if self.excluded else ""
        return f"NovelAI's weights such as 1.2::red hair:: are written as the WebUI's, (red hair:1.2){behind}"


def rewrite_weights(prompt: str) -> Weights:
    """The prompt with the WebUI's weights; as it is where it has none of NovelAI's, or would be empty."""
    parts: list[str] = []
    excluded: list[str] = []
    at = 0
    for found in _WEIGHED.finditer(prompt):
        parts.append(prompt[at : found.start()])
        weight, text = float(found[1]), found[2].strip(" \n,")
        at = found.end()
        if weight < 0:
            excluded += [piece.strip() for piece in text.split(",")]
            behind = _BEHIND.match(prompt, at)
            at = behind.end() if behind else at
        elif text:
            comma = ", " if found[2].rstrip().endswith(",") else ""
            parts.append(f"({text}:{weight:g}){comma}")
    rest = "".join([*parts, prompt[at:]]).strip(" \n,")
    return Weights(rest, tuple(filter(None, excluded))) if at and rest else Weights(prompt)
