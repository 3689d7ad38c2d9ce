"""Finds the end of a list of what someone wears, has or holds: "wearing a red cape, a top hat and a monocle"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural, singular
from lib_rpg.planner.language.lexicon import is_part_of_thing
from lib_rpg.planner.language.prompt_tokens import COMMA
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.finite_verbs import is_second_verb
from lib_rpg.planner.offline.grammar.kinds import PART, class_of, is_animate, is_held, is_ing_verb
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.places import place, relation
from lib_rpg.planner.offline.grammar.proper_names import is_proper
from lib_rpg.planner.offline.reading.carried import OF_TOYS
from lib_rpg.planner.offline.reading.lookahead import fastened_end, names_part, past_on_it

_MAX_ITEMS = 12
_WORN = frozenset({PART, "", "fabric"})
_HELD = _WORN | {"weapon", "instrument", "artifact", "container", "food", "plant", "medium"}
_FLANKS = lex.word_set("side flank")  # "two swords at its side"
_STANDS = lex.word_set("platform pedestal easel mat blanket perch anvil console counter grill stove")
_OF_ONE = lex.POSSESSIVES | lex.word_set("every each both")  # "rings on every finger"
_HOLDS = lex.word_set("in on under")  # "chalk in the other"
GIANT = lex.word_set("giant gigantic huge colossal massive enormous towering")
_CARRIED = lex.word_set("balloon staff skateboard snowboard club cane hoverboard scooter basketball football")
_MEASURES = lex.word_set("bunch bouquet handful armful bundle piece slice loaf bit bag sack")
_OF_HOUSES = lex.PARTS_OF_BUILDINGS - {"tower"} | lex.word_set("door window porch balcony garage")
_TIES = lex.word_set("to from through into around across between")
_IMAGED = lex.word_set("embroidered tattooed painted printed stitched sewn drawn inked engraved etched emblazoned")
_FACES = lex.word_set("back front chest sleeve brim")
_CUPS = lex.word_set("cup mug glass bottle jug pot")
_WEARS = lex.word_set("wearing dressed in")
_OWN_WORDS = lex.word_set("with wearing that who which holding whose")


def outfit_end(words: Words, first: Noun, connector: str, someone: bool) -> int:
    """The end of the list that starts with `first`, as far as it is someone's or something's own.

    "a man wearing a red hat, a dog and a cat": his hat is all that is his; `someone`: it is a person or an animal.
    """
    classes = _classes(connector, someone)
    if not _is_own(words, first, classes) and (someone or is_animate(first.noun)):
        return first.end
    worn = end = _item_end(words, first)  # worn: where the clothes and parts end
    only_worn, doubtful = True, False
    for _ in range(_MAX_ITEMS):
        comma = words.kind(end) == COMMA
        closed = words.low(end + comma) == "and"
        item = noun(words, end + comma + closed) if comma or closed else None
        if item is None or (closed and is_second_verb(words, item.start)) or begins_clause(words, item):
            return worn
        if item.bare and is_proper(item.words[-1]) and words.low(item.end) in lex.VERBS:
            return worn  # "Emma wears a raincoat and Noah wears a coat"
        if not (_is_own(words, item, classes) or (closed and someone and _is_held_with(words, first, item))):
            if closed and someone and not doubtful and _is_pet(words, item):
                return end  # "with an eyepatch, a hook for a hand and a parrot on his shoulder"
            built = not someone and is_part_of_thing(first.noun)  # "a submarine with a propeller, portholes and …"
            if closed and built and item.bare and not (is_animate(item.noun) or item.noun in lex.LARGE or _acts(item)):
                return item.end  # "a motorcycle with a leather saddlebag, chrome exhaust and round mirrors"
            if closed or not ((someone and names_part(first)) or built) or _stands_by_itself(item) or _acts(item):
                return worn
            doubtful, only_worn = True, False  # "with sun-browned skin, deep laugh lines and a grey braid"
        end = _item_end(words, item)
        if closed and doubtful:
            return end if names_part(item) or is_part_of_thing(item.noun) else worn
        if closed:
            return worn if _stands_apart(words, item, end) else end
        only_worn = only_worn and names_part(item)
        worn = end if only_worn and words.low(end) not in _OWN_WORDS else worn
    return worn


def _is_held_with(words: Words, first: Noun, item: Noun) -> bool:
    """ "in a pink gown with a tiara and a lace fan": whether the last of what someone is with is held."""
    listed = any(words.low(k) == "with" for k in range(first.end, item.start))
    return listed and is_held(item.noun) and item.determiner in ("a", "an")


def begins_clause(words: Words, item: Noun) -> bool:
    """ "with a hat, his boots are muddy", "oldest with glasses, youngest with a ribbon"."""
    if item.bare and item.words[0].low in lex.COMPARED:
        return words.low(item.end) in ("in", "with", "wearing")
    return item.determiner in lex.POSSESSIVES and words.low(item.end) in lex.BE


def _item_end(words: Words, item: Noun) -> int:
    """The end of an item with what is said of it: "a hat with silver stars", "a rosary wrapped around his fist"."""
    end = past_contents(words, item)
    low = words.low(end)
    fastened = low in lex.PARTICIPLES or low.endswith("ed") or is_ing_verb(low)
    if fastened and (about := _past_fastening(words, end + 1)):
        return about  # "a banner strapped to its back"
    if (about := past_body(words, end)) > end:
        return about
    found = relation(words, end)
    over = noun(words, found.end) if found is not None else noun(words, end + 1) if low in ("across", "for") else None
    fixed = over is not None and is_part_of_thing(over.noun) and over.determiner == "the" and not names_part(item)
    if over is not None and fixed:
        return over.end  # "it has a flat tire and a surfboard on the roof"
    if over is not None and names_part(over) and over.determiner in ("the", "a") and names_part(item) != (low == "for"):
        return over.end  # "a scar across the nose", "a hook for a hand"
    detail = noun(words, end + 1) if low == "with" and not is_animate(item.noun) else None
    if detail is None:
        return end
    on_it = past_on_it(words, detail.end)
    if words.starts(detail.end, "on", "the") and words.low(detail.end + 2) in _FACES and names_part(item):
        on_it = detail.end + 3  # "in a shirt with a 10 on the back"
    small = not is_animate(detail.noun) and (detail.bare or names_part(item) or names_part(detail))
    return max(detail.end, on_it) if small or on_it else end


def past_contents(words: Words, item: Noun) -> int:
    """ "buckets of yellow tulips, pink peonies and white lilies": the end of what else is in them."""
    if not _is_edible(item.words[-1].low) or not any(token.low == "of" for token in item.words):
        return item.end
    drink = item.words[0].low in _CUPS
    end, closed, items, plural = item.end, False, 1, is_plural(item.words[-1].low)
    while not closed:
        start = end + (words.kind(end) == COMMA)
        closed = words.low(start) == "and"
        more = noun(words, start + closed) if start + closed > end else None
        served = more is not None and words.low(more.start) in lex.ARTICLES  # "and a tower of macarons"
        if more is None or served or not more.bare or not _is_edible(more.words[-1].low):
            return item.end
        end, items, plural = more.end, items + 1, plural and is_plural(more.words[-1].low)
    sure = items > 2 or (plural and not drink)  # no "cup of coffee and cookies"
    return end if sure and not words.is_open(end) else item.end


def _is_edible(low: str) -> bool:
    return class_of(singular(low)) in ("plant", "food")


def _past_fastening(words: Words, i: int) -> int:
    """Past "around his fist", "to its back": where on someone something is fastened; or 0."""
    if (end := past_body(words, i)) > i:
        return end
    where = noun(words, i + 1) if words.low(i) in _TIES else None
    return where.end if where is not None and where.determiner in lex.POSSESSIVES and names_part(where) else 0


def _is_pet(words: Words, item: Noun) -> bool:
    """ "a parrot on his shoulder"."""
    return is_animate(item.noun) and past_body(words, item.end) > item.end


def _stands_by_itself(item: Noun) -> bool:
    """Whether it can be no part of someone: who acts or lives, what is known, a house."""
    known = item.determiner in ("the", "another") or bool(item.direction)
    of = class_of(item.noun)
    return (
        known or is_animate(item.noun) or item.noun in lex.LARGE or of in ("vehicle", "building", "furniture", "place")
    )


def can_hold(held: Noun) -> bool:
    """Whether a person or an animal can hold or wear it: an umbrella, and no tree."""
    if held.noun in _CARRIED | _MEASURES or not OF_TOYS.isdisjoint(token.low for token in held.words[:-1]):
        return True  # also "a wooden toy horse"
    if not GIANT.isdisjoint(token.low for token in held.words):
        return False  # "a giant mushroom"
    return not is_animate(held.noun) and held.noun not in lex.LARGE and class_of(held.noun) in _HELD


def holdings_end(words: Words, first: Noun, in_half: bool, contained: bool = False) -> int:
    """The end of a closed list of what a table, a shelf or a garden holds: "a vase, a stack of books and a clock".

    in_half: the prompt states where it is, so that also what could stand by itself is there. contained: a bowl or a box
    has them. 0: it is no such list.
    """
    if not _is_held_by_thing(words, first, in_half, contained):
        return 0
    end = first.end
    for _ in range(_MAX_ITEMS):
        comma = words.kind(end) == COMMA
        closed = words.low(end + comma) == "and"
        item = noun(words, end + comma + closed) if comma or closed else None
        if item is None or not _is_held_by_thing(words, item, in_half, contained):
            return 0
        end = item.end
        if closed:
            return end if in_half or words.is_end(end) else 0
    return 0


def _is_held_by_thing(words: Words, phrase: Noun, in_half: bool, contained: bool) -> bool:
    crowd = in_half and phrase.bare and is_plural(phrase.words[phrase.head].low)  # "a castle with knights and horses"
    if (is_animate(phrase.noun) and not crowd) or phrase.determiner in ("the", "another") or phrase.direction:
        return False
    if not (in_half or contained) and phrase.count not in (None, 1) and phrase.array is None:
        return False  # "a table with a teapot and four cups": what is counted is told apart
    given = contained or not phrase.bare or words.low(phrase.start) in lex.ARTICLES  # "a stack of books"
    if not in_half and (phrase.noun in lex.LARGE or not given):
        return False
    if fastened_end(words, phrase.end):
        return False
    found = relation(words, phrase.end)
    scenery = noun(words, found.end) if found is not None and in_half else None
    if scenery is not None and scenery.noun in lex.SCENE_WORDS:
        return True  # "… and gardens under a clear blue sky"
    return found is None and place(words, phrase.end) is None


def _classes(connector: str, someone: bool) -> frozenset[str]:
    """The classes of what the list can hold: clothes and parts, and with someone also what is held."""
    if connector == "in":
        return frozenset({PART})
    return _WORN if connector in _WEARS or not someone else _HELD


def _is_own(words: Words, phrase: Noun, classes: frozenset[str]) -> bool:
    fixed = is_part_of_thing(phrase.noun) or phrase.noun in _OF_HOUSES
    if classes is _WORN and fixed and phrase.determiner not in ("the", "another"):
        return True  # "a cello with a cracked bridge and a broken string"
    if _acts(phrase) or phrase.determiner in ("the", "another") or phrase.direction or phrase.noun in lex.LARGE:
        return False
    if is_animate(phrase.noun):
        return image_end(words, phrase) > phrase.end
    about = past_body(words, phrase.end) > phrase.end  # "two swords at his belt"
    held = classes is _HELD and (is_held(phrase.noun) or phrase.noun in _MEASURES)
    return about or held or names_part(phrase) or class_of(phrase.noun) in classes


def image_end(words: Words, phrase: Noun) -> int:
    """ "a parrot tattooed across his chest": past where on someone it is shown, or the end."""
    start = phrase.end + 1
    end = past_body(words, start) if words.low(phrase.end) in _IMAGED else start
    return end if end > start else phrase.end


def _acts(phrase: Noun) -> bool:
    """ "dancing bears", but not "walking stick"."""
    name = phrase.words
    return is_ing_verb(name[0].low) and not (len(name) > 1 and name[1].low in lex.AFTER_ING)


def _stands_apart(words: Words, phrase: Noun, end: int) -> bool:
    """Whether the last of the list has words or a relation of its own that the others have not."""
    if fastened_end(words, end):
        return True  # "a booth with a broken window and a moped chained to it"
    if phrase.bare and not is_plural(phrase.words[-1].low):
        return False  # "a bloodied apron and cleaver next to a baker"
    if names_part(phrase) or is_part_of_thing(phrase.noun) or is_held(phrase.noun) or end > phrase.end:
        return False  # "a knight with a helmet and a banner beside a monk"
    return words.low(end) in _OWN_WORDS or (relation(words, end) is not None and place(words, end) is None)


_ENDS = lex.word_set("tip bridge end top side back crown bottom small")


def past_body(words: Words, i: int) -> int:
    """Past "at his belt", "above her head", "under one arm": where someone has something about them."""
    found = relation(words, i)
    start = found.end if found is not None else i + (words.low(i) in ("at", "across"))
    if start == i:
        return i
    tip = words.low(start) == "the" and words.low(start + 1) in _ENDS and words.low(start + 2) == "of"
    where = noun(words, start + 3 * tip)  # "glasses on the tip of her nose"
    if where is None or not (names_part(where) or where.noun in _FLANKS or _is_gear(where)):
        return i
    one = words.low(start) == "one" and where.noun not in _FLANKS  # "under one arm", but not "on one side of"
    return _past_other(words, where.end) if where.determiner in _OF_ONE or one else i


def _is_gear(phrase: Noun) -> bool:
    """ "his harness"."""
    about = phrase.determiner in lex.POSSESSIVES and phrase.noun not in lex.LARGE
    return about and phrase.noun not in _STANDS and class_of(phrase.noun) in ("artifact", "fabric", "weapon")


def _past_other(words: Words, i: int) -> int:
    """Past "and chalk in the other", "and a bell in the left" behind "in one hand"."""
    held = noun(words, i + 1) if words.low(i) == "and" else None
    sides = held is not None and words.low(held.end + 2) in ("other", "left", "right")
    if held is None or words.low(held.end) not in _HOLDS or words.low(held.end + 1) != "the" or not sides:
        return i
    end = held.end + 3
    return end + (class_of(words.low(end)) == PART)
