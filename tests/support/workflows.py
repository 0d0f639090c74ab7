"""Workflows in tests: a queue with a runner, and tasks that are functions of the test."""

import json
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from optiq.kernel.settings import settings
from optiq.ports.log_file import LogFile
from optiq.ports.workflows_queue import QueueWorkflows

from infra.local.handlers import Context, load
from infra.local.workflow_runner import WorkflowRunner

Task = Callable[[Any, object], object]


def call_here(organization_id: str, task: str, handler: str, payload: str) -> str:
    """The runner's way to a task's handler without a process of its own, where a test can change what it works with."""
    return json.dumps(load(handler)(json.loads(payload), Context(task, str(uuid.uuid4()))))


def own_runner(**options: Any) -> WorkflowRunner:
    """A runner of this process's queue, in which nothing is left of earlier tests."""
    log = LogFile(settings().stream)
    with log.transaction() as connection:
        connection.execute("DELETE FROM executions")
    log.close()
    return WorkflowRunner(settings().stream, **options)


class Bench:
    """A queue, a runner and functions to be called: `tasks` by name in the definition of any machine."""

    def __init__(self, folder: Path, tasks: Mapping[str, Task]) -> None:
        self._folder = folder
        self._tasks = tasks
        self._runners: list[WorkflowRunner] = []
        self.path = str(folder / "stream.db")
        self.log = LogFile(self.path)
        self.workflows = QueueWorkflows(self.path)
        self.runner = self.new_runner()

    def new_runner(self, **options: Any) -> WorkflowRunner:
        machines = ("machine", "other")
        names = {f"{machine}.{task}": task for machine in machines for task in self._tasks}
        runner = WorkflowRunner(self.path, names, self._call, **options)
        self._runners.append(runner)
        return runner

    def start(
        self, states: dict[str, Any], start_at: str, data: object = None, name: str = "run-1", machine: str = "machine"
    ) -> None:
        file = self._folder / f"{machine}.asl.json"
        file.write_text(json.dumps({"StartAt": start_at, "States": states}))
        self.workflows.start(str(file), name, json.dumps(data))

    def run(self, states: dict[str, Any], start_at: str, data: object = None) -> tuple[str, Any]:
        """One execution's status and output."""
        self.start(states, start_at, data)
        assert self.runner.run_next() is not None
        return self.ended("run-1")

    def ended(self, name: str) -> tuple[str, Any]:
        """An execution's status and output."""
        row = self.log.connection().execute("SELECT status, output FROM executions WHERE name = ?", (name,)).fetchone()
        return row[0], json.loads(row[1]) if row[1] else None

    def close(self) -> None:
        for opened in (self.log, self.workflows, *self._runners):
            opened.close()

    def _call(self, organization_id: str, task: str, handler: str, payload: str) -> str:
        return json.dumps(self._tasks[handler](json.loads(payload), None))


def task(name: str, **fields: Any) -> dict[str, Any]:
    """A state that calls a function of ours."""
    return {
        "Type": "Task",
        "Resource": f"${{{name}FunctionArn}}",
        **({} if "Next" in fields else {"End": True}),
        **fields,
    }
