"""Heavy requests in processes of their own, so that they take neither the interpreter nor the priority of others."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from optiq.kernel.errors import UpstreamError

from infra.local.handler_processes import Call, HandlerProcesses, ProcessEndedError
from infra.local.http_event import HttpAnswer

_LOG = logging.getLogger(__name__)
_IMPORTED_EARLY = (
    "functions.reports.routes.handler",
    "functions.journeys.routes.handler",
    "functions.sharing.routes.handler",
)
_LONGEST_SECONDS = 120.0
_FAILED = HttpAnswer(500, [(b"content-type", b"application/problem+json")], b'{"title":"Internal error","status":500}')


class ReportProcesses:
    """Processes that answer one request each at a time, started when first needed.

    Args:
        processes: how many run at once.
        each: how many of them one organization may hold.
        waiting: how many requests of one organization may wait.
        longest_seconds: after that a request is given up and its process ended.
        imports: handlers that each process imports at its start.
    """

    def __init__(
        self,
        processes: int = 3,
        each: int = 2,
        waiting: int = 20,
        longest_seconds: float = _LONGEST_SECONDS,
        imports: Sequence[str] = _IMPORTED_EARLY,
    ) -> None:
        self._processes = HandlerProcesses(
            processes=processes, each=each, waiting=waiting, longest_seconds=longest_seconds, imports=imports
        )
        self._longest_seconds = longest_seconds
        self._warm = False

    async def answer(self, organization_id: str, handler: str, event: Mapping[str, Any]) -> HttpAnswer:
        """Raises LimitExceededError when too many requests of the organization wait, UpstreamError when one ends."""
        request_id = event["requestContext"]["requestId"]
        try:
            reply = await self._processes.call(
                Call(organization_id, handler, event["routeKey"], request_id, event, http=True)
            )
        except ProcessEndedError as error:
            _LOG.error("a report's process ended before it answered; the limit is %.0f s", self._longest_seconds)
            raise UpstreamError(
                "the report needs too much time or memory: ask for fewer days", retryable=False
            ) from error
        if "raised" in reply.head:
            return _FAILED
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in reply.head["headers"]]
        return HttpAnswer(reply.head["status"], headers, reply.body)

    def warm_up(self) -> None:
        """Starts a process if none was started yet, so that the first request need not wait for it."""
        if not self._warm:
            self._warm = True
            self._processes.start_one()

    def close(self) -> None:
        self._processes.close()
