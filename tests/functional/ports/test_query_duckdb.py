"""The query port on DuckDB: Athena's meaning, one organization's files, nothing else."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from optiq.journeys.lake import TOUCHES
from optiq.kernel.errors import UpstreamError
from optiq.kernel.ids import id_from
from optiq.kernel.lake_tables import latest_rows
from optiq.ports.lake_folder import FolderLake
from optiq.ports.query_duckdb import DuckDBQuery

ORGANIZATION = id_from("org", 1, "ours")
NEIGHBOUR = id_from("org", 1, "theirs")

RATE = pa.schema(
    [("currency", pa.string()), ("day", pa.string()), ("rate_micros", pa.int64()), ("revision", pa.int64())]
)


def touches(*rows: tuple[str, int, str]) -> pa.Table:
    """Rows of (touch id, revision, channel), all at the same instant."""
    types = {"string": pa.string(), "bigint": pa.int64(), "timestamp": pa.timestamp("ms"), "boolean": pa.bool_()}
    schema = pa.schema([(name, types[kind]) for name, kind in TOUCHES.columns.items()])
    blank = dict.fromkeys(TOUCHES.columns, "") | {"occurred_at": 1_767_259_800_123}
    blank |= {"site_id": "site_1", "channel_rules_version": 0, "tagged": True, "deleted": False}
    return pa.Table.from_pylist(
        [blank | {"touch_id": touch, "revision": revision, "channel": channel} for touch, revision, channel in rows],
        schema=schema,
    )


@pytest.fixture
def lake(tmp_path: Path) -> FolderLake:
    return FolderLake(str(tmp_path / "it's a lake"))


@pytest.fixture
def query(tmp_path: Path) -> DuckDBQuery:
    return DuckDBQuery(str(tmp_path / "it's a lake"))


def test_a_table_goes_by_its_name(lake: FolderLake, query: DuckDBQuery) -> None:
    # GIVEN two days of touches
    lake.append("touches", ORGANIZATION, "2026-01-01", "a", touches(("t1", 1, "Email")))
    lake.append("touches", ORGANIZATION, "2026-01-02", "b", touches(("t2", 1, "Direct")))

    # WHEN they are read with a parameter
    result = query.run("SELECT touch_id, dt, org, occurred_at FROM touches WHERE channel = ?", ORGANIZATION, ["Email"])

    # THEN the row has its partition and its instant as text
    assert result.columns == ("touch_id", "dt", "org", "occurred_at")
    assert result.rows == [("t1", "2026-01-01", ORGANIZATION, "2026-01-01T09:30:00.123Z")]


@pytest.mark.parametrize("old_file", ["a", "z"])
def test_files_older_than_a_column_have_null_there(lake: FolderLake, query: DuckDBQuery, old_file: str) -> None:
    # GIVEN a day written before touches had a referrer, and one written since
    lake.append("touches", ORGANIZATION, "2026-01-01", old_file, touches(("t1", 1, "Email")).drop(["referrer_domain"]))
    assert query.run("SELECT touch_id, referrer_domain FROM touches", ORGANIZATION).rows == [("t1", None)]
    lake.append("touches", ORGANIZATION, "2026-01-01", "m", touches(("t2", 1, "Direct")))

    # THEN both are read
    rows = query.run("SELECT touch_id, referrer_domain FROM touches ORDER BY touch_id", ORGANIZATION).rows
    assert rows == [("t1", None), ("t2", "")]


def test_days_asked_for_limit_the_files_read(lake: FolderLake, query: DuckDBQuery, tmp_path: Path) -> None:
    # GIVEN one good day, and one whose file would fail to be read
    lake.append("touches", ORGANIZATION, "2026-01-01", "a", touches(("t1", 1, "Email")))
    torn = tmp_path / "it's a lake" / "touches" / f"org={ORGANIZATION}" / "dt=2026-01-02"
    torn.mkdir(parents=True)
    (torn / "b.parquet").write_bytes(b"not Parquet")

    # WHEN only the good day is asked for, by literals or by parameters
    literal = query.run("SELECT count(*) FROM touches WHERE dt BETWEEN '2026-01-01' AND '2026-01-01'", ORGANIZATION)
    days = ["2026-01-01", "2026-01-01"]
    bound = query.run("SELECT count(*) FROM touches WHERE dt BETWEEN ? AND ?", ORGANIZATION, days)

    # THEN the other file is never opened, which asking for it proves
    assert literal.rows == bound.rows == [(1,)]
    assert query.damaged_files(ORGANIZATION, ["touches"]) == []
    query.run("SELECT count(DISTINCT touch_id) FROM touches WHERE dt >= '2026-01-02'", ORGANIZATION)
    assert [file.day for file in query.damaged_files(ORGANIZATION, ["touches"])] == ["2026-01-02"]


def test_a_lake_without_files_is_empty(query: DuckDBQuery) -> None:
    for table in ("events", "touches", "conversions", "credits", "ad_metrics", "rates"):
        assert query.run(f"SELECT * FROM {table} WHERE dt = '2026-01-01'", ORGANIZATION).rows == []
    assert query.run("SELECT sum(linear_micros), count(*) FROM credits", ORGANIZATION).rows == [(None, 0)]


def test_only_the_latest_version_of_a_row_counts(lake: FolderLake, query: DuckDBQuery) -> None:
    # GIVEN a touch whose channel was corrected, and whose first version was written twice
    for name in ("a", "b"):
        lake.append("touches", ORGANIZATION, "2026-01-01", name, touches(("t1", 1, "Direct"), ("t2", 1, "Email")))
    lake.append("touches", ORGANIZATION, "2026-01-01", "c", touches(("t1", 2, "Display")))

    # WHEN the latest versions are read
    latest = latest_rows(TOUCHES, "dt = '2026-01-01'")
    sql = f"SELECT touch_id, channel FROM ({latest}) ORDER BY touch_id"

    # THEN each touch is there once, as it was last
    assert query.run(sql, ORGANIZATION).rows == [("t1", "Display"), ("t2", "Email")]


def test_another_organizations_rows_cannot_be_read(lake: FolderLake, query: DuckDBQuery, tmp_path: Path) -> None:
    # GIVEN a neighbour with a touch
    lake.append("touches", NEIGHBOUR, "2026-01-01", "a", touches(("secret", 1, "Email")))
    lake.append("touches", ORGANIZATION, "2026-01-01", "a", touches(("own", 1, "Email")))
    files = tmp_path / "it's a lake" / "touches" / f"org={NEIGHBOUR}" / "dt=2026-01-01" / "a.parquet"
    path = str(files).replace("'", "''")

    # WHEN the table is read, even by naming the neighbour
    assert query.run("SELECT touch_id FROM touches", ORGANIZATION).rows == [("own",)]
    assert query.run("SELECT touch_id FROM touches WHERE org = ?", ORGANIZATION, [NEIGHBOUR]).rows == []

    # THEN no other way to its files is open, and no answer says where they are
    for statement in (
        f"SELECT touch_id FROM read_parquet('{path}')",
        f"SELECT * FROM touches, read_parquet('{path}')",
        f"SELECT (SELECT max(touch_id) FROM read_parquet('{path}')) FROM touches",
        f"WITH t AS (SELECT * FROM parquet_scan('{path}')) SELECT * FROM t",
        f"SELECT * FROM TABLE(read_parquet('{path}'))",
        f'SELECT touch_id FROM "{files}"',
        f"SELECT * FROM glob('{tmp_path}/*')",
        f"SELECT * FROM '{tmp_path}/x.csv'",
        "SELECT * FROM duckdb_views()",
        "SELECT * FROM information_schema.tables",
        f"ATTACH '{tmp_path}/x.db'",
        f"COPY touches TO '{tmp_path}/x.csv'",
        "SELECT 1; SELECT 2",
        "DROP VIEW touches",
        "SET enable_external_access = true",
        "SELECT * INTO x FROM touches",
    ):
        with pytest.raises(UpstreamError) as caught:
            query.run(statement, ORGANIZATION)
        assert str(tmp_path) not in str(caught.value)


def test_the_engine_itself_refuses_other_files(lake: FolderLake, query: DuckDBQuery, tmp_path: Path) -> None:
    # GIVEN a connection as a statement gets it
    lake.append("touches", ORGANIZATION, "2026-01-01", "a", touches(("own", 1, "Email")))
    lake.append("touches", NEIGHBOUR, "2026-01-01", "a", touches(("secret", 1, "Email")))
    with query.databases.of(ORGANIZATION) as connection:
        query.open_tables(connection, ("touches",), ORGANIZATION)

        # WHEN it is asked for what no statement of ours could ask THEN the engine refuses too
        folder = str(tmp_path / "it's a lake" / "touches").replace("'", "''")
        for place in (f"org={NEIGHBOUR}", f"org={ORGANIZATION}/../org={NEIGHBOUR}", "*"):
            with pytest.raises(duckdb.PermissionException):
                connection.execute(f"SELECT * FROM read_parquet('{folder}/{place}/dt=2026-01-01/a.parquet')")
        with pytest.raises(duckdb.InvalidInputException):
            connection.execute("SET enable_external_access = true")


@pytest.mark.parametrize("organization_id", ["", "*", "org_*", "..", f"{NEIGHBOUR}/..", f"{NEIGHBOUR}\n", "_other"])
def test_only_an_organizations_id_names_an_organization(query: DuckDBQuery, organization_id: str) -> None:
    with pytest.raises(UpstreamError):
        query.run("SELECT 1 FROM touches", organization_id)


def test_rates_are_everybodys(lake: FolderLake, query: DuckDBQuery) -> None:
    rates = pa.Table.from_pylist(
        [{"currency": "USD", "day": "2026-01-02", "rate_micros": 1_171_900, "revision": 1}], schema=RATE
    )
    lake.append("rates", "_platform", "2026-01-02", "ecb", rates)
    for organization_id in (ORGANIZATION, NEIGHBOUR):
        assert query.run("SELECT currency, rate_micros FROM rates", organization_id).rows == [("USD", 1_171_900)]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("7 / 2", 3),
        ("date_diff('day', TIMESTAMP '2026-01-01 23:00:00', TIMESTAMP '2026-01-02 01:00:00')", 0),
        ("date_diff('hour', TIMESTAMP '2026-01-01 23:00:00', TIMESTAMP '2026-01-02 01:00:00')", 2),
        ("CAST(date_add('day', 1, DATE '2026-02-28') AS DATE)", "2026-03-01"),
        ("from_iso8601_timestamp('2026-01-01T00:00:00.5+02:00')", "2025-12-31T22:00:00.500Z"),
        ("CAST(9000000000000000 AS DECIMAL(38, 0)) * 160000000000", 9 * 16 * 10**25),
        ("sum(CAST(9223372036854775807 AS DECIMAL(38, 0)) * 2)", 18446744073709551614),
        ("CAST(2.5 AS DOUBLE)", 2.5),
        ("DECIMAL '2.50'", 2.5),
        ("count_if(1 = 1)", 1),
        ("if(1 = 2, 'a', 'b')", "b"),
        ("CAST(NULL AS VARCHAR)", None),
        ("1 = 1", True),
        ("to_unixtime(TIMESTAMP '1970-01-01 00:01:00')", 60.0),
        ("json_extract_scalar('{\"a\": \"b\"}', '$.a')", "b"),
    ],
)
def test_an_expression_means_what_it_means_in_athena(query: DuckDBQuery, expression: str, value: object) -> None:
    assert query.run(f"SELECT {expression} AS x", ORGANIZATION).rows == [(value,)]


def test_nulls_come_last_in_either_order(query: DuckDBQuery) -> None:
    for order in ("ASC", "DESC"):
        rows = query.run(f"SELECT x FROM (VALUES 1, NULL) AS v(x) ORDER BY x {order}", ORGANIZATION).rows
        assert rows == [(1,), (None,)]


@pytest.mark.parametrize(
    "sql",
    ["SELEC 1", "SELECT no_such_column FROM touches", "SELECT no_such_function(1)", "SELECT * FROM nowhere", "", ";",
     "SELECT current_timestamp AT TIME ZONE 'Asia/Tokyo'", "SELECT ARRAY[1, 2]"],
)  # fmt: skip
def test_a_statement_that_cannot_run_is_an_upstream_error(query: DuckDBQuery, sql: str) -> None:
    with pytest.raises(UpstreamError) as caught:
        query.run(sql, ORGANIZATION)
    assert not caught.value.retryable


def test_threads_may_share_it(lake: FolderLake, query: DuckDBQuery) -> None:
    # GIVEN two organizations with different numbers of touches
    lake.append("touches", ORGANIZATION, "2026-01-01", "a", touches(("t1", 1, "Email")))
    lake.append("touches", NEIGHBOUR, "2026-01-01", "a", touches(("t1", 1, "Email"), ("t2", 1, "Email")))

    # WHEN both are read at once, many times
    def count(organization_id: str) -> object:
        return query.run("SELECT count(*) FROM touches", organization_id).rows[0][0]

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(count, [ORGANIZATION, NEIGHBOUR] * 8))

    # THEN each got its own
    assert answers == [1, 2] * 8


def test_database_is_used_again_by_its_organization_alone(query: DuckDBQuery) -> None:
    with query.databases.of(ORGANIZATION) as first:
        first.execute("CREATE TABLE mark AS SELECT 1")
        first.execute("CREATE TEMP VIEW left_over AS SELECT 1")
        # WHEN a second statement runs meanwhile, or another organization's THEN it has another database
        for organization_id in (ORGANIZATION, NEIGHBOUR):
            with query.databases.of(organization_id) as second, pytest.raises(duckdb.CatalogException):
                second.execute("SELECT * FROM mark")

    # THEN the next statement has the first one's, without its views
    with query.databases.of(ORGANIZATION) as third:
        assert third.execute("SELECT * FROM mark").fetchall() == [(1,)]
        with pytest.raises(duckdb.CatalogException):
            third.execute("SELECT * FROM left_over")


def test_database_is_not_used_again_after_a_failure(query: DuckDBQuery) -> None:
    with query.databases.of(ORGANIZATION) as connection:
        connection.execute("CREATE TABLE mark AS SELECT 1")
    with pytest.raises(duckdb.Error), query.databases.of(ORGANIZATION) as connection:
        connection.execute("SELECT nonsense FROM mark")

    with query.databases.of(ORGANIZATION) as connection, pytest.raises(duckdb.CatalogException):
        connection.execute("SELECT * FROM mark")


def test_file_that_is_replaced_is_read_anew(lake: FolderLake, query: DuckDBQuery) -> None:
    for channel in ("Email", "Video"):
        lake.append("touches", ORGANIZATION, "2026-01-01", "a", touches(("t1", 1, channel)))

        assert query.run("SELECT channel FROM touches", ORGANIZATION).rows == [(channel,)]


def test_few_databases_are_kept(query: DuckDBQuery) -> None:
    organizations = [f"org_{'0' * 25}{number}" for number in range(9)]
    for organization_id in organizations:
        with query.databases.of(organization_id) as connection:
            connection.execute("CREATE TABLE mark AS SELECT 1")

    kept = []
    for organization_id in reversed(organizations):
        with query.databases.of(organization_id) as connection:
            kept.append(bool(connection.execute("FROM duckdb_tables() WHERE table_name = 'mark'").fetchall()))
    assert kept == [True] * 4 + [False] * 5
