"""Which task runs, which wait, and how far it is: ``/internal/progress``, which the page polls."""

from __future__ import annotations

import random
import string
import time

from fastapi import FastAPI
from modules import shared
from pydantic import BaseModel

current_task: str | None = None
pending_tasks: dict[str, float] = {}
finished_tasks: list[str] = []
_FINISHED_KEPT = 16


def create_task_id(task_type: str) -> str:
    """A fresh id ``task(<type>-<7 random characters>)``."""
    suffix = "".join(random.choices(string.ascii_uppercase + string.digits, k=7))
    return f"task({task_type}-{suffix})"


def add_task_to_queue(id_job: str | None) -> None:
    """Note that a task waits for its turn."""
    if id_job is not None:
        pending_tasks[id_job] = time.time()


def start_task(id_task: str | None) -> None:
    """Note that a task's turn has come."""
    global current_task
    current_task = id_task
    pending_tasks.pop(id_task, None)  # type: ignore[arg-type]


def finish_task(id_task: str | None) -> None:
    """Note that a task has ended, well or not."""
    global current_task
    if current_task == id_task:
        current_task = None
    if id_task is not None:
        finished_tasks.append(id_task)
        del finished_tasks[:-_FINISHED_KEPT]


def fraction_done() -> float:
    """How much of the current task is done, 0 to 1, counted in sampling steps."""
    state = shared.state
    if state.job_count <= 0:
        return 0.0
    steps = state.sampling_step / state.sampling_steps if state.sampling_steps > 0 else 0.0
    return min((state.job_no + steps) / state.job_count, 1.0)


class ProgressRequest(BaseModel):
    """Body of ``/internal/progress``."""

    id_task: str | None = None
    id_live_preview: int = -1
    live_preview: bool = True


def progressapi(req: ProgressRequest) -> dict:
    """The state of one task; ``progress`` and ``eta`` (seconds) only while it runs. There is no live preview."""
    active = req.id_task is not None and req.id_task == current_task
    res = {
        "active": active,
        "queued": req.id_task in pending_tasks,
        "completed": req.id_task in finished_tasks,
        "id_live_preview": -1,
        "live_preview": None,
    }
    if not active:
        waiting = sorted(pending_tasks, key=pending_tasks.__getitem__)
        place = f"In queue: {waiting.index(req.id_task) + 1}/{len(waiting)}" if res["queued"] else "Waiting..."
        return {**res, "progress": None, "eta": None, "textinfo": place}
    done = fraction_done()
    elapsed = time.time() - shared.state.time_start
    return {
        **res,
        "progress": done,
        "eta": elapsed / done - elapsed if done > 0 else None,
        "textinfo": shared.state.textinfo,
    }


def setup_progress_api(app: FastAPI) -> None:
    """Add the routes to the server."""
    app.add_api_route(
        "/internal/pending-tasks",
        lambda: {"size": len(pending_tasks), "tasks": list(pending_tasks)},
        methods=["GET"],
    )
    app.add_api_route("/internal/progress", progressapi, methods=["POST"])
