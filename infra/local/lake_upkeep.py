"""Gathers the small files that live events leave in the lake, while the system runs.

A batch is a file for each table and day, and is handled within a tenth of a second: that keeps what is stored fresh,
and makes thirty files a second. They are merged seconds later, long before the hourly run.
"""

import logging
import threading
import time

from optiq.kernel.clock import system_clock

_LOG = logging.getLogger(__name__)
PAUSE_SECONDS = 5.0
_SHARE = 5
"""Of a processor it takes a fifth at most, however many organizations there are."""


def keep_lake_compact(stop: threading.Event) -> None:
    """Runs until told to stop; trouble is logged, and met again at the next run."""
    from optiq.operations import api as operations

    pause = PAUSE_SECONDS
    while not stop.wait(pause):
        started = time.monotonic()
        try:
            operations.compact_recent_days(system_clock())
        except Exception:  # noqa: BLE001 - a dead thread would let the files pile up unseen
            _LOG.exception("the lake's small files were not merged")
        pause = max(PAUSE_SECONDS, (time.monotonic() - started) * (_SHARE - 1))
