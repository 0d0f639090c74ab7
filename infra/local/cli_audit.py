"""`optiq audit`: an organization's audit log."""

from typing import TYPE_CHECKING

import click

from infra.local.cli_options import command_in_use, home_option, json_option, one_line_errors

if TYPE_CHECKING:
    from functions.audit.schemas import VerificationOut


@click.command()
@click.argument("organization_id")
@click.option("--actor", default="", help="Only what this person or key did.")
@click.option("--entity", default="", help="Only what was done to this.")
@click.option("--verify", is_flag=True, help="Check that nothing was edited, deleted or reordered.")
@home_option
@json_option
@one_line_errors
def audit(organization_id: str, actor: str, entity: str, verify: bool, home: str, as_json: bool) -> None:
    """Show the latest 100 entries of an organization's audit log, or check it."""
    from infra.local.system import attach

    with attach(home):
        from optiq.audit import api
        from optiq.tenancy import api as tenancy

        from functions.audit.schemas import AuditEntriesOut, VerificationOut

        tenancy.open_organization(organization_id, command_in_use())
        if verify:
            _print_check(VerificationOut.model_validate(api.verify(organization_id)), as_json=as_json)
            return
        asked = api.entries_of_entity(organization_id, entity, actor=actor) if entity else None
        page = AuditEntriesOut.model_validate(asked or api.entries(organization_id, actor=actor))
    if as_json:
        click.echo(page.model_dump_json())
        return
    for entry in page.items:
        place = f"{entry.context:<13} {entry.sequence:>6} {entry.occurred_at}"
        click.echo(f"{place} {entry.actor:<31} {entry.action:<26} {entry.entity}")


def _print_check(check: "VerificationOut", *, as_json: bool) -> None:
    if as_json:
        click.echo(check.model_dump_json())
    else:
        found = "no tampering" if check.intact else f"tampering found: {check.fault}"
        click.echo(f"Verified {check.good_entries} entries: {found}")
    if not check.intact:
        raise SystemExit(1)
