"""What a local model's folder may hold: weights as data only, and nothing that leads elsewhere or runs code."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

from lib_rpg.checks import check_text, refuse, show
from lib_rpg.errors import RpgError
from lib_rpg.files import FileError, expand, read_file, show_path

WEIGHTS = "model.safetensors"
_INDEX = "model.safetensors.index.json"
_PLACE = "the local model setting"
_MAX_PATH = 4000
_MAX_FILE = 20_000_000
# transformers unpickles this tokenizer's vocabulary, and one that its settings name anywhere on the disk.
_UNPICKLED = "transfoxl"
# Settings that lead transformers to other files, under any name.
_LEADING = ("transformers_weights", "configuration_files", "fast_tokenizer_files")


def sound_path(text: str) -> Path:
    """The path in the local model setting. Raises RpgError if it is not a path."""
    try:
        path = expand(Path(check_text(text, _PLACE, _MAX_PATH)), _PLACE)
        path.is_file()
        return path
    except FileError:
        refuse(_PLACE, f"{show(text)} names a user that does not exist", "write the full path")
    except OSError as error:
        refuse(_PLACE, f"{show(text)} cannot be read ({error.strerror})", "correct it")


def model_file(path: Path) -> Path | None:
    """The GGUF file that a path names, or None for a folder of ``transformers``. Raises RpgError for anything else."""
    try:
        return _model_file(path)
    except OSError as error:
        raise RpgError(f"{show_path(path)} cannot be read ({error.strerror}); correct {_PLACE}") from None


def _model_file(path: Path) -> Path | None:
    if path.is_file():
        if path.suffix.lower() != ".gguf":
            raise RpgError(f"{show_path(path)} is not a model; give a Hugging Face folder or a .gguf file in {_PLACE}")
        return path
    if not path.is_dir():
        raise RpgError(f"{show_path(path)} does not exist; correct {_PLACE}")
    if (path / "config.json").is_file():
        return None
    files = [file for file in path.iterdir() if file.suffix.lower() == ".gguf" and file.is_file()]
    if len(files) != 1:
        raise RpgError(
            f"{show_path(path)} has no config.json, so it is not a model folder; give the folder that has one"
        )
    return files[0]


def check_files(folder: Path, has_gguf: bool) -> None:
    """Raise RpgError if loading from the folder could run code, or read what is not in it."""
    try:
        for path in folder.iterdir():
            if path.exists() and not path.is_file() and not path.is_dir():
                _refuse(path, "is not a regular file", "remove it")
        if (folder / "adapter_config.json").exists():
            _refuse(folder, "contains an adapter, which refers to another model", "merge it into that model")
        # transformers 4.57 runs it even with trust_remote_code=False.
        if (folder / "custom_generate").exists():
            _refuse(folder, "has its own code in custom_generate, which is not run", "remove that folder")
        for path in sorted(folder.glob("*.json")):
            if path.name.startswith(("config", "tokenizer_config")):
                _check_settings(path)
        if not has_gguf:
            _check_weights(folder)
    except OSError as error:
        raise RpgError(f"{folder} cannot be read ({error.strerror}); correct {_PLACE}") from None


def _check_weights(folder: Path) -> None:
    # Without this package old releases of transformers read a file of any name as a pickle.
    if importlib.util.find_spec("safetensors") is None:
        raise RpgError("the package safetensors is missing; install it to plan with a local model")
    if (folder / WEIGHTS).is_file():
        return
    if not (folder / _INDEX).is_file():
        _refuse(
            folder,
            f"has no {WEIGHTS} and no {_INDEX}, and other weights may run code when they are read",
            "convert it to safetensors, or give a .gguf file",
        )
    document = _read(folder / _INDEX)
    parts = document.get("weight_map")
    if not isinstance(parts, Mapping) or not parts:
        _refuse(folder / _INDEX, "has no weight_map", "check that the folder is complete")
    for part in set(map(str, parts.values())):
        if not part.endswith(".safetensors") or not _is_bare(part):
            _refuse(folder / _INDEX, f"names {show(part)}, which is not a safetensors file in the folder", "correct it")


def _check_settings(path: Path) -> None:
    """Refuse settings that make transformers unpickle, or read files from elsewhere."""
    for key, value in _pairs(_read(path)):
        if isinstance(value, str) and _UNPICKLED in value.lower().replace("-", "").replace("_", ""):
            _refuse(path, "needs a tokenizer that is read as a pickle", "choose another model")
        leads = key in _LEADING and value is not None
        outside = key.endswith("_file") and isinstance(value, str) and not _is_bare(value) and _is_there(value)
        if leads or outside:
            _refuse(path, f"refers to other files by {show(key)}", "remove that key")


def _read(path: Path) -> Mapping[str, Any]:
    try:
        if path.stat().st_size > _MAX_FILE:
            _refuse(path, "is too large", "check that the folder is complete")
        document = json.loads(read_file(path, _MAX_FILE, path.name).decode())
    except FileError as error:
        raise RpgError(f"{path.parent} cannot be read ({error.reason}); correct {_PLACE}") from None
    except RpgError:
        raise
    except (ValueError, RecursionError):
        # transformers calls such a file broken too, in other words.
        raise RpgError(f"{path.parent.name} cannot be used ({path.name} is not valid JSON); correct it") from None
    return document if isinstance(document, Mapping) else {}


def _pairs(document: object) -> Iterator[tuple[str, object]]:
    """Every value in a document, with its key."""
    pending: list[tuple[str, object]] = [("", document)]
    while pending:
        key, value = pending.pop()
        yield key, value
        if isinstance(value, Mapping):
            pending += [(str(inner), item) for inner, item in value.items()]
        elif isinstance(value, list):
            pending += [(key, item) for item in value]


def _is_bare(name: str) -> bool:
    return bool(name) and name not in (".", "..") and not any(mark in name for mark in "/\\:\0")


def _is_there(name: str) -> bool:
    try:
        return Path(name).exists()
    except (OSError, ValueError):
        return False


def _refuse(path: Path, problem: str, advice: str) -> NoReturn:
    raise RpgError(f"{path.name} {problem}; {advice}")
