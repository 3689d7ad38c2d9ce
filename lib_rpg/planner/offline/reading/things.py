"""Resolves noun phrases: to a new thing, to a known one, or to no thing at all (scene, style, someone's part)."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural, plural, singular
from lib_rpg.planner.language.prompt_tokens import COMMA, Token
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.nouns import Noun
from lib_rpg.planner.offline.grammar.positions import Place
from lib_rpg.planner.offline.reading.facts import place_at
from lib_rpg.planner.offline.reading.lookahead import left_out_noun
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.referents import known_thing
from lib_rpg.planner.offline.reading.scenery import take_airy, take_backdrop
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.tags import is_medium, is_part, is_setting, is_tag

VAGUE_COUNT = 3  # how many "several" are


def take_noun(state: State, phrase: Noun) -> int:
    """Read a noun phrase as what it means. Returns its end."""
    after = phrase.end
    if phrase.noun in lex.BACKDROPS or phrase.noun in ("background", "backdrop"):
        return take_backdrop(state, phrase)  # "The background is green."
    if is_medium(state.words, phrase):
        state.share(phrase.start, after + 2)  # "oil on canvas"
        return after + 2
    if end := take_airy(state, phrase):
        return end  # "evening light falls through a window"
    if is_tag(state, phrase):
        state.share(phrase.start, after)  # "masterpiece", "sunset"
    elif (known := known_thing(state, phrase)) is not None:
        state.mention(known, after)  # "the cat" for the second time
        _place_within(state, known, phrase)
    elif (borrowed := left_out_noun(state.words, phrase)) is not None:
        state.add_thing(make_thing(state.words, phrase, borrowed), after)  # "a red and a blue car"
    elif is_setting(state, phrase):
        state.share(phrase.start, after)  # "a living room with a sofa"
    elif is_part(state, phrase):
        _add_part(state, phrase)  # "1girl, red hair"
    else:
        state.add_thing(make_thing(state.words, phrase), after)
        _place_within(state, state.last, phrase)
    return after


def _place_within(state: State, thing: Thing | None, phrase: Noun) -> None:
    """Place the thing where its own name has it: "the left wall is covered in ivy"."""
    if phrase.direction and thing is not None:
        place_at(state.reading, thing, Place(phrase.end, *phrase.direction))


def _add_part(state: State, phrase: Noun) -> None:
    words = state.words
    start = phrase.start - (words.kind(phrase.start - 1) == COMMA)
    if state.last is not None:
        state.last.trailing.append(tuple(words.tokens[start : phrase.end]))
    state.continue_clause()


def make_thing(words: Words, phrase: Noun, borrowed: tuple[Token, ...] = ()) -> Thing:
    """The thing that the phrase names, under the noun `borrowed` from further on where it leaves out its own."""
    name, head, count, vague = list(phrase.words), phrase.head, phrase.count, phrase.vague
    if borrowed:
        *front, noun = borrowed
        one = count is None or count == 1
        name += [*front, noun.with_text((singular if one else plural)(noun.text))]
        head = len(name) - 1
    if count is None and not phrase.determiner:
        count = next((lex.SETS[t.low] for t in name[: head + 1] if t.low in lex.SETS), None)  # "twin girls"
    if count is None:
        vague = vague or _plural_without_number(name[head].low, phrase.determiner)
        count = VAGUE_COUNT if vague else 1
    given = tuple(token for token in phrase.given if token.low not in ("only", "just", "exactly", "any"))
    one_of = count == 1 and words.low(phrase.start) == "one"
    return Thing(name, head, count, given, vague, phrase.array, one_of=one_of)


def _plural_without_number(low: str, determiner: str) -> str:
    """ "birds", but not "trousers" nor "her cats": the word, or ""."""
    return low if is_plural(low) and low not in lex.PAIRED and determiner not in lex.POSSESSIVES else ""
