"""NO_DATA: how many events are usual in each hour of a week, and how long none has come."""

from datetime import date, datetime, timedelta

from optiq.alerts.judging.contracts import Judgement, unjudged
from optiq.alerts.judging.silence import HOURS_OF_WEEK, WINDOWS_HOURS, silence, usual_week
from optiq.alerts.lifecycle.advancing import CALM_HOURS, Moment
from optiq.alerts.lifecycle.contracts import ExplainedDay
from optiq.alerts.rules.contracts import Rule
from optiq.alerts.sweeping.contracts import Judged, Watch
from optiq.alerts.sweeping.site_now import SiteNow
from optiq.kernel.caller import Caller
from optiq.kernel.clock import HOUR_MS, SECOND_MS, day_of, parse_timezone
from optiq.reports.questions.api import ask
from optiq.reports.questions.contracts import Ask
from optiq.tenancy.contracts import Site

Hours = tuple[ExplainedDay, ...]
EXPLAINED_HOURS = 14
_WEEKS = 4
_LATE_MS = HOUR_MS
"""What is counted so late says nothing of senders: it is we who are behind."""


def silent_hours(now: SiteNow, rule: Rule, watch: Watch) -> list[Judged]:
    """What came of the last hour; nothing where the two hours that were written last were like it.

    Two, because an alert ends after two hours that are as usual. Raises as `_judged_hour`.
    """
    hour, judgement, hours = _judged_hour(now.caller, now.site, rule, now.now_ms)
    period, digest = _name(hour), f"{judgement.outcome} {judgement.value} {judgement.why}"
    latest = watch.periods[-CALM_HOURS:]
    like_it = len(latest) == CALM_HOURS and all(one.digest == digest for one in latest)
    if like_it or watch.digest_of(period) == digest:
        return []
    moment = Moment(period, now.now_ms // HOUR_MS * HOUR_MS, now.now_ms)
    return [Judged(moment, judgement, digest, hours=hours)]


def _judged_hour(caller: Caller, site: Site, rule: Rule, now_ms: int) -> tuple[datetime, Judgement, Hours]:
    """The last hour that is over and counted, by the site's clock, what came of it, and the hours up to it.

    Raises:
        InvalidError: the rule's filters cannot be asked any more. UpstreamError: the lake cannot be read.
    """
    zone = parse_timezone(site.timezone)
    counts: dict[datetime, int] = {}
    until_ms = now_ms
    today = day_of(now_ms, zone)
    for week in range(_WEEKS):
        last = today - timedelta(days=7 * week)
        until_ms = min(until_ms, _count(caller, site, rule, last, counts, now_ms))
    latest = datetime.fromtimestamp(until_ms // HOUR_MS * HOUR_MS // SECOND_MS, zone).replace(tzinfo=None)
    hour = latest - timedelta(hours=1)
    if until_ms < now_ms - _LATE_MS:
        return hour, unjudged("NO_DATA", "Events of the last hour are not counted yet."), ()
    if not counts:
        return hour, unjudged("LEARNING", "No event has come yet."), ()
    first = max(min(counts), hour - timedelta(days=7 * _WEEKS))
    before = [hour - timedelta(hours=back) for back in range(int((hour - first) / timedelta(hours=1)) + 1)]
    quiet = next((back for back, each in enumerate(before) if counts.get(each)), len(before))
    # Silence is nothing usual: what is judged is left out of what it is compared with.
    known = before[min(quiet, WINDOWS_HOURS[-1]) :]
    if len(known) < HOURS_OF_WEEK:
        return hour, unjudged("LEARNING", "A week of events is needed."), ()
    profile = usual_week([(_hour_of_week(each), counts.get(each, 0)) for each in known])
    shown = tuple(
        ExplainedDay(_name(each), counts.get(each, 0), profile.get(_hour_of_week(each)))
        for each in reversed(before[:EXPLAINED_HOURS])
    )
    return hour, silence(profile, _hour_of_week(hour), quiet), shown


def _count(caller: Caller, site: Site, rule: Rule, last: date, counts: dict[datetime, int], now_ms: int) -> int:
    """Adds the events of the seven days up to one, by hour. Returns until when they are counted."""
    period = f"{last - timedelta(days=6)}..{last}"
    question = Ask(("events",), ("hour",), rule.filters, rule.segments, period, limit=8 * 24)
    answer = ask(caller, site.site_id, question, clock=lambda: now_ms)
    counts |= {datetime.fromisoformat(row.keys[0]): int(row.values[0] or 0) for row in answer.rows if row.values[0]}
    return answer.data_until_ms


def _name(hour: datetime) -> str:
    return hour.isoformat(timespec="minutes")


def _hour_of_week(hour: datetime) -> int:
    return hour.weekday() * 24 + hour.hour
