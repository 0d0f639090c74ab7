"""The days of a site, read once for all rules of a scope."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from optiq.alerts.rules.contracts import Rule
from optiq.alerts.sweeping.connections import IMPRESSIONS
from optiq.alerts.sweeping.judged import columns_of
from optiq.alerts.sweeping.measuring import MOST_PARTS, Measured, Scope, measure, measure_parts, part_of
from optiq.alerts.sweeping.site_now import SiteNow
from optiq.alerts.windows.api import excluding
from optiq.kernel.clock import day_of, parse_timezone
from optiq.kernel.errors import InvalidError
from optiq.reports.questions.api import Filter


class SiteDays:
    """The days of a site."""

    def __init__(self, now: SiteNow, rules: Iterable[Rule]) -> None:
        self._now = now
        self._columns: dict[Scope, dict[str, None]] = {}
        for rule in rules:
            if rule.judges_days:
                self._columns.setdefault(_scope(rule), {}).update(dict.fromkeys(columns_of(rule)))
        self._found: dict[Scope, Measured] = {}

    def of(self, rule: Rule) -> Measured:
        """Raises InvalidError: what the rule reads is no more. UpstreamError: the lake cannot be read."""
        scope = _scope(rule)
        if scope not in self._found and (part := part_of(scope)):
            self._read_parts(part[0], scope.model)
        return self._read(scope, [*self._columns[scope]])

    def of_accounts(self, accounts: Sequence[str]) -> Measured:
        """What advertising accounts told. Raises UpstreamError: the lake cannot be read."""
        return self._read(Scope(((Filter("account", "is", tuple(accounts)),),)), IMPRESSIONS)

    def _read_parts(self, dimension: str, model: str) -> None:
        """Reads all scopes of a dimension's values together, where there are several that can be asked so."""
        parts: dict[str, Scope] = {}
        columns: dict[str, None] = {}
        for scope, names in self._columns.items():
            part = part_of(scope)
            if part and part[0] == dimension and scope.model == model and scope not in self._found:
                parts[part[1]] = scope
                columns |= names
        if not 1 < len(parts) <= MOST_PARTS:
            return
        now = self._now
        try:
            found = measure_parts(now.caller, now.site, parts, [*columns], self._today(), now.now_ms)
        except InvalidError:
            return  # One of them reads what is no more: each is read by itself.
        for scope, measured in found.items():
            self._keep(scope, measured)

    def _read(self, scope: Scope, columns: Sequence[str]) -> Measured:
        if scope not in self._found:
            now = self._now
            self._keep(scope, measure(now.caller, now.site, scope, columns, self._today(), now.now_ms))
        return self._found[scope]

    def _keep(self, scope: Scope, found: Measured) -> None:
        now = self._now
        self._found[scope] = replace(found, days=excluding(now.windows, found.days, now.site.timezone))

    def _today(self) -> date:
        return day_of(self._now.now_ms, parse_timezone(self._now.site.timezone))


def _scope(rule: Rule) -> Scope:
    return Scope(rule.filters, rule.model, rule.segments)
