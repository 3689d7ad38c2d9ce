"""A plan in the notation of `cases`: its grid of entities."""

from __future__ import annotations

from lib_rpg.plan import Plan


def cells_of(plan: Plan) -> str:
    """The plan's grid in the notation of `cases.Case.cells`."""
    rows: dict[int, list[str]] = {}
    for region, row in zip(plan.regions, plan.grid().row_of_cell(), strict=True):
        things = [f"{e.count}*{e.phrase}" if e.count > 1 else e.phrase for e in region.entities]
        more = "~" if region.name.endswith(", continued") else "_"
        rows.setdefault(row, []).append(" + ".join(things).lower() if things else more)
    return " / ".join(" | ".join(row) for row in rows.values())
