"""What a rule makes of the days up to one."""

from collections.abc import Mapping, Sequence

from optiq.alerts.judging.clicks import odd_count
from optiq.alerts.judging.conditions import Measure, custom
from optiq.alerts.judging.contracts import DayValues, Judgement
from optiq.alerts.judging.costs import cpa_spike, roas_drop, spend_threshold
from optiq.alerts.judging.detecting import K
from optiq.alerts.judging.drops import conversion_drop
from optiq.alerts.rules.checking import METRICS
from optiq.alerts.rules.contracts import Kind, Period, Rule
from optiq.reports.questions.api import CATALOGUE, first_of

_MICROS = 1_000_000


def judge_days(rule: Rule, days: Sequence[DayValues]) -> Judgement:
    """Judges the last of the days by a rule's kind; all but NO_DATA and CONNECTION_ERROR."""
    percent = rule.percent or 0
    match rule.kind:
        case "SPEND_THRESHOLD":
            so_far = _of_period(days, rule.period)
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
            return custom(days, rule.conditions, _measures(rule), K[rule.sensitivity])
        case "NO_DATA" | "CONNECTION_ERROR":
            raise ValueError(f"{rule.kind} judges no days")


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
        parts = _measures(rule).values()
        return tuple(dict.fromkeys(column for each in parts for column in (each.column, each.per) if column))
    return METRICS[rule.kind]


def measure_of(rule: Rule) -> Measure:
    """What a rule's number is made of: of a CUSTOM rule that of its first condition."""
    if rule.kind == "CUSTOM":
        return _measures(rule)[rule.conditions[0].metric]
    return _QUOTIENTS.get(rule.kind) or Measure(METRICS[rule.kind][0])


_QUOTIENTS: Mapping[Kind, Measure] = {
    "CPA_SPIKE": Measure("spend", "conversions"),
    "ROAS_DROP": Measure("revenue", "spend"),
}


def _measures(rule: Rule) -> dict[str, Measure]:
    """Of each metric that a CUSTOM rule's conditions have."""
    metrics = [CATALOGUE.metrics[one.metric] for one in rule.conditions]
    return {one.name: Measure(one.numerator or one.name, one.denominator, one.factor) for one in metrics}
