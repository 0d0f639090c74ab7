"""What a recomputation does about files of the lake that cannot be read."""

from collections.abc import Sequence

from optiq.attribution.lake import CREDITS
from optiq.attribution.recomputing.contracts import Partition
from optiq.attribution.recomputing.planning import evidence_tables
from optiq.attribution.terms import Terms
from optiq.journeys.lake import CONVERSIONS
from optiq.kernel.clock import days_before
from optiq.kernel.errors import UpstreamError
from optiq.ports import wiring


def require_evidence(partition: Partition, terms: Terms) -> None:
    """Raises UpstreamError that names a damaged file of what the credits are made from.

    Without its rows a path would be shorter than it was, and the credits that stand are right.
    """
    since = days_before(partition.days[0], terms.longest_window_days)
    tables = [table.name for table in evidence_tables(terms)]
    found = _damaged(partition.organization_id, tables, since, partition.days[-1])
    if found:
        raise UpstreamError(
            f"the lake's file {found[0]} cannot be read; the credits of {partition.days[0]} to {partition.days[-1]}"
            " stay as they are until it is put right or taken away",
            retryable=False,
        )


def left_out(partition: Partition) -> tuple[str, ...]:
    """The damaged files without which the partition can be done: their conversions keep, or get anew, their credits."""
    tables = [CONVERSIONS.name, CREDITS.name]
    return tuple(_damaged(partition.organization_id, tables, partition.days[0], partition.days[-1]))


def _damaged(organization_id: str, tables: Sequence[str], first: str, last: str) -> list[str]:
    found = wiring.query().damaged_files(organization_id, tables)
    return [file.path for file in found if first <= file.day <= last]
