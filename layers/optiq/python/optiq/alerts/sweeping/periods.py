"""The periods that a rule has to judge now: new ones, and those whose numbers have changed."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from hashlib import blake2b

from optiq.alerts.judging.connections import silent_day
from optiq.alerts.judging.contracts import DayValues, Judgement, unjudged
from optiq.alerts.lifecycle.advancing import Moment
from optiq.alerts.rules.contracts import Rule
from optiq.alerts.sweeping.connections import IMPRESSIONS, SiteConnections, connection_errors
from optiq.alerts.sweeping.contracts import Judged, Watch
from optiq.alerts.sweeping.judged import columns_of, judge_days
from optiq.alerts.sweeping.measuring import Measured
from optiq.alerts.sweeping.odd_hours import odd_hour
from optiq.alerts.sweeping.reading import SiteDays
from optiq.alerts.sweeping.silent_hours import silent_hours
from optiq.alerts.sweeping.site_days import last_settled
from optiq.alerts.sweeping.site_now import SiteNow
from optiq.kernel.clock import day_end_ms, parse_timezone
from optiq.kernel.errors import InvalidError
from optiq.reports.questions.api import first_of

RESTATED_DAYS = 28
"""So far back numbers change."""


def periods_of(now: SiteNow, rule: Rule, watch: Watch, days: SiteDays, connections: SiteConnections) -> list[Judged]:
    """The periods to judge, the oldest first. Raises UpstreamError: the lake cannot be read."""
    try:
        if rule.kind == "CONNECTION_ERROR":
            return connection_errors(now, watch, connections.get(watch.connection_id))
        if watch.connection_id:
            connection = connections.get(watch.connection_id)
            found = days.of_accounts(connection.accounts)
            return [*_closed(now, watch, found, IMPRESSIONS, partial(silent_day, connection.title))]
        if rule.kind == "NO_DATA":
            return silent_hours(now, rule, watch)
        if rule.judges_hours:
            return odd_hour(now, rule, watch)
        found = days.of(rule)
        if rule.kind == "SPEND_THRESHOLD":
            return [*_running(now, rule, watch, found.days)]
        return [*_closed(now, watch, found, columns_of(rule), partial(judge_days, rule))]
    except InvalidError as error:
        return [Judged(Moment("", 0, now.now_ms), unjudged("NO_DATA", str(error)), "")]


def _closed(
    now: SiteNow,
    watch: Watch,
    found: Measured,
    columns: Sequence[str],
    judge: Callable[[Sequence[DayValues]], Judgement],
) -> Iterator[Judged]:
    zone = parse_timezone(now.site.timezone)
    last = last_settled(now.site.timezone, columns, found.until_ms, now.now_ms)
    known = [day for day in found.days if day.day <= last]
    oldest = last
    if watch.periods:
        oldest = max(last - timedelta(days=RESTATED_DAYS), date.fromisoformat(watch.periods[0].period))
    for place, day in enumerate(known):
        if day.day < oldest:
            continue
        digest, before = _digest(day, columns), watch.digest_of(str(day.day))
        if digest != before:
            moment = Moment(str(day.day), day_end_ms(day.day, zone), now.now_ms)
            until = known[: place + 1]
            yield Judged(moment, judge(until), digest, restated=bool(before), days=until)


def _running(now: SiteNow, rule: Rule, watch: Watch, days: Sequence[DayValues]) -> Iterator[Judged]:
    """The period that today is in: spend only grows, so it is judged before its end."""
    if not days:
        return
    judgement = judge_days(rule, days)
    first = first_of(rule.period, days[-1].day)
    digest = _digest(DayValues(first, {"spend": judgement.value}), ("spend",))
    if digest != watch.digest_of(str(first)):
        moment = Moment(str(first), day_end_ms(days[-1].day, parse_timezone(now.site.timezone)), now.now_ms)
        yield Judged(moment, judgement, digest, days=days)


def _digest(day: DayValues, columns: Sequence[str]) -> str:
    numbers = (str(day.day), day.excluded, *(day.value(column) for column in columns))
    return blake2b(repr(numbers).encode(), digest_size=8).hexdigest()
