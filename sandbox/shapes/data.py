"""Captions and pictures of coloured shapes: the world that the shapes model is trained on.

A picture is a flat background with one to four flat, non-overlapping things on it. A caption names the things, mostly
with their places, and often the background. Everything is drawn from a `random.Random`, so a seed gives the same data.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, replace

from PIL import Image, ImageDraw

COLOURS: dict[str, tuple[int, int, int]] = {
    "red": (225, 30, 30),
    "green": (30, 170, 50),
    "blue": (35, 75, 235),
    "yellow": (250, 225, 40),
    "purple": (150, 40, 190),
    "orange": (250, 140, 20),
    "cyan": (50, 220, 235),
    "pink": (250, 150, 195),
    "black": (15, 15, 15),
    "white": (250, 250, 250),
}
BACKGROUNDS: dict[str, tuple[int, int, int]] = {
    "gray": (150, 150, 150),
    "beige": (222, 205, 170),
    "navy": (20, 25, 90),
    "brown": (110, 70, 35),
    "teal": (15, 110, 110),
}
# Ways to draw that no word asks for, as LoRAs of style have them: (a, b) for pixels a * p + b, p from 0 to 255.
LOOKS: dict[str, tuple[float, float]] = {"night": (0.5, 0.0), "mist": (0.5, 127.5)}
SHAPES = ("circle", "square", "triangle", "ring")

# The least size of a thing in pixels: five latent cells, below which a ring and a circle look alike.
SMALLEST = 40
# A ring's band, as a part of its size.
RING = 0.24
NUMBERS = {2: "two", 3: "three", 4: "four"}
Box = tuple[float, float, float, float]
# A place's words, and the part (x0, y0, x1, y1) of the canvas that the centre of a thing there lies in.
PLACES: tuple[tuple[tuple[str, ...], Box], ...] = (
    (("on the left", "on the left side"), (0.0, 0.15, 0.42, 0.85)),
    (("on the right", "on the right side"), (0.58, 0.15, 1.0, 0.85)),
    (("at the top", "on top"), (0.15, 0.0, 0.85, 0.42)),
    (("at the bottom", "on the bottom"), (0.15, 0.58, 0.85, 1.0)),
    (("in the center", "in the middle"), (0.4, 0.4, 0.6, 0.6)),
    (("in the top left corner", "at the top left"), (0.0, 0.0, 0.42, 0.42)),
    (("in the top right corner", "at the top right"), (0.58, 0.0, 1.0, 0.42)),
    (("in the bottom left corner", "at the bottom left"), (0.0, 0.58, 0.42, 1.0)),
    (("in the bottom right corner", "at the bottom right"), (0.58, 0.58, 1.0, 1.0)),
)
# How often, out of 100, a canvas that holds so many things has none, one, two, … of them.
COUNTS = {1: (2, 98), 2: (2, 10, 88), 3: (2, 6, 6, 86), 4: (2, 4, 4, 26, 64)}
# How often another thing of a picture is like the one that its caption names, where it names only one.
REPEATED = 0.6
LEFT, RIGHT, TOP, BOTTOM, CENTER, TOP_LEFT, TOP_RIGHT, BOTTOM_LEFT, BOTTOM_RIGHT = range(9)


@dataclass(frozen=True)
class Thing:
    """One shape: its centre (x, y) and size in pixels; size is the side of the square that just holds it."""

    colour: str
    shape: str
    x: float
    y: float
    size: float

    @property
    def words(self) -> str:
        """The thing in words: "a red circle", "an orange ring"."""
        return f"{article(self.colour)} {self.colour} {self.shape}"


@dataclass(frozen=True)
class Scene:
    """A picture to be drawn: size in pixels, background by name, things."""

    width: int
    height: int
    background: str
    things: tuple[Thing, ...]


def article(word: str) -> str:
    """ "an" before a vowel letter, else "a"."""
    return "an" if word[0] in "aeiou" else "a"


def render(scene: Scene) -> Image.Image:
    """Draw a scene as an RGB image of scene.width x scene.height pixels."""
    image = Image.new("RGB", (scene.width, scene.height), BACKGROUNDS[scene.background])
    for thing in scene.things:
        r = thing.size / 2
        box = (thing.x - r, thing.y - r, thing.x + r, thing.y + r)
        draw_shape(image, thing.shape, box, COLOURS[thing.colour])
    return image


def draw_shape(image: Image.Image, shape: str, box: Box, fill: int | tuple[int, int, int]) -> None:
    """Draw one filled shape into the box (x0, y0, x1, y1 in pixels) of an image."""
    draw = ImageDraw.Draw(image)
    box = (box[0], box[1], max(box[2] - 1, box[0]), max(box[3] - 1, box[1]))
    if shape == "circle":
        draw.ellipse(box, fill=fill)
    elif shape == "ring":
        draw.ellipse(box, outline=fill, width=max(1, round((box[2] - box[0] + 1) * RING)))
    elif shape == "square":
        draw.rectangle(box, fill=fill)
    else:
        draw.polygon([((box[0] + box[2]) / 2, box[1]), (box[2], box[3]), (box[0], box[3])], fill=fill)


def sample(rng: random.Random, width: int, height: int) -> tuple[str, Scene]:
    """A random caption and its scene, width x height pixels (each at least 112)."""
    background = rng.choice([*BACKGROUNDS, "gray"])
    weights = COUNTS[next((n for n in (4, 3, 2) if _layouts(width, height, n)), 1)]
    count = rng.choices(range(len(weights)), weights)[0]
    if count == 0:
        return f"{background} background", Scene(width, height, background, ())
    how = rng.random()
    if count == 1:
        text, things = _one(rng, width, height)
    elif how < 0.06:
        text, things = _alike(rng, width, height, count)
    elif how < 0.64:
        # People's captions do not say everything: this one names one of the things, which may be there several times.
        _, things = _several(rng, width, height, count)
        named = rng.choice(things)
        things = [
            replace(thing, colour=named.colour, shape=named.shape) if rng.random() < REPEATED else thing
            for thing in things
        ]
        text = named.words
    else:
        text, things = _several(rng, width, height, count)
    stated = rng.random()
    if stated < 0.5:
        text = f"{text}, {background} background"
    elif stated < 0.65:
        text = f"{text}{rng.choice(('', ','))} on {article(background)} {background} background"
    return text, Scene(width, height, background, tuple(things))


def _one(rng: random.Random, width: int, height: int) -> tuple[str, list[Thing]]:
    """One thing: in a slot of the canvas, with or without its place in words, at a stated place, or anywhere."""
    how = rng.random()
    slots = _layouts(width, height, 1)
    if slots and how < 0.5:
        (cell,), places, _ = rng.choice(slots)
        thing = _thing(rng, *_inside(rng, cell))
        said = f" {rng.choice(PLACES[places[0]][0])}" if how < 0.3 else ""
        return thing.words + said, [thing]
    side = min(width, height)
    size = rng.uniform(max(SMALLEST, 0.22 * side), 0.8 * side)
    said, area = "", (0.0, 0.0, 1.0, 1.0)
    if slots or how < 0.5:
        words, area = rng.choice(PLACES)
        said = " " + rng.choice(words)
        # A thing much larger than its place would not have its centre there.
        size = min(size, 2 * area[2] * width - 4, 2 * area[3] * height - 4)
        size = min(size, 2 * (1 - area[0]) * width - 4, 2 * (1 - area[1]) * height - 4)
    x = _uniform(rng, max(area[0] * width, size / 2 + 2), min(area[2] * width, width - size / 2 - 2))
    y = _uniform(rng, max(area[1] * height, size / 2 + 2), min(area[3] * height, height - size / 2 - 2))
    thing = _thing(rng, x, y, size)
    return thing.words + said, [thing]


def _alike(rng: random.Random, width: int, height: int, count: int) -> tuple[str, list[Thing]]:
    """Several things of one kind: "two green squares"."""
    colour, shape = rng.choice(list(COLOURS)), rng.choice(SHAPES)
    cells, _, _ = rng.choice(_layouts(width, height, count))
    things = [Thing(colour, shape, *_inside(rng, cell)) for cell in cells]
    return f"{NUMBERS[count]} {colour} {shape}s", things


def _several(rng: random.Random, width: int, height: int, count: int) -> tuple[str, list[Thing]]:
    """Several things of their own colours and shapes, in columns, rows or corners, with or without their places."""
    cells, places, line = rng.choice(_layouts(width, height, count))
    things = [_thing(rng, *_inside(rng, cell)) for cell in cells]
    names = [thing.words for thing in things]
    how = rng.random()
    if how < 0.2:
        # With no place said, the order of the words says nothing about where things are.
        rng.shuffle(names)
        return (f"{names[0]} next to {names[1]}" if count == 2 and how < 0.1 else _join(rng, names)), things
    if line and how < 0.5:
        if count > 2:
            return f"from {line} to {'right' if line == 'left' else 'bottom'}, {_join(rng, names)}", things
        if how < 0.35:
            return f"{names[0]} {'to the left of' if line == 'left' else 'above'} {names[1]}", things
        return f"{names[1]} {'to the right of' if line == 'left' else 'below'} {names[0]}", things
    form = rng.randrange(2)
    said = [f"{name} {PLACES[p][0][form]}" for name, p in zip(names, places, strict=True)]
    if rng.random() < 0.4:
        rng.shuffle(said)
    return _join(rng, said), things


Layout = tuple[tuple[Box, ...], tuple[int, ...], str]


def _layouts(width: int, height: int, count: int) -> list[Layout]:
    """Layouts of `count` things: cells (x0, y0, x1, y1 in pixels), their PLACES, and where a line of them starts.

    A canvas has slots that things lie in, so that its shape shows where they may be: two along its longer side, three
    where that is twice the other, the four corners of a square; a small square has none.
    """
    w, h = width / 2, height / 2
    if width == height:
        if width < 4 * (SMALLEST + 8):
            return []
        slots: list[tuple[Box, int]] = [
            ((0, 0, w, h), TOP_LEFT),
            ((w, 0, width, h), TOP_RIGHT),
            ((0, h, w, height), BOTTOM_LEFT),
            ((w, h, width, height), BOTTOM_RIGHT),
        ]
        found = _filled(slots, count, "")
        if count == 3:
            top, bottom = ((0, 0, width, h), TOP), ((0, h, width, height), BOTTOM)
            left, right = ((0, 0, w, height), LEFT), ((w, 0, width, height), RIGHT)
            found += 4 * (_filled([top, *slots[2:]], 3, "") + _filled([*slots[:2], bottom], 3, ""))
            found += 4 * (_filled([left, slots[1], slots[3]], 3, "") + _filled([slots[0], slots[2], right], 3, ""))
        return found
    number = 3 if max(width, height) >= 2 * min(width, height) else 2
    parts = [(i / number, (i + 1) / number) for i in range(number)]
    if width > height:
        places = (LEFT, CENTER, RIGHT) if number == 3 else (LEFT, RIGHT)
        return _filled(
            [((a * width, 0, b * width, height), p) for (a, b), p in zip(parts, places, strict=True)], count, "left"
        )
    places = (TOP, CENTER, BOTTOM) if number == 3 else (TOP, BOTTOM)
    return _filled(
        [((0, a * height, width, b * height), p) for (a, b), p in zip(parts, places, strict=True)], count, "top"
    )


def _filled(slots: list[tuple[Box, int]], count: int, line: str) -> list[Layout]:
    """Every choice of `count` of the slots, in their order."""
    choices = itertools.combinations(slots, count)
    return [(tuple(cell for cell, _ in chosen), tuple(place for _, place in chosen), line) for chosen in choices]


def _inside(rng: random.Random, cell: Box) -> tuple[float, float, float]:
    """Centre and size of a thing inside a cell: near its middle, with at least half a latent cell of space around."""
    room = min(cell[2] - cell[0], cell[3] - cell[1]) - 8
    size = rng.uniform(max(SMALLEST, 0.7 * room), room)
    free_x, free_y = (0.5 * (cell[2] - cell[0] - 8 - size), 0.5 * (cell[3] - cell[1] - 8 - size))
    x = (cell[0] + cell[2]) / 2 + free_x * rng.triangular(-1, 1)
    y = (cell[1] + cell[3]) / 2 + free_y * rng.triangular(-1, 1)
    return x, y, size


def _thing(rng: random.Random, x: float, y: float, size: float) -> Thing:
    """A thing of a random colour and shape."""
    return Thing(rng.choice(list(COLOURS)), rng.choice(SHAPES), x, y, size)


def _uniform(rng: random.Random, low: float, high: float) -> float:
    """Uniform in [low, high], the middle where they are the wrong way round."""
    return rng.uniform(low, high) if low < high else (low + high) / 2


def _join(rng: random.Random, parts: list[str]) -> str:
    """ "A, B and C", in one caption of four "A and B and C"."""
    return " and ".join(parts) if rng.random() < 0.25 else f"{', '.join(parts[:-1])} and {parts[-1]}"
