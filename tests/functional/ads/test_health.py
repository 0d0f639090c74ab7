"""How connections do, as other contexts ask for it: permission, failures in a row, and how late numbers are."""

import pytest
from optiq.ads.connections import api as connections
from optiq.ads.connections import sites, states
from optiq.ads.platforms.registry import get_platform
from optiq.ads.sync import api as sync
from optiq.ads.sync import jobs
from optiq.ads.sync.contracts import ConnectionHealth
from optiq.kernel.clock import HOUR_MS

from infra.local.ad_platforms.server import Vendors
from tests.functional.ads.synced import ACCOUNT, GOOGLE, Synced, ms, row
from tests.functional.reports.conftest import SiteMaker

pytestmark = pytest.mark.usefixtures("table")
NOON = "2026-10-02T12:00:00+02:00"


@pytest.fixture
def synced(vendors: Vendors, organization_id: str, make_site: SiteMaker) -> Synced:
    vendors.world.now_ms = ms(NOON)
    return Synced(vendors, organization_id)


def health(synced: Synced, site_id: str) -> ConnectionHealth:
    (one,) = sync.connections_health(synced.who, site_id, clock=synced.clock)
    return one


def site_of(synced: Synced, make_site: SiteMaker) -> str:
    site = make_site()
    sites.assign(synced.who, GOOGLE, ACCOUNT, site_id=site.site_id)
    return str(site.site_id)


def test_failures_are_counted_until_an_account_is_read(synced: Synced, make_site: SiteMaker) -> None:
    site_id = site_of(synced, make_site)
    synced.rows(row("2026-10-01", "1", 5))
    synced.pull()
    found = [health(synced, site_id).failures]
    for number in (1, 2, 3):
        jobs.fail(synced.job(), f"code {number}")
        found.append(health(synced, site_id).failures)
    failing = health(synced, site_id).failing
    synced.pull()

    assert (found, failing) == ([0, 1, 2, 3], "code 3")
    assert (health(synced, site_id).failures, health(synced, site_id).failing) == (0, "")


def test_numbers_are_late_from_the_end_of_the_last_whole_day(synced: Synced, make_site: SiteMaker) -> None:
    site_id = site_of(synced, make_site)
    assert health(synced, site_id).late_ms is None
    synced.rows(row("2026-10-01", "1", 5))
    synced.pull()
    synced.at("2026-10-04T02:00:00+02:00")

    # Somebody connected at noon of the day after the last one that is whole.
    assert health(synced, site_id).late_ms == 38 * HOUR_MS


def test_a_permission_that_ended_is_told_with_its_reason(synced: Synced, make_site: SiteMaker) -> None:
    site_id = site_of(synced, make_site)
    ids = (synced.organization_id, synced.connection_id)
    states.require_reauth(*ids, get_platform(GOOGLE), "invalid_grant", synced.clock())

    found = health(synced, site_id)
    assert (found.status, "connect again" in found.reason, found.granted_by) == ("REAUTH_REQUIRED", True, "user_ann")


def test_only_connections_with_costs_of_the_site_are_told(synced: Synced, make_site: SiteMaker) -> None:
    site_id = site_of(synced, make_site)
    other = "site_other"

    assert sync.connections_health(synced.who, other, clock=synced.clock) == ()
    connections.disconnect(synced.who, synced.connection_id)
    assert sync.connections_health(synced.who, site_id, clock=synced.clock) == ()
