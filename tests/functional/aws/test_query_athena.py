"""The query port on Athena."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
import sqlglot
from moto.athena.models import athena_backends
from optiq.attribution import lake_reading
from optiq.kernel.errors import UpstreamError
from optiq.ports.aws_client import aws_client
from optiq.ports.lake_s3 import S3Lake
from optiq.ports.query_athena import AthenaQuery, confine
from optiq.reports import sql as report_sql
from optiq.reports.costs.accounts import EVERY_CAMPAIGN, Costs, Owner, ReadDays
from optiq.reports.costs.rows import CostRows
from optiq.reports.costs.sql import cost_rows
from optiq.reports.domain import DayRange, Offset
from optiq.reports.events import listing
from optiq.reports.events.contracts import EventFilter
from optiq.reports.statements import Sql
from sqlglot import exp

ORGANIZATION = "org_01JB0000000000000000000000"
JANUARY = DayRange(date(2026, 1, 1), date(2026, 1, 31), ZoneInfo("UTC"))
_TOKYO = ("GOOGLE_ADS", "901")
IN_TOKYO = Costs(
    (Owner(*_TOKYO, EVERY_CAMPAIGN, "s", "google", "cpc", "Paid Search", "Acme", "Asia/Tokyo"),),
    accounts=(ReadDays(*_TOKYO, "Acme", "Asia/Tokyo", True, (), (), "2026-01-31"),),
)
"""An account whose hours and unread days a statement looks at."""


@pytest.fixture
def query(monkeypatch: pytest.MonkeyPatch) -> AthenaQuery:
    adapter = AthenaQuery("optiq", "primary", "s3://optiq-lake/lake")
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    return adapter


def _answer(columns: list[tuple[str, str]], rows: list[list[str | None]]) -> dict[str, Any]:
    """A page of GetQueryResults."""
    info = [{"Name": name, "Type": kind} for name, kind in columns]
    data = [{"Data": [{"VarCharValue": v} if v is not None else {} for v in row]} for row in rows]
    return {"ResultSet": {"Rows": data, "ResultSetMetadata": {"ColumnInfo": info}}}


def _pages(query: AthenaQuery, monkeypatch: pytest.MonkeyPatch, *pages: dict[str, Any]) -> None:
    class Paginator:
        def paginate(self, **_arguments: str) -> list[dict[str, Any]]:
            return list(pages)

    monkeypatch.setattr(query._client, "get_paginator", lambda _name: Paginator())


def test_values_come_as_what_they_are(query: AthenaQuery, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a row of every type, and one of nothing
    kinds = ["varchar", "bigint", "double", "boolean", "decimal", "decimal", "timestamp", "timestamp with time zone"]
    columns = [(f"c{number}", kind) for number, kind in enumerate(kinds)]
    full = ["é", "-7", "0.25", "true", "12.00", "12.50", "2026-01-31 09:30:00.000", "2026-01-31 09:30:00.001 UTC"]
    header: list[str | None] = [name for name, _ in columns]
    _pages(query, monkeypatch, _answer(columns, [header, [*full], [None] * len(kinds)]))

    # When they are read
    result = query.run("SELECT 1", ORGANIZATION)

    # Then numbers are numbers, and nothing is nothing
    instants = ("2026-01-31T09:30:00.000Z", "2026-01-31T09:30:00.001Z")
    assert result.columns == tuple(header)
    assert result.rows == [("é", -7, 0.25, True, 12, 12.5, *instants), (None,) * len(kinds)]
    assert isinstance(result.rows[0][4], int)


def test_the_header_is_left_out_of_the_first_page_only(query: AthenaQuery, monkeypatch: pytest.MonkeyPatch) -> None:
    columns = [("n", "bigint")]
    _pages(query, monkeypatch, _answer(columns, [["n"], ["1"]]), _answer(columns, [["2"]]), _answer(columns, [["3"]]))

    assert query.run("SELECT 1", ORGANIZATION).rows == [(1,), (2,), (3,)]


def test_parameters_are_literals_and_cannot_break_out(query: AthenaQuery) -> None:
    query.run("SELECT ?, ?, ?, ?", ORGANIZATION, ["O'Brien' OR 'a' = 'a", 7, None, True])

    (execution,) = athena_backends["123456789012"]["us-east-1"].executions.values()
    assert execution.execution_parameters == ["'O''Brien'' OR ''a'' = ''a'", "7", "NULL", "true"]


@pytest.mark.parametrize(("state", "retryable"), [("FAILED", True), ("FAILED", False), ("CANCELLED", False)])
def test_a_failed_query_is_an_error(
    query: AthenaQuery, monkeypatch: pytest.MonkeyPatch, state: str, retryable: bool
) -> None:
    # Given a query that runs for a while and then fails
    states = iter(["QUEUED", "RUNNING", state])

    def get_query_execution(**_arguments: str) -> dict[str, Any]:
        status = {"State": next(states), "StateChangeReason": "SYNTAX_ERROR", "AthenaError": {"Retryable": retryable}}
        return {"QueryExecution": {"Status": status}}

    monkeypatch.setattr(query._client, "get_query_execution", get_query_execution)

    # Then the error says why, and whether trying again helps
    with pytest.raises(UpstreamError, match="SYNTAX_ERROR") as raised:
        query.run("SELECT 1", ORGANIZATION)
    assert raised.value.retryable is retryable


def test_a_query_that_never_ends_is_stopped(query: AthenaQuery, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped: list[str] = []
    running = {"QueryExecution": {"Status": {"State": "RUNNING"}}}
    monkeypatch.setattr(query._client, "get_query_execution", lambda **_arguments: running)

    def stop_query_execution(**arguments: str) -> None:
        stopped.append(arguments["QueryExecutionId"])

    monkeypatch.setattr(query._client, "stop_query_execution", stop_query_execution)
    monkeypatch.setattr("optiq.ports.query_athena.PATIENCE_SECONDS", -1.0)

    with pytest.raises(UpstreamError) as raised:
        query.run("SELECT 1", ORGANIZATION)

    assert raised.value.retryable
    assert len(stopped) == 1


def test_a_missing_workgroup_is_an_error() -> None:
    with pytest.raises(UpstreamError):
        AthenaQuery("optiq", "no-such-workgroup", "s3://optiq-lake/lake").run("SELECT 1", ORGANIZATION)


@pytest.mark.parametrize(
    "sql",
    [
        report_sql.attribution(
            report_sql.Ledger(
                ("LINEAR", "MARKOV"), "channel", (Offset(0, 3600), Offset(1_700_000_000_000, 7200)), True, True
            )
        ),
        report_sql.spend("campaign", cost_rows(CostRows(Sql("site_id = ?", ("s",)), JANUARY, IN_TOKYO))),
        listing._filtered(EventFilter(name="a", left_out="ANY", only_warned=True), ("", "", 0, ""))[0],
        *lake_reading._CONTENTS.values(),
        lake_reading._CONVERSIONS,
        lake_reading._credits_of_conversion(as_of=True),
        lake_reading._CREDITS,
        "SELECT * FROM touches",
        "select count(*) from TOUCHES t join conversions c on t.customer_id = c.customer_id order by 1",
        "WITH late AS (SELECT * FROM credits) SELECT * FROM late",
        "\n  with a as (select 1 from touches), b as (select * from a) select * from b union select 1 from events",
    ],
)
def test_every_lake_table_is_narrowed_to_the_organization(sql: str) -> None:
    statement = sqlglot.parse_one(confine(sql, ORGANIZATION, "optiq"), read="trino")

    # Then only our own WITH queries reach the database, each behind the organization's partition
    reached = [table for table in statement.find_all(exp.Table) if table.db]
    assert reached
    for table in reached:
        select = table.find_ancestor(exp.Select)
        assert select is not None
        owner = "_platform" if table.name == "rates" else ORGANIZATION
        assert select.args["where"].sql() == f"WHERE org = '{owner}'"
    bound = {query.alias for query in statement.find_all(exp.CTE)}
    named = {table.name.lower() for table in statement.find_all(exp.Table) if not table.db}
    assert named <= bound


def test_exchange_rates_are_everybodys() -> None:
    assert confine("SELECT * FROM rates", ORGANIZATION, "optiq") == (
        "WITH rates AS (SELECT * FROM optiq.rates WHERE org = '_platform') SELECT * FROM rates"
    )


@pytest.mark.parametrize(
    "sql", ["SELECT * FROM optiq.touches", 'SELECT * FROM "optiq"."touches"', "SELECT * FROM OPTIQ . touches"]
)
def test_a_statement_cannot_name_the_database_itself(sql: str) -> None:
    with pytest.raises(UpstreamError, match="bare names"):
        confine(sql, ORGANIZATION, "optiq")


@pytest.mark.parametrize("organization_id", ["", "_other", "org_1' OR '1' = '1", f"{ORGANIZATION}'", "org_lower"])
def test_only_an_organizations_id_gets_into_a_statement(organization_id: str) -> None:
    with pytest.raises(UpstreamError):
        confine("SELECT * FROM touches", organization_id, "optiq")


def test_the_stamp_of_a_listing_changes_with_its_files(query: AthenaQuery) -> None:
    aws_client("s3").create_bucket(Bucket="optiq-lake")
    lake = S3Lake("s3://optiq-lake/lake")
    read = {"touches": ("2026-01-30", "2026-01-31"), "rates": ("2026-01-01", "2026-01-31")}

    def stamp() -> str:
        return query.stamp(ORGANIZATION, read)

    stamps = [stamp()]
    for day, owner, table in (
        ("2026-01-31", ORGANIZATION, "touches"),
        ("2026-01-30", ORGANIZATION, "touches"),
        ("2026-01-02", "_platform", "rates"),
    ):
        lake.append(table, owner, day, "a", pa.table({"n": [1]}))
        stamps.append(stamp())
    lake.append("touches", ORGANIZATION, "2026-01-31", "a", pa.table({"n": [2]}))
    stamps.append(stamp())
    assert len(set(stamps)) == 5
    # Neither other days nor other organizations change it.
    lake.append("touches", ORGANIZATION, "2026-02-01", "a", pa.table({"n": [1]}))
    lake.append("touches", "org_01JB0000000000000000000001", "2026-01-31", "a", pa.table({"n": [1]}))
    assert stamp() == stamps[-1]
