"""Tells whether a prompt, or a piece of it between commas, is in another language than English, and in which.

Other scripts are told by their letters, languages in Latin letters by the words that `foreign_words` lists. Quotations
and extra networks do not count, since nobody reads them, nor do quality tags, which people add in English.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from lib_rpg.planner.language.foreign_words import ENGLISH, LANGUAGES
from lib_rpg.planner.language.prompt_tokens import COMMA, STOP, WORD, Token
from lib_rpg.planner.language.words import QUALITY_WORDS

_SCRIPTS = {
    "CJK": "Chinese", "IDEOGRAPHIC": "Chinese", "BOPOMOFO": "Chinese",
    "HIRAGANA": "Japanese", "KATAKANA": "Japanese", "KATAKANA-HIRAGANA": "Japanese", "HALFWIDTH": "Japanese",
    "HANGUL": "Korean", "CYRILLIC": "Cyrillic script (such as Russian)", "ARABIC": "Arabic script",
    "DEVANAGARI": "Devanagari script (such as Hindi)", "HEBREW": "Hebrew", "GREEK": "Greek", "THAI": "Thai",
    "ARMENIAN": "Armenian", "GEORGIAN": "Georgian", "BENGALI": "Bengali", "GURMUKHI": "Punjabi",
    "GUJARATI": "Gujarati", "TAMIL": "Tamil", "TELUGU": "Telugu", "KANNADA": "Kannada", "MALAYALAM": "Malayalam",
    "SINHALA": "Sinhala", "LAO": "Lao", "KHMER": "Khmer", "MYANMAR": "Burmese", "TIBETAN": "Tibetan",
    "ETHIOPIC": "Ethiopic script (such as Amharic)",
}  # fmt: skip
"""Languages, or scripts that several share, by the first word of their letters' names in Unicode."""
_IN_PROMPT, _IN_PIECE = 2, 3  # words of a language that tell it, one of them its own
_SHARE = 4  # at least every fourth word is a word of it


def language_of(tokens: Sequence[Token]) -> str:
    """The name of the other language that a prompt, or most of it, is in; "" for English, or where nothing tells."""
    words = _plain_words(tokens)
    scripted = [word for word in words if _is_scripted(word)]
    if sum(map(len, scripted)) * 2 > sum(map(len, words)):
        return _name_of(scripted)
    return _by_words(words, _IN_PROMPT)


def pieces_by_language(tokens: Sequence[Token]) -> Iterator[tuple[Sequence[Token], str]]:
    """All pieces of a prompt, each with the comma or full stop behind it and the other language that it is in.

    That is "" for English, and for a few words, which may be a name: "Cirque du Soleil".
    """
    own = _own_words()
    for piece in _pieces(tokens):
        suspicious = any(not token.low.isascii() or token.low in own for token in piece)
        yield piece, _language_of_piece(_plain_words(piece)) if suspicious else ""


def _language_of_piece(words: Sequence[str]) -> str:
    if words and all(map(_is_scripted, words)):
        return _name_of(words)
    return _by_words(words, _IN_PIECE)


def _pieces(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    start = 0
    for i, token in enumerate(tokens, 1):
        if token.kind in (COMMA, STOP) or i == len(tokens):
            yield tokens[start:i]
            start = i


def _plain_words(tokens: Iterable[Token]) -> list[str]:
    return [token.low for token in tokens if token.kind == WORD and token.low not in QUALITY_WORDS]


def _is_scripted(word: str) -> bool:
    """Whether a word is in another script; its last letter tells: "T恤" is, "β-carotene" is not."""
    return not word.isascii() and bool(_script_of(word[-1]))


@cache
def _script_of(letter: str) -> str:
    return _SCRIPTS.get(unicodedata.name(letter, "").partition(" ")[0], "")


def _name_of(words: Iterable[str]) -> str:
    """What words in other scripts are in; Chinese letters with Japanese ones are Japanese."""
    found = list(filter(None, map(_script_of, dict.fromkeys("".join(words)))))
    most = max(found, key=found.count)
    return "Japanese" if most == "Chinese" and "Japanese" in found else most


def _by_words(words: Sequence[str], least: float) -> str:
    """The language of which there are words enough; a word that is not its own counts half, one of English double."""
    own: defaultdict[str, set[str]] = defaultdict(set)
    shared: defaultdict[str, set[str]] = defaultdict(set)
    known = _known_words()
    for word in known.keys() & set(_parted(words)):
        for language, is_own in known[word]:
            (own if is_own else shared)[language].add(word)
    if not own:
        return ""
    names = [language.name for language in LANGUAGES if language.name in own]
    score = {name: len(own[name]) + len(shared[name]) / 2 for name in names}
    best = max(names, key=score.__getitem__)
    english = sum(word in ENGLISH for word in words)
    return best if score[best] >= max(least, 2 * english + 1, len(set(words)) / _SHARE) else ""


def _parted(words: Iterable[str]) -> Iterator[str]:
    """The words, those with an apostrophe in two: "l'arbre"."""
    for word in words:
        if "'" in word:
            head, _, tail = word.partition("'")
            yield from (f"{head}'", tail)
        else:
            yield word


@cache
def _known_words() -> dict[str, list[tuple[str, bool]]]:
    """The languages that a word tells, and whether it is a word of their own."""
    known: dict[str, list[tuple[str, bool]]] = {}
    for language in LANGUAGES:
        for words, is_own in ((language.own, True), (language.shared, False)):
            for word in words:
                known.setdefault(word, []).append((language.name, is_own))
    return known


@cache
def _own_words() -> frozenset[str]:
    return frozenset().union(*(language.own for language in LANGUAGES))
