"""The extension's page in Settings: what the WebUI gets, and what becomes of a key that is typed there."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.errors import RpgError
from lib_rpg.planner import PlannerConfig
from lib_rpg.planner.llm.connection import ConnectionReport
from lib_rpg.planner.llm.server.key_file import KeyFile
from lib_rpg.webui import settings, settings_rows
from lib_rpg.webui.key_field import KeyIntake, key_field
from lib_rpg.webui.options import BY_NAME
from lib_rpg.webui.settings_rows import ConnectionRow, TypedFields, key_state_row

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
        self.names = [*settings.OPTIONS, settings.KEY]
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


def test_the_key_field_can_be_built_again_as_gradio_4_does_it() -> None:
    """By its class, with what it has on the page."""
    intake = KeyIntake()
    field = key_field(intake)(label="Key", elem_id="setting_rpg_key")
    again = type(field)(label="Key", elem_id="setting_rpg_key", type="password")
    typed = intake.take(again.preprocess("secret"))
    assert typed is not None and typed.text == "secret"
    assert again.postprocess("secret") == ""
    assert again.get_block_name() == "textbox"


def test_gradio_4_writes_no_files_beside_our_components() -> None:
    """On Forge, which asks for this name."""
    for component in (key_field(KeyIntake()), key_state_row(PlannerConfig)):
        assert "webui_do_not_create_gradio_pyi_thank_you" in vars(component)


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
    values = [name for name, label in page.opts.data_labels.items() if not label.do_not_save]
    assert values[-1] == "rpg_key", "an option after the key would be applied after it"


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


def shown_choices(opts: Any, name: str) -> list[tuple[str, str]]:
    """A row's choices as gradio's component has them: label and value."""
    label = opts.data_labels[name]
    return label.component(label=label.label, value=opts.data[name], **label.component_args).choices


@pytest.mark.parametrize("name", ["planner", "method", "dialect"])
def test_settings_show_the_panels_labels_and_store_the_values(page: Page, name: str) -> None:
    option = BY_NAME[name]
    assert shown_choices(page.opts, f"rpg_{name}") == list(option.values().items())
    assert page.opts.data_labels[f"rpg_{name}"].label == option.label
    for value in option.values().values():
        page.apply(**{f"rpg_{name}": value})
        assert page.opts.data[f"rpg_{name}"] == value
        settings.register(KeyIntake())
        assert page.opts.data[f"rpg_{name}"] == value, "a stored value is not reset"


def test_headings_and_the_test_of_the_connection_are_neither_stored_nor_set(opts, capsys) -> None:
    rows = [name for name in opts.data_labels if name.startswith("rpg_")]
    texts = [name for name in rows if name not in (*settings.OPTIONS, settings.KEY)]
    assert rows[0] == "rpg_planner_heading" and rows[-2:] == ["rpg_key", "rpg_connection"] and len(texts) == 5
    for name in texts:
        assert name not in opts.data and not opts.set(name, "x") and not opts.set(name, "x", is_api=True)
        label = opts.data_labels[name]
        with gr.Blocks():
            built = label.component(label=label.label, value=getattr(opts, name))
        assert built.get_block_name() == "html"


def test_the_state_of_the_key_is_read_when_the_page_is_loaded(page: Page) -> None:
    with gr.Blocks():
        row = page.opts.data_labels["rpg_connection"].component(label="", value="")
    assert "none is stored for openai" in row.postprocess("") and "OPENAI_API_KEY is not set" in row.postprocess("")
    page.apply(rpg_key=KEY)
    assert f"one is stored for openai at {OPENAI}" in row.postprocess("") and KEY not in row.postprocess("")
    page.apply(rpg_key="", rpg_base_url="http://[::1")
    assert row.postprocess("").startswith("Key: not known")


def asked_by(**headers: str) -> Any:
    return SimpleNamespace(headers={name.replace("_", "-"): value for name, value in headers.items()})


def connection_row() -> ConnectionRow:
    return ConnectionRow(settings.config, TypedFields(), settings.differing)


def test_the_test_of_the_connection_tells_a_server_that_does_not_listen(page: Page) -> None:
    page.apply(rpg_provider="custom", rpg_base_url="http://127.0.0.1:9/v1", rpg_model="<b>")
    said = connection_row().answer(asked_by(), False)
    assert "http://127.0.0.1:9" in said and "refuses connections" in said and "<" not in said


@pytest.fixture
def untried(monkeypatch: pytest.MonkeyPatch) -> None:
    """No server may be asked."""

    def tried(*_: object) -> None:
        raise AssertionError("a server was asked")

    monkeypatch.setattr(settings_rows, "check_connection", tried)


def test_another_site_cannot_press_the_test_of_the_connection(untried) -> None:
    other = asked_by(Sec_Fetch_Site="cross-site", Origin="http://evil.example")
    said = connection_row().answer(other, False)
    assert said.startswith("Not tested: the request comes from a page of http://evil.example")


def built_row(opts: Any) -> tuple[ConnectionRow, dict[str, Any]]:
    """The page's row of the test, and the fields of the settings that it tries."""
    with gr.Blocks() as blocks:
        for name, label in opts.data_labels.items():
            if name.startswith("rpg_") and label.component is not None:
                arguments = label.component_args() if callable(label.component_args) else label.component_args or {}
                label.component(label=label.label, value=getattr(opts, name), elem_id=f"setting_{name}", **arguments)
    [(number, event)] = [one for one in enumerate(blocks.fns) if getattr(one[1].fn, "__name__", "") == "answer"]
    button = blocks.dependencies[number]
    names = [blocks.blocks[key].elem_id for key in button["inputs"][1:]]
    return event.fn.__self__, dict.fromkeys(name.removeprefix("setting_") for name in names)


SERVER = {
    "rpg_providers": "mine.json",
    "rpg_provider": "ollama",
    "rpg_base_url": "http://mine.example",
    "rpg_model": "other",
    "rpg_connect_timeout": 7,
    "rpg_timeout": 25,
    "rpg_max_tokens": 512,
}
"""Every setting of the server, and a value that is not its default."""


def test_a_server_is_not_tried_while_what_is_typed_is_not_applied(opts, untried) -> None:
    row, fields = built_row(opts)
    applied = {name: opts.data[name] for name in fields}
    assert list(fields) == list(SERVER)
    for name, value in SERVER.items():
        label = settings.OPTIONS[name].label
        said = row.answer(asked_by(), False, *{**applied, name: value}.values())
        assert said.replace("&#x27;", "'") == f"Not tested: {label} is not applied yet; press Apply settings first."
    both = {**applied, "rpg_model": "other", "rpg_timeout": None}
    said = row.answer(asked_by(), True, *both.values())
    assert said.startswith("Not tested: Model and Seconds for a plan and Key are not applied yet;")


@pytest.mark.parametrize(
    ("name", "stored", "typed"),
    [
        ("rpg_timeout", 30, 30.0),
        ("rpg_model", "m", " m "),
        ("rpg_model", "", ""),
        ("rpg_base_url", "http://[::1", "http://[::1"),
        ("rpg_max_tokens", "many", "many"),
    ],
)
def test_a_field_that_says_what_is_applied_does_not_differ(opts, name: str, stored: Any, typed: Any) -> None:
    opts.data[name] = stored
    assert settings.differing({name: typed}) == []
    assert settings.differing({name: [typed]}) == [settings.OPTIONS[name].label]


def test_one_connection_is_tested_at_a_time(opts, monkeypatch) -> None:
    inner: list[str] = []
    row = connection_row()

    def slow(_: object) -> ConnectionReport:
        inner.append(row.answer(asked_by(), False))
        return ConnectionReport("no server")

    monkeypatch.setattr(settings_rows, "check_connection", slow)
    for _ in range(2):
        assert row.answer(asked_by(), False).startswith("Not usable: no server.")
    assert inner == ["Not tested: another test is still running; wait for it."] * 2


def test_a_picture_of_the_plan_is_written_where_settings_or_the_request_say_so(opts) -> None:
    assert not settings.plan_pictures()
    assert settings.plan_pictures(SimpleNamespace(override_settings={"rpg_plan_picture": True}))
    opts.rpg_plan_picture = True
    assert settings.plan_pictures()
    with pytest.raises(RpgError, match="rpg_plan_picture"):
        settings.plan_pictures(SimpleNamespace(override_settings={"rpg_plan_picture": "yes"}))
