"""All that can be seen of a site once everything has settled, without ids that differ from run to run."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from optiq.attribution.lake import CREDITS
from optiq.billing.usage.reading import hours_of
from optiq.collect.ingest import api as ingest
from optiq.journeys import api as journeys
from optiq.journeys.contracts import Conversion
from optiq.journeys.lake import CONVERSIONS, EVENTS, TOUCHES
from optiq.kernel.caller import Caller
from optiq.kernel.clock import HOUR_MS, day_of, parse_timezone
from optiq.kernel.lake_tables import LakeTable, latest_rows
from optiq.ports import wiring
from optiq.tenancy.contracts import NewSite


def state_of(site: NewSite, now_ms: int) -> dict[str, Any]:
    """Counts, usage, failed events, and the latest rows of every lake table."""
    organization_id, site_id = site.site.organization_id, site.site.site_id
    today = day_of(now_ms, parse_timezone("UTC"))
    counts = ingest.counts(
        Caller.system(organization_id), site_id, first=today - timedelta(days=1), last=today + timedelta(days=1)
    )
    failed = ingest.failed_events(Caller.system(organization_id), site_id, limit=100, cursor=None).items
    return {
        "counts": (counts.accepted, counts.stored, counts.duplicates, counts.failed),
        "used": _used(organization_id, now_ms),
        "failed": sorted(event.reason for event in failed),
        "events": _rows(site, EVENTS, "event_id, name"),
        "touches": _rows(site, TOUCHES, "occurred_at, channel, deleted"),
        "conversions": _rows(site, CONVERSIONS, "event_id, value_micros", _STANDS),
        "listed": sorted((one.event_id, one.value_micros) for one in _listed(site)),
        "credits": _rows(site, CREDITS, "conversion_at, position, channel, linear_micros, time_decay_micros", _STANDS),
    }


_STANDS = "NOT coalesce(deleted, false)"


def _used(organization_id: str, now_ms: int) -> int:
    """In the two hours before and after, because a test may run across the end of a month."""
    found = hours_of(organization_id, now_ms - 2 * HOUR_MS, now_ms + 2 * HOUR_MS)
    return sum(one.events for one in found)


def _listed(site: NewSite) -> Sequence[Conversion]:
    return journeys.list_conversions(site.site.organization_id, site.site.site_id, 100, None).items


def _rows(site: NewSite, table: LakeTable, columns: str, where: str = "true") -> list[tuple[Any, ...]]:
    sql = f"SELECT {columns} FROM ({latest_rows(table, 'site_id = ?')}) WHERE {where}"
    return sorted(wiring.query().run(sql, site.site.organization_id, [site.site.site_id]).rows, key=repr)
