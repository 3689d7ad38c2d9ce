"""A model's folder runs no code and leads nowhere: safetensors or GGUF only."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from lib_rpg.errors import RpgError
from lib_rpg.planner.config import PlannerConfig
from lib_rpg.planner.llm.chats import open_chat
from lib_rpg.planner.llm.local.template_sandbox import render_template
from tests.planner.llm.local.test_chat import ask, tiny  # noqa: F401


class Touch:
    """A pickle of it makes a file when it is read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (open, (str(self.path), "w"))


@pytest.fixture
def owned(tmp_path: Path) -> Path:
    """The file that is there if code ran."""
    return tmp_path / "owned"


@pytest.fixture
def folder(tiny: Path, tmp_path: Path) -> Path:  # noqa: F811
    return shutil.copytree(tiny, tmp_path / "copy")


def evil(owned: Path, file: Path) -> Path:
    file.write_bytes(pickle.dumps(Touch(owned), protocol=2))
    return file


def edit(file: Path, **values: Any) -> None:
    document = json.loads(file.read_text()) if file.exists() else {}
    file.write_text(json.dumps({**document, **values}))


def trouble(folder: Path) -> str:
    with pytest.raises(RpgError) as caught:
        ask(folder, timeout=20, max_tokens=3)
    assert str(caught.value).isprintable()
    return str(caught.value)


def test_the_pickle_is_an_attack(owned: Path, tmp_path: Path) -> None:
    with evil(owned, tmp_path / "x").open("rb") as file:
        pickle.load(file)
    assert owned.exists()


@pytest.mark.parametrize("beside", ["", "other.safetensors", "adapter_model.safetensors"])
def test_weights_in_a_pickle_are_not_read(folder: Path, owned: Path, beside: str) -> None:
    weights = folder / "model.safetensors"
    if beside:
        shutil.copy(weights, folder / beside)
    weights.unlink()
    evil(owned, folder / "pytorch_model.bin")
    said = trouble(folder)
    assert "has no model.safetensors and no model.safetensors.index.json" in said and "convert it" in said
    assert not owned.exists()


@pytest.mark.parametrize(
    "part", ["x.bin", "../x.safetensors", "/tmp/x.safetensors", "sub/x.safetensors", "", 5, "a\0.safetensors"]
)
def test_an_index_names_safetensors_of_its_own_folder(folder: Path, owned: Path, part: object) -> None:
    (folder / "model.safetensors").unlink()
    for place in (folder / "x.bin", folder.parent / "x.safetensors"):
        evil(owned, place)
    index = {"metadata": {}, "weight_map": {"model.embed_tokens.weight": part}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    assert "which is not a safetensors file in the folder" in trouble(folder) and not owned.exists()


def test_weights_in_several_parts_are_read(folder: Path) -> None:
    from safetensors.torch import load_file, save_file

    weights = load_file(folder / "model.safetensors")
    names = {name: f"part-{number % 2}.safetensors" for number, name in enumerate(weights)}
    for part in set(names.values()):
        save_file({n: w for n, w in weights.items() if names[n] == part}, folder / part, metadata={"format": "pt"})
    (folder / "model.safetensors").unlink()
    index = {"metadata": {"total_size": 1}, "weight_map": names}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    assert ask(folder, max_tokens=3).text


@pytest.mark.parametrize(
    ("file", "values"),
    [
        ("tokenizer_config.json", {"tokenizer_class": "TransfoXLTokenizer"}),
        ("config.json", {"tokenizer_class": "TransfoXLTokenizer"}),
        ("config.json", {"model_type": "transfo-xl"}),
        ("config.json", {"model_type": "encoder-decoder", "encoder": {"model_type": "transfo-xl"}}),
        ("config.4.0.0.json", {"model_type": "Transfo_XL"}),
    ],
)
def test_a_tokenizer_that_is_read_as_a_pickle_is_refused(
    folder: Path, owned: Path, file: str, values: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRUST_REMOTE_CODE", "1")
    bin_file = evil(owned, folder / "vocab.bin")
    edit(folder / "tokenizer_config.json", pretrained_vocab_file=str(bin_file))
    if file.startswith("config"):
        edit(folder / "tokenizer_config.json", tokenizer_class=None)
    edit(folder / file, **values)
    said = trouble(folder)
    assert ("read as a pickle" in said or "refers to other files" in said) and not owned.exists()


@pytest.mark.parametrize(
    ("file", "values"),
    [
        ("tokenizer_config.json", {"vocab_file": "/etc/passwd"}),
        ("tokenizer_config.json", {"tokenizer_file": "/dev/zero"}),
        ("tokenizer_config.json", {"fast_tokenizer_files": ["tokenizer.4.0.0.json"]}),
        ("config.json", {"configuration_files": ["../config.4.0.0.json"]}),
        ("config.json", {"transformers_weights": "../model.safetensors"}),
    ],
)
def test_settings_that_lead_elsewhere_are_refused(folder: Path, file: str, values: dict[str, Any]) -> None:
    edit(folder / file, **values)
    assert f"{file} refers to other files by '{next(iter(values))}'; remove that key" in trouble(folder)


def test_a_path_of_the_machine_where_a_model_was_made_is_no_fault(folder: Path) -> None:
    edit(folder / "tokenizer_config.json", special_tokens_map_file="/root/.cache/gone/special_tokens_map.json")
    assert ask(folder, max_tokens=3).text


def test_an_adapter_and_code_of_its_own_are_refused(folder: Path, owned: Path) -> None:
    edit(folder / "adapter_config.json", base_model_name_or_path="/elsewhere")
    assert "contains an adapter, which refers to another model" in trouble(folder)
    (folder / "adapter_config.json").unlink()
    (folder / "custom_generate").mkdir()
    (folder / "custom_generate" / "generate.py").write_text(f"open({str(owned)!r}, 'w')\ndef generate(**_): ...")
    assert "has its own code in custom_generate" in trouble(folder)
    shutil.rmtree(folder / "custom_generate")
    (folder / "evil.py").write_text(f"open({str(owned)!r}, 'w')")
    edit(folder / "tokenizer_config.json", auto_map={"AutoTokenizer": ["evil.Evil", None]})
    try:
        ask(folder, max_tokens=3)
    except RpgError as error:
        assert "has its own code" in str(error)
    assert not owned.exists()


@pytest.mark.parametrize("name", ["tokenizer_config.json", "generation_config.json", "model.safetensors"])
def test_a_pipe_does_not_block(folder: Path, name: str) -> None:
    (folder / name).unlink(missing_ok=True)
    os.mkfifo(folder / name)
    start = time.monotonic()
    assert f"{name} is not a regular file; remove it" in trouble(folder)
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("text", ["[" * 100_000, "1" * 5000, "", "\xff"])
def test_settings_that_are_not_json_are_refused(folder: Path, text: str) -> None:
    (folder / "tokenizer_config.json").write_bytes(text.encode("latin-1"))
    said = trouble(folder)
    assert text == "1" * 5000 or "copy cannot be used" in said


@pytest.mark.parametrize(
    "path", ["~nouser/model", "x" * 5000, "a\0b", "\ud800", "/" + "x" * 300, "/dev/zero", "a/" * 1900]
)
def test_a_hostile_path_is_refused_in_a_sentence(path: str) -> None:
    with pytest.raises(RpgError) as caught:
        open_chat(PlannerConfig(local_folder=path, cache=None), "local")
    assert str(caught.value).isprintable() and "local model setting" in str(caught.value)


# Templates


BOMBS = [
    "{{ 'a' * 10**11 }}",
    "{{ 'a' * 9999999999 }}",
    "{{ 'a'.ljust(2000000000) }}",
    "{{ '{:2000000000d}'.format(1) }}",
    "{{ '%2000000000d' % 1 }}",
    "{{ 'a'|center(2000000000) }}",
    "{% set n = namespace(s='aaaaaaaaaa') %}{% for i in range(60) %}{% set n.s = n.s ~ n.s %}{% endfor %}",
    "{% set n = namespace(s='aaaaaaaaaa') %}{% for i in range(60) %}{% set n.s = n.s + n.s %}{% endfor %}",
    "{% set n = namespace(s='aaaaaaaaaa') %}{% for i in range(60) %}{% set n.s = n.s.replace('a', 'aa') %}{% endfor %}",
    "{% set n = namespace(s='aaaaaaaaaa') %}{% for i in range(60) %}{% set n.s = n.s|replace('a', 'aa') %}{% endfor %}",
    "{% set n = namespace(s='aaaaaaaaaa') %}{% for i in range(60) %}{% set n.s = [n.s, n.s]|join %}{% endfor %}",
    "{{ ''.join(['x' * 1000000] * 1000000) }}",
    "{% set s %}{% for i in range(9999) %}{{ 'x' * 1000 }}{% endfor %}{% endset %}",
    "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
    "{% for i in range(99999) %}{{ 'x' * 99999 }}{% endfor %}",
    "{{ messages.__class__.__mro__[1].__subclasses__() }}",
    "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
]


@pytest.mark.parametrize("template", BOMBS)
def test_a_template_has_bounded_time_and_room(template: str) -> None:
    import resource

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.monotonic()
    with pytest.raises(Exception):  # noqa: B017
        render_template(template, {"messages": [{"role": "user", "content": "x"}]}, seconds=0.5)
    assert time.monotonic() - start < 3
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000


def test_what_templates_use_is_there() -> None:
    template = (
        "{% for m in messages if m.role == 'user' %}{{ m.content[:3].upper() ~ '|' ~ loop.index }}{% break %}"
        "{% endfor %}"
        "{{ [1, 2]|join(', ') }} {{ 'a b'.replace('a', 'c') }} {{ messages[0]|tojson }} {{ 'x'.split(',')|length }}"
        "{{ ' y '|trim }}{{ 'a'.startswith('a') and messages is not string }}{{ tools is defined }}"
    )
    text = render_template(template, {"messages": [{"role": "user", "content": "häs"}]})
    assert text == 'HÄS|11, 2 c b {"role": "user", "content": "häs"} 1yTrueFalse'
