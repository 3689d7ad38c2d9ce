"""What kind of tag a piece between commas is: "best quality" is of the whole picture, "red hair" is someone's."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural, singular
from lib_rpg.planner.language.prompt_tokens import COLON, NUMBER, SYMBOL, WORD
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.offline.grammar.adjectives import is_shade
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import (
    ANIMAL,
    PART,
    PERSON,
    class_of,
    is_adjective,
    is_animate,
    is_held,
    is_ing_verb,
)
from lib_rpg.planner.offline.grammar.nouns import noun, place_here
from lib_rpg.planner.offline.grammar.numbers import count_tag, is_in_name, model_length
from lib_rpg.planner.offline.grammar.places import place, relation
from lib_rpg.planner.offline.grammar.positions import Place
from lib_rpg.planner.offline.grammar.proper_names import MAKES, is_ordinary
from lib_rpg.planner.offline.reading.blocks import in_block_of_last
from lib_rpg.planner.offline.reading.carried_pieces import CARRIED, is_carried_by_last, kind_of_carried
from lib_rpg.planner.offline.reading.counted_pieces import is_bracketed, is_full_chest, is_titled, tells_of_counted
from lib_rpg.planner.offline.reading.general_names import names_breed
from lib_rpg.planner.offline.reading.joined_names import (
    is_name_before_count,
    is_name_behind_count,
    is_of_series,
    joined_names,
)
from lib_rpg.planner.offline.reading.joined_pieces import kind_of_joined
from lib_rpg.planner.offline.reading.lookahead import names_part
from lib_rpg.planner.offline.reading.nobody import may_be_clad
from lib_rpg.planner.offline.reading.piece_words import (
    behind_owner,
    is_numbered_part,
    names_person,
)
from lib_rpg.planner.offline.reading.sentence_pieces import (
    is_with_mount,
    kind_of_numbered,
    meets_another,
    names_actor,
    starts_sentence,
)
from lib_rpg.planner.offline.reading.someone import (
    counts_bare_things,
    has_someone,
    is_about_animals,
    is_about_people,
    may_have_parts,
    names_someone,
)
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.style_pieces import kind_of_style
from lib_rpg.planner.offline.reading.worn_pieces import MATERIALS, is_part_of_last, is_right_behind_ware, kind_of_worn
from lib_rpg.planner.offline.tags.tag import COUNT, LOOK, NAME, OBJECT, ROLE, SCENE, TOGETHER, UNKNOWN
from lib_rpg.planner.offline.tags.tag_kinds import PERSONAL

OF_SOMEONE = (*PERSONAL, TOGETHER, ROLE, NAME)
_JOINING = lex.word_set("and & of very too no")  # "very long hair", "kimi no na wa"
_PERSONAL_PRONOUNS = lex.word_set("him her them it me us")
_HANDLED = frozenset({"food", "instrument"})  # "pouring coffee", but not "glowing runes"
_AIRY = lex.AIRY | lex.word_set("steam vapor vapour spray")
_APART = frozenset({"container", "furniture", "vehicle"})  # which no animal has on
_BUILT = frozenset({"building", "place", "furniture"})
_FAR = frozenset({"vehicle", "object", "plant", "substance", "phenomenon"})
BY_ITSELF = lex.word_set(
    "flying floating burning glowing hanging sailing drifting hovering orbiting crumbling falling dripping swaying "
    "shooting swinging swirling blooming glistening twinkling looming flickering rising drooping "
    "galloping prancing melting sleeping "
    "rearing trotting grazing leaping pouncing roaring snarling howling barking"
)
_MAX_PIECES = 4  # between what someone has and the next one who is named
_FOOTWEAR = lex.word_set("shoe shoes boot boots")
_BY_AGE = lex.word_set("little big older younger elder old young small tall short")
_WORLDS = lex.word_set("planet world")  # "jedi on the left, sith on the right, lava planet"
_HOLDERS = ("mouth", "hand", "hands", "teeth")
_WHERE = lex.word_set("in below above behind overhead nearby at on by near beside")


def kind_of(state: State, i: int, end: int) -> str:
    """The kind of the tag [i, end), or "" for a sentence."""
    words = state.words
    tokens = words.tokens[i:end]
    cameras = words.low(i) in ("a", "an") and words.low(end - 1) == "camera"  # "a canon ae-1 camera and a leica camera"
    counts = any(count_tag(token.low) for token in tokens)  # also "standing in front of 1boy"
    counts = counts or is_bracketed(words, i, end) or is_full_chest(words, i)
    if not tokens or counts or cameras or _has_own_ground(state, i, end) or tells_of_counted(state, i, end):
        return ""
    if joined_names(state, i, end) or is_titled(state, i, end):
        return NAME
    text = " ".join(token.low for token in tokens if token.kind != SYMBOL or token.text.isascii())
    posed = has_someone(state) and _is_part_posed(words, i, end)
    kind = state.kinds.of_whole(text) or ("pose" if posed else "")  # "katana drawn", "face half covered"
    if kind == TOGETHER and not state.people.counted and words.low(i) in lex.PLAIN_VERBS and state.reading.things:
        return ""  # "two samurai, one in red, one in black, duel at dawn"
    if not kind and is_of_series(state, i, end):
        return NAME
    if not kind and state.people.counted and state.kinds.of_part(text, ends=False) == TOGETHER:
        return TOGETHER  # "matching maid outfits"
    if not kind and (starts_sentence(state, i, end) or names_actor(state, i, end)):
        return ""
    if not kind and (_is_name(state, i, end) or is_with_mount(state, i, end) or meets_another(state, i, end)):
        return ""
    plain = all(_is_plain(words, k) for k in range(i, end))
    if kind := kind or _kind_of_part(state, text, i, end) or kind_of_worn(state, i, end):
        return "" if _is_no_tag(state, kind) else kind
    if _are_all_of_picture(state, i, end):
        return "style"
    if any(token.kind == SYMBOL for token in tokens):
        return UNKNOWN if plain else ""
    if kind := kind_of_numbered(state, i, end):
        return kind
    if may_have_parts(state) and _may_be_of_last(state) and is_numbered_part(words, i, end):
        return "body"
    if plain:
        kind = _kind_of_between(state, i, end) or _kind_of_words(state, i, end)
        begins = words.is_break(i - 1) and not state.people.counted  # "BREAK rag doll, yarn hair"
        return "" if begins and kind == "held" else kind
    if is_about_people(state) or has_someone(state):
        return _kind_about_someone(state, i, end)
    return ""


def _has_own_ground(state: State, i: int, end: int) -> bool:
    """ "broken violin in the foreground", "floating castle in the sky": whether a piece says where something is."""
    words, named = state.words, noun(state.words, i)
    spot = place(words, named.end) if named is not None and not names_part(named) and class_of(named.noun) else None
    if named is None or not isinstance(spot, Place) or spot.end != end:
        return False
    built = class_of(named.noun) in ("building", "vehicle")
    return (spot.ground == "foreground" and has_someone(state)) or (spot.ground == "sky" and built)


def _is_part_posed(words: Words, i: int, end: int) -> bool:
    """A part of someone, or what they hold, and behind it how it is: "sword raised", "arms crossed"."""
    first, last = words.low(i), words.low(end - 1)
    if words.low(end - 2) == "in" and last in _HOLDERS and 2 < end - i <= 4:
        return not is_animate(words.low(end - 3))  # "toast in mouth"
    told = (last.endswith("ed") and len(last) > 4) or last in lex.PARTICIPLES
    part = class_of(first) == PART or is_held(singular(first))
    flows = is_ing_verb(last) and class_of(words.low(end - 2)) == PART  # "red hair floating"
    return 1 < end - i <= 4 and ((told and part) or flows)


def _kind_of_between(state: State, i: int, end: int) -> str:
    """LOOK for words in no list between two who are named: "old tugboat, rust streaks, white yacht", else ""."""
    words, last = state.words, state.last
    if state.people.counted or last is None or last.count != 1 or last.vague or state.is_waiting:
        return ""
    if state.shared_end == i - 1 or class_of(words.low(end - 1)) in (
        PERSON,
        ANIMAL,
        "vehicle",
        "building",
        "place",
    ):
        return ""
    someone = is_animate(last.noun) or class_of(last.noun) in ("vehicle", "building")
    of = _kind_of_words(state, i, end) if someone else ""
    own = is_held(singular(words.low(end - 1))) or any(class_of(words.low(k)) == PART for k in range(i, end))
    if of != UNKNOWN and not (of == OBJECT and own):
        return ""
    return LOOK if _names_subject(words, end + 1) else ""


def _names_subject(words: Words, i: int) -> bool:
    """Whether another one with a look or a place of its own is named in the next pieces."""
    for _ in range(_MAX_PIECES):
        i += is_ing_verb(words.low(i))
        beside = relation(words, i)
        i += words.low(i) == "and"
        one = noun(words, beside.end if beside is not None else i + (words.low(i) in PREPOSITIONS))
        if one is not None and (is_animate(one.noun) or class_of(one.noun) == "vehicle") and len(one.words) > 1:
            return True
        i = words.piece_end(i) + 1
        if i >= len(words):
            return False
    return False


def _kind_of_part(state: State, text: str, i: int, end: int) -> str:
    """The kind by the first or last words: "holding a fan", "white tank top" (which is no place), "oil by loish"."""
    words = state.words
    if text.startswith("mid-") and end == i + 1 and has_someone(state):
        return "pose"  # "a dancer, mid-spin"
    open_words = all(_is_open_word(words, k) for k in range(i, end))
    if open_words and end > i + 1 and not is_about_people(state) and is_part_of_last(state, words.low(end - 1)):
        return LOOK  # "perfume bottle, gold cap"
    kind = state.kinds.of_part(text, ends=open_words)
    if kind and (kind in PERSONAL or all(_is_plain(words, k) for k in range(i, end)) or not open_words):
        return kind
    if open_words and (kind := kind_of_carried(state, i, end)):
        return kind
    return kind_of_style(state, i, end)


def _may_be_of_last(state: State) -> bool:
    """Whether who is spoken of can have parts: "a chicken, three ships, two helmets" has none of them."""
    last = state.last
    return last is None or last.count == 1 or state.people.counted or is_animate(last.noun)


def _is_open_word(words: Words, k: int) -> bool:
    low = words.low(k)
    if words.kind(k) == NUMBER and is_in_name(words, k):
        return True  # "vintage route 66 poster"
    return (words.is_open(k) or low in _JOINING) and low not in lex.NUMBERS and low not in lex.VAGUE_NUMBERS


def _are_all_of_picture(state: State, i: int, end: int) -> bool:
    """ "muted colors and a grainy paper texture"."""
    words = state.words
    start, parts = i, list[str]()
    for k in range(i, end + 1):
        if k == end or words.low(k) == "and":
            start += words.low(start) in lex.ARTICLES
            if not all(_is_plain(words, j) for j in range(start, k)):
                return False
            parts.append(" ".join(words.low(j) for j in range(start, k)))
            start = k + 1
    kinds = [state.kinds.of_whole(part) or state.kinds.of_part(part) for part in parts]
    return len(parts) > 1 and all(kind and kind not in OF_SOMEONE for kind in kinds)


def _is_of_ware(state: State) -> bool:
    """Whether the prompt is of something for sale: "white sneakers, red laces, product photo"."""
    return any(state.words.says(word) for word in ("product", "mannequin", "packshot", "advertisement", "commercial"))


def _is_plain(words: Words, k: int) -> bool:
    """Whether the word neither counts, nor places, nor relates: it can be in a tag."""
    return _is_open_word(words, k) and not place_here(words, k)


def _is_no_tag(state: State, kind: str) -> bool:
    """Whether the words have the form of a tag and are none here: "couple" without count tags, "beard" of nobody."""
    if kind == COUNT:
        return not state.tag_style
    if kind in ("pose", "expression", TOGETHER):
        return False  # "dynamic pose, a fox"
    first = not (state.reading.things or state.people.counted or state.unknown)
    if first and kind == "held":
        return True  # "teddy bear, brown, sitting on a bed"
    ware = kind == "accessory" or (kind == "garment" and _is_of_ware(state))
    if first and ware and not names_someone(state):
        return True  # "vintage pocket watch, brass case"
    if kind in ("accessory", "garment", "held") and counts_bare_things(state):
        return True  # "2items, gold ring, silver watch"
    if kind in OF_SOMEONE:
        return not (state.tag_style or has_someone(state))
    return False


def _kind_of_words(state: State, i: int, end: int) -> str:
    """The kind of a piece of open words that is in no list."""
    words = state.words
    named = end - model_length(words.tokens[max(i, end - 3) : end])  # "android RX-09"
    named = next((k for k in range(i + 1, named) if words.low(k) == "of"), named)  # "jar of fireflies"
    named -= named > i + 1 and words.low(named - 1) == "full"  # "bookshelf full of old books"
    head, first = words.low(named - 1), words.low(i)
    beside_people = is_about_people(state)
    if any(words.low(k) in ("and", "&") for k in range(i, end)):
        return kind_of_joined(state, i, end)
    if words.low(end - 2) == "showing" and end > i + 2 and not beside_people:
        return kind_of(state, i, end - 2)  # "vintage pocket watch showing 10:10"
    of = class_of(head)
    if is_ing_verb(first) and words.kind(i) == WORD and not (is_adjective(first) and of not in _HANDLED):
        if beside_people and end == i + 2 and (of in _BUILT or head in lex.AFTER_ING):
            return SCENE  # "living room", "vending machine"
        return _kind_of_doing(state, i, end, of)
    if of == PERSON and state.people.counted and words.kind(end) != COLON:
        return _kind_of_role(state, head)  # but "mother: brown hair" names one
    made = (first in MAKES and not beside_people) or (head in MAKES and end > i + 1)  # "porsche 911 rwb", "white vespa"
    if made or of in (PERSON, ANIMAL) or names_breed(state, singular(head)):
        return ""
    if is_part_of_last(state, head) and named == end:
        return LOOK  # "a fortress, rusted plating", but "two teacups, plate of macarons"
    if _AIRY.intersection((head, words.low(end - 1))) and state.last is not None:
        return SCENE  # "a steam train, black smoke"
    if of == PART:
        return "garment" if beside_people or has_someone(state) or may_be_clad(state) else ""
    if is_carried_by_last(state, i, end):
        return "held"
    if of:
        return _kind_of_thing(state, i, end, of)
    shade = end == i + 2 and is_shade(words, i) and state.last is not None and state.last.count == 1
    if shade or all(is_adjective(words.low(k)) for k in range(i, end)):  # "coupe, cherry red"
        return LOOK if shade or _is_labelled_look(state, i) else _kind_of_adjectives(state, i, end)
    if head in lex.PLAIN_VERBS and beside_people and (end > i + 1 or state.tag_style):
        return SCENE if end > i + 1 else "pose"  # "pillow fight", "jump"
    if head in lex.PLAIN_VERBS | lex.SCENE_WORDS | lex.MEDIA | lex.FILLERS | lex.SHOW:
        return ""
    called = state.people.are_several or is_name_behind_count(words, i, end) or is_name_before_count(words, i)
    called = called and state.people.counted
    return NAME if called else UNKNOWN


def _kind_of_thing(state: State, i: int, end: int, of: str) -> str:
    """OBJECT for a thing of this class beside people, or a place around someone; "" for a thing with a place."""
    words, head, beside_people = state.words, state.words.low(end - 1), is_about_people(state)
    if head in MATERIALS and end > i + 1 and is_right_behind_ware(state, i):
        return LOOK  # "perfume bottle, amber glass"
    plain = lex.COLORS.isdisjoint(words.low(k) for k in range(i, end))
    if not plain and of in ("building", "vehicle") and not (state.people.counted or state.people.announced):
        return ""  # "ice fisherman, red hut"
    around = plain and (of in ("place", "building") or head in _WORLDS)
    around = around and any(is_animate(thing.noun) for thing in state.reading.things)
    if of in _APART and end > i + 1 and not state.people.counted and is_about_animals(state):
        return ""  # "black cat, blue vase"
    return OBJECT if (beside_people or around or state.people.announced) and end - i <= 3 else ""


def _kind_of_doing(state: State, i: int, end: int, of: str) -> str:
    """The kind of a piece that begins with an -ing form, and whose noun is of this class."""
    named = of == "furniture" or state.words.low(end - 1) in _FOOTWEAR
    if end == i + 2 and named and not has_someone(state):
        return ""  # "reading table, green lamp", "running shoe, white mesh"
    if names_moving_thing(state.words, i) == end and of == ANIMAL:
        return ""  # "galloping brown horse"
    if names_moving_thing(state.words, i) == end:
        return SCENE if is_about_people(state) else ""  # "flying ships"
    return "pose" if state.tag_style and of not in (ANIMAL, PERSON) else ""


def names_moving_thing(words: Words, i: int) -> int:
    """ "flying ships", which nobody flies: the end, or 0."""
    end = i + 2
    while is_adjective(words.low(end - 1)) and words.is_open(end):
        end += 1  # "galloping brown horse"
    # "flying cars in the sky", "burning castle below", "melting clock hanging from a tree"
    ends = words.is_end(end) or words.low(end) in _WHERE or is_ing_verb(words.low(end))
    moves = words.low(i) in BY_ITSELF and class_of(words.low(end - 1)) in _BUILT | _FAR | {ANIMAL, "artifact"} and ends
    return end if moves and words.is_end(i - 1) else 0


def _kind_of_role(state: State, head: str) -> str:
    """The kind of a bare name of people beside count tags: "nurse", "students", "bystanders"."""
    people = state.people
    if people.has_role(singular(head)):
        return ""  # "boss and secretary, …, boss, grey hair, secretary, pencil skirt"
    total = people.total
    pieces = [k for k in range(1, len(state.words)) if state.words.low(k) == head and state.words.is_end(k + 1)]
    pieces = [k for k in pieces if state.words.is_end(k - 1) or state.words.is_end(k - 2)]
    compared = [k for k in pieces if state.words.low(k - 1) in lex.COMPARED | _BY_AGE]
    if len(compared) == total > 1 or (len(pieces) == total > 1 and len({state.words.low(k - 1) for k in pieces}) > 1):
        return ""  # "2girls, sisters, older sister, red coat, little sister, yellow coat"
    if any(group.tag == singular(head) for group in people.groups):
        return ""  # "2girls, 1boy, tall boy"
    if is_plural(head):
        return ROLE if total > 1 else SCENE
    return ROLE if people.are_several else ""


def _is_labelled_look(state: State, i: int) -> bool:
    """ "girl 1: blonde, cap": whether adjectives are behind someone's label."""
    words = state.words
    return state.people.counted and words.kind(i - 1) == COLON and in_block_of_last(state, i)


def _kind_of_adjectives(state: State, i: int, end: int) -> str:
    """ "ancient", "cute" are of the whole picture; "black" of the thing before, or of one of several."""
    lows = [state.words.low(k) for k in range(i, end)]
    if not lex.ADJECTIVES.issuperset(lows) or (lex.COLORS.isdisjoint(lows) and state.tag_style):
        return "mood"
    if any(thing.count > 1 and not thing.vague for thing in state.reading.things):
        return ""
    return LOOK if state.last is not None and not lex.COLORS.isdisjoint(lows) else "mood"


def _is_name(state: State, i: int, end: int) -> bool:
    """Whether a word that nobody knows names one of the people: "alice: red hair"."""
    return state.tag_style and state.words.tokens[i].kind == WORD and state.words.low(end) == ":" and end == i + 1


def _kind_about_someone(state: State, i: int, end: int) -> str:
    """The kind of a piece with a preposition beside people: "tattoo on neck", "stormy sea behind him", or ""."""
    words = state.words
    if words.low(i) in lex.DETERMINERS or words.low(i) in PREPOSITIONS:
        return ""
    last = end - 1
    if class_of(words.low(last)) == PART and (k := behind_owner(words, i, last)) > i:
        at_feet = words.low(last) in ("feet", "ankles", "legs")
        if class_of(words.low(k - 1)) == ANIMAL and (at_feet or not state.people.counted):
            return ""  # "pigeons around their feet", "owl on her shoulder"
        # "2b pencil behind his ear", "small birds circling its head", but not "girl with a flower in her hair"
        return "body" if not names_person(words, i, k) else ""
    beast = noun(words, i)
    told = beast is not None and (words.low(beast.end) == "with" or is_ing_verb(words.low(beast.end)))
    if beast is not None and told and class_of(beast.noun) == ANIMAL and i < beast.end < end:
        return ""  # "black cat with yellow eyes sitting behind her"
    if kind := _kind_with(state, i, end):
        return kind
    who = noun(words, i)
    if who is not None and not state.people.counted and class_of(who.noun) == PERSON and who.end < end:
        return ""  # "little son in a red cap between them"
    if who is not None and who.end < end and any(one.noun == who.noun for one in state.reading.things if not one.tag):
        return ""  # "baby dragon, …, red baby dragon between them"
    if who is not None and who.tag == "" and any(group.tag == who.noun for group in state.people.groups):
        return ""  # "small girl in a nightgown leaning on it"
    about_pronoun = words.low(last) in _PERSONAL_PRONOUNS and words.low(last - 1) in PREPOSITIONS
    before = last - 2 - (not state.people.counted and is_ing_verb(words.low(last - 2)))  # "sheep grazing around her"
    named = before == i and not is_ordinary(words.low(i))  # "charizard behind her"
    if state.tag_style and about_pronoun and not is_animate(words.low(before)) and not named:
        return SCENE
    return _kind_of_pose(state, i)


def _kind_with(state: State, i: int, end: int) -> str:
    """SCENE for a thing beside people with what is on it: "spider web with dew"; "held" for "shield with a lion"."""
    at = next((k for k in range(i + 1, end) if state.words.low(k) == "with"), 0)
    if at and kind_of(state, i, at) in CARRIED and class_of(state.words.low(at - 1)) != PERSON:
        return "held"
    unnamed = any(group.members_named < group.count > 1 for group in state.people.groups)
    if (
        unnamed
        and at
        and class_of(state.words.low(at - 1)) == ""
        and state.kinds.of_whole(state.words.low(at - 1)) == ""
    ):
        return ""  # "2girls, hatsune miku with aqua hair, megurine luka with pink hair"
    room = bool(at) and state.words.low(at - 1) in lex.PLACES - lex.THINGLIKE_PLACES and state.words.is_open(at + 1)
    if not state.people.counted:
        return SCENE if room else ""  # "living room with plants"
    return SCENE if at and kind_of(state, i, at) in (SCENE, OBJECT, UNKNOWN) else ""


def _kind_of_pose(state: State, i: int) -> str:
    """ "sitting sideways on a windowsill" in a prompt of tags."""
    if end := names_moving_thing(state.words, i):
        if class_of(state.words.low(end - 1)) == ANIMAL or is_ing_verb(state.words.low(end)):
            return ""  # "sleeping husky on a rug", "melting clock hanging from a tree"
        shown = place(state.words, end) is not None and not state.people.counted  # "burning pagoda in the background"
        return "" if shown else SCENE  # "burning castle below"
    if class_of(state.words.low(i + 1)) in _FAR | {"artifact", ANIMAL} and is_ing_verb(state.words.low(i + 2)):
        return ""  # "melting clock hanging from a tree"
    return "pose" if state.tag_style and is_ing_verb(state.words.low(i)) and state.words.kind(i) == WORD else ""
