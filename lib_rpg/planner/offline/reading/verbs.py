"""Reads verbs: what things do, one by one or together."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import gerund, is_plural
from lib_rpg.planner.language.prompt_tokens import ATOM, COMMA, NUMBER, WORD, render
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.finite_verbs import (
    gerund_of,
    has_object,
    is_finite,
    is_infinitive,
    perfect_verb,
    plain_form,
)
from lib_rpg.planner.offline.grammar.kinds import ANIMAL, PART, PERSON, class_of, is_animate, is_held, is_ing_verb
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.relations import Relation
from lib_rpg.planner.offline.grammar.verbs import is_unknown_verb, is_verb_form
from lib_rpg.planner.offline.reading.attributes import take_attribute
from lib_rpg.planner.offline.reading.facts import relate
from lib_rpg.planner.offline.reading.lookahead import fastened_end, names_part
from lib_rpg.planner.offline.reading.meetings import other_actor
from lib_rpg.planner.offline.reading.model import MAX_THINGS, Thing
from lib_rpg.planner.offline.reading.outfits import can_hold
from lib_rpg.planner.offline.reading.pronouns import take_pronoun
from lib_rpg.planner.offline.reading.referents import (
    acts_by_itself,
    add_words,
    all_animate,
    have_own_facts,
    is_known_name,
    is_listed,
    named_members,
    predicate_subjects,
    sums_up_list,
)
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.things_made import make_thing

_WORKS = lex.MAKES | lex.word_set(
    "inspecting examining pushing pulling lifting washing guarding admiring lighting loading digging"
)
_DEEDS = frozenset(gerund(verb) for verb in lex.PLAIN_VERBS - lex.STATES)
_GRIPS = lex.word_set(
    "gripping raising lifting swinging wielding brandishing clutching waving pointing aiming playing strumming "
    "pounding plucking beating blowing flipping stirring smoking grasping hoisting tossing"
)
_RISES = lex.word_set("rising pouring billowing curling drifting spilling")
_THICK = lex.word_set("smoke mist fog steam flame fire")
_LEANS = lex.word_set("leaning leans leaned propped sitting")
_USES_VEHICLE = lex.word_set(
    "driving steering piloting rowing washing repairing fixing pushing parking boarding sailing"
)
_TENDS = lex.word_set("feeding herding walking chasing petting leading watching milking photographing")
_GOES_BY = lex.word_set("passing overtaking approaching")  # what it moves by has a place of its own
_SPREADS = lex.word_set(
    "lining dotting filling covering surrounding lighting framing littering flanking adorning crowding"
)
_BOUNDS = lex.word_set("wall ceiling floor shelf window air")
_JUGGLES = lex.word_set("balancing juggling carrying holding wielding brandishing waving")  # also several at once
_TOUCHES = lex.word_set("holding hugging carrying cradling kissing embracing cuddling rocking lifting nursing")
_INVERTED = lex.word_set(
    "stands sits lies hangs rises looms hovers floats sleeps kneels waits lurks appears stood sat lay"
)
_OF_TOYS = lex.word_set("teddy toy plush stuffed wooden rubber porcelain paper plastic knitted ceramic inflatable")
_NO_ACTS = lex.word_set("showing depicting taking making having")  # "a sign shows a cat", "a girl takes a photo"


def take_verb(state: State, i: int) -> int:
    """A verb behind a thing, with its objects: the end. Finite verbs take the form that a phrase needs."""
    words, low = state.words, state.words.low(i)
    unlisted = is_finite(words, i) or is_unknown_verb(words, i) or acts_behind_aside(state, i)
    finite = low not in lex.VERBS and unlisted
    connector = gerund_of(low) if finite else lex.VERBS.get(low, low)
    if connector != low:
        words.reword(i, connector)  # "drinks" is "drinking"
    if state.conjunction == "," and words.kind(i - 1) == COMMA and state.last is not None:
        add_words([state.last], (words.tokens[i - 1],))  # "a cat, asleep on a windowsill" keeps its comma
    if low in _INVERTED and words.low(i + 1) in ("a", "an") and noun(words, i + 1) is not None:
        state.end_relation()
        state.begin_clause()
        return i + 1  # "on the shore behind them stands a hut"
    targets = _actors(state, i, finite)
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
    if words.kind(i + 1) == NUMBER and not words.is_open(i + 2) and words.low(i + 2) != "of":
        return _add_and_go_on(state, targets, i, i + 2)  # "a sign showing 42"
    if (finite or connector in _GOES_BY) and has_object(words, i + 1):
        return _take_act(state, i, targets)
    if connector in _WORKS and _is_one_of_several(words, i + 1, targets):
        return _add_and_go_on(state, targets, i, i + 1)  # "three kids building a sandcastle"
    living = _living(state, i + 1, targets) if connector not in lex.MAKES else None
    if living is not None and (living.count != 1 or _are_several(targets)):
        return _add_and_go_on(state, targets, i, i + 1)  # "a duck leading five ducklings"
    if (leant := _leant_against(words, i)) and len(targets) == 1:
        state.speak_of(targets, together=False)
        state.wait_for("within", targets, render(words.tokens[i:leant]))  # "a biker leaning against his black Harley"
        return leant
    if end := _take_rising(state, i, connector, targets):
        return end
    carried = living or _ridden(state, i + 1, connector, targets)
    if carried is not None and len(targets) == 1:
        return _take_carried(state, targets[0], carried, connector)
    return take_attribute(state, i, connector)


def _living(state: State, i: int, actors: Sequence[Thing]) -> Noun | None:
    """The animal or person that starts at i, whom someone holds, feeds or leads: "a boy feeding a husky"."""
    found = noun(state.words, i)
    if found is None or not actors or not all_animate(actors) or found.determiner in lex.POSSESSIVES:
        return None
    toy = not _OF_TOYS.isdisjoint(token.low for token in found.words) or found.noun == "bat"
    given = (found.count or 0) > 0 and not found.vague and not toy and found.noun not in lex.COMPANIES
    room = len(state.reading.things) < MAX_THINGS
    return found if given and room and class_of(found.noun) in (ANIMAL, PERSON) and not names_part(found) else None


def _are_several(actors: Sequence[Thing]) -> bool:
    return sum(actor.known_count for actor in actors) > 1


def take_infinitive(state: State, i: int) -> int:
    """ "jumps to dunk the ball": what someone is about to do is said of them: the end, or 0."""
    words = state.words
    if words.low(i) != "to" or state.last is None or not is_infinitive(words, i):
        return 0
    add_words(predicate_subjects(state), (words.tokens[i],))
    return take_attribute(state, i + 1, gerund(words.low(i + 1)))


def take_perfect(state: State, i: int) -> int:
    """ "a parrot that has lost its feathers": what someone has done is said of them: the end, or 0."""
    words = state.words
    verb = perfect_verb(words, i)
    if not verb or state.last is None:
        return 0
    words.reword(i, "having")
    add_words(predicate_subjects(state), tuple(words.tokens[i:verb]))
    return take_attribute(state, verb, gerund_of(words.low(verb)))


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
    if not plain_form(low) or class_of(low):
        return False
    return words.is_open(i + 1) or has_object(words, i + 1) or words.low(i + 1) in PREPOSITIONS


def acts_again(state: State, i: int) -> bool:
    """ "a couple share an umbrella and wait for their food": the second plain verb of several."""
    words, actor = state.words, state.last
    if _acts_at_rest(state, i):
        return True
    if words.low(i - 1) != "and" or words.low(i) not in lex.PLAIN_VERBS or actor is None or not actor.trailing:
        return False
    several = actor.count > 1 or actor.noun in lex.COMPANIES
    acts = any(is_ing_verb(segment[0].low) for segment in actor.trailing)
    ends = words.is_end(i + 1) and not class_of(words.low(i))  # "… and laugh", but "… bread and drink"
    return several and acts and (ends or words.low(i + 1) in PREPOSITIONS or has_object(words, i + 1))


def _acts_at_rest(state: State, i: int) -> bool:
    """ "a boy stands on a stool and watches": the second verb of the one who rests on something that cannot act."""
    words, relation = state.words, state.pending_relation
    if words.low(i - 1) != "and" or relation is None or len(relation.subjects) != 1 or not relation.objects:
        return False
    low, subject = words.low(i), relation.subjects[0]
    rests = relation.link.split()[:1] and is_ing_verb(relation.link.split()[0].lower())
    if not rests or subject.count != 1 or not is_animate(subject.noun) or all_animate(relation.objects):
        return False
    verb = low.endswith("s") and bool(plain_form(low)) and class_of(low) not in (PERSON, ANIMAL, PART)
    return verb and (words.is_end(i + 1) or words.low(i + 1) in PREPOSITIONS)


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
    if low == "surrounded" and has_object(words, i + 1) and targets:
        words.reword(i, "surrounding")
        state.wait_for("around", list(targets), "surrounding")
        return i + 1
    return 0


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


def _past_name(words: Words, i: int) -> int:
    """The end of a name in capitals with its number: "Unit 7"; 0 where none is at i."""
    end = i
    while end < len(words) and (words.kind(end) == NUMBER or words.tokens[end].text[0].isupper()):
        end += 1
    return end if end > i and words.kind(i) == WORD else 0


def _leant_against(words: Words, i: int) -> int:
    """Where the vehicle is named that someone leans against or on, or 0."""
    found = noun(words, i + 2) if words.low(i) in _LEANS and words.low(i + 1) in ("against", "on") else None
    return i + 2 if found is not None and not found.bare and class_of(found.noun) == "vehicle" else 0


def _ridden(state: State, i: int, verb: str, actors: Sequence[Thing]) -> Noun | None:
    """The animal or vehicle that starts there: "riding a horse", "driving a red car", "feeding seagulls"."""
    found = noun(state.words, i)
    if found is None or len(state.reading.things) >= MAX_THINGS:
        return None
    toy = not _OF_TOYS.isdisjoint(token.low for token in found.words)
    if verb == "riding" or (verb in _USES_VEHICLE and not toy):
        return found if not found.bare and class_of(found.noun) in (ANIMAL, "vehicle") else None
    herd = found.bare and is_plural(found.words[found.head].low) and class_of(found.noun) == ANIMAL
    return found if herd and verb in _TENDS and all_animate(actors) else None


def _take_carried(state: State, rider: Thing, ridden: Noun, link: str) -> int:
    """ "an astronaut riding a horse", "a girl holding a kitten": two things in one place."""
    thing = make_thing(state.words, ridden)
    if rider.trailing and [token.low for token in rider.trailing[-1]] == ["and"]:
        link = f"{render(rider.trailing.pop())} {link}"  # "wears a scarf and rides a bicycle"
    state.reading.things.append(thing)
    relate(state.reading, "within", [rider], [thing], link)
    state.continue_clause()
    return ridden.end


def _actors(state: State, i: int, finite: bool) -> list[Thing]:
    """Those whom the verb at i is about, with the "and" in front of a second verb."""
    words = state.words
    again = words.low(i - 1) == "and"
    if _acts_at_rest(state, i) and state.pending_relation is not None:
        actor = state.pending_relation.subjects[0]
        state.end_relation()
        state.return_to(actor)
    elif again and state.previous is not None and _goes_on(state, state.previous, i, finite):
        state.end_relation()
        state.return_to(state.previous)  # "a mouse outwits a cat and steals its cheese"
    elif (subject := _one_at_rest(state, i)) is not None:
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


def _goes_on(state: State, actor: Thing, i: int, finite: bool) -> bool:
    """Whether the verb behind an "and" is one more of the actor's: "a man walking with a friend and talking"."""
    relation = state.pending_relation
    rests = relation is not None and actor in relation.subjects and is_ing_verb(relation.link.split()[0].lower())
    acts = any(is_ing_verb(token.low) for segment in actor.trailing for token in segment[:1])
    first = state.last is not None and not state.last.trailing and is_ing_verb(state.words.low(i))
    busy = state.last is not None and bool(state.last.trailing) and is_animate(state.last.noun)  # who acts is that one
    return (bool(actor.trailing) and not busy) if finite else (acts or rests) and first


def _take_act(state: State, i: int, targets: list[Thing]) -> int:
    """ "a heron outstares three frogs": the end of the verb, so that its object becomes a thing of its own."""
    low, found = state.words.low(i), noun(state.words, i + 1)
    if found is None or low in _NO_ACTS or not (_is_concrete(found) or low in _GOES_BY):
        return take_attribute(state, i, low)
    following = noun(state.words, found.end + 1) if state.words.low(found.end) == "and" else None
    if following is not None and (following.count or 1) > 1 and not names_part(found):
        return _add_and_go_on(state, targets, i, i + 1)  # "a blacksmith appraises a cracked bell and two anvils"
    if _is_around(state, low, found) or _stays_with_actor(low, found, targets):
        return take_attribute(state, i, low)
    return _add_and_go_on(state, targets, i, i + 1)


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
    if _is_own(verb, phrase, actors):
        return True
    if is_animate(phrase.noun) or phrase.noun in lex.LARGE:
        return False
    if phrase.count not in (None, 1):
        return verb in _JUGGLES and can_hold(phrase) and all_animate(actors)
    alone = len(actors) == 1 and actors[0].count == 1  # "two squirrels smuggle a walnut": it is nobody's alone
    if alone and all_animate(actors) and (can_hold(phrase) or phrase.noun in lex.UNDERFOOT):
        return True
    return verb in _GRIPS or is_held(phrase.noun)


def _is_own(verb: str, phrase: Noun, actors: Sequence[Thing]) -> bool:
    """Whether it is a part of the one who acts: "bares its teeth", "raises an arm"; but "guards two eggs"."""
    if phrase.determiner in lex.POSSESSIVES:
        return class_of(phrase.noun) != PERSON or verb in _TOUCHES  # "a man teaches his grandson to knit"
    return names_part(phrase) and phrase.count in (None, 1) and all_animate(actors)


def take_group_verb(state: State, i: int) -> int:
    """A verb of all the things before: "…, one in red and one in orange, drink tea": the end, or 0.

    What a plural verb, or a verb behind the list, is about becomes the current list: the members named, or the items.
    """
    if not takes_group_verb(state, i):
        return 0
    return take_verb(state, i)


def takes_group_verb(state: State, i: int) -> bool:
    """Whether the word at i is a verb of all the things before, which become the current list."""
    low = state.words.low(i)
    if state.last is None or state.pending_positions or not _can_be_of_all(state.words, i):
        return False
    several = named_members(state, all_named=low not in lex.PLAIN_VERBS)
    if len(several or state.current_list) < 2 and state.last.count < 2:
        return False
    plural = _is_plural_verb(state, i, several)
    shared = _is_shared_participle(state, i, several)
    _speak_of_group(state, low, several, plural, shared)
    if (plural and (several or state.current_list)) or shared or (several and low in ("are", "were")):
        state.continue_clause("and" if state.conjunction == "and" else "")
    return plural or shared


def _can_be_of_all(words: Words, i: int) -> bool:
    """Whether it is a word, and not that of "the others", which is theirs alone."""
    return words.kind(i) == WORD and words.low(i - 1) not in ("others", "ones")


def _is_plural_verb(state: State, i: int, several: Sequence[Thing]) -> bool:
    """Whether the verb "drink" or "play" is at i, and not the noun: "two students, one with glasses, read books"."""
    words, low = state.words, state.words.low(i)
    if low not in lex.PLAIN_VERBS or words.low(i + 1) in lex.SCENE_WORDS:
        return False
    actors = several or state.current_list or [state.last] if state.last is not None else []
    if low not in lex.STATES and not all_animate(actors):
        return False
    if state.at_start:
        # In a list of tags ("two girls, smile") a word such as this one is a noun.
        return bool(several) or state.collective or sums_up_list(state) or _is_behind_aside(state, i)
    return is_verb_form(words, i, False)


def _are_only_named(state: State, i: int) -> bool:
    """ "a violinist, a cellist and a pianist performing": whether nothing else is said of any of them."""
    words, things = state.words, state.current_list
    named = len(things) > 1 and state.last_conjunction in ("and", ", and") and words.is_open(i - 1)
    bare = all(thing.count == 1 and not (thing.trailing or thing.cellmates) for thing in things)
    alone = words.is_end(i + 1) or words.low(i + 1) in PREPOSITIONS  # but "a hen and a rooster pecking corn"
    if not (named and bare and alone) or _is_in_room_for_one(words, i + 1):
        return False
    return state.pending_relation is None and all_animate(things)


def _is_in_room_for_one(words: Words, i: int) -> bool:
    """ "a nurse, a doctor and a patient lying in a bed": only the last is in the bed."""
    where = noun(words, i + 1) if words.low(i) in ("in", "inside") else None
    return where is not None and (where.noun in lex.CONTAINERS or class_of(where.noun) in ("furniture", "container"))


def _is_behind_aside(state: State, i: int) -> bool:
    """ "A boy and his friend, a red panda, walk through a forest"."""
    words, said = state.words, state.last.trailing[:1] if state.last is not None else []
    aside = bool(said) and said[0][0].kind == COMMA and len(state.current_list) > 1 and not state.tag_style
    return aside and (words.low(i + 1) in PREPOSITIONS or has_object(words, i + 1))


def _is_shared_participle(state: State, i: int, several: Sequence[Thing]) -> bool:
    """Whether an -ing form behind a list is that of all: "…, one in red, one in orange, drinking tea"."""
    words, low = state.words, state.words.low(i)
    if not low.endswith("ing") or not is_verb_form(words, i, False):
        return False
    if not is_listed(state):
        return _are_only_named(state, i)
    if words.low(i - 1) in ("one", "is", "was") or words.low(i + 1) in lex.AFTER_ING:
        return False  # "…, one wearing a hat", "a cat and a dog, flying saucer"
    return bool(several) or (all_animate(state.current_list) and state.last_conjunction in ("and", ", and"))


def _speak_of_group(state: State, low: str, several: Sequence[Thing], plural: bool, shared: bool) -> None:
    """Make those the verb is about the current list, where there is one."""
    if several and (plural or low in ("are", "were") or _is_of_all(state, low, several, shared)):
        state.end_relation()
        state.speak_of(list(several))
    elif state.last is not None and acts_by_itself(state, state.last):
        state.speak_of([state.last], together=False)  # "a man leads the race and two riders chase him"
    elif (plural or (shared and not several)) and len(several or state.current_list) > 1:
        state.speak_of_all()  # "the cat and the dog sleep on a rug"


def _is_of_all(state: State, low: str, several: Sequence[Thing], shared: bool) -> bool:
    """Whether what comes is about each member and not about the last one alone: "…, both with hats"."""
    every = is_listed(state) and low in ("both", "all", "each")
    return (shared or every) and not have_own_facts(state, several)
