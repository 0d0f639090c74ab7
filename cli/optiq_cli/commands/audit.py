"""`optiq audit`: the audit log of an organization."""

import click

from optiq_cli.connection import System
from optiq_cli.options import connection_options, json_option, limit_option, organization_option
from optiq_cli.output import print_json, print_list


@click.group()
def audit() -> None:
    """The audit log: actor, action, entity and origin of each change."""


@audit.command("list")
@organization_option
@click.option("--actor", default="", help="Only entries by this user or key; `operator` for the operator.")
@click.option("--entity", default="", help="Only entries about this entity.")
@click.option("--since", default="", help="From this instant on, such as 2026-01-31T00:00:00Z.")
@click.option("--until", default="", help="Before this instant.")
@limit_option
@json_option
@connection_options(hidden=True)
def list_(
    organization_id: str | None, actor: str, entity: str, since: str, until: str, limit: int, as_json: bool
) -> None:
    """List entries of an organization's audit log, newest first."""
    client = System().of_organization(organization_id)
    listed = client.listed("/v1/audit", limit, actor=actor, entity=entity, since=since, until=until)
    columns = {"number": "sequence", "at": "occurred_at", "actor": "actor", "action": "action", "entity": "entity"}
    print_list(listed, columns, as_json=as_json)


@audit.command()
@organization_option
@json_option
@connection_options(hidden=True)
def verify(organization_id: str | None, as_json: bool) -> None:
    """Check that no entry was edited, deleted or reordered."""
    verdict = System().of_organization(organization_id).get("/v1/audit/verify")
    if as_json:
        print_json(verdict)
    elif verdict["intact"]:
        click.echo(f"Verified {verdict['good_entries']} entries: no tampering.")
    else:
        click.echo(f"Tampered with: the first {verdict['good_entries']} entries are valid, then {verdict['fault']}.")
    if not verdict["intact"]:
        raise SystemExit(1)
