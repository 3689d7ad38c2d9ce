"""Reads "in" and "on": with some things what is there shares a place, of others it is a part."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural, singular
from lib_rpg.planner.language.prompt_tokens import COMMA, render
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import ANIMAL, PERSON, class_of, is_animate, is_ing_verb
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.positions import Place
from lib_rpg.planner.offline.grammar.relations import Relation
from lib_rpg.planner.offline.reading.attributes import take_attribute
from lib_rpg.planner.offline.reading.belongings import NEUTER
from lib_rpg.planner.offline.reading.facts import place_at, relate
from lib_rpg.planner.offline.reading.fronting import (
    are_coloured,
    past_verbs,
)
from lib_rpg.planner.offline.reading.known_things import is_known_name
from lib_rpg.planner.offline.reading.lookahead import names_part, past_introduction
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.near_sides import BOUNDS, expect_inside, opens_with
from lib_rpg.planner.offline.reading.outfits import past_body
from lib_rpg.planner.offline.reading.referents import add_words, all_animate, referents
from lib_rpg.planner.offline.reading.state import State

_BITES = lex.word_set("chewing gnawing nibbling feeding snacking munching sucking working")
_DEVICES = lex.word_set("phone telephone smartphone cellphone cell laptop tablet typewriter walkie-talkie radio")
_CALLS = lex.word_set("talking speaking chatting texting typing calling arguing playing scrolling")
_SEATS = lex.word_set("sofa couch armchair chair bench bed hammock stool recliner futon loveseat seat pew mattress")
_LAIN_ON = lex.word_set("side back belly stomach hind")
_PARTS_OF = {
    "building": lex.word_set("roof rooftop tower chimney spire turret battlement parapet balcony doorstep porch step"),
    "vehicle": lex.word_set("roof deck mast hood bow stern prow bumper trunk wing"),
    "plant": lex.word_set("branch bough treetop"),
    "container": lex.word_set("lid rim brim handle"),
    "furniture": lex.word_set("armrest headboard footboard cushion pillow tabletop"),
}  # by the class of what they are parts of


def owner_of(state: State, targets: list[Thing]) -> Thing | None:
    """The person before whom an animal is on or above: the "her" of "a parrot on her shoulder"."""
    if any(class_of(thing.noun) == PERSON for thing in targets):
        return None
    others = [t for t in reversed(state.reading.things) if t.count == 1 and t not in targets and is_animate(t.noun)]
    return next((t for t in others if class_of(t.noun) == PERSON), others[0] if others else None)


def take_in_or_on(state: State, found: Relation, i: int, phrase: Noun | None, link: str) -> int:
    """ "in a basket", "on a table": the end of what is read here. Where a thing comes, the relation waits for it."""
    if phrase is None:
        return i + 1  # "a lamp that is on"
    if found.kind == "on" and (end := _take_on_side(state, i, phrase)):
        return end
    if opens_with(state, phrase):
        return expect_inside(state, found, i, phrase, link)
    targets = referents(state)
    if not targets:
        return found.end
    if (owner := owner_named(state.words, phrase)) is not None:
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


def owner_named(words: Words, phrase: Noun) -> int | None:
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
    if opens_with(state, phrase):
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


def take_on_part(state: State, i: int, phrase: Noun, link: str) -> int:
    """ "an old house, a cat sits on the roof": the end, or 0 where it is no part of what was named before."""
    opens = opens_with(state, phrase)
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
    if seated and rider is not None and (owner := owner_of(state, [rider])) is not None:
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
        or phrase.noun in BOUNDS
        or (phrase.bare and not is_plural(phrase.words[phrase.head].low))
    ):
        return take_attribute(state, i, "on")  # "a tiger with a monkey on its back", "a man on crutches"
    resting = words.low(i - 1) in lex.REST
    many = len(targets) > 1 or targets[-1].count > 1
    on_seat = all_animate(targets) and class_of(targets[-1].noun) == PERSON and phrase.noun in _SEATS
    together = not many and (resting or on_seat or phrase.noun in lex.MOUNTS)  # "a girl reads on a sofa"
    state.end_relation()
    if words.low(i - 1) == "leaning" and are_coloured(words, targets, phrase) and not all_animate(targets):
        state.wait_for("beside", targets, link)  # "a purple banana leaning on a red strawberry"
        return found.end
    posture = targets[0].trailing[-1] if targets[0].trailing else ()
    if together and resting and words.tokens[i - 1] in posture:
        link = _with_last_said(targets[0], link)  # "a cat sitting on a red sofa"
    state.wait_for("within" if together else "above", targets, link)
    return found.end
