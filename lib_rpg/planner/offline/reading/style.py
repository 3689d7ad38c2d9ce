"""Reads the medium in front of a picture: "an oil painting of …", "a scene from a western"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COLON, STOP
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import class_of
from lib_rpg.planner.offline.grammar.nouns import noun
from lib_rpg.planner.offline.reading.state import State

GENERIC_MEDIA = lex.word_set("scene view image picture still shot depiction")
_TAKEN_FROM = ("scene", "still", "screenshot", "frame", "screencap", "shot", "photo", "picture")
_OF = lex.word_set("of with showing depicting featuring where containing shows depicts")  # behind a medium


def take_style(state: State, i: int) -> int:
    """ "an oil painting of …" at the start: the end, or 0."""
    words = state.words
    if state.reading.things or state.pending_positions or (not state.at_start and words.low(i - 1) not in ("of", "is")):
        return 0  # "above the sofa hangs a painting of a ship"
    start = i + (words.low(i) in lex.ARTICLES | lex.DEMONSTRATIVES)
    end = start
    while words.is_open(end) and words.low(end) not in lex.SHOW:
        end += 1
    known = words.low(end - 1) in lex.MEDIA or _is_view(state, start, end)
    if end == start + 2 and words.starts(start, "still", "life") and words.kind(end) == COLON:
        state.share(start, end, alone=True)
        state.begin_item("")
        return end + 1  # "A still life: a clay jug, two lemons"
    styled = end == start + 1 and words.low(end) == "in" and state.kinds.of_whole(words.low(start)) == "medium"
    if end == start or not (known or styled) or _hangs(words, end) or words.low(start) == "framed":
        return 0
    if end == start + 1 and words.low(start) not in GENERIC_MEDIA and words.says("the", words.low(start)):
        return 0  # "a tapestry of a stag on a wall, two armchairs under the tapestry"
    if i == 0 and _is_heading(words, start, end):
        return _take_heading(state, start, end)
    generic = end - start == 1 and words.low(start) in GENERIC_MEDIA
    if words.low(end) in ("that", "which") and words.low(end + 1) in _OF | lex.SHOW:
        if not generic:
            state.share(start, end, alone=True)
        state.begin_item("")
        return end + 2  # "a photograph that depicts two fishermen"
    from_another = words.low(end) == "from" and words.low(end - 1) in _TAKEN_FROM  # "a scene from a western, …"
    if from_another or words.starts(end, "in", "the", "style"):
        state.share(start, words.piece_end(end), alone=True)  # "gouache in the style of an old book"
        return words.piece_end(end)
    if words.low(end) == "for" and words.is_break(words.piece_end(end)):
        end = words.piece_end(end)  # "Poster for a jazz festival BREAK …"
        state.share(start, end, alone=True)
    elif words.low(end) in _OF:
        if not generic:
            state.share(start, end, alone=True)
    elif i == 0 and end < start + 3 and words.low(end) in ("on", "in", "at") and _leads_to_place(words, end + 1):
        state.share(start, end, alone=True)  # "Selfie on a mountain top: a guy, a girl"
        state.begin_item("")
        return end
    elif not generic or not words.is_end(end):
        return 0
    state.begin_item("")
    return end + (words.low(end) not in ("", ",", "."))


def _hangs(words: Words, i: int) -> bool:
    """ "a photograph of a bride lies on a desk", "a painting of a lighthouse hanging above a chair": it is a thing."""
    shown = noun(words, i + 1) if words.low(i) == "of" else None
    if shown is not None and words.starts(shown.end, "on", "the", "wall"):
        return True  # "an oil painting of a horse on the wall above a fireplace"
    if shown is None or words.low(shown.end + 1) not in PREPOSITIONS | {"above"}:
        return False
    if words.low(shown.end) in ("lies", "hangs", "leans", "rests") and shown.count in (1, None):
        return True
    built = class_of(shown.noun) in ("building", "place", "vehicle")
    return built and words.low(shown.end) in ("hanging", "leaning", "hung", "mounted", "pinned")


def _leads_to_place(words: Words, i: int) -> bool:
    where = noun(words, i)
    return where is not None and where.noun in lex.SCENE_WORDS | lex.LANDFORMS


def _is_view(state: State, start: int, end: int) -> bool:
    """ "wide shot of …", "isometric cutaway of …"."""
    if state.words.low(end) not in ("of", "with", "featuring"):
        return False
    text = " ".join(state.words.low(k) for k in range(start, end))
    kinds = state.kinds.of_whole(text), state.kinds.of_part(text), state.kinds.of_whole(state.words.low(end - 1))
    return any(kind in ("medium", "camera") for kind in kinds)


def _is_heading(words: Words, start: int, end: int) -> bool:
    """Whether the words are of style only, and a full stop or colon with more behind it ends them."""
    if words.kind(end) not in (STOP, COLON) or end + 1 >= len(words):
        return False
    return all(words.low(k) in lex.MEDIA | lex.QUALITY_WORDS for k in range(start, end))


def _take_heading(state: State, start: int, end: int) -> int:
    """ "A photo. Left: …": the end, behind the punctuation."""
    state.begin_item("")
    if state.words.low(start) not in GENERIC_MEDIA:
        state.share(start, end, alone=True)
    return end + 1
