"""Resolves noun phrases: to a new thing, to a known one, or to no thing at all (scene, style, someone's part)."""

from __future__ import annotations

from dataclasses import replace

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural
from lib_rpg.planner.language.prompt_tokens import COLON, COMMA, COMMA_TOKEN, STOP, WORD
from lib_rpg.planner.offline.grammar.kinds import PART, class_of, is_adjective, is_animate, is_ing_verb
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.positions import Place
from lib_rpg.planner.offline.reading.counted_people import take_counted
from lib_rpg.planner.offline.reading.dishes import is_laid_under
from lib_rpg.planner.offline.reading.facts import place_at
from lib_rpg.planner.offline.reading.general_names import name_exactly, named_generally
from lib_rpg.planner.offline.reading.known_things import describe, known_thing, same_thing
from lib_rpg.planner.offline.reading.lookahead import left_out_noun, names_part
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.outfits import past_body, past_contents
from lib_rpg.planner.offline.reading.own_again import take_own_again
from lib_rpg.planner.offline.reading.referents import add_words
from lib_rpg.planner.offline.reading.scenery import take_airy, take_backdrop, take_everywhere
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.tags import is_medium, is_nothing_known, is_part, is_setting, is_tag, names_nothing
from lib_rpg.planner.offline.reading.things_made import make_thing
from lib_rpg.planner.offline.reading.whole_picture import take_reflections

_MADE_OF = ("substance", "artifact", "fabric")


def take_noun(state: State, phrase: Noun) -> int:
    """Read a noun phrase as what it means, with what is said right behind it. Returns the end."""
    _end_company(state, phrase)
    end = _take_ones(state, phrase) or _take_noun(state, phrase)
    if end == phrase.end and state.last is not None and (inside := past_contents(state.words, phrase)) > end:
        add_words([state.last], tuple(state.words.tokens[end:inside]))
        return inside  # "a bowl of strawberries, blueberries and kiwi"
    told_apart = bool(phrase.direction) or phrase.words[0].low in lex.ORDINALS | lex.COMPARED
    bare = not phrase.given or (bool(phrase.direction) and state.words.low(end) in lex.COLORS)
    return _past_look(state, end) if told_apart and bare and end == phrase.end else end


def _end_company(state: State, phrase: Noun) -> None:
    """ "a boy with a cat on his lap and an old bulldog lying on the rug": the last is not what the boy is with."""
    words, pending = state.words, state.pending_relation
    if pending is None or not pending.objects or not pending.link.startswith("with") or state.conjunction != "and":
        return
    spot = words.low(phrase.end + 1) in ("on", "in", "under", "beside", "near", "behind")
    where = noun(words, phrase.end + 2) if spot and is_ing_verb(words.low(phrase.end)) else None
    if where is not None and is_animate(phrase.noun) and phrase.determiner in ("a", "an") and not names_part(where):
        state.end_relation()
        state.restart_list()


def _past_look(state: State, i: int) -> int:
    """Past what "left girl red hair" or "first boy white coat and glasses" says of someone: the end."""
    words, end = state.words, i
    while words.kind(end) == WORD and not words.low(end).endswith("ing"):
        joined = noun(words, end + 1) if words.low(end) == "and" and end > i else None
        if not words.is_open(end) and not (joined is not None and joined.bare and names_part(joined)):
            break
        end += 1
    about = words.low(end) in ("on", "over", "across") and class_of(words.low(end + 1)) == PART
    end = end + 2 if about else past_body(words, end)  # "scar on face", "tattoo on his neck"
    looks = all(is_adjective(words.low(k)) or class_of(words.low(k)) in _MADE_OF for k in range(i, end))
    dressed = words.low(end) in ("with", "in") and looks
    if end > i and (words.is_end(end) or dressed) and state.last is not None:
        state.last.trailing.append((COMMA_TOKEN, *words.tokens[i:end]))
        state.continue_clause()
        return end
    return i


def _take_noun(state: State, phrase: Noun) -> int:
    after = phrase.end if phrase.noun != "nothing" else state.words.piece_end(phrase.end)  # "nothing on the walls"
    if phrase.noun in lex.BACKDROPS or phrase.noun in ("background", "backdrop"):
        return take_backdrop(state, phrase)  # "The background is green."
    if is_medium(state.words, phrase):
        state.share(phrase.start, after + 2)  # "oil on canvas"
        return after + 2
    if end := take_counted(state, phrase):
        return end  # "2girls", "boy on the left"
    if end := take_airy(state, phrase):
        return end  # "evening light falls through a window"
    if end := take_everywhere(state, phrase) or take_reflections(state, phrase) or _take_of_label(state, phrase):
        return end  # "flour everywhere", "reflections in puddles"
    if is_tag(state, phrase) or phrase.noun == "nothing":
        state.share(phrase.start, after)  # "masterpiece", "sunset"
        _remember(state, phrase)
    elif (known := known_thing(state, phrase) or named_generally(state, phrase)) is not None:
        state.mention(known, after)  # "the cat" for the second time
        _place_within(state, known, phrase)
    elif (same := same_thing(state, phrase)) is not None:
        describe(same, phrase.words[: phrase.head])  # "robot, giant robot"
        state.mention(same, after)
        if state.tag_style and not state.people.counted and is_animate(same.noun):
            state.people.speak_of([same])  # "two knights BREAK old knight, grey beard BREAK young knight"
    elif end := take_own_again(state, phrase):
        return end  # "a woman with an umbrella. The umbrella is red"
    elif state.tag_style and (general := name_exactly(state, phrase)) is not None:
        state.mention(general, after)  # "vehicle, car"
    elif (borrowed := left_out_noun(state.words, phrase)) is not None:
        state.add_thing(make_thing(state.words, phrase, borrowed), after)  # "a red and a blue car"
    elif is_setting(state, phrase) or is_laid_under(state, phrase):
        state.share(phrase.start, after)  # "a living room with a sofa"
        _remember(state, phrase)
    elif is_part(state, phrase):
        _add_part(state, phrase)  # "1girl, red hair"
    else:
        _take_unknown(state, phrase)
    return after


def _take_of_label(state: State, phrase: Noun) -> int:
    """ "king: old man with a beard" behind "a king and a queen": the end of who the one is whose label it is, or 0."""
    words, last = state.words, state.last
    labelled = words.kind(phrase.start - 1) == COLON and last is not None and words.low(phrase.start - 2) == last.noun
    if not labelled or last is None or not phrase.bare or last.words[-1].index >= phrase.start - 2:
        return 0
    if last.count != 1 or not (is_animate(last.noun) and is_animate(phrase.noun)) or is_plural(phrase.noun):
        return 0
    add_words([last], (COMMA_TOKEN, *phrase.words))
    state.continue_clause()
    return phrase.end


def _take_unknown(state: State, phrase: Noun) -> None:
    """Words that name nothing of before: a new thing, or none at all."""
    if is_nothing_known(state, phrase):
        state.share_unknown(phrase.start, phrase.end)  # "comparison of two detectives"
    elif names_nothing(state, phrase):
        _add_look(state, phrase)  # "the grass is tall and almost orange"
    else:
        state.add_thing(make_thing(state.words, phrase), phrase.end)
        _place_within(state, state.last, phrase)


def _take_ones(state: State, phrase: Noun) -> int:
    """ "a tidy one", "white ones" of the kind named last: the end, or 0."""
    last = state.last
    if (
        phrase.noun != "one"
        or phrase.words[-1].text[0].isupper()
        or phrase.head < 1
        or phrase.head + 1 < len(phrase.words)
        or last is None
    ):
        return 0
    named = replace(phrase, words=phrase.words[:-1], head=phrase.head - 1)
    state.add_thing(make_thing(state.words, named, (last.words[last.head],)), phrase.end)
    return phrase.end


def _remember(state: State, phrase: Noun) -> None:
    """A place may be what a landscape shows: "mountains, lake"."""
    if class_of(phrase.noun) or phrase.noun in lex.THINGLIKE_PLACES:
        state.remember(make_thing(state.words, phrase))


def _place_within(state: State, thing: Thing | None, phrase: Noun) -> None:
    """Place the thing where its own name has it: "the left wall is covered in ivy"."""
    if phrase.direction and thing is not None:
        place_at(state.reading, thing, Place(phrase.end, *phrase.direction))


def _add_look(state: State, phrase: Noun) -> None:
    """Say words that name nothing of the thing before; at the start of a sentence they are of the whole picture."""
    starts = state.words.kind(phrase.start - 1) == STOP
    if starts or state.last is None or state.half is not None:
        state.share(phrase.start, phrase.end)
        return
    add_words([state.last], (COMMA_TOKEN, *state.words.tokens[phrase.start : phrase.end]))
    state.continue_clause()


def _add_part(state: State, phrase: Noun) -> None:
    words = state.words
    joined = words.kind(phrase.start - 1) == COMMA or words.low(phrase.start - 1) == "and"
    said = words.tokens[phrase.start - joined : phrase.end]
    if state.last is not None and not is_animate(state.last.noun) and state.someone is not None:
        state.return_to(state.someone)
    if state.last is not None:
        state.last.trailing.append(tuple(said) if joined else (COMMA_TOKEN, *said))
    state.continue_clause()
