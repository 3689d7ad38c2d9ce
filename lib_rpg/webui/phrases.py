"""Where the words for a thing are among the tokens of a prompt."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language.inflection import plural, singular
from lib_rpg.webui.host import host


def phrase_places(text: str, phrases: Sequence[str]) -> list[tuple[int, ...]]:
    """For each phrase the places of its tokens in the encoded text, from 0; () for one that the text does not have.

    ``text`` is a prompt as it is encoded in one step: emphasis, embeddings and several chunks, no schedules. Where a
    phrase is not there as it is, its plural is looked for, then its last word and the plural of that, among the tokens
    that are no other phrase's: "two red apples" has the "red apple", and "an apple" has it too.
    """
    tokens = host.token_ids(text)
    forms = [_forms(phrase) for phrase in phrases]
    longest_first = sorted(range(len(phrases)), key=lambda number: -len(phrases[number].split()))
    found: list[tuple[int, ...]] = [()] * len(phrases)
    taken: set[int] = set()
    for rank in range(max(map(len, forms), default=0)):
        for number in longest_first:
            if not found[number] and rank < len(forms[number]):
                wanted = [token for _, token in host.token_ids(forms[number][rank])]
                found[number] = _find(tokens, wanted, taken)
                taken.update(found[number])
    return found


def _forms(phrase: str) -> list[str]:
    """How a prompt may name the thing, the likeliest first."""
    words = phrase.split()
    if len(words) > 1 and words[0].lower() in ("a", "an", "the"):
        words = words[1:]
    if not words:
        return []
    *before, head = words
    heads = dict.fromkeys((head, plural(head), singular(head)))
    return list(dict.fromkeys([*(" ".join([*before, form]) for form in heads), *heads]))


def _find(tokens: Sequence[tuple[int, int]], wanted: Sequence[int], taken: set[int]) -> tuple[int, ...]:
    """The places of the first run of these tokens of which none is taken."""
    for start in range(len(tokens) - len(wanted) + 1 if wanted else 0):
        run = tokens[start : start + len(wanted)]
        if [token for _, token in run] == list(wanted) and taken.isdisjoint(place for place, _ in run):
            return tuple(place for place, _ in run)
    return ()
