"""Files of presets: several of ours, Regional Prompter's and Forge Couple's, also where some or all are broken."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan, Region
from lib_rpg.presets import NO_WORDS, Found, Preset, read_presets
from tests.tables import for_each

# Regional Prompter at be62345 (2025): PRESET_KEYS of scripts/rp.py.
RP = {
    "name": "mine",
    "mode": "Columns",
    "ratios": "1,1",
    "baseratios": "0.2",
    "usebase": False,
    "usecom": False,
    "usencom": False,
    "calcmode": "Attention",
    "nchangeand": False,
    "lnter": "0",
    "lnur": "0",
    "threshold": "0.4",
    "polymask": None,
}


def read(document: Any) -> Found:
    return read_presets(json.dumps(document))


def plan_of(document: Any) -> Plan:
    [preset] = read(document).presets
    assert not preset.words and (preset.width, preset.height) == (None, None)
    assert {region.prompt for region in preset.plan.regions} == {NO_WORDS}
    assert preset.plan.base_prompt == preset.plan.prompt == ""
    return preset.plan


def boxes(plan: Plan) -> list[tuple[float, ...]]:
    return [tuple(round(side, 3) for side in region.box) for region in plan.regions]


HALVES, THIRDS = [(0, 0, 0.5, 1), (0.5, 0, 0.5, 1)], [(0, y, 1, 0.333) for y in (0, 0.333, 0.667)]
RP_LAYOUTS = [
    ({}, HALVES),
    ({"mode": "Horizontal"}, HALVES),
    ({"mode": "Rows", "ratios": "1,1,1"}, THIRDS),
    ({"mode": "Vertical", "ratios": "1,1,1"}, THIRDS),
    ({"ratios": "1;3"}, [(0, 0, 1, 0.25), (0, 0.25, 1, 0.75)]),
    ({"ratios": "1,2,3;1"}, [(0, 0, 0.4, 0.5), (0.4, 0, 0.6, 0.5), (0, 0.5, 1, 0.5)]),
    ({"ratios": "1,2,3;1,1"}, [(0, 0, 0.4, 0.5), (0.4, 0, 0.6, 0.5), (0, 0.5, 1, 0.5)]),
    ({"mode": "Rows", "ratios": "1,2;1;1"}, [(0, 0, 0.333, 1), (0.333, 0, 0.667, 0.5), (0.333, 0.5, 0.667, 0.5)]),
    ({"ratios": " 1 , 1 "}, HALVES),
    ({"ratios": "a,1"}, HALVES),
]


@for_each(RP_LAYOUTS, name=str)
def test_regional_prompters_ratio_is_read_as_it_divides(row: tuple[dict, list]) -> None:
    assert boxes(plan_of([{**RP, **row[0]}])) == row[1]


RP_BASES = [
    ({}, [0, 0]),
    ({"usebase": True}, [0.2, 0.2]),
    ({"usebase": "True"}, [0.2, 0.2]),
    ({"usebase": True, "baseratios": "0.1,0.5"}, [0.1, 0.5]),
    ({"usebase": True, "baseratios": ""}, [0, 0]),
    ({"usebase": True, "baseratios": None}, [0, 0]),
    ({"usebase": True, "baseratios": "2,-1"}, [1, 0]),
]


@for_each(RP_BASES, name=str)
def test_regional_prompters_base_ratios_act_where_its_base_prompt_is_on(row: tuple[dict, list]) -> None:
    plan = plan_of([{**RP, **row[0]}])
    shares = [plan.base_ratio if region.base_ratio is None else region.base_ratio for region in plan.regions]
    assert shares == row[1]


def test_a_whole_list_of_regional_prompter_is_read_and_what_cannot_be_is_told() -> None:
    items: list[Any] = [
        RP,
        {**RP, "name": "drawn", "mode": "Mask", "polymask": "drawn"},
        {**RP, "name": "found", "mode": "Prompt-Ex"},
        {**RP, "name": "chance", "mode": "Random"},
        {**RP, "name": "odd", "mode": "Spiral"},
        {**RP, "name": "zero", "ratios": "1,0"},
        {**RP, "name": "one", "ratios": "1"},
        {**RP, "name": "none", "ratios": ""},
        {**RP, "name": "long", "ratios": "1," * 3000},
        {**RP, "name": "many", "ratios": ",".join("1" * 65)},
        {**RP, "name": ""},
        "x",
        ["as a list", "Rows", "1,2", "0.3", True, True, False, "Latent", False, "0.5", "0"],
    ]
    found = read(items)
    assert [preset.name for preset in found.presets] == ["mine", "as a list"]
    last = found.presets[1].plan
    assert last.rows_first and last.split_ratio == "1,2" and last.base_ratio == 0.3
    assert list(found.refused) == [
        "drawn",
        "found",
        "chance",
        "odd",
        "zero",
        "one",
        "none",
        "long",
        "many",
        "preset 11",
        "preset 12",
    ]
    assert all("\n" not in reason and len(reason) < 300 for reason in found.refused.values())
    assert "regional_masks" in found.refused["drawn"]
    assert found.notes and all(note.startswith("as a list: ") for note in found.notes)
    assert any("'Latent'" in note for note in found.notes) and any(
        "common prompt is on" in note for note in found.notes
    )


def test_a_list_that_an_early_version_wrote_as_a_text_is_read() -> None:
    assert [preset.name for preset in read(json.dumps([RP])).presets] == ["mine"]
    with pytest.raises(RpgError, match="a text"):
        read(json.dumps(json.dumps([RP])))


FC_LAYOUTS = [
    ([[0.0, 0.5, 0.0, 1.0, 1.0], [0.5, 1.0, 0.0, 1.0, 1.0]], "1,1", HALVES),
    ([[0.5, 1, 0, 1, 1], [0, 0.5, 0, 1, 1]], "1,1", HALVES),
    ([[0, 1, 0, 0.25, 1], [0, 1, 0.25, 1, 1]], "1;3", [(0, 0, 1, 0.25), (0, 0.25, 1, 0.75)]),
    ([[0.1, 0.4, 0, 1, 1], [0.6, 0.9, 0, 1, 1]], "", [(0.1, 0, 0.3, 1), (0.6, 0, 0.3, 1)]),
    ([["0:0.5", "0:1", "1.0"], ["", "", ""], ["0.5:1", "0:1", "1.0"]], "1,1", HALVES),
    ([["0", "0.5", "0", "1", "1.0"], [0.5, 1, 0, 1, "1"]], "1,1", HALVES),
]


@for_each(FC_LAYOUTS, name=str)
def test_forge_couples_rows_are_places(row: tuple[list, str, list]) -> None:
    plan = plan_of({"mine": row[0]})
    assert (plan.split_ratio, boxes(plan), plan.base_ratio) == (row[1], row[2], 0)


def test_forge_couples_row_for_the_whole_canvas_is_the_base_ratio() -> None:
    found = read({"mine": [[0, 1, 0, 1, 0.25], [0, 0.5, 0, 1, 1], [0.5, 1, 0, 1, 0.75]]})
    plan = found.presets[0].plan
    assert boxes(plan) == HALVES and [plan.base_ratio, plan.regions[1].base_ratio] == [0.2, 0.25]
    assert "mine: its row for the whole canvas is the base prompt" in found.notes


def test_forge_couples_rows_that_overlap_are_boxes_with_weights() -> None:
    plan = plan_of({"mine": [[0, 0.6, 0, 1, 1], [0.4, 1, 0, 1, 2]]})
    assert plan.layout == "boxes" and [region.weight for region in plan.regions] == [1, 2]


def test_one_broken_mapping_of_forge_couple_does_not_stop_the_others() -> None:
    good = [[0, 0.5, 0, 1, 1], [0.5, 1, 0, 1, 1]]
    broken: dict[str, Any] = {
        "empty": [],
        "outside": [[0, 2, 0, 1, 1]],
        "short": [[0, 1]],
        "words": [["a", "b", "c", "d", "e"]],
        "no rows": [1, 2],
        "weightless": [[0, 1, 0, 1, 0]],
        "flat": [[0.5, 0.5, 0, 1, 1]],
        "many": good * 40,
        "masks": [{"mask": "", "weight": 1}],
        "x" * 101: good,
    }
    found = read({**broken, "good": good})
    assert [preset.name for preset in found.presets] == ["good"]
    assert found.refused.keys() == broken.keys()
    assert all("\n" not in reason and len(reason) < 300 for reason in found.refused.values())


def test_ours_is_read_alone_and_in_a_list() -> None:
    ours = Preset("mine", Plan(split_ratio="1,1", regions=(Region("a cat"), Region("a dog"))), 512, 512)
    assert read(ours.to_dict()).presets == (ours,)
    found = read([ours.to_dict(), {**ours.to_dict(), "version": 2}, RP])
    assert found.presets[0] == ours and found.presets[1].name == "mine" and len(found.refused) == 1


NOTHING: list[tuple[str, str]] = [
    ("", "not valid JSON"),
    ("{", "not valid JSON"),
    ("[]", "it has no preset"),
    ("{}", "it has no preset"),
    ("3", "it is a number"),
    ("null", "it is null"),
    ('"x"', "not valid JSON"),
    ("[" * 100_000, "nested too deeply"),
    ('{"a": NaN}', "NaN"),
    ('{"a": 1}', "the key 'a' is unknown"),
    ('{"version": 2, "name": "a"}', "update sd-webui-rpg"),
    ("[1, 2, 3]", r"and 2 more of its presets cannot be read"),
    (json.dumps([RP] * 501), "501 presets are too many"),
    (json.dumps({str(number): [] for number in range(501)}), "501 presets are too many"),
]


@for_each(NOTHING, name=lambda row: row[0][:40])
def test_a_file_without_presets_is_one_sentence(row: tuple[str, str]) -> None:
    with pytest.raises(RpgError, match=row[1]) as caught:
        read_presets(row[0])
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 400


SETTING = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.lists(st.integers(), max_size=3)
)
MAPPING = st.dictionaries(st.text(max_size=5), st.lists(st.lists(SETTING, max_size=6), max_size=4), max_size=3)
SETTINGS = st.lists(
    st.dictionaries(st.sampled_from(list(RP)), SETTING | st.sampled_from(["Columns", "Rows", "1;1,2"])) | SETTING,
    max_size=3,
)


@given(MAPPING | SETTINGS)
def test_any_file_gives_presets_or_a_sentence(document: Any) -> None:
    try:
        found = read(document)
    except RpgError as error:
        assert "\n" not in str(error)
    else:
        assert all(Preset.from_json(preset.to_json()) == preset for preset in found.presets)
