"""Plain pictures are the same to the bit whatever the extension went through before."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.client import BASE, Client, Drawn, HostError, alike


def regional_run(host: Client, plan: dict) -> None:
    host.regional({"plan": plan})


def interrupted_run(host: Client, plan: dict, **changes: Any) -> None:
    """Interrupt a slowed-down run after its second step; what it drew so far comes back."""
    answers: list[Any] = []

    def draw() -> None:
        slowed = {**changes.get("faults", {}), "sleep": 0.2}
        answers.append(host.regional({"plan": plan}, **{**changes, "faults": slowed, "steps": 40}))

    thread = threading.Thread(target=draw)
    started = time.monotonic()
    thread.start()
    while time.monotonic() - started < 60:
        state = host.get("/sdapi/v1/progress", skip_current_image=True).json()["state"]
        if state["sampling_step"] >= 2:
            break
        time.sleep(0.05)
    else:
        raise AssertionError("the run never came to its second step")
    interrupted = time.monotonic()
    host.json("POST", "/sdapi/v1/interrupt")
    thread.join(60)
    assert answers, "the interrupted run did not answer"
    request = {**BASE, "batch_size": 1, **changes}
    count, *size = answers[0].pixels.shape
    assert count == request["batch_size"]
    if "enable_hr" not in request:
        assert size == [request["height"], request["width"], 3]
    left = (40 - state["sampling_step"]) * 0.2
    assert time.monotonic() - interrupted < left / 2, "the run was not interrupted"


def failed_run(host: Client, plan: dict) -> None:
    with pytest.raises(HostError, match="the UNet fails") as caught:
        host.regional({"plan": plan}, faults={"raise_at_call": 3})
    assert caught.value.status == 500


def failed_batched_run(host: Client, plan: dict) -> None:
    with pytest.raises(HostError, match="the UNet fails"):
        host.regional(
            {"plan": plan},
            faults={"raise_at_call": 2},
            batch_size=2,
            sampler_name="Heun",
            override_settings={"batch_cond_uncond": False},
        )


def run_beside_a_failing_extension(host: Client, plan: dict) -> None:
    """The WebUI prints what a callback raises and goes on; so the regions must be in the picture."""
    expected = host.regional({"plan": plan})
    for place in ("cfg_denoiser", "process_before_every_sampling", "postprocess_batch"):
        drawn = host.regional({"plan": plan}, faults={"raise_in": place})
        assert alike(drawn.pixels, expected.pixels), place


def refused_run(host: Client, plan: dict) -> None:
    with pytest.raises(HostError):
        host.regional({"plan": {**plan, "split_ratio": "1,,1"}})


def run_on_an_unsupported_model(host: Client, plan: dict) -> None:
    if host.name == "forge":
        pytest.skip("a UNet that replaces the WebUI's is not called there")
    with pytest.raises(HostError, match="replaced UNet"):
        host.regional({"plan": plan}, faults={"replaced_unet": True})


def run_short_of_memory(host: Client, plan: dict) -> None:
    """Forge splits a call into its rows, and keeps weights elsewhere."""
    if host.name != "forge":
        pytest.skip("only the Forge family decides in each call by what is free")
    for changes in ({}, {"batch_size": 2}, {"sampler_name": "Heun", "negative_prompt": "a white ring"}):
        expected = host.regional({"plan": plan}, **changes)
        drawn = host.regional({"plan": plan}, **changes, faults={"short_memory": True})
        assert host.get("/rpg-test/model").json()["most_rows"] == changes.get("batch_size", 1), changes
        assert alike(drawn.pixels, expected.pixels), changes


DISTURBANCES = [
    regional_run,
    interrupted_run,
    failed_run,
    failed_batched_run,
    run_beside_a_failing_extension,
    refused_run,
    run_short_of_memory,
    run_on_an_unsupported_model,
]


@pytest.mark.parametrize("disturb", DISTURBANCES, ids=lambda f: f.__name__)
def test_plain_after(
    host: Client, fresh: dict[str, Drawn], plan: dict, disturb: Callable[[Client, dict], None]
) -> None:
    expected = host.regional({"plan": plan})
    disturb(host, plan)
    for sampler, before in fresh.items():
        after = host.plain(sampler_name=sampler)
        assert (after.pixels == before.pixels).all(), sampler
        assert after.infotexts == before.infotexts
    assert (host.regional({"plan": plan}).pixels == expected.pixels).all(), "the next regional run is not the same"
