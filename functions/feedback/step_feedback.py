"""Task of statemachines/conversion_feedback.asl.json: {"organization_id", "site_id", "destination_id"} → {"more"}."""

from typing import Any

from optiq.feedback import api as feedback


def handler(event: dict[str, Any], _: object) -> dict[str, bool]:
    return {"more": feedback.step(event["organization_id"], event["site_id"], event["destination_id"])}
