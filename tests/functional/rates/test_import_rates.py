"""Imported rates as reports read them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from optiq.kernel.errors import InvalidError
from optiq.kernel.lake_tables import latest_rows
from optiq.ports import wiring
from optiq.ports.lake_folder import FolderLake
from optiq.ports.query import Value
from optiq.ports.query_duckdb import DuckDBQuery
from optiq.rates import api as rates
from optiq.rates.contracts import ImportedRates
from optiq.rates.lake import RATES

Stored = Callable[[], list[tuple[Value, ...]]]


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, organization_id: str) -> Stored:
    """Reads the latest rates, as (currency, day, micros)."""
    monkeypatch.setattr(wiring, "lake", lambda: FolderLake(str(tmp_path)))
    query = DuckDBQuery(str(tmp_path))
    latest = latest_rows(RATES, "dt = day")
    sql = f"SELECT currency, day, rate_micros FROM ({latest}) ORDER BY day, currency"
    return lambda: query.run(sql, organization_id).rows


def test_a_file_twice_is_a_file_once(stored: Stored, tmp_path: Path) -> None:
    # GIVEN two days of rates
    file = ["Date,USD,JPY,\n", "2026-01-05,1.1719,N/A,\n", "2026-01-02,1.1757,184.1,\n"]

    # WHEN they are imported twice
    assert rates.import_rates(file) == ImportedRates("2026-01-02", "2026-01-05", days=2, rates=3)
    files = sorted(tmp_path.rglob("*.parquet"))
    rates.import_rates(file)

    # THEN each rate is there once, and so is each file
    expected = [("JPY", "2026-01-02", 184_100_000), ("USD", "2026-01-02", 1_175_700), ("USD", "2026-01-05", 1_171_900)]
    assert stored() == expected
    assert sorted(tmp_path.rglob("*.parquet")) == files


def test_a_correction_wins_and_leaves_the_rest(stored: Stored) -> None:
    rates.import_rates(["Date,USD,JPY,\n", "2026-01-02,1.1757,184.1,\n"])
    rates.import_rates(["Date, USD,\n", "02 January 2026, 1.2,\n"])
    assert stored() == [("JPY", "2026-01-02", 184_100_000), ("USD", "2026-01-02", 1_200_000)]


def test_a_file_with_a_mistake_writes_nothing(stored: Stored) -> None:
    with pytest.raises(InvalidError, match="line 3"):
        rates.import_rates(["Date,USD,\n", "2026-01-02,1.1757,\n", "2026-01-01,x,\n"])
    assert stored() == []
