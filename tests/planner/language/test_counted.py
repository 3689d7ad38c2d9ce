"""Names of things with numbers and articles, both ways."""

from __future__ import annotations

import pytest

from lib_rpg.planner.language.counted import counted, last_word, many, read_count, without_article


@pytest.mark.parametrize(
    ("name", "phrase", "count"),
    [
        ("a cat", "cat", 1),
        ("an orange", "orange", 1),
        ("The moon", "moon", 1),
        ("anaconda", "anaconda", 1),
        ("a woman in red", "woman in red", 1),
        ("two women in red", "woman in red", 2),
        ("2 boxes", "box", 2),
        ("3 x apples", "apple", 3),
        ("twelve small mice", "small mouse", 12),
        ("a two person tent", "two person tent", 1),
        ("one dog", "dog", 1),
        ("2 sheep", "sheep", 2),
        ("two", "two", 1),
        ("a", "a", 1),
    ],
)
def test_names_are_counted(name: str, phrase: str, count: int) -> None:
    assert counted(name) == (phrase, count)


@pytest.mark.parametrize(
    ("phrase", "count", "words"),
    [
        ("cat", 1, "a cat"),
        ("orange cat", 1, "an orange cat"),
        ("cat", 2, "two cats"),
        ("woman in red", 3, "three women in red"),
        ("mouse with cheese", 25, "25 mice with cheese"),
        ("jeans", 1, "jeans"),
        ("Eiffel Tower", 1, "Eiffel Tower"),
        ("her cat", 1, "her cat"),
    ],
)
def test_phrases_get_their_number_or_article(phrase: str, count: int, words: str) -> None:
    assert many(phrase, count) == words


def test_the_last_word_before_a_link_says_the_kind() -> None:
    assert last_word("Women in red") == last_word("tall woman") == "woman"
    assert last_word("red cat") != last_word("red dog")


def test_what_is_only_said_of_a_thing_is_not_counted() -> None:
    assert counted("two barns alongside a house") == ("barn alongside a house", 2)
    assert counted("two barns in front of two houses") == ("barn in front of two houses", 2)
    assert counted("three women who wear hats") == ("woman who wear hats", 3)
    assert last_word("Lanterns up above the doors") == "lantern"
    assert last_word("cats close to a dog") == last_word("cat") == "cat"
    assert many("cat next to a dog", 2) == "two cats next to a dog"


def test_an_article_goes_and_a_name_that_starts_like_one_stays() -> None:
    assert [without_article(name) for name in ("a cat", "The cat", " an owl ", "anaconda", "a")] == [
        "cat", "cat", "owl", "anaconda", "a",
    ]  # fmt: skip


def test_a_count_is_read_from_what_a_model_writes() -> None:
    notes: list[str] = []
    assert [read_count(value, notes, "count") for value in ("2", " Two ", 2.0, 3, "many", None, "٣", 2.5)] == [
        2, 2, 2, 3, "many", None, "٣", 2.5,
    ]  # fmt: skip
    assert notes == ["count: read '2' as 2", "count: read ' Two ' as 2", "count: read 2.0 as 2"]
