"""Things of ads, for the tests over all routes."""

from typing import Any

from optiq.ads.connections import api as connections
from optiq.ads.connections.contracts import AdAccount
from optiq.ads.connections.stores import ACCOUNTS
from optiq.ads.entities import stored
from optiq.ads.entities.contracts import Entity, EntityName
from optiq.ads.resolution import api as resolution
from optiq.ads.sync import api as sync
from optiq.kernel.caller import Caller
from optiq.kernel.clock import system_clock
from optiq.kernel.ids import new_id


def _connection(organization_id: str, _: str) -> str:
    started = connections.start_connecting(Caller.system(organization_id), "MANUAL")
    assert started.connection
    return started.connection.connection_id


def _account(organization_id: str, _: str = "") -> str:
    """A chosen account of Google Ads."""
    external_id = new_id("x", system_clock())
    account = AdAccount(
        organization_id, "GOOGLE_ADS", external_id, "adcon_x", "Acme", "EUR", "Europe/Berlin", 0, chosen=True
    )
    return ACCOUNTS.add(Caller.system(organization_id), account).external_id


def _sync(organization_id: str, _: str) -> str:
    return sync.start_sync(Caller.system(organization_id), "GOOGLE_ADS", _account(organization_id)).sync_id


def _alone(world: Any) -> None:
    """No other connection reads the organization's one account for manual costs."""
    caller = Caller.system(world.site_ids[0])
    for other in connections.list_connections(caller, limit=100).items:
        if other.connection_id != world.ids["connection_id"]:
            connections.disconnect(caller, other.connection_id)


def _listed(world: Any) -> dict[str, list[str]]:
    """An account of the connection, to choose."""
    _alone(world)
    connections.refresh_accounts(Caller.system(world.site_ids[0]), world.ids["connection_id"])
    return {"external_ids": ["manual"]}


def _to_read(world: Any) -> dict[str, str]:
    return {"platform": "GOOGLE_ADS", "external_id": _account(world.site_ids[0])}


def _campaign(organization_id: str) -> dict[str, str]:
    """A campaign of an account, to link."""
    external_id, now_ms = _account(organization_id), system_clock()
    names = (EntityName("Spring Sale", now_ms),)
    campaign = Entity("CAMPAIGN", "111", "111", "", names, "ENABLED", "SEARCH", now_ms, now_ms)
    stored.keep((organization_id, "GOOGLE_ADS", external_id), [campaign])
    return {"platform": "GOOGLE_ADS", "account": external_id, "campaign_id": "111"}


def _link(organization_id: str, site_id: str) -> str:
    wanted = {"utm_campaign": new_id("x", system_clock()), **_campaign(organization_id)}
    return resolution.set_link(Caller.system(organization_id), site_id, **wanted).link_id


def _to_link(world: Any) -> dict[str, str]:
    return {"utm_campaign": "spring-sale", **_campaign(world.site_ids[0])}


IDS = {
    "ad_link_id": _link,
    "connection_id": _connection,
    "platform": lambda *_: "GOOGLE_ADS",
    "external_id": _account,
    "sync_id": _sync,
}
BODIES: dict[str, object] = {
    "PUT /v1/ad-accounts/{platform}/{external_id}/site": lambda world: {"site_id": world.site_ids[1]},
    "PUT /v1/ad-connections/{connection_id}/accounts": _listed,
    "POST /v1/ad-connections/{connection_id}/accounts/refresh": _alone,
    "POST /v1/ad-syncs": _to_read,
    "POST /v1/sites/{site_id}/ad-links": _to_link,
}
