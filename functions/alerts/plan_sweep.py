"""Task of statemachines/alert_sweep.asl.json: anything → {"sites": [{"organization_id", "site_id"}]}."""

from typing import Any

from optiq.alerts.planning import api as planning


def handler(_: dict[str, Any], __: object) -> dict[str, Any]:
    found = planning.watched_sites()
    return {"sites": [{"organization_id": organization, "site_id": site} for organization, site in found]}
