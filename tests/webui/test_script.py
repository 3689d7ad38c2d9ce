"""The script inside the sandbox, in this process: what it does to a generation, and that nothing of it stays."""

from __future__ import annotations

import copy
import io
import json
import sys
import threading
import time
from contextvars import ContextVar
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from fastapi import FastAPI, HTTPException
from fastapi.testclient import TestClient

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg import planner as planners
from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan, Region
from lib_rpg.regional.attention import RegionAttention
from lib_rpg.webui import api, batch_texts, tab_prompt
from lib_rpg.webui.host import host

SMALL = {"prompt": "a red circle and a blue square", "width": 64, "height": 64, "steps": 3, "seed": 5, "subseed": 1}
COMMENTS = "enable_prompt_comments"
TEXT = {"regional_prompt": "a red circle BREAK a blue square", "split_ratio": "1,1", "base_ratio": 0.2}
HIRES = {"enable_hr": True, "hr_scale": 1.5, "hr_upscaler": "Latent", "denoising_strength": 0.7}


@pytest.fixture(scope="module")
def webui():
    """The sandbox with this extension, started once; its txt2img runner's script of ours is `.script`."""
    from sandbox import launch

    launch.boot()
    from modules import initialize, processing, script_callbacks, scripts, shared

    initialize.headless_ui()

    class Webui:
        opts, state, callbacks = shared.opts, shared.state, script_callbacks
        script = scripts.scripts_txt2img.script("RPG")
        unet = shared.sd_model.model.diffusion_model

        @staticmethod
        def job(api=True, argument=None, img2img=False, **fields):
            cls = (
                processing.StableDiffusionProcessingImg2Img if img2img else processing.StableDiffusionProcessingTxt2Img
            )
            p = cls(**{**SMALL, "sampler_name": "Euler", "do_not_save_grid": True, **fields})
            p.is_api = api
            p.scripts = scripts.scripts_img2img if img2img else scripts.scripts_txt2img
            script = p.scripts.script("RPG")
            args = initialize.default_script_args(p.scripts)
            if argument is not None:
                args[script.args_from : script.args_from + len(argument)] = argument
            p.script_args = tuple(args)
            return p

        @staticmethod
        def run(p):
            shared.state.begin("test")
            try:
                return processing.process_images(p)
            finally:
                shared.state.end()

        def draw(self, argument=None, **fields):
            return self.run(self.job(argument=None if argument is None else [argument], **fields))

        @staticmethod
        def hooks():
            """Everything that could be left on the model, the sampler callbacks or the prompt functions."""
            modules = list(shared.sd_model.model.modules())
            hooks = sum(len(m._forward_hooks) + len(m._forward_pre_hooks) for m in modules)
            return (
                hooks,
                [m for m in modules if "forward" in vars(m)],
                len(script_callbacks.callback_map["callbacks_cfg_denoiser"]),
            )

    return Webui()


@pytest.fixture(autouse=True)
def clean(webui):
    """Every test starts and ends with a host that carries nothing of ours, and with its options as they were."""
    before, options = webui.hooks(), dict(webui.opts.data)
    yield
    webui.opts.data.clear()
    webui.opts.data.update(options)
    webui.state.interrupted = False  # as the page's next generation begins with
    assert webui.hooks() == before


def pixels(image):
    return np.asarray(image.convert("RGB")).astype(int)


def same(a, b):
    return np.array_equal(pixels(a), pixels(b))


def plan_in(processed):
    """The plan in the infotext, as plain values."""
    from modules.infotext_utils import parse_generation_parameters

    return json.loads(parse_generation_parameters(processed.infotexts[0])["RPG plan"])


def test_regions_change_the_picture_and_off_is_off_again(webui):
    plain = webui.draw().images[0]
    regional = webui.draw(TEXT).images[0]
    assert not same(plain, regional)
    assert same(webui.draw().images[0], plain)
    assert same(webui.draw({"enabled": False, **TEXT}).images[0], plain)


def test_the_preflight_line_and_the_infotext(webui, capsys):
    processed = webui.draw(TEXT)
    assert "RPG: 2 regions, fast on 10 layers" in capsys.readouterr().out
    assert webui.script.status.last == "2 regions, fast on 10 layers"
    text = processed.infotexts[0]
    assert text.startswith(SMALL["prompt"] + "\n")
    assert "RPG plan: " in text


def test_the_negative_of_a_plan_joins_the_users_and_the_infotext_keeps_the_users(webui):
    plan = Plan(split_ratio="1", regions=(Region("a ring"),), negative_prompt="green").to_dict()
    processed = webui.draw({"plan": plan}, negative_prompt="red")
    assert "Negative prompt: red\n" in processed.infotexts[0]
    both = webui.draw({"plan": {**plan, "negative_prompt": ""}}, negative_prompt="red, green")
    assert same(processed.images[0], both.images[0])
    assert not same(
        processed.images[0], webui.draw({"plan": {**plan, "negative_prompt": ""}}, negative_prompt="red").images[0]
    )


def test_a_regions_own_negative_prompt_counts_in_its_region(webui):
    regions = [{"prompt": "a red circle"}, {"prompt": "a blue square", "negative_prompt": "a green ring"}]
    plan = {"split_ratio": "1,1", "base_prompt": "two things", "regions": regions}
    without = {**plan, "regions": [regions[0], {"prompt": "a blue square"}]}
    assert not same(webui.draw({"plan": plan}).images[0], webui.draw({"plan": without}).images[0])


def test_each_picture_of_a_batch_is_planned_from_its_own_prompt(webui):
    prompts = ["a red circle left of a blue square", "a green ring above a yellow triangle"]
    p = webui.job(argument=[{"planner": "offline"}], prompt=prompts, batch_size=2)
    batch = webui.run(p)
    singles = [webui.draw({"planner": "offline"}, prompt=text, seed=5 + i) for i, text in enumerate(prompts)]
    for image, single in zip(batch.images[-2:], singles, strict=True):
        assert np.abs(pixels(image) - pixels(single.images[0])).max() <= 2
    plans = [json.loads(text) for text in p.extra_generation_params["RPG plan"]]
    assert [plan["prompt"] for plan in plans] == prompts


def test_lora_tags_in_regions_are_lifted_and_said_where_they_are_shared(webui):
    seen = []
    p = webui.job(
        argument=[{**TEXT, "lora": "shared", "regional_prompt": "a red circle <lora:x:0.5> BREAK a blue square"}]
    )
    encode = p.setup_conds
    p.setup_conds = lambda: (seen.append((list(p.prompts), dict(p.extra_network_data))), encode())
    processed = webui.run(p)
    assert "<lora:x:0.5> inside a region applies to the whole picture" in processed.comments
    assert list(seen[0][1]) == ["lora"]
    assert "<lora" not in seen[0][0][0]


def test_a_schedule_inside_a_region_runs_on_the_samplers_steps(webui):
    def regional(text):
        return webui.draw({**TEXT, "regional_prompt": f"{text} BREAK a blue square"}, steps=4).images[0]

    late = regional("a [red:green:1] circle")
    assert not same(late, regional("a red circle"))
    assert not same(late, regional("a green circle"))
    assert same(regional("a [red:green:9] circle"), regional("a red circle"))


def test_hires_fix_draws_regions_in_both_passes(webui):
    job = webui.job(argument=[TEXT], **HIRES)
    regional = webui.run(job)
    assert len(job.rpg_job.runs) == 2
    assert all(run.applied_calls > 0 for run in job.rpg_job.runs)
    assert regional.images[0].size == (96, 96)


def test_a_hires_checkpoint_that_has_no_place_for_regions_is_drawn_without_them_and_it_is_said(webui, monkeypatch):
    own, jobs = host.unet_of, []

    def unet_of(sd_model):
        if getattr(jobs[-1], "is_hr_pass", False):
            raise RpgError("RPG regions need a checkpoint with cross-attention")
        return own(sd_model)

    def run(hires):
        jobs.append(webui.job(argument=[{**TEXT, "hires": hires}], **HIRES))
        return webui.run(jobs[-1])

    first = webui.draw({**TEXT, "hires": "first"}, **HIRES)
    monkeypatch.setattr(host, "unet_of", unet_of)
    both = run("both")
    assert "RPG: the hires pass was drawn without regions: RPG regions need a checkpoint" in both.comments
    assert same(both.images[0], first.images[0])
    assert "without regions" not in run("first").comments
    with pytest.raises(HTTPException) as caught:  # they would act nowhere
        run("second")
    assert caught.value.detail == "RPG regions need a checkpoint with cross-attention"


def test_img2img(webui):
    source = webui.draw().images[0]
    fields = {"img2img": True, "init_images": [source], "denoising_strength": 0.8}
    plain = webui.run(webui.job(**fields)).images[0]
    regional = webui.run(webui.job(argument=[TEXT], **fields)).images[0]
    again = webui.run(webui.job(**fields)).images[0]
    assert np.abs(pixels(plain) - pixels(regional)).max() > 20
    assert np.abs(pixels(plain) - pixels(again)).max() <= 2  # the autoencoder draws its latent from a distribution


def test_adetailers_copies_of_p_and_its_inner_runs(webui):
    plain = webui.draw().images[0]
    inner = webui.job(argument=[TEXT])
    inner._ad_inner = True
    assert same(webui.run(inner).images[0], plain)

    regional = webui.draw(TEXT).images[0]
    job = webui.job(argument=[TEXT])
    script = webui.script
    args = job.script_args[script.args_from : script.args_to]
    before_batch = job.scripts.before_process_batch

    def with_copies(p, **kwargs):
        """What ADetailer does within a generation: postprocess, before_process and process on copies of p."""
        nested = copy.copy(p)
        script.postprocess(nested, None, *args)
        script.before_process(nested, *args)
        script.process(nested, *args)
        return before_batch(p, **kwargs)

    job.scripts.before_process_batch = with_copies
    try:
        assert same(webui.run(job).images[0], regional)
    finally:
        del job.scripts.before_process_batch


@pytest.mark.parametrize(
    ("argument", "fields", "says"),
    [
        ({"split_ratio": "1,,1", "regional_prompt": "a BREAK b"}, {}, "1,,1"),
        ({"split_ratio": "1,1", "regional_prompt": "a"}, {}, "2 cells"),
        ({"plan": {"version": 7}}, {}, "version"),
        ({"planner": "offline"}, {"prompt": ""}, "nothing to plan"),
    ],
)
def test_bad_input_is_refused_over_the_api_and_in_the_page(webui, argument, fields, says):
    with pytest.raises(HTTPException) as caught:
        webui.run(webui.job(argument=[argument], **fields))
    assert caught.value.status_code == 422
    assert says in caught.value.detail

    page = webui.run(webui.job(api=False, argument=[True, json.dumps(argument)], **fields))
    assert page.images == []
    assert says in page.comments

    webui.opts.data["rpg_on_error"] = "go on without regions"
    size = {"width": fields["width"]} if "width" in fields else {}
    went_on = webui.run(webui.job(argument=[argument], **fields))
    assert says in went_on.comments
    assert same(went_on.images[0], webui.draw(**{**fields, **size}).images[0])


def test_a_bad_prompt_of_a_later_batch_stops_there(webui):
    prompts = ["a red circle left of a blue square", ""]
    job = webui.job(api=False, argument=[{"planner": "offline"}], prompt=prompts, n_iter=2)
    processed = webui.run(job)
    assert len(processed.images) == 1
    assert "nothing to plan" in processed.comments


def test_a_checkpoint_without_cross_attention_is_refused(webui):
    from modules import shared

    shared.sd_model.model.diffusion_model = torch.nn.Linear(2, 2)
    try:
        with pytest.raises(HTTPException) as caught:
            webui.draw(TEXT)
    finally:
        shared.sd_model.model.diffusion_model = webui.unet
    assert "cross-attention" in caught.value.detail


def test_an_error_in_the_step_callback_reaches_the_user(webui, monkeypatch):
    def broken(*_):
        raise RpgError("rows are unknown")

    monkeypatch.setattr("lib_rpg.regional.rows.UNetRows.set_rows", broken)
    with pytest.raises(HTTPException) as caught:
        webui.draw(TEXT)
    assert caught.value.detail == "rows are unknown"


def test_an_unexpected_error_is_refused_too(webui, monkeypatch):
    def broken(*_, **__):
        raise KeyError("bug")

    monkeypatch.setattr("lib_rpg.webui.job.Job.plan_picture", broken)
    with pytest.raises(HTTPException) as caught:
        webui.draw(TEXT)
    assert "KeyError" in caught.value.detail


class Cp1252(io.StringIO):
    """A console that cannot print everything."""

    encoding = "cp1252"

    def write(self, text: str) -> int:
        text.encode("cp1252")
        return super().write(text)


@pytest.mark.parametrize("api", [True, False])
@pytest.mark.parametrize("stream", [Cp1252, None])
def test_what_cannot_be_printed_is_refused_all_the_same(webui, monkeypatch, api, stream):
    monkeypatch.setattr(sys, "stdout", stream and stream())
    p = webui.job(api=api, argument=[{"regional_prompt": "a BREAK b", "split_ratio": "一,1"}])
    if api:
        with pytest.raises(HTTPException) as refusal:
            webui.run(p)
        assert refusal.value.status_code == 422 and "一" in refusal.value.detail
    else:
        processed = webui.run(p)
        assert processed.images == [] and "一" in processed.comments


def test_a_regional_picture_with_any_words_is_drawn_on_any_console(webui, monkeypatch):
    plan = Plan(split_ratio="1", regions=(Region("a 圆 <lora:不:1>"),), lora="shared").to_dict()
    monkeypatch.setattr(sys, "stdout", Cp1252())
    assert len(webui.draw({"plan": plan}).images) == 1


@pytest.mark.parametrize("stage", ["job.Job.begin_batch", "batch_texts.put_hires_prompts", "script.RpgScript._attach"])
@pytest.mark.parametrize("api", [True, False])
def test_an_error_at_any_stage_is_never_drawn_plain(webui, monkeypatch, stage, api):
    def fails(*_):
        raise KeyError("inside")

    monkeypatch.setattr(f"lib_rpg.webui.{stage}", fails)
    p = webui.job(api=api, argument=[TEXT], **HIRES)
    try:
        assert webui.run(p).images == []
    except (RpgError, HTTPException) as error:
        assert "RPG failed before sampling (KeyError)" in str(getattr(error, "detail", error))


@pytest.mark.parametrize(
    "override", [{"rpg_planner": 5}, {"rpg_recaption": [1]}, {"rpg_on_error": {}, "rpg_method": 0}]
)
def test_an_override_that_does_not_do_is_refused(webui, override):
    with pytest.raises(HTTPException) as refusal:
        webui.draw({}, override_settings=override)
    assert refusal.value.status_code == 422 and "override_settings.rpg_" in refusal.value.detail


def test_an_error_in_sampling_leaves_nothing(webui):
    plain = webui.draw().images[0]
    calls = []

    def fail(*_):
        calls.append(1)
        if len(calls) == 2:
            raise MemoryError("no room")

    handle = webui.unet.register_forward_pre_hook(fail)
    try:
        with pytest.raises(MemoryError):
            webui.draw(TEXT)
    finally:
        handle.remove()
    assert same(webui.draw().images[0], plain)


def test_a_model_switched_in_mid_run_is_followed(webui):
    """The refiner swaps the model inside the denoiser: the old UNet is left clean, the new one gets the regions."""
    from modules import shared

    first, second = webui.unet, copy.deepcopy(webui.unet)
    regional = webui.draw(TEXT).images[0]
    steps = []

    def switch(params):
        steps.append(params.denoiser.step)
        if params.denoiser.step == 1:
            shared.sd_model.model.diffusion_model = second

    webui.callbacks.on_cfg_denoiser(switch)
    try:
        assert same(webui.draw(TEXT).images[0], regional)
        assert not first._forward_pre_hooks
        assert not second._forward_pre_hooks
    finally:
        webui.callbacks.remove_callbacks_for_function(switch)
        shared.sd_model.model.diffusion_model = first
    assert steps == [0, 1, 2]


@pytest.mark.parametrize(("fields", "samplings"), [({}, 1), (HIRES, 2)], ids=["one pass", "hires"])
def test_nothing_is_held_while_a_picture_is_decoded(webui, monkeypatch, fields, samplings):
    """The decoder needs more memory than a step: keys and values of regions must be gone by then."""
    from modules import shared

    engines, decodings = [], []
    init, decode = RegionAttention.__init__, shared.sd_model.decode_first_stage

    def note_engine(self, *args, **kwargs):
        engines.append(self)
        init(self, *args, **kwargs)

    def note_decoding(latents):
        decodings.append(
            [(e.keys_values.computed > 0, e.keys_values.held, len(e._prepared), e.layers) for e in engines]
        )
        return decode(latents)

    monkeypatch.setattr(RegionAttention, "__init__", note_engine)
    monkeypatch.setattr(shared.sd_model, "decode_first_stage", note_decoding)
    webui.draw(TEXT, **fields)
    assert decodings == [[(True, 0, 0, 0)] * samplings], "one engine for each sampling, all closed"


def test_keys_and_values_are_computed_in_the_first_step_alone(webui, monkeypatch):
    counts, close = [], RegionAttention.close

    def note_counts(self):
        counts.append((self.keys_values.computed, self.layers))
        close(self)

    monkeypatch.setattr(RegionAttention, "close", note_counts)
    webui.draw(TEXT, steps=4)
    ((computed, layers),) = counts
    assert computed == layers > 0


def test_a_sampler_that_runs_elsewhere_is_never_silently_plain(webui, monkeypatch):
    monkeypatch.setattr("lib_rpg.webui.script.run_around", lambda *_: None)
    assert "the regions were not applied" in webui.draw(TEXT).comments


def test_a_plan_made_for_another_prompt_is_said(webui):
    plan = Plan(prompt="a dog", base_prompt="a dog", split_ratio="1", regions=(Region("a dog"),)).to_dict()
    assert "those of another prompt" in webui.draw({"plan": plan}).comments
    assert "another prompt" not in webui.draw({"plan": plan}, prompt="a dog").comments
    assert "another prompt" not in webui.draw({"plan": plan}, prompt="a dog, masterpiece, best quality").comments


CIRCLES = "a red circle left of a blue square, navy background"


def planned(prompt=CIRCLES, **fields):
    """A plan as the Plan button leaves it: its base prompt follows the tab's prompt."""
    plan = planners.plan(planners.PlanRequest(prompt, 64, 64))
    return replace(tab_prompt.following(plan, prompt), **fields).to_dict()


def test_edits_of_the_tabs_prompt_act_on_a_plan_that_was_made_before(webui, encoded):
    plan = planned()
    before = webui.draw({"plan": plan}, prompt=CIRCLES)
    after = webui.draw({"plan": plan}, prompt=CIRCLES.replace("navy", "teal"))
    assert not same(before.images[0], after.images[0])
    assert CIRCLES.replace("navy", "teal") in encoded
    assert "another prompt" in after.comments and "another prompt" not in before.comments


def test_a_base_prompt_that_follows_the_tab_is_not_in_the_infotext(webui):
    assert "base_prompt" not in plan_in(webui.draw({"plan": planned()}, prompt=CIRCLES))
    assert "base_prompt" not in plan_in(webui.draw({"planner": "offline"}, prompt=CIRCLES))
    own = plan_in(webui.draw({"plan": planned(base_prompt="two things")}, prompt=CIRCLES))
    assert own["base_prompt"] == "two things"


@pytest.fixture
def style(webui, monkeypatch):
    """A style by its text, for the rest of the test."""
    from modules import shared, styles

    def add(text):
        monkeypatch.setitem(shared.prompt_styles.styles, "Ink", styles.PromptStyle("Ink", text, None))

    return add


@pytest.mark.parametrize("infer", ["Apply if any", "Ignore", "Discard"])
@pytest.mark.parametrize("text", ["ink, a yellow ring", "photo of {prompt}, a yellow ring"])
@pytest.mark.parametrize(
    "argument",
    [
        {"plan": planned()},
        {"plan": planned("a red circle and a blue square, no rings")},
        {"plan": planned(base_prompt="two things")},
        {"planner": "offline"},
        TEXT,
        {**TEXT, "base_prompt": "two things"},
    ],
    ids=["plan", "exclusions", "own base", "on the way", "typed", "typed base"],
)
def test_a_picture_with_a_style_comes_back_from_its_infotext(webui, style, argument, text, infer):
    from modules.infotext_utils import parse_generation_parameters

    style(text)
    before = webui.draw(argument, prompt=CIRCLES, styles=["Ink"])
    webui.opts.infotext_styles = infer
    params = parse_generation_parameters(before.infotexts[0])
    fields = dict(zip(("enabled", "state"), (read for _, read in webui.script.infotext_fields), strict=True))
    p = webui.job(api=False, argument=[fields["enabled"](params), fields["state"](params)], prompt=params["Prompt"])
    p.negative_prompt, p.styles = params["Negative prompt"], params.get("Styles array", [])
    after = webui.run(p)
    assert "another prompt" not in after.comments
    if infer == "Discard":
        assert "ink" not in after.infotexts[0]
        return
    assert same(before.images[0], after.images[0])
    assert after.infotexts == before.infotexts


def work_for_the_page(monkeypatch, gradio: int) -> None:
    """Have this thread work for an event of the page, as that gradio knows it."""
    if gradio == 3:
        monkeypatch.setattr("gradio.context.thread_data.blocks", object(), raising=False)
    else:
        be_gradio_4(monkeypatch, blocks=object(), event_id="1")


def be_gradio_4(monkeypatch, **of_event: Any) -> None:
    local = SimpleNamespace(blocks=ContextVar("blocks", default=None), event_id=ContextVar("event_id", default=None))
    for name, value in of_event.items():
        getattr(local, name).set(value)
    monkeypatch.setattr("gradio.context.LocalContext", local, raising=False)
    monkeypatch.delattr("gradio.context.thread_data")


@pytest.mark.parametrize("gradio", [3, 4])
def test_a_warning_is_shown_on_the_page_once_for_all_cells_of_a_plot(webui, monkeypatch, gradio):
    shown = []
    monkeypatch.setattr("gradio.Warning", shown.append)
    work_for_the_page(monkeypatch, gradio)
    argument = [True, json.dumps({"plan": planned()})]
    p = webui.job(api=False, argument=argument, prompt=f"{CIRCLES} and a ring")
    for _ in range(2):
        webui.run(copy.copy(p))
    assert len(shown) == 1 and "those of another prompt" in shown[0]
    webui.draw({"plan": planned()}, prompt=f"{CIRCLES} and a ring")
    assert len(shown) == 1


@pytest.mark.parametrize("gradio", [3, 4])
def test_a_refusal_is_shown_on_the_page_once_for_all_cells_of_a_plot(webui, monkeypatch, gradio):
    shown = []
    monkeypatch.setattr("gradio.Warning", shown.append)
    work_for_the_page(monkeypatch, gradio)
    p = webui.job(api=False, argument=[True, json.dumps({"planner": "paste"})], prompt=CIRCLES)
    for _ in range(2):
        assert webui.run(copy.copy(p)).images == []
    assert len(shown) == 1 and "give its answer" in shown[0]


def test_a_warning_for_a_picture_that_is_drawn_outside_of_the_pages_event_stands_under_it(webui, monkeypatch):
    """Forge draws in its main thread."""
    monkeypatch.setattr("gradio.Warning", lambda line: pytest.fail(line))
    be_gradio_4(monkeypatch)
    p = webui.job(api=False, argument=[True, json.dumps({"plan": planned()})], prompt=f"{CIRCLES} and a ring")
    assert "those of another prompt" in webui.run(p).comments


COMMENTED = "# first try\na red circle and # a dog?\na blue square"


@pytest.fixture
def encoded(webui, monkeypatch):
    """Every text that the text encoder reads."""
    from modules import shared

    texts, learn = [], shared.sd_model.get_learned_conditioning

    def note_texts(given):
        texts.extend(given)
        return learn(given)

    monkeypatch.setattr(shared.sd_model, "get_learned_conditioning", note_texts)
    return texts


def test_comments_reach_neither_plan_nor_encoder_nor_infotext(webui, encoded):
    processed = webui.draw({}, prompt=COMMENTED)
    assert encoded and not any("#" in text or "dog" in text or "try" in text for text in encoded)
    assert same(processed.images[0], webui.draw({}, prompt="a red circle and \na blue square").images[0])
    plan = plan_in(processed)
    assert plan["prompt"].split() == ["a", "red", "circle", "and", "a", "blue", "square"]
    assert [region["prompt"] for region in plan["regions"]] == ["a red circle", "a blue square"]
    assert "dog" not in processed.infotexts[0] and "another prompt" not in processed.comments


def test_a_plan_of_a_prompt_with_comments_is_of_that_prompt(webui):
    plan = planners.plan(planners.PlanRequest(COMMENTED, 64, 64)).to_dict()
    assert "another prompt" not in webui.draw({"plan": plan}, prompt=COMMENTED).comments
    assert "another prompt" not in webui.draw({"plan": plan}, prompt=f"{COMMENTED} # a new one").comments
    assert "another prompt" in webui.draw({"plan": plan}, prompt=f"{COMMENTED}, a dog").comments


def test_styles_are_laid_over_a_prompt_with_comments_and_are_not_planned(webui, encoded, monkeypatch):
    from modules import shared, styles

    style = styles.PromptStyle("Ink", "ink, {prompt}, a ring # a comment", None)
    monkeypatch.setitem(shared.prompt_styles.styles, "Ink", style)
    processed = webui.draw({}, prompt=COMMENTED, styles=["Ink"])
    plan = plan_in(processed)
    assert [region["prompt"] for region in plan["regions"]] == ["a red circle", "a blue square"]
    assert any(text.startswith("ink, a red circle") and "a ring" in text for text in encoded)
    assert not any("comment" in text for text in encoded)


def test_a_prompt_of_comments_alone_is_an_empty_one(webui):
    with pytest.raises(HTTPException) as caught:
        webui.draw({}, prompt="# a cat")
    assert "There is nothing to plan" in caught.value.detail


def test_typed_regions_have_no_comments_either(webui, encoded):
    text = {"regional_prompt": "a red circle # ring?\nBREAK a blue square", "split_ratio": "1,1"}
    webui.draw({**text, "base_prompt": "shapes # on navy"})
    assert not any("#" in text for text in encoded) and any(text.startswith("shapes") for text in encoded)


def test_the_regions_of_a_plan_have_no_comments_either(webui, encoded):
    commented = Plan(
        split_ratio="1,1",
        base_prompt="shapes # on navy",
        regions=(Region("# first\na red circle # ring?"), Region("a blue square", negative_prompt="green # or pink")),
    )
    clean = Plan(
        split_ratio="1,1",
        base_prompt="shapes ",
        regions=(Region("a red circle"), Region("a blue square", negative_prompt="green")),
    )
    drawn = webui.draw({"plan": commented.to_dict()})
    assert encoded and not any("#" in text for text in encoded)
    assert same(drawn.images[0], webui.draw({"plan": clean.to_dict()}).images[0])
    assert "#" not in drawn.infotexts[0]
    kept = webui.draw({"plan": commented.to_dict()}, override_settings={COMMENTS: False})
    assert not same(drawn.images[0], kept.images[0])


def test_a_region_of_comments_alone_is_left_to_the_base_prompt(webui):
    plan = {"split_ratio": "1,1", "regions": [{"prompt": "a cat"}, {"prompt": "# a dog"}]}
    blank = {"split_ratio": "1,1", "regions": [{"prompt": "a cat"}, {"prompt": ""}]}
    drawn = webui.draw({"plan": plan})
    assert "region 2 has no words: the base prompt has its place" in drawn.comments
    assert same(drawn.images[0], webui.draw({"plan": blank}).images[0])


def test_a_comment_above_a_style_does_not_take_the_style_away(webui, encoded, style):
    style("a yellow ring")
    webui.draw({"plan": planned()}, prompt=f"{CIRCLES}\n# a comment", styles=["Ink"])
    assert f"{CIRCLES}, a yellow ring" in [" ".join(text.split()) for text in encoded]


def test_a_style_at_base_ratio_0_is_said_to_act_on_nothing(webui, style):
    style("ink")
    assert "the style acts on nothing" in webui.draw({**TEXT, "base_ratio": 0.0}, styles=["Ink"]).comments
    assert "acts on nothing" not in webui.draw({**TEXT, "base_ratio": 0.0}).comments
    assert "acts on nothing" not in webui.draw(TEXT, styles=["Ink"]).comments
    one = {**TEXT, "base_ratio": 0.0, "base_ratios": "0, 0.3"}
    assert "acts on nothing" not in webui.draw(one, styles=["Ink"]).comments


@pytest.mark.parametrize("text", ["a yellow ring", "photo of {prompt}, ink"])
def test_a_style_is_laid_over_the_hires_pass_too(webui, encoded, style, text):
    style(text)
    webui.draw({"plan": planned()}, prompt=CIRCLES, styles=["Ink"], **HIRES)
    styled = text.replace("{prompt}", CIRCLES) if "{prompt}" in text else f"{CIRCLES}, {text}"
    assert {each for each in encoded if "left of" in each} == {styled}


def test_without_the_webuis_comments_a_hash_is_a_word(webui, encoded):
    processed = webui.draw({}, prompt="a red circle # and a blue square", override_settings={COMMENTS: False})
    plan = plan_in(processed)
    assert len(plan["regions"]) == 2 and any("#" in text for text in encoded)


@pytest.mark.parametrize("planner", ["offline", "openai", "paste"])
def test_a_layout_typed_into_the_tabs_prompt_is_drawn(webui, encoded, planner):
    webui.script.caches.clear()
    processed = webui.draw({"planner": planner}, prompt="navy background ADDCOMM a red circle ADDROW a blue square")
    plan = plan_in(processed)
    assert plan["split_ratio"] == "1;1" and len(plan["regions"]) == 2
    assert "no planner chose them" in processed.comments and "another prompt" not in processed.comments
    assert "navy background, a red circle" in encoded and not any("ADD" in text for text in encoded)


def test_a_layout_that_cannot_be_read_is_refused_before_anything_is_drawn(webui):
    with pytest.raises(HTTPException) as caught:
        webui.draw({"planner": "openai"}, prompt="a red circle ADDROW")
    assert caught.value.detail == "prompt: region 2 of 2 is empty; write it, or remove a separator"


@pytest.fixture
def base_text(webui, monkeypatch):
    """What the WebUI encodes for a picture of the offline planner's plan of a prompt."""

    def texts(prompt, mode="text", available=True, typed=None, **fields):
        monkeypatch.setattr("lib_rpg.webui.conditioning.is_available", lambda: available)
        plan = planners.plan(planners.PlanRequest(prompt, 64, 64))
        p = webui.job(prompt=typed or prompt)
        p.prompts, p.negative_prompts = [typed or prompt], [""]
        batch_texts.put_prompts(p, [replace(plan, lora=mode, **fields)])
        return p.prompts[0]

    return texts


TAGGED = "a cat <lora:cat:0.7> and a dog <hypernet:fur:1>, oil painting <lora:oil:1>"


@pytest.mark.parametrize("mode", ["text", "unet"])
def test_a_tag_that_a_region_has_does_not_act_on_the_whole_picture(base_text, mode):
    assert base_text(TAGGED, mode) == "a cat and a dog <hypernet:fur:1>, oil painting <lora:oil:1>"
    layout = "ink <lora:ink:1> ADDCOMM a cat <lora:cat:1> ADDROW a dog <hypernet:fur:1>"
    assert base_text(layout, mode) == "ink, a cat, a dog <lora:ink:1> <hypernet:fur:1>"


def test_a_tag_acts_on_the_whole_picture_where_regions_cannot_have_it(base_text):
    whole = "a cat and a dog <hypernet:fur:1>, oil painting <lora:oil:1> <lora:cat:0.7>"
    assert base_text(TAGGED, "shared") == whole
    assert base_text(TAGGED, available=False) == whole


def test_tags_of_the_tabs_prompt_that_no_region_was_given_act_on_the_whole_picture(base_text):
    # Typed after the plan was made, at another strength; and one that was taken out of its region.
    assert base_text(TAGGED, typed=f"{TAGGED} <lora:cat:0.2>").endswith("<lora:cat:0.2>")
    bare = (Region("a cat"), Region("a dog"))
    assert "<lora:cat:0.7>" in base_text(TAGGED, split_ratio="1,1", regions=bare)
    changed = (Region("a cat <lora:cat:0.3>"), Region("a dog"))
    assert "<lora:cat" not in base_text(TAGGED, split_ratio="1,1", regions=changed)


def test_a_tag_of_a_region_that_is_written_by_hand_leaves_the_tabs_own_alone(base_text):
    by_hand = {"split_ratio": "1", "regions": (Region("a cat <lora:cat:0.7>"),), "base_prompt": "pets"}
    assert base_text("pets", typed="a cat <lora:cat:0.7>", **by_hand) == "pets <lora:cat:0.7>"


def asked_planner(monkeypatch, answer):
    """Put ``answer(request, hooks)`` in the place of every planner; returns the list of what is asked."""
    asked = []

    def plan(request, name, **given):
        asked.append((name, request))
        return answer(request, given["hooks"])

    monkeypatch.setattr(planners, "plan", plan)
    return asked


TWO = Plan(prompt="x", base_prompt="two", split_ratio="1,1", regions=(Region("a red circle"), Region("a blue square")))


def test_a_model_is_asked_once_for_pictures_of_one_prompt(webui, monkeypatch):
    asked = asked_planner(monkeypatch, lambda request, hooks: TWO)
    drawn = webui.draw({"planner": "openai", "method": "rag"}, batch_size=2, n_iter=2)
    assert len(drawn.images) >= 4
    assert [name for name, _ in asked] == ["openai"]
    assert (asked[0][1].prompt, asked[0][1].width, asked[0][1].method) == (SMALL["prompt"], 64, "rag")
    asked.clear()
    webui.draw({"planner": "openai"}, prompt=["a ring", "a square"], batch_size=2)
    assert [request.prompt for _, request in asked] == ["a ring", "a square"]


def test_settings_say_how_to_plan_where_the_request_does_not(webui, monkeypatch):
    asked = asked_planner(monkeypatch, lambda request, hooks: TWO)
    webui.opts.rpg_planner, webui.opts.rpg_method, webui.opts.rpg_recaption = "openai", "lmd", False
    webui.draw({})
    [(name, request)] = asked
    assert (name, request.method, request.recaption) == ("openai", "lmd", False)


def test_the_progress_of_planning_is_shown_while_it_lasts(webui, monkeypatch):
    seen = []

    def answer(request, hooks):
        hooks.on_status("The model is thinking.")
        seen.append(webui.state.textinfo)
        return TWO

    asked_planner(monkeypatch, answer)
    webui.draw({"planner": "openai"})
    assert seen == ["RPG: The model is thinking."]
    assert webui.state.textinfo is None


def test_interrupt_ends_a_planning_and_draws_nothing(webui, monkeypatch):
    def answer(request, hooks):
        webui.state.interrupt()
        hooks.check()
        raise AssertionError("went on")

    asked_planner(monkeypatch, answer)
    with pytest.raises(HTTPException) as caught:
        webui.draw({"planner": "openai"})
    assert caught.value.detail.startswith("planning was cancelled")
    assert len(webui.draw().images) == 1


def test_a_planner_that_fails_stops_the_generation_or_lets_it_go_on_plain(webui, monkeypatch):
    def answer(request, hooks):
        raise RpgError("the server is down; start it")

    asked_planner(monkeypatch, answer)
    with pytest.raises(HTTPException) as caught:
        webui.draw({"planner": "openai"})
    assert (caught.value.status_code, caught.value.detail) == (422, "the server is down; start it")
    plain = webui.draw().images[0]
    webui.opts.rpg_on_error = "go on without regions"
    processed = webui.draw({"planner": "openai"})
    assert same(processed.images[0], plain)
    assert "the server is down; start it (drawn without regions)" in processed.comments


@pytest.fixture
def real_model(webui, llama_server, short_examples):
    """Settings that name a real model's server."""
    webui.opts.rpg_provider, webui.opts.rpg_base_url = "llamacpp", llama_server.base_url
    webui.opts.rpg_cache, webui.opts.rpg_max_tokens, webui.opts.rpg_timeout = False, 320, 900
    webui.opts.rpg_templates = str(short_examples)


def test_a_real_model_plans_over_the_api(webui, real_model):
    app = FastAPI()
    api.Routes(lambda: webui.script.status.last).register(app)
    answer = TestClient(app).post("/rpg/plan", json={"prompt": SMALL["prompt"], "planner": "openai", "recaption": True})
    # A model as small as this may fail; then in a sentence that says so.
    if answer.status_code == 422:
        assert "answered twice without a plan that can be used" in answer.json()["detail"]
    else:
        plan = Plan.from_dict(answer.json())
        assert plan.source.model == "smollm2-135m"
        assert webui.draw({"plan": plan.to_dict()}).images


def test_interrupt_stops_a_real_model_at_once(webui, real_model):
    timer = threading.Timer(0.3, webui.state.interrupt)
    timer.start()
    began = time.monotonic()
    with pytest.raises(HTTPException) as caught:
        webui.draw({"planner": "openai"})
    assert caught.value.detail.startswith("planning was cancelled")
    assert time.monotonic() - began < 20


def test_a_region_with_a_control_unit_is_refused_without_controlnet(webui):
    plan = Plan(split_ratio="1", regions=(Region("a ring", control=(1,)),)).to_dict()
    with pytest.raises(HTTPException) as refusal:
        webui.draw({"plan": plan})
    assert refusal.value.status_code == 422
    assert "ControlNet Unit 1 does not exist: ControlNet's extension is not installed" in refusal.value.detail


def test_notes_on_control_units_stand_under_the_picture(webui, monkeypatch):
    monkeypatch.setattr("lib_rpg.webui.controlnet.notes", lambda p: ["the style is added to the base prompt"])
    assert "RPG: the style is added to the base prompt" in webui.draw(TEXT).comments
