"""Visits that the system makes of itself, to see that one becomes credit. They are of a site of their own."""

import json
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

from optiq.attribution.lake import CREDITS
from optiq.billing.staff import api as billing
from optiq.journeys import api as journeys
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, MINUTE_MS, to_rfc3339, utc_day
from optiq.kernel.errors import VersionError
from optiq.kernel.ids import new_id
from optiq.kernel.lake_tables import PLATFORM
from optiq.kernel.secrets import public_site_key
from optiq.kernel.settings import settings
from optiq.operations.status.contracts import Heartbeat, Visit
from optiq.operations.status.stores import HEARTBEATS
from optiq.ports import wiring
from optiq.tenancy import api as tenancy

NAME = "Optiq heartbeat"
_HOST = "heartbeat.example"
_FORGET_MS = 10 * MINUTE_MS
"""A visit that could not be judged for so long is no reason for anything."""


def judged_after_ms() -> int:
    """When a visit must be credited. On AWS the two consumers behind it each wait up to half a minute for more."""
    return (2 if settings().substrate == "aws" else 1) * MINUTE_MS


def with_site(before: Heartbeat) -> Heartbeat:
    """The heartbeat with a site for visits, which is created once. Its organization is never billed."""
    if before.site_id:
        return before
    created = tenancy.create_site(name=NAME, domains=[_HOST]).site
    terms = {"stance": "INTERNAL"}
    billing.change_terms(Caller.system(PLATFORM), organization_id=created.organization_id, changes=terms)
    site = replace(before, site_organization_id=created.organization_id, site_id=created.site_id)
    caller = Caller.system(PLATFORM)
    if before.version:
        after, changing = HEARTBEATS.changing(caller, before, site)
        changing.unaudited().commit()
        return after
    HEARTBEATS.adding(caller, site).unaudited().commit()
    return site


def visit_at(now_ms: int) -> Visit:
    return Visit(new_id("beat", now_ms), now_ms)


def body_of(beat: Heartbeat, visit: Visit) -> bytes:
    """What a page would post: a visit by a campaign, with an order."""
    query = urlencode({"utm_source": "optiq", "utm_medium": "heartbeat", "utm_campaign": "status"})
    common = {"anonymous_id": visit.order_id, "timestamp": to_rfc3339(visit.sent_ms)}
    order = {"order_id": visit.order_id, "value": 1, "currency": "EUR"}
    events = [
        common | {"event_id": f"{visit.order_id}.1", "kind": "page", "url": f"https://{_HOST}/?{query}"},
        common
        | {"event_id": f"{visit.order_id}.2", "kind": "track", "name": "purchase"}
        | {"url": f"https://{_HOST}/thanks", "properties": order},
    ]
    key = public_site_key(wiring.platform_secret(), beat.site_organization_id, beat.site_id)
    return json.dumps({"k": key, "sent_at": to_rfc3339(visit.sent_ms), "events": events}).encode()


def judged(beat: Heartbeat, now_ms: int) -> Heartbeat:
    """What the last visit shows that is old enough. Raises UpstreamError: the lake does not answer."""
    due = [one for one in beat.visits if now_ms - one.sent_ms >= judged_after_ms()]
    if not due:
        return beat
    last = max(due, key=lambda one: one.sent_ms)
    waiting = tuple(one for one in beat.visits if one.sent_ms > last.sent_ms and one.sent_ms > now_ms - _FORGET_MS)
    conversion_id = _conversion_of(beat, last)
    credited = bool(conversion_id) and _is_credited(beat, conversion_id, last.sent_ms)
    return replace(beat, visits=waiting, events_good=bool(conversion_id), credits_good=credited)


def _conversion_of(beat: Heartbeat, visit: Visit) -> str:
    found = journeys.list_conversions(beat.site_organization_id, beat.site_id, 1, None, order_id=visit.order_id)
    return found.items[0].conversion_id if found.items else ""


def _is_credited(beat: Heartbeat, conversion_id: str, since_ms: int) -> bool:
    """Whether a file of credits that was written since has the conversion."""
    return any(conversion_id in set(ids) for ids in _credited_since(beat, since_ms))


def _credited_since(beat: Heartbeat, since_ms: int) -> Iterator[list[str]]:
    lake = wiring.lake()
    first, last = utc_day(since_ms), utc_day(since_ms + DAY_MS)
    for file in lake.files(CREDITS.name, beat.site_organization_id, first, last):
        # Clocks of disks are a little behind.
        if file.written_ms >= since_ms - MINUTE_MS:
            rows = lake.read(file)
            if rows is not None:
                yield [str(one) for one in rows.column("conversion_id").to_pylist()]


def saved(before: Heartbeat, after: Heartbeat) -> bool:
    """Writes the heartbeat; False when another beat was faster."""
    try:
        HEARTBEATS.changing(Caller.system(PLATFORM), before, after)[1].unaudited().commit()
    except VersionError:
        return False
    return True
