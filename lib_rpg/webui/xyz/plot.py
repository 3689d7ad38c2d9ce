"""One plot: the values of its axes, the check before its first picture, and what each of its cells is drawn with.

The WebUI hands each cell a copy of ``p``, and puts the values of X, Y and Z into it in this order. Ours must be put in
by what they do: a planner's plan first, then its split ratio, then the base ratio of its second region. So a cell
collects its values, and its document is made of the tab's own when the last one has come.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import product
from typing import Any

from lib_rpg.checks import at
from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan
from lib_rpg.planner import PlanRequest
from lib_rpg.webui.host import Processing
from lib_rpg.webui.job import Job, JobPlanner
from lib_rpg.webui.refusing import as_shown
from lib_rpg.webui.script_args import own_values, set_own_values
from lib_rpg.webui.xyz.draft import Draft


class Order(IntEnum):
    """When a value is put into a cell's document: the lower first."""

    MODE = 0
    PLANNING = 1
    """Drops the plan, which is then made anew."""
    PRESET = 2
    LAYOUT = 3
    WORDS = 4
    SETTINGS = 5
    """Laid over whatever plan there will be."""
    REGIONS = 6
    """Changes regions of a plan that has its settings."""


@dataclass(frozen=True)
class Step:
    """One value of an axis.

    ``name`` is as in the plot's legend. ``change`` raises RpgError where it cannot be. ``is_ours``: whether the axis
    is one of ours.
    """

    name: str
    order: Order
    change: Callable[[Draft], Draft]
    is_ours: bool = True


@dataclass(frozen=True)
class Cell:
    """A cell's own arguments of the script as they are without the plot, and the values put in so far."""

    values: tuple[Any, ...]
    steps: tuple[Step, ...] = ()

    def draft(self, p: Processing, planner: JobPlanner) -> Draft:
        """The cell's document. Raises RpgError where a value cannot be put in."""
        draft = Draft.of(p, self.values, planner)
        for step in sorted(self.steps, key=lambda each: each.order):
            draft = step.change(draft)
            if not draft.enabled:  # a plain picture needs no plan
                break
        return draft.finished()


class PlotPlanner(JobPlanner):
    """The planner of all cells of a plot: the same request is planned once by each planner."""

    def __init__(self) -> None:
        super().__init__()
        self._by_name: dict[str, JobPlanner] = {}

    def __call__(self, request: PlanRequest, planner: str) -> Plan:
        """The plan of the planner with that name. Raises RpgError."""
        return self._by_name.setdefault(planner, JobPlanner())(request, planner)


class Plot:
    """The axes of ours that a plot has, each with its steps."""

    def __init__(self) -> None:
        self.planner = PlotPlanner()
        self._axes: list[list[Step]] = []
        self._by_value: dict[Hashable, Step] = {}
        self._is_checked = False

    def add(self, key: Hashable, steps: dict[str, Step]) -> None:
        """Add an axis: its steps by the values as they are typed."""
        if self._is_checked:  # the same ``p`` is drawn in another plot
            self._axes.clear()
        self._axes.append(list(steps.values()))
        self._by_value |= {(key, value): step for value, step in steps.items()}
        self._is_checked = False

    def step(self, key: Hashable, value: str) -> Step | None:
        """The step of an axis for that value, if it was added."""
        return self._by_value.get((key, value))

    @property
    def has_axes(self) -> bool:
        """Whether any axis was added."""
        return bool(self._axes)

    def is_complete(self, cell: Cell) -> bool:
        """Whether the cell has a value of each axis."""
        return sum(step.is_ours for step in cell.steps) >= len(self._axes)

    def check_once(self, p: Processing, values: Sequence[Any]) -> None:
        """Check every combination of the axes' values, before the first picture. ``values``: the script's arguments.

        Plans are made as far as no model is asked, and where an axis changes a plan that is not there yet. Raises
        RpgError for a combination that cannot be drawn.
        """
        if self._is_checked:
            return
        for steps in product(*self._axes):
            with at(_place(steps)):
                draft = Cell(tuple(values), steps).draft(p, self.planner)
                if draft.enabled:
                    Job(draft.args(), self.planner).preflight(p)
        self._is_checked = True


def plot_of(p: Processing) -> Plot:
    """The plot of ``p``, a new one where it has none."""
    plot = getattr(p, "rpg_plot", None)
    if plot is None:
        plot = p.rpg_plot = Plot()
    return plot


def has_axes(p: Processing) -> bool:
    """Whether ``p`` is drawn in a plot with axes of ours."""
    plot: Plot | None = getattr(p, "rpg_plot", None)
    return plot is not None and plot.has_axes


def planner_of(p: Processing) -> JobPlanner:
    """Who plans the generation: in a plot the planner that its cells share."""
    plot: Plot | None = getattr(p, "rpg_plot", None)
    return plot.planner if plot else JobPlanner()


def put(p: Processing, title: str, step: Step) -> None:
    """Put one value into a cell. ``title``: of the script whose arguments hold the document.

    Raises RpgError where the script is not there, or the cell has all of its values and they cannot be.
    """
    plot, values = plot_of(p), own_values(p, title)
    if values is None:
        raise RpgError(f"X/Y/Z plot, {step.name}: {title} is not in this tab; switch the extension on in Extensions")
    plot.check_once(p, values)
    cell: Cell | None = getattr(p, "rpg_cell", None)
    cell = cell or Cell(tuple(values))
    p.rpg_cell = cell = replace(cell, steps=(*cell.steps, step))
    if plot.is_complete(cell):
        with at(_place(cell.steps)):
            set_own_values(p, title, cell.draft(p, plot.planner).values(values))


@contextmanager
def answering(p: Processing) -> Iterator[None]:
    """Raise an RpgError as the caller is shown it."""
    try:
        yield
    except RpgError as error:
        raise as_shown(p, error) from None


def _place(steps: Sequence[Step]) -> str:
    return "X/Y/Z plot, " + " and ".join(step.name for step in steps)
