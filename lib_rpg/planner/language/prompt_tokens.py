"""A prompt as words that know their brackets, and words back to text with the brackets whole.

Emphasis such as ``(red hat:1.2)``, ``((x))`` and ``[x]`` surrounds words without hiding them: any run of words is
written back with the brackets that it was in. A schedule ``[a:b:0.5]``, an alternation ``[a|b]``, a quotation, a
wildcard ``__weather__`` and an extra network ``<lora:x:1>`` are one word each, which nothing may split.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lib_rpg.planner.language.word_set import word_set

WORD, NUMBER, COMMA, STOP, COLON, ATOM, TAG, SYMBOL = (
    "word",
    "number",
    "comma",
    "stop",
    "colon",
    "atom",
    "tag",
    "symbol",
)

_TOKEN = re.compile(
    r"""(?P<tag><[^<>\n]{1,200}>)
    | (?P<wildcard>__[\w/*-]{1,100}__)
    | (?P<escaped>\\\(.{0,200}?\\\) | \\.)
    | (?P<quote>"[^"\n]{1,300}" | “[^”\n]{1,300}”)
    | (?P<number>\d+(?![\w./%-]|\+[a-z])(?!:\d{1,2}(?![\w:/%-]|\.\d)))
    | (?P<word>(?<!\w)(?i:mr|mrs|ms|dr|st|mt)\.(?=\s?[^\W\d_]) | (?<!\w)(?i:no|nr)\.(?=\s?\d)
        | (?<!\$)[$€£¥]\d+(?:[.,]\d+)* | \d{1,2}:\d{1,2}(?![\w:/%-]|\.\d)
        | [^\W_]+(?:(?:['’]-|[-'’._/+&])[^\W_]+)*(?::\d*\.\d+(?=\s*,))?)
    | (?P<comma>,|，|、|\|)
    | (?P<stop>[.;!?\n。；]+)
    | (?P<colon>:|：|\s[-–—]+\s|[–—])
    | (?P<open>[(\[{])
    | (?P<close>[)\]}])
    | (?P<symbol>\S)""",
    re.VERBOSE,
)
_CLOSES = {"(": ")", "[": "]", "{": "}"}
_WEIGHT = re.compile(r"\s{0,9}[-+]?[\d.]{1,9}\s{0,9}")
_MAX_DEPTH = 20
_SAYS = word_set("say says saying read reads reading spells spelling")


@dataclass(frozen=True)
class Group:
    """A pair of brackets with its weight: ``(`` and ``:1.2)``."""

    opens: str
    closes: str


@dataclass(frozen=True)
class Token:
    """A word of the prompt; `low` is what it is recognised by, `groups` the brackets around it from outside in."""

    text: str
    low: str
    kind: str = WORD
    groups: tuple[Group, ...] = ()
    index: int = -1
    glued: bool = False  # no white space before it

    def with_text(self, text: str) -> Token:
        """The same place in the prompt with another text."""
        return replace(self, text=text, low=text.lower())


COMMA_TOKEN = Token(",", ",", COMMA)


def tokenise(text: str) -> list[Token]:
    """Split a prompt into words. Linear in its length; brackets without a partner are left out."""
    tokeniser = _Tokeniser(text)
    tokeniser.run()
    return tokeniser.tokens


class _Tokeniser:
    """A prompt that is being split: the words so far, and the brackets that are open."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pairs = _match_brackets(text)
        self.tokens: list[Token] = []
        self.position = 0
        self.apart = True  # white space before the position
        self.groups: list[Group] = []  # those that are open, from outside in
        self.ends: list[int] = []  # where the words of each of them end, before the weight

    def run(self) -> None:
        while self.position < len(self.text):
            end = self.ends[-1] if self.ends else len(self.text)
            if self.ends and self.position >= end:
                self._close()
            elif match := _TOKEN.search(self.text, self.position, end):
                self._take(match)
            else:
                self.position = end

    def _take(self, match: re.Match[str]) -> None:
        found = match.group()
        self.apart = self.apart or match.start() > self.position or found[0].isspace()
        self.position = match.end()
        kind = str(match.lastgroup)
        if kind == "open":
            self._open(match.start())
        elif kind != "close":
            is_atom = kind in ("quote", "escaped", "wildcard")
            if not self._continues_sign(found, kind):
                self._add(found if is_atom else found.strip() or found, ATOM if is_atom else kind)
            self.apart = found[-1].isspace()

    def _continues_sign(self, found: str, kind: str) -> bool:
        """Whether it is in capitals behind "a sign that says", and is now a part of one word: "NO VACANCY"."""
        last = self.tokens[-1] if self.tokens else None
        if last is None or kind not in (WORD, NUMBER) or found != found.upper() or len(last.groups) != len(self.groups):
            return False
        if last.kind == WORD and last.text in _SAYS and kind == WORD:
            self._add(found, ATOM)
            return True
        if last.kind == ATOM and len(self.tokens) > 1 and self.tokens[-2].text in _SAYS and last.text[0].isupper():
            self.tokens[-1] = last.with_text(f"{last.text} {found}")
            return True
        return False

    def _add(self, text: str, kind: str) -> None:
        low = text.lower() if kind == ATOM else text.lower().replace("’", "'")
        if kind == WORD and not low[0].isdigit():
            low = low.partition(":")[0]  # "(masterpiece:1.4, best quality)": a weight that is none is part of the word
        self.tokens.append(Token(text, low, kind, tuple(self.groups), len(self.tokens), glued=not self.apart))

    def _open(self, start: int) -> None:
        """A bracket: one without a partner is left out, a schedule or an alternation is one word."""
        if start not in self.pairs:
            return
        bracket, end = self.text[start], self.pairs[start]
        inner = self.text[start + 1 : end]
        if bracket == "[" and re.search(r"[:|]", inner):
            self.position = end + 1
            self._add(self.text[start : end + 1], ATOM)
            self.apart = False
            return
        before, colon, weight = inner.rpartition(":")
        cut = len(before) if colon and _WEIGHT.fullmatch(weight) else len(inner)
        # A group is an object of its own, so that two with the same brackets stay two.
        self.groups.append(Group(bracket, inner[cut:].strip() + self.text[end]))
        self.ends.append(start + 1 + cut)

    def _close(self) -> None:
        end = self.ends.pop()
        self.groups.pop()
        while self.text[end] not in ")]}":
            end += 1
        self.position = max(self.position, end + 1)


def _match_brackets(text: str) -> dict[int, int]:
    pairs: dict[int, int] = {}
    stack: list[int] = []
    skip = -1
    for i, character in enumerate(text):
        if character == "\\":
            skip = i + 1 if i != skip else skip
        elif i == skip:
            continue
        elif character in "([{":
            stack.append(i)
        elif character in ")]}" and stack and _CLOSES[text[stack[-1]]] == character:
            opened = stack.pop()
            if len(stack) < _MAX_DEPTH:
                pairs[opened] = i
    return pairs


def render(tokens: Iterable[Token]) -> str:
    """The words as text, each run of them in its own brackets, single spaces, none before punctuation."""
    out: list[str] = []
    stack: tuple[Group, ...] = ()
    last = -2
    for token in tokens:
        depth = 0
        while depth < min(len(stack), len(token.groups)) and stack[depth] is token.groups[depth]:
            depth += 1
        out += [group.closes for group in reversed(stack[depth:])]
        glued = token.kind in (COMMA, STOP) or token.text == ":"
        if out and not glued and not (token.glued and token.index == last + 1):
            out.append(" ")
        out += [group.opens for group in token.groups[depth:]]
        out.append(token.text)
        stack, last = token.groups, token.index
    out += [group.closes for group in reversed(stack)]
    return "".join(out).strip()


def lowered(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """The words with the first one in lower case, as they stand within a sentence; at least one."""
    return (tokens[0].with_text(tokens[0].low), *tokens[1:])


def skip_tags(tokens: Sequence[Token]) -> list[Token]:
    """The words without extra networks: those belong to the whole picture."""
    return [token for token in tokens if token.kind != TAG]
