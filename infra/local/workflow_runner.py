"""Workflows on one machine: queued executions of statemachines/*.asl.json, several at a time.

The definitions are those that Step Functions runs. Moto's interpreter of Amazon States Language walks through
them, each execution in a thread of its own; its one way out, the Lambda client, is ours and calls the handler in
another process (task_processes.py). An execution that a crash left behind is run again from its start, so tasks must
be idempotent, which Step Functions' retries need too.
"""

import logging
import sqlite3
import threading
import time
import traceback
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from optiq.kernel.manifest import contexts
from optiq.ports.log_file import LogFile

from infra.local.outage_log import OutageLog
from infra.local.task_processes import TaskCall, TaskProcesses

if TYPE_CHECKING:
    from infra.local.state_machine import Outcome

_LOG = logging.getLogger(__name__)
_POLL_SECONDS = 0.2
_REMEMBERED = 10_000
"""Organizations of which it is known when their last turn was."""

TASKS = {
    f"{workflow.name}.{task}": context.handler(module)
    for context in contexts()
    for workflow in context.workflows
    for task, module in workflow.tasks.items()
}
"""Handlers by `<workflow>.<Task>`: ${PlanFunctionArn} of attribution_recompute is attribution_recompute.Plan's."""

# The next execution of each organization and workflow: one that a crash left behind (RUNNING, but not here) after those
# that have not been tried. An input may be no JSON at all, and then its execution must still be tried, and fail.
_NEXT_OF_EACH = """
SELECT machine, name, input, organization_id FROM (
    SELECT machine, name, input, organization_id, status, queued_ms, row_number() OVER (
        PARTITION BY machine, organization_id ORDER BY status, queued_ms
    ) AS place FROM (
        SELECT machine, name, input, status, queued_ms, coalesce(
            CASE WHEN json_valid(input) THEN json_extract(input, '$.organization_id') END, ''
        ) AS organization_id
        FROM executions WHERE status IN ('QUEUED', 'RUNNING') AND (machine, name) NOT IN (VALUES {here})
    )
) WHERE place = 1 ORDER BY status, queued_ms
"""


@dataclass(frozen=True, slots=True)
class Execution:
    machine: str
    name: str
    input_json: str
    organization_id: str

    @property
    def workflow(self) -> str:
        return Path(self.machine).name.partition(".")[0]


class WorkflowRunner:
    """Runs what is queued in a log file. There is one runner of a file.

    Args:
        tasks: import paths of handlers by `<workflow>.<Task>`.
        call: calls a task's handler; None calls each in a process of its own.
        places: how many executions run at once.
        each: how many of them may be one organization's.
        poll_seconds: how long an execution that another process queues may wait for a free place.
    """

    def __init__(
        self,
        path: str,
        tasks: Mapping[str, str] = TASKS,
        call: TaskCall | None = None,
        *,
        places: int = 4,
        each: int = 2,
        poll_seconds: float = _POLL_SECONDS,
    ) -> None:
        self._log = LogFile(path)
        self._tasks = tasks
        self._call: TaskCall = TaskProcesses() if call is None else call
        self._places = places
        self._each = each
        self._poll_seconds = poll_seconds
        self._guard = threading.Lock()
        self._here: set[Execution] = set()
        self._turn = 0
        self._last_turns: dict[str, int] = {}
        self._look = threading.Event()
        self._closed = False

    def run(self, stop: threading.Event) -> None:
        """Runs queued executions until told to stop; those that run then go on, and end by themselves."""
        outage = OutageLog(_LOG, "the queue of workflows")
        # Threads that stay: each has a connection to the log file of its own.
        claimed: SimpleQueue[Execution | None] = SimpleQueue()
        for _ in range(self._places):
            threading.Thread(target=self._run_each, args=(claimed,), daemon=True).start()
        while not stop.is_set():
            self._look.clear()
            try:
                while (execution := self._claim()) is not None:
                    claimed.put(execution)
                outage.works()
                pause = self._poll_seconds
            except sqlite3.Error as error:
                outage.failed(error)
                pause = 5 * self._poll_seconds
            self._look.wait(pause)
        for _ in range(self._places):
            claimed.put(None)

    def run_next(self) -> Execution | None:
        """Runs one execution to its end in this thread; None when there is none. Raises sqlite3.Error."""
        execution = self._claim()
        if execution is not None:
            self._run(execution)
        return execution

    def close(self) -> None:
        """Leaves what still runs behind, to be run again by the next runner."""
        with self._guard:
            self._closed = True
        if isinstance(self._call, TaskProcesses):
            self._call.close()
        self._log.close()

    def _claim(self) -> Execution | None:
        """The execution whose turn it is, now marked as RUNNING; None when there is none, or no free place."""
        with self._guard:
            if len(self._here) >= self._places:
                return None
            execution = self._next()
            if execution is None:
                return None
            with self._log.transaction() as connection:
                connection.execute(
                    "UPDATE executions SET status = 'RUNNING' WHERE machine = ? AND name = ?",
                    (execution.machine, execution.name),
                )
            self._here.add(execution)
            self._turn += 1
            self._last_turns.pop(execution.organization_id, None)
            self._last_turns[execution.organization_id] = self._turn
            if len(self._last_turns) > _REMEMBERED:
                del self._last_turns[next(iter(self._last_turns))]
            return execution

    def _next(self) -> Execution | None:
        """Of the organization with the fewest places that has waited longest for one, and likewise of its workflows."""
        here = [(one.machine, one.name) for one in self._here] or [("", "")]
        query = _NEXT_OF_EACH.format(here=", ".join(["(?, ?)"] * len(here)))
        parameters = [value for pair in here for value in pair]
        waiting = [Execution(*row) for row in self._log.connection().execute(query, parameters)]
        organizations = Counter(one.organization_id for one in self._here)
        workflows = Counter(one.workflow for one in self._here)
        return min(
            (one for one in waiting if organizations[one.organization_id] < self._each),
            key=lambda one: (
                organizations[one.organization_id],
                workflows[one.workflow],
                self._last_turns.get(one.organization_id, 0),
            ),
            default=None,
        )

    def _run_each(self, claimed: "SimpleQueue[Execution | None]") -> None:
        while (execution := claimed.get()) is not None:
            try:
                self._run(execution)
            except sqlite3.Error:
                # It stays RUNNING and is no longer here, so it is run again.
                _LOG.exception("the end of the workflow %s was not kept", execution.name)

    def _run(self, execution: Execution) -> None:
        try:
            outcome = self._outcome(execution)
            self._keep(execution, outcome)
        finally:
            with self._guard:
                self._here.discard(execution)
            self._look.set()

    def _keep(self, execution: Execution, outcome: "Outcome") -> None:
        with self._guard:
            if self._closed:
                return
        if outcome.status != "SUCCEEDED":
            _LOG.error("the workflow %s %s: %s", execution.name, outcome.status, outcome.output)
        with self._log.transaction() as connection:
            connection.execute(
                "UPDATE executions SET status = ?, output = ?, ended_ms = ? WHERE machine = ? AND name = ?",
                (outcome.status, outcome.output, time.time_ns() // 1_000_000, execution.machine, execution.name),
            )

    def _outcome(self, execution: Execution) -> "Outcome":
        # The interpreter takes two seconds to import, which only a worker with work should pay.
        from infra.local.state_machine import Outcome, execute

        def call(function_arn: str, payload: str) -> str:
            task = function_arn.removesuffix(":$LATEST").rpartition(":")[2]
            return self._call(execution.organization_id, task, self._tasks[task], payload)

        try:
            definition = self._substituted(execution.workflow, Path(execution.machine).read_text())
            return execute(definition, execution.name, execution.input_json, call)
        except Exception:  # noqa: BLE001 - a definition may break in any way; the queue must move on
            return Outcome("FAILED", traceback.format_exc())

    def _substituted(self, workflow: str, definition: str) -> str:
        for name in self._tasks:
            of, _, task = name.partition(".")
            if of == workflow:
                arn = f"arn:aws:lambda:us-east-1:000000000000:function:{name}"
                definition = definition.replace(f"${{{task}FunctionArn}}", arn)
        return definition
