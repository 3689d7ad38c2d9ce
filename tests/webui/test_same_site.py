"""Which requests come from this WebUI's own pages, by what browsers send."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.webui.same_site import OtherSiteError, check_same_site

HERE = {"host": "127.0.0.1:7860"}
OWN = [
    {},  # a program
    {"origin": "http://127.0.0.1:7860"},
    {"origin": "http://127.0.0.1:7860", "sec-fetch-site": "same-origin"},
    {"sec-fetch-site": "none"},  # typed into the address bar
    {"origin": "https://Art.example", "host": "art.example:443"},
    {"origin": "http://art.example", "host": "art.example"},
    {"origin": "http://[::1]:7860", "host": "[::1]:7860"},
    {"origin": "https://art.example", "x-forwarded-host": "art.example"},
    {"origin": "https://art.example", "x-forwarded-for": "10.0.0.7"},  # a proxy that changed the host
    {"origin": "https://art.example", "sec-fetch-site": "same-origin"},
]
OTHER = [
    {"origin": "http://evil.example"},
    {"origin": "http://127.0.0.1:9999"},
    {"origin": "http://localhost:7860"},
    {"origin": "https://127.0.0.1:7861"},
    {"origin": "null"},  # a file, or a sandboxed frame
    {"origin": "http://evil.example", "sec-fetch-site": "cross-site"},
    {"origin": "http://127.0.0.1:9999", "sec-fetch-site": "same-site"},
    {"sec-fetch-site": "cross-site"},
    {"origin": "http://evil.example", "sec-fetch-site": "cross-site", "x-forwarded-for": "10.0.0.7"},
    {"origin": "http://evil.example", "x-forwarded-host": "art.example"},
    {"origin": "http://127.0.0.1:7860.evil.example"},
    {"origin": "http://[::1"},
    {"origin": "http://127.0.0.1:99999999"},
    {"origin": "x" * 10_000},
    {"origin": "http://127.0.0.1:7860", "sec-fetch-site": "odd"},
]


@pytest.mark.parametrize("headers", OWN)
def test_own_pages_and_programs_pass(headers: dict[str, str]) -> None:
    check_same_site({**HERE, **headers})


@pytest.mark.parametrize("headers", OTHER)
def test_pages_of_other_origins_are_refused_in_one_sentence(headers: dict[str, str]) -> None:
    with pytest.raises(OtherSiteError) as caught:
        check_same_site({**HERE, **headers})
    assert "not of this WebUI" in str(caught.value) and len(str(caught.value)) < 300


def test_an_origin_that_the_webui_allows_is_allowed() -> None:
    headers = {**HERE, "origin": "http://tool.example", "sec-fetch-site": "cross-site"}
    check_same_site(headers, SimpleNamespace(cors_allow_origins="http://a.example, http://tool.example"))
    check_same_site(headers, SimpleNamespace(cors_allow_origins="*"))
    check_same_site(headers, SimpleNamespace(cors_allow_origins_regex=r"http://.*\.example"))
    for options in (
        SimpleNamespace(cors_allow_origins="http://tool.example.org"),
        SimpleNamespace(cors_allow_origins_regex=r"http://tool"),
        SimpleNamespace(cors_allow_origins=None, cors_allow_origins_regex=None),
    ):
        with pytest.raises(OtherSiteError):
            check_same_site(headers, options)
