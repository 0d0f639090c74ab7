"""What a funnel is."""

from dataclasses import dataclass
from typing import Literal

from optiq.reports.domain import Offset
from optiq.reports.site_clock import Bucket
from optiq.reports.statements import Sql

Order = Literal["LOOSE", "STRICT", "ANY"]
BreakdownAt = Literal["ENTRY", "DEEPEST"]
MOST_STEPS = 10


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Rows that end an attempt where they lie between step `after` and step `before`."""

    condition: Sql
    after: int
    before: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """What is counted.

    Attributes:
        steps: 2 to MOST_STEPS conditions over the source's columns.
        window_ms: from step 1, its end included; 0 for no limit.
        order: LOOSE lets other rows lie between two steps, STRICT none; ANY counts how many of the steps were done.
        unit: the source's column that tells one unit from another: `person_id` or `session_id`.
        dim: the source's column that units are broken down by, or "".
        breakdown_at: the row whose `dim` counts.
    """

    steps: tuple[Sql, ...]
    window_ms: int
    order: Order = "LOOSE"
    unit: str = "person_id"
    exclusions: tuple[Exclusion, ...] = ()
    dim: str = ""
    breakdown_at: BreakdownAt = "ENTRY"


@dataclass(frozen=True, slots=True)
class Range:
    """Entries lie in [first_ms, end_ms); later steps may lie after it. `offsets` are of the site's clock since then."""

    first_ms: int
    end_ms: int
    offsets: tuple[Offset, ...]
    bucket: Bucket = "DAY"
