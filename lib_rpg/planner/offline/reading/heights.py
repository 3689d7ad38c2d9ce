"""Heights that things have by themselves: what is in the sky, in the foreground or in the background; sky and floor.

They hold only where the prompt says nothing else about a thing's place, and only where there is more than one thing.
"""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.offline.grammar.areas import FAR
from lib_rpg.planner.offline.grammar.kinds import class_of, is_animate
from lib_rpg.planner.offline.grammar.orderings import Y
from lib_rpg.planner.offline.reading.model import Fact, Reading, Shared, Thing, name_of


def share_background(reading: Reading) -> None:
    """What is in the background is scene beside a single other thing, and land is where no other has a place.

    But not who is there, nor what is far away and does something: "a ship burns on the horizon".
    """
    others = [t for t in reading.things if not t.behind]
    placed = any(_is_placed(reading, t) for t in others)
    if not others or (len(others) > 1 and placed):
        return  # "a forest in the background, a campfire in the foreground, an owl in the upper right corner"
    # "a temple in the background, a turtle in the foreground"
    front = any(t.height > 0 for t in others)  # "pine forest in the background, a canoe in the foreground"
    kept = len(others) > 1 or front
    behind = [t for t in reading.things if t.behind and not is_animate(t.noun) and not (kept and _is_built(t))]
    behind = [t for t in behind if not front or t.uncounted]
    behind = [t for t in behind if not _is_far(t) or not (len(t.trailing) > 1 or t.joined == "")]
    reading.leave_out(behind)
    reading.shared += [Shared(name_of(t) if _is_far(t) else f"{name_of(t)} in the background") for t in behind]


def _is_built(thing: Thing) -> bool:
    return class_of(thing.noun) == "building" or thing.noun not in lex.SCENE_WORDS


def _is_far(thing: Thing) -> bool:
    """Whether its own words say where it is: "a town in the distance"."""
    return any(token.low in FAR for part in thing.trailing for token in part)


def part_around_centre(reading: Reading) -> None:
    """Tell several things apart that go around the one in the middle: "a king in the middle, two guards"."""
    alone = len(reading.things) == 1 and reading.things[0].noun in lex.SCENE_WORDS
    if alone and [fact.kind for fact in reading.facts] == ["centre"]:
        reading.facts.clear()  # "a garden with a pond in the middle": the picture is the pond's
    if [fact.kind for fact in reading.facts] == ["centre"]:
        for thing in reading.things:
            if thing.count > 1 and not thing.is_whole and reading.facts[0].things[0] not in (thing, *thing.members):
                thing.split()


def _is_placed(reading: Reading, thing: Thing) -> bool:
    return thing.height != 0 or any(fact.kind in ("at", "centre") and thing in fact.things for fact in reading.facts)


def settle_heights(reading: Reading) -> None:
    """Place what has a height of its own, and no other place, at the top or the bottom."""
    _raise_background(reading)
    roots = [t for t in reading.things if t.host is None]
    heights = {t: height for t in roots if (height := height_of(t)) and _is_free(reading, t)}
    for height in (-1, 1):
        level = [t for t in heights if heights[t] == height]
        if len(level) < len(roots):
            _put_at(reading, level, height)
        _put_in_order(reading, level)
    if heights and all(height > 0 for height in heights.values()):
        _fill_top(reading, [thing for thing in roots if thing not in heights])


def _fill_top(reading: Reading, others: Sequence[Thing]) -> None:
    """ "a checkered floor, a curtain and a throne in the middle": the curtain is what is left for the top."""
    if len(others) != 2 or others[0].known_count > 1 or is_animate(others[0].noun):
        return
    upper, middle = ([f for f in reading.facts if thing in f.things] for thing in others)
    if any(fact.kind != "centre" for fact in (*upper, *middle)) or not middle:
        return
    reading.facts[:] = [fact for fact in reading.facts if fact not in upper]
    reading.facts.append(Fact("at", (others[0],), Y, -1))


def _put_at(reading: Reading, level: Sequence[Thing], height: int) -> None:
    for thing in level:
        reading.facts.append(Fact("at", (thing,), Y, height))
        thing.band = not thing.height and thing.noun in lex.BANDS


def _raise_background(reading: Reading) -> None:
    """What is in the background is at the top, unless the sky is: "a man and a woman, a castle in the background"."""
    if not any(height_of(thing) < 0 for thing in reading.things):
        for thing in reading.things:
            thing.height = -1 if thing.behind else thing.height


def _put_in_order(reading: Reading, level: Sequence[Thing]) -> None:
    """The sky is above what is in it: "a violet moon and a green sky"."""
    sky = [t for t in level if t.noun in lex.TOPMOST]
    reading.facts += [Fact("before", (s, t), Y) for s in sky for t in level if t not in sky]


def height_of(thing: Thing) -> int:
    """-1 for what is overhead, 1 for what is underfoot or in the foreground, 0 for anything else."""
    if thing.height or thing.behind:
        return thing.height
    if any(segment[-1].low == "overhead" for one in (thing, *thing.members) for segment in one.trailing):
        return -1  # "a castle, a dragon flying overhead"
    return -1 if thing.noun in lex.OVERHEAD else 1 if thing.noun in lex.UNDERFOOT else 0


def _is_free(reading: Reading, thing: Thing) -> bool:
    """Whether no fact places it, but one that says what the heights say: "pink clouds over a turquoise sea"."""
    each = [thing, *thing.members]
    return all(_agrees(fact) for fact in reading.facts if any(one in fact.things for one in each))


def _agrees(fact: Fact) -> bool:
    if fact.kind != "before" or fact.axis != Y:
        return False
    upper, lower = (height_of(t) for t in fact.things)
    return upper != 0 and lower != 0 and upper < lower
