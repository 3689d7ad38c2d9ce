"""Positions on the canvas, relations to other things, and the order of a list."""

from __future__ import annotations

from itertools import pairwise

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COLON, COMMA, render
from lib_rpg.planner.offline.grammar.phrases import CONJUNCTIONS, CORNERS, Noun, Ordering, Place, Relation, noun, place
from lib_rpg.planner.offline.reading.attributes import take_attribute
from lib_rpg.planner.offline.reading.facts import line_up, place_at, relate
from lib_rpg.planner.offline.reading.lookahead import past_introduction
from lib_rpg.planner.offline.reading.referents import is_known_name, known_thing, who
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.things import make_thing

_BOUNDS = lex.word_set("wall ceiling floor ground")  # what is on them stands in the room


def take_order(state: State, order: Ordering) -> int:
    if order.strict:
        state.order_sentence(order)
        return order.end
    targets = who(state)
    if len(targets) == 1 and targets[0].count > 1:
        targets[0].array = order.axis
    else:
        line_up(state.reading, state.current_list or targets, order.axis)
    return order.end


def _past_introduction(state: State, i: int) -> tuple[int, bool]:
    """Past "is", "there is", ":" or "," behind a position in front: the index, and whether a comma was there."""
    words, comma = state.words, False
    while i < len(words):
        low = words.low(i)
        if words.kind(i) == COMMA and not comma:
            comma = True
        elif not (words.kind(i) == COLON or low in lex.BE or low in lex.SHOW or low in ("there", "we", "you", "can")):
            break
        i += 1
    return i, comma


def _is_prefix(state: State, end: int) -> bool:
    if not state.at_start:
        return False
    j, comma = past_introduction(state.words, end)
    if noun(state.words, j) is None or state.words.low(j) in ("respectively",):
        return False
    nothing = not state.reading.things
    if nothing or (j > end and not comma):
        return True
    return state.positions_first if comma else True


def take_place(state: State, spot: Place, i: int) -> int:
    words, end = state.words, spot.end
    waiting: Place | None = spot
    if spot.canvas_of:
        scenery = noun(words, end + 1)
        if scenery is not None and (scenery.noun in lex.SCENE_WORDS or not state.reading.things):
            state.share(end + 1, scenery.end)
            end = scenery.end
        elif scenery is not None and state.last is not None:
            return take_relation(state, Relation(end + 1, "within"), i)
    if _is_prefix(state, end):
        state.expect_at(spot)
        return past_introduction(state.words, end)[0]
    targets = who(state)
    if state.pending_relation is not None:
        state.end_relation()
    if not targets:
        return end
    spots = [spot]
    while waiting is not None and (words.low(end) == "and" or words.kind(end) == COMMA):
        j = end + 1 + (words.kind(end) == COMMA and words.low(end + 1) == "and")
        following = place(words, j)
        waiting = following if isinstance(following, Place) else None
        if waiting is not None and noun(words, past_introduction(state.words, waiting.end)[0]) is not None:
            respectively = words.low(waiting.end) == "respectively"
            waiting = waiting if respectively else None
        if waiting is not None:
            spots.append(waiting)
            end = waiting.end
    if len(spots) > 1:
        targets = [m for t in targets for m in (t.split() if t.count == len(spots) and not t.vague else [t])]
        if len(targets) != len(spots):
            state.reading.notes.append(f"{len(spots)} positions are told for {len(targets)} things; the first is kept")
    end += words.low(end) == "respectively"
    for k, thing in enumerate(targets):
        place_at(state.reading, thing, spots[k] if len(spots) == len(targets) else spots[0])
    state.said_of(targets)
    state.continue_clause()
    return end


def take_corners(state: State, end: int) -> int:
    """One thing in each corner: a single thing becomes four."""
    targets = who(state)
    state.end_relation()
    if len(targets) == 1 and targets[0].count in (1, 4) and not targets[0].parts:
        targets[0].count, targets[0].vague = 4, ""
        targets = targets[0].split()
    for thing, (x, y) in zip(targets, CORNERS, strict=False):
        place_at(state.reading, thing, Place(end, x, y))
    state.continue_clause()
    return end


def take_relation(state: State, found: Relation, i: int) -> int:
    words, kind, end = state.words, found.kind, found.end
    link = render(words.tokens[i:end])
    if found.referent:
        return _beside_referent(state, found)
    alone = not words.is_open(end + 1) or words.low(end + 1) in lex.SHOW
    pronoun = words.low(end) in ("it", "them", "both", "him", "her", "these", "those") and alone
    relative = words.low(end) in ("which", "whom")
    pronoun = pronoun or (relative and noun(words, past_introduction(state.words, end + 1)[0]) is not None)
    if pronoun or words.starts(end, "each", "other"):
        return _to_pronoun(state, kind, end, link)
    phrase = noun(words, end)
    if kind in ("in", "on"):
        return _in_or_on(state, kind, i, end, phrase, link)
    if phrase is None:
        sides = {"above": -1, "below": 1}
        targets = who(state)
        middle = [t for t in state.reading.things if t not in targets][-1:]
        if kind == "around" and targets and middle:
            state.end_relation()
            relate(state.reading, kind, targets, middle, link)
            state.said_of(targets)
        if kind in sides and targets and (words.is_end(end) or words.low(end) in CONJUNCTIONS):
            for thing in targets:
                place_at(state.reading, thing, Place(end, None, sides[kind]))
            state.said_of(targets)
        return end
    if kind in ("around", "ringed") and phrase.count is None and phrase.bare and state.last is not None:
        scenic = phrase.noun in lex.SCENE_WORDS or lex.singular(phrase.noun) in lex.SCENE_WORDS
        if kind == "ringed" and lex.is_plural(phrase.words[phrase.head].low) and who(state) and not scenic:
            # "surrounded by presents": so many that they share its place.
            targets = who(state)
            state.wait_for("within", targets, link)
            return end
        return take_attribute(state, i, "around")
    front = [phrase]
    if kind == "between" and words.low(phrase.end) == "and" and (other := noun(words, phrase.end + 1)):
        front.append(other)
    if _relation_in_front(state, front[-1]):
        state.end_relation()
        state.clear_list()
        objects = []
        for side in front:
            known = known_thing(state, side)
            objects.append(known or make_thing(state, side))
            if known is None:
                state.add_thing(objects[-1], side.end)
        state.return_to(objects[-1])
        state.expect_related(kind, objects, link)
        state.begin_item("")
        return past_introduction(state.words, front[-1].end)[0]
    targets = who(state)
    if not targets:
        return end
    state.wait_for(kind, targets, link)
    return end


def _relation_in_front(state: State, phrase: Noun) -> bool:
    """Whether the thing of the relation's near side comes behind it: "above the table hangs a lamp"."""
    words = state.words
    if not state.at_start:
        return False
    j = phrase.end
    if words.low(j) in lex.BE or words.low(j) in lex.SHOW or words.low(j) in lex.VERBS:
        while words.low(j) in lex.BE or words.low(j) in lex.SHOW or words.low(j) in lex.VERBS:
            j += 1
        found = noun(words, j)
        return found is not None and not found.bare
    if words.kind(j) == COMMA and (not state.reading.things or state.last is None or state.conjunction == ""):
        found = noun(words, j + 1)
        return found is not None and not found.bare
    found = noun(words, j)
    return found is not None and not found.bare


def _to_pronoun(state: State, kind: str, end: int, link: str) -> int:
    words = state.words
    pronoun = words.low(end)
    kind = "above" if kind == "on" and len(who(state)) > 1 else kind
    after = end + (2 if pronoun == "each" else 1)
    in_front = (state.at_start or pronoun in ("which", "whom")) and noun(
        words, past_introduction(state.words, after)[0]
    ) is not None
    subjects = [] if in_front else who(state)
    before = [t for t in state.reading.things if t not in subjects and not any(t in s.members for s in subjects)]
    wanted = 2 if pronoun in ("both", "them", "these", "those") else 1
    if wanted == 2 and before and before[-1].count > 1:
        wanted = 1
    if wanted == 1 and state.topic is not None and state.topic in before:
        before = [state.topic]
    objects = before[-wanted:]
    state.make_topic(objects[0] if len(objects) == 1 else None)
    state.end_relation()
    if pronoun == "each":
        chained = state.current_list or subjects
        for a, b in pairwise(chained):
            relate(state.reading, kind, [a], [b], link)
        return after
    if not objects:
        return after
    if in_front:
        state.expect_related(kind, objects, link)
        return past_introduction(state.words, after)[0]
    relate(state.reading, kind, subjects, objects, link)
    state.said_of(subjects)
    state.leave_start()
    return after


def _beside_referent(state: State, found: Relation) -> int:
    """ "on her left": beside whoever was named before."""
    in_front = _is_prefix(state, found.end)
    if in_front and state.last is not None:
        state.end_relation()
        state.expect_related(found.kind, [state.last], "beside")
        return past_introduction(state.words, found.end)[0]
    targets = who(state)
    others = [t for t in state.reading.things if t not in targets]
    if state.topic is not None and state.topic in others:
        others = [state.topic]
    elif state.previous is not None and state.previous in others:
        others = [state.previous]
    if targets and others:
        state.end_relation()
        state.make_topic(others[-1])
        relate(state.reading, found.kind, targets, others[-1:], "beside")
        state.said_of(targets)
        state.leave_start()
    return found.end


def _in_or_on(state: State, kind: str, i: int, end: int, phrase: Noun | None, link: str) -> int:
    words = state.words
    targets = who(state)
    if phrase is None or not targets:
        return end if phrase is not None else i + 1
    resting = words.low(i - 1) in lex.REST
    name = phrase.noun
    own = phrase.determiner in lex.POSSESSIVES or name in lex.PARTS
    many = len(targets) > 1 or targets[-1].count > 1
    if kind == "in":
        together = not own and (name in lex.CONTAINERS or is_known_name(state, phrase))
        if not together:
            return take_attribute(state, i, "in")
        state.wait_for("within", targets, link)
    else:
        if own or name in _BOUNDS or (phrase.bare and not lex.is_plural(phrase.words[phrase.head].low)):
            return take_attribute(state, i, "on")
        together = not many and (resting or name in lex.MOUNTS)
        state.end_relation()
        if together and resting and targets[0].after and words.tokens[i - 1] in targets[0].after[-1]:
            link = f"{render(targets[0].after.pop())} {link}"
        state.wait_for("within" if together else "above", targets, link)
    return end
