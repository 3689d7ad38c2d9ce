"""Naming things: a new one, one known already, or one of several of a kind."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COLON, COMMA, Token
from lib_rpg.planner.offline.grammar.phrases import Noun, Place, direction, is_adjective, is_verb_form, noun, number
from lib_rpg.planner.offline.reading.facts import place_at
from lib_rpg.planner.offline.reading.lookahead import left_out_noun
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.referents import describe, known_thing, next_member
from lib_rpg.planner.offline.reading.scenery import SURFACES, is_part, is_setting, is_tag, take_backdrop
from lib_rpg.planner.offline.reading.state import State

VAGUE_COUNT = 3
_ORDINALS = lex.word_set("first second third fourth fifth sixth last")


def take_noun(state: State, phrase: Noun) -> int:
    words = state.words
    after = phrase.end
    if phrase.noun in lex.BACKDROPS or phrase.noun in ("background", "backdrop"):
        return take_backdrop(state, phrase)
    if phrase.bare and words.low(after) == "on" and words.low(after + 1) in SURFACES and words.is_end(after + 2):
        state.share(phrase.start, after + 2)  # "oil on canvas"
        return after + 2
    if is_tag(state, phrase):
        state.share(phrase.start, after)
        return after
    known = known_thing(state, phrase)
    if known is not None:
        state.mention(known, after)
        if phrase.direction:
            place_at(state.reading, known, Place(after, *phrase.direction))
        return after
    elliptic = left_out_noun(state.words, phrase)
    if elliptic is not None:
        state.add_thing(make_thing(state, phrase, elliptic), after)
        return after
    if is_setting(state, phrase):
        state.share(phrase.start, after)
        return after
    if is_part(state, phrase) and state.last is not None:
        comma = state.words.tokens[phrase.start - 1] if words.kind(phrase.start - 1) == COMMA else None
        tokens = words.tokens[phrase.start : after]
        state.last.after.append(tuple([comma, *tokens] if comma else tokens))
        state.continue_clause()
        return after
    state.add_thing(make_thing(state, phrase), after)
    if phrase.direction and state.last is not None:
        place_at(state.reading, state.last, Place(after, *phrase.direction))
    return after


def make_thing(state: State, phrase: Noun, borrowed: tuple[Token, ...] = ()) -> Thing:
    words = list(phrase.words)
    head = phrase.head
    count = phrase.count
    if borrowed:
        one = count is None or count == 1
        tail = list(borrowed)
        tail[-1] = tail[-1].with_text((lex.singular if one else lex.plural)(tail[-1].text))
        words += tail
        head = len(words) - 1
    vague = phrase.vague
    if count is None and not phrase.determiner:
        count = next((lex.SETS[t.low] for t in words[: head + 1] if t.low in lex.SETS), None)
    if count is None:
        many = lex.is_plural(words[head].low) and words[head].low not in lex.PAIRED
        vague = vague or (words[head].low if many and phrase.determiner not in lex.POSSESSIVES else "")
        count = VAGUE_COUNT if vague else 1
    one = state.words.low(phrase.start) == "one"
    given = tuple(token for token in phrase.given if token.low not in ("only", "just", "exactly", "any"))
    return Thing(words, head, count, given, vague, phrase.array, one_of=one and count == 1)


def take_member(state: State, i: int) -> int:
    """ "one …", "the other …", "the left one …" of things of one kind: the end, or 0."""
    words = state.words
    group = next((t for t in reversed(state.reading.things) if t.count > 1 and not t.vague), None)
    if group is None or group.told >= group.count:
        return 0
    if end := _coloured(state, i, group):
        return end
    j = i + (words.low(i) == "the")
    spot: Place | None = None
    low = words.low(j)
    superlative = low.endswith("est") and words.low(j + 1) in lex.BE | {"one", "of"}
    if low in ("one", "other", "another", "others") or ((low in _ORDINALS or superlative) and j > i):
        j += 1 + (words.low(j + 1) == "one" and low != "one")
        if low != "one" and words.low(j) in ("one", "two", "three") and low != "others":
            j += 1
    elif j > i:
        found = direction(words, j)
        if found is not None:
            j, spot = found[0], Place(found[0], *found[1])
        start = j
        while is_adjective(words.low(j)):
            j += 1
        if words.low(j) != "one":
            return 0
        behind = noun(words, j + 1) if words.is_open(j + 1) and not is_verb_form(words, j + 1, False) else None
        named = behind is not None and all(is_adjective(t.low) for t in behind.words)  # "the left one black"
        end, said = (behind.end, list(behind.words)) if behind is not None and named else (j + 1, [])
        return _tell_member(state, group, end, [*words.tokens[start:j], *said], spot)
    elif (told := number(words, i)) and told[1] and told[1] > 1:
        start = told[0] + 2 * (words.low(told[0]) == "of" and words.low(told[0] + 1) in ("them", "which", "whom"))
        rest = noun(words, start + (words.low(start) in lex.BE))
        if rest is None or not rest.bare or not all(is_adjective(t.low) for t in rest.words):
            return 0
        if left_out_noun(state.words, Noun(i, rest.end, (), rest.words, rest.head, told[1])) is not None:
            return 0
        for _ in range(min(told[1], group.count - group.told) - 1):
            member = next_member(group)
            describe(state, member, list(rest.words))
        return _tell_member(state, group, rest.end, list(rest.words), None)
    else:
        return 0
    rest = noun(words, j) if words.is_open(j) and not is_verb_form(words, j, False) else None
    if rest is not None and rest.bare:
        lone = len(rest.words) == 1 and rest.words[0].low.endswith(("ed", "en")) and low in ("one", "other", "another")
        if all(is_adjective(t.low) for t in rest.words) or (lone and words.is_end(rest.end)):
            elliptic = Noun(i, rest.end, (), rest.words, rest.head, 1)
            if left_out_noun(state.words, elliptic) is None:
                return _tell_member(state, group, rest.end, list(rest.words), None)
            return 0
        if rest.noun != group.noun:
            return 0
        return _tell_member(state, group, rest.end, [t for t in rest.words if is_adjective(t.low)], None)
    return _tell_member(state, group, j, [], spot)


def _coloured(state: State, i: int, group: Thing) -> int:
    """ "three flowers: red, white and purple": the end of one of the adjectives of such a list, or 0."""
    words = state.words
    begun = group.told > 0 and state.last in group.members and state.conjunction in (",", "and", ", and")
    if not state.at_start or not (words.kind(i - 1) == COLON or begun):
        return 0
    end = i
    while is_adjective(words.low(end)):
        end += 1
    ends = words.is_end(end) or words.low(end) == "and"
    return _tell_member(state, group, end, list(words.tokens[i:end]), None) if ends and end > i else 0


def _tell_member(state: State, group: Thing, end: int, adjectives: list[Token], spot: Place | None) -> int:
    state.end_relation()
    member = next_member(group)
    state.begin_member()
    describe(state, member, adjectives)
    state.mention(member, end)
    if spot is not None:
        place_at(state.reading, member, spot)
    return end
