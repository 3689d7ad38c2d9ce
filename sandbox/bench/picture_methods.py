"""The ways of drawing that `bench pictures` compares: one table, a row for each.

A row says which plan is made and what of it is replaced. To add a way of drawing, add a row to `METHODS`:

    "boxdiff": Method("lmd", plan={"guidance": "boxdiff"}),

``plan`` has keys of the plan's document (`lib_rpg.plan.Plan.to_dict`), whose values replace those of the planner's
plan. The plan is checked as any other, so that a wrong row is refused with the name of its field. ``request`` has keys
of the body of ``POST /sdapi/v1/txt2img``. Names joined with "+" combine rows; a combination that needs more than both
has a row of its own, such as "binding+refine".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from lib_rpg.checks import did_you_mean, refuse, show
from lib_rpg.plan import Plan
from lib_rpg.presets import LMD_PRESETS

BOXES = ("rpg", "rag", "lmd")
"""The planner's methods, each with more boxes than the one before: cells, boxes in cells, free boxes."""


@dataclass(frozen=True)
class Method:
    """A row of `METHODS`.

    ``planner`` is the planner's method, one of `BOXES`, or "" for no plan: the prompt alone is drawn, without the
    negative prompt that a plan would have.
    """

    planner: str = ""
    plan: Mapping[str, Any] = field(default_factory=dict)
    request: Mapping[str, Any] = field(default_factory=dict)

    def changed(self, planned: Plan) -> Plan:
        """The planner's plan with this row's fields. Raises RpgError as `Plan.from_dict` does."""
        return Plan.from_dict({**planned.to_dict(), **self.plan}) if self.plan else planned

    def to_dict(self) -> dict[str, Any]:
        """The row as plain values, to tell whether pictures were drawn by the same."""
        return asdict(self)


BY_DEFAULT: dict[str, Method] = {
    # As in LMD's paper, whose row of plain Stable Diffusion has no negative prompt either.
    "plain": Method(),
    "attention": Method("rpg"),
    # With the base prompt alone, regions do nothing: each object is bound, and nothing else is regional.
    "binding": Method("rag", {"binding": "auto", "base_ratio": 1.0, "bound_background": ""}),
    "binding+refine": Method("rag", {"binding": "auto"}),
    # As RAG has it where objects are to hold: bound for half of the steps, and nothing of the base prompt in regions.
    "binding-half+refine": Method("rag", {"binding": "auto", "bound_steps": 0.5, "base_ratio": 0.0}),
    # Bound in all steps: the things are what they are by themselves, and regions shape what is between them.
    "binding-whole+refine": Method("rag", {"binding": "auto", "bound_steps": 1.0, "base_ratio": 0.0}),
    # The same with each thing on a canvas as large as the model draws best, however small its box is.
    "binding-native+refine": Method("rag", {"binding": "native", "bound_steps": 1.0, "base_ratio": 0.0}),
    # For little time: a quarter of the steps, and no canvas is larger than its box.
    "binding-quarter+refine": Method("rag", {"binding": "exact", "bound_steps": 0.25, "base_ratio": 0.0}),
    "multidiffusion": Method("lmd", {"compose": "multidiffusion"}),
    # With the base prompt alone in the picture's own run; "lmd+two-phase" is LMD as its paper has it.
    "two-phase": Method("lmd", {"compose": "two-phase", "base_ratio": 1.0}),
    "lock-step": Method("lmd", {"compose": "lock-step", "base_ratio": 1.0}),
    # With the base prompt alone: what a kind of guidance does by itself, in the boxes of LMD's plan.
    "lmd": Method("lmd", {"guidance": "lmd", "base_ratio": 1.0}),
    "backward": Method("lmd", {"guidance": "backward", "base_ratio": 1.0}),
    "boxdiff": Method("lmd", {"guidance": "boxdiff", "base_ratio": 1.0}),
    "bias": Method("lmd", {"guidance": "bias", "base_ratio": 1.0}),
    "binding+refine+bias": Method("rag", {"binding": "auto", "guidance": "bias"}),
}
METHODS: dict[str, Method] = {
    **BY_DEFAULT,
    # Needs GLIGEN's weights on the server.
    "gligen": Method("lmd", {"gligen": 0.4, "base_ratio": 1.0}),
    **{
        f"preset-{number}": Method("lmd", {**preset.fields, "base_ratio": 1.0})
        for number, preset in enumerate(LMD_PRESETS, 1)
    },
}
"""``preset-1`` to ``preset-4`` are LMD's presets, from standard to fastest."""


def method_of(name: str, table: Mapping[str, Method] = METHODS) -> Method:
    """The row of that name, or the combination of the rows whose names are joined with "+".

    Raises RpgError for an unknown name, for a part without a plan, and where two parts want one field otherwise.
    """
    if name in table:
        return table[name]
    parts = name.split("+")
    if unknown := [part for part in parts if part not in table]:
        refuse("--methods", f"there is no {show(unknown[0])}", did_you_mean(unknown[0], table))
    rows = [table[part] for part in parts]
    if not all(row.planner for row in rows):
        refuse("--methods", f"{show(name)} combines a method that has no plan", "leave that one out")
    return Method(
        max((row.planner for row in rows), key=BOXES.index),
        _united(name, [row.plan for row in rows]),
        _united(name, [row.request for row in rows]),
    )


def _united(name: str, documents: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    united: dict[str, Any] = {}
    for document in documents:
        for key, value in document.items():
            if united.setdefault(key, value) != value:
                refuse("--methods", f"{show(name)} combines two values of {key}", "add a row for it to METHODS")
    return united
