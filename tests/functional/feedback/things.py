"""A destination, for the tests over all routes."""

from collections.abc import Mapping
from typing import Any

from optiq.ads.connections.contracts import Connection
from optiq.ads.connections.stores import CONNECTIONS
from optiq.feedback import api as feedback
from optiq.feedback.destinations.contracts import ToldEvent
from optiq.feedback.outbox.contracts import Entry
from optiq.feedback.outbox.stores import ENTRIES
from optiq.kernel.caller import Caller
from optiq.kernel.clock import system_clock
from optiq.kernel.ids import new_id
from optiq.tenancy import api as tenancy


def connection(organization_id: str, platform: str = "META") -> str:
    """A connection that may send conversions; nothing can be asked through it."""
    now_ms = system_clock()
    scopes = ("ads_management", "https://www.googleapis.com/auth/datamanager")
    made = Connection(
        organization_id, new_id("adcon", now_ms), platform, "CONNECTED", "user_ann", now_ms, now_ms, scopes=scopes
    )
    return CONNECTIONS.add(Caller.system(organization_id), made).connection_id


def _destination(organization_id: str, site_id: str) -> str:
    return feedback.create_destination(
        Caller.system(organization_id),
        site_id,
        name="Meta pixel",
        platform="META",
        connection_id=connection(organization_id),
        target="900100200300",
        events=[ToldEvent("Order Completed", "Purchase")],
        test_code="TEST1",
    ).destination_id


def _unknown(world: Any) -> dict[str, str]:
    """A destination that gave no answer to a conversion, of a site that has feedback on."""
    organization_id, site_id = world.site_ids
    tenancy.change_site(Caller.system(organization_id), site_id, {"conversion_feedback": "ON"})
    destination_id = _destination(organization_id, site_id)
    entry = Entry(
        organization_id,
        site_id,
        destination_id,
        world.ids["conversion_id"],
        "0001",
        "META",
        1,
        "event-1",
        "Order Completed",
        "Purchase",
        "",
        0,
        10_000_000,
        10_000_000,
        "EUR",
        0,
        status="UNKNOWN",
        over=True,
    )
    ENTRIES.adding(Caller.system(organization_id), entry).unaudited().commit()
    return {"destination_id": destination_id}


def _new(world: Any) -> dict[str, object]:
    return {
        "name": "Meta pixel",
        "platform": "META",
        "connection_id": connection(world.site_ids[0]),
        "target": "900100200300",
        "events": [{"name": "Order Completed", "told_as": "Purchase"}],
    }


IDS = {"destination_id": _destination}
BODIES: Mapping[str, object] = {
    "POST /v1/sites/{site_id}/feedback-destinations": _new,
    "POST /v1/sites/{site_id}/conversions/{conversion_id}/feedback": _unknown,
    "PATCH /v1/sites/{site_id}/feedback-destinations/{destination_id}": {"value_percent": 40},
}
