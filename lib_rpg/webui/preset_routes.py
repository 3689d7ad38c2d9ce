"""Routes of presets: list, read, save or import, rename, delete.

A preset's name may hold any character, a slash as well: it is a query parameter or in the body, never in the path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from modules import shared

from lib_rpg.checks import check_flag, check_keys, check_text, refuse
from lib_rpg.errors import RpgError
from lib_rpg.presets import Found, Preset, PresetStore, read_presets
from lib_rpg.presets.preset import MAX_FILE
from lib_rpg.webui.api import Workers, add_routes, document_in, read_body
from lib_rpg.webui.same_site import OtherSiteError, check_same_site

_NAME = ("name",)
_RENAMED = ("name", "new_name")
_SAVED = ("preset", "file", "replace")


class PresetRoutes:
    """The routes of presets, and the thread that answers them. ``store`` gives the folder."""

    def __init__(self, store: Callable[[], PresetStore] = PresetStore) -> None:
        self._store = store
        self._workers = Workers(threads=1, waiting=32)

    def register(self, app: FastAPI) -> None:
        """Add the routes to the WebUI's app, behind ``--api-auth`` where that is set; none without ``--api``."""
        add_routes(
            app,
            {
                ("GET", "/rpg/presets"): self._asked(lambda store, _: asdict(store.listing())),
                ("GET", "/rpg/preset"): self._asked(_loaded),
                ("DELETE", "/rpg/preset"): self._asked(_deleted),
                ("POST", "/rpg/presets"): self._sent(_saved),
                ("POST", "/rpg/presets/rename"): self._sent(_renamed),
            },
        )

    def close(self) -> None:
        """End the thread, once it has answered; may be called twice."""
        self._workers.close()

    def _asked(self, answer: Callable[[PresetStore, Mapping[str, Any]], dict[str, Any]]) -> Callable:
        """An endpoint whose values are in the query."""

        async def endpoint(request: Request) -> dict[str, Any]:
            try:
                check_same_site(request.headers, shared.cmd_opts)
            except OtherSiteError as error:
                raise HTTPException(403, str(error)) from None
            return await self._workers.run(lambda: self._answer(answer, dict(request.query_params)))

        return endpoint

    def _sent(self, answer: Callable[[PresetStore, Mapping[str, Any]], dict[str, Any]]) -> Callable:
        """An endpoint whose values are a JSON object."""

        async def endpoint(request: Request) -> dict[str, Any]:
            data = await read_body(request)
            return await self._workers.run(lambda: self._answer(answer, document_in(data, "name")))

        return endpoint

    def _answer(self, answer: Callable[..., dict[str, Any]], values: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return answer(self._store(), values)
        except RpgError as error:
            raise HTTPException(422, str(error)) from None


def _loaded(store: PresetStore, values: Mapping[str, Any]) -> dict[str, Any]:
    return store.load(_given(values, _NAME, "name")).to_dict()


def _deleted(store: PresetStore, values: Mapping[str, Any]) -> dict[str, Any]:
    name = _given(values, _NAME, "name")
    store.delete(name)
    return {"deleted": name}


def _renamed(store: PresetStore, values: Mapping[str, Any]) -> dict[str, Any]:
    name, new_name = (_given(values, _RENAMED, key) for key in _RENAMED)
    store.rename(name, new_name)
    return {"name": new_name}


def _saved(store: PresetStore, values: Mapping[str, Any]) -> dict[str, Any]:
    """Store ``preset``, or the presets of ``file``, the text of a file of ours or of another tool.

    Raises RpgError where none of them is stored.
    """
    given = check_keys(values, "", _SAVED)
    if ("preset" in given) == ("file" in given):
        refuse("preset", "neither or both of 'preset' and 'file' are given", "give one of them")
    replace = check_flag(given.get("replace", False), "replace")
    if "preset" in given:
        found = Found((Preset.from_dict(given["preset"]),), {}, ())
    else:
        found = read_presets(check_text(given["file"], "file", MAX_FILE))
    added = store.add(found.presets, replace)
    if not added.names:
        raise RpgError(next(iter(added.refused.values())))
    return {"stored": added.names, "refused": {**found.refused, **added.refused}, "notes": found.notes}


def _given(values: Mapping[str, Any], known: tuple[str, ...], key: str) -> str:
    """A text that has to be given; other keys than the known ones are refused by name."""
    check_keys(values, "", known)
    if key not in values:
        refuse(key, "is missing", "give a preset's name")
    return check_text(values[key], key, MAX_FILE, needed=True)
