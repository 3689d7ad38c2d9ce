"""Names of things with numbers and articles: what a model calls "two red apples" is a phrase and a count, and back."""

from __future__ import annotations

import re

from lib_rpg.checks import show
from lib_rpg.plan import MAX_COUNT
from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import IRREGULAR, MASS_HEADS, article, is_plural, plural, singular
from lib_rpg.planner.language.relation_words import links_at
from lib_rpg.planner.language.word_set import word_set

_ARTICLE = re.compile(r"\A(?:an?|the)\s+(?=\S)", re.IGNORECASE)
_NUMBER = re.compile(r"\A(?P<number>[0-9]{1,3}|[a-z]+)(?:\s*[x\u00d7]\s+|\s+)(?=\S)", re.IGNORECASE)
# Like relation words, these end the name of the thing: "women who dance", "man riding a horse".
_ENDS_NAME = word_set("holding sitting standing lying riding and that who which")

_TAKES_NO_ARTICLE = lex.DETERMINERS | lex.VAGUE_NUMBERS | frozenset(lex.NUMBERS) | word_set("no water snow rain grass")


def without_article(name: str) -> str:
    """A name without its article: "a woman in red" -> "woman in red"; "anaconda" stays."""
    return _ARTICLE.sub("", name.strip(), count=1)


def counted(name: str) -> tuple[str, int]:
    """The phrase of one thing and how many there are: "two red apples" -> ("red apple", 2), "a cat" -> ("cat", 1)."""
    phrase = without_article(name)
    match = _NUMBER.match(phrase)
    if match:
        word = match["number"].lower()
        count = int(word) if word.isdigit() else lex.NUMBERS.get(word, 0)
        rest = phrase[match.end() :]
        head = _words(rest)[_head(_words(rest))]
        if count == 1:
            return rest, 1
        # The number must count the thing: "two person tent" is one.
        if 1 < count <= MAX_COUNT and (is_plural(head) or IRREGULAR.get(head.lower()) == head.lower()):
            return _with_head(rest, singular(head)), count
    return phrase, 1


def many(phrase: str, count: int) -> str:
    """A phrase with its article or number: ("red apple", 2) -> "two red apples", ("cat", 1) -> "a cat"."""
    words = _words(phrase)
    head = words[_head(words)]
    if count > 1:
        return f"{lex.NUMBER_WORDS.get(count, count)} {_with_head(phrase, plural(head))}"
    return f"{article(phrase)} {phrase}" if takes_article(words[0], head) else phrase


def takes_article(first: str, head: str) -> bool:
    """Whether the name of one thing, by its first word and the one that names it, has "a" in a sentence."""
    bare = is_plural(head) or head.lower() in MASS_HEADS | lex.PAIRED or first.lower() in _TAKES_NO_ARTICLE
    return not bare and not first[:1].isupper()


def read_count(value: object, notes: list[str], place: str) -> object:
    """A count from a text such as "2" or "two", or a whole number written as 2.0; other values come back."""
    number: object = value
    if isinstance(value, str):
        word = value.strip().lower()
        number = int(word) if re.fullmatch(r"[0-9]{1,3}", word, re.ASCII) else lex.NUMBERS.get(word, value)
    elif isinstance(value, float) and value.is_integer():
        number = int(value)
    if number is not value:
        notes.append(f"{place}: read {show(value)} as {number}")
    return number


def last_word(phrase: str) -> str:
    """The word that says of what kind a phrase is, in the singular and in lower case: "Women in red" -> "woman"."""
    words = _words(phrase)
    return singular(words[_head(words)]).lower()


def _words(phrase: str) -> list[str]:
    return re.findall(r"[^\s,;.]+", phrase) or [phrase]


def _head(words: list[str]) -> int:
    """The index of the word that names the thing: of "red barns above a house", 1."""
    lows = [word.lower() for word in words]
    for index in range(1, len(lows)):
        if lows[index] in _ENDS_NAME or links_at(lows, index):
            return index - 1
    return len(lows) - 1


def _with_head(phrase: str, head: str) -> str:
    words = _words(phrase)
    old = words[_head(words)]
    at = sum(len(word) for word in words[: _head(words)])
    start = phrase.index(old, at)
    return phrase[:start] + head + phrase[start + len(old) :]
