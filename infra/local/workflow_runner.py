"""Workflows on one machine: queued executions of statemachines/*.asl.json, one at a time.

The definitions are those that Step Functions runs. Moto's interpreter of Amazon States Language walks through
them; its one way out, the Lambda client, is ours and calls the handler in this process. An execution that a
crash left behind is run again from its start, so tasks must be idempotent, which Step Functions' retries need too.
"""

import json
import logging
import sqlite3
import threading
import time
import traceback
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from optiq.kernel.manifest import contexts
from optiq.ports.log_file import LogFile

from infra.local.handlers import Context, load
from infra.local.outage_log import OutageLog

if TYPE_CHECKING:
    from infra.local.state_machine import Outcome

_LOG = logging.getLogger(__name__)
_POLL_SECONDS = 0.2

TASKS = {
    workflow.name: {task: context.handler(module) for task, module in workflow.tasks.items()}
    for context in contexts()
    for workflow in context.workflows
}
"""Of each workflow, handlers by the name in its definition's substitutions: ${PlanFunctionArn} is Plan's."""


@dataclass(frozen=True, slots=True)
class Execution:
    machine: str
    name: str
    input_json: str


class WorkflowRunner:
    """Runs what is queued in a log file.

    Args:
        tasks: of each workflow, import paths of handlers by their names in its definition.
    """

    def __init__(self, path: str, tasks: Mapping[str, Mapping[str, str]] = TASKS) -> None:
        self._log = LogFile(path)
        self._tasks = tasks

    def run(self, stop: threading.Event) -> None:
        """Runs queued executions until told to stop, those a crash left behind first."""
        outage = OutageLog(_LOG, "the queue of workflows")
        while not stop.is_set():
            try:
                if self.run_next() is None:
                    stop.wait(_POLL_SECONDS)
                outage.works()
            except sqlite3.Error as error:
                outage.failed(error)
                stop.wait(5 * _POLL_SECONDS)

    def run_next(self) -> Execution | None:
        """Runs one execution to its end; None when there is none. Raises sqlite3.Error."""
        execution = self._claim()
        if execution is None:
            return None
        outcome = self._outcome(execution)
        if outcome.status != "SUCCEEDED":
            _LOG.error("the workflow %s %s: %s", execution.name, outcome.status, outcome.output)
        with self._log.transaction() as connection:
            connection.execute(
                "UPDATE executions SET status = ?, output = ?, ended_ms = ? WHERE machine = ? AND name = ?",
                (outcome.status, outcome.output, time.time_ns() // 1_000_000, execution.machine, execution.name),
            )
        return execution

    def close(self) -> None:
        self._log.close()

    def _claim(self) -> Execution | None:
        # There is one runner, so what is RUNNING when it looks for work was left behind by a crash.
        with self._log.transaction() as connection:
            row = connection.execute(
                "SELECT machine, name, input FROM executions WHERE status IN ('RUNNING', 'QUEUED')"
                " ORDER BY status DESC, queued_ms LIMIT 1"
            ).fetchone()
            if row is not None:
                connection.execute("UPDATE executions SET status = 'RUNNING' WHERE machine = ? AND name = ?", row[:2])
        return Execution(*row) if row else None

    def _outcome(self, execution: Execution) -> "Outcome":
        # The interpreter takes two seconds to import, which only a worker with work should pay.
        from infra.local.state_machine import Outcome, execute

        try:
            path = Path(execution.machine)
            workflow = path.name.partition(".")[0]
            definition = self._substituted(workflow, path.read_text())
            return execute(definition, execution.name, execution.input_json, self._call)
        except Exception:  # noqa: BLE001 - a definition may break in any way; the queue must move on
            return Outcome("FAILED", traceback.format_exc())

    def _substituted(self, workflow: str, definition: str) -> str:
        for task in self._tasks[workflow]:
            arn = f"arn:aws:lambda:us-east-1:000000000000:function:{workflow}-{task}"
            definition = definition.replace(f"${{{task}FunctionArn}}", arn)
        return definition

    def _call(self, function_arn: str, payload: str) -> str:
        name = function_arn.removesuffix(":$LATEST").rpartition(":")[2]
        workflow, _, task = name.partition("-")
        answer = load(self._tasks[workflow][task])(json.loads(payload), Context(name, str(uuid.uuid4())))
        return json.dumps(answer)
