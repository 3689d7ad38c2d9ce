"""A real GGUF model with a current transformers, from .venv/current; `make test-current` runs test_chat.py with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from lib_rpg.plan import Plan

ROOT = Path(__file__).parents[4]
CURRENT = Path(sys.prefix) / "current"


def run(*words: str, timeout: float = 240) -> subprocess.CompletedProcess[str]:
    assert CURRENT.is_dir(), "there is no .venv/current; run make setup"
    environment = {**os.environ, "PYTHONPATH": str(CURRENT)}
    command = [sys.executable, *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=timeout)


ASK = """
import sys, time
import transformers
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
    print("cancelled", time.monotonic() - asked < 3, answer.text)
chat.close()
"""


def test_the_real_model_answers_and_is_cancelled(llama_model: Path) -> None:
    done = run("-c", ASK, str(llama_model))
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.startswith("cancelled True")


def test_the_real_model_plans_from_the_command_line(llama_model: Path, tmp_path: Path) -> None:
    # A short template of one's own, without examples: on two cores the usual one takes minutes.
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "none.json").write_text("[]", encoding="utf-8")
    (tmp_path / "rpg.md").write_text(
        "Divide the picture into cells, one for each thing. {{recaption}}", encoding="utf-8"
    )
    own = ["--templates", str(tmp_path), "--examples", "none", "--max-tokens", "64"]
    words = ["plan", "a cat left of a dog", "--planner", "local", "--local", str(llama_model), "--json", "--no-cache"]
    done = run("-m", "lib_rpg", *words, *own)
    # A model as small as this, with no schema to hold it, may fail; then in a sentence that says so.
    if done.returncode:
        assert done.returncode == 2 and "answered twice without a plan" in done.stderr.splitlines()[-1], done.stderr
    else:
        assert Plan.from_dict(json.loads(done.stdout)).source.planner == "local"
