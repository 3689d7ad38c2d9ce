"""What only the whole prompt shows of tags: what is there where nobody is, and that scenery alone is one picture."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import render
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import class_of, is_animate
from lib_rpg.planner.offline.grammar.nouns import noun
from lib_rpg.planner.offline.reading.facts import relate
from lib_rpg.planner.offline.reading.model import MAX_THINGS, Reading, Shared, Thing, name_of
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.things_made import make_thing

_SCENERY = frozenset({"building", "place", "object", "phenomenon", "substance"})
_CARRIED = ("held", "accessory")


def finish_tags(state: State) -> None:
    """Give the tags about people to them. What is nobody's is shared, or a thing: "skull, candle, open book"."""
    nobody = not any(is_animate(thing.noun) for thing in state.reading.things)
    for tag in state.people.finish():
        words = Words(tag.tokens)
        phrase = noun(words, 0) if nobody and tag.kind in _CARRIED else None
        if phrase is not None and phrase.end == len(words) and len(state.reading.things) < MAX_THINGS:
            state.reading.things.append(make_thing(words, phrase))
        else:
            state.share_text(render(tag.tokens))


def settle_scenery(state: State) -> None:
    """Where nobody is, what was held for scene is what the picture shows: "landscape, mountains, lake"."""
    reading = state.reading
    if not state.tag_style or any(is_animate(thing.noun) for thing in reading.things):
        return
    if not reading.things:
        _show(reading, state.candidates[:1])
    scenery = [thing for thing in reading.things if _is_bare_scenery(reading, thing)]
    if len(scenery) == len(reading.things):
        _show(reading, [found for found in state.candidates if _is_scenery(found[0])])
        _put_in_one_cell(reading)
    else:
        # "spaceship, nebula, stars"
        reading.leave_out(scenery)
        reading.shared += [Shared(name_of(thing)) for thing in scenery]


def _show(reading: Reading, found: list[tuple[Thing, Shared]]) -> None:
    """Make things of words that were shared."""
    for thing, shared in found:
        if shared in reading.shared and len(reading.things) < MAX_THINGS:
            reading.shared.remove(shared)
            reading.things.append(thing)


def _is_scenery(thing: Thing) -> bool:
    return class_of(thing.noun) in _SCENERY or thing.noun in lex.THINGLIKE_PLACES


def _is_bare_scenery(reading: Reading, thing: Thing) -> bool:
    """Whether it is scenery without article, number, place and colour."""
    if not _is_scenery(thing) or thing.determiners or thing.panel or thing.cellmates or thing.host or thing.members:
        return False
    if thing.count > 1 and not thing.vague:
        return False
    told_apart = thing.behind or thing.height != 0 or any(token.low in lex.LOOKS for token in thing.words)
    return not told_apart and not any(thing in fact.things for fact in reading.facts)


def _put_in_one_cell(reading: Reading) -> None:
    things = sorted(reading.things, key=lambda thing: thing.words[0].index)
    reading.things = things
    if len(things) > 1:
        relate(reading, "within", things[:1], things[1:], "and")
