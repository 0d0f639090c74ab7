"""Task of statemachines/ad_sync.asl.json: {"organization_id", "sync_id"} → {"status", "goes_on_at"}."""

from typing import Any

from optiq.ads.sync import api as sync
from optiq.kernel.clock import to_rfc3339


def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    job = sync.step_sync(event["organization_id"], event["sync_id"])
    return {"status": job.status, "goes_on_at": to_rfc3339(job.not_before_ms or 0)}
