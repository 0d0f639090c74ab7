"""Destinations in the table, and those of a site as they were a moment ago, for every conversion."""

from cachetools import TTLCache, cached

from optiq.feedback import keys
from optiq.feedback.destinations.contracts import Destination
from optiq.store.api import Store

_KNOWN_SECONDS = 30


def _listed(destination: Destination) -> tuple[str, str] | None:
    if not destination.enabled or destination.archived:
        return None
    return keys.ENABLED, f"{destination.organization_id}#{destination.site_id}#{destination.destination_id}"


DESTINATIONS = Store(Destination, "feedback destination", keys.destination, _listed)


def of_site(organization_id: str, site_id: str) -> list[Destination]:
    """A site's destinations, archived ones left out, the oldest first."""
    return [one for one in DESTINATIONS.all_of(organization_id, site_id) if not one.archived]


@cached(TTLCache(maxsize=10_000, ttl=_KNOWN_SECONDS))
def known_of_site(organization_id: str, site_id: str) -> tuple[Destination, ...]:
    """Those that are turned on, as of half a minute ago: conversions are many, and destinations change rarely."""
    return tuple(one for one in of_site(organization_id, site_id) if one.enabled)
