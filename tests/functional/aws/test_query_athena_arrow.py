"""Answers in columns from Athena: UNLOAD, its manifest and its files, as the service documents them
(https://docs.aws.amazon.com/athena/latest/ug/unload.html)."""

import io
import re
from collections.abc import Iterator
from typing import Any

import boto3
import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from optiq.kernel.errors import UpstreamError
from optiq.ports.query_athena import AthenaQuery

ORGANIZATION = "org_01JB0000000000000000000000"
BUCKET = "optiq-lake"
SCHEMA = pa.schema([("touch_id", pa.string()), ("occurred_at", pa.timestamp("ms")), ("revision", pa.int64())])


class Athena:
    """Runs one UNLOAD over a lake of three touches, two of them the organization's."""

    def __init__(self) -> None:
        self.s3 = boto3.client("s3")
        self.s3.create_bucket(Bucket=BUCKET)
        self._lake = duckdb.connect(":memory:")
        self._lake.execute("""
            CREATE SCHEMA optiq;
            CREATE TABLE optiq.touches (touch_id VARCHAR, occurred_at TIMESTAMP_MS, revision INTEGER, org VARCHAR);
            INSERT INTO optiq.touches VALUES
                ('touch_1', '2026-01-01 09:30:00.001', 1, 'org_01JB0000000000000000000000'),
                ('touch_2', NULL, 2, 'org_01JB0000000000000000000000'),
                ('touch_3', '2026-01-01 09:30:00.003', 3, 'org_another')""")
        self.manifest = ""

    def start_query_execution(self, QueryString: str, **asked: Any) -> dict[str, Any]:  # noqa: N803
        """Wants nothing at the destination; writes files in parallel, instants as Hive does, and lists them."""
        unload = re.fullmatch(
            r"UNLOAD \((?P<select>.+)\) TO 's3://optiq-lake/(?P<prefix>.+/)' WITH \(format = 'PARQUET'\)",
            QueryString,
            re.DOTALL,
        )
        assert unload, QueryString
        assert "Contents" not in self.s3.list_objects_v2(Bucket=BUCKET, Prefix=unload["prefix"])
        select = unload["select"]
        for literal in asked.get("ExecutionParameters", ()):
            select = select.replace("?", literal, 1)
        rows = self._lake.sql(select).to_arrow_table()
        addresses = []
        for number in range(len(rows)):
            key = f"{unload['prefix']}20260101_{number}"
            self.s3.put_object(Bucket=BUCKET, Key=key, Body=_parquet(rows.slice(number, 1)))
            addresses.append(f"s3://{BUCKET}/{key}")
        self.manifest = "query-results/run-1-manifest.csv"
        self.s3.put_object(Bucket=BUCKET, Key=self.manifest, Body="\n".join(addresses).encode())
        return {"QueryExecutionId": "run-1"}

    def get_query_execution(self, QueryExecutionId: str) -> dict[str, Any]:  # noqa: N803
        statistics = {"DataManifestLocation": f"s3://{BUCKET}/{self.manifest}"}
        return {"QueryExecution": {"Status": {"State": "SUCCEEDED"}, "Statistics": statistics}}

    def close(self) -> None:
        self._lake.close()


def _parquet(rows: pa.Table) -> bytes:
    file = io.BytesIO()
    pq.write_table(rows, file, use_deprecated_int96_timestamps=True)
    return file.getvalue()


@pytest.fixture
def athena(monkeypatch: pytest.MonkeyPatch) -> Iterator[Athena]:
    athena = Athena()
    yield athena
    athena.close()


@pytest.fixture
def query(athena: Athena, monkeypatch: pytest.MonkeyPatch) -> AthenaQuery:
    query = AthenaQuery("optiq", "primary", f"s3://{BUCKET}/lake")
    for name in ("start_query_execution", "get_query_execution"):
        monkeypatch.setattr(query._client, name, getattr(athena, name))
    return query


def test_rows_come_in_the_types_asked_for(query: AthenaQuery) -> None:
    # When the touches up to a revision are asked for, in several files
    found = query.arrow("SELECT * FROM touches WHERE revision < ?", ORGANIZATION, SCHEMA, [3])

    # Then the organization's come, instants in milliseconds, numbers as wide as asked for
    assert found.schema == SCHEMA
    assert found.sort_by("touch_id").cast(SCHEMA.set(1, pa.field("occurred_at", pa.int64()))).to_pylist() == [
        {"touch_id": "touch_1", "occurred_at": 1_767_259_800_001, "revision": 1},
        {"touch_id": "touch_2", "occurred_at": None, "revision": 2},
    ]


def test_no_rows_are_an_empty_table(query: AthenaQuery) -> None:
    found = query.arrow("SELECT * FROM touches WHERE revision > 9", ORGANIZATION, SCHEMA)
    assert (found.schema, found.num_rows) == (SCHEMA, 0)


def test_an_answer_that_does_not_fit_is_an_error(query: AthenaQuery) -> None:
    with pytest.raises(UpstreamError, match="does not fit"):
        query.arrow("SELECT * FROM touches", ORGANIZATION, SCHEMA.set(0, pa.field("touch_id", pa.int64())))


def test_files_that_are_gone_are_an_error(query: AthenaQuery, athena: Athena, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(athena, "manifest", "nowhere")
    monkeypatch.setattr(query._client, "start_query_execution", lambda **_: {"QueryExecutionId": "run-1"})
    with pytest.raises(UpstreamError):
        query.arrow("SELECT * FROM touches", ORGANIZATION, SCHEMA)
