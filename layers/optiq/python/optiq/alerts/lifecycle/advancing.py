"""What becomes of an alert when its rule is judged again, and what people are told of it. Pure."""

from dataclasses import dataclass, replace
from typing import get_args

from optiq.alerts.contracts import Severity
from optiq.alerts.judging.contracts import Judgement
from optiq.alerts.lifecycle.contracts import Alert, Ending, Notice
from optiq.kernel.clock import DAY_MS

COMES_BACK_MS = DAY_MS
"""A breach so soon after the end is the same alert again."""
FLAPS_MS, FLAPPING = 7 * DAY_MS, 3
QUIET_MS = 7 * DAY_MS
"""How long a dismissed alert stays quiet."""
_BACK = 0.5
"""An alert ends when the value has come back by half the way from the bound to the usual."""
_ESCALATES = 2
_SEVERITIES: tuple[Severity, ...] = get_args(Severity)
_WHOLE = 100
CALM_HOURS = 2
"""So many hours in a row have to be as usual again, before an alert of hours ends."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How a rule wants its alerts.

    Attributes:
        periods: in a row, before people are told. cooldown_ms: a rule tells of a new alert once in it.
        severity: of the rule.
        calm: so many periods in a row have to be as usual again, before it ends.
        reminds: people may be told that it goes on: no later period is judged together with this one.
    """

    periods: int = 1
    cooldown_ms: int = DAY_MS
    severity: Severity = "WARNING"
    calm: int = 1
    reminds: bool = True


@dataclass(frozen=True, slots=True)
class Moment:
    """A period that was judged: its name, its end, and the instant at which it was judged."""

    period: str
    ended_ms: int
    now_ms: int


@dataclass(frozen=True, slots=True)
class Step:
    """The alert as it is now, and the notice to send, or None."""

    alert: Alert
    notice: Notice | None = None


def raised(new: Alert, judgement: Judgement, policy: Policy, at: Moment, last: Alert | None) -> Step:
    """A breach where no alert is open.

    Args:
        new: a fresh alert, which the breach fills. last: the latest ended alert of this fingerprint.
    """
    if last and last.status == "DISMISSED" and at.now_ms < last.ended_ms + QUIET_MS:
        return Step(last)
    if last and last.ending == "RECOVERED" and at.ended_ms - last.ended_period_ms <= COMES_BACK_MS:
        return _reopened(last, judgement, at)
    filled = replace(
        new,
        period=at.period,
        last_period=at.period,
        value=judgement.value or 0.0,
        usual=judgement.usual or 0.0,
        bound=judgement.bound or 0.0,
        level=judgement.level,
        severity=severity_at(new.severity, judgement.level),
        about=judgement.why,
        worse=judgement.worse,
        worst=judgement.worse,
        worst_value=judgement.value or 0.0,
        created_ms=at.now_ms,
    )
    if last and last.cooling_from_ms and at.ended_ms < last.cooling_from_ms + policy.cooldown_ms:
        filled = replace(filled, cooling_from_ms=last.cooling_from_ms)
    return _triggered(filled, policy, at)


def severity_at(severity: Severity, level: int) -> Severity:
    """The severity of an alert that passed a level: that of its rule at 100 percent, less below it, more above it."""
    place = _SEVERITIES.index(severity) + (level > _WHOLE) - (0 < level < _WHOLE)
    return _SEVERITIES[min(max(place, 0), len(_SEVERITIES) - 1)]


def woken(alert: Alert, policy: Policy, at: Moment) -> Step:
    """An open alert of which nothing was judged now: people are told again where a snooze or a day is over."""
    slept = alert.told_ms and alert.told_ms < alert.snoozed_until_ms <= at.now_ms
    if slept and alert.status == "TRIGGERED":
        return Step(replace(alert, told_ms=at.now_ms), "REMINDED")
    return _reminded(alert, policy, at)


def continued(alert: Alert, judgement: Judgement, policy: Policy, at: Moment, *, restated: bool = False) -> Step:
    """An open alert whose rule was judged again.

    Args:
        restated: the period is one that was judged before, and its numbers have changed since.
    """
    if judgement.outcome == "BREACH":
        if judgement.level_changed:
            return _ended(alert, "LEVEL_CHANGED", at)
        return _worsened(alert, judgement, policy, at)
    if judgement.outcome != "FINE":
        return Step(alert)
    if alert.status == "PENDING" or restated:
        return _ended(alert, "RESTATED" if restated else "RECOVERED", at)
    if judgement.worse > _BACK:
        return _reminded(replace(alert, calm=0), policy, at)
    calm = alert.calm + (at.period != alert.calm_period)
    if calm >= policy.calm:
        return _ended(alert, "RECOVERED", at)
    return Step(replace(alert, calm=calm, calm_period=at.period))


def withdrawn(alert: Alert, at: Moment, why: Ending = "RULE_CHANGED") -> Step:
    """An open alert of which nothing is judged any more."""
    return _ended(alert, why, at)


def _triggered(alert: Alert, policy: Policy, at: Moment) -> Step:
    if alert.breaches < policy.periods:
        return Step(alert)
    alert = replace(alert, status="TRIGGERED", triggered_ms=at.now_ms)
    if alert.cooling_from_ms:
        return Step(alert)
    return Step(replace(alert, told_ms=at.now_ms, cooling_from_ms=at.ended_ms), "TRIGGERED")


def _worsened(alert: Alert, judgement: Judgement, policy: Policy, at: Moment) -> Step:
    again = at.period == alert.last_period
    worse = judgement.worse
    now = replace(
        alert,
        last_period=max(alert.last_period, at.period),
        breaches=alert.breaches + (not again),
        level=max(alert.level, judgement.level),
        severity=severity_at(policy.severity, max(alert.level, judgement.level)),
        calm=0,
        worst=max(alert.worst, worse),
        worst_value=(judgement.value or 0.0) if worse > alert.worst else alert.worst_value,
    )
    if now.status == "PENDING":
        return _triggered(now, policy, at)
    twice = now.worst >= _ESCALATES * now.worse and alert.worst < _ESCALATES * alert.worse
    if (twice or now.level > alert.level) and _may_tell(now, at):
        return Step(replace(now, told_ms=at.now_ms), "ESCALATED")
    return _reminded(now, policy, at)


def _reminded(alert: Alert, policy: Policy, at: Moment) -> Step:
    """CRITICAL alerts are told of again each day, until somebody acknowledges them."""
    due = policy.reminds and alert.told_ms and at.now_ms >= alert.told_ms + DAY_MS
    if policy.severity == "CRITICAL" and due and alert.status == "TRIGGERED" and _may_tell(alert, at):
        return Step(replace(alert, told_ms=at.now_ms), "REMINDED")
    return Step(alert)


def _reopened(last: Alert, judgement: Judgement, at: Moment) -> Step:
    recent = tuple(ms for ms in last.reopened_ms if ms > at.now_ms - FLAPS_MS)
    alert = replace(
        last,
        status="TRIGGERED",
        ending="",
        ended_ms=0,
        reopened_ms=(*recent, at.now_ms),
        calm=0,
        last_period=max(last.last_period, at.period),
        breaches=last.breaches + 1,
        worst=max(last.worst, judgement.worse),
        worst_value=(judgement.value or 0.0) if judgement.worse > last.worst else last.worst_value,
    )
    if not _may_tell(alert, at):
        return Step(alert)
    return Step(replace(alert, told_ms=at.now_ms), "TRIGGERED")


def _ended(alert: Alert, why: Ending, at: Moment) -> Step:
    known = bool(alert.told_ms)
    ended = replace(alert, status="RESOLVED", ending=why, ended_ms=at.now_ms, ended_period_ms=at.ended_ms)
    if not known or (is_flapping(alert) and at.now_ms < alert.told_ms + DAY_MS):
        return Step(ended)
    return Step(replace(ended, told_ms=at.now_ms), "RESOLVED")


def is_flapping(alert: Alert) -> bool:
    """Whether it comes and goes so often that a notice a day is enough."""
    return len(alert.reopened_ms) >= FLAPPING


def _may_tell(alert: Alert, at: Moment) -> bool:
    if at.now_ms < alert.snoozed_until_ms:
        return False
    return not is_flapping(alert) or at.now_ms >= alert.told_ms + DAY_MS
