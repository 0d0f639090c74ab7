"""A backup of a folder that is written on meanwhile, and what a restore refuses."""

import json
import os
import sqlite3
import stat
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from optiq.ports.log_file import INSERT_RECORD, LogFile
from optiq.ports.secret_file import create_secret

from infra.local import intact
from infra.local.backup import back_up
from infra.local.backup_tree import copy_tree
from infra.local.home import Home, StartError
from infra.local.restore import restore

_LAKE_FILE = "lake/events/org=o/dt=2026-01-01/a.parquet"


def _silent(_: str) -> None:
    pass


def _append(file: Path, data: bytes) -> None:
    log = LogFile(str(file))
    with log.transaction() as connection:
        connection.execute(INSERT_RECORD, (0, "k", "EventAccepted", 1, data))
    log.close()


def _process(file: Path) -> None:
    """Moves a consumer behind all records."""
    log = LogFile(str(file))
    with log.transaction() as connection:
        connection.execute("INSERT OR REPLACE INTO checkpoints SELECT 'journeys', 0, max(sequence) FROM records")
    log.close()


def _queue(file: Path, name: str, status: str) -> None:
    log = LogFile(str(file))
    with log.transaction() as connection:
        connection.execute(
            "INSERT INTO executions (machine, name, status, input, queued_ms) VALUES ('m', ?, ?, '{}', 1)",
            (name, status),
        )
    log.close()


def _rows(file: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A folder in use, with an event that is processed and one that is not."""
    home = Home(tmp_path / "home")
    home.path.mkdir()
    create_secret(home.secret_file)
    with closing(sqlite3.connect(home.table_file)) as connection, connection:
        connection.execute("CREATE TABLE items (name TEXT)")
        connection.execute("INSERT INTO items VALUES ('shop')")
    _append(home.stream_file, b"one")
    _process(home.stream_file)
    _append(home.stream_file, b"two")
    _append(home.events_file, b"fact")
    lake = home.path / _LAKE_FILE
    lake.parent.mkdir(parents=True)
    lake.write_bytes(b"rows")
    (lake.parent / ".b.draft").write_bytes(b"half")
    home.update_run(pid=1, url="http://localhost:1", shop_site_key="pk", checked={})
    return home


@pytest.fixture
def folder(home: Home, tmp_path: Path) -> Path:
    folder = tmp_path / "backup"
    back_up(home, folder, _silent)
    return folder


def test_restored_folder_holds_what_was_backed_up(home: Home, folder: Path, tmp_path: Path) -> None:
    restored = Home(tmp_path / "elsewhere")
    restore(folder, restored, _silent)

    assert restored.secret_file.read_bytes() == home.secret_file.read_bytes()
    assert stat.S_IMODE(restored.secret_file.stat().st_mode) == 0o600
    assert _rows(restored.table_file, "SELECT name FROM items") == [("shop",)]
    assert _rows(restored.stream_file, "SELECT data FROM records ORDER BY sequence") == [(b"one",), (b"two",)]
    assert _rows(restored.stream_file, "SELECT sequence FROM checkpoints") == [(1,)]
    assert _rows(restored.events_file, "SELECT data FROM records") == [(b"fact",)]
    assert (restored.path / _LAKE_FILE).read_bytes() == b"rows"
    assert (restored.path / _LAKE_FILE).stat().st_mtime_ns == (home.path / _LAKE_FILE).stat().st_mtime_ns
    assert restored.read_run() == {"shop_site_key": "pk"}
    assert not list(restored.path.rglob(".*"))


def test_restored_folder_of_a_system_without_events_is_whole(home: Home, tmp_path: Path) -> None:
    (home.path / _LAKE_FILE).unlink()
    back_up(home, tmp_path / "backup", _silent)
    restored = Home(tmp_path / "elsewhere")
    restore(tmp_path / "backup", restored, _silent)

    intact.check(restored)

    assert restored.lake_folder.is_dir()


def test_backup_has_later_records_and_workflows_but_earlier_checkpoints(home: Home, tmp_path: Path) -> None:
    """So what was done while it was made is done again, and no record's number is given twice."""
    folder = tmp_path / "backup"
    _queue(home.stream_file, "before", "SUCCEEDED")

    def goes_on(line: str) -> None:
        if "table" in line:
            _append(home.stream_file, b"three")
            _process(home.stream_file)
            _queue(home.stream_file, "later", "SUCCEEDED")

    back_up(home, folder, goes_on)

    stream = folder / "stream.db"
    assert _rows(stream, "SELECT sequence, data FROM records ORDER BY 1") == [(1, b"one"), (2, b"two"), (3, b"three")]
    assert _rows(stream, "SELECT sequence FROM checkpoints") == [(1,)]
    assert _rows(stream, "SELECT name, status FROM executions ORDER BY 1") == [
        ("before", "SUCCEEDED"),
        ("later", "QUEUED"),
    ]


def test_backup_has_events_between_contexts_that_the_table_no_longer_holds(home: Home, tmp_path: Path) -> None:
    def relays(line: str) -> None:
        if "how far" in line:
            _append(home.events_file, b"relayed")

    back_up(home, tmp_path / "backup", relays)

    assert _rows(tmp_path / "backup" / "events.db", "SELECT data FROM records ORDER BY 1") == [
        (b"fact",),
        (b"relayed",),
    ]


def test_copy_of_a_tree_follows_a_merge_that_happens_meanwhile(tmp_path: Path) -> None:
    """`a` is copied and `c` is not yet, when both are merged."""
    source, target = tmp_path / "lake", tmp_path / "copy"
    source.mkdir()
    for name in ("a", "c"):
        (source / name).write_bytes(name.encode())
    os.mkfifo(source / "b")

    def merge() -> None:
        # The copy waits for what comes out of `b`, and ends when it is closed.
        with (source / "b").open("wb"):
            (source / "merged").write_bytes(b"ac")
            for name in ("a", "b", "c"):
                (source / name).unlink()

    merging = threading.Thread(target=merge)
    merging.start()
    files = copy_tree(source, target)
    merging.join()

    assert [file.path for file in files] == ["copy/merged"]
    assert [file.name for file in target.iterdir()] == ["merged"]


def test_backup_is_only_for_its_owner_and_says_that_the_secret_is_in_it(folder: Path) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert json.loads((folder / "manifest.json").read_text())["holds_secret"] is True


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def _flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize("spoil", [_cut, _flip, Path.unlink])
@pytest.mark.parametrize("name", ["table.db", "stream.db", "secret.key", _LAKE_FILE])
def test_restore_refuses_a_damaged_backup(
    folder: Path, tmp_path: Path, name: str, spoil: Callable[[Path], object]
) -> None:
    spoil(folder / name)
    restored = Home(tmp_path / "elsewhere")

    with pytest.raises(StartError, match=f"{Path(name).name}.*use another backup"):
        restore(folder, restored, _silent)

    assert not restored.path.exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"optiq": "99.0.0"}, "install 99.0.0 or later"),
        ({"format": 2}, "is a backup of Optiq"),
        ({"files": [{"path": "../x", "bytes": 0, "sha256": ""}]}, "manifest.json is damaged"),
        ({"files": [{"path": "/x", "bytes": 0, "sha256": ""}]}, "manifest.json is damaged"),
        ({"files": 1}, "manifest.json is damaged"),
        ({"optiq": None}, "manifest.json is damaged"),
    ],
)
def test_restore_refuses_a_manifest_it_cannot_follow(
    folder: Path, tmp_path: Path, change: dict[str, object], message: str
) -> None:
    manifest = folder / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | change))

    with pytest.raises(StartError, match=message):
        restore(folder, Home(tmp_path / "elsewhere"), _silent)


def test_restore_refuses_a_folder_without_a_manifest(folder: Path, tmp_path: Path) -> None:
    (folder / "manifest.json").unlink()

    with pytest.raises(StartError, match="no whole backup"):
        restore(folder, Home(tmp_path / "elsewhere"), _silent)


def test_restore_takes_a_backup_of_an_earlier_version(folder: Path, tmp_path: Path) -> None:
    manifest = folder / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"optiq": "0.1.9"}))

    assert restore(folder, Home(tmp_path / "elsewhere"), _silent).optiq == "0.1.9"


def test_restore_refuses_a_folder_in_use(home: Home, folder: Path) -> None:
    before = home.secret_file.read_bytes()

    with pytest.raises(StartError, match="is not empty"):
        restore(folder, home, _silent)

    assert home.secret_file.read_bytes() == before


def test_backup_refuses_folders_that_cannot_take_it(home: Home, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(StartError, match="is not empty"):
        back_up(home, folder, _silent)
    with pytest.raises(StartError, match="is inside"):
        back_up(home, home.path / "backup", _silent)
    with pytest.raises(StartError, match="no Optiq data"):
        back_up(Home(tmp_path / "nothing"), tmp_path / "other", _silent)


def test_backup_of_a_damaged_database_leaves_nothing(home: Home, tmp_path: Path) -> None:
    home.table_file.write_bytes(b"\xa5" * 20_000)
    place = tmp_path / "place"

    with pytest.raises(StartError, match=r"table\.db is damaged"):
        back_up(home, place / "backup", _silent)

    assert list(place.iterdir()) == []
