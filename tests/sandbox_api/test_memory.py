import pytest

from sandbox.memory import Peak, held

MEBIBYTE = 1 << 20


def test_what_was_taken_is_told_after_it_was_given_back():
    peak = Peak()
    assert peak.taken() is None
    peak.begin()
    taken = bytearray(b"x" * (64 * MEBIBYTE))
    del taken
    # Twice as much: the literal and the array.
    assert peak.taken() / MEBIBYTE == pytest.approx(128, abs=8)
    assert held() > 0
    peak.begin()
    assert peak.taken() < 8 * MEBIBYTE
