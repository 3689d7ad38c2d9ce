"""Positions on the canvas, as far as they can be told without a look at the thing that they may be of."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COMMA, NUMBER, WORD
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import is_ing_verb
from lib_rpg.planner.offline.grammar.relations import Relation

Direction = tuple[int | None, int | None]
"""-1, 0, 1 or None on the x and on the y axis."""
_CENTER = (0, 0)
CORNERS = ((-1, -1), (1, -1), (-1, 1), (1, 1))

_DIRECTIONS: dict[str, Direction] = {
    "left": (-1, None), "leftmost": (-1, None), "right": (1, None), "rightmost": (1, None),
    "left-hand": (-1, None), "right-hand": (1, None), "lefthand": (-1, None), "righthand": (1, None),
    "top": (None, -1), "upper": (None, -1), "topmost": (None, -1), "uppermost": (None, -1),
    "bottom": (None, 1), "lower": (None, 1), "bottommost": (None, 1),
    "center": _CENTER, "centre": _CENTER, "middle": _CENTER, "central": _CENTER, "centered": _CENTER,
}  # fmt: skip
_SIDES: dict[Direction, str] = {
    (-1, None): "left", (1, None): "right", (None, -1): "above", (None, 1): "below",
    (-1, -1): "above left", (1, -1): "above right", (-1, 1): "below left", (1, 1): "below right",
}  # fmt: skip
_PARTS = lex.word_set(
    "panel panels side corner half third thirds quarter edge part portion section area region end row column border "
    "hand-side sides halves corners"
)
_SHARES = {"half": Fraction(1, 2), "third": Fraction(1, 3), "quarter": Fraction(1, 4), "thirds": Fraction(2, 3)}
_PREPOSITIONS = lex.word_set("in on at to toward towards near along from occupying filling by")
_STARTS_AFTER_ADVERB = _PREPOSITIONS | _DIRECTIONS.keys()
_ARTICLES = lex.word_set("the a either")
_FAR = lex.word_set("far very extreme absolute immediate exact whole entire")  # "on the far left"
_BEHIND = lex.word_set("background back")
_IN_FRONT = lex.word_set("foreground front")
_REST = lex.word_set("rest remainder")
# "on the left walks a man", "on the left two cats": they follow a position and are not described by it.
_AFTER_PLACE = (lex.VERBS.keys() - lex.PLAIN_VERBS - lex.NOUN_LIKE) | lex.STATES | lex.SHOW | lex.NUMBERS.keys()
_TELLS = lex.BE | lex.SHOW | lex.VERBS.keys() | lex.ARTICLES  # "on its left side is a dog"
_AFTER_SIDE = lex.BE | lex.SHOW | lex.CONJUNCTIONS | frozenset(lex.HAVE)  # "the left shows a cat"
_PICTURE = lex.word_set("image picture canvas frame")  # "the left image shows a cat"
_WHOLE = lex.word_set("whole entire")
_CORNER_PREPOSITIONS = lex.word_set("in at on near")
_EACH_CORNER = lex.word_set("each every all the four 4 of")
_EVERY = lex.word_set("each every")


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
class _Lead:
    """What stands before a position's own words: "just to the far"; `end` is the index behind it."""

    start: int
    end: int
    preposition: bool
    article: bool  # or an owner
    owner: str  # "her", or ""


@dataclass(frozen=True)
class Position:
    """A direction with its lead and the part that it tells of: "in the left half"; `end` is the index behind it."""

    lead: _Lead
    end: int
    x: int | None
    y: int | None
    is_part: bool
    share: Fraction | None

    @property
    def side(self) -> str:
        """The kind of relation that it can turn into, or ""."""
        return _SIDES.get((self.x, self.y), "")

    @property
    def is_centre(self) -> bool:
        return (self.x, self.y) == _CENTER

    def place(self, end: int) -> Place:
        """The position as one of the picture."""
        return Place(end, self.x, self.y, self.share, prefixed=self.lead.preposition or self.lead.article)

    def of_something(self, is_scenery: bool, is_named: bool) -> Place | Relation | None:
        """What it is with "of" behind it, by what follows: scenery, a thing with a name, or neither."""
        within = Place(self.end + 1, self.x, self.y, self.share, canvas_of=True)
        if is_scenery:
            return within  # "at the top of the sky"
        if self.side and self.share is None:
            return Relation(self.end + 1, self.side)  # "to the left of a tree", "on the left side of a tree"
        if self.is_centre or is_named:
            return within  # "in the middle of a bowl", "in the left half of a bowl"
        return None


def direction(words: Words, i: int) -> tuple[int, Direction] | None:
    """ "left", "top left", "lower-right", "middle right": the end and the place on both axes."""
    parts: list[Direction] = []
    end = i
    while end < i + 2 and words.kind(end) == WORD:
        low = words.low(end)
        pieces = [low] if low in _DIRECTIONS else low.split("-")
        if not all(piece in _DIRECTIONS for piece in pieces):
            break
        parts += [_DIRECTIONS[piece] for piece in pieces]
        end += 1
    if len(parts) == 1:
        return end, parts[0]
    if len(parts) != 2:
        return None
    both = _combined(*parts)
    return (end, both) if both is not None else (i + 1, parts[0])


def starts_direction(words: Words, i: int) -> bool:
    """Whether the word at i, or its first part, is a direction: "left", "left-facing"."""
    return words.low(i).split("-")[0] in _DIRECTIONS


def _combined(one: Direction, other: Direction) -> Direction | None:
    """Two directions as one; None where both are on one axis ("left right")."""
    if one == _CENTER:
        return _beside_centre(other)
    if other == _CENTER:
        return _beside_centre(one)
    (x, y), (x2, y2) = one, other
    if (x is None) == (x2 is None):
        return None
    return (x2, y) if x is None else (x, y2)


def _beside_centre(side: Direction) -> Direction:
    """ "middle right": at the right, and in the middle of the other axis."""
    x, y = side
    return (x, 0) if x is not None else (0, y)


def canvas_end(words: Words, i: int) -> int | None:
    """ "the picture", "this whole image": the end; None where no word for the picture itself stands at i."""
    j = i + (words.low(i) in lex.ARTICLES | lex.DEMONSTRATIVES)
    j += words.low(j) in _WHOLE
    return j + 1 if words.low(j) in lex.CANVAS and words.low(j + 1) != "of" else None


def corners(words: Words, i: int) -> int | None:
    """ "in each corner", "in all four corners of the picture": the end, or None."""
    if words.low(i) not in _CORNER_PREPOSITIONS:
        return None
    j = i + 1
    while words.low(j) in _EACH_CORNER:
        j += 1
    if j == i + 1 or words.low(j) not in ("corner", "corners"):
        return None
    if words.low(j) == "corner" and words.low(j - 1) not in _EVERY:
        return None
    end = canvas_end(words, j + 2) if words.low(j + 1) == "of" else None
    return end or j + 1


def _read_lead(words: Words, i: int) -> _Lead:
    j = i
    if words.low(j) in lex.ADVERBS and words.low(j + 1) in _STARTS_AFTER_ADVERB and not _is_side_right(words, j):
        j += 1  # "directly to the left"
    preposition = words.low(j) in _PREPOSITIONS
    j += preposition
    owner = words.low(j) if words.low(j) in lex.POSSESSIVES else ""
    article = bool(owner) or words.low(j) in _ARTICLES
    j += article
    while words.low(j) in _FAR:
        j += 1
    return _Lead(i, j, preposition, article, owner)


def _is_side_right(words: Words, i: int) -> bool:
    """ "right of a tree", "right side": a direction, where "right on top" is an adverb."""
    return words.low(i) == "right" and words.low(i + 1) in ("of", "side")


def area(words: Words, i: int) -> Place | None:
    """A place that is no direction: "in the background", "in the rest of the picture"."""
    lead = _read_lead(words, i)
    if not lead.preposition:
        return None
    if words.low(lead.end) in _REST:
        return _remainder(words, lead)
    return None if lead.owner else _ground(words, lead)


def _ground(words: Words, lead: _Lead) -> Place | None:
    """ "in the background", "in front", "at the back of the scene"; "in front of a tree" is a relation."""
    low = words.low(lead.end)
    if low not in _BEHIND | _IN_FRONT:
        return None
    end: int | None = lead.end + 1
    if words.low(lead.end + 1) == "of":
        end = canvas_end(words, lead.end + 2)
    if end is None:
        return None
    if low in ("front", "back") and not lead.article and not words.is_end(lead.end + 1):
        return None  # "in front a dog"
    if low in _BEHIND:
        return Place(end, None, None, ground="background")
    return Place(end, None, 1, ground="foreground")


def _remainder(words: Words, lead: _Lead) -> Place | None:
    """ "a koala in the rest", "in the remainder of the picture"; but not "in the rest of the house"."""
    if not lead.article:
        return None
    end = canvas_end(words, lead.end + 2) if words.low(lead.end + 1) == "of" else lead.end + 1
    return Place(end, None, None) if end else None


def read_position(words: Words, i: int) -> Position | None:
    """A direction with what stands before it and the part that it tells of; None where it only describes a thing."""
    lead = _read_lead(words, i)
    found = direction(words, lead.end)
    if found is None:
        return None
    j, (x, y) = found
    j += words.low(j) == "hand"  # "on the left hand side"
    j += words.starts(j, "two", "thirds")  # "in the left two thirds"
    part = words.low(j)
    if part in _PARTS:
        return Position(lead, j + 1, x, y, True, _SHARES.get(part))
    if (lead.preposition or lead.article) and _is_described(words, j):
        return None
    return Position(lead, j, x, y, False, None)


def _is_described(words: Words, i: int) -> bool:
    """ "in his left hand", "on the top shelf": the direction only describes what follows it."""
    if not words.is_open(i) or words.low(i) in _AFTER_PLACE:
        return False
    # "on the left swinging a bat": an -ing word with an object or a place of its own is not described either.
    after = words.low(i + 1)
    return not (is_ing_verb(words.low(i)) and (after in lex.DETERMINERS or after in PREPOSITIONS))


def is_of_something(words: Words, position: Position) -> bool:
    """Whether "of" and what is not the picture itself stand behind the position."""
    return words.low(position.end) == "of" and canvas_end(words, position.end + 1) is None


def place_in_name(words: Words, i: int) -> Place | Relation | None:
    """As `places.place`, but without a look at what follows "of": only whether a position starts here is right."""
    position = read_position(words, i)
    if position is None:
        return area(words, i)
    if is_of_something(words, position):
        return position.of_something(is_scenery=False, is_named=False)
    return settled(words, position)


def settled(words: Words, position: Position) -> Place | Relation | None:
    """What a position is that is not of something."""
    lead, j = position.lead, position.end
    canvas = canvas_end(words, j + 1) if words.low(j) == "of" else None
    if canvas:
        return Place(canvas, position.x, position.y, position.share)  # "on the left of the picture"
    from_thing = words.low(j) == "from" and words.low(j + 1) in lex.DETERMINERS
    if from_thing and position.side and not position.is_part:
        return Relation(j + 1, position.side)  # "to the right from the tree"
    if lead.owner and (lead.owner != "its" or lead.preposition):
        return _of_owner(words, position)
    if words.low(j) in _PICTURE:
        j += 1
    if lead.preposition or position.is_part:
        return position.place(j)
    stands_alone = _is_subject(words, j) if lead.article else _is_lone(words, position, j)
    return position.place(j) if stands_alone else None


def _of_owner(words: Words, position: Position) -> Relation | None:
    """ "on her left", "to his right stands a dog"."""
    if not position.side:
        return None
    if position.is_part and position.lead.owner == "its":
        # "On its left side is a dog"; but "a car with a dent on its left side" tells of the car.
        tells = words.low(position.end) in _TELLS or words.kind(position.end) == COMMA
        if not (tells and words.starts_clause(position.lead.start)):
            return None
    return Relation(position.end, position.side, referent=True)


def _is_subject(words: Words, i: int) -> bool:
    """Whether a position with an article and no preposition ends as one before i: "the left is red", "the left:"."""
    return words.is_end(i) or words.low(i) in _AFTER_SIDE


def _is_lone(words: Words, position: Position, i: int) -> bool:
    """A direction word alone counts only where nothing can follow it but an end, or in front of a thing."""
    in_front = words.starts_clause(position.lead.start)
    if words.is_open(i) or (words.kind(i) == NUMBER and not in_front):
        return False  # "a dog left alone", "route left 66"
    if in_front or words.is_end(i) or words.low(i) in lex.CONJUNCTIONS:
        return True  # "left: a cat", "a cat left, a dog right", "a cat left and a dog right"
    # "a cat bottom left with a hat"
    return position.x is not None and position.y is not None and not position.is_centre
