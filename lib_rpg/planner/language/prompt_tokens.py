"""A prompt as words that know their brackets, and words back to text with the brackets whole.

Emphasis such as ``(red hat:1.2)``, ``((x))`` and ``[x]`` surrounds words without hiding them: any run of words is
written back with the brackets that it stood in. A schedule ``[a:b:0.5]``, an alternation ``[a|b]``, a quotation and
an extra network ``<lora:x:1>`` are one word each, which nothing may split.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

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
    | (?P<escaped>\\\(.{0,200}?\\\) | \\.)
    | (?P<quote>"[^"\n]{1,300}" | “[^”\n]{1,300}”)
    | (?P<number>\d+(?![\w./%-]))
    | (?P<word>[^\W_]+(?:[-'’._/+&][^\W_]+)*)
    | (?P<comma>,|，|、)
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


def tokenise(text: str) -> list[Token]:
    """Split a prompt into words. Linear in its length; brackets without a partner are left out."""
    pairs = _match_brackets(text)
    tokens: list[Token] = []
    groups: list[Group] = []
    ends: list[int] = []
    position, apart = 0, True
    while position < len(text):
        if ends and position >= ends[-1]:
            position = _close(text, ends, groups, position)
            continue
        match = _TOKEN.search(text, position, ends[-1] if ends else len(text))
        if match is None:
            position = ends[-1] if ends else len(text)
            continue
        apart = apart or match.start() > position or match.group()[0].isspace()
        kind, start, position = str(match.lastgroup), match.start(), match.end()
        glued = not apart
        if kind not in ("open", "close"):
            apart = match.group()[-1].isspace()
        if kind == "open":
            if start not in pairs:
                continue
            inner = text[start + 1 : pairs[start]]
            if match.group() == "[" and re.search(r"[:|]", inner):
                position = pairs[start] + 1
                tokens.append(_atom(text[start:position], len(tokens), groups, glued))
                apart = False
                continue
            before, colon, weight = inner.rpartition(":")
            cut = len(before) if colon and _WEIGHT.fullmatch(weight) else len(inner)
            # A group is an object of its own, so that two with the same brackets stay two.
            groups.append(Group(match.group(), inner[cut:].strip() + text[pairs[start]]))
            ends.append(start + 1 + cut)
        elif kind in ("quote", "escaped"):
            tokens.append(_atom(match.group(), len(tokens), groups, glued))
        elif kind != "close":
            part = match.group().strip() or match.group()
            tokens.append(Token(part, part.lower().replace("’", "'"), kind, tuple(groups), len(tokens), glued))
    return tokens


def _close(text: str, ends: list[int], groups: list[Group], position: int) -> int:
    end = ends.pop()
    groups.pop()
    while text[end] not in ")]}":
        end += 1
    return max(position, end + 1)


def _atom(text: str, index: int, groups: list[Group], glued: bool) -> Token:
    return Token(text, text.lower(), ATOM, tuple(groups), index, glued)


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


def skip_tags(tokens: Sequence[Token]) -> list[Token]:
    """The words without extra networks: those belong to the whole picture."""
    return [token for token in tokens if token.kind != TAG]
