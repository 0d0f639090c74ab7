"""The key file and the lake's folder."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from optiq.kernel.errors import UpstreamError
from optiq.ports.lake_folder import FolderLake
from optiq.ports.secret_file import create_secret, read_secret


def test_a_secret_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "home" / "secret.key"
    create_secret(path)
    secret = read_secret(str(path))
    create_secret(path)
    assert len(secret) == 32
    assert read_secret(str(path)) == secret
    assert path.stat().st_mode & 0o777 == 0o600


def test_all_who_make_a_secret_at_once_get_the_same(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"

    def create_and_read(_: int) -> bytes:
        create_secret(path)
        return read_secret(str(path))

    with ThreadPoolExecutor(16) as pool:
        secrets = set(pool.map(create_and_read, range(64)))
    assert len(secrets) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["secret.key"]


def test_reading_makes_no_secret(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"secret\.key is missing: put it back"):
        read_secret(str(tmp_path / "secret.key"))
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_holds_no_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_bytes(b"short")
    with pytest.raises(ValueError, match="5 bytes"):
        read_secret(str(tmp_path / "secret.key"))


def test_lake_files_stand_in_their_partition_and_replace_by_name(tmp_path: Path) -> None:
    lake = FolderLake(str(tmp_path))
    for value in (1, 2):
        lake.append("events", "org_1", "2026-01-31", "part-1", pa.table({"n": [value]}))

    folder = tmp_path / "events" / "org=org_1" / "dt=2026-01-31"
    assert [file.name for file in folder.iterdir()] == ["part-1.parquet"]
    written = pq.ParquetFile(folder / "part-1.parquet")
    assert written.read().to_pydict() == {"n": [2]}
    assert written.metadata.row_group(0).column(0).compression == "ZSTD"
    written.close()


def test_a_lake_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "events").write_text("in the way")
    with pytest.raises(UpstreamError):
        FolderLake(str(tmp_path)).append("events", "org_1", "2026-01-31", "part-1", pa.table({"n": [1]}))
