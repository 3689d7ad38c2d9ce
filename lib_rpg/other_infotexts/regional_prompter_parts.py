"""How Regional Prompter parts a prompt: which words separate it, and what its options make of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lib_rpg.checks import refuse
from lib_rpg.keywords import ADDBASE, ADDCOMM, AND, BREAK, KEYWORDS, split_at_keywords
from lib_rpg.other_infotexts.pasted import joined

KEEPS_AND = "disable convert 'AND' to 'BREAK'"
_KEEPS_BREAK = "Use BREAK to change chunks"
_REVERSES = "Flip prompts"


@dataclass(frozen=True)
class Marks:
    """Which words part a prompt, and whether its first parts are common and base: the checkboxes.

    named: the options that are on, by their names on the page.
    """

    named: frozenset[str]
    uses_common: bool = False
    uses_base: bool = False

    @property
    def separators(self) -> tuple[str, ...]:
        """The words that separate parts."""
        return KEYWORDS if KEEPS_AND in self.named else (*KEYWORDS, AND)

    @property
    def keeps_break(self) -> bool:
        """Whether BREAK is the WebUI's own, which ends a chunk of tokens."""
        return _KEEPS_BREAK in self.named


@dataclass(frozen=True)
class Parts:
    """A parted prompt: the words for all parts, those behind them in their order, and what separates the latter.

    has_base: whether the first of ``rest`` is the base part; then no separator is behind that one.
    """

    common: str
    rest: list[str]
    separators: list[str]
    has_common: bool
    has_base: bool

    def full(self, part: str) -> str:
        """A part as it was drawn, with the common words in front."""
        return joined([self.common, part]) if self.common else part


def parted(text: str, marks: Marks, template: Sequence[str] = ()) -> Parts:
    """The parts of a prompt. ``template`` has the keywords that BREAK becomes between regions, in their order.

    Raises RpgError where ADDCOMM or ADDBASE is among the regions.
    """
    wanted = [ADDCOMM] * marks.uses_common + [ADDBASE] * marks.uses_base
    parts, separators = _split(text, marks, [*wanted, *(() if marks.keeps_break else template)])
    has_common = marks.uses_common or ADDCOMM in separators
    has_base = marks.uses_base or ADDBASE in separators
    common, *rest = parts if has_common else ["", *parts]
    if has_common and _REVERSES in marks.named:  # the option does nothing else
        rest.reverse()
    start = 0
    for keyword in (ADDCOMM, ADDBASE):
        if keyword in separators[start:]:
            start = separators.index(keyword, start) + 1
    # A checkbox makes a part common or base also without its keyword: "a ADDCOL b ADDCOL c".
    separators = separators[max(start, has_common + has_base) :]
    if ADDCOMM in separators or ADDBASE in separators:
        refuse("its prompt", f"{ADDCOMM} or {ADDBASE} is among the regions", f"write {ADDCOMM}, then {ADDBASE}, once")
    return Parts(common, rest, separators, has_common, has_base)


def _split(text: str, marks: Marks, wanted: Sequence[str]) -> tuple[list[str], list[str]]:
    """A prompt's parts and what separates them, where BREAK and AND have become the keywords wanted, in their order.

    A wanted ADDCOMM or ADDBASE that is there already needs no BREAK. Where BREAK is the WebUI's own, it separates no
    parts; but it may become one of these two, for the cells.
    """
    parts, found = split_at_keywords(text, marks.separators)
    made = [BREAK if word == AND else word for word in found]
    for keyword in wanted:
        if BREAK in made and not (keyword in (ADDCOMM, ADDBASE) and keyword in made):
            made[made.index(BREAK)] = keyword
    if not marks.keeps_break:
        return parts, made
    whole = parts[:1]
    for word, part in zip(found, parts[1:], strict=True):
        if word in (BREAK, AND):
            whole[-1] += f" {BREAK} {part}"
        else:
            whole.append(part)
    return whole, [word for word in made if word != BREAK]
