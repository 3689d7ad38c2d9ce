"""The one error type that the package raises for bad input."""

from __future__ import annotations


class RpgError(ValueError):
    """Bad input or an unsupported situation, told in one sentence: what is wrong, where, what to do."""
