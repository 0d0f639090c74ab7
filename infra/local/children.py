"""Child processes that are started again when they die, and never outlive their parent."""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

_LOG = logging.getLogger(__name__)
_PR_SET_PDEATHSIG = 1
_POLL_SECONDS = 0.1
_LONGEST_BACKOFF_SECONDS = 10.0
_STEADY_SECONDS = 30.0


def _die_with_parent() -> Callable[[], None] | None:
    """What a child does before it becomes its program, so that the kernel ends it with us (Linux only)."""
    if sys.platform != "linux":
        return None
    libc, parent = ctypes.CDLL(None), os.getpid()

    def ask_kernel() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return ask_kernel


class Preparation(Protocol):
    """What is done around each start of a child."""

    def before_start(self) -> None: ...

    def started(self, pid: int) -> None:
        """May raise anything; the process is then not used."""


class Child:
    """One process, watched by a thread.

    It gets a pipe as its standard input, whose end tells it that the parent is gone; Ctrl-C does not reach it.
    What it says goes to the end of `log_file`, or to our own standard error. A process whose preparation fails is
    ended, and started again.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        log_file: Path | None = None,
        preparation: Preparation | None = None,
    ) -> None:
        self._name = name
        self._command = list(command)
        self._environment = {**os.environ, **environment}
        self._log_file = log_file
        self._preparation = preparation
        self._stopping = threading.Event()
        self._before_exec = _die_with_parent()
        self._process: subprocess.Popen[bytes] | None = None
        # The kernel's promise is bound to the thread that starts the child, so one thread starts it every time.
        self._thread = threading.Thread(target=self._watch, name=f"watch-{name}", daemon=True)

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def failed(self) -> bool:
        """Whether it has ended by itself, with a failure."""
        return self._process is not None and (self._process.poll() or 0) > 0

    def start(self) -> None:
        self._thread.start()

    def stop(self, grace_seconds: float) -> None:
        """Asks the child to end, then ends it."""
        self._stopping.set()
        process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(grace_seconds)
            except subprocess.TimeoutExpired:
                process.kill()
        if self._thread.is_alive():
            self._thread.join(grace_seconds)

    def _watch(self) -> None:
        crashes = 0
        while not self._stopping.is_set():
            started = time.monotonic()
            try:
                code = self._run()
            except OSError as error:
                # Such as too many open files: it passes, and the child must run again then.
                _LOG.error("the %s cannot be started: %s", self._name, error)
                code = -1
            if self._stopping.is_set():
                return
            crashes = 0 if time.monotonic() - started > _STEADY_SECONDS else crashes + 1
            pause = min(_LONGEST_BACKOFF_SECONDS, 0.25 * 2.0**crashes)
            _LOG.error("the %s ended with code %d; starting it again in %.1f s", self._name, code, pause)
            self._stopping.wait(pause)

    def _run(self) -> int:
        with ExitStack() as stack:
            if self._preparation is not None:
                self._preparation.before_start()
            process = stack.enter_context(
                subprocess.Popen(  # noqa: S603 - our own command
                    self._command,
                    env=self._environment,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=stack.enter_context(self._log_file.open("ab")) if self._log_file else None,
                    start_new_session=True,
                    preexec_fn=self._before_exec,
                )
            )
            self._process = process
            if self._stopping.is_set():
                process.terminate()
            elif self._preparation is not None:
                self._prepare(process, self._preparation)
            while process.poll() is None:
                time.sleep(_POLL_SECONDS)
            return process.returncode

    def _prepare(self, process: subprocess.Popen[bytes], preparation: Preparation) -> None:
        try:
            preparation.started(process.pid)
        except Exception as error:  # noqa: BLE001 - whatever it is, the process must not run unprepared
            if process.poll() is None and not self._stopping.is_set():
                _LOG.error("the %s is not used: %s", self._name, error or type(error).__name__)
            process.kill()
