"""Asks the lake for a report's sums and folds them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import compress

from optiq.ads.lake import AD_DAILY, AD_METRICS
from optiq.attribution.contracts import ModelVerdict
from optiq.kernel.caller import Caller
from optiq.kernel.clock import parse_timezone
from optiq.ports import wiring
from optiq.ports.query import Value
from optiq.rates.lake import RATES
from optiq.reports import sql
from optiq.reports.asking import Asked
from optiq.reports.contracts import (
    AttributionReport,
    AttributionRow,
    ComparedRow,
    Comparison,
    MissingRate,
    Question,
    SpendReport,
    SpendRow,
)
from optiq.reports.costs.accounts import costs_of
from optiq.reports.costs.rows import CostRows
from optiq.reports.costs.sql import cost_rows
from optiq.reports.domain import SPEND_DIMENSIONS, check_choice, read_range
from optiq.reports.missing import damaged_files
from optiq.reports.statements import Sql
from optiq.tenancy import api as tenancy

_WEIGHT_DECIMALS = 9
"""Sums of weights are floats, added in any order; beyond this they are noise."""

_Line = tuple[Value, ...]


def attribution_report(caller: Caller, site_id: str, question: Question, model: str, now_ms: int) -> AttributionReport:
    return reports_of(Asked.of(caller, site_id, (model,) if model else (), question, now_ms))[0]


def comparison(caller: Caller, site_id: str, question: Question, models: Sequence[str], now_ms: int) -> Comparison:
    asked = Asked.of(caller, site_id, tuple(models), question, now_ms)
    now = reports_of(replace(asked, as_of_ms=None))
    then = reports_of(asked) if asked.as_of_ms is not None else ()
    return Comparison(
        by=question.by,
        currency=asked.currency,
        timezone=asked.site.timezone,
        from_day=question.from_day,
        to_day=question.to_day,
        conversion=question.conversion,
        as_of_ms=asked.as_of_ms,
        rows=_compared(now, then),
        now=now,
        then=then,
        note=now[0].note,
        damaged_files=now[0].damaged_files,
    )


def _compared(now: Sequence[AttributionReport], then: Sequence[AttributionReport]) -> tuple[ComparedRow, ...]:
    tables = [[{row.key: row for row in report.rows} for report in reports] for reports in (now, then)]
    keys = {key for reports in tables for rows in reports for key in rows}
    for reports in (now, then):
        if any(report.rows and report.note for report in reports):
            # Of a value that a cut list lacks, nothing is known there.
            keys &= {row.key for report in reports for row in report.rows}
    whole = [not report.not_computed for report in now]
    rows = []
    for key in keys:
        of_now, of_then = (tuple(rows.get(key, AttributionRow(key, 0.0, 0, 0)) for rows in each) for each in tables)
        spread = _spread([row.revenue_micros for row in compress(of_now, whole)])
        rows.append(ComparedRow(key, of_now, of_then, *spread))
    return tuple(sorted(rows, key=lambda row: (-max(of_model.revenue_micros for of_model in row.now), row.key)))


def _spread(micros: Sequence[int]) -> tuple[int | None, float | None]:
    """Most less least, and that over their mean."""
    if len(micros) < 2:
        return None, None
    spread, total = max(micros) - min(micros), sum(micros)
    return spread, abs(spread * len(micros) / total) if total else None


def reports_of(asked: Asked) -> tuple[AttributionReport, ...]:
    """One report for each model, from one pass over the ledger."""
    sums = wiring.query().run(sql.attribution(asked.ledger), asked.site.organization_id, asked.parameters).rows
    verdicts = asked.verdicts()
    missing = damaged_files(asked.site.organization_id, asked.read)
    return tuple(
        replace(
            _report(asked, model, [line[1:] for line in sums if line[0] == model], verdicts.get(model)),
            damaged_files=missing,
        )
        for model in asked.models
    )


def _report(asked: Asked, model: str, lines: Sequence[_Line], verdict: ModelVerdict | None) -> AttributionReport:
    computed = [line for line in lines if line[3] is not None]
    rows = [_attribution_row(key, group) for key, group in _grouped(line for line in computed if line[0] is not None)]
    values = max((_whole(line[9]) for line in lines), default=0)
    question = asked.question
    is_empty = not any(_whole(line[6]) or _whole(line[8]) for line in lines)
    return AttributionReport(
        model=model,
        by=question.by,
        currency=asked.currency,
        timezone=asked.site.timezone,
        from_day=question.from_day,
        to_day=question.to_day,
        conversion=question.conversion,
        as_of_ms=asked.as_of_ms,
        rows=tuple(sorted(rows, key=lambda row: (-row.revenue_micros, row.key))),
        conversions=sum(_whole(line[6]) for line in lines),
        revenue_micros=sum(_whole(line[4]) for line in computed),
        not_computed=sum(_whole(line[8]) for line in lines),
        missing_rates=_missing_rates((line[1], line[2], line[6], line[7]) for line in computed),
        verdict=verdict,
        note=f"no conversion of these days is named '{question.conversion}'"
        if is_empty and question.conversion
        else f"{sql.MOST_VALUES} of {values} values are listed, those with the most revenue; the totals are of all."
        if values > sql.MOST_VALUES
        else "",
    )


def spend_report(
    caller: Caller, site_id: str, by: str, from_day: str, to_day: str, now_ms: int, currency: str = ""
) -> SpendReport:
    """Args:
    currency: that of the amounts; the organization's by default.
    """
    organization_id = caller.organization_id
    site = tenancy.get_site(organization_id, site_id)
    currency = currency or tenancy.get_organization(organization_id).currency
    check_choice("by", by, SPEND_DIMENSIONS)
    days = read_range(from_day, to_day, parse_timezone(site.timezone))
    costs = costs_of(organization_id, site_id, now_ms)
    asked = CostRows(Sql("site_id = ?", (site_id,)), days, costs, named=(by,))
    found = cost_rows(asked)
    parameters = [*days.rate_days, *found.parameters, *[currency] * 4]
    sums = wiring.query().run(sql.spend(by, found), organization_id, parameters).rows
    tables = (AD_METRICS.name, *([AD_DAILY.name] if costs.owners else []))
    rows = [
        SpendRow(key, *(sum(_whole(line[column]) for line in group) for column in (3, 4, 5)))
        for key, group in _grouped(sums)
    ]
    return SpendReport(
        by=by,
        currency=currency,
        from_day=from_day,
        to_day=to_day,
        rows=tuple(sorted(rows, key=lambda row: (-row.spend_micros, row.key))),
        spend_micros=sum(row.spend_micros for row in rows),
        clicks=sum(row.clicks for row in rows),
        impressions=sum(row.impressions for row in rows),
        missing_rates=_missing_rates((line[1], line[2], 0, line[6]) for line in sums),
        damaged_files=damaged_files(
            organization_id, {RATES.name: days.rate_days, **dict.fromkeys(tables, (from_day, to_day))}
        ),
    )


def _attribution_row(key: str, lines: Sequence[_Line]) -> AttributionRow:
    return AttributionRow(
        key=key,
        conversions=round(sum(float(line[3] or 0) for line in lines), _WEIGHT_DECIMALS),
        revenue_micros=sum(_whole(line[4]) for line in lines),
        touches=sum(_whole(line[5]) for line in lines),
    )


def _grouped(sums: Iterable[_Line]) -> Iterable[tuple[str, list[_Line]]]:
    """Lines by their first column: one for what could be converted, one for each missing rate."""
    groups: dict[str, list[_Line]] = {}
    for line in sums:
        groups.setdefault(str(line[0] or ""), []).append(line)
    return groups.items()


def _missing_rates(lines: Iterable[_Line]) -> tuple[MissingRate, ...]:
    """One entry a currency and day, over all values of the dimension, from (currency, day, conversions, micros)."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for currency, day, conversions, micros in lines:
        if currency is not None:
            place = (str(currency), str(day))
            before = found.get(place, (0, 0))
            found[place] = (before[0] + _whole(conversions), before[1] + _whole(micros))
    return tuple(MissingRate(*place, *sums) for place, sums in sorted(found.items()))


def _whole(value: Value) -> int:
    """A sum of whole numbers; nothing was summed when it is None."""
    return 0 if value is None else int(value)
