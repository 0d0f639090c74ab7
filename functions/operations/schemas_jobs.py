"""Work in the background as requests and answers have it."""

from typing import Annotated

from optiq.kernel.background_jobs import Attempt, BackgroundJob, Batch
from optiq.kernel.schemas import In, Instant, OrNull, Out, PageOut, shows
from optiq.operations.jobs.api import Act
from pydantic import Field

_Never = Annotated[Instant | None, OrNull]


class JobAct(In):
    """What to do with a job."""

    organization_id: str = Field(max_length=60)
    kind: str = Field(max_length=60, examples=["recompute"])
    job_id: str = Field(max_length=60)
    act: Act = Field(examples=["RETRY"])


@shows(Attempt)
class AttemptOut(Out):
    """One run of a job."""

    ended_at: _Never


@shows(BackgroundJob)
class BackgroundJobOut(Out):
    """`attempts` are the oldest first; the last one is what `status` and `reason` tell of."""

    organization_id: str
    attempts: list[AttemptOut]
    ended_at: _Never


class BackgroundJobsOut(PageOut[BackgroundJobOut]):
    """Newest first."""


@shows(Batch)
class BatchOut(Out):
    """`finished_at` is null while a job is pending."""

    cancelled_at: _Never
    finished_at: _Never


class BatchesOut(PageOut[BatchOut]):
    """The latest first."""
