"""Takes a piece between commas that is a tag: of the whole picture ("best quality"), or about someone ("red hair")."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural, singular
from lib_rpg.planner.language.prompt_tokens import COLON, COMMA, NUMBER, STOP, Token
from lib_rpg.planner.offline.grammar.areas import heading_end
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import ANIMAL, PART, class_of, is_adjective, is_animate
from lib_rpg.planner.offline.grammar.nouns import noun
from lib_rpg.planner.offline.grammar.numbers import SIGNS, count_tag
from lib_rpg.planner.offline.grammar.orderings import ordering
from lib_rpg.planner.offline.grammar.places import place
from lib_rpg.planner.offline.grammar.positions import Place
from lib_rpg.planner.offline.reading.blocks import in_block_of_last
from lib_rpg.planner.offline.reading.facts import place_at, relate
from lib_rpg.planner.offline.reading.first_part import is_of_first_person
from lib_rpg.planner.offline.reading.fronting import names_colour
from lib_rpg.planner.offline.reading.group_verbs import is_shared_participle
from lib_rpg.planner.offline.reading.joined_names import joined_names
from lib_rpg.planner.offline.reading.known_things import describe, next_member
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.piece_kinds import OF_SOMEONE, kind_of
from lib_rpg.planner.offline.reading.places import take_order
from lib_rpg.planner.offline.reading.referents import have_own_facts, named_members, sums_up_list
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.things_made import make_thing
from lib_rpg.planner.offline.tags.owners import add_tag
from lib_rpg.planner.offline.tags.people import People
from lib_rpg.planner.offline.tags.tag import COUNT, LOOK, OBJECT, ROLE, SCENE, TOGETHER, UNKNOWN, Tag
from lib_rpg.planner.offline.tags.tag_kinds import PERSONAL

_LABELS_OF_STYLE = lex.word_set(
    "setting location environment "
    "style mood vibe vibes aesthetic lighting palette colors colours medium genre tone atmosphere inspiration "
    "reference references look feel lens camera film artist artists"
)
_LOW = ("lap", "feet", "arms", "hands", "hand", "legs")
_MAX_LOOKS = 6  # of one of several, each between commas
_LABELS = lex.word_set("artist style embedding copyright series meta rating source")  # "artist:wlop"


def take_piece(state: State, i: int) -> int:
    """A tag at the start of a piece: its end, or 0 where the piece is to be read as a sentence."""
    words = state.words
    if not (state.at_start and words.is_end(i - 1)) or heading_end(words, i):
        return 0
    if end := _take_labelled(state, i):
        return end
    end = words.piece_end(i)
    if _is_title(state, i, end):
        state.share(i, end + 1)
        state.end_tag(end + 1)
        return end + 1
    if words.low(i) in SIGNS and words.kind(i + 1) == NUMBER and _is_single(state):
        return _say_of_last(state, i, end, LOOK)  # "a perfume bottle, no 5 on the label"
    if end_of_placed := _take_placed(state, i, end):
        return end_of_placed
    poses = state.pending_relation is None and bool(state.current_list)  # "Right: a dancer in a red dress, mid-spin"
    if state.is_waiting and not poses:
        return 0
    if ordering(words, i) is not None:
        return _take_order(state, i, end)
    if (owner := _owner(state, i, end)) is not None:
        add_tag(owner, Tag("own", tuple(words.tokens[i + 1 : end])))
        state.end_tag(end)
        return end
    if end_of_pet := _take_pet(state, i, end):
        return end_of_pet
    kind = kind_of(state, i, end)
    if not kind or (state.is_waiting and not _is_behind_placed(state, end, kind)):
        return 0
    return _take_of_kind(state, i, end, kind)


def _take_of_kind(state: State, i: int, end: int, kind: str) -> int:
    """ "red hair", "forest", "masterpiece", once it is known what kind of tag it is: its end."""
    words = state.words
    if kind in (*OF_SOMEONE, UNKNOWN) and _begin_part(state, i, end, kind):
        return end
    own_block = in_block_of_last(state, i, end)
    if _is_between_members(state, i, end):
        return _say_of_last(state, i, end, LOOK)
    if kind in OF_SOMEONE:
        return _take_personal(state, i, end, kind, own_block)
    if state.last is not None and (kind == LOOK or (own_block and _is_of_part(words, i, end, kind))):
        return _say_of_last(state, i, end, kind)
    if kind == "mood" and _is_of_scope(state, i):
        state.people.take(Tag("expression", tuple(words.tokens[i:end])))
        state.end_tag(end)
        return end
    _share_piece(state, i, end, kind)
    return end


def _is_between_members(state: State, i: int, end: int) -> bool:
    """ "2cats, one fluffy, orange, grumpy, one sleek, …": whether a look stands between one of several and the next."""
    words, last = state.words, state.last
    if last is None or state.shared_end == i - 1 or not all(is_adjective(words.low(k)) for k in range(i, end)):
        return False
    group = next((one for one in reversed(state.reading.things) if last in one.members), None)
    if group is None or group.members_named >= group.count:
        return False
    for _ in range(_MAX_LOOKS):
        if not all(is_adjective(words.low(k)) for k in range(i, end)):
            break
        i, end = end + 1, words.piece_end(end + 1)
    return words.low(i) in ("one", "another", "other")


def _say_of_last(state: State, i: int, end: int, kind: str) -> int:
    """The piece is said of the thing before it: the end."""
    if state.last is not None:
        add_tag(state.last, Tag(kind, tuple(state.words.tokens[i:end])))
    state.end_tag(end)
    return end


def _is_title(state: State, i: int, end: int) -> bool:
    """ "bocchi the rock!" among tags, which end with no such sign: the name of a series."""
    words = state.words
    called = words.kind(end) == STOP and words.low(end).strip("!") == "" and words.is_end(end + 1)
    return called and state.people.counted and bool(words.low(end)) and count_tag(words.low(i)) is None


def _share_piece(state: State, i: int, end: int, kind: str) -> None:
    """A piece of the whole picture, or the number of the people."""
    if kind == COUNT:
        _take_count(state, i, end)
    elif kind == UNKNOWN:
        state.share_unknown(i, end)
        _remember(state, i, end)
    else:
        state.share(i, end, rank=state.kinds.rank(SCENE if kind == OBJECT else kind))
        if kind == OBJECT:
            _remember(state, i, end)


def _is_single(state: State) -> bool:
    """Whether one thing, and nobody, is spoken of."""
    return state.last is not None and state.last.count == 1 and not state.last.one_of and not state.people.groups


def _is_of_scope(state: State, i: int) -> bool:
    """ "girl is short, cheerful, boy is tall, gloomy": whether a mood is that of the one of several spoken of."""
    people = state.people
    several = people.counted and people.total > 1
    alone = [one.count for one in people.scope] == [1] and state.last in people.scope
    return several and alone and state.shared_end != i - 1


def _is_behind_placed(state: State, end: int, kind: str) -> bool:
    """Whether the piece goes on behind someone who is placed: "Right: a dancer in a red dress, mid-spin"."""
    words, last = state.words, state.last
    if kind not in (*OF_SOMEONE, OBJECT, LOOK, UNKNOWN, COUNT, SCENE):
        return bool(
            state.current_list and state.current_list[0].determiners
        )  # "on the right there is a desk, dim light"
    if kind == "pose" or last is None or not is_animate(last.noun):
        return kind == "pose"
    return kind in PERSONAL or (
        kind == OBJECT and words.kind(end) == STOP and (bool(last.determiners) or state.people.counted)
    )


def _is_of_part(words: Words, i: int, end: int, kind: str) -> bool:
    """ "blue fire", "red glow": whether behind a BREAK it can be someone's."""
    return kind in (UNKNOWN, OBJECT) or any(words.low(k) in lex.COLORS for k in range(i, end))


def _remember(state: State, i: int, end: int) -> None:
    """What may be the things of a prompt that names none: "pikachu, forest", "pikachu and charmander, forest"."""
    words = state.words
    edges = [i - 1, *(k for k in range(i + 1, end - 1) if words.low(k) in ("and", "&")), end]
    named = [(noun(words, a + 1), b) for a, b in pairwise(edges)]
    if all(phrase and phrase.end == stop and not is_adjective(phrase.words[-1].low) for phrase, stop in named):
        for phrase, _ in named:
            if phrase is not None:
                state.remember(make_thing(words, phrase))


def _take_labelled(state: State, i: int) -> int:
    """ "artist:wlop", "embedding:positive", "the mood: calm": the end, or 0."""
    words = state.words
    label = i + (words.low(i) == "the")
    of_tag = words.low(i) in _LABELS and words.kind(i + 1) == COLON and words.tokens[i + 1].glued
    if not of_tag and (words.low(label) not in _LABELS_OF_STYLE or words.kind(label + 1) != COLON):
        return 0
    end = label + 2
    while words.kind(end) not in (COMMA, STOP):
        end += 1
    state.share(i, end, rank=state.kinds.rank("style"))
    return end


def _take_order(state: State, i: int, end: int) -> int:
    """ "side by side" of people, which stands for itself as a tag too: the end, or 0."""
    order = ordering(state.words, i)
    if order is None or order.end != end or not state.people.groups:
        return 0
    if order.strict and state.words.kind(end) == COLON and (last := _take_lined_up(state, end + 1)):
        take_order(state, order)
        return last
    if not order.strict:
        state.people.take(Tag(TOGETHER, tuple(state.words.tokens[i:end])))  # but "from left to right" only places them
    return take_order(state, order)


def _begin_part(state: State, i: int, end: int, kind: str) -> bool:
    """Where a part or line begins, speak of the next one of several: "2girls BREAK nun, red hair BREAK witch".

    Whether the piece is a name, of which nothing is left to read: "zoro, three swords AND nami, orange hair".
    """
    words, scope = state.words, state.people.scope
    if kind != TOGETHER and state.people.are_several and is_of_first_person(state, i):
        return _begin_first(state, i)
    begins = words.is_break(i - 1) or (state.tag_style and words.is_line_end(i - 1))
    begins = begins or (i == 0 and bool(words.breaks()))
    if not begins or kind == TOGETHER:
        return False
    if kind == UNKNOWN:
        named = noun(words, i)
        if state.people.counted or named is None or named.end != end or not _is_personal(state, end + 1):
            return False
        state.add_thing(make_thing(words, named), end)
        state.people.name(state.reading.things[-1])
        return True
    said = Tag(kind, tuple(words.tokens[i:end]))
    free = (one for one in state.people.groups if one.count > 1 and one.members_named < one.count)
    group = next((one for one in free if said.fits(one.tag)), None)
    own = kind == ROLE and (said.gender or words.is_break(i - 1)) and not is_plural(words.low(end - 1))
    if group is not None and not group.vague and (len(scope) <= 1 or own):
        role = singular(words.low(end - 1)) if kind == ROLE else ""
        state.people.name_by_role(role)
        person = next((one for one in group.members if role and one.noun == role), None) or next_member(group)
        state.mention(person, i)
        state.people.speak_of([person])
    return False


def _begin_first(state: State, i: int) -> bool:
    """Speak of the first of all people, whose the first part is; never is the piece a name alone."""
    group = state.people.groups[0]
    person = next_member(group) if group.count > 1 else group
    state.mention(person, i)
    state.people.speak_of([person])
    return False


def _is_personal(state: State, i: int) -> bool:
    end = state.words.piece_end(i)
    return kind_of(state, i, end) in PERSONAL


def _take_pet(state: State, i: int, end: int) -> int:
    """ "cat on lap", "raven on her shoulder" of one counted person, in whose place it is: the end, or 0."""
    words, scope = state.words, state.people.scope
    found = noun(words, i)
    if found is None or class_of(found.noun) != ANIMAL or found.end >= end or [one.count for one in scope] != [1]:
        return 0
    about = class_of(words.low(end - 1)) == PART or words.low(end - 1) in ("lap", "arms", "feet")
    if words.low(found.end) not in ("on", "in") or not about or found.start != i or not scope[0].tag:
        return 0
    pet = next((one for one in state.reading.things if _is_pet_named(one, found.noun)), None)
    if pet is None:
        pet = make_thing(words, found)
        state.reading.things.append(pet)
    else:
        describe(pet, found.words[: found.head])  # "1girl and her pet dragon, …, blue dragon on her shoulder"
    pet.trailing.append(tuple(words.tokens[found.end : end]))
    told = len(found.words) > 1 or words.low(end - 2) in lex.POSSESSIVES
    mixed = told and names_colour([*pet.words, *scope[0].all_words])  # one place would mix their looks
    apart = "below" if words.low(end - 1) in _LOW else "above"
    relate(state.reading, apart if mixed else "within", [pet] if mixed else scope, scope if mixed else [pet], ",")
    state.end_tag(end)
    return end


def _is_pet_named(thing: Thing, name: str) -> bool:
    return thing.noun == name and thing.count == 1 and not thing.determiners and thing.host is None


def _take_lined_up(state: State, i: int) -> int:
    """ "4boys, from left to right: mohawk, dreadlocks, bowl cut, shaved head": the end of a tag for each, or 0."""
    words, groups = state.words, state.people.groups
    group = groups[0] if len(groups) == 1 and groups[0].count > 1 and not groups[0].members_named else None
    if group is None or group.vague:
        return 0
    edges = [i - 1]
    while len(edges) <= group.count and words.kind(edges[-1]) in (COLON, COMMA):
        edges.append(words.piece_end(edges[-1] + 1))
    tags = [words.tokens[a + 1 : b] for a, b in pairwise(edges)]
    own = [
        bool(tag) and kind_of(state, a + 1, b) in PERSONAL for tag, (a, b) in zip(tags, pairwise(edges), strict=True)
    ]
    if len(tags) != group.count or not all(own) or words.kind(edges[-1]) == COLON:
        return 0
    for tag in tags:
        person = next_member(group)
        add_tag(person, Tag("placed", tuple(tag)))
        state.mention(person, edges[-1])
    state.people.speak_of([group])
    return edges[-1]


# Tags about someone


def _take_placed(state: State, i: int, end: int) -> int:
    """ "red hair on left", "left: red hair" of one of several people: the end, or 0."""
    words, people = state.words, state.people
    if not people.counted or people.total < 2 or state.pending_relation is not None:
        return 0
    spots = [spot for spot in state.pending_positions if isinstance(spot, Place)]
    found = spots[0] if len(spots) == 1 else None
    start = end
    if found is None:
        # "red hair on left", but "sequin top"
        ends = ((k, place(words, k)) for k in range(i + 1, end) if words.low(k) != "top")
        start, found = next(((k, p) for k, p in ends if isinstance(p, Place) and p.end == end), (end, None))
    if found is None or found.ground or kind_of(state, i, start) not in PERSONAL:
        return 0
    person = person_at(state, found)
    add_tag(person, Tag("placed", tuple(words.tokens[i:start])))
    state.restart_list()
    people.speak_of([person])
    state.return_to(person)
    state.end_tag(end)
    return end


def person_at(state: State, spot: Place) -> Thing:
    """The one of several people who is at that place, or the first of those without one, who is there from now on."""
    where = {axis: at for axis, at in ((0, spot.x), (1, spot.y)) if at is not None}
    placed: dict[int, dict[int, int]] = {}
    for fact in state.reading.facts:
        if fact.kind == "at":
            placed.setdefault(id(fact.things[0]), {})[fact.axis] = fact.place
        elif fact.kind == "centre":
            placed[id(fact.things[0])] = {0: 0, 1: 0}
    everyone = state.people.each()
    for person in everyone:
        if where and where.items() <= placed.get(id(person), {}).items():
            return person
    person = next((one for one in everyone if id(one) not in placed), everyone[-1])
    place_at(state.reading, person, spot)
    return person


def _take_personal(state: State, i: int, end: int, kind: str, own_block: bool) -> int:
    people = state.people
    before_count = not people.groups and state.last is not None and is_animate(state.last.noun)
    if kind == TOGETHER and not people.counted and not people.groups:
        everyone = [thing for thing in state.reading.things if is_animate(thing.noun)]
        people.speak_of(everyone)  # "a girl with red hair and a boy, holding hands"
    elif state.last is not None and (not state.tag_style or before_count):
        people.speak_of(_those_acting(state, i) or [state.someone or state.last])  # "left girl: white hair; …; 2girls"
    tokens = state.words.tokens[i:end]
    if names := joined_names(state, i, end):
        behind = sum(map(len, names)) + len(names) - 1
        for name in names:
            people.take(Tag(ROLE, name))
        if doing := tuple(tokens[behind:]):
            people.take(Tag(TOGETHER, doing))  # "asuka and rei hugging, 2girls"
    else:
        for part in _parts(tokens) if kind == ROLE or _has_two_looks(tokens, people) else (tuple(tokens),):
            people.take(Tag(kind, part), own_block)
    state.end_tag(end)
    return end


def _those_acting(state: State, i: int) -> Sequence[Thing]:
    """ "a man and a woman, smiling": all whom the -ing form at i is about; none where it may be one's alone."""
    members = named_members(state)
    those = members or state.current_list[sums_up_list(state) :]
    shared = len(those) > 1 and is_shared_participle(state, i, members) and not have_own_facts(state, those)
    return those if shared else ()


def _owner(state: State, i: int, end: int) -> Thing | None:
    """Whose the piece is that begins with "girl's" or "mira's": the one person who is called so."""
    name = state.words.low(i).replace("’", "'")
    if not name.endswith("'s") or end < i + 2 or not state.people.counted:
        return None
    called = {one for one in state.people.each() if name[:-2] in {one.tag, *(token.low for token in one.words)}}
    return called.pop() if len(called) == 1 else None


def _has_two_looks(tokens: list[Token], people: People) -> bool:
    """ "red hair and blue hair" of several."""
    parts = list(_parts(tokens)) if people.are_several else []
    return len(parts) > 1 and len({part[-1].low for part in parts if len(part) > 1}) == 1 and all(map(len, parts))


def _parts(tokens: list[Token]) -> Iterator[tuple[Token, ...]]:
    """ "knight and wizard" as two."""
    part: list[Token] = []
    for token in tokens:
        if token.low in ("and", "&"):
            yield tuple(part)
            part = []
        else:
            part.append(token)
    yield tuple(part)


def _take_count(state: State, i: int, end: int) -> None:
    """ "solo" is said of the one person; "couple" counts people that are named anyway."""
    people = state.people
    if len(people.groups) == 1 and people.groups[0].count == 1:
        people.take(Tag(COUNT, tuple(state.words.tokens[i:end])))
    elif not people.groups:
        several = noun(state.words, i)
        if several is not None and several.vague and several.end == end and not people.counted:
            state.add_thing(make_thing(state.words, several), end)  # "multiple boys, soccer team"
        people.announce()
    state.continue_clause()
