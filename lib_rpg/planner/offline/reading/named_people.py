"""Finds whom of the counted people words name: "2girls, nun, witch", "the left girl"; or that it is none of them."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural
from lib_rpg.planner.language.lexicon import is_abstract_noun
from lib_rpg.planner.language.prompt_tokens import COLON, COMMA, NUMBER, WORD
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import ANIMAL, PERSON, class_of, is_adjective, is_animate, is_ing_verb
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.numbers import count_tag, count_tags
from lib_rpg.planner.offline.grammar.places import place, relation
from lib_rpg.planner.offline.grammar.positions import Place
from lib_rpg.planner.offline.grammar.verbs import is_verb_form
from lib_rpg.planner.offline.reading.belongings import NEUTER
from lib_rpg.planner.offline.reading.facts import place_at
from lib_rpg.planner.offline.reading.general_names import of_breed
from lib_rpg.planner.offline.reading.known_things import next_member, stands_elsewhere
from lib_rpg.planner.offline.reading.lookahead import has_own_position, names_part
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.outfits import GIANT
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.tags.tag import ROLE, Tag

_PART_OF_LOOK = lex.word_set("haired eyed skinned dressed")  # "the blue haired girl" of "2girls, red hair, blue hair"


_ANYONE = lex.word_set("person character subject")


_SOMEONE = lex.word_set("twin brother sister sibling guy man dude lad boy kid child person woman lady girl gal one")


_KIN = lex.word_set(
    "elf orc dwarf vampire demon angel goblin gnome halfling tiefling android cyborg fairy mermaid human half-elf "
    "succubus skeleton kitsune oni nekomimi catgirl drow dragonborn"
)


_ANTHRO = lex.word_set("anthro anthropomorphic furry humanoid")


_TAGALONGS = lex.word_set("companion familiar pet mascot friend")


def named_person(state: State, phrase: Noun) -> Thing | None:
    groups = state.people.groups
    if (one := _anthro(state, phrase) or of_breed(state, phrase) or _with_role(state, phrase)) is not None:
        return one
    if not state.people.counted or not groups or phrase.vague:
        return None
    if _is_beside_them(state, phrase):
        return None
    state.people.name_by_role(phrase.noun)
    if len(phrase.words) == 1 and (called := state.people.called(phrase.words[0].low)) is not None:
        return called
    if (again := _named_before(state, phrase)) is not None:
        return again
    if _is_in_background(state, phrase) or _is_somebody_else(state, phrase):
        return None
    if (other := _told_apart(state, phrase) or _at_side(state, phrase)) is not None:
        return other
    told = _tells_role(state, phrase)
    haired = phrase.determiner == "the" and (phrase.noun in lex.HAIRED or told)  # "the brunette in the green coat"
    if not haired and (phrase.direction or phrase.determiner in ("the", "each", "both", "another", *lex.POSSESSIVES)):
        return None
    for group in groups:
        if group.tag == phrase.noun:
            whole = group.count == 1 or phrase.count == group.count or is_plural(phrase.words[phrase.head].low)
            return group if whole else next_member(group)  # "boy on left with green cap"
    if phrase.noun in _ANYONE and len(phrase.words) > 1 and (free := _unnamed(state)):
        return next_member(free[0]) if free[0].count > 1 else free[0]  # "2girls, person 1: …, person 2: …"
    is_beast = class_of(phrase.noun) == ANIMAL and is_anthro(state) and bool(_unnamed(state))
    if class_of(phrase.noun) != PERSON and not is_beast and not _is_name(state, phrase):
        return None
    if _is_nobody_counted(state, phrase):
        return None
    if (phrase.count or 1) > 1:
        return groups[0] if [phrase.count] == [group.count for group in groups] else None
    return _next_unnamed(state, phrase)


def _is_beside_them(state: State, phrase: Noun) -> bool:
    """ "1girl, charizard behind her", "1boy, wolf companion": whether it is nobody counted."""
    beside = relation(state.words, phrase.end)
    if beside is not None and state.words.low(beside.end) in ("her", "him", "them") and len(phrase.words) == 1:
        return True
    return phrase.noun in _TAGALONGS and any(class_of(token.low) == ANIMAL for token in phrase.words[:-1])


def _named_before(state: State, phrase: Noun) -> Thing | None:
    """ "mirela has a silver bob" behind "mirela and tess"; no "little sister" behind an older one."""
    same = []
    for one in (one for group in state.people.groups for one in group.each()):
        named = (phrase.bare or phrase.determiner == "the") and one.noun == phrase.noun
        named = named and not _is_another(state, one, phrase)
        if named and (one.noun != one.tag or len(one.words) > 1 < len(phrase.words)):  # "cat girl"
            same.append(one)
    said = {token.low for token in phrase.words[: phrase.head]}
    extra = [len({token.low for token in one.words[: one.head]} ^ said) for one in same]
    order = sorted(range(len(same)), key=extra.__getitem__)  # "elf, dark elf, dark elf has …"
    alone = state.words.is_end(phrase.start - 1) and state.words.is_end(phrase.end) and phrase.bare
    for k in order:
        if not _unnamed(state) or not (extra[k] if alone else said - {token.low for token in same[k].words}):
            return same[k]
    return None


def _tells_role(state: State, phrase: Noun) -> bool:
    """ "3girls, the drummer has green hair, the bassist has a beanie": whether it says what one of several is like."""
    after = state.words.low(phrase.end)
    said = after in lex.HAVE or after in lex.CLOTHED or after in lex.BE or lex.VERBS.get(after, after) in lex.CLOTHED
    several = state.people.total > 1
    role = class_of(phrase.noun) == PERSON and phrase.noun not in lex.SOMEONE and len(phrase.words) == 1
    return role and said and several and bool(_unnamed(state))


def _is_another(state: State, one: Thing, phrase: Noun) -> bool:
    """Whether the same role is another one's: "apprentice on the left, apprentice on the right"."""
    spot = place(state.words, phrase.end)
    if isinstance(spot, Place) and bool(_unnamed(state)) and stands_elsewhere(state, one, (spot.x, spot.y)):
        return True
    dressed = state.words.low(phrase.end) in ("with", "in", "wearing")
    if dressed and phrase.noun == one.noun != one.tag and one.trailing and bool(_unnamed(state)):
        return True  # "2girls, twin with a red ribbon, twin with a blue ribbon"
    before = count_tag(state.words.low(phrase.start - 2))
    counted = min(count_tags(state.words), default=phrase.start)
    if not one.determiners and counted < phrase.start and one.words[0].index < counted:
        return False  # "a maid and a butler. 1girl, 1boy, maid with silver hair, …"
    return state.last is not one and before is not None and before[0] == 1


def _is_in_background(state: State, phrase: Noun) -> bool:
    """ "1girl, android, …, scientist in background": whether it is someone else behind the one who is described."""
    spot = place(state.words, phrase.end)
    counted = state.people.total
    behind = isinstance(spot, Place) and spot.ground == "background"
    return behind and counted == 1 and not (is_bare(state.people.groups[0]) and not state.people.groups[0].trailing)


def _is_somebody_else(state: State, phrase: Noun) -> bool:
    """ "1girl, giant robot", "1boy, samurai on the left, red oni on the right": who is not the one counted."""
    one = state.people.groups[0]
    if len(state.people.groups) > 1 or one.count != 1 or class_of(phrase.noun) != PERSON or phrase.noun == one.tag:
        return False
    if phrase.words[0].low in GIANT:
        return not is_bare(one) or phrase.noun in NEUTER
    words = state.words
    another = phrase.determiner in ("a", "an")
    acts = any(is_ing_verb(segment[0].low) for segment in one.trailing)
    if another and acts and is_verb_form(words, phrase.end, False):
        return True  # "1girl hoists a hammer, a goblin cowers"
    if another and not Tag(ROLE, phrase.words).fits(one.tag):
        return True  # "1girl sits at a piano, a boy stands next to her"
    spots = (place(words, k) for k in range(phrase.end, words.piece_end(phrase.end)))
    spot = next((found for found in spots if isinstance(found, Place)), None)
    return spot is not None and stands_elsewhere(state, one, (spot.x, spot.y))


def _is_nobody_counted(state: State, phrase: Noun) -> bool:
    """ "1girl, …, ghost with top hat": whether no one counted can be this, and it is said what it looks like."""
    said = state.words.low(phrase.end) in ("with", "in") or has_own_position(state.words, phrase.end)
    return said and not any(Tag(ROLE, phrase.words).fits(group.tag) for group in state.people.groups)


def _told_apart(state: State, phrase: Noun) -> Thing | None:
    """The one of several whom words in front tell apart: "the taller girl", "the blonde girl" of "blonde hair, …"."""
    said = {token.low for token in phrase.words[: phrase.head]}
    group = next((one for one in state.people.groups if one.tag == phrase.noun and one.count > 1), None)
    if phrase.determiner != "the" or not said or group is None or phrase.direction:
        return None
    if is_plural(phrase.words[phrase.head].low):
        return None
    state.people.settle()
    looks = {part for low in said for part in low.split("-")} - _PART_OF_LOOK
    for one in group.members:
        if looks <= {token.low for segment in (one.words, *one.trailing) for token in segment}:
            return one
    return next_member(group) if group.members_named < group.count else None


def _at_side(state: State, phrase: Noun) -> Thing | None:
    """The one of several whom another word than that of the count tag names by a place: "left guy" of "3boys"."""
    if phrase.direction is None or phrase.noun not in _SOMEONE:
        return None
    role = Tag(ROLE, phrase.words)
    fitting = [one for one in state.people.groups if one.tag != phrase.noun and role.fits(one.tag)]
    group = next((one for one in fitting if one.count > 1 and one.members_named < one.count), None)
    if group is None:
        return None
    person = next_member(group)
    place_at(state.reading, person, Place(phrase.end, *phrase.direction))
    return person


def _anthro(state: State, phrase: Noun) -> Thing | None:
    """The animal that is a person, whose role the piece is: "anthro lion, king"."""
    last, words = state.last, state.words
    alone = phrase.bare and words.is_end(phrase.start - 1) and words.is_end(phrase.end)
    if last is None or not alone or class_of(last.noun) != ANIMAL or class_of(phrase.noun) != PERSON:
        return None
    return last if {token.low for token in last.words} & _ANTHRO else None


def _with_role(state: State, phrase: Noun) -> Thing | None:
    """The one whose role the piece is: "elf, ranger, pointed ears", "solo, knight, woman, armor"."""
    last, words = state.last, state.words
    alone = (
        phrase.bare and words.is_end(phrase.start - 1) and words.is_end(phrase.end) and words.kind(phrase.end) != COLON
    )
    if last is None or not alone or not state.tag_style or state.people.counted or state.is_waiting:
        return None
    if words.is_break(phrase.start - 1) or any(token.low in _KIN for token in phrase.words):
        return None  # "dwarf with a red beard BREAK elf woman"
    people = [thing for thing in state.reading.things if is_animate(thing.noun)]
    if people != [last] or last.count != 1 or last.determiners or class_of(phrase.noun) != PERSON or phrase.count:
        return None
    kin = last.noun in _KIN and phrase.noun not in _KIN and not has_own_position(words, phrase.end)
    return last if kin or words.says("solo") else None


def is_anthro(state: State) -> bool:
    """Whether the prompt is of animals that are people: "anthro, 2boys, bull and rooster"."""
    return any(state.words.says(word) for word in _ANTHRO)


def _is_name(state: State, phrase: Noun) -> bool:
    """Whether a word that is in no list names someone: "alice on the left", "Mirela and Tess", "vera: red hair"."""
    words, name = state.words, phrase.noun
    looks = _has_looks(words, phrase)  # "violet has orange hair"
    if not phrase.bare or (is_adjective(name) and not looks) or phrase.words[phrase.head].kind != WORD:
        return False
    if class_of(name) and not looks:
        return False
    after = words.low(phrase.end)
    part = noun(words, phrase.end + 1) if after in ("with", "in", "wearing") else None
    worn = part is not None and names_part(part)
    clad = worn and (len(phrase.words) > 1 or after != "with")
    abstract = is_abstract_noun(name) and not clad  # "twilight sparkle with purple hair", "link in blue tunic"
    if abstract or name in lex.SCENE_WORDS | lex.MEDIA | lex.QUALITY_WORDS or not _unnamed(state):
        return False
    told = after in lex.HAVE or after in ("and", "&", "is", "wearing", "in") or lex.VERBS.get(after, after) != after
    said = worn or told or has_own_position(words, phrase.end)
    return said or words.kind(phrase.end) == COLON or words.low(phrase.start - 1) in ("and", "&")


def _has_looks(words: Words, phrase: Noun) -> bool:
    """ "lily has red hair", "ben: velvet cape", where "lily" is a flower in other prompts."""
    if words.kind(phrase.end) == COLON:
        return len(phrase.words) == 1 and not is_animate(phrase.noun)
    part = noun(words, phrase.end + 1) if words.low(phrase.end) in lex.HAVE else None
    name = phrase.words[: len(phrase.words) - (phrase.words[-1].kind == NUMBER)]  # "unit 07 has white hair"
    return part is not None and names_part(part) and not is_animate(phrase.noun) and len(name) == 1


def _unnamed(state: State) -> list[Thing]:
    """The groups with someone who was not named yet."""
    return [
        group
        for group in state.people.groups
        if (group.members_named < group.count if group.count > 1 else is_bare(group))
    ]


def is_bare(person: Thing) -> bool:
    """Whether a person has no name but that of the count tag."""
    return person.noun == person.tag and len(person.words) == 1


def _next_unnamed(state: State, phrase: Noun) -> Thing:
    """The person whom a name or role is of: the next without one, else the one who is spoken of."""
    groups, free = state.people.groups, _unnamed(state)
    role = Tag(ROLE, phrase.words)
    if len(groups) == 1 and groups[0].count == 1:
        return groups[0]  # "1boy, pirate captain"
    scope = state.people.scope
    if len(scope) == 1 and scope[0].count == 1 and is_bare(scope[0]) and phrase.bare and role.fits(scope[0].tag):
        return scope[0]  # "2girls BREAK 1girl, barista BREAK 1girl, customer"
    if not free or _is_apposition(state, phrase):
        return state.people.scope[-1] if state.people.scope else groups[-1]
    fitting = [group for group in free if role.fits(group.tag)]
    group = (fitting or free)[0]
    return next_member(group) if group.count > 1 else group


def _is_apposition(state: State, phrase: Noun) -> bool:
    """ "the left one is Vera, a tall woman with …": what is between commas behind a name."""
    last, words = state.last, state.words
    if last is None or not last.trailing or words.kind(phrase.start - 1) != COMMA or phrase.bare:
        return False
    before = words.tokens[phrase.start - 2]
    return before in last.trailing[-1] and not class_of(before.low)
