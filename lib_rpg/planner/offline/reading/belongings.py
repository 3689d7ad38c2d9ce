"""Reads clauses about what belongs to someone or something named before: "Her hair is long", "its windows are lit".

Such a clause names no thing of its own: all its words are the owner's.
"""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural
from lib_rpg.planner.language.prompt_tokens import COMMA, COMMA_TOKEN, WORD, Token
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.finite_verbs import gerund_of, is_finite, plain_form
from lib_rpg.planner.offline.grammar.kinds import PERSON, class_of, is_adjective, is_animate
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.places import place, relation
from lib_rpg.planner.offline.grammar.proper_names import is_proper
from lib_rpg.planner.offline.grammar.verbs import is_verb_form
from lib_rpg.planner.offline.reading.lookahead import names_part
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.referents import add_words
from lib_rpg.planner.offline.reading.state import State

_OF_PERSON = lex.word_set("his her")
_OWNERS = _OF_PERSON | {"its", "their"}
_PERSONAL = lex.word_set("he she his her")
NEUTER = lex.word_set("robot android cyborg skeleton ghost mummy troll ogre demon baby child snowman")
_ABOUT = lex.word_set("across on over down around along through from in at under against")  # "runs across his cheek"
_FIXED = lex.word_set(
    "strapped tied pinned clipped tucked slung stitched sewn fastened attached hooked taped glued hung"
)
_ENDS = lex.word_set("while whereas but then plus")
_PARTS_OF_THINGS = lex.word_set(
    "branch trunk bark leaf petal stem root roof facade paint chrome hull sail mast deck wheel tire hood bumper "
    "windshield headlight handle lid rim label lace sole blade hilt strap string spine cover feather scale horn antler "
    "fin tail mane beak paw yolk crust icing frosting shutter chimney engine thatch"
)
_IMAGES = lex.word_set("reflection shadow silhouette breath gaze")
_MAX_CLAUSE = 40  # words


def take_belonging(state: State, i: int) -> int:
    """A clause about a part or a piece of clothing of someone named before: its end, or 0."""
    words = state.words
    waits = bool(state.pending_positions) and not state.current_list  # "on the left there is …"
    there = words.low(i - 1) in lex.BE and words.low(i - 2) == "there"  # "there is smoke coming from its chimney"
    if not (state.at_start and (there or words.starts_clause(i))) or waits or state.tag_style:
        return 0
    phrase = None if words.starts(i, "the", "other") else noun(words, i)
    if phrase is None or phrase.direction or is_animate(phrase.noun):
        return 0
    if phrase.bare and is_proper(phrase.words[-1]):
        return 0  # "Emma puts a carrot on its face"
    end = _clause_end(words, phrase.end)
    owner = _owner(state, phrase, end)
    if owner is None:
        return 0
    segment = _said(words, phrase, end)
    state.end_relation()
    state.return_to(owner)
    add_words([owner], segment)
    state.speak_of([owner], together=False)
    state.continue_clause()
    return end


def _owner(state: State, phrase: Noun, end: int) -> Thing | None:
    """Whose the clause's subject is, or None where it is a thing by itself."""
    words = state.words
    if phrase.determiner in _OWNERS:
        return named_before(state, phrase.determiner) if _is_part_of_owner(words, phrase, end) else None
    if phrase.words[0].low.endswith("'s") and phrase.head:
        known = _named(state, phrase.words[0].low.removesuffix("'s"))  # "The dragon's scales are green."
        return known if _is_part_of_owner(words, phrase, end) else None
    if phrase.determiner == "the" and (_says_still(words, phrase) or _is_part_of_thing(state, phrase, end)):
        return named_before(state, "the")  # "two fried eggs, the yolks still runny"
    return _owner_of_body(state, phrase, end)


def _says_still(words: Words, phrase: Noun) -> bool:
    behind = words.kind(phrase.start - 1) == COMMA and not words.is_end(phrase.start - 2)
    return behind and phrase.words[0].low != "other" and any(token.low == "still" for token in phrase.words[1:])


def _is_part_of_thing(state: State, phrase: Noun, end: int) -> bool:
    """ "A tree. The branches are bare": whether it says how a part of the one thing named before is."""
    words = state.words
    if phrase.noun not in _PARTS_OF_THINGS or not state.reading.things or phrase.noun == state.reading.things[-1].noun:
        return False
    if any(place(words, k) is not None for k in range(phrase.end, end)):
        return False
    if words.low(phrase.start - 1) == "and" and not (state.last and state.last.trailing):
        return False  # "the lampshade and the sail were on show"
    return words.low(phrase.end) in lex.BE | lex.PARTICIPLES or is_verb_form(words, phrase.end, False)


def _owner_of_body(state: State, phrase: Noun, end: int) -> Thing | None:
    """ "A scar runs across his cheek", "a blanket draped over its arm": whose body it is about."""
    words = state.words
    if phrase.noun in lex.LARGE | {"other", "one"} or phrase.count not in (None, 1) or words.is_end(phrase.end):
        return None
    for k in range(phrase.end, end - 1):
        about = words.low(k) in _ABOUT or k == phrase.end  # "rust covers its arms"
        about = about or words.low(k - 1) in _FIXED  # "a sunflower strapped to her backpack"
        if about and words.low(k + 1) in _OWNERS:
            body = noun(words, k + 1)
            part = body is not None and (
                names_part(body) or body.noun in _PARTS_OF_THINGS or words.low(k - 1) in _FIXED
            )
            owner = named_before(state, words.low(k + 1)) if part else None
            bodies = [thing for thing in state.sentence if is_animate(thing.noun) and thing.count == 1]
            of_body = body is not None and names_part(body) and owner is not None and not is_animate(owner.noun)
            return bodies[0] if of_body and len(bodies) == 1 else owner  # "honey drips over its emerald scales"
        if words.is_end(k) or place(words, k) is not None or is_animate(words.low(k)):
            return None  # "a cleaver next to a baker with flour on his cheeks"
    return None


def _is_part_of_owner(words: Words, phrase: Noun, end: int) -> bool:
    """Whether the clause is about a part, and not about a thing with a place of its own: "her book lies on a table"."""
    if words.is_end(phrase.end) and words.low(phrase.start - 1) != ",":
        return False
    if names_part(phrase):
        return place(words, phrase.end) is None
    if _IMAGES.intersection(token.low for token in phrase.words):
        return True  # "her reflection faint in the glass"
    if phrase.noun in lex.LARGE:
        return False
    return all(place(words, k) is None and _is_about_itself(words, k) for k in range(phrase.end, end))


def _is_about_itself(words: Words, k: int) -> bool:
    found = relation(words, k)
    if found is None:
        return True
    where = noun(words, found.end)
    return where is None or where.bare or where.determiner in lex.POSSESSIVES


# The owner


def named_before(state: State, pronoun: str) -> Thing | None:
    """Whom "she", "his", "its" or "their" refers to: of the list at hand, of this sentence, or of the one before."""
    groups = (state.current_list[::-1], state.subjects[::-1], state.sentence, state.sentence_before)
    everyone = [thing for things in groups for thing in things if _fits(thing, pronoun)]
    if pronoun in _PERSONAL:
        everyone.sort(
            key=lambda thing: (class_of(thing.noun) != PERSON, not _has_own(thing, pronoun))
        )  # "1girl, there is a cat, she is tall"
    if pronoun in ("she", "he"):
        # "a chef and her assistant; she is chopping carrots, he carries a tray"
        everyone = [thing for thing in everyone if state.pronouns.get(id(thing), pronoun) == pronoun]
        sure = [one for one in state.reading.things if one.noun in (lex.WOMEN if pronoun == "she" else lex.MEN)]
        if len(sure) == 1 and sure[0].count == 1 and id(sure[0]) not in state.pronouns:
            everyone.insert(0, sure[0])  # "a soldier hugs his sister, she has red hair"
        elif _are_told_in_order(state, everyone, pronoun):
            everyone.sort(key=state.reading.things.index)
        if everyone:
            state.call_by(everyone[0], pronoun)
    if everyone:
        return everyone[0]
    known = next((thing for thing in reversed(state.reading.things) if _fits(thing, pronoun)), None)
    return known or (state.last if pronoun == "its" else None)  # "a robot waiter, a blanket over its arm"


def _are_told_in_order(state: State, people: list[Thing], pronoun: str) -> bool:
    """ "a dancer and a boxer on a stage, she is …, he is …": whether "she", who comes first, is the first of two."""
    words, other = state.words, "he" if pronoun == "she" else "she"
    if len(set(people)) != 2 or any(id(one) in state.pronouns or one not in state.reading.things for one in people):
        return False
    lows = [words.low(k) for k in range(len(words)) if words.low(k) in ("she", "he")]
    return lows[:1] == [pronoun] and other in lows


def _has_own(thing: Thing, pronoun: str) -> bool:
    """ "a waiter …, a cyclist with a cello on her back. She …": whether the words about someone tell the same sex."""
    own = {"she": "her", "he": "his"}.get(pronoun, pronoun)
    return any(token.low == own for segment in thing.trailing for token in segment)


def _fits(thing: Thing, pronoun: str) -> bool:
    if pronoun == "the":
        return True
    if pronoun in ("their", "they"):
        return thing.count > 1 or is_animate(thing.noun)
    if thing.count != 1:
        return False
    if pronoun == "its":
        return class_of(thing.noun) != PERSON or thing.noun in NEUTER
    return is_animate(thing.noun) and thing.noun not in (lex.MEN if pronoun in ("she", "her") else lex.WOMEN)


def _named(state: State, name: str) -> Thing | None:
    return next((thing for thing in reversed(state.reading.things) if thing.noun == name and thing.count == 1), None)


# The clause


def _clause_end(words: Words, i: int) -> int:
    """The end of the clause from i on: at a stop, at a comma without more of its predicate, before another subject."""
    end = i
    while end < i + _MAX_CLAUSE:
        if words.kind(end) == COMMA and not _goes_on(words, end + 1):
            break
        if words.kind(end) != COMMA and words.is_end(end):
            break
        if words.low(end) in _ENDS or (words.low(end) == "and" and _begins_clause(words, end + 1)):
            break
        end += 1
    return end


def _goes_on(words: Words, i: int) -> bool:
    """Whether only adjectives stand up to the next punctuation: "her hair is long, red and curly"."""
    end = i + (words.low(i) == "and")
    while is_adjective(words.low(end)) or words.low(end) == "and":
        end += 1
    return end > i and words.is_end(end)


def _begins_clause(words: Words, i: int) -> bool:
    """Whether a subject with a verb or a place follows the "and" at i: "… and his sword is broken"."""
    phrase = noun(words, i)
    if words.low(i) in lex.VERBS or (phrase is None and words.low(i) in lex.PRONOUNS | {"there"}):
        return True
    if phrase is None or phrase.bare:
        return False
    acts = words.low(phrase.end) in lex.BE or is_verb_form(words, phrase.end, False)
    return acts or place(words, phrase.end) is not None


def _said(words: Words, phrase: Noun, end: int) -> tuple[Token, ...]:
    """The clause behind a comma, as a phrase: "her hair long and red", "its eyes burning like embers"."""
    verb = phrase.end
    name, rest = words.tokens[phrase.start : verb], words.tokens[verb:end]
    low = words.low(verb)
    if low in lex.BE:
        rest = rest[1:]
    elif low in lex.VERBS or (words.kind(verb) == WORD and _is_finite_behind(words, verb)):
        rest = [rest[0].with_text(lex.VERBS.get(low) or gerund_of(low)), *rest[1:]]
    first = name[0] if name[0].kind != WORD else name[0].with_text(name[0].low)
    return (COMMA_TOKEN, first, *name[1:], *rest)


def _is_finite_behind(words: Words, i: int) -> bool:
    many = is_plural(words.low(i - 1)) and plain_form(words.low(i)) == words.low(i)  # "its eyes burn like embers"
    return many or is_finite(words, i)
