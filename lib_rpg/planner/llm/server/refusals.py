"""Error messages for what a server refuses: what is wrong, where, what to do. None shows a key."""

from __future__ import annotations

import re
import urllib.parse

from lib_rpg.planner.llm.server.address import origin
from lib_rpg.planner.llm.server.endpoint import Endpoint
from lib_rpg.planner.llm.server.retry import TRIES
from lib_rpg.planner.llm.server.transport import LostError, RefusedError
from lib_rpg.printable import printable

_MAX_WORDS = 300
_NO_MODEL = re.compile(
    r"(model|deployment)\b[^.]{0,100}\b(not found|not exist|no longer|unknown|not available|not loaded)"
    r"|(unknown|invalid|no such|not a valid) (model|deployment)|try pulling it|model_not_found|deploymentnotfound"
)
_TOO_LONG = re.compile(
    r"context.?(length|window|size)|maximum context|too many (input )?tokens|max_(completion_)?tokens is too large"
    r"|prompt is too long|exceeds? [^.]{0,60}tokens|input length|input token count"
)
_NO_PICTURES = re.compile(r"\bimages?\b|image_url|vision|multimodal|mmproj|picture")
_FILTERED = re.compile(r"content.?(filter|policy|management)|moderation|safety system|flagged")
_BEARER = re.compile(r"(?i)\bbearer\s+\S+")
_NO_CREDIT = re.compile(r"insufficient.?(quota|balance|credit|funds)")


def is_permanent(refusal: RefusedError, with_picture: bool) -> bool:
    """Whether a retry of the same request is no use."""
    temporary = refusal.status == 429 or 500 <= refusal.status <= 599
    return not temporary or _is_out_of_credit(refusal) or _minds_picture(refusal, with_picture)


def _is_out_of_credit(refusal: RefusedError) -> bool:
    return refusal.status == 402 or bool(_NO_CREDIT.search(f"{refusal.code} {refusal.words}".lower()))


def _minds_picture(refusal: RefusedError, with_picture: bool) -> bool:
    """llama.cpp's server says with HTTP 500 that its model sees nothing."""
    return with_picture and refusal.status != 429 and bool(_NO_PICTURES.search(refusal.words.lower()))


def known_refusal(refusal: RefusedError, endpoint: Endpoint, model: str, with_picture: bool) -> str | None:
    """The sentence for a refusal whose cause is known; None if the form of the request may be the cause."""
    status, shown, words = refusal.status, endpoint.shown, f"{refusal.code} {refusal.words}".lower()
    if 300 <= status < 400:
        return f"{shown} redirects the request {_redirect_target(refusal.location, endpoint)}; correct the base URL"
    if _is_out_of_credit(refusal):
        return f"{shown} says that the account has no credit left (HTTP {status}); add credit, or choose another model"
    if status == 401:
        if not endpoint.key:
            return f"{shown} needs a key (HTTP 401); set it in {endpoint.key_place}"
        return f"{shown} did not accept the key (HTTP 401); correct {endpoint.key_place}"
    if status == 403:
        return f"{shown} does not allow the use of {model!r} (HTTP 403); check the account and {endpoint.key_place}"
    if _minds_picture(refusal, with_picture):
        return (
            f"{model!r} at {shown} does not accept the picture (HTTP {status}); choose a model that does, or remove "
            "the picture"
        )
    if status == 429:
        return f"{shown} is busy (HTTP 429) after {TRIES} tries; try again later, or choose another model"
    if status >= 500:
        own = _server_words(refusal, endpoint)
        return (
            f"{shown} has an internal problem (HTTP {status}) after {TRIES} tries{own}; check the server, or try later"
        )
    if status == 413 or _TOO_LONG.search(words):
        return (
            f"the chat is too long for {model!r} at {shown} (HTTP {status}); shorten the prompt, give fewer examples, "
            "or lower the answer's token limit"
        )
    if _NO_MODEL.search(words) or (status == 404 and re.search(r"\b(model|deployment)\b", words)):
        return f"{shown} has no model {model!r} (HTTP {status}); correct the model setting"
    if _FILTERED.search(words):
        return f"{shown} refused the prompt because of its content rules (HTTP {status}); change the prompt"
    return None


def other_refusal(refusal: RefusedError, endpoint: Endpoint) -> str:
    """The sentence for any other refusal, with the server's words."""
    cause = f"(HTTP {refusal.status}){_server_words(refusal, endpoint)}"
    if refusal.status in (404, 405):
        return f"{endpoint.shown} has no chat API there {cause}; correct the base URL, which often ends in /v1"
    return f"{endpoint.shown} refused the request {cause}; check the model setting and the base URL"


def connection_failure(lost: LostError, endpoint: Endpoint, tries: int) -> str:
    """The sentence for a connection that failed."""
    times = f" ({tries} tries)" if tries > 1 else ""
    return f"{endpoint.shown} {lost.problem}{times}; {lost.advice}"


def _server_words(refusal: RefusedError, endpoint: Endpoint) -> str:
    if endpoint.secret.is_in(refusal.words):
        return "; its message is not shown, because it contains the key"
    words = _BEARER.sub("(key)", printable(refusal.words)).strip()
    return f": {words[:_MAX_WORDS]}" if words else ""


def _redirect_target(location: str, endpoint: Endpoint) -> str:
    """The host that a redirect names; its path and query may hold secrets."""
    try:
        scheme, host, port = origin(urllib.parse.urljoin(endpoint.base_url, location))
    except ValueError:
        return "elsewhere"
    if (scheme, host, port) == origin(endpoint.base_url):
        return "to another path"
    is_sound = re.fullmatch(r"[a-z0-9_.:-]{1,253}", host) and not endpoint.secret.is_in(host)
    return f"to {scheme}://{host}:{port}" if is_sound and scheme in ("http", "https") else "elsewhere"
