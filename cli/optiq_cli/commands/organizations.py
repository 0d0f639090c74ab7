"""`optiq org`: the tenants of a system."""

import click

from optiq_cli.client import Document, Listed
from optiq_cli.commands.deletions import ask_for, confirmed
from optiq_cli.connection import System
from optiq_cli.options import connection_options, json_option, limit_option
from optiq_cli.output import print_fields, print_json, print_list

_COLUMNS = {"organization": "organization_id", "name": "name", "slug": "slug", "currency": "currency"}


@click.group()
def org() -> None:
    """Organizations: the tenants of a system."""


@org.command("list")
@limit_option
@json_option
@connection_options(hidden=True)
def list_(limit: int, as_json: bool) -> None:
    """List all organizations with the operator's key, or the one of the API key."""
    system = System()
    if system.is_operator:
        listed = system.operator().listed("/v1/operator/organizations", limit)
        print_list(listed, _COLUMNS | {"created": "created_at"}, as_json=as_json)
        return
    client = system.of_organization(None)
    if client.get("/v1/whoami")["user_id"] is None:
        print_list(Listed([client.get("/v1/organization")], None), _COLUMNS, as_json=as_json)
        return
    listed = client.listed("/v1/organizations", limit, paged=False)
    columns = {heading: f"organization.{path}" for heading, path in _COLUMNS.items()}
    print_list(listed, columns | {"my role": "role"}, as_json=as_json)


@org.command()
@click.option("--name", required=True, help="Its name.")
@click.option("--slug", help="Short name, unique in the system, such as shop-berlin.  [default: from the name]")
@click.option("--currency", default="EUR", show_default=True, help="Currency of its reports.")
@click.option("--timezone", default="UTC", show_default=True, help="IANA timezone of its days.")
@click.option("--owner", "owner_email", metavar="EMAIL", help="E-mail of the user who owns it.  [default: no owner]")
@json_option
@connection_options(hidden=True)
def create(name: str, slug: str | None, currency: str, timezone: str, owner_email: str | None, as_json: bool) -> None:
    """Create an organization. This needs the operator's key."""
    body = {"name": name, "currency": currency, "timezone": timezone}
    optional = {"slug": slug, "owner_email": owner_email}
    body |= {field: value for field, value in optional.items() if value}
    _print(System().operator().post("/v1/operator/organizations", body), as_json=as_json)


@org.command()
@click.argument("organization_id", required=False)
@json_option
@connection_options(hidden=True)
def show(organization_id: str | None, as_json: bool) -> None:
    """Show an organization; by default that of the API key."""
    _print(System().of_organization(organization_id).get("/v1/organization"), as_json=as_json)


@org.command()
@click.argument("organization_id")
@confirmed
@json_option
@connection_options(hidden=True)
def delete(organization_id: str, name: str, wait_days: int, as_json: bool) -> None:
    """Delete an organization with all that is its own, after a wait. This needs the operator's key."""
    client = System().of_organization(organization_id)
    ask_for(client, "ORGANIZATION", organization_id, name, wait_days, as_json=as_json)


def _print(organization: Document, *, as_json: bool) -> None:
    if as_json:
        print_json(organization)
    else:
        print_fields(organization)
