"""Finite verbs that no list names: "a heron outstares three frogs", "four otters guarded two eggs"."""

from __future__ import annotations

import re
from functools import lru_cache

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import gerund, is_plural
from lib_rpg.planner.language.lexicon import is_common_verb
from lib_rpg.planner.language.prompt_tokens import NUMBER, STOP, WORD
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import ANIMAL, PART, PERSON, class_of, is_adjective, is_animate, is_ing_verb

_MANY = 10_000  # words that are remembered
_CLAUSE = 16  # words that a look back for the verb before goes
_LISTED = lex.SCENE_WORDS | lex.QUALITY_WORDS | lex.MEDIA | lex.VERBS.keys()
_STARTS_OBJECT = (
    lex.ARTICLES | lex.POSSESSIVES | lex.DEMONSTRATIVES | lex.NUMBERS.keys() | {"another", "each", "several"}
) - {"that"}  # "a sign that says …"
_OBJECTS = lex.word_set("him them us me it")
_STREAMS = lex.word_set("streams pours floods beams comes spills filters")  # "light streams through a window"
_PARTICLES = lex.word_set("out up down off away back along")
_TOWARDS = lex.word_set("to at against towards toward")
ONE_OF_SEVERAL = lex.ORDINALS | lex.COMPARED | {"one", "other"}
_MOVED = frozenset({"vehicle", "building", "artifact", "container", "furniture", "plant", "object"})
_SHOWING = frozenset(low for low in lex.SHOW if low.endswith("s"))
_ENDINGS = (
    ("ies", "y"), ("ied", "y"), ("es", "e"), ("es", ""), ("s", ""), ("ed", "e"), ("ed", ""),
)  # fmt: skip
_SIBILANTS = ("s", "x", "z", "ch", "sh", "o")
_ALSO_NOUNS = lex.word_set("train camp fish duel bow battle fence drum trade box parade dine drill race quarrel picnic")
_GIVES = lex.word_set("feeds sells serves gives hands offers passes throws tosses brings shows teaches reads")
_FURS = lex.word_set("fur feather mink silk velvet fox ermine")
_PAST = {
    "ate": "eat", "bit": "bite", "blew": "blow", "bore": "bear", "bought": "buy", "broke": "break", "brought": "bring",
    "built": "build", "caught": "catch", "chose": "choose", "clung": "cling", "crept": "creep", "drank": "drink",
    "drew": "draw", "drove": "drive", "dug": "dig", "fed": "feed", "felt": "feel", "flew": "fly", "fought": "fight",
    "found": "find", "froze": "freeze", "gave": "give", "grew": "grow", "held": "hold", "hid": "hide", "hung": "hang",
    "kept": "keep", "laid": "lay", "led": "lead", "lit": "light", "lost": "lose", "made": "make", "met": "meet",
    "ran": "run", "rode": "ride", "sang": "sing", "sank": "sink", "sat": "sit", "saw": "see", "sent": "send",
    "shone": "shine", "shook": "shake", "shot": "shoot", "slid": "slide", "sold": "sell", "spoke": "speak",
    "sprang": "spring", "spun": "spin", "stole": "steal", "stood": "stand", "strode": "stride", "struck": "strike",
    "stung": "sting", "swam": "swim", "swept": "sweep", "swung": "swing", "taught": "teach", "threw": "throw",
    "told": "tell", "took": "take", "tore": "tear", "woke": "wake", "won": "win", "wore": "wear", "wove": "weave",
    "wrote": "write",
}  # fmt: skip
_ACTORS = lex.word_set("who he she latter former")
_NAME = 5  # words of a name that a look back for its article goes
_SIDES = lex.word_set("left right middle center centre background foreground")
_ALREADY = lex.word_set("just already never now not")
_PERFECT = (lex.PARTICIPLES - lex.BEHIND) | lex.word_set(
    "fallen taken given broken eaten stolen written driven ridden risen frozen chosen hidden thrown drawn grown blown "
    "flown torn worn bitten beaten forgotten spoken woken gone come become run begun drunk sunk sung swum put set shut "
    "cut spilt spread left"
)
_VERBS = lex.PLAIN_VERBS | lex.word_set("line dot glisten billow flutter flow ripple")  # "trees line the road"
_DOUBLED = re.compile(r"(.*([bdgklmnprt]))\2ed")  # "hugged"

_DROPPED_E = re.compile(r"[^aeiou][aeiou][^aeiouwxy]ed$")  # "snaked" would be "snakked" without one


@lru_cache(_MANY)
def plain_form(low: str) -> str:
    """The plain form of a common verb: "guarded" -> "guard", "smuggles" -> "smuggle"; "" for any other word."""
    if low in _PAST:
        return _PAST[low]
    doubled = _DOUBLED.fullmatch(low)
    candidates = [low, *([doubled[1]] if doubled else [])]
    candidates += [low.removesuffix(end) + new for end, new in _ENDINGS if low.endswith(end)]
    if low.endswith("es") and not low[:-2].endswith(_SIBILANTS):
        candidates.remove(low[:-2])  # "plates" is no form of "plat"
    return next((word for word in candidates if word in _VERBS or is_common_verb(word)), "")


def gerund_of(low: str) -> str:
    """The -ing form of a finite verb: "outstares" -> "outstaring", "guarded" -> "guarding"."""
    return gerund(plain_form(low) or _guessed_plain_form(low))


def _guessed_plain_form(low: str) -> str:
    if is_plural(low):
        return low[:-1]
    if not low.endswith("ed"):
        return low
    doubled = _DOUBLED.fullmatch(low)
    if doubled:
        return doubled[1]
    return low[: -1 if _DROPPED_E.search(low) else -2]


def has_object(words: Words, i: int) -> bool:
    """Whether the object of a verb before i starts there: an article, a number with its noun, "each other"."""
    if words.low(i) in _OBJECTS:
        return True  # "scolds him from the door"
    return _counts_objects(words, i) or words.low(i) in _STARTS_OBJECT or gives_to(words, i)


def _counts_objects(words: Words, i: int) -> bool:
    """ "2 eggs", "12 red eggs"; but "(speed limit) 50 sign"."""
    if words.kind(i) != NUMBER or not words.is_open(i + 1):
        return False
    return words.low(i) == "1" or is_adjective(words.low(i + 1)) or any(is_plural(words.low(k)) for k in (i + 1, i + 2))


def gives_to(words: Words, i: int) -> bool:
    """ "it a carrot nose" behind "gives"."""
    return words.low(i) in lex.PRONOUNS and words.low(i + 1) in lex.ARTICLES


def is_finite(words: Words, i: int) -> bool:
    """Whether the word at i, behind a noun, is a verb that no list names."""
    if words.kind(i) != WORD or not words.is_open(i) or not words.low(i)[-1:].isalpha():
        return False  # "bus no. 42"
    low, before = words.low(i), words.low(i - 1)
    if low == "stole" and before in _FURS and not has_object(words, i + 1):
        return False  # "a fur stole"
    if (low == "lights" and before == "fairy") or (low == "times" and before in lex.NUMBERS):
        return False  # "Fairy lights hang on the wall", "a leaf ten times its size"
    if low in ("number", "mk", "mark", "model", "type") and words.kind(i + 1) == NUMBER:
        return False  # "bus number 42"
    if before in lex.AIRY and low in _STREAMS:
        return words.low(i + 1) in PREPOSITIONS
    if low in _SHOWING:  # "the clock shows 10:25"
        return _is_subject(words, i - 1) and (has_object(words, i + 1) or words.is_open(i + 1))
    if low in ("houses", "parks", "stages") and has_object(words, i + 1):
        return _is_subject(words, i - 1)  # "a depot houses five streetcars"
    if low in _LISTED or low.endswith("ing"):
        return False
    placed = before in _SIDES and words.low(i - 2) == "the" and words.low(i - 3) in ("on", "in", "at")
    if placed and low.endswith(("s", "ed")) and has_object(words, i + 1):
        return True  # "the gentleman on the right tips his hat"
    if low in _PAST and words.low(i + 1) in PREPOSITIONS and low not in lex.PARTICIPLES:
        return _is_subject(words, i - 1)  # "three boats stood by the river"
    if _hands_over(words, i):
        return True
    if has_object(words, i + 1):
        return _has_its_object(words, i)
    acts = _acts_alone(words, i) or _several_act(words, i) or _both_act(words, i)
    return acts or _acts_on_one_word(words, i) or _acts_on_someone(words, i)


def perfect_verb(words: Words, i: int) -> int:
    """Where the verb of "has just lost its feathers", "have climbed onto a roof" is, or 0; "has painted nails"."""
    verb = i + 1 + (words.low(i + 1) in _ALREADY)
    low, after = words.low(verb), words.low(verb + 1)
    known = low in _PAST or low in _PERFECT or (low.endswith("ed") and low not in lex.COLORS)
    if words.low(i) not in lex.HAVE or not known:
        return 0
    ends = words.is_end(verb + 1) or after in PREPOSITIONS | lex.CONJUNCTIONS | lex.BEHIND | _PARTICLES
    return verb if ends or has_object(words, verb + 1) else 0


def is_second_verb(words: Words, i: int) -> bool:
    """Whether the word behind an "and" is one more verb: "wears a beret and holds a brush"."""
    low = words.low(i)
    if low in lex.VERBS and low not in lex.PLAIN_VERBS:
        leads = words.low(i + 1) in PREPOSITIONS or (words.is_open(i + 1) and not class_of(low))  # "and pours flour"
        return has_object(words, i + 1) or (low not in lex.NOUN_LIKE and leads)
    if is_ing_verb(low) and words.low(i - 1) == "and":
        return has_object(words, i + 1)  # "in a tabard and gripping a spear"
    return words.low(i - 1) == "and" and is_finite(words, i)


def _has_its_object(words: Words, i: int) -> bool:
    """Whether the word at i, in front of an article or a number, is the verb that leads to it."""
    low, before = words.low(i), words.low(i - 1)
    if before == "one":  # "the dark haired one smokes a pipe"
        return low.endswith(("s", "ed"))
    if before == "and":  # "a mouse outwits a cat and steals its cheese"
        return low.endswith(("s", "ed")) and (bool(plain_form(low)) or _goes_on_acting(words, i))
    return _is_subject(words, i - 1) and (_may_be_verb(low) or _acts(before, low, _is_held(words, i - 1)))


def gives_some(words: Words, i: int) -> bool:
    """ "a boy in a straw hat feeds rice to a fox": whether someone gives something without a number to someone."""
    end = next((k for k in (i + 2, i + 3) if words.low(k) == "to"), 0)
    return words.low(i) in _GIVES and words.is_open(i + 1) and end > 0


def _hands_over(words: Words, i: int) -> bool:
    """ "a baker in an apron hands a loaf to a girl", "places her hand on his helmet", "points at a thief"."""
    low, after = words.low(i), words.low(i + 1)
    if low in ("places", "puts", "lays") and after in lex.ARTICLES | lex.POSSESSIVES:
        return True
    if low == "points" and after in ("at", "to", "toward", "towards"):
        return True
    if low not in ("hands", "offers", "gives"):
        return False
    to = next((k for k in range(i + 2, words.piece_end(i)) if words.low(k) == "to"), 0)
    if after in lex.ARTICLES:
        return to > 0
    # "a florist hands sunflowers to an old man", but "with his hands tied to a post"
    return 0 < to <= i + 3 and is_plural(words.low(to - 1)) and words.low(to + 1) in lex.ARTICLES | lex.POSSESSIVES


def _goes_on_acting(words: Words, i: int) -> bool:
    """ "a girl stands behind it and hands a bun to a man": whether a noun as well is the second verb of a clause."""
    leads = words.low(i + 1) in _STARTS_OBJECT - lex.NUMBERS.keys() and words.low(i + 2) not in (
        "size",
        "colour",
        "color",
    )
    start = next((k for k in range(i, max(i - _CLAUSE, 0), -1) if words.kind(k) == STOP), max(i - _CLAUSE, 0))
    return leads and is_plural(words.low(i)) and any(is_ing_verb(words.low(k)) for k in range(start, i))


def _acts_alone(words: Words, i: int) -> bool:
    """ "a boy repairs bicycles", "his coat glistens", "a train comes out of a tunnel"."""
    low, subject, after = words.low(i), words.low(i - 1), words.low(i + 1)
    if subject in ONE_OF_SEVERAL:
        return low.endswith("s") and bool(plain_form(low)) and _one_acts(words, i)
    if subject in _ACTORS or (subject == "them" and words.low(i - 2) == "of"):
        return is_plural(low) or (bool(plain_form(low)) and low.endswith(("s", "ed")))  # "who turns away", "he wobbles"
    if after in _PARTICLES and low.endswith("s") and not is_plural(subject) and is_animate(subject):
        return class_of(low) not in (PERSON, ANIMAL, PART)  # "her son cuts out stars"
    of_someone = class_of(subject) == PERSON or (class_of(subject) == PART and words.low(i - 2) in lex.POSSESSIVES)
    if after in _TOWARDS and low.endswith("s") and of_someone and not is_plural(subject):
        return class_of(low) not in (PERSON, ANIMAL, PART)  # "a waiter bows to a lady"
    if after == "while" and low.endswith("s") and is_animate(subject) and not is_plural(subject):
        return True  # "a boy fishes as a heron watches him"
    if _acts_dressed(words, i):
        return True  # "a dragon with emerald scales coils around a tower"
    if is_verb_behind_one(words, i) and (class_of(low) not in (PERSON, ANIMAL, PART) or is_animate(subject)):
        return True  # "a llama in a Hawaiian shirt lounges by a pool"
    if not low.endswith("s") or is_plural(subject) or class_of(low):
        return False
    if not plain_form(low):  # "the queen slouches on a throne"
        known = is_adjective(low) or is_adjective(low.removesuffix("es")) or not is_plural(low)
        the = any(words.low(k) in ("the", "a", "an") for k in range(i - 4, i - 1))
        return the and is_animate(subject) and not known and after in PREPOSITIONS - {"of"}
    if is_animate(subject) or class_of(subject) == PART or subject == "one":
        return True
    return class_of(subject) in _MOVED and (words.is_end(i + 1) or after in PREPOSITIONS or after in _PARTICLES)


def _acts_dressed(words: Words, i: int) -> bool:
    """Whether a verb at i is behind several parts or clothes that someone is with or in."""
    low, part, after = words.low(i), words.low(i - 1), words.low(i + 1)
    if _acts_laden(words, i):
        return True
    works = words.is_open(i + 1) and not class_of(low)  # "an alien with three eyes sells ice cream"
    works = works or (words.is_open(i + 1) and is_plural(after) and words.is_end(i + 2))  # "… waters sunflowers"
    if class_of(part) != PART or not is_plural(part) or not (works or after in PREPOSITIONS - {"of"}):
        return False
    if not low.endswith("s") or not plain_form(low) or class_of(low) in (PERSON, ANIMAL, PART):
        return False
    k = next((k for k in range(i - 2, i - 6, -1) if words.low(k) in ("with", "in")), 0)
    return k > 0 and is_animate(words.low(k - 1))


def _acts_laden(words: Words, i: int) -> bool:
    """ "a boy with a basket of figs squeezes past", "a family of four picnics under an oak"."""
    low, last, after = words.low(i), words.low(i - 1), words.low(i + 1)
    leads = after in PREPOSITIONS - {"of"} or after in _PARTICLES or after == "past" or words.is_end(i + 1)
    if not leads or not low.endswith("s") or not plain_form(low) or class_of(low) in (PERSON, ANIMAL, PART):
        return False
    if last in lex.NUMBERS and words.low(i - 2) == "of":
        return True
    k = next((k for k in range(i - 3, i - 8, -1) if words.low(k) == "with"), 0)
    held = k > 0 and words.low(k + 1) in ("a", "an") and any(words.low(j) == "of" for j in range(k + 2, i - 1))
    return held and is_plural(last) and is_animate(words.low(k - 1)) and not is_animate(last)


def is_verb_behind_one(words: Words, i: int) -> bool:
    """Whether a plural at i is a verb, as the name before it begins with "a": "a camera watches from the right"."""
    low = words.low(i)
    # "a goat lounges": no "a" has a plural behind it
    alone = is_plural(low) and is_animate(words.low(i - 1)) and (words.is_end(i + 1) or words.low(i + 1) == "and")
    if not low.endswith("s") or low == plain_form(low) or is_plural(words.low(i - 1)):
        return False
    if not plain_form(low) and not alone:
        return False
    k = next((k for k in range(i - 1, max(i - _NAME, 0) - 1, -1) if not words.is_open(k)), -1)
    begins = k >= 0 and words.low(k) in ("a", "an") and k + 1 < i and words.low(k + 1) not in lex.NUMBERS
    return begins and (alone or words.low(i + 1) in (PREPOSITIONS | lex.DIRECTIONS) - {"of"})


def _one_acts(words: Words, i: int) -> bool:
    """ "two roads, one leads to a castle", "the other feeds pigeons"."""
    low, after = words.low(i), words.low(i + 1)
    leads = words.is_end(i + 1) or after in PREPOSITIONS | _PARTICLES
    alone = words.is_open(i + 1) and not words.is_open(i + 2)
    if class_of(low):
        return (words.is_end(i + 1) or (alone and is_plural(after))) and class_of(low) not in (PERSON, ANIMAL, PART)
    return leads or alone


def _both_act(words: Words, i: int) -> bool:
    """ "a samurai and his apprentice train under a tree": a plain verb, a noun as well, behind two who are joined."""
    if words.low(i) not in _ALSO_NOUNS or not is_animate(words.low(i - 1)) or words.low(i + 1) not in PREPOSITIONS:
        return False
    joint = next((k for k in range(i - 2, max(i - _NAME, 0), -1) if not words.is_open(k)), 0)
    joint -= words.low(joint) in lex.DETERMINERS | lex.POSSESSIVES | lex.ARTICLES
    return words.low(joint) in ("and", "&") and is_animate(words.low(joint - 1))


def _several_act(words: Words, i: int) -> bool:
    """ "two defenders in red uniforms try to block him"."""
    low, subject = words.low(i), words.low(i - 1)
    if not is_common_verb(low) or not is_plural(subject) or is_adjective(low):
        return False
    leads = words.is_end(i + 1) or words.low(i + 1) in PREPOSITIONS - {"of"} | lex.DIRECTIONS | {"while"}
    # "three squirrels hoard acorns under an oak"
    leads = leads or words.low(i + 1) in ("home", "away", "past", "together", "alone")  # "workers trudge home"
    leads = leads or (is_animate(subject) and is_plural(words.low(i + 1)) and not words.is_open(i + 2))
    dressed = class_of(subject) == PART and any(words.low(k) in ("in", "with") for k in range(i - 4, i - 1))
    return leads and (is_animate(subject) or dressed or (bool(class_of(subject)) and not class_of(low)))


def is_infinitive(words: Words, i: int) -> bool:
    """ "to ride a bicycle", but "walks to work"."""
    if words.low(i) != "to" or words.kind(i + 1) != WORD:
        return False
    verb = words.low(i + 1)
    if is_common_verb(verb):
        return True
    leads = has_object(words, i + 2) or words.low(i + 2) in PREPOSITIONS | lex.PRONOUNS or words.is_end(i + 2)
    return verb in lex.PLAIN_VERBS and leads and not (class_of(verb) and words.is_end(i + 2))


def _acts_on_one_word(words: Words, i: int) -> bool:
    """ "a cook chops onions": whether someone is before a word that can be a noun too, and one word behind it."""
    low, subject = words.low(i), words.low(i - 1)
    dressed = class_of(subject) == PART and any(words.low(k) in ("in", "with", "on") for k in range(i - 8, i - 1))
    someone = subject == "one" or dressed or (is_animate(subject) and not is_plural(subject))
    if not someone or not low.endswith("s") or not (plain_form(low) if subject == "one" else is_plural(low)):
        return False  # "a waiter in a long apron stacks wet chairs", "the dark haired one smokes a pipe"
    alone = words.is_open(i + 1) and not words.is_open(i + 1 + (1 + is_adjective(words.low(i + 1))))
    return alone and class_of(low) not in (PERSON, ANIMAL, PART)


def _acts_on_someone(words: Words, i: int) -> bool:
    """ "orc headlocks dwarf": whether a piece is one who acts, a word in -s and one more who is acted on."""
    low, subject = words.low(i), words.low(i - 1)
    whole = words.is_end(i - 2) and words.is_end(i + 2) and is_plural(low)
    two = all(is_animate(someone) and not is_plural(someone) for someone in (subject, words.low(i + 1)))
    return whole and two and (low == "pets" or class_of(low) not in (PERSON, ANIMAL))


def _is_held(words: Words, i: int) -> bool:
    """ "with a heavy crossbow"."""
    start = next((k for k in range(i - 1, i - 4, -1) if words.low(k) in ("a", "an")), 0)
    return start > 1 and words.low(start - 1) in ("with", "in", "holding") and is_animate(words.low(start - 2))


def _acts(subject: str, low: str, held: bool) -> bool:
    """ "two astronauts plant a flag", "a smith with a beard hammers a sword": whether a noun as well is a verb here."""
    if class_of(subject) == PART and is_plural(low):
        return is_plural(subject) or class_of(low) != PART  # "a vendor with rolled up sleeves hands a bag to …"
    if held and is_plural(low) and not is_plural(subject) and class_of(low) not in (PERSON, ANIMAL, PART):
        return True  # "a hunter with a crossbow tracks a stag"
    return is_animate(subject) and is_plural(subject) != is_plural(low)


def _may_be_verb(low: str) -> bool:
    """Whether the word can be a verb in front of an object: it is one, or no word that is known."""
    if plain_form(low):
        return low.endswith(("s", "ed")) or low in _PAST or not is_adjective(low)
    return low.endswith("ed") or (not class_of(low) and not is_adjective(low))  # "two books cluttered the garage"


def _is_subject(words: Words, i: int) -> bool:
    """Whether the word at i can be the last one of a subject."""
    if words.kind(i) == NUMBER:
        return _is_subject(words, i - 1)  # "Unit 7 repairs the engine"
    if words.kind(i) != WORD:
        return False
    if words.low(i) in lex.COLORS and words.low(i - 1) == "in":
        return True  # "a chef in white flips a pancake"
    return words.low(i) in lex.RELATIVES | lex.PRONOUNS or (words.is_open(i) and not is_adjective(words.low(i)))
