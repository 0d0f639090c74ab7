"""When accounts are read, and what is left out first where a quota is short."""

from dataclasses import replace

import pytest
from optiq.ads.connections import api as connections
from optiq.ads.connections.contracts import AdAccount
from optiq.ads.connections.stores import ACCOUNTS
from optiq.ads.sync import api as sync
from optiq.ads.sync import budgets, daily, turns
from optiq.ads.sync.contracts import SyncJob
from optiq.ads.sync.state import AccountState
from optiq.kernel.errors import InvalidError
from optiq.ports import wiring

from infra.local.ad_platforms.server import Vendors
from infra.local.ad_platforms.world import Account
from tests.functional.ads.synced import ACCOUNT, GOOGLE, TIKTOK, Synced, ms, row
from tests.functional.reports.conftest import SiteMaker

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def synced(vendors: Vendors, organization_id: str, make_site: SiteMaker) -> Synced:
    vendors.world.now_ms = ms("2026-10-02T12:00:00+02:00")
    return Synced(vendors, organization_id, platform=TIKTOK)


def _jobs(synced: Synced) -> list[SyncJob]:
    """Of the organization, the oldest first."""
    return list(reversed(sync.list_syncs(synced.who).items))


def _account(external_id: str, platform: str = GOOGLE, organization_id: str = "org_x") -> AdAccount:
    return AdAccount(organization_id, platform, external_id, "adcon_x", "Acme", "EUR", "Europe/Berlin", 0, chosen=True)


def _run_hours(synced: Synced, first: str, hours: int) -> None:
    """The clock looks every hour, and what it starts is read at once."""
    for hour in range(hours):
        synced.vendors.world.now_ms = ms(first) + hour * 3_600_000
        sync.start_due_syncs(synced.clock)
        for job in _jobs(synced):
            synced.run(job)


def test_chosen_account_is_read_back_thirteen_months_at_once(synced: Synced, monkeypatch: pytest.MonkeyPatch) -> None:
    # WHEN somebody chooses an account that was never read
    sync.choose_accounts(synced.who, synced.connection_id, [ACCOUNT], synced.clock)

    # THEN one job reads it, the newest days first, and says how far it is
    (job,) = _jobs(synced)
    assert (job.kind, job.from_day, job.to_day) == ("BACKFILL", "2025-09-02", "2026-10-02")
    stepped = sync.step_sync(synced.organization_id, job.sync_id, synced.clock)
    assert (stepped.status, stepped.days_changed + stepped.days_unchanged) == ("RUNNING", 30)
    assert sync.coverage(synced.who, TIKTOK, ACCOUNT, "2026-10-02", "2026-10-02")[0].status == "PROVISIONAL"
    monkeypatch.setattr(daily, "append", lambda *_: None)  # What files have is of other tests.
    done = synced.run(job)
    assert (done.status, done.days_changed) == ("SUCCEEDED", 396)

    # AND neither choosing it again nor the clock begins another
    sync.choose_accounts(synced.who, synced.connection_id, [ACCOUNT], synced.clock)
    sync.start_due_syncs(synced.clock)
    assert len(_jobs(synced)) == 1


def test_account_that_the_login_never_could_read_keeps_no_other_from_its_turn(
    vendors: Vendors, organization_id: str, make_site: SiteMaker
) -> None:
    # GIVEN two chosen accounts, of which one tells the login nothing, not even its timezone
    vendors.world.now_ms = ms("2026-10-02T12:00:00+02:00")
    synced = Synced(vendors, organization_id, platform=TIKTOK)
    vendors.world.accounts.append(Account("902", denied=True))
    connections.refresh_accounts(synced.who, synced.connection_id, synced.clock)
    sync.choose_accounts(synced.who, synced.connection_id, [ACCOUNT, "902"], synced.clock)

    assert [job.external_id for job in _jobs(synced)] == [ACCOUNT]
    sync.start_due_syncs(synced.clock)
    assert [job.external_id for job in _jobs(synced)] == [ACCOUNT]
    with pytest.raises(InvalidError, match="external_id: the login may not read this account"):
        sync.start_sync(synced.who, TIKTOK, "902", clock=synced.clock)


def test_first_reading_ends_after_its_step_when_cancelled(synced: Synced) -> None:
    sync.choose_accounts(synced.who, synced.connection_id, [ACCOUNT], synced.clock)
    (job,) = _jobs(synced)
    sync.step_sync(synced.organization_id, job.sync_id, synced.clock)
    sync.cancel_sync(synced.who, job.sync_id)
    assert synced.run(job).status == "CANCELLED"
    assert synced.files() == 30


def test_account_is_read_once_a_day_and_three_times_within_it(synced: Synced) -> None:
    """At four, ten, sixteen and twenty-two o'clock of its own day, and its own part of the hour."""
    synced.pull()
    _run_hours(synced, "2026-10-05T00:00:00+02:00", 24)

    jobs = [job for job in _jobs(synced) if job.kind != "MANUAL"][1:]
    assert [(job.kind, job.from_day, job.to_day) for job in jobs] == [
        ("WEEKLY_SYNC", "2026-09-07", "2026-10-05"),
        ("INTRADAY_SYNC", "2026-10-03", "2026-10-05"),
        ("INTRADAY_SYNC", "2026-10-03", "2026-10-05"),
        ("INTRADAY_SYNC", "2026-10-03", "2026-10-05"),
    ]
    assert [(job.created_ms - ms("2026-10-05T00:00:00+02:00")) // 3_600_000 for job in jobs] == [5, 11, 17, 23]


def test_today_is_provisional_and_yesterday_is_not_when_read_within_the_day(synced: Synced) -> None:
    """The evening's reading of three days says nothing of the others: they stay as the morning's left them."""
    synced.rows(row("2026-10-04", "1700", 7), row("2026-10-06", "1700", 5))
    synced.at("2026-10-04T22:50:00+02:00")
    synced.pull()
    _run_hours(synced, "2026-10-06T05:00:00+02:00", 18)

    covered = sync.coverage(synced.who, TIKTOK, ACCOUNT, "2026-10-03", "2026-10-06")
    assert [one.status for one in covered] == ["SETTLING", "SETTLING", "SETTLING", "PROVISIONAL"]
    assert [one.spend_micros for one in covered] == [0, 7_000_000, 0, 5_000_000]


def test_week_and_month_have_a_day_of_their_own_for_each_account() -> None:
    """A day of the week looks below unchanged totals, one of the month 90 days back: both are the daily one."""
    found = [
        turns.due(_account(ACCOUNT, TIKTOK), _read(), ms(f"2026-10-{day:02}T12:00:00+02:00")) for day in range(1, 29)
    ]
    kinds = [turn.kind for turn in found if turn]
    assert kinds.count("MONTHLY_SYNC") == 1
    assert kinds.count("WEEKLY_SYNC") in (3, 4)
    assert len(kinds) == 28

    account = _account(ACCOUNT, TIKTOK)
    now_ms = ms("2026-10-09T12:00:00+02:00")
    assert kinds[8] == "MONTHLY_SYNC"
    assert turns.days_of("MONTHLY_SYNC", account, _read(), now_ms) == ("2026-07-11", "2026-10-09")
    spread = {turns.due(_account(f"{number}"), _read(), now_ms) for number in range(50)}
    assert len({turn.at_ms for turn in spread if turn}) > 40


def _read() -> AccountState:
    return AccountState(planned_ms=1)


def test_weekly_reading_finds_what_moved_below_an_unchanged_total(synced: Synced) -> None:
    # GIVEN spend that moves from one campaign to another, while the day's total stays
    synced.rows(row("2026-10-01", "1700", 40), row("2026-10-01", "1701", 10))
    synced.pull()
    synced.rows(row("2026-10-01", "1700", 10), row("2026-10-01", "1701", 40))

    def shares() -> list[tuple[object, ...]]:
        return synced.latest("2026-10-01", "CAMPAIGN", "campaign_id, spend_micros")

    # WHEN a Saturday's and a Sunday's daily ones read THEN they see nothing, and Monday's weekly one does
    _run_hours(synced, "2026-10-03T05:00:00+02:00", 25)
    assert shares() == [("1700", 40_000_000), ("1701", 10_000_000)]
    _run_hours(synced, "2026-10-05T05:00:00+02:00", 1)
    assert shares() == [("1700", 10_000_000), ("1701", 40_000_000)]


def test_short_quota_leaves_out_readings_within_the_day_and_no_daily_one(
    vendors: Vendors, monkeypatch: pytest.MonkeyPatch, organization_id: str
) -> None:
    """Eighty operations, ten accounts: fifty for the daily ones, and thirty for ten of the thirty within the day."""
    ads = {"client_id": "x", "client_secret": "y", "operations_per_day": "80"}
    monkeypatch.setattr(wiring, "oauth_clients", lambda: vendors.clients(GOOGLE_ADS=ads))
    accounts = [_account(f"{number:04d}", organization_id=organization_id) for number in range(10)]
    yesterday = AccountState(ms("2033-06-14T06:00:00+02:00"), ms("2033-06-14T23:00:00+02:00"))
    states = dict[tuple[str, str, str], AccountState]()
    monkeypatch.setattr(ACCOUNTS.__class__, "in_index", lambda self, *_: accounts if self is ACCOUNTS else [])
    created = list[SyncJob]()
    monkeypatch.setattr(sync.planning.jobs, "create", lambda _, job, audited: created.append(job))
    monkeypatch.setattr(
        sync.planning.state,
        "of_accounts",
        lambda keys: {key: states.get(key, yesterday) for key in keys},
    )

    def plan(key: tuple[str, str, str], turn: sync.planning.Turn, now_ms: int) -> None:
        before = states.get(key, yesterday)
        states[key] = (
            replace(before, intraday_ms=turn.at_ms)
            if turn.is_intraday
            else replace(before, planned_ms=turn.at_ms, intraday_ms=now_ms)
        )

    monkeypatch.setattr(sync.planning.state, "plan", plan)

    # WHEN a UTC day of another year is planned by the hour
    left_out, over_quota = 0, 0
    for hour in range(24):
        counts = sync.start_due_syncs(lambda at=hour: ms("2033-06-15T00:00:00+00:00") + at * 3_600_000)
        left_out, over_quota = left_out + counts["left_out"], over_quota + counts["over_quota"]

    # THEN
    intraday = [job for job in created if job.kind == "INTRADAY_SYNC"]
    assert len({job.external_id for job in created if job.kind != "INTRADAY_SYNC"}) == 10
    assert over_quota == 0
    assert (len(intraday), left_out) == (10, 20)


def test_reading_by_hand_leaves_what_the_days_own_readings_need(
    vendors: Vendors, monkeypatch: pytest.MonkeyPatch
) -> None:
    ads = {"client_id": "x", "client_secret": "y", "operations_per_day": "20"}
    monkeypatch.setattr(wiring, "oauth_clients", lambda: vendors.clients(GOOGLE_ADS=ads))
    day_ms = ms("2033-07-01T00:00:00+00:00")
    budgets.reserve(GOOGLE, day_ms, 10)
    assert [budgets.take_spare(GOOGLE, day_ms, 5) for _ in range(3)] == [True, True, False]
    assert [budgets.take(GOOGLE, day_ms, 5) for _ in range(3)] == [True, True, False]


def test_older_days_wait_for_tomorrow_when_the_quota_is_used_up(
    vendors: Vendors, organization_id: str, make_site: SiteMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN a quota for one step
    vendors.world.now_ms = ms("2034-10-02T12:00:00+02:00")
    synced = Synced(vendors, organization_id)
    ads = dict.fromkeys(("web", "token", "api"), f"{vendors.url}/google") | {"operations_per_day": "5"}
    ads |= {"client_id": vendors.world.client_id, "client_secret": vendors.world.client_secret}
    monkeypatch.setattr(wiring, "oauth_clients", lambda: vendors.clients(GOOGLE_ADS=ads))

    # WHEN two steps are to be read
    job = synced.run(synced.job(from_day="2034-08-20"))

    # THEN the second one waits for the next UTC day
    assert (job.status, job.days_changed) == ("WAITING", 31)
    assert job.not_before_ms == ms("2034-10-03T00:00:00+00:00")
    assert job.reason.startswith("the quota of GOOGLE_ADS is used up: goes on at 2034-10-03")
    assert job.attempts == 0
