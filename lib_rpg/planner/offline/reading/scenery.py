"""What is nobody's own: scene, style and background, and the tags that tell of them."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COLON, STOP, WORD, render
from lib_rpg.planner.offline.grammar.phrases import Noun, Relation, is_adjective, is_animate, noun, place
from lib_rpg.planner.offline.reading.lookahead import has_own_position
from lib_rpg.planner.offline.reading.referents import is_known_name, who
from lib_rpg.planner.offline.reading.state import State

_SCENE_PREPOSITIONS = lex.word_set(
    "at during against inside throughout amid amidst through across within along among outside into from near by "
    "beside under beneath over above after before in on around"
)
_WIDE = lex.word_set("forest desert beach ocean sea city field meadow garden street island stage lake")
SURFACES = lex.word_set("canvas paper linen parchment silk")
_STANDS_ON = lex.word_set("house castle church temple palace barn cabin cottage bridge path window")
_GENERIC_MEDIA = lex.word_set("scene view image picture still shot depiction")


def take_style(state: State, i: int) -> int:
    """ "an oil painting of …" at the start: the end, or 0."""
    words = state.words
    if state.reading.things or (not state.at_start and words.low(i - 1) not in ("of", "is")):
        return 0
    j = i + (words.low(i) in lex.ARTICLES | lex.DEMONSTRATIVES)
    start = j
    while words.is_open(j) and words.low(j) not in lex.SHOW:
        j += 1
    if j == start or words.low(j - 1) not in lex.MEDIA:
        return 0
    of = words.low(j)
    told = words.kind(j) in (STOP, COLON) and j + 1 < len(words) and i == 0
    if told and all(words.low(k) in lex.MEDIA | lex.QUALITY_WORDS for k in range(start, j)):
        state.begin_item("")
        if words.low(start) not in _GENERIC_MEDIA:
            state.share(start, j, alone=True)
        return j + 1
    if of not in ("of", "with", "showing", "depicting", "featuring", "where", "containing", "shows", "depicts"):
        if not (words.is_end(j) and words.low(j - 1) in _GENERIC_MEDIA and j - start == 1):
            return 0
    elif j - start > 1 or words.low(start) not in _GENERIC_MEDIA:
        state.share(start, j, alone=True)
    state.begin_item("")
    return max(j + (words.low(j) not in ("", ",", ".")), j) if of else j


def take_backdrop(state: State, phrase: Noun) -> int:
    words = state.words
    adjectives = noun(words, phrase.end + 1) if words.low(phrase.end) in lex.BE else None
    told = words.kind(phrase.end) == COLON and noun(words, phrase.end + 1)
    if adjectives is not None or told:
        said = adjectives or told
        assert isinstance(said, Noun)
        head = phrase.words[phrase.head]
        only = all(is_adjective(t.low) or t.low == "and" for t in said.words)
        text = f"{render(said.words)} {head.low}" if only else f"{render([*said.given, *said.words])} in the {head.low}"
        state.share_text(text)
        return said.end
    if len(phrase.words) > 1 or not phrase.given:
        state.share(phrase.start, phrase.end)
    return phrase.end


def is_tag(state: State, phrase: Noun) -> bool:
    """A bare word of a list about quality, style, place or time."""
    if not phrase.bare or has_own_position(state.words, phrase.end) or state.is_waiting:
        return False
    lows = [t.low for t in phrase.words]
    ends = state.words.is_end(phrase.end) or state.words.low(phrase.end) == "and"
    if any(t.kind != WORD for t in phrase.words):
        return False
    if lows[-1] == "lights" and lows[-2:-1] not in ([], ["traffic"]) and ends:
        return True
    if lows[-1] in lex.QUALITY_WORDS and (ends or all(w in lex.QUALITY_WORDS for w in lows)):
        return True
    if lows[-1] in lex.MEDIA and len(lows) > 1 and ends and state.conjunction == "," and state.reading.things:
        return True  # "…, top view", "…, art deco poster"
    if sum(w in lex.QUALITY_WORDS for w in lows) * 2 > len(lows):
        return True
    scenic = phrase.noun in lex.SCENE_WORDS or lows[-1] in lex.SCENE_WORDS
    listed = state.at_start and (state.conjunction in ("", ",", "and", ", and"))
    return (scenic and ends and listed and not lex.is_plural(lows[-1])) or (scenic and ends and lows[-1] in lex.TIMES)


def is_setting(state: State, phrase: Noun) -> bool:
    """A place at the start of a prompt that holds the rest: "a living room with …", "a street, …"."""
    if phrase.noun not in lex.SCENE_WORDS or phrase.count not in (None, 1) or state.is_waiting:
        return False
    if has_own_position(state.words, phrase.end):
        return False
    end = phrase.end
    if phrase.noun in _WIDE and not state.reading.things and state.words.kind(end) == STOP:
        # "A snowy forest. A cabin …": all that follows is in it, unless it is spoken of again.
        later = {state.words.low(k) for k in range(end, len(state.words))}
        if end + 1 < len(state.words) and state.words.low(end - 1) not in later:
            return True
    if state.words.low(end) in ("at", "in", "on", "during") and (time := noun(state.words, end + 1)):
        end = time.end if time.noun in lex.SCENE_WORDS else end
    if state.words.low(end) in ("with", "where", "containing", "featuring", "full"):
        return not state.reading.things and phrase.noun not in _STANDS_ON
    return phrase.noun not in lex.THINGLIKE_PLACES


def is_part(state: State, phrase: Noun) -> bool:
    """In a list of tags, something that the person before it has on."""
    if state.conjunction != "," or not phrase.bare or state.pending_positions or state.last is None:
        return False
    if has_own_position(state.words, phrase.end):
        return False
    if state.tag_style:
        return True
    part = phrase.noun in lex.PARTS or phrase.words[phrase.head].low in lex.PARTS
    if phrase.noun in lex.HELD:
        return state.last.noun in lex.PEOPLE and state.words.is_end(phrase.end)
    return part and is_animate(state.last.noun)


def take_scene(state: State, i: int) -> int:
    """ "in a cafe", "at night", "under a starry sky", "in the style of …": the end, or 0."""
    words, low = state.words, state.words.low(i)
    if low not in _SCENE_PREPOSITIONS:
        return 0
    if low == "by" and words.low(i + 1) not in lex.DETERMINERS and words.is_open(i + 1):
        j = i + 1
        while not words.is_end(j):
            j += 1
        state.share(i, j)
        return j
    phrase = noun(words, i + 1)
    if phrase is None or (phrase.determiner in lex.POSSESSIVES and phrase.noun in lex.PARTS):
        return 0
    if is_known_name(state, phrase) or (state.pending_positions and state.last is not None and not state.at_start):
        return 0
    lows = [t.low for t in phrase.words]
    at_start = state.last is None or state.after_scene
    scenic = phrase.noun in lex.SCENE_WORDS or lows[phrase.head] in lex.SCENE_WORDS or phrase.noun in lex.BACKDROPS
    if phrase.noun == "style" or lows[-1:] == ["style"]:
        scenic = True
    elif low in ("under", "beneath", "over", "above", "around"):
        wet = low in ("under", "beneath") and phrase.noun in ("sea", "ocean", "water")
        scenic = wet or phrase.noun in lex.SKIES or lows[phrase.head] in lex.SKIES
    elif low in ("near", "by", "beside"):
        scenic = scenic and phrase.noun not in lex.THINGLIKE_PLACES - {"beach", "ocean", "sea"}
    elif low == "on":
        scenic = (scenic and phrase.noun not in _STANDS_ON) or (at_start and words.is_end(phrase.end))
    elif low in ("in", "at", "inside"):
        scenic = scenic or at_start
        own = {phrase.noun, lows[phrase.head]} & (lex.PARTS | lex.CONTAINERS)
        if low in ("in", "at") and not scenic and not own:
            wide = len(who(state)) > 1 or (state.last is not None and state.last.count > 1)
            worn = all(is_adjective(w) or w == "and" for w in lows)
            scenic = wide and not worn
    if not scenic or phrase.count not in (None, 1):
        return 0
    end = phrase.end
    if _has_things_before_comma(state, end):
        return 0
    state.end_relation()
    state.share(i, end)
    return end


def _has_things_before_comma(state: State, end: int) -> bool:
    """Whether what looks like a place is itself put somewhere ("a castle on the left")."""
    spot = place(state.words, end)
    return isinstance(spot, Relation) and state.last is None
