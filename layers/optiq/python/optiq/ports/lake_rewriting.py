"""Takes rows out of the lake's files, or puts other rows in their place.

Each file is rewritten by itself and swapped at once (`Lake.replace`): a reader finds it as it was or as it is to be.
A file without rows goes. A stop at any moment leaves files of either kind; the same run again ends the work, and
changes nothing of what is done. Whoever merges files at the same time may write rows again that it read before. So
whoever must be sure rewrites again, later than `Lake.readers_ms`, until nothing is found.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from optiq.kernel.errors import OptiqError
from optiq.ports.lake import DamagedFileError, Lake, LakeFile
from optiq.ports.lake_merged import as_merged, identity_of, merged_of

_TRIES = 10
"""So often a file may be replaced by another while it is rewritten."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What becomes of some rows.

    Attributes:
        chosen: says of each of a file's rows whether it is one of them. It may lack columns that are newer than the
            file.
        become: the rows that stand in the place of the chosen ones, of which `chosen` finds none; without it, they go.
    """

    chosen: Callable[[pa.Table], Any]
    become: Callable[[pa.Table], pa.Table] | None = None


@dataclass(frozen=True, slots=True)
class Rewriting:
    """What a run did.

    Attributes:
        files: how many it rewrote or removed.
        rows: how many it took out or changed; of one that stood in several files, each.
        damaged: each file that cannot be read. It stays as it is.
    """

    files: int = 0
    rows: int = 0
    damaged: tuple[str, ...] = ()

    def __add__(self, other: "Rewriting") -> "Rewriting":
        damaged = tuple(dict.fromkeys((*self.damaged, *other.damaged)))
        return Rewriting(self.files + other.files, self.rows + other.rows, damaged)


def rewrite(
    lake: Lake, table: str, organization_id: str, edit: Edit, first: str = "", last: str = "9999-12-31"
) -> Rewriting:
    """Edits the files of an organization's table, of these days, both included. Raises UpstreamError."""
    done = Rewriting()
    files = list(lake.files(table, organization_id, first, last))
    for _, of_day in groupby(files, key=lambda file: file.day):
        day = list(of_day)
        replaced = _replaced(lake, day) if edit.become else frozenset[str]()
        going = Edit(edit.chosen)
        # A row that changes must not stand in two files, as it was and as it is to be. So it goes from those that a
        # merged file replaces, and then changes in the merged one.
        for file in sorted(day, key=lambda file: identity_of(file) not in replaced):
            done += _rewrite_file(lake, file, going if identity_of(file) in replaced else edit)
    return done


def _replaced(lake: Lake, files: Collection[LakeFile]) -> frozenset[str]:
    """What merged files replace that can be read."""
    found: set[str] = set()
    for file in files:
        try:
            merged = merged_of(lake.metadata(file) or {})
            if merged and lake.read(file) is not None:
                found |= merged.replaces
        except DamagedFileError:
            continue
    return frozenset(found)


def _rewrite_file(lake: Lake, file: LakeFile, edit: Edit) -> Rewriting:
    """Edits one file; the one that has its name now, where it was replaced since."""
    for _ in range(_TRIES):
        try:
            rows = lake.read(file)
            chosen = None if rows is None else edit.chosen(rows)
            found = pc.sum(chosen).as_py() or 0 if chosen is not None else 0
            if rows is not None and not found:
                return Rewriting()
            if rows is not None and _put(lake, file, rows, _edited(rows, chosen, edit)):
                return Rewriting(1, found)
        except DamagedFileError as error:
            return Rewriting(damaged=(str(error),))
        now = _of_the_name(lake, file)
        if now is None:
            return Rewriting()
        file = now
    raise OptiqError(f"{file.path} is replaced faster than it can be rewritten")


def _edited(rows: pa.Table, chosen: Any, edit: Edit) -> pa.Table:
    """Raises OptiqError where the rows are not as many as they must be."""
    left = rows.filter(pc.invert(chosen))
    if edit.become is None:
        return left
    became = edit.become(rows.filter(chosen))
    whole = pa.concat_tables([left, became.select(rows.column_names).cast(rows.schema)])
    if whole.num_rows != rows.num_rows:
        raise OptiqError(f"{rows.num_rows} rows became {whole.num_rows}")
    if pc.any(edit.chosen(whole)).as_py():
        raise OptiqError("rows that were changed would be changed again")
    return whole


def _of_the_name(lake: Lake, file: LakeFile) -> LakeFile | None:
    of_day = lake.files(file.table, file.organization_id, file.day, file.day)
    return next((found for found in of_day if found.name == file.name), None)


def _put(lake: Lake, file: LakeFile, before: pa.Table, rows: pa.Table) -> bool:
    """Whether it was the file as listed that was rewritten."""
    if not rows.num_rows:
        lake.remove(file)
        return _of_the_name(lake, file) is None
    metadata = before.schema.metadata or {}
    merged = merged_of(metadata)
    # A merged file still holds what it replaces, but for rows that go from there too.
    return lake.replace(file, as_merged(rows, merged.replaces) if merged else rows.replace_schema_metadata(metadata))


def is_in(rows: pa.Table, column: str, values: Collection[str]) -> Any:
    """Which rows have one of the values; none of a file that is older than the column."""
    if column not in rows.column_names or not values:
        return pa.array([False] * rows.num_rows, pa.bool_())
    texts = rows.column(column)
    if pa.types.is_dictionary(texts.type):
        texts = texts.cast(pa.string())
    found: Any = pc.is_in(texts, value_set=pa.array(sorted(values), pa.string()))
    return found.combine_chunks()


def rows_of(lake: Lake, table: str, organization_id: str, chosen: Callable[[pa.Table], Any]) -> Iterator[pa.Table]:
    """The chosen rows, file by file, all versions of them. Raises UpstreamError, and DamagedFileError for a file that
    cannot be read.
    """
    for file in list(lake.files(table, organization_id)):
        rows = lake.read(file)
        if rows is not None and (found := rows.filter(chosen(rows))).num_rows:
            yield found
