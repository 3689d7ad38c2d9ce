"""Scripts that show what the sandbox's front gives a script: arguments, components, settings, routes, turns."""

from __future__ import annotations

import threading

import gradio as gr
from modules import processing, script_callbacks, scripts, shared
from modules.infotext_utils import PasteField
from modules.styles import PromptStyle
from modules.ui_components import InputAccordion, ToolButton

running = threading.Semaphore(1)


class ProbeScript(scripts.Script):
    """Writes its arguments into the infotext; fails or notes what it is asked to."""

    def __init__(self):
        self.seen = []
        self.on_after_component(lambda made: self.seen.append(made.component.label), elem_id=f"{self._tab()}_steps")

    def _tab(self):
        return "img2img" if scripts.scripts_current is scripts.scripts_img2img else "txt2img"

    def title(self):
        return "Probe"

    def show(self, is_img2img):
        return scripts.AlwaysVisible

    def ui(self, is_img2img):
        with InputAccordion(False, label="Probe", elem_id=self.elem_id("on")) as enabled:
            with enabled.extra():
                gr.HTML("extra", elem_id=self.elem_id("note"))
            amount = gr.Slider(0, 10, step=2, value=4, label="Amount", elem_id=self.elem_id("amount"))
            word = gr.Dropdown(["one", "two"], value="one", label="Word", elem_id=self.elem_id("word"))
            ToolButton("!", tooltip="A tool", elem_id=self.elem_id("tool"))
        self.infotext_fields = [
            (enabled, lambda params: "Probe amount" in params),
            PasteField(amount, "Probe amount"),
        ]
        self.paste_field_names = ["Probe amount"]
        return [enabled, amount, word]

    def before_process(self, p, enabled, amount, word):
        self.alone = running.acquire(blocking=False)
        if word == "fail":
            raise RuntimeError("a script's failure is printed, and the generation goes on")

    def process(self, p, enabled, amount, word):
        if enabled:
            p.extra_generation_params["Probe amount"] = amount
            p.extra_generation_params["Probe word"] = word
        p.extra_generation_params["Probe alone"] = self.alone
        p.extra_generation_params["Probe eta"] = shared.opts.eta_ancestral
        p.extra_generation_params["Probe saw"] = "/".join(self.seen)
        p.comment("<probed>")

    def postprocess(self, p, processed, *args):
        running.release()


class ChosenScript(scripts.Script):
    """A script of the menu: one picture with its own prompt."""

    def title(self):
        return "Chosen"

    def ui(self, is_img2img):
        return [gr.Textbox("", label="Text")]

    def run(self, p, text):
        p.prompt = text
        return processing.process_images(p)


shared.prompt_styles.styles["Probe style"] = PromptStyle("Probe style", "a picture of {prompt}", "a blur")


def add_option():
    shared.opts.add_option("probe_option", shared.OptionInfo("quiet", "Probe option", section=("probe", "Probe")))


def add_route(demo, app):
    app.add_api_route("/probe", lambda: {"page": demo is not None}, methods=["GET"])


script_callbacks.on_ui_settings(add_option)
script_callbacks.on_app_started(add_route)
