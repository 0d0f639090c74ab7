"""NO_DATA: how many events are usual in each hour of a week, and how long none has come."""

from optiq.alerts.judging.contracts import Judgement, unjudged
from optiq.alerts.judging.silence import HOURS_OF_WEEK, WINDOWS_HOURS, silence, usual_week
from optiq.alerts.lifecycle.contracts import ExplainedDay
from optiq.alerts.rules.contracts import Rule
from optiq.alerts.sweeping.contracts import Judged, Watch
from optiq.alerts.sweeping.counted_hours import (
    EXPLAINED_HOURS,
    CountedHours,
    count_hours,
    hour_of_week,
    judged_hour,
    name_of,
)
from optiq.alerts.sweeping.site_now import SiteNow


def silent_hours(now: SiteNow, rule: Rule, watch: Watch) -> list[Judged]:
    """What came of the last hour; nothing where it is as it was. Raises as `count_hours`."""
    found = count_hours(now, rule, "events")
    judgement, shown = _judged(found)
    digest = f"{judgement.outcome} {judgement.value} {judgement.why}"
    return judged_hour(now, watch, found.latest, judgement, digest, shown)


def _judged(found: CountedHours) -> tuple[Judgement, list[ExplainedDay]]:
    if found.is_behind:
        return unjudged("NO_DATA", "Events of the last hour are not counted yet."), []
    counts, before = found.counts, found.backwards()
    if not before:
        return unjudged("LEARNING", "No event has come yet."), []
    quiet = next((back for back, each in enumerate(before) if counts.get(each)), len(before))
    # Silence is nothing usual: what is judged is left out of what it is compared with.
    known = before[min(quiet, WINDOWS_HOURS[-1]) :]
    if len(known) < HOURS_OF_WEEK:
        return unjudged("LEARNING", "A week of events is needed."), []
    profile = usual_week([(hour_of_week(each), counts.get(each, 0)) for each in known])
    shown = [
        ExplainedDay(name_of(each), counts.get(each, 0), profile.get(hour_of_week(each)))
        for each in reversed(before[:EXPLAINED_HOURS])
    ]
    return silence(profile, hour_of_week(found.latest), quiet), shown
