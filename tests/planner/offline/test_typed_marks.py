"""Marks of a person's own structure, "a | b", "[left] a", "1. a 2. b", become lines; other uses of them stay."""

from __future__ import annotations

import pytest

from lib_rpg.planner import PlanRequest, plan
from lib_rpg.planner.offline.typed_marks import rewrite_marks
from tests.planner.offline.compare import cells_of


@pytest.mark.parametrize(
    ("prompt", "rewritten"),
    [
        ("two women | left: red saree | right: green saree", "two women\nleft: red saree\nright: green saree"),
        ("[left] cat in a hat [right] dog in a coat", "left: cat in a hat\nright: dog in a coat"),
        ("1. a red apple 2. a yellow banana 3) a pear", "a red apple\na yellow banana\na pear"),
        ("Left side - a samurai. Right side - a monk.", "Left side: a samurai. Right side: a monk."),
        ("person 1: old man, pipe; person 2: young boy, cap", "old man, pipe\nyoung boy, cap"),
        ("character A is a tall elf, character B is a dwarf", "a tall elf\na dwarf"),
        ("Scene: a diner. Characters: a waitress, a cook.", "a diner. a waitress, a cook."),
        ("a cat::2, a hat::1.5", "a cat, a hat"),
    ],
)
def test_marks_become_lines(prompt: str, rewritten: str) -> None:
    assert rewrite_marks(prompt).replace(" \n", "\n") == rewritten


@pytest.mark.parametrize(
    "prompt",
    [
        "{red|blue} car",
        "a [cat|dog] on a sofa",
        "[blurry], a cat",
        "2girls, person 1: red hair, person 2: blue hair",
        "person 1: red hair, person 2: blue hair",
        "bus 2. a stop",
        "version 1. final",
        "a well-lit left-handed man - tired",
        "a cat at 12:30, 16:9",
        "scene: a diner",
    ],
)
def test_other_uses_stay(prompt: str) -> None:
    assert rewrite_marks(prompt) == prompt


@pytest.mark.parametrize(
    ("prompt", "cells"),
    [
        ("two women | left: red saree | right: green saree", "woman, red saree | woman, green saree"),
        ("[left] cat in a hat [right] dog in a coat", "cat in a hat | dog in a coat"),
        ("1. a red apple 2. a yellow banana 3. a green pear", "red apple | yellow banana | green pear"),
        ("person 1: old man, pipe; person 2: young boy, cap", "old man, pipe | young boy, cap"),
        ("a castle on top, a village below, a river at the bottom", "castle / village / river"),
    ],
)
def test_marked_prompts_are_planned(prompt: str, cells: str) -> None:
    made = plan(PlanRequest(prompt, 1024, 1024))
    assert cells_of(made) == cells
    assert made.prompt == prompt
    assert any("lines of their own" in note for note in made.source.notes) or "castle" in prompt
