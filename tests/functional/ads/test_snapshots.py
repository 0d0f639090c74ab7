"""Days of an account are written whole: what vanishes is gone, what changes is kept as it was, all levels add up."""

from datetime import date

import pytest
from optiq.ads.connections import api as connections
from optiq.ads.connections.stores import ACCOUNTS
from optiq.ads.platforms.reported import ReportedRow
from optiq.ads.sync import api as sync
from optiq.ads.sync import daily, digests
from optiq.ads.sync.days import window
from optiq.ads.sync.settling import settling
from optiq.ads.sync.snapshots import Part
from optiq.kernel.clock import DAY_MS, HOUR_MS, days_before, each_day
from optiq.kernel.errors import UpstreamError
from optiq.ports import wiring

from infra.local.ad_platforms.server import Fault, Vendors
from infra.local.ad_platforms.world import Heard
from tests.functional.ads.synced import ACCOUNT, GOOGLE, Synced, ms, row
from tests.functional.reports.conftest import SiteMaker

pytestmark = pytest.mark.usefixtures("table")
D = "2026-10-01"


@pytest.fixture
def synced(vendors: Vendors, organization_id: str, make_site: SiteMaker) -> Synced:
    vendors.world.now_ms = ms("2026-10-02T04:00:00+02:00")
    return Synced(vendors, organization_id)


def test_a_row_that_is_listed_no_more_counts_no_more(synced: Synced) -> None:
    # GIVEN two campaigns, of which the second pull lists one
    synced.rows(row(D, "111", 40), row(D, "222", 10))
    synced.pull()
    between = "2026-10-02T12:00:00+02:00"
    synced.at("2026-10-03T04:00:00+02:00")
    synced.rows(row(D, "111", 40))
    synced.pull()

    # THEN the day is 40, was 50 before, and the change is told
    assert synced.spend(D) == 40
    assert synced.spend(D, as_of=between) == 50
    (change,) = sync.restatements(synced.who, GOOGLE, ACCOUNT, D, D)
    assert (change.entity_id, change.spend_before_micros, change.spend_after_micros, change.gone) == (
        "222",
        10_000_000,
        0,
        True,
    )


def test_the_same_answers_again_write_nothing(synced: Synced) -> None:
    synced.rows(row(D, "111", 40), row("2026-09-20", "111", 7))
    assert (synced.pull().days_changed, synced.files()) == (31, 31)
    account = (synced.organization_id, GOOGLE, ACCOUNT)
    days = [day.isoformat() for day in each_day(date(2026, 9, 2), date(2026, 10, 2))]
    before = digests.written(account, days)

    synced.at("2026-10-02T09:00:00+02:00")
    job = synced.pull()

    assert (job.days_changed, job.days_unchanged) == (0, 31)
    assert synced.files() == 31
    assert digests.written(account, days) == before


def test_a_crash_between_a_file_and_its_note_changes_nothing(synced: Synced, monkeypatch: pytest.MonkeyPatch) -> None:
    # GIVEN a pull that is killed when its files are there and nothing is noted
    synced.rows(row(D, "111", 40), row(D, "222", 10))
    job = synced.job()
    with monkeypatch.context() as patched:
        patched.setattr(digests, "keep", _killed)
        with pytest.raises(_Killed):
            sync.step_sync(synced.organization_id, job.sync_id, synced.clock)
    assert synced.files() == 10

    # WHEN it runs again THEN totals are equal, and nothing was restated
    synced.at("2026-10-02T05:00:00+02:00")
    synced.run(job)
    assert synced.spend(D) == 50
    assert synced.files() == 31 + 10
    assert sync.restatements(synced.who, GOOGLE, ACCOUNT, "2026-09-02", "2026-10-02") == []


class _Killed(BaseException):
    """As a process that ends: no handler of errors catches it."""


def _killed(*_: object) -> None:
    raise _Killed


def test_claims_are_kept_as_they_were_then(synced: Synced) -> None:
    # GIVEN claims of a day that were 3, then 5, then 4.5
    for instant, claimed in (("10-02", 3), ("10-08", 5), ("10-31", 4.5)):
        synced.at(f"2026-{instant}T04:00:00+01:00")
        synced.rows(row(D, "111", 40, claimed=claimed))
        synced.pull()

    # THEN the two changes are told, by when they were seen
    changes = sync.restatements(synced.who, GOOGLE, ACCOUNT, D, D)
    assert [(one.claimed_before_micros, one.claimed_after_micros) for one in changes] == [
        (3_000_000, 5_000_000),
        (5_000_000, 4_500_000),
    ]
    assert [one.at_ms for one in changes] == [ms("2026-10-08T04:00:00+01:00"), ms("2026-10-31T04:00:00+01:00")]

    # AND the day is settled since the last, whose window began with it
    covered = sync.coverage(synced.who, GOOGLE, ACCOUNT, D, "2026-10-03")
    assert [one.status for one in covered] == ["SETTLED", "SETTLING", "SETTLING"]


def test_claims_settle_by_the_median_of_twenty_days(synced: Synced) -> None:
    # GIVEN days whose ten claims were known as 4 at once, 8 after two days, 9 after five and 10 after nine
    days = [each.isoformat() for each in each_day(date(2026, 9, 1), date(2026, 9, 20))]
    account = ACCOUNTS.get(synced.who, GOOGLE, ACCOUNT)
    for day in days:
        end_ms = ms(f"{days_before(day, -1)}T00:00:00+02:00")
        for after, claimed in ((0, 4), (2, 8), (5, 9), (9, 10)):
            at_ms = end_ms + after * DAY_MS + HOUR_MS
            total = ReportedRow(day, ACCOUNT, 0, 0, 40_000_000, claimed * 1_000_000)
            version = daily.Version(f"{claimed}", at_ms * 1_000_000, at_ms)
            columns = daily.columns_of([Part("ACCOUNT", "", [total])])
            daily.append(account.key, "EUR", day, columns, version)

    # THEN nineteen say nothing yet, and twenty say which share is known after 1, 3, 7 and 14 days
    assert settling(synced.who, account, days[1:]) is None
    found = settling(synced.who, account, days)
    assert found is not None
    assert (found.days, [(one.days, one.share) for one in found.known_after]) == (
        20,
        [(1, 0.4), (3, 0.8), (7, 0.9), (14, 1.0)],
    )

    # AND a day that was read first long after its end says nothing
    assert settling(synced.who, account, [*days[1:], "2026-08-31"]) is None


def test_todays_window_is_in_the_accounts_days() -> None:
    assert window("Asia/Tokyo", 28, ms("2026-10-10T16:00:00+00:00")) == ("2026-09-13", "2026-10-11")


def test_a_day_that_is_not_over_is_provisional(vendors: Vendors, organization_id: str, make_site: SiteMaker) -> None:
    vendors.world.now_ms = ms("2026-10-10T16:00:00+00:00")
    synced = Synced(vendors, organization_id, timezone="Asia/Tokyo")
    synced.rows(row("2026-10-11", "111", 5), row("2026-10-09", "111", 7))
    job = synced.pull()

    assert job.to_day == "2026-10-11"
    covered = sync.coverage(synced.who, GOOGLE, ACCOUNT, "2026-10-09", "2026-10-11")
    # The tenth ended an hour ago, when platforms still count clicks of it.
    assert [one.status for one in covered] == ["SETTLING", "PROVISIONAL", "PROVISIONAL"]


def test_a_campaign_without_ads_has_a_row_for_what_ads_lack(synced: Synced) -> None:
    synced.rows(
        row(D, "111", 60, kind="PERFORMANCE_MAX"),
        row(D, "222", 25, ad="31"),
        row(D, "222", 15, ad="32"),
    )
    synced.pull()

    columns = "entity_id, campaign_id, kind, remainder, spend_micros"
    assert synced.latest(D, "AD", columns) == [
        ("", "111", "PERFORMANCE_MAX", "WITHOUT_AD", 60_000_000),
        ("31", "222", "SEARCH", "", 25_000_000),
        ("32", "222", "SEARCH", "", 15_000_000),
    ]
    assert synced.latest(D, "CAMPAIGN", "campaign_id, spend_micros") == [("111", 60_000_000), ("222", 40_000_000)]
    assert synced.latest(D, "ACCOUNT", "spend_micros") == [(100_000_000,)]


def test_what_no_campaign_is_listed_for_has_a_row(synced: Synced) -> None:
    synced.rows(row(D, "111", 60, ad="31"), row(D, "", 40))
    synced.pull()
    for level in ("CAMPAIGN", "AD"):
        assert synced.latest(D, level, "remainder, sum(spend_micros) OVER ()")[1] == ("NOT_LISTED", 100_000_000)


def test_a_day_without_anything_is_not_one_that_was_never_read(synced: Synced) -> None:
    synced.rows(row(D, "111", 40))
    synced.pull()

    assert synced.latest("2026-09-20", "CAMPAIGN", "entity_id, spend_micros") == [("", 0)]
    never, empty = sync.coverage(synced.who, GOOGLE, ACCOUNT, "2026-09-01", "2026-09-02")
    assert (never.status, never.pulled_ms) == ("NEVER", None)
    assert (empty.status, empty.pulled_ms, empty.spend_micros) == ("SETTLED", synced.clock(), 0)


@pytest.mark.parametrize("kind", ["truncate", "drop"])
def test_nothing_is_published_of_half_an_answer(synced: Synced, kind: str) -> None:
    """The last of the three answers is cut: the account's and the campaigns' are there, and nothing is written."""
    synced.rows(row(D, "111", 40))
    asked: list[Heard] = []

    def cut_the_third(heard: Heard) -> None:
        asked.append(heard)
        if len(asked) == 2:
            synced.vendors.faults.append(Fault("searchStream", "drop" if kind == "drop" else "truncate"))

    synced.vendors.after = cut_the_third
    job = synced.run(synced.job())

    assert job.status == "WAITING"
    assert job.reason.startswith("GOOGLE_ADS: ")
    assert synced.files() == 0
    assert len(asked) == 3


def test_answers_of_different_moments_are_asked_again(synced: Synced) -> None:
    # GIVEN a campaign that grows between the account's answer and its own
    synced.rows(row(D, "111", 40))
    grown: list[int] = []

    def grow(heard: Heard) -> None:
        if "FROM customer " in str(heard.body.get("query")) and not grown:
            grown.append(1)
            synced.rows(row(D, "111", 90))

    synced.vendors.after = grow
    synced.pull()
    assert synced.spend(D) == 90
    assert sync.restatements(synced.who, GOOGLE, ACCOUNT, D, D) == []


def test_answers_that_never_fit_fail_the_job(synced: Synced) -> None:
    cost = [40.0]

    def grow(heard: Heard) -> None:
        if "FROM customer " in str(heard.body.get("query")):
            cost[0] += 10
            synced.rows(row(D, "111", cost[0]))

    synced.rows(row(D, "111", 40))
    synced.vendors.after = grow
    job = synced.run(synced.job())
    assert job.status == "FAILED"
    assert job.reason.startswith("SUM_MISMATCH")
    assert synced.files() == 0


def test_days_before_a_pause_are_read_when_it_is_over(synced: Synced) -> None:
    """Forty days without a pull: the next daily one begins behind what had settled."""
    synced.rows(row(D, "111", 40))
    synced.pull()
    synced.at("2026-11-11T12:00:00+01:00")
    sync.start_due_syncs(synced.clock)
    daily = next(one for one in sync.list_syncs(synced.who).items if one.kind == "DAILY_SYNC")
    assert (daily.from_day, daily.to_day) == ("2026-09-03", "2026-11-11")
    assert synced.run(daily).status == "SUCCEEDED"
    assert days_before("2026-11-11", 30) == "2026-10-12"
    assert sync.coverage(synced.who, GOOGLE, ACCOUNT, "2026-10-12", "2026-10-13")[0].status == "SETTLED"


def test_an_account_without_access_leaves_the_others(vendors: Vendors, synced: Synced) -> None:
    synced.rows(row(D, "111", 40))
    synced.pull()
    vendors.world.accounts[0].denied = True
    job = synced.run(synced.job())

    assert (job.status, job.reason) == ("FAILED", "GOOGLE_ADS: USER_PERMISSION_DENIED")
    (account,) = connections.list_accounts(synced.who, synced.connection_id, limit=10, cursor=None).items
    assert account.status == "NO_ACCESS"
    assert connections.get_connection(synced.who, synced.connection_id).status == "CONNECTED"
    assert synced.spend(D) == 40

    vendors.world.accounts[0].denied = False
    synced.pull()
    (account,) = connections.list_accounts(synced.who, synced.connection_id, limit=10, cursor=None).items
    assert account.status == "ACTIVE"


def test_a_lake_that_does_not_answer_notes_nothing(synced: Synced, monkeypatch: pytest.MonkeyPatch) -> None:
    synced.rows(row(D, "111", 40))
    job = synced.job()

    def down(*_: object) -> str:
        raise UpstreamError("the lake does not answer", retryable=True)

    with monkeypatch.context() as patched:
        patched.setattr(wiring.lake(), "append", down)
        with pytest.raises(UpstreamError):
            sync.step_sync(synced.organization_id, job.sync_id, synced.clock)
    assert synced.run(job).days_changed == 31
