"""A saved view, for the tests over all routes."""

from collections.abc import Mapping

from optiq.kernel.caller import Caller
from optiq.reports.views import api as views


def _view(organization_id: str, site_id: str) -> str:
    question = {"metrics": ["visits"]}
    caller = Caller.system(organization_id)
    return views.create_view(caller, site_id, name="Visits", kind="QUESTION", question=question).view_id


IDS = {"view_id": _view}
BODIES: Mapping[str, object] = {"PATCH /v1/sites/{site_id}/views/{view_id}": {"name": "Another Name"}}
