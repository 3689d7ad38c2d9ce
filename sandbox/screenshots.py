"""``python -m sandbox.screenshots``: the pictures of the page in README, taken on the sandbox: ``docs/*.png``.

Needs Chromium. The exit code is 0, or 2 with one sentence on stderr where there is none.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image

from sandbox import REPO_DIR
from sandbox.walk import Walk

DOCS = REPO_DIR / "docs"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
VIEWPORT = {"width": 1700, "height": 1200}
FIELDS = {"width": 256, "height": 256, "steps": 12, "cfg_scale": 4.0, "seed": 1}
SAMPLER = "Euler a"
PARTS = (
    "#script_txt2img_rpg_enabled .label-wrap",
    ".rpg_status_txt2img",
    "#script_txt2img_rpg_prompt",
    "#script_txt2img_rpg_plan",
    "#script_txt2img_rpg_undo",
    "#script_txt2img_rpg_planning",
    ".rpg_txt2img .rpg_canvas",
    "#script_txt2img_rpg_split_ratio",
    ".rpg_txt2img .rpg_editor_hint",
    "#script_txt2img_rpg_whole",
    "#script_txt2img_rpg_details",
    "#script_txt2img_rpg_shelf",
    "#script_txt2img_rpg_results",
)
"""The parts of the panel in the order of README's table, as selectors: the first is A."""
BADGE = """parts => {
    document.querySelectorAll(".badge_of_tour").forEach((badge) => badge.remove());
    parts.forEach((selector, i) => {
        const place = document.querySelector(selector).getBoundingClientRect();
        const badge = document.createElement("b");
        badge.className = "badge_of_tour";
        badge.textContent = String.fromCharCode(65 + i);
        const isSmall = place.width < 200;
        const left = place.right + window.scrollX - (isSmall ? 14 : 60);
        const top = place.top + window.scrollY + (isSmall ? -10 : 6);
        badge.style.cssText = `position: absolute; z-index: 99; left: ${left}px; top: ${top}px; width: 20px;
            border-radius: 10px; background: #b91c1c; color: #fff; font: bold 13px/20px sans-serif; text-align: center`;
        document.body.append(badge);
    });
}"""
MAX_WIDTH = 1000
"""Pixels of a picture's width at most."""
COLOURS = 128
"""A page is flat areas and text: so many colours are enough, and a file is a third as large."""
SECONDS = 120
"""How long the sandbox may take to start."""
STARTED = "The sandbox is at "


class Camera:
    """Takes pictures of parts of a page into a folder.

    ``page`` is Playwright's.
    """

    def __init__(self, page: Any, folder: Path) -> None:
        self._page, self._folder = page, folder

    def take(self, name: str, part: Any) -> None:
        """A picture of an element, ``name.png``, at most `MAX_WIDTH` wide."""
        path = self._folder / f"{name}.png"
        self._page.mouse.move(2, 2)
        self._page.wait_for_timeout(400)  # gradio fades in what it shows
        part.screenshot(path=str(path))
        self._shrink(path)

    def _shrink(self, path: Path) -> None:
        image = Image.open(path).convert("RGB")
        if image.width > MAX_WIDTH:
            image = image.resize((MAX_WIDTH, round(image.height * MAX_WIDTH / image.width)), Image.Resampling.LANCZOS)
        image.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def main(arguments: Sequence[str] = ()) -> int:
    """Take all pictures, into the folder in ``arguments`` or `DOCS`; returns the exit code."""
    folder = Path(arguments[0]) if arguments else DOCS
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        chromium = None
    if chromium is None:
        print(
            "screenshots: there is no Chromium or no playwright; install Chromium and run make setup", file=sys.stderr
        )
        return 2
    with sandbox() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport=VIEWPORT)
        page.set_default_timeout(100_000)
        tour(Walk(page), Camera(page, folder), url)
        browser.close()
    return 0


@contextmanager
def sandbox() -> Iterator[str]:
    """A sandbox of its own, whose user has no presets yet; gives its address."""
    with tempfile.TemporaryDirectory(prefix="screenshots-") as home:
        environment = {**os.environ, "RPG_CONFIG": home, "RPG_CACHE": home}
        process = subprocess.Popen(
            [sys.executable, "-m", "sandbox"], cwd=REPO_DIR, env=environment, stdout=subprocess.PIPE, text=True
        )
        try:
            yield _address_of(process)
        finally:
            process.terminate()
            process.wait(30)


def _address_of(process: subprocess.Popen) -> str:
    """The address that the sandbox prints. Raises OSError where it ends, or prints none for `SECONDS`."""
    deadline = time.monotonic() + SECONDS
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(STARTED):
            return line.removeprefix(STARTED).strip()
        if time.monotonic() > deadline:
            break
    raise OSError(f"the sandbox did not start within {SECONDS} seconds; see what python -m sandbox says")


def tour(walk: Walk, camera: Camera, url: str) -> None:
    """The pictures of README, in the order of its tour."""
    page = walk.page
    walk.open(url, FIELDS)
    page.locator("#txt2img_sampling input").fill(SAMPLER)
    page.keyboard.press("Enter")
    walk.plan()
    _badge(page, True)
    camera.take("panel", page.locator("#script_txt2img_rpg_enabled").first)
    _badge(page, False)
    walk.drag_boundary(0.5 - 1 / 16)
    walk.says("2 regions")
    walk.split(1)
    walk.write(0, "two red circles, navy background")
    walk.write(2, "a yellow ring, navy background")
    walk.write(1, "a green triangle, navy background")
    camera.take("editor", walk.part("editor").first)
    camera.take("canvas", walk.part("preview").first)
    walk.save("three parts")
    camera.take("layouts", walk.part("shelf"))
    walk.compare("plain, and without each region")
    walk.generate()
    walk.sheet()
    camera.take("compare", page.locator("#txt2img_gallery"))
    walk.compare("off")
    walk.generate()
    walk.overlay()
    camera.take("overlay", page.locator("#txt2img_gallery"))
    _dark(page, True)
    walk.paint(1, lambda: camera.take("mask", walk.part("preview").first))


def _dark(page: Any, is_dark: bool) -> None:
    page.evaluate("isDark => document.body.classList.toggle('dark', isDark)", is_dark)


def _badge(page: Any, is_on: bool) -> None:
    """Put a letter on each part of the panel that README names, or take them away."""
    page.evaluate(BADGE, PARTS if is_on else [])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
