"""What a report costs by the number of files its rows lie in, before and after they are merged.

`python -m tests.performance.lake_files [rows]`. The same rows lie in one file, in a thousand, and in twenty thousand;
what counts are the ratios to one file, taken in one run.
"""

import sys
import tempfile
import time
from pathlib import Path
from unittest.mock import patch

import pyarrow as pa
from optiq.attribution.contracts import STANDARD_MODELS
from optiq.attribution.lake import CREDITS
from optiq.kernel.clock import system_clock
from optiq.kernel.ids import id_from
from optiq.operations import api as operations
from optiq.ports import wiring
from optiq.ports.lake_folder import FolderLake
from optiq.ports.lake_rows import arrow_table
from optiq.ports.query_duckdb import DuckDBQuery
from optiq.reports import sql
from optiq.reports.domain import Offset

from tests.performance.figures import Figure

_DAY = "2026-01-15"
_NOON_MS = 1_768_478_400_000
_ORGANIZATION = id_from("org", 1, "many files")
_GOAL = 1.5
_CHANNELS = ("Direct", "Email", "Paid Search", "Organic Search", "Paid Social", "Display", "Referral", "Affiliates")


def measure(rows: int = 60_000, counts: tuple[int, ...] = (1_000, 20_000)) -> list[Figure]:
    table = _credits(rows)
    with tempfile.TemporaryDirectory() as one:
        _write(Path(one), table, 1)
        first = Figure(f"a report over {rows:,} rows in one file", _least(one)[0] * 1_000, "ms")
        return [first, *(figure for count in counts for figure in _of(table, count, one))]


def _of(table: pa.Table, count: int, one: str) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder), table, count)
        _check(folder, one)
        before, yardstick = _least(folder, one, times=2)
        merging = _merge(folder)
        after, again = _least(folder, one)
        _check(folder, one)
        left = len(list(Path(folder).rglob("*.parquet")))
    return [
        Figure(f"the same in {count:,} files", before / yardstick, "x one file", note=f"{before:.2f} s"),
        Figure(
            f"the same once {count:,} are merged",
            after / again,
            "x one file",
            goal=_GOAL,
            note=f"{after * 1_000:.0f} ms, {left} files; merging took {merging * 1e6 / count:.0f} us a file",
        ),
    ]


def _check(folder: str, one: str) -> None:
    if _report(folder) != _report(one):
        raise RuntimeError("the same rows in other files gave another report")


def _merge(folder: str) -> float:
    """Seconds that merging takes, removal apart."""
    with patch.object(wiring, "lake", lambda: FolderLake(folder)):
        started = time.perf_counter()
        operations.compact_all_days(system_clock(), closed=True, stop=lambda: False)
        took = time.perf_counter() - started
        for _ in range(4):
            operations.compact_all_days(system_clock() + 3_600_000, closed=True, stop=lambda: False)
    return took


def _report(folder: str) -> list[object]:
    ledger = sql.Ledger(tuple(model.value for model in STANDARD_MODELS), "channel", (Offset(0, 0),), False, False)
    days = ["2026-01-01", "2026-01-31"]
    instants = ["2026-01-01 00:00:00.000", "2026-02-01 00:00:00.000"]
    parameters = [*days, "site_1", *days, *instants, *["EUR"] * 4]
    rows = DuckDBQuery(folder).run(sql.attribution(ledger), _ORGANIZATION, parameters).rows
    # Weights are added in any order.
    return sorted(repr([round(value, 6) if isinstance(value, float) else value for value in row]) for row in rows)


def _least(*folders: str, times: int = 9) -> list[float]:
    """Seconds of the quickest report on each, asked in turns: what else the machine does only adds to it."""
    took: list[list[float]] = [[] for _ in folders]
    for _ in range(times):
        for of_folder, folder in zip(took, folders, strict=True):
            started = time.perf_counter()
            _report(folder)
            of_folder.append(time.perf_counter() - started)
    return [min(of_folder) for of_folder in took]


def _write(root: Path, table: pa.Table, files: int) -> None:
    """The rows spread evenly over files, which are not synced: that is not what is measured."""
    lake = FolderLake(str(root))
    with patch("os.fsync", lambda _: None):
        for number in range(files):
            start, end = (table.num_rows * place // files for place in (number, number + 1))
            lake.append(CREDITS.name, _ORGANIZATION, _DAY, f"part-{number:06d}", table.slice(start, end - start))


def _credits(rows: int) -> pa.Table:
    """Conversions of three touches each."""
    kinds = {"string": "", "bigint": 0, "double": 1 / 3, "boolean": False, "timestamp": _NOON_MS}
    blank = {name: kinds[kind] for name, kind in CREDITS.columns.items()}
    blank |= {"site_id": "site_1", "name": "Order Completed", "currency": "EUR", "value_micros": 9_000_000}
    blank |= {name: 3_000_000 for name in CREDITS.columns if name.endswith("_micros") and name != "value_micros"}
    return arrow_table(
        CREDITS,
        [
            blank
            | {
                "conversion_id": id_from("conversion", _NOON_MS, str(number // 3)),
                "touch_id": id_from("touch", _NOON_MS, str(number)),
                "position": number % 3 + 1,
                "path_length": 3,
                "channel": _CHANNELS[number % len(_CHANNELS)],
                "conversion_at": _NOON_MS + number // 3,
                "revision": 1,
            }
            for number in range(rows)
        ],
    )


if __name__ == "__main__":
    for figure in measure(*map(int, sys.argv[1:2])):
        goal = f" (goal {figure.goal})" if figure.goal else ""
        sys.stdout.write(f"{figure.name}: {figure.value:.2f} {figure.unit}{goal} {figure.note}\n")
