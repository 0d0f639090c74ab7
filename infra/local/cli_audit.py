"""`optiq audit`: an organization's book."""

from typing import TYPE_CHECKING

import click

from infra.local.cli_options import command_in_use, home_option, json_option, one_line_errors

if TYPE_CHECKING:
    from functions.audit.payloads import BookCheckDocument


@click.command()
@click.argument("organization_id")
@click.option("--actor", default="", help="Only what this person or key did.")
@click.option("--entity", default="", help="Only what was done to this.")
@click.option("--verify", is_flag=True, help="Check that nothing was edited, deleted or reordered.")
@home_option
@json_option
@one_line_errors
def audit(organization_id: str, actor: str, entity: str, verify: bool, home: str, as_json: bool) -> None:
    """Show the latest 100 entries of an organization's book, or check it."""
    from infra.local.system import attach

    with attach(home):
        from optiq.audit import api
        from optiq.kernel.caller import Caller
        from optiq.tenancy import api as tenancy

        from functions.audit.payloads import BookCheckDocument, EntriesDocument

        tenancy.open_organization(Caller.system(""), organization_id, command_in_use())
        if verify:
            _print_verdict(BookCheckDocument.of(api.verify(organization_id)), as_json=as_json)
            return
        asked = api.entries_of_entity(organization_id, entity, actor=actor) if entity else None
        page = EntriesDocument.of(asked or api.entries(organization_id, actor=actor))
    if as_json:
        click.echo(page.model_dump_json())
        return
    for entry in page.items:
        click.echo(f"{entry.sequence:>6} {entry.at} {entry.actor:<31} {entry.action:<26} {entry.entity}")


def _print_verdict(verdict: "BookCheckDocument", *, as_json: bool) -> None:
    if as_json:
        click.echo(verdict.model_dump_json())
    else:
        click.echo(f"{verdict.good_entries} entries are good. {verdict.fault}".strip())
    if not verdict.intact:
        raise SystemExit(1)
