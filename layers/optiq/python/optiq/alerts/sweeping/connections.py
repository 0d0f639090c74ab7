"""The advertising connections that a site has costs of, as rules watch them."""

from datetime import datetime
from functools import cached_property

from optiq.ads.sync import api as ads
from optiq.ads.sync.contracts import ConnectionHealth
from optiq.alerts.judging.connections import connection_error
from optiq.alerts.lifecycle.advancing import Moment
from optiq.alerts.rules.contracts import Rule
from optiq.alerts.sweeping.contracts import Judged, Watch
from optiq.alerts.sweeping.site_now import SiteNow
from optiq.kernel.clock import HOUR_MS, SECOND_MS, parse_timezone

IMPRESSIONS = ("impressions",)
"""What NO_DATA reads of a connection's days."""


class SiteConnections:
    """The connections of a site, read once, where a rule watches them."""

    def __init__(self, now: SiteNow) -> None:
        self._now = now

    def watched(self, rule: Rule) -> tuple[str, ...]:
        """The ids of connections that a rule watches besides the site."""
        if rule.kind == "CONNECTION_ERROR" or (rule.kind == "NO_DATA" and not rule.filters and not rule.segments):
            return tuple(self._found)
        return ()

    def get(self, connection_id: str) -> ConnectionHealth:
        return self._found[connection_id]

    @cached_property
    def _found(self) -> dict[str, ConnectionHealth]:
        now = self._now
        found = ads.connections_health(now.caller, now.site.site_id, clock=lambda: now.now_ms)
        return {one.connection_id: one for one in found}


def connection_errors(now: SiteNow, watch: Watch, health: ConnectionHealth) -> list[Judged]:
    """What came of a connection in this hour; nothing where it is as it was. A breach is judged again each day."""
    late_hours = None if health.late_ms is None else health.late_ms / HOUR_MS
    reason = health.reason if health.status != "CONNECTED" else ""
    judgement = connection_error(health.title, reason, health.failures, health.failing, late_hours)
    hour_ms = now.now_ms // HOUR_MS * HOUR_MS
    at = datetime.fromtimestamp(hour_ms // SECOND_MS, parse_timezone(now.site.timezone))
    period = at.replace(tzinfo=None).isoformat(timespec="minutes")
    digest = "FINE" if judgement.outcome == "FINE" else f"{judgement.bound:.0f} {period[:10]}"
    if watch.periods and watch.periods[-1].digest == digest:
        return []
    return [Judged(Moment(period, hour_ms, now.now_ms), judgement, digest)]
