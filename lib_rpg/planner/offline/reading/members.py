"""Reads what names one of several of a kind: "two cats, one black, the other white", "the left one", "two of them"."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural, singular
from lib_rpg.planner.language.prompt_tokens import COLON, COMMA, Token
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.finite_verbs import has_object
from lib_rpg.planner.offline.grammar.kinds import ANIMAL, PERSON, class_of, is_adjective
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.numbers import number
from lib_rpg.planner.offline.grammar.places import place, relation
from lib_rpg.planner.offline.grammar.positions import Place, direction
from lib_rpg.planner.offline.grammar.verbs import is_verb_form
from lib_rpg.planner.offline.reading.facts import place_at
from lib_rpg.planner.offline.reading.lookahead import left_out_noun
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.referents import add_words, describe, next_member
from lib_rpg.planner.offline.reading.state import State

_VERSIONS = ("version", "variant", "copy", "clone", "self")  # "one evil version with red eyes"
_ORDINALS = lex.word_set("first second third fourth fifth sixth last")
_MEMBERS = _ORDINALS | lex.word_set("other left right older elder younger taller shorter bigger smaller")


def take_member(state: State, i: int) -> int:
    """ "one …", "the other …", "the left one …" of the last things of one kind: the end, or 0."""
    group = next((t for t in reversed(state.reading.things) if t.count > 1 and not t.vague), None)
    if end := _take_one_with_look(state, i):
        return end
    if group is not None and (end := _past_side(state.words, i) or _take_apposition(state, i, group)):
        return end
    if group is None or group.members_named >= group.count or _names_another_kind(state.words, i, group):
        return 0
    if _is_one_on_each_side(state.words, i):
        state.end_relation()
        state.return_to(group)
        state.speak_of([group])
        state.leave_start()
        return i + 1
    if end := _take_listed_adjectives(state, i, group):
        return end
    definite = state.words.low(i) == "the"
    if _is_one_or_other(state.words, i + definite, definite):
        return _take_one_or_other(state, i, i + definite, group)
    if definite or state.words.low(i) in lex.ARTICLES:
        return _take_definite_one(state, i + 1, group)  # "the red one", "a red one"
    if state.words.is_end(i - 1) and is_adjective(state.words.low(i)):
        return _take_definite_one(state, i, group)  # "two surfers, tall one with …, short one with …"
    return _take_several(state, i, group)


def _take_one_with_look(state: State, i: int) -> int:
    """ "a tall man and a short man, …, the tall one holds a fish": the end of what tells one thing apart, or 0."""
    words, end = state.words, i + 1
    while words.low(i) == "the" and is_adjective(words.low(end)):
        end += 1
    if end == i + 1 or words.low(end) != "one":
        return 0
    said = {words.low(k) for k in range(i + 1, end)}
    found = [t for t in state.reading.things if t.count == 1 and said <= {token.low for token in t.words[: t.head]}]
    if len(found) != 1:
        return 0
    state.end_relation()
    state.mention(found[0], end + 1)
    return end + 1


def _past_side(words: Words, i: int) -> int:
    """ "2girls, one side ice queen, other side fire dancer": the end of "one side" before who is there, or 0."""
    i += words.low(i) == "the"
    named = noun(words, i + 2) if words.low(i) in ("one", "other") and words.low(i + 1) in ("side", "half") else None
    return i + 2 if named is not None and named.bare and class_of(named.noun) in (PERSON, ANIMAL) else 0


def _is_one_on_each_side(words: Words, i: int) -> bool:
    """ "two chairs, one on each side of the table": it says of all where they are."""
    found = relation(words, i + 1) if words.low(i) == "one" and words.low(i + 1) == "on" else None
    return found is not None and found.kind == "around"


def _take_apposition(state: State, i: int, group: Thing) -> int:
    """ "two brothers, twins, one …", "two cats, both strays, …": what else they are is a word of each."""
    words = state.words
    both = words.low(i) in ("both", "all")
    phrase = noun(words, i + both) if state.last is group and words.kind(i - 1) == COMMA else None
    if phrase is None or not phrase.bare or len(phrase.words) > 1 or words.kind(phrase.end) != COMMA:
        return 0
    kind = class_of(phrase.noun) in (PERSON, ANIMAL) or (both and class_of(phrase.noun) == "")
    if not is_plural(phrase.words[0].low) or not kind or not _begins_member(words, phrase.end + 1):
        return 0
    add_words([group], (words.tokens[i - 1], phrase.words[0].with_text(singular(phrase.words[0].text))))
    return phrase.end


def _begins_member(words: Words, i: int) -> bool:
    return words.low(i) in ("one", "both") or (words.low(i) == "the" and words.low(i + 1) in _MEMBERS)


def _names_another_kind(words: Words, i: int, group: Thing) -> bool:
    """ "two cats and one tidy, serious dog": whether adjectives in a row lead to a noun that is not the group's."""
    phrase = noun(words, i)
    row = phrase is not None and any(token.kind == COMMA for token in phrase.words)
    return phrase is not None and row and not is_adjective(phrase.noun) and phrase.noun != group.noun


def _take_listed_adjectives(state: State, i: int, group: Thing) -> int:
    """ "three flowers: red, white and purple": the end of the adjectives of one of them, or 0."""
    words = state.words
    begun = group.members_named > 0 and state.last in group.members and state.conjunction in (",", "and", ", and")
    end = _adjectives_end(words, i)
    # "two cats, black, white"
    listed = (
        state.last is group
        and words.kind(i - 1) == COMMA == words.kind(end)
        and _adjectives_end(words, end + 1) > end + 1
    )
    labelled = state.people.counted and words.kind(i - 1) == COLON  # "girl 1: blonde, …"
    if labelled or not state.at_start or not (words.kind(i - 1) == COLON or begun or listed):
        return 0
    ends = words.is_end(end) or words.low(end) == "and"
    return name_member(state, group, end, words.tokens[i:end]) if ends and end > i else 0


def _adjectives_end(words: Words, i: int) -> int:
    while is_adjective(words.low(i)):
        i += 1
    return i


def _is_one_or_other(words: Words, i: int, definite: bool) -> bool:
    """ "one", "another", "the second", "the tallest one"."""
    low = words.low(i)
    if low in ("one", "other", "another", "others"):
        return True
    said = words.low(i + 1) in ("one", "of") or is_said_of(words, i + 1)  # "the eldest wears a hat"
    superlative = low.endswith(("est", "iddle")) and said
    if low in _ORDINALS and not definite:
        return is_said_of(words, i + 1)  # "three girls, first with red pigtails, second with a green bob"
    return definite and (low in _ORDINALS or superlative)


def is_said_of(words: Words, i: int) -> bool:
    """Whether what is at i says something of the one before it."""
    low = words.low(i)
    if words.kind(i) == COLON or low in ("with", "in", "one") or low in lex.CLOTHED | lex.BE | lex.HAVE.keys():
        return True
    return low in lex.VERBS or (low.endswith("s") and has_object(words, i + 1))


def _take_one_or_other(state: State, i: int, j: int, group: Thing) -> int:
    """ "one black", "the other cat", "the second one": `j` is behind the article at i."""
    words, low = state.words, state.words.low(j)
    j = _past_one_or_other(words, j)
    rest = noun(words, j) if _goes_on_with_name(words, j) else None
    if rest is None or not rest.bare:
        return name_member(state, group, j)  # "one on the left"
    described = low in ("one", "other", "another") and len(rest.words) == 1 and _says_how(words, rest)
    if _all_adjectives(rest.words) or described:
        if left_out_noun(words, Noun(i, rest.end, (), rest.words, rest.head, 1)) is not None:
            return 0  # "one red and one blue car" are new things
        return name_member(state, group, rest.end, rest.words)
    if rest.noun not in (group.noun, *_VERSIONS):
        return 0  # "two people, one man and one woman" names new things
    return name_member(state, group, rest.end, [t for t in rest.words if is_adjective(t.low)])


def _says_how(words: Words, rest: Noun) -> bool:
    """Whether one word behind "one" or "the other" is no name: "the other cracked", "the other squat with a shade"."""
    if rest.words[0].low.endswith(("ed", "en")) and words.is_end(rest.end):
        return True
    return not class_of(rest.noun) and words.low(rest.end) in ("with", "in")


def _goes_on_with_name(words: Words, i: int) -> bool:
    """ "one black", and not "one left of the other" or "one sleeping"."""
    placed = place(words, i) is not None or relation(words, i) is not None
    return words.is_open(i) and not placed and not is_verb_form(words, i, False)


def _past_one_or_other(words: Words, i: int) -> int:
    """Past "one", "other one", "other two"."""
    if words.low(i) == "one":
        return i + 1 + 2 * (words.low(i + 1) == "of" and words.low(i + 2) in ("them", "which", "whom"))
    end = i + 1 + (words.low(i + 1) == "one")
    return end + (words.low(i) != "others" and words.low(end) in ("one", "two", "three"))


def _take_definite_one(state: State, i: int, group: Thing) -> int:
    """ "the left one", "the red one", "the left one black", behind the article: the end, or 0."""
    words = state.words
    spot: Place | None = None
    if (found := direction(words, i)) is not None:
        i, spot = found[0], Place(found[0], *found[1])
    end = i
    while is_adjective(words.low(end)):
        end += 1
    if words.low(end) != "one":
        return 0
    adjectives = words.tokens[i:end]
    end += 1
    behind = noun(words, end) if words.is_open(end) and not is_verb_form(words, end, False) else None
    if behind is not None and _all_adjectives(behind.words):
        adjectives, end = [*adjectives, *behind.words], behind.end
    return name_member(state, group, end, adjectives, spot)


def _take_several(state: State, i: int, group: Thing) -> int:
    """ "two are green", "two of them black": the end, or 0."""
    words = state.words
    found = number(words, i)
    count = found[1] if found else None
    if found is None or count is None or count < 2:
        return 0
    start = found[0]
    if words.low(start) == "of" and words.low(start + 1) in ("them", "which", "whom"):
        start += 2
    rest = noun(words, start + (words.low(start) in lex.BE))
    if rest is None or not rest.bare or not _all_adjectives(rest.words):
        return 0
    if left_out_noun(words, Noun(i, rest.end, (), rest.words, rest.head, count)) is not None:
        return 0  # "two red and three blue cars" are new things
    for _ in range(min(count, group.count - group.members_named) - 1):
        describe(next_member(group), rest.words)
    return name_member(state, group, rest.end, rest.words)


def _all_adjectives(words: Sequence[Token]) -> bool:
    return all(is_adjective(t.low) for t in words)


def name_member(
    state: State, group: Thing, end: int, adjectives: Sequence[Token] = (), spot: Place | None = None
) -> int:
    """The next member of the group is named here, with its adjectives and position: the end."""
    if not (state.pending_relation is not None and state.pending_relation.wants_first):
        state.end_relation()  # but in "one left of the other" the other is what the relation waits for
    member = next_member(group)
    state.begin_member()
    describe(member, adjectives)
    state.mention(member, end)
    if spot is not None:
        place_at(state.reading, member, spot)
    return end
