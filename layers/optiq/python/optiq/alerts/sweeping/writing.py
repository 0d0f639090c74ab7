"""What became of a rule's alerts by a judged period, written in one transaction with the events about them.

It is written on the condition that nobody has judged the rule since. So a sweep that is repeated, killed, or beside
another one changes nothing twice.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

from optiq.alerts import keys
from optiq.alerts.contracts import AlertNoticed
from optiq.alerts.judging.conditions import Measure
from optiq.alerts.judging.contracts import Judgement, Side
from optiq.alerts.judging.detecting import K
from optiq.alerts.lifecycle.advancing import CALM_HOURS, Moment, Policy, Step, continued, raised, withdrawn, woken
from optiq.alerts.lifecycle.contracts import Alert, Ending
from optiq.alerts.lifecycle.stores import ALERTS
from optiq.alerts.rules.contracts import Rule
from optiq.alerts.sweeping.connections import IMPRESSIONS
from optiq.alerts.sweeping.contracts import Judged, JudgedPeriod, Watch
from optiq.alerts.sweeping.explaining import contributors, explained_days
from optiq.alerts.sweeping.judged import measure_of
from optiq.alerts.sweeping.periods import RESTATED_DAYS
from optiq.alerts.sweeping.site_now import SiteNow
from optiq.events import api as events
from optiq.kernel.clock import DAY_MS, HOUR_MS
from optiq.kernel.ids import id_from
from optiq.store.api import Store, Transaction

_NEW_BREACH_MS = 3 * DAY_MS
"""A day that becomes a breach by changed numbers is told of only so soon after its end."""
_SIDES: tuple[Side, ...] = get_args(Side)
WATCHES = Store(Watch, "watch of an alert rule", keys.watch)


def write(now: SiteNow, rule: Rule, watch: Watch, judged: Judged, *, is_latest: bool = True) -> tuple[Watch, int]:
    """Returns the watch as it is now, and how many alerts were raised or ended.

    Args:
        is_latest: this sweep judges no later period: what is open now goes on.

    Raises:
        VersionError: another sweep has written since. UpstreamError: the lake cannot be read.
    """
    transaction, after, changes = Transaction(), watch, 0
    open_sides: tuple[Side, ...] = ()
    for side in _SIDES:
        last = _latest(watch, side)
        step = _step(rule, _policy(rule, watch, reminds=is_latest), watch, side, last, judged)
        if step is not None and step.alert != last:
            if last is None or last.alert_id != step.alert.alert_id:
                step = replace(step, alert=_explained(now, rule, step.alert, judged))
            transaction += _writing(now, rule, last, step, judged.moment.period)
            after = _with(after, side, step.alert.alert_id)
            changes += last is None or last.status != step.alert.status
        now_is = step.alert if step is not None else last
        if now_is is not None and now_is.is_open:
            open_sides = (*open_sides, side)
    after = replace(
        after,
        rule_version=rule.version,
        judged_ms=judged.moment.now_ms,
        periods=_noted(watch.periods, judged),
        open_sides=open_sides,
    )
    if not watch.periods or judged.moment.period >= watch.periods[-1].period:
        found = judged.judgement
        after = replace(after, outcome=found.outcome, why=found.why, value=found.value, usual=found.usual)
    after, written = WATCHES.changing(now.caller, watch, after)
    (written.unaudited() + transaction).commit()
    return after, changes


def wake(now: SiteNow, rule: Rule, watch: Watch) -> Watch:
    """Tells people again of open alerts of which nothing was judged now. Returns, Raises: as `write`."""
    transaction, told = Transaction(), False
    for side in watch.open_sides:
        last = _latest(watch, side)
        if last is None or not last.is_open:
            continue
        step = woken(last, _policy(rule, watch), Moment(last.last_period, last.ended_period_ms, now.now_ms))
        if step.notice:
            transaction += _writing(now, rule, last, step, last.last_period)
            told = True
    if not told:
        return watch
    after, written = WATCHES.changing(now.caller, watch, watch)
    (written.unaudited() + transaction).commit()
    return after


def withdraw(now: SiteNow, rule: Rule, watch: Watch, why: Ending = "RULE_CHANGED") -> tuple[Watch, int]:
    """Ends the open alerts of what is judged no more, or by another rule, and forgets what was judged.

    Returns, Raises: as `write`.
    """
    transaction, ended = Transaction(), 0
    for side in _SIDES:
        last = _latest(watch, side)
        if last is not None and last.is_open:
            step = withdrawn(last, Moment(last.last_period, last.ended_period_ms, now.now_ms), why)
            transaction += _writing(now, rule, last, step, last.last_period)
            ended += 1
    forgotten = replace(watch, rule_version=rule.version, periods=(), open_sides=())
    after, written = WATCHES.changing(now.caller, watch, forgotten)
    (written.unaudited() + transaction).commit()
    return after, ended


def _latest(watch: Watch, side: Side) -> Alert | None:
    alert_id = watch.low_id if side == "LOW" else watch.high_id
    return ALERTS.find(watch.organization_id, watch.site_id, alert_id) if alert_id else None


def _with(watch: Watch, side: Side, alert_id: str) -> Watch:
    return replace(watch, low_id=alert_id) if side == "LOW" else replace(watch, high_id=alert_id)


def _step(rule: Rule, policy: Policy, watch: Watch, side: Side, last: Alert | None, judged: Judged) -> Step | None:
    """What becomes of the alert of one side; None for nothing."""
    judgement, moment = judged.judgement, judged.moment
    if last is not None and last.is_open:
        if judged.restated and last.last_period != moment.period:
            return None
        if judgement.side != side and judgement.outcome in ("BREACH", "FINE"):
            # It is off on the other side, or back: the alert of this side is over.
            judgement = Judgement("FINE", judgement.value, judgement.usual, judgement.usual, side)
        return continued(last, judgement, policy, moment, restated=judged.restated)
    if judgement.outcome != "BREACH" or judgement.side != side:
        return None
    if judged.restated and moment.now_ms - moment.ended_ms > _NEW_BREACH_MS:
        return None
    return raised(_new(rule, watch, side, moment), judgement, policy, moment, last)


def _policy(rule: Rule, watch: Watch, *, reminds: bool = True) -> Policy:
    calm = CALM_HOURS if rule.judges_hours and not watch.connection_id else 1
    return Policy(rule.periods, rule.cooldown_hours * HOUR_MS, rule.severity, calm, reminds)


def _new(rule: Rule, watch: Watch, side: Side, moment: Moment) -> Alert:
    fingerprint = f"{watch.watch_id}#{side}"
    alert_id = id_from("alert", moment.ended_ms, fingerprint, moment.period, str(rule.version))
    return Alert(
        rule.organization_id,
        rule.site_id,
        alert_id,
        rule.rule_id,
        fingerprint,
        rule.severity,
        side,
        moment.period,
        moment.period,
        connection_id=watch.connection_id,
    )


def _explained(now: SiteNow, rule: Rule, alert: Alert, judged: Judged) -> Alert:
    """A new alert with what explains it. Raises UpstreamError: the lake cannot be read."""
    days = judged.hours
    if judged.days:
        measure = Measure(*IMPRESSIONS) if alert.connection_id else measure_of(rule)
        days = explained_days(measure, K[rule.sensitivity], judged.days)
    with_days = replace(alert, days=days)
    return replace(with_days, contributors=contributors(now.caller, rule, with_days, clock=lambda: now.now_ms))


def _writing(now: SiteNow, rule: Rule, last: Alert | None, step: Step, period: str) -> Transaction:
    """The writes of an alert, with the event about it."""
    if last is None or last.alert_id != step.alert.alert_id:
        written = ALERTS.adding(now.caller, step.alert)
    else:
        _, written = ALERTS.changing(now.caller, last, step.alert)
    if step.notice is None or now.is_muted:
        return written.unaudited()
    fact = AlertNoticed(rule.site_id, step.alert.alert_id, step.notice, period)
    event = events.event_of("alerts", rule.organization_id, fact, now.now_ms)
    return written.unaudited() + Transaction(events=(event,))


def _noted(periods: Sequence[JudgedPeriod], judged: Judged) -> tuple[JudgedPeriod, ...]:
    if not judged.digest:
        return tuple(periods)
    kept = [one for one in periods if one.period != judged.moment.period]
    together = [*kept, JudgedPeriod(judged.moment.period, judged.digest)]
    return tuple(sorted(together, key=lambda one: one.period)[-RESTATED_DAYS - 2 :])
