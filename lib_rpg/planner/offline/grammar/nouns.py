"""Things with their determiners, numbers and adjectives: "the two small red apples"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural, singular
from lib_rpg.planner.language.prompt_tokens import COLON, COMMA, NUMBER, SYMBOL, WORD, Token
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.offline.grammar.adjectives import joined_adjective
from lib_rpg.planner.offline.grammar.ages import age_end
from lib_rpg.planner.offline.grammar.areas import place_in_name
from lib_rpg.planner.offline.grammar.compounds import noun_of
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.finite_verbs import gives_some, has_object, is_infinitive
from lib_rpg.planner.offline.grammar.kinds import PART, PERSON, class_of, is_adjective, is_animate, is_ing_verb
from lib_rpg.planner.offline.grammar.numbers import COUNTED, MEASURES, count_tag, is_in_name, number
from lib_rpg.planner.offline.grammar.orderings import X, Y, ordering
from lib_rpg.planner.offline.grammar.positions import Direction, direction, starts_direction
from lib_rpg.planner.offline.grammar.proper_names import head_of
from lib_rpg.planner.offline.grammar.relations import relation_phrase
from lib_rpg.planner.offline.grammar.verbs import is_dressed, is_verb_form

_MAX_DEPTH = 6  # of phrases within phrases
_MAX_NAME = 40  # words in one thing's name
_MAX_OF = 2  # complements in a row, and one within the other: "a cup of tea of …"
_MAX_DETERMINERS = 3
_DEFINITE = lex.word_set("the these those")  # "two of the cats"
_LINKS = lex.word_set("beside behind near under over against between by on with")
_LEFT_STANDING = lex.word_set("parked docked moored landed stranded abandoned covered seen displayed restored")
_ONE = lex.word_set("a an another each every")
_OF_CANS = lex.word_set(
    "watering trash garbage rubbish tin soda beer paint oil spray gas jerry soup milk aerosol coke cola"
)
_LETTERS = tuple("ABCDEF")
_NUMBERED = re.compile(r"([a-z]+)[1-9]")  # "girl1: red hair, girl2: blue hair"
_AXES = {"x": X, "y": Y}


@dataclass(frozen=True)
class Noun:
    """A noun phrase: tokens [start, end), of which `words` name the thing; `count` is None where no number is given.

    `given` is the determiner or number in front, `head` the index in `words` of the noun itself, `vague` a word
    such as "several", `direction` a place within the phrase ("the left girl"), `array` the axis of a row of things,
    `tag` the noun of a count tag ("2girls").
    """

    start: int
    end: int
    given: tuple[Token, ...]
    words: tuple[Token, ...]
    head: int
    count: int | None = None
    vague: str = ""
    direction: Direction | None = None
    array: int | None = None
    tag: str = ""

    @property
    def noun(self) -> str:
        """The head noun, in lower case and the singular."""
        return noun_of(self.words, self.head)

    @property
    def determiner(self) -> str:
        return self.given[-1].low if self.given else ""

    @property
    def bare(self) -> bool:
        """It has neither article nor number."""
        return not self.given and self.count is None


def noun(words: Words, i: int) -> Noun | None:
    """A noun phrase at i: determiner or number, then the words up to a closed-class word, a verb or an end."""
    return words.once(_outer_noun, i)


def _outer_noun(words: Words, i: int) -> Noun | None:
    return _noun(words, i, 0)


def _noun(words: Words, i: int, depth: int) -> Noun | None:
    """`depth`: how many noun phrases this one is within."""
    if depth >= _MAX_DEPTH:
        return None
    return _NounPhrase(words, i, depth + 1).read()


_WHITHER = lex.word_set("underwater outdoors indoors upstairs away home forward ahead nearby")


class _NounPhrase:
    """A noun phrase that is being recognised: what was read of it so far, and where the next word is."""

    def __init__(self, words: Words, start: int, depth: int) -> None:
        self.words = words
        self.start = start
        self.depth = depth  # of the phrases within it
        self.next = start
        self.given: list[Token] = []
        self.direction: Direction | None = None
        self.count: int | None = None
        self.vague = ""
        self.name: list[Token] = []
        self.tag = ""

    def read(self) -> Noun | None:
        self._read_determiners()
        self._read_direction()
        self._read_number()
        several = self._read_several()
        if several is not None:
            return several
        name_start = self.next
        self._read_name()
        if not self.name:
            return None
        head = head_of(self.name)
        self._read_members(self.name[head])
        self._read_complements()
        self._read_tag(name_start)
        return Noun(
            self.start,
            self.next,
            tuple(self.given),
            tuple(self.name),
            head,
            self.count,
            self.vague,
            self.direction,
            tag=self.tag,
        )

    def _read_determiners(self) -> None:
        """ "the cats", "all these cats"."""
        words = self.words
        if words.low(self.next) == "half" and words.low(self.next + 1) in ("a", "an"):
            self._take(self.given, self.next + 1)  # "half a loaf of bread"
        while words.low(self.next) in lex.DETERMINERS | lex.DEMONSTRATIVES and len(self.given) < _MAX_DETERMINERS:
            self._take(self.given, self.next + 1)

    def _read_direction(self) -> None:
        """ "the right one in a plain shirt", "left girl red hair"; but "the top hat" stays what it is."""
        if self.given and self.given[-1].low != "the":
            return
        found = direction(self.words, self.next)
        if found is None or not self.words.is_open(found[0]) or self.words.low(found[0]) in lex.PARTS:
            return
        if self.given or (self.words.is_end(self.start - 1) and class_of(self.words.low(found[0])) == PERSON):
            self.next, self.direction = found

    def _read_number(self) -> None:
        """ "two cats", "several of the cats", "a cat"."""
        words = self.words
        found = None if is_in_name(words, self.next) else number(words, self.next)
        named = self.given and self.given[-1].low in ("a", "an") and words.kind(self.next) == NUMBER
        if named and not words.is_open(self.next + 1):
            self._take(self.name, self.next + 1)  # "a shirt with a 10 on the back"
        elif found:
            self.next, self.count, self.vague = found
            if words.low(self.next) == "of" and words.low(self.next + 1) in _DEFINITE:
                self.next += 2
        if self.count is None and self.given:
            low = self.given[-1].low
            self.count = 1 if low in _ONE else 2 if low == "both" else None

    def _read_several(self) -> Noun | None:
        """ "a pair of cats", "a row of three candles", "a group of people": the things that they are of."""
        words, low = self.words, self.words.low(self.next)
        if words.low(self.next + 1) != "of" or not (low in lex.QUANTITIES or low in lex.ARRAYS):
            return None
        things = _noun(words, self.next + 2, self.depth)
        if things is None:
            return None
        if low in lex.QUANTITIES:
            if things.words[-1].low in lex.PAIRED:
                return None  # "a pair of shoes" is one thing
            count: int | None = things.count or lex.QUANTITIES[low] * (self.count or 1)
        else:
            count = things.count if things.count != 1 else None  # "a group of people": some, no number
        return Noun(
            self.start,
            things.end,
            things.given,
            things.words,
            things.head,
            count,
            things.vague if count else " ".join([*(token.low for token in self.given), low, "of"]),
            self.direction,
            _AXES.get(lex.ARRAYS.get(low, "")) if count else None,
        )

    def _read_name(self) -> None:
        """The words of the name itself: "small red apples"."""
        words, start = self.words, self.next
        only_adjectives = True  # so far
        while len(self.name) < _MAX_NAME:
            i = self.next
            if self._is_glued_symbol():
                self.next += 1
            elif self._is_can() or self._is_model_number():
                self._take(self.name, i + 1)
            elif self._is_number_in_name():
                # again: "a number 7 racing car", but "race car number 27 overtaking …"
                only_adjectives = not any(class_of(token.low) == "vehicle" for token in self.name)
                self._take(self.name, i + 1)
            elif not words.is_open(i):
                linked = only_adjectives and words.low(self.start - 1) in _LINKS  # "beside thick, scuffed boots"
                told = bool(self.given) or self.count is not None or linked
                joined = joined_adjective(words, i, start, told)
                if joined is None:
                    break
                only_adjectives = only_adjectives or words.kind(i) == COMMA  # "two sour, wrinkled, gossiping aunts"
                self._take(self.name, joined)
            elif self._starts_said(only_adjectives) or (self.name and count_tag(words.low(i))):
                break
            else:
                only_adjectives = only_adjectives and is_adjective(words.low(i))
                self._take(self.name, i + 1)

    def _take(self, part: list[Token], end: int) -> None:
        """The words up to an index, as a part of the phrase."""
        part += self.words.tokens[self.next : end]
        self.next = end

    def _is_glued_symbol(self) -> bool:
        """ "rock*star": a mark between two words of a name is left out."""
        words, i = self.words, self.next
        return words.kind(i) == SYMBOL and bool(self.name) and words.tokens[i].glued and words.is_open(i + 1)

    def _is_can(self) -> bool:
        """Whether "can" is a thing and not the verb: "a trash can by the door", "a can of paint"."""
        words, i = self.words, self.next
        if words.low(i) != "can" or not (self.name or self.given):
            return False
        named = bool(self.name) and self.name[-1].low in _OF_CANS
        return named or words.is_end(i + 1) or words.low(i + 1) in PREPOSITIONS | lex.CONJUNCTIONS

    def _is_model_number(self) -> bool:
        """ "a Boeing 747", "bus number 42 passing a shop"."""
        words, i = self.words, self.next
        if self.name and words.kind(i + 1) == COLON and words.tokens[i].text in _LETTERS:
            return class_of(self.name[-1].low) == PERSON  # "girl A: …"
        if words.kind(i) != NUMBER or not self.name:
            return False
        leads = has_object(words, i + 2) or words.low(i + 2) in PREPOSITIONS
        third = words.low(i + 1) in lex.VERBS and words.low(i + 1) not in lex.PLAIN_VERBS | lex.NOUN_LIKE
        acts = leads and (third or is_ing_verb(words.low(i + 1)))  # "a player with the number 23 jumps for the ball"
        acts = acts or (words.low(i + 1) in _LEFT_STANDING and (leads or words.is_end(i + 2)))  # "a Boeing 747 parked"
        return words.tokens[i - 1].kind == WORD and (acts or not words.is_open(i + 1))

    def _is_number_in_name(self) -> bool:
        """ "a red 1972 sedan", "a 12 year old boy"; but "a boy 12 years old"."""
        return is_in_name(self.words, self.next) and not (self.name and age_end(self.words, self.next))

    def _starts_said(self, only_adjectives: bool) -> bool:
        """Whether the next word no longer names the thing: it says what the thing does, or where it is."""
        words, i = self.words, self.next
        # "a girl in red and a girl in blue drink tea": "blue" names her dress, and "drink" is no "blue drink".
        third = is_plural(words.low(i)) and (has_object(words, i + 1) or gives_some(words, i))
        dressed = (third or words.low(i) in lex.PLAIN_VERBS) and is_dressed(words, self.start, i)
        dressed = dressed and class_of(words.low(i + 1)) != PART  # but "in red swim shorts"
        worn = class_of(words.low(i - 1)) == PART and words.low(self.start - 1) in ("in", "with")
        if third and (dressed or (worn and self.given)):
            return True  # "a chef in white flips a pancake", "a woman in a black headscarf waters the flowers"
        if worn and words.low(i) in lex.VERBS and is_infinitive(words, i + 1):
            return True  # "a vampire with slicked hair bows to kiss a hand"
        acts = dressed or words.low(i - 1) in lex.AIRY  # "soft light falls": "light" is no adjective
        if is_verb_form(words, i, only_adjectives and not acts) or age_end(words, i):
            return True
        if not self.name:
            return False
        if words.low(i) in _WHITHER and words.is_end(i + 1):
            return True  # "woman underwater", "leads a horse away"
        if words.low(i) in lex.PAINTED and words.low(i + 1) in lex.COLORS and is_plural(words.low(i - 1)):
            return True  # "three doors painted red, white and blue"
        if words.low(i) == "mid" and words.is_open(i + 1):
            return True  # "a ballerina mid leap"
        if words.low(i) == "out" and words.low(i + 1) == "of":
            return True  # "a ship out of focus"
        if place_here(words, i) or self._is_next_coloured():
            return True
        told_apart = self.direction or self.name[0].low in lex.ORDINALS | lex.COMPARED
        if told_apart and not self.given and class_of(words.low(i - 1)) == PERSON:
            # "left girl red hair, right girl blue hair", "first boy white coat"; but "second boy scout"
            look = is_adjective(words.low(i)) or class_of(words.low(i)) in (PART, "substance", "fabric")
            return bool(self.direction) or look
        if self.direction and self.given and class_of(words.low(i - 1)) == "container" and words.low(i) in lex.COLORS:
            return True  # "the left cup white porcelain with latte art"
        return not only_adjectives and (is_aside(words, i) or self._is_looks_behind())

    def _is_looks_behind(self) -> bool:
        """ "the same garage clean and organized": two adjectives joined behind what they are said of."""
        words, i = self.words, self.next
        joined = words.low(i + 1) == "and" and (is_adjective(words.low(i + 2)) or words.low(i + 2) in lex.PARTICIPLES)
        joined = joined or (words.low(i + 1) == "and" and words.low(i + 2).endswith("ed"))
        ends = not words.is_open(i + 3)
        known = class_of(words.low(i - 1)) not in ("", PART) or words.low(i - 1) in lex.SCENE_WORDS
        return joined and ends and known and bool(self.given) and is_adjective(words.low(i))

    def _is_next_coloured(self) -> bool:
        """ "blue car red car green truck": a colour behind a coloured thing starts another one."""
        words, i = self.words, self.next
        if words.low(i) not in lex.COLORS or self.name[0].low not in lex.COLORS or is_adjective(words.low(i - 1)):
            return False
        return all(class_of(words.low(k)) not in ("", PART) for k in (i - 1, i + 1))

    def _read_members(self, head: Token) -> None:
        """ "a family of four"."""
        words = self.words
        if words.low(self.next) != "of" or head.low not in lex.COMPANIES:
            return
        found = number(words, self.next + 1)
        if found and found[1] and (not words.is_open(found[0]) or is_verb_form(words, found[0], False)):
            self._take(self.name, found[0])  # "a family of three eats"

    def _read_complements(self) -> None:
        """ "a cup of tea"."""
        if self.depth > _MAX_OF:
            return
        for _ in range(_MAX_OF):
            of = self.words.low(self.next) == "of"
            if of and self.words.kind(self.next + 1) == NUMBER and self.words.low(self.next + 2) in MEASURES:
                self._take(self.name, self.next + 3)  # "a kitten of 500 g"
                return
            inner = _noun(self.words, self.next + 1, self.depth) if of else None
            if inner is None:
                return
            self._take(self.name, inner.end)
            if inner.determiner in ("a", "an") and (second := self._second_of_pair(inner)):
                self._take(self.name, second)

    def _second_of_pair(self, first: Noun) -> int:
        """ "a statue of a horse and rider": the end of the second behind the one article, or 0."""
        words, i = self.words, self.next
        if words.low(i) != "and" or not words.is_open(i + 1) or len(first.words) > 1 or words.is_open(i + 2):
            return 0
        low = words.low(i + 1)
        both_act = is_animate(low) and is_animate(first.noun)
        alike = not is_adjective(low) and bool(class_of(low)) and (class_of(low) == class_of(first.noun) or both_act)
        return i + 2 if alike else 0

    def _read_tag(self, name_start: int) -> None:
        """ "2girls": the number and the name."""
        low = self.words.low(name_start)
        if tag := count_tag(low):
            self.count, noun = tag
            self.name[0] = self.name[0].with_text(noun)
            self.tag = singular(noun)
            if "+" in low:  # "6+girls"
                self.count, self.vague = None, low.removesuffix(noun)
        elif numbered := _NUMBERED.fullmatch(low):
            self.name[0] = self.name[0].with_text(numbered[1]) if class_of(numbered[1]) == PERSON else self.name[0]
        elif self.words.kind(name_start - 1) == NUMBER and len(self.name) == 1 and low in COUNTED:
            self.tag = singular(low)  # "1 girl, 1 boy"


def place_here(words: Words, i: int) -> bool:
    """Whether an unprefixed position ("a dog bottom left,"), a relation ("left of") or an order starts at i."""
    if ordering(words, i) is not None:
        return True
    if words.low(i) == "top" and (words.low(i - 1) in lex.TOPS or _is_worn(words, i)):
        return False  # "a black tank top", "in a white top"
    if starts_direction(words, i):
        return place_in_name(words, i) is not None
    # "a star high above a hill", "a dog bigger than a cat"
    may_relate = words.low(i) in lex.ADVERBS or words.low(i + 1) == "than"
    return may_relate and relation_phrase(words, i) is not None


def _is_worn(words: Words, i: int) -> bool:
    """Whether "in a" or "wearing a" and adjectives are before the word at i."""
    k = i - 1
    while is_adjective(words.low(k)):
        k -= 1
    return k < i - 1 and words.low(k) == "a" and words.low(k - 1) in ("in", "wearing")


def is_aside(words: Words, i: int) -> bool:
    """Whether brackets without a weight open at i, behind someone, with more than one word in them.

    "a girl (red dress, blue eyes) and a boy": what they hold is said of the girl.
    """
    if not 0 < i < len(words) or not is_animate(words.low(i - 1)):
        return False
    outer, groups = words.tokens[i - 1].groups, words.tokens[i].groups
    if len(groups) <= len(outer):
        return False
    opened = groups[len(outer)]
    if (opened.opens, opened.closes) != ("(", ")"):
        return False
    return i + 1 < len(words) and any(group is opened for group in words.tokens[i + 1].groups)
