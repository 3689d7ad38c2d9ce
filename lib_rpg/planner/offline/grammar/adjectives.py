"""Adjectives in a row, parted by commas or joined: "a small, freshly painted, red and white mailbox"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural
from lib_rpg.planner.language.lexicon import is_common_verb
from lib_rpg.planner.language.prompt_tokens import COMMA, WORD
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import class_of, is_adjective, is_animate, is_ing_verb
from lib_rpg.planner.offline.grammar.numbers import count_tag

_MAX_ROW = 40  # words of adjectives in a row
_JOINS = lex.word_set("and & or but")
_MADE_OF = lex.word_set("stone leather rubber felt plush porcelain wicker vintage paper neon")  # also things
_ALSO_PEOPLE = lex.word_set("patient noble native fellow elder savage")
_ARTICLES = lex.ARTICLES | lex.POSSESSIVES


def joined_adjective(words: Words, i: int, start: int, given: bool) -> int | None:
    """Within "black and white cat" or "small, fluffy, white dog": the index behind the comma or the "and" at i.

    `start`: where the name starts; `given`: an article or a number is in front of it.
    """
    if i == start or words.kind(i - 1) != WORD:
        return None
    comma = words.kind(i) == COMMA
    if given and comma and _is_row_before_noun(words, i, start):
        return i + 1
    j = _past_joint(words, i, given or _opens_row(words, start))
    # "a pixelated and feathered heron", "with tall, leaning, half-timbered houses"
    described = _describes if (given and not comma) or _opens_row(words, start) else is_adjective
    if j == i or not (described(words.low(i - 1)) and described(words.low(j))):
        return None
    if comma and _may_be_member(words, start):
        # "one tall, thin girl", but "two cats, one black and one white, nostalgic mood"
        end = _row_end(words, j)
        return j if _names_someone(words, end) or _is_one_more(words, start, end) else None
    if given:
        acts = words.low(i - 1) in lex.HAIRED and is_ing_verb(words.low(j)) and not words.is_open(j + 1)
        return None if comma and acts else j  # "a blonde, walking in the rain", but "a blonde, smiling woman"
    return j if _ends_in_noun(words, _row_end(words, j), comma) else None


def _may_be_member(words: Words, start: int) -> bool:
    """Whether "one" in front of start can be one of several named before: "two cats, one fat, …", no "one small, …"."""
    if words.low(start - 1) != "one":
        return False
    before = range(max(0, start - 1 - _MAX_ROW), start - 1)
    return any(words.low(k) in lex.NUMBERS or is_plural(words.low(k)) or count_tag(words.low(k)) for k in before)


def _names_someone(words: Words, i: int) -> bool:
    """Whether a person or animal is named at i, right behind an adjective: no "god rays" behind a comma."""
    return words.kind(i - 1) == WORD and is_animate(words.low(i)) and not words.is_open(i + 1)


def _is_one_more(words: Words, start: int, end: int) -> bool:
    """ "two grey mules and one old, dusty piano": whether a thing, and not one of those before, ends the row."""
    joins = words.low(start - 2) in ("and", "with") and all(
        words.low(k) != "one" for k in range(start - _MAX_ROW, start - 1)
    )
    named = words.is_open(end) and words.kind(end - 1) == WORD and bool(class_of(words.low(end)))
    far = words.low(end + 1) in ("far", "high", "low", "deep")  # "with one small, rusty caravan far away"
    return joins and named and (far or not words.is_open(end + 1))


def _ends_in_noun(words: Words, end: int, comma: bool) -> bool:
    """Whether a noun ends the row; an adjective alone would be a list of its own ("red, blue")."""
    if comma:
        return words.is_open(end) and words.kind(end - 1) == WORD
    return words.is_open(end) or is_plural(words.low(end - 1))


def _past_joint(words: Words, i: int, in_row: bool) -> int:
    """Past a comma, an "and" or both at i; commas join only what is `in_row`."""
    j = i + (words.kind(i) == COMMA and in_row)
    return j + (words.low(j) in _JOINS)


def _opens_row(words: Words, start: int) -> bool:
    """ "with steep, icy cliffs"; but "a girl in red, blue sky" and "red, blue and green" are lists."""
    return words.low(start - 1) in PREPOSITIONS and words.low(start) not in lex.COLORS


def _row_end(words: Words, i: int) -> int:
    end = i
    while end < i + _MAX_ROW and _is_in_row(words, end):
        end += 1
    return end


def _is_in_row(words: Words, i: int) -> bool:
    low = words.low(i)
    if class_of(low) == "substance" and words.is_open(i + 1):
        return True  # "one new, shiny, chrome robot"
    return _describes(low) or low == "and" or words.kind(i) == COMMA


def _is_row_before_noun(words: Words, comma: int, start: int) -> bool:
    """Whether only describing words are between start and the comma, and more of them with their noun behind it.

    "a wise, patient tortoise", "a small, freshly painted mailbox", "an old, tired, limping soldier".
    """
    if not _can_describe(words, comma - 1, start) or words.low(comma + 1) in lex.NUMBERS:
        return False  # "one sitting on a swing, one pushing it"
    one = _may_be_member(words, start)  # "two cats, one fat, sleeping on a mat": the member's verb
    end = comma + 1
    # "a small, freshly painted mailbox", but "a scratched, wobbly table"
    end += words.low(end).endswith("ly") and words.is_open(end + 1) and not is_adjective(words.low(end))
    says = _describes(words.low(end)) or class_of(words.low(end)) == "substance"
    if not words.is_open(end) or (one and not says):
        return False
    if one and not (_names_someone(words, _row_end(words, end)) or _is_one_more(words, start, _row_end(words, end))):
        return False  # "two cats, one black and one white, wistful, muted tones"
    sure = _describes(words.low(end)) or not class_of(words.low(comma - 1))
    return sure and _leads_to_noun(words, end)


def _can_describe(words: Words, last: int, start: int) -> bool:
    """Whether the words from start to last have no noun in them: "rusty", "freshly painted", "plump"."""
    described = [_describes(words.low(k)) or words.kind(k) == COMMA for k in range(start, last + 1)]
    described[-1] |= last > start and class_of(words.low(last)) == "substance"  # "a shiny, chrome, new android"
    first = words.low(start)
    several = words.low(start - 1) in lex.NUMBERS and not is_plural(first)  # "two plump, lazy cats"
    described[0] |= (
        words.kind(start + 1) == COMMA and first in _MADE_OF | _ALSO_PEOPLE and words.low(start - 1) in lex.ARTICLES
    )
    described[0] |= words.kind(start + 1) == COMMA and not class_of(first) and (several or is_common_verb(first))
    if all(described):
        return True
    low = words.low(last)
    if last > start and words.low(last - 1).endswith("ly"):
        return _describes(low) and all(described[: last - start - 1])
    return False


def _describes(low: str) -> bool:
    """Whether the word is an adjective or a participle: "rusty", "painted", "limping", "worn"."""
    return is_adjective(low) or (low.endswith("ed") and len(low) > 4) or is_ing_verb(low) or low in lex.PARTICIPLES


def _leads_to_noun(words: Words, i: int) -> bool:
    """Whether a noun follows the describing words at i, parted by further commas or not."""
    end = i
    while end < i + _MAX_ROW and (
        _describes(words.low(end)) or words.low(end).endswith("ly") or _is_made_of(words, end)
    ):
        end += 1 + (words.kind(end + 1) == COMMA and words.is_open(end + 2))
    if end == i:
        return words.is_open(i + 1)  # "a wise, patient tortoise": "patient" is a noun as well
    return words.is_open(end) and words.kind(end) == WORD and words.low(end) not in _ARTICLES


def _is_made_of(words: Words, i: int) -> bool:
    """ "chrome" within "a sleek, chrome, futuristic motorcycle"."""
    made = class_of(words.low(i)) == "substance" or words.low(i) in _MADE_OF
    return made and words.kind(i + 1) == COMMA and _describes(words.low(i + 2))


_GEMS = lex.word_set("emerald ruby sapphire jade amber navy pearl")
_SHADING = ("substance", "plant", "food", "phenomenon", "object", "artifact", "")


def is_shade(words: Words, i: int) -> bool:
    """Whether the word at i says which kind of the colour behind it is meant: "emerald green", "cherry red"."""
    named = words.low(i) in _GEMS or class_of(words.low(i)) in _SHADING
    return named and words.low(i + 1) in lex.COLORS
