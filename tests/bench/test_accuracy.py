"""The accuracy benchmark: its prompts, its judgement and its table; no model is run."""

import hashlib
import io
import json
from dataclasses import replace
from itertools import product

import pytest

from lib_rpg.errors import RpgError
from lib_rpg.planner import PlanRequest, plan
from sandbox.bench import accuracy, drawing
from sandbox.shapes.data import Scene, Thing, article, render


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


def test_the_first_list_stays():
    """Its figures are in the README, so that its prompts must not change."""
    told = "\n".join(f"{task.width} {task.height} {task.prompt}" for task in accuracy.tasks(108, 1))
    assert (
        hashlib.sha256(told.encode()).hexdigest() == "5a1c648172b28742af1196f618724becbef6b1bd7d74a7fee936508176a1fe41"
    )


def test_more_things_have_prompts_of_their_own():
    made = accuracy.tasks(108, things=(2, 6))
    assert {len(task.wanted) for task in made} == {2, 3, 4, 5, 6}
    assert len({task.prompt for task in made}) == 108
    assert {len(task.wanted) for task in accuracy.tasks(9, things=(5, 5))} == {5}
    for task in made:
        planned = accuracy.planned_for(task, "rag")
        for region, wanted in zip(planned.regions, task.wanted, strict=True):
            x, y, width, height = region.box
            assert (x, y, x + width, y + height) == pytest.approx(wanted.area)
            assert region.prompt.startswith(f"{article(wanted.colour)} {wanted.colour} {wanted.shape}")


def test_tags_ask_for_the_same_pictures():
    sentences, tags = accuracy.tasks(108, seed=1), accuracy.tasks(108, seed=1, dialect="tags")
    assert [replace(task, prompt="", dialect="") for task in tags] == [
        replace(task, prompt="", dialect="") for task in sentences
    ]
    assert len({task.prompt for task in tags}) == 108
    for sentence, task in zip(sentences, tags, strict=True):
        first, *pieces = task.prompt.split(", ")
        names = [f"{thing.colour} {thing.shape}" for thing in task.wanted]
        assert first == f"{len(names)}shapes" and pieces[: len(names)] == names
        places = [piece.removeprefix(name) for name, piece in zip(names, pieces[len(names) : -1], strict=True)]
        assert places == [f" {accuracy.TAG_PLACES[thing.area]}" for thing in task.wanted]
        assert pieces[-1] == sentence.prompt.split(", ")[-1]


def test_the_places_of_tags():
    told = {len(task.wanted): task.prompt for task in accuracy.tasks(9, dialect="tags")}
    assert [piece.split(" ", 2)[2] for piece in told[2].split(", ")[3:-1]] == ["at top", "at bottom"]
    assert [piece.split(" ", 2)[2] for piece in told[4].split(", ")[5:-1]] == [
        "at top left", "at top right", "at bottom left", "at bottom right"
    ]  # fmt: skip


def test_tags_are_planned_as_sentences_are():
    def cells(task):
        planned = plan(PlanRequest(task.prompt, task.width, task.height))
        return planned.split_ratio, [[entity.phrase for entity in region.entities] for region in planned.regions]

    pairs = zip(accuracy.tasks(108), accuracy.tasks(108, dialect="tags"), strict=True)
    assert [task.prompt for sentence, task in pairs if cells(task) != cells(sentence)] == []


def test_regions_are_told_in_the_dialect_of_the_shapes_model():
    def told(task):
        planned = accuracy.planned_for(task)
        return planned.split_ratio, [region.prompt for region in planned.regions]

    pairs = zip(accuracy.tasks(108), accuracy.tasks(108, dialect="tags"), strict=True)
    assert [task.prompt for sentence, task in pairs if told(task) != told(sentence)] == []


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
    lists = product(accuracy.DIALECTS, ((2, 4), (2, 6)))
    by_prompt = {task.prompt: task for dialect, few in lists for task in accuracy.tasks(14, 0, dialect, few)}
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
    assert accuracy.main(["--url", "http://x", "--limit", "14", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    by_name = {(row["method"], row["things"]): row for row in result["rows"]}
    assert list(by_name) == [(method, count) for method in accuracy.METHODS for count in (2, 3, 4, 5, 6, "all")]
    assert by_name["plain", "all"]["share"] == 0.0 and by_name["attention", "all"]["share"] == 1.0
    seams = {name: by_name["attention", 4].pop(name) for name in ("seams", "box_seams")}
    assert all(0 <= value < 1 for value in seams.values())
    assert by_name["attention", 4] == {
        "method": "attention", "things": 4, "pictures": 2, "right": 2, "share": 1.0, "exact": 2, "position": 1.0,
        "attributes": 1.0, "counts": 1.0, "dialect": "sentences",
    }  # fmt: skip
    mixed = by_name["plain", 2]
    assert mixed["attributes"] == 0.0 and mixed["position"] is None and mixed["counts"] == 1.0
    for index, task in enumerate(accuracy.tasks(14, things=(2, 6))):
        plans = [request.plan for _, request in host[4 * index : 4 * index + 4]]
        assert len({request.seed for _, request in host[4 * index : 4 * index + 4]}) == 1
        assert plans[0] is None and all(len(planned.regions) == len(task.wanted) for planned in plans[1:])
        assert [planned.binding for planned in plans[1:]] == ["off", "auto", "auto"]
        assert [planned.base_ratio == 1.0 for planned in plans[1:]] == [False, True, False]
        assert not any(entity.box for region in plans[1].regions for entity in region.entities)
        assert all(entity.box for planned in plans[2:] for region in planned.regions for entity in region.entities)


def test_table_pictures_and_base_ratio(host, capsys, tmp_path):
    arguments = ["--limit", "2", "--methods", "plain,attention", "--out", str(tmp_path), "--base-ratio", "0.15"]
    accuracy.main(["--url", "http://x", *arguments])
    lines = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("exact attention") for line in lines) == 2
    shown = next(line.split() for line in lines if line.startswith("attention") and " all " in line)
    assert shown[:8] == ["attention", "all", "2", "2", "1.00", "2", "1.00", "1.00"] and shown[-1] == "sentences"
    assert sorted(file.name for file in tmp_path.iterdir())[:2] == ["000-attention.png", "000-plain.png"]
    assert host[1][1].plan.base_ratio == 0.15


def test_binding_of_the_options_own(host, capsys):
    arguments = ["--binding", "native", "--bound-steps", "0.4", "--bound-feather", "0.1", "--bound-strength", "0.5"]
    accuracy.main(["--url", "http://x", "--limit", "1", "--methods", "binding", *arguments, "--json"])
    assert {row["method"] for row in json.loads(capsys.readouterr().out)["rows"]} == {"binding"}
    ((_, request),) = host
    assert (request.plan.binding, request.plan.bound_steps) == ("native", 0.4)
    assert (request.plan.bound_feather, request.plan.bound_strength) == (0.1, 0.5)


def test_both_dialects(host, capsys, tmp_path):
    arguments = ["--limit", "3", "--methods", "plain,attention", "--out", str(tmp_path), "--dialect", "both", "--json"]
    accuracy.main(["--url", "http://x", *arguments])
    rows = json.loads(capsys.readouterr().out)["rows"]
    pictures = {(row["dialect"], row["method"]): row["pictures"] for row in rows if row["things"] == "all"}
    assert pictures == {(d, m): 3 for d in accuracy.DIALECTS for m in ("plain", "attention")}
    sentences, tags = host[:6], host[6:]
    assert [request.seed for _, request in tags] == [request.seed for _, request in sentences]
    assert all(request.prompt.startswith("2shapes, ") for _, request in tags)
    assert tags[1][1].plan.prompt == tags[1][1].prompt
    assert {"000-plain.png", "002-attention.png", "000-tags-plain.png", "002-tags-attention.png"} <= {
        file.name for file in tmp_path.iterdir()
    }


def test_tags_alone(host, capsys):
    arguments = ["--limit", "2", "--dialect", "tags", "--methods", "plain,attention", "--json"]
    accuracy.main(["--url", "http://x", *arguments])
    assert {row["dialect"] for row in json.loads(capsys.readouterr().out)["rows"]} == {"tags"}
    assert len(host) == 4


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--limit", "0"], "--limit: 0 prompts"),
        (["--methods", "regional"], "--methods: there is no 'regional'"),
        (["--things", "1-4"], "--things: '1-4' is not within 2-6"),
        (["--things", "many"], "--things: 'many' is not within 2-6"),
        (["--things", "4-3"], "--things: '4-3' is not within 2-6"),
    ],
)
def test_wrong_arguments_are_named(arguments, said):
    with pytest.raises(RpgError, match=said):
        accuracy.main([*arguments, "--url", "http://x"])
