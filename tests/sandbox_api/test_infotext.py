"""Reading infotexts, the queue's lock, and what a button shows of an error."""

from __future__ import annotations

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from modules import call_queue, infotext_utils, shared

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)


def parse(text):
    return infotext_utils.parse_generation_parameters(text)


@given(st.text())
def test_quoting_is_undone(text):
    assert infotext_utils.unquote(str(infotext_utils.quote(text))) == text or text.startswith('"')


@given(TEXT)
def test_a_value_comes_back_whole(value):
    line = f"Steps: 20, Seed: 1, RPG regions: {infotext_utils.quote(value + ', x:')}, Size: 512x768"
    params = parse(f"a cat\n{line}")
    assert params["RPG regions"] == value + ", x:"
    assert (params["Steps"], params["Size-1"], params["Size-2"]) == ("20", "512", "768")


@given(st.text())
def test_any_text_is_read(text):
    assert isinstance(parse(text)["Prompt"], str)


def test_prompts_may_have_several_lines():
    params = parse("a cat,\na dog\nNegative prompt: a bird\na fish\nSteps: 1, Sampler: Euler, Seed: 2")
    assert params["Prompt"] == "a cat,\na dog"
    assert params["Negative prompt"] == "a bird\na fish"
    assert params["Sampler"] == "Euler"


def test_a_last_line_of_few_parameters_belongs_to_the_prompt():
    params = parse("a sign that says: hello, world: yes")
    assert params["Prompt"] == "a sign that says: hello, world: yes"


def test_what_is_left_out_has_its_default():
    params = parse("Steps: 1, Sampler: Euler, Seed: 2")
    assert (params["RNG"], params["Schedule type"], params["Clip skip"]) == ("GPU", "Automatic", "1")
    assert "Emphasis" not in params
    assert parse("(a cat:1.2)\nSteps: 1, Sampler: Euler, Seed: 2")["Emphasis"] == "Original"


def test_settings_that_differ_become_overrides():
    params = parse("Steps: 1, Sampler: Euler, Seed: 2, Clip skip: 2, Pad conds: True, ENSD: 0")
    overrides = infotext_utils.get_override_settings(params)
    assert ("Clip skip", "CLIP_stop_at_last_layers", 2) in overrides
    assert ("Pad conds", "pad_cond_uncond", True) in overrides
    assert not any(name == "ENSD" for name, _, _ in overrides)
    pairs = [f"{name}: {value}" for name, _, value in overrides]
    assert infotext_utils.create_override_settings_dict(pairs) == {key: value for _, key, value in overrides}


def test_a_paste_field_is_a_pair_with_a_reader():
    field = infotext_utils.PasteField("component", "Steps", api="steps")
    component, target = field
    assert (component, target, field.api, field.label) == ("component", "Steps", "steps", "Steps")
    assert field.read({"Steps": "3"}) == "3"
    assert infotext_utils.PasteField(None, lambda params: len(params)).read({"a": 1}) == 1


def test_only_pictures_of_the_page_are_opened(tmp_path, monkeypatch):
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"")
    monkeypatch.setattr(shared, "demo", type("Demo", (), {"temp_file_sets": [set()]}))
    with pytest.raises(ValueError, match="not a picture of this page"):
        infotext_utils.image_from_url_text([{"name": str(secret), "is_file": True}])


def test_the_lock_is_handed_out_in_order():
    order = []
    threads = []

    def work(i):
        with call_queue.queue_lock:
            order.append(i)

    with call_queue.queue_lock:
        for i in range(8):
            threads.append(threading.Thread(target=work, args=(i,)))
            threads[-1].start()
            while len(call_queue.queue_lock._waiting) <= i:
                time.sleep(0.001)
    for thread in threads:
        thread.join(5)
    assert order == list(range(8))


def test_a_button_shows_what_failed_and_the_state_is_idle(capsys):
    def fail(task, value):
        shared.state.interrupt()
        raise RuntimeError(f"<{value}>")

    call = call_queue.wrap_gradio_gpu_call(fail, extra_outputs=[None, "", ""])
    *outputs, message = call("task(1)", "secret")
    assert outputs == [None, "", ""]
    assert "RuntimeError: &lt;secret&gt;" in message
    assert "Time taken" in message
    assert not shared.state.interrupted
    assert shared.state.job == ""
    assert call_queue.progress.current_task is None
    assert "task(1)" in call_queue.progress.finished_tasks
    assert "Error completing request" in capsys.readouterr().err
