"""Funnels: how many get from one step to the next, how long it takes, and how many may still get there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import TypeAdapter

from optiq.kernel.caller import Caller
from optiq.kernel.clock import MINUTE_MS, Clock, utc_day
from optiq.reports.behaviour.attempts_sql import counted_attempts
from optiq.reports.behaviour.contracts import FunnelAnswer, FunnelAsk, FunnelBucket, FunnelStep, FunnelValue
from optiq.reports.behaviour.funnel import MOST_STEPS, Exclusion, Funnel, Range
from optiq.reports.behaviour.funnel_sql import OF_ALL, OF_BUCKET, OF_VALUE, OTHER, funnel_report
from optiq.reports.behaviour.scope import Scope, columns_of, kept, matching, scope_of
from optiq.reports.behaviour.stored_sql import attempts_by_day, counted_of
from optiq.reports.behaviour.stores import digest_of, find_store, is_damaged, may_be_stored
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
    def columns(self) -> tuple[str, ...]:
        """Of rows, those that it names."""
        matchers = (*self.ask.steps, *(one.matcher for one in self.ask.exclusions))
        return (*columns_of(*matchers), *([self.funnel.dim] if self.funnel.dim else []))

    @property
    def source(self) -> Sql:
        """The rows that it is counted of."""
        return self.scope.rows(self.columns, self.scope.days.bounds_ms[0], self.reads_until_ms)

    @property
    def within(self) -> Range:
        return Range(*self.scope.days.bounds_ms, self.scope.days.offsets, self.ask.interval)

    @property
    def attempts(self) -> Sql:
        """The counted attempts, worked out of all rows."""
        return counted_attempts(self.funnel, self.source, self.within)

    def stored_attempts(self) -> Sql | None:
        """The same, of those that are stored where the funnel is saved; None where that is not possible, or no use.

        Raises:
            UpstreamError: the lake does not answer.
        """
        if not may_be_stored(self.funnel):
            return None
        within = self.within
        store = find_store(self.scope, self.funnel, within.first_ms, self.reads_until_ms)
        if store is None or (store.since_ms is not None and store.since_ms <= within.first_ms):
            return None
        by_day = attempts_by_day(self.scope, self.funnel, store, within, self.columns, self.reads_until_ms)
        return counted_of(self.funnel, by_day)


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
    first = found.ask.steps[0]
    return kept(found.scope, found.ask, read, _ANSWER, lambda: _answer(found), clock, first=first)


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
    funnel = found.funnel
    rows = _counted(found)
    (of_all,) = _of(rows, OF_ALL)
    stopped: tuple[int, ...] = ()
    if funnel.exclusions:
        (free,) = _of(_counted(replace(found, funnel=replace(funnel, exclusions=()))), OF_ALL)
        units = zip(_units(funnel, free), _units(funnel, of_all), strict=True)
        stopped = tuple(more - fewer for more, fewer in units)
    return FunnelAnswer(
        steps=_steps(funnel, of_all),
        open=int(of_all["open"]),
        stopped=stopped,
        values=tuple(_values(funnel, _of(rows, OF_VALUE))),
        series=tuple(_series(found, _of(rows, OF_BUCKET))),
    )


def _counted(found: Counting) -> list[_Row]:
    scope, stored = found.scope, found.stored_attempts()
    rows = scope.run(funnel_report(found.funnel, stored or found.attempts, found.within, scope.until_ms))
    if stored and is_damaged(scope, digest_of(scope, found.funnel)):
        rows = scope.run(funnel_report(found.funnel, found.attempts, found.within, scope.until_ms))
    return [dict(zip(rows.columns, row, strict=True)) for row in rows.rows]


def _of(rows: Sequence[_Row], level: int) -> list[_Row]:
    return [row for row in rows if row["level"] == level]


def _units(funnel: Funnel, row: _Row) -> list[int]:
    return [int(row[f"step_{k}"]) for k in range(1, len(funnel.steps) + 1)]


def _steps(funnel: Funnel, row: _Row) -> tuple[FunnelStep, ...]:
    units = _units(funnel, row)
    return tuple(
        FunnelStep(
            units[k - 1],
            _over(units[k - 1], units[0]),
            _over(units[k - 1], units[max(k - 2, 0)]),
            row.get(f"step_{k}_p50"),
            row.get(f"step_{k}_p90"),
        )
        for k in range(1, len(units) + 1)
    )


def _over(part: int, whole: int) -> Number:
    return round(part / whole, _DECIMALS) if whole else None


def _values(funnel: Funnel, rows: Sequence[_Row]) -> Iterator[FunnelValue]:
    found = [FunnelValue(str(row["value"]), _steps(funnel, row), int(row["open"])) for row in rows]
    yield from sorted(found, key=lambda one: (one.value == OTHER, -one.steps[0].units, one.value))


def _series(found: Counting, rows: Sequence[_Row]) -> Iterator[FunnelBucket]:
    sums: dict[str, list[int]] = {}
    for row in rows:
        numbers = [*_units(found.funnel, row), int(row["open"])]
        before = sums.get(label(found.ask.interval, int(row["bucket"])), [0] * len(numbers))
        sums[label(found.ask.interval, int(row["bucket"]))] = [sum(each) for each in zip(before, numbers, strict=True)]
    none = [0] * (len(found.funnel.steps) + 1)
    for name in buckets(found.ask.interval, found.scope.days):
        *units, may_go_on = sums.get(name, none)
        yield FunnelBucket(name, tuple(units), may_go_on)
