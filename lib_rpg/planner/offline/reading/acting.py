"""Tells a verb from the name of a new thing: "a man, whittling wood", but "a man, flying ships"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import STOP, WORD
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.finite_verbs import has_object, is_finite
from lib_rpg.planner.offline.grammar.kinds import is_adjective, is_animate, is_ing_verb
from lib_rpg.planner.offline.grammar.verbs import is_verb_form
from lib_rpg.planner.offline.reading.actors import acts_again, acts_behind_aside, is_adverb_of_verb
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.piece_kinds import BY_ITSELF, names_moving_thing
from lib_rpg.planner.offline.reading.sentence_pieces import names_busy_person
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.verbs import take_verb


def take_acting(state: State, i: int) -> int:
    words = state.words
    if words.kind(i) == WORD and (acts_behind_aside(state, i) or acts_again(state, i)):
        return take_verb(state, i)
    if words.kind(i) != WORD or not is_verb_form(words, i, False) or _is_bare_tag(state, i):
        return 0
    if state.at_start and words.kind(i - 1) == STOP and _begins_name(words, i):
        return 0  # "A boat. Waves crash against it.", "a man AND sleeping dog"
    half = state.half is not None and state.half.first is None  # "it is day with grazing mammoths"
    if (
        (half or (state.pending_positions and not state.current_list))
        and words.low(i).endswith("ing")
        and words.is_open(i + 1)
    ):
        return 0  # "below it fishing boats bob"
    if state.last is None:
        return i + 1 if state.after_scene else 0  # "the marble floor reflected a lamp"
    return take_verb(state, i)


def _begins_name(words: Words, i: int) -> bool:
    return words.low(i).endswith("s") or (is_ing_verb(words.low(i)) and words.is_open(i + 1))


def _is_bare_tag(state: State, i: int) -> bool:
    """Whether the word at i starts an item of a list, where it is a name ("flying saucer") before a verb."""
    words, low = state.words, state.words.low(i)
    if low in lex.BEHIND | lex.CLOTHED or is_finite(words, i) or is_adverb_of_verb(words, i):
        return False  # "a man with a red beard, wearing round sunglasses"
    if state.tag_style and (names_moving_thing(words, i) or names_busy_person(words, i)):
        return True
    participle = low in lex.PARTICIPLES or (low.endswith("ed") and len(low) > 4)
    verbal = participle or (low in lex.VERBS and low not in lex.PLAIN_VERBS | lex.NOUN_LIKE)
    third_person = low in lex.VERBS and low not in lex.PLAIN_VERBS
    if (third_person and has_object(words, i + 1)) or (verbal and words.low(i + 1) in PREPOSITIONS):
        return (
            False  # "a girl, six years old, wears a hat", "the cat, which is orange, sits on …", "a lemon, cut in half"
        )
    if any(_does(one, words, i) for one in (state.last, *state.subjects[-1:]) if one is not None):
        return False  # "an old man in a red sweater, whittling wood"
    listed = state.at_start and state.conjunction == "," and not state.tag_style
    return listed and (words.is_open(i + 1) or not low.endswith("ing"))


def _does(actor: Thing, words: Words, i: int) -> bool:
    """Whether one person does what is behind the comma, with one or two words for what they do it to."""
    low = words.low(i)
    if not is_ing_verb(low) or low in BY_ITSELF or is_adjective(low) or not is_animate(actor.noun):
        return False
    ends = [k for k in (i + 2, i + 3) if words.is_end(k) or words.low(k) in PREPOSITIONS]
    return not actor.vague and words.is_open(i + 1) and bool(ends) and words.low(i + 1) not in lex.AFTER_ING
