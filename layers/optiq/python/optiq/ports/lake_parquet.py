"""How rows of the lake are written as Parquet and read again, on either substrate."""

from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from optiq.ports.lake import DamagedFileError, LakeFile, first_line
from optiq.ports.lake_digest import digest_of
from optiq.ports.lake_sums import BLANK, KEY, NOT_AS_WRITTEN, is_as_written, with_sum

_MANY_ROWS = 1_000
"""In fewer a dictionary for each column costs a third of the writing and makes the file no smaller (measured)."""
_FEW_VALUES = 100
"""Columns with so many at most among the first rows take less time with a dictionary, and less room (measured)."""
_TELLS_FILES_APART = "site_id"
"""In a file of many rows the least and greatest of any other column rule nothing out, and cost a fifth (measured)."""
_FOOTER_BYTES = 256 * 1024
"""More than the footer of any file that is made here."""
_UNREADABLE = (pa.ArrowException, OSError, ValueError)
"""What Arrow raises at bytes that are no Parquet, or no longer."""


def write_parquet(rows: pa.Table, file: BinaryIO | pa.NativeFile) -> None:
    """Writes rows with the sum of the file's bytes. Raises OSError or pa.ArrowException."""
    rows = rows.replace_schema_metadata({**(rows.schema.metadata or {}), KEY: BLANK})
    worth: Any = [name for name in rows.column_names if _is_worth_a_dictionary(rows.column(name))]
    ranges: Any = rows.num_rows < _MANY_ROWS or [_TELLS_FILES_APART]
    sink = pa.BufferOutputStream()
    pq.write_table(rows, sink, compression="zstd", use_dictionary=worth, write_statistics=ranges)
    content = bytearray(sink.getvalue())
    with_sum(content)
    file.write(content)


def proved_parquet(file: LakeFile, rows: pa.Table) -> pa.Buffer:
    """A file's new content, which reads back as the rows it was made of.

    Raises:
        DamagedFileError: it does not.
        pa.ArrowException: the rows cannot be written.
    """
    sink = pa.BufferOutputStream()
    write_parquet(rows, sink)
    content = sink.getvalue()
    if digest_of(read_parquet(file, content)) != digest_of(rows):
        raise DamagedFileError(f"{file.path} would not hold the rows it is made of")
    return content


def read_parquet(file: LakeFile, content: pa.Buffer) -> pa.Table:
    """All rows, with the metadata of their schema. Raises DamagedFileError."""
    try:
        # For files as small as most are, this takes half the time of pq.read_table.
        rows = pq.ParquetFile(pa.BufferReader(content)).read(use_threads=False)
        if is_as_written(memoryview(content)):
            return rows.replace_schema_metadata(_without_sum(rows.schema.metadata or {}) or None)
    except _UNREADABLE as error:
        raise DamagedFileError(f"{file.path} cannot be read: {first_line(error)}") from error
    raise DamagedFileError(f"{file.path} cannot be read: {NOT_AS_WRITTEN}")


def metadata_of(file: LakeFile, end_of: Callable[[int], pa.Buffer | None]) -> Mapping[bytes, bytes] | None:
    """The metadata of a file's schema, from its footer; `end_of` gives its last bytes. Raises DamagedFileError."""
    end = end_of(min(file.size, _FOOTER_BYTES))
    try:
        return None if end is None else _metadata(end)
    except _UNREADABLE:
        # The footer may be longer than that.
        whole = end_of(file.size) if file.size > _FOOTER_BYTES else end
    try:
        return None if whole is None else _metadata(whole)
    except _UNREADABLE as error:
        raise DamagedFileError(f"{file.path} cannot be read: {first_line(error)}") from error


def _metadata(end: pa.Buffer) -> Mapping[bytes, bytes]:
    return _without_sum(pq.read_metadata(pa.BufferReader(end)).metadata or {})


def _without_sum(metadata: Mapping[bytes, bytes]) -> dict[bytes, bytes]:
    return {key: value for key, value in metadata.items() if key != KEY}


def _is_worth_a_dictionary(column: "pa.ChunkedArray[Any]") -> bool:
    """Whether it is one already, or has few values."""
    is_one = pa.types.is_dictionary(column.type)
    if is_one or len(column) < _MANY_ROWS:
        return is_one
    values: int = pc.count_distinct(column.slice(0, _MANY_ROWS)).as_py()
    return values <= _FEW_VALUES
