"""Which conversions become entries: those of mapped events since a destination was turned on, and their changes.

A conversion is recorded again whenever something of it changes. What was told of it last says whether there is anything
new to tell, so a message that comes twice, late or out of order adds nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from optiq.feedback import reasons
from optiq.feedback.destinations.contracts import Destination
from optiq.feedback.destinations.stores import known_of_site
from optiq.feedback.outbox.contracts import OPEN, TAKEN, Entry, Status
from optiq.feedback.outbox.stores import begun, of_conversion, put_entries, put_together
from optiq.feedback.vendors.registry import vendors
from optiq.journeys import api as journeys
from optiq.journeys.contracts import Conversion, ConversionPath, ConversionRef
from optiq.kernel.clock import DAY_MS, MINUTE_MS, Clock, system_clock
from optiq.kernel.errors import UpstreamError
from optiq.tenancy import api as tenancy

CLICK_DAYS = 90
"""A click that was so many days before the conversion is the platform's no more."""
WAITS_MS = 5 * MINUTE_MS
"""A change waits until the entry before it is over, which is looked at so often."""

_ATTEMPTS = 5

Change = tuple[Entry | None, Entry]


def add_conversions(recorded: Iterable[ConversionRef], clock: Clock = system_clock) -> int:
    """Writes the entries that follow from conversions that were recorded; returns how many are new.

    Raises:
        UpstreamError: not all was written; deliver them again.
    """
    by_site: defaultdict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for one in recorded:
        by_site[one.organization_id, one.site_id][one.conversion_id] = None
    changes: list[Change] = []
    new = 0
    for site, ids in by_site.items():
        destinations = _wanted(*site)
        if not destinations:
            continue
        known = begun((*site, one.destination_id, conversion_id) for one in destinations for conversion_id in ids)
        for path in journeys.conversion_paths(*site, list(ids), CLICK_DAYS):
            for destination in destinations:
                place = (*site, destination.destination_id, path.conversion.conversion_id)
                found = _changes(destination, path, of_conversion(*place) if place in known else [], clock())
                if len(found) > 1:
                    new += _replace(destination, path, found, clock)
                else:
                    changes += found
    return new + len([entry for entry in put_entries(changes) if not entry.version])


def _replace(destination: Destination, path: ConversionPath, changes: list[Change], clock: Clock) -> int:
    """Writes an entry in place of one that waits: both or none, so that nobody who is killed leaves neither.

    Raises:
        UpstreamError: others kept changing it.
    """
    for _ in range(_ATTEMPTS):
        if put_together(changes):
            return 1
        ids = (destination.organization_id, destination.site_id, destination.destination_id)
        changes = _changes(destination, path, of_conversion(*ids, path.conversion.conversion_id), clock())
        if len(changes) < 2:  # It was claimed meanwhile.
            return len(put_entries(changes))
    raise UpstreamError("what is told of a conversion kept changing", retryable=True)


def last_click(path: ConversionPath, destination: Destination) -> tuple[tuple[tuple[str, str], ...], int]:
    """The click ids of the last click on an ad of the destination's platform before the conversion, and when it was."""
    names, conversion = vendors()[destination.platform].clicks, path.conversion
    earliest_ms = conversion.occurred_ms - CLICK_DAYS * DAY_MS
    for touch in reversed(path.touches):
        found = tuple((name, value) for name, value in touch.click_ids if name in names)
        if found and earliest_ms <= touch.occurred_ms <= conversion.occurred_ms:
            return found, touch.occurred_ms
    return (), 0


def _wanted(organization_id: str, site_id: str) -> Sequence[Destination]:
    """Where a site's conversions are told; nowhere while the site itself has feedback turned off."""
    destinations = known_of_site(organization_id, site_id)
    site = tenancy.site_if_any(organization_id, site_id) if destinations else None
    return destinations if site and site.conversion_feedback == "ON" else ()


def _changes(destination: Destination, path: ConversionPath, entries: Sequence[Entry], now_ms: int) -> list[Change]:
    """What follows from a conversion as it is now, after what was or is told of it."""
    conversion, told_as = path.conversion, destination.told_as(path.conversion.name)
    if not told_as:
        return []
    if not entries:
        if conversion.part_of or conversion.occurred_ms < destination.since_ms:
            return []
        return [(None, _first(_entry(destination, path, told_as, 1, now_ms), destination, conversion, now_ms))]
    last, after = entries[-1], _entry(destination, path, told_as, len(entries) + 1, now_ms)
    if conversion.revision <= last.conversion_revision or _same_value(last, after):
        return []
    if last.status == "PENDING":
        superseded = replace(last, status="SKIPPED", reason=reasons.SUPERSEDED, over=True, due_ms=None, click_ids=())
        return [(last, superseded), (None, _in_place_of(last, after, destination, conversion, now_ms))]
    if not any(one.status in (*TAKEN, *OPEN, "UNKNOWN") for one in entries):
        return []
    return [(None, _change(after, last, destination, now_ms))]


def _in_place_of(last: Entry, after: Entry, destination: Destination, conversion: Conversion, now_ms: int) -> Entry:
    if last.is_change:
        return _change(after, last, destination, now_ms)
    return _first(after, destination, conversion, now_ms)


def _first(entry: Entry, destination: Destination, conversion: Conversion, now_ms: int) -> Entry:
    """What tells a platform a conversion, or why that is not done."""
    if not entry.value_micros and conversion.gross_micros:
        return _over(entry, "SKIPPED", reasons.REFUNDED)
    if now_ms - entry.occurred_ms > vendors()[destination.platform].rules.oldest_ms:
        return _over(entry, "EXPIRED", reasons.TOO_OLD)
    if destination.scope == "CLICKS" and not entry.click_ids:
        return _over(entry, "SKIPPED", reasons.NO_CLICK)
    return replace(entry, due_ms=now_ms)


def _change(entry: Entry, last: Entry, destination: Destination, now_ms: int) -> Entry:
    """What tells a platform another value of a conversion, after what it is told now."""
    entry = replace(entry, is_change=True)
    if not vendors()[destination.platform].rules.changes:
        return _over(entry, "SKIPPED", reasons.NOT_SUPPORTED)
    return replace(entry, due_ms=now_ms if last.over else now_ms + WAITS_MS)


def _over(entry: Entry, status: Status, reason: str) -> Entry:
    return replace(entry, status=status, reason=reason, over=True, click_ids=())


def _same_value(last: Entry, after: Entry) -> bool:
    return (last.told_micros, last.currency) == (after.told_micros, after.currency)


def _entry(destination: Destination, path: ConversionPath, told_as: str, place: int, now_ms: int) -> Entry:
    conversion = path.conversion
    # One that became a part of another is worth nothing by itself.
    value = 0 if conversion.part_of else conversion.value_micros
    click_ids, clicked_ms = last_click(path, destination)
    by_order = destination.vendor_ids == "ORDER_ID" and conversion.order_id
    return Entry(
        organization_id=conversion.organization_id,
        site_id=conversion.site_id,
        destination_id=destination.destination_id,
        conversion_id=conversion.conversion_id,
        place=f"{place:04d}",
        platform=destination.platform,
        conversion_revision=conversion.revision,
        vendor_id=conversion.order_id if by_order else conversion.event_id,
        name=conversion.name,
        told_as=told_as,
        order_id=conversion.order_id,
        occurred_ms=conversion.occurred_ms,
        value_micros=value,
        told_micros=value * destination.value_percent // 100,
        currency=conversion.currency,
        created_ms=now_ms,
        click_ids=click_ids,
        clicked_ms=clicked_ms,
    )
