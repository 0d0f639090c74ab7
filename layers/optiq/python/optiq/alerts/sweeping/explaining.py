"""What an alert is explained by, as it was when it was raised: the days before it, and where the change comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from optiq.alerts.judging.conditions import Measure
from optiq.alerts.judging.contracts import DayValues, Side
from optiq.alerts.judging.costs import CPA_DAYS, ROAS_DAYS
from optiq.alerts.judging.detecting import HISTORY_DAYS, judge
from optiq.alerts.judging.expecting import Day, Expectation
from optiq.alerts.lifecycle.contracts import Alert, Contributor, ExplainedDay
from optiq.alerts.rules.contracts import Kind, Rule
from optiq.alerts.sweeping.judged import columns_of
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import InvalidError
from optiq.reports.questions.api import CATALOGUE, Source, ask
from optiq.reports.questions.contracts import Ask

EXPLAINED_DAYS = 14
_MOST_CONTRIBUTORS = 3
_MOST_ROWS = 1_000
_MICROS = 1_000_000
_DIMENSIONS: Mapping[Source, tuple[str, ...]] = {
    "ledger": ("channel", "campaign", "landing_page"),
    "visits": ("channel", "campaign", "device"),
    "events": ("channel", "page", "event"),
    "ads": ("channel", "campaign", "account"),
}
_WITHOUT = ("NO_DATA", "CONNECTION_ERROR")
"""Kinds of which no part is to blame."""
_OF_KIND: Mapping[Kind, tuple[str, Side]] = {"CPA_SPIKE": ("conversions", "LOW"), "ROAS_DROP": ("revenue", "LOW")}
"""The column that quotients are explained by, and the side on which it is to blame."""


def question_of(rule: Rule, alert: Alert) -> Ask | None:
    """The question behind an alert: its metric in the days that were judged, against the same weekdays before."""
    if rule.kind in _WITHOUT:
        return None
    last = date.fromisoformat(alert.day)
    first = last - timedelta(days=_days(rule) - 1)
    if rule.kind == "SPEND_THRESHOLD":
        first = date.fromisoformat(alert.period)
    return Ask(
        (column_of(rule, alert),),
        (),
        rule.filters,
        segments=rule.segments,
        period=f"{first}..{last}",
        compare="SAME_WEEKDAYS",
        model=rule.model,
    )


def contributors(caller: Caller, rule: Rule, alert: Alert, clock: Clock = system_clock) -> tuple[Contributor, ...]:
    """Of each dimension up to three values whose numbers moved most to the side of the alert, the first the most.

    None of a dimension that cannot be asked. Raises UpstreamError: the lake cannot be read.
    """
    question = question_of(rule, alert)
    if question is None:
        return ()
    column, side = _column(rule, alert)
    source = CATALOGUE.metrics[column].source
    found: list[Contributor] = []
    for dimension in _DIMENSIONS[source] if source else ():
        found += _moved(caller, rule.site_id, question, dimension, side, clock)
    return tuple(found)


def _moved(
    caller: Caller, site_id: str, question: Ask, dimension: str, side: Side, clock: Clock
) -> Sequence[Contributor]:
    asked = replace(question, dimensions=(dimension,), limit=_MOST_ROWS)
    try:
        answer = ask(caller, site_id, asked, clock=clock)
    except InvalidError:
        return ()
    (metric,) = question.metrics
    units = _MICROS if CATALOGUE.metrics[metric].kind == "MONEY" else 1
    names = answer.labels.get(dimension, {})
    rows = [
        Contributor(dimension, names.get(row.keys[0], row.keys[0]), *((value or 0) / units for value in pair))
        for row in answer.rows
        for pair in zip(row.values, row.before, strict=False)
    ]
    sign = 1 if side == "HIGH" else -1
    moved = sorted(rows, key=lambda one: (-sign * (one.value - one.usual), one.name))
    return [one for one in moved[:_MOST_CONTRIBUTORS] if sign * (one.value - one.usual) > 0]


def explained_days(measure: Measure, k: float, days: Sequence[DayValues]) -> tuple[ExplainedDay, ...]:
    """The last fourteen days, each with what was expected of it; only counts have a band."""
    is_count = not measure.per and CATALOGUE.metrics[measure.column].kind == "COUNT"
    bands = _bands(days, measure.column, k) if is_count else {}
    return tuple(_explained(day, measure, bands.get(day.day)) for day in days[-EXPLAINED_DAYS:])


_Band = tuple[float, float, float]


def _bands(days: Sequence[DayValues], name: str, k: float) -> dict[date, _Band]:
    """What was expected of each of the last days, and the least and the most that are not odd."""
    counted = [(day.day, value) for day in days if not day.excluded and (value := day.value(name)) is not None]
    counted = counted[-HISTORY_DAYS - EXPLAINED_DAYS :]
    first = max(0, len(counted) - EXPLAINED_DAYS)
    verdicts = judge([Day(day.weekday(), value) for day, value in counted], first)
    return {
        day: _band(verdict.expected, k)
        for (day, _), verdict in zip(counted[first:], verdicts, strict=True)
        if verdict.expected is not None
    }


def _band(expected: Expectation, k: float) -> _Band:
    off = expected.threshold(k)
    return expected.value, expected.bound(-off), expected.bound(off)


def _explained(day: DayValues, measure: Measure, band: _Band | None) -> ExplainedDay:
    usual, low, high = band or (None, None, None)
    return ExplainedDay(str(day.day), measure.of([day]), usual, low, high)


def column_of(rule: Rule, alert: Alert) -> str:
    """The metric that contributors have numbers of."""
    return _column(rule, alert)[0]


def _column(rule: Rule, alert: Alert) -> tuple[str, Side]:
    return _OF_KIND.get(rule.kind) or (columns_of(rule)[0], alert.side)


def _days(rule: Rule) -> int:
    """How many days are put together."""
    days: Mapping[Kind, int] = {"CPA_SPIKE": CPA_DAYS, "ROAS_DROP": ROAS_DAYS}
    return rule.conditions[0].days if rule.kind == "CUSTOM" else days.get(rule.kind, 1)
