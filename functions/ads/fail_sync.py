"""Last task of statemachines/ad_sync.asl.json, with the `error` that kept the job from its steps."""

from typing import Any

from optiq.ads.sync import api as sync


def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    reason = f"{event['error'].get('Error')}: {event['error'].get('Cause')}"
    return {"status": sync.fail_sync(event["organization_id"], event["sync_id"], reason).status}
