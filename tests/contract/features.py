"""The table of features and hosts: a row for each module of the suite, a column for each host that has run it.

    python -m pytest tests/contract --webui-root /path/to/forge --features features.json
    python -m tests.contract.features features.json

Each run adds its host to the file. A cell says how many tests passed, of how many that ran; "–" where all were skipped,
since the host has not what they are about.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

FEATURES = {
    "test_generate": "`python -m lib_rpg generate` and `repaint`",
    "test_jobs": "samplers, sizes, scripts, img2img, inpainting, hires fix",
    "test_rows": "batches, AND, negatives, CFG 1, padding",
    "test_region_settings": "times, masks, soft edges, base ratios of regions",
    "test_parts": "scripts that draw parts of a picture",
    "test_models": "families of checkpoints, refiner",
    "test_flux": "Flux",
    "test_lora": "LoRAs of regions",
    "test_controlnet": "beside ControlNet",
    "test_region_control": "ControlNet's units for a region",
    "test_builtin_control": "beside the ControlNet that the Forge family has built in",
    "test_binding": "hard binding",
    "test_repaint": "repainting",
    "test_composition": "MultiDiffusion",
    "test_frozen": "two phases, lock-step",
    "test_guidance": "attention guidance",
    "test_gligen": "GLIGEN",
    "test_neighbours": "beside other extensions",
    "test_infotext": "infotext",
    "test_axes": "X/Y/Z plots",
    "test_compare": "comparisons",
    "test_planning": "planning over the API",
    "test_presets": "presets",
    "test_refusals": "refusals",
    "test_low_memory": "weights left in memory, as by `--always-low-vram`",
    "test_off_is_off": "off is off, to the bit",
}
"""The rows, by the module that tests the feature."""

Counts = dict[str, int]
Results = dict[str, dict[str, Counts]]
"""By host and module, how many tests passed, failed and were skipped."""


def add_run(path: Path, host: str, outcomes: Iterable[tuple[str, str]]) -> None:
    """Put the outcomes of a run, (module, outcome) each, into the file, in place of that host's of the same modules."""
    results: Results = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    of_run: dict[str, Counts] = {}
    for module, outcome in outcomes:
        counts = of_run.setdefault(module, {"passed": 0, "failed": 0, "skipped": 0})
        counts["failed" if outcome == "error" else outcome] += 1
    results.setdefault(host, {}).update(of_run)
    path.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def table(results: Mapping[str, Mapping[str, Counts]]) -> str:
    """The Markdown table of what was run."""
    lines = [["", *results], ["---"] * (len(results) + 1)]
    for module, feature in FEATURES.items():
        cells = [_cell(of_host.get(module)) for of_host in results.values()]
        if any(cells):
            lines.append([feature, *cells])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(counts: Counts | None) -> str:
    if counts is None:
        return ""
    ran = counts["passed"] + counts["failed"]
    return f"{counts['passed']} of {ran}" if ran else "–"


if __name__ == "__main__":
    print(table(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
