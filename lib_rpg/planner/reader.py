"""Reading a prompt from left to right: which things it names, with which words of their own, and how they stand.

The reader keeps what a sentence leaves open: the things listed so far ("a cat and a dog …"), a position or relation
that waits for the thing behind it ("on the left …"), and a relation that waits for its other side ("… left of").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product

from lib_rpg.planner import lexicon as lex
from lib_rpg.planner.phrases import (
    CONJUNCTIONS,
    PREPOSITIONS,
    RELATIVES,
    Noun,
    Ordering,
    Place,
    Relation,
    Words,
    X,
    Y,
    direction,
    is_adjective,
    is_animate,
    is_verb_form,
    noun,
    number,
    ordering,
    place,
    relation,
)
from lib_rpg.planner.reading import MAX_THINGS, Fact, Reading, Thing, name_of
from lib_rpg.planner.text import COLON, COMMA, STOP, WORD, Token, render

MAX_LIST = 40  # words of scene and style that stay one piece
VAGUE_COUNT = 3
_SCENE_PREPOSITIONS = lex.word_set(
    "at during against inside throughout amid amidst through across within along among outside into from near by "
    "beside under beneath over above after before in on around"
)
_STANDS_ON = lex.word_set("house castle church temple palace barn cabin cottage bridge path window")
_ORDINALS = lex.word_set("first second third fourth fifth sixth last")
_DUMMIES = lex.word_set("thing object one animal item figure shape something creature other")
_GENERIC_MEDIA = lex.word_set("scene view image picture still shot depiction")
_CLOTHED = lex.word_set("wearing dressed holding carrying")
_FREE_PREPOSITIONS = lex.word_set("of from to into through at for as like toward towards about via per")


@dataclass
class _Open:
    """A relation that waits for its other side."""

    kind: str
    subjects: list[Thing]
    link: str
    objects: list[Thing] = field(default_factory=list)


class Reader:
    """Reads one prompt; `read` is called once."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.words = Words(tokens)
        self.reading = Reading()
        self.chain: list[Thing] = []
        self.subjects: list[Thing] = []
        self.last: Thing | None = None
        self.previous: Thing | None = None
        self.join = ""
        self.last_join = ""
        self.fresh = True
        self.collective = False
        self.open: _Open | None = None
        self.prefix: list[Place | tuple[str, list[Thing], str]] = []
        self.prefix_style = False
        self.in_scene = False
        self.topic: Thing | None = None  # what "it" stands for
        self.shared_start = self.shared_end = -2
        self.sentence: list[Thing] = []
        self.orders: list[Ordering] = []
        self.tag_style = any(t.kind == WORD and t.low[:1].isdigit() and t.low[1:] in lex.PEOPLE for t in tokens)

    def read(self) -> Reading:
        """Everything that the prompt says."""
        i = 0
        while i < len(self.words):
            i = max(self._step(i), i + 1)
        self._end_relation()
        self._end_sentence()
        self._settle()
        return self.reading

    def _settle(self) -> None:
        """What only the whole prompt tells: what is background, and what names things that are told apart later."""
        reading = self.reading
        behind = [t for t in reading.things if t.behind]
        if len(behind) < len(reading.things):
            self._leave_out(behind)
            reading.shared += [f"{name_of(t)} in the background" for t in behind]
        for k, thing in enumerate(reading.things):
            # "two children, a boy … and a girl …" are two, not four.
            listed = reading.things[k + 1 :]
            kind = thing.noun in lex.KINDS and thing.count > 1 and not thing.members and not thing.parts
            if (
                kind
                and sum(t.count for t in listed) == thing.count
                and not any(thing in f.things for f in reading.facts)
            ):
                self._leave_out([thing])
                break

    def _leave_out(self, things: Sequence[Thing]) -> None:
        reading = self.reading
        reading.things = [t for t in reading.things if t not in things]
        reading.facts = [f for f in reading.facts if not any(t in things for t in f.things)]

    # --- one phrase ---------------------------------------------------------------------------------------------

    def _step(self, i: int) -> int:
        words, low, kind = self.words, self.words.low(i), self.words.kind(i)
        was_scene, self.in_scene = self.in_scene, False
        if kind == STOP:
            self._end_relation()
            if low.strip(".!?\n ") == "" and "." in low:
                self._end_sentence()
            self._new_clause()
            return i + 1
        if kind in (COMMA, COLON):
            if self.open is not None and self.open.objects and not self._wants_more():
                self._end_relation()
            self.join = ","
            self.fresh = True
            return i + 1
        if low in CONJUNCTIONS and low not in PREPOSITIONS and low != "with":
            if low in ("while", "whereas", "but", "then", "plus"):
                self._end_relation()
                self._new_clause()
            self.join = "and" if not (self.join == "," and self.fresh and low != "and") else self.join
            self.join = ", and" if self.join == "and" and words.kind(i - 1) == COMMA else self.join
            self.fresh = True
            return i + 1
        order = ordering(words, i)
        if order is not None:
            return self._order(order)
        end = self._style(i) or self._member(i)
        if end:
            return end
        end = self._verb(i) if self._acts(i) else self._predicate(i)
        if end:
            return end
        spot = place(words, i)
        if isinstance(spot, Place):
            return self._place(spot, i)
        if isinstance(spot, Relation):
            return self._relation(spot, i)
        end = self._scene(i, was_scene)
        if end:
            return end
        found = relation(words, i)
        if found is not None:
            return self._relation(found, i)
        if low == "with" or low in lex.HAVE:
            return self._with(i)
        if low in RELATIVES:
            return self._relative(i)
        finite = words.low(i + 1) in lex.PLAIN_VERBS or is_verb_form(words, i + 1, False)
        if low in ("both", "all") and (end := self._all_are(i + 1)):
            return end
        if low in ("both", "each", "all") and (finite or not words.is_open(i + 1)) and words.low(i + 1) != "the":
            self.collective = True
            self.fresh, self.join = (False, "") if finite else (self.fresh, self.join)
            return i + 1
        if low in lex.FILLERS and (self.fresh or low in ("please", "you", "me")) and not self._names_thing(i):
            return i + 1
        if low in lex.SHOW and (self.prefix or self.last is None):
            return i + 1
        if self.last is not None and kind == WORD and is_verb_form(words, i, False) and not self._bare_tag(i):
            return self._verb(i)
        if low in PREPOSITIONS and self.last is not None and low not in ("without",):
            return self._attribute(i, low)
        if low in lex.PRONOUNS:
            if low == "they":
                self._recall()
            self.fresh = False
            return i + 1
        phrase = noun(words, i)
        if phrase is not None:
            return self._noun(phrase)
        return i + 1

    def _recall(self) -> None:
        """ "they": those of one kind, or all who act."""
        if not self._told_apart() and self.last is not None and self.last.count == 1:
            self.chain = [thing for thing in self.reading.things if is_animate(thing.noun)]
            self.collective = len(self.chain) > 1

    def _names_thing(self, i: int) -> bool:
        return self.words.low(i) in lex.NUMBERS

    def _bare_tag(self, i: int) -> bool:
        """Whether the word at i starts a part of a list, where it is a name ("flying saucer") before a verb."""
        listed = self.fresh and self.join == "," and not self.tag_style
        return listed and (self.words.is_open(i + 1) or not self.words.low(i).endswith("ing"))

    # --- things -------------------------------------------------------------------------------------------------

    def _noun(self, phrase: Noun) -> int:
        words = self.words
        after = phrase.end
        if phrase.noun in lex.BACKDROPS or phrase.noun in ("background", "backdrop"):
            return self._backdrop(phrase)
        if self._is_tag(phrase):
            self._share(phrase.start, after)
            return after
        known = self._known(phrase)
        if known is not None:
            self._mention(known, after)
            if phrase.direction:
                self._put(known, Place(after, *phrase.direction))
            return after
        elliptic = self._elliptic(phrase)
        if elliptic is not None:
            self._add(self._make(phrase, elliptic), after)
            return after
        if self._is_setting(phrase):
            self._share(phrase.start, after)
            return after
        if self._is_part(phrase) and self.last is not None:
            comma = self.words.tokens[phrase.start - 1] if words.kind(phrase.start - 1) == COMMA else None
            tokens = words.tokens[phrase.start : after]
            self.last.after.append(tuple([comma, *tokens] if comma else tokens))
            self.fresh, self.join = False, ""
            return after
        self._add(self._make(phrase), after)
        if phrase.direction and self.last is not None:
            self._put(self.last, Place(after, *phrase.direction))
        return after

    def _make(self, phrase: Noun, borrowed: tuple[Token, ...] = ()) -> Thing:
        words = list(phrase.words)
        head = phrase.head
        count = phrase.count
        if borrowed:
            one = count is None or count == 1
            tail = list(borrowed)
            tail[-1] = tail[-1].with_text((lex.singular if one else lex.plural)(tail[-1].text))
            words += tail
            head = len(words) - 1
        vague = phrase.vague
        if count is None:
            many = lex.is_plural(words[head].low) and words[head].low not in lex.PAIRED
            vague = vague or (words[head].low if many and phrase.determiner not in lex.POSSESSIVES else "")
            count = VAGUE_COUNT if vague else 1
        one = self.words.low(phrase.start) == "one"
        return Thing(words, head, count, phrase.given, vague, phrase.array, one_of=one and count == 1)

    def _add(self, thing: Thing, after: int) -> None:
        if len(self.reading.things) >= MAX_THINGS:
            note = f"more than {MAX_THINGS} things are named; the rest stands in the base prompt only"
            if note not in self.reading.notes:
                self.reading.notes.append(note)
            return
        self.reading.things.append(thing)
        self.sentence.append(thing)
        self._mention(thing, after)

    def _mention(self, thing: Thing, after: int) -> None:
        """A thing, new or known, stands here: it takes the part that the sentence left open."""
        join, self.join, self.fresh, self.collective = self.join, "", False, False
        if thing is not self.last:
            self.previous, self.last = self.last, thing
        if self.open is not None:
            more = self._wants_more() or (join == "and" and not self._has_own(after))
            if not self.open.objects or more:
                self.open.objects.append(thing)
                return
            self._end_relation()
            self.previous, self.last = self.last, thing
        if self.prefix and self.chain and (join not in ("and", ", and") or self._has_own(after)):
            self.prefix = []
            self.chain = []
        if self.prefix:
            for waiting in self.prefix:
                if isinstance(waiting, Place):
                    self._put(thing, waiting)
                else:
                    self._relate(waiting[0], [thing], waiting[1], waiting[2])
            self.subjects = [*self.subjects, thing] if self.chain else [thing]
            self.chain = [*self.chain, thing]
            self.last_join = join
            return
        self.chain = [*self.chain, thing] if join else [thing]
        self.last_join = join

    def _has_own(self, after: int) -> bool:
        """Whether a position, a relation or a predicate of its own stands behind a thing."""
        words = self.words
        if words.kind(after) in (COMMA, COLON, STOP):
            return False
        found = relation(words, after)
        if found is not None and found.kind not in ("in", "on"):
            return True
        return place(words, after) is not None or words.low(after) in lex.BE

    def _known(self, phrase: Noun) -> Thing | None:
        """The thing that "the cat" or "the left girl" speaks of, if it was named before."""
        if phrase.determiner not in ("the", "this", "that", "these", "those", "both", "each"):
            return None
        said = {t.low for t in phrase.words[: phrase.head]}
        for thing in reversed(self.reading.things):
            if thing.noun != phrase.noun:
                continue
            own = {t.low for one in [thing, *thing.members] for t in one.words}
            own |= {t.low for one in [thing, *thing.members] for segment in one.after for t in segment}
            many = lex.is_plural(phrase.words[phrase.head].low)
            if said - own:
                continue
            if thing.count > 1 and not thing.vague and not many:
                matching = [m for m in thing.members if said and said <= {t.low for t in m.words}]
                return matching[0] if matching else self._next_member(thing)
            return thing
        return None

    def _next_member(self, group: Thing) -> Thing:
        members = group.split()
        group.told += 1
        return members[min(group.told, len(members)) - 1]

    def _elliptic(self, phrase: Noun) -> tuple[Token, ...] | None:
        """The noun that "a red and a blue car" leaves out of "a red"."""
        if phrase.bare or not all(is_adjective(t.low) for t in phrase.words):
            return None
        i = phrase.end
        for _ in range(8):
            if self.words.kind(i) != COMMA and self.words.low(i) != "and":
                return None
            while self.words.kind(i) == COMMA or self.words.low(i) == "and":
                i += 1
            following = noun(self.words, i)
            if following is None or following.bare or not is_adjective(following.words[0].low):
                return None
            tail = [k for k, t in enumerate(following.words) if not is_adjective(t.low) and t.low != "and"]
            if tail:
                return following.words[tail[0] : following.head + 1]
            i = following.end
        return None

    def _member(self, i: int) -> int:
        """ "one …", "the other …", "the left one …" of things of one kind: the end, or 0."""
        words = self.words
        group = next((t for t in reversed(self.reading.things) if t.count > 1 and not t.vague), None)
        if group is None or group.told >= group.count:
            return 0
        j = i + (words.low(i) == "the")
        spot: Place | None = None
        low = words.low(j)
        if low in ("one", "other", "another", "others") or (low in _ORDINALS and j > i):
            j += 1
            if low != "one" and words.low(j) in ("one", "two", "three") and low != "others":
                j += 1
        elif j > i:
            found = direction(words, j)
            if found is not None:
                j, spot = found[0], Place(found[0], *found[1])
            start = j
            while is_adjective(words.low(j)):
                j += 1
            if words.low(j) != "one":
                return 0
            behind = noun(words, j + 1) if words.is_open(j + 1) and not is_verb_form(words, j + 1, False) else None
            named = behind is not None and all(is_adjective(t.low) for t in behind.words)  # "the left one black"
            end, said = (behind.end, list(behind.words)) if behind is not None and named else (j + 1, [])
            return self._tell(group, end, [*words.tokens[start:j], *said], spot)
        elif (told := number(words, i)) and told[1] and told[1] > 1:
            rest = noun(words, told[0] + (words.low(told[0]) in lex.BE))
            if rest is None or not rest.bare or not all(is_adjective(t.low) for t in rest.words):
                return 0
            if self._elliptic(Noun(i, rest.end, (), rest.words, rest.head, told[1])) is not None:
                return 0
            for _ in range(min(told[1], group.count - group.told) - 1):
                member = self._next_member(group)
                self._describe(member, list(rest.words))
            return self._tell(group, rest.end, list(rest.words), None)
        else:
            return 0
        rest = noun(words, j) if words.is_open(j) and not is_verb_form(words, j, False) else None
        if rest is not None and rest.bare:
            if all(is_adjective(t.low) for t in rest.words):
                elliptic = Noun(i, rest.end, (), rest.words, rest.head, 1)
                if self._elliptic(elliptic) is None:
                    return self._tell(group, rest.end, list(rest.words), None)
                return 0
            if rest.noun != group.noun:
                return 0
            return self._tell(group, rest.end, [t for t in rest.words if is_adjective(t.low)], None)
        return self._tell(group, j, [], spot)

    def _tell(self, group: Thing, end: int, adjectives: list[Token], spot: Place | None) -> int:
        self._end_relation()
        member = self._next_member(group)
        self.chain = []
        self.prefix = [p for p in self.prefix if isinstance(p, Place)] if self.fresh else []
        self._describe(member, adjectives)
        self._mention(member, end)
        if spot is not None:
            self._put(member, spot)
        return end

    def _describe(self, thing: Thing, adjectives: Sequence[Token]) -> None:
        """Put adjectives in front of a thing's name."""
        fresh = [t for t in adjectives if t.low not in {w.low for w in thing.words} or t.low == "and"]
        if fresh:
            thing.words[:0] = fresh
            thing.head += len(fresh)
            for member in thing.members:
                self._describe(member, adjectives)

    def _told_apart(self, all_told: bool = True) -> list[Thing]:
        """The members of one kind, if the last thing is one of them (and each has been spoken of)."""
        for group in self.reading.things:
            if self.last in group.members and group.count > 1 and (group.count <= group.told or not all_told):
                return group.members
        return []

    def _listed(self) -> bool:
        return self.fresh and self.join in (",", ", and")

    def _differ(self, members: Sequence[Thing]) -> bool:
        """Whether a verb or position of its own would be the last member's alone, as the others have theirs."""

        def own(member: Thing) -> tuple[bool, bool]:
            starts = [t.low for segment in member.after for t in segment[:2]]
            acts = any(low.endswith("ing") and low not in _CLOTHED | lex.ING_NOUNS for low in starts)
            return acts, bool(member.parts) or any(member in fact.things for fact in self.reading.facts)

        last = own(members[-1])
        return any(theirs and not its for m in members[:-1] for theirs, its in zip(own(m), last, strict=True))

    def _acting(self, things: Sequence[Thing]) -> bool:
        return all(is_animate(thing.noun) for thing in things)

    def _told_again(self) -> bool:
        """Whether the chain tells again what its first thing named: "two children, a boy and a girl"."""
        kind, told = self.chain[:1], self.chain[1:]
        return len(told) > 1 and kind[0].noun in lex.KINDS and kind[0].count == sum(thing.count for thing in told)

    def _acts(self, i: int) -> bool:
        """Whether a verb of the things before stands at i: "…, one in red and one in blue, drink tea".

        What a plural verb or a verb behind the list speaks of is made the chain: those told apart, or those listed.
        """
        words, low = self.words, self.words.low(i)
        if self.last is None or self.prefix or words.kind(i) != WORD or words.low(i - 1) in ("others", "ones"):
            return False
        several = self._told_apart(all_told=low not in lex.PLAIN_VERBS)
        chain = several or self.chain
        if len(chain) < 2 and self.last.count < 2:
            return False
        are = low in ("are", "were")
        plain = low in lex.PLAIN_VERBS and words.low(i + 1) not in lex.SCENE_WORDS
        plain = plain and (low in lex.STATES or self._acting(chain or [self.last]))
        if self.fresh:
            # In a list of tags ("two girls, smile") a word such as this one is a noun.
            plain = plain and (bool(several) or self.collective or self._told_again())
        else:
            plain = plain and is_verb_form(words, i, False)
        doing = self._listed() and low.endswith("ing") and is_verb_form(words, i, False)
        doing = doing and words.low(i - 1) != "one" and words.low(i + 1) not in lex.AFTER_ING
        doing = doing and bool(several or (self._acting(chain) and self.last_join in ("and", ", and")))
        every = bool(several) and self._listed() and low in ("both", "all", "each")
        if several and (are or plain or ((doing or every) and not self._differ(several))):
            self._end_relation()
            self.chain, self.collective = list(several), True
        elif (plain or (doing and not several)) and len(chain) > 1:
            self.collective = True
        if (plain and chain) or doing or (are and several):
            self.fresh, self.join = False, self.join if self.join == "and" else ""
        return plain or doing

    # --- scene and style ----------------------------------------------------------------------------------------

    def _share(self, start: int, end: int, strip: bool = False) -> None:
        tokens = self.words.tokens[start:end]
        while strip and len(tokens) > 1 and tokens[0].low in lex.ARTICLES:
            tokens = tokens[1:]
        near = start - self.shared_start < MAX_LIST
        if near and self.shared_end == start - 1 and self.words.kind(start - 1) == COMMA and not strip:
            # Neighbours in a list stay one piece, within their brackets.
            self.reading.shared.pop()
            tokens = self.words.tokens[self.shared_start : end]
        else:
            self.shared_start = start
        self.shared_end = end
        text = render(tokens)
        if text:
            self.reading.shared.append(text)
        self.in_scene, self.fresh = True, False
        if self.open is not None and not self.open.objects:
            self.open = None

    def _style(self, i: int) -> int:
        """ "an oil painting of …" at the start: the end, or 0."""
        words = self.words
        if self.reading.things or (not self.fresh and words.low(i - 1) not in ("of", "is")):
            return 0
        j = i + (words.low(i) in lex.ARTICLES | lex.DEMONSTRATIVES)
        start = j
        while words.is_open(j) and words.low(j) not in lex.SHOW:
            j += 1
        if j == start or words.low(j - 1) not in lex.MEDIA:
            return 0
        of = words.low(j)
        if of not in ("of", "with", "showing", "depicting", "featuring", "where", "containing", "shows", "depicts"):
            if not (words.is_end(j) and words.low(j - 1) in _GENERIC_MEDIA and j - start == 1):
                return 0
        elif j - start > 1 or words.low(start) not in _GENERIC_MEDIA:
            self._share(start, j)
            self.shared_end = -2
            self.in_scene = False
        self.fresh, self.join = True, ""
        return max(j + (words.low(j) not in ("", ",", ".")), j) if of else j

    def _backdrop(self, phrase: Noun) -> int:
        words = self.words
        adjectives = noun(words, phrase.end + 1) if words.low(phrase.end) in lex.BE else None
        told = words.kind(phrase.end) == COLON and noun(words, phrase.end + 1)
        if adjectives is not None or told:
            said = adjectives or told
            assert isinstance(said, Noun)
            head = phrase.words[phrase.head]
            only = all(is_adjective(t.low) or t.low == "and" for t in said.words)
            text = (
                f"{render(said.words)} {head.low}"
                if only
                else f"{render([*said.given, *said.words])} in the {head.low}"
            )
            self.reading.shared.append(text)
            self.in_scene = True
            return said.end
        if len(phrase.words) > 1 or not phrase.given:
            self._share(phrase.start, phrase.end)
        return phrase.end

    def _is_tag(self, phrase: Noun) -> bool:
        """A bare word of a list about quality, style, place or time."""
        if not phrase.bare or self._has_own(phrase.end) or self.open is not None or self.prefix:
            return False
        lows = [t.low for t in phrase.words]
        ends = self.words.is_end(phrase.end) or self.words.low(phrase.end) == "and"
        if any(t.kind != WORD for t in phrase.words):
            return False
        if lows[-1] in lex.QUALITY_WORDS and (ends or all(w in lex.QUALITY_WORDS for w in lows)):
            return True
        if sum(w in lex.QUALITY_WORDS for w in lows) * 2 > len(lows):
            return True
        scenic = phrase.noun in lex.SCENE_WORDS or lows[-1] in lex.SCENE_WORDS
        listed = self.fresh and (self.join in ("", ",", "and", ", and"))
        return (scenic and ends and listed and not lex.is_plural(lows[-1])) or (
            scenic and ends and lows[-1] in lex.TIMES
        )

    def _is_setting(self, phrase: Noun) -> bool:
        """A place at the start of a prompt that holds the rest: "a living room with …", "a street, …"."""
        if phrase.noun not in lex.SCENE_WORDS or phrase.count not in (None, 1) or self.open or self.prefix:
            return False
        if self._has_own(phrase.end):
            return False
        end = phrase.end
        if self.words.low(end) in ("at", "in", "on", "during") and (time := noun(self.words, end + 1)):
            end = time.end if time.noun in lex.SCENE_WORDS else end
        if self.words.low(end) in ("with", "where", "containing", "featuring", "full"):
            return not self.reading.things and phrase.noun not in _STANDS_ON
        return phrase.noun not in lex.THINGLIKE_PLACES

    def _is_part(self, phrase: Noun) -> bool:
        """In a list of tags, something that the person before it has on."""
        if self.join != "," or not phrase.bare or self._has_own(phrase.end) or self.prefix or self.last is None:
            return False
        if self.tag_style:
            return True
        return (phrase.noun in lex.PARTS or phrase.words[phrase.head].low in lex.PARTS) and self.last.noun in lex.PEOPLE

    def _scene(self, i: int, was_scene: bool) -> int:
        """ "in a cafe", "at night", "under a starry sky", "in the style of …": the end, or 0."""
        words, low = self.words, self.words.low(i)
        if low not in _SCENE_PREPOSITIONS:
            return 0
        if low == "by" and words.low(i + 1) not in lex.DETERMINERS and words.is_open(i + 1):
            j = i + 1
            while not words.is_end(j):
                j += 1
            self._share(i, j)
            return j
        phrase = noun(words, i + 1)
        if phrase is None or (phrase.determiner in lex.POSSESSIVES and phrase.noun in lex.PARTS):
            return 0
        if self._known_name(phrase) or (self.prefix and self.last is not None and not self.fresh):
            return 0
        lows = [t.low for t in phrase.words]
        at_start = self.last is None or was_scene
        scenic = phrase.noun in lex.SCENE_WORDS or lows[phrase.head] in lex.SCENE_WORDS or phrase.noun in lex.BACKDROPS
        if phrase.noun == "style" or lows[-1:] == ["style"]:
            scenic = True
        elif low in ("under", "beneath", "over", "above", "around"):
            wet = low in ("under", "beneath") and phrase.noun in ("sea", "ocean", "water")
            scenic = wet or phrase.noun in lex.SKIES or lows[phrase.head] in lex.SKIES
        elif low in ("near", "by", "beside"):
            scenic = scenic and phrase.noun not in lex.THINGLIKE_PLACES - {"beach", "ocean", "sea"}
        elif low == "on":
            scenic = (scenic and phrase.noun not in _STANDS_ON) or (at_start and words.is_end(phrase.end))
        elif low in ("in", "at", "inside"):
            scenic = scenic or at_start
            if low in ("in", "at") and not scenic and phrase.noun not in lex.PARTS | lex.CONTAINERS:
                wide = len(self._targets()) > 1 or (self.last is not None and self.last.count > 1)
                worn = all(is_adjective(w) or w == "and" for w in lows)
                scenic = wide and not worn
        if not scenic or phrase.count not in (None, 1):
            return 0
        end = phrase.end
        if self._has_things_before_comma(end):
            return 0
        self._end_relation()
        self._share(i, end)
        return end

    def _has_things_before_comma(self, end: int) -> bool:
        """Whether what looks like a place is itself put somewhere ("a castle on the left")."""
        spot = place(self.words, end)
        return isinstance(spot, Relation) and self.last is None

    def _known_name(self, phrase: Noun) -> bool:
        names = {thing.noun for thing in self.reading.things}
        return phrase.determiner == "the" and phrase.noun in names

    # --- positions and relations --------------------------------------------------------------------------------

    def _targets(self) -> list[Thing]:
        """What a position or a relation at this place speaks of."""
        if self.open is not None and self.open.objects:
            # What is said of the thing that several sit on holds for them too.
            upon = self.open.kind == "above" and self.open.link.lower() in ("on", "upon", "onto")
            return [*(self.open.subjects if upon else ()), self.open.objects[-1]]
        several = self._told_apart() if self._listed() else []
        if several and not self._differ(several):
            return list(several)
        if self.collective:
            return self.chain or self.subjects or ([self.last] if self.last else [])
        if self.chain and not (self.fresh and self.subjects and self.prefix):
            return self.chain if self.last_join in ("and", ", and") else self.chain[-1:]
        if self.fresh and self.subjects:
            return self.subjects
        return [self.last] if self.last is not None else []

    def _behind(self, i: int) -> tuple[int, bool]:
        """Past "is", "there is", ":" or "," behind a position in front: the index, and whether a comma was there."""
        words, comma = self.words, False
        while i < len(words):
            low = words.low(i)
            if words.kind(i) == COMMA and not comma:
                comma = True
            elif not (
                words.kind(i) == COLON or low in lex.BE or low in lex.SHOW or low in ("there", "we", "you", "can")
            ):
                break
            i += 1
        return i, comma

    def _is_prefix(self, end: int) -> bool:
        if not self.fresh:
            return False
        j, comma = self._behind(end)
        if noun(self.words, j) is None or self.words.low(j) in ("respectively",):
            return False
        nothing = not self.reading.things
        if nothing or (j > end and not comma):
            return True
        return self.prefix_style if comma else True

    def _place(self, spot: Place, i: int) -> int:
        words, end = self.words, spot.end
        waiting: Place | None = spot
        if spot.canvas_of:
            scenery = noun(words, end + 1)
            if scenery is not None and (scenery.noun in lex.SCENE_WORDS or not self.reading.things):
                self._share(end + 1, scenery.end)
                end = scenery.end
            elif scenery is not None and self.last is not None:
                return self._relation(Relation(end + 1, "within"), i)
        if self._is_prefix(end):
            self._end_relation()
            self.prefix, self.prefix_style, self.chain, self.subjects = [spot], True, [], []
            self.fresh, self.join = True, ""
            return self._behind(end)[0]
        targets = self._targets()
        if self.open is not None:
            self._end_relation()
        if not targets:
            return end
        spots = [spot]
        while waiting is not None and (words.low(end) == "and" or words.kind(end) == COMMA):
            j = end + 1 + (words.kind(end) == COMMA and words.low(end + 1) == "and")
            following = place(words, j)
            waiting = following if isinstance(following, Place) else None
            if waiting is not None and noun(words, self._behind(waiting.end)[0]) is not None:
                respectively = words.low(waiting.end) == "respectively"
                waiting = waiting if respectively else None
            if waiting is not None:
                spots.append(waiting)
                end = waiting.end
        if len(spots) > 1:
            targets = [m for t in targets for m in (t.split() if t.count == len(spots) and not t.vague else [t])]
            if len(targets) != len(spots):
                self.reading.notes.append(
                    f"{len(spots)} positions are told for {len(targets)} things; the first is kept"
                )
        end += words.low(end) == "respectively"
        for k, thing in enumerate(targets):
            self._put(thing, spots[k] if len(spots) == len(targets) else spots[0])
        self.subjects, self.chain, self.fresh, self.join = targets, [], False, ""
        return end

    def _put(self, thing: Thing, spot: Place) -> None:
        facts = self.reading.facts
        if spot.ground:
            thing.behind = thing.behind or spot.ground == "background"
            return
        if (spot.x, spot.y) == (0, 0):
            facts.append(Fact("centre", (thing,)))
            return
        for axis, at in ((X, spot.x), (Y, spot.y)):
            if at is not None:
                facts.append(Fact("at", (thing,), axis, at))
                if spot.share is not None:
                    facts.append(Fact("share", (thing,), axis, share=spot.share))

    def _relation(self, found: Relation, i: int) -> int:
        words, kind, end = self.words, found.kind, found.end
        link = render(words.tokens[i:end])
        if found.referent:
            return self._beside_referent(found)
        alone = not words.is_open(end + 1) or words.low(end + 1) in lex.SHOW
        pronoun = words.low(end) in ("it", "them", "both", "him", "her", "these", "those") and alone
        if pronoun or words.starts(end, "each", "other"):
            return self._to_pronoun(kind, end, link)
        phrase = noun(words, end)
        if kind in ("in", "on"):
            return self._in_or_on(kind, i, end, phrase, link)
        if phrase is None:
            sides = {"above": -1, "below": 1}
            targets = self._targets()
            middle = [t for t in self.reading.things if t not in targets][-1:]
            if kind == "around" and targets and middle:
                self._end_relation()
                self._relate(kind, targets, middle, link)
                self.subjects, self.chain = targets, []
            if kind in sides and targets and (words.is_end(end) or words.low(end) in CONJUNCTIONS):
                for thing in targets:
                    self._put(thing, Place(end, None, sides[kind]))
                self.subjects, self.chain = targets, []
            return end
        if kind in ("around", "ringed") and phrase.count is None and phrase.bare and self.last is not None:
            return self._attribute(i, "around")
        front = [phrase]
        if kind == "between" and words.low(phrase.end) == "and" and (other := noun(words, phrase.end + 1)):
            front.append(other)
        if self._relation_in_front(front[-1]):
            self._end_relation()
            self.prefix, self.chain, self.subjects, objects = [], [], [], []
            for side in front:
                known = self._known(side)
                objects.append(known or self._make(side))
                if known is None:
                    self._add(objects[-1], side.end)
            self.chain, self.fresh, self.join, self.last = [], True, "", objects[-1]
            self.prefix = [(kind, objects, link)]
            return self._behind(front[-1].end)[0]
        targets = self._targets()
        if not targets:
            return end
        self._end_relation()
        self.open = _Open(kind, targets, link)
        self.subjects, self.chain, self.fresh, self.join, self.prefix = targets, [], False, "", []
        return end

    def _say_of(self, things: Sequence[Thing], segment: tuple[Token, ...]) -> None:
        for thing in things:
            for one in (thing, *thing.members) if segment else ():
                one.after.append(segment)

    def _relation_in_front(self, phrase: Noun) -> bool:
        """Whether the thing of the relation's near side comes behind it: "above the table hangs a lamp"."""
        words = self.words
        if not self.fresh:
            return False
        j = phrase.end
        if words.low(j) in lex.BE or words.low(j) in lex.SHOW or words.low(j) in lex.VERBS:
            while words.low(j) in lex.BE or words.low(j) in lex.SHOW or words.low(j) in lex.VERBS:
                j += 1
            found = noun(words, j)
            return found is not None and not found.bare
        if words.kind(j) == COMMA and (not self.reading.things or self.last is None or self.join == ""):
            found = noun(words, j + 1)
            return found is not None and not found.bare
        found = noun(words, j)
        return found is not None and not found.bare

    def _to_pronoun(self, kind: str, end: int, link: str) -> int:
        words = self.words
        pronoun = words.low(end)
        after = end + (2 if pronoun == "each" else 1)
        in_front = self.fresh and noun(words, self._behind(after)[0]) is not None
        subjects = [] if in_front else self._targets()
        before = [t for t in self.reading.things if t not in subjects and not any(t in s.members for s in subjects)]
        wanted = 2 if pronoun in ("both", "them", "these", "those") else 1
        if wanted == 2 and before and before[-1].count > 1:
            wanted = 1
        if wanted == 1 and self.topic is not None and self.topic in before:
            before = [self.topic]
        objects = before[-wanted:]
        self.topic = objects[0] if len(objects) == 1 else None
        self._end_relation()
        if pronoun == "each":
            chained = self.chain or subjects
            for a, b in pairwise(chained):
                self._relate(kind, [a], [b], link)
            return after
        if not objects:
            return after
        if in_front:
            self.prefix, self.chain, self.join = [(kind, objects, link)], [], ""
            return self._behind(after)[0]
        self._relate(kind, subjects, objects, link)
        self.subjects, self.chain, self.fresh = subjects, [], False
        return after

    def _beside_referent(self, found: Relation) -> int:
        """ "on her left": beside whoever was named before."""
        in_front = self._is_prefix(found.end)
        if in_front and self.last is not None:
            self._end_relation()
            self.prefix, self.chain, self.join = [(found.kind, [self.last], "beside")], [], ""
            return self._behind(found.end)[0]
        targets = self._targets()
        others = [t for t in self.reading.things if t not in targets]
        if self.previous is not None and self.previous in others:
            others = [self.previous]
        if targets and others:
            self._end_relation()
            self._relate(found.kind, targets, others[-1:], "beside")
            self.subjects, self.chain, self.fresh = targets, [], False
        return found.end

    def _in_or_on(self, kind: str, i: int, end: int, phrase: Noun | None, link: str) -> int:
        words = self.words
        targets = self._targets()
        if phrase is None or not targets:
            return end if phrase is not None else i + 1
        resting = words.low(i - 1) in lex.REST
        name = phrase.noun
        own = phrase.determiner in lex.POSSESSIVES or name in lex.PARTS
        many = len(targets) > 1 or targets[-1].count > 1
        if kind == "in":
            together = not own and (name in lex.CONTAINERS or self._known_name(phrase))
            if not together:
                return self._attribute(i, "in")
            self._end_relation()
            self.open = _Open("within", targets, link)
        else:
            if own or (phrase.bare and not lex.is_plural(phrase.words[phrase.head].low)):
                return self._attribute(i, "on")
            together = not many and (resting or name in lex.MOUNTS)
            self._end_relation()
            if together and resting and targets[0].after and words.tokens[i - 1] in targets[0].after[-1]:
                link = f"{render(targets[0].after.pop())} {link}"
            self.open = _Open("within" if together else "above", targets, link)
        self.subjects, self.chain, self.fresh, self.join, self.prefix = targets, [], False, "", []
        return end

    def _wants_more(self) -> bool:
        """Whether an open "between" still misses its second side."""
        if self.open is None or self.open.kind != "between":
            return False
        return len(self.open.objects) == 1 and self.open.objects[0].count == 1

    def _end_relation(self) -> None:
        relation_open, self.open = self.open, None
        if relation_open is not None and relation_open.objects:
            self._relate(relation_open.kind, relation_open.subjects, relation_open.objects, relation_open.link)
            self.last = relation_open.objects[-1]

    def _relate(self, kind: str, subjects: Sequence[Thing], objects: Sequence[Thing], link: str) -> None:
        facts = self.reading.facts
        subjects = [s for s in subjects if s not in objects]
        if not subjects or not objects:
            return
        if kind.split()[0] in ("left", "right", "above", "below"):
            for side, s, o in product(kind.split(), subjects, objects):
                pair = (s, o) if side in ("left", "above") else (o, s)
                facts.append(Fact("before", pair, X if side in ("left", "right") else Y))
        elif kind == "beside":
            facts.append(Fact("beside", (subjects[-1], objects[0])))
        elif kind == "between":
            sides = [m for o in objects for m in (o.split() if o.count == 2 and len(objects) == 1 else [o])]
            if len(sides) >= 2:
                facts += [Fact("between", (s, sides[0], sides[-1])) for s in subjects]
            else:
                facts.append(Fact("beside", (subjects[-1], sides[0])))
        elif kind in ("around", "ringed"):
            ring, middle = (subjects, objects) if kind == "around" else (objects, subjects)
            if link.lower().startswith("on ") and len(ring) == 1 and ring[0].count == 1:
                ring[0].count = 2
            around = [m for r in ring for m in (r.split() if r.count > 1 else [r])]
            facts.append(Fact("around", (middle[-1], *around)))
        else:
            self._put_together(subjects, objects, link)

    def _put_together(self, subjects: Sequence[Thing], objects: Sequence[Thing], link: str) -> None:
        host = subjects[0].root()
        for words, others in (("and", subjects[1:]), (link, objects)):
            for k, other in enumerate(others):
                guest = other.root()
                if guest is not host:
                    host.parts.append((words if k == 0 else "and", guest))
                    guest.host = host

    # --- what is said about a thing -----------------------------------------------------------------------------

    def _predicate(self, i: int) -> int:
        """ "is black", "are on the left": the end, or 0."""
        words = self.words
        if words.low(i) not in lex.BE:
            return 0
        end = i + 1
        while words.low(end) in ("both", "all", "also", "very", "each", "quite", "so", "really"):
            self.collective = self.collective or words.low(end) in ("both", "all", "each")
            end += 1
        self.collective = self.collective or (words.low(i) == "are" and len(self.chain) > 1)
        if self.prefix or self.last is None or place(words, end) or ordering(words, end) or relation(words, end):
            return end
        if is_verb_form(words, end, False) and words.kind(end) == WORD:
            return end
        phrase = noun(words, end)
        if phrase is None:
            return end
        targets = self._targets() if self.collective else [self.last]
        if phrase.bare:
            known = all(is_adjective(t.low) or t.low in ("and",) for t in phrase.words)
            for thing in targets:
                if known:
                    self._describe(thing, phrase.words)
                else:
                    thing.after.append(phrase.words)
            return phrase.end
        if len(targets) == 1 and targets[0].noun in _DUMMIES:
            targets[0].words, targets[0].head, targets[0].given = list(phrase.words), phrase.head, phrase.given
            return phrase.end
        return self._attribute(i, "is")

    def _all_are(self, i: int) -> int:
        """The end of the adjectives at i that are said of several (", both black"), or 0."""
        phrase = noun(self.words, i)
        said = phrase is not None and phrase.bare and all(is_adjective(t.low) or t.low == "and" for t in phrase.words)
        targets = self.chain or self._targets()
        if phrase is None or not said or not self.words.is_end(phrase.end):
            return 0
        for thing in targets:
            self._describe(thing, phrase.words)
        self.fresh, self.join, self.collective = False, "", True
        return phrase.end

    def _relative(self, i: int) -> int:
        words, after = self.words, self.words.low(i + 1)
        if after in lex.BE or after in lex.HAVE or after in lex.VERBS or self.last is None:
            return i + 1
        if words.is_open(i + 1):
            return self._attribute(i, "that")
        return i + 1

    def _with(self, i: int) -> int:
        words = self.words
        phrase = noun(words, i + 1)
        if phrase is None or self.last is None:
            return i + 1
        if phrase.noun in lex.BACKDROPS or self.in_scene:
            return i + 1
        spot = place(words, phrase.end)
        if isinstance(spot, Place) and (spot.x, spot.y) == (0, 0):
            # "a table with a vase in the middle": of the table
            self._attribute(i, "with")
            self.last.after[-1] = tuple(words.tokens[i : spot.end])
            return spot.end
        own = isinstance(spot, Place) or (isinstance(spot, Relation) and spot.referent)
        found = relation(words, phrase.end)
        own = own or (found is not None and found.kind not in ("in", "on", "around") and phrase.noun not in lex.PARTS)
        if own and phrase.noun not in lex.PARTS:
            self._end_relation()
            self.chain, self.join, self.prefix = [], "", []
            return i + 1
        return self._attribute(i, "with")

    def _verb(self, i: int) -> int:
        """A verb behind a thing, with its object; finite verbs take the form that a phrase needs."""
        low = self.words.low(i)
        form = lex.VERBS.get(low)
        token = self.words.tokens[i]
        self.words.tokens[i] = token.with_text(form) if form else token
        if self.join == "," and self.words.kind(i - 1) == COMMA and self.last is not None:
            self._say_of([self.last], (self.words.tokens[i - 1],))
        targets = self._targets() if self.collective else [self.last] if self.last is not None else []
        if self.words.low(i - 1) == "and" and targets and all(thing.after for thing in targets):
            self._say_of(targets, (self.words.tokens[i - 1],))
        return self._attribute(i, form or low)

    def _attribute(self, i: int, connector: str) -> int:
        """Words from i on belong to the thing before: a preposition or verb with what follows it."""
        words = self.words
        targets = self._targets() if self.collective else [self.last] if self.last is not None else []
        if self.open is not None and not self.open.objects:
            self.open = None
        tokens = words.tokens
        if words.low(i) in lex.HAVE and words.low(i) != "with":
            tokens = list(tokens)
            tokens[i] = tokens[i].with_text("with")
        end = i + 1
        if connector == "that":
            end += 1
        while words.low(end) in _FREE_PREPOSITIONS and not place(words, end) and connector not in ("with", "in", "on"):
            if words.low(end) == "at" and (time := noun(words, end + 1)) and time.noun in lex.TIMES:
                break
            end += 1
        for _ in range(12):
            if place(words, end) is not None:
                break
            phrase = noun(words, end)
            if phrase is None:
                break
            end = phrase.end
            end = self._more_of(connector, end)
            if words.low(end) in _FREE_PREPOSITIONS and place(words, end) is None and not self._is_scene_at(end):
                end += 1
                continue
            break
        segment = tuple(tokens[i:end])
        self._say_of(targets, segment)
        self.fresh, self.join = False, ""
        if not self.collective:
            self.chain = self.chain or ([self.last] if self.last and self.open is None else [])
        return end

    def _is_scene_at(self, i: int) -> bool:
        phrase = noun(self.words, i + 1)
        return phrase is not None and phrase.noun in lex.SCENE_WORDS

    def _more_of(self, connector: str, i: int) -> int:
        """Past further objects of a verb or preposition: "a sword and a shield", "red hair, blue eyes"."""
        words = self.words
        end = i
        for _ in range(12):
            j = end
            comma = words.kind(j) == COMMA
            if comma:
                j += 1
            conjunction = words.low(j) in ("and", "&")
            j += conjunction
            if j == end:
                break
            if words.low(j) in _CLOTHED and conjunction:
                j += 1
            elif words.low(j) in ("with", "in") and conjunction:
                listed = noun(words, j + 1)
                if listed is None or listed.noun not in lex.PARTS:
                    break
                j += 1
            if conjunction and (words.low(j) in lex.PLAIN_VERBS and connector.endswith("ing")):
                break
            phrase = noun(words, j)
            if phrase is None or phrase.noun in lex.PEOPLE or phrase.direction:
                break
            part = phrase.noun in lex.PARTS or phrase.words[phrase.head].low in lex.PARTS
            own = self._has_own(phrase.end) or words.low(phrase.end) in ("with", "wearing", "that", "holding")
            if own and not part:
                break
            worn = connector in _CLOTHED and (conjunction or part)
            if comma and not conjunction and not (part and phrase.bare):
                break
            if not (part or worn or (phrase.bare and conjunction and not comma and not self._is_scene_noun(phrase))):
                break
            if phrase.given and phrase.given[-1].low in ("the", "another"):
                break
            end = phrase.end
        return end

    def _is_scene_noun(self, phrase: Noun) -> bool:
        return phrase.noun in lex.SCENE_WORDS or phrase.words[-1].low in lex.QUALITY_WORDS

    # --- lists --------------------------------------------------------------------------------------------------

    def _order(self, order: Ordering) -> int:
        if order.strict:
            self.orders.append(order)
            self.fresh = True
            return order.end
        targets = self._targets()
        if len(targets) == 1 and targets[0].count > 1:
            targets[0].array = order.axis
        else:
            chain = self.chain or targets
            for a, b in pairwise(chain):
                self.reading.facts.append(Fact("before", (a, b), order.axis))
        return order.end

    def _end_sentence(self) -> None:
        for order in self.orders:
            listed = [t for t in self.sentence if t.host is None]
            if order.backwards:
                listed.reverse()
            if len(listed) == 1 and listed[0].count > 1 and not listed[0].members:
                listed[0].array = order.axis
            each = [m for thing in listed for m in thing.each()]
            self.reading.facts += [Fact("before", (a, b), order.axis) for a, b in pairwise(each)]
        self.orders, self.sentence, self.topic = [], [], None

    def _new_clause(self) -> None:
        self.chain, self.prefix, self.join, self.fresh = [], [], "", True
        self.subjects = []
        self.collective = False
