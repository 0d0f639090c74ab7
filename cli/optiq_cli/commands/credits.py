"""`optiq credits`: what organizations can spend, and what the operator gives them."""

import click

from optiq_cli.client import Document
from optiq_cli.connection import System
from optiq_cli.options import connection_options, json_option, limit_option
from optiq_cli.output import print_fields, print_json, print_list

_ENTRIES = {
    "number": "sequence",
    "written": "written_at",
    "type": "type",
    "amount": "amount",
    "available after": "balance_after",
    "product": "product",
    "note": "note",
}
_VOUCHERS = {
    "voucher": "voucher_id",
    "begins": "hint",
    "name": "name",
    "kind": "kind",
    "value": "value",
    "uses": "uses",
    "of": "max_uses",
    "status": "status",
}


@click.group("credits")
def credits_() -> None:
    """Credits: what products spend, and vouchers for them."""


@credits_.command()
@click.argument("organization_id", required=False)
@json_option
@connection_options(hidden=True)
def show(organization_id: str | None, as_json: bool) -> None:
    """Show an organization's credits; by default that of the API key."""
    _print(System().of_organization(organization_id).get("/v1/credits"), as_json=as_json)


@credits_.command()
@click.argument("organization_id", required=False)
@limit_option
@json_option
@connection_options(hidden=True)
def entries(organization_id: str | None, limit: int, as_json: bool) -> None:
    """List every change of an organization's credits, newest first."""
    listed = System().of_organization(organization_id).listed("/v1/credits/entries", limit)
    print_list(listed, _ENTRIES, as_json=as_json)


@credits_.command()
@click.argument("organization_id", required=False)
@json_option
@connection_options(hidden=True)
def check(organization_id: str | None, as_json: bool) -> None:
    """Check that every entry is as it was written. Exits with 1 when one is not."""
    found = System().of_organization(organization_id).get("/v1/credits/check")
    _print(found, as_json=as_json)
    if not found["intact"]:
        raise SystemExit(1)


@credits_.command(context_settings={"ignore_unknown_options": True})
@click.argument("organization_id")
@click.argument("amount", type=int)
@click.option("--note", required=True, help="Why. People of the organization see it.")
@click.option("--expires", default="", help="An instant such as 2027-01-31T00:00:00Z. [default: never]")
@json_option
@connection_options(hidden=True)
def adjust(organization_id: str, amount: int, note: str, expires: str, as_json: bool) -> None:
    """Add credits to an organization, or take some where AMOUNT is less than 0. This needs the operator's key."""
    body: Document = {"organization_id": organization_id, "amount": amount, "note": note}
    if expires:
        body["expires_at"] = expires
    _print(System().operator().post("/v1/operator/credits/adjustments", body), as_json=as_json)


@credits_.group()
def voucher() -> None:
    """Vouchers: codes that give credits. This needs the operator's key."""


@voucher.command("create")
@click.argument("code")
@click.option("--name", required=True, help="What it is for. People see it in their history.")
@click.option("--credits", "fixed", type=int, help="Credits that it gives at once.")
@click.option("--percent", type=int, help="Percent on top of the next purchase, in place of credits.")
@click.option("--trial-days", type=int, help="Days of a trial that it begins, in place of credits.")
@click.option("--plan", default="", help="Of the trial, such as PROFESSIONAL.")
@click.option("--uses", "max_uses", type=int, help="How many organizations may redeem it. [default: any number]")
@click.option("--days", "credit_days", type=int, help="How long what it gives lives. [default: for ever]")
@json_option
@connection_options(hidden=True)
def create_voucher(
    code: str,
    name: str,
    fixed: int | None,
    percent: int | None,
    trial_days: int | None,
    plan: str,
    max_uses: int | None,
    credit_days: int | None,
    as_json: bool,
) -> None:
    """Create a voucher."""
    kinds = {"FIXED_TOKENS": fixed, "PERCENTAGE_BONUS": percent, "SUBSCRIPTION_TRIAL": trial_days}
    given = [(kind, value) for kind, value in kinds.items() if value is not None]
    if len(given) != 1:
        raise click.UsageError("give one of --credits, --percent and --trial-days")
    ((kind, value),) = given
    body: Document = {"code": code, "kind": kind, "value": value, "name": name}
    optional = {"max_uses": max_uses, "credit_days": credit_days, "plan": plan or None}
    body |= {field: value for field, value in optional.items() if value is not None}
    _print(System().operator().post("/v1/operator/vouchers", body), as_json=as_json)


@voucher.command("list")
@limit_option
@json_option
@connection_options(hidden=True)
def list_vouchers(limit: int, as_json: bool) -> None:
    """List all vouchers, newest first."""
    print_list(System().operator().listed("/v1/operator/vouchers", limit), _VOUCHERS, as_json=as_json)


def _print(document: Document, *, as_json: bool) -> None:
    if as_json:
        print_json(document)
    else:
        print_fields(document)
