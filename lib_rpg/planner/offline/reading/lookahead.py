"""Lookahead: what comes later in the prompt. These functions look at the words only, and change nothing."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COLON, COMMA, STOP, Token
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import PART, PERSON, class_of, is_adjective, is_animate, is_ing_verb
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.places import place, relation
from lib_rpg.planner.offline.grammar.positions import Place

_MAX_ITEMS = 12  # of a list that is looked through
_MAX_LIST = 60  # words of a list at one place
_IN_OR_ON = lex.word_set("in on inside upon onto at under")  # where something rests
_CASES = lex.word_set("treasure wooden storage toy tool steamer tree hope ice war elephant")
_CLAD = lex.word_set("with in wearing holding")
_GUARDS = lex.word_set("plate plates pad pads guard guards strap straps wrap wraps piece band bands")
_MAX_ADJECTIVES = 8  # "a red, a green, … and a blue car"
_RELATIVE_PLACES = lex.word_set("below above behind beyond ahead beneath")


def has_own_position(words: Words, after: int) -> bool:
    """Whether a position, a relation or a predicate of its own follows a thing."""
    if words.kind(after) in (COMMA, COLON, STOP):
        return False
    found = relation(words, after)
    if found is not None and found.kind not in ("in", "on"):
        return True  # "a bowl below a shelf and a clock above the shelf"
    if place(words, after) is not None or words.low(after) in lex.BE:
        return True
    where = noun(words, after + 1) if words.low(after) == "in" else None
    return where is not None and is_relative_place(words, where.end)


def is_relative_place(words: Words, i: int) -> bool:
    """ "a village in the valley below": whether where something is ends in how that lies to the others."""
    return words.low(i) in _RELATIVE_PLACES and words.is_end(i + 1)


def begins_anew(words: Words, link: str, name: str, after: int) -> bool:
    """Whether a thing behind "and" has a place of its own and is no object of the relation: "… and a cat in a box".

    link: the relation's words. name: the thing's noun, which ends before `after`.
    """
    if has_own_position(words, after) or (words.low(after) in lex.REST and has_own_position(words, after + 1)):
        return True  # "six apples in a basket and a pear lying next to it"
    if link == "with" and class_of(name) == PERSON and words.low(after) in _CLAD:
        return True  # "a man with a dog and a woman with a hat"
    if link.split()[-1].lower() not in _IN_OR_ON:
        return False
    acts = is_animate(name) and is_ing_verb(words.low(after))  # "an old man on a bench and a girl flying a kite"
    return acts or _is_in_or_on_thing(words, after)


def _is_in_or_on_thing(words: Words, i: int) -> bool:
    """Whether what is named before i is in or on something with a name: "a cat in a box", "a cat asleep on a mat"."""
    i += words.low(i) in lex.REST
    phrase = noun(words, i + 1) if words.low(i) in _IN_OR_ON else None
    if phrase is None or phrase.bare or phrase.determiner in lex.POSSESSIVES:
        return False
    return phrase.noun not in lex.SCENE_WORDS - lex.THINGLIKE_PLACES


def past_introduction(words: Words, i: int) -> tuple[int, bool]:
    """Past "is", "there is", ":" or "," behind a position in front: the index, and whether a comma was there."""
    comma = False
    while i < len(words):
        low = words.low(i)
        if words.kind(i) == COMMA and not comma:
            comma = True
        elif not (words.kind(i) == COLON or low in lex.BE or low in lex.SHOW or low in ("there", "we", "you", "can")):
            break
        i += 1
    return i, comma


def noun_introduced(words: Words, i: int) -> Noun | None:
    """The thing behind "there is" and the like, or right at i."""
    return noun(words, past_introduction(words, i)[0])


def names_part(phrase: Noun) -> bool:
    """Whether it is what someone has or wears: "red hair", "blue eyes"."""
    lows = [token.low for token in phrase.words[: phrase.head + 1]]
    if class_of(lows[-1]) == "substance" and len(lows) > 1:
        return class_of(lows[-2]) == PART  # "face paint"
    if len(lows) > 1 and lows[-1] in _GUARDS and class_of(lows[-2]) == PART:
        return True  # "shoulder plates"
    if lows[-1] in ("chest", "trunk") and len(lows) > 1 and lows[-2] in _CASES:
        return False  # "treasure chest"
    return class_of(lows[-1]) == PART or (lows[-1] == "top" and not lex.TOPS.isdisjoint(lows[-2:]))


def list_end(words: Words, phrase: Noun) -> int:
    """The end of the list of which the phrase is the first: "a vase and a bowl"."""
    end = phrase.end
    for _ in range(_MAX_ITEMS):
        j = end + (words.kind(end) == COMMA)
        j += words.low(j) == "and"
        listed = noun(words, j) if j > end else None
        if listed is None or listed.bare:
            break
        end = listed.end
    return end


def closes_list(words: Words, i: int) -> bool:
    """Whether an item of a list ends before i that "and" closes, with no place of an item's own behind it."""
    for _ in range(_MAX_ITEMS):
        j = i + (words.kind(i) == COMMA)
        closed = words.low(j) == "and"
        item = noun(words, j + closed) if j + closed > i else None
        if item is None or item.bare:
            return False
        i = item.end
        if closed:
            return not has_own_position(words, i) and words.is_end(i)
    return False


def is_listed_with_last(words: Words, after: int) -> bool:
    """Whether an item that ends before `after` and stands behind a comma is one of a list at one place.

    "and" closes the list, or the next place ends it: "on the left a lamp, a chair and a dog", "on the left a cat, a
    tree, on the right a dog". None of them has a place of its own.
    """
    end = after
    while words.kind(end) != STOP and place(words, end) is None:
        end += 1
        if end > after + _MAX_LIST:
            return False
    ends = words.kind(end) == STOP
    if not ends and words.kind(end - 1) != COMMA and words.low(end - 1) != "and":
        return False  # "on the left a cat, a dog on the right"
    last = next((k for k in range(after, end - 1) if words.low(k) == "and"), 0)
    item = noun(words, last + 1) if last else None
    if item is None:
        return not last and (not ends or _is_under_heading(words, after, end))
    given = not item.bare or _is_under_heading(words, after, end)  # "left half: a village, fields and children; …"
    return given and item.end <= end and not has_own_position(words, item.end)


def is_at_side_of_two(words: Words, shown: Noun) -> bool:
    """ "a village with a lamp on the left, a playground with a horse on the right": whether each land has its side.

    shown: what is in the first land.
    """
    first = place(words, shown.end)
    land = (
        noun(words, first.end + 1) if isinstance(first, Place) and first.x and words.kind(first.end) == COMMA else None
    )
    scenic = land is not None and (land.noun in lex.SCENE_WORDS or class_of(land.noun) in ("place", "building"))
    if land is None or not scenic or words.low(land.end) != "with":
        return False
    other = noun(words, land.end + 1)
    behind = range(other.end, words.piece_end(other.end)) if other is not None else range(0)
    spots = (place(words, k) for k in behind)
    return isinstance(first, Place) and any(isinstance(spot, Place) and spot.x == -first.x for spot in spots if first.x)


def _is_under_heading(words: Words, i: int, end: int) -> bool:
    """Whether the clause of i, up to `end`, is one of several with headings: "top row: a, b; bottom row: c, d"."""
    start = i
    while words.kind(start - 1) != STOP and start > i - _MAX_LIST:
        start -= 1
    heading = place(words, start)
    headed = isinstance(heading, Place) and words.kind(heading.end) == COLON
    return headed and (start > 0 or place(words, end + 1) is not None)


_FRUITS = ("orange", "peach", "plum", "lime")


def left_out_noun(words: Words, phrase: Noun) -> tuple[Token, ...] | None:
    """The noun that "a red and a blue car" leaves out of "a red"."""
    if phrase.bare or not _is_all_adjectives(phrase):
        return None
    i = phrase.end
    for _ in range(_MAX_ADJECTIVES):
        start = i
        while words.kind(i) == COMMA or words.low(i) == "and":
            i += 1
        following = noun(words, i) if i > start else None
        if following is None or following.bare or not is_adjective(following.words[0].low):
            return None
        if phrase.words[-1].low in _FRUITS and lex.COLORS.isdisjoint(t.low for t in following.words):
            return None  # "a half-peeled orange and a dead pheasant"
        tail = [k for k, t in enumerate(following.words) if not is_adjective(t.low) and t.low != "and"]
        if tail:
            return following.words[tail[0] : following.head + 1]
        i = following.end
    return None


def past_on_it(words: Words, i: int) -> int:
    """Past "on it" or "in it" at i, which says that what is before it is a part of what is spoken of; or 0."""
    found = relation(words, i)
    if found is None or found.kind not in ("in", "on") or words.low(found.end) not in ("it", "them"):
        return 0
    return found.end + 1


def fastened_end(words: Words, i: int) -> int:
    """Past "chained to it" or "leaning against it" at i, which says that what is before it is no part; or 0."""
    low = words.low(i)
    held = low.endswith(("ed", "ing")) or low in lex.PARTICIPLES
    return i + 3 if held and words.low(i + 1) in ("to", "against") and words.low(i + 2) == "it" else 0


def _is_all_adjectives(phrase: Noun) -> bool:
    """Whether the phrase has no noun; in "a green orange" the last of two colours is one."""
    lows = [t.low for t in phrase.words]
    is_fruit = len(lows) > 1 and set(lows[-2:]) <= lex.COLORS and class_of(lows[-1]) in ("food", "plant")
    return all(is_adjective(low) for low in lows) and not is_fruit
