"""Jobs that recompute a site's credits, and the parts they are done in."""

from dataclasses import dataclass
from enum import StrEnum

from optiq.kernel.background_jobs import Attempt


class JobStatus(StrEnum):
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Job:
    """A recomputation of a site's credits.

    Attributes:
        from_day, to_day: calendar days in the site's timezone, both included, as YYYY-MM-DD.
        whole: also the days of which nothing changed since they were last credited.
        days_total: UTC days to work through, 0 until planned. days_done: how many are finished.
        days_unchanged: UTC days with conversions that need nothing.
        conversions: how many were looked at so far. changed: how many of them got new credits.
        reason: why it FAILED, or "".
        ended_ms: when it ended, or None. past: earlier runs of it that failed.
        damaged_files: files of conversions and credits that could not be read, and were left out.
    """

    job_id: str
    organization_id: str
    site_id: str
    status: JobStatus
    from_day: str
    to_day: str
    created_ms: int
    whole: bool = False
    days_total: int = 0
    days_done: int = 0
    days_unchanged: int = 0
    conversions: int = 0
    changed: int = 0
    reason: str = ""
    damaged_files: tuple[str, ...] = ()
    ended_ms: int | None = None
    past: tuple[Attempt, ...] = ()


@dataclass(frozen=True, slots=True)
class Partition:
    """UTC days to recompute in one go: their conversions in [start_ms, end_ms), as of `computed_ms`.

    Attributes:
        days: YYYY-MM-DD, in order, at least one.
        stamps: by day, what lay in the lake for it when this was planned; "" for a day that is covered in part only.
    """

    organization_id: str
    site_id: str
    job_id: str
    computed_ms: int
    start_ms: int
    end_ms: int
    days: tuple[str, ...]
    stamps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartitionOutcome:
    """How many conversions were looked at, how many got new credits, and the files that had to be left out."""

    conversions: int = 0
    changed: int = 0
    damaged_files: tuple[str, ...] = ()
