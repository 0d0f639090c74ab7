"""Heavy requests in processes of their own, so that they take neither the interpreter nor the priority of others."""

import asyncio
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from optiq.kernel.errors import UpstreamError

from infra.local.http_event import HttpAnswer
from infra.local.turns import Turns

_LOG = logging.getLogger(__name__)
_IMPORTED_EARLY = ("functions.reports.routes.handler", "functions.journeys.routes.handler")
_COMMAND = (sys.executable, "-m", "infra.local.report_process")
_LONGEST_SECONDS = 120.0


class ReportProcesses:
    """Processes that answer one request each at a time, started when first needed.

    Args:
        processes: how many run at once; each takes some 150 MB.
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
        self._turns = Turns(processes, each, waiting)
        self._threads = ThreadPoolExecutor(processes, thread_name_prefix="reports")
        self._longest_seconds = longest_seconds
        self._command = (*_COMMAND, *imports)
        self._guard = threading.Lock()
        self._idle: list[_Process] = []
        self._all: list[_Process] = []
        self._warm = False
        self._closed = False

    async def answer(self, organization_id: str, handler: str, event: Mapping[str, Any]) -> HttpAnswer:
        """Raises LimitExceededError when too many requests of the organization wait, UpstreamError when one ends."""
        request = json.dumps({"handler": handler, "event": event}).encode() + b"\n"
        async with self._turns.of(organization_id):
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._ask, request)

    def warm_up(self) -> None:
        """Starts a process if none was started yet, so that the first request need not wait for it."""
        if not self._warm:
            self._warm = True
            # In one of our threads: the kernel ends a process with the thread that started it.
            self._threads.submit(lambda: self._give_back(self._take()))

    def close(self) -> None:
        with self._guard:
            self._closed = True
        for process in self._all:
            process.end()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _ask(self, request: bytes) -> HttpAnswer:
        process = self._take()
        limit = threading.Timer(self._longest_seconds, process.kill)
        limit.start()
        try:
            answer = process.ask(request)
        except (OSError, ValueError) as error:
            process.end()
            _LOG.error("a report's process ended before it answered; the limit is %.0f s", self._longest_seconds)
            raise UpstreamError(
                "the report needs too much time or memory: ask for fewer days", retryable=False
            ) from error
        finally:
            limit.cancel()
            self._give_back(process)
        return answer

    def _take(self) -> "_Process":
        with self._guard:
            if self._closed:
                raise UpstreamError("the system is ending", retryable=True)
            while self._idle:
                process = self._idle.pop()
                if process.lives():
                    return process
                process.end()
            process = _Process(self._command)
            self._all = [known for known in self._all if known.lives()] + [process]
            return process

    def _give_back(self, process: "_Process") -> None:
        with self._guard:
            if process.lives():
                self._idle.append(process)


class _Process:
    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )

    def lives(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> None:
        """Ends it and lets go of what it holds."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr]

    def ask(self, request: bytes) -> HttpAnswer:
        """Raises OSError or ValueError when the process ends before it has answered."""
        requests, answers = self._process.stdin, self._process.stdout
        assert requests is not None
        assert answers is not None
        requests.write(request)
        requests.flush()
        head = json.loads(answers.readline())
        body = answers.read(head["length"])
        if len(body) < head["length"]:
            raise ValueError("the answer was cut off")
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in head["headers"]]
        return HttpAnswer(head["status"], headers, body)
