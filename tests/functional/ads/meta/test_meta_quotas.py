"""Meta's quotas: who is asked no more, until when, and who goes on."""

import pytest
from optiq.ads.connections import accounts
from optiq.ads.connections import api as connections
from optiq.ads.sync import api as sync
from optiq.kernel.clock import MINUTE_MS

from infra.local.ad_platforms import meta
from infra.local.ad_platforms.server import Fault, Vendors
from infra.local.ad_platforms.world import Account, Reply
from tests.functional.ads.metas import D, at_its_end, days_of, month
from tests.functional.ads.synced import ACCOUNT, META, Synced, ms
from tests.functional.reports.conftest import SiteMaker

pytestmark = pytest.mark.usefixtures("table")


def test_a_throttle_of_ten_minutes_is_obeyed_by_every_job_of_the_account(
    vendors: Vendors, organization_id: str, make_site: SiteMaker
) -> None:
    # GIVEN two accounts, of which Meta throttles one for ten minutes
    vendors.world.now_ms = ms("2026-10-02T04:00:00+02:00")
    synced = Synced(vendors, organization_id, platform=META)
    vendors.world.accounts.append(Account("902"))
    connections.refresh_accounts(synced.who, synced.connection_id, synced.clock)
    accounts.choose(synced.who, synced.connection_id, [ACCOUNT, "902"])
    for one in (ACCOUNT, "902"):
        vendors.world.by_account[one] = month()
    throttled_ms = synced.clock()
    vendors.faults.append(Fault("/act_901/insights", "reply", meta.throttled(10)))
    job = synced.run(synced.job())
    assert (job.status, job.not_before_ms) == ("WAITING", throttled_ms + 600_000)
    assert job.reason == "META: 17/2446079: goes on at 2026-10-02T02:10:00.000Z"

    # WHEN the clock looks each minute, and somebody asks by hand THEN nobody asks Meta for it
    asked = len(vendors.asked("901"))
    for minute in range(1, 10):
        vendors.world.now_ms = throttled_ms + minute * MINUTE_MS
        sync.start_due_syncs(synced.clock)
        assert sync.get_sync(synced.who, job.sync_id) == job
    assert synced.run(synced.job()).not_before_ms == throttled_ms + 600_000
    assert len(vendors.asked("901")) == asked

    # AND the other account is read meanwhile
    other = synced.run(sync.start_sync(synced.who, META, "902", clock=synced.clock))
    assert (other.status, synced.clock() < throttled_ms + 600_000) == ("SUCCEEDED", True)

    # AND it goes on when the ten minutes are over
    vendors.world.now_ms = throttled_ms + 600_000
    sync.start_due_syncs(synced.clock)
    assert synced.run(job).status == "SUCCEEDED"


def test_a_throttle_of_the_app_is_obeyed_by_every_account(synced: Synced) -> None:
    limit = Reply(400, {"error": {"code": 4, "message": "Application request limit reached", "is_transient": True}})
    synced.vendors.world.accounts.append(Account("902"))
    connections.refresh_accounts(synced.who, synced.connection_id, synced.clock)
    accounts.choose(synced.who, synced.connection_id, [ACCOUNT, "902"])
    synced.vendors.faults.append(Fault("/act_901/insights", "reply", limit))
    assert synced.run(synced.job()).not_before_ms == synced.clock() + 300_000
    asked = len(synced.vendors.heard)
    other = synced.run(sync.start_sync(synced.who, META, "902", clock=synced.clock))
    assert (other.status, other.not_before_ms) == ("WAITING", synced.clock() + 300_000)
    assert len(synced.vendors.heard) == asked


def test_an_hours_calls_are_used_slowly_and_never_passed(synced: Synced) -> None:
    """Forty calls an hour, of which a backfill of three months needs more."""
    synced.vendors.world.hourly_calls = 40
    synced.vendors.world.most_in_page = 100
    synced.rows(*days_of(*((f"2026-0{month}-{day:02d}", day) for month in (7, 8, 9) for day in range(1, 29))))
    job = at_its_end(synced, synced.job(from_day="2026-07-01", to_day="2026-09-28"))
    assert (job.status, job.days_changed) == ("SUCCEEDED", 90)
    used = synced.vendors.world.calls
    assert max(used.values()) <= 40


def test_a_quota_of_three_quarters_slows_down_and_reads_what_was_begun(synced: Synced) -> None:
    synced.rows(*days_of((D, 8)))
    synced.vendors.world.hourly_calls = 8
    job = synced.run(synced.job(from_day="2026-08-01", to_day="2026-10-02"))
    assert job.status == "WAITING"
    assert job.reason.startswith("Meta counts ")
    assert max(synced.vendors.world.calls.values()) <= 8
