"""The hourly look: deletions that are due are carried out, each by a run of the workflow."""

import json

from optiq.deletion import keys, targets
from optiq.deletion.contracts import Deletion
from optiq.deletion.stored import DELETIONS
from optiq.kernel.clock import HOUR_MS, Clock, system_clock
from optiq.kernel.settings import settings
from optiq.kernel.turns import in_turn
from optiq.ports import wiring


def start_due(clock: Clock = system_clock) -> int:
    """Starts what is due, and what an earlier run left; returns how many.

    Every site that goes with a deletion that still waits is marked once more, in case a stop kept it open.

    Raises UpstreamError.
    """
    now_ms, started = clock(), 0
    for deletion in in_turn(DELETIONS.in_index(keys.DUE), lambda one: one.organization_id):
        if deletion.due_ms > now_ms:
            if deletion.kind != "ACCOUNT":
                targets.mark_sites(deletion, deletion.due_ms)
            continue
        # The same hour starts it once; a run that was stopped is followed by another in the next.
        name = f"{deletion.deletion_id}-{now_ms // HOUR_MS}"
        wiring.workflows().start(settings().deletion_machine, name, _input(deletion))
        started += 1
    return started


def _input(deletion: Deletion) -> str:
    return json.dumps({"organization_id": deletion.organization_id, "deletion_id": deletion.deletion_id})
