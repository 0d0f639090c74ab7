"""A file of the lake's folder is on disk and whole before it has its name."""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from optiq.kernel.errors import UpstreamError
from optiq.ports import lake_folder, lake_fresh
from optiq.ports.lake import DamagedFileError, LakeFile
from optiq.ports.lake_folder import FolderLake

OLD, NEW = pa.table({"n": [1]}), pa.table({"n": list(range(500))})
PLACE = ("events", "org_1", "2026-01-31", "part-1")


class Killed(BaseException):
    """The process ends here: nothing may tidy up."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "lake" / "events" / "org=org_1" / "dt=2026-01-31"


@pytest.fixture
def lake(tmp_path: Path) -> FolderLake:
    return FolderLake(str(tmp_path / "lake"))


def watched(monkeypatch: pytest.MonkeyPatch, at_each: Callable[[str, Any], None]) -> None:
    """Calls `at_each` with (what, argument) before every call to the disk that makes something durable or visible."""
    fsync, replace = os.fsync, os.replace

    def watched_fsync(descriptor: int) -> None:
        at_each("fsync", os.fstat(descriptor))
        fsync(descriptor)

    def watched_replace(source: Path, target: Path) -> None:
        at_each("replace", source)
        replace(source, target)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(os, "replace", watched_replace)


def test_a_file_is_synced_then_named_then_its_name_is_synced(
    lake: FolderLake, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a folder that is there already
    lake.append(*PLACE[:3], "another", OLD)
    steps: list[tuple[str, int, int]] = []
    watched(
        monkeypatch,
        lambda what, of: steps.append(
            (what, *((of.st_ino, of.st_size) if what == "fsync" else (of.stat().st_ino, of.stat().st_size)))
        ),
    )

    # When a file is written
    lake.append(*PLACE, NEW)

    # Then all of its bytes were synced, then it got its name, and then the folder that holds the name was synced
    written = (folder / "part-1.parquet").stat()
    assert steps[:2] == [("fsync", written.st_ino, written.st_size), ("replace", written.st_ino, written.st_size)]
    assert [(what, inode) for what, inode, _ in steps[2:]] == [("fsync", folder.stat().st_ino)]


def test_new_folders_are_synced_into_those_above(
    lake: FolderLake, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    watched(
        monkeypatch,
        lambda what, of: synced.append(of.st_ino) if what == "fsync" and stat.S_ISDIR(of.st_mode) else None,
    )

    lake.append(*PLACE, NEW)

    above = [folder, *list(folder.parents)[:4]]
    assert [path.stat().st_ino for path in reversed(above)] == synced


@pytest.mark.parametrize("before", [None, OLD])
def test_a_reader_at_any_moment_of_a_write_sees_a_whole_file_or_the_one_before(
    lake: FolderLake, folder: Path, monkeypatch: pytest.MonkeyPatch, before: pa.Table | None
) -> None:
    # Given a file that stands, or none
    if before is not None:
        lake.append(*PLACE, before)
    seen: list[list[int]] = []

    def read(what: str, of: Any) -> None:
        seen.append([pq.read_table(path).num_rows for path in folder.glob("*.parquet")])

    writing = lake_folder.write_parquet

    def write_and_look(rows: pa.Table, file: Any) -> None:
        read("write", None)
        writing(rows, file)
        read("write", None)

    # When a reader lists and reads at every step of a write
    monkeypatch.setattr(lake_folder, "write_parquet", write_and_look)
    watched(monkeypatch, read)
    lake.append(*PLACE, NEW)
    read("after", None)

    # Then it saw the one before or the new one, each whole
    allowed = [[] if before is None else [1], [500]]
    assert [rows for rows in seen if rows not in allowed] == []
    assert seen[0] == allowed[0]
    assert seen[-1] == allowed[1]


@pytest.mark.parametrize("step", ["half", "written", "fsync", "replace"])
@pytest.mark.parametrize("failure", [Killed, OSError, pa.ArrowInvalid])
def test_a_write_that_dies_leaves_no_file_to_read(
    lake: FolderLake, folder: Path, monkeypatch: pytest.MonkeyPatch, step: str, failure: type[BaseException]
) -> None:
    # Given a write that ends before its end
    writing = lake_folder.write_parquet

    def die(rows: pa.Table, file: Any) -> None:
        writing(rows, file)
        if step == "half":
            file.truncate(file.tell() // 2)
        if step in ("half", "written"):
            file.flush()
            raise failure("no more")

    def die_at(what: str, of: Any) -> None:
        if what == step and not (what == "fsync" and stat.S_ISDIR(of.st_mode)):
            raise failure("no more")

    lake.append(*PLACE[:3], "another", OLD)
    monkeypatch.setattr(lake_folder, "write_parquet", die)
    watched(monkeypatch, die_at)

    # When it dies
    with pytest.raises(Killed if failure is Killed else UpstreamError):
        lake.append(*PLACE, NEW)

    # Then readers see nothing of it, and the same write succeeds later
    assert [path.name for path in folder.glob("*.parquet")] == ["another.parquet"]
    monkeypatch.undo()
    lake.append(*PLACE, NEW)
    assert pq.read_table(folder / "part-1.parquet").num_rows == 500


def listed(lake: FolderLake) -> LakeFile:
    (file,) = lake.files("events", "org_1")
    return file


def test_files_are_listed_by_day_and_read_as_they_were_written(lake: FolderLake) -> None:
    for day in ("2026-02-02", "2026-01-31", "2026-02-01"):
        lake.append("events", "org_1", day, "part", NEW.replace_schema_metadata({"kept": "yes"}))
    lake.append("events", "_platform", "2026-01-31", "part", OLD)

    found = list(lake.files("events", "org_1", "2026-01-31", "2026-02-01"))

    assert [file.day for file in found] == ["2026-01-31", "2026-02-01"]
    assert lake.organizations("events") == ["_platform", "org_1"]
    assert lake.organizations("touches") == []
    read = lake.read(found[0])
    metadata = lake.metadata(found[0])
    assert read is not None
    assert read.equals(NEW)
    assert metadata is not None
    assert metadata[b"kept"] == b"yes"


def test_a_file_that_was_replaced_is_neither_read_nor_removed(lake: FolderLake) -> None:
    # Given a listed file, in whose place stands another of the same size
    lake.append(*PLACE, pa.table({"n": [1]}))
    file = listed(lake)
    lake.append(*PLACE, pa.table({"n": [2]}))

    # When it is read and removed
    assert lake.read(file) is None
    assert lake.metadata(file) is None
    lake.remove(file)

    # Then the other still stands
    rows = lake.read(listed(lake))
    assert rows is not None
    assert rows.to_pydict() == {"n": [2]}


def test_a_file_that_is_gone_is_gone(lake: FolderLake) -> None:
    lake.append(*PLACE, OLD)
    file = listed(lake)
    lake.remove(file)
    lake.remove(file)
    assert lake.read(file) is None
    assert list(lake.files("events", "org_1")) == []


@pytest.mark.parametrize("content", [b"", b"PAR1", b"not Parquet", b"PAR1" + bytes(40) + b"PAR1", bytes(9_000)])
def test_a_damaged_file_is_named(lake: FolderLake, folder: Path, content: bytes) -> None:
    folder.mkdir(parents=True)
    (folder / "torn.parquet").write_bytes(content)
    for ask in (lake.read, lake.metadata):
        with pytest.raises(DamagedFileError, match=r"events/org=org_1/dt=2026-01-31/torn\.parquet cannot be read"):
            ask(listed(lake))


def test_a_folder_in_place_of_a_file_is_named(lake: FolderLake, folder: Path) -> None:
    (folder / "torn.parquet").mkdir(parents=True)
    with pytest.raises(DamagedFileError, match=r"torn\.parquet cannot be read"):
        lake.read(listed(lake))


def test_running_short_of_descriptors_says_nothing_of_a_file(lake: FolderLake, monkeypatch: pytest.MonkeyPatch) -> None:
    lake.append(*PLACE, OLD)
    file = listed(lake)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UpstreamError) as caught:
        lake.read(file)
    assert caught.value.retryable


def test_what_was_just_written_is_recalled_once_while_it_stands(lake: FolderLake, folder: Path) -> None:
    # Given a small file, one that was removed, one that was replaced by others, and a large one
    for name in ("stands", "removed", "replaced"):
        lake.append(*PLACE[:3], name, OLD)
    lake.append(*PLACE[:3], "large", pa.table({"n": list(range(1_001))}))
    files = {file.name: file for file in lake.files("events", "org_1")}
    lake.remove(files["removed"])
    FolderLake(str(folder.parents[2])).append(*PLACE[:3], "replaced", NEW)

    # When they are recalled, twice
    recalled = {name: [lake.recall(file), lake.recall(file)] for name, file in files.items()}

    # Then only the small one that stands is, once
    assert recalled.pop("stands") == [OLD, None]
    assert recalled == {name: [None, None] for name in ("large", "removed", "replaced")}


def test_what_is_recalled_has_a_bound(lake: FolderLake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lake_fresh, "MOST_BYTES", 10 * 1_100)
    for number in range(30):
        lake.append(*PLACE[:3], f"part-{number:02d}", OLD)

    recalled = [file.name for file in lake.files("events", "org_1") if lake.recall(file)]

    assert recalled == [f"part-{number:02d}" for number in range(20, 30)]


def test_the_stamp_of_a_written_file_is_the_one_it_is_listed_with(lake: FolderLake) -> None:
    stamps = [lake.append(*PLACE, rows) for rows in (OLD, NEW)]
    [file] = lake.files("events", "org_1")
    assert file.stamp == stamps[1] != stamps[0]
