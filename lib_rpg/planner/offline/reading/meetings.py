"""Finds whom a verb is directed at: "a cat facing a dog", "smiling at a policeman", "playing chess with an alien"."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import class_of, is_animate
from lib_rpg.planner.offline.grammar.nouns import noun
from lib_rpg.planner.offline.reading.lookahead import names_part
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.referents import all_animate

_CONFRONTS = lex.word_set(
    "facing fighting attacking battling confronting looking staring glaring watching dueling besieging racing chasing "
    "pursuing overtaking kneeling bowing standing dancing meeting greeting interviewing following"
)
_TOWARDS = lex.word_set("at before to against")  # "looking at a mouse", "kneeling before a queen"
_TURNED = lex.word_set("at before to for against towards toward")  # "smiling at a policeman", "singing for a king"
_UP_OR_DOWN = lex.word_set("up down back over across out")
_NO_MEETING = lex.word_set("belonging turning changing transforming praying waiting searching")  # "turning to a frog"
_HANDS = lex.word_set("hand hands paw arm shoulder")
_TOGETHER = lex.word_set(
    "playing dancing fighting talking arguing sharing dueling chatting battling wrestling racing dining drinking "
    "shaking trading gambling sparring debating boxing"
)


def other_actor(words: Words, i: int, verb: str, actors: Sequence[Thing]) -> tuple[int, int] | None:
    """The end of the verb at i, and where the other one is named; None where it is the actor's own, or a crowd.

    verb: its -ing form.
    """
    confronts = verb in _CONFRONTS
    end, start = _end_and_start(words, i, confronts)
    if not confronts and (start == end or not verb.endswith("ing") or verb in _NO_MEETING):
        return None
    other = noun(words, start)
    if other is None or other.bare or other.determiner in lex.POSSESSIVES or names_part(other) or not actors:
        return None
    if is_animate(other.noun):
        own = all_animate(actors) and (confronts or other.noun not in lex.COMPANIES)
        return (end, start) if own else None
    nouns = [other.noun, *(actor.noun for actor in actors)]
    ride = confronts and all(class_of(low) == "vehicle" for low in nouns)
    return (end, start) if ride else None  # "a speedboat racing a ferry"


def _end_and_start(words: Words, i: int, confronts: bool) -> tuple[int, int]:
    """The end of the verb, and past its preposition: "smiling | at | a policeman", "holding the hand | of | a bear"."""
    if words.low(i + 2) in _HANDS and words.low(i + 3) == "of":
        return i + 3, i + 4
    end = i + 1 + (words.low(i + 1) in _UP_OR_DOWN)
    leads = _TOWARDS if confronts and end == i + 1 else _TURNED
    return end, end + (words.low(end) in leads)


def act_together(actor: Thing) -> bool:
    """Whether who comes behind "with" does the same: "an astronaut playing chess with an alien"."""
    return any(segment[0].low in _TOGETHER for segment in actor.trailing)
