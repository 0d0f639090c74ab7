"""Ingest counts say how many events reports leave out, and how many had a part that could not be read."""

import json
from dataclasses import replace
from datetime import date

import pytest
from optiq.collect.ingest import api as ingest
from optiq.collect.ingest import counting
from optiq.collect.ingest.contracts import IngestCounts, Outcome
from optiq.kernel.caller import Caller
from optiq.tenancy.contracts import NewSite

from functions.collect import routes
from tests.functional.reports.http import answer, request

DAY = date(2026, 1, 10)


def count(site: NewSite, *outcomes: Outcome, day: date = DAY, shard: str = "0") -> None:
    ingest.count(site.site.organization_id, site.site.site_id, day, shard, outcomes)


def counts(site: NewSite, first: date = DAY, last: date = DAY) -> IngestCounts:
    return ingest.counts(Caller.system(site.site.organization_id), site.site.site_id, first=first, last=last)


@pytest.mark.parametrize("size", [1, 2, 7])
def test_each_reason_is_counted_once_however_often_its_batch_comes(site: NewSite, size: int) -> None:
    # GIVEN stored events, some of them left out for a reason or with a warning
    reasons = ["BOT", "", "OPTED_OUT", "BOT", "EXCLUDED", "OVER_LIMIT", "BOT"]
    outcomes = [
        Outcome(number, "STORED", 0, left_out=reason, warned=number % 3 == 0)
        for number, reason in enumerate(reasons, 1)
    ]

    # WHEN they come in batches, each twice, and once all together
    for first in range(0, len(outcomes), size):
        for _ in range(2):
            count(site, *outcomes[first : first + size])
    count(site, *outcomes)

    # THEN each counts once
    found = counts(site)
    assert found.left_out == {"BOT": 3, "OPTED_OUT": 1, "EXCLUDED": 1, "OVER_LIMIT": 1}
    assert (found.stored, found.warned) == (7, 2)


@pytest.mark.parametrize("result", ["DUPLICATE", "FAILED"])
def test_only_stored_events_can_be_left_out(site: NewSite, result: str) -> None:
    twice = Outcome(1, "STORED", 0, left_out="BOT", warned=True)
    count(site, twice, replace(twice, sequence=2, result=result))

    assert (counts(site).left_out, counts(site).warned) == ({"BOT": 1}, 1)


def test_shards_and_days_add_up(site: NewSite) -> None:
    bot = Outcome(1, "STORED", 0, left_out="BOT")
    count(site, bot)
    count(site, replace(bot, warned=True), shard="1")
    count(site, replace(bot, left_out="OPTED_OUT"), day=date(2026, 1, 11))

    assert counts(site).left_out == {"BOT": 2}
    assert counts(site, last=date(2026, 1, 11)) == IngestCounts(3, 3, 0, 0, {"BOT": 2, "OPTED_OUT": 1}, 1)


def test_a_batch_is_counted_by_one_write(site: NewSite, monkeypatch: pytest.MonkeyPatch) -> None:
    writes: list[object] = []
    update = counting.IngestCountRecord.update
    monkeypatch.setattr(
        counting.IngestCountRecord, "update", lambda self, **how: writes.append(how) or update(self, **how)
    )
    count(site, *(Outcome(number, "STORED", 0, left_out="BOT", warned=True) for number in range(1, 50)))
    assert len(writes) == 1


def test_counts_of_before_hold_no_reasons(site: NewSite) -> None:
    # GIVEN an item that was written before reasons were counted
    count(site, Outcome(1, "STORED", 0))
    key = counting.keys.ingest_count(site.site.organization_id, site.site.site_id, DAY.isoformat(), "0")
    old = counting.IngestCountRecord.get(key.pk, key.sk)
    old.update(actions=[counting.IngestCountRecord.left_out.remove(), counting.IngestCountRecord.warned.remove()])
    assert (counts(site).left_out, counts(site).warned) == ({}, 0)

    # WHEN more comes THEN it counts on
    count(site, Outcome(2, "STORED", 0, left_out="BOT", warned=True))
    assert (counts(site).stored, counts(site).left_out, counts(site).warned) == (2, {"BOT": 1}, 1)


def test_the_route_tells_of_both(site: NewSite) -> None:
    count(site, Outcome(1, "STORED", 0, left_out="OPTED_OUT", warned=True), Outcome(2, "STORED", 0, left_out="BOT"))
    path = f"/v1/sites/{site.site.site_id}/ingest?from=2026-01-10&to=2026-01-10"

    status, body = answer(routes.handler(request(path, site.site.organization_id), None))

    assert status == 200
    assert json.dumps(body) == json.dumps(
        {
            "accepted": 2,
            "stored": 2,
            "duplicates": 0,
            "failed": 0,
            "left_out": {"BOT": 1, "OPTED_OUT": 1},
            "warned": 1,
            "not_kept": 0,
            "held": 0,
        }
    )
