"""Checks of values that come from outside; each refusal is one sentence (RpgError) that names the place."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from numbers import Real
from typing import Any, NoReturn

from lib_rpg.errors import RpgError

MAX_JSON = 50_000_000
NO_TEXT = re.compile("[\0\ud800-\udfff]")
"""Finds a character that no text has: NUL, or half a surrogate pair."""


def refuse(place: str, problem: str, advice: str) -> NoReturn:
    """Raise the RpgError ``place: problem; advice``."""
    raise RpgError(f"{place}: {problem}; {advice}")


@contextmanager
def at(place: str, separator: str = ": ") -> Iterator[None]:
    """Put ``place`` before the message of an RpgError from inside."""
    try:
        yield
    except RpgError as error:
        raise RpgError(f"{place}{separator}{error}") from None


def show(value: object) -> str:
    """A value for a message: on one line, at most some forty characters."""
    if not isinstance(value, str | int | float | None):
        return kind_of(value)
    if isinstance(value, int) and abs(value) >= 10**40:
        return "a huge number"
    text = repr(value)
    return text if len(text) <= 48 else f"{text[:44]}…{text[-1]}"


def kind_of(value: object) -> str:
    """The kind of a value in JSON's words."""
    kinds = {dict: "an object", list: "a list", tuple: "a list", str: "a text", bool: "true or false"}
    kinds |= {int: "a number", float: "a number", type(None): "null"}
    return kinds.get(type(value), f"of type {type(value).__name__}")


def quantity(number: int, noun: str) -> str:
    """``1 cell``, ``3 cells``: for nouns whose plural ends in a plain s."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def check_characters(text: str, place: str) -> None:
    """Raises RpgError for a character that no text has: see `NO_TEXT`."""
    if NO_TEXT.search(text):
        refuse(place, "contains a character that is not text", "remove NUL characters and lone surrogates")


def check_text(value: object, place: str, limit: int, needed: bool = False) -> str:
    """A text of at most ``limit`` characters, without the white space around it; not empty if ``needed``."""
    if not isinstance(value, str):
        refuse(place, f"{show(value)} is not a text", "give a string")
    if len(value) > limit:
        refuse(place, f"{len(value)} characters are too many", f"give at most {limit}")
    check_characters(value, place)
    if needed and not value.strip():
        refuse(place, "is empty", "write it")
    return value.strip()


def check_finite(value: object, place: str, what: str = "") -> float:
    """A finite number, not true or false; ``what`` names it within the place."""
    if isinstance(value, bool) or not isinstance(value, Real):
        refuse(place, f"{what}{show(value)} is not a number", "give one")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        refuse(place, f"{what}{show(value)} is not a finite number", "change it")
    return number


def check_number(value: object, place: str, low: float, high: float, advice: str = "change it") -> float:
    """A number from ``low`` to ``high``, both included."""
    number = check_finite(value, place)
    if not low <= number <= high:
        refuse(place, f"{number:g} is not from {low:g} to {high:g}", advice)
    return number


def check_share(value: object, place: str) -> float:
    """A number from 0 to 1."""
    return check_number(value, place, 0.0, 1.0)


def check_above(value: object, place: str, low: float, high: float) -> float:
    """A number above ``low`` and at most ``high``."""
    number = check_finite(value, place)
    if not low < number <= high:
        refuse(place, f"{number:g} is not > {low:g} and at most {high:g}", "change it")
    return number


def check_positive(value: object, place: str, high: float) -> float:
    """A number above 0 and at most ``high``."""
    return check_above(value, place, 0.0, high)


def check_whole(value: object, place: str, low: int, high: int) -> int:
    """A whole number from ``low`` to ``high``, not true or false."""
    if isinstance(value, bool) or not isinstance(value, int):
        refuse(place, f"{show(value)} is not a whole number", f"give one from {low} to {high}")
    if not low <= value <= high:
        refuse(place, f"{show(value)} is out of range", f"give a whole number from {low} to {high}")
    return value


def check_flag(value: object, place: str) -> bool:
    """True or false; not a number or text that means the same."""
    if not isinstance(value, bool):
        refuse(place, f"{show(value)} is not true or false", "give one of them")
    return value


def check_choice(
    value: object, place: str, choices: Collection[str], problem: str = "is not a choice", advice: str = ""
) -> str:
    """One of the choices. The refusal is ``value problem; advice``; without advice it lists the choices."""
    if not isinstance(value, str) or value not in choices:
        refuse(place, f"{show(value)} {problem}", advice or f"give one of {', '.join(choices)}")
    return value


def check_items(value: object, place: str, item_type: type, limit: int) -> tuple[Any, ...]:
    """A list or tuple of at most ``limit`` items, all of one type."""
    if not isinstance(value, list | tuple):
        refuse(place, f"{show(value)} is not a list", "give a list, which may be empty")
    if len(value) > limit:
        refuse(place, f"{len(value)} items are too many", f"give at most {limit}")
    for index, item in enumerate(value):
        if not isinstance(item, item_type):
            what = "a text" if item_type is str else f"of type {item_type.__name__}"
            refuse(f"{place}[{index}]", f"{show(item)} is not {what}", "correct it or remove it")
    return tuple(value)


def check_keys(document: object, place: str, known: Collection[str]) -> dict[str, Any]:
    """The document as a dict; an unknown key is refused by name, with the nearest known one."""
    if not isinstance(document, Mapping):
        refuse(place, f"{show(document)} is not an object", "give an object, or leave it out")
    for key in document:
        if not isinstance(key, str) or key not in known:
            problem = f"{place}{': ' if place else ''}the key {show(key)} is unknown"
            raise RpgError(f"{problem}; {did_you_mean(key, known)}")
    return dict(document)


def did_you_mean(name: object, known: Collection[str], otherwise: str = "use one of") -> str:
    """Advice for an unknown name: the nearest known one, or behind ``otherwise`` all of them."""
    close = get_close_matches(name, known, 1) if isinstance(name, str) and len(name) < 100 else []
    return f"did you mean {close[0]!r}?" if close else f"{otherwise} {', '.join(known)}"


def read_json(text: str, what: str = "plan") -> Any:
    """Read one JSON document strictly; ``what`` names it in messages.

    Raises RpgError for bad JSON, NaN and Infinity, a key given twice, and what is too long or too deep.
    """
    if not isinstance(text, str):
        raise RpgError(f"the {what} is {kind_of(text)}; give JSON text")
    if len(text) > MAX_JSON:
        raise RpgError(f"the {what}'s JSON has {len(text)} characters; give at most {MAX_JSON}")

    def unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, value in pairs:
            if key in result:
                raise RpgError(f"the {what}'s JSON has the key {show(key)} twice in one object; keep one of them")
            result[key] = value
        return result

    def no_constant(name: str) -> NoReturn:
        raise RpgError(f"the {what}'s JSON contains {name}; give a finite number")

    try:
        return json.loads(text, object_pairs_hook=unique_keys, parse_constant=no_constant)
    except RecursionError:
        raise RpgError(f"the {what}'s JSON is nested too deeply; correct it") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise RpgError(f"the {what} is not valid JSON at {where} ({error.msg}); correct it there") from None
    except RpgError:
        raise
    except ValueError:
        raise RpgError(f"the {what}'s JSON contains a number with too many digits; shorten it") from None
