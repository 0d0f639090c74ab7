"""Funnels: how many get from one step to the next, how long it takes, and how many may still get there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import TypeAdapter

from optiq.kernel.caller import Caller
from optiq.kernel.clock import MINUTE_MS, Clock, utc_day
from optiq.reports.behaviour.attempts_sql import timed_steps
from optiq.reports.behaviour.contracts import FunnelAnswer, FunnelAsk, FunnelBucket, FunnelStep, FunnelValue
from optiq.reports.behaviour.funnel import MOST_STEPS, Exclusion, Funnel, Range
from optiq.reports.behaviour.funnel_sql import OTHER, funnel_report
from optiq.reports.behaviour.scope import Scope, columns_of, kept, matching, scope_of
from optiq.reports.domain import MAX_DAYS
from optiq.reports.questions.contracts import Number
from optiq.reports.questions.rows import buckets, label
from optiq.reports.questions.wrong import wrong
from optiq.reports.statements import Sql

MOST_EXCLUSIONS = 5
_DECIMALS = 9
_UNITS = {"CUSTOMER": "person_id", "SESSION": "session_id"}
_ANSWER: TypeAdapter[FunnelAnswer] = TypeAdapter(FunnelAnswer)
_Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Counting:
    """A funnel that can be counted: `ask` and `funnel` name dimensions as statements do."""

    scope: Scope
    ask: FunnelAsk
    funnel: Funnel
    reads_until_ms: int

    @property
    def source(self) -> Sql:
        """The rows that it is counted of."""
        matchers = (*self.ask.steps, *(one.matcher for one in self.ask.exclusions))
        columns = (*columns_of(*matchers), *([self.funnel.dim] if self.funnel.dim else []))
        return self.scope.rows(columns, self.scope.days.bounds_ms[0], self.reads_until_ms)


def counting(caller: Caller, site_id: str, ask: FunnelAsk, now_ms: int) -> Counting:
    """Raises NotFoundError: there is no such site; InvalidError: a funnel that cannot be."""
    scope = scope_of(caller, site_id, ask.period, ask.filters, now_ms, ask.segments)
    ask = _own(scope, ask)
    funnel = _funnel(scope, ask)
    end_ms = scope.days.bounds_ms[1]
    # Later steps may lie after the entries' days.
    reads_until_ms = max(now_ms, end_ms) if not funnel.window_ms else end_ms + funnel.window_ms + 1
    return Counting(scope, ask, funnel, reads_until_ms)


def ask_funnel(caller: Caller, site_id: str, ask: FunnelAsk, clock: Clock) -> FunnelAnswer:
    found = counting(caller, site_id, ask, clock())
    read = (utc_day(found.scope.days.bounds_ms[0]), utc_day(found.reads_until_ms - 1))
    return kept(found.scope, found.ask, read, _ANSWER, lambda: _answer(found), clock)


def _own(scope: Scope, ask: FunnelAsk) -> FunnelAsk:
    """The question with dimensions of matchers as statements name them. Raises InvalidError."""
    exclusions = tuple(replace(one, matcher=scope.own(one.matcher)) for one in ask.exclusions)
    return replace(ask, steps=tuple(map(scope.own, ask.steps)), exclusions=exclusions)


def _funnel(scope: Scope, ask: FunnelAsk) -> Funnel:
    """Raises InvalidError for a funnel that cannot be; the message begins with the field's name."""
    last = len(ask.steps)
    if not 2 <= last <= MOST_STEPS:
        raise wrong("steps", f"name 2 to {MOST_STEPS}")
    if not 0 <= ask.window_minutes <= MAX_DAYS * 24 * 60:
        raise wrong("window_minutes", f"must be between 1 and {MAX_DAYS * 24 * 60}, or 0 for no limit")
    if len(ask.exclusions) > MOST_EXCLUSIONS:
        raise wrong("exclusions", f"use at most {MOST_EXCLUSIONS}")
    if ask.exclusions and ask.step_order == "ANY":
        raise wrong("exclusions", "steps in any order have none; use step_order LOOSE or STRICT")
    if any(not 1 <= one.after < one.before <= last for one in ask.exclusions):
        raise wrong("exclusions", f"after and before must be steps between 1 and {last}, after before before")
    steps = tuple(matching("steps", one) for one in ask.steps)
    if ask.step_order == "ANY" and len(set(steps)) < last:
        raise wrong("steps", "steps in any order must differ")
    return Funnel(
        steps=steps,
        window_ms=ask.window_minutes * MINUTE_MS,
        order=ask.step_order,
        unit=_UNITS[ask.unit],
        exclusions=tuple(
            Exclusion(matching("exclusions", one.matcher), one.after, one.before) for one in ask.exclusions
        ),
        dim=scope.column_of("breakdown", ask.breakdown) if ask.breakdown else "",
        breakdown_at=ask.breakdown_event,
    )


def _answer(found: Counting) -> FunnelAnswer:
    scope, ask, funnel = found.scope, found.ask, found.funnel
    rows = _counted(found)
    last = len(funnel.steps)
    units = _units(rows, last)
    stopped: tuple[int, ...] = ()
    if funnel.exclusions:
        free = _units(_counted(replace(found, funnel=replace(funnel, exclusions=()))), last)
        stopped = tuple(more - fewer for more, fewer in zip(free, units, strict=True))
    return FunnelAnswer(
        steps=_steps(funnel, rows, "a"),
        open=_open(rows),
        stopped=stopped,
        values=tuple(_values(funnel, rows)) if funnel.dim else (),
        series=tuple(_series(scope, ask, rows, last)),
    )


def _counted(found: Counting) -> list[_Row]:
    scope = found.scope
    within = Range(*scope.days.bounds_ms, scope.days.offsets, found.ask.interval)
    rows = scope.run(funnel_report(found.funnel, found.source, within, scope.until_ms))
    return [dict(zip(rows.columns, row, strict=True)) for row in rows.rows]


def _units(rows: Sequence[_Row], last: int) -> list[int]:
    return [sum(row[f"step_{k}"] for row in rows) for k in range(1, last + 1)]


def _open(rows: Sequence[_Row]) -> int:
    return sum(int(row["open"]) for row in rows)


def _steps(funnel: Funnel, rows: Sequence[_Row], of: str) -> tuple[FunnelStep, ...]:
    """Args: of: `a` for percentiles over all rows, `v` for those of one value."""
    last = len(funnel.steps)
    units = _units(rows, last)
    timed = timed_steps(funnel)

    def percentile(k: int, p: int) -> Number:
        found = [row[f"{of}{k}_p{p}"] for row in rows] if k in timed else []
        return next((value for value in found if value is not None), None)

    return tuple(
        FunnelStep(
            units[k - 1],
            _over(units[k - 1], units[0]),
            _over(units[k - 1], units[max(k - 2, 0)]),
            percentile(k, 50),
            percentile(k, 90),
        )
        for k in range(1, last + 1)
    )


def _over(part: int, whole: int) -> Number:
    return round(part / whole, _DECIMALS) if whole else None


def _values(funnel: Funnel, rows: Sequence[_Row]) -> Iterator[FunnelValue]:
    by_value: dict[str, list[_Row]] = {}
    for row in rows:
        by_value.setdefault(str(row["value"]), []).append(row)
    found = [FunnelValue(value, _steps(funnel, of_value, "v"), _open(of_value)) for value, of_value in by_value.items()]
    yield from sorted(found, key=lambda one: (one.value == OTHER, -one.steps[0].units, one.value))


def _series(scope: Scope, ask: FunnelAsk, rows: Sequence[_Row], last: int) -> Iterator[FunnelBucket]:
    by_bucket: dict[str, list[_Row]] = {}
    for row in rows:
        by_bucket.setdefault(label(ask.interval, int(row["bucket"])), []).append(row)
    for name in buckets(ask.interval, scope.days):
        of_bucket = by_bucket.get(name, [])
        yield FunnelBucket(name, tuple(_units(of_bucket, last)), _open(of_bucket))
