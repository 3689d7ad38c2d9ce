"""Where a key is, and where it never is, after it was typed on the page and whatever went wrong then."""

from __future__ import annotations

import base64
import contextlib
import json
import time
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.client import BASE, Client, HostError, plan_of
from tests.contract.model_server import ModelServer, Reply, completion

KEY = "sk-proj-Zq7Wm2Xv9Lk4Tn8Rb3Yd6Hs1"
JSON = {"Content-Type": "application/json"}
FORMS = {
    "plain": KEY,
    "capitals": KEY.upper(),
    "small": KEY.lower(),
    "base64": base64.b64encode(KEY.encode()).decode(),
    "base64 of a header": base64.b64encode(f"Bearer {KEY}".encode()).decode(),
    "base64 of a pair": base64.urlsafe_b64encode(f"u:{KEY}".encode()).decode(),
    "hex": KEY.encode().hex(),
    "reversed": KEY[::-1],
    "percent": "".join(f"%{ord(c):02x}" for c in KEY),
    "quoted": urllib.parse.quote(KEY, safe=""),
    "spaced": " ".join(KEY),
    "dotted": ".".join(KEY),
    "zero width": "\u200b".join(KEY),
    "escaped": "".join(f"\\u{ord(c):04x}" for c in KEY),
    "halves": f"{KEY[:16]} and then {KEY[16:]}",
}
"""The forms in which a server may send a key back."""


def plan_with(text: str, **fields: Any) -> Reply:
    cells = [{"width": 1, "prompt": f"a red circle {text}"}, {"width": 1, "prompt": "a blue square"}]
    return completion(json.dumps({"base_prompt": "two things", "rows": [{"height": 1, "cells": cells}]}), **fields)


def hostile_replies() -> Iterator[tuple[str, Reply]]:
    """Every answer that the requests of the test get, by name."""
    for name, form in FORMS.items():
        yield f"error: {name}", (400, JSON, json.dumps({"error": {"message": f"bad key {form}"}}).encode())
        yield f"plan: {name}", plan_with(form)
    yield "error page", (500, {"Content-Type": "text/html"}, f"<html>{KEY}</html>".encode())
    yield "redirect", (302, {"Location": f"http://evil.example/?key={KEY}"}, b"")
    yield "redirect to a host", (302, {"Location": f"http://{KEY}.evil.example/"}, b"")
    yield "not allowed", (403, JSON, json.dumps({"message": KEY}).encode())
    yield "model's name", plan_with("", model=KEY)
    yield "refusal", (200, JSON, json.dumps({"choices": [{"message": {"content": "", "refusal": KEY}}]}).encode())
    yield "no JSON", (200, JSON, f"{{{KEY}".encode())
    yield "error in a good answer", (200, JSON, json.dumps({"error": {"message": KEY, "code": 400}}).encode())
    stream = "".join(f'data: {{"choices": [{{"delta": {{"content": "{c}"}}}}]}}\n\n' for c in KEY)
    yield "stream", (200, {"Content-Type": "text/event-stream"}, f"{stream}data: [DONE]\n\n".encode())
    yield "retry", (400, {**JSON, "Retry-After": KEY}, json.dumps({"error": {"message": "x", "code": KEY}}).encode())


TRIED = ("error: plain", "error: base64", "plan: plain", "redirect", "redirect to a host", "model's name", "refusal")
"""The answers that *Test connection* gets as well."""


def requests(client: Client) -> Iterator[tuple[str, dict[str, Any]]]:
    """Failing requests that name the key themselves, or fail while it is in use."""
    drawn = {**BASE, "steps": 1}
    yield "/rpg/plan", {"prompt": "a cat", "key": KEY}
    yield "/sdapi/v1/txt2img", {**drawn, "override_settings": {"rpg_provider": 5, "rpg_base_url": "x"}}
    yield (
        "/sdapi/v1/txt2img",
        {**drawn, "alwayson_scripts": {"RPG": {"args": [{"enabled": True, "planner": "openai"}]}}},
    )
    yield "/sdapi/v1/options", {"rpg_base_url": "http://evil.example/v1", "rpg_provider": "openai"}


class Events:
    """The page's events that the server has yet to answer: sockets in gradio 3, requests and streams in gradio 4."""

    PATHS = ("/queue/join", "/queue/data", "/run/")

    def __init__(self, page: Any) -> None:
        self._page = page
        self._open: set[Any] = set()
        self._sent = 0
        page.on("websocket", self._socket)
        page.on("request", self._request)
        for over in ("requestfinished", "requestfailed"):
            page.on(over, self._over)

    def _socket(self, socket: Any) -> None:
        self._sent += 1
        self._open.add(socket)
        socket.on("close", self._over)

    def _request(self, request: Any) -> None:
        if any(path in request.url for path in self.PATHS):
            self._sent += 1
            self._open.add(request)

    def _over(self, event: Any) -> None:
        self._open.discard(event)

    @contextlib.contextmanager
    def answered(self, seconds: float = 60) -> Iterator[None]:
        """After the block, wait until it has sent an event and all of them have been answered for half a second.

        gradio 4 may leave a stream open behind its last answer: nothing but streams for 20 seconds is an end as well.
        """
        before = self._sent
        yield
        until, quiet, streams = time.monotonic() + seconds, 0, 0
        while quiet < 5 and streams < 200:
            assert time.monotonic() < until, f"sent {self._sent - before}, open {self._open}"
            self._page.wait_for_timeout(100)
            has_sent = self._sent > before
            quiet = quiet + 1 if has_sent and not self._open else 0
            streams = streams + 1 if has_sent and all("/queue/data" in each.url for each in self._open) else 0


class SettingsPage:
    """The real page in a browser: the extension's fields in Settings, and Apply."""

    def __init__(self, browser: Any, url: str) -> None:
        self.page = browser.new_page()
        self.events = Events(self.page)
        with self.events.answered():  # one of the events of the page's load puts the stored values into the fields
            self._load(url)

    def _load(self, url: str) -> None:
        self.page.goto(url)
        self.page.wait_for_selector("#settings_submit", state="attached", timeout=60_000)
        self.page.wait_for_function("() => window.sdWebuiRpg?.panels?.txt2img", timeout=60_000)

    def type(self, name: str, text: str) -> None:
        self.page.evaluate(
            """([name, text]) => {
                const input = document.querySelector(`#setting_${name} :is(input, textarea)`);
                input.value = text;
                updateInput(input);
            }""",
            [name, text],
        )

    def value(self, name: str) -> str:
        return self.page.evaluate(f"() => document.querySelector('#setting_{name} :is(input, textarea)').value")

    def apply(self, says: str = "") -> str:
        """Press Apply; what the page says then, which is awaited where it is to have those words."""
        with self.events.answered():
            self.page.evaluate("() => document.querySelector('#settings_submit').click()")
        if says:
            self.page.locator(".toast-wrap", has_text=says).wait_for(timeout=30_000)
        return self.page.evaluate("() => document.querySelector('.toast-wrap')?.textContent ?? ''")

    def key_state(self, words: str) -> str:
        """The line that says whether there is a key, once it has those words."""
        line = self.page.locator("#setting_rpg_connection", has_text=f"Key: {words}").last
        line.wait_for(state="attached", timeout=10_000)
        return line.text_content().strip()

    def test_connection(self) -> str:
        """Press *Test connection*; what the page says then, which may be what it said before."""
        line = self.page.locator("#rpg_connection").last
        before = line.text_content()
        with self.events.answered():
            self.page.evaluate("() => document.querySelector('#rpg_test_connection').click()")
        for _ in range(10):
            if line.text_content() != before:
                break
            self.page.wait_for_timeout(100)
        return line.text_content().strip()

    def everything(self) -> str:
        """All that the page holds: its text, its fields, its storage, the WebUI's options."""
        return self.page.evaluate(
            """() => [
                document.documentElement.outerHTML,
                ...[...document.querySelectorAll("input, textarea")].map((input) => input.value),
                JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie,
                JSON.stringify(window.opts ?? {}),
            ].join("\\n")"""
        )


def key_file(tmp_path: Path) -> dict[str, list[str]]:
    path = tmp_path / "config" / "keys.json"
    return json.loads(path.read_text()) if path.exists() else {}


def test_a_typed_key_is_for_one_server_and_leaves_the_page(started, browser, tmp_path, model: ModelServer) -> None:
    with started(settings={"rpg_provider": "custom", "rpg_base_url": model.url}) as client:
        settings = SettingsPage(browser, client.url)
        settings.type("rpg_key", KEY)
        assert KEY not in settings.apply("the key of custom was stored")
        origin = model.url.removesuffix("/v1")
        assert key_file(tmp_path) == {"custom": [origin, KEY]}
        assert oct((tmp_path / "config" / "keys.json").stat().st_mode)[-3:] == "600"
        assert settings.value("rpg_key") == ""

        # The owner moves on to another server: it gets no key, neither stored nor sent.
        other = ModelServer()
        settings.type("rpg_base_url", other.url)
        settings.apply()
        assert key_file(tmp_path) == {"custom": [origin, KEY]}
        with pytest.raises(HostError):
            client.json("POST", "/rpg/plan", {"prompt": "a cat", "planner": "openai"})
        assert other.asked and not any(KEY in key for key in other.keys)
        other.close()

        settings.type("rpg_base_url", model.url)
        settings.apply()
        with pytest.raises(HostError):
            client.json("POST", "/rpg/plan", {"prompt": "a cat", "planner": "openai"})
        assert model.keys[-1] == f"Bearer {KEY}"

        # A dash forgets once: the next Apply sends none.
        settings.type("rpg_key", "-")
        settings.apply()
        assert key_file(tmp_path) == {} and settings.value("rpg_key") == ""
        settings.type("rpg_key", KEY)
        settings.apply()
        assert key_file(tmp_path) == {"custom": [origin, KEY]}
        # A page whose script did not empty the field would send the key with the next Apply.
        settings.type("rpg_base_url", "http://evil.example/v1")
        settings.type("rpg_key", KEY)
        assert KEY not in settings.apply("the field still contains the key that was stored before")
        assert key_file(tmp_path) == {"custom": [origin, KEY]}
        settings.page.close()


def test_what_the_page_says_of_the_key_follows_each_apply(started, browser, model: ModelServer) -> None:
    origin = model.url.removesuffix("/v1")
    with started(settings={"rpg_provider": "custom", "rpg_base_url": model.url}) as client:
        settings = SettingsPage(browser, client.url)
        settings.key_state("none is stored for custom")
        for _ in range(2):  # each Apply is answered with the same sentence
            settings.type("rpg_key", KEY)
            settings.apply()
            assert settings.key_state("one is stored") == f"Key: one is stored for custom at {origin}."
            settings.type("rpg_key", "-")
            settings.apply()
            settings.key_state("none is stored for custom")
        settings.page.close()


def test_the_connection_is_tried_as_applied_and_with_the_servers_own_key(started, browser, model: ModelServer) -> None:
    with started(settings={"rpg_provider": "custom", "rpg_base_url": model.url}) as client:
        model.reply = lambda: completion('{"ok": true}')
        settings = SettingsPage(browser, client.url)
        settings.type("rpg_key", KEY)
        settings.type("rpg_model", "other")
        said = settings.test_connection()
        assert said == "Not tested: Model and Key are not applied yet; press Apply settings first."
        assert model.asked == [] and settings.value("rpg_key") == KEY
        settings.apply()
        assert settings.test_connection().startswith("Connected: the model 'other'")
        assert model.keys == [f"Bearer {KEY}"]
        settings.page.close()


def test_a_key_from_the_environment_follows_no_address_that_is_typed(started, browser, tmp_path, model) -> None:
    environment = {"RPG_API_KEY": KEY, "OPENAI_API_KEY": KEY, "AWS_SECRET": KEY}
    with started(settings={"rpg_provider": "openai"}, environment=environment) as client:
        settings = SettingsPage(browser, client.url)
        own = tmp_path / "servers.json"
        preset = {"name": "openai", "base_url": model.url, "key_variables": ["AWS_SECRET", "OPENAI_API_KEY"]}
        own.write_text(json.dumps({"providers": [preset]}))
        for typed in (
            {"rpg_base_url": model.url},
            {"rpg_base_url": "", "rpg_providers": str(own)},
            {"rpg_base_url": model.url, "rpg_providers": str(own)},
        ):
            for name, text in typed.items():
                settings.type(name, text)
            settings.apply()
            with pytest.raises(HostError) as caught:
                client.json("POST", "/rpg/plan", {"prompt": "a cat", "planner": "openai"})
            assert KEY not in caught.value.sentence
        assert not any(KEY in key for key in model.keys)
        settings.page.close()


def test_after_every_failure_the_key_is_in_its_file_alone(started, browser, tmp_path, model: ModelServer) -> None:
    with started(settings={"rpg_provider": "custom", "rpg_base_url": model.url}) as client:
        settings = SettingsPage(browser, client.url)
        settings.type("rpg_key", KEY)
        settings.apply()
        answers: list[str] = []
        reports: list[str] = []
        replies = list(hostile_replies())
        for name, reply in replies:
            model.reply = lambda reply=reply: reply
            if name in TRIED:
                reports.append(settings.test_connection())
            answer = client.post("/rpg/plan", {"prompt": "a cat", "planner": "openai", "again": True})
            answers.append(f"{answer.status_code} {answer.headers} {answer.text}")
        assert len(model.keys) >= len(replies) and all(key == f"Bearer {KEY}" for key in model.keys)
        model.reply = lambda: plan_with(KEY)
        for path, body in requests(client):
            answers.append(client.post(path, body).text)
        settings.page.evaluate("() => { document.querySelector('#script_txt2img_rpg_plan').click(); }")
        settings.page.wait_for_timeout(3000)
        pictures = client.regional({"plan": plan_of("a red circle", "a blue square")})

        assert len(reports) == len(TRIED) and all(one.startswith(("Connected: ", "Not usable: ")) for one in reports)
        surfaces = {
            "answers": "\n".join(answers),
            "reports": "\n".join(reports),
            "page": settings.everything(),
            "log": client.log_tail(10**6),
        }
        for path in ("/config", "/sdapi/v1/options", "/sdapi/v1/cmd-flags", "/internal/sysinfo", "/rpg/status"):
            surfaces[path] = client.get(path).text
        surfaces["picture"] = pictures.pngs[0].decode("latin-1") + json.dumps(pictures.info)
        for folder in (client.data, tmp_path):
            for file in folder.rglob("*"):
                if file.is_file() and not file.is_symlink() and file.name != "keys.json":
                    surfaces[str(file)] = file.read_bytes().decode("latin-1")
        forms = {name: form for name, form in FORMS.items() if name not in ("halves", "spaced", "dotted")}
        for surface, text in surfaces.items():
            for name, form in forms.items():
                # The key that a caller sent itself is shown to that caller, and to nobody else.
                sent = surface == "answers" and name == "plain"
                assert form not in (text.replace(f"Unknown key {KEY!r}", "") if sent else text), f"{surface}: {name}"
            for part in (KEY[:16], KEY[16:]):
                assert part not in text, f"{surface}: a half"
        settings.page.close()
    assert {path.name for path in (tmp_path / "config").iterdir() if path.stat().st_size} == {"keys.json"}
