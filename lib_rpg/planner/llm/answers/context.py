"""What a reader of answers knows beside the answer, and the finish that every form of answer shares."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from lib_rpg.checks import NO_TEXT, at, refuse, show
from lib_rpg.layout.ratio import mend_ratio
from lib_rpg.plan import MAX_NOTES, Plan, Region, Source
from lib_rpg.planner.base_ratio import ratio_of_entities
from lib_rpg.printable import printable

TEXT_BASE_RATIO = 0.3

# Whatever the WebUI takes for the tag of an extra network, not only the kinds that it has by itself.
_TAG = re.compile(r"<\w+:[^>]+>")
_WORD = re.compile(r"[^\W_]+")
_AND = re.compile(r"\bAND\b")


@dataclass(frozen=True)
class Context:
    """What was asked for.

    prompt: the user's words, empty if unknown. size: of the canvas in pixels, None if unknown. method: "rpg", "rag",
    "lmd", or empty for any. base_ratio: taken where the answer gives none; None for the form's own. source: of the
    plan; the reader adds its notes.
    """

    prompt: str = ""
    size: tuple[int, int] | None = None
    method: str = ""
    base_ratio: float | None = None
    source: Source = field(default_factory=lambda: Source("paste"))

    def words(self, text: str, place: str, notes: list[str]) -> str:
        """A model's words without hidden characters and tags of extra networks that the user did not write, and
        without AND."""
        # NUL and lone surrogates stay, to be refused as no text at all.
        seen = text if NO_TEXT.search(text) else printable(text, kept="\n\t" + self.prompt)
        if seen != text:
            notes.append(f"{place}: left out characters that do not show")
            text = seen
        # Behind the last ">" no tag ends; so every search for one ends at a ">", which keeps the time linear.
        end = text.rfind(">") + 1
        own = set(_TAG.findall(self.prompt[: self.prompt.rfind(">") + 1])) if end else set()
        left_out: list[str] = []

        def keep(match: re.Match[str]) -> str:
            if match[0] in own:
                return match[0]
            left_out.append(match[0])
            return " "

        cleaned = _TAG.sub(keep, text[:end]) + text[end:]
        if left_out:
            notes.append(f"{place}: left out {show(left_out[0])}, which the prompt does not hold{_more(left_out)}")
            cleaned = re.sub(r"(?: ?,)+", ",", re.sub(r"\s+", " ", cleaned)).strip(" ,")
        if _AND.search(cleaned):
            notes.append(f"{place}: wrote 'and' for AND")
            cleaned = _AND.sub("and", cleaned)
        return cleaned

    def clean(self, plan: Plan, notes: list[str]) -> Plan:
        """The plan with `words` applied to all of its texts."""
        regions = []
        for index, region in enumerate(plan.regions):
            place = f"regions[{index}]"
            with at(place, "."):
                entities = [
                    replace(entity, phrase=self.words(entity.phrase, f"{place}.entities", notes))
                    for entity in region.entities
                ]
                regions.append(
                    replace(
                        region,
                        prompt=self.words(region.prompt, f"{place}.prompt", notes),
                        name=self.words(region.name, f"{place}.name", notes),
                        negative_prompt=self.words(region.negative_prompt, f"{place}.negative_prompt", notes),
                        entities=tuple(entities),
                    )
                )
        base = self.words(plan.base_prompt, "base_prompt", notes)
        negative = _not_shown(self.words(plan.negative_prompt, "negative_prompt", notes), base, notes)
        return replace(plan, base_prompt=base, negative_prompt=negative, regions=tuple(regions))

    def base_prompt(self, given: str, notes: list[str]) -> str:
        """The base prompt that was given, else the user's prompt, which is noted."""
        if given or not self.prompt:
            return given
        notes.append("base_prompt: none was given, so the prompt itself is used")
        return self.prompt

    def default_base_ratio(self, regions: Iterable[Region]) -> float:
        """The base ratio where an answer gives none: more where two regions hold things of one kind."""
        if self.base_ratio is not None:
            return self.base_ratio
        return ratio_of_entities(regions)

    def note_unbound(self, plan: Plan, notes: list[str]) -> None:
        """Note a plan for hard binding that has nothing to bind."""
        if self.method == "rag" and not any(entity.box for region in plan.regions for entity in region.entities):
            notes.append("no entity has a box of its own, so there is nothing to bind")

    def noted(self, notes: Sequence[str]) -> Source:
        """The plan's source with notes added, each once, at most as many as a source holds."""
        every = list(dict.fromkeys([*self.source.notes, *notes]))
        if len(every) > MAX_NOTES:
            every = [*every[: MAX_NOTES - 1], f"and {len(every) - MAX_NOTES + 1} notes more"]
        return replace(self.source, notes=tuple(every))

    def check_layout(self, layout: str) -> None:
        """Raise RpgError if the method that was asked for needs the other layout."""
        if self.method == "lmd" and layout == "grid":
            refuse("layout", "the answer is a grid, and boxes were asked for", "give every region a box, and no ratio")
        if self.method in ("rpg", "rag") and layout == "boxes":
            refuse("layout", "the answer is of free boxes, and a grid was asked for", "give a split_ratio for it")


def readable_ratio(text: str, notes: list[str]) -> str:
    """A split ratio with what models get wrong in it mended, and noted."""
    ratio, mends = mend_ratio(text)
    notes.extend(mends)
    return ratio


def _not_shown(negative: str, base: str, notes: list[str]) -> str:
    """The exclusions without those that the base prompt itself shows, word for word."""
    items = [item.strip() for item in re.split(r"[,;]", negative) if item.strip()]
    own = _bare_words(base)
    shown = {item: None for item in items if _bare_words(item) in own}
    if not shown:
        return negative
    notes.append(f"negative_prompt: left out {show(next(iter(shown)))}, which the base prompt shows{_more(shown)}")
    return ", ".join(item for item in items if item not in shown)


def _bare_words(text: str) -> str:
    return f" {' '.join(_WORD.findall(text.casefold()))} "


def _more(items: Collection[object]) -> str:
    return f", and {len(items) - 1} more" if len(items) > 1 else ""
