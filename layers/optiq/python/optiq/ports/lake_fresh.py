"""Rows of small files that this process has just written, for who merges them a moment later: reading is dearer."""

import threading
from collections import OrderedDict

import pyarrow as pa

_MOST_ROWS = 1_000
MOST_BYTES = 32 * 1024 * 1024


class FreshRows:
    """By file and stamp, each until it is taken, the latest up to MOST_BYTES. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows: OrderedDict[tuple[str, str], tuple[int, pa.Table]] = OrderedDict()
        self._bytes = 0

    def keep(self, path: str, stamp: str, rows: pa.Table) -> None:
        if rows.num_rows > _MOST_ROWS:
            return
        with self._lock:
            # What is held besides the values, such as a buffer's padding, is a kilobyte a column at most.
            size = rows.nbytes + 1_024 * rows.num_columns
            self._rows[path, stamp] = (size, rows)
            self._bytes += size
            while self._bytes > MOST_BYTES:
                self._bytes -= self._rows.popitem(last=False)[1][0]

    def take(self, path: str, stamp: str) -> pa.Table | None:
        with self._lock:
            size, rows = self._rows.pop((path, stamp), (0, None))
            self._bytes -= size
        return rows
