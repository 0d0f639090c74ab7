"""Seeded journeys as Parquet, made once a size and kept: sorted by path, and raw as they come in.

Ten touches to 2.5 journeys, 96 campaigns of 12 channels, of unequal popularity; a fifth of the touches repeat the
campaign before; three journeys of ten convert. Nine columns, written as pyarrow writes unless told otherwise;
`lean_paths` has the same rows with numbers as differences, which are small and quick to read.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

FOLDER = Path(__file__).parents[2] / "build" / "attribution-bench"
CAMPAIGNS, CHANNELS, SOURCES, MEDIA, PAGES = 96, 12, 24, 8, 40
TOUCHES_PER_JOURNEY = 4
CONVERTING, REPEATING = 0.3, 0.2
SPAN_MS = 90 * 86_400_000

_SEED = 11
_BEGIN_MS = 1_767_225_600_000


@dataclass(frozen=True, slots=True)
class Data:
    """Files of one size. `paths` is described in `attribution.files.parquet_paths`, the others in `raw_paths`."""

    touches: int
    paths: Path
    lean_paths: Path
    raw_touches: Path
    raw_conversions: Path


def made(touches: int) -> Data:
    """The files of this many touches, made now unless they are there."""
    folder = FOLDER / f"{touches}-touches-seed-{_SEED}"
    data = Data(touches, *(folder / f"{name}.parquet" for name in ("paths", "lean_paths", "touches", "conversions")))
    if not (folder / "done").exists():
        folder.mkdir(parents=True, exist_ok=True)
        _make(data)
        (folder / "done").touch()
    return data


def _make(data: Data) -> None:
    chance = np.random.default_rng(_SEED)
    journeys = data.touches // TOUCHES_PER_JOURNEY
    lengths = _lengths(chance, journeys, data.touches)
    owners = np.repeat(np.arange(journeys), lengths)
    moments = owners * SPAN_MS + chance.integers(0, SPAN_MS, data.touches)
    moments.sort()
    moments += _BEGIN_MS - owners * SPAN_MS
    codes = _campaigns(chance, owners)
    converted = chance.random(journeys) < CONVERTING
    values = np.where(converted, chance.integers(1_000, 500_000, journeys) * 1_000, 0)
    texts = {
        "channel": _text(codes % CHANNELS, ["Direct", *(f"Channel {number}" for number in range(1, CHANNELS))]),
        "source": _text(codes % SOURCES, [f"source-{number}" for number in range(SOURCES)]),
        "medium": _text(codes % MEDIA, [f"medium-{number}" for number in range(MEDIA)]),
        "campaign": _text(codes, [f"campaign {number:02}" for number in range(CAMPAIGNS)]),
        "landing_page": _text(chance.integers(0, PAGES, data.touches), [f"/landing/{page}" for page in range(PAGES)]),
    }
    instants = pa.array(moments, pa.timestamp("ms", tz="UTC"))
    amounts = {"conversions": np.repeat(converted.astype(np.int64), lengths), "value": np.repeat(values, lengths)}
    paths = pa.table({"path_id": owners, "touch_at": instants, **texts, **amounts})
    pq.write_table(paths, data.paths)
    differences = dict.fromkeys([name for name in paths.column_names if name not in texts], "DELTA_BINARY_PACKED")
    pq.write_table(paths, data.lean_paths, compression="zstd", use_dictionary=list(texts), column_encoding=differences)
    customers, order = chance.permutation(journeys), chance.permutation(data.touches)
    ids = {"touch_id": np.arange(data.touches), "session_id": chance.integers(0, 1 << 40, data.touches)}
    raw = pa.table({**ids, "customer_id": customers[owners], "touch_at": instants, **texts})
    pq.write_table(raw.take(order), data.raw_touches)
    buyers = chance.permutation(np.flatnonzero(converted))
    lasts = moments[np.cumsum(lengths) - 1][buyers] + chance.integers(0, 60_000, len(buyers))
    conversions = {
        "customer_id": customers[buyers],
        "converted_at": pa.array(lasts, instants.type),
        "value": values[buyers],
    }
    pq.write_table(pa.table(conversions), data.raw_conversions)


def _lengths(chance: np.random.Generator, journeys: int, touches: int) -> np.ndarray:
    """Touches of each journey: geometric, one or more, in all as many as asked for."""
    lengths = chance.geometric(journeys / touches, journeys)
    while excess := int(lengths.sum()) - touches:
        able = np.flatnonzero(lengths > 1) if excess > 0 else np.arange(journeys)
        lengths[chance.choice(able, min(abs(excess), len(able)), replace=False)] -= np.sign(excess)
    return lengths


def _campaigns(chance: np.random.Generator, owners: np.ndarray) -> np.ndarray:
    popularity = 1 / np.arange(1, CAMPAIGNS + 1) ** 0.8
    codes = chance.choice(CAMPAIGNS, len(owners), p=popularity / popularity.sum())
    repeats = chance.random(len(owners)) < REPEATING
    repeats[np.flatnonzero(np.diff(owners, prepend=-1))] = False
    return codes[np.maximum.accumulate(np.where(repeats, 0, np.arange(len(owners))))]


def _text(codes: np.ndarray, names: list[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), names)
