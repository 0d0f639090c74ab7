"""First task of statemachines/attribution_recompute.asl.json: {"organization_id", "job_id"} → {"days": [plan, …]}."""

from dataclasses import asdict
from typing import Any

from optiq.attribution import api


def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    return {"days": [asdict(day) for day in api.plan_recompute(event["organization_id"], event["job_id"])]}
