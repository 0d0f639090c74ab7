"""The warehouse context: a copy of an organization's lake as Parquet, in a place of its own."""

import logging
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from optiq.audit.contracts import Json
from optiq.events.contracts import Event
from optiq.kernel.caller import Caller
from optiq.kernel.clock import HOUR_MS, MINUTE_MS, Clock, system_clock
from optiq.kernel.errors import InvalidError, OptiqError, UpstreamError
from optiq.kernel.ids import may_be_id
from optiq.kernel.secrets import digest_of
from optiq.kernel.settings import settings
from optiq.kernel.table import Update, table_outages
from optiq.store.api import Store, audited_fields
from optiq.tenancy import api as tenancy
from optiq.warehouse import keys, records
from optiq.warehouse.contracts import (
    Copied,
    CopyRuns,
    CopyStatus,
    Destination,
    DestinationChange,
    LastCopy,
    Waiting,
)
from optiq.warehouse.destinations import bucket_of, changed

__all__ = [
    "copy_due",
    "copy_wanted",
    "get_destination",
    "last_copy",
    "remove_folder",
    "set_destination",
    "test_destination",
]

_LOG = logging.getLogger(__name__)
EVERY_MS = 20 * HOUR_MS
"""A lake is copied a day after the last copy: by the hour before, so that it does not move through the day."""
_BUSY_MS = 15 * MINUTE_MS
"""No run is longer; one that died leaves the organization to the next after that."""
_TEST_FILE = "_optiq_test"


def _audited(destination: Destination) -> Mapping[str, Json]:
    """The secret shows only that it is another one."""
    shown = {name: value for name, value in audited_fields(destination).items() if name != "sealed_secret"}
    return shown | {"secret": digest_of(destination.sealed_secret)[:12] if destination.sealed_secret else ""}


_DESTINATIONS = Store(Destination, "destination", keys.destination, audited=_audited)


def get_destination(caller: Caller) -> Destination:
    """One of version 0, which is not active, before any was set."""
    return _DESTINATIONS.find(caller.organization_id) or Destination(caller.organization_id)


def set_destination(caller: Caller, changes: DestinationChange, *, expected_version: int | None = None) -> Destination:
    """
    Raises:
        InvalidError: a field that cannot be; the message begins with its name.
        VersionError: another version is stored.
    """
    before = get_destination(caller)
    return _DESTINATIONS.change(caller, before, changed(before, changes), expected_version)


def test_destination(caller: Caller) -> None:
    """Writes, reads and removes a small file where the copies go.

    Raises:
        InvalidError: that does not work; the message says why.
    """
    destination = get_destination(caller)
    if not destination.version:
        raise InvalidError("set the destination first")
    content = secrets.token_hex(8).encode()
    try:
        bucket = bucket_of(destination)
        bucket.write(_TEST_FILE, content)
        found = bucket.read(_TEST_FILE, len(content))
        bucket.remove(_TEST_FILE)
    except UpstreamError as error:
        raise InvalidError(f"the destination does not work: {error}") from error
    if found != content:
        raise InvalidError("the destination does not work: a file that was written is not read as it was")


def last_copy(caller: Caller) -> LastCopy:
    return records.last_copy(caller.organization_id)


def remove_folder(organization_id: str) -> None:
    """Removes the copies that an organization has on this machine. Those in a bucket of its own are its own.

    Raises UpstreamError.
    """
    if not settings().warehouse_folder or not may_be_id(organization_id, "org"):
        return
    try:
        shutil.rmtree(Path(settings().warehouse_folder) / organization_id)
    except FileNotFoundError:
        return
    except OSError as error:
        raise UpstreamError(f"the copies could not be removed: {error.strerror}", retryable=True) from error


def copy_due(*, clock: Clock = system_clock, stop: Callable[[], bool]) -> CopyRuns:
    """Copies every lake that is due: a day after its last copy, when one is wanted before, and what an earlier run left
    or failed at. Files that were replaced are removed some hours later.

    Args:
        stop: tells that nothing may be begun any more.
    """
    runs = CopyRuns()
    due, others = _due(clock())
    for destination in due:
        if stop():
            break
        runs = _counted(runs, _copy(destination, clock, stop))
    _clean(others, clock, stop)
    return runs


def copy_wanted(event: Event, _erased: object, now_ms: int) -> Sequence[Update]:
    """The lake of an organization is copied within the hour: what was erased leaves the copy, too."""
    if records.last_copy(event.organization_id).status == "NEVER":
        return ()
    return (records.want(event.organization_id, now_ms),)


def _due(now_ms: int) -> tuple[list[Destination], list[tuple[Destination, Waiting]]]:
    """Those whose copy is due, and the others. Whoever's last copy began first comes first, so that one that takes all
    the time has the others before it.
    """
    due: list[tuple[int, Destination]] = []
    others: list[tuple[Destination, Waiting]] = []
    for destination, last, waiting in _active():
        if _is_due(last, waiting, now_ms):
            due.append((last.started_ms or 0, destination))
        else:
            others.append((destination, waiting))
    return [destination for _, destination in sorted(due, key=lambda one: one[0])], others


def _is_due(last: LastCopy, waiting: Waiting, now_ms: int) -> bool:
    return (
        last.status != "DONE"
        or last.finished_ms is None
        or now_ms - last.finished_ms >= EVERY_MS
        or waiting.wanted_ms is not None
    )


def _active() -> Iterator[tuple[Destination, LastCopy, Waiting]]:
    for organization_id in sorted({site.organization_id for site in tenancy.all_sites()}):
        destination = _DESTINATIONS.find(organization_id)
        if destination is not None and destination.active:
            yield destination, *records.copy_of(organization_id)


def _clean(others: Iterable[tuple[Destination, Waiting]], clock: Clock, stop: Callable[[], bool]) -> None:
    """Removes what was replaced long enough ago, of organizations whose next copy is not due."""
    from optiq.warehouse.copying import GRACE_MS, clean_lake

    for destination, waiting in others:
        organization_id, now_ms = destination.organization_id, clock()
        if waiting.clean_ms is None or now_ms < waiting.clean_ms or stop():
            continue
        until_ms = now_ms + _BUSY_MS
        if not records.begin_cleaning(organization_id, now_ms, until_ms):
            continue
        try:
            with table_outages():
                since_ms = clean_lake(bucket_of(destination), organization_id, clock).replaced_ms
        except OptiqError:
            _LOG.exception("what was replaced in the copy of %s was not removed", organization_id)
            since_ms = now_ms
        records.end_cleaning(organization_id, until_ms, None if since_ms is None else since_ms + GRACE_MS)


def _copy(destination: Destination, clock: Clock, stop: Callable[[], bool]) -> str:
    """How it went: a status of the copy, or "" where another run is at it."""
    # Imported late: who sets a destination need not load Arrow.
    from optiq.warehouse.copying import GRACE_MS, copy_lake

    organization_id, now_ms = destination.organization_id, clock()
    until_ms = now_ms + _BUSY_MS
    if not records.begin(organization_id, now_ms, until_ms):
        return ""
    try:
        with table_outages():
            copied = copy_lake(bucket_of(destination), organization_id, clock, stop=stop)
    except OptiqError as error:
        _LOG.exception("the lake of %s was not copied", organization_id)
        records.end(organization_id, until_ms, "FAILED", Copied(), str(error), clock())
        return "FAILED"
    status: CopyStatus = "LEFT" if copied.left else "DONE"
    clean_ms = None if copied.replaced_ms is None else copied.replaced_ms + GRACE_MS
    records.end(organization_id, until_ms, status, copied, "", clock(), clean_ms)
    if status == "DONE":
        records.end_wish(organization_id, now_ms)
    return status


def _counted(runs: CopyRuns, status: str) -> CopyRuns:
    if status == "DONE":
        return replace(runs, done=runs.done + 1)
    if status == "FAILED":
        return replace(runs, failed=runs.failed + 1)
    return replace(runs, left=runs.left + 1)
