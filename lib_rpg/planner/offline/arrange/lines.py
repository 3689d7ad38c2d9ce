"""Breaking a sequence of cells into lines, like words."""

from __future__ import annotations

from collections.abc import Sequence

MAX_COLUMNS = 4  # unordered cells side by side before they wrap to the next row
TALL = 0.75  # below this aspect unordered cells go one under the other
MIN_CELL_ASPECT = 0.25
# Of a row of cells as wide as the canvas in which nothing stands upright: two rows of two for "four cats".
MIN_WIDE_CELL_ASPECT = 1 / 3
WRAP = 1.5  # cost of separating things of one kind between two rows


def break_lines(
    rooms: Sequence[int], owners: Sequence[int], aspect: float, whole_width: bool, upright: bool = True
) -> list[list[int]]:
    """Break items into lines of a rectangle, evenly, and rather between kinds than within one.

    rooms: how many columns each item takes. owners: the kind that each belongs to. aspect: of the rectangle, width over
    height. whole_width: whether it is as wide as the canvas. upright: whether any of them may stand upright. Returns
    the items' numbers, line by line.
    """
    total = sum(rooms)
    if whole_width and aspect < TALL:
        count = total if total <= MAX_COLUMNS else -(-total // 2)
    else:
        least = MIN_CELL_ASPECT if upright or not whole_width else MIN_WIDE_CELL_ASPECT
        columns = max(1, min(MAX_COLUMNS, int(aspect / least + 1e-9)))
        count = -(-total // columns)
    return break_evenly(rooms, owners, min(count, len(rooms)))


def break_evenly(rooms: Sequence[int], owners: Sequence[int], count: int) -> list[list[int]]:
    """Break a sequence into `count` lines of nearly equal room, by dynamic programming."""
    n, ideal = len(rooms), sum(rooms) / count
    # Of the first `end` items in `line` lines: the least cost, and where the last of the lines starts.
    best = [[float("inf")] * (n + 1) for _ in range(count + 1)]
    start = [[0] * (n + 1) for _ in range(count + 1)]
    best[0][0] = 0.0
    for line in range(1, count + 1):
        for end in range(line, n + 1):
            room = 0
            for begin in range(end - 1, line - 2, -1):
                room += rooms[begin]
                apart = WRAP if begin and owners[begin] == owners[begin - 1] else 0.0
                # A little more for late long lines: the first rows take the odd cell.
                cost = best[line - 1][begin] + (room - ideal) ** 2 * (1 + line / 100) + apart
                if cost < best[line][end]:
                    best[line][end], start[line][end] = cost, begin
    lines: list[list[int]] = []
    end = n
    for line in range(count, 0, -1):
        lines.insert(0, list(range(start[line][end], end)))
        end = start[line][end]
    return lines
