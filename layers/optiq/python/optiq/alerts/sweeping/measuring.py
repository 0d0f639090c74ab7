"""What rules read of a site: days, all rules of one scope with one question."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from optiq.alerts.judging.contracts import DayValues
from optiq.alerts.judging.detecting import HISTORY_DAYS
from optiq.kernel.caller import Caller
from optiq.kernel.clock import each_day
from optiq.reports.overview.api import TILES, overview
from optiq.reports.questions.api import CATALOGUE, MOST_ROWS, Filters, ask
from optiq.reports.questions.contracts import Ask, Number
from optiq.tenancy.contracts import Site

READ_DAYS = 2 * HISTORY_DAYS
"""A day is judged by the 84 before it, and they as they were by the 84 before them."""
MOST_PARTS = MOST_ROWS // READ_DAYS
"""Values of a dimension that are asked for together."""
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


def measure(caller: Caller, site: Site, scope: Scope, metrics: Sequence[str], last: date, now_ms: int) -> Measured:
    """The last READ_DAYS days up to one, that included.

    A site's own numbers are read from what is counted in the table already; others are asked of the lake.

    Raises:
        InvalidError: the scope or a metric is no more. UpstreamError: the lake cannot be read.
    """
    counted = [name for name in metrics if name in TILES] if not scope.filters and not scope.segments else []
    asked = [name for name in metrics if name not in counted]
    by_day: defaultdict[str, dict[str, Number]] = defaultdict(dict)
    untils: list[int] = []
    if counted:
        period = _period(last)
        found = overview(caller, site.site_id, period=period, compare="NONE", model=scope.model, clock=lambda: now_ms)
        untils.append(found.data_until_ms)
        for row in found.series:
            by_day[row.keys[0]] |= dict(zip(TILES, row.values, strict=True))
    if asked:
        question = Ask(tuple(asked), ("day",), scope.filters, scope.segments, _period(last), model=scope.model)
        answer = ask(caller, site.site_id, replace(question, limit=READ_DAYS, order="day"), clock=lambda: now_ms)
        untils.append(answer.data_until_ms)
        for row in answer.rows:
            by_day[row.keys[0]] |= dict(zip(asked, row.values, strict=True))
    return Measured(_days(by_day, metrics, last), min(untils))


def measure_parts(
    caller: Caller, site: Site, parts: Mapping[str, Scope], metrics: Sequence[str], last: date, now_ms: int
) -> dict[Scope, Measured]:
    """Several scopes, each of one value of the same dimension (`part_of`) and all of one model, by one question.

    Raises as `measure`.
    """
    one = next(iter(parts.values()))
    filters = ((replace(one.filters[0][0], values=tuple(parts)),),)
    keys = ("day", one.filters[0][0].dimension)
    question = Ask(tuple(metrics), keys, filters, period=_period(last), model=one.model, order="day", limit=MOST_ROWS)
    answer = ask(caller, site.site_id, question, clock=lambda: now_ms)
    by_part: dict[str, dict[str, dict[str, Number]]] = {value: {} for value in parts}
    for row in answer.rows:
        by_part[row.keys[1]][row.keys[0]] = dict(zip(metrics, row.values, strict=True))
    return {
        scope: Measured(_days(by_part[value], metrics, last), answer.data_until_ms) for value, scope in parts.items()
    }


def part_of(scope: Scope) -> tuple[str, str] | None:
    """The dimension and the value of a scope that is one value of a dimension; None for any other."""
    if scope.segments or len(scope.filters) != 1 or len(scope.filters[0]) != 1:
        return None
    (one,) = scope.filters[0]
    return (one.dimension, one.values[0]) if one.operator == "is" and len(one.values) == 1 else None


def _period(last: date) -> str:
    return f"{last - timedelta(days=READ_DAYS - 1)}..{last}"


def _days(by_day: Mapping[str, Mapping[str, Number]], metrics: Sequence[str], last: date) -> tuple[DayValues, ...]:
    """All days up to one since there was anything: a site that is new has no history of nothing."""
    days = [
        DayValues(day, {name: _number(name, by_day.get(str(day))) for name in metrics})
        for day in each_day(last - timedelta(days=READ_DAYS - 1), last)
    ]
    start = next((place for place, day in enumerate(days) if any(day.values.values())), len(days))
    return tuple(days[start:])


def _number(metric: str, row: Mapping[str, Number] | None) -> float | None:
    """A number in units; a day without a row has none of it."""
    value = 0 if row is None else row.get(metric)
    if value is None:
        return None
    return value / _MICROS if CATALOGUE.metrics[metric].kind == "MONEY" else float(value)
