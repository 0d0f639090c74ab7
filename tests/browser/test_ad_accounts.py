"""Somebody connects Google Ads in a browser and chooses what is read. Google is a stand-in that speaks its protocol."""

import re
import time
from pathlib import Path

import pytest
from optiq.kernel.clock import DAY_MS, utc_day
from playwright.sync_api import Browser, expect

from infra.local.ad_platforms.world import Account, DayRow
from tests.browser.advertisers import advertiser

pytestmark = [pytest.mark.browser, pytest.mark.system]
_NOT_FINAL = re.compile("May still change|Day not over")
"""Of yesterday's numbers: where it is early in UTC, the day goes on in other timezones."""


def test_from_nothing_to_what_an_account_spent(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN a system with an app at Google, and somebody with two accounts there
    yesterday = utc_day(time.time_ns() // 1_000_000 - DAY_MS)
    accounts = [Account("901", "Acme DE"), Account("902", "Acme SE", "SEK", denied=True)]
    row = DayRow(yesterday, "111", 40_000_000)
    with advertiser(browser, tmp_path, monkeypatch, accounts, row) as (ada, vendors):
        vendors.world.asks_people = True
        for name in ("heron", "hearth"):
            ada.ask("POST", "/v1/sites", {"name": name, "domains": [f"{name}.example"]})
        ada.open("/console/ad-connections")
        expect(ada.page.get_by_role("heading", name="Nothing is connected yet")).to_be_visible()

        # WHEN she connects Google Ads, allows it there, and Google sends her back
        ada.page.get_by_role("button", name="Connect Google Ads", exact=True).click()
        expect(ada.page.get_by_text("Acme DE (EUR)")).to_be_visible()
        ada.page.get_by_role("link", name="Allow").click()
        expect(ada.page.get_by_text("Connected", exact=True)).to_be_visible()

        # THEN the address has nothing of it left, and she chooses an account
        assert ada.page.url.endswith("/console/ad-connections")
        expect(ada.page.get_by_text("The login may not read it.")).to_be_visible()
        ada.page.get_by_label("Acme DE EUR").check()
        ada.page.get_by_role("button", name="Sync these accounts").click()
        expect(ada.page.get_by_text("Saved. Accounts that are new here are synced now.")).to_be_visible()
        expect(ada.page.get_by_label("Acme DE EUR")).to_be_checked()

        # AND it is read while she looks, and says what the account spent
        expect(ada.page.get_by_text(re.compile(r"(39\d) of \1 days"))).to_be_visible()
        ada.page.get_by_role("button", name="Spend by day of Acme DE").click()
        expect(ada.page.get_by_role("row").filter(has_text="40.00")).to_contain_text(_NOT_FINAL)

        # AND with two sites she says which one its costs are of
        expect(ada.page.get_by_text("Its costs are in no report until you choose a site.")).to_be_visible()
        ada.page.get_by_label("Site of Acme DE").select_option("hearth")
        expect(ada.page.get_by_text("Its costs are in no report until you choose a site.")).to_have_count(0)

        # AND she imports costs that no platform tells; a wrong line keeps all of them out
        ada.open("/console/import-costs")
        table = "date,source,medium,campaign,cost,currency\n2026-01-01,newsletter,email,january,49.90,EUR\n"
        ada.page.get_by_label("Or paste the table").fill(table.replace("49.90", "much"))
        ada.page.get_by_role("button", name="Import", exact=True).click()
        expect(ada.page.get_by_text('line 2: cost: must be a number such as "49.90"')).to_be_visible()
        ada.page.get_by_label("Or paste the table").fill(table)
        ada.page.get_by_role("button", name="Import", exact=True).click()
        expect(ada.page.get_by_text("1 rows are new, 0 replace other numbers, 0 were there already.")).to_be_visible()

        # AND back at the page she finds it so, and disconnects
        ada.open("/console/ad-connections")
        ada.page.get_by_role("button", name="Disconnect Google Ads").click()
        ada.page.get_by_role("dialog").get_by_role("button", name="Disconnect").click()
        expect(ada.page.get_by_text("Disconnected", exact=True)).to_be_visible()
        assert len(vendors.world.revoked) == 1
