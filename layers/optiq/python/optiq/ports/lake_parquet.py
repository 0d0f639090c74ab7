"""How rows of the lake are written as Parquet, on either substrate."""

from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

_MANY_ROWS = 1_000
"""In fewer a dictionary for each column costs a third of the writing and makes the file no smaller (measured)."""
_FEW_VALUES = 100
"""Columns with so many at most among the first rows take less time with a dictionary, and less room (measured)."""
_TELLS_FILES_APART = "site_id"
"""In a file of many rows the least and greatest of any other column rule nothing out, and cost a fifth (measured)."""


def write_parquet(rows: pa.Table, file: BinaryIO | pa.NativeFile) -> None:
    """Raises OSError or pa.ArrowException."""
    worth: Any = [name for name in rows.column_names if _is_worth_a_dictionary(rows.column(name))]
    ranges: Any = rows.num_rows < _MANY_ROWS or [_TELLS_FILES_APART]
    pq.write_table(rows, file, compression="zstd", use_dictionary=worth, write_statistics=ranges)


def _is_worth_a_dictionary(column: "pa.ChunkedArray[Any]") -> bool:
    """Whether it is one already, or has few values."""
    is_one = pa.types.is_dictionary(column.type)
    if is_one or len(column) < _MANY_ROWS:
        return is_one
    values: int = pc.count_distinct(column.slice(0, _MANY_ROWS)).as_py()
    return values <= _FEW_VALUES
