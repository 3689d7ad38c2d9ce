"""What the offline planner guesses, said in the plan's notes; `lib_rpg.plan.Source.guesses` is these alone."""

from __future__ import annotations

from lib_rpg.plan import GUESS


def guess(notes: list[str], sentence: str) -> None:
    """Note a guess, once: a sentence in the user's words that says what was read how, without a full stop."""
    if (note := f"{GUESS}{sentence}") not in notes:
        notes.append(note)
