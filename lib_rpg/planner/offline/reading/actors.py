"""Finds who does what a verb at hand says, and verbs that follow an aside or another verb."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import gerund, is_plural
from lib_rpg.planner.language.prompt_tokens import ATOM, COMMA, WORD
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.finite_verbs import (
    has_object,
    plain_form,
)
from lib_rpg.planner.offline.grammar.kinds import ANIMAL, PART, PERSON, class_of, is_animate, is_ing_verb
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.referents import (
    add_words,
    all_animate,
    predicate_subjects,
)
from lib_rpg.planner.offline.reading.state import State

_DEEDS = frozenset(gerund(verb) for verb in lex.PLAIN_VERBS - lex.STATES)


def is_adverb_of_verb(words: Words, i: int) -> bool:
    """ "carefully shaping"."""
    return words.low(i).endswith("ly") and is_ing_verb(words.low(i + 1)) and words.kind(i + 1) == WORD


def acts_behind_aside(state: State, i: int) -> bool:
    """ "A street vendor, wearing a headband and an apron, flips skewers": the verb behind what is said in between."""
    words, low, actor = state.words, state.words.low(i), state.last
    if state.tag_style or actor is None or actor.count != 1 or not actor.trailing or words.kind(i - 1) != COMMA:
        return False
    if not (is_animate(actor.noun) and low.endswith("s")):
        return False
    aside = actor.trailing[-1][0].kind == COMMA  # "one, an old woman, feeds pigeons"
    if low in lex.VERBS and (has_object(words, i + 1) or aside):
        return True  # "his apprentice, a goblin, works the bellows"
    if words.low(i + 1) in ("while", "as"):
        return is_plural(low)  # "a lumberjack, his axe over his shoulder, whistles while …"
    if is_plural(low) and class_of(low) not in (PERSON, ANIMAL) and has_object(words, i + 1):
        return True  # "a hunter with his dog, a rifle over his shoulder, tracks a stag"
    if not plain_form(low) or class_of(low):
        return False
    return words.is_open(i + 1) or has_object(words, i + 1) or words.low(i + 1) in PREPOSITIONS


def acts_again(state: State, i: int) -> bool:
    """ "a couple share an umbrella and wait for their food": the second plain verb of several."""
    words, actor = state.words, state.last
    if _acts_at_rest(state, i) or _acts_once_more(state, i):
        return True
    if words.low(i - 1) != "and" or words.low(i) not in lex.PLAIN_VERBS or actor is None or not actor.trailing:
        return False
    several = actor.count > 1 or actor.noun in lex.COMPANIES
    acts = any(is_ing_verb(segment[0].low) for segment in actor.trailing)
    ends = words.is_end(i + 1) and not class_of(words.low(i))  # "… and laugh", but "… bread and drink"
    return several and acts and (ends or words.low(i + 1) in PREPOSITIONS or has_object(words, i + 1))


def _acts_once_more(state: State, i: int) -> bool:
    """ "the man is short and fat and feeds pigeons": the second verb of one person, before one plural word."""
    words, low, actor = state.words, state.words.low(i), state.last
    if words.low(i - 1) != "and" or actor is None or not is_animate(actor.noun) or actor.known_count != 1:
        return False
    if not (_is_third_person(low) and (actor.trailing or len(actor.words) > 1)):
        return False
    return words.is_open(i + 1) and is_plural(words.low(i + 1)) and words.is_end(i + 2)


def _acts_at_rest(state: State, i: int) -> bool:
    """ "a boy stands on a stool and watches": the second verb of the one who rests on something that cannot act."""
    words, relation = state.words, state.pending_relation
    if words.low(i - 1) != "and" or relation is None or len(relation.subjects) != 1 or not relation.objects:
        return False
    low, subject = words.low(i), relation.subjects[0]
    rests = relation.link.split()[:1] and is_ing_verb(relation.link.split()[0].lower())
    if not rests or subject.count != 1 or not is_animate(subject.noun) or all_animate(relation.objects):
        return False
    leads = words.is_end(i + 1) or words.low(i + 1) in PREPOSITIONS or has_object(words, i + 1)
    return _is_third_person(low) and leads


def _is_third_person(low: str) -> bool:
    """ "watches", "feeds", but no "guards" who could be people."""
    return low.endswith("s") and bool(plain_form(low)) and class_of(low) not in (PERSON, ANIMAL, PART)


def actors_of(state: State, i: int, finite: bool, main: bool) -> list[Thing]:
    """Those whom the verb at i is about, with the "and" in front of a second verb; `main`: it is that of a clause."""
    words = state.words
    again = words.low(i - 1) == "and"
    if _acts_at_rest(state, i) and state.pending_relation is not None:
        actor = state.pending_relation.subjects[0]
        state.end_relation()
        state.return_to(actor)
    elif again and state.previous is not None and _goes_on(state, state.previous, i, finite):
        state.end_relation()
        state.return_to(state.previous)  # "a mouse outwits a cat and steals its cheese"
    elif (several := _several_at_rest(state, i)) is not None:
        state.end_relation()
        state.speak_of(several)  # "a wolf and a bear sit around a table playing dominoes"
    elif (subject := _one_at_rest(state, i) or _head_of_clause(state, i, main)) is not None:
        state.end_relation()
        state.return_to(subject)
    targets = predicate_subjects(state)
    if again and targets and all(thing.trailing for thing in targets):
        add_words(targets, (words.tokens[i - 1],))  # "drink tea and chat" keeps its "and"
    return targets


def return_to_actor(state: State, i: int) -> None:
    """Speak of who acts behind a comma, where what is named last cannot: "a man next to a car, holding a wrench"."""
    words, last = state.words, state.last
    if not is_ing_verb(words.low(i)) or len(state.subjects) != 1 or last is None or last.host is not None:
        return
    actor, acts = state.subjects[0], words.low(i) in _DEEDS or has_object(words, i + 1)
    if acts and is_animate(actor.noun) and not is_animate(last.noun):
        state.return_to(actor)


def _one_at_rest(state: State, i: int) -> Thing | None:
    """Who acts beside or on something that cannot: "an old man on a bench feeding birds"."""
    words, relation = state.words, state.pending_relation
    if relation is None or len(relation.subjects) != 1 or not relation.objects or words.low(i) not in _DEEDS:
        return None
    if words.kind(i - 1) != WORD or not (has_object(words, i + 1) or words.is_open(i + 1)):
        return None
    if words.low(i - 1) in lex.RELATIVES or words.kind(i + 1) == ATOM:
        return None  # "a cat beside a sign that reads NO VACANCY"
    subject = relation.subjects[0]
    return subject if is_animate(subject.noun) and not any(is_animate(t.noun) for t in relation.objects) else None


def _several_at_rest(state: State, i: int) -> list[Thing] | None:
    """Those who act around or at something that cannot."""
    words, relation = state.words, state.pending_relation
    if relation is None or not relation.objects or words.low(i) not in _DEEDS or words.kind(i - 1) != WORD:
        return None
    subjects = list(relation.subjects)
    acts = has_object(words, i + 1) or words.is_open(i + 1)
    alive = all_animate(subjects) and not any(is_animate(one.noun) for one in relation.objects)
    return subjects if acts and alive and sum(one.known_count for one in subjects) > 1 else None


def _head_of_clause(state: State, i: int, main: bool) -> Thing | None:
    """ "an alarm clock on a table shows 6:45": what a clause is about, whose verb comes behind where it is."""
    words, relation = state.words, state.pending_relation
    if not main or relation is None or len(relation.subjects) != 1 or len(relation.objects) != 1:
        return None
    one, other = relation.subjects[0], relation.objects[0]
    stays = not is_ing_verb(relation.link.split()[0].lower()) and one.known_count == other.known_count == 1
    behind = words.tokens[i - 1] in other.words and not one.trailing
    return one if stays and behind else None


def _goes_on(state: State, actor: Thing, i: int, finite: bool) -> bool:
    """Whether the verb behind an "and" is one more of the actor's: "a man walking with a friend and talking"."""
    relation = state.pending_relation
    rests = relation is not None and actor in relation.subjects and is_ing_verb(relation.link.split()[0].lower())
    acts = any(is_ing_verb(token.low) for segment in actor.trailing for token in segment[:1])
    first = state.last is not None and not state.last.trailing and is_ing_verb(state.words.low(i))
    busy = state.last is not None and bool(state.last.trailing) and is_animate(state.last.noun)  # who acts is that one
    return (bool(actor.trailing) and not busy) if finite else (acts or rests) and first
