"""Reads verbs: what things do, one by one or together."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import gerund, is_plural
from lib_rpg.planner.language.prompt_tokens import COMMA, NUMBER, WORD, render
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.finite_verbs import (
    gerund_of,
    has_object,
    is_finite,
    is_infinitive,
    perfect_verb,
)
from lib_rpg.planner.offline.grammar.kinds import PERSON, class_of, is_animate, is_held
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.relations import Relation
from lib_rpg.planner.offline.grammar.verbs import ENCLOSES, is_unknown_verb
from lib_rpg.planner.offline.reading.actors import actors_of, acts_behind_aside, is_adverb_of_verb
from lib_rpg.planner.offline.reading.attributes import take_attribute, take_handed_over
from lib_rpg.planner.offline.reading.carried import (
    OF_TOYS,
    are_several,
    living_at,
    ridden_at,
    take_carried,
    take_contact,
)
from lib_rpg.planner.offline.reading.fronting import are_coloured
from lib_rpg.planner.offline.reading.known_things import is_known_name
from lib_rpg.planner.offline.reading.lookahead import fastened_end, names_part
from lib_rpg.planner.offline.reading.meetings import STRIKES, other_actor
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.outfits import can_hold
from lib_rpg.planner.offline.reading.pronouns import take_pronoun
from lib_rpg.planner.offline.reading.referents import acts_alone, add_words, all_animate, predicate_subjects
from lib_rpg.planner.offline.reading.state import State

_WORKS = lex.MAKES | lex.word_set(
    "inspecting examining pushing pulling lifting washing guarding admiring lighting loading digging"
)
_GRIPS = lex.word_set(
    "gripping raising lifting swinging wielding brandishing clutching waving pointing aiming playing strumming "
    "pounding plucking beating blowing flipping stirring smoking grasping hoisting tossing"
)
_GOES_BY = lex.word_set("passing overtaking approaching following")  # what it moves by has a place of its own
_SPREADS = lex.word_set(
    "lining dotting filling covering surrounding lighting framing littering flanking adorning crowding"
)
_BOUNDS = lex.word_set("wall ceiling floor shelf window air")
_JUGGLES = lex.word_set("balancing juggling carrying holding wielding brandishing waving")  # also several at once
_TOUCHES = lex.word_set("holding hugging carrying cradling kissing embracing cuddling rocking lifting nursing")
_INVERTED = lex.word_set(
    "stands sits lies hangs rises looms hovers floats sleeps kneels waits lurks appears stood sat lay"
)
_STRIKES = STRIKES | lex.word_set("bumped crashed smashed slammed rammed collided")
_LOOKS_INTO = lex.word_set(
    "examining studying admiring photographing sketching filming inspecting circling orbiting sniffing counting sorting"
)
_RIDES = lex.word_set("riding driving")
_ENCLOSES = ENCLOSES | lex.word_set("surrounding encircling")
_NO_ACTS = lex.word_set("showing depicting taking making having")  # "a sign shows a cat", "a girl takes a photo"


def take_verb(state: State, i: int) -> int:
    """A verb behind a thing, with its objects: the end. Finite verbs take the form that a phrase needs."""
    words, low = state.words, state.words.low(i)
    unlisted = is_finite(words, i) or is_unknown_verb(words, i) or acts_behind_aside(state, i)
    unlisted = unlisted or (words.low(i - 1) == "they" and not low.endswith("ing"))  # "they shake hands"
    finite = low not in lex.VERBS and unlisted
    connector = gerund_of(low) if finite else lex.VERBS.get(low, low)
    if connector != low:
        words.reword(i, connector)  # "drinks" is "drinking"
    if low.endswith("s") and state.last is not None and acts_alone(state, state.last):
        state.speak_of([state.last], together=False)  # "a woman is knitting and a cat sits behind her"
    if state.conjunction == "," and words.kind(i - 1) == COMMA and state.last is not None:
        add_words([state.last], (words.tokens[i - 1],))  # "a cat, asleep on a windowsill" keeps its comma
    if low in _INVERTED and words.low(i + 1) in ("a", "an") and noun(words, i + 1) is not None:
        state.end_relation()
        state.begin_clause()
        return i + 1  # "on the shore behind them stands a hut"
    targets = actors_of(state, i, finite, main=finite or (low.endswith("s") and low in lex.VERBS))
    if end := _take_by_word(state, i, targets):
        return end
    if is_adverb_of_verb(words, i):
        add_words(targets, (words.tokens[i],))
        return take_verb(state, i + 1)  # "a man holding a hammer, carefully shaping a blade"
    if (end := fastened_end(words, i)) and state.last is not None:
        state.speak_of([state.last], together=False)
        return take_pronoun(state, Relation(end - 1, "within"), render(words.tokens[i : end - 1]))
    if (other := other_actor(words, i, connector, targets)) is not None:
        _add_and_go_on(state, targets, i, other[0])
        return other[1]  # "a black cat facing a white dog"
    if finite and connector not in _TOUCHES and _acts_on_another(state, i + 1, targets):
        return _add_and_go_on(state, targets, i, i + 1)
    if end := take_handed_over(state, i, connector):
        return end
    if words.kind(i + 1) == NUMBER and not words.is_open(i + 2) and words.low(i + 2) != "of":
        return _add_and_go_on(state, targets, i, i + 2)  # "a sign showing 42"
    if (finite or connector in _GOES_BY | _LOOKS_INTO) and has_object(words, i + 1):
        return _take_act(state, i, targets, connector)
    return _take_with_objects(state, i, connector, targets)


def _take_with_objects(state: State, i: int, connector: str, targets: list[Thing]) -> int:
    """A verb with what stays with the actors, or has a place of its own: the end."""
    words = state.words
    work = i + 1 + (words.low(i + 1) in ("up", "out", "down"))  # "three pirates dig up a chest"
    if connector in _WORKS and _is_one_of_several(words, work, targets):
        return _add_and_go_on(state, targets, i, work)  # "three kids building a sandcastle"
    living = living_at(state, i + 1, targets) if connector not in lex.MAKES else None
    mixed = living is not None and connector not in _RIDES and are_coloured(words, targets, living)
    if living is not None and (living.count not in (None, 1) or are_several(targets) or mixed):
        return _add_and_go_on(state, targets, i, i + 1)  # "a duck leading five ducklings"
    if end := take_contact(state, i, connector, targets):
        return end
    carried = living or ridden_at(state, i + 1, connector, targets)
    if carried is not None and len(targets) == 1:
        return take_carried(state, targets[0], carried, connector)
    return take_attribute(state, i, connector)


def take_infinitive(state: State, i: int) -> int:
    """ "jumps to dunk the ball": what someone is about to do is said of them: the end, or 0."""
    words = state.words
    if words.starts(i, "not", "to") and state.last is not None:
        add_words(predicate_subjects(state), tuple(words.tokens[i : words.piece_end(i)]))
        state.continue_clause()
        return words.piece_end(i)  # "pretends not to see it"
    if words.low(i) != "to" or state.last is None or not is_infinitive(words, i):
        return 0
    targets, verb = predicate_subjects(state), gerund(words.low(i + 1))
    if (other := other_actor(words, i + 1, verb, targets)) is not None and not state.is_waiting:
        _add_and_go_on(state, targets, i, other[0])
        return other[1]  # "bows to kiss the hand of a witch"
    add_words(targets, (words.tokens[i],))
    return take_attribute(state, i + 1, verb)


def take_perfect(state: State, i: int) -> int:
    """ "a parrot that has lost its feathers": what someone has done is said of them: the end, or 0."""
    words = state.words
    verb = perfect_verb(words, i)
    if not verb or state.last is None:
        return 0
    words.reword(i, "having")
    add_words(predicate_subjects(state), tuple(words.tokens[i:verb]))
    return take_attribute(state, verb, gerund_of(words.low(verb)))


def _is_one_of_several(words: Words, i: int, actors: Sequence[Thing]) -> bool:
    """Whether several do something with one thing, which is there once."""
    work = noun(words, i)
    if work is None or work.count != 1 or work.determiner not in lex.ARTICLES or names_part(work):
        return False
    return sum(one.known_count for one in actors) > 1 and not is_animate(work.noun)


def _take_by_word(state: State, i: int, targets: Sequence[Thing]) -> int:
    """ "a robot named Unit 7", "five crows surrounded a fox": the end of what the verb itself decides, or 0."""
    words, low = state.words, state.words.low(i)
    if low in ("named", "called") and (end := _past_name(words, i + 1)):
        return _add_and_go_on(state, targets, i, end)
    struck = noun(words, i + 2) if low in _STRIKES and words.low(i + 1) == "into" else None
    if struck is not None and struck.count is not None and struck.noun not in lex.SCENE_WORDS and targets:
        return _add_and_go_on(state, targets, i, i + 2)  # "two birds bumped into a swan"
    ringed = noun(words, i + 1) if low in _ENCLOSES and has_object(words, i + 1) and targets else None
    if ringed is not None and ringed.noun not in lex.PLACES:
        words.reword(i, gerund_of(low))
        state.wait_for("around", list(targets), gerund_of(low))
        return i + 1
    return 0


def _past_name(words: Words, i: int) -> int:
    """The end of a name in capitals with its number: "Unit 7"; 0 where none is at i."""
    end = i
    while end < len(words) and (words.kind(end) == NUMBER or words.tokens[end].text[0].isupper()):
        end += 1
    return end if end > i and words.kind(i) == WORD else 0


def _take_act(state: State, i: int, targets: list[Thing], connector: str) -> int:
    """ "a heron outstares three frogs": the end of the verb, so that its object becomes a thing of its own."""
    low, found = state.words.low(i), noun(state.words, i + 1)
    if found is None or low in _NO_ACTS or not (_is_concrete(found) or low in _GOES_BY):
        return take_attribute(state, i, low)
    pet = living_at(state, i + 1, targets) if found.determiner in lex.POSSESSIVES and len(targets) == 1 else None
    if pet is not None:
        return take_carried(state, targets[0], pet, connector)  # "a lioness nuzzles her cub"
    following = noun(state.words, found.end + 1) if state.words.low(found.end) == "and" else None
    if following is not None and (following.count or 1) > 1 and not names_part(found):
        return _add_and_go_on(state, targets, i, i + 1)  # "a blacksmith appraises a cracked bell and two anvils"
    if _is_around(state, low, found) or _stays_with_actor(low, found, targets):
        return take_attribute(state, i, low)
    return _add_and_go_on(state, targets, i, i + 1)


def _acts_on_another(state: State, i: int, actors: Sequence[Thing]) -> bool:
    """ "orc tackles dwarf": whether one without an article does something to another without one."""
    other = noun(state.words, i)
    if other is None or not other.bare or not is_animate(other.noun) or is_plural(other.noun):
        return False
    alone = len(actors) == 1 and actors[0].count == 1 and not actors[0].determiners and all_animate(list(actors))
    return alone and state.words.is_end(other.end) and other.noun not in {one.noun for one in state.reading.things}


def _add_and_go_on(state: State, targets: Sequence[Thing], i: int, end: int) -> int:
    """Say the words [i, end) of the targets, behind which the clause goes on: the end."""
    add_words(targets, tuple(state.words.tokens[i:end]))
    state.continue_clause()
    return end


def _is_around(state: State, verb: str, phrase: Noun) -> bool:
    """ "trees line the beach", "a boy explores the forest": whether it is the place, and no thing of its own."""
    if phrase.determiner != "the" or is_known_name(state, phrase):
        return False
    spread = verb in _SPREADS and phrase.noun in lex.PLACES | lex.UNDERFOOT | lex.OVERHEAD | _BOUNDS
    return spread or phrase.noun in lex.PLACES - lex.THINGLIKE_PLACES


def _is_concrete(phrase: Noun) -> bool:
    """Whether it is something that has a place: "guarded two eggs", but not "conjures a storm", "takes a pose"."""
    return phrase.count not in (None, 1) or class_of(phrase.noun) not in ("", "phenomenon")


def _stays_with_actor(verb: str, phrase: Noun, actors: Sequence[Thing]) -> bool:
    """ "raises a staff", "repairs a clock", "sweeps the floor": it is where the one who does that is."""
    toy = not OF_TOYS.isdisjoint(token.low for token in phrase.words[:-1])  # "whittles a toy boat"
    if _is_own(verb, phrase, actors) or (toy and all_animate(actors) and sum(one.count for one in actors) == 1):
        return True
    looked_at = verb in _LOOKS_INTO and phrase.determiner in ("a", "an") and not is_held(phrase.noun)
    if is_animate(phrase.noun) or phrase.noun in lex.LARGE or looked_at:
        return False  # "a photographer photographs a wedding cake"
    if phrase.count not in (None, 1):
        return verb in _JUGGLES and can_hold(phrase) and all_animate(actors)
    alone = len(actors) == 1 and actors[0].count == 1  # "two squirrels smuggle a walnut": it is nobody's alone
    if alone and all_animate(actors) and (can_hold(phrase) or phrase.noun in lex.UNDERFOOT):
        return True
    return verb in _GRIPS or (alone and is_held(phrase.noun))


def _is_own(verb: str, phrase: Noun, actors: Sequence[Thing]) -> bool:
    """Whether it is a part of the one who acts: "bares its teeth", "raises an arm"; but "guards two eggs"."""
    if phrase.determiner in lex.POSSESSIVES:
        return class_of(phrase.noun) != PERSON or verb in _TOUCHES  # "a man teaches his grandson to knit"
    worn = names_part(phrase) and verb not in _GOES_BY  # "five ducklings follow a rubber boot"
    return worn and phrase.count in (None, 1) and all_animate(actors)
