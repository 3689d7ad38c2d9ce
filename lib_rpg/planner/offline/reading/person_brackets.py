"""Brackets that set a person apart: "2girls, (1girl, red hair, armor), (1girl, silver hair, robe)"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from lib_rpg.planner.language.inflection import singular
from lib_rpg.planner.language.prompt_tokens import COLON, COMMA, COMMA_TOKEN, NUMBER, STOP, WORD, Group, Token
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.language.word_set import word_set
from lib_rpg.planner.offline.grammar.kinds import PERSON, class_of, is_adjective, is_animate
from lib_rpg.planner.offline.grammar.numbers import count_tag
from lib_rpg.planner.offline.tags.tag_kinds import PERSONAL, built_in

_SIDES = word_set("left right center centre middle top bottom")
_MAX_NAME = 3  # words
_STOP = Token("\n", "\n", STOP)


def open_person_brackets(tokens: Sequence[Token]) -> list[Token]:
    """The words with a stop in the place of each bracket around a person; brackets that weigh words stay."""
    tokens = _with_names(_with_labels(_with_commas(_with_lines(tokens))))
    if one_each := _of_counted(tokens):
        return _opened_one_each(tokens, one_each)
    result: list[Token] = []
    inside: tuple[Group, ...] = ()
    for i, token in enumerate(tokens):
        still = tuple(group for group in inside if _is_in(token, group))
        opened = next((group for group in token.groups if _is_of_person(tokens, i, group)), None)
        if len(still) < len(inside) or opened is not None:
            result.append(_STOP)
        inside = (*still, opened) if opened is not None else still
        left = tuple(group for group in token.groups if not any(group is other for other in inside))
        result.append(token if len(left) == len(token.groups) else replace(token, groups=left))
    return result


def _with_lines(tokens: Sequence[Token]) -> Sequence[Token]:
    """A line end in the place of a slash between labels: "left girl: red hair / right girl: black hair"."""
    slashes = [k for k, token in enumerate(tokens) if token.low == "/"]
    edges = [-1, *slashes, len(tokens)]
    labelled = all(any(t.kind == COLON for t in tokens[a + 1 : b]) for a, b in pairwise(edges))
    return [_STOP if k in slashes else token for k, token in enumerate(tokens)] if slashes and labelled else tokens


def _with_commas(tokens: Sequence[Token]) -> Sequence[Token]:
    """A comma behind a weighted person whose looks follow: "(man:1.2) tall, dark suit"."""
    result: list[Token] = []
    for before, token in zip((None, *tokens), tokens, strict=False):
        closes = before is not None and len(before.groups) > len(token.groups) and token.kind == WORD
        if closes and before is not None and class_of(before.low) == PERSON and is_adjective(token.low):
            result.append(COMMA_TOKEN)
        result.append(token)
    return result


def _with_labels(tokens: Sequence[Token]) -> Sequence[Token]:
    """ "(left) red hair, (right) blue hair" as "left: …, right: …", "a cat (left)" as "a cat on the left".

    A side alone in brackets is left as it is: "(left) arm raised".
    """
    sides = [i for i in range(len(tokens)) if _is_side(tokens, i)]
    if len(sides) < 2:
        return tokens
    result: list[Token] = []
    for i, token in enumerate(tokens):
        if i not in sides:
            result.append(token)
            continue
        bare = replace(token, groups=token.groups[:-1])
        leads = i + 1 < len(tokens) and tokens[i + 1].kind not in (COMMA, STOP, COLON)
        if leads and (i == 0 or tokens[i - 1].kind in (COMMA, STOP)):
            result += [bare, Token(":", ":", COLON)]
        else:
            result += [Token("on", "on"), Token("the", "the"), bare]
    return result


def _with_names(tokens: Sequence[Token]) -> Sequence[Token]:
    """ "2girls, angel (white wings, halo), devil (black horns, red tail)" as "2girls. angel: …. devil: …"."""
    lists = [i for i in range(len(tokens)) if _is_list_of_named(tokens, i)]
    if len(lists) < 2:
        return tokens
    result: list[Token] = []
    inside: Group | None = None
    for i, token in enumerate(tokens):
        if inside is not None and not _is_in(token, inside):
            inside = None
            result.append(_STOP)
            if token.kind == COMMA:
                continue
        if i in lists:
            inside = token.groups[-1]
            result.append(Token(":", ":", COLON))
        result.append(replace(token, groups=token.groups[:-1]) if inside is not None else token)
    return result


def _is_list_of_named(tokens: Sequence[Token], i: int) -> bool:
    """Whether brackets around a list without a weight open at i, behind a name between commas."""
    group = tokens[i].groups[-1] if i and len(tokens[i].groups) == len(tokens[i - 1].groups) + 1 else None
    if group is None or (group.opens, group.closes) != ("(", ")"):
        return False
    start = next((k for k in range(i - 1, -1, -1) if tokens[k].kind in (COMMA, STOP)), -1)
    end = next((k for k in range(i, len(tokens)) if not _is_in(tokens[k], group)), len(tokens))
    if end < len(tokens) and tokens[end].kind == WORD:
        return False  # "The detective (trench coat, fedora) leans on a car"
    named = 0 < i - 1 - start <= _MAX_NAME and all(token.kind in (WORD, NUMBER) for token in tokens[start + 1 : i])
    return named and any(token.kind == COMMA and _is_in(token, group) for token in tokens[i:])


def _is_side(tokens: Sequence[Token], i: int) -> bool:
    """Whether the word at i is a side, and alone in brackets without a weight."""
    token = tokens[i]
    group = token.groups[-1] if token.low in _SIDES and token.groups else None
    if group is None or group.closes not in (")", "]"):
        return False
    return not any(_is_in(one, group) for one in (*tokens[max(i - 1, 0) : i], *tokens[i + 1 : i + 2]))


def _is_of_person(tokens: Sequence[Token], i: int, group: Group) -> bool:
    """Whether brackets without a weight open at i around a count tag and what is said of it."""
    if (group.opens, group.closes) != ("(", ")") or not count_tag(tokens[i].low):
        return False
    if i and _is_in(tokens[i - 1], group):
        return False
    k = i
    while k < len(tokens) and _is_in(tokens[k], group):
        if tokens[k].kind == COMMA:
            return True
        k += 1
    return False


# One pair for each of the people that are counted: "2girls, [blonde hair, hat], [brown hair, scarf]"


def _of_counted(tokens: Sequence[Token]) -> list[tuple[Group, str]]:
    """The brackets around tags of one person each, with the person's count tag, where there are as many as people."""
    around = [i for i in range(len(tokens)) if _is_around_tags(tokens, i)]
    first = around[0] if around else 0
    counted = [tag for token in tokens[:first] if (tag := count_tag(token.low)) and is_animate(tag[1])]
    people = [f"1{singular(noun)}" for count, noun in counted for _ in range(count)]
    groups = [tokens[i].groups[0] for i in around]
    return list(zip(groups, people, strict=True)) if 1 < len(groups) == len(people) else []


def _is_around_tags(tokens: Sequence[Token], i: int) -> bool:
    """Whether brackets open at i, around tags about someone, and are a piece of their own."""
    if not tokens[i].groups or (i and tokens[i - 1].kind not in (COMMA, STOP)):
        return False
    group = tokens[i].groups[0]
    if i and _is_in(tokens[i - 1], group):
        return False
    end = i
    while end < len(tokens) and _is_in(tokens[end], group):
        end += 1
    commas = [k for k in range(i, end) if tokens[k].kind == COMMA]
    if not commas or (end < len(tokens) and tokens[end].kind not in (COMMA, STOP)):
        return False
    first = " ".join(token.low for token in tokens[i : commas[0]])
    return (built_in().of_whole(first) or built_in().of_part(first)) in PERSONAL


def _opened_one_each(tokens: Sequence[Token], one_each: Sequence[tuple[Group, str]]) -> list[Token]:
    """Stops in the place of the brackets, and each person's count tag behind where theirs open."""
    result: list[Token] = []
    inside: Group | None = None
    for i, token in enumerate(tokens):
        mine = next(((group, tag) for group, tag in one_each if _is_in(token, group)), None)
        if mine is None or mine[0] is not inside:
            result += [_STOP] if inside is not None or mine is not None else []
            named = mine is not None and _begins_with_name(tokens[i:])
            result += [Token(mine[1], mine[1]), COMMA_TOKEN] if mine is not None and not named else []
            inside = mine[0] if mine is not None else None
        plain = mine is not None and mine[0].closes in (")", "]", "}")  # a weight stays
        result.append(replace(token, groups=token.groups[1:]) if plain else token)
    return result


def _begins_with_name(tokens: Sequence[Token]) -> bool:
    """ "(tall girl with teal hair, apron)"."""
    first = next((k for k, token in enumerate(tokens) if token.kind != WORD or token.low in PREPOSITIONS), len(tokens))
    return first > 0 and class_of(tokens[first - 1].low) == PERSON and not is_adjective(tokens[first - 1].low)


def _is_in(token: Token, group: Group) -> bool:
    return any(group is other for other in token.groups)
