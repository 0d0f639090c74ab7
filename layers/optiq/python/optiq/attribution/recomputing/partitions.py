"""Rebuilding a site's credits over past days from the lake, in columns from end to end.

Credits are written only where they differ from those that stand, so running it twice changes nothing. The new
versions of a day's credits appear together, in one file.
"""

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from optiq.attribution import lake_reading
from optiq.attribution.lake_rows import append_day
from optiq.attribution.ledger import credit_paths, row_counts
from optiq.attribution.path import Integers
from optiq.attribution.path_table import PathTable, from_rows, instants
from optiq.attribution.recomputing import jobs
from optiq.attribution.recomputing.changes import changed
from optiq.attribution.recomputing.contracts import JobStatus, Partition, PartitionOutcome
from optiq.attribution.recomputing.missing import left_out, require_evidence
from optiq.attribution.recomputing.stamps import keep_stamps
from optiq.attribution.terms import Terms, current
from optiq.kernel.clock import DAY_MS, days_before, from_rfc3339
from optiq.tenancy import api as tenancy

_WRITERS = 2


def recompute_partition(partition: Partition) -> PartitionOutcome:
    """Credits the partition's conversions anew; writes those that come out different, unless the job is cancelled.

    Raises:
        UpstreamError: the lake does not answer, or a file that the credits are made from cannot be read.
    """
    where = (partition.organization_id, partition.site_id)
    first, last = partition.days[0], partition.days[-1]
    terms = current(tenancy.get_site(*where))
    paths = _paths(partition, terms)
    require_evidence(partition, terms)
    standing = lake_reading.standing_credits(*where, first, last)
    of_paths, of_standing = (_days(table, name) for table, name in (
        (paths.conversions, "occurred_at"), (standing, "conversion_at")
    ))  # fmt: skip
    rewritten = 0
    with ThreadPoolExecutor(_WRITERS) as writers:
        # While some days are being written, which takes longest, the next is worked out.
        written: deque[Future[None]] = deque()
        for dt in partition.days:
            day = from_rfc3339(dt) // DAY_MS
            start, end = np.searchsorted(of_paths, [day, day + 1]).tolist()
            stands = standing.filter(pa.array(of_standing == day))
            credited, count = _changed(partition, paths.piece(start, end), stands, terms)
            if len(written) == _WRITERS:
                written.popleft().result()
            if jobs.get(partition.organization_id, partition.job_id).status is JobStatus.CANCELLED:
                return PartitionOutcome()
            if count:
                written.append(writers.submit(append_day, partition.organization_id, dt, credited))
            rewritten += count
        for last_days in written:
            last_days.result()
    outcome = PartitionOutcome(len(paths.conversions), rewritten, left_out(partition))
    keep_stamps(*where, {dt: stamp for dt, stamp in zip(partition.days, partition.stamps, strict=True) if stamp})
    jobs.finish_days(partition.organization_id, partition.job_id, partition.days, outcome)
    return outcome


def _paths(partition: Partition, terms: Terms) -> PathTable:
    """The paths of the partition's conversions, by time."""
    where = (partition.organization_id, partition.site_id)
    first, last = partition.days[0], partition.days[-1]
    conversions = lake_reading.conversions_of(*where, first, last)
    at_ms = instants(conversions)
    conversions = conversions.filter(pa.array((partition.start_ms <= at_ms) & (at_ms < partition.end_ms)))
    since = days_before(first, terms.longest_window_days)
    touches = lake_reading.touches_of(*where, since, last, conversions.column("customer_id"))
    milestone = terms.settings.milestone_event
    leads = lake_reading.conversions_named(*where, milestone, since, last) if milestone else None
    return from_rows(partition.site_id, conversions.sort_by("occurred_at"), touches, terms, leads)


def _days(table: pa.Table, column: str) -> Integers:
    """The day of each row, counted from the epoch."""
    days: Integers = table.column(column).cast(pa.int64()).to_numpy() // DAY_MS
    return days


def _changed(partition: Partition, paths: PathTable, standing: pa.Table, terms: Terms) -> tuple[pa.Table, int]:
    """The credits of those conversions for which others or none stand, and how many conversions that are."""
    paths = replace(paths, conversions=_as_revised(paths.conversions, standing))
    credited, rows = credit_paths(paths, terms, partition.computed_ms), row_counts(paths)
    different = changed(paths.conversions.column("conversion_id"), rows, credited, standing)
    if not different.all():
        credited = credited.filter(pa.array(np.repeat(different, rows)))
    return credited, int(different.sum())


def _as_revised(conversions: pa.Table, standing: pa.Table) -> pa.Table:
    """Credits carry the revision of the customer they were computed for, which may be past the conversion's own."""
    places = pc.index_in(conversions.column("conversion_id"), value_set=standing.column("conversion_id"))
    revisions = pc.max_element_wise(conversions.column("revision"), standing.column("revision").take(places))
    return conversions.set_column(conversions.column_names.index("revision"), "revision", revisions)
