"""One rule over many rows of data as one test, whose failure names every row that breaks the rule."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

Row = TypeVar("Row")


def for_each(rows: Iterable[Row], name: Callable[[Row], str] = str) -> Callable[[Callable[[Row], None]], Any]:
    """Have a test of one row, its only argument, run for all rows: ``@for_each(PROMPTS)``.

    The test fails with each row's `name` and its failure.
    """
    table = list(rows)
    assert table, "the table has no rows"

    def of_all(check: Callable[[Row], None]) -> Callable[[], None]:
        @functools.wraps(check)
        def test() -> None:
            failed = {}
            for row in table:
                try:
                    check(row)
                except Exception as error:
                    failed[name(row)] = f"{type(error).__name__}: {error}"
            text = "\n".join(f"{row}: {error}" for row, error in failed.items())
            assert not failed, f"{len(failed)} of {len(table)} rows:\n{text}"

        del test.__wrapped__  # type: ignore[attr-defined]  # or pytest would look for a fixture of the row's name
        return test

    return of_all
