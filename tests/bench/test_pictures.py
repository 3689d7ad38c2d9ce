"""`bench pictures` as a whole, against servers that draw, fail and die; and against the sandbox."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections import Counter
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import pytest
from PIL import Image, ImageColor

from lib_rpg.__main__ import main
from lib_rpg.errors import RpgError
from lib_rpg.planner import PlanRequest, plan
from sandbox.bench import pictures
from sandbox.bench.picture_methods import METHODS, Method, method_of
from sandbox.bench.picture_sheet import COLOURS, GAP, LINE, NAMES, WIDTH
from sandbox.bench.picture_store import Result
from sandbox.bench.picture_tasks import shapes_tasks, spread
from tests.bench.picture_servers import server
from tests.processes import REPO, free_port, served, start_module

TWO = ["--methods", "plain,attention", "--retry-wait", "0"]
TASKS = ("negation", "numeracy", "attribution", "spatial")


def bench(*arguments):
    """The command, as its JSON."""
    return ["bench", "pictures", *map(str, arguments), "--json"]


def document(capsys):
    return json.loads(capsys.readouterr().out)


def without_seconds(table):
    return [{**row, "seconds": None} for row in table["rows"]]


def test_rows_of_methods_and_tasks(capsys):
    with server() as one:
        assert main(bench("--url", one.url, "--limit", 8, *TWO)) == 0
    table = document(capsys)
    rows = {(row["task"], row["method"]): row for row in table["rows"]}
    assert list(rows) == [(task, method) for task in (*TASKS, "all") for method in ("plain", "attention")]
    # A blank picture has nothing that must not be there.
    assert [rows[task, "plain"]["right"] for task in (*TASKS, "all")] == [2, 0, 0, 0, 2]
    regional = rows["all", "attention"]
    assert regional.pop("seconds") > 0
    assert regional == {
        "method": "attention", "task": "all", "prompts": 8, "right": 8, "share": 1.0, "low": 0.6756, "high": 1.0,
        "peak_mib": 3.0, "unscored": 0, "failed": 0, "scorer": "shapes-1",
    }  # fmt: skip
    assert table["settings"]["planner"] == "offline" and table["settings"]["tasks"] == "shapes"


def test_the_sheet_has_a_row_for_each_method(capsys, tmp_path):
    """The server draws what plain asks for as a blank picture, and the regions of a plan."""
    file = tmp_path / "new" / "sheet.png"
    with server() as one:
        assert main(bench("--url", one.url, "--limit", 12, "--sheet", file, *TWO)) == 0
        capsys.readouterr()
        assert main(bench("--url", one.url, "--limit", 4, "--sheet", tmp_path, *TWO)) == 2
    said = capsys.readouterr()
    assert "the sheet" in said.err and json.loads(said.out)["rows"]  # what was measured is not lost
    drawn = Image.open(file)
    tasks = spread(shapes_tasks(), 12)
    chosen = spread(tasks, pictures.IN_SHEET)
    high = max(round(WIDTH * task.height / task.width) for task in chosen) + GAP
    assert drawn.width == NAMES + (WIDTH + GAP) * len(chosen) and 2 * high < drawn.height < 2 * high + 80
    colours = [Counter(drawn.crop((NAMES, drawn.height - k * high, *drawn.size)).getdata()) for k in (1, 2)]
    right, wrong = (ImageColor.getrgb(COLOURS[verdict]) for verdict in (True, False))
    assert colours[0][right] == 8 * WIDTH * LINE and not colours[0][wrong]
    assert colours[1][wrong] == 6 * WIDTH * LINE  # a blank picture has nothing that must not be there


def test_every_method_draws_the_same_prompt_with_the_same_seed(capsys):
    drawn = "plain,attention,binding,binding+refine"
    with server() as one:
        main(bench("--url", one.url, "--limit", 4, "--methods", drawn, "--seed", 0, "--steps", 7))
    plain, attention, binding, refined = (one.bodies[number::4] for number in range(4))
    assert {body["steps"] for body in one.bodies} == {7}
    for bodies, task in zip(
        zip(plain, attention, binding, refined, strict=True), spread(shapes_tasks(), 4), strict=True
    ):
        assert {(b["prompt"], b["seed"], b["width"], b["height"], b["negative_prompt"]) for b in bodies} == {
            (task.prompt, task.index, task.width, task.height, "")
        }
        plans = [body["alwayson_scripts"]["RPG"]["args"][0]["plan"] for body in bodies[1:]]
        assert "alwayson_scripts" not in bodies[0] and {planned["prompt"] for planned in plans} == {task.prompt}
        assert [planned.get("binding", "off") for planned in plans] == ["off", "auto", "auto"]
        assert [planned["base_ratio"] == 1.0 for planned in plans] == [False, True, False]


def test_methods_are_rows_and_their_combinations():
    table = {
        "plain": Method(),
        "cells": Method("rpg", {"base_ratio": 0.4}),
        "free": Method("lmd", {"feather": 0.1}, {"steps": 30}),
        "other": Method("rag", {"base_ratio": 0.5}),
    }
    assert method_of("free", table) is table["free"]
    assert method_of("cells+free", table) == Method("lmd", {"base_ratio": 0.4, "feather": 0.1}, {"steps": 30})
    assert method_of("binding+refine") is METHODS["binding+refine"]
    for name, said in [
        ("cels", "there is no 'cels'; did you mean 'cells'"),
        ("cells+what", "there is no 'what'"),
        ("plain+cells", "a method that has no plan"),
        ("cells+other", "two values of base_ratio"),
    ]:
        with pytest.raises(RpgError, match=said):
            method_of(name, table)


def test_every_row_is_of_a_valid_plan():
    planned = plan(PlanRequest("a cat and a dog", 512, 512), "offline")
    for row in METHODS.values():
        made = row.changed(planned)
        assert {name: getattr(made, name) for name in row.plan} == row.plan


def test_a_row_is_checked_as_a_plan_and_changes_the_request(monkeypatch, capsys):
    monkeypatch.setitem(METHODS, "soft", Method("lmd", {"feather": 0.1}, {"sampler_name": "DDIM"}))
    monkeypatch.setitem(METHODS, "wrong", Method("rpg", {"fether": 0.1}))
    with server() as one:
        main(bench("--url", one.url, "--limit", 1, "--methods", "soft,wrong"))
    said = capsys.readouterr()
    assert "the key 'fether' is unknown; did you mean 'feather'?" in said.err
    assert [row["failed"] for row in json.loads(said.out)["rows"] if row["task"] == "all"] == [0, 1]
    (body,) = one.bodies
    planned = body["alwayson_scripts"]["RPG"]["args"][0]["plan"]
    assert (planned["layout"], planned["feather"], body["sampler_name"]) == ("boxes", 0.1, "DDIM")


def test_a_run_that_was_killed_goes_on(tmp_path, capsys):
    """Killed with -9 in the middle: what was finished is not drawn again, and the table is that of an unbroken run."""
    reached, may_go_on = threading.Event(), threading.Event()

    def hold(running, body):
        if len(running.bodies) == 6:
            reached.set()
            may_go_on.wait(60)
        return 200

    with server(hold) as one:
        arguments = bench("--url", one.url, "--limit", 5, *TWO, "--out", tmp_path / "out")
        command = [sys.executable, "-m", "lib_rpg", *arguments]
        process = subprocess.Popen(command, cwd=REPO, env={**os.environ, "OMP_NUM_THREADS": "1"})
        try:
            assert reached.wait(120)
        finally:
            process.kill()
            assert process.wait() == -signal.SIGKILL
        finished = len(list((tmp_path / "out" / "pictures").rglob("*.json")))
        assert 4 <= finished <= 5  # the fifth may have been looked at when it was killed
        before = one.answered[:finished]
        may_go_on.set()
        one.answered = []
        assert main(arguments) == 0
        table = document(capsys)
        # The one that was being drawn may have been answered to the dead process too.
        assert len(set(one.answered) - set(before)) == 10 - finished and not set(before) & set(one.answered)
        one.bodies.clear()
        assert main(arguments) == 0
        assert document(capsys) == table and not one.bodies
        assert main(bench("--url", one.url, "--limit", 5, *TWO)) == 0
        assert without_seconds(document(capsys)) == without_seconds(table)
    assert not list((tmp_path / "out").rglob("*.part"))


def test_one_of_two_servers_dies(capsys, tmp_path):
    def dies(running, body):
        if len(running.bodies) < 3:
            return 200
        running.die()
        return 0

    with server() as well, server(dies) as ill:
        assert main(bench("--url", ill.url, "--url", well.url, "--limit", 6, *TWO, "--out", tmp_path / "out")) == 0
    said = capsys.readouterr()
    assert re.search(rf"^{ill.url} is left out: .* cannot be reached", said.err, re.MULTILINE)
    drawn = well.answered + ill.answered
    assert len(drawn) == 12 == len(set(drawn)) and len(ill.answered) == 2
    rows = {(row["task"], row["method"]): row for row in json.loads(said.out)["rows"]}
    assert (rows["all", "attention"]["right"], rows["all", "attention"]["failed"]) == (6, 0)


def test_without_a_server_left_what_is_finished_stays(capsys, tmp_path):
    def dies(running, body):
        if len(running.bodies) < 4:
            return 200
        running.die()
        return 0

    arguments = ["--limit", 4, *TWO, "--out", tmp_path / "out"]
    with server(dies) as one, server(dies) as two:
        assert main(bench("--url", one.url, "--url", two.url, *arguments)) == 2
    said = capsys.readouterr()
    assert not said.out
    last = said.err.splitlines()[-1]
    assert last.startswith("no server is left to draw with: ") and last.endswith("goes on with the rest")
    with server() as three:
        assert main(bench("--url", three.url, *arguments)) == 0
    assert len(three.answered) == 2 and not set(three.answered) & set(one.answered + two.answered)
    assert document(capsys)["rows"][-1]["right"] == 4


def test_a_picture_that_no_server_draws_has_failed_until_the_next_run(capsys, tmp_path):
    prompt = spread(shapes_tasks(), 4)[2].prompt

    def refuses(running, body):
        return 500 if body["prompt"] == prompt and "alwayson_scripts" in body else 200

    arguments = ["--limit", 4, *TWO, "--retries", 1, "--out", tmp_path / "out"]
    with server(refuses) as one, server(refuses) as two:
        assert main(bench("--url", one.url, "--url", two.url, *arguments)) == 0
    refused = [body for body in one.bodies + two.bodies if refuses(None, body) == 500]
    assert len(refused) == 4  # by each server twice
    said = capsys.readouterr()
    assert "1 pictures failed; run the same command again" in said.err and "HTTP 500" in said.err
    rows = {(row["task"], row["method"]): row for row in json.loads(said.out)["rows"]}
    lost = rows["attribution", "attention"]
    assert (lost["prompts"], lost["failed"], lost["share"], lost["seconds"]) == (0, 1, None, None)
    with server() as three:
        assert main(bench("--url", three.url, *arguments)) == 0
    assert three.answered == [(prompt, True)]
    assert document(capsys)["rows"][-1]["failed"] == 0


def test_a_server_that_refuses_everything_is_left_out(capsys):
    with server(lambda running, body: 500) as ill, server() as well:
        assert main(bench("--url", ill.url, "--url", well.url, "--limit", 6, *TWO, "--retries", 0)) == 0
    assert len(ill.bodies) <= 3 and len(well.answered) == 12
    assert document(capsys)["rows"][-1]["right"] == 6
    with server(lambda running, body: 500) as ill:
        assert main(bench("--url", ill.url, "--limit", 6, *TWO, "--retries", 0)) == 2
        assert len(ill.bodies) == 3
    assert capsys.readouterr().err.splitlines()[-1].startswith("no server is left")


def test_a_folder_of_other_settings_is_refused(capsys, tmp_path, monkeypatch):
    out = tmp_path / "out"
    with server() as one:
        assert main(bench("--url", one.url, "--limit", 2, *TWO, "--out", out)) == 0
        for arguments, said in [
            (["--steps", "9"], r"\(steps is 20 there and 9 now\)"),
            (["--seed", "1"], r"\(seed is 0 there and 1 now\)"),
            (["--tasks", "lmd"], r"\(tasks is 'shapes' there and 'lmd' now\)"),
        ]:
            capsys.readouterr()
            assert main(bench("--url", one.url, "--limit", 2, *TWO, "--out", out, *arguments)) == 2
            (line,) = capsys.readouterr().err.splitlines()
            assert re.search(said, line) and "give a new folder" in line
        monkeypatch.setitem(METHODS, "attention", Method("rag"))
        assert main(bench("--url", one.url, "--limit", 2, *TWO, "--out", out)) == 2
        assert "another attention" in capsys.readouterr().err
        # Another method and more prompts are no other settings.
        monkeypatch.undo()
        one.answered.clear()
        more = ["--limit", 4, "--methods", "attention,binding"]
        assert main(bench("--url", one.url, *more, "--out", out)) == 0
        assert len(one.answered) == 6
    strange = tmp_path / "strange"
    strange.mkdir()
    (strange / "diary.txt").write_text("dear diary")
    assert main(bench("--url", "http://127.0.0.1:1", "--out", strange)) == 2
    assert "it has other files and no settings of this benchmark" in capsys.readouterr().err


def test_another_version_of_the_score_looks_again_without_drawing(capsys, tmp_path, monkeypatch):
    arguments = ["--limit", 4, *TWO, "--out", tmp_path / "out"]
    with server() as one:
        assert main(bench("--url", one.url, *arguments)) == 0
        before = document(capsys)
        one.bodies.clear()
        monkeypatch.setattr(pictures.ShapesScorer, "name", "shapes-2")
        monkeypatch.setattr(pictures.ShapesScorer, "find", lambda self, image, names: [])
        assert main(bench("--url", one.url, *arguments)) == 0
    after = document(capsys)
    assert not one.bodies
    assert before["rows"][-1]["right"] == 4 and after["rows"][-1]["right"] == 1
    assert after["rows"][-1]["scorer"] == "shapes-2" and after["rows"][-1]["seconds"] == before["rows"][-1]["seconds"]


def test_a_damaged_result_is_drawn_again(capsys, tmp_path):
    arguments = ["--limit", 1, "--methods", "attention", "--out", tmp_path / "out"]
    with server() as one:
        for text in (None, "{", '{"method": "attention"}', "[]"):
            if text is not None:
                (tmp_path / "out" / "pictures" / "attention" / "0000.json").write_text(text)
            one.answered.clear()
            assert main(bench("--url", one.url, *arguments)) == 0
            assert len(one.answered) == 1
        (tmp_path / "out" / "pictures" / "attention" / "0000.png").unlink()
        assert main(bench("--url", one.url, *arguments)) == 0
        assert len(one.answered) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--methods", "plain,regional"], "--methods: there is no 'regional'"),
        (["--tasks", "nowhere.jsonl"], "--tasks nowhere.jsonl cannot be read (No such file"),
        (["--limit", "0"], "--limit: 0 prompts are too few"),
        (["--size", "big"], "--size: it is not from 64x64"),
        (["--url", "localhost:7860"], "--url: 'localhost:7860' is not an address"),
        (["--planner", "nobody"], "nobody"),
        (["--owl-vit", "nowhere"], "--owl-vit nowhere: there is no model"),
        (["--retries", "-1"], "--retries"),
    ],
)
def test_wrong_options_are_one_sentence(arguments, said, capsys):
    assert main(bench("--url", "http://127.0.0.1:1", *arguments)) == 2
    out, err = capsys.readouterr()
    assert not out and said in err and err.count("\n") == 1


def test_prompts_of_a_file_that_the_detector_cannot_judge(capsys, tmp_path):
    task = spread(shapes_tasks(), 4)[2]
    file = tmp_path / "color_val.txt"
    file.write_text(f"{task.prompt}\n{task.prompt.split(',')[0]}\n")
    with server() as one:
        # The first says more than its things: it is drawn, and has no rule.
        assert main(bench("--url", one.url, "--tasks", file, "--limit", 1, "--methods", "attention")) == 0
    (row, everything) = document(capsys)["rows"]
    assert (row["task"], row["prompts"], row["unscored"], row["share"]) == ("color_val", 0, 1, None)
    assert everything["unscored"] == 1


def test_tables(capsys):
    with server() as one:
        assert main(["bench", "pictures", "--url", one.url, "--limit", "4", *TWO]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert [line.split()[0] for line in lines if line and line[0] != " "] == [*TASKS, "all"]
    assert lines[-2].split() == ["attention", "4", "4", "100.0%", "51.0%-100.0%", lines[-2].split()[-2], "3.0"]
    assert err.splitlines()[-1] == "8 of 8 pictures, 0:00:00 left"


def test_time_left():
    watch = pictures.Watch(10, 100)
    watch.step(False)
    watch.step(True)
    assert watch.line(watch._start + 80) == "11 of 100 pictures, 1 failed, 0:58:40 left"


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Path:
    """The folder of a run of two methods and four prompts."""
    out = tmp_path_factory.mktemp("run") / "out"
    with server() as one:
        assert main(bench("--url", one.url, "--limit", 4, *TWO, "--out", out)) == 0
    return out


def test_what_a_folder_holds(finished):
    files = {str(file.relative_to(finished)) for file in finished.rglob("*") if file.is_file()}
    numbers = ("0000", "0100", "0200", "0300")
    assert files == {"settings.json", "report.html"} | {
        f"pictures/{method}/{number}.{kind}"
        for method in ("plain", "attention")
        for number in numbers
        for kind in ("png", "json")
    }
    result = Result.from_dict(json.loads((finished / "pictures" / "attention" / "0300.json").read_text()))
    assert result.right and [found.name for found in result.found] == ["orange square", "purple ring"]
    assert result.plan["regions"][0]["prompt"].startswith("an orange square") and result.peak_mib == 3.0


def test_the_report_escapes_what_it_shows(capsys, tmp_path):
    file = tmp_path / "prompts.txt"
    file.write_text("<script>alert(1)</script> & 'more'\n")
    with server(lambda running, body: 500) as one:
        arguments = [
            "--tasks",
            file,
            "--methods",
            "plain",
            "--retries",
            0,
            "--retry-wait",
            0,
            "--out",
            tmp_path / "out",
        ]
        assert main(bench("--url", one.url, *arguments)) == 0
    text = (tmp_path / "out" / "report.html").read_text()
    assert "<script>alert" not in text and "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#x27;more&#x27;" in text
    assert "not drawn" in text


def test_the_report_in_a_browser(finished, browser):
    page = browser.new_page()
    try:
        faults = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto((finished / "report.html").as_uri())
        assert page.locator("output").text_content() == "4 of 4 prompts"
        assert page.locator("td[data-method]").count() == 8
        page.select_option("select[name=verdict]", "wrong")
        assert page.locator("output").text_content() == "3 of 4 prompts"
        page.select_option("select[name=method]", "attention")
        assert page.locator("output").text_content() == "0 of 4 prompts"
        page.select_option("select[name=verdict]", "right")
        page.select_option("select[name=task]", "spatial")
        row = page.locator("tr[data-task]:visible")
        assert row.count() == 1 and "on the left" in row.text_content()
        cell = row.locator("td[data-method=attention]")
        image, box = cell.locator("img"), cell.locator("rect:not(.under)").first
        image.scroll_into_view_if_needed()
        page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=image.element_handle())
        picture, drawn = image.bounding_box(), box.bounding_box()
        # The first thing is a square of 48 pixels in the middle of the left half of a picture of 192 x 128.
        middle = (drawn["x"] + drawn["width"] / 2 - picture["x"]) / picture["width"]
        assert middle == pytest.approx(0.25, abs=0.03)
        assert drawn["width"] / picture["width"] == pytest.approx(48 / 192, abs=0.06)
        assert not faults
    finally:
        page.close()


def test_the_sandbox_draws(capsys, monkeypatch):
    """Without an address the benchmark starts the sandbox; it tells the main memory that a picture took."""
    port = free_port()
    start = partial(start_module, "sandbox", ["--no-page", "--port", str(port)], {"OMP_NUM_THREADS": "1"})
    with served(start, port, "The sandbox is at"):
        monkeypatch.setattr(pictures, "sandbox_host", lambda: nullcontext(f"http://127.0.0.1:{port}"))
        assert main(bench("--limit", 1, "--methods", "attention", "--steps", 2)) == 0
    rows = document(capsys)["rows"]
    assert [(row["task"], row["prompts"]) for row in rows] == [("negation", 1), ("all", 1)]
    assert rows[0]["seconds"] > 0 and 0 < rows[0]["peak_mib"] < 1000
