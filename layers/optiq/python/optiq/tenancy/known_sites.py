"""Sites that this process read a moment ago."""

from threading import Lock

from cachetools import TTLCache

from optiq.tenancy.contracts import Site

SITE_CACHE_SECONDS = 30
"""How long a change of a site's settings may take to reach every consumer."""
_known: TTLCache[tuple[str, str], Site] = TTLCache(maxsize=10_000, ttl=SITE_CACHE_SECONDS)
_lock = Lock()


def get(organization_id: str, site_id: str) -> Site | None:
    with _lock:
        return _known.get((organization_id, site_id))


def keep(site: Site) -> None:
    with _lock:
        _known[site.organization_id, site.site_id] = site


def forget(site: Site) -> None:
    """The next who asks reads it from the table."""
    with _lock:
        _known.pop((site.organization_id, site.site_id), None)
