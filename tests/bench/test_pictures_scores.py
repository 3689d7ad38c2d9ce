"""What `bench pictures` finds in pictures and decides: LMD's rules, and OWL-ViT with a tiny model of random weights."""

import json
import sys

import numpy as np
import pytest
from PIL import Image

from lib_rpg.errors import RpgError
from sandbox.bench import picture_scores
from sandbox.bench.picture_report import wilson
from sandbox.bench.picture_scores import (
    Detection,
    OwlVitScorer,
    ShapesScorer,
    holds,
    is_right,
    overlap,
    surest_of_each,
)
from sandbox.bench.picture_tasks import Beside, Count, PictureTask
from sandbox.shapes.data import Scene, Thing, render


def at(name, x, y, score=1.0):
    return Detection(name, (x - 0.1, y - 0.1, 0.2, 0.2), score)


def test_counts():
    found = [at("cat", 0.2, 0.5), at("cat", 0.8, 0.5), at("red cup", 0.5, 0.5), at("bobcat", 0.1, 0.1)]
    assert holds(Count("cat", 2, 2), found) and holds(Count("cat"), found)
    assert not holds(Count("cat", 1, 1), found) and not holds(Count("cat", 3), found)
    assert not holds(Count("cat", 0, 0), found) and holds(Count("dog", 0, 0), found)
    assert holds(Count("cup", 1, 1), found) and not holds(Count("blue cup"), found)


@pytest.mark.parametrize(
    ("side", "one", "two"),
    [
        ("left", (0.3, 0.5), (0.5, 0.4)),
        ("right", (0.5, 0.4), (0.3, 0.5)),
        ("top", (0.5, 0.3), (0.4, 0.5)),
        ("bottom", (0.4, 0.5), (0.5, 0.3)),
    ],
)
def test_sides_by_centres(side, one, two):
    found = [at("cat", *one), at("dog", *two)]
    assert holds(Beside("cat", "dog", side), found)
    assert not holds(Beside("dog", "cat", side), found)
    level = [at("cat", 0.5, 0.5), at("dog", 0.5, 0.5)]
    assert not holds(Beside("cat", "dog", side), level)  # strictly
    assert not holds(Beside("cat", "dog", side), found[:1])  # both there


def test_of_several_the_surest_is_compared():
    found = [at("cat", 0.2, 0.5, 0.9), at("cat", 0.9, 0.5, 0.4), at("dog", 0.6, 0.5, 0.5)]
    assert holds(Beside("cat", "dog", "left"), found)
    equal = [Detection(each.name, each.box) for each in found]
    assert not holds(Beside("cat", "dog", "left"), equal)


def test_what_cannot_be_scored():
    scorer = ShapesScorer()
    assert all(map(scorer.knows, ("circle", "red ring"))) and not any(
        map(scorer.knows, ("cat", "red cat", "gray ring", "big red ring"))
    )
    ask = [PictureTask(0, "t", "p", 64, 64, rules) for rules in ((), (Count("cat"),), (Count("ring"),))]
    assert [is_right(task, scorer, []) for task in ask] == [None, None, False]


def test_shapes_are_found_by_kind():
    things = (Thing("red", "circle", 50, 64, 56), Thing("blue", "ring", 140, 64, 56))
    found = ShapesScorer().find(render(Scene(192, 128, "gray", things)), ("red circle",))
    assert [each.name for each in found] == ["red circle", "blue ring"]
    assert found[1].centre == pytest.approx((140 / 192, 0.5), abs=0.03)
    assert holds(Count("circle", 1, 1), found)


def test_lmds_choice_of_boxes():
    """By hand: of each label the best first; what overlaps one that was taken goes, but not for another label."""
    boxes = np.array(
        [[0, 0, 0.4, 0.4], [0.05, 0, 0.4, 0.4], [0.35, 0, 0.4, 0.4], [0, 0, 0.4, 0.4], [0.6, 0.6, 0.2, 0.2]]
    )
    scores, labels = np.array([0.5, 0.6, 0.3, 0.2, 0.149]), np.array([0, 0, 0, 1, 0])
    found = surest_of_each(boxes, scores, labels, ("cat", "dog"))
    # Overlaps with the best (0.05): 0.35/0.45 and 0.1/0.7 = 0.143, just below 0.15.
    assert [(each.name, each.box[0], each.score) for each in found] == [
        ("cat", 0.05, 0.6),
        ("cat", 0.35, 0.3),
        ("dog", 0, 0.2),
    ]
    assert overlap(boxes[1], boxes[2]) == pytest.approx(0.1 / 0.7) and overlap(boxes[0], boxes[4]) == 0


@pytest.mark.parametrize(
    ("right", "number", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (100, 100, 0.9630, 1.0), (0, 0, 0, 1)],
)
def test_wilsons_interval(right, number, low, high):
    """Values of Wilson's formula as tables have them."""
    assert wilson(right, number) == pytest.approx((low, high), abs=1e-4)


@pytest.fixture(scope="module")
def owl_vit(tmp_path_factory):
    """The folder of a tiny OWL-ViT with random weights, whose tokenizer knows single bytes."""
    import torch
    from transformers import (
        CLIPTokenizer,
        OwlViTConfig,
        OwlViTForObjectDetection,
        OwlViTImageProcessor,
        OwlViTProcessor,
    )
    from transformers.models.clip.tokenization_clip import bytes_to_unicode

    folder = tmp_path_factory.mktemp("owl-vit")
    letters = list(bytes_to_unicode().values())
    words = [*letters, *(f"{letter}</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    (folder / "vocab.json").write_text(json.dumps({word: number for number, word in enumerate(words)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    tokenizer = CLIPTokenizer(str(folder / "vocab.json"), str(folder / "merges.txt"), model_max_length=16)
    small = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = OwlViTConfig(
        text_config={**small, "vocab_size": len(words), "max_position_embeddings": 16},
        vision_config={**small, "image_size": 32, "patch_size": 8},
        projection_dim=16,
    )
    torch.manual_seed(0)
    OwlViTForObjectDetection(config).save_pretrained(str(folder))
    size = {"height": 32, "width": 32}
    OwlViTProcessor(OwlViTImageProcessor(size=size, crop_size=size), tokenizer).save_pretrained(str(folder))
    return folder


def test_owl_vit_asks_and_reads_as_transformers_does(owl_vit, monkeypatch):
    import torch
    from transformers import OwlViTForObjectDetection, OwlViTProcessor

    scorer = OwlVitScorer(owl_vit)
    monkeypatch.setattr(picture_scores, "LEAST_SCORE", 0.0)
    monkeypatch.setattr(picture_scores, "MOST_OVERLAP", 2.0)
    image = Image.fromarray(np.random.default_rng(0).integers(0, 255, (48, 96, 3), np.uint8))
    names = ("cat", "orange cup")
    found = scorer.find(image, names)

    processor = OwlViTProcessor.from_pretrained(str(owl_vit))
    model = OwlViTForObjectDetection.from_pretrained(str(owl_vit)).eval()
    queries = [["a photo of a cat", "a photo of an orange cup"]]
    inputs = processor(text=queries, images=image, return_tensors="pt", truncation=True)
    with torch.no_grad():
        outputs = model(**inputs)
    (said,) = processor.post_process_object_detection(outputs, 0.0, torch.tensor([[48, 96]]))
    wanted = {
        (names[label], round(float(score), 5)): box / torch.tensor([96.0, 48.0, 96.0, 48.0])
        for label, score, box in zip(said["labels"].tolist(), said["scores"], said["boxes"], strict=True)
    }
    assert len(found) == 16 == len(wanted)  # a box for each patch
    assert {(each.name, round(each.score, 5)) for each in found} == set(wanted)
    for each in found:
        x, y, width, height = each.box
        expected = wanted[each.name, round(each.score, 5)].tolist()
        assert (x, y, x + width, y + height) == pytest.approx(expected, abs=1e-4)
    assert scorer.find(image, ()) == [] and scorer.name == "owlvit-lmd-1"


def test_a_folder_without_owl_vit_is_refused(tmp_path, owl_vit, monkeypatch):
    with pytest.raises(RpgError, match="there is no model; give the folder of an OWL-ViT"):
        OwlVitScorer(tmp_path)
    (tmp_path / "config.json").write_text((owl_vit / "config.json").read_text())
    with pytest.raises(RpgError, match="no OWL-ViT can be loaded from there"):
        OwlVitScorer(tmp_path)
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(RpgError, match="the package transformers is missing; install it: pip install transformers"):
        OwlVitScorer(owl_vit)
