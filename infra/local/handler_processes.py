"""Processes that call handlers, started when first needed, and shared out between organizations."""

import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from optiq.kernel.errors import UpstreamError

from infra.local.turns import Turns

_ENDING_SECONDS = 5.0
_COMMAND = (sys.executable, "-m", "infra.local.handler_process")


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a handler.

    Attributes:
        party: the organization that the call takes a place of.
        handler: its import path.
        name: what logs call it.
        http: the answer is one of HTTP, whose body is not JSON within JSON again.
    """

    party: str
    handler: str
    name: str
    request_id: str
    event: Any
    http: bool = False

    def line(self) -> bytes:
        asked = {name: getattr(self, name) for name in ("handler", "name", "request_id", "event", "http")}
        return json.dumps(asked).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a process answers.

    `head` has `raised` and `retryable`, or the `status` and `headers` of HTTP, or nothing; the body follows.
    """

    head: Mapping[str, Any]
    body: bytes


class ProcessEndedError(Exception):
    """The process ended, or was ended, before it answered.

    Attributes:
        killed: by the kernel, or because it took too long. Otherwise it ended by itself, as one that cannot begin.
    """

    def __init__(self, message: str, *, killed: bool) -> None:
        super().__init__(message)
        self.killed = killed


class HandlerProcesses:
    """For one event loop.

    Args:
        processes: how many run at once; each takes some 150 MB.
        each: how many of them one organization may hold.
        waiting: how many calls of one organization may wait.
        longest_seconds: after that a call is given up and its process ended.
        imports: handlers that each process imports at its start.
    """

    def __init__(
        self,
        *,
        processes: int,
        each: int,
        waiting: int,
        longest_seconds: float,
        imports: Sequence[str] = (),
    ) -> None:
        self._turns = Turns(processes, each, waiting)
        # A process is started in one of these threads: the kernel ends it with the thread that started it.
        self._threads = ThreadPoolExecutor(processes, thread_name_prefix="processes")
        self._longest_seconds = longest_seconds
        self._command = (*_COMMAND, *imports)
        self._guard = threading.Lock()
        self._idle: list[_Process] = []
        self._all: list[_Process] = []
        self._closed = False

    async def call(self, call: Call) -> Reply:
        """Calls a handler in a process that has no other work.

        Raises:
            LimitExceededError: too many calls of the organization wait.
            ProcessEndedError: the process ended before it answered, or took too long.
            UpstreamError: the processes are closed.
        """
        line = call.line()
        async with self._turns.of(call.party):
            if self._closed:
                raise UpstreamError("the system is ending", retryable=True)
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._ask, line)

    def start_one(self) -> None:
        """Starts a process, so that the first call need not wait for it."""
        self._threads.submit(lambda: self._give_back(self._take()))

    def end_idle(self, seconds: float) -> None:
        """Ends the processes that have had no call for so long; the next call starts one again."""
        with self._guard:
            ended = [process for process in self._idle if time.monotonic() - process.idle_since >= seconds]
            self._idle = [process for process in self._idle if process not in ended]
        for process in ended:
            process.end()

    def close(self) -> None:
        with self._guard:
            self._closed = True
        for process in self._all:
            process.end()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _ask(self, line: bytes) -> Reply:
        process = self._take()
        limit = threading.Timer(self._longest_seconds, process.kill)
        limit.daemon = True
        limit.start()
        try:
            return process.ask(line)
        except (OSError, ValueError) as error:
            killed = process.was_killed()
            process.end()
            raise ProcessEndedError(f"the process {process.pid} ended before it answered", killed=killed) from error
        finally:
            limit.cancel()
            self._give_back(process)

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
                process.idle_since = time.monotonic()
                self._idle.append(process)


class _Process:
    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )
        self.idle_since = 0.0

    @property
    def pid(self) -> int:
        return self._process.pid

    def lives(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        self._process.kill()

    def was_killed(self) -> bool:
        """Of one that answers no more: whether it was ended by a signal."""
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(_ENDING_SECONDS) < 0
        return True

    def end(self) -> None:
        """Ends it and lets go of what it holds."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr]

    def ask(self, line: bytes) -> Reply:
        """Raises OSError or ValueError when the process ends before it has answered."""
        requests, answers = self._process.stdin, self._process.stdout
        assert requests is not None
        assert answers is not None
        requests.write(line)
        requests.flush()
        head = json.loads(answers.readline())
        body = answers.read(head["length"])
        if len(body) < head["length"]:
            raise ValueError("the answer was cut off")
        return Reply(head, body)
