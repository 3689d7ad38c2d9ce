"""Cached answers: whole or nothing, bounded, safe under several processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lib_rpg.planner.cache import MAX_FILE, AnswerCache, CachedAnswer

ROOT = Path(__file__).parents[2]


def test_an_answer_comes_back_and_only_for_its_key(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path / "new" / "folder")
    key = AnswerCache.key("openai", ["turn"], {"a": 1}, b"picture")
    assert cache.get(key) is None
    assert cache.put(key, CachedAnswer("plán", "gpt", 1)) == ""
    assert cache.get(key) == CachedAnswer("plán", "gpt", 1)
    for other in (("local", ["turn"], {"a": 1}, b"picture"), ("openai", ["turn"], {"a": 1}, b"another"), ("openai",)):
        assert cache.get(AnswerCache.key(*other)) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"text": 3}', '{"text": "x", "path": "/etc"}', "\xff\xfe"])
def test_a_broken_file_is_no_answer(tmp_path: Path, text: str) -> None:
    cache = AnswerCache(tmp_path)
    key = AnswerCache.key("x")
    (tmp_path / f"{key}.json").write_bytes(text.encode("latin-1"))
    assert cache.get(key) is None
    cache.put(key, CachedAnswer("whole"))
    assert cache.get(key) == CachedAnswer("whole")


def test_the_least_recently_used_go_first(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path, max_bytes=5000)
    keys = [AnswerCache.key(n) for n in range(6)]
    for n, key in enumerate(keys[:4]):
        cache.put(key, CachedAnswer("x" * 1000))
        os.utime(tmp_path / f"{key}.json", (1000 + n, 1000 + n))
    assert cache.get(keys[0])  # used again, so that the second is now the oldest
    for key in keys[4:]:
        cache.put(key, CachedAnswer("x" * 1000))
    assert [cache.get(key) is not None for key in keys] == [True, False, False, True, True, True]
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 5000


def test_a_folder_that_cannot_be_written_is_told_not_raised(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = AnswerCache(tmp_path / "file" / "folder")
    assert cache.put("key", CachedAnswer("x")).startswith("the answer was not cached (")
    assert cache.get("key") is None
    assert AnswerCache(tmp_path).put("key", CachedAnswer("x" * MAX_FILE)) == "the answer is too long for the cache"


def test_clear_forgets_everything_of_ours_only(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path)
    cache.put("key", CachedAnswer("x"))
    (tmp_path / "keep.txt").write_text("mine")
    cache.clear()
    assert [path.name for path in tmp_path.iterdir()] == ["keep.txt"]


HAMMER = """
import json, sys
from pathlib import Path
from lib_rpg.planner.cache import AnswerCache, CachedAnswer
cache, seed = AnswerCache(Path(sys.argv[1]), max_bytes=30_000), int(sys.argv[2])
for turn in range(150):
    key = AnswerCache.key((seed + turn) % 5)
    cache.put(key, CachedAnswer(json.dumps([seed] * 700)))
    kept = cache.get(key)
    assert kept is None or len(set(json.loads(kept.text))) == 1
"""


def test_processes_side_by_side_never_read_half_an_answer(tmp_path: Path) -> None:
    words = [sys.executable, "-c", HAMMER, str(tmp_path)]
    running = [subprocess.Popen([*words, str(seed)], cwd=ROOT, stderr=subprocess.PIPE) for seed in range(3)]
    for process in running:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors.decode()
    assert not list(tmp_path.glob("*.part"))
