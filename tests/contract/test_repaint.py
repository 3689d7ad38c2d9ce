"""Repainting over the API: the part changes, the rest is the picture's own, and what cannot be done is one sentence."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from lib_rpg.repainting import pixels
from tests.contract import control
from tests.contract.checkpoints import name_of
from tests.contract.client import HIRES, Client, Drawn, HostError, encoded, plan_of, png_of, png_text, schedulers
from tests.contract.test_controlnet import UNITS

PLAN = plan_of("a red circle, navy background", "a blue square, navy background")
NEW = "a green triangle, navy background"
WIDE = {"width": 128, "steps": 8}
FEW = 5
"""Steps that do for what is asked of each sampler."""
SAMPLERS = [
    *("Euler", "Euler a", "Heun", "LMS", "DPM2", "DPM2 a", "DPM++ 2S a", "DPM++ 2M", "DPM++ SDE"),
    *("DPM++ 2M SDE", "DPM++ 3M SDE", "LCM", "DDIM", "DDIM CFG++", "PLMS", "UniPC"),
]


@pytest.fixture
def first(host: Client) -> Drawn:
    """A picture to repaint, which has a trace."""
    return host.regional({"plan": PLAN}, **WIDE)


def repaint(host: Client, picture: bytes, asked: dict[str, Any], plan: dict | None = None, **changes: Any) -> Drawn:
    """The picture with a part repainted, by the settings of `WIDE`."""
    rpg = {"repaint": {"picture": encoded(picture), **asked}, **({"plan": plan} if plan else {})}
    return host.regional(rpg, **{**WIDE, **changes})


def outside(size: tuple[int, int], region: int) -> np.ndarray:
    """The pixels that the repainting of one of two regions side by side leaves alone, (height, width)."""
    return pixels.fading(pixels.box_mask((region / 2, 0, 0.5, 1), size)) == 0


def check_part(before: np.ndarray, after: np.ndarray, region: int) -> None:
    """The region has changed and nothing else has."""
    same = (before == after).all(-1)
    alone = outside((before.shape[1], before.shape[0]), region)
    assert same[alone].all()
    assert (~same[~alone]).mean() > 0.2


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_the_rest_is_the_pictures_own_with_every_sampler(host: Client, sampler: str) -> None:
    known = {each["name"] for each in host.json("GET", "/sdapi/v1/samplers")}
    if sampler not in known:
        pytest.skip(f"this host has no {sampler}")
    few = {"steps": FEW, "sampler_name": sampler}
    drawn = host.regional({"plan": PLAN}, **{**WIDE, **few})
    made = repaint(host, drawn.pngs[0], {"region": 0, "prompt": NEW, "mode": "replay"}, **few)
    check_part(drawn.pixels[0], made.pixels[0], 0)


def test_a_repainted_picture_is_repainted_again_and_says_so(host: Client, first: Drawn) -> None:
    once = repaint(host, first.pngs[0], {"region": 0, "prompt": NEW})
    text = png_text(once.pngs[0])
    assert '\\"prompt\\": \\"a green triangle, navy background\\"' in text.split("RPG repaint: ")[1]
    assert '\\"seed\\": ' in text.split("RPG repaint: ")[1]
    twice = repaint(host, once.pngs[0], {"region": 1, "prompt": "a white ring, navy background"})
    check_part(once.pixels[0], twice.pixels[0], 1)
    assert "a green triangle" in png_text(twice.pngs[0]).split("RPG plan: ")[1]
    again = repaint(host, once.pngs[0], {"region": 1, "prompt": "a white ring, navy background"})
    assert np.array_equal(again.pixels, twice.pixels)


def test_a_variation_keeps_the_words_and_takes_another_seed(host: Client, first: Drawn) -> None:
    made = [repaint(host, first.pngs[0], {"region": 1, "seed": seed}).pixels[0] for seed in (5, 6, 5)]
    check_part(first.pixels[0], made[0], 1)
    check_part(made[0], made[1], 1)
    assert np.array_equal(made[0], made[2])


def test_several_at_once_go_on_from_the_seed(host: Client, first: Drawn) -> None:
    many = repaint(host, first.pngs[0], {"region": 1, "seed": 5}, batch_size=2, n_iter=2)
    assert len(many.pixels) == 4
    for picture in many.pixels:
        check_part(first.pixels[0], picture, 1)
    assert len({picture.tobytes() for picture in many.pixels}) == 4


def test_a_picture_of_a_batch_is_repainted_by_itself(host: Client) -> None:
    drawn = host.regional({"plan": PLAN}, batch_size=2, **WIDE)
    made = repaint(host, drawn.pngs[1], {"region": 0, "prompt": NEW})
    check_part(drawn.pixels[1], made.pixels[0], 0)


def test_both_passes_of_hires_fix_follow_the_trace(host: Client) -> None:
    changes = {**HIRES, "hr_resize_x": 192, "hr_resize_y": 96}
    drawn = host.regional({"plan": PLAN}, **{**WIDE, **changes})
    made = repaint(host, drawn.pngs[0], {"region": 0, "prompt": NEW, "mode": "replay"}, **changes)
    assert made.pixels.shape == drawn.pixels.shape
    check_part(drawn.pixels[0], made.pixels[0], 0)
    with pytest.raises(HostError, match=r"drawn with hires fix .*, and now it is off; set hires fix to"):
        repaint(host, drawn.pngs[0], {"region": 0, "prompt": NEW})


def test_a_hires_pass_of_another_checkpoint_does_not_follow_the_trace(host: Client) -> None:
    if host.name == "sandbox":
        pytest.skip("the sandbox has no hires checkpoint")
    changes = {**HIRES, "hr_resize_x": 192, "hr_resize_y": 96}
    drawn = host.regional({"plan": PLAN}, **{**WIDE, **changes})
    other = {**changes, "hr_checkpoint_name": name_of("sd1")}
    with pytest.raises(HostError, match=rf"now it is .*, with {re.escape(name_of('sd1'))}; set hires fix to"):
        repaint(host, drawn.pngs[0], {"region": 0, "prompt": NEW, "mode": "replay"}, **other)


def test_an_object_alone_is_repainted(host: Client) -> None:
    box = [0.6, 0.2, 0.3, 0.6]
    square = {"phrase": "blue square", "box": box, "prompt": "a blue square, navy background"}
    regions = [PLAN["regions"][0], {**PLAN["regions"][1], "entities": [square]}]
    drawn = host.regional({"plan": {**PLAN, "regions": regions, "binding": "auto"}}, **WIDE)
    made = repaint(host, drawn.pngs[0], {"region": 1, "entity": 0, "prompt": "a green triangle, navy background"})
    same = (drawn.pixels[0] == made.pixels[0]).all(-1)
    alone = pixels.fading(pixels.box_mask(tuple(box), (128, 64))) == 0
    assert same[alone].all()
    assert not same[~alone].all()


@pytest.mark.parametrize("asked", [{"prompt": NEW}, {}], ids=["words", "seed"])
def test_a_mask_is_repainted(host: Client, first: Drawn, asked: dict[str, Any]) -> None:
    painted = np.zeros((64, 128))
    painted[16:48, 8:56] = 255
    made = repaint(host, first.pngs[0], {"mask": png_of(painted), **asked})
    same = (first.pixels[0] == made.pixels[0]).all(-1)
    alone = pixels.fading(Image.fromarray(painted.astype(np.uint8))) == 0
    assert same[alone].all()
    assert not same[~alone].all()


def test_a_painted_region_is_repainted_where_it_is_painted(host: Client) -> None:
    """Its box is the whole picture; the mask in it is a part of the left half."""
    painted = np.zeros((32, 64))
    painted[8:24, 4:28] = 255
    mine = {"prompt": "a red circle, navy background", "box": [0, 0, 1, 1], "mask": png_of(painted)}
    other = {"prompt": "a blue square, navy background", "box": [0.5, 0, 0.5, 1]}
    drawn = host.regional({"plan": {"layout": "boxes", "regions": [mine, other]}}, **WIDE)
    made = repaint(host, drawn.pngs[0], {"region": 0, "prompt": NEW})
    same = (drawn.pixels[0] == made.pixels[0]).all(-1)
    white = Image.fromarray(painted.astype(np.uint8)).resize((128, 64), Image.Resampling.NEAREST)
    alone = pixels.fading(white) == 0
    alone[:, 60:] = True  # scaling softens the mask's edge by a pixel or two
    inner = np.asarray(white) == 255
    assert same[:, 64:].all() and same[:12].all() and same[52:].all()
    assert (~same[inner]).mean() > 0.2


def test_a_trace_is_found_by_a_lossy_file(host: Client, tmp_path: Path) -> None:
    old = host.json("GET", "/sdapi/v1/options")
    if "samples_format" not in old:
        pytest.skip("this host saves no pictures")
    folders = dict.fromkeys(("outdir_samples", "outdir_txt2img_samples"), str(tmp_path))
    new = {"samples_format": "jpg", "export_for_4chan": False, **folders}
    host.json("POST", "/sdapi/v1/options", new)
    try:
        host.regional({"plan": PLAN}, **WIDE, save_images=True)
    finally:
        host.json("POST", "/sdapi/v1/options", {name: old.get(name, "") for name in new})
    (file,) = tmp_path.rglob("*.jpg")
    made = host.regional(
        {"repaint": {"picture": encoded(file.read_bytes()), "region": 1, "prompt": NEW, "mode": "replay"}}, **WIDE
    )
    before = np.asarray(Image.open(file).convert("RGB"), np.int16)
    alone = outside((128, 64), 1)
    # What stays is the picture as it was drawn, without the file's losses.
    assert np.abs(before - made.pixels[0])[alone].mean() < 6


def test_a_picture_without_a_trace_is_repainted_by_inpainting_and_it_is_said(host: Client, first: Drawn) -> None:
    other = np.roll(first.pixels[0], 3, axis=0)
    made = repaint(host, base64.b64decode(png_of(other)), {"region": 0, "prompt": NEW}, PLAN)
    check_part(other, made.pixels[0], 0)
    assert "the picture has no trace" in made.info["extra_generation_params"].get("comments", "") + host.log_tail(200)
    asked = repaint(host, first.pngs[0], {"region": 0, "prompt": NEW, "mode": "inpaint"})
    check_part(first.pixels[0], asked.pixels[0], 0)


def test_a_picture_is_drawn_again_and_followed(host: Client, first: Drawn) -> None:
    replayed = repaint(host, first.pngs[0], {"region": 0, "prompt": NEW, "mode": "replay"})
    redrawn = repaint(host, first.pngs[0], {"region": 0, "prompt": NEW, "mode": "redraw"})
    assert np.array_equal(replayed.pixels, redrawn.pixels)


@pytest.mark.parametrize(
    ("asked", "changes", "sentence"),
    [
        (
            {},
            {"sampler_name": "Euler a"},
            "drawn with sampling method Euler, and now it is Euler a; set sampling method",
        ),
        ({}, {"steps": 9}, "drawn with sampling steps 8, and now it is 9; set sampling steps to 8"),
        ({}, {"width": 64}, "drawn with size 128x64, and now it is 64x64; set size to 128x64"),
        ({}, {"scheduler": "Karras"}, "schedule type"),
        (
            {"picture": "0123456789abcdef" * 2},
            {},
            "repaint.picture: nothing is known of a picture with that hash;",
        ),
        ({"picture": "AAAA"}, {}, "picture: it cannot be read"),
        ({"region": 7}, {}, "region: there is no region 7; the picture's plan has 2, from 0"),
        ({"entity": 0}, {}, "entity: the region has no object 0 with a box; leave entity out"),
        ({"region": None, "mask": png_of(np.zeros((8, 8)))}, {}, "mask: nothing of it is white; paint white"),
        ({"region": None}, {}, "repaint.region: nothing says what is drawn anew"),
        ({"mode": "later"}, {}, "repaint.mode: 'later' is not a mode of repainting"),
    ],
)
def test_what_cannot_be_repainted_is_one_sentence(
    host: Client, first: Drawn, fresh: dict[str, Drawn], asked: dict[str, Any], changes: dict[str, Any], sentence: str
) -> None:
    if "scheduler" in changes:
        schedulers(host)
    given = {key: value for key, value in {"region": 0, "prompt": NEW, **asked}.items() if value is not None}
    with pytest.raises(HostError) as caught:
        repaint(host, first.pngs[0], given, **changes)
    assert caught.value.status == 422
    assert sentence in caught.value.sentence
    assert np.array_equal(host.plain().pixels, fresh["Euler"].pixels)


@pytest.fixture
def traced(started: Callable[..., Any], tmp_path: Any) -> Iterator[tuple[Client, Any]]:
    """A host of its own, and the folder of its traces."""
    with started(settings={"rpg_planner": "offline"}) as client:
        yield client, tmp_path / "cache" / "traces"


def test_damaged_and_forgotten_traces(traced: tuple[Client, Any]) -> None:
    client, folder = traced
    drawn = client.regional({"plan": PLAN}, **WIDE)
    (path,) = folder.iterdir()
    assert path.name == f"{pixels.hash_of(Image.open(io.BytesIO(drawn.pngs[0])))}.trace"
    whole = path.read_bytes()
    path.write_bytes(whole[:-100])
    with pytest.raises(HostError, match=r"repaint: the trace of the picture is damaged .*; repaint with the mode 'inp"):
        repaint(client, drawn.pngs[0], {"region": 0, "prompt": NEW})
    check_part(drawn.pixels[0], repaint(client, drawn.pngs[0], {"region": 0, "mode": "inpaint"}).pixels[0], 0)
    path.unlink()
    with pytest.raises(HostError, match=r"repaint.mode: the picture has no trace to replay; use the mode 'redraw'"):
        repaint(client, drawn.pngs[0], {"region": 0, "prompt": NEW, "mode": "replay"})


def test_no_traces_where_settings_or_the_request_say_so(traced: tuple[Client, Any]) -> None:
    client, folder = traced
    client.regional({"plan": PLAN}, **WIDE, override_settings={"rpg_traces": False})
    client.plain(**WIDE)
    assert not folder.exists()


def test_an_interrupted_repainting_leaves_nothing_behind(host: Client, first: Drawn, fresh: dict[str, Drawn]) -> None:
    with pytest.raises(HostError):
        repaint(host, first.pngs[0], {"region": 0, "prompt": NEW}, faults={"raise_at_call": 3})
    assert np.array_equal(host.plain().pixels, fresh["Euler"].pixels)
    made = repaint(host, first.pngs[0], {"region": 0, "prompt": NEW})
    check_part(first.pixels[0], made.pixels[0], 0)


@pytest.mark.parametrize("units", ["controlnet", "ip-adapter", "reference"])
def test_with_controlnet_in_use(host: Client, fresh: dict[str, Drawn], units: str) -> None:
    control.require(host)
    given = {"control": UNITS[units](host, fresh["Euler"].pngs[0])}
    drawn = host.regional({"plan": {**PLAN, "binding": "exact"}}, **WIDE, **given)
    made = repaint(host, drawn.pngs[0], {"region": 0, "prompt": NEW, "mode": "replay"}, **given)
    check_part(drawn.pixels[0], made.pixels[0], 0)
    assert np.array_equal(host.plain().pixels, fresh["Euler"].pixels)


def test_the_schema_knows_a_repainting(host: Client) -> None:
    schema = host.json("GET", "/rpg/schema")
    assert "picture" in json.dumps(schema["$defs"]["Repaint"]["required"])
