"""The panel in txt2img and img2img: one hidden JSON textbox, and views of it.

The hidden textbox `Panel.state` is the truth and what Generate is sent. Its document is an API argument without
``enabled``: ``plan``, and each field that differs from it, as typed; blank text says nothing yet. The script in
javascript/ writes it, `lib_rpg.webui.document` is the one reading of it.

- A field that is typed in: the page's script writes the document at once, with no way over the server, so that
  Generate never gets an older text than the page shows. A malformed text is kept there as typed.
- Plan and a paste of an infotext: gradio writes the document, the script fills the fields from it. Undo
  steps back.
- What the document means (cells, notes, the sentence of an error) is asked of Python, 250 ms after the last edit, by
  the hidden button "check". Answers are gradio events, so they work behind logins, share links and sub-paths.

No component here is saved to ui-config.json but the accordion's checkbox, and none ever holds a key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import gradio as gr
from modules.ui_components import InputAccordion

from lib_rpg.planner import PlannerConfig
from lib_rpg.webui.options import Defaults
from lib_rpg.webui.panel import sections
from lib_rpg.webui.panel.calls import Calls
from lib_rpg.webui.panel.components import Components
from lib_rpg.webui.panel.events import Events
from lib_rpg.webui.panel.planning import Planning
from lib_rpg.webui.panel.repainting import keep_picture
from lib_rpg.webui.panel.shelf import Shelf


@dataclass(frozen=True)
class Panel:
    """The two components that the script's ``ui()`` returns, in this order: the switch and the document."""

    enabled: gr.Checkbox
    state: gr.Textbox


def build(
    is_img2img: bool,
    elem_id: Callable[[str], str],
    defaults: Callable[[], Defaults] = Defaults,
    config: Callable[[], PlannerConfig] = PlannerConfig,
    applied: Callable[[], str] = str,
    default_open: bool = False,
) -> Panel:
    """Build the panel in the current gradio context.

    `elem_id` turns a short name into the id of an element; `defaults` and `config` return the current Settings,
    `applied` the line that says what the newest regional sampling did.
    """
    tab = "img2img" if is_img2img else "txt2img"
    make = Components(elem_id)
    with (
        InputAccordion(default_open, label="RPG regions", elem_id=elem_id("enabled")) as enabled,
        gr.Column(elem_id=elem_id("panel"), elem_classes=["rpg_panel", f"rpg_{tab}"]),
    ):
        with enabled.extra():
            gr.HTML(f'<p class="rpg_status rpg_status_{tab}" role="status" aria-live="polite"></p>')
        prompt = sections.prompt(make)
        planning = sections.planning(make)
        pasting = sections.pasting(make)
        sections.regions(make)
        sections.picture(make)
        sections.details(make)
        sections.binding(make)
        sections.guidance(make)
        sections.shelf(make)
        sections.results(make)
        hidden = sections.hidden(make)

    events = Events(f"sdWebuiRpg.panels.{tab}", hidden, Planning(defaults, config))
    events.follow_document()
    events.check(defaults)
    events.plan(prompt, planning, pasting)
    events.use_answer(pasting)
    events.ask(Calls({**Shelf(defaults).answers(), "results.applied": applied, "repaint.keep": keep_picture}))
    return Panel(enabled, hidden.state)
