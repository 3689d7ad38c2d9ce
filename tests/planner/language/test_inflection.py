"""One and many, the forms of verbs, and articles."""

from __future__ import annotations

import pytest

from lib_rpg.planner.language.inflection import article, gerund, is_plural, plural, singular, third_person


@pytest.mark.parametrize(
    ("one", "many"),
    [("cat", "cats"), ("box", "boxes"), ("bench", "benches"), ("lady", "ladies"), ("boy", "boys"), ("man", "men"),
     ("mouse", "mice"), ("glass", "glasses"), ("bus", "buses"), ("knife", "knives"), ("sheep", "sheep"),
     ("rose", "roses"),      ("Potato", "Potatoes"), ("toy", "toys"), ("house", "houses"), ("dress", "dresses"),
     ("superhero", "superheroes"), ("snowshoe", "snowshoes"), ("canoe", "canoes"), ("penknife", "penknives"),
     ("dormouse", "dormice"), ("policewoman", "policewomen"), ("moustache", "moustaches"), ("peach", "peaches"),
     ("cache", "caches"), ("avalanche", "avalanches"), ("coach", "coaches"), ("beehive", "beehives")],
)  # fmt: skip
def test_number_of_nouns(one: str, many: str) -> None:
    assert (plural(one), singular(many), singular(one), plural(many)) == (many, one, one, many)
    assert is_plural(many) is (one != many) and not is_plural(one)


@pytest.mark.parametrize(
    ("many", "one"),
    [("cargoes", "cargo"), ("flamingoes", "flamingo"), ("mosquitoes", "mosquito"), ("tiptoes", "tiptoe"),
     ("nebulae", "nebula"), ("larvae", "larva"), ("sundae", "sundae"), ("attaches", "attach"), ("pumice", "pumice")],
)  # fmt: skip
def test_one_of_many(many: str, one: str) -> None:
    assert singular(many) == one


def test_articles() -> None:
    phrases = ["orange ring", "red ring", "hour", "unicorn", "(old hat:1.2)", "umbrella", "8", "European girl"]
    assert [article(phrase) for phrase in phrases] == ["an", "a", "an", "a", "an", "an", "an", "a"]


@pytest.mark.parametrize(
    ("verb", "doing", "does"),
    [("drink", "drinking", "drinks"), ("dance", "dancing", "dances"), ("lie", "lying", "lies"),
     ("sit", "sitting", "sits"), ("carry", "carrying", "carries"), ("watch", "watching", "watches"),
     ("play", "playing", "plays"), ("see", "seeing", "sees"), ("row", "rowing", "rows")],
)  # fmt: skip
def test_forms_of_verbs(verb: str, doing: str, does: str) -> None:
    assert (gerund(verb), third_person(verb)) == (doing, does)
