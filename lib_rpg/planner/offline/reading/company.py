"""Reads what follows "with": a part of the thing ("with red hair"), or another thing ("with a dog")."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural
from lib_rpg.planner.language.lexicon import is_part_of_thing
from lib_rpg.planner.language.prompt_tokens import COMMA, NUMBER, STOP
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import PART, PERSON, class_of, is_adjective, is_animate, is_held, is_ing_verb
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.places import place, relation
from lib_rpg.planner.offline.grammar.positions import Place
from lib_rpg.planner.offline.grammar.relations import Relation
from lib_rpg.planner.offline.reading.attributes import WRITTEN, take_attribute
from lib_rpg.planner.offline.reading.by_itself import POSED, bears_others, is_by_itself, is_pronoun_at
from lib_rpg.planner.offline.reading.dishes import LAID, take_toppings
from lib_rpg.planner.offline.reading.lookahead import is_at_side_of_two, names_part, past_on_it
from lib_rpg.planner.offline.reading.meetings import act_together
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.outfits import can_hold, holdings_end, image_end, past_body
from lib_rpg.planner.offline.reading.referents import add_words
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.things import make_thing
from lib_rpg.planner.offline.reading.verbs import take_perfect

_CORES = lex.word_set("centre center middle heart core")
_BOUNDS = lex.word_set("window door doorway wall lamp streetlamp lamppost archway arch gate pillar column tree fence")
_ROOMY = lex.LARGE | lex.SCENE_WORDS | lex.CONTAINERS  # where someone can be

_SHOWS_IMAGES = lex.word_set(
    "shield banner flag shirt t-shirt jersey hoodie sweater mug cup sign poster badge coin jacket tattoo tapestry pin"
)
_FACES = lex.word_set("front side back door hood roof chest tail screen label cover bonnet")
_VESSELS = lex.word_set("vase bowl basket jar pot cup mug glass bucket crate box bottle")


def take_with(state: State, i: int) -> int:
    """ "with …", "has …": the end, or 0. Where another thing follows, that is only the end of the preposition."""
    words, low = state.words, state.words.low(i)
    sports = low == "sports" and words.low(i + 1) in lex.ARTICLES  # "a cart sports a striped awning"
    if low == "against" and state.last is not None and _has_rival(state, i + 1):
        state.wait_for("beside", [state.last], "against")
        return i + 1
    if low != "with" and not sports and (low not in lex.HAVE or low == "having"):
        return 0
    if low != "with" and state.last is not None and _has_become(words, i + 1):
        return take_attribute(state, i + 1, words.low(i + 1))  # "some balloons have popped"
    if end := take_perfect(state, i):
        return end
    if state.last is not None and _bears_image(state.last, words, i):
        return take_attribute(state, i, "with")  # "a knight with a black shield with a silver stag"
    if words.low(i + 1) == "half" and words.low(i + 2) in lex.POSSESSIVES and state.last is not None:
        state.last.trailing.append(tuple(words.tokens[i : words.piece_end(i)]))
        return words.piece_end(i)  # "a king with half his face in shadow"
    phrase = noun(words, i + 1)
    if phrase is None or state.last is None or phrase.noun in lex.BACKDROPS:
        return i + 1
    if end := _take_in_sky(state, i, phrase) or _take_on_it(state, state.last, i, phrase):
        return end
    if (holder := _holder_before(state, phrase)) is not None:
        state.end_relation()
        state.return_to(holder)
        state.speak_of([holder], together=False)
        return take_attribute(state, i, "with")  # "a teacher stands under the window with an open book"
    if not is_animate(state.last.noun) and is_at_side_of_two(words, phrase):
        state.wait_for("within", [state.last], "with")
        return i + 1
    beside = place(words, phrase.end)
    # "a cup with a croissant to the right of it"
    apart = isinstance(beside, Relation) and is_pronoun_at(words, beside.end)
    if end := _take_placed(state, state.last, i, phrase) or (not apart and take_toppings(state, state.last, i, phrase)):
        return end
    if is_by_itself(state, state.last, i, phrase):
        state.end_relation()
        state.restart_list()
        return i + 1
    kind = _company(state.last, phrase)
    if kind and not _is_participle(words.low(i - 1)):
        state.wait_for(kind, [state.last], "with")
        return i + 1
    return _take_holdings(state, state.last, i, phrase) or _take_with_on_it(state, state.last, i)


def _has_rival(state: State, i: int) -> bool:
    """ "a robot playing chess against a small boy"."""
    rival, last = noun(state.words, i), state.last
    return rival is not None and is_animate(rival.noun) and last is not None and act_together(last, "against")


def _holder_before(state: State, phrase: Noun) -> Thing | None:
    """Who stands or sits at something that cannot hold what follows "with", as they can."""
    pending = state.pending_relation
    if pending is None or not pending.objects or len(pending.subjects) != 1 or not is_held(phrase.noun):
        return None
    someone, at = pending.subjects[0], pending.objects[-1]
    rests = someone.count == 1 and class_of(someone.noun) == PERSON and at.noun in _BOUNDS and not at.trailing
    return someone if rests else None


def _take_placed(state: State, host: Thing, i: int, phrase: Noun) -> int:
    """What is with something, and a place behind it that is the host's, or within the host: the end, or 0."""
    words, end = state.words, phrase.end
    if words.low(end) in ("at", "in") and words.low(end + 1) == "its" and words.low(end + 2) in _CORES:
        take_attribute(state, i, "with")
        host.trailing[-1] = tuple(words.tokens[i : end + 3])
        return end + 3  # "a spiral of seashells with one starfish at its centre"
    spot = place(words, end)
    if not isinstance(spot, Place):
        return 0
    if is_animate(host.noun) and can_hold(phrase) and _is_place_of_holder(state, phrase, spot):
        return take_attribute(state, i, "with")  # "a knight with a golden shield in the middle"
    open_land = host.noun in lex.PLACES and (
        is_animate(phrase.noun) or class_of(phrase.noun) in ("vehicle", "building")
    )
    if (spot.x, spot.y) == (0, 0) and not open_land and not _is_among_others(host, words, spot.end):
        # "a table with a vase in the middle": of the table
        take_attribute(state, i, "with")
        host.trailing[-1] = tuple(words.tokens[i : spot.end])
        return spot.end
    if _is_place_of_holder(state, phrase, spot):
        return take_attribute(state, i, "with")  # "a girl with an umbrella on the left and a boy on the right"
    return 0


def _is_among_others(host: Thing, words: Words, i: int) -> bool:
    """ "a square with a fountain in the middle, a stall on the left": whether more has a place where the host is."""
    if host.noun in LAID and words.kind(i) == COMMA and (more := noun(words, i + 1)) is not None and not more.bare:
        return True  # "a table with a roast turkey in the center, four candles, a bowl of sauce"
    square = host.noun == "square" and len(host.words) > 1
    if not (square or host.noun in lex.SCENE_WORDS or class_of(host.noun) == "place"):
        return False
    return any(place(words, k) is not None or relation(words, k) is not None for k in range(i, len(words)))


def _take_with_on_it(state: State, host: Thing, i: int) -> int:
    """ "a table that has bread and a jug on it": the end, with "on it" behind the list."""
    end = take_attribute(state, i, "with")
    on_it = past_on_it(state.words, end) if host.trailing and not is_animate(host.noun) else 0
    if on_it:
        host.trailing[-1] += tuple(state.words.tokens[end:on_it])
    return on_it or end


def _bears_image(host: Thing, words: Words, i: int) -> bool:
    """Whether what someone has right before the "with" at i is a shield or a shirt, which can show something."""
    held = host.trailing[-1] if host.trailing else ()
    return len(held) > 1 and held[-1] is words.tokens[i - 1] and held[-1].low in _SHOWS_IMAGES


def _has_become(words: Words, i: int) -> bool:
    """Whether behind "has" the word at i says what became of it: "turned to stone"."""
    low = words.low(i)
    behind = words.is_end(i + 1) or words.low(i + 1) in PREPOSITIONS
    return low.endswith("ed") and len(low) > 4 and not is_adjective(low) and behind


def _take_in_sky(state: State, i: int, phrase: Noun) -> int:
    """ "under a green sky with two orange suns": what is in the sky is a thing where it looks like nothing usual."""
    words = state.words
    if words.low(i - 1) not in ("sky", "skies") or not state.after_scene or phrase.noun not in lex.OVERHEAD:
        return 0
    looks = {token.low for token in phrase.words} & lex.LOOKS - lex.NATURAL.get(phrase.noun, frozenset())
    several = phrase.count not in (None, 1) or (phrase.noun in ("sun", "moon") and is_plural(phrase.words[-1].low))
    if not several and not looks:
        state.share(i, phrase.end)  # "under a starry sky with a full moon"
        return phrase.end
    state.end_relation()
    state.restart_list()
    return i + 1


def take_holding(state: State, i: int) -> int:
    """ "a table holding a mug of cocoa, a stack of novels and a candle": the end of the list, or 0."""
    words = state.words
    phrase = noun(words, i + 1) if words.low(i) == "holding" and state.last is not None else None
    return _take_holdings(state, state.last, i, phrase) if phrase is not None and state.last is not None else 0


def _take_holdings(state: State, host: Thing, i: int, phrase: Noun) -> int:
    """The list of what something without life holds is its own words: the end, or 0."""
    if is_animate(host.noun) or not (bears_others(host) or host.noun in lex.CONTAINERS):
        return 0
    in_half = any(fact.kind == "at" and host in fact.things for fact in state.reading.facts)
    end = holdings_end(state.words, phrase, in_half, host.noun in lex.CONTAINERS)
    if end:
        add_words([host], tuple(state.words.tokens[i:end]))
        state.continue_clause()
    return end


def _take_on_it(state: State, host: Thing, i: int, phrase: Noun) -> int:
    """ "a mug with a bear on it", "a bowl with five cherries in it": the end, or 0 where it stands by itself."""
    words, preposition = state.words, state.words.low(phrase.end)
    made = preposition.endswith("ed") or preposition in lex.PARTICIPLES  # "a vase which has a dragon painted on it"
    if words.starts(phrase.end, "on", "top") and words.low(phrase.end + 2) != "of" and not is_animate(host.noun):
        said = words.tokens[i : phrase.end + 2]
        add_words([host], (said[0].with_text("with"), *said[1:]))  # "a fountain which has a statue on top"
        state.continue_clause()
        return phrase.end + 2
    made = made and not (is_animate(phrase.noun) and preposition in POSED)  # "a raven perched on it"
    on_it = past_on_it(words, phrase.end) or (made and past_on_it(words, phrase.end + 1))
    faced = words.starts(phrase.end, "on", "the") and words.low(phrase.end + 2) in _FACES
    written = phrase.words[0].low in WRITTEN or phrase.words[0].kind == NUMBER  # "with a 10 on the back"
    if faced and written:
        on_it = phrase.end + 3  # "a bus with the number 42 on the front"
    if is_animate(host.noun) and is_animate(phrase.noun) and (end := image_end(words, phrase)) > phrase.end:
        add_words([host], tuple(words.tokens[i:end]))
        state.continue_clause()
        return end  # "a samurai with a crane embroidered on his sleeve"
    if past_body(words, phrase.end) > phrase.end and not is_animate(phrase.noun):
        pending = state.pending_relation
        seated = pending is not None and len(pending.subjects) == 1 and not is_animate(host.noun)
        if pending is not None and seated and is_animate(pending.subjects[0].noun):
            state.end_relation()
            state.return_to(pending.subjects[0])  # "he sits on the carpet with a ball in his lap"
        return take_attribute(state, i, "with")  # "a woman with a basket under one arm"
    if not on_it:
        return 0
    if written:
        add_words([host], tuple(words.tokens[i:on_it]))  # "a door with the number 66 on it"
        state.continue_clause()
        return on_it
    if preposition == "in" and host.noun in lex.CONTAINERS:
        state.wait_for("within", [host], "with")
        state.add_thing(make_thing(words, phrase), phrase.end)
        state.end_relation()
        return on_it
    if bears_others(host) and not phrase.bare:
        return 0  # "a table with a vase on it"
    end = take_attribute(state, i, "with")
    host.trailing[-1] += tuple(words.tokens[end:on_it])
    return max(end, on_it)


def _is_place_of_holder(state: State, held: Noun, spot: Place) -> bool:
    """Whether the place behind what someone holds is that of the one who holds it, as others have places too."""
    words, host = state.words, state.last
    if host is None:
        return False
    if not is_animate(host.noun):
        return _is_place_of_bearer(words, host, held, spot)
    if host.noun in _VESSELS:
        return True
    if not can_hold(held):
        return False
    if spot.ground == "foreground":
        return True  # "a woman with a lantern in the foreground"
    k = spot.end + (words.kind(spot.end) in (COMMA, STOP))
    other = noun(words, k + (words.low(k) in lex.CONJUNCTIONS))
    if other is not None and (is_animate(other.noun) or isinstance(place(words, other.end), Place)):
        return is_animate(other.noun)  # "a woman with a lamp on the left and a vase on the right" is no holder
    return True


def _is_place_of_bearer(words: Words, host: Thing, held: Noun, spot: Place) -> bool:
    """Whether the place is that of a vase, a room or a nightstand, as what is behind the comma has one, too."""
    listed = words.kind(spot.end) == COMMA
    item = noun(words, spot.end + 1) if listed else None
    if item is not None and item.noun == held.noun and not held.bare:
        return False  # "a table with a blue plate on the left, a green plate on the right"
    if host.noun in _VESSELS or is_part_of_thing(held.noun):
        return True  # "a vase with five tulips on the left and a bowl on the right"
    item_is_placed = item is not None and isinstance(place(words, item.end), Place)
    if listed and class_of(host.noun) == "furniture" and can_hold(held) and (spot.x, spot.y) != (0, 0):
        # "a nightstand with a lamp on the left, a tall plant on the right"
        return item is not None and not item.bare and item_is_placed
    scenic = host.noun in lex.SCENE_WORDS
    herd = held.bare and is_plural(held.words[-1].low) and is_animate(held.noun)
    if scenic and herd and not spot.ground:
        return True  # "a pond with ducks in the bottom half"
    if item is None or not held.bare:
        return False
    if scenic:  # "kitchen with stove on the left, library in the middle"
        return item.noun in lex.SCENE_WORDS and item_is_placed
    # "market stall with pumpkins on the left, brown horse tied to a post on the right"
    behind = range(item.end, words.piece_end(spot.end + 1))
    return any(isinstance(place(words, k), Place) for k in behind)


def _is_participle(low: str) -> bool:
    """ "a shirt printed with a bird": what a participle leads to is no company."""
    return low.endswith("ed") or low in lex.PARTICIPLES


def _company(host: Thing, phrase: Noun) -> str:
    """The relation of a thing to what follows "with", if that is not its part: "beside", "within" one place, or ""."""
    name = phrase.noun
    if names_part(phrase):
        return ""
    person = class_of(host.noun) == PERSON
    if is_animate(name):
        if person and class_of(name) == PERSON and name not in lex.BABIES:
            return "beside"  # "a robot shaking hands with a little girl"
        if is_animate(host.noun) and act_together(host):
            return "beside"  # "an astronaut playing chess with an alien", "a badger playing chess with a hare"
        wide = host.noun in _ROOMY or class_of(host.noun) in ("place", "object", "building")
        # "an oak with three owls", "a boat with two fishermen"
        wide = wide or (class_of(host.noun) in ("plant", "vehicle") and phrase.count is not None)
        return "within" if is_animate(host.noun) or wide else ""  # "a farmer with his cow", "a reef with a ray"
    works = host.trailing and is_ing_verb(host.trailing[-1][0].low) and len(host.trailing[-1]) == 1
    if person and works and class_of(name) == "vehicle" and phrase.determiner in ("a", "an"):
        return "within"  # "a mechanic tinkers with a rusty motorbike"
    counted = (phrase.count or 1) > 1 and not is_part_of_thing(name) and class_of(name) not in ("", PART)
    if counted and class_of(host.noun) == "furniture":
        return "within"  # "a table with two cups"
    land = host.noun in lex.PLACES and class_of(host.noun) in ("object", "place", "substance")
    land = land or host.noun in lex.UNDERFOOT | {"driveway"}
    if land and class_of(name) in ("building", "vehicle", "artifact") and not phrase.bare:
        return "within"  # "on the right a stormy sea with a lighthouse", "on the left a city street with a taxi"
    on_it = name == "lamp" and host.noun in ("table", "desk", "piano")
    if name in lex.LARGE and host.noun in lex.LARGE and not person and not on_it:
        return "beside"  # "a campfire with two tents", but "a desk with a lamp"
    return ""
