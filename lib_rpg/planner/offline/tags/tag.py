"""A tag about someone: its words, what of it a person has only once, and whose it can be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural, singular
from lib_rpg.planner.language.prompt_tokens import COMMA_TOKEN, Token
from lib_rpg.planner.offline.tags.tag_kinds import spaced_out

WORN = ("garment", "hair", "eyes", "expression", "body")
"""The kinds of tags that only someone has."""

TOGETHER, ROLE, NAME = "together", "role", "name"
COUNT, SCENE = "count", "scene"
LOOK = "look"  # of the thing before: "a cat, black"
OBJECT = "object"  # a thing beside people that has no place of its own: "1girl, castle"
UNKNOWN = "unknown"  # in no list

_LENGTHS = lex.word_set("long short medium cropped")
_HAIR_COLOURS = lex.COLORS | lex.word_set(
    "aqua auburn platinum chestnut raven mint burgundy lilac peach copper ash light"
)
_SHAPES_OF_HAIR = _LENGTHS | lex.word_set(
    "very hair curly wavy straight messy spiky braided tied wet floating slicked back flipped wild fluffy shiny thick "
    "thin beautiful loose permed frizzy tousled silky sleek big neat unkempt"
)
_GARMENTS = {
    "full": "dress gown kimono yukata uniform suit armor armour robe swimsuit bikini sari hanfu cheongsam jumpsuit "
    "ballgown overalls pajamas pyjamas habit plugsuit bodysuit leotard outfit tuxedo spacesuit",
    "top": "shirt blouse sweater hoodie top t-shirt tunic vest gakuran",
    "bottom": "skirt pants jeans shorts trousers leggings hakama trunks",
    "outer": "coat jacket cloak cape cardigan raincoat kurta haori",
    "feet": "boots shoes sneakers heels sandals",
}
_SLOT_OF_GARMENT = {singular(word): slot for slot, words in _GARMENTS.items() for word in words.split()}
_WORN_ONE_AT_A_TIME = lex.word_set(
    "hat mask helmet crown cap beret apron hood costume jersey blazer sweatshirt overcoat parka pullover poncho toga "
    "turban veil visor scarf tutu"
)
_WORDS_OF_GARMENTS = lex.word_set(" ".join(_GARMENTS.values()))
_STYLES_OF_HAIR = lex.word_set(
    "twintails twintail ponytail pigtails bob bun buns braid braids mohawk afro dreadlocks pixie undercut drills"
)
_ONE_PIECE = lex.word_set("dress gown hanfu cheongsam qipao sundress sari jumpsuit bodysuit leotard gi")
_OPPOSITES = {
    "hair colour": "bald",
    "holiness": "halo horns",
    "height": "tall short",
    "build": "muscular skinny slim chubby plump petite toned",
    "age": "young old elderly teenage",
    "sex": "male female",
}
_OPPOSED = {singular(word): slot for slot, words in _OPPOSITES.items() for word in words.split()}
_ONE_OF_A_KIND = frozenset({"eyes", "expression", "pose", "held"})
_PEOPLE_ONLY = frozenset({"expression", "garment", "accessory", "hair", "held", ROLE, NAME})

MALE = lex.MEN | lex.word_set(
    "beard mustache moustache goatee stubble sideburns bald suit tuxedo trunks briefs gakuran male"
)
FEMALE = lex.WOMEN | lex.word_set(
    "dress skirt gown ballgown veil tiara breasts cleavage lipstick bikini swimsuit bra panties leotard blouse corset "
    "bloomers pregnant female sundress miniskirt nightgown lingerie cheongsam qipao thighhighs pantyhose twintails"
)
_NO_HUMANS = lex.word_set("robot monster creature ghost alien slime skeleton golem")
_OF_ANYONE = lex.word_set("hospital dressing graduation academic judicial")  # gowns
_TAGS_OF_GENDER = {"male": lex.word_set("boy man male"), "female": lex.word_set("girl woman female")}


class Tag(NamedTuple):
    """A tag about someone: its kind, and its words."""

    kind: str
    tokens: tuple[Token, ...]

    def segment(self) -> tuple[Token, ...]:
        """The words as they are put behind a name."""
        return (COMMA_TOKEN, *self.tokens)

    @property
    def lows(self) -> list[str]:
        """The words in lower case, those of "blonde_hair" each."""
        return spaced_out(" ".join(token.low for token in self.tokens)).split() or [""]

    @property
    def head(self) -> str:
        """The word that says what it is, in the singular."""
        return singular(self.lows[-1])

    @property
    def gender(self) -> str:
        """ "male" for a beard or a king, "female" for a dress or a queen; "" for what anyone can be or have."""
        said = {"male", "female"}.intersection(self.lows)
        if len(said) == 1:
            return said.pop()
        if not _OF_ANYONE.isdisjoint(self.lows):
            return ""  # "hospital gown"
        head = {self.head, self.lows[-1]}
        if head & FEMALE or self.head.endswith(("girl", "woman")):
            return "female"
        return "male" if head & MALE or self.head.endswith(("boy", "man")) else ""

    def fits(self, noun: str) -> bool:
        """Whether someone whom a count tag calls so ("girl") can be or have this."""
        if self.head in _NO_HUMANS:
            return noun == "other"
        others = _TAGS_OF_GENDER["male" if self.gender == "female" else "female"] if self.gender else frozenset()
        return noun not in others

    @property
    def is_of_people(self) -> bool:
        """Whether an animal hardly has it."""
        return self.kind in _PEOPLE_ONLY

    @property
    def is_of_several(self) -> bool:
        """Whether no one alone has so many: "white jackets", "blue masks"."""
        last = self.lows[-1]
        worn = self.head in _SLOT_OF_GARMENT or self.head in _WORN_ONE_AT_A_TIME
        return worn and is_plural(last) and last not in lex.PAIRED and _SLOT_OF_GARMENT.get(self.head) != "feet"

    def slots(self) -> frozenset[str]:
        """What a person has once and this tag takes up; empty where it can be of all."""
        lows = set(self.lows)
        if self.kind == TOGETHER or (self.kind == "garment" and is_plural(self.lows[-1]) and not lows & lex.PAIRED):
            return frozenset()  # "matching coats"
        if self.kind in (ROLE, NAME):
            return frozenset({ROLE})
        looks = [low for low in self.lows[:-1] if low in _OPPOSED] if self.head in ("male", "female") else []
        if opposed := _OPPOSED.get(looks[0] if looks else self.head, ""):
            return frozenset({opposed})  # "muscular female, skinny"
        if self.kind == "hair":
            colours = lows & _HAIR_COLOURS or (lows - _SHAPES_OF_HAIR if self.head == "hair" else set())
            said = {"hair colour": colours, "hair length": lows & _LENGTHS, "hair style": lows & _STYLES_OF_HAIR}
            return frozenset(slot for slot, words in said.items() if words) or frozenset({self.head})
        if self.head in _ONE_PIECE:
            return frozenset({"full", "top", "bottom"})
        if self.kind == "garment":
            return frozenset({_SLOT_OF_GARMENT.get(self.head, self.head)})
        return frozenset({self.kind if self.kind in _ONE_OF_A_KIND else self.head})


def are_clothes(tags: Sequence[Tag]) -> bool:
    """Whether somebody has them on: a dress, or a tie and a hat, but no crown alone."""
    worn = [tag for tag in tags if tag.kind in (*WORN, "accessory")]
    return len(worn) > 1 or any(tag.kind in WORN for tag in worn)
