"""What a rule would have done: every day of the last three months, judged as it would have been."""

from dataclasses import dataclass
from datetime import timedelta

from optiq.alerts.judging.contracts import Judgement
from optiq.alerts.rules.checking import checked_rule
from optiq.alerts.rules.contracts import Rule
from optiq.alerts.sweeping.judged import columns_of, judge_days
from optiq.alerts.sweeping.reading import SiteDays
from optiq.alerts.sweeping.site_days import last_settled
from optiq.alerts.sweeping.site_now import SiteNow
from optiq.alerts.windows.api import windows_of
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import InvalidError
from optiq.tenancy import api as tenancy

DAYS = 90


@dataclass(frozen=True, slots=True)
class TriedDay:
    """A day, and what the rule makes of it."""

    day: str
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class DryRun:
    """
    Attributes:
        days: those that have ended, the oldest first.
        alerts: how many alerts there would have been: breaches in a row are one.
    """

    days: tuple[TriedDay, ...]
    alerts: int


def dry_run(caller: Caller, rule: Rule, clock: Clock = system_clock) -> DryRun:
    """Judges the last DAYS days by a rule, which need not be stored.

    Raises:
        InvalidError: a rule that cannot be, or one that judges no days. NotFoundError: there is no such site.
        UpstreamError: the lake cannot be read.
    """
    now_ms = clock()
    rule = checked_rule(caller, rule, now_ms)
    if not rule.judges_days:
        raise InvalidError("kind: a rule that judges no days cannot be tried on them")
    site = tenancy.get_site(caller.organization_id, rule.site_id)
    now = SiteNow(caller, site, tuple(windows_of(caller.organization_id, rule.site_id)), now_ms)
    measured = SiteDays(now, [rule]).of(rule)
    last = last_settled(site.timezone, columns_of(rule), measured.until_ms, now_ms)
    known = [day for day in measured.days if day.day <= last]
    first = last - timedelta(days=DAYS - 1)
    tried = [
        TriedDay(str(day.day), judge_days(rule, known[: place + 1]))
        for place, day in enumerate(known)
        if day.day >= first
    ]
    return DryRun(tuple(tried), _alerts(tried))


def _alerts(tried: list[TriedDay]) -> int:
    count, open_side = 0, ""
    for one in tried:
        breach = one.judgement.outcome == "BREACH"
        if breach and one.judgement.side != open_side:
            count += 1
            open_side = one.judgement.side
        elif one.judgement.outcome == "FINE":
            open_side = ""
    return count
