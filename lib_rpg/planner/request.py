"""What a planner is asked: one prompt and the canvas that it is for."""

from __future__ import annotations

from dataclasses import dataclass, field

from lib_rpg.checks import NO_TEXT, check_characters, refuse, show
from lib_rpg.errors import RpgError
from lib_rpg.fields import Choice, Flag, Number, OrNone, Schema, Text, check_fields, checked
from lib_rpg.keywords import without_comments
from lib_rpg.layout.canvas import MAX_SIDE
from lib_rpg.plan import MAX_PROMPT
from lib_rpg.planner.language.dialect import AUTO, DIALECTS, dialect_of

PLANNERS = ("offline", "openai", "local", "paste")
"""``offline`` plans by rules, ``openai`` asks a server, ``local`` a model in this process, ``paste`` the user."""
METHODS = ("rpg", "rag", "lmd")
MAX_PICTURE = 20_000_000
_MAX_NAME = 100


def _prompt(value: object, place: str) -> str:
    if not isinstance(value, str):
        raise RpgError(f"{place}: expected text, got {type(value).__name__}")
    if not value.strip():
        refuse(place, "it is empty", "say what the picture shows")
    check_characters(value, place)
    if len(value) > MAX_PROMPT:
        refuse(place, f"{len(value)} characters are more than {MAX_PROMPT}", "shorten it")
    return value


class _Side(Number):
    """A side of the canvas in pixels."""

    def __call__(self, value: object, place: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not self.least <= value <= self.most:
            raise RpgError(f"{place}: {show(value)} is not a whole number of pixels from {self.least} to {self.most}")
        return value


@dataclass(frozen=True)
class _Name:
    """A short text; ``such_as`` is an example of one."""

    such_as: str

    def __call__(self, value: object, place: str) -> str:
        if not isinstance(value, str) or len(value) > _MAX_NAME or NO_TEXT.search(value):
            refuse(place, f"{show(value)} is not a name", f"give one such as {self.such_as!r}")
        return value

    def schema(self) -> Schema:
        """A short text."""
        return Text(_MAX_NAME).schema()


def _picture(value: bytes, place: str) -> bytes:
    if not 0 < len(value) <= MAX_PICTURE:
        refuse(place, f"{len(value)} bytes are not from 1 to {MAX_PICTURE}", "send a smaller one")
    return value


_SIDE = _Side(1, MAX_SIDE, whole=True)


@dataclass(frozen=True)
class PlanRequest:
    """A prompt to plan.

    prompt: the user's own words, up to `lib_rpg.plan.MAX_PROMPT` characters. width, height: canvas in pixels, 1 to
    16,384. method: the kind of plan: "rpg" a grid of regions, "rag" a grid with a tight box for each object, "lmd" free
    boxes. examples: the set of worked examples that a model is
    shown, by name, or auto. recaption: whether a model may write the regions' words
    richer than the user's. language: of the regions' words, empty for the prompt's own. picture: the bytes of an image
    file to recaption from, for models that see. dialect: "tags" or "sentences" in the regions, "auto" for the prompt's
    own. comments: whether a ``#`` starts a comment, as in the WebUI (see `lib_rpg.keywords.without_comments`);
    ``prompt`` loses them here, so that no planner reads one. Raises RpgError for anything else, and for a prompt of
    comments alone.
    """

    prompt: str = field(metadata=checked(_prompt))
    width: int = field(default=512, metadata=checked(_SIDE))
    height: int = field(default=512, metadata=checked(_SIDE))
    method: str = field(
        default="rpg", metadata=checked(Choice(METHODS, "is not known", f"use one of {', '.join(METHODS)}"))
    )
    examples: str = field(default="auto", metadata=checked(_Name("auto")))
    recaption: bool = True
    language: str = field(default="", metadata=checked(_Name("English")))
    picture: bytes | None = field(default=None, repr=False, metadata=checked(OrNone(_picture)))
    dialect: str = field(
        default=AUTO, metadata=checked(Choice(DIALECTS, "is not known", f"use one of {', '.join(DIALECTS)}"))
    )
    comments: bool = field(default=True, metadata=checked(Flag()))

    def __post_init__(self) -> None:
        check_fields(self)
        if self.comments:
            object.__setattr__(self, "prompt", without_comments(self.prompt))
            if not self.prompt.strip():
                refuse("prompt", "it is empty but for comments", "say what the picture shows, outside of them")

    @property
    def wanted_dialect(self) -> str:
        """The dialect of the regions' words: "tags" or "sentences"."""
        return dialect_of(self.prompt) if self.dialect == AUTO else self.dialect
