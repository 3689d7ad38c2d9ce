"""Start a host on loopback, wait for its API, stop it: the sandbox, or a real WebUI on the CPU."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tests import processes, webui_folder
from tests.contract import lora_model, webuis
from tests.contract.client import Client
from tests.contract.webuis import CHECKPOINT, REPO

TEST_EXTENSION = Path(__file__).resolve().parent / "extension"
# Empty files: the test extension has ADetailer detect without them the left half, or three thirds.
DETECTOR, THIRDS = "rpg_test_left_half.pt", "rpg_test_thirds.pt"
SETTINGS = {
    "batch_cond_uncond": True,
    "pad_cond_uncond": False,
    "pad_cond_uncond_v0": False,
    "s_min_uncond_all": False,
    "skip_early_cond": 0.0,
    "upcast_attn": False,
    "eta_noise_seed_delta": 0,
    "CLIP_stop_at_last_layers": 1,
    "token_merging_ratio": 0.0,
    "emphasis": "Original",
    "hypertile_enable_unet": False,
    "hypertile_max_tile_unet": 256,
    "rpg_on_error": "stop the generation",
}
"""Defaults of the settings that tests override: after a request the WebUI resets only what its file names."""


@dataclass(frozen=True)
class Doors:
    """How a host is started: what serves it, who may use it, and its Settings and environment.

    ``api`` False leaves ``--api`` out, ``page`` False serves the API alone. ``api_auth`` and ``gradio_auth`` are the
    ``user:password`` of the API and of the page. ``settings`` are added to the host's settings file, ``environment`` to
    its environment.
    """

    api: bool = True
    page: bool = True
    api_auth: str = ""
    gradio_auth: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    light: bool = False
    """Without LoRAs, embeddings and checkpoints made on the spot."""

    @property
    def arguments(self) -> list[str]:
        """The logins as arguments, which are the same on both hosts."""
        logins = {"--api-auth": self.api_auth, "--gradio-auth": self.gradio_auth}
        return [word for option, login in logins.items() if login for word in (option, login)]


def asked_doors() -> Doors:
    """The doors that RPG_TEST_ARGS asks for: its ``--api-auth``, which the client must know."""
    words = shlex.split(os.environ.get("RPG_TEST_ARGS", ""))
    return Doors(api_auth=words[words.index("--api-auth") + 1] if "--api-auth" in words else "")


@contextlib.contextmanager
def start(
    webui_root: Path | str | None = None, *, extension: bool = True, doors: Doors | None = None
) -> Iterator[Client]:
    """A client of a fresh host: of the WebUI in ``webui_root``, or of the sandbox where that is None.

    ``extension`` False starts a WebUI without this extension, to see what it draws by itself.
    """
    if webui_root is None:
        with sandbox(doors or Doors()) as client:
            yield client
    else:
        with webui(Path(webui_root).resolve(), extension=extension, doors=doors) as client:
            yield client


@contextlib.contextmanager
def sandbox(doors: Doors) -> Iterator[Client]:
    """The sandbox with the extension and the test extension."""
    with tempfile.TemporaryDirectory(prefix="rpg-sandbox-") as folder:
        data, port = Path(folder), processes.free_port()
        loras = data / "Lora"
        lora_model.make_all(loras, CHECKPOINT)
        arguments = ["--port", str(port), "--lora-dir", str(loras)]
        arguments += ["--extension", str(TEST_EXTENSION), *doors.arguments, *([] if doors.api else ["--no-api"])]
        arguments += [] if doors.page else ["--no-page"]
        settings = data / "config.json"
        # Its own models lie in the repository.
        stored = {"rpg_gligen": str(data / "models" / "gligen"), **doors.settings}
        settings.write_text(json.dumps(stored), encoding="utf-8")
        arguments += ["--ui-settings-file", str(settings)]
        start = partial(processes.start_module, "sandbox", arguments, _environment(data, doors))
        with processes.served(start, port, "The sandbox is at") as log, _client("sandbox", port, log, data, doors) as c:
            yield c


@contextlib.contextmanager
def webui(root: Path, *, extension: bool = True, doors: Doors | None = None) -> Iterator[Client]:
    """The WebUI in ``root``, with the extensions installed there, this one, the test extension and the shapes model.

    The environment variable RPG_TEST_EXTENSIONS names the folders of further extensions, parted as in PATH, and
    RPG_TEST_ARGS has further arguments of the WebUI, such as --medvram.
    Its data folder is a temporary one that links to what it needs, so that nothing in ``root`` changes and the
    user's settings play no part. Its Python is the environment variable ``WEBUI_PYTHON``, else the WebUI's own
    venv. Needs a POSIX system for the links.
    """
    kind = webuis.of(root)
    python = webui_folder.python(root)
    asked = shlex.split(os.environ.get("RPG_TEST_ARGS", "")) if doors is None else doors.arguments
    doors = doors or asked_doors()
    with tempfile.TemporaryDirectory(prefix="rpg-webui-") as folder:
        data = Path(folder)
        extra = [Path(p) for p in os.environ.get("RPG_TEST_EXTENSIONS", "").split(os.pathsep) if p]
        ours = [*kind.extensions, *([REPO, TEST_EXTENSION] if extension else [])]
        _link_extensions(data / "extensions", root / "extensions", extra, ours)
        kind.place_models(data / "models")
        if not doors.light:
            kind.place_more(data, python)
        if any((data / "extensions").glob("*adetailer*")):
            (data / "models" / "adetailer").mkdir()
            for name in (DETECTOR, THIRDS):
                (data / "models" / "adetailer" / name).touch()
        # The usual preview of SDXL downloads a model of its own.
        settings = {**SETTINGS, "sd_model_checkpoint": CHECKPOINT.name, "show_progress_type": "Approx cheap"}
        settings.update({**kind.settings(), **doors.settings})
        (data / "config.json").write_text(json.dumps(settings), encoding="utf-8")
        # Some extensions read it before it is written.
        (data / "ui-config.json").write_text(json.dumps(dict(kind.values)), encoding="utf-8")
        port = processes.free_port()
        command = [python, "launch.py", "--data-dir", str(data), "--port", str(port)]
        command += ["--skip-prepare-environment", "--skip-torch-cuda-test", "--skip-version-check"]
        command += [*kind.arguments, "--no-hashing"]
        command += [*(["--api"] if doors.api else []), *([] if doors.page else ["--nowebui"]), *asked]
        command += ["--ui-settings-file", str(data / "config.json"), "--ui-config-file", str(data / "ui-config.json")]
        env = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "COMMANDLINE_ARGS": "", "PYTHONUNBUFFERED": "1"}
        start = partial(processes.start_command, command, kind.code(data), {**env, **_environment(data, doors)})
        # A request while a WebUI still adds its API would make it fail: it says when it has. One without a page says
        # so before it listens.
        with (
            processes.served(start, port, "Startup time:") as log,
            _client(kind.name, port, log, data, doors, kind.hires) as c,
        ):
            yield c


def _environment(data: Path, doors: Doors) -> dict[str, str]:
    """That of a host whose traces of pictures go with its data, and not into the user's cache."""
    return {"RPG_CACHE": str(data / "cache"), **doors.environment}


def _client(
    name: str, port: int, log: Path, data: Path, doors: Doors, hires: Mapping[str, Any] = MappingProxyType({})
) -> contextlib.closing[Client]:
    return contextlib.closing(Client(f"http://127.0.0.1:{port}", name, log, doors.api_auth, data, hires))


def _link_extensions(folder: Path, installed: Path, extra: Sequence[Path], ours: Sequence[Path]) -> None:
    folder.mkdir(parents=True)
    others = [path for path in installed.glob("*") if path.is_dir() and path.resolve() != REPO]
    for path in [*others, *extra]:
        (folder / path.name).symlink_to(path.resolve(), target_is_directory=True)
    for path in ours:
        (folder / f"rpg-{path.name}").symlink_to(path, target_is_directory=True)
