"""Hands on what the handlers of a process cost, once a minute."""

import logging
import os
import threading

from optiq.kernel.clock import system_clock
from optiq.kernel.errors import UpstreamError

from infra.local.handlers import MEASURES

_LOG = logging.getLogger(__name__)
_SECONDS = 60.0


def hand_on_measures(name: str, stop: threading.Event) -> None:
    """Until it is to stop. `name` is what the process is, such as `gateway`."""
    # What takes events in needs nothing of this.
    from optiq.operations.measuring import api as measuring

    while not stop.wait(_SECONDS):
        try:
            measuring.hand_on(MEASURES, f"{name}-{os.getpid()}", system_clock())
        except UpstreamError as error:
            _LOG.warning("what handlers cost in the last minute is lost: %s", error)
