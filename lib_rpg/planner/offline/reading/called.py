"""Reads the names of people who were counted before: "two rival cooks, Chef Bruno on the left, Mara on the right"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COLON, COMMA, WORD, Token
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import PERSON, class_of, is_adjective, is_animate
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.places import place
from lib_rpg.planner.offline.grammar.proper_names import has_title, is_ordinary
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.naming import name_member
from lib_rpg.planner.offline.reading.one_or_other import is_said_of
from lib_rpg.planner.offline.reading.state import State


def take_called(state: State, i: int) -> int:
    """A name with a verb, a place or clothes behind it, of the next one of several people: the end, or 0."""
    words = state.words
    group = _group(state)
    if group is not None and (end := _take_names_of_all(state, group, i)):
        return end
    if group is None or not state.at_start or not words.starts_clause(i):
        return 0
    phrase = noun(words, i)
    if phrase is None or not phrase.bare or phrase.direction:
        return 0
    if not _is_name(words, phrase, group) and not _are_all_called(words, i, group):
        return 0
    if not is_said_of(words, phrase.end) and place(words, phrase.end) is None:
        return 0
    end = name_member(state, group, phrase.end)
    member, titled = group.members[group.members_named - 1], has_title(phrase.words)
    member.words = list(phrase.words) if titled else [*member.words, *phrase.words]
    member.head = phrase.head if titled else member.head
    member.one_of = member.one_of and not titled
    if state.tag_style:
        state.people.speak_of([member])
    return end


def _take_names_of_all(state: State, group: Thing, i: int) -> int:
    """ "Two brothers, Tom and Jack, …": the end of all their names, or 0. One that comes again is given there."""
    words = state.words
    if group.members_named or words.kind(i - 1) != COMMA or state.last is not group or state.tag_style:
        return 0
    names: list[Token] = []
    end = i
    while words.kind(end) == WORD and words.tokens[end].text[0].isupper() and len(names) < group.count:
        names.append(words.tokens[end])
        end += 1 + (words.kind(end + 1) == COMMA)
        end += words.low(end) == "and"
    end -= words.kind(end - 1) == COMMA
    if len(names) != group.count or not words.is_end(end) or any(is_ordinary(name.low) for name in names):
        return 0
    again = {words.low(k) for k in range(end, len(words))}
    if not again.issuperset(name.low for name in names):
        for member, name in zip(group.split(), names, strict=True):
            member.words = [*member.words, name]
        state.return_to(group)
    if words.kind(end) == COMMA and words.low(end + 1) in lex.PLAIN_VERBS:
        state.begin_item(",")  # "…, sit on a bench"
        state.speak_of(list(group.members) or [group])
        return end + 1
    return end


def _group(state: State) -> Thing | None:
    """The people of whom not all are named yet."""
    several = (one for one in reversed(state.reading.things) if one.count > 1 and not (one.vague or one.tag))
    return next((one for one in several if one.members_named < one.count and is_animate(one.noun)), None)


def _are_all_called(words: Words, i: int, group: Thing) -> bool:
    """ "two cats, tom with grey fur, felix with black fur": whether as many pieces as are left begin with a name."""
    named = 0
    while i < len(words):
        phrase = noun(words, i)
        known = phrase is None or any(class_of(token.low) or is_adjective(token.low) for token in phrase.words)
        told = phrase is not None and words.kind(phrase.end) != COLON and is_said_of(words, phrase.end)
        if phrase is not None and told and not known and phrase.bare and place(words, i) is None:
            named += 1
        elif phrase is not None and is_animate(phrase.noun):
            return False
        i = words.piece_end(i) + 1
    return named == group.count - group.members_named


def _is_name(words: Words, phrase: Noun, group: Thing) -> bool:
    """ "Chef Bruno", "Orlo"; behind a comma or another name also one that is a common word in small letters."""
    if has_title(phrase.words):
        return True
    if not all(token.text[0].isupper() for token in phrase.words):
        return False
    low = phrase.words[-1].low
    if len(phrase.words) == 1 and not class_of(low) and words.low(phrase.end) in lex.HAVE.keys() | lex.BE | lex.CLOTHED:
        return not is_adjective(low)  # "Two friends sit at a table. Anna has glasses, Tom has a beard"
    told_by_case = words.kind(phrase.start - 1) == COMMA or group.members_named > 0
    return not is_ordinary(low) or (told_by_case and class_of(low) != PERSON)
