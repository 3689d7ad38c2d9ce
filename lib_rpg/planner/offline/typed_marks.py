"""Rewrites marks of a person's own structure as lines: "a | b", "[left] a [right] b", "1. a 2. b", "left - a"."""

from __future__ import annotations

import re

from lib_rpg.planner.offline.grammar.kinds import is_animate

_SIDE = r"(?:left|right|top|bottom|middle|center|centre|background|foreground)(?: (?:side|half|part))?"
_PIPE = re.compile(r"\s*\|+\s*")
_BRACKET = re.compile(rf"\s*[\[<]({_SIDE})[\]>]:?\s*", re.IGNORECASE)
_DASH = re.compile(rf"((?:^|[.;\n])\s*{_SIDE})\s+[-–—]\s+", re.IGNORECASE)
_ITEM = re.compile(r"(?:^|(?<=[\s,;:]))(\d)[.)]\s+(?=[^\W\d])")
_LABEL = re.compile(r"[\s,;]*\b(?:person|character|subject|figure) ([a-h1-8])\s*(?::|=|\bis\b)\s*", re.IGNORECASE)
_HEADING = re.compile(
    r"((?:^|[.;\n])\s*)(?:scene|setting|location|environment|place|characters?|subjects?|people)\s*:\s*", re.IGNORECASE
)
_BULLET = re.compile(r"^[ \t]*[-*•·–]\s+(?=\S)", re.MULTILINE)
_WEIGHT = re.compile(r"::\s*\d+(?:\.\d+)?(?=\s*[,;\n]|\s*$)")  # Midjourney's: "a cat::2, a hat"
_COUNT_TAG = re.compile(r"\b\d+\+?(?:girl|boy|woman|women|man|men|other)s?\b", re.IGNORECASE)
_CHOICE = re.compile(r"[{}\[\]]")  # "{red|blue}", "[cat|dog]": these are not lines
_NAME = 6  # words in which a label's person is named


NOTE = "marks such as |, [left], 1. and person 1: are read as lines of their own"


def rewrite_marks(prompt: str) -> str:
    """The prompt with lines in the place of marks; as it is where it has none."""
    text = prompt
    if "|" in text and not _CHOICE.search(text):
        text = _PIPE.sub("\n", text)
    if len(_BRACKET.findall(text)) > 1:
        text = _BRACKET.sub(r"\n\1: ", text)
    if len(_BULLET.findall(text)) > 1:
        text = _BULLET.sub("", text)
    text = _DASH.sub(r"\1: ", text)
    text = _without_labels(_without_numbers(text))
    if len(_HEADING.findall(text)) > 1:
        text = _HEADING.sub(r"\1", text)
    text = _WEIGHT.sub("", text)
    return text.strip(" \n,") if text != prompt and text.strip(" \n,;.") else prompt


def _without_numbers(text: str) -> str:
    """ "1. an apple 2. a pear" as two lines, where the numbers follow each other from one on."""
    numbers = [int(found[1]) for found in _ITEM.finditer(text)]
    counts_up = len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1))
    return _ITEM.sub("\n", text) if counts_up else text


def _without_labels(text: str) -> str:
    """ "person 1: old man, pipe; person 2: young boy" as two lines, where each names someone and no tag counts them."""
    found = list(_LABEL.finditer(text))
    names = {one[1].lower() for one in found}
    if len(names) < 2 or len(names) < len(found) or _COUNT_TAG.search(text):
        return text
    said = [re.findall(r"[\w-]+", text[one.end() :].split(",")[0].lower())[:_NAME] for one in found]
    return _LABEL.sub("\n", text) if all(any(map(is_animate, words)) for words in said) else text
