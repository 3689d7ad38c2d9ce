"""Brackets that set a person apart: "2girls, (1girl, red hair, armor), (1girl, silver hair, robe)"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lib_rpg.planner.language.prompt_tokens import COMMA, STOP, Group, Token
from lib_rpg.planner.offline.grammar.numbers import count_tag

_STOP = Token(".", ".", STOP)


def open_person_brackets(tokens: Sequence[Token]) -> list[Token]:
    """The words with a stop in the place of each bracket around a person; brackets that weigh words stay."""
    result: list[Token] = []
    inside: tuple[Group, ...] = ()
    for i, token in enumerate(tokens):
        still = tuple(group for group in inside if any(group is other for other in token.groups))
        opened = next((group for group in token.groups if _is_of_person(tokens, i, group)), None)
        if len(still) < len(inside) or opened is not None:
            result.append(_STOP)
        inside = (*still, opened) if opened is not None else still
        left = tuple(group for group in token.groups if not any(group is other for other in inside))
        result.append(token if len(left) == len(token.groups) else replace(token, groups=left))
    return result


def _is_of_person(tokens: Sequence[Token], i: int, group: Group) -> bool:
    """Whether brackets without a weight open at i around a count tag and what is said of it."""
    if (group.opens, group.closes) != ("(", ")") or not count_tag(tokens[i].low):
        return False
    if i and any(group is other for other in tokens[i - 1].groups):
        return False
    k = i
    while k < len(tokens) and any(group is other for other in tokens[k].groups):
        if tokens[k].kind == COMMA:
            return True
        k += 1
    return False
