"""`optiq billing`: what the operator does at Stripe."""

import click

from optiq_cli.commands.billing_staff import costs, coupon
from optiq_cli.connection import System
from optiq_cli.options import connection_options


@click.group()
def billing() -> None:
    """Plans and prices at Stripe."""


@billing.command()
@connection_options(hidden=True)
def push() -> None:
    """Make the products, prices and the portal's configuration that Stripe lacks."""
    made = System().operator().post("/v1/operator/billing/push", {})["made"]
    for one in made:
        click.echo(f"made {one}")
    if not made:
        click.echo("Stripe has everything already")


@billing.command()
@connection_options(hidden=True)
def check() -> None:
    """Compare what Stripe has with what Optiq expects; ends with 1 where something is to be fixed."""
    found = System().operator().get("/v1/operator/billing/check")["items"]
    for one in found:
        click.echo(f"{'ok   ' if not one['fix'] else 'FIX  '} {one['what']}{': ' if one['fix'] else ''}{one['fix']}")
    if any(one["fix"] for one in found):
        raise click.exceptions.Exit(1)


billing.add_command(costs)
billing.add_command(coupon)
