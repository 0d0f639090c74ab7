"""`optiq costs`: what advertising cost, sent by hand."""

from pathlib import Path

import click

from optiq_cli.client import segment
from optiq_cli.connection import System
from optiq_cli.options import connection_options, json_option
from optiq_cli.output import money, print_json


@click.group()
def costs() -> None:
    """Send what advertising cost."""


@costs.command("import")
@click.argument("site_id")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
@connection_options(hidden=True)
def import_file(site_id: str, file: Path, as_json: bool) -> None:
    """Import a CSV of costs: all of it, or nothing when a line is wrong.

    Its first line names the columns date, source, medium, campaign, cost and currency; impressions and clicks may be
    there too. The same file again changes nothing; a corrected one replaces what differs.
    """
    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file} is no text in UTF-8") from error
    found = System().of_site(site_id).post(f"/v1/sites/{segment(site_id)}/ad-metrics/import", {"csv": text})
    if as_json:
        print_json(found)
        return
    click.echo(f"{found['added']} rows added, {found['restated']} replaced, {found['unchanged']} unchanged.")
    for each in found["superseded_spend"]:
        amount = f"{money(each['spend_micros'])} {each['currency']}"
        click.echo(f"{amount} are not counted: connected accounts have the same campaigns on the same days.")
