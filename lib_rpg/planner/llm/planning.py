"""Planning with a chat model: ask, read the answer, send the reader's complaint back once, cache the answer."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass

from lib_rpg.errors import RpgError
from lib_rpg.plan import MAX_NOTES, Plan, Source
from lib_rpg.planner.config import PlannerConfig
from lib_rpg.planner.llm.answer_cache import AnswerCache, CachedAnswer
from lib_rpg.planner.llm.answer_schema import answer_schema
from lib_rpg.planner.llm.answers import parse_answer
from lib_rpg.planner.llm.chat import Chat, ChatAnswer, ChatRequest, Hooks, Message
from lib_rpg.planner.llm.own_words import added_words
from lib_rpg.planner.llm.prompt import messages_for
from lib_rpg.planner.request import PlanRequest

_QUOTED = 20_000  # characters of a wrong answer that are sent back with the complaint
_COMPLAINT = (
    "Your answer could not be used: {error}. Correct exactly that, keep what was right, and answer again with the "
    "whole JSON object and nothing else."
)


class UnusableAnswerError(RpgError):
    """The model's answers made no plan; ``answer`` is the last one, for the user to correct by hand."""

    def __init__(self, sentence: str, answer: str) -> None:
        super().__init__(sentence)
        self.answer = answer


@dataclass(frozen=True)
class Planned:
    """A plan and what it cost; tokens are None where the provider does not count them."""

    plan: Plan
    requests: int = 0
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    repairs: int = 0
    output_mode: str = ""


def plan_by_asking(
    chat: Chat, request: PlanRequest, config: PlannerConfig, hooks: Hooks, *, planner: str, fresh: bool = False
) -> Planned:
    """Plan ``request`` with a chat model, from the cache where it was asked before, unless ``fresh``.

    Raises RpgError as the provider does, `UnusableAnswerError` if the second answer is no plan either, and
    `CancelledPlanError`.
    """
    messages = messages_for(request, config.templates)
    question = ChatRequest(messages, answer_schema(request.method), request.picture, len(messages) - 1)
    cache = AnswerCache(config.cache) if config.cache else None
    key = _cache_key(question, chat, config, planner)
    if cache and not fresh and (planned := _from_cache(cache.get(key), request, chat, planner)):
        return planned

    answers: list[ChatAnswer] = []
    problem = ""
    for repairs in range(2):
        hooks.check()
        if answers:
            hooks.on_status("The answer was not a plan yet; the model is asked to correct it…")
            question = _with_complaint(question, answers[-1].text, problem)
        answers.append(chat.ask(question, hooks))
        model = answers[-1].model or chat.model
        try:
            plan = _read_answer(answers[-1], request, Source(planner, model or None), config.max_tokens)
        except RpgError as error:
            problem = str(error)
            continue
        _check(chat, plan)
        notes = _own_words(plan, request)
        if notes and not repairs:
            problem = notes[0]
            continue
        notes += ["the model had to correct its first answer"] if repairs else []
        if cache and (trouble := cache.put(key, CachedAnswer(answers[-1].text, model, repairs))):
            notes.append(trouble)
        return _planned(_with_notes(plan, notes), answers)
    raise UnusableAnswerError(
        f"{chat.name} ({chat.model}) answered twice without a plan that can be used: {problem}; correct its answer by "
        "hand, plan again, or use a larger model",
        answers[-1].text,
    )


def _cache_key(question: ChatRequest, chat: Chat, config: PlannerConfig, planner: str) -> str:
    turns = [[message.role, message.text] for message in question.messages]
    where = [planner, config.provider, config.base_url, config.local_folder, chat.model, config.max_tokens]
    return AnswerCache.key(where, turns, question.schema, question.picture)


def _from_cache(known: CachedAnswer | None, request: PlanRequest, chat: Chat, planner: str) -> Planned | None:
    """The plan of a cached answer; None if there is no answer, or it is no plan any more."""
    if known is None:
        return None
    try:
        plan = _read(known.text, request, Source(planner, known.model or None, cached=True))
        _check(chat, plan)
        return Planned(_with_notes(plan, _own_words(plan, request)), repairs=known.repairs)
    except RpgError:
        return None  # cached by a version that read more, or searched less for keys


def _with_complaint(question: ChatRequest, answer: str, problem: str) -> ChatRequest:
    complaint = _COMPLAINT.format(error=problem.rstrip("."))
    turns = (Message("assistant", answer[:_QUOTED]), Message("user", complaint))
    return dataclasses.replace(question, messages=(*question.messages, *turns))


def _planned(plan: Plan, answers: Sequence[ChatAnswer]) -> Planned:
    return Planned(
        plan,
        requests=sum(answer.requests for answer in answers),
        prompt_tokens=_total([answer.prompt_tokens for answer in answers]),
        completion_tokens=_total([answer.completion_tokens for answer in answers]),
        repairs=len(answers) - 1,
        output_mode=answers[-1].output_mode,
    )


def _read_answer(answer: ChatAnswer, request: PlanRequest, source: Source, max_tokens: int) -> Plan:
    """The plan of a model's answer. Raises RpgError, which names the token limit if that has cut the answer."""
    try:
        return _read(answer.text, request, source)
    except RpgError as error:
        if answer.cut:
            raise RpgError(f"the answer was cut off at {max_tokens} tokens: {error}") from None
        raise


def _read(text: str, request: PlanRequest, source: Source) -> Plan:
    return dataclasses.replace(parse_answer(text, request, source=source), prompt=request.prompt)


def _check(chat: Chat, plan: Plan) -> None:
    """Raises RpgError if a plan holds the key, in parts that only together are one; before it is kept or shown."""
    chat.check_plan(json.dumps(plan.to_dict(), ensure_ascii=False))


def _own_words(plan: Plan, request: PlanRequest) -> list[str]:
    """What a model added to the user's words where it should not have; in another language no word is the user's."""
    added = "" if request.recaption or request.language else added_words(plan, request.prompt)
    return [added] if added else []


def _with_notes(plan: Plan, notes: list[str]) -> Plan:
    kept = (*plan.source.notes, *notes)[:MAX_NOTES]
    return dataclasses.replace(plan, source=dataclasses.replace(plan.source, notes=kept))


def _total(counts: Sequence[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None
