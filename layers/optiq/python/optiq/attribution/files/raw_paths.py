"""From raw touches and conversions, unsorted, to path-sorted rows as `parquet_paths` describes them.

- Touches: `customer_id`, `touch_at`, and columns to credit.
- Conversions: `customer_id`, `converted_at` and, if there is one, `value`.

No cell may be empty. A conversion's path is chosen by `path.Timeline`: a touch may be on several, and a path has at
most `path.MAX_TOUCHES`. What a customer did that is on no conversion's path is one path that did not convert. A
conversion without a touch has no row and is `untouched`. Touches and conversions are held in memory; paths are made a
part of the customers at a time, in a processor's cache.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from optiq.attribution.arrays import Integers
from optiq.attribution.files.parquet_paths import can_be, numbers_of, unreadable
from optiq.attribution.path import WINDOW_DAYS, Moments, Timeline, on_paths
from optiq.kernel.clock import DAY_MS
from optiq.kernel.errors import InvalidError

_PART_ROWS = 1 << 15
_MOST_PARTS = 1 << 16

_IDS_PER_ROW = 8
"""Whole-number ids that fill their range so densely number the customers as they are; all others are numbered anew."""

_WIDEST_TIMES_MS = 1 << 40
"""35 years: a customer of a part, of 2 ** 22 at most, and a time in them make one sortable whole number."""


class RawPaths:
    """Rows of paths, made of touches and conversions; a `parquet_paths.PathRows`.

    A row has `path_id`, the touch's columns but `customer_id`, `conversions` (0 or 1) and `value`.
    """

    name = "raw touches and conversions"

    def __init__(self, touches: pa.Table, conversions: pa.Table, window_days: int = WINDOW_DAYS) -> None:
        """Touches of one instant stay in the order they are given in.

        Raises:
            InvalidError: a column is missing, has an empty cell or is of a type that cannot be; a value that is not
                finite, 0 or more; times more than 35 years apart; a window of less than 0 days.
        """
        if window_days < 0:
            raise InvalidError("a window has 0 days or more")
        self._touched_ms = _milliseconds(touches, "touch_at")
        self._converted_ms = _milliseconds(conversions, "converted_at")
        self._window_days = min(window_days, _WIDEST_TIMES_MS // DAY_MS + 1)  # beyond all of them, and no overflow
        everything = [at_ms for at_ms in (self._touched_ms, self._converted_ms) if len(at_ms)]
        if everything and max(map(np.max, everything)) - min(map(np.min, everything)) >= _WIDEST_TIMES_MS:
            raise InvalidError("times more than 35 years apart cannot be joined at once")
        self._values = _values(conversions)
        self.untouched = (0.0, 0.0)
        self._owners, self._buyers = _numbered(_column(touches, "customer_id"), _column(conversions, "customer_id"))
        self._columns = {name: _column(touches, name) for name in touches.column_names if name != "customer_id"}

    @property
    def schema(self) -> pa.Schema:
        return self._rows(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), 0, 0)[0].schema

    def batches(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Whole paths, in batches of tens of thousands of rows."""
        shift, parts = self._parts()
        touches, buyers = _by_part(self._owners >> shift, parts), _by_part(self._buyers >> shift, parts)
        path_id, self.untouched = 0, (0.0, 0.0)
        for part in range(parts):
            batch, path_id = self._rows(next(touches), next(buyers), part << shift, path_id)
            yield batch.select(columns)

    def _parts(self) -> tuple[int, int]:
        """Customers are in the part of their number's bits from this one on; and how many parts there are."""
        last = int(max(self._owners.max(initial=0), self._buyers.max(initial=0)))
        wanted = min((len(self._owners) + len(self._buyers)) // _PART_ROWS + 1, _MOST_PARTS)
        shift = (last // wanted).bit_length()
        return shift, (last >> shift) + 1

    def _rows(self, touches: Integers, conversions: Integers, base: int, path_id: int) -> tuple[pa.RecordBatch, int]:
        """The paths of these touches and conversions, all of their customers, and the id after the last."""
        touched = Moments(self._owners.take(touches).astype(np.int64) - base, self._touched_ms.take(touches))
        converted = Moments(
            self._buyers.take(conversions).astype(np.int64) - base, self._converted_ms.take(conversions)
        )
        timeline = Timeline(touched, converted.at_ms)
        starts, ends = timeline.spans(converted, np.full(len(conversions), self._window_days * DAY_MS))
        offsets, paid = on_paths(starts, ends)
        paid_lengths = np.diff(offsets)
        self._count_untouched(conversions[paid_lengths == 0])
        lost = np.flatnonzero(_uncovered(starts, ends, len(touches)))
        losers = touched.owners.take(timeline.order.take(lost))
        lost_lengths = np.diff(np.flatnonzero(np.diff(losers, prepend=-1, append=-1)))
        lengths = np.append(paid_lengths, lost_lengths)
        values = np.append(self._values.take(conversions), np.zeros(len(lost_lengths), dtype=self._values.dtype))
        chosen = pa.array(touches.take(timeline.order.take(np.append(paid, lost))))
        rows = {
            "path_id": np.repeat(np.arange(path_id, path_id + len(lengths)), lengths),
            **{name: column.take(chosen) for name, column in self._columns.items()},
            "conversions": np.append(np.ones(len(paid), dtype=np.int8), np.zeros(len(lost), dtype=np.int8)),
            "value": np.repeat(values, lengths),
        }
        return pa.record_batch(rows), path_id + len(lengths)

    def _count_untouched(self, conversions: Integers) -> None:
        count, value = self.untouched
        self.untouched = (count + len(conversions), value + float(self._values.take(conversions).sum()))


def read(touches: Path, conversions: Path, by: str, window_days: int) -> RawPaths:
    """The paths of two Parquet files, with what is to be credited. Raises InvalidError, as `RawPaths` does."""
    needed = ["customer_id", "touch_at", by]
    return RawPaths(
        _table(touches, needed, "channel"), _table(conversions, ["customer_id", "converted_at"], "value"), window_days
    )


def _table(file: Path, needed: Sequence[str], welcome: str) -> pa.Table:
    try:
        names = pq.read_schema(file).names
        if missing := [name for name in needed if name not in names]:
            raise InvalidError(f"{file}: no column {' or '.join(missing)}")
        columns = list(dict.fromkeys([*needed, *({welcome} & set(names))]))
        if twice := [name for name in columns if names.count(name) > 1]:
            raise InvalidError(f"{file}: the column {twice[0]} stands there twice")
        texts = [name for name in columns if name not in ("customer_id", "touch_at", "converted_at", "value")]
        return pq.read_table(file, columns=columns, use_threads=False, read_dictionary=texts, pre_buffer=False)
    except (OSError, pa.ArrowException) as error:
        raise unreadable(file, error) from error


def _by_part(parts_of: NDArray[Any], parts: int) -> Iterator[Integers]:
    """The places of each part, ascending; parts are numbers from 0."""
    narrow = parts_of.astype(np.min_scalar_type(parts - 1))  # numpy sorts short numbers by their digits
    order = np.argsort(narrow, kind="stable")
    return iter(np.split(order, np.cumsum(np.bincount(narrow, minlength=parts))[:-1]))


def _moments(owners: NDArray[np.int32], at_ms: Integers, places: Integers, base: int) -> Moments:
    return Moments(owners.take(places).astype(np.int64) - base, at_ms.take(places))


def _uncovered(starts: Integers, ends: Integers, count: int) -> NDArray[np.bool_]:
    """Which of `count` places no span holds."""
    begun = np.bincount(starts, minlength=count + 1)
    begun -= np.bincount(ends, minlength=count + 1)
    free: NDArray[np.bool_] = np.cumsum(begun[:count]) == 0
    return free


def _column(table: pa.Table, name: str) -> Any:
    if name not in table.column_names:
        raise InvalidError(f"no column {name}")
    if table.column(name).null_count:
        raise InvalidError(f"{name} is empty in some row")
    chunks = table.column(name).unify_dictionaries().combine_chunks()
    return chunks.combine_chunks() if isinstance(chunks, pa.ChunkedArray) else chunks


def _milliseconds(table: pa.Table, name: str) -> Integers:
    column = _column(table, name)
    if not pa.types.is_timestamp(column.type):
        raise InvalidError(f"the column {name} cannot be of type {column.type}")
    milliseconds: Integers = column.cast(pa.timestamp("ms", column.type.tz), safe=False).cast(pa.int64()).to_numpy()
    return milliseconds


def _values(conversions: pa.Table) -> NDArray[Any]:
    if "value" not in conversions.column_names:
        return np.zeros(len(conversions))
    column = _column(conversions, "value")
    if not can_be("value", column.type):
        raise InvalidError(f"the column value cannot be of type {column.type}")
    values = numbers_of(column)
    if not (np.isfinite(values) & (values >= 0)).all():
        raise InvalidError("value must be finite, 0 or more")
    return values


def _numbered(*columns: Any) -> list[NDArray[np.int32]]:
    """The ids of several columns as numbers from 0, the same in each."""
    if all(pa.types.is_integer(column.type) for column in columns):
        ids = [column.to_numpy() for column in columns if len(column)]
        least = min((int(each.min()) for each in ids), default=0)
        most = max((int(each.max()) for each in ids), default=0)
        if most - least < _IDS_PER_ROW * sum(map(len, ids)):
            return [(column.to_numpy() - least).astype(np.int32) for column in columns]
    if len({column.type for column in columns}) > 1:
        raise InvalidError("customer_id must be of one type in touches and conversions")
    numbers = pa.concat_arrays(list(columns)).dictionary_encode().indices.to_numpy()
    return np.split(numbers, np.cumsum([len(column) for column in columns[:-1]]))
