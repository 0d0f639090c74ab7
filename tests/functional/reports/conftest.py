"""A site whose lake is a folder of its own; tenancy, settings and accounts are stood in for: no table is needed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from optiq.ads.spending import api as spending
from optiq.attribution import api as attribution
from optiq.attribution.contracts import AttributionSettings
from optiq.kernel.errors import NotFoundError
from optiq.ports import wiring
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import Organization, Site

from tests.functional.reports.lake import TestLake

SiteMaker = Callable[..., TestLake]


@pytest.fixture
def make_site(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, organization_id: str, site_id: str
) -> Callable[..., TestLake]:
    """Makes the one site there is, with a timezone and a reporting currency."""

    def make(timezone: str = "UTC", currency: str = "EUR", root: Path = tmp_path) -> TestLake:
        def get_site(organization: str, site: str) -> Site:
            if (organization, site) != (organization_id, site_id):
                raise NotFoundError("there is no such site")
            return Site(organization_id, site_id, "Shop", ("shop.example",), timezone, "EUR")

        lake = TestLake(root, organization_id, site_id)
        monkeypatch.setattr(tenancy, "get_site", get_site)
        monkeypatch.setattr(tenancy, "get_organization", lambda found: Organization(found, "Shop", currency))
        monkeypatch.setattr(spending, "spending_accounts", lambda *_: ())
        monkeypatch.setattr(attribution, "get_settings", lambda *_: AttributionSettings())
        monkeypatch.setattr(wiring, "query", lambda: lake.query)
        monkeypatch.setattr(wiring, "lake", lambda: lake.lake)
        return lake

    return make
