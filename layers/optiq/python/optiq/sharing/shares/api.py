"""Links that show a dashboard or a saved view to whoever has them, without signing in.

The token is in the address's fragment, which no log and no other site gets to see; a hash of it is kept.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from optiq.kernel.caller import Caller
from optiq.kernel.chosen_names import checked_name
from optiq.kernel.clock import DAY_MS, MINUTE_MS, Clock, system_clock
from optiq.kernel.errors import InvalidError, LimitExceededError, NotFoundError
from optiq.kernel.ids import encode_ulid
from optiq.kernel.limits import Buckets, Limit
from optiq.kernel.networks import senders_network
from optiq.kernel.paging import Page
from optiq.kernel.secrets import new_secret
from optiq.kernel.settings import settings
from optiq.kernel.table import table_outages
from optiq.sharing import keys
from optiq.sharing.access import still_sees
from optiq.sharing.contracts import SharedKind
from optiq.sharing.dashboards import api as dashboards
from optiq.sharing.records import last_uses, note_use
from optiq.sharing.shares.contracts import ListedShare, NewShare, Shared, ShareLink
from optiq.sharing.shares.outside import for_strangers
from optiq.sharing.shown import cards_of
from optiq.store.api import Store
from optiq.tenancy import api as tenancy

__all__ = ["NEEDS", "create_share", "get_share", "list_shares", "open_share", "opening_limits", "revoke_share"]

NEEDS = ("reports:read", "shares:write")
"""What who made a link must have as long as it works."""
DEFAULT_DAYS, _MOST_DAYS = 30, 400
_LONGEST_LABEL, _LONGEST_TOKEN = 100, 100
_PREFIX = "sh"
_USES_APART_MS = MINUTE_MS
_RATE, _BURST = 2, 60
"""Requests of one network, and for one link: a second, and at once."""


def _listed(link: ShareLink) -> tuple[str, str]:
    return keys.shares_of(link.organization_id, link.site_id), f"{link.created_ms:015d}#{link.share_id}"


_SHARES = Store(ShareLink, "share link", keys.share, _listed)
_OFF = NotFoundError("this link shows nothing: it has expired or was revoked, or its address is incomplete")


def create_share(
    caller: Caller,
    site_id: str,
    *,
    kind: SharedKind,
    shared_id: str,
    label: str = "",
    expires_ms: int | None = None,
    clock: Clock = system_clock,
) -> NewShare:
    """
    Args:
        expires_ms: when it stops working; by default after DEFAULT_DAYS.

    Raises:
        NotFoundError: there is no such site. InvalidError: a field that cannot be; the message begins with its name.
    """
    tenancy.get_site(caller.organization_id, site_id)
    now_ms = clock()
    ends_ms = now_ms + DEFAULT_DAYS * DAY_MS if expires_ms is None else expires_ms
    if not now_ms < ends_ms <= now_ms + _MOST_DAYS * DAY_MS:
        raise InvalidError(f"expires_at: must be in the future, and within {_MOST_DAYS} days")
    label = checked_name(label, _LONGEST_LABEL, field="label", fewest=0)
    try:
        cards_of(caller, site_id, kind, shared_id)
    except NotFoundError as error:
        raise InvalidError(f"shared_id: there is no such {kind.lower()} that you see") from error
    token = new_secret(_PREFIX).plain
    link = ShareLink(
        caller.organization_id,
        site_id,
        _share_id_of(token),
        kind,
        shared_id,
        label,
        caller.owner_id,
        now_ms,
        ends_ms,
    )
    return NewShare(_SHARES.add(caller, link, clock), f"{settings().public_url}/console/shared#token={token}")


def list_shares(caller: Caller, site_id: str, *, limit: int = 50, cursor: str | None = None) -> Page[ListedShare]:
    """A page of a site's share links, newest first. Raises NotFoundError; InvalidError for another list's cursor."""
    tenancy.get_site(caller.organization_id, site_id)
    page = _SHARES.page(keys.shares_of(caller.organization_id, site_id), limit, cursor)
    return Page(tuple(_with_uses(page.items)), page.cursor)


def get_share(caller: Caller, site_id: str, share_id: str) -> ListedShare:
    """Raises NotFoundError."""
    [found] = _with_uses([_own(caller, site_id, share_id)])
    return found


def revoke_share(caller: Caller, site_id: str, share_id: str, *, clock: Clock = system_clock) -> None:
    """The link works no more from now on. Raises NotFoundError."""
    link = _own(caller, site_id, share_id)
    if link.revoked_ms is None:
        _SHARES.change(caller, link, replace(link, revoked_ms=clock()))


def open_share(token: str, ip: str, *, clock: Clock = system_clock) -> Shared:
    """What a link shows now: exactly what was shared, with the answers that its maker would see.

    Raises:
        NotFoundError: no link has the token, or it does not work any more.
        LimitExceededError: it is opened too often, or too many links are from one network. UpstreamError: try again.
    """
    _take(opening_limits().networks, senders_network(ip))
    now_ms = clock()
    with table_outages():
        link = _SHARES.find(_share_id_of(token)) if len(token) <= _LONGEST_TOKEN else None
        if link is None or link.revoked_ms is not None or link.expires_ms <= now_ms:
            raise _OFF
        _take(opening_limits().links, link.share_id)
        maker = still_sees(link.organization_id, link.site_id, link.owner_id, NEEDS, now_ms)
        if maker is None:
            raise _OFF
        try:
            name, cards = cards_of(maker, link.site_id, link.kind, link.shared_id)
        except NotFoundError as error:
            raise _OFF from error
        note_use(keys.share_use(link.share_id), now_ms, _USES_APART_MS)
    answers = dashboards.answer_cards(maker, link.site_id, cards, clock=clock)
    return Shared(name, link.kind, link.expires_ms, tuple(map(for_strangers, answers)))


class OpeningLimits(NamedTuple):
    """How often one network, and all who have one link, may ask a process."""

    networks: Limit
    links: Limit


@lru_cache(maxsize=1)
def opening_limits() -> OpeningLimits:
    """The limits of this process."""
    return OpeningLimits(Limit(Buckets(_RATE, _BURST)), Limit(Buckets(_RATE, _BURST)))


def _take(limit: Limit, key: str) -> None:
    if wait_seconds := limit.take(key):
        seconds = max(1, math.ceil(wait_seconds))
        raise LimitExceededError("too many requests: wait, and ask again", retry_after_seconds=seconds)


def _share_id_of(token: str) -> str:
    return f"share_{encode_ulid(blake2b(token.encode(), digest_size=16).digest())}"


def _own(caller: Caller, site_id: str, share_id: str) -> ShareLink:
    link = _SHARES.get(caller, share_id)
    if link.site_id != site_id:
        raise _SHARES.unknown()
    return link


def _with_uses(links: Sequence[ShareLink]) -> list[ListedShare]:
    uses = last_uses([keys.share_use(link.share_id) for link in links])
    return [ListedShare(link, uses.get(keys.share_use(link.share_id))) for link in links]
