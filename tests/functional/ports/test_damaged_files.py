"""A damaged file of the lake costs its own rows, is named, and is read again once it is put right."""

import logging
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from optiq.journeys.lake import TOUCHES
from optiq.kernel.errors import UpstreamError
from optiq.kernel.ids import id_from
from optiq.kernel.lake_tables import PLATFORM, latest_rows
from optiq.kernel.manifest import lake_tables
from optiq.ports.lake import DamagedFileError
from optiq.ports.lake_folder import FolderLake
from optiq.ports.lake_rows import arrow_schema, arrow_table
from optiq.ports.query_duckdb import DuckDBQuery
from optiq.rates.lake import RATES

from tests.support.examples import each_and_slow

ORGANIZATION = id_from("org", 1, "damaged")
DAY = "2026-01-01"
IDS = f"SELECT touch_id FROM ({latest_rows(TOUCHES, 'site_id = ?')}) ORDER BY touch_id"


def rows(*ids: str) -> pa.Table:
    kinds = {"string": "text", "bigint": 5, "boolean": False, "timestamp": 1_767_259_800_123}
    blank = {name: kinds[kind] for name, kind in TOUCHES.columns.items()} | {"site_id": "site_1"}
    return arrow_table(TOUCHES, [blank | {"touch_id": i} for i in ids])


def with_column(name: str, values: Any) -> pa.Table:
    return rows("x", "y").drop_columns([name]).append_column(name, pa.array(values))


def overwrite(path: Path, at: int, with_: bytes) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:at] + with_ + content[at + len(with_) :])


DAMAGES: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "garbage": lambda path: path.write_bytes(b"this is no Parquet file"),
    "zeros": lambda path: path.write_bytes(bytes(5_000)),
    "cut in half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "cut at the end": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "its end alone": lambda path: path.write_bytes(path.read_bytes()[-300:]),
    "footer of noise": lambda path: overwrite(path, path.stat().st_size - 1_500, Random(1).randbytes(1_400)),
    "pages of noise": lambda path: overwrite(path, 4, Random(2).randbytes(900)),
    "a text": lambda path: path.write_text('{"touch_id": "x"}\n'),
    "another schema": lambda path: pq.write_table(pa.table({"x": [1]}), path),
    "no key": lambda path: pq.write_table(rows("x").drop_columns(["site_id"]), path),
    "text for a number": lambda path: pq.write_table(with_column("revision", ["x", "y"]), path),
    "bytes for an instant": lambda path: pq.write_table(with_column("occurred_at", [b"\xff", b"\x00"]), path),
    "a list for a number": lambda path: pq.write_table(with_column("revision", [[1], [2]]), path),
}


@pytest.fixture
def lake(tmp_path: Path) -> FolderLake:
    lake = FolderLake(str(tmp_path))
    for name in ("b", "d"):
        lake.append("touches", ORGANIZATION, DAY, name, rows(f"{name}1", f"{name}2"))
    lake.append("touches", ORGANIZATION, "2026-01-02", "b", rows("other-day"))
    return lake


@pytest.fixture
def query(tmp_path: Path) -> DuckDBQuery:
    return DuckDBQuery(str(tmp_path))


def path_of(tmp_path: Path, name: str, day: str = DAY) -> Path:
    return tmp_path / "touches" / f"org={ORGANIZATION}" / f"dt={day}" / f"{name}.parquet"


def ids(query: DuckDBQuery) -> list[object]:
    return [row[0] for row in query.run(IDS, ORGANIZATION, ["site_1"]).rows]


def named(query: DuckDBQuery) -> list[str]:
    return [file.path for file in query.damaged_files(ORGANIZATION, ["touches"])]


@pytest.mark.parametrize(("damage", "name"), each_and_slow(list(DAMAGES), ["a", "c", "e"]))
def test_only_the_rows_of_a_damaged_file_are_missing(
    lake: FolderLake, query: DuckDBQuery, tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: str, name: str
) -> None:
    # Given a damaged file before, between or after others
    lake.append("touches", ORGANIZATION, DAY, name, rows(*(f"lost{number}" for number in range(300))))
    path = path_of(tmp_path, name)
    DAMAGES[damage](path)
    content = path.read_bytes()

    # When rows are asked for, twice, and once in columns
    assert ids(query) == ["b1", "b2", "d1", "d2", "other-day"]
    assert ids(query) == ["b1", "b2", "d1", "d2", "other-day"]
    schema = arrow_schema(TOUCHES, "touch_id", "revision", "occurred_at", "channel")
    table = query.arrow("SELECT touch_id, revision, occurred_at, channel FROM touches", ORGANIZATION, schema)
    assert table.num_rows == 5

    # Then the file is named to who asks, and once in the log; and it is as it was
    place = f"touches/org={ORGANIZATION}/dt={DAY}/{name}.parquet"
    assert named(query) == [place]
    assert query.damaged_files(ORGANIZATION, ["credits"]) == []
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert f"the lake's file {place} cannot be read" in caplog.text
    assert path.read_bytes() == content


def test_several_damaged_files_are_all_left_out(lake: FolderLake, query: DuckDBQuery, tmp_path: Path) -> None:
    for number, damage in enumerate(DAMAGES):
        lake.append("touches", ORGANIZATION, DAY, f"x{number:02d}", rows(*(f"lost{n}" for n in range(300))))
        DAMAGES[damage](path_of(tmp_path, f"x{number:02d}"))

    assert ids(query) == ["b1", "b2", "d1", "d2", "other-day"]
    assert len(named(query)) == len(DAMAGES)


def test_a_file_that_is_put_right_counts_again(lake: FolderLake, query: DuckDBQuery, tmp_path: Path) -> None:
    # Given a file that was damaged when it was read
    path = path_of(tmp_path, "b")
    whole = path.read_bytes()
    path.write_bytes(b"gone")
    assert ids(query) == ["d1", "d2", "other-day"]

    # When it is restored
    path.write_bytes(whole)

    # Then its rows are back, and nothing is named
    assert named(query) == []
    assert ids(query) == ["b1", "b2", "d1", "d2", "other-day"]


def test_a_file_that_is_taken_away_is_no_longer_named(lake: FolderLake, query: DuckDBQuery, tmp_path: Path) -> None:
    path_of(tmp_path, "b").write_bytes(b"gone")
    ids(query)
    path_of(tmp_path, "b").unlink()
    assert named(query) == []
    assert ids(query) == ["d1", "d2", "other-day"]


def test_a_table_of_damaged_files_alone_is_empty(query: DuckDBQuery, tmp_path: Path) -> None:
    for name, day in (("a", DAY), ("b", "2026-01-02")):
        path_of(tmp_path, name, day).parent.mkdir(parents=True, exist_ok=True)
        path_of(tmp_path, name, day).write_bytes(b"not Parquet")
    assert ids(query) == []
    assert len(named(query)) == 2


@pytest.mark.parametrize("table", [name for name in lake_tables() if name != "touches"])
def test_every_table_bears_a_damaged_file(query: DuckDBQuery, tmp_path: Path, table: str) -> None:
    owner = PLATFORM if table == RATES.name else ORGANIZATION
    folder = tmp_path / table / f"org={owner}" / f"dt={DAY}"
    folder.mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist([{}], schema=arrow_schema(lake_tables()[table])), folder / "good.parquet")
    (folder / "bad.parquet").write_bytes(b"bad")

    assert len(query.run(f"SELECT * FROM {table}", ORGANIZATION).rows) == 1
    assert [file.table for file in query.damaged_files(ORGANIZATION, [table])] == [table]


def test_files_older_than_a_column_are_not_damaged(lake: FolderLake, query: DuckDBQuery) -> None:
    lake.append("touches", ORGANIZATION, DAY, "a", rows("old").drop_columns(["evidence", "tagged", "revision"]))
    assert "old" in ids(query)
    assert named(query) == []


def test_a_statement_that_is_wrong_blames_no_file(lake: FolderLake, query: DuckDBQuery) -> None:
    for sql in ("SELECT no_such_column FROM touches", "SELECT CAST(channel AS BIGINT) FROM touches"):
        with pytest.raises(UpstreamError):
            query.run(sql, ORGANIZATION)
    assert named(query) == []
    assert len(ids(query)) == 5


def test_files_that_are_merged_meanwhile_are_listed_anew(
    lake: FolderLake, query: DuckDBQuery, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given files that are replaced by another between listing and reading, three times
    opened, turns = query.open_tables, iter(range(3))

    def open_then_merge(connection: duckdb.DuckDBPyConnection, *arguments: Any, **named_: Any) -> None:
        opened(connection, *arguments, **named_)
        turn = next(turns, None)
        if turn is not None:
            lake.append("touches", ORGANIZATION, DAY, f"new{turn}", rows("b1", "b2", "d1", "d2"))
            for path in path_of(tmp_path, "b").parent.glob("*.parquet"):
                if path.stem != f"new{turn}":
                    path.unlink()

    monkeypatch.setattr(query, "open_tables", open_then_merge)

    # Then the answer is whole, and no file is blamed
    assert ids(query) == ["b1", "b2", "d1", "d2", "other-day"]
    assert named(query) == []


@pytest.mark.parametrize("seed", range(12))
def test_damage_that_decodes_never_gives_wrong_rows(
    lake: FolderLake, query: DuckDBQuery, tmp_path: Path, seed: int
) -> None:
    # Given a file whose footer is whole, while some of its pages are not
    lost = rows(*(f"lost{number}" for number in range(3_000)))
    lake.append("touches", ORGANIZATION, DAY, "a", lost)
    path = path_of(tmp_path, "a")
    chance, size = Random(seed), path.stat().st_size
    start = chance.choice([200, chance.randrange(4, size // 2)])
    overwrite(path, start, chance.randbytes(chance.choice([8, 200, 2_000])))

    # Then none of its rows counts, and it is named
    assert [tuple(row) for row in query.run("SELECT count(*) AS n FROM touches", ORGANIZATION).rows] == [(5,)]
    assert named(query) == [f"touches/org={ORGANIZATION}/dt={DAY}/a.parquet"]


def test_days_that_a_statement_leaves_out_are_not_compared(
    lake: FolderLake, query: DuckDBQuery, tmp_path: Path
) -> None:
    lake.append("touches", ORGANIZATION, "2026-01-03", "a", rows(*(f"lost{number}" for number in range(3_000))))
    overwrite(path_of(tmp_path, "a", "2026-01-03"), 300, Random(3).randbytes(40))
    sql = "SELECT count(*) AS n FROM touches WHERE dt BETWEEN ? AND ?"

    assert [tuple(row) for row in query.run(sql, ORGANIZATION, [DAY, "2026-01-02"]).rows] == [(5,)]
    assert named(query) == []
    assert [tuple(row) for row in query.run(sql, ORGANIZATION, [DAY, "2026-01-03"]).rows] == [(5,)]
    assert named(query) == [f"touches/org={ORGANIZATION}/dt=2026-01-03/a.parquet"]


def test_a_merge_takes_no_rows_of_damaged_pages(lake: FolderLake, tmp_path: Path) -> None:
    lake.append("touches", ORGANIZATION, DAY, "a", rows(*(f"lost{number}" for number in range(3_000))))
    overwrite(path_of(tmp_path, "a"), 300, Random(3).randbytes(40))

    (file,) = [file for file in lake.files("touches", ORGANIZATION, DAY, DAY) if file.name == "a"]
    with pytest.raises(DamagedFileError, match=r"a\.parquet cannot be read"):
        lake.read(file)
