"""Tokens, fits and explanations as tables for people."""

from collections.abc import Sequence

import click
from optiq.attribution.contracts import NO_TRACKED_VISIT, ConversionCredits, Explanation
from optiq.journeys.order_contracts import ORDER_LIMITS, OrderReport
from optiq.kernel.clock import to_rfc3339
from optiq.kernel.money import MICROS
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from functions.attribution.schemas import FitOut
from functions.identity.schemas_tokens import TokenOut


def print_tokens(tokens: Sequence[TokenOut]) -> None:
    """A site's ingestion tokens, and how they were used."""
    table = Table(box=SIMPLE_HEAD)
    for column in ("token", "name", "prefix", "scopes", "networks", "ends", "last used"):
        table.add_column(column, no_wrap=column == "token")
    table.add_column("events in 90 days", justify="right")
    for token in tokens:
        ends = f"revoked {token.revoked_at}" if token.revoked_at else token.expires_at or ""
        events = sum(use.events for use in token.usage)
        scopes, networks = ", ".join(token.scopes), ", ".join(token.ip_allowlist) or "any"
        row = (
            token.token_id,
            token.name,
            token.prefix,
            scopes,
            networks,
            ends,
            token.last_used_at or "",
            f"{events:,}",
        )
        table.add_row(*row)
    Console().print(table)


def print_fit(fit: FitOut) -> None:
    """What the data-driven models learned: each channel's share of all conversions, and its interval."""
    click.echo(fit.summary)
    for model in fit.models:
        table = Table(title=model.model.lower(), title_justify="left", box=SIMPLE_HEAD)
        table.add_column("channel", no_wrap=True)
        for column in ("share", "from", "to"):
            table.add_column(column, justify="right")
        for each in model.channels:
            bounds = ["" if bound is None else f"{bound:.1%}" for bound in (each.low, each.high)]
            table.add_row(each.channel, f"{each.share:.1%}", *bounds)
        Console().print(table)
        click.echo(model.summary)


def print_explanation(explanation: Explanation) -> None:
    """A conversion's path, then what each model gives each touch, and the touches that do not count."""
    conversion, credited = explanation.path.conversion, explanation.credits
    value = f"{money(conversion.value_micros)} {conversion.currency}"
    table = Table(title=f"{conversion.name}, {value}, {to_rfc3339(conversion.occurred_ms)}", box=SIMPLE_HEAD)
    table.add_column("", justify="right", no_wrap=True)
    for column in ("touch", "channel", "source / medium", "campaign"):
        table.add_column(column, no_wrap=column == "touch")
    for position, touch in enumerate(explanation.path.touches, 1):
        when = to_rfc3339(touch.occurred_ms)[:16].replace("T", " ")
        table.add_row(str(position), when, touch.channel, f"{touch.source} / {touch.medium}", touch.campaign)
    if not explanation.path.touches:
        table.add_row("1", "none", NO_TRACKED_VISIT, "", "")
    Console().print(table)
    if not explanation.path.touches:
        Console().print(f"{NO_TRACKED_VISIT}: the conversion has no known visit in its window.")
    if credited is not None:
        _print_credits(credited)
    for left_out in explanation.left_out:
        touch = left_out.touch
        Console().print(f"Left out: {touch.channel}, {to_rfc3339(touch.occurred_ms)}: {left_out.reason}")
    for visit in explanation.background.passed:
        page = visit.referrer or visit.landing_page
        Console().print(f"No touch: {page}, {to_rfc3339(visit.started_ms)}: {visit.reason}. {visit.because}")
    _print_reports(explanation)
    if credited is None:
        Console().print("The credits are being worked out; look again in a moment.")


def _print_reports(explanation: Explanation) -> None:
    """A line for each report beyond the first, and for each correction."""
    background = explanation.background
    for report in background.reports[1:]:
        Console().print(f"Also reported: {_report_line(report)}")
    for correction in background.corrections:
        refused = f": {correction.refusal}. {correction.because}" if correction.refusal else ""
        Console().print(f"Corrected: {_report_line(correction)}{refused}")
    for limit in background.limits:
        Console().print(f"{limit}: {ORDER_LIMITS[limit]}")


def _report_line(report: OrderReport) -> str:
    amount = "" if report.value_micros is None else f", {money(report.value_micros)} {report.currency}".rstrip()
    by = "server" if report.from_server else "page"
    return f"{report.name}{amount}, {to_rfc3339(report.occurred_ms)}, by a {by}"


def _print_credits(credited: ConversionCredits) -> None:
    """A row a touch, by its number, and a column a model: as many beside each other as can be read."""
    console = Console()
    columns = [
        (model.replace("_", " ").lower(), [money(share.credit_micros) for share in shares])
        for model, shares in credited.credits.items()
    ]
    widest = max((len(text) for name, shares in columns for text in (*name.split(), *shares)), default=0)
    beside = max(1, console.width // (widest + 3) - 1)
    for first in range(0, len(columns), beside):
        shown = columns[first : first + beside]
        table = Table(box=SIMPLE_HEAD)
        table.add_column("", justify="right", no_wrap=True)
        for name, _ in shown:
            table.add_column(name, justify="right", min_width=widest)
        for position, shares in enumerate(zip(*(shares for _, shares in shown), strict=True), 1):
            table.add_row(str(position), *shares)
        console.print(table)


def money(micros: int) -> str:
    """Rounded to cents, for reading only."""
    return f"{micros / MICROS:,.2f}"
