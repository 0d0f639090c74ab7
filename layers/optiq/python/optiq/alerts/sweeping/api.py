"""Sweeps: every rule of every site is judged again and again."""

import logging
from typing import Any

from optiq.alerts.rules.api import RULES
from optiq.alerts.rules.contracts import Kind, Rule
from optiq.alerts.sweeping.contracts import NEVER, Watch
from optiq.alerts.sweeping.dry_run import DryRun, dry_run
from optiq.alerts.sweeping.periods import SiteDays, periods_of
from optiq.alerts.sweeping.site_now import SiteNow
from optiq.alerts.sweeping.writing import WATCHES, withdraw, write
from optiq.alerts.windows.api import windows_of
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import NotFoundError, VersionError
from optiq.tenancy import api as tenancy

__all__ = ["sweep_site", "try_rule", "watches_of"]

_LOG = logging.getLogger(__name__)


def watches_of(organization_id: str, site_id: str) -> dict[str, Watch]:
    """What is known of a site's rules, by the rule's id."""
    return {watch.rule_id: watch for watch in WATCHES.all_of(organization_id, site_id)}


def sweep_site(organization_id: str, site_id: str, clock: Clock = system_clock) -> int:
    """Judges every rule of a site. Returns how many alerts were raised or ended; none of a site that is archived.

    Raises:
        UpstreamError: the lake or the table cannot be read; what was written stays.
    """
    try:
        site = tenancy.get_site(organization_id, site_id)
    except NotFoundError:
        return 0
    if site.status == "ARCHIVED":
        return 0
    now = SiteNow(Caller.system(organization_id), site, tuple(windows_of(organization_id, site_id)), clock())
    # Removed rules too: with their end, their alerts end.
    rules, watches = [*RULES.all_of(organization_id, site_id)], watches_of(organization_id, site_id)
    days = SiteDays(now, filter(_is_judged, rules))
    changes = 0
    for rule in rules:
        watch = watches.get(rule.rule_id) or Watch(organization_id, site_id, rule.rule_id)
        try:
            changes += _sweep(now, rule, watch, days)
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


def _sweep(now: SiteNow, rule: Rule, watch: Watch, days: SiteDays) -> int:
    changes = 0
    if watch.rule_version not in (NEVER, rule.version):
        watch, changes = withdraw(now, rule, watch)
    if not _is_judged(rule):
        return changes
    for judged in periods_of(now, rule, watch, days):
        watch, changed = write(now, rule, watch, judged)
        changes += changed
    return changes


def _is_judged(rule: Rule) -> bool:
    return not rule.paused and not rule.archived
