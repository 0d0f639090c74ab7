"""Reports as tables for people."""

from collections.abc import Sequence

from optiq.attribution.contracts import Explanation
from optiq.kernel.clock import to_rfc3339
from optiq.kernel.money import MICROS
from optiq.reports.contracts import AttributionReport, SpendReport
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from functions.identity.schemas import TokenDocument


def print_report(report: AttributionReport) -> None:
    """A report's rows and totals, and the money that is in no sum."""
    table = Table(
        title=f"{report.model} by {report.by}, {report.from_day} to {report.to_day} ({report.timezone})",
        show_footer=True,
    )
    table.add_column(report.by, "total", no_wrap=True)
    table.add_column("conversions", str(report.conversions), justify="right")
    table.add_column(f"revenue {report.currency}", _money(report.revenue_micros), justify="right")
    table.add_column("touches", str(sum(row.touches for row in report.rows)), justify="right")
    for row in report.rows:
        table.add_row(row.key, f"{row.conversions:,.2f}", _money(row.revenue_micros), f"{row.touches:,}")
    Console().print(table)
    print_missing_rates(report)


def print_tokens(tokens: Sequence[TokenDocument]) -> None:
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


def print_missing_rates(report: AttributionReport) -> None:
    """Says which money is in none of a report's sums."""
    for missing in report.missing_rates:
        Console().print(
            f"Not in these sums: {_money(missing.value_micros)} {missing.currency} of {missing.conversions} conversions"
            f" on {missing.day}, a day without a rate (see `optiq rates import`)."
        )


def print_models(reports: Sequence[AttributionReport], spend: SpendReport) -> None:
    """What one dimension's values cost and earned, model beside model; the reports differ in nothing but the model."""
    first = reports[0]
    revenue = [{row.key: row.revenue_micros for row in report.rows} for report in reports]
    cost = {row.key: row.spend_micros for row in spend.rows}
    keys = sorted({key for rows in (cost, *revenue) for key in rows}, key=lambda key: (-revenue[0].get(key, 0), key))
    title = f"Spend and revenue in {first.currency} by {first.by}, {first.from_day} to {first.to_day}"
    table = Table(title=title, show_footer=True, box=SIMPLE_HEAD, padding=0, pad_edge=False)
    table.add_column(first.by, "total", no_wrap=True)
    table.add_column("spend", _money(spend.spend_micros), justify="right", style="dim")
    for report in reports:
        table.add_column(report.model.replace("_", " ").lower(), _money(report.revenue_micros), justify="right")
    for key in keys:
        spent = _money(cost[key]) if key in cost else ""
        table.add_row(key, spent, *(_money(rows.get(key, 0)) for rows in revenue))
    Console().print(table)
    print_missing_rates(first)


def print_explanation(explanation: Explanation) -> None:
    """A conversion's path, with what each model gives each touch, and the touches that do not count."""
    conversion, credited = explanation.path.conversion, explanation.credits
    value = f"{_money(conversion.value_micros)} {conversion.currency}"
    table = Table(title=f"{conversion.name}, {value}, {to_rfc3339(conversion.occurred_ms)}", box=SIMPLE_HEAD)
    for column in ("touch", "channel", "source / medium", "campaign"):
        table.add_column(column, no_wrap=column == "touch")
    models = list(credited.credits) if credited else []
    for model in models:
        table.add_column(model.replace("_", " ").lower(), justify="right")
    for position, touch in enumerate(explanation.path.touches):
        shares = [_money(credited.credits[model][position].credit_micros) for model in models] if credited else []
        when = to_rfc3339(touch.occurred_ms)[:16].replace("T", " ")
        table.add_row(when, touch.channel, f"{touch.source} / {touch.medium}", touch.campaign, *shares)
    if not explanation.path.touches:
        table.add_row("none", "Direct", "", "", *(value for _ in models))
    Console().print(table)
    for left_out in explanation.left_out:
        touch = left_out.touch
        Console().print(f"Left out: {touch.channel}, {to_rfc3339(touch.occurred_ms)}: {left_out.reason}")
    if credited is None:
        Console().print("The credits are being worked out; look again in a moment.")


def _money(micros: int) -> str:
    """Rounded to cents, for reading only."""
    return f"{micros / MICROS:,.2f}"
