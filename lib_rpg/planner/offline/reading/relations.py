"""Reads relations to other things: "left of", "between", "on", "surrounded by", "below it"."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural, singular
from lib_rpg.planner.language.prompt_tokens import COMMA, render
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.language.words import CONJUNCTIONS
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.finite_verbs import is_infinitive, plain_form
from lib_rpg.planner.offline.grammar.kinds import ANIMAL, PART, PERSON, class_of, is_animate, is_ing_verb
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.places import place
from lib_rpg.planner.offline.grammar.positions import Place
from lib_rpg.planner.offline.grammar.relations import Relation
from lib_rpg.planner.offline.grammar.verbs import is_verb_form
from lib_rpg.planner.offline.reading.attributes import take_attribute
from lib_rpg.planner.offline.reading.belongings import NEUTER
from lib_rpg.planner.offline.reading.facts import place_at, relate
from lib_rpg.planner.offline.reading.fronting import (
    are_coloured,
    depth_of,
    is_relation_in_front,
    kind_in_front,
    past_verbs,
)
from lib_rpg.planner.offline.reading.general_names import called_so
from lib_rpg.planner.offline.reading.known_things import is_known_name, known_thing
from lib_rpg.planner.offline.reading.lookahead import names_part, past_introduction
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.outfits import can_hold, past_body
from lib_rpg.planner.offline.reading.pronouns import is_pronoun, take_possessive, take_pronoun
from lib_rpg.planner.offline.reading.referents import add_words, all_animate, referents
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.things_made import make_thing

_BOUNDS = lex.word_set("wall ceiling floor ground side rim edge brim")  # what is on them is in the room
_BITES = lex.word_set("chewing gnawing nibbling feeding snacking munching sucking working")
_DEVICES = lex.word_set("phone telephone smartphone cellphone cell laptop tablet typewriter walkie-talkie radio")
_CALLS = lex.word_set("talking speaking chatting texting typing calling arguing playing scrolling")
_RESTS = lex.word_set("sleeps rests naps lies sits kneels")  # "on the sofa sleeps a cat"
_COVERS = lex.word_set("blanket quilt duvet sheet bedsheet comforter cover covers blankets")
_LAYERED = lex.word_set("over under beneath")
_SEATS = lex.word_set("sofa couch armchair chair bench bed hammock stool recliner futon loveseat seat pew mattress")
_LAIN_ON = lex.word_set("side back belly stomach hind")
_EDGES = lex.word_set("edge side end rim top corner surface arm back")
_PARTS_OF = {
    "building": lex.word_set("roof rooftop tower chimney spire turret battlement parapet balcony doorstep porch step"),
    "vehicle": lex.word_set("roof deck mast hood bow stern prow bumper trunk wing"),
    "plant": lex.word_set("branch bough treetop"),
    "container": lex.word_set("lid rim brim handle"),
    "furniture": lex.word_set("armrest headboard footboard cushion pillow tabletop"),
}  # by the class of what they are parts of
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
    if phrase is not None and found.kind in ("on", "above") and (end := _take_on_part(state, i, phrase, link)):
        return end
    if found.kind in ("in", "on"):
        return _take_in_or_on(state, found, i, phrase, link)
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
    owner = _owner_named(words, phrase) if found.kind in ("below", "within") else None
    if owner is not None and (acting := referents(state)):
        add_words(acting, tuple(words.tokens[i : owner - 1]))  # "a mechanic leans under the hood of a blue truck"
        state.wait_for("beside", acting, render(words.tokens[i:owner]))
        return owner
    sides = [phrase]
    if found.kind == "between" and words.low(phrase.end) == "and" and (other := noun(words, phrase.end + 1)):
        sides.append(other)  # "between the lamp and the clock there is a vase"
    if is_relation_in_front(state, sides[-1]):
        return _expect_near_side(state, found, sides, link)
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
    owner = _owner(state, targets)
    if owner is None or not phrase.given:
        return 0
    state.end_relation()
    if found.kind == "around":
        add_words(targets, tuple(state.words.tokens[i : phrase.end]))  # "pigeons around his feet"
    relate(state.reading, found.kind, targets, [owner], link)
    state.said_of(targets)
    state.leave_start()
    return phrase.end


def _owner(state: State, targets: list[Thing]) -> Thing | None:
    """The person before whom an animal is on or above: the "her" of "a parrot on her shoulder"."""
    if any(class_of(thing.noun) == PERSON for thing in targets):
        return None
    others = [t for t in reversed(state.reading.things) if t.count == 1 and t not in targets and is_animate(t.noun)]
    return next((t for t in others if class_of(t.noun) == PERSON), others[0] if others else None)


def _expect_near_side(state: State, found: Relation, sides: list[Noun], link: str) -> int:
    """ "below the bridge there is a boat": the things of the far side are named, that of the near side comes."""
    state.end_relation()
    state.clear_list()
    objects: list[Thing] = []
    for side in sides:
        known = known_thing(state, side) or called_so(state, side)
        objects.append(known or make_thing(state.words, side))
        if known is None:
            state.add_thing(objects[-1], side.end)
    state.return_to(objects[-1])
    kind = kind_in_front(state.words, found)
    if _stand_apart(state, sides[-1], objects):
        kind = depth_of(state.words, found)
    state.expect_related(kind, objects, link)
    end, spot = sides[-1].end, place(state.words, sides[-1].end)
    if isinstance(spot, Place) and len(sides) == 1:
        end = spot.end  # "on the nightstand to the right there is a cup"
        place_at(state.reading, objects[0], spot)
        state.pending_positions.append(spot)
    state.begin_item("")
    return past_introduction(state.words, past_verbs(state.words, end))[0]


def _stand_apart(state: State, far: Noun, objects: Sequence[Thing]) -> bool:
    """ "Behind the white car a freight train crosses": whether both are large, and each has words of its own."""
    near = noun(state.words, past_verbs(state.words, far.end))
    large = ("vehicle", "building")
    if near is None or len(objects) != 1 or class_of(objects[0].noun) not in large or class_of(near.noun) not in large:
        return False
    return len(near.words) > 1 and (len(objects[0].words) > 1 or bool(objects[0].trailing))


def _opens_with(state: State, phrase: Noun) -> bool:
    """Whether a sentence begins with where its thing is: "On the table stands a vase", "In the box there is a cat"."""
    return not phrase.bare and not names_part(phrase) and is_relation_in_front(state, phrase)


def _expect_inside(state: State, found: Relation, i: int, phrase: Noun, link: str) -> int:
    """ "on the table stands", "in the box is", "on the far wall there is": the end. A wall is no thing of its own."""
    words = state.words
    if phrase.noun in _BOUNDS:
        state.end_relation()
        state.begin_clause()
        state.expect_said(words.tokens[i : phrase.end])
        return past_introduction(words, past_verbs(words, phrase.end))[0]
    resting = found.kind == "on" and words.low(phrase.end) not in _RESTS and phrase.noun not in lex.MOUNTS
    return _expect_near_side(state, Relation(found.end, "above" if resting else "within"), [phrase], link)


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


# In and on: with some things they share a place, of others they are a part


def _take_in_or_on(state: State, found: Relation, i: int, phrase: Noun | None, link: str) -> int:
    if phrase is None:
        return i + 1  # "a lamp that is on"
    if found.kind == "on" and (end := _take_on_side(state, i, phrase)):
        return end
    if _opens_with(state, phrase):
        return _expect_inside(state, found, i, phrase, link)
    targets = referents(state)
    if not targets:
        return found.end
    if (owner := _owner_named(state.words, phrase)) is not None:
        whole = noun(state.words, owner)
        kind = (
            "within" if whole is not None and is_animate(whole.noun) else "above"
        )  # "on the hood of a white Cadillac"
        if kind == "above":
            add_words(targets, tuple(state.words.tokens[i : owner - 1]))
        state.wait_for(kind, targets, render(state.words.tokens[i:owner]))
        return owner  # "a parrot on the shoulder of a pirate"
    own = phrase.determiner in lex.POSSESSIVES or names_part(phrase)
    if found.kind == "on":
        return _take_on(state, found, i, phrase, link, own)
    known = is_known_name(state, phrase)
    words = state.words
    if own or not (phrase.noun in lex.CONTAINERS or known):
        return take_attribute(state, i, "in")  # "a fox in a red coat"
    if len(targets) > 1 and any(thing.noun in lex.LARGE for thing in targets[:-1]):
        targets = targets[-1:]  # "a leather armchair and a tall palm in a brass pot"
    if not known and len(targets) > 1 and _differ_in_looks(targets):
        state.speak_of_all()
        return take_attribute(state, i, "in")  # "a white cat and a black cat in a basket": one place would mix them
    several = len(targets) > 1 and all(is_animate(thing.noun) for thing in targets)
    if several and not known and is_ing_verb(words.low(i - 1)) and class_of(phrase.noun) != "furniture":
        state.speak_of_all()
        return take_attribute(state, i, "in")  # "a puppy and a kitten sleeping in a basket": each has a place
    state.wait_for("within", targets, _with_posture(words, i, targets, link))  # "nine red roses in a vase"
    return found.end


def _differ_in_looks(things: Sequence[Thing]) -> bool:
    """ "a white cat and a black cat", "a chocolate labrador and an orange kitten", but "an old coat and a new hat"."""
    looks = [frozenset(token.low for token in thing.words[: thing.head]) for thing in things]
    if not all_animate(list(things)):
        looks = [lex.COLORS.intersection(token.low for token in thing.words) for thing in things]
    return all(looks) and len(set(looks)) == len(things) and all(thing.count == 1 for thing in things)


def _with_posture(words: Words, i: int, targets: Sequence[Thing], link: str) -> str:
    """ "sitting on" a red sofa, where "sitting" was said of the one who does."""
    said = targets[0].trailing[-1] if len(targets) == 1 and targets[0].trailing else ()
    rests = words.low(i - 1) in lex.REST and len(said) == 1 and words.tokens[i - 1] is said[0]
    return _with_last_said(targets[0], link) if rests else link


def _with_last_said(thing: Thing, link: str) -> str:
    """The link behind what is said last of the thing, which is not said there any more, nor the comma before it."""
    said = render(thing.trailing.pop())
    if thing.trailing and [token.low for token in thing.trailing[-1]] == [","]:
        thing.trailing.pop()  # "a mermaid, sitting on a rock"
    return f"{said} {link}"


def _owner_named(words: Words, phrase: Noun) -> int | None:
    """Where someone with an article is named whose part the phrase is: "the shoulder of | a one-legged pirate"."""
    if phrase.noun not in lex.PARTS | _PARTS_OF["vehicle"] | _PARTS_OF["building"]:
        return None
    start = next((k + 1 for k in range(phrase.start, phrase.end) if words.low(k) == "of"), 0)
    owner = noun(words, start) if start else None
    if owner is None or owner.determiner not in ("a", "an"):
        return None
    whole = is_animate(owner.noun) or class_of(owner.noun) in ("vehicle", "building")  # "the hood of a white Cadillac"
    return start if whole else None


def _take_on_side(state: State, i: int, phrase: Noun) -> int:
    """ "an owl sits on the left post", "on the top shelf there is a globe": the end, or 0. It places who is there."""
    if phrase.direction is None or names_part(phrase) or is_known_name(state, phrase) or not phrase.given:
        return 0
    words, spot = state.words, Place(phrase.end, *phrase.direction)
    said = [*words.tokens[i : phrase.start + 1], *phrase.words]
    if _opens_with(state, phrase):
        state.expect_at(spot)
        state.expect_said(said)
        return past_introduction(words, past_verbs(words, phrase.end))[0]
    targets = referents(state)
    for thing in targets:
        place_at(state.reading, thing, spot)
    add_words(targets, tuple(said))
    state.said_of(targets)
    state.continue_clause()
    return phrase.end


def _take_on_part(state: State, i: int, phrase: Noun, link: str) -> int:
    """ "an old house, a cat sits on the roof": the end, or 0 where it is no part of what was named before."""
    opens = _opens_with(state, phrase)
    targets = [] if opens else referents(state)
    owner = _owner_of_place(state, targets, phrase) if targets or opens else None
    if owner is None:
        return 0
    state.end_relation()
    if opens:  # "a house, and on the roof sits a cat"
        state.expect_related("above", [owner], link)
        state.expect_said(state.words.tokens[i : phrase.end])
        return past_introduction(state.words, past_verbs(state.words, phrase.end))[0]
    add_words(targets, tuple(state.words.tokens[i : phrase.end]))
    relate(state.reading, "above", targets, [owner], link)
    state.said_of(targets)
    state.continue_clause()
    return phrase.end


def _owner_of_place(state: State, targets: Sequence[Thing], phrase: Noun) -> Thing | None:
    """The one building, vehicle or tree named before that "the roof" or "the highest branch" is a part of."""
    if phrase.determiner not in ("the", "its") or is_known_name(state, phrase):
        return None
    others = [thing for thing in state.reading.things if thing not in targets and thing.host is None]
    owners = [thing for thing in others if phrase.noun in _PARTS_OF.get(class_of(thing.noun), ()) and thing.count == 1]
    return owners[0] if len(owners) == 1 else None


def _take_on(state: State, found: Relation, i: int, phrase: Noun, link: str, own: bool) -> int:
    words = state.words
    if words.low(i - 1) in ("opening", "leading", "looking") and words.low(i) == "onto":
        return take_attribute(state, i, "on")  # "a door opening onto the sea"
    if words.low(i - 1) in _BITES or (phrase.noun in _DEVICES and words.low(i - 1) in _CALLS):
        return take_attribute(state, i, "on")  # "a goat chewing on a flower", "a woman talking on the phone"
    if words.kind(i - 1) == COMMA and len(state.current_list) > 1 and phrase.given:
        state.speak_of_all()  # "a teapot, a sugar bowl, a milk jug, on a lace tablecloth"
    targets, rider = referents(state), state.last
    seated = own and rider is not None and class_of(rider.noun) == ANIMAL and past_body(words, i) > found.end
    seated = seated and not (phrase.determiner == "its" and phrase.noun in _LAIN_ON)  # "a cat lying on its side"
    if own and rider is not None and phrase.determiner == "its" and class_of(rider.noun) == PERSON:
        others = [t for t in state.reading.things if t is not rider and is_animate(t.noun) and t.count == 1]
        if rider.noun not in NEUTER and len(others) == 1:
            end = take_attribute(state, i, "on")  # "a giant golem, a tiny fairy sitting on its palm"
            relate(state.reading, "above", [rider], others, link)
            return end
    if seated and rider is not None and (owner := _owner(state, [rider])) is not None:
        end = take_attribute(state, i, "on")  # "a girl with green eyes and a parrot on her shoulder"
        relate(state.reading, "within", [owner], [rider], "and")
        return end
    flat = words.low(i) == "onto" and phrase.noun in lex.PLACES - lex.THINGLIKE_PLACES  # "waves roll onto the shore"
    plays = phrase.bare and class_of(phrase.noun) == "instrument"  # "girl on drums"
    ridden = singular(phrase.noun) in lex.MOUNTS and rider is not None and rider.count > 1 and not phrase.given
    if (
        own
        or flat
        or plays
        or ridden
        or phrase.noun in _BOUNDS
        or (phrase.bare and not is_plural(phrase.words[phrase.head].low))
    ):
        return take_attribute(state, i, "on")  # "a tiger with a monkey on its back", "a man on crutches"
    resting = words.low(i - 1) in lex.REST
    many = len(targets) > 1 or targets[-1].count > 1
    seated = all_animate(targets) and class_of(targets[-1].noun) == PERSON and phrase.noun in _SEATS
    together = not many and (resting or seated or phrase.noun in lex.MOUNTS)  # "a girl reads on a sofa"
    state.end_relation()
    if words.low(i - 1) == "leaning" and are_coloured(words, targets, phrase) and not all_animate(targets):
        state.wait_for("beside", targets, link)  # "a purple banana leaning on a red strawberry"
        return found.end
    posture = targets[0].trailing[-1] if targets[0].trailing else ()
    if together and resting and words.tokens[i - 1] in posture:
        link = _with_last_said(targets[0], link)  # "a cat sitting on a red sofa"
    state.wait_for("within" if together else "above", targets, link)
    return found.end
