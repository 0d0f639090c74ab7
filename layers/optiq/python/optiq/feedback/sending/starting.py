"""When conversions are told: every minute, at the destinations that have something due."""

import json

from optiq.feedback import keys
from optiq.feedback.destinations.contracts import Destination
from optiq.feedback.destinations.stores import DESTINATIONS
from optiq.feedback.outbox.stores import has_due
from optiq.kernel.clock import MINUTE_MS, Clock, system_clock
from optiq.kernel.settings import settings
from optiq.kernel.turns import in_turn
from optiq.ports import wiring

_MOST = 1_000
"""Destinations of one run: the input of a workflow has 256 KB. The others are due in the next minute still."""


def start_due(clock: Clock = system_clock) -> int:
    """Begins the run of this minute; returns at how many destinations. Without any there is no run.

    Raises:
        UpstreamError: it could not be begun.
    """
    due = _due(clock())
    if due:
        execution = json.dumps({"destinations": [_named(one) for one in due]})
        wiring.workflows().start(settings().feedback_machine, f"feedback-{clock() // MINUTE_MS}", execution)
    return len(due)


def _due(now_ms: int) -> list[Destination]:
    """Organizations take turns: one with many destinations has no other wait for all of them."""
    enabled = in_turn(DESTINATIONS.in_index(keys.ENABLED), lambda one: one.organization_id)
    found: list[Destination] = []
    for one in enabled:
        if len(found) < _MOST and has_due(one, now_ms):
            found.append(one)
    return found


def _named(destination: Destination) -> dict[str, str]:
    names = ("organization_id", "site_id", "destination_id")
    return {name: getattr(destination, name) for name in names}
