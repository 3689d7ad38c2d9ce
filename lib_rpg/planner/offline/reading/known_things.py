"""Finds the thing that words name once more: "the cat", "the left girl", a name of its own, "wizard on the left"."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural
from lib_rpg.planner.language.prompt_tokens import COLON, Token
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import ANIMAL, PART, PERSON, class_of, is_animate, is_ing_verb
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.places import place
from lib_rpg.planner.offline.grammar.positions import Place
from lib_rpg.planner.offline.grammar.proper_names import has_title, is_proper
from lib_rpg.planner.offline.reading.lookahead import has_own_position
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.state import State

Direction = tuple[int | None, int | None]  # -1, 0, 1 or None on each axis
_COMPARED = lex.word_set("older elder younger taller shorter bigger smaller first second third left right")


def known_thing(state: State, phrase: Noun) -> Thing | None:
    """The thing that "the cat", "the left girl" or its own name refers to, if it was named before."""
    if phrase.bare and len(phrase.words) == 1 and (called := _called(state, phrase.words[0])) is not None:
        return called
    if (one := _one_in_order(state, phrase)) is not None:
        return one
    if phrase.bare and len(phrase.words) == 1 and (again := _bare_again(state, phrase)) is not None:
        return again
    if phrase.bare and (person := _named_again(state, phrase)) is not None:
        return person
    if phrase.determiner not in ("the", "this", "that", "these", "those", "both", "each") and not phrase.direction:
        return _of_that_kind(state, phrase)
    for thing in reversed(state.reading.things):
        one_of = thing.count > 1 and not thing.vague and not is_plural(phrase.words[phrase.head].low)
        short = thing.noun.endswith(phrase.noun) and len(phrase.words) == 1 and len(phrase.noun) > 3  # "workbench"
        if thing.noun != phrase.noun and not (short and thing.count == 1):
            continue
        if one_of and _is_compared(thing, phrase):
            member = next_member(thing)
            member.determiners = phrase.given
            describe(member, phrase.words[: phrase.head])
            return member  # "three sisters: the oldest sister in white, …"
        where = _position_behind(state.words, phrase)
        if where is not None and not one_of and stands_elsewhere(state, thing, where):
            continue  # "the boxer on the left is tall, the boxer on the right short"
        if _is_told_later(state, thing, phrase):
            describe(thing, phrase.words[: phrase.head])
            return thing
        if _matches(state, thing, phrase):
            return _member(thing, _adjectives(phrase)) if one_of else thing
    return _whose_part_was_named(state, phrase) or _of_that_kind(state, phrase)


def _one_in_order(state: State, phrase: Noun) -> Thing | None:
    """ "There are two tables. On the first one lies a map": which of several it is."""
    ordered = len(phrase.words) == 2 and phrase.words[0].low in lex.ORDINALS | {"other", "last"}
    if phrase.determiner != "the" or not ordered or phrase.words[-1].low != "one":
        return None
    group = next((one for one in reversed(state.reading.things) if one.count > 1 and not one.vague), None)
    return next_member(group) if group is not None and group.members_named < group.count else None


def _whose_part_was_named(state: State, phrase: Noun) -> Thing | None:
    """ "the frame of an oil painting, the painting shows a ship": the thing whose name ends in "of" what it is of."""
    thing, low = state.last, phrase.words[-1].low
    if thing is None or phrase.determiner != "the" or len(phrase.words) > 1 or state.words.is_end(phrase.end):
        return None
    of = any(token.low == "of" for token in thing.words[thing.head :])
    return thing if of and thing.count == 1 and thing.words[-1].low == low else None


def _is_told_later(state: State, thing: Thing, phrase: Noun) -> bool:
    """ "a tiger and a lion, the white tiger on the left": whether only now it is said what the only one looks like."""
    looks = phrase.determiner == "the" and phrase.head > 0 and not phrase.direction
    alone = sum(one.noun == thing.noun for one in state.reading.things) == 1
    plain = thing.count == 1 and len(thing.words) == 1 and not thing.trailing
    return looks and alone and plain and _position_behind(state.words, phrase) is not None


_TENDERS = lex.word_set(
    "walker trainer keeper tamer owner handler catcher groomer rider breeder whisperer lover hunter"
)


def _of_that_kind(state: State, phrase: Noun) -> Thing | None:
    """ "elf archer and dwarf warrior, the elf aims a bow": the only one whose name says that they are one."""
    behind = state.words.low(phrase.end)
    said = behind in ("with", "in", "wearing") or behind in lex.HAVE or behind.endswith("ed")
    again = (
        phrase.bare and state.words.is_end(phrase.start - 1) and said
    )  # "mother elephant and baby elephant, mother with …"
    known = again or phrase.determiner == "the"
    if len(phrase.words) > 1 or class_of(phrase.noun) not in (PERSON, ANIMAL) or not known:
        return None
    people = (thing for thing in state.reading.things if is_animate(thing.noun) and thing.count == 1)
    of_kind = [thing for thing in people if phrase.noun in {token.low for token in thing.words[: thing.head]}]
    tends = any(thing.noun in _TENDERS for thing in of_kind) and class_of(phrase.noun) == ANIMAL
    return of_kind[0] if len(of_kind) == 1 and not tends else None


def _named_again(state: State, phrase: Noun) -> Thing | None:
    """The one whose own name it is: "Emma sits on a bench. Emma reads a book"."""
    if len(phrase.words) > 1 or not is_proper(phrase.words[0]) or has_own_position(state.words, phrase.end):
        return None
    name = phrase.words[0].text
    bare = (one for one in state.reading.things if not one.determiners and one.count == 1 and not one.tag)
    named = next((one for one in bare if [token.text for token in one.words] == [name]), None)
    members = (one for group in state.reading.things for one in group.members if not group.tag)
    return named or next(
        (one for one in members if one.words[-1].text == name), None
    )  # "two sisters, Anna …, Anna wears"


def _bare_again(state: State, phrase: Noun) -> Thing | None:
    """ "sign that says NO DOGS, dog sitting next to sign": the one thing of that name that a relation leads to."""
    if state.pending_relation is None or state.pending_relation.objects or not state.tag_style:
        return None
    found = [thing for thing in state.reading.things if thing.noun == phrase.noun and thing.count == 1]
    return found[0] if len(found) == 1 and found[0] not in state.pending_relation.subjects else None


def _is_compared(group: Thing, phrase: Noun) -> bool:
    """Whether it is one of the group who is not named yet, by comparison with the others."""
    said = _adjectives(phrase)
    return bool(said) and said <= lex.COMPARED | lex.ORDINALS and group.members_named < group.count


def _names_given(words: Words, start: int) -> frozenset[str]:
    """The words behind "named" or "called"."""
    return frozenset(words.low(k + 1) for k in range(start, len(words)) if words.low(k) in ("named", "called"))


def _called(state: State, name: Token) -> Thing | None:
    """ "A mouse named Pip meets an owl. Pip holds a needle": who has the name."""
    if name.low not in state.words.once(_names_given, 0):
        return None
    for thing in state.reading.things:
        if any(token.low == name.low for token in thing.all_words):
            return thing if thing.count == 1 else None
    return None


def same_thing(state: State, phrase: Noun) -> Thing | None:
    """The thing that a list names once more: "horse, white horse" in tags, "wizard and ogre, wizard on the left"."""
    if (herd := _counted_before(state, phrase)) is not None:
        return next_member(herd)
    if (several := _several_placed(state, phrase)) is not None:
        return several
    if (one := _told_in_its_line(state, phrase)) is not None:
        return one
    joined = state.tag_style and state.words.low(phrase.start - 1) == "and" and len(phrase.words) == 1
    if not phrase.bare or phrase.direction or not (joined or state.words.is_end(phrase.start - 1)):
        return None  # "1boy, 1girl, dog, …, girl and dog sitting on the sled"
    if is_plural(phrase.noun) and not phrase.words[0].text[0].isupper():
        return None  # but "Lucas is a tall man"
    where = _position_behind(state.words, phrase)
    if (titled := _titled(state, phrase)) is not None:
        return titled
    lows, kind = [token.low for token in phrase.words], phrase.noun
    for thing in state.reading.things:
        if thing.noun != kind or thing.count != 1 or thing.tag:
            continue
        bare = not thing.determiners
        if not bare and thing.determiners[-1].low not in {"a", "an", *lex.POSSESSIVES}:
            continue
        again = lows == [token.low for token in thing.words]
        named = again or len(lows) == 1  # "tiny dragon in a teacup, dragon has scales"
        described = len(thing.words) == 1 or len(phrase.words) == 1 or _is_same_kind(thing, phrase)
        described = described and not has_title(phrase.words)
        labelled = state.words.kind(phrase.end) == COLON  # "a king and a queen, king: old man with a beard, …"
        said = where is not None or labelled or _is_described_behind(state, thing, phrase)
        if _is_dressed(thing) and thing.trailing and state.words.low(phrase.end) in ("with", "in", "wearing"):
            continue  # "man with an orange beanie, old man with a white beard"
        recalled = state.tag_style and len(lows) == 1 and not bare
        if recalled:
            return (
                thing if where is None or not stands_elsewhere(state, thing, where) else None
            )  # "a puppy, puppy on a table"
        worn = described and not _is_dressed(thing) and _is_described_behind(state, thing, phrase)
        listed = bare and len(thing.words) == 1 and not thing.trailing and thing is not state.last
        if listed and where is not None and not stands_elsewhere(state, thing, where):
            return thing  # "cat and dog, orange cat on the left, brown dog on the right"
        if (named and said) or (bare and state.tag_style and (again or described)) or worn:
            thing.said_again = True
            return thing if where is None or not stands_elsewhere(state, thing, where) else None
    return None


def _told_in_its_line(state: State, phrase: Noun) -> Thing | None:
    """ "a knight and a jester⏎a knight in rusty armor⏎a jester …": one of the first line, told of in its own line."""
    words = state.words
    before = phrase.start - 1 - (words.low(phrase.start - 1) in lex.ARTICLES)
    if not words.is_line_end(before) or phrase.determiner not in ("a", "an", "the"):
        return None
    same = [one for one in state.reading.things if one.noun == phrase.noun and one.count == 1]
    bare = same and len(same) == 1 and len(same[0].words) == 1 and not same[0].trailing
    first = next((k for k in range(len(words)) if words.is_line_end(k)), 0)
    return same[0] if bare and same[0].words[0].index < first else None


def _several_placed(state: State, phrase: Noun) -> Thing | None:
    """ "two cats and two dogs, cats on the left, dogs on the right"."""
    if not phrase.bare or len(phrase.words) > 1 or not is_plural(phrase.words[0].low):
        return None
    if _position_behind(state.words, phrase) is None:
        return None
    several = (thing for thing in state.reading.things if thing.noun == phrase.noun and thing.count > 1)
    return next((thing for thing in several if not thing.vague and not thing.members), None)


def _titled(state: State, phrase: Noun) -> Thing | None:
    """The one whose title was said before: "king arthur and merlin, arthur on the left"."""
    titled = (thing for thing in state.reading.things if has_title(thing.words) and len(phrase.words) == 1)
    return next((thing for thing in titled if thing.words[-1].low == phrase.words[0].low), None)


def _counted_before(state: State, phrase: Noun) -> Thing | None:
    """Those of whom tags name one: "two wolves, black wolf and white wolf"."""
    compared = phrase.words[0].low in _COMPARED  # "two brothers, older brother in waders"
    placed = _position_behind(state.words, phrase) is not None  # "three bottles, amber bottle on the left, …"
    if not ((state.tag_style or compared or placed) and phrase.bare and len(phrase.words) > 1):
        return None
    if is_plural(phrase.words[phrase.head].low):
        return None
    if has_title(phrase.words):
        return None  # "two rival chefs, Chef Bruno on the left" is settled when all is read
    if state.words.is_break(phrase.start - 1):
        return None  # "two knights in a hall BREAK old knight BREAK young knight" is settled when all is read
    herds = [thing for thing in state.reading.things if thing.noun == phrase.noun and not thing.vague and not thing.tag]
    return next((herd for herd in herds if herd.count > 1 and herd.members_named < herd.count), None)


def _is_same_kind(thing: Thing, phrase: Noun) -> bool:
    """Whether it was named without the words that tell it apart from others: "dragon, western dragon, red dragon"."""
    colours = [bool(lex.COLORS.intersection(token.low for token in words)) for words in (thing.words, phrase.words)]
    beast = class_of(thing.noun) == ANIMAL and len(thing.words) == len(phrase.words) == 2  # "big bunny, white bunny"
    return (thing.said_again or (beast and any(colours))) and not all(colours)


def _is_described_behind(state: State, thing: Thing, phrase: Noun) -> bool:
    """Whether only now it is said what someone wears: "man and woman, man with fedora", or is: "cat is black"."""
    behind = state.words.low(phrase.end)
    if behind in lex.BE or behind in lex.HAVE:
        return True
    behind = lex.VERBS.get(behind, behind)  # "boy wears a green poncho"
    worn = behind in ("with", "in", "holding", "carrying") or behind in lex.CLOTHED
    part = noun(state.words, phrase.end + 1) if worn else None
    someone = is_animate(thing.noun) or (part is not None and class_of(part.noun) == PART)
    acts = is_ing_verb(behind) and is_animate(thing.noun) and not thing.trailing  # "ninja vs robot, ninja jumping"
    return acts or (worn and someone and not _is_dressed(thing))


def _is_dressed(thing: Thing) -> bool:
    """Whether it is said what someone wears or has, and not only what they do."""
    return thing.host is not None or any(
        segment[0].low in ("with", "in", "holding") or segment[0].low in lex.CLOTHED for segment in thing.trailing
    )


def _adjectives(phrase: Noun) -> set[str]:
    return {t.low for t in phrase.words[: phrase.head]}


def _matches(state: State, thing: Thing, phrase: Noun) -> bool:
    """Whether nothing that the phrase says differs from what is known of the thing."""
    each = [thing, *thing.members]
    known = {t.low for one in each for t in one.words}
    known |= {t.low for one in each for segment in one.trailing for t in segment}
    where = phrase.direction or _position_behind(state.words, phrase)
    if where and thing.count == 1 and stands_elsewhere(state, thing, where):
        return False
    return not _adjectives(phrase) - known


def _member(group: Thing, adjectives: set[str]) -> Thing:
    """The member with these adjectives, or the next one."""
    matching = [m for m in group.members if adjectives and adjectives <= {t.low for t in m.words}]
    return matching[0] if matching else next_member(group)


def _position_behind(words: Words, phrase: Noun) -> Direction | None:
    spot = place(words, phrase.end)
    return (spot.x, spot.y) if isinstance(spot, Place) and not spot.ground else None


def stands_elsewhere(state: State, thing: Thing, where: Direction) -> bool:
    """Whether the thing was given another place on the canvas."""
    placed = [f for f in state.reading.facts if f.kind in ("at", "centre") and f.things == (thing,)]
    if where == (0, 0):
        return any(fact.kind == "at" for fact in placed)
    return any(fact.kind == "centre" or where[fact.axis] not in (None, fact.place) for fact in placed)


def is_known_name(state: State, phrase: Noun) -> bool:
    """Whether it is "the …" of a name that was named before."""
    return phrase.determiner == "the" and phrase.noun in {thing.noun for thing in state.reading.things}


def next_member(group: Thing) -> Thing:
    """The member that is named next; the last one again where all have been."""
    members = group.split()
    group.members_named += 1
    return members[min(group.members_named, len(members)) - 1]


def describe(thing: Thing, adjectives: Sequence[Token]) -> None:
    """Put adjectives in front of a thing's name, and of its members'."""
    fresh = [t for t in adjectives if t.low not in {w.low for w in thing.words} or t.low == "and"]
    if fresh:
        thing.words[:0] = fresh
        thing.head += len(fresh)
        for member in thing.members:
            describe(member, adjectives)
