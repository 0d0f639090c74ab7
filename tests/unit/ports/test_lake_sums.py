"""A file's own checksum: any changed byte shows, wherever it is."""

import io
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from optiq.ports.lake import DamagedFileError, LakeFile
from optiq.ports.lake_days import ALL, days_of
from optiq.ports.lake_parquet import metadata_of, read_parquet, write_parquet
from optiq.ports.lake_sums import file_is_as_written, is_as_written

FILE = LakeFile("touches", "org_1", "2026-01-01", "a", 0, "", 0)
ROWS = pa.table({"id": [f"touch_{n}" for n in range(5_000)], "micros": list(range(5_000))})


def _written(rows: pa.Table = ROWS) -> bytes:
    file = io.BytesIO()
    write_parquet(rows, file)
    return file.getvalue()


@pytest.mark.parametrize("rows", [ROWS, ROWS[:0], ROWS[:3], ROWS.replace_schema_metadata({"said": "x"})])
def test_a_file_as_it_was_written_has_its_sum(rows: pa.Table, tmp_path: Path) -> None:
    content = _written(rows)
    (tmp_path / "a").write_bytes(content)

    assert is_as_written(content)
    assert file_is_as_written(tmp_path / "a")
    assert read_parquet(FILE, pa.py_buffer(content)).equals(rows)


def test_readers_see_no_more_metadata_than_the_writer_gave() -> None:
    content = _written(ROWS.replace_schema_metadata({"said": "x"}))

    assert read_parquet(FILE, pa.py_buffer(content)).schema.metadata == {b"said": b"x"}
    said = metadata_of(LakeFile(*FILE_PLACE, len(content), "", 0), lambda size: pa.py_buffer(content[-size:]))
    assert said is not None
    assert set(said) == {b"said", b"ARROW:schema"}


FILE_PLACE = ("touches", "org_1", "2026-01-01", "a")


@pytest.mark.parametrize("seed", range(60))
def test_any_damage_shows(seed: int, tmp_path: Path) -> None:
    chance, content = Random(seed), bytearray(_written())
    length = chance.choice([1, 8, 2_000])
    start = chance.randrange(len(content) - length)
    noise = bytes(byte ^ chance.randrange(1, 256) for byte in content[start : start + length])
    content[start : start + length] = noise
    (tmp_path / "a").write_bytes(content)

    # What has lost its sum, for the damage is there, is no longer readable or is compared by nobody.
    if b"optiq.crc32" in content and content.endswith(b"PAR1"):
        try:
            pq.read_schema(io.BytesIO(content))
        except (pa.ArrowException, OSError, ValueError):
            return
        assert not is_as_written(content)
        assert not file_is_as_written(tmp_path / "a")
        with pytest.raises(DamagedFileError):
            read_parquet(FILE, pa.py_buffer(bytes(content)))


@pytest.mark.parametrize("content", [b"", b"PAR1", b"garbage", bytes(5_000), b"\xff\xff\xff\x7fPAR1"])
def test_what_is_no_parquet_is_for_its_reader_to_refuse(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(content)

    assert is_as_written(content)
    assert file_is_as_written(tmp_path / "a")


def test_a_file_of_an_older_version_has_no_sum() -> None:
    file = io.BytesIO()
    pq.write_table(ROWS, file)

    assert is_as_written(file.getvalue())
    assert read_parquet(FILE, pa.py_buffer(file.getvalue())).equals(ROWS)


A, B, C = "2026-01-01", "2026-01-05", "2026-02-01"


@pytest.mark.parametrize(
    ("sql", "parameters", "days"),
    [
        ("SELECT 1 FROM touches WHERE site_id = ? AND dt BETWEEN ? AND ?", ["s", A, B], (A, B)),
        ("SELECT '?' FROM touches WHERE site_id = ? AND dt = ?", ["s", B], (B, B)),
        (
            "SELECT 1 FROM touches t WHERE dt BETWEEN ? AND ? AND x = ? "
            "UNION ALL SELECT 1 FROM credits WHERE dt BETWEEN ? AND ?",
            [B, C, "s", A, B],
            (A, C),
        ),
        # Some table is read whole.
        ("SELECT 1 FROM touches JOIN credits ON true WHERE touches.dt BETWEEN ? AND ?", [A, B], ALL),
        ("SELECT 1 FROM touches WHERE site_id = ?", ["s"], ALL),
        ("SELECT 1 FROM touches WHERE dt >= ?", [A], ALL),
    ],
)
def test_the_days_of_a_statement_are_known(sql: str, parameters: list[str], days: tuple[str, str]) -> None:
    assert days_of(sql, parameters, ("credits", "touches")) == days
