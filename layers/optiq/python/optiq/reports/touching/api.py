"""Time to convert, and which channels are in one path: of the conversions of a period."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations
from typing import TypeVar

from pydantic import TypeAdapter

from optiq.attribution.lake import CREDITS
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, day_of, parse_timezone, system_clock
from optiq.ports import wiring
from optiq.ports.query import Value
from optiq.reports.answers import Wanted, give
from optiq.reports.missing import damaged_files
from optiq.reports.questions.catalogue import CATALOGUE
from optiq.reports.questions.contracts import Days, Frame
from optiq.reports.questions.filters import check_filters, condition
from optiq.reports.questions.naming import Names
from optiq.reports.questions.notes import incomplete_days, of_damaged, of_nothing
from optiq.reports.questions.periods import period_days
from optiq.reports.questions.segments import with_segments
from optiq.reports.questions.wrong import wrong
from optiq.reports.statements import Sql
from optiq.reports.touching.contracts import (
    ConversionsAsk,
    ExactSet,
    Lags,
    LagsAnswer,
    OverlapAnswer,
    Reach,
    Together,
)
from optiq.reports.touching.sql import BETWEEN, BINS, Conversions, lags, sets
from optiq.tenancy import api as tenancy

__all__ = ["BINS", "overlap", "time_to_convert"]

_FORM = 2
"""Grows when the same question gets another answer of the same files."""
_LONGEST_NAME = 200
_DECIMALS = 9
_OF_TOUCHES = ("channel", "source", "medium", "campaign", "ad", "landing_page")
_LAGS: TypeAdapter[LagsAnswer] = TypeAdapter(LagsAnswer)
_OVERLAP: TypeAdapter[OverlapAnswer] = TypeAdapter(OverlapAnswer)
_Answer = TypeVar("_Answer", LagsAnswer, OverlapAnswer)


def time_to_convert(caller: Caller, site_id: str, ask: ConversionsAsk, *, clock: Clock = system_clock) -> LagsAnswer:
    """
    Raises:
        NotFoundError: there is no such site. UpstreamError: the lake cannot be read.
        InvalidError: what cannot be asked; the message begins with the field's name.
    """
    of = _conversions(caller, site_id, ask, clock())

    def answer() -> LagsAnswer:
        [row] = _rows(caller, lags(of))
        conversions, touched = int(row[0] or 0), int(row[1] or 0)
        half = 2 + len(BINS)
        first, last = row[2 : 2 + half], row[2 + half :]
        return LagsAnswer(conversions, conversions - touched, _lags(first), _lags(last))

    return _kept(caller, of, ("lags", ask), _LAGS, answer, clock)


def overlap(caller: Caller, site_id: str, ask: ConversionsAsk, *, clock: Clock = system_clock) -> OverlapAnswer:
    """Raises as `time_to_convert`."""
    if ask.dimension not in _OF_TOUCHES:
        raise wrong("dimension", f"'{ask.dimension[:40]}' is unknown; use one of {', '.join(_OF_TOUCHES)}")
    of = _conversions(caller, site_id, ask, clock())
    column = CATALOGUE.dimensions[ask.dimension].columns["ledger"]

    def answer() -> OverlapAnswer:
        counted: Counter[tuple[str, ...]] = Counter()
        last: Counter[str] = Counter()
        no_touch = 0
        for values, at_end, count in _rows(caller, sets(of, column)):
            if at_end is None:
                no_touch += int(count or 0)
                continue
            counted[tuple(str(values).split(BETWEEN))] += int(count or 0)
            last[str(at_end)] += int(count or 0)
        return OverlapAnswer(
            counted.total() + no_touch, no_touch, _reach(counted, last), _pairs(counted), _sets(counted)
        )

    return _kept(caller, of, ("overlap", ask), _OVERLAP, answer, clock)


def _conversions(caller: Caller, site_id: str, ask: ConversionsAsk, now_ms: int) -> Conversions:
    site = tenancy.get_site(caller.organization_id, site_id)
    timezone = parse_timezone(site.timezone)
    if len(ask.conversion) > _LONGEST_NAME:
        raise wrong("conversion", f"use at most {_LONGEST_NAME} characters")
    filters = Names(site).filters(with_segments(caller, site_id, ask.filters, ask.segments))
    check_filters(filters)
    condition(filters, "ledger")
    days = period_days(ask.period, day_of(now_ms, timezone), timezone)
    return Conversions(site_id, days, ask.conversion, filters)


def _rows(caller: Caller, sql: Sql) -> list[tuple[Value, ...]]:
    return wiring.query().run(sql.sql, caller.organization_id, sql.parameters).rows


def _kept(
    caller: Caller,
    of: Conversions,
    question: object,
    kind: TypeAdapter[_Answer],
    compute: Callable[[], _Answer],
    clock: Clock,
) -> _Answer:
    first, last = of.days.utc_days
    read = {CREDITS.name: ("" if of.reads_ever else first, last)}
    kept = give(Wanted(caller.organization_id, of.site_id, repr((_FORM, question, of)), read, kind, compute), clock)
    damaged = damaged_files(caller.organization_id, read)
    incomplete = incomplete_days(of.days, kept.seen_ms)
    notes = tuple(of_damaged(damaged))
    if kept.value.is_empty:
        notes += tuple(of_nothing(of.filters))
    frame = Frame(str(of.days.timezone), Days.of(of.days), kept.seen_ms, incomplete, notes)
    return replace(kept.value, frame=frame)


def _lags(row: Sequence[Value]) -> Lags:
    p50, p90, *bins = row
    return Lags(
        None if p50 is None else int(p50), None if p90 is None else int(p90), tuple(int(count or 0) for count in bins)
    )


def _reach(counted: Counter[tuple[str, ...]], last: Counter[str]) -> tuple[Reach, ...]:
    found = [
        Reach(value, count, counted[(value,)], last[value], count - last[value])
        for value, count in _reached(counted).items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.conversions, one.value)))


def _pairs(counted: Counter[tuple[str, ...]]) -> tuple[Together, ...]:
    reached = _reached(counted)
    both: Counter[tuple[str, str]] = Counter()
    for values, count in counted.items():
        for pair in combinations(values, 2):
            both[pair] += count
    found = [
        Together(pair, count, *(round(count / reached[value], _DECIMALS) for value in pair))
        for pair, count in both.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.conversions, one.values)))


def _sets(counted: Counter[tuple[str, ...]]) -> tuple[ExactSet, ...]:
    found = [ExactSet(values, count) for values, count in counted.items()]
    return tuple(sorted(found, key=lambda one: (-one.conversions, one.values)))


def _reached(counted: Counter[tuple[str, ...]]) -> Counter[str]:
    """How many conversions have each value in their path."""
    reached: Counter[str] = Counter()
    for values, count in counted.items():
        for value in values:
            reached[value] += count
    return reached
