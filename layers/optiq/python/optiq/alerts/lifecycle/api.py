"""Alerts as people see and handle them."""

from dataclasses import replace
from datetime import datetime

from optiq.alerts.lifecycle.contracts import Alert, Status
from optiq.alerts.lifecycle.stores import ALERTS
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, SECOND_MS, Clock, parse_timezone, system_clock
from optiq.kernel.errors import ConflictError, InvalidError
from optiq.kernel.paging import Page
from optiq.tenancy import api as tenancy

__all__ = ["acknowledge", "dismiss", "get_alert", "list_alerts", "snooze", "snooze_until"]

_LONGEST_SNOOZE_MS = 31 * DAY_MS


def list_alerts(
    caller: Caller, site_id: str, *, status: Status | None = None, limit: int = 50, cursor: str | None = None
) -> Page[Alert]:
    """A page of a site's alerts, newest first; of those that people can know.

    Raises:
        NotFoundError: there is no such site. InvalidError: another list's cursor.
    """
    tenancy.get_site(caller.organization_id, site_id)
    return ALERTS.page_by_id(
        caller.organization_id,
        site_id,
        limit=limit,
        cursor=cursor,
        newest_first=True,
        where=lambda alert: alert.triggered_ms > 0 and status in (None, alert.status),
    )


def get_alert(caller: Caller, site_id: str, alert_id: str) -> Alert:
    """Raises NotFoundError."""
    return ALERTS.get(caller, site_id, alert_id)


def acknowledge(caller: Caller, site_id: str, alert_id: str, *, clock: Clock = system_clock) -> Alert:
    """Somebody looks after it: nobody is told of it again, but that it becomes twice as bad, or ends.

    Raises:
        NotFoundError: there is no such alert. ConflictError: it is over, or changed just then.
    """
    before = _open(caller, site_id, alert_id)
    return ALERTS.change(caller, before, replace(before, status="ACKNOWLEDGED"), clock=clock)


def dismiss(caller: Caller, site_id: str, alert_id: str, *, clock: Clock = system_clock) -> Alert:
    """It is no problem: it ends, and its like stays quiet for a week. Raises as acknowledge."""
    before, now_ms = _open(caller, site_id, alert_id), clock()
    return ALERTS.change(caller, before, replace(before, status="DISMISSED", ended_ms=now_ms), clock=clock)


def snooze(caller: Caller, site_id: str, alert_id: str, until_ms: int, *, clock: Clock = system_clock) -> Alert:
    """Until then nobody is told anything but that it is over.

    Raises:
        InvalidError: an instant that is past, or too far. NotFoundError, ConflictError: as acknowledge.
    """
    before, now_ms = _open(caller, site_id, alert_id), clock()
    if not now_ms < until_ms <= now_ms + _LONGEST_SNOOZE_MS:
        raise InvalidError(f"until_at: must be in the next {_LONGEST_SNOOZE_MS // DAY_MS} days")
    return ALERTS.change(caller, before, replace(before, snoozed_until_ms=until_ms), clock=clock)


def snooze_until(caller: Caller, site_id: str, alert_id: str, until: datetime, *, clock: Clock = system_clock) -> Alert:
    """As `snooze`; `until` is of the site's clock, whatever becomes of it meanwhile."""
    zone = parse_timezone(tenancy.get_site(caller.organization_id, site_id).timezone)
    until_ms = round(until.replace(tzinfo=zone).timestamp() * SECOND_MS)
    return snooze(caller, site_id, alert_id, until_ms, clock=clock)


def _open(caller: Caller, site_id: str, alert_id: str) -> Alert:
    found = get_alert(caller, site_id, alert_id)
    if not found.is_open:
        raise ConflictError("the alert is over")
    return found
