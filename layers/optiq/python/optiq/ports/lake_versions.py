"""The latest version of each of many rows, compared in columns.

The same as `kernel.lake_tables.latest_row_of_each`, for tables of which hardly any row has a second version: an engine
sorts or hashes every key of them for that, which takes longer than all the rest of a query.
"""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from optiq.kernel.lake_tables import LakeTable

_TAIL = 8


def latest_of_each(rows: pa.Table, table: LakeTable) -> pa.Table:
    """One row for each value of the key's last column, of the highest version, in their order; all of one site.

    The table's key names one row, and its version is one column.
    """
    column: Any = rows.column(table.key[-1])
    ids = column.fill_null("").combine_chunks()
    suspects = _maybe_repeated(ids)
    [version] = table.version
    versions = pa.table({"id": ids.take(suspects), "version": rows.column(version).take(suspects)})
    order = pc.sort_indices(versions, [("id", "ascending"), ("version", "descending")]).to_numpy()
    sorted_ids: Any = versions.column("id").take(order).combine_chunks()
    older = np.flatnonzero(pc.equal(sorted_ids[1:], sorted_ids[:-1]).to_numpy(zero_copy_only=False)) + 1
    if not len(older):
        return rows
    kept = np.ones(len(rows), dtype=np.bool_)
    kept[suspects[order[older]]] = False
    return rows.filter(pa.array(kept))


def _maybe_repeated(ids: Any) -> Any:
    """Places of ids, ascending, among which are all that occur more than once: those whose last bytes do."""
    _, offsets, text = ids.buffers()
    ends = np.frombuffer(offsets, np.int32)[ids.offset : ids.offset + len(ids) + 1]
    if not len(ids) or np.diff(ends).min() < _TAIL:
        return np.arange(len(ids))
    tails = np.lib.stride_tricks.sliding_window_view(np.frombuffer(text, np.uint8), _TAIL)[ends[1:] - _TAIL]
    keys = tails.view(np.int64).ravel()
    order = np.argsort(keys)
    same = keys[order[1:]] == keys[order[:-1]]
    return np.sort(order[np.append(same, False) | np.append(False, same)])
