"""LoRA tags of single things: "a black cat <lora:cat:0.7> on the left and a white dog <lora:dog:0.8> on the right".

A tag beside a thing becomes words of it, and so of its regions. All others are the whole picture's: tags between
commas, behind style, at the very start or end of a prompt where no other tag has a thing, and those that every region
would have.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from lib_rpg.keywords import AND, KEYWORDS, find_keyword, is_lora
from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import singular
from lib_rpg.planner.language.prompt_tokens import COLON, COMMA, STOP, TAG, Token, skip_tags, tokenise
from lib_rpg.planner.offline.cell_contents import MAX_THINGS_PLACED, things_with_a_place
from lib_rpg.planner.offline.reading.model import Reading, Thing

_PUNCTUATION = (COMMA, STOP, COLON)


def give_tags(reading: Reading, kept: Sequence[Token], free: bool) -> frozenset[int]:
    """Put each LoRA tag that is a thing's own behind the words of the thing; the indexes of these tags.

    kept: the words of the prompt. free: whether things that share a cell have regions of their own.
    """
    if not any(may_move(token) for token in kept):
        return frozenset()
    placed = things_with_a_place(reading)[:MAX_THINGS_PLACED]
    owners = {k: things for k, things in _Owners(reading, kept).all() if _is_told_apart(things, placed, reading, free)}
    for k, things in owners.items():
        for thing in things:
            thing.trailing.append((replace(kept[k], groups=()),))
    return frozenset(kept[k].index for k in owners)


def may_move(token: Token) -> bool:
    """Whether the token is a tag that a region can have for itself."""
    # The kind of network decides, and a region cannot hold a keyword, not even in the name of a file.
    return token.kind == TAG and is_lora(token.text) and not find_keyword(token.text, (*KEYWORDS, AND))


def _is_told_apart(owners: Sequence[Thing], placed: Sequence[Thing], reading: Reading, free: bool) -> bool:
    """Whether the tag's things have regions, and others have regions without it."""
    roots = [thing.root() for thing in owners]
    if not all(any(one in placed for one in root.each()) for root in roots):
        return False
    if free:
        return bool({one for thing in reading.things for one in thing.each()} - {*owners})
    return bool({*placed} - {one for root in roots for one in ([root] if root in placed else root.each())})


class _Owners:
    """Which things the tags of a prompt belong to."""

    def __init__(self, reading: Reading, kept: Sequence[Token]) -> None:
        self._kept = kept
        self._things: dict[int, list[Thing]] = {}  # that a word is said of, by the word's index
        self._named: dict[str, list[Thing]] = {}
        for thing in (one for several in reading.things for one in several.each()):
            self._named.setdefault(thing.noun, []).append(thing)
            for index in {token.index for token in (*thing.determiners, *thing.words, *chain(*thing.trailing))}:
                self._things.setdefault(index, []).append(thing)
        self._shared = {tuple(token.low for token in tokenise(piece.text)) for piece in reading.shared}

    def all(self) -> Iterator[tuple[int, list[Thing]]]:
        """The place of each tag in the prompt that has things, and these."""
        found = {k: things for k, token in enumerate(self._kept) if may_move(token) and (things := self._of(k))}
        inside = {k for k in found if self._neighbour(k, -1) is not None and not self._ends_prompt(k)}
        for k, things in found.items():
            # The WebUI's cards put a tag for the whole picture at the end: "a dog and two cats <lora:ink:1>".
            named = any(thing.noun in self._kept[k].low for thing in things)
            if k in inside or inside or (named and self._neighbour(k, -1) is not None):
                yield k, things

    def _of(self, k: int) -> list[Thing]:
        """The things that the tag is beside; none where it is for all."""
        before, after = self._neighbour(k, -1), self._neighbour(k, 1)
        starts = before is None or _parts(before) or before.low in lex.CONJUNCTIONS
        if not starts:
            return self._behind(k)  # "a black cat <lora:cat:1>"
        if after is None or _parts(after):
            return self._in_part(k)  # "masterpiece, <lora:ink:1>, a cat"
        return self._nearest(k, 1)  # "a cat and <lora:dog:1> a dog"

    def _behind(self, k: int) -> list[Thing]:
        before = [token.low for token in skip_tags(self._kept[:k])]
        style = any(before[-len(words) :] == list(words) for words in self._shared)
        return [] if style else self._nearest(k, -1)

    def _nearest(self, k: int, step: int) -> list[Thing]:
        """The things of the nearest word in this direction that is said of one, up to a comma."""
        k += step
        while 0 <= k < len(self._kept) and not _parts(self._kept[k]):
            if things := self._said_of(self._kept[k]):
                return things
            k += step
        return []

    def _said_of(self, token: Token) -> list[Thing]:
        """The things that the word is said of, or the only one that has it as its name: "the cat", once more."""
        named = self._named.get(singular(token.low), [])
        return self._things.get(token.index) or (named if len(named) == 1 else [])

    def _in_part(self, k: int) -> list[Thing]:
        """The thing that alone is in a part of the prompt: "a park BREAK 1girl, red hair, <lora:ann:1> BREAK 1boy"."""
        start, end = k, k
        while start > 0 and not _is_keyword(self._kept[start - 1]):
            start -= 1
        while end < len(self._kept) and not _is_keyword(self._kept[end]):
            end += 1
        words = skip_tags(self._kept[start:end])
        common = start == 0 and not (words and self._said_of(words[0]))  # "masterpiece, <lora:ink:1> BREAK a cat …"
        whole = start == 0 and end == len(self._kept)
        things = {thing for token in words for thing in self._things.get(token.index, [])}
        return [] if common or whole or len(things) > 1 else [*things]

    def _neighbour(self, k: int, step: int) -> Token | None:
        """The next word in this direction that is no tag; None at the end."""
        k += step
        while 0 <= k < len(self._kept) and self._kept[k].kind == TAG:
            k += step
        return self._kept[k] if 0 <= k < len(self._kept) else None

    def _ends_prompt(self, k: int) -> bool:
        return all(token.kind in (TAG, *_PUNCTUATION) for token in self._kept[k:])


def _parts(token: Token) -> bool:
    """Whether a piece of the prompt ends at the token."""
    return token.kind in _PUNCTUATION or _is_keyword(token)


def _is_keyword(token: Token) -> bool:
    return token.text in (*KEYWORDS, AND)
