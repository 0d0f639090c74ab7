"""Attribution: all six models and the split of money over a million touches, against reading them from Parquet."""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from optiq.attribution.arrays import Paths
from optiq.attribution.contracts import STANDARD_MODELS
from optiq.attribution.models import credit
from optiq.journeys.lake import TOUCHES
from optiq.kernel.clock import DAY_MS
from optiq.ports.lake_rows import arrow_table

from infra.local.sample.traffic import WAYS
from tests.performance.figures import Figure

_SEED = 11
_REPEATS = 5
_WINDOW_MS = 90 * DAY_MS
_NOW_MS = 1_767_225_600_000
_NEEDED = ["customer_id", "occurred_at", "channel"]
"""What attribution must know of a touch: whose it is, when it was, and whether it was Direct."""


def measure(touches: int = 1_000_000, paths: int = 250_000) -> list[Figure]:
    chance = np.random.default_rng(_SEED)
    owners = np.sort(np.concatenate([np.arange(paths), chance.integers(0, paths, touches - paths)]))
    occurred_ms = _NOW_MS - chance.integers(0, _WINDOW_MS, touches)
    occurred_ms = occurred_ms[np.lexsort((occurred_ms, owners))]
    ways = chance.integers(0, len(WAYS), touches)
    arrays = Paths(
        offsets=np.searchsorted(owners, np.arange(paths + 1)).astype(np.int64),
        age_seconds=(_NOW_MS - occurred_ms) / 1000,
        is_direct=np.array([name == "direct" for name in WAYS])[ways],
    )
    values = chance.integers(1, 500_000_000, paths)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "touches.parquet"
        pq.write_table(_table(chance, owners, occurred_ms, ways), file, compression="zstd")
        size = file.stat().st_size / touches
        read_all = _seconds(lambda: pq.read_table(file))
        read_needed = _seconds(lambda: pq.read_table(file, columns=_NEEDED))
    computing = _seconds(lambda: credit(STANDARD_MODELS, arrays, values))
    return [
        Figure("read Parquet, all columns", touches / read_all, "touches/s", note=f"{size:.0f} bytes a touch"),
        Figure("read Parquet, needed columns", touches / read_needed, "touches/s", note=", ".join(_NEEDED)),
        Figure(
            "six models and the split of money",
            touches / computing,
            "touches/s",
            ratio=f"{computing / read_all:.2f} x reading all columns, {computing / read_needed:.2f} x the needed",
            note=f"{touches:,} touches of {paths:,} paths",
        ),
    ]


def _table(chance: np.random.Generator, owners: np.ndarray, occurred_ms: np.ndarray, ways: np.ndarray) -> pa.Table:
    """The touches as they lie in the lake, with ids as long and as random as ours."""
    count = len(owners)
    schema = arrow_table(TOUCHES, ()).schema
    names = pa.array(list(WAYS)).take(ways)
    columns: dict[str, pa.Array[Any]] = {
        "touch_id": pa.array(_ids(chance, "touch", count)),
        "site_id": pa.array(_ids(chance, "site", 1)).take(np.zeros(count, dtype=np.int64)),
        "customer_id": pa.array(_ids(chance, "cus", int(owners[-1]) + 1)).take(owners),
        "session_id": pa.array(_ids(chance, "session", count)),
        "occurred_at": pa.array(occurred_ms, pa.timestamp("ms")),
        "tagged": pa.array(np.array([name != "direct" for name in WAYS])[ways]),
        "channel_rules_version": pa.array(np.ones(count, dtype=np.int64)),
        "revision": pa.array(np.ones(count, dtype=np.int64)),
        "deleted": pa.array(np.zeros(count, dtype=bool)),
    }
    return pa.table([columns.get(name, names) for name in schema.names], schema=schema)


def _ids(chance: np.random.Generator, prefix: str, count: int) -> list[str]:
    """A prefix, ten digits of time and sixteen random ones."""
    digits = chance.bytes(8 * count).hex()
    return [f"{prefix}_01JD000000{digits[start : start + 16]}" for start in range(0, 16 * count, 16)]


def _seconds(work: Callable[[], object]) -> float:
    """The median of several runs."""
    taken = []
    for _ in range(_REPEATS):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)
