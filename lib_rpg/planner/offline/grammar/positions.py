"""Positions on the canvas, as far as they are known without a look at the thing that they may be of.

"To the left of the tree" and "at the top of the sky" differ only in the noun: `places` looks at it. Nouns need to know
only whether a position starts within a name, so that they import this module, and it imports none of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COLON, COMMA, NUMBER, WORD, Token, lowered
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import PERSON, class_of, is_adjective, is_animate, is_ing_verb
from lib_rpg.planner.offline.grammar.relations import Relation

Direction = tuple[int | None, int | None]
"""-1, 0, 1 or None on the x and on the y axis."""
_CENTRE = (0, 0)
_MAX_PAIRED = 6  # words between two opposite directions
CORNERS = ((-1, -1), (1, -1), (-1, 1), (1, 1))

_DIRECTIONS: dict[str, Direction] = {
    "left": (-1, None), "leftmost": (-1, None), "right": (1, None), "rightmost": (1, None),
    "left-hand": (-1, None), "right-hand": (1, None), "lefthand": (-1, None), "righthand": (1, None),
    "top": (None, -1), "upper": (None, -1), "topmost": (None, -1), "uppermost": (None, -1),
    "bottom": (None, 1), "lower": (None, 1), "bottommost": (None, 1),
    "center": _CENTRE, "centre": _CENTRE, "middle": _CENTRE, "central": _CENTRE, "centered": _CENTRE,
}  # fmt: skip
_SIDES: dict[Direction, str] = {
    (-1, None): "left", (1, None): "right", (None, -1): "above", (None, 1): "below",
    (-1, -1): "above left", (1, -1): "above right", (-1, 1): "below left", (1, 1): "below right",
}  # fmt: skip
# "the left half", "the top right corner"
_PARTS = lex.word_set(
    "panel panels side corner half third thirds quarter edge part portion section area region end row column border "
    "hand-side sides halves corners"
)
_LEVELS = lex.word_set("shelf floor deck tier drawer bunk step branch ledge")
_SHARES = {"half": Fraction(1, 2), "third": Fraction(1, 3), "quarter": Fraction(1, 4), "thirds": Fraction(2, 3)}
_PREPOSITIONS = lex.word_set("in on at to toward towards near along from occupying filling by")  # "to the left"
_STARTS_AFTER_ADVERB = _PREPOSITIONS | _DIRECTIONS.keys()  # "directly to the left"
_ARTICLES = lex.word_set("the a either")  # "on the left"
_EMPHASIS = lex.word_set("far very extreme absolute immediate exact whole entire")  # "on the far left"
# "on the left walks a man", "on the left two cats": they follow a position and are not described by it.
_AFTER_PLACE = (lex.VERBS.keys() - lex.PLAIN_VERBS - lex.NOUN_LIKE) | lex.STATES | lex.SHOW | lex.NUMBERS.keys()
_AFTER_OWN_SIDE = lex.BE | lex.SHOW | lex.VERBS.keys() | lex.ARTICLES  # "On its left side hangs a lantern"
_AFTER_SUBJECT = lex.BE | lex.SHOW | lex.CONJUNCTIONS | frozenset(lex.HAVE)  # "the left shows a cat"
_PICTURE = lex.word_set("image picture canvas frame")  # "left image: a cat"
_WHOLE = lex.word_set("whole entire")  # "of the whole picture"
_CORNER_PREPOSITIONS = lex.word_set("in at on near")  # "in each corner"
_ALL_CORNERS = lex.word_set("each every all the four 4 of")  # "in all four corners"
_EVERY = lex.word_set("each every")


@dataclass(frozen=True)
class Place:
    """A position on the canvas: -1, 0, 1 or None on each axis, with a stated share of the canvas."""

    end: int
    x: int | None
    y: int | None
    share: Fraction | None = None
    ground: str = ""  # "background", "foreground" or "sky"
    said: tuple[Token, ...] = ()  # the words themselves, where they say more of the thing than its place
    prefixed: bool = True  # it starts with a preposition or an article
    canvas_of: bool = False  # "of the …" follows, and it is not the picture itself


class Lead(NamedTuple):
    """The words before a direction: "directly to the far"; `end` is the index behind them."""

    start: int
    end: int
    preposition: bool
    article: bool  # or an owner
    owner: str  # "her", or ""


class Position(NamedTuple):
    """A direction with its lead and the part that it names: "in the left half"; `end` is the index behind it."""

    lead: Lead
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
        return (self.x, self.y) == _CENTRE

    def place(self, end: int) -> Place:
        """The position as one of the picture."""
        return Place(end, self.x, self.y, self.share, prefixed=self.lead.preposition or self.lead.article)

    def of_something(self, is_scenery: bool, is_named: bool) -> Place | Relation | None:
        """What it is with "of" behind it, by what follows: scenery, a thing with a name, or neither."""
        within = Place(self.end + 1, self.x, self.y, self.share, canvas_of=True)
        if is_scenery:
            return within  # "a moon at the top of the sky"
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
    if one == _CENTRE:
        return _beside_centre(other)
    if other == _CENTRE:
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
    """ "the picture", "this whole image": the end; None where it is not the picture itself."""
    j = i + (words.low(i) in lex.DEMONSTRATIVES or words.low(i) == "the")  # "on top of a painting": a thing
    j += words.low(j) in _WHOLE
    return j + 1 if words.low(j) in lex.CANVAS and words.low(j + 1) != "of" else None


def past_of_canvas(words: Words, i: int) -> int | None:
    """Past "of the picture"; i where no "of" follows, and None where something else does: "of the house"."""
    return canvas_end(words, i + 1) if words.low(i) == "of" else i


def corners(words: Words, i: int) -> int | None:
    """ "in each corner", "in all four corners of the picture": the end, or None."""
    if words.low(i) not in _CORNER_PREPOSITIONS:
        return None
    j = i + 1
    while words.low(j) in _ALL_CORNERS:
        j += 1
    if j == i + 1 or words.low(j) not in ("corner", "corners"):
        return None
    if words.low(j) == "corner" and words.low(j - 1) not in _EVERY:
        return None
    return past_of_canvas(words, j + 1) or j + 1


def read_lead(words: Words, i: int) -> Lead:
    j = i
    if words.low(j) in lex.ADVERBS and words.low(j + 1) in _STARTS_AFTER_ADVERB and not _is_side_right(words, j):
        j += 1  # "directly to the left"
    preposition = words.low(j) in _PREPOSITIONS
    j += preposition
    owner = words.low(j) if words.low(j) in lex.POSSESSIVES else ""
    article = bool(owner) or words.low(j) in _ARTICLES
    j += article
    while words.low(j) in _EMPHASIS:
        j += 1
    return Lead(i, j, preposition, article, owner)


def _is_side_right(words: Words, i: int) -> bool:
    """Whether "right" is a direction ("right of a tree", "right side") and no adverb ("right at the top")."""
    return words.low(i) == "right" and words.low(i + 1) in ("of", "side")


def read_position(words: Words, i: int) -> Position | None:
    """A direction with its lead and the part that it names; None where it only describes a thing."""
    lead = words.once(read_lead, i)
    found = direction(words, lead.end)
    if found is None:
        return None
    j, (x, y) = found
    j += words.low(j) == "hand"  # "on the left hand side"
    j += words.starts(j, "two", "thirds")  # "in the left two thirds"
    part = words.low(j)
    headed = part in _LEVELS and words.kind(j + 1) == COLON and words.starts_clause(lead.start)  # "Top shelf: mugs"
    if part in _PARTS or headed or (lead.preposition and _is_bound(words, j, x, y)):
        return Position(lead, j + 1, x, y, True, _SHARES.get(part))
    paired = _has_counterpart(words, j, (x, y))
    if (lead.preposition or lead.article) and _is_described(words, lead, j) and not (lead.preposition and paired):
        return None
    return Position(lead, j, x, y, False, None)


def _is_bound(words: Words, i: int, x: int | None, y: int | None) -> bool:
    """ "along the left wall"; "on the top shelf", where "the bottom shelf" is named as well."""
    if words.low(i) == "wall":
        return x is not None
    if words.low(i) not in _LEVELS or y is None or x is not None:
        return False
    others = (k for k in range(1, len(words)) if k != i and words.low(k) == words.low(i))
    return any(words.low(k - 1) in _DIRECTIONS for k in others)


def _has_counterpart(words: Words, i: int, where: Direction) -> bool:
    """Whether a name at i and the opposite direction follow: "cat on left dog on right", "man left woman right"."""
    opposite = tuple(None if at is None else -at for at in where)
    for k in range(i, i + _MAX_PAIRED):
        found = direction(words, words.once(read_lead, k).end)
        if found is not None:
            return k > i and where != _CENTRE and found[1] == opposite and not words.is_open(found[0])
        if not words.is_open(k) and words.low(k) not in lex.ARTICLES:
            return False
    return False


def _is_described(words: Words, lead: Lead, i: int) -> bool:
    """ "on the top shelf", "the left wall": the direction only describes what follows it."""
    if not words.is_open(i) or words.low(i) in _AFTER_PLACE:
        return False
    after = words.low(i + 1)
    behind = not words.starts_clause(lead.start)
    if behind and words.low(i).endswith("s") and after in lex.ARTICLES | lex.POSSESSIVES:
        return False  # "the man on the left points a finger"
    if (behind and _ends_in_doing(words, i)) or (not behind and lead.preposition and _leads_to_someone(words, i)):
        return False
    if not is_ing_verb(words.low(i)):
        return True
    # "the player on the left swinging a bat": an -ing word with an object or a place of its own is not described.
    if after in lex.DETERMINERS or after in PREPOSITIONS or _begins_with_someone(words, i):
        return False
    # "a vendor on the right selling noodles"
    level = _DIRECTIONS.get(words.low(i - 1), _CENTRE)[0] is not None
    return not (behind and lead.preposition and level and words.is_open(i + 1) and not is_animate(after))


def _ends_in_doing(words: Words, i: int) -> bool:
    """ "the tiger on the left yawning and the bear …"."""
    low = words.low(i)
    ends = words.is_end(i + 1) or words.low(i + 1) in lex.CONJUNCTIONS
    return is_ing_verb(low) and ends and not class_of(low)


def _leads_to_someone(words: Words, i: int) -> bool:
    """ "on the left tall man with an eyepatch": whether adjectives and a person or an animal come."""
    head = i
    while is_adjective(words.low(head)):
        head += 1
    return head > i and is_animate(words.low(head))


def _begins_with_someone(words: Words, i: int) -> bool:
    """ "girl in the middle holding menu": whether the piece begins with someone."""
    start = next(k for k in range(i, -2, -1) if words.is_end(k - 1))
    return class_of(words.low(start)) == PERSON


def is_of_something(words: Words, position: Position) -> bool:
    """Whether "of" follows the position, and not the picture itself behind it."""
    return words.low(position.end) == "of" and canvas_end(words, position.end + 1) is None


def settled(words: Words, position: Position) -> Place | Relation | None:
    """What a position without "of", or of the picture itself, is."""
    lead, j = position.lead, position.end
    canvas = canvas_end(words, j + 1) if words.low(j) == "of" else None
    if canvas:
        return Place(canvas, position.x, position.y, position.share)  # "on the left of the picture"
    from_thing = words.low(j) == "from" and words.low(j + 1) in lex.DETERMINERS
    if from_thing and position.side and not position.is_part:
        return Relation(j + 1, position.side)  # "a guitar lying left from an amplifier"
    if lead.owner and (lead.owner != "its" or lead.preposition):
        return _of_owner(words, position)
    if words.low(j) in _PICTURE:
        j += 1
    if position.is_part and words.low(j - 1) in _LEVELS | {"wall"}:
        return replace(position.place(j), said=lowered(words.tokens[lead.start : j]))  # "along the left wall"
    if lead.preposition or position.is_part:
        return position.place(j)
    stands_alone = _is_subject(words, j) if lead.article else _is_lone(words, position, j)
    return position.place(j) if stands_alone else None


def _of_owner(words: Words, position: Position) -> Relation | None:
    """ "a girl with a boy on her right", "to his left a dog"."""
    if not position.side:
        return None
    if position.is_part and position.lead.owner == "its":
        # "A purple door. On its left side hangs a lantern"; but in "a car with a dent on its left side" it is a part.
        introduces = words.low(position.end) in _AFTER_OWN_SIDE or words.kind(position.end) == COMMA
        if not (introduces and words.starts_clause(position.lead.start)):
            return None
    return Relation(position.end, position.side, referent=True)


def _is_subject(words: Words, i: int) -> bool:
    """Whether a position with an article only is complete before i: "the left is red", "the left: a cat"."""
    return words.is_end(i) or words.low(i) in _AFTER_SUBJECT


def _is_lone(words: Words, position: Position, i: int) -> bool:
    """A direction word alone counts only where nothing can follow it but an end, or in front of a thing."""
    in_front = words.starts_clause(position.lead.start)
    if not in_front and _has_counterpart(words, i, (position.x, position.y)):
        return True  # "man left woman right"
    if words.is_open(i) or (words.kind(i) == NUMBER and not in_front):
        return False  # "a newspaper, top view", "a door left 2"
    if in_front or words.is_end(i) or words.low(i) in lex.CONJUNCTIONS:
        return True  # "left: a snowman", "red mug left, blue mug right", "a lion left and a zebra right"
    # "a cat bottom left under a lamp"
    return position.x is not None and position.y is not None and not position.is_centre
