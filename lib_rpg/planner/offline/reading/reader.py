"""Reading a prompt from left to right: which things it names, with which words of their own, at which positions.

A step takes the phrase at one place, by its kind: the first step of `_STEPS` that knows the phrase takes it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COLON, COMMA, STOP, WORD, Token
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.language.words import CONJUNCTIONS
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.finite_verbs import has_object, is_finite
from lib_rpg.planner.offline.grammar.kinds import is_adjective, is_animate, is_ing_verb
from lib_rpg.planner.offline.grammar.nouns import noun
from lib_rpg.planner.offline.grammar.numbers import bound
from lib_rpg.planner.offline.grammar.orderings import ordering
from lib_rpg.planner.offline.grammar.places import place, relation
from lib_rpg.planner.offline.grammar.positions import Place, corners
from lib_rpg.planner.offline.grammar.verbs import is_verb_form
from lib_rpg.planner.offline.guesses import guess
from lib_rpg.planner.offline.reading.about_owner import take_about_owner
from lib_rpg.planner.offline.reading.asides import take_age, take_aside, take_other_half
from lib_rpg.planner.offline.reading.attributes import take_attribute
from lib_rpg.planner.offline.reading.belongings import take_belonging
from lib_rpg.planner.offline.reading.called import take_called
from lib_rpg.planner.offline.reading.clauses import take_existence, take_person_again, take_surroundings, take_weather
from lib_rpg.planner.offline.reading.company import take_holding, take_with
from lib_rpg.planner.offline.reading.conjoined import part_clauses
from lib_rpg.planner.offline.reading.emerging import take_emerging
from lib_rpg.planner.offline.reading.gaps import take_gap
from lib_rpg.planner.offline.reading.halves import take_half
from lib_rpg.planner.offline.reading.heights import part_around_centre, settle_heights, share_background
from lib_rpg.planner.offline.reading.leading_looks import join_leading_looks
from lib_rpg.planner.offline.reading.members import take_member
from lib_rpg.planner.offline.reading.model import Reading, Thing
from lib_rpg.planner.offline.reading.negations import take_negated_verb
from lib_rpg.planner.offline.reading.nobody import finish_tags, settle_scenery, share_unseen
from lib_rpg.planner.offline.reading.openings import (
    take_clothes_first,
    take_interior,
    take_opening,
    take_presentation,
    take_whereabouts,
)
from lib_rpg.planner.offline.reading.others import each_differs, take_other
from lib_rpg.planner.offline.reading.own_scenery import place_scenery
from lib_rpg.planner.offline.reading.panels import take_panels
from lib_rpg.planner.offline.reading.person_brackets import open_person_brackets
from lib_rpg.planner.offline.reading.piece_kinds import BY_ITSELF, names_moving_thing
from lib_rpg.planner.offline.reading.pieces import take_piece
from lib_rpg.planner.offline.reading.places import below_the_sky, take_corners, take_order, take_place
from lib_rpg.planner.offline.reading.predicates import (
    take_all_are,
    take_brackets,
    take_left_out_is,
    take_predicate,
    take_relative,
)
from lib_rpg.planner.offline.reading.referents import recall_actors, recall_several
from lib_rpg.planner.offline.reading.relations import take_relation
from lib_rpg.planner.offline.reading.relative_clauses import take_contact_clause
from lib_rpg.planner.offline.reading.scenery import take_scene, take_style
from lib_rpg.planner.offline.reading.seeing import see_as_there_is
from lib_rpg.planner.offline.reading.series import take_series
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.strings import take_string
from lib_rpg.planner.offline.reading.summaries import settle_summaries
from lib_rpg.planner.offline.reading.things import take_noun
from lib_rpg.planner.offline.reading.timelines import take_timeline, take_year
from lib_rpg.planner.offline.reading.verbs import (
    acts_again,
    acts_behind_aside,
    is_adverb_of_verb,
    return_to_actor,
    take_group_verb,
    take_infinitive,
    take_verb,
)
from lib_rpg.planner.offline.reading.whole_picture import take_light, take_style_of_all
from lib_rpg.planner.offline.tags.tag_kinds import TagKinds

_ASPECTS = lex.word_set("keeps keep kept starts start started begins begin began stops goes go went")

Step = Callable[[State, int], int]  # takes the phrase at an index: its end, or 0 where it is not of this kind


def read(
    tokens: Sequence[Token], tag_style: bool = False, kinds: TagKinds | None = None, show_place: bool = True
) -> Reading:
    """Everything that the prompt says.

    tag_style: whether its dialect is tags. kinds: of tags, by default the built-in ones. show_place: where nothing else
    is named, a place is the thing that the picture shows.
    """
    state = State.start(_prepared(tokens), tag_style, kinds)
    part_clauses(state.words)
    i = 0
    while i < len(state.words):
        i = max(_take_phrase(state, i), i + 1)
    state.end_relation()
    state.end_sentence()
    finish_tags(state)
    settle_summaries(state)
    share_unseen(state.reading)
    share_background(state.reading)
    place_scenery(state.reading)
    settle_scenery(state, show_place)
    settle_heights(state.reading)
    part_around_centre(state.reading)
    _note_unknown(state)
    if not state.reading.things:
        guess(state.reading.notes, "no single thing was recognised; the whole prompt is one region")
    return state.reading


def _prepared(tokens: Sequence[Token]) -> list[Token]:
    """The words as the rules read them: brackets of people opened, "you can see" as "there is"."""
    return join_leading_looks(see_as_there_is(open_person_brackets(tokens)))


def _take_phrase(state: State, i: int) -> int:
    state.begin_step()
    for step in _STEPS:
        if end := step(state, i):
            return end
    return i + 1


# Punctuation and conjunctions


def _take_stop(state: State, i: int) -> int:
    low = state.words.low(i)
    if state.words.kind(i) != STOP:
        return 0
    state.end_relation()
    if low.strip(".!?\n ") == "" and "." in low:  # ";" ends a clause only
        state.end_sentence()
    state.begin_clause()
    state.people.speak_of_all()
    return i + 1


def _take_comma(state: State, i: int) -> int:
    kind, pending = state.words.kind(i), state.pending_relation
    if kind not in (COMMA, COLON):
        return 0
    if pending is not None and pending.objects and not pending.wants_more:
        state.end_relation()  # "a fox above a turtle, autumn forest"
        return_to_actor(state, i + 1)
    if kind == COLON and state.last is not None and not state.at_start:
        state.last.listed = True  # "four musicians on stage: a singer, a bassist, …"
    state.begin_item(",")
    return i + 1


def _take_conjunction(state: State, i: int) -> int:
    words, low = state.words, state.words.low(i)
    if low not in CONJUNCTIONS or low in PREPOSITIONS:
        return 0
    if low in ("while", "whereas", "but", "then", "plus"):
        state.end_relation()  # "a cat sleeps while a dog barks"
        state.begin_clause()
    if state.at_start and state.conjunction == "," and low != "and":
        state.begin_item(",")  # "a cat, or a dog"
    else:
        state.begin_item(", and" if words.kind(i - 1) == COMMA else "and")
    return i + 1


# Positions of things


def _take_bounded(state: State, i: int) -> int:
    phrase = noun(state.words, i) if bound(state.words, i)[0] > i else None
    return take_noun(state, phrase) if phrase is not None and phrase.count is not None else 0


def _take_ordering(state: State, i: int) -> int:
    order = ordering(state.words, i)
    return take_order(state, order) if order is not None else 0


def _take_corners(state: State, i: int) -> int:
    end = corners(state.words, i)
    return take_corners(state, end) if end else 0


def _take_position(state: State, i: int) -> int:
    found = place(state.words, i) or below_the_sky(state, i)
    if found is None:
        return 0
    return take_place(state, found, i) if isinstance(found, Place) else take_relation(state, found, i)


def _take_relation(state: State, i: int) -> int:
    found = relation(state.words, i)
    return take_relation(state, found, i) if found is not None else 0


# Single words


def _take_quantifier(state: State, i: int) -> int:
    words, low = state.words, state.words.low(i)
    if low not in ("both", "each", "all"):
        return 0
    if low == "each" and (end := each_differs(state, i + 1)):
        return end
    if low != "each" and (end := take_all_are(state, i + 1)):
        return end  # "two cats, both black"
    if low == "all" and words.low(i + 1) == "in" and words.kind(i - 1) == WORD:
        return i + 1  # "the ninja all in black"
    i += words.low(i + 1) in lex.NUMBERS and words.low(i + 2) in lex.PLAIN_VERBS  # "all three wear gloves"
    finite = words.low(i + 1) in lex.PLAIN_VERBS or is_verb_form(words, i + 1, False)
    if low == "both" and (end := _both_of_kind(state, i + 1)):
        return end
    if (words.is_open(i + 1) and not finite) or words.low(i + 1) == "the":
        return 0  # "each cat", "both the cats"
    recall_several(state, low)
    state.speak_of_all()
    if finite:
        state.continue_clause()  # "both drinking tea"
    return i + 1


def _both_of_kind(state: State, i: int) -> int:
    """ "one twin wears a suit and the other a robe, both brothers stand": the end of the name of the two, or 0."""
    phrase = noun(state.words, i)
    named = state.sentence[-2:]
    if phrase is None or not is_animate(phrase.noun) or len(named) < 2 or len(phrase.words) > 1:
        return 0
    known = any(thing.noun == phrase.noun and thing.count > 1 for thing in state.reading.things)
    if known or not all(thing.count == 1 and is_animate(thing.noun) for thing in named):
        return 0
    state.end_relation()
    state.speak_of(named)
    state.speak_of_all()
    state.continue_clause()
    return phrase.end


def _skip_filler(state: State, i: int) -> int:
    low = state.words.low(i)
    filler = low in lex.FILLERS and (state.at_start or low in ("please", "you", "me")) and low not in lex.NUMBERS
    awaited = bool(state.pending_positions) and not state.current_list  # "on the left sits a man"
    filler = filler or (low in _ASPECTS and is_ing_verb(state.words.low(i + 1)))  # "keeps checking the clock"
    shows = low in lex.SHOW and (awaited or state.last is None)
    return i + 1 if filler or shows else 0


def _take_verb(state: State, i: int) -> int:
    words = state.words
    if words.kind(i) == WORD and (acts_behind_aside(state, i) or acts_again(state, i)):
        return take_verb(state, i)
    if words.kind(i) != WORD or not is_verb_form(words, i, False) or _is_bare_tag(state, i):
        return 0
    if state.at_start and words.kind(i - 1) == STOP and _begins_name(words, i):
        return 0  # "A boat. Waves crash against it.", "a man AND sleeping dog"
    if state.pending_positions and not state.current_list and words.low(i).endswith("ing") and words.is_open(i + 1):
        return 0  # "below it fishing boats bob"
    if state.last is None:
        return i + 1 if state.after_scene else 0  # "the marble floor reflected a lamp"
    return take_verb(state, i)


def _begins_name(words: Words, i: int) -> bool:
    return words.low(i).endswith("s") or (is_ing_verb(words.low(i)) and words.is_open(i + 1))


def _is_bare_tag(state: State, i: int) -> bool:
    """Whether the word at i starts an item of a list, where it is a name ("flying saucer") before a verb."""
    words, low = state.words, state.words.low(i)
    if low in lex.BEHIND | lex.CLOTHED or is_finite(words, i) or is_adverb_of_verb(words, i):
        return False  # "a man with a red beard, wearing round sunglasses"
    if state.tag_style and names_moving_thing(words, i):
        return True
    participle = low in lex.PARTICIPLES or (low.endswith("ed") and len(low) > 4)
    verbal = participle or (low in lex.VERBS and low not in lex.PLAIN_VERBS | lex.NOUN_LIKE)
    third_person = low in lex.VERBS and low not in lex.PLAIN_VERBS
    if (third_person and has_object(words, i + 1)) or (verbal and words.low(i + 1) in PREPOSITIONS):
        return (
            False  # "a girl, six years old, wears a hat", "the cat, which is orange, sits on …", "a lemon, cut in half"
        )
    if state.last is not None and _does(state.last, words, i):
        return False  # "an old man in a red sweater, whittling wood"
    listed = state.at_start and state.conjunction == "," and not state.tag_style
    return listed and (words.is_open(i + 1) or not low.endswith("ing"))


def _does(actor: Thing, words: Words, i: int) -> bool:
    """Whether one person does what is behind the comma, with one or two words for what they do it to."""
    low = words.low(i)
    if not is_ing_verb(low) or low in BY_ITSELF or is_adjective(low) or not is_animate(actor.noun):
        return False
    ends = [k for k in (i + 2, i + 3) if words.is_end(k) or words.low(k) in PREPOSITIONS]
    return actor.count == 1 and words.is_open(i + 1) and bool(ends) and words.low(i + 1) not in lex.AFTER_ING


def _take_preposition(state: State, i: int) -> int:
    low = state.words.low(i)
    if low not in PREPOSITIONS or low == "without" or state.last is None:
        return 0
    return take_attribute(state, i, low)


def _skip_pronoun(state: State, i: int) -> int:
    low = state.words.low(i)
    if low not in lex.PRONOUNS or (low == "both" and state.words.is_open(i + 1)):
        return 0
    if low == "they":
        recall_actors(state)
    state.leave_start()
    return i + 1


def _take_noun(state: State, i: int) -> int:
    phrase = noun(state.words, i)
    return take_noun(state, phrase) if phrase is not None else 0


_STEPS: tuple[Step, ...] = (
    _take_stop,  # "A tree on the left. To the right of the tree, a house."
    _take_comma,  # "left: a snowman, right: a campfire"
    _take_conjunction,  # "a fish and a crab below a boat"
    take_opening,  # "Once upon a time a mouse met an owl"
    take_presentation,  # "It should be a picture of a cat"
    take_interior,  # "the inside of a submarine. A captain …"
    take_whereabouts,  # "A girl at a window. Outside, a fox sits in the snow"
    take_about_owner,  # "a sailor at the rail. On his shoulder sits a parrot"
    take_clothes_first,  # "Wearing a hazmat suit, a man walks"
    take_panels,  # "4 panel comic, a cat wakes up, a cat eats, …"
    take_style_of_all,  # "a cat on a sofa. Bright photography with vivid colors"
    take_other,  # "one boxer lands a punch, the other falls back"
    take_gap,  # "the man wears a black suit and the woman a red dress"
    take_belonging,  # "a woman in a field. Her hair is red"
    take_age,  # "a boy aged 8 and a man 30 years old"
    take_other_half,  # "a face that is half human, half robot"
    take_aside,  # "his dog, a collie, sits by a car"
    take_string,  # "woman red dress man black suit dancing ballroom"
    take_called,  # "two rival cooks, Chef Bruno stands on the left"
    take_piece,  # "best quality", "red hair", "from above"
    take_existence,  # "a cat on the left and there is a dog on the right"
    take_emerging,  # "a well, and out of it climbs a frog"
    take_weather,  # "a cat. It is snowing outside"
    take_light,  # "steam and smoke fill the air"
    take_surroundings,  # "a bed, the walls are blue"
    take_person_again,  # "a man with a dog. He wears a hat"
    take_brackets,  # "a woman (red hair, green eyes) and a dog"
    _take_bounded,  # "at least two dogs"
    _take_ordering,  # "from right to left, a duck, a goose and a swan"
    take_style,  # "an oil painting of a ship"
    take_half,  # "a river, to its left it is winter, to its right it is summer"
    take_timeline,  # "timeline of a phone from left to right, 1920s, 1960s and 1990s"
    take_series,  # "from left to right, a village at dawn, noon and dusk"
    take_member,  # "two circles, one red and one blue"
    take_group_verb,  # "two girls, one in red, one in orange, drink tea"
    take_predicate,  # "the car is red, the truck is green"
    take_left_out_is,  # "the one on the left is a pony, the one on the right a donkey"
    take_year,  # "two streets, one in 1900, one in 2000"
    _take_corners,  # "a lantern in each corner"
    _take_position,  # "red mug left, blue mug right"
    take_scene,  # "several boats in a harbor"
    _take_relation,  # "a cat next to a dog"
    take_holding,  # "a table holding a mug, a book and a candle"
    take_with,  # "a farmer with his cow"
    take_relative,  # "a dog whose fur is golden"
    _take_quantifier,  # "a teapot next to a cup, both on a tray"
    _skip_filler,  # "draw me a green frog"
    take_negated_verb,  # "a driver does not notice"
    take_infinitive,  # "a player jumps to dunk the ball"
    _take_verb,  # "a cat chasing a mouse"
    _take_preposition,  # "a cat prowling along a fence"
    take_contact_clause,  # "the tree it clings to"
    _skip_pronoun,  # "a man and a woman in a cafe. They dance under a lamp."
    _take_noun,  # "six eggs"
)


def _note_unknown(state: State) -> None:
    """Say which words, in no list, are taken for the whole picture's, where there are several regions."""
    reading = state.reading
    if state.unknown and sum(1 if thing.vague else thing.count for thing in reading.things) > 1:
        named = ", ".join(f"'{text}'" for text in state.unknown[:3])
        more = f" and {len(state.unknown) - 3} more" if len(state.unknown) > 3 else ""
        guess(reading.notes, f"{named}{more}: in no list, so taken for words of the whole picture")
