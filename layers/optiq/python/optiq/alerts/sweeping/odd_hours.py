"""Rules that ask for hours: two in a row that are far from what is usual at that hour of the week."""

from optiq.alerts.judging.contracts import unjudged
from optiq.alerts.judging.hours import odd_hours
from optiq.alerts.lifecycle.contracts import ExplainedDay
from optiq.alerts.rules.contracts import Rule
from optiq.alerts.sweeping.contracts import Judged, Watch
from optiq.alerts.sweeping.counted_hours import EXPLAINED_HOURS, count_hours, hour_of_week, judged_hour, name_of
from optiq.alerts.sweeping.site_now import SiteNow


def odd_hour(now: SiteNow, rule: Rule, watch: Watch) -> list[Judged]:
    """What came of the last two hours of a rule's metric; nothing where they are as usual again and again.

    Raises as `count_hours`.
    """
    found = count_hours(now, rule, rule.conditions[0].metric)
    if found.is_behind:
        judgement = unjudged("NO_DATA", "The last hour is not counted yet.")
        return judged_hour(now, watch, found.latest, judgement, judgement.outcome)
    hours = list(reversed(found.backwards()))
    judgement = odd_hours([found.counts.get(each, 0.0) for each in hours], hour_of_week(found.latest))
    shown = [ExplainedDay(name_of(each), found.counts.get(each, 0.0)) for each in hours[-EXPLAINED_HOURS:]]
    # Each odd hour is another one: it may be worse.
    digest = name_of(found.latest) if judgement.outcome == "BREACH" else f"{judgement.outcome} {judgement.why}"
    return judged_hour(now, watch, found.latest, judgement, digest, shown)
