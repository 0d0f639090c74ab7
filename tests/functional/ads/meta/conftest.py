"""An account at Meta."""

import pytest

from infra.local.ad_platforms.server import Vendors
from tests.functional.ads.synced import META, Synced, ms
from tests.functional.reports.conftest import SiteMaker


@pytest.fixture
def synced(vendors: Vendors, organization_id: str, make_site: SiteMaker) -> Synced:
    vendors.world.now_ms = ms("2026-10-02T04:00:00+02:00")
    return Synced(vendors, organization_id, platform=META)
