"""Second task of statemachines/attribution_recompute.asl.json: {"organization_id", "job_id"} → {"partitions": […]}."""

from dataclasses import asdict
from typing import Any

from optiq.attribution import api


def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    partitions = api.plan_recompute(event["organization_id"], event["job_id"])
    return {"partitions": [asdict(partition) for partition in partitions]}
