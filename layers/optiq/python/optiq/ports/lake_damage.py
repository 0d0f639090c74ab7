"""Which files of the lake's folder are damaged, remembered while they stay so.

A file's sum is compared when a query first reads it. What else may be wrong is looked for when a query fails.

Nothing is moved or removed. Who puts a whole file in the place of a damaged one, or takes it away, ends the matter.
"""

import errno
import logging
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from optiq.kernel.lake_tables import ColumnType, LakeTable
from optiq.ports.lake import first_line
from optiq.ports.lake_sums import NOT_AS_WRITTEN, file_is_as_written

if TYPE_CHECKING:
    import pyarrow as pa

_LOG = logging.getLogger(__name__)
_NOT_OF_THE_FILE = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOENT, errno.ENOTDIR})
"""The machine is short of something, or the file is gone."""

_REMEMBERED = 100_000
"""Files that are known to be as they were written; they are verified again when there are more."""
Stamp = tuple[int, int, int]
Inside = Callable[[LakeTable, Path], str]
"""Reads a whole file as a query would; the reason why that fails, or "". """


class DamagedFiles:
    """The damaged files below a lake's root that this process has met. Safe to share between threads."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._damaged: dict[Path, Stamp] = {}
        self._sound: dict[Path, Stamp] = {}
        self._sound_inside: dict[Path, Stamp] = {}
        self._verified: dict[str, Stamp] = {}

    def among(self, folder: Path) -> frozenset[Path]:
        """The damaged files of a table's folder that are still as they were."""
        known = [(path, stamp) for path, stamp in self._damaged.copy().items() if folder in path.parents]
        return frozenset(path for path, stamp in known if _stamp(path) == stamp)

    def verify(self, folder: Path, first: str, last: str) -> None:
        """Compares every file of some days with its own sum, once for as long as it stays as it is."""
        for name, stamp in listed(folder, first, last):
            if self._verified.get(name) == stamp or self._damaged.get(path := Path(name)) == stamp:
                continue
            try:
                is_sound = file_is_as_written(path)
            except OSError:
                continue  # reading it says why
            if _stamp(path) != stamp:
                continue  # it was replaced meanwhile, and is looked at again
            if is_sound:
                self._verify(name, stamp)
            else:
                self._note(path, stamp, NOT_AS_WRITTEN)

    def _verify(self, name: str, stamp: Stamp) -> None:
        if len(self._verified) >= _REMEMBERED:
            self._verified.clear()
        self._verified[name] = stamp

    def look(self, table: LakeTable, folder: Path) -> None:
        """Opens every file that was not opened before, and reads what it says it holds."""
        for path, stamp in self._unseen(folder, self._sound):
            if reason := _unfit(table, path):
                self._note(path, stamp, reason)
            else:
                self._sound[path] = stamp

    def look_inside(self, table: LakeTable, folder: Path, message: str, inside: Inside) -> bool:
        """Reads files whole: those that an error's message names, or else all. Returns whether one is damaged."""
        files = list(self._unseen(folder, self._sound_inside))
        named = [(path, stamp) for path, stamp in files if str(path) in message]
        others = [file for file in files if file not in named]
        found = sum(self._is_damaged(table, *file, inside) for file in named)
        return bool(found or sum(self._is_damaged(table, *file, inside) for file in others))

    def _is_damaged(self, table: LakeTable, path: Path, stamp: Stamp, inside: Inside) -> bool:
        reason = inside(table, path)
        # One that was removed meanwhile is not damaged.
        if _stamp(path) != stamp:
            return False
        if reason:
            self._note(path, stamp, reason)
        else:
            self._sound_inside[path] = stamp
        return bool(reason)

    def _unseen(self, folder: Path, sound: dict[Path, Stamp]) -> Iterator[tuple[Path, Stamp]]:
        for path in files_in(folder):
            stamp = _stamp(path)
            if stamp is not None and stamp not in (sound.get(path), self._damaged.get(path)):
                yield path, stamp

    def _note(self, path: Path, stamp: Stamp, reason: str) -> None:
        self._damaged[path] = stamp
        place = path.relative_to(self._root)
        _LOG.error("the lake's file %s cannot be read; its rows are missing from every answer: %s", place, reason)


def files_in(folder: Path) -> Iterable[Path]:
    """The files of all days of a table's folder."""
    return sorted(path for path in folder.glob("dt=*/*.parquet") if path.is_file())


def listed(folder: Path, first: str, last: str) -> Iterator[tuple[str, Stamp]]:
    """The files of some days, listed as fast as can be: it is done for every query."""
    for day in _entries(str(folder)):
        if day.name.startswith("dt=") and first <= day.name.removeprefix("dt=") <= last:
            for file in _entries(day.path):
                if file.name.endswith(".parquet"):
                    with suppress(OSError):
                        stat = file.stat()
                        yield file.path, (stat.st_size, stat.st_mtime_ns, stat.st_ino)


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:
        return []


def _stamp(path: Path) -> Stamp | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_size, stat.st_mtime_ns, stat.st_ino


def _unfit(table: LakeTable, path: Path) -> str:
    """Why a file's own description makes it unreadable, or ""."""
    # Imported late: who asks for rows only need not load it while all is well.
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        schema = pq.read_schema(path)
    except (pa.ArrowException, OSError, ValueError) as error:
        if getattr(error, "errno", None) in _NOT_OF_THE_FILE:
            return ""
        return first_line(error).replace(str(path), "it")
    lacking = [name for name in table.key if name not in schema.names]
    if lacking:
        return f"it has no column {lacking[0]}"
    for field in schema:
        if field.name in table.columns and not _holds(field.type, table.columns[field.name]):
            return f"its column {field.name} is of type {field.type}"
    return ""


def _holds(kind: "pa.DataType", wanted: ColumnType) -> bool:
    """Whether a column of an Arrow type can be read as one of the lake's."""
    from pyarrow import types

    if types.is_dictionary(kind):
        kind = kind.value_type
    if types.is_null(kind):
        return True
    if wanted == "string":
        return types.is_string(kind) or types.is_large_string(kind)
    if wanted == "bigint":
        return types.is_integer(kind)
    if wanted == "double":
        return types.is_floating(kind) or types.is_integer(kind)
    return types.is_boolean(kind) if wanted == "boolean" else types.is_timestamp(kind)
