"""The table of features and hosts that the contract suite makes."""

from __future__ import annotations

import json
from pathlib import Path

from tests.contract.features import FEATURES, add_run, table


def test_each_row_is_a_module_of_the_suite() -> None:
    folder = Path(__file__).parent / "contract"
    assert [name for name in FEATURES if not (folder / f"{name}.py").is_file()] == []


def test_runs_of_several_hosts_come_together(tmp_path: Path) -> None:
    """A run again takes the place of that host's earlier one, module by module."""
    path = tmp_path / "features.json"
    add_run(path, "webui", [("test_lora", "passed"), ("test_lora", "error"), ("test_gligen", "skipped")])
    add_run(path, "forge", [("test_lora", "failed"), ("test_doors", "passed")])
    add_run(path, "webui", [("test_lora", "passed"), ("test_lora", "passed")])
    assert table(json.loads(path.read_text())).splitlines() == [
        "|  | webui | forge |",
        "| --- | --- | --- |",
        "| LoRAs of regions | 2 of 2 | 0 of 1 |",
        "| GLIGEN | – |  |",
    ]
