"""Key lines: an answer as ``Key: value`` parts, each value running to the next key."""

from __future__ import annotations

import re
from typing import NamedTuple

# A run of marks is one class everywhere, so that no text makes two of them share it out in many ways.
_BULLET = r"[ \t>#*_\u2022\-]*(?:[0-9a-h][.)][ \t*_]*)?"
_GAP = r"[ \t_\-]+"
_NAMES = {
    "other": rf"(?:horizontal|vertical){_GAP}split{_GAP}ratio",
    "ratio": rf"(?:final{_GAP})?split{_GAP}ratio|SR_hw_split_ratio",
    "prompt": rf"regional{_GAP}prompts?|SR_prompt",
    "names": rf"HB{_GAP}prompt{_GAP}list",
    "m_offset": rf"HB{_GAP}m{_GAP}offset{_GAP}list",
    "n_offset": rf"HB{_GAP}n{_GAP}offset{_GAP}list",
    "m_scale": rf"HB{_GAP}m{_GAP}scale{_GAP}list",
    "n_scale": rf"HB{_GAP}n{_GAP}scale{_GAP}list",
    "replace": r"HB_replace",
    "delta": r"SR_delta",
    "steps": r"num_inference_steps",
    "pictures": r"Redux_list|id_images_path|id_weights",
    "repainting": r"Repainting_\w{1,40}",
    "caption": r"caption",
    "objects": r"objects",
    "background": rf"background{_GAP}prompt",
    "negative": rf"negative{_GAP}prompt",
    "base": rf"base{_GAP}prompt",
    "base_ratio": rf"base{_GAP}ratio",
}
_EITHER = "|".join(f"(?P<{name}>{pattern})" for name, pattern in _NAMES.items())
_COLON = r"[ \t*_]*[:\uff1a][ \t*_]*"
# Names are tried at a letter only: not behind each mark of a long run.
_LINE = re.compile(rf"^{_BULLET}(?=[a-z])(?:{_EITHER}){_COLON}", re.MULTILINE | re.IGNORECASE)
# Within a line only the two words that nobody writes by chance.
_WITHIN = re.compile(
    rf"(?:^|(?<=[\s.;:,>]))(?:(?P<ratio>final{_GAP}split{_GAP}ratio)|(?P<prompt>regional{_GAP}prompts?)){_COLON}",
    re.MULTILINE | re.IGNORECASE,
)


class Part(NamedTuple):
    """A key (one of the names here) with its value, and where the key begins in the answer."""

    key: str
    value: str
    start: int


def key_lines(text: str) -> list[Part]:
    """The parts whose key begins a line, behind bullets and bold marks. Linear in the text's length."""
    return _parts(_LINE, text)


def keys_within_lines(text: str) -> list[Part]:
    """The ratio and the regional prompt wherever they are, for answers all in one line."""
    return _parts(_WITHIN, text.replace("\\n", "\n "))


def _parts(pattern: re.Pattern[str], text: str) -> list[Part]:
    keys = list(pattern.finditer(text))
    ends = [*(key.start() for key in keys[1:]), len(text)][: len(keys)]
    return [Part(str(key.lastgroup), text[key.end() : end], key.start()) for key, end in zip(keys, ends, strict=True)]


def first_line(value: str) -> str:
    """The first line of a value that holds text; empty for none."""
    return next((line.strip() for line in value.split("\n") if line.strip()), "")
