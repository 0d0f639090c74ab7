"""Lakes filled at random, and what their readers see of them."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
from optiq.attribution.lake import CREDITS
from optiq.journeys.lake import CONVERSIONS, TOUCHES
from optiq.kernel.clock import from_rfc3339, system_clock
from optiq.kernel.ids import id_from
from optiq.kernel.lake_tables import PLATFORM, LakeTable, latest_rows
from optiq.kernel.manifest import lake_tables
from optiq.operations import api as operations
from optiq.operations.contracts import Compaction
from optiq.ports.lake import Lake, LakeFile
from optiq.ports.lake_rows import arrow_table
from optiq.ports.query_duckdb import DuckDBQuery
from optiq.rates.lake import RATES

ORGANIZATION = id_from("org", 1, "compacted")
DAY, NEXT_DAY = "2026-01-30", "2026-01-31"
NOON_MS = from_rfc3339("2026-01-31T12:00:00Z")
_KEYS = 6
MERGED = {name: table for name, table in lake_tables().items() if not table.whole_days}
"""The tables whose files are merged."""


class Killed(BaseException):
    """The process ends here."""


def compact(after_ms: int = 0, *, closed: bool = True) -> Compaction:
    """By the clock that wrote the files, on a day when DAY has ended."""
    return operations.compact_all_days(system_clock() + after_ms, closed=closed, stop=lambda: False)


def owner_of(table: LakeTable) -> str:
    return PLATFORM if table is RATES else ORGANIZATION


def random_rows(table: LakeTable, random: Random, day: str) -> list[dict[str, object]]:
    """Some rows of few keys, with versions, deletions, nulls and repetitions among them."""
    rows = [_row(table, random, day) for _ in range(random.randrange(1, 5))]
    return rows + random.choices(rows, k=random.randrange(3))


def _row(table: LakeTable, random: Random, day: str) -> dict[str, object]:
    start = from_rfc3339(f"{day}T00:00:00Z")
    values: dict[str, Callable[[], object]] = {
        "string": lambda: random.choice(["", "a", "é€", "x" * 40, None]),
        "bigint": lambda: random.choice([0, 1, -(2**62), 2**62, None]),
        "double": lambda: random.choice([0.0, -0.0, 0.1, 1 / 3, None]),
        "boolean": lambda: random.choice([True, False]),
        "timestamp": lambda: start + random.randrange(86_400_000),
    }
    key = random.randrange(_KEYS)
    row = {name: values[kind]() for name, kind in table.columns.items()}
    of_key = {"day": day, "site_id": "site_1", "currency": f"C{key}", "last_activity_at": start + key}
    row |= {name: of_key.get(name, f"{name}-{key:026d}") for name in table.key}
    row |= {name: start + random.randrange(3) for name in table.version}
    return row | ({"position": random.randrange(1, 3)} if table is CREDITS else {})


def fill(lake: Lake, random: Random, files: int, day: str = DAY, table: LakeTable | None = None) -> None:
    """Writes so many files of each table, or of one."""
    for each in [table] if table else MERGED.values():
        for _ in range(files):
            name = f"part-{random.randrange(2**60):x}"
            lake.append(each.name, owner_of(each), day, name, arrow_table(each, random_rows(each, random, day)))


def all_files(lake: Lake) -> list[LakeFile]:
    return [file for table in MERGED.values() for file in lake.files(table.name, owner_of(table))]


def rows_in(lake: Lake, tables: Mapping[str, LakeTable] = MERGED) -> dict[str, set[tuple[object, ...]]]:
    """Every row of every table, each once: all versions, superseded ones too."""
    found: dict[str, set[tuple[object, ...]]] = {name: set() for name in tables}
    for name, table in tables.items():
        for file in lake.files(name, owner_of(table)):
            if (rows := lake.read(file)) is not None:
                found[name] |= {
                    (file.day, *map(repr, row.values())) for row in rows.select([*table.columns]).to_pylist()
                }
    return found


def answers(root: Path) -> dict[str, Any]:
    """What those who ask see: latest rows, rows as of then, and the contents that stamps are made of."""
    query = DuckDBQuery(str(root))
    found: dict[str, Any] = {}
    for name, table in MERGED.items():
        columns = ", ".join(table.columns)
        for what, sql in {
            "latest": f"SELECT {columns}, dt FROM ({latest_rows(table, '1 = 1')})",
            "then": f"SELECT {columns} FROM ({latest_rows(table, f'{table.version[0]} <= ?')})",
            "versions": f"SELECT DISTINCT {columns} FROM {name}",
        }.items():
            then: list[Any] = []
            if what == "then":
                instant = from_rfc3339(f"{DAY}T00:00:00.001Z")
                is_time = table.columns[table.version[0]] == "timestamp"
                sql = sql.replace("<= ?", "<= CAST(? AS TIMESTAMP)") if is_time else sql
                then = [f"{DAY} 00:00:00.001"] if is_time else [instant]
            found[f"{name} {what}"] = sorted(map(repr, query.run(sql, ORGANIZATION, then).rows))
    for table in (TOUCHES, CONVERSIONS):
        from optiq.attribution import lake_reading

        contents = lake_reading._CONTENTS[table.name]
        found[f"{table.name} stamp"] = query.run(contents, ORGANIZATION, ("site_1", "2026-01-01", "2026-12-31")).rows
    return found


class WatchedLake:
    """A lake that counts what is done to it, and may die before or after one of these steps."""

    def __init__(self, lake: Lake, die_at: int = -1, *, after: bool = False, then: Callable[[], None] | None = None):
        self._lake, self._die_at, self._after, self._then = lake, die_at, after, then
        self.readers_ms = lake.readers_ms
        self.steps = 0

    def _step(self, act: Callable[[], Any]) -> Any:
        number, self.steps = self.steps, self.steps + 1
        if number == self._die_at and self._then is None and not self._after:
            raise Killed
        done = act()
        if number == self._die_at:
            if self._then is None:
                raise Killed
            self._then()
        return done

    def append(self, table: str, organization_id: str, day: str, name: str, rows: pa.Table) -> str:
        return str(self._step(lambda: self._lake.append(table, organization_id, day, name, rows)))

    def organizations(self, table: str) -> list[str]:
        return self._lake.organizations(table)

    def files(self, table: str, organization_id: str, first: str = "", last: str = "9999-12-31") -> Iterator[LakeFile]:
        return iter(self._step(lambda: list(self._lake.files(table, organization_id, first, last))))

    def read(self, file: LakeFile) -> pa.Table | None:
        found: pa.Table | None = self._step(lambda: self._lake.read(file))
        return found

    def recall(self, file: LakeFile) -> pa.Table | None:
        return self._lake.recall(file)

    def metadata(self, file: LakeFile) -> Mapping[bytes, bytes] | None:
        found: Mapping[bytes, bytes] | None = self._step(lambda: self._lake.metadata(file))
        return found

    def replace(self, file: LakeFile, rows: pa.Table) -> bool:
        return bool(self._step(lambda: self._lake.replace(file, rows)))

    def remove(self, file: LakeFile) -> None:
        self._step(lambda: self._lake.remove(file))
