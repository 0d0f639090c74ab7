"""Every night: makes one file of each of the lake's days that ended, and forgets old errors. A second firing finds
nothing left to do.
"""

from typing import Any

from optiq.kernel.clock import system_clock
from optiq.operations.errors import api as errors

from functions.operations.running import compact


def handler(_: dict[str, Any], context: Any) -> dict[str, Any]:
    return {"forgotten": errors.forget_old(system_clock())} | compact(context, closed=True)
