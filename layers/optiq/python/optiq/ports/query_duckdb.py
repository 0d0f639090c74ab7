"""The query port on DuckDB: Athena's SQL, translated, over a lake folder.

Each call gets a database of its own in memory that holds a view for each lake table the statement names, over the
organization's own files, and that may open nothing else: DuckDB itself refuses every other path.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import duckdb

from optiq.kernel.clock import to_rfc3339
from optiq.kernel.errors import UpstreamError
from optiq.kernel.lake_tables import PLATFORM, RATES, TABLES, ColumnType, LakeTable
from optiq.ports.query import Result, Value
from optiq.ports.query_arrow import fitted

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlglot import exp

_ORGANIZATION_ID = re.compile(r"org_[0-9A-HJKMNP-TV-Z]{26}")
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - the lake's timestamps carry no offset
_TYPES: dict[ColumnType, str] = {
    "string": "VARCHAR",
    "bigint": "BIGINT",
    "double": "DOUBLE",
    "boolean": "BOOLEAN",
    "timestamp": "TIMESTAMP",
}
_ZONED = "TIMESTAMP WITH TIME ZONE"
_BOUNDS: dict[str, str | bool | int | float | list[str]] = {"memory_limit": "25%"}
"""Of the machine's memory, for one statement: DuckDB's own 80 % would let two statements at once exhaust it."""
_Answer = TypeVar("_Answer")


class DuckDBQuery:
    """SELECT statements over `<lake_root>/<table>/org=<id>/dt=<day>/*.parquet`. Safe to share between threads."""

    def __init__(self, lake_root: str) -> None:
        self._root = Path(lake_root).resolve()

    def run(self, sql: str, organization_id: str, parameters: Sequence[Value] = ()) -> Result:
        return self._ask(sql, organization_id, lambda lake, statement: _fetch(lake, statement, parameters))

    def arrow(
        self, sql: str, organization_id: str, schema: "pa.Schema", parameters: Sequence[Value] = ()
    ) -> "pa.Table":
        def fetch(lake: duckdb.DuckDBPyConnection, statement: str) -> "pa.Table":
            answer: pa.Table = lake.sql(statement, params=list(parameters)).to_arrow_table()
            return answer

        return fitted(self._ask(sql, organization_id, fetch), schema)

    def _ask(
        self, sql: str, organization_id: str, fetch: Callable[[duckdb.DuckDBPyConnection, str], _Answer]
    ) -> _Answer:
        """What `fetch` gets by the statement in DuckDB's form, over the organization's files."""
        if not _ORGANIZATION_ID.fullmatch(organization_id):
            raise UpstreamError("the query failed: no such organization", retryable=False)
        statement, tables = _translate(sql)
        try:
            try:
                return self._over(tables, organization_id, statement, fetch, mixed=False)
            except (duckdb.BinderException, duckdb.InvalidInputException):
                return self._over(tables, organization_id, statement, fetch, mixed=True)
        except duckdb.Error as error:
            raise UpstreamError(f"the query failed ({type(error).__name__})", retryable=False) from error

    def _over(
        self,
        tables: Sequence[str],
        organization_id: str,
        statement: str,
        fetch: Callable[[duckdb.DuckDBPyConnection, str], _Answer],
        *,
        mixed: bool,
    ) -> _Answer:
        with duckdb.connect(":memory:", config=_BOUNDS) as lake:
            self._open(lake, tables, organization_id, mixed=mixed)
            return fetch(lake, statement)

    def _open(
        self, connection: duckdb.DuckDBPyConnection, tables: Sequence[str], organization_id: str, *, mixed: bool = False
    ) -> None:
        """Makes the views, then closes everything but their folders for good."""
        # What Athena does: whole-number division, nulls last, instants without an offset are UTC.
        connection.execute("SET integer_division = true; SET default_null_order = 'nulls_last'; SET TimeZone = 'UTC'")
        folders = []
        for name in tables:
            owner = PLATFORM if name == RATES.name else organization_id
            folder = self._root / name / f"org={owner}"
            connection.execute(_view(TABLES[name], folder, mixed=mixed))
            folders.append(f"{folder}/")
        allowed = ", ".join(_quoted(folder) for folder in folders)
        connection.execute(f"SET allowed_directories = [{allowed}]")
        connection.execute("SET enable_external_access = false; SET lock_configuration = true")


def _view(table: LakeTable, folder: Path, *, mixed: bool) -> str:
    """The view of a table over one organization's files; with the same columns when there are none.

    `mixed`: some files are older than some of the table's columns, which are then null. It reads the schema of every
    file first, even of days that the query leaves out, and is therefore kept for when the quick way fails.
    """
    types = {name: _TYPES[kind] for name, kind in table.columns.items()} | {"org": "VARCHAR", "dt": "VARCHAR"}
    empty = f"SELECT {', '.join(f'CAST(NULL AS {kind}) AS {name}' for name, kind in types.items())} WHERE false"
    if next(folder.glob("dt=*/*.parquet"), None) is None:
        return f"CREATE VIEW {table.name} AS {empty}"
    columns = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in types.items())
    files = _quoted(f"{folder}/dt=*/*.parquet")
    partitions = "hive_partitioning = true, hive_types = {'org': VARCHAR, 'dt': VARCHAR}"
    source = f"read_parquet({files}, {partitions})"
    if mixed:
        source = f"({empty} UNION ALL BY NAME SELECT * FROM read_parquet({files}, {partitions}, union_by_name = true))"  # noqa: S608
    return f"CREATE VIEW {table.name} AS SELECT {columns} FROM {source}"  # noqa: S608


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _fetch(connection: duckdb.DuckDBPyConnection, statement: str, parameters: Sequence[Value]) -> Result:
    cursor = connection.execute(statement, list(parameters))
    columns = [(str(column[0]), str(column[1])) for column in cursor.description or ()]
    if any(kind == _ZONED for _, kind in columns):
        # DuckDB hands such instants to Python only with pytz at hand; as UTC timestamps they need nothing.
        fields = [f"#{at}" + " AT TIME ZONE 'UTC'" * (kind == _ZONED) for at, (_, kind) in enumerate(columns, 1)]
        cursor = connection.execute(f"SELECT {', '.join(fields)} FROM ({statement})", list(parameters))  # noqa: S608
    return Result(tuple(name for name, _ in columns), [tuple(map(_value, row)) for row in cursor.fetchall()])


def _value(value: object) -> Value:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime):
        return to_rfc3339((value - _EPOCH) // timedelta(milliseconds=1))
    if isinstance(value, date):
        return value.isoformat()
    raise UpstreamError(f"the query failed: it returns a {type(value).__name__}", retryable=False)


@lru_cache(maxsize=256)
def _translate(sql: str) -> tuple[str, tuple[str, ...]]:
    """DuckDB's form of one SELECT in Athena's dialect, and the lake tables it names.

    Raises:
        UpstreamError: not one SELECT over the lake's tables alone.
    """
    # Imported late: a tenth of a second, which only the process that asks should pay.
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    try:
        statements = sqlglot.parse(sql, read="trino")
        if len(statements) != 1 or not isinstance(statements[0], exp.Query):
            raise UpstreamError("the query failed: it is not one SELECT", retryable=False)
        return statements[0].transform(_in_duckdb).sql(dialect="duckdb"), _tables_of(statements[0])
    except SqlglotError as error:
        raise UpstreamError("the query failed: it cannot be read as SQL", retryable=False) from error


def _tables_of(statement: "exp.Query") -> tuple[str, ...]:
    """The lake tables a statement names. Raises UpstreamError when it reads from anything else."""
    from sqlglot import exp

    own = {query.alias.lower() for query in statement.find_all(exp.CTE)}
    named = set()
    for table in statement.find_all(exp.Table):
        if not isinstance(table.this, exp.Identifier) or table.db:
            raise UpstreamError("the query failed: it reads from something other than a table", retryable=False)
        named.add(table.name.lower())
    if not named - own <= TABLES.keys():
        raise UpstreamError("the query failed: the lake has no such table", retryable=False)
    return tuple(sorted(named & TABLES.keys()))


def _in_duckdb(node: "exp.Expression") -> "exp.Expression":
    """Where sqlglot's translation means something else than Trino does."""
    from sqlglot import exp

    if isinstance(node, exp.DateDiff):
        # Trino counts whole units that passed; DuckDB's date_diff counts boundaries crossed, its date_sub does not.
        unit = exp.Literal.string(str(node.args["unit"].name).lower())
        return exp.Anonymous(this="date_sub", expressions=[unit, node.expression, node.this])
    if isinstance(node, exp.DataType) and node.sql(dialect="trino").upper() == "DECIMAL(38, 0)":
        # DuckDB divides decimals as doubles, 128-bit integers exactly.
        return exp.DataType(this=exp.DataType.Type.INT128)
    if isinstance(node, exp.AtTimeZone):
        # On an instant without an offset the two read it in opposite directions.
        raise UpstreamError("the query failed: AT TIME ZONE is not portable", retryable=False)
    return node
