"""The periods that a rule has to judge now: new ones, and those whose numbers have changed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import blake2b

from optiq.alerts.judging.contracts import DayValues, Judgement, unjudged
from optiq.alerts.lifecycle.advancing import Moment
from optiq.alerts.rules.contracts import Rule
from optiq.alerts.sweeping.contracts import Watch
from optiq.alerts.sweeping.judged import columns_of, judge_days
from optiq.alerts.sweeping.measuring import Measured, Scope, measure
from optiq.alerts.sweeping.silent_hours import judge_hours
from optiq.alerts.sweeping.site_days import end_ms, last_settled
from optiq.alerts.sweeping.site_now import SiteNow
from optiq.alerts.windows.api import excluding
from optiq.kernel.clock import HOUR_MS, day_of, parse_timezone
from optiq.kernel.errors import InvalidError
from optiq.reports.questions.api import first_of

RESTATED_DAYS = 28
"""So far back numbers change."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A period, what came of it, and the digest of its numbers. `restated`: it was judged before, by other numbers."""

    moment: Moment
    judgement: Judgement
    digest: str
    restated: bool = False


class SiteDays:
    """The days of a site, read once for all rules of a scope."""

    def __init__(self, now: SiteNow, rules: Iterable[Rule]) -> None:
        self._now = now
        self._columns: dict[Scope, dict[str, None]] = {}
        for rule in rules:
            if rule.kind != "NO_DATA":
                self._columns.setdefault(_scope(rule), {}).update(dict.fromkeys(columns_of(rule)))
        self._found: dict[Scope, Measured] = {}

    def of(self, rule: Rule) -> Measured:
        """Raises InvalidError: what the rule reads is no more. UpstreamError: the lake cannot be read."""
        scope = _scope(rule)
        if scope not in self._found:
            now = self._now
            today = day_of(now.now_ms, parse_timezone(now.site.timezone))
            found = measure(now.caller, now.site, scope, [*self._columns[scope]], today, now.now_ms)
            self._found[scope] = replace(found, days=excluding(now.windows, found.days, now.site.timezone))
        return self._found[scope]


def _scope(rule: Rule) -> Scope:
    return Scope(rule.filters, rule.model)


def periods_of(now: SiteNow, rule: Rule, watch: Watch, days: SiteDays) -> list[Judged]:
    """The periods to judge, the oldest first. Raises UpstreamError: the lake cannot be read."""
    try:
        if rule.kind == "NO_DATA":
            return [_hour(now, rule)]
        if rule.kind == "SPEND_THRESHOLD":
            return [*_running(now, rule, watch, days.of(rule).days)]
        return [*_closed(now, rule, watch, days.of(rule))]
    except InvalidError as error:
        return [Judged(Moment("", 0, now.now_ms), unjudged("NO_DATA", str(error)), "")]


def _closed(now: SiteNow, rule: Rule, watch: Watch, found: Measured) -> Iterator[Judged]:
    columns, timezone = columns_of(rule), now.site.timezone
    last = last_settled(timezone, columns, found.until_ms, now.now_ms)
    known = [day for day in found.days if day.day <= last]
    oldest = last
    if watch.periods:
        oldest = max(last - timedelta(days=RESTATED_DAYS), date.fromisoformat(watch.periods[0].period))
    for place, day in enumerate(known):
        digest, before = _digest(day, columns), watch.digest_of(str(day.day))
        if day.day >= oldest and digest != before:
            moment = Moment(str(day.day), end_ms(timezone, day.day), now.now_ms)
            yield Judged(moment, judge_days(rule, known[: place + 1]), digest, restated=bool(before))


def _running(now: SiteNow, rule: Rule, watch: Watch, days: Sequence[DayValues]) -> Iterator[Judged]:
    """The period that today is in: spend only grows, so it is judged before its end."""
    if not days:
        return
    judgement = judge_days(rule, days)
    first = first_of(rule.spend_period, days[-1].day)
    digest = _digest(DayValues(first, {"spend": judgement.value}), ("spend",))
    if digest != watch.digest_of(str(first)):
        yield Judged(Moment(str(first), end_ms(now.site.timezone, days[-1].day), now.now_ms), judgement, digest)


def _hour(now: SiteNow, rule: Rule) -> Judged:
    hour, judgement = judge_hours(now.caller, now.site, rule, now.now_ms)
    name = hour.isoformat(timespec="minutes")
    return Judged(Moment(name, now.now_ms // HOUR_MS * HOUR_MS, now.now_ms), judgement, name)


def _digest(day: DayValues, columns: Sequence[str]) -> str:
    numbers = (str(day.day), day.excluded, *(day.value(column) for column in columns))
    return blake2b(repr(numbers).encode(), digest_size=8).hexdigest()
