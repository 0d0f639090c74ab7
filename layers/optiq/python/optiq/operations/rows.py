"""The rows of a merged file: in the table's own columns, each once, and a digest that says they are all there."""

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from optiq.kernel.lake_tables import LakeTable
from optiq.ports.lake_rows import arrow_schema


def in_own_columns(table: LakeTable, rows: pa.Table) -> pa.Table | None:
    """Rows in the columns the table declares, null where the file is older than one.

    None when the file has columns that this version does not know: they must not be lost.

    Raises:
        pa.ArrowException: it has other types, or lacks what names a row.
    """
    schema = arrow_schema(table)
    if rows.schema.equals(schema):
        return rows
    lacking = [name for name in table.key if name not in rows.column_names]
    if lacking:
        raise pa.ArrowInvalid(f"it has no column {lacking[0]}")
    if not set(rows.column_names) <= set(schema.names):
        return None
    return pa.table([_column(rows, field) for field in schema], schema=schema)


def _column(rows: pa.Table, field: "pa.Field[Any]") -> Any:
    if field.name not in rows.column_names:
        return pa.nulls(rows.num_rows, field.type)
    column = rows.column(field.name)
    return column if column.type == field.type else column.cast(field.type)


def once_each(parts: Sequence[pa.Table]) -> pa.Table:
    """All rows of tables with the same columns; of rows that are the same in every column one, the first."""
    rows = pa.concat_tables(parts)
    # In one thread they keep their order, so the same files always give the same bytes.
    return rows.group_by(rows.column_names, use_threads=False).aggregate([])


def digest_of(rows: pa.Table) -> str:
    """Of the values, in their order, whatever they are held in."""
    digest = hashlib.blake2b(f"{rows.num_rows} {rows.column_names}".encode(), digest_size=16)
    for column in rows.itercolumns():
        digest.update(pc.is_null(column).to_numpy().tobytes())
        for part in _bytes_of(column):
            digest.update(part)
    return digest.hexdigest()


def _bytes_of(column: Any) -> tuple[bytes, ...]:
    kind = column.type
    if pa.types.is_string(kind):
        text = column.fill_null("")
        return pc.binary_length(text).to_numpy().tobytes(), _joined(text)
    if pa.types.is_timestamp(kind):
        column, kind = column.cast(pa.int64()), pa.int64()
    values = column.fill_null(pa.scalar(0).cast(kind)).to_numpy()
    return (np.ascontiguousarray(values).tobytes(),)


def _joined(text: Any) -> bytes:
    """The bytes of a column's texts, one after another."""
    parts = []
    for chunk in text.chunks:
        _, offsets, content = chunk.buffers()
        if len(chunk) and content is not None:
            ends = np.frombuffer(offsets, np.int32)[chunk.offset : chunk.offset + len(chunk) + 1]
            parts.append(content[int(ends[0]) : int(ends[-1])].to_pybytes())
    return b"".join(parts)
