"""Verbs within or behind a thing's name: where the name ends and what the thing does begins."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural, singular
from lib_rpg.planner.language.prompt_tokens import ATOM, NUMBER, STOP, WORD
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.finite_verbs import (
    ONE_OF_SEVERAL,
    gives_some,
    has_object,
    is_finite,
    is_verb_behind_one,
)
from lib_rpg.planner.offline.grammar.kinds import ANIMAL, PART, PERSON, class_of, is_adjective, is_animate, is_ing_verb

_NAME = 5  # words of a name that a look back for its article goes
_CLAUSE = 24  # words that a look back for a plural subject goes
_TAKES_OBJECT = lex.word_set(
    "crossing painting drawing building lighting covering icing frosting"
)  # nouns, but for an object
_STARTS_OBJECT = lex.ARTICLES | lex.POSSESSIVES
_PARTICLES = lex.word_set("out up down off over away back together apart")
_SHOTS = lex.word_set("pictures photos photographs selfies notes turns a the")
_LY_NOUNS = lex.word_set("family lily butterfly jelly fly belly holly ally")  # no adverbs
_AFTER_VERB = lex.word_set("area room hall")  # "kids play area" is a name
ENCLOSES = lex.word_set("surrounded encircled ringed")
_HAIRCUTS = lex.word_set("pixie bob hime buzz crew bowl wolf crop")
_ALONG = lex.word_set("toward towards across along past")
_ACTORS = lex.word_set("he she it they")  # "he feeds pigeons"
_ASKING = lex.word_set("how why if whether what")
_SAME_PLURAL = lex.word_set("sheep fish deer they both")  # "sheep graze"
_MAKES_PLURAL = lex.word_set("and two three four five six")  # "a cat and a dog drink", "two girls, one in red, drink"
_KNOWN = lex.SCENE_WORDS | lex.QUALITY_WORDS | lex.MEDIA


def is_verb_form(words: Words, i: int, first: bool) -> bool:
    """Whether the word at i, within or behind a thing's name, starts what the thing does.

    `first`: the name has nothing but adjectives before it, so that the word is part of the name ("a smiling dog").
    """
    if first:
        return False
    low = words.low(i)
    if words.low(i - 1) == "they" and words.kind(i) == WORD and words.is_open(i) and not low.endswith("ly"):
        return True  # "a king and a beggar, they shake hands"
    if gives_some(words, i) and class_of(words.low(i - 1)) in (PERSON, ANIMAL, PART):
        return True  # "a boy in a straw hat feeds rice to a fox"
    if low in ENCLOSES and has_object(words, i + 1):
        return True  # "five crows surrounded a fox"
    if low == "face" and words.is_end(i + 1):
        return False  # "a black mug with a cat face"
    if _is_doing(words, i) or (low not in lex.PLAIN_VERBS and is_finite(words, i)):
        return True
    if low in lex.PLAIN_VERBS or low == "take":
        return _is_plain_verb(words, i)
    if low == "slow" and words.low(i + 1) == "dancing":
        return True
    if class_of(low) and is_ing_verb(words.low(i + 1)) and not is_animate(words.low(i - 1)):
        return False  # "patchwork sails flying", but "a man sails singing"
    if low in lex.VERBS:
        return low not in lex.NOUN_LIKE or _has_actor(words, i)
    if low in lex.PARTICIPLES or (low.endswith("ed") and len(low) > 4):
        return is_participle(words, i)
    if low in lex.DIRECTIONS and low != "overhead" and not words.is_open(i):
        return True  # "following a boot downstream"
    if low.endswith("ly") and low not in _LY_NOUNS and not is_adjective(low):
        return True  # "a girl quietly reading"
    return is_unknown_verb(words, i)


_NAMES = {
    ("watering", "can"), ("racing", "car"), ("racing", "bike"), ("racing", "boat"), ("racing", "horse"),
    ("rocking", "horse"), ("fishing", "rod"), ("fishing", "boat"), ("fishing", "net"), ("sewing", "machine"),
    ("sleeping", "bag"), ("boxing", "glove"), ("parking", "meter"), ("skipping", "rope"), ("rolling", "pin"),
    ("shopping", "bag"), ("shopping", "cart"), ("hiking", "boot"), ("riding", "boot"), ("climbing", "rope"),
    ("walking", "stick"), ("swimming", "pool"), ("cutting", "board"), ("frying", "pan"), ("diving", "helmet"),
}  # fmt: skip
_MADE = lex.word_set("drawing painting building crossing sewing cooking filling")  # names too, as "a painting"


def _is_doing(words: Words, i: int) -> bool:
    """ "a dragon breathing fire", "a man painting a fence"; "a painting" is a thing."""
    low, before = words.low(i), words.low(i - 1)
    if words.low(i + 1) in lex.AFTER_ING and (before in lex.PARTICIPLES or before.endswith("ed")):
        return False  # "a carved walking stick"
    named = words.low(i + 1) in lex.AFTER_ING or (low, singular(words.low(i + 1))) in _NAMES
    numbered = words.kind(i - 1) == NUMBER  # "car number 27 overtaking car number 4"
    if named and before not in lex.ARTICLES and not is_animate(before) and not numbered:
        return False  # "a tin watering can", "a vintage racing car"
    if is_ing_verb(low) and len(low) > 4 and words.kind(i) == WORD:
        return True
    if low in _MADE and class_of(before) == PERSON and words.is_open(i + 1):
        return True  # "girl drawing bow"
    return low in _TAKES_OBJECT and words.low(i + 1) in _STARTS_OBJECT


def _is_plain_verb(words: Words, i: int) -> bool:
    """ "three penguins dance on the ice"; but "a flower shop", "kids play area" and "sports drink" are names."""
    if words.low(i) == "take" and words.low(i + 1) in _SHOTS:
        return is_plural(words.low(i - 1))  # "two tourists take pictures"
    if words.low(i) in lex.STATES and has_object(words, i + 1):
        return True  # "on the shelf stand three books"
    is_name = words.low(i + 1) in _AFTER_VERB or words.low(i - 1) in ("sports", "pocket", "wrist")  # "pocket watch"
    return not is_name and has_plural_subject(words, i)


def _has_actor(words: Words, i: int) -> bool:
    """Whether a plural or verb such as "guards" is a verb here; "a queen between two guards": they are things."""
    before = words.low(i - 1)
    if has_object(words, i + 1) and words.is_open(i - 1):
        return True  # "a wall guards the city"
    if is_animate(before) or before in lex.RELATIVES or before in _ACTORS or before in ONE_OF_SEVERAL:
        return True  # "a girl watches", "who watches", "one watches"
    if class_of(before) and is_verb_behind_one(words, i):
        return True  # "a rover with a single camera watches from the right"
    if words.low(i + 1) in _ALONG and words.is_open(i - 1) and not is_plural(before):
        return True  # "a raft drifts toward an island"
    if class_of(before) == "vehicle" and not is_plural(before):
        return words.is_end(i + 1) or words.low(i + 1) in PREPOSITIONS  # "a boat drifts"
    goes_on = words.is_end(i + 1) or words.low(i + 1) in PREPOSITIONS - {"in", "with", "of"}
    return before in lex.PARTS and not is_plural(before) and goes_on  # "a man in a red coat watches from a window"


def is_unknown_verb(words: Words, i: int) -> bool:
    """Whether an unknown word behind several who act is their verb, as it is no plural: "two elves frolic"."""
    subject = words.low(i - 1)
    if not (_is_unknown(words, i) and words.kind(i - 1) == WORD):
        return False
    if not (is_plural(subject) and is_animate(subject)):
        return False
    counted = any(words.low(k) in lex.NUMBERS or words.kind(k) == NUMBER for k in range(i - 4, i - 1))
    return counted and (words.is_end(i + 1) or words.low(i + 1) in PREPOSITIONS | {"while"})


def _is_unknown(words: Words, i: int) -> bool:
    """Whether the word at i is in no list, so that it may be a verb."""
    low = words.low(i)
    if is_adjective(low) or is_plural(low) or low in _KNOWN | _ASKING or low.endswith(("ing", "ly")):
        return False
    return words.is_open(i) and words.kind(i) == WORD and low[-1:].isalpha()


def has_plural_subject(words: Words, i: int) -> bool:
    """Whether the words right before i can be the subject of "drink" or "play": many, or the last of a list."""
    last = words.low(i - 1)
    if last in lex.RELATIVES:
        last = words.low(i - 2)  # "girls who drink"
    if last in lex.NUMBERS and words.low(i - 2) in ("all", "the"):
        return True  # "all three wear gloves"
    if is_plural(last) or last in _SAME_PLURAL | lex.COMPANIES or _follows_two_names(words, i):
        return True  # "two dogs play", "they dance"
    # "two girls, one in a red dress, one in orange, drink tea"
    is_worn = last in lex.COLORS | lex.PARTS and any(words.low(k) in ("in", "with") for k in range(i - 5, i - 1))
    # "a glass vase and a wooden toy hang on the hook", but "checks his pocket watch next to a bag and …"
    start = next((k for k in range(i - 1, i - _NAME, -1) if words.low(k) in lex.DETERMINERS), i)
    listed = words.low(start - 1) in _MAKES_PLURAL | PREPOSITIONS or start == i
    goes_on = listed and bool(class_of(last)) and words.low(i + 1) in PREPOSITIONS | lex.ARTICLES
    if not (is_animate(last) or is_worn or goes_on):
        return False
    for k in range(i - 2, max(i - _CLAUSE, -1), -1):
        if words.kind(k) == STOP:
            return False
        if words.low(k) in _MAKES_PLURAL:
            return True  # "a cat and a dog sleep"
    return False


def _follows_two_names(words: Words, i: int) -> bool:
    """ "Emma and Zoe dance in a kitchen"."""
    if i < 3 or words.low(i - 2) != "and" or words.tokens[i].text[0].isupper():
        return False
    return all(words.tokens[k].text[0].isupper() and not class_of(words.low(k)) for k in (i - 3, i - 1))


def is_participle(words: Words, i: int) -> bool:
    """ "a snake wrapped around a tree", "a girl seated", "a table covered entirely"."""
    after = words.low(i + 1)
    if words.low(i) == "cut" and words.low(i - 1) in _HAIRCUTS:
        return False  # "a girl with a green pixie cut in a striped sweater"
    if words.low(i) in ("named", "called") and words.kind(i + 1) == WORD and words.tokens[i + 1].text[0].isupper():
        return True  # "a robot named Unit 7"
    if words.low(i) in lex.LABELLED - {"named", "called"} and words.kind(i + 1) in (NUMBER, ATOM):
        return True  # "three doors labelled 1"
    if after in _PARTICLES and words.low(i + 2) in PREPOSITIONS:
        return True  # "six spoons laid out in a ring"
    return after in PREPOSITIONS or (words.is_end(i + 1) and words.low(i) in lex.PARTICIPLES) or after.endswith("ly")


def is_dressed(words: Words, start: int, i: int) -> bool:
    """Whether the words from start to i are the colour that someone wears: "in orange"."""
    return words.low(start - 1) == "in" and i > start and all(words.low(k) in lex.COLORS for k in range(start, i))
