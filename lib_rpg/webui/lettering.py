"""Text on pictures."""

from __future__ import annotations

from typing import Any


def fitted(text: str, width: float, pen: Any, font: Any) -> str:
    """The text, cut short with an ellipsis to ``width`` pixels as ``pen`` (Pillow's ImageDraw) draws it; at least one
    character of it."""
    while len(text) > 1 and pen.textlength(text, font=font) > width:
        text = text.removesuffix("…")[:-1].rstrip() + "…" if len(text) > 2 else text[:1]
    return text
