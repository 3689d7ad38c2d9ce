"""A client of a running WebUI's API, in the standard library: one picture with a plan."""

from __future__ import annotations

import base64
import http.client
import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lib_rpg.errors import RpgError
from lib_rpg.files import escaped
from lib_rpg.plan import Plan

# "user:password" of a WebUI that runs with --api-auth; not an option, so that it stays out of the shell's history.
AUTH_VARIABLE = "RPG_WEBUI_AUTH"
_MAX_ANSWER = 200_000_000
_MAX_WORDS = 500
_MAX_SECONDS = 7 * 24 * 3600


class ServerError(RpgError):
    """The WebUI failed (HTTP 5xx), where it did not refuse what was asked for."""


@dataclass(frozen=True)
class Txt2Img:
    """One picture: sides in pixels, seed -1 for a random one; an empty ``sampler`` leaves it to the WebUI.

    Without a ``plan`` the picture is drawn without regions.
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
    return txt2img_of(url, request.payload(), timeout)


def repaint(url: str, infotext: str, repainting: Mapping[str, Any], timeout: float = 600.0) -> tuple[bytes, str]:
    """Repaint a part of a picture with the settings of its infotext; returns and raises as `txt2img` does.

    ``repainting``: the document of a `lib_rpg.repainting.request.Repaint`.
    """
    scripts = {"RPG": {"args": [{"repaint": dict(repainting)}]}}
    body = {"infotext": infotext, "alwayson_scripts": scripts}
    try:
        return txt2img_of(url, body, timeout)
    except ServerError as error:
        # Forge's API (f2.0.1) fails over the styles of any infotext, unless the request has its own.
        if "TypeError" not in str(error):
            raise
        prompt, negative = _prompts_of(infotext)
        own = {"styles": [], "prompt": prompt, "negative_prompt": negative}
        return txt2img_of(url, {**body, **own}, timeout)


def _prompts_of(infotext: str) -> tuple[str, str]:
    """The prompt and the negative prompt of an infotext, in which the line of settings comes last."""
    prompts = infotext.strip().rpartition("\n")[0]
    prompt, _, negative = f"\n{prompts}".partition("\nNegative prompt:")
    return prompt.strip(), negative.strip()


def txt2img_of(url: str, body: dict[str, Any], timeout: float = 600.0) -> tuple[bytes, str]:
    """Draw one picture with the body of ``POST /sdapi/v1/txt2img``; returns and raises as `txt2img` does."""
    return _picture(url, "txt2img", body, timeout)


def img2img(url: str, body: dict[str, Any], timeout: float = 600.0) -> tuple[bytes, str]:
    """Draw one picture with the body of ``POST /sdapi/v1/img2img``; returns and raises as `txt2img` does."""
    return _picture(url, "img2img", body, timeout)


def _picture(url: str, tab: str, body: dict[str, Any], timeout: float) -> tuple[bytes, str]:
    _check_address(url)
    if not 0 < timeout <= _MAX_SECONDS:
        raise RpgError(f"the timeout of {timeout:g} seconds is not > 0 and at most {_MAX_SECONDS}; change it")
    shown = _words(url)
    answer = _post(f"{url.rstrip('/')}/sdapi/v1/{tab}", shown, body, timeout)
    try:
        picture = base64.b64decode(answer["images"][0].partition(",")[2] or answer["images"][0], validate=True)
        infotext = json.loads(answer["info"])["infotexts"][0]
    except (KeyError, IndexError, TypeError, AttributeError, ValueError, RecursionError):
        picture, infotext = b"", None
    if not picture or not isinstance(infotext, str):
        raise RpgError(f"{shown} answered without a picture; check its console")
    return picture, infotext


def _check_address(url: str) -> None:
    if "@" in url:
        raise RpgError(f"the address contains a password; set {AUTH_VARIABLE}=user:password instead")
    try:
        parts = urllib.parse.urlsplit(url)
        sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        sound = False
    if not sound or not url.isprintable():
        raise RpgError(f"the address {_words(repr(url))} is not valid; write it as http://127.0.0.1:7860")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is not followed: it would take the password to another server."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> None:  # noqa: ARG002
        return None


def _post(address: str, url: str, body: dict[str, Any], timeout: float) -> Any:
    headers = {"Content-Type": "application/json"}
    if auth := os.environ.get(AUTH_VARIABLE):
        headers["Authorization"] = "Basic " + base64.b64encode(auth.encode(errors="surrogateescape")).decode()
    end = time.monotonic() + timeout
    try:
        message = urllib.request.Request(address, json.dumps(body).encode(), headers)
        with urllib.request.build_opener(_NoRedirect).open(message, timeout=timeout) as answer:
            return json.loads(_body(answer, url, end))
    except urllib.error.HTTPError as error:
        kind = ServerError if error.code >= 500 else RpgError
        raise kind(_refusal(url, error)) from None
    except TimeoutError:
        raise RpgError(f"{url} gave no answer within {timeout:g} seconds; raise --timeout or check the WebUI") from None
    except urllib.error.URLError as error:
        reason = "no answer in time" if isinstance(error.reason, TimeoutError) else _words(str(error.reason))
        raise RpgError(f"{url} cannot be reached ({reason}); start the WebUI with --api, or give its --url") from None
    except RpgError:
        raise
    except (OSError, ValueError, RecursionError, http.client.HTTPException) as error:
        raise RpgError(f"{url} did not answer like a WebUI ({type(error).__name__}); check --url") from None


def _body(answer: http.client.HTTPResponse, url: str, end: float) -> bytes:
    """The whole answer, within its bounds of size and time, also where it comes by single bytes."""
    data = bytearray()
    while part := answer.read1(1 << 20):
        data += part
        if len(data) > _MAX_ANSWER:
            raise RpgError(f"{url} answered with more than {_MAX_ANSWER} bytes; check --url")
        if time.monotonic() > end:
            raise TimeoutError
    if answer.length:
        raise http.client.IncompleteRead(b"")
    return bytes(data)


def _words(text: str) -> str:
    """What came from elsewhere, for a message: escaped and not long."""
    text = escaped(" ".join(text.split()))
    return text if len(text) <= _MAX_WORDS else f"{text[:_MAX_WORDS]}…"


def _refusal(url: str, error: urllib.error.HTTPError) -> str:
    if error.code == 401:
        if os.environ.get(AUTH_VARIABLE):
            return f"{url} refused the password in {AUTH_VARIABLE}; set it to user:password as --api-auth has them"
        return f"{url} asks for a password; set {AUTH_VARIABLE}=user:password"
    if 300 <= error.code < 400:
        return f"{url} redirects the request (HTTP {error.code}); give the WebUI's own address as --url"
    reason = _reason(error)
    # A WebUI with an API says so of a sampler that it does not know; one without says "Not Found" of the address.
    if error.code == 404 and reason in ("", "Not Found"):
        return f"{url} has no API; start the WebUI with --api, or check --url"
    return f"{url} refused the request (HTTP {error.code}): {_words(reason or str(error.reason))}"


def _reason(error: urllib.error.HTTPError) -> str:
    """What the answer says of the error, empty for nothing that can be read."""
    try:
        detail = json.loads(error.read(100_000))
        words = detail.get("detail") or detail.get("errors") or detail.get("error")
        return words if isinstance(words, str) else json.dumps(words) if words else ""
    except (OSError, ValueError, AttributeError, RecursionError, http.client.HTTPException):
        return ""
