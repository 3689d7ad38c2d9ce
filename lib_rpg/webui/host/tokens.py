"""Counts a prompt's tokens with the loaded text encoder of AUTOMATIC1111's WebUI."""

from __future__ import annotations

import weakref
from typing import Any

from modules import prompt_parser
from modules.sd_hijack import model_hijack

from lib_rpg.keywords import NETWORK_TAG

_STEPS = 100
"""Of a schedule such as "[a:b:0.5]"; in so many steps each of its texts has its turn."""

_MAX_KEPT = 1000


class TokenCounts:
    """Remembers what it counted, by text encoder and text, as long as the encoder lives: it keeps none in memory."""

    def __init__(self) -> None:
        self._known: weakref.WeakKeyDictionary[Any, dict[str, int]] = weakref.WeakKeyDictionary()

    def count(self, text: str) -> int | None:
        """As `lib_rpg.webui.host.interface.Host.token_count`."""
        encoder = model_hijack.clip
        if encoder is None:
            return None
        known = self._known.setdefault(encoder, {})
        if text not in known:
            if len(known) >= _MAX_KEPT:
                known.clear()
            known[text] = max(int(model_hijack.get_prompt_lengths(part)[0]) for part in _parts(text))
        return known[text]


def _parts(text: str) -> list[str]:
    """The texts that the steps of a sampling have, without the tags of extra networks, which are no words."""
    bare = NETWORK_TAG.sub("", text)
    try:
        (schedule,) = prompt_parser.get_learned_conditioning_prompt_schedules([bare], _STEPS)
    except Exception:  # while it is typed, a text may be malformed: "[a:b"
        return [bare]
    return [part for _, part in schedule]
