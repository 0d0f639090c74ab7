"""Views of the lake's tables in DuckDB, over some of their files."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from optiq.kernel.lake_tables import ColumnType, LakeTable
from optiq.ports.lake import first_line

_TYPES: dict[ColumnType, str] = {
    "string": "VARCHAR",
    "bigint": "BIGINT",
    "double": "DOUBLE",
    "boolean": "BOOLEAN",
    "timestamp": "TIMESTAMP",
}


def all_in(folder: Path) -> list[Path]:
    """A pattern, for the engine lists files faster; nothing when there are none."""
    return [folder / "dt=*" / "*.parquet"] if next(folder.glob("dt=*/*.parquet"), None) else []


def view_of(table: LakeTable, files: Sequence[Path], *, mixed: bool) -> str:
    """The view of a table over files; with the same columns when there are none.

    `mixed`: some files are older than some of the table's columns, which are then null. It reads the schema of every
    file first, even of days that the query leaves out, and is therefore kept for when the quick way fails.
    """
    types = {name: _TYPES[kind] for name, kind in table.columns.items()} | {"org": "VARCHAR", "dt": "VARCHAR"}
    empty = f"SELECT {', '.join(f'CAST(NULL AS {kind}) AS {name}' for name, kind in types.items())} WHERE false"
    if not files:
        return f"CREATE TEMP VIEW {table.name} AS {empty}"
    columns = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in types.items())
    places = f"[{', '.join(quoted(str(path)) for path in files)}]"
    partitions = "hive_partitioning = true, hive_types = {'org': VARCHAR, 'dt': VARCHAR}"
    source = f"read_parquet({places}, {partitions})"
    if mixed:
        source = f"({empty} UNION ALL BY NAME SELECT * FROM read_parquet({places}, {partitions}, union_by_name = true))"  # noqa: S608
    return f"CREATE TEMP VIEW {table.name} AS SELECT {columns} FROM {source}"  # noqa: S608


def unreadable(table: LakeTable, path: Path) -> str:
    """Why reading all of a file fails, or ""."""
    with duckdb.connect(":memory:") as connection:
        try:
            connection.execute(view_of(table, [path], mixed=True))
            connection.execute(f"SELECT bit_xor(hash(rows)) FROM {table.name} AS rows").fetchall()  # noqa: S608
        except duckdb.Error as error:
            return first_line(error).replace(str(path), "it")
    return ""


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
