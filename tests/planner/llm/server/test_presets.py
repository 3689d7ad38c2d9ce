"""The presets: what the built-in ones say, and what is wrong with a user's own file, at which place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lib_rpg.errors import RpgError
from lib_rpg.planner.config import PlannerConfig
from lib_rpg.planner.llm.chats import open_chat
from lib_rpg.planner.llm.server.presets import find_preset, load_presets

EXPECTED = {"openai", "deepseek", "gemini", "azure", "openrouter", "ollama", "lmstudio", "llamacpp", "vllm", "custom"}


def test_the_servers_that_are_known() -> None:
    presets = load_presets()
    assert set(presets) == EXPECTED
    local = {name for name, preset in presets.items() if not preset.needs_key}
    assert local == {"ollama", "lmstudio", "llamacpp", "vllm", "custom"}
    for preset in presets.values():
        assert preset.key_variables and preset.title
        assert preset.model or preset.model_hint
        assert preset.base_url.startswith("https://" if preset.needs_key else "http://") or preset.base_url_variables


@pytest.mark.parametrize(
    ("provider", "model", "temperature", "tokens", "effort", "rungs", "pictures"),
    [
        ("openai", "gpt-4o-mini", 0.2, "max_tokens", "", 3, True),
        ("openai", "gpt-4.1", 0.2, "max_tokens", "", 3, True),
        ("openai", "gpt-4-turbo", 0.2, "max_tokens", "", 2, False),
        ("openai", "GPT-5-mini", None, "max_completion_tokens", "low", 3, True),
        ("openai", "gpt-5.1", None, "max_completion_tokens", "low", 3, True),
        ("openai", "gpt-5-chat-latest", None, "max_completion_tokens", "", 3, True),
        ("openai", "gpt-5-pro", None, "max_completion_tokens", "high", 3, True),
        ("openai", "o1", None, "max_completion_tokens", "low", 3, True),
        ("openai", "o3-mini", None, "max_completion_tokens", "low", 3, False),
        ("openai", "o4-mini-2025-04-16", None, "max_completion_tokens", "low", 3, True),
        ("deepseek", "deepseek-chat", 0.2, "max_tokens", "", 2, False),
        ("deepseek", "deepseek-reasoner", None, "max_tokens", "", 2, False),
        ("gemini", "gemini-2.5-flash", 0.2, "max_tokens", "", 3, True),
        ("gemini", "gemini-3-pro", None, "max_tokens", "", 3, True),
        ("openrouter", "openai/gpt-5-mini", None, "max_tokens", "", 3, True),
        ("lmstudio", "qwen", 0.2, "max_tokens", "", 2, True),
    ],
)
def test_what_models_take(
    provider: str, model: str, temperature: float | None, tokens: str, effort: str, rungs: int, pictures: bool
) -> None:
    traits = load_presets()[provider].traits_of(model)
    assert (traits.temperature, traits.max_tokens_name, traits.reasoning_effort) == (temperature, tokens, effort)
    assert (len(traits.rungs), traits.pictures) == (rungs, pictures)


def test_lm_studio_is_not_asked_for_what_it_refuses() -> None:
    assert load_presets()["lmstudio"].traits.rungs == ("json_schema", "text")


def test_a_file_of_ones_own_adds_and_replaces(tmp_path: Path) -> None:
    entries = [
        {
            "name": "groq",
            "title": "Groq",
            "base_url": "https://api.groq.com/openai/v1/",
            "key_variables": ["GROQ_API_KEY"],
        },
        {"name": "ollama", "base_url": "http://10.0.0.2:11434/v1", "needs_key": False, "model": "qwen3"},
    ]
    file = tmp_path / "providers.json"
    file.write_text(json.dumps({"providers": entries}), encoding="utf-8-sig")
    presets = load_presets(file)
    assert set(presets) == EXPECTED | {"groq"}
    assert presets["groq"].base_url == "https://api.groq.com/openai/v1" and presets["groq"].needs_key
    chat = open_chat(PlannerConfig(provider="ollama", providers=file, cache=None), "openai")
    assert (chat.name, chat.model) == ("ollama", "qwen3")


def entry(**more: object) -> str:
    return json.dumps({"providers": [{"name": "x", **more}]})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not valid JSON at line 1"),
        ("[]", "a list is not an object"),
        ("{}", "providers: None is not a list"),
        ('{"provider": []}', "did you mean 'providers'?"),
        ('{"providers": [5]}', "providers[0]: 5 is not of type dict"),
        ('{"providers": [{}]}', "providers[0].name: is empty"),
        ('{"providers": [{"name": "a"}, {"name": "a"}]}', "providers[1].name: 'a' appears twice"),
        (entry(name="A b"), "providers[0].name: 'A b' is not a valid name"),
        (entry(base_ulr="x"), "did you mean 'base_url'?"),
        (entry(base_url="localhost"), "providers[0].base_url: is not an address"),
        (entry(base_url="http://a:b@c"), "providers[0].base_url: contains a user name or password"),
        (entry(key_variables="KEY"), "providers[0].key_variables: 'KEY' is not a list"),
        (entry(key_variables=["sk-1234 5"]), "providers[0].key_variables[0]: "),
        (entry(key_header="a: b"), "providers[0].key_header: "),
        (entry(needs_key="no"), "providers[0].needs_key: 'no' is not true or false"),
        (entry(path="http://evil"), "providers[0].path: "),
        (entry(path="/a/../b"), "providers[0].path: "),
        (entry(query={"a": 1}), "providers[0].query.a: 1 is not a text"),
        (entry(query={"\ud800": "x"}), "providers[0].query: '\\ud800' is not a valid name"),
        (entry(query={"a" * 101: "x"}), "is not a valid name"),
        (entry(query=[]), "providers[0].query: a list is not an object"),
        (entry(rungs=[]), "providers[0].rungs: is not in descending order"),
        (entry(rungs=["text", "json_object"]), "providers[0].rungs: is not in descending order"),
        (entry(rungs=["xml"]), "providers[0].rungs[0]: 'xml' is unknown"),
        (entry(temperature=3), "providers[0].temperature: 3 is not from 0 to 2"),
        (entry(temperature="hot"), "providers[0].temperature: 'hot' is not a number"),
        (entry(max_tokens_name="max"), "providers[0].max_tokens_name: 'max' is unknown"),
        (entry(max_tokens_name=[]), "providers[0].max_tokens_name: a list is unknown"),
        (entry(title="a\x1b[31mb"), "providers[0].title: 'a\\x1b[31mb' contains a character that cannot be shown"),
        (entry(model="a\u202eb"), "providers[0].model: 'a\\u202eb' contains a character that cannot be shown"),
        ('{"providers": ' + "[" * 200_000, "nested too deeply"),
        ('{"providers": 1' + "0" * 5000 + "}", "a number with too many digits"),
        (entry(temperature=10**400), "providers[0].temperature: a huge number is not a finite number"),
        (entry(models=[{"match": []}]), "providers[0].models[0].match: is empty"),
        (entry(models=[{"match": ["a"], "name": "b"}]), "providers[0].models[0]: the key 'name' is unknown"),
        (entry(models=[{"match": ["a"], "stream": 1}]), "providers[0].models[0].stream: 1 is not true or false"),
    ],
)
def test_a_malformed_file_is_refused_with_the_place(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "mine.json"
    file.write_text(text)
    with pytest.raises(RpgError) as caught:
        load_presets(file)
    assert str(caught.value).startswith(f"providers file {file}: ") and said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(RpgError, match="cannot be read"):
        load_presets(tmp_path / "none.json")
    with pytest.raises(RpgError, match="cannot be read"):
        load_presets(tmp_path)
    (tmp_path / "latin").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RpgError, match="not UTF-8"):
        load_presets(tmp_path / "latin")
    (tmp_path / "long").write_bytes(b" " * 1_000_001)
    with pytest.raises(RpgError, match="too large"):
        load_presets(tmp_path / "long")


def test_an_unknown_provider_or_planner() -> None:
    with pytest.raises(RpgError, match="did you mean 'openai'"):
        find_preset("opneai", load_presets())
    with pytest.raises(RpgError, match="use one of openai, deepseek"):
        open_chat(PlannerConfig(provider="zzz"), "openai")
    with pytest.raises(RpgError, match="'offline' has no chat model; use one of openai, local"):
        open_chat(PlannerConfig(), "offline")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"timeout": 0}, "timeout: 0 is not > 0"),
        ({"timeout": float("nan")}, "timeout: nan is not a finite number"),
        ({"connect_timeout": -1}, "connection timeout: -1 is not > 0"),
        ({"max_tokens": 0}, "max_tokens: 0 is out of range"),
    ],
)
def test_limits_that_make_no_sense(more: dict[str, float], said: str) -> None:
    for planner in ("openai", "local"):
        with pytest.raises(RpgError, match=said):
            open_chat(PlannerConfig(key="k", **more), planner)  # type: ignore[arg-type]


def test_a_server_without_a_usual_model_asks_for_one() -> None:
    with pytest.raises(RpgError, match="Ollama needs the name of a model \\(`ollama list` shows the names\\)"):
        open_chat(PlannerConfig(provider="ollama"), "openai")
