"""What a rule makes of the days up to one."""

from collections.abc import Sequence

from optiq.alerts.judging import conditions
from optiq.alerts.judging.clicks import odd_count
from optiq.alerts.judging.conditions import custom
from optiq.alerts.judging.contracts import DayValues, Judgement
from optiq.alerts.judging.costs import cpa_spike, roas_drop, spend_threshold
from optiq.alerts.judging.detecting import K
from optiq.alerts.judging.drops import conversion_drop
from optiq.alerts.rules.checking import METRICS
from optiq.alerts.rules.contracts import Condition, Period, Rule
from optiq.reports.questions.api import CATALOGUE, first_of

_MICROS = 1_000_000


def judge_days(rule: Rule, days: Sequence[DayValues]) -> Judgement:
    """Judges the last of the days by a rule's kind; all but NO_DATA, which judges hours."""
    percent = rule.percent or 0
    match rule.kind:
        case "SPEND_THRESHOLD":
            so_far = _of_period(days, rule.spend_period)
            return spend_threshold(so_far, (rule.spend_micros or 0) / _MICROS, rule.levels)
        case "CONVERSION_DROP":
            return conversion_drop(days, percent, rule.comparison_days)
        case "CPA_SPIKE":
            return cpa_spike(days, percent, rule.comparison_days)
        case "ROAS_DROP":
            return roas_drop(days, percent, rule.comparison_days)
        case "CLICK_ANOMALY":
            return odd_count(days, "clicks", K[rule.sensitivity])
        case "CUSTOM":
            return custom(days, [_condition(one) for one in rule.conditions], K[rule.sensitivity])
        case "NO_DATA":
            raise ValueError("NO_DATA judges hours")


def _of_period(days: Sequence[DayValues], period: Period) -> float | None:
    """The spend since the period of the last day began, of days that are known; None where none is."""
    if not days:
        return None
    first = first_of(period, days[-1].day)
    known = [spend for day in days if day.day >= first and (spend := day.value("spend")) is not None]
    return sum(known) if known else None


def columns_of(rule: Rule) -> tuple[str, ...]:
    """The metrics that a rule's days need: of a quotient both parts."""
    if rule.kind == "CUSTOM":
        parts = [_condition(one).measure for one in rule.conditions]
        return tuple(dict.fromkeys(column for each in parts for column in (each.column, each.per) if column))
    return METRICS[rule.kind]


def _condition(one: Condition) -> conditions.Condition:
    metric = CATALOGUE.metrics[one.metric]
    measure = conditions.Measure(metric.numerator or one.metric, metric.denominator, metric.factor)
    return conditions.Condition(measure, one.comparison, one.value or 0.0, one.days)
