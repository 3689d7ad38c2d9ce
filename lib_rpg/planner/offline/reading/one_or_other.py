"""Reads "one", "the other", "the second one" of several of a kind, with the words behind it."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural, singular
from lib_rpg.planner.language.prompt_tokens import COLON
from lib_rpg.planner.offline.grammar.adjectives import is_shade
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.finite_verbs import has_object, plain_form
from lib_rpg.planner.offline.grammar.kinds import ANIMAL, PERSON, class_of, is_adjective
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.places import place, relation
from lib_rpg.planner.offline.grammar.verbs import is_verb_form
from lib_rpg.planner.offline.reading.lookahead import left_out_noun
from lib_rpg.planner.offline.reading.member_looks import adjectives_end, looks_end
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.naming import all_adjectives, name_member, past_of_them
from lib_rpg.planner.offline.reading.state import State

_SEXES = lex.word_set("male female")
_ADRIFT = lex.word_set("on off up down out away")  # "one on, one off"
_VERSIONS = ("version", "variant", "copy", "clone", "self")  # "one evil version with red eyes"


def is_one_or_other(words: Words, i: int, definite: bool) -> bool:
    """ "one", "another", "the second", "the tallest one"."""
    low = words.low(i)
    if low in ("one", "other", "another", "others"):
        return True
    if low.endswith("est") and is_plural(words.low(i + 1)) and words.is_end(i + 2):
        return definite
    told = words.low(i + 1) in {"of", "in"} or is_said_of(words, i + 1) or is_verb_form(words, i + 1, False)
    if low in lex.ORDINALS and not definite:
        return is_said_of(words, i + 1)  # "three girls, first with red pigtails, second with a green bob"
    compared = low.endswith(("est", "iddle")) or low in lex.COMPARED | _SEXES
    looks = adjectives_end(words, i + 1)  # "three robots, the oldest rusty, the newest shiny"
    told = told or (looks > i + 1 and words.is_end(looks))
    return definite and (low in lex.ORDINALS or (compared and told))


def is_said_of(words: Words, i: int) -> bool:
    """Whether what is at i says something of the one before it."""
    low = words.low(i)
    if words.kind(i) == COLON or low in ("with", "in", "one") or low in lex.CLOTHED | lex.BE | lex.HAVE.keys():
        return True
    return low in lex.VERBS or (low.endswith("s") and has_object(words, i + 1))


def take_one_or_other(state: State, i: int, j: int, group: Thing) -> int:
    """ "one black", "the other cat", "the second one": `j` is behind the article at i."""
    words, low = state.words, state.words.low(j)
    whole = noun(words, j) if low == "one" else None
    begun = group.members_named > 0 or words.low(i - 1) != "and"  # "seven blue doors and one open red door"
    if whole is not None and begun and whole.noun == group.noun and whole.head > 1:  # "one tall, muscular, tanned girl"
        return name_member(state, group, whole.end, whole.words[: whole.head])
    j = _past_one_or_other(words, j)
    if words.low(j) in _ADRIFT and words.is_end(j + 1):
        return name_member(state, group, j + 1, said=(words.tokens[j],))
    named = j + (singular(words.low(j)) == group.noun and is_adjective(words.low(j + 1)))
    if end := looks_end(words, named) or (named > j and words.is_end(j + 2) and j + 2):
        j = named  # "first cat black, second cat white"
        return name_member(state, group, end, words.tokens[j:end])
    if words.is_open(j) and is_shade(words, j) and words.is_end(j + 2):
        return name_member(state, group, j + 2, words.tokens[j : j + 2])  # "one cobalt blue, the other mustard yellow"
    rest = noun(words, j) if _goes_on_with_name(words, j) else None
    if rest is None or not rest.bare or _only_acts(words, rest):
        return name_member(state, group, j)  # "one on the left", "the other bows"
    described = low in ("one", "other", "another") and len(rest.words) == 1 and _says_how(words, rest, group)
    if all_adjectives(rest.words) or described:
        if left_out_noun(words, Noun(i, rest.end, (), rest.words, rest.head, 1)) is not None:
            return 0  # "one red and one blue car" are new things
        return name_member(state, group, rest.end, rest.words)
    if rest.words[0].low == "human" and len(rest.words) == 1 and class_of(group.noun) != PERSON:
        return name_member(state, group, rest.end, rest.words)  # "two hands, one human, one robotic"
    if rest.words[0].low in lex.LABELLED:
        return name_member(state, group, rest.end, said=rest.words)
    if _is_flavour(rest, group):
        return name_member(state, group, rest.end, rest.words)
    if rest.noun not in (group.noun, *_VERSIONS) or _differ_in_colour(rest, group):
        return 0  # "two people, one man and one woman" names new things
    return name_member(state, group, rest.end, [t for t in rest.words if is_adjective(t.low)])


def _only_acts(words: Words, rest: Noun) -> bool:
    """Whether the word behind "the other" is a verb that is a noun as well."""
    low = rest.words[0].low
    return len(rest.words) == 1 and low.endswith("s") and bool(plain_form(low)) and words.is_end(rest.end)


def _is_flavour(rest: Noun, group: Thing) -> bool:
    """ "three slices of cake, one chocolate, one lemon"."""
    of = any(token.low == "of" for token in group.words)
    return of and len(rest.words) == 1 and class_of(rest.noun) in ("food", "plant") and rest.noun != group.noun


def _differ_in_colour(rest: Noun, group: Thing) -> bool:
    """ "top row: two red cups, bottom row: one green cup"."""
    ours, theirs = ({token.low for token in words} & lex.COLORS for words in (rest.words, group.words))
    return bool(ours and theirs) and ours != theirs


def _says_how(words: Words, rest: Noun, group: Thing) -> bool:
    """Whether one word behind "one" or "the other" is no name: "the other cracked", "the other squat with a shade"."""
    if words.low(rest.end) in ("with", "in"):
        return class_of(rest.noun) in ("", "substance")  # "one iron with a glowing rune"
    if group.members_named and words.is_end(rest.end) and class_of(rest.noun) not in (PERSON, ANIMAL):
        return group.members[group.members_named - 1].words[0].low in lex.ADJECTIVES  # "one ivory, one ebony"
    return rest.words[0].low.endswith(("ed", "en")) and (words.is_end(rest.end) or words.low(rest.end) == "and")


def _goes_on_with_name(words: Words, i: int) -> bool:
    """ "one black", and not "one left of the other" or "one sleeping"."""
    placed = place(words, i) is not None or relation(words, i) is not None
    return words.is_open(i) and not placed and not is_verb_form(words, i, False)


def _past_one_or_other(words: Words, i: int) -> int:
    """Past "one", "other one", "other two"."""
    if words.low(i) == "one":
        return past_of_them(words, i + 1)
    end = past_of_them(words, i + 1 + (words.low(i + 1) == "one"))
    return end + (words.low(i) != "others" and words.low(end) in ("one", "two", "three"))
