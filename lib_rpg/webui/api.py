"""Routes of the extension: plan a prompt, read a ratio, tell what was applied."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import Body, Depends, FastAPI, HTTPException
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from modules import shared

from lib_rpg import __version__
from lib_rpg.errors import RpgError
from lib_rpg.layout.report import layout_report
from lib_rpg.planner import PLANNERS, PlanRequest, plan
from lib_rpg.webui import settings
from lib_rpg.webui.status import Status


def register(app: FastAPI, status: Status) -> None:
    """Add the routes to the WebUI's app, behind `--api-auth` where that is set."""
    guards = [Depends(_check_password)] if getattr(shared.cmd_opts, "api_auth", None) else []

    def add(path: str, endpoint: Callable, method: str) -> None:
        app.add_api_route(path, endpoint, methods=[method], dependencies=guards)

    def post_plan(body: dict = Body(...)) -> dict:
        return _answer(body, {"prompt": str, "width": int, "height": int, "planner": str}, _plan)

    def post_layout(body: dict = Body(...)) -> dict:
        return _answer(body, {"split_ratio": str, "width": int, "height": int}, _layout)

    def get_status() -> dict:
        return {"version": __version__, "planners": list(PLANNERS), "last": status.last}

    add("/rpg/plan", post_plan, "POST")
    add("/rpg/layout", post_layout, "POST")
    add("/rpg/status", get_status, "GET")


def _plan(prompt: str, width: int = 512, height: int = 512, planner: str = "") -> dict:
    return plan(PlanRequest(prompt, width=width, height=height), planner=planner or settings.planner()).to_dict()


def _layout(split_ratio: str, width: int = 512, height: int = 512) -> dict:
    return layout_report(split_ratio, width, height)


def _answer(body: Mapping[str, Any], takes: Mapping[str, type], answer: Callable[..., dict]) -> dict:
    """The answer to a body that has the first key of ``takes`` and any of the others; HTTP 422 in words if not."""
    try:
        for key, value in body.items():
            if key not in takes:
                raise RpgError(f"Unknown key {str(key)[:80]!r}: this route takes {', '.join(takes)}")
            if not isinstance(value, takes[key]) or isinstance(value, bool):
                raise RpgError(f"{key} must be {'a text' if takes[key] is str else 'a whole number'}")
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
