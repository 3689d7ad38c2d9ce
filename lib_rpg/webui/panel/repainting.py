"""A picture of the page that is to be repainted: it is kept under its hash, which the panel's document then names."""

from __future__ import annotations

from typing import Any

from lib_rpg.repainting import pixels
from lib_rpg.webui import settings
from lib_rpg.webui.repaint import known_of


def keep_picture(picture: str) -> dict[str, Any]:
    """Keep a picture file, given in base64, where it has no trace yet: its hash, and a sentence on what is known of it.

    Raises RpgError for what is no picture, and where it cannot be kept.
    """
    opened, store = pixels.read_picture(picture), settings.trace_store()
    name = pixels.hash_of(opened)
    trace = store.get(name)
    if trace is None:
        store.put(name, known_of(opened))
    known = trace is not None and bool(trace.passes)
    sentence = "" if known else "It has no trace of its steps, so that the part is drawn as by inpainting."
    return {"picture": name, "sentence": sentence}
