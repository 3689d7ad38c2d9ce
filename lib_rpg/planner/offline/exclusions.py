"""What the prompt says that the picture must not show: "without …", "no …", "not …", "excluding …"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COMMA, NUMBER, STOP, Token, render
from lib_rpg.planner.offline.grammar.phrases import PREPOSITIONS, Place, Words, noun, ordering, place, relation

_TRIGGERS = (
    ("free", "of"), ("empty", "of"), ("bare", "of"), ("void", "of"), ("clear", "of"), ("nothing", "like"),
    ("no", "sign", "of"), ("no", "trace", "of"), ("with", "zero"), ("zero",), ("sans",),
    ("devoid", "of"), ("except", "for"), ("apart", "from"), ("instead", "of"), ("rather", "than"),
    ("do", "not", "include"), ("do", "not", "draw"), ("do", "not", "show"), ("does", "not", "include"),
    ("don't", "include"), ("don't", "draw"), ("don't", "show"), ("must", "not", "include"), ("not", "including"),
    ("should", "not", "include"), ("does", "not", "have"), ("do", "not", "have"), ("doesn't", "have"),
    ("don't", "have"), ("not", "have"), ("leaving", "out"), ("not", "any"), ("not", "a", "single"),
    ("without", "any"), ("with", "no"), ("lacking", "any"),
    ("isn't",), ("aren't",), ("without",), ("excluding",), ("exclude",), ("except",), ("omit",), ("omitting",),
    ("lacking",), ("avoid",), ("avoiding",), ("minus",), ("no",), ("not",), ("nor",), ("never",),
)  # fmt: skip
_STARTS = frozenset(phrase[0] for phrase in _TRIGGERS)
_LEADING = lex.word_set("but and with there are is was were has have having yet it they contains containing")
_PEOPLE = frozenset({"nobody", "no-one", "noone"})
_FINAL = (("nothing", "else"), ("no", "more"), ("nobody", "else"), ("nothing", "more"))  # they name nothing to exclude


def exclusions(tokens: list[Token]) -> tuple[list[Token], list[str]]:
    """Split a prompt into the words that stay and the phrases that are excluded, in the order of mention."""
    words = Words(tokens)
    gone: set[int] = set()
    phrases: list[str] = []
    i = 0
    while i < len(words):
        final = next((len(p) for p in _FINAL if words.starts(i, *p) and words.is_end(i + len(p))), 0)
        if final:
            gone.update(range(i - (words.low(i - 1) in ("and", "but")), i + final))
            i += final
            continue
        found = _trigger(words, i)
        end, told = _scope(words, found) if found else (i, [])
        if not found or not told:
            i += 1
            continue
        start = i
        while start > 0 and words.low(start - 1) in _LEADING and start - 1 not in gone:
            start -= 1
        gone.update(range(start, end))
        phrases += told
        i = end
    return _tidy([token for k, token in enumerate(tokens) if k not in gone]) if gone else tokens, phrases


def _trigger(words: Words, i: int) -> int | None:
    if words.low(i) in _PEOPLE:
        return i
    for phrase in _TRIGGERS if words.low(i) in _STARTS else ():
        if not words.starts(i, *phrase):
            continue
        behind = i + len(phrase)
        before, after = words.low(i - 1), words.low(behind)
        if phrase == ("no",) and (
            before in lex.ARTICLES or words.kind(behind) == NUMBER or words.starts(behind, "more", "than")
        ):
            return None  # "a no parking sign", "no. 5", "no more than three"
        if phrase == ("not",) and after in ("only", "just", "too", "very", "quite", "far", "fully", "yet", "all"):
            return None
        if words.kind(behind) == STOP and words.low(behind) == ".":
            return None
        return behind
    return None


def _scope(words: Words, i: int) -> tuple[int, list[str]]:
    """From behind the trigger: where the exclusion ends, and what it names."""
    if words.low(i) in _PEOPLE or (words.low(i) == "one" and words.low(i - 1) == "no"):
        return i + 1, ["people"]
    phrases: list[str] = []
    first_bare: bool | None = None
    while True:
        start = i
        if place(words, i) is not None:
            break
        while words.low(i).endswith("ing") and words.low(i) not in lex.ING_NOUNS and words.kind(i) == "word":
            i += 1
        if words.low(i) in PREPOSITIONS and i == start:
            # "not in a box": the whole turn is excluded.
            i += 1
        found = noun(words, i)
        if found is None:
            if i > start:
                phrases.append(render(words.tokens[start:i]))
            break
        first_bare = found.bare if first_bare is None else first_bare
        i = found.end
        skip = start
        if words.low(skip) in ("any", "either", "single"):
            skip += 1
        phrases.append(render(words.tokens[skip:i]))
        i = _past_idle(words, i)
        spot = place(words, i)
        if isinstance(spot, Place) and spot.ground:
            i = spot.end
        following = _more(words, i, first_bare)
        if following is None:
            break
        i = following
    return i, [phrase for phrase in phrases if phrase]


_IDLE = (
    ("at", "all"), ("in", "sight"), ("around",), ("anywhere",), ("nearby",), ("visible",), ("present",),
    ("whatsoever",),
)  # fmt: skip


def _past_idle(words: Words, i: int) -> int:
    """Past words that only stress the exclusion: "no people around"."""
    found = next((i + len(phrase) for phrase in _IDLE if words.starts(i, *phrase)), i)
    return found if words.is_end(found) else i


def _more(words: Words, i: int, first_bare: bool) -> int | None:
    """The index of the next excluded thing, if the list goes on behind i."""
    j = i
    if words.kind(j) == COMMA:
        # A comma goes on only if the list ends in "or": "no cats, dogs, or birds".
        k = j
        while words.kind(k) == COMMA:
            k += 1
            if words.low(k) in ("or", "nor"):
                return k + 1 if k == j + 1 else j + 1
            listed = noun(words, k)
            if listed is None or not listed.bare:
                return None
            k = listed.end
        return j + 1 if words.low(k) in ("or", "nor") and k > j else None
    if words.low(j) in ("or", "nor", "/"):
        return j + 1
    if words.low(j) in ("and", "&"):
        listed = noun(words, j + 1)
        if listed is None or _trigger(words, j + 1) is not None:
            return None
        after = listed.end
        own = (
            place(words, after) is not None
            or relation(words, after) is not None
            or ordering(words, after) is not None
            or words.low(after) in lex.BE
            or words.low(after) in ("with", "wearing", "holding")
        )
        person = listed.noun in lex.PEOPLE
        return j + 1 if listed.bare == first_bare and listed.count in (None, 1) and not own and not person else None
    return None


def _tidy(tokens: list[Token]) -> list[Token]:
    """Drop the commas and joining words that an exclusion leaves behind."""
    result: list[Token] = []
    for token in tokens:
        joins = token.kind in (COMMA, STOP)
        if joins and (not result or (result[-1].kind == COMMA and token.kind == COMMA)):
            continue
        if joins and result and (result[-1].low in ("and", "but", "with", "or") or result[-1].kind == COMMA):
            result.pop()
        if token.low in ("and", "but") and not result:
            continue
        if joins and result and result[-1].kind == STOP:
            continue
        result.append(token)
    while result and (result[-1].low in ("and", "but", "with", "or") or result[-1].kind == COMMA):
        result.pop()
    return result
