"""Answers of language models, read tolerantly to plans."""

from __future__ import annotations

from lib_rpg.planner.answers.lmdcache import read_lmd_cache
from lib_rpg.planner.answers.reader import MAX_ANSWER, parse_answer

__all__ = ["MAX_ANSWER", "parse_answer", "read_lmd_cache"]
