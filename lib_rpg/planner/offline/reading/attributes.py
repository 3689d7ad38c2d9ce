"""Words that belong to the thing before them: a preposition or a verb with its objects."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural
from lib_rpg.planner.language.prompt_tokens import COMMA, NUMBER, Token
from lib_rpg.planner.language.relation_words import FREE_PREPOSITIONS
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.finite_verbs import gives_to, has_object, is_infinitive, is_second_verb
from lib_rpg.planner.offline.grammar.kinds import (
    ANIMAL,
    PERSON,
    class_of,
    is_adjective,
    is_animate,
    is_held,
    is_ing_verb,
)
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.orderings import ordering
from lib_rpg.planner.offline.grammar.places import place, relation
from lib_rpg.planner.offline.grammar.proper_names import is_proper
from lib_rpg.planner.offline.grammar.verbs import is_verb_form
from lib_rpg.planner.offline.reading.lookahead import fastened_end, has_own_position, names_part, past_on_it
from lib_rpg.planner.offline.reading.meetings import leads_to_someone
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.outfits import begins_clause, outfit_end, past_body
from lib_rpg.planner.offline.reading.referents import add_words, all_animate, predicate_subjects
from lib_rpg.planner.offline.reading.state import State

_GIVES = lex.word_set(
    "giving handing offering feeding showing serving throwing bringing passing selling presenting delivering tossing "
    "lending"
)
_AIMS = lex.word_set("breathing shooting firing throwing spitting hurling spewing launching aiming")
_LISTS = lex.CLOTHED | {"with", "having", "in"}
_WHENCE = lex.word_set("behind above below inside outside afar nearby within")
_OWN_WORDS = lex.word_set("with wearing that who whose which holding")
_PARTICLES = lex.word_set("back up down off out away")
_PATHS = lex.word_set("across over through along down up past around")
WRITTEN = lex.word_set("name number word words letter letters text inscription slogan initials label")
_COOKWARE = lex.word_set("pan frying-pan wok skillet pot bowl saucepan mortar")
_HOLDING = ("full", "filled", "overflowing", "of")
_MAX_OBJECTS = 12  # of one verb or preposition


def take_attribute(state: State, i: int, connector: str) -> int:
    """Words from i on belong to the thing before: the end. `connector` is their preposition or verb form."""
    words = state.words
    targets = predicate_subjects(state)
    state.drop_empty_relation()
    objects = _past_connector(words, i, connector)
    end = _objects_end(words, objects, connector, _are_someone(words, targets, objects))
    if end is not None and state.tag_style and state.people.counted:
        comma = words.piece_end(objects)
        closed = any(words.low(k) in ("and", "&") for k in range(comma, end))  # "with sports bra, ponytail and mat"
        end = end if closed else min(end, comma)  # what comes behind a comma is a tag of its own
    if end is None:
        # "a policeman talking to a woman in a yellow coat": who has words of their own is a thing.
        return _add_and_continue(state, targets, words.tokens[i : i + 1], objects)
    segment = words.tokens[i:end]
    if words.low(i) in lex.HAVE and words.low(i) not in ("with", "having"):
        segment[0] = segment[0].with_text("with")  # "the bride has a white dress"
    leads = _leads_to_someone(words, end, connector) or _leads_to_goal(words, end)
    return _add_and_continue(state, targets, segment, end + leads)


def take_handed_over(state: State, i: int, connector: str) -> int:
    """ "hands a silver fish to a small boy": what someone gives away stays with them: the end of "to", or 0."""
    words = state.words
    given = noun(words, i + 1) if connector in _GIVES else None
    given = given if given is None or given.count == 1 or _is_some(given) else None
    if given is None or given.noun in lex.LARGE or words.low(given.end) != "to":
        return 0
    return take_attribute(state, i, connector) if leads_to_someone(words, given.end) else 0


def _is_some(given: Noun) -> bool:
    """ "rice", "ice cream": whether it is handed over without a number."""
    return given.bare and given.count is None and not is_plural(given.words[-1].low)


def _are_someone(words: Words, targets: list[Thing], objects: int) -> bool:
    """Whether people or animals are spoken of; a name that no list has is someone's where it wears something."""
    if all_animate(targets):
        return True
    worn = noun(words, objects)
    return worn is not None and names_part(worn) and not any(class_of(thing.noun) for thing in targets)


def _add_and_continue(state: State, targets: list[Thing], segment: list[Token], end: int) -> int:
    add_words(targets, tuple(segment))
    state.continue_clause()
    if not state.collective:
        state.speak_of_last()
    return end


def _past_connector(words: Words, i: int, connector: str) -> int:
    """Where the objects start: behind "talking to", "covered by", "made of"."""
    end = i + 1
    if connector == "that" or (words.low(i).endswith("ed") and words.low(end) == "by"):
        end += 1
    if gives_to(words, end) or (connector in _GIVES and words.low(end) in lex.PRONOUNS and words.is_open(end + 1)):
        return end + 1  # "gives them candy"
    if words.low(end) in _PARTICLES and words.low(end + 1) in lex.DETERMINERS | lex.POSSESSIVES:
        return end + 1  # "has pushed back the veil of her hat"
    if words.low(end) and words.low(end) == words.low(end + 2) and words.low(end + 1) in ("in", "to", "by", "and"):
        return end + 3  # "walking hand in hand", "standing side by side"
    while words.low(end) in FREE_PREPOSITIONS and not place(words, end) and connector not in ("with", "in", "on"):
        if is_infinitive(words, end):
            break
        if words.low(end) == "at" and (time := noun(words, end + 1)) and time.noun in lex.TIMES:
            break  # "duel at dawn"
        if words.low(end) == "from" and words.low(end + 1) in _WHENCE and noun(words, end + 2) is None:
            return end + 2  # "watching from behind"
        end += 1
    return end


def _objects_end(words: Words, objects: int, connector: str, someone: bool) -> int | None:
    """The end of the objects that start there; None where the first is a thing with words of its own.

    someone: a person or an animal has them.
    """
    end = objects
    for _ in range(_MAX_OBJECTS):
        if place(words, end) is not None or ordering(words, end) is not None:
            break  # "a guitar lying left from an amplifier"
        if end == objects and is_ing_verb(connector) and _acts_as_well(words, end):
            break
        phrase = noun(words, end)
        if phrase is None and end == objects and words.kind(end) == NUMBER and not words.is_open(end + 1):
            return end + 1  # "a road sign that says 50"
        if phrase is None:
            end = _past_some_of_them(words, end)
            break
        if connector.endswith("ing") and end == objects and _has_own_words(words, phrase):
            return None
        end = outfit_end(words, phrase, connector, someone) if connector in _LISTS else phrase.end
        if someone or not _leads_to_another(words, connector, end):
            end = _past_more_objects(words, connector, end)
        end = past_body(words, end)
        if someone and is_ing_verb(connector):
            end = _past_vessel(words, phrase, end)
        if words.low(end) not in FREE_PREPOSITIONS or place(words, end) is not None or _is_scene_at(words, end + 1):
            break
        if is_infinitive(words, end):
            break  # "teaching his daughter to ride a bicycle"
        if _leads_to_someone(words, end, connector) or _leads_to_goal(words, end):
            break
        end += 1  # "holding a basket of apples from the garden"
    return end


def _past_vessel(words: Words, phrase: Noun, end: int) -> int:
    """ "(tossing vegetables) in a frying pan": past what the food is in that someone works on."""
    vessel = noun(words, end + 1) if words.low(end) == "in" and class_of(phrase.noun) == "food" else None
    return vessel.end if vessel is not None and (is_held(vessel.noun) or vessel.noun in _COOKWARE) else end


def _acts_as_well(words: Words, i: int) -> bool:
    """ "sits | swinging his legs": whether a second verb follows right behind the first."""
    return is_ing_verb(words.low(i)) and (has_object(words, i + 1) or words.low(i + 1) in lex.POSSESSIVES)


def _leads_to_another(words: Words, connector: str, i: int) -> bool:
    """ "(a rose made of iron) and a nail made of petals": whether another thing is said to be made so."""
    other = noun(words, i + 1) if words.low(i) == "and" and connector in lex.PARTICIPLES - _LISTS else None
    return other is not None and not other.bare and words.low(other.end) == connector


def _leads_to_goal(words: Words, i: int) -> bool:
    """ "a lifeboat fights its way | toward a sinking schooner"."""
    leads = words.low(i) in ("to", "toward", "towards") and words.low(i - 1) == "way"
    aims = words.low(i) == "at" and any(words.low(k) in _AIMS for k in (i - 2, i - 3))  # "breathing fire at a village"
    goal = noun(words, i + 1) if leads or aims else None
    if goal is None or goal.determiner not in ("a", "an"):
        return False
    settled = aims and goal.noun in ("village", "town", "city", "temple", "tower", "wall")
    return settled or goal.noun in lex.LARGE or class_of(goal.noun) in ("vehicle", "building")


def _leads_to_someone(words: Words, i: int, connector: str) -> bool:
    """ "a maid serving tea to a butler", "(rolling a ball) across the floor to a dog": whether someone else comes."""
    return (is_ing_verb(connector) or connector in _PATHS) and leads_to_someone(words, i)


def _past_some_of_them(words: Words, i: int) -> int:
    """ "a mouse stealing one of them"."""
    some = words.low(i) in lex.NUMBERS or words.low(i) in ("some", "all", "each", "both")
    if not some or words.low(i + 1) != "of":
        return i
    whole = noun(words, i + 2)  # "tied to one of its posts"
    return i + 3 if words.low(i + 2) in lex.PRONOUNS else whole.end if whole is not None else i


def _has_own_words(words: Words, phrase: Noun) -> bool:
    """Whether it is someone, and the prompt goes on with what they wear, have or are on."""
    behind = noun(words, phrase.end + 1)
    if behind is None or {behind.noun, behind.words[behind.head].low} & lex.SCENE_WORDS:
        return False  # "riding a horse on mars"
    own = words.low(phrase.end) in ("with", "wearing", "in", "on", "holding", "riding")
    return own and is_animate(phrase.noun) and phrase.determiner not in lex.POSSESSIVES


def _is_scene_at(words: Words, i: int) -> bool:
    phrase = noun(words, i)
    return phrase is not None and phrase.noun in lex.SCENE_WORDS


def _past_more_objects(words: Words, connector: str, end: int) -> int:
    """Past further objects of a verb or preposition: "a sword and a shield", "red hair, blue eyes"."""
    for _ in range(_MAX_OBJECTS):
        following = _further_object(words, connector, end)
        if following is None:
            break
        end = following.end
    return end


def _further_object(words: Words, connector: str, i: int) -> Noun | None:
    """The further object behind a comma or an "and" at i."""
    comma = words.kind(i) == COMMA
    conjunction = words.low(i + comma) in ("and", "&")
    start: int | None = i + comma + conjunction
    if conjunction:
        start = _past_second_connector(words, connector, i + comma + 1)
    if start is None or start == i or (conjunction and is_second_verb(words, start)):
        return None  # "wearing an apron and holds a brush"
    phrase = noun(words, start) if relation(words, start) is None else None  # "…, and directly below the painting"
    if phrase is None or class_of(phrase.noun) == PERSON or phrase.direction:
        return None  # "a girl in a red dress and a boy …"
    if phrase.bare and is_proper(phrase.words[-1]) and words.low(phrase.end) in lex.VERBS:
        return None  # "Emma wears a raincoat and Noah wears a coat"
    if phrase.noun in ("chest", "trunk") and words.low(phrase.end) in _HOLDING:
        return None  # "combing her hair, a chest full of gold"
    dressed = words.low(phrase.end) in ("in", "with", "wearing")
    if conjunction and phrase.bare and class_of(phrase.noun) == ANIMAL and dressed:
        return None  # "badger in a dressing gown and mole in round spectacles"
    if begins_clause(words, phrase):
        return None  # "with a hat, his boots are muddy"
    if conjunction and phrase.vague and is_animate(phrase.noun) and is_ing_verb(words.low(phrase.end)):
        return None  # "two men playing dominoes and several cats watching them"
    first = phrase.words[0].low
    if comma and is_ing_verb(first) and not is_adjective(first):
        return None  # "girl on right with cap, holding hands"
    if conjunction and connector == "with" and first in WRITTEN:
        return phrase  # "a jersey with the number 10 and the name MESSI"
    belongs = _belongs(words, connector, phrase, comma, conjunction)
    return phrase if belongs and phrase.determiner not in ("the", "another") else None


def _past_second_connector(words: Words, connector: str, i: int) -> int | None:
    """Past "wearing" in "in a coat and wearing a hat", past "with" in "and with blue eyes"; None if no object comes."""
    low = words.low(i)
    if low in lex.CLOTHED:
        i += 1
    elif low in ("with", "in"):
        listed = noun(words, i + 1)
        if listed is None or not names_part(listed):
            return None  # "covered in ivy and in front of it …"
        i += 1
    # "drinking tea and chat": a second verb
    return None if words.low(i) in lex.PLAIN_VERBS and connector.endswith("ing") else i


def _belongs(words: Words, connector: str, phrase: Noun, comma: bool, conjunction: bool) -> bool:
    """Whether the phrase goes on with the objects before it, and is no thing of its own."""
    if names_part(phrase) or (connector == "with" and past_on_it(words, phrase.end)):
        return conjunction or phrase.bare  # "a girl with red hair, blue eyes"
    if has_own_position(words, phrase.end) or fastened_end(words, phrase.end) or words.low(phrase.end) in _OWN_WORDS:
        return False  # "wearing a red scarf and a seal wearing a green hat"
    if not conjunction:
        return False
    worn = connector not in ("wearing", "dressed") or not is_animate(phrase.noun)
    acts = is_animate(phrase.noun) and is_verb_form(words, phrase.end, False)  # "and a husky sleeps at his feet"
    if connector in lex.CLOTHED and worn and not acts:
        return True  # "holding a sword and a shield", "wearing a red hat and a blue dress"
    scenic = phrase.noun in lex.SCENE_WORDS or phrase.words[-1].low in lex.QUALITY_WORDS
    return phrase.bare and not comma and not scenic  # "eating bread and butter"
