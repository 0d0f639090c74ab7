"""Tasks of workflows in processes of their own: one that is killed, or takes all memory, fails by itself."""

import json
import logging
import uuid
from collections.abc import Mapping
from typing import Protocol

from optiq.kernel.errors import LimitExceededError, UpstreamError

from infra.local.blocking_processes import BlockingProcesses
from infra.local.handler_processes import Call, HandlerProcesses, ProcessEndedError, Reply

_LOG = logging.getLogger(__name__)
_WAITING = 10_000
_LONGEST_SECONDS = 3_600.0
"""Four times what Lambda gives a function at most."""


class TaskError(Exception):
    """What became of a task that failed, as Lambda reports it: {"errorMessage", "errorType", "stackTrace"}."""

    def __init__(self, report: Mapping[str, object]) -> None:
        super().__init__(str(report["errorMessage"]))
        self.report = report


class TaskCall(Protocol):
    """Calls a handler with a JSON payload; returns its JSON answer."""

    def __call__(self, organization_id: str, task: str, handler: str, payload: str) -> str:
        """Raises TaskError, or whatever the handler raises where it is called in this process."""
        ...


class TaskProcesses:
    """The TaskCall that a running system uses.

    Args:
        processes: how many tasks run at once.
        each: how many of them may be one organization's.
    """

    def __init__(self, processes: int = 3, each: int = 2) -> None:
        self._processes = BlockingProcesses(
            HandlerProcesses(processes=processes, each=each, waiting=_WAITING, longest_seconds=_LONGEST_SECONDS),
            "tasks",
        )

    def __call__(self, organization_id: str, task: str, handler: str, payload: str) -> str:
        call = Call(organization_id, handler, task, str(uuid.uuid4()), json.loads(payload))
        reply = self._ask(call)
        if "raised" in reply.head:
            raise TaskError(reply.head["raised"])
        return reply.body.decode()

    def close(self) -> None:
        """Ends the processes; what they work on fails."""
        self._processes.close()

    def _ask(self, call: Call) -> Reply:
        try:
            return self._processes.call(call)
        except (ProcessEndedError, LimitExceededError, UpstreamError) as error:
            # By this name Step Functions knows trouble of Lambda's own, which definitions try again.
            report = {"errorMessage": str(error), "errorType": "Lambda.ServiceException", "stackTrace": []}
            raise TaskError(report) from error
