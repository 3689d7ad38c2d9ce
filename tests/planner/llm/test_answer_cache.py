"""Cached answers: whole or nothing, bounded, safe under several processes."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from lib_rpg.planner.llm.answer_cache import MAX_FILE, STALE_SECONDS, AnswerCache, CachedAnswer

ROOT = Path(__file__).parents[3]


def test_an_answer_comes_back_and_only_for_its_key(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path / "new" / "folder")
    key = AnswerCache.key("openai", ["turn"], {"a": 1}, b"picture")
    assert cache.get(key) is None
    assert cache.put(key, CachedAnswer("plán", "gpt", 1)) == ""
    assert cache.get(key) == CachedAnswer("plán", "gpt", 1)
    for other in (("local", ["turn"], {"a": 1}, b"picture"), ("openai", ["turn"], {"a": 1}, b"another"), ("openai",)):
        assert cache.get(AnswerCache.key(*other)) is None


HOSTILE = [
    "[" * 200_000,
    '{"text": "x", "repairs": 1' + "0" * 5000 + "}",
    '{"text": "x", "repairs": 1e999}',
    '{"text": "x", "repairs": 1000000}',
    '{"text": "x", "repairs": true}',
    '{"text": "\\ud800"}',
    '{"text": ["x"]}',
    '{"text": "x", "text": "y"}',
    "null",
]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"text": 3}', '{"text": "x", "path": "/etc"}', "\xff\xfe", *HOSTILE])
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


def test_a_folder_that_cannot_be_written_is_reported_not_raised(tmp_path: Path) -> None:
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


@pytest.mark.skipif(os.name != "posix", reason="pipes and modes of POSIX")
def test_a_pipe_is_no_answer_and_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "key.json")
    assert AnswerCache(tmp_path).get("key") is None
    assert AnswerCache(tmp_path).put("key", CachedAnswer("x")) == ""
    assert AnswerCache(tmp_path).get("key") == CachedAnswer("x")


@pytest.mark.skipif(os.name != "posix", reason="pipes and modes of POSIX")
def test_answers_are_for_their_owner_alone_older_ones_too(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path / "answers")
    cache.put("new", CachedAnswer("x"))
    assert stat.S_IMODE(cache.folder.stat().st_mode) == 0o700
    (cache.folder / "old.json").write_text('{"text": "x"}')
    (cache.folder / "old.json").chmod(0o644)
    cache.folder.chmod(0o755)
    assert cache.get("old") == CachedAnswer("x")
    cache.put("new", CachedAnswer("y"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in cache.folder.iterdir()} == {0o600}
    assert stat.S_IMODE(cache.folder.stat().st_mode) == 0o700


def test_what_another_process_is_writing_stays_until_it_is_stale(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path, max_bytes=1000)
    fresh, stale = tmp_path / "a.json.1.part", tmp_path / "b.json.2.part"
    for part in (fresh, stale):
        part.write_text("x" * 900)
    os.utime(stale, (stale.stat().st_mtime - STALE_SECONDS - 10,) * 2)
    cache.put("key", CachedAnswer("x" * 200))
    assert fresh.exists() and not stale.exists() and cache.get("key")


def test_an_answer_that_is_not_text_is_reported_not_raised(tmp_path: Path) -> None:
    problem = AnswerCache(tmp_path).put(AnswerCache.key("\ud800"), CachedAnswer("\ud800"))
    assert problem == "the answer was not cached (it contains a character that is not text)"
    assert not list(tmp_path.iterdir())


HAMMER = """
import json, sys
from pathlib import Path
from lib_rpg.planner.llm.answer_cache import AnswerCache, CachedAnswer
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
