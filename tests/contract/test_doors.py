"""Who may use the extension's doors, by how the host was started: each test starts its own host."""

from __future__ import annotations

import http.server
import json
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from tests.contract.client import BASE, Client, HostError, plan_of, png_text
from tests.contract.model_server import ModelServer, completion

ROUTES = (
    ("POST", "plan"),
    ("POST", "request"),
    ("POST", "layout"),
    ("POST", "presets"),
    ("GET", "presets"),
    ("GET", "preset"),
    ("GET", "gallery"),
    ("GET", "schema"),
    ("GET", "status"),
)
ASK = {"prompt": BASE["prompt"], "planner": "openai", "again": True}
LOGIN = "ann:se:cret"


def test_without_the_api_the_page_alone_is_served(started, model: ModelServer) -> None:
    for login in ("", LOGIN):
        with started(api=False, gradio_auth=login) as client:
            for method, name in ROUTES:
                answer = client.http.request(method, f"/rpg/{name}", json=ASK)
                assert answer.status_code in (404, 405), f"{name}: {answer.status_code}"
            assert client.get("/").status_code == 200
    assert model.asked == []


def test_the_api_is_served_without_the_page(started, model: ModelServer) -> None:
    with started(page=False, api_auth="ann:secret") as client:
        assert client.get("/rpg/status").status_code == 200
        assert client.post("/rpg/plan", {"prompt": "a cat", "planner": "offline"}).status_code == 200
        stranger = httpx.Client(base_url=client.url, trust_env=False)
        assert stranger.post("/rpg/plan", json=ASK).status_code == 401
        assert client.regional({"plan": plan_of("a red circle", "a blue square")}).pixels.shape == (1, 64, 64, 3)
        stranger.close()
    assert model.asked == []


def test_the_apis_password_guards_every_route(started, model: ModelServer) -> None:
    with started(api_auth="ann:secret,bob:word") as client:
        stranger = httpx.Client(base_url=client.url, trust_env=False)
        for auth in (None, ("ann", "wrong"), ("", ""), ("ann", "word"), ("ann:secret", ""), ("ünn", "secret")):
            for method, name in ROUTES:
                answer = stranger.request(method, f"/rpg/{name}", json=ASK, auth=auth)
                assert answer.status_code == 401, f"{name}: {answer.status_code}"
        assert model.asked == []
        for auth in (("ann", "secret"), ("bob", "word")):
            assert stranger.get("/rpg/status", auth=auth).status_code == 200
            assert stranger.get("/sdapi/v1/options", auth=auth).status_code == 200
        stranger.close()


def attacker(target: str) -> str:
    """A page that has the browser send plans: to our routes, and to gradio's own, in the ways that need no leave."""
    return f"""<script>
    const body = JSON.stringify({json.dumps(ASK)});
    const blob = (type) => new Blob([body], type ? {{type}} : {{}});
    const tries = ["", "text/plain", "application/x-www-form-urlencoded"].map((type) =>
        fetch("{target}/rpg/plan", {{method: "POST", mode: "no-cors", credentials: "include", body: blob(type)}}));
    tries.push(fetch("{target}/rpg/plan", {{
        method: "POST", credentials: "include", headers: {{"Content-Type": "application/json"}}, body}}));
    navigator.sendBeacon("{target}/rpg/plan", blob("text/plain"));
    const form = Object.assign(document.createElement("form"), {{
        method: "post", enctype: "text/plain", action: "{target}/rpg/plan", target: "frame"}});
    form.innerHTML = '<input name=\\'{{"prompt": "a cat", "planner": "openai", "language": "\\' value=\\'"}}\\'>';
    Promise.allSettled(tries).then((results) => {{
        document.body.append(form); form.submit();
        window.results = results.map((r) => r.status);
    }});
    </script><body><iframe name="frame"></iframe></body>"""


def press(target: str, index: int, data: Sequence[Any]) -> str:
    """A page that presses a button of the panel or of Settings by gradio's endpoints: over its queue, and past it."""
    sent = json.dumps({"fn_index": index, "data": list(data), "session_hash": "evil", "event_data": None})
    join = json.dumps({"fn_index": index, "session_hash": "evil"})
    return f"""<script>
    window.results = [];
    fetch("{target}/run/predict", {{method: "POST", mode: "no-cors", body: new Blob([{json.dumps(sent)}])}})
        .finally(() => results.push("predict"));
    const socket = new WebSocket("{target.replace("http", "ws")}/queue/join");
    socket.onmessage = ({{data}}) => {{
        const {{msg}} = JSON.parse(data);
        if (msg === "send_hash") socket.send({json.dumps(join)});
        if (msg === "send_data") socket.send({json.dumps(sent)});
        if (msg === "process_completed") {{ window.answer = data; results.push("queue"); }}
    }};
    socket.onclose = socket.onerror = () => results.push("closed");
    </script>"""


@contextmanager
def other_site(text: str) -> Iterator[str]:
    """The page's address, on its own origin."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()


def event_of(client: Client, button: str) -> tuple[int, list[Any]]:
    """gradio's number of what that button of the page starts, and the values that its inputs have on a fresh page."""
    config = client.get("/config").json()
    buttons = {c["id"] for c in config["components"] if c["props"].get("elem_id") == button}
    values = {c["id"]: c["props"].get("value") for c in config["components"]}
    for index, event in enumerate(config["dependencies"]):
        targets = {target if isinstance(target, int) else target[0] for target in event["targets"]}
        if targets & buttons and event["backend_fn"]:
            return index, [values[number] for number in event["inputs"]]
    raise AssertionError(f"the page has no {button}")


def test_another_sites_page_spends_nothing(started, model: ModelServer, browser: Any) -> None:
    with started() as client:
        plan, _ = event_of(client, "script_txt2img_rpg_plan")
        test, typed = event_of(client, "rpg_test_connection")
        asked = [json.dumps({"planner": "openai"}), json.dumps({"prompt": "a cat", "width": 64, "height": 64}), None]
        pressed = "results.includes('predict') && results.length >= 2"
        visits = {
            attacker(client.url): "results.length >= 4",
            press(client.url, plan, asked): pressed,
            press(client.url, test, typed): pressed,
        }
        for text, done in visits.items():
            with other_site(text) as address:
                page = browser.new_page()
                page.goto(address)
                page.wait_for_function(f"() => window.results && {done}", timeout=60_000)
                page.wait_for_timeout(1500)
                page.close()
            assert model.asked == []
        # The owner's own program may plan.
        model.reply = lambda: completion("no plan")
        with pytest.raises(HostError, match="answered twice without a plan"):
            client.json("POST", "/rpg/plan", ASK)
        assert len(model.asked) == 2
        # And so may its own page, which the other site's imitates.
        client.json("POST", "/run/predict", {"fn_index": test, "data": typed, "session_hash": "own"})
        assert len(model.asked) == 3


def test_the_test_of_the_connection_is_an_event_of_the_page_and_no_route(started, model: ModelServer) -> None:
    with started(gradio_auth=LOGIN) as client:
        stranger = httpx.Client(base_url=client.url, trust_env=False)
        name, _, word = LOGIN.partition(":")
        assert client.http.post("/login", data={"username": name, "password": word}).status_code == 200
        index, typed = event_of(client, "rpg_test_connection")
        body = {"fn_index": index, "data": typed, "session_hash": "stranger"}
        assert stranger.post("/run/predict", json=body).status_code == 401
        assert client.get("/config").json()["dependencies"][index]["api_name"] is False
        assert not [path for path in client.get("/openapi.json").json()["paths"] if "connection" in path]
        assert model.asked == []
        stranger.close()


def test_a_refusal_is_a_refusal_on_a_console_of_any_encoding(started) -> None:
    with started(settings={"rpg_planner": "offline"}, environment={"PYTHONIOENCODING": "cp1252"}) as client:
        bad = {"regional_prompt": "a red circle BREAK a blue square", "split_ratio": "一,1"}
        with pytest.raises(HostError) as caught:
            client.regional(bad)
        assert caught.value.status == 422 and "一" in caught.value.sentence
        plan = plan_of("a red 圆, navy background", "a green square 🎨, navy background", base_prompt="形")
        drawn = client.regional({"plan": plan})
        assert "RPG plan" in png_text(drawn.pngs[0])


@pytest.mark.parametrize(
    "settings",
    [
        {"rpg_providers": "/dev/zero", "rpg_templates": "/dev/zero", "rpg_local_folder": "/dev/zero"},
        {"rpg_providers": "FIFO", "rpg_templates": "a\0b", "rpg_base_url": "\0"},
        {"rpg_timeout": None, "rpg_max_tokens": "many", "rpg_connect_timeout": [], "rpg_cache": 5},
        {"rpg_provider": 5, "rpg_planner": None, "rpg_method": "none", "rpg_recaption": {}, "rpg_on_error": 0},
        {"rpg_providers": "~nouser/x", "rpg_templates": "x" * 5000, "rpg_language": "\ud800", "rpg_model": None},
    ],
    ids=["endless", "fifo", "numbers", "choices", "names"],
)
def test_the_host_starts_with_any_settings(started, settings: dict[str, Any], tmp_path) -> None:
    os.mkfifo(tmp_path / "fifo")
    settings = {key: str(tmp_path / "fifo") if value == "FIFO" else value for key, value in settings.items()}
    with started(settings=settings) as client:
        assert client.get("/").status_code == 200
        for planner in ("openai", "local"):
            answer = client.http.post("/rpg/plan", json={**ASK, "planner": planner}, timeout=30)
            assert answer.status_code == 422 and len(answer.json()["detail"]) < 1000, answer.text
        assert client.regional({"plan": plan_of("a red circle", "a blue square")}).pixels.shape == (1, 64, 64, 3)


def pasted(browser: Any, url: str, infotext: str) -> Any:
    """The host's page, with an infotext pasted into txt2img."""
    page = browser.new_page()
    page.set_default_timeout(60_000)
    page.goto(url)
    page.wait_for_function("() => window.sdWebuiRpg?.panels?.txt2img")
    page.evaluate(
        """(text) => {
            const prompt = document.querySelector("#txt2img_prompt textarea");
            prompt.value = text;
            updateInput(prompt);
        }""",
        infotext,
    )
    # A large page's buttons are there before they do anything: pressed until the text has gone into the fields.
    page.wait_for_function(
        """() => {
            if (!document.querySelector("#txt2img_prompt textarea").value.includes("Steps: ")) return true;
            document.querySelector("#txt2img_tools #paste, #txt2img_paste, #paste").click();
            return false;
        }""",
        polling=2_000,
    )
    return page


def is_on(tab: str) -> str:
    """A test in the page's language whether the panel of the tab is switched on and has the regions."""
    checkbox = f"#script_{tab}_rpg_enabled-checkbox input, #script_{tab}_rpg_enabled-visible-checkbox"
    return f"""() => document.querySelector("{checkbox}")?.checked
        && document.querySelector("#script_{tab}_rpg_regional_prompt textarea").value.includes("BREAK")"""


def test_a_picture_that_is_sent_to_img2img_takes_its_regions_along(started, browser) -> None:
    with started() as client:
        plan = plan_of("a red circle, navy background", "a green square, navy background", base_ratio=0.1)
        page = pasted(browser, client.url, client.regional({"plan": plan}).infotexts[0])
        page.wait_for_function(is_on("txt2img"))
        page.evaluate("() => document.querySelector('#txt2img_generate').click()")
        page.wait_for_function("() => document.querySelector('#html_info_txt2img')?.textContent.includes('RPG plan')")
        page.evaluate("() => document.querySelector('#txt2img_send_to_img2img').click()")
        page.wait_for_function(is_on("img2img"))
        for field, value in (("split_ratio", "1,1"), ("base_ratio", "0.1")):
            shown = page.locator(f"#script_img2img_rpg_{field}").locator("textarea, input:not([type=range])").first
            assert shown.input_value() == value
        page.close()


def test_the_hires_button_draws_with_the_pictures_own_plan(started, browser) -> None:
    with started() as client:
        if client.name == "forge":
            pytest.skip("Forge's button fails with its gallery's pictures of four channels, without regions too")
        plan = plan_of("a red circle, navy background", "a green square, navy background", base_ratio=0.1)
        page = pasted(browser, client.url, client.regional({"plan": plan}).infotexts[0])
        if not page.locator("#txt2img_upscale").count():
            pytest.skip("this host's page has no hires button")
        page.wait_for_function(is_on("txt2img"))
        page.evaluate("() => document.querySelector('#txt2img_generate').click()")
        page.wait_for_function("() => document.querySelector('#html_info_txt2img')?.textContent.includes('RPG plan')")
        page.evaluate(
            """() => {
                document.querySelector("#script_txt2img_rpg_clear").click();
                const prompt = document.querySelector("#txt2img_prompt textarea");
                prompt.value = "";
                updateInput(prompt);
                document.querySelector("#txt2img_upscale").click();
            }"""
        )
        page.wait_for_function("() => document.querySelector('#html_info_txt2img').textContent.includes('Hires')")
        shown = page.locator("#html_info_txt2img").first.inner_text()
        assert "a red circle, navy background" in shown and "a green square, navy background" in shown
        assert page.locator("#txt2img_gallery img").count()
        page.close()


def test_a_pasted_plan_that_cannot_be_read_leaves_regions_off_and_says_why(started, model, browser) -> None:
    with started() as client:
        drawn = client.regional({"plan": plan_of("a red circle", "a blue square")})
        before, _, _ = drawn.infotexts[0].partition("RPG plan: ")
        page = pasted(browser, client.url, before + 'RPG plan: "{\\"version\\": 2}", Version: v1.10.1')
        notice = page.locator(".rpg_status_txt2img")
        notice.filter(has_text="the regions in the infotext were not read: version: ").wait_for()
        checkbox = "#script_txt2img_rpg_enabled-checkbox input, #script_txt2img_rpg_enabled-visible-checkbox"
        assert not page.evaluate("(name) => document.querySelector(name).checked", checkbox)
        model.forget()
        page.evaluate("() => document.querySelector('#txt2img_generate').click()")
        page.wait_for_function("() => document.querySelector('#html_info_txt2img')?.textContent.includes('Steps')")
        assert model.asked == []
        page.close()
