"""The plan that a model's answer holds while it is still being written."""

from __future__ import annotations

from typing import Any

from lib_rpg.errors import RpgError
from lib_rpg.planner import PlanRequest
from lib_rpg.planner.llm.answers import MAX_ANSWER, parse_answer

_CLOSES = {"{": "}", "[": "]"}


def growing_plan(answer: str, request: PlanRequest) -> dict[str, Any] | None:
    """The document of as much of a plan as the answer has yet, None while that is no region."""
    if len(answer) > MAX_ANSWER or not (whole := _closed(answer)):
        return None
    try:
        return parse_answer(whole, request).to_dict()
    except RpgError:
        return None


def _closed(answer: str) -> str:
    """The answer's JSON up to the end of its last whole object, with all that is open closed; blank without one."""
    open_marks: list[str] = []
    closed, in_string, escaped = "", False, False
    start = max(answer.find("{"), 0)
    for position in range(start, len(answer)):
        character = answer[position]
        if in_string:
            in_string = character != '"' or escaped
            escaped = character == "\\" and not escaped
        elif character == '"':
            in_string = True
        elif character in _CLOSES:
            open_marks.append(_CLOSES[character])
        elif open_marks and character == open_marks[-1]:
            open_marks.pop()
            if character == "}":
                closed = answer[start : position + 1] + "".join(reversed(open_marks))
    return closed
