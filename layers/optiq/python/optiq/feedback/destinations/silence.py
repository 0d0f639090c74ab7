"""Why nothing is told at a destination: nothing may be silently never sent."""

from dataclasses import fields

from optiq.ads.connections import api as connections
from optiq.feedback.destinations.contracts import TITLES, Destination, ShownDestination
from optiq.kernel.caller import Caller
from optiq.kernel.errors import NotFoundError
from optiq.tenancy import api as tenancy

_SITE_OFF = "the site has conversion feedback turned off: set its conversion_feedback to ON"
_OFF = "the destination is turned off: set its enabled to true"


def shown(caller: Caller, destination: Destination) -> ShownDestination:
    """A destination, and why nothing is told there. Raises NotFoundError without such a site."""
    known = {field.name: getattr(destination, field.name) for field in fields(destination)}
    return ShownDestination(**known, silent_because=silent_because(caller, destination))


def silent_because(caller: Caller, destination: Destination) -> str:
    """In words, with what to do about it; "" while conversions are told. Raises NotFoundError without such a site."""
    if tenancy.current_site(caller.organization_id, destination.site_id).conversion_feedback != "ON":
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
