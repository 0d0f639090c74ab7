"""Sweeps: every rule of every site is judged again and again."""

import logging
from collections.abc import Mapping
from typing import Any

from optiq.alerts.rules.api import take_over
from optiq.alerts.rules.contracts import Kind, Rule
from optiq.alerts.rules.stores import RULES
from optiq.alerts.sweeping.connections import SiteConnections
from optiq.alerts.sweeping.contracts import NEVER, Watch
from optiq.alerts.sweeping.dry_run import DryRun, dry_run
from optiq.alerts.sweeping.periods import periods_of
from optiq.alerts.sweeping.reading import SiteDays
from optiq.alerts.sweeping.site_now import SiteNow
from optiq.alerts.sweeping.widening import wider
from optiq.alerts.sweeping.writing import WATCHES, wake, withdraw, write
from optiq.alerts.windows.api import windows_of
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import VersionError
from optiq.tenancy import api as tenancy

__all__ = ["states_of", "sweep_site", "try_rule", "wider"]

_LOG = logging.getLogger(__name__)


def states_of(organization_id: str, site_id: str) -> dict[str, Watch]:
    """How each rule of a site stands, by the rule's id: of several connections the one that is worst."""
    found: dict[str, Watch] = {}
    for watch in WATCHES.all_of(organization_id, site_id):
        other = found.get(watch.rule_id)
        if other is None or (watch.outcome == "BREACH" and other.outcome != "BREACH"):
            found[watch.rule_id] = watch
    return found


def sweep_site(organization_id: str, site_id: str, clock: Clock = system_clock) -> int:
    """Judges every rule of a site. Returns how many alerts were raised or ended; none of a site that is archived.

    Raises:
        UpstreamError: the lake or the table cannot be read; what was written stays.
    """
    site = tenancy.site_if_any(organization_id, site_id)
    if site is None or site.status == "ARCHIVED":
        return 0
    now = SiteNow(Caller.system(organization_id), site, tuple(windows_of(organization_id, site_id)), clock())
    take_over(now.caller, site_id)
    # Removed rules too: with their end, their alerts end.
    rules = [*RULES.all_of(organization_id, site_id)]
    watches = {watch.watch_id: watch for watch in WATCHES.all_of(organization_id, site_id)}
    days, connections = SiteDays(now, filter(_is_judged, rules)), SiteConnections(now)
    changes = 0
    for rule in rules:
        for watch in _watches(rule, watches, connections):
            try:
                changes += _sweep(now, rule, watch, days, connections)
            except VersionError:
                _LOG.info("another sweep judged the rule %s", rule.rule_id)
    return changes


def try_rule(
    caller: Caller, site_id: str, *, name: str, kind: Kind, clock: Clock = system_clock, **settings: Any
) -> DryRun:
    """What a rule of these fields would have done. Raises as `dry_run`."""
    tenancy.get_site(caller.organization_id, site_id)
    rule = Rule(caller.organization_id, site_id, "", name, kind, caller.owner_id, clock(), **settings)
    return dry_run(caller, rule, clock)


def _watches(rule: Rule, known: Mapping[str, Watch], connections: SiteConnections) -> list[Watch]:
    """What a rule watches: the site, its connections, or both; and what it watched until now."""
    ids = connections.watched(rule) if _is_judged(rule) else ()
    wanted = [Watch.of(rule, one) for one in ids]
    if rule.kind != "CONNECTION_ERROR":
        wanted.append(Watch.of(rule))
    found = {one.watch_id: known.get(one.watch_id, one) for one in wanted}
    return [
        *found.values(),
        *(one for one in known.values() if one.rule_id == rule.rule_id and one.watch_id not in found),
    ]


def _sweep(now: SiteNow, rule: Rule, watch: Watch, days: SiteDays, connections: SiteConnections) -> int:
    changes = 0
    if watch.rule_version not in (NEVER, rule.version):
        watch, changes = withdraw(now, rule, watch)
    if not _is_judged(rule):
        return changes
    if watch.connection_id and watch.connection_id not in connections.watched(rule):
        return changes + (withdraw(now, rule, watch, "DISCONNECTED")[1] if watch.periods else 0)
    found = periods_of(now, rule, watch, days, connections)
    for judged in found:
        watch, changed = write(now, rule, watch, judged, is_latest=judged is found[-1])
        changes += changed
    if not found:
        wake(now, rule, watch)
    return changes


def _is_judged(rule: Rule) -> bool:
    return not rule.paused and not rule.archived
