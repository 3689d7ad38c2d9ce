"""Reads positions on the canvas, corners, and the order of a row."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COMMA, render
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.nouns import noun
from lib_rpg.planner.offline.grammar.orderings import Ordering, X, Y
from lib_rpg.planner.offline.grammar.places import place
from lib_rpg.planner.offline.grammar.positions import CORNERS, Place
from lib_rpg.planner.offline.grammar.relations import Relation
from lib_rpg.planner.offline.guesses import guess
from lib_rpg.planner.offline.reading.facts import line_up, line_up_in_grid, place_at
from lib_rpg.planner.offline.reading.fronting import is_position_in_front
from lib_rpg.planner.offline.reading.lookahead import noun_introduced, past_introduction
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.referents import add_words, referents
from lib_rpg.planner.offline.reading.relations import take_relation
from lib_rpg.planner.offline.reading.state import State

_TURNS = lex.word_set("diving jumping turning looking leaning running facing pointing turned turning swerving stepping")
_GROUNDS = lex.word_set("beach street road shore hill path square")


def take_order(state: State, order: Ordering) -> int:
    """ "from left to right: a duck, a goose …", "three robots in a row": the end."""
    if order.strict:
        state.order_sentence(order)
        return order.end
    targets = referents(state)
    if order.ring:
        return order.end  # "six candles in a circle": only the base prompt says so
    if order.grid:
        line_up_in_grid(state.reading, state.current_list or targets)
    elif len(targets) == 1 and targets[0].count > 1:
        targets[0].array = order.axis  # "seven candles in a row"
    else:
        listed = state.current_list or targets
        turned = bool(listed) and order.axis == Y and _is_at_bottom(state.words, order.end, listed[0].noun)
        line_up(state.reading, listed[::-1] if turned else listed, order.axis)
    return order.end


def _is_at_bottom(words: Words, i: int, name: str) -> bool:
    """ "a cow, a pig and a hen stacked on top of each other, cow at the bottom": whether the first is the lowest."""
    return any(words.low(k) == name and words.starts(k + 1, "at", "the", "bottom") for k in range(i, len(words)))


def take_place(state: State, spot: Place, i: int) -> int:
    """A position at i, in front of its thing or behind those that it is about: the end."""
    words, end = state.words, spot.end
    if spot.canvas_of:
        whole = noun(words, end + 1)
        if whole is not None and (whole.noun in lex.SCENE_WORDS or not state.reading.things):
            state.share(end + 1, whole.end)  # "on the left of the beach"
            end = whole.end
        elif whole is not None and state.last is not None:
            return take_relation(state, Relation(end + 1, "within"), i)  # "in the middle of the plate"
    if is_position_in_front(state, end):
        state.expect_at(spot)
        return past_introduction(words, end)[0]
    if words.low(i - 1) in _TURNS and words.low(i) == "to" and len(state.reading.things) == 1:
        add_words(state.reading.things[-1:], tuple(words.tokens[i:end]))  # "a goalkeeper dives to the left"
        return end
    targets = referents(state)
    pending = state.pending_relation
    if spot.ground and pending is not None and pending.objects and pending.subjects:
        targets = pending.subjects  # "colorful houses on the hillside in the background"
    state.end_relation()
    if _is_of_last_alone(state, spot, targets):
        targets = targets[-1:]
    if not targets:
        if spot.said:
            state.share(i, end)
        return end
    spots, end = _all_positions(words, spot, end)
    state.said_of(_place_each(state, targets, spots, render(words.tokens[i:end])))
    state.continue_clause()
    return end


def _is_of_last_alone(state: State, spot: Place, targets: Sequence[Thing]) -> bool:
    """ "a princess, a frog and a castle in the background": not all of a picture is in its background."""
    if any(_is_elsewhere(state, thing, spot) for thing in targets[:-1]):
        return True  # "a boy on the left playing a guitar and a girl on the right"
    others = [thing for thing in state.reading.things if thing not in targets and thing.host is None]
    return spot.ground == "background" and len(targets) > 1 and not others and not state.words.says("foreground")


def _is_elsewhere(state: State, thing: Thing, spot: Place) -> bool:
    """Whether the thing is at another place of the canvas than that."""
    asked = ((X, spot.x), (Y, spot.y))
    facts = [fact for fact in state.reading.facts if fact.things[0] is thing]
    at = {fact.axis: fact.place for fact in facts if fact.kind == "at"}
    if any(fact.kind == "centre" for fact in facts):
        at = {X: 0, Y: 0}  # "a boy in the middle playing a guitar and a girl on the right"
    return any(axis in at and there is not None and at[axis] != there for axis, there in asked)


def below_the_sky(state: State, i: int) -> Place | None:
    """ "a kite in the sky and a dog on the beach": the ground is a position where something is in the sky."""
    words = state.words
    if words.low(i) != "on" or words.low(i + 1) != "the" or not words.says("in", "the", "sky"):
        return None
    phrase = noun(words, i + 1)
    if phrase is None or phrase.noun not in lex.UNDERFOOT | _GROUNDS:
        return None
    return Place(phrase.end, None, 1, ground="foreground", said=tuple(words.tokens[i : phrase.end]))


def _all_positions(words: Words, spot: Place, end: int) -> tuple[list[Place], int]:
    """The positions of "on the left and right respectively", of which `spot` is the first, and their end."""
    spots = [spot]
    while (following := _next_position(words, end)) is not None:
        spots.append(following)
        end = following.end
    return spots, end + (words.low(end) == "respectively")


def _next_position(words: Words, i: int) -> Place | None:
    comma = words.kind(i) == COMMA
    if not comma and words.low(i) != "and":
        return None
    following = place(words, i + 1 + (comma and words.low(i + 1) == "and"))
    if not isinstance(following, Place):
        return None  # "red mug left, blue mug right"
    if words.low(following.end) != "respectively" and noun_introduced(words, following.end) is not None:
        return None  # "a cat on the left and on the right a dog"
    return following


def _place_each(state: State, things: list[Thing], spots: Sequence[Place], typed: str) -> list[Thing]:
    """A position for each thing, or one for all of them; the things, split into members where each has its own.

    typed: the positions as the prompt words them.
    """
    if len(spots) > 1:
        things = [m for t in things for m in (t.split() if t.count == len(spots) and not t.vague else [t])]
        if len(things) != len(spots):
            guess(state.reading.notes, f"'{typed}' are not as many places as things; the first one is used for all")
    for k, thing in enumerate(things):
        place_at(state.reading, thing, spots[k] if len(spots) == len(things) else spots[0])
    return things


def take_corners(state: State, end: int) -> int:
    """One thing in each corner, a single thing becomes four: "a lantern in each corner"."""
    targets = referents(state)
    state.end_relation()
    if len(targets) == 1 and targets[0].count in (1, 4) and not targets[0].cellmates:
        targets[0].count, targets[0].vague = 4, ""
        targets = targets[0].split()
    for thing, (x, y) in zip(targets, CORNERS, strict=False):
        place_at(state.reading, thing, Place(end, x, y))
    state.continue_clause()
    return end
