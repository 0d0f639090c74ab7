"""Hands on the events of the outbox, as the table's stream and the relay do on AWS.

What waits is read from the table itself, so that nothing is lost, whatever is killed when.
"""

import logging
import threading

from botocore.exceptions import BotoCoreError
from optiq.events import api as events
from optiq.kernel.errors import UpstreamError
from optiq.kernel.table import TableError

from infra.local.outage_log import OutageLog

_LOG = logging.getLogger(__name__)
_POLL_SECONDS = 0.25
_OUTAGE_SECONDS = 2.0


def relay_events(stop: threading.Event) -> None:
    """Runs until `stop` is set; what cannot be handed on now is at the next look."""
    outage = OutageLog(_LOG, "the relay of events")
    while not stop.is_set():
        try:
            handed_on = events.hand_on_waiting(age_ms=0)
            outage.works()
        except (UpstreamError, TableError, BotoCoreError) as error:
            outage.failed(error)
            stop.wait(_OUTAGE_SECONDS)
            continue
        if not handed_on:
            stop.wait(_POLL_SECONDS)
