"""Takes Midjourney's parameters out of a prompt: "a fox --ar 3:2 --v 5" is "a fox", as the WebUI has settings for them.

What is behind "--no" goes to the negative prompt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lib_rpg.keywords import AND, KEYWORDS
from lib_rpg.planner.language.word_set import word_set

_RUNS = re.compile(r"\"[^\"\n]{1,300}\"|\s+|[^\s\"]+|\"")  # words, white space, and what is quoted
_NAME = re.compile(r"(--|—)([A-Za-z][\w-]*)([,.;]*)")
# Behind a long dash, which some keyboards make of two short ones, only these are parameters.
_KNOWN = word_set("ar aspect v version s stylize style c chaos seed q quality no niji tile iw sref cref weird")
_SWITCHES = word_set("tile hd fast relax turbo draft raw video test testp creative")  # they take no value
_NUMBER = re.compile(r"[\w.:/-]*\d[\w.:/-]*")
_HANGING = re.compile(r"[\s,]+(?=$|\n)")


@dataclass(frozen=True)
class Parameters:
    """A prompt without its parameters; the parameters as they are typed, and what they exclude."""

    prompt: str
    typed: tuple[str, ...]
    excluded: tuple[str, ...]

    @property
    def note(self) -> str:
        behind = ", and what is behind --no is in the negative prompt" if self.excluded else ""
        return f"left out: {', '.join(self.typed)}; settings of the WebUI take their place{behind}"


def split_parameters(prompt: str) -> Parameters:
    """Part a prompt from its parameters; one that has nothing else stays as it is."""
    runs = _RUNS.findall(prompt)
    kept: list[str] = []
    typed: list[str] = []
    excluded: list[str] = []
    i = 0
    while i < len(runs):
        name = _parameter(runs, i)
        if not name:
            kept.append(runs[i])
            i += 1
            continue
        end = _excluded_end(runs, i + 1) if name == "no" else _value_end(runs, i, name)
        text = "".join(runs[i:end])
        kept[-1:] = [text[len(text.rstrip(" ,.;")) :]]  # in the place of the space in front: "a cat --tile, a dog"
        typed.append(text.strip(" ,.;"))
        if name == "no":
            values = "".join(runs[i + 1 : end]).split(",")
            excluded += [value for one in values if (value := one.strip(" .;"))]
        i = end
    rest = _HANGING.sub("", "".join(kept)).strip() if typed else prompt
    return Parameters(rest, tuple(typed), tuple(excluded)) if rest else Parameters(prompt, (), ())


def _parameter(runs: list[str], i: int) -> str:
    """The name of the parameter at i, in small letters, or ""."""
    found = _NAME.fullmatch(runs[i])
    if found is None or (i and not runs[i - 1].isspace()):
        return ""
    name = found[2].lower()
    return name if found[1] == "--" or name in _KNOWN else ""


def _is_over(runs: list[str], i: int) -> bool:
    """Whether no value can be at i: a line or a part of the prompt ends, or another parameter begins."""
    return i >= len(runs) or "\n" in runs[i] or runs[i] in (*KEYWORDS, AND) or bool(_parameter(runs, i))


def _excluded_end(runs: list[str], i: int) -> int:
    """The end of the list behind "--no": "--no people, cars"."""
    while not _is_over(runs, i):
        i += 1
    return i


def _value_end(runs: list[str], i: int, name: str) -> int:
    """The end of a parameter with its value, one word or several numbers: "--style raw", "--sref 12 34"."""
    end, first = i + 1, name not in _SWITCHES
    while runs[end - 1][-1] not in ",;" and end + 1 < len(runs) and not _is_over(runs, end):
        if _is_over(runs, end + 1) or not (first or _NUMBER.fullmatch(runs[end + 1].rstrip(",.;"))):
            break
        end, first = end + 2, False
    return end
