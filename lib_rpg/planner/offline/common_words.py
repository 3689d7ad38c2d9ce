"""What the user's own structure leaves for all: "2girls, cafe" of "2girls, cafe BREAK 1girl, red hair BREAK …"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lib_rpg.keywords import AND, BREAK, NETWORK_TAG
from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import singular
from lib_rpg.planner.language.prompt_tokens import COMMA, COMMA_TOKEN, STOP, WORD, Token
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import is_animate
from lib_rpg.planner.offline.grammar.numbers import count_tag
from lib_rpg.planner.offline.grammar.places import place
from lib_rpg.planner.offline.reading.model import Reading, Thing

_Owners = dict[int, Thing]
"""The thing whose own each word is, by the word's index."""


def common_words(kept: Sequence[Token], reading: Reading) -> Sequence[Token]:
    """The words less those that are somebody's own in a part of theirs, where two parts or more are.

    Parts are what BREAK, AND or line ends separate. Where the first part names nobody, the names alone stay: "office.
    left: woman, red hair. right: man, bald" leaves "office, woman, man". All words stay where none would be left.
    """
    parts = list(_parts(kept))
    if len(parts) < 3:
        return kept
    owners = _owners(reading)
    whose = [{owners[token.index].root() for token in part if token.index in owners} for part in parts]
    own = [_is_one(things) and _are_only_here(things, whose, k) for k, things in enumerate(whose)]
    own[0] = own[0] and any(is_animate(thing.noun) for thing in whose[0])
    if sum(own) < 2:
        return kept
    first = {singular(token.low) for token in parts[0]}
    counted = any(count_tag(token.low) for token in parts[0])
    nouns = {thing.noun for mine, things in zip(own, whose, strict=True) if mine for thing in things}
    several = not first.isdisjoint(lex.NUMBERS.keys() | lex.COMPANIES)  # "three cats", "a couple"
    named = not own[0] and (counted or several or nouns <= first)
    heads = set() if named else {thing.words[thing.head].index for thing in owners.values()}
    left = [_without(part, owners, heads) if mine else list(part) for part, mine in zip(parts, own, strict=True)]
    common = [COMMA_TOKEN if _ends_line(token) else token for part in left for token in part]
    return common if any(token.kind == WORD and token.index not in owners for token in common) else kept


def _parts(kept: Sequence[Token]) -> Iterator[list[Token]]:
    """Each part with what ends it."""
    part: list[Token] = []
    for token in kept:
        part.append(token)
        if token.text in (BREAK, AND) or _ends_line(token):
            yield part
            part = []
    if part:
        yield part


def _ends_line(token: Token) -> bool:
    return token.kind == STOP and "\n" in token.text


def _owners(reading: Reading) -> _Owners:
    things = [one for thing in reading.things for one in (thing, *thing.members)]
    said = ((thing, token) for thing in things for part in (thing.words, *thing.trailing) for token in part)
    return {token.index: thing for thing, token in said if token.index >= 0}


def _is_one(things: set[Thing]) -> bool:
    return len(things) == 1 and all(thing.known_count == 1 for thing in things)


def _are_only_here(things: set[Thing], whose: Sequence[set[Thing]], here: int) -> bool:
    """Whether no other part names any of these; the first may, as it names all."""
    others = [others for k, others in enumerate(whose) if k != here and (k > 0 or here == 0)]
    return all(things.isdisjoint(named) for named in others)


def _counts(token: Token, anyone: bool) -> bool:
    """Whether it is the count tag of several ("2boys"), who are in no part alone; `anyone`: or of one."""
    tag = count_tag(token.low)
    return tag is not None and (anyone or tag[0] > 1)


def _without(part: Sequence[Token], owners: _Owners, heads: set[int]) -> list[Token]:
    """The pieces of a part that are nobody's own, say no place and count nobody; and the words in `heads`."""
    left: list[Token] = []
    piece: list[Token] = []
    for token in (*part, COMMA_TOKEN):
        if token.kind not in (COMMA, STOP) and token.text not in (BREAK, AND):
            piece.append(token)
            continue
        words = Words(piece)
        spot = place(words, 0)
        own = any(token.index in owners or count_tag(token.low) for token in piece)
        if piece and own:
            tags = [one for one in piece if NETWORK_TAG.fullmatch(one.text)]
            names = [*(one for one in piece if one.index in heads or _counts(one, bool(heads))), *tags]
            piece = [token for one in names for token in (COMMA_TOKEN, one)][1:]
        if piece and (own or spot is None or spot.end < len(words) - 1):
            left += [*piece, COMMA_TOKEN]
        piece = []
    return left
