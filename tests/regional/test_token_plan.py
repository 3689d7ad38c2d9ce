"""Token grids of layers, buckets and the maps from cores back to tokens."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lib_rpg.errors import RpgError
from lib_rpg.regional.grids import token_grid
from lib_rpg.regional.token_plan import build_token_plan
from tests.examples import examples
from tests.regional.reference import row_of


@pytest.mark.parametrize(
    ("height", "width", "tokens", "grid"),
    [
        (64, 64, 4096, (64, 64)),
        (64, 64, 64, (8, 8)),
        (72, 104, 9 * 13, (9, 13)),
        (104, 72, 26 * 18, (26, 18)),
        (65, 33, 33 * 17, (33, 17)),
        (65, 33, 9 * 5, (9, 5)),
        (96, 64, 72 * 48, (72, 48)),  # the feature map shrunk to 3/4
        (64, 64, 45 * 45, (45, 45)),  # and to 0.7, rounded
        (100, 60, 37 * 22, (37, 22)),
    ],
)
def test_token_grid(height, width, tokens, grid):
    assert token_grid(height, width, tokens) == grid


@given(st.integers(1, 300), st.integers(1, 300), st.integers(0, 5))
@settings(max_examples=examples(300))
def test_token_grid_of_every_level(height, width, level):
    h, w = math.ceil(height / 2**level), math.ceil(width / 2**level)
    found = token_grid(height, width, h * w)
    assert found == (h, w)


@pytest.mark.parametrize(("height", "width", "tokens"), [(64, 64, 4095), (64, 64, 4099), (96, 64, 64 * 64 + 1)])
def test_no_grid_is_said_in_words(height, width, tokens):
    with pytest.raises(
        RpgError, match=rf"{tokens} tokens, which do not form a grid of the shape of the {width}x{height}"
    ):
        token_grid(height, width, tokens)


@st.composite
def region_maps(draw):
    """Rows of (h, w) weight maps with any coverage, up to four deep, and context lengths."""
    h, w = draw(st.integers(1, 7)), draw(st.integers(1, 7))
    rows = []
    for position in sorted(draw(st.sets(st.integers(0, 4), min_size=1, max_size=3))):
        count = draw(st.integers(1, 4))
        raw = draw(st.lists(st.integers(0, 2), min_size=count * h * w, max_size=count * h * w))
        maps = torch.tensor(raw, dtype=torch.float32).view(count, h, w)
        maps = maps / maps.sum(0).clamp(min=1) * draw(st.sampled_from([0.0, 0.25, 1.0]))
        lengths = draw(st.lists(st.sampled_from([2, 3]), min_size=count, max_size=count))
        rows.append((position, maps, [torch.zeros(length, 1) for length in lengths]))
    return h, w, rows


@given(region_maps())
@settings(max_examples=examples(200))
def test_the_plan_says_what_the_weights_say(case):
    """Following the indices through buckets and spans gives back every weight of every region at every token."""
    h, w, rows = case
    tokens = h * w
    plan = build_token_plan(
        [(position, row_of(contexts, lambda h, w, maps=maps: maps)) for position, maps, contexts in rows],
        h,
        w,
    )

    owners, queries = [], []
    for bucket in plan.buckets:
        assert len({len(text.context) for text in bucket.texts}) == 1
        assert len(bucket.queries) % len(bucket.texts) == 0
        padded = len(bucket.queries) // len(bucket.texts)
        owners += [text.context.data_ptr() for text in bucket.texts for _ in range(padded)]
        queries += bucket.queries.tolist()

    found: dict[tuple[int, int, int], float] = {}
    base = dict.fromkeys(((position, t) for position, _, _ in rows for t in range(tokens)), 1.0)
    for span in plan.spans:
        positions = range(span.rows.start, span.rows.stop)
        assert span.pool.shape[1] == len(positions) * tokens
        for place, (position, token) in enumerate((p, t) for p in positions for t in range(tokens)):
            base[position, token] = span.base[place].item()
            for slot in range(len(span.pool)):
                weight = span.weights[slot, place].item()
                if weight:
                    core = span.pool[slot, place].item()
                    assert queries[core] == position * tokens + token
                    found[position, token, owners[core]] = weight

    wanted = {
        (position, token, context.data_ptr()): maps.flatten(1)[region, token].item()
        for position, maps, contexts in rows
        for region, context in enumerate(contexts)
        for token in range(tokens)
        if maps.flatten(1)[region, token]
    }
    assert found == wanted
    for position, maps, _ in rows:
        for token in range(tokens):
            assert base[position, token] == pytest.approx(1 - maps.flatten(1)[:, token].sum().item(), abs=1e-6)


def test_padding_is_bounded_and_calls_are_few():
    """Sixteen near-equal cells are one attention call; one large region and many small ones are not padded alike."""

    def plan_of(sizes: list[int]):
        bounds = torch.tensor([0, *sizes]).cumsum(0)
        maps = torch.zeros(len(sizes), 1, int(bounds[-1]))
        for region in range(len(sizes)):
            maps[region, 0, bounds[region] : bounds[region + 1]] = 1
        row = row_of([torch.zeros(77, 1) for _ in sizes], lambda h, w: maps)
        return build_token_plan([(0, row)], 1, int(bounds[-1]))

    assert len(plan_of([144, 150] * 8).buckets) == 1
    uneven = plan_of([2048, *[130] * 15])
    assert len(uneven.buckets) == 2
    assert sum(len(bucket.queries) for bucket in uneven.buckets) == 2048 + 15 * 130
    for sizes in ([7, 90, 300, 1000, 20, 4000], list(range(1, 200, 9))):
        listed = sum(len(bucket.queries) for bucket in plan_of(sizes).buckets)
        assert sum(sizes) <= listed <= 1.25 * sum(sizes) + 32 * len(plan_of(sizes).buckets)


def test_rows_that_share_a_context_share_its_keys_and_values():
    contexts = (torch.zeros(77, 1), torch.zeros(77, 1))
    maps = torch.zeros(2, 2, 4)
    maps[0, :, :2] = maps[1, :, 2:] = 1
    row = row_of(contexts, lambda h, w: maps)
    plan = build_token_plan([(0, row), (1, row), (2, row)], 2, 4)
    (bucket,) = plan.buckets
    assert len(bucket.texts) == 2
    assert len(bucket.queries) == 3 * 8
