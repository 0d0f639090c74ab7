"""Reads path-sorted rows, of a Parquet file or others, in record batches and hands on whole paths as arrays.

One row a touch: all touches of a path together, oldest first, paths by ascending id. Columns, no cell empty:

- `path_id`: whole numbers or text.
- `touch_at`, an instant; or in its stead `age_seconds`, 0 or more: from the touch to any one moment of the path that is
  not before its last touch.
- `conversions`: boolean, or a number of 0 or more; 0 is one path that did not convert. The same on every row of a path.
- `value`, if there is one: what the path's conversions are worth together, 0 or more. The same on every row of a path.
- what is to be credited: text, best as a dictionary; `No tracked visit` alone for conversions without a touch.
- `channel`, if there is one, tells which touches are Direct whatever is credited; otherwise what is credited does.

Only these columns are read. Memory grows with the longest path, not with the file.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from optiq.attribution.files.codings import Coding
from optiq.attribution.files.path_batches import PathBatch
from optiq.kernel.errors import InvalidError

BATCH_ROWS = 1 << 17
"""Small enough for a processor's cache, large enough for the work in it to outweigh the calls."""

_READ_BYTES = 1 << 20
"""Of a column at a time. Reading ahead instead, as pyarrow would, keeps the whole file in memory."""

_TICK_SECONDS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
_TIMES = ("touch_at", "age_seconds")
_NUMBERS = ("conversions", "value")
_Rows = dict[str, NDArray[Any]]
"""Rows of the file by column: `begins` (of a path), `codes`, `is_direct`, `moments`, `conversions`, `value`."""


class PathRows(Protocol):
    """Rows as this module describes them; `name` is for messages.

    `untouched`: conversions without a touch, which have no row, and their value. Known when all batches were read.
    """

    untouched: tuple[float, float]

    @property
    def name(self) -> str: ...

    @property
    def schema(self) -> pa.Schema: ...

    def batches(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """All rows, with these columns."""


class ParquetRows:
    """The rows of a file."""

    def __init__(self, file: Path, batch_rows: int = BATCH_ROWS) -> None:
        """Raises InvalidError: the file cannot be read."""
        self.name, self._file, self._batch_rows = str(file), file, batch_rows
        self.untouched = (0.0, 0.0)
        try:
            self.schema = pq.read_schema(file)
        except (OSError, pa.ArrowException) as error:
            raise unreadable(file, error) from error

    def batches(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        texts = [name for name in columns if name not in ("path_id", *_TIMES, *_NUMBERS)]
        try:
            with pq.ParquetFile(
                self._file, read_dictionary=texts, pre_buffer=False, buffer_size=_READ_BYTES
            ) as parquet:
                yield from parquet.iter_batches(self._batch_rows, columns=list(columns), use_threads=False)
        except (OSError, pa.ArrowException) as error:
            raise unreadable(self._file, error) from error


class PathReader:
    """One reading of rows. `names` are the values to credit that were met so far, in the order of their codes."""

    def __init__(self, rows: PathRows, by: str) -> None:
        """Raises InvalidError: the rows lack a column, or have one of a type that cannot be."""
        schema = rows.schema
        self._source, self._by = rows, by
        ages_only = "age_seconds" in schema.names and "touch_at" not in schema.names
        self._time = "age_seconds" if ages_only else "touch_at"
        self._columns = _needed_columns(rows.name, schema, self._time, by)
        self._tick_seconds = 1.0 if ages_only else _TICK_SECONDS[schema.field("touch_at").type.unit]
        self._coding = self._channel_coding = Coding()
        if "channel" in self._columns and by != "channel":
            self._channel_coding = Coding()
        self._last_id: Any = None
        self._rows_read = self._rows_done = 0

    @property
    def names(self) -> list[str]:
        return self._coding.names

    def batches(self) -> Iterator[PathBatch]:
        """Every path of the file, once. Raises InvalidError: a row is wrong; the message counts rows from 1."""
        begun: list[_Rows] = []
        for rows in self._read():
            beginnings = np.flatnonzero(rows["begins"])
            if len(beginnings):
                last = int(beginnings[-1])
                begun.append({name: column[:last] for name, column in rows.items()})
                yield from self._paths(begun)
                begun = [{name: column[last:] for name, column in rows.items()}]
            else:
                begun.append(rows)
        yield from self._paths(begun)

    def _read(self) -> Iterator[_Rows]:
        for batch in self._source.batches(self._columns):
            if batch.num_rows:
                yield self._rows(batch)
                self._rows_read += batch.num_rows

    def _rows(self, batch: pa.RecordBatch) -> _Rows:
        for name in self._columns:
            if batch.column(name).null_count:
                empty = batch.column(name).is_null().to_numpy(zero_copy_only=False)
                self._refuse(empty, self._rows_read, f"{name} is empty")
        codes = self._coding.codes(batch.column(self._by))
        channels = codes
        if self._channel_coding is not self._coding:
            channels = self._channel_coding.codes(batch.column("channel"))
        rows = {
            "begins": self._beginnings(batch.column("path_id")),
            "codes": codes,
            "is_direct": self._channel_coding.is_direct.take(channels),
            "moments": self._moments(batch.column(self._time)),
        }
        return rows | {name: numbers_of(batch.column(name)) for name in _NUMBERS if name in self._columns}

    def _beginnings(self, ids: Any) -> NDArray[np.bool_]:
        """Which rows begin a path."""
        if pa.types.is_dictionary(ids.type):
            ids = ids.cast(ids.type.value_type)
        begins, falls = np.empty(len(ids), dtype=np.bool_), np.empty(len(ids), dtype=np.bool_)
        if pa.types.is_integer(ids.type):
            numbers = ids.to_numpy()
            begins[1:], falls[1:] = numbers[1:] != numbers[:-1], numbers[1:] < numbers[:-1]
        else:
            begins[1:] = pc.not_equal(ids[1:], ids[:-1]).to_numpy(zero_copy_only=False)
            falls[1:] = pc.less(ids[1:], ids[:-1]).to_numpy(zero_copy_only=False)
        first, before = ids[0].as_py(), self._last_id
        begins[0], falls[0] = first != before, before is not None and first < before
        self._refuse(falls, self._rows_read, "path_id is below the one before; sort the file by path_id, then time")
        self._last_id = ids[-1].as_py()
        return begins

    def _moments(self, times: Any) -> NDArray[Any]:
        if self._time == "touch_at":
            instants: NDArray[np.int64] = times.view(pa.int64()).to_numpy()
            return instants
        ages = numbers_of(times).astype(np.float64)
        self._refuse(~(np.isfinite(ages) & (ages >= 0)), self._rows_read, "age_seconds must be finite, 0 or more")
        return np.negative(ages)

    def _paths(self, begun: list[_Rows]) -> Iterator[PathBatch]:
        """The rows as one batch of whole paths, or none when there is no row."""
        rows = {name: np.concatenate([piece[name] for piece in begun]) for name in begun[0]} if begun else {}
        touches = len(rows["begins"]) if rows else 0
        if not touches:
            return
        starts = np.flatnonzero(rows["begins"])
        within = ~rows["begins"][1:]
        falls = within & (rows["moments"][1:] < rows["moments"][:-1])
        self._refuse(falls, self._rows_done + 1, f"the touch is older than the one before ({self._time})")
        amounts = {name: self._of_paths(rows[name], starts, within, name) for name in _NUMBERS if name in rows}
        conversions, values = amounts["conversions"], amounts.get("value", np.zeros(len(starts)))
        unearned = (conversions == 0) & (values > 0)
        self._refuse(unearned, self._rows_done, "a value, though the path did not convert", starts)
        yield PathBatch(
            offsets=np.append(starts, touches),
            codes=rows["codes"],
            moments=rows["moments"],
            tick_seconds=self._tick_seconds,
            is_direct=rows["is_direct"],
            amounts=np.stack([conversions, values]),
        )
        self._rows_done += touches

    def _of_paths(
        self, column: NDArray[Any], starts: NDArray[np.int64], within: NDArray[np.bool_], name: str
    ) -> NDArray[np.float64]:
        """A number that stands on every row of a path, once a path."""
        amounts: NDArray[np.float64] = column.take(starts).astype(np.float64)
        wrong = ~(np.isfinite(amounts) & (amounts >= 0))
        self._refuse(wrong, self._rows_done, f"{name} must be finite, 0 or more", starts)
        differs = within & (column[1:] != column[:-1])
        self._refuse(differs, self._rows_done + 1, f"{name} differs from the same path's row before")
        return amounts

    def _refuse(
        self, wrong: NDArray[np.bool_], rows_before: int, reason: str, rows: NDArray[np.int64] | None = None
    ) -> None:
        if wrong.any():
            place = int(np.argmax(wrong))
            row = rows_before + (place if rows is None else int(rows[place])) + 1
            raise InvalidError(f"{self._source.name}, row {row}: {reason}")


def _needed_columns(source: str, schema: pa.Schema, time: str, by: str) -> list[str]:
    needed = ["path_id", time, "conversions", by]
    if missing := [name for name in needed if name not in schema.names]:
        raise InvalidError(f"{source}: no column {' or '.join(missing)}")
    columns = list(dict.fromkeys([*needed, *(name for name in ("value", "channel") if name in schema.names)]))
    if twice := [name for name in columns if schema.names.count(name) > 1]:
        raise InvalidError(f"{source}: the column {twice[0]} stands there twice")
    if by in ("path_id", *_TIMES, *_NUMBERS):
        raise InvalidError(f"{source}: the column {by} cannot be credited")
    for name in columns:
        kind: Any = schema.field(name).type
        if not can_be(name, kind.value_type if pa.types.is_dictionary(kind) and name not in _NUMBERS else kind):
            raise InvalidError(f"{source}: the column {name} cannot be of type {kind}")
    return columns


def can_be(name: str, kind: pa.DataType) -> bool:
    """Whether the column of this name, of those above or to be credited, may be of this type."""
    is_ = pa.types
    is_text = is_.is_string(kind) or is_.is_large_string(kind)
    if name == "path_id":
        return is_text or is_.is_integer(kind)
    if name == "touch_at":
        return is_.is_timestamp(kind)
    if name in (*_NUMBERS, "age_seconds"):
        is_number = is_.is_integer(kind) or is_.is_floating(kind) or is_.is_decimal(kind)
        return is_number or (name == "conversions" and is_.is_boolean(kind))
    return is_text


def numbers_of(column: Any) -> NDArray[Any]:
    """A column without empty cells; decimals as floats."""
    if pa.types.is_decimal(column.type):
        column = column.cast(pa.float64())
    numbers: NDArray[Any] = column.to_numpy(zero_copy_only=False)
    return numbers


def unreadable(file: Path, error: Exception) -> InvalidError:
    return InvalidError(f"{file}: it cannot be read as Parquet ({error})")
