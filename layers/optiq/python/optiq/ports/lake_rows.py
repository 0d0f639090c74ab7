"""Rows of a lake table as Arrow, with the types kernel/lake_tables.py declares."""

import hashlib
from collections.abc import Mapping, Sequence

import pyarrow as pa

from optiq.kernel.lake_tables import ColumnType, LakeTable

_TYPES: dict[ColumnType, pa.DataType] = {
    "string": pa.string(),
    "bigint": pa.int64(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "timestamp": pa.timestamp("ms"),
}


def arrow_schema(table: LakeTable, *columns: str) -> pa.Schema:
    """The table's columns, or these of them."""
    return pa.schema([(name, _TYPES[table.columns[name]]) for name in columns or table.columns])


def arrow_table(table: LakeTable, rows: Sequence[Mapping[str, object]]) -> pa.Table:
    """Rows by column name; timestamps are milliseconds since the epoch, UTC. A column a row lacks is null."""
    return pa.Table.from_pylist(list(rows), schema=arrow_schema(table))


def arrow_columns(table: LakeTable, columns: Mapping[str, Sequence[object]], same: Mapping[str, object]) -> pa.Table:
    """Rows by whole columns, which is several times as fast as row by row; `same` are values that all rows have.

    Together they are the columns of the table; there is one row at least.
    """
    count = len(next(iter(columns.values())))
    schema = arrow_schema(table)
    return pa.table(
        [
            pa.repeat(pa.scalar(same[each.name], each.type), count)
            if each.name in same
            else pa.array(columns[each.name], each.type)
            for each in schema
        ],
        schema=schema,
    )


def name_of(prefix: str, content: Sequence[object]) -> str:
    """A file's name that the same content always has, so that writing it again replaces the file."""
    return f"{prefix}-{hashlib.blake2b(repr(content).encode(), digest_size=16).hexdigest()}"
