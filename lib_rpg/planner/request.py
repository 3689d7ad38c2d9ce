"""What a planner is asked: one prompt and the canvas that it is for."""

from __future__ import annotations

from dataclasses import dataclass, field

from lib_rpg.checks import show
from lib_rpg.errors import RpgError
from lib_rpg.plan import MAX_PROMPT

METHODS = ("rpg", "rag", "lmd")
MAX_PICTURE = 20_000_000
MAX_SIDE = 16_384


@dataclass(frozen=True)
class PlanRequest:
    """A prompt to plan.

    prompt: the user's own words, up to `lib_rpg.plan.MAX_PROMPT` characters. width, height: canvas in pixels, 1 to
    16,384. method: the kind of plan: "rpg" a grid of regions, "rag" a grid with a tight box for each object, "lmd" free
    boxes. examples: the set of worked examples that a model is
    shown, by name, or auto. recaption: whether a model may write the regions' words
    richer than the user's. language: of the regions' words, empty for the prompt's own. picture: the bytes of an image
    file to recaption from, for models that see. Raises RpgError for anything else.
    """

    prompt: str
    width: int = 512
    height: int = 512
    method: str = "rpg"
    examples: str = "auto"
    recaption: bool = True
    language: str = ""
    picture: bytes | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not isinstance(self.prompt, str):
            raise RpgError(f"prompt: expected text, got {type(self.prompt).__name__}")
        if not self.prompt.strip():
            raise RpgError("prompt: it is empty; say what the picture shows")
        if not _is_text(self.prompt):
            raise RpgError("prompt: holds a character that is no text; remove NUL characters and lone surrogates")
        if len(self.prompt) > MAX_PROMPT:
            raise RpgError(f"prompt: {len(self.prompt)} characters are more than {MAX_PROMPT}; shorten it")
        for name, side in (("width", self.width), ("height", self.height)):
            if isinstance(side, bool) or not isinstance(side, int) or not 1 <= side <= MAX_SIDE:
                raise RpgError(f"{name}: {show(side)} is not a whole number of pixels from 1 to {MAX_SIDE}")
        if self.method not in METHODS:
            raise RpgError(f"method: {show(self.method)} is not known; use one of {', '.join(METHODS)}")
        for name, value, such_as in (("examples", self.examples, "auto"), ("language", self.language, "English")):
            if not isinstance(value, str) or len(value) > 100 or not _is_text(value):
                raise RpgError(f"{name}: {show(value)} is not a name; give one such as {such_as!r}")
        if self.picture is not None and not 0 < len(self.picture) <= MAX_PICTURE:
            raise RpgError(f"picture: {len(self.picture)} bytes are not from 1 to {MAX_PICTURE}; send a smaller one")


def _is_text(value: str) -> bool:
    return "\0" not in value and not any("\ud800" <= character <= "\udfff" for character in value)
