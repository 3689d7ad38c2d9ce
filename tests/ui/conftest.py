"""A browser on tests/ui/page.py. Without Chromium or playwright these tests are skipped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial

import pytest

from tests import processes, webui_folder
from tests.contract import webuis

Served = Callable[[Mapping[str, str]], AbstractContextManager[str]]


@pytest.fixture(scope="session")
def address(served: Served) -> Iterator[str]:
    """Where the page is served, by a process of its own."""
    with served({}) as url:
        yield url


@pytest.fixture(scope="session")
def served(request: pytest.FixtureRequest) -> Served:
    """Serves a page, in a process with these additions to the environment, for as long as the block runs."""
    root = webui_folder.asked(request.config)

    @contextmanager
    def serve(environment: Mapping[str, str]) -> Iterator[str]:
        port = processes.free_port()
        if root is None:
            start = partial(processes.start_module, "tests.ui.page", [str(port)], environment)
        else:
            # By its path: a WebUI's environment may have a package of the name `tests`.
            page = [str(processes.REPO / "tests/ui/page.py"), str(port), str(root), *webuis.of(root).arguments]
            command = [webui_folder.python(root), *page]
            start = partial(processes.start_command, command, processes.REPO, environment)
        with processes.served(start, port):
            yield f"http://127.0.0.1:{port}/"

    return serve


@pytest.fixture(scope="module")
def loaded_page(browser, address: str) -> Iterator:
    """The page, loaded once, with txt2img's panel open. Reaches nothing but `address`; keeps errors of its scripts."""
    page = browser.new_page()
    page.set_default_timeout(20_000)
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    block_the_net(page, address)
    open_panel(page, address)
    yield page
    page.close()


@pytest.fixture
def page(loaded_page, address: str) -> Iterator:
    """The page as if just loaded, but for Undo's history; fails the test if a script raised."""
    page = loaded_page
    page.set_viewport_size({"width": 1300, "height": 1000})
    page.locator("#tabs > .tab-nav > button", has_text="txt2img").click()
    page.evaluate(RESET)
    _await_status(page, "Type a prompt")
    yield page
    page.unroute_all(behavior="ignoreErrors")
    block_the_net(page, address)
    errors, page.errors = page.errors, []
    assert errors == []


def _await_status(page, words: str) -> None:
    """Wait for these words; where they do not come, fail with what is known of why."""
    from playwright.sync_api import Error

    try:
        page.locator(".rpg_status_txt2img", has_text=words).wait_for()
    except Error as error:
        status = page.locator(".rpg_status_txt2img").first.inner_text()
        request = page.evaluate("() => sdWebuiRpg.panels.txt2img.request()")
        raise AssertionError(f"status {status!r}, request {request}, errors {page.errors}") from error


def block_the_net(page, address: str) -> None:
    page.route("**/*", lambda route: route.continue_() if route.request.url.startswith(address) else route.abort())


def open_panel(page, url: str) -> None:
    page.goto(url)
    page.locator("#script_txt2img_rpg_enabled .label-wrap").first.click()
    page.locator("#script_txt2img_rpg_split_ratio").wait_for()
    for name in ("whole",):  # what most tests type in
        page.locator(f"#script_txt2img_rpg_{name} .label-wrap").click()


RESET = """() => {
    const put = (selector, value) => {
        const input = document.querySelector(selector);
        input.value = value;
        updateInput(input);
    };
    for (const tab of ["img2img", "txt2img"]) {
        sdWebuiRpg.panels[tab].replace("");
        for (const name of ["prompt", "sent", "pasted"]) put(`#${tab}_${name} textarea`, "");
        for (const side of ["width", "height"]) put(`#${tab}_${side} input[type=number]`, 512);
    }
    const header = document.querySelector("#script_txt2img_rpg_enabled .label-wrap");
    const checkbox = header.querySelector("input");
    if (!header.classList.contains("open")) header.click();
    if (!checkbox.checked) checkbox.click();
}"""
