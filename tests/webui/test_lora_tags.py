"""The tags of LoRAs, read as the WebUI's Lora extension reads them, or refused in a sentence that quotes them."""

from __future__ import annotations

import pytest

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.errors import RpgError
from lib_rpg.webui.conditioning import lifted_tags, split_tags
from lib_rpg.webui.lora_tags import LoraTag, check_shared, read_tag


@pytest.mark.parametrize(
    ("arguments", "te", "unet", "dyn", "unread"),
    [
        ("", 1, 1, None, ()),
        (":0.8", 0.8, 0.8, None, ()),
        (":-0.5", -0.5, -0.5, None, ()),
        (":1:0.5", 1, 0.5, None, ()),
        (":1:0.5:4", 1, 0.5, 4, ()),
        (":te=0.3", 0.3, 0.3, None, ()),
        (":unet=0.3", 1, 0.3, None, ()),
        (":0.8:unet=0.3", 0.8, 0.3, None, ()),
        (":0.8:0.6:te=0.1:unet=0.2:dyn=3", 0.1, 0.2, 3, ()),
        (":0.8:te=0.1", 0.1, 0.1, None, ()),
        (":0.8:lbw=OUTD", 0.8, 0.8, None, ("lbw=OUTD",)),
        (":lbw=ALL:stop=10", 1, 1, None, ("lbw=ALL", "stop=10")),
        (":0.5:hr=1.0", 0.5, 0.5, None, ("hr=1.0",)),
        (":1:1:1:IN02", 1, 1, 1, ("IN02",)),
    ],
)
def test_a_tag_says_what_the_lora_extension_reads(
    arguments: str, te: float, unet: float, dyn: int | None, unread: tuple[str, ...]
) -> None:
    tag = f"<lora:x{arguments}>"
    assert read_tag(tag) == LoraTag("x", te, unet, dyn, unread)
    check_shared(tag)


@pytest.mark.parametrize(
    ("tag", "says"),
    [
        ("<lora:x:abc>", "with a number such as 0.8 for 'abc'"),
        ("<lora:x:0,8>", "with a number such as 0.8 for '0,8'"),
        ("<lora:x:>", "with a number such as 0.8 for ''"),
        ("<lora:x:nan>", "for 'nan'"),
        ("<lora:x:1e400>", "for '1e400'"),
        ("<lora:x:1:OUTD>", "for 'OUTD'"),
        ("<lora:x:abc:te=1>", "for 'abc'"),
        ("<lora:x:te=abc>", "for 'abc'"),
        ("<lora:x:unet=>", "for ''"),
        ("<lora:x:dyn=2.5>", "with a whole number for '2.5'"),
        ("<lora:x:1:1:9" + "9" * 400 + ">", "with a whole number for"),
        ("<lyco:x:abc>", "for 'abc'"),
        ("<lora:te=1>", "has no name"),
    ],
)
@pytest.mark.parametrize("read", [read_tag, check_shared])
def test_a_tag_that_cannot_be_read_is_quoted_in_one_sentence(read, tag: str, says: str) -> None:
    with pytest.raises(RpgError) as error:
        read(tag)
    assert str(error.value).startswith(f"The LoRA tag {tag[:40]!r}"[:-1])
    assert says in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("tag", ["<lora:x:0@0,1@0.5>", "<lora:x:te=1:unet=0@0,1@1>", "<lora:x:1:0~0;1~9>"])
def test_a_strength_that_changes_reaches_the_whole_picture_and_no_region(tag: str) -> None:
    check_shared(tag)
    with pytest.raises(RpgError, match="changes its strength from step to step") as error:
        read_tag(tag)
    assert repr(tag) in str(error.value)


@pytest.mark.parametrize("mode", ["text", "unet", "shared"])
def test_a_regions_tags_are_checked_in_every_mode_before_anything_is_drawn(monkeypatch, mode: str) -> None:
    monkeypatch.setattr("lib_rpg.webui.conditioning.is_available", lambda: True)
    with pytest.raises(RpgError, match="<lora:x:abc>"):
        lifted_tags("a cat <hypernet:y:abc> <lora:x:abc>", mode)
    own = ["<lora:x:0.5>"] if mode == "shared" else []
    assert lifted_tags("a cat <hypernet:y:abc> <lora:x:0.5>", mode) == ["<hypernet:y:abc>", *own]


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("a knight <lora:x:1>", "a knight"),
        ("a knight, <lora:x:1>", "a knight"),
        ("<lora:x:1>, a knight", "a knight"),
        ("<lora:x:1>, <lora:y:1>,\n a knight, <lora:z:1>,", "a knight"),
        ("a <lora:x:1> knight", "a  knight"),
        ("[<lora:x:1>:0.5] a knight", "[:0.5] a knight"),
        (", a knight,", ", a knight,"),
    ],
)
def test_tags_at_the_ends_leave_no_commas_behind(text: str, bare: str) -> None:
    assert split_tags(text)[0] == bare
