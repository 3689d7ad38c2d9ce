"""What the panel's script asks for by name, over one hidden button: JSON there and back (javascript/rpg_server.js)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from lib_rpg.errors import RpgError
from lib_rpg.webui.panel.view import sentence_of


class Calls:
    """The answers by name: functions of keywords, whose results are plain values."""

    def __init__(self, answers: Mapping[str, Callable[..., Any]]) -> None:
        self._answers = answers

    def answer(self, text: str) -> str:
        """The answer to a call: JSON of ``id``, and ``result``, or ``error`` as one sentence. Raises nothing."""
        number = None
        try:
            call = json.loads(text)
            number = call["id"]
            if call["name"] not in self._answers:
                raise RpgError(f"The panel asked for {str(call['name'])[:80]!r}, which is unknown; reload the page")
            answer = {"id": number, "result": self._answers[call["name"]](**call["data"])}
            return json.dumps(answer, ensure_ascii=False)
        except Exception as error:
            return json.dumps({"id": number, "error": sentence_of(error)}, ensure_ascii=False)
