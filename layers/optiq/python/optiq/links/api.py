"""Tracked links: created and changed by people, opened by anybody, counted behind the stream."""

from dataclasses import fields, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from optiq.attribution import api as attribution
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import InvalidError, NotFoundError
from optiq.kernel.hosts import ascii_host
from optiq.kernel.keys import site_partition
from optiq.kernel.paging import Page
from optiq.kernel.stream_counts import counts_in, counts_of
from optiq.kernel.web_addresses import checked_address
from optiq.links import clicks, domains
from optiq.links.addresses import checked_domain, checked_path
from optiq.links.contracts import PARAMETER, Clicks, Link, LinkReport, Opening
from optiq.store.api import Store
from optiq.tenancy import api as tenancy

_LONGEST_TEXT = 200
_MOST_CLICKS = 1_000_000_000
_UTM = tuple(field.name for field in fields(Link) if field.name.startswith("utm_"))


def _listed(link: Link) -> tuple[str, str]:
    return _links_of(link.organization_id, link.site_id), f"{link.created_ms:015d}#{link.link_id}"


def _links_of(organization_id: str, site_id: str) -> str:
    return f"{site_partition(organization_id, site_id)}#LINKS"


_LINKS = Store(Link, "link", clicks.key_of, _listed)
count_clicks = clicks.count
PROOF_PATH, proof_of = domains.PROOF_PATH, domains.proof_of


def create_link(
    caller: Caller,
    site_id: str,
    *,
    path: str,
    target: str,
    domain: str = "",
    clock: Clock = system_clock,
    **settings: Any,
) -> Link:
    """Creates a link; without `domain` it is on Optiq's own.

    Args:
        settings: other fields of `Link`.

    Raises:
        InvalidError: a field that cannot be; the message begins with its name. NotFoundError: there is no such site.
        ConflictError: the domain has a link of that path, or is another organization's.
        LimitExceededError: the organization creates links too fast on Optiq's own domain.
    """
    site = tenancy.get_site(caller.organization_id, site_id)
    host, now_ms = checked_domain(domain, site.domains), clock()
    checked_path(path, host)
    link = Link(caller.organization_id, site_id, clicks.link_id_of(host, path), host, path, target, now_ms, **settings)
    _require_future(link, now_ms)
    checked = _checked(link)
    domains.require(caller, host, now_ms)
    return _LINKS.add(caller, checked)


def get_link(caller: Caller, site_id: str, link_id: str) -> Link:
    """Raises NotFoundError."""
    link = _LINKS.get(caller, link_id)
    if link.site_id != site_id:
        raise _LINKS.unknown()
    return link


def list_links(caller: Caller, site_id: str, *, limit: int = 50, cursor: str | None = None) -> Page[Link]:
    """A page of a site's links, newest first. Raises NotFoundError; InvalidError for another list's cursor."""
    tenancy.get_site(caller.organization_id, site_id)
    return _LINKS.page(_links_of(caller.organization_id, site_id), limit, cursor)


def change_link(
    caller: Caller,
    site_id: str,
    link_id: str,
    *,
    expected_version: int | None = None,
    clock: Clock = system_clock,
    **settings: Any,
) -> Link:
    """Makes the changes together; clicks counted so far stay. A change takes effect everywhere within CACHE_SECONDS.

    Args:
        settings: fields of `Link`, but the domain and the path, which stay.

    Raises:
        InvalidError, NotFoundError: as create_link.
        ConflictError: another version is stored, or somebody changed it just then.
    """
    before = get_link(caller, site_id, link_id)
    link = _checked(replace(before, **settings))
    if link.expires_ms != before.expires_ms:
        _require_future(link, clock())
    changed = _LINKS.change(caller, before, link, expected_version)
    clicks.forget(link_id)
    return changed


def open_link(host: str, path: str, opening: Opening, clock: Clock = system_clock) -> str | None:
    """The address that a link leads to; None for one that leads nowhere any more. The click goes onto the stream.

    Reads the table once at most.

    Raises:
        NotFoundError: there is no such link. UpstreamError: try again.
    """
    link, seen = _found(clicks.link_id_of(ascii_host(host), path))
    if link is None:
        raise NotFoundError("there is no such link")
    expired = link.expires_ms is not None and link.expires_ms <= clock()
    if not link.active or expired or (link.max_clicks is not None and seen >= link.max_clicks):
        return None
    clicks.note(link, opening)
    return address_of(link)


def _found(link_id: str) -> tuple[Link | None, int]:
    """A link, and how often people opened it, as far as that can end it."""
    if link := clicks.cached(link_id):
        return link, 0
    records = clicks.records_of(link_id)
    link = next((_LINKS.read(record) for record in records if record.sk == "LINK"), None)
    if link is not None:
        clicks.keep(link)
    return link, Clicks(counts_in(records)).human


def address_of(link: Link) -> str:
    """The target with the link's id and its UTM parameters; the target's own query and fragment stay."""
    parts = urlsplit(link.target)
    own = {name.lower() for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    added = [(name, value) for name in _UTM if (value := getattr(link, name)) and name not in own]
    query = "&".join(filter(None, (parts.query, urlencode([*added, (PARAMETER, link.link_id)]))))
    return urlunsplit(parts._replace(query=query))


def report_of(caller: Caller, site_id: str, link_id: str) -> LinkReport:
    """A link's clicks, visitors, and what every model credits it with. Raises NotFoundError."""
    link = get_link(caller, site_id, link_id)
    landings = attribution.landings_of(caller, site_id, PARAMETER, link.link_id)
    return LinkReport(
        link=link,
        clicks=Clicks(counts_of(clicks.key_of(link_id).pk)),
        visitors=landings.visitors,
        currency=tenancy.get_site(caller.organization_id, site_id).currency,
        earned=landings.earned,
    )


def _require_future(link: Link, now_ms: int) -> None:
    """A new end lies ahead; one that has passed may stay. Raises InvalidError."""
    if link.expires_ms is not None and link.expires_ms <= now_ms:
        raise InvalidError("expires_at: must be in the future; to end a link now, turn it off")


def _checked(link: Link) -> Link:
    for name in ("label", *_UTM):
        if len(getattr(link, name)) > _LONGEST_TEXT:
            raise InvalidError(f"{name}: must have at most {_LONGEST_TEXT} characters")
    if link.max_clicks is not None and not 1 <= link.max_clicks <= _MOST_CLICKS:
        raise InvalidError("max_clicks: must be at least 1")
    return replace(link, target=checked_address("target", link.target), label=link.label.strip())
