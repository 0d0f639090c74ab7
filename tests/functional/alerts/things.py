"""A rule, an open alert and a maintenance window, for the tests over all routes."""

from collections.abc import Mapping
from typing import Any

from optiq.alerts.lifecycle.contracts import Alert
from optiq.alerts.lifecycle.stores import ALERTS
from optiq.alerts.rules import api as rules
from optiq.alerts.windows import api as windows
from optiq.kernel.caller import Caller
from optiq.kernel.clock import HOUR_MS, system_clock, to_rfc3339
from optiq.kernel.ids import new_id

RULE = {"name": "Orders", "kind": "CONVERSION_DROP", "percent": 30}


def _rule(organization_id: str, site_id: str) -> str:
    return rules.create_rule(Caller.system(organization_id), site_id, **RULE).rule_id  # type: ignore[arg-type]


def _alert(organization_id: str, site_id: str) -> str:
    now_ms, rule_id = system_clock(), _rule(organization_id, site_id)
    alert = Alert(
        organization_id,
        site_id,
        new_id("alert", now_ms),
        rule_id,
        f"{rule_id}#LOW",
        "WARNING",
        "LOW",
        "2026-11-24",
        "2026-11-24",
        status="TRIGGERED",
        created_ms=now_ms,
        triggered_ms=now_ms,
    )
    ALERTS.adding(Caller.system(organization_id), alert).unaudited().commit()
    return alert.alert_id


def _window(organization_id: str, site_id: str) -> str:
    now_ms = system_clock()
    caller = Caller.system(organization_id)
    return windows.create_window(caller, site_id, name="Sale", from_ms=now_ms, until_ms=now_ms + HOUR_MS).window_id


def _until(_: Any) -> dict[str, object]:
    return {"until_at": to_rfc3339(system_clock() + HOUR_MS)}


def _new_window(_: Any) -> dict[str, object]:
    now_ms = system_clock()
    return {"name": "Sale", "from_at": to_rfc3339(now_ms), "until_at": to_rfc3339(now_ms + HOUR_MS)}


IDS = {"rule_id": _rule, "alert_id": _alert, "window_id": _window}
BODIES: Mapping[str, object] = {
    "POST /v1/sites/{site_id}/alert-rules": RULE,
    "POST /v1/sites/{site_id}/alert-rules/dry-run": RULE,
    "PATCH /v1/sites/{site_id}/alert-rules/{rule_id}": {"name": "Another Name"},
    "POST /v1/sites/{site_id}/alerts/{alert_id}/snooze": _until,
    "POST /v1/sites/{site_id}/maintenance-windows": _new_window,
}
