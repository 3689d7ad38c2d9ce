"""Verbs and phrases of contact: who does it touches the other one, so that neither is seen whole by itself."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from lib_rpg.planner.language.relation_words import relation_in
from lib_rpg.planner.language.word_set import word_set

EACH_OTHER = word_set(
    "hugging hug embracing embrace kissing kiss cuddling cuddle snuggling snuggle nuzzling spooning smooching "
    "wrestling grappling waltzing tangoing entwined intertwined piggyback handshake"
)
"""What several do to each other, also without saying to whom: "two girls hugging", "1boy, 1girl, kiss"."""
_BEHIND = word_set("each one together from")  # "hugging each other", "kissing one another", "hug from behind"
_EACH_OTHER_PHRASES = (
    "holding hands",
    "hand holding",
    "interlocked fingers",
    "hand in hand",
    "arm in arm",
    "linking arms",
    "linked arms",
    "arms linked",
    "locking arms",
    "shaking hands",
    "high five",
    "cheek to cheek",
    "cheek-to-cheek",
    "nose to nose",
    "forehead to forehead",
    "shoulder to shoulder",
    "back to back",
    "back-to-back",
    "dancing together",
    "slow dancing",
    "arms around each other",
    "arms wrapped around each other",
    "holding each other",
    "leaning on each other",
    "leaning against each other",
    "princess carry",
    "carrying person",
    "sitting on lap",
    "lap pillow",
    "curled up together",
    "huddled together",
    "huddling together",
    "sharing an umbrella",
    "sharing a blanket",
)
_TO_ANOTHER = {
    "holding": "",
    "lifting": "",
    "riding": "",
    "licking": "",
    "petting": "",
    "stroking": "",
    "grooming": "",
    "straddling": "",
    "cradling": "",
    "nursing": "",
    "tickling": "",
    "carrying": "",
    "piggybacking": "",
    "hugging": "",
    "embracing": "",
    "kissing": "",
    "biting": "",
    "wrestling": "",
    "leaning": "on",
    "propped": "against",
    "clinging": "to",
    "carried": "by",
    "lifted": "by",
    "held": "by",
    "hugged": "by",
    "embraced": "by",
    "kissed": "by",
    "ridden": "by",
}
"""What one does to another who is named behind it, with the preposition between them."""
_APART = word_set(
    "facing fighting attacking battling confronting looking staring glaring watching dueling racing chasing pursuing "
    "overtaking following examining inspecting photographing filming sketching guarding admiring hunting stalking "
    "herding observing approaching"
)
"""What one does to another from some distance."""


def is_mutual(words: Sequence[str]) -> bool:
    """Whether words in lower case say that several touch each other: "holding hands", "hugging each other"."""
    text = f" {' '.join(words)} "
    phrase = any(f" {phrase} " in text for phrase in _EACH_OTHER_PHRASES)
    bare = bool(words) and words[-1] in EACH_OTHER
    told = any(a in EACH_OTHER and b in _BEHIND for a, b in pairwise(words))
    return phrase or bare or told


def mutual_phrase(words: Sequence[str]) -> int:
    """How many of the words, in lower case, begin them as a phrase of several who touch: 3 of "back to back in …"."""
    found = (parts for phrase in _EACH_OTHER_PHRASES if list(words[: len(parts := phrase.split())]) == parts)
    return max(map(len, found), default=0)


def leads_to_touched(word: str) -> str:
    """The words that link someone to whom the verb touches: "clinging to" of "clinging"; empty for any other verb."""
    return f"{word} {_TO_ANOTHER[word]}".strip() if word in _TO_ANOTHER else ""


def touches(link: str) -> bool:
    """Whether the words between two things that share a place say that they touch: "hugging", "asleep on", "in"."""
    words = link.lower().split()
    if any(word in _TO_ANOTHER for word in words):
        return True
    relation = relation_in(words)
    if relation is not None:
        return relation.touches
    acts = any(word.endswith(("ing", "ed")) for word in words)  # "feeding", but not "left of"
    return acts and not _APART.intersection(words)
