"""Reads "the other" behind one, and "others" behind some: "one boxer lands a punch, the other falls back"."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COMMA_TOKEN, Token
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import class_of, is_adjective, is_animate
from lib_rpg.planner.offline.grammar.nouns import noun
from lib_rpg.planner.offline.grammar.verbs import is_verb_form
from lib_rpg.planner.offline.reading.known_things import describe
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.referents import add_words
from lib_rpg.planner.offline.reading.state import State

_SIDES = lex.word_set("half side part end")
_SOME = lex.word_set("some most many")


def take_other(state: State, i: int) -> int:
    """The end of what names the other of two, or others than some; or 0."""
    if not state.at_start:
        return 0
    return _take_named_other(state, i) or _take_one_of_pair(state, i) or _take_some(state, i)


def _take_named_other(state: State, i: int) -> int:
    """ "the other" behind "one boxer", "the other half" behind "half of the apple", with its verb behind it."""
    words = state.words
    if not words.starts(i, "the", "other"):
        return 0
    one = named_one(state)
    named = one is not None and words.low(i + 2) == one.noun
    end = i + 2 + named
    if named and words.low(end) in lex.ARTICLES:
        return 0  # "one dog wears a bandana, the other dog a raincoat"
    if one is None or not (named or _says_more(words, end)) or (not named and _is_of_several(state)):
        return 0
    state.end_relation()
    state.add_thing(other_of(one, words.tokens[i : i + 2], whole=named), end)
    return end


def named_one(state: State) -> Thing | None:
    """The last thing that the prompt names as one of two."""
    return next((thing for thing in reversed(state.reading.things) if _is_one_of_two(state, thing)), None)


def other_of(one: Thing, said: Sequence[Token], whole: bool = False) -> Thing:
    """The other of two, by the words "the other"; `whole`: with all that is behind its noun, "of the apple"."""
    name = one.words[one.head :] if whole or one.noun in _SIDES else [one.words[one.head]]
    return Thing([said[1], *name], 1, 1, (said[0],))


def _is_of_several(state: State) -> bool:
    """Whether it can be one of several of a kind: "two girls, …, one hand up, the other is asleep"."""
    return any(thing.count > 1 and thing.members_named < thing.count for thing in state.reading.things)


def _is_one_of_two(state: State, thing: Thing) -> bool:
    """Whether "one" is in front of its name, or it is a half."""
    if thing.count != 1 or thing.members:
        return False
    if thing.noun == "half":
        return True
    before = (k for k, token in enumerate(state.words.tokens) if token is thing.words[thing.head])
    return any(state.words.low(j) == "one" for k in before for j in (k - 1, k - 2))


def _says_more(words: Words, i: int) -> bool:
    """Whether a verb, "with" or the like follows."""
    return is_verb_form(words, i, False) or words.low(i) in lex.BE or words.low(i) in lex.HAVE


# One of two who are named: "a man and a woman, one reading, the other asleep"


def _take_one_of_pair(state: State, i: int) -> int:
    words = state.words
    other = words.starts(i, "the", "other")
    end = i + 1 + other
    if not other and words.low(i) != "one":
        return 0
    pair = [thing for thing in state.reading.things if thing.host is None][-2:]
    if len(pair) < 2 or not all(thing.count == 1 and is_animate(thing.noun) for thing in pair):
        return 0
    if not _does(words, end) or (state.last is pair[0]) > other or (state.last is pair[1] and other):
        return 0
    state.begin_member()
    state.mention(pair[other], end)
    return end


def _does(words: Words, i: int) -> bool:
    low = words.low(i)
    return low in lex.CLOTHED | {"with", "in"} or low.endswith("ing") or _says_more(words, i)


# Of several: "several candles, some lit, others melted down"


def _take_some(state: State, i: int) -> int:
    words = state.words
    i += words.starts(i, "the", "others")
    low = words.low(i)
    group = next((thing for thing in reversed(state.reading.things) if thing.vague), None)
    if group is None or low not in _SOME | {"others"} or _names_new(words, i + 1):
        return 0
    end = _said_end(words, i + 1)
    if low == "others" or group.members_named:
        state.end_relation()
        group = Thing(_name_alone(group), 0, group.count, vague="other" if low == "others" else low)
        group.head = len(group.words) - 1
        state.add_thing(group, end)
    group.members_named += 1
    _say(group, words.tokens[i + 1 : end])
    state.continue_clause()
    return end


def _names_new(words: Words, i: int) -> bool:
    """Whether it is "some books", "some red apples" and says nothing of those before."""
    named = noun(words, i)
    if named is None or _does(words, i):
        return False
    return bool(class_of(named.noun)) or not is_adjective(words.low(i))


def _name_alone(thing: Thing) -> list[Token]:
    """The name up to its noun, without what was said of it later."""
    start = thing.head
    while start and thing.words[start - 1].index == thing.words[start].index - 1:
        start -= 1
    return thing.words[start : thing.head + 1]


def _say(group: Thing, said: list[Token]) -> None:
    if said and said[0].low in lex.BE:
        said = said[1:]
    if all(is_adjective(token.low) for token in said):
        describe(group, said)
    else:
        add_words([group], tuple(said) if said[0].low in PREPOSITIONS else (COMMA_TOKEN, *said))


def _said_end(words: Words, i: int) -> int:
    end = i
    while not words.is_end(end) and words.low(end) not in ("and", "while") and words.low(end) != "but":
        end += 1
    return end


def each_differs(state: State, i: int) -> int:
    """ "six birdhouses, each a different color": the end, or 0."""
    words = state.words
    start = i + (words.low(i) == "in")
    if words.low(start) not in ("a", "its") or words.low(start + 1) not in ("different", "unique", "distinct", "own"):
        return 0
    phrase = noun(words, start)
    if phrase is None or class_of(phrase.noun) or not words.is_end(phrase.end):
        return 0
    state.share(i - 1, phrase.end)
    return phrase.end
