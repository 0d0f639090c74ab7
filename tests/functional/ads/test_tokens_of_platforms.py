"""Tokens are renewed once for all workers, in time, and a person hears of it when they cannot be."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from optiq.ads.connections import api as connections
from optiq.ads.connections.asking import asking
from optiq.ads.connections.contracts import Connection
from optiq.ads.platforms.contract import Platform
from optiq.ads.platforms.vendors.google_ads import GoogleAds
from optiq.ads.platforms.verdicts import PlatformError
from optiq.kernel.clock import DAY_MS
from optiq.kernel.errors import ConflictError

from infra.local.ad_platforms.server import Fault, Vendors
from infra.local.ad_platforms.world import Account, Reply
from tests.functional.ads.connected import accounts_of, caller, connect, failing_events, now

pytestmark = pytest.mark.usefixtures("table")
WORKERS, PAGES = 8, 5


def _list(connection: Connection, vendors: Vendors) -> list[str]:
    found = asking(connection, lambda platform, access: platform.accounts(access), clock=lambda: now(vendors))
    return [one.external_id for one in found]


def test_eight_workers_renew_a_token_once(vendors: Vendors, organization_id: str) -> None:
    # GIVEN eight workers that read five pages each
    vendors.world.accounts = [Account("901")]
    connection = connect(vendors, caller(organization_id), "GOOGLE_ADS")
    before = len(vendors.asked("/token"))
    ready = Barrier(WORKERS, action=vendors.world.expire_tokens)

    def page(platform: Platform, access: str) -> int:
        assert isinstance(platform, GoogleAds)
        return len(platform.search(access, "901", "901", "SELECT customer_client.id FROM customer_client"))

    def read(_: int) -> int:
        rows = 0
        for number in range(PAGES):
            if number == 2:  # WHEN the token ends at the third
                ready.wait()
            rows += asking(connection, page, clock=lambda: now(vendors))
        return rows

    with ThreadPoolExecutor(WORKERS) as pool:
        rows = list(pool.map(read, range(WORKERS)))

    # THEN no page is lost, and the platform was asked for one token
    assert rows == [PAGES] * WORKERS
    assert len(vendors.asked("/token")) - before == 1


def test_a_token_that_ends_soon_is_renewed_before_it_is_used(vendors: Vendors, organization_id: str) -> None:
    connection = connect(vendors, caller(organization_id), "GOOGLE_ADS")
    vendors.world.now_ms += 3_599_000 - 59_000

    assert _list(connection, vendors) == []
    assert [one.body["grant_type"] for one in vendors.asked("/token")] == ["authorization_code", "refresh_token"]
    assert len(vendors.asked("listAccessibleCustomers")) == 1


def test_a_revoked_permission_asks_for_a_person_once(vendors: Vendors, organization_id: str) -> None:
    # GIVEN two connections, of which one is revoked at Google
    vendors.world.accounts = [Account("901")]
    who = caller(organization_id)
    connection, other = connect(vendors, who, "GOOGLE_ADS"), connect(vendors, who, "META")
    connections.refresh_accounts(who, connection.connection_id)
    kept = vendors.world.granted.copy()
    vendors.world.revoke()
    vendors.world.granted = {token: ends for token, ends in kept.items() if token.startswith("EAA")}

    # WHEN it is asked again and again
    with pytest.raises(PlatformError, match="GOOGLE_ADS: invalid_grant"):
        _list(connection, vendors)
    heard = len(vendors.heard)
    for _ in range(3):
        with pytest.raises(ConflictError, match="must be connected again"):
            _list(connection, vendors)

    # THEN it says so once, and Google is asked no more; the other goes on, and the accounts stay
    found = connections.get_connection(who, connection.connection_id)
    assert found.status == "REAUTH_REQUIRED"
    assert found.reason == "Google Ads accepts the permission no more (invalid_grant): connect again"
    assert len(failing_events(organization_id)) == 1
    assert len(vendors.heard) == heard
    assert _list(other, vendors) == ["901"]
    assert [one.external_id for one in accounts_of(who, connection)] == ["901"]

    # AND another member repairs it
    connect(vendors, caller(organization_id, "user_bob"), "GOOGLE_ADS", connection_id=connection.connection_id)
    assert _list(connection, vendors) == ["901"]


@pytest.mark.parametrize("platform", ["META", "TIKTOK"])
def test_a_token_that_is_refused_asks_for_a_person(vendors: Vendors, organization_id: str, platform: str) -> None:
    who = caller(organization_id)
    connection = connect(vendors, who, platform)
    vendors.world.revoke()
    with pytest.raises(PlatformError):
        _list(connection, vendors)
    assert connections.get_connection(who, connection.connection_id).status == "REAUTH_REQUIRED"
    assert len(failing_events(organization_id)) == 1


def test_meta_is_renewed_on_day_thirty(vendors: Vendors, organization_id: str) -> None:
    # GIVEN a token of sixty days
    who = caller(organization_id)
    connection = connect(vendors, who, "META")
    start_ms = now(vendors)
    assert connection.expires_ms == start_ms + 5_183_944_000

    # WHEN the clock looks at it each day THEN it is renewed on day 30, once
    for day in range(1, 32):
        vendors.world.now_ms = start_ms + day * DAY_MS
        connections.renew_due(lambda: now(vendors))
        found = connections.get_connection(who, connection.connection_id)
        granted_ms = start_ms + (30 * DAY_MS if day >= 30 else 0)
        assert (found.status, found.expires_ms) == ("CONNECTED", granted_ms + 5_183_944_000), day
    assert failing_events(organization_id) == []


def test_a_token_that_cannot_be_renewed_says_when_it_ends(vendors: Vendors, organization_id: str) -> None:
    # GIVEN Meta, which renews nothing for weeks
    who = caller(organization_id)
    connection = connect(vendors, who, "META")
    start_ms = now(vendors)
    states, down = {}, Fault("/oauth/access_token", "reply", Reply(503, {}), lasting=True)
    for day in (30, 40, 50, 59, 61):
        vendors.world.now_ms = start_ms + day * DAY_MS
        vendors.faults[:] = [down] if day < 61 else []
        connections.renew_due(lambda: now(vendors))
        found = connections.get_connection(who, connection.connection_id)
        states[day] = found.status
        if day == 50:
            assert found.reason == "the permission of Meta ends on 2025-12-08: connect again before"

    # THEN people are warned two weeks before, and it fails only when it has ended
    assert states == {30: "CONNECTED", 40: "CONNECTED", 50: "EXPIRING", 59: "EXPIRING", 61: "REAUTH_REQUIRED"}
    assert len(failing_events(organization_id)) == 2


def test_tiktok_without_an_end_never_ends(vendors: Vendors, organization_id: str) -> None:
    vendors.world.refreshes = False
    who = caller(organization_id)
    connection = connect(vendors, who, "TIKTOK")
    assert (connection.expires_ms, connection.check_ms) == (None, None)
    vendors.world.now_ms += 3_650 * DAY_MS
    connections.renew_due(lambda: now(vendors))
    assert _list(connection, vendors) == []
    assert connections.get_connection(who, connection.connection_id).status == "CONNECTED"


def test_tiktok_with_an_end_warns_before_it(vendors: Vendors, organization_id: str) -> None:
    who = caller(organization_id)
    connection = connect(vendors, who, "TIKTOK")
    vendors.world.now_ms += 352 * DAY_MS
    connections.renew_due(lambda: now(vendors))
    assert connections.get_connection(who, connection.connection_id).status == "EXPIRING"
    assert _list(connection, vendors) == []
