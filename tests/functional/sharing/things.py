"""A dashboard, for the tests over all routes."""

from collections.abc import Mapping

from optiq.kernel.caller import Caller
from optiq.sharing.dashboards import api as dashboards


def _dashboard(organization_id: str, site_id: str) -> str:
    caller = Caller.system(organization_id)
    return dashboards.create_dashboard(caller, site_id, name="Monday", shared=True).dashboard_id


IDS = {"dashboard_id": _dashboard}
BODIES: Mapping[str, object] = {"PATCH /v1/sites/{site_id}/dashboards/{dashboard_id}": {"name": "Another Name"}}
