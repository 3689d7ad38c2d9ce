"""Traces on disk: whole, private, bounded, and refused in one sentence where they are damaged."""

from __future__ import annotations

import errno
import os
import stat
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from lib_rpg import files
from lib_rpg.errors import RpgError
from lib_rpg.repainting.traces import SUFFIX, PassTrace, Trace, TraceStore

NAME = "0123456789abcdef" * 2


def _trace(passes: int = 1, seed: int = 0) -> Trace:
    torch.manual_seed(seed)
    picture = Image.fromarray(np.random.default_rng(seed).integers(0, 256, (16, 24, 3), np.uint8))
    made = []
    for number in range(passes):
        start = torch.randn(4, 2, 3) if number else None
        made.append(PassTrace(torch.randn(4, 2, 3), start, torch.randn(5, 1, 4, 2, 3).half(), torch.rand(5)))
    return Trace(picture, {"regions": [{"prompt": "café"}]}, {"size": "24x16"}, {"seed": 2**40}, tuple(made))


@pytest.mark.parametrize("passes", [1, 2])
def test_a_trace_reads_back_to_the_bit(tmp_path: Path, passes: int) -> None:
    store, trace = TraceStore(tmp_path / "traces"), _trace(passes)
    store.put(NAME, trace)
    read = store.get(NAME)
    assert read is not None
    assert read.picture.tobytes() == trace.picture.tobytes()
    assert (read.plan, read.settings, read.given) == (trace.plan, trace.settings, trace.given)
    assert len(read.passes) == passes
    for one, other in zip(read.passes, trace.passes, strict=True):
        for part in ("noise", "start", "outputs", "levels"):
            mine, right = getattr(one, part), getattr(other, part)
            assert (mine is None and right is None) or (mine.dtype == right.dtype and torch.equal(mine, right))
    assert store.get("f" * 32) is None


@pytest.mark.skipif(os.name != "posix", reason="rights are POSIX'")
def test_only_its_owner_can_read_a_trace(tmp_path: Path) -> None:
    TraceStore(tmp_path / "traces").put(NAME, _trace())
    (path,) = (tmp_path / "traces").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("share", [0.0, 0.001, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_trace_is_one_sentence(tmp_path: Path, share: float) -> None:
    store = TraceStore(tmp_path)
    data = _trace().to_bytes()
    (tmp_path / f"{NAME}{SUFFIX}").write_bytes(data[: int(len(data) * share)])
    with pytest.raises(RpgError, match=r"^repaint: the trace of the picture is damaged \(.*\); repaint with the mode"):
        store.get(NAME)


def test_another_file_in_its_place_is_damage_too(tmp_path: Path) -> None:
    from safetensors.torch import save

    store = TraceStore(tmp_path)
    for data in (b"x" * 1000, save({"a": torch.zeros(2)}), save({"a": torch.zeros(2)}, {"rpg": "{}"}), bytes(64)):
        (tmp_path / f"{NAME}{SUFFIX}").write_bytes(data)
        with pytest.raises(RpgError, match="is damaged"):
            store.get(NAME)


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = TraceStore(tmp_path)
    store.put(NAME, _trace(seed=1))
    before = (tmp_path / f"{NAME}{SUFFIX}").read_bytes()

    def full(*_: object, **__: object) -> object:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files.os, "fdopen", full)
    with pytest.raises(RpgError, match=r"cannot be written .No space left on device.; free some disk space"):
        store.put(NAME, _trace(seed=2))
    monkeypatch.undo()
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [before]


def test_the_oldest_go_where_there_is_too_much_and_the_newest_stays(tmp_path: Path) -> None:
    size = len(_trace().to_bytes())
    store = TraceStore(tmp_path, max_bytes=int(size * 2.5))
    names = [f"{number:032x}" for number in range(4)]
    for age, name in enumerate(names):
        store.put(name, _trace(seed=age))
        os.utime(tmp_path / f"{name}{SUFFIX}", (time.time() - 100 + age,) * 2)
    store.put("f" * 32, _trace())
    left = {path.name.removesuffix(SUFFIX) for path in tmp_path.iterdir()}
    assert left == {names[3], "f" * 32}


def test_what_is_too_old_goes(tmp_path: Path) -> None:
    store = TraceStore(tmp_path, max_days=1)
    for name, days in (("a" * 32, 2.0), ("b" * 32, 0.5)):
        store.put(name, _trace())
        os.utime(tmp_path / f"{name}{SUFFIX}", (time.time() - days * 86_400,) * 2)
    stale = tmp_path / f"{'c' * 32}{SUFFIX}.0a{files.PART}"
    stale.write_bytes(b"half")
    os.utime(stale, (time.time() - 7200,) * 2)
    store.put(NAME, _trace())
    assert {path.name for path in tmp_path.iterdir()} == {f"{'b' * 32}{SUFFIX}", f"{NAME}{SUFFIX}"}


def test_a_trace_that_is_larger_than_allowed_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(RpgError, match="MB that Settings allow; allow more there"):
        TraceStore(tmp_path, max_bytes=100).put(NAME, _trace())
    assert not list(tmp_path.iterdir())


def test_a_trace_is_found_by_a_second_name_and_counts_once(tmp_path: Path) -> None:
    size = len(_trace().to_bytes())
    store, other = TraceStore(tmp_path, max_bytes=int(size * 2.5)), "e" * 32
    store.put(NAME, _trace())
    store.link(NAME, other)
    store.link(NAME, other)
    store.link("d" * 32, "c" * 32)
    found = store.get(other)
    assert found is not None and found.picture.tobytes() == _trace().picture.tobytes()
    assert store.get("c" * 32) is None
    os.utime(tmp_path / f"{NAME}{SUFFIX}", (time.time() - 100,) * 2)
    store.put("a" * 32, _trace(seed=1))
    assert len(list(tmp_path.iterdir())) == 3
    # The third trace is too much: the oldest goes, with both of its names.
    store.put("b" * 32, _trace(seed=2))
    assert {path.name.removesuffix(SUFFIX) for path in tmp_path.iterdir()} == {"a" * 32, "b" * 32}
