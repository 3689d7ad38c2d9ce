"""The extension's page in Settings: what the WebUI gets, and what becomes of a key that is typed there."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.errors import RpgError
from lib_rpg.planner import PlannerConfig
from lib_rpg.planner.llm.server.key_file import KeyFile
from lib_rpg.webui import settings
from lib_rpg.webui.key_field import KeyIntake

KEY = "sk-test-1234567890abcdefghij"
OPENAI = "https://api.openai.com:443"


@pytest.fixture
def opts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """The sandbox's options with the extension's registered, given back afterwards."""
    from modules import shared

    monkeypatch.setenv("RPG_CONFIG", str(tmp_path / "config"))
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(shared.opts, "data", dict(shared.opts.data))
    monkeypatch.setattr(shared.opts, "data_labels", dict(shared.opts.data_labels))
    settings.register(KeyIntake())
    return shared.opts


class Page:
    """The Settings page: the extension's fields, and what Apply does with them."""

    def __init__(self, opts: Any) -> None:
        self.opts = opts
        self.names = [name for name in opts.data_labels if name.startswith("rpg_")]
        self.values = {name: opts.data[name] for name in self.names}
        label = opts.data_labels["rpg_key"]
        self.key_field = label.component(label=label.label, value=opts.data["rpg_key"], **(label.component_args or {}))

    def apply(self, **typed: Any) -> dict[str, Any]:
        """Press Apply with these fields typed; what the WebUI was given for each field. The page keeps all texts."""
        self.values.update(typed)
        given = {**self.values, "rpg_key": self.key_field.preprocess(self.values["rpg_key"])}
        for name in self.names:
            self.opts.set(name, given[name])
        return given


@pytest.fixture
def page(opts) -> Page:
    return Page(opts)


def stored(provider: str, server: str) -> str:
    return KeyFile().get(provider, server)


def test_a_typed_key_goes_to_the_users_file_and_nowhere_else(page: Page, capsys) -> None:
    given = page.apply(rpg_key=KEY)
    assert KEY not in json.dumps(given), "the WebUI prints what it was given when something fails"
    assert page.opts.rpg_key == "" and KEY not in json.dumps(page.opts.data, default=str)
    assert stored("openai", OPENAI) == KEY
    assert capsys.readouterr().out == f"RPG: the key of openai was stored, for {OPENAI} only\n"
    page.apply(rpg_key="-")
    assert stored("openai", OPENAI) == ""


def test_the_key_field_shows_nothing_and_is_a_password(page: Page) -> None:
    assert page.key_field.get_block_name() == "textbox"
    assert page.key_field.type == "password"
    assert page.key_field.postprocess(KEY) == ""


def test_a_key_that_still_stands_in_the_field_is_not_bound_to_the_next_server(page: Page, capsys) -> None:
    page.apply(rpg_key=KEY)
    page.apply(rpg_base_url="http://evil.example/v1")  # the page still sends the key
    assert stored("openai", "http://evil.example:80") == ""
    assert stored("openai", OPENAI) == KEY
    output = capsys.readouterr().out
    assert "the field still contains the key that was stored before" in output and KEY not in output
    page.apply(rpg_provider="deepseek", rpg_base_url="")
    assert stored("deepseek", "https://api.deepseek.com:443") == ""


def test_a_dash_that_still_stands_in_the_field_forgets_once(page: Page) -> None:
    page.apply(rpg_key="-")
    KeyFile().put("openai", OPENAI, KEY)
    page.apply(rpg_timeout=30)
    page.apply(rpg_provider="openai")
    assert stored("openai", OPENAI) == KEY


def test_a_key_is_taken_again_once_the_field_was_empty(page: Page) -> None:
    page.apply(rpg_key=KEY)
    page.apply(rpg_key="")
    page.apply(rpg_key=KEY, rpg_base_url="http://mine.example/v1")
    assert stored("openai", "http://mine.example:80") == KEY


def test_a_key_of_the_same_apply_goes_to_the_server_of_that_apply(page: Page, tmp_path: Path) -> None:
    own = tmp_path / "servers.json"
    own.write_text('{"providers": [{"name": "mine", "base_url": "http://10.0.0.1:5000/v1"}]}')
    page.apply(rpg_key=KEY, rpg_provider="mine", rpg_providers=str(own))
    assert stored("mine", "http://10.0.0.1:5000") == KEY
    assert list(page.opts.data_labels)[-1] == "rpg_key", "an option after the key would be applied after it"


def test_a_key_that_cannot_be_stored_is_reported_without_it_and_may_be_typed_again(
    page: Page, tmp_path, capsys
) -> None:
    (tmp_path / "config").write_text("a file where the folder should be")
    page.apply(rpg_key=KEY)
    output = capsys.readouterr()
    assert "the key was not stored" in output.out and KEY not in output.out + output.err
    assert page.opts.rpg_key == ""
    (tmp_path / "config").unlink()
    page.apply(rpg_key=KEY)
    assert stored("openai", OPENAI) == KEY
    page.apply(rpg_key="", rpg_provider="nowhere")
    page.apply(rpg_key=KEY)
    output = capsys.readouterr()
    assert "provider: 'nowhere' is unknown" in output.out and KEY not in output.out + output.err


@pytest.mark.parametrize(
    "bad",
    [
        {"rpg_providers": "a\0b"},
        {"rpg_timeout": None},
        {"rpg_providers": "/dev/zero"},
        {"rpg_base_url": "http://[::1"},
        {"rpg_max_tokens": "many"},
        {"rpg_provider": None},
    ],
)
def test_whatever_storing_a_key_meets_the_key_is_in_no_output(page: Page, capsys, bad: dict[str, Any]) -> None:
    page.apply(**bad, rpg_key=KEY)
    output = capsys.readouterr()
    assert KEY not in output.out + output.err
    assert KEY not in json.dumps(page.opts.data, default=str)


def test_storing_that_fails_unexpectedly_says_so_without_the_key(page: Page, capsys, monkeypatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError(f"cannot handle {KEY}")

    monkeypatch.setattr(KeyFile, "put", broken)
    page.apply(rpg_key=KEY)
    output = capsys.readouterr()
    assert "the key was not stored: storing failed with ValueError" in output.out
    assert KEY not in output.out + output.err


def test_a_key_written_into_the_settings_file_moves_out_of_it(opts, tmp_path: Path, monkeypatch) -> None:
    from modules import shared

    file = tmp_path / "config.json"
    monkeypatch.setattr(shared, "config_filename", file)
    opts.data["rpg_key"] = KEY
    settings.register(KeyIntake())
    assert opts.data["rpg_key"] == "" and KEY not in file.read_text()
    assert stored("openai", OPENAI) == KEY


def test_the_api_cannot_change_where_prompts_go(opts) -> None:
    private = [name for name in opts.data_labels if name.startswith("rpg_") and opts.data_labels[name].restrict_api]
    assert {"rpg_provider", "rpg_base_url", "rpg_model", "rpg_key", "rpg_local_folder"} <= set(private)
    for name in private:
        assert not opts.set(name, "http://evil.example", is_api=True)


def test_settings_make_the_configuration(opts, tmp_path: Path) -> None:
    assert settings.config() == PlannerConfig(from_page=True)
    opts.rpg_provider, opts.rpg_base_url, opts.rpg_model = "ollama", " http://127.0.0.1:1/v1 ", "llama"
    opts.rpg_timeout, opts.rpg_max_tokens, opts.rpg_cache, opts.rpg_templates = 30, 512, False, str(tmp_path)
    made = settings.config()
    assert (made.provider, made.base_url, made.model) == ("ollama", "http://127.0.0.1:1/v1", "llama")
    assert (made.timeout, made.max_tokens, made.cache, made.templates) == (30.0, 512, None, tmp_path)


ODD = [None, "", 5, -1, 1e400, "\0", "\ud800", "x" * 5000, True, [1], {"a": 1}, "/dev/zero", "~nouser/x", 10**400]


@pytest.mark.parametrize("name", list(settings.OPTIONS))
def test_no_stored_value_stops_the_webui(opts, name: str, capsys) -> None:
    """A settings file is edited by hand, and the API checks no types."""
    for value in ODD:
        opts.data[name] = value
        settings.config()
        settings.defaults()
        settings.goes_on_plain()
        settings.register(KeyIntake())
        label = opts.data_labels[name]
        arguments = label.component_args() if callable(label.component_args) else label.component_args or {}
        if label.component is not None:
            label.component(label=label.label, value=opts.data[name], **arguments)
        settings.config()


def test_an_invalid_setting_is_reset_and_reported(opts, capsys) -> None:
    opts.data["rpg_timeout"] = None
    settings.register(KeyIntake())
    assert opts.data["rpg_timeout"] == 180.0
    output = capsys.readouterr().out
    assert "RPG: the setting 'Seconds for a plan': None is not a number; give one; it was reset to 180.0" in output


def test_defaults_come_from_settings_or_the_request(opts) -> None:
    request = SimpleNamespace(override_settings={"rpg_planner": "openai", "rpg_method": "lmd"})
    assert settings.defaults().planner == "offline"
    assert settings.defaults(request).planner == "openai"
    asked = {"method": "lmd", "recaption": True, "language": "", "dialect": "auto", "comments": True}
    assert settings.defaults(request).asked == asked
    opts.rpg_dialect = "tags"
    assert settings.defaults().asked["dialect"] == "tags"
    assert settings.defaults(SimpleNamespace(override_settings={"rpg_dialect": "sentences"})).asked["dialect"] == (
        "sentences"
    )
    opts.rpg_language = "English"
    assert settings.defaults().asked["language"] == "English"


def test_comments_are_read_where_the_webui_or_the_request_says_so(opts) -> None:
    request = SimpleNamespace(override_settings={"enable_prompt_comments": False})
    assert not settings.prompts_have_comments(request) and not settings.defaults(request).asked["comments"]
    opts.enable_prompt_comments = False
    assert not settings.prompts_have_comments() and not settings.defaults().asked["comments"]
    assert settings.prompts_have_comments(SimpleNamespace(override_settings={"enable_prompt_comments": True}))


@pytest.mark.parametrize(
    "override",
    [
        {"rpg_planner": 5},
        {"rpg_planner": "oracle"},
        {"rpg_recaption": [1]},
        {"rpg_recaption": "yes"},
        {"rpg_method": None},
        {"rpg_language": "\ud800"},
        {"rpg_language": {"a": 1}},
        {"rpg_dialect": "prose"},
    ],
)
def test_an_override_that_does_not_do_is_refused_by_name(opts, override: dict[str, Any]) -> None:
    [name] = override
    with pytest.raises(RpgError, match=f"override_settings.{name}: ") as caught:
        settings.defaults(SimpleNamespace(override_settings=override))
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("value", [5, [1], None, "perhaps", {"a": 1}])
def test_an_override_of_what_to_do_on_errors_that_does_not_do_stops(opts, value: Any) -> None:
    assert not settings.goes_on_plain(SimpleNamespace(override_settings={"rpg_on_error": value}))
    assert not settings.goes_on_plain(SimpleNamespace(override_settings=value))
