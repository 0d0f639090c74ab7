"""Puts on the stream what the requests of one moment have to put, in one commit, outside the event loop."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from optiq.ports.stream import Record, Stream


class GroupCommit:
    """For one event loop. While a commit waits for the disk, the records of further requests gather for the next."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="commit")
        self._waiting: list[tuple[Sequence[Record], asyncio.Future[None]]] = []
        self._committing: asyncio.Task[None] | None = None

    async def put(self, records: Sequence[Record]) -> None:
        """Returns when the records are durable. Raises UpstreamError as the stream does, and then none of them is."""
        loop = asyncio.get_running_loop()
        durable = loop.create_future()
        self._waiting.append((records, durable))
        if self._committing is None:
            self._committing = loop.create_task(self._commit())
        await durable

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _commit(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            together, self._waiting = self._waiting, []
            records = [record for wanted, _ in together for record in wanted]
            error: Exception | None = None
            try:
                await loop.run_in_executor(self._thread, self._stream.put, records)
            except Exception as failure:  # noqa: BLE001 - whatever it is, everybody who waits is told
                error = failure
            for _, durable in together:
                # Done already when its client has left.
                if not durable.done():
                    durable.set_exception(error) if error else durable.set_result(None)
        self._committing = None
