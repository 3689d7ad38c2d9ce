"""A chat model behind an OpenAI-compatible server: fallbacks, retries, and one sentence for every failure."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from lib_rpg.checks import show
from lib_rpg.errors import RpgError
from lib_rpg.planner.config import PlannerConfig
from lib_rpg.planner.llm.chat import ChatAnswer, ChatRequest, Hooks
from lib_rpg.planner.llm.server.endpoint import Endpoint, find_endpoint
from lib_rpg.planner.llm.server.output_modes import OutputModeMemory
from lib_rpg.planner.llm.server.presets import Preset
from lib_rpg.planner.llm.server.refusals import connection_failure, is_permanent, known_refusal, other_refusal
from lib_rpg.planner.llm.server.reply import Reply
from lib_rpg.planner.llm.server.request_form import Form, first_form, next_fallback, picture_type, request_body
from lib_rpg.planner.llm.server.retry import TRIES, backoff, retry_after, wait_in_words
from lib_rpg.planner.llm.server.transport import LostError, RefusedError, open_client, send
from lib_rpg.planner.llm.watched import Progress, run_watched
from lib_rpg.printable import printable

if TYPE_CHECKING:
    from openai import AsyncOpenAI

_MOST_REQUESTS = 12


@dataclass(frozen=True)
class Clock:
    """How time passes between tries; tests bring their own."""

    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    random: Callable[[], float] = random.random
    now: Callable[[], float] = time.time


class ServerChat:
    """A `Chat` with one model of one server. Holds no connection between calls."""

    def __init__(
        self, config: PlannerConfig, preset: Preset, memory: OutputModeMemory, clock: Clock | None = None
    ) -> None:
        """Raises RpgError if the address, the model or a needed key is missing."""
        self.name = preset.name
        self.model = config.model.strip() or preset.model
        if not self.model:
            hint = f" ({preset.model_hint})" if preset.model_hint else ""
            raise RpgError(f"{preset.title} needs the name of a model{hint}; set it in the model setting")
        self._endpoint = find_endpoint(config, preset, self.model)
        self._traits = preset.traits_of(self.model)
        self._config = config
        self._memory = memory
        self._clock = clock or Clock()
        self._late = (
            f"{self._endpoint.shown} did not finish within {self._config.timeout:g} seconds; raise the timeout, "
            "lower the answer's token limit, or check the server"
        )

    def ask(self, request: ChatRequest, hooks: Hooks) -> ChatAnswer:
        """Answer a chat. Raises RpgError in one sentence, which never shows a key, and CancelledPlanError."""
        if request.picture is not None:
            if not self._traits.pictures:
                raise RpgError(
                    f"the model {self.model!r} cannot use pictures; choose one that can, or remove the picture"
                )
            picture_type(request.picture)
        return run_watched(
            lambda progress: self._answer(request, progress), hooks, self._config.timeout, lambda: self._late
        )

    def check_plan(self, plan: str) -> None:
        """Raises RpgError if the JSON of a finished plan holds the key."""
        self._endpoint.secret.check(plan)

    def close(self) -> None:
        """Nothing to give back: every call closes its own connection."""

    async def _answer(self, request: ChatRequest, progress: Progress) -> ChatAnswer:
        progress.status = f"waiting for {self._endpoint.title} ({self.model})"
        client = open_client(self._endpoint, self._config.connect_timeout, self._config.timeout)
        deadline = time.monotonic() + self._config.timeout
        exchange = _Exchange(
            client, self._endpoint, self._clock, progress, deadline, self._late, request.picture is not None
        )
        try:
            reply, form = await self._ask_with_fallbacks(request, exchange)
        finally:
            await client.close()
        text = self._checked_text(reply)
        if request.schema is not None:
            self._memory.put(self._endpoint.shown, self.model, form.output_mode)
        return ChatAnswer(
            text=text,
            model=reply.model or self.model,
            output_mode=form.output_mode,
            prompt_tokens=reply.prompt_tokens,
            completion_tokens=reply.completion_tokens,
            requests=exchange.requests,
            cut=reply.finish == "length",
        )

    async def _ask_with_fallbacks(self, request: ChatRequest, exchange: _Exchange) -> tuple[Reply, Form]:
        """Ask in the best form, and in the next fallback while the server refuses the form."""
        traits = self._traits if request.schema is not None else replace(self._traits, rungs=("text",))
        form = first_form(traits, self._memory.get(self._endpoint.shown, self.model))
        while True:
            try:
                return await exchange.post(request_body(request, form, self.model, self._config.max_tokens)), form
            except RefusedError as refusal:
                sentence = known_refusal(refusal, self._endpoint, self.model, request.picture is not None)
                if sentence:
                    raise RpgError(sentence) from None
                fallback = next_fallback(form, refusal.status, f"{refusal.code} {refusal.words}")
                # The bound is for servers that refuse by turns: each name of the token limit falls back to the other.
                if fallback is None or exchange.requests >= _MOST_REQUESTS:
                    raise RpgError(other_refusal(refusal, self._endpoint)) from None
                form = fallback

    def _checked_text(self, reply: Reply) -> str:
        text = reply.text
        if reply.refusal:
            words = show(printable(" ".join(reply.refusal.split())))
            raise RpgError(f"the model {self.model!r} refused to answer: {words}; change the prompt")
        if reply.finish == "content_filter":
            raise RpgError(
                f"{self._endpoint.shown} withheld the answer because of its content rules; change the prompt"
            )
        if not text.strip():
            if reply.finish == "length":
                raise RpgError(
                    f"the model {self.model!r} gave no answer within {self._config.max_tokens} tokens; raise the "
                    "answer's token limit"
                )
            raise RpgError(f"the model {self.model!r} at {self._endpoint.shown} gave an empty answer; try again")
        return text


class _Exchange:
    """The requests of one call; ``requests`` counts them."""

    def __init__(
        self,
        client: AsyncOpenAI,
        endpoint: Endpoint,
        clock: Clock,
        progress: Progress,
        deadline: float,
        late: str,
        with_picture: bool,
    ) -> None:
        self.requests = 0
        self._client = client
        self._endpoint = endpoint
        self._clock = clock
        self._progress = progress
        self._deadline = deadline
        self._late = late
        self._with_picture = with_picture

    async def post(self, body: dict[str, Any]) -> Reply:
        """Send one body, again after a temporary failure. Raises RefusedError, and RpgError for a lost connection."""
        tries = 0
        while True:
            tries += 1
            self.requests += 1
            reply = self._progress.reply = Reply(self._endpoint.secret)
            try:
                await send(self._client, self._endpoint, body, reply)
                reply.finish_up()
                return reply
            except RefusedError as refusal:
                if is_permanent(refusal, self._with_picture) or tries == TRIES:
                    raise
                problem = "is busy" if refusal.status == 429 else f"has a problem (HTTP {refusal.status})"
                asked = retry_after(refusal.retry_after, self._clock.now())
            except LostError as lost:
                if lost.permanent or tries == TRIES:
                    raise RpgError(connection_failure(lost, self._endpoint, tries)) from None
                problem, asked = lost.problem, None
            await self._wait(tries, problem, asked)

    async def _wait(self, tries: int, problem: str, asked: float | None) -> None:
        seconds = backoff(tries, self._clock.random()) if asked is None else asked
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise RpgError(self._late)
        if seconds >= left:
            retry = "the next try is" if asked is None else "it asks for a retry"
            raise RpgError(
                f"{self._endpoint.shown} {problem}, and {retry} {wait_in_words(seconds)}, but only {left:.0f} "
                "seconds of the timeout are left; try again later, or raise the timeout"
            )
        self._progress.status = f"{self._endpoint.title} {problem}; try {tries + 1} of {TRIES} in {seconds:.1f} seconds"
        await self._clock.sleep(seconds)
        self._progress.status = f"waiting for {self._endpoint.title}, try {tries + 1} of {TRIES}"
