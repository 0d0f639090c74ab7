"""Sites that this process read a moment ago. Every request and every event asks, so a look takes next to no time."""

import time
from threading import Lock

from optiq.tenancy.contracts import Site

SITE_CACHE_SECONDS = 30
"""How long a change of a site's settings may take to reach every consumer."""
_MOST = 10_000
_known: dict[tuple[str, str], tuple[float, Site]] = {}
"""With the instant until which each is believed; the one read last is at the end."""
_lock = Lock()


def get(organization_id: str, site_id: str) -> Site | None:
    found = _known.get((organization_id, site_id))
    return found[1] if found and time.monotonic() < found[0] else None


def keep(site: Site) -> None:
    key = (site.organization_id, site.site_id)
    with _lock:
        _known.pop(key, None)
        while len(_known) >= _MOST:
            del _known[next(iter(_known))]
        _known[key] = (time.monotonic() + SITE_CACHE_SECONDS, site)


def forget(site: Site) -> None:
    """The next who asks reads it from the table."""
    with _lock:
        _known.pop((site.organization_id, site.site_id), None)
