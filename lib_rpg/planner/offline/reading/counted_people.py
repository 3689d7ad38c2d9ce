"""Resolves the people of a tag prompt: a count tag names them ("2girls"), later words are about these, not new ones."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import singular
from lib_rpg.planner.language.prompt_tokens import COMMA_TOKEN, STOP
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import ANIMAL, PERSON, class_of, is_animate, is_ing_verb
from lib_rpg.planner.offline.grammar.nouns import Noun
from lib_rpg.planner.offline.grammar.numbers import count_tag, count_tags
from lib_rpg.planner.offline.grammar.verbs import is_verb_form
from lib_rpg.planner.offline.reading.first_part import is_of_first_person
from lib_rpg.planner.offline.reading.known_things import describe, next_member
from lib_rpg.planner.offline.reading.lookahead import has_own_position
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.named_people import _ANYONE, _SOMEONE, is_bare, named_person
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.things_made import make_thing
from lib_rpg.planner.offline.tags.owners import add_tag
from lib_rpg.planner.offline.tags.tag import ROLE, Tag


def take_counted(state: State, phrase: Noun) -> int:
    """A count tag, or words about someone whom one counts: the end, or 0."""
    if end := _take_company(state, phrase):
        return end
    if phrase.tag and _adopt(state, phrase):
        return phrase.end
    person = _of_count_tag(state, phrase) if phrase.tag else named_person(state, phrase)
    if person is None:
        return 0
    if person not in state.reading.things and not _is_member(state, person):
        state.add_thing(person, phrase.end)
        if class_of(phrase.tag) in (PERSON, ANIMAL) or phrase.tag == "other":
            state.people.add(person, phrase.start, phrase.end)
        return phrase.end
    if not phrase.tag and not state.people.is_named(phrase.noun):
        _describe(person, phrase)
    state.mention(person, phrase.end)
    if not phrase.tag and is_of_first_person(state, phrase.start):
        state.people.speak_of([person])
    return phrase.end


def _take_company(state: State, phrase: Noun) -> int:
    """ "1boy, 1girl, couple walking a dog": those counted, of whom the verb is: the end, or 0."""
    groups = state.people.groups
    company = phrase.noun in lex.COMPANIES and not phrase.tag and phrase.determiner in ("", "a", "the")
    several = state.people.total > 1 and not any(group.vague for group in groups)
    if not (company and state.people.counted and several and is_ing_verb(state.words.low(phrase.end))):
        return 0
    state.people.speak_of_all()
    everyone = state.people.each()
    state.return_to(everyone[-1])
    state.speak_of(everyone)
    state.continue_clause()
    return phrase.end


def _adopt(state: State, phrase: Noun) -> bool:
    """Whether a count tag counts people that were named before it, who are its people now: "witch and nun, 2girls"."""
    people = state.people
    if _adopt_one(state, phrase):
        return True
    named = [t for t in state.reading.things if class_of(t.noun) == PERSON and not t.tag and t.host is None]
    named = named or _called_again(state)
    if people.groups or not named or sum(thing.count for thing in named) != phrase.count:
        return False
    for thing in named:
        thing.tag = phrase.tag
    people.groups = named
    people.speak_of_all()
    state.continue_clause()
    return True


def _called_again(state: State) -> list[Thing]:
    """ "aqua and ruby at the beach, 2girls, aqua has blue hair, ruby has red hair": those whom names call again."""
    words = state.words
    bare = [one for one in state.reading.things if not one.determiners and len(one.words) == 1 and one.count == 1]
    told = words.once(_told_of, 0)
    found = [one for one in bare if one.words[0].low in told and not one.tag and not is_animate(one.noun)]
    return found if len(found) > 1 and found[1].joined == "and" else []


def _told_of(words: Words, i: int) -> frozenset[str]:
    """The words with "has" or "is" behind them."""
    return frozenset(words.low(k) for k in range(i, len(words)) if words.low(k + 1) in lex.HAVE.keys() | lex.BE)


def _adopt_one(state: State, phrase: Noun) -> bool:
    """ "the doctor and the patient, 1man in a white coat, 1woman with a cast": whether it counts the next of those."""
    singles = [t for t in state.reading.things if class_of(t.noun) == PERSON and t.count == 1 and t.host is None]
    tags = [tag for tag in count_tags(state.words).values() if class_of(singular(tag[1])) == PERSON]
    free = [thing for thing in singles if not thing.tag and Tag(ROLE, tuple(thing.words)).fits(phrase.tag)]
    if phrase.count != 1 or not free or len(singles) < 2 or [tag[0] for tag in tags] != [1] * len(singles):
        return False
    free[0].tag, free[0].determiners = phrase.tag, ()
    state.people.add(free[0], phrase.start, phrase.end)
    state.mention(free[0], phrase.end)
    return True


def _is_member(state: State, thing: Thing) -> bool:
    return any(thing in group.members for group in state.people.groups)


def _begun_in_part(state: State, phrase: Noun, group: Thing) -> Thing | None:
    """ "2girls BREAK ayanami rei, 1girl, red eyes": whom the name before the count tag is of."""
    words, scope = state.words, state.people.scope
    start = next((k for k in range(phrase.start - 1, 0, -1) if words.is_break(k)), 0)
    counted = any(count_tag(words.low(k)) for k in range(start, phrase.start))
    begun = scope[0] if len(scope) == 1 and any(scope[0] is one for one in group.members) else None
    return begun if start and phrase.start > start + 1 and not counted else None


def _of_count_tag(state: State, phrase: Noun) -> Thing:
    """ "2girls" are new; "1girl" behind it is one of the two; in the middle of a line it is known."""
    same = [group for group in state.people.groups if group.tag == phrase.tag]
    if _is_of_next_part(state, phrase, same):
        return next_member(same[-1])  # "2girls, park AND 2girls, red hair AND 2girls, blue hair"
    if same and state.words.low(phrase.start - 2) == state.words.low(phrase.start):
        return make_thing(state.words, phrase)  # "1girl, 1girl, red hair, blue hair"
    for group in same:
        if phrase.count == 1 and group.count > 1 and (begun := _begun_in_part(state, phrase, group)):
            return begun
        if phrase.count == 1 and group.count > 1 and group.members_named < group.count:
            return next_member(group)  # "2girls, cafe BREAK 1girl, red hair BREAK 1girl, blue hair"
    words = state.words
    behind = phrase.end + is_verb_form(words, phrase.end, False)  # "1girl sitting on the left"
    said = words.low(phrase.end) in ("with", "in") or has_own_position(words, behind)
    alone = words.is_end(phrase.start - 1) and (words.is_end(phrase.end) or said)
    described = bool(same) and bool(same[-1].trailing or not is_bare(same[-1])) and alone
    if same and state.words.kind(phrase.start - 1) != STOP and not described:
        return same[-1]  # "…, 1man and 1woman"; but "1girl, red hair, 1girl, blue hair" are two
    # "1girl, 1boy, cafe" and then a line for each; but two lines that begin with "1girl" are two.
    undescribed = [group for group in same if group.count == phrase.count and is_bare(group) and not group.trailing]
    return undescribed[0] if undescribed else make_thing(state.words, phrase)


def _is_of_next_part(state: State, phrase: Noun, same: Sequence[Thing]) -> bool:
    """Whether a part begins with the count tag of all once more, and as many parts as people do so."""
    words, group = state.words, same[-1] if same else None
    if group is None or phrase.count != group.count or group.count < 2 or words.kind(phrase.start - 1) != STOP:
        return False
    tag = words.low(phrase.start)
    parts = sum(words.low(k) == tag and words.kind(k - 1) == STOP for k in range(1, len(words)))
    return parts == group.count


def _describe(person: Thing, phrase: Noun) -> None:
    """Say of a person what the phrase does: adjectives, or a name or role in place of the count tag's noun."""
    if phrase.noun == person.noun or phrase.noun in _ANYONE or (phrase.direction and phrase.noun in _SOMEONE):
        said = phrase.words[: phrase.head]
        if len(said) > 1 and said[-1].low == "hair":  # "red hair girl with guitar"
            add_tag(person, Tag("hair", said))
        else:
            describe(person, said)
    elif is_bare(person):
        person.words, person.head = list(phrase.words), phrase.head
    else:
        person.trailing.append((COMMA_TOKEN, *phrase.given, *phrase.words))
