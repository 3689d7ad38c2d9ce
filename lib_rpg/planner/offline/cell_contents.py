"""The content of each cell: how many of which thing, under which name, with which words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lib_rpg.keywords import AND, KEYWORDS, NETWORK_TAG, lower_keywords
from lib_rpg.plan import MAX_COUNT, MAX_ENTITIES, MAX_LABEL, MAX_PROMPT, Entity
from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import plural, singular
from lib_rpg.planner.language.prompt_tokens import COMMA, render
from lib_rpg.planner.offline.arrange import Block
from lib_rpg.planner.offline.grammar.kinds import ANIMAL, PERSON, class_of, is_ing_verb
from lib_rpg.planner.offline.guesses import guess
from lib_rpg.planner.offline.reading.model import Reading, Thing, name_of, phrase_of, vague_name

OWN_CELLS = 6  # things of one kind that get a cell each
MAX_THINGS_PLACED = 24  # cells of things in a plan, or regions of free boxes
MAX_SHARED_WORDS = 24  # of scene and style behind every region's prompt
Sides = tuple[float, float]
"""The most that a box is wide for its height, and tall for its width, in pixels."""
ANY_SIDES: Sides = (2.0, 2.0)
_SIDES: dict[str, Sides] = {
    PERSON: (1.0, 2.0),
    ANIMAL: (1.5, 1.25),
    "vehicle": (2.0, 1.25),
    "building": (1.5, 2.0),
    "furniture": (1.75, 1.25),
    "plant": (1.25, 1.75),
    "place": (2.0, 1.25),
    "": (1.25, 2.0),  # a name, or an unknown word
}
"""By the class of the thing: in a longer box a model draws two of them side by side."""
_COMPACT: Sides = (1.0, 1.0)
_UPRIGHT = 1.5
"""How tall a box for its width may be of what a narrow cell suits."""


class Content(NamedTuple):
    """The content of one cell."""

    prompt: str
    name: str
    entities: tuple[Entity, ...]


@dataclass(frozen=True)
class Placed:
    """A block, the thing that it represents, and the content of each of its cells."""

    block: Block
    thing: Thing
    cells: tuple[Content, ...]


def safe(text: str) -> str:
    """The text as a region may hold it."""
    # Upper-case AND composes prompts, and the keywords separate them: a region can hold neither.
    return lower_keywords(text, (*KEYWORDS, AND)).strip(" ,;.")[:MAX_PROMPT]


def region_prompt(text: str, shared: str) -> str:
    """A region's words with the scene and style behind them; "background" if there are none."""
    prompt = safe(text) or "background"
    if shared and shared.lower() not in prompt.lower():
        prompt = f"{prompt}, {shared}"
    return prompt[:MAX_PROMPT]


def shared_words(reading: Reading, several: bool, notes: list[str]) -> str:
    """The scene and style that are appended to every region's prompt.

    several: whether there is more than one region. Then they are the most telling words, and what is left out goes to
    the notes; a single region takes all.
    """
    ranks: dict[str, int] = {}
    for piece in reading.shared:
        ranks.setdefault(safe(piece.text), piece.rank)
    ranks.pop("", None)
    kept, room = set[str](), MAX_SHARED_WORDS if several else MAX_PROMPT
    for text in sorted(ranks, key=ranks.__getitem__):
        room -= len(text.split())
        if room < 0:
            notes.append(f"scene and style are long: regions use {MAX_SHARED_WORDS} words of them at most")
            break
        kept.add(text)
    return ", ".join(text for text in ranks if text in kept)


def kinds_of(placed: Sequence[Placed]) -> list[str]:
    """The nouns of all things that have a place, each as often as there are of it."""
    return [thing.noun for p in placed for thing in p.thing.each() for _ in range(thing.known_count)]


def label(text: str) -> str:
    """A name that is short enough for a label."""
    return text[: MAX_LABEL // 4]


def things_with_a_place(reading: Reading) -> list[Thing]:
    """The things that have a place of their own, each of several where the prompt distinguishes them."""
    roots = [thing for thing in reading.things if thing.host is None]
    return [one for root in roots for one in root.each() if one.host is None]


def place_things(reading: Reading, notes: list[str]) -> list[Placed]:
    """A block of cells for each thing that has a place of its own; what is guessed goes to the notes."""
    singles = things_with_a_place(reading)
    if len(singles) > MAX_THINGS_PLACED:
        notes.append(f"{len(singles)} things are more than {MAX_THINGS_PLACED}; the others are only in the base prompt")
        singles = singles[:MAX_THINGS_PLACED]
    free = MAX_THINGS_PLACED - len(singles)
    placed = []
    for thing in singles:
        if thing.vague:
            guess(notes, f"'{vague_name(thing)}' gives no number; kept together in one cell")
        cells = min(_wanted_cells(thing), free + 1)
        free -= cells - 1
        array = thing.array if cells > 1 else None
        block = Block(_phrase(thing), cells, size_of(thing), array, upright=_may_be_upright(thing))
        placed.append(Placed(block, thing, tuple(_contents(thing, cells))))
    return placed


def _may_be_upright(thing: Thing) -> bool:
    """Whether a narrow cell suits the thing or anything in it."""
    return any(sides_of(one)[1] >= _UPRIGHT for one in _with_cellmates(thing))


def sides_of(thing: Thing) -> Sides:
    """The most that a box of the thing is wide and tall, by the class of its noun."""
    return _SIDES.get(class_of(thing.noun), _COMPACT)


def _wanted_cells(thing: Thing) -> int:
    """One for each thing of a kind up to six; more of a kind share cells evenly: "a dozen eggs" are two in each."""
    if thing.is_whole:
        return 1
    share = -(-thing.count // OWN_CELLS)
    return -(-thing.count // share)


def _contents(thing: Thing, cells: int) -> list[Content]:
    if thing.is_whole:
        prompt, members = _joined(thing)
        members = [
            t for t in members if t.trailing or t.noun not in lex.SEASONS | lex.HOURS
        ] or members  # "winter, bare tree"
        name = " and ".join(short_name(t) for t in members)
        members = [*members, *thing.shows]
        entities = tuple(Entity(entity_phrase(t), min(t.known_count, MAX_COUNT)) for t in members[:MAX_ENTITIES])
        return [Content(prompt, name, entities)]
    result: list[Content] = []
    for k in range(cells):
        count = thing.count // cells + (k < thing.count % cells)
        name = short_name(thing) if cells == 1 else f"{short_name(thing)} {k + 1}"
        entity = Entity(entity_phrase(thing), min(count, MAX_COUNT))
        result.append(Content(name_of(thing, count), name, (entity,)))
    return result


def _joined(thing: Thing) -> tuple[str, list[Thing]]:
    """A thing with all that shares its cell, in words and as a list: "a cat sitting on a sofa", cat and sofa."""
    return joined_words(thing, lambda one: one.cellmates), _with_cellmates(thing)


def _with_cellmates(thing: Thing) -> list[Thing]:
    return [thing, *(one for _, part in thing.cellmates for one in _with_cellmates(part))]


def joined_words(thing: Thing, parts: Callable[[Thing], Sequence[tuple[str, Thing]]]) -> str:
    """A thing with its parts in words: "a cat sitting on a sofa"; parts gives them with their linking words."""
    text = name_of(thing)
    tags = thing.together and all(part.tag for _, part in parts(thing)) and thing.tag
    if tags:
        return _tags_joined([thing, *(part for _, part in parts(thing))])
    for link, part in parts(thing):
        inner = joined_words(part, parts)
        listed = thing.tag or any(said and said[0].kind == COMMA for said in thing.trailing[-1:])
        comma = "," if listed and is_ing_verb(link.split(" ")[0]) else ""  # "1girl, red hair, riding a horse"
        text += f"{comma} {link} {inner}".replace(" , ", ", ")  # "1girl, red hair, cat on lap"
    return text


def _tags_joined(people: Sequence[Thing]) -> str:
    """People in tags, the counted ones in front: "1boy, 1girl, red hair" or "2girls, red hair, blue hair"."""
    counts: dict[str, int] = {}
    pieces: list[str] = []
    for one in people:
        counts[one.tag] = counts.get(one.tag, 0) + one.count
        pieces += name_of(one).split(", ")[1:]
    counted = [f"{count}{noun if count == 1 else plural(noun)}" for noun, count in counts.items()]
    return ", ".join(dict.fromkeys([*counted, *pieces]))


def without_network_tags(text: str) -> str:
    """The words without tags of extra networks: a region's LoRAs are its prompt's."""
    return " ".join(NETWORK_TAG.sub(" ", text).split())


def entity_phrase(thing: Thing) -> str:
    """The phrase of the thing's entity: without article and number, with all that is said of it."""
    return label(safe(_phrase(thing))) or "thing"


def _phrase(thing: Thing) -> str:
    """The thing in words; a LoRA tag is none of them."""
    return NETWORK_TAG.sub("", phrase_of(thing)).strip()


def short_name(thing: Thing) -> str:
    """The thing's adjectives and noun, in the singular."""
    words = [t.with_text(singular(t.text)) if i == thing.head else t for i, t in enumerate(thing.words)]
    return label(safe(render(words[: thing.head + 1]))) or "thing"


def size_of(thing: Thing) -> tuple[float, float]:
    """How wide and tall the prompt says that the thing is, 0.5 to 2, where 1 is the usual."""
    width, height = 1.0, 0.5 if thing.band else 1.0
    for token in thing.words[: thing.head]:
        both = lex.BIG.get(token.low, lex.SMALL.get(token.low, 1.0))
        width *= both * lex.WIDE.get(token.low, 1.0)
        height *= both * lex.TALL.get(token.low, 1.0)
    return min(max(width, 0.5), 2.0), min(max(height, 0.5), 2.0)
