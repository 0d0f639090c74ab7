"""Last task of statemachines/privacy_request.asl.json, with the `error` that stopped a request."""

from typing import Any

from optiq.privacy import api as privacy


def handler(event: dict[str, Any], _: object) -> dict[str, str]:
    reason = f"{event['error'].get('Error')}: {event['error'].get('Cause')}"
    privacy.fail(event["organization_id"], event["request_id"], reason)
    return {"request_id": event["request_id"]}
