"""Handler processes for callers that wait for the answer in threads of their own."""

import asyncio
import threading

from infra.local.handler_processes import Call, HandlerProcesses, Reply

_IDLE_SECONDS = 60.0
"""After that a process without work is ended: a night's jobs leave much memory behind."""
_LOOK_SECONDS = 10.0


class BlockingProcesses:
    """Runs the event loop of handler processes in a thread, and ends the processes that have no work."""

    def __init__(self, processes: HandlerProcesses, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._processes = processes
        threading.Thread(target=self._serve, name=name, daemon=True).start()

    def call(self, call: Call) -> Reply:
        """Raises what HandlerProcesses.call does."""
        return asyncio.run_coroutine_threadsafe(self._processes.call(call), self._loop).result()

    def close(self) -> None:
        """Ends the processes; what they work on fails."""
        self._processes.close()
        self._loop.call_soon_threadsafe(self._stop)

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
