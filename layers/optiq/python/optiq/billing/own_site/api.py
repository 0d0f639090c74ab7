"""Sends our own sign-ups and payments to a site of ours, as any shop's server sends its orders.

An event has an id of its own, so that one that is sent twice counts once. The person is known by the address of the
owner, or of whoever chose the plan. The site's pages may know it too: so a payment is credited to their visits.
"""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from optiq.billing import keys
from optiq.billing.accounts.stored import account_of
from optiq.billing.own_site.contracts import Earned, Returned
from optiq.billing.own_site.records import SignUpsRecord
from optiq.collect import api as collect
from optiq.collect.contracts import Delivery, Sender
from optiq.identity.people import api as people
from optiq.kernel.clock import DAY_MS, Clock, system_clock, to_rfc3339
from optiq.kernel.money import MICROS
from optiq.kernel.secrets import platform_secret, read_public_site_key
from optiq.kernel.table import table_outages
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import Organization
from optiq.tenancy.members import api as members

_SOURCE, _AGENT = "POST /v1/track", "Optiq"
_FIRST_LOOK_MS = 30 * DAY_MS
"""How old a sign-up may be when the site is named first."""
_PAGE = 100


def report_payment(own_site: str, one: Earned | Returned, clock: Clock = system_clock) -> None:
    """Raises UpstreamError: nothing was acknowledged; the same may be sent again."""
    email = account_of(one.organization_id, clock()).email
    if isinstance(one, Returned):
        returned = {"order_id": one.order_id}
        _send(own_site, one.source, "Order Refunded", one.organization_id, email, one.at_ms, returned, clock)
        return
    order = {
        "order_id": one.order_id,
        "revenue": str(Decimal(one.amount_micros) / MICROS),
        "currency": one.currency,
        "products": [{"product_id": one.product, "quantity": 1}],
    }
    _send(own_site, one.source, "Order Completed", one.organization_id, email, one.at_ms, order, clock)


def report_sign_ups(own_site: str, stop: Callable[[], bool], clock: Clock = system_clock) -> int:
    """Sends each organization that was created since the last time, but for those that are never billed; returns how
    many. Raises UpstreamError.
    """
    now_ms = clock()
    until_ms = _read_until() or now_ms - _FIRST_LOOK_MS
    # Oldest first: what is not sent before the run must stop is sent by the next.
    waiting = _created_between(until_ms, now_ms)[::-1]
    sent = 0
    for organization in waiting:
        if stop():
            break
        if account_of(organization.organization_id, now_ms).stance == "INTERNAL":
            continue
        owners = people.people_of(members.owners(organization.organization_id))
        email = next((one.email for one in owners.values()), "")
        source = f"signup:{organization.organization_id}"
        _send(own_site, source, "Signed Up", organization.organization_id, email, organization.created_ms, {}, clock)
        _write_until(organization.created_ms)
        sent += 1
    return sent


def _created_between(until_ms: int, now_ms: int) -> list[Organization]:
    """Newest first."""
    found: list[Organization] = []
    cursor: str | None = None
    while True:
        page = tenancy.list_organizations(_PAGE, cursor)
        found += [one for one in page.items if until_ms < one.created_ms <= now_ms]
        cursor = page.cursor
        if cursor is None or page.items[-1].created_ms <= until_ms:
            return found


def _send(
    own_site: str,
    source: str,
    name: str,
    organization_id: str,
    email: str,
    at_ms: int,
    properties: Mapping[str, Any],
    clock: Clock,
) -> None:
    owner_id, site_id = read_public_site_key(platform_secret(), own_site)
    message = {
        "event": name,
        "messageId": source,
        "userId": organization_id,
        "timestamp": to_rfc3339(at_ms),
        "properties": dict(properties),
        "context": {"traits": {"email": email} if email else {}},
    }
    delivery = Delivery(_SOURCE, json.dumps(message).encode(), _AGENT, "", clock())
    sender = Sender(owner_id, site_id, trusted_clock=True, may_import=True)
    collect.receive_segment(sender, "track", collect.read_segment("track", delivery, sender))


def _read_until() -> int:
    """When the newest organization was created that was sent; 0 before the first."""
    try:
        with table_outages():
            return int(SignUpsRecord.get(*keys.OWN_SIGN_UPS, consistent_read=True).until_ms)
    except SignUpsRecord.DoesNotExist:
        return 0


def _write_until(created_ms: int) -> None:
    with table_outages():
        SignUpsRecord(*keys.OWN_SIGN_UPS, until_ms=created_ms).save()
