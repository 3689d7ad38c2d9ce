"""Extensions that cannot work together with regions are refused by name, and only while they are switched on."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan, Region
from lib_rpg.webui import neighbours


def job(title: str, *args: object) -> SimpleNamespace:
    script = SimpleNamespace(title=lambda: title, args_from=2, args_to=2 + len(args))
    other = SimpleNamespace(title=lambda: "Something else", args_from=0, args_to=2)
    return SimpleNamespace(scripts=SimpleNamespace(alwayson_scripts=[other, script]), script_args=(True, True, *args))


@pytest.mark.parametrize(
    "title", ["Regional Prompter", "Forge Couple", "Latent Couple extension", "Tiled Diffusion", "demofusion"]
)
def test_a_rival_is_refused_by_name_while_it_is_on(title):
    with pytest.raises(RpgError, match=f"{title} is switched on"):
        neighbours.check(job(title, True, "1,1"))
    neighbours.check(job(title, False, "1,1"))
    neighbours.check(job(title, {"unknown": "form"}))
    neighbours.check(job(title))


def test_negpip_is_refused_where_the_prompts_come_apart():
    active = SimpleNamespace(extra_generation_params={"NegPiP Active": True}, batch_size=2)
    neighbours.check_call(active, 4)
    for rows in (2, 1, 6):
        with pytest.raises(RpgError, match="NegPiP beside regions needs"):
            neighbours.check_call(active, rows)
        neighbours.check_call(SimpleNamespace(extra_generation_params={}, batch_size=2), rows)


@pytest.mark.parametrize(
    ("prompt", "told"),
    [("a circle, (blue:-1.0)", True), ("(a red circle: -.5)", True), ("(blue:1.2), (a-b:2)", False), ("-1", False)],
)
def test_negative_weights_in_a_region_are_told_while_negpip_is_on(prompt, told):
    plan = Plan(base_prompt="a circle", regions=(Region(prompt=prompt),), split_ratio="1")
    assert bool(neighbours.notes(job("NegPiP", True), [plan])) == told
    assert not neighbours.notes(job("NegPiP", False), [plan])
    assert not neighbours.notes(job("Another", True), [plan])


def test_others_and_jobs_without_scripts_are_let_be():
    neighbours.check(job("Dynamic Thresholding (CFG Scale Fix)", True))
    neighbours.check(SimpleNamespace(scripts=None, script_args=()))
