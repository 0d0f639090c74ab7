"""Feedback is tested against stand-ins that speak HTTP. Conversions and match keys are what a test says they are."""

import pytest
from optiq.feedback.destinations.stores import known_of_site
from optiq.feedback.match_keys import api as match_keys
from optiq.journeys import api as journeys
from optiq.kernel.caller import Caller
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from infra.local.ad_platforms.server import Vendors
from tests.functional.ads.conftest import vendors
from tests.functional.feedback.telling import Telling

__all__ = ["vendors"]


@pytest.fixture
def site(table: object) -> NewSite:
    return tenancy.create_site(name="Shop", domains=["shop.example"])


@pytest.fixture
def telling(vendors: Vendors, site: NewSite, monkeypatch: pytest.MonkeyPatch) -> Telling:
    """A site whose conversions a test records, and whose destinations it chooses."""
    ids = site.site.organization_id, site.site.site_id
    tenancy.change_site(Caller.system(ids[0]), ids[1], {"conversion_feedback": "ON"})
    made = Telling(vendors, *ids)
    monkeypatch.setattr(journeys, "conversion_paths", made.paths)
    monkeypatch.setattr(match_keys, "read", made.match)
    known_of_site.cache_clear()
    return made
