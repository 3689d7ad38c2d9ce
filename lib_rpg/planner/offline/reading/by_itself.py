"""Tells whether what follows "with" is a thing by itself: "a fjord with five cabins", "a castle with bats above it"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.lexicon import is_part_of_thing
from lib_rpg.planner.language.prompt_tokens import COLON, COMMA
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import class_of, is_animate, is_ing_verb
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.places import place, relation
from lib_rpg.planner.offline.grammar.positions import Place
from lib_rpg.planner.offline.grammar.relations import Relation
from lib_rpg.planner.offline.grammar.verbs import is_verb_form
from lib_rpg.planner.offline.reading.dishes import is_laid_table
from lib_rpg.planner.offline.reading.fronting import names_colour
from lib_rpg.planner.offline.reading.lookahead import list_end, names_part, past_on_it
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.outfits import can_hold
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.tags import SCENERY, has_own_look

_STANDS = ("between", "beside", "left", "right")
_REACHES = PREPOSITIONS - {"of", "in"}  # what they lead to has a place of its own
_SIGHTS = ("building", "place", "vehicle", "object", "group")
POSED = lex.word_set("perched seated curled coiled balanced asleep")
_LOOKS_ON = lex.word_set("watching looking staring waiting listening")
_BEARERS = (
    lex.LARGE
    | lex.SCENE_WORDS
    | lex.word_set("shelf tray plate dish cart bed rug carpet blanket branch rock trunk chest suitcase barrel")
)


def is_by_itself(state: State, host: Thing, i: int, phrase: Noun) -> bool:
    """Whether what follows "with" has a place of its own: "a fjord with five red cabins"."""
    words = state.words
    if _is_sight(host, phrase) or (host.noun in SCENERY and has_own_look(phrase)):
        return True  # also "a white sand beach with a crimson sea"
    if _is_on_something_beside(host, words, phrase) or _is_told_one_by_one(host, words, phrase):
        return True
    # "a cello with a hat hanging above it"
    hangs = words.low(phrase.end) in ("hanging", "mounted") and not is_animate(host.noun)
    if _has_place_of_its_own(host, words, phrase, place(words, phrase.end)) and (hangs or not names_part(phrase)):
        return True
    flanks = (k for k in range(phrase.end, words.piece_end(phrase.end)) if words.low(k) == "on")
    if phrase.count == 2 and any(words.low(k + 1) in ("either", "each") and words.low(k + 2) == "side" for k in flanks):
        return not names_part(phrase)  # "a king on a throne with two guards in armor standing on either side"
    if not is_animate(host.noun) and not phrase.bare and _is_named_later(words, phrase):
        return True  # "a wall with a painting of a rooster, and below the painting a spinning wheel"
    land = host.noun in lex.PLACES and class_of(host.noun) != "building" and not names_part(phrase)
    if land and not phrase.bare and all(map(names_colour, (host.words, phrase.words))):
        return True  # "a crimson field with a white windmill and a brown cow"
    if state.reading.things == [host] and is_laid_table(host, words, phrase):
        return True
    borne = bool(past_on_it(words, phrase.end)) and not phrase.bare and not is_animate(host.noun)
    if borne and bears_others(host):
        return True  # "a table with a skull on it"
    behind = words.kind(i - 1) == COMMA and is_animate(phrase.noun) and not phrase.bare
    if behind and not is_animate(host.noun):
        return True  # "a crimson sky over a turquoise desert, with a lone camel"
    if not is_animate(host.noun) and is_animate(phrase.noun) and _is_overhead(words, phrase.end):
        return True  # "a ruined abbey with bats circling in the sky"
    looks_on = words.low(phrase.end) in _LOOKS_ON and phrase.determiner in ("a", "an") and is_animate(phrase.noun)
    if looks_on and any(is_ing_verb(part[0].low) for part in host.trailing):
        return True  # "a stallion drinking from a stream with a fawn watching from the bank"
    # "a dentist examining a crocodile, with a nurse watching from behind"
    return behind and words.low(phrase.end).endswith("ing") and is_verb_form(words, phrase.end, False)


def _is_told_one_by_one(host: Thing, words: Words, phrase: Noun) -> bool:
    """ "a shelf with three jars: the first holds marbles, the second …"."""
    i = phrase.end + 1
    ordered = words.low(i) == "the" and words.low(i + 1) in lex.ORDINALS | {"left", "top"}
    told = words.kind(phrase.end) in (COLON, COMMA) and (ordered or words.low(i) == "one")
    named = words.kind(phrase.end) == COLON and words.low(i) in ("a", "an")  # "three mannequins: a bride, …"
    if not (told or named) or (phrase.count or 1) < 2:
        return False
    return is_animate(phrase.noun) if is_animate(host.noun) else True  # "a man with two dogs, one black, one white"


def _is_overhead(words: Words, i: int) -> bool:
    """ "circling in the sky", "wheeling overhead", "flying above": whether that is where someone moves."""
    k = i + is_ing_verb(words.low(i))
    above = words.low(k) in ("above", "overhead") and (
        words.is_end(k + 1) or words.low(k + 1) in lex.CONJUNCTIONS | {"it"}
    )
    return k > i and (above or words.starts(k, "in", "the", "sky"))


def _is_on_something_beside(host: Thing, words: Words, phrase: Noun) -> bool:
    """ "a cat with a goldfish in a round bowl next to it", "a workbench with a row of boots on a shelf above it"."""
    rests = words.low(phrase.end) == "on" and not is_animate(host.noun)
    rests = rests or (words.low(phrase.end) == "in" and is_animate(phrase.noun))
    inside = noun(words, phrase.end + 1) if rests else None
    beside = relation(words, inside.end) if inside is not None and inside.determiner in ("a", "an") else None
    return beside is not None and is_pronoun_at(words, beside.end)


def _is_named_later(words: Words, phrase: Noun) -> bool:
    """Whether a relation leads to it once more, so that it needs a place."""
    if is_part_of_thing(phrase.noun) or names_part(phrase):
        return False
    again = (k for k in range(phrase.end, len(words) - 1) if words.low(k) == "the" and words.low(k + 1) == phrase.noun)
    return any(words.low(k - 1) in _REACHES and not words.is_open(k + 2) for k in again)


def _is_sight(host: Thing, phrase: Noun) -> bool:
    """Whether it is something large, counted, in a landscape."""
    land = host.noun in lex.LANDFORMS or class_of(host.noun) == "object"
    return land and class_of(phrase.noun) in ("building", "vehicle") and (phrase.count or 1) > 1 and not phrase.vague


def bears_others(host: Thing) -> bool:
    """Whether things of their own are on it or in it: a table, a tray, a tree, a room."""
    return host.noun in _BEARERS or class_of(host.noun) in ("furniture", "building", "place")


def _has_place_of_its_own(host: Thing, words: Words, phrase: Noun, spot: Place | Relation | None) -> bool:
    """Whether the prompt goes on with the position of the phrase's thing, or of the list that it starts."""
    after = phrase.end + 3 * words.starts(phrase.end, "out", "of")  # "with a ship out of focus behind her"
    if isinstance(spot, Place) or (spot is not None and spot.referent):
        return True  # "a woman with a dog on her left"
    if words.low(phrase.end) in ("below", "above") and words.is_end(phrase.end + 1) and not phrase.bare:
        return class_of(phrase.noun) in _SIGHTS  # "a cliff with a village below"
    found = relation(words, phrase.end + 2 if words.starts(phrase.end, ",", "one") else phrase.end)
    if words.low(phrase.end + 1) == "one" and found is not None and found.kind == "around":
        return True  # "a bed with two lamps, one on either side"
    found = relation(words, after)
    if found is not None and found.kind == "between" and class_of(host.noun) == "food":
        return False  # "a cupcake with one candle between them"
    if found is not None and found.kind == "around" and words.low(phrase.end) == "on":
        return True  # "a teapot with a cup on each side"
    # "a knight with a sword standing in front of it", "a globe with a raven perched on top of it"
    posed = is_ing_verb(words.low(phrase.end)) or words.low(phrase.end) in POSED
    found = (
        found
        or (spot if isinstance(spot, Relation) and is_pronoun_at(words, spot.end) else None)
        or relation(words, list_end(words, phrase))
        or relation(words, phrase.end + posed)
    )
    if found is None or phrase.bare or (is_part_of_thing(phrase.noun) and class_of(host.noun) == "vehicle"):
        return False  # "a police helicopter with a searchlight above it"
    far = noun(words, found.end)
    if posed and words.kind(phrase.start - 2) == COMMA and far is not None and far.determiner == "the":
        return True  # "a vase on a piano, with a photograph hanging above the piano"
    if not is_pronoun_at(words, found.end) and not is_animate(host.noun) and phrase.noun not in lex.LARGE:
        return False  # "a brown shield with a golden lion next to a silver shield"
    between = posed and found.kind in _STANDS and words.kind(phrase.start - 2) != COMMA
    nearby = found.kind in ("within", "beside", "below")
    held = (nearby or between) and is_animate(host.noun) and can_hold(phrase)
    if (
        (found.kind in ("beside", "within") or (found.kind == "between" and not posed))
        and is_animate(host.noun)
        and can_hold(phrase)
        and words.low(found.end) == "them"
    ):
        return False  # "a dog with a red leash beside them"
    if held and (posed or not is_pronoun_at(words, found.end)):
        return False  # "a man with a walking stick in front of a shop", "a boy with an umbrella under a tree"
    if found.kind == "on":
        return words.low(found.end) == "it"  # "a table with a vase and a bowl on it"
    return found.kind not in ("in", "around")  # "an oak tree with a small bench beneath it"


def is_pronoun_at(words: Words, i: int) -> bool:
    return words.low(i) in lex.PRONOUNS and not words.is_open(i + 1)
