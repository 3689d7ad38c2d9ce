"""Reading a prompt from left to right: which things it names, with which words of their own, at which positions.

A step takes the phrase at one place, by its kind: the first step of `_STEPS` that knows the phrase takes it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural
from lib_rpg.planner.language.lexicon import is_part_of_thing
from lib_rpg.planner.language.prompt_tokens import COLON, COMMA, STOP, Token
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.language.words import CONJUNCTIONS
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import class_of, is_animate, is_ing_verb
from lib_rpg.planner.offline.grammar.nouns import noun
from lib_rpg.planner.offline.grammar.numbers import bound
from lib_rpg.planner.offline.grammar.orderings import ordering
from lib_rpg.planner.offline.grammar.places import place, relation
from lib_rpg.planner.offline.grammar.positions import Place, corners
from lib_rpg.planner.offline.grammar.relations import Relation
from lib_rpg.planner.offline.guesses import guess
from lib_rpg.planner.offline.reading.about_owner import take_about_owner
from lib_rpg.planner.offline.reading.acting import take_acting
from lib_rpg.planner.offline.reading.actors import return_to_actor
from lib_rpg.planner.offline.reading.appositions import put_names_behind
from lib_rpg.planner.offline.reading.asides import take_age, take_aside, take_comparison, take_other_half
from lib_rpg.planner.offline.reading.attributes import take_attribute
from lib_rpg.planner.offline.reading.belongings import take_belonging
from lib_rpg.planner.offline.reading.called import take_called
from lib_rpg.planner.offline.reading.clauses import take_existence, take_person_again, take_surroundings, take_weather
from lib_rpg.planner.offline.reading.company import take_holding, take_with
from lib_rpg.planner.offline.reading.conjoined import part_clauses
from lib_rpg.planner.offline.reading.contact_phrases import take_contact_phrase
from lib_rpg.planner.offline.reading.emerging import take_emerging
from lib_rpg.planner.offline.reading.facts import free_guests, settle_sides
from lib_rpg.planner.offline.reading.gaps import take_gap
from lib_rpg.planner.offline.reading.group_verbs import take_group_verb
from lib_rpg.planner.offline.reading.halves import take_half
from lib_rpg.planner.offline.reading.heights import part_around_centre, settle_heights, share_background
from lib_rpg.planner.offline.reading.leading_looks import join_leading_looks
from lib_rpg.planner.offline.reading.members import take_member
from lib_rpg.planner.offline.reading.model import Reading
from lib_rpg.planner.offline.reading.named_media import put_medium_first
from lib_rpg.planner.offline.reading.negations import take_negated_verb
from lib_rpg.planner.offline.reading.nobody import finish_tags, settle_scenery, share_unseen
from lib_rpg.planner.offline.reading.openings import (
    take_clothes_first,
    take_event,
    take_interior,
    take_opening,
    take_presentation,
    take_whereabouts,
)
from lib_rpg.planner.offline.reading.others import take_other
from lib_rpg.planner.offline.reading.own_scenery import place_scenery
from lib_rpg.planner.offline.reading.panels import take_panels
from lib_rpg.planner.offline.reading.person_brackets import open_person_brackets
from lib_rpg.planner.offline.reading.pieces import take_piece
from lib_rpg.planner.offline.reading.places import below_the_sky, take_corners, take_order, take_place
from lib_rpg.planner.offline.reading.predicates import (
    take_brackets,
    take_left_out_is,
    take_predicate,
    take_relative,
)
from lib_rpg.planner.offline.reading.quantifiers import take_quantifier
from lib_rpg.planner.offline.reading.referents import add_words, recall_actors
from lib_rpg.planner.offline.reading.relations import take_relation
from lib_rpg.planner.offline.reading.relative_clauses import take_contact_clause
from lib_rpg.planner.offline.reading.scenery import take_scene
from lib_rpg.planner.offline.reading.seeing import see_as_there_is
from lib_rpg.planner.offline.reading.series import take_series
from lib_rpg.planner.offline.reading.shares import take_colours
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.strings import take_string
from lib_rpg.planner.offline.reading.style import take_style
from lib_rpg.planner.offline.reading.summaries import settle_summaries
from lib_rpg.planner.offline.reading.surfaces import share_surface
from lib_rpg.planner.offline.reading.things import take_noun
from lib_rpg.planner.offline.reading.timelines import take_timeline, take_year
from lib_rpg.planner.offline.reading.two_looks import take_two_looks
from lib_rpg.planner.offline.reading.verbs import take_infinitive
from lib_rpg.planner.offline.reading.whole_picture import take_light, take_style_of_all
from lib_rpg.planner.offline.tags.tag_kinds import TagKinds

_JUST = lex.word_set("just also simply still only always")  # "its brother just watches"
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
    free_guests(state.reading)
    share_unseen(state.reading)
    share_background(state.reading)
    share_surface(state.reading)
    place_scenery(state.reading)
    settle_scenery(state, show_place)
    settle_sides(state.reading)
    settle_heights(state.reading)
    part_around_centre(state.reading)
    _look_into_panels(state.reading, kinds)
    _note_unknown(state)
    if not state.reading.things:
        guess(state.reading.notes, "no single thing was recognised; the whole prompt is one region")
    return state.reading


def _look_into_panels(reading: Reading, kinds: TagKinds | None) -> None:
    """Find what a place has in it that is one of several panels: "left half a garage with a broken bike"."""
    halves = [thing for fact in reading.facts if fact.kind == "share" for thing in fact.things]
    for thing in [one for one in reading.things if one.panel or one in halves]:
        if thing.noun in lex.SCENE_WORDS or class_of(thing.noun) in ("place", "building", "object"):
            said = [token for part in thing.trailing for token in part]
            behind = next((k + 1 for k, token in enumerate(said) if token.low == "with"), 0)
            shown = [one for one in read(said[behind:], kinds=kinds).things if behind and one.noun != thing.noun]
            alone = len(shown) == 1 and class_of(shown[0].noun) == "vehicle"  # "a harbour with sailboats"
            shown = [one for one in shown if alone or is_animate(one.noun) or (one.determiners and not one.vague)]
            thing.shows = [one for one in shown if not is_part_of_thing(one.noun)]


def _prepared(tokens: Sequence[Token]) -> list[Token]:
    """The words as the rules read them: brackets of people opened, "you can see" as "there is"."""
    opened = see_as_there_is(open_person_brackets([part for token in tokens for part in _parted(token)]))
    return put_names_behind(put_medium_first(join_leading_looks(opened)))


def _parted(token: Token) -> tuple[Token, ...]:
    """ "it's" as "it is"."""
    if token.low not in ("it's", "it’s"):
        return (token,)
    return token.with_text(token.text[:2]), token.with_text("is")


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


def _skip_filler(state: State, i: int) -> int:
    low = state.words.low(i)
    filler = low in lex.FILLERS and (state.at_start or low in ("please", "you", "me")) and low not in lex.NUMBERS
    filler = filler and not (state.reading.things and _is_name_of_two(state.words, i))
    awaited = bool(state.pending_positions) and not state.current_list  # "on the left sits a man"
    filler = filler or (low in _ASPECTS and is_ing_verb(state.words.low(i + 1)))  # "keeps checking the clock"
    filler = filler or (low in _JUST and state.words.low(i + 1) in lex.VERBS and state.last is not None)
    shows = low in lex.SHOW and (awaited or state.last is None)
    return i + 1 if filler or shows else 0


def _is_name_of_two(words: Words, i: int) -> bool:
    """ "a panda at an easel, paint splatters": whether a verb that asks for a picture is half of a name here."""
    return words.is_open(i) and words.is_open(i + 1) and words.is_end(i + 2) and words.kind(i - 1) == COMMA


def _take_preposition(state: State, i: int) -> int:
    low = state.words.low(i)
    source = noun(state.words, i + 2) if state.words.starts(i, "out", "of") and state.last is not None else None
    if source is not None and state.last is not None:
        add_words([state.last], tuple(state.words.tokens[i : source.end]))
        state.continue_clause()
        return source.end  # "a firefighter carrying a kitten out of a burning house"
    if low not in PREPOSITIONS or low == "without" or state.last is None:
        return 0
    foe = noun(state.words, i + 1) if low == "from" else None
    if foe is not None and foe.determiner in ("a", "an") and is_animate(foe.noun) and is_animate(state.last.noun):
        state.end_relation()
        state.restart_list()
        return i + 1  # "a knight shields a princess from a dragon"
    if low in ("among", "amongst") and _are_around(state, i + 1):
        return take_relation(state, Relation(i + 1, "ringed"), i)
    return take_attribute(state, i, low)


def _are_around(state: State, i: int) -> bool:
    """ "a flamingo among grey herons", "a red umbrella among black ones": whether others of a kind are named at i."""
    others = noun(state.words, i)
    if others is None or not (others.bare or others.count) or not is_plural(others.words[-1].low):
        return False
    return is_animate(others.noun) or class_of(others.noun) in ("artifact", "vehicle", "food", "container")


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
    take_event,  # "a duel between a knight and a samurai"
    take_opening,  # "Once upon a time a mouse met an owl"
    take_presentation,  # "It should be a picture of a cat"
    take_interior,  # "the inside of a submarine. A captain …"
    take_whereabouts,  # "A girl at a window. Outside, a fox sits in the snow"
    take_about_owner,  # "a sailor at the rail. On his shoulder sits a parrot"
    take_clothes_first,  # "Wearing a hazmat suit, a man walks"
    take_panels,  # "4 panel comic, a cat wakes up, a cat eats, …"
    take_two_looks,  # "a tree, one side in bloom, the other side bare"
    take_style_of_all,  # "a cat on a sofa. Bright photography with vivid colors"
    take_other,  # "one boxer lands a punch, the other falls back"
    take_gap,  # "the man wears a black suit and the woman a red dress"
    take_belonging,  # "a woman in a field. Her hair is red"
    take_age,  # "a boy aged 8 and a man 30 years old"
    take_comparison,  # "a dragon no bigger than a kitten"
    take_other_half,  # "a face that is half human, half robot"
    take_aside,  # "his dog, a collie, sits by a car"
    take_string,  # "woman red dress man black suit dancing ballroom"
    take_called,  # "two rival cooks, Chef Bruno stands on the left"
    take_contact_phrase,  # "two samurai back to back"
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
    take_colours,  # "three doors painted red, white and blue"
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
    take_quantifier,  # "a teapot next to a cup, both on a tray"
    _skip_filler,  # "draw me a green frog"
    take_negated_verb,  # "a driver does not notice"
    take_infinitive,  # "a player jumps to dunk the ball"
    take_acting,  # "a cat chasing a mouse"
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
