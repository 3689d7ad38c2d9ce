"""The offline planner: from a prompt to a grid plan by rules alone, without a model, in milliseconds.

What the prompt excludes goes to the negative prompt; the rest is the base prompt. Every thing gets a cell and its own
words; up to six of one kind get a cell each, more share cells by count; things that touch (in a box, riding a horse)
share one. The scene and the style, which are nobody's own, are put behind every region's prompt as long as they are
short: a region outweighs the base prompt where it stands, and would lose them otherwise. A region's prompt has no
words about its place. What is guessed or left out is told in the plan's notes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lib_rpg.plan import KEYWORDS, MAX_COUNT, MAX_ENTITIES, MAX_LABEL, MAX_PROMPT, Entity, Plan, Region, Source
from lib_rpg.planner import lexicon as lex
from lib_rpg.planner.arrange import At, Before, Beside, Block, Cell, Constraint, arrange
from lib_rpg.planner.exclude import exclusions
from lib_rpg.planner.phrases import X, Y, skip_tags
from lib_rpg.planner.reader import read
from lib_rpg.planner.reading import Fact, Reading, Thing, name_of, phrase_of
from lib_rpg.planner.request import PlanRequest
from lib_rpg.planner.text import STOP, Token, render, tokenise

OWN_CELLS = 6  # things of one kind that get a cell each
MAX_CELLS = 24
SAME_KIND_RATIO = 0.4  # RPG advises 0.35 to 0.5 for things of one kind, 0 to 0.2 otherwise
BASE_RATIO = 0.2
_PARTING = re.compile(rf"\b({'|'.join(KEYWORDS)}|AND)\b")
_ADDING = re.compile(rf"\b({'|'.join(word for word in KEYWORDS if word != 'BREAK')})\b")
MAX_SHARED_WORDS = 16  # of scene and style behind every region's prompt


_Content = tuple[str, str, tuple[Entity, ...]]


@dataclass(frozen=True)
class _Placed:
    """A block and what stands in its cells: (prompt, name, entities) for each."""

    block: Block
    thing: Thing
    cells: tuple[_Content, ...]


def plan_offline(request: PlanRequest) -> Plan:
    """Plan a prompt by rules. Raises RpgError only for what a Plan can't hold, such as NUL characters."""
    notes: list[str] = []
    tokens = tokenise(request.prompt)
    kept, excluded = exclusions(tokens)
    base_tokens = [t.with_text(t.text) for t in kept if t.text not in KEYWORDS]
    keywords = len(base_tokens) < len(kept)
    if keywords:
        notes.append("keywords such as BREAK are left out: they part regions")
    base = render(base_tokens) if excluded or keywords else request.prompt.strip()
    base = _ADDING.sub(lambda match: match.group().lower(), base) or "background"
    words = [Token(".", ".", STOP) if t.text in KEYWORDS else t for t in skip_tags(kept)]
    reading = read(words)
    notes += reading.notes
    shared = _shared(reading, notes)
    placed = _blocks(reading, notes)
    aspect = request.width / request.height
    if placed:
        constraints = _constraints(reading, placed)
        grid, cells, broken = arrange([p.block for p in placed], constraints, aspect)
        notes += _complaints(broken)
    else:
        notes.append("no single thing was recognised; the whole prompt is one region")
        grid, cells, _ = arrange([Block("picture")], [], aspect)
        cells = [Cell(None)]
    empty = shared or "background"
    regions = tuple(_region(cell, placed, shared, empty if placed else base) for cell in cells)
    kinds = [thing.noun for p in placed for thing in p.thing.each() for _ in range(thing.count)]
    return Plan(
        prompt=request.prompt,
        base_prompt=base,
        base_ratio=SAME_KIND_RATIO if len(kinds) > len(set(kinds)) else BASE_RATIO,
        negative_prompt=", ".join(dict.fromkeys(excluded)),
        split_ratio=grid.to_text(),
        regions=regions,
        source=Source(planner="offline", notes=tuple(dict.fromkeys(notes))[:20]),
    )


def _shared(reading: Reading, notes: list[str]) -> str:
    kept: list[str] = []
    length = 0
    for text in dict.fromkeys(_safe(text) for text in reading.shared):
        length += len(text.split())
        if length > MAX_SHARED_WORDS:
            notes.append(f"scene and style are long: regions take their first {MAX_SHARED_WORDS} words at most")
            break
        if text:
            kept.append(text)
    return ", ".join(kept)


def _safe(text: str) -> str:
    # Upper-case AND composes prompts, and the keywords part them: neither can stand inside a region.
    return _PARTING.sub(lambda match: match.group().lower(), text).strip(" ,;.")[:MAX_PROMPT]


def _label(text: str) -> str:
    return text[: MAX_LABEL // 4]


def _blocks(reading: Reading, notes: list[str]) -> list[_Placed]:
    roots = [thing for thing in reading.things if thing.host is None]
    singles = [one for root in roots for one in root.each() if one.host is None]
    if len(singles) > MAX_CELLS:
        notes.append(f"{len(singles)} things are more than {MAX_CELLS}; the rest stands in the base prompt only")
        singles = singles[:MAX_CELLS]
    room = MAX_CELLS - len(singles)
    placed = []
    for thing in singles:
        if thing.vague:
            guess = f"'{thing.vague} …'" if thing.vague in lex.VAGUE_NUMBERS else f"'{thing.vague}'"
            notes.append(f"{guess} has no number; kept together in one cell")
        cells = 1
        if not thing.parts and not thing.vague:
            share = -(-thing.count // OWN_CELLS)
            cells = min(-(-thing.count // share), room + 1)
            room -= cells - 1
        block = Block(phrase_of(thing), cells, _size(thing), thing.array if cells > 1 else None)
        placed.append(_Placed(block, thing, tuple(_contents(thing, cells))))
    return placed


def _contents(thing: Thing, cells: int) -> list[_Content]:
    if thing.parts or thing.vague:
        prompt, members = _joined(thing)
        name = " and ".join(_short(t) for t in members)
        entities = tuple(Entity(_entity(t), min(t.count, MAX_COUNT)) for t in members[:MAX_ENTITIES])
        return [(prompt, name, entities)]
    result: list[_Content] = []
    for k in range(cells):
        count = thing.count // cells + (k < thing.count % cells)
        name = _short(thing) if cells == 1 else f"{_short(thing)} {k + 1}"
        result.append((name_of(thing, count), name, (Entity(_entity(thing), min(count, MAX_COUNT)),)))
    return result


def _joined(thing: Thing) -> tuple[str, list[Thing]]:
    text = _vague_name(thing) if thing.vague else name_of(thing)
    things = [thing]
    for link, part in thing.parts:
        inner, more = _joined(part)
        text += f" {link} {inner}"
        things += more
    return text, things


def _vague_name(thing: Thing) -> str:
    after = name_of(Thing(thing.words, thing.head, 1, after=thing.after))
    given = render(thing.given)
    number = thing.vague if thing.vague != thing.words[thing.head].low else ""
    return " ".join(part for part in (given, number, after) if part)


def _entity(thing: Thing) -> str:
    return _label(_safe(phrase_of(thing))) or "thing"


def _short(thing: Thing) -> str:
    words = [t.with_text(lex.singular(t.text)) if i == thing.head else t for i, t in enumerate(thing.words)]
    return _label(_safe(render(words[: thing.head + 1]))) or "thing"


def _size(thing: Thing) -> tuple[float, float]:
    width = height = 1.0
    for token in thing.words[: thing.head]:
        both = lex.BIG.get(token.low, lex.SMALL.get(token.low, 1.0))
        width *= both * lex.WIDE.get(token.low, 1.0)
        height *= both * lex.TALL.get(token.low, 1.0)
    return min(max(width, 0.5), 2.0), min(max(height, 0.5), 2.0)


def _constraints(reading: Reading, placed: list[_Placed]) -> list[Constraint]:
    block_of = {id(p.thing): p.block for p in placed}

    def blocks(thing: Thing) -> list[Block]:
        found = [block_of.get(id(one.root())) for one in thing.root().each()] if thing.root().members else []
        return [b for b in found or [block_of.get(id(thing.root()))] if b is not None]

    result: list[Constraint] = []
    for fact in reading.facts:
        sides = [blocks(thing) for thing in fact.things]
        if not all(sides):
            continue
        if fact.kind == "before":
            result += [Before(fact.axis, a, b) for a in sides[0] for b in sides[1]]
        elif fact.kind == "at":
            result += [At(fact.axis, block, fact.place) for block in sides[0]]
        elif fact.kind == "centre":
            result += [At(axis, block, 0) for block in sides[0] for axis in _centre_axes(reading, fact)]
        elif fact.kind == "share":
            if len(sides[0]) == 1:
                sides[0][0].share[fact.axis] = fact.share
        elif fact.kind == "beside":
            result.append(Beside(sides[0][-1], sides[1][0]))
        elif fact.kind == "between":
            result += _between(reading, fact, sides)
        elif fact.kind == "around":
            result += _around(sides)
    return [c for c in result if not isinstance(c, Before | Beside) or c.first is not c.second]


def _centre_axes(reading: Reading, centre: Fact) -> tuple[int, ...]:
    """On which axes "in the middle" is meant: on those where others have a place."""
    others = [f for f in reading.facts if f.kind == "at" and f.things != centre.things and f.place]
    axes = {f.axis for f in others}
    corners = any(a.things == b.things and a.axis != b.axis for a in others for b in others)
    if corners or len(axes) == 2 or len(reading.things) == 1:
        return X, Y
    return tuple(axes) or (X,)


def _between(reading: Reading, fact: Fact, sides: list[list[Block]]) -> list[Constraint]:
    _, first, last = fact.things
    axis = X
    for other in reading.facts:
        if other.axis != Y or other.kind not in ("before", "at"):
            continue
        if (set(other.things) <= {first, last} and len(other.things) == 2) or (
            other.kind == "at" and other.things[0] in (first, last)
        ):
            axis = Y
    pairs = [(a, m) for a in sides[1] for m in sides[0]] + [(m, b) for m in sides[0] for b in sides[2]]
    reverse = any(
        (f.kind == "before" and f.axis == axis and f.things == (last, first))
        or (f.kind == "at" and f.axis == axis and (f.things, f.place) in (((first,), 1), ((last,), -1)))
        for f in reading.facts
    )
    result: list[Constraint] = []
    result += [Before(axis, b, a) if reverse else Before(axis, a, b) for a, b in pairs]
    return result


def _around(sides: list[list[Block]]) -> list[Constraint]:
    """A ring about the middle: two stand left and right, more above and below as well."""
    middle = sides[0]
    ring = [block for side in sides[1:] for block in side]
    if len(ring) <= 2:
        left, right = ring[:1], ring[1:]
        return [*(Before(X, a, m) for a in left for m in middle), *(Before(X, m, b) for m in middle for b in right)]
    if len(ring) < 6:
        upper, lower, beside = ring[: (len(ring) + 1) // 2], ring[(len(ring) + 1) // 2 :], []
    else:
        half = (len(ring) - 2 + 1) // 2
        upper, beside, lower = ring[:half], ring[half : half + 2], ring[half + 2 :]
    level = [*middle, *beside]
    result: list[Constraint] = [Before(Y, a, m) for a in upper for m in level]
    result += [Before(Y, m, b) for m in level for b in lower]
    if beside:
        result += [Before(X, beside[0], m) for m in middle] + [Before(X, m, beside[1]) for m in middle]
    return result


def _complaints(broken: list[Constraint]) -> list[str]:
    result = []
    for c in broken:
        if isinstance(c, Before):
            word = "left of" if c.axis == X else "above"
            result.append(f"left out, as it contradicts the rest: '{c.first.name}' {word} '{c.second.name}'")
        elif isinstance(c, At):
            word = (("left", "centre", "right"), ("top", "middle", "bottom"))[c.axis][c.place + 1]
            result.append(f"left out, as it contradicts the rest: '{c.block.name}' at the {word}")
    return result


def _region(cell: Cell, placed: list[_Placed], shared: str, empty: str) -> Region:
    if cell.block is None:
        return Region(prompt=_safe(empty) or "background", name="background")
    owner = next(p for p in placed if p.block is cell.block)
    prompt, name, entities = owner.cells[cell.index]
    prompt = _safe(prompt) or "background"
    if shared and shared.lower() not in prompt.lower():
        prompt = f"{prompt}, {shared}"
    if cell.more:
        return Region(prompt=prompt[:MAX_PROMPT], name=_label(f"{name}, continued"))
    return Region(prompt=prompt[:MAX_PROMPT], name=name, entities=entities)
