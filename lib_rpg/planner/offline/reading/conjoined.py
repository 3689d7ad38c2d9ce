"""Finds "as" in front of a clause, where it means "while": "the goalkeeper dives as the striker shoots"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural
from lib_rpg.planner.language.prompt_tokens import WORD
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.finite_verbs import has_object
from lib_rpg.planner.offline.grammar.kinds import is_animate
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.verbs import is_verb_form

_NO_CLAUSE = lex.word_set("such known same well just much far dressed disguised costumed posing used serving acting")
_OWN_WORDS = lex.word_set("in with from on of at holding wearing")  # between a subject and its verb
_MAX_CLAUSE = 16  # words


def part_clauses(words: Words) -> None:
    """Put "while" in the place of each "as" between two clauses."""
    if not words.says("as"):
        return
    for i in range(1, len(words)):
        if words.low(i) == "as" and _is_between_clauses(words, i):
            words.reword(i, "while")


def _is_between_clauses(words: Words, i: int) -> bool:
    before = words.low(i - 1)
    if before in _NO_CLAUSE or before.endswith("ly"):
        return False
    subject = noun(words, i + 1)
    return subject is not None and _acts(words, subject) and not _is_of_name(words, i)


def _acts(words: Words, subject: Noun) -> bool:
    """Whether the subject's verb comes, also behind words of its own: "as a gnome in a patched coat pours tea"."""
    end = subject.end
    if len(subject.words) > 1 and words.is_end(end) and is_animate(words.low(end - 2)) and _may_act(words, end - 1):
        return True  # "a wizard sleeps as his cat plots"
    while words.low(end) in _OWN_WORDS and end < subject.end + _MAX_CLAUSE:
        own = noun(words, end + 1)
        if own is None:
            return False
        end = own.end
    return words.low(end) in lex.BE or _is_finite_at(words, end)


def _is_finite_at(words: Words, i: int) -> bool:
    low = words.low(i)
    if low.endswith("ed") and words.kind(i) == WORD:
        return has_object(words, i + 1)  # "as a parrot heckled them"
    return is_verb_form(words, i, False) and not low.endswith(("ing", "ly"))


def _may_act(words: Words, i: int) -> bool:
    """ "his cat plots": whether a word in -s behind one who can act can be a verb."""
    low = words.low(i)
    return low.endswith("s") and not low.endswith("ss") and not is_plural(words.low(i - 1))


def _is_of_name(words: Words, i: int) -> bool:
    """Whether only a name is in front of it in its clause: "a cat as a knight rides a horse"."""
    start = i
    while start > max(0, i - _MAX_CLAUSE) and not words.starts_clause(start):
        start -= 1
    name = noun(words, start)
    acts = start == i - 1 and is_plural(words.low(start))  # "a man, an axe over his shoulder, whistles as …"
    if name is not None and name.determiner in ("a", "an") and is_animate(words.low(i - 2)) and _may_act(words, i - 1):
        return False  # "a boy fishes as a heron watches him"
    return name is not None and name.end == i and not acts
