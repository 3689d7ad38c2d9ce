"""A client of a running WebUI's API, in the standard library: one picture with a plan."""

from __future__ import annotations

import base64
import http.client
import json
import os
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any

from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan

# "user:password" of a WebUI that runs with --api-auth; not an option, so that it stays out of the shell's history.
AUTH_VARIABLE = "RPG_WEBUI_AUTH"
_MAX_ANSWER = 500_000_000


@dataclass(frozen=True)
class Txt2Img:
    """One picture: sides in pixels, seed -1 for a random one; an empty ``sampler`` leaves it to the WebUI.

    Without a ``plan`` the picture is drawn plain.
    """

    prompt: str
    plan: Plan | None
    width: int = 1024
    height: int = 1024
    seed: int = -1
    steps: int = 20
    cfg_scale: float = 7.0
    sampler: str = ""
    negative_prompt: str = ""

    def payload(self) -> dict[str, Any]:
        """The body for ``POST /sdapi/v1/txt2img``."""
        body: dict[str, Any] = {
            "prompt": self.prompt,
            "negative_prompt": self.negative_prompt,
            "width": self.width,
            "height": self.height,
            "seed": self.seed,
            "steps": self.steps,
            "cfg_scale": self.cfg_scale,
        }
        if self.plan is not None:
            body["alwayson_scripts"] = {"RPG": {"args": [{"enabled": True, "plan": self.plan.to_dict()}]}}
        return {**body, "sampler_name": self.sampler} if self.sampler else body


def txt2img(url: str, request: Txt2Img, timeout: float = 600.0) -> tuple[bytes, str]:
    """Draw one picture; ``url`` is the WebUI's address, ``timeout`` in seconds without an answer.

    Returns the picture file's bytes and its infotext. Raises RpgError in one sentence if the server is down, refuses
    the request, or answers with anything but a picture.
    """
    _check_address(url)
    if not timeout > 0:
        raise RpgError(f"the timeout of {timeout:g} seconds is not > 0; give some seconds")
    answer = _post(url.rstrip("/") + "/sdapi/v1/txt2img", url, request.payload(), timeout)
    try:
        picture = base64.b64decode(answer["images"][0].partition(",")[2] or answer["images"][0], validate=True)
        infotext = json.loads(answer["info"])["infotexts"][0]
    except (KeyError, IndexError, TypeError, AttributeError, ValueError):
        raise RpgError(f"{url} answered without a picture; look at its console") from None
    return picture, infotext


def _check_address(url: str) -> None:
    try:
        parts = urllib.parse.urlsplit(url)
        sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        raise RpgError(f"the address {url!r} is not one; write it as http://127.0.0.1:7860")
    if "@" in parts.netloc:
        raise RpgError(f"the address holds a password; set {AUTH_VARIABLE}=user:password instead")


def _post(address: str, url: str, body: dict[str, Any], timeout: float) -> Any:
    headers = {"Content-Type": "application/json"}
    if auth := os.environ.get(AUTH_VARIABLE):
        headers["Authorization"] = "Basic " + base64.b64encode(auth.encode()).decode()
    try:
        message = urllib.request.Request(address, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(message, timeout=timeout) as answer:
            return json.loads(answer.read(_MAX_ANSWER))
    except urllib.error.HTTPError as error:
        raise RpgError(_refusal(url, error)) from None
    except TimeoutError:
        raise RpgError(f"{url} gave no answer within {timeout:g} seconds; raise --timeout or look at it") from None
    except urllib.error.URLError as error:
        reason = "no answer in time" if isinstance(error.reason, TimeoutError) else error.reason
        raise RpgError(f"{url} cannot be reached ({reason}); start the WebUI with --api, or give its --url") from None
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise RpgError(f"{url} did not answer as a WebUI does ({type(error).__name__}); check --url") from None


def _refusal(url: str, error: urllib.error.HTTPError) -> str:
    if error.code == 401:
        return f"{url} asks for a password; set {AUTH_VARIABLE}=user:password"
    if error.code == 404:
        return f"{url} has no API; start the WebUI with --api, or check --url"
    try:
        detail = json.loads(error.read(100_000))
        words = detail.get("detail") or detail.get("errors") or detail.get("error")
    except (OSError, ValueError, AttributeError):
        words = None
    reason = words if isinstance(words, str) else json.dumps(words) if words else error.reason
    return f"{url} refused the request (HTTP {error.code}): {str(reason)[:500]}"
