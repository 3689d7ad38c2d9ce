"""How far the pictures of a host are from those of another, request by request: a table.

    python -m tests.contract.drift /path/to/webui /path/to/forge
    python -m tests.contract.drift /path/to/webui /path/to/classic --settings '{"skip_early_cond": 0.01}'
    python -m tests.contract.drift /path/to/webui /path/to/neo --step 64
    python -m tests.contract.drift /path/to/webui --cfg 1.003

A line for each of the requests in `tests.contract.cases`: the largest difference of 255 in any pixel, and the share of
the pixels within 2; then the same of the request without its regions. Both hosts run at once. ``--settings`` are the
first one's: Classic never draws the first step with the negative prompt. ``--step`` rounds the sides up to its
multiples: Neo draws no others than those of 64. ``--cfg`` is a factor of the second one's CFG scale: with one host
alone, the table shows which pictures make much of a small difference.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import numpy as np
import pytest

from tests.contract import host as hosts
from tests.contract import recordings
from tests.contract.cases import cases, is_plain
from tests.contract.client import Client, HostError, share_within


def lines(first: Client, second: Client, step: int = 1, cfg: float = 1.0) -> Iterator[str]:
    """The table in Markdown, line by line as it is drawn.

    Pictures' sides are rounded up to multiples of ``step``; the second host draws with ``cfg`` times the CFG scale.
    """
    yield "| request | largest | within 2 | without regions: largest | within 2 |"
    yield "|---|---|---|---|---|"
    for name, request in cases().items():
        request = {**request, **{side: -(-request[side] // step) * step for side in ("width", "height")}}
        drawn = " | " if is_plain(request) else _cells(first, second, request, cfg)
        others = {key: value for key, value in request.get("alwayson_scripts", {}).items() if key != "RPG"}
        yield f"| {name} | {drawn} | {_cells(first, second, {**request, 'alwayson_scripts': others}, cfg)} |"


def _cells(first: Client, second: Client, request: dict[str, Any], cfg: float) -> str:
    """How far the two hosts' pictures of a request are apart."""
    try:
        one = recordings.draw(first, request).pixels
        other = recordings.draw(second, {**request, "cfg_scale": request["cfg_scale"] * cfg}).pixels
    except (HostError, pytest.skip.Exception) as error:
        return f"{str(error)[:80]} | "
    if one.shape != other.shape:
        return f"{one.shape[2]} x {one.shape[1]} and {other.shape[2]} x {other.shape[1]} | "
    return f"{np.abs(one.astype(int) - other).max()} | {100 * share_within(one, other):.1f} %"


def main() -> None:
    """Start the hosts in the folders, and print their table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("first")
    parser.add_argument("second", nargs="?", help="the first one itself if it is left out")
    parser.add_argument("--settings", type=json.loads, default={}, help="of the first host")
    parser.add_argument("--step", type=int, default=1, help="of the pictures' sides, in pixels")
    parser.add_argument("--cfg", type=float, default=1.0, help="of the second host's CFG scale")
    args = parser.parse_args()
    with ExitStack() as running:
        first = running.enter_context(hosts.start(args.first, doors=hosts.Doors(settings=args.settings, light=True)))
        second = (
            running.enter_context(hosts.start(args.second, doors=hosts.Doors(light=True))) if args.second else first
        )
        for line in lines(first, second, args.step, args.cfg):
            print(line, flush=True)


if __name__ == "__main__":
    main()
