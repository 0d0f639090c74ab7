"""Last task of statemachines/attribution_recompute.asl.json.

Takes the `outcomes` of the partitions, or the `error` that kept the job from them. A partition that failed has an
`error` for an outcome.
"""

from typing import Any

from optiq.attribution import api


def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    errors = [outcome["error"] for outcome in event.get("outcomes", (event,)) if "error" in outcome]
    failures = [f"{error.get('Error')}: {error.get('Cause')}" for error in errors]
    job = api.finish_recompute(event["organization_id"], event["job_id"], failures)
    return {"job_id": job.job_id, "status": job.status}
