"""Task of statemachines/privacy_request.asl.json: {"organization_id", "request_id", "context"}: one context's part."""

from typing import Any

from optiq.privacy import api as privacy


def handler(event: dict[str, Any], _: object) -> dict[str, str]:
    privacy.work(event["organization_id"], event["request_id"], event["context"])
    return {"context": event["context"]}
