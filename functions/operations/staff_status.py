"""Incidents and settings of the system over HTTP, for staff."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body, Path
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.schemas import Limit
from optiq.operations.settings import api as settings
from optiq.operations.status import api as status

from functions.operations.app import app
from functions.operations.schemas_status import (
    IncidentIn,
    IncidentOut,
    IncidentPatch,
    IncidentsOut,
    SettingPatch,
    SettingsOut,
    SystemSettingOut,
)
from functions.operations.staff import staff_caller

_INCIDENTS, _SETTINGS = "/v1/operator/incidents", "/v1/operator/settings"
_IncidentId = Annotated[str, Path(max_length=60, description="id of the incident, as the list has it")]
_Key = Annotated[str, Path(max_length=60, description="key of the setting, such as status.notice")]


@app.get(_INCIDENTS, operator=True, summary="Incidents of the status page, newest first")
def list_incidents(limit: Limit = 50, cursor: Cursor = None) -> IncidentsOut:
    staff_caller()
    return IncidentsOut.model_validate(status.list_incidents(limit=limit, cursor=cursor))


@app.post(_INCIDENTS, operator=True, summary="Tell customers of an incident", status_code=201)
def create_incident(body: Annotated[IncidentIn, Body()]) -> tuple[IncidentOut, int]:
    return IncidentOut.model_validate(status.create_incident(staff_caller(), **body.given())), 201


@app.patch(f"{_INCIDENTS}/{{incident_id}}", operator=True, summary="Tell what is known of an incident now")
def update_incident(incident_id: _IncidentId, body: Annotated[IncidentPatch, Body()]) -> IncidentOut:
    changed = status.update_incident(
        staff_caller(), incident_id, status=body.status, text=body.text, expected_version=body.version
    )
    return IncidentOut.model_validate(changed)


@app.get(_SETTINGS, operator=True, summary="Settings of the system, as they stand")
def list_settings() -> SettingsOut:
    staff_caller()
    return SettingsOut(items=[SystemSettingOut.of(one) for one in settings.list_settings()], cursor=None)


@app.get(f"{_SETTINGS}/{{key}}", operator=True, summary="Every version of a setting, the one in force first")
def list_versions(key: _Key) -> SettingsOut:
    staff_caller()
    return SettingsOut(items=[SystemSettingOut.of(one) for one in settings.versions_of(key)], cursor=None)


@app.patch(f"{_SETTINGS}/{{key}}", operator=True, summary="Change a setting; functions know it within 30 seconds")
def change_setting(key: _Key, body: Annotated[SettingPatch, Body()]) -> SystemSettingOut:
    changes = body.given("number")
    return SystemSettingOut.of(settings.change_setting(staff_caller(), key, changes, expected=body.number))
