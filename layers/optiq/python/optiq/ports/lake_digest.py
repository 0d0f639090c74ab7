"""A digest of rows: says whether two tables hold the same values."""

import hashlib
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def digest_of(rows: pa.Table) -> str:
    """Of the values, in their order, whatever they are held in."""
    digest = hashlib.blake2b(f"{rows.num_rows} {rows.column_names}".encode(), digest_size=16)
    for column in rows.itercolumns():
        digest.update(pc.is_null(column).to_numpy().tobytes())
        for part in _bytes_of(column):
            digest.update(part)
    return digest.hexdigest()


def _bytes_of(column: Any) -> tuple[bytes, ...]:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _bytes_of(column.cast(kind.value_type))
    if pa.types.is_string(kind):
        text = column.fill_null("")
        return pc.binary_length(text).to_numpy().tobytes(), _joined(text)
    if pa.types.is_timestamp(kind):
        column, kind = column.cast(pa.int64()), pa.int64()
    values = column.fill_null(pa.scalar(0).cast(kind)).to_numpy()
    return (np.ascontiguousarray(values).tobytes(),)


def _joined(text: Any) -> bytes:
    """The bytes of a column's texts, one after another."""
    parts = []
    for chunk in text.chunks:
        _, offsets, content = chunk.buffers()
        if len(chunk) and content is not None:
            ends = np.frombuffer(offsets, np.int32)[chunk.offset : chunk.offset + len(chunk) + 1]
            parts.append(content[int(ends[0]) : int(ends[-1])].to_pybytes())
    return b"".join(parts)
