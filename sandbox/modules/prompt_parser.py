"""The prompt language: schedules, AND, emphasis, and the conditioning that comes of them."""

import re
from dataclasses import dataclass
from typing import NamedTuple

import torch
from modules.prompt_schedule import prompt_schedule

_AND = re.compile(r"\bAND\b")
_WEIGHT = re.compile(r"(?P<text>.*?)(?:\s*:\s*(?P<weight>[-+]?(?:\d+\.?|\d*\.\d+)))?\s*", re.DOTALL)
_BREAK = re.compile(r"\s*\bBREAK\b\s*")
_ATTENTION = re.compile(
    r"(?P<escaped>\\[\\()\[\]]?)|(?P<open>[(\[])|:\s*(?P<weight>[+-]?[.\d]+)\s*\)|(?P<close>[)\]])"
    r"|[^\\()\[\]:]+|:"
)


class ScheduledPromptConditioning(NamedTuple):
    """`cond` (tokens, width) holds up to and with step `end_at_step`."""

    end_at_step: int
    cond: torch.Tensor


class SdConditioning(list):
    """Prompts together with the size of the picture they are for."""

    def __init__(self, prompts, is_negative_prompt=False, width=None, height=None, copy_from=None):
        super().__init__(prompts)
        source = prompts if copy_from is None else copy_from
        self.is_negative_prompt = is_negative_prompt or getattr(source, "is_negative_prompt", False)
        self.width = width or getattr(source, "width", None)
        self.height = height or getattr(source, "height", None)


@dataclass
class ComposableScheduledPromptConditioning:
    """One sub-prompt of an `AND` and its weight."""

    schedules: list[ScheduledPromptConditioning]
    weight: float = 1.0


@dataclass
class MulticondLearnedConditioning:
    """For each prompt of the batch its sub-prompts; `shape` is (batch,)."""

    shape: tuple
    batch: list[list[ComposableScheduledPromptConditioning]]


def get_learned_conditioning_prompt_schedules(prompts, base_steps, hires_steps=None, use_old_scheduling=False):
    """For each prompt [[last step, text], …]."""
    return [prompt_schedule(prompt, base_steps, hires_steps, use_old_scheduling) for prompt in prompts]


def get_learned_conditioning(model, prompts, steps, hires_steps=None, use_old_scheduling=False):
    """Encode prompts: for each one a list of ScheduledPromptConditioning."""
    schedules = get_learned_conditioning_prompt_schedules(prompts, steps, hires_steps, use_old_scheduling)
    done: dict[str, list[ScheduledPromptConditioning]] = {}
    for prompt, schedule in zip(prompts, schedules, strict=True):
        if prompt not in done:
            conds = model.get_learned_conditioning(SdConditioning([text for _, text in schedule], copy_from=prompts))
            done[prompt] = [ScheduledPromptConditioning(end, conds[i]) for i, (end, _) in enumerate(schedule)]
    return [done[prompt] for prompt in prompts]


def get_multicond_prompt_list(prompts):
    """Split prompts at AND: ([[(index, weight), …] per prompt], flat list of texts, {text: index})."""
    flat = SdConditioning([], copy_from=prompts)
    indexes: dict[str, int] = {}
    result = []
    for prompt in prompts:
        parts = []
        for part in _AND.split(prompt):
            match = _WEIGHT.fullmatch(part)
            text = match["text"]
            if text not in indexes:
                indexes[text] = len(flat)
                flat.append(text)
            parts.append((indexes[text], 1.0 if match["weight"] is None else float(match["weight"])))
        result.append(parts)
    return result, flat, indexes


def get_multicond_learned_conditioning(model, prompts, steps, hires_steps=None, use_old_scheduling=False):
    """Encode prompts that may hold `AND`."""
    per_prompt, flat, _ = get_multicond_prompt_list(prompts)
    conds = get_learned_conditioning(model, flat, steps, hires_steps, use_old_scheduling)
    batch = [[ComposableScheduledPromptConditioning(conds[i], weight) for i, weight in x] for x in per_prompt]
    return MulticondLearnedConditioning(shape=(len(prompts),), batch=batch)


def _cond_at(schedule: list[ScheduledPromptConditioning], step: int) -> torch.Tensor:
    return next((x.cond for x in schedule if step <= x.end_at_step), schedule[0].cond)


def reconstruct_cond_batch(c: list[list[ScheduledPromptConditioning]], current_step: int) -> torch.Tensor:
    """(batch, tokens, width) of the conds that hold at a step; all of them must be equally long."""
    return torch.stack([_cond_at(schedule, current_step) for schedule in c])


def stack_conds(tensors: list[torch.Tensor]) -> torch.Tensor:
    """(batch, tokens, width): shorter ones are filled up with their own last token's vector."""
    tokens = max(x.shape[0] for x in tensors)
    return torch.stack([torch.cat([x, x[-1:].expand(tokens - x.shape[0], -1)]) for x in tensors])


def reconstruct_multicond_batch(c: MulticondLearnedConditioning, current_step: int):
    """([[(row, weight), …] per image], (rows, tokens, width)) at a step."""
    conds_list, tensors = [], []
    for sub_prompts in c.batch:
        rows = []
        for sub_prompt in sub_prompts:
            rows.append((len(tensors), sub_prompt.weight))
            tensors.append(_cond_at(sub_prompt.schedules, current_step))
        conds_list.append(rows)
    return conds_list, stack_conds(tensors)


def parse_prompt_attention(text: str) -> list[list]:
    r"""[[text, weight], …]: (a) is 1.1 times, [a] 1/1.1 times, (a:1.5) 1.5 times; \( is a plain bracket.

    The word BREAK outside of brackets becomes ["BREAK", -1].
    """
    found: list[list] = []
    open_at: dict[str, list[int]] = {"(": [], "[": []}
    factor = {"(": 1.1, "[": 1 / 1.1}

    def multiply(start: int, by: float) -> None:
        for piece in found[start:]:
            piece[1] *= by

    for match in _ATTENTION.finditer(text):
        kind = match.lastgroup
        opening = {")": "(", "]": "["}.get(match["close"] or "")
        if kind == "escaped":
            found.append([match["escaped"][1:], 1.0])
        elif kind == "open":
            open_at[match["open"]].append(len(found))
        elif kind == "weight" and open_at["("]:
            multiply(open_at["("].pop(), float(match["weight"]))
        elif opening and open_at[opening]:
            multiply(open_at[opening].pop(), factor[opening])
        else:
            for i, part in enumerate(_BREAK.split(match[0])):
                found += [["BREAK", -1]] * (i > 0) + [[part, 1.0]]
    for bracket, starts in open_at.items():
        for start in starts:
            multiply(start, factor[bracket])

    merged: list[list] = []
    for piece, weight in found or [["", 1.0]]:
        if merged and merged[-1][1] == weight:
            merged[-1][0] += piece
        else:
            merged.append([piece, weight])
    return merged
