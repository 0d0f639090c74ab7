"""Feedback is tested against stand-ins that speak HTTP. Conversions and match keys are what a test says they are."""

import pytest
from optiq.feedback.destinations.stores import known_of_site
from optiq.feedback.match_keys import api as match_keys
from optiq.journeys import api as journeys
from optiq.tenancy import api as tenancy

from infra.local.ad_platforms.server import Vendors
from tests.functional.ads.conftest import vendors
from tests.functional.feedback.telling import Telling

__all__ = ["vendors"]


@pytest.fixture
def telling(vendors: Vendors, monkeypatch: pytest.MonkeyPatch) -> Telling:
    """A site whose conversions a test records, and whose destinations it chooses."""
    site = tenancy.create_site(name="Shop", domains=["shop.example"]).site
    made = Telling(vendors, site.organization_id, site.site_id)
    monkeypatch.setattr(journeys, "conversion_paths", made.paths)
    monkeypatch.setattr(match_keys, "read", made.match)
    known_of_site.cache_clear()
    return made
