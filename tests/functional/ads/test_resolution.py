"""Which campaign, group and ad a visit came from: by click id, by ids in the address, by link, by name."""

from collections import Counter
from dataclasses import asdict, replace

import pytest
from optiq.ads.connections.stores import ACCOUNTS
from optiq.ads.platforms.vendors.google_ads import GoogleAds
from optiq.ads.resolution import api as resolution
from optiq.ads.resolution import clicks, sweeping
from optiq.ads.sync import budgets
from optiq.journeys.lake import TOUCHES
from optiq.kernel.errors import InvalidError, NotFoundError
from optiq.ports import wiring
from optiq.store.api import Store
from optiq.tenancy import api as tenancy

from functions.ads import on_account_read
from infra.local.ad_platforms.server import Fault, Vendors
from infra.local.ad_platforms.world import Click
from tests.functional.ads.connected import caller
from tests.functional.ads.synced import ACCOUNT, GOOGLE, Synced, ms, row
from tests.functional.ads.visited import Visits
from tests.functional.reports.conftest import SiteMaker
from tests.functional.subscribers import waiting_events

pytestmark = pytest.mark.usefixtures("table")
D = "2026-10-01"
GOOGLE_AD = "utm_source=google&utm_medium=cpc"


@pytest.fixture
def synced(vendors: Vendors, organization_id: str, make_site: SiteMaker) -> Synced:
    make_site()
    vendors.world.now_ms = ms("2026-10-02T04:00:00+02:00")
    return Synced(vendors, organization_id)


@pytest.fixture
def visits(synced: Synced, organization_id: str, site_id: str) -> Visits:
    """Campaign 111 is "Spring Sale", 222 is "Brand"; each has ads."""
    synced.vendors.world.names |= {"111": "Spring Sale", "222": "Brand"}
    synced.rows(row(D, "111", 40, ad="999"), row(D, "222", 10, ad="888"))
    synced.pull(from_day=D, to_day=D)
    return Visits(tenancy.get_site(organization_id, site_id))


def _resolve(synced: Synced, visits: Visits) -> int:
    return resolution.resolve_site(synced.organization_id, visits.site.site_id, clock=synced.clock)


def _link(synced: Synced, visits: Visits, name: str, campaign_id: str) -> str:
    return resolution.set_link(
        synced.who,
        visits.site.site_id,
        utm_campaign=name,
        platform=GOOGLE,
        account=ACCOUNT,
        campaign_id=campaign_id,
        clock=synced.clock,
    ).link_id


def _read_clicks(synced: Synced) -> int:
    account = ACCOUNTS.get(synced.who, GOOGLE, ACCOUNT)
    return clicks.read_clicks(account, synced.clock)


def test_a_click_that_the_platform_tells_of_is_of_its_ad(synced: Synced, visits: Visits) -> None:
    synced.vendors.world.clicks = [Click(ACCOUNT, D, "Cj0KCQ-a_B", "111", "999"), Click(ACCOUNT, D, "", "222")]
    visits.visit("t1", "gclid=Cj0KCQ-a_B&utm_campaign=brand")
    # As a letter of another case is another click.
    visits.visit("t2", "gclid=cj0kcq-a_b")
    _read_clicks(synced)
    _resolve(synced, visits)

    assert visits.resolved("evidence", "account", "campaign_id", "group_id", "ad_id") == {
        "t1": ("CLICK_VIEW", ACCOUNT, "111", "7111", "999"),
        "t2": ("UNKNOWN", "", "", "", ""),
    }


def test_an_id_in_the_address_is_of_its_campaign_group_or_ad(synced: Synced, visits: Visits) -> None:
    visits.visit("campaign", "gad_campaignid=111&gad_source=1")
    visits.visit("group", f"{GOOGLE_AD}&adgroup_id=7222&campaign_id=111")
    visits.visit("ad", f"{GOOGLE_AD}&ad_id=888")
    _resolve(synced, visits)

    assert visits.resolved("evidence", "campaign_id", "group_id", "ad_id") == {
        "campaign": ("URL_ID", "111", "", ""),
        "group": ("URL_ID", "222", "7222", ""),
        "ad": ("URL_ID", "222", "7222", "888"),
    }


def test_one_campaign_with_the_name_is_it(synced: Synced, visits: Visits) -> None:
    visits.visit("t1", f"{GOOGLE_AD}&utm_campaign=spring-sale")
    visits.visit("t2", f"{GOOGLE_AD}&utm_campaign=SPRING_sale%21")
    _resolve(synced, visits)
    assert visits.resolved("evidence", "campaign_id") == dict.fromkeys(("t1", "t2"), ("AUTO", "111"))


def test_two_campaigns_with_the_name_are_none(synced: Synced, visits: Visits) -> None:
    synced.vendors.world.names["222"] = "spring sale"
    synced.pull()
    visits.visit("t1", f"{GOOGLE_AD}&utm_campaign=spring-sale")
    _resolve(synced, visits)

    assert visits.resolved("evidence", "candidates", "campaign_id") == {"t1": ("AMBIGUOUS", 2, "")}
    assert list(resolution.list_links(synced.who, visits.site.site_id).items) == []


def test_a_name_says_nothing_of_another_sites_campaigns(synced: Synced, visits: Visits) -> None:
    """Several clients of an agency have a "Brand". An id is only one campaign's, whatever site it is of."""
    account = ACCOUNTS.get(synced.who, GOOGLE, ACCOUNT)
    ACCOUNTS.change(synced.who, account, replace(account, site_id="site_other"))
    visits.visit("name", f"{GOOGLE_AD}&utm_campaign=brand")
    visits.visit("id", "gad_campaignid=222&gad_source=1")
    _resolve(synced, visits)
    assert visits.resolved("evidence") == {"name": "UNKNOWN", "id": "URL_ID"}


def test_an_accounts_own_source_names_its_platform(synced: Synced, visits: Visits) -> None:
    visits.visit("t1", "utm_source=G-Ads&utm_medium=cpc&utm_campaign=brand")
    assert _resolve(synced, visits) == 0
    account = ACCOUNTS.get(synced.who, GOOGLE, ACCOUNT)
    ACCOUNTS.change(synced.who, account, replace(account, source="g-ads"))
    _resolve(synced, visits)
    assert visits.resolved("campaign_id") == {"t1": "222"}


def test_a_name_that_a_campaign_had_is_its_name(synced: Synced, visits: Visits) -> None:
    synced.vendors.world.names["111"] = "Summer"
    synced.pull()
    visits.visit("t1", f"{GOOGLE_AD}&utm_campaign=spring-sale")
    _resolve(synced, visits)
    assert visits.resolved("campaign_id") == {"t1": "111"}


def test_a_name_of_long_after_a_campaign_is_not_its_name(synced: Synced, visits: Visits) -> None:
    synced.vendors.world.unlisted |= {"111"}
    synced.pull()
    synced.at("2026-11-20T04:00:00+01:00")
    visits.visit("long-after", f"{GOOGLE_AD}&utm_campaign=spring-sale", at="2026-11-19T12:00:00+00:00")
    visits.visit("soon-after", f"{GOOGLE_AD}&utm_campaign=spring-sale", at="2026-10-20T12:00:00+00:00")
    _resolve(synced, visits)
    assert visits.resolved("evidence") == {"long-after": "UNKNOWN", "soon-after": "AUTO"}


def test_a_link_beats_a_name(synced: Synced, visits: Visits) -> None:
    visits.visit("t1", f"{GOOGLE_AD}&utm_campaign=spring-sale")
    _resolve(synced, visits)

    link_id = _link(synced, visits, "spring-sale", "222")
    assert visits.resolved("evidence", "campaign_id") == {"t1": ("LINK", "222")}

    # Taken back, the name counts again. It can be linked once more.
    resolution.remove_link(synced.who, visits.site.site_id, link_id, synced.clock)
    assert visits.resolved("evidence", "campaign_id") == {"t1": ("AUTO", "111")}
    assert _link(synced, visits, "Spring Sale!", "222") == link_id
    _resolve(synced, visits)
    assert visits.resolved("evidence") == {"t1": "LINK"}


def test_an_id_beats_a_link_and_the_conflict_is_kept(synced: Synced, visits: Visits) -> None:
    _link(synced, visits, "spring-sale", "222")
    visits.visit("t1", "gad_campaignid=111&gad_source=1&utm_campaign=spring-sale&utm_source=google&utm_medium=cpc")
    _resolve(synced, visits)
    assert visits.resolved("evidence", "campaign_id", "conflict") == {
        "t1": ("URL_ID", "111", f"{GOOGLE} {ACCOUNT} 222")
    }


def test_an_id_of_no_connected_account_is_foreign(synced: Synced, visits: Visits) -> None:
    visits.visit("google", "gad_campaignid=333&gad_source=1&utm_campaign=spring-sale")
    visits.visit("template", f"{GOOGLE_AD}&campaign_id=12345678901&utm_campaign=spring-sale")
    # The shop's own number beside a name: no platform's id.
    visits.visit("own", f"{GOOGLE_AD}&utm_id=4711&utm_campaign=spring-sale")
    _resolve(synced, visits)
    assert visits.resolved("evidence", "foreign_id") == {
        "google": ("FOREIGN", "333"),
        "template": ("FOREIGN", "12345678901"),
        "own": ("AUTO", ""),
    }


@pytest.mark.parametrize("macro", ["{{campaign.id}}", "__CAMPAIGN_ID__", "{campaignid}", "%7B%7Bcampaign.id%7D%7D"])
def test_a_placeholder_that_nobody_filled_in_is_no_id(synced: Synced, visits: Visits, macro: str) -> None:
    visits.visit("t1", f"{GOOGLE_AD}&campaign_id={macro}&utm_campaign={macro}")
    _resolve(synced, visits)
    assert visits.resolved("evidence", "foreign_id") == {"t1": ("UNKNOWN", "")}


def test_what_is_no_advertisement_is_not_resolved(synced: Synced, visits: Visits) -> None:
    visits.visit("mail", "utm_source=newsletter&utm_medium=email&utm_campaign=spring-sale")
    visits.visit("organic", "fbclid=IwAR0abc")
    # Of a platform that cannot be connected.
    visits.visit("bing", "utm_source=bing&utm_medium=cpc&utm_campaign=spring-sale&msclkid=abc&campaign_id=12345678901")
    assert _resolve(synced, visits) == 0
    assert visits.resolved("evidence") == {}


def test_what_is_as_it_was_is_not_written_again(synced: Synced, visits: Visits) -> None:
    visits.visit("t1", "gad_campaignid=111&gad_source=1")
    assert (_resolve(synced, visits), visits.files()) == (1, 1)
    assert (_resolve(synced, visits), visits.files()) == (0, 1)


def test_touches_stay_as_they_were(synced: Synced, visits: Visits) -> None:
    visits.visit("t1", "gad_campaignid=111&gad_source=1")
    before = [file.stamp for file in wiring.lake().files(TOUCHES.name, synced.organization_id)]
    _resolve(synced, visits)
    assert [file.stamp for file in wiring.lake().files(TOUCHES.name, synced.organization_id)] == before


def test_a_day_of_clicks_is_read_once(synced: Synced, visits: Visits) -> None:
    synced.vendors.world.clicks = [Click(ACCOUNT, D, "Cj0", "111", "999")]
    # A week each time, the newest first, ninety days back.
    assert [_read_clicks(synced) for _ in range(14)] == [7] * 12 + [6, 0]
    asked = [
        str(one.body["query"])[-11:-1] for one in synced.vendors.asked("searchStream") if "click_view" in str(one.body)
    ]
    assert (asked[0], asked[-1], len(asked), len(set(asked))) == ("2026-10-01", "2026-07-04", 90, 90)
    # The next day has one more.
    synced.at("2026-10-03T04:00:00+02:00")
    assert _read_clicks(synced) == 1


def test_a_day_of_clicks_that_was_not_answered_is_read_the_next_time(synced: Synced, visits: Visits) -> None:
    synced.vendors.faults.append(Fault("searchStream", "truncate"))
    assert _read_clicks(synced) == 0
    assert _read_clicks(synced) == 7


def test_clicks_leave_the_quota_to_the_numbers(synced: Synced, visits: Visits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "take_spare", lambda *_: False)
    assert _read_clicks(synced) == 0


def test_every_hour_what_changed_is_resolved(synced: Synced, visits: Visits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(GoogleAds, "capabilities", replace(GoogleAds.capabilities, click_days=8))
    monkeypatch.setattr(tenancy, "list_sites", lambda *_, **__: _Page((visits.site,)))
    # Of a week ago: not among the recent ones.
    visits.visit("t1", f"{GOOGLE_AD}&utm_campaign=brand", at="2026-09-25T12:00:00+00:00")
    while _hour(synced)["days_of_clicks"]:
        pass
    assert visits.resolved("campaign_id") == {"t1": "222"}

    # The same again is not looked at.
    visits.visit("t2", f"{GOOGLE_AD}&utm_campaign=brand", at="2026-09-25T12:00:00+00:00")
    assert _hour(synced)["touches"] == 0

    # Another name in the lists: all of them are looked at.
    synced.vendors.world.names["111"] = "Winter"
    synced.pull()
    assert _hour(synced)["touches"] == 1


def _hour(synced: Synced) -> Counter[str]:
    """What every hour does, for this organization alone."""
    account = ACCOUNTS.get(synced.who, GOOGLE, ACCOUNT)
    return sweeping.resolve_organization(synced.organization_id, [account], synced.clock)


def test_an_organization_that_fails_keeps_no_other_from_its_turn(
    synced: Synced, visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = ACCOUNTS.get(synced.who, GOOGLE, ACCOUNT)
    lost = replace(own, organization_id="org_lost", connection_id="adcon_lost")
    monkeypatch.setattr(Store, "in_index", lambda *_: [lost, own])
    monkeypatch.setattr(tenancy, "list_sites", lambda *_, **__: _Page((visits.site,)))
    visits.visit("t1", "gad_campaignid=111&gad_source=1")
    with pytest.raises(NotFoundError, match="ad connection"):
        resolution.resolve_due(synced.clock)
    assert visits.resolved("campaign_id") == {"t1": "111"}


class _Page:
    cursor = None

    def __init__(self, items: tuple[object, ...]) -> None:
        self.items = items


def test_a_link_names_a_campaign_that_is_there(synced: Synced, visits: Visits) -> None:
    with pytest.raises(InvalidError, match="campaign_id: the account has no such campaign"):
        _link(synced, visits, "spring", "333")
    with pytest.raises(InvalidError, match="utm_campaign: must have a letter or a digit"):
        _link(synced, visits, "!!!", "111")
    with pytest.raises(NotFoundError):
        resolution.list_links(caller("org_other"), visits.site.site_id)


def test_visits_are_resolved_right_after_an_account_was_read_for_somebody(
    synced: Synced, visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pull of `visits` was asked for by a person; a daily one tells nobody."""
    monkeypatch.setattr(GoogleAds, "capabilities", replace(GoogleAds.capabilities, click_days=8))
    monkeypatch.setattr(tenancy, "list_sites", lambda *_, **__: _Page((visits.site,)))
    visits.visit("t1", f"{GOOGLE_AD}&utm_campaign=spring-sale")
    (event,) = waiting_events(synced.organization_id, "AdAccountRead")

    on_account_read.handler({"detail": asdict(event)}, None)

    assert event.data == {"platform": GOOGLE, "external_id": ACCOUNT}
    assert visits.resolved("evidence", "campaign_id") == {"t1": ("AUTO", "111")}
