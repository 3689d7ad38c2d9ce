"""javascript/rpg_server.js by itself: one call at a time, and an end for each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "javascript" / "rpg_server.js"
NO_ANSWER = "Error: The WebUI's server did not answer; try again."
ASK = """names => {
    window.ended ??= [];
    for (const name of names) {
        server.call(name, { of: name }).then((result) => ended.push(result), (error) => ended.push(String(error)));
    }
}"""


@pytest.fixture
def page(browser) -> Iterator:
    """An empty page with a panel of one button, which notes the calls that gradio would send."""
    page = browser.new_page()
    page.clock.install()
    page.set_content('<div id="root"><button class="rpg_ask"></button></div>')
    page.add_script_tag(path=SCRIPT)
    page.evaluate(
        """() => {
            window.ended = [];
            window.sent = [];
            const root = document.querySelector("#root");
            window.server = new sdWebuiRpg.Server(root);
            root.firstChild.addEventListener("click", () => sent.push(JSON.parse(server.next())));
        }"""
    )
    yield page
    page.close()


def answer(page, **document: object) -> None:
    page.evaluate("text => server.answered(text)", json.dumps(document))
    page.clock.run_for(10)


def ended(page) -> list:
    return page.evaluate("ended")


def sent(page) -> list:
    return [call["name"] for call in page.evaluate("sent")]


def test_calls_are_sent_one_after_the_other_and_each_has_its_own_result(page):
    page.evaluate(ASK, ["a", "b", "c"])
    assert page.evaluate("sent") == [{"id": 1, "name": "a", "data": {"of": "a"}}]
    answer(page, id=1, result=[1])
    assert sent(page) == ["a", "b"]
    answer(page, id=2, result=None)
    answer(page, id=3, result="x")
    assert ended(page) == [[1], None, "x"]
    assert sent(page) == ["a", "b", "c"]


def test_the_servers_sentence_is_the_error_and_the_next_call_goes_on(page):
    page.evaluate(ASK, ["a", "b"])
    answer(page, id=1, error="there is no such preset; choose another")
    answer(page, id=2, result=2)
    assert ended(page) == ["Error: there is no such preset; choose another", 2]


def test_a_call_without_an_answer_ends_after_a_minute_and_its_late_answer_is_nobodys(page):
    page.evaluate(ASK, ["a", "b"])
    page.clock.run_for(59_000)
    assert ended(page) == []
    page.clock.run_for(1_100)
    assert ended(page) == [NO_ANSWER]
    answer(page, id=1, result="late")
    assert ended(page) == [NO_ANSWER]
    answer(page, id=2, result="own")
    assert ended(page) == [NO_ANSWER, "own"]


def test_a_server_that_is_down_ends_the_call_at_once(page):
    page.evaluate(ASK, ["a"])
    page.evaluate("server.answered('')")  # gradio's event has ended; the box is as it was
    page.clock.run_for(10)
    assert ended(page) == [NO_ANSWER]
    page.evaluate(ASK, ["b"])
    answer(page, id=2, result="up again")
    page.evaluate(ASK, ["c"])
    answer(page, id=2, result="up again")
    assert ended(page) == [NO_ANSWER, "up again", NO_ANSWER]


def test_an_answer_that_nobody_waits_for_is_left_alone(page):
    page.evaluate("server.answered('')")
    page.evaluate("server.answered('{\"id\": 5}')")
    assert page.evaluate("server.next()") == "{}"
    assert ended(page) == []
