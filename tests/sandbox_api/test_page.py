"""The page in a real browser; skipped where there is no Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

SECONDS = 30_000  # Playwright counts milliseconds


@pytest.fixture
def page(browser, sandbox) -> Iterator[Page]:
    """The page, loaded; nothing may be asked of another host, and no script may fail."""
    url = str(sandbox.base_url)
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.set_default_timeout(SECONDS)
    elsewhere, failures = [], []
    page.on("request", lambda request: None if _own(request.url, url) else elsewhere.append(request.url))
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(url)
    page.wait_for_function("window.probeOrder && Object.keys(opts).length > 0")
    expect.set_options(timeout=SECONDS / 2)
    yield page
    page.close()
    assert elsewhere == []
    assert failures == []


def _own(address: str, url: str) -> bool:
    return address.startswith((url, url.replace("http:", "ws:"), "data:", "blob:"))


def small(page: Page, tab: str = "txt2img") -> None:
    """Set the smallest and quickest picture there is."""
    for name, value in (("width", 64), ("height", 64), ("steps", 2)):
        page.locator(f"#{tab}_{name} input[type=number]").fill(str(value))


def generate(page: Page, tab: str = "txt2img") -> str:
    """Press Generate; the infotext below the picture."""
    page.click(f"#{tab}_generate")
    expect(page.locator(f"#{tab}_interrupt")).to_be_visible()
    expect(page.locator(f"#{tab}_interrupt")).to_be_hidden(timeout=SECONDS)
    expect(page.locator(f"#{tab}_gallery img").first).to_be_visible()
    return html(page, f"html_info_{tab}").inner_text()


def html(page: Page, name: str) -> Locator:
    """The text of an HTML component: gradio gives its frame the same id."""
    return page.locator(f"#{name}.prose")


def probe(page: Page, tab: str, amount: int) -> None:
    """Switch the probe on, open it and set its amount."""
    page.check(f"#script_{tab}_probe_on-visible-checkbox")
    page.click(f"#script_{tab}_probe_on .label-wrap", position={"x": 200, "y": 10})
    page.locator(f"#script_{tab}_probe_amount input[type=number]").fill(str(amount))


def test_generate_shows_the_picture_its_infotext_and_comments(page):
    page.fill("#txt2img_prompt textarea", "a red circle")
    small(page)
    text = generate(page)
    assert text.startswith("a red circle\nSteps: 2,")
    assert "Size: 64x64" in text
    assert "Probe amount" not in text
    log = html(page, "html_log_txt2img").inner_text()
    assert "<probed>" in log
    assert "Time taken" in log
    assert page.is_visible("#txt2img_generate")
    expect(page.locator("#txt2img_interrupt")).to_be_hidden()


def test_scripts_run_in_order_and_extensions_styles_apply(page):
    assert page.evaluate("window.probeOrder") == ["a", "b"]
    assert page.evaluate("getComputedStyle(gradioApp().querySelector('#script_txt2img_probe_note')).color") == (
        "rgb(1, 2, 3)"
    )
    assert page.get_attribute("#script_txt2img_probe_tool", "title") == "A tool"


def test_the_checkbox_of_an_input_accordion_is_its_value(page):
    amount = page.locator("#script_txt2img_probe_amount")
    expect(amount).to_be_hidden()
    small(page)
    probe(page, "txt2img", 8)
    assert "Probe amount: 8" in generate(page)

    # Once the checkbox was used, the header only folds.
    page.click("#script_txt2img_probe_on .label-wrap", position={"x": 200, "y": 10})
    expect(amount).to_be_hidden()
    expect(page.locator("#script_txt2img_probe_on-visible-checkbox")).to_be_checked()
    page.uncheck("#script_txt2img_probe_on-visible-checkbox")
    assert "Probe amount" not in generate(page)


def test_opening_an_untouched_input_accordion_switches_it_on(page):
    page.evaluate("switch_to_img2img()")
    page.click("#script_img2img_probe_on .label-wrap", position={"x": 200, "y": 10})
    expect(page.locator("#script_img2img_probe_amount")).to_be_visible()
    expect(page.locator("#script_img2img_probe_on-visible-checkbox")).to_be_checked()


def test_paste_reads_an_infotext_into_fields_scripts_and_overrides(page):
    page.fill(
        "#txt2img_prompt textarea",
        "a blue ring\nNegative prompt: a circle\n"
        "Steps: 3, Sampler: Heun, CFG scale: 4, Seed: 12, Size: 64x128, Eta: 0.25, Probe amount: 6",
    )
    page.click("#txt2img_tools #paste")
    expect(page.locator("#txt2img_neg_prompt textarea")).to_have_value("a circle")
    expect(page.locator("#txt2img_prompt textarea")).to_have_value("a blue ring")
    expect(page.locator("#txt2img_height input[type=number]")).to_have_value("128")
    expect(page.locator("#script_txt2img_probe_on-visible-checkbox")).to_be_checked()
    text = generate(page)
    for part in ("Steps: 3", "Sampler: Heun", "CFG scale: 4", "Seed: 12", "64x128", "amount: 6", "eta: 0.25"):
        assert part in text


def test_interrupt_ends_a_long_generation(page):
    small(page)
    page.locator("#txt2img_steps input[type=number]").fill("150")
    for side in ("width", "height"):
        page.locator(f"#txt2img_{side} input[type=number]").fill("256")
    page.click("#txt2img_generate")
    expect(page.locator("#txt2img_results .progress")).to_contain_text("ETA")
    page.click("#txt2img_interrupt")
    expect(html(page, "html_info_txt2img")).to_contain_text("Steps: 150")
    expect(page.locator("#txt2img_interrupt")).to_be_hidden()


def test_a_picture_is_sent_to_img2img_with_its_parameters(page):
    page.fill("#txt2img_prompt textarea", "a pink square")
    small(page)
    probe(page, "txt2img", 2)
    generate(page)
    page.click("#txt2img_send_to_img2img")
    expect(page.locator("#img2img_prompt textarea")).to_be_visible()
    expect(page.locator("#img2img_prompt textarea")).to_have_value("a pink square")
    expect(page.locator("#script_img2img_probe_amount input[type=number]")).to_have_value("2")
    page.wait_for_selector("#img2img_image img")
    assert page.evaluate("get_tab_index('tabs')") == 1
    assert "Denoising strength: 0.75" in generate(page, "img2img")


def test_a_script_of_the_menu_shows_its_fields_and_draws(page):
    small(page)
    generate(page)
    page.click("#txt2img_send_to_img2img")
    page.wait_for_selector("#img2img_image img")
    overlap = page.locator("#script_sd_upscale_overlap")
    expect(overlap).to_be_hidden()
    menu = page.locator("#img2img_script_container #script_list")
    menu.locator("input").click()
    menu.locator("li", has_text="SD upscale").click()
    expect(overlap).to_be_visible()
    overlap.locator("input[type=number]").fill("32")
    page.locator("#script_sd_upscale_upscaler_index label", has_text="Nearest").click()
    page.locator("#img2img_steps input[type=number]").fill("2")
    assert "SD upscale overlap: 32, SD upscale upscaler: Nearest" in generate(page, "img2img")
    page.wait_for_function("gradioApp().querySelector('#img2img_gallery img').naturalWidth === 128")


def test_img2img_without_a_picture_says_what_to_do(page):
    page.evaluate("switch_to_img2img()")
    page.click("#img2img_generate")
    expect(html(page, "html_log_img2img").locator(".error")).to_contain_text("img2img needs a picture")


def test_settings_are_applied_and_reach_opts(page):
    assert page.evaluate("opts.probe_option") == "quiet"
    page.locator("#tabs > .tab-nav > button", has_text="Settings").click()
    page.click("#settings_probe .label-wrap")
    page.fill("#setting_probe_option textarea", "loud")
    page.click("#settings_submit")
    page.wait_for_function("opts.probe_option === 'loud'")
    assert "probe_option" in page.inner_text("#settings_result")
    page.fill("#setting_probe_option textarea", "quiet")
    page.click("#settings_submit")
    page.wait_for_function("opts.probe_option === 'quiet'")
