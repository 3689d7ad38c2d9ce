"""Makes the thing that a noun phrase names."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural, plural, singular
from lib_rpg.planner.language.prompt_tokens import Token
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.nouns import Noun
from lib_rpg.planner.offline.grammar.proper_names import is_proper
from lib_rpg.planner.offline.reading.model import Thing

VAGUE_COUNT = 3  # how many "several" are


def make_thing(words: Words, phrase: Noun, borrowed: tuple[Token, ...] = ()) -> Thing:
    """The thing that the phrase names, under the noun `borrowed` from further on where it leaves out its own."""
    name, head, count, vague = list(phrase.words), phrase.head, phrase.count, phrase.vague
    if borrowed:
        *front, noun = borrowed
        one = count is None or count == 1
        name += [*front, noun.with_text((singular if one else plural)(noun.text))]
        head = len(name) - 1
    if count is None and not phrase.determiner and not (name[0].low == "twin" and not is_plural(name[head].low)):
        count = next((lex.SETS[t.low] for t in name[: head + 1] if t.low in lex.SETS), None)  # "twin girls"
    if count is None:
        many = "" if is_proper(name[head]) else _plural_without_number(name[head].low, phrase.determiner)
        vague = vague or many
        count = VAGUE_COUNT if vague else 1
    given = tuple(token for token in phrase.given if token.low not in ("only", "just", "exactly", "any"))
    one_of = count == 1 and words.low(phrase.start) == "one"
    return Thing(name, head, count, given, vague, phrase.array, one_of=one_of, tag=phrase.tag)


def _plural_without_number(low: str, determiner: str) -> str:
    """ "birds", but not "trousers" nor "her cats": the word, or ""."""
    return low if is_plural(low) and low not in lex.PAIRED and determiner not in lex.POSSESSIVES else ""
