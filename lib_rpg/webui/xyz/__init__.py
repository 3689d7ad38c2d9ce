"""X/Y/Z plots: axes of our own, and *Prompt S/R* that finds words in the regions, too."""

from __future__ import annotations

from lib_rpg.webui.xyz.axes import Axes
from lib_rpg.webui.xyz.plot import planner_of
from lib_rpg.webui.xyz.prompt_search import PromptSearch

__all__ = ["Axes", "PromptSearch", "planner_of"]
