"""Reconciliation: our orders and revenue beside what a shop reports, and the difference explained."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pydantic import TypeAdapter

from optiq.collect.ingest import api as ingest
from optiq.journeys.lake import CONVERSIONS, EVENTS
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, day_of, each_day, parse_timezone, system_clock
from optiq.kernel.left_out import because
from optiq.ports import wiring
from optiq.rates.lake import RATES
from optiq.reports.answers import Wanted, give
from optiq.reports.domain import DayRange
from optiq.reports.lake import SHOP_TOTALS
from optiq.reports.missing import damaged_files
from optiq.reports.questions import api as questions
from optiq.reports.questions.contracts import Answer, Ask, Days, Frame
from optiq.reports.questions.notes import incomplete_days, of_damaged, of_no_rate
from optiq.reports.questions.periods import period_days
from optiq.reports.reconciliation import sql, totals
from optiq.reports.reconciliation.contracts import (
    Claim,
    DifferenceLine,
    Figures,
    Reason,
    ReconciledDay,
    ReconciliationAnswer,
    ReconciliationAsk,
    ShopTotal,
)
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import Site

__all__ = ["read_shop_totals", "reconcile", "record_shop_totals"]

read_shop_totals = totals.read_csv
_FORM = 1
"""Grows when the same question gets another answer of the same files."""
_ANSWER: TypeAdapter[ReconciliationAnswer] = TypeAdapter(ReconciliationAnswer)
_EPOCH = date(1970, 1, 1)
_CLAIMED = ("conversions", "revenue", "claimed_conversions", "claimed_revenue")
_Kinds = Mapping[str, Mapping[str, Figures]]
"""Figures by kind and day."""


@dataclass(frozen=True, slots=True)
class _Asked:
    caller: Caller
    site: Site
    currency: str
    ask: ReconciliationAsk
    days: DayRange

    @property
    def read(self) -> dict[str, tuple[str, str]]:
        first, last = (
            self.days.first - timedelta(days=sql.MATCH_DAYS + 1),
            self.days.last + timedelta(days=sql.MATCH_DAYS + 1),
        )
        wide = (first.isoformat(), last.isoformat())
        return {CONVERSIONS.name: wide, EVENTS.name: wide, SHOP_TOTALS.name: wide, RATES.name: self.days.rate_days}


def record_shop_totals(caller: Caller, site_id: str, rows: Sequence[ShopTotal]) -> int:
    """Stores what a shop reports of days and returns how many; a day sent again is replaced.

    Raises:
        NotFoundError: there is no such site.
        InvalidError: a row that cannot be, or a day twice; nothing was stored.
        UpstreamError: not all could be stored; send them again.
    """
    return totals.record(caller, site_id, rows)


def reconcile(
    caller: Caller, site_id: str, ask: ReconciliationAsk, *, clock: Clock = system_clock
) -> ReconciliationAnswer:
    """
    Raises:
        NotFoundError: there is no such site. UpstreamError: the lake cannot be read.
        InvalidError: what cannot be asked; the message begins with the field's name.
    """
    asked = _asked(caller, site_id, ask, clock())
    claims = questions.ask(
        caller, site_id, Ask(_CLAIMED, ("channel", "source"), period=ask.period, model=ask.model), clock=clock
    )
    depends_on = repr((_FORM, ask.shop_revenue, asked.days, asked.site.conversion_events, asked.currency))
    kept = give(Wanted(caller.organization_id, site_id, depends_on, asked.read, _ANSWER, lambda: _answer(asked)), clock)
    damaged = of_damaged(damaged_files(caller.organization_id, asked.read))
    no_rate = kept.value.no_rate
    notes = (*([of_no_rate(no_rate, asked.currency)] if no_rate else []), *damaged)
    incomplete = incomplete_days(asked.days, kept.seen_ms)
    return replace(
        kept.value,
        model=claims.model,
        claims=tuple(_claims(claims)),
        failed_events=ingest.counts(caller, site_id, first=asked.days.first, last=asked.days.last).failed,
        frame=Frame(str(asked.days.timezone), Days.of(asked.days), kept.seen_ms, incomplete, notes),
    )


def _asked(caller: Caller, site_id: str, ask: ReconciliationAsk, now_ms: int) -> _Asked:
    site = tenancy.get_site(caller.organization_id, site_id)
    timezone = parse_timezone(site.timezone)
    days = period_days(ask.period, day_of(now_ms, timezone), timezone)
    return _Asked(caller, site, tenancy.get_organization(caller.organization_id).currency, ask, days)


def _answer(asked: _Asked) -> ReconciliationAnswer:
    found: defaultdict[str, dict[str, Figures]] = defaultdict(dict)
    no_rate = 0
    statement = sql.by_day(asked.site.site_id, asked.currency, asked.site.conversion_events, asked.days)
    rows = wiring.query().run(statement.sql, asked.caller.organization_id, statement.parameters).rows
    for kind, number, orders, micros, without_rate in rows:
        day = (_EPOCH + timedelta(days=int(number or 0))).isoformat()
        found[str(kind)][day] = Figures(int(orders or 0), int(micros or 0))
        # An order's amount before and after refunds is one.
        no_rate += int(without_rate or 0) if kind != sql.GROSS else 0
    days = tuple(_days(asked.days, found))
    reported = {one.day for one in days if one.shop is not None}
    ours, shop = _sum(found[sql.NET], reported), _sum(found[sql.SHOP], reported)
    return ReconciliationAnswer(
        currency=asked.currency,
        shop_revenue=asked.ask.shop_revenue,
        compared_days=len(reported),
        ours=ours,
        shop=shop,
        difference=shop - ours,
        lines=tuple(_lines(asked, found, reported, shop - ours)),
        days=days,
        no_rate=no_rate,
    )


def _sum(by_day: Mapping[str, Figures], days: set[str]) -> Figures:
    return sum((figures for day, figures in by_day.items() if day in days), Figures())


def _days(days: DayRange, found: _Kinds) -> Iterator[ReconciledDay]:
    for day in map(date.isoformat, each_day(days.first, days.last)):
        ours, shop = found[sql.NET].get(day, Figures()), found[sql.SHOP].get(day)
        yield ReconciledDay(day, ours, shop, shop - ours if shop else None)


def _lines(asked: _Asked, found: _Kinds, days: set[str], difference: Figures) -> Iterator[DifferenceLine]:
    """What explains the difference, and last what nothing explains: they add up to it."""
    parts: dict[Reason, Figures] = {}
    if asked.ask.shop_revenue == "GROSS":
        parts["REFUNDS"] = Figures(0, (_sum(found[sql.GROSS], days) - _sum(found[sql.NET], days)).revenue_micros)
    for reason in sorted(found.keys() - {sql.NET, sql.GROSS, sql.SHOP}):
        parts[reason] = _sum(found[reason], days)  # type: ignore[index]  # one of EventLeftOut, as journeys writes it
    for name, figures in parts.items():
        if figures != Figures():
            yield DifferenceLine(name, figures.orders, figures.revenue_micros, _because(name))
    rest = difference - sum(parts.values(), Figures())
    yield DifferenceLine("UNEXPLAINED", rest.orders, rest.revenue_micros, _because("UNEXPLAINED"))


def _because(reason: Reason) -> str:
    if reason == "REFUNDS":
        return "Refunds and changes: the shop's revenue is before them, ours after."
    if reason == "UNEXPLAINED":
        return "Orders that never reached Optiq or failed, that only Optiq has, or that count on another day."
    return because(reason)


def _claims(found: Answer) -> Iterator[Claim]:
    """What platforms claim, as the question lists it. By source, for claims of several platforms are never added."""
    for row in found.rows:
        (channel, source), (conversions, revenue, claimed, claimed_revenue) = row.keys, row.values
        if claimed or claimed_revenue:
            sums = (float(conversions or 0), int(revenue or 0), float(claimed or 0), int(claimed_revenue or 0))
            yield Claim(channel, source, *sums)
