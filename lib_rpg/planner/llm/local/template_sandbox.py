"""Renders chat templates of model folders in a sandbox, within bounds of time and memory."""

from __future__ import annotations

import contextlib
import datetime
import functools
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NoReturn

from jinja2 import TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment, SecurityError
from jinja2.visitor import NodeTransformer

MAX_TEXT = 2_000_000
MAX_SECONDS = 5.0
_MAX_NUMBER = 10**18
_CONCAT = "concatenation_of_a_template"
_GROWING_FILTERS = ("center", "format", "indent", "wordwrap", "batch", "slice")
_GROWING_METHODS = frozenset({"center", "expandtabs", "format", "format_map", "ljust", "rjust", "translate", "zfill"})


def render_template(template: str, values: Mapping[str, Any], seconds: float = MAX_SECONDS) -> str:
    """The template filled in with the values.

    Raises TimeoutError beyond ``seconds``, `jinja2.TemplateError` where it is unsound, asks for what is not given out
    or makes too much text, and whatever its own operations raise.
    """
    with _within(seconds):
        return _Sandbox(
            trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"], autoescape=False
        ).fill(template, values)


class _Sandbox(ImmutableSandboxedEnvironment):
    """No value in it has more than `MAX_TEXT` characters or items by much."""

    intercepted_binops = frozenset({"*", "**", "%", "+"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        for name in _GROWING_FILTERS:
            del self.filters[name]
        self.filters.update(tojson=_to_json, replace=lambda text, *rest: _replaced(str(text), *rest))
        self.filters = {name: _bounded(function) for name, function in self.filters.items()}
        self.filters["join"] = _join
        self.globals.pop("lipsum")
        self.globals.update({_CONCAT: lambda *parts: _concat(map(str, parts)), "raise_exception": _refuse})
        self.globals["strftime_now"] = lambda form: datetime.datetime.now().strftime(str(form)[:100])

    def fill(self, template: str, values: Mapping[str, Any]) -> str:
        return _concat(self.from_string(template).generate(**values))

    def concat(self, parts: Iterable[str]) -> str:  # type: ignore[override]
        return _concat(parts)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _NoTilde().visit(tree)
        return tree

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return attr not in _GROWING_METHODS and super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> None:
        """Formats are not taken, not even bounded ones: a width in one makes any length."""

    def call(self, context: Any, obj: Any, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        owner, name = getattr(obj, "__self__", None), getattr(obj, "__name__", "")
        if isinstance(owner, str) and name == "join":
            return _join(args[0], owner)
        if isinstance(owner, str) and name == "replace":
            return _replaced(owner, *args)
        return _checked(super().call(context, obj, *args, **kwargs))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "**" or (operator == "%" and isinstance(left, str)):
            raise SecurityError(f"{operator} is not allowed")
        if operator == "*" and _length(left) * _count(right) + _length(right) * _count(left) > MAX_TEXT:
            raise SecurityError("a text is too long")
        return _checked(super().call_binop(context, operator, left, right))


class _NoTilde(NodeTransformer):
    """Puts a bounded function in the place of the operator ``~``."""

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        name = nodes.Name(_CONCAT, "load", lineno=node.lineno)
        call = nodes.Call(name, node.nodes, [], None, None, lineno=node.lineno)
        return call.set_environment(node.environment) if node.environment else call


def _concat(parts: Iterable[str]) -> str:
    kept: list[str] = []
    length = 0
    for part in parts:
        length += len(part)
        if length > MAX_TEXT:
            raise SecurityError("a text is too long")
        kept.append(part)
    return "".join(kept)


def _join(items: Iterable[Any], mark: str = "", attribute: str | None = None) -> str:
    if attribute is not None:
        items = (item[attribute] for item in items)
    return _concat(part for index, item in enumerate(items) for part in (str(mark) if index else "", str(item)))


def _replaced(text: str, old: Any, new: Any, count: Any = -1) -> str:
    times = text.count(str(old))
    if len(text) + times * len(str(new)) > MAX_TEXT:
        raise SecurityError("a text is too long")
    return text.replace(str(old), str(new), -1 if count is None else int(count))


def _bounded(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def checked(*args: Any, **kwargs: Any) -> Any:
        return _checked(function(*args, **kwargs))

    return checked


def _checked(value: Any) -> Any:
    if _length(value) > MAX_TEXT or (isinstance(value, int) and abs(value) > _MAX_NUMBER):
        raise SecurityError("a value is too large")
    return value


def _length(value: object) -> int:
    return len(value) if isinstance(value, str | list | tuple) else 0


def _count(value: object) -> int:
    return max(0, value) if isinstance(value, int) else 0


def _to_json(value: object, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=min(int(indent), 8) if indent else None)


def _refuse(message: object = "") -> NoReturn:
    raise TemplateError(str(message))


@contextlib.contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in the Python code of this thread that runs longer."""
    deadline = time.monotonic() + seconds

    def trace(*_: Any) -> Any:
        if time.monotonic() > deadline:
            raise TimeoutError
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)
