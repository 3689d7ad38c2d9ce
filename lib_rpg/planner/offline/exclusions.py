"""Finds what the prompt excludes from the picture: "without …", "no …", "not …", "excluding …"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COMMA, NUMBER, STOP, WORD, Token, render
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.offline.grammar.cursor import Words, by_first_word
from lib_rpg.planner.offline.grammar.finite_verbs import perfect_verb
from lib_rpg.planner.offline.grammar.kinds import PERSON, class_of
from lib_rpg.planner.offline.grammar.nouns import noun
from lib_rpg.planner.offline.grammar.numbers import bound
from lib_rpg.planner.offline.grammar.orderings import ordering
from lib_rpg.planner.offline.grammar.places import place, relation
from lib_rpg.planner.offline.grammar.positions import Place
from lib_rpg.planner.offline.tags.tag_kinds import built_in

_TRIGGERS = by_first_word((
    ("free", "of"), ("empty", "of"), ("bare", "of"), ("void", "of"), ("clear", "of"), ("nothing", "like"),
    ("no", "sign", "of"), ("no", "trace", "of"), ("with", "zero"), ("zero",), ("sans",),
    ("devoid", "of"), ("except", "for"), ("apart", "from"), ("instead", "of"), ("rather", "than"),
    ("do", "not", "include"), ("do", "not", "draw"), ("do", "not", "show"), ("does", "not", "include"),
    ("don't", "include"), ("don't", "draw"), ("don't", "show"), ("must", "not", "include"), ("not", "including"),
    ("should", "not", "include"), ("does", "not", "have"), ("do", "not", "have"), ("doesn't", "have"),
    ("don't", "have"), ("not", "have"), ("leaving", "out"), ("not", "any"), ("not", "a", "single"),
    ("without", "any"), ("with", "no"), ("lacking", "any"),
    ("isn't",), ("aren't",), ("neither",), ("without",), ("excluding",), ("exclude",), ("except",), ("omit",),
    ("omitting",), ("lacking",), ("avoid",), ("avoiding",), ("minus",), ("no",), ("not",), ("nor",), ("never",),
))  # fmt: skip
_LEADING = lex.word_set("but and with there are is was were has have having yet it they contains containing")
_BUT_FOR = by_first_word((("except", "for"), ("apart", "from"), ("save", "for"), ("other", "than"), ("except",)))
_NONE = lex.word_set("empty deserted abandoned bare blank no nobody nothing none dark silent")
_PEOPLE = frozenset({"nobody", "no-one", "noone"})
_FINAL = by_first_word(
    (  # they name nothing to exclude
        ("nothing", "else"),
        ("no", "more"),
        ("nobody", "else"),
        ("no-one", "else"),
        ("no", "one", "else"),
        ("nothing", "more"),
    )
)
_IDLE = by_first_word((
    ("at", "all"), ("in", "sight"), ("around",), ("anywhere",), ("nearby",), ("visible",), ("present",),
    ("whatsoever",), ("on", "top"), ("inside",), ("outside",), ("underneath",),
))  # fmt: skip
_AUXILIARIES = lex.word_set("do does did will can could would")
_OTHER_FREE = lex.word_set("hands sugar gluten duty tax toll scot fancy fat lactose dairy care trouble")
_DEGREES = frozenset({"only", "just", "too", "very", "quite", "far", "fully", "yet", "all"})
_HANGING = frozenset({"and", "but", "with", "or"})  # they join what follows them


def exclude(tokens: list[Token]) -> tuple[list[Token], list[str]]:
    """Split a prompt into the words that stay and the phrases that are excluded, in the order of mention."""
    words = Words(tokens)
    gone: set[int] = set()
    phrases: list[str] = []
    i = 0
    while i < len(words):
        if final := _final(words, i):  # "three apples and nothing else"
            gone.update(range(i - (words.low(i - 1) in ("and", "but")), i + final))
            i += final
            continue
        if end := _past_exception(words, i):
            gone.update(range(i, end))  # "an empty street except for a cat": the cat is there
            i = end
            continue
        behind = _behind_trigger(words, i)
        end, named = _scope(words, behind) if behind is not None else (i, [])
        if not named:
            if free := _named_free(words, i):
                gone.add(i)
                phrases.append(free)
            i += 1
            continue
        gone.update(_with_leading(words, i, end, gone))
        phrases += named
        i = end
    return tidy([token for k, token in enumerate(tokens) if k not in gone]) if gone else tokens, phrases


def _with_leading(words: Words, i: int, end: int, gone: set[int]) -> range:
    """The words of an exclusion with those that lead to it: "there are (no trees)", "that is (not brown)"."""
    if words.low(end) == "but" and words.is_open(end + 1):
        return range(i, end + 1)  # "a dog that is (not brown but) white"
    start = i
    while start > 0 and words.low(start - 1) in _LEADING and start - 1 not in gone:
        start -= 1  # "a red apple but no leaves"
    told = words.low(i) == "isn't" or words.low(start) in lex.BE | lex.HAVE.keys()
    return range(start - (told and words.low(start - 1) in lex.RELATIVES), end)


def _past_exception(words: Words, i: int) -> int:
    """Past "except for" at i where nothing or nobody else is there: "a deserted beach except for a dog"; or 0."""
    end = i + len(words.phrase(i, _BUT_FOR))
    if end == i:
        return 0
    start = i
    while start > 0 and words.kind(start - 1) != STOP:
        start -= 1
    return end if any(words.low(k) in _NONE for k in range(start, i)) else 0


def _named_free(words: Words, i: int) -> str:
    """What "pineapple-free" says that there is none of, or ""."""
    named, _, free = words.low(i).rpartition("-")
    return named if free == "free" and named and named not in _OTHER_FREE else ""


def _final(words: Words, i: int) -> int:
    """How many words are at i that end a list and name nothing to exclude."""
    end = i + len(words.phrase(i, _FINAL))
    if end == i:
        return 0
    end += len(words.phrase(end, _IDLE))  # "nobody else around"
    where = noun(words, end + 1) if words.low(end) in ("in", "on", "at") else None
    end = where.end if where is not None else end  # "nobody else in the room"
    return end - i if words.is_end(end) else 0


def _behind_trigger(words: Words, i: int) -> int | None:
    """Where the excluded things start, if words such as "without" are at i; at "nobody", which names them itself."""
    if words.low(i) in _PEOPLE:
        return i if i > 0 or words.kind(1) == COMMA else None  # "nobody is at home"
    phrase = words.phrase(i, _TRIGGERS)
    if not phrase:
        return None
    behind = i + len(phrase)
    if words.kind(behind) == STOP and words.low(behind) == ".":
        return None  # "no. 5"
    if phrase[-1] in ("no", "not") and _is_other_no(words, behind - 1):
        return None
    if phrase == ("not",) and words.low(i - 1) in _AUXILIARIES:
        return None  # "the driver does not notice"
    if phrase in (("not",), ("never",)) and perfect_verb(words, i - 1):
        return None  # "who has not seen it"
    if phrase == ("not",) and (words.low(behind) in _DEGREES or words.low(behind) == "to"):  # "pretends not to see it"
        return None  # "not only a cat", "not too bright"
    return behind


def _is_other_no(words: Words, i: int) -> bool:
    """Whether the "no" at i excludes nothing: "a no parking sign", "no 5", "kimi no na wa", "no pupils"."""
    if words.low(i) == "no" and words.is_open(i - 1) and words.kind(i - 1) == WORD and not _leads(words, i - 1):
        return True
    piece = [words.low(i)]
    while not words.is_end(i + len(piece)):
        piece.append(words.low(i + len(piece)))
    said = words.low(i - 1) in ("has", "have", "with", "had")  # "a girl with no shoes"
    if built_in().of_whole(" ".join(piece)) not in ("", "count") and not said:
        return True  # "no pupils"
    named = words.low(i) == "no" and (words.low(i - 1) in lex.ARTICLES or words.kind(i + 1) == NUMBER)
    return named or bound(words, i)[0] > i


def _leads(words: Words, i: int) -> bool:
    """Whether the word at i can stand in front of "no": "there are", "has", "wears"."""
    return words.low(i) in _LEADING or words.low(i) in lex.VERBS or words.low(i) in lex.SHOW


def _scope(words: Words, i: int) -> tuple[int, list[str]]:
    """From behind the trigger: where the exclusion ends, and what it names."""
    if words.low(i) in _PEOPLE or (words.low(i) == "one" and words.low(i - 1) == "no"):
        return i + 1, ["people"]
    phrases: list[str] = []
    first_bare: bool | None = None
    following: int | None = i
    while following is not None:
        i = start = following
        if place(words, i) is not None:  # "a dog, not on the left": a position is no thing
            break
        i = _past_first_words(words, start)
        found = noun(words, i)
        if found is None:
            if i > start:  # "not smiling"
                phrases.append(render(words.tokens[start:i]))
            break
        first_bare = found.bare if first_bare is None else first_bare
        stressed = words.low(start) in ("any", "either", "single")  # "don't include any animals"
        i = _past_place(words, found.end)
        # "no people in the background", "no leaves on its branches"; but not "no cushions on it"
        end = i if noun(words, i - 1) is not None else found.end
        phrases.append(render(words.tokens[start + stressed : end]))
        following = _following(words, i, first_bare)
    return i, [phrase for phrase in phrases if phrase]


def _past_first_words(words: Words, start: int) -> int:
    """Past what is excluded along with the thing behind it: "not wearing glasses", "not in a box"."""
    i = start
    while words.low(i).endswith("ing") and words.low(i) not in lex.ING_NOUNS and words.kind(i) == WORD:
        i += 1
    return i + 1 if i == start and words.low(i) in PREPOSITIONS else i


def _past_place(words: Words, i: int) -> int:
    """Past words that only stress the exclusion ("no people around"), past "in the background" and "on it"."""
    idle = i + len(words.phrase(i, _IDLE))
    i = idle if words.is_end(idle) else i
    spot = place(words, i)
    if isinstance(spot, Place):
        return spot.end if spot.ground else i
    return _past_owner(words, i)


def _past_owner(words: Words, i: int) -> int:
    """Past where the excluded thing would be: "a chair without cushions on it", "no leaves on its branches"."""
    found = relation(words, i)
    if found is None or found.referent:
        return i
    if words.low(found.end) in lex.PRONOUNS and not words.is_open(found.end + 1):
        return found.end + 1
    part = noun(words, found.end)
    if part is not None and part.determiner in lex.POSSESSIVES:
        return part.end
    return found.end if words.low(i) == "on" and words.is_end(found.end) else i  # "a girl with no shoes on"


def _following(words: Words, i: int, first_bare: bool) -> int | None:
    """The index of the next excluded thing, if the list goes on at i.

    first_bare: whether the first one has no article, as in "no cats".
    """
    if words.kind(i) == COMMA:
        return _behind_comma(words, i)
    if words.low(i) in ("or", "nor", "/"):  # "without cars or people"
        return i + 1
    if words.low(i) in ("and", "&") and _is_excluded_too(words, i + 1, first_bare):
        return i + 1
    return None


def _behind_comma(words: Words, i: int) -> int | None:
    """A comma goes on only if the list ends in "or": "no cats, dogs, or birds", not "no cats, a dog"."""
    k = i
    while words.kind(k) == COMMA:
        k += 1
        if words.low(k) in ("or", "nor"):
            return k + 1 if k == i + 1 else i + 1
        listed = noun(words, k)
        if listed is None or not listed.bare:
            return None
        k = listed.end
    return i + 1 if words.low(k) in ("or", "nor") else None


def _is_excluded_too(words: Words, i: int, first_bare: bool) -> bool:
    """Whether what follows "and" is excluded as well: "without cars and trucks", "without a hat and a coat"."""
    listed = noun(words, i)
    if listed is None or _behind_trigger(words, i) is not None:
        return False  # "no people and no umbrellas": it has an exclusion of its own
    if listed.bare != first_bare or listed.count not in (None, 1):
        return False  # "without cars and a tree", "without a hat and two dogs"
    if class_of(listed.noun) == PERSON:
        return False  # "a girl without a hat and a boy"
    return not _has_own_place(words, listed.end)


def _has_own_place(words: Words, i: int) -> bool:
    """Whether what follows a thing makes it one of the picture: "without a hat and a dog on the left"."""
    if words.low(i) in lex.BE or words.low(i) in ("with", "wearing", "holding"):
        return True
    return any(found is not None for found in (place(words, i), relation(words, i), ordering(words, i)))


def tidy(tokens: list[Token]) -> list[Token]:
    """Drop the commas and joining words that stay behind where words between them are taken out."""
    result: list[Token] = []
    for token in tokens:
        if token.kind in (COMMA, STOP):
            if not result or (result[-1].kind == COMMA and token.kind == COMMA):
                continue  # "without cats, a dog"; "a panda, but no bamboo, riding a scooter"
            if _hangs(result[-1]):  # "a cat and no dog, a bird"
                result.pop()
            if result and result[-1].kind == STOP:  # "a forest; don't include any animals. A cabin"
                continue
        elif not result and token.low in ("and", "but"):  # "without cats but a dog"
            continue
        result.append(token)
    while result and _hangs(result[-1]):  # "a cat, not a dog"
        result.pop()
    return result


def _hangs(token: Token) -> bool:
    """Whether a word cannot be the first or last one."""
    return token.low in _HANGING or token.kind == COMMA
