"""`optiq token`: the ingestion tokens of a site."""

import click

from optiq_cli.client import Document, segment
from optiq_cli.connection import System
from optiq_cli.options import connection_options, json_option, limit_option
from optiq_cli.output import for_people, print_fields, print_json, print_list, print_rows


@click.group()
def token() -> None:
    """Ingestion tokens: what servers send events with."""


@token.command()
@click.argument("site_id")
@click.option("--name", required=True, help="What people call it; unique among the site's tokens.")
@click.option("--scope", "scopes", multiple=True, help="ingest or import; repeatable. [default: both]")
@click.option(
    "--ip", "networks", multiple=True, help="A network (CIDR) it may be used from; repeatable. [default: any]"
)
@click.option("--expires", default="", help="An instant such as 2027-01-31T00:00:00Z. [default: never]")
@json_option
@connection_options(hidden=True)
def create(
    site_id: str, name: str, scopes: tuple[str, ...], networks: tuple[str, ...], expires: str, as_json: bool
) -> None:
    """Create a token. Its secret is shown this once."""
    body: Document = {"name": name, "ip_allowlist": networks}
    if scopes:
        body["scopes"] = scopes
    if expires:
        body["expires_at"] = expires
    created = System().of_site(site_id).post(_tokens(site_id), body)
    fields = {"token_id": created["token"]["token_id"], "secret": created["secret"]}
    if as_json:
        print_json(fields)
    else:
        print_fields(fields)


@token.command("list")
@click.argument("site_id")
@limit_option
@json_option
@connection_options(hidden=True)
def list_(site_id: str, limit: int, as_json: bool) -> None:
    """List a site's tokens, newest first, and how they were used in the last 90 days."""
    listed = System().of_site(site_id).listed(_tokens(site_id), limit)
    if as_json:
        print_list(listed, {}, as_json=True)
        return
    headings = ("token", "name", "prefix", "scopes", "networks", "ends", "last used", "events in 90 days")
    print_rows(headings, [_row(for_people(each)) for each in listed.items])


@token.command()
@click.argument("site_id")
@click.argument("token_id")
@connection_options(hidden=True)
def revoke(site_id: str, token_id: str) -> None:
    """Revoke a token, within a minute everywhere."""
    System().of_site(site_id).delete(f"{_tokens(site_id)}/{segment(token_id)}")
    click.echo("Revoked. It is refused everywhere within a minute.")


def _tokens(site_id: str) -> str:
    return f"/v1/sites/{segment(site_id)}/tokens"


def _row(each: Document) -> list[str]:
    ends = f"revoked {each['revoked_at']}" if each["revoked_at"] else each["expires_at"] or ""
    networks = ", ".join(each["ip_allowlist"]) or "any"
    events = f"{sum(use['events'] for use in each['usage']):,}"
    named = [each["token_id"], each["name"], each["prefix"], ", ".join(each["scopes"])]
    return [*named, networks, ends, each["last_used_at"] or "", events]
