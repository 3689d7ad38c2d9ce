"""A chat model in this process, through ``transformers``: a Hugging Face folder, or a GGUF file where it reads them."""

from __future__ import annotations

import asyncio
import importlib.util
import re
import sys
import threading
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib_rpg.checks import show
from lib_rpg.errors import RpgError
from lib_rpg.planner.config import PlannerConfig
from lib_rpg.planner.llm.chat import ChatAnswer, ChatRequest, Hooks
from lib_rpg.planner.llm.local.chat_template import prompt_text
from lib_rpg.planner.llm.local.files import check_files, model_file, sound_path
from lib_rpg.planner.llm.local.model import LOCAL_MODELS
from lib_rpg.planner.llm.server.request_form import with_schema_in_words
from lib_rpg.planner.llm.thinking import without_leading_thinking
from lib_rpg.planner.llm.watched import Progress, run_watched

_DTYPES = {"fp32": "float32", "fp16": "float16", "bf16": "bfloat16"}
_FIRST_WITH_GGUF = (4, 41)
_FIRST_WITH_DTYPE = (4, 56)


@dataclass(frozen=True)
class _Loaded:
    """A model on its device, with its tokenizer."""

    model: Any
    tokenizer: Any
    device: str


class LocalChat:
    """A `Chat` with a model of this machine, loaded at the first question and shared with other chats that have it."""

    def __init__(self, config: PlannerConfig) -> None:
        """Raises RpgError if no model is named, or it is not there."""
        if not config.local_folder.strip():
            raise RpgError("the local planner has no model yet; set a model's folder in the local model setting")
        self._path = sound_path(config.local_folder)
        self._config = config
        self._user = object()
        # A chat that nobody closes must not keep the model, and so all other models out.
        weakref.finalize(self, LOCAL_MODELS.close, self._user)
        self.name = "local"
        self.model = self._path.name
        model_file(self._path)

    @property
    def _loaded(self) -> _Loaded | None:
        """The loaded model, if this chat has a share in it."""
        return LOCAL_MODELS.loaded_for(self._user)

    def ask(self, request: ChatRequest, hooks: Hooks) -> ChatAnswer:
        """Answer a chat, after those that came before. Raises RpgError in one sentence, and CancelledPlanError."""
        if request.picture is not None:
            raise RpgError("the local planner cannot use pictures; remove the picture, or plan with a server's model")
        stop = threading.Event()
        waits = threading.Event()
        waits.set()

        async def work(progress: Progress) -> ChatAnswer:
            try:
                return await asyncio.to_thread(self._answer, request, progress, stop, waits)
            finally:
                stop.set()

        def late() -> str:
            if waits.is_set():
                return (
                    f"{self.model} was not loaded within {self._config.timeout:g} seconds, because other plans used "
                    "local models; plan again later, or raise the timeout"
                )
            return (
                f"{self.model} did not finish within {self._config.timeout:g} seconds; raise the timeout, lower the "
                "answer's token limit, or choose a smaller model"
            )

        return run_watched(work, hooks, self._config.timeout, late)

    def check_plan(self, plan: str) -> None:
        """Nothing to find: no secret goes to a model of this machine."""

    def close(self) -> None:
        """Give up the share in the model; its memory is given back with the last one. Where it still works or is being
        loaded, as soon as that is done."""
        LOCAL_MODELS.close(self._user)

    def _answer(
        self, request: ChatRequest, progress: Progress, stop: threading.Event, waits: threading.Event
    ) -> ChatAnswer:
        def load() -> _Loaded:
            waits.clear()
            progress.status = f"loading {self.model}"
            return _load(self._path, self._config)

        def work(loaded: _Loaded) -> ChatAnswer:
            waits.clear()
            progress.status = f"{self.model} is answering on {loaded.device}"
            return self._generate(loaded, request, progress, stop)

        def on_wait(before: int) -> None:
            progress.status = f"waiting for {before} other {'plan' if before == 1 else 'plans'} of local models"

        name = (self._path.absolute(), self._config.device.strip().lower(), self._config.dtype.strip().lower())
        answer: ChatAnswer = LOCAL_MODELS.run(
            name,
            self._user,
            stop,
            load=load,
            work=work,
            on_wait=on_wait,
            describe=lambda error: _failure(error, self.model),
        )
        return answer

    def _generate(self, loaded: _Loaded, request: ChatRequest, progress: Progress, stop: threading.Event) -> ChatAnswer:
        import torch

        folder = self._path if self._path.is_dir() else self._path.parent
        text, has_special = prompt_text(loaded.tokenizer, with_schema_in_words(request, "text"), folder)
        prompt = loaded.tokenizer(text, return_tensors="pt", add_special_tokens=not has_special)["input_ids"]
        prompt_tokens = prompt.shape[1]
        limit = getattr(loaded.model.config, "max_position_embeddings", None) or sys.maxsize
        room = min(self._config.max_tokens, limit - prompt_tokens)
        if room < 1:
            raise RpgError(
                f"the chat has {prompt_tokens} tokens and {self.model} allows {limit} with the answer; shorten the "
                "prompt, give fewer examples, or choose another model"
            )
        ends = _end_tokens(loaded)
        prompt = prompt.to(loaded.device)
        with torch.inference_mode():
            output = loaded.model.generate(
                input_ids=prompt,
                attention_mask=torch.ones_like(prompt),
                max_new_tokens=room,
                do_sample=False,
                eos_token_id=ends or None,
                pad_token_id=ends[0] if ends else 0,
                streamer=_streamer(loaded.tokenizer, progress),
                stopping_criteria=_stopping(stop),
            )
        tokens = output[0, prompt_tokens:].tolist()
        answer = without_leading_thinking(loaded.tokenizer.decode(tokens, skip_special_tokens=True)).strip()
        cut = len(tokens) >= room and tokens[-1] not in ends
        if not answer and not stop.is_set():
            problem = f"gave no answer within {room} tokens; raise the answer's token limit" if cut else ""
            raise RpgError(f"{self.model} {problem or 'gave an empty answer; try again, or choose another model'}")
        return ChatAnswer(answer, self.model, "text", prompt_tokens, len(tokens), cut=cut)


def _load(path: Path, config: PlannerConfig) -> _Loaded:
    """Read the model: only from the disk, and running no code that comes with it."""
    try:
        import torch
        import transformers
    except ImportError as error:
        raise RpgError(f"the package {error.name} is missing; install it to plan with a local model") from None

    device = _device(torch, config)
    dtype = _dtype(torch, config, device)
    release = tuple(int(part) for part in re.findall(r"\d+", transformers.__version__)[:2])
    options: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    weights: dict[str, Any] = {"dtype" if release >= _FIRST_WITH_DTYPE else "torch_dtype": dtype}
    file = model_file(path)
    check_files(path if file is None else file.parent, has_gguf=file is not None)
    if file is None:
        folder = path
        weights["use_safetensors"] = True
    else:
        folder = file.parent
        options["gguf_file"] = file.name
        _check_reads_gguf(release, transformers.__version__)
        # Given to both: each would read the whole file for it again, which takes long.
        options["config"] = transformers.AutoConfig.from_pretrained(str(folder), **options)
    tokenizer = transformers.AutoTokenizer.from_pretrained(str(folder), **options)
    model = transformers.AutoModelForCausalLM.from_pretrained(str(folder), **options, **weights)
    return _Loaded(model.to(device).eval(), tokenizer, device)


def _check_reads_gguf(release: tuple[int, ...], version: str) -> None:
    if release < _FIRST_WITH_GGUF:
        raise RpgError(
            f"transformers {version} cannot read GGUF files; give a Hugging Face folder, or serve the file with "
            "llama.cpp or Ollama and plan with that"
        )
    for package in ("gguf", "accelerate"):
        if importlib.util.find_spec(package) is None:
            raise RpgError(f"the package {package} is missing; install it with: pip install {package}")


def _device(torch: Any, config: PlannerConfig) -> str:
    name = config.device.strip().lower()
    has_mps = hasattr(torch.backends, "mps") and torch.backends.mps.is_available()
    if not name:
        return "cuda" if torch.cuda.is_available() else "mps" if has_mps else "cpu"
    kind, _, index = name.partition(":")
    there = {"cpu": 1, "mps": int(has_mps), "cuda": torch.cuda.device_count() if torch.cuda.is_available() else 0}
    if kind not in there or (index and not index.isdigit()):
        raise RpgError(f"device: {show(name)} is unknown; use cpu, cuda, cuda:1 or mps, or leave it empty")
    if int(index or 0) >= there[kind]:
        raise RpgError(f"device: this machine has no {name}; leave the setting empty to choose one automatically")
    return name


def _dtype(torch: Any, config: PlannerConfig, device: str) -> Any:
    name = config.dtype.strip().lower()
    if not name:
        if device.startswith("cuda"):
            return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
        return torch.float16 if device.startswith("mps") else torch.float32
    name = _DTYPES.get(name, name)
    if name not in _DTYPES.values():
        raise RpgError(f"dtype: {show(name)} is unknown; use {', '.join(_DTYPES.values())}, or leave it empty")
    return getattr(torch, name)


def _end_tokens(loaded: _Loaded) -> list[int]:
    """Every token that ends an answer, as the model's and the tokenizer's settings have it."""
    settings = getattr(loaded.model, "generation_config", None)
    found: list[int] = []
    for value in (getattr(settings, "eos_token_id", None), loaded.tokenizer.eos_token_id):
        found.extend(value if isinstance(value, list | tuple) else [] if value is None else [value])
    return list(dict.fromkeys(int(token) for token in found))


def _streamer(tokenizer: Any, progress: Progress) -> Any:
    from transformers import TextStreamer

    class PieceStreamer(TextStreamer):
        def on_finalized_text(self, text: str, stream_end: bool = False) -> None:  # noqa: ARG002
            progress.reply.pieces.append(text)

    return PieceStreamer(tokenizer, skip_prompt=True, skip_special_tokens=True)


def _stopping(stop: threading.Event) -> Any:
    import torch
    from transformers import StoppingCriteria, StoppingCriteriaList

    class Stop(StoppingCriteria):
        def __call__(self, input_ids: Any, scores: Any, **_: Any) -> Any:  # noqa: ARG002
            # One flag for each row, which old releases take as one bool.
            return torch.full((input_ids.shape[0],), stop.is_set(), dtype=torch.bool, device=input_ids.device)

    return StoppingCriteriaList([Stop()])


def _failure(error: Exception, model: str) -> str:
    """The error in one sentence."""
    words = " ".join(str(error).split())
    if isinstance(error, MemoryError) or re.search(r"out of memory|can't allocate|not enough memory", words):
        return f"{model} does not fit into memory; choose a smaller model, the dtype float16, or the device cpu"
    if "trust_remote_code" in words:
        return f"{model} has its own code, which is not run; choose a model that transformers supports"
    if "Unrecognized configuration class" in words or "Unrecognized model" in words:
        problem = "is not a chat model that this release of transformers supports"
        return f"{model} {problem}; choose another, or update transformers"
    return f"{model} cannot be used ({type(error).__name__}: {words[:200]}); check that its files are complete"
