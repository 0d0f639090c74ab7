"""Ads are tested against the same folder lake as reports, and the platforms as stand-ins that speak HTTP."""

from collections.abc import Iterator

import pytest
from optiq.ads import keys
from optiq.ads.platforms.registry import kinds
from optiq.ads.sync.records import ThrottleRecord
from optiq.ports import wiring

from tests.functional.reports.conftest import make_site
from tests.support.ad_platforms.server import Vendors, running_vendors

__all__ = ["make_site"]


@pytest.fixture
def vendors(table: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Vendors]:
    with running_vendors() as running:
        monkeypatch.setattr(wiring, "oauth_clients", running.clients)
        end_throttles()
        yield running


def end_throttles() -> None:
    """No platform wants a wait that another test left: each test has a clock of its own."""
    for platform in kinds():
        ThrottleRecord(*keys.app_throttle(platform)).delete()
