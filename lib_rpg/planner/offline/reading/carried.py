"""Reads who or what has a place with the one who acts: "riding a horse", "feeding seagulls", "leaning on a car"."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural
from lib_rpg.planner.language.prompt_tokens import Token, render
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import ANIMAL, PERSON, class_of
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.reading.facts import relate
from lib_rpg.planner.offline.reading.fronting import are_coloured, names_colour
from lib_rpg.planner.offline.reading.known_things import describe, known_thing
from lib_rpg.planner.offline.reading.lookahead import names_part
from lib_rpg.planner.offline.reading.model import MAX_THINGS, Thing
from lib_rpg.planner.offline.reading.referents import all_animate
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.things_made import make_thing

_RISES = lex.word_set("rising pouring billowing curling drifting spilling")
_THICK = lex.word_set("smoke mist fog steam flame fire")
_BOUNDS = lex.word_set("wall fence door window tree floor")
_LEANS = lex.word_set("leaning leans leaned propped sitting")
_USES_VEHICLE = lex.word_set(
    "driving steering piloting rowing washing repairing fixing pushing parking boarding sailing"
)
TENDS = lex.word_set("feeding herding walking chasing petting leading watching milking photographing")
OF_TOYS = lex.word_set("teddy toy plush stuffed wooden rubber porcelain paper plastic knitted ceramic inflatable")


def living_at(state: State, i: int, actors: Sequence[Thing]) -> Noun | None:
    """The animal or person that starts at i, whom someone holds, feeds or leads: "a boy feeding a husky"."""
    found = noun(state.words, i)
    if found is None or not actors or not all_animate(actors):
        return None
    if found.determiner in lex.POSSESSIVES and not _is_one_of_theirs(state.words, found, actors):
        return None
    toy = not OF_TOYS.isdisjoint(token.low for token in found.words) or found.noun == "bat"
    counted = found.bare and any(one.tag == found.noun and one.count == 1 for one in state.people.groups)
    given = counted or (found.count or 0) > 0 or found.determiner in lex.POSSESSIVES
    given = given and not found.vague and not toy and found.noun not in lex.COMPANIES
    room = len(state.reading.things) < MAX_THINGS
    return found if given and room and class_of(found.noun) in (ANIMAL, PERSON) and not names_part(found) else None


def _is_one_of_theirs(words: Words, found: Noun, actors: Sequence[Thing]) -> bool:
    """ "a boy hugs his dog", "a soldier hugs his sister"; no "teaching his grandson to knit"."""
    if is_plural(found.words[-1].low):
        return False
    taught = found.determiner == "whose" or words.low(found.end) in ("how", "to")
    kin = class_of(found.noun) == PERSON and not are_several(actors) and not taught
    return kin or class_of(found.noun) == ANIMAL


def are_several(actors: Sequence[Thing]) -> bool:
    return sum(actor.known_count for actor in actors) > 1


def _take_rising(state: State, i: int, connector: str, targets: Sequence[Thing]) -> int:
    """ "purple smoke rising from a bowl": it is above the bowl: the end of the verb, or 0."""
    words = state.words
    if connector not in _RISES or words.low(i + 1) != "from" or not targets or targets[0].noun not in _THICK:
        return 0
    source = noun(words, i + 2)
    if source is None or source.determiner not in ("a", "an"):
        return 0
    state.wait_for("above", list(targets), render(words.tokens[i : i + 2]))
    return i + 2


def take_contact(state: State, i: int, connector: str, targets: Sequence[Thing]) -> int:
    """ "leaning against a car", "smoke rising from a bowl": the end of a verb that says what touches what, or 0."""
    if end := _take_rising(state, i, connector, targets) or _take_propped(state, i, targets):
        return end
    leant = _leant_against(state.words, i) if len(targets) == 1 else 0
    if leant:
        state.speak_of(list(targets), together=False)
        link = render(state.words.tokens[i:leant])  # "a biker leaning against his black Harley"
        state.wait_for("within", list(targets), link)
    return leant


def _take_propped(state: State, i: int, targets: Sequence[Thing]) -> int:
    """ "a red guitar leaning against a black amplifier": they are beside each other: the end of the verb, or 0."""
    words = state.words
    found = noun(words, i + 2) if words.low(i) in _LEANS and words.low(i + 1) == "against" else None
    if found is None or found.bare or len(targets) != 1 or all_animate(targets) or found.noun in _BOUNDS:
        return 0
    if not are_coloured(words, targets, found):
        return 0
    state.wait_for("beside", list(targets), render(words.tokens[i : i + 2]))
    return i + 2


_FURNISHES = ("furniture", "instrument")


def _leant_against(words: Words, i: int) -> int:
    """Where the vehicle or piece of furniture is named that someone leans against or on, or 0."""
    found = noun(words, i + 2) if words.low(i) in _LEANS and words.low(i + 1) in ("against", "on") else None
    if found is None or found.bare:
        return 0
    big = found.determiner in ("a", "an") and class_of(found.noun) in _FURNISHES
    against = big and words.low(i + 1) == "against"  # "a sailor leaning against a grand piano"
    return i + 2 if against or class_of(found.noun) == "vehicle" else 0


def ridden_at(state: State, i: int, verb: str, actors: Sequence[Thing]) -> Noun | None:
    """The animal or vehicle that starts there: "riding a horse", "driving a red car", "feeding seagulls"."""
    found = noun(state.words, i)
    if found is None or len(state.reading.things) >= MAX_THINGS:
        return None
    toy = not OF_TOYS.isdisjoint(token.low for token in found.words)
    if verb == "riding" or (verb in _USES_VEHICLE and not toy):
        named = not found.bare or (verb == "riding" and state.people.counted and not is_plural(found.words[-1].low))
        return found if named and class_of(found.noun) in (ANIMAL, "vehicle") else None
    herd = found.bare and is_plural(found.words[found.head].low) and class_of(found.noun) == ANIMAL
    return found if herd and verb in TENDS and all_animate(actors) else None


_WRAPS = lex.word_set("blanket towel sheet quilt shawl wrap")


def _is_dressed_behind(words: Words, i: int) -> bool:
    """Whether what is behind who is carried is theirs: "with green eyes", "in a blue blanket", not "in a park"."""
    worn = noun(words, i + 1) if words.low(i) in ("in", "wearing") else None
    return words.low(i) in ("with", "that", "which", "who") or (
        worn is not None and (names_part(worn) or worn.noun in _WRAPS)
    )


def _counted(state: State, phrase: Noun) -> Thing | None:
    """The one whom a count tag named before: "1girl, 1wolf, girl riding a huge white wolf"."""
    found = [one for one in state.people.groups if one.tag == phrase.noun and one.count == 1 and one.host is None]
    if len(found) != 1 or found[0].trailing:
        return None
    describe(found[0], phrase.words[: phrase.head])
    return found[0]


def take_carried(state: State, rider: Thing, ridden: Noun, link: str) -> int:
    """ "an astronaut riding a horse", "a girl holding a kitten": two things in one place."""
    counted = _counted(state, ridden) or known_thing(state, ridden)
    thing = counted or make_thing(state.words, ridden)
    if rider.trailing and [token.low for token in rider.trailing[-1]] == [","]:
        rider.trailing.pop()  # "an elf, riding a stag" is "an elf riding a stag"
    if rider.trailing and [token.low for token in rider.trailing[-1]] == ["and"]:
        link = f"{render(rider.trailing.pop())} {link}"  # "wears a scarf and rides a bicycle"
    if counted is None:
        state.reading.things.append(thing)
    mixed = names_colour(rider.all_words) and names_colour(thing.words)  # one place would mix their looks
    if mixed:
        rider.trailing.append((Token(link, link),))  # "a girl in a red dress riding | a white horse"
    relate(state.reading, "above" if mixed else "within", [rider], [thing], link)
    state.continue_clause()
    if ridden.tag:
        state.people.speak_of([thing])  # "1girl, red hair, hugging 1boy, blue hair"
    if _is_dressed_behind(state.words, ridden.end):
        state.return_to(thing)
        state.speak_of([thing], together=False)  # "hugs a robot with a red eye"
    return ridden.end
