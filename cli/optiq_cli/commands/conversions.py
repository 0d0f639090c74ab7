"""`optiq conversions` and `optiq explain`: a site's conversions and their credits."""

import click

from optiq_cli.client import segment
from optiq_cli.connection import System
from optiq_cli.options import connection_options, json_option, limit_option
from optiq_cli.output import for_people, minute, money, print_json, print_list, print_rows


@click.command()
@click.argument("site_id")
@limit_option
@json_option
@connection_options(hidden=True)
def conversions(site_id: str, limit: int, as_json: bool) -> None:
    """List a site's conversions, newest first."""
    listed = System().of_site(site_id).listed(_path(site_id), limit)
    if as_json:
        print_list(listed, {}, as_json=True)
        return
    rows = [
        (
            each["conversion_id"],
            minute(each["occurred_at"]),
            each["name"],
            each["order_id"],
            f"{money(each['value_micros'])} {each['currency']}",
            "server" if each["verified"] else "page",
        )
        for each in for_people(listed.items)
    ]
    print_rows(("conversion", "at (UTC)", "name", "order", "value", "reported by"), rows)
    if listed.cursor is not None:
        click.echo("There are more: list them with a higher --limit.", err=True)


@click.command()
@click.argument("site_id")
@click.argument("conversion_id", required=False)
@json_option
@connection_options(hidden=True)
def explain(site_id: str, conversion_id: str | None, as_json: bool) -> None:
    """Show a conversion (by default the latest) with its path and every model's credits."""
    client = System().of_site(site_id)
    if conversion_id is None:
        latest = client.listed(_path(site_id), 1).items
        if not latest:
            raise click.ClickException("this site has no conversion yet")
        conversion_id = str(latest[0]["conversion_id"])
    found = client.get(f"{_path(site_id)}/{segment(conversion_id)}")
    if as_json:
        print_json(found)
        return
    from optiq_cli.printing_conversions import print_conversion

    print_conversion(found)


def _path(site_id: str) -> str:
    return f"/v1/sites/{segment(site_id)}/conversions"
