"""The query port on DuckDB: Athena's SQL, translated, over a lake folder.

Each call gets a database in memory with a view for each lake table that the statement names, over the organization's
own files. The database may open nothing else: DuckDB itself refuses every other path.

Files may be removed between listing and opening (the lake is being merged): the query then lists them anew. Files that
cannot be read are left out, and named (`damaged_files`).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import duckdb

from optiq.kernel.clock import to_rfc3339
from optiq.kernel.errors import UpstreamError
from optiq.kernel.lake_tables import PLATFORM
from optiq.kernel.manifest import lake_tables
from optiq.ports.duckdb_databases import Databases
from optiq.ports.duckdb_views import all_in, unreadable, view_of
from optiq.ports.lake_damage import DamagedFiles, files_in, listed
from optiq.ports.lake_days import days_of
from optiq.ports.query import DamagedFile, Result, Value, stamp_of
from optiq.ports.query_arrow import fitted

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlglot import exp

_ORGANIZATION_ID = re.compile(r"org_[0-9A-HJKMNP-TV-Z]{26}|_platform")
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - the lake's timestamps carry no offset
_ZONED = "TIMESTAMP WITH TIME ZONE"
_OF_FILES = (
    duckdb.IOException,
    duckdb.InvalidInputException,
    duckdb.InternalException,
    duckdb.SerializationException,
    duckdb.ConversionException,
    duckdb.OutOfMemoryException,
)
_LISTINGS = 10
"""So often files may be gone before they were opened; each time they are listed anew."""
_Answer = TypeVar("_Answer")


class DuckDBQuery:
    """SELECT statements over `<lake_root>/<table>/org=<id>/dt=<day>/*.parquet`. Safe to share between threads."""

    def __init__(self, lake_root: str) -> None:
        self._root = Path(lake_root).resolve()
        self._damaged = DamagedFiles(self._root)
        self.databases = Databases(
            lambda organization_id: [self._folder(name, organization_id) for name in lake_tables()]
        )

    def run(self, sql: str, organization_id: str, parameters: Sequence[Value] = ()) -> Result:
        return self._ask(sql, organization_id, parameters, lambda lake, statement: _fetch(lake, statement, parameters))

    def arrow(
        self, sql: str, organization_id: str, schema: "pa.Schema", parameters: Sequence[Value] = ()
    ) -> "pa.Table":
        def fetch(lake: duckdb.DuckDBPyConnection, statement: str) -> "pa.Table":
            answer: pa.Table = lake.sql(statement, params=list(parameters)).to_arrow_table()
            return answer

        return fitted(self._ask(sql, organization_id, parameters, fetch), schema)

    def damaged_files(self, organization_id: str, tables: Sequence[str]) -> list[DamagedFile]:
        found = [
            DamagedFile(name, path.parent.name.removeprefix("dt="), str(path.relative_to(self._root)))
            for name in tables
            for path in self._damaged.among(self._folder(name, organization_id))
        ]
        return sorted(found, key=lambda file: file.path)

    def stamp(self, organization_id: str, read: Mapping[str, tuple[str, str]]) -> str:
        return stamp_of(
            [(name, sorted(listed(self._folder(name, organization_id), *read[name]))) for name in sorted(read)]
        )

    def _folder(self, table: str, organization_id: str) -> Path:
        return self._root / table / f"org={PLATFORM if lake_tables()[table].shared else organization_id}"

    def _ask(
        self,
        sql: str,
        organization_id: str,
        parameters: Sequence[Value],
        fetch: Callable[[duckdb.DuckDBPyConnection, str], _Answer],
    ) -> _Answer:
        """What `fetch` gets by the statement in DuckDB's form, over the organization's files."""
        if not _ORGANIZATION_ID.fullmatch(organization_id):
            raise UpstreamError("the query failed: no such organization", retryable=False)
        statement, tables = _translate(sql)
        days = days_of(sql, parameters, tables)
        mixed, listings = False, 0
        while True:
            for name in tables:
                self._damaged.verify(self._folder(name, organization_id), *days)
            try:
                return self._over(tables, organization_id, statement, fetch, mixed=mixed)
            except duckdb.Error as error:
                if _is_gone(error) and listings < _LISTINGS:
                    listings += 1
                elif not mixed:
                    mixed = True
                    for name in tables:
                        self._damaged.look(lake_tables()[name], self._folder(name, organization_id))
                elif not self._found_inside(tables, organization_id, error):
                    raise UpstreamError(f"the query failed ({type(error).__name__})", retryable=False) from error

    def _found_inside(self, tables: Sequence[str], organization_id: str, error: duckdb.Error) -> bool:
        """Whether an error comes of a file that was not known to be damaged."""
        if not _may_be_of_a_file(error):
            return False
        folders = [(lake_tables()[name], self._folder(name, organization_id)) for name in tables]
        return sum(self._damaged.look_inside(*folder, str(error), unreadable) for folder in folders) > 0

    def _over(
        self,
        tables: Sequence[str],
        organization_id: str,
        statement: str,
        fetch: Callable[[duckdb.DuckDBPyConnection, str], _Answer],
        *,
        mixed: bool,
    ) -> _Answer:
        with self.databases.of(organization_id) as lake:
            self.open_tables(lake, tables, organization_id, mixed=mixed)
            return fetch(lake, statement)

    def open_tables(
        self, connection: duckdb.DuckDBPyConnection, tables: Sequence[str], organization_id: str, *, mixed: bool = False
    ) -> None:
        """Makes the views."""
        for name in tables:
            folder = self._folder(name, organization_id)
            damaged = self._damaged.among(folder)
            files = [path for path in files_in(folder) if path not in damaged] if damaged else all_in(folder)
            connection.execute(view_of(lake_tables()[name], files, mixed=mixed))


def _is_gone(error: duckdb.Error) -> bool:
    """Whether a file was removed between listing and opening it."""
    message = str(error)
    return isinstance(error, duckdb.IOException) and ("No such file" in message or "No files found" in message)


def _may_be_of_a_file(error: duckdb.Error) -> bool:
    """Some damage comes as an error of no kind at all. What is wrong with a statement has a kind of its own."""
    return type(error) is duckdb.Error or isinstance(error, _OF_FILES)


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
        tables = _tables_of(statements[0])
        # In place: copies of the tree would take a third of the time.
        return statements[0].transform(_in_duckdb, copy=False).sql(dialect="duckdb", copy=False), tables
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
    if not named - own <= lake_tables().keys():
        raise UpstreamError("the query failed: the lake has no such table", retryable=False)
    return tuple(sorted(named & lake_tables().keys()))


def _in_duckdb(node: "exp.Expression") -> "exp.Expression":
    """Where sqlglot's translation means something else than Trino does."""
    from sqlglot import exp

    if isinstance(node, exp.DateDiff):
        # Trino counts whole units that passed; DuckDB's date_diff counts boundaries crossed, its date_sub does not.
        unit = exp.Literal.string(str(node.args["unit"].name).lower())
        return exp.Anonymous(this="date_sub", expressions=[unit, node.expression, node.this])
    is_decimal = isinstance(node, exp.DataType) and node.this == exp.DataType.Type.DECIMAL
    if is_decimal and node.sql(dialect="trino").upper() == "DECIMAL(38, 0)":
        # DuckDB divides decimals as doubles, 128-bit integers exactly.
        return exp.DataType(this=exp.DataType.Type.INT128)
    if isinstance(node, exp.AtTimeZone):
        # On an instant without an offset the two read it in opposite directions.
        raise UpstreamError("the query failed: AT TIME ZONE is not portable", retryable=False)
    return node
