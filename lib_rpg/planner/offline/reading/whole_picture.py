"""Reads what is said of the whole picture: its style, reflections, and light, smoke or dust that acts in it."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural
from lib_rpg.planner.language.prompt_tokens import COMMA, STOP, WORD
from lib_rpg.planner.language.relation_words import PREPOSITIONS, SCENE_PREPOSITIONS
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import class_of, is_adjective, is_animate, is_ing_verb
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.places import place
from lib_rpg.planner.offline.grammar.verbs import is_verb_form
from lib_rpg.planner.offline.reading.known_things import is_known_name
from lib_rpg.planner.offline.reading.referents import add_words
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.tags.tag_kinds import PERSONAL

_OF_SOMEONE = (*PERSONAL, "together", "count")
_JOINS = lex.word_set("with and in")  # "photography with vivid colors and soft light"
_AIRY = lex.AIRY | lex.word_set(
    "steam dust sawdust soot confetti motes mote pollen ash embers sparks particles rays beams shafts shadow shadows "
    "air glare vapor vapour sun water waves lightning"
)
_SOURCES = lex.word_set("from of through")  # "light from a lamp"
_REFLECTIONS = lex.word_set("reflection reflections shadow shadows highlights glare")
_ACTS = lex.word_set(
    "cast casts fill fills bathe bathes wash washes drift drifts dance dances stream streams pour pours flood floods "
    "hang hangs swirl swirls rise rises spill spills glow glows play plays fly flies roll rolls reflect reflects "
    "streak streaks fall falls pierce pierces slant slants float floats glitter glitters curl curls billow billows "
    "creep creeps cover covers coat coats make makes turn turns paint paints catch catches touch touches soften "
    "softens mirror mirrors shimmer shimmers sparkle sparkles "
    "crash crashes strike strikes flash flashes lights"
)
_IMPRESSIONS = lex.word_set("everything mood atmosphere light lighting colors colours palette style overall")
_FEELS = lex.word_set("feels feel looks look seems seem smells smell evokes evoke conveys convey recalls recall")
_VIEWED = lex.word_set("seen viewed photographed captured filmed shot")  # "a nook, seen in late afternoon"
_MERELY = lex.word_set("only just solely mainly half")
_UNSEEN = frozenset({"", "phenomenon", "substance"})  # classes of what has no place of its own


def take_style_of_all(state: State, i: int) -> int:
    """A piece or a sentence of style behind stated places or things: the end, or 0."""
    words = state.words
    if words.low(i) == "as" and words.low(i + 1) in ("if", "though") and state.last is not None:
        return _take_as_if(state, i)
    if (
        words.kind(i - 1) == COMMA
        and words.low(i) in _VIEWED
        and words.low(i + 1) in PREPOSITIONS
        and not state.tag_style
    ):
        return _share(state, i, words.piece_end(i))
    if words.low(i - 1) == "and" and state.reading.things and (end := _impression_end(words, i)):
        return _share(state, i, end)
    if not words.is_end(i - 1) or not state.reading.things:
        return 0
    if end := _likeness_end(words, i):
        return _share(state, i, end)
    if state.pending_positions and state.current_list and words.kind(i - 1) == COMMA:
        # "at the top a balloon, at the bottom a boat, soft glow"
        if place(words, i) is not None:
            return 0  # "in the foreground a fox, in the background there are peaks"
        end = words.piece_end(i)
        follows = words.kind(end) == COMMA and place(words, end + 1) is not None
        return _share(state, i, end) if not follows and _kind(state, i, end) else 0
    if words.kind(i - 1) == COMMA and not state.is_waiting and not state.tag_style:
        end = _sentence_of_style(state, i)  # "…, ink wash painting style with muted colors"
        return _share(state, i, end) if end > words.piece_end(i) - 1 and _has_join(words, i, end) else 0
    if words.kind(i - 1) != STOP or state.tag_style:
        return 0
    end = _impression_end(words, i) or _sentence_of_style(state, i)
    return _share(state, i, end) if end else 0


def _take_as_if(state: State, i: int) -> int:
    """ ", as if photographed on old film" is of the whole picture, "standing as if frozen" of who does: the end."""
    words, end = state.words, state.words.piece_end(i)
    if words.kind(i - 1) == COMMA or state.last is None:
        return _share(state, i, end)
    add_words([state.last], tuple(words.tokens[i:end]))
    state.continue_clause()
    return end


def _impression_end(words: Words, i: int) -> int:
    """ "The photo feels candid and warm": the end of the piece, or 0."""
    verb = i + 1 + (words.low(i) in ("the", "this"))
    verb += words.low(verb - 1) in ("whole", "entire", "overall")
    names = words.low(verb - 1) in lex.CANVAS | lex.MEDIA | _IMPRESSIONS
    return words.piece_end(verb) if names and words.low(verb) in _FEELS else 0


def _likeness_end(words: Words, i: int) -> int:
    """The end of "like an old banknote" behind a comma; 0 where it is somebody whom someone is like."""
    phrase = noun(words, i + 1) if words.low(i) == "like" else None
    if phrase is None or phrase.determiner not in ("a", "an") or is_animate(phrase.noun):
        return 0
    if words.low(phrase.end) == "from":
        return words.piece_end(phrase.end)  # "like a page from an old story"
    return phrase.end if words.is_end(phrase.end) else 0


def _share(state: State, i: int, end: int) -> int:
    state.share(i, end, rank=state.kinds.rank(_kind(state, i, end)))
    return end


def _kind(state: State, i: int, end: int) -> str:
    """The kind of a piece that is of the whole picture, or ""."""
    text = " ".join(state.words.low(k) for k in range(i, end))
    names = all(state.words.is_open(k) for k in range(i, end))  # but "they drink tea under a landscape painting"
    kind = state.kinds.of_whole(text) or state.kinds.of_part(text, ends=names)
    return "" if kind in _OF_SOMEONE else kind


def _sentence_of_style(state: State, i: int) -> int:
    """The end of "Bright, cheerful, high-key photography with vivid colors", or 0: adjectives, then names of style."""
    words, start, styled = state.words, i, False
    while True:
        end = start
        while not words.is_end(end) and words.low(end) not in _JOINS:
            end += 1
        start += words.low(start) in lex.ARTICLES
        known = bool(_kind(state, start, end))
        if end == start or not (known or all(is_adjective(words.low(k)) for k in range(start, end))):
            return 0
        styled = known and (end - start > 1 or styled)
        if words.kind(end) == STOP or (words.kind(i - 1) == COMMA == words.kind(end)):
            return end if styled and end > i + 1 else 0
        start = end + 1


def _has_join(words: Words, i: int, end: int) -> bool:
    return any(words.low(k) in _JOINS for k in range(i, end))


def take_reflections(state: State, phrase: Noun) -> int:
    """ "neon reflections on the wet asphalt", "shadows on the wall", which have no place: the end, or 0."""
    words = state.words
    if phrase.words[phrase.head].low not in _REFLECTIONS or phrase.count is not None or not state.reading.things:
        return 0
    if not words.is_end(phrase.start - 1) or words.low(phrase.end) not in SCENE_PREPOSITIONS or state.is_waiting:
        return 0
    end = words.piece_end(phrase.end)
    state.share(phrase.start, end)
    return end


def take_light(state: State, i: int) -> int:
    """ "Warm light from a lamp casts long shadows", "steam and smoke fill the air": the end, or 0.

    What they fall on can be a thing: "dust drifts over a table".
    """
    words = state.words
    if end := _lit_end(words, i):
        state.share(i, end)
        return end
    # "… and the low sun turns everything orange"
    joined = words.low(i - 1) == "and" and (words.low(i) == "the" or words.low(i) in _AIRY)
    pending = state.pending_relation
    waits = state.is_waiting and not (pending is not None and pending.objects and not state.pending_positions)
    if not (words.is_end(i - 1) or joined) or waits:
        return 0
    verb = _subject_end(words, i)
    while verb and words.low(verb).endswith("ly") and words.low(verb) not in _ACTS:
        verb += 1
    going = words.low(verb) in lex.BE and is_ing_verb(words.low(verb + 1))  # "white smoke is coming out of it"
    verb += going
    finite = not words.low(verb).endswith("ing") and (words.low(verb) in _ACTS or is_verb_form(words, verb, False))
    acts = words.kind(verb) == WORD and (going or finite)
    if not verb or not acts:
        return 0
    end, behind = _airy_end(state, verb + 1)
    while end == behind and words.low(end) == "and" and (verb := _next_act(words, end + 1)):
        end, behind = _airy_end(state, verb + 1)  # "sunlight streams in and falls on the floor"
    state.share(i, end)
    return behind


def _lit_end(words: Words, i: int) -> int:
    """ "only lit by the forge", "lit only by a candle": the end behind a comma, or 0."""
    verb = _past_adverbs(words, i)
    by = _past_adverbs(words, verb + 1)
    plain = verb == i and by == verb + 1
    if plain or words.low(verb) not in ("lit", "illuminated") or words.low(by) != "by" or not words.is_end(i - 1):
        return 0
    return words.piece_end(i)


def _past_adverbs(words: Words, i: int) -> int:
    while words.low(i) in _MERELY or words.low(i).endswith("ly"):
        i += 1
    return i


def _next_act(words: Words, i: int) -> int:
    """Where the verb of light and the like stands behind "and", with or without its subject, or 0."""
    verb = _airy_name_end(words, i) or i
    return verb if words.low(verb) in _ACTS else 0


def _subject_end(words: Words, i: int) -> int:
    """The end of light and the like with where it comes from; 0 where one of them is a thing."""
    begins, joined = words.kind(i - 1) == STOP, 0
    while end := _airy_name_end(words, i):
        i, joined = end, joined + 1
        if words.low(i) != "and":
            break
        i += 1
    source = noun(words, i + 1) if joined and words.low(i) in _SOURCES else None
    if not joined or words.low(i - 1) == "and":
        return 0
    if source is not None:
        verbs = (k for k in range(source.start + 1, source.end) if words.low(k) in _ACTS)
        return next(verbs, source.end)  # "a lamp casts long shadows"
    # "light falls …" behind a comma is read with its verb elsewhere
    return i if begins or joined > 1 or words.low(i - 1) not in lex.AIRY else 0


def _airy_name_end(words: Words, i: int) -> int:
    """The end of "thick fog", also in front of a verb that could be a name ("smoke rises"), or 0."""
    phrase = noun(words, i)
    if phrase is None or (phrase.head > 0 and phrase.words[phrase.head].text[0].isupper()):
        return 0
    end = phrase.end - 1
    if end > i and words.low(end) in _ACTS and words.low(end - 1) in _AIRY:
        return end
    return phrase.end if phrase.words[phrase.head].low in _AIRY else 0


def _airy_end(state: State, i: int) -> tuple[int, int]:
    """Where the words of light end that start behind its verb, and where the thing that it falls on starts."""
    words, end = state.words, i
    while not words.is_end(i) and words.low(i) not in lex.CONJUNCTIONS:
        start = i
        i += words.low(i) in PREPOSITIONS
        phrase = noun(words, i)
        if phrase is None:
            i = start + 1
        elif _is_of_scene(state, phrase):
            i = phrase.end
        else:
            return end, i if place(words, start) is None else start
        end = i
    return end, end


def _is_of_scene(state: State, phrase: Noun) -> bool:
    """Whether light falls on, through or over what has no place of its own: "the air", "the hills", "puddles"."""
    scenic = phrase.noun in lex.SCENE_WORDS - lex.THINGLIKE_PLACES
    if phrase.words[phrase.head].low in _AIRY or scenic or class_of(phrase.noun) in _UNSEEN:
        return True
    backdrop = phrase.determiner == "the" or (not phrase.given and is_plural(phrase.words[phrase.head].low))
    return backdrop and not is_known_name(state, phrase)
