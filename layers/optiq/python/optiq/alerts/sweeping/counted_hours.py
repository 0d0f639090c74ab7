"""What came in each hour of a site, for rules that judge hours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from optiq.alerts.judging.contracts import Judgement
from optiq.alerts.lifecycle.advancing import CALM_HOURS, Moment
from optiq.alerts.lifecycle.contracts import ExplainedDay
from optiq.alerts.rules.contracts import Rule
from optiq.alerts.sweeping.contracts import Judged, Watch
from optiq.alerts.sweeping.site_now import SiteNow
from optiq.kernel.clock import HOUR_MS, SECOND_MS, day_of, parse_timezone
from optiq.reports.questions.api import ask
from optiq.reports.questions.contracts import Ask

EXPLAINED_HOURS = 14
WEEKS = 4
_HOUR = timedelta(hours=1)
_LATE_MS = HOUR_MS
"""What is counted so late says nothing of senders: it is we who are behind."""


@dataclass(frozen=True, slots=True)
class CountedHours:
    """
    Attributes:
        counts: by hour, by the site's clock; hours without anything are left out.
        latest: the last hour that is over and counted. is_behind: it ended long ago: we are behind.
    """

    counts: Mapping[datetime, float]
    latest: datetime
    is_behind: bool

    def backwards(self) -> list[datetime]:
        """The hours since there was anything, four weeks at most, the latest first."""
        if not self.counts:
            return []
        first = max(min(self.counts), self.latest - timedelta(days=7 * WEEKS))
        return [self.latest - back * _HOUR for back in range(int((self.latest - first) / _HOUR) + 1)]


def count_hours(now: SiteNow, rule: Rule, metric: str) -> CountedHours:
    """
    Raises:
        InvalidError: the rule's filters cannot be asked any more. UpstreamError: the lake cannot be read.
    """
    zone = parse_timezone(now.site.timezone)
    counts: dict[datetime, float] = {}
    until_ms, today = now.now_ms, day_of(now.now_ms, zone)
    # A question has so many rows at most; weeks that are over are answered as they were.
    for week in range(WEEKS):
        until_ms = min(until_ms, _count(now, rule, metric, today - timedelta(days=7 * week), counts))
    latest = datetime.fromtimestamp(until_ms // HOUR_MS * HOUR_MS // SECOND_MS, zone).replace(tzinfo=None) - _HOUR
    return CountedHours(counts, latest, until_ms < now.now_ms - _LATE_MS)


def judged_hour(
    now: SiteNow, watch: Watch, hour: datetime, judgement: Judgement, digest: str, shown: Sequence[ExplainedDay] = ()
) -> list[Judged]:
    """What came of an hour; nothing where the two hours that were written last were like it, by their digest.

    Two, because an alert ends after two hours that are as usual.
    """
    period = name_of(hour)
    latest = watch.periods[-CALM_HOURS:]
    like_it = len(latest) == CALM_HOURS and all(one.digest == digest for one in latest)
    if like_it or watch.digest_of(period) == digest:
        return []
    moment = Moment(period, now.now_ms // HOUR_MS * HOUR_MS, now.now_ms)
    return [Judged(moment, judgement, digest, hours=tuple(shown))]


def name_of(hour: datetime) -> str:
    return hour.isoformat(timespec="minutes")


def hour_of_week(hour: datetime) -> int:
    return hour.weekday() * 24 + hour.hour


def _count(now: SiteNow, rule: Rule, metric: str, last: date, counts: dict[datetime, float]) -> int:
    """Adds the numbers of the seven days up to one, by hour. Returns until when they are counted."""
    period = f"{last - timedelta(days=6)}..{last}"
    question = Ask((metric,), ("hour",), rule.filters, rule.segments, period, model=rule.model, limit=8 * 24)
    answer = ask(now.caller, now.site.site_id, question, clock=lambda: now.now_ms)
    counts |= {datetime.fromisoformat(row.keys[0]): float(row.values[0] or 0) for row in answer.rows if row.values[0]}
    return answer.data_until_ms
