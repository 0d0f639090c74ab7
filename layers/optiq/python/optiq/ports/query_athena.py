"""SQL over the lake through Athena.

A statement names the lake's tables by their bare names; each becomes a WITH query that reads one organization's
partition only, so a statement cannot see another organization's rows. A statement that names the database
itself could step around that and is refused.
"""

import re
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from optiq.kernel.errors import UpstreamError
from optiq.kernel.lake_tables import PLATFORM
from optiq.kernel.manifest import lake_tables
from optiq.ports.athena_damage import AthenaDamage, UnreadableFileError, address_in
from optiq.ports.aws_client import AwsError, aws_client, upstream_error
from optiq.ports.lake_listing import files_of_days, pages_of
from optiq.ports.query import DamagedFile, Result, Value, stamp_of
from optiq.ports.query_arrow import fitted

if TYPE_CHECKING:
    import pyarrow as pa

RESULTS_PREFIX = "query-results"
"""Where answers lie in the lake's bucket, until they expire."""

_ORGANIZATION_ID = re.compile(r"org_[0-9A-HJKMNP-TV-Z]{26}|_platform")
_STARTS_WITH = re.compile(r"\s*WITH\s", re.IGNORECASE)
PATIENCE_SECONDS = 120.0
_FIRST_DELAY_SECONDS = 0.1
_LONGEST_DELAY_SECONDS = 1.0
_Answer = TypeVar("_Answer")


class AthenaQuery:
    """SELECT statements over the tables of a Glue database.

    Args:
        lake: `s3://bucket/prefix`, in whose bucket answers in columns are laid down.
    """

    def __init__(self, database: str, workgroup: str, lake: str) -> None:
        self._lake = lake.rstrip("/")
        self._database = database
        self._workgroup = workgroup
        self._results = f"s3://{lake.removeprefix('s3://').partition('/')[0]}/{RESULTS_PREFIX}"
        self._damage = AthenaDamage(lake)
        self._client = aws_client("athena")

    def run(self, sql: str, organization_id: str, parameters: Sequence[Value] = ()) -> Result:
        def ask(statement: str) -> Result:
            execution_id = self.start(statement, parameters)
            self._await(execution_id)
            return self.read(execution_id)

        return self._ask(sql, organization_id, ask)

    def arrow(
        self, sql: str, organization_id: str, schema: "pa.Schema", parameters: Sequence[Value] = ()
    ) -> "pa.Table":
        # UNLOAD wants a place where nothing lies, and writes files in parallel: their order means nothing
        # (https://docs.aws.amazon.com/athena/latest/ug/unload.html).
        def ask(statement: str) -> "pa.Table":
            place = f"{self._results}/unloaded/{secrets.token_hex(16)}/"
            unload = f"UNLOAD ({statement}) TO '{place}' WITH (format = 'PARQUET')"
            return fitted(_unloaded(self._await(self.start(unload, parameters)), schema), schema)

        return self._ask(sql, organization_id, ask)

    def damaged_files(self, organization_id: str, tables: Sequence[str]) -> list[DamagedFile]:
        owners = {name: _owner(name, organization_id) for name in tables}
        return [file for owner, file in self._damage.files() if owners.get(file.table) == owner]

    def stamp(self, organization_id: str, read: Mapping[str, tuple[str, str]]) -> str:
        bucket, _, prefix = self._lake.removeprefix("s3://").partition("/")
        pages = partial(pages_of, aws_client("s3"), bucket)
        found = []
        for name in sorted(read):
            files = files_of_days(
                pages, f"{prefix}/" if prefix else "", name, _owner(name, organization_id), *read[name]
            )
            found.append((name, [(file.day, file.name, file.stamp) for file in files]))
        return stamp_of(found)

    def _ask(self, sql: str, organization_id: str, ask: Callable[[str], _Answer]) -> _Answer:
        """What `ask` gets by the statement, without the files that cannot be read."""
        tries: Counter[str] = Counter()
        while True:
            statement = confine(sql, organization_id, self._database, self._damage.damaged_files())
            try:
                return ask(statement)
            except UnreadableFileError as error:
                if not self._damage.is_worth_another_try(error, tries):
                    raise
            except AwsError as error:
                raise upstream_error("the query did not run", error) from error

    def start(self, statement: str, parameters: Sequence[Value]) -> str:
        # Athena refuses an empty list, so the key stands only when there is something in it.
        extra = {"ExecutionParameters": [_literal(value) for value in parameters]} if parameters else {}
        answer = self._client.start_query_execution(
            QueryString=statement,
            QueryExecutionContext={"Database": self._database},
            WorkGroup=self._workgroup,
            **extra,
        )
        return str(answer["QueryExecutionId"])

    def _await(self, execution_id: str) -> Mapping[str, Any]:
        """The execution once it has succeeded."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        delay = _FIRST_DELAY_SECONDS
        while True:
            execution: dict[str, Any] = self._client.get_query_execution(QueryExecutionId=execution_id)[
                "QueryExecution"
            ]
            status = execution["Status"]
            if status["State"] == "SUCCEEDED":
                return execution
            if status["State"] in ("FAILED", "CANCELLED"):
                retryable = bool(status.get("AthenaError", {}).get("Retryable", False))
                reason = status.get("StateChangeReason", status["State"])
                if address := address_in(reason):
                    raise UnreadableFileError(f"the query failed: {reason}", address, retryable=retryable)
                raise UpstreamError(f"the query failed: {reason}", retryable=retryable)
            if time.monotonic() > deadline:
                self._client.stop_query_execution(QueryExecutionId=execution_id)
                raise UpstreamError("the query took too long", retryable=True)
            time.sleep(delay)
            delay = min(delay * 1.5, _LONGEST_DELAY_SECONDS)

    def read(self, execution_id: str) -> Result:
        columns: list[Mapping[str, Any]] = []
        rows: list[tuple[Value, ...]] = []
        for page in self._client.get_paginator("get_query_results").paginate(QueryExecutionId=execution_id):
            first_page = not columns
            columns = page["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]
            types = [str(column["Type"]) for column in columns]
            # The first row of the first page repeats the column names.
            rows.extend(_rows(page["ResultSet"]["Rows"][1 if first_page else 0 :], types))
        return Result(columns=tuple(str(column["Name"]) for column in columns), rows=rows)


def _unloaded(execution: Mapping[str, Any], schema: "pa.Schema") -> "pa.Table":
    """What an UNLOAD wrote; its manifest names the files, a line each."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    addresses = _content(execution["Statistics"]["DataManifestLocation"]).decode().split()
    files = [pq.read_table(pa.BufferReader(_content(address)), columns=schema.names) for address in addresses]
    return pa.concat_tables(files) if files else schema.empty_table()


def _content(address: str) -> bytes:
    """What an object holds. Raises AwsError."""
    bucket, _, key = address.removeprefix("s3://").partition("/")
    body: bytes = aws_client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    return body


def confine(sql: str, organization_id: str, database: str, without: Sequence[str] = ()) -> str:
    """The statement with every lake table it names narrowed to the organization's own partition.

    Args:
        without: addresses of files to leave out.

    Raises:
        UpstreamError: not an organization's id, or the statement names the database.
    """
    if not _ORGANIZATION_ID.fullmatch(organization_id):
        raise UpstreamError("the query failed: no such organization", retryable=False)
    if re.search(rf"\b{re.escape(database)}\b\"?\s*\.", sql, re.IGNORECASE):
        raise UpstreamError("the query failed: tables go by their bare names", retryable=False)
    views = [
        f"{name} AS (SELECT * FROM {database}.{name} WHERE org = '{_owner(name, organization_id)}'{_but(without)})"  # noqa: S608 - names are ours, the id is checked
        for name in lake_tables()
        if re.search(rf"\b{name}\b", sql, re.IGNORECASE)
    ]
    if not views:
        return sql
    own = _STARTS_WITH.match(sql)
    return f"WITH {', '.join(views)}{', ' if own else ' '}{sql[own.end() :] if own else sql}"


def _but(without: Sequence[str]) -> str:
    return f' AND "$path" NOT IN ({", ".join(map(_literal, without))})' if without else ""


def _owner(table: str, organization_id: str) -> str:
    return PLATFORM if lake_tables()[table].shared else organization_id


def _literal(value: Value) -> str:
    """A value as Athena takes an execution parameter: an SQL literal
    (https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements.html)."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return repr(value)


def _rows(rows: Sequence[Mapping[str, Any]], types: Sequence[str]) -> Iterator[tuple[Value, ...]]:
    for row in rows:
        fields = [field.get("VarCharValue") for field in row["Data"]]
        yield tuple(_value(text, kind) for text, kind in zip(fields, types, strict=True))


def _value(text: str | None, kind: str) -> Value:
    return None if text is None else _READERS.get(kind, str)(text)


def _decimal(text: str) -> Value:
    whole, _, fraction = text.partition(".")
    return float(text) if fraction.strip("0") else int(whole)


def _instant(text: str) -> str:
    """'2026-01-31 09:30:00.000' or '… UTC' becomes RFC 3339; sessions run in UTC."""
    return text.removesuffix(" UTC").replace(" ", "T", 1) + "Z"


def _boolean(text: str) -> bool:
    return text == "true"


_READERS: dict[str, Callable[[str], Value]] = {
    **dict.fromkeys(("tinyint", "smallint", "integer", "bigint"), int),
    **dict.fromkeys(("float", "real", "double"), float),
    **dict.fromkeys(("timestamp", "timestamp with time zone"), _instant),
    "decimal": _decimal,
    "boolean": _boolean,
}
