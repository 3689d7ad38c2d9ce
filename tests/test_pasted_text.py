"""Regional prompts as people paste them: each is mended with a note, or refused in a sentence that names it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.errors import RpgError
from lib_rpg.pasted_text import EDGE, MAX_OPEN, tidied
from lib_rpg.plan import MAX_NOTES, Plan
from lib_rpg.plan_text import negative_to_text, plan_from_text, plan_to_text, read_negative
from tests.examples import examples
from tests.growth import assert_linear

LEGAL = [
    # text, ratio, its regions: read as ever, and without a note
    ("a BREAK b", "1,1", ["a", "b"]),
    ("a\nBREAK\nb", "1,1", ["a", "b"]),
    ("a, b BREAK c, d", "1,1", ["a, b", "c, d"]),
    ("a,", "1", ["a,"]),
    (",a", "1", [",a"]),
    ("(a", "1", ["(a"]),
    ("a\nb", "1", ["a\nb"]),
    ("a\nb BREAK c\nd", "1,1", ["a\nb", "c\nd"]),
    ("(a:1.2) BREAK [b:c:0.5]", "1,1", ["(a:1.2)", "[b:c:0.5]"]),
    ("a BREAK (b", "1,1", ["a", "(b"]),
    ("a) BREAK b]", "1,1", ["a)", "b]"]),
    ("\\(a BREAK b\\)", "1,1", ["\\(a", "b\\)"]),
    ("[,:a:0.5] BREAK [b|,]", "1,1", ["[,:a:0.5]", "[b|,]"]),
    ("tea break BREAK BREAKFAST, breaks", "1,1", ["tea break", "BREAKFAST, breaks"]),
    ("PRISON_BREAK BREAK xBREAK", "1,1", ["PRISON_BREAK", "xBREAK"]),
    ("a. BREAK - b", "1,1", ["a.", "- b"]),
    ("a ADDROW b", "1;1", ["a", "b"]),
    ("a ADDROW b ADDCOL c", "1;1,1,2", ["a", "b", "c"]),
    ("ink, ADDCOMM a BREAK b", "1,1", ["ink, a", "ink, b"]),
    ("room BREAK night ADDBASE a BREAK b", "1,1", ["a", "b"]),
    ("(room BREAK night:1.2) ADDBASE a BREAK b", "1,1", ["a", "b"]),
    ("[room BREAK night:0.5] ADDBASE a BREAK b", "1,1", ["a", "b"]),
    ("a <lora:x:0.8> BREAK <lora:y(z):1> b", "1,1", ["a <lora:x:0.8>", "<lora:y(z):1> b"]),
    ("{a|b} BREAK __c__", "1,1", ["{a|b}", "__c__"]),
    ("红圈 BREAK 蓝方", "1,1", ["红圈", "蓝方"]),
    ("a BREAK b BREAK c BREAK d", "1,2,1;1,1,1", ["a", "b", "c", "d"]),
]

EMPHASIS = [
    ("(a red circle BREAK a blue square:1.4)", ["(a red circle:1.4)", "(a blue square:1.4)"]),
    ("(a BREAK b)", ["(a)", "(b)"]),
    ("[a BREAK b]", ["[a]", "[b]"]),
    ("((a BREAK b))", ["((a))", "((b))"]),
    ("[(a BREAK b:1.2)]", ["[(a:1.2)]", "[(b:1.2)]"]),
    ("x (y (a BREAK b:1.4) z) w", ["x (y (a:1.4))", "((b:1.4) z) w"]),
    ("(a [b BREAK c) d]", ["(a [b])", "([c) d]"]),
    ("(a BREAK b BREAK c:0.8)", ["(a:0.8)", "(b:0.8)", "(c:0.8)"]),
    ("(a ADDCOL b:1.3)", ["(a:1.3)", "(b:1.3)"]),
    ("(a, BREAK, b:1.3)", ["(a:1.3)", "(b:1.3)"]),
    ("[x:0.5 BREAK y]", ["[x:0.5()]", "[y]"]),
    ("[a:b BREAK c]", ["[a:b]", "[c]"]),
    ("(a BREAK b", ["(a)", "(b"]),
    ("[a BREAK b BREAK c", ["[a]", "[b]", "[c"]),
    ("(a BREAK (b:1.4", ["(a)", "((b:1.4"]),
    ("a (BREAK) b", ["a", "b"]),
    ("a [BREAK] b", ["a", "b"]),
    ("a (BREAK b:1.2)", ["a", "(b:1.2)"]),
    ("(a, BREAK:1.2) b", ["(a:1.2)", "b"]),
]

KEYWORDS = [
    # text, ratio, regions, what the note says
    ("a_BREAK_b", "1,1", "ab", "'_BREAK_' is read as BREAK"),
    ("红圈BREAK蓝方", "1,1", ["红圈", "蓝方"], "'圈BREAK蓝' is read as BREAK"),
    ("a ＢＲＥＡＫ b", "1,1", "ab", "'ＢＲＥＡＫ' is read as BREAK"),
    ("x ＡＤＤＢＡＳＥ a BREAK b", "1,1", "ab", "is read as ADDBASE"),
    ("x ADD BASE a BREAK b", "1,1", "ab", "'ADD BASE' is read as ADDBASE"),
    ("a ADD COL b", "1,1", "ab", "'ADD COL' is read as ADDCOL"),
    ("a ADD ROW b", "", "ab", "'ADD ROW' is read as ADDROW"),
    ("a ADDCOLUMN b", "", "ab", "'ADDCOLUMN' is read as ADDCOL"),
    ("a, break, b", "1,1", "ab", "guess: 'break' is read as BREAK"),
    ("a\nBreak\nb", "1,1", "ab", "guess: 'Break' is read as BREAK"),
    ("a addcol b", "1,1", "ab", "guess: 'addcol' is read as ADDCOL"),
    ("a BREAK b, break, c", "1,1,1", "abc", "guess: 'break' is read as BREAK"),
    ("a\nb", "1,1", "ab", "guess: each line is read as a region"),
    ("\na,\n\n b ,\n", "1;1", "ab", "guess: each line is read as a region"),
    ("x ADDBASE a\nb\nc", "1,1,1", "abc", "guess: each line is read as a region"),
    ("(a\nb:1.2)", "1,1", ["(a:1.2)", "(b:1.2)"], "guess: each line is read as a region"),
    ("a BREAK b BREAK", "1,1", "ab", "the empty part behind the last BREAK is left out"),
    ("BREAK a BREAK b", "1,1", "ab", "the empty part in front of the first BREAK is left out"),
    ("a BREAK\nBREAK b", "1,1", "ab", "the empty part between BREAK and BREAK is left out"),
    ("a BREAK ADDROW b", "1;1", "ab", "the empty part between BREAK and ADDROW is left out"),
    ("a, BREAK, , BREAK b", "1,1", "ab", "the empty part between BREAK and BREAK is left out"),
    ("x ADDBASE BREAK a BREAK b", "1,1", "ab", "in front of the first BREAK"),
    ("a_BREAK_b_BREAK_", "1,1", "ab", "the empty part behind the last BREAK is left out"),
    # As words they fit, and as keywords they do not.
    ("a_BREAK_b BREAK c", "1,1", ["a_BREAK_b", "c"], "'_BREAK_' is left as words of the prompt"),
    ("a, break, b BREAK c", "1,1", ["a, break, b", "c"], "'break' is left as words of the prompt"),
    ("a, addbase, b BREAK c", "1,1", ["a, addbase, b", "c"], "'addbase' is left as words of the prompt"),
]

REFUSED = [
    ("[a BREAK b:c BREAK d:0.5]", "1,1", "the schedule '[a BREAK b:c BREAK d:0.5]' goes across BREAK"),
    ("[a BREAK b|c]", "1,1", "the schedule '[a BREAK b|c]' goes across BREAK"),
    ("[a BREAK b:5]", "1,1", "the schedule '[a BREAK b:5]' goes across BREAK"),
    ("[(a BREAK b:1.2):0.5]", "1,1", "the schedule '[(a BREAK b:1.2):0.5]' goes across BREAK"),
    ("[a ADDCOL b:0.5]", "1,1", "goes across ADDCOL"),
    ("[a ADDROW b:0.5]", "1;1", "goes across ADDROW"),
    ("[x ADDBASE a:0.5] BREAK b", "1,1", "goes across ADDBASE"),
    ("[x ADDCOMM a:0.5] BREAK b", "1,1", "goes across ADDCOMM"),
    ("[a, break, b:0.5]", "1,1", "has 2 cells for 1 prompt"),
    ("[a|b BREAK c", "1,1", "'[a|b BREAK c' has no ']'"),
    ("<lora:a BREAK b:1>", "1,1", "the tag '<lora:a BREAK b:1>' has BREAK inside"),
    ("(" * (MAX_OPEN + 1) + "a BREAK b", "1,1", f"{MAX_OPEN + 1} brackets are open at BREAK"),
    ("a Break b", "1,1", "'Break' is no keyword: a keyword is written BREAK"),
    ("a break b", "1,1", "'break' is no keyword: a keyword is written BREAK"),
    ("a, break, b", "1,1,1", "'break' is no keyword: a keyword is written BREAK"),
    ("a ＢＲＥＡＫ b", "1,1,1", "3 cells for 2 prompts"),
    ("a\nb\nc", "1,1", "put BREAK between its 3 lines if each is a region"),
    ("a BREAK b BREAK", "1,1,1", "region 3 of 3 is empty"),
    ("a ADDROW ADDCOL b", "1;1", "region 2 of 3 is empty"),
    ("a, BREAK, ,", "1,1", "region 2 of 2 is empty"),
    (", ADDBASE a BREAK b", "1,1", "the base prompt before ADDBASE is empty"),
    ("a", "1,1", "has 2 cells for 1 prompt; add one part, or write 1"),
    ("a BREAK b", "1,5,2,5", "a decimal has a point, such as '1.5, 2.5'"),
    ("a BREAK b", "1：1", "contains a ':'"),
]


def regions(plan: Plan) -> list[str]:
    return [region.prompt for region in plan.regions]


def ratio_of(count: int) -> str:
    return ",".join(["1"] * count)


@pytest.mark.parametrize(("text", "ratio", "read"), LEGAL)
def test_what_is_legal_is_read_as_ever(text: str, ratio: str, read: list[str]) -> None:
    plan = plan_from_text(text, ratio)
    assert regions(plan) == read
    assert plan.source.notes == ()
    assert plan.split_ratio == ratio


@pytest.mark.parametrize(("text", "read"), EMPHASIS)
def test_emphasis_across_a_keyword_is_given_to_each_part(text: str, read: list[str]) -> None:
    plan = plan_from_text(text, ratio_of(len(read)))
    assert regions(plan) == read
    assert any("'" in note for note in plan.source.remarks)


def test_emphasis_goes_across_the_keywords_of_the_head_and_of_rows() -> None:
    assert regions(plan_from_text("(a ADDROW b:1.3)", "1;1")) == ["(a:1.3)", "(b:1.3)"]
    plan = plan_from_text("(x ADDBASE a BREAK b:1.2)", "1,1")
    assert (plan.base_prompt, regions(plan)) == ("(x:1.2)", ["(a:1.2)", "(b:1.2)"])
    assert regions(plan_from_text("(x ADDCOMM a BREAK b:1.2)", "1,1")) == ["(x:1.2), (a:1.2)", "(x:1.2), (b:1.2)"]


def test_the_note_quotes_the_emphasis() -> None:
    (note,) = plan_from_text("((a BREAK b))", "1,1").source.notes
    assert note == "the emphasis of '((a BREAK b))' is given to each of its parts"
    (note,) = plan_from_text("x :( BREAK b", "1,1").source.notes
    assert note == "'( BREAK b' is not closed, so that it acts on all parts behind it; as a word it is written \\("


@pytest.mark.parametrize(
    "text",
    [
        "ink, ADDCOMM, a room, ADDBASE, a red circle, BREAK, a blue square,",
        "ink ADDCOMM\na room,\nADDBASE\n,a red circle ,\n\nBREAK\n, a blue square\n,",
        "ink，ADDCOMM a room、ADDBASE，a red circle，，BREAK、a blue square",
        "ink, , ADDCOMM a room ADDBASE a red circle, ,BREAK a blue square",
    ],
)
def test_commas_beside_keywords_are_left_out(text: str) -> None:
    plan = plan_from_text(text, "1,1")
    bare = plan_from_text("ink ADDCOMM a room ADDBASE a red circle BREAK a blue square", "1,1")
    assert (plan.base_prompt, plan.regions) == (bare.base_prompt, bare.regions)
    assert plan.source.notes == ("commas beside the keywords are left out",)


@pytest.mark.parametrize(("text", "ratio", "read", "note"), KEYWORDS)
def test_what_is_nearly_a_keyword_is_read_as_one_where_that_fits(
    text: str, ratio: str, read: str | list[str], note: str
) -> None:
    plan = plan_from_text(text, ratio)
    assert regions(plan) == list(read)
    assert any(note in said for said in plan.source.notes)
    assert bool(plan.source.guesses) == note.startswith("guess: ")


@pytest.mark.parametrize(("text", "ratio", "words"), REFUSED)
def test_what_cannot_be_mended_is_refused_by_name(text: str, ratio: str, words: str) -> None:
    with pytest.raises(RpgError) as error:
        plan_from_text(text, ratio)
    assert words in str(error.value)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 300


@pytest.mark.parametrize(
    ("text", "ratio", "read", "note"),
    [
        ("a BREAK b", "1，2", "1,2", "split ratio: '1，2' is read as '1,2'"),
        ("a BREAK b BREAK c", "1；１，２，１", "1;1,2,1", "split ratio: '1；１，２，１' is read as '1;1,2,1'"),
        ("a BREAK b", "0,2, 0,4", "0.2, 0.4", "guess: split ratio: '0,2, 0,4' is read as '0.2, 0.4'"),
        ("a BREAK b", "0,2; 0,4", "0.2;0.4", "guess: split ratio"),
        ("a BREAK b", "0,5,0,5", "0.5, 0.5", "guess: split ratio"),
        ("a ADDROW b", "0,5, 1,5", "0.5;1.5", "guess: split ratio"),
        ("a BREAK b", "1,5;1", "1,5;1", "'1,5' is one cell"),
        ("a BREAK b BREAK c BREAK d", "1,5, 1, 2", "1,5, 1, 2", ""),
    ],
)
def test_ratios_are_mended_where_they_fit_so(text: str, ratio: str, read: str, note: str) -> None:
    plan = plan_from_text(text, ratio)
    assert plan.split_ratio == read
    assert any(note in said for said in plan.source.notes) if note else not plan.source.notes


@pytest.mark.parametrize(
    ("text", "whole", "own", "note"),
    [
        ("dark, BREAK, ugly,", "", ("dark", "ugly"), "commas"),
        ("blurry, ADDCOMM, dark, BREAK,", "blurry", ("dark", ""), "commas"),
        ("(dark BREAK ugly:1.3)", "", ("(dark:1.3)", "(ugly:1.3)"), "the emphasis of"),
        ("(x ADDCOMM dark BREAK ugly:1.3)", "(x:1.3)", ("(dark:1.3)", "(ugly:1.3)"), "the emphasis of"),
        ("dark_BREAK_ugly", "", ("dark", "ugly"), "'_BREAK_' is read as BREAK"),
        ("dark, break, ugly", "", ("dark", "ugly"), "guess: 'break' is read as BREAK"),
        ("x, break, y, break, z", "x, break, y, break, z", ("", ""), "'break' is left as words"),
        ("dark BREAK ugly BREAK", "", ("dark", "ugly"), "the empty part behind the last BREAK is left out"),
        ("dark BREAK", "", ("dark", ""), ""),
        ("dark,", "dark,", ("", ""), ""),
        ("dark\nugly", "dark\nugly", ("", ""), ""),
        ("(dark", "(dark", ("", ""), ""),
    ],
)
def test_negative_prompts_are_mended_likewise(text: str, whole: str, own: tuple[str, str], note: str) -> None:
    *read, notes = read_negative(text, 2)
    assert read == [whole, own]
    assert any(said.startswith(note) for said in notes) if note else notes == []
    assert plan_from_text("a BREAK b", "1,1", negative_prompt=text).source.notes == tuple(notes)


def test_a_schedule_across_a_negative_prompts_parts_is_refused() -> None:
    with pytest.raises(RpgError, match=r"negative prompt: the schedule '\[a BREAK b:0.5\]' goes across BREAK"):
        read_negative("[a BREAK b:0.5]", 2)


def test_tags_that_do_not_act_as_written_are_named() -> None:
    text = "[<lora:x:0.8>:0.5] a BREAK (b <lora:y:1>:1.2)"
    notes = plan_from_text(text, "1,1", negative_prompt="c <lora:z:1> BREAK d").source.notes
    assert [note.split("'")[1] for note in notes] == ["<lora:x:0.8>", "<lora:y:1>", "<lora:z:1>"]
    assert "'<lora:x:1' has no '>'" in plan_from_text("a <lora:x:1 BREAK b", "1,1").source.notes[0]


def test_a_base_prompt_of_its_own_field_is_taken_as_it_is() -> None:
    plan = plan_from_text("a BREAK b", "1,1", base_prompt="(room,")
    assert (plan.base_prompt, regions(plan), plan.source.notes) == ("(room,", ["a", "b"], ())
    with pytest.raises(RpgError, match="base prompt: it is given twice"):
        plan_from_text("x ADDBASE a BREAK b", "1,1", base_prompt="room")


def test_an_open_bracket_of_a_plan_stays_in_its_part() -> None:
    plan = Plan.from_dict(
        {
            "base_prompt": "(room",
            "split_ratio": "1,1",
            "negative_prompt": "[dark",
            "regions": [{"prompt": "a :(", "negative_prompt": "(x"}, {"prompt": "b"}],
        }
    )
    back = plan_from_text(plan_to_text(plan), "1,1", negative_prompt=negative_to_text(plan))
    assert (back.base_prompt, regions(back)) == ("(room)", ["a :()", "b"])
    assert [region.negative_prompt for region in back.regions] == ["(x)", ""]
    assert back.negative_prompt == "[dark]"


def test_a_plan_has_at_most_so_many_notes() -> None:
    text = " BREAK ".join(f"[<lora:x{i}:1>] [<lora:y{i}:1>]" for i in range(64))
    assert len(plan_from_text(text, ratio_of(64)).source.notes) == MAX_NOTES


def weighted(text: str) -> list[list[tuple[str, float]]]:
    """What the WebUI reads: for each part between BREAK the letters and their weights."""
    from modules.prompt_parser import parse_prompt_attention

    parts: list[list[tuple[str, float]]] = [[]]
    for words, weight in parse_prompt_attention(text):
        if weight < 0:  # BREAK, whose weight emphasis multiplies as well
            parts += [[] for _ in range(words.count("BREAK"))]
        else:
            parts[-1] += [(letter, round(weight, 6)) for letter in words if letter not in EDGE]
    return parts


bracketed = st.lists(
    st.sampled_from(["(", ")", "[", "]", "a", "b", "c", " ", ":1.3", ":0.5", "\\(", "\\]", "\\", ",", "|", " BREAK "]),
    min_size=3,
    max_size=14,
).map("".join)


@settings(max_examples=examples(1000))
@given(bracketed, bracketed)
def test_every_word_has_the_weight_that_the_webui_gives_it(left: str, right: str) -> None:
    text = f"{left} BREAK {right}"
    try:
        tidy, _ = tidied(text)
    except RpgError as error:
        assert "the schedule" in str(error) or "has no ']'" in str(error)
        return
    parts = tidy.split("BREAK")
    assert [weighted(part)[0] for part in parts] == weighted(text)
    assert all(part == part.strip(EDGE) for part in map(str.strip, parts))


pieces = st.sampled_from(
    ["a", "b", "(", ")", "[", "]", ":1.2)", ",", "，", "\n", "break", "红", "<lora:x:1>", "addcol", "\\("]
)
keywords = st.sampled_from(["BREAK", "ADDROW", "ADDCOL", "ADDBASE", "ADDCOMM", "BREAK"])


@settings(max_examples=examples(1000))
@given(
    st.lists(st.one_of(pieces, pieces, keywords), max_size=14).map(" ".join), st.sampled_from(["1,1", "1;1", "", "1"])
)
def test_what_is_mended_is_read_back_as_it_is(text: str, ratio: str) -> None:
    try:
        plan = plan_from_text(text, ratio)
    except RpgError as error:
        assert "\n" not in str(error)
        return
    back = plan_from_text(plan_to_text(plan), plan.split_ratio)
    assert (back.base_prompt, back.regions) == (plan.base_prompt, plan.regions)


@pytest.mark.parametrize(
    "part", ["(", "a, ", "(a) ", "[a:b:0.5] ", "break, ", "_BREAK_", "\n", "a BREAK ", "((a BREAK "]
)
def test_a_text_is_read_in_time_in_proportion_to_its_length(part: str) -> None:
    def read(length: int) -> None:
        try:
            plan_from_text(part * (length // len(part)), "1,1")
        except RpgError:
            return

    assert_linear(read, 100_000)
