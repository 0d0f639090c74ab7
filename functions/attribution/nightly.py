"""Every night: a recomputation of the last days for every site. A second firing on the same day starts nothing."""

from typing import Any

from optiq.attribution import api
from optiq.kernel.clock import system_clock


def handler(_: dict[str, Any], __: object) -> dict[str, Any]:
    return {"jobs": [job.job_id for job in api.start_nightly_recomputes(system_clock())]}
