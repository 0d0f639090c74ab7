"""Retention: of the people who began in a day, week or month, how many came back in each one after."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from pydantic import TypeAdapter

from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, day_of, utc_day
from optiq.reports.behaviour.contracts import Cell, Cohort, RetentionAnswer, RetentionAsk
from optiq.reports.behaviour.retention_sql import Mode, retention
from optiq.reports.behaviour.scope import Scope, columns_of, kept, matching, scope_of
from optiq.reports.domain import DayRange
from optiq.reports.questions.contracts import Number
from optiq.reports.questions.rows import buckets, first_of, label
from optiq.reports.questions.wrong import wrong

MOST_COHORTS = 100
_DECIMALS = 9
_ANSWER: TypeAdapter[RetentionAnswer] = TypeAdapter(RetentionAnswer)

_Counts = Mapping[str, Mapping[int, int]]
"""People by cohort and number of buckets since."""


def ask_retention(caller: Caller, site_id: str, ask: RetentionAsk, clock: Clock) -> RetentionAnswer:
    now_ms = clock()
    scope = scope_of(caller, site_id, ask.period, ask.filters, now_ms, ask.segments)
    ask = replace(ask, start=scope.own(ask.start), back=scope.own(ask.back))
    first = first_of(ask.interval, scope.days.first)
    scope = replace(scope, days=DayRange(first, scope.days.last, scope.days.timezone))
    if len(buckets(ask.interval, scope.days)) > MOST_COHORTS:
        raise wrong("period", f"has more than {MOST_COHORTS} buckets; ask for fewer days or a larger bucket")
    start_ms = scope.days.bounds_ms[0] if ask.first == "IN_PERIOD" else None
    matching("start", ask.start), matching("back", ask.back)
    read = (utc_day(start_ms) if start_ms else "", utc_day(now_ms))
    return kept(scope, ask, read, _ANSWER, lambda: _answer(scope, ask, start_ms, now_ms), clock, first=ask.start)


def _answer(scope: Scope, ask: RetentionAsk, start_ms: int | None, now_ms: int) -> RetentionAnswer:
    source = scope.rows(columns_of(ask.start, ask.back), start_ms, now_ms + 1)
    today = day_of(now_ms, scope.days.timezone)
    # What began before the first cohort is in none, whatever the clock was then.
    whole = DayRange(scope.days.first, max(scope.days.last, today), scope.days.timezone)
    sql = retention(
        matching("start", ask.start), matching("back", ask.back), source, ask.interval, whole.offsets, ask.mode
    )
    counts: dict[str, dict[int, int]] = {}
    for cohort, n, people in scope.run(sql).rows:
        counts.setdefault(label(ask.interval, int(str(cohort))), {})[int(str(n))] = int(str(people))
    names = buckets(ask.interval, whole)
    cohorts = tuple(_cohorts(scope, ask, counts, names))
    return RetentionAnswer(cohorts, tuple(_averages(cohorts)))


def _cohorts(scope: Scope, ask: RetentionAsk, counts: _Counts, names: Sequence[str]) -> Iterator[Cohort]:
    for place, name in enumerate(names):
        if name > scope.days.last.isoformat():
            return
        cells = counts.get(name, {})
        people = _returned(cells, 0, "ON_OR_AFTER" if ask.mode == "ON_OR_AFTER" else "ON")
        yield Cohort(
            name,
            people,
            tuple(
                Cell(
                    found := _returned(cells, n, ask.mode),
                    round(found / people, _DECIMALS) if people else None,
                    _ended(scope, names, place + n),
                )
                for n in range(len(names) - place)
            ),
        )


def _returned(cells: Mapping[int, int], n: int, mode: Mode) -> int:
    return cells.get(n, 0) if mode == "ON" else sum(people for later, people in cells.items() if later >= n)


def _ended(scope: Scope, names: Sequence[str], place: int) -> bool:
    """Whether what came in covers a bucket to its end: the next has begun."""
    if place + 1 >= len(names):
        return False
    following = date.fromisoformat(names[place + 1])
    return DayRange(following, following, scope.days.timezone).bounds_ms[0] <= scope.until_ms


def _averages(cohorts: Sequence[Cohort]) -> Iterator[Number]:
    for n in range(max((len(cohort.cells) for cohort in cohorts), default=0)):
        complete = [cohort for cohort in cohorts if n < len(cohort.cells) and cohort.cells[n].complete]
        people = sum(cohort.people for cohort in complete)
        yield round(sum(cohort.cells[n].people for cohort in complete) / people, _DECIMALS) if people else None
