"""Refusing a generation: an error on our side is never drawn as a picture without regions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

from fastapi import HTTPException

from lib_rpg.errors import RpgError
from lib_rpg.webui import console, settings
from lib_rpg.webui.host import Processing, host


@contextmanager
def refusing(p: Processing) -> Iterator[None]:
    """End the job of ``p`` and refuse the generation on any error inside the block; the error goes no further.

    The WebUI would swallow what a script's callback raises, and draw without regions.
    """
    try:
        yield
    except Exception as error:
        p.rpg_job = None
        if isinstance(error, RpgError):
            _refuse(p, error)
        else:
            console.report("failed before sampling")
            _refuse(p, RpgError(f"RPG failed before sampling ({type(error).__name__}); the console has the details"))


@contextmanager
def noting(p: Processing, what: str) -> Iterator[None]:
    """Turn any error inside the block, which comes after sampling, into a note: it never costs the picture."""
    try:
        yield
    except RpgError as error:
        with suppress(Exception):
            console.say_with_picture(p, f"{what}: {error}")
    except Exception as error:
        console.report(what)
        with suppress(Exception):
            console.say_with_picture(p, f"{what} ({type(error).__name__}); the console has the details")


def as_shown(p: Processing, error: RpgError) -> Exception:
    """The error for the caller: HTTP 422 with the message for the API, the message itself for the page."""
    return HTTPException(status_code=422, detail=str(error)) if getattr(p, "is_api", False) else error


def _refuse(p: Processing, error: RpgError) -> None:
    """Say why regions cannot be applied and stop this generation, or go on without regions where Settings say so.

    The next step that the WebUI does not guard raises in place of the callback. In the page, a generation that has
    not begun ends as an interrupted one, with the sentence under the (empty) gallery and in the page's corner, as a
    plot shows the comments of its first picture only.
    """
    if settings.goes_on_plain(p) or getattr(p, "txt2img_upscale", False):  # else ✨ takes the picture off the gallery
        console.say_with_picture(p, f"{error} (drawn without regions)")
        return
    # First of all: even if the report below fails, this generation must not be drawn without regions.
    refused = _raising(as_shown(p, error))
    p.setup_conds = p.sample = refused
    if getattr(p, "sampler", None) is not None:
        p.sampler.launch_sampling = refused
    if getattr(p, "is_api", False):
        p.setup_prompts = p.init = p.parse_extra_network_prompts = refused
    else:
        host.interrupt()
        if getattr(p, "prompts", None):
            p.prompts.clear()
    console.say(str(error))
    console.warn_on_page(p, str(error))


def _raising(error: Exception) -> Callable[..., NoReturn]:
    def refused(*_: object, **__: object) -> NoReturn:
        raise error

    return refused
