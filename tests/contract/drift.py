"""How far the pictures of a host are from those of another, request by request: a table.

    python -m tests.contract.drift /path/to/webui /path/to/forge
    python -m tests.contract.drift /path/to/webui /path/to/classic --settings '{"skip_early_cond": 0.01}'

A line for each of the requests in `tests.contract.cases`: the largest difference of 255 in any pixel, and the share of
the pixels within 2; then the same of the request without its regions. Both hosts run at once. ``--settings`` are the
first one's: Classic never draws the first step with the negative prompt.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tests.contract import host as hosts
from tests.contract import recordings
from tests.contract.cases import cases, is_plain
from tests.contract.client import Client, HostError, share_within


def lines(first: Client, second: Client) -> Iterator[str]:
    """The table in Markdown, line by line as it is drawn."""
    yield "| request | largest | within 2 | without regions: largest | within 2 |"
    yield "|---|---|---|---|---|"
    for name, request in cases().items():
        drawn = " | " if is_plain(request) else _cells(first, second, request)
        others = {key: value for key, value in request.get("alwayson_scripts", {}).items() if key != "RPG"}
        yield f"| {name} | {drawn} | {_cells(first, second, {**request, 'alwayson_scripts': others})} |"


def _cells(first: Client, second: Client, request: dict[str, Any]) -> str:
    """How far the two hosts' pictures of a request are apart."""
    try:
        one, other = (recordings.draw(host, request).pixels for host in (first, second))
    except (HostError, pytest.skip.Exception) as error:
        return f"{str(error)[:80]} | "
    return f"{np.abs(one.astype(int) - other).max()} | {100 * share_within(one, other):.1f} %"


def main() -> None:
    """Start the hosts in the folders, and print their table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("first")
    parser.add_argument("second")
    parser.add_argument("--settings", type=json.loads, default={}, help="of the first host")
    args = parser.parse_args()
    with (
        hosts.start(args.first, doors=hosts.Doors(settings=args.settings, light=True)) as first,
        hosts.start(args.second, doors=hosts.Doors(light=True)) as second,
    ):
        for line in lines(first, second):
            print(line, flush=True)


if __name__ == "__main__":
    main()
