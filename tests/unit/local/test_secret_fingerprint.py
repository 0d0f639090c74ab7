"""A secret that data was not written with is refused; data without a fingerprint gets one."""

from pathlib import Path

import pytest

from infra.local import intact
from infra.local.home import Home, StartError


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A folder that a system was started over, with an event."""
    home = Home(tmp_path)
    intact.check(home)
    (tmp_path / "lake/events/org=o/dt=2026-01-01").mkdir(parents=True)
    (tmp_path / "lake/events/org=o/dt=2026-01-01/a.parquet").touch()
    for file in (home.table_file, home.stream_file):
        # What SQLite takes for a database.
        file.write_bytes(b"SQLite format 3\0" + bytes(84))
    return home


@pytest.fixture(autouse=True)
def _readable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intact, "check_readable", lambda file: None)


def test_the_same_secret_is_taken_again(home: Home) -> None:
    before = home.fingerprint_file.read_text()

    intact.check(home)

    assert home.fingerprint_file.read_text() == before


@pytest.mark.parametrize("secret", [bytes(32), b"x" * 32])
def test_another_secret_is_refused_with_what_to_do(home: Home, secret: bytes) -> None:
    right = home.secret_file.read_bytes()
    home.secret_file.write_bytes(secret)

    for _ in range(2):
        with pytest.raises(StartError) as refused:
            intact.check(home)
        assert "is not the secret that this data was written with" in str(refused.value)
        assert "Put secret.key back from your backup" in str(refused.value)

    home.secret_file.write_bytes(right)
    intact.check(home)


def test_data_of_an_older_version_gets_a_fingerprint(home: Home) -> None:
    home.fingerprint_file.unlink()

    intact.check(home)

    home.secret_file.write_bytes(bytes(32))
    with pytest.raises(StartError):
        intact.check(home)


def test_a_folder_without_data_takes_any_secret(tmp_path: Path) -> None:
    home = Home(tmp_path)
    intact.check(home)
    first = home.fingerprint_file.read_text()
    home.secret_file.write_bytes(bytes(32))

    intact.check(home)

    assert home.fingerprint_file.read_text() != first


def test_the_fingerprint_tells_nothing_of_the_secret(home: Home) -> None:
    assert home.secret_file.read_bytes().hex() not in home.fingerprint_file.read_text()
    assert len(home.fingerprint_file.read_text().strip()) == 32


def test_another_secret_is_refused_when_the_fingerprint_was_removed(home: Home) -> None:
    home.secret_file.write_bytes(bytes(32))
    home.fingerprint_file.unlink()

    with pytest.raises(StartError, match="is not the secret that this data was written with"):
        intact.check(home)
