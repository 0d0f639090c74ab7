"""A dashboard and a share link, for the tests over all routes."""

from collections.abc import Mapping
from typing import Any

from optiq.kernel.caller import Caller
from optiq.sharing.dashboards import api as dashboards
from optiq.sharing.shares import api as shares


def _dashboard(organization_id: str, site_id: str) -> str:
    caller = Caller.system(organization_id)
    return dashboards.create_dashboard(caller, site_id, name="Monday", shared=True).dashboard_id


def _share(organization_id: str, site_id: str) -> str:
    shared_id = _dashboard(organization_id, site_id)
    caller = Caller.system(organization_id)
    return shares.create_share(caller, site_id, kind="DASHBOARD", shared_id=shared_id).link.share_id


def _new_share(world: Any) -> dict[str, str]:
    return {"kind": "DASHBOARD", "shared_id": _dashboard(*world.site_ids)}


IDS = {"dashboard_id": _dashboard, "share_id": _share}
BODIES: Mapping[str, object] = {
    "PATCH /v1/sites/{site_id}/dashboards/{dashboard_id}": {"name": "Another Name"},
    "POST /v1/sites/{site_id}/shares": _new_share,
}
