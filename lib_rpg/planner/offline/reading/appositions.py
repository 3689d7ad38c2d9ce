"""Reads a name with what it is behind a comma as one: "Emma, a redhead in green, laughs" is "a redhead named Emma"."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COMMA, WORD, Token
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import is_animate
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.proper_names import is_proper
from lib_rpg.planner.offline.grammar.verbs import is_verb_form

_WHERE = lex.word_set("in at from of near through around over on outside inside across along toward towards by")
_ADVERBS = lex.word_set(
    "nearby overhead meanwhile somewhere elsewhere ahead upstairs downstairs there here then indoors outdoors today "
    "tonight now finally next later once also underneath underwater midair"
)


def put_names_behind(tokens: Sequence[Token]) -> list[Token]:
    """The words with each name behind the noun that says who it is."""
    words = Words(tokens)
    result: list[Token] = []
    i = 0
    while i < len(tokens):
        who = _who_it_is(words, i)
        if who is None:
            result.append(tokens[i])
            i += 1
            continue
        named = tokens[who.start].with_text("named")
        result += [*tokens[who.start : who.end], named, tokens[i]]
        i = who.end
    return result


def _who_it_is(words: Words, i: int) -> Noun | None:
    """ "(Emma,) a redhead": the noun behind the name at i, or None."""
    if words.kind(i) != WORD or words.kind(i + 1) != COMMA or words.low(i + 2) not in ("a", "an"):
        return None
    if not is_proper(words.tokens[i]) or words.low(i - 1) in lex.BE or words.kind(i - 1) == COMMA:
        return None
    if words.low(i - 1) in _WHERE:
        return None  # "a cafe in Lisbon, a girl with a bicycle waits"
    if words.low(i) in PREPOSITIONS | _ADVERBS or words.low(i).endswith("ly"):
        return None  # "Outside, a red fox sits in the snow"
    if i and words.tokens[i - 1].text[0].isupper():
        return None  # "Van Gogh, a man in a hat"
    who = noun(words, i + 2)
    if who is not None and words.low(who.end) == "and" and words.low(who.end + 1) in lex.ARTICLES:
        return None  # "Pikachu, a robot and a dog"
    if who is None or who.count != 1 or not is_animate(who.noun):
        return None
    return who if (i and words.kind(i - 1) == WORD) or _is_name(words, i, who.end) else None


def _is_name(words: Words, i: int, end: int) -> bool:
    """Whether a clause that begins with it goes on about it, or names it again; "Ghibli, a girl in red" is no name."""
    name = words.low(i)
    if any(words.low(k) == name for k in range(end, len(words))):
        return True
    while not words.is_end(end):
        end += 1
    verb = end + 1
    return words.kind(end) == COMMA and (
        words.low(verb) in lex.BE | lex.HAVE.keys() or is_verb_form(words, verb, False)
    )
