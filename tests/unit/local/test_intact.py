"""A start goes on only over a folder that is new or whole."""

import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from infra.local import intact
from infra.local.home import Home, StartError


def database(file: Path, rows: int = 2_000) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE records (id INTEGER PRIMARY KEY, data BLOB)")
        connection.executemany("INSERT INTO records (data) VALUES (?)", [(b"x" * 500,)] * rows)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A folder that was in use."""
    home = Home(tmp_path)
    intact.check(home)
    database(home.table_file)
    database(home.stream_file)
    lake = home.lake_folder / "events" / "org=org_1" / "dt=2026-01-01"
    lake.mkdir(parents=True)
    (lake / "part.parquet").touch()
    intact.check(home)
    return home


def empty(file: Path) -> None:
    file.write_bytes(b"")


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2 + 100])


def overwrite_head(file: Path) -> None:
    _overwrite(file, 0)


def overwrite_middle(file: Path) -> None:
    _overwrite(file, file.stat().st_size // 2)


def _overwrite(file: Path, start: int) -> None:
    with file.open("r+b") as stream:
        stream.seek(start)
        stream.write(b"\xa5" * 20_000)


def test_a_new_folder_gets_a_secret(tmp_path: Path) -> None:
    intact.check(Home(tmp_path))
    secret = tmp_path / "secret.key"
    assert (len(secret.read_bytes()), stat.S_IMODE(secret.stat().st_mode)) == (32, 0o600)


def test_a_folder_whose_first_start_was_cut_off_goes_on(tmp_path: Path) -> None:
    home = Home(tmp_path)
    intact.check(home)
    secret = home.secret_file.read_bytes()
    home.table_file.touch()
    intact.check(home)
    assert home.secret_file.read_bytes() == secret


@pytest.mark.parametrize("name", ["secret.key", "table.db", "stream.db"])
@pytest.mark.parametrize("spoil", [Path.unlink, empty])
def test_a_start_stops_when_a_file_is_gone(home: Home, name: str, spoil: Callable[[Path], None]) -> None:
    spoil(home.path / name)
    with pytest.raises(StartError, match=rf"{name} is (missing|damaged).*Put {name} back.*begin anew"):
        intact.check(home)
    left = home.path / name
    assert not left.exists() or left.read_bytes() == b""


@pytest.mark.parametrize("kept", ["table.db", "stream.db", "lake"])
def test_no_new_secret_is_made_beside_anything(home: Home, kept: str) -> None:
    home.secret_file.unlink()
    for name in {"table.db", "stream.db", "lake"} - {kept}:
        (home.path / name).rename(home.path.parent / f"{home.path.name}-{name}")
    with pytest.raises(StartError, match=r"secret\.key is missing"):
        intact.check(home)


@pytest.mark.parametrize("kept", ["events.db", "lake/ad_metrics/org=org_1/dt=2026-01-01/part.parquet"])
def test_no_new_secret_is_made_beside_what_a_site_without_events_left(tmp_path: Path, kept: str) -> None:
    file = tmp_path / kept
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"anything")
    with pytest.raises(StartError, match=r"secret\.key is missing"):
        intact.check(Home(tmp_path))
    assert not (tmp_path / "secret.key").exists()


@pytest.mark.parametrize("size", [1, 31, 33, 64])
def test_a_start_stops_when_the_secret_has_another_length(home: Home, size: int) -> None:
    home.secret_file.write_bytes(b"x" * size)
    with pytest.raises(StartError, match=r"secret\.key is damaged"):
        intact.check(home)


@pytest.mark.parametrize("name", ["table.db", "stream.db"])
@pytest.mark.parametrize("spoil", [cut, overwrite_head, overwrite_middle])
def test_a_start_stops_when_a_database_is_damaged(home: Home, name: str, spoil: Callable[[Path], None]) -> None:
    intact.note(home)
    spoil(home.path / name)
    with pytest.raises(StartError, match=rf"{name} is damaged.*Put {name} back") as stopped:
        intact.check(home)
    assert "\n" not in str(stopped.value)


def test_files_that_did_not_change_since_the_end_are_not_read_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []
    monkeypatch.setattr(intact, "check_readable", read.append)
    intact.note(home)
    intact.check(home)
    assert read == []
    database(home.path / "other.db")
    (home.path / "other.db").replace(home.stream_file)
    intact.check(home)
    assert read == [home.stream_file]


def test_a_start_stops_when_the_lake_is_gone(home: Home) -> None:
    home.lake_folder.rename(home.path.parent / f"{home.path.name}-lake")
    with pytest.raises(StartError, match=r"lake is missing.*Put lake back.*begin anew"):
        intact.check(home)
    assert not home.lake_folder.exists()


def test_a_start_stops_when_the_lake_was_emptied(home: Home) -> None:
    intact.note(home)
    (home.lake_folder / "events").rename(home.path.parent / f"{home.path.name}-events")
    with pytest.raises(StartError, match=r"events is missing"):
        intact.check(home)
