"""Prompts in other languages than English: what is not read, with one note on who reads it."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language.other_languages import pieces_by_language
from lib_rpg.planner.language.prompt_tokens import Token, render
from lib_rpg.planner.offline.reading.model import Reading
from lib_rpg.planner.request import PLANNERS

_OTHERS = f"the planners {', '.join(PLANNERS[1:-1])} and {PLANNERS[-1]} read other languages"
_NAMED = 3  # pieces that the note names


def unread(language: str) -> Reading:
    """The reading of a prompt that is in another language as a whole: it has no things."""
    note = f"the prompt seems to be in {language}, but offline reads English, so it is one region; {_OTHERS}"
    return Reading(notes=[note])


def english_words(tokens: Sequence[Token], notes: list[str]) -> list[Token]:
    """The words without the pieces in other languages, which go to a note: "1girl, hanfu, 汉服"."""
    kept: list[Token] = []
    named: list[str] = []
    for piece, language in pieces_by_language(tokens):
        if language:
            named.append(f"'{render(piece).strip(' ,.;，、。；')}' ({language})")
        else:
            kept += piece
    if named:
        more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
        pieces = f"{', '.join(named[:_NAMED])}{more}"
        notes.append(f"only in the base prompt, since offline reads English: {pieces}; {_OTHERS}")
    return kept
