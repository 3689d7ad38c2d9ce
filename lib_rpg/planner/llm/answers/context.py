"""The request that an answer belongs to, and the last parsing steps, which every form of answer shares."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from lib_rpg.checks import refuse
from lib_rpg.plan import MAX_NOTES, Plan, Region, Source
from lib_rpg.planner.base_ratio import ratio_of_entities
from lib_rpg.planner.llm.answers.cleaning import clean_plan, clean_words
from lib_rpg.planner.llm.answers.ratio_repairs import repair_ratio

TEXT_BASE_RATIO = 0.3


@dataclass(frozen=True)
class Context:
    """What was asked for.

    prompt: the user's words, empty if unknown. size: of the canvas in pixels, None if unknown. method: "rpg", "rag",
    "lmd", or empty for any. base_ratio: taken where the answer gives none; None for the form's own. source: of the
    plan. notes: what was repaired or left out in one reading, in words; every reading starts with `begin`.
    """

    prompt: str = ""
    size: tuple[int, int] | None = None
    method: str = ""
    base_ratio: float | None = None
    source: Source = field(default_factory=lambda: Source("paste"))
    notes: list[str] = field(default_factory=list)

    def begin(self) -> Context:
        """The same, without notes: for one reading of one part of the answer."""
        return replace(self, notes=[])

    def words(self, text: str, place: str) -> str:
        """See `lib_rpg.planner.llm.answers.cleaning.clean_words`."""
        return clean_words(text, self.prompt, place, self.notes)

    def clean(self, plan: Plan) -> Plan:
        """See `lib_rpg.planner.llm.answers.cleaning.clean_plan`."""
        return clean_plan(plan, self.prompt, self.notes)

    def base_prompt(self, given: str) -> str:
        """The base prompt that was given, else the user's prompt, which is noted."""
        if given or not self.prompt:
            return given
        self.notes.append("base_prompt: none was given, so the prompt itself is used")
        return self.prompt

    def repaired_ratio(self, text: str) -> str:
        """A split ratio with the usual mistakes of models repaired, and noted."""
        ratio, repairs = repair_ratio(text)
        self.notes.extend(repairs)
        return ratio

    def default_base_ratio(self, regions: Iterable[Region]) -> float:
        """The base ratio where an answer gives none: more where two regions hold things of one kind."""
        if self.base_ratio is not None:
            return self.base_ratio
        return ratio_of_entities(regions)

    def with_binding(self, plan: Plan) -> Plan:
        """The plan with its objects bound, where that was asked for; that there is nothing to bind is noted."""
        if self.method != "rag":
            return plan
        if any(entity.box for region in plan.regions for entity in region.entities):
            return replace(plan, binding="auto")
        self.notes.append("no entity has its own box, so there is nothing to bind")
        return plan

    def noted_source(self) -> Source:
        """The plan's source with the notes added, each once, at most as many as a source holds."""
        every = list(dict.fromkeys([*self.source.notes, *self.notes]))
        if len(every) > MAX_NOTES:
            every = [*every[: MAX_NOTES - 1], f"and {len(every) - MAX_NOTES + 1} more notes"]
        return replace(self.source, notes=tuple(every))

    def check_layout(self, layout: str) -> None:
        """Raise RpgError if the method that was asked for needs the other layout."""
        if self.method == "lmd" and layout == "grid":
            refuse("layout", "the answer is a grid, but boxes are required", "give every region a box, and no ratio")
        if self.method in ("rpg", "rag") and layout == "boxes":
            refuse("layout", "the answer has free boxes, but a grid is required", "give a split_ratio")
