"""Task of statemachines/alert_sweep.asl.json: {"organization_id", "site_id"} → {"changes"}: alerts raised or ended."""

from typing import Any

from optiq.alerts.sweeping import api as sweeping


def handler(event: dict[str, Any], _: object) -> dict[str, int]:
    return {"changes": sweeping.sweep_site(event["organization_id"], event["site_id"])}
