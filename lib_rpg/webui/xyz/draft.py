"""The document of one cell of a plot, while the values of its axes are put into it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan
from lib_rpg.webui import own_plans, settings
from lib_rpg.webui.args import MakePlan, RunArgs, read_args
from lib_rpg.webui.document import parse_state
from lib_rpg.webui.host import Processing
from lib_rpg.webui.option_kinds import Part
from lib_rpg.webui.options import BY_NAME

_NOT_THE_PLANS = (Part.RUN, Part.REQUEST)


@dataclass(frozen=True)
class Draft:
    """A document that is changed step by step; each step gives another draft.

    p: the cell's generation. document: the keys of the API's argument, without ``enabled``. make_plan: who plans where
    a step needs a plan and there is none. replanned: whether a step has asked for another plan.
    """

    p: Processing
    document: Mapping[str, Any]
    make_plan: MakePlan
    enabled: bool = True
    replanned: bool = False

    @classmethod
    def of(cls, p: Processing, values: Sequence[Any], make_plan: MakePlan) -> Draft:
        """The draft of a script's arguments, switched on.

        Where img2img's picture brings its own plan along, that one is changed. Raises RpgError where the panel's
        document is malformed, and for the ✨ button, which draws the plan of a picture as it is.
        """
        if own_plans.is_upscale(p):
            raise RpgError("the ✨ button draws a picture's regions as they are; make the plot with Generate")
        first, *others = values
        document = first if isinstance(first, Mapping) else parse_state(others[0] if others else None)
        draft = cls(p, {key: value for key, value in document.items() if key != "enabled"}, make_plan)
        if not draft._is_of_picture:
            return draft
        args = draft.args()
        plan = own_plans.with_own_plan(p, args).plan
        # Without its prompt, so that no other plan is put in its place when the cell is drawn.
        return draft if plan is None or plan is args.plan else draft.with_plan(replace(plan, prompt=""))

    def values(self, before: Sequence[Any]) -> list[Any]:
        """The draft as a script's arguments, in the form of those that were ``before``: the API's or the panel's."""
        first, *others = before
        if isinstance(first, Mapping) or not others:  # as many as before: other scripts' follow
            return [{**self.document, "enabled": self.enabled}, *others]
        is_dict = isinstance(others[0], Mapping)
        document = dict(self.document) if is_dict else json.dumps(self.document, ensure_ascii=False)
        return [self.enabled, document, *others[1:]]

    def args(self) -> RunArgs:
        """The document as it will be read. Raises RpgError where it is malformed."""
        return read_args((True, self.document), settings.defaults(self.p))

    def plan(self) -> Plan:
        """The plan of the document: the one there is, else one that is made now. Raises RpgError where none can be."""
        return self.args().plan_for(self._prompt, self.p.width, self.p.height, self.make_plan)

    def finished(self) -> Draft:
        """The draft with its plan where the plan of img2img's picture would take its place."""
        is_open = self.enabled and self._is_of_picture and self.args().plan is None
        return self.with_plan(self.plan()) if is_open else self

    def having(self, **options: Any) -> Draft:
        """The draft with those options set."""
        return replace(self, document={**self.document, **options})

    def with_plan(self, plan: Plan) -> Draft:
        """The draft with that plan, which has all that was laid over the former one."""
        kept = {key: value for key, value in self.document.items() if _sets(key) in _NOT_THE_PLANS}
        return replace(self, document={**kept, "plan": plan.to_dict()})

    def without_plan(self) -> Draft:
        """The draft whose prompt is planned anew: only what outlives a plan stays.

        Where neither the panel nor the tab has a prompt, that of the former plan is planned.
        """
        kept = {key: value for key, value in self.document.items() if key in BY_NAME and BY_NAME[key].stays(value)}
        plan = self.document.get("plan")
        if not str(kept.get("prompt") or "").strip() and not self._prompt.strip() and isinstance(plan, Mapping):
            kept["prompt"] = plan.get("prompt", "")
        return replace(self, document=kept, replanned=True)

    @property
    def _is_of_picture(self) -> bool:
        """Whether the generation may begin with a picture that brings its own plan along."""
        return bool(getattr(self.p, "init_images", None)) and not getattr(self.p, "is_api", False)

    @property
    def _prompt(self) -> str:
        """The tab's prompt, or the first of a list."""
        prompt = self.p.prompt
        return prompt if isinstance(prompt, str) else next(iter(prompt), "")


def _sets(key: str) -> Part | None:
    return BY_NAME[key].sets if key in BY_NAME else None
