"""How English words change: one and many of a noun, the forms of a verb, the article before a phrase."""

from __future__ import annotations

import re
from functools import lru_cache

from lib_rpg.planner.language.word_set import word_set

# They end in "s" and are one: "a bus", "a pair of jeans".
MASS_HEADS = word_set(
    "sunglasses scissors jeans pants trousers shorts goggles binoculars headphones "
    "clothes bus gas glass grass dress lens cactus octopus walrus compass chess mess canvas atlas platypus "
    "hippopotamus iris bass moss cross kiss boss loss virus campus circus lotus crocus stairs fries "
    "ruins woods news swiss series christmas texas paris species pegasus tennis oasis tortoiseshell princess "
    "goddess waitress actress mattress mars venus"
)

IRREGULAR = {
    "men": "man", "women": "woman", "children": "child", "people": "person", "mice": "mouse", "geese": "goose",
    "feet": "foot", "teeth": "tooth", "oxen": "ox", "wolves": "wolf", "leaves": "leaf", "knives": "knife",
    "loaves": "loaf", "shelves": "shelf", "scarves": "scarf", "elves": "elf", "dwarves": "dwarf", "calves": "calf",
    "halves": "half", "lives": "life", "wives": "wife", "thieves": "thief", "hooves": "hoof", "cacti": "cactus",
    "potatoes": "potato", "tomatoes": "tomato", "heroes": "hero", "buses": "bus", "movies": "movie", "pies": "pie",
    "ties": "tie", "cookies": "cookie", "zombies": "zombie", "selfies": "selfie", "axes": "axe", "shoes": "shoe",
    "sheep": "sheep", "fish": "fish", "deer": "deer", "octopuses": "octopus", "cactuses": "cactus",
    "houses": "house", "horses": "horse", "vases": "vase", "roses": "rose", "nurses": "nurse", "purses": "purse",
    "cases": "case", "bases": "base", "noses": "nose", "fairies": "fairy", "gentlemen": "gentleman",
    "snowmen": "snowman", "policemen": "policeman", "firemen": "fireman", "bookcases": "bookcase",
    "suitcases": "suitcase", "hoses": "hose", "cheeses": "cheese", "blouses": "blouse", "brownies": "brownie",
    "mangoes": "mango", "volcanoes": "volcano", "tvs": "tv", "broccolis": "broccoli", "taxis": "taxi", "skis": "ski",
    "bikinis": "bikini", "kiwis": "kiwi", "zucchinis": "zucchini", "graffitis": "graffiti", "pcs": "pc", "ufos": "ufo",
    "aircraft": "aircraft", "atlases": "atlas", "canvases": "canvas", "aliases": "alias",
    "gases": "gas", "irises": "iris",
    "waltzes": "waltz", "quizzes": "quiz", "passersby": "passerby", "valkyries": "valkyrie",
    "rhinoceroses": "rhinoceros", "dice": "die", "lenses": "lens", "triceratops": "triceratops", "cyclops": "cyclops",
}  # fmt: skip
_IN_IE = word_set(
    "magpie pixie genie hoodie veggie birdie collie rookie calorie cutie foodie junkie goalie hippie bowtie bootie "
    "beanie smoothie auntie sweetie onesie walkie talkie doggie laddie dearie prairie eerie faerie necktie yorkie"
)
_PLURALS = {one: many for many, one in IRREGULAR.items() if many != "cacti"} | {"scarf": "scarves"}

_MANS = ("women", "rmen", "smen", "emen", "kmen", "dmen", "tmen", "lmen", "nmen", "chmen", "umen")
_MAN = tuple(many.replace("men", "man") for many in _MANS)
_NO_MEN = word_set("specimen regimen acumen cerumen albumen")
_NO_MANS = word_set("german roman norman human shaman talisman ottoman caiman")
_IN_I = word_set(
    "corgi yeti sari okapi rabbi emoji martini safari yogi colibri spaghetti jacuzzi paparazzi wiki houri tsunami alibi"
)
_IN_OE = word_set("tiptoe mistletoe floe aloe oboe canoe sloe throe")
_IN_CHE = word_set("avalanche niche quiche cliche creche brioche pastiche psyche tranche douche porsche")
_NO_ACHES = ("eaches", "oaches", "ttaches", "etaches")
_VES = ("shelves", "wolves", "leaves")
_FES = ("knives", "wives")
_IN_AE = word_set("reggae sundae")
_MANY = 50_000  # words that are remembered
_NOT_PLURAL = re.compile(r"(ss|us|is|'s)$")


@lru_cache(_MANY)
def singular(word: str) -> str:
    """One of what `word` names: "cats" -> "cat", "boxes" -> "box", "men" -> "man"; a singular stays as it is."""
    low = word.lower()
    if low in IRREGULAR:
        return _like(word, IRREGULAR[low])
    if low.endswith(_VES):
        return word[:-3] + "f"  # "bookshelves"
    if low.endswith(_FES):
        return word[:-3] + "fe"  # "penknives"
    if low.endswith("mice") and low != "pumice":
        return word[:-3] + "ouse"  # "dormice"
    if low.endswith(_MANS) and low not in _NO_MEN:
        return word[:-2] + "an"  # "fishermen"
    if (low.endswith("s") and low[:-1] in _IN_I) or (low.endswith("ais") and len(low) > 5):
        return word[:-1]  # "samurais", "bonsais"
    if low.endswith("ae") and len(low) > 5 and low not in _IN_AE:
        return word[:-1]  # "nebulae"
    if low.endswith("oes") and len(low) > 4:
        is_oe = low[:-1] in _IN_OE or low.endswith("shoes")
        return word[:-1] if is_oe else word[:-2]  # "snowshoes", "superheroes"
    if low.endswith("uses") and not low.endswith(("ouses", "auses", "xcuses", "cluses")) and len(low) > 6:
        return word[:-2]  # "hippopotamuses"
    if low in MASS_HEADS or len(low) < 4 or not low.endswith("s") or _NOT_PLURAL.search(low):
        return word
    if low.endswith("ies"):
        return word[:-1] if low[:-1] in _IN_IE else word[:-3] + "y"
    if low[:-1] in _IN_CHE or (low.endswith("aches") and not low.endswith(_NO_ACHES)):
        return word[:-1]  # "moustaches"
    if low.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return word[:-2]
    return word[:-1]


def plural(word: str) -> str:
    """Many of what `word` names: "cat" -> "cats", "man" -> "men"."""
    low = word.lower()
    if low.endswith(("fish", "sheep", "deer")):
        return word
    if low in _PLURALS:
        return _like(word, _PLURALS[low])
    if low.endswith(_MAN) and low not in _NO_MANS:
        return word[:-2] + "en"
    if low.endswith(("knife", "wife")):
        return word[:-2] + "ves"  # "penknives"
    if low.endswith("mouse"):
        return word[:-4] + "ice"  # "dormice"
    if low.endswith("hero"):
        return word + "es"  # "superheroes"
    if low != singular(low) or (low in IRREGULAR.values() and low in IRREGULAR):
        return word
    if low.endswith("y") and low[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    if low.endswith(("s", "sh", "ch", "x", "z")):
        return word + "es"
    return word + "s"


def is_plural(word: str) -> bool:
    """Whether `word` looks like a plural: its singular is another word."""
    return singular(word).lower() != word.lower()


def article(phrase: str) -> str:
    """The indefinite article before `phrase`: "an orange ring", "a unicorn"."""
    match = re.search(r"[A-Za-z0-9]+", phrase)
    low = match.group().lower() if match else ""
    if re.match(r"(uni([^n]|$)|use|usu|eu|one|ufo)", low):
        return "a"
    return "an" if low[:1] in tuple("aeiou") or low in ("hour", "honest", "heir", "8", "11", "18") else "a"


def gerund(verb: str) -> str:
    """The -ing form of a verb's plain form: "drink" -> "drinking", "dance" -> "dancing", "lie" -> "lying"."""
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return verb[:-1] + "ing"
    if verb.endswith("ic"):
        return verb + "king"  # "picnicking"
    # One syllable that ends in one vowel and one consonant doubles it: "sit", "swim", "outwit".
    short = re.fullmatch(r"(?:out|over|up)?[^aeiou]*[aeiou][^aeiouwxy]", verb)
    return f"{verb}{verb[-1] if short else ''}ing"


def third_person(verb: str) -> str:
    """The form of a verb that goes with one thing: "drinks", "carries", "watches"."""
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z", "go", "do")) else "s")


def _like(word: str, other: str) -> str:
    return other.capitalize() if word[:1].isupper() else other
