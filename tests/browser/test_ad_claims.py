"""Somebody sees which campaigns cost money without a visit, links a name, and why Google shows more sales."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from infra.local.ad_platforms.world import Account, DayRow
from tests.browser.advertisers import advertiser
from tests.browser.console_people import ConsoleUser, sell
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.system, pytest.mark.slow]


def test_a_claim_is_understood(browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # GIVEN two campaigns of a connected account, and a sale of a visit whose link names none of them
    today = datetime.now(UTC).date().isoformat()
    rows = (DayRow(today, "111", 40_000_000, claimed=3, claimed_then=2), DayRow(today, "222", 10_000_000))
    accounts = [Account("901", "Acme DE", timezone="UTC")]
    with advertiser(browser, tmp_path, monkeypatch, accounts, *rows) as (ada, vendors):
        vendors.world.names |= {"111": "Spring Sale", "222": "Brand"}
        sell(ada, "google", "easter")
        _connect(ada)

        # WHEN she looks THEN both campaigns cost money without a visit, the most expensive first
        ada.open("/console/ad-matching")
        silent = ada.page.locator("section", has=ada.page.get_by_role("heading", name="Campaigns that cost money"))
        expect(silent.get_by_role("listitem")).to_have_count(2)
        expect(silent.get_by_role("listitem").first).to_contain_text("Spring Sale")
        expect(ada.page.get_by_text("campaign_id={campaignid}&adgroup_id={adgroupid}&ad_id={creative}")).to_be_visible()

        # WHEN the name is linked THEN one is left
        site_id = ada.ask("GET", "/v1/sites")["items"][0]["site_id"]
        link = {"utm_campaign": "easter", "platform": "GOOGLE_ADS", "account": "901", "campaign_id": "111"}
        ada.ask("POST", f"/v1/sites/{site_id}/ad-links", link)
        ada.open("/console/ad-matching")
        expect(silent.get_by_role("listitem")).to_have_count(1)
        expect(ada.page.get_by_text("You linked the name")).to_be_visible()

        # AND the claim of three is one sale that is credited, one of another day, and one that nothing explains
        ada.open("/console/claims?model=LINEAR")
        expect(ada.page.get_by_role("heading", name="Google Ads claims 3")).to_be_visible()
        parts = ada.page.get_by_role("group", name="Parts of the claim of Google Ads")
        for part in ("Credited", "On other days", "Unexplained"):
            expect(parts.get_by_role("row", name=part).get_by_role("cell")).to_have_text("1")
        expect(ada.page.get_by_text("3.00 ×")).to_be_visible()


def _connect(ada: ConsoleUser) -> None:
    """Connects Google Ads, and chooses the account, which reads it."""
    ada.open("/console/ad-connections")
    ada.page.get_by_role("button", name="Connect Google Ads", exact=True).click()
    expect(ada.page.get_by_text("Connected", exact=True)).to_be_visible()
    connection = ada.ask("GET", "/v1/ad-connections")["items"][0]["connection_id"]
    accounts = f"/v1/ad-connections/{connection}/accounts"
    wait_until(lambda: ada.ask("GET", accounts)["items"], "the accounts are listed")
    ada.ask("PUT", accounts, {"external_ids": ["901"]})
    wait_until(lambda: ada.ask("GET", "/v1/ad-syncs")["items"][0]["status"] == "SUCCEEDED", "the account is read")
