"""The prompts of `bench pictures`, and for each the rules that its picture must meet.

*shapes*: LMD's four tasks (reference/rag-and-lmd.md B.4) in the words that the shapes model was trained with. There are
100 prompts each: what must not be there, one to five of one thing, two colours on two shapes, and two places. *lmd*:
the 400 prompts themselves. A file: GenEval's ``evaluation_metadata.jsonl``, or a text with a prompt on each line, as
T2I-CompBench has them.

A rule speaks of things that a detector can find. A prompt of a file that names no such rule has none: it is drawn, and
is not scored.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lib_rpg.bench.lmd_prompts import NUMBERS, SIDES, Question, questions
from lib_rpg.checks import at, check_choice, check_items, check_text, check_whole, read_json, refuse
from lib_rpg.files import read_text, show_path
from lib_rpg.plan import MAX_COUNT, MAX_PROMPT
from lib_rpg.planner.language.counted import counted, many, without_article
from lib_rpg.planner.language.dialect import SENTENCES
from sandbox.shapes.data import BACKGROUNDS, COLOURS, SHAPES

PREFIX = "a photo of "
"""How GenEval's prompts begin; no part of a thing's name."""
EACH = 100
"""Prompts of a task."""
MAX_FILE = 20_000_000
MAX_TASKS = 20_000
_ONE_THING, _SIDE_BY_SIDE, _ONE_ABOVE_THE_OTHER = (192, 128), (192, 128), (128, 192)
# One canvas for one to five things: the shapes model sees in a canvas' proportions how many there should be.
_COUNTED = (256, 256)
_WORD = r"(?!(?:and|at|in|is|near|next|of|on|the|to|with)\b)[a-z]+"
_WORDS = rf"{_WORD}(?:[ -]{_WORD}){{0,2}}"
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_THING = rf"(?:an?|{'|'.join(_NUMBERS)}) {_WORDS}"
_LIST = re.compile(rf"{_THING}(?:, {_THING})*(?:,? and {_THING})?")
_PARTING = re.compile(r",? and |, ")
_LINK = r"(?:(?:on|to) the )?(left|right|top|bottom) of|(above|below)"
_PLACED = re.compile(rf"(an? {_WORDS}) (?:is )?(?:{_LINK}) (an? {_WORDS})")
_SIDE_OF = {"above": "top", "below": "bottom"}


@dataclass(frozen=True)
class Count:
    """At least and at most so many of a thing; ``most`` None for any number."""

    name: str
    least: int = 1
    most: int | None = None


@dataclass(frozen=True)
class Beside:
    """Two things of which the first has its centre strictly on that side of the second's: left, right, top, bottom."""

    first: str
    second: str
    side: str


Rule = Count | Beside


@dataclass(frozen=True)
class PictureTask:
    """One prompt: its number in the whole list, the name of its task, its canvas in pixels, and its rules."""

    index: int
    task: str
    prompt: str
    width: int
    height: int
    rules: tuple[Rule, ...]
    dialect: str = "auto"

    @property
    def names(self) -> tuple[str, ...]:
        """The things that the rules speak of, each once."""
        named = (
            name
            for rule in self.rules
            for name in ((rule.name,) if isinstance(rule, Count) else (rule.first, rule.second))
        )
        return tuple(dict.fromkeys(named))


def picture_tasks(source: str, seed: int, size: tuple[int, int]) -> list[PictureTask]:
    """All prompts of ``shapes`` (by the seed), of ``lmd`` or of a file, both on canvases of that size in pixels.

    Raises RpgError for a file that cannot be read.
    """
    if source == "shapes":
        return shapes_tasks(seed)
    return lmd_tasks(size) if source == "lmd" else file_tasks(Path(source), size)


def digest(tasks: Sequence[PictureTask]) -> str:
    """Tells lists of prompts apart: 16 hexadecimal digits."""
    return hashlib.sha256(json.dumps([asdict(task) for task in tasks]).encode()).hexdigest()[:16]


def spread(tasks: Sequence[PictureTask], limit: int | None) -> list[PictureTask]:
    """So many of the prompts, spread evenly over the tasks and within each; all of them without a limit."""
    names = list(dict.fromkeys(task.task for task in tasks))
    chosen: list[PictureTask] = []
    for number, name in enumerate(names):
        mine = [task for task in tasks if task.task == name]
        wanted = len(mine) if limit is None else limit // len(names) + (number < limit % len(names))
        share = min(wanted, len(mine))
        chosen += [mine[k * len(mine) // share] for k in range(share)]
    return chosen


def shapes_tasks(seed: int = 0) -> list[PictureTask]:
    """The four tasks in the words of the shapes model; each task draws from the seed by itself."""
    made: list[PictureTask] = []
    for name, prompts in (
        ("negation", _negation),
        ("numeracy", _numeracy),
        ("attribution", _attribution),
        ("spatial", _spatial),
    ):
        rng = random.Random(f"{name} {seed}")
        for prompt, (width, height), rules in prompts(rng):
            told = f"{prompt}, {rng.choice(list(BACKGROUNDS))} background"
            made.append(PictureTask(len(made), name, told, width, height, rules, SENTENCES))
    return made


_Made = Iterator[tuple[str, tuple[int, int], tuple[Rule, ...]]]


def _negation(rng: random.Random) -> _Made:
    """Four shapes of any colour and six coloured ones that must not be there, ten times each, beside another shape."""
    unwanted = [*SHAPES, *_kinds(rng)[: EACH // 10 - len(SHAPES)]]
    for name in unwanted:
        for _ in range(10):
            shape = rng.choice([shape for shape in SHAPES if not name.endswith(shape)])
            shown = many(f"{rng.choice(list(COLOURS))} {shape}", 1)
            yield f"{shown} without {name}s", _ONE_THING, (Count(name, 0, 0),)


def _numeracy(rng: random.Random) -> _Made:
    for number, word in enumerate(NUMBERS, 1):
        for name in _kinds(rng):
            for _ in range(2):
                yield f"{word} {name}{'s' * (number > 1)}", _COUNTED, (Count(name, number, number),)


def _attribution(rng: random.Random) -> _Made:
    for _ in range(EACH):
        one, two = _pair(rng)
        yield f"{many(one, 1)} and {many(two, 1)}", _SIDE_BY_SIDE, (Count(one), Count(two))


def _spatial(rng: random.Random) -> _Made:
    for _ in range(EACH // len(SIDES)):
        for here, there in SIDES:
            one, two = _pair(rng)
            across = here in ("left", "right")
            word, canvas = ("on", _SIDE_BY_SIDE) if across else ("at", _ONE_ABOVE_THE_OTHER)
            told = f"{many(one, 1)} {word} the {here} and {many(two, 1)} {word} the {there}"
            yield told, canvas, (Beside(one, two, here),)


def _kinds(rng: random.Random) -> list[str]:
    """Ten kinds of things, of each colour one; the shapes in turn."""
    colours = rng.sample(list(COLOURS), len(COLOURS))
    return [f"{colour} {SHAPES[number % len(SHAPES)]}" for number, colour in enumerate(colours)]


def _pair(rng: random.Random) -> tuple[str, str]:
    """Two things that differ in colour and in shape."""
    colours, shapes = rng.sample(list(COLOURS), 2), rng.sample(SHAPES, 2)
    return f"{colours[0]} {shapes[0]}", f"{colours[1]} {shapes[1]}"


def lmd_tasks(size: tuple[int, int]) -> list[PictureTask]:
    """LMD's 400 prompts, in their order."""
    return [
        PictureTask(index, question.task, question.prompt, *size, _rules_of(question))
        for index, question in enumerate(questions())
    ]


def _rules_of(question: Question) -> tuple[Rule, ...]:
    if question.task in ("negation", "numeracy"):
        return (Count(question.objects[0], question.number, question.number),)
    if question.task == "attribution":
        pairs = zip(question.colours, question.objects, strict=True)
        return tuple(Count(f"{colour} {thing}") for colour, thing in pairs)
    return (Beside(question.objects[0], question.objects[1], question.sides[0]),)


def file_tasks(path: Path, size: tuple[int, int]) -> list[PictureTask]:
    """The prompts of a file, in its order: lines of JSON as GenEval has them, or lines of text.

    A line of text is of the task that the file is named after. Raises RpgError, with the line, for what is neither.
    """
    place = f"--tasks {show_path(path)}"
    made: list[PictureTask] = []
    for number, line in enumerate(read_text(path, MAX_FILE, place).splitlines(), 1):
        if not line.strip():
            continue
        if len(made) == MAX_TASKS:
            refuse(place, f"it has more than {MAX_TASKS} prompts", "split it")
        with at(f"{place}, line {number}"):
            if line.lstrip().startswith("{"):
                task, prompt, rules = _geneval(read_json(line, "line"))
            else:
                prompt = check_text(line, "prompt", MAX_PROMPT)
                task, rules = path.stem, rules_of_text(prompt)
        made.append(PictureTask(len(made), task, prompt, *size, rules))
    if not made:
        refuse(place, "it has no prompt", "give a file with one on each line")
    return made


def _geneval(document: Any) -> tuple[str, str, tuple[Rule, ...]]:
    """The tag, prompt and rules of a line of GenEval's metadata.

    A colour is part of the name that is looked for; GenEval asks CLIP for it. Places are compared by their centres
    alone; GenEval wants them apart by a part of the things' sizes.
    """
    tag = check_text(document.get("tag"), "tag", 100, needed=True)
    prompt = check_text(document.get("prompt"), "prompt", MAX_PROMPT, needed=True)
    wanted = check_items(document.get("include", []), "include", dict, 64)
    unwanted = check_items(document.get("exclude", []), "exclude", dict, 64)
    names = [_class_of(each, f"include[{number}]") for number, each in enumerate(wanted)]
    rules: list[Rule] = []
    for number, (name, each) in enumerate(zip(names, wanted, strict=True)):
        rules.append(Count(name, check_whole(each.get("count", 1), f"include[{number}].count", 1, MAX_COUNT)))
        if position := each.get("position"):
            place = f"include[{number}].position"
            told, other = (*check_items(position, place, object, 2), None)[:2]
            words = check_choice(told, place, ("left of", "right of", "above", "below"))
            side = words.removesuffix(" of")
            rules.append(Beside(name, names[check_whole(other, place, 0, len(names) - 1)], _SIDE_OF.get(side, side)))
    for number, each in enumerate(unwanted):
        place = f"exclude[{number}]"
        rules.append(Count(_class_of(each, place), 0, check_whole(each.get("count", 1), place, 1, MAX_COUNT) - 1))
    return tag, prompt, tuple(rules)


def _class_of(document: dict[str, Any], place: str) -> str:
    name = check_text(document.get("class"), f"{place}.class", 200, needed=True)
    colour = check_text(document.get("color", ""), f"{place}.color", 200)
    return f"{colour} {name}".strip()


def rules_of_text(prompt: str) -> tuple[Rule, ...]:
    """What a prompt asks for, if it says nothing but that, in one of two forms; else no rule.

    Things with articles or numbers: "two dogs and a red bench". A thing beside another: "a cat on the left of a lamp".
    A number is exact, and "a" is at least one.
    """
    text = prompt.strip().rstrip(".").lower().removeprefix(PREFIX)
    if match := _PLACED.fullmatch(text):
        one, side, line, two = match.groups()
        return (Beside(without_article(one), without_article(two), side or _SIDE_OF[line]),)
    return _counted_rules(text) if _LIST.fullmatch(text) else ()


def _counted_rules(text: str) -> tuple[Rule, ...]:
    rules = []
    for part in _PARTING.split(text):
        word = part.split()[0]
        name, number = counted(part)
        if word in _NUMBERS and number != _NUMBERS.index(word) + 1:
            return ()  # what is counted could not be made out: show no rule rather than a wrong one
        rules.append(Count(name, number, number if word in _NUMBERS else None))
    return tuple(rules)
