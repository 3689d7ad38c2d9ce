"""Reads what stands between someone and their verb: "A man, tall and thin, stands", "his dog, a collie, sits"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COMMA, WORD
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.offline.grammar.ages import age_end
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.finite_verbs import has_object, plain_form
from lib_rpg.planner.offline.grammar.kinds import ANIMAL, PERSON, class_of, is_adjective, is_animate
from lib_rpg.planner.offline.grammar.nouns import noun
from lib_rpg.planner.offline.grammar.places import place
from lib_rpg.planner.offline.grammar.verbs import is_verb_form
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.referents import add_words
from lib_rpg.planner.offline.reading.state import State

_PRONOUNS = lex.word_set("him her it them one other")
_DEGREES = lex.word_set("very so quite rather too half")
_MAX_ASIDE = 12  # words


def take_age(state: State, i: int) -> int:
    """The end of "aged 8" or "8 years old" behind someone, or 0."""
    words, thing = state.words, state.last
    end = age_end(words, i)
    if thing is None or not end or not is_animate(thing.noun):
        return 0
    add_words([thing], tuple(words.tokens[i - (words.kind(i - 1) == COMMA) : end]))
    state.continue_clause()
    return end


def take_other_half(state: State, i: int) -> int:
    """ "a face half human, half robot": the end of what the other half of the thing is, or 0."""
    words, thing = state.words, state.last
    if thing is None or words.low(i) != "half" or not words.is_open(i + 1):
        return 0
    said = thing.all_words
    end = words.piece_end(i)
    if words.low(end + 1) != "half" and not any(token.low == "half" or token.low.startswith("half-") for token in said):
        return 0
    behind = words.kind(i - 1) == COMMA or words.low(i - 1) == "and"
    add_words([thing], tuple(words.tokens[i - behind : end]))
    state.continue_clause()
    return end


def take_comparison(state: State, i: int) -> int:
    """ "a dragon no bigger than a kitten", "a ship out of focus": the end of what something is like, or 0."""
    words, thing = state.words, state.last
    if thing is not None and words.low(i) == "mid" and words.kind(i + 1) == WORD and words.is_open(i - 1):
        add_words([thing], tuple(words.tokens[i : i + 2]))  # "a ballerina mid leap"
        return i + 2
    if thing is not None and words.starts(i, "out", "of") and words.is_open(i + 2) and words.is_open(i - 1):
        add_words([thing], tuple(words.tokens[i : i + 3]))
        return i + 3
    start = _past_measure(words, i)
    if thing is None or not start:
        return 0
    other = noun(words, start)
    end = other.end if other is not None else start
    add_words([thing], tuple(words.tokens[i:end]))
    state.continue_clause()
    return end


def _past_measure(words: Words, i: int) -> int:
    """ "no bigger than | a kitten", "the size of | a house", "as big as | a bus": where that begins, or 0."""
    if words.low(i) in ("no", "not") and words.low(i + 1)[-2:] == "er" and words.low(i + 2) == "than":
        return i + 3
    if words.starts(i, "its", "size") and words.low(i - 1) == "times":
        return i + 2  # "an ant with a leaf ten times its size"
    if words.starts(i, "the", "size", "of") and words.is_open(i - 1):
        return i + 3  # "a dragon the size of a house cat"
    return i + 3 if words.low(i) == words.low(i + 2) == "as" and is_adjective(words.low(i + 1)) else 0


def take_aside(state: State, i: int) -> int:
    """The end of the adjectives, or of another name of the one thing, between it and its verb; or 0."""
    words, thing = state.words, state.last
    if thing is None or state.tag_style or not state.at_start or words.kind(i - 1) != COMMA:
        return 0
    pronoun = words.low(i - 2) in _PRONOUNS
    if (thing.words[-1] is not words.tokens[i - 2] or thing.trailing) and not pronoun:
        return 0  # "the lawyer in front of him, a thin woman, raises her hand", "one, an old woman, feeds pigeons"
    end = _adjectives_end(words, i) or _other_name_end(words, i, thing) or _who_end(words, i, thing)
    if end:
        add_words([thing], tuple(words.tokens[i - 1 : end]))
    return end


def _adjectives_end(words: Words, i: int) -> int:
    """ "A man, tall and thin, stands": the end of the adjectives, or 0."""
    end = i
    while is_adjective(words.low(end)) or words.low(end).endswith(("ly", "ed")) or words.low(end) in _DEGREES:
        end += 1 + (words.low(end + 1) == "and")
    if end == i or words.kind(end) != COMMA:
        return 0
    verb, low = end + 1, words.low(end + 1)
    acts = is_verb_form(words, verb, False) and not low.endswith(("ing", "ly"))  # but "soft light, highly detailed"
    return end if acts or low in lex.BE or low in lex.HAVE else 0


def _other_name_end(words: Words, i: int, thing: Thing) -> int:
    """ "his father, a tall man with a beard, stands behind him": the end of what else he is, or 0."""
    phrase = noun(words, i)
    if phrase is None or phrase.determiner not in ("a", "an") or thing.count != 1:
        return 0
    kinds = {class_of(phrase.noun), class_of(thing.noun)} - {""}
    role = thing.determiners and thing.determiners[-1].low in lex.POSSESSIVES
    if len(kinds) > 1 and not (role and kinds == {PERSON, ANIMAL}):
        return 0  # but "his friend, a red panda"
    named = thing.words[-1].text[0].isupper() or bool(role)  # "Bruno, a chef, …", "his dog, a collie, …"
    if not is_animate(thing.noun) and not (is_animate(phrase.noun) and named):
        return 0
    end = phrase.end
    while end < i + _MAX_ASIDE and not words.is_end(end) and place(words, end) is None:
        end += 1
    return end if words.kind(end) == COMMA and _acts(words, end + 1) else 0


def _who_end(words: Words, i: int, thing: Thing) -> int:
    """ "the drummer, a bald man in a white shirt; the singer, …": the end of what is said of who has a role, or 0."""
    phrase = noun(words, i)
    if phrase is None or phrase.determiner not in ("a", "an") or phrase.noun not in lex.SOMEONE:
        return 0
    definite = bool(thing.determiners) and thing.determiners[-1].low in {"the", *lex.POSSESSIVES}
    if not definite or class_of(thing.noun) != PERSON or thing.noun in lex.SOMEONE or thing.count != 1:
        return 0
    end = phrase.end
    while not words.is_end(end) and not _names_next(words, end):
        end += 1
    return end


def _names_next(words: Words, i: int) -> bool:
    """ "and the cook"."""
    other = noun(words, i + 1) if words.low(i) == "and" else None
    return other is not None and other.determiner == "the" and class_of(other.noun) == PERSON


def _acts(words: Words, i: int) -> bool:
    low = words.low(i)
    if low in ("is", "was", "has") or (low in lex.VERBS and not low.endswith("ing")):
        leads = has_object(words, i + 1) or words.low(i + 1) in PREPOSITIONS or words.is_end(i + 1)
        leads = leads or words.is_open(i + 1)
        return leads or low not in lex.VERBS  # "works the bellows"
    return low.endswith("s") and bool(plain_form(low)) and not class_of(low)
