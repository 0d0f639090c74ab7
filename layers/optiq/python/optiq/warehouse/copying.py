"""Copies an organization's lake: of each table the days whose files changed since the last copy.

A day's file is named by its content and written first; then the manifest that names it. So a stop at any moment leaves
a manifest whose every file is whole, and the next run goes on after the days that it names. Files that a day has no
more are removed GRACE_MS later by another run.
"""

import hashlib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import pyarrow as pa
from pyarrow import parquet

from optiq.kernel.clock import HOUR_MS, Clock, to_rfc3339
from optiq.kernel.lake_tables import LakeTable, latest_rows
from optiq.kernel.manifest import lake_tables
from optiq.ports import wiring
from optiq.ports.bucket import Bucket
from optiq.ports.lake import files_by_day
from optiq.ports.lake_rows import arrow_schema
from optiq.ports.query import stamp_of
from optiq.warehouse.contracts import Copied
from optiq.warehouse.manifest import DayFile, Manifest, read_manifest, write_manifest

GRACE_MS = 6 * HOUR_MS
MOST_REMOVED = 500
"""Files of a table in one run; the next removes others."""
DAYS_TOGETHER = 20
"""A manifest is written after so many days: a run that is stopped loses no more."""
_DELETED = "deleted"


def copy_lake(bucket: Bucket, organization_id: str, clock: Clock, *, stop: Callable[[], bool]) -> Copied:
    """What was published stays, whatever happens after it, and the next run goes on from there.

    Args:
        stop: tells that nothing may be begun any more.

    Raises:
        UpstreamError: the lake or the destination does not answer, or has files of somebody else.
    """
    copied = Copied()
    for table in own_tables():
        copied += _copy_table(bucket, table, organization_id, clock, stop)
        if copied.left:
            break
    return copied


def clean_lake(bucket: Bucket, organization_id: str, clock: Clock) -> Copied:
    """Removes the files that were replaced GRACE_MS ago, and copies nothing. Raises UpstreamError."""
    copied = Copied()
    for table in own_tables():
        manifest, now_ms = read_manifest(bucket, table, organization_id), clock()
        cleaned = _cleaned(bucket, manifest, now_ms)
        if cleaned != manifest:
            _publish(bucket, table, cleaned, clock)
        copied += Copied(replaced_ms=_oldest(cleaned))
    return copied


def own_tables() -> list[LakeTable]:
    """The tables that have rows of organizations, by name."""
    return [table for _, table in sorted(lake_tables().items()) if not table.shared]


def _copy_table(
    bucket: Bucket, table: LakeTable, organization_id: str, clock: Clock, stop: Callable[[], bool]
) -> Copied:
    manifest, stamps = read_manifest(bucket, table, organization_id), _stamps(table, organization_id)
    published = manifest
    manifest = _cleaned(bucket, manifest, clock())
    for day in manifest.days.keys() - stamps.keys():
        manifest = manifest.with_day(day, None, clock())
    copied = Copied()
    for number, day in enumerate(_changed(manifest, stamps), 1):
        if stop():
            copied += Copied(left=True)
            break
        file = _copy_day(bucket, table, organization_id, day, stamps[day], manifest.days.get(day))
        manifest = manifest.with_day(day, file, clock())
        copied += Copied(1, file.rows, file.size)
        if number % DAYS_TOGETHER == 0:
            published = _publish(bucket, table, manifest, clock)
            manifest = published
    if manifest != published:
        _publish(bucket, table, manifest, clock)
    return copied + Copied(replaced_ms=_oldest(manifest))


def _oldest(manifest: Manifest) -> int | None:
    return min((one.since_ms for one in manifest.replaced), default=None)


def _publish(bucket: Bucket, table: LakeTable, manifest: Manifest, clock: Clock) -> Manifest:
    manifest = replace(manifest, written_at=to_rfc3339(clock()))
    write_manifest(bucket, table, manifest)
    return manifest


def _stamps(table: LakeTable, organization_id: str) -> dict[str, str]:
    """What each day of a table is made of: another text when a file comes, changes or goes."""
    files = files_by_day(wiring.lake(), table, organization_id)
    return {day: stamp_of(sorted(of_day)) for day, of_day in files.items()}


def _changed(manifest: Manifest, stamps: Mapping[str, str]) -> Iterator[str]:
    for day, stamp in sorted(stamps.items()):
        known = manifest.days.get(day)
        if known is None or known.stamp != stamp:
            yield day


def _cleaned(bucket: Bucket, manifest: Manifest, now_ms: int) -> Manifest:
    """Removes what was replaced long enough ago."""
    gone = [one for one in manifest.replaced if one.since_ms <= now_ms - GRACE_MS][:MOST_REMOVED]
    for one in gone:
        bucket.remove(f"{manifest.table}/{one.file}")
    kept = set(manifest.replaced).difference(gone)
    return replace(manifest, replaced=tuple(one for one in manifest.replaced if one in kept))


def _copy_day(
    bucket: Bucket, table: LakeTable, organization_id: str, day: str, stamp: str, before: DayFile | None
) -> DayFile:
    """Writes a day's file, unless the same is there. What came in while it was read has another stamp, and is seen
    by the next run.
    """
    rows = rows_of(table, organization_id, (day, day))
    sink = io.BytesIO()
    parquet.write_table(rows, sink, compression="zstd")
    content = sink.getvalue()
    name = f"day={day}/{hashlib.sha256(content).hexdigest()[:32]}.parquet"
    if before is None or before.file != name:
        bucket.write(f"{table.name}/{name}", content)
    return DayFile(name, rows.num_rows, len(content), stamp)


def rows_of(
    table: LakeTable, organization_id: str, days: tuple[str, str], sites: Sequence[str] | None = None
) -> pa.Table:
    """The latest version of each row of some days that was not deleted, always in the same order.

    Args:
        sites: whose rows; None for all of the organization.
    """
    columns = [name for name in table.columns if name != _DELETED]
    own = "" if sites is None else f" AND site_id IN ({', '.join('?' * len(sites)) or 'NULL'})"
    kept = f" WHERE NOT coalesce({_DELETED}, false)" if _DELETED in table.columns else ""
    sql = f"SELECT {', '.join(columns)} FROM ({latest_rows(table, f'dt BETWEEN ? AND ?{own}')}){kept}"  # noqa: S608 - names are ours
    parameters = (*days, *(sites or ()))
    found = wiring.query().arrow(sql, organization_id, arrow_schema(table, *columns), parameters)
    return found.sort_by([(name, "ascending") for name in columns])
