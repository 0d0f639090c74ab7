"""The local bus's contract, as EventBridge and Lambda have it: one event in each call, tried three times, then kept.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from optiq.kernel.errors import UpstreamError
from optiq.kernel.manifest import subscriptions
from optiq.ports.bus import BusEvent
from optiq.ports.bus_log import LogBus
from optiq.ports.log_file import LogFile, shard_of

from infra.local import shard_reader
from infra.local.failed_batches import replay_failed
from infra.local.mappings import SUBSCRIBERS
from infra.local.pump import backlog
from infra.local.shard_log import ShardLog, trim
from infra.local.shard_reader import Backoff, ShardReader

MAPPING = replace(SUBSCRIBERS[0], consumer="tests.subscriber", kinds=("Told",))
SHARD = shard_of("org_1", "org_1")


class _Function:
    def __init__(self) -> None:
        self.got: list[str] = []
        self.fails: dict[str, Exception] = {}

    def __call__(self, event: Mapping[str, Any], _context: object) -> None:
        name = event["detail"]["name"]
        self.got.append(name)
        if name in self.fails:
            raise self.fails[name]


@pytest.fixture
def function(monkeypatch: pytest.MonkeyPatch) -> _Function:
    function = _Function()
    monkeypatch.setattr(shard_reader, "load", lambda path: function)
    return function


@pytest.fixture
def log(tmp_path: Path) -> Iterator[LogFile]:
    path = str(tmp_path / "events.db")
    bus = LogBus(path)
    bus.put([_event(name) for name in "abc"] + [replace(_event("x"), kind="Another")])
    bus.close()
    log = LogFile(path)
    yield log
    log.close()


def _event(name: str) -> BusEvent:
    detail = json.dumps({"name": name, "organization_id": "org_1"})
    return BusEvent("optiq.tests", "Told", "org_1", "org_1", 1_700_000_000_123, detail)


def _reader(log: LogFile) -> ShardReader:
    shard_log = ShardLog(log, MAPPING.consumer, SHARD, MAPPING.kinds)
    return ShardReader(shard_log, MAPPING, Backoff(first=0.0, longest=0.0))


def _read(log: LogFile, steps: int = 20) -> None:
    reader = _reader(log)
    for _ in range(steps):
        reader.step()


def test_events_of_a_kind_come_one_at_a_time_in_order(function: _Function, log: LogFile) -> None:
    _read(log)

    assert function.got == ["a", "b", "c"]
    assert backlog(log, [MAPPING]) == 0


def test_an_event_that_fails_is_tried_three_times_then_kept_and_replayed(function: _Function, log: LogFile) -> None:
    function.fails = {"b": ValueError("cannot handle this")}
    _read(log)
    assert function.got == ["a", "b", "b", "b", "c"]

    function.fails = {}
    assert replay_failed(log, MAPPING.consumer) == 1
    _read(log)
    assert function.got[5:] == ["b"]


def test_an_outage_is_waited_out(function: _Function, log: LogFile) -> None:
    function.fails = {"b": UpstreamError("down", retryable=True)}
    _read(log)
    assert set(function.got[1:]) == {"b"}
    assert len(function.got) > 4

    function.fails = {}
    _read(log)
    assert function.got[-2:] == ["b", "c"]


def test_a_subscriber_killed_while_it_handles_an_event_gets_it_again(function: _Function, log: LogFile) -> None:
    class Killed(BaseException):
        pass

    function.fails = {"b": Killed()}  # type: ignore[dict-item]
    with pytest.raises(Killed):
        _read(log)
    function.fails = {}
    _read(log)

    assert function.got == ["a", "b", "b", "c"]


def test_events_go_once_every_subscriber_has_handled_them(function: _Function, log: LogFile) -> None:
    now_ms = 10**15
    assert trim(log, [MAPPING.consumer], now_ms, kept_ms=0) == 0
    _read(log, steps=2)
    assert trim(log, [MAPPING.consumer], now_ms, kept_ms=0) == 2


def test_function_with_several_kinds_of_events_misses_none_of_them() -> None:
    """Its checkpoint is one: who reads some kinds passes over the others."""
    read = {mapping.consumer: set(mapping.kinds) for mapping in SUBSCRIBERS}
    wanted: dict[str, set[str]] = {}
    for one in subscriptions():
        wanted.setdefault(one.subscriber, set()).add(one.kind.__name__)

    assert len(read) == len(SUBSCRIBERS)
    assert read == wanted
