"""Recordings on disk: ``NAME.json`` with request and infotexts, ``NAME-0.png`` and on, ``host.json`` about the host."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tests.contract.client import Client, Drawn, encoded, pixels_of
from tests.contract.host import CHECKPOINT

FOLDER = Path(__file__).resolve().parent / "recordings"
ABOUT = "host.json"


@dataclass(frozen=True)
class Recording:
    """What a host drew for a request. ``pixels`` is (pictures, height, width, 3), uint8."""

    request: dict[str, Any]
    infotexts: list[str]
    pixels: np.ndarray


def names() -> list[str]:
    """The recordings there are."""
    return sorted(path.stem for path in FOLDER.glob("*.json") if path.name != ABOUT)


def load(name: str) -> Recording:
    document = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    pngs = [(FOLDER / f"{name}-{i}.png").read_bytes() for i in range(len(document["infotexts"]))]
    return Recording(document["request"], document["infotexts"], np.stack([pixels_of(png) for png in pngs]))


def save(folder: Path, name: str, request: dict[str, Any], drawn: Drawn) -> None:
    document = {"request": request, "infotexts": drawn.infotexts}
    text = json.dumps(document, indent=1, ensure_ascii=False)
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    for i, png in enumerate(drawn.pngs):
        (folder / f"{name}-{i}.png").write_bytes(png)


def draw(host: Client, request: dict[str, Any], folder: Path = FOLDER) -> Drawn:
    """Have the host draw a recorded request; an img2img one starts from another recording in ``folder``."""
    request = dict(request)
    source = request.pop("init_of", None)
    if source is None:
        return host.generate("txt2img", request)
    init = encoded((folder / f"{source}-0.png").read_bytes())
    return host.generate("img2img", {**request, "init_images": [init]})


def checkpoint_sha256() -> str:
    return hashlib.sha256(CHECKPOINT.read_bytes()).hexdigest()


def comparable(infotext: str) -> str:
    """An infotext without what names the release and the file's hash."""
    return re.sub(r"(, )?(Version|Model hash): [^,\n]*", "", infotext)
