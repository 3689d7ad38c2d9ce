"""Routes of the extension: plan a prompt, read a ratio, show stored plans, tell what was applied.

A caller chooses the planner and what is asked, never the server, the model or the key: those are Settings' alone.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import Body, Depends, FastAPI, HTTPException
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from modules import shared

from lib_rpg import __version__
from lib_rpg import planner as planners
from lib_rpg.errors import RpgError
from lib_rpg.layout.report import layout_report
from lib_rpg.planner.gallery import gallery
from lib_rpg.webui import settings
from lib_rpg.webui.args import Defaults
from lib_rpg.webui.status import Status


def register(app: FastAPI, status: Status) -> None:
    """Add the routes to the WebUI's app, behind `--api-auth` where that is set."""
    guards = [Depends(_check_password)] if getattr(shared.cmd_opts, "api_auth", None) else []

    def add(path: str, endpoint: Callable, method: str) -> None:
        app.add_api_route(path, endpoint, methods=[method], dependencies=guards)

    def post_plan(body: dict = Body(...)) -> dict:
        return _answer(body, {**_REQUEST, "planner": str, "answer": str, "again": bool}, _plan)

    def post_request(body: dict = Body(...)) -> dict:
        return _answer(body, _REQUEST, _request_text)

    def post_layout(body: dict = Body(...)) -> dict:
        return _answer(body, {"split_ratio": str, "width": int, "height": int, "rows_first": bool}, _layout)

    def get_gallery() -> dict:
        return {"examples": [example.to_dict() for example in gallery()]}

    def get_status() -> dict:
        return {"version": __version__, "planners": list(planners.PLANNERS), "last": status.last}

    add("/rpg/plan", post_plan, "POST")
    add("/rpg/request", post_request, "POST")
    add("/rpg/layout", post_layout, "POST")
    add("/rpg/gallery", get_gallery, "GET")
    add("/rpg/status", get_status, "GET")


_REQUEST = {
    "prompt": str,
    "width": int,
    "height": int,
    "method": str,
    "examples": str,
    "recaption": bool,
    "language": str,
    "picture": str,
}


def _plan(prompt: str, planner: str = "", answer: str = "", again: bool = False, **options: Any) -> dict:
    """The plan for a body of `_REQUEST`; with planner paste, the one in ``answer``."""
    defaults = settings.defaults()
    request = _plan_request(prompt, defaults, **options)
    name = planner or defaults.planner
    if answer and name != "paste":
        raise RpgError("answer goes with the planner paste: leave it out, or set planner to paste")
    if answer:
        return planners.read_pasted(answer, request).to_dict()
    return planners.plan(request, name, config=settings.config(), fresh=again).to_dict()


def _request_text(prompt: str, **options: Any) -> dict:
    """The request as text, for a chat page."""
    return {"text": planners.request_text(_plan_request(prompt, settings.defaults(), **options), settings.config())}


def _plan_request(prompt: str, defaults: Defaults, picture: str = "", **options: Any) -> planners.PlanRequest:
    """``picture`` is an image file in base64, with or without a data URL's head."""
    try:
        data = base64.b64decode(picture.rpartition(",")[2], validate=True) if picture else None
    except (binascii.Error, ValueError):
        raise RpgError("picture is not an image file in base64: encode the file's bytes") from None
    return planners.PlanRequest(prompt, picture=data, **{**defaults.asked, **options})


def _layout(split_ratio: str, width: int = 512, height: int = 512, rows_first: bool = False) -> dict:
    return layout_report(split_ratio, width, height, rows_first)


_KINDS = {str: "a text", int: "a whole number", bool: "true or false"}


def _answer(body: Mapping[str, Any], takes: Mapping[str, type], answer: Callable[..., dict]) -> dict:
    """The answer to a body that has the first key of ``takes`` and any of the others; HTTP 422 in words if not."""
    try:
        for key, value in body.items():
            if key not in takes:
                raise RpgError(f"Unknown key {str(key)[:80]!r}: this route takes {', '.join(takes)}")
            if not isinstance(value, takes[key]) or isinstance(value, bool) != (takes[key] is bool):
                raise RpgError(f"{key} must be {_KINDS[takes[key]]}")
        first = next(iter(takes))
        if first not in body:
            raise RpgError(f"{first} is missing")
        return answer(**body)
    except RpgError as error:
        raise HTTPException(status_code=422, detail=str(error)) from None


def _check_password(credentials: HTTPBasicCredentials = Depends(HTTPBasic())) -> None:
    """Accept what the WebUI's own API accepts (`--api-auth name:password,…`)."""
    given = f"{credentials.username}:{credentials.password}".encode()
    known = (pair.strip().encode() for pair in shared.cmd_opts.api_auth.split(","))
    if not any(secrets.compare_digest(given, pair) for pair in known):
        raise HTTPException(
            status_code=401, detail="Incorrect user name or password", headers={"WWW-Authenticate": "Basic"}
        )
