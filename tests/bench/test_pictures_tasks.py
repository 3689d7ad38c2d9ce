"""The prompts of `bench pictures` and their rules: LMD's in the words of the shapes model, and prompts of files."""

import json
from collections import Counter

import pytest

from lib_rpg.errors import RpgError
from lib_rpg.planner import PlanRequest, plan
from sandbox.bench import picture_tasks as tasks
from sandbox.bench.picture_scores import ShapesScorer, holds
from sandbox.bench.picture_tasks import Beside, Count
from tests.bench.picture_servers import blank, wanted

SHAPES = tasks.shapes_tasks()


def test_four_tasks_of_a_hundred_prompts_by_the_seed():
    assert Counter(task.task for task in SHAPES) == dict.fromkeys(
        ("negation", "numeracy", "attribution", "spatial"), 100
    )
    assert [task.index for task in SHAPES] == list(range(400))
    assert tasks.shapes_tasks(0) == SHAPES and tasks.digest(SHAPES) == tasks.digest(tasks.shapes_tasks(0))
    assert tasks.digest(SHAPES) != tasks.digest(tasks.shapes_tasks(1))
    assert SHAPES[0].prompt == "a cyan square without circles, beige background"
    assert SHAPES[300].prompt == "an orange square on the left and a purple ring on the right, gray background"


def test_each_task_asks_for_what_it_is_named_after():
    by_task = {name: [task for task in SHAPES if task.task == name] for name in ("negation", "numeracy", "spatial")}
    unwanted = Counter(task.rules[0].name for task in by_task["negation"])
    assert len(unwanted) == 10 and set(unwanted.values()) == {10}
    for task in by_task["negation"]:
        assert f"without {task.rules[0].name}s" in task.prompt and task.rules == (Count(task.rules[0].name, 0, 0),)
    counted = Counter(task.rules[0].most for task in by_task["numeracy"])
    assert counted == dict.fromkeys((1, 2, 3, 4, 5), 20)
    assert len({(task.width, task.height) for task in by_task["numeracy"]}) == 1  # the canvas must not say how many
    assert Counter(task.rules[0].side for task in by_task["spatial"]) == dict.fromkeys(
        ("left", "right", "top", "bottom"), 25
    )


@pytest.mark.parametrize("task", SHAPES[::7], ids=lambda task: task.prompt)
def test_a_picture_of_what_is_asked_for_is_right_and_one_of_nothing_is_not(task):
    scorer = ShapesScorer()
    found = scorer.find(wanted(task), task.names)
    assert found and all(map(scorer.knows, task.names)) and all(holds(rule, found) for rule in task.rules)
    nothing = scorer.find(blank(task), task.names)
    assert all(holds(rule, nothing) for rule in task.rules) == (task.task == "negation")


@pytest.mark.parametrize("task", SHAPES[::9], ids=lambda task: task.prompt)
def test_the_offline_planner_understands_the_prompts(task):
    planned = plan(PlanRequest(task.prompt, task.width, task.height, method="lmd", dialect=task.dialect))
    named = Counter(entity.phrase for region in planned.regions for entity in region.entities)
    if task.task == "negation":
        assert planned.negative_prompt == f"{task.rules[0].name}s" and not named[task.rules[0].name]
    elif task.task == "numeracy":
        assert named == {task.names[0]: task.rules[0].most}
    else:
        assert named == dict.fromkeys(task.names, 1)


def test_lmds_prompts():
    made = tasks.lmd_tasks((512, 512))
    assert len(made) == 400 and {(task.width, task.height) for task in made} == {(512, 512)}
    rules = {task.prompt.removeprefix("A realistic photo of a scene "): task.rules for task in made}
    assert rules["without backpacks"] == (Count("backpack", 0, 0),)
    assert rules["with five cats"] == (Count("cat", 5, 5),)
    assert rules["with a blue dog and a white bowl"] == (Count("blue dog"), Count("white bowl"))
    assert rules["with a bottle on the left and a dog on the right"] == (Beside("bottle", "dog", "left"),)


def test_a_limit_is_spread_over_the_tasks():
    chosen = tasks.spread(SHAPES, 10)
    assert [task.index for task in chosen] == [0, 33, 66, 100, 133, 166, 200, 250, 300, 350]
    assert tasks.spread(SHAPES, None) == tasks.spread(SHAPES, 9999) == SHAPES


def test_geneval(tmp_path):
    lines = [
        {"tag": "counting", "include": [{"class": "cup", "count": 3}], "exclude": [{"class": "cup", "count": 4}],
         "prompt": "a photo of three cups"},
        {"tag": "position", "include": [{"class": "dog", "count": 1}, {"class": "bench", "count": 1,
         "position": ["above", 0]}], "prompt": "a photo of a bench above a dog"},
        {"tag": "color_attr", "include": [{"class": "cow", "count": 1, "color": "red"}], "prompt": "a red cow"},
    ]  # fmt: skip
    file = tmp_path / "evaluation_metadata.jsonl"
    file.write_text("\n\n".join(map(json.dumps, lines)) + "\n")
    made = tasks.picture_tasks(str(file), 0, (256, 192))
    assert [(task.index, task.task, task.width, task.height) for task in made] == [
        (0, "counting", 256, 192), (1, "position", 256, 192), (2, "color_attr", 256, 192)
    ]  # fmt: skip
    assert [task.rules for task in made] == [
        (Count("cup", 3), Count("cup", 0, 3)),
        (Count("dog"), Count("bench"), Beside("bench", "dog", "top")),
        (Count("red cow"),),
    ]
    assert made[1].names == ("dog", "bench")


@pytest.mark.parametrize(
    ("prompt", "rules"),
    [
        ("three lamps and two trains", (Count("lamp", 3, 3), Count("train", 2, 2))),
        ("a girl on the top of a frog", (Beside("girl", "frog", "top"),)),
        ("a photo of a bench above a dog", (Beside("bench", "dog", "top"),)),
        ("an airplane on the right of a stop sign", (Beside("airplane", "stop sign", "right"),)),
        ("a green bench and a blue bowl.", (Count("green bench"), Count("blue bowl"))),
        ("one bread, four fish and a cup", (Count("bread", 1, 1), Count("fish", 4, 4), Count("cup"))),
        # What a detector of boxes cannot tell, or what says more than that, has no rule.
        ("a giraffe next to a lamp", ()),
        ("four apples were picked from the tree", ()),
        ("The red hat was on top of the brown coat rack.", ()),
        ("a red apple and yellow bananas", ()),
        ("two person", ()),
    ],
)
def test_rules_of_a_line_of_text(prompt, rules, tmp_path):
    file = tmp_path / "spatial_val.txt"
    file.write_text(f"{prompt}\n")
    (task,) = tasks.picture_tasks(str(file), 0, (512, 512))
    assert (task.task, task.prompt, task.rules) == ("spatial_val", prompt, rules)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it has no prompt"),
        ('a cat\n{"tag": ', "line 2: the line is not valid JSON"),
        ('{"tag": "x"}', "line 1: prompt: None is not a text"),
        ('{"tag": "x", "prompt": "p", "include": [{"class": "cat", "count": 0}]}', r"include\[0\].count: 0 is out"),
        ('{"tag": "x", "prompt": "p", "include": [{"class": "c", "position": ["at", 0]}]}', "'at' is not a choice"),
        ('{"tag": "x", "prompt": "p", "include": [{"class": "c", "position": ["above", 3]}]}', "3 is out of range"),
        ('{"tag": "x", "prompt": "p", "include": [{"class": "c", "position": ["above"]}]}', "None is not a whole"),
        ('{"tag": "x", "prompt": "p", "exclude": [{}]}', r"exclude\[0\].class: None is not a text"),
    ],
)
def test_wrong_files(text, said, tmp_path):
    file = tmp_path / "prompts.jsonl"
    file.write_text(text)
    with pytest.raises(RpgError, match=said):
        tasks.file_tasks(file, (512, 512))


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(RpgError, match=r"--tasks .*none.txt cannot be read \(No such file"):
        tasks.picture_tasks(str(tmp_path / "none.txt"), 0, (512, 512))
