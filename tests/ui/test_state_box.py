"""javascript/rpg_state_box.js by itself: when the hidden text is written, and what it takes for another's."""

from __future__ import annotations

from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "javascript" / "rpg_state_box.js"
PAGE = "<textarea id=state></textarea><button id=press>Generate</button><input id=choice type=radio>"


@pytest.fixture
def scripted(browser):
    page = browser.new_page()
    page.set_content(PAGE)
    page.evaluate("() => { window.updateInput = () => { window.writes = (window.writes ?? 0) + 1; }; }")
    page.add_script_tag(path=SCRIPT)
    page.evaluate("() => { window.box = new sdWebuiRpg.StateBox(document.querySelector('#state')); }")
    yield page
    page.close()


def shown(page) -> str:
    return page.locator("#state").input_value()


def test_it_is_written_after_a_pause_and_once(scripted):
    scripted.evaluate("() => ['a', 'b', 'c'].forEach((text) => box.write(text))")
    assert shown(scripted) == ""
    scripted.wait_for_function("() => document.querySelector('#state').value === 'c'")
    assert scripted.evaluate("() => window.writes") == 1


@pytest.mark.parametrize("press", ["mouse", "script", "key"])
def test_it_is_written_before_anything_that_is_pressed(scripted, press: str):
    scripted.evaluate(
        "() => document.querySelector('#press').addEventListener('click', () => { window.seen = state.value; })"
    )
    scripted.evaluate("() => box.write('new')")
    if press == "mouse":
        scripted.locator("#press").click()
    elif press == "key":
        scripted.locator("#press").press("Enter")
    else:
        scripted.evaluate("() => document.querySelector('#press').click()")
    assert scripted.evaluate("() => window.seen") == "new"


def test_a_paste_is_not_written_over_by_a_press_before_it_is_taken(scripted):
    scripted.evaluate(
        """() => {
            document.querySelector("#state").value = "pasted";
            document.querySelector("#press").click();
        }"""
    )
    assert shown(scripted) == "pasted"
    assert scripted.evaluate("() => box.isForeign('pasted')")


def test_its_own_text_comes_back_late_and_is_not_taken_for_anothers(scripted):
    foreign = scripted.evaluate(
        "() => { box.write('a'); box.flush(); box.write('ab'); return ['a', 'ab', 'x'].map((t) => box.isForeign(t)); }"
    )
    assert foreign == [False, False, True]
