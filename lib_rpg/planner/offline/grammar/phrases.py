"""Recognising phrases at a place in the prompt: a thing with its adjectives, a position, a relation, a row of things.

Every function looks at the words from index i on and tells where the phrase ends, or None. Nothing is kept here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import ATOM, COLON, COMMA, NUMBER, STOP, SYMBOL, WORD, Token
from lib_rpg.planner.language.relation_words import PREPOSITIONS, RELATIONS

X, Y = 0, 1
_MAX_DEPTH = 6
_MAX_NAME = 40  # words in one thing's name
_MAX_OF = 2  # complements in a row, and one within the other: "a cup of tea of …"

CONJUNCTIONS = lex.word_set("and or but while whereas plus nor versus vs & / + AND with then") | {"and"}
RELATIVES = lex.word_set("that which who whose whom where when")
_CLOSED = (
    PREPOSITIONS
    | CONJUNCTIONS
    | RELATIVES
    | lex.DETERMINERS
    | lex.PRONOUNS
    | lex.BE
    | frozenset(lex.HAVE)
    | lex.word_set(
        "there's here's there're it's that's who's they're he's she's i'd i'm i've let's we're you're "
        "there here not no very too so because if not can will would should could may might do does did respectively"
    )
)

_DIRECTIONS: dict[str, tuple[int | None, int | None]] = {
    "left": (-1, None), "leftmost": (-1, None), "right": (1, None), "rightmost": (1, None),
    "left-hand": (-1, None), "right-hand": (1, None), "lefthand": (-1, None), "righthand": (1, None),
    "top": (None, -1), "upper": (None, -1), "topmost": (None, -1), "uppermost": (None, -1),
    "bottom": (None, 1), "lower": (None, 1), "bottommost": (None, 1),
    "center": (0, 0), "centre": (0, 0), "middle": (0, 0), "central": (0, 0), "centered": (0, 0),
}  # fmt: skip
_SIDES = {
    (-1, None): "left", (1, None): "right", (None, -1): "above", (None, 1): "below",
    (-1, -1): "above left", (1, -1): "above right", (-1, 1): "below left", (1, 1): "below right",
}  # fmt: skip
_PART_NOUNS = lex.word_set(
    "panel panels side corner half third thirds quarter edge part portion section area region end row column border "
    "hand-side sides halves corners"
)
_SHARES = {"half": Fraction(1, 2), "third": Fraction(1, 3), "quarter": Fraction(1, 4), "thirds": Fraction(2, 3)}
_PLACE_PREPOSITIONS = lex.word_set("in on at to toward towards near along from occupying filling by")
_AFTER_PLACE = (lex.VERBS.keys() - lex.PLAIN_VERBS - lex.NOUN_LIKE) | lex.STATES | lex.SHOW | lex.NUMBERS.keys()
_CLAUSE = 24  # words that a look back for a plural subject goes
_FAR = lex.word_set("far very extreme absolute immediate exact whole entire")


class Words:
    """A run of tokens with look-ahead that never falls off the end."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = list(tokens)
        self.depth = 0  # of phrases within phrases, while one is being recognised

    def __len__(self) -> int:
        return len(self.tokens)

    def low(self, i: int) -> str:
        """The word at i in lower case; "" outside of the prompt."""
        return self.tokens[i].low if 0 <= i < len(self.tokens) else ""

    def kind(self, i: int) -> str:
        """The kind of the token at i; STOP outside of the prompt."""
        return self.tokens[i].kind if 0 <= i < len(self.tokens) else STOP

    def is_end(self, i: int) -> bool:
        """Whether a clause ends before i: punctuation, or the end of the prompt."""
        return self.kind(i) in (STOP, COMMA, COLON)

    def is_open(self, i: int) -> bool:
        """Whether the token at i can stand in a thing's name."""
        kind = self.kind(i)
        if kind == ATOM:
            return True
        return kind == WORD and self.low(i) not in _CLOSED

    def starts(self, i: int, *phrase: str) -> bool:
        """Whether these words stand at i."""
        return self.low(i) == phrase[0] and all(self.low(i + k) == word for k, word in enumerate(phrase))


@dataclass(frozen=True)
class Noun:
    """A noun phrase: tokens [start, end), of which `words` name the thing; `count` None where no number is told.

    `given` is the determiner or number in front, `head` the index in `words` of the noun itself, `vague` a word
    such as "several", `direction` a place within the phrase ("the left girl"), `array` the axis of a row of things.
    """

    start: int
    end: int
    given: tuple[Token, ...]
    words: tuple[Token, ...]
    head: int
    count: int | None = None
    vague: str = ""
    direction: tuple[int | None, int | None] | None = None
    array: int | None = None

    @property
    def noun(self) -> str:
        """The head noun, in lower case and the singular."""
        return lex.singular(self.words[self.head].low)

    @property
    def determiner(self) -> str:
        return self.given[-1].low if self.given else ""

    @property
    def bare(self) -> bool:
        """Neither article nor number stands before it."""
        return not self.given and self.count is None


@dataclass(frozen=True)
class Place:
    """A position on the canvas: -1, 0, 1 or None on each axis, with a stated share of the canvas."""

    end: int
    x: int | None
    y: int | None
    share: Fraction | None = None
    ground: str = ""  # "background" or "foreground"
    prefixed: bool = True  # a preposition or an article stands before it
    canvas_of: bool = False  # "of the …" follows, and it is not the picture itself


@dataclass(frozen=True)
class Relation:
    """How what stands before the phrase relates to what stands behind it.

    `kind` is "left", "right", "above", "below", "above left" and so on, "beside", "between", "within" (they share a
    place), "around", "ringed" (its reverse), or "in" and "on", whose meaning depends on what follows.
    """

    end: int
    kind: str
    referent: bool = False  # the other side is a possessive ("on her left"): already said


def direction(words: Words, i: int) -> tuple[int, tuple[int | None, int | None]] | None:
    """ "left", "top left", "lower-right", "middle right": the end and the place on both axes."""
    parts: list[str] = []
    end = i
    while end < i + 2 and words.kind(end) == WORD:
        pieces = words.low(end).split("-")
        if words.low(end) in _DIRECTIONS:
            pieces = [words.low(end)]
        if not all(piece in _DIRECTIONS for piece in pieces):
            break
        parts += pieces
        end += 1
    if not parts or len(parts) > 2:
        return None
    x, y = _DIRECTIONS[parts[0]]
    if len(parts) == 2:
        x2, y2 = _DIRECTIONS[parts[1]]
        if (x, y) == (0, 0):
            x, y = (x2, 0) if x2 is not None else (0, y2)
        elif (x2, y2) == (0, 0):
            x, y = (x, 0) if x is not None else (0, y)
        elif (x is None) == (x2 is None):
            return i + 1, (x, y)
        else:
            x, y = (x if x is not None else x2), (y if y is not None else y2)
    return end, (x, y)


def place(words: Words, i: int) -> Place | Relation | None:
    """A position ("in the top left corner of the picture"), or the relation that it turns into ("to the left of")."""
    j, prefixed = i, False
    if words.low(j) in lex.ADVERBS and words.low(j + 1) in _PLACE_PREPOSITIONS | _DIRECTIONS.keys():
        j += 1 if words.low(j) != "right" or words.low(j + 1) not in ("of", "side") else 0
    if words.low(j) in _PLACE_PREPOSITIONS:
        j, prefixed = j + 1, True
    owner = words.low(j) if words.low(j) in lex.POSSESSIVES else ""
    article = words.low(j) in ("the", "a", "either") or bool(owner)
    j += article
    while words.low(j) in _FAR:
        j += 1
    if words.low(j) in ("background", "foreground", "front", "back") and prefixed and not owner:
        if words.low(j + 1) == "of" and not _canvas(words, j + 2):
            return None
        if words.low(j) in ("front", "back") and not article and not words.is_end(j + 1):
            return None
        ground = "background" if words.low(j)[0] == "b" else "foreground"
        end = _canvas(words, j + 2) if words.low(j + 1) == "of" else None
        return Place(end or j + 1, None, 1 if ground == "foreground" else None, None, ground)
    if prefixed and article and words.low(j) in ("rest", "remainder"):
        end = _canvas(words, j + 2) if words.low(j + 1) == "of" else j + 1
        return Place(end, None, None) if end else None
    found = direction(words, j)
    if found is None:
        return None
    j, (x, y) = found
    share = None
    part = False
    if words.low(j) == "hand":
        j += 1
    if words.low(j) == "two" and words.low(j + 1) == "thirds":
        j += 1
    if words.low(j) in _PART_NOUNS:
        share = _SHARES.get(words.low(j))
        j, part = j + 1, True
    elif (prefixed or article) and words.is_open(j) and words.low(j) not in _AFTER_PLACE and not _does(words, j):
        # "in his left hand", "on the top shelf": the word only describes what follows it.
        return None
    if words.low(j) == "from" and not part and _SIDES.get((x, y)) and words.low(j + 1) in lex.DETERMINERS:
        return Relation(j + 1, _SIDES[x, y])
    if words.low(j) == "of":
        canvas = _canvas(words, j + 1)
        if canvas:
            return Place(canvas, x, y, share, "", True)
        kind = _SIDES.get((x, y))
        scenery = noun(words, j + 1) if words.depth == 0 else None  # within a name only the kind of phrase counts
        if scenery is not None and scenery.noun in lex.SCENE_WORDS and scenery.noun not in lex.THINGLIKE_PLACES:
            return Place(j + 1, x, y, share, "", True, canvas_of=True)
        if kind and (share is None or not part):
            return Relation(j + 1, kind)
        if (x, y) == (0, 0):
            return Place(j + 1, x, y, share, "", True, canvas_of=True)
        return Place(j + 1, x, y, share, "", True, canvas_of=True) if scenery is not None else None
    if (owner and owner != "its") or (owner and prefixed):
        kind = _SIDES.get((x, y))
        opens = i == 0 or words.is_end(i - 1) or words.low(i - 1) in CONJUNCTIONS
        tells = words.low(j) in lex.BE | lex.SHOW | lex.VERBS.keys() | lex.ARTICLES or words.kind(j) == COMMA
        return Relation(j, kind, referent=True) if kind and (not part or owner != "its" or (opens and tells)) else None
    if words.low(j) in ("image", "picture", "canvas", "frame"):
        j += 1
    if not prefixed and not article and not part:
        # A lone direction word counts only where nothing can follow it but an end, or in front of a thing.
        both = x is not None and y is not None and (x, y) != (0, 0)
        before = i == 0 or words.is_end(i - 1) or words.low(i - 1) in CONJUNCTIONS
        if words.is_open(j) or (words.kind(j) == NUMBER and not before):
            return None
        if not (both or words.is_end(j) or words.low(j) in CONJUNCTIONS or before):
            return None
    if (
        article
        and not prefixed
        and not part
        and not (words.is_end(j) or words.low(j) in lex.BE | lex.SHOW | CONJUNCTIONS or words.low(j) in lex.HAVE)
    ):
        return None
    return Place(j, x, y, share, "", prefixed or article)


CORNERS = ((-1, -1), (1, -1), (-1, 1), (1, 1))


def corners(words: Words, i: int) -> int | None:
    """ "in each corner", "in all four corners of the picture": the end, or None."""
    if words.low(i) not in ("in", "at", "on", "near"):
        return None
    j = i + 1
    while words.low(j) in ("each", "every", "all", "the", "four", "4", "of"):
        j += 1
    if j == i + 1 or words.low(j) not in ("corner", "corners"):
        return None
    if words.low(j) == "corner" and words.low(j - 1) not in ("each", "every"):
        return None
    end = _canvas(words, j + 2) if words.low(j + 1) == "of" else None
    return end or j + 1


def _does(words: Words, i: int) -> bool:
    """Whether an -ing word with an object or a place of its own stands at i: "on the left swinging a bat"."""
    low, after = words.low(i), words.low(i + 1)
    return low.endswith("ing") and low not in lex.ING_NOUNS and (after in lex.DETERMINERS or after in PREPOSITIONS)


def _canvas(words: Words, i: int) -> int | None:
    j = i + (words.low(i) in lex.ARTICLES | lex.DEMONSTRATIVES)
    j += words.low(j) in ("whole", "entire")
    return j + 1 if words.low(j) in lex.CANVAS and words.low(j + 1) != "of" else None


_UPRIGHT = {"above": "above", "over": "above", "below": "below", "under": "below", "beneath": "below"}


def relation(words: Words, i: int) -> Relation | None:
    """ "above", "next to", "in front of" …, an adverb before it included."""
    j = i
    while words.low(j) in lex.ADVERBS and words.low(j + 1) in RELATIONS:
        j += 1
    if words.low(j) in _UPRIGHT and words.low(j + 1) == "and":
        # "above and to the left of"
        level = place(words, j + 2)
        if isinstance(level, Relation) and level.kind in ("left", "right") and not level.referent:
            return Relation(level.end, f"{_UPRIGHT[words.low(j)]} {level.kind}")
    for phrase, kind in RELATIONS.get(words.low(j), ()):
        if words.starts(j, *phrase):
            return Relation(j + len(phrase), kind)
    return None


_GIRLS = re.compile(r"(\d{1,2})\+?(girls?|boys?|women|woman|men|man|others?|people|cats?|dogs?)")


def number(words: Words, i: int) -> tuple[int, int | None, str] | None:
    """A number, or a word for some: its end, the number or None, and the vague word."""
    low = words.low(i)
    if words.kind(i) == NUMBER and len(low) <= 2 and int(low) > 0:
        return i + 1, int(low), ""
    times = re.fullmatch(r"(\d{1,2})x|x(\d{1,2})", low)
    if times and int(times.group(1) or times.group(2)) > 0:
        return i + 1, int(times.group(1) or times.group(2)), ""
    if low in lex.NUMBERS and low != "zero" and words.low(i + 1) == "dozen":
        return i + 2, lex.NUMBERS[low] * 12, ""
    if low in lex.NUMBERS and low != "zero":
        return i + 1, lex.NUMBERS[low], ""
    if low == "dozen":
        return i + 1, 12, ""
    if words.starts(i, "half", "a", "dozen"):
        return i + 3, 6, ""
    if words.starts(i, "half", "dozen"):
        return i + 2, 6, ""
    if low in lex.VAGUE_NUMBERS:
        return i + 1, None, low
    if words.starts(i, "lots", "of") or words.starts(i, "plenty", "of"):
        return i + 2, None, low + " of"
    return None


def is_adjective(low: str) -> bool:
    """Whether the word is known to describe a thing and not to name one."""
    return low in lex.ADJECTIVES or (any(part in lex.COLORS for part in low.split("-")) and "-" in low)


_MAKING = lex.word_set("crossing painting drawing building")  # nouns, unless an object follows


def is_verb_form(words: Words, i: int, first: bool) -> bool:
    """Whether the word at i, within or behind a thing's name, starts to tell what the thing does."""
    low = words.low(i)
    if first:
        return False
    if low.endswith("ing") and len(low) > 4 and low not in lex.ING_NOUNS and words.kind(i) == WORD:
        # "a dog chasing a cat" tells what it does; "a smiling dog" names it, and so does "a washing machine".
        return True
    if low in _MAKING and words.low(i + 1) in lex.ARTICLES | lex.POSSESSIVES:
        return True
    if low in lex.PLAIN_VERBS:
        # "kids play area", "sports drink" are names.
        named = words.low(i + 1) in ("area", "room", "hall") or words.low(i - 1) == "sports"
        return not named and has_plural_subject(words, i)
    if low in lex.VERBS:
        before = words.low(i - 1)
        worn = before in lex.PARTS and not lex.is_plural(before) and words.is_end(i + 1)  # "in a red coat watches"
        return low not in lex.NOUN_LIKE or is_animate(before) or before in RELATIVES | {"one"} or worn
    if low in lex.PARTICIPLES or (low.endswith("ed") and len(low) > 4):
        after = words.low(i + 1)
        return after in PREPOSITIONS or (words.is_end(i + 1) and low in lex.PARTICIPLES) or after.endswith("ly")
    if low.endswith("ly") and low not in ("family", "lily", "butterfly", "jelly", "fly", "belly", "holly", "ally"):
        return True
    return _does_not_agree(words, i)


def _does_not_agree(words: Words, i: int) -> bool:
    """Whether an unknown word tells of those before it, as it has no plural to go with theirs: "two elves frolic"."""
    low, subject = words.low(i), words.low(i - 1)
    known = is_adjective(low) or lex.is_plural(low) or low in lex.SCENE_WORDS | lex.QUALITY_WORDS | lex.MEDIA
    if known or not words.is_open(i) or words.kind(i) != WORD or words.kind(i - 1) != WORD:
        return False
    if not (lex.is_plural(subject) and is_animate(subject)):
        return False
    if words.low(i + 1) in lex.ARTICLES | lex.POSSESSIVES:
        return True
    counted = any(words.low(k) in lex.NUMBERS or words.kind(k) == NUMBER for k in range(i - 4, i - 1))
    return counted and (words.is_end(i + 1) or words.low(i + 1) in PREPOSITIONS)


def is_animate(low: str) -> bool:
    """Whether the word is known to name someone who acts, a person or an animal, one or many."""
    one = lex.singular(low)
    return one in lex.PEOPLE | lex.ANIMALS | lex.COMPANIES or one.endswith(("man", "girl", "boy"))


def has_plural_subject(words: Words, i: int) -> bool:
    """Whether what stands right before i can be the subject of "drink" or "play": many, or the last of a list."""
    last = words.low(i - 1)
    if last in RELATIVES:
        last = words.low(i - 2)
    if lex.is_plural(last) or last in ("sheep", "fish", "deer", "they"):
        return True
    dressed = last in lex.COLORS | lex.PARTS and any(words.low(k) in ("in", "with") for k in range(i - 4, i - 1))
    if not (is_animate(last) or dressed):
        return False
    for k in range(i - 2, max(i - _CLAUSE, -1), -1):
        if words.kind(k) == STOP:
            return False
        if words.low(k) in ("and", "two", "three", "four", "five", "six"):
            return True
    return False


def is_dressed(words: Words, start: int, i: int) -> bool:
    """Whether the words from start to i are the colour that someone wears: "in orange"."""
    return words.low(start - 1) == "in" and i > start and all(words.low(k) in lex.COLORS for k in range(start, i))


def noun(words: Words, i: int) -> Noun | None:
    """A noun phrase at i: determiner or number, then the words up to a closed-class word, a verb or an end."""
    if words.depth >= _MAX_DEPTH:
        return None
    words.depth += 1
    try:
        return _noun(words, i)
    finally:
        words.depth -= 1


def _noun(words: Words, i: int) -> Noun | None:
    j = i
    count: int | None = None
    vague = ""
    array: int | None = None
    turn: tuple[int | None, int | None] | None = None
    given: list[Token] = []
    while words.low(j) in lex.DETERMINERS | lex.DEMONSTRATIVES and j < i + 3:
        given.append(words.tokens[j])
        j += 1
    if given and given[-1].low == "the" and (found := direction(words, j)) and words.is_open(found[0]):
        # "the left girl"; but "the top hat" stays what it is.
        j, turn = found if words.low(found[0]) not in lex.PARTS else (j, None)
    told = number(words, j)
    if told:
        j, count, vague = told
        if words.low(j) == "of" and words.low(j + 1) in ("the", "these", "those"):
            j += 2
    if given and count is None and given[-1].low in ("a", "an", "another", "each", "every"):
        count = 1
    # "a pair of cats", "a row of three candles", "a group of people"
    for _ in range(3):
        if words.low(j + 1) != "of":
            break
        low = words.low(j)
        inner = noun(words, j + 2) if low in lex.QUANTITIES or low in lex.ARRAYS else None
        if inner is None:
            break
        if low in lex.QUANTITIES and inner.words[-1].low in lex.PAIRED:
            break
        axis = {"x": X, "y": Y}.get(lex.ARRAYS.get(low, ""))
        total = lex.QUANTITIES.get(low, 1) * (count or 1) if low in lex.QUANTITIES else inner.count
        if low in lex.QUANTITIES and inner.count:
            total = inner.count
        several = total if total and (total > 1 or low in lex.QUANTITIES) else None
        return Noun(
            i, inner.end, inner.given, inner.words, inner.head, several, inner.vague if several else low + " of",
            turn, axis if several else None,
        )  # fmt: skip
    start = j
    tagged = _GIRLS.fullmatch(words.low(j))
    body: list[Token] = []
    head: int | None = None
    plain = True  # nothing but adjectives so far
    while len(body) < _MAX_NAME:
        if words.kind(j) == SYMBOL and body and words.tokens[j].glued and words.is_open(j + 1):
            j += 1
            continue
        if words.low(j) == "can" and (body or given) and _is_noun_here(words, j):
            body.append(words.tokens[j])
            j += 1
            continue
        if not words.is_open(j):
            if words.kind(j) == NUMBER and body and words.tokens[j - 1].kind == WORD and not words.is_open(j + 1):
                body.append(words.tokens[j])  # "a Boeing 747"
                j += 1
                continue
            joined = _joined_adjective(words, j, start, bool(given) or count is not None)
            if joined is None:
                break
            body += words.tokens[j:joined]
            j = joined
            continue
        if is_verb_form(words, j, plain and not (words.low(j) in lex.PLAIN_VERBS and is_dressed(words, i, j))):
            break
        if body and (place_here(words, j) or (not plain and is_aside(words, j))):
            break
        plain = plain and is_adjective(words.low(j))
        body.append(words.tokens[j])
        j += 1
    if not body:
        return None
    head = len(body) - 1
    if body[head].kind == NUMBER:
        head -= 1
    told = number(words, j + 1) if words.low(j) == "of" and body[head].low in lex.COMPANIES else None
    if told and told[1] and not words.is_open(told[0]):
        body += words.tokens[j : told[0]]  # "a family of four"
        j = told[0]
    for _ in range(_MAX_OF):
        inner = noun(words, j + 1) if words.low(j) == "of" and words.depth <= _MAX_OF else None
        if inner is None:
            break
        body += words.tokens[j : inner.end]
        j = inner.end
    if tagged and len(body) >= 1:
        count = int(tagged.group(1)) or 1
        body[0] = body[0].with_text(tagged.group(2))
    return Noun(i, j, tuple(given), tuple(body), head, count, vague, turn, array)


def _is_noun_here(words: Words, i: int) -> bool:
    """Whether "can" is a thing and not the verb: "a trash can by the door", "a can of paint"."""
    return words.is_end(i + 1) or words.low(i + 1) in PREPOSITIONS | CONJUNCTIONS


def is_aside(words: Words, i: int) -> bool:
    """Whether brackets without a weight open at i, behind someone, with more than one word in them."""
    if not 0 < i < len(words) or not is_animate(words.low(i - 1)):
        return False
    outer, groups = words.tokens[i - 1].groups, words.tokens[i].groups
    if len(groups) <= len(outer) or (groups[len(outer)].opens, groups[len(outer)].closes) != ("(", ")"):
        return False
    return i + 1 < len(words) and any(group is groups[len(outer)] for group in words.tokens[i + 1].groups)


def place_here(words: Words, i: int) -> bool:
    """Whether an unprefixed position ("a dog bottom left,") or a relation ("left of") starts at i."""
    if words.low(i).split("-")[0] not in _DIRECTIONS:
        open_start = words.low(i) in lex.ADVERBS or words.low(i + 1) == "than"
        return (open_start and relation(words, i) is not None) or _ordering_here(words, i)
    return place(words, i) is not None or _ordering_here(words, i)


def _ordering_here(words: Words, i: int) -> bool:
    return ordering(words, i) is not None


def _joined_adjective(words: Words, j: int, start: int, given: bool) -> int | None:
    """Within "black and white cat" or "small, fluffy, white dog": the index behind the comma or the "and"."""
    if j == start or not is_adjective(words.low(j - 1)):
        return None
    k = j
    if words.kind(k) == COMMA and given:
        k += 1
    if words.low(k) in ("and", "&", "or", "but"):
        k += 1
    if k == j or not is_adjective(words.low(k)):
        return None
    # An adjective alone, without a noun behind the list, would be a list of its own ("red, blue").
    end = k
    while end < k + _MAX_NAME and (is_adjective(words.low(end)) or words.low(end) == "and" or words.kind(end) == COMMA):
        end += 1
    return k if words.is_open(end) or lex.is_plural(words.low(end - 1)) or (not words.is_open(end) and given) else None


@dataclass(frozen=True)
class Ordering:
    """An order told for a list: along an axis, `backwards` from right to left or bottom to top."""

    end: int
    axis: int
    backwards: bool = False
    strict: bool = True


_ORDERINGS = (
    (("from", "left", "to", "right"), X, False),
    (("left", "to", "right"), X, False),
    (("from", "right", "to", "left"), X, True),
    (("right", "to", "left"), X, True),
    (("from", "top", "to", "bottom"), Y, False),
    (("top", "to", "bottom"), Y, False),
    (("from", "bottom", "to", "top"), Y, True),
    (("bottom", "to", "top"), Y, True),
    (("side", "by", "side"), X, False),
    (("back", "to", "back"), X, False),
    (("face", "to", "face"), X, False),
    (("facing", "each", "other"), X, False),
    (("facing", "one", "another"), X, False),
    (("in", "a", "row"), X, False),
    (("in", "a", "line"), X, False),
    (("arranged", "horizontally"), X, False),
    (("in", "a", "column"), Y, False),
    (("in", "a", "stack"), Y, False),
    (("arranged", "vertically"), Y, False),
    (("stacked", "vertically"), Y, False),
    (("one", "above", "the", "other"), Y, False),
    (("one", "below", "the", "other"), Y, False),
    (("on", "top", "of", "each", "other"), Y, False),
    (("next", "to", "each", "other"), X, False),
    (("beside", "each", "other"), X, False),
)


def ordering(words: Words, i: int) -> Ordering | None:
    """ "from left to right", "in a row", "side by side", "from top to bottom" …"""
    for phrase, axis, backwards in _ORDERINGS:
        if words.starts(i, *phrase) and not (phrase[-1] == "side" and words.low(i + 3) == "with"):
            return Ordering(i + len(phrase), axis, backwards, phrase[0] in ("from", "left", "right", "top", "bottom"))
    return None
