"""Tells pieces of style with more words behind them: "oil by loish", "tempera on panel", "print with three inks"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COMMA
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import ANIMAL, PERSON, class_of, is_animate, is_ing_verb
from lib_rpg.planner.offline.reading.state import State

_MADE = ("medium", "style", "camera")
_LOOKS = (*_MADE, "color", "light", "quality", "mood")
_LINKS = lex.word_set("by on in with of over as like")
_GROUNDS = lex.word_set(
    "paper panel board canvas linen wood silk parchment vellum copper card cardboard newsprint plywood metal tin felt "
    "masonite aluminium aluminum velvet glass slate stone bark film stock leaf"
)
_CONCRETE = frozenset(
    {
        PERSON,
        ANIMAL,
        "plant",
        "food",
        "vehicle",
        "building",
        "furniture",
        "instrument",
        "weapon",
        "artifact",
        "container",
    }
)


_MANNERS = lex.word_set("manner style vein spirit tradition fashion")


def kind_of_style(state: State, i: int, end: int) -> str:
    """The kind of a piece [i, end) that begins with a name of style, and says no thing behind it, or ""."""
    words = state.words
    for k in range(i + 1, end - 1):
        if words.low(k) == "meets":
            return "style" if _blends(state, i, k, end) else ""
        if words.low(k) in _LINKS:
            someone_acts = any(is_animate(words.low(j - 1)) and is_ing_verb(words.low(j)) for j in range(i + 1, k))
            kind = "" if someone_acts else _kind(state, i, k)
            return kind if kind and _says_more(words, kind, k, end) else ""
    return ""


def _kind(state: State, i: int, k: int) -> str:
    """The kind of the words in front of the link, with or without an article."""
    i += state.words.low(i) in lex.ARTICLES
    text = " ".join(state.words.low(j) for j in range(i, k))
    kind = state.kinds.of_whole(text) or state.kinds.of_part(text)
    return kind if kind in _LOOKS else ""


def _says_more(words: Words, kind: str, k: int, end: int) -> bool:
    """Whether the words from the link at k on say more of the style: who made it, on what, in which colours."""
    if words.low(k) == "by":
        return kind in _MADE
    if words.starts(k, "in", "the") and words.low(k + 2) in _MANNERS and words.low(k + 3) == "of":
        return True  # "chiaroscuro in the manner of Rembrandt"
    if (
        words.kind(k + 1) == COMMA
        or words.low(k + 1) in lex.DETERMINERS - {"a"}
        or (kind in _MADE and words.low(k) == "of")
    ):
        return False  # "photo of a cat", "light on the floor"
    ground = words.low(end - 1) in _GROUNDS
    lows = [words.low(j) for j in range(k + 1, end - ground)]
    scenes = lex.SCENE_WORDS if words.low(k) in ("on", "over") else frozenset()
    return not any(class_of(low) in _CONCRETE or low in scenes for low in lows)


def _blends(state: State, i: int, k: int, end: int) -> bool:
    """ "rembrandt meets cyberpunk"."""
    known = bool(_kind(state, i, k) or _kind(state, k + 1, end))
    return known and not any(class_of(state.words.low(j)) in _CONCRETE for j in range(i, end))
