"""Sends one HTTP request through the ``openai`` package, and bounds what comes back."""

from __future__ import annotations

import json
import ssl
from collections.abc import AsyncIterator, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from lib_rpg.errors import RpgError
from lib_rpg.planner.llm.server.address import is_this_machine, origin
from lib_rpg.planner.llm.server.endpoint import Endpoint
from lib_rpg.planner.llm.server.package import check_package, quiet_logs
from lib_rpg.planner.llm.server.reply import MAX_TEXT, Reply
from lib_rpg.planner.llm.server.sse import read_events

if TYPE_CHECKING:
    import httpx
    from openai import AsyncOpenAI

_MAX_BODY = 2 * MAX_TEXT
# A stream wraps every few characters in some hundred bytes of JSON.
_MAX_STREAM = 8 * MAX_TEXT
_MAX_WORDS = 300
_OPENAI = ("https", "api.openai.com", 443)
_OPENAI_HEADERS = ("OpenAI-Organization", "OpenAI-Project")
_READ_HEADERS = ("Retry-After", "Transfer-Encoding", "Content-Length")


class RefusedError(Exception):
    """The server answered with an HTTP error. ``words`` are its own, for us to look at; ``retry_after`` its header."""

    def __init__(self, status: int, words: str, code: str = "", retry_after: str | None = None, location: str = ""):
        super().__init__(status)
        self.status = status
        self.words = words
        self.code = code
        self.retry_after = retry_after
        self.location = location


class LostError(Exception):
    """The connection failed. ``problem`` and ``advice`` make the sentence; a retry of a ``permanent`` one is no use."""

    def __init__(self, problem: str, advice: str, permanent: bool = False) -> None:
        super().__init__(problem)
        self.problem = problem
        self.advice = advice
        self.permanent = permanent


def open_client(endpoint: Endpoint, connect_timeout: float, timeout: float) -> AsyncOpenAI:
    """A client for one endpoint; close it after use. Timeouts in seconds.

    The key is put on each request on its way out, if it goes to the endpoint's own origin; nothing else knows it.
    Raises RpgError if the ``openai`` package is missing or of another release.
    """
    check_package()
    import httpx
    from openai import AsyncOpenAI

    quiet_logs()
    takes_proxy = not is_this_machine(endpoint.base_url)
    may_be_secure = takes_proxy or origin(endpoint.base_url)[0] == "https"
    transport = httpx.AsyncClient(
        timeout=httpx.Timeout(timeout, connect=connect_timeout),
        event_hooks={"request": [partial(_set_headers, endpoint)], "response": [partial(_limit_response, endpoint)]},
        follow_redirects=False,
        trust_env=takes_proxy,
        # Reading the certificates takes longer than a short answer; this context, for no connection, trusts none.
        verify=True if may_be_secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
    )
    return AsyncOpenAI(
        api_key="none",
        base_url=endpoint.base_url,
        default_query=dict(endpoint.query),
        max_retries=0,
        http_client=transport,
    )


async def _set_headers(endpoint: Endpoint, request: httpx.Request) -> None:
    """Replace a request's headers, on its way out, by ours and the key."""
    import httpx

    home = origin(endpoint.base_url)
    # The openai package puts the environment's organisation, keys and headers on requests to any server.
    headers = {name: request.headers[name] for name in _OPENAI_HEADERS if name in request.headers}
    request.headers = httpx.Headers(headers if home == _OPENAI else {})
    request.headers.update(
        {
            "Host": request.url.netloc.decode("ascii"),
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Content-Type": "application/json",
            "Content-Length": str(len(request.content)),
            "User-Agent": "AsyncOpenAI/Python",
        }
    )
    if endpoint.key and origin(str(request.url)) == home:
        bearer = endpoint.key_header.lower() == "authorization"
        request.headers[endpoint.key_header] = f"Bearer {endpoint.key}" if bearer else endpoint.key


async def _limit_response(endpoint: Endpoint, response: httpx.Response) -> None:
    """Keep only the headers that are read here, and bound the body. Raises RpgError for a compressed one."""
    import httpx

    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise RpgError(f"{endpoint.shown} sends compressed answers, which were not requested; turn that off there")
    content_type = response.headers.get("Content-Type", "").lower()
    location = response.headers.get("Location", "")
    # Everything is UTF-8, and some charsets that a server may name take hours to decode.
    kept = {name: response.headers[name] for name in _READ_HEADERS if name in response.headers}
    response.headers = httpx.Headers({**kept, "Content-Type": content_type.partition(";")[0].strip()})
    # Not as a header, as httpx would try to make a request of it.
    response.extensions = {**response.extensions, "location": location}
    limit = _MAX_STREAM if "event-stream" in content_type else _MAX_BODY
    response.stream = _bounded_body(response.stream, limit, endpoint.shown)


async def send(client: AsyncOpenAI, endpoint: Endpoint, body: dict[str, Any], reply: Reply) -> None:
    """Send one chat completion and read what comes into ``reply``.

    Raises RefusedError, LostError, or RpgError where neither a fallback nor a retry is of use.
    """
    import httpx
    import openai
    from openai import AsyncStream

    try:
        stream = await client.post(
            "/chat/completions", cast_to=object, body=body, stream=True, stream_cls=AsyncStream[object]
        )
        try:
            await _read(stream, endpoint, reply)
        finally:
            await stream.response.aclose()
    except openai.APIStatusError as error:
        raise _refused(error) from None
    except openai.APIConnectionError as error:
        raise _lost(error) from None
    except openai.APIError:
        raise _no_chat(endpoint) from None
    except (OSError, httpx.HTTPError, httpx.StreamError) as error:
        raise _lost(error) from None


async def _read(stream: Any, endpoint: Endpoint, reply: Reply) -> None:
    response = stream.response
    content_type = response.headers.get("Content-Type", "").lower()
    body = response.stream
    if "json" in content_type:
        reply.add(_completion(await response.aread(), endpoint))
        return
    documents = 0
    is_done = False
    async for data in read_events(response.aiter_bytes()):
        if is_done := data.startswith("[DONE]"):
            break
        document = _document(data, endpoint)
        if isinstance(document, dict) and document.get("error"):
            raise _error_within(document)
        documents += 1
        reply.add(document)
    if body.head.lstrip()[:1] == b"<":
        raise _web_page(endpoint)
    if not documents:
        raise _no_chat(endpoint)
    if not reply.finish and not is_done:
        raise LostError("stopped in the middle of the answer", "try again")


def _completion(data: bytes, endpoint: Endpoint) -> dict[str, Any]:
    """A whole completion. Raises RefusedError for an error in its place, RpgError for anything else."""
    document = _document(data, endpoint)
    if isinstance(document, dict) and document.get("error") and not document.get("choices"):
        raise _error_within(document)
    if not isinstance(document, dict) or not isinstance(document.get("choices"), list):
        raise _no_chat(endpoint)
    return document


def _error_within(document: dict[str, Any]) -> RefusedError:
    """The refusal for an error in the place of a completion, or in the middle of a stream."""
    return RefusedError(_status_in(document["error"]), _words(document), _code_in(document["error"]))


def _document(data: bytes | str, endpoint: Endpoint) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise (_web_page if data.lstrip()[:1] in (b"<", "<") else _no_chat)(endpoint) from None


def _web_page(endpoint: Endpoint) -> RpgError:
    return RpgError(
        f"{endpoint.shown} answers with a web page and not as a chat API; correct the base URL of {endpoint.title}, "
        "which often ends in /v1"
    )


def _no_chat(endpoint: Endpoint) -> RpgError:
    return RpgError(
        f"{endpoint.shown} answers, but not like a chat API; correct the base URL of {endpoint.title}, "
        "which often ends in /v1"
    )


def _refused(error: Any) -> RefusedError:
    headers = error.response.headers
    document = error.body if isinstance(error.body, dict | list) else error.response.text
    return RefusedError(
        error.status_code,
        _words(document),
        _code_in(document),
        headers.get("Retry-After"),
        error.response.extensions.get("location", ""),
    )


def _status_in(error: object) -> int:
    """The HTTP status that an error in a good answer's place gives for itself, as OpenRouter's do; else 500."""
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, int) and 400 <= code <= 599 else 500


def _code_in(error: object) -> str:
    code = error.get("code") if isinstance(error, dict) else None
    return code[:_MAX_WORDS] if isinstance(code, str) else ""


def _words(document: object) -> str:
    """The message in a server's error, in any of the usual places; empty for a web page."""
    for _ in range(4):
        if isinstance(document, list) and document:
            document = document[0]
        elif isinstance(document, dict):
            keys = ("error", "message", "detail", "msg")
            document = next((document[key] for key in keys if document.get(key)), "")
    text = document if isinstance(document, str) else ""
    return "" if text.lstrip().startswith("<") else " ".join(text.split())[: 10 * _MAX_WORDS]


def _lost(error: BaseException) -> LostError | RpgError:
    import socket

    import httpx

    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, RpgError):
            return cause
    if any(isinstance(cause, ssl.SSLError) or "SSL" in str(cause) for cause in causes):
        return LostError(
            "has no secure connection that can be trusted",
            "check its certificate, and whether the base URL should begin with http:// or https://",
            permanent=True,
        )
    kinds: tuple[tuple[type[BaseException], str, str], ...] = (
        (socket.gaierror, "has a host name that cannot be found", "check the base URL and this machine's network"),
        (ConnectionRefusedError, "refuses connections", "start the server, or check the base URL's host and port"),
        (
            httpx.ConnectTimeout,
            "did not accept a connection in time",
            "check the base URL, or raise the connection timeout",
        ),
        (httpx.ConnectError, "cannot be reached", "check the base URL and this machine's network"),
        (httpx.TimeoutException, "stopped sending", "raise the timeout, or check the server"),
    )
    for kind, problem, advice in kinds:
        if any(isinstance(cause, kind) for cause in causes):
            return LostError(problem, advice)
    return LostError("closed the connection before the answer was complete", "check the server, and try again")


def _causes(error: BaseException | None, depth: int = 0) -> Iterator[BaseException]:
    """An error and all that it came from."""
    if error is None or depth > 12:
        return
    yield error
    for part in getattr(error, "exceptions", ()):
        yield from _causes(part, depth + 1)
    yield from _causes(error.__cause__ or error.__context__, depth + 1)


def _bounded_body(stream: Any, limit: int, shown: str) -> Any:
    """A response's body that stops at ``limit`` bytes, and keeps its first ones to look at."""
    import httpx

    class BoundedBody(httpx.AsyncByteStream):
        def __init__(self) -> None:
            self.head = b""
            self._left = limit

        async def __aiter__(self) -> AsyncIterator[bytes]:
            async for part in stream:
                self._left -= len(part)
                if self._left < 0:
                    raise RpgError(f"{shown} sends more than {MAX_TEXT} characters; lower the answer's token limit")
                self.head = (self.head + part)[:200] if len(self.head) < 200 else self.head
                yield part

        async def aclose(self) -> None:
            await stream.aclose()

    return BoundedBody()
