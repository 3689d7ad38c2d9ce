"""Reads what a dish is made of and what a table is laid with: "a pizza with basil", "a table with a bowl of soup"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import singular
from lib_rpg.planner.language.prompt_tokens import COMMA
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import class_of, is_held
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.places import place
from lib_rpg.planner.offline.grammar.positions import Place
from lib_rpg.planner.offline.grammar.relations import Relation
from lib_rpg.planner.offline.reading.fronting import names_colour
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.referents import add_words
from lib_rpg.planner.offline.reading.state import State

LAID = lex.word_set("table tabletop counter board tablecloth desk workbench altar windowsill")
_DISHES = lex.word_set("plate dish platter loaf slice stack pile pitcher carafe teapot glass cup mug")
_SERVED = lex.word_set("bowl plate dish platter")
_SURFACES = LAID - lex.word_set("board altar") | lex.word_set(
    "countertop placemat blanket cloth surface bedsheets sheets"
)
_EDIBLE = frozenset({"food", "plant", "substance"})
_PORTIONS = lex.word_set("mound dollop drizzle sprinkle scoop pinch dash slice bed side wedge cube chunk pat ball")
_SOME = ("", "a", "an", "some")


def take_toppings(state: State, host: Thing, i: int, first: Noun) -> int:
    """ "a pizza with mozzarella, basil and tomatoes": the end of the list of what food is made of, or 0."""
    served = class_of(host.noun) == "food" or host.noun in _SERVED
    words, item, end = state.words, first if served else None, 0
    while item is not None and _is_edible(item) and not (end and _is_served_apart(words, item)):
        end = item.end
        following = end + (words.kind(end) == COMMA)
        following += words.low(following) == "and"
        closed = words.low(following - 1) == "and"
        item = noun(words, following) if following > end and words.low(end - 1) != "and" else None
        if closed and item is not None and _is_edible(item):
            end, item = item.end, None
    if not end or (words.kind(end) == COMMA and end == first.end):
        return 0
    add_words([host], (words.tokens[i].with_text("with"), *words.tokens[i + 1 : end]))  # "It has melted cheese"
    state.continue_clause()
    return end


def _is_edible(item: Noun) -> bool:
    """Whether it is food without a number, or some of it: "basil", "a small mound of wasabi"."""
    portion = item.noun in _PORTIONS and class_of(singular(item.words[-1].low)) in _EDIBLE
    return item.determiner in _SOME and (portion or class_of(item.noun) in _EDIBLE)


def is_laid_under(state: State, phrase: Noun) -> bool:
    """ "a mug of coffee, a plate of cookies, linen tablecloth": whether it is what all that was named lies on."""
    alone = phrase.bare and state.words.is_end(phrase.start - 1) and state.words.is_end(phrase.end)
    things = [thing for thing in state.reading.things if thing.host is None]
    if not alone or not things or state.is_waiting or phrase.words[-1].low not in _SURFACES:
        return False
    if phrase.words[-1].low == "table" and len(phrase.words) == 1:
        return False  # "a burger and fries, drink, table"
    if names_colour(phrase.words) and any(names_colour(thing.words) for thing in things):
        return False  # "a red apple, a green pear, blue tablecloth"
    return all(_is_small(thing) for thing in things if not thing.uncounted)


def _is_small(thing: Thing) -> bool:
    """Whether it is something to eat or to hold, or that holds food."""
    names = {thing.noun, thing.words[0].low}
    return any(class_of(name) in ("food", "container") or name in _DISHES or is_held(name) for name in names)


def _is_served_apart(words: Words, item: Noun) -> bool:
    """ "a bowl of ramen with an egg, a glass of iced tea": whether it has a vessel, or a place, of its own."""
    vessel = item.words[0].low in _DISHES or class_of(item.words[0].low) == "container"
    return vessel or isinstance(place(words, item.end), Place | Relation)


def is_laid_table(host: Thing, words: Words, first: Noun) -> bool:
    """ "a table with a bowl of soup, a plate of bread and a glass of milk": whether the meal is what is shown."""
    dishes, item = 0, first if host.noun in LAID else None
    while (
        item is not None
        and (class_of(item.noun) in ("food", "container") or item.noun in _DISHES)
        and _is_given(words, item)
    ):
        dishes, end = dishes + 1, item.end
        end += words.kind(end) == COMMA
        end += words.low(end) == "and"
        item = noun(words, end) if end > item.end else None
    return dishes > 2


def _is_given(words: Words, item: Noun) -> bool:
    return not item.bare or words.low(item.start) in lex.ARTICLES  # "a stack of pancakes"
