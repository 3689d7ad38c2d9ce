"""What only the whole prompt shows of tags: what is there where nobody is, and that scenery alone is one picture."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import render
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import class_of, is_animate
from lib_rpg.planner.offline.grammar.nouns import noun
from lib_rpg.planner.offline.reading.facts import relate
from lib_rpg.planner.offline.reading.model import MAX_THINGS, Reading, Shared, Thing, name_of
from lib_rpg.planner.offline.reading.own_scenery import is_landscape
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.things_made import make_thing
from lib_rpg.planner.offline.tags.owners import add_tag
from lib_rpg.planner.offline.tags.tag import WORN, are_clothes

_SCENERY = frozenset({"building", "place", "object", "phenomenon", "substance"})
_MAIN = lex.word_set("island planet station")
_ROOMS = lex.word_set(
    "room kitchen bedroom bathroom library bar cafe classroom office studio hall lobby attic basement apartment loft"
)
_UNSEEN = lex.word_set(
    "lamplight overcast glow palette daylight sunlight moonlight candlelight firelight starlight backlight mood vibe "
    "atmosphere texture tone contrast feeling smell silence warmth stillness somebody someone aesthetic look makes "
    "brushwork linework linewidth lineart grain bokeh blur color colour shading lighting haze drizzle"
)
_WIDE = lex.word_set("skyline landscape scenery cityscape seascape horizon city sky street road")
_CARRIED = ("held", "accessory")
_CLAD = frozenset({"", "artifact", "medium", "object", "food", "plant"})  # what can have clothes: a doll, a pumpkin


def finish_tags(state: State) -> None:
    """Give the tags about people to them. What is nobody's is shared, or a thing: "skull, candle, open book"."""
    nobody = not any(is_animate(thing.noun) for thing in state.reading.things)
    left = state.people.finish()
    wearer = _wearer(state) if nobody and are_clothes(left) else None
    for tag in left:
        if wearer is not None and tag.kind in (*WORN, *_CARRIED):
            add_tag(wearer, tag)
            continue
        words = Words(tag.tokens)
        phrase = noun(words, 0) if nobody and tag.kind in _CARRIED else None
        if phrase is not None and phrase.end == len(words) and len(state.reading.things) < MAX_THINGS:
            state.reading.things.append(make_thing(words, phrase))
        else:
            state.share_text(render(tag.tokens))


def _wearer(state: State) -> Thing | None:
    """Who has the clothes where no person is known: the "scarecrow" before them, or a name that nobody knows."""
    things, unknown = state.reading.things, _unknown(state)[:1]
    if unknown and (not things or unknown[0][0].words[0].index < things[0].words[0].index):
        _show(state.reading, unknown)
        things.sort(key=lambda thing: thing.words[0].index)
    return things[0] if _is_clad(things) else None


def may_be_clad(state: State) -> bool:
    """Whether clothes can be of what is named before, though it is nobody: "cactus, sombrero", "pikachu, top hat"."""
    things = state.reading.things
    return state.tag_style and (_is_clad(things) if things else bool(_unknown(state)))


def _is_clad(things: Sequence[Thing]) -> bool:
    return bool(things) and class_of(things[0].noun) in _CLAD and things[0].count == 1


def _unknown(state: State) -> list[tuple[Thing, Shared]]:
    return [found for found in state.candidates if not class_of(found[0].noun) and not _is_scenery(found[0])]


def share_unseen(reading: Reading) -> None:
    """What can have no place is scene: "warm lamplight from the side", "a limited palette"."""
    lights = [t for t in reading.things if t.noun == "light" and t.determiners and t.determiners[-1].low == "the"]
    unseen = [
        t
        for t in reading.things
        if (t.noun in _UNSEEN or t in lights) and not (t.panel or t.members or t.cellmates or t.host)
    ]
    placed = [thing for fact in reading.facts if fact.kind in ("at", "centre") for thing in fact.things]
    unseen = [thing for thing in unseen if thing not in placed]
    if len(unseen) < len(reading.things):
        _share(reading, unseen)


def settle_scenery(state: State, show_place: bool) -> None:
    """Where nobody is, what was held for scene is what the picture shows: "landscape, mountains, lake".

    show_place: also of a sentence that names a place only.
    """
    reading = state.reading
    if state.people.counted:
        return
    actors = [thing for thing in reading.things if is_animate(thing.noun)]
    apart = bool(reading.things) and all(thing.behind or thing.height != 0 for thing in reading.things)
    main = _main_building(state) if apart or (state.tag_style and all(thing.vague for thing in actors)) else []
    if main:
        _show(reading, main)
        reading.things.sort(key=lambda thing: thing.words[0].index)
    sight = show_place and bool(state.candidates) and _is_sight(state.candidates[0][0])
    if not reading.things and state.candidates and (state.tag_style or sight):
        _show(reading, [found for found in state.candidates if found[1] is state.candidates[0][1]])
    _serve_together(state)
    if not state.tag_style:
        return  # "ancient temple, two moons in the sky, a statue in the foreground"
    if main:
        around = [t for t in reading.things[1:] if _is_bare_scenery(reading, t, beside=True) or _is_growth(t)]
        _share(reading, around)
        return
    if actors:
        return
    scenery = [thing for thing in reading.things if _is_bare_scenery(reading, thing)]
    if len(scenery) == len(reading.things):
        _show(reading, [found for found in state.candidates if _is_scenery(found[0])])
        _put_in_one_cell(reading)
    else:
        kept = [thing for thing in reading.things[:1] if _is_main(thing)]  # "dark tower, red sky, dead trees"
        if is_landscape(reading):
            kept += [thing for thing in scenery if thing.head > 0]  # "turquoise lake, snow capped mountain"
        _share(reading, [thing for thing in scenery if thing not in kept])  # "spaceship, nebula, stars"


def _is_sight(thing: Thing) -> bool:
    """Whether a place is what a sentence shows: "a lonely gas station at 3am", but not "a city skyline at night"."""
    return bool(class_of(thing.noun)) and thing.noun not in _WIDE and len(thing.words) > 1


def _serve_together(state: State) -> None:
    """Put a dish and what is served with it in one place: "pizza, melted cheese, basil"."""
    reading = state.reading
    bare = [t for t in reading.things if not (t.determiners or t.host or t.members or _is_placed(reading, t))]
    dishes = [t for t in bare if (t.count == 1 or t.vague) and class_of(t.noun) in ("food", "container", "artifact")]
    foods = [thing for thing in dishes if class_of(thing.noun) == "food"]
    looks = [lex.COLORS.intersection(token.low for token in thing.words) for thing in dishes]
    if len({colour for look in looks for colour in look}) > 1:
        return  # "red apple, green pear, blue plate": one place would mix them
    if not state.tag_style or len(dishes) < 3 or len(foods) * 2 < len(dishes) or len(dishes) * 2 < len(reading.things):
        return
    relate(reading, "within", dishes[:1], dishes[1:], "and")


def _main_building(state: State) -> list[tuple[Thing, Shared]]:
    """The building that the picture is of: "floating castle, waterfalls, flying ships"."""
    found = state.candidates[0] if state.candidates else None
    if found is None or not _is_main(found[0]):
        return []
    if found[0].noun in _ROOMS and any(class_of(thing.noun) == "furniture" for thing in state.reading.things):
        return []  # "living room, beige sofa"
    first = all(found[0].words[0].index < thing.words[0].index for thing in state.reading.things)
    return [found] if first else []


def _is_growth(thing: Thing) -> bool:
    """ "old temple, vines"."""
    return thing.uncounted and class_of(thing.noun) == "plant" and not thing.trailing


def _is_main(thing: Thing) -> bool:
    return (class_of(thing.noun) == "building" or thing.noun in _MAIN) and not thing.vague


def _share(reading: Reading, scenery: Sequence[Thing]) -> None:
    reading.leave_out(scenery)
    reading.shared += [Shared(name_of(thing)) for thing in scenery]


def _show(reading: Reading, found: list[tuple[Thing, Shared]]) -> None:
    """Make things of words that were shared."""
    shown = [(thing, shared) for thing, shared in found if shared in reading.shared]
    for thing, shared in shown[: MAX_THINGS - len(reading.things)]:
        reading.shared[:] = [words for words in reading.shared if words is not shared]
        reading.things.append(thing)


def _is_scenery(thing: Thing) -> bool:
    return class_of(thing.noun) in _SCENERY or thing.noun in lex.THINGLIKE_PLACES


def _is_bare_scenery(reading: Reading, thing: Thing, beside: bool = False) -> bool:
    """Whether it is scenery without article, number, place and colour; `beside`: what is in the sky may have one."""
    if not _is_scenery(thing) or thing.determiners or thing.panel or thing.cellmates or thing.host or thing.members:
        return False
    if thing.count > 1 and not thing.vague:
        return False
    if thing.noun == "plant" and any(class_of(one.noun) == "furniture" for one in reading.things):
        return False  # "living room, sofa, potted plant"
    if thing.words[0].low == "floating":
        return False  # "floating islands"
    if any(token.low in lex.LOOKS for k, token in enumerate(thing.words) if k != thing.head):
        return False
    return not _is_placed(reading, thing) or (beside and thing.noun in lex.OVERHEAD)


def _is_placed(reading: Reading, thing: Thing) -> bool:
    return thing.behind or thing.height != 0 or any(thing in fact.things for fact in reading.facts)


def _put_in_one_cell(reading: Reading) -> None:
    things = sorted(reading.things, key=lambda thing: thing.words[0].index)
    reading.things = things
    if len(things) > 1:
        relate(reading, "within", things[:1], things[1:], "and")
