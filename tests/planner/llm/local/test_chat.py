"""A model in this process: a tiny one with random weights, made here, for the mechanics."""

from __future__ import annotations

import gc
import json
import shutil
import sys
import threading
import time
import weakref
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from lib_rpg.errors import RpgError
from lib_rpg.planner.config import PlannerConfig
from lib_rpg.planner.llm.chat import CancelledPlanError, ChatAnswer, ChatRequest, Hooks, Message
from lib_rpg.planner.llm.chats import open_chat
from lib_rpg.planner.llm.local.chat import LocalChat
from lib_rpg.planner.llm.local.chat_template import prompt_text

WORDS = "plan a cat dog red blue left right of the and with System User Assistant you are : . ,".split()  # noqa: SIM905
CURRENT = str(Path(sys.prefix) / "current")  # a newer transformers: test_current.py
ASKED = ChatRequest((Message("system", "you are a cat"), Message("user", "plan a red dog")))


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Llama of two layers, with a tokenizer of whole words."""
    import torch
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("models") / "tiny"
    names = ["<unk>", "<s>", "</s>", *WORDS]
    tokenizer = Tokenizer(WordLevel({name: index for index, name in enumerate(names)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = Whitespace()
    wrapped = PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>", bos_token="<s>", eos_token="</s>")
    wrapped.save_pretrained(folder)
    torch.manual_seed(5)
    config = LlamaConfig(
        vocab_size=len(names),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=4000,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=2,
    )
    LlamaForCausalLM(config).save_pretrained(folder, safe_serialization=True)
    return folder


def never_ends(folder: Path, copy: Path) -> Path:
    """The same model, with an end that it never comes to."""
    shutil.copytree(folder, copy)
    (copy / "generation_config.json").unlink(missing_ok=True)
    for file in copy.glob("*.json"):
        document = json.loads(file.read_text())
        for key in ("eos_token_id", "eos_token"):
            document.pop(key, None)
        file.write_text(json.dumps(document))
    return copy


def config(folder: Path, **more: Any) -> PlannerConfig:
    return PlannerConfig(local_folder=str(folder), cache=None, **more)


def ask(folder: Path, request: ChatRequest = ASKED, **more: Any) -> ChatAnswer:
    """Ask a model once; the chat is closed, as the next one would wait for a share that nobody gives up."""
    with closing(LocalChat(config(folder, **more))) as chat:
        return chat.ask(request, Hooks())


def greedy(folder: Path, prompt: str, count: int) -> str:
    """What the model says, token by token, without anything of ``generate``."""
    import torch
    from transformers import LlamaForCausalLM

    model, tokenizer = LlamaForCausalLM.from_pretrained(folder), tokenizer_of(folder)
    tokens = tokenizer(prompt)["input_ids"]
    start = len(tokens)
    with torch.inference_mode():
        while len(tokens) < start + count and tokens[-1] != 2:
            tokens.append(int(model(torch.tensor([tokens])).logits[0, -1].argmax()))
    return tokenizer.decode(tokens[start:], skip_special_tokens=True).strip()


def test_it_answers_streams_and_can_be_opened_again(tiny: Path) -> None:
    texts: list[str] = []
    statuses: list[str] = []
    chat = open_chat(config(tiny, max_tokens=40), "local")
    answer = chat.ask(ASKED, Hooks(on_text=texts.append, on_status=statuses.append))
    assert answer.text == greedy(tiny, "System: you are a cat\n\nUser: plan a red dog\n\nAssistant:", 40)
    assert (chat.name, chat.model, answer.output_mode, answer.requests) == ("local", "tiny", "text", 1)
    assert (answer.prompt_tokens, answer.completion_tokens) == (14, 40)
    assert answer.text.startswith(texts[-1].strip()[:20]) and "tiny is answering on cpu" in statuses
    assert chat.ask(ASKED, Hooks()) == answer
    chat.close()
    chat.close()
    assert chat.ask(ASKED, Hooks()) == answer


def test_closing_lets_the_model_go(tiny: Path) -> None:
    import gc
    import weakref

    chat = LocalChat(config(tiny, max_tokens=3))
    chat.ask(ASKED, Hooks())
    assert chat._loaded is not None
    model = weakref.ref(chat._loaded.model)
    chat.close()
    gc.collect()
    assert model() is None


def test_a_token_limit_cuts(tiny: Path, tmp_path: Path) -> None:
    answer = ask(never_ends(tiny, tmp_path / "copy"), max_tokens=7)
    assert answer.cut and answer.completion_tokens == 7


def test_cancelling_ends_soon(tiny: Path, tmp_path: Path) -> None:
    chat = LocalChat(config(never_ends(tiny, tmp_path / "copy"), max_tokens=3500))
    texts: list[str] = []
    since: list[float] = []

    def cancelled() -> bool:
        if texts:
            since.append(time.monotonic())
        return bool(since)

    with pytest.raises(CancelledPlanError):
        chat.ask(ASKED, Hooks(on_text=texts.append, cancelled=cancelled))
    assert time.monotonic() - since[0] < 4
    # The thread has ended too: the model can be closed at once, and used again.
    start = time.monotonic()
    chat.close()
    assert time.monotonic() - start < 4


def test_the_deadline_holds(tiny: Path, tmp_path: Path) -> None:
    folder = never_ends(tiny, tmp_path / "copy")
    with pytest.raises(RpgError, match=r"copy did not finish within 0\.1 seconds; raise the timeout"):
        ask(folder, max_tokens=3500, timeout=0.1)


def test_a_chat_that_is_too_long(tiny: Path) -> None:
    chat = LocalChat(config(tiny))
    with pytest.raises(RpgError, match=r"the chat has [0-9]+ tokens and tiny allows 4000 with the answer"):
        chat.ask(ChatRequest((Message("user", "cat " * 4100),)), Hooks())
    # It is still loaded, and fine.
    assert chat._loaded is not None
    chat.close()


def test_the_schema_is_given_in_words(tiny: Path) -> None:
    plain = ask(tiny, max_tokens=3)
    with_schema = ask(tiny, ChatRequest(ASKED.messages, {"type": "object"}), max_tokens=3)
    assert plain.prompt_tokens and with_schema.prompt_tokens and with_schema.prompt_tokens > plain.prompt_tokens + 10


def test_a_picture_is_refused(tiny: Path) -> None:
    with pytest.raises(RpgError, match="cannot use pictures"):
        ask(tiny, ChatRequest(ASKED.messages, None, b"x"))


# Templates


def tokenizer_of(folder: Path) -> Any:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(str(folder), local_files_only=True)


def with_template(tiny: Path, copy: Path, template: object) -> Path:
    shutil.copytree(tiny, copy)
    file = copy / "tokenizer_config.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "chat_template": template}))
    return copy


CHATML = (
    "{% for message in messages %}\n"
    "{{ '<' + message['role'] + '>' + message['content'] + eos_token }}\n"
    "{% endfor %}\n"
    "{% if add_generation_prompt %}{{ '<assistant>' }}{% endif %}"
)
NO_SYSTEM = "{% if messages[0].role == 'system' %}{{ raise_exception('no system role') }}{% endif %}" + CHATML


@pytest.mark.parametrize(
    "template", [CHATML, [{"name": "tools", "template": "x"}, {"name": "default", "template": CHATML}]]
)
def test_the_folders_own_template_is_used(tiny: Path, tmp_path: Path, template: object) -> None:
    folder = with_template(tiny, tmp_path / "copy", template)
    text, special = prompt_text(tokenizer_of(folder), ASKED.messages, folder)
    assert special
    assert text == "<system>you are a cat</s>\n<user>plan a red dog</s>\n<assistant>"
    assert ask(folder, max_tokens=3).text


def test_a_template_without_a_system_role_gets_its_words_in_the_first_turn(tiny: Path, tmp_path: Path) -> None:
    folder = with_template(tiny, tmp_path / "copy", NO_SYSTEM)
    text, _ = prompt_text(tokenizer_of(folder), ASKED.messages, folder)
    assert text == "<user>you are a cat\n\nplan a red dog</s>\n<assistant>"


@pytest.mark.parametrize("template", [None, "{% broken", "{{ messages.__class__.__mro__ }}{{ nothing.at.all }}", 5])
def test_without_a_sound_template_the_roles_are_written_out(tiny: Path, tmp_path: Path, template: object) -> None:
    folder = with_template(tiny, tmp_path / "copy", template)
    text, special = prompt_text(tokenizer_of(folder), ASKED.messages, folder)
    assert text == "System: you are a cat\n\nUser: plan a red dog\n\nAssistant:" and not special


def test_a_template_in_a_file_of_its_own(tiny: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(tiny, folder)
    (folder / "chat_template.jinja").write_text("{{ messages[1].content }}!")
    assert prompt_text(tokenizer_of(folder), ASKED.messages, folder) == ("plan a red dog!", True)


def test_a_template_is_sandboxed(tiny: Path, tmp_path: Path) -> None:
    owned = tmp_path / "owned"
    evil = f"{{{{ cycler.__init__.__globals__.os.system('touch {owned}') }}}}"
    folder = with_template(tiny, tmp_path / "copy", evil)
    text, _ = prompt_text(tokenizer_of(folder), ASKED.messages, folder)
    assert text.startswith("System: ") and not owned.exists()


# What is wrong, in a sentence


def test_no_folder_is_set() -> None:
    with pytest.raises(RpgError, match="has no model yet; set a model's folder"):
        open_chat(PlannerConfig(), "local")


def test_a_path_that_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(RpgError, match="does not exist; correct the local model setting"):
        LocalChat(config(tmp_path / "none"))
    with pytest.raises(RpgError, match=r"has no config.json, so it is not a model folder"):
        LocalChat(config(tmp_path))
    (tmp_path / "model.ckpt").write_bytes(b"x")
    with pytest.raises(RpgError, match=r"is not a model; give a Hugging Face folder or a .gguf file"):
        LocalChat(config(tmp_path / "model.ckpt"))


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("{", "cannot be used"),
        ("{}", "is not a chat model"),
        ('{"model_type": "clip"}', "is not a chat model"),
        ('{"model_type": "nothing-known"}', "cannot be used|is not a chat model"),
        ('{"model_type": "x", "auto_map": {"AutoConfig": "evil.Evil"}}', "has its own code, which is not run"),
    ],
)
def test_a_folder_that_holds_no_chat_model(tiny: Path, tmp_path: Path, document: str, said: str) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(tiny, folder)
    owned = tmp_path / "owned"
    (folder / "evil.py").write_text(f"open({str(owned)!r}, 'w')")
    (folder / "config.json").write_text(document)
    with pytest.raises(RpgError, match=f"copy .*({said})") as caught:
        ask(folder)
    assert "\n" not in str(caught.value) and not owned.exists()


def test_broken_weights(tiny: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(tiny, folder)
    next(folder.glob("*.safetensors")).write_bytes(b"broken")
    with pytest.raises(RpgError, match=r"copy cannot be used .*; check that its files are complete"):
        ask(folder)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"device": "gpu"}, "device: 'gpu' is unknown; use cpu"),
        ({"device": "cuda:x"}, "device: 'cuda:x' is unknown"),
        ({"device": "cuda:99"}, "this machine has no cuda:99"),
        ({"dtype": "int8"}, "dtype: 'int8' is unknown; use float32"),
    ],
)
def test_a_device_or_dtype_that_is_not_there(tiny: Path, more: dict[str, str], said: str) -> None:
    with pytest.raises(RpgError, match=said):
        ask(tiny, **more)


def test_device_and_dtype_are_taken(tiny: Path) -> None:
    import torch

    chat = LocalChat(config(tiny, device="cpu", dtype="bf16", max_tokens=3))
    assert chat.ask(ASKED, Hooks()).completion_tokens
    assert chat._loaded is not None and chat._loaded.model.dtype is torch.bfloat16
    chat.close()


def test_out_of_memory_frees_the_model(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chat = LocalChat(config(tiny, max_tokens=3))
    chat.ask(ASKED, Hooks())
    assert chat._loaded is not None

    def full(*_: Any, **__: Any) -> None:
        raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB")

    monkeypatch.setattr(chat._loaded.model, "generate", full)
    with pytest.raises(RpgError, match="tiny does not fit into memory; choose a smaller model"):
        chat.ask(ASKED, Hooks())
    assert chat._loaded is None
    chat.close()


def test_a_missing_package_is_named(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(RpgError, match="the package transformers is missing; install it"):
        ask(tiny)


def test_a_gguf_file_needs_a_newer_transformers(llama_model: Path) -> None:
    import transformers

    if CURRENT in transformers.__file__:
        pytest.skip("this release reads them")
    assert transformers.__version__ == "4.30.2"
    with pytest.raises(RpgError, match=r"transformers 4.30.2 cannot read GGUF files; give a Hugging Face folder"):
        ask(llama_model)
    # A folder with one such file and no config.json means that file.
    assert LocalChat(config(llama_model.parent)).model == llama_model.parent.name


def test_closing_while_the_model_works_does_not_hold_the_caller(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chat = LocalChat(config(tiny, max_tokens=3))
    chat.ask(ASKED, Hooks())
    model = weakref.ref(chat._loaded.model)
    go_on = threading.Event()
    loading = threading.Event()

    def slow(*_: Any, **__: Any) -> None:
        loading.set()
        go_on.wait(10)
        raise RpgError("stopped")

    monkeypatch.setattr(chat._loaded.model, "generate", slow)

    def ask() -> None:
        with pytest.raises(RpgError, match="stopped"):
            chat.ask(ASKED, Hooks())

    asking = threading.Thread(target=ask)
    asking.start()
    assert loading.wait(5)
    began = time.monotonic()
    chat.close()
    assert time.monotonic() - began < 2
    assert model() is not None
    go_on.set()
    asking.join(5)
    monkeypatch.undo()
    gc.collect()
    assert model() is None
