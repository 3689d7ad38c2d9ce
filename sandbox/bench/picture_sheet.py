"""A sheet of the pictures of a run, to stand in a README: each prompt is a column, each method a row."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from sandbox.bench.picture_store import Result
from sandbox.bench.picture_tasks import PictureTask

WIDTH, GAP, NAMES, LINE = 144, 6, 150, 4
"""Pixels: a picture's width, what is around it, the column with the methods' names, the line under a picture."""
COLOURS = {True: "#2a8f3c", False: "#c43030", None: "#999999"}
"""The line under a picture that is right, wrong, or that no rule could be applied to."""
_LETTERS, _LINE_HEIGHT = 25, 13


def sheet(
    tasks: Sequence[PictureTask],
    results: Sequence[Result],
    methods: Sequence[str],
    picture: Callable[[str, int], Path],
) -> Image.Image:
    """The sheet of at least one prompt; ``picture`` gives the file of a method and a prompt's index.

    What was not drawn is left white.
    """
    by_key = {(result.method, result.index): result for result in results}
    prompts = [textwrap.wrap(task.prompt, _LETTERS) for task in tasks]
    top = 2 * GAP + _LINE_HEIGHT * max(map(len, prompts))
    high = max(_height(task) for task in tasks) + LINE + GAP
    wide = WIDTH + GAP
    canvas = Image.new("RGB", (NAMES + wide * len(tasks), top + high * len(methods)), "white")
    draw, font = ImageDraw.Draw(canvas), ImageFont.load_default()
    for column, (task, lines) in enumerate(zip(tasks, prompts, strict=True)):
        left = NAMES + wide * column
        for number, line in enumerate(lines):
            draw.text((left, GAP + _LINE_HEIGHT * number), _in_font(line), "black", font)
        for row, method in enumerate(methods):
            if result := by_key.get((method, task.index)):
                with Image.open(picture(method, task.index)) as drawn:
                    canvas.paste(drawn.convert("RGB").resize((WIDTH, _height(task))), (left, top + high * row))
                under = top + high * row + _height(task)
                draw.rectangle((left, under, left + WIDTH - 1, under + LINE - 1), COLOURS[result.right])
    for row, method in enumerate(methods):
        draw.text((GAP, top + high * row + GAP), _in_font(method), "black", font)
    return canvas


def _height(task: PictureTask) -> int:
    return round(WIDTH * task.height / task.width)


def _in_font(text: str) -> str:
    """What Pillow's own font can draw; in older versions it has no other letters."""
    return text.encode("latin-1", "replace").decode("latin-1")
