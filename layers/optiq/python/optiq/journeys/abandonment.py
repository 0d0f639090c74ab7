"""The sweep: records in the lake which journeys are abandoned, and takes back what moved on since.

Whether a journey is abandoned is worked out when it is asked (listing.py); what the sweep records is the difference
between that answer and what it recorded before, so it may be repeated, broken off and run twice at once.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from optiq.journeys.customer_contracts import JourneySweep
from optiq.journeys.customers.listing import AFTER, FIRST_PAGE, UNFINISHED, instant_of
from optiq.journeys.journey import abandoned_before
from optiq.journeys.lake import ABANDONED_JOURNEYS
from optiq.journeys.lake_rows import Row
from optiq.kernel.clock import utc_day
from optiq.kernel.errors import UpstreamError
from optiq.ports import wiring
from optiq.ports.lake_rows import arrow_table, name_of
from optiq.ports.query import Value, timestamp_text
from optiq.tenancy.contracts import Site

PAGE_ROWS = 5_000
"""How many journeys are held in memory at once."""

# Parameters: the site, four times; before when a journey is abandoned; the place where the page starts, for AFTER.
DIFFERING = f"""{UNFINISHED}, abandoned AS (
  SELECT * FROM unfinished WHERE last_at < CAST(? AS TIMESTAMP)
), differing AS (
  SELECT coalesce(a.customer_id, r.customer_id) AS row_id, coalesce(a.last_at, r.last_activity_at) AS last_at,
    a.first_at, a.touches, a.first_channel, a.last_channel
  FROM abandoned a FULL JOIN recorded r ON r.customer_id = a.customer_id AND r.last_activity_at = a.last_at
  WHERE a.customer_id IS NULL OR r.customer_id IS NULL OR a.first_at <> r.started_at OR a.touches <> r.touches
    OR a.first_channel <> r.first_channel OR a.last_channel <> r.last_channel
)
SELECT * FROM differing WHERE {AFTER} ORDER BY last_at DESC, row_id LIMIT {PAGE_ROWS}"""  # noqa: S608 - names are ours


def sweep(sites: Sequence[Site], now_ms: int) -> JourneySweep:
    """Sweeps one site after another. Raises UpstreamError when some failed, once the others are done."""
    recorded, taken_back = 0, 0
    failures: list[UpstreamError] = []
    for site in sites:
        try:
            for rows in differing(site, now_ms):
                append(site, rows)
                gone = sum(bool(row["deleted"]) for row in rows)
                recorded, taken_back = recorded + len(rows) - gone, taken_back + gone
        except UpstreamError as error:
            failures.append(error)
    if failures:
        raise UpstreamError(
            f"the journeys of {len(failures)} of {len(sites)} sites were not swept: {failures[0]}", retryable=True
        ) from failures[0]
    return JourneySweep(recorded, taken_back)


def differing(site: Site, now_ms: int) -> Iterator[list[Row]]:
    """The rows to write, a page at a time."""
    ended = timestamp_text(abandoned_before(site, now_ms))
    last_at, customer_id = FIRST_PAGE
    while True:
        parameters = [*[site.site_id] * 4, ended, last_at, last_at, customer_id]
        found = wiring.query().run(DIFFERING, site.organization_id, parameters).rows
        if found:
            yield [_row(site, values, now_ms) for values in found]
        if len(found) < PAGE_ROWS:
            return
        last_at, customer_id = timestamp_text(instant_of(found[-1][1])), str(found[-1][0])


def append(site: Site, rows: Sequence[Row]) -> None:
    """A file for each UTC day of last activity."""
    by_day: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_day[utc_day(row["last_activity_at"])].append(row)
    for day, of_day in by_day.items():
        columns = (*ABANDONED_JOURNEYS.key, *ABANDONED_JOURNEYS.version)
        versions = [{column: row[column] for column in columns} for row in of_day]
        table = arrow_table(ABANDONED_JOURNEYS, of_day)
        wiring.lake().append(ABANDONED_JOURNEYS.name, site.organization_id, day, name_of("part", versions), table)


def _row(site: Site, values: Sequence[Value], now_ms: int) -> Row:
    """A journey as it stands; without a beginning it stands no more."""
    customer_id, last_at, first_at, touches, first_channel, last_channel = values
    return {
        "site_id": site.site_id,
        "customer_id": customer_id,
        "started_at": instant_of(first_at) if first_at else None,
        "last_activity_at": instant_of(last_at),
        "touches": touches,
        "first_channel": first_channel,
        "last_channel": last_channel,
        "recorded_at": now_ms,
        "revision": now_ms,
        "deleted": first_at is None,
    }
