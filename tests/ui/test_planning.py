"""Planning in a browser: choices, stored plans, pasting; a real model that answers, is stopped, or is down."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator

import pytest

from tests.ui.conftest import Served, block_the_net, open_panel
from tests.ui.test_page import PROMPT, Tab

ANSWER = "Final split ratio: 1,2\nRegional Prompt: a red circle BREAK a blue square"


@pytest.fixture
def tab(page) -> Tab:
    return Tab(page)


def choose(tab: Tab, name: str, value: str) -> None:
    """Choose a radio's value, opening the accordion where that is needed."""
    header = tab.element("planning").locator(".label-wrap")
    if "open" not in (header.get_attribute("class") or ""):
        header.click()
    tab.element(name).locator(f"input[value='{value}']").click()


def chosen(tab: Tab, name: str) -> str:
    return tab.element(name).locator("input:checked").get_attribute("value")


def test_how_to_plan_is_sent_with_generate(tab: Tab) -> None:
    choose(tab, "planner", "openai")
    choose(tab, "method", "lmd")
    choose(tab, "recaption", "false")
    choose(tab, "dialect", "tags")
    tab.type("language", "English")
    enabled, document = tab.sent()
    assert enabled
    asked = {"planner": "openai", "method": "lmd", "recaption": False, "language": "English", "dialect": "tags"}
    assert document == asked
    tab.own("prompt").fill(PROMPT)
    tab.says("Generate will ask openai", "note")
    choose(tab, "planner", "offline")
    tab.press("undo")
    assert (chosen(tab, "planner"), chosen(tab, "recaption")) == ("openai", "false")


def test_guesses_are_seen_beside_the_preview_with_one_hint(tab: Tab) -> None:
    guesses = tab.element("preview").locator(".rpg_guesses")
    assert not guesses.is_visible()
    tab.own("prompt").fill("several <b>large</b> birds, a cat, red flowers")
    guesses.locator("li", has_text="'red flowers' gives no number").wait_for()
    assert guesses.locator("li").count() == 2 and guesses.locator("b").count() == 0
    hint = guesses.locator(".rpg_hint")
    assert hint.count() == 1 and hint.is_visible()
    for name in ("Planner and method", "Settings → RPG regions"):
        assert name in hint.inner_text()
    assert "gives no number" not in tab.message.inner_text()
    tab.press("plan")
    tab.says("3 regions.", "ok")
    assert guesses.locator("li").count() == 2
    tab.own("prompt").fill(PROMPT)
    tab.says("planned from another prompt", "stale")
    assert not guesses.is_visible()


def test_pasting_goes_both_ways(tab: Tab) -> None:
    tab.own("prompt").fill(PROMPT)
    choose(tab, "planner", "paste")
    tab.press("plan")
    tab.says("paste its answer below", "note")
    assert tab.field("request").input_value().endswith(f"Caption (512 × 512): {PROMPT}")
    tab.press("use")
    tab.says("no answer yet", "error")
    tab.type("answer", "Sorry, I cannot.")
    tab.press("use")
    tab.says("no plan was found in the answer", "error")
    tab.type("answer", ANSWER)
    tab.press("use")
    tab.has_regions(2)
    tab.says("2 regions", "ok")
    assert tab.fields["split_ratio"] == "1,2"
    assert tab.field("answer").is_visible()
    choose(tab, "planner", "offline")
    assert not tab.field("answer").is_visible()


@pytest.fixture(scope="module")
def asking(browser, served: Served, llama_server) -> Iterator[Tab]:
    """A page whose Settings name the real model's server."""
    with served({"RPG_TEST_BASE_URL": llama_server.base_url}) as url:
        page = browser.new_page(viewport={"width": 1300, "height": 1000})
        page.set_default_timeout(400_000)
        block_the_net(page, url)
        open_panel(page, url)
        yield Tab(page)
        page.close()


def test_a_real_models_answer_grows_and_becomes_the_plan(asking: Tab) -> None:
    asking.own("prompt").fill(PROMPT)
    choose(asking, "planner", "openai")
    choose(asking, "recaption", "false")
    asking.press("plan")
    growing = asking.element("preview").locator(".rpg_growing")
    growing.filter(has_text='{"').wait_for()
    first = growing.inner_text()
    asking.page.wait_for_function(
        "n => document.querySelector('.rpg_txt2img .rpg_growing').innerText.length > n + 20", arg=len(first)
    )
    assert not asking.element("plan").is_visible() and asking.element("cancel").is_visible()
    asking.message.filter(has_text=re.compile(r"^(?!Planning)")).wait_for()
    assert growing.inner_text() == "" and asking.element("plan").is_visible()
    # What so small a model makes of it is not for us to judge: a plan, or its answer, to be corrected by hand.
    if asking.message.get_attribute("data-level") == "error":
        assert "correct it by hand" in asking.message.inner_text()
        assert asking.field("answer").input_value()
    else:
        _, document = asking.sent()
        assert document["plan"]["source"]["model"] == "smollm2-135m"


def test_cancel_stops_a_real_model_and_keeps_every_field(asking: Tab) -> None:
    asking.press("clear")
    asking.own("prompt").fill(PROMPT)
    choose(asking, "planner", "openai")
    choose(asking, "recaption", "false")  # the same question as above, which the server has read
    asking.type("split_ratio", "1,")
    before = asking.fields
    asking.press("plan")
    asking.element("preview").locator(".rpg_growing").filter(has_text='{"').wait_for()
    asking.press("cancel")
    asking.says("planning was cancelled", "note")
    assert asking.fields == before
    assert asking.element("plan").is_visible()


def test_a_server_that_is_down_is_one_sentence(browser, served: Served) -> None:
    with socket.socket() as held:  # nobody else gets the port, and nobody listens there
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        with served({"RPG_TEST_BASE_URL": f"http://127.0.0.1:{port}/v1"}) as url:
            page = browser.new_page()
            page.set_default_timeout(60_000)
            block_the_net(page, url)
            open_panel(page, url)
            tab = Tab(page)
            tab.own("prompt").fill(PROMPT)
            choose(tab, "planner", "openai")
            tab.type("regional_prompt", "mine BREAK yours")
            before = tab.fields
            tab.press("plan")
            tab.says(f"http://127.0.0.1:{port}/v1", "error")
            assert tab.fields == before
            assert json.loads(tab.field("state").input_value())["regional_prompt"] == "mine BREAK yours"
            page.close()
