"""Ads are tested against the same folder lake as reports, and the platforms as stand-ins that speak HTTP."""

import logging
from collections.abc import Iterator

import pytest
from optiq.ads import keys
from optiq.ads.platforms.registry import kinds
from optiq.ads.sync.records import ThrottleRecord
from optiq.ports import wiring

from infra.local.ad_platforms.server import Vendors, running_vendors
from tests.functional.reports.conftest import make_site
from tests.support.spilled_secrets import watched_table

__all__ = ["make_site"]


@pytest.fixture
def vendors(table: object, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[Vendors]:
    """The stand-ins. Logs of HTTP are as detailed as an operator may set them, for the run's search for secrets."""
    caplog.set_level(logging.DEBUG, logger="urllib3")
    with running_vendors() as running, watched_table():
        monkeypatch.setattr(wiring, "oauth_clients", running.clients)
        end_throttles()
        yield running


def end_throttles() -> None:
    """No platform wants a wait that another test left: each test has a clock of its own."""
    for platform in kinds():
        ThrottleRecord(*keys.app_throttle(platform)).delete()
