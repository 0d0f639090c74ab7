"""Recomputations over HTTP: what is asked for, and how far it is."""

from typing import Literal

from optiq.attribution.recomputing.contracts import Job, JobStatus
from optiq.kernel.clock import to_rfc3339
from pydantic import BaseModel, Field


class RecomputeRequest(BaseModel):
    """Days in the site's timezone, both included; those of which nothing changed are passed over, unless `whole`."""

    from_day: str = Field(alias="from", examples=["2026-01-01"])
    to_day: str = Field(alias="to", examples=["2026-01-31"])
    whole: bool = False


class JobDetail(BaseModel):
    """How far it is: `days` are UTC days to work through, 0 until planned; `days_unchanged` need nothing.

    `conversions` were looked at so far, `changed` of them got new credits. `reason` stands when it has FAILED.
    `damaged_files` of the lake could not be read, and were left out.
    """

    job_id: str
    site_id: str
    type: Literal["ATTRIBUTION_RECOMPUTE"] = "ATTRIBUTION_RECOMPUTE"
    status: JobStatus
    from_day: str = Field(serialization_alias="from")
    to_day: str = Field(serialization_alias="to")
    created_at: str
    whole: bool
    days: int
    days_done: int
    days_unchanged: int
    conversions: int
    changed: int
    reason: str
    damaged_files: list[str]

    @classmethod
    def of(cls, job: Job) -> "JobDetail":
        return cls(
            job_id=job.job_id,
            site_id=job.site_id,
            status=job.status,
            from_day=job.from_day,
            to_day=job.to_day,
            created_at=to_rfc3339(job.created_ms),
            whole=job.whole,
            days=job.days_total,
            days_done=job.days_done,
            days_unchanged=job.days_unchanged,
            conversions=job.conversions,
            changed=job.changed,
            reason=job.reason,
            damaged_files=[*job.damaged_files],
        )
