"""A site's alert settings over HTTP."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body
from optiq.alerts import api as alerts
from optiq.alerts.contracts import AlertRule, QuietHours
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import make_resolver
from optiq.kernel.schemas import SiteId

from functions.alerts.schemas import AlertSettingsIn, AlertSettingsOut

app = make_resolver("alerts")

_PATH = "/v1/sites/{site_id}/alert-settings"


@app.get(_PATH, needs="sites:read", summary="A site's alert settings")
def get_alert_settings(site_id: SiteId) -> AlertSettingsOut:
    return AlertSettingsOut.model_validate(alerts.get_alert_settings(caller_of(app), site_id))


@app.put(_PATH, needs="sites:write", summary="Change a site's alert settings, all together")
def set_alert_settings(site_id: SiteId, body: Annotated[AlertSettingsIn, Body()]) -> AlertSettingsOut:
    changed = alerts.set_alert_settings(
        caller_of(app),
        site_id,
        rules=[AlertRule(**rule.model_dump()) for rule in body.rules],
        members=body.members,
        addresses=body.addresses,
        quiet_hours=QuietHours(**body.quiet_hours.model_dump()) if body.quiet_hours else None,
        expected_version=body.version,
    )
    return AlertSettingsOut.model_validate(changed)


handler = app
