"""A small client of the WebUI's API, and comparison of pictures."""

from __future__ import annotations

import base64
import functools
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image

BASE: dict[str, Any] = {
    "prompt": "a red circle on the left and a blue square on the right, navy background",
    "seed": 7,
    "steps": 4,
    "width": 64,
    "height": 64,
    "cfg_scale": 4.0,
    "sampler_name": "Euler",
}
"""The request that tests vary: small and quick."""
HIRES: dict[str, Any] = {"enable_hr": True, "hr_scale": 1.5, "hr_upscaler": "Latent", "denoising_strength": 0.6}
"""What makes it one with a hires pass."""

WITH_GRADIENTS = ("lmd", "backward", "boxdiff")
"""Guidance that the Forge family refuses."""


@dataclass(frozen=True)
class Drawn:
    """An answer of txt2img or img2img. ``pixels`` is (pictures, height, width, 3), uint8."""

    pixels: np.ndarray
    pngs: tuple[bytes, ...]
    info: dict[str, Any]

    @property
    def infotexts(self) -> list[str]:
        return self.info["infotexts"]


class HostError(Exception):
    """The host answered with an error; ``status`` is its HTTP status, ``sentence`` what it says."""

    def __init__(self, status: int, document: Any) -> None:
        self.status = status
        texts = [document.get(key) for key in ("detail", "errors")] if isinstance(document, dict) else []
        self.sentence = next((text for text in texts if isinstance(text, str) and text), str(document))
        super().__init__(f"HTTP {status}: {self.sentence}")


class Client:
    """One host's API at ``url``; ``name`` says which host it is, ``log`` is the file with its output.

    ``login`` is the ``user:password`` that the API asks for, ``data`` the folder of the host's own files, ``hires``
    what it wants in a request with a hires pass.
    """

    def __init__(
        self,
        url: str,
        name: str,
        log: Path,
        login: str = "",
        data: Path | None = None,
        hires: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        self.url = url
        self.name = name
        self.log = log
        self.data = data
        self.login = tuple(login.split(":", 1)) if login else None
        self._hires = hires
        self._hires_checkpoint: str | None = None
        self._references: dict[str, Drawn] = {}
        # A connection that is kept is closed by the WebUI after some seconds, at times just when it is used again.
        limits = httpx.Limits(max_keepalive_connections=0)
        self.http = httpx.Client(base_url=url, timeout=300, trust_env=False, auth=self.login, limits=limits)

    def close(self) -> None:
        self.http.close()

    def log_tail(self, lines: int = 60) -> str:
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])

    def said(self, words: str) -> int:
        """How often the host has said this in all its log: some hosts say much else after it."""
        return self.log.read_text(encoding="utf-8", errors="replace").count(words)

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self.http.get(path, params=params)

    def post(self, path: str, body: Any = None) -> httpx.Response:
        return self.http.post(path, json=body)

    def json(self, method: str, path: str, body: Any = None) -> Any:
        """The answer's document; HostError for any status but 200."""
        response = self.get(path) if method == "GET" else self.post(path, body)
        document = response.json()
        if response.status_code != 200:
            raise HostError(response.status_code, document)
        return document

    @functools.cached_property
    def settings(self) -> frozenset[str]:
        """Names of the host's settings."""
        return frozenset(self.json("GET", "/sdapi/v1/options"))

    @functools.cached_property
    def reads_infotexts(self) -> bool:
        """Whether the API takes an infotext: that of some forks has an error of its own with any."""
        request = {"infotext": "a\nSteps: 1, Seed: 1, Size: 64x64"}
        return self.name != "forge" or self.post("/sdapi/v1/txt2img", request).status_code == 200

    @functools.cached_property
    def checkpoints(self) -> dict[str, str]:
        """The titles of those that this host can load, by name."""
        return {model["model_name"]: model["title"] for model in self.json("GET", "/sdapi/v1/sd-models")}

    def fitted(self, request: dict[str, Any]) -> dict[str, Any]:
        """A request with what this host wants of it; skips the test where a fork lacks what it names."""
        named = {request[name] for name in ("hr_checkpoint_name", "refiner_checkpoint") if request.get(name)}
        if self.name == "forge" and named - set(self.checkpoints):
            pytest.skip(f"this host has no checkpoint {', '.join(sorted(named - set(self.checkpoints)))}")
        unknown = set(request.get("override_settings") or ()) - self.settings if self.name == "forge" else None
        if unknown:
            pytest.skip(f"this host has no setting {', '.join(sorted(unknown))}")
        if "infotext" in request and not self.reads_infotexts:
            pytest.skip("this host's API fails with any infotext")
        if self.name == "forge" and request.get("script_name") == "SD upscale":
            request = {**request, "script_args": self._upscale_arguments(*request["script_args"][1:])}
        if request.get("enable_hr") and self._hires:
            return {"hr_cfg": request.get("cfg_scale", BASE["cfg_scale"]), **request, **self._hires}
        return request

    def _upscale_arguments(self, overlap: int, upscaler: str, factor: float) -> list[Any]:
        """Those of *SD upscale* as this host has them: Classic's has no line of help, Neo's has a switch behind."""
        if upscaler not in [each["name"] for each in self.json("GET", "/sdapi/v1/upscalers")]:
            pytest.skip(f"this host has no upscaler {upscaler}")
        given = {"tile overlap": overlap, "upscaler": upscaler, "scale factor": factor}
        infos = self.json("GET", "/sdapi/v1/script-info")
        arguments = next(info["args"] for info in infos if info["name"] == "sd upscale" and info["is_img2img"])
        return [given.get(str(each["label"]).lower(), each["value"]) for each in arguments]

    def generate(self, tab: str, request: dict[str, Any]) -> Drawn:
        """Send a request, `fitted`."""
        if self.name == "forge" and request.get("enable_hr"):
            self._forget_words_of_hires(request.get("hr_checkpoint_name"))
        answer = self.json("POST", f"/sdapi/v1/{tab}", self.fitted(request))
        info = json.loads(answer["info"])
        first = info["index_of_first_image"]  # a grid may come before the pictures, ControlNet's maps after them
        images = answer["images"][first : first + len(info["all_seeds"])]
        pngs = tuple(base64.b64decode(image) for image in images)
        return Drawn(np.stack([pixels_of(png) for png in pngs]) if pngs else np.empty(0), pngs, info)

    def _forget_words_of_hires(self, checkpoint: str | None) -> None:
        """Have others encoded, if the checkpoint is not that of the last hires pass: Neo's cache does not tell."""
        if checkpoint == self._hires_checkpoint:
            return
        between = request_of(None, prompt="between", negative_prompt="as well", steps=1, **HIRES)
        self.json("POST", "/sdapi/v1/txt2img", self.fitted(between))
        self._hires_checkpoint = checkpoint

    def plain(self, *, tab: str = "txt2img", **changes: Any) -> Drawn:
        """`BASE` with changes, without regions."""
        return self.generate(tab, request_of(None, **changes))

    def reference(self, *, tab: str = "txt2img", **changes: Any) -> Drawn:
        """`plain`, drawn once for each request: what pictures with regions are compared with.

        Where the question is whether a plain picture is as it was before, `plain` draws it anew.
        """
        request = request_of(None, **changes)
        key = json.dumps([tab, request], sort_keys=True)
        if key not in self._references:
            self._references[key] = self.generate(tab, request)
        return self._references[key]

    def regional(self, rpg: dict[str, Any], *, tab: str = "txt2img", **changes: Any) -> Drawn:
        """`BASE` with changes and the extension's argument ``rpg``, switched on; skips what a fork refuses."""
        plan = rpg.get("plan")
        guidance = rpg.get("guidance", plan.get("guidance") if isinstance(plan, dict) else None)
        if self.name == "forge" and guidance in WITH_GRADIENTS:
            pytest.skip("this host samples in inference mode: see test_without_gradients_it_is_refused")
        return self.generate(tab, request_of(rpg, **changes))


def request_of(
    rpg: dict[str, Any] | None,
    *,
    faults: dict[str, Any] | None = None,
    record: dict[str, Any] | None = None,
    control: Sequence[dict[str, Any]] = (),
    scripts: dict[str, list] | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """`BASE` with changes and the arguments of RPG, of the test extension and of ControlNet's units, where given.

    ``scripts`` has the first arguments of other extensions, by title.
    """
    arguments = {
        "RPG": [] if rpg is None else [{"enabled": True, **rpg}],
        "RPG test faults": [] if faults is None else [faults],
        "RPG test record": [] if record is None else [{"record": True, **record}],
        "ControlNet": list(control),
        **(scripts or {}),
    }
    given = {name: {"args": args} for name, args in arguments.items() if args}
    return {**BASE, **changes, **({"alwayson_scripts": given} if given else {})}


def plan_of(*regions: str | dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A version 1 plan: regions side by side, or as ``split_ratio`` says."""
    plan = {
        "version": 1,
        "base_prompt": "a red circle and a blue square, navy background",
        "base_ratio": 0.2,
        "layout": "grid",
        "split_ratio": ",".join("1" * len(regions)),
        **fields,
    }
    plan["regions"] = [{"prompt": r} if isinstance(r, str) else r for r in regions]
    return plan


def plan_in(infotext: str) -> dict[str, Any]:
    """The plan that an infotext carries; nothing for one without."""
    _, _, behind = infotext.partition("RPG plan: ")
    return dict(json.loads(json.JSONDecoder().raw_decode(behind)[0])) if behind else {}


def encoded(file: bytes) -> str:
    """A file's content for a request."""
    return base64.b64encode(file).decode()


def png_of(pixels: np.ndarray) -> str:
    """(height, width) or (height, width, 3) values up to 255 as a picture for a request."""
    buffer = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(buffer, "PNG")
    return encoded(buffer.getvalue())


def pixels_of(png: bytes) -> np.ndarray:
    """(height, width, 3), uint8."""
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def png_text(png: bytes) -> str:
    """The infotext that the file carries."""
    return Image.open(io.BytesIO(png)).info.get("parameters", "")


def share_within(a: np.ndarray, b: np.ndarray, levels: int = 2) -> float:
    """The share of pixels whose every channel differs by at most ``levels`` of 255; 0 for unlike shapes."""
    if a.shape != b.shape:
        return 0.0
    return float((np.abs(a.astype(int) - b.astype(int)).max(axis=-1) <= levels).mean())


def schedulers(host: Client) -> list[str]:
    """The host's schedule types by name; skips the test where they go with the sampler, as in Classic."""
    answer = host.get("/sdapi/v1/schedulers")
    if answer.status_code == 404 and host.name == "forge":
        pytest.skip("this host has no schedule types of their own")
    return [entry["name"] for entry in answer.json()]


def skip_where_nothing_is_drawn(host: Client, tab: str = "txt2img", **request: Any) -> None:
    """Skip the test where a fork gives back the picture that it was given, as Forge does with Soft Inpainting."""
    if host.name != "forge":
        return
    one, other = (host.plain(tab=tab, **{**request, "seed": seed}).pixels for seed in (7, 8))
    if np.array_equal(one, other):
        pytest.skip("this host draws nothing on this request, without regions either")


def alike(a: np.ndarray, b: np.ndarray) -> bool:
    """The same picture to rounding: within 2 of 255 in 99.9 % of the pixels."""
    return share_within(a, b) >= 0.999


def difference(a: np.ndarray, b: np.ndarray) -> float:
    """Mean absolute difference of two pictures of one shape, of 255."""
    return float(np.abs(a.astype(int) - b.astype(int)).mean())
