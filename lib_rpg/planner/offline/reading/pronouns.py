"""Reads relations to what a pronoun refers to: "below it", "above both", "on her left", "beside each other"."""

from __future__ import annotations

from itertools import pairwise

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import STOP
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import PERSON, class_of, is_animate, is_ing_verb
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.orderings import Y
from lib_rpg.planner.offline.grammar.relations import Relation
from lib_rpg.planner.offline.grammar.verbs import is_verb_form
from lib_rpg.planner.offline.reading.belongings import NEUTER
from lib_rpg.planner.offline.reading.facts import relate
from lib_rpg.planner.offline.reading.fronting import (
    are_coloured,
    are_described,
    depth_of,
    is_position_in_front,
    kind_in_front,
    past_verbs,
)
from lib_rpg.planner.offline.reading.lookahead import noun_introduced, past_introduction
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.pending import PendingRelation
from lib_rpg.planner.offline.reading.referents import add_words, all_animate, referents
from lib_rpg.planner.offline.reading.state import State

_PUTS = lex.word_set("putting placing pouring sprinkling painting drawing writing")
_ON_WALLS = lex.word_set("window door doorway mirror clock poster picture")  # no scenery of its own
_IN_WALLS = lex.word_set("window door doorway wall curtain poster")
_STANDS = lex.word_set("stands rises looms towers waits lurks")
_OF_ONE = lex.word_set("him her it")
_THERE = lex.word_set("there there's there're")
_OPPOSITE = {"above": "below", "below": "above", "left": "right", "right": "left"}


def is_pronoun(words: Words, i: int) -> bool:
    """Whether the other side is a pronoun: "below it", "above both", "on which stands …", "beside each other"."""
    low = words.low(i)
    if low in ("it", "them", "him"):
        return True
    if words.starts(i, "the", "two"):
        return not words.is_open(i + 2)  # "between the two"
    if low in ("both", "her", "these", "those"):
        return not words.is_open(i + 1) or words.low(i + 1) in lex.SHOW  # not "beside her dog"
    if low in ("which", "whom"):
        return noun_introduced(words, i + 1) is not None
    return words.starts(i, "each", "other")


def take_pronoun(state: State, found: Relation, link: str) -> int:
    words = state.words
    pronoun = words.low(found.end)
    if found.kind == "on" and (acting := _puts_on_it(state, found)) is not None:
        add_words([acting], tuple(words.tokens[found.end - 1 : found.end + 1]))
        state.continue_clause()
        return found.end + 1
    if held := _held_by_it(state, found):
        add_words(held, tuple(words.tokens[found.end - 1 : found.end + 1]))
        state.continue_clause()
        return found.end + 1
    behind_several = words.low(found.end - 1) == "behind" and pronoun in ("them", "both")
    on_several = found.kind == "on" and len(referents(state)) > 1
    kind = "above" if on_several or behind_several else found.kind
    if words.starts(found.end - 3, "in", "front", "of", "them"):
        kind = "below"  # "three kittens, a ball of yarn in front of them"
    after = found.end + (2 if pronoun in ("each", "the") else 1)
    behind, after = after, _past_spot(words, after)
    introduced = noun_introduced(words, past_verbs(words, after))
    in_front = (state.at_start or pronoun in ("which", "whom")) and introduced is not None
    if end := _take_behind_several(state, found, after, introduced if in_front else None):
        return end
    subjects = [] if in_front else _subjects(state, found)
    fronted = _fronted_before(state, found) if in_front and pronoun == "it" else []
    objects = fronted or _antecedents(state, pronoun, subjects)
    if pronoun == "it" and kind == "above" and objects:
        objects = [_topmost(state, objects[0], subjects)]
    kind = kind_in_front(words, found) if fronted else kind
    state.make_topic(objects[0] if len(objects) == 1 else None)
    state.end_relation()
    if pronoun == "each":
        for a, b in pairwise(state.current_list or subjects):  # "a cat and a dog beside each other"
            relate(state.reading, kind, [a], [b], link)
    elif objects and in_front:
        some = introduced is not None and bool(introduced.vague) and is_animate(introduced.noun)  # "some children"
        apart = introduced is not None and (introduced.count not in (None, 1) or is_animate(introduced.noun))
        apart = apart and pronoun in ("him", "her", "it") and all_animate(objects)
        told = state.words.low(after) in _THERE or (pronoun != "it" and state.words.low(after) in _STANDS)
        if told and introduced is not None and pronoun in _OF_ONE:
            # "Behind it there is a window", "Behind him there is a suit of armour"
            apart = apart or pronoun == "it" or introduced.noun not in _IN_WALLS
        apart = apart or some
        if introduced is not None and pronoun == "it" and are_described(objects, introduced):
            apart = True
        if apart or (introduced is not None and are_coloured(words, objects, introduced)):
            kind = depth_of(words, found)  # "Behind him two sailors argue", "a red car. Behind it is a blue house"
        if after > behind:
            state.expect_said(words.tokens[behind:after])
        state.expect_related(kind, objects, link)  # "a toaster and, to the right of it, a kettle"
        return past_introduction(words, past_verbs(words, after))[0]
    elif objects:
        own = found.kind == "within" and len(subjects) == 1 and _begins_clause(words, subjects[0])
        hung = subjects[0].trailing[-1] if len(subjects) == 1 and subjects[0].trailing else ()
        hung_there = (
            bool(hung) and hung[0].low == "on" and hung[-1].low == "wall"
        )  # "a painting on the wall behind her"
        own = own or (found.kind == "within" and hung_there)
        own = own or all(
            thing.noun in lex.SCENE_WORDS for thing in (*subjects, *objects)
        )  # "a meadow, a forest behind it"
        kind = depth_of(words, found) if own else _depth(words, found, subjects, objects) or kind
        large = all(is_animate(one.noun) or class_of(one.noun) in ("vehicle", "building") for one in objects)
        leans = words.low(found.end - 2) == "leaning" and all_animate(subjects) and large
        kind = "beside" if leans else kind  # "a girl in a nightgown leaning on it"
        relate(state.reading, kind, subjects, objects, link)  # "a cat left of a dog, and a bird above both"
        state.said_of(subjects)
        state.leave_start()
        if pronoun == "it" and found.kind == "on" and is_verb_form(words, after, False) and not all_animate(subjects):
            state.return_to(objects[0])  # "a desk with a globe on it stands on the left"
            state.speak_of([objects[0]], together=False)
    return after


def _topmost(state: State, one: Thing, subjects: list[Thing]) -> Thing:
    """ "a castle on top of a hill, a dragon flying above it": what is on it, if it is known."""
    on_it = (f.things[0] for f in state.reading.facts if f.kind == "before" and f.axis == Y and f.things[1] is one)
    return next((thing for thing in on_it if thing not in subjects and thing.host is None), one)


def _past_spot(words: Words, i: int) -> int:
    """Past "on the floor" in "between them on the floor is a birdcage", or i."""
    where = noun(words, i + 1) if words.low(i) in ("on", "in", "at", "under") else None
    if where is None or where.determiner != "the":
        return i
    return where.end if words.low(where.end) in lex.BE or past_verbs(words, where.end) > where.end else i


def _begins_clause(words: Words, thing: Thing) -> bool:
    """Whether a clause began with it: "…, there is a cook behind it", "…, a guard stands behind him"."""
    first = (thing.determiners or tuple(thing.words))[0]
    start = next((k for k, token in enumerate(words.tokens) if token is first), 0)
    if thing.behind or words.low(start - 1) in lex.BE:
        return True  # "a pirate ship on the horizon behind her"
    verb = words.low(start + len(thing.determiners) + len(thing.words))
    acts = verb in lex.BE or is_ing_verb(verb)
    told = acts and words.low(start - 1) in ("and", "while")  # "and a cat sits behind her"
    moves = is_animate(thing.noun) or (acts and class_of(thing.noun) == "vehicle")  # "a ship passes behind it"
    moves = moves or (acts and words.kind(start - 1) == STOP)  # "A broom leans against the wall behind her."
    return start > 0 and (words.is_end(start - 1) or told) and moves


def _puts_on_it(state: State, found: Relation) -> Thing | None:
    """ "a snowman, a girl putting a scarf on it": who does that."""
    said = state.last.trailing[-1] if state.last is not None and state.last.trailing else ()
    puts = bool(said) and said[0].low in _PUTS and said[-1] is state.words.tokens[found.end - 2]
    return state.last if puts else None


def _held_by_it(state: State, found: Relation) -> list[Thing]:
    """ "two mugs, one with a bird printed on it": what is on "it" is what it is with."""
    pending, low = state.pending_relation, state.words.low(found.end - 2)
    if pending is None or pending.link != "with" or state.words.low(found.end) != "it" or not low.endswith("ed"):
        return []
    return pending.objects[-1:]


def _subjects(state: State, found: Relation) -> list[Thing]:
    """What the relation is about: who sits on something, or the table that something is on, where a person follows."""
    pending, last = state.pending_relation, state.last
    if last is not None and _mates(state, last) and state.words.low(found.end) in ("her", "him", "it"):
        return [last]  # "two sisters, one seated, one standing behind her"
    amid = found.kind == "between" or (found.kind == "above" and state.words.low(found.end) in ("them", "both"))
    if pending is not None and pending.objects and amid and pending.kind in ("within", "above"):
        return pending.subjects  # "a raven sits on a gravestone between them", "an owl on a beam above them"
    if pending is None or not pending.objects or state.words.low(found.end) not in ("her", "him"):
        several = referents(state)
        of_others = state.words.low(found.end) in ("it", "them", "both")
        alone = pending is None and of_others and len(several) > 1 and last is several[-1]
        return several[-1:] if alone else several  # "a machine and a cat sleeping above it"
    return pending.subjects if all_animate(pending.subjects) else pending.objects[-1:]


def _depth(words: Words, found: Relation, subjects: list[Thing], objects: list[Thing]) -> str:
    """The place of who is behind or in front of someone, where both have words of their own, or of a table; or ""."""
    if found.kind != "within" or len(subjects) != 1 or words.low(found.end) not in ("her", "him", "it"):
        return ""
    described = all(is_animate(thing.noun) and thing.trailing for thing in (*subjects, *objects))
    if not described and class_of(subjects[0].noun) not in ("furniture", "vehicle", "building"):
        return ""
    large = ("vehicle", "building")
    if words.low(found.end) == "it" and not all(class_of(one.noun) in large for one in (*subjects, *objects)):
        return ""  # but "a racing car with a number, a white Porsche behind it"
    return depth_of(words, found)


def _fronted_before(state: State, found: Relation) -> list[Thing]:
    """What the clause before began with: "above the harbor hovers an airship, below it …", "behind the bar a man …"."""
    before = next((p for p in state.pending_positions if isinstance(p, PendingRelation)), None)
    if before is None or state.last is None or before.objects[0] is state.last:
        return []
    kind = kind_in_front(state.words, found)
    return before.objects if kind == _OPPOSITE.get(before.kind) or is_animate(state.last.noun) else []


def _take_behind_several(state: State, found: Relation, after: int, introduced: Noun | None) -> int:
    """Scenery behind several is behind the picture and shares no one's place: the end, or 0."""
    words = state.words
    if words.low(found.end - 1) != "behind" or words.low(found.end) not in ("them", "both"):
        return 0
    scenery = introduced or next(iter(referents(state)[-1:]), None)
    if scenery is None or scenery.count not in (None, 1):
        return 0
    if introduced is not None:
        of = class_of(introduced.noun)
        if is_animate(introduced.noun) or introduced.noun in _ON_WALLS or of == "furniture":
            return 0
        if introduced.determiner in ("a", "an") and of in ("building", "vehicle", "container", "food", "instrument"):
            return 0  # "Behind them stands a windmill with broken sails"
        state.end_relation()
        end = words.piece_end(introduced.end) if words.low(introduced.end) == "with" else introduced.end
        state.share(introduced.start, end)  # "Behind them a huge skyline", "… tall buildings with neon signs"
        return end
    actors = [t for t in state.reading.things if t is not scenery and is_animate(t.noun)]
    if isinstance(scenery, Noun) or not actors:
        return 0
    state.end_relation()
    them = actors[-1:] if actors[-1].count > 1 else actors[-2:]
    relate(state.reading, "above", [scenery], them, "behind")  # "The train behind them is red."
    state.said_of([scenery])
    state.return_to(scenery)
    state.leave_start()
    return after


def _is_someone(thing: Thing) -> bool:
    return class_of(thing.noun) == PERSON and thing.noun not in NEUTER


def _mates(state: State, one: Thing) -> list[Thing]:
    """Those of the same several that were named before this one."""
    group = next((thing for thing in state.reading.things if any(one is member for member in thing.members)), None)
    named = group.members[: group.members_named] if group is not None else []
    return [member for member in named if member is not one]


def _antecedents(state: State, pronoun: str, subjects: list[Thing]) -> list[Thing]:
    """The things that the pronoun refers to: the topic or the last that is not a subject, or the last two."""
    before = [t for t in state.reading.things if t not in subjects and not any(t in s.members for s in subjects)]
    if state.pending_relation is not None and subjects == state.pending_relation.subjects:
        before = [t for t in before if t not in state.pending_relation.objects]  # what the one between them is on
    if len(subjects) == 1 and pronoun in ("her", "him", "it") and (mates := _mates(state, subjects[0])):
        return mates[-1:]
    plural = pronoun in ("both", "them", "these", "those", "the")
    pending = state.pending_relation
    if plural and pending is not None and len(before) > 1 and before[-1] in pending.subjects and before[-2].count > 1:
        return [before[-2]]  # "two men play chess. A pigeon sits on the table between them"
    if plural and not (before and before[-1].count > 1):
        someone = [thing for thing in before if is_animate(thing.noun)]
        mixed = any(is_animate(thing.noun) for thing in before[-2:]) and not all_animate(before[-2:])
        return (someone if mixed and len(someone) > 1 else before)[-2:]  # "a man at a desk, a girl … between them"
    if pronoun in ("him", "her") and (animate := [t for t in before if is_animate(t.noun)]):
        people = [t for t in animate if class_of(t.noun) == PERSON]
        return (people or animate)[-1:]  # "a girl at a desk with a cat on a rug, behind her a shelf"
    if state.topic is not None and state.topic in before:
        return [state.topic]  # "a mailbox, left of it a bicycle, right of it a trash bin"
    if pronoun == "it" and before and (_is_someone(before[-1]) or before[-1].count > 1):
        return [t for t in before if t.count == 1 and not _is_someone(t)][-1:]
    return before[-1:]


def take_possessive(state: State, found: Relation) -> int:
    """ "on her left": next to the referent of "her"."""
    if is_position_in_front(state, found.end) and state.last is not None:
        # "a boy, to his left a dog, to his right a bicycle"
        state.end_relation()
        state.expect_related(found.kind, [state.last], "beside")
        return past_introduction(state.words, found.end)[0]
    targets = referents(state)
    others = [t for t in state.reading.things if t not in targets]
    if targets and others:
        owner = others[-1]  # "a woman with a dog on her left"
        owner = _topmost(state, owner, targets)  # "a teapot on a table, two cups to its right"
        if state.topic is not None and state.topic in others:
            owner = state.topic  # "a bookshelf with a globe to its right and a plant to its left"
        elif state.previous is not None and state.previous in others:
            owner = state.previous
        state.end_relation()
        state.make_topic(owner)
        relate(state.reading, found.kind, targets, [owner], "beside")
        state.said_of(targets)
        state.leave_start()
    return found.end
