"""Worked examples: which set suits a prompt, its JSON read strictly, and the answer that a model should give to each.

An example set is a JSON list such as ``templates/examples/objects.json``. An example may say
which dialect it is for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lib_rpg.checks import check_choice, check_items, check_keys, check_text, check_whole, read_json, refuse, show
from lib_rpg.errors import RpgError
from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.dialect import SENTENCES, TAGS
from lib_rpg.planner.language.inflection import singular
from lib_rpg.planner.language.prompt_tokens import tokenise
from lib_rpg.planner.llm.template_files import example_sets, read_template
from lib_rpg.planner.offline import plan_offline
from lib_rpg.planner.request import PlanRequest

MAX_EXAMPLES = 20
_MOST_NAMED = 20
_FEW_KINDS = 3  # that may have many attributes
_MANY_WORDS = 4.5  # words and commas for each kind
_EXAMPLE_KEYS = ("prompt", "width", "height", "reasoning", "base_prompt", "negative_prompt", "rows")
_DIALECT = "dialect"
_CELL_KEYS = ("width", "name", "prompt", "plain", "entities")


def choose_examples(prompt: str) -> str:
    """Which of our example sets suits a prompt: ``attributes`` for few things with many attributes, ``objects`` for
    many things, ``scene`` for a landscape."""
    words = [singular(token.low) for token in tokenise(prompt)]
    plan = plan_offline(PlanRequest(prompt))
    entities = [entity for region in plan.regions for entity in region.entities]
    if sum(word in lex.SCENE_WORDS for word in words) > len(entities) // 2:
        return "scene"
    kinds = {entity.phrase.lower() for entity in entities}
    return "attributes" if len(kinds) <= _FEW_KINDS and len(words) >= _MANY_WORDS * len(kinds) else "objects"


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
    """The worked examples of a set. Raises RpgError for an unknown name, and with the place of a fault."""
    check_examples(name, folder)
    file = f"{name}.json"
    document = read_json(read_template(f"examples/{file}", folder), f"example set {file}")
    examples = check_items(document, file, object, MAX_EXAMPLES)
    return [_check_example(example, f"{file}[{index}]") for index, example in enumerate(examples)]


def examples_in(dialect: str, examples: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The examples of that dialect and those that name none; all of them where that leaves none."""
    return [example for example in examples if example.get(_DIALECT, dialect) == dialect] or list(examples)


def example_answer(example: Mapping[str, Any], method: str, recaption: bool) -> dict[str, Any]:
    """What a model should answer to an example's caption, in the form of `lib_rpg.planner.llm.answer_schema`."""
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
    rows = [
        {
            "height": row["height"],
            "cells": [
                {
                    "width": cell["width"],
                    "name": cell["name"],
                    "prompt": cell[words],
                    "entities": [_entity_answer(entity, cell, method) for entity in cell["entities"]],
                }
                for cell in row["cells"]
            ],
        }
        for row in example["rows"]
    ]
    return {**head, "rows": rows}


def _entity_answer(entity: Mapping[str, Any], cell: Mapping[str, Any], method: str) -> dict[str, Any]:
    """An entity as a model should write it; the words of the only thing in a cell are the cell's plain ones."""
    answer = {key: entity[key] for key in ("phrase", "count")}
    if method != "rag":
        return answer
    alone = len(cell["entities"]) == 1
    own = entity.get("prompt") or (cell["plain"] if alone else entity["phrase"])
    return {**answer, "prompt": own, "percent": entity["percent"]}


def _check_example(document: object, place: str) -> dict[str, Any]:
    example = check_keys(document, place, (*_EXAMPLE_KEYS, _DIALECT))
    if _DIALECT in example:
        check_choice(example[_DIALECT], f"{place}.{_DIALECT}", (SENTENCES, TAGS))
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
        check_keys(entity, where, ("phrase", "count", "prompt", "percent"))
        check_text(entity.get("phrase"), f"{where}.phrase", 1000, needed=True)
        check_text(entity.get("prompt", ""), f"{where}.prompt", 1000)
        check_whole(entity.get("count"), f"{where}.count", 1, 999)
        sides = check_items(entity.get("percent"), f"{where}.percent", int, 4)
        if len(sides) != 4:
            refuse(f"{where}.percent", f"{len(sides)} numbers are not [x, y, width, height]", "give four")
