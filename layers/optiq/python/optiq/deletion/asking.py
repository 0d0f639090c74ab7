"""Deletions are asked for, wait, and may be cancelled until they begin."""

from dataclasses import replace

from optiq.deletion import targets, telling
from optiq.deletion.contracts import Deletion, Kind
from optiq.deletion.stored import DELETIONS, open_deletion
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, Clock, system_clock
from optiq.kernel.errors import ConflictError, InvalidError
from optiq.kernel.ids import new_id
from optiq.kernel.paging import Page

WAIT_DAYS = 14
LONGEST_WAIT_DAYS = 90


def ask(
    caller: Caller,
    kind: Kind,
    target_id: str,
    *,
    name: str,
    wait_days: int = WAIT_DAYS,
    clock: Clock = system_clock,
) -> Deletion:
    """Plans the deletion of a site, of a workspace with its sites, or of the organization.

    Until it begins nothing is removed, the sites take no events, and it can be cancelled.

    Args:
        name: that of what is deleted, which people write so that they delete what they mean.

    Raises:
        NotFoundError: there is no such thing. InvalidError: another name, or another wait.
        ConflictError: it is being deleted already, or the organization has a subscription.
    """
    found, now_ms = targets.find(caller, kind, target_id), clock()
    _check(found.name, name, wait_days)
    if open_deletion(caller.organization_id, target_id):
        raise ConflictError("it is being deleted already")
    if kind == "ORGANIZATION":
        targets.require_unpaid(caller.organization_id)
    deletion = Deletion(
        organization_id=caller.organization_id,
        deletion_id=new_id("del", now_ms),
        kind=kind,
        target_id=target_id,
        name=found.name,
        asked_by=caller.owner_id,
        asked_ms=now_ms,
        due_ms=now_ms + wait_days * DAY_MS,
        sites=targets.site_ids(kind, caller.organization_id, target_id) if kind == "WORKSPACE" else (),
    )
    mails = telling.planned(deletion, clock)
    marked = targets.marking(caller, found, deletion.due_ms)
    (DELETIONS.adding(caller, deletion, clock=clock) + marked + mails).commit()
    targets.mark_sites(deletion, deletion.due_ms)
    return deletion


def cancel(caller: Caller, deletion_id: str, *, clock: Clock = system_clock) -> Deletion:
    """Cancels a deletion that has not begun: the sites take events again.

    Raises NotFoundError; ConflictError: it has begun, or is over.
    """
    before = DELETIONS.get(caller, deletion_id)
    if before.status != "WAITING":
        raise ConflictError("the deletion has begun: it can't be cancelled any more")
    found = targets.find(caller, before.kind, before.target_id)
    after = replace(before, status="CANCELLED", ended_ms=clock())
    after, cancelled = DELETIONS.changing(caller, before, after, action="deletion.cancelled")
    (cancelled + targets.marking(caller, found, None) + telling.cancelled(after, clock)).commit()
    targets.mark_sites(after, None)
    return after


def list_deletions(caller: Caller, *, limit: int = 50, cursor: str | None = None) -> Page[Deletion]:
    """A page of the organization's deletions, the newest first. Raises InvalidError for another list's cursor."""
    return DELETIONS.page_by_id(caller.organization_id, limit=limit, cursor=cursor, newest_first=True)


def _check(real: str, written: str, wait_days: int) -> None:
    """Raises InvalidError."""
    if written.strip() != real:
        raise InvalidError(f'name: write "{real}" to confirm')
    if not 1 <= wait_days <= LONGEST_WAIT_DAYS:
        raise InvalidError(f"wait_days: must be 1 to {LONGEST_WAIT_DAYS}")
