"""Copies of a lake: what is in them, what is written anew, and what a stop at any moment leaves."""

import hashlib
import io
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from optiq.attribution.lake import CREDITS
from optiq.kernel.clock import HOUR_MS
from optiq.kernel.errors import UpstreamError
from optiq.kernel.ids import new_id
from optiq.ports.bucket_folder import FolderBucket
from optiq.warehouse import copying
from optiq.warehouse.contracts import Copied
from optiq.warehouse.copying import GRACE_MS, copy_lake
from pyarrow import parquet

from tests.functional.reports.lake import Part, TestLake
from tests.functional.warehouse.conftest import order

NOW_MS = 1_800_000_000_000


class Killed(BaseException):
    """The process ends here."""


class Watched(FolderBucket):
    """A folder that says what was done, and may end the process at one of its writes and removals, or after it."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.done: list[str] = []
        self.kill_at, self.after = -1, False

    def write(self, name: str, content: bytes) -> None:
        self._do(f"write {name}", lambda: super(Watched, self).write(name, content))

    def remove(self, name: str) -> None:
        self._do(f"remove {name}", lambda: super(Watched, self).remove(name))

    def _do(self, what: str, work: Callable[[], None]) -> None:
        ends = len(self.done) == self.kill_at
        if ends and not self.after:
            raise Killed
        work()
        self.done.append(what)
        if ends:
            raise Killed

    def files(self, kind: str = "write") -> list[str]:
        return [one.removeprefix(f"{kind} ") for one in self.done if one.startswith(kind) and "_manifest" not in one]


@pytest.fixture
def bucket(folder: Path) -> Watched:
    return Watched(folder)


def copy(bucket: FolderBucket, lake: TestLake, now_ms: int = NOW_MS, *, days: int = 1_000) -> Copied:
    left = iter(range(days))
    return copy_lake(bucket, lake.organization_id, lambda: now_ms, stop=lambda: next(left, None) is None)


def manifest(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "credits" / "_manifest.json").read_text())
    return found


def copied_orders(folder: Path) -> dict[str, int]:
    """The orders of the copy with their revenue, read by the manifest. Every file is as the manifest says."""
    if not (folder / "credits" / "_manifest.json").exists():
        return {}
    orders: dict[str, int] = {}
    for day, named in manifest(folder)["days"].items():
        content = (folder / "credits" / named["file"]).read_bytes()
        assert len(content) == named["size"]
        assert hashlib.sha256(content).hexdigest()[:32] in named["file"]
        rows = parquet.read_table(io.BytesIO(content)).to_pylist()
        assert len(rows) == named["rows"]
        assert {str(row["conversion_at"])[:10] for row in rows} <= {day}
        orders |= {row["conversion_id"]: row["linear_micros"] for row in rows}
    return orders


def test_a_copy_has_the_latest_rows_of_each_day(bucket: Watched, lake: TestLake, folder: Path) -> None:
    order(lake, 1, revision=2, micros=7_000_000)

    assert copy(bucket, lake).days == 3
    assert copied_orders(folder) == {"order0": 5_000_000, "order1": 7_000_000, "order2": 5_000_000}
    found = manifest(folder)
    assert found["organization_id"] == lake.organization_id
    assert found["columns"]["conversion_at"] == "timestamp"
    assert "deleted" not in parquet.read_schema(folder / "credits" / found["days"]["2026-01-10"]["file"]).names
    # Glob readers see the days as partitions.
    assert [path.parent.name for path in sorted(folder.glob("credits/*/*.parquet"))] == [
        "day=2026-01-10",
        "day=2026-01-11",
        "day=2026-01-12",
    ]


def test_a_row_that_was_deleted_is_in_no_copy(bucket: Watched, lake: TestLake, folder: Path) -> None:
    [row] = lake.credit("order1", "2026-01-11T12:00:00Z", [Part("Email", 1.0, 5_000_000)], revision=2)
    lake.write_credits([row | {"deleted": True}])

    copy(bucket, lake)
    assert copied_orders(folder).keys() == {"order0", "order2"}


def test_only_what_changed_is_written_anew(bucket: Watched, lake: TestLake, folder: Path) -> None:
    copy(bucket, lake)
    bucket.done.clear()
    assert copy(bucket, lake) == Copied()
    assert bucket.done == []

    order(lake, 3, day=11)
    assert copy(bucket, lake).days == 1
    assert len(bucket.files()) == 1
    assert "day=2026-01-11" in bucket.files()[0]
    assert copied_orders(folder).keys() == {"order0", "order1", "order2", "order3"}


def test_files_that_were_merged_with_the_same_rows_are_not_written_anew(
    bucket: Watched, lake: TestLake, folder: Path
) -> None:
    copy(bucket, lake)
    before = manifest(folder)
    bucket.done.clear()
    # The same row once more, as another file: the stamp differs, the rows do not.
    [row] = lake.credit("order1", "2026-01-11T12:00:00Z", [Part("Email", 1.0, 5_000_000)])
    lake.write_credits([row | {"computed_at": 0}, row])
    copy(bucket, lake)

    assert bucket.files() == []
    assert manifest(folder)["days"]["2026-01-11"]["file"] == before["days"]["2026-01-11"]["file"]
    assert manifest(folder)["days"]["2026-01-11"]["stamp"] != before["days"]["2026-01-11"]["stamp"]


def test_a_replaced_file_is_removed_by_a_later_run(bucket: Watched, lake: TestLake, folder: Path) -> None:
    copy(bucket, lake)
    old = folder / "credits" / manifest(folder)["days"]["2026-01-11"]["file"]
    order(lake, 1, revision=2, micros=7_000_000)
    copy(bucket, lake)
    assert old.exists()

    copy(bucket, lake, NOW_MS + GRACE_MS - 1)
    assert old.exists()
    copy(bucket, lake, NOW_MS + GRACE_MS)
    assert not old.exists()
    assert manifest(folder)["replaced"] == []
    assert copied_orders(folder)["order1"] == 7_000_000


def test_rows_that_come_back_are_not_removed_with_what_replaced_them(
    bucket: Watched, lake: TestLake, folder: Path
) -> None:
    copy(bucket, lake)
    root = Path(str(lake.lake._root))
    kept = shutil.copytree(root, root.with_name("kept"))
    order(lake, 1, revision=2, micros=7_000_000)
    copy(bucket, lake)
    shutil.rmtree(root)
    shutil.copytree(kept, root)
    copy(bucket, lake, NOW_MS + HOUR_MS)
    copy(bucket, lake, NOW_MS + 2 * GRACE_MS)

    assert copied_orders(folder)["order1"] == 5_000_000


def test_a_day_that_is_gone_from_the_lake_is_gone_from_the_copy(bucket: Watched, lake: TestLake, folder: Path) -> None:
    copy(bucket, lake)
    [file] = lake.lake.files("credits", lake.organization_id, "2026-01-11", "2026-01-11")
    lake.lake.remove(file)
    copy(bucket, lake)
    assert copied_orders(folder).keys() == {"order0", "order2"}
    copy(bucket, lake, NOW_MS + GRACE_MS)
    assert not list(folder.glob("credits/day=2026-01-11/*.parquet"))


def test_a_run_whose_time_is_up_is_gone_on_with(
    bucket: Watched, lake: TestLake, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "DAYS_TOGETHER", 1)
    assert copy(bucket, lake, days=2) == replace(copy(Watched(folder / "other"), lake, days=2), left=True)
    assert copied_orders(folder).keys() == {"order0", "order1"}
    bucket.done.clear()
    found = copy(bucket, lake)

    assert (found.days, found.left, len(bucket.files())) == (1, False, 1)
    assert copied_orders(folder).keys() == {"order0", "order1", "order2"}


@pytest.mark.parametrize("after", [False, True])
def test_a_kill_at_any_moment_publishes_nothing_half_written(
    lake: TestLake, folder: Path, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "DAYS_TOGETHER", 1)
    first = {f"order{number}": 5_000_000 for number in range(3)}
    copy(FolderBucket(folder), lake)
    order(lake, 1, revision=2, micros=7_000_000)
    order(lake, 4, day=20)
    last = first | {"order1": 7_000_000, "order4": 5_000_000}

    for moment in range(20):
        root = folder.with_name(f"killed{moment}")
        shutil.copytree(folder, root)
        bucket = Watched(root)
        bucket.kill_at, bucket.after = moment, after
        try:
            copy(bucket, lake)
        except Killed:
            found = copied_orders(root)
            assert found.keys() >= first.keys()
            assert found.items() <= {*first.items(), *last.items()}
        else:
            break
        copy(FolderBucket(root), lake)
        assert copied_orders(root) == last
        # What the killed run replaced is removed too.
        copy(FolderBucket(root), lake, NOW_MS + 2 * GRACE_MS)
        assert copied_orders(root) == last
        named = {f"credits/{one['file']}" for one in manifest(root)["days"].values()}
        assert {path.relative_to(root).as_posix() for path in root.glob("credits/*/*.parquet")} == named
    else:
        pytest.fail("it was never done")
    assert moment >= 4


def test_a_copy_is_of_one_organization_alone(bucket: Watched, lake: TestLake, folder: Path) -> None:
    theirs = new_id("org", 1)
    lake.write_credits(
        lake.credit("theirs", "2026-01-10T13:00:00Z", [Part("Email", 1.0, 1_000_000)]), organization_id=theirs
    )
    copy(bucket, lake)

    assert "theirs" not in copied_orders(folder)
    with pytest.raises(UpstreamError, match="is of somebody else"):
        copy_lake(bucket, theirs, lambda: NOW_MS, stop=lambda: False)


def test_a_file_that_is_no_manifest_is_left_as_it_is(bucket: Watched, lake: TestLake, folder: Path) -> None:
    path = folder / "credits" / "_manifest.json"
    path.parent.mkdir(parents=True)
    path.write_text("{}")

    with pytest.raises(UpstreamError, match="is of somebody else"):
        copy(bucket, lake)
    assert path.read_text() == "{}"


@pytest.mark.parametrize("file", ["../../other", "day=2026-01-01/../../x", "/etc/passwd", "day=2026-01-01/x.parquet"])
def test_a_manifest_that_names_other_files_removes_none(
    bucket: Watched, lake: TestLake, folder: Path, file: str
) -> None:
    order(lake, 1)
    copy(bucket, lake)
    path = folder / "credits" / "_manifest.json"
    path.write_text(json.dumps(manifest(folder) | {"replaced": [{"file": file, "since_ms": 0}]}))

    with pytest.raises(UpstreamError, match="is of somebody else"):
        copy(bucket, lake)
    assert bucket.files("remove") == []


def test_a_run_removes_so_many_files_at_most(
    bucket: Watched, lake: TestLake, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "MOST_REMOVED", 2)
    order(lake, 1)
    copy(bucket, lake)
    gone = [{"file": f"day=2026-01-01/{number:032x}.parquet", "since_ms": 0} for number in range(5)]
    (folder / "credits" / "_manifest.json").write_text(json.dumps(manifest(folder) | {"replaced": gone}))

    left = []
    for _ in range(3):
        copy(bucket, lake)
        left.append(len(manifest(folder)["replaced"]))

    assert left == [3, 1, 0]


def test_every_table_of_organizations_is_copied() -> None:
    names = [table.name for table in copying.own_tables()]

    assert CREDITS.name in names
    assert "rates" not in names
    assert {"events", "sessions", "touches", "steps", "people", "ad_metrics"} <= set(names)
