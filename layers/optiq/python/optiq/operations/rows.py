"""The rows of a merged file: in the table's own columns, each once."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

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
