"""Maintenance windows: times that are not as usual."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from optiq.alerts.windows import api as windows
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.schemas import Limit, SiteId

from functions.alerts.app import app
from functions.alerts.schemas_alerts import MaintenanceWindowIn, MaintenanceWindowOut, MaintenanceWindowsOut

_ALL = "/v1/sites/{site_id}/maintenance-windows"


@app.get(_ALL, needs="alerts:read", summary="A site's maintenance windows, newest first")
def list_windows(site_id: SiteId, limit: Limit = 50, cursor: Cursor = None) -> MaintenanceWindowsOut:
    return MaintenanceWindowsOut.model_validate(
        windows.list_windows(caller_of(app), site_id, limit=limit, cursor=cursor)
    )


@app.post(_ALL, needs="alerts:write", summary="Create a maintenance window", status_code=201)
def create_window(site_id: SiteId, request: MaintenanceWindowIn) -> tuple[MaintenanceWindowOut, int]:
    return MaintenanceWindowOut.model_validate(windows.create_window(caller_of(app), site_id, **request.given())), 201


@app.delete(f"{_ALL}/{{window_id}}", needs="alerts:write", summary="Remove a maintenance window", status_code=204)
def remove_window(
    site_id: SiteId, window_id: Annotated[str, Path(max_length=60, description="id of the window")]
) -> None:
    windows.remove_window(caller_of(app), site_id, window_id)
