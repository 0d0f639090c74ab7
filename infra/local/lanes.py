"""Where the gateway's requests wait and run: apart by their kind, and in each kind by whose they are.

Collection has threads that nothing else uses, and so has what is open to strangers; its large requests have others than
its small ones. Heavy requests run in processes of their own. No organization, and no network of strangers, can hold all
places of a kind.
"""

import asyncio
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from optiq.kernel.http import body_bytes
from optiq.kernel.networks import senders_network
from optiq.kernel.routes import Route

from functions.collect.senders import known_organization
from infra.local.http_event import HttpAnswer, from_response
from infra.local.refused import RefusedBytes
from infra.local.report_processes import ReportProcesses
from infra.local.turns import Turns
from infra.routes import AUTHORIZER

Event = Mapping[str, Any]
Invoke = Callable[[str, Event], Any]

SMALL_BYTES = 8 * 1024
"""A larger request that takes events in is large: it may need the interpreter for longer than others should wait."""
_COMPRESSED_BYTES = 256 * 1024
_SWITCH_SECONDS = 0.0005
"""How long a large request keeps the interpreter while another thread waits for it."""
_ZLIB_OR_GZIP = 32 + zlib.MAX_WBITS
_THREADS = 4
_COLLECTING_EACH = 3
_MOST_COLLECTING = 1_000
_LARGE_THREADS = 2
_LARGE_EACH = 1
_LARGE_WAITING = 50
_MANAGEMENT_THREADS = 8
_OPEN_THREADS = 4
_EACH = 4
_EACH_STRANGER = 2
_WAITING = 100


class Lanes:
    """Raises LimitExceededError for a request when too many of the same party wait.

    Args:
        invoke: calls a handler by its import path.
        collecting: which handlers, by the start of their import path, take events in.
        reports: answers heavy requests.
    """

    def __init__(self, invoke: Invoke, collecting: tuple[str, ...], reports: ReportProcesses | None = None) -> None:
        self._invoke = invoke
        self._collecting = collecting
        self._reports = ReportProcesses() if reports is None else reports
        self._collection = ThreadPoolExecutor(_THREADS, thread_name_prefix="collect")
        self._large_collection = ThreadPoolExecutor(_LARGE_THREADS, thread_name_prefix="collect-large")
        self._authorization = ThreadPoolExecutor(_THREADS, thread_name_prefix="authorize")
        self._management = ThreadPoolExecutor(_MANAGEMENT_THREADS, thread_name_prefix="manage")
        self._open = ThreadPoolExecutor(_OPEN_THREADS, thread_name_prefix="open")
        self._turns = Turns(_MANAGEMENT_THREADS, _EACH, _WAITING)
        self._turns_to_collect = Turns(_THREADS, _COLLECTING_EACH, _MOST_COLLECTING)
        self._turns_of_large = Turns(_LARGE_THREADS, _LARGE_EACH, _LARGE_WAITING)
        self._refused = RefusedBytes()
        self._large = 0
        self._usual_switch = sys.getswitchinterval()
        # Before a request is authorized, only its network is known.
        self._turns_to_authorize = Turns(_THREADS, _EACH_STRANGER, _WAITING)
        self._turns_of_strangers = Turns(_OPEN_THREADS, _EACH_STRANGER, _WAITING)

    def close(self) -> None:
        collecting = (self._collection, self._large_collection)
        for threads in (*collecting, self._authorization, self._management, self._open):
            threads.shutdown(wait=False, cancel_futures=True)
        self._reports.close()

    async def authorize(self, event: Event) -> Mapping[str, Any]:
        async with self._turns_to_authorize.of(network_of(event)):
            judgement: Mapping[str, Any] = await self._in(self._authorization, AUTHORIZER, event)
        return judgement

    async def answer(self, route: Route, event: Event) -> HttpAnswer:
        if route.handler.startswith(self._collecting):
            return await self.collect(route.handler, event)
        if route.heavy:
            return await self._reports.answer(_party(event), route.handler, event)
        if route.is_open:
            async with self._turns_of_strangers.of(network_of(event)):
                return from_response(await self._in(self._open, route.handler, event))
        # Who manages will soon want a report.
        self._reports.warm_up()
        async with self._turns.of(_party(event)):
            return from_response(await self._in(self._management, route.handler, event))

    async def collect(self, handler: str, event: Event) -> HttpAnswer:
        sender = _sender(event)
        if is_small(event):
            async with self._turns_to_collect.of(sender):
                return from_response(await self._in(self._collection, handler, event))
        async with self._turns_of_large.of(sender):
            # Those that waited behind what was refused, too.
            self._refused.check(sender)
            with self._handing_over():
                answer = from_response(await self._in(self._large_collection, handler, event))
            self._refused.note(sender, answer.status, _size(event))
            return answer

    def check_large(self, route: Route, event: Event, announced_bytes: int) -> None:
        """Refuses a large request that takes events in before its body is read, while its sender has to wait.

        Raises LimitExceededError.
        """
        if announced_bytes > SMALL_BYTES and route.handler.startswith(self._collecting):
            self._refused.check(_sender(event))

    @contextmanager
    def _handing_over(self) -> Iterator[None]:
        """Lets other threads have the interpreter sooner while a large request runs."""
        if not self._large:
            self._usual_switch = sys.getswitchinterval()
        self._large += 1
        sys.setswitchinterval(_SWITCH_SECONDS)
        try:
            yield
        finally:
            self._large -= 1
            if not self._large:
                sys.setswitchinterval(self._usual_switch)

    async def _in(self, threads: ThreadPoolExecutor, handler: str, event: Event) -> Any:
        return await asyncio.get_running_loop().run_in_executor(threads, self._invoke, handler, event)


def _party(event: Event) -> str:
    """Whose place a request takes: an organization's, else a person's, else a network's."""
    caller = event["requestContext"].get("authorizer", {}).get("lambda", {})
    return str(caller.get("organization_id") or caller.get("user_id") or network_of(event))


def _size(event: Event) -> int:
    """What a large request costs to read, in bytes; of a compressed one as much as half of the largest."""
    size = len(event.get("body", ""))
    return max(size, _COMPRESSED_BYTES) if event.get("isBase64Encoded") else size


def _sender(event: Event) -> str:
    return known_organization(event) or network_of(event)


def is_small(event: Event) -> bool:
    """Of a compressed body, what it inflates to counts."""
    size = len(event.get("body", "")) + len(event.get("rawQueryString", ""))
    return size <= SMALL_BYTES and not (event.get("isBase64Encoded") and _inflates_to_much(event))


def _inflates_to_much(event: Event) -> bool:
    try:
        inflated = zlib.decompressobj(_ZLIB_OR_GZIP).decompress(body_bytes(event), SMALL_BYTES + 1)
    except zlib.error:
        return False
    return len(inflated) > SMALL_BYTES


def network_of(event: Event) -> str:
    address = str(event["requestContext"]["http"]["sourceIp"])
    return senders_network(address) or address
