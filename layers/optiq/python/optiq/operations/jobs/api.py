"""Work in the background of every context, as staff see it. Each context's own module answers; nothing is kept here."""

import importlib
from collections import defaultdict
from collections.abc import Iterator
from typing import Literal, cast

from optiq.kernel.background_jobs import BackgroundJob, Batch, Door, State, batch_of
from optiq.kernel.caller import Caller
from optiq.kernel.errors import InvalidError
from optiq.kernel.manifest import job_kinds
from optiq.kernel.paging import Page
from optiq.tenancy import api as tenancy

Act = Literal["RETRY", "CANCEL"]
_MOST = 50
"""Jobs of an organization and kind that are looked at, the latest."""
_ORGANIZATIONS = 50


def list_jobs(
    *, organization_id: str = "", status: State | None = None, limit: int = _ORGANIZATIONS, cursor: str | None = None
) -> Page[BackgroundJob]:
    """The latest jobs of an organization, newest first; without one those of a page of all organizations.

    Args:
        limit: organizations of a page.

    Raises:
        NotFoundError: there is no such organization. InvalidError: another list's cursor.
    """
    if organization_id:
        organizations = Page((tenancy.get_organization(organization_id),), None)
    else:
        organizations = tenancy.list_organizations(limit, cursor)
    found = [
        job
        for one in organizations.items
        for job in _jobs_of(one.organization_id)
        if status is None or job.status == status
    ]
    newest_first = sorted(found, key=lambda job: job.created_ms, reverse=True)
    return Page(tuple(newest_first), organizations.cursor)


def list_batches() -> list[Batch]:
    """Jobs of all organizations that were started together, the latest batch first."""
    by_batch: dict[str, list[BackgroundJob]] = defaultdict(list)
    for organization_id in _all_organizations():
        for job in _jobs_of(organization_id):
            if job.batch_id:
                by_batch[job.batch_id].append(job)
    return sorted(map(batch_of, by_batch.values()), key=lambda one: one.created_ms, reverse=True)


def act_on(caller: Caller, *, organization_id: str, kind: str, job_id: str, act: Act) -> BackgroundJob:
    """Runs a failed job again, or stops one. The organization's audit log has an entry of who looked, and of what came.

    Raises:
        NotFoundError: there is no such organization or job. InvalidError: there is no such kind.
        ConflictError: the job is in a status in which this cannot be. UpstreamError: not started; try again.
    """
    if kind not in job_kinds():
        raise InvalidError(f"kind: must be one of {', '.join(sorted(job_kinds()))}")
    tenancy.open_organization(caller, organization_id, f"{act.lower()} {kind} {job_id}"[:100])
    of_organization = Caller(organization_id, caller.actor, caller.user_id, caller.permissions, caller.locate)
    door = _door(kind)
    return door.retry_job(of_organization, job_id) if act == "RETRY" else door.cancel_job(of_organization, job_id)


def _jobs_of(organization_id: str) -> Iterator[BackgroundJob]:
    for kind in job_kinds():
        yield from _door(kind).list_jobs(organization_id, _MOST)


def _all_organizations() -> Iterator[str]:
    cursor: str | None = None
    while True:
        page = tenancy.list_organizations(_ORGANIZATIONS, cursor)
        yield from (one.organization_id for one in page.items)
        cursor = page.cursor
        if cursor is None:
            return


def _door(kind: str) -> Door:
    return cast(Door, importlib.import_module(job_kinds()[kind].door))
