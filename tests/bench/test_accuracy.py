"""The accuracy benchmark: its prompts, its judgement and its table; no model is run."""

import io
import json
from dataclasses import replace

import pytest

from lib_rpg.errors import RpgError
from sandbox.bench import accuracy, drawing
from sandbox.shapes.data import Scene, Thing, render


def drawn(task, wanted=None, size=56):
    """The picture that a task asks for, or one with other things in the places."""
    things = []
    for thing in wanted or task.wanted:
        x0, y0, x1, y1 = thing.area
        x, y = (x0 + x1) / 2 * task.width, (y0 + y1) / 2 * task.height
        things.append(Thing(thing.colour, thing.shape, x, y, size))
    return render(Scene(task.width, task.height, "gray", tuple(things)))


def swapped(task):
    """The task's things with the first two colours exchanged: attributes mixed up."""
    a, b, *rest = task.wanted
    return [replace(a, colour=b.colour), replace(b, colour=a.colour), *rest]


def test_prompts_are_fixed_and_varied():
    made = accuracy.tasks(108)
    assert made == accuracy.tasks(108) and made[:20] == accuracy.tasks(20)
    assert {len(task.wanted) for task in made} == {2, 3, 4}
    assert len({task.prompt for task in made}) == 108
    for task in made:
        assert len({thing.colour for thing in task.wanted}) == len(task.wanted)
        assert all(f"{thing.colour} {thing.shape}" in task.prompt for thing in task.wanted)


@pytest.mark.parametrize("task", accuracy.tasks(18), ids=lambda task: task.prompt)
def test_judge(task):
    outcome = drawing.judge(task, "plain", drawn(task))
    assert outcome.right and outcome.exact
    mixed = drawing.judge(task, "plain", drawn(task, swapped(task)))
    assert not mixed.right and not mixed.exact
    missing = drawing.judge(task, "plain", drawn(task, task.wanted[1:]))
    assert not missing.right


def test_a_thing_in_the_wrong_place_is_wrong():
    task = accuracy.tasks(1)[0]
    first, second = task.wanted
    moved = [replace(first, area=second.area), replace(second, area=first.area)]
    assert not drawing.judge(task, "plain", drawn(task, moved)).right


def test_one_thing_too_many_is_right_but_not_exact():
    task = next(task for task in accuracy.tasks(9) if len(task.wanted) == 3 and task.height == 192)
    extra = replace(task.wanted[0], area=(0.0, 0.0, 0.34, 0.34))
    outcome = drawing.judge(task, "plain", drawn(task, [*task.wanted, extra], size=44))
    assert outcome.right and not outcome.exact


@pytest.fixture
def host(monkeypatch):
    """A WebUI that mixes colours up in plain pictures and draws regional ones right; keeps the requests."""
    by_prompt = {task.prompt: task for task in accuracy.tasks(9)}
    requests = []

    def txt2img(url, request, timeout=600.0):
        requests.append((url, request))
        task = by_prompt[request.prompt]
        file = io.BytesIO()
        drawn(task, swapped(task) if request.plan is None else None).save(file, "PNG")
        return file.getvalue(), ""

    monkeypatch.setattr(drawing, "txt2img", txt2img)
    return requests


def test_json(host, capsys):
    assert accuracy.main(["--url", "http://x", "--limit", "9", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    by_name = {(row["method"], row["things"]): row for row in result["rows"]}
    assert by_name["plain", "all"]["share"] == 0.0 and by_name["regional", "all"]["share"] == 1.0
    assert by_name["regional", 4] == {
        "method": "regional", "things": 4, "pictures": 2, "right": 2, "share": 1.0, "exact": 2
    }  # fmt: skip
    pairs = list(zip(host[::2], host[1::2], strict=True))
    assert all(plain.seed == regional.seed and plain.plan is None for (_, plain), (_, regional) in pairs)
    assert all(len(r.plan.regions) == len(t.wanted) for (_, (_, r)), t in zip(pairs, accuracy.tasks(9), strict=True))


def test_table_pictures_and_base_ratio(host, capsys, tmp_path):
    accuracy.main(["--url", "http://x", "--limit", "2", "--out", str(tmp_path), "--base-ratio", "0.15"])
    lines = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("exact regional") for line in lines) == 2
    assert any(line.split() == ["regional", "all", "2", "2", "1.00", "2"] for line in lines)
    assert sorted(file.name for file in tmp_path.iterdir())[:2] == ["000-plain.png", "000-regional.png"]
    assert host[1][1].plan.base_ratio == 0.15


def test_a_silly_limit_is_refused():
    with pytest.raises(RpgError, match="--limit: 0 prompts"):
        accuracy.main(["--limit", "0", "--url", "http://x"])
