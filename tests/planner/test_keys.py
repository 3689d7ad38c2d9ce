"""Stored keys: for one provider and one host, in a file of the user's alone, and in no message."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from lib_rpg.errors import RpgError
from lib_rpg.planner.config import PlannerConfig, config_folder
from lib_rpg.planner.keys import KeyFile
from lib_rpg.planner.providers import open_chat, server_of

KEY = "sk-test-1234567890"


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


@pytest.mark.parametrize("text", ["", "[]", "{", '{"openai": "x"}', '{"openai": ["h", 3]}', '{"openai": [1, 2, 3]}'])
def test_a_broken_file_holds_no_keys(tmp_path: Path, text: str) -> None:
    keys = KeyFile(tmp_path / "keys.json")
    keys.path.write_text(text, encoding="utf-8")
    assert keys.get("openai", "h") == ""
    keys.put("openai", "h", KEY)
    assert keys.get("openai", "h") == KEY


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
