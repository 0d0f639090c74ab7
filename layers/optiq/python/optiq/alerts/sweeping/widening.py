"""A threshold under which an alert would not have been, and what else it would have changed in the last 90 days."""

import math
from collections.abc import Mapping
from dataclasses import replace

from optiq.alerts.judging.contracts import Condition
from optiq.alerts.lifecycle.api import get_alert
from optiq.alerts.lifecycle.contracts import Alert
from optiq.alerts.rules.api import get_rule
from optiq.alerts.rules.checking import MOST_PERCENT
from optiq.alerts.rules.contracts import Rule, Sensitivity
from optiq.alerts.sweeping.contracts import Wider
from optiq.alerts.sweeping.dry_run import DryRun, dry_run
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import NotFoundError
from optiq.kernel.money import MICROS

_STEP = 5
"""Percents that people choose."""
_DIGITS = 2
_LOWER: Mapping[Sensitivity, Sensitivity] = {"HIGH": "MEDIUM", "MEDIUM": "LOW"}


def wider(caller: Caller, site_id: str, alert_id: str, clock: Clock = system_clock) -> Wider:
    """
    Raises:
        NotFoundError: there is no such alert, its rule was removed, or no wider threshold would have kept it quiet, as
            with NO_DATA.
        UpstreamError: the lake cannot be read.
    """
    alert = get_alert(caller, site_id, alert_id)
    rule = get_rule(caller, site_id, alert.rule_id)
    changed = _widened(rule, alert)
    if changed is None:
        raise NotFoundError("no wider threshold of this rule would have kept the alert quiet")
    before, after = (_breaches(dry_run(caller, one, clock)) for one in (rule, changed))
    return Wider(changed, len(before), len(after), tuple(day for day in before if day not in after))


def _breaches(run: DryRun) -> list[str]:
    return [one.day for one in run.days if one.judgement.outcome == "BREACH"]


def _widened(rule: Rule, alert: Alert) -> Rule | None:
    if not rule.judges_days:
        return None
    if rule.kind == "SPEND_THRESHOLD":
        return replace(rule, spend_micros=math.ceil(_above(alert.worst_value) * MICROS))
    if most := MOST_PERCENT.get(rule.kind):
        percent = _percent(alert)
        return replace(rule, percent=percent) if (rule.percent or 0) < percent <= most else None
    if rule.kind == "CUSTOM" and rule.conditions[0].comparison != "ODD":
        condition = _condition(rule.conditions[0], alert)
        return replace(rule, conditions=(condition, *rule.conditions[1:])) if condition else None
    if rule.kind in ("CLICK_ANOMALY", "CUSTOM") and rule.sensitivity in _LOWER:
        return replace(rule, sensitivity=_LOWER[rule.sensitivity])
    return None


def _percent(alert: Alert) -> int:
    """The next of the percents that people choose, that the worst day was not off by."""
    off = 100 * abs(alert.worst_value / alert.usual - 1) if alert.usual else math.inf
    return math.floor(off / _STEP) * _STEP + _STEP if math.isfinite(off) else 0


def _condition(one: Condition, alert: Alert) -> Condition | None:
    if one.comparison == "ABOVE":
        return replace(one, value=_above(alert.worst_value))
    if one.comparison == "BELOW":
        return replace(one, value=-_above(-alert.worst_value)) if alert.worst_value else None
    percent = _percent(alert)
    return replace(one, value=float(percent)) if (one.value or 0.0) < percent else None


def _above(value: float) -> float:
    """The next number of two digits above a value: 520 above 510, -19 above -20."""
    if not value:
        return 1.0
    unit = 10.0 ** (math.floor(math.log10(abs(value))) + 1 - _DIGITS)
    return round((math.floor(value / unit + 1e-9) + 1) * unit, 9)
