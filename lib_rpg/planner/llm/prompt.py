"""From a request to the chat that a model is sent: a template, worked examples as turns, and the user's caption.

A template is text with ``{{width}}``, ``{{height}}``, ``{{shape}}``, ``{{recaption}}``, ``{{dialect}}``,
``{{language}}`` and ``{{picture}}``; see `lib_rpg.planner.llm.template_files` for where it comes from.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from lib_rpg.planner.language.dialect import SENTENCES, TAGS
from lib_rpg.planner.llm.chat import Message
from lib_rpg.planner.llm.examples import choose_examples, example_answer, examples_in, read_examples
from lib_rpg.planner.llm.template_files import own_example_sets, read_template
from lib_rpg.planner.request import PlanRequest

_RICH = {
    SENTENCES: "Write it richly, in ten to forty words: looks, material, light, pose, true to the caption.",
    TAGS: "Add three to eight tags, never prose: looks, material, light, pose, true to the caption.",
}
_PLAIN = {
    SENTENCES: "Keep the caption's own words for it and add none.",
    TAGS: "Keep the caption's own tags for it and add none but a count tag.",
}
_DIALECT = {
    SENTENCES: (
        'Write every "prompt" as a phrase or a sentence, never as a list of tags, and "base_prompt" as one sentence.\n'
    ),
    TAGS: (
        'Write every "prompt" and "base_prompt" as tags between commas in the style of the caption, never as '
        "sentences. A region of a person has its own count tag, then its own tags, as in "
        '"1girl, red hair, kimono". Every region keeps the tags of the caption that are about the whole picture, in '
        "the order of the caption: quality, score, rating and source (masterpiece, score_9), style, scene and light.\n"
    ),
}
_LANGUAGE = "Write the prompts in {}, whatever language the caption is in.\n"
_PICTURE = "A picture comes with the last caption: where the caption leaves looks and places open, take them from it.\n"


def messages_for(request: PlanRequest, folder: Path | None = None) -> tuple[Message, ...]:
    """The chat that asks for a plan. Raises RpgError for an unknown example set or a malformed user's file."""
    if folder is not None:
        own_example_sets(folder)  # a folder that is missing is an error, not an empty one
    name = choose_examples(request.prompt) if request.examples == "auto" else request.examples
    turns = [Message("system", _instruction(request, folder))]
    for example in examples_in(request.wanted_dialect, read_examples(name, folder)):
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
    dialect = request.wanted_dialect
    values = {
        "width": str(request.width),
        "height": str(request.height),
        "shape": shape_of(request.width, request.height),
        "recaption": (_RICH if request.recaption else _PLAIN)[dialect],
        "dialect": _DIALECT[dialect],
        "language": _LANGUAGE.format(request.language) if request.language else "",
        "picture": _PICTURE if request.picture else "",
    }
    template = read_template(f"{request.method}.md", folder)
    return re.sub(r"\{\{(\w+)\}\}", lambda match: values.get(match[1], match[0]), template).strip()


def _caption(prompt: str, width: int, height: int) -> str:
    return f"Caption ({width} × {height}): {prompt}"
