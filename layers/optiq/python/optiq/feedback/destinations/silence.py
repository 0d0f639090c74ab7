"""Why nothing is told at a destination: nothing may be silently never sent."""

from collections.abc import Iterable
from dataclasses import fields

from optiq.ads.connections import api as connections
from optiq.feedback.destinations.contracts import TITLES, Destination, ShownDestination
from optiq.kernel.caller import Caller
from optiq.kernel.errors import NotFoundError
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import Site

_SITE_OFF = "the site has conversion feedback turned off: set its conversion_feedback to ON"
_OFF = "the destination is turned off: set its enabled to true"


def shown(caller: Caller, destination: Destination) -> ShownDestination:
    """A destination, and why nothing is told there. Raises NotFoundError without such a site."""
    (one,) = shown_of_site(caller, destination.site_id, [destination])
    return one


def shown_of_site(caller: Caller, site_id: str, destinations: Iterable[Destination]) -> list[ShownDestination]:
    """As `shown`, for destinations of one site."""
    site = tenancy.current_site(caller.organization_id, site_id)
    found = []
    for one in destinations:
        known = {field.name: getattr(one, field.name) for field in fields(one)}
        found.append(ShownDestination(**known, silent_because=_because(caller, site, one)))
    return found


def silent_because(caller: Caller, destination: Destination) -> str:
    """In words, with what to do about it; "" while conversions are told. Raises NotFoundError without such a site."""
    return _because(caller, tenancy.current_site(caller.organization_id, destination.site_id), destination)


def _because(caller: Caller, site: Site, destination: Destination) -> str:
    if site.conversion_feedback != "ON":
        return _SITE_OFF
    if not destination.enabled:
        return _OFF
    return _of_connection(caller, destination)


def _of_connection(caller: Caller, destination: Destination) -> str:
    title = TITLES[destination.platform]
    try:
        status = connections.get_connection(caller, destination.connection_id).status
    except NotFoundError:
        status = "DISCONNECTED"
    if status == "DISCONNECTED":
        return f"the connection to {title} is disconnected: choose another connection_id"
    if status == "REAUTH_REQUIRED":
        return f"{title} no longer accepts the connection: connect it again"
    return ""
