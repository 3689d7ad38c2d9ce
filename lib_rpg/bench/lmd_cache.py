"""Reads LMD's published cache files: ``cache_{type}_{template}_{model}.json`` holds ``{prompt: [response, …]}``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lib_rpg.checks import at, read_json, refuse, show
from lib_rpg.errors import RpgError
from lib_rpg.files import read_file
from lib_rpg.plan import MAX_PROMPT, Plan, Source
from lib_rpg.planner.llm.answers.parser import parse_answer
from lib_rpg.planner.request import PlanRequest

MAX_FILE = 20_000_000
MAX_RESPONSES = 20_000


def read_lmd_cache(path: Path | str) -> dict[str, tuple[Plan, ...]]:
    """Read every response of a cache file of at most `MAX_FILE` bytes; the plans are marked as cached.

    A prompt's plans are in the order of its responses. Raises RpgError for a file that cannot be read, and for the
    first response that makes no plan, with its prompt.
    """
    path = Path(path)
    model = path.stem.rpartition("_")[2]
    place = f"the cache {path.name!r}"
    plans: dict[str, tuple[Plan, ...]] = {}
    total = 0
    for prompt, responses in _read_document(path, place).items():
        if not prompt.strip() or len(prompt) > MAX_PROMPT:
            refuse(place, f"{show(prompt)} is not a prompt", "remove it")
        if not isinstance(responses, list):
            refuse(f"{place}, {show(prompt)}", f"{show(responses)} is not a list of responses", "correct it")
        total += len(responses)
        if total > MAX_RESPONSES:
            refuse(place, f"it has more than {MAX_RESPONSES} responses", "split it")
        request = PlanRequest(prompt, method="lmd")
        read = []
        for index, response in enumerate(responses, 1):
            with at(f"{place}, {show(prompt)}, response {index}"):
                source = Source("lmd", model=model, cached=True)
                read.append(parse_answer(response, request, source=source))
        plans[prompt] = tuple(read)
    return plans


def _read_document(path: Path, place: str) -> dict[str, Any]:
    try:
        text = read_file(path, MAX_FILE, place, pipes=True).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RpgError(f"{place} is not a text file in UTF-8; save it as one") from None
    document = read_json(text, f"cache {path.name!r}")
    if not isinstance(document, dict):
        refuse(place, f"{show(document)} is not an object of prompts", "give a cache file of LMD")
    return document
