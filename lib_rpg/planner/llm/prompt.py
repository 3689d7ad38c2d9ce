"""From a request to the chat that a model is sent: a template, worked examples as turns, and the user's caption.

Templates and example sets are files: those in ``templates/`` beside this module, and the user's own in a folder of the
same shape, whose files win over ours by name. A template is text with ``{{width}}``, ``{{height}}``, ``{{shape}}``,
``{{recaption}}``, ``{{language}}`` and ``{{picture}}``; an example set is a JSON list such as
``templates/examples/objects.json``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lib_rpg.checks import check_items, check_keys, check_text, check_whole, read_json, refuse, show
from lib_rpg.errors import RpgError
from lib_rpg.files import FileError, expand, file_names, read_text, show_path
from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import tokenise
from lib_rpg.planner.llm.chat import Message
from lib_rpg.planner.offline import plan_offline
from lib_rpg.planner.request import PlanRequest

TEMPLATES = Path(__file__).parent / "templates"
MAX_TEMPLATE = 100_000
MAX_EXAMPLES = 20

_RICH = "Write it richly, in ten to forty words: looks, material, light, pose, true to the caption."
_PLAIN = "Keep the caption's own words for it and add none."
_LANGUAGE = "Write the prompts in {}, whatever language the caption is in.\n"
_PICTURE = "A picture comes with the last caption: where the caption leaves looks and places open, take them from it.\n"
_MAX_NAME = 100
_MOST_NAMED = 20
_FEW_KINDS = 3  # that may have many attributes
_MUCH_SAID = 4.5  # words and commas for each kind
_EXAMPLE_KEYS = ("prompt", "width", "height", "reasoning", "base_prompt", "negative_prompt", "rows")
_CELL_KEYS = ("width", "name", "prompt", "plain", "entities")


def messages_for(request: PlanRequest, folder: Path | None = None) -> tuple[Message, ...]:
    """The chat that asks for a plan. Raises RpgError for an unknown example set or a malformed user's file."""
    if folder is not None:
        _own_sets(folder)  # a folder that is not there is told, not stepped over
    name = choose_examples(request.prompt) if request.examples == "auto" else request.examples
    turns = [Message("system", _instruction(request, folder))]
    for example in read_examples(name, folder):
        turns.append(Message("user", _caption(example["prompt"], example["width"], example["height"])))
        answer = example_answer(example, request.method, request.recaption)
        turns.append(Message("assistant", json.dumps(answer, ensure_ascii=False)))
    turns.append(Message("user", _caption(request.prompt.strip(), request.width, request.height)))
    return tuple(turns)


def as_text(messages: Sequence[Message]) -> str:
    """A chat as one text, to be pasted into a chat page."""
    system, *turns = messages
    parts = [system.text]
    for number, turn in enumerate(turns[:-1]):
        parts.append(f"Example {number // 2 + 1}. {turn.text}" if turn.role == "user" else turn.text)
    return "\n\n".join([*parts, f"Now the caption to plan. {turns[-1].text}"])


def choose_examples(prompt: str) -> str:
    """Which of our example sets suits a prompt: a few things of which much is said, many things, or a landscape."""
    words = [lex.singular(token.low) for token in tokenise(prompt)]
    plan = plan_offline(PlanRequest(prompt))
    entities = [entity for region in plan.regions for entity in region.entities]
    if sum(word in lex.SCENE_WORDS for word in words) > len(entities) // 2:
        return "scene"
    kinds = {entity.phrase.lower() for entity in entities}
    return "attributes" if len(kinds) <= _FEW_KINDS and len(words) >= _MUCH_SAID * len(kinds) else "objects"


def example_sets(folder: Path | None = None) -> list[str]:
    """The names of all example sets, the user's own included, in order. Raises RpgError if they cannot be listed."""
    ours = file_names(TEMPLATES / "examples", ".json", "the example sets")
    return sorted({*ours, *_own_sets(folder)})


def check_examples(name: str, folder: Path | None = None) -> None:
    """Raises RpgError if there is no example set of that name."""
    if name == "auto":
        return
    known = example_sets(folder)
    if name not in known:
        more = ", …" if len(known) > _MOST_NAMED else ""
        listed = ", ".join(known[:_MOST_NAMED])
        raise RpgError(f"examples: {show(name)} is not known; use auto or one of {listed}{more}")


def read_examples(name: str, folder: Path | None = None) -> list[dict[str, Any]]:
    """The worked examples of a set. Raises RpgError if there is none of that name, or naming the place of a fault."""
    check_examples(name, folder)
    file = f"{name}.json"
    document = read_json(_read(f"examples/{file}", folder), f"example set {file}")
    examples = check_items(document, file, object, MAX_EXAMPLES)
    return [_check_example(example, f"{file}[{index}]") for index, example in enumerate(examples)]


def example_answer(example: Mapping[str, Any], method: str, recaption: bool) -> dict[str, Any]:
    """What a model should answer to an example's caption, in the form of `schema.answer_schema`."""
    head = {key: example[key] for key in ("reasoning", "base_prompt", "negative_prompt")}
    words = "prompt" if recaption else "plain"
    cells = [cell for row in example["rows"] for cell in row["cells"]]
    if method == "lmd":
        regions = [
            {"name": cell["name"], "prompt": cell[words], "percent": entity["percent"]}
            for cell in cells
            for entity in cell["entities"]
        ]
        return {**head, "regions": regions}
    keys = ("phrase", "count", "percent") if method == "rag" else ("phrase", "count")
    rows = [
        {
            "height": row["height"],
            "cells": [
                {
                    "width": cell["width"],
                    "name": cell["name"],
                    "prompt": cell[words],
                    "entities": [{key: entity[key] for key in keys} for entity in cell["entities"]],
                }
                for cell in row["cells"]
            ],
        }
        for row in example["rows"]
    ]
    return {**head, "rows": rows}


def shape_of(width: int, height: int) -> str:
    """A canvas in words, for a model."""
    if width > height * 1.7:
        return "a wide panorama"
    if width > height * 1.1:
        return "landscape format"
    if height > width * 1.1:
        return "upright format"
    return "square"


def _instruction(request: PlanRequest, folder: Path | None) -> str:
    values = {
        "width": str(request.width),
        "height": str(request.height),
        "shape": shape_of(request.width, request.height),
        "recaption": _RICH if request.recaption else _PLAIN,
        "language": _LANGUAGE.format(request.language) if request.language else "",
        "picture": _PICTURE if request.picture else "",
    }
    template = _read(f"{request.method}.md", folder)
    return re.sub(r"\{\{(\w+)\}\}", lambda match: values.get(match[1], match[0]), template).strip()


def _caption(prompt: str, width: int, height: int) -> str:
    return f"Caption ({width} × {height}): {prompt}"


def _own_sets(folder: Path | None) -> list[str]:
    if folder is None:
        return []
    what = f"the folder of templates {show_path(folder)}"
    folder = expand(folder, what)
    try:
        names = file_names(folder / "examples", ".json", what)
    except FileError as error:
        if not error.missing:
            raise
        file_names(folder, ".md", what)  # says what is wrong with the folder itself
        return []
    return [name for name in names if len(name) <= _MAX_NAME]


def _read(name: str, folder: Path | None) -> str:
    """The text of the user's own file of that name, or of ours where the user has none."""
    what = f"the template {name.rpartition('/')[2]}"
    text = None
    if folder is not None:
        try:
            text = read_text(expand(folder, what) / name, 4 * MAX_TEMPLATE, what)
        except FileError as error:
            if not error.missing:
                raise
    if text is None:
        text = read_text(TEMPLATES / name, 4 * MAX_TEMPLATE, what)
    if len(text) > MAX_TEMPLATE:
        raise RpgError(f"{what} has more than {MAX_TEMPLATE} characters; shorten it")
    return text


def _check_example(document: object, place: str) -> dict[str, Any]:
    example = check_keys(document, place, _EXAMPLE_KEYS)
    for key in ("prompt", "reasoning", "base_prompt", "negative_prompt"):
        check_text(example.get(key), f"{place}.{key}", 10_000)
    for key in ("width", "height"):
        check_whole(example.get(key), f"{place}.{key}", 1, 16_384)
    for r, row in enumerate(check_items(example.get("rows"), f"{place}.rows", dict, 12)):
        check_whole(row.get("height"), f"{place}.rows[{r}].height", 1, 100)
        for c, cell in enumerate(check_items(row.get("cells"), f"{place}.rows[{r}].cells", dict, 12)):
            _check_cell(cell, f"{place}.rows[{r}].cells[{c}]")
    return example


def _check_cell(cell: dict[str, Any], place: str) -> None:
    check_keys(cell, place, _CELL_KEYS)
    check_whole(cell.get("width"), f"{place}.width", 1, 100)
    for key in ("name", "prompt", "plain"):
        check_text(cell.get(key), f"{place}.{key}", 10_000, needed=True)
    for e, entity in enumerate(check_items(cell.get("entities"), f"{place}.entities", dict, 12)):
        where = f"{place}.entities[{e}]"
        check_keys(entity, where, ("phrase", "count", "percent"))
        check_text(entity.get("phrase"), f"{where}.phrase", 1000, needed=True)
        check_whole(entity.get("count"), f"{where}.count", 1, 999)
        sides = check_items(entity.get("percent"), f"{where}.percent", int, 4)
        if len(sides) != 4:
            refuse(f"{where}.percent", f"{len(sides)} numbers are not [x, y, width, height]", "give four")
