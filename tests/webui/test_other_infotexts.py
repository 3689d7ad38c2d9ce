"""Regions from the infotexts of other tools: composed as the tools write them, and compared with sums done by hand."""

from __future__ import annotations

import json
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.errors import RpgError
from lib_rpg.keywords import ADDING, AND, BREAK, find_keyword
from lib_rpg.layout.weights import coefficients
from lib_rpg.other_infotexts import Pasted, plan_of
from lib_rpg.plan import Plan
from lib_rpg.webui.document import Document, text_fields
from lib_rpg.webui.options import Defaults
from tests.growth import assert_linear

# Regional Prompter at be62345 (2025): `extra_generation_params` of scripts/rp.py.
RP = {
    "RP Active": "True",
    "RP Divide mode": "Matrix",
    "RP Matrix submode": "Columns",
    "RP Mask submode": "Mask",
    "RP Prompt submode": "Prompt",
    "RP Calc Mode": "Attention",
    "RP Ratios": "1,1",
    "RP Base Ratios": "0.2",
    "RP Use Base": "False",
    "RP Use Common": "False",
    "RP Use Ncommon": "False",
    "RP Options": "No Options",
    "RP LoRA Neg Te Ratios": "0",
    "RP LoRA Neg U Ratios": "0",
    "RP threshold": "0.4",
    "RP LoRA Stop Step": "0",
    "RP LoRA Hires Stop Step": "0",
    "RP Flip": "False",
    "Negative prompt": "lowres",
}
# Forge Couple 7.0.7 (2026): `fc_param` of scripts/forge_couple.py.
FC = {
    "forge_couple": "True",
    "forge_couple_compatibility": "True",
    "forge_couple_mode": "Basic",
    "forge_couple_separator": "\\n",
    "forge_couple_direction": "Horizontal",
    "forge_couple_background": "None",
    "forge_couple_background_weight": "0.5",
    "forge_couple_common_parser": "{ }",
    "forge_couple_def_in_prompt": "True",
}
# Forge Couple 1.0 (ec4a717, March 2024).
OLD_FC = {"forge_couple": "True", "forge_couple_direction": "Horizontal", "forge_couple_background": "None"}
ADVANCED = {**FC, "forge_couple_mode": "Advanced"}
# Latent Couple at 9936c52 (2023): its README's example.
LC_VALUE = "divisions=1:1,1:2,1:2 positions=0:0,0:0,0:1 weights=0.2,0.8,0.8 end at step=20"
LC = {"Latent Couple": LC_VALUE, "Steps": "20", "Prompt": "two girls AND black hair AND blonde hair"}


def parsed(infotext: str) -> dict:
    """The parameters of an infotext, as the WebUI's paste reads them."""
    from modules.infotext_utils import parse_generation_parameters

    return parse_generation_parameters(infotext)


def pasted(params: dict, **changes: str) -> Pasted:
    made = plan_of({**params, **changes})
    assert made is not None
    return made


def regional(prompt: str, negative: str = "lowres", /, **changes: str) -> Pasted:
    """Regional Prompter's, with changes such as ``base_ratios`` of "RP Base Ratios"."""
    names = {key.removeprefix("RP ").lower().replace(" ", "_"): key for key in RP}
    named = {names[name]: value for name, value in changes.items()}
    return pasted({**RP, "Prompt": prompt, "Negative prompt": negative}, **named)


def latent(prompt: str, value: str = LC_VALUE, steps: str = "20") -> Pasted:
    return pasted(LC, **{"Prompt": prompt, "Latent Couple": value, "Steps": steps})


def prompts(made: Pasted) -> list[str]:
    return [region.prompt for region in made.plan.regions]


def boxes(made: Pasted) -> list[tuple[float, ...]]:
    return [tuple(round(number, 4) for number in region.box) for region in made.plan.regions]


def ratios(made: Pasted) -> list[float]:
    own = [region.base_ratio for region in made.plan.regions]
    return [round(made.plan.base_ratio if ratio is None else ratio, 4) for ratio in own]


def notes(made: Pasted) -> str:
    return "\n".join(made.plan.source.notes)


# --- whole infotexts ---


def test_regional_prompters_infotext_becomes_its_grid():
    made = plan_of(
        parsed(
            "best quality BREAK\ngreen hair twintail BREAK\nred blouse BREAK\nblue skirt\n"
            "Negative prompt: (worst quality:1.4)\n"
            "Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x768, Model: any, RP Active: True, "
            "RP Divide mode: Matrix, RP Matrix submode: Rows, RP Mask submode: Mask, RP Prompt submode: Prompt, "
            'RP Calc Mode: Attention, RP Ratios: "2,1,1", RP Base Ratios: 0.2, RP Use Base: True, '
            "RP Use Common: False, RP Use Ncommon: False, RP Options: No Options, RP LoRA Neg Te Ratios: 0, "
            "RP LoRA Neg U Ratios: 0, RP threshold: 0.4, RP LoRA Stop Step: 0, RP LoRA Hires Stop Step: 0, "
            "RP Flip: False, Version: v1.10.1"
        )
    )
    assert (made.tool, made.switch) == ("Regional Prompter", "RP Active")
    plan = made.plan
    assert (plan.base_prompt, plan.base_ratio, plan.split_ratio) == ("best quality", 0.2, "2,1,1")
    assert plan.rows_first
    assert prompts(made) == ["green hair twintail", "red blouse", "blue skirt"]
    assert boxes(made) == [(0, 0, 1, 0.5), (0, 0.5, 1, 0.25), (0, 0.75, 1, 0.25)]
    assert made.prompt == plan.prompt == "best quality, green hair twintail, red blouse, blue skirt"
    assert made.negative_prompt == "(worst quality:1.4)"
    assert plan.source.notes == ()


def test_regional_prompters_first_infotext_is_one_value():
    """Versions of March 2023 (826f2ce to c88580d)."""
    made = plan_of(
        parsed(
            "a park BREAK a cat BREAK a dog\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, "
            'Regional Prompter: "mode:Vertical,divide ratio : 1,3, Use base : True, Base ratio : 0.3, '
            'Use common : False, Use N-common : False"'
        )
    )
    assert boxes(made) == [(0, 0, 1, 0.25), (0, 0.25, 1, 0.75)]
    assert (made.plan.base_prompt, made.plan.base_ratio, made.switch) == ("a park", 0.3, "")


def test_forge_couples_infotext_becomes_its_tiles():
    """The example of its README (7.0.7)."""
    made = plan_of(
        parsed(
            "3girls standing side-by-side.\n"
            "3girls, miku, {common:vocaloid, smile}, holding a sign.\n"
            "3girls, rin, {common}, holding a sign.\n"
            "3girls, teto, {common}, holding a sign.\n"
            "Negative prompt: monochrome\n"
            "Steps: 32, Sampler: Euler a, CFG scale: 5, Seed: 2984220975, Size: 1344x1024, forge_couple: True, "
            "forge_couple_compatibility: True, forge_couple_mode: Basic, forge_couple_separator: \\n, "
            "forge_couple_direction: Horizontal, forge_couple_background: First Line, "
            "forge_couple_background_weight: 0.5, forge_couple_common_parser: { }, "
            "forge_couple_def_in_prompt: True, Version: neo"
        )
    )
    assert (made.tool, made.switch) == ("Forge Couple", "forge_couple")
    assert (made.plan.base_prompt, made.plan.split_ratio) == ("3girls standing side-by-side.", "1,1,1")
    assert prompts(made)[1] == "3girls, rin, vocaloid, smile, holding a sign."
    assert ratios(made) == [round(0.5 / 1.5, 4)] * 3
    assert made.negative_prompt == "monochrome"
    assert made.plan.hires == "both"


def test_latent_couples_infotext_becomes_its_columns():
    """The example of its README (9936c52)."""
    made = plan_of(
        parsed(
            "((illustration)), 2girls\nAND ((illustration)), 2girls, black hair\n"
            "AND ((illustration)), 2girls, blonde hair\n"
            "Negative prompt: (low quality, worst quality:1.4)\n"
            "Steps: 28, Sampler: Euler a, CFG scale: 5, Seed: 722014241, Size: 512x512, Model hash: 3f64f3baf5, "
            f'Latent Couple: "{LC_VALUE}", Eta: 0.67'
        )
    )
    assert (made.tool, made.switch) == ("Latent Couple", "")
    assert (made.plan.split_ratio, made.plan.base_prompt) == ("1,1", "((illustration)), 2girls")
    # At a point of the left column: 0.2 of the first part and 0.8 of the second.
    assert ratios(made) == [0.2, 0.2]
    assert [region.end for region in made.plan.regions] == [20 / 28] * 2
    assert "after step 20 Latent Couple drew all parts" in notes(made)
    assert made.negative_prompt == "(low quality, worst quality:1.4)"


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"Prompt": "a cat", "Steps": "20"},
        {**RP, "Prompt": "a cat BREAK a dog", "RP Active": "False"},
        {**RP, "Prompt": "no mark of parts"},  # Regional Prompter switches itself off
        {**RP, "Prompt": "BREAKFAST for SANDY"},
        {**RP, "Prompt": "a BREAK b", "RP Options": "Enabled only in Hires Fix,Disabled in Hires Fix"},
        {**FC, "Prompt": "a\nb", "forge_couple": "ERROR"},
        {"forge_couple_mode": "Basic", "Prompt": "a\nb"},
        {"Latent Couple": "", "Prompt": "a AND b"},
        {"Prompt": "a AND b"},  # Latent Couple's fork with masks writes nothing
    ],
)
def test_what_has_no_other_tools_regions_or_has_them_off_gives_none(params):
    assert plan_of(params) is None


def test_two_tools_at_once_are_refused_by_name():
    with pytest.raises(RpgError, match="regions of Regional Prompter and Latent Couple; remove"):
        plan_of({**RP, **LC})


# --- Regional Prompter: cells ---

HALVES = [(0, 0, 0.5, 1), (0.5, 0, 0.5, 1)]


@pytest.mark.parametrize(
    ("mode", "ratio", "prompt", "expected", "split_ratio"),
    [
        ("Columns", "1,1", "a BREAK b", [("a", HALVES[0]), ("b", HALVES[1])], "1,1"),
        ("Horizontal", "1,1", "a BREAK b", [("a", HALVES[0]), ("b", HALVES[1])], "1,1"),
        ("Columns", "1,1", "a AND b", [("a", HALVES[0]), ("b", HALVES[1])], "1,1"),
        ("Rows", "1,3", "a BREAK b", [("a", (0, 0, 1, 0.25)), ("b", (0, 0.25, 1, 0.75))], "1,3"),
        ("Vertical", "1,3", "a BREAK b", [("a", (0, 0, 1, 0.25)), ("b", (0, 0.25, 1, 0.75))], "1,3"),
        # ";" between rows, in which the first number is the height.
        (
            "Columns",
            "1;3,1,1",
            "a BREAK b BREAK c",
            [("a", (0, 0, 1, 0.25)), ("b", (0, 0.25, 0.5, 0.75)), ("c", (0.5, 0.25, 0.5, 0.75))],
            "1;3,1,1",
        ),
        # In Rows "," is between columns, and ";" between the cells of one: columns 1 and 3 wide, the second cut 1 to 3.
        (
            "Rows",
            "1,3;1;3",
            "a BREAK b BREAK c",
            [("a", (0, 0, 0.25, 1)), ("b", (0.25, 0, 0.75, 0.25)), ("c", (0.25, 0.25, 0.75, 0.75))],
            "1;3,1,3",
        ),
        # The prompt's own keywords are the structure, and the ratio gives its numbers to it.
        (
            "Columns",
            "1,2,1,1;2,4,6",
            "a ADDCOL b ADDCOL c ADDROW d ADDCOL e",
            [
                ("a", (0, 0, 0.5, 0.3333)),
                ("b", (0.5, 0, 0.25, 0.3333)),
                ("c", (0.75, 0, 0.25, 0.3333)),
                ("d", (0, 0.3333, 0.4, 0.6667)),
                ("e", (0.4, 0.3333, 0.6, 0.6667)),
            ],
            "1,2,1,1;2,4,6",
        ),
        ("Columns", "1,3", "a ADDROW b", [("a", (0, 0, 1, 0.25)), ("b", (0, 0.25, 1, 0.75))], "1;3"),
        ("Rows", "1,3", "a ADDCOL b", [("a", (0, 0, 0.25, 1)), ("b", (0.25, 0, 0.75, 1))], "1;3"),
        ("Rows", "1,3", "a ADDROW b", [("a", (0, 0, 1, 0.25)), ("b", (0, 0.25, 1, 0.75))], "1,3"),
        # A line that is too short repeats its last number.
        (
            "Columns",
            "1,3",
            "a ADDCOL b ADDCOL c",
            [("a", (0, 0, 0.1429, 1)), ("b", (0.1429, 0, 0.4286, 1)), ("c", (0.5714, 0, 0.4286, 1))],
            "1,3,3",
        ),
        # BREAK beside a keyword: it becomes the ratio's keyword first, so there are three columns.
        (
            "Columns",
            "1,1",
            "a ADDCOL b BREAK c",
            [("a", (0, 0, 0.3333, 1)), ("b", (0.3333, 0, 0.3333, 1)), ("c", (0.6667, 0, 0.3333, 1))],
            "1,1,1",
        ),
        # What Regional Prompter cannot read as a number is 1: "%" and "/" too.
        ("Columns", "50%,x", "a BREAK b", [("a", HALVES[0]), ("b", HALVES[1])], "1,1"),
        ("Columns", "1e1, 30.0", "a BREAK b", [("a", (0, 0, 0.25, 1)), ("b", (0.25, 0, 0.75, 1))], "10,30.0"),
    ],
)
def test_regional_prompters_cells_are_where_it_drew_them(mode, ratio, prompt, expected, split_ratio):
    made = regional(prompt, matrix_submode=mode, ratios=ratio)
    assert list(zip(prompts(made), boxes(made), strict=True)) == expected
    assert made.plan.split_ratio == split_ratio
    assert made.plan.rows_first == (mode in ("Rows", "Vertical"))
    # Versions before May 2023 have the mode itself where newer ones have the tab.
    assert regional(prompt, divide_mode=mode, ratios=ratio).plan == made.plan


@pytest.mark.parametrize(
    ("ratio", "prompt", "words", "split_ratio", "note"),
    [
        # Too many parts: the cells take theirs, and the rest is not drawn.
        ("1,1", "a BREAK b BREAK c", ["a", "b"], "1,1", "drew nothing of 'c', for want of a cell: left out"),
        # A BREAK within a cell: its first part alone acts.
        ("1,1", "a BREAK x ADDCOL b", ["a", "x", "b"], "1,1,1", "fits its ratio '1,1' to the parts of the prompt"),
        ("1", "a BREAK x ADDCOL b", ["a", "b"], "1,1", "drew nothing of 'x'"),
        # Too few parts: numbers of the ratio are not used.
        ("1,2,3", "a BREAK b", ["a", "b"], "1,2", "fits its ratio '1,2,3' to the parts of the prompt: '1,2'"),
        # Without keywords: the newest version fails here, those before August 2023 repeat the last part.
        ("1,2,3", "x ADDBASE a", ["a", "a"], "2,3", "the ratio has 2 cells, so the last part"),
        # In Columns "1;1" is two rows, but in Rows one column with a cell.
        ("1;1", "a BREAK b", ["a", "b"], "1;1", ""),
    ],
)
def test_parts_that_do_not_fit_the_ratio_are_read_as_regional_prompter_did(ratio, prompt, words, split_ratio, note):
    made = regional(prompt, ratios=ratio)
    assert prompts(made) == words
    assert made.plan.split_ratio == split_ratio
    assert note in notes(made) and bool(note) == bool(notes(made))


def test_rows_with_a_semicolon_alone_is_one_cell():
    made = regional("a BREAK b", matrix_submode="Rows", ratios="1;1")
    assert prompts(made) == ["a"]
    assert "drew nothing of 'b'" in notes(made)


def test_flip_changes_comma_and_semicolon():
    flipped = regional("a BREAK b BREAK c", ratios="1,3;1;1", flip="True")
    assert flipped.plan == regional("a BREAK b BREAK c", ratios="1;3,1,1").plan
    assert flipped.plan.split_ratio == "1;3,1,1"


# --- Regional Prompter: base, common and negative parts ---


@pytest.mark.parametrize(
    ("prompt", "changes"),
    [
        ("q BREAK park BREAK a BREAK b", {"use_base": "True", "use_common": "True"}),
        ("q ADDCOMM park ADDBASE a BREAK b", {}),
        ("q ADDCOMM park ADDBASE a ADDCOL b", {"use_base": "True", "use_common": "True"}),
        ("q BREAK park ADDBASE a BREAK b", {"use_common": "True"}),
        ("q BREAK park ADDBASE a BREAK b", {"use_base": "True", "use_common": "True"}),
        ("q ADDCOMM park BREAK a AND b", {"use_base": "True"}),
        ("q ADDCOL park ADDCOL a ADDCOL b", {"use_base": "True", "use_common": "True"}),
    ],
)
def test_common_comes_first_then_base_then_regions(prompt, changes):
    """The common part is in front of the base part as well, as Regional Prompter has it."""
    made = regional(prompt, base_ratios="0.2,0.4", **changes)
    assert (made.plan.base_prompt, prompts(made)) == ("q, park", ["q, a", "q, b"])
    assert ratios(made) == [0.2, 0.4]
    assert made.prompt == "q, park, a, b"


def test_without_a_base_part_regions_are_all_their_own():
    made = regional("a BREAK b", base_ratios="0.2")
    assert (made.plan.base_prompt, ratios(made), made.prompt) == ("", [0.0, 0.0], "a, b")
    assert regional("q ADDCOMM a BREAK b").prompt == "q, a, b"


@pytest.mark.parametrize(
    ("given", "mode", "expected"),
    [
        ("0.1", "Columns", [0.1, 0.1, 0.1]),
        ("0.1;0.3,0.5", "Columns", [0.1, 0.3, 0.5]),
        ("0.1;0.3", "Columns", [0.1, 0.3, 0.3]),
        ("0.1,0.3", "Columns", [0.1, 0.3, 0.3]),  # too long for its line, it goes on in the next
        ("0.1,0.3;0.5", "Rows", [0.1, 0.3, 0.5]),
        ("0.1;0.3,0.5,0.7", "Columns", [0.1, 0.3, 0.5]),
        ("", "Columns", [0.0, 0.0, 0.0]),
        ("x;0.5", "Columns", [0.0, 0.5, 0.5]),
    ],
)
def test_base_ratios_follow_the_cells(given, mode, expected):
    keywords = ("ADDROW", "ADDCOL") if mode == "Columns" else ("ADDCOL", "ADDROW")
    made = regional(
        "x ADDBASE a {} b {} c".format(*keywords), base_ratios=given, matrix_submode=mode, ratios="1;1,1".replace(*";,")
    )
    assert ratios(made) == expected


def test_a_short_line_of_base_ratios_repeats_its_last_one():
    assert ratios(regional("x ADDBASE a BREAK b BREAK c", ratios="1,1,1", base_ratios="0.1,0.3")) == [0.1, 0.3, 0.3]


def test_base_ratios_outside_of_0_to_1_are_cut_off_and_noted():
    made = regional("x ADDBASE a BREAK b", base_ratios="1.5,-0.5")
    assert ratios(made) == [1.0, 0.0]
    assert "base ratios '1.5,-0.5' are cut off" in notes(made)


@pytest.mark.parametrize(
    ("prompt", "negative", "changes", "whole", "own"),
    [
        ("a BREAK b", "bad", {}, "bad", ["", ""]),
        ("a BREAK b", "", {}, "", ["", ""]),
        ("a BREAK b", "bad BREAK worse", {}, "", ["bad", "worse"]),
        ("a BREAK b", "low ADDCOMM bad BREAK worse", {}, "low", ["bad", "worse"]),
        ("a BREAK b", "low BREAK bad AND worse", {"use_ncommon": "True"}, "low", ["bad", "worse"]),
        ("a BREAK b", "low BREAK bad", {"use_ncommon": "True"}, "low, bad", ["", ""]),
        # With a base part, the first negative part is that one's.
        ("x ADDBASE a BREAK b", "low BREAK bad BREAK worse", {}, "low", ["bad", "worse"]),
        ("x ADDBASE a BREAK b", "all ADDCOMM low BREAK bad BREAK worse", {}, "all, low", ["bad", "worse"]),
        # Too few: the first again. Too many: cut off.
        ("a BREAK b BREAK c", "bad BREAK worse", {"ratios": "1,1,1"}, "", ["bad", "worse", "bad"]),
        ("a BREAK b", "bad BREAK worse BREAK worst", {}, "", ["bad", "worse"]),
    ],
)
def test_negative_parts_are_the_regions_own(prompt, negative, changes, whole, own):
    made = regional(prompt, negative, **changes)
    assert made.negative_prompt == whole
    assert [region.negative_prompt for region in made.plan.regions] == own
    assert made.plan.negative_prompt == ""


@pytest.mark.parametrize(
    ("negative", "changes", "note"),
    [
        ("low", {"use_ncommon": "True"}, "had no negative prompt, since all of it is the common part"),
        ("low BREAK bad BREAK worse", {"use_base": "True"}, "the base part of Regional Prompter's negative prompt"),
        ("a BREAK b BREAK c BREAK d", {}, "without a cell"),
    ],
)
def test_what_a_negative_prompt_loses_is_noted(negative, changes, note):
    assert note in notes(regional("x BREAK a BREAK b", negative, **changes))


# --- Regional Prompter: options ---


def test_flip_prompts_turns_the_parts_round_behind_a_common_one():
    assert prompts(regional("q ADDCOMM a BREAK b", options="Flip prompts")) == ["q, b", "q, a"]
    assert prompts(regional("a BREAK b", options="Flip prompts")) == ["a", "b"]


def test_break_can_be_the_webuis_own():
    made = regional("a BREAK x ADDCOL b", options="Use BREAK to change chunks,debug")
    assert (prompts(made), made.plan.split_ratio) == (["a, x", "b"], "1,1")
    assert f"{BREAK} within a part of Regional Prompter's prompt is a comma here" in notes(made)


def test_comments_go_where_the_option_takes_them_out():
    options = "Comment Out `#`"
    assert prompts(regional("a # BREAK c\nBREAK b", options=options)) == ["a", "b"]


@pytest.mark.parametrize(
    ("options", "hires"),
    [("No Options", "both"), ("Enabled only in Hires Fix", "second"), ("debug,Disabled in Hires Fix", "first")],
)
def test_the_passes_are_those_of_the_options(options, hires):
    assert regional("a BREAK b", options=options).plan.hires == hires


def test_loras_act_where_regional_prompter_has_them_act():
    """In the whole picture in the mode Attention, in their regions in the mode Latent."""
    prompt = "<lora:q:0.5> ADDCOMM a <lora:x:1> BREAK b"
    attention = regional(prompt)
    assert (attention.plan.lora, notes(attention)) == ("shared", "")
    assert "<lora:x:1>" in attention.prompt
    made = regional(prompt, calc_mode="Latent", lora_stop_step="12")
    assert made.plan.lora == "unet"
    assert "<" not in made.prompt  # there a tag would act on the whole picture
    assert "Regional Prompter's option 'LoRA stop step' ('12') is left out" in notes(made)
    assert "mode 'Latent' blended whole predictions" in notes(made)
    assert "is left out" not in notes(regional(prompt, calc_mode="Latent"))
    assert regional("a BREAK b").plan.lora == Plan.lora


def test_keywords_inside_of_words_stay_words_and_are_noted():
    made = regional("BREAKFAST BREAK SANDY")
    assert prompts(made) == ["BREAKFAST", "SANDY"]
    assert "splits prompts also inside of words such as BREAKFAST" in notes(made)


def test_a_part_without_words_has_a_place():
    made = regional("a BREAK BREAK c", ratios="1,1,1")
    assert prompts(made) == ["a", "_", "c"]
    assert made.prompt == "a, c"
    assert "has no words; '_' stands for them" in notes(made)
    blank = regional("ADDBASE a BREAK b")
    assert (blank.plan.base_prompt, ratios(blank)) == ("", [0.0, 0.0])
    assert "the base part of Regional Prompter's prompt has no words" in notes(blank)


# --- Forge Couple ---


@pytest.mark.parametrize(
    ("changes", "prompt", "base", "expected", "split_ratio"),
    [
        ({}, "a\nb", "", [("a", HALVES[0]), ("b", HALVES[1])], "1,1"),
        (
            {"forge_couple_direction": "Vertical"},
            "a\nb",
            "",
            [("a", (0, 0, 1, 0.5)), ("b", (0, 0.5, 1, 0.5))],
            "1;1",
        ),
        ({"forge_couple_background": "First Line"}, "x\na\nb", "x", [("a", HALVES[0]), ("b", HALVES[1])], "1,1"),
        ({"forge_couple_background": "Last Line"}, "a\nb\nx", "x", [("a", HALVES[0]), ("b", HALVES[1])], "1,1"),
        ({"forge_couple_background": "Last Line"}, "a\nx", "x", [("a", (0, 0, 1, 1))], "1"),
        ({"forge_couple_separator": "foo"}, "a foo b\nc", "", [("a", HALVES[0]), ("b\nc", HALVES[1])], "1,1"),
        ({"forge_couple_separator": "\\nfoo\\n"}, "a\nfoo\nb", "", [("a", HALVES[0]), ("b", HALVES[1])], "1,1"),
        ({"forge_couple_separator": "\n"}, "a\nb", "", [("a", HALVES[0]), ("b", HALVES[1])], "1,1"),  # until 3.2
        ({"forge_couple_separator": "\\n\\n"}, "a\nb", "", [("a", HALVES[0]), ("b", HALVES[1])], "1,1"),
        ({"forge_couple_separator": "BREAK"}, "a BREAK b", "", [("a", HALVES[0]), ("b", HALVES[1])], "1,1"),
        # A line of LoRAs alone is a tile since version 3.2.
        ({}, "a\n<lora:x:1>", "", [("a", HALVES[0]), ("<lora:x:1>", HALVES[1])], "1,1"),
    ],
)
def test_forge_couples_lines_are_tiles(changes, prompt, base, expected, split_ratio):
    made = pasted({**FC, **changes, "Prompt": prompt})
    assert list(zip(prompts(made), boxes(made), strict=True)) == expected
    assert (made.plan.base_prompt, made.plan.split_ratio) == (base, split_ratio)


def test_forge_couple_before_version_3_skips_blank_lines():
    made = pasted(OLD_FC, Prompt="a\n\n<lora:x:1>\nb\n")
    assert "lines without words are left out, as in Forge Couple 1 and 2" in notes(made)
    assert list(zip(prompts(made), boxes(made), strict=True)) == [("a", HALVES[0]), ("b", HALVES[1])]


def test_the_weight_of_a_background_is_a_base_ratio():
    """Masks are normalised: a background of 0.25 against tiles of 1 has 0.25 of 1.25 of each point."""
    made = pasted(
        {**FC, "Prompt": "x\na\nb"}, forge_couple_background="First Line", forge_couple_background_weight="0.25"
    )
    assert ratios(made) == [0.2, 0.2]
    # It has at least 0.1.
    low = pasted({**FC, "Prompt": "x\na\nb"}, forge_couple_background="First Line", forge_couple_background_weight="0")
    assert ratios(low) == [round(0.1 / 1.1, 4)] * 2


@pytest.mark.parametrize(
    ("syntax", "kept", "prompt", "expected"),
    [
        ("{ }", "True", "{hat: red hat, bow }, a\n{ hat }, b", ["red hat, bow, a", "red hat, bow, b"]),
        ("{ }", "False", "a {hat:red hat}\n{hat}, b", ["a", "red hat, b"]),
        ("< >", "True", "<my hat:red hat>, a\n<my hat>, b <lora:x:1>", ["red hat, a", "red hat, b <lora:x:1>"]),
        ("off", "True", "{hat:red hat}, a\n{hat}, b", ["{hat:red hat}, a", "{hat}, b"]),
        ("{ }", "True", "{hat}, a\n{:b} {c:}", ["{hat}, a", "{:b} {c:}"]),
    ],
)
def test_common_prompts_are_put_in(syntax, kept, prompt, expected):
    options = {"forge_couple_common_parser": syntax, "forge_couple_def_in_prompt": kept}
    assert prompts(pasted({**FC, **options, "Prompt": prompt})) == expected


@pytest.mark.parametrize(
    ("mapping", "base", "expected", "split_ratio"),
    [
        (
            [[0.0, 0.5, 0.0, 1.0, 1.0], [0.5, 1.0, 0.0, 1.0, 1.0]],
            "",
            [("p0", HALVES[0], 0), ("p1", HALVES[1], 0)],
            "1,1",
        ),
        # Where its cells are in another order, the regions are in the grid's.
        (
            [[0.5, 1.0, 0.0, 1.0, 1.0], [0.0, 0.5, 0.0, 1.0, 1.0]],
            "",
            [("p1", HALVES[0], 0), ("p0", HALVES[1], 0)],
            "1,1",
        ),
        # The whole picture with weight 1, beside 3 and 1: 1 of 4 at the left, 1 of 2 at the right.
        (
            [[0.0, 1.0, 0.0, 1.0, 1.0], [0.0, 0.5, 0.0, 1.0, 3.0], [0.5, 1.0, 0.0, 1.0, 1.0]],
            "p0",
            [("p1", HALVES[0], 0.25), ("p2", HALVES[1], 0.5)],
            "1,1",
        ),
        # A column beside a column of two cells.
        (
            [[0.0, 0.25, 0.0, 1.0, 1.0], [0.25, 1.0, 0.0, 0.5, 1.0], [0.25, 1.0, 0.5, 1.0, 1.0]],
            "",
            [("p0", (0, 0, 0.25, 1), 0), ("p1", (0.25, 0, 0.75, 0.5), 0), ("p2", (0.25, 0.5, 0.75, 0.5), 0)],
            "1;3,1,1",
        ),
        # Thirds that were typed with a few digits are thirds.
        (
            [[0.0, 0.333, 0, 1, 1], [0.333, 0.667, 0, 1, 1], [0.667, 1, 0, 1, 1]],
            "",
            [("p0", (0, 0, 0.333, 1), 0), ("p1", (0.333, 0, 0.334, 1), 0), ("p2", (0.667, 0, 0.333, 1), 0)],
            "333,334,333",
        ),
        (
            [[0.0, 0.33333, 0, 1, 1], [0.33333, 0.66667, 0, 1, 1], [0.66667, 1, 0, 1, 1]],
            "",
            [("p0", (0, 0, 0.3333, 1), 0), ("p1", (0.3333, 0, 0.3333, 1), 0), ("p2", (0.6667, 0, 0.3333, 1), 0)],
            "1,1,1",
        ),
        # Places that leave something of the background are free boxes.
        (
            [[0.0, 1.0, 0.0, 1.0, 0.5], [0.25, 0.75, 0.5, 1.0, 1.0]],
            "p0",
            [("p1", (0.25, 0.5, 0.5, 0.5), round(0.5 / 1.5, 4))],
            "",
        ),
        # Until version 2 a row had texts, and a blank one was no row.
        (
            [["0.0:0.5", "0.0:1.0", "1.0"], ["", "", ""], ["0.5:1.0", "0:1", "1"]],
            "",
            [("p0", HALVES[0], 0), ("p1", HALVES[1], 0)],
            "1,1",
        ),
    ],
)
def test_a_mapping_is_a_grid_or_free_boxes(mapping, base, expected, split_ratio):
    count = sum(1 for row in mapping if row[0] != "")
    made = pasted(
        {**ADVANCED, "Prompt": "\n".join(f"p{i}" for i in range(count))}, forge_couple_mapping=json.dumps(mapping)
    )
    assert list(zip(prompts(made), boxes(made), ratios(made), strict=True)) == expected
    assert (made.plan.base_prompt, made.plan.split_ratio) == (base, split_ratio)
    assert made.plan.layout == ("grid" if split_ratio else "boxes")


def test_columns_without_a_short_ratio_are_free_boxes():
    edges = [0.0, 1 / 997, 2 / 991, 3 / 983, 4 / 977, 5 / 971, 6 / 967, 1.0]
    mapping = [[left, right, 0, 1, 1] for left, right in pairwise(edges)]
    made = pasted({**ADVANCED, "Prompt": "\n".join("abcdefg")}, forge_couple_mapping=json.dumps(mapping))
    assert (made.plan.layout, prompts(made)) == ("boxes", list("abcdefg"))
    assert [region.box[0] for region in made.plan.regions] == edges[:-1]


def test_rows_without_a_weight_or_a_place_are_left_out_and_noted():
    mapping = [[0, 1, 0, 1, 1], [0, 1, 0, 1, 0], [0.5, 0.5, 0, 1, 1]]
    made = pasted({**ADVANCED, "Prompt": "a\nb\nc"}, forge_couple_mapping=json.dumps(mapping))
    assert prompts(made) == ["a"]
    assert "Forge Couple drew nothing of 'b', 'c', for want of a place or a weight" in notes(made)


def test_the_hires_pass_has_regions_as_forge_couple_drew_it():
    hires = {"Prompt": "a\nb", "Hires upscale": "2", "Hires upscaler": "Latent"}
    assert pasted({**FC, **hires}).plan.hires == "first"
    assert pasted({**FC, **hires}, forge_couple_compatibility="False").plan.hires == "both"


def test_what_forge_couple_read_as_words_is_words():
    made = pasted({**FC, "Prompt": "salt AND pepper\na BREAK b ADDCOL c"})
    assert prompts(made) == ["salt and pepper", "a, b addcol c"]
    assert "AND within a part of Forge Couple's prompt is in lower case here" in notes(made)
    assert made.prompt == "salt and pepper, a, b addcol c"


def test_the_day_of_prepended_prompts_is_noted_by_name():
    """Version 3.2.1 of 2024-10-21."""
    made = pasted({**FC, "Prompt": "a\nb"}, forge_couple_prepend_prompt="best quality, ")
    assert "Forge Couple's parameter 'forge_couple_prepend_prompt' is left out" in notes(made)


# --- Latent Couple ---


@pytest.mark.parametrize(
    ("prompt", "divisions", "positions", "weights", "base", "expected", "split_ratio"),
    [
        # A position is y:x in cells of the division, rows:columns.
        (
            "x AND a AND b",
            "1:1,2:1,2:1",
            "0:0,0:0,1:0",
            "0.2,0.8,0.8",
            "x",
            [((0, 0, 1, 0.5), 0.2), ((0, 0.5, 1, 0.5), 0.2)],
            "1;1",
        ),
        # From one cell to another: rows 0 to 1 of 2, columns 1 to 3 of 4.
        ("x AND a", "1:1,2:4", "0:0,0-1:1-3", "0.5,1.5", "x", [((0.25, 0, 0.5, 0.5), 0.25)], ""),
        # A prompt's own weight multiplies that of its place: 0.4 against 0.5 · 0.8 is one half.
        (
            "x AND a :0.5 AND b",
            "1:1,1:2,1:2",
            "0:0,0:0,0:1",
            "0.4,0.8,1.6",
            "x",
            [(HALVES[0], 0.5), (HALVES[1], 0.2)],
            "1,1",
        ),
        # The whole picture need not be first.
        (
            "a AND x AND b",
            "1:2,1:1,1:2",
            "0:0,0:0,0:1",
            "0.8,0.2,0.8",
            "x",
            [(HALVES[0], 0.2), (HALVES[1], 0.2)],
            "1,1",
        ),
        # What leaves the canvas ends there.
        ("x AND a", "1:1,1:2", "0:0,0:1-9", "0.2,0.8", "x", [(HALVES[1], 0.2)], ""),
        # Without a part for the whole picture.
        ("a AND b", "1:2,1:2", "0:0,0:1", "1,1", "", [(HALVES[0], 0), (HALVES[1], 0)], "1,1"),
        # A prompt without a place of its own is everywhere with weight 1: 1 against 3.
        ("a AND b AND x", "1:2,1:2", "0:0,0:1", "3,3", "x", [(HALVES[0], 0.25), (HALVES[1], 0.25)], "1,1"),
    ],
)
def test_latent_couples_places_are_shares(prompt, divisions, positions, weights, base, expected, split_ratio):
    made = latent(prompt, f"divisions={divisions} positions={positions} weights={weights} end at step=20")
    assert list(zip(boxes(made), ratios(made), strict=True)) == expected
    assert (made.plan.base_prompt, made.plan.split_ratio) == (base, split_ratio)


@pytest.mark.parametrize(
    ("step", "steps", "end", "note"),
    [
        ("20", "20", 1.0, ""),
        ("150", "20", 1.0, ""),
        ("5", "20", 0.25, "after step 5"),
        ("5", "", 1.0, "'end at step=5' is left out: the infotext has no Steps"),
        ("5", "many", 1.0, "'end at step=5' is left out"),
    ],
)
def test_the_last_step_is_a_share_of_the_steps(step, steps, end, note):
    made = latent(LC["Prompt"], LC_VALUE.replace("=20", f"={step}"), steps)
    assert {region.end for region in made.plan.regions} == {end}
    assert note in notes(made) and bool(note) == bool(notes(made))


@pytest.mark.parametrize(
    ("prompt", "note"),
    [
        ("x AND a", "had places for 3 parts, and the prompt has 2"),
        ("x AND a AND b :-1", "'b' has a weight below 0"),
        ("AND a AND b", "the part of Latent Couple's prompt for the whole picture has no words"),
        ("x AND a :2 AND b", "weights add up to 1.8 somewhere"),
        ("x AND a AND b :0", "drew nothing of 'b'"),
    ],
)
def test_what_latent_couple_loses_is_noted(prompt, note):
    assert note in notes(latent(prompt))


def test_a_weight_behind_a_colon_is_no_word():
    assert prompts(latent("x AND a cat :0.8 <lora:c:1> AND a (dog:1.2)")) == ["a cat <lora:c:1>", "a (dog:1.2)"]


def test_places_that_nothing_covers_are_noted():
    made = latent("a", "divisions=1:2 positions=0:0 weights=1 end at step=20")
    assert "where no part of Latent Couple's prompt has a place, the tab's prompt acts here" in notes(made)


def test_parts_that_overlap_keep_the_whole_picture_as_a_region():
    """No base ratio gives 0.2 of 1.0 in one place and 0.2 of 1.8 in another."""
    made = latent("x AND a AND b", LC_VALUE.replace("0:0,0:0,0:1", "0:0,0:0,0:0.5"))
    assert [(region.prompt, region.weight) for region in made.plan.regions] == [("x", 0.2), ("a", 0.8), ("b", 0.8)]
    assert (made.plan.layout, made.plan.base_prompt, made.plan.base_ratio) == ("boxes", "x", 0.0)
    assert "the one for the whole picture is a region as well" in notes(made)
    steep = pasted({**ADVANCED, "Prompt": "a\nb"}, forge_couple_mapping="[[0, 0.5, 0, 1, 400], [0, 0.75, 0, 1, 1]]")
    assert [region.weight for region in steep.plan.regions] == [100, 0.25]
    heavy = pasted({**ADVANCED, "Prompt": "a\nb"}, forge_couple_mapping="[[0, 1, 0, 1, 1], [0, 1, 0, 1, 400]]")
    assert ratios(heavy) == [round(1 / 401, 4)]


# --- what can be told, and what cannot ---


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({**RP, "Prompt": "a BREAK b", "RP Divide mode": "Mask"}, "Regional Prompter: the mode 'Mask': .* by hand"),
        ({**RP, "Prompt": "a BREAK b", "RP Divide mode": "Prompt"}, "Regional Prompter: the mode 'Prompt': .* drew"),
        ({**RP, "Prompt": "a BREAK b", "RP Divide mode": "Prompt-Ex"}, "Regional Prompter: the mode 'Prompt-Ex'"),
        ({**RP, "Prompt": "a BREAK b", "RP Matrix submode": "Random"}, "Regional Prompter: the mode 'Random': chance"),
        ({**RP, "Prompt": "a BREAK b", "RP Matrix submode": "Spiral"}, "Regional Prompter: .*'Spiral' is unknown"),
        ({**RP, "Prompt": "a hat ADDP red, hat"}, "Regional Prompter: ADDP in the prompt: .* while it drew"),
        (
            {**RP, "Prompt": "a BREAK b AND c", "RP Change AND": "True"},
            "Regional Prompter: AND in the prompt: .*option",
        ),
        ({**RP, "Prompt": "a BREAK b", "RP Use Base": "True", "RP Use Common": "True"}, "Regional Prompter: .*no part"),
        ({**RP, "Prompt": "a ADDCOL b ADDBASE c ADDBASE d"}, "Regional Prompter: .*ADDCOMM or ADDBASE is among"),
        ({**RP, "Prompt": "a BREAK b", "RP Ratios": "1,0"}, "Regional Prompter: RP Ratios: '0' is not above 0"),
        ({**RP, "Prompt": "a BREAK b", "RP Ratios": "1,inf"}, "Regional Prompter: RP Ratios: 'inf' is not above 0"),
        ({**RP, "Prompt": "a BREAK b", "RP Ratios": "1," * 2000}, "Regional Prompter: a ratio: 4000 characters"),
        ({**RP, "Prompt": "a BREAK " * 2000}, "Regional Prompter: its prompt: 2001 parts are too many"),
        ({**RP, "Prompt": "a ADDCOL " * 70 + "b"}, "Regional Prompter: .*71 "),
        ({**RP, "Prompt": "a BREAK " + "b" * 20_001}, "Regional Prompter: prompt: 20001 characters are too many"),
        ({**RP, "Prompt": "a BREAK b\0"}, "Regional Prompter: .*not text"),
        ({**FC, "Prompt": "a\nb", "forge_couple_mode": "Mask"}, "Forge Couple: the mode 'Mask': its masks were drawn"),
        ({**FC, "Prompt": "a\nb", "forge_couple_mode": "Tile"}, "Forge Couple: .*'Tile' is unknown"),
        ({**FC, "Prompt": "a\nb", "forge_couple_background": "Middle"}, "Forge Couple: .*'Middle' is unknown"),
        (
            {**FC, "Prompt": "a", "forge_couple_background": "First Line"},
            "Forge Couple: its prompt: it has lines for 0 tiles",
        ),
        ({**FC, "Prompt": "a\n" * 70}, "Forge Couple: its prompt: it has lines for 70 tiles"),
        ({**ADVANCED, "Prompt": "a\nb"}, "Forge Couple: the mapping is not valid JSON"),
        # Before 1.4.3 the WebUI cut the mapping off at its first comma.
        ({**ADVANCED, "Prompt": "a\nb", "forge_couple_mapping": '[["0:0.5"'}, "Forge Couple: the mapping is not valid"),
        ({**ADVANCED, "Prompt": "a\nb", "forge_couple_mapping": "{}"}, "Forge Couple: .*not a list of rows"),
        (
            {**ADVANCED, "Prompt": "a\nb", "forge_couple_mapping": "[[0, 1, 0, 1, 1]]"},
            "Forge Couple: .*1 row for 2 lines",
        ),
        ({**ADVANCED, "Prompt": "a", "forge_couple_mapping": "[[0, 1, 0, 1]]"}, "Forge Couple: .*it has 4 numbers"),
        (
            {**ADVANCED, "Prompt": "a", "forge_couple_mapping": "[[0, 2, 0, 1, 1]]"},
            "Forge Couple: .*2 is not from 0 to 1",
        ),
        ({**ADVANCED, "Prompt": "a", "forge_couple_mapping": "[[0, 1, 0, 1, -1]]"}, "Forge Couple: .*-1 is not from"),
        ({**ADVANCED, "Prompt": "a", "forge_couple_mapping": "[[0, 1, 0, 1, 0]]"}, "Forge Couple: .*none has a place"),
        ({**ADVANCED, "Prompt": "a", "forge_couple_mapping": '[["0:1", "0:1", "x"]]'}, "Forge Couple: .*'x' is not a"),
        ({**LC, "Latent Couple": "x"}, "Latent Couple: its parameter: 'x' cannot be read"),
        (
            {**LC, "Latent Couple": LC_VALUE.replace("1:1,", "1,", 1)},
            "Latent Couple: divisions: '1' is not two numbers",
        ),
        ({**LC, "Latent Couple": LC_VALUE.replace("1:1,", "0:1,", 1)}, "Latent Couple: divisions: '0' is not above 0"),
        ({**LC, "Latent Couple": LC_VALUE.replace("0.2", "-1")}, "Latent Couple: weights: '-1' is below 0"),
        ({**LC, "Latent Couple": LC_VALUE.replace("=0:0", "=-1:0")}, "Latent Couple: positions: '' is not a number"),
        (
            {**LC, "Latent Couple": LC_VALUE.replace("=0:0", "=0-1-2:0")},
            "Latent Couple: positions: .*more than one '-'",
        ),
        ({**LC, "Latent Couple": LC_VALUE.replace("=20", "=x")}, "Latent Couple: end at step: 'x' is not a number"),
        ({**LC, "Latent Couple": LC_VALUE.replace("=20", "=0")}, "Latent Couple: end at step: '0' is not above 0"),
    ],
)
def test_what_cannot_be_told_is_refused_in_a_sentence_with_the_tools_name(params, words):
    with pytest.raises(RpgError, match=f"^{words}") as caught:
        plan_of(params)
    message = str(caught.value)
    assert "\n" not in message and len(message) < 300 and ";" in message


SHARE = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.6, 0.75, 1.0])
ROWS = st.lists(
    st.tuples(SHARE, SHARE, SHARE, SHARE, st.sampled_from([0.0, 0.5, 1.0, 2.0])).map(
        lambda row: [*sorted(row[:2]), *sorted(row[2:4]), row[4]]
    ),
    min_size=1,
    max_size=5,
)


@given(ROWS)
def test_every_part_has_its_weights_share_of_each_point(rows):
    """Forge Couple's masks over their sum, against the engine's weights; where no mask is, the base prompt acts."""
    params = {
        **ADVANCED,
        "Prompt": "\n".join(f"p{i}" for i in range(len(rows))),
        "forge_couple_mapping": json.dumps(rows),
    }
    if not any(x1 < x2 and y1 < y2 and weight for x1, x2, y1, y2, weight in rows):
        with pytest.raises(RpgError, match="none has a place"):
            plan_of(params)
        return
    plan = pasted(params).plan
    drawn = coefficients(plan, 20, 20)
    for y in range(20):
        for x in range(20):
            across, down = (x + 0.5) / 20, (y + 0.5) / 20
            weights = {
                f"p{i}": weight * (x1 <= across < x2 and y1 <= down < y2)
                for i, (x1, x2, y1, y2, weight) in enumerate(rows)
            }
            total = sum(weights.values())
            shares = {region.prompt: float(c[y, x]) for region, c in zip(plan.regions, drawn, strict=True)}
            if total and plan.base_prompt:
                shares[plan.base_prompt] = shares.get(plan.base_prompt, 0.0) + 1 - sum(shares.values())
            for words, weight in weights.items():
                assert shares.get(words, 0.0) == pytest.approx(weight / total if total else 0.0, abs=1e-6)


MAPPED = {**ADVANCED, "forge_couple_mapping": "[[0, 1, 0, 1, 1], [0, 0.5, 0, 1, 2]]"}
KEYS = sorted({*RP, *FC, *LC, "forge_couple_mapping", "RP Change AND", "Regional Prompter", "Hires upscale"})
FRAGMENTS = ["a", "b", " ", ",", ";", ":", "=", "-", "\n", "0", "1", "0.5", "1e9", "nan", "{x:y}", "{x}", "<lora:a:1>"]
FRAGMENTS += [
    *ADDING,
    AND,
    BREAK,
    "True",
    "Rows",
    "Latent",
    "Flip prompts",
    "[[0,1,0,1,1]]",
    LC_VALUE,
    "#",
    "\0",
    "\ud800",
]
ODD = st.one_of(
    st.text(max_size=20),
    st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join),
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(10**5000),
    st.floats(),
    st.lists(st.integers(), max_size=2),
)


@given(st.sampled_from([RP, FC, OLD_FC, MAPPED, LC, {}]), st.dictionaries(st.sampled_from(KEYS), ODD, max_size=6))
def test_whatever_the_parameters_hold_a_plan_or_one_sentence_comes_out(params, changes):
    try:
        made = plan_of({"Prompt": "a BREAK b\nc AND d", **params, **changes})
    except RpgError as error:
        assert "\n" not in str(error)
        return
    if made is None:
        return
    plan = made.plan
    assert Plan.from_json(plan.to_json()) == plan
    assert not find_keyword(made.prompt, (*ADDING, AND, BREAK))
    # The panel takes it, and its text fields give it again; they lose comments.
    if "#" not in plan.to_json():
        again = Document.read({"plan": plan.to_dict(), **text_fields(plan)}, Defaults()).result()
        assert again is not None and again.regions == plan.regions


@pytest.mark.parametrize(
    "params",
    [
        {**RP, "RP Options": "Use BREAK to change chunks", "Prompt": "a ADDCOL {}"},
        {**RP, "Prompt": "a BREAK b", "Negative prompt": "{}"},
        {**FC, "Prompt": "{}\nb"},
        {**ADVANCED, "forge_couple_mapping": "{}"},
        {**LC, "Latent Couple": "{}"},
        {"Regional Prompter": "{}"},
    ],
)
@pytest.mark.parametrize(
    "unit", ["{a:", "a: ", "<a:", " , Use base : ", "mode:", "BREAK ", "divisions= positions=", "0:0,"]
)
def test_work_grows_with_the_length(params, unit):
    def read(length: int) -> None:
        with suppress(RpgError):
            plan_of({key: value.replace("{}", unit * length) for key, value in params.items()})

    assert_linear(read, 40_000)
