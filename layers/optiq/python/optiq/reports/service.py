"""Asks the lake for a report's sums and folds them."""

from collections.abc import Iterable, Sequence

from optiq.attribution.contracts import STANDARD_MODELS
from optiq.kernel.clock import parse_timezone
from optiq.ports import wiring
from optiq.ports.query import Value
from optiq.reports import sql
from optiq.reports.contracts import AttributionReport, AttributionRow, MissingRate, SpendReport, SpendRow
from optiq.reports.domain import ATTRIBUTION_DIMENSIONS, SPEND_DIMENSIONS, check_choice, read_range
from optiq.tenancy import api as tenancy

MODELS = tuple(model.value for model in STANDARD_MODELS)
_WEIGHT_DECIMALS = 9
"""Sums of weights are floats, added in any order; beyond this they are noise."""


def attribution_report(
    organization_id: str, site_id: str, model: str, by: str, from_day: str, to_day: str
) -> AttributionReport:
    site = tenancy.get_site(organization_id, site_id)
    currency = tenancy.get_organization(organization_id).currency
    check_choice("model", model, MODELS)
    check_choice("by", by, ATTRIBUTION_DIMENSIONS)
    days = read_range(from_day, to_day, parse_timezone(site.timezone))
    start_ms, end_ms = days.bounds_ms
    parameters = [
        *days.rate_days, site_id, *days.utc_days, sql.instant(start_ms), sql.instant(end_ms), *[currency] * 4
    ]  # fmt: skip
    sums = wiring.query().run(sql.attribution(model, by, days.offsets), organization_id, parameters).rows
    rows = [_attribution_row(key, group) for key, group in _grouped(sums)]
    return AttributionReport(
        model=model,
        by=by,
        currency=currency,
        timezone=site.timezone,
        from_day=from_day,
        to_day=to_day,
        rows=tuple(sorted(rows, key=lambda row: (-row.revenue_micros, row.key))),
        conversions=sum(_whole(line[6]) for line in sums),
        revenue_micros=sum(row.revenue_micros for row in rows),
        missing_rates=_missing_rates((line[1], line[2], line[6], line[7]) for line in sums),
    )


def spend_report(organization_id: str, site_id: str, by: str, from_day: str, to_day: str) -> SpendReport:
    site = tenancy.get_site(organization_id, site_id)
    currency = tenancy.get_organization(organization_id).currency
    check_choice("by", by, SPEND_DIMENSIONS)
    days = read_range(from_day, to_day, parse_timezone(site.timezone))
    parameters = [*days.rate_days, site_id, from_day, to_day, *[currency] * 4]
    sums = wiring.query().run(sql.spend(by), organization_id, parameters).rows
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
    )


_Line = tuple[Value, ...]


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
