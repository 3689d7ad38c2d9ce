"""Puts what was read into the dialect of the plan: "1girl, red dress" as tags, "a girl, red dress" in a sentence."""

from __future__ import annotations

from collections.abc import Iterator

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.counted import takes_article
from lib_rpg.planner.language.dialect import TAGS, dialect_of
from lib_rpg.planner.language.prompt_tokens import COMMA, COMMA_TOKEN, Token
from lib_rpg.planner.offline.grammar.kinds import class_of, is_ing_verb
from lib_rpg.planner.offline.reading.model import Reading, Thing
from lib_rpg.planner.request import PlanRequest

_COUNTED = lex.word_set("girl boy woman man")  # as models for tags count them
_CONNECTORS = lex.word_set("with in wearing having")
_LEFT_OUT = lex.ARTICLES | lex.POSSESSIVES


def put_in_dialect(reading: Reading, request: PlanRequest) -> None:
    """Change the names of things, and what is said behind them, into the request's dialect.

    Where that is the prompt's own, only what is said of the people of count tags is changed.
    """
    wanted = request.wanted_dialect
    was_tags = dialect_of(request.prompt) == TAGS
    for thing in reading.things:
        for one in (thing, *thing.members):
            if wanted != TAGS:
                one.tag, one.one_of = "", one.one_of or bool(one.tag) or (was_tags and _takes_article(one))
            elif one.tag or (request.dialect == TAGS and not one.vague):
                _as_tags(one)


def _takes_article(thing: Thing) -> bool:
    """ "red circle" is "a red circle" in a sentence; names, "water" and "scissors" stay bare."""
    if thing.count != 1 or thing.vague or thing.determiners or not class_of(thing.noun):
        return False
    return takes_article(thing.words[0].text, thing.words[thing.head].text)


def _as_tags(thing: Thing) -> None:
    thing.tag = thing.tag or (thing.noun if thing.noun in _COUNTED else "")
    thing.determiners, thing.one_of = (), False
    thing.trailing = [piece for segment in thing.trailing for piece in _pieces(segment)]


def _pieces(segment: tuple[Token, ...]) -> Iterator[tuple[Token, ...]]:
    """ "with a red scarf and blue eyes" as ", red scarf" and ", blue eyes", "drinking tea" as ", drinking tea"."""
    words = [token for token in segment if token.low not in _LEFT_OUT]
    if segment[0].kind == COMMA or not words:
        yield from (segment,) if len(segment) > 1 else ()  # a tag that was typed as one
        return
    if words[0].low not in _CONNECTORS:
        yield (COMMA_TOKEN, *words) if is_ing_verb(words[0].low) else tuple(words)
        return
    piece: list[Token] = []
    for token in [*words[1:], COMMA_TOKEN]:
        if token.kind != COMMA and token.low not in ("and", "&"):
            piece.append(token)
        elif piece:
            only_colour = words[0].low == "in" and all(one.low in lex.COLORS for one in piece)
            yield (COMMA_TOKEN, *words[: int(only_colour)], *piece)  # "in white" is what someone wears
            piece = []
