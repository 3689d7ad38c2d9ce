"""The offline planner: from a prompt to a plan by rules alone, without a model, in milliseconds.

What the prompt excludes goes to the negative prompt; the rest is the base prompt. Every thing gets a cell and its own
words; up to six of one kind get a cell each, more share cells by count; things that touch (in a box, riding a horse)
share one. The scene and the style, which are nobody's own, are put behind every region's prompt as long as they are
short: a region outweighs the base prompt in its place, and would lose them otherwise. A region's prompt has no
words about its place. The plan's notes say what is guessed or left out. A prompt in another language than English is
one region.

Method "rpg" is that grid; "rag" gives each thing in it a tight box and words to draw it by itself, one for those
that touch; "lmd" makes each tight box a region of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lib_rpg.plan import Plan, Source
from lib_rpg.planner.base_ratio import ratio_of_kinds
from lib_rpg.planner.language.dialect import TAGS, dialect_of
from lib_rpg.planner.language.other_languages import language_of
from lib_rpg.planner.language.prompt_tokens import tokenise
from lib_rpg.planner.offline.base_prompt import base_prompt, words_to_read
from lib_rpg.planner.offline.cell_contents import kinds_of, place_things, shared_words
from lib_rpg.planner.offline.common_words import common_words
from lib_rpg.planner.offline.constraints import arrange_things
from lib_rpg.planner.offline.dialects import put_in_dialect
from lib_rpg.planner.offline.exclusions import exclude
from lib_rpg.planner.offline.foreign import english_words, unread
from lib_rpg.planner.offline.network_tags import give_tags
from lib_rpg.planner.offline.novelai_weights import rewrite_weights
from lib_rpg.planner.offline.parameters import split_parameters
from lib_rpg.planner.offline.reading.reader import read
from lib_rpg.planner.offline.reading.touching import join_touching
from lib_rpg.planner.offline.regions import background_of, binding_of, regions_of
from lib_rpg.planner.offline.tags.tag_kinds import TagKinds
from lib_rpg.planner.offline.typed_layout import has_typed_layout, plan_typed_layout
from lib_rpg.planner.offline.typed_marks import NOTE as MARKS_NOTE
from lib_rpg.planner.offline.typed_marks import rewrite_marks
from lib_rpg.planner.request import PlanRequest


def plan_offline(request: PlanRequest, kinds: TagKinds | None = None) -> Plan:
    """Plan a prompt by rules; `kinds` of tags, by default the built-in ones.

    Raises RpgError for what a Plan can't hold, such as NUL characters, and for a wrong layout of the prompt's own.
    """
    parameters = split_parameters(request.prompt)
    if parameters.typed:
        return _plan_without(request, parameters.prompt, parameters.note, kinds, parameters.excluded)
    weights = rewrite_weights(request.prompt)
    if weights.prompt != request.prompt:
        return _plan_without(request, weights.prompt, weights.note, kinds, weights.excluded)
    lines = rewrite_marks(request.prompt)
    if lines != request.prompt:
        return _plan_without(request, lines, MARKS_NOTE, kinds)
    if has_typed_layout(request.prompt):
        return plan_typed_layout(request, kinds)
    notes: list[str] = []
    tokens = tokenise(request.prompt)
    language = language_of(tokens)
    kept, excluded = (tokens, []) if language else exclude(tokens)
    if language:
        reading = unread(language)
    else:
        reading = read(english_words(words_to_read(kept), notes), dialect_of(request.prompt) == TAGS, kinds)
    free = request.method == "lmd"
    moved = give_tags(reading, kept, free)
    base = base_prompt(request.prompt, kept, excluded, moved, notes, common_words(kept, reading))
    put_in_dialect(reading, request)
    notes += reading.notes
    if request.method == "rag":
        join_touching(reading)
    placed = place_things(reading, notes)
    shared = shared_words(reading, sum(len(p.cells) for p in placed) > 1, notes)
    arrangement = arrange_things(reading, placed, request.width / request.height, notes)
    if request.picture is not None:
        notes.append("the picture was not used: the offline planner reads only words")
    regions = regions_of(request.method, arrangement, shared, base)
    binding = binding_of(request.method, regions)
    return Plan(
        prompt=request.prompt,
        base_prompt=base,
        base_ratio=ratio_of_kinds(kinds_of(placed), binding),
        negative_prompt=", ".join(dict.fromkeys(excluded)),
        layout="boxes" if free else "grid",
        split_ratio="" if free else arrangement.grid.to_text(),
        regions=regions,
        source=Source(planner="offline", notes=tuple(dict.fromkeys(notes))[:20]),
        binding=binding,
        bound_background=background_of(binding, reading, shared),
    )


def _plan_without(
    request: PlanRequest, prompt: str, note: str, kinds: TagKinds | None, excluded: Sequence[str] = ()
) -> Plan:
    """The plan of a prompt less its parameters, weights or marks, under the prompt as it was typed.

    prompt: what is left of it; note: what was done, for the plan's notes; excluded: for its negative prompt.
    """
    planned = plan_offline(replace(request, prompt=prompt), kinds)
    negative = [planned.negative_prompt, *excluded]
    return replace(
        planned,
        prompt=request.prompt,
        negative_prompt=", ".join(dict.fromkeys(filter(None, negative))),
        source=replace(planned.source, notes=(note, *planned.source.notes)[:20]),
    )
