"""Task of statemachines/privacy_request.asl.json: {"organization_id", "request_id"} → {"done"}: nothing is left."""

from typing import Any

from optiq.privacy import api as privacy


def handler(event: dict[str, Any], _: object) -> dict[str, bool]:
    return {"done": privacy.finish(event["organization_id"], event["request_id"])}
