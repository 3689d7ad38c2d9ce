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


def extract_style_text_from_prompt(style_text: str, prompt: str) -> tuple[bool, str]:
    """Whether the style's text is laid over ``prompt``, and the prompt without it, or as it is."""
    bare, style = prompt.strip(), style_text.strip()
    before, placed, after = style.partition("{prompt}")
    if placed and bare.startswith(before) and bare.endswith(after):
        return True, bare[len(before) : len(bare) - len(after)]
    if not placed and bare.endswith(style):
        return True, bare[: len(bare) - len(style)].removesuffix(", ")
    return False, prompt


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

    def extract_styles_from_prompt(self, prompt: str, negative_prompt: str) -> tuple[list[str], str, str]:
        """The names of the styles that are laid over both prompts, in their order, and the prompts without them."""
        left, names = dict(self.styles), []
        while found := self._outermost(left, prompt, negative_prompt):
            name, prompt, negative_prompt = found
            del left[name]
            names.insert(0, name)
        return names, prompt, negative_prompt

    @staticmethod
    def _outermost(styles: dict[str, PromptStyle], prompt: str, negative: str) -> tuple[str, str, str] | None:
        for name, style in styles.items():
            if not style.prompt and not style.negative_prompt:
                continue
            is_there, bare = extract_style_text_from_prompt(style.prompt or "", prompt)
            also, bare_negative = extract_style_text_from_prompt(style.negative_prompt or "", negative)
            if is_there and also:
                return name, bare, bare_negative
        return None
