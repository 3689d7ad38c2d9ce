"""Answers of language models, read tolerantly to plans."""

from __future__ import annotations

from lib_rpg.planner.llm.answers.parser import MAX_ANSWER, parse_answer

__all__ = ["MAX_ANSWER", "parse_answer"]
