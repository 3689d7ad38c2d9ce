"""Reads what names one of several of a kind: "two cats, one black, the other white", "the left one", "two of them"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural, singular
from lib_rpg.planner.language.prompt_tokens import COLON, COMMA, COMMA_TOKEN, NUMBER, WORD
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import ANIMAL, PERSON, class_of, is_adjective, is_ing_verb
from lib_rpg.planner.offline.grammar.nouns import noun
from lib_rpg.planner.offline.grammar.numbers import SIGNS, number
from lib_rpg.planner.offline.grammar.places import place, relation
from lib_rpg.planner.offline.grammar.positions import Place, direction
from lib_rpg.planner.offline.grammar.verbs import is_verb_form
from lib_rpg.planner.offline.reading.known_things import describe, known_thing, next_member
from lib_rpg.planner.offline.reading.lookahead import names_part
from lib_rpg.planner.offline.reading.member_looks import adjectives_end, begins_member, looks_end
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.naming import all_adjectives, name_member
from lib_rpg.planner.offline.reading.one_or_other import is_one_or_other, is_said_of, take_one_or_other
from lib_rpg.planner.offline.reading.referents import add_words
from lib_rpg.planner.offline.reading.shares import take_several
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.things_made import make_thing

_DEGREE_NAMES = frozenset(low for low in lex.COMPARED if low.endswith("est"))
_FAMILY = lex.word_set(
    "mother father parent cub baby calf kitten puppy foal fawn chick infant male female adult stag doe buck "
    "son daughter"
)  # of two animals
_IN_ORDER = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")


def take_member(state: State, i: int) -> int:
    """ "one …", "the other …", "the left one …" of the last things of one kind: the end, or 0."""
    _part_pair(state, i)
    _count_by_order(state, i)
    if end := _take_one_of_some(state, i) or _take_one_of_so_many(state, i):
        return end
    group = next((t for t in reversed(state.reading.things) if t.count > 1 and not t.vague), None)
    if end := _take_one_with_look(state, i):
        return end
    if group is not None and (
        end := _past_side(state.words, i) or _take_apposition(state, i, group) or _take_family(state, i, group)
    ):
        return end
    if group is None or group.members_named >= group.count or _names_another_kind(state.words, i, group):
        return 0
    if _is_one_on_each_side(state.words, i):
        state.end_relation()
        state.return_to(group)
        state.speak_of([group])
        state.leave_start()
        return i + 1
    if end := _take_labelled_side(state, i, group) or _take_listed_adjectives(state, i, group):
        return end
    if state.at_start and (end := _number_end(state.words, i)):
        if state.words.kind(i - 1) == COLON and state.last is not None and group.members_named:
            state.last.trailing.append((COMMA_TOKEN, *state.words.tokens[i:end]))  # "boy in the middle: number 7"
            state.continue_clause()
            return end
        return name_member(state, group, end, said=state.words.tokens[i:end])
    acted_on = state.words.kind(i - 1) == WORD and is_ing_verb(state.words.low(i - 1))
    if acted_on:
        return 0  # "three raccoons raid two trash cans"
    if end := _take_rest(state, i, group):
        return end
    definite = state.words.low(i) == "the"
    bare = state.words.low(i) in lex.ORDINALS and singular(state.words.low(i + 1)) == group.noun  # "first twin in pink"
    bare = bare or (state.words.low(i).endswith("est") and isinstance(place(state.words, i + 1), Place))
    # "three sisters, eldest with glasses, youngest with a ribbon"
    bare = bare or (state.words.low(i) in _DEGREE_NAMES and state.at_start and is_said_of(state.words, i + 1))
    if bare and state.words.low(i).endswith("est"):
        return name_member(state, group, i + 1, [state.words.tokens[i]])  # "tallest on the left"
    if bare or is_one_or_other(state.words, i + definite, definite):
        return take_one_or_other(state, i, i + definite, group)
    if definite or state.words.low(i) in lex.ARTICLES:
        return _take_definite_one(state, i + 1, group)  # "the red one", "a red one"
    if state.words.is_end(i - 1) and (is_adjective(state.words.low(i)) or direction(state.words, i) is not None):
        return _take_definite_one(state, i, group)  # "two surfers, tall one with …", "2girls, left one: …"
    return take_several(state, i, group)


def _take_one_of_some(state: State, i: int) -> int:
    """ "several cats on a fence, only one of them is white": what one of an unknown number is, is said of all, or 0."""
    words = state.words
    start = i + (words.low(i) == "only")
    of_them = words.starts(start, "one", "of", "them") and state.at_start
    group = next((one for one in reversed(state.reading.things) if one.count > 1), None) if of_them else None
    if group is None or not group.vague:
        return 0
    end = words.piece_end(start)
    state.end_relation()
    group.trailing.append((COMMA_TOKEN, *words.tokens[i:end]))
    state.mention(group, end)
    return end


def _take_rest(state: State, i: int, group: Thing) -> int:
    """ "the other half …", "the other four in white tutus": the end, or 0."""
    if state.words.starts(i, "the", "other", "half"):
        return take_several(state, i, group)
    rest = number(state.words, i + 2) if state.words.starts(i, "the", "other") else None
    return take_several(state, i + 2, group) if rest is not None and (rest[1] or 0) > 1 else 0


def _part_pair(state: State, i: int) -> None:
    """ "a pair of sneakers, one clean, the other muddy": they are two."""
    thing, words = state.last, state.words
    if thing is None or words.low(i) != "one" or thing.count != 1 or len(thing.words) < 3:
        return
    if (thing.words[0].low, thing.words[1].low) == ("pair", "of") and words.kind(i - 1) in (COMMA, COLON):
        thing.words, thing.determiners, thing.count = thing.words[2:], (), 2
        thing.head = len(thing.words) - 1


def _count_by_order(state: State, i: int) -> None:
    """ "a row of houses, the first pink, the second mint, the third yellow": they are three."""
    words, group = state.words, state.last
    if (
        group is None
        or not group.vague
        or not words.starts(i, "the", "first")
        or words.kind(i - 1) not in (COMMA, COLON)
    ):
        return
    said = [low for low in _IN_ORDER if words.says("the", low)]
    if len(said) > 1 and said == list(_IN_ORDER[: len(said)]):
        group.count, group.vague, group.determiners = len(said), "", ()


def _take_one_of_so_many(state: State, i: int) -> int:
    """ "one of the two cats": the end, or 0."""
    words = state.words
    if words.low(i) != "one" or words.low(i + 1) != "of" or not state.at_start:
        return 0
    phrase = noun(words, i + 2)
    if phrase is None or (phrase.count or 1) < 2 or known_thing(state, phrase) is not None:
        return 0
    group = make_thing(words, phrase)
    state.add_thing(group, phrase.end)
    return name_member(state, group, phrase.end)


def _take_one_with_look(state: State, i: int) -> int:
    """ "a tall man and a short man, …, the tall one holds a fish": the end of what tells one thing apart, or 0."""
    words, end = state.words, i + 1
    while words.low(i) == "the" and is_adjective(words.low(end)):
        end += 1
    if end == i + 1 or words.low(end) != "one":
        return 0
    said = {words.low(k) for k in range(i + 1, end)}
    found = [t for t in state.reading.things if t.count == 1 and said <= {token.low for token in t.words[: t.head]}]
    if len(found) != 1:
        return 0
    state.end_relation()
    state.mention(found[0], end + 1)
    return end + 1


def _take_family(state: State, i: int, group: Thing) -> int:
    """ "two pandas, mother and cub", "two lions, a male and a female": the end of what the two are, or 0."""
    words = state.words
    first = i + (words.low(i) in lex.ARTICLES)
    second = first + 2 + (words.low(first + 2) in lex.ARTICLES)
    kin = words.low(first) in _FAMILY and words.low(second) in _FAMILY and words.low(first + 1) == "and"
    alone = kin and words.is_end(second + 1) and words.kind(i - 1) in (COMMA, COLON)
    if not alone or group.count != 2 or group is not state.last or class_of(group.noun) != ANIMAL:
        return 0
    for at in (first, second):
        describe(next_member(group), [words.tokens[at]])
    state.mention(group, second + 1)
    return second + 1


def _past_side(words: Words, i: int) -> int:
    """ "2girls, one side ice queen, other side fire dancer": the end of "one side" before who is there, or 0."""
    i += words.low(i) == "the"
    named = noun(words, i + 2) if words.low(i) in ("one", "other") and words.low(i + 1) in ("side", "half") else None
    return i + 2 if named is not None and named.bare and class_of(named.noun) in (PERSON, ANIMAL) else 0


def _is_one_on_each_side(words: Words, i: int) -> bool:
    """ "two chairs, one on each side of the table": it says of all where they are."""
    found = relation(words, i + 1) if words.low(i) == "one" and words.low(i + 1) == "on" else None
    return found is not None and found.kind == "around"


def _take_apposition(state: State, i: int, group: Thing) -> int:
    """ "two brothers, twins, one …", "two cats, both strays, …": what else they are is a word of each."""
    words = state.words
    both = words.low(i) in ("both", "all")
    phrase = noun(words, i + both) if state.last is group and words.kind(i - 1) == COMMA else None
    if phrase is None or not phrase.bare or len(phrase.words) > 1 or words.kind(phrase.end) != COMMA:
        return 0
    kind = class_of(phrase.noun) in (PERSON, ANIMAL) or (both and class_of(phrase.noun) == "")
    if not is_plural(phrase.words[0].low) or not kind or not (both or begins_member(words, phrase.end + 1)):
        return 0
    add_words([group], (words.tokens[i - 1], phrase.words[0].with_text(singular(phrase.words[0].text))))
    return phrase.end


def _names_another_kind(words: Words, i: int, group: Thing) -> bool:
    """ "two cats and one tidy, serious dog": whether adjectives in a row lead to a noun that is not the group's, or to
    one more of that kind."""
    if _is_told_beside(words, i, group):
        return True
    phrase = noun(words, i) if words.low(i) != "the" else None  # "the other mustard yellow, whitewashed wall"
    row = phrase is not None and any(token.kind == COMMA for token in phrase.words)
    named = phrase is not None and phrase.count is not None and words.low(phrase.end - 1) in lex.AFTER_ING
    row = row or named  # "four grandparents and four rocking chairs"
    return phrase is not None and row and not is_adjective(phrase.noun) and phrase.noun != group.noun


def _is_told_beside(words: Words, i: int, group: Thing) -> bool:
    """ "three cats are black and one cat is white": whether one more is told of as the others were, who are so many."""
    named = words.low(i) == "one" and singular(words.low(i + 1)) == group.noun
    if not named or words.low(i - 1) != "and" or group.members_named:
        return False
    told = (k for k in range(1, i) if words.low(k) == "are" or is_ing_verb(words.low(k)))
    return any(singular(words.low(k - 1)) == group.noun for k in told)


def _take_listed_adjectives(state: State, i: int, group: Thing) -> int:
    """ "three flowers: red, white and purple": the end of the adjectives of one of them, or 0."""
    words = state.words
    begun = group.members_named > 0 and state.last in group.members and state.conjunction in (",", "and", ", and")
    end = adjectives_end(words, i)
    # "two cats, black, white"
    listed = (
        state.last is group
        and words.kind(i - 1) == COMMA == words.kind(end)
        and adjectives_end(words, end + 1) > end + 1
    )
    labelled = state.people.counted and words.kind(i - 1) == COLON  # "girl 1: blonde, …"
    if labelled or not state.at_start or not (words.kind(i - 1) == COLON or begun or listed):
        return 0
    ends = words.is_end(end) or words.low(end) == "and"
    return name_member(state, group, end, words.tokens[i:end]) if ends and end > i else 0


def _take_definite_one(state: State, i: int, group: Thing) -> int:
    """ "the left one", "the red one", "the left one black", behind the article: the end, or 0."""
    words = state.words
    spot: Place | None = None
    if (found := direction(words, i)) is not None and not _is_middle_of_ages(words, i, group):
        i, spot = found[0], Place(found[0], *found[1])
    end = i
    while is_adjective(words.low(end)) or words.low(end) in lex.COMPARED | {"middle"}:
        end += 1
    ends = (k for k in range(end, end + 3) if words.low(k) == "one" and all(map(words.is_open, range(end, k))))
    end = next(ends, end)  # "the albino one", "a snow white one"
    if words.low(end) != "one":
        return 0
    adjectives = words.tokens[i:end]
    end += 1
    named = noun(words, end)  # "bottom one leather brown"
    joined = named is not None and words.low(named.end) == "and"  # "the left one striped red and white"
    if named is not None and not joined and named.bare and named.words[-1].low in lex.COLORS and len(named.words) == 2:
        return name_member(state, group, named.end, [*adjectives, *named.words], spot)
    if looks := looks_end(words, end):
        return name_member(state, group, looks, [*adjectives, *words.tokens[end:looks]], spot)
    behind = noun(words, end) if words.is_open(end) and not is_verb_form(words, end, False) else None
    if behind is not None and all_adjectives(behind.words):
        adjectives, end = [*adjectives, *behind.words], behind.end
    elif behind is not None and behind.bare and names_part(behind):  # "left one pink kimono"
        return name_member(state, group, behind.end, adjectives, spot, (COMMA_TOKEN, *behind.words))
    return name_member(state, group, end, adjectives, spot)


def _take_labelled_side(state: State, i: int, group: Thing) -> int:
    """ "two women, left: red saree, gold bangles, right: green saree": the end of the label of one of them, or 0."""
    words, found = state.words, direction(state.words, i)
    labels = found is not None and words.is_end(i - 1) and words.kind(found[0]) == COLON
    if found is None or not labels or class_of(group.noun) != PERSON or state.people.counted:
        return 0
    worn = noun(words, found[0] + 1)
    if worn is None or not names_part(worn):
        return 0
    spot = Place(found[0], *found[1])
    return name_member(state, group, worn.end, spot=spot, said=(COMMA_TOKEN, *worn.given, *worn.words))


def _is_middle_of_ages(words: Words, i: int, group: Thing) -> bool:
    """ "eldest with glasses, middle one with a ponytail": whether "middle" is no place."""
    named = (token.low for member in group.members[: group.members_named] for token in member.words)
    return words.low(i) == "middle" and not lex.COMPARED.isdisjoint(named)


def _number_end(words: Words, i: int) -> int:
    """ "two buses, number 5 and number 12": the end of the number at i, or 0."""
    return i + 2 if words.low(i) in SIGNS and words.kind(i + 1) == NUMBER and not words.is_open(i + 2) else 0
