"""GET /v1/session: what the console begins with, in one answer."""

import pytest
from optiq.identity.people import admission
from optiq.tenancy import api as tenancy

from tests.functional.identity.browser import Browser
from tests.functional.identity.people import Someone
from tests.functional.tenancy.organizations import Company

pytestmark = pytest.mark.usefixtures("table")
SESSION = "__Host-optiq"


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "CACHE_SECONDS", 0)


def test_session_start_gives_what_the_single_routes_give(browser: Browser, company: Company) -> None:
    tenancy.add_site(tenancy.operator(company.organization_id), name="Shop", domains=["shop.example"])
    other = Company()
    tenancy.add_site(tenancy.operator(other.organization_id), name="Theirs", domains=["theirs.example"])
    browser.jar[SESSION] = company.owner.signed_in.secret

    start = browser("GET", "/v1/session").json()

    assert start["me"] == browser("GET", "/v1/me").json()
    assert start["organizations"] == browser("GET", "/v1/organizations").json()["items"]
    assert sorted(start["permissions"]) == sorted(browser("GET", "/v1/whoami").json()["permissions"])
    assert start["sites"] == browser("GET", "/v1/sites").json()["items"]
    assert [site["name"] for site in start["sites"]] == ["Shop"]


def test_session_start_of_somebody_without_an_organization_has_no_sites(browser: Browser) -> None:
    browser.jar[SESSION] = Someone("nobody@example.com").signed_in.secret

    start = browser("GET", "/v1/session").json()

    assert (start["organizations"], start["permissions"], start["sites"]) == ([], [], [])


def test_session_start_needs_a_session(browser: Browser) -> None:
    assert browser("GET", "/v1/session").status == 401
