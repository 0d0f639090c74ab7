"""Reports and comparisons as tables for people."""

from collections.abc import Iterable, Sequence

from optiq.kernel.clock import to_rfc3339
from optiq.reports.contracts import AttributionReport, AttributionRow, Comparison, SpendReport
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from infra.local.printing import money


def print_report(report: AttributionReport) -> None:
    """A report's rows and totals, and what is in no sum."""
    table = Table(title=f"{_model(report.model)} by {report.by}, {_range(report)}", show_footer=True)
    table.add_column(report.by, "total", no_wrap=True)
    table.add_column("conversions", str(report.conversions), justify="right")
    table.add_column(f"revenue {report.currency}", money(report.revenue_micros), justify="right")
    table.add_column("touches", str(sum(row.touches for row in report.rows)), justify="right")
    for row in report.rows:
        table.add_row(row.key, f"{row.conversions:,.2f}", money(row.revenue_micros), f"{row.touches:,}")
    Console().print(table)
    _print_left_out([report])


def print_comparison(found: Comparison) -> None:
    """What each value earned, model beside model, and how far they are apart as a part of their mean.

    With an instant, then → now.
    """
    title = f"Revenue in {found.currency} by {found.by}, {_range(found.now[0])}"
    if found.as_of_ms is not None:
        title += "; then → now"
    table = _models_table(title, found.by)
    then = found.then or [None] * len(found.now)
    for now, before in zip(found.now, then, strict=True):
        total = _then_and_now(before.revenue_micros if before else None, now.revenue_micros)
        table.add_column(_model(now.model), total, justify="right")
    table.add_column("spread", justify="right", style="dim")
    for row in found.rows:
        cells = [_then_and_now(*pair) for pair in _pairs(row.then, row.now)]
        table.add_row(row.key, *cells, "" if row.spread_ratio is None else f"{row.spread_ratio:.0%}")
    Console().print(table)
    _print_left_out(found.now)


def print_models(found: Comparison, spend: SpendReport) -> None:
    """What one dimension's values cost and earned, model beside model."""
    cost = {row.key: row.spend_micros for row in spend.rows}
    earned = {row.key: [of_model.revenue_micros for of_model in row.now] for row in found.rows}
    nothing = [0] * len(found.now)
    keys = sorted({*cost, *earned}, key=lambda key: (-earned.get(key, nothing)[0], key))
    title = f"Spend and revenue in {found.currency} by {found.by}, {found.from_day} to {found.to_day}"
    table = _models_table(title, found.by)
    table.add_column("spend", money(spend.spend_micros), justify="right", style="dim")
    for report in found.now:
        table.add_column(_model(report.model), money(report.revenue_micros), justify="right")
    for key in keys:
        table.add_row(key, money(cost[key]) if key in cost else "", *map(money, earned.get(key, nothing)))
    Console().print(table)
    _print_left_out(found.now)


def _models_table(title: str, by: str) -> Table:
    table = Table(title=title, show_footer=True, box=SIMPLE_HEAD, padding=0, pad_edge=False)
    table.add_column(by, "total", no_wrap=True)
    return table


def _pairs(then: Sequence[AttributionRow], now: Sequence[AttributionRow]) -> Iterable[tuple[int | None, int]]:
    before = (row.revenue_micros for row in then) if then else [None] * len(now)
    return zip(before, (row.revenue_micros for row in now), strict=True)


def _then_and_now(then: int | None, now: int) -> str:
    return money(now) if then in (None, now) else f"{money(then or 0)} → {money(now)}"


def _model(name: str) -> str:
    return name.replace("_", " ").lower()


def _range(report: AttributionReport) -> str:
    said = f"{report.from_day} to {report.to_day} ({report.timezone})"
    said += f", {report.conversion}" if report.conversion else ""
    return said if report.as_of_ms is None else f"{said}, as of {to_rfc3339(report.as_of_ms)}"


def _print_left_out(reports: Sequence[AttributionReport]) -> None:
    """Says what is in none of the sums: money without a rate, and conversions that a model was not computed for."""
    missing = {(rate.currency, rate.day): rate for report in reports for rate in report.missing_rates}
    for place in sorted(missing):
        rate = missing[place]
        Console().print(
            f"Not in these sums: {money(rate.value_micros)} {rate.currency} of {rate.conversions} conversions"
            f" on {rate.day}, a day without a rate (see `optiq rates import`)."
        )
    for report in reports:
        if report.verdict and report.verdict.reason:
            Console().print(f"{_model(report.model)}: not enough data: {report.verdict.reason}.")
        if report.not_computed:
            Console().print(f"{_model(report.model)} was not computed for {report.not_computed:,} conversions.")
