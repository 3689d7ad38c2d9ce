"""Local models with a current transformers, from .venv/current: test_chat.py once more, and a real model."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from lib_rpg.plan import Plan

ROOT = Path(__file__).parents[4]
CURRENT = Path(sys.prefix) / "current"


def test_the_tests_of_local_models_pass_with_it() -> None:
    assert CURRENT.is_dir(), "there is no .venv/current; run make setup"
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(Path(__file__).with_name("test_chat.py"))]
    environment = {**os.environ, "PYTHONPATH": str(CURRENT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=480)
    assert done.returncode == 0, done.stdout[-3000:]


# One process for all: to load such a file takes far longer than to ask its model.
SCRIPT = """
import sys, time
import transformers
from lib_rpg.__main__ import main
from lib_rpg.planner import CancelledPlanError, Hooks, PlannerConfig
from lib_rpg.planner.llm.chat import ChatRequest, Message
from lib_rpg.planner.llm.chats import open_chat

assert transformers.__version__.startswith("4.57"), transformers.__version__
chat = open_chat(PlannerConfig(local_folder=sys.argv[1], max_tokens=60, cache=None), "local")
grown, said = [], []
request = ChatRequest((Message("user", "Name three colours."),))
answer = chat.ask(request, Hooks(on_text=grown.append, on_status=said.append))
assert len(grown) > 3 and said and answer.text.startswith(grown[0].strip()), (grown, said, answer)
assert answer.completion_tokens and answer.prompt_tokens
asked = time.monotonic()
story = ChatRequest((Message("user", "Tell a long story."),))
try:
    chat.ask(story, Hooks(cancelled=lambda: time.monotonic() > asked + 0.5))
except CancelledPlanError:
    print("cancelled", time.monotonic() - asked < 3, answer.text.splitlines(), flush=True)

loaded = chat._loaded
code = main([*sys.argv[2:], "--local", sys.argv[1]])
assert loaded and chat._loaded is loaded, "the command line has shared the model"
chat.close()
sys.exit(code)
"""


def test_the_real_model_answers_is_cancelled_and_plans_from_the_command_line(llama_model: Path, tmp_path: Path) -> None:
    assert CURRENT.is_dir(), "there is no .venv/current; run make setup"
    # A short template of one's own, without examples: on two cores the usual one takes minutes.
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "none.json").write_text("[]", encoding="utf-8")
    (tmp_path / "rpg.md").write_text(
        "Divide the picture into cells, one for each thing. {{recaption}}", encoding="utf-8"
    )
    own = ["--templates", str(tmp_path), "--examples", "none", "--max-tokens", "24"]
    words = ["plan", "a cat left of a dog", "--planner", "local", "--json", "--no-cache", *own]
    command = [sys.executable, "-c", SCRIPT, str(llama_model), *words]
    environment = {**os.environ, "PYTHONPATH": str(CURRENT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=480)
    cancelled, _, document = done.stdout.partition("\n")
    assert cancelled.startswith("cancelled True"), done.stderr[-3000:]
    # A model as small as this, with no schema to hold it, may fail; then in a sentence that says so.
    if done.returncode:
        assert done.returncode == 2 and "answered twice without a plan" in done.stderr.splitlines()[-1], done.stderr
        assert not document
    else:
        assert Plan.from_dict(json.loads(document)).source.planner == "local"
