"""A dashboard, a share link and a scheduled mail, for the tests over all routes."""

from collections.abc import Mapping
from typing import Any

from optiq.kernel.caller import Caller
from optiq.kernel.clock import system_clock
from optiq.kernel.ids import new_id
from optiq.sharing.dashboards import api as dashboards
from optiq.sharing.mails import api as mails
from optiq.sharing.shares import api as shares

from tests.functional.sharing.making import employ


def _dashboard(organization_id: str, site_id: str) -> str:
    caller = Caller.system(organization_id)
    return dashboards.create_dashboard(caller, site_id, name="Monday", shared=True).dashboard_id


def _share(organization_id: str, site_id: str) -> str:
    shared_id = _dashboard(organization_id, site_id)
    caller = Caller.system(organization_id)
    return shares.create_share(caller, site_id, kind="DASHBOARD", shared_id=shared_id).link.share_id


def _schedule(organization_id: str, site_id: str) -> str:
    user_id = new_id("user", system_clock())
    employ(organization_id, user_id, "VIEWER")
    created = mails.create_schedule(
        Caller.system(organization_id),
        site_id,
        name="Monday",
        kind="DASHBOARD",
        shared_id=_dashboard(organization_id, site_id),
        every="WEEK",
        hour=8,
        recipients=(user_id,),
    )
    return created.schedule.schedule_id


def _new_schedule(world: Any) -> dict[str, object]:
    recipients = [world.asks.user_id]
    return {**_new_share(world), "name": "Monday", "every": "WEEK", "hour": 8, "recipients": recipients}


def _new_share(world: Any) -> dict[str, str]:
    return {"kind": "DASHBOARD", "shared_id": _dashboard(*world.site_ids)}


IDS = {"dashboard_id": _dashboard, "share_id": _share, "schedule_id": _schedule}
BODIES: Mapping[str, object] = {
    "PATCH /v1/sites/{site_id}/dashboards/{dashboard_id}": {"name": "Another Name"},
    "POST /v1/sites/{site_id}/shares": _new_share,
    "POST /v1/sites/{site_id}/scheduled-mails": _new_schedule,
    "PATCH /v1/sites/{site_id}/scheduled-mails/{schedule_id}": {"active": False},
}
