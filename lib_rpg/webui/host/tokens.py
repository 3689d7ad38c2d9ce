"""A prompt's tokens, as the loaded text encoder of AUTOMATIC1111's WebUI has them, and what CLIP makes of a phrase."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from typing import Any

import torch
from modules import devices, prompt_parser
from torch import Tensor

from lib_rpg.checks import refuse
from lib_rpg.keywords import NETWORK_TAG

_STEPS = 100
"""Of a schedule such as "[a:b:0.5]"; in so many steps each of its texts has its turn."""

_MAX_KEPT = 1000


class TokenCounts:
    """Remembers what it counted, by text encoder and text, as long as the encoder lives: it keeps none in memory."""

    def __init__(self) -> None:
        self._known: weakref.WeakKeyDictionary[Any, dict[str, int]] = weakref.WeakKeyDictionary()

    def count(self, text: str, encoder: Any, lengths: Callable[[str], Sequence[int]]) -> int | None:
        """As `lib_rpg.webui.host.interface.Host.token_count`; ``lengths`` gives a text's tokens first, by that encoder,
        which is None while there is none."""
        if encoder is None:
            return None
        known = self._known.setdefault(encoder, {})
        if text not in known:
            if len(known) >= _MAX_KEPT:
                known.clear()
            known[text] = max(int(lengths(part)[0]) for part in _parts(text))
        return known[text]


def tokens_of(text: str, encoder: Any) -> list[tuple[int, int]]:
    """As `lib_rpg.webui.host.interface.Host.token_ids`, by an encoder that cuts texts into chunks of 75."""
    chunks: Sequence[Any] = encoder.process_texts([text])[0][0]
    found: list[tuple[int, int]] = []
    length = 0
    for chunk in chunks:
        filling = chunk.tokens[-1]
        found += [(length + i, int(token)) for i, token in enumerate(chunk.tokens) if i and token != filling]
        length += len(chunk.tokens)
    return found


def phrase_embeddings(sd_model: Any, texts: Sequence[str]) -> Tensor:
    """As `lib_rpg.webui.host.interface.Host.phrase_embeddings`: emphasis and what is beyond 75 tokens are left out."""
    encoder = getattr(sd_model, "cond_stage_model", None)
    clip = getattr(getattr(encoder, "wrapped", None), "transformer", None)  # OpenCLIP's has another name
    if encoder is None or clip is None:
        refuse("GLIGEN", "the loaded checkpoint has no text encoder of SD 1.x", "load an SD 1.x checkpoint")
    chunks = [chunks[0] for chunks in encoder.process_texts(list(texts))[0]]
    encoder.hijack.fixes = [getattr(chunk, "fixes", []) for chunk in chunks]  # the WebUI's embeddings
    try:
        with torch.no_grad(), devices.autocast():
            tokens = torch.asarray([chunk.tokens for chunk in chunks]).to(devices.device)
            return clip(input_ids=tokens).pooler_output.float().cpu()
    finally:
        encoder.hijack.fixes = None


def _parts(text: str) -> list[str]:
    """The texts that the steps of a sampling have, without the tags of extra networks, which are no words."""
    bare = NETWORK_TAG.sub("", text)
    try:
        (schedule,) = prompt_parser.get_learned_conditioning_prompt_schedules([bare], _STEPS)
    except Exception:  # while it is typed, a text may be malformed: "[a:b"
        return [bare]
    return [part for _, part in schedule]
