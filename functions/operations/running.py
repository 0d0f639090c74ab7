"""One run of the lake's maintenance, as a schedule starts it."""

import logging
from dataclasses import asdict
from typing import Any

from optiq.kernel.clock import system_clock
from optiq.operations import api as operations

_LOG = logging.getLogger(__name__)
_LAST_PARTITION_MS = 120_000
"""A partition takes less than that."""


def compact(context: Any, *, closed: bool) -> dict[str, Any]:
    """What was done; each damaged file is an error in the log, which an alarm waits for."""
    done = operations.compact_all_days(
        system_clock(), closed=closed, stop=lambda: context.get_remaining_time_in_millis() < _LAST_PARTITION_MS
    )
    for reason in done.damaged:
        _LOG.error("the lake's file %s", reason)
    return asdict(done)
