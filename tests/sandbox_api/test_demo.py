"""``python -m sandbox.demo``: its pictures, its table, and what it says to a prompt that it cannot plan."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PIL import Image

from lib_rpg.plan import Plan, Region
from sandbox import demo
from sandbox.shapes.data import Scene, Thing, render


def grid(ratio: str, *prompts: str) -> Plan:
    return Plan(prompt="all", split_ratio=ratio, regions=tuple(Region(prompt) for prompt in prompts))


def test_it_draws_both_pictures_and_prints_what_is_in_them():
    prompt = "a red circle above a blue square, gray background"
    run = subprocess.run(
        [sys.executable, "-m", "sandbox.demo", prompt], cwd=demo.REPO_DIR, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert lines[0].endswith(prompt)
    assert "RPG: 2 regions" in run.stdout
    header = next(i for i, line in enumerate(lines) if line.split() == ["region", "wanted", "plain", "regional"])
    assert lines[header + 1].startswith("0       a red circle")
    assert lines[header + 2].startswith("1       a blue square")
    plain, regional, plan = (Image.open(demo.OUTPUT / f"{name}.png") for name in ("plain", "regional", "plan"))
    assert plain.size == regional.size == (128, 192)
    assert plan.size == (512, 768)
    assert "RPG" not in plain.info["parameters"]
    assert "RPG" in regional.info["parameters"]
    assert plain.tobytes() != regional.tobytes()


@pytest.mark.parametrize("prompt", ["", "   ", "x" * 30_000])
def test_a_prompt_that_cannot_be_planned_is_refused_in_one_line(prompt, capsys):
    assert demo.main([prompt]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("ratio", "size"),
    [("1,1,1", (256, 128)), ("1,1", (192, 128)), ("1;1", (128, 192)), ("1,1,1;1,1,1", (192, 192)), ("1", (128, 128))],
)
def test_the_canvas_is_the_smallest_that_gives_every_cell_room(ratio, size):
    cells = {"1,1,1": 3, "1,1,1;1,1,1": 4, "1": 1}.get(ratio, 2)
    assert demo.canvas(grid(ratio, *["a cat"] * cells)) == size


def test_things_are_listed_for_the_region_that_they_are_in():
    scene = Scene(256, 128, "gray", (Thing("red", "circle", 60, 64, 70), Thing("blue", "square", 200, 64, 70)))
    rows = demo.findings(grid("1,1", "left", "right"), [render(scene)])
    assert rows == [["0", "left", "red circle"], ["1", "right", "blue square"]]
    empty = render(Scene(256, 128, "gray", ()))
    assert [row[2] for row in demo.findings(grid("1,1", "left", "right"), [empty])] == ["nothing", "nothing"]


def test_regions_are_outlined_and_labelled():
    flat = Image.new("RGB", (256, 128), "navy")
    drawn = demo.with_regions(flat, grid("1,1", "a red circle with a very long description of itself", "a square"))
    assert drawn.size == (768, 384)
    assert drawn.getpixel((1, 200)) == drawn.getpixel((384, 200)) == (255, 255, 255)
    assert drawn.getpixel((200, 300)) == flat.getpixel((0, 0))
    label = drawn.crop((10, 10, 374, 60))
    assert (255, 255, 255) in {color for _, color in label.getcolors(10_000)}
