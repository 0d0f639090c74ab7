"""Rows go from the lake's files, whenever the process ends and whoever merges or writes meanwhile."""

from collections.abc import Mapping
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from optiq.journeys.lake import TOUCHES
from optiq.kernel.clock import DAY_MS
from optiq.kernel.errors import OptiqError
from optiq.ports import wiring
from optiq.ports.lake import Lake
from optiq.ports.lake_rewriting import Edit, Rewriting, is_in, rewrite
from optiq.ports.lake_rows import arrow_table

from tests.functional.operations.lakes import (
    DAY,
    NEXT_DAY,
    ORGANIZATION,
    Killed,
    WatchedLake,
    compact,
    fill,
    random_rows,
    rows_in,
)

GONE, STAYS = f"touch_id-{0:026d}", f"touch_id-{1:026d}"


def erase(lake: Lake) -> Rewriting:
    return rewrite(lake, "touches", ORGANIZATION, Edit(lambda rows: is_in(rows, "touch_id", {GONE})))


def touches(lake: Lake) -> set[tuple[object, ...]]:
    return rows_in(lake, {"touches": TOUCHES})["touches"]


def but_gone(rows: set[tuple[object, ...]]) -> set[tuple[object, ...]]:
    return {row for row in rows if repr(GONE) not in row}


@pytest.mark.parametrize("after", [False, True])
def test_a_rewrite_ends_complete_when_it_is_killed_at_any_step(lake: Lake, after: bool) -> None:
    step = 0
    while True:
        # Given files of two days
        for file in list(lake.files("touches", ORGANIZATION)):
            lake.remove(file)
        fill(lake, Random(1), 2, table=TOUCHES)
        fill(lake, Random(2), 1, NEXT_DAY, table=TOUCHES)
        before = touches(lake)

        # When the run is killed before or after one of its steps
        try:
            erase(WatchedLake(lake, step, after=after))
        except Killed:
            pass
        else:
            break

        # Then the rows that stay are all there at that moment, and after the next run they alone
        assert but_gone(before) <= touches(lake) <= before
        assert erase(lake).damaged == ()
        assert touches(lake) == but_gone(before)
        assert erase(lake) == Rewriting()
        step += 1
    assert step >= 5


def test_merged_files_and_those_they_replace_are_rewritten_both(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a merged file beside those it replaces
    monkeypatch.setattr(wiring, "lake", lambda: lake)
    fill(lake, Random(3), 6, table=TOUCHES)
    compact()
    before = touches(lake)

    # When rows go, and what was replaced is removed
    done = erase(lake)
    settled = [compact(DAY_MS) for _ in range(4)]

    # Then no file is damaged, and one file has the rows that stay
    assert done.files > 1
    assert not any(run.damaged for run in settled)
    assert touches(lake) == but_gone(before)
    assert len(list(lake.files("touches", ORGANIZATION))) == 1


@pytest.mark.parametrize("step", range(8))
def test_rows_that_a_merge_wrote_again_go_with_the_next_run(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    # Given a merge in the midst of which the rows are erased
    fill(lake, Random(4), 6, table=TOUCHES)
    before = touches(lake)

    def erased() -> None:
        erase(lake)

    monkeypatch.setattr(wiring, "lake", lambda: WatchedLake(lake, step, then=erased))
    compact()

    # When it is done once more
    monkeypatch.setattr(wiring, "lake", lambda: lake)
    erase(lake)
    runs = [compact(DAY_MS) for _ in range(4)]

    # Then they are gone for good
    assert touches(lake) == but_gone(before)
    assert not any(run.damaged for run in runs)


def test_a_file_written_meanwhile_under_the_name_is_not_lost(lake: Lake) -> None:
    # Given a writer that puts another file in the place of the one that is being rewritten
    rows = [{**row, "touch_id": GONE} for row in random_rows(TOUCHES, Random(5), DAY)]
    fresh = [{**row, "touch_id": key} for row in rows[:1] for key in (GONE, STAYS)]

    def write(of: list[dict[str, Any]]) -> None:
        lake.append("touches", ORGANIZATION, DAY, "same", arrow_table(TOUCHES, of))

    for step in range(3):
        write(rows)

        # When it comes before the file is read, replaced or removed
        erase(WatchedLake(lake, step, then=lambda: write(fresh)))

        # Then its row stays, and none that must go does
        found = {row for row in touches(lake) if repr(STAYS) in row}
        assert len(found) == 1
    erase(lake)
    assert touches(lake) == found


def test_rows_become_others_and_no_reader_sees_both(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given rows in a merged file and in those that it replaces
    monkeypatch.setattr(wiring, "lake", lambda: lake)
    fill(lake, Random(6), 6, table=TOUCHES)
    compact()
    before = touches(lake)

    def renamed(rows: pa.Table) -> pa.Table:
        place = rows.column_names.index("touch_id")
        return rows.set_column(place, "touch_id", pa.array(["nobody"] * len(rows)))

    seen: list[tuple[int, int]] = []

    def look() -> None:
        found = touches(lake)
        seen.append((len(found), len(found - but_gone(found))))

    # When somebody looks at every step
    edit = Edit(lambda rows: is_in(rows, "touch_id", {GONE}), renamed)
    step = 0
    for step in range(100):
        watched = WatchedLake(lake, step, then=look)
        rewrite(watched, "touches", ORGANIZATION, edit)
        if watched.steps <= step:
            break

    # Then there are as many rows each time, and all changed at the end
    assert step > 5
    assert {count for count, _ in seen} == {len(before)}
    assert seen[-1] == (len(before), 0)
    assert but_gone(before) < touches(lake)
    assert rewrite(lake, "touches", ORGANIZATION, edit) == Rewriting()
    assert not any(compact(DAY_MS).damaged for _ in range(4))


def test_rows_that_get_lost_or_change_for_ever_stop_it(lake: Lake) -> None:
    fill(lake, Random(6), 2, table=TOUCHES)
    before = touches(lake)

    def every(rows: pa.Table) -> Any:
        return pa.array([True] * len(rows))

    with pytest.raises(OptiqError, match="rows became"):
        rewrite(lake, "touches", ORGANIZATION, Edit(every, lambda rows: rows.slice(1)))
    with pytest.raises(OptiqError, match="changed again"):
        rewrite(lake, "touches", ORGANIZATION, Edit(every, lambda rows: rows))
    assert touches(lake) == before


def test_a_damaged_file_is_named_and_left(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    from optiq.ports.lake import DamagedFileError

    fill(lake, Random(7), 1, table=TOUCHES)
    [file] = lake.files("touches", ORGANIZATION)

    def unreadable(*_: object) -> Mapping[str, object]:
        raise DamagedFileError(f"{file.path} cannot be read")

    for adapter in ("optiq.ports.lake_folder", "optiq.ports.lake_s3"):
        monkeypatch.setattr(f"{adapter}.read_parquet", unreadable)
    assert erase(lake).damaged == (f"{file.path} cannot be read",)
    assert [found.stamp for found in lake.files("touches", ORGANIZATION)] == [file.stamp]
