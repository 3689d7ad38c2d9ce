"""Names of all the people that tags count, joined by "and": "asuka langley and ayanami rei hugging, 2girls"."""

from __future__ import annotations

from itertools import pairwise

from lib_rpg.planner.language.prompt_tokens import COMMA, WORD, Token
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import ANIMAL, PART, PERSON, class_of, is_adjective, is_animate, is_ing_verb
from lib_rpg.planner.offline.grammar.numbers import count_tags
from lib_rpg.planner.offline.grammar.proper_names import is_ordinary
from lib_rpg.planner.offline.reading.state import State

_AND = ("and", "&")
_MAX_WORDS = 3  # of a name


def joined_names(state: State, i: int, end: int) -> list[tuple[Token, ...]]:
    """The names in the piece [i, end), as many as people; none where these are no names."""
    words = state.words
    if not state.people.counted or not any(words.low(k) in _AND for k in range(i + 1, end - 1)):
        return []
    end = next((k for k in range(i + 3, end) if is_ing_verb(words.low(k))), end)
    edges = [i - 1, *(k for k in range(i, end) if words.low(k) in _AND), end]
    parts = [tuple(words.tokens[a + 1 : b]) for a, b in pairwise(edges)]
    counted = [count for count, low in count_tags(words).values() if is_animate(low)]
    if len(parts) != sum(counted):
        return []
    names = [part for part in parts if _can_be_name(state, part)]
    unusual = [part for part in names if not is_ordinary(part[-1].low)]
    # "alice and bob": of two single words the other can be a usual word
    short = len(parts) == 2 and len(unusual) == 1 and all(len(part) == 1 for part in parts)
    return parts if unusual and (short or len(names) == len(parts)) else []


def is_name_behind_count(words: Words, i: int, end: int) -> bool:
    """ "1girl, asuka langley, red plugsuit, 1girl, rei ayanami, …": whether unusual words name the one just counted."""
    ones = [k for k, (count, _) in count_tags(words).items() if count == 1 and words.is_end(k + 1)]
    if len(ones) < 2 or i - 2 not in ones or not _is_unusual(words, i, end):
        return False
    return end > i + 1 or all(_is_unusual(words, k + 2, words.piece_end(k + 2)) for k in ones)


def is_name_before_count(words: Words, i: int) -> bool:
    """ "hatsune miku, kagamine rin, 2girls": whether as many pieces of unusual words as are counted come before."""
    tags = count_tags(words)
    if not tags or min(tags) < i:
        return False
    start = i
    while start > 1 and words.kind(start - 1) == COMMA and _is_full_name(words, _piece_start(words, start - 1)):
        start = _piece_start(words, start - 1)
    names, end = 0, start
    while end < len(words) and _is_full_name(words, end):
        names, end = names + 1, words.piece_end(end) + 1
    tag = tags.get(end)
    return tag is not None and tag[0] == names > 1 and words.is_end(end + 1)


def _piece_start(words: Words, i: int) -> int:
    """Where the piece that ends at i starts."""
    while i > 0 and not words.is_end(i - 1):
        i -= 1
    return i


def _is_full_name(words: Words, i: int) -> bool:
    end = words.piece_end(i)
    return end > i + 1 and _is_unusual(words, i, end)


def _is_unusual(words: Words, i: int, end: int) -> bool:
    # "asuna (sword art online)": what is in brackets says where someone is from
    end = next((k for k in range(i + 1, end) if words.tokens[k].groups != words.tokens[i].groups), end)
    rare = any(not is_ordinary(words.low(k)) for k in range(i, end))
    return rare and 0 < end - i <= _MAX_WORDS and all(words.kind(k) == WORD for k in range(i, end))


def is_of_series(state: State, i: int, end: int) -> bool:
    """ "jinx (arcane)", "vi \\(arcane\\)": whether the piece ends in brackets that say where someone is from."""
    last = state.words.tokens[end - 1]
    if not state.people.counted or end < i + 2:
        return False
    inside = [group for group in last.groups if group not in state.words.tokens[i].groups]
    return last.text.startswith("\\(") or any((one.opens, one.closes) == ("(", ")") for one in inside)


def _can_be_name(state: State, part: tuple[Token, ...]) -> bool:
    text = " ".join(token.low for token in part)
    if not 0 < len(part) <= _MAX_WORDS or state.kinds.of_whole(text):
        return False
    if any(token.kind != WORD or token.low in PREPOSITIONS for token in part):
        return False
    head = part[-1].low
    return class_of(head) not in (PERSON, ANIMAL, PART) and not is_adjective(head)
