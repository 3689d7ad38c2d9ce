"""Words by kind, from a data file: nouns of things by their class, adjectives and verbs."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("lexicon.txt")
_ADJECTIVE, _VERB, _ABSTRACT = "adjective", "verb", "abstract"
_HELD, _PART = "held", "part of thing"
_NO_CLASSES = (_ADJECTIVE, _VERB, _ABSTRACT, _HELD, _PART)


@cache
def _words_by_kind() -> dict[str, frozenset[str]]:
    found: dict[str, list[str]] = {}
    kind: list[str] = []
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            kind = found.setdefault(line.strip("[]"), [])
        elif not line.startswith("#"):
            kind += line.split()
    return {name: frozenset(words) for name, words in found.items()}


@cache
def _class_of_noun() -> dict[str, str]:
    kinds = _words_by_kind()
    return {word: kind for kind in kinds if kind not in _NO_CLASSES for word in kinds[kind]}


def noun_class(word: str) -> str:
    """The class of a noun in lower case and the singular, such as "animal" or "garment"; "" for any other word."""
    return _class_of_noun().get(word, "")


def is_abstract_noun(word: str) -> bool:
    """Whether the word in lower case is a noun that names nothing to be seen, such as "explosion" or "idea"."""
    return word in _words_by_kind()[_ABSTRACT]


def is_common_adjective(word: str) -> bool:
    """Whether the word in lower case is used as an adjective more than as a noun or verb."""
    return word in _words_by_kind()[_ADJECTIVE]


def is_common_verb(word: str) -> bool:
    """Whether the word in lower case is the plain form of a verb that is no common noun."""
    return word in _words_by_kind()[_VERB]


def is_often_held(word: str) -> bool:
    """Whether a noun in lower case and the singular names what a person named before it holds, such as "wand"."""
    return word in _words_by_kind()[_HELD]


def is_part_of_thing(word: str) -> bool:
    """Whether a noun in lower case and the singular names a part of a thing without a life, such as "wheel"."""
    return word in _words_by_kind()[_PART]
