"""What a picture shows, and whether that is what its prompt asks for: LMD's rules over the boxes of a detector.

Two detectors: that of the shapes model, and OWL-ViT from a folder of the user's own. A score has a name with a version:
numbers with different names are not to be compared. The rules are the same for both (`holds`):

- a thing is there so many times: as many boxes have its name, or a longer name that ends with it ("circle" is also in
  "red circle");
- a thing is beside another: both are there, and their centres are compared strictly. Of several boxes of a name, those
  with the highest score count, and where scores are equal, as the shapes detector has them, all of them must.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image

from lib_rpg.checks import refuse
from lib_rpg.files import show_path
from lib_rpg.plan import Box
from lib_rpg.planner.language.inflection import article
from sandbox.bench.picture_tasks import Beside, PictureTask, Rule
from sandbox.shapes.data import COLOURS, SHAPES
from sandbox.shapes.detector import detect

LEAST_SCORE = 0.15
MOST_OVERLAP = 0.15
"""LMD's settings of OWL-ViT for its table: scores from, and intersection over union below (B.4)."""


@dataclass(frozen=True)
class Detection:
    """A thing that was found: its name, its box (x, y, width, height in fractions), and how sure the detector is."""

    name: str
    box: Box
    score: float = 1.0

    @property
    def centre(self) -> tuple[float, float]:
        """Middle of the box."""
        x, y, width, height = self.box
        return x + width / 2, y + height / 2


class Scorer(Protocol):
    """A detector as the benchmark uses it. ``name``: the score's name and version."""

    name: str

    def knows(self, name: str) -> bool:
        """Whether it can find a thing of that name."""

    def find(self, image: Image.Image, names: Sequence[str]) -> list[Detection]:
        """What it finds in a picture; it may look for these names alone."""


def is_right(task: PictureTask, scorer: Scorer, found: Sequence[Detection]) -> bool | None:
    """Whether every rule of the task holds; None where it has none, or the detector does not know its things."""
    if not task.rules or not all(map(scorer.knows, task.names)):
        return None
    return all(holds(rule, found) for rule in task.rules)


def holds(rule: Rule, found: Sequence[Detection]) -> bool:
    """Whether what was found meets one rule."""
    if not isinstance(rule, Beside):
        number = len(_named(rule.name, found))
        return number >= rule.least and (rule.most is None or number <= rule.most)
    axis = 0 if rule.side in ("left", "right") else 1
    one, two = (_surest(_named(name, found)) for name in (rule.first, rule.second))
    before, behind = (one, two) if rule.side in ("left", "top") else (two, one)
    if not before or not behind:
        return False
    return max(each.centre[axis] for each in before) < min(each.centre[axis] for each in behind)


def _named(name: str, found: Iterable[Detection]) -> list[Detection]:
    return [each for each in found if each.name == name or each.name.endswith(f" {name}")]


def _surest(found: Sequence[Detection]) -> list[Detection]:
    highest = max((each.score for each in found), default=0.0)
    return [each for each in found if each.score == highest]


class ShapesScorer:
    """The shapes model's detector: every thing with its colour and shape. It does not say how sure it is."""

    name = "shapes-1"

    def knows(self, name: str) -> bool:
        *colour, shape = name.split()
        return shape in SHAPES and (not colour or (len(colour) == 1 and colour[0] in COLOURS))

    def find(self, image: Image.Image, names: Sequence[str]) -> list[Detection]:
        return [Detection(f"{thing.colour} {thing.shape}", thing.box) for thing in detect(image)]


class OwlVitScorer:
    """OWL-ViT with LMD's settings: queries "a photo of a …", scores from 0.15, class-aware suppression at 0.15.

    ``folder``: a model as `save_pretrained` writes it, such as a copy of google/owlvit-base-patch32; nothing is
    downloaded. Raises RpgError if there is none, or the package transformers is missing.
    """

    name = "owlvit-lmd-1"

    def __init__(self, folder: Path) -> None:
        # transformers takes a name that is no folder for one to be downloaded.
        if not (folder / "config.json").is_file():
            refuse(f"--owl-vit {show_path(folder)}", "there is no model", "give the folder of an OWL-ViT")
        try:
            from transformers import OwlViTForObjectDetection, OwlViTProcessor
        except ImportError:
            refuse("--owl-vit", "the package transformers is missing", "install it: pip install transformers")
        import torch

        device = "cuda" if torch.cuda.is_available() else "cpu"
        try:
            self._processor = OwlViTProcessor.from_pretrained(str(folder), local_files_only=True)
            model = OwlViTForObjectDetection.from_pretrained(str(folder), local_files_only=True)
        except (OSError, ValueError, KeyError, TypeError) as error:
            refuse(
                f"--owl-vit {show_path(folder)}",
                f"no OWL-ViT can be loaded from there ({type(error).__name__})",
                "give a whole copy of google/owlvit-base-patch32 or one like it",
            )
        self._model = model.to(device).eval()
        self._device = device

    def knows(self, name: str) -> bool:
        return bool(name)

    def find(self, image: Image.Image, names: Sequence[str]) -> list[Detection]:
        if not names:
            return []
        import torch

        queries = [f"a photo of {article(name)} {name}" for name in names]
        inputs = self._processor(text=[queries], images=image.convert("RGB"), return_tensors="pt", truncation=True).to(
            self._device
        )
        with torch.no_grad():
            answer = self._model(**inputs)
        scores, labels = answer.logits[0].float().sigmoid().max(-1)
        # The model's boxes have their middle and their sides, in fractions of the picture.
        middle, sides = answer.pred_boxes[0].float().cpu().numpy().reshape(-1, 2, 2).swapaxes(0, 1)
        boxes = np.concatenate([middle - sides / 2, sides], 1)
        return surest_of_each(boxes, scores.cpu().numpy(), labels.cpu().numpy(), names)


def surest_of_each(boxes: np.ndarray, scores: np.ndarray, labels: np.ndarray, names: Sequence[str]) -> list[Detection]:
    """LMD's choice among a detector's boxes (n, 4: x, y, width, height), scores (n,) and labels (n,), by B.4.

    Only scores of at least `LEAST_SCORE`; of each label, from the highest score down, those that overlap none that was
    taken by `MOST_OVERLAP` or more.
    """
    found = []
    for label, name in enumerate(names):
        taken: list[np.ndarray] = []
        mine = np.flatnonzero((labels == label) & (scores >= LEAST_SCORE))
        for index in mine[np.argsort(-scores[mine], kind="stable")]:
            if all(overlap(boxes[index], other) < MOST_OVERLAP for other in taken):
                taken.append(boxes[index])
                x, y, width, height = (float(side) for side in boxes[index])
                found.append(Detection(name, (x, y, width, height), float(scores[index])))
    return found


def overlap(one: Sequence[float] | np.ndarray, two: Sequence[float] | np.ndarray) -> float:
    """Intersection over union of two boxes (x, y, width, height)."""
    width = min(one[0] + one[2], two[0] + two[2]) - max(one[0], two[0])
    height = min(one[1] + one[3], two[1] + two[3]) - max(one[1], two[1])
    shared = max(0.0, width) * max(0.0, height)
    union = one[2] * one[3] + two[2] * two[3] - shared
    return float(shared / union) if union > 0 else 0.0
