"""The tables of `bench pictures`, and a page to look through its pictures."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from statistics import median
from typing import Any
from urllib.parse import quote

from sandbox.bench.picture_scores import Detection
from sandbox.bench.picture_store import Result
from sandbox.bench.picture_tasks import PictureTask

Z = 1.959964
"""Standard deviations to each side of the mean that hold 95 % of a normal distribution."""
COLUMNS = ("prompts", "right", "share", "low", "high", "seconds", "peak_mib", "unscored", "failed")


def wilson(right: int, number: int) -> tuple[float, float]:
    """The 95 % interval of a share by Wilson's score, the whole of 0 to 1 for no picture."""
    if not number:
        return 0.0, 1.0
    share, z2 = right / number, Z * Z / number
    middle = (share + z2 / 2) / (1 + z2)
    half = Z * math.sqrt(share * (1 - share) / number + z2 / (4 * number)) / (1 + z2)
    return max(0.0, middle - half), min(1.0, middle + half)


def rows(
    results: Sequence[Result], failed: Mapping[tuple[str, str], int], methods: Sequence[str], tasks: Sequence[str]
) -> list[dict[str, Any]]:
    """For each task, and for all, a row for each method.

    ``prompts`` are those that could be scored, ``share`` the right ones of them, ``low`` and ``high`` its 95 %
    interval; ``unscored`` were drawn and have no rule that the detector can apply. ``failed`` (counts by task and
    method) were not drawn. ``seconds`` and ``peak_mib``: medians of a picture; the peak is None where none is told.
    """
    table = []
    for task in (*tasks, "all"):
        for method in methods:
            mine = [r for r in results if r.method == method and task in (r.task, "all")]
            lost = sum(n for (name, by), n in failed.items() if by == method and task in (name, "all"))
            table.append({"method": method, "task": task} | _measured(mine) | {"failed": lost})
    return table


def _measured(mine: Sequence[Result]) -> dict[str, Any]:
    scored = [result for result in mine if result.right is not None]
    right = sum(bool(result.right) for result in scored)
    low, high = wilson(right, len(scored))
    peaks = [result.peak_mib for result in mine if result.peak_mib is not None]
    return {
        "prompts": len(scored),
        "right": right,
        "share": right / len(scored) if scored else None,
        "low": round(low, 4),
        "high": round(high, 4),
        "seconds": round(median(result.seconds for result in mine), 3) if mine else None,
        "peak_mib": round(median(peaks), 1) if peaks else None,
        "unscored": len(mine) - len(scored),
        "scorer": mine[0].scorer if mine else None,
    }


def table_text(table: Sequence[Mapping[str, Any]]) -> str:
    """One table for each task."""
    lines = []
    for task in dict.fromkeys(row["task"] for row in table):
        lines.append(f"{task:22}{'prompts':>8}{'right':>7}{'share':>8}{'95 %':>15}{'seconds':>9}{'peak MiB':>10}")
        for row in (row for row in table if row["task"] == task):
            share = "-" if row["share"] is None else f"{row['share']:.1%}"
            interval = "-" if row["share"] is None else f"{row['low']:.1%}-{row['high']:.1%}"
            line = f"  {row['method']:20}{row['prompts']:>8}{row['right']:>7}{share:>8}{interval:>15}"
            line += f"{_or_dash(row['seconds']):>9}{_or_dash(row['peak_mib']):>10}"
            lines.append(line + _left_out(row))
        lines.append("")
    return "\n".join(lines)


def _or_dash(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def _left_out(row: Mapping[str, Any]) -> str:
    told = [f"{row[name]} {name}" for name in ("unscored", "failed") if row[name]]
    return f"  ({', '.join(told)})" if told else ""


_STYLE = """
body { font: 14px/1.4 system-ui, sans-serif; margin: 1rem; color: #222; background: #fff }
table { border-collapse: collapse; margin: 0 0 1rem }
th, td { border: 1px solid #ccc; padding: .3rem .5rem; text-align: left; vertical-align: top }
thead th { position: sticky; top: 0; background: #f4f4f4 }
td.number { text-align: right; font-variant-numeric: tabular-nums }
figure { position: relative; margin: 0; width: 16rem; max-width: 100% }
figure img, figure svg { display: block; width: 100% }
figure svg { position: absolute; inset: 0; height: 100% }
rect { fill: none; stroke: #fff; stroke-width: 2; vector-effect: non-scaling-stroke; paint-order: stroke }
rect.under { stroke: #000; stroke-width: 4 }
.right { border-left: .4rem solid #2a8f3c } .wrong { border-left: .4rem solid #c43030 }
.unscored { border-left: .4rem solid #999 } small { color: #555 } [hidden] { display: none }
"""
_SCRIPT = """
const controls = document.querySelector("form");
const pictures = [...document.querySelectorAll("tr[data-task]")];
function show() {
  const { task, method, verdict } = Object.fromEntries(new FormData(controls));
  let count = 0;
  for (const row of pictures) {
    const cells = [...row.querySelectorAll("td[data-method]")].filter((c) => !method || c.dataset.method === method);
    const fits = cells.some((cell) => !verdict || cell.dataset.verdict === verdict);
    row.hidden = !(fits && (!task || row.dataset.task === task));
    count += !row.hidden;
  }
  document.querySelector("output").value = `${count} of ${pictures.length} prompts`;
}
controls.addEventListener("input", show);
show();
"""


def page(
    tasks: Sequence[PictureTask],
    results: Iterable[Result],
    methods: Sequence[str],
    table: Sequence[Mapping[str, Any]],
    settings: Mapping[str, Any],
) -> str:
    """The report in HTML: the tables, and each prompt a row with a picture for each method, to be filtered.

    It stands in the folder of the run and shows its pictures by relative addresses; all text in it is escaped.
    """
    by_key = {(result.index, result.method): result for result in results}
    heads = "".join(f"<th>{escape(method)}</th>" for method in methods)
    body = "\n".join(_row(task, [by_key.get((task.index, method)) for method in methods], methods) for task in tasks)
    names = list(dict.fromkeys(task.task for task in tasks))
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>bench pictures</title><style>{_STYLE}</style></head><body>
<h1>bench pictures</h1>
<p><small>{escape(json.dumps(settings, ensure_ascii=False))}</small></p>
{_tables(table)}
<form>{_choice("task", names)} {_choice("method", methods)} {_choice("verdict", ("right", "wrong", "unscored"))}
<output></output></form>
<table><thead><tr><th>prompt</th>{heads}</tr></thead><tbody>
{body}
</tbody></table>
<script>{_SCRIPT}</script></body></html>
"""


def _choice(name: str, values: Sequence[str]) -> str:
    options = "".join(f'<option value="{escape(value)}">{escape(value)}</option>' for value in values)
    return f'<label>{name} <select name="{name}"><option value="">any</option>{options}</select></label>'


def _tables(table: Sequence[Mapping[str, Any]]) -> str:
    heads = "".join(f"<th>{name}</th>" for name in ("task", "method", *COLUMNS))
    lines = []
    for row in table:
        cells = "".join(f'<td class="number">{escape(_shown(row[name]))}</td>' for name in COLUMNS)
        lines.append(f"<tr><td>{escape(row['task'])}</td><td>{escape(row['method'])}</td>{cells}</tr>")
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


def _row(task: PictureTask, results: Sequence[Result | None], methods: Sequence[str]) -> str:
    cells = "".join(_cell(task, result, method) for result, method in zip(results, methods, strict=True))
    told = f"{escape(task.prompt)}<br><small>{task.index} {escape(task.task)}</small>"
    return f'<tr data-task="{escape(task.task)}"><td>{told}</td>{cells}</tr>'


def _cell(task: PictureTask, result: Result | None, method: str) -> str:
    if result is None:
        return "<td><small>not drawn</small></td>"
    verdict = {True: "right", False: "wrong", None: "unscored"}[result.right]
    address = escape(quote(f"pictures/{method}/{task.index:04d}.png"))
    found = "<br>".join(f"{escape(each.name)} {each.score:.2f}" for each in result.found)
    return (
        f'<td class="{verdict}" data-method="{escape(method)}" data-verdict="{verdict}"><figure>'
        f'<img loading="lazy" src="{address}" width="{task.width}" height="{task.height}" alt="">'
        f'<svg viewBox="0 0 1 1" preserveAspectRatio="none">{"".join(map(_box, result.found))}</svg></figure>'
        f"<small>{verdict}, {result.seconds:.1f} s<br>{found}</small></td>"
    )


def _box(found: Detection) -> str:
    x, y, width, height = (f"{side:.4f}" for side in found.box)
    told = f'x="{x}" y="{y}" width="{width}" height="{height}"'
    name = f"<title>{escape(found.name)}</title>"
    return f'<rect class="under" {told}/><rect {told}>{name}</rect>'
