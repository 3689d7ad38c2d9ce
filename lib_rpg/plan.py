"""The plan: the one state of the extension, as validated frozen data, and its JSON; its text is `plan_text`'s.

A `Plan` that exists is valid: each field declares its check, and the constructors raise `RpgError` with the place of
the fault, such as ``regions[2].box: width 0 is not > 0; …``. Fields that version 1 did not have at first are sparse:
they are written only where they differ from their default.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lib_rpg.checks import at, quantity, read_json, refuse, show
from lib_rpg.fields import Choice, Flag, Items, Number, Object, OrNone, Text, check_fields, checked, read, sparse_values
from lib_rpg.layout.ratio import MAX_CELLS, Grid, fitting_advice, parse_ratio
from lib_rpg.plan_checks import BasePrompt, Box, BoxOnCanvas, Feather, Mask, RegionPrompt, Units, Version

VERSION = 1
MAX_REGIONS = MAX_CELLS
MAX_ENTITIES = 64
MAX_COUNT = 999
MAX_WEIGHT = 100.0
MAX_NOTES = 100
MAX_UNITS = 10
MAX_PROMPT = 20_000
MAX_LABEL = 1000
MAX_FEATHER = 0.5
MAX_MASK = 500_000
MAX_TEXTS = 250_000
"""Characters of all of a plan's texts together, the notes included and the masks not: 64 regions of 3,900."""
MAX_MASKS = 4_000_000
"""Characters of all of a plan's masks together: 64 files of 46 KB, 8 of the largest."""
MAX_DOCUMENT = 8_000_000
"""Characters of a plan's JSON: all that a plan may hold, with every letter written as an escape."""
GUESS = "guess: "
"""Begins a note of what was guessed. A note stays a plain text, so that plans with guesses can be read everywhere."""
LORA_MODES = ("text", "unet", "shared")
PASSES = ("both", "first", "second")
BINDINGS = ("off", "auto", "exact", "native")
COMPOSITIONS = ("attention", "multidiffusion", "two-phase", "lock-step")
GUIDANCES = ("off", "lmd", "backward", "boxdiff", "bias")
GUIDANCE_SCHEDULES = ("standard", "fast")
MAX_GUIDANCE = 10.0
MAX_CFG = 30.0
"""As the slider of the WebUI's CFG scale, which begins at 1."""
MAX_SIGMA = 1000.0
MAX_SEED = 2**63 - 1

_MOST_NAMED = 4
_LAYOUT = Choice(("grid", "boxes"), "is not a layout", "give 'grid' or 'boxes'")
_LORA = Choice(LORA_MODES, "is not a LoRA mode")
_HIRES = Choice(PASSES, "is not a choice of passes")
_BINDING = Choice(BINDINGS, "is not a way of binding")
_COMPOSITION = Choice(COMPOSITIONS, "is not a way of composing")
_GUIDANCE = Choice(GUIDANCES, "is not a kind of attention guidance")
_GUIDANCE_SCHEDULE = Choice(GUIDANCE_SCHEDULES, "is not a schedule of attention guidance")
_SIGMA = Number(0.0, MAX_SIGMA)
_SEED = OrNone(Number(0, MAX_SEED, whole=True))
_SHARE = Number(0.0, 1.0)
_PROMPT = Text(MAX_PROMPT)
_LABEL = Text(MAX_LABEL)
_BOX = BoxOnCanvas()
_VERSION = Version(VERSION)


def region_names(regions: Sequence[int]) -> str:
    """Regions by their indices, counted from 1 as people do: "region 2", "regions 2 and 3", "regions 1, 2, 3 … 41"."""
    numbers = [str(index + 1) for index in regions]
    if len(numbers) == 1:
        return f"region {numbers[0]}"
    if len(numbers) > _MOST_NAMED:
        return f"regions {', '.join(numbers[: _MOST_NAMED - 1])} … {numbers[-1]}"
    return f"regions {', '.join(numbers[:-1])} and {numbers[-1]}"


@dataclass(frozen=True)
class ObjectBinding:
    """How one object is bound, where that differs: fields as those of `Plan`, None for what is as around it.

    ``mode``: `Plan.binding`. ``steps``, ``sigma``, ``strength``, ``feather``: the fields ``bound_…`` of `Plan`.
    """

    mode: str | None = field(default=None, metadata=checked(OrNone(_BINDING), sparse=True))
    steps: float | None = field(default=None, metadata=checked(OrNone(_SHARE), sparse=True))
    sigma: float | None = field(default=None, metadata=checked(OrNone(_SIGMA), sparse=True))
    strength: float | None = field(default=None, metadata=checked(OrNone(_SHARE), sparse=True))
    feather: float | None = field(default=None, metadata=checked(OrNone(Feather(0.0, MAX_FEATHER)), sparse=True))

    def __post_init__(self) -> None:
        check_fields(self)

    def to_dict(self) -> dict[str, Any]:
        """Only what is set."""
        return sparse_values(self)


@dataclass(frozen=True)
class Entity:
    """A thing in a region, and how many of it (1 to `MAX_COUNT`).

    ``box`` is its own tight place on the canvas, as a region's box, where a planner gave one; hard binding uses it. Of
    things that touch, the first has the box of all, and its prompt names all of them.
    There ``prompt`` are the words that the object is drawn with by itself, blank for the region's, ``seed`` is of its
    own noise, and ``binding`` says what differs from its region.
    """

    phrase: str = field(metadata=checked(Text(MAX_LABEL, needed=True)))
    count: int = field(default=1, metadata=checked(Number(1, MAX_COUNT, whole=True)))
    box: Box | None = field(default=None, metadata=checked(OrNone(_BOX), sparse=True))
    prompt: str = field(default="", metadata=checked(RegionPrompt(MAX_PROMPT), sparse=True))
    seed: int | None = field(default=None, metadata=checked(_SEED, sparse=True))
    binding: ObjectBinding = field(default=ObjectBinding(), metadata=checked(Object(ObjectBinding), sparse=True))

    def __post_init__(self) -> None:
        check_fields(self)
        if self.box is None and self.binding != ObjectBinding():
            refuse("binding", "an object without a box cannot be bound", "give it a box, or leave binding out")

    def to_dict(self) -> dict[str, Any]:
        """The entity as plain values; ``box`` only where there is one."""
        return {"phrase": self.phrase, "count": self.count, **sparse_values(self)}


@dataclass(frozen=True)
class Region:
    """A part of the canvas with a prompt of its own.

    ``prompt`` is complete in itself and may use the WebUI's prompt language but for ``AND`` and the keywords. Where it
    is blank, or where the region is ``muted``, the base prompt has its place: see `acts`.
    ``base_ratio`` (0…1) replaces the plan's where set. ``weight`` (above 0, to `MAX_WEIGHT`) is the region's
    share where regions overlap. ``start`` and ``end`` are the part of the sampling steps, 0…1, in which the region
    acts; before and after it the base prompt has its place. ``mask`` is a PNG file in base64, stretched over the box:
    white belongs to the region, black does not; only in free boxes. ``control`` numbers the ControlNet units (from 0)
    that act on the region only. ``muted`` switches it off with all that it has: its words, negatives, LoRAs and units.
    ``seed`` is of the noise that its place begins with, None for the picture's. ``binding`` says how its objects are
    bound where that differs from the plan. ``cfg_scale`` (1 to `MAX_CFG`) is the guidance scale of the passes that the
    region, or an object of it, has by itself, None for the picture's.
    """

    prompt: str = field(metadata=checked(RegionPrompt(MAX_PROMPT)))
    name: str = field(default="", metadata=checked(_LABEL))
    negative_prompt: str = field(default="", metadata=checked(_PROMPT))
    box: Box = field(default=(0.0, 0.0, 1.0, 1.0), metadata=checked(_BOX))
    base_ratio: float | None = field(default=None, metadata=checked(OrNone(_SHARE)))
    weight: float = field(default=1.0, metadata=checked(Number(0.0, MAX_WEIGHT, above=True)))
    entities: tuple[Entity, ...] = field(default=(), metadata=checked(Items(Entity, MAX_ENTITIES)))
    start: float = field(default=0.0, metadata=checked(_SHARE, sparse=True))
    end: float = field(default=1.0, metadata=checked(_SHARE, sparse=True))
    mask: str = field(default="", metadata=checked(Mask(MAX_MASK), sparse=True))
    control: tuple[int, ...] = field(default=(), metadata=checked(Units(MAX_UNITS), sparse=True))
    muted: bool = field(default=False, metadata=checked(Flag(), sparse=True))
    seed: int | None = field(default=None, metadata=checked(_SEED, sparse=True))
    binding: ObjectBinding = field(default=ObjectBinding(), metadata=checked(Object(ObjectBinding), sparse=True))
    cfg_scale: float | None = field(default=None, metadata=checked(OrNone(Number(1.0, MAX_CFG)), sparse=True))

    def __post_init__(self) -> None:
        check_fields(self)
        if self.start >= self.end:
            refuse("end", f"{self.end:g} is not after start {self.start:g}", "the region would never act")

    @property
    def acts(self) -> bool:
        """Whether its words, negatives and LoRAs act; else its place is drawn as with the base ratio 1."""
        return bool(self.prompt) and not self.muted

    def to_dict(self) -> dict[str, Any]:
        """The region as plain values."""
        return {
            "name": self.name,
            "prompt": self.prompt,
            "negative_prompt": self.negative_prompt,
            "box": list(self.box),
            "base_ratio": self.base_ratio,
            "weight": self.weight,
            "entities": [entity.to_dict() for entity in self.entities],
            **sparse_values(self),
        }


@dataclass(frozen=True)
class Source:
    """Where a plan comes from; ``notes`` says in words what was guessed, repaired or left out."""

    planner: str = field(default="manual", metadata=checked(Text(MAX_LABEL, needed=True)))
    model: str | None = field(default=None, metadata=checked(OrNone(_LABEL)))
    cached: bool = field(default=False, metadata=checked(Flag()))
    notes: tuple[str, ...] = field(default=(), metadata=checked(Items(str, MAX_NOTES, each=_PROMPT)))

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def guesses(self) -> tuple[str, ...]:
        """What the planner guessed, a sentence each: it may be meant otherwise."""
        return tuple(note.removeprefix(GUESS) for note in self.notes if note.startswith(GUESS))

    @property
    def remarks(self) -> tuple[str, ...]:
        """The notes that are no guesses."""
        return tuple(note for note in self.notes if not note.startswith(GUESS))

    def to_dict(self) -> dict[str, Any]:
        """The source as plain values."""
        return {"planner": self.planner, "model": self.model, "cached": self.cached, "notes": list(self.notes)}


@dataclass(frozen=True)
class Plan:
    """A picture as regions; at least one, at most `MAX_REGIONS`; with `MAX_TEXTS` characters and `MAX_MASKS` in all.

    ``layout`` is ``grid``, whose cells are those of ``split_ratio`` in row-major order (the regions' boxes
    are always filled from it), or ``boxes``, where the boxes are free and ``split_ratio`` is empty.
    ``base_prompt`` is the whole picture in one sentence, ``base_ratio`` (0…1) its share wherever a region is.
    ``rows_first`` reads the ratio column by column (Regional Prompter's "Rows"). ``feather`` (0…`MAX_FEATHER`) is the
    width of the band in which regions fade into their neighbours, as a share of the canvas' shorter side. ``lora`` is
    what a LoRA tag inside a region acts on, one of `LORA_MODES`: the region's text and the layers that read it, every
    layer of the UNet on the region's place, or the whole picture. ``hires`` says in which passes of hires fix regions
    act, one of `PASSES`.

    ``binding``, one of `BINDINGS`, says how objects are bound (`lib_rpg.layout.objects`): in the first steps each is
    drawn by itself and put in its box. They are bound in the first ``bound_steps`` (a share, at least one step), or,
    where ``bound_sigma`` is above 0, as long as sigma is above it. ``bound_strength`` is the object's share in the
    middle of its box, and ``bound_feather`` the width of the band at its edges in which it fades, as a share of the
    canvas' shorter side. Where ``bound_background`` has words, regions whose objects are bound act around these alone
    (`lib_rpg.layout.objects.around_objects`), and its words act where no region does.

    ``compose``, one of `COMPOSITIONS`, says where regions act: in the attention of the picture's own pass, or each in a
    pass of its own on the same latents, as in MultiDiffusion (`lib_rpg.regional.composition`). There a region sees, in
    the first ``bootstrap`` (a share of the steps), nothing of the picture around it. In the other two they act in
    attention, and objects are drawn by themselves (`lib_rpg.layout.objects`) and put where their words' attention says
    that they are, in the first ``frozen`` (a share of the steps): each before the picture, in a sampling run of its own
    (LMD), or step by step beside it.

    ``guidance``, one of `GUIDANCES`, leads the things of the regions (`lib_rpg.layout.things`) into their boxes by the
    attention that their words in the base prompt have: the latents are moved before a step (LMD's energy, backward
    guidance, BoxDiff), or the attention is biased, which needs no gradients. ``guidance_scale`` multiplies the method's
    own strength, and ``guidance_schedule`` says for how long it acts.

    ``gligen`` is the share of the steps, the first ones, in which GLIGEN brings the things and their boxes into the
    UNet's transformer blocks (`lib_rpg.regional.gligen`), where the user has its weights; LMD+ has 0.4.
    """

    prompt: str = field(default="", metadata=checked(_PROMPT))
    base_prompt: str = field(default="", metadata=checked(BasePrompt(MAX_PROMPT)))
    base_ratio: float = field(default=0.3, metadata=checked(_SHARE))
    negative_prompt: str = field(default="", metadata=checked(_PROMPT))
    layout: str = field(default="grid", metadata=checked(_LAYOUT))
    split_ratio: str = field(default="", metadata=checked(_PROMPT))
    regions: tuple[Region, ...] = field(default=(), metadata=checked(Items(Region, MAX_REGIONS)))
    source: Source = field(default_factory=Source, metadata=checked(Object(Source)))
    version: int = field(default=VERSION, metadata=checked(_VERSION))
    rows_first: bool = field(default=False, metadata=checked(Flag(), sparse=True))
    feather: float = field(default=0.0, metadata=checked(Feather(0.0, MAX_FEATHER), sparse=True))
    lora: str = field(default=LORA_MODES[0], metadata=checked(_LORA, sparse=True))
    hires: str = field(default=PASSES[0], metadata=checked(_HIRES, sparse=True))
    binding: str = field(default=BINDINGS[0], metadata=checked(_BINDING, sparse=True))
    bound_steps: float = field(default=0.15, metadata=checked(_SHARE, sparse=True))
    bound_sigma: float = field(default=0.0, metadata=checked(_SIGMA, sparse=True))
    bound_strength: float = field(default=1.0, metadata=checked(_SHARE, sparse=True))
    bound_feather: float = field(default=0.0, metadata=checked(Feather(0.0, MAX_FEATHER), sparse=True))
    bound_background: str = field(default="", metadata=checked(RegionPrompt(MAX_PROMPT), sparse=True))

    compose: str = field(default=COMPOSITIONS[0], metadata=checked(_COMPOSITION, sparse=True))
    bootstrap: float = field(default=0.2, metadata=checked(_SHARE, sparse=True))
    frozen: float = field(default=0.5, metadata=checked(_SHARE, sparse=True))
    guidance: str = field(default=GUIDANCES[0], metadata=checked(_GUIDANCE, sparse=True))
    guidance_scale: float = field(default=1.0, metadata=checked(Number(0.0, MAX_GUIDANCE), sparse=True))
    guidance_schedule: str = field(default=GUIDANCE_SCHEDULES[0], metadata=checked(_GUIDANCE_SCHEDULE, sparse=True))
    gligen: float = field(default=0.0, metadata=checked(_SHARE, sparse=True))

    def __post_init__(self) -> None:
        check_fields(self)
        self._check_totals()
        if not self.regions:
            refuse("regions", "the plan has no region", "give at least one")
        if self.layout == "grid":
            object.__setattr__(self, "regions", self._regions_in_cells())
        elif self.split_ratio:
            refuse("split_ratio", "a plan of free boxes has no ratio", "leave it empty or set layout to 'grid'")
        elif self.rows_first:
            refuse("rows_first", "a plan of free boxes has no rows", "leave it out or set layout to 'grid'")
        if self.compose == "multidiffusion":
            self._check_composed()

    def _check_composed(self) -> None:
        for index, region in enumerate(self.regions):
            if region.control:
                problem = "ControlNet units act in the picture's own pass, where a composed region is not"
                refuse(f"regions[{index}].control", problem, "leave it out, or set compose to 'attention'")

    def _check_totals(self) -> None:
        texts = [self.prompt, self.base_prompt, self.negative_prompt, self.bound_background, *self.source.notes]
        for region in self.regions:
            texts += [region.name, region.prompt, region.negative_prompt]
            texts += [text for entity in region.entities for text in (entity.phrase, entity.prompt)]
        if (total := sum(map(len, texts))) > MAX_TEXTS:
            refuse("plan", f"{total} characters in all its texts are too many", f"shorten them to {MAX_TEXTS} together")
        if (total := sum(len(region.mask) for region in self.regions)) > MAX_MASKS:
            problem = f"{total} characters in all their masks are too many"
            refuse("regions", problem, f"scale the masks so that they have at most {MAX_MASKS} together")

    def _regions_in_cells(self) -> tuple[Region, ...]:
        with at("split_ratio"):
            grid = self.grid()
        if len(grid) != len(self.regions):
            sides = f"{quantity(len(grid), 'cell')} but the plan has {quantity(len(self.regions), 'region')}"
            advice = fitting_advice(self.split_ratio, len(self.regions), "region", self.rows_first)
            refuse("split_ratio", f"{show(self.split_ratio)} has {sides}", advice)
        for index, region in enumerate(self.regions):
            if region.mask:
                advice = "set layout to 'boxes' and leave split_ratio out"
                refuse(f"regions[{index}].mask", "the cells of a grid have no masks", advice)
        boxes = [(float(x), float(y), float(w), float(h)) for x, y, w, h in grid.boxes()]
        return tuple(
            region if region.box == box else dataclasses.replace(region, box=box)
            for region, box in zip(self.regions, boxes, strict=True)
        )

    def grid(self) -> Grid:
        """The exact grid of ``split_ratio``. Raises RpgError if the layout is not ``grid``."""
        if self.layout != "grid":
            refuse("layout", "a plan of free boxes has no grid", "use the regions' boxes")
        return parse_ratio(self.split_ratio, self.rows_first)

    @property
    def base_ratios(self) -> tuple[float, ...]:
        """The base prompt's share in each region: the region's own or else the plan's, and 1 where it does not act."""
        own = (self.base_ratio if region.base_ratio is None else region.base_ratio for region in self.regions)
        return tuple(ratio if region.acts else 1.0 for ratio, region in zip(own, self.regions, strict=True))

    @property
    def left_to_base(self) -> tuple[str, ...]:
        """Which regions do not act and why, a sentence each: for the user, who may not have meant it."""
        blank = [i for i, region in enumerate(self.regions) if not region.prompt and not region.muted]
        muted = [i for i, region in enumerate(self.regions) if region.muted]
        notes = []
        for which, is_one, are_many in ((blank, "has", "have"), (muted, "is", "are")):
            if which:
                verb, place = (is_one, "its place") if len(which) == 1 else (are_many, "their places")
                state = "no words" if which is blank else "switched off"
                notes.append(f"{region_names(which)} {verb} {state}: the base prompt has {place}")
        if unheard := [i for i in blank if self.regions[i].negative_prompt]:
            notes.append(f"the negative prompt of {region_names(unheard)} does not act, as there are no words")
        if not any(region.acts for region in self.regions):
            notes.append("no region acts: the whole picture is the base prompt's")
        return tuple(notes)

    @property
    def moves_latents(self) -> bool:
        """Whether attention guidance moves the sampler's latents."""
        return self.guidance not in ("off", "bias") and self.guidance_scale > 0

    def acts_in(self, hires_pass: bool) -> bool:
        """Whether regions act in that pass: the second of hires fix, or the first, which may be the only one."""
        return self.hires in ("both", "second" if hires_pass else "first")

    def to_dict(self) -> dict[str, Any]:
        """The plan as plain dicts, lists, strings and numbers; `from_dict` reads it back."""
        return {
            "version": self.version,
            "prompt": self.prompt,
            "base_prompt": self.base_prompt,
            "base_ratio": self.base_ratio,
            "negative_prompt": self.negative_prompt,
            "layout": self.layout,
            "split_ratio": self.split_ratio,
            "regions": [region.to_dict() for region in self.regions],
            "source": self.source.to_dict(),
            **sparse_values(self),
        }

    def to_json(self, indent: int | None = None) -> str:
        """`to_dict` as JSON text (Unicode, not escaped)."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent, allow_nan=False)

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Plan:
        """Read a plan document; a missing key has its default.

        Raises RpgError for an unknown key, a version other than 1, and every violation, each with its place.
        """
        if not isinstance(document, Mapping):
            refuse("plan", f"{show(document)} is not an object", "give one with 'split_ratio' and 'regions'")
        # A newer version may have other keys, so that its number is looked at first.
        _VERSION(document.get("version", VERSION), "version")
        return read(cls, document)

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """Read a plan from JSON text of at most `MAX_DOCUMENT` characters.

        Raises RpgError as `checks.read_json` and `from_dict` do.
        """
        if isinstance(text, str) and len(text) > MAX_DOCUMENT:
            refuse("plan", f"{len(text)} characters of JSON are too many", f"give at most {MAX_DOCUMENT}")
        return cls.from_dict(read_json(text))
