"""Alerts: what became of a breach, and who looks after it."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from optiq.alerts.lifecycle import api as lifecycle
from optiq.alerts.lifecycle.contracts import Alert, Status
from optiq.alerts.sweeping import api as sweeping
from optiq.alerts.telling import api as telling
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.errors import InvalidError
from optiq.kernel.schemas import Limit, OrNull, SiteId

from functions.alerts.app import app
from functions.alerts.schemas_alerts import AlertOut, AlertsOut, SnoozeIn
from functions.alerts.schemas_rules import WiderOut

_ALL = "/v1/sites/{site_id}/alerts"
_ONE = f"{_ALL}/{{alert_id}}"
_AlertId = Annotated[str, Path(max_length=60, description="id of the alert, as the list has it")]
_Status = Annotated[Status | None, OrNull, Query(description="only alerts of this status")]


@app.get(_ALL, needs="alerts:read", summary="A site's alerts, newest first")
def list_alerts(site_id: SiteId, status: _Status = None, limit: Limit = 50, cursor: Cursor = None) -> AlertsOut:
    caller = caller_of(app)
    found = lifecycle.list_alerts(caller, site_id, status=status, limit=limit, cursor=cursor)
    items = [AlertOut.of(one) for one in telling.told(caller, site_id, found.items)]
    return AlertsOut(items=items, cursor=found.cursor)


@app.get(_ONE, needs="alerts:read", summary="One alert")
def get_alert(site_id: SiteId, alert_id: _AlertId) -> AlertOut:
    return _shown(lifecycle.get_alert(caller_of(app), site_id, alert_id))


@app.post(f"{_ONE}/acknowledge", needs="alerts:write", summary="Say that somebody looks after an alert")
def acknowledge(site_id: SiteId, alert_id: _AlertId) -> AlertOut:
    return _shown(lifecycle.acknowledge(caller_of(app), site_id, alert_id))


@app.post(f"{_ONE}/dismiss", needs="alerts:write", summary="Say that an alert is no problem; its like is quiet a week")
def dismiss(site_id: SiteId, alert_id: _AlertId) -> AlertOut:
    return _shown(lifecycle.dismiss(caller_of(app), site_id, alert_id))


@app.post(f"{_ONE}/snooze", needs="alerts:write", summary="Tell nobody of an alert until an instant")
def snooze(site_id: SiteId, alert_id: _AlertId, request: SnoozeIn) -> AlertOut:
    caller = caller_of(app)
    if (request.until_at is None) == (request.until_local is None):
        raise InvalidError("until_at: give until_at or until_local, one of the two")
    if request.until_local is not None:
        return _shown(lifecycle.snooze_until(caller, site_id, alert_id, request.until_local))
    return _shown(lifecycle.snooze(caller, site_id, alert_id, **request.given("until_local")))


@app.get(
    f"{_ONE}/wider",
    needs="alerts:read",
    heavy=True,
    summary="A threshold under which an alert would not have been, and what else it changes in 90 days",
)
def wider(site_id: SiteId, alert_id: _AlertId) -> WiderOut:
    return WiderOut.of(sweeping.wider(caller_of(app), site_id, alert_id))


def _shown(alert: Alert) -> AlertOut:
    return AlertOut.of(telling.told(caller_of(app), alert.site_id, [alert])[0])
