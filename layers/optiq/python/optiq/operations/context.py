"""Operations: upkeep of the lake."""

from optiq.kernel.clock import HOUR_MS
from optiq.kernel.manifest import Context, Function, Schedule

CONTEXT = Context(
    name="operations",
    what="upkeep of the lake",
    functions=(
        # The rows of a merge are in memory twice (compaction.py).
        Function(
            "hourly",
            memory_mb=3008,
            timeout_seconds=900,
            may=("upkeep",),
            columns=True,
            schedule=Schedule("Merge the lake's small files", 20, HOUR_MS),
        ),
        # Before the nightly recomputation, which then reads fewer files.
        Function(
            "nightly",
            memory_mb=3008,
            timeout_seconds=900,
            may=("upkeep",),
            columns=True,
            schedule=Schedule("Make one file of each day of the lake that ended", 60 + 30),
        ),
    ),
)
