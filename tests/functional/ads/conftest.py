"""Ads are tested against the same folder lake as reports, and the platforms as stand-ins that speak HTTP."""

from collections.abc import Iterator

import pytest
from optiq.ports import wiring

from tests.functional.reports.conftest import make_site
from tests.support.ad_platforms.server import Vendors, running_vendors

__all__ = ["make_site"]


@pytest.fixture
def vendors(monkeypatch: pytest.MonkeyPatch) -> Iterator[Vendors]:
    with running_vendors() as running:
        monkeypatch.setattr(wiring, "oauth_clients", running.clients)
        yield running
