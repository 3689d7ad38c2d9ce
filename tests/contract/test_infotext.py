"""The plan in the infotext, and back on paste."""

from __future__ import annotations

import json

import pytest

from tests.contract.client import BASE, Client, Drawn, HostError, encoded, plan_of, png_text, request_of

KEY = "RPG plan"


def parameters_of(host: Client, drawn: Drawn) -> dict:
    body = {"image": encoded(drawn.pngs[0])}
    return host.json("POST", "/sdapi/v1/png-info", body)["parameters"]


def test_the_file_and_the_answer_carry_the_plan(host: Client, plan: dict) -> None:
    drawn = host.regional({"plan": plan})
    assert png_text(drawn.pngs[0]) == drawn.infotexts[0]
    written = json.loads(parameters_of(host, drawn)[KEY])
    assert written["split_ratio"] == plan["split_ratio"]
    assert written["base_prompt"] == plan["base_prompt"]
    assert [region["prompt"] for region in written["regions"]] == [region["prompt"] for region in plan["regions"]]


def test_plain_pictures_carry_nothing(host: Client) -> None:
    assert "RPG" not in host.plain().infotexts[0]


def test_the_prompt_stays_what_the_user_typed(host: Client, plan: dict) -> None:
    drawn = host.regional({"plan": plan}, negative_prompt="a ring")
    parameters = parameters_of(host, drawn)
    assert parameters["Prompt"] == BASE["prompt"]
    assert parameters["Negative prompt"] == "a ring"
    assert drawn.info["prompt"] == BASE["prompt"]


def test_pasting_an_infotext_draws_the_picture_again(host: Client) -> None:
    awkward = plan_of(
        {"prompt": 'a "red" circle, {it is: 50 % (bold:1.2)}', "negative_prompt": "a ring, a \\ square"},
        {"prompt": "a green square\nnavy background", "name": "Grünes, Feld: 2"},
        base_ratio=0.25,
        negative_prompt="a triangle",
    )
    drawn = host.regional({"plan": awkward}, negative_prompt="a ring")
    again = host.generate("txt2img", {"infotext": drawn.infotexts[0]})
    assert (again.pixels == drawn.pixels).all()
    assert again.infotexts == drawn.infotexts


def test_a_planned_picture_keeps_its_plan(host: Client) -> None:
    drawn = host.regional({"planner": "offline"})
    plan = json.loads(parameters_of(host, drawn)[KEY])
    assert plan["source"]["planner"] == "offline"
    assert (host.regional({"plan": plan}).pixels == drawn.pixels).all()
    assert (host.generate("txt2img", {"infotext": drawn.infotexts[0]}).pixels == drawn.pixels).all()


def test_every_picture_of_a_batch_carries_the_plan(host: Client, plan: dict) -> None:
    drawn = host.regional({"plan": plan}, batch_size=2, n_iter=2)
    assert len(drawn.infotexts) == len(drawn.pngs) == 4
    assert all(KEY in png_text(png) for png in drawn.pngs)
    assert all(KEY in infotext for infotext in drawn.infotexts)


def test_pasting_a_plain_infotext_stays_plain(host: Client, fresh: dict[str, Drawn]) -> None:
    again = host.generate("txt2img", {"infotext": fresh["Euler"].infotexts[0]})
    assert (again.pixels == fresh["Euler"].pixels).all()


def test_an_infotext_whose_plan_cannot_be_read_is_refused_over_the_api(host: Client, plan: dict) -> None:
    """Neither drawn plain without a message, nor planned again with anybody's key."""
    text = host.regional({"plan": plan}).infotexts[0]
    before, _, _ = text.partition(f"{KEY}: ")
    for broken in ('"{\\"version\\": 2}"', "none", '"{\\"regions\\": 5}"'):
        with pytest.raises(HostError) as caught:
            host.generate("txt2img", {"infotext": f"{before}{KEY}: {broken}, Version: v1.10.1"})
        assert caught.value.status == 422 and "the regions in the infotext were not read" in caught.value.sentence
    # What the request itself says of RPG wins over the infotext.
    drawn = host.generate("txt2img", {**request_of({"plan": plan}), "infotext": f"{before}{KEY}: none"})
    assert KEY in drawn.infotexts[0]
    off = {"alwayson_scripts": {"RPG": {"args": [{"enabled": False}]}}}
    assert KEY not in host.generate("txt2img", {**BASE, **off, "infotext": f"{before}{KEY}: none"}).infotexts[0]
