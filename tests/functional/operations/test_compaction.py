"""Many files become one, and nobody who reads them can tell."""

from collections import Counter
from pathlib import Path
from random import Random

import pyarrow as pa
import pytest
from optiq.ads.lake import AD_METRICS
from optiq.attribution.lake import CREDITS
from optiq.journeys.lake import TOUCHES
from optiq.kernel.clock import DAY_MS, system_clock
from optiq.kernel.lake_tables import LakeTable
from optiq.operations import api as operations
from optiq.operations import compaction
from optiq.operations.contracts import Compaction
from optiq.ports import wiring
from optiq.ports.lake import Lake
from optiq.ports.lake_folder import FolderLake
from optiq.ports.lake_rows import arrow_table

from tests.functional.operations.lakes import (
    DAY,
    MERGED,
    NEXT_DAY,
    ORGANIZATION,
    Killed,
    WatchedLake,
    all_files,
    answers,
    compact,
    fill,
    owner_of,
    random_rows,
    rows_in,
)
from tests.support.examples import some_and_slow

NOW, LATER = 0, DAY_MS
"""How long after the files were written: before any may be removed, and after."""


def settle() -> None:
    """Until nothing is left to do."""
    for _ in range(6):
        if compact(LATER) == Compaction():
            return


def files_a_day(lake: Lake) -> Counter[tuple[str, str]]:
    return Counter((file.table, file.day) for file in all_files(lake))


def test_many_files_of_a_day_become_one_with_the_same_rows(lake: Lake) -> None:
    # Given four files of every table, on two days
    random = Random(1)
    fill(lake, random, 4)
    fill(lake, random, 4, NEXT_DAY)
    before = rows_in(lake)

    # When they are merged, and those replaced are removed later
    first = compact()
    second = compact(LATER)

    # Then each table has one file a day, with every row, and nothing is left to do
    files = 2 * len(MERGED)
    assert first == Compaction(merged=4 * files, written=files)
    assert second == Compaction(removed=4 * files)
    assert set(files_a_day(lake).values()) == {1}
    assert rows_in(lake) == before
    assert compact(LATER) == Compaction()


@pytest.mark.parametrize("seed", some_and_slow(range(6), 2))
def test_every_answer_is_the_same_before_while_and_after(folder: FolderLake, tmp_path: Path, seed: int) -> None:
    # Given files with versions, deletions and repeated rows, some of them in several files
    random = Random(seed)
    fill(folder, random, random.randrange(2, 20))
    fill(folder, random, random.randrange(2, 20), NEXT_DAY)
    again = random_rows(TOUCHES, random, DAY)
    for name in ("twice-1", "twice-2"):
        folder.append("touches", ORGANIZATION, DAY, name, arrow_table(TOUCHES, again))
    before = answers(tmp_path / "lake")

    # When files are merged, stand beside those they replace, and at last stand alone
    compact()
    assert answers(tmp_path / "lake") == before
    compact(LATER)
    assert answers(tmp_path / "lake") == before
    settle()

    # Then no answer differed at any moment
    assert answers(tmp_path / "lake") == before
    assert set(files_a_day(folder).values()) == {1}


def test_a_row_in_two_files_is_written_once(lake: Lake) -> None:
    rows = random_rows(TOUCHES, Random(3), DAY)
    for name in "abc":
        lake.append("touches", ORGANIZATION, DAY, name, arrow_table(TOUCHES, rows))

    settle()

    (file,) = lake.files("touches", ORGANIZATION)
    merged = lake.read(file)
    assert merged is not None
    assert merged.num_rows == len({repr(row) for row in rows})


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    ("lake", "table"),
    some_and_slow([("folder", CREDITS), ("s3", TOUCHES), ("folder", TOUCHES), ("s3", CREDITS)], 1),
    indirect=["lake"],
)
def test_a_kill_at_any_step_loses_nothing_and_is_made_good(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, after: bool, table: LakeTable
) -> None:
    # Given files to merge, and a run that merges and one that removes
    fill(lake, Random(4), 4, table=table)
    before = rows_in(lake)
    step = 0
    while True:
        # When one of them is killed before or after one of its steps
        dying = WatchedLake(lake, step, after=after)
        monkeypatch.setattr(wiring, "lake", lambda dying=dying: dying)
        try:
            compact()
            compact(LATER)
        except Killed:
            pass
        else:
            break

        # Then every row is there, and the next run ends the work
        assert rows_in(lake) == before
        monkeypatch.setattr(wiring, "lake", lambda: lake)
        settle()
        assert rows_in(lake) == before
        assert set(files_a_day(lake).values()) == {1}
        # And so it is with the next step, of files that were written since.
        fill(lake, Random(100 + step), 3, table=table)
        before = rows_in(lake)
        step += 1
    assert step > 10


@pytest.mark.parametrize(
    ("lake", "seed"), some_and_slow([("folder", 5), ("s3", 5), ("folder", 20), ("s3", 20)], 1), indirect=["lake"]
)
def test_a_writer_in_between_loses_nothing(lake: Lake, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    random = Random(seed)
    fill(lake, random, 3, table=TOUCHES)
    for step in range(12):
        # Given a writer that writes while files are merged or removed
        rows = random_rows(TOUCHES, random, DAY)

        def write(rows: list[dict[str, object]] = rows, step: int = step) -> None:
            lake.append("touches", ORGANIZATION, DAY, f"between-{step}", arrow_table(TOUCHES, rows))

        busy = WatchedLake(lake, step, then=write)
        monkeypatch.setattr(wiring, "lake", lambda busy=busy: busy)
        before = rows_in(lake)["touches"]

        # When both are done
        compact()
        compact(LATER)

        # Then all rows of before stand, and those of the writer
        if busy.steps > step:
            assert before < rows_in(lake)["touches"] or not rows
            assert len(rows_in(lake)["touches"]) >= len(before)


@pytest.mark.parametrize(
    ("lake", "step"),
    some_and_slow([("folder", step) for step in range(14)] + [("s3", 5 * step % 14) for step in range(14)], 18),
    indirect=["lake"],
)
def test_two_runs_at_once_lose_nothing(lake: Lake, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    # Given a run, in the midst of which another does all of its work
    fill(lake, Random(6), 6, table=CREDITS)
    fill(lake, Random(7), 3, table=TOUCHES)
    before = rows_in(lake)

    def another() -> None:
        monkeypatch.setattr(wiring, "lake", lambda: lake)
        compact()
        fill(lake, Random(8), 2, table=TOUCHES)
        compact(LATER)

    mine = WatchedLake(lake, step, then=another)
    monkeypatch.setattr(wiring, "lake", lambda: mine)

    # When both have ended
    compact()
    compact(LATER)

    # Then every row stands, and the next runs leave one file a day
    assert all(before[name] <= found for name, found in rows_in(lake).items())
    monkeypatch.setattr(wiring, "lake", lambda: lake)
    settle()
    assert all(before[name] <= found for name, found in rows_in(lake).items())
    assert set(files_a_day(lake).values()) == {1}


def test_a_name_that_is_written_again_with_other_rows_keeps_them(lake: Lake) -> None:
    # Given spend of a day that was corrected and corrected back, under the name it had first
    def send(name: str, spend: int, revision: int) -> None:
        row = {"site_id": "site_1", "day": DAY, "source": "g", "spend_micros": spend, "revision": revision}
        lake.append("ad_metrics", ORGANIZATION, DAY, name, arrow_table(AD_METRICS, [row]))

    send("ads-a", 1, 1)
    send("ads-b", 2, 2)
    compact()
    send("ads-a", 1, 3)

    # When what was merged is removed
    settle()

    # Then the latest is the one sent last
    revisions = sorted(
        row["revision"] for file in lake.files("ad_metrics", ORGANIZATION) for row in _rows(lake, file).to_pylist()
    )
    assert revisions == [1, 2, 3]


def _rows(lake: Lake, file: object) -> pa.Table:
    rows = lake.read(file)  # type: ignore[arg-type]
    assert rows is not None
    return rows


def test_nothing_is_removed_while_a_reader_may_be_at_it(lake: Lake) -> None:
    fill(lake, Random(9), 5, table=TOUCHES)
    names = {file.name for file in all_files(lake)}

    compact()
    assert compact(lake.readers_ms // 2).removed == 0
    assert names < {file.name for file in all_files(lake)}

    assert compact(lake.readers_ms + 1_000).removed == 5
    assert names.isdisjoint(file.name for file in all_files(lake))


def test_the_same_files_give_the_same_file(folder: FolderLake) -> None:
    fill(folder, Random(10), 5, table=CREDITS)
    compact()
    (merged,) = [file for file in all_files(folder) if file.name.startswith("merged-")]
    bytes_before = folder.read(merged)
    folder.remove(merged)

    compact()

    (again,) = [file for file in all_files(folder) if file.name.startswith("merged-")]
    assert again.name == merged.name
    assert folder.read(again) == bytes_before


def test_an_open_day_is_merged_only_when_it_has_many_files(lake: Lake) -> None:
    fill(lake, Random(11), 8, table=TOUCHES)
    assert compact(closed=False) == Compaction()
    fill(lake, Random(12), 1, table=TOUCHES)
    assert compact(closed=False) == Compaction(merged=9, written=1)


def test_a_day_that_goes_on_has_few_files_and_each_row_is_written_seldom(
    folder: FolderLake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a day of small files, as live traffic writes them
    random, most = Random(13), 0
    watched = WatchedLake(folder)
    monkeypatch.setattr(wiring, "lake", lambda: watched)
    for _ in range(60):
        fill(folder, random, 12, table=TOUCHES)
        compact(folder.readers_ms + 1_000, closed=False)
        most = max(most, files_a_day(folder)["touches", DAY])

    # Then it never has more than one run's files, those they replace, and a few of each tier
    assert most <= 12 + 12 + 16


def test_a_large_file_is_not_written_again(folder: FolderLake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "FULL_ROWS", 20)
    fill(folder, Random(14), 40, table=TOUCHES)
    settle()
    full = {file.name for file in all_files(folder) if _rows(folder, file).num_rows >= 20}
    before = rows_in(folder)

    # When more arrives
    fill(folder, Random(15), 4, table=TOUCHES)
    settle()

    # Then those that are full are as they were
    assert len(full) >= 2
    assert full <= {file.name for file in all_files(folder)}
    assert before["touches"] < rows_in(folder)["touches"]


def test_files_older_than_a_column_get_it_and_files_newer_than_this_version_are_left(lake: Lake) -> None:
    # Given a file from before a column, a usual one, and one from a later version
    rows = arrow_table(TOUCHES, random_rows(TOUCHES, Random(16), DAY))
    lake.append("touches", ORGANIZATION, DAY, "old", rows.drop_columns(["evidence", "tagged"]))
    lake.append("touches", ORGANIZATION, DAY, "usual", arrow_table(TOUCHES, random_rows(TOUCHES, Random(17), DAY)))
    later = rows.append_column("mood", pa.array(["glad"] * rows.num_rows))
    lake.append("touches", ORGANIZATION, DAY, "later", later)

    settle()

    found = {file.name.partition("-")[0]: _rows(lake, file) for file in lake.files("touches", ORGANIZATION)}
    assert found["later"].equals(later)
    assert found["merged"].schema.names == list(TOUCHES.columns)
    assert set(found) == {"later", "merged"}


def test_a_run_that_is_out_of_time_ends_between_partitions(folder: FolderLake) -> None:
    fill(folder, Random(18), 4)
    turns = iter([False, False, True])
    done = operations.compact_all_days(system_clock(), closed=True, stop=lambda: next(turns))
    assert done.written == 2
    settle()
    assert set(files_a_day(folder).values()) == {1}


def test_every_table_and_organization_is_looked_at(lake: Lake) -> None:
    fill(lake, Random(19), 2)
    settle()
    assert files_a_day(lake) == {(name, DAY): 1 for name in MERGED}
    assert {owner_of(table) for table in MERGED.values()} == {ORGANIZATION, "_platform"}
