"""Tokens, fits and explanations as tables for people."""

from collections.abc import Sequence

import click
from optiq.attribution.contracts import Explanation
from optiq.kernel.clock import to_rfc3339
from optiq.kernel.money import MICROS
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from functions.attribution.fit_payloads import FitDocument
from functions.identity.schemas import TokenDocument


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


def print_fit(fit: FitDocument) -> None:
    """What the data-driven models learned: each channel's share of all conversions, and its interval."""
    click.echo(fit.said)
    for model in fit.models:
        table = Table(title=model.model.lower(), title_justify="left", box=SIMPLE_HEAD)
        table.add_column("channel", no_wrap=True)
        for column in ("share", "from", "to"):
            table.add_column(column, justify="right")
        for each in model.channels:
            bounds = ["" if bound is None else f"{bound:.1%}" for bound in (each.low, each.high)]
            table.add_row(each.channel, f"{each.share:.1%}", *bounds)
        Console().print(table)
        click.echo(model.said)


def print_explanation(explanation: Explanation) -> None:
    """A conversion's path, with what each model gives each touch, and the touches that do not count."""
    conversion, credited = explanation.path.conversion, explanation.credits
    value = f"{money(conversion.value_micros)} {conversion.currency}"
    table = Table(title=f"{conversion.name}, {value}, {to_rfc3339(conversion.occurred_ms)}", box=SIMPLE_HEAD)
    for column in ("touch", "channel", "source / medium", "campaign"):
        table.add_column(column, no_wrap=column == "touch")
    models = list(credited.credits) if credited else []
    for model in models:
        table.add_column(model.replace("_", " ").lower(), justify="right")
    for position, touch in enumerate(explanation.path.touches):
        shares = [money(credited.credits[model][position].credit_micros) for model in models] if credited else []
        when = to_rfc3339(touch.occurred_ms)[:16].replace("T", " ")
        table.add_row(when, touch.channel, f"{touch.source} / {touch.medium}", touch.campaign, *shares)
    if not explanation.path.touches:
        table.add_row("none", "Direct", "", "", *(value for _ in models))
    Console().print(table)
    for left_out in explanation.left_out:
        touch = left_out.touch
        Console().print(f"Left out: {touch.channel}, {to_rfc3339(touch.occurred_ms)}: {left_out.reason}")
    for visit in explanation.background.passed:
        what = f"return from {visit.referrer}" if visit.referrer else "visit of a bot"
        Console().print(f"No touch: {what}, {to_rfc3339(visit.started_ms)}: {visit.reason}")
    if credited is None:
        Console().print("The credits are being worked out; look again in a moment.")


def money(micros: int) -> str:
    """Rounded to cents, for reading only."""
    return f"{micros / MICROS:,.2f}"
