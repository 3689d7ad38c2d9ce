"""What is said about things: what they are, have, wear and do."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COMMA, WORD, Token
from lib_rpg.planner.offline.grammar.phrases import (
    Noun,
    Place,
    Relation,
    is_adjective,
    is_animate,
    is_aside,
    is_verb_form,
    noun,
    ordering,
    place,
    relation,
)
from lib_rpg.planner.offline.reading.lookahead import has_own_position, list_end
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.referents import (
    all_act,
    describe,
    differ,
    is_listed,
    is_told_again,
    say_of,
    told_apart,
    who,
)
from lib_rpg.planner.offline.reading.state import State

_DUMMIES = lex.word_set("thing object one animal item figure shape something creature other")
_ROOMY = lex.LARGE | lex.SCENE_WORDS | lex.CONTAINERS  # where someone can be
_FREE_PREPOSITIONS = lex.word_set("of from to into through at for as like toward towards about via per")


def take_predicate(state: State, i: int) -> int:
    """ "is black", "are on the left": the end, or 0."""
    words = state.words
    if words.low(i) not in lex.BE:
        return 0
    end = i + 1
    while words.low(end) in ("both", "all", "also", "very", "each", "quite", "so", "really"):
        if words.low(end) in ("both", "all", "each"):
            state.speak_of_all()
        end += 1
    if words.low(i) == "are" and len(state.current_list) > 1:
        state.speak_of_all()
    if state.pending_positions or state.last is None:
        return end
    if place(words, end) or ordering(words, end) or relation(words, end):
        return end
    if is_verb_form(words, end, False) and words.kind(end) == WORD:
        return end
    phrase = noun(words, end)
    if phrase is None:
        return end
    targets = who(state) if state.collective else [state.last]
    if phrase.bare:
        known = all(is_adjective(t.low) or t.low in ("and",) for t in phrase.words)
        for thing in targets:
            if known:
                describe(state, thing, phrase.words)
            else:
                thing.after.append(phrase.words)
        return phrase.end
    named = len(targets) == 1 and targets[0].one_of and is_animate(targets[0].noun) and is_animate(phrase.noun)
    if named or (len(targets) == 1 and targets[0].noun in _DUMMIES):
        targets[0].words, targets[0].head, targets[0].given = list(phrase.words), phrase.head, phrase.given
        return phrase.end
    return take_attribute(state, i, "is")


def take_all_are(state: State, i: int) -> int:
    """The end of the adjectives at i that are said of several (", both black"), or 0."""
    phrase = noun(state.words, i)
    said = phrase is not None and phrase.bare and all(is_adjective(t.low) or t.low == "and" for t in phrase.words)
    targets = state.current_list or who(state)
    if phrase is None or not said or not state.words.is_end(phrase.end):
        return 0
    for thing in targets:
        describe(state, thing, phrase.words)
    state.continue_clause()
    state.speak_of_all()
    return phrase.end


def acts(state: State, i: int) -> bool:
    """Whether a verb of the things before stands at i: "…, one in red and one in blue, drink tea".

    What a plural verb or a verb behind the list speaks of is made the chain: those told apart, or those listed.
    """
    words, low = state.words, state.words.low(i)
    if state.last is None or state.pending_positions or words.kind(i) != WORD or words.low(i - 1) in ("others", "ones"):
        return False
    several = told_apart(state, all_told=low not in lex.PLAIN_VERBS)
    chain = several or state.current_list
    if len(chain) < 2 and state.last.count < 2:
        return False
    are = low in ("are", "were")
    plain = low in lex.PLAIN_VERBS and words.low(i + 1) not in lex.SCENE_WORDS
    plain = plain and (low in lex.STATES or all_act(chain or [state.last]))
    if state.at_start:
        # In a list of tags ("two girls, smile") a word such as this one is a noun.
        plain = plain and (bool(several) or state.collective or is_told_again(state))
    else:
        plain = plain and is_verb_form(words, i, False)
    doing = is_listed(state) and low.endswith("ing") and is_verb_form(words, i, False)
    doing = doing and words.low(i - 1) != "one" and words.low(i + 1) not in lex.AFTER_ING
    doing = doing and bool(several or (all_act(chain) and state.last_conjunction in ("and", ", and")))
    every = bool(several) and is_listed(state) and low in ("both", "all", "each")
    if several and (are or plain or ((doing or every) and not differ(state, several))):
        state.end_relation()
        state.speak_of(list(several))
    elif (plain or (doing and not several)) and len(chain) > 1:
        state.speak_of_all()
    if (plain and chain) or doing or (are and several):
        state.continue_clause("and" if state.conjunction == "and" else "")
    return plain or doing


def take_relative(state: State, i: int) -> int:
    words, after = state.words, state.words.low(i + 1)
    if after in lex.BE or after in lex.HAVE or after in lex.VERBS or state.last is None:
        return i + 1
    if words.is_open(i + 1):
        return take_attribute(state, i, "that")
    return i + 1


def take_with(state: State, i: int) -> int:
    words = state.words
    phrase = noun(words, i + 1)
    if phrase is None or state.last is None:
        return i + 1
    if phrase.noun in lex.BACKDROPS:
        return i + 1
    spot = place(words, phrase.end)
    if isinstance(spot, Place) and (spot.x, spot.y) == (0, 0):
        # "a table with a vase in the middle": of the table
        take_attribute(state, i, "with")
        state.last.after[-1] = tuple(words.tokens[i : spot.end])
        return spot.end
    own = isinstance(spot, Place) or (isinstance(spot, Relation) and spot.referent)
    found = relation(words, phrase.end)
    each_side = found is not None and found.kind == "around" and words.low(phrase.end) == "on"
    found = found or relation(words, list_end(words, phrase))
    upon_it = found is not None and found.kind == "on" and words.low(found.end) == "it" and not phrase.bare
    apart = found is not None and found.kind not in ("in", "on", "around") and not phrase.bare
    own = own or apart
    own = own or each_side or upon_it
    if own and not {phrase.noun, phrase.words[phrase.head].low} & lex.PARTS:
        state.end_relation()
        state.restart_list()
        return i + 1
    # "a shirt printed with a bird": what a participle leads to is no company.
    kind = (
        "" if words.low(i - 1).endswith("ed") or words.low(i - 1) in lex.PARTICIPLES else _company(state.last, phrase)
    )
    if kind:
        state.wait_for(kind, [state.last], "with")
        return i + 1
    return take_attribute(state, i, "with")


def _company(host: Thing, phrase: Noun) -> str:
    """How what stands "with" a thing relates to it, if it is no part of it: "beside", "within" one place, or ""."""
    name = phrase.noun
    if name in lex.PARTS:
        return ""
    person = host.noun in lex.PEOPLE
    if is_animate(name):
        if person and name in lex.PEOPLE - lex.BABIES:
            return "beside"
        return "within" if is_animate(host.noun) or host.noun in _ROOMY else ""
    if name in lex.LARGE and host.noun in lex.LARGE and not person:
        return "beside"
    return ""


def take_brackets(state: State, i: int) -> int:
    """ "a woman (red hair, green eyes)": the end of the brackets right behind a thing, or 0."""
    words = state.words
    if state.last is None or state.at_start or i >= len(words) or words.kind(i - 1) != WORD:
        return 0
    around, before = words.tokens[i].groups, words.tokens[i - 1].groups
    if len(around) <= len(before) or not is_aside(words, i) or place(words, i) is not None:
        return 0
    end = i
    while end < len(words) and any(group is around[len(before)] for group in words.tokens[end].groups):
        end += 1
    say_of([state.last], tuple(words.tokens[i:end]))
    return end


def take_verb(state: State, i: int) -> int:
    """A verb behind a thing, with its object; finite verbs take the form that a phrase needs."""
    low = state.words.low(i)
    form = lex.VERBS.get(low)
    token = state.words.tokens[i]
    state.words.tokens[i] = token.with_text(form) if form else token
    if state.conjunction == "," and state.words.kind(i - 1) == COMMA and state.last is not None:
        say_of([state.last], (state.words.tokens[i - 1],))
    targets = who(state) if state.collective else [state.last] if state.last is not None else []
    if state.words.low(i - 1) == "and" and targets and all(thing.after for thing in targets):
        say_of(targets, (state.words.tokens[i - 1],))
    return take_attribute(state, i, form or low)


def take_attribute(state: State, i: int, connector: str) -> int:
    """Words from i on belong to the thing before: a preposition or verb with what follows it."""
    words = state.words
    targets = who(state) if state.collective else [state.last] if state.last is not None else []
    state.drop_empty_relation()
    tokens = words.tokens
    if words.low(i) in lex.HAVE and words.low(i) not in ("with", "having"):
        tokens = list(tokens)
        tokens[i] = tokens[i].with_text("with")
    end = i + 1
    if connector == "that" or (words.low(i).endswith("ed") and words.low(end) == "by"):
        end += 1
    while words.low(end) in _FREE_PREPOSITIONS and not place(words, end) and connector not in ("with", "in", "on"):
        if words.low(end) == "at" and (time := noun(words, end + 1)) and time.noun in lex.TIMES:
            break
        end += 1
    objects = end
    for _ in range(12):
        if place(words, end) is not None or ordering(words, end) is not None:
            break
        phrase = noun(words, end)
        if phrase is None:
            break
        if connector.endswith("ing") and end == objects and _has_own_words(state, phrase):
            # "talking to a thief in a red coat": who has words of their own is a thing.
            return _say(state, targets, tuple(tokens[i : i + 1]), objects)
        end = phrase.end
        end = _past_more_objects(state, connector, end)
        if words.low(end) in _FREE_PREPOSITIONS and place(words, end) is None and not _is_scene_at(state, end):
            end += 1
            continue
        break
    return _say(state, targets, tuple(tokens[i:end]), end)


def _say(state: State, targets: list[Thing], segment: tuple[Token, ...], end: int) -> int:
    say_of(targets, segment)
    state.continue_clause()
    if not state.collective:
        state.speak_of_last()
    return end


def _has_own_words(state: State, phrase: Noun) -> bool:
    """Whether it is someone, and the prompt goes on to tell what they wear, have or stand on."""
    after = state.words.low(phrase.end)
    behind = noun(state.words, phrase.end + 1)
    told = after in ("with", "wearing", "in", "on", "holding", "riding") and behind is not None
    scenic = behind is not None and behind.noun in lex.SCENE_WORDS
    return told and not scenic and is_animate(phrase.noun) and phrase.determiner not in lex.POSSESSIVES


def _is_scene_at(state: State, i: int) -> bool:
    phrase = noun(state.words, i + 1)
    return phrase is not None and phrase.noun in lex.SCENE_WORDS


def _past_more_objects(state: State, connector: str, i: int) -> int:
    """Past further objects of a verb or preposition: "a sword and a shield", "red hair, blue eyes"."""
    words = state.words
    end = i
    for _ in range(12):
        j = end
        comma = words.kind(j) == COMMA
        if comma:
            j += 1
        conjunction = words.low(j) in ("and", "&")
        j += conjunction
        if j == end:
            break
        if words.low(j) in lex.CLOTHED and conjunction:
            j += 1
        elif words.low(j) in ("with", "in") and conjunction:
            listed = noun(words, j + 1)
            if listed is None or listed.noun not in lex.PARTS:
                break
            j += 1
        if conjunction and (words.low(j) in lex.PLAIN_VERBS and connector.endswith("ing")):
            break
        phrase = noun(words, j)
        if phrase is None or phrase.noun in lex.PEOPLE or phrase.direction:
            break
        part = phrase.noun in lex.PARTS or phrase.words[phrase.head].low in lex.PARTS
        own = has_own_position(words, phrase.end) or words.low(phrase.end) in ("with", "wearing", "that", "holding")
        if own and not part:
            break
        worn = connector in lex.CLOTHED and (conjunction or part)
        if comma and not conjunction and not (part and phrase.bare):
            break
        if not (part or worn or (phrase.bare and conjunction and not comma and not _is_scene_noun(phrase))):
            break
        if phrase.given and phrase.given[-1].low in ("the", "another"):
            break
        end = phrase.end
    return end


def _is_scene_noun(phrase: Noun) -> bool:
    return phrase.noun in lex.SCENE_WORDS or phrase.words[-1].low in lex.QUALITY_WORDS
