"""Detects what only looks like a thing: tags of quality, style, place or time; parts and settings of other things."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural
from lib_rpg.planner.language.lexicon import is_abstract_noun
from lib_rpg.planner.language.prompt_tokens import COMMA, STOP, WORD, Token
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.finite_verbs import plain_form
from lib_rpg.planner.offline.grammar.kinds import PART, PERSON, class_of, is_adjective, is_animate, is_held, is_ing_verb
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.proper_names import is_ordinary
from lib_rpg.planner.offline.reading.lookahead import has_own_position, is_at_side_of_two, names_part
from lib_rpg.planner.offline.reading.state import State

SELF_STANDING_PLACES = lex.word_set("house castle church temple palace barn cabin cottage bridge path window island")
SCENERY = lex.OVERHEAD | lex.UNDERFOOT | lex.LANDFORMS | (lex.THINGLIKE_PLACES - {"window", "bed", "stage"})
_WIDE = lex.word_set("forest desert beach ocean sea city field meadow garden street island stage lake")
_COMPARTMENTS = lex.word_set("booth car carriage wagon coach compartment deck cab")  # "diner booth", "subway car"
_ENCLOSES = lex.word_set("walls ceiling ceilings floors floorboards")
_MAX_LINE = 40  # words of a line about someone
_SHOWS = lex.word_set("displays features contains shows includes")
_CLOCK = re.compile(r"\d{1,2}(:\d\d)?(am|pm)?")
_INDOORS = lex.word_set(
    "bookshop bookstore bakery tavern bistro pizzeria salon diner dojo saloon pub inn cafe café restaurant boutique "
    "pharmacy deli apartment loft workshop studio barbershop teahouse canteen cafeteria"
)
_EVENTS = lex.word_set("match party parade market")  # and what is abstract: "game", "wedding"
_ALMOST = lex.word_set("almost nearly mostly slightly partly all entirely")
_SURFACES = lex.word_set("canvas paper linen parchment silk")


def is_medium(words: Words, phrase: Noun) -> bool:
    """Whether it is "oil on canvas" and the like."""
    after = phrase.end
    on = words.low(after) == "on" and words.low(after + 1) in _SURFACES
    return phrase.bare and on and words.is_end(after + 2)


def is_tag(state: State, phrase: Noun) -> bool:
    """A bare word of a list about quality, style, place or time."""
    if not phrase.bare or has_own_position(state.words, phrase.end) or state.is_waiting:
        return False
    if any(t.kind != WORD for t in phrase.words):
        return False
    if _is_joined_scenery(state, phrase):
        return False
    lows = [t.low for t in phrase.words]
    ends = state.words.is_end(phrase.end) or state.words.low(phrase.end) == "and"
    if _is_quality(lows, ends):
        return True
    return ends and (_is_style(state, lows) or _is_scene_tag(state, phrase))


def _is_quality(lows: Sequence[str], ends: bool) -> bool:
    """ "masterpiece", "best quality", "highly detailed": the last word, or most of them."""
    quality = [low in lex.QUALITY_WORDS for low in lows]
    return (ends and quality[-1]) or sum(quality) * 2 > len(quality)


def _is_style(state: State, lows: Sequence[str]) -> bool:
    """ "northern lights" but not "traffic lights"; "…, top view", "…, art deco poster"."""
    if lows[-1] == "lights" and len(lows) > 1 and lows[-2] != "traffic":
        return True
    return lows[-1] in lex.MEDIA and len(lows) > 1 and state.conjunction == "," and bool(state.reading.things)


def _is_scene_tag(state: State, phrase: Noun) -> bool:
    """ "…, beach", "…, sunset"."""
    last = phrase.words[-1].low
    if phrase.noun not in lex.SCENE_WORDS and last not in lex.SCENE_WORDS:
        return False
    return last in lex.TIMES or (state.at_start and not is_plural(last))


def is_setting(state: State, phrase: Noun) -> bool:
    """A place at the start of a prompt that holds the rest: "a living room with …", "a street, …"."""
    words, end = state.words, phrase.end
    if phrase.noun == "school" and any(token.low == "of" for token in phrase.words):
        return False  # "a school of silver fish"
    if words.low(end) in _SHOWS and _is_roomy(phrase):
        return not state.reading.things  # "the shop window displays a bicycle"
    if (
        _is_scene_of_lines(state, phrase)
        or _is_scene_of_parts(state, phrase)
        or _is_of_setting(state, phrase)
        or _opens(state, phrase)
    ):
        return True
    held = state.is_waiting or state.half is not None  # "to the left it is winter with a village"
    if phrase.noun not in lex.SCENE_WORDS or phrase.count not in (None, 1) or held:
        return False
    passed = is_ing_verb(words.low(phrase.start - 1)) and state.last is not None  # "a tram passing a yellow cafe"
    if passed or has_own_position(words, end) or _is_joined_scenery(state, phrase):
        return False
    if class_of(phrase.noun) == "building" and not state.reading.things and _is_subject(words, phrase):
        return False
    if phrase.noun in _WIDE and not state.reading.things and _goes_on_elsewhere(words, end):
        return True
    if words.low(end) in ("at", "in", "on", "during") and (time := noun(words, end + 1)):
        end = time.end if time.noun in lex.SCENE_WORDS else end  # "a city skyline at night, …"
    other = noun(words, end + 1) if words.low(end) == "with" else None
    if other is not None and is_at_side_of_two(words, other):
        return False  # "a village with a lamp on the left, a playground with a horse on the right"
    if other is not None and other.bare and class_of(other.noun) == "plant" and words.kind(other.end) != WORD:
        return False  # "a dark, tangled forest with tall, crooked trees"
    if other is not None and has_own_look(other) and other.count in (None, 1):
        return False  # "a white sand beach with a crimson sea"
    if words.low(end) in ("with", "where", "containing", "featuring", "full"):
        return not state.reading.things and phrase.noun not in SELF_STANDING_PLACES
    return phrase.noun not in lex.THINGLIKE_PLACES


def _is_subject(words: Words, phrase: Noun) -> bool:
    """Whether a building is what the picture shows: "isometric tiny house", "…, a cyclist in front of it"."""
    small = any(token.low in ("tiny", "miniature", "isometric", "toy", "little") for token in phrase.words)
    return (small and phrase.head > 0) or _is_behind_next(words, phrase.end)


def _is_behind_next(words: Words, i: int) -> bool:
    """ "a brick library at dusk, a cyclist in front of it": whether the next piece says where someone is from it."""
    start = words.piece_end(i) + 1
    someone, end = noun(words, start), words.piece_end(start)
    near = ("front", "of", "it"), ("behind", "it"), ("beside", "it"), ("past", "it")
    told = any(words.starts(k, *face) for face in near for k in range(start, end))
    return told and someone is not None and is_animate(someone.noun)


def _opens(state: State, phrase: Noun) -> bool:
    """ "This is a cozy bookshop in the evening. …", "The scene depicts a basketball game. …": whether all are in it."""
    words, end, head = state.words, phrase.end, phrase.words[phrase.head].low
    if state.reading.things or state.is_waiting or phrase.count != 1:
        return False
    if not (head in _INDOORS | _EVENTS or (is_abstract_noun(head) and not class_of(head))):
        return False
    if words.kind(end) == COMMA and head in _INDOORS and (someone := noun(words, end + 1)):
        return is_animate(someone.noun)  # "a dusty saloon, two gunslingers face each other"
    if words.low(end) == "at" and _CLOCK.fullmatch(words.low(end + 1)):
        end += 2
    if words.low(end) == "with" and head in _INDOORS and (someone := noun(words, end + 1)):
        return is_animate(someone.noun)  # "an empty diner at 3am with a waitress"
    if words.low(end) in ("at", "in", "on", "during") and (where := noun(words, end + 1)):
        end = where.end if where.noun in lex.SCENE_WORDS else end
    later = {words.low(k) for k in range(end, len(words))}
    return words.kind(end) == STOP and end + 1 < len(words) and head not in later


def _is_scene_of_lines(state: State, phrase: Noun) -> bool:
    """ "diner booth at night", and a line for each person behind it: whether it is where they all are."""
    words, end = state.words, phrase.end
    if not phrase.bare or state.reading.things or not words.is_end(phrase.start - 1):
        return False
    in_part = len(phrase.words) > 1 and phrase.noun in _COMPARTMENTS and not is_adjective(phrase.words[0].low)
    if not (in_part or phrase.noun in _WIDE or class_of(phrase.noun) in ("place", "building")):
        return False
    while words.kind(end) != STOP:
        end += 1
    return _begins_line_of_someone(words, end) and any(
        _begins_line_of_someone(words, k) for k in range(end + 1, min(len(words), end + _MAX_LINE))
    )


def _is_scene_of_parts(state: State, phrase: Noun) -> bool:
    """ "park bench, autumn BREAK old man, flat cap BREAK little girl": whether it is where those of the parts are."""
    words = state.words
    if not phrase.bare or state.reading.things or is_animate(phrase.noun) or not words.is_end(phrase.end):
        return False
    stops = [k for k in range(phrase.end, len(words)) if words.kind(k) == STOP]
    parts = all(map(words.is_break, stops)) or all(map(words.is_line_end, stops))
    someone = [noun(words, k + 1) for k in stops]
    return bool(stops) and parts and all(one is not None and is_animate(one.noun) for one in someone)


def _is_of_setting(state: State, phrase: Noun) -> bool:
    """ "a courtyard, midday heat, whitewashed walls": whether it is weather, or what is around, in front of things."""
    if not phrase.bare or state.reading.things or not state.words.is_end(phrase.end):
        return False
    timed = phrase.words[0].low in lex.HOURS and class_of(phrase.noun) == "phenomenon"
    around = phrase.words[-1].low in _ENCLOSES and bool(state.reading.shared)
    inside = phrase.noun in _COMPARTMENTS - {"car", "cab"} and state.words.kind(phrase.end) == COMMA
    return len(phrase.words) > 1 and (timed or around or inside)


def _begins_line_of_someone(words: Words, i: int) -> bool:
    """Whether a line ends at i, and the next one begins with someone: "a trucker in a plaid shirt"."""
    someone = noun(words, i + 1) if "\n" in words.low(i) else None
    return someone is not None and someone.count == 1 and is_animate(someone.noun)


def _is_roomy(phrase: Noun) -> bool:
    """Whether it is a place, or holds things as one does: "a dining area", "the shop window"."""
    return phrase.noun in lex.SCENE_WORDS | lex.THINGLIKE_PLACES or class_of(phrase.noun) in ("place", "building")


def has_own_look(phrase: Noun) -> bool:
    """Whether it is scenery of a colour or a material that is not usual: "green sky", "marble floor"."""
    usual = lex.NATURAL.get(phrase.noun, frozenset[str]())
    said = [token for k, token in enumerate(phrase.words) if k != phrase.head]  # also "a floor of blue tiles"
    return phrase.noun in SCENERY and bool(_looks(said) - usual)


def has_look(name: str, said: Sequence[Token]) -> bool:
    """Whether it is scenery of a stated colour or material, be it the usual one: "blue sky"."""
    return name in SCENERY and bool(_looks(said))


def _looks(said: Sequence[Token]) -> frozenset[str]:
    return lex.LOOKS.intersection(part for token in said for part in token.low.split("-"))


def _is_joined_scenery(state: State, phrase: Noun) -> bool:
    """ "red grass and a white horse"."""
    return "and" in (state.conjunction, state.words.low(phrase.end)) and has_own_look(phrase)


def _goes_on_elsewhere(words: Words, end: int) -> bool:
    """ "A snowy forest. A cabin …": whether what follows the place is in it, as it is not spoken of again."""
    later = {words.low(k) for k in range(end, len(words))}
    return words.kind(end) == STOP and end + 1 < len(words) and words.low(end - 1) not in later


def is_nothing_known(state: State, phrase: Noun) -> bool:
    """A piece that has neither article nor number, and names nothing that a picture is known to show."""
    words = state.words
    begins = words.is_end(phrase.start - 1) or words.low(phrase.start - 1) == "very"  # "very Edward Hopper"
    if not phrase.bare or state.is_waiting or not begins or not words.is_end(phrase.end):
        return False
    head = phrase.words[phrase.head]
    if words.low(phrase.start - 1) == "very" and head.text[:1].isupper():
        return True
    if head.kind != WORD or state.conjunction not in ("", ",") or is_adjective(head.low):
        return False
    if state.conjunction == "," and _is_artist(state, phrase):
        return True
    return not class_of(head.low) and head.low not in lex.SCENE_WORDS | lex.PLAIN_VERBS


def _is_artist(state: State, phrase: Noun) -> bool:
    """ "a villa on a cliff, Julius Shulman": a name of several words behind things that are no names."""
    named = len(phrase.words) > 1 and all(token.text[0].isupper() for token in phrase.words)
    if not named or is_ordinary(phrase.words[0].low):
        return False
    return all(thing.words[-1].text.islower() for thing in state.reading.things)


def names_nothing(state: State, phrase: Noun) -> bool:
    """Whether words without article and number end in an adjective or a verb: "far away", "painted from afar"."""
    head, first = phrase.words[phrase.head], phrase.words[0].low
    waits = state.is_waiting and not state.current_list
    written = head.text.islower() or state.words.kind(phrase.start - 1) == STOP
    bare = phrase.bare or (phrase.determiner == "a" and first in ("bit", "little", "touch"))  # "a bit eerie"
    if phrase.vague and state.words.low(phrase.start) in lex.ARTICLES:
        return False  # "a stack of files"
    if not bare or phrase.direction or waits or head.kind != WORD or not written:
        return False
    if head.low in lex.COLORS and first in _ALMOST:
        return True  # "tall and almost orange"
    if class_of(head.low) in ("food", "plant"):
        return False  # "purple lavender"
    said = phrase.words[len(phrase.given) :]  # less "bit"
    if any(class_of(t.low) or is_abstract_noun(t.low) or t.low in lex.SCENE_WORDS | lex.MEDIA for t in said):
        return False
    return is_adjective(head.low) or (len(phrase.words) == 1 and _is_only_verb(head.low))


def _is_only_verb(low: str) -> bool:
    return low.endswith(("s", "ed")) and bool(plain_form(low)) and low not in lex.NOUN_LIKE


def is_part(state: State, phrase: Noun) -> bool:
    """In a list of tags, something that the person before it has on: "an old sailor, pipe, beard"."""
    if state.pending_positions or state.last is None:
        return False
    armed = phrase.count in (2, 3) and class_of(phrase.noun) == "weapon" and not state.last.determiners
    if not phrase.bare and not (armed and state.conjunction == "," and state.words.is_end(phrase.end)):
        return False  # but "halfling rogue, green hood, two daggers"
    joined = state.conjunction in ("and", ", and") and _is_behind_part(state, phrase)
    if not (state.conjunction == "," or joined) or has_own_position(state.words, phrase.end):
        return False
    if is_held(phrase.noun):
        return (joined or class_of(state.last.noun) == PERSON) and state.words.is_end(phrase.end)
    return names_part(phrase) and (is_animate(state.last.noun) or _tells_of_actor(state, phrase))


def _tells_of_actor(state: State, phrase: Noun) -> bool:
    """ "a mechanic slides out from under a car, face smeared with grease": whether a part and how it is are behind."""
    low = state.words.low(phrase.end)
    told = is_ing_verb(low) or low.endswith("ed") or low in lex.PARTICIPLES
    return told and class_of(phrase.noun) == PART and state.someone is not None and len(phrase.words) == 1


def _is_behind_part(state: State, phrase: Noun) -> bool:
    """ "a wolf detective, trench coat and fedora": whether the words before "and" are someone's part or clothing."""
    said = state.last.trailing[-1:] if state.last is not None else []
    before = phrase.start - 1 - (state.words.kind(phrase.start - 2) == COMMA)
    return bool(said) and said[0][0].kind == COMMA and said[0][-1] is state.words.tokens[before - 1]
