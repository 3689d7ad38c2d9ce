"""Computes sums such as "0.5+1/6" that people write for positions; nothing is ever evaluated as code."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from operator import add, mul, sub, truediv

MAX_SUM = 100
"""Characters of a sum."""
_TOKEN = re.compile(r"\s*([0-9]+(?:\.[0-9]*)?|\.[0-9]+|[-+*/()])")
_MAX_DEPTH = 8
_SUMS: dict[str, Callable[[float, float], float]] = {"+": add, "-": sub}
_PRODUCTS: dict[str, Callable[[float, float], float]] = {"*": mul, "/": truediv}


def compute(text: str) -> float | None:
    """The value of numbers with + - * / and brackets, in at most `MAX_SUM` characters; None for anything else."""
    text = text.strip()
    tokens = _TOKEN.findall(text)
    if not 0 < len(text) <= MAX_SUM or _TOKEN.sub("", text).strip():
        return None
    try:
        value, end = _chain(tokens, 0, 0)
    except (ValueError, IndexError, ZeroDivisionError, OverflowError):
        return None
    return value if end == len(tokens) and math.isfinite(value) else None


def _chain(tokens: list[str], i: int, depth: int, products: bool = False) -> tuple[float, int]:
    """A sum, or a product, that begins at i: its value and its end."""
    operators = _PRODUCTS if products else _SUMS
    value, i = _factor(tokens, i, depth) if products else _chain(tokens, i, depth, products=True)
    while i < len(tokens) and tokens[i] in operators:
        operator = operators[tokens[i]]
        other, i = _factor(tokens, i + 1, depth) if products else _chain(tokens, i + 1, depth, products=True)
        value = operator(value, other)
    return value, i


def _factor(tokens: list[str], i: int, depth: int) -> tuple[float, int]:
    if depth > _MAX_DEPTH:
        raise ValueError("too deep")
    if tokens[i] in "+-":
        value, end = _factor(tokens, i + 1, depth + 1)
        return (value if tokens[i] == "+" else -value), end
    if tokens[i] != "(":
        return float(tokens[i]), i + 1
    value, end = _chain(tokens, i + 1, depth + 1)
    if tokens[end] != ")":
        raise ValueError("a bracket is open")
    return value, end + 1
