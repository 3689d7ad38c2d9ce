"""Whose the first part of a prompt is, where the parts behind it are one person's each.

"2girls, mermaid, teal hair BREAK pirate girl, dreadlocks BREAK tropical cove": the first part is the mermaid's.
"""

from __future__ import annotations

from itertools import pairwise

from lib_rpg.planner.language.prompt_tokens import COMMA, STOP
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import PERSON, class_of, is_animate
from lib_rpg.planner.offline.grammar.nouns import noun
from lib_rpg.planner.offline.grammar.numbers import count_tags
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.tags.tag_kinds import PERSONAL, TagKinds

_LOOKS = ("hair", "eyes", "garment", "accessory", "body", "held")


def is_of_first_person(state: State, i: int) -> bool:
    """Whether the piece at i is in a first part that is one person's, as each other part with people is."""
    words = state.words
    breaks = words.breaks()
    if not breaks or i > breaks[0] or not state.people.counted:
        return False
    tags = count_tags(words)
    total = sum(count for k, (count, low) in tags.items() if k < breaks[0] and is_animate(low))
    first = state.people.groups[0] if state.people.groups else None
    again = [tag for k, tag in tags.items() if k >= breaks[0]]
    own = first is not None and first.count == 1 and not any(tag[1] == first.tag for tag in again)
    if total < 2 or (again and not own):
        return False  # but "1boy, 1girl, prince, white uniform BREAK maid, 1girl, brown hair"
    edges = [*breaks, len(words)]
    others = [_is_personal(words, state.kinds, a + 1, b) for a, b in pairwise(edges)]
    return sum(others) == total - 1 and _is_personal(words, state.kinds, 0, breaks[0])


def _is_personal(words: Words, kinds: TagKinds, start: int, end: int) -> bool:
    """Whether a part has the looks of someone: two pieces that are hair, clothes and the like, or one and a role."""
    looks = roles = 0
    k = start
    while k < end:
        stop = next((j for j in range(k, end) if words.kind(j) in (COMMA, STOP)), end)
        text = " ".join(words.low(j) for j in range(k, stop))
        kind = kinds.of_whole(text) or kinds.of_part(text)
        named = noun(words, k)
        looks += kind in _LOOKS
        of = class_of(named.noun) if named is not None and not named.tag else "?"
        roles += kind not in PERSONAL and (of == PERSON or (of == "" and not kind and k == start))  # "BREAK momo, …"
        k = stop + 1
    return looks + roles > 1 and looks > 0
