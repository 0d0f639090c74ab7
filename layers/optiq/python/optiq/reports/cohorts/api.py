"""Cohort value: what customers were worth since their first conversion, and when they paid back what they cost."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from optiq.ads.lake import AD_DAILY, AD_METRICS
from optiq.attribution.lake import CREDITS
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, day_of, parse_timezone, system_clock
from optiq.ports import wiring
from optiq.ports.query import Value
from optiq.rates.lake import RATES
from optiq.reports.answers import Wanted, give
from optiq.reports.cohorts.contracts import CohortsAnswer, CohortsAsk, ValueCell, ValueCohort
from optiq.reports.cohorts.sql import values
from optiq.reports.costs.accounts import Costs, costs_of
from optiq.reports.domain import DayRange
from optiq.reports.missing import damaged_files
from optiq.reports.questions.catalogue import CATALOGUE
from optiq.reports.questions.contracts import Days, Frame
from optiq.reports.questions.notes import incomplete_days, of_damaged, of_no_rate
from optiq.reports.questions.part import Part
from optiq.reports.questions.periods import period_days
from optiq.reports.questions.rows import first_of, label
from optiq.reports.questions.sources_sql import statement
from optiq.reports.questions.wrong import wrong
from optiq.reports.statements import Sql
from optiq.tenancy import api as tenancy

__all__ = ["cohort_value"]

_FORM = 1
"""Grows when the same question gets another answer of the same files."""
_LONGEST_NAME = 200
_ANSWER: TypeAdapter[CohortsAnswer] = TypeAdapter(CohortsAnswer)


@dataclass(slots=True)
class _Found:
    """A cohort under way: `months` has revenue by months since; it has customers since the `first` to the `last`."""

    people: int
    months: dict[int, int]
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Asked:
    """`days` are of first conversions; `whole` goes on until today."""

    caller: Caller
    site_id: str
    currency: str
    ask: CohortsAsk
    days: DayRange
    whole: DayRange
    costs: Costs

    @property
    def this_month(self) -> int:
        """As SQL numbers months."""
        return self.whole.last.year * 12 + self.whole.last.month - 1

    @property
    def read(self) -> dict[str, tuple[str, str]]:
        first, last = self.days.first.isoformat(), self.days.last.isoformat()
        until = self.whole.utc_days[1]
        of_costs = dict.fromkeys((AD_METRICS.name, *([AD_DAILY.name] if self.costs.owners else [])), (first, last))
        return {CREDITS.name: ("", until), RATES.name: self.whole.rate_days, **of_costs}

    def run(self, sql: Sql) -> list[tuple[Value, ...]]:
        return wiring.query().run(sql.sql, self.caller.organization_id, sql.parameters).rows


def cohort_value(caller: Caller, site_id: str, ask: CohortsAsk, *, clock: Clock = system_clock) -> CohortsAnswer:
    """
    Raises:
        NotFoundError: there is no such site. UpstreamError: the lake cannot be read.
        InvalidError: what cannot be asked; the message begins with the field's name.
    """
    asked = _asked(caller, site_id, ask, clock())
    # A month ends without anything coming in.
    depends_on = repr((_FORM, ask, asked.days, asked.whole.last, asked.currency, asked.costs))
    wanted = Wanted(caller.organization_id, site_id, depends_on, asked.read, _ANSWER, lambda: _answer(asked))
    kept = give(wanted, clock)
    damaged = of_damaged(damaged_files(caller.organization_id, asked.read))
    no_rate = kept.value.no_rate
    notes = (*([of_no_rate(no_rate, asked.currency)] if no_rate else []), *damaged)
    incomplete = incomplete_days(asked.days, kept.seen_ms)
    frame = Frame(str(asked.days.timezone), Days.of(asked.days), kept.seen_ms, incomplete, notes)
    return replace(kept.value, frame=frame)


def _asked(caller: Caller, site_id: str, ask: CohortsAsk, now_ms: int) -> _Asked:
    if len(ask.conversion) > _LONGEST_NAME:
        raise wrong("conversion", f"use at most {_LONGEST_NAME} characters")
    timezone = parse_timezone(tenancy.get_site(caller.organization_id, site_id).timezone)
    today = day_of(now_ms, timezone)
    found = period_days(ask.period, today, timezone)
    days = replace(found, first=first_of("MONTH", found.first))
    currency = tenancy.get_organization(caller.organization_id).currency
    whole = replace(days, last=max(days.last, today))
    return _Asked(caller, site_id, currency, ask, days, whole, costs_of(caller.organization_id, site_id, now_ms))


def _answer(asked: _Asked) -> CohortsAnswer:
    sql = values(asked.site_id, asked.currency, asked.ask.by, asked.ask.conversion, asked.days, asked.whole)
    found: dict[str, _Found] = {}
    no_rate = 0
    for cohort, months, people, revenue, without_rate, earliest, latest in asked.run(sql):
        one = found.setdefault(str(cohort), _Found(0, {}, int(earliest or 0), 0))
        one.people += int(people or 0)
        one.months[int(months or 0)] = int(revenue or 0)
        one.first, one.last = min(one.first, int(earliest or 0)), max(one.last, int(latest or 0))
        no_rate += int(without_rate or 0)
    spend = _spend(asked)
    cohorts = [_cohort(asked, key, one, spend.get(key, 0)) for key, one in found.items()]
    cohorts += [ValueCohort(key, 0, 0, micros, None, None, ()) for key, micros in spend.items() if key not in found]
    by_month = asked.ask.by == "MONTH"
    ordered = sorted(cohorts, key=lambda one: (0 if by_month else -one.revenue_micros, one.key))
    return CohortsAnswer(
        by=asked.ask.by,
        currency=asked.currency,
        cohorts=tuple(replace(one, key=label("MONTH", int(one.key))) if by_month else one for one in ordered),
        average=tuple(_averages(cohorts)),
        no_rate=no_rate,
    )


def _spend(asked: _Asked) -> Mapping[str, int]:
    """In micros, by the key of a cohort."""
    by_month = asked.ask.by == "MONTH"
    part = Part(
        site_id=asked.site_id,
        currency=asked.currency,
        days=asked.days,
        dimensions=() if by_month else ("channel",),
        bucket="MONTH" if by_month else "",
        filters=(),
        metrics=(CATALOGUE.metrics["spend"],),
        model="",
        costs=asked.costs,
    )
    rows = asked.run(statement("ads", part))
    return {str(row[0]): int(row[-1] or 0) for row in rows if row[-1]}


def _cohort(asked: _Asked, key: str, found: _Found, spend: int) -> ValueCohort:
    cells: list[ValueCell] = []
    sums = 0
    for month in range(asked.this_month - found.first + 1):
        sums += found.months.get(month, 0)
        complete = found.last + month < asked.this_month
        cells.append(ValueCell(month, sums, _over(sums, found.people), complete))
    paid = next((cell.month for cell in cells if cell.revenue_micros >= spend), None) if spend else None
    cost = _over(spend, found.people) if spend else None
    return ValueCohort(key, found.people, sums, spend, cost, paid, tuple(cells))


def _averages(cohorts: Sequence[ValueCohort]) -> Iterator[int | None]:
    for month in range(max((len(one.cells) for one in cohorts), default=0)):
        ended = [one for one in cohorts if month < len(one.cells) and one.cells[month].complete]
        people = sum(one.people for one in ended)
        yield _over(sum(one.cells[month].revenue_micros for one in ended), people) if people else None


def _over(micros: int, people: int) -> int:
    """A quotient, half up."""
    return (2 * micros + people) // (2 * people)
