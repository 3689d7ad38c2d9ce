"""The import rules of docs/architecture.md: who may know torch, gradio and the WebUI; documents name what exists."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "lib_rpg"
WEBUI = {"modules", "modules_forge", "gradio", "fastapi", "launch", "script_callbacks"}
TORCH = {"torch", "numpy", "ldm", "transformers", "safetensors", "einops"}
# What a provider needs is imported when it is used.
PROVIDERS = {
    "planner/llm/server/chat.py": {"openai"},
    "planner/llm/server/transport.py": {"openai", "httpx"},
    "planner/llm/local/chat.py": {"torch", "transformers"},
    "planner/llm/server/package.py": {"openai"},
    "planner/llm/local/template_sandbox.py": {"jinja2"},
}
PLAN_AND_LATER = ("plan_checks", "plan", "plan_text", "layout", "planner", "regional", "webui", "bench", "webui_client")
FILES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


@cache
def imports(name: str, deferred: bool = True) -> frozenset[str]:
    """Full names of the modules that a file of the package imports, and of what it takes from them.

    Those inside functions and TYPE_CHECKING only if ``deferred``.
    """
    return frozenset(_imports(PACKAGE / name, deferred))


def _imports(path: Path, deferred: bool) -> Iterator[str]:
    pending: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: a relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not deferred:
            continue
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING" and not deferred:
            pending.extend(node.orelse)
            continue
        pending.extend(ast.iter_child_nodes(node))


def roots(name: str, deferred: bool = True) -> set[str]:
    return {full.split(".")[0] for full in imports(name, deferred)}


def within(name: str, part: str) -> set[str]:
    """What a file imports of that part of the package, such as ``webui`` or ``planner.llm``."""
    return {full for full in imports(name) if f"{full}.".startswith(f"lib_rpg.{part}.")}


def test_the_package_is_where_it_should_be() -> None:
    for name in ("plan.py", "layout/ratio.py", "layout/cells.py", "planner/__init__.py", "regional/attention.py"):
        assert name in FILES
    assert any(name.startswith("webui/") for name in FILES)


def test_only_the_webui_package_knows_the_webui() -> None:
    others = [name for name in FILES if not name.startswith("webui/")]
    assert {name: found for name in others if (found := roots(name) & WEBUI | within(name, "webui"))} == {}


def test_plan_layout_planner_and_command_line_do_without_torch() -> None:
    # Masks and traces are tensors, and a local model runs here: they import torch only when they are called.
    late = ("layout/mask.py", "planner/llm/local/chat.py", "repainting/pixels.py", "repainting/traces.py")
    torchless = [name for name in FILES if name.split("/")[0] not in ("webui", "regional", "bench")]
    torchless.remove("layout/weights.py")
    assert {name: found for name in torchless if (found := roots(name, name not in late) & TORCH)} == {}


LATER = {
    "checks.py": ("fields", "files", "keywords", *PLAN_AND_LATER),
    "fields.py": ("files", "keywords", *PLAN_AND_LATER),
    "keywords.py": ("checks", "fields", "files", *PLAN_AND_LATER),
    "plan_checks.py": ("plan", "plan_text", "planner", "regional", "webui", "bench", "webui_client"),
    "plan.py": ("plan_text", "planner", "regional", "webui", "bench", "webui_client"),
    "plan_text.py": ("planner", "regional", "webui", "bench", "webui_client"),
    "layout": ("planner", "regional", "webui", "bench", "webui_client"),
    "planner/language": ("planner.offline", "planner.llm"),
    "planner/offline/grammar": ("planner.offline.reading", "planner.offline.arrange"),
    "planner/offline/reading": ("planner.offline.arrange",),
    "planner/offline": ("planner.llm",),
    "planner": ("regional", "webui", "bench", "webui_client"),
    "other_infotexts": ("presets", "planner", "regional", "webui", "bench", "webui_client"),
    "presets": ("planner", "regional", "webui", "bench", "webui_client"),
    "regional": ("planner", "repainting", "webui", "bench", "webui_client"),
    "repainting": ("planner", "regional", "webui", "bench", "webui_client"),
    "bench": ("webui",),
}
"""prompt → planner → plan → layout → regional → WebUI: what a file or folder must not import, as it comes later."""


def test_knowledge_flows_one_way() -> None:
    wrong = {}
    for name in FILES:
        for place, parts in LATER.items():
            if f"{name}/".startswith(f"{place}/") and (
                found := {full for part in parts for full in within(name, part)}
            ):
                wrong[name] = found
    assert wrong == {}


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Also not in functions or for types alone: what is left when every module that needs no other is taken away."""
    modules = {
        "lib_rpg." + name.removesuffix(".py").removesuffix("/__init__").replace("/", "."): name for name in FILES
    }
    needs = {module: imports(name) & modules.keys() - {module} for module, name in modules.items()}
    while free := {module for module, needed in needs.items() if not needed & needs.keys()}:
        needs = {module: needed for module, needed in needs.items() if module not in free}
    assert needs == {}


def test_only_the_standard_library_and_what_is_declared() -> None:
    declared = {"regional": TORCH, "bench": TORCH, "layout": TORCH, "webui": TORCH | WEBUI | {"PIL"}}
    declared["repainting"] = TORCH | {"PIL"}
    wrong = {}
    for name in FILES:
        own = {"lib_rpg", *declared.get(name.split("/")[0], ()), *PROVIDERS.get(name, ())}
        own |= {"PIL"} if name in ("layout/mask.py", "cli_repaint.py") else set()
        if foreign := roots(name) - set(sys.stdlib_module_names) - own:
            wrong[name] = foreign
    assert wrong == {}


LIGHT = [
    "plan",
    "errors",
    "checks",
    "webui_client",
    "layout.ratio",
    "layout.cells",
    "layout.canvas",
    "layout.report",
    "planner",
    "__main__",
]
LIGHT += ["planner.llm.chats", "layout.mask", "plan_text", "gallery", "presets", "other_infotexts"]


@pytest.mark.parametrize("module", LIGHT)
def test_importing_pulls_in_no_heavy_module(module: str) -> None:
    code = f"import json, sys, lib_rpg.{module}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in json.loads(done.stdout)}
    assert "lib_rpg" in loaded
    assert not loaded & (WEBUI | TORCH | {"PIL", "httpx", "requests", "openai", "jinja2"})


def test_importing_the_engine_needs_torch_but_no_webui() -> None:
    code = "import json, sys, lib_rpg.regional.attention; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in json.loads(done.stdout)}
    assert "torch" in loaded
    assert not loaded & WEBUI


def test_planning_and_rasterising_to_cells_run_without_torch() -> None:
    code = (
        "import sys\n"
        "sys.modules['torch'] = sys.modules['numpy'] = sys.modules['gradio'] = None\n"
        "from lib_rpg.planner import plan, PlanRequest\n"
        "from lib_rpg.layout.cells import grid_cells\n"
        "made = plan(PlanRequest('a red apple left of a green mug'))\n"
        "print(len(grid_cells(made.grid(), 64, 64)) == len(made.regions))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


def test_scripts_holds_exactly_one_file() -> None:
    files = [path for path in (ROOT / "scripts").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert [path.name for path in files] == ["rpg.py"]


PATHS = re.compile(r"`((?:lib_rpg|tests|scripts|sandbox|javascript|docs)/[\w./-]*)`")


@pytest.mark.parametrize("name", ["docs/architecture.md", "docs/extending.md", "docs/security.md", "README.md"])
def test_paths_that_the_documents_name_exist(name: str) -> None:
    named = PATHS.findall((ROOT / name).read_text(encoding="utf-8"))
    assert [path for path in named if not (ROOT / path).exists() and not (ROOT / "docs" / path).exists()] == []


def test_tests_that_the_documents_name_exist() -> None:
    named = [
        path
        for name in ("docs/security.md", "docs/complaints.md")
        for path in re.findall(r"\b([\w/]+/test_\w+\.py|test_\w+\.py)", (ROOT / name).read_text(encoding="utf-8"))
    ]
    assert named and [path for path in named if not (ROOT / "tests" / path.removeprefix("tests/")).exists()] == []
