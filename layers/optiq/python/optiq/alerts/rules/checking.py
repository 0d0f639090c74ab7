"""What a rule may be. Every message begins with the field's name."""

from collections.abc import Mapping
from dataclasses import replace

from optiq.alerts.judging.contracts import Condition
from optiq.alerts.rules.contracts import Kind, Rule
from optiq.kernel.caller import Caller
from optiq.kernel.chosen_names import checked_name
from optiq.kernel.errors import InvalidError
from optiq.reports.questions.api import CATALOGUE, check
from optiq.reports.questions.contracts import Ask

_LONGEST_NAME = 100
_MOST_SPEND_MICROS = 10**15
MOST_PERCENT: Mapping[Kind, int] = {"CONVERSION_DROP": 100, "ROAS_DROP": 100, "CPA_SPIKE": 1_000}
_MOST_COMPARISON_DAYS, _MOST_DAYS = 90, 90
_MOST_CONDITIONS, _MOST_LEVELS, _MOST_LEVEL = 3, 5, 1_000
_MOST_PERIODS, _MOST_COOLDOWN_HOURS = 30, 30 * 24
METRICS: Mapping[Kind, tuple[str, ...]] = {
    "SPEND_THRESHOLD": ("spend",),
    "CONVERSION_DROP": ("conversions",),
    "CPA_SPIKE": ("spend", "conversions"),
    "ROAS_DROP": ("spend", "revenue"),
    "CLICK_ANOMALY": ("clicks",),
    "NO_DATA": ("events",),
    "CONNECTION_ERROR": (),
    "CUSTOM": (),
}
"""What a kind reads of days; CUSTOM reads what its conditions name, CONNECTION_ERROR none."""


def checked_rule(caller: Caller, rule: Rule, now_ms: int) -> Rule:
    """The rule with its name tidied. Raises InvalidError."""
    name = checked_name(rule.name, _LONGEST_NAME)
    _check_kind(rule)
    _require(
        1 <= rule.comparison_days <= _MOST_COMPARISON_DAYS, "comparison_days", f"must be 1 to {_MOST_COMPARISON_DAYS}"
    )
    _require(1 <= rule.periods <= _MOST_PERIODS, "periods", f"must be 1 to {_MOST_PERIODS}")
    _require(1 <= rule.cooldown_hours <= _MOST_COOLDOWN_HOURS, "cooldown_hours", f"must be 1 to {_MOST_COOLDOWN_HOURS}")
    if rule.kind == "CONNECTION_ERROR":
        for field in ("filters", "segments"):
            _require(
                not getattr(rule, field), field, "must be empty: CONNECTION_ERROR is of all the site's connections"
            )
    else:
        metrics = tuple(dict.fromkeys(one.metric for one in rule.conditions)) or METRICS[rule.kind]
        question = Ask(metrics, ("day",), rule.filters, rule.segments, "last7d", model=rule.model)
        check(caller, rule.site_id, question, clock=lambda: now_ms)
    return replace(rule, name=name)


def _check_kind(rule: Rule) -> None:
    spends = rule.kind == "SPEND_THRESHOLD"
    if not spends:
        _require(rule.spend_micros is None, "spend_micros", f"must be absent: {rule.kind} has none")
        _check_period(rule)
    elif rule.period == "HOUR":
        raise InvalidError("period: must be DAY, WEEK or MONTH: spend comes by day")
    elif rule.spend_micros is None or not 1 <= rule.spend_micros <= _MOST_SPEND_MICROS:
        raise InvalidError(f"spend_micros: must be 1 to {_MOST_SPEND_MICROS}")
    _require(bool(rule.levels) and len(rule.levels) <= _MOST_LEVELS, "levels", f"must be 1 to {_MOST_LEVELS} percents")
    _require(all(1 <= level <= _MOST_LEVEL for level in rule.levels), "levels", f"each must be 1 to {_MOST_LEVEL}")
    if most := MOST_PERCENT.get(rule.kind):
        _require(rule.percent is not None and 1 <= rule.percent <= most, "percent", f"must be 1 to {most}")
    else:
        _require(rule.percent is None, "percent", f"must be absent: {rule.kind} has none")
    if rule.kind == "CUSTOM":
        _require(1 <= len(rule.conditions) <= _MOST_CONDITIONS, "conditions", f"must be 1 to {_MOST_CONDITIONS}")
        for place, condition in enumerate(rule.conditions):
            _check_condition(f"conditions.{place}", condition)
    else:
        _require(not rule.conditions, "conditions", f"must be absent: {rule.kind} has none")


def _check_period(rule: Rule) -> None:
    """Of any kind but SPEND_THRESHOLD."""
    if rule.period == "HOUR" and rule.kind == "CUSTOM":
        for place, one in enumerate(rule.conditions):
            metric = CATALOGUE.metrics.get(one.metric)
            is_own = metric is not None and metric.source in ("visits", "events", "ledger")
            is_odd = one.comparison == "ODD" and is_own and place == 0
            _require(is_odd, f"conditions.{place}", "must be one alone for HOUR: ODD of a count that is not of ads")
    else:
        _require(rule.period == "DAY", "period", f"must be DAY: {rule.kind} judges no {rule.period.lower()}")


def _check_condition(field: str, condition: Condition) -> None:
    metric = CATALOGUE.metrics.get(condition.metric)
    if metric is None:
        raise InvalidError(f"{field}.metric: must be one of {', '.join(CATALOGUE.metrics)}")
    _require(1 <= condition.days <= _MOST_DAYS, f"{field}.days", f"must be 1 to {_MOST_DAYS}")
    if condition.comparison == "ODD":
        _require(condition.value is None, f"{field}.value", "must be absent: ODD compares with what is usual")
        _require(metric.kind == "COUNT" and condition.days == 1, f"{field}.metric", "must be a count, of one day")
        return
    _require(condition.value is not None, f"{field}.value", "must be a number")
    _require(metric.adds_up or condition.days == 1, f"{field}.days", f"must be 1: {condition.metric} do not add up")


def _require(right: bool, field: str, wrong: str) -> None:
    if not right:
        raise InvalidError(f"{field}: {wrong}")
