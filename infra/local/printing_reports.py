"""Reports and comparisons as tables for people."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from optiq.kernel.clock import to_rfc3339
from optiq.reports.contracts import AttributionReport, Comparison, SpendReport
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from infra.local.printing import money


def print_report(report: AttributionReport) -> None:
    """A report's rows and totals, and what is in no sum."""
    table = Table(title=f"{_model(report.model)} by {report.by}, {_range(report)}", show_footer=True)
    table.add_column(report.by, "total", overflow="fold")
    table.add_column("conversions", str(report.conversions), justify="right", no_wrap=True)
    table.add_column(f"revenue {report.currency}", money(report.revenue_micros), justify="right", no_wrap=True)
    table.add_column("touches", str(sum(row.touches for row in report.rows)), justify="right", no_wrap=True)
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
    columns = []
    for place, now in enumerate(found.now):
        cells = [_revenue(now, row.now[place].revenue_micros) for row in found.rows]
        total = _revenue(now, now.revenue_micros)
        if found.then:
            then = found.then[place]
            earlier = [_revenue(then, row.then[place].revenue_micros) for row in found.rows]
            cells = [_then_and_now(*both) for both in zip(earlier, cells, strict=True)]
            total = _then_and_now(_revenue(then, then.revenue_micros), total)
        columns.append(_Column(_model(now.model), cells, total))
    spreads = ["" if row.spread_ratio is None else f"{row.spread_ratio:.0%}" for row in found.rows]
    columns.append(_Column("spread", spreads, style="dim"))
    _print_beside(title, found.by, [row.key for row in found.rows], columns)
    _print_left_out(found.now)
    _print_not_computed(found.then, " then")


def print_models(found: Comparison, spend: SpendReport) -> None:
    """What one dimension's values cost and earned, model beside model."""
    cost = {row.key: row.spend_micros for row in spend.rows}
    earned = {row.key: [of_model.revenue_micros for of_model in row.now] for row in found.rows}
    nothing = [0] * len(found.now)
    keys = sorted({*cost, *earned}, key=lambda key: (-earned.get(key, nothing)[0], key))
    title = f"Spend and revenue in {found.currency} by {found.by}, {found.from_day} to {found.to_day}"
    costs = [money(cost[key]) if key in cost else "" for key in keys]
    columns = [_Column("spend", costs, money(spend.spend_micros), "dim")]
    for place, report in enumerate(found.now):
        cells = [_revenue(report, earned.get(key, nothing)[place]) for key in keys]
        columns.append(_Column(_model(report.model), cells, _revenue(report, report.revenue_micros)))
    _print_beside(title, found.by, keys, columns)
    _print_left_out(found.now)


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    cells: Sequence[str]
    total: str = ""
    style: str = ""

    @property
    def width(self) -> int:
        return max(map(len, (*self.name.split(), *self.cells, self.total)))


def _print_beside(title: str, by: str, keys: Sequence[str], columns: Sequence[_Column]) -> None:
    """A row a key; columns in as many tables, one below the other, as it takes for each number to stand there whole."""
    console = Console()
    widest_key = min(max(map(len, (by, "total", *keys))), console.width // 2)
    room = console.width - widest_key - 2
    while columns:
        fitting = sum(width <= room for width in accumulate(column.width + 1 for column in columns))
        shown, columns = columns[: max(fitting, 1)], columns[max(fitting, 1) :]
        table = Table(title=title, show_footer=True, box=SIMPLE_HEAD, padding=0, pad_edge=False)
        table.add_column(by, "total", overflow="fold", width=widest_key)
        for column in shown:
            table.add_column(column.name, column.total, justify="right", style=column.style, width=column.width)
        for key, *cells in zip(keys, *(column.cells for column in shown), strict=True):
            table.add_row(key, *cells)
        console.print(table)


def _revenue(report: AttributionReport, micros: int) -> str:
    """A sum under a model; a dash where it was computed for nothing, which is not nothing earned."""
    return money(micros) if report.conversions or not report.not_computed else "–"


def _then_and_now(then: str, now: str) -> str:
    return now if then == now else f"{then} → {now}"


def _model(name: str) -> str:
    return name.replace("_", " ").lower()


def _range(report: AttributionReport) -> str:
    said = f"{report.from_day} to {report.to_day} ({report.timezone})"
    said += f", {report.conversion}" if report.conversion else ""
    return said if report.as_of_ms is None else f"{said}, as of {to_rfc3339(report.as_of_ms)}"


def _print_left_out(reports: Sequence[AttributionReport]) -> None:
    """Says what is in none of the sums: money without a rate, and conversions that a model was not computed for.

    And that no conversion has the name asked for.
    """
    if reports[0].note:
        Console().print(f"{reports[0].note[0].upper()}{reports[0].note[1:]}.")
    missing = {(rate.currency, rate.day): rate for report in reports for rate in report.missing_rates}
    for place in sorted(missing):
        rate = missing[place]
        Console().print(
            f"Not in these sums: {money(rate.value_micros)} {rate.currency} of {rate.conversions} conversions"
            f" on {rate.day}, a day without a rate (see `optiq rates import`)."
        )
    for path in dict.fromkeys(path for report in reports for path in report.damaged_files):
        Console().print(f"Not in these sums: the rows of {path}, a file that cannot be read.", soft_wrap=True)
    for report in reports:
        if report.verdict and report.verdict.reason:
            Console().print(f"{_model(report.model)}: not enough data: {report.verdict.reason}.")
    _print_not_computed(reports)


def _print_not_computed(reports: Sequence[AttributionReport], when: str = "") -> None:
    for report in reports:
        if report.not_computed:
            Console().print(f"{_model(report.model)} was not computed for {report.not_computed:,} conversions{when}.")
