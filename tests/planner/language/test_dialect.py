"""Which prompts are tags and which are sentences."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lib_rpg.planner.language.dialect import counted_noun, dialect_of

TYPED = Path(__file__).parents[1] / "offline" / "typed.json"

TAGS = [
    # count tags, with whatever else
    "1girl",
    "1girl, red hair, kimono",
    "((1girl)), [simple background], (red eyes:1.2)",
    "2boys, duel, the left one wears a red scarf, the right one wears a blue scarf",
    "1girl is feeding a swan, and her brother watches from a bridge.",
    "3girls on a couch. They are laughing. The room is dark.",
    "6+girls, stadium",
    "1boy,1girl,kitchen",
    "SOLO, cyborg, the rain falls on him",
    "multiple girls, a train leaves the station",
    "no humans, the moon is reflected in a lake",
    "no_humans, the moon is reflected in a lake",
    "1cat, 1dog, the cat sits on the dog",
    "2shapes, red circle, blue square, red circle on left, blue square on right",
    "2girls BREAK a girl with a green apron BREAK a girl with a grey suit",
    "1girl，红色头发，和服",
    # score, rating and source tags
    "score_9, score_8_up, two cats, one black and one white",
    "rating_safe, a wizard reads a book in a tower",
    "source_cartoon, a penguin is dancing with a bear.",
    # mostly short pieces
    "masterpiece, best quality, forest, river, sunrise",
    "mountain lake, dawn",
    "long_hair, looking_at_viewer, blue_dress",
    "red hair, green eyes, hair over left eye, sitting on bench, from behind",
    "elf queen, silver crown, throne room, dramatic lighting, by alphonse mucha",
    "photo of a lynx in the snow, wildlife photography, telephoto, bokeh, golden hour",
    "woman in a red coat, tokyo, neon lights, rain, 35mm, film grain",
    "pxlstyle, poncho, desert, cactus <lora:pixels:0.8>",
    "masterpiece, best quality, a lone knight on a hill, storm clouds",
    "best_quality, a lone knight on a hill, storm_clouds",
    "highres, absurdres\nruined temple\nvines, moss\ngod rays",
    "# try no. 7 of the dragon\ndragon, gold coins, cave # or a bridge\nembers, wide shot",
    "红发，和服，樱花",
    "synthwave, chrome car; palm trees; sunset",
    "logo, fox, flat design, white background, vector",
]

SENTENCES = [
    "a cat",
    "portrait of a sailor",
    "sunset over the ocean",
    "kimono",
    "a red circle and a blue square",
    "a cat to the left of a dog",
    "An old man sits on a bench. Snow is falling. The lamps are lit.",
    "A walrus playing a trumpet. Watercolor in the style of an old travel poster. Wide-angle view.",
    "a cat, a dog, a bird and a fish",
    "two dogs, three cats, one parrot",
    "a solo violinist on a stage, the hall is empty",
    "She wears a red dress, he wears a black suit, they dance.",
    "dog sleeps in grass, cat sits on roof, bird sings",
    "a cold, silent fjord with steep, icy cliffs",
    "an eager, clumsy puppy and a wise, patient tortoise",
    "from left to right, a forest in spring, summer, autumn and winter",
    "to the left of the road it is spring, to the right of the road it is winter",
    "a teal 1972 sedan next to a white van, 35mm",
    "a photo of 3d letters on a wall, oil lamps beside them",
    "a robot from the 1960s and a 16bit computer",
    "four pears in a circle, top down view",
    "a red ball BREAK a green box BREAK a wooden floor",
    "a red circle ADDROW a blue square",
    "a meadow AND a red barn :0.5 AND a white horse :0.5",
    "a lighthouse and a shipwreck, gouache # 1girl, solo",
    "the sign says 'welcome', a moth flies around it",
    "I would like a picture of a small reading room, please.",
    "a girl with red hair and a boy with blond hair <lora:couple:0.7>",
    "a black cat <lora:cat:0.7> on the left and a white dog <lora:dog:0.8> on the right",
    "there is a heron on the bank, it looks at a boat",
    "ein rotes Auto links, ein blaues Haus rechts",
    "un chat noir à gauche, un chien blanc à droite",
    "右边是一个蓝色方块，左边是一个红色圆形",
    "at the top a full moon, at the bottom a lake, between them an owl",
    "a violin (on a chair:1.3), an open door, [a curtain]",
    ", , ,",
]


@pytest.mark.parametrize("prompt", TAGS)
def test_tags(prompt: str) -> None:
    assert dialect_of(prompt) == "tags"


@pytest.mark.parametrize("prompt", SENTENCES)
def test_sentences(prompt: str) -> None:
    assert dialect_of(prompt) == "sentences"


def test_prompts_as_they_are_typed() -> None:
    cases = json.loads(TYPED.read_text(encoding="utf-8"))
    right = [case["prompt"] for case in cases if (dialect_of(case["prompt"]) == "tags") == case["tags"]]
    assert len(right) >= 0.95 * len(cases)


@pytest.mark.parametrize(
    ("word", "noun"),
    [
        ("1girl", "girl"),
        ("2girls", "girl"),
        ("6+boys", "boy"),
        ("1other", "other"),
        ("2women", "woman"),
        ("3cats", "cat"),
        ("4shapes", "shape"),
        *((word, "") for word in ("girl", "girls", "8k", "3d", "35mm", "1960s", "16bit", "100girls", "girl1", "1")),
    ],
)
def test_what_a_count_tag_counts(word: str, noun: str) -> None:
    assert counted_noun(word) == noun
