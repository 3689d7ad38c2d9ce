"""Where the words for things are among the tokens of a prompt, with the WebUI's own tokens."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from transformers import CLIPTokenizer

import sandbox
from lib_rpg.webui.host import host
from lib_rpg.webui.phrases import phrase_places


@pytest.fixture(scope="module")
def tokenizer() -> CLIPTokenizer:
    return CLIPTokenizer.from_pretrained(sandbox.REPO_DIR / "sandbox" / "shapes" / "text-encoder")


@pytest.fixture(autouse=True)
def encoder(tokenizer: CLIPTokenizer, monkeypatch: pytest.MonkeyPatch) -> None:
    from modules.sd_hijack import model_hijack
    from modules.sd_hijack_clip import FrozenCLIPEmbedderWithCustomWords

    made = FrozenCLIPEmbedderWithCustomWords(SimpleNamespace(tokenizer=tokenizer), model_hijack)
    monkeypatch.setattr(model_hijack, "clip", made)


def words(tokenizer: CLIPTokenizer, text: str, places: tuple[int, ...]) -> str:
    """What is at these places of the encoded text."""
    by_place = dict(host.token_ids(text))
    return tokenizer.decode([by_place[place] for place in places])


def found(tokenizer: CLIPTokenizer, text: str, *phrases: str) -> list[str]:
    return [words(tokenizer, text, places) for places in phrase_places(text, phrases)]


def test_the_first_token_of_a_prompt_is_at_place_one() -> None:
    assert phrase_places("circle", ["circle"]) == [tuple(range(1, 1 + len(host.token_ids("circle"))))]


@pytest.mark.parametrize(
    ("text", "phrases", "expected"),
    [
        ("a red circle left of a blue circle", ("red circle", "blue circle"), ["red circle", "blue circle"]),
        ("a red circle and a circle", ("circle", "red circle"), ["circle", "red circle"]),
        ("two red circles, navy background", ("red circle",), ["red circles"]),
        ("a red circle", ("the red circle",), ["red circle"]),
        ("a red circle", ("red circles",), ["red circle"]),
        ("a big red circle", ("green circle",), ["circle"]),
        ("a (red circle:1.3) and a [blue square]", ("red circle", "blue square"), ["red circle", "blue square"]),
        ("a red circle", ("blue square", ""), ["", ""]),
        ("", ("red circle",), [""]),
    ],
)
def test_a_phrase_is_found_by_its_words(
    tokenizer: CLIPTokenizer, text: str, phrases: tuple[str, ...], expected: list[str]
) -> None:
    assert found(tokenizer, text, *phrases) == expected


def test_what_is_less_like_a_phrase_does_not_take_another_ones_words(tokenizer: CLIPTokenizer) -> None:
    text = "a red circle, a blue circle"
    assert found(tokenizer, text, "green circle", "red circle", "blue circle") == ["", "red circle", "blue circle"]


def test_places_go_on_in_the_next_chunk(tokenizer: CLIPTokenizer) -> None:
    text = "a square " * 60 + "BREAK a red circle"
    (places,) = phrase_places(text, ["red circle"])
    assert words(tokenizer, text, places) == "red circle"
    chunk = places[0] // 77
    assert chunk >= 1 and places[0] % 77 == 1 + len(host.token_ids("a"))
    assert [place for place, _ in host.token_ids("a BREAK a")] == [1, 78]
