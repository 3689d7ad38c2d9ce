"""The dialect that a prompt is written in: tags between commas, as many checkpoints are trained on, or sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from lib_rpg.keywords import AND, KEYWORDS
from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import singular, third_person
from lib_rpg.planner.language.prompt_tokens import COMMA, STOP, Token, skip_tags, tokenise
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.language.word_set import word_set

AUTO, TAGS, SENTENCES = "auto", "tags", "sentences"
DIALECTS = (AUTO, TAGS, SENTENCES)
"""What a request can ask for; ``auto`` is the prompt's own."""

_LONGEST_TAG = 5  # words
_MOSTLY = 2 / 3  # more of the pieces than this are tags
_MOSTLY_WITH_QUALITY = 0.5

_COUNT_TAG = re.compile(r"[0-9]{1,2}\+?([a-z]{3,20})")
_COUNTED = lex.PEOPLE | lex.ANIMALS | lex.KINDS | word_set("other female male")
_WHOLE_COUNT_TAGS = frozenset(["solo", "no humans", "multiple girls", "multiple boys", "multiple others"])
_SCORE_TAG = re.compile(r"score_[0-9]\w*|(?:rating|source)_[a-z]\w*")
_QUALITY_TAGS = frozenset(
    ["masterpiece", "best quality", "amazing quality", "high quality", "very aesthetic", "absurdres", "highres"]
)
# Finite verbs and articles of sentences. "falls" and "waves" are things as often.
_PROSE_VERBS = lex.BE | frozenset(lex.HAVE) | frozenset(map(third_person, lex.PLAIN_VERBS)) - lex.NOUN_LIKE
_PROSE = (
    (_PROSE_VERBS - word_set("falls waves"))
    | lex.DETERMINERS
    | lex.PRONOUNS
    | lex.RELATIVES
    | frozenset(lex.NUMBERS)
    # articles and joining words of other languages
    | word_set(
        "ein eine einen einem einer das dem den und mit auf im un une les des du et avec sur dans el los las una"
    )
    | word_set("con y il gli uma os")
)
_COMMENT = re.compile(r"(?<!\S)#[^\n]*")
_LETTER_OF_CHINESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@lru_cache(4)  # a plan asks twice
def dialect_of(prompt: str) -> str:
    """``tags`` or ``sentences``.

    Tags: a prompt with a count tag (1girl, solo) or a score, rating or source tag (score_9), whatever else is in it;
    and one whose pieces between commas are mostly short, without articles, finite verbs and full stops.
    """
    pieces = list(_pieces(tokenise(_COMMENT.sub("", prompt))))
    texts = [" ".join(token.low for token in piece).replace("_", " ") for piece, _ in pieces]
    if any(_is_marked(piece, text) for (piece, _), text in zip(pieces, texts, strict=True)):
        return TAGS
    if len(pieces) < 2:
        return SENTENCES
    tags = sum(_is_tag(piece, stop) for piece, stop in pieces)
    mostly = _MOSTLY if _QUALITY_TAGS.isdisjoint(texts) else _MOSTLY_WITH_QUALITY
    return TAGS if tags > mostly * len(pieces) else SENTENCES


def counted_noun(word: str) -> str:
    """What a count tag in lower case counts, in the singular: "2girls" -> "girl"; empty for any other word."""
    match = _COUNT_TAG.fullmatch(word)
    noun = singular(match[1]) if match else ""
    return noun if noun in _COUNTED else ""


def _pieces(tokens: Sequence[Token]) -> Iterator[tuple[list[Token], str]]:
    """What stands between commas, stops and keywords, with the mark that ends it."""
    piece: list[Token] = []
    for token in skip_tags(tokens):
        if token.kind not in (COMMA, STOP) and token.text not in (*KEYWORDS, AND):
            piece.append(token)
            continue
        if piece:
            yield piece, token.text
        piece = []
    if piece:
        yield piece, ""


def _is_marked(piece: Sequence[Token], text: str) -> bool:
    """Whether the piece has a tag that no sentence has."""
    return text in _WHOLE_COUNT_TAGS or any(
        counted_noun(token.low) or _SCORE_TAG.fullmatch(token.low) for token in piece
    )


def _is_tag(piece: Sequence[Token], stop: str) -> bool:
    """Whether the piece reads as a tag: "sitting on bench"; not "a cat", "she smiles", "from left to right"."""
    lows = [token.low for token in piece]
    if re.search(r"[.!?。]", stop) or not _PROSE.isdisjoint(lows):
        return False
    if len(lows) > 2 and lows[0] in PREPOSITIONS:
        return False
    return sum(max(1, len(_LETTER_OF_CHINESE.findall(low))) for low in lows) <= _LONGEST_TAG
