"""TikTok's numbers: pages that move, codes in place of statuses, throttles of the whole app, values that are none."""

import json

import pytest
from optiq.ads.connections import accounts
from optiq.ads.connections import api as connections
from optiq.ads.entities import api as entities
from optiq.ads.entities.contracts import Entity
from optiq.ads.platforms import tiktok_pages
from optiq.ads.platforms.tiktok_reports import rows as rows_of
from optiq.ads.platforms.verdicts import MovedPagesError
from optiq.ads.sync import api as sync
from optiq.kernel.clock import each_day, parse_day
from optiq.kernel.ids import new_id
from optiq.ports import wiring

from infra.local.ad_platforms import tiktok
from infra.local.ad_platforms.server import Fault, Vendors
from infra.local.ad_platforms.world import Account, DayRow, Heard, Reply
from tests.functional.ads.connected import caller, connect, now
from tests.functional.ads.synced import ACCOUNT, TIKTOK, Synced, ms, row
from tests.functional.reports.conftest import SiteMaker

pytestmark = pytest.mark.usefixtures("table")
D = "2026-10-01"
REPORT = "report/integrated/get"
CLAIMS = {"claimed_count": "conversion", "claimed_value": "total_complete_payment_rate"}


@pytest.fixture
def synced(vendors: Vendors, organization_id: str, make_site: SiteMaker) -> Synced:
    vendors.world.now_ms = ms("2026-10-02T12:00:00+02:00")
    return Synced(vendors, organization_id, platform=TIKTOK)


def _ads(number: int) -> list[DayRow]:
    """So many rows of ads: a hundred ads of one campaign on each day."""
    days = [day.isoformat() for day in each_day(parse_day("2026-09-04"), parse_day("2026-10-02"))]
    every = [row(day, "1700", 1, ad=f"{1_800 + ad}") for ad in range(110) for day in days]
    return every[:number]


def _at_pages(synced: Synced, change: dict[int, int]) -> list[int]:
    """Before a page of the ads is asked for, counted over all pulls, the list has another number of rows."""
    asked: list[int] = []

    def after(heard: Heard) -> None:
        if heard.query.get("data_level") == "AUCTION_AD":
            asked.append(int(heard.query["page"]))
            if len(asked) in change:
                synced.rows(*_ads(change[len(asked)]))

    synced.vendors.after = after
    return asked


def test_tiktok_pull_reads_all_pages_of_three_levels(synced: Synced) -> None:
    synced.rows(*_ads(2_999))
    job = synced.pull()

    assert (job.from_day, job.to_day, job.days_changed) == ("2026-09-04", "2026-10-02", 29)
    asked = [(one.query["data_level"], one.query["page"]) for one in synced.vendors.asked(REPORT)]
    assert asked == [
        ("AUCTION_ADVERTISER", "1"),
        ("AUCTION_CAMPAIGN", "1"),
        ("AUCTION_AD", "1"),
        ("AUCTION_AD", "2"),
        ("AUCTION_AD", "3"),
    ]
    for level in ("ACCOUNT", "CAMPAIGN", "AD"):
        assert synced.latest("2026-09-04", level, "sum(spend_micros)") == [(104_000_000,)], level
    assert synced.latest("2026-09-04", "AD", "DISTINCT campaign_id, group_id") == [("1700", "71700")]


def test_tiktok_pull_publishes_nothing_when_pages_move_each_time(synced: Synced) -> None:
    """Page 1 says 2,999 rows and page 3 says 3,003: one pull and three restarts, then the job has failed."""
    synced.rows(*_ads(2_999))
    asked = _at_pages(synced, {2: 3_003, 3: 2_999, 5: 3_003, 6: 2_999, 8: 3_003, 9: 2_999, 11: 3_003, 12: 2_999})
    job = synced.run(synced.job())

    assert (job.status, job.reason) == (
        "FAILED",
        "UNSTABLE_PAGES: a list changed while its pages were read, 4 times",
    )
    assert asked == [1, 2, 3] * 4
    assert synced.files() == 0
    assert sync.coverage(synced.who, TIKTOK, ACCOUNT, D, D)[0].status == "NEVER"


def test_tiktok_pull_begins_anew_when_pages_moved_once(synced: Synced, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiktok_pages, "PAGE_ROWS", 100)
    synced.rows(*_ads(299))
    asked = _at_pages(synced, {2: 303})
    synced.pull()

    assert asked == [1, 2, 3] * 2 + [4]
    assert sync.spend_micros(synced.who, TIKTOK, ACCOUNT, "2026-09-04", "2026-10-02") == 303_000_000


def test_tiktok_pull_publishes_nothing_when_the_last_page_is_cut(
    synced: Synced, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiktok_pages, "PAGE_ROWS", 100)
    synced.rows(*_ads(299))

    def cut_the_last(heard: Heard) -> None:
        if heard.query.get("data_level") == "AUCTION_AD" and heard.query["page"] == "2":
            synced.vendors.faults.append(Fault(REPORT, "truncate"))

    synced.vendors.after = cut_the_last
    job = synced.run(synced.job())
    assert (job.status, job.reason[:34]) == ("WAITING", "TIKTOK: UNREADABLE_ANSWER: goes on")
    assert synced.files() == 0

    synced.vendors.after = None
    synced.vendors.world.now_ms = job.not_before_ms or 0
    sync.start_due_syncs(synced.clock)
    assert synced.run(job).status == "SUCCEEDED"


def test_tiktok_pull_starts_anew_when_a_row_is_on_two_pages() -> None:
    """What was added at the front pushes the last row of a page onto the next one, though the number may be equal."""
    twice = {
        "dimensions": {"ad_id": "1800", "stat_time_day": f"{D} 00:00:00"},
        "metrics": {"spend": "1.00", "impressions": "1", "clicks": "1"},
    }
    with pytest.raises(MovedPagesError):
        rows_of("AD", [twice, twice], CLAIMS)


def test_tiktok_row_is_read_in_its_own_units() -> None:
    """Ids of 19 digits stay as they are; a row without a value is absent, which is not 0."""
    valued = {
        "dimensions": {"ad_id": 1_789_012_345_678_901_234, "stat_time_day": f"{D} 00:00:00"},
        "metrics": {
            "spend": "12.34",
            "impressions": "1000",
            "clicks": "40",
            "conversion": "3",
            "total_complete_payment_rate": "-",
            "campaign_id": "1789012345678901111",
            "adgroup_id": "1789012345678902222",
        },
    }
    dimensions = {"ad_id": "1800", "stat_time_day": f"{D} 00:00:00"}
    without = {"dimensions": dimensions, "metrics": dict.fromkeys(valued["metrics"], "-")}
    (found,) = rows_of("AD", [valued, without], CLAIMS)

    assert (found.day, found.entity_id) == (D, "1789012345678901234")
    assert (found.campaign_id, found.group_id) == ("1789012345678901111", "1789012345678902222")
    assert (found.spend_micros, found.impressions, found.clicks) == (12_340_000, 1_000, 40)
    assert (found.claimed_count_micros, found.claimed_value_micros) == (3_000_000, 0)


def test_tiktok_yen_become_micros() -> None:
    dimensions = {"advertiser_id": "7001", "stat_time_day": f"{D} 00:00:00"}
    (found,) = rows_of("ACCOUNT", [{"dimensions": dimensions, "metrics": {"spend": "1234"}}], CLAIMS)
    assert found.spend_micros == 1_234_000_000


def test_tiktok_claims_are_of_the_metrics_that_the_operator_names(
    synced: Synced, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendors = synced.vendors
    client = json.loads(vendors.clients())["ads"][TIKTOK] | {"claimed_count": "complete_payment"}
    monkeypatch.setattr(wiring, "oauth_clients", lambda: vendors.clients(TIKTOK=client))
    synced.rows(row(D, "1700", 40, ad="1800", claimed=3, claimed_value=150))
    synced.pull()

    assert "complete_payment" in json.loads(vendors.asked(REPORT)[0].query["metrics"])
    assert synced.latest(D, "AD", "claimed_count_micros, claimed_value_micros") == [(3_000_000, 150_000_000)]


@pytest.mark.parametrize(
    ("of", "goes_on"), [("QPM", "2026-10-02T12:05:00+02:00"), ("QPD", "2026-10-03T00:00:00+00:00")]
)
def test_tiktok_throttle_stops_every_account_of_the_app(synced: Synced, of: str, goes_on: str) -> None:
    # GIVEN two accounts, of which one is throttled
    vendors = synced.vendors
    synced.rows(row(D, "1700", 40))
    other = Synced(vendors, new_id("org", synced.clock()), platform=TIKTOK)
    vendors.faults.append(Fault(REPORT, "reply", tiktok.throttled(of)))
    first = synced.run(synced.job())
    assert (first.status, first.not_before_ms) == ("WAITING", ms(goes_on))
    asked = len(vendors.asked(REPORT))

    # WHEN the other wants to read meanwhile THEN it waits for the same instant, and nobody asks
    second = other.run(other.job())
    assert (second.status, second.not_before_ms) == ("WAITING", ms(goes_on))
    assert second.attempts == 0
    assert len(vendors.asked(REPORT)) == asked

    # AND both read afterwards
    vendors.world.now_ms = ms(goes_on)
    sync.start_due_syncs(synced.clock)
    assert [one.run(job).status for one, job in ((synced, first), (other, second))] == ["SUCCEEDED"] * 2


@pytest.mark.parametrize(
    ("code", "message", "status", "connection"),
    [
        (40700, "Service error.", "WAITING", "CONNECTED"),
        (51010, "Internal error.", "WAITING", "CONNECTED"),
        (40105, "Access token is incorrect or has been revoked.", "FAILED", "REAUTH_REQUIRED"),
        (40000, "The access token is of another app.", "FAILED", "REAUTH_REQUIRED"),
        (40002, "Invalid metric fields.", "FAILED", "CONNECTED"),
        (20001, "Partly done.", "FAILED", "CONNECTED"),
    ],
)
def test_tiktok_code_decides_what_happens(
    synced: Synced, code: int, message: str, status: str, connection: str
) -> None:
    body = {"code": code, "message": message, "request_id": "20261001C", "data": {}}
    synced.vendors.faults.append(Fault(REPORT, "reply", Reply(200, body)))
    job = synced.run(synced.job())
    assert (job.status, job.reason.split(": goes on")[0]) == (status, f"TIKTOK: {code}")
    assert connections.get_connection(synced.who, synced.connection_id).status == connection


def test_tiktok_account_without_access_leaves_the_other_two(
    vendors: Vendors, organization_id: str, make_site: SiteMaker
) -> None:
    """40001 is of one account, not of the connection; what was read of it stays."""
    # GIVEN three accounts that were read
    vendors.world.now_ms = ms("2026-10-02T12:00:00+02:00")
    vendors.world.accounts = [Account(one) for one in ("7001", "7002", "7003")]
    vendors.world.by_account = {one: [row(D, "1700", 40)] for one in ("7001", "7002", "7003")}
    who = caller(organization_id)
    connection_id = connect(vendors, who, TIKTOK).connection_id
    connections.refresh_accounts(who, connection_id, lambda: now(vendors))
    accounts.choose(who, connection_id, ["7001", "7002", "7003"])
    assert _read_all(vendors, organization_id) == ["SUCCEEDED"] * 3

    # WHEN the login may not read one of them any more
    vendors.world.accounts[1].denied = True
    assert _read_all(vendors, organization_id) == ["SUCCEEDED", "FAILED", "SUCCEEDED"]

    # THEN
    listed = connections.list_accounts(who, connection_id, limit=10, cursor=None).items
    assert [one.status for one in listed] == ["ACTIVE", "NO_ACCESS", "ACTIVE"]
    assert connections.get_connection(who, connection_id).status == "CONNECTED"
    assert sync.spend_micros(who, TIKTOK, "7002", D, D) == 40_000_000


def _read_all(vendors: Vendors, organization_id: str) -> list[str]:
    statuses = []
    for external_id in ("7001", "7002", "7003"):
        job = sync.start_sync(caller(organization_id), TIKTOK, external_id, clock=lambda: now(vendors))
        statuses.append(sync.step_sync(organization_id, job.sync_id, lambda: now(vendors)).status)
    return statuses


def test_tiktok_day_is_of_the_advertisers_zone(vendors: Vendors, organization_id: str, make_site: SiteMaker) -> None:
    vendors.world.now_ms = ms("2026-10-10T16:00:00+00:00")
    synced = Synced(vendors, organization_id, timezone="Asia/Tokyo", platform=TIKTOK)
    job = synced.pull()
    assert (job.from_day, job.to_day) == ("2026-09-13", "2026-10-11")
    (asked, *_) = vendors.asked(REPORT)
    assert (asked.query["start_date"], asked.query["end_date"]) == ("2026-09-13", "2026-10-11")


def test_tiktok_backfill_asks_for_thirty_days_at_most(synced: Synced) -> None:
    job = synced.pull(from_day="2026-07-01")
    assert (job.days_changed, job.to_day) == (94, "2026-10-02")
    asked = [one.query for one in synced.vendors.asked(REPORT) if one.query["data_level"] == "AUCTION_ADVERTISER"]
    assert [(one["start_date"], one["end_date"]) for one in asked] == [
        ("2026-09-03", "2026-10-02"),
        ("2026-08-04", "2026-09-02"),
        ("2026-07-05", "2026-08-03"),
        ("2026-07-01", "2026-07-04"),
    ]


def test_tiktok_campaign_that_is_listed_no_more_is_gone(synced: Synced) -> None:
    synced.rows(row(D, "1700", 40), row(D, "1701", 10))
    synced.pull()
    synced.at("2026-10-03T04:00:00+02:00")
    synced.rows(row(D, "1700", 40))
    synced.pull()
    assert synced.spend(D) == 40
    (change,) = sync.restatements(synced.who, TIKTOK, ACCOUNT, D, D)
    assert (change.entity_id, change.spend_before_micros, change.gone) == ("1701", 10_000_000, True)


def test_tiktok_campaign_groups_and_ads_have_their_names(synced: Synced) -> None:
    synced.rows(row(D, "1700", 40, ad="1800"))
    synced.vendors.world.names["1700"] = "Unboxing"
    synced.pull()

    found = {(one.level, one.external_id, one.name, one.platform_status, one.kind) for one in _entities(synced)}
    assert found == {
        ("CAMPAIGN", "1700", "Unboxing", "CAMPAIGN_STATUS_ENABLE", "WEB_CONVERSIONS"),
        ("GROUP", "71700", "Group 71700", "ADGROUP_STATUS_ENABLE", ""),
        ("AD", "1800", "Ad 1800", "AD_STATUS_ENABLE", ""),
    }


def test_tiktok_deleted_campaign_is_gone_and_keeps_its_name(synced: Synced) -> None:
    """The lists have no deleted ones; whoever filters by their status gets them, renamed before they were deleted."""
    synced.rows(row(D, "1700", 40, ad="1800"))
    synced.pull()
    synced.at("2026-10-03T12:00:00+02:00")
    synced.vendors.world.unlisted.add("1700")
    synced.vendors.world.names["1700"] = "Unboxing, old"
    synced.pull()

    (campaign,) = [one for one in _entities(synced) if one.level == "CAMPAIGN"]
    assert (campaign.name, campaign.platform_status) == ("Unboxing, old", "CAMPAIGN_STATUS_DELETE")
    assert campaign.gone_ms is not None
    assert synced.spend(D) == 40


def test_tiktok_campaign_deleted_before_it_was_seen_has_its_name(synced: Synced) -> None:
    synced.rows(row(D, "1700", 40, ad="1800"))
    synced.vendors.world.unlisted.add("1700")
    synced.pull()
    assert {one.name for one in _entities(synced)} == {"Campaign 1700", "Ad 1800"}


def test_tiktok_lists_are_read_again_when_their_pages_moved(synced: Synced, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiktok_pages, "PAGE_ROWS", 10)
    synced.rows(*(row(D, f"{1_700_000 + number}", 1) for number in range(15)))
    asked: list[str] = []

    def after(heard: Heard) -> None:
        if heard.path.endswith("campaign/get/"):
            asked.append(heard.query["page"])
            if len(asked) == 1:
                synced.rows(*(row(D, f"{1_700_000 + number}", 1) for number in range(16)))

    synced.vendors.after = after
    synced.pull()
    assert asked == ["1", "2", "1", "2"]
    assert len(_entities(synced)) == 32


def _entities(synced: Synced) -> list[Entity]:
    return list(entities.entities_of((synced.organization_id, TIKTOK, ACCOUNT)))
