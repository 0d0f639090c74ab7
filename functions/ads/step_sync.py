"""Task of statemachines/ad_sync.asl.json: {"organization_id", "sync_id"} → {"status"}. No more of the job."""

from typing import Any

from optiq.ads.sync import api as sync


def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    return {"status": sync.step_sync(event["organization_id"], event["sync_id"]).status}
