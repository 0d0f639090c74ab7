"""Failed events are kept many in one write, each once, whatever their size."""

import random
from dataclasses import replace

import pytest
from optiq.collect.ingest import api as ingest
from optiq.collect.ingest.contracts import FailedEvent, failed_event_id_of
from optiq.kernel import table as kernel_table
from optiq.kernel.caller import Caller
from optiq.kernel.clock import system_clock
from optiq.tenancy.contracts import NewSite

_BEGIN_MS = system_clock()


def _event(site: NewSite, number: int, body: bytes = b"{}") -> FailedEvent:
    return FailedEvent(
        organization_id=site.site.organization_id,
        site_id=site.site.site_id,
        failed_event_id=failed_event_id_of(_BEGIN_MS + number, f"r{number}"),
        received_ms=_BEGIN_MS + number,
        source="POST /b",
        reason="kind: unknown",
        body=body,
    )


def _kept(site: NewSite) -> dict[int, FailedEvent]:
    found: list[FailedEvent] = []
    cursor = None
    while True:
        page = ingest.failed_events(
            Caller.system(site.site.organization_id), site.site.site_id, limit=100, cursor=cursor
        )
        found += page.items
        cursor = page.cursor
        if cursor is None:
            return {event.received_ms - _BEGIN_MS: event for event in found}


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many items each write to the table had."""
    made: list[int] = []
    together, alone = kernel_table.write_together, kernel_table.put_one
    monkeypatch.setattr(kernel_table, "write_together", lambda puts: (made.append(len(puts)), together(puts))[1])
    monkeypatch.setattr(kernel_table, "put_one", lambda put: (made.append(1), alone(put))[1])
    return made


@pytest.mark.parametrize("events", [1, 100, 101, 450])
def test_keeping_takes_a_write_for_each_hundred(site: NewSite, writes: list[int], events: int) -> None:
    ingest.keep_failed([_event(site, number) for number in range(events)])

    assert len(writes) == -(-events // 100)
    assert sum(writes) == events
    assert len(_kept(site)) == events


@pytest.mark.parametrize("size", [60_000, 200_000, 349_000, 900_000])
def test_large_bodies_are_kept_though_a_write_takes_few_of_them(site: NewSite, writes: list[int], size: int) -> None:
    noise = random.Random(7)
    ingest.keep_failed([_event(site, number, noise.randbytes(size)) for number in range(30)])

    assert len(_kept(site)) == 30
    assert max(writes) * min(size, 350_000) <= 2_400_000


def test_the_same_delivery_again_changes_nothing_among_others(site: NewSite) -> None:
    first = [_event(site, number) for number in range(40)]
    ingest.keep_failed(first)

    again = [replace(event, reason="another") for event in first[10:]]
    ingest.keep_failed([*again, *(_event(site, number) for number in range(40, 60)), again[0]])

    kept = _kept(site)
    assert len(kept) == 60
    assert {event.reason for event in kept.values()} == {"kind: unknown"}


def test_an_empty_list_writes_nothing(site: NewSite, writes: list[int]) -> None:
    ingest.keep_failed([])

    assert writes == []
