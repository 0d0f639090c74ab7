"""Tasks of workflows in processes of their own: one that is killed, or takes all memory, fails by itself."""

import asyncio
import json
import logging
import threading
import uuid
from collections.abc import Mapping
from typing import Protocol

from optiq.kernel.errors import LimitExceededError, UpstreamError

from infra.local.handler_processes import Call, HandlerProcesses, ProcessEndedError, Reply

_LOG = logging.getLogger(__name__)
_WAITING = 10_000
_LONGEST_SECONDS = 3_600.0
"""Four times what Lambda gives a function at most."""
_IDLE_SECONDS = 60.0
"""After that a process without work is ended: a night's jobs leave much memory behind."""
_LOOK_SECONDS = 10.0


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
        self._loop = asyncio.new_event_loop()
        self._processes = HandlerProcesses(
            processes=processes, each=each, waiting=_WAITING, longest_seconds=_LONGEST_SECONDS
        )
        threading.Thread(target=self._serve, name="tasks", daemon=True).start()

    def __call__(self, organization_id: str, task: str, handler: str, payload: str) -> str:
        call = Call(organization_id, handler, task, str(uuid.uuid4()), json.loads(payload))
        reply = self._ask(call)
        if "raised" in reply.head:
            raise TaskError(reply.head["raised"])
        return reply.body.decode()

    def close(self) -> None:
        """Ends the processes; what they work on fails."""
        self._processes.close()
        self._loop.call_soon_threadsafe(self._stop)

    def _ask(self, call: Call) -> Reply:
        try:
            return asyncio.run_coroutine_threadsafe(self._processes.call(call), self._loop).result()
        except (ProcessEndedError, LimitExceededError, UpstreamError) as error:
            # By this name Step Functions knows trouble of Lambda's own, which definitions try again.
            report = {"errorMessage": str(error), "errorType": "Lambda.ServiceException", "stackTrace": []}
            raise TaskError(report) from error

    def _serve(self) -> None:
        self._loop.call_soon(self._end_idle)
        self._loop.run_forever()
        self._loop.close()

    def _stop(self) -> None:
        """Once every call has learnt that its process is gone."""
        if asyncio.all_tasks(self._loop):
            self._loop.call_later(0.01, self._stop)
        else:
            self._loop.stop()

    def _end_idle(self) -> None:
        self._processes.end_idle(_IDLE_SECONDS)
        self._loop.call_later(_LOOK_SECONDS, self._end_idle)
