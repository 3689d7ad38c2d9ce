"""Reads predicates: what "is", a relative clause, or brackets say of things."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COMMA, COMMA_TOKEN, WORD, Token
from lib_rpg.planner.language.words import RELATIVES
from lib_rpg.planner.offline.grammar.adjectives import is_shade
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.finite_verbs import is_finite
from lib_rpg.planner.offline.grammar.kinds import PERSON, class_of, is_adjective, is_animate
from lib_rpg.planner.offline.grammar.nouns import Noun, is_aside, noun
from lib_rpg.planner.offline.grammar.orderings import ordering
from lib_rpg.planner.offline.grammar.places import place, relation
from lib_rpg.planner.offline.grammar.verbs import is_participle, is_verb_form
from lib_rpg.planner.offline.reading.attributes import take_attribute
from lib_rpg.planner.offline.reading.known_things import describe
from lib_rpg.planner.offline.reading.model import Thing, name_of
from lib_rpg.planner.offline.reading.referents import (
    acts_alone,
    acts_by_itself,
    add_words,
    predicate_subjects,
    referents,
)
from lib_rpg.planner.offline.reading.state import State

_VIEWERS = lex.word_set("one we you")
_SIDES = lex.word_set("left right middle center centre")
_DUMMIES = lex.word_set("thing object one animal item figure shape something creature other")


def take_predicate(state: State, i: int) -> int:
    """ "is black", "are on the left": the end, or 0."""
    words = state.words
    if words.low(i) not in lex.BE:
        return 0
    end = i + 1
    while words.low(end) in ("both", "all", "also", "very", "each", "quite", "so", "really"):
        if words.low(end) in ("both", "all", "each"):
            state.speak_of_all()
        end += 1
    if words.low(i) == "are" and len(state.current_list) > 1 and not acts_by_itself(state, state.last):
        those = _behind_last_predicate(state, i)
        state.speak_of(those, together=len(those) > 1)
    if words.low(i) in ("is", "was") and state.last is not None and acts_alone(state, state.last):
        state.speak_of([state.last], together=False)  # "a man is standing there and a cat is sitting on the counter"
    phrase = None if _is_placed_or_acts(words, end) else noun(words, end)
    waits = bool(state.pending_positions) and not state.current_list  # "on the right is a cat"
    if phrase is None or waits or state.last is None:
        if not waits and state.last is not None and words.low(i - 1) == ",":
            state.leave_start()  # "a woman, dressed in white, is pouring tea"
        return end
    targets = predicate_subjects(state)
    if phrase.bare:
        _describe_all(targets, phrase)  # "the car is red, the truck is green"
        return _take_more(state, targets, phrase.end)
    if _is_name_of(targets, phrase):
        # "There are two people. One is a tall man …"
        targets[0].words, targets[0].head, targets[0].determiners = list(phrase.words), phrase.head, phrase.given
        return phrase.end
    if len(targets) == 1 and not class_of(targets[0].noun) and class_of(phrase.noun) == PERSON:
        add_words(targets, (COMMA_TOKEN, *phrase.given, *phrase.words))  # "Emma is a girl with curly hair"
        state.continue_clause()
        return phrase.end
    return take_attribute(state, i, "is")


def _behind_last_predicate(state: State, i: int) -> list[Thing]:
    """ "the cat is black and the dogs are white": those of the list of whom nothing else is said; or all of them."""
    words, listed = state.words, state.current_list
    said = max((k for k in range(i) if words.low(k) in lex.BE), default=-1)
    at = {token.index: k for k, token in enumerate(words.tokens)}
    return [thing for thing in listed if at.get(thing.words[thing.head].index, -1) > said] or listed


def take_left_out_is(state: State, i: int) -> int:
    """ "the one on the right | a slim arabian": what one of several is, without "is": the end, or 0."""
    words, last = state.words, state.last
    if words.low(i) not in ("a", "an") or last is None or not last.one_of or words.low(i - 1) not in _SIDES:
        return 0
    phrase = noun(words, i)
    if phrase is None or not _is_name_of([last], phrase) or state.pending_positions:
        return 0
    last.words, last.head, last.determiners = list(phrase.words), phrase.head, phrase.given
    state.continue_clause()
    return phrase.end


def _take_more(state: State, targets: Sequence[Thing], i: int) -> int:
    """ "… and wet", "…, dark and cold", "… and full of apples" behind an adjective of a predicate: the end."""
    words = state.words
    start = i + (words.kind(i) == COMMA)
    end = start + (words.low(start) == "and")
    if end == i:
        return i
    if words.starts(end, "full", "of") and end > start:
        return take_attribute(state, end, "with")
    first = end
    while is_adjective(words.low(end)) or is_shade(words, end) or (end > first and words.low(end) == "and"):
        end += 1
    if words.low(end - 1) == "and" and (words.low(end) in lex.HAVE or words.low(end).endswith("s")) and end > first + 1:
        return _describe_further(
            state, targets, words.tokens[first : end - 1], end - 1
        )  # "is tall and thin and has a cane"
    made = words.low(end - 1) == "and" and end > first + 1 and is_participle(words, end)
    said = words.tokens[first : end - made]
    joined = first > start or made or any(token.low == "and" for token in said)
    if not said or not joined or not (words.is_end(end) or made) or said[-1].low == "and":
        return i  # but "…, angular and made of glass"
    if first == start and state.kinds.of_whole(" ".join(token.low for token in said)):
        return i  # "the door is open, black and white"
    return _describe_further(state, targets, said, end)


def _describe_further(state: State, targets: Sequence[Thing], said: Sequence[Token], end: int) -> int:
    """Say the adjectives of each thing, without the "and" between them, and go on at the end."""
    for thing in targets:
        describe(thing, [token for token in said if token.low != "and"])
    state.continue_clause()
    return end


def _is_placed_or_acts(words: Words, i: int) -> bool:
    """Whether a position, a row, a relation or a verb starts at i: "is left of", "is running"."""
    if place(words, i) or ordering(words, i) or relation(words, i):
        return True
    return is_verb_form(words, i, False) and words.kind(i) == WORD


def _describe_all(things: Sequence[Thing], phrase: Noun) -> None:
    # "the right one is chrome"
    material = phrase.bare and all(class_of(t.low) in ("substance", "fabric") for t in phrase.words)
    known = _all_adjectives(phrase) or material
    for thing in things:
        if known:
            describe(thing, phrase.words)
        else:
            thing.trailing.append(phrase.words)


def _all_adjectives(phrase: Noun) -> bool:
    return all(is_adjective(t.low) or t.low == "and" for t in phrase.words)


def _is_name_of(things: Sequence[Thing], phrase: Noun) -> bool:
    """Whether the phrase says what the one thing is: "one is a man", "the object is a ball"."""
    if len(things) != 1:
        return False
    thing = things[0]
    named = thing.one_of and is_animate(thing.noun) and is_animate(phrase.noun)
    return named or thing.noun in _DUMMIES


def take_all_are(state: State, i: int) -> int:
    """The end of the adjectives at i that are said of several (", both black"), or 0."""
    phrase = noun(state.words, i)
    if phrase is None or not phrase.bare or not _all_adjectives(phrase) or not state.words.is_end(phrase.end):
        return 0
    things = state.current_list or referents(state)
    if state.words.low(i - 1) == "both" and sum(thing.count for thing in things) < 2 <= len(state.sentence):
        things = state.sentence[-2:]  # "a car parked next to a truck, both matte black"
    for thing in things:
        describe(thing, phrase.words)
    state.continue_clause()
    state.speak_of_all()
    return phrase.end


def take_relative(state: State, i: int) -> int:
    """ "that", "whose …": the end of the pronoun with what is no verb of its own, or 0."""
    words, after = state.words, state.words.low(i + 1)
    if words.low(i) not in RELATIVES:
        return 0
    if end := _take_look_of_part(state, i) or _take_view(state, i):
        return end
    if end := _take_look_of_own(state, i):
        return end
    if words.low(i) == "where":
        return _take_where(state, i)
    acts = after in lex.VERBS and words.low(i) != "whose"  # "a customer whose face is covered in foam"
    if after in lex.BE or after in lex.HAVE or acts or state.last is None or is_finite(words, i + 1):
        if acts and words.kind(i - 1) == COMMA and state.last is not None:
            state.continue_clause()  # "a maid, who wears red silk"
        return i + 1  # "a cat that is black", "a girl who has red hair", "a fox that outwits two dogs"
    if words.is_open(i + 1):
        return take_attribute(state, i, "that")  # "a dog whose fur is golden"
    return i + 1


def _take_look_of_own(state: State, i: int) -> int:
    """ "a matador whose cape is bright purple": the end, or 0."""
    words = state.words
    own = noun(words, i + 1) if words.low(i) == "whose" else None
    if own is None or words.low(own.end) not in lex.BE or state.last is None:
        return 0
    end = own.end + 1
    while is_adjective(words.low(end)) or words.low(end) in ("and", "very"):
        end += 1
    if end == own.end + 1 or words.is_open(end) or words.low(end - 1) == "and":
        return 0
    add_words([state.last], tuple(words.tokens[i:end]))
    state.continue_clause()
    return end


def _take_where(state: State, i: int) -> int:
    """ "a pantry where shelves line the wall": what follows is in it, so that it is the scene: the end."""
    room = state.last
    if room in state.reading.things and class_of(room.noun) in ("place", "building"):
        state.reading.leave_out([room])
        state.share_text(name_of(room))
    state.begin_clause()
    return i + 1


def _take_view(state: State, i: int) -> int:
    """ "a window through which one can see a harbor": what is seen is said of the window: the end, or 0."""
    words, end = state.words, i + 2
    if words.low(i - 1) != "through" or words.low(i + 1) not in _VIEWERS or state.last is None:
        return 0
    while words.low(end) in ("can", "could", "see", "sees", "glimpse"):
        end += 1
    seen = noun(words, end)
    if end == i + 2 or seen is None:
        return 0
    add_words([state.last], tuple(words.tokens[i : seen.end]))
    state.continue_clause()
    return seen.end


def _take_look_of_part(state: State, i: int) -> int:
    """ "a boy holding a leash that is red": the leash is, and not the boy: the end, or 0."""
    words, said = state.words, state.last.trailing[-1:] if state.last is not None else []
    if not said or said[0][-1] is not words.tokens[i - 1] or words.low(i + 1) not in lex.BE:
        return 0
    end = i + 2
    while is_adjective(words.low(end)):
        end += 1
    if end == i + 2 or words.is_open(end) or state.last is None:
        return 0
    state.last.trailing[-1] += tuple(words.tokens[i:end])
    return end


def take_brackets(state: State, i: int) -> int:
    """ "a woman (red hair, green eyes)": the end of the brackets right behind a thing, or 0."""
    words = state.words
    if state.last is None or state.at_start or i >= len(words) or words.kind(i - 1) != WORD:
        return 0
    around, before = words.tokens[i].groups, words.tokens[i - 1].groups
    if len(around) <= len(before) or not is_aside(words, i) or place(words, i) is not None:
        return 0
    end = i
    while end < len(words) and any(group is around[len(before)] for group in words.tokens[end].groups):
        end += 1
    add_words([state.last], tuple(words.tokens[i:end]))
    return end
