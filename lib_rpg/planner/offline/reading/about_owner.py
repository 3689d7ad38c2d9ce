"""Reads what someone has about them, where the place is said first: "On his shoulder sits a parrot"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COMMA_TOKEN, lowered, render
from lib_rpg.planner.offline.grammar.kinds import PERSON, class_of, is_animate
from lib_rpg.planner.offline.grammar.nouns import noun
from lib_rpg.planner.offline.reading.facts import relate
from lib_rpg.planner.offline.reading.fronting import past_verbs
from lib_rpg.planner.offline.reading.lookahead import names_part
from lib_rpg.planner.offline.reading.model import MAX_THINGS, Thing
from lib_rpg.planner.offline.reading.outfits import can_hold
from lib_rpg.planner.offline.reading.referents import add_words
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.things_made import make_thing

_KINDS = {"on": "within", "in": "within", "at": "within", "around": "within", "by": "beside", "above": "above"}
_FOLD = lex.word_set("lap arms feet side heels embrace")


def take_about_owner(state: State, i: int) -> int:
    """A clause that begins with where on someone something is: the end of what is there, or 0."""
    words = state.words
    kind = _KINDS.get(words.low(i), "")
    if not kind or not words.starts_clause(i) or words.low(i + 1) not in lex.POSSESSIVES:
        return 0
    where = noun(words, i + 1)
    owner = _owner(state, words.low(i + 1))
    if where is None or owner is None or not (names_part(where) or where.noun in _FOLD):
        return 0
    borne = noun(words, past_verbs(words, where.end))
    if borne is None or borne.bare or borne.determiner == "the" or len(state.reading.things) >= MAX_THINGS:
        return 0
    said = lowered(words.tokens[i : where.end])
    state.end_relation()
    state.return_to(owner)
    if can_hold(borne) or names_part(borne):
        add_words([owner], (COMMA_TOKEN, *said, *words.tokens[borne.start : borne.end]))
        state.begin_clause()
        state.continue_clause()
        return borne.end
    thing = make_thing(words, borne)
    state.begin_clause()
    state.add_thing(thing, borne.end)
    if kind == "within" and where.noun != "side":
        relate(state.reading, kind, [owner], [thing], f"and {render(said)}")
    else:
        relate(state.reading, "beside" if kind == "within" else kind, [thing], [owner], render(said))
    return borne.end


def _owner(state: State, possessive: str) -> Thing | None:
    """Whose "his" or "its" is: the last person, or animal."""
    singles = [thing for thing in state.reading.things if thing.count == 1 and is_animate(thing.noun)]
    people = [thing for thing in singles if class_of(thing.noun) == PERSON]
    fitting = people if possessive in ("his", "her") and people else singles
    return fitting[-1] if fitting and not state.tag_style else None
