"""What happens as the WebUI saves a picture: an infotext that fits into every kind of file, and the plan beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lib_rpg.webui import infotext, plan_picture, settings
from lib_rpg.webui.host import Processing
from lib_rpg.webui.job import Job, job_of
from lib_rpg.webui.refusing import noting

SUFFIX = ".rpg.json"
PICTURE_SUFFIX = ".rpg.png"
_SECTION = "parameters"
_OWN = re.compile(rf'(?:, )?{infotext.KEY}: "(?:[^"\\]|\\.)*"')
"""The plan in an infotext, where a value with commas is a JSON string."""


def fit_infotext(params: Any) -> None:
    """Take the plan out of an infotext that no JPEG, WebP or AVIF file holds, so that the picture is saved.

    ``params``: the WebUI's ``ImageSaveParams``, before saving. The plan alone fits; what others have added may not.
    """
    with noting(params.p, "could not check the infotext's length"):
        _fit(params.p, params.pnginfo)


def fit_pictures(p: Processing, pictures: Iterable[Any]) -> None:
    """The same for the pictures of an API's answer, whose files are made of what Pillow calls ``info``."""
    with noting(p, "could not check the infotexts' lengths"):
        for picture in pictures:
            _fit(p, getattr(picture, "info", None))


def _fit(p: Processing, info: dict[str, Any] | None) -> None:
    text = (info or {}).get(_SECTION)
    if info is None or job_of(p) is None or not isinstance(text, str) or infotext.units(text) <= infotext.MAX_UNITS:
        return
    info[_SECTION] = _OWN.sub("", text)
    p.comment("RPG: the infotext is too long for an image file, so it is without the plan")


def write_plan(params: Any) -> None:
    """Write the plan to a file beside a saved picture, where Settings say so. ``params``: as for `fit_infotext`."""
    with noting(params.p, "could not write the plan beside the picture"):
        job, when = job_of(params.p), settings.plan_files(params.p)
        if job is None or when == settings.NO_FILE:
            return
        number = getattr(params.p, "batch_index", 0)
        if number < len(job.plans) and (when == settings.EACH_FILE or not _has_plan(job, number, params)):
            path = Path(params.filename).with_suffix(SUFFIX)
            path.write_text(job.plans[number].to_json(indent=1), encoding="utf-8")


def write_plan_picture(params: Any) -> None:
    """Write a picture of the plan beside a saved picture, where Settings say so. ``params``: as for `fit_infotext`.

    A picture of another size has no regions of its own: a grid, or Compare's sheet.
    """
    with noting(params.p, "could not write the picture of the plan"):
        job = job_of(params.p)
        if job is None or not settings.plan_pictures(params.p) or params.image.size not in _sizes(params.p):
            return
        number = getattr(params.p, "batch_index", 0)
        if number < len(job.plans):
            path = Path(params.filename).with_suffix(PICTURE_SUFFIX)
            plan_picture.draw(params.image, job.plans[number]).save(path)


def link_trace(params: Any) -> None:
    """Have the trace of a picture be found by its saved file as well. ``params``: as for `fit_infotext`."""
    with noting(params.p, "could not name the picture's trace by its file, so that this is repainted by inpainting"):
        job = job_of(params.p)
        if job is not None and job.tracing is not None:
            job.tracing.saved(params.image, Path(params.filename))


def _sizes(p: Processing) -> list[tuple[int, int]]:
    """The sizes in pixels of the pictures that ``p`` draws: of its passes, and of a picture that a part is put into."""
    sizes = [(p.width, p.height), *(picture.size for picture in getattr(p, "init_images", None) or ())]
    if getattr(p, "enable_hr", False):
        target = (getattr(p, f"hr_upscale_to_{side}") - getattr(p, f"truncate_{side}") * 8 for side in "xy")
        sizes.append(tuple(target))
    return sizes


def _has_plan(job: Job, number: int, params: Any) -> bool:
    """Whether the saved infotext has the whole plan of that picture of the batch."""
    text = (params.pnginfo or {}).get(_SECTION) or ""
    return infotext.is_whole(job.written[number]) and _OWN.search(text) is not None
