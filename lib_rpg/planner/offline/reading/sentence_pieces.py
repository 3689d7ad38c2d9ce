"""Tells a piece that is to be read as a sentence from a tag: "two girls, drink tea", "sitting next to a black dog"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural, singular
from lib_rpg.planner.language.prompt_tokens import NUMBER
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.finite_verbs import is_finite, plain_form
from lib_rpg.planner.offline.grammar.kinds import (
    ANIMAL,
    PERSON,
    class_of,
    is_animate,
    is_ing_verb,
)
from lib_rpg.planner.offline.grammar.nouns import noun
from lib_rpg.planner.offline.grammar.numbers import count_tag, is_in_name
from lib_rpg.planner.offline.grammar.places import relation
from lib_rpg.planner.offline.grammar.positions import direction
from lib_rpg.planner.offline.reading.carried import TENDS
from lib_rpg.planner.offline.reading.carried_pieces import CARRIED
from lib_rpg.planner.offline.reading.meetings import CONFRONTS
from lib_rpg.planner.offline.reading.outfits import past_body
from lib_rpg.planner.offline.reading.piece_words import (
    acts,
    is_numbered_part,
    names_next,
    tells_number,
)
from lib_rpg.planner.offline.reading.referents import named_members
from lib_rpg.planner.offline.reading.someone import may_have_parts
from lib_rpg.planner.offline.reading.state import State

_OWN_WORDS = lex.word_set("with in wearing holding")
_OVER = lex.word_set("towering looming hovering bending leaning standing")
_ALONE = lex.REST | lex.word_set(
    "smiling crying laughing grinning dancing running jumping flying floating walking singing praying bowing crouching "
    "waving blushing winking frowning yawning meditating levitating screaming sobbing pouting scowling"
)  # without an object
_TOYS = lex.word_set("teddy toy plush stuffed plushie doll")


def is_with_mount(state: State, i: int, end: int) -> bool:
    """ "riding a brown horse", "leaning on a black car" of one person: whether that is there as well."""
    words, groups = state.words, state.people.groups
    one = [group.count for group in groups] == [1] or (not groups and state.someone is not None)
    if not is_ing_verb(words.low(i)) or not one or state.is_waiting:
        return False
    start = i + 1 + (words.low(i + 1) in PREPOSITIONS)
    found = noun(words, start)
    rides = words.low(i) == "riding" and found is not None and found.bare  # "riding white horse"
    if found is None or found.end != end or not (rides or found.determiner in ("a", "an")):
        return False
    return class_of(found.noun) in (ANIMAL, "vehicle") and _TOYS.isdisjoint(words.low(k) for k in range(start, end))


def meets_another(state: State, i: int, end: int) -> bool:
    """ "sitting next to a black labrador", "fighting a golem with glowing eyes": whether someone else comes."""
    words, last = state.words, state.last
    if not is_ing_verb(words.low(i)) or last is None or not is_animate(last.noun) or last.count != 1:
        return False
    beside = relation(words, i + 1)
    meets = beside is not None and beside.kind in ("beside", "left", "right")
    start = beside.end if beside is not None and meets else i + 1
    over = words.low(i) in _OVER and words.low(i + 1) == "over"  # "towering over three dwarf miners"
    start += over
    other = noun(words, start) if meets or over or words.low(i) in CONFRONTS | TENDS else None
    if other is None or not is_animate(other.noun) or state.is_waiting:
        return False
    if other.determiner not in ("a", "an") and (other.count or 1) < 2:
        return False
    toy = _TOYS.intersection(token.low for token in other.words)
    return not toy and (other.end == end or words.low(other.end) in _OWN_WORDS or words.low(other.end) in PREPOSITIONS)


def starts_sentence(state: State, i: int, end: int) -> bool:
    """Whether what comes starts with a verb or names one of several, and is no tag."""
    low = state.words.low(i)
    if any(state.words.low(k) in ("while", "whereas") for k in range(i + 2, end)):
        return True  # "reading a book while a cat sleeps against her knee"
    if end > i + 1 and is_plural(low) and state.words.low(i + 1) == "while":
        return True  # "a man, an axe on his shoulder, whistles while …"
    if low in lex.VERBS and end > i + 1 and not _is_named_by_verb(state.words, i, end):
        return True  # "two girls, drink tea"
    if low in ("he", "she", "they"):
        return True  # "she sits in a chair; he sits on the carpet with wool in his lap"
    if any(_says_of_someone(state.words, k) for k in range(i + 1, end - 1)):
        return True  # "blonde girl wears red sweater"
    if low == "there" and state.words.low(i + 1) in lex.BE:
        named = noun(state.words, i + 2)  # "there is a cat next to her", but "there is a sword in his hand"
        return named is not None and (is_animate(named.noun) or past_body(state.words, named.end) == named.end)
    if (low in lex.NUMBERS or state.words.kind(i) == NUMBER) and not is_in_name(state.words, i):
        part = may_have_parts(state) and is_numbered_part(state.words, i, end)  # "four arms"
        return not (part or kind_of_numbered(state, i, end))
    known = names_next(state.words, state.reading.things, i)
    if low in ("other", "another") or known or tells_number(state.words, i, end):
        return True
    sided = direction(state.words, i)
    if sided is not None and class_of(state.words.low(sided[0])) == PERSON:
        return True  # "left girl red hair, right girl blue hair"
    if low in lex.ORDINALS | lex.COMPARED and class_of(state.words.low(i + 1)) == PERSON and end > i + 2:
        return True  # "taller girl dark skin, shorter girl pale skin"
    if state.people.counted and (acts(state.words, i, end) or _does(state.words, i)):
        return True  # "king and knight, knight kneeling", "1boy, 1girl, boy juggles oranges"
    # "2girls, one in red, one in orange, drinking tea"; but not "…, the other one with glasses, black hair, smiling"
    of_all = is_ing_verb(low) and low not in lex.CLOTHED and bool(named_members(state))
    return of_all and state.tag_end != i - 1


def _does(words: Words, i: int) -> bool:
    """ "boy juggles oranges"."""
    verb = words.low(i + 1)
    listed = verb in lex.VERBS and verb not in lex.PLAIN_VERBS | lex.NOUN_LIKE and not verb.endswith("ing")
    return class_of(words.low(i)) == PERSON and (listed or is_finite(words, i + 1))


def _says_of_someone(words: Words, k: int) -> bool:
    return words.low(k) in ("wears", "has", "holds", "carries") and is_animate(words.low(k - 1))


def _waits(words: Words, k: int) -> bool:
    """ "donkey cart waits nearby", "horse stands in the rain"."""
    low = words.low(k)
    third = low in lex.VERBS and is_plural(low) and not class_of(low)
    return third and class_of(words.low(k - 1)) in (ANIMAL, "vehicle")


def kind_of_numbered(state: State, i: int, end: int) -> str:
    """The kind of "four arms", and of "two swords" where the prompt is of one person; or ""."""
    words = state.words
    numbered = words.low(i) in lex.NUMBERS or words.kind(i) == NUMBER
    if not (numbered and state.people.counted and end > i + 1):
        return ""
    if is_numbered_part(words, i, end):
        return "body"
    if state.people.total != 1:
        return ""
    name = [words.low(k) for k in range(i + 1, end - 1)]
    kind = state.kinds.of_whole(" ".join([*name, singular(words.low(end - 1))]))
    return kind if kind in CARRIED else ""


def _is_named_by_verb(words: Words, i: int, end: int) -> bool:
    """ "ski slope", "dance floor"."""
    head = words.low(end - 1)
    place = head in lex.SCENE_WORDS | lex.UNDERFOOT or class_of(head) in ("place", "object", "building")
    return words.low(i) in lex.PLAIN_VERBS and end == i + 2 and place and not is_plural(head)


def _acts(words: Words, i: int) -> bool:
    """ "pirate grins, parrot squawks": whether a piece of two words, someone and a verb, starts at i."""
    someone, verb = words.low(i), words.low(i + 1)
    whole = words.is_end(i - 1) and words.is_end(i + 2) and is_animate(someone) and not is_plural(someone)
    finite = verb.endswith("s") and ((bool(plain_form(verb)) and not class_of(verb)) or verb in lex.VERBS)
    return whole and (finite or is_ing_verb(verb))  # a verb that was read is "grinning"


def _acting_pieces(words: Words, start: int) -> int:
    return sum(_acts(words, k) for k in range(start, len(words)))


def names_busy_person(words: Words, i: int) -> bool:
    """ "kneeling knight in plate armor", "smiling maid in a dress": whether a verb in front is part of a name."""
    alone = words.low(i) in _ALONE and class_of(words.low(i + 1)) == PERSON
    return alone and words.low(i + 2) in _OWN_WORDS and count_tag(words.low(i + 1)) is None


def names_actor(state: State, i: int, end: int) -> bool:
    """ "red dragon breathing fire" where no count tag names the dragon: it is no piece about someone before it."""
    words = state.words
    if not state.people.counted and _acts(words, i) and words.once(_acting_pieces, 0) > 1:
        return True
    if names_busy_person(words, i):
        return True  # "1boy, 1girl, kneeling knight in plate armor with blue cape, princess in …"
    verb = next((k for k in range(i + 1, end) if is_ing_verb(words.low(k))), 0)
    if not state.people.counted and any(_waits(words, k) for k in range(i + 1, end)):
        return True
    if not verb or state.people.counted:
        return False
    if class_of(words.low(verb - 1)) not in (ANIMAL, PERSON):
        return False
    return not any(words.low(k) in lex.POSSESSIVES for k in range(verb, end))  # "small birds circling its head"
