"""Files that Athena cannot read: it names them, one after another, and they are left out."""

from typing import Any

import pytest
from optiq.kernel.errors import UpstreamError
from optiq.ports.aws_client import aws_client
from optiq.ports.query import DamagedFile
from optiq.ports.query_athena import AthenaQuery

ORGANIZATION = "org_01JB0000000000000000000000"
NEIGHBOUR = "org_01JB0000000000000000000001"
SQL = "SELECT count(*) FROM touches JOIN rates ON 1 = 1"


def place(name: str, table: str = "touches", owner: str = ORGANIZATION) -> str:
    return f"{table}/org={owner}/dt=2026-01-31/{name}.parquet"


REASONS = {
    "open": "HIVE_CANNOT_OPEN_SPLIT: Error opening Hive split {} (offset=0, length=9): Not valid Parquet file: {}",
    "bad data": "HIVE_BAD_DATA: Not valid Parquet file: {}",
    "cursor": "HIVE_CURSOR_ERROR: Failed to read Parquet file: {}",
}


class Athena:
    """Fails at the first damaged file that a statement does not leave out."""

    def __init__(self, query: AthenaQuery, monkeypatch: pytest.MonkeyPatch) -> None:
        self.damaged: list[str] = []
        self.flaky: list[str] = []
        self.statements: list[str] = []
        self.reason = REASONS["open"]
        monkeypatch.setattr(query, "start", lambda statement, _: self.statements.append(statement) or "1")
        monkeypatch.setattr(query._client, "get_query_execution", self._execution)
        monkeypatch.setattr(query, "read", lambda _: "answer")

    def _execution(self, **_: str) -> dict[str, Any]:
        statement = self.statements[-1]
        at = [self.flaky.pop()] if self.flaky else [file for file in self.damaged if file not in statement]
        if not at:
            return {"QueryExecution": {"Status": {"State": "SUCCEEDED"}}}
        reason = self.reason.replace("{}", f"s3://optiq-lake/lake/{at[0]}")
        return {"QueryExecution": {"Status": {"State": "FAILED", "StateChangeReason": reason}}}


def put(name: str, content: bytes = b"not Parquet") -> str:
    aws_client("s3").put_object(Bucket="optiq-lake", Key=f"lake/{name}", Body=content)
    return name


@pytest.fixture
def query(monkeypatch: pytest.MonkeyPatch) -> AthenaQuery:
    aws_client("s3").create_bucket(Bucket="optiq-lake")
    return AthenaQuery("optiq", "primary", "s3://optiq-lake/lake")


@pytest.fixture
def athena(query: AthenaQuery, monkeypatch: pytest.MonkeyPatch) -> Athena:
    return Athena(query, monkeypatch)


@pytest.mark.parametrize("kind", REASONS)
def test_damaged_files_are_left_out_and_named(query: AthenaQuery, athena: Athena, kind: str) -> None:
    # Given three damaged files, one of them everybody's
    athena.damaged = [put(place("a")), put(place("b")), put(place("ecb", "rates", "_platform"))]
    athena.reason = REASONS[kind]

    # When a query is asked for rows, and another for columns of which nothing comes
    answer: object = query.run(SQL, ORGANIZATION)

    # Then it is answered, and those left out are told to those they concern
    assert answer == "answer"
    assert query.damaged_files(ORGANIZATION, ["touches", "rates"]) == [
        DamagedFile("rates", "2026-01-31", athena.damaged[2]),
        DamagedFile("touches", "2026-01-31", athena.damaged[0]),
        DamagedFile("touches", "2026-01-31", athena.damaged[1]),
    ]
    assert query.damaged_files(ORGANIZATION, ["credits"]) == []
    assert [file.table for file in query.damaged_files(NEIGHBOUR, ["touches", "rates"])] == ["rates"]
    # And the next query is asked once.
    before = len(athena.statements)
    query.run(SQL, ORGANIZATION)
    assert len(athena.statements) == before + 1


def test_a_file_that_failed_once_is_not_damaged(query: AthenaQuery, athena: Athena) -> None:
    athena.flaky = [put(place("a"))]
    query.run(SQL, ORGANIZATION)
    assert query.damaged_files(ORGANIZATION, ["touches"]) == []
    assert "$path" not in athena.statements[-1]


def test_a_file_that_is_gone_is_not_damaged(query: AthenaQuery, athena: Athena) -> None:
    athena.flaky = [place("merged-meanwhile")] * 3
    query.run(SQL, ORGANIZATION)
    assert query.damaged_files(ORGANIZATION, ["touches"]) == []


def test_a_file_that_was_put_right_is_read_again(query: AthenaQuery, athena: Athena) -> None:
    athena.damaged = [put(place("a"))]
    query.run(SQL, ORGANIZATION)
    athena.damaged = []
    put(place("a"), b"whole")

    assert query.damaged_files(ORGANIZATION, ["touches"]) == []
    query.run(SQL, ORGANIZATION)
    assert "$path" not in athena.statements[-1]


@pytest.mark.parametrize(
    "reason",
    [
        "HIVE_BAD_DATA: Not valid Parquet file: s3://elsewhere/lake/touches/org=o/dt=2026-01-31/a.parquet",
        "HIVE_BAD_DATA: Not valid Parquet file: s3://optiq-lake/query-results/a.parquet",
        "SYNTAX_ERROR: line 1: s3://optiq-lake/lake/touches/org=o/dt=2026-01-31/a.parquet",
        "HIVE_BAD_DATA: no name",
    ],
)
def test_other_failures_fail(query: AthenaQuery, athena: Athena, reason: str) -> None:
    athena.damaged, athena.reason = ["anything"], reason
    with pytest.raises(UpstreamError, match="the query failed"):
        query.run(SQL, ORGANIZATION)
    assert len(athena.statements) == 1


def test_a_lake_of_damaged_files_ends(query: AthenaQuery, athena: Athena) -> None:
    athena.damaged = [put(place(f"f{number}")) for number in range(40)]
    with pytest.raises(UpstreamError, match="the query failed"):
        query.run(SQL, ORGANIZATION)
