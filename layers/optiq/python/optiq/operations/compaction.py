"""Merging the files of one partition, so that a stop at any moment loses nothing and doubles nothing.

A merged file holds every row of the files it replaces, and names them in its footer. It is written first; they are
removed by a later run, once no reader can still be at them, and only when the merged file reads back as it was made.
Until then rows stand twice, which readers are made for (kernel/lake_tables.py).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from optiq.kernel.lake_tables import LakeTable
from optiq.operations.contracts import Compaction
from optiq.operations.listing import groups
from optiq.operations.rows import in_own_columns, once_each
from optiq.ports.lake import DamagedFileError, Lake, LakeFile, first_line
from optiq.ports.lake_digest import digest_of
from optiq.ports.lake_merged import Merged, as_merged, identity_of, merged_of

FULL_ROWS = 250_000
"""Files are merged until they hold so many: a merge has its rows in memory, about 1 KB each, twice."""
_PREFIX = "merged-"
_ROUNDS = 4
"""A thousand files become one, a million of those another: more rounds find nothing left."""


@dataclass(slots=True)
class _Partition:
    """A partition's files, without those that cannot be read."""

    lake: Lake
    table: LakeTable
    files: list[LakeFile]
    merged: dict[LakeFile, Merged] = field(default_factory=dict)
    damaged: dict[LakeFile, str] = field(default_factory=dict)

    def look(self) -> None:
        """Reads what the merged files say of themselves."""
        for file in self.files:
            if file.name.startswith(_PREFIX) and file not in self.merged and file not in self.damaged:
                try:
                    metadata = self.lake.metadata(file)
                except DamagedFileError as error:
                    self.damaged[file] = str(error)
                    continue
                if metadata and (merged := merged_of(metadata)):
                    self.merged[file] = merged

    def candidates(self) -> list[LakeFile]:
        """Files that may be merged: neither replaced already, nor full, nor damaged."""
        replaced = frozenset[str]().union(*(merged.replaces for merged in self.merged.values()))
        full = {file for file, merged in self.merged.items() if merged.rows >= FULL_ROWS}
        return [f for f in self.files if identity_of(f) not in replaced and f not in full and f not in self.damaged]


def compact_partition(
    lake: Lake, table: LakeTable, files: Sequence[LakeFile], now_ms: int, *, closed: bool
) -> Compaction:
    """Removes what was replaced long enough ago, then merges what is worth it. Raises UpstreamError."""
    partition = _Partition(lake, table, list(files))
    partition.look()
    removed = _remove_replaced(partition, now_ms)
    merged, written = 0, 0
    for _ in range(_ROUNDS):
        chosen = groups(partition.candidates(), closed=closed)
        made = [used for group in chosen if (used := _merge(partition, group))]
        if not made:
            break
        merged, written = merged + sum(map(len, made)), written + len(made)
        day = files[0].day
        partition.files = list(lake.files(table.name, files[0].organization_id, day, day))
        partition.look()
    return Compaction(merged, written, removed, tuple(partition.damaged.values()))


def _remove_replaced(partition: _Partition, now_ms: int) -> int:
    present = {identity_of(file): file for file in partition.files}
    waiting = {
        file: replaced
        for file, merged in partition.merged.items()
        if (replaced := [present[identity] for identity in merged.replaces if identity in present])
    }
    removed = 0
    for file, replaced in waiting.items():
        if now_ms - file.written_ms < partition.lake.readers_ms:
            continue
        if not _is_whole(partition, file):
            # What it replaces is still there, and is merged anew: the same files make the same name.
            del partition.merged[file]
            continue
        # A merged file stays as long as what it replaces: it alone says that those are replaced.
        for old in (old for old in replaced if old not in waiting and identity_of(old) in present):
            partition.lake.remove(old)
            del present[identity_of(old)]
            partition.merged.pop(old, None)
            removed += 1
    partition.files = list(present.values())
    return removed


def _is_whole(partition: _Partition, file: LakeFile) -> bool:
    """Whether a merged file holds what it was made of."""
    try:
        rows = partition.lake.read(file)
    except DamagedFileError as error:
        partition.damaged[file] = str(error)
        return False
    if rows is None:
        return False
    if digest_of(rows) != partition.merged[file].digest:
        partition.damaged[file] = f"{file.path} does not hold the rows it was made of"
        return False
    return True


def _merge(partition: _Partition, group: Sequence[LakeFile]) -> list[LakeFile]:
    """Writes one file of several; those that are in it, none when that would be fewer than two."""
    used: list[LakeFile] = []
    parts: list[pa.Table] = []
    held = 0
    for file in group:
        if held >= FULL_ROWS:
            break
        rows = _rows_of(partition, file)
        if rows is not None:
            used.append(file)
            parts.append(rows)
            held += rows.num_rows
    if len(used) < 2:
        return []
    rows = once_each(parts)
    identities = sorted(map(identity_of, used))
    name = _PREFIX + hashlib.blake2b("".join(identities).encode(), digest_size=16).hexdigest()
    place = used[0]
    merged = as_merged(rows, identities)
    partition.lake.append(partition.table.name, place.organization_id, place.day, name, merged)
    return used


def _rows_of(partition: _Partition, file: LakeFile) -> pa.Table | None:
    """None for what is gone, damaged or newer than this version."""
    try:
        rows = partition.lake.recall(file)
        if rows is None:
            rows = partition.lake.read(file)
        return None if rows is None else in_own_columns(partition.table, rows)
    except DamagedFileError as error:
        partition.damaged[file] = str(error)
    except pa.ArrowException as error:
        partition.damaged[file] = f"{file.path} cannot be read: {first_line(error)}"
    return None
