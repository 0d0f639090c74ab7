"""Reports and comparisons as tables for people. They are documents of the API, as /openapi.json describes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from optiq_cli.client import Document
from optiq_cli.output import console, for_people, money


def print_report(report: Document) -> None:
    """A report's rows and totals, and what is in no sum."""
    report = for_people(report)
    totals, by = report["totals"], report["by"]
    table = Table(title=f"{_model(report['model'])} by {by}, {_range(report)}", show_footer=True)
    table.add_column(by, "total", overflow="fold")
    table.add_column("conversions", str(totals["conversions"]), justify="right", no_wrap=True)
    table.add_column(f"revenue {report['currency']}", money(totals["revenue_micros"]), justify="right", no_wrap=True)
    table.add_column("touches", str(sum(row["touches"] for row in report["rows"])), justify="right", no_wrap=True)
    for row in report["rows"]:
        table.add_row(row[by], f"{row['conversions']:,.2f}", money(row["revenue_micros"]), f"{row['touches']:,}")
    console().print(table)
    _print_left_out(report, [report])


def print_comparison(found: Document) -> None:
    """What each value earned, model beside model, and how far they are apart as a part of their mean.

    With an instant, then → now.
    """
    found = for_people(found)
    title = f"Revenue in {found['currency']} by {found['by']}, {_range(found)}"
    if found["as_of"] is not None:
        title += "; then → now"
    columns = []
    for place, now in enumerate(found["now"]):
        cells = _cells(found, now, "now")
        total = _revenue(now, now["revenue_micros"])
        if found["then"]:
            then = found["then"][place]
            cells = [_then_and_now(*both) for both in zip(_cells(found, then, "then"), cells, strict=True)]
            total = _then_and_now(_revenue(then, then["revenue_micros"]), total)
        columns.append(_Column(_model(now["model"]), cells, total))
    spreads = ["" if row["spread_ratio"] is None else f"{row['spread_ratio']:.0%}" for row in found["rows"]]
    columns.append(_Column("spread", spreads, style="dim"))
    _print_beside(title, found["by"], [row[found["by"]] for row in found["rows"]], columns)
    _print_left_out(found, found["now"])
    _print_not_computed(found["then"] or (), " then")


def print_models(found: Document, spend: Document) -> None:
    """What one dimension's values cost and earned, model beside model."""
    found, spend = for_people(found), for_people(spend)
    by = found["by"]
    cost = {row[by]: row["spend_micros"] for row in spend["rows"]}
    earned = {row[by]: row["now"] for row in found["rows"]}
    first = found["now"][0]["model"]
    keys = sorted({*cost, *earned}, key=lambda key: (-_micros(earned.get(key), first), key))
    title = f"Spend and revenue in {found['currency']} by {by}, {found['from']} to {found['to']}"
    costs = [money(cost[key]) if key in cost else "" for key in keys]
    columns = [_Column("spend", costs, money(spend["totals"]["spend_micros"]), "dim")]
    for report in found["now"]:
        cells = [_revenue(report, _micros(earned.get(key), report["model"])) for key in keys]
        columns.append(_Column(_model(report["model"]), cells, _revenue(report, report["revenue_micros"])))
    _print_beside(title, by, keys, columns)
    _print_left_out(found, found["now"])


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
    """A row a key; columns in as many tables, one below the other, as it takes for each number to fit whole."""
    shown_on = console()
    widest_key = min(max(map(len, (by, "total", *keys))), shown_on.width // 2)
    room = shown_on.width - widest_key - 2
    while columns:
        fitting = sum(width <= room for width in accumulate(column.width + 1 for column in columns))
        shown, columns = columns[: max(fitting, 1)], columns[max(fitting, 1) :]
        table = Table(title=title, show_footer=True, box=SIMPLE_HEAD, padding=0, pad_edge=False)
        table.add_column(by, "total", overflow="fold", width=widest_key)
        for column in shown:
            table.add_column(column.name, column.total, justify="right", style=column.style, width=column.width)
        for key, *cells in zip(keys, *(column.cells for column in shown), strict=True):
            table.add_row(key, *cells)
        shown_on.print(table)


def _cells(found: Document, report: Document, when: str) -> list[str]:
    return [_revenue(report, _micros(row[when], report["model"])) for row in found["rows"]]


def _micros(shares: Mapping[str, Any] | None, model: str) -> int:
    return int(shares[model]["revenue_micros"]) if shares else 0


def _revenue(report: Document, micros: int) -> str:
    """A sum under a model; a dash where it was computed for nothing, which is not nothing earned."""
    return money(micros) if report["conversions"] or not report["not_computed"] else "–"


def _then_and_now(then: str, now: str) -> str:
    return now if then == now else f"{then} → {now}"


def _model(name: str) -> str:
    return name.replace("_", " ").lower()


def _range(report: Document) -> str:
    text = f"{report['from']} to {report['to']} ({report['timezone']})"
    text += f", {report['conversion']}" if report["conversion"] else ""
    return text if report["as_of"] is None else f"{text}, as of {report['as_of']}"


def _print_left_out(report: Document, models: Sequence[Document]) -> None:
    """Says what is in none of the sums: money without a rate, and conversions that a model was not computed for.

    And that no conversion has the name asked for.
    """
    lines = console()
    if report["note"]:
        lines.print(f"{report['note'][0].upper()}{report['note'][1:]}.")
    for rate in report["missing_rates"]:
        lines.print(
            f"Not in these sums: {money(rate['value_micros'])} {rate['currency']} of {rate['conversions']} conversions"
            f" on {rate['day']}, a day without a rate (see `optiq rates import`)."
        )
    for path in report["damaged_files"]:
        lines.print(f"Not in these sums: the rows of {path}, a file that cannot be read.", soft_wrap=True)
    for each in models:
        if each["verdict"] and each["verdict"]["reason"]:
            lines.print(f"{_model(each['model'])}: not enough data: {each['verdict']['reason']}.")
    _print_not_computed(models)


def _print_not_computed(models: Sequence[Document], when: str = "") -> None:
    for each in models:
        if each["not_computed"]:
            number = f"{each['not_computed']:,}"
            console().print(f"{_model(each['model'])} was not computed for {number} conversions{when}.")
