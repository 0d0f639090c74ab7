"""From raw touches and conversions, unsorted, to path-sorted rows as `parquet_paths` reads them.

- Touches: `customer_id`, `touch_at`, and columns to credit.
- Conversions: `customer_id`, `converted_at` and, if there is one, `value`.

A conversion's path is chosen by `path.Timeline`: a touch may be on several, and a path has at most `path.MAX_TOUCHES`.
What a customer did that is on no conversion's path is one path that did not convert. A conversion without a touch has
no row. All is held in memory.
"""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from optiq.attribution.arrays import Integers
from optiq.attribution.path import WINDOW_DAYS, Moments, Timeline
from optiq.kernel.errors import InvalidError

_WIDEST_IDS = 1 << 26
"""Whole-number ids in so narrow a range number the customers as they are; all others are numbered anew."""

_WIDEST_TIMES_MS = 1 << 36
"""Two years: a number of a customer and a time in them make one sortable whole number."""


def path_rows(touches: pa.Table, conversions: pa.Table, window_days: int = WINDOW_DAYS) -> pa.Table:
    """A row a touch of a path: `path_id`, `conversions`, `value`, and the touch's columns but `customer_id`.

    Touches of one instant stay in the order they are given in.

    Raises:
        InvalidError: a column is missing, has an empty cell or is of a type that cannot be; times more than two years
            apart.
    """
    touched_ms, converted_ms = _milliseconds(touches, "touch_at"), _milliseconds(conversions, "converted_at")
    values = (
        _column(conversions, "value").to_numpy() if "value" in conversions.column_names else np.zeros(len(conversions))
    )
    owners, buyers = _numbered(_column(touches, "customer_id"), _column(conversions, "customer_id"))
    end_ms = max(touched_ms.max(initial=0), converted_ms.max(initial=0))
    begin_ms = min(touched_ms.min(initial=end_ms), converted_ms.min(initial=end_ms))
    if end_ms - begin_ms >= _WIDEST_TIMES_MS:
        raise InvalidError("times more than two years apart cannot be joined at once")
    timeline = Timeline(Moments(owners, touched_ms), pa.array(np.arange(len(owners))), converted_ms)
    starts, ends = timeline.spans(Moments(buyers, converted_ms), np.full(len(buyers), window_days))
    paid_lengths = ends - starts
    paid = np.repeat(starts - np.cumsum(paid_lengths) + paid_lengths, paid_lengths)
    paid += np.arange(len(paid))
    lost = np.flatnonzero(_uncovered(starts, ends, len(owners)))
    losers = owners[timeline.order[lost]]
    lost_lengths = np.diff(np.flatnonzero(np.diff(losers, prepend=-1, append=-1)))
    lengths = np.append(paid_lengths, lost_lengths)
    nothing = np.zeros(len(lost_lengths), dtype=np.int64)
    chosen = pa.array(timeline.order[np.append(paid, lost)])
    columns = {name: _column(touches, name).take(chosen) for name in touches.column_names if name != "customer_id"}
    return pa.table(
        {
            "path_id": np.repeat(np.arange(len(lengths)), lengths),
            **columns,
            "conversions": np.repeat(np.append(np.ones(len(buyers), dtype=np.int64), nothing), lengths),
            "value": np.repeat(np.append(values, nothing.astype(values.dtype)), lengths),
        }
    )


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


def _numbered(*columns: Any) -> list[Integers]:
    """The ids of several columns as numbers from 0, the same in each."""
    if all(pa.types.is_integer(column.type) for column in columns):
        ids = [column.to_numpy() for column in columns]
        least = min(int(each.min()) for each in ids if len(each)) if any(map(len, ids)) else 0
        if all(int(each.max(initial=least)) - least < _WIDEST_IDS for each in ids):
            return [each.astype(np.int64) - least for each in ids]
    if len({column.type for column in columns}) > 1:
        raise InvalidError("customer_id must be of one type in touches and conversions")
    numbers = pa.concat_arrays(list(columns)).dictionary_encode().indices.to_numpy().astype(np.int64)
    return np.split(numbers, np.cumsum([len(column) for column in columns[:-1]]))
