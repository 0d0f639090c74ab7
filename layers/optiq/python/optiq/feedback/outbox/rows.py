"""Entries as rows of the lake."""

from collections import defaultdict
from collections.abc import Iterable

from optiq.feedback.lake import AD_FEEDBACK
from optiq.feedback.outbox.contracts import Entry
from optiq.kernel.clock import utc_day
from optiq.ports import wiring


def append(entries: Iterable[Entry]) -> None:
    """Writes what became of entries; the same entries again replace their own file. Raises UpstreamError."""
    by_day: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        by_day[entry.organization_id, utc_day(entry.occurred_ms)].append(entry)
    if not by_day:
        return
    # Arrow is loaded only where something is written.
    from optiq.ports.lake_rows import arrow_table, name_of

    for (organization_id, day), found in by_day.items():
        rows = [_row(entry) for entry in found]
        name = name_of("told", rows)
        wiring.lake().append(AD_FEEDBACK.name, organization_id, day, name, arrow_table(AD_FEEDBACK, rows))


def _row(entry: Entry) -> dict[str, object]:
    same = ("site_id", "destination_id", "conversion_id", "place", "platform", "told_as", "is_change", "status")
    return {
        **{name: getattr(entry, name) for name in (*same, "reason", "over", "told_micros", "currency", "attempts")},
        "found_by": " ".join(entry.found_by),
        "occurred_at": entry.occurred_ms,
        "created_at": entry.created_ms,
        "answered_at": entry.answered_ms,
        "revision": entry.version,
    }
