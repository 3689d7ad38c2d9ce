"""The extension's page in Settings: what the WebUI is told, and what becomes of a key that is typed there."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.planner import PlannerConfig
from lib_rpg.planner.keys import KeyFile
from lib_rpg.webui import settings

KEY = "sk-test-1234567890"


@pytest.fixture
def opts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """The sandbox's options with the extension's registered, given back afterwards."""
    from modules import shared

    monkeypatch.setenv("RPG_CONFIG", str(tmp_path / "config"))
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(shared.opts, "data", dict(shared.opts.data))
    monkeypatch.setattr(shared.opts, "data_labels", dict(shared.opts.data_labels))
    settings.register()
    return shared.opts


def test_a_typed_key_goes_to_the_users_file_and_nowhere_else(opts, tmp_path: Path, capsys) -> None:
    assert opts.set("rpg_key", KEY)
    assert opts.rpg_key == "" and KEY not in json.dumps(opts.data, default=str)
    assert KeyFile().get("openai", "https://api.openai.com:443") == KEY
    assert capsys.readouterr().out == "RPG: the key of openai was stored\n"
    assert opts.set("rpg_key", "-")
    assert KeyFile().get("openai", "https://api.openai.com:443") == ""


def test_a_key_that_cannot_be_stored_is_told_without_it(opts, tmp_path: Path, capsys) -> None:
    (tmp_path / "config").write_text("a file where the folder should be")
    opts.set("rpg_key", KEY)
    output = capsys.readouterr()
    assert "the key was not stored" in output.out and KEY not in output.out + output.err
    assert opts.rpg_key == ""
    opts.rpg_provider = "nowhere"
    opts.set("rpg_key", KEY)
    output = capsys.readouterr()
    assert "provider: 'nowhere' is unknown" in output.out and KEY not in output.out + output.err


def test_the_api_cannot_change_where_prompts_go(opts) -> None:
    private = [name for name in opts.data_labels if name.startswith("rpg_") and opts.data_labels[name].restrict_api]
    assert {"rpg_provider", "rpg_base_url", "rpg_model", "rpg_key", "rpg_local_folder"} <= set(private)
    for name in private:
        assert not opts.set(name, "http://evil.example", is_api=True)


def test_settings_make_the_configuration(opts, tmp_path: Path) -> None:
    assert settings.config() == PlannerConfig()
    opts.rpg_provider, opts.rpg_base_url, opts.rpg_model = "ollama", " http://127.0.0.1:1/v1 ", "llama"
    opts.rpg_timeout, opts.rpg_max_tokens, opts.rpg_cache, opts.rpg_templates = 30, 512, False, str(tmp_path)
    made = settings.config()
    assert (made.provider, made.base_url, made.model) == ("ollama", "http://127.0.0.1:1/v1", "llama")
    assert (made.timeout, made.max_tokens, made.cache, made.templates) == (30.0, 512, None, tmp_path)


def test_defaults_come_from_settings_or_the_request(opts) -> None:
    request = SimpleNamespace(override_settings={"rpg_planner": "openai", "rpg_method": "lmd"})
    assert settings.defaults().planner == "offline"
    assert settings.defaults(request).planner == "openai"
    assert settings.defaults(request).asked == {"method": "lmd", "recaption": True, "language": ""}
    opts.rpg_language = "English"
    assert settings.defaults().asked["language"] == "English"
