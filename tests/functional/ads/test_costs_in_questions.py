"""Costs of connected accounts in the one grammar of questions."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import pytest
from optiq.ads.connections import accounts
from optiq.ads.connections import api as connections
from optiq.ads.connections.contracts import CampaignSite
from optiq.ads.connections.stores import ACCOUNTS
from optiq.ads.resolution import api as resolution
from optiq.ads.spending import api as spending
from optiq.ads.spending.api import spending_accounts
from optiq.kernel.caller import Caller
from optiq.kernel.errors import InvalidError, NotFoundError
from optiq.kernel.paging import Page
from optiq.reports import api as reports
from optiq.reports.contracts import SpendRow
from optiq.reports.questions.answering import answer
from optiq.reports.questions.asked import checked
from optiq.reports.questions.contracts import Answer, Ask
from optiq.tenancy import api as tenancy

from functions.ads import on_account_read
from infra.local.ad_platforms.server import Vendors
from infra.local.ad_platforms.world import Account
from tests.functional.ads.synced import ACCOUNT, GOOGLE, Synced, ms, row
from tests.functional.ads.visited import Visits
from tests.functional.reports.conftest import SiteMaker
from tests.functional.reports.lake import Part, TestLake
from tests.functional.reports.test_spend_report import metric
from tests.functional.subscribers import waiting_events

pytestmark = pytest.mark.usefixtures("table")
D, NEXT = "2026-10-01", "2026-10-02"
M = 1_000_000


@pytest.fixture
def lake(make_site: SiteMaker, monkeypatch: pytest.MonkeyPatch) -> TestLake:
    lake = make_site(timezone="Europe/Berlin")
    monkeypatch.setattr(spending, "spending_accounts", spending_accounts)
    return lake


@pytest.fixture
def synced(lake: TestLake, vendors: Vendors, organization_id: str) -> Synced:
    """An account whose costs are of the site."""
    vendors.world.now_ms = ms("2026-10-03T12:00:00+02:00")
    synced = Synced(vendors, organization_id)
    connections.assign_site(synced.who, GOOGLE, ACCOUNT, site_id=lake.site_id)
    return synced


def ask(synced: Synced, lake: TestLake, *metrics: str, period: str = f"{D}..{D}", **fields: Any) -> Answer:
    now_ms = synced.clock()
    return answer(checked(synced.who, lake.site_id, Ask(metrics, period=period, **fields), now_ms), now_ms)


def table(found: Answer) -> dict[tuple[str, ...], tuple[Any, ...]]:
    return {each.keys: each.values for each in found.rows}


def notes(found: Answer) -> Sequence[str]:
    return [one.kind for one in found.notes]


def test_rows_of_every_level_come_to_the_account(synced: Synced, lake: TestLake) -> None:
    # GIVEN 100.00 of an account: Performance Max, which has no ads, and a search campaign with two
    synced.rows(row(D, "501", 60, kind="PERFORMANCE_MAX"), row(D, "502", 25, ad="7001"), row(D, "502", 15, ad="7002"))
    synced.pull(from_day=D, to_day=NEXT)

    # THEN what has no ad has a row of its own, and every level comes to 100.00
    ads = ask(synced, lake, "spend", dimensions=("platform_ad",))
    assert table(ads) == {
        ("(without ad: PERFORMANCE_MAX)",): (60 * M,),
        ("7001",): (25 * M,),
        ("7002",): (15 * M,),
    }
    campaigns = ask(synced, lake, "spend", dimensions=("platform", "account", "platform_campaign"))
    assert table(campaigns) == {(GOOGLE, ACCOUNT, "501"): (60 * M,), (GOOGLE, ACCOUNT, "502"): (40 * M,)}
    assert table(ask(synced, lake, "spend", dimensions=("channel", "source"))) == {
        ("Paid Search", "google"): (100 * M,)
    }
    assert [one.totals.values for one in (ads, campaigns)] == [(100 * M,)] * 2


def test_spend_is_as_it_was_known_then(synced: Synced, lake: TestLake) -> None:
    # GIVEN a campaign that the platform lists no more at the second reading
    synced.rows(row(D, "111", 40), row(D, "222", 10))
    synced.pull(from_day=D, to_day=D)
    synced.at("2026-10-05T12:00:00+02:00")
    synced.rows(row(D, "111", 40))
    synced.pull(from_day=D, to_day=D)

    # THEN now it cost nothing, and by what was known before it did
    assert table(ask(synced, lake, "spend", dimensions=("campaign",))) == {("111",): (40 * M,)}
    then = ask(synced, lake, "spend", dimensions=("campaign",), as_of="2026-10-04")
    assert table(then) == {("111",): (40 * M,), ("222",): (10 * M,)}
    assert then.totals.values == (50 * M,)


def test_claims_are_as_they_were_known_then(synced: Synced, lake: TestLake) -> None:
    # GIVEN claims of a day that were 3, then 5, then 4.5
    for instant, claimed in (("10-02", 3), ("10-08", 5), ("10-31", 4.5)):
        synced.at(f"2026-{instant}T04:00:00+01:00")
        synced.rows(row(D, "111", 40, claimed=claimed))
        synced.pull(from_day=D, to_day=D)

    # THEN each is what was known at its time
    found = [ask(synced, lake, "claimed_conversions", as_of=at).totals.values for at in ("2026-10-03", "2026-10-09")]
    assert (found, ask(synced, lake, "claimed_conversions").totals.values) == ([(3.0,), (5.0,)], (4.5,))


def test_of_visits_only_now_can_be_asked(synced: Synced, lake: TestLake) -> None:
    with pytest.raises(InvalidError, match="as_of: of visits and events"):
        ask(synced, lake, "visits", "spend", as_of=D)


def test_a_day_without_anything_is_zero_and_one_that_nobody_read_is_unknown(synced: Synced, lake: TestLake) -> None:
    # GIVEN a day with costs and one without, read; the day before was not
    synced.rows(row(D, "111", 40, clicks=10))
    synced.pull(from_day=D, to_day=NEXT)

    # THEN the day without is 0.00; of the day before nothing is known, and no ratio over it
    days: dict[str, Any] = {"period": f"2026-09-30..{NEXT}", "dimensions": ("day",)}
    found = ask(synced, lake, "spend", "cpc", **days)
    assert table(found) == {("2026-09-30",): (None, None), (D,): (40 * M, 4 * M), (NEXT,): (0, None)}
    assert found.totals.values == (40 * M, None)
    assert [one.text for one in found.notes if one.kind == "NOT_READ"] == [
        "Days of advertising accounts were never synced, so their costs are missing and ratios over them are unknown:"
        " Acme (2026-09-30). Sync them in Advertising accounts."
    ]
    campaigns = ask(synced, lake, "spend", "cpc", period=f"2026-09-30..{NEXT}", dimensions=("platform_campaign",))
    assert table(campaigns) == {("111",): (40 * M, None)}

    # WHEN costs of that day were sent by hand THEN they count for it
    lake.write_metrics(metric("2026-09-30", "google", "Paid Search", 5 * M))
    filled = ask(synced, lake, "spend", "cpc", **days)
    assert table(filled)["2026-09-30",] == (5 * M, M // 2)
    assert filled.totals.values == (45 * M, 45 * M // 20)
    assert "NOT_READ" in notes(filled)


def _read_beside(synced: Synced, lake: TestLake, other: Account) -> None:
    """Reads a day of the account, beside another one of the site that is chosen and not read."""
    synced.vendors.world.accounts.append(other)
    connections.refresh_accounts(synced.who, synced.connection_id, synced.clock)
    accounts.choose(synced.who, synced.connection_id, [ACCOUNT, "902"])
    connections.assign_site(synced.who, GOOGLE, "902", site_id=lake.site_id)
    synced.rows(row(D, "111", 40, clicks=10))
    synced.pull(from_day=D, to_day=D)


def test_another_accounts_gap_does_not_hide_a_ratio(synced: Synced, lake: TestLake) -> None:
    # GIVEN two accounts of the site, of which one was read
    _read_beside(synced, lake, Account("902", name="Second"))

    # THEN the ratio of its campaign is known, and that of all is not
    found = ask(synced, lake, "spend", "cpc", dimensions=("campaign",))
    assert table(found) == {("111",): (40 * M, 4 * M)}
    by_account = ask(synced, lake, "spend", "cpc", dimensions=("account",))
    assert table(by_account) == {(ACCOUNT,): (40 * M, 4 * M), ("902",): (None, None)}
    assert by_account.totals.values == (40 * M, None)


def test_days_that_are_not_whole_are_in_sums_and_not_in_ratios(synced: Synced, lake: TestLake) -> None:
    # GIVEN yesterday, and today until noon
    synced.rows(row(NEXT, "111", 40, clicks=10), row("2026-10-03", "111", 9, clicks=1))
    synced.pull(from_day=NEXT, to_day="2026-10-03")
    days = f"{NEXT}..2026-10-03"
    lake.write_credits(
        lake.credit("c1", f"{NEXT}T10:00:00Z", [Part("Paid Search", 1, 80 * M)]),
        lake.credit("c2", "2026-10-03T08:00:00Z", [Part("Paid Search", 1, 500 * M)]),
    )

    # THEN a ratio is of yesterday alone, both its parts
    found = ask(synced, lake, "spend", "revenue", "cpc", "roas", period=days)
    assert found.totals.values == (49 * M, 580 * M, 4 * M, 2.0)
    assert [one.text for one in found.notes if one.kind == "PROVISIONAL_DAYS"] == [
        "ROAS, CPA and other ratios leave out 2026-10-03: the ad platforms' numbers of that day were not complete when"
        " they were synced."
    ]
    # AND of both where that is asked for
    asked_for = ask(synced, lake, "cpc", "roas", period=days, provisional=True)
    assert asked_for.totals.values == (round(49 * M / 11), round(580 / 49, 9))
    assert "PROVISIONAL_DAYS" not in notes(asked_for)


def test_ratios_are_of_sums(synced: Synced, lake: TestLake) -> None:
    # GIVEN 100 that brought 500, and 900 that brought 900; 1,000 impressions without a click for 12.34
    synced.rows(
        row(D, "111", 100, claimed=5, claimed_value=500),
        row(D, "222", 900, claimed=9, claimed_value=900),
        row(NEXT, "333", 12.34, impressions=1_000),
    )
    synced.pull(from_day=D, to_day=NEXT)
    assert ask(synced, lake, "claimed_roas").totals.values == (1.4,)
    found = ask(synced, lake, "cpc", "cpm", "ctr", period=f"{NEXT}..{NEXT}", dimensions=("platform_campaign",))
    assert table(found) == {("333",): (None, 12_340_000, 0.0)}


def test_mer_is_of_all_revenue_and_cac_of_new_customers(synced: Synced, lake: TestLake) -> None:
    # GIVEN 2,500 of costs, and 10,000 of revenue, a half of it without a visit, from one new and one known customer
    synced.rows(row(D, "111", 2_500))
    synced.pull(from_day=D, to_day=D)
    before = lake.credit("c0", "2026-09-01T10:00:00Z", [Part("Email", 1, M)])
    known = lake.credit("c1", f"{D}T10:00:00Z", [Part("", 1, 5_000 * M, touch_id="")])
    new = [line | {"customer_id": "new"} for line in lake.credit("c2", f"{D}T11:00:00Z", [Part("Email", 1, 5_000 * M)])]
    lake.write_credits(before, known, new)

    found = ask(synced, lake, "mer", "cpa", "cac", dimensions=("day",))
    assert table(found) == {(D,): (4.0, 1_250 * M, 2_500 * M)}
    with pytest.raises(InvalidError, match="metrics: mer is of the whole site"):
        ask(synced, lake, "mer", dimensions=("channel",))


def test_claims_of_several_platforms_are_never_added(synced: Synced, lake: TestLake) -> None:
    # GIVEN claims of Google, and of another platform whose numbers are sent by hand
    synced.rows(row(D, "111", 100, claimed=60, claimed_value=600))
    synced.pull(from_day=D, to_day=D)
    lake.write_metrics(
        metric(D, "facebook", "Paid Social", 100 * M, claimed_conversions=70.0, claimed_revenue_micros=700 * M)
    )

    # THEN each platform's are told, and no sum of them
    found = ask(synced, lake, "claimed_conversions", "claimed_revenue", "claimed_roas", dimensions=("source",))
    assert table(found) == {("facebook",): (70.0, 700 * M, 7.0), ("google",): (60.0, 600 * M, 6.0)}
    assert found.totals.values == (None, None, None)
    assert "CLAIMS_APART" in notes(found)
    # AND a ratio alone says why it is unknown
    assert "CLAIMS_APART" in notes(ask(synced, lake, "claimed_roas"))


def test_costs_of_a_site_are_those_of_its_accounts_and_campaigns(synced: Synced, lake: TestLake) -> None:
    # GIVEN an account that is of no site, but for one of its campaigns
    synced.rows(row(D, "111", 40), row(D, "222", 10))
    synced.pull(from_day=D, to_day=D)
    campaign = CampaignSite("222", lake.site_id)
    connections.assign_site(synced.who, GOOGLE, ACCOUNT, campaign_sites=[campaign])

    # THEN the campaign's costs are the site's, and the others are told of
    found = ask(synced, lake, "spend", dimensions=("channel",))
    assert table(found) == {("Paid Search",): (10 * M,)}
    assert [one.text for one in found.notes if one.kind == "UNASSIGNED"] == [
        "Costs of these advertising accounts are in no site's reports: Acme but for some campaigns. Choose their site"
        " in Advertising accounts."
    ]

    # WHEN the account is the site's and that campaign another's THEN the others' costs are
    account = ACCOUNTS.get(synced.who, GOOGLE, ACCOUNT)
    after = replace(account, site_id=lake.site_id, campaign_sites=(CampaignSite("222", "site_other"),))
    ACCOUNTS.change(synced.who, account, after)
    found = ask(synced, lake, "spend")
    assert (found.totals.values, notes(found)) == ((40 * M,), [])


def test_links_may_name_an_accounts_ads_otherwise(synced: Synced, lake: TestLake) -> None:
    synced.rows(row(D, "111", 40))
    synced.pull(from_day=D, to_day=D)
    connections.assign_site(synced.who, GOOGLE, ACCOUNT, site_id=lake.site_id, source="meta", medium="paid")
    found = ask(synced, lake, "spend", dimensions=("source", "medium", "channel"))
    assert table(found) == {("meta", "paid", "Paid Social"): (40 * M,)}


def test_an_account_cannot_be_assigned_to_what_is_no_site(synced: Synced) -> None:
    with pytest.raises(NotFoundError, match="there is no such site"):
        connections.assign_site(synced.who, GOOGLE, ACCOUNT, site_id="site_other")
    twice = [CampaignSite("222", "site_other")] * 2
    with pytest.raises(InvalidError, match="campaign_sites: name at most 1000 campaigns, each once"):
        connections.assign_site(synced.who, GOOGLE, ACCOUNT, campaign_sites=twice)


def test_another_organizations_accounts_are_not_found(synced: Synced, lake: TestLake) -> None:
    with pytest.raises(NotFoundError):
        connections.assign_site(Caller.system("org_other"), GOOGLE, ACCOUNT, site_id=lake.site_id)


def test_the_spend_report_has_connected_costs(synced: Synced, lake: TestLake) -> None:
    synced.rows(row(D, "111", 40, clicks=4), row(D, "222", 10, clicks=1))
    synced.pull(from_day=D, to_day=D)
    lake.write_metrics(metric(D, "bing", "Paid Search", 5 * M))
    found = reports.spend_report(synced.who, lake.site_id, by="campaign", from_day=D, to_day=D)
    assert found.rows == (
        SpendRow("111", 40 * M, 4, 0),
        SpendRow("222", 10 * M, 1, 0),
        SpendRow("spring", 5 * M, 10, 100),
    )


def test_revenue_of_resolved_visits_meets_the_spend_of_their_campaign(synced: Synced, lake: TestLake) -> None:
    # GIVEN a campaign of 40.00 whose visits are known by its id, and revenue of 100.00 of theirs; 20.00 is of no ad
    synced.rows(row(D, "111", 40, ad="999"), row(D, "222", 10))
    synced.pull(from_day=D, to_day=D)
    visits = Visits(tenancy.get_site(synced.organization_id, lake.site_id))
    visits.visit("ad-0", "gad_campaignid=111&ad_id=999&gad_source=1")
    visits.visit("foreign-0", "gad_campaignid=333&gad_source=1")
    resolution.resolve_site(synced.organization_id, lake.site_id, clock=synced.clock)
    at = f"{D}T15:00:00Z"
    lake.write_credits(
        lake.credit("c1", at, [Part("Paid Search", 1, 100 * M, "ad")]),
        lake.credit("c2", at, [Part("Email", 1, 20 * M, "mail")]),
        lake.credit("c3", at, [Part("Paid Search", 1, 5 * M, "foreign")]),
    )

    # THEN ROAS of the campaign is 2.5; spend without revenue and revenue without spend are rows too
    by_campaign = ask(
        synced, lake, "revenue", "spend", "roas", dimensions=("platform", "platform_campaign"), model="LINEAR"
    )
    assert table(by_campaign) == {
        (GOOGLE, "111"): (100 * M, 40 * M, 2.5),
        (GOOGLE, "222"): (0, 10 * M, 0),
        (GOOGLE, "(not connected)"): (5 * M, 0, None),
        ("(no platform)", "(no platform)"): (20 * M, 0, None),
    }
    by_ad = ask(synced, lake, "revenue", "spend", "roas", dimensions=("platform_ad",), model="LINEAR")
    assert table(by_ad)["999",] == (100 * M, 40 * M, 2.5)
    assert by_ad.totals.values == by_campaign.totals.values == (125 * M, 50 * M, 2.5)


def _named(synced: Synced, lake: TestLake) -> Visits:
    """Campaign 111 is "Brand DE", 222 is "Spring Sale"; links call 111 `brand`, of a channel of its own, mostly."""
    synced.vendors.world.names |= {"111": "Brand DE", "222": "Spring Sale"}
    synced.rows(row(D, "111", 40, clicks=4), row(D, "222", 10, clicks=1))
    synced.pull(from_day=D, to_day=D)
    visits = Visits(tenancy.get_site(synced.organization_id, lake.site_id))
    for number, name in enumerate(("brand", "brand", "brand-old")):
        visits.visit(f"{number}", f"gad_campaignid=111&utm_source=Google&utm_campaign={name}", channel="Brand Search")
    resolution.resolve_site(synced.organization_id, lake.site_id, clock=synced.clock)
    resolution.note_link_names(synced.organization_id, lake.site_id, synced.clock)
    return visits


def test_costs_count_under_the_name_and_the_channel_of_most_visits(synced: Synced, lake: TestLake) -> None:
    _named(synced, lake)

    by_channel = ask(synced, lake, "spend", dimensions=("channel",))
    assert table(by_channel) == {("Brand Search",): (40 * M,), ("Paid Search",): (10 * M,)}
    by_campaign = ask(synced, lake, "spend", dimensions=("campaign",))
    assert table(by_campaign) == {("brand",): (40 * M,), ("222",): (10 * M,)}
    as_platforms_have_them = ask(synced, lake, "spend", dimensions=("platform_campaign",))
    assert table(as_platforms_have_them) == {("111",): (40 * M,), ("222",): (10 * M,)}
    assert [one.totals.values for one in (by_channel, by_campaign)] == [(50 * M,)] * 2


def test_a_link_moves_the_costs_of_its_campaign_at_once(synced: Synced, lake: TestLake) -> None:
    visits = _named(synced, lake)
    visits.visit("summer", "utm_source=google&utm_medium=cpc&utm_campaign=summer", channel="Display")

    resolution.set_link(
        synced.who,
        lake.site_id,
        utm_campaign="summer",
        platform=GOOGLE,
        account=ACCOUNT,
        campaign_id="222",
        clock=synced.clock,
    )

    found = ask(synced, lake, "spend", dimensions=("channel", "campaign"))
    assert table(found) == {("Brand Search", "brand"): (40 * M,), ("Display", "summer"): (10 * M,)}


@pytest.mark.parametrize("name", ["222", "Spring Sale", "spring-sale", "SPRING_SALE", "brand", "Brand DE"])
def test_what_was_sent_by_hand_under_any_name_of_a_connected_campaign_counts_once(
    synced: Synced, lake: TestLake, name: str
) -> None:
    _named(synced, lake)
    lake.write_metrics(
        metric(D, "google", "Paid Search", 7 * M, campaign=name),
        metric(D, "google", "Paid Search", 3 * M, campaign="another"),
        metric(D, "bing", "Paid Search", 5 * M, campaign=name),
    )

    found = ask(synced, lake, "spend")

    assert found.totals.values == (58 * M,)
    assert [one.text for one in found.notes if one.kind == "SUPERSEDED"] == [
        "7.00 EUR of costs that were sent by hand are not counted: connected accounts have the same campaigns on the"
        " same days."
    ]


def test_what_was_sent_by_hand_by_name_counts_once_as_soon_as_an_account_was_read(
    synced: Synced, lake: TestLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a visit: the event of the reading notes the names, and nobody waits for the hour."""
    site = tenancy.get_site(synced.organization_id, lake.site_id)
    monkeypatch.setattr(tenancy, "list_sites", lambda *_, **__: Page((site,)))
    lake.write_metrics(metric(D, "google", "Paid Search", 7 * M, campaign="Spring Sale"))
    synced.vendors.world.names["222"] = "Spring Sale"
    synced.rows(row(D, "222", 10))
    synced.pull(from_day=D, to_day=D)
    (event,) = waiting_events(synced.organization_id, "AdAccountRead")

    on_account_read.handler({"detail": asdict(event)}, None)

    assert ask(synced, lake, "spend").totals.values == (10 * M,)


@pytest.fixture
def dollars(make_site: SiteMaker, monkeypatch: pytest.MonkeyPatch) -> TestLake:
    """A site whose reports are in dollars."""
    lake = make_site(timezone="Europe/Stockholm", currency="USD")
    monkeypatch.setattr(spending, "spending_accounts", spending_accounts)
    return lake


@pytest.fixture
def swedish(dollars: TestLake, vendors: Vendors, organization_id: str) -> Synced:
    """An account in crowns, whose costs are of that site."""
    vendors.world.now_ms = ms("2026-10-30T12:00:00+01:00")
    synced = Synced(vendors, organization_id, timezone="Europe/Stockholm")
    vendors.world.accounts = [Account(ACCOUNT, currency="SEK", timezone="Europe/Stockholm")]
    connections.refresh_accounts(synced.who, synced.connection_id, synced.clock)
    connections.assign_site(synced.who, GOOGLE, ACCOUNT, site_id=dollars.site_id)
    dollars.write_rates(D, SEK=11 * M, USD=1_100_000)
    return synced


def test_money_is_at_the_rate_of_its_day(swedish: Synced, dollars: TestLake) -> None:
    # GIVEN 1,000.00 crowns that brought 5,000.00, and the same on a day whose last rate is eight days old
    late = "2026-10-09"
    swedish.rows(
        row(D, "111", 1_000, clicks=10, claimed=1, claimed_value=5_000),
        row(late, "111", 1_000, clicks=10, claimed=1, claimed_value=5_000),
    )
    swedish.pull(from_day=D, to_day=late)

    # THEN it is 100.00 and 500.00 dollars; what has no rate stands apart, and no ratio of the rest differs
    metrics = ("spend", "claimed_revenue", "claimed_roas", "cpc")
    assert ask(swedish, dollars, *metrics).totals.values == (100 * M, 500 * M, 5.0, 10 * M)
    found = ask(swedish, dollars, *metrics, period=f"{D}..{late}", dimensions=("day",))
    assert table(found)[late,] == (None, None, None, None)
    assert found.totals.values == (100 * M, 500 * M, 5.0, 10 * M)
    assert [one.text for one in found.notes if one.kind == "NO_RATE"] == [
        "1 conversions or rows of spend are in no amount: their currency has no exchange rate for the day. Costs are in"
        " SEK on 2026-10-09. Import rates to USD."
    ]


@dataclass(frozen=True)
class Abroad:
    """An account with the site's costs, by another clock."""

    synced: Synced
    lake: TestLake

    def spend(self, day: str, **fields: Any) -> Answer:
        return ask(self.synced, self.lake, "spend", period=f"{day}..{day}", **fields)

    def by_hours(self, first: float, then: float) -> None:
        """Costs of each hour of the first day, and of the next."""
        self.synced.rows(
            row(D, "111", 24 * first, by_hour=(round(first * M),) * 24),
            row(NEXT, "111", 24 * then, by_hour=(round(then * M),) * 24),
        )


@pytest.fixture
def abroad(vendors: Vendors, organization_id: str, lake: TestLake) -> Callable[[str], Abroad]:
    def make(timezone: str) -> Abroad:
        vendors.world.now_ms = ms("2026-10-30T12:00:00+01:00")
        synced = Synced(vendors, organization_id, timezone=timezone)
        connections.assign_site(synced.who, GOOGLE, ACCOUNT, site_id=lake.site_id)
        return Abroad(synced, lake)

    return make


def test_hours_of_an_account_count_on_the_sites_days(abroad: Callable[[str], Abroad]) -> None:
    # GIVEN an account in Los Angeles, of a site in Berlin: its day begins nine hours later
    account = abroad("America/Los_Angeles")
    account.by_hours(1, 2)
    account.synced.pull(from_day="2026-09-30", to_day="2026-10-03")

    # THEN Berlin's 2nd has nine hours of the 1st and fifteen of the 2nd, by account and by campaign
    for fields in ({}, {"dimensions": ("campaign",)}):
        found = account.spend(NEXT, **fields)
        assert (found.totals.values, notes(found)) == ((39 * M,), [])
    # AND all days come to the account's
    every = ask(account.synced, account.lake, "spend", period="2026-10-01..2026-10-03", dimensions=("day",))
    assert table(every) == {(D,): (15 * M,), (NEXT,): (39 * M,), ("2026-10-03",): (18 * M,)}
    # AND of ads, which have no hours, the account's day counts, and says so
    ads = account.spend(NEXT, dimensions=("platform_ad",))
    assert ads.totals.values == (48 * M,)
    assert [one.text for one in ads.notes if one.kind == "SHIFTED_DAYS"] == [
        "Days of these advertising accounts begin at another hour than the site's, and their costs count on the"
        " account's own days as far as no hours are known: Acme (America/Los_Angeles, shifted_hours 9)."
    ]


def test_days_that_were_read_before_the_site_was_chosen_are_read_again_by_hours(
    abroad: Callable[[str], Abroad],
) -> None:
    account = abroad("America/Los_Angeles")
    who = account.synced.who
    connections.assign_site(who, GOOGLE, ACCOUNT)
    account.by_hours(1, 2)
    account.synced.pull(from_day=D, to_day=NEXT)
    connections.assign_site(who, GOOGLE, ACCOUNT, site_id=account.lake.site_id)
    found = account.spend(NEXT)
    assert (found.totals.values, notes(found)) == ((48 * M,), ["SHIFTED_DAYS"])

    account.synced.pull(from_day=D, to_day=NEXT)
    assert account.spend(NEXT).totals.values == (39 * M,)


def test_an_hour_that_a_day_begins_within_is_halved(abroad: Callable[[str], Abroad]) -> None:
    # GIVEN an account in Kolkata, three and a half hours ahead of Berlin
    account = abroad("Asia/Kolkata")
    account.by_hours(1, 2)
    account.synced.pull(from_day="2026-09-30", to_day="2026-10-03")

    # THEN Berlin's 1st is the 1st from 3:30, and the 2nd until then
    found = account.spend(D)
    assert found.totals.values == (round(20.5 * M + 3.5 * 2 * M),)
    assert [one.text for one in found.notes] == [
        "The site's days begin within an hour of Acme: half of its costs count on each of both days."
    ]
    every = ask(account.synced, account.lake, "spend", period="2026-09-30..2026-10-03")
    assert every.totals.values == (72 * M,)


def test_what_no_hour_tells_counts_on_the_accounts_day(abroad: Callable[[str], Abroad]) -> None:
    account = abroad("America/Los_Angeles")
    account.synced.rows(row(D, "111", 30, by_hour=(M,) * 24))
    account.synced.pull(from_day="2026-09-30", to_day="2026-10-03")
    assert account.spend(D).totals.values == ((15 + 6) * M,)
    assert account.spend(NEXT).totals.values == (9 * M,)


def test_a_chosen_account_that_the_login_may_not_read_is_a_gap(synced: Synced, lake: TestLake) -> None:
    # GIVEN a second account, of which the platform does not tell its timezone
    _read_beside(synced, lake, Account("902", denied=True))

    found = ask(synced, lake, "spend", "cpc", dimensions=("account",))
    assert table(found) == {(ACCOUNT,): (40 * M, 4 * M), ("902",): (None, None)}
    assert "NOT_READ" in notes(found)


def test_old_days_are_shown_under_the_name_of_then_or_of_now(synced: Synced, lake: TestLake) -> None:
    # GIVEN a campaign "A" that is called "B" since the fourth, and has left all lists since the fifth
    synced.vendors.world.names["111"] = "A"
    synced.rows(row(D, "111", 40, ad="999"))
    synced.pull(from_day=D, to_day=D)
    dimensions = ("account", "platform_campaign")
    before = ask(synced, lake, "spend", dimensions=dimensions, names="then")
    synced.vendors.world.names["111"] = "B"
    for instant in ("2026-10-04T12:00:00+02:00", "2026-10-05T12:00:00+02:00"):
        synced.at(instant)
        synced.pull()
        synced.vendors.world.unlisted |= {"111"}

    # THEN its day is as it was, with the name of then; or with that of now
    then = ask(synced, lake, "spend", dimensions=dimensions, names="then")
    assert (then.rows, then.labels) == (before.rows, before.labels)
    assert then.labels == {"account": {ACCOUNT: "Acme"}, "platform_campaign": {"111": "A"}}
    now = ask(synced, lake, "spend", dimensions=dimensions)
    assert now.rows == then.rows
    assert now.labels["platform_campaign"] == {"111": "B"}
    assert ask(synced, lake, "spend", dimensions=("platform_ad",)).labels == {"platform_ad": {"999": "Ad 999"}}
