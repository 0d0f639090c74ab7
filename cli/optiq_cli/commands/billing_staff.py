"""`optiq billing coupon` and `terms`: what the operator gives organizations beside the plans."""

from decimal import Decimal, InvalidOperation

import click

from optiq_cli.client import Document
from optiq_cli.connection import System
from optiq_cli.options import connection_options, json_option, limit_option
from optiq_cli.output import print_fields, print_json, print_list

_COUPONS = {
    "coupon": "coupon_id",
    "code": "code",
    "name": "name",
    "basis points": "percent_basis_points",
    "micros": "amount_micros",
    "currency": "currency",
    "duration": "duration",
    "uses": "uses",
    "of": "max_uses",
    "status": "status",
}

_COSTS = {
    "organization": "organization_id",
    "name": "name",
    "plan": "plan",
    "events of pages": "page_events",
    "of servers": "server_events",
    "costs, micros of USD": "cost_micros",
    "paid, micros": "paid_micros",
}


@click.command()
@click.option("--month", default="", help="In UTC, such as 2026-11. [default: the present one]")
@limit_option
@json_option
@connection_options(hidden=True)
def costs(month: str, limit: int, as_json: bool) -> None:
    """List what each organization costs you beside what it pays: an estimate. This needs the operator's key."""
    listed = System().operator().listed("/v1/operator/billing/costs", limit, month=month or None)
    print_list(listed, _COSTS, as_json=as_json)


@click.group()
def coupon() -> None:
    """Coupons: codes that make a plan cheaper. This needs the operator's key."""


@coupon.command("create")
@click.argument("code")
@click.option("--name", required=True, help="What it is for. Who pays sees it.")
@click.option("--percent", default="", help="Percent that it takes off, such as 25 or 12.5.")
@click.option("--amount", default="", help="Amount that it takes off, in place of a percentage.")
@click.option("--currency", default="", help="Of the amount.")
@click.option("--months", type=int, help="How many months it counts for. [default: the first invoice]")
@click.option("--forever", is_flag=True, help="It counts for every invoice.")
@click.option("--plan", "plans", multiple=True, help="A plan that it is for; may be repeated. [default: all]")
@click.option("--uses", "max_uses", type=int, help="How many organizations may use it. [default: any number]")
@click.option("--from", "valid_from", default="", help="An instant such as 2027-01-31T00:00:00Z. [default: now]")
@click.option("--until", "valid_until", default="", help="When it can no longer be used. [default: never]")
@json_option
@connection_options(hidden=True)
def create_coupon(
    code: str,
    name: str,
    percent: str,
    amount: str,
    currency: str,
    months: int | None,
    forever: bool,
    plans: tuple[str, ...],
    max_uses: int | None,
    valid_from: str,
    valid_until: str,
    as_json: bool,
) -> None:
    """Create a coupon. `optiq billing push` brings it to Stripe."""
    body: Document = {"code": code, "name": name, "plans": list(plans)}
    body["duration"] = "FOREVER" if forever else "ONCE" if months is None else "REPEATING"
    optional = {
        "percent_basis_points": _basis_points(percent) if percent else None,
        "amount": amount,
        "currency": currency,
        "months": months,
        "max_uses": max_uses,
        "valid_from_at": valid_from,
        "valid_until_at": valid_until,
    }
    body |= {field: value for field, value in optional.items() if value}
    _print(System().operator().post("/v1/operator/coupons", body), as_json=as_json)


@coupon.command("list")
@limit_option
@json_option
@connection_options(hidden=True)
def list_coupons(limit: int, as_json: bool) -> None:
    """List all coupons, newest first."""
    print_list(System().operator().listed("/v1/operator/coupons", limit), _COUPONS, as_json=as_json)


@coupon.command("switch")
@click.argument("coupon_id")
@click.option("--on/--off", "active", required=True)
@json_option
@connection_options(hidden=True)
def switch_coupon(coupon_id: str, active: bool, as_json: bool) -> None:
    """Turn a coupon on or off. `optiq billing push` brings it to Stripe."""
    body: Document = {"coupon_id": coupon_id, "active": active}
    _print(System().operator().patch("/v1/operator/coupons", body), as_json=as_json)


def _basis_points(percent: str) -> int:
    try:
        found = Decimal(percent) * 100
    except InvalidOperation as error:
        raise click.UsageError("--percent: must be a number such as 25 or 12.5") from error
    if found != int(found):
        raise click.UsageError("--percent: has two decimals at most")
    return int(found)


def _print(document: Document, *, as_json: bool) -> None:
    if as_json:
        print_json(document)
    else:
        print_fields(document)
