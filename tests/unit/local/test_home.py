"""A data folder is the owner's alone, whoever made it and however."""

import stat
from pathlib import Path

import pytest

from infra.local.home import Home


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("before", [0o755, 0o777, 0o750, 0o700])
def test_a_folder_and_its_files_become_the_owners_alone(tmp_path: Path, before: int) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    files = [folder / name for name in ("table.db", "table.db-wal", "stream.db", "secret.key", "run.json", "table.log")]
    for file in files:
        file.touch()
        file.chmod(0o644)
    folder.chmod(before)

    home = Home(folder)
    with home.lock():
        home.update_run(url="http://localhost")
        (folder / "stream.db-shm").touch()

    assert mode(folder) == 0o700
    assert {mode(file) for file in folder.iterdir()} == {0o600}


def test_a_folder_for_everybody_keeps_its_mode_but_not_its_files(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    (tmp_path / "table.db").touch()
    (tmp_path / "table.db").chmod(0o644)
    (tmp_path / "another.txt").touch()
    (tmp_path / "another.txt").chmod(0o644)

    with Home(tmp_path).lock():
        pass

    assert mode(tmp_path) == 0o1777
    assert mode(tmp_path / "table.db") == 0o600
    assert mode(tmp_path / "another.txt") == 0o644
