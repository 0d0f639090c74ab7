"""Who gets a site's alerts."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body
from optiq.alerts import api as alerts
from optiq.alerts.contracts import QuietHours
from optiq.identity.people.api import caller_of
from optiq.kernel.schemas import SiteId

from functions.alerts.app import app
from functions.alerts.schemas_settings import AlertSettingsIn, AlertSettingsOut

_PATH = "/v1/sites/{site_id}/alert-settings"


@app.get(_PATH, needs="sites:read", summary="Who gets a site's alerts, and when not")
def get_alert_settings(site_id: SiteId) -> AlertSettingsOut:
    return AlertSettingsOut.model_validate(alerts.get_alert_settings(caller_of(app), site_id))


@app.put(_PATH, needs="sites:write", summary="Change who gets a site's alerts, all together")
def set_alert_settings(site_id: SiteId, body: Annotated[AlertSettingsIn, Body()]) -> AlertSettingsOut:
    changed = alerts.set_alert_settings(
        caller_of(app),
        site_id,
        members=body.members,
        addresses=body.addresses,
        quiet_hours=QuietHours(**body.quiet_hours.model_dump()) if body.quiet_hours else None,
        expected_version=body.version,
    )
    return AlertSettingsOut.model_validate(changed)
