"""Reads the panels of a comic, a grid of pictures, a triptych or a split screen: each is a cell with its own words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural
from lib_rpg.planner.language.prompt_tokens import COLON, COMMA, COMMA_TOKEN, STOP, Token, render
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import PERSON, class_of, is_adjective, is_animate
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.numbers import count_tag
from lib_rpg.planner.offline.grammar.orderings import Y, ordering
from lib_rpg.planner.offline.grammar.panels import (
    HALVES,
    PANELS,
    Header,
    Label,
    depicts,
    grid_size,
    header,
    label,
    mentions_panels,
    names_grid,
)
from lib_rpg.planner.offline.grammar.places import place
from lib_rpg.planner.offline.grammar.positions import Place
from lib_rpg.planner.offline.reading.facts import place_at
from lib_rpg.planner.offline.reading.grids import take_grid
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.series import is_series, lay_out, take_series_in_panels
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.things_made import make_thing
from lib_rpg.planner.offline.tags.tag_kinds import PERSONAL, built_in

_STYLES = ("comic", "manga", "cartoon", "watercolor", "photo")  # what a header says of each panel
_SIDES = lex.word_set("half side panel")
_DRESSED = lex.word_set("in with wearing")
_MAX_WORDS = 300  # of all panels
_DOING = ("pose", "expression", "held")  # what someone does or how they look, from one panel to the next


class _Span(NamedTuple):
    """The words [start, end) of a panel, and its label."""

    start: int
    end: int
    label: Label | None = None


def take_panels(state: State, i: int) -> int:
    """A header with its panels, or panels with labels: the end, or 0."""
    words = state.words
    if size := grid_size(words, i):
        return take_grid(state, i, i + 4, *size)
    if state.has_panels or not words.is_end(i - 1) or not words.once(mentions_panels, 0):
        return 0
    found = _header(words, i)
    halves = found is not None or depicts(words, i)
    if not halves and label(words, i) is None:
        return 0
    state.look_for_panels()
    start = found.end if found is not None else i
    if found is not None and is_series(state, start):
        state.begin_clause()
        return take_series_in_panels(state, start, found.panels, found.columns) or start
    first = _first_label(words, start) if found is not None else start
    spans = _labelled(words, first, HALVES if halves else PANELS)
    if found is not None and first > start and len(spans) > 1:
        subject = _take_subject(state, start, first)
        _lay_out(state, [_panel(words.tokens[span.start : span.end], subject) for span in spans], spans, found)
        return max(span.end for span in spans)
    if len(spans) < 2:
        spans = _unlabelled(words, found) if found is not None else []
        if spans and all(_says_where(words, span) for span in spans):
            state.begin_clause()
            return start  # "an image split in half, a desert on the left, a jungle on the right"
    if not spans and found is not None:
        rows = found.panels // found.columns if names_grid(words, found) else 0
        take_grid(state, found.start, found.said, found.columns, rows)  # "a 2x2 grid of red apples"
        return found.topic.start if found.topic is not None else start
    if not spans:
        return 0
    _take_spans(state, spans, found)
    return max(span.end for span in spans)


def _header(words: Words, i: int) -> Header | None:
    """ "4koma, 2x2 panels": the header at i; where two of as many panels follow each other, the second one."""
    found = header(words, i)
    again = header(words, found.end) if found is not None and words.is_end(found.end - 1) else None
    if found is not None and again is not None and again.panels == found.panels:
        return replace(again, start=found.start)
    orders = (ordering(words, k) for k in range(found.start, found.end)) if found is not None else iter(())
    order = next((one for one in orders if one is not None and one.strict), None)
    if found is None or order is None:
        return found
    return replace(found, columns=1 if order.axis == Y else found.panels)  # "four panels from left to right, …"


def _take_spans(state: State, spans: Sequence[_Span], found: Header | None) -> None:
    topic = found.topic if found is not None else None
    if topic is not None and _say_of_topic(state.words, topic, spans):
        shown = _panel(state.words.tokens[topic.start : topic.end], None)
        _lay_out(state, [_panel(state.words.tokens[span.start : span.end], shown) for span in spans], spans, found)
        return
    first = _panel(state.words.tokens[spans[0].start : spans[0].end], None)
    subject = first if found is not None and len(spans) > found.panels else None
    things = [_panel(state.words.tokens[span.start : span.end], subject) for span in spans[1:]]
    things[:0] = [] if subject is not None else [first]
    if topic is not None:
        _name_ones(things, topic)
    _lay_out(state, things, spans, found)


def _name_ones(things: Sequence[Thing], topic: Noun) -> None:
    """ "a split screen of two kitchens: the top half shows a tidy one": a kitchen."""
    for thing in things:
        if thing.noun == "one":
            thing.words[thing.head] = topic.words[topic.head].with_text(topic.noun)


def _lay_out(state: State, things: Sequence[Thing], spans: Sequence[_Span], found: Header | None) -> None:
    """Give each panel its cell: where its label says, or else in rows."""
    for k in range(found.start, found.said) if found is not None else ():
        if state.words.low(k) in _STYLES:
            state.share(k, k + 1, alone=True)
    for thing, span in zip(things, spans[len(spans) - len(things) :], strict=True):
        if span.label is not None and span.label.said:
            thing.trailing.append((COMMA_TOKEN, *span.label.said))
        state.begin_clause()
        state.add_thing(thing, max(span.end for span in spans))
    state.begin_clause()
    _adopt_counted(state, things)
    places = [span.label.spot if span.label is not None else None for span in spans]
    if any(places):
        for thing, spot in zip(things, places, strict=False):
            if spot is not None:
                place_at(state.reading, thing, spot)
        return
    columns = found.columns if found is not None and found.panels == len(things) else len(things)
    lay_out(state.reading, [things[k : k + columns] for k in range(0, len(things), columns)])


def _adopt_counted(state: State, things: Sequence[Thing]) -> None:
    """ "2girls, split screen, left side angel girl, right side demon girl": the two who were counted are these."""
    group = next((one for one in state.people.groups if one.count == len(things) and not one.members_named), None)
    if group is None or not all(class_of(thing.noun) == PERSON for thing in things) or group.cellmates:
        return
    for thing in things:
        thing.tag = group.tag
    state.people.groups = list(things)
    state.reading.leave_out([group])


def _first_label(words: Words, start: int) -> int:
    """Where the labels begin: "2koma, 1boy, top panel: sleeping, bottom panel: running"; `start` if nowhere."""
    ends = (k for k in range(start, len(words)) if words.is_end(k - 1))
    return next((k for k in ends if (mark := label(words, k, HALVES)) and _is_mark(words, k, mark)), start)


def _is_mark(words: Words, i: int, mark: Label) -> bool:
    """Whether a label is at i, which may begin a sentence: "In the left panel the harbour lies in a milky dawn"."""
    sentence = words.kind(i - 1) == STOP and mark.spot is not None
    side = mark.spot is not None and words.low(mark.end - 1) in _SIDES and words.is_open(mark.end)
    return side or _opens(words, mark.end) or (sentence and any(words.low(k) in PANELS for k in range(i, mark.end)))


def _opens(words: Words, i: int) -> bool:
    """Whether what a panel shows starts at i, behind its label: ":", or "left half in a school uniform", "… green"."""
    shown = words.low(i) in _DRESSED or is_adjective(words.low(i))
    return words.kind(i - 1) == COLON or (words.low(i - 1) in _SIDES and shown)


def _take_subject(state: State, start: int, end: int) -> Thing | None:
    """Whom all panels are about, in front of the labels; what is of the whole picture is shared."""
    said: list[Token] = []
    for span in _split(state.words, start, (STOP, COMMA)):
        if span.end > end:
            break
        if _is_shared(state.words, span):
            state.share(span.start, span.end, alone=True)
        else:
            said += [COMMA_TOKEN, *state.words.tokens[span.start : span.end]]
    return _panel(said[1:], None) if said else None


def _panel(tokens: Sequence[Token], subject: Thing | None) -> Thing:
    """A panel's words as one thing in one cell; `subject`: whom they are about, where they do not name it."""
    if subject is not None:
        name = list(subject.words)
        goes_on = not subject.tag and tokens and (tokens[0].low in PREPOSITIONS or tokens[0].low.endswith("ing"))
        said = tuple(tokens) if goes_on else (COMMA_TOKEN, *tokens)  # "a ballerina leaping", "a lighthouse, calm sea"
        trailing = [*subject.trailing, said]
        return Thing(name, subject.head, 1, subject.determiners, trailing=trailing, panel=True, tag=subject.tag)
    words = Words(tokens)
    phrase = noun(words, 0)
    if phrase is None:
        return Thing(list(tokens), len(tokens) - 1, 1, panel=True)
    # "a cat wakes up": what follows who acts is no name.
    actor = next((k for k, token in enumerate(phrase.words) if is_animate(token.low)), len(phrase.words) - 1)
    said = (*phrase.words[actor + 1 :], *tokens[phrase.end :])
    named = replace(phrase, words=phrase.words[: actor + 1], head=min(actor, phrase.head))
    return replace(make_thing(words, named), trailing=[said] if said else [], panel=True)


# Where the panels are


def _labelled(words: Words, start: int, ends: frozenset[str]) -> list[_Span]:
    """Panels with labels: "panel 1: a cat, panel 2: a dog", "on the left panel a seed, in the middle panel …"."""
    if label(words, start, ends) is None:
        return []
    labels = [(k, found) for k in range(start, len(words)) if (found := label(words, k, ends)) is not None]
    starts = [k for k, _ in labels[1:]]
    spans = [
        _Span(found.end, _trimmed(words, found.end, end), found)
        for (_, found), end in zip(labels, starts, strict=False)
    ]
    begin, last = labels[-1]
    end = _sentence_end(words, last.end) if words.kind(begin - 1) == STOP else 0
    spans.append(_Span(last.end, end or _pieces_end(words, last.end), last))
    return spans if all(span.end > span.start for span in spans) else []


def _sentence_end(words: Words, i: int) -> int:
    """The end of a sentence with another one behind it; 0 for the last one, which can end in words of style."""
    while words.kind(i) != STOP:
        i += 1
    return i if i + 1 < len(words) else 0


def _unlabelled(words: Words, found: Header) -> list[_Span]:
    """So many pieces as there are panels: sentences, or pieces between commas."""
    sentences = [span for span in _split(words, found.end, (STOP,)) if not _is_shared(words, span)]
    if len(sentences) >= found.panels:
        return sentences[: found.panels]
    pieces = _split(words, found.end, (STOP, COMMA))
    own = [span for span in pieces if not _is_shared(words, span)]
    if len(own) < found.panels:
        own = [part for span in own for part in _at_and(words, span)]
    if told := _told_of_counted(words, own, found.panels):
        return told
    if any(words.starts(span.start, "the", "other") for span in own):
        return []  # "2girls, split screen, one girl with a hoodie, the other with a dress"
    named = [span for span in own if _is_named(words, span)]
    if len(named) >= found.panels:
        return _extended(words, named[: found.panels], named[found.panels :])
    if found.listed and len(pieces) == found.panels - 1 and (parted := _parted_at_and(words, pieces[-1])):
        return [*pieces[:-1], *parted]  # "…, hungry, confused and proud"
    if found.listed:
        return pieces[: found.panels] if len(pieces) >= found.panels else []
    if len(own) == found.panels:
        return own
    if len(own) == found.panels + 1 and all(_is_doing(words, span) for span in own[1:]):
        return own  # "4 panel comic, 1girl, waking up, eating, drinking, sleeping"
    return []


def _told_of_counted(words: Words, own: Sequence[_Span], panels: int) -> list[_Span]:
    """ "1boy, blond hair, boy cooks, boy eats, …": who is counted, with their looks, and what they do in each panel."""
    counted = count_tag(words.low(own[0].start)) if own else None
    if counted is None or counted[0] != 1:
        return []
    told = [span for span in own[1:] if words.low(span.start) == counted[1] and span.end > span.start + 1]
    return [_Span(own[0].start, told[0].start - 1), *told] if len(told) == panels else []


def _split(words: Words, start: int, kinds: tuple[str, ...]) -> list[_Span]:
    spans, begin = [], start
    for k in range(start, min(len(words), start + _MAX_WORDS) + 1):
        if k == len(words) or words.kind(k) in kinds:
            if k > begin:
                spans.append(_Span(begin, k))
            begin = k + 1
    return [_Span(span.start + (words.low(span.start) in ("and", "then")), span.end) for span in spans]


def _at_and(words: Words, span: _Span) -> list[_Span]:
    """ "a sapling and an oak" as two."""
    for k in range(span.start + 1, span.end - 1):
        if words.low(k) == "and" and words.low(k + 1) in lex.ARTICLES:
            return [_Span(span.start, k), *_at_and(words, _Span(k + 1, span.end))]
    return [span]


def _parted_at_and(words: Words, span: _Span) -> list[_Span]:
    """ "confused and proud" as two; none where no "and" is in it."""
    at = next((k for k in range(span.start + 1, span.end - 1) if words.low(k) == "and"), 0)
    return [_Span(span.start, at), _Span(at + 1, span.end)] if at else []


def _extended(words: Words, named: Sequence[_Span], more: Sequence[_Span]) -> list[_Span]:
    """Each up to the next, as what stands between is said of it; the last up to what is of the whole picture."""
    ends = [_trimmed(words, one.start, following.start) for one, following in pairwise(named)]
    last = named[-1]
    limit = more[0].start if more else len(words)
    ends.append(_trimmed(words, last.start, min(max(_pieces_end(words, last.start), last.end), limit)))
    return [_Span(span.start, end) for span, end in zip(named, ends, strict=True)]


def _pieces_end(words: Words, start: int) -> int:
    """The end of the pieces from start on that are not of the whole picture, within the sentence."""
    end = start
    while words.kind(end) != STOP:
        piece = end
        while words.kind(end) not in (COMMA, STOP):
            end += 1
        if piece > start and _is_shared(words, _Span(piece, end)) and not _names_someone(words, end):
            return piece - 1
        if words.kind(end) == COMMA:
            end += 1
    return _trimmed(words, start, end)


def _names_someone(words: Words, i: int) -> bool:
    """ "right side: a village, candlelight, a peasant woman": whether the next piece names someone."""
    phrase = noun(words, i + 1) if words.kind(i) == COMMA else None
    return phrase is not None and is_animate(phrase.noun) and words.is_end(phrase.end)


def _trimmed(words: Words, start: int, end: int) -> int:
    while end > start and (words.kind(end - 1) in (COMMA, STOP) or words.low(end - 1) in ("and", "then")):
        end -= 1
    return end


def _kind(words: Words, span: _Span) -> str:
    text = render(words.tokens[span.start : span.end]).lower()
    return built_in().of_whole(text) or built_in().of_part(text)


def _is_shared(words: Words, span: _Span) -> bool:
    """Whether the piece is quality, style and the like, of the whole picture."""
    kind = _kind(words, span)
    return bool(kind) and kind not in (*PERSONAL, "count")


def _is_named(words: Words, span: _Span) -> bool:
    """Whether the piece names someone or something with an article, a number or a count tag."""
    phrase = noun(words, span.start)
    return phrase is not None and not phrase.bare


def _say_of_topic(words: Words, topic: Noun, spans: Sequence[_Span]) -> bool:
    """Whether the pieces say how one thing is, and name nothing: "leaping", "at dawn", "young", "calm sea"."""
    if topic.count not in (None, 1) or is_plural(topic.words[topic.head].low):
        return False
    phrases = [noun(words, span.start) for span in spans]
    named = any(phrase is not None and (not phrase.bare or phrase.noun == topic.noun) for phrase in phrases)
    return not named and topic.noun not in lex.KINDS


def _says_where(words: Words, span: _Span) -> bool:
    """Whether a place on the canvas ends the piece, or a side begins it: "on one side a forest with a fox"."""
    if words.starts(span.start, "on", "one", "side") or words.starts(span.start, "on", "the", "other"):
        return True
    places = (place(words, k) for k in range(span.start + 1, span.end))
    return any(isinstance(spot, Place) and spot.end == span.end for spot in places)


def _is_doing(words: Words, span: _Span) -> bool:
    return words.low(span.start).endswith("ing") or _kind(words, span) in _DOING
