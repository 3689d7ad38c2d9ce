"""Reads scene, style and background, which belong to no single thing."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural
from lib_rpg.planner.language.lexicon import is_abstract_noun
from lib_rpg.planner.language.prompt_tokens import COLON, COMMA, STOP, WORD, render
from lib_rpg.planner.language.relation_words import PREPOSITIONS, SCENE_PREPOSITIONS
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import PART, class_of, is_adjective, is_animate, is_ing_verb
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.places import place
from lib_rpg.planner.offline.grammar.positions import Place
from lib_rpg.planner.offline.grammar.relations import Relation
from lib_rpg.planner.offline.grammar.verbs import is_verb_form
from lib_rpg.planner.offline.reading.attributes import take_attribute
from lib_rpg.planner.offline.reading.fittings import past_fittings
from lib_rpg.planner.offline.reading.fronting import past_verbs, says_of_it
from lib_rpg.planner.offline.reading.known_things import is_known_name
from lib_rpg.planner.offline.reading.lookahead import is_relative_place, names_part
from lib_rpg.planner.offline.reading.referents import add_words, covers_member, predicate_subjects, referents
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.style import GENERIC_MEDIA
from lib_rpg.planner.offline.reading.tags import SELF_STANDING_PLACES

_FAR = lex.word_set("horizon distance")  # no place of several
_PARTS_CLAUSES = lex.word_set("while whereas")
_NEAR = 40  # words of a clause, and around it
_HOLDERS = frozenset({"container", "vehicle", "furniture"})
_KEPT = lex.THINGLIKE_PLACES - {"beach", "street", "field", "meadow", "lawn"}
_MEANS = lex.word_set("rope hand leash boat train bike bicycle car bus foot")
_SPOTS = lex.word_set("bar counter window door entrance table desk stove gate sink piano altar fireplace crossing")
_STAGES = frozenset({"building", "place", "object"})
_SEEN = lex.word_set("we you i one there is are") | lex.SHOW  # "in this picture we see"
_WATERS = ("sea", "ocean", "water")  # "under the sea"
_THICK = lex.word_set("smoke mist fog steam")
_LIES_ON = lex.word_set("mist fog haze")
_BESIDE = lex.word_set("behind around")
_COLOURS = lex.COLORS - lex.word_set("white grey gray black silver golden blue")
_STREWN = lex.word_set("scattered strewn swirling whirling littered sprinkled drifting")
_AROUND = lex.word_set("around everywhere nearby")
_AROUND_HERE = lex.word_set("outside outdoors everywhere around overhead down")
_HANGS = lex.word_set("hangs hanging stands standing mounted")  # "a light hangs above a table"
_ITEM_PLACES = lex.SCENE_WORDS | {"tree"}  # of one item of a list


def take_backdrop(state: State, phrase: Noun) -> int:
    """ "navy background", "the background is green", "background: a forest": the end."""
    words = state.words
    linked = words.low(phrase.end) in lex.BE or words.kind(phrase.end) == COLON
    said = noun(words, phrase.end + 1) if linked else None
    if said is not None:
        head = phrase.words[phrase.head].low
        only = all(is_adjective(t.low) or t.low == "and" for t in said.words)
        text = f"{render(said.words)} {head}" if only else f"{render([*said.given, *said.words])} in the {head}"
        state.share_text(text)
        end = said.end  # "the background is blurry and white"
        return end + 2 if only and words.low(end) == "and" and is_adjective(words.low(end + 1)) else end
    if len(phrase.words) > 1 or not phrase.given:
        state.share(phrase.start, phrase.end)
    return phrase.end


def take_scene(state: State, i: int) -> int:
    """ "in a cafe", "at night", "under a starry sky", "in the style of …": the end, or 0."""
    words, low = state.words, state.words.low(i)
    if low in ("early", "late") and (time := noun(words, i + 2)) and time.noun in lex.TIMES:
        state.share(i, time.end)  # "a market early in the morning"
        return time.end
    if low not in SCENE_PREPOSITIONS or (words.starts(i, "in", "front", "of") and _says_of_someone(words, i)):
        return 0
    if low == "in" and not state.reading.things and words.low(i + 1) in ("this", "the") and _is_picture(words, i + 2):
        return i + 3  # "in this picture we see a cat"
    named = words.is_open(i + 1) and words.low(i + 1) not in lex.DETERMINERS | lex.TIMES
    if low == "by" and named and words.low(i + 1) in _MEANS and state.last is not None:
        return 0  # "leading a cow by rope"
    if low == "by" and named and not _is_done_by(state, i):
        return _take_artist(state, i)
    phrase = noun(words, i + 1)
    if phrase is None or phrase.count not in (None, 1) or _is_of_thing(state, phrase):
        return 0
    if low in ("on", "at") and _is_corner(words, phrase) and state.last is not None and not state.at_start:
        return take_attribute(state, i, low)  # "a flower seller on the corner"
    if not _is_scene(state, low, phrase) or _is_placed(state, phrase.end) or _joins_scenery(state, low, phrase):
        return 0
    state.end_relation()
    if low == "at" and _is_of_first(state, phrase):
        state.expect_said(words.tokens[i : phrase.end])  # "At the bar, a man drinks. In the corner …"
        return phrase.end + (words.kind(phrase.end) == COMMA)
    opens, verbs = state.at_start, past_verbs(words, phrase.end)
    behind = state.last is not None and not opens
    placed = bool(state.pending_positions) and behind  # "on the left a man on a beach"
    placed = placed and phrase.noun not in lex.SKIES
    sky = phrase.words[phrase.head].low in lex.SKIES | lex.AIRY
    placed = placed or (behind and sky and _has_sky_elsewhere(words, i))
    own = placed or has_rival(words, phrase.noun) or _is_of_one_half(state) or _is_of_one_clause(state, i, phrase)
    own = own or is_relative_place(words, phrase.end)  # "a wolf on a cliff, a village in the valley below"
    listed = behind and _is_of_one_item(state, phrase)
    end = past_fittings(state, phrase)
    if listed and state.last is not None:
        state.speak_of([state.last], together=False)
    if behind and (own or listed or covers_member(state, i)):
        add_words(predicate_subjects(state), tuple(words.tokens[i:end]))
        state.continue_clause()
        if listed:
            state.restart_list()
    else:
        state.share(i, end)
    if opens and verbs > phrase.end and noun(words, verbs) is not None:
        state.begin_clause()  # "a bed, and on the floor lies a cat"
        return verbs
    return end


def _is_corner(words: Words, phrase: Noun) -> bool:
    """ "the corner", "a street corner", but "the corner of the table"."""
    return phrase.noun == "corner" and phrase.direction is None and words.low(phrase.end) != "of"


def _joins_scenery(state: State, low: str, phrase: Noun) -> bool:
    """ "a muddy river beside a narrow road": whether both are what the picture is of."""
    last = state.last
    lands = last is not None and not state.at_start and last.noun in lex.PLACES and bool(last.determiners)
    return lands and low in ("beside", "near", "above", "below") and phrase.determiner in ("a", "an")


def _says_of_someone(words: Words, i: int) -> bool:
    return words.low(i + 3) in ("her", "him") or says_of_it(words)


def _is_of_first(state: State, phrase: Noun) -> bool:
    """Whether a sentence begins with a spot in a room, and another sentence follows."""
    words = state.words
    if not state.at_start or state.conjunction or phrase.noun not in _SPOTS:
        return False
    start = phrase.end + (words.kind(phrase.end) == COMMA)
    later = any(words.kind(k) == STOP for k in range(start, len(words) - 1))
    return later and (found := noun(words, start)) is not None and not found.bare


def _is_picture(words: Words, i: int) -> bool:
    """Whether "picture" and no more is at i."""
    return words.low(i) in GENERIC_MEDIA | {"photo"} and (words.is_end(i + 1) or words.low(i + 1) in _SEEN)


def has_rival(words: Words, time: str) -> bool:
    """Whether the prompt names another season or hour too, so that each is that of its thing alone.

    "a house in winter and a house in summer", "a city by day, a city by night"
    """
    same = next((times for times in (lex.SEASONS, lex.HOURS) if time in times), frozenset())
    return bool(same) and any(words.low(k) in same - {time} and not words.is_open(k + 1) for k in range(len(words)))


def _is_of_one_half(state: State) -> bool:
    """Whether "one half is …, the other half is …" parts the picture in two, and the last thing is in one of them."""
    return state.words.says("the", "other", "half") and _is_on_a_side(state)


def _is_of_one_clause(state: State, i: int, phrase: Noun) -> bool:
    """Whether the place at i is that of its clause alone, as another clause names a place of its own.

    "A girl sits in a room. A boy runs in a forest."; "a whale swims in the sea on the left while …"
    """
    words = state.words
    if phrase.noun not in lex.PLACES:
        return False
    start, end = _clause(words, i)
    if _is_on_a_side(state) or phrase.noun in _FAR or any(isinstance(place(words, k), Place) for k in range(i, end)):
        return start > 0 or end < len(words) - 1
    around = (*range(max(0, start - _NEAR), start), *range(end, min(len(words), end + _NEAR)))
    return any(_names_place(words, k, phrase.noun) for k in around)


def _is_of_one_item(state: State, phrase: Noun) -> bool:
    """ "a boy in a kitchen and a girl in a garden": whether another item beside this one has another place."""
    words, last = state.words, state.last
    if phrase.noun not in lex.PLACES or last is None or state.people.counted:
        return False
    time = noun(words, phrase.end + 1) if words.low(phrase.end) in ("at", "in") else None  # "in a cafe at night"
    end = time.end if time is not None and time.noun in lex.TIMES else phrase.end
    k = end + (words.kind(end) == COMMA)
    other = noun(words, k + (words.low(k) == "and")) if k > end or words.low(k) == "and" else None
    if other is not None and not other.bare and other.noun not in lex.SCENE_WORDS - lex.OVERHEAD:
        behind = range(other.end, words.piece_end(other.end))
        if any(_is_at_place(words, j, phrase.noun) for j in behind):
            return True
    before = state.sentence[-2] if len(state.sentence) > 1 and state.sentence[-1] is last else None
    said = before.trailing[-1] if before is not None and before.trailing else ()
    return len(said) > 1 and said[0].low in ("in", "on", "at") and said[-1].low in _ITEM_PLACES


def _is_at_place(words: Words, i: int, other: str) -> bool:
    """Whether "in", "on" or "at" leads to a place that is not the other one."""
    found = noun(words, i + 1) if words.low(i) in ("in", "on", "at") else None
    scenic = found is not None and (found.noun in _ITEM_PLACES or class_of(found.noun) == "place")
    return found is not None and scenic and found.noun != other and found.noun not in lex.TIMES


def _has_sky_elsewhere(words: Words, i: int) -> bool:
    """ "left of the river, a knight under dark clouds; right of it, a farmer in sunshine": each side has its own."""
    start, end = _clause(words, i)
    rest = (*range(start), *range(end, len(words)))
    sided = place(words, start + (words.kind(start) == STOP)) is not None
    return sided and any(words.low(k) in lex.SKIES | lex.AIRY for k in rest)


def _is_on_a_side(state: State) -> bool:
    """Whether the prompt says where on the canvas the last thing is."""
    return any(fact.kind == "at" and state.last in fact.things for fact in state.reading.facts)


def _clause(words: Words, i: int) -> tuple[int, int]:
    """The words of the clause at i, up to a stop or a "while"."""
    start = end = i
    while start > max(0, i - _NEAR) and words.kind(start - 1) != STOP and words.low(start - 1) not in _PARTS_CLAUSES:
        start -= 1
    while end < i + _NEAR and words.kind(end) != STOP and words.low(end) not in _PARTS_CLAUSES:
        end += 1
    return start, end


def _names_place(words: Words, k: int, other: str) -> bool:
    """Whether "in a forest" is at k, behind someone or something."""
    if words.low(k) not in ("in", "on", "at") or words.starts_clause(k) or words.low(k + 1) not in lex.ARTICLES:
        return False
    phrase = noun(words, k + 1)
    return phrase is not None and phrase.noun in lex.PLACES - _FAR and phrase.noun != other and place(words, k) is None


def _is_done_by(state: State, i: int) -> bool:
    """ "a ship being guided into the harbor by two orange tugboats": whether several that act are named."""
    doer = noun(state.words, i + 1)
    acted = state.last is not None and any(part[0].low.endswith(("ed", "ing")) for part in state.last.trailing)
    return acted and doer is not None and (doer.count or 1) > 1 and bool(class_of(doer.noun))


def _take_artist(state: State, i: int) -> int:
    """ "by" and a name, up to the end of the clause."""
    end = state.words.piece_end(i + 1)
    state.share(i, end)
    return end


def _is_of_thing(state: State, phrase: Noun) -> bool:
    """Whether the phrase belongs to a thing: "in her hand", "near the tower", "on the left in a box"."""
    if phrase.determiner in lex.POSSESSIVES and names_part(phrase):
        return True
    placed = bool(state.pending_positions) and state.last is not None and not state.at_start
    sky = phrase.words[phrase.head].low in lex.SKIES
    scenic = sky and (_is_on_a_side(state) or _has_sky_elsewhere(state.words, phrase.start))
    scenic = scenic or (phrase.bare and phrase.noun in lex.TIMES)
    scenic = scenic or phrase.noun == "sun" or (phrase.noun in lex.PLACES - lex.CONTAINERS - _KEPT)
    return (placed and not scenic) or is_known_name(state, phrase)


def _is_scene(state: State, low: str, phrase: Noun) -> bool:
    """Whether the phrase behind the preposition is the place or time of the picture."""
    if phrase.noun == "style" or phrase.words[-1].low == "style":
        return True  # "in the style of …"
    names = {phrase.noun, phrase.words[phrase.head].low}
    if low in ("under", "beneath", "over", "above", "around"):
        return bool(names & (lex.SKIES | _FAR | {"snow", "sun"})) or (
            low in ("under", "beneath") and phrase.noun in _WATERS
        )
    return _is_scene_at(state, low, phrase, names)


def _is_scene_at(state: State, low: str, phrase: Noun, names: set[str]) -> bool:
    scenic = bool(names & lex.SCENE_WORDS) or phrase.noun in lex.BACKDROPS
    if low in ("near", "by", "beside"):
        return scenic and phrase.noun not in lex.THINGLIKE_PLACES - {"beach", "ocean", "sea"}
    at_start = state.last is None or state.after_scene
    if low == "on":
        ends = at_start and state.words.is_end(phrase.end)
        return (scenic and phrase.noun not in SELF_STANDING_PLACES) or ends
    if low in ("in", "at", "inside"):
        return scenic or at_start or (low != "inside" and _holds_several(state, phrase, names))
    return scenic


def _holds_several(state: State, phrase: Noun, names: set[str]) -> bool:
    """Whether all of several things are in it, and do not wear it."""
    behind = noun(state.words, phrase.start + 2) if "front" in names else None
    if behind is not None and not (class_of(behind.noun) in _STAGES or behind.noun in lex.SCENE_WORDS):
        return False  # "in front of a castle", but not "in front of a dragon"
    head = phrase.words[phrase.head].low
    if phrase.determiner in ("his", "her"):
        return False  # "coins in his open case"
    if class_of(head) == PART or (phrase.bare and is_plural(head)):
        return False  # "a bus and a cyclist in a yellow jersey", "lanterns in rows"
    if phrase.bare and class_of(head) == "artifact":
        return False  # "six huskies in harness"
    if phrase.bare and is_abstract_noun(head) and is_ing_verb(state.words.low(phrase.start - 2)):
        return False  # "a chef tossing dough and a child staring in awe"
    held = names & (lex.PARTS | lex.CONTAINERS) or class_of(phrase.noun) in _HOLDERS
    if held or all(is_adjective(t.low) or t.low == "and" for t in phrase.words):
        return False
    if any(part[0].low == "in" for one in referents(state) for part in one.trailing):
        return False  # "a cactus in a teacup, a succulent in a boot and a fern in a lightbulb"
    return len(referents(state)) > 1 or (state.last is not None and state.last.count > 1)


def _is_placed(state: State, end: int) -> bool:
    """Whether what looks like a place has a position itself ("a castle on the left")."""
    return state.last is None and isinstance(place(state.words, end), Relation)


def take_everywhere(state: State, phrase: Noun) -> int:
    """ "flour everywhere", "toys all over the floor", "blurred traffic outside": the end, as it is everywhere, or 0."""
    words, end = state.words, phrase.end
    if not phrase.bare or is_animate(phrase.noun) or not state.reading.things or state.is_waiting:
        return 0
    if words.low(end) == "all" and words.low(end + 1) in ("over", "around"):
        where = noun(words, end + 2)
        end = where.end if where is not None else end + 2
    elif (
        is_ing_verb(words.low(end))
        and words.low(end + 1) in ("around", "everywhere", "nearby")
        and words.is_end(end + 2)
    ):
        end += 2  # "wildflowers growing around"
    elif words.low(end) == "outside" and words.is_end(end + 1) and words.is_end(phrase.start - 1):
        end += 1
    elif phrase.bare and words.low(end) in _STREWN and words.low(end + 1) in _AROUND:
        end += 2 + (words.low(end + 2) in lex.PRONOUNS)  # "autumn leaves scattered around him"
    elif phrase.words[-1].low != "everywhere":
        return 0
    state.share(phrase.start, end)
    return end


def take_airy(state: State, phrase: Noun) -> int:
    """Light or weather with its verb: the end, with the preposition of the verb's object, or 0.

    "evening light falls through a window", "the snow covered a fence": the light and the snow have no place.
    """
    words, verb = state.words, phrase.end
    waiting = state.is_waiting and not (state.current_list and state.conjunction == ",")
    if phrase.words[phrase.head].text[0].isupper() and phrase.head > 0:
        return 0  # "a 1957 Chevrolet Bel Air"
    if phrase.words[phrase.head].low not in lex.AIRY or phrase.count not in (None, 1) or waiting:
        return 0
    if phrase.noun in _THICK and _COLOURS.intersection(token.low for token in phrase.words):
        return 0  # "purple smoke rising from a bronze bowl"
    if phrase.noun in _LIES_ON and (end := _lies_on(state, verb)):
        state.share(phrase.start, end)
        by_someone = words.low(end) in _BESIDE and words.low(end + 1) in lex.PRONOUNS
        return end + 2 * by_someone
    while words.low(verb).endswith("ly") and words.is_open(verb):
        verb += 1
    if words.kind(verb) != WORD or words.low(verb) in _HANGS or not is_verb_form(words, verb, False):
        return 0
    if words.low(verb + 1) in _AROUND_HERE and words.is_end(verb + 2):
        state.share(phrase.start, verb + 2)
        return verb + 2  # "snow falling outside"
    state.share(phrase.start, verb + 1)
    leads = words.low(verb + 1) in SCENE_PREPOSITIONS and noun(words, verb + 2) is not None
    return verb + 1 + (leads and place(words, verb + 1) is None)


def _lies_on(state: State, i: int) -> int:
    """ "mist in the valleys", "fog over the water behind him": where what it lies on ends, or 0."""
    on = noun(state.words, i + 1) if state.words.low(i) in PREPOSITIONS else None
    scenic = on is not None and (on.noun in lex.SCENE_WORDS - lex.THINGLIKE_PLACES or on.noun in lex.UNDERFOOT)
    return on.end if on is not None and scenic and not is_known_name(state, on) else 0
