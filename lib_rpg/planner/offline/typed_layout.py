"""Layouts that a prompt brings along: "ink ADDCOMM a sky ADDROW a castle ADDCOL a bridge", as in Regional Prompter.

ADDROW begins the next row, ADDCOL the next cell of the row, and so does BREAK beside one of these words. What is before
ADDCOMM is part of every region and of the base prompt, what is before ADDBASE is the base prompt. A region has the
words of its part as they are typed; the reader finds the things in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lib_rpg.checks import refuse
from lib_rpg.keywords import (
    ADDBASE,
    ADDCOL,
    ADDCOMM,
    ADDING,
    AND,
    BREAK,
    KEYWORDS,
    find_keyword,
    keyword_pattern,
    lower_keywords,
)
from lib_rpg.layout.ratio import Grid, parse_ratio
from lib_rpg.plan import MAX_COUNT, MAX_ENTITIES, MAX_REGIONS, Box, Entity, Plan, Region, Source
from lib_rpg.plan_text import ratio_for, split_text
from lib_rpg.planner.base_ratio import ratio_of_kinds
from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.dialect import TAGS, dialect_of
from lib_rpg.planner.language.inflection import singular
from lib_rpg.planner.language.prompt_tokens import TAG, render, skip_tags, tokenise
from lib_rpg.planner.offline.base_prompt import without_weights, words_to_read
from lib_rpg.planner.offline.cell_contents import (
    Placed,
    entity_phrase,
    kinds_of,
    label,
    place_things,
    region_prompt,
    safe,
    shared_words,
    short_name,
)
from lib_rpg.planner.offline.constraints import arrange_things
from lib_rpg.planner.offline.dialects import put_in_dialect
from lib_rpg.planner.offline.exclusions import exclude, tidy
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import class_of
from lib_rpg.planner.offline.grammar.nouns import noun
from lib_rpg.planner.offline.grammar.numbers import count_tag
from lib_rpg.planner.offline.network_tags import may_move
from lib_rpg.planner.offline.reading.model import Reading, Thing
from lib_rpg.planner.offline.reading.reader import read
from lib_rpg.planner.offline.reading.touching import join_touching
from lib_rpg.planner.offline.regions import binding_of, things_in
from lib_rpg.planner.offline.tags.tag_kinds import TagKinds
from lib_rpg.planner.offline.tight_boxes import boxed_entities, free_regions
from lib_rpg.planner.request import PlanRequest


@dataclass(frozen=True)
class _Part:
    """A part of the prompt: its words without tags and without what they exclude, and what was read of them.

    own: the tags of LoRAs, which a region can have for itself. others: all other tags.
    """

    words: str
    excluded: str
    own: tuple[str, ...]
    others: tuple[str, ...]
    reading: Reading
    placed: list[Placed]
    notes: list[str]

    @classmethod
    def read(cls, text: str, request: PlanRequest, kinds: TagKinds | None, cell: bool = True) -> _Part:
        """Read a part; `cell`: whether it is a region's, where scenery alone is what the region shows."""
        kept, excluded = exclude(tokenise(text))
        words = without_weights(skip_tags(kept))
        reading = read(words_to_read(kept), cell and dialect_of(request.prompt) == TAGS, kinds, show_place=cell)
        put_in_dialect(reading, request)
        if request.method == "rag":
            join_touching(reading)
        notes: list[str] = []
        return cls(
            words=render(tidy(words)) if excluded or len(words) < len(kept) else text,
            excluded=", ".join(dict.fromkeys(excluded)),
            own=tuple(token.text for token in kept if may_move(token)),
            others=tuple(token.text for token in kept if token.kind == TAG and not may_move(token)),
            reading=reading,
            placed=place_things(reading, notes),
            notes=[*reading.notes, *notes],
        )

    @property
    def things(self) -> list[Thing]:
        """All that it names, each of several where it distinguishes them."""
        return [one for thing in self.reading.things for one in thing.each()]

    def entities(self) -> tuple[Entity, ...]:
        """Its things; of scenery alone, such as "field of lavender", what the region shows."""
        found = tuple(Entity(entity_phrase(thing), min(thing.count, MAX_COUNT)) for thing in self.things)
        place = self._place()
        said = any(place in entity.phrase or entity.phrase in place for entity in found)
        return (Entity(place), *found) if place and not said else found  # "snowy peak, pine trees"

    def _place(self) -> str:
        words = Words(tokenise(self.words))
        shown = noun(words, 0)
        if shown is None or shown.tag or shown.noun in {thing.noun for thing in self.things}:
            return ""  # "two balls, one red, one blue"
        with_more = words.low(shown.end) == "with" and shown.noun not in lex.TOPMOST  # "mountains with a castle"
        if self.things and not words.is_end(shown.end) and not with_more:
            return ""
        known = class_of(shown.noun) or shown.noun in lex.SCENE_WORDS - lex.TIMES
        return label(render(shown.words)) if known else ""


@dataclass(frozen=True)
class _Shared:
    """The words that every region has: the common ones in front of its own, the base prompt's scene behind them."""

    common: str
    scene: str


def has_typed_layout(prompt: str) -> bool:
    """Whether the prompt brings its layout along: a keyword such as ADDROW is a word of it, outside of quotations."""
    return bool(find_keyword(prompt, ADDING)) and any(token.text in ADDING for token in tokenise(prompt))


def plan_typed_layout(request: PlanRequest, kinds: TagKinds | None) -> Plan:
    """The plan that the prompt itself lays out; `kinds` of tags, None for the built-in ones.

    Raises RpgError for an empty part and for a misplaced keyword.
    """
    text = split_text(_common_first(_brackets_closed(request.prompt)), "prompt")
    if len(text.regions) > MAX_REGIONS:
        refuse("prompt", f"its {len(text.regions)} regions are more than {MAX_REGIONS}", "join some of them")
    words = [word for word in (*ADDING, BREAK) if find_keyword(request.prompt, (word,))]
    notes = [f"the regions are as the prompt's own words say ({', '.join(words)}); no planner chose them"]
    if request.picture is not None:
        notes.append("the picture was not used: the prompt gives the regions")
    common, base = (_Part.read(part, request, kinds, cell=False) for part in (text.common, text.base))
    parts = [_Part.read(part, request, kinds) for part in text.regions]
    notes += [note for part in parts for note in part.notes]
    # "sky ADDROW a river BREAK a bridge": beside ADDROW, BREAK is between the cells of a row.
    ratio, _ = ratio_for("", [ADDCOL if word == BREAK else word for word in text.separators])
    free = request.method == "lmd"
    shared = _Shared(safe(common.words), shared_words(base.reading, len(parts) > 1, notes))
    regions = _regions(request, parts, parse_ratio(ratio or "1"), shared, notes)
    binding = binding_of(request.method, regions)
    return Plan(
        prompt=request.prompt,
        base_prompt=_base_prompt(common, base, parts, free),
        base_ratio=ratio_of_kinds([kind for part in parts for kind in kinds_of(part.placed)], binding),
        negative_prompt=_joined(common.excluded, base.excluded),
        layout="boxes" if free else "grid",
        split_ratio="" if free else ratio or "1",
        regions=regions,
        source=Source(planner="offline", notes=tuple(dict.fromkeys(notes))[:20]),
        binding=binding,
    )


def _common_first(prompt: str) -> str:
    """The common prompt in front of the base prompt, also where the prompt has them the other way round."""
    parts = keyword_pattern(ADDBASE, ADDCOMM).split(prompt)
    if parts[1::2] != [ADDBASE, ADDCOMM] or not all(part.strip() for part in parts):
        return prompt
    base, common, rest = parts[::2]
    return f"{common.strip()} {ADDCOMM} {base.strip()} {ADDBASE} {rest.strip()}"


def _brackets_closed(prompt: str) -> str:
    """The prompt with brackets closed in front of a keyword inside of them: "(a cat:1.2) ADDCOL (a dog:1.2)"."""
    tokens = tokenise(prompt)
    if not any(token.groups for token in tokens if token.text in KEYWORDS):
        return prompt
    return render(replace(token, groups=()) if token.text in KEYWORDS else token for token in tokens)


def _base_prompt(common: _Part, base: _Part, parts: Sequence[_Part], free: bool) -> str:
    """The words of the common and the base part; without a base part also those of all regions, unless the common part
    names their things: "two chefs ADDCOMM chef with a cleaver ADDCOL chef with a whisk".

    free: regions are boxes of single things, so that only the base prompt has all words of a part, such as numbers.
    """
    spoken = (common, base, *(parts if free or not (base.words or _names_all(common, parts)) else ()))
    alone = parts[0].own if len(parts) == 1 else ()
    tags = [*common.own, *base.own, *alone, *(tag for part in (common, base, *parts) for tag in part.others)]
    text = " ".join([_joined(*(part.words.strip(" ,") for part in spoken)), *dict.fromkeys(tags)]).strip()
    return lower_keywords(text, (*ADDING, AND)) or "background"


def _names_all(common: _Part, parts: Sequence[_Part]) -> bool:
    """Whether the common part counts people, or has the nouns of all things of the others."""
    words = tokenise(common.words)
    lows = {singular(token.low) for token in words}
    nouns = {thing.noun for part in parts for thing in part.reading.things}
    return any(count_tag(token.low) for token in words) or (bool(nouns) and nouns <= lows)


def _regions(
    request: PlanRequest, parts: Sequence[_Part], grid: Grid, shared: _Shared, notes: list[str]
) -> tuple[Region, ...]:
    """The regions of all parts: a cell each or, for method "lmd", a box for each thing in it."""
    aspect = request.width / request.height
    regions: list[Region] = []
    for part, (x, y, width, height) in zip(parts, grid.boxes(), strict=True):
        cell = float(x), float(y), float(width), float(height)
        tags = " ".join(part.own) if len(parts) > 1 else ""
        things = _things_in(part, cell, aspect, notes) if request.method != "rpg" else []
        if request.method == "lmd" and things:
            behind = _joined(shared.common, shared_words(part.reading, True, notes), shared.scene, tags)
            made = free_regions(things, behind, aspect)
        else:
            look = _joined(shared.common, shared.scene)
            boxed = tuple(entity for thing in things for entity in boxed_entities(*thing, look, aspect))
            made = (_cell(part, cell, boxed or part.entities(), shared, tags),)
        regions += [replace(region, negative_prompt=part.excluded) for region in made]
    if len(regions) > MAX_REGIONS:
        notes.append(f"{len(regions)} boxes are more than {MAX_REGIONS}; the last ones are only in the base prompt")
    return tuple(regions[:MAX_REGIONS])


def _things_in(part: _Part, cell: Box, aspect: float, notes: list[str]) -> list[tuple[Placed, int, Box]]:
    """The things of a part with their places in its cell; ``aspect`` is the canvas'."""
    if not part.placed:
        return []
    inner = arrange_things(part.reading, part.placed, aspect * cell[2] / cell[3], notes)
    return things_in(inner, cell)


def _cell(part: _Part, cell: Box, entities: Sequence[Entity], shared: _Shared, tags: str) -> Region:
    prompt = region_prompt(_joined(shared.common, part.words), shared.scene)
    name = label(" and ".join(map(short_name, part.things)))
    return Region(f"{prompt} {tags}".strip(), name=name, box=cell, entities=tuple(entities[:MAX_ENTITIES]))


def _joined(*texts: str) -> str:
    return ", ".join(filter(None, texts))
