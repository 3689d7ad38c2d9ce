"""Reads how a sentence begins again: "there is …", "it is snowing", "she …"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COMMA, STOP, render
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import PERSON, class_of, is_adjective, is_animate
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.places import place, relation
from lib_rpg.planner.offline.reading.belongings import NEUTER, named_before
from lib_rpg.planner.offline.reading.known_things import is_known_name
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.state import State

_THERE_IS = lex.word_set("there's there're theres")
_ONCE = lex.word_set("once also always usually now")  # "there was once a whale"
_IT_IS = lex.word_set("it's")
_WEATHER_VERBS = lex.word_set("raining snowing storming pouring drizzling hailing thundering")
_WEATHER = lex.WEATHERS | lex.TIMES | lex.word_set("dark late early cold hot windy freezing")
_SURROUNDINGS = lex.word_set("corners walls surroundings everything")
_SEEMS = lex.word_set("feels seems looks feel seem look")
_SMELLS = lex.word_set(
    "smells reeks echoes hums buzzes bustles rings sounds crackles tastes vibrates shimmers trembles"
)
_AIRS = lex.PLACES - lex.THINGLIKE_PLACES | lex.AIRY | lex.word_set("air atmosphere mood silence place")
_FILLED = lex.word_set("cluttered littered filled full packed crowded crammed stuffed strewn lined decorated lit")
_ROOMS = lex.word_set(
    "garage stable shed cellar pantry closet studio bakery pub tavern hall parlor chamber cockpit cabin carriage"
)
_UNCLEAR = lex.word_set("blurred blurry deserted abandoned crowded lit flooded")
_AROUND = lex.word_set("behind outside beyond below around")
_DEGREES = lex.word_set("very so quite all really extremely completely totally")
_MAX_CLAUSE = 8  # words
_PERSONS = {"he": "man", "she": "woman"}


def take_existence(state: State, i: int) -> int:
    """ "… and there are pigeons around it": the end of "there are", which begins a clause, or 0."""
    words = state.words
    end = i + 1
    while words.low(end) in lex.BE | lex.SHOW or (words.low(end) in _ONCE and end > i + 1):
        end += 1
    if words.low(i) not in _THERE_IS and (words.low(i) != "there" or end == i + 1):
        return 0
    if not state.pending_positions or (state.current_list and not _goes_on_there(state, i, end)):
        state.end_relation()
        state.begin_clause()
    return end


def _goes_on_there(state: State, i: int, end: int) -> bool:
    """ "on the left the lawn is mowed and there is a chair": whether what is there is where the one before it is."""
    words, found = state.words, noun(state.words, end)
    if words.low(i - 1) != "and" or found is None:
        return False
    return all(place(words, k) is None and relation(words, k) is None for k in range(found.end, words.piece_end(end)))


_OUT = lex.word_set("outside overhead above")  # "Outside it is raining"


def take_weather(state: State, i: int) -> int:
    """ "it is snowing outside", "it is late evening": the end of the clause, which is scene, or 0."""
    words = state.words
    start = _past_it_is(words, _past_outside(words, i))
    if not start:
        return 0
    said = noun(words, start)
    time = said is not None and words.is_end(said.end) and said.words[-1].low in _WEATHER
    if words.low(start) not in _WEATHER_VERBS | _WEATHER and not time:
        return 0
    return _share_clause(state, start)


def _past_outside(words: Words, i: int) -> int:
    """Past "Outside", "Outside the window", in front of "it is raining"."""
    if words.low(i) not in _OUT or not words.is_end(i - 1):
        return i
    where = noun(words, i + 1)
    return where.end if where is not None and where.noun in ("window", "door", "house") else i + 1


def take_surroundings(state: State, i: int) -> int:
    """ "the corners are in deep shadow", "everything is quiet": the end of the clause, which is scene, or 0."""
    words = state.words
    start = i + (words.low(i) == "the")
    if end := (start > i and _past_state_of_place(state, i)) or _past_scenery_behind(words, i):
        state.end_relation()
        state.share(i, end)
        return end
    if _is_about_air(state, i):
        return _share_clause(state, i)
    if words.low(start) not in _SURROUNDINGS or words.low(start + 1) not in lex.BE | _SEEMS:
        return 0
    return _share_clause(state, i)


def _past_scenery_behind(words: Words, i: int) -> int:
    """ "two mechs, one red, one blue, burning city behind them": the end of such a piece, or 0."""
    scenery = noun(words, i + 1) if words.low(i).endswith("ing") and words.kind(i - 1) == COMMA else None
    if scenery is None or not scenery.bare or scenery.noun not in lex.SCENE_WORDS:
        return 0
    end = scenery.end + 2
    behind = words.low(scenery.end) in _AROUND and words.low(scenery.end + 1) in ("them", "him", "her", "it")
    return end if behind and words.is_end(end) else 0


def _is_about_air(state: State, i: int) -> bool:
    """ "The kitchen smells of cinnamon", "the air hums": whether it is of what all are in, and shows no thing."""
    words, phrase = state.words, noun(state.words, i)
    if phrase is None or not words.is_end(i - 1) or state.is_waiting or is_known_name(state, phrase):
        return False
    verb = next((k for k in range(i + 1, phrase.end + 1) if words.low(k) in _SMELLS), 0)
    return bool(verb) and words.low(verb - 1) in _AIRS and words.low(i) in lex.DETERMINERS


def _past_state_of_place(state: State, i: int) -> int:
    """Past what a clause says of the place that all are in, but of no colour: "the kitchen is messy"; or 0."""
    words, phrase = state.words, noun(state.words, i)
    if phrase is None or len(phrase.words) > 1 or not words.starts_clause(i) or state.is_waiting:
        return 0
    if phrase.noun not in lex.PLACES - lex.THINGLIKE_PLACES | _ROOMS or is_known_name(state, phrase):
        return 0
    verb = phrase.end + (words.low(phrase.end) in _AROUND)  # "the street behind is blurred"
    if words.low(verb) not in lex.BE | _SEEMS:
        return 0
    end = _past_adjectives(words, verb + 1)
    while words.low(end) == "and" and _past_adjectives(words, end + 1) > end + 1:
        end = _past_adjectives(words, end + 1)
    coloured = any(words.low(k) in lex.LOOKS for k in range(phrase.end, end))
    filled = words.low(end) in _FILLED or words.low(end - 1) in _FILLED
    behind = end + (words.low(end) in _FILLED)
    if filled and words.low(behind) in ("with", "of", "by"):
        return words.piece_end(behind)  # "the garage is cluttered with tires and tools"
    ends = end > verb + 1 and (words.is_end(end) or words.low(end) in lex.CONJUNCTIONS)
    return end if ends and not coloured else 0


def _past_adjectives(words: Words, i: int) -> int:
    while words.low(i) in _DEGREES or is_adjective(words.low(i)) or words.low(i) in _UNCLEAR:
        i += 1
    return i


def _share_clause(state: State, start: int) -> int:
    """The words from start to the end of the clause are scene: their end."""
    words, end = state.words, start + 1
    while end < start + _MAX_CLAUSE and not words.is_end(end) and words.low(end) not in lex.CONJUNCTIONS:
        end += 1
    state.end_relation()
    state.share(start, end)
    return end


def _past_it_is(words: Words, i: int) -> int:
    if words.low(i) in _IT_IS:
        return i + 1
    return i + 2 if words.low(i) == "it" and words.low(i + 1) in lex.BE else 0


def _is_one_of_two(state: State) -> bool:
    """Whether only two people were named, together: "a couple", "two friends"."""
    people = [thing for thing in state.reading.things if thing.noun in lex.COMPANIES or class_of(thing.noun) == PERSON]
    return bool(people) and (people[0].count == 2 or people[0].noun == "couple") and not people[0].members


def _take_latter(state: State, i: int) -> int:
    """ "an abbot and a monk; the latter looks frightened": the end of "the latter", or 0."""
    named = [thing for thing in state.reading.things if is_animate(thing.noun)][-2:]
    word = state.words.low(i + 1)
    if state.words.low(i) != "the" or word not in ("former", "latter") or len(named) < 2:
        return 0
    _begin_clause_about(state, named[word == "latter"])
    return i + 2


def _begin_clause_about(state: State, one: Thing) -> None:
    """A pronoun or "the latter" begins a clause about someone or something named before."""
    state.end_relation()
    state.begin_clause()
    state.return_to(one)
    state.speak_of([one], together=False)
    state.leave_start()


def _take_it_again(state: State, i: int) -> int:
    """ "A dragon lies on gold coins. It has yellow eyes": the end of "it", which the sentence before began with, or 0.

    Of a room ("It has a round mirror") it says what is in there: the end of "it has".
    """
    words = state.words
    told = words.low(i + 1) in lex.HAVE or words.low(i + 1) in lex.BE or words.low(i + 1) in lex.VERBS
    if words.low(i) != "it" or words.kind(i - 1) != STOP or i < 2 or not told or state.tag_style:
        return 0
    start = next((k + 1 for k in range(i - 2, -1, -1) if words.kind(k) == STOP), 0)
    begun = noun(words, start)
    if begun is not None and words.low(i + 1) in lex.HAVE and _is_shared(state, begun):
        state.end_relation()
        state.begin_clause()
        return i + 2
    one = next((thing for thing in state.sentence_before[:1] if thing.count == 1 and not thing.vague), None)
    if one is None or (class_of(one.noun) == PERSON and one.noun not in NEUTER):
        return 0
    _begin_clause_about(state, one)
    return i + 1


def _is_shared(state: State, phrase: Noun) -> bool:
    """Whether the place that a sentence begins with is scene."""
    text = render(state.words.tokens[phrase.start : phrase.end]).lower()
    return any(shared.text.lower().startswith(text) for shared in state.reading.shared)


def _are_called_by_pronouns(state: State) -> bool:
    """Whether nobody was named but as "he" or "she": "picnic, he wears a hat, she wears a dress"."""
    people = [thing for thing in state.reading.things if is_animate(thing.noun)]
    said = {token.index: token.low for token in state.words.tokens}
    return all(said.get(thing.words[0].index) in _PERSONS for thing in people)


def take_person_again(state: State, i: int) -> int:
    """ "she is holding a mug": the end of the pronoun of the person named last, or 0."""
    if end := _take_latter(state, i) or _take_it_again(state, i):
        return end
    if state.words.low(i) not in _PERSONS:
        return 0
    person = named_before(state, state.words.low(i))
    if person is not None and person.noun in lex.COMPANIES:
        person = None  # "A couple stands on a bridge. She wears a dress, he wears a suit."
    if person is not None:
        _begin_clause_about(state, person)
        return i + 1
    unnamed = not state.people.counted and _are_called_by_pronouns(state)
    if unnamed or (not state.tag_style and _is_one_of_two(state)):
        name = state.words.tokens[i].with_text(_PERSONS[state.words.low(i)])
        given = (name.with_text("the"),) if state.reading.things else ()
        state.end_relation()
        state.begin_clause()
        state.add_thing(Thing([name], 0, 1, given), i + 1)  # "She wears a mantle": of nobody named
    state.leave_start()
    return i + 1
