"""Whose an account's costs are, over HTTP: chosen by people, or the only site there is."""

import pytest
from optiq.tenancy import api as tenancy

from infra.local.ad_platforms.server import Vendors
from infra.local.ad_platforms.world import Account
from tests.functional.ads.test_ad_routes import ask, connected
from tests.functional.reports.conftest import SiteMaker

pytestmark = pytest.mark.usefixtures("table")


def test_a_site_is_chosen_for_an_account_and_others_for_its_campaigns(
    vendors: Vendors, organization_id: str, site_id: str, make_site: SiteMaker
) -> None:
    make_site()
    vendors.world.accounts = [Account("901")]
    ours = f"/v1/ad-connections/{connected(vendors, organization_id)}"
    ask(organization_id, "POST", f"{ours}/accounts/refresh")

    wanted = {"site_id": site_id, "campaign_sites": [{"campaign_id": "222", "site_id": site_id}], "source": "adwords"}
    status, account = ask(organization_id, "PUT", "/v1/ad-accounts/GOOGLE_ADS/901/site", wanted)
    assert status == 200
    assert {name: account[name] for name in (*wanted, "medium")} == wanted | {"medium": ""}
    assert ask(organization_id, "GET", f"{ours}/accounts")[1]["items"] == [account]

    status, problem = ask(organization_id, "PUT", "/v1/ad-accounts/GOOGLE_ADS/901/site", {"site_id": "site_other"})
    assert (status, problem["detail"]) == (404, "there is no such site")
    assert ask(organization_id, "PUT", "/v1/ad-accounts/GOOGLE_ADS/999/site", {})[0] == 404


def test_the_only_site_has_the_costs_of_what_is_chosen(
    vendors: Vendors,
) -> None:
    # GIVEN an organization with one site, and a login with two accounts
    made = tenancy.create_site(name="Shop", domains=["shop.example"], timezone="UTC")
    vendors.world.accounts = [Account("901"), Account("902")]
    ours = f"/v1/ad-connections/{connected(vendors, made.site.organization_id)}"
    ask(made.site.organization_id, "POST", f"{ours}/accounts/refresh")

    # WHEN one is chosen THEN its costs are the site's
    status, chosen = ask(made.site.organization_id, "PUT", f"{ours}/accounts", {"external_ids": ["901"]})
    assert status == 200
    assert [one["site_id"] for one in chosen["items"]] == [made.site.site_id, ""]
