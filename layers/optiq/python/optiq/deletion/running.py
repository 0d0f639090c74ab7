"""How a deletion is carried out, in steps that may be stopped and repeated anywhere.

Each step does a bounded piece and writes how far it is. Counting comes before the first removal and is written with
its place, so a count is right however often a step is repeated. Removing twice is removing once. At the end all is
read again: what came in meanwhile is removed in another round, and the deletion is done when nothing is left.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from optiq.billing.usage import api as usage
from optiq.deletion import closing, lake_rows, table_items, telling
from optiq.deletion.contracts import Counts, Deletion, Phase
from optiq.deletion.stored import DELETIONS, progress
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, Clock, system_clock
from optiq.kernel.errors import UpstreamError
from optiq.kernel.table import table_outages
from optiq.notifications import api as notifications

Stop = Callable[[], bool]
MOST_ROUNDS = 20


def step(organization_id: str, deletion_id: str, *, stop: Stop, clock: Clock = system_clock) -> Deletion:
    """Goes on with a deletion that is due until `stop` says so; one that is over or not due stays as it is.

    Raises:
        NotFoundError: there is none. VersionError: another run went on. UpstreamError: it is to be tried again.
    """
    deletion = DELETIONS.get(Caller.system(organization_id), deletion_id)
    if deletion.status == "WAITING" and deletion.due_ms <= clock():
        deletion = progress(deletion, replace(deletion, status="RUNNING"))
    with table_outages():
        while deletion.status == "RUNNING":
            deletion = _written(deletion, advanced(deletion, stop, clock), clock)
            if stop():
                break
    return deletion


def advanced(deletion: Deletion, stop: Stop, clock: Clock = system_clock) -> Deletion:
    """The deletion after its next piece, which is done but not written yet."""
    if deletion.phase == "CLOSE":
        return _closed(deletion, clock)
    return _PIECES[deletion.phase](deletion, stop)


def _written(before: Deletion, after: Deletion, clock: Clock) -> Deletion:
    if after.status != "DONE":
        return progress(before, after)
    after = replace(after, ended_ms=clock())
    after, transaction = DELETIONS.changing(
        Caller.system(before.organization_id), before, after, action="deletion.done"
    )
    (transaction + telling.done(after, clock)).commit()
    return after


def _closed(deletion: Deletion, clock: Clock) -> Deletion:
    if not closing.close(deletion, clock):
        return replace(deletion, status="WAITING", due_ms=clock() + DAY_MS)
    # Of an organization its held events are items that go; sites have a part of them.
    then: Phase = "LEAVE_HELD" if deletion.kind in ("SITE", "WORKSPACE") else "COUNT_ITEMS"
    return replace(deletion, phase=then, place="")


def _leave_held(deletion: Deletion, _: Stop) -> Deletion:
    return _on(
        deletion, usage.leave_out_sites(deletion.organization_id, deletion.owners, deletion.place), "COUNT_ITEMS"
    )


def _count_items(deletion: Deletion, _: Stop) -> Deletion:
    page = table_items.page(deletion.owners, deletion.place)
    going = table_items.counted(one for one in page.found if not one.stays)
    staying = table_items.counted(one for one in page.found if one.stays)
    counted = replace(deletion, deleted=_sum(deletion.deleted, going), kept=_sum(deletion.kept, staying))
    return _on(counted, page.place, "COUNT_ROWS")


def _count_rows(deletion: Deletion, _: Stop) -> Deletion:
    rows = lake_rows.count(deletion)
    return replace(deletion, deleted=_sum(deletion.deleted, rows), phase="REMOVE_ITEMS", place="")


def _remove_items(deletion: Deletion, _: Stop) -> Deletion:
    page = table_items.page(deletion.owners, deletion.place)
    going = [one for one in page.found if not one.stays]
    # Before the items, which alone say which files there are.
    notifications.forget_contents(one.key for one in going)
    table_items.remove(going)
    return _on(deletion, page.place, "REMOVE_ROWS")


def _remove_rows(deletion: Deletion, stop: Stop) -> Deletion:
    return _on(deletion, lake_rows.remove(deletion, deletion.place, stop), "CHECK_ITEMS")


def _check_items(deletion: Deletion, _: Stop) -> Deletion:
    page = table_items.page(deletion.owners, deletion.place)
    found = sum(not one.stays for one in page.found)
    left = (0 if not deletion.place else deletion.remaining) + found
    return _on(replace(deletion, remaining=left), page.place, "CHECK_ROWS")


def _check_rows(deletion: Deletion, _: Stop) -> Deletion:
    left, rounds = deletion.remaining + lake_rows.left(deletion), deletion.rounds + 1
    checked = replace(deletion, remaining=left, rounds=rounds, phase="REMOVE_ITEMS", place="")
    if left and rounds >= MOST_ROUNDS:
        raise UpstreamError(f"{left} items and rows came back {rounds} times", retryable=False)
    return checked if left else replace(checked, status="DONE")


def _on(deletion: Deletion, place: str, then: Phase) -> Deletion:
    """Further in this phase, or at the start of the next."""
    return replace(deletion, place=place, phase=deletion.phase if place else then)


def _sum(first: Counts, more: Counts) -> Counts:
    return dict(sorted((Counter(first) + Counter(more)).items()))


_PIECES: dict[Phase, Callable[[Deletion, Stop], Deletion]] = {
    "LEAVE_HELD": _leave_held,
    "COUNT_ITEMS": _count_items,
    "COUNT_ROWS": _count_rows,
    "REMOVE_ITEMS": _remove_items,
    "REMOVE_ROWS": _remove_rows,
    "CHECK_ITEMS": _check_items,
    "CHECK_ROWS": _check_rows,
}
