"""What rules read of a site: days, all rules of one scope with one question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from optiq.alerts.judging.contracts import DayValues
from optiq.alerts.judging.detecting import HISTORY_DAYS
from optiq.kernel.caller import Caller
from optiq.kernel.clock import each_day
from optiq.reports.overview.api import TILES, overview
from optiq.reports.questions.api import CATALOGUE, Filters, ask
from optiq.reports.questions.contracts import Ask
from optiq.tenancy.contracts import Site

READ_DAYS = 2 * HISTORY_DAYS
"""A day is judged by the 84 before it, and they as they were by the 84 before them."""
_MICROS = 1_000_000


@dataclass(frozen=True, slots=True)
class Scope:
    """What rules of the same filters, model and segments read."""

    filters: Filters
    model: str = ""
    segments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """Days of a scope, the oldest first. What came in until `until_ms` is counted."""

    days: tuple[DayValues, ...]
    until_ms: int
    currency: str


def measure(caller: Caller, site: Site, scope: Scope, metrics: Sequence[str], last: date, now_ms: int) -> Measured:
    """The last READ_DAYS days up to one, that included.

    A site's own numbers are read from what is counted in the table already; others are asked of the lake.

    Raises:
        InvalidError: the scope or a metric is no more. UpstreamError: the lake cannot be read.
    """
    first = last - timedelta(days=READ_DAYS - 1)
    period = f"{first}..{last}"
    if not scope.filters and not scope.segments and set(metrics) <= set(TILES):
        found = overview(caller, site.site_id, period=period, compare="NONE", model=scope.model, clock=lambda: now_ms)
        names: Sequence[str] = TILES
        rows, until_ms, currency = found.series, found.data_until_ms, found.currency
    else:
        question = Ask(
            tuple(metrics),
            ("day",),
            scope.filters,
            scope.segments,
            period,
            model=scope.model,
            limit=READ_DAYS,
            order="day",
        )
        answer = ask(caller, site.site_id, question, clock=lambda: now_ms)
        names, rows, until_ms, currency = answer.metrics, answer.rows, answer.data_until_ms, answer.currency
    by_day = {row.keys[0]: dict(zip(names, row.values, strict=True)) for row in rows}
    days = tuple(
        DayValues(day, {name: _number(name, by_day.get(str(day))) for name in metrics}) for day in each_day(first, last)
    )
    return Measured(_since_first(days), until_ms, currency)


def _number(metric: str, row: Mapping[str, float | int | None] | None) -> float | None:
    """A number in units; a day without a row has none of it."""
    value = 0 if row is None else row.get(metric)
    if value is None:
        return None
    return value / _MICROS if CATALOGUE.metrics[metric].kind == "MONEY" else float(value)


def _since_first(days: Sequence[DayValues]) -> tuple[DayValues, ...]:
    """The days since there was anything: a site that is new has no history of nothing."""
    start = next((place for place, day in enumerate(days) if any(day.values.values())), len(days))
    return tuple(days[start:])
