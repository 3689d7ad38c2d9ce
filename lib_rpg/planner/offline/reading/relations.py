"""Reads relations to other things: "left of", "between", "on", "surrounded by", "below it"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural, singular
from lib_rpg.planner.language.prompt_tokens import COMMA, render
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.language.words import CONJUNCTIONS
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.finite_verbs import is_infinitive, plain_form
from lib_rpg.planner.offline.grammar.kinds import ANIMAL, PART, PERSON, class_of, is_animate
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.positions import Place
from lib_rpg.planner.offline.grammar.relations import Relation
from lib_rpg.planner.offline.grammar.verbs import is_verb_form
from lib_rpg.planner.offline.reading.attributes import take_attribute
from lib_rpg.planner.offline.reading.facts import is_at_sides, place_at, relate
from lib_rpg.planner.offline.reading.fronting import (
    are_coloured,
    depth_of,
    is_relation_in_front,
)
from lib_rpg.planner.offline.reading.in_or_on import owner_named, owner_of, take_in_or_on, take_on_part
from lib_rpg.planner.offline.reading.known_things import is_known_name, known_thing
from lib_rpg.planner.offline.reading.lookahead import names_part
from lib_rpg.planner.offline.reading.model import Fact, Thing
from lib_rpg.planner.offline.reading.near_sides import expect_near_side
from lib_rpg.planner.offline.reading.outfits import can_hold, past_body
from lib_rpg.planner.offline.reading.pronouns import is_pronoun, take_possessive, take_pronoun
from lib_rpg.planner.offline.reading.referents import add_words, all_animate, referents
from lib_rpg.planner.offline.reading.state import State

_COVERS = lex.word_set("blanket quilt duvet sheet bedsheet comforter cover covers blankets")
_LAYERED = lex.word_set("over under beneath")
_EDGES = lex.word_set("edge side end rim top corner surface arm back")
_HALVES = {"above": -1, "below": 1}


def take_relation(state: State, found: Relation, i: int) -> int:
    """A relation at i with what its words alone lead to: the end. The thing on its other side may come later."""
    words, end = state.words, found.end
    link = render(words.tokens[i:end])
    if found.referent:
        return take_possessive(state, found)  # "a dog on her left"
    if is_pronoun(words, end):
        return take_pronoun(state, found, link)
    if start := _past_adverb(state, found):
        state.expect_at(Place(start, None, _HALVES[found.kind]))
        return start
    phrase = noun(words, end)
    if phrase is not None and found.kind in ("on", "above") and (end := take_on_part(state, i, phrase, link)):
        return end
    if found.kind in ("in", "on"):
        return take_in_or_on(state, found, i, phrase, link)
    if phrase is None:
        return _take_alone(state, found, link)
    return _take_to_thing(state, found, i, phrase, link)


def _past_adverb(state: State, found: Relation) -> int:
    """ "Below, a crowd looks up", "and far below a small army winds through the valley": where who is there begins."""
    words = state.words
    if found.kind not in _HALVES or not state.at_start or words.low(found.end - 1) == "over":
        return 0
    start = found.end + (words.kind(found.end) == COMMA)
    one = noun(words, start)
    if one is None or is_relation_in_front(state, one):
        return 0
    given = one.determiner in ("a", "an") or (one.count or 1) > 1
    runs_on = is_plural(words.low(one.end - 1)) and bool(plain_form(words.low(one.end - 1)))  # "torch bearers winds"
    acts = is_verb_form(words, one.end, False) or (runs_on and words.low(one.end) in PREPOSITIONS)
    return start if given and (acts or start > found.end) else 0


def _take_to_thing(state: State, found: Relation, i: int, phrase: Noun, link: str) -> int:
    """A relation with a thing behind it: the end of the relation, or of what is read along with it."""
    words, end = state.words, found.end
    if found.kind in ("around", "ringed") and phrase.count is None and phrase.bare and state.last is not None:
        return _take_surroundings(state, found, i, phrase, link)
    if names_part(phrase) and words.low(i) in _LAYERED and _is_dressed(state):
        return take_attribute(state, i, "around")  # "wearing a mantle over dented armor"
    if found.kind == "beside" and link == "by" and phrase.determiner == "the" and names_part(phrase):
        return take_attribute(state, i, "around")  # "catches her partner by the wrists"
    if words.low(i) == "over" and phrase.determiner in lex.POSSESSIVES and can_hold(phrase) and _is_dressed(state):
        return take_attribute(state, i, "around")  # "a priest with a round face asleep over his crossword"
    covered = phrase.noun in _COVERS and found.kind == "below" and not is_known_name(state, phrase)
    if covered and referents(state) and all_animate(referents(state)[-1:]):
        return take_attribute(state, i, "around")  # "a man asleep under a striped blanket"
    driving = link in ("behind", "at") and phrase.noun == "wheel" and not is_known_name(state, phrase)
    if driving or (phrase.determiner == "its" and phrase.noun in _EDGES):
        return take_attribute(state, i, "around")  # "a table with a cloth hung over its edge"
    if past_body(words, i) > end and (taken := _take_about_body(state, found, i, phrase, link)):
        return taken
    owner = owner_named(words, phrase) if found.kind in ("below", "within") else None
    if owner is not None and (acting := referents(state)):
        add_words(acting, tuple(words.tokens[i : owner - 1]))  # "a mechanic leans under the hood of a blue truck"
        state.wait_for("beside", acting, render(words.tokens[i:owner]))
        return owner
    sides = [phrase]
    if found.kind == "between" and words.low(phrase.end) == "and" and (other := noun(words, phrase.end + 1)):
        sides.append(other)  # "between the lamp and the clock there is a vase"
    if is_relation_in_front(state, sides[-1]):
        return expect_near_side(state, found, sides, link)
    if found.kind == "ringed" and (one := _someone_at_rest(state)) is not None:
        state.end_relation()
        state.return_to(one)
    targets = referents(state)
    if targets:
        state.wait_for(_kind_for(words, found, targets, phrase, known_thing(state, phrase)), targets, link)
    return end


def _someone_at_rest(state: State) -> Thing | None:
    """Who is on or in something that is not alive: "a mermaid on a rock | surrounded by four seals"."""
    pending = state.pending_relation
    if pending is None or len(pending.subjects) != 1 or not pending.objects or pending.objects[-1] is not state.last:
        return None
    one = pending.subjects[0]
    return one if is_animate(one.noun) and not is_animate(pending.objects[-1].noun) else None


def _kind_for(words: Words, found: Relation, targets: list[Thing], other: Noun, others: Thing | None) -> str:
    """The relation; what is behind a thing or in front of it has a place of its own where one place would mix them.

    Several have, "a red car behind a blue bus" and "a tall boy behind a small girl": higher is further away.
    """
    if found.kind != "within":
        return found.kind
    if others is not None and others.host is None and class_of(others.noun) in ("vehicle", "building"):
        return depth_of(words, found)  # "a greenhouse with a racing car. A deer drinks in front of the car"
    coloured = are_coloured(words, targets, other)
    described = len(other.words) > 1 or words.low(other.end) in ("with", "in", "wearing", "holding")
    told = described and all(len(thing.words) > 1 or thing.trailing for thing in targets)
    counted = all(thing.tag for thing in targets)  # "1boy, 1girl, …, the knight kneels in front of the princess"
    someone = (told or counted) and all_animate(targets) and is_animate(other.noun)
    built = told and class_of(other.noun) == "building" and not all_animate(targets)
    if sum(thing.known_count for thing in targets) == 1 and not coloured and not someone and not built:
        return found.kind
    return depth_of(words, found)


def _is_dressed(state: State) -> bool:
    """Whether someone is spoken of, and with words about them."""
    targets = referents(state)
    return bool(targets) and class_of(targets[-1].noun) == PERSON and bool(targets[-1].trailing)


def _take_about_body(state: State, found: Relation, i: int, phrase: Noun, link: str) -> int:
    """ "a bird above his head": where someone else was named, it is above him: the end, or 0."""
    targets = referents(state)
    if not targets or class_of(targets[-1].noun) in (PERSON, PART):
        return take_attribute(state, i, "around")  # "a man with a lamp, a hat over one eye"
    if class_of(targets[-1].noun) == ANIMAL:
        targets = [one for one in targets if class_of(one.noun) != PERSON]  # "an old man and a goose under his arm"
    owner = owner_of(state, targets)
    if owner is None or not phrase.given:
        return 0
    state.end_relation()
    if found.kind == "around":
        add_words(targets, tuple(state.words.tokens[i : phrase.end]))  # "pigeons around his feet"
    relate(state.reading, found.kind, targets, [owner], link)
    state.said_of(targets)
    state.leave_start()
    return phrase.end


def _take_alone(state: State, found: Relation, link: str) -> int:
    """A relation with no thing behind it."""
    words, end = state.words, found.end
    targets = referents(state)
    sides = [t for t in state.reading.things if t not in targets][-2:]
    middle = sides[-1:]
    if found.kind == "around" and targets and middle:
        # "a teapot in the center with a cup on each side"
        state.end_relation()
        relate(state.reading, found.kind, targets, middle, link)
        state.said_of(targets)
    elif found.kind == "around" and len(targets) == 1 and is_at_sides(link):
        state.reading.facts.append(Fact("sides", (targets[0],)))  # "a road with lamps on both sides, a carriage"
        state.said_of(targets)
        return end
    ends = words.is_end(end) or words.low(end) in CONJUNCTIONS | lex.BE or is_infinitive(words, end)
    if found.kind == "between" and targets and ends and len(sides) == 2:
        state.end_relation()
        relate(state.reading, "between", targets, sides, link)  # "a cat, a dog, a bird in between"
        state.said_of(targets)
        return end
    if words.low(end - 1) == "behind" and ends and len(targets) == 1 and targets[0].noun in lex.SCENE_WORDS:
        targets[0].behind = True  # "a bee on a flower, blurred meadow behind"
        state.said_of(targets)
        return end
    if found.kind in _HALVES and words.low(end - 1) != "over" and targets and ends:
        placed = [f for f in state.reading.facts if f.kind == "at" and f.axis == 1 and middle and middle[0] in f.things]
        if placed and found.kind == "below" and words.says("bottom"):
            # "a castle on top, a village below, a river at the bottom"
            relate(state.reading, "below", targets, middle, link)
        else:
            for thing in targets:  # "a moose above, a beaver below", "the road below is grey"
                place_at(state.reading, thing, Place(end, None, _HALVES[found.kind]))
        state.said_of(targets)
    return end


def _take_surroundings(state: State, found: Relation, i: int, phrase: Noun, link: str) -> int:
    """What is around or surrounded by something without article or number."""
    scenic = phrase.noun in lex.SCENE_WORDS or singular(phrase.noun) in lex.SCENE_WORDS
    targets = referents(state)
    ringed = found.kind == "ringed" and is_plural(phrase.words[phrase.head].low) and bool(targets) and not scenic
    if ringed and len(targets) > 1 and all(thing.trailing for thing in targets):
        state.end_relation()
        state.restart_list()
        return found.end  # "an elf with … and a dwarf with …, surrounded by goblins": these are nobody's
    if ringed:
        # "a cake surrounded by presents": so many that they share its place.
        dressed = is_animate(phrase.noun) and state.words.low(phrase.end) in ("in", "wearing")
        apart = dressed and all_animate(targets) and bool(targets[-1].trailing)
        apart = apart or are_coloured(state.words, targets, phrase)  # "a red umbrella among black umbrellas"
        state.wait_for("around" if apart else "within", targets, link)
        return found.end
    return take_attribute(state, i, "around")  # "a house surrounded by fog"
