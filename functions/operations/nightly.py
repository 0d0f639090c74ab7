"""Every night: makes one file of each ended day of the lake, and forgets old errors and metrics. A second firing finds
nothing left to do.
"""

from typing import Any

from optiq.kernel.clock import system_clock
from optiq.operations import api as operations

from functions.operations.running import compact


def handler(_: dict[str, Any], context: Any) -> dict[str, Any]:
    return {"forgotten": operations.forget_old(system_clock())} | compact(context, closed=True)
