"""A key is found in whatever form a server sends it back, and ordinary words are not taken for one."""

from __future__ import annotations

import base64
import random
import string
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib_rpg.errors import RpgError
from lib_rpg.planner.llm.server.secret import SecretFilter
from tests.growth import assert_linear

KEYS = [
    "sk-proj-Q7xT9vLm2Rk8Zp4Wn6Yb3Hc1",
    "0f3c9a4e77d1b2886a5e0c11f9d3b7a2",
    "AIzaSyD-9tSrke72PouQMnMX_a7eZSW0jkFMBWY",
]
FORMS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "capitals": str.upper,
    "lower case": str.lower,
    "backwards": lambda key: key[::-1],
    "base64": lambda key: base64.b64encode(key.encode()).decode(),
    "base64 of a header": lambda key: base64.b64encode(b"Bearer " + key.encode()).decode(),
    "base64 of a longer header": lambda key: base64.b64encode(b"a: Bearer " + key.encode() + b"x").decode(),
    "base64 for URLs": lambda key: base64.urlsafe_b64encode(b"xy" + key.encode()).decode(),
    "hexadecimal": lambda key: key.encode().hex(),
    "hexadecimal with colons": lambda key: key.encode().hex(":").upper(),
    "percent": lambda key: "".join(f"%{ord(one):02X}" for one in key),
    "percent twice": lambda key: "".join(f"%25{ord(one):02x}" for one in key),
    "JSON": lambda key: "".join(f"\\u{ord(one):04x}" for one in key),
    "JSON twice": lambda key: "".join(f"\\\\u{ord(one):04X}" for one in key),
    "HTML": lambda key: "".join(f"&#{ord(one)};" for one in key),
    "HTML hexadecimal": lambda key: "".join(f"&#x{ord(one):x};" for one in key),
    "spaces": " ".join,
    "dashes": " - ".join,
    "zero width": "\u200b".join,
    "wide letters": lambda key: "".join(chr(ord(one) + 0xFEE0) for one in key),
    "two parts": lambda key: f"first {key[:14]} then {key[14:]}",
    "its middle": lambda key: key[9:20],
    "its end": lambda key: f"…{key[-8:]}",
}


def found_in_pieces(secret: SecretFilter, text: str, size: int) -> bool:
    watch = secret.watch()
    try:
        for start in range(0, len(text), size):
            watch.add(text[start : start + size])
    except RpgError:
        return True
    return False


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("form", FORMS)
def test_a_key_is_found_in_every_form_whole_and_in_pieces(key: str, form: str) -> None:
    secret = SecretFilter(key, "http://x")
    text = f'the answer: {{"prompt": "a cat, {FORMS[form](key)}, a dog"}}'
    assert secret.is_in(text)
    assert [found_in_pieces(secret, text, size) for size in (1, 2, 3, 7, 50, len(text))] == [True] * 6


def test_the_error_names_the_server_and_not_the_key() -> None:
    secret = SecretFilter(KEYS[0], "http://x/v1")
    with pytest.raises(RpgError) as caught:
        secret.check(KEYS[0])
    assert str(caught.value) == (
        "http://x/v1 sent the key back in its answer, which is not shown; do not use this server, and change the key"
    )
    assert KEYS[0][:8] not in repr(secret)


@given(st.text('abcdefghijklmnopqrstuvwxyz ,.;:[]{}"0123456789\n', max_size=300), st.sampled_from(KEYS))
def test_ordinary_text_holds_no_key(text: str, key: str) -> None:
    secret = SecretFilter(key)
    assert not secret.is_in(text) and not found_in_pieces(secret, text, 5)


def test_boxes_are_no_hexadecimal_key() -> None:
    secret = SecretFilter("a0b5c9d0e0000f1234567890ab")
    assert not secret.is_in('"percent": [30, 30, 30, 30], "percent": [30, 31, 32, 33]')


@pytest.mark.parametrize(
    ("key", "text", "found"),
    [
        ("ollama", "ollama is busy", True),
        ("ollama", "Ollama has no such model", False),
        ("lm-studio", "LM Studio: load a model", False),
        ("k", "ok", False),
        ("hunter2x", "the key hunter2x is wrong", True),
        ("hunter2x", "the key hunter2xy is wrong", False),
        ("sk-no-key-required", "the field 'model' is required, and no key", False),
        ("sk-no-key-required", "got SK-NO-KEY-REQUIRED", True),
        ("my-password-2024-xyz", "the password is bad", False),
        ("my-password-2024-xyz", "bad: MY-PASSWORD-2024", True),
        ("", "anything", False),
    ],
)
def test_dummies_hide_no_ordinary_words(key: str, text: str, found: bool) -> None:
    assert SecretFilter(key).is_in(text) is found


@pytest.mark.parametrize("key", ["ollama", "none", "secret", "k", "sk-no-key-required"])
def test_an_answer_may_hold_a_dummys_words(key: str) -> None:
    SecretFilter(key).check('{"negative_prompt": "none", "prompt": "a secret ollama, k, no key"}')


def test_a_short_key_with_digits_is_found_in_an_answer() -> None:
    secret = SecretFilter("hunter2x")
    assert found_in_pieces(secret, "so hunter2x it is", 1) and not found_in_pieces(secret, "so hunter3x it is", 1)


@pytest.mark.parametrize("text", ["\\" * 200_000, "%25" * 70_000, "&amp;" * 40_000, "\\u00" * 50_000, "a" * 200_000])
def test_hostile_text_is_read_in_linear_time(text: str) -> None:
    secret = SecretFilter(KEYS[0])

    def read(length: int) -> None:
        assert not secret.is_in(text[:length]) and not found_in_pieces(secret, text[:length], 20)

    assert_linear(read, len(text))


def test_random_keys_are_not_found_in_each_other() -> None:
    chance = random.Random(5)
    keys = ["sk-" + "".join(chance.choices(string.ascii_letters + string.digits, k=40)) for _ in range(30)]
    for key in keys:
        secret = SecretFilter(key)
        assert [other for other in keys if secret.is_in(other)] == [key]
