"""The words of a prompt, with look-ahead and look-back that never fall off the ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from lib_rpg.keywords import BREAK
from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import ATOM, COLON, COMMA, STOP, WORD, Token
from lib_rpg.planner.language.relation_words import PREPOSITIONS

Found = TypeVar("Found")

Phrases = Mapping[str, Sequence[tuple[str, ...]]]
"""Phrases by their first word."""

_CLOSED = (
    PREPOSITIONS
    | lex.CONJUNCTIONS
    | lex.RELATIVES
    | lex.DETERMINERS
    | lex.PRONOUNS
    | lex.BE
    | frozenset(lex.HAVE)
    | lex.word_set(
        "there's here's there're theres it's that's who's they're he's she's i'd i'm i've let's we're you're "
        "everything everyone everybody "
        "nobody there here how why whether yet already anymore not no very too so because "
        "if not can will would should could may might do does did respectively"
    )
)


class Words:
    """A run of tokens that can be asked about any index, also one outside of it."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = list(tokens)
        self._lows = [token.low for token in self.tokens]
        self._found: dict[tuple[object, int], Any] = {}

    def once(self, read: Callable[[Words, int], Found], i: int) -> Found:
        """What `read` finds at i. It reads there once, as several rules ask, until a word changes."""
        key = (read, i)
        if key not in self._found:
            self._found[key] = read(self, i)
        return self._found[key]

    def reword(self, i: int, text: str) -> None:
        """Put another word in the place of the one at i."""
        self.tokens[i] = self.tokens[i].with_text(text)
        self._lows[i] = self.tokens[i].low
        self._found.clear()

    def __len__(self) -> int:
        return len(self.tokens)

    def low(self, i: int) -> str:
        """The word at i in lower case; "" outside of the prompt."""
        return self._lows[i] if 0 <= i < len(self._lows) else ""

    def kind(self, i: int) -> str:
        """The kind of the token at i; STOP outside of the prompt."""
        return self.tokens[i].kind if 0 <= i < len(self.tokens) else STOP

    def is_end(self, i: int) -> bool:
        """Whether a clause ends before i: punctuation, or the end of the prompt."""
        return self.kind(i) in (STOP, COMMA, COLON)

    def piece_end(self, i: int) -> int:
        """The end of the piece at i: the next punctuation, or the end of the prompt."""
        while not self.is_end(i):
            i += 1
        return i

    def is_break(self, i: int) -> bool:
        """Whether the token at i is the keyword BREAK."""
        return 0 <= i < len(self.tokens) and self.tokens[i].text == BREAK

    def breaks(self) -> list[int]:
        """Where the keyword BREAK is."""
        return self.once(_breaks, 0)

    def is_line_end(self, i: int) -> bool:
        """Whether a line ends at i."""
        return 0 <= i < len(self.tokens) and "\n" in self.tokens[i].text

    def starts_clause(self, i: int) -> bool:
        """Whether a clause, or what a conjunction adds to one, starts at i."""
        return self.is_end(i - 1) or self.low(i - 1) in lex.CONJUNCTIONS

    def is_open(self, i: int) -> bool:
        """Whether the token at i can be part of a thing's name."""
        kind = self.kind(i)
        if kind == ATOM:
            return True
        if self.low(i) in lex.DIRECTIONS:
            return self.is_open(i + 1)  # "an overhead lamp", but "a lamp overhead"
        return kind == WORD and self.low(i) not in _CLOSED and not self.says_far_away(i) and not self.says_twice(i)

    def says_far_away(self, i: int) -> bool:
        """Whether "far away" or "far off" at i ends the piece: "a rusty caravan far away"."""
        return self.low(i) == "far" and self.low(i + 1) in ("away", "off") and self.is_end(i + 2)

    def says_twice(self, i: int) -> bool:
        """Whether a phrase at i says a word twice, behind a name: "a cat and a dog cheek to cheek"."""
        low = self.low(i)
        is_twice = low != "" and low == self.low(i + 2) and self.low(i + 1) in ("to", "in", "by")
        return is_twice and not self.is_end(i - 1) and self.low(i - 1) not in lex.DETERMINERS

    def says(self, *phrase: str) -> bool:
        """Whether these words are anywhere in the prompt."""
        return any(self.starts(k, *phrase) for k in self.once(_places, 0).get(phrase[0], ()))

    def starts(self, i: int, *phrase: str) -> bool:
        """Whether these words are at i."""
        lows = self._lows  # asked more often than anything else
        return 0 <= i < len(lows) and lows[i] == phrase[0] and tuple(lows[i : i + len(phrase)]) == phrase

    def phrase(self, i: int, phrases: Phrases) -> tuple[str, ...]:
        """The first of these phrases that is at i, or ()."""
        return next((phrase for phrase in phrases.get(self.low(i), ()) if self.starts(i, *phrase)), ())


def by_first_word(phrases: Iterable[tuple[str, ...]]) -> Phrases:
    """The phrases by their first word, so that few of them are compared at a word; their order is kept."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        found.setdefault(phrase[0], []).append(phrase)
    return found


def _places(words: Words, start: int) -> dict[str, list[int]]:
    """Where each word is."""
    found: dict[str, list[int]] = {}
    for k in range(start, len(words)):
        found.setdefault(words.low(k), []).append(k)
    return found


def _breaks(words: Words, start: int) -> list[int]:
    return [k for k in range(start, len(words)) if words.is_break(k)]
