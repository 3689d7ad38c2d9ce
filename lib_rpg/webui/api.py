"""Routes of the extension: plan a prompt, read a ratio, show stored plans, say what was applied and what is taken.

A caller chooses the planner and what is asked, never the server, the model or the key: those are Settings' alone. The
routes are there only where the WebUI serves its API, and behind the API's own password.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from modules import shared

from lib_rpg import __version__
from lib_rpg import planner as planners
from lib_rpg.checks import did_you_mean, kind_of, read_json, show
from lib_rpg.errors import RpgError
from lib_rpg.gallery import gallery
from lib_rpg.layout.report import layout_report, read_ratio
from lib_rpg.webui import settings
from lib_rpg.webui.options import Defaults
from lib_rpg.webui.same_site import OtherSiteError, check_same_site
from lib_rpg.webui.schema import BODIES, Key, api_schema

MAX_BODY = 4 * planners.MAX_PICTURE // 3 + 1_000_000
"""Bytes of a request: a picture in base64, and the other keys."""
MAX_ITEMS = 500_000
"""Brackets and commas of a request."""


class Routes:
    """The extension's routes, and the threads that answer them: never those which the WebUI's own routes share.

    Plans by a model may take minutes. They have threads of their own, so that what is quick never waits for them.
    """

    def __init__(self, last_sampling: Callable[[], str]) -> None:
        """``last_sampling`` gives the line that says what the newest regional sampling did, empty for none."""
        self._last_sampling = last_sampling
        self._quick = Workers(threads=2, waiting=64)
        self._models = Workers(threads=4, waiting=28)

    def register(self, app: FastAPI) -> None:
        """Add the routes to the WebUI's app, behind ``--api-auth`` where that is set; none without ``--api``."""
        answers: dict[str, Callable[..., dict]] = {
            "/rpg/plan": _plan,
            "/rpg/request": _request_text,
            "/rpg/layout": _layout,
        }
        add_routes(
            app,
            {
                **{("POST", path): self._post(BODIES[path], answer) for path, answer in answers.items()},
                ("GET", "/rpg/gallery"): self._gallery,
                ("GET", "/rpg/schema"): self._schema,
                ("GET", "/rpg/status"): self._last,
            },
        )

    def close(self) -> None:
        """End the threads, once they have answered; may be called twice."""
        self._quick.close()
        self._models.close()

    def _post(self, takes: Mapping[str, Key], answer: Callable[..., dict]) -> Callable:
        async def endpoint(request: Request) -> dict:
            data = await read_body(request)
            body = await self._quick.run(lambda: document_in(data, "prompt"))
            workers = self._models if answer is _plan and _asks_model(body) else self._quick
            return await workers.run(lambda: _answer(body, takes, answer))

        return endpoint

    async def _gallery(self) -> dict:
        return {"examples": [example.to_dict() for example in gallery()]}

    async def _schema(self) -> dict:
        return api_schema()

    async def _last(self) -> dict:
        return {"version": __version__, "planners": list(planners.PLANNERS), "last": self._last_sampling()}


class Workers:
    """Threads for requests: ``threads`` are answered at once, ``waiting`` more may wait, others are sent away.

    `lib_rpg.planner.turns.Turns` bounds something else: the plans that ask a server, of the page and of generations as
    well. They wait in threads that are theirs already, show how many are before them, and can be cancelled.
    """

    def __init__(self, threads: int, waiting: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="rpg-route")
        self._room = threads + waiting
        self._inside = 0

    async def run(self, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Do the work in a thread. Raises HTTPException 503 where too many wait already."""
        if self._inside >= self._room:
            raise HTTPException(503, f"RPG is already answering {self._inside} requests; send this one again later")
        self._inside += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._inside -= 1

    def close(self) -> None:
        """End the threads, once they have answered; requests that wait get no answer. May be called twice."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def add_routes(app: FastAPI, endpoints: Mapping[tuple[str, str], Callable[..., Any]]) -> None:
    """Add endpoints by method and path to the WebUI's app, behind ``--api-auth`` where set; none without ``--api``."""
    if not _has_api():
        return
    guards = [Depends(_check_password)] if getattr(shared.cmd_opts, "api_auth", None) else []
    for (method, path), endpoint in endpoints.items():
        app.add_api_route(path, endpoint, methods=[method], dependencies=guards)


def _has_api() -> bool:
    return bool(getattr(shared.cmd_opts, "api", False) or getattr(shared.cmd_opts, "nowebui", False))


async def read_body(request: Request) -> bytes:
    """The bytes that a request brings as JSON. Raises HTTPException in one sentence for what may not be sent.

    No page of another origin can send ``application/json`` without being asked first, which the WebUI answers with no.
    """
    try:
        check_same_site(request.headers, shared.cmd_opts)
    except OtherSiteError as error:
        raise HTTPException(403, str(error)) from None
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise HTTPException(415, "the request's Content-Type is not application/json; send JSON with that Content-Type")
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY:
            raise HTTPException(413, f"the request has more than {MAX_BODY} bytes; send a smaller one")
    return bytes(body)


def document_in(body: bytes, key: str) -> dict[str, Any]:
    """The JSON object in a request's body, one with ``key``. Raises HTTPException in one sentence for anything else."""
    # A small list takes thirty times the room in memory that it has in JSON.
    if sum(map(body.count, (b"[", b"{", b","))) > MAX_ITEMS:
        raise HTTPException(413, f"the request has more than {MAX_ITEMS} items; send a smaller one")
    try:
        document = read_json(body.decode("utf-8-sig"), "request")
        if not isinstance(document, dict):
            raise RpgError(f"the request is {kind_of(document)} and not an object; send one with the key '{key}'")
    except UnicodeDecodeError:
        raise HTTPException(422, "the request is not UTF-8 text; send JSON in UTF-8") from None
    except RpgError as error:
        raise HTTPException(422, str(error)) from None
    return document


def _asks_model(body: Mapping[str, Any]) -> bool:
    return (body.get("planner") or settings.defaults().planner) not in ("offline", "paste")


def _plan(prompt: str, planner: str = "", answer: str = "", again: bool = False, **options: Any) -> dict:
    """The plan for a body of that route; with planner paste, the one in ``answer``."""
    defaults = settings.defaults()
    request = _plan_request(prompt, defaults, **options)
    name = planner or defaults.planner
    if answer and name != "paste":
        raise RpgError("answer needs the planner paste: leave it out, or set planner to paste")
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
    """The cells of a ratio, with ``notes`` on what was mended in it, if anything was."""
    report = layout_report(split_ratio, width, height, rows_first)
    notes = read_ratio(split_ratio, rows_first).notes
    return {**report, "notes": list(notes)} if notes else report


_KINDS = {str: "a text", int: "a whole number", bool: "true or false"}


def _answer(body: Mapping[str, Any], takes: Mapping[str, Key], answer: Callable[..., dict]) -> dict:
    """The answer to a body that has the first key of ``takes`` and any of the others; HTTP 422 in words if not."""
    try:
        for name, value in body.items():
            if name not in takes:
                raise RpgError(f"Unknown key {name[:80]!r}: {did_you_mean(name, takes, 'this route takes')}")
            kind = takes[name].kind
            if not isinstance(value, kind) or isinstance(value, bool) != (kind is bool):
                raise RpgError(f"{name} must be {_KINDS[kind]}, not {show(value)}; correct it, or leave it out")
        if (first := next(iter(takes))) not in body:
            raise RpgError(f"{first} is missing; this route takes {', '.join(takes)}")
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
