"""The one error type that the package raises for bad input."""

from __future__ import annotations


class RpgError(ValueError):
    """Bad input or an unsupported situation in one sentence: ``place: problem; advice``, as `checks.refuse` makes it.

    Where there is no place to name, the sentence is ``problem; advice``.
    """
