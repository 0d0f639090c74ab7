"""`optiq token`: the ingestion tokens of a site."""

import json

import click

from infra.local.cli_options import command_in_use, home_option, json_option, one_line_errors


@click.group()
def token() -> None:
    """Ingestion tokens: what servers send events with."""


@token.command("create")
@click.argument("site_id")
@click.option("--name", required=True, help="What people call it; unique among the site's tokens.")
@click.option("--scope", "scopes", multiple=True, help="ingest or import; repeatable. [default: both]")
@click.option(
    "--ip", "networks", multiple=True, help="A network (CIDR) it may be used from; repeatable. [default: any]"
)
@click.option("--expires", default="", help="An instant such as 2027-01-31T00:00:00Z. [default: never]")
@home_option
@json_option
@one_line_errors
def create(
    site_id: str, name: str, scopes: tuple[str, ...], networks: tuple[str, ...], expires: str, home: str, as_json: bool
) -> None:
    """Make a token. Its secret is shown this once."""
    from infra.local.system import attach

    with attach(home):
        from optiq.identity import api as identity
        from optiq.kernel.caller import Caller
        from optiq.kernel.clock import from_rfc3339
        from optiq.tenancy import api as tenancy

        site = tenancy.find_site(Caller.system(""), site_id, command_in_use())
        made = identity.create_token(
            site.organization_id,
            site.site_id,
            name=name,
            scopes=scopes or identity.TOKEN_SCOPES,
            ip_allowlist=networks,
            expires_ms=from_rfc3339(expires) if expires else None,
        )
    fields = {"token_id": made.token.token_id, "secret": made.secret}
    click.echo(json.dumps(fields) if as_json else "\n".join(f"{name:<16} {fields[name]}" for name in fields))


@token.command("list")
@click.argument("site_id")
@home_option
@json_option
@one_line_errors
def list_(site_id: str, home: str, as_json: bool) -> None:
    """Show a site's latest tokens, and how they were used in the last 90 days."""
    from infra.local.system import attach

    with attach(home):
        from optiq.kernel.caller import Caller
        from optiq.tenancy import api as tenancy

        from functions.tenancy.token_uses import tokens_with_use

        shown = tokens_with_use(tenancy.find_site(Caller.system(""), site_id, command_in_use()), 100, None)
    if as_json:
        click.echo(shown.model_dump_json())
        return
    from infra.local.printing import print_tokens

    print_tokens(shown.items)


@token.command()
@click.argument("site_id")
@click.argument("token_id")
@home_option
@one_line_errors
def revoke(site_id: str, token_id: str, home: str) -> None:
    """End a token, within a minute everywhere."""
    from infra.local.system import attach

    with attach(home):
        from optiq.identity import api as identity
        from optiq.kernel.caller import Caller
        from optiq.tenancy import api as tenancy

        identity.revoke_token(
            tenancy.find_site(Caller.system(""), site_id, command_in_use()).organization_id, site_id, token_id
        )
    click.echo("It is revoked, and refused everywhere within a minute.")
