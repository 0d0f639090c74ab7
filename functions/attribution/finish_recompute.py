"""Last task of statemachines/attribution_recompute.asl.json, after success (`outcomes`) and failure (`error`) alike."""

from typing import Any

from optiq.attribution import api
from optiq.attribution.contracts import DayOutcome


def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    organization_id, job_id = event["organization_id"], event["job_id"]
    if error := event.get("error"):
        job = api.fail_recompute(organization_id, job_id, f"{error.get('Error')}: {error.get('Cause')}")
    else:
        outcomes = [DayOutcome(**outcome) for outcome in event["outcomes"]]
        job = api.finish_recompute(organization_id, job_id, outcomes)
    return {"job_id": job.job_id, "status": job.status}
