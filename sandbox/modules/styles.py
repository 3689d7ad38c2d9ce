"""Prompt styles: texts that a style's name adds to a prompt. The sandbox comes with none; an extension may add some."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class PromptStyle(NamedTuple):
    """A style; ``{prompt}`` in its text stands for the prompt, else the text follows the prompt after a comma."""

    name: str
    prompt: str | None
    negative_prompt: str | None


def merge_prompts(style_prompt: str | None, prompt: str) -> str:
    """``prompt`` in the style's text, or followed by it."""
    if style_prompt and "{prompt}" in style_prompt:
        return style_prompt.replace("{prompt}", prompt)
    return ", ".join(part.strip() for part in (prompt, style_prompt or "") if part.strip())


class StyleDatabase:
    """The styles by name."""

    def __init__(self) -> None:
        self.styles: dict[str, PromptStyle] = {}

    def _apply(self, prompt: str, texts: Iterable[str | None]) -> str:
        for text in texts:
            prompt = merge_prompts(text, prompt)
        return prompt

    def apply_styles_to_prompt(self, prompt: str, styles: Iterable[str]) -> str:
        """``prompt`` with the named styles laid over it, in order; unknown names do nothing."""
        return self._apply(prompt, [self.styles[name].prompt for name in styles if name in self.styles])

    def apply_negative_styles_to_prompt(self, prompt: str, styles: Iterable[str]) -> str:
        """The same with the styles' negative prompts."""
        return self._apply(prompt, [self.styles[name].negative_prompt for name in styles if name in self.styles])
