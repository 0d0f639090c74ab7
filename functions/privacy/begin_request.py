"""First task of statemachines/privacy_request.asl.json: {"organization_id", "request_id"} → contexts to be asked."""

from typing import Any

from optiq.privacy import api as privacy


def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    request = {"organization_id": event["organization_id"], "request_id": event["request_id"]}
    contexts, pause_seconds = privacy.begin(**request)
    return {"contexts": [{**request, "context": context} for context in contexts], "pause_seconds": pause_seconds}
