"""First task of statemachines/attribution_recompute.asl.json: {"organization_id", "job_id"} → {"version"}."""

from typing import Any

from optiq.attribution import api


def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    return {"version": api.fit_models(event["organization_id"], event["job_id"]).version}
