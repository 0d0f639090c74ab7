"""A conversion's path and credits, and what was learned of a site's paths, as tables for people."""

import click
from rich.box import SIMPLE_HEAD
from rich.table import Table

from optiq_cli.client import Document
from optiq_cli.output import console, for_people, minute, money

_NO_VISIT = "No tracked visit"


def print_conversion(found: Document) -> None:
    """A conversion's path, then what each model gives each touch, and the touches that do not count."""
    found = for_people(found)
    value = f"{money(found['value_micros'])} {found['currency']}"
    table = Table(title=f"{found['name']}, {value}, {found['occurred_at']}", box=SIMPLE_HEAD)
    table.add_column("", justify="right", no_wrap=True)
    for column in ("touch", "channel", "source / medium", "campaign"):
        table.add_column(column, no_wrap=column == "touch")
    for position, touch in enumerate(found["path"], 1):
        origin = f"{touch['source']} / {touch['medium']}"
        table.add_row(str(position), minute(touch["occurred_at"]), touch["channel"], origin, touch["campaign"])
    if not found["path"]:
        table.add_row("1", "none", _NO_VISIT, "", "")
    lines = console()
    lines.print(table)
    if not found["path"]:
        lines.print(f"{_NO_VISIT}: the conversion has no known visit in its window.")
    if found["credits"]:
        _print_credits(found["credits"])
    for left_out in found["left_out"]:
        touch = left_out["touch"]
        lines.print(f"Left out: {touch['channel']}, {touch['occurred_at']}: {left_out['reason']}")
    for visit in found["passed_visits"]:
        page = visit["referrer"] or visit["landing_page"]
        lines.print(f"No touch: {page}, {visit['started_at']}: {visit['reason']}. {visit['because']}")
    _print_reports(found)
    if found["status"] == "PENDING":
        lines.print("The credits are being worked out; look again in a moment.")


def print_fit(fit: Document) -> None:
    """What the data-driven models learned: each channel's share of all conversions, and its interval."""
    fit = for_people(fit)
    click.echo(fit["summary"])
    for model in fit["models"]:
        table = Table(title=model["model"].lower(), title_justify="left", box=SIMPLE_HEAD)
        table.add_column("channel", no_wrap=True)
        for column in ("share", "from", "to"):
            table.add_column(column, justify="right")
        for each in model["channels"]:
            bounds = ["" if bound is None else f"{bound:.1%}" for bound in (each["low"], each["high"])]
            table.add_row(each["channel"], f"{each['share']:.1%}", *bounds)
        console().print(table)
        click.echo(model["summary"])


def _print_reports(found: Document) -> None:
    """A line for each report beyond the first, and for each correction."""
    lines = console()
    for report in found["reports"][1:]:
        lines.print(f"Also reported: {_report_line(report)}")
    for correction in found["corrections"]:
        refused = f": {correction['refusal']}. {correction['because']}" if correction["refusal"] else ""
        lines.print(f"Corrected: {_report_line(correction)}{refused}")
    for limit in found["limits"]:
        lines.print(f"{limit['limit']}: {limit['because']}")


def _report_line(report: Document) -> str:
    value = report["value_micros"]
    amount = "" if value is None else f", {money(value)} {report['currency']}".rstrip()
    sender = "server" if report["from_server"] else "page"
    return f"{report['name']}{amount}, {report['occurred_at']}, by a {sender}"


def _print_credits(models: list[Document]) -> None:
    """A row a touch, by its number, and a column a model: as many beside each other as can be read."""
    lines = console()
    columns = [
        (model["model"].replace("_", " ").lower(), [money(touch["credit_micros"]) for touch in model["touches"]])
        for model in models
    ]
    widest = max((len(text) for name, shares in columns for text in (*name.split(), *shares)), default=0)
    beside = max(1, lines.width // (widest + 3) - 1)
    for first in range(0, len(columns), beside):
        shown = columns[first : first + beside]
        table = Table(box=SIMPLE_HEAD)
        table.add_column("", justify="right", no_wrap=True)
        for name, _ in shown:
            table.add_column(name, justify="right", min_width=widest)
        for position, shares in enumerate(zip(*(shares for _, shares in shown), strict=True), 1):
            table.add_row(str(position), *shares)
        lines.print(table)
