"""A damaged file stays as it is, by name, and stops nothing."""

from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from optiq.journeys.lake import TOUCHES
from optiq.kernel.clock import DAY_MS
from optiq.ports.lake_folder import FolderLake
from optiq.ports.lake_sums import KEY

from infra.local.handlers import Context
from tests.functional.operations.lakes import DAY, ORGANIZATION, compact, fill, rows_in


@pytest.fixture
def partition(folder: FolderLake, tmp_path: Path) -> Path:
    fill(folder, Random(1), 5, table=TOUCHES)
    return tmp_path / "lake" / "touches" / f"org={ORGANIZATION}" / f"dt={DAY}"


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def _turn(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[8:200] = bytes(192)
    path.write_bytes(content)


DAMAGES = {
    "empty": lambda path: path.write_bytes(b""),
    "garbage": lambda path: path.write_bytes(b"not Parquet"),
    "cut off": _cut,
    "bytes turned": _turn,
    "another schema": lambda path: pq.write_table(pa.table({"x": [1]}), path),
    "another type": lambda path: pq.write_table(
        pq.read_table(path, partitioning=None).drop_columns(["revision"]).append_column(
            "revision", pa.array([["list"]] * pq.read_metadata(path).num_rows)
        ),
        path,
    ),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_named_and_left_and_the_others_are_merged(
    folder: FolderLake, partition: Path, damage: str
) -> None:
    # Given a damaged file among five
    victim = sorted(partition.glob("*.parquet"))[2]
    DAMAGES[damage](victim)
    content = victim.read_bytes()

    # When the day is merged
    first, second = compact(), compact(DAY_MS)

    # Then the others are one file, and it is as it was, with its name in what the run tells
    assert (first.merged, first.written, second.removed) == (4, 1, 4)
    assert len(first.damaged) == 1
    assert f"touches/org={ORGANIZATION}/dt={DAY}/{victim.name}" in first.damaged[0]
    assert victim.read_bytes() == content
    assert len(list(partition.glob("*.parquet"))) == 2


def test_a_merged_file_that_is_damaged_removes_nothing_and_is_made_anew(folder: FolderLake, partition: Path) -> None:
    # Given a merged file that lost bytes before what it replaces was removed
    before = rows_in(folder)
    compact()
    (merged,) = partition.glob("merged-*.parquet")
    whole = merged.read_bytes()
    for damage in (b"", whole[: len(whole) // 2], whole[:40] + bytes(60) + whole[100:]):
        merged.write_bytes(damage)

        # When the next run comes, which would remove them
        done = compact(DAY_MS)

        # Then it names the file, removes none of them, and makes it again
        assert done.removed == 0
        assert merged.name in done.damaged[0]
        assert merged.read_bytes() == whole
        assert rows_in(folder) == before
    assert compact(DAY_MS).removed == 5


def test_a_merged_file_with_other_rows_than_it_says_removes_nothing(folder: FolderLake, partition: Path) -> None:
    before = rows_in(folder)
    compact()
    (merged,) = partition.glob("merged-*.parquet")
    rows = pq.read_table(merged, partitioning=None)
    said = {key: value for key, value in (rows.schema.metadata or {}).items() if key != KEY}
    pq.write_table(rows.slice(1).replace_schema_metadata(said), merged)

    done = compact(DAY_MS)

    assert done.removed == 0
    assert "does not hold the rows it was made of" in done.damaged[0]
    assert rows_in(folder) == before


def test_the_scheduled_run_says_which_files_are_damaged(
    folder: FolderLake, partition: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from functions.operations.nightly import handler

    victim = sorted(partition.glob("*.parquet"))[0]
    victim.write_bytes(b"not Parquet")

    answer = handler({}, Context("nightly", "1"))

    assert answer["written"] == 1
    assert victim.name in answer["damaged"][0]
    (record,) = caplog.records
    assert record.levelname == "ERROR"
    assert f"dt={DAY}/{victim.name} cannot be read" in record.getMessage()
