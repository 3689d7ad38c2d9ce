"""Extensions that cannot work together with regions are refused by name, and only while they are switched on."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan, Region
from lib_rpg.webui import other_extensions


def job(title: str, *args: object) -> SimpleNamespace:
    script = SimpleNamespace(title=lambda: title, args_from=2, args_to=2 + len(args))
    other = SimpleNamespace(title=lambda: "Something else", args_from=0, args_to=2)
    return SimpleNamespace(scripts=SimpleNamespace(alwayson_scripts=[other, script]), script_args=(True, True, *args))


@pytest.mark.parametrize(
    "title", ["Regional Prompter", "Forge Couple", "Latent Couple extension", "Tiled Diffusion", "demofusion"]
)
def test_a_rival_is_refused_by_name_while_it_is_on(title):
    with pytest.raises(RpgError, match=f"{title} is switched on"):
        other_extensions.check(job(title, True, "1,1"))
    other_extensions.check(job(title, False, "1,1"))
    other_extensions.check(job(title, {"unknown": "form"}))
    other_extensions.check(job(title))


def test_negpip_is_refused_where_the_prompts_come_apart():
    active = SimpleNamespace(extra_generation_params={"NegPiP Active": True}, batch_size=2)
    other_extensions.check_call(active, 4)
    for rows in (2, 1, 6):
        with pytest.raises(RpgError, match="NegPiP together with regions needs"):
            other_extensions.check_call(active, rows)
        other_extensions.check_call(SimpleNamespace(extra_generation_params={}, batch_size=2), rows)


@pytest.mark.parametrize(
    ("prompt", "noted"),
    [("a circle, (blue:-1.0)", True), ("(a red circle: -.5)", True), ("(blue:1.2), (a-b:2)", False), ("-1", False)],
)
def test_negative_weights_in_a_region_are_noted_while_negpip_is_on(prompt, noted):
    plan = Plan(base_prompt="a circle", regions=(Region(prompt=prompt),), split_ratio="1")
    assert bool(other_extensions.notes(job("NegPiP", True), [plan])) == noted
    assert not other_extensions.notes(job("NegPiP", False), [plan])
    assert not other_extensions.notes(job("Another", True), [plan])


@pytest.mark.parametrize("hires_pass", [False, True])
def test_a_lora_in_every_layer_needs_layers_with_all_tokens(monkeypatch, hires_pass):
    from modules import shared

    p = SimpleNamespace(is_hr_pass=hires_pass, get_token_merging_ratio=lambda for_hr: 0.0, script_args=(), scripts=None)
    other_extensions.check_adapted(p)
    p.get_token_merging_ratio = lambda for_hr: 0.5 * (for_hr == hires_pass)
    with pytest.raises(RpgError, match="Token merging joins the tokens"):
        other_extensions.check_adapted(p)
    p.get_token_merging_ratio = lambda for_hr: 0.0
    monkeypatch.setattr(shared.opts, "hypertile_enable_unet_secondpass", True, raising=False)
    if hires_pass:
        with pytest.raises(RpgError, match="Hypertile U-Net tiles the tokens"):
            other_extensions.check_adapted(p)
    else:
        other_extensions.check_adapted(p)


def test_others_and_jobs_without_scripts_are_let_be():
    other_extensions.check(job("Dynamic Thresholding (CFG Scale Fix)", True))
    other_extensions.check(SimpleNamespace(scripts=None, script_args=()))
