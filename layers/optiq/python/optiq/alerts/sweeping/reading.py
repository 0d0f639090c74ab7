"""The days of a site, read once for all rules of a scope."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from optiq.alerts.rules.contracts import Rule
from optiq.alerts.sweeping.connections import IMPRESSIONS
from optiq.alerts.sweeping.judged import columns_of
from optiq.alerts.sweeping.measuring import Measured, Scope, measure
from optiq.alerts.sweeping.site_now import SiteNow
from optiq.alerts.windows.api import excluding
from optiq.kernel.clock import day_of, parse_timezone
from optiq.reports.questions.api import Filter

_OF_NO_DAYS = ("NO_DATA", "CONNECTION_ERROR")


class SiteDays:
    """The days of a site."""

    def __init__(self, now: SiteNow, rules: Iterable[Rule]) -> None:
        self._now = now
        self._columns: dict[Scope, dict[str, None]] = {}
        for rule in rules:
            if rule.kind not in _OF_NO_DAYS:
                self._columns.setdefault(_scope(rule), {}).update(dict.fromkeys(columns_of(rule)))
        self._found: dict[Scope, Measured] = {}

    def of(self, rule: Rule) -> Measured:
        """Raises InvalidError: what the rule reads is no more. UpstreamError: the lake cannot be read."""
        scope = _scope(rule)
        return self._read(scope, [*self._columns[scope]])

    def of_accounts(self, accounts: Sequence[str]) -> Measured:
        """What advertising accounts told. Raises UpstreamError: the lake cannot be read."""
        return self._read(Scope(((Filter("account", "is", tuple(accounts)),),)), IMPRESSIONS)

    def _read(self, scope: Scope, columns: Sequence[str]) -> Measured:
        if scope not in self._found:
            now = self._now
            today = day_of(now.now_ms, parse_timezone(now.site.timezone))
            found = measure(now.caller, now.site, scope, columns, today, now.now_ms)
            self._found[scope] = replace(found, days=excluding(now.windows, found.days, now.site.timezone))
        return self._found[scope]


def _scope(rule: Rule) -> Scope:
    return Scope(rule.filters, rule.model, rule.segments)
