"""Stored keys: for one provider and one host, in a file of the user's alone, and in no message."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lib_rpg.errors import RpgError
from lib_rpg.planner.config import PlannerConfig, config_folder
from lib_rpg.planner.llm.chats import open_chat, server_of
from lib_rpg.planner.llm.server.key_file import KeyFile

KEY = "sk-test-1234567890"
ROOT = Path(__file__).parents[4]


def test_a_key_is_for_one_provider_and_one_host(tmp_path: Path) -> None:
    keys = KeyFile(tmp_path / "new" / "keys.json")
    keys.put("openai", "api.openai.com", f" {KEY}\n")
    keys.put("deepseek", "api.deepseek.com", "other")
    assert keys.get("openai", "api.openai.com") == KEY
    assert keys.get("openai", "evil.example") == keys.get("deepseek", "api.openai.com") == keys.get("x", "") == ""
    keys.put("openai", "api.openai.com", " ")
    assert keys.get("openai", "api.openai.com") == ""
    assert keys.get("deepseek", "api.deepseek.com") == "other"
    assert [path.name for path in keys.path.parent.iterdir()] == ["keys.json"]


@pytest.mark.skipif(os.name == "nt", reason="POSIX modes")
def test_only_the_user_reads_the_file(tmp_path: Path) -> None:
    keys = KeyFile(tmp_path / "keys.json")
    keys.put("openai", "h", KEY)
    assert stat.S_IMODE(keys.path.stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["", " \n", '{"openai": "x"}', '{"openai": ["h", 3]}', '{"openai": [1, 2, 3]}'])
def test_a_file_without_sound_keys_holds_none_and_takes_one(tmp_path: Path, text: str) -> None:
    keys = KeyFile(tmp_path / "keys.json")
    keys.path.write_text(text, encoding="utf-8")
    assert keys.get("openai", "h") == ""
    keys.put("openai", "h", KEY)
    assert keys.get("openai", "h") == KEY


BROKEN = [
    b"[]",
    b"{",
    b'{"deepseek": ["h", "sk-other-123"], ',
    b"null",
    b"\xff\xfe",
    b"[" * 200_000,
    b'{"a":' * 100_000,
    b'{"a": 1' + b"0" * 5000 + b"}",
    b'{"sk-other-123": 1, "sk-other-123": 2}',
    b" " * 1_000_001,
]


@pytest.mark.parametrize("data", BROKEN)
def test_a_broken_file_holds_no_keys_and_stays_as_it_is(tmp_path: Path, data: bytes) -> None:
    keys = KeyFile(tmp_path / "keys.json")
    keys.path.write_bytes(data)
    assert keys.get("openai", "h") == keys.get("deepseek", "h") == ""
    for key in (KEY, ""):
        with pytest.raises(RpgError) as caught:
            keys.put("openai", "h", key)
        sentence = str(caught.value)
        assert "keys.json cannot be read (" in sentence and "repair that file, or move it away" in sentence
        assert KEY not in sentence and "sk-other" not in sentence
    assert keys.path.read_bytes() == data and [path.name for path in tmp_path.iterdir()] == ["keys.json"]


def test_entries_of_another_form_stay_beside_a_new_key(tmp_path: Path) -> None:
    keys = KeyFile(tmp_path / "keys.json")
    odd = {"x": 5, "y": {"z": [1.5, None]}, "deepseek": ["h", "other"], "n": ["h", 7]}
    keys.path.write_text(json.dumps(odd))
    keys.put("openai", "h", KEY)
    assert json.loads(keys.path.read_text()) == {**odd, "openai": ["h", KEY]}
    assert keys.get("deepseek", "h") == "other"


@pytest.mark.skipif(os.name != "posix", reason="pipes and modes of POSIX")
def test_a_pipe_is_no_key_file_and_does_not_block(tmp_path: Path) -> None:
    keys = KeyFile(tmp_path / "keys.json")
    os.mkfifo(keys.path)
    assert keys.get("openai", "h") == ""
    with pytest.raises(RpgError, match="it is a pipe"):
        keys.put("openai", "h", KEY)


@pytest.mark.skipif(os.name != "posix", reason="POSIX modes")
def test_a_file_that_others_can_read_is_tightened_when_it_is_read(tmp_path: Path) -> None:
    keys = KeyFile(tmp_path / "keys.json")
    keys.path.write_text(json.dumps({"openai": ["h", KEY]}))
    keys.path.chmod(0o644)
    assert keys.get("openai", "h") == KEY
    assert stat.S_IMODE(keys.path.stat().st_mode) == 0o600


KILLED = """
import os, signal, sys
from pathlib import Path
from lib_rpg.planner.llm.server.key_file import KeyFile
Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
KeyFile(Path(sys.argv[1])).put("openai", "h", sys.argv[2])
"""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_what_a_killed_process_left_is_removed_at_the_next_use(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    killed = subprocess.run([sys.executable, "-c", KILLED, str(path), KEY], cwd=ROOT)
    (part,) = tmp_path.iterdir()
    assert killed.returncode == -9 and KEY in part.read_text() and stat.S_IMODE(part.stat().st_mode) == 0o600
    keys = KeyFile(path)
    keys.get("openai", "h")
    assert part.exists()  # it may be another's, who is still writing
    os.utime(part, (time.time() - 70,) * 2)
    keys.get("openai", "h")
    assert not list(tmp_path.iterdir())
    begun = time.monotonic()
    keys.put("openai", "h", KEY)  # the lock went with the process
    assert time.monotonic() - begun < 3 and keys.get("openai", "h") == KEY


MANY = """
import sys
from pathlib import Path
from lib_rpg.planner.llm.server.key_file import KeyFile
for turn in range(20):
    KeyFile(Path(sys.argv[1])).put(f"{sys.argv[2]}-{turn}", "h", "sk")
"""


def test_programs_that_store_keys_side_by_side_lose_none(tmp_path: Path) -> None:
    path = tmp_path / "new" / "keys.json"
    running = [subprocess.Popen([sys.executable, "-c", MANY, str(path), str(name)], cwd=ROOT) for name in range(3)]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    assert len(json.loads(path.read_text())) == 60
    assert {one.name for one in path.parent.iterdir()} <= {"keys.json", "lock"}


def test_no_message_shows_the_key(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for keys, key in ((KeyFile(tmp_path / "file" / "keys.json"), KEY), (KeyFile(tmp_path / "k.json"), f"{KEY} {KEY}")):
        with pytest.raises(RpgError) as caught:
            keys.put("openai", "h", key)
        assert KEY not in str(caught.value) and caught.value.__cause__ is None
        assert KEY not in repr(keys)


def test_the_file_is_in_the_users_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RPG_CONFIG", str(tmp_path))
    assert config_folder() == tmp_path and KeyFile().path == tmp_path / "keys.json"


def test_a_stored_key_goes_to_its_server_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RPG_CONFIG", str(tmp_path))
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    config = PlannerConfig(provider="openai", model="gpt-4o", cache=None)
    assert server_of(config) == "https://api.openai.com:443"
    with pytest.raises(RpgError, match="needs a key"):
        open_chat(config, "openai")
    KeyFile().put("openai", server_of(config), KEY)
    open_chat(config, "openai").close()
    elsewhere = PlannerConfig(provider="openai", model="gpt-4o", base_url="https://evil.example/v1", cache=None)
    with pytest.raises(RpgError, match="needs a key") as caught:
        open_chat(elsewhere, "openai")
    assert KEY not in str(caught.value)
