"""The state of the reader on its way through a prompt from left to right, and the methods that change it.

What a sentence can leave open: the things listed so far ("a cat and a dog …"), a relation that waits for its other side
("a cat left of …"), and positions or relations in front of the thing that they are about ("on the left …").
Only the methods here assign the state's fields.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lib_rpg.planner.language.prompt_tokens import COMMA, WORD, Token, render
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import PART, PERSON, class_of, is_animate
from lib_rpg.planner.offline.grammar.numbers import count_tag, counts_people
from lib_rpg.planner.offline.grammar.orderings import Ordering, X, Y
from lib_rpg.planner.offline.grammar.places import place
from lib_rpg.planner.offline.grammar.positions import Place
from lib_rpg.planner.offline.grammar.verbs import is_verb_form
from lib_rpg.planner.offline.reading.facts import line_up, place_at, relate
from lib_rpg.planner.offline.reading.lookahead import begins_anew, closes_list, has_own_position, is_listed_with_last
from lib_rpg.planner.offline.reading.model import MAX_THINGS, Reading, Shared, Thing
from lib_rpg.planner.offline.reading.pending import Half, PendingRelation
from lib_rpg.planner.offline.tags.people import People
from lib_rpg.planner.offline.tags.tag_kinds import TagKinds, built_in

MAX_LIST = 40  # words of scene and style that stay one piece
_FIGURES = frozenset(
    {"figurine", "statuette", "bobblehead", "plushie", "puppet", "mannequin", "scarecrow", "snowman", "mech", "mecha"}
)
_NOWHERE = -2  # an index that is behind no word


def _is_someone(noun: str) -> bool:
    """Whether a count tag with this noun counts people or animals: "2girls", "1other"."""
    return is_animate(noun) or noun in ("other", "others")


@dataclass
class State:
    """The reader's state within one prompt."""

    words: Words
    reading: Reading = field(default_factory=Reading)
    current_list: list[Thing] = field(default_factory=list)  # "a cat and a dog …"
    subjects: list[Thing] = field(default_factory=list)  # what the last position or relation was about
    last: Thing | None = None
    previous: Thing | None = None
    conjunction: str = ""  # between the last phrase and the next: "", ",", "and" or ", and"
    last_conjunction: str = ""  # in front of the last thing
    at_start: bool = True  # of a clause, or of an item of a list
    collective: bool = False  # what comes is about all of the current list
    pending_relation: PendingRelation | None = None
    pending_positions: list[Place | PendingRelation] = field(default_factory=list)  # in front of their thing
    positions_first: bool = False  # the prompt puts positions in front of their things
    words_first: tuple[Token, ...] = ()  # in front of their thing: "on the far wall there is …"
    in_scene: bool = False  # the phrase at hand is scene or style
    after_scene: bool = False  # the phrase before was
    topic: Thing | None = None  # what "it" refers to
    shared_start: int = _NOWHERE  # the words of the last scene or style
    shared_end: int = _NOWHERE
    sentence: list[Thing] = field(default_factory=list)  # the things that the sentence names
    sentence_before: list[Thing] = field(default_factory=list)  # those of the last one that named some
    orders: list[Ordering] = field(default_factory=list)  # of the sentence: "from left to right"
    half: Half | None = None  # in which what comes is
    side_of: Thing | None = None  # what the last half was a side of
    has_panels: bool = False  # a header or a label of panels was read
    tag_style: bool = False  # the prompt's dialect is tags
    candidates: list[tuple[Thing, Shared]] = field(default_factory=list)  # shared, and the thing if there is no other
    unknown: list[str] = field(default_factory=list)  # pieces that no list knows, as they were typed
    pronouns: dict[int, str] = field(default_factory=dict)  # whether someone, by their identity, was "she" or "he"
    tag_end: int = _NOWHERE  # where the last tag about someone ended
    people: People = field(default_factory=lambda: People(False))
    kinds: TagKinds = field(default_factory=built_in)

    @classmethod
    def start(cls, tokens: Sequence[Token], tag_style: bool = False, kinds: TagKinds | None = None) -> State:
        """At the first word."""
        counted = any((tag := count_tag(t.low)) and _is_someone(tag[1]) for t in tokens if t.kind == WORD)
        counted = counted or (tag_style and counts_people(tokens))
        return cls(Words(tokens), tag_style=tag_style, people=People(counted), kinds=kinds or built_in())

    # Steps, clauses, sentences

    def begin_step(self) -> None:
        """The next phrase begins."""
        self.after_scene, self.in_scene = self.in_scene, False

    def begin_item(self, conjunction: str) -> None:
        """An item of a list begins behind a comma or an "and"; behind "" the first one."""
        self.at_start, self.conjunction = True, conjunction

    def begin_clause(self) -> None:
        """A clause begins: nothing of the one before is open but its relation."""
        self.clear_list()
        self.begin_item("")
        self.collective = False

    def continue_clause(self, conjunction: str = "") -> None:
        """What follows continues what comes before: "a cat, black" and not "a cat, a dog"."""
        self.leave_start()
        self.conjunction = conjunction

    def leave_start(self) -> None:
        """The clause or item has begun; what joins it to the one before still counts."""
        self.at_start = False

    def end_sentence(self) -> None:
        """Line up what a sentence with "from left to right" names, and forget what it named."""
        self._fill_half()
        for order in self.orders:
            # what all of them are on is none of them: "…, on a lace tablecloth"
            under = [fact.things[1] for fact in self.reading.facts if fact.kind == "before" and fact.axis == Y]
            listed = [t for t in self.sentence if t.host is None and not (order.axis == X and t in under)]
            if order.backwards:
                listed.reverse()
            if len(listed) == 1 and listed[0].count > 1 and not listed[0].members:
                listed[0].array = order.axis
            line_up(self.reading, [m for thing in listed for m in thing.each()], order.axis)
        self.sentence_before = self.sentence or self.sentence_before
        self.orders, self.sentence, self.topic, self.half = [], [], None, None

    def order_sentence(self, order: Ordering) -> None:
        """All that this sentence names is in this order: "from left to right: a cat, a dog …"."""
        self.orders.append(order)
        self.at_start = True

    # Things

    def add_thing(self, thing: Thing, after: int) -> None:
        """A new thing, whose name ends before index `after`. Beyond `MAX_THINGS` it is left out, with a note."""
        if len(self.reading.things) >= MAX_THINGS:
            note = f"more than {MAX_THINGS} things are named; the others are only in the base prompt"
            if note not in self.reading.notes:
                self.reading.notes.append(note)
            return
        thing.joined = self.conjunction
        if self.words_first:
            thing.trailing.append(self.words_first)
            self.words_first = ()
        self.reading.things.append(thing)
        self.sentence.append(thing)
        if self.tag_style and not self.people.counted and is_animate(thing.noun):
            self.people.name(thing)  # "score_9, anthro fox, blue scarf"
        if self.half is not None and not self.pending_positions and place(self.words, after) is None:
            self._add_to_half(thing, self.half)
        self.mention(thing, after)

    def mention(self, thing: Thing, after: int) -> None:
        """A thing, new or known, is named here: it completes what the sentence left open, or goes on the list."""
        conjunction = self.conjunction
        if thing.tag:
            self.people.speak_of([thing])
        self.continue_clause()
        self.collective = False
        self._follow(thing)
        if self._joins_relation(thing, conjunction, after):
            return
        joined = conjunction in ("and", ", and") or is_listed_with_last(self.words, after)
        joined = joined or (self._waits_related() and closes_list(self.words, after))
        own = self._is_new_clause(conjunction, thing, after) or not joined or has_own_position(self.words, after)
        # "to the right of her there is a table, attic studio"
        goes_on = self.words.low(after) == "and"  # but "… there is a tower, ash and a raven"
        apart = conjunction == "," and bool(self.current_list) and not goes_on
        own = own or (apart and _is_told_apart(self.current_list, thing))
        if self.pending_positions and self.current_list and own:
            # "on the left a cat, a dog on the right": the position in front was the cat's alone.
            self.pending_positions, self.current_list = [], []
        if self.pending_positions:
            self._place_at_pending(thing)
            self.subjects = [*self.subjects, thing] if self.current_list else [thing]
            self.current_list = [*self.current_list, thing]
        else:
            self.current_list = [*self.current_list, thing] if conjunction else [thing]
        self.last_conjunction = conjunction

    def _is_new_clause(self, conjunction: str, thing: Thing, after: int) -> bool:
        """ "on which a child sits swinging his legs, and a father": whether who is before the comma acts alone.

        "Behind the fence stands a house, and a ginger cat watches him": or who comes does.
        """
        if conjunction != ", and" or not self.current_list:
            return False
        acts = is_animate(thing.noun) and self.words.low(after).endswith("s") and is_verb_form(self.words, after, False)
        if not self._waits_related():
            # "on the left a wizard reads, on the right a boy works, and an owl sits above them"
            clause = range(after, self.words.piece_end(after))
            return acts and any(self.words.low(k) in ("them", "both") for k in clause)
        return acts or len(self.current_list[-1].trailing) > 1

    def _waits_related(self) -> bool:
        """ "on the table there are a goose, a bowl and three candles"."""
        return any(isinstance(pending, PendingRelation) for pending in self.pending_positions)

    def _follow(self, thing: Thing) -> None:
        if thing is not self.last:
            self.previous, self.last = self.last, thing

    def _joins_relation(self, thing: Thing, conjunction: str, after: int) -> bool:
        """Whether the thing is an object of the pending relation; if not, that one ends."""
        relation = self.pending_relation
        if relation is None:
            return False
        # "left of a cat and a dog"
        joined = conjunction == "and" and not begins_anew(self.words, relation.link, thing.noun, after)
        upon = relation.link.split()[-1:] == ["on"] and bool(relation.objects)
        introduced = bool(thing.determiners) or thing.count > 1
        if upon and is_animate(thing.noun) and not is_animate(relation.objects[-1].noun) and introduced:
            joined = False  # "a postman on a bicycle and a dalmatian race", "sits on a throne and two guards stand"
        inside = relation.link.split()[-1:] == ["in"] and class_of(thing.noun) != "container"
        if inside and relation.objects and class_of(relation.objects[-1].noun) == "container" and introduced:
            joined = False  # "five apples in a basket and a lemon on a board"
        if not relation.objects or relation.wants_more or joined:
            relation.objects.append(thing)
            return True
        self.end_relation()
        self.previous, self.last = self.last, thing
        return False

    def _place_at_pending(self, thing: Thing) -> None:
        for pending in self.pending_positions:
            self._place(thing, pending)

    def _place(self, thing: Thing, where: Place | PendingRelation) -> None:
        if isinstance(where, Place):
            place_at(self.reading, thing, where)
        else:
            relate(self.reading, where.kind, [thing], where.objects, where.link)

    def _add_to_half(self, thing: Thing, half: Half) -> None:
        if half.first is not None:
            relate(self.reading, "within", [half.first], [thing], "and")
            return
        half.first = thing
        self._place(thing, half.where)
        thing.trailing += [half.said] if half.said else []

    def begin_half(self, half: Half) -> None:
        """What comes is in this part of the picture."""
        self._fill_half()
        self.half = half
        self.reading.has_halves = True
        if isinstance(half.where, PendingRelation):
            self.side_of = half.where.objects[0]

    def _fill_half(self) -> None:
        """A part of the picture in which nothing was named shows its season: "left half summer, right half winter"."""
        half = self.half
        if half is None or half.first is not None:
            return
        name = [token for token in half.said if token.kind == WORD and token.low not in ("in", "at", "the", "during")]
        half.said = ()
        if name:
            self.add_thing(Thing(name, len(name) - 1, 1), len(self.words))

    def begin_member(self) -> None:
        """One of several of a kind is named: "… on the left one, the other …"."""
        self.current_list = []
        self.pending_positions = [p for p in self.pending_positions if self.at_start and isinstance(p, Place)]

    def clear_list(self) -> None:
        """Neither a list nor a position in front of it is open."""
        self.current_list, self.pending_positions, self.subjects = [], [], []

    def restart_list(self) -> None:
        """What follows is no further item: "a table with a vase on the left"."""
        self.current_list, self.pending_positions, self.conjunction = [], [], ""

    # What the next words are about

    @property
    def is_waiting(self) -> bool:
        """Whether a relation or a position waits for the thing to come."""
        return self.pending_relation is not None or bool(self.pending_positions)

    @property
    def someone(self) -> Thing | None:
        """Who has a part or clothes named here: the last thing, or the only one who is a person or an animal."""
        last = self.last
        if last is not None and last.host is not None and class_of(last.root().noun) == PERSON:
            return last.root()  # "a woman on a horse, red cloak"
        if last is None or last.tag or is_animate(last.noun) or class_of(last.noun) == PART or last.noun in _FIGURES:
            return last  # also "a hare's head"
        everyone = [thing for thing in self.reading.things if is_animate(thing.noun)]
        people = [thing for thing in everyone if class_of(thing.noun) == PERSON]
        everyone = people if len(people) == 1 else everyone  # "a woman riding a horse, sunset, long white dress"
        return everyone[0] if len(everyone) == 1 and everyone[0].count == 1 else None

    def said_of(self, things: list[Thing]) -> None:
        """A position or relation was about these things; the list ends."""
        self.subjects, self.current_list = things, []

    def speak_of(self, things: list[Thing], together: bool = True) -> None:
        """What follows is about these things, as if they were in a list here; `together`: about all of them."""
        self.current_list, self.collective = things, together

    def speak_of_all(self) -> None:
        """What follows is about all of the current list: "both", "are"."""
        self.collective = True

    def speak_of_last(self) -> None:
        """The last thing is a list of its own, unless a list or a relation is open."""
        if not self.current_list and self.last is not None and self.pending_relation is None:
            self.current_list = [self.last]

    def return_to(self, thing: Thing) -> None:
        """What follows is about this thing, named before."""
        self.last = thing

    def call_by(self, person: Thing, pronoun: str) -> None:
        """Someone is "she" or "he" from here on."""
        self.pronouns[id(person)] = pronoun

    def make_topic(self, thing: Thing | None) -> None:
        """What "it" refers to from here on."""
        self.topic = thing

    # Relations and positions that wait for a thing

    def wait_for(self, kind: str, subjects: list[Thing], link: str) -> None:
        """A relation waits for the thing on its other side: "a cat left of …"."""
        self.end_relation()
        self.pending_relation = PendingRelation(kind, subjects, link)
        self.said_of(subjects)
        self.pending_positions = []
        self.continue_clause()

    def end_relation(self) -> None:
        """What is known of the pending relation becomes facts."""
        relation, self.pending_relation = self.pending_relation, None
        if relation is not None and relation.objects:
            relate(self.reading, relation.kind, relation.subjects, relation.objects, relation.link)
            self.last = relation.objects[-1]

    def drop_empty_relation(self) -> None:
        """No other side of the pending relation came: "a cat left of, …"."""
        if self.pending_relation is not None and not self.pending_relation.objects:
            self.pending_relation = None

    def expect_at(self, spot: Place) -> None:
        """A position waits for the thing behind it: "on the left …"."""
        self.end_relation()
        self.clear_list()
        self.half = None
        self.pending_positions, self.positions_first = [spot], True
        self.begin_item("")

    def expect_said(self, said: Sequence[Token]) -> None:
        """Words that belong to the thing to come: "on the far wall there is …"."""
        first, *others = said
        self.words_first = (first.with_text(first.low), *others)

    def expect_related(self, kind: str, objects: list[Thing], link: str) -> None:
        """A relation to `objects` waits for the thing behind it: "above the table …"."""
        self.restart_list()
        self.pending_positions = [PendingRelation(kind, [], link, objects)]

    def look_for_panels(self) -> None:
        """A header or a label of panels is here; a prompt has one set of them."""
        self.has_panels = True

    # Tags, scene and style

    def end_tag(self, end: int) -> None:
        """A tag about someone ended before this index."""
        self.tag_end = end
        self.continue_clause()

    def share(self, start: int, end: int, alone: bool = False, rank: int = 0) -> None:
        """The words [start, end) are scene or style of this rank.

        Neighbours within brackets stay one piece, unless one is `alone`.
        """
        near = start - self.shared_start < MAX_LIST and self.shared_end == start - 1
        if near and self.words.kind(start - 1) == COMMA and self._in_one_bracket(start):
            # One piece, so that it keeps its brackets: "(oil painting, masterpiece)".
            rank = min(rank, self.reading.shared.pop().rank)
        else:
            self.shared_start = start
        text = render(self.words.tokens[self.shared_start : end])
        if text:
            self.reading.shared.append(Shared(text, rank))
        self.shared_end, self.in_scene = (_NOWHERE, False) if alone else (end, True)
        self.leave_start()
        self.drop_empty_relation()

    def _in_one_bracket(self, start: int) -> bool:
        """Whether brackets around the word at start are around the word before the comma too."""
        before, after = self.words.tokens[start - 2].groups, self.words.tokens[start].groups
        return any(group is other for group in before for other in after)

    def share_unknown(self, start: int, end: int) -> None:
        """The words [start, end) are in no list; they are taken for words of the whole picture."""
        self.share(start, end, rank=self.kinds.rank(""))
        self.unknown.append(render(self.words.tokens[start:end]))

    def remember(self, thing: Thing) -> None:
        """What was just shared names this, which the prompt may be about."""
        self.candidates.append((thing, self.reading.shared[-1]))

    def share_text(self, text: str) -> None:
        """Scene or style in words of our own: "blue background"."""
        self.reading.shared.append(Shared(text))
        self.in_scene = True


def _is_told_apart(listed: list[Thing], thing: Thing) -> bool:
    """Whether a thing has neither article nor number, as all things of a list before it have."""
    bare = not thing.determiners and thing.count == 1 and not is_animate(thing.noun)
    return bare and all(one.determiners or one.count > 1 for one in listed)
