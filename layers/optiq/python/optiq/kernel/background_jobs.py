"""Work in the background as people see it, whichever context does it.

A context names in its manifest the module that lists its work, runs a failed piece again, and stops one. Nothing is
copied: what is shown is what the context keeps.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from optiq.kernel.caller import Caller
from optiq.kernel.errors import ConflictError

State = Literal["QUEUED", "RUNNING", "WAITING", "SUCCEEDED", "FAILED", "CANCELLED"]
OPEN: tuple[State, ...] = ("QUEUED", "RUNNING", "WAITING")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One run of a job, from its beginning until it ended. Attributes: ended_ms: None while it runs."""

    number: int
    status: State
    began_ms: int
    ended_ms: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class BackgroundJob:
    """
    Attributes:
        kind: of the manifest. about: what it works on, in a few words.
        batch_id: of the jobs that were started with it; "" for one that was started alone.
        parts, parts_done: what it is done in, where it is done in parts; else 0.
        attempts: the first one first; the last is the one that is told of by `status` and `reason`.
    """

    organization_id: str
    kind: str
    job_id: str
    about: str
    status: State
    reason: str
    created_ms: int
    ended_ms: int | None
    attempts: tuple[Attempt, ...]
    batch_id: str = ""
    parts: int = 0
    parts_done: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Jobs that were started together.

    Attributes:
        total, pending, failed: how many jobs. cancelled_ms: when the last one was cancelled, or None.
        finished_ms: when the last one ended; None while one is pending.
    """

    batch_id: str
    kind: str
    total: int
    pending: int
    failed: int
    failed_job_ids: tuple[str, ...]
    created_ms: int
    cancelled_ms: int | None
    finished_ms: int | None


class Door(Protocol):
    """The module that a context's manifest names."""

    def list_jobs(self, organization_id: str, most: int) -> Iterable[BackgroundJob]:
        """The organization's latest jobs, so many of each kind at most."""
        ...

    def retry_job(self, caller: Caller, job_id: str) -> BackgroundJob:
        """Runs a failed job again, once however often it is asked for. Raises NotFoundError, ConflictError."""
        ...

    def cancel_job(self, caller: Caller, job_id: str) -> BackgroundJob:
        """Raises NotFoundError; ConflictError when it has ended."""
        ...


def attempts_of(
    past: Sequence[Attempt], status: State, created_ms: int, ended_ms: int | None, reason: str
) -> tuple[Attempt, ...]:
    """All attempts of a job: those that ended before, and the one that counts now."""
    began_ms = (past[-1].ended_ms if past else None) or created_ms
    return (*past, Attempt(len(past) + 1, status, began_ms, ended_ms, reason))


def not_failed(status: State) -> ConflictError:
    """Why a job is not run again."""
    return ConflictError(f"the job has {status}: only a failed one can be run again")


def batch_of(jobs: Sequence[BackgroundJob]) -> Batch:
    """What jobs of one batch come to."""
    failed = tuple(one.job_id for one in jobs if one.status == "FAILED")
    pending = sum(one.status in OPEN for one in jobs)
    ended = [one.ended_ms for one in jobs if one.ended_ms is not None]
    cancelled = [one.ended_ms for one in jobs if one.status == "CANCELLED" and one.ended_ms is not None]
    return Batch(
        jobs[0].batch_id,
        jobs[0].kind,
        len(jobs),
        pending,
        len(failed),
        failed,
        min(one.created_ms for one in jobs),
        max(cancelled, default=None),
        None if pending else max(ended, default=None),
    )
