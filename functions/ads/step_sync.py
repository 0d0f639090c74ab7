"""Task of statemachines/ad_sync.asl.json: {"organization_id", "sync_id"} → {"status", "pause_seconds"}."""

from typing import Any

from optiq.ads.sync import api as sync


def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    job = sync.step_sync(event["organization_id"], event["sync_id"])
    return {"status": job.status, "pause_seconds": sync.pause_seconds(job)}
