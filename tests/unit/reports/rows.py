"""Statements about behaviour, asked of rows in memory, in the engine of one machine."""

from pathlib import Path
from typing import Any

import duckdb
import pyarrow
import pyarrow.csv
import pytest
import sqlglot
from optiq.reports.statements import Sql

ANCHORS = Path(__file__).resolve().parents[4] / "shared" / "anchors" / "funnels"
ROWS = Sql("SELECT * FROM rows")
needs_anchors = pytest.mark.skipif(not ANCHORS.exists(), reason="../shared/anchors is not there")


def anchor(name: str) -> pyarrow.Table:
    """The rows of an anchor. It says nothing of the order within an instant."""
    rows = pyarrow.csv.read_csv(ANCHORS / f"{name}.csv")
    return rows.append_column("turn", pyarrow.array([0] * rows.num_rows, pyarrow.int64()))


def ask(rows: Any, statement: Sql) -> list[dict[str, Any]]:
    """The rows of an answer. `rows` is the table of that name."""
    with duckdb.connect(":memory:") as connection:
        connection.register("rows", rows)
        in_duckdb = sqlglot.transpile(statement.sql, read="athena", write="duckdb")[0]
        answer = connection.sql(in_duckdb, params=list(statement.parameters)).to_arrow_table()
    return list(answer.to_pylist())
