"""The consumers killed before and after every single write they make: the state afterwards is always the same."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any

import pytest
from optiq.kernel.clock import system_clock, to_rfc3339
from optiq.ports.lake_folder import FolderLake
from optiq.ports.stream_log import LogStream
from optiq.tenancy import api as tenancy
from pynamodb.connection import Connection

from tests.functional.pipeline import Pipeline
from tests.functional.senders import send_segment
from tests.functional.state import state_of

pytestmark = pytest.mark.usefixtures("table")

_WRITES = {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"}
NOW = system_clock()


class _Killed(BaseException):
    """What no handler of ours may catch, as nobody catches kill -9."""


class _Writes:
    """Counts every write to table, lake and stream; kills at one of them, before or after it took place."""

    def __init__(self, kill_at: int | None, after: bool) -> None:
        self.made = 0
        self._counting = Lock()
        self._kill_at = kill_at
        self._after = after

    def around(self, write: Callable[[], Any]) -> Any:
        with self._counting:
            self.made += 1
            number = self.made
        if number == self._kill_at and not self._after:
            raise _Killed
        result = write()
        if number == self._kill_at:
            raise _Killed
        return result


@contextmanager
def _watched(monkeypatch: pytest.MonkeyPatch, kill_at: int | None, after: bool) -> Iterator[_Writes]:
    writes = _Writes(kill_at, after)
    dispatch, append, put = Connection.dispatch, FolderLake.append, LogStream.put

    def watched_dispatch(self: Any, operation: str, *args: Any, **kwargs: Any) -> Any:
        if operation not in _WRITES:
            return dispatch(self, operation, *args, **kwargs)
        return writes.around(lambda: dispatch(self, operation, *args, **kwargs))

    with monkeypatch.context() as patch:
        patch.setattr(Connection, "dispatch", watched_dispatch)
        patch.setattr(FolderLake, "append", lambda self, *args: writes.around(lambda: append(self, *args)))
        patch.setattr(LogStream, "put", lambda self, records: writes.around(lambda: put(self, records)))
        yield writes


def _messages() -> list[dict[str, Any]]:
    """Two people, a login, an order with a conflicting copy, a duplicate and an event that cannot be."""

    def said(message_id: str, minutes_ago: int, **more: Any) -> dict[str, Any]:
        time = to_rfc3339(NOW - minutes_ago * 60_000)
        return {"messageId": message_id, "anonymousId": "v1", "timestamp": time, "type": "track", "event": "E"} | more

    spring = {"page": {"url": "https://shop.example/?utm_source=newsletter&utm_medium=email"}}
    order = {"event": "Order Completed", "properties": {"revenue": "49.90"}}
    return [
        said("p1", 90, type="page", context=spring),
        said("p2", 20, type="page", context={"page": {"url": "https://shop.example/"}}),
        said("i1", 19, type="identify", userId="u1"),
        said("o1", 18, **order),
        said("o1", 18, **order),
        said("o1", 17, **order),
        said("bad", 16, event=""),
        said("p3", 15, type="page", anonymousId="v2", context=spring),
        said("o2", 10, anonymousId="v2", **order),
    ]


def _order(user: str, minutes_ago: int, revenue: str) -> dict[str, Any]:
    time = to_rfc3339(NOW - minutes_ago * 60_000)
    said = {"type": "track", "event": "Order Completed", "messageId": f"{user}-{minutes_ago}", "userId": user}
    return said | {"timestamp": time, "properties": {"order_id": "A-1", "revenue": revenue}}


def _run(
    monkeypatch: pytest.MonkeyPatch,
    kill_at: int | None,
    after: bool,
    messages: Sequence[dict[str, Any]],
    before: Sequence[dict[str, Any]] = (),
) -> tuple[dict[str, Any], int]:
    """The state after a run that was killed at one of its writes and then went on; and how many writes it made."""
    site = tenancy.create_site(name="Shop", domains=["shop.example"])
    pipeline = Pipeline()
    if before:
        assert send_segment(site, "batch", {"batch": before})["statusCode"] == 200
        pipeline.drain()
    assert send_segment(site, "batch", {"batch": messages})["statusCode"] == 200
    with _watched(monkeypatch, kill_at, after) as writes:
        try:
            pipeline.drain()
        except _Killed:
            # The batch was not acknowledged to the stream: it is delivered again.
            pipeline.drain()
    return state_of(site, NOW), writes.made


def test_a_consumer_killed_at_any_write_leaves_the_same_state(monkeypatch: pytest.MonkeyPatch) -> None:
    undisturbed, writes = _run(monkeypatch, None, after=False, messages=_messages())
    assert undisturbed["counts"] == (9, 6, 1, 2)
    assert len(undisturbed["credits"]) == 3
    assert writes >= 10

    for kill_at in range(1, writes + 1):
        for after in (False, True):
            state, _ = _run(monkeypatch, kill_at, after, _messages())
            assert state == undisturbed, f"killed {'after' if after else 'before'} write {kill_at} of {writes}"


@pytest.mark.slow
def test_a_report_that_loses_its_place_is_published_whatever_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    places = {(True, False): 2, (True, True): 2, (False, False): 2, (False, True): 2}
    monkeypatch.setattr("optiq.journeys.orders.places.PLACES", places)
    before = [_order("ada", 20, "5"), _order("joe", 10, "7")]
    messages = [_order("bob", 40, "6"), _order("eve", 30, "9")]
    undisturbed, writes = _run(monkeypatch, None, after=False, messages=messages, before=before)
    assert sorted(value for _, value in undisturbed["listed"]) == [5_000_000, 6_000_000, 7_000_000, 9_000_000]

    for kill_at in range(1, writes + 1):
        for after in (False, True):
            state, _ = _run(monkeypatch, kill_at, after, messages, before)
            assert state == undisturbed, f"killed {'after' if after else 'before'} write {kill_at} of {writes}"
