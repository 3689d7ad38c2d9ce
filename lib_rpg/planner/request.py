"""What a planner is asked: one prompt and the canvas that it is for."""

from __future__ import annotations

from dataclasses import dataclass

from lib_rpg.errors import RpgError
from lib_rpg.plan import MAX_PROMPT

METHODS = ("rpg",)
MAX_SIDE = 16_384


@dataclass(frozen=True)
class PlanRequest:
    """A prompt to plan.

    prompt: the user's own words, up to `lib_rpg.plan.MAX_PROMPT` characters. width, height: canvas in pixels, 1 to
    16,384. method: the kind of plan; "rpg" is a grid of regions. Raises RpgError for anything else.
    """

    prompt: str
    width: int = 512
    height: int = 512
    method: str = "rpg"

    def __post_init__(self) -> None:
        if not isinstance(self.prompt, str):
            raise RpgError(f"prompt: expected text, got {type(self.prompt).__name__}")
        if not self.prompt.strip():
            raise RpgError("prompt: it is empty; say what the picture shows")
        if len(self.prompt) > MAX_PROMPT:
            raise RpgError(f"prompt: {len(self.prompt)} characters are more than {MAX_PROMPT}; shorten it")
        for name, side in (("width", self.width), ("height", self.height)):
            if isinstance(side, bool) or not isinstance(side, int) or not 1 <= side <= MAX_SIDE:
                raise RpgError(f"{name}: {side!r} is not a whole number of pixels from 1 to {MAX_SIDE}")
        if self.method not in METHODS:
            raise RpgError(f"method: {self.method!r} is not known; use one of {', '.join(METHODS)}")
